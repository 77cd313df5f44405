-- Records running at the end of P-1 whose key is absent in the same leverancier's levering of P (S04), as a share.
with beide as (
    select leverancier from landing.levering
    where feed = 'jeugdhulp' and status = 'van_kracht' and periode in (getvariable('periode'), getvariable('vorige_periode'))
    group by leverancier having count(distinct periode) = 2
),
lopend as (
    select leverancier, persoon, hulpvorm, datum_aanvang from landing.jeugdhulp semi join beide using (leverancier)
    where periode = getvariable('vorige_periode') and datum_einde is null
),
verdwenen as (
    select l.leverancier from lopend as l
    anti join (select * from landing.jeugdhulp where periode = getvariable('periode')) as n
        using (leverancier, persoon, hulpvorm, datum_aanvang)
),
telling as (
    select
        b.leverancier,
        (select count(*) from lopend as l where l.leverancier = b.leverancier) as n,
        (select count(*) from verdwenen as v where v.leverancier = b.leverancier) as weg
    from beide as b
)
select
    leverancier as object, case when n > 0 then weg / n else 0 end as waarde, n as geteld, weg as geschonden,
    weg || ' van ' || n || ' lopende trajecten verdwenen' as toelichting, null as nvt
from telling
union all
select '(regel)', null, 0, 0, null, 'geen leverancier met een levering in beide perioden'
where not exists (select 1 from telling)
