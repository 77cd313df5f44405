-- Which traject each jeugdhulp record belongs to: overlapping records of one persoon, hulpvorm and leverancier are one
-- traject (02 §1.5).
with gemerkt as (
    select
        *,
        max({{ of_oneindig('einde') }}) over (
            partition by leverancier, persoon, hulpvorm order by datum_aanvang
            rows between unbounded preceding and 1 preceding
        ) as einde_tot_nu
    from {{ ref('int_jeugdhulp_record') }}
),

genummerd as (
    select
        *,
        sum(case when datum_aanvang <= einde_tot_nu then 0 else 1 end) over (
            partition by leverancier, persoon, hulpvorm order by datum_aanvang
            rows between unbounded preceding and current row
        ) as volgnr
    from gemerkt
),

met_aanvang as (
    select
        *,
        min(datum_aanvang) over (partition by leverancier, persoon, hulpvorm, volgnr) as aanvang
    from genummerd
)

select
    md5(leverancier || '|' || persoon || '|' || hulpvorm || '|' || cast(aanvang as varchar)) as traject_id,
    leverancier,
    persoon,
    hulpvorm,
    aanvang,
    datum_aanvang,
    einde,
    einde_bron,
    reden_beeindiging,
    verwijzer,
    perspectief,
    doorgeteld
from met_aanvang
