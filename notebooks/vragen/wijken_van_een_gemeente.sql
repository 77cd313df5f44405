-- In welke wijken van een gemeente wonen de jeugdigen met jeugdhulp? Vervang GM0106 door de gemeente die u zoekt.
-- Geeft: wijk (tekst), percentage (getal), ondergrens (getal), bovengrens (getal), teller (getal), noemer (getal),
--     celstatus (tekst)
select r.regio_naam as wijk, p.percentage, p.ondergrens, p.bovengrens, p.teller, p.noemer, p.celstatus
from monitor.percentage_in_zorg as p
join monitor.dim_periode as d on p.verslagperiode = d.verslagperiode
join monitor.dim_regio as r on r.regio_niveau = 'wijk' and r.regio_code = p.regio_code and r.jaar = d.jaar
where p.regio_niveau = 'wijk' and r.gemeentecode = 'GM0106' and p.maat = 'jeugdhulp'
    and p.verslagperiode = (select max(verslagperiode) from monitor.dim_periode where soort_periode = 'halfjaar')
order by p.percentage desc nulls last, wijk;
