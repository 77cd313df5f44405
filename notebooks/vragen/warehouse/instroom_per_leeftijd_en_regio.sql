-- Wie komen er binnen: instroom van jeugdhulp naar jeugdregio, leeftijd en soort instroom?
-- Geeft: verslagperiode (tekst), jeugdregio (tekst), leeftijdsgroep (tekst), instroom (getal),
--     waarvan_herhaald (getal)
select
    z.verslagperiode,
    r.jeugdregio,
    l.naam as leeftijdsgroep,
    sum(z.instroom) as instroom,
    sum(z.instroom_herhaald) as waarvan_herhaald
from dwh.fct_zorg_periode as z
join dwh.dim_periode as p on z.verslagperiode = p.verslagperiode
join dwh.dim_regio as r on r.regio_niveau = 'gemeente' and z.gemeentecode = r.regio_code and p.jaar = r.jaar
join dwh.code_leeftijdsgroep as l on z.leeftijdsgroep = l.code
where z.soort = 'jeugdhulp' and p.soort_periode = 'halfjaar'
group by z.verslagperiode, r.jeugdregio, l.naam, l.van
order by z.verslagperiode desc, r.jeugdregio, l.van;
