-- Share of P's records without usable BSN (unborn excepted), and of records whose gemeente will be "onbekend" (02 §2).
with jaar as (
    select
        (select coalesce(max(jaar) filter (jaar <= j), min(jaar)) from landing.cbs_postcodes) as postcodes,
        (select coalesce(max(jaar) filter (jaar <= j), min(jaar)) from landing.cbs_gebieden) as gebieden
    from (select left(getvariable('periode'), 4)::int as j)
),
gebied as (select distinct gemeentecode from landing.cbs_gebieden where jaar = (select gebieden from jaar)),
postcode as (
    select distinct p.postcode from landing.cbs_postcodes as p semi join gebied using (gemeentecode)
    where p.jaar = (select postcodes from jaar)
),
record as (
    select 'jeugdhulp' as feed, leverancier, postcode, gemeentecode, bsn_bekend, ongeboren from landing.jeugdhulp
    where periode = getvariable('periode')
    union all
    select 'maatregelen', leverancier, postcode, gemeentecode, bsn_bekend, ongeboren from landing.maatregelen
    where periode = getvariable('periode')
),
telling as (
    select
        r.feed, r.leverancier, count(*) as n,
        count(*) filter (not r.bsn_bekend and not coalesce(r.ongeboren, false)) as zonder_bsn,
        count(*) filter (p.postcode is null and g.gemeentecode is null) as zonder_woonplaats
    from record as r
    left join postcode as p on p.postcode = r.postcode
    left join gebied as g on g.gemeentecode = 'GM' || r.gemeentecode
    group by all
)
select
    feed || '/' || leverancier || '/bsn' as object, zonder_bsn / n as waarde, n as geteld, zonder_bsn as geschonden,
    zonder_bsn || ' van ' || n || ' rijen zonder BSN' as toelichting, null as nvt
from telling
union all
select
    feed || '/' || leverancier || '/woonplaats', zonder_woonplaats / n, n, zonder_woonplaats,
    zonder_woonplaats || ' van ' || n || ' rijen zonder bekende woonplaats', null
from telling
union all
select '(regel)', null, 0, 0, null, 'geen rijen in deze periode'
where not exists (select 1 from telling)
