-- Maatregelen as delivered, every period in which a row occurs.
select
    leverancier,
    periode,
    {{ volgnr_van('periode') }} as periode_volgnr,
    -- persoon
    persoon,
    bsn_bekend,
    geboren,
    geslacht,
    postcode,
    'GM' || gemeentecode as gemeentecode,
    -- maatregel
    type_maatregel,
    datum_aanvang,
    datum_einde,
    datum_eerste_contact,
    reden_beeindiging,
    datum_overgedragen,
    datum_overgedragen_gekregen,
    erkende_interventie
from {{ source('landing', 'maatregelen') }}
