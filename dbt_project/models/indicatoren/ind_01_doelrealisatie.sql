-- Indicator 1, doelrealisatie per einddoel: the score that counts of each goal of the trajecten that ended.
with doel as (
    select m.traject_id, m.score, m.doel_nr, {{ op_tijd_einde() }} as op_tijd,
        row_number() over (
            partition by m.traject_id, m.doel_nr, {{ op_tijd_einde() }}
            order by abs({{ dbt.datediff('t.einde', 'm.datum_meting', 'day') }}), m.datum_meting, m.beoordelaar,
                m.record_aanvang
        ) as rang
    from {{ ref('fct_doel') }} as m
    inner join {{ ref('int_einde_traject') }} as t on m.traject_id = t.traject_id
),

per_traject as (
    select
        traject_id,
        count(*) as metingen,
        {{ teller_van('not op_tijd') }} as buiten,
        {{ teller_van('op_tijd and rang = 1') }} as doelen,
        {% for score, naam in [(-1, 'min1'), (0, 'nul'), (1, 'een'), (2, 'twee')] %}
        {{ teller_van('op_tijd and rang = 1 and score = ' ~ score) }} as {{ naam }}{{ ',' if not loop.last }}
        {% endfor %}
    from doel
    group by traject_id
),

eenheid as (
    select
        t.*, coalesce(d.doelen, 0) as doelen, coalesce(d.min1, 0) as min1, coalesce(d.nul, 0) as nul,
        coalesce(d.een, 0) as een, coalesce(d.twee, 0) as twee, coalesce(d.metingen, 0) as metingen,
        coalesce(d.buiten, 0) as buiten
    from {{ ref('int_einde_traject') }} as t
    left join per_traject as d on t.traject_id = d.traject_id
),

geteld as (
    {{ tel('eenheid', {
        'trajecten': 'count(*)', 'gemeten': teller_van('doelen > 0'), 'doelen': 'sum(doelen)', 'min1': 'sum(min1)',
        'nul': 'sum(nul)', 'een': 'sum(een)', 'twee': 'sum(twee)', 'metingen': 'sum(metingen)', 'buiten': 'sum(buiten)'
    }) }}
),

-- mean and sd of the scores from their counts
verdeeld as (
    select
        *,
        cast(een + 2 * twee - min1 as double) / nullif(doelen, 0) as gem,
        case when doelen > 1 then sqrt(
            cast(doelen * (min1 + een + 4 * twee) - (een + 2 * twee - min1) * (een + 2 * twee - min1) as double)
            / (doelen * (doelen - 1))
        ) end as sd
    from geteld
)

{% set respons = ['gemeten', 'trajecten'] %}
{{ maten('1', 'verdeeld', [
    {'maat': 'verdeling', 'categorie': '-1', 'teller': 'min1', 'noemer': 'doelen', 'respons': respons},
    {'maat': 'verdeling', 'categorie': '0', 'teller': 'nul', 'noemer': 'doelen', 'respons': respons},
    {'maat': 'verdeling', 'categorie': '1', 'teller': 'een', 'noemer': 'doelen', 'respons': respons},
    {'maat': 'verdeling', 'categorie': '2', 'teller': 'twee', 'noemer': 'doelen', 'respons': respons},
    {'maat': 'behaald', 'teller': 'twee', 'noemer': 'doelen', 'respons': respons},
    {'maat': 'deels_of_geheel', 'teller': 'een + twee', 'noemer': 'doelen', 'respons': respons},
    {'maat': 'gemiddelde', 'n': 'doelen', 'gemiddelde': 'gem', 'sd': 'sd', 'respons': respons},
    {'maat': 'buiten_termijn', 'teller': 'buiten', 'noemer': 'metingen'},
]) }}
