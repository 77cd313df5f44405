-- Sums over all regions of a level agree with those of the provincies; the wijken of a gemeente do not exceed it.
with som as (
    select
        verslagperiode, soort, eenheid, dimensie, categorie, regio_niveau,
        [coalesce(sum(beginstand), 0), coalesce(sum(instroom), 0), coalesce(sum(instroom_nieuw), 0),
            coalesce(sum(instroom_herhaald), 0), coalesce(sum(instroom_aansluitend), 0), coalesce(sum(uitstroom), 0),
            coalesce(sum(eindstand), 0), coalesce(sum(in_periode), 0)] as maten
    from monitor.stand_stroom group by all
),
cel as (select distinct verslagperiode, soort, eenheid, dimensie, categorie from som),
niveau(regio_niveau) as (values ('gemeente'), ('jeugdregio'), ('subregio'), ('wijk')),
gelijk as (
    select
        n.regio_niveau || ' = provincie' as object,
        concat_ws(' ', c.verslagperiode, c.soort, c.eenheid, c.dimensie, c.categorie) as naam,
        coalesce(p.maten, [0, 0, 0, 0, 0, 0, 0, 0]) <> coalesce(s.maten, [0, 0, 0, 0, 0, 0, 0, 0]) as kapot
    from cel as c
    cross join niveau as n
    left join som as p
        on (p.verslagperiode, p.soort, p.eenheid, p.dimensie, p.categorie)
            = (c.verslagperiode, c.soort, c.eenheid, c.dimensie, c.categorie) and p.regio_niveau = 'provincie'
    left join som as s
        on (s.verslagperiode, s.soort, s.eenheid, s.dimensie, s.categorie)
            = (c.verslagperiode, c.soort, c.eenheid, c.dimensie, c.categorie) and s.regio_niveau = n.regio_niveau
    where n.regio_niveau <> 'wijk' or c.dimensie in ('totaal', 'geslacht', 'leeftijdsgroep', 'hulpvormgroep')
),
wijken as (
    select
        s.verslagperiode, s.soort, s.eenheid, s.dimensie, s.categorie, r.gemeentecode as regio_code,
        sum(beginstand) as beginstand, sum(instroom) as instroom, sum(uitstroom) as uitstroom,
        sum(eindstand) as eindstand, sum(in_periode) as in_periode
    from monitor.stand_stroom as s
    join dwh.dim_periode as p using (verslagperiode)
    join (select distinct regio_code, jaar, gemeentecode from dwh.dim_regio where regio_niveau = 'wijk') as r
        on r.regio_code = s.regio_code and r.jaar = p.jaar
    where s.regio_niveau = 'wijk' and s.regio_code <> 'onbekend'
    group by all
),
binnen as (
    select
        'wijken van een gemeente <= gemeente' as object,
        concat_ws(' ', w.verslagperiode, w.soort, w.eenheid, w.regio_code, w.dimensie, w.categorie) as naam,
        coalesce(
            w.in_periode > g.in_periode
            or (w.beginstand is not null
                and (w.beginstand > g.beginstand or w.instroom > g.instroom or w.uitstroom > g.uitstroom
                    or w.eindstand > g.eindstand)), true) as kapot
    from wijken as w
    left join (select * from monitor.stand_stroom where regio_niveau = 'gemeente') as g
        using (verslagperiode, soort, eenheid, dimensie, categorie, regio_code)
),
alles as (from gelijk union all from binnen),
wat(object) as (
    values ('gemeente = provincie'), ('jeugdregio = provincie'), ('subregio = provincie'), ('wijk = provincie'),
        ('wijken van een gemeente <= gemeente')
)
select
    w.object, count(*) filter (kapot) as waarde, count(a.object) as geteld, count(*) filter (kapot) as geschonden,
    'bijvoorbeeld ' || min(case when kapot then naam end) as toelichting,
    case when count(a.object) = 0 then 'er zijn geen cellen waarvoor dit geldt' end as nvt
from wat as w left join alles as a using (object)
group by w.object
order by w.object
