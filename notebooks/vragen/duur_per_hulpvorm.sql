-- Hoe lang duurde de jeugdhulp die eindigde, per hulpvorm?
-- Geeft: verslagperiode (tekst), hulpvorm (tekst), aantal (getal), gemiddelde_dagen (getal), mediaan_dagen (getal),
--     k_4j_plus (getal)
select d.verslagperiode, h.naam as hulpvorm, d.aantal, d.gemiddelde_dagen, d.mediaan_dagen, d.k_4j_plus
from monitor.duur as d
join monitor.code_hulpvorm as h on d.categorie = h.code
where d.dimensie = 'hulpvorm' and d.regio_niveau = 'provincie' and d.regio_code <> 'onbekend'
order by d.verslagperiode desc, h.code;
