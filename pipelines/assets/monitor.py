"""The dbt models as assets, dbt's tests as asset checks."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.compat import DBT_PYTHON_VERSION

from pipelines import overname as overname_
from pipelines.assets.resources import PERIODEN
from pipelines.refresh import Verversing
from pipelines.release import manifest as manifest_
from pipelines.release.database import geheugen
from pipelines.settings import DBT_PROJECT, PROJECT


class Vertaler(DagsterDbtTranslator):
    """Every source table is the asset ``leveringen``; models are grouped by their layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Key of a model; of a source: what makes it."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey("leveringen")
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: the folder of the model."""
        return dbt_resource_props["fqn"][1] if dbt_resource_props["resource_type"] == "model" else "codelijsten"


class Dbt(DbtCliResource):
    """dbt without what Dagster asks beside the models: seconds of every refresh, for what nothing here looks at."""

    @property
    def _cli_version(self) -> Any:
        """Of the library: ``dbt --version`` starts a process, which asks PyPI for the latest one as well."""
        return DBT_PYTHON_VERSION

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
        """No connection to look at the columns of a model: they are described in its yml."""


def dbt_cli() -> Dbt:
    """dbt of this very environment, also when it is not on the PATH."""
    uitvoerbaar = Path(sys.executable).with_name("dbt")
    return Dbt(project_dir=str(DBT_PROJECT), profiles_dir=str(DBT_PROJECT), dbt_executable=str(uitvoerbaar))


def manifest() -> Path:
    """dbt's manifest.json, made anew when a model, seed or setting is newer: parsed once, not at every start."""
    pad = DBT_PROJECT / "target" / "manifest.json"
    bronnen = [p for m in ("models", "macros", "tests") for p in (DBT_PROJECT / m).rglob("*") if p.is_file()]
    bronnen += [*DBT_PROJECT.glob("*.yml"), *(PROJECT / "sources" / "codes").glob("*.csv")]
    if not pad.exists() or pad.stat().st_mtime < max(p.stat().st_mtime for p in bronnen):
        pad.parent.mkdir(parents=True, exist_ok=True)
        # beside, then in place: another process may be reading it
        with tempfile.TemporaryDirectory(dir=pad.parent) as tijdelijk:
            dbt_cli().cli(["--quiet", "parse"], manifest={}, target_path=Path(tijdelijk)).wait()
            for naam in ("partial_parse.msgpack", pad.name):
                (Path(tijdelijk) / naam).replace(pad.with_name(naam))
    return pad


def maak_monitor() -> dg.AssetsDefinition:
    """The assets of the dbt project."""

    @dbt_assets(
        manifest=manifest(),
        project=DbtProject(DBT_PROJECT, profiles_dir=DBT_PROJECT),
        partitions_def=PERIODEN,
        dagster_dbt_translator=Vertaler(settings=DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)),
    )
    def monitor(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, verversing: dg.ResourceParam[Verversing]
    ) -> Iterator[Any]:
        v = verversing
        overname = neem_over(v, dbt)
        # the unit tests of the models belong to the test suite, not to a refresh
        opdracht = ["build", "--exclude-resource-type", "unit_test", *_vars(v, v.home.bouw_warehouse, bool(overname))]
        aanroep = dbt.cli(opdracht, context=context, target_path=v.home.bouw / "dbt", raise_on_error=True)
        yield from aanroep.stream()
        v.meld("modellen gebouwd en getoetst")
        if overname:
            overname_.vul_aan(v.home, v.leveringen, overname)
            v.meld(f"aangevuld uit {overname.release.name}")

    return monitor


def neem_over(v: Verversing, dbt: DbtCliResource) -> overname_.Overname | None:
    """When all but a part of the country can be taken over from the release before: have the models see that part only."""
    grondslag = manifest_.grondslag(v.settings, v.leveringen)
    gecorrigeerd = overname_.correcties(v.vorige, str(v.periode), grondslag) if v.vorige else None
    if gecorrigeerd is None:
        return None

    def bouw(warehouse: Path, modellen: list[str]) -> None:
        zonder = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
        opdracht = ["--quiet", "build", *zonder, "--select", " ".join(modellen), *_vars(v, warehouse, True)]
        dbt.cli(opdracht, manifest=manifest(), target_path=v.home.bouw / "dbt_aanloop", raise_on_error=True).wait()

    overname = overname_.bepaal(v.vorige, v.home, v.leveringen, gecorrigeerd, v.settings.gestopt, bouw)
    if overname:
        with duckdb.connect(str(v.home.bouw_warehouse), config=geheugen(v.vorige / "warehouse.duckdb")) as con:
            overname_.beperk(con, v.home, v.leveringen, overname)
    v.meld(overname.in_woorden if overname else "alle cijfers worden opnieuw gemaakt")
    return overname


def _vars(v: Verversing, warehouse: Path, deels: bool) -> list[str]:
    return ["--vars", json.dumps({**v.dbt_vars, "warehouse": str(warehouse), "deels": deels})]
