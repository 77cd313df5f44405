-- Outcome rows of feed doelen as delivered; without a known BSN they point to nobody (A12).
select
    leverancier,
    periode,
    persoon,
    hulpvorm,
    datum_aanvang,
    cast(doel_nr as integer) as doel_nr,
    cast(score as integer) as score,
    beoordelaar,
    datum_meting
from {{ source('landing', 'doelen') }}
where bsn_bekend
