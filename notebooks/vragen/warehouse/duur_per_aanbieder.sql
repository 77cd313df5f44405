-- Hoe lang duurden de jeugdhulptrajecten die in het laatste halfjaar eindigden, per aanbieder en hulpvorm?
-- Geeft: aanbieder (tekst), hulpvorm (tekst), trajecten (getal), mediaan_dagen (getal)
select
    t.aanbieder,
    h.naam as hulpvorm,
    count(*) as trajecten,
    median(date_diff('day', t.aanvang, t.einde) + 1) as mediaan_dagen
from dwh.fct_traject as t
join dwh.code_hulpvorm as h on t.hulpvorm = h.code
join dwh.dim_periode as p on t.einde between p.d0 and p.d1
where p.verslagperiode = (select max(verslagperiode) from dwh.dim_periode where soort_periode = 'halfjaar')
group by t.aanbieder, h.naam
order by trajecten desc, t.aanbieder, hulpvorm;
