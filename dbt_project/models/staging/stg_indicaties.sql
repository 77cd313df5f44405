-- Indicaties as delivered by gemeenten; the leverancier is the gemeente.
select
    leverancier as gemeentecode,
    periode,
    indicatie_id,
    persoon,
    besluitdatum,
    geldig_van,
    geldig_tot,
    verwijzer,
    productcategorie,
    aanbieder,
    planmatig
from {{ source('landing', 'indicaties') }}
