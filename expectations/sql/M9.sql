-- What was definitief in the last release, gemeente by gemeente: every change above 1 % of a number of at least 10.
-- A country has tens of millions of rows, nearly all of them smaller: those are left out before rows get a name.
with rij as (
    select
        'stand_stroom' as tabel, concat_ws(' ', verslagperiode, soort, eenheid, regio_code, dimensie, categorie) as sleutel,
        ['beginstand', 'instroom', 'instroom_nieuw', 'instroom_herhaald', 'instroom_aansluitend', 'uitstroom',
            'eindstand', 'in_periode'] as maten,
        [o.beginstand, o.instroom, o.instroom_nieuw, o.instroom_herhaald, o.instroom_aansluitend, o.uitstroom,
            o.eindstand, o.in_periode] as toen,
        [n.beginstand, n.instroom, n.instroom_nieuw, n.instroom_herhaald, n.instroom_aansluitend, n.uitstroom,
            n.eindstand, n.in_periode] as nu
    from vorige.monitor.stand_stroom as o
    left join monitor.stand_stroom as n
        using (verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie)
    where regio_niveau = 'gemeente' and o.status_cijfer = 'definitief'
        and greatest(o.beginstand, o.instroom, o.uitstroom, o.eindstand, o.in_periode) >= 10
    union all
    select 'percentage_in_zorg', concat_ws(' ', verslagperiode, regio_code, maat), ['teller'], [o.teller], [n.teller]
    from vorige.monitor.percentage_in_zorg as o
    left join monitor.percentage_in_zorg as n using (verslagperiode, regio_niveau, regio_code, maat)
    where regio_niveau = 'gemeente' and o.status_cijfer = 'definitief' and o.teller >= 10
    union all
    select 'duur', concat_ws(' ', verslagperiode, regio_code, dimensie, categorie), ['aantal'], [o.aantal], [n.aantal]
    from vorige.monitor.duur as o
    left join monitor.duur as n using (verslagperiode, regio_niveau, regio_code, dimensie, categorie)
    where regio_niveau = 'gemeente' and o.status_cijfer = 'definitief' and o.aantal >= 10
),
cel as (select tabel, sleutel, unnest(maten) as maat, unnest(toen) as toen, coalesce(unnest(nu), 0) as nu from rij),
paar as (select *, abs(nu - toen) / toen as v from cel where toen >= 10),
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
