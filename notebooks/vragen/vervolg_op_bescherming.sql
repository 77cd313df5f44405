-- Blijft een nieuwe beschermingsmaatregel uit na het einde van een ots of voogdij?
select verslagperiode, regio_naam, noemer as beeindigd, waarde as percentage_zonder_nieuwe, ondergrens, bovengrens, celstatus
from monitor.prestatie_indicatoren
where indicator = '8' and aanbieder = 'alle' and regio_niveau in ('provincie', 'subregio') and regio_code <> 'onbekend'
order by verslagperiode, regio_niveau, regio_naam;
