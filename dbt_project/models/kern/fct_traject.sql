-- Trajecten: overlapping records of one persoon, hulpvorm and leverancier joined (02 §1.5), with the kind of start (02 §3).
with gemerkt as (
    select
        *,
        max({{ of_oneindig('einde') }}) over (
            partition by leverancier, persoon, hulpvorm order by datum_aanvang
            rows between unbounded preceding and 1 preceding
        ) as einde_tot_nu,
        {{ of_oneindig('einde') }} as einde_of_later
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

gerangschikt as (
    select
        *,
        row_number() over (
            partition by leverancier, persoon, hulpvorm, volgnr order by einde_of_later desc, datum_aanvang desc
        ) as rang_einde,
        row_number() over (
            partition by leverancier, persoon, hulpvorm, volgnr order by datum_aanvang desc
        ) as rang_begin
    from genummerd
),

traject as (
    select
        leverancier as aanbieder,
        persoon,
        hulpvorm,
        min(datum_aanvang) as aanvang,
        max(case when rang_einde = 1 then einde end) as einde,
        max(case when rang_einde = 1 then einde_bron end) as einde_bron,
        max(case when rang_einde = 1 then reden_beeindiging end) as reden_beeindiging,
        max(case when rang_begin = 1 then verwijzer end) as verwijzer,
        max(case when rang_begin = 1 then perspectief end) as perspectief,
        max(case when rang_einde = 1 and doorgeteld then 1 else 0 end) = 1 as doorgeteld,
        cast(count(*) as integer) as aantal_records
    from gerangschikt
    group by leverancier, persoon, hulpvorm, volgnr
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
    md5(t.aanbieder || '|' || t.persoon || '|' || t.hulpvorm || '|' || cast(t.aanvang as varchar)) as traject_id,
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
