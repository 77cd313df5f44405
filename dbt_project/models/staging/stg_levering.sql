-- Leveringen in force, one per feed, leverancier and period (01 §1).
select feed, leverancier, periode, levering
from {{ source('landing', 'levering') }}
where status = 'van_kracht'
