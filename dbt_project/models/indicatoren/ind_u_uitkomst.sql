-- Indicator U, geharmoniseerde outcome-set: uitval, and no new start through the end of the next half-year.
with nieuw as (
    select distinct t.traject_id
    from {{ ref('int_einde_traject') }} as t
    inner join {{ ref('dim_periode') }} as p on t.verslagperiode = p.verslagperiode
    inner join {{ ref('fct_traject') }} as n
        on
            t.persoon = n.persoon
            and n.aanvang > t.einde
            -- the last day of the half-year after this one
            and n.aanvang < {{ plus(plus('p.d1', 1, 'day'), 6, 'month') }}
),

eenheid as (
    select t.*, n.traject_id is null as geen_nieuwe_start
    from {{ ref('int_einde_traject') }} as t
    left join nieuw as n on t.traject_id = n.traject_id
),

geteld as (
    {{ tel('eenheid', {
        'trajecten': 'count(*)', 'uitval': teller_van("reden_beeindiging in ('03', '04')"),
        'weg': teller_van('geen_nieuwe_start')
    }) }}
)

{{ maten('U', 'geteld', [
    {'maat': 'uitval', 'teller': 'uitval', 'noemer': 'trajecten'},
    {'maat': 'geen_nieuwe_start', 'teller': 'weg', 'noemer': 'trajecten'},
]) }}
