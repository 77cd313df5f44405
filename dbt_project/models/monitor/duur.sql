-- Duur of jeugdhulptrajecten that ended in the period, in days and in the CBS classes (02 §3).
{% set klassen = [('k_0_3m', 0), ('k_3_6m', 3), ('k_6_12m', 6), ('k_1_2j', 12), ('k_2_3j', 24), ('k_3_4j', 36), ('k_4j_plus', 48)] %}
{% set dimensies = ['geslacht', 'leeftijdsgroep', 'hulpvorm', 'hulpvormgroep', 'verwijzer', 'perspectief', 'aanbieder'] %}
with beeindigd as (
    select
        verslagperiode, {{ regiokolommen() }}, {{ dimensies | join(', ') }},
        {{ dbt.datediff('aanvang', 'einde', 'day') }} + 1 as dagen,
        -- the last class of which the months are complete: aanvang + n months is not after the day after the end
        {% for naam, maanden in klassen[1:] %}
        case when {{ plus('aanvang', maanden, 'month') }} <= {{ plus('einde', 1, 'day') }} then 1 else 0 end
        {{ '+' if not loop.last else 'as klasse' }}
        {% endfor %}
    from {{ ref('fct_zorg_periode') }}
    where soort = 'jeugdhulp' and uitstroom = 1
),

geteld as (
    {% for niveau, kolom in niveaus().items() %}
    {% set hier = wijkdimensies() if niveau == 'wijk' else dimensies %}
    select
        '{{ niveau }}' as regio_niveau,
        {{ kolom }} as regio_code,
        verslagperiode,
        {{ dimensie_en_categorie(hier) }},
        count(*) as aantal,
        avg(dagen) as gemiddelde_dagen,
        median(dagen) as mediaan_dagen,
        {% for naam, maanden in klassen %}
        {{ teller_van('klasse = ' ~ loop.index0) }} as {{ naam }}{{ ',' if not loop.last }}
        {% endfor %}
    from beeindigd
    group by {{ dimensiegroepen('verslagperiode, ' ~ kolom, hier) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

rooster as (
    select r.verslagperiode, r.regio_niveau, r.regio_code, r.regio_naam, c.dimensie, c.categorie
    from {{ ref('int_regio_periode') }} as r
    inner join {{ ref('int_categorie') }} as c on c.soort = 'jeugdhulp' and {{ dimensie_op_niveau() }}
    union all
    select r.verslagperiode, r.regio_niveau, r.regio_code, r.regio_naam, c.dimensie, c.categorie
    from {{ ref('int_regio_periode') }} as r
    inner join (
        select distinct regio_niveau, regio_code, dimensie, categorie
        from {{ ref('stand_stroom') }}
        where soort = 'jeugdhulp' and dimensie = 'aanbieder'
    ) as c on r.regio_niveau = c.regio_niveau and r.regio_code = c.regio_code
)

select
    k.verslagperiode,
    k.regio_niveau,
    k.regio_code,
    k.regio_naam,
    k.dimensie,
    k.categorie,
    coalesce(g.aantal, 0) as aantal,
    g.gemiddelde_dagen,
    cast(g.mediaan_dagen as double) as mediaan_dagen,
    {% for naam, _ in klassen %}coalesce(g.{{ naam }}, 0) as {{ naam }},
    {% endfor %}
    case when l.aanbieder is not null then 'geen_levering' else 'waarde' end as celstatus,
    p.status_cijfer
from rooster as k
inner join {{ ref('dim_periode') }} as p on k.verslagperiode = p.verslagperiode
left join geteld as g
    on
        k.verslagperiode = g.verslagperiode
        and k.regio_niveau = g.regio_niveau
        and k.regio_code = g.regio_code
        and k.dimensie = g.dimensie
        and k.categorie = g.categorie
left join {{ ref('int_geen_levering') }} as l
    on
        k.dimensie = 'aanbieder'
        and k.categorie = l.aanbieder
        and k.verslagperiode = l.verslagperiode
        and l.feed = 'jeugdhulp'
