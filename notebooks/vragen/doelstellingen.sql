-- Hoe staan de doelstellingen ervoor?
-- Geeft: doelstelling (tekst), verslagperiode (tekst), regio_naam (tekst), waarde (getal), doelwaarde (getal),
--     doeljaar (getal), gehaald (ja of nee), status_cijfer (tekst), bron (tekst)
select doelstelling, verslagperiode, regio_naam, waarde, doelwaarde, doeljaar, gehaald, status_cijfer, bron
from monitor.doelstelling
order by doelstelling, verslagperiode;
