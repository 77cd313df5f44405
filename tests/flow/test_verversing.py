"""A whole refresh: what it leaves in the home directory, and that the same leveringen give the same figures."""

from __future__ import annotations

import re
import stat

import duckdb
import pytest

from pipelines.release.database import controlegetallen

from . import hulp
from .hulp import PERIODE, SLEUTEL, huidige, manifest, vraag

# what is counted in the tables of the monitor; all other integers are years and ranks
AANTALLEN = {
    "stand_stroom": [
        "beginstand",
        "instroom",
        "instroom_nieuw",
        "instroom_herhaald",
        "instroom_aansluitend",
        "uitstroom",
        "eindstand",
        "in_periode",
    ],
    "percentage_in_zorg": ["teller"],
    "duur": ["aantal", "k_0_3m", "k_3_6m", "k_6_12m", "k_1_2j", "k_2_3j", "k_3_4j", "k_4j_plus"],
}
SLEUTELS = {
    "stand_stroom": "verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie",
    "percentage_in_zorg": "verslagperiode, regio_niveau, regio_code, maat",
    "duur": "verslagperiode, regio_niveau, regio_code, dimensie, categorie",
}


@pytest.fixture(scope="module")
def release(basis):
    return huidige(basis.home)


def test_verversing_slaagt_en_zegt_wat_er_is(basis):
    assert basis.uitslag.code == hulp.KLAAR, basis.uitslag.tekst
    assert f"{PERIODE}-r1" in basis.uitslag.uit
    for tekst in ("Drenthe", "beginstand", "Poorten:", "jeugdmonitor sql"):
        assert tekst in basis.uitslag.uit


def test_current_is_een_relatieve_link(basis):
    link = basis.home / "current"
    assert link.is_symlink()
    assert str(link.readlink()) == f"releases/{PERIODE}-r1"


def test_inhoud_van_de_release(release):
    assert {"warehouse.duckdb", "publicatie.duckdb", "manifest.json"} <= {p.name for p in release.iterdir()}
    assert stat.S_IMODE((release / "warehouse.duckdb").stat().st_mode) == 0o640
    assert hulp.gebreken(release) == []


@pytest.mark.parametrize(
    ("database", "verwacht"),
    [("warehouse.duckdb", {"dwh", "monitor", "kwaliteit"}), ("publicatie.duckdb", {"monitor"})],
)
def test_schemas(release, database, verwacht):
    schemas = {s for (s,) in vraag(release, "select schema_name from duckdb_schemas() where not internal", database)}
    assert schemas == verwacht
    leeg = "select count(*) from duckdb_tables() where schema_name = 'main'"
    assert vraag(release, leeg, database) == [(0,)]
    assert vraag(release, "select count(*) from duckdb_views() where not internal", database) == [(0,)]


@pytest.mark.parametrize("database", ["warehouse.duckdb", "publicatie.duckdb"])
def test_manifest_telt_de_tabellen_na(release, database):
    opgegeven = manifest(release)["uitvoer"][database]
    assert len(opgegeven) > 10
    assert controlegetallen(release / database) == opgegeven


def test_manifest_noemt_elk_bestand_met_zijn_inhoud(release, leveringen):
    invoer = {i["bestand"]: i["sha256"] for i in manifest(release)["invoer"]}
    bestanden = {p.name: hulp.sha256(p) for p in leveringen.rglob("*") if p.is_file()}
    assert len(bestanden) > 100
    assert invoer == bestanden


def test_manifest_zegt_hoe_het_gemaakt_is(release):
    inhoud = manifest(release)
    assert (inhoud["release"], inhoud["periode"], inhoud["overrides"]) == (f"{PERIODE}-r1", PERIODE, {})
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{12}", inhoud["codeversie"])
    assert {"duckdb", "dbt-core", "dagster", "great-expectations"} <= inhoud["pakketten"].keys()
    assert {p["regel"] for p in inhoud["poorten"]} >= {"L1", "L2", "L7", "M1", "M2", "M4", "M6", "M7"}
    assert inhoud["status_cijfers"]


