-- Gemeenten, and aanbieders in a provincie, against the provincie: beyond chance or not (funnel limits of 95 and 99.8 %
-- around the provincie's value; D.J. Spiegelhalter, Statistics in Medicine 24, 2005).
with cel as (
    select p.*, r.provinciecode
    from {{ ref('prestatie_indicatoren') }} as p
    inner join {{ ref('dim_periode') }} as d on p.verslagperiode = d.verslagperiode
    inner join {{ ref('dim_regio') }} as r
        on p.regio_niveau = r.regio_niveau and p.regio_code = r.regio_code and d.jaar = r.jaar
    where
        (p.regio_niveau = 'gemeente' and p.aanbieder = 'alle')
        or (p.regio_niveau = 'provincie' and p.aanbieder <> 'alle')
),

-- the yardstick: all of the provincie, and for means the spread in it
maatstaf as (
    select p.verslagperiode, p.regio_code as provinciecode, p.indicator, p.maat, p.categorie, p.waarde, c.sd
    from {{ ref('prestatie_indicatoren') }} as p
    left join {{ ref('int_indicator_cel') }} as c
        on
            c.regio_niveau = 'provincie'
            and c.aanbieder = 'alle'
            and p.verslagperiode = c.verslagperiode
            and p.regio_code = c.regio_code
            and p.indicator = c.indicator
            and p.maat = c.maat
            and p.categorie = c.categorie
    where p.regio_niveau = 'provincie' and p.aanbieder = 'alle' and p.celstatus = 'waarde'
),

met_fout as (
    select
        c.*,
        m.waarde as provincie_waarde,
        g.soort_maat,
        case when g.soort_maat = 'aandeel' then sqrt(m.waarde * (100 - m.waarde) / nullif(c.noemer, 0))
            else m.sd / sqrt(nullif(c.noemer, 0)) end as standaardfout,
        100 * cast(c.respons_teller as double) / nullif(c.respons_noemer, 0) as respons_percentage
    from cel as c
    inner join maatstaf as m
        on
            c.verslagperiode = m.verslagperiode
            and c.provinciecode = m.provinciecode
            and c.indicator = m.indicator
            and c.maat = m.maat
            and c.categorie = m.categorie
    inner join {{ ref('indicator_maat') }} as g
        on c.indicator = g.indicator and c.maat = g.maat and c.categorie = g.categorie
    where c.celstatus in ('waarde', 'geen_levering')
),

beoordeeld as (
    select
        *,
        coalesce(respons_percentage < {{ var('min_respons_pct') }}, false) as lage_respons,
        (waarde - provincie_waarde) / nullif(standaardfout, 0) as z
    from met_fout
),

regel as (
    select
        verslagperiode,
        regio_niveau,
        regio_code,
        regio_naam,
        aanbieder,
        indicator,
        maat,
        categorie,
        teller,
        noemer,
        waarde,
        provincie_waarde,
        {% for naam, z in [('95', 1.959963984540054), ('998', 3.090232306167813)] %}
        {% for kant, teken in [('onder', '-'), ('boven', '+')] %}
        case when soort_maat = 'aandeel' then least(greatest(provincie_waarde {{ teken }} {{ z }} * standaardfout, 0), 100)
            else provincie_waarde {{ teken }} {{ z }} * standaardfout end as grens_{{ naam }}_{{ kant }},
        {% endfor %}
        {% endfor %}
        case
            when lage_respons then 'lage_respons'
            when z is null or abs(z) <= 1.959963984540054 then 'binnen'
            when z > 3.090232306167813 then 'boven_998'
            when z > 0 then 'boven_95'
            when z < -3.090232306167813 then 'onder_998'
            else 'onder_95'
        end as afwijking,
        respons_percentage,
        celstatus,
        status_cijfer
    from beoordeeld
),

-- gemeenten rank among all of the country
alle as (
    {% set kolommen = 'verslagperiode, regio_niveau, regio_code, regio_naam, aanbieder, indicator, maat, categorie, teller, noemer,'
        ~ ' waarde, provincie_waarde, grens_95_onder, grens_95_boven, grens_998_onder, grens_998_boven, afwijking,'
        ~ ' respons_percentage, celstatus, status_cijfer' %}
    select {{ kolommen }} from regel
    {% if var('deels') %}
    union all
    select {{ kolommen }} from {{ source('landing', 'elders_vergelijking') }}
    {% endif %}
)

select
    a.*,
    -- who answered too little is marked, not ranked
    case when a.afwijking <> 'lage_respons' and g.richting <> 'geen' then
        cast(rank() over (
            partition by a.verslagperiode, a.regio_niveau, case when a.regio_niveau = 'provincie' then a.regio_code end,
                a.indicator, a.maat, a.categorie, a.afwijking = 'lage_respons'
            order by case when g.richting = 'hoger' then -a.waarde else a.waarde end nulls last
        ) as bigint) end as rang
from alle as a
inner join {{ ref('indicator_maat') }} as g on a.indicator = g.indicator and a.maat = g.maat and a.categorie = g.categorie
