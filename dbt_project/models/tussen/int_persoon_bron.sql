-- Per persoon and delivered period the one row that gives the attributes, with the region it points to (02 §2).
with rij as (
    select
        persoon, periode, periode_volgnr, geboren, geslacht, postcode, gemeentecode,
        datum_aanvang as aanvang, leverancier, hulpvorm as code, 1 as feed_volgorde,
        cast(null as date) as overgedragen_gekregen
    from {{ ref('stg_jeugdhulp') }}
    union all
    select
        persoon, periode, periode_volgnr, geboren, geslacht, postcode, gemeentecode,
        coalesce(datum_aanvang, datum_overgedragen_gekregen), leverancier, type_maatregel, 2,
        datum_overgedragen_gekregen
    from {{ ref('stg_maatregelen') }}
),

gekozen as (
    select *
    from rij
    qualify row_number() over (
        partition by persoon, periode
        order by aanvang desc, leverancier, code, feed_volgorde, overgedragen_gekregen nulls first
    ) = 1
),

met_plaats as (
    select
        g.persoon, g.periode_volgnr, g.geboren, g.geslacht, {{ jaar_van('g.periode') }} as jaar,
        coalesce(p.gemeentecode, g.gemeentecode) as gemeentecode,
        p.wijkcode
    from gekozen as g
    left join {{ ref('int_kaartjaar') }} as k on k.tabel = 'postcodes' and k.jaar = {{ jaar_van('g.periode') }}
    left join {{ ref('stg_postcodes') }} as p on k.kaartjaar = p.jaar and g.postcode = p.postcode
)

select
    m.persoon,
    m.periode_volgnr,
    m.geboren,
    m.geslacht,
    coalesce(g.gemeentecode, 'onbekend') as gemeentecode,
    case when g.gemeentecode is null then 'onbekend' else coalesce(m.wijkcode, 'onbekend') end as wijkcode,
    coalesce(g.subregio, 'onbekend') as subregio,
    coalesce(g.jeugdregio, 'onbekend') as jeugdregio,
    coalesce(g.provinciecode, 'onbekend') as provinciecode
from met_plaats as m
left join {{ ref('int_gebied') }} as g on m.jaar = g.jaar and m.gemeentecode = g.gemeentecode
