-- Indicaties: the latest version, and what each is against the earlier ones of the persoon in that gemeente (02 §5).
with laatste_versie as (
    select *
    from {{ ref('stg_indicaties') }}
    qualify row_number() over (partition by gemeentecode, indicatie_id order by periode desc) = 1
),

{% if var('deels') %}
-- only now: an earlier version may be of another persoon
van_betrokkenen as (
    select * from laatste_versie where persoon in (select b.persoon from {{ source('landing', 'betrokken') }} as b)
),
{% endif %}

met_eerdere as (
    select
        *,
        max({{ of_oneindig('geldig_tot') }}) over (
            partition by persoon, gemeentecode order by besluitdatum, geldig_van, indicatie_id
            rows between unbounded preceding and 1 preceding
        ) as eerder_tot
    from {{ 'van_betrokkenen' if var('deels') else 'laatste_versie' }}
)

select
    md5(gemeentecode || '|' || indicatie_id) as indicatie_sleutel,
    gemeentecode,
    indicatie_id,
    persoon,
    besluitdatum,
    geldig_van,
    geldig_tot,
    verwijzer,
    productcategorie,
    aanbieder,
    planmatig,
    case
        when eerder_tot is null or eerder_tot < {{ plus('geldig_van', '-' ~ var('venster_jaren'), 'year') }} then 'nieuw'
        when eerder_tot < {{ plus('geldig_van', '-' ~ var('indicatie_aansluiting_dagen'), 'day') }} then 'herhaald_beroep'
        when planmatig = 'J' then 'vervolg_planmatig'
        else 'vervolg_niet_planmatig'
    end as soort_indicatie
from met_eerdere
