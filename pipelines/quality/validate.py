"""Checking one file before it is sent: the rules and messages of the landing, nothing kept (spec 04, Feedback)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.landing import offered, rules, store
from pipelines.quality import feedback, poorten
from pipelines.quality.regels import drempel_voor
from pipelines.settings import GebruikersFout, Settings

MAX_RIJEN = 50
NIET_BEOORDEELD = {
    "A12": "of een meting bij een geleverd jeugdhulprecord hoort",
    "S04": "of records uit uw vorige levering zijn verdwenen",
    "S05": "of een overdracht aansluit op de levering van de andere GI",
}


@dataclass(frozen=True)
class Uitslag:
    """What would happen to the file: its findings (columns of bevindingen.csv) and whether it would be refused whole."""

    bestand: str
    rijen: int
    afkeur: int
    geweigerd: str | None
    bevindingen: pl.DataFrame

    @property
    def in_orde(self) -> bool:
        """Every row would count."""
        return self.geweigerd is None and self.afkeur == 0


def controleer(pad: Path, settings: Settings) -> Uitslag:
    """Judge one file; the same row rules, messages and threshold as a refresh. Reads only, needs no key."""
    aanbod = offered.bestand_van(pad)
    bestand, code, melding = aanbod.select("bestand", "code", "melding").row(0)
    if code is not None:
        return Uitslag(bestand, 0, 0, melding, _bevindingen(bestand, [(None, "", code, melding)]))
    uitkomst, onleesbaar, extra = store.lees_en_beoordeel(aanbod)
    if onleesbaar:
        _, melding, kolom = onleesbaar[0]
        regel = (1 if kolom else None, kolom or "", "A01", melding)
        return Uitslag(bestand, 0, 0, melding, _bevindingen(bestand, [regel]))
    try:
        drempel = drempel_voor(poorten.drempels(settings.drempels), "L1_afkeur", aanbod["feed"][0])
    except (ValueError, FileNotFoundError) as fout:
        raise GebruikersFout(str(fout)) from fout
    telling = store.telling(uitkomst, pl.concat([uitkomst.bevindingen, extra]))
    rijen, afkeur = telling.select("rijen", "afkeur").row(0) if telling.height else (0, 0)
    geweigerd = None
    if afkeur > drempel * rijen:
        geweigerd = f"{afkeur} van de {rijen} rijen zijn afgekeurd, meer dan {100 * drempel:g} %"
    per_rij = pl.concat([extra, uitkomst.bevindingen]).select("rij", "kolom", "code", "melding").rows()
    return Uitslag(bestand, rijen, afkeur, geweigerd, _bevindingen(bestand, per_rij))


def _bevindingen(bestand: str, regels: list[tuple]) -> pl.DataFrame:
    schema = {"rij": pl.UInt32, "kolom": pl.String, "code": pl.String, "melding": pl.String}
    return (
        pl.DataFrame(regels, schema=schema, orient="row")
        .with_columns(bestand=pl.lit(bestand), ernst=rules.ernst(pl.col("code")))
        .select(feedback.KOLOMMEN)
        .sort("rij", "code", nulls_last=False)
    )


def toon(scherm: Console, uitslag: Uitslag) -> None:
    """Print the outcome in Dutch: the verdict, counts per rule, the first rows, and what could not be judged."""
    bestand = escape(uitslag.bestand)
    if uitslag.geweigerd:
        scherm.print(f"[bold red]{bestand}: deze levering zou worden geweigerd.[/bold red]")
        scherm.print(f"  {uitslag.geweigerd}", markup=False)
    elif uitslag.afkeur:
        scherm.print(
            f"[bold yellow]{bestand}: de levering zou worden aangenomen, maar {uitslag.afkeur} van de "
            f"{uitslag.rijen} rijen tellen niet mee.[/bold yellow]"
        )
    else:
        scherm.print(f"[bold green]{bestand}: in orde, alle {uitslag.rijen} rijen tellen mee.[/bold green]")
    gevonden = uitslag.bevindingen
    if gevonden.height:
        per_regel = gevonden.group_by("code", "ernst").agg(pl.len().alias("n")).sort("code")
        scherm.print("  ".join(f"{code} ({ernst}): {n}" for code, ernst, n in per_regel.rows()))
        tabel = Table("rij", "kolom", "code", "ernst", "melding")
        for _, rij, kolom, code, ernst, melding in gevonden.head(MAX_RIJEN).rows():
            tabel.add_row("" if rij is None else str(rij), escape(kolom), code, ernst, escape(melding))
        scherm.print(tabel)
    if gevonden.height > MAX_RIJEN:
        scherm.print(f"en nog {gevonden.height - MAX_RIJEN}; alle bevindingen: voeg --csv toe")
    niet = "; ".join(f"{wat} ({code})" for code, wat in NIET_BEOORDEELD.items())
    scherm.print(f"Niet te beoordelen aan een enkel bestand: {niet}.")
