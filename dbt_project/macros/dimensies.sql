{# The dimensions of the monitor (02 §3). #}
{% macro persoonsdimensies() %}{{ return(['geslacht', 'leeftijdsgroep']) }}{% endmacro %}
{% macro trajectdimensies() %}{{ return(
    ['hulpvorm', 'hulpvormgroep', 'verwijzer', 'perspectief', 'type_maatregel', 'aanbieder']
) }}{% endmacro %}

{# At wijk level the other dimensions would be hidden anyway. #}
{% macro wijkdimensies() %}{{ return(['geslacht', 'leeftijdsgroep', 'hulpvormgroep']) }}{% endmacro %}
{% macro dimensie_op_niveau() %}(regio_niveau <> 'wijk' or dimensie in ('totaal', '{{ wijkdimensies() | join("', '") }}')){% endmacro %}

{# dimensie and categorie out of grouping sets over `dimensies` #}
{% macro dimensie_en_categorie(dimensies) -%}
    case {% for d in dimensies %}when grouping({{ d }}) = 0 then '{{ d }}' {% endfor %}else 'totaal' end as dimensie,
    case {% for d in dimensies %}when grouping({{ d }}) = 0 then {{ d }} {% endfor %}else 'totaal' end as categorie
{%- endmacro %}

{% macro dimensiegroepen(vast, dimensies) -%}
    grouping sets (({{ vast }}){% for d in dimensies %}, ({{ vast }}, {{ d }}){% endfor %})
{%- endmacro %}
