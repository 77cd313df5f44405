-- Indicator 7, reden beeindiging beschermingsmaatregel: ended because it was no longer needed.
with eenheid as (
    select
        *,
        redengroep = 'ots' and reden_beeindiging in ('02', '03', '04')
        or redengroep = 'voogdij' and reden_beeindiging in ('12', '13', '14') as niet_meer_nodig
    from {{ ref('int_einde_maatregel') }}
    where soort = 'jeugdbescherming'
),

geteld as (
    {{ tel('eenheid', {
        'alle': 'count(*)', 'nodig': teller_van('niet_meer_nodig'),
        'ots': teller_van("redengroep = 'ots'"), 'ots_nodig': teller_van("redengroep = 'ots' and niet_meer_nodig"),
        'voogdij': teller_van("redengroep = 'voogdij'"), 'voogdij_nodig': teller_van("redengroep = 'voogdij' and niet_meer_nodig")
    }) }}
)

{{ maten('7', 'geteld', [
    {'maat': 'niet_meer_nodig', 'categorie': 'ots', 'teller': 'ots_nodig', 'noemer': 'ots'},
    {'maat': 'niet_meer_nodig', 'categorie': 'voogdij', 'teller': 'voogdij_nodig', 'noemer': 'voogdij'},
    {'maat': 'niet_meer_nodig', 'teller': 'nodig', 'noemer': 'alle'},
]) }}
