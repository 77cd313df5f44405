"""The poorten on small hand-made databases: every rule passes once and fails once, and Great Expectations judges."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from pipelines.quality import outcomes, poorten, regels

PERIODE = "2023H2"
BSN = "123456782"  # passes the elfproef, belongs to nobody

# --- the databases --------------------------------------------------------------------------------------------------

LANDING = """
create schema landing;
create table landing.levering (levering varchar, bestand varchar, feed varchar, leverancier varchar, periode varchar,
    volgnr integer, sha256 varchar, status varchar, code varchar, rijen bigint, afkeur bigint, signalen bigint);
insert into landing.levering
    select l || p, 'map/jeugdhulp__' || l || '__' || p || '__v1.csv', 'jeugdhulp', l, p, 1, md5(l || p), 'van_kracht',
        null, n, n // 100, 0
    from (values ('41000001', 100), ('41000002', 5)) as x(l, n), (values ('2023H1'), ('2023H2')) as y(p);
create table landing.jeugdhulp as
    select l as leverancier, p as periode, l || p as levering, i as rij, md5(l || i) as persoon, true as bsn_bekend,
        date '2015-05-05' as geboren, false as ongeboren, '9401AB' as postcode, null::varchar as gemeentecode,
        '02' as hulpvorm, date '2023-02-10' + (i % 20)::int as datum_aanvang, null::date as datum_einde
    from (values ('41000001', 100), ('41000002', 5)) as x(l, n), (values ('2023H1'), ('2023H2')) as y(p),
        range(100) as t(i)
    where i < n;
update landing.jeugdhulp set datum_aanvang = date '2023-08-01', datum_einde = date '2023-10-01'
    where periode = '2023H2' and rij >= 95;
update landing.jeugdhulp set datum_einde = date '2023-05-01' where periode = '2023H1' and rij >= 95;
create table landing.maatregelen as
    select leverancier, periode, levering, rij, persoon, bsn_bekend, geboren, ongeboren, postcode, gemeentecode,
        '11' as type_maatregel, datum_aanvang, datum_einde
    from landing.jeugdhulp limit 0;
create table landing.gestopt (leverancier varchar, datum date);
create table landing.cbs_gebieden as select 2023::bigint as jaar, 'GM0106' as gemeentecode;
create table landing.cbs_postcodes as select 2023::bigint as jaar, '9401AB' as postcode, 'GM0106' as gemeentecode;
create table landing.cbs_bevolking as select 'GM0106' as regio, date '2023-01-01' as peildatum;
create table landing.cbs_jeugdzorg
    (periode varchar, regio varchar, verslagperiode varchar, maat varchar, waarde double);
insert into landing.cbs_jeugdzorg values ('2023H1', 'PV22', '2023H1', 'jeugdhulp', 99),
    ('2023H2', 'PV22', '2023H1', 'jeugdhulp', 8.1), ('2023H2', 'GM0106', '2023H1', 'jeugdhulp', 9.0)
"""

# The whole grid for two half-years and their year: everybody lives in GM0106 and is in the first category.
MONITOR = """
create schema dwh;
create schema monitor;
create table dwh.dim_periode as from (values
    ('2023H1', 'halfjaar', 2023, date '2023-01-01', date '2023-06-30', 4046, 'nader_voorlopig'),
    ('2023H2', 'halfjaar', 2023, date '2023-07-01', date '2023-12-31', 4047, 'voorlopig'),
    ('2023JJ', 'jaar', 2023, date '2023-01-01', date '2023-12-31', null, 'voorlopig'))
    as p(verslagperiode, soort_periode, jaar, d0, d1, volgnr, status_cijfer);
create table dwh.dim_regio as from (values
    ('provincie', 'PV22', 2023, null), ('jeugdregio', 'Drenthe', 2023, null), ('subregio', 'Noord', 2023, null),
    ('gemeente', 'GM0106', 2023, 'GM0106'), ('gemeente', 'GM0109', 2023, 'GM0109'),
    ('wijk', 'WK010600', 2023, 'GM0106'), ('wijk', 'WK010900', 2023, 'GM0109'))
    as r(regio_niveau, regio_code, jaar, gemeentecode);
create table dwh.code_geslacht as from (values ('M'), ('V'), ('O')) as c(code);
create table dwh.code_leeftijdsgroep as from (values ('0-3'), ('4-11')) as c(code);
create table dwh.code_hulpvorm as from (values ('01'), ('02')) as c(code);
create table dwh.code_hulpvormgroep as from (values ('ambulant'), ('wijkteam')) as c(code);
create table dwh.code_verwijzer as from (values ('01'), ('02')) as c(code);
create table dwh.code_perspectief as from (values ('01')) as c(code);
create table dwh.code_type_maatregel as
    from (values ('11', 'jeugdbescherming'), ('31', 'preventief'), ('41', 'jeugdreclassering')) as c(code, groep);
create table dwh.code_maat as from (values ('jeugdhulp'), ('jeugdzorg')) as c(code);
create temp table categorie as
    with p as (
        select 'totaal' as dimensie, 'totaal' as categorie, true as hier
        union all select 'geslacht', code, code = 'M' from dwh.code_geslacht
        union all select 'leeftijdsgroep', code, code = '0-3' from dwh.code_leeftijdsgroep)
    select unnest(['jeugdhulp', 'jeugdbescherming', 'jeugdreclassering', 'jeugdzorg']) as soort, * from p
    union all select 'jeugdhulp', 'hulpvorm', code, code = '02' from dwh.code_hulpvorm
    union all select 'jeugdhulp', 'hulpvormgroep', code, code = 'ambulant' from dwh.code_hulpvormgroep
    union all select 'jeugdhulp', 'verwijzer', code, code = '01' from dwh.code_verwijzer
    union all values ('jeugdhulp', 'perspectief', '01', false), ('jeugdhulp', 'perspectief', 'onbekend', true)
    union all select groep, 'type_maatregel', code, true from dwh.code_type_maatregel where code <> '31'
    union all select unnest(['jeugdhulp', 'jeugdbescherming', 'jeugdreclassering']), 'aanbieder', '41000001', true;
