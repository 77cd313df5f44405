-- Indicaties by the verslagperiode of their besluit, with the region of the gemeente in that year (02 §5).
select
    p.verslagperiode,
    p.soort_periode,
    i.soort_indicatie,
    i.verwijzer,
    i.productcategorie,
    i.aanbieder,
    coalesce(g.provinciecode, 'onbekend') as provinciecode,
    coalesce(g.jeugdregio, 'onbekend') as jeugdregio,
    coalesce(g.subregio, 'onbekend') as subregio,
    coalesce(g.gemeentecode, 'onbekend') as gemeentecode
from {{ ref('fct_indicatie') }} as i
inner join {{ ref('dim_periode') }} as p on i.besluitdatum between p.d0 and p.d1
left join {{ ref('int_gebied') }} as g on p.jaar = g.jaar and i.gemeentecode = g.gemeentecode
