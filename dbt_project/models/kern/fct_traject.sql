-- Trajecten, with what comes from their last and first records (02 §1.5) and the kind of start (02 §3).
with gerangschikt as (
    select
        *,
        row_number() over (
            partition by traject_id order by {{ of_oneindig('einde') }} desc, datum_aanvang desc
        ) as rang_einde,
        row_number() over (partition by traject_id order by datum_aanvang desc) as rang_begin
    from {{ ref('int_record_traject') }}
),

traject as (
    select
        traject_id,
        leverancier as aanbieder,
        persoon,
        hulpvorm,
        aanvang,
        max(case when rang_einde = 1 then einde end) as einde,
        max(case when rang_einde = 1 then einde_bron end) as einde_bron,
        max(case when rang_einde = 1 then reden_beeindiging end) as reden_beeindiging,
        max(case when rang_begin = 1 then verwijzer end) as verwijzer,
        max(case when rang_begin = 1 then perspectief end) as perspectief,
        max(case when rang_einde = 1 and doorgeteld then 1 else 0 end) = 1 as doorgeteld,
        cast(count(*) as integer) as aantal_records
    from gerangschikt
    group by traject_id, leverancier, persoon, hulpvorm, aanvang
),

-- the latest end among the persoon's trajecten that started earlier
met_vorige as (
    select
        *,
        max({{ of_oneindig('einde') }}) over (
            partition by persoon order by aanvang
            range between unbounded preceding and interval 1 day preceding
        ) as vorig_einde
    from traject
)

select
    t.traject_id,
    t.persoon,
    t.aanbieder,
    t.hulpvorm,
    h.groep as hulpvormgroep,
    t.verwijzer,
    t.perspectief,
    t.aanvang,
    t.einde,
    t.einde_bron,
    t.reden_beeindiging,
    t.doorgeteld,
    t.aantal_records,
    case
        when t.vorig_einde >= {{ plus('t.aanvang', '-' ~ var('min_tussentijd_dagen'), 'day') }} then 'aansluitend'
        when t.vorig_einde >= {{ plus('t.aanvang', '-' ~ var('venster_jaren'), 'year') }} then 'herhaald'
        else 'nieuw'
    end as soort_instroom
from met_vorige as t
inner join {{ ref('hulpvorm') }} as h on t.hulpvorm = h.code
