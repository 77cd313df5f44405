-- Share of rows with afkeur, per levering of P (and of P's year for the CBS feeds). Landing decided; this records.
select
    parse_filename(bestand)
        || case when count(*) over gelijk > 1 then ' #' || row_number() over (gelijk order by sha256, levering) else '' end
        as object,
    case when rijen > 0 then afkeur / rijen else 0 end as waarde,
    rijen as geteld,
    afkeur as geschonden,
    case when status = 'geweigerd' then 'geweigerd (' || coalesce(code, '?') || ')' end as toelichting,
    case when code = 'A01' then 'geweigerd om A01: er zijn geen rijen te beoordelen' end as nvt
from landing.levering
where periode in (getvariable('periode'), left(getvariable('periode'), 4))
window gelijk as (partition by parse_filename(bestand))
