"""What factsheet and dashboard both read from a release, and how both say that a figure is not there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.periods import Halfjaar

# in the order in which they are shown; the code list has their names, and another order
MATEN = ("jeugdhulp", "gespecialiseerd", "jeugdhulp_verblijf", "jeugdbescherming", "jeugdreclassering", "jeugdzorg")
# of each indicator the figure that says most
KERNMATEN = (
    ("1", "deels_of_geheel", "totaal"),
    ("2", "rapportcijfer_jeugdige", "totaal"),
    ("2", "rapportcijfer_ouder", "totaal"),
    ("3", "reden", "1.1"),
    ("4", "verschil", "fj"),
    ("4", "verschil", "ko"),
    ("5", "soort", "herhaald_beroep"),
    ("6", "geen_vervolg", "totaal"),
    ("7", "niet_meer_nodig", "totaal"),
    ("8", "uitblijven", "totaal"),
    ("9", "niet_meer_mogelijk", "totaal"),
    ("10", "recidive", "totaal"),
    ("U", "uitval", "totaal"),
    ("U", "geen_nieuwe_start", "totaal"),
)

# a figure that is not there: a mark that fits in a cell
TEKENS = {"onderdrukt": "×", "onvolledig": "…", "niet_van_toepassing": "–", "geen_levering": "×", "waarde": "–"}
LEGENDA = {
    "×": "verborgen: te klein, of een klein aantal zou eruit af te leiden zijn",
    "…": "nog niet bekend: de uitkomst komt in een later halfjaar",
    "–": "niet gemeten",
}
AFWIJKING = {
    "binnen": "geen verschil",
    "boven_95": "mogelijk hoger",
    "onder_95": "mogelijk lager",
    "boven_998": "duidelijk hoger",
    "onder_998": "duidelijk lager",
    "lage_respons": "te weinig gemeten",
}


@dataclass(frozen=True)
class Publicatie:
    """A read-only connection to the publication of a release, with its last half-year."""

    con: duckdb.DuckDBPyConnection
    perioden: list[str]

    @property
    def nu(self) -> str:
        """The last half-year."""
        return self.perioden[-1]

    @property
    def jaar_eerder(self) -> str:
        """The same half, a year earlier."""
        return str(Halfjaar.van(self.nu).plus(-2))

    def rijen(self, vraag: str, *waarden: object) -> list[tuple]:
        """The rows of a query."""
        return self.con.execute(vraag, list(waarden)).fetchall()

    @property
    def bladen(self) -> dict[str, tuple[str, str]]:
        """Per provincie the file of its dashboard and its name; the only one, known or not, is the first page itself."""
        provincies = self.rijen(
            """select r.regio_code, r.regio_naam from monitor.dim_regio as r
               join monitor.dim_periode as d on r.jaar = d.jaar and d.verslagperiode = ?
               where r.regio_niveau = 'provincie' and r.regio_code <> 'onbekend' order by r.regio_naam, 1""",
            self.nu,
        )
        if len(provincies) < 2:
            return {code: ("index.html", naam) for code, naam in provincies or [("onbekend", "")]}
        return {code: (f"{code}.html", naam) for code, naam in provincies}

    def close(self) -> None:
        """Close the connection."""
        self.con.close()

    def namen(self, codelijst: str) -> dict[str, str]:
        """Names by code, in order of the codes."""
        return dict(self.rijen(f"select code, naam from monitor.code_{codelijst} order by 1"))


def open_publicatie(release: Path) -> Publicatie:
    """Open publicatie.duckdb of a (finished or half-built) release; the caller closes ``con``."""
    con = duckdb.connect(str(release / "publicatie.duckdb"), read_only=True)
    halfjaren = "select verslagperiode from monitor.dim_periode where soort_periode = 'halfjaar' order by 1"
    return Publicatie(con, [p for (p,) in con.execute(halfjaren).fetchall()])


def herzien(release: Path) -> set[tuple[str, str, str]]:
    """Table, verslagperiode and region of what the last release said otherwise; empty for a first release."""
    bestand = release / "revisie" / "revisie.csv"
    if not bestand.is_file():
        return set()
    regels = pl.scan_csv(bestand, infer_schema=False).select("tabel", "verslagperiode", "regio_code")
    return set(regels.unique().collect(engine="streaming").iter_rows())
