-- Hoeveel procent van de jongeren krijgt jeugdhulp, per gemeente, en hoe was dat een jaar eerder?
-- Geeft: gemeente (tekst), percentage (getal), ondergrens (getal), bovengrens (getal),
--     percentage_jaar_eerder (getal), status_cijfer (tekst)
select
    nu.regio_naam as gemeente,
    nu.percentage,
    nu.ondergrens,
    nu.bovengrens,
    eerder.percentage as percentage_jaar_eerder,
    nu.status_cijfer
from monitor.percentage_in_zorg as nu
left join monitor.percentage_in_zorg as eerder
    on nu.regio_code = eerder.regio_code and nu.regio_niveau = eerder.regio_niveau and nu.maat = eerder.maat
    and eerder.verslagperiode = cast(cast(left(nu.verslagperiode, 4) as integer) - 1 as varchar) || right(nu.verslagperiode, 2)
where nu.maat = 'jeugdhulp' and nu.regio_niveau = 'gemeente' and nu.regio_code <> 'onbekend'
    and nu.verslagperiode = (select max(verslagperiode) from monitor.dim_periode where soort_periode = 'halfjaar')
order by nu.percentage desc nulls last;
