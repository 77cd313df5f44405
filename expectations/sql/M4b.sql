-- percentage jeugdhulp of P per gemeente against its mean over the up to four half-years before (at least two).
with reeks as (
    select z.regio_code, z.percentage, z.noemer, p.volgnr - nu.volgnr as stap
    from monitor.percentage_in_zorg as z
    join dwh.dim_periode as p on p.verslagperiode = z.verslagperiode and p.soort_periode = 'halfjaar'
    join dwh.dim_periode as nu on nu.verslagperiode = getvariable('periode')
    where z.maat = 'jeugdhulp' and z.regio_niveau = 'gemeente' and p.volgnr between nu.volgnr - 4 and nu.volgnr
),
gemeente as (
    select
        regio_code, max(percentage) filter (stap = 0) as nu, max(noemer) filter (stap = 0) as noemer,
        avg(percentage) filter (stap < 0) as eerder, count(percentage) filter (stap < 0) as perioden
    from reeks group by all
    having nu is not null
)
select
    regio_code as object,
    case when perioden < 2 then null when eerder > 0 then abs(nu - eerder) / eerder when nu = 0 then 0 else 1 end as waarde,
    noemer as geteld, null::bigint as geschonden,
    replace(format('nu {:.2f} %, gemiddeld {:.2f} % over {} perioden', nu, eerder, perioden), '.', ',') as toelichting,
    case when perioden < 2 then 'minder dan twee eerdere perioden' end as nvt
from gemeente
union all
select '(regel)', null, 0, 0, null, 'geen gemeente met een percentage in deze periode'
where not exists (select 1 from gemeente)
