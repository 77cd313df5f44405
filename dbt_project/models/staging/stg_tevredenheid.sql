-- Outcome rows of feed tevredenheid as delivered; without a known BSN they point to nobody (A12).
select
    leverancier,
    periode,
    persoon,
    hulpvorm,
    datum_aanvang,
    informant,
    cast(ouder_nr as integer) as ouder_nr,
    resultaat,
    rapportcijfer,
    datum_meting
from {{ source('landing', 'tevredenheid') }}
where bsn_bekend
