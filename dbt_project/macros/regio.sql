{# The region levels (02 §3) and the columns in which a persoon's region stands. #}
{% macro niveaus() %}{{ return({
    'provincie': 'provinciecode', 'jeugdregio': 'jeugdregio', 'subregio': 'subregio',
    'gemeente': 'gemeentecode', 'wijk': 'wijkcode'
}) }}{% endmacro %}

{% macro regiokolommen(alias='') %}{% for k in niveaus().values() %}{{ alias }}{{ k }}{{ ', ' if not loop.last }}{% endfor %}{% endmacro %}

{# One row per level from rows that carry all levels: the roll-up of additive cells. #}
{% macro per_niveau(relatie, sleutels, sommen) %}
    {% for niveau, kolom in niveaus().items() %}
    select '{{ niveau }}' as regio_niveau, {{ kolom }} as regio_code, {{ sleutels | join(', ') }},
        {% for s in sommen %}cast(sum({{ s }}) as bigint) as {{ s }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ relatie }}
    group by {{ kolom }}, {{ sleutels | join(', ') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}
