-- The ten prestatie-indicatoren and the outcome-set: the complete grid of 03, with intervals and the status of each cell.
with rooster as (
    select
        r.verslagperiode, r.regio_niveau, r.regio_code, r.regio_naam, a.aanbieder,
        m.indicator, m.maat, m.categorie, m.soort_maat, m.met_respons, i.populatie,
        -- what comes after the end is not known yet
        p.volgnr + m.wacht_halfjaren > {{ volgnr_van("'" ~ var('periode') ~ "'") }} as is_onvolledig,
        p.status_cijfer
    from {{ ref('int_regio_periode') }} as r
    inner join {{ ref('dim_periode') }} as p on r.verslagperiode = p.verslagperiode and p.soort_periode = 'halfjaar'
    cross join {{ ref('indicator_maat') }} as m
    inner join {{ ref('indicator') }} as i on m.indicator = i.indicator
    inner join (
        select populatie, regio_niveau, regio_code, aanbieder from {{ ref('int_indicator_aanbieder') }}
        union all
        select distinct i.populatie, r.regio_niveau, r.regio_code, 'alle'
        from {{ ref('indicator') }} as i
        cross join {{ ref('int_regio_periode') }} as r
    ) as a on i.populatie = a.populatie and r.regio_niveau = a.regio_niveau and r.regio_code = a.regio_code
    where r.regio_niveau <> 'wijk'
),

cel as (
    select
        k.*,
        case when k.populatie <> 'geen' then coalesce(c.noemer, 0) end as noemer_bekend,
        -- a proportion of nothing has no teller to be wrong about; NULL only where it cannot be counted
        case when k.soort_maat = 'aandeel' and k.populatie <> 'geen' and not k.is_onvolledig
            then case when c.maat is null then 0 else c.teller end end as teller,
        c.gemiddelde,
        c.sd,
        case when k.met_respons then coalesce(c.respons_teller, 0) end as respons_teller,
        case when k.met_respons then coalesce(c.respons_noemer, 0) end as respons_noemer
    from rooster as k
    left join {{ ref('int_indicator_cel') }} as c
        on
            k.verslagperiode = c.verslagperiode
            and k.regio_niveau = c.regio_niveau
            and k.regio_code = c.regio_code
            and k.aanbieder = c.aanbieder
            and k.indicator = c.indicator
            and k.maat = c.maat
            and k.categorie = c.categorie
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
