{# 95 % Wilson interval of a proportion, in percent; NULL when there is no denominator or more than all (02 §4).
   Source: E.B. Wilson, JASA 22 (1927). #}
{% macro wilson(teller, noemer, kant) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set n = 'cast(' ~ noemer ~ ' as double)' -%}
    {%- set p = '(' ~ teller ~ ' / ' ~ n ~ ')' -%}
    case when {{ noemer }} > 0 and {{ teller }} <= {{ noemer }} then
        100 * ({{ p }} + {{ z * z }} / (2 * {{ n }}) {{ '-' if kant == 'onder' else '+' }}
            {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z * z }} / (4 * {{ n }} * {{ n }})))
            / (1 + {{ z * z }} / {{ n }})
    end
{%- endmacro %}
