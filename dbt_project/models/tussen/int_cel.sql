-- Cells of stand_stroom per wijk of residence: everything that adds up over regions. A persoon has one region per period,
-- so distinct persons add up too.
{% set vast = 'verslagperiode, soort, ' ~ regiokolommen() %}
{% set alle = persoonsdimensies() + trajectdimensies() %}
with trajecten as (
    select
        {{ vast }},
        {{ dimensie_en_categorie(alle) }},
        sum(beginstand) as beginstand,
        sum(instroom) as instroom,
        sum(instroom_nieuw) as instroom_nieuw,
        sum(instroom_herhaald) as instroom_herhaald,
        sum(instroom_aansluitend) as instroom_aansluitend,
        sum(uitstroom) as uitstroom,
        sum(eindstand) as eindstand,
        count(*) as in_periode
    from {{ ref('fct_zorg_periode') }}
    group by {{ dimensiegroepen(vast, alle) }}
),

-- a dimension at a time: distinct persons over all of them at once take ten times the room of the table
personen as (
    {% for d in trajectdimensies() %}
    select {{ vast }}, '{{ d }}' as dimensie, {{ d }} as categorie, count(*) as in_periode
    from (select distinct {{ vast }}, {{ d }}, persoon from {{ ref('fct_zorg_periode') }} where {{ d }} is not null) as uniek
    group by {{ vast }}, {{ d }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

episoden as (
    select
        p.verslagperiode,
        e.soort,
        {{ regiokolommen('a.') }},
        a.geslacht,
        l.code as leeftijdsgroep,
        e.persoon,
        e.soort_instroom,
        {{ stand_en_stroom('e') }}
    from {{ ref('fct_zorgepisode') }} as e
    inner join {{ ref('dim_periode') }} as p on e.aanvang <= p.d1 and (e.einde is null or e.einde >= p.d0)
    inner join {{ ref('fct_persoon_periode') }} as a on e.persoon = a.persoon and p.attribuut_volgnr = a.volgnr
    inner join {{ ref('leeftijdsgroep') }} as l on a.leeftijd between l.van and l.tot_en_met
),

jeugdigen as (
    select
        {{ vast }},
        {{ dimensie_en_categorie(persoonsdimensies()) }},
        sum(beginstand) as beginstand,
        sum(instroom) as instroom,
        sum(case when soort_instroom = 'nieuw' then instroom else 0 end) as instroom_nieuw,
        sum(case when soort_instroom = 'herhaald' then instroom else 0 end) as instroom_herhaald,
        0 as instroom_aansluitend,
        sum(uitstroom) as uitstroom,
        sum(eindstand) as eindstand,
        count(distinct persoon) as in_periode
    from episoden
    group by {{ dimensiegroepen(vast, persoonsdimensies()) }}
)

{% set cel = [vast, 'dimensie', 'categorie', 'beginstand', 'instroom', 'instroom_nieuw', 'instroom_herhaald',
              'instroom_aansluitend', 'uitstroom', 'eindstand', 'in_periode'] | join(', ') %}
select 'trajecten' as eenheid, {{ cel }} from trajecten where categorie is not null
union all
select 'jeugdigen' as eenheid, {{ cel }} from jeugdigen
union all
-- of jeugdigen with a traject of some kind only the number is given
select 'jeugdigen' as eenheid, {{ vast }}, dimensie, categorie, 0, 0, 0, 0, 0, 0, 0, in_periode
from personen
