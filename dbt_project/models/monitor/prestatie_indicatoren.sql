-- The ten prestatie-indicatoren and the outcome-set: the complete grid of 03, with intervals and the status of each cell.
with regio as (
    select
        row_number() over (order by r.verslagperiode, r.regio_niveau, r.regio_code) as regio_nr,
        r.verslagperiode, r.regio_niveau, r.regio_code, r.regio_naam, p.volgnr, p.status_cijfer
    from {{ ref('int_regio_periode') }} as r
    inner join {{ ref('dim_periode') }} as p on r.verslagperiode = p.verslagperiode and p.soort_periode = 'halfjaar'
    where r.regio_niveau <> 'wijk'
),

maat as (
    select
        row_number() over (order by m.indicator, m.maat, m.categorie) as maat_nr,
        m.indicator, m.maat, m.categorie, m.soort_maat, m.met_respons, m.wacht_halfjaren, i.populatie
    from {{ ref('indicator_maat') }} as m
    inner join {{ ref('indicator') }} as i on m.indicator = i.indicator
),

rooster as (
    select r.regio_nr, m.maat_nr, a.aanbieder
    from regio as r
    inner join (
        select populatie, regio_niveau, regio_code, aanbieder from {{ ref('int_indicator_aanbieder') }}
        union all
        select distinct i.populatie, r.regio_niveau, r.regio_code, 'alle'
        from {{ ref('indicator') }} as i
        cross join regio as r
    ) as a on r.regio_niveau = a.regio_niveau and r.regio_code = a.regio_code
    inner join maat as m on a.populatie = m.populatie
),

geteld as (
    select
        r.regio_nr, m.maat_nr, c.aanbieder, c.teller, c.noemer, c.gemiddelde, c.sd, c.respons_teller, c.respons_noemer
    from {{ ref('int_indicator_cel') }} as c
    inner join regio as r
        on c.verslagperiode = r.verslagperiode and c.regio_niveau = r.regio_niveau and c.regio_code = r.regio_code
    inner join maat as m on c.indicator = m.indicator and c.maat = m.maat and c.categorie = m.categorie
),

gevuld as (
    select
        k.regio_nr, k.maat_nr, k.aanbieder, c.maat_nr is null as is_leeg,
        c.teller, c.noemer, c.gemiddelde, c.sd, c.respons_teller, c.respons_noemer
    from rooster as k
    left join geteld as c on k.regio_nr = c.regio_nr and k.maat_nr = c.maat_nr and k.aanbieder = c.aanbieder
),

met_namen as (
    select
        r.verslagperiode, r.regio_niveau, r.regio_code, r.regio_naam, r.status_cijfer,
        m.indicator, m.maat, m.categorie, m.soort_maat, m.met_respons, m.populatie, g.*,
        -- what comes after the end is not known yet
        r.volgnr + m.wacht_halfjaren > {{ volgnr_van("'" ~ var('periode') ~ "'") }} as is_onvolledig
    from gevuld as g
    -- all are found; but an inner join would come before the one above, and then names, not numbers, must fit in memory
    left join regio as r on g.regio_nr = r.regio_nr
    left join maat as m on g.maat_nr = m.maat_nr
),

cel as (
    select
        verslagperiode, regio_niveau, regio_code, regio_naam, status_cijfer, aanbieder,
        indicator, maat, categorie, soort_maat, populatie, is_onvolledig, gemiddelde, sd,
        case when populatie <> 'geen' then coalesce(noemer, 0) end as noemer_bekend,
        -- a proportion of nothing has no teller to be wrong about; NULL only where it cannot be counted
        case when soort_maat = 'aandeel' and populatie <> 'geen' and not is_onvolledig
            then case when is_leeg then 0 else teller end end as teller,
        case when met_respons then coalesce(respons_teller, 0) end as respons_teller,
        case when met_respons then coalesce(respons_noemer, 0) end as respons_noemer
    from met_namen
)

select
    c.verslagperiode,
    c.regio_niveau,
    c.regio_code,
    c.regio_naam,
    c.aanbieder,
    c.indicator,
    c.maat,
    c.categorie,
    c.teller,
    case when not (c.is_onvolledig and c.maat = 'kader') then c.noemer_bekend end as noemer,
    case
        when c.soort_maat = 'gemiddelde' then c.gemiddelde
        else 100 * cast(c.teller as double) / nullif(c.noemer_bekend, 0)
    end as waarde,
    c.respons_teller,
    c.respons_noemer,
    case when c.soort_maat = 'gemiddelde' then c.gemiddelde - {{ t_marge('c.sd', 'c.noemer_bekend') }}
        else {{ wilson('c.teller', 'c.noemer_bekend', 'onder') }} end as ondergrens,
    case when c.soort_maat = 'gemiddelde' then c.gemiddelde + {{ t_marge('c.sd', 'c.noemer_bekend') }}
        else {{ wilson('c.teller', 'c.noemer_bekend', 'boven') }} end as bovengrens,
    case
        when c.is_onvolledig then 'onvolledig'
        when l.aanbieder is not null then 'geen_levering'
        when coalesce(c.noemer_bekend, 0) = 0 or (c.soort_maat = 'aandeel' and c.teller is null) then 'niet_van_toepassing'
        else 'waarde'
    end as celstatus,
    c.status_cijfer
from cel as c
left join {{ ref('student_t') }} as t on c.noemer_bekend - 1 = t.vrijheidsgraden
left join {{ ref('int_geen_levering') }} as l
    on
        c.aanbieder = l.aanbieder
        and c.verslagperiode = l.verslagperiode
        and c.populatie <> 'indicaties'
        and l.feed = case when c.populatie = 'jeugdhulp' then 'jeugdhulp' else 'maatregelen' end
