"""The landing as an asset, and the sensor that lands on arrival."""

import hashlib
import json

import dagster as dg
import duckdb
import polars as pl

from pipelines import intake
from pipelines.assets.resources import PERIODEN
from pipelines.landing import offered
from pipelines.quality import feedback
from pipelines.refresh import Verversing
from pipelines.release.database import OPSLAG
from pipelines.settings import GebruikersFout, Settings


@dg.asset(partitions_def=PERIODEN, group_name="landing", kinds={"polars", "duckdb"})
def leveringen(verversing: dg.ResourceParam[Verversing]) -> dg.MaterializeResult:
    """Leveringen van kracht tot en met de verslagperiode, met terugkoppeling aan elke leverancier."""
    v = verversing
    v.begonnen = True
    ontvangen = _land(v)
    v.leveringen = ontvangen.leveringen
    v.meld(ontvangen.in_woorden())
    actueel = ontvangen.van_kracht.filter((pl.col("feed") == "jeugdhulp") & (pl.col("periode") == str(v.periode)))
    if actueel.is_empty():
        raise GebruikersFout(
            f"Voor {v.periode} is geen enkele levering jeugdhulp van kracht. Controleer de periode en de map met "
            f"leveringen; wat er mis is met geweigerde bestanden staat in {v.home.feedback}."
        )
    return dg.MaterializeResult(
        metadata={
            "aangeboden": ontvangen.leveringen.height,
            "gelezen": ontvangen.gelezen,
            "van_kracht": ontvangen.van_kracht.height,
        }
    )


def _land(v: Verversing) -> intake.Ontvangen:
    """Land into the warehouse that this refresh builds."""
    aanbod = intake.aanbod(v.settings, v.sleutel)
    v.home.bouw_warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(v.home.bouw_warehouse), config=OPSLAG) as con:  # it keeps its format
        ontvangen = intake.ontvang(con, aanbod, v.settings, v.sleutel, v.periode, v.max_afkeur, v.drempels)
        feedback.bewaar(con, ontvangen.bevindingen)
    return ontvangen


@dg.op
def neem_in(verversing: dg.ResourceParam[Verversing]) -> None:
    """Land new files and write the feedback; no figures are made."""
    v = verversing
    aanbod = intake.aanbod(v.settings, v.sleutel)
    with duckdb.connect() as con:
        v.meld(intake.ontvang(con, aanbod, v.settings, v.sleutel, v.periode, v.max_afkeur, v.drempels).in_woorden())


@dg.job(
    executor_def=dg.in_process_executor, description="Nieuwe leveringen inlezen en terugkoppelen, zonder verversing."
)
def aankomst() -> None:
    """Land what arrived."""
    neem_in()


@dg.sensor(job=aankomst, minimum_interval_seconds=60)
def nieuwe_leveringen(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ziet nieuwe bestanden in de map met leveringen, op inhoud, en laat ze inlezen zodra ze heel zijn."""
    return kijk(Settings(), context.cursor)


def kijk(settings: Settings, cursor: str | None) -> dg.SensorResult | dg.SkipReason:
    """Compare the files with what earlier ticks saw: a file whose content is the same at two ticks in a row is whole.

    The cursor holds the checksums seen at the last tick (of names too: they may say more than they should) and the
    state that was last landed.
    """
    if not settings.sources.is_dir():
        return dg.SkipReason(f"De map {settings.sources} is er niet.")
    aanbod = offered.aanbod(settings.sources)
    vorige = json.loads(cursor) if cursor else {"gezien": {}, "geland": ""}
    gezien = {hashlib.sha256(pad.encode()).hexdigest(): som for pad, som in aanbod.select("pad", "sha256").rows()}
    stand = hashlib.sha256(json.dumps(gezien, sort_keys=True).encode()).hexdigest()
    heel = gezien == vorige["gezien"]
    nieuw = json.dumps({"gezien": gezien, "geland": stand if heel else vorige["geland"]})
    if not gezien or not heel or stand == vorige["geland"]:
        reden = "Er is niets nieuws." if heel else "Er komen bestanden binnen; wacht tot ze heel zijn."
        return dg.SensorResult(skip_reason=reden, cursor=nieuw)
    perioden = aanbod.filter(pl.col("code").is_null() & pl.col("periode").str.contains("H"))["periode"]
    periode = perioden.max() or PERIODEN.get_last_partition_key()
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=stand, tags={"dagster/partition": periode})], cursor=nieuw
    )
