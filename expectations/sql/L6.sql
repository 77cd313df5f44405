-- Of the records that start (end) in P: the share on the first (last) day of P, per feed and leverancier.
with record as (
    select 'jeugdhulp' as feed, leverancier, datum_aanvang, datum_einde from landing.jeugdhulp
    where periode = getvariable('periode')
    union all
    select 'maatregelen', leverancier, datum_aanvang, datum_einde from landing.maatregelen
    where periode = getvariable('periode')
),
telling as (
    select
        feed, leverancier, 'aanvang' as wat,
        count(*) filter (datum_aanvang between getvariable('d0') and getvariable('d1')) as n,
        count(*) filter (datum_aanvang = getvariable('d0')) as grens
    from record group by all
    union all
    select
        feed, leverancier, 'einde',
        count(*) filter (datum_einde between getvariable('d0') and getvariable('d1')),
        count(*) filter (datum_einde = getvariable('d1'))
    from record group by all
)
select
    feed || '/' || leverancier || '/' || wat as object, grens / n as waarde, n as geteld, grens as geschonden,
    grens || ' van ' || n || ' op de ' || case wat when 'aanvang' then 'eerste' else 'laatste' end || ' dag' as toelichting,
    null as nvt
from telling where n > 0
union all
select '(regel)', null, 0, 0, null, 'niets begonnen of geeindigd in deze periode'
where not exists (select 1 from telling where n > 0)
