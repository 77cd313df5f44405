-- Indicator 5, herhaald beroep op hulp: besluiten by what came before (02 §5).
{% set soorten = ['nieuw', 'vervolg_planmatig', 'vervolg_niet_planmatig', 'herhaald_beroep'] %}
with besluit as (
    select * from {{ ref('int_besluit') }} where soort_periode = 'halfjaar'
),

{% set tellingen = {'besluiten': 'count(*)'} %}
{% set lijst = [] %}
{% for s in soorten %}
    {% do tellingen.update({s: teller_van("soort_indicatie = '" ~ s ~ "'")}) %}
    {% do lijst.append({'maat': 'soort', 'categorie': s, 'teller': s, 'noemer': 'besluiten'}) %}
{% endfor %}
geteld as ({{ tel('besluit', tellingen) }})

{{ maten('5', 'geteld', lijst) }}
