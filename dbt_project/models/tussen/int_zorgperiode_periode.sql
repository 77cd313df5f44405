-- Every traject and maatregel in every verslagperiode in which it ran: stand en stroom (02 §3). Each measure implies
-- in_periode, so rows outside it are not needed.
select
    z.eenheid_id,
    p.verslagperiode,
    p.attribuut_volgnr,
    {{ stand_en_stroom('z') }}
from {{ ref('int_zorgperiode') }} as z
inner join {{ ref('dim_periode') }} as p
    on z.aanvang <= p.d1 and (z.einde is null or z.einde >= p.d0)
