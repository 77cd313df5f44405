-- What was definitief in the last release, gemeente by gemeente: every change above 1 % of a number of at least 10.
with cel as (
    select
        'stand_stroom' as tabel, concat_ws(' ', verslagperiode, soort, eenheid, regio_code, dimensie, categorie) as sleutel,
        unnest([
            {'maat': 'beginstand', 'toen': o.beginstand, 'nu': n.beginstand},
            {'maat': 'instroom', 'toen': o.instroom, 'nu': n.instroom},
            {'maat': 'instroom_nieuw', 'toen': o.instroom_nieuw, 'nu': n.instroom_nieuw},
            {'maat': 'instroom_herhaald', 'toen': o.instroom_herhaald, 'nu': n.instroom_herhaald},
            {'maat': 'instroom_aansluitend', 'toen': o.instroom_aansluitend, 'nu': n.instroom_aansluitend},
            {'maat': 'uitstroom', 'toen': o.uitstroom, 'nu': n.uitstroom},
            {'maat': 'eindstand', 'toen': o.eindstand, 'nu': n.eindstand},
            {'maat': 'in_periode', 'toen': o.in_periode, 'nu': n.in_periode}
        ], recursive := true)
    from vorige.monitor.stand_stroom as o
    left join monitor.stand_stroom as n
        using (verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie)
    where regio_niveau = 'gemeente' and o.status_cijfer = 'definitief'
    union all
    select 'percentage_in_zorg', concat_ws(' ', verslagperiode, regio_code, maat), 'teller', o.teller, n.teller
    from vorige.monitor.percentage_in_zorg as o
    left join monitor.percentage_in_zorg as n using (verslagperiode, regio_niveau, regio_code, maat)
    where regio_niveau = 'gemeente' and o.status_cijfer = 'definitief'
    union all
    select 'duur', concat_ws(' ', verslagperiode, regio_code, dimensie, categorie), 'aantal', o.aantal, n.aantal
    from vorige.monitor.duur as o
    left join monitor.duur as n using (verslagperiode, regio_niveau, regio_code, dimensie, categorie)
    where regio_niveau = 'gemeente' and o.status_cijfer = 'definitief'
),
paar as (
    select tabel, sleutel, maat, toen, coalesce(nu, 0) as nu, abs(coalesce(nu, 0) - toen) / toen as v
    from cel where toen >= 10
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
