-- Stand en stroom of trajecten and jeugdigen: the complete grid of 02 §6.
{% set maten = ['beginstand', 'instroom', 'instroom_nieuw', 'instroom_herhaald', 'instroom_aansluitend',
                'uitstroom', 'eindstand', 'in_periode'] %}
{% set sleutels = ['verslagperiode', 'soort', 'eenheid', 'dimensie', 'categorie'] %}
with geteld as (
    select * from ({{ per_niveau(ref('int_cel'), sleutels, maten) }}) as alle
    where {{ dimensie_op_niveau() }}
),

eenheden as (
    select 'trajecten' as eenheid union all select 'jeugdigen' as eenheid
),

paren as (
    select distinct soort, regio_niveau, regio_code, dimensie, categorie from geteld where dimensie = 'aanbieder'
),

rooster as (
    select r.verslagperiode, c.soort, e.eenheid, r.regio_niveau, r.regio_code, r.regio_naam, c.dimensie, c.categorie
    from {{ ref('int_regio_periode') }} as r
    cross join {{ ref('int_categorie') }} as c
    cross join eenheden as e
    where {{ dimensie_op_niveau() }} and not (c.soort = 'jeugdzorg' and e.eenheid = 'trajecten')
    union all
    select r.verslagperiode, c.soort, e.eenheid, r.regio_niveau, r.regio_code, r.regio_naam, c.dimensie, c.categorie
    from {{ ref('int_regio_periode') }} as r
    inner join paren as c on r.regio_niveau = c.regio_niveau and r.regio_code = c.regio_code
    cross join eenheden as e
)

select
    k.verslagperiode,
    k.soort,
    k.eenheid,
    k.regio_niveau,
    k.regio_code,
    k.regio_naam,
    k.dimensie,
    k.categorie,
    {% for m in maten if m != 'in_periode' %}
    case
        -- jeugdigen flow only as a whole and by what belongs to the persoon
        when k.eenheid = 'jeugdigen' and k.dimensie not in ('totaal', 'geslacht', 'leeftijdsgroep') then null
        {% if m.startswith('instroom_') %}when k.soort <> 'jeugdhulp' then null{% endif %}
        else coalesce(g.{{ m }}, 0)
    end as {{ m }},
    {% endfor %}
    coalesce(g.in_periode, 0) as in_periode,
    case when l.aanbieder is not null then 'geen_levering' else 'waarde' end as celstatus,
    p.status_cijfer
from rooster as k
inner join {{ ref('dim_periode') }} as p on k.verslagperiode = p.verslagperiode
left join geteld as g
    on
        {% for s in sleutels + ['regio_niveau', 'regio_code'] %}
        k.{{ s }} = g.{{ s }}{{ ' and' if not loop.last }}
        {% endfor %}
left join {{ ref('int_geen_levering') }} as l
    on
        k.dimensie = 'aanbieder'
        and k.categorie = l.aanbieder
        and k.verslagperiode = l.verslagperiode
        and l.feed = case when k.soort = 'jeugdhulp' then 'jeugdhulp' else 'maatregelen' end
