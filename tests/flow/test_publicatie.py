"""publicatie/ of a release: the files say what the tables say, and the descriptions are right about both."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import duckdb
import pytest
from frictionless import Package, validate

from pipelines.assets.monitor import manifest
from pipelines.publish import postgres
from pipelines.release import beschrijving, bestanden
from pipelines.release.stelsel import per_deel

from .hulp import boom, huidige, onvermeld, vraag
from .hulp import manifest as release_manifest

DUCKDB = {
    "string": "varchar",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
}


@pytest.fixture(scope="module")
def release(basis) -> Path:
    return huidige(basis.home)


@pytest.fixture(scope="module")
def pakket(release) -> dict:
    return json.loads((release / "publicatie" / "datapackage.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def structuur() -> dict[str, beschrijving.Structuur]:
    return beschrijving.structuren(manifest())


def test_elke_som_van_de_onthullingscontrole_klopt_in_een_echte_monitor(release):
    """An equation that does not hold is left out, and what hangs on it is not guarded."""
    with duckdb.connect() as con:
        con.execute(f"attach '{release / 'warehouse.duckdb'}' as bron (read_only)")
        ((_, stelsel),) = per_deel(con, "bron.monitor", "bron.dwh", [None], lambda _, s: s)
    assert stelsel.aantal_con > 10_000
    assert stelsel.weggelaten == {}


def test_wat_over_alle_aanbieders_gaat_staat_bij_elkaar(release):
    """Of each verslagperiode it comes first: a question about regions need not read past it."""
    sql = """select max(rowid) filter (aanbieder = 'alle') < min(rowid) filter (aanbieder <> 'alle')
             from monitor.prestatie_indicatoren group by verslagperiode"""
    assert set(vraag(release, sql, "publicatie.duckdb")) == {(True,)}


def test_duckdb_vanaf_versie_1_3_kan_de_databases_lezen(release):
    """As the how-to's say; the version that writes them is newer."""
    sql = "select tags['storage_version'] from duckdb_databases() where path is not null"
    assert [vraag(release, sql, f"{naam}.duckdb") for naam in ("warehouse", "publicatie")] == [[("v1.3.0+",)]] * 2


def test_elk_bestand_staat_in_het_manifest(release):
    assert onvermeld(release) == []
    assert "publicatie/datapackage.json" in release_manifest(release)["bestanden"]


def test_elk_type_van_een_release_kan_naar_postgresql(release):
    for laag in postgres.LAGEN:
        tabellen = postgres._tabellen(release, laag)
        assert {k.type for t in tabellen for k in t.kolommen} <= postgres.TYPEN.keys(), laag.naam
        assert tabellen and not any("onthouden" in t.naam for t in tabellen)


def test_datapackage_is_geldig(release, pakket):
    """Types, keys, references between tables and checksums, by the standard tool."""
    # the bytes of a large file would read as a BSN, one time in eleven
    assert all("bytes" not in bron for bron in pakket["resources"])
    verslag = validate(release / "publicatie" / "datapackage.json")
    assert verslag.valid, verslag.flatten(["taskPosition", "rowNumber", "type", "note"])[:20]


@pytest.mark.parametrize(
    "fout", [{"hash": "sha256:" + 64 * "0"}, {"schema": {"fields": [{"name": "code", "type": "date"}]}}]
)
def test_datapackage_valt_door_de_mand_als_het_niet_klopt(release, pakket, fout):
    """That the tool finds nothing means something: it opens the files and looks at them."""
    (resource,) = (r for r in pakket["resources"] if r["name"] == "code_hulpvorm")
    proef = Package.from_descriptor({"resources": [resource | fout]}, basepath=str(release / "publicatie"))
    assert not proef.validate().valid


def test_bestanden_zijn_de_tabellen(release, pakket):
    """CSV, read with the types that the description gives, and Parquet: row for row what the database has."""
    with duckdb.connect(str(release / "publicatie.duckdb"), read_only=True) as con:
        tabellen = {t for (t,) in con.execute("select table_name from duckdb_tables()").fetchall()}
        assert {r["name"] for r in pakket["resources"]} == tabellen
        for resource in pakket["resources"]:
            tabel, map_ = f"monitor.{resource['name']}", release / "publicatie"
            typen = {f["name"]: DUCKDB[f["type"]] for f in resource["schema"]["fields"]}
            verwacht = con.execute(f"select {', '.join(f'{k}::{t}' for k, t in typen.items())} from {tabel}").fetchall()
            csv = con.execute(
                f"from read_csv(?, columns = {typen}, header = true, auto_detect = false)",
                [str(map_ / resource["path"])],
            ).fetchall()
            parquet = con.execute("from read_parquet(?)", [str(map_ / resource["parquet"])]).fetchall()
            assert csv == verwacht == parquet, tabel


