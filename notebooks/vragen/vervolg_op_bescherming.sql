-- Blijft een nieuwe beschermingsmaatregel uit na het einde van een ots of voogdij?
-- Geeft: verslagperiode (tekst), regio_naam (tekst), beeindigd (getal), percentage_zonder_nieuwe (getal),
--     ondergrens (getal), bovengrens (getal), celstatus (tekst)
select verslagperiode, regio_naam, noemer as beeindigd, waarde as percentage_zonder_nieuwe, ondergrens, bovengrens, celstatus
from monitor.prestatie_indicatoren
where indicator = '8' and aanbieder = 'alle' and regio_niveau in ('provincie', 'subregio') and regio_code <> 'onbekend'
order by verslagperiode, regio_niveau, regio_naam;
