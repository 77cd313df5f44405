-- De prestatie-indicatoren van de provincie in de laatste periode die compleet is, met respons en interval.
-- Geeft: indicator (tekst), naam (tekst), omschrijving (tekst), waarde (getal), ondergrens (getal),
--     bovengrens (getal), noemer (getal), respons_percentage (getal), celstatus (tekst)
select
    i.indicator,
    d.naam,
    m.omschrijving,
    i.waarde,
    i.ondergrens,
    i.bovengrens,
    i.noemer,
    round(100.0 * i.respons_teller / nullif(i.respons_noemer, 0), 1) as respons_percentage,
    i.celstatus
from monitor.prestatie_indicatoren as i
join monitor.dim_indicator as d on i.indicator = d.indicator
join monitor.dim_indicator_maat as m on i.indicator = m.indicator and i.maat = m.maat and i.categorie = m.categorie
where i.regio_niveau = 'provincie' and i.regio_code <> 'onbekend' and i.aanbieder = 'alle'
    and i.verslagperiode = (select max(verslagperiode) from monitor.dim_periode where soort_periode = 'halfjaar')
order by try_cast(i.indicator as integer) nulls last, i.maat, i.categorie;
