-- Per ended traject the STEP list at the begin and the one at the end that count (03, windows and ties).
with begin_lijst as (
    select m.*
    from {{ ref('fct_step') }} as m
    where m.moment = 'begin' and {{ op_tijd_begin() }}
    qualify row_number() over (
        partition by m.traject_id
        order by {{ dbt.datediff('m.datum_meting', 'm.datum_besluit', 'day') }}, m.datum_meting, m.datum_besluit,
            m.record_aanvang
    ) = 1
),

einde_lijst as (
    select m.*
    from {{ ref('fct_step') }} as m
    inner join {{ ref('int_einde_traject') }} as t on m.traject_id = t.traject_id
    where m.moment = 'einde' and {{ op_tijd_einde() }}
    qualify row_number() over (
        partition by m.traject_id
        order by abs({{ dbt.datediff('t.einde', 'm.datum_meting', 'day') }}), m.datum_meting, m.datum_besluit nulls last,
            m.record_aanvang
    ) = 1
)

select
    t.verslagperiode,
    t.traject_id,
    t.persoon,
    t.aanbieder,
    {{ regiokolommen('t.') }},
    {% for s in ['fj', 'ko'] %}
    b.{{ s }} as {{ s }}_begin,
    b.{{ s }}_zonder_duur as {{ s }}_begin_zonder_duur,
    e.{{ s }} as {{ s }}_einde,
    -- only of a whole pair
    case when b.{{ s }} is not null then round(b.{{ s }}_zonder_duur - e.{{ s }}, 9) end as {{ s }}_verschil,
    {% endfor %}
    b.zz as zz_begin,
    e.zz as zz_einde,
    b.uz as uz_begin,
    e.uz as uz_einde
from {{ ref('int_einde_traject') }} as t
left join begin_lijst as b on t.traject_id = b.traject_id
left join einde_lijst as e on t.traject_id = e.traject_id
