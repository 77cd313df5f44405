-- Indicator 8, uitblijven nieuwe beschermingsmaatregel: no new one in the twelve months after the end. A voogdij that
-- starts within 31 days after an ots ended for reden 05 is its continuation.
with bescherming as (
    select m.maatregel_id, m.persoon, m.aanvang, m.einde, m.reden_beeindiging, t.redengroep
    from {{ ref('fct_maatregel') }} as m
    inner join {{ ref('type_maatregel') }} as t on m.type_maatregel = t.code
    where m.soort = 'jeugdbescherming'
),

voortzetting as (
    select distinct v.maatregel_id
    from bescherming as v
    inner join bescherming as o
        on
            v.persoon = o.persoon
            and o.redengroep = 'ots'
            and o.reden_beeindiging = '05'
            and v.aanvang > o.einde
            and v.aanvang <= {{ plus('o.einde', var('indicatie_aansluiting_dagen'), 'day') }}
    where v.redengroep = 'voogdij'
),

opnieuw as (
    select distinct e.maatregel_id
    from {{ ref('int_einde_maatregel') }} as e
    inner join bescherming as n
        on
            e.persoon = n.persoon
            and n.aanvang > e.einde
            and n.aanvang <= {{ plus('e.einde', 12, 'month') }}
    where n.maatregel_id not in (select maatregel_id from voortzetting)
),

eenheid as (
    select e.*, o.maatregel_id is null as blijft_uit
    from {{ ref('int_einde_maatregel') }} as e
    left join opnieuw as o on e.maatregel_id = o.maatregel_id
    where
        e.redengroep = 'ots' and e.reden_beeindiging in ('02', '03', '04', '05')
        or e.redengroep = 'voogdij' and e.reden_beeindiging = '12'
),

geteld as ({{ tel('eenheid', {'beeindigd': 'count(*)', 'uit': teller_van('blijft_uit')}) }})

{{ maten('8', 'geteld', [{'maat': 'uitblijven', 'teller': 'uit', 'noemer': 'beeindigd'}]) }}
