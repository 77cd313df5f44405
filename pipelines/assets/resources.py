"""Partitions and the resource of a refresh: one home directory, one refresh at a time."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from pipelines import notify
from pipelines.periods import Halfjaar
from pipelines.quality import outcomes
from pipelines.refresh import Verversing
from pipelines.release import switch, toegang
from pipelines.settings import Settings

# Wide enough for history from before the Jeugdwet, and far enough ahead that nothing has to read the clock.
PERIODEN = dg.StaticPartitionsDefinition([f"{jaar}H{helft}" for jaar in range(2000, 2051) for helft in (1, 2)])


def verversing_resource(gegeven: Verversing | None) -> dg.ResourceDefinition:
    """The resource ``verversing``: the given one (CLI, tests), else one made from settings and the run's partition.

    It holds the lock on the home directory for as long as the run lasts and clears what a killed refresh left.
    """

    @dg.resource(
        config_schema={
            "overrides": dg.Field(
                dg.Permissive(), default_value={}, description="Opgeheven blokkades: {regel: reden}, voor een keer"
            )
        }
    )
    def verversing(init: dg.InitResourceContext) -> Iterator[Verversing]:
        deze = gegeven or Verversing(
            Settings(), Halfjaar.van(init.run.tags["dagster/partition"]), dict(init.resource_config["overrides"])
        )
        with switch.alleen(deze.home), toegang.besloten(deze.home):
            switch.ruim_op(deze.home)
            # only now: another refresh may have taken the name in the meantime
            deze.refresh = outcomes.nieuwe_refresh(deze.home.wortel, str(deze.periode))
            try:
                yield deze
            finally:
                switch.ruim_op(deze.home)
                if deze.begonnen:
                    notify.meld(deze)

    return verversing
