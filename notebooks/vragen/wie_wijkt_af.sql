-- Welke gemeenten en aanbieders wijken meer van hun provincie af dan door toeval te verwachten is?
-- Geeft: verslagperiode (tekst), wie (tekst), indicator (tekst), omschrijving (tekst), waarde (getal),
--     provincie_waarde (getal), noemer (getal), afwijking (tekst)
select
    v.verslagperiode,
    case when v.aanbieder = 'alle' then v.regio_naam else v.aanbieder end as wie,
    v.indicator,
    m.omschrijving,
    v.waarde,
    v.provincie_waarde,
    v.noemer,
    v.afwijking
from monitor.vergelijking as v
join monitor.dim_indicator_maat as m on v.indicator = m.indicator and v.maat = m.maat and v.categorie = m.categorie
where v.afwijking in ('onder_95', 'boven_95', 'onder_998', 'boven_998')
order by v.verslagperiode desc, v.afwijking like '%998' desc, wie, try_cast(v.indicator as integer) nulls last;
