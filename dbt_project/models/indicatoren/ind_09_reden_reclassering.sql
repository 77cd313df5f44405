-- Indicator 9, reden beeindiging jeugdreclassering: ended because it was no longer possible.
with eenheid as (
    select * from {{ ref('int_einde_maatregel') }} where soort = 'jeugdreclassering'
),

geteld as (
    {{ tel('eenheid', {'beeindigd': 'count(*)', 'mislukt': teller_van("reden_beeindiging in ('22', '24')")}) }}
)

{{ maten('9', 'geteld', [{'maat': 'niet_meer_mogelijk', 'teller': 'mislukt', 'noemer': 'beeindigd'}]) }}
