-- Cells of stand_stroom per wijk of residence: everything that adds up over regions. A persoon has one region per period,
-- so distinct persons add up too.
{% set vast = 'verslagperiode, soort, plaats' %}
{% set alle = persoonsdimensies() + trajectdimensies() %}
{% set zelfde_plaats %}{% for k in niveaus().values() %}pl.{{ k }} = a.{{ k }}{{ ' and ' if not loop.last }}{% endfor %}{% endset %}
-- one number instead of five names: grouping by names takes twice as long, and more room than there is
with plaats as (
    select row_number() over (order by {{ regiokolommen() }}) as plaats, {{ regiokolommen() }}
    from (select distinct {{ regiokolommen() }} from {{ ref('fct_persoon_periode') }}) as uniek
),

-- not written down: seven readers of a few columns each
zorg as not materialized (
    select
        pl.plaats, a.verslagperiode, a.soort, a.persoon, {% for d in alle %}a.{{ d }}, {% endfor %}
        a.beginstand, a.instroom, a.instroom_nieuw, a.instroom_herhaald, a.instroom_aansluitend, a.uitstroom, a.eindstand
    from {{ ref('fct_zorg_periode') }} as a
    inner join plaats as pl on {{ zelfde_plaats }}
),

trajecten as (
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
    from zorg
    group by {{ dimensiegroepen(vast, alle) }}
),

-- a dimension at a time: distinct persons over all of them at once take ten times the room of the table
personen as (
    {% for d in trajectdimensies() %}
    select {{ vast }}, '{{ d }}' as dimensie, {{ d }} as categorie, count(*) as in_periode
    from (select distinct {{ vast }}, {{ d }}, persoon from zorg where {{ d }} is not null) as uniek
    group by {{ vast }}, {{ d }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

episoden as (
    select
        p.verslagperiode,
        e.soort,
        pl.plaats,
        a.geslacht,
        l.code as leeftijdsgroep,
        e.soort_instroom,
        -- episoden do not overlap: in the period the earliest one tells that the persoon is there
        case when e.vorig_einde is null or e.vorig_einde < p.d0 then 1 else 0 end as in_periode,
        {{ stand_en_stroom('e') }}
    from {{ ref('fct_zorgepisode') }} as e
    inner join {{ ref('dim_periode') }} as p on e.aanvang <= p.d1 and (e.einde is null or e.einde >= p.d0)
    inner join {{ ref('fct_persoon_periode') }} as a on e.persoon = a.persoon and p.attribuut_volgnr = a.volgnr
    inner join plaats as pl on {{ zelfde_plaats }}
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
        sum(in_periode) as in_periode
    from episoden
    group by {{ dimensiegroepen(vast, persoonsdimensies()) }}
)

{% set maten = 'beginstand, instroom, instroom_nieuw, instroom_herhaald, instroom_aansluitend, uitstroom, eindstand, in_periode' %}
select c.eenheid, c.verslagperiode, c.soort, {{ regiokolommen('pl.') }}, c.dimensie, c.categorie, {{ maten }}
from (
    select 'trajecten' as eenheid, {{ vast }}, dimensie, categorie, {{ maten }} from trajecten where categorie is not null
    union all
    select 'jeugdigen' as eenheid, {{ vast }}, dimensie, categorie, {{ maten }} from jeugdigen
    union all
    -- of jeugdigen with a traject of some kind only the number is given
    select 'jeugdigen' as eenheid, {{ vast }}, dimensie, categorie, 0, 0, 0, 0, 0, 0, 0, in_periode from personen
) as c
inner join plaats as pl on c.plaats = pl.plaats
