-- Zorgepisoden: a persoon's care without a day in between, per soort and for jeugdzorg as a whole (02 §3).
with deel as (
    select persoon, soort, aanvang, {{ of_oneindig('einde') }} as einde from {{ ref('int_zorgperiode') }}
    union all
    select persoon, 'jeugdzorg' as soort, aanvang, {{ of_oneindig('einde') }} as einde from {{ ref('int_zorgperiode') }}
),

gemerkt as (
    select
        *,
        max(einde) over (
            partition by persoon, soort order by aanvang, einde rows between unbounded preceding and 1 preceding
        ) as einde_tot_nu
    from deel
),

genummerd as (
    select
        *,
        sum(
            case
                when {{ plus('aanvang', '-' ~ var('min_tussentijd_dagen'), 'day') }} <= einde_tot_nu then 0
                else 1
            end
        ) over (
            partition by persoon, soort order by aanvang, einde rows between unbounded preceding and current row
        ) as volgnr
    from gemerkt
),

episode as (
    select persoon, soort, volgnr, min(aanvang) as aanvang, max(einde) as einde
    from genummerd
    group by persoon, soort, volgnr
),

met_vorige as (
    select *, lag(einde) over (partition by persoon, soort order by aanvang) as vorig_einde
    from episode
)

select
    md5(persoon || '|' || soort || '|' || cast(aanvang as varchar)) as episode_id,
    persoon,
    soort,
    aanvang,
    nullif(einde, {{ oneindig() }}) as einde,
    vorig_einde,
    case
        when soort <> 'jeugdhulp' then null
        when vorig_einde >= {{ plus('aanvang', '-' ~ var('venster_jaren'), 'year') }} then 'herhaald'
        else 'nieuw'
    end as soort_instroom
from met_vorige
