"""After corrections of leveringen only part of the country is made anew: beside the reference, which makes it all."""

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
from pipelines.release.build import maak_warehouse_af
from pipelines.release.manifest import grondslag
from pipelines.settings import DBT_PROJECT, Home, Settings

from . import correctie, indicatoren, landing, monitor, wereld
from .test_product import land, vergelijk, vergelijk_bevindingen

# a world with two groups of regions that no sum connects; WERELDEN=1,2,3 looks at others, of which most have only one
EIGEN = [int(seed) for seed in os.environ.get("WERELDEN", "").split(",") if seed]


@pytest.mark.parametrize("seed", EIGEN or [3])
def test_elke_cel_gelijk_na_correcties(tmp_path, seed, monkeypatch):
    monkeypatch.setattr(overname, "HOOGSTENS", 1)
    bronnen, home = tmp_path / "bronnen", Home(tmp_path / "huis")
    bronnen.mkdir()
    w = wereld.schrijf_wereld(bronnen, seed)
    stand, bevindingen = land(home, w)
    _bouw(home.bouw_warehouse, w, tmp_path)
    with duckdb.connect(home.bouw_warehouse) as con:  # a refresh has it by now
        con.execute("create schema kwaliteit")
    _vergelijk_alles(home, w)
    vergelijk_bevindingen(bevindingen, landing.lees(bronnen, w.periode, w.sleutel), w)
    release = _geef_uit(home, stand)

    van_kracht = set(stand.filter(pl.col("status") == "van_kracht")["bestand"])
    assert len(set(correctie.corrigeer(w, van_kracht, overal=bool(EIGEN)))) >= 4
    stand, _ = land(home, w)

    def aanloop(warehouse: Path, modellen: list[str]) -> None:
        _bouw(warehouse, w, tmp_path, "--select", *modellen, deels=True)

    deel = overname.bepaal(release, home, stand, grondslag(Settings(), stand), w.gestopt, aanloop)
    with duckdb.connect(home.bouw_warehouse) as con:
        overname.beperk(con, home, stand, deel)
    _bouw(home.bouw_warehouse, w, tmp_path, deels=True)
    overname.vul_aan(home, stand, w.gestopt, deel)
    with duckdb.connect(home.bouw_warehouse) as con:
        regios = con.execute(
            "select count(*) from (select distinct regio_niveau, regio_code from monitor.stand_stroom)"
        )
        assert EIGEN or 4 < deel.opnieuw.num_rows < regios.fetchone()[0] - 4
    _vergelijk_alles(home, w)


def _vergelijk_alles(home: Home, w: wereld.Wereld) -> None:
    gelezen = landing.lees(w.map, w.periode, w.sleutel)
    verwacht = monitor.bereken(gelezen, w.periode, w.gestopt)
    verwacht |= indicatoren.bereken_indicatoren(gelezen, w.periode, w.gestopt)
    with duckdb.connect(home.bouw_warehouse) as con:
        for tabel, cellen in verwacht.items():
            vergelijk(con, tabel, cellen)


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


def _geef_uit(home: Home, stand: pl.DataFrame) -> Path:
    """What was built as the release before, and an empty place to build."""
    release = home.releases / "r1"
    release.parent.mkdir()
    home.bouw_warehouse.parent.rename(release)
    maak_warehouse_af(release / "warehouse.duckdb")
    (release / "manifest.json").write_text(json.dumps(grondslag(Settings(), stand)), "utf-8")
    return release
