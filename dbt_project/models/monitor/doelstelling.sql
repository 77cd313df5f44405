-- Targets of municipalities (settings) next to what is: a percentage in zorg, or the change of herindicaties.
{% set doelen = var('doelstellingen') %}
{% for d in doelen %}
{% if d.soort == 'percentage' %}
select
    '{{ d.naam }}' as doelstelling, p.verslagperiode, p.regio_niveau, p.regio_code, p.regio_naam,
    '{{ d.maat }}' as maat, cast({{ d.basiswaarde }} as double) as basiswaarde, '{{ d.basisjaar }}' as basis,
    p.teller as aantal, p.noemer, p.percentage as waarde, cast({{ d.doelwaarde }} as double) as doelwaarde,
    {{ d.doeljaar }} as doeljaar, p.percentage <= {{ d.doelwaarde }} as gehaald, '{{ d.bron }}' as bron,
    p.celstatus, p.status_cijfer
from {{ ref('percentage_in_zorg') }} as p
where p.maat = '{{ d.maat }}' and p.regio_code = '{{ d.regio_code }}'
{% else %}
select
    '{{ d.naam }}' as doelstelling, h.verslagperiode, h.regio_niveau, h.regio_code, h.regio_naam,
    'herindicaties verwijzer {{ d.verwijzer }}' as maat, cast(null as double) as basiswaarde,
    b.verslagperiode as basis, h.herindicaties as aantal, b.herindicaties as noemer,
    100 * cast(h.herindicaties - b.herindicaties as double) / nullif(b.herindicaties, 0) as waarde,
    cast({{ d.doelwaarde }} as double) as doelwaarde, {{ d.doeljaar }} as doeljaar,
    100 * cast(h.herindicaties - b.herindicaties as double) / nullif(b.herindicaties, 0) <= {{ d.doelwaarde }} as gehaald,
    '{{ d.bron }}' as bron, h.celstatus, h.status_cijfer
from {{ ref('herindicaties') }} as h
left join {{ ref('herindicaties') }} as b
    on
        b.verslagperiode = '{{ d.basisjaar }}' || substring(h.verslagperiode, 5, 2)
        and h.regio_niveau = b.regio_niveau
        and h.regio_code = b.regio_code
        and h.dimensie = b.dimensie
        and h.categorie = b.categorie
where h.dimensie = 'verwijzer' and h.categorie = '{{ d.verwijzer }}' and h.regio_code = '{{ d.regio_code }}'
{% endif %}
{{ 'union all' if not loop.last }}
{% endfor %}
{% if not doelen %}
select
    cast(null as varchar) as doelstelling, p.verslagperiode, p.regio_niveau, p.regio_code, p.regio_naam, p.maat,
    p.percentage as basiswaarde, cast(null as varchar) as basis, p.teller as aantal, p.noemer, p.percentage as waarde,
    p.percentage as doelwaarde, 0 as doeljaar, false as gehaald, cast(null as varchar) as bron, p.celstatus, p.status_cijfer
from {{ ref('percentage_in_zorg') }} as p
inner join {{ ref('herindicaties') }} as h on false
where false
{% endif %}