# --- the publication -------------------------------------------------------------------------------------------------


def test_publicatie_heeft_geen_kolommen_over_personen(release):
    kolommen = vraag(release, "select lower(column_name) from duckdb_columns() where not internal", "publicatie.duckdb")
    assert len(kolommen) > 50
    verboden = {"persoon", "bsn", "geboren", "geboortedatum", "postcode", "traject_id", "levering", "rij", "naam_kind"}
    assert not verboden & {k for (k,) in kolommen}


@pytest.mark.parametrize("tabel", AANTALLEN)
def test_aantallen_zijn_afgerond_en_kleine_verborgen(release, tabel):
    for kolom in AANTALLEN[tabel]:
        klein = f"select count(*) from monitor.{tabel} where {kolom} between 1 and 9 or {kolom} % 5 <> 0"
        assert vraag(release, klein, "publicatie.duckdb") == [(0,)], kolom
        assert vraag(release, klein)[0][0] > 0, f"{kolom} has no small numbers to hide: the test sees nothing"


@pytest.mark.parametrize("tabel", AANTALLEN)
def test_wat_getoond_wordt_klopt_met_het_warehouse(release, tabel):
    gelijk = " or ".join(f"abs(p.{k} - w.{k}) >= 3 or (p.{k} = 0) <> (w.{k} = 0)" for k in AANTALLEN[tabel])
    verborgen = " or ".join(f"(p.{k} is null and w.{k} is not null)" for k in AANTALLEN[tabel])
    sql = f"""
        select count(*), count(*) filter ({gelijk}), count(*) filter (({verborgen}) and p.celstatus <> 'onderdrukt')
        from monitor.{tabel} as w join publicatie.monitor.{tabel} as p using ({SLEUTELS[tabel]})"""
    rijen, anders, zonder_status = _naast_elkaar(release, sql)
    assert rijen == vraag(release, f"select count(*) from monitor.{tabel}")[0][0] > 1000
    assert (anders, zonder_status) == (0, 0)


def test_percentages_op_kleine_aantallen_zijn_verborgen(release):
    te_klein = "(w.noemer < 30 or w.teller between 1 and 9 or w.noemer - w.teller between 1 and 9)"
    sql = f"""
        select
            count(*) filter ({te_klein} and w.percentage is not null),
            count(*) filter ({te_klein} and p.percentage is not null),
            count(*) filter ({te_klein} and (p.ondergrens is not null or p.bovengrens is not null)),
            count(*) filter ({te_klein} and w.percentage is not null and p.celstatus <> 'onderdrukt'),
            count(*) filter (p.percentage is not null),
            count(*) filter (p.percentage is not null and p.percentage <> round(w.percentage, 1))
        from monitor.percentage_in_zorg as w
        join publicatie.monitor.percentage_in_zorg as p using ({SLEUTELS["percentage_in_zorg"]})"""
    klein, getoond, grenzen, zonder_status, groot, anders = _naast_elkaar(release, sql)
    assert klein > 100
    assert groot > 20
    assert (getoond, grenzen, zonder_status, anders) == (0, 0, 0, 0)


def test_gemiddelde_duur_op_kleine_aantallen_is_verborgen(release):
    sql = f"""
        select
            count(*) filter (w.aantal between 1 and 29),
            count(*) filter (w.aantal < 30 and (p.gemiddelde_dagen is not null or p.mediaan_dagen is not null)),
            count(*) filter (p.gemiddelde_dagen is not null)
        from monitor.duur as w join publicatie.monitor.duur as p using ({SLEUTELS["duur"]})"""
    klein, getoond, groot = _naast_elkaar(release, sql)
    assert klein > 100
    assert groot > 0
    assert getoond == 0


