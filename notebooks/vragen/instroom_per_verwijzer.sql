-- Door wie komen jeugdigen binnen: instroom van trajecten naar verwijzer, en welk deel is een herhaald beroep?
-- Geeft: verslagperiode (tekst), verwijzer (tekst), instroom (getal), instroom_nieuw (getal),
--     instroom_herhaald (getal), instroom_aansluitend (getal), percentage_herhaald (getal)
select
    s.verslagperiode,
    v.naam as verwijzer,
    s.instroom,
    s.instroom_nieuw,
    s.instroom_herhaald,
    s.instroom_aansluitend,
    round(100.0 * s.instroom_herhaald / nullif(s.instroom, 0), 1) as percentage_herhaald
from monitor.stand_stroom as s
join monitor.code_verwijzer as v on s.categorie = v.code
where s.soort = 'jeugdhulp' and s.eenheid = 'trajecten' and s.dimensie = 'verwijzer' and s.regio_niveau = 'provincie'
    and s.regio_code <> 'onbekend'
order by s.verslagperiode desc, s.instroom desc nulls last;
