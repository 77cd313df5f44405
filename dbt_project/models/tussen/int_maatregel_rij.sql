-- One row per delivered maatregel row (a GI's part of a maatregel): its latest version (02 §1.2-4).
with laatste_versie as (
    select *
    from {{ ref('stg_maatregelen') }}
    qualify row_number() over (
        partition by leverancier, persoon, type_maatregel, datum_aanvang, datum_overgedragen_gekregen
        order by periode desc
    ) = 1
),

levering as (
    select leverancier, max(periode) as laatste_periode
    from {{ ref('stg_levering') }}
    where feed = 'maatregelen'
    group by leverancier
)

select
    row_number() over (
        order by v.persoon, v.type_maatregel, v.leverancier, v.datum_aanvang, v.datum_overgedragen_gekregen
    ) as rij_id,
    v.leverancier,
    v.persoon,
    v.type_maatregel,
    coalesce(v.datum_aanvang, v.datum_overgedragen_gekregen) as begin_bij_gi,
    v.datum_overgedragen,
    v.datum_overgedragen_gekregen,
    v.datum_eerste_contact,
    case when v.datum_overgedragen is null then v.reden_beeindiging end as reden_beeindiging,
    v.erkende_interventie,
    case
        -- handed over: ends here only when nobody took it over
        when v.datum_overgedragen is not null then v.datum_overgedragen
        else {{ afgeleid_einde('v.datum_einde', 'coalesce(v.datum_aanvang, v.datum_overgedragen_gekregen)') }}
    end as einde,
    case
        when v.datum_overgedragen is not null then 'afgeleid'
        else {{ einde_bron('v.datum_einde') }}
    end as einde_bron,
    v.datum_overgedragen is null and {{ doorgeteld('v.datum_einde') }} as doorgeteld
from laatste_versie as v
left join levering as l on v.leverancier = l.leverancier
left join {{ source('landing', 'gestopt') }} as g on v.leverancier = g.leverancier
