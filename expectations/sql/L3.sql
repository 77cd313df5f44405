-- Rows of the levering of P as a share of those of P-1, per feed and leverancier that has both.
with rij as (
    select
        feed, leverancier,
        sum(rijen) filter (periode = getvariable('periode')) as nu,
        sum(rijen) filter (periode = getvariable('vorige_periode')) as toen
    from landing.levering
    where status = 'van_kracht' and periode in (getvariable('periode'), getvariable('vorige_periode'))
    group by all
    having nu is not null and toen is not null
)
select
    feed || '/' || leverancier as object,
    case when toen > 0 then nu / toen when nu = 0 then 1 else 'infinity'::double end as waarde,
    greatest(nu, toen)::bigint as geteld,
    abs(nu - toen)::bigint as geschonden,
    'van ' || toen || ' naar ' || nu || ' rijen' as toelichting,
    null as nvt
from rij
union all
select '(regel)', null, 0, 0, null, 'geen leverancier met een levering in beide perioden'
where not exists (select 1 from rij)
