-- Indicator 4, vermindering problematiek: STEP scales fj and ko at the begin and the end of trajecten that ended.
{% set schalen = ['fj', 'ko'] %}
with eenheid as (
    select p.*, {% for s in schalen %}g.{{ s }}_grens, p.{{ s }}_verschil is not null as {{ s }}_heel{{ ', ' if not loop.last }}{% endfor %}
    from {{ ref('fct_step_paar') }} as p
    inner join {{ ref('fct_step_grens') }} as g on p.verslagperiode = g.verslagperiode
),

{# a rounding error does not move a difference over the border #}
{% set tellingen = {'trajecten': 'count(*)'} %}
{% for s in schalen %}
    {% do tellingen.update({
        s ~ '_paren': teller_van(s ~ '_heel'),
        s ~ '_slechter': teller_van(s ~ '_heel and ' ~ s ~ '_verschil < 0'),
        s ~ '_gelijk': teller_van(s ~ '_heel and ' ~ s ~ '_verschil = 0'),
        s ~ '_licht': teller_van(s ~ '_heel and ' ~ s ~ '_verschil > 0 and ' ~ s ~ '_verschil <= ' ~ s ~ '_grens + 1e-9'),
        s ~ '_duidelijk': teller_van(s ~ '_heel and ' ~ s ~ '_verschil > ' ~ s ~ '_grens + 1e-9'),
        s ~ '_met_grens': 'count(' ~ s ~ '_grens)',
    }) %}
    {% for kolom in ['begin', 'begin_zonder_duur', 'verschil'] %}
        {% do tellingen.update(gemiddelde_tellingen(s ~ '_' ~ kolom, 'case when ' ~ s ~ '_heel then ' ~ s ~ '_' ~ kolom ~ ' end')) %}
    {% endfor %}
{% endfor %}
geteld as ({{ tel('eenheid', tellingen) }}),

{% set lijst = [] %}
{% for s in schalen %}
    {% set respons = [s ~ '_paren', 'trajecten'] %}
    {% for maat in ['begin', 'begin_zonder_duur', 'verschil'] %}
        {% do lijst.append(gemiddelde_maat(maat, s ~ '_' ~ maat, respons, categorie=s)) %}
    {% endfor %}
    {% for naam, teller in [
        ('verslechterd', s ~ '_slechter'), ('gelijk', s ~ '_gelijk'),
        ('licht_verbeterd', 'case when ' ~ s ~ '_met_grens > 0 or ' ~ s ~ '_paren = 0 then ' ~ s ~ '_licht end'),
        ('duidelijk_verbeterd', 'case when ' ~ s ~ '_met_grens > 0 or ' ~ s ~ '_paren = 0 then ' ~ s ~ '_duidelijk end'),
    ] %}
        {% do lijst.append({'maat': 'klasse', 'categorie': s ~ ':' ~ naam, 'teller': teller, 'noemer': s ~ '_paren', 'respons': respons}) %}
    {% endfor %}
{% endfor %}
meting as (
    select t.*, m.moment = 'begin' and not {{ op_tijd_begin() }} or m.moment = 'einde' and not {{ op_tijd_einde() }} as buiten
    from {{ ref('fct_step') }} as m
    inner join {{ ref('int_einde_traject') }} as t on m.traject_id = t.traject_id
),

gemeten as ({{ tel('meting', {'metingen': 'count(*)', 'buiten': teller_van('buiten')}) }})

{{ maten('4', 'geteld', lijst) }}
union all
{{ maten('4', 'gemeten', [{'maat': 'buiten_termijn', 'teller': 'buiten', 'noemer': 'metingen'}]) }}
