-- What is counted: a traject or maatregel in a verslagperiode, with its dimensions and its persoon's attributes then.
select
    p.verslagperiode,
    z.soort,
    z.eenheid_id,
    z.persoon,
    {{ regiokolommen('a.') }},
    a.leeftijd,
    -- dimensions
    a.geslacht,
    l.code as leeftijdsgroep,
    z.hulpvorm,
    z.hulpvormgroep,
    z.verwijzer,
    z.perspectief,
    z.type_maatregel,
    z.aanbieder,
    -- measures
    p.beginstand,
    p.instroom,
    case when z.soort_instroom = 'nieuw' then p.instroom else 0 end as instroom_nieuw,
    case when z.soort_instroom = 'herhaald' then p.instroom else 0 end as instroom_herhaald,
    case when z.soort_instroom = 'aansluitend' then p.instroom else 0 end as instroom_aansluitend,
    p.uitstroom,
    p.eindstand,
    z.aanvang,
    z.einde
from {{ ref('int_zorgperiode_periode') }} as p
inner join {{ ref('int_zorgperiode') }} as z on p.eenheid_id = z.eenheid_id
inner join {{ ref('fct_persoon_periode') }} as a on z.persoon = a.persoon and p.attribuut_volgnr = a.volgnr
inner join {{ ref('leeftijdsgroep') }} as l on a.leeftijd between l.van and l.tot_en_met
