{# 95 % Wilson interval of a proportion, in percent; NULL when there is no denominator or more than all (02 §4).
   Source: E.B. Wilson, JASA 22 (1927). #}
{% macro wilson(teller, noemer, kant) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set n = 'cast(' ~ noemer ~ ' as double)' -%}
    {%- set p = '(' ~ teller ~ ' / ' ~ n ~ ')' -%}
    case when {{ noemer }} > 0 and {{ teller }} <= {{ noemer }} then
        -- rounding does not take a bound outside 0-100
        greatest(0, least(100, 100 * ({{ p }} + {{ z * z }} / (2 * {{ n }}) {{ '-' if kant == 'onder' else '+' }}
            {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z * z }} / (4 * {{ n }} * {{ n }})))
            / (1 + {{ z * z }} / {{ n }})))
    end
{%- endmacro %}

{# Half the width of a 95 % t-interval of a mean. The quantile comes from table `t` (student_t) up to 200 degrees of
   freedom, above that from the Cornish-Fisher expansion, which is then exact to 11 digits (Abramowitz & Stegun 26.7.5). #}
{% macro t_marge(sd, n) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set v = '(cast(' ~ n ~ ' as double) - 1)' -%}
    {{ sd }} / sqrt({{ n }}) * coalesce(t.t_975, case when {{ n }} > 200 then
        {{ z }} + {{ (z ** 3 + z) / 4 }} / {{ v }} + {{ (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96 }} / {{ v }} ** 2
        + {{ (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384 }} / {{ v }} ** 3
        + {{ (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160 }} / {{ v }} ** 4 end)
{%- endmacro %}
