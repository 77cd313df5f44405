-- Per jeugdige the traject that ended last in the half-year, over all aanbieders ('alle') and at each of them (03: 3, 6b).
with eenheid as (
    select *, 'alle' as bij from {{ ref('int_einde_traject') }}
    union all
    select *, aanbieder as bij from {{ ref('int_einde_traject') }}
)

select
    verslagperiode, bij as aanbieder, persoon, einde, rubriek, {{ regiokolommen() }}
from eenheid
qualify row_number() over (partition by verslagperiode, bij, persoon order by einde desc, rubriek, traject_id) = 1
