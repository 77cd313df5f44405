-- The border between licht and duidelijk verbeterd: half the sample standard deviation of the score at the begin, over all
-- pairs of the scale in the half-year, all regions (03, indicator 4). NULL for fewer than two pairs.
{% set schalen = ['fj', 'ko'] %}
{% set kolommen = 'verslagperiode, fj_begin_zonder_duur, fj_verschil, ko_begin_zonder_duur, ko_verschil' %}
with paar as (
    select {{ kolommen }} from {{ ref('fct_step_paar') }}
    {% if var('deels') %}
    union all
    select {{ kolommen }} from {{ source('landing', 'elders_step_paar') }}
    {% endif %}
)

select
    verslagperiode,
    {% for s in schalen %}
    {% set score = 'case when ' ~ s ~ '_verschil is not null then ' ~ s ~ '_begin_zonder_duur end' %}
    {% set telling = gemiddelde_tellingen('score', score) %}
    {{ spreiding(telling.score_n, telling.score_som, telling.score_kwadraten) }} / 2 as {{ s }}_grens{{ ',' if not loop.last }}
    {% endfor %}
from paar
group by verslagperiode
