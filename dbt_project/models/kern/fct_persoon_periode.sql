-- One value per persoon and half-year in which the persoon counts: of the period itself, else of the latest earlier
-- one in which the persoon was delivered, else of the earliest later one (02 §2).
with nodig as (
    select distinct persoon, attribuut_volgnr as volgnr
    from {{ ref('int_zorgperiode_periode') }}
),

tijdlijn as (
    select persoon, volgnr, max(bron_volgnr) as bron_volgnr, max(is_nodig) as is_nodig
    from (
        select persoon, volgnr, cast(null as integer) as bron_volgnr, 1 as is_nodig from nodig
        union all
        select persoon, periode_volgnr, periode_volgnr, 0 from {{ ref('int_persoon_bron') }}
    ) as samen
    group by persoon, volgnr
),

gekozen as (
    select
        persoon,
        volgnr,
        is_nodig,
        coalesce(
            max(bron_volgnr) over (
                partition by persoon order by volgnr rows between unbounded preceding and current row
            ),
            min(bron_volgnr) over (
                partition by persoon order by volgnr rows between current row and unbounded following
            )
        ) as bron_volgnr
    from tijdlijn
),

met_jaar as (
    select *, cast(floor(volgnr / 2) as integer) as jaar from gekozen where is_nodig = 1
)

select
    g.persoon,
    g.volgnr,
    b.geboren,
    b.geslacht,
    -- completed years on 1 January; unborn or born later: 0
    cast(greatest(
        coalesce(
            g.jaar - extract(year from b.geboren)
            - case when extract(month from b.geboren) = 1 and extract(day from b.geboren) = 1 then 0 else 1 end,
            0
        ),
        0
    ) as integer) as leeftijd,
    {{ regiokolommen('b.') }},
    g.bron_volgnr
from met_jaar as g
inner join {{ ref('int_persoon_bron') }} as b on g.persoon = b.persoon and g.bron_volgnr = b.periode_volgnr
