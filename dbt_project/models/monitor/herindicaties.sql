-- Herindicaties: besluiten by what came before, per region and verwijzer, productcategorie or aanbieder (02 §5-6).
{% set maten = ['besluiten', 'nieuw', 'vervolg_planmatig', 'vervolg_niet_planmatig', 'herhaald_beroep'] %}
{% set dimensies = ['verwijzer', 'productcategorie', 'aanbieder'] %}
-- counted once per gemeente, rolled up from there
with besluit as (
    select
        verslagperiode, {{ indicatorkolommen() }}, verwijzer, productcategorie, coalesce(aanbieder, 'onbekend') as aanbieder,
        count(*) as besluiten,
        {% for s in maten[1:] %}{{ teller_van("soort_indicatie = '" ~ s ~ "'") }} as {{ s }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ ref('int_besluit') }}
    group by verslagperiode, {{ indicatorkolommen() }}, verwijzer, productcategorie, aanbieder
),

geteld as (
    {% for niveau in indicatorniveaus() %}
    {% set kolom = niveaus()[niveau] %}
    select
        verslagperiode, '{{ niveau }}' as regio_niveau, {{ kolom }} as regio_code,
        {{ dimensie_en_categorie(dimensies) }},
        {% for m in maten %}cast(sum({{ m }}) as bigint) as {{ m }}{{ ', ' if not loop.last }}{% endfor %}
    from besluit
    group by {{ dimensiegroepen('verslagperiode, ' ~ kolom, dimensies) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

categorieen as (
    select 'totaal' as dimensie, 'totaal' as categorie
    {% for lijst in ['verwijzer', 'productcategorie'] %}
    union all
    select '{{ lijst }}' as dimensie, code as categorie from {{ ref(lijst) }}
    {% endfor %}
),

rooster as (
    select r.verslagperiode, r.regio_niveau, r.regio_code, r.regio_naam, c.dimensie, c.categorie
    from {{ ref('int_regio_periode') }} as r
    cross join categorieen as c
    where r.regio_niveau <> 'wijk'
    union all
    select r.verslagperiode, r.regio_niveau, r.regio_code, r.regio_naam, c.dimensie, c.categorie
    from {{ ref('int_regio_periode') }} as r
    inner join (
        select distinct regio_niveau, regio_code, dimensie, categorie from geteld where dimensie = 'aanbieder'
    ) as c on r.regio_niveau = c.regio_niveau and r.regio_code = c.regio_code
),

cel as (
    select
        k.*, p.status_cijfer, p.jaar,
        -- the same half (or year) one year before
        cast(p.jaar - 1 as varchar) || substring(k.verslagperiode, 5, 2) as jaar_eerder,
        {% for m in maten %}coalesce(g.{{ m }}, 0) as {{ m }}, {% endfor %}
        coalesce(g.vervolg_planmatig + g.vervolg_niet_planmatig, 0) as herindicaties
    from rooster as k
    inner join {{ ref('dim_periode') }} as p on k.verslagperiode = p.verslagperiode
    left join geteld as g
        on
            k.verslagperiode = g.verslagperiode
            and k.regio_niveau = g.regio_niveau
            and k.regio_code = g.regio_code
            and k.dimensie = g.dimensie
            and k.categorie = g.categorie
)

select
    c.verslagperiode,
    c.regio_niveau,
    c.regio_code,
    c.regio_naam,
    c.dimensie,
    c.categorie,
    {% for m in maten %}c.{{ m }},
    {% endfor %}
    c.herindicaties,
    100 * cast(c.herindicaties as double) / nullif(c.besluiten, 0) as percentage,
    e.herindicaties as herindicaties_jaar_eerder,
    100 * cast(c.herindicaties - e.herindicaties as double) / nullif(e.herindicaties, 0) as verandering,
    'waarde' as celstatus,
    c.status_cijfer
from cel as c
left join cel as e
    on
        c.jaar_eerder = e.verslagperiode
        and c.regio_niveau = e.regio_niveau
        and c.regio_code = e.regio_code
        and c.dimensie = e.dimensie
        and c.categorie = e.categorie
