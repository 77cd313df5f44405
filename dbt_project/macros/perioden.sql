{# Half-years as text ('2024H1') to numbers and dates. #}

{% macro jaar_van(periode) %}cast(substring({{ periode }}, 1, 4) as integer){% endmacro %}

{# consecutive number, so that the previous half-year is volgnr - 1 #}
{% macro volgnr_van(periode) %}({{ jaar_van(periode) }} * 2 + cast(substring({{ periode }}, 6, 1) as integer) - 1){% endmacro %}

{% macro eerste_dag(periode) -%}
    cast(case when {{ periode }} like '%H2' then substring({{ periode }}, 1, 4) || '-07-01'
              else substring({{ periode }}, 1, 4) || '-01-01' end as date)
{%- endmacro %}

{% macro laatste_dag(periode) -%}
    cast(case when {{ periode }} like '%H1' then substring({{ periode }}, 1, 4) || '-06-30'
              else substring({{ periode }}, 1, 4) || '-12-31' end as date)
{%- endmacro %}
