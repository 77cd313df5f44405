-- What was definitief in the last release, gemeente by gemeente: every change above 1 % of a number of at least 10.
with oud as (
    select
        'stand_stroom' as tabel, concat_ws(' ', verslagperiode, soort, eenheid, regio_code, dimensie, categorie) as sleutel,
        unnest(['beginstand', 'instroom', 'instroom_nieuw', 'instroom_herhaald', 'instroom_aansluitend', 'uitstroom',
            'eindstand', 'in_periode']) as maat,
        unnest([beginstand, instroom, instroom_nieuw, instroom_herhaald, instroom_aansluitend, uitstroom,
            eindstand, in_periode]) as n
    from vorige.monitor.stand_stroom where regio_niveau = 'gemeente' and status_cijfer = 'definitief'
    union all
    select 'percentage_in_zorg', concat_ws(' ', verslagperiode, regio_code, maat), 'teller', teller
    from vorige.monitor.percentage_in_zorg where regio_niveau = 'gemeente' and status_cijfer = 'definitief'
    union all
    select 'duur', concat_ws(' ', verslagperiode, regio_code, dimensie, categorie), 'aantal', aantal
    from vorige.monitor.duur where regio_niveau = 'gemeente' and status_cijfer = 'definitief'
),
nieuw as (
    select
        'stand_stroom' as tabel, concat_ws(' ', verslagperiode, soort, eenheid, regio_code, dimensie, categorie) as sleutel,
        unnest(['beginstand', 'instroom', 'instroom_nieuw', 'instroom_herhaald', 'instroom_aansluitend', 'uitstroom',
            'eindstand', 'in_periode']) as maat,
        unnest([beginstand, instroom, instroom_nieuw, instroom_herhaald, instroom_aansluitend, uitstroom,
            eindstand, in_periode]) as n
    from monitor.stand_stroom where regio_niveau = 'gemeente'
    union all
    select 'percentage_in_zorg', concat_ws(' ', verslagperiode, regio_code, maat), 'teller', teller
    from monitor.percentage_in_zorg where regio_niveau = 'gemeente'
    union all
    select 'duur', concat_ws(' ', verslagperiode, regio_code, dimensie, categorie), 'aantal', aantal
    from monitor.duur where regio_niveau = 'gemeente'
),
paar as (
    select tabel, sleutel, maat, o.n as toen, coalesce(n.n, 0) as nu, abs(coalesce(n.n, 0) - o.n) / o.n as v
    from oud as o left join nieuw as n using (tabel, sleutel, maat)
    where o.n >= 10
),
veranderd as (select * from paar where v > 0.01)
select
    concat_ws(' ', tabel, sleutel, maat) as object, v as waarde, toen as geteld, abs(nu - toen) as geschonden,
    'van ' || toen || ' naar ' || nu as toelichting, null as nvt
from veranderd
union all
select
    '(overige cellen)', coalesce((select max(v) from paar where v <= 0.01), 0), count(*), 0,
    count(*) || ' definitieve cellen vergeleken',
    case when count(*) = 0 then 'de vorige release heeft geen definitieve cijfers' end
from paar
