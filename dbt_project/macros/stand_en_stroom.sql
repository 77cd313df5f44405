{# Stand en stroom of something that runs from aanvang to einde, in period p (02 §3); an end on the last day is out of
   the eindstand (CBS). The rows are those with in_periode. #}
{% macro stand_en_stroom(alias) -%}
    case when {{ alias }}.aanvang < p.d0 then 1 else 0 end as beginstand,
    case when {{ alias }}.aanvang >= p.d0 then 1 else 0 end as instroom,
    case when {{ alias }}.einde <= p.d1 then 1 else 0 end as uitstroom,
    case when {{ alias }}.einde is null or {{ alias }}.einde > p.d1 then 1 else 0 end as eindstand
{%- endmacro %}