create temp table regio as
    select regio_niveau, regio_code, coalesce(gemeentecode, 'GM0106') = 'GM0106' as hier from dwh.dim_regio
    union all
    select unnest(['provincie', 'jeugdregio', 'subregio', 'gemeente', 'wijk']), 'onbekend', false;
create temp table maat as from (values ('2023H1', 300, 100, 50), ('2023H2', 350, 100, 100), ('2023JJ', 300, 200, 150))
    as m(verslagperiode, b, i, u);
create temp table cel as
    select m.verslagperiode, status_cijfer, c.soort, e.eenheid, r.regio_niveau, r.regio_code, c.dimensie, c.categorie,
        e.eenheid = 'trajecten' or c.dimensie in ('totaal', 'geslacht', 'leeftijdsgroep') as stroom,
        case when c.hier and r.hier then b else 0 end as b, case when c.hier and r.hier then i else 0 end as i,
        case when c.hier and r.hier then u else 0 end as u
    from maat as m join dwh.dim_periode using (verslagperiode) cross join regio as r cross join categorie as c
    cross join (values ('trajecten'), ('jeugdigen')) as e(eenheid)
    where (c.soort <> 'jeugdzorg' or e.eenheid = 'jeugdigen')
        and (c.dimensie <> 'aanbieder' or r.hier)
        and (r.regio_niveau <> 'wijk' or c.dimensie in ('totaal', 'geslacht', 'leeftijdsgroep', 'hulpvormgroep'));
create table monitor.stand_stroom as
    select verslagperiode, soort, eenheid, regio_niveau, regio_code, regio_code as regio_naam, dimensie, categorie,
        case when stroom then b end as beginstand, case when stroom then i end as instroom,
        case when stroom and soort = 'jeugdhulp' then i // 2 end as instroom_nieuw,
        case when stroom and soort = 'jeugdhulp' then case eenheid when 'trajecten' then i // 4 else i // 2 end end
            as instroom_herhaald,
        case when soort = 'jeugdhulp' and eenheid = 'trajecten' then i // 4 end as instroom_aansluitend,
        case when stroom then u end as uitstroom, case when stroom then b + i - u end as eindstand,
        case eenheid when 'trajecten' then b + i else (b + i) * 9 // 10 end as in_periode,
        'waarde' as celstatus, status_cijfer
    from cel;
create table monitor.duur as
    select verslagperiode, regio_niveau, regio_code, dimensie, categorie, u as aantal, u as k_0_3m, 0 as k_3_6m,
        0 as k_6_12m, 0 as k_1_2j, 0 as k_2_3j, 0 as k_3_4j, 0 as k_4j_plus, 'waarde' as celstatus, status_cijfer
    from cel where soort = 'jeugdhulp' and eenheid = 'trajecten';
create table monitor.percentage_in_zorg as
    select verslagperiode, regio_niveau, regio_code, code as maat, case when hier then 405 else 0 end as teller,
        case when hier then 5000 end as noemer, case when hier then 8.1::double end as percentage,
        'waarde' as celstatus, status_cijfer
    from dwh.dim_periode cross join regio cross join dwh.code_maat
"""

ELDERS = {"M8"}  # weighs every published table against the warehouse: has worlds of its own in test_disclosure.py

PUBLICATIE = """
create schema monitor;
create table monitor.duur as select
    '2023H1' as verslagperiode, '41000001' as categorie, 57.123456782::double as gemiddelde,
    999999999 as nooit, '12,123456782' as komma, '0123456789abcdef0123456123456782' as som;
comment on column monitor.duur.categorie is 'Code van de categorie'
"""


def _maak(pad: Path, *sql: str) -> Path:
    with duckdb.connect(str(pad)) as con:
        for deel in sql:
            con.execute(deel)
    return pad


@pytest.fixture(scope="module")
def goed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a build, a last release and a publication in which every rule holds."""
    map_ = tmp_path_factory.mktemp("goed")
    _maak(map_ / "bouw.duckdb", LANDING, MONITOR)
    _maak(
        map_ / "warehouse.duckdb",
        MONITOR,
        *(
            f"update monitor.{t} set status_cijfer = 'definitief'"
            for t in ("stand_stroom", "duur", "percentage_in_zorg")
        ),
    )
    _maak(map_ / "publicatie.duckdb", PUBLICATIE)
    _bestanden(map_ / "publicatie")
    return map_


def _bestanden(map_: Path) -> None:
    map_.mkdir()
    pl.DataFrame({"categorie": ["41000001"], "waarde": [9.123456782]}).write_parquet(map_ / "duur.parquet")
    (map_ / "duur.csv").write_text("verslagperiode;waarde\n2023H1;9,123456782\n")
    (map_ / "datapackage.json").write_text('{"naam": "duur", "versie": 1.123456782}')


