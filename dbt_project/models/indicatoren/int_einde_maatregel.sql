-- Maatregelen that ended in a half-year with a delivered end and a reden (S07 stays outside 7, 8 and 9).
select
    p.verslagperiode,
    m.maatregel_id,
    m.persoon,
    m.aanbieder,
    m.soort,
    t.redengroep,
    m.einde,
    m.reden_beeindiging,
    {{ regiokolommen('a.') }}
from {{ ref('fct_maatregel') }} as m
inner join {{ ref('type_maatregel') }} as t on m.type_maatregel = t.code
inner join {{ ref('dim_periode') }} as p on p.soort_periode = 'halfjaar' and m.einde between p.d0 and p.d1
inner join {{ ref('fct_persoon_periode') }} as a on m.persoon = a.persoon and p.volgnr = a.volgnr
where m.einde_bron = 'geleverd' and m.reden_beeindiging is not null and m.soort <> 'preventief'
