-- Welke aanbieders helpen de meeste jeugdigen, per gemeente, en leverden zij voor deze periode?
-- Geeft: gemeente (tekst), aanbieder (tekst), jeugdigen (getal), celstatus (tekst)
select regio_naam as gemeente, categorie as aanbieder, in_periode as jeugdigen, celstatus
from monitor.stand_stroom
where soort = 'jeugdhulp' and eenheid = 'jeugdigen' and dimensie = 'aanbieder' and regio_niveau = 'gemeente'
    and verslagperiode = (select max(verslagperiode) from monitor.dim_periode where soort_periode = 'halfjaar')
qualify row_number() over (partition by regio_code order by in_periode desc nulls last, categorie) <= 10
order by gemeente, jeugdigen desc nulls last;
