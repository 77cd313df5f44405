-- Percentage in zorg per region: six maten with their own teller and noemer (02 §4).
{% set tellers = {
    'jeugdhulp': "soort = 'jeugdhulp' and leeftijd <= 17",
    'jeugdhulp_verblijf': "soort = 'jeugdhulp' and hulpvormgroep = 'verblijf' and leeftijd <= 17",
    'jeugdbescherming': "soort = 'jeugdbescherming' and leeftijd <= 17",
    'jeugdreclassering': "soort = 'jeugdreclassering' and leeftijd between 12 and 22",
    'jeugdzorg': "leeftijd <= 22",
    'gespecialiseerd': "soort = 'jeugdhulp' and hulpvorm <> '01' and leeftijd <= 17",
} %}
{% set noemers = {'jeugdreclassering': 'inwoners_12_22', 'jeugdzorg': 'inwoners_0_22'} %}
-- first each persoon once: six counts of distinct persons take three times as long
with persoon as (
    select
        verslagperiode, persoon, {{ regiokolommen() }},
        {% for maat, voorwaarde in tellers.items() %}
        max(case when {{ voorwaarde }} then 1 else 0 end) as {{ maat }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_zorg_periode') }}
    group by verslagperiode, persoon, {{ regiokolommen() }}
),

personen as (
    select
        verslagperiode, {{ regiokolommen() }},
        {% for maat in tellers %}sum({{ maat }}) as {{ maat }}{{ ', ' if not loop.last }}{% endfor %}
    from persoon
    group by verslagperiode, {{ regiokolommen() }}
),

geteld as ({{ per_niveau('personen', ['verslagperiode'], tellers.keys() | list) }}),

breed as (
    select
        r.verslagperiode, r.regio_niveau, r.regio_code, r.regio_naam, n.noemer_jaar,
        n.inwoners_0_17, n.inwoners_12_22, n.inwoners_0_22,
        {% for maat in tellers %}coalesce(g.{{ maat }}, 0) as {{ maat }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ ref('int_regio_periode') }} as r
    left join geteld as g
        on r.verslagperiode = g.verslagperiode and r.regio_niveau = g.regio_niveau and r.regio_code = g.regio_code
    left join {{ ref('int_noemer') }} as n
        on r.jaar = n.jaar and r.regio_niveau = n.regio_niveau and r.regio_code = n.regio_code
),

lang as (
    {% for maat in tellers %}
    select
        verslagperiode, regio_niveau, regio_code, regio_naam, '{{ maat }}' as maat, {{ maat }} as teller,
        {% if maat == 'jeugdhulp_verblijf' %}
        jeugdhulp as noemer, cast(null as integer) as noemer_jaar
        {% else %}
        cast({{ noemers.get(maat, 'inwoners_0_17') }} as bigint) as noemer, noemer_jaar
        {% endif %}
    from breed
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    l.verslagperiode,
    l.regio_niveau,
    l.regio_code,
    l.regio_naam,
    l.maat,
    l.teller,
    l.noemer,
    l.noemer_jaar,
    100 * cast(l.teller as double) / nullif(l.noemer, 0) as percentage,
    {{ wilson('l.teller', 'l.noemer', 'onder') }} as ondergrens,
    {{ wilson('l.teller', 'l.noemer', 'boven') }} as bovengrens,
    case when coalesce(l.noemer, 0) = 0 then 'niet_van_toepassing' else 'waarde' end as celstatus,
    p.status_cijfer
from lang as l
inner join {{ ref('dim_periode') }} as p on l.verslagperiode = p.verslagperiode
