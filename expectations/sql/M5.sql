-- Our percentage against the one CBS published, for every provincie, gemeente, maat and period in both.
with cbs as (
    select regio as regio_code, verslagperiode, maat, waarde from landing.cbs_jeugdzorg
    where regexp_matches(regio, '^(PV|GM)')
    qualify row_number() over (partition by regio, verslagperiode, maat order by periode desc) = 1
),
paar as (
    select c.regio_code, c.maat, c.verslagperiode, c.waarde as cbs, z.percentage as eigen, z.teller
    from cbs as c join monitor.percentage_in_zorg as z using (regio_code, verslagperiode, maat)
    where c.waarde is not null and z.regio_niveau in ('provincie', 'gemeente')
)
select
    concat_ws(' ', regio_code, maat, verslagperiode) as object,
    case when eigen is null then null when cbs > 0 then abs(eigen - cbs) / cbs when eigen = 0 then 0 else 1 end as waarde,
    teller as geteld, null::bigint as geschonden,
    replace(format('eigen {:.2f} %, CBS {:.2f} %', eigen, cbs), '.', ',') as toelichting,
    case when eigen is null then 'geen eigen percentage' end as nvt
from paar
union all
select '(regel)', null, 0, 0, null, 'er zijn geen CBS-cijfers bij deze perioden en regio''s'
where not exists (select 1 from paar)
