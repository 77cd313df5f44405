-- Which year of the reference data P gets, and how far from P's year it is (02 §2 and §4); no waarde when there is none.
with gewenst as (select left(getvariable('periode'), 4)::int as j),
jaar as (
    select 'gebieden' as soort, jaar::int as jaar, count(*) as n from landing.cbs_gebieden group by all
    union all
    select 'postcodes', jaar::int, count(*) from landing.cbs_postcodes group by all
    union all
    select 'bevolking', year(peildatum)::int, count(*) from landing.cbs_bevolking where regio like 'GM%' group by all
),
keuze as (
    select
        s.soort,
        coalesce(max(jaar) filter (jaar <= j), min(jaar) filter (s.soort <> 'bevolking')) as jaar
    from (values ('gebieden'), ('postcodes'), ('bevolking')) as s(soort) cross join gewenst left join jaar using (soort)
    group by all
)
select
    k.soort as object, abs(k.jaar - j) as waarde, coalesce(n, 0) as geteld,
    case when k.jaar = j then 0 else 1 end as geschonden,
    case when k.jaar is null then 'geen bruikbaar jaar'
        when k.jaar <> j then 'gebruikt wordt ' || k.jaar || ' in plaats van ' || j end as toelichting,
    null as nvt
from keuze as k cross join gewenst left join jaar using (soort, jaar)
order by object