def test_dezelfde_tabellen_geven_dezelfde_bytes(release, structuur, tmp_path):
    for database in ("publicatie.duckdb", "warehouse.duckdb"):
        os.link(release / database, tmp_path / database)
    opnieuw = bestanden.schrijf(tmp_path, release.name, release.name[:6], structuur)
    # what is made to look at has its own test
    tabellen = {k: v for k, v in boom(release / "publicatie").items() if not k.startswith(("dashboard", "factsheets"))}
    assert boom(opnieuw) == tabellen


def test_alles_is_beschreven(release, structuur):
    for database, schema in (("publicatie", "monitor"), ("warehouse", "monitor"), ("warehouse", "dwh")):
        tabellen = beschrijving.tabellen(release / f"{database}.duckdb", schema, structuur)
        zonder = [t.naam for t in tabellen if not t.uitleg]
        zonder += [f"{t.naam}.{k.naam}" for t in tabellen for k in t.kolommen if not k.uitleg]
        assert (zonder, database, schema) == ([], database, schema)


def test_sleutels_en_koppelingen_kloppen(release, structuur):
    """What the dictionary promises of keys and joins holds in the warehouse."""
    assert beschrijving.uitgegeven(release) == structuur
    waar_staat = "select table_name, schema_name from duckdb_tables() where schema_name in ('dwh', 'monitor')"
    schema = dict(vraag(release, waar_staat))
    assert schema.keys() == structuur.keys()
    for tabel, s in structuur.items():
        van = f"{schema[tabel]}.{tabel}"
        if s.sleutel:
            uniek = f"select count(*), count(distinct row({', '.join(s.sleutel)})) from {van}"
            aantal, verschillend = vraag(release, uniek)[0]
            assert aantal == verschillend, tabel
        for k in s.koppelingen:
            op = " and ".join(f"{tabel}.{hier} = {k.naar}.{daar}" for hier, daar in k.op.items())
            bekend = " and ".join(f"{tabel}.{hier} is not null" for hier in k.op)
            # a join by way of a period has to be found in one period at least
            waar = k.waar or "true"
            bron = f"{schema[k.naar]}.{k.naar}" + (", dwh.dim_periode" if "dim_periode." in waar else "")
            los = f"select count(*) from {van} where {bekend} and not exists (from {bron} where {op} and {waar})"
            assert not k.volledig or vraag(release, los) == [(0,)], (tabel, k)


def test_woordenboek(release, structuur):
    pagina = (release / "publicatie" / "gegevenswoordenboek.html").read_text("utf-8")
    verwijzingen = set(re.findall(r'href="([^"]+)"', pagina))
    plekken = re.findall(r'id="([^"]+)"', pagina)
    assert len(plekken) == len(set(plekken))
    assert {v[1:] for v in verwijzingen if v.startswith("#")} <= set(plekken)
    bestand = [v for v in verwijzingen if not v.startswith("#")]
    assert [v for v in bestand if not (release / "publicatie" / v).is_file()] == []
    assert re.findall(r"<script|<link|<img|src=|url\(|@import|https?://", pagina) == []
    for schema, database in (("monitor", "publicatie"), ("dwh", "warehouse")):
        for t in beschrijving.tabellen(release / f"{database}.duckdb", schema, structuur):
            if schema == "monitor" or not t.naam.startswith(("code_", "dim_periode", "dim_regio", "dim_indicator")):
                assert f'id="{schema}.{t.naam}"' in pagina
    for tekst in ("onderdrukt", "geen_levering", "niet_van_toepassing", "onvolledig", "herhaald beroep op hulp"):
        assert tekst in pagina
    assert "join dim_indicator_maat on stand_stroom" not in pagina
    assert "join fct_traject on fct_doel.traject_id = fct_traject.traject_id" in pagina
