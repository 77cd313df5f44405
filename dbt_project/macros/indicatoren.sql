{# What every indicator model shares. A model makes units (rows with verslagperiode, aanbieder and the region columns),
   counts them per region and aanbieder, and gives its maten in one set of columns. #}

{% macro indicatorniveaus() %}{{ return(['provincie', 'jeugdregio', 'subregio', 'gemeente']) }}{% endmacro %}
{% macro indicatorkolommen() %}{% for n in indicatorniveaus() %}{{ niveaus()[n] }}{{ ', ' if not loop.last }}{% endfor %}{% endmacro %}

{# Count `eenheden` per verslagperiode, region level and aanbieder ('alle' = all of them): once per gemeente, rolled up from
   there. So a telling is something that adds up: a count or a sum. With `al_per_aanbieder` the units already carry 'alle'
   rows of their own. #}
{% macro tel(eenheden, tellingen, al_per_aanbieder=false) %}
    with per_gemeente as (
        select
            verslagperiode, {{ indicatorkolommen() }}, aanbieder,
            {% for naam, som in tellingen.items() %}{{ som }} as {{ naam }}{{ ', ' if not loop.last }}{% endfor %}
        from {{ eenheden }}
        group by verslagperiode, {{ indicatorkolommen() }}, aanbieder
    )
    {% for niveau in indicatorniveaus() %}
    {% set kolom = niveaus()[niveau] %}
    select
        verslagperiode,
        '{{ niveau }}' as regio_niveau,
        {{ kolom }} as regio_code,
        {% if al_per_aanbieder %}aanbieder{% else %}case when grouping(aanbieder) = 1 then 'alle' else aanbieder end{% endif %} as aanbieder,
        {% for naam in tellingen %}sum({{ naam }}) as {{ naam }}{{ ', ' if not loop.last }}{% endfor %}
    from per_gemeente
    {% if al_per_aanbieder %}
    group by verslagperiode, {{ kolom }}, aanbieder
    {% else %}
    group by grouping sets ((verslagperiode, {{ kolom }}), (verslagperiode, {{ kolom }}, aanbieder))
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}

{# The maten of an indicator out of what was counted. A maat is a dict: maat, categorie (totaal), and either teller and
   noemer (a proportion) or n, gemiddelde and sd (a mean); respons as [teller, noemer] where there is any. #}
{% macro maten(indicator, geteld, lijst) %}
    {% for m in lijst %}
    select
        '{{ indicator }}' as indicator,
        verslagperiode, regio_niveau, regio_code, aanbieder,
        '{{ m.maat }}' as maat,
        '{{ m.get("categorie", "totaal") }}' as categorie,
        cast({{ m.get('teller', 'null') }} as bigint) as teller,
        cast({{ m.get('noemer', m.get('n')) }} as bigint) as noemer,
        cast({{ m.get('gemiddelde', 'null') }} as double) as gemiddelde,
        cast({{ m.get('sd', 'null') }} as double) as sd,
        cast({{ m.get('respons', ['null'])[0] }} as bigint) as respons_teller,
        cast({{ m.get('respons', ['null'])[-1] }} as bigint) as respons_noemer
    from {{ geteld }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}

{# Number, sum and sum of squares of a column of scores, as tellingen; gemiddelde_maat reads the mean and sd off them. #}
{% macro gemiddelde_tellingen(naam, waarde) %}{{ return({
    naam ~ '_n': 'count(' ~ waarde ~ ')',
    naam ~ '_som': 'sum(' ~ in_stapjes(waarde) ~ ')',
    naam ~ '_kwadraten': 'sum(' ~ in_stapjes(waarde) ~ ' * ' ~ in_stapjes(waarde) ~ ')',
}) }}{% endmacro %}

{% macro gemiddelde_maat(maat, naam, respons, categorie='totaal') %}{{ return({
    'maat': maat, 'categorie': categorie, 'n': naam ~ '_n',
    'gemiddelde': 'cast(' ~ naam ~ '_som as double) / ' ~ stapjes() ~ ' / nullif(' ~ naam ~ '_n, 0)',
    'sd': spreiding(naam ~ '_n', naam ~ '_som', naam ~ '_kwadraten'), 'respons': respons
}) }}{% endmacro %}

{# Sums of fractions depend on their order in the last digit, and a release must come out the same every time: so scores
   are summed as whole numbers of 0,00001 (they have four decimals at most, the mean of two ouders five). #}
{% macro stapjes() %}100000{% endmacro %}
{% macro in_stapjes(waarde) -%}cast(round({{ waarde }} * {{ stapjes() }}) as bigint){%- endmacro %}

{# Sample standard deviation, from the number of scores, their sum and that of their squares (in stapjes); NULL for fewer
   than two. #}
{% macro spreiding(n, som, kwadraten) -%}
    case when {{ n }} > 1 then
        sqrt(cast({{ n }} * {{ kwadraten }} - {{ som }} * {{ som }} as double)
            / (cast({{ n }} as double) * ({{ n }} - 1))) / {{ stapjes() }}
    end
{%- endmacro %}

{% macro teller_van(conditie) %}{{ return('count(case when ' ~ conditie ~ ' then 1 end)') }}{% endmacro %}
