"""What happens to offered files, at a refresh and on arrival: landed, judged, and told back to who delivered."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.landing import across, offered, persons, store
from pipelines.periods import Halfjaar
from pipelines.quality import feedback
from pipelines.settings import GebruikersFout, Home, Settings


@dataclass(frozen=True)
class Ontvangen:
    """The state of every offered file (see landing.store.stand), the findings, and how many files were new."""

    leveringen: pl.DataFrame
    bevindingen: pl.DataFrame
    gelezen: int

    @property
    def van_kracht(self) -> pl.DataFrame:
        """The leveringen in force."""
        return self.leveringen.filter(pl.col("status") == "van_kracht")

    def in_woorden(self) -> str:
        """One line for whoever watches."""
        geweigerd = self.leveringen.filter(pl.col("status") == "geweigerd").height
        rijen, afkeur = self.van_kracht["rijen"].sum(), self.van_kracht["afkeur"].sum()
        return (
            f"{self.leveringen.height} bestanden aangeboden, {self.gelezen} nieuw gelezen, {self.van_kracht.height} "
            f"van kracht, {geweigerd} geweigerd; {rijen} rijen, {afkeur} afgekeurd"
        )


def aanbod(settings: Settings, sleutel: bytes) -> pl.DataFrame:
    """What is offered (see landing.offered), once it is sure that it may be landed in this home directory.

    Raises GebruikersFout when there is nothing to read or the key is another one; nothing is written then.
    """
    if not settings.sources.is_dir():
        raise GebruikersFout(f"De map met leveringen {settings.sources} is er niet. Geef het juiste pad op.")
    gevonden = offered.aanbod(settings.sources)
    if gevonden.is_empty():
        raise GebruikersFout(
            f"In {settings.sources} staan geen leveringen. Zet de bestanden erin of geef een andere map."
        )
    persons.bewaak_sleutel(settings.paden.sleutelcontrole, sleutel)
    return gevonden


def ontvang(
    con: duckdb.DuckDBPyConnection,
    gevonden: pl.DataFrame,
    settings: Settings,
    sleutel: bytes,
    periode: Halfjaar,
    max_afkeur: dict[str, float],
    drempels: dict[str, float],
) -> Ontvangen:
    """Land what is offered, make schema ``landing`` in ``con`` for a refresh of ``periode``, and write the feedback."""
    home: Home = settings.paden
    gelezen = store.land(gevonden, home, sleutel)
    leveringen = store.stand(gevonden, home, periode, max_afkeur)
    store.open_landing(con, home, leveringen, settings.gestopt)
    bevindingen = feedback.samen(store.bevindingen(home, leveringen), across.bevindingen(con))
    feedback.schrijf(bevindingen, leveringen, home.feedback, drempels)
    return Ontvangen(leveringen, bevindingen, gelezen)
