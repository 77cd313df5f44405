-- Indicator 3, reden beeindiging hulp: jeugdigen by the rubriek of the traject that ended last.
with geteld as (
    {{ tel(ref('int_einde_jeugdige'), {
        'jeugdigen': 'count(*)', 'client': teller_van("rubriek = '1.1'"), 'aanbieder_zelf': teller_van("rubriek = '1.2'"),
        'overige': teller_van("rubriek = '2'")
    }, al_per_aanbieder=true) }}
)

{{ maten('3', 'geteld', [
    {'maat': 'reden', 'categorie': '1.1', 'teller': 'client', 'noemer': 'jeugdigen'},
    {'maat': 'reden', 'categorie': '1.2', 'teller': 'aanbieder_zelf', 'noemer': 'jeugdigen'},
    {'maat': 'reden', 'categorie': '2', 'teller': 'overige', 'noemer': 'jeugdigen'},
]) }}
