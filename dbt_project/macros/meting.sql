{# Outcome rows with the traject of the record they point to: the latest version of each key. A row that points to no
   record in force is A12 and drops out here (01 §4). #}
{% macro metingen(feed, sleutel, waarden) %}
with laatste_versie as (
    select *
    from {{ ref('stg_' ~ feed) }}
    qualify row_number() over (
        partition by leverancier, persoon, hulpvorm, datum_aanvang, {{ sleutel | join(', ') }} order by periode desc
    ) = 1
)

select
    r.traject_id,
    m.datum_aanvang as record_aanvang,
    {% for k in sleutel + waarden %}m.{{ k }}{{ ', ' if not loop.last }}{% endfor %}
from laatste_versie as m
inner join {{ ref('int_record_traject') }} as r
    on
        m.leverancier = r.leverancier
        and m.persoon = r.persoon
        and m.hulpvorm = r.hulpvorm
        and m.datum_aanvang = r.datum_aanvang
{% endmacro %}

{# Is measurement m of traject t within the window around its end (03)? #}
{% macro op_tijd_einde() -%}
    abs({{ dbt.datediff('t.einde', 'm.datum_meting', 'day') }}) <= {{ var('meettermijn_dagen') }}
{%- endmacro %}

{# Is STEP begin m at most the window before its own besluit? Without besluit it never counts. #}
{% macro op_tijd_begin() -%}
    coalesce({{ dbt.datediff('m.datum_meting', 'm.datum_besluit', 'day') }} between 0 and {{ var('meettermijn_dagen') }}, false)
{%- endmacro %}
