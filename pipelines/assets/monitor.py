"""The dbt models as assets, dbt's tests as asset checks."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets

from pipelines.assets.resources import PERIODEN
from pipelines.refresh import Verversing
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


def dbt_cli() -> DbtCliResource:
    """dbt of this very environment, also when it is not on the PATH."""
    uitvoerbaar = Path(sys.executable).with_name("dbt")
    return DbtCliResource(project_dir=str(DBT_PROJECT), profiles_dir=str(DBT_PROJECT), dbt_executable=str(uitvoerbaar))


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
        # the unit tests of the models belong to the test suite, not to a refresh
        opdracht = ["build", "--exclude-resource-type", "unit_test", "--vars", json.dumps(verversing.dbt_vars)]
        aanroep = dbt.cli(opdracht, context=context, target_path=verversing.home.bouw / "dbt", raise_on_error=True)
        yield from aanroep.stream()
        verversing.meld("modellen gebouwd en getoetst")

    return monitor
