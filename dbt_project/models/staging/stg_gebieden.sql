-- Gemeenten with their provincie, jeugdregio and subregio per year; no subregio = onbekend at that level.
select
    cast(jaar as integer) as jaar,
    gemeentecode,
    gemeentenaam,
    provinciecode,
    provincienaam,
    jeugdregio,
    coalesce(subregio, 'onbekend') as subregio
from {{ source('landing', 'cbs_gebieden') }}
qualify row_number() over (partition by jaar, gemeentecode order by periode desc) = 1
