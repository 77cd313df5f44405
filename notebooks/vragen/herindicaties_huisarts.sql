-- Herindicaties via de huisarts: hoeveel, welk deel van de besluiten, en hoeveel minder dan een jaar eerder?
-- Geeft: verslagperiode (tekst), gemeente (tekst), besluiten (getal), herindicaties (getal), percentage (getal),
--     herindicaties_jaar_eerder (getal), verandering (getal), celstatus (tekst)
select
    h.verslagperiode,
    h.regio_naam as gemeente,
    h.besluiten,
    h.herindicaties,
    h.percentage,
    h.herindicaties_jaar_eerder,
    h.verandering,
    h.celstatus
from monitor.herindicaties as h
where h.dimensie = 'verwijzer' and h.categorie = '02' and h.regio_niveau = 'gemeente' and h.regio_code <> 'onbekend'
order by h.verslagperiode desc, h.regio_naam;
