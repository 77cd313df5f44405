"""dbt's unit tests of the models: the cases are beside the models, in *_unit_tests.yml."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.landing import offered, store
from pipelines.periods import Halfjaar
from pipelines.settings import DBT_PROJECT, Home

PERIODE = "2024H1"


def dbt(opdracht: str, *opties: str, map_: Path, warehouse: Path) -> subprocess.CompletedProcess[str]:
    """Run dbt with everything it writes inside ``map_``."""
    return subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "--quiet", "--no-use-colors", opdracht, *opties),
            *("--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT),
            *("--target-path", map_ / "target", "--log-path", map_ / "log"),
            *("--vars", json.dumps({"periode": PERIODE, "warehouse": str(warehouse)})),
        ],
        capture_output=True,
        text=True,
    )


@pytest.fixture
def leeg_warehouse(tmp_path: Path) -> Path:
    """A warehouse without leveringen, in which every model is there without rows: dbt takes the columns from it."""
    (tmp_path / "leveringen").mkdir()
    home = Home(tmp_path / "home")
    aanbod = offered.aanbod(tmp_path / "leveringen")
    home.bouw_warehouse.parent.mkdir(parents=True)
    with duckdb.connect(home.bouw_warehouse) as con:
        store.open_landing(con, home, store.stand(aanbod, home, Halfjaar.van(PERIODE), {"*": 0.05}), {})
    zonder_tests = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
    bouw = dbt("build", *zonder_tests, map_=tmp_path, warehouse=home.bouw_warehouse)
    assert bouw.returncode == 0, bouw.stdout
    with duckdb.connect(home.bouw_warehouse) as con:  # what is only there for part of the country
        con.execute("create table landing.betrokken as select persoon from dwh.fct_traject limit 0")
        con.execute("create table landing.opnieuw as select regio_niveau, regio_code from dwh.dim_regio limit 0")
        con.execute("create table landing.elders_step_paar as from dwh.fct_step_paar limit 0")
        con.execute("create table landing.elders_vergelijking as from monitor.vergelijking limit 0")
    return home.bouw_warehouse


def test_alle_unit_tests_van_dbt_slagen(leeg_warehouse: Path, tmp_path: Path) -> None:
    geschreven = {
        f"{test['model']}.{test['name']}"
        for bestand in (DBT_PROJECT / "models").rglob("*.yml")
        for test in yaml.safe_load(bestand.read_text(encoding="utf-8")).get("unit_tests", [])
    }
    assert len(geschreven) >= 100

    run = dbt("test", "--select", "test_type:unit", map_=tmp_path, warehouse=leeg_warehouse)
    assert run.returncode == 0, run.stdout

    uitkomst = json.loads((tmp_path / "target" / "run_results.json").read_text())
    geslaagd = {r["unique_id"].split(".", 2)[2] for r in uitkomst["results"] if r["status"] == "pass"}
    assert geslaagd == geschreven
