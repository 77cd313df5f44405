{# Calendar arithmetic: years, months and days are calendar intervals (29 February - 5 years = 28 February). #}

{% macro plus(datum, aantal, eenheid) %}cast({{ dbt.dateadd(eenheid, aantal, datum) }} as date){% endmacro %}

{# end of something that still runs, for comparisons #}
{% macro oneindig() %}cast('9999-12-31' as date){% endmacro %}
{% macro of_oneindig(datum) %}coalesce({{ datum }}, {{ oneindig() }}){% endmacro %}
