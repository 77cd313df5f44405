{# Generic test: the columns together are a key. #}
{% test unieke_sleutel(model, kolommen) %}
select {{ kolommen | join(', ') }}, count(*) as aantal
from {{ model }}
group by {{ kolommen | join(', ') }}
having count(*) > 1
{% endtest %}
