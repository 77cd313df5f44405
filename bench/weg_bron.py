"""What both other ways (weg_pandas, weg_polars) start from: the question, the offered files, pseudonyms, the stopwatch.

Only what is no work of either way stands here; reading, judging and counting are theirs.
"""

from __future__ import annotations

import argparse
import hmac
import json
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from pipelines.landing.contracts import contracten
from pipelines.periods import Halfjaar
from pipelines.settings import PROJECT, Settings

FEEDS = ("cbs_gebieden", "cbs_postcodes", "jeugdhulp", "maatregelen")  # what stand_stroom rests on
REGIOS = {
    "provincie": "provinciecode",
    "jeugdregio": "jeugdregio",
    "subregio": "subregio",
    "gemeente": "gemeentecode",
    "wijk": "wijkcode",
}
PERSOONSDIMENSIES = ("totaal", "geslacht", "leeftijdsgroep")
ZORGDIMENSIES = ("hulpvorm", "hulpvormgroep", "verwijzer", "perspectief", "type_maatregel", "aanbieder")
WIJKDIMENSIES = (*PERSOONSDIMENSIES, "hulpvormgroep")
SLEUTELS = ("verslagperiode", "soort", "eenheid", "regio_niveau", "regio_code", "dimensie", "categorie")
SPLITSING = ("instroom_nieuw", "instroom_herhaald", "instroom_aansluitend")
MATEN = ("beginstand", "instroom", *SPLITSING, "uitstroom", "eindstand", "in_periode")


@dataclass(frozen=True)
class Bestand:
    """One offered levering; ``kop`` holds the columns of its header, in file order, ``scheiding`` what is between them."""

    pad: Path
    feed: str
    leverancier: str
    periode: str
    volgnr: int
    kop: tuple[str, ...]
    scheiding: str

    @property
    def levering(self) -> str:
        """What the levering is called: its file name."""
        return self.pad.name


@dataclass(frozen=True)
class Vraag:
    """What a way is asked: which leveringen, where the outcome goes, and the settings that decide on it."""

    bestanden: list[Bestand]
    uit: Path
    instellingen: Settings
    max_afkeur: float

    def groepen(self) -> Iterator[tuple[str, str, list[Bestand]]]:
        """The files per feed and period: what is judged together, so that memory does not grow with the periods."""
        for feed, periode in sorted({(b.feed, b.periode) for b in self.bestanden}):
            yield feed, periode, [b for b in self.bestanden if (b.feed, b.periode) == (feed, periode)]


@dataclass(frozen=True)
class Verslagperiode:
    """A half-year or year that is counted; ``kenmerken`` is the half-year whose attributes persons have in it."""

    naam: str
    d0: date
    d1: date
    kenmerken: str

    @property
    def jaar(self) -> int:
        """The calendar year."""
        return self.d0.year


def vraag(beschrijving: str, argv: list[str] | None = None) -> Vraag:
    """Read the command line and look at what is offered below the sources directory."""
    lezer = argparse.ArgumentParser(description=beschrijving)
    lezer.add_argument("sources", type=Path, help="directory with leveringen (csv in UTF-8)")
    lezer.add_argument("uit", type=Path, help="directory for the outcome, new or empty")
    lezer.add_argument("periode", type=Halfjaar.van, help="verslagperiode of the refresh, such as 2024H2")
    lezer.add_argument("--key-file", type=Path, required=True, help="file with the key of the pseudonyms")
    lezer.add_argument("--settings", type=Path, help="YAML file with settings of the monitor")
    keuzes = lezer.parse_args(argv)
    if keuzes.uit.exists() and any(keuzes.uit.iterdir()):
        lezer.error(f"{keuzes.uit} is not empty: what is there would count too")
    drempels = yaml.safe_load((PROJECT / "expectations" / "thresholds.yml").read_text("utf-8"))
    return Vraag(
        aanbod(keuzes.sources, keuzes.periode),
        keuzes.uit,
        Settings(key_file=keuzes.key_file, settings_file=keuzes.settings),
        drempels["L1_afkeur"]["waarde"],
    )


def aanbod(bronmap: Path, periode: Halfjaar) -> list[Bestand]:
    """The readable leveringen of FEEDS of periods up to ``periode``; a file that lacks a required column is none (A01)."""
    gevonden: dict[str, Bestand] = {}
    for pad in sorted(bronmap.rglob("*.csv")):
        naam = re.fullmatch(r"(\w+?)__(\w+?)__([0-9]{4}(?:H[12])?)__v([0-9]{1,6})\.csv", pad.name)
        if naam is None or naam[1] not in FEEDS or grenzen(naam[3])[0] > periode.d1:
            continue
        contract = contracten()[naam[1]]
        if not re.fullmatch(contract.leverancier.patroon, naam[2]) or not contract.periode_geldig(naam[3]):
            continue
        with pad.open(encoding="utf-8-sig") as bestand:
            regel = bestand.readline().rstrip("\r\n")
        scheiding = ";" if ";" in regel else ","
        kop = tuple(regel.split(scheiding))
        if set(contract.verplicht) <= set(kop):
            gevonden[pad.name] = Bestand(pad, naam[1], naam[2], naam[3], int(naam[4]), kop, scheiding)
    return list(gevonden.values())


def grenzen(periode: str) -> tuple[date, date]:
    """First and last day of a half-year (2024H1) or year (2024, 2024JJ)."""
    jaar = int(periode[:4])
    eerste = date(jaar, 7, 1) if periode.endswith("H2") else date(jaar, 1, 1)
    return eerste, date(jaar, 6, 30) if periode.endswith("H1") else date(jaar, 12, 31)


def verslagperioden(met_jeugdhulp: Iterable[str]) -> list[Verslagperiode]:
    """The half-years with jeugdhulp in force, and each year that has both its halves (spec 02 §2)."""
    halfjaren = sorted(set(met_jeugdhulp))
    jaren = [p[:4] for p in halfjaren if p.endswith("H2") and f"{p[:4]}H1" in halfjaren]
    namen = [(p, p) for p in halfjaren] + [(f"{jaar}JJ", f"{jaar}H2") for jaar in jaren]
    return [Verslagperiode(naam, *grenzen(naam), kenmerken) for naam, kenmerken in namen]


def kaartjaar(jaar: int, beschikbaar: Iterable[int]) -> int | None:
    """The year of a CBS table that serves a year: itself, else the latest earlier, else the earliest later."""
    jaren = sorted(beschikbaar)
    return max((j for j in jaren if j <= jaar), default=min(jaren, default=None))


@cache
def pseudoniem(tekst: str, sleutel: bytes) -> str:
    """The first 128 bits of HMAC-SHA256 in hex; remembered, for a person is in the leveringen of many periods."""
    return hmac.digest(sleutel, tekst.encode(), "sha256").hex()[:32]


def piek_bytes() -> int:
    """The most memory that this process ever held; getrusage would tell that of who started it, when that was more."""
    return int(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024


@contextmanager
def stap(naam: str) -> Iterator[None]:
    """Time a phase and print what it took, with the peak memory of the process so far, as a line of JSON.

    ``cpu_seconden`` is the time of all threads together: what counts on a machine that others use too.
    """
    begin, cpu = time.perf_counter(), time.process_time()
    yield
    uitslag = {
        "stap": naam,
        "seconden": round(time.perf_counter() - begin, 3),
        "cpu_seconden": round(time.process_time() - cpu, 3),
        "piek_bytes": piek_bytes(),
    }
    print(json.dumps(uitslag), flush=True)