def test_elke_tabel_en_kolom_heeft_een_beschrijving(release):
    tabellen = "select count(*), list(table_name) filter (coalesce(comment, '') = '') from duckdb_tables()"
    kolommen = """select count(*), list(table_name || '.' || column_name) filter (coalesce(comment, '') = '')
                  from duckdb_columns() where not internal"""
    for sql, minstens in ((tabellen, 5), (kolommen, 50)):
        aantal, zonder = vraag(release, sql, "publicatie.duckdb")[0]
        assert aantal >= minstens
        assert not zonder


def _naast_elkaar(release, sql):
    """One row of a query over the warehouse with the publication attached."""
    with duckdb.connect() as con:
        con.execute(f"attach '{release / 'warehouse.duckdb'}' as warehouse (read_only)")
        con.execute(f"attach '{release / 'publicatie.duckdb'}' as publicatie (read_only)")
        con.execute("use warehouse")
        return con.execute(sql).fetchone()


# --- what lies beside the release ------------------------------------------------------------------------------------


def test_elke_leverancier_heeft_bevindingen(basis, leveringen):
    verwacht = {(p.name.split("__")[2], p.name.split("__")[1]) for p in leveringen.rglob("*__v*.*")}
    geschreven = {(p.parent.parent.name, p.parent.name) for p in (basis.home / "feedback").rglob("bevindingen.csv")}
    assert len(verwacht) > 50
    assert geschreven == verwacht
    regels = [r for periode, wie in sorted(geschreven) for r in hulp.bevindingen(basis.home, wie, periode)]
    assert len(regels) > 30
    assert {r["ernst"] for r in regels} == {"weigering", "afkeur", "signaal"}
    assert all(r["melding"] and r["code"] for r in regels)


def test_nergens_een_bsn_of_de_sleutel(basis, leveringen):
    nummers = hulp.nummers_in(leveringen.rglob("*__v*.*"))
    assert len(nummers) > 100
    assert len(hulp.geheimen_in(leveringen, nummers, SLEUTEL)) > 20, "the search itself finds nothing"
    for plek in (basis.home, basis.werkmap, basis.tijdelijk):
        assert hulp.geheimen_in(plek, nummers, SLEUTEL) == {}
    scherm = basis.uitslag.uit + basis.uitslag.fout
    assert not [n for n in nummers if n in scherm]


def test_het_logboek_van_dagster_heeft_geen_bsn_of_sleutel(anders, leveringen):
    nummers = hulp.nummers_in(leveringen.rglob("*__v*.*"))
    assert any(anders.dagster_home.rglob("*.db"))
    assert hulp.geheimen_in(anders.dagster_home, nummers, SLEUTEL) == {}
    scherm = anders.uitslag.uit + anders.uitslag.fout
    assert SLEUTEL not in scherm
    assert not [n for n in nummers if n in scherm]


def test_een_verversing_ruimt_haar_rommel_op(basis):
    assert hulp.resten(basis.home) == []


def test_een_verversing_schrijft_alleen_in_de_thuismap(basis):
    assert sorted(p.name for p in basis.werkmap.iterdir()) == []
    assert sorted(p.name for p in basis.tijdelijk.iterdir()) == []


# --- the same again; in another home: test_gelijk.py -----------------------------------------------------------------


def test_nog_eens_verversen_leest_niets_opnieuw_en_geeft_hetzelfde(basis, leven):
    stap = leven.onveranderd
    assert stap.uitslag.code == hulp.KLAAR, stap.uitslag.tekst
    assert stap.release.name == f"{PERIODE}-r2"
    register = basis.home / "landing" / "register"
    assert stap.partijen == sorted(p.stem for p in register.glob("*.parquet"))
    assert ", 0 nieuw gelezen" in stap.uitslag.tekst
    assert hulp.cijfers(stap.release) == hulp.cijfers(huidige(basis.home))
