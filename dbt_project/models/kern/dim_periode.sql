-- Half-years with jeugdhulp in force, and each year that has both its halves (02 §2).
with halfjaren as (
    select distinct
        periode as verslagperiode,
        {{ volgnr_van('periode') }} as volgnr,
        {{ jaar_van('periode') }} as jaar
    from {{ ref('stg_levering') }}
    where feed = 'jeugdhulp'
),

jaren as (
    select cast(jaar as varchar) || 'JJ' as verslagperiode, max(volgnr) as volgnr, jaar
    from halfjaren
    group by jaar
    having count(*) = 2
),

alle as (
    select verslagperiode, 'halfjaar' as soort_periode, volgnr as attribuut_volgnr, jaar from halfjaren
    union all
    select verslagperiode, 'jaar' as soort_periode, volgnr as attribuut_volgnr, jaar from jaren
)

select
    verslagperiode,
    soort_periode,
    jaar,
    {{ eerste_dag('verslagperiode') }} as d0,
    {{ laatste_dag('verslagperiode') }} as d1,
    case when soort_periode = 'halfjaar' then attribuut_volgnr end as volgnr,
    -- a year takes the persons' attributes, and its status, from its second half
    attribuut_volgnr,
    case
        when attribuut_volgnr = {{ volgnr_van("'" ~ var('periode') ~ "'") }} then 'voorlopig'
        when attribuut_volgnr = {{ volgnr_van("'" ~ var('periode') ~ "'") }} - 1 and '{{ var("periode") }}' like '%H2'
            then 'nader_voorlopig'
        else 'definitief'
    end as status_cijfer
from alle
