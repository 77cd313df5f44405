-- All indicators in one set of columns. A new indicator: its model, its rows in the register (seeds), and its name here.
-- A view: its rows stand in the models of the indicators already.
{{ config(materialized='view') }}
{% set modellen = [
    'ind_01_doelrealisatie', 'ind_02_tevredenheid', 'ind_03_reden_hulp', 'ind_04_problematiek', 'ind_05_herhaald_beroep',
    'ind_06_zwaarte', 'ind_07_reden_bescherming', 'ind_08_nieuwe_maatregel', 'ind_09_reden_reclassering', 'ind_u_uitkomst'
] %}
{% for model in modellen %}
select
    indicator, verslagperiode, regio_niveau, regio_code, aanbieder, maat, categorie,
    teller, noemer, gemiddelde, sd, respons_teller, respons_noemer
from {{ ref(model) }}
where aanbieder is not null
{{ 'union all' if not loop.last }}
{% endfor %}
