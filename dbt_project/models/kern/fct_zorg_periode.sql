-- What is counted: a traject or maatregel in a verslagperiode, with its dimensions and its persoon's attributes then.
select
    p.verslagperiode,
    p.soort,
    p.eenheid_id,
    p.persoon,
    {{ regiokolommen('a.') }},
    a.leeftijd,
    -- dimensions
    a.geslacht,
    l.code as leeftijdsgroep,
    p.hulpvorm,
    p.hulpvormgroep,
    p.verwijzer,
    p.perspectief,
    p.type_maatregel,
    p.aanbieder,
    -- measures
    p.beginstand,
    p.instroom,
    case when p.soort_instroom = 'nieuw' then p.instroom else 0 end as instroom_nieuw,
    case when p.soort_instroom = 'herhaald' then p.instroom else 0 end as instroom_herhaald,
    case when p.soort_instroom = 'aansluitend' then p.instroom else 0 end as instroom_aansluitend,
    p.uitstroom,
    p.eindstand,
    p.aanvang,
    p.einde
from {{ ref('int_zorgperiode_periode') }} as p
inner join {{ ref('fct_persoon_periode') }} as a on p.persoon = a.persoon and p.attribuut_volgnr = a.volgnr
inner join {{ ref('leeftijdsgroep') }} as l on a.leeftijd between l.van and l.tot_en_met
