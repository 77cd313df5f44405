-- Share of the in-force records of P-1 whose leverancier has no in-force levering for P; per feed, and per leverancier.
with vorige as (
    select distinct feed, leverancier from landing.levering
    where periode = getvariable('vorige_periode') and status = 'van_kracht' and feed in ('jeugdhulp', 'maatregelen')
),
record as (
    select 'jeugdhulp' as feed, leverancier, count(*) as n from landing.jeugdhulp
    where periode = getvariable('vorige_periode') group by all
    union all
    select 'maatregelen', leverancier, count(*) from landing.maatregelen
    where periode = getvariable('vorige_periode') group by all
),
stand as (
    select
        v.feed, v.leverancier, coalesce(r.n, 0) as n,
        not exists (
            select 1 from landing.levering as l
            where l.feed = v.feed and l.leverancier = v.leverancier
                and l.periode = getvariable('periode') and l.status = 'van_kracht'
        ) and not exists (
            select 1 from landing.gestopt as g where g.leverancier = v.leverancier and g.datum <= getvariable('d1')
        ) as ontbreekt
    from vorige as v left join record as r using (feed, leverancier)
),
feed as (
    select
        f.feed, count(s.leverancier) as leveranciers, coalesce(sum(s.n), 0) as n,
        coalesce(sum(s.n) filter (s.ontbreekt), 0) as gemist,
        string_agg(s.leverancier, ', ' order by s.n desc, s.leverancier) filter (s.ontbreekt) as namen
    from (values ('jeugdhulp'), ('maatregelen')) as f(feed) left join stand as s using (feed)
    group by all
)
select
    feed as object, case when n > 0 then gemist / n else 0 end as waarde, n as geteld, gemist as geschonden,
    'geen levering van ' || namen as toelichting,
    case when leveranciers = 0 then 'geen leveringen van kracht in ' || getvariable('vorige_periode') end as nvt
from feed
union all
select
    feed || '/' || leverancier, ontbreekt::int, n, case when ontbreekt then n else 0 end,
    case when ontbreekt then 'geen levering; ' || n || ' rijen in ' || getvariable('vorige_periode') end, null
from stand