@pytest.fixture
def werk(goed: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    shutil.copytree(goed, tmp_path, dirs_exist_ok=True)
    return tmp_path


def _meet(
    map_: Path,
    poort: regels.Poort,
    alleen: str | None = None,
    *,
    vorige: bool = True,
    publicatie: bool = True,
    geslaagd: Collection[str] = (),
) -> Path:
    """Measure a poort, or one rule of it (to keep the tests fast); gives the build."""
    bouw = map_ / "bouw.duckdb"
    with pytest.MonkeyPatch.context() as mp, duckdb.connect(str(bouw)) as con:
        if alleen:
            mp.setattr(poorten, "regels", lambda p: tuple(r for r in regels.regels(p) if r.id == alleen))
        poorten.meet(
            con,
            poort,
            periode=PERIODE,
            drempels=poorten.drempels(),
            vorige=map_ / "warehouse.duckdb" if vorige else None,
            publicatie=map_ / "publicatie.duckdb" if publicatie else None,
            geslaagde_bestanden=geslaagd,
        )
    return bouw


def _statussen(bouw: Path, regel_id: str) -> pl.DataFrame:
    """Every object of one rule judged by the very query Great Expectations runs (fast: no GX)."""
    regel = next(r for poort in ("leveringen", "monitor") for r in regels.regels(poort) if r.id == regel_id)
    delen = [regels.oordeel_sql(regel, o, regels.drempels(), "kwaliteit.meting") for o in regel.oordelen]
    with duckdb.connect(str(bouw), read_only=True) as con:
        return con.execute(regels.samen(delen)).pl()


def _gefaald(bouw: Path, regel_id: str) -> set[tuple[str, str]]:
    rijen = _statussen(bouw, regel_id).filter(pl.col("status").is_in(["gefaald", "fout"]))
    return set(rijen.select("effect", "object").rows())


# --- every rule passes, and every rule can fail ---------------------------------------------------------------------


@pytest.mark.parametrize("poort", ["leveringen", "monitor"])
def test_alles_in_orde(werk: Path, poort: regels.Poort) -> None:
    bouw = _meet(werk, poort)
    with duckdb.connect(str(bouw), read_only=True) as con:
        gemeten = dict(
            con.execute("select regel, count(*) from kwaliteit.meting where fout is null group by 1").fetchall()
        )
    hier = [regel for regel in regels.regels(poort) if regel.id not in ELDERS]
    assert set(gemeten) == {regel.id for regel in hier}
    for regel in hier:
        statussen = _statussen(bouw, regel.id)
        assert statussen.filter(pl.col("status").is_in(["gefaald", "fout"])).rows() == [], regel.id
        if regel.id != "M4b":  # has only one period before this one
            assert "geslaagd" in statussen["status"].to_list(), regel.id


# rule, SQL that breaks the build (or None), the (effect, object) pairs that must then fail
BREUKEN_LEVERINGEN = [
    ("L1", "update landing.levering set afkeur = 6, status = 'geweigerd', code = 'L1'"
     " where levering = '410000012023H2'",
     {("signaal", "jeugdhulp__41000001__2023H2__v1.csv")}),
    ("L2", "delete from landing.levering where levering = '410000012023H2'",
     {("blokkeert", "jeugdhulp"), ("signaal", "jeugdhulp/41000001")}),
    ("L2", "update landing.levering set status = 'geweigerd' where levering = '410000022023H2'",
     {("signaal", "jeugdhulp/41000002")}),
    ("L3", "update landing.levering set rijen = 49 where levering = '410000012023H2'",
     {("signaal", "jeugdhulp/41000001")}),
    ("L3", "update landing.levering set rijen = 0 where levering = '410000012023H1'",
     {("signaal", "jeugdhulp/41000001")}),
    ("L4", "update landing.jeugdhulp set bsn_bekend = false where rij < 3",
     {("signaal", "jeugdhulp/41000001/bsn"), ("signaal", "jeugdhulp/41000002/bsn")}),
    ("L4", "update landing.jeugdhulp set postcode = null, gemeentecode = '9999'"
     " where rij < 3 and leverancier = '41000001'",
     {("signaal", "jeugdhulp/41000001/woonplaats")}),
    ("L5", "delete from landing.jeugdhulp where periode = '2023H2' and leverancier = '41000001' and rij < 3",
     {("signaal", "41000001")}),
    ("L6", "update landing.jeugdhulp set datum_aanvang = date '2023-07-01'"
     " where periode = '2023H2' and rij in (98, 99)",
     {("signaal", "jeugdhulp/41000001/aanvang")}),
    ("L6", "update landing.jeugdhulp set datum_einde = date '2023-12-31' where periode = '2023H2' and rij in (98, 99)",
     {("signaal", "jeugdhulp/41000001/einde")}),
    ("L7", "delete from landing.cbs_gebieden", {("blokkeert", "gebieden"), ("signaal", "gebieden")}),
    ("L7", "update landing.cbs_postcodes set jaar = 2025", {("signaal", "postcodes")}),
    ("L7", "update landing.cbs_bevolking set peildatum = date '2022-01-01'", {("signaal", "bevolking")}),
    ("L7", "update landing.cbs_bevolking set peildatum = date '2024-01-01'",
     {("blokkeert", "bevolking"), ("signaal", "bevolking")}),
]  # fmt: skip

_T = "eenheid = 'trajecten' and dimensie = 'totaal' and soort = 'jeugdhulp' and regio_code = 'GM0106'"
_J = "eenheid = 'jeugdigen' and dimensie = 'totaal' and soort = 'jeugdhulp' and regio_code = 'GM0106'"
BREUKEN_MONITOR = [
    ("M1", f"update monitor.stand_stroom set uitstroom = uitstroom + 1 where {_T}",
     {("blokkeert", "trajecten: beginstand + instroom - uitstroom = eindstand"),
      ("blokkeert", "trajecten: categorieen tellen op tot totaal"),
      ("blokkeert", "duur: aantal = uitstroom van de trajecten jeugdhulp")}),
    ("M1", f"update monitor.stand_stroom set in_periode = null where {_T} and verslagperiode = '2023H1'",
     {("blokkeert", "trajecten: beginstand + instroom = in_periode"),
      ("blokkeert", "trajecten: categorieen tellen op tot totaal")}),
    ("M1", f"update monitor.stand_stroom set uitstroom = null where {_J}",
     {("blokkeert", "jeugdigen: beginstand + instroom - uitstroom = eindstand"),
      ("blokkeert", "jeugdigen: categorieen tellen op tot totaal")}),
    ("M1", "update monitor.stand_stroom set in_periode = beginstand + instroom + 1 where eenheid = 'jeugdigen'"
     " and beginstand > 0",
     {("blokkeert", "jeugdigen: beginstand + instroom >= in_periode")}),
    ("M1", "update monitor.stand_stroom set instroom_aansluitend = instroom_aansluitend + 1 where instroom > 0",
     {("blokkeert", "trajecten: nieuw + herhaald + aansluitend = instroom")}),
    ("M1", "update monitor.stand_stroom set instroom_nieuw = instroom_nieuw + 1 where instroom > 0"
     " and eenheid = 'jeugdigen'",
     {("blokkeert", "jeugdigen: nieuw + herhaald = instroom")}),
    ("M1", "update monitor.stand_stroom set eindstand = eindstand + 1, instroom = instroom + 1,"
     " in_periode = in_periode + 1,"
     " instroom_nieuw = instroom_nieuw + 1 where verslagperiode = '2023H1' and eindstand > 0",
     {("blokkeert", "eindstand = beginstand van de volgende periode")}),
    ("M1", "delete from monitor.stand_stroom where dimensie = 'aanbieder' and eenheid = 'trajecten'"
     " and soort = 'jeugdhulp' and verslagperiode = '2023JJ' and regio_niveau = 'gemeente'",
     {("blokkeert", "trajecten: categorieen tellen op tot totaal"),
      ("blokkeert", "duur: aantal = uitstroom van de trajecten jeugdhulp")}),
    ("M1", "update monitor.duur set k_4j_plus = 1 where regio_code = 'PV22'",
     {("blokkeert", "duur: de klassen tellen op tot aantal")}),
    ("M2", "update monitor.stand_stroom set in_periode = in_periode + 1 where regio_code = 'PV22'"
     " and eenheid = 'jeugdigen' and dimensie = 'totaal'",
     {("blokkeert", f"{niveau} = provincie") for niveau in ("gemeente", "jeugdregio", "subregio", "wijk")}),
    ("M2", "update monitor.stand_stroom set regio_code ="
     " case regio_code when 'WK010600' then 'WK010900' else 'WK010600' end"
     " where regio_code like 'WK%' and verslagperiode = '2023H1'",
     {("blokkeert", "wijken van een gemeente <= gemeente")}),
    ("M3", f"update monitor.stand_stroom set beginstand = 394 where {_T.replace('GM0106', 'PV22')}",
     {("blokkeert", "jeugdhulp PV22"), ("signaal", "jeugdhulp PV22")}),
    ("M3", f"update monitor.stand_stroom set beginstand = 370 where {_T.replace('GM0106', 'PV22')}",
     {("signaal", "jeugdhulp PV22")}),
    ("M3", f"update monitor.stand_stroom set beginstand = 329 where {_T}", {("signaal", "jeugdhulp GM0106")}),
    ("M4", "update monitor.percentage_in_zorg set teller = 5001"
     " where regio_code = 'GM0106' and verslagperiode = '2023JJ'",
     {("blokkeert", "jeugdhulp GM0106 2023JJ"), ("blokkeert", "jeugdzorg GM0106 2023JJ")}),
    ("M4b", "insert into dwh.dim_periode values ('2022H2', 'halfjaar', 2022, null, null, 4045, null);"
     " insert into monitor.percentage_in_zorg by name (select '2022H2' as verslagperiode, 'gemeente' as regio_niveau,"
     " 'GM0106' as regio_code, 'jeugdhulp' as maat, 4.0 as percentage);"
     " update monitor.percentage_in_zorg set percentage = 4.0 where verslagperiode = '2023H1'",
     {("signaal", "GM0106")}),
    ("M5", "update landing.cbs_jeugdzorg set waarde = 7.0 where periode = '2023H2'",
     {("signaal", "PV22 jeugdhulp 2023H1"), ("signaal", "GM0106 jeugdhulp 2023H1")}),
    ("M6", "delete from monitor.stand_stroom where categorie = 'V' and regio_code = 'onbekend' and soort = 'jeugdzorg'"
     " and verslagperiode = '2023JJ' and regio_niveau = 'wijk'",
     {("blokkeert", "stand_stroom: ontbrekend")}),
    ("M6", "insert into monitor.duur from monitor.duur limit 1", {("blokkeert", "duur: dubbel")}),
    ("M6", "update monitor.percentage_in_zorg set regio_code = 'PV99' where regio_code = 'PV22' and maat = 'jeugdzorg'",
     {("blokkeert", "percentage_in_zorg: ontbrekend"), ("blokkeert", "percentage_in_zorg: overtollig")}),
    ("M6", "delete from dwh.dim_periode; delete from monitor.duur; delete from monitor.percentage_in_zorg;"
     " delete from monitor.stand_stroom",
     {("blokkeert", "dim_periode: ontbrekend")}),
    ("M9", f"update monitor.stand_stroom set eindstand = 300 where {_T} and verslagperiode = '2023H1'",
     {("signaal", "stand_stroom 2023H1 jeugdhulp trajecten GM0106 totaal totaal eindstand")}),
    ("M9", "delete from monitor.duur where regio_code = 'GM0106' and dimensie = 'totaal' and verslagperiode = '2023JJ'",
     {("signaal", "duur 2023JJ GM0106 totaal totaal aantal")}),
]  # fmt: skip


@pytest.mark.parametrize(("regel", "breuk", "verwacht"), BREUKEN_LEVERINGEN)
def test_leveringen_kunnen_falen(werk: Path, regel: str, breuk: str, verwacht: set[tuple[str, str]]) -> None:
    _maak(werk / "bouw.duckdb", breuk)
    assert _gefaald(_meet(werk, "leveringen", regel), regel) == verwacht


@pytest.mark.parametrize(("regel", "breuk", "verwacht"), BREUKEN_MONITOR)
def test_monitor_kan_falen(werk: Path, regel: str, breuk: str, verwacht: set[tuple[str, str]]) -> None:
    _maak(werk / "bouw.duckdb", breuk)
    assert _gefaald(_meet(werk, "monitor", regel), regel) == verwacht


BREUKEN_PUBLICATIE = [
    (f"insert into monitor.duur (categorie) values ('zie {BSN}.')", "monitor.duur"),
    (f"insert into monitor.duur (nooit) values ({BSN})", "monitor.duur"),
    (f"insert into monitor.duur (gemiddelde) values ({BSN}.0)", "monitor.duur"),
    (f"create view monitor.extra as select {BSN}::decimal(18, 3) as v", "monitor.extra"),
    (f"create schema anders; create table anders.t as select [{{'a': '{BSN}'}}] as v", "anders.t"),
    (f"create table monitor.neg as select null::bigint as leeg, -{BSN} as v", "monitor.neg"),
    (f"create table monitor.groot as from (values (1::uhugeint), ({BSN}::uhugeint))", "monitor.groot"),
    (f"create table monitor.keuze as select null as v, '{BSN}'::enum('a', '{BSN}') as w", "monitor.keuze"),
    (f"create table monitor.los as select 'x' as a, {{'k': [{BSN}]}} as b, date '2024-01-01' as c", "monitor.los"),
    (f'create table monitor.kop as select 1 as "{BSN}"', "monitor.kop"),
    (f"comment on column monitor.duur.categorie is 'zoals {BSN}'", "beschrijvingen"),
    ("alter table monitor.duur add column Persoon varchar", "monitor.duur (kolomnamen)"),
    ("alter table monitor.duur add column bsn_bekend boolean", "monitor.duur (kolomnamen)"),
]


@pytest.mark.parametrize(("breuk", "object_"), BREUKEN_PUBLICATIE)
def test_publicatie_met_persoonsgegevens(werk: Path, breuk: str, object_: str) -> None:
    _maak(werk / "publicatie.duckdb", breuk)
    bouw = _meet(werk, "monitor", "M7")
    assert _gefaald(bouw, "M7") == {("blokkeert", object_)}
    assert BSN not in str(_statussen(bouw, "M7").rows())


@pytest.mark.parametrize(
    "naam", ["a.csv", "map/b.parquet", "c.json", "d.html", "e.bin", "f.parquet", "g.csv", "h.csv.gz"]
)
def test_bestanden_met_persoonsgegevens(werk: Path, naam: str) -> None:
    pad = werk / "publicatie" / naam
    pad.parent.mkdir(exist_ok=True)
    if naam.startswith("map/"):
        pl.DataFrame({"v": [int(BSN)]}).write_parquet(pad)
    elif naam.startswith("f."):
        pl.DataFrame({"postcode": ["x"]}).write_parquet(pad)
    elif naam.startswith("g."):
        pad.write_text("a,geboortedatum\n1,x\n")
    elif naam.endswith(".gz"):
        pad.write_bytes(gzip.compress(f"a,b\n1,{BSN}\n".encode()))
    else:
        pad.write_text(f"a,b\n1,{BSN}\n")
    kop = " (kolomnamen)" if naam[0] in "fg" else ""
    assert _gefaald(_meet(werk, "monitor", "M7"), "M7") == {("blokkeert", f"publicatie/{naam}{kop}")}


@pytest.mark.parametrize(
    "inhoud",
    [
        f"a,b\r\n1,x\r\n2,{BSN}",
        f'a,b\n"op twee\nregels {BSN}",1\n',
        f"{BSN},b\n1,2\n",
        f"{BSN}\n",
        f"een titel {BSN}\na,b\n1,2\n",
    ],
)
def test_csv_met_bsn(werk: Path, inhoud: str) -> None:
    (werk / "publicatie" / "a.csv").write_text(inhoud, newline="")
    assert _gefaald(_meet(werk, "monitor", "M7"), "M7") == {("blokkeert", "publicatie/a.csv")}


@pytest.mark.parametrize(
    "inhoud", [f'a,b\n"{BSN[:5]}\\{BSN[5:]}",1\n"x\\"y",2\n', f"a,b\n1,{BSN}\x01\n\x01\n", "a\xe9,b\n1,2\n"]
)
def test_csv_die_anders_te_lezen_is_gaat_niet_door(werk: Path, inhoud: str) -> None:
    (werk / "publicatie" / "a.csv").write_bytes(inhoud.encode("latin-1"))
    assert {effect for effect, _ in _gefaald(_meet(werk, "monitor", "M7"), "M7")} == {"blokkeert"}


@pytest.mark.parametrize(("inhoud", "geteld"), [("", 0), ("a,b\n", 0), ("a,b\n1,2\n3,4", 4)])
def test_csv_zonder_bsn(werk: Path, inhoud: str, geteld: int) -> None:
    (werk / "publicatie" / "a.csv").write_text(inhoud)
    bouw = _meet(werk, "monitor", "M7")
    assert _gefaald(bouw, "M7") == set()
    with duckdb.connect(str(bouw), read_only=True) as con:
        gezien = con.execute("select geteld from kwaliteit.meting where object = 'publicatie/a.csv'").fetchall()
    assert gezien == [(geteld,)]


def test_een_bestand_dat_eerder_slaagde_wordt_geteld_en_niet_gelezen(werk: Path) -> None:
    for naam in ("a.csv", "b.csv"):
        (werk / "publicatie" / naam).write_text(f"a,b\n1,{BSN}\n")
    bouw = _meet(werk, "monitor", "M7", geslaagd={"publicatie/a.csv", "publicatie/is er niet.csv"})
    assert _gefaald(bouw, "M7") == {("blokkeert", "publicatie/b.csv")}
    with duckdb.connect(str(bouw), read_only=True) as con:
        gezien = con.execute(
            "select geteld from kwaliteit.meting where object like 'bestanden die gelijk zijn%'"
        ).fetchall()
    assert gezien == [(1,)]


def test_geen_elfproef_geen_treffer(werk: Path) -> None:
    _maak(
        werk / "publicatie.duckdb",
        "insert into monitor.duur (categorie) values ('123456789'), ('x123456782'), ('000000000'), ('1234567820');"
        f" create table monitor.deel as select 0.{BSN}::double as a, 1.{BSN}::decimal(38, 31) as b, 1e-300 as c,"
        " 'NaN'::float as d",
    )
    assert _gefaald(_meet(werk, "monitor", "M7"), "M7") == set()


def test_regio_van_een_ander_jaar_hoort_bij_het_raster(werk: Path) -> None:
    verplaats = "update dwh.dim_regio set jaar = 2022 where regio_code = 'GM0106'"
    _maak(werk / "bouw.duckdb", verplaats)
    assert _gefaald(_meet(werk, "monitor", "M6"), "M6") == set()
    _maak(werk / "bouw.duckdb", "update monitor.stand_stroom set in_periode = 0 where regio_code = 'GM0106'")
    assert ("blokkeert", "stand_stroom: overtollig") in _gefaald(_meet(werk, "monitor", "M6"), "M6")


# --- not applicable, broken, empty ----------------------------------------------------------------------------------


def test_zonder_vorige_release(werk: Path) -> None:
    bouw = _meet(werk, "monitor", vorige=False)
    for regel in ("M3", "M9"):
        rijen = _statussen(bouw, regel)
        assert set(rijen["status"]) == {"niet_van_toepassing"}
        assert set(rijen["reden"]) == {"er is geen vorige release"}


def test_vorige_release_zonder_de_vorige_periode(werk: Path) -> None:
    _maak(werk / "warehouse.duckdb", "delete from monitor.stand_stroom where verslagperiode = '2023H1'")
    assert set(_statussen(_meet(werk, "monitor", "M3"), "M3")["reden"]) == {"de vorige release bevat 2023H1 niet"}


def test_zonder_publicatie_gaat_de_poort_niet_open(werk: Path) -> None:
    assert set(_statussen(_meet(werk, "monitor", "M7", publicatie=False), "M7")["status"]) == {"fout"}


def test_onleesbare_vorige_release_is_een_fout(werk: Path) -> None:
    (werk / "warehouse.duckdb").write_bytes(b"kapot")
    assert set(_statussen(_meet(werk, "monitor", "M3"), "M3")["status"]) == {"fout"}


def test_eerste_periode(werk: Path) -> None:
    _maak(werk / "bouw.duckdb", "delete from landing.levering where periode = '2023H1'")
    bouw = _meet(werk, "leveringen")
    assert dict(_statussen(bouw, "L2").select("object", "reden").rows())["jeugdhulp"] == (
        "geen leveringen van kracht in 2023H1"
    )
    assert set(_statussen(bouw, "L5")["status"]) == {"niet_van_toepassing"}


def test_gestopt_en_lege_levering_ontbreken_niet(werk: Path) -> None:
    _maak(
        werk / "bouw.duckdb",
        "delete from landing.levering where levering = '410000012023H2'; delete from landing.jeugdhulp"
        " where periode = '2023H2'; update landing.levering set rijen = 0 where levering = '410000022023H2';"
        " insert into landing.gestopt values ('41000001', date '2023-07-01')",
    )
    bouw = _meet(werk, "leveringen")
    assert _gefaald(bouw, "L2") == set()
    assert ("signaal", "41000002") in _gefaald(bouw, "L5")


def test_ongeboren_is_geen_onbekend_bsn(werk: Path) -> None:
    _maak(werk / "bouw.duckdb", "update landing.jeugdhulp set bsn_bekend = false, ongeboren = true")
    assert _gefaald(_meet(werk, "leveringen", "L4"), "L4") == set()


def test_meting_die_breekt_blokkeert_en_verraadt_niets(werk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    eerste, tweede, derde, vierde = regels.regels("leveringen")[:4]
    gebroken = (
        eerste.model_copy(update={"meting": "select 1 from bestaat_niet"}),
        tweede.model_copy(update={"meting": "select x as object, x::int as waarde, 1 as geteld, 1 as geschonden,"
                                   " null as toelichting, null as nvt from (values ('geheim')) as t(x)"}),
        derde.model_copy(update={"meting": f"select * from ({derde.sql}) where false"}),
        vierde.model_copy(update={"meting": "select 'x' as object, 1 as waarde, 1 as geteld, 1 as geschonden,"
                                  " null as toelichting, null as nvt from range(2)"}),
    )  # fmt: skip
    for module in (poorten, regels):
        monkeypatch.setattr(module, "regels", lambda poort: gebroken)
    bouw = _meet(werk, "leveringen")
    oordelen = poorten.beoordeel(bouw, "leveringen", drempels=poorten.drempels())
    assert len(oordelen) == 6
    assert {o.status for o in oordelen} == {"fout"}
    redenen = [o.ergste[0].toelichting for o in oordelen]
    assert redenen[0].startswith("CatalogException: ") and redenen[1].startswith(
        "ConversionException: de meting brak af"
    )
    assert "de meting gaf niets" in redenen and "de meting gaf 2 rijen voor 1 objecten" in redenen
    assert "geheim" not in str(oordelen)
    assert poorten.blokkades(oordelen, {}) == oordelen  # L1, L3 and L4 are signalen, and still stop the release


def test_ongemeten_poort_is_fout(werk: Path) -> None:
    bouw = _meet(werk, "leveringen")
    oordelen = poorten.beoordeel(bouw, "monitor", drempels=poorten.drempels())
    assert oordelen and {o.status for o in oordelen} == {"fout"}
    with pytest.raises(FileNotFoundError):
        poorten.beoordeel(werk / "weg.duckdb", "monitor", drempels=poorten.drempels())


def test_opnieuw_meten_vervangt_alleen_de_eigen_poort(werk: Path) -> None:
    _meet(werk, "leveringen")
    bouw = _meet(werk, "monitor")
    with duckdb.connect(str(bouw), read_only=True) as con:
        eerst = con.execute("from kwaliteit.meting order by all").fetchall()
    _meet(werk, "monitor")
    with duckdb.connect(str(bouw), read_only=True) as con:
        assert con.execute("from kwaliteit.meting order by all").fetchall() == eerst
        assert con.execute("select count(*) from kwaliteit.drempel").fetchone()[0] == len(regels.declaraties())


# --- Great Expectations judges --------------------------------------------------------------------------------------


def test_great_expectations_oordeelt(werk: Path) -> None:
    _maak(werk / "bouw.duckdb", BREUKEN_LEVERINGEN[1][1])
    bouw = _meet(werk, "leveringen")
    oordelen = poorten.beoordeel(bouw, "leveringen", drempels=poorten.drempels(), docs=werk / "docs")
    per = {(o.regel, o.effect): o for o in oordelen}
    l2 = per["L2", "blokkeert"]
    assert (l2.status, l2.geslaagd, l2.geteld, l2.geschonden) == ("gefaald", False, 1, 1)
    assert l2.ergste[0].object == "jeugdhulp" and l2.ergste[0].waarde == pytest.approx(100 / 105)
    assert "95,24 %" in l2.zin and "drempel 5 %" in l2.zin and "41000001" in l2.zin and "Vraag de ontbrekende" in l2.zin
    assert per["L7", "blokkeert"].status == "geslaagd"
    assert [o.regel for o in poorten.blokkades(oordelen, {})] == ["L2"]
    paginas = [p.read_text() for p in (werk / "docs").rglob("*.html")]
    assert (werk / "docs" / "index.html").exists()
    assert any("Elke leverancier van de vorige periode levert weer" in p for p in paginas)
    assert not re.search(r"<(script|link|img|source)[^>]*https?://", "".join(paginas))
    assert 'href="validations/leveringen/' in (werk / "docs" / "index.html").read_text()
    _maak(bouw, "create table los as select 1")  # the file has been let go of


def test_oordeel_komt_van_great_expectations(werk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.quality import suites

    bouw = _meet(werk, "leveringen")
    echt = suites.toets
    monkeypatch.setattr(
        suites, "toets", lambda *a: [replace(antwoord, geslaagd=False, gebroken=None) for antwoord in echt(*a)]
    )
    oordelen = poorten.beoordeel(bouw, "leveringen", drempels=poorten.drempels())
    assert {o.status for o in oordelen} == {"fout"}
    with duckdb.connect(str(bouw), read_only=True) as con:
        tabel = outcomes.uitkomsten(con, "leveringen", oordelen, refresh="r1", periode=PERIODE, overrides={})
    assert set(tabel.filter(status="fout")["regel"]) == {r.id for r in regels.regels("leveringen")}


def test_alle_regels_van_de_monitor_door_great_expectations(werk: Path) -> None:
    _maak(werk / "bouw.duckdb", *(breuk for regel, breuk, _ in BREUKEN_MONITOR if regel in ("M3", "M4", "M4b", "M5")))
    _maak(
        werk / "bouw.duckdb",
        BREUKEN_MONITOR[17][1],
        "update monitor.stand_stroom set eindstand = 1 where eindstand > 9",
    )
    _maak(werk / "publicatie.duckdb", BREUKEN_PUBLICATIE[0][0])
    oordelen = poorten.beoordeel(_meet(werk, "monitor"), "monitor", drempels=poorten.drempels())
    assert {o.regel for o in oordelen if o.status == "gefaald"} == {r.id for r in regels.regels("monitor")} - ELDERS
    assert BSN not in str(oordelen)


# --- outcomes, overrides, re-judging --------------------------------------------------------------------------------


def _uitkomsten(bouw: Path, overrides: dict[str, str], refresh: str = "2023H2-001") -> pl.DataFrame:
    oordelen = poorten.beoordeel(bouw, "leveringen", drempels=poorten.drempels())
    with duckdb.connect(str(bouw), read_only=True) as con:
        return outcomes.uitkomsten(con, "leveringen", oordelen, refresh=refresh, periode=PERIODE, overrides=overrides)


def test_uitkomsten_bewaren_en_herbeoordelen(werk: Path) -> None:
    _maak(werk / "bouw.duckdb", BREUKEN_LEVERINGEN[1][1])
    bouw = _meet(werk, "leveringen")
    home = werk / "home"
    assert outcomes.nieuwe_refresh(home, PERIODE) == "2023H2-001"
    tabel = _uitkomsten(bouw, {"L2": "leverancier failliet, gemeld door gemeente"})
    assert tabel.columns == list(outcomes.KOLOMMEN)
    assert tabel.select("regel", "object", "effect").is_duplicated().sum() == 0
    l2 = tabel.filter(regel="L2", object="jeugdhulp").row(0, named=True)
    assert (l2["status"], l2["drempel"], l2["geteld"], l2["geschonden"]) == ("gefaald", 0.05, 105, 100)
    assert l2["override"] == "leverancier failliet, gemeld door gemeente"
    assert tabel.filter(regel="L1")["override"].null_count() == tabel.filter(regel="L1").height > 0

    pad = outcomes.bewaar(home, tabel)
    assert outcomes.bewaar(home, tabel) == pad  # the same again: nothing happens
    with pytest.raises(FileExistsError):
        outcomes.bewaar(home, tabel.with_columns(status=pl.lit("geslaagd")))
    assert outcomes.nieuwe_refresh(home, PERIODE) == "2023H2-002"
    outcomes.bewaar(home, tabel.with_columns(refresh=pl.lit("2023H2-002")))
    with duckdb.connect() as con:
        assert outcomes.laad(con, home) == 2 * tabel.height
        assert con.execute("select count(distinct refresh) from kwaliteit.uitkomst").fetchone()[0] == 2

    bouw.unlink()  # re-judging needs no data
    zelfde = outcomes.herbeoordeel(home, "leveringen", drempels=poorten.drempels(), refresh="2023H2-001")
    assert zelfde.drop("override").equals(tabel.drop("override"))
    ruimer = poorten.drempels() | {"L2_ontbrekend": 0.99, "L3_minimum": 1000.0}
    anders = outcomes.herbeoordeel(home, "leveringen", drempels=ruimer)
    assert anders.height == 2 * tabel.height
    assert set(anders.filter(regel="L2", object="jeugdhulp")["status"]) == {"geslaagd"}
    per_feed = poorten.drempels() | {"L2_ontbrekend/jeugdhulp": 0.97}
    assert set(
        outcomes.herbeoordeel(home, "leveringen", drempels=per_feed)
        .filter(object="jeugdhulp")
        .select("status", "drempel")
        .rows()
    ) == {("geslaagd", 0.97)}


def test_te_klein_kan_later_worden_beoordeeld(werk: Path) -> None:
    _maak(werk / "bouw.duckdb", "update landing.levering set rijen = 1 where levering = '410000022023H2'")
    tabel = _uitkomsten(_meet(werk, "leveringen"), {})
    klein = tabel.filter(regel="L3", object="jeugdhulp/41000002").row(0, named=True)
    assert (klein["status"], klein["reden"]) == ("niet_van_toepassing", "te klein om te beoordelen (minder dan 50)")
    outcomes.bewaar(werk, tabel)
    opnieuw = outcomes.herbeoordeel(werk, "leveringen", drempels=poorten.drempels() | {"L3_minimum": 1.0})
    assert opnieuw.filter(regel="L3", object="jeugdhulp/41000002")["status"].to_list() == ["gefaald"]


def test_lege_bewaarplaats(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        assert outcomes.laad(con, tmp_path) == 0
    assert outcomes.herbeoordeel(tmp_path, "monitor", drempels=poorten.drempels()).height == 0
    with pytest.raises(ValueError, match="per refresh en poort"):
        outcomes.bewaar(tmp_path, pl.DataFrame(schema=dict.fromkeys(outcomes.KOLOMMEN, pl.String)))


def _oordeel(regel: str, effect: regels.Effect, status: poorten.Status) -> poorten.Oordeel:
    return poorten.Oordeel(regel, "", effect, "", status == "geslaagd", status, 1, 1, (), "", "")


def test_blokkades_en_overrides() -> None:
    oordelen = [
        _oordeel("L1", "signaal", "gefaald"),
        _oordeel("L2", "blokkeert", "gefaald"),
        _oordeel("L3", "signaal", "fout"),
        _oordeel("L7", "blokkeert", "niet_van_toepassing"),
    ]
    assert [o.regel for o in poorten.blokkades(oordelen, {})] == ["L2", "L3"]
    assert [o.regel for o in poorten.blokkades(oordelen, {"L2": "bekend", "L3": "bekend"})] == []
    with pytest.raises(ValueError, match="bestaat niet"):
        poorten.blokkades(oordelen, {"L99": "x"})
    with pytest.raises(ValueError, match="met een reden"):
        poorten.blokkades(oordelen, {"L2": " "})


# --- declarations and thresholds ------------------------------------------------------------------------------------


def test_declaraties_passen_bij_elkaar() -> None:
    namen = set(regels.declaraties())
    genoemd = {
        naam
        for poort in ("leveringen", "monitor")
        for regel in regels.regels(poort)
        for o in regel.oordelen
        for naam in namen
        if naam in f"{o.drempel} {o.vanaf} {o.houdt}".split()
    }
    assert genoemd == namen, "een drempel die niets doet, of een die niet bestaat"
    assert all(d.eigenaar and d.waarom for d in regels.declaraties().values())
    for poort in ("leveringen", "monitor"):
        for regel in regels.regels(poort):
            assert {o.drempel for o in regel.oordelen} <= namen
    assert regels.regelnummers() >= {"L1", "L7", "M1", "M4b", "M8", "M9"}


def test_eigen_drempels(tmp_path: Path) -> None:
    extra = tmp_path / "drempels.yml"
    extra.write_text(yaml.safe_dump({"L1_afkeur/doelen": 0.1, "M5_provincie": {"waarde": 0.07}}))
    waarden = poorten.drempels(extra)
    assert (waarden["M5_provincie"], waarden["M5_gemeente"]) == (0.07, 0.15)
    assert regels.drempel_voor(waarden, "L1_afkeur", "doelen") == 0.1
    assert regels.drempel_voor(waarden, "L1_afkeur", "jeugdhulp") == 0.05


@pytest.mark.parametrize(
    ("inhoud", "melding"),
    [({"L9_x": 1}, "bestaat niet"), ({"M4_minimum/doelen": 1}, "bestaat niet"), ({"L1_afkeur": "veel"}, "geen getal"),
     ([1], "geen lijst")],
)  # fmt: skip
def test_verkeerde_drempels(tmp_path: Path, inhoud: object, melding: str) -> None:
    extra = tmp_path / "drempels.yml"
    extra.write_text(yaml.safe_dump(inhoud))
    with pytest.raises(ValueError, match=melding):
        poorten.drempels(extra)
