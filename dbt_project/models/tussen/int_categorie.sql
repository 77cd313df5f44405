-- Which categories each soort has, per dimensie (02 §3); aanbieders apart, since only pairs that occur are shown.
{% set hulplijsten = ['hulpvorm', 'hulpvormgroep', 'verwijzer', 'perspectief'] %}
with soorten as (
    select 'jeugdhulp' as soort union all select 'jeugdbescherming' union all select 'jeugdreclassering'
    union all select 'jeugdzorg'
)

select soort, 'totaal' as dimensie, 'totaal' as categorie from soorten
{% for lijst in persoonsdimensies() %}
union all
select s.soort, '{{ lijst }}' as dimensie, l.code as categorie from soorten as s cross join {{ ref(lijst) }} as l
{% endfor %}
{% for lijst in hulplijsten %}
union all
select 'jeugdhulp' as soort, '{{ lijst }}' as dimensie, code as categorie from {{ ref(lijst) }}
{% endfor %}
union all
select 'jeugdhulp' as soort, 'perspectief' as dimensie, 'onbekend' as categorie
union all
select groep as soort, 'type_maatregel' as dimensie, code as categorie
from {{ ref('type_maatregel') }}
where groep in ('jeugdbescherming', 'jeugdreclassering')
