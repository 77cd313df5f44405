-- Population on 1 January; the same key in several leveringen: the latest period counts (01 §2.4a).
select regio as regio_code, cast(extract(year from peildatum) as integer) as jaar, leeftijd, geslacht, aantal
from {{ source('landing', 'cbs_bevolking') }}
qualify row_number() over (partition by regio, peildatum, leeftijd, geslacht order by periode desc) = 1
