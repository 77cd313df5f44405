-- Which year of the reference tables serves a year: itself, else the latest earlier, else the earliest later (02 §2).
with jaren as (
    select distinct {{ jaar_van('periode') }} as jaar
    from {{ ref('stg_levering') }}
    where feed in ('jeugdhulp', 'maatregelen')
),

beschikbaar as (
    select distinct 'gebieden' as tabel, jaar as kaartjaar from {{ ref('stg_gebieden') }}
    union all
    select distinct 'postcodes' as tabel, jaar as kaartjaar from {{ ref('stg_postcodes') }}
)

select
    j.jaar,
    b.tabel,
    coalesce(max(case when b.kaartjaar <= j.jaar then b.kaartjaar end), min(b.kaartjaar)) as kaartjaar
from jaren as j
cross join beschikbaar as b
group by j.jaar, b.tabel
