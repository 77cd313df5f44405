-- Indicator 2, clienttevredenheid: the list of the jeugdige (12 or older at the end) and of the ouders, per traject.
with lijst as (
    select
        m.traject_id, m.informant, m.ouder_nr, m.resultaat, m.rapportcijfer, {{ op_tijd_einde() }} as op_tijd,
        row_number() over (
            partition by m.traject_id, m.informant, m.ouder_nr, {{ op_tijd_einde() }}
            order by abs({{ dbt.datediff('t.einde', 'm.datum_meting', 'day') }}), m.datum_meting, m.record_aanvang
        ) as rang
    from {{ ref('fct_tevredenheid') }} as m
    inner join {{ ref('int_einde_traject') }} as t on m.traject_id = t.traject_id
),

per_traject as (
    select
        traject_id,
        count(*) as metingen,
        {{ teller_van('not op_tijd') }} as buiten,
        {% for wie in ['jeugdige', 'ouder'] %}
        {% set telt = "op_tijd and rang = 1 and informant = '" ~ wie ~ "'" %}
        {{ teller_van(telt) }} as {{ wie }}_lijsten,
        avg(case when {{ telt }} then resultaat end) as {{ wie }}_resultaat,
        avg(case when {{ telt }} then rapportcijfer end) as {{ wie }}_rapportcijfer{{ ',' if not loop.last }}
        {% endfor %}
    from lijst
    group by traject_id
),

eenheid as (
    select
        t.*,
        coalesce(l.metingen, 0) as metingen,
        coalesce(l.buiten, 0) as buiten,
        case when t.is_twaalf then l.jeugdige_lijsten else 0 end as jeugdige_lijsten,
        case when t.is_twaalf then l.jeugdige_resultaat end as jeugdige_resultaat,
        case when t.is_twaalf then l.jeugdige_rapportcijfer end as jeugdige_rapportcijfer,
        l.ouder_lijsten,
        l.ouder_resultaat,
        l.ouder_rapportcijfer
    from {{ ref('int_einde_traject') }} as t
    left join per_traject as l on t.traject_id = l.traject_id
),

{% set tellingen = {
    'trajecten': 'count(*)', 'twaalf': teller_van('is_twaalf'), 'metingen': 'sum(metingen)', 'buiten': 'sum(buiten)',
    'jeugdige_gemeten': teller_van('jeugdige_lijsten > 0'), 'ouder_gemeten': teller_van('ouder_lijsten > 0')
} %}
{% for naam in ['jeugdige_resultaat', 'jeugdige_rapportcijfer', 'ouder_resultaat', 'ouder_rapportcijfer'] %}
    {% do tellingen.update(gemiddelde_tellingen(naam, naam)) %}
{% endfor %}
geteld as ({{ tel('eenheid', tellingen) }})

{{ maten('2', 'geteld', [
    gemiddelde_maat('resultaat_jeugdige', 'jeugdige_resultaat', ['jeugdige_gemeten', 'twaalf']),
    gemiddelde_maat('rapportcijfer_jeugdige', 'jeugdige_rapportcijfer', ['jeugdige_gemeten', 'twaalf']),
    gemiddelde_maat('resultaat_ouder', 'ouder_resultaat', ['ouder_gemeten', 'trajecten']),
    gemiddelde_maat('rapportcijfer_ouder', 'ouder_rapportcijfer', ['ouder_gemeten', 'trajecten']),
    {'maat': 'buiten_termijn', 'teller': 'buiten', 'noemer': 'metingen'},
]) }}
