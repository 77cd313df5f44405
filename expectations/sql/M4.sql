-- teller / noemer for gemeente and above, all periods: each cell above 1, and per maat the highest of the others.
with cel as (
    select concat_ws(' ', maat, regio_code, verslagperiode) as naam, maat, teller, noemer, teller / noemer as v
    from monitor.percentage_in_zorg
    where regio_niveau <> 'wijk' and noemer > 0 and teller is not null
)
select
    naam as object, v as waarde, noemer as geteld, (teller - noemer) as geschonden,
    teller || ' van ' || noemer as toelichting, null as nvt
from cel where v > 1
union all
select m.maat || ' (overige)', max(v), count(v), 0, null, case when count(v) = 0 then 'geen cellen met een noemer' end
from (select code as maat from dwh.code_maat) as m left join (select * from cel where v <= 1) as c using (maat)
group by m.maat
