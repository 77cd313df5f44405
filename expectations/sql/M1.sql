-- Every identity of spec 02 §3, where it holds; waarde = number of cells that break it.
-- A country has tens of millions of cells: read anew for each identity instead of kept, and only what breaks gets a name.
with cel as not materialized (
    select
        *,
        -- a cell that is there must have its numbers; only a cell marked otherwise may lack them
        celstatus not in ('waarde', 'onvolledig') and in_periode is null as leeg,
        eenheid = 'trajecten' or dimensie in ('totaal', 'geslacht', 'leeftijdsgroep') as met_stroom
    from monitor.stand_stroom
),
per_cel as (
    select eenheid || ': beginstand + instroom - uitstroom = eindstand' as object, *,
        beginstand + instroom - uitstroom is distinct from eindstand or eindstand is null as kapot
    from cel where met_stroom and not leeg
    union all
    select 'trajecten: beginstand + instroom = in_periode', *,
        beginstand + instroom is distinct from in_periode or in_periode is null
    from cel where eenheid = 'trajecten' and not leeg
    union all
    select 'jeugdigen: beginstand + instroom >= in_periode', *,
        coalesce(beginstand + instroom < in_periode, true)
    from cel where eenheid = 'jeugdigen' and met_stroom and not leeg
    union all
    select 'trajecten: nieuw + herhaald + aansluitend = instroom', *,
        instroom_nieuw + instroom_herhaald + instroom_aansluitend is distinct from instroom or instroom is null
    from cel where eenheid = 'trajecten' and soort = 'jeugdhulp' and not leeg
    union all
    select 'jeugdigen: nieuw + herhaald = instroom', *,
        instroom_nieuw + instroom_herhaald is distinct from instroom or instroom is null
    from cel where eenheid = 'jeugdigen' and soort = 'jeugdhulp' and met_stroom and not leeg
),
-- eindstand(P) = beginstand(P+1), over all regions of a level together
opvolging as (
    select p.verslagperiode as van, n.verslagperiode as naar
    from dwh.dim_periode as p join dwh.dim_periode as n on n.soort_periode = p.soort_periode and n.d0 = p.d1 + 1
),
blijvend as (
    select * from monitor.stand_stroom
    where dimensie = 'totaal'
        or (eenheid = 'trajecten' and dimensie in ('hulpvorm', 'hulpvormgroep', 'verwijzer', 'aanbieder', 'type_maatregel'))
),
overgang as (
    select van, soort, eenheid, regio_niveau, dimensie, categorie, eindstand as uit, 0 as op
    from blijvend join opvolging on van = verslagperiode
    union all
    select van, soort, eenheid, regio_niveau, dimensie, categorie, 0, beginstand
    from blijvend join opvolging on naar = verslagperiode
),
aansluiting as (
    select
        'eindstand = beginstand van de volgende periode' as object,
        concat_ws(' ', van, soort, eenheid, regio_niveau, dimensie, categorie) as naam,
        coalesce(sum(uit), 0) <> coalesce(sum(op), 0) as kapot
    from overgang group by all
),
-- the categories of a dimension add up to totaal
dimensie(soort, dimensie) as (
    values ('jeugdhulp', 'geslacht'), ('jeugdhulp', 'leeftijdsgroep'), ('jeugdhulp', 'hulpvorm'),
        ('jeugdhulp', 'hulpvormgroep'), ('jeugdhulp', 'verwijzer'), ('jeugdhulp', 'perspectief'), ('jeugdhulp', 'aanbieder'),
        ('jeugdbescherming', 'geslacht'), ('jeugdbescherming', 'leeftijdsgroep'), ('jeugdbescherming', 'type_maatregel'),
        ('jeugdbescherming', 'aanbieder'), ('jeugdreclassering', 'geslacht'), ('jeugdreclassering', 'leeftijdsgroep'),
        ('jeugdreclassering', 'type_maatregel'), ('jeugdreclassering', 'aanbieder'),
        ('jeugdzorg', 'geslacht'), ('jeugdzorg', 'leeftijdsgroep')
),
som as (
    select
        verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie,
        [coalesce(sum(beginstand), 0), coalesce(sum(instroom), 0), coalesce(sum(instroom_nieuw), 0),
            coalesce(sum(instroom_herhaald), 0), coalesce(sum(instroom_aansluitend), 0), coalesce(sum(uitstroom), 0),
            coalesce(sum(eindstand), 0), coalesce(sum(in_periode), 0)] as maten
    from monitor.stand_stroom
    where eenheid = 'trajecten' or dimensie in ('totaal', 'geslacht', 'leeftijdsgroep')
    group by all
),
optelling as (
    select
        t.eenheid || ': categorieen tellen op tot totaal' as object,
        concat_ws(' ', t.verslagperiode, t.soort, t.eenheid, t.regio_niveau, t.regio_code, d.dimensie) as naam,
        t.maten <> coalesce(s.maten, [0, 0, 0, 0, 0, 0, 0, 0]) as kapot
    from som as t
    join dimensie as d on d.soort = t.soort
        and (t.eenheid = 'trajecten' or d.dimensie in ('geslacht', 'leeftijdsgroep'))
        and (t.regio_niveau <> 'wijk' or d.dimensie in ('geslacht', 'leeftijdsgroep', 'hulpvormgroep'))
    left join som as s
        on (s.verslagperiode, s.soort, s.eenheid, s.regio_niveau, s.regio_code, s.dimensie)
            = (t.verslagperiode, t.soort, t.eenheid, t.regio_niveau, t.regio_code, d.dimensie)
    where t.dimensie = 'totaal'
),
duur as (
    select
        d.*, concat_ws(' ', verslagperiode, regio_niveau, regio_code, dimensie, categorie) as naam, s.uitstroom
    from monitor.duur as d
    left join (select * from monitor.stand_stroom where soort = 'jeugdhulp' and eenheid = 'trajecten') as s
        using (verslagperiode, regio_niveau, regio_code, dimensie, categorie)
    where d.aantal is not null or d.celstatus in ('waarde', 'onvolledig')
),
alles as (
    select
        object,
        case when kapot
            then concat_ws(' ', verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie) end as naam,
        kapot
    from per_cel
    union all from aansluiting union all from optelling
    union all
    select 'duur: de klassen tellen op tot aantal', naam,
        k_0_3m + k_3_6m + k_6_12m + k_1_2j + k_2_3j + k_3_4j + k_4j_plus is distinct from aantal or aantal is null
    from duur
    union all
    select 'duur: aantal = uitstroom van de trajecten jeugdhulp', naam, aantal is distinct from uitstroom from duur
),
identiteit(object) as (
    values ('trajecten: beginstand + instroom - uitstroom = eindstand'),
        ('jeugdigen: beginstand + instroom - uitstroom = eindstand'),
        ('trajecten: beginstand + instroom = in_periode'), ('jeugdigen: beginstand + instroom >= in_periode'),
        ('trajecten: nieuw + herhaald + aansluitend = instroom'), ('jeugdigen: nieuw + herhaald = instroom'),
        ('eindstand = beginstand van de volgende periode'), ('trajecten: categorieen tellen op tot totaal'),
        ('jeugdigen: categorieen tellen op tot totaal'), ('duur: de klassen tellen op tot aantal'),
        ('duur: aantal = uitstroom van de trajecten jeugdhulp')
)
select
    i.object, count(*) filter (kapot) as waarde, count(a.object) as geteld, count(*) filter (kapot) as geschonden,
    'bijvoorbeeld ' || min(case when kapot then naam end) as toelichting,
    case when count(a.object) = 0 then 'er zijn geen cellen waarvoor dit geldt' end as nvt
from identiteit as i left join alles as a using (object)
group by i.object
order by i.object
