-- Maatregelen: rows chained over overdracht between GI's (01 §2.2, 02 §1.6).
with recursive rij as (select * from {{ ref('int_maatregel_rij') }}),

-- one to one, also when two rows are handed over on the same day
overgedragen as (
    select *, row_number() over (
        partition by persoon, type_maatregel, datum_overgedragen order by leverancier, begin_bij_gi, rij_id
    ) as nr
    from rij
    where datum_overgedragen is not null
),

overgenomen as (
    select *, row_number() over (
        partition by persoon, type_maatregel, datum_overgedragen_gekregen order by leverancier, begin_bij_gi, rij_id
    ) as nr
    from rij
    where datum_overgedragen_gekregen is not null
),

koppeling as (
    select van.rij_id, naar.rij_id as volgende_id
    from overgedragen as van
    inner join overgenomen as naar
        on
            van.persoon = naar.persoon
            and van.type_maatregel = naar.type_maatregel
            and {{ plus('van.datum_overgedragen', 1, 'day') }} = naar.datum_overgedragen_gekregen
            and van.nr = naar.nr
),

keten as (
    select rij_id as eerste_id, rij_id, 0 as overdrachten
    from rij
    where rij_id not in (select volgende_id from koppeling)
    union all
    select k.eerste_id, v.volgende_id, k.overdrachten + 1
    from keten as k
    inner join koppeling as v on k.rij_id = v.rij_id
),

laatste as (
    select eerste_id, rij_id, overdrachten
    from keten
    qualify row_number() over (partition by eerste_id order by overdrachten desc) = 1
)

select
    md5(
        e.leverancier || '|' || e.persoon || '|' || e.type_maatregel || '|' || cast(e.begin_bij_gi as varchar)
        || '|' || coalesce(cast(e.datum_overgedragen_gekregen as varchar), '')
    ) as maatregel_id,
    e.persoon,
    z.leverancier as aanbieder,
    e.type_maatregel,
    t.groep as soort,
    e.begin_bij_gi as aanvang,
    z.einde,
    z.einde_bron,
    z.reden_beeindiging,
    e.datum_eerste_contact,
    z.erkende_interventie,
    z.doorgeteld,
    l.overdrachten as aantal_overdrachten
from laatste as l
inner join rij as e on l.eerste_id = e.rij_id
inner join rij as z on l.rij_id = z.rij_id
inner join {{ ref('type_maatregel') }} as t on e.type_maatregel = t.code
