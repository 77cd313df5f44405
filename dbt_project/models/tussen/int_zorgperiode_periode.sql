-- Every traject and maatregel in every verslagperiode in which it ran: stand en stroom (02 §3). Each measure implies
-- in_periode, so rows outside it are not needed. A view: written down it would be the longest table of all.
{{ config(materialized='view') }}
select
    z.*,
    p.verslagperiode,
    p.attribuut_volgnr,
    {{ stand_en_stroom('z') }}
from {{ ref('int_zorgperiode') }} as z
inner join {{ ref('dim_periode') }} as p
    on z.aanvang <= p.d1 and (z.einde is null or z.einde >= p.d0)
