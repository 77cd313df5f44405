-- Which aanbieders stand in which region, per populatie of the register: the pairs that occur in any period.
select distinct soort as populatie, regio_niveau, regio_code, categorie as aanbieder
from {{ ref('stand_stroom') }}
where dimensie = 'aanbieder'
union
{% for niveau in indicatorniveaus() %}
select 'indicaties' as populatie, '{{ niveau }}' as regio_niveau, {{ niveaus()[niveau] }} as regio_code, aanbieder
from {{ ref('int_besluit') }}
where aanbieder is not null
{{ 'union' if not loop.last }}
{% endfor %}
