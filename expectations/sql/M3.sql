-- beginstand(P) now against eindstand(P-1) in the last release: relative change per soort and provincie or gemeente.
with nu as (
    select soort, regio_code, beginstand as n from monitor.stand_stroom
    where verslagperiode = getvariable('periode') and eenheid = 'trajecten' and dimensie = 'totaal'
        and regio_niveau in ('provincie', 'gemeente') and regio_code <> 'onbekend'
),
toen as (
    select soort, regio_code, eindstand as n from vorige.monitor.stand_stroom
    where verslagperiode = getvariable('vorige_periode') and eenheid = 'trajecten' and dimensie = 'totaal'
        and regio_niveau in ('provincie', 'gemeente') and regio_code <> 'onbekend'
),
paar as (
    select soort, regio_code, coalesce(toen.n, 0) as toen, coalesce(nu.n, 0) as nu
    from toen full join nu using (soort, regio_code)
    where exists (select 1 from toen)
)
select
    soort || ' ' || regio_code as object, abs(nu - toen) / greatest(toen, 1) as waarde,
    greatest(nu, toen) as geteld, abs(nu - toen) as geschonden,
    'van ' || toen || ' naar ' || nu || ' trajecten' as toelichting, null as nvt
from paar
union all
select '(regel)', null, 0, 0, null, 'de vorige release bevat ' || getvariable('vorige_periode') || ' niet'
where not exists (select 1 from toen)
