-- Outcome rows of feed step as delivered; without a known BSN they point to nobody (A12).
select
    leverancier,
    periode,
    persoon,
    hulpvorm,
    datum_aanvang,
    moment,
    datum_besluit,
    fj,
    fj_zonder_duur,
    ko,
    ko_zonder_duur,
    zz,
    uz,
    datum_meting
from {{ source('landing', 'step') }}
where bsn_bekend
