-- Hoe staan de doelstellingen ervoor?
select doelstelling, verslagperiode, regio_naam, waarde, doelwaarde, doeljaar, gehaald, status_cijfer, bron
from monitor.doelstelling
order by doelstelling, verslagperiode;
