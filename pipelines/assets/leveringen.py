"""Assets of the landing: what was offered becomes rows in force, with feedback to who delivered."""

import dagster as dg
import duckdb
import polars as pl

from pipelines.assets.resources import PERIODEN
from pipelines.landing import across, offered, persons, store
from pipelines.quality import feedback
from pipelines.refresh import Verversing
from pipelines.settings import GebruikersFout


@dg.asset(partitions_def=PERIODEN, group_name="landing", kinds={"polars", "duckdb"})
def leveringen(context: dg.AssetExecutionContext, verversing: dg.ResourceParam[Verversing]) -> dg.MaterializeResult:
    """Leveringen van kracht tot en met de verslagperiode, met terugkoppeling aan elke leverancier."""
    v = verversing
    if not v.settings.sources.is_dir():
        raise GebruikersFout(f"De map met leveringen {v.settings.sources} is er niet. Geef het juiste pad op.")
    aanbod = offered.aanbod(v.settings.sources)
    if aanbod.is_empty():
        raise GebruikersFout(
            f"In {v.settings.sources} staan geen leveringen. Zet de bestanden erin of geef een andere map op."
        )
    persons.bewaak_sleutel(v.home.sleutelcontrole, v.sleutel)
    gelezen = store.land(aanbod, v.home, v.sleutel)
    v.leveringen = store.stand(aanbod, v.home, v.periode, v.max_afkeur)
    v.home.bouw_warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(v.home.bouw_warehouse)) as con:
        store.open_landing(con, v.home, v.leveringen, v.settings.gestopt)
        over_leveringen = across.bevindingen(con)
        v.bevindingen = feedback.samen(store.bevindingen(v.home, v.leveringen), over_leveringen)
        feedback.bewaar(con, v.bevindingen)
    feedback.schrijf(v.bevindingen, v.leveringen, v.home.feedback)
    van_kracht = v.leveringen.filter(pl.col("status") == "van_kracht")
    geweigerd = v.leveringen.filter(pl.col("status") == "geweigerd").height
    v.meld(
        f"{aanbod.height} bestanden aangeboden, {gelezen} nieuw gelezen, {van_kracht.height} van kracht, "
        f"{geweigerd} geweigerd; {van_kracht['rijen'].sum()} rijen, {van_kracht['afkeur'].sum()} afgekeurd"
    )
    if van_kracht.filter((pl.col("feed") == "jeugdhulp") & (pl.col("periode") == str(v.periode))).is_empty():
        raise GebruikersFout(
            f"Voor {v.periode} is geen enkele levering jeugdhulp van kracht. Controleer --period en de map met leveringen; "
            f"wat er mis is met geweigerde bestanden staat in {v.home.feedback}."
        )
    return dg.MaterializeResult(
        metadata={
            "aangeboden": aanbod.height,
            "gelezen": gelezen,
            "van_kracht": van_kracht.height,
            "geweigerd": geweigerd,
        }
    )
