{# Generic test: the columns together are a key. By one number first: of a country a tenth of the names fits in memory. #}
{% test unieke_sleutel(model, kolommen) %}
{% set sleutel = kolommen | join(', ') %}
select {{ sleutel }}, count(*) as aantal
from {{ model }}
where hash({{ sleutel }}) in (select hash({{ sleutel }}) from {{ model }} group by 1 having count(*) > 1)
group by {{ sleutel }}
having count(*) > 1
{% endtest %}
