{# How a record ends (02 §1.3-4), for a row v of its latest version, the leverancier's last levering l and gestopt g.
   `geleverd_einde` is the end as delivered; `begin` the start, before which nothing ends. #}

{% macro afgeleid_einde(geleverd_einde, begin) -%}
    case
        when {{ geleverd_einde }} is not null then {{ geleverd_einde }}
        -- verdwenen: running, yet absent from a later levering
        when l.laatste_periode > v.periode then {{ laatste_dag('v.periode') }}
        when g.datum is not null then greatest(g.datum, {{ begin }})
    end
{%- endmacro %}

{% macro einde_bron(geleverd_einde) -%}
    case
        when {{ geleverd_einde }} is not null then 'geleverd'
        when l.laatste_periode > v.periode or g.datum is not null then 'afgeleid'
    end
{%- endmacro %}

{# runs on because the leverancier has not delivered since #}
{% macro doorgeteld(geleverd_einde) -%}
    ({{ geleverd_einde }} is null and l.laatste_periode = v.periode and g.datum is null
        and v.periode < '{{ var("periode") }}')
{%- endmacro %}
