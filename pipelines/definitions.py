"""The only assembly: assets, checks, job, schedule and resources. The CLI and tests bring their own refresh."""

import dagster as dg

from pipelines.assets.leveringen import aankomst, leveringen, nieuwe_leveringen
from pipelines.assets.monitor import dbt_cli, maak_monitor
from pipelines.assets.poorten import maak_poort
from pipelines.assets.resources import PERIODEN, verversing_resource
from pipelines.assets.uitgifte import maak_uitgifte
from pipelines.periods import afgelopen
from pipelines.refresh import Verversing


def build_definitions(verversing: Verversing | None = None) -> dg.Definitions:
    """Everything Dagster runs; with ``verversing`` the job refreshes exactly that, else what settings and run say."""
    monitor = maak_monitor()
    # one process: the steps share the build directory and the lock on the home directory
    refresh = dg.define_asset_job(
        "refresh",
        selection=dg.AssetSelection.all(),
        partitions_def=PERIODEN,
        executor_def=dg.in_process_executor,
        description="Leveringen tot en met een verslagperiode inlezen, toetsen en uitgeven.",
    )

    @dg.schedule(job=refresh, cron_schedule="0 6 1 2,8 *", execution_timezone="Europe/Amsterdam")
    def halfjaarlijks(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        """Op 1 februari en 1 augustus: het halfjaar dat net voorbij is."""
        periode = str(afgelopen(context.scheduled_execution_time.date()))
        return dg.RunRequest(run_key=periode, partition_key=periode)

    return dg.Definitions(
        assets=[leveringen, monitor, *maak_uitgifte(monitor)],
        asset_checks=[maak_poort("leveringen", "leveringen"), maak_poort("monitor", "publicatie")],
        jobs=[refresh, aankomst],
        schedules=[halfjaarlijks],
        sensors=[nieuwe_leveringen],
        resources={"dbt": dbt_cli(), "verversing": verversing_resource(verversing)},
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The code location of workspace.yaml."""
    return build_definitions()
