-- Indicator 6, zwaarte vervolghulp: (a) STEP zz and uz at begin and end; (b) kader on the end date and 31 days later.
{% set schalen = ['zz', 'uz'] %}
{% set later = plus('j.einde', var('indicatie_aansluiting_dagen'), 'day') %}
with paar as (
    select *, {% for s in schalen %}{{ s }}_begin is not null and {{ s }}_einde is not null as {{ s }}_heel{{ ', ' if not loop.last }}{% endfor %}
    from {{ ref('fct_step_paar') }}
),

{% set tellingen = {'trajecten': 'count(*)'} %}
{% set lijst = [] %}
{% for s in schalen %}
    {% set respons = [s ~ '_paren', 'trajecten'] %}
    {% do tellingen.update({s ~ '_paren': teller_van(s ~ '_heel')}) %}
    {% for moment in ['begin', 'einde'] %}
        {% do tellingen.update(gemiddelde_tellingen(s ~ '_' ~ moment, 'case when ' ~ s ~ '_heel then ' ~ s ~ '_' ~ moment ~ ' end')) %}
        {% do lijst.append(gemiddelde_maat(s ~ '_' ~ moment, s ~ '_' ~ moment, respons)) %}
    {% endfor %}
    {% for naam, teken in [('lichter', '<'), ('gelijk', '='), ('zwaarder', '>')] %}
        {% do tellingen.update({s ~ '_' ~ naam: teller_van(s ~ '_einde ' ~ teken ~ ' ' ~ s ~ '_begin')}) %}
        {% do lijst.append({'maat': s ~ '_verloop', 'categorie': naam, 'teller': s ~ '_' ~ naam, 'noemer': s ~ '_paren', 'respons': respons}) %}
    {% endfor %}
{% endfor %}
step as ({{ tel('paar', tellingen) }}),

-- what ran around the end of each jeugdige's last traject, counted per jeugdige and end date
rond_einde as (
    select
        j.persoon,
        j.einde,
        max(case when z.soort <> 'jeugdhulp' and z.aanvang <= j.einde and {{ of_oneindig('z.einde') }} >= j.einde then 1 else 0 end) as gedwongen_toen,
        max(case when z.soort <> 'jeugdhulp' and z.aanvang <= {{ later }} and {{ of_oneindig('z.einde') }} >= {{ later }} then 1 else 0 end) as gedwongen_later,
        max(case when z.aanvang <= {{ later }} and {{ of_oneindig('z.einde') }} > j.einde then 1 else 0 end) as vervolg
    from (select distinct persoon, einde from {{ ref('int_einde_jeugdige') }}) as j
    inner join {{ ref('int_zorgperiode') }} as z on j.persoon = z.persoon
    group by j.persoon, j.einde
),

jeugdige as (
    select
        j.*, r.vervolg,
        case when r.gedwongen_toen = 1 then 'gedwongen' else 'vrijwillig' end
        || '→' || case when r.gedwongen_later = 1 then 'gedwongen' else 'vrijwillig' end as kader
    from {{ ref('int_einde_jeugdige') }} as j
    inner join rond_einde as r on j.persoon = r.persoon and j.einde = r.einde
),

{% set kaders = {'vv': 'vrijwillig→vrijwillig', 'vg': 'vrijwillig→gedwongen', 'gv': 'gedwongen→vrijwillig', 'gg': 'gedwongen→gedwongen'} %}
{% set kadertellingen = {'jeugdigen': 'count(*)', 'met_vervolg': 'sum(vervolg)'} %}
{% set kaderlijst = [{'maat': 'geen_vervolg', 'teller': 'jeugdigen - met_vervolg', 'noemer': 'jeugdigen'}] %}
{% for naam, kader in kaders.items() %}
    {% do kadertellingen.update({naam: teller_van("vervolg = 1 and kader = '" ~ kader ~ "'")}) %}
    {% do kaderlijst.append({'maat': 'kader', 'categorie': kader, 'teller': naam, 'noemer': 'met_vervolg'}) %}
{% endfor %}
kader as ({{ tel('jeugdige', kadertellingen, al_per_aanbieder=true) }})

{{ maten('6', 'step', lijst) }}
union all
{{ maten('6', 'kader', kaderlijst) }}
