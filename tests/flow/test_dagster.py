"""The same steps in Dagster: definitions, partitions, schedule and blocking checks. That they give the same release is
tested in test_verversing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
import yaml

from pipelines.assets.monitor import Dbt
from pipelines.definitions import build_definitions
from pipelines.quality.regels import regels
from pipelines.settings import DBT_PROJECT

WORTEL = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def definities() -> dg.Definitions:
    return build_definitions()


def test_workspace_laadt_de_definities():
    (bron,) = yaml.safe_load((WORTEL / "workspace.yaml").read_text("utf-8"))["load_from"]
    assert bron == {"python_module": "pipelines.definitions"}
    from pipelines import definitions

    geladen = definitions.defs()
    dg.Definitions.validate_loadable(geladen)


def test_dbt_wordt_alleen_gestart_voor_wat_gevraagd_is(tmp_path):
    """Not for its version, for which it asks PyPI; nor does Dagster keep a connection."""
    dbt = tmp_path / "dbt"
    dbt.write_text('#!/bin/sh\necho "$*" >> "$0.gestart"\n', "utf-8")
    dbt.chmod(0o755)
    hier = Dbt(project_dir=str(DBT_PROJECT), profiles_dir=str(DBT_PROJECT), dbt_executable=str(dbt))
    aanroep = hier.cli(["build"], manifest={}, target_path=tmp_path / "doel").wait()
    assert (tmp_path / "dbt.gestart").read_text("utf-8") == "build\n"
    assert aanroep.adapter is None


def test_job_heeft_verslagperioden_en_alle_stappen(definities):
    job = definities.resolve_job_def("refresh")
    perioden = job.partitions_def.get_partition_keys()
    assert perioden[0] == "2000H1"
    assert {"2024H1", "2024H2"} <= set(perioden)
    assert perioden == sorted(perioden)
    assets = {sleutel.to_user_string().split("/")[-1] for sleutel in job.asset_layer.selected_asset_keys}
    assert {
        "leveringen",
        "fct_traject",
        "stand_stroom",
        "percentage_in_zorg",
        "duur",
        "publicatie",
        "release",
    } <= assets


@pytest.mark.parametrize(("tik", "periode"), [((2025, 2, 1), "2024H2"), ((2025, 8, 1), "2025H1")])
def test_rooster_vraagt_het_halfjaar_dat_voorbij_is(definities, tik, periode):
    (rooster,) = definities.schedules
    assert rooster.execution_timezone == "Europe/Amsterdam"
    moment = datetime(*tik, 6, tzinfo=ZoneInfo("Europe/Amsterdam"))
    context = dg.build_schedule_context(scheduled_execution_time=moment, repository_def=definities.get_repository_def())
    (verzoek,) = rooster.evaluate_tick(context).run_requests
    assert verzoek.partition_key == periode
    assert verzoek.tags["dagster/partition"] == periode


def test_rooster_tikt_twee_keer_per_jaar(definities):
    from dagster._utils.schedules import cron_string_iterator

    (rooster,) = definities.schedules
    begin = datetime(2025, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp()
    tikken = cron_string_iterator(begin, rooster.cron_schedule, rooster.execution_timezone)
    assert [(t.month, t.day) for t, _ in zip(tikken, range(4), strict=False)] == [(2, 1), (8, 1), (2, 1), (8, 1)]


@pytest.mark.parametrize(("poort", "asset"), [("leveringen", "leveringen"), ("monitor", "publicatie")])
def test_poorten_zijn_blokkerende_controles(definities, poort, asset):
    """Every rule is a check on what it judges, and blocking: what comes after does not run when it fails."""
    specs = {
        spec.name: spec
        for controle in definities.asset_checks
        for spec in controle.check_specs
        if spec.asset_key == dg.AssetKey(asset)
    }
    assert {r.id for r in regels(poort)} <= specs.keys()
    assert all(specs[r.id].blocking for r in regels(poort))


def test_wat_na_een_poort_komt_hangt_ervan_af(definities):
    """dbt waits for the leveringen and their poort, the release for the publication and its poort."""
    graaf = definities.resolve_asset_graph()
    per_naam = {k.to_user_string().split("/")[-1]: k for k in graaf.get_all_asset_keys()}
    assert per_naam["leveringen"] in graaf.get(per_naam["stg_jeugdhulp"]).parent_keys
    assert per_naam["publicatie"] in graaf.get(per_naam["release"]).parent_keys
    assert per_naam["stand_stroom"] in graaf.get(per_naam["publicatie"]).parent_keys
