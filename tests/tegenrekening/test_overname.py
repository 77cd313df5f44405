"""After corrections of leveringen only part of the country is made anew: the same as when all is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import overname
from pipelines.release import database
from pipelines.release.build import maak_warehouse_af
from pipelines.release.manifest import grondslag
from pipelines.settings import DBT_PROJECT, Home, Settings

from . import correctie, wereld
from .test_product import land, vergelijk_met_referentie

# a world with two groups of regions that no sum connects; WERELDEN=1,2,3 looks at others, of which most have only one
EIGEN = [int(seed) for seed in os.environ.get("WERELDEN", "").split(",") if seed]


@pytest.mark.parametrize("seed", EIGEN or [3])
def test_na_correcties_staat_er_wat_opnieuw_maken_geeft(tmp_path, seed, monkeypatch):
    monkeypatch.setattr(overname, "HOOGSTENS", 1)
    bronnen, home, opnieuw = tmp_path / "bronnen", Home(tmp_path / "huis"), Home(tmp_path / "opnieuw")
    bronnen.mkdir()
    w = wereld.schrijf_wereld(bronnen, seed)
    stand, bevindingen = land(home, w)
    _bouw(home.bouw_warehouse, w, tmp_path)
    vergelijk_met_referentie(home, w, bevindingen)
    release = _geef_uit(home, stand, w.periode)

    van_kracht = set(stand.filter(pl.col("status") == "van_kracht")["bestand"])
    assert len(set(correctie.corrigeer(w, van_kracht, overal=bool(EIGEN)))) >= 4
    stand, _ = land(home, w)

    def aanloop(warehouse: Path, modellen: list[str]) -> None:
        _bouw(warehouse, w, tmp_path, "--select", *modellen, deels=True)

    gecorrigeerd = overname.correcties(release, w.periode, grondslag(Settings(), stand))
    deel = overname.bepaal(release, home, stand, gecorrigeerd, w.gestopt, aanloop)
    with duckdb.connect(home.bouw_warehouse) as con:
        overname.beperk(con, home, stand, deel)
    _bouw(home.bouw_warehouse, w, tmp_path, deels=True)
    overname.vul_aan(home, stand, deel)

    land(opnieuw, w)
    _bouw(opnieuw.bouw_warehouse, w, tmp_path)
    gekregen, verwacht = (_tabellen(h.bouw_warehouse) for h in (home, opnieuw))
    assert {t for t in verwacht if verwacht[t] != gekregen.get(t)} == set()
    assert gekregen.keys() == verwacht.keys()
    with duckdb.connect(home.bouw_warehouse) as con:
        regios = con.execute("select count(distinct (regio_niveau, regio_code)) from monitor.stand_stroom").fetchone()
    assert EIGEN or 4 < deel.opnieuw.num_rows < regios[0] - 4


def _tabellen(warehouse: Path) -> dict[str, dict]:
    """Every table of dwh and monitor with its rows and checksum."""
    return {t: w for t, w in database.controlegetallen(warehouse).items() if t.split(".")[0] in ("dwh", "monitor")}


def _bouw(warehouse: Path, w: wereld.Wereld, map_: Path, *opties: str, deels: bool = False) -> None:
    """In a process of its own: dbt keeps a database open for as long as its process lives."""
    gegeven = {"periode": w.periode, "warehouse": str(warehouse), "deels": deels}
    zonder = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
    uitkomst = subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "--quiet", "build", *zonder, *opties),
            *("--vars", json.dumps(gegeven), "--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT),
            *("--target-path", map_ / "target", "--log-path", map_ / "log"),
        ],
        capture_output=True,
        text=True,
    )
    assert uitkomst.returncode == 0, uitkomst.stdout


def _geef_uit(home: Home, stand: pl.DataFrame, periode: str) -> Path:
    """What was built as the release before, and an empty place to build."""
    release = home.releases / "r1"
    release.parent.mkdir()
    with duckdb.connect(home.bouw_warehouse) as con:  # of what the publication keeps
        sommen = database.sommen(con, "warehouse.monitor", database.tabellen_van(con, "warehouse.monitor"))
        con.execute(f"create schema if not exists kwaliteit; create table {database.ONTHOUDEN}som as {sommen}")
    home.bouw_warehouse.parent.rename(release)
    maak_warehouse_af(release / "warehouse.duckdb")
    (release / "manifest.json").write_text(json.dumps(grondslag(Settings(), stand) | {"periode": periode}), "utf-8")
    return release
