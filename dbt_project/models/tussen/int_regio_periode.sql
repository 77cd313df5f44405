-- The regions of a verslagperiode: those of its year, and any other in which a persoon of the period still stands.
with aanwezig as (
    {% for niveau, kolom in niveaus().items() %}
    select distinct verslagperiode, '{{ niveau }}' as regio_niveau, {{ kolom }} as regio_code
    from {{ ref('int_cel') }}
    where dimensie = 'totaal'
    {{ 'union' if not loop.last }}
    {% endfor %}
),

van_het_jaar as (
    select p.verslagperiode, r.regio_niveau, r.regio_code
    from {{ ref('dim_periode') }} as p
    inner join {{ ref('dim_regio') }} as r on p.jaar = r.jaar
),

naam as (
    select regio_niveau, regio_code, jaar, regio_naam from {{ ref('dim_regio') }}
)

select
    s.verslagperiode,
    p.jaar,
    s.regio_niveau,
    s.regio_code,
    -- the name of the period's year, else the latest one known
    max_by(n.regio_naam, case when n.jaar = p.jaar then 9999 else n.jaar end) as regio_naam
from (select * from van_het_jaar union select * from aanwezig) as s
inner join {{ ref('dim_periode') }} as p on s.verslagperiode = p.verslagperiode
inner join naam as n on s.regio_niveau = n.regio_niveau and s.regio_code = n.regio_code
{% if var('deels') %}
inner join {{ source('landing', 'opnieuw') }} as o on s.regio_niveau = o.regio_niveau and s.regio_code = o.regio_code
{% endif %}
group by s.verslagperiode, p.jaar, s.regio_niveau, s.regio_code
