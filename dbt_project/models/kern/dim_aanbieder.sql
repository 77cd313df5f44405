-- Every leverancier of a feed with registrations, and the periods it delivered. No names are delivered, only KvK numbers.
select
    feed,
    leverancier as aanbieder,
    min(periode) as eerste_levering,
    max(periode) as laatste_levering,
    cast(count(*) as integer) as aantal_leveringen,
    max(g.datum) as gestopt_op
from {{ ref('stg_levering') }}
left join {{ source('landing', 'gestopt') }} as g using (leverancier)
where feed not like 'cbs_%'
group by feed, leverancier
