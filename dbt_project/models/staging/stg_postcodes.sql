-- Postcodes to gemeente and wijk per year.
select cast(jaar as integer) as jaar, postcode, gemeentecode, wijkcode, wijknaam
from {{ source('landing', 'cbs_postcodes') }}
qualify row_number() over (partition by jaar, postcode order by periode desc) = 1
