-- What counts as jeugdzorg: trajecten and maatregelen in one shape (02 §3). Type 31 belongs to no soort.
select
    'jeugdhulp' as soort,
    traject_id as eenheid_id,
    persoon,
    aanvang,
    einde,
    soort_instroom,
    aanbieder,
    hulpvorm,
    hulpvormgroep,
    verwijzer,
    perspectief,
    cast(null as varchar) as type_maatregel
from {{ ref('fct_traject') }}
union all
select
    soort, maatregel_id, persoon, aanvang, einde, null, aanbieder, null, null, null, null, type_maatregel
from {{ ref('fct_maatregel') }}
where soort in ('jeugdbescherming', 'jeugdreclassering')
