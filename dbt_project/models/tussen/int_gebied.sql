-- The gemeenten of each year, by the reference year that serves it.
select k.jaar, g.gemeentecode, g.gemeentenaam, g.provinciecode, g.provincienaam, g.jeugdregio, g.subregio
from {{ ref('int_kaartjaar') }} as k
inner join {{ ref('stg_gebieden') }} as g on k.kaartjaar = g.jaar
where k.tabel = 'gebieden'
