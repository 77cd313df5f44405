-- Hoe eindigen trajecten waarvan de doelen niet gehaald zijn: reden van beëindiging naar hoogste score?
-- Geeft: hoogste (getal), reden (tekst), trajecten (getal)
with score as (
    select traject_id, max(score) as hoogste from dwh.fct_doel group by traject_id
)

select s.hoogste, r.naam as reden, count(*) as trajecten
from score as s
join dwh.fct_traject as t on s.traject_id = t.traject_id
join dwh.code_reden_jeugdhulp as r on t.reden_beeindiging = r.code
group by s.hoogste, r.naam
order by s.hoogste, trajecten desc;
