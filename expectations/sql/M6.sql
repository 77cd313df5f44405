-- The grid, computed anew from periods x regions x categories, laid over the tables: missing, surplus and double rows.
with geleverd as (
    select distinct periode from landing.levering
    where feed = 'jeugdhulp' and status = 'van_kracht' and periode <= getvariable('periode')
),
periode_verwacht as (
    select periode as verslagperiode from geleverd
    union all
    select left(periode, 4) || 'JJ' from geleverd group by all having count(*) = 2
),
periode as (select verslagperiode, jaar from dwh.dim_periode),
regio as (
    select p.verslagperiode, r.regio_niveau, r.regio_code from periode as p join dwh.dim_regio as r using (jaar)
    union
    -- a persoon keeps the region of an earlier or later year when the period itself tells none (02 §2)
    select s.verslagperiode, s.regio_niveau, s.regio_code
    from monitor.stand_stroom as s semi join dwh.dim_regio as r using (regio_niveau, regio_code)
    where s.dimensie = 'totaal' and s.in_periode > 0
    union
    select p.verslagperiode, n.regio_niveau, 'onbekend' from periode as p
    cross join (values ('provincie'), ('jeugdregio'), ('subregio'), ('gemeente'), ('wijk')) as n(regio_niveau)
),
jeugd_soort(soort) as (values ('jeugdhulp'), ('jeugdbescherming'), ('jeugdreclassering'), ('jeugdzorg')),
persoonlijk as (
    select 'totaal' as dimensie, 'totaal' as categorie
    union all select 'geslacht', code from dwh.code_geslacht
    union all select 'leeftijdsgroep', code from dwh.code_leeftijdsgroep
),
categorie as (
    select soort, dimensie, categorie from jeugd_soort cross join persoonlijk
    union all select 'jeugdhulp', 'hulpvorm', code from dwh.code_hulpvorm
    union all select 'jeugdhulp', 'hulpvormgroep', code from dwh.code_hulpvormgroep
    union all select 'jeugdhulp', 'verwijzer', code from dwh.code_verwijzer
    union all select 'jeugdhulp', 'perspectief', code from dwh.code_perspectief
    union all values ('jeugdhulp', 'perspectief', 'onbekend')
    union all select groep, 'type_maatregel', code from dwh.code_type_maatregel
    where groep in ('jeugdbescherming', 'jeugdreclassering')
),
eenheid(soort, eenheid) as (
    values ('jeugdhulp', 'trajecten'), ('jeugdhulp', 'jeugdigen'), ('jeugdbescherming', 'trajecten'),
        ('jeugdbescherming', 'jeugdigen'), ('jeugdreclassering', 'trajecten'), ('jeugdreclassering', 'jeugdigen'),
        ('jeugdzorg', 'jeugdigen')
),
-- the aanbieder x region pairs that occur in any period
aanbieder as (
    select distinct soort, regio_niveau, regio_code, categorie from monitor.stand_stroom
    where dimensie = 'aanbieder' and in_periode > 0
),
cel as (
    select r.verslagperiode, r.regio_niveau, r.regio_code, c.soort, c.dimensie, c.categorie
    from regio as r cross join categorie as c
    where r.regio_niveau <> 'wijk' or c.dimensie in ('totaal', 'geslacht', 'leeftijdsgroep', 'hulpvormgroep')
    union all
    select r.verslagperiode, r.regio_niveau, r.regio_code, a.soort, 'aanbieder', a.categorie
    from regio as r join aanbieder as a using (regio_niveau, regio_code) where r.regio_niveau <> 'wijk'
),
beide as not materialized (
    select 'stand_stroom' as tabel, 1 as verwacht, verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie
    from cel join eenheid using (soort)
    union all
    select 'stand_stroom', 0, verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie
    from monitor.stand_stroom
    union all
    select 'duur', 1, verslagperiode, null, null, regio_niveau, regio_code, dimensie, categorie
    from cel where soort = 'jeugdhulp'
    union all
    select 'duur', 0, verslagperiode, null, null, regio_niveau, regio_code, dimensie, categorie from monitor.duur
    union all
    select 'percentage_in_zorg', 1, verslagperiode, null, null, regio_niveau, regio_code, null, code
    from regio cross join dwh.code_maat
    union all
    select 'percentage_in_zorg', 0, verslagperiode, null, null, regio_niveau, regio_code, null, maat
    from monitor.percentage_in_zorg
    union all
    select 'dim_periode', 1, verslagperiode, null, null, null, null, null, null from periode_verwacht
    union all
    select 'dim_periode', 0, verslagperiode, null, null, null, null, null, null from periode
),
-- a country has tens of millions of rows: compared by one number for all names, and named only where something is wrong
genummerd as not materialized (
    select *, hash(verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie) as nr from beide
),
vergelijking as (
    select tabel, nr, sum(verwacht) as verwacht, count(*) - sum(verwacht) as aanwezig from genummerd group by all
),
genoemd as (
    select distinct
        tabel, nr, concat_ws(' ', verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie) as naam
    from genummerd semi join (from vergelijking where verwacht = 0 or aanwezig <> 1) using (tabel, nr)
),
uitslag as (
    select
        v.*, g.naam, verwacht > 0 and aanwezig = 0 as ontbreekt, verwacht = 0 as overtollig, aanwezig > 1 as dubbel
    from vergelijking as v left join genoemd as g using (tabel, nr)
),
telling as (
    select tabel, 'ontbrekend' as wat, sum(verwacht) as n, count(*) filter (ontbreekt) as fout,
        min(case when ontbreekt then naam end) as voorbeeld
    from uitslag group by tabel
    union all
    select tabel, 'overtollig', sum(aanwezig), count(*) filter (overtollig), min(case when overtollig then naam end)
    from uitslag group by tabel
    union all
    select tabel, 'dubbel', sum(aanwezig), count(*) filter (dubbel), min(case when dubbel then naam end)
    from uitslag group by tabel
)
select
    tabel || ': ' || wat as object,
    -- a table of which nothing is expected is itself wrong
    case when wat = 'ontbrekend' and n = 0 then 1 else fout end as waarde,
    n as geteld, fout as geschonden,
    case when wat = 'ontbrekend' and n = 0 then 'er zijn geen perioden of regio''s'
        else 'bijvoorbeeld ' || voorbeeld end as toelichting,
    null as nvt
from telling
order by object
