-- One row per jeugdhulp record: its latest version, with the end that follows from what was (not) delivered (02 §1.2-4).
with laatste_versie as (
    select *
    from {{ ref('stg_jeugdhulp') }}
    qualify row_number() over (
        partition by leverancier, persoon, hulpvorm, datum_aanvang order by periode desc
    ) = 1
),

levering as (
    select leverancier, max(periode) as laatste_periode
    from {{ ref('stg_levering') }}
    where feed = 'jeugdhulp'
    group by leverancier
)

select
    v.leverancier,
    v.persoon,
    v.hulpvorm,
    v.datum_aanvang,
    v.verwijzer,
    v.perspectief,
    v.reden_beeindiging,
    {{ afgeleid_einde('v.datum_einde', 'v.datum_aanvang') }} as einde,
    {{ einde_bron('v.datum_einde') }} as einde_bron,
    {{ doorgeteld('v.datum_einde') }} as doorgeteld
from laatste_versie as v
left join levering as l on v.leverancier = l.leverancier
left join {{ source('landing', 'gestopt') }} as g on v.leverancier = g.leverancier
