-- Every region of every year, per level, with the regions it lies in; 'onbekend' is a region of each level.
with gebied as (select * from {{ ref('int_gebied') }}),

wijk as (
    select k.jaar, p.wijkcode, max(p.wijknaam) as wijknaam, max(p.gemeentecode) as gemeentecode
    from {{ ref('int_kaartjaar') }} as k
    inner join {{ ref('stg_postcodes') }} as p on k.kaartjaar = p.jaar
    where k.tabel = 'postcodes'
    group by k.jaar, p.wijkcode
),

alle as (
    select
        jaar, 'provincie' as regio_niveau, provinciecode as regio_code, max(provincienaam) as regio_naam,
        cast(null as varchar) as gemeentecode, provinciecode,
        cast(null as varchar) as jeugdregio, cast(null as varchar) as subregio
    from gebied
    group by jaar, provinciecode
    union all
    select jaar, 'jeugdregio', jeugdregio, jeugdregio, null, max(provinciecode), jeugdregio, null
    from gebied
    group by jaar, jeugdregio
    union all
    select jaar, 'subregio', subregio, subregio, null, max(provinciecode), max(jeugdregio), subregio
    from gebied
    where subregio <> 'onbekend'
    group by jaar, subregio
    union all
    select jaar, 'gemeente', gemeentecode, gemeentenaam, gemeentecode, provinciecode, jeugdregio, subregio
    from gebied
    union all
    select
        w.jaar, 'wijk', w.wijkcode, w.wijknaam, g.gemeentecode, g.provinciecode, g.jeugdregio, g.subregio
    from wijk as w
    inner join gebied as g on w.jaar = g.jaar and w.gemeentecode = g.gemeentecode
    union all
    select distinct {{ jaar_van('l.periode') }}, n.regio_niveau, 'onbekend', 'onbekend', null, null, null, null
    from {{ ref('stg_levering') }} as l
    cross join (
        {% for n in niveaus() %}select '{{ n }}' as regio_niveau{{ ' union all ' if not loop.last }}{% endfor %}
    ) as n
    where l.feed in ('jeugdhulp', 'maatregelen')
)

select jaar, regio_niveau, regio_code, regio_naam, gemeentecode, provinciecode, jeugdregio, subregio
from alle
