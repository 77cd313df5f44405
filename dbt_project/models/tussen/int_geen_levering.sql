-- Aanbieders whose figures of a verslagperiode are carried on, because no levering of that period or later is there (02 §1.4).
select p.verslagperiode, a.feed, a.aanbieder
from {{ ref('dim_aanbieder') }} as a
inner join {{ ref('dim_periode') }} as p on {{ volgnr_van('a.laatste_levering') }} < p.attribuut_volgnr
where a.gestopt_op is null
