-- Trajecten that ended in a half-year with a delivered end, with the persoon's region then: what most indicators count (03).
select
    p.verslagperiode,
    t.traject_id,
    t.persoon,
    t.aanbieder,
    t.einde,
    t.reden_beeindiging,
    {{ regiokolommen('a.') }},
    coalesce({{ plus('a.geboren', 12, 'year') }} <= t.einde, false) as is_twaalf,
    -- rubriek of indicator 3
    case t.reden_beeindiging when '03' then '1.1' when '04' then '1.2' else '2' end as rubriek
from {{ ref('fct_traject') }} as t
inner join {{ ref('dim_periode') }} as p on p.soort_periode = 'halfjaar' and t.einde between p.d0 and p.d1
inner join {{ ref('fct_persoon_periode') }} as a on t.persoon = a.persoon and p.volgnr = a.volgnr
where t.einde_bron = 'geleverd'
