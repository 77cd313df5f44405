-- Jeugdhulp as delivered, every period in which a record occurs.
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
    -- hulp
    verwijzer,
    hulpvorm,
    coalesce(perspectief, 'onbekend') as perspectief,
    datum_aanvang,
    datum_einde,
    reden_beeindiging
from {{ source('landing', 'jeugdhulp') }}
