"""The long runs that several tests look at. They record what happened and judge nothing; the tests judge.

Two run at a time while the short tests go on (conftest.py), because a refresh is one process that mostly computes.
"""

from __future__ import annotations

import json
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import bronnen, hulp
from .hulp import DAGSTER, PERIODE, SLEUTEL, Proces, Uitslag, boom, draai, huidige, kopie, omgeving, refresh, resten

LEZER = Path(__file__).with_name("lezer.py")


@dataclass(frozen=True)
class Werkplaats:
    """Where the scenarios work: the demo leveringen, and a way to the outcome of an earlier scenario."""

    map: Path
    leveringen: Path
    wacht: Callable[[str], Any]

    def nieuw(self, naam: str) -> Path:
        pad = self.map / naam
        pad.mkdir()
        return pad


# --- a whole refresh -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Basis:
    """A first refresh on a new home, that nobody touches afterwards."""

    home: Path
    uitslag: Uitslag
    werkmap: Path  # where the process stood
    tijdelijk: Path  # its TMPDIR


def basis(w: Werkplaats) -> Basis:
    map_ = w.nieuw("basis")
    werkmap, tijdelijk = w.nieuw("basis/werkmap"), w.nieuw("basis/tijdelijk")
    args = hulp.refresh_args(map_ / "home", w.leveringen)
    uitslag = draai(*args, cwd=werkmap, JEUGDMONITOR_KEY=SLEUTEL, TMPDIR=tijdelijk)
    return Basis(map_ / "home", uitslag, werkmap, tijdelijk)


@dataclass(frozen=True)
class Vers:
    """The same leveringen in another new home, run by Dagster itself as the schedule does."""

    home: Path
    uitslag: Uitslag
    dagster_home: Path


def vers(w: Werkplaats) -> Vers:
    map_ = w.nieuw("thuismap van 't Zand")  # a space and an apostrophe are allowed in a path
    dagster_home = w.nieuw("dagster_home")
    (dagster_home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", "utf-8")
    env = omgeving(
        DAGSTER_HOME=dagster_home,
        JEUGDMONITOR_SOURCES=w.leveringen,
        JEUGDMONITOR_HOME=map_ / "home",
        JEUGDMONITOR_KEY=SLEUTEL,
    )
    opdracht = [DAGSTER, "job", "execute", "-m", "pipelines.definitions", "-j", "refresh"]
    tags = ["--tags", json.dumps({"dagster/partition": PERIODE})]
    uitslag = Proces([*opdracht, *tags], env=env, cwd=w.map).klaar()
    return Vers(map_ / "home", uitslag, dagster_home)


@dataclass(frozen=True)
class Anders:
    """The same rows written in other formats, in a new home."""

    home: Path
    uitslag: Uitslag
    geteld: dict[str, int]


def anders(w: Werkplaats) -> Anders:
    map_ = w.nieuw("anders")
    geteld = bronnen.anders_geschreven(w.leveringen, map_ / "leveringen")
    return Anders(map_ / "home", refresh(map_ / "home", map_ / "leveringen"), geteld)


# --- the life of one home, with readers looking on -------------------------------------------------------------------


@dataclass
class Stap:
    """One refresh in the life of a home."""

    uitslag: Uitslag
    release: Path
    resten: list[str]
    partijen: list[str]  # batches in the landing register


@dataclass
class Leven:
    """Three releases after the first: unchanged, under other settings, with corrections."""

    home: Path
    correctie: bronnen.Correctie
    zonder: str  # leverancier that stopped, under the other settings
    eerste_release: dict[str, tuple] = field(default_factory=dict)
    onveranderd: Stap | None = None
    tegelijk: Uitslag | None = None  # a second refresh while the first was running ...
    tegelijk_eerste_liep: bool = False  # ... which it still was when the second had ended
    ingesteld: Stap | None = None
    gecorrigeerd: Stap | None = None
    lezers: list[dict] = field(default_factory=list)


def leven(w: Werkplaats) -> Leven:
    map_ = w.nieuw("leven")
    home = kopie(w.wacht("basis").home, map_ / "home")
    weg = bronnen.grootste(w.leveringen)[0]
    uit = Leven(home, bronnen.correctie(w.leveringen, map_ / "correctie"), bronnen.leverancier_van(weg))
    uit.eerste_release = boom(huidige(home))
    stop = map_ / "stop"
    lezers = [
        Proces([sys.executable, LEZER, home / "current" / "publicatie.duckdb", stop, w_], env=omgeving(), cwd=map_)
        for w_ in ("los", "los", "los", "vast", "vast")
    ]
    try:
        eerste = hulp.start(*hulp.refresh_args(home, w.leveringen), cwd=map_, JEUGDMONITOR_KEY=SLEUTEL)
        eerste.wacht(lambda: eerste.gezegd("bestanden aangeboden"))  # so it holds the home directory
        uit.tegelijk = refresh(home, w.leveringen)
        uit.tegelijk_eerste_liep = eerste.loopt
        uit.onveranderd = _stap(home, eerste.klaar())
        uit.ingesteld = _stap(home, _met_instellingen(w, map_, home, weg))
        uit.gecorrigeerd = _stap(home, refresh(home, uit.correctie.bron))
    finally:
        stop.touch()
        uitslagen = [lezer.klaar() for lezer in lezers]
    uit.lezers = [json.loads(u.uit) if u.code == 0 else {"fouten": [u.fout]} for u in uitslagen]
    return uit


def _stap(home: Path, uitslag: Uitslag) -> Stap:
    partijen = sorted(p.stem for p in (home / "landing" / "register").glob("*.parquet"))
    return Stap(uitslag, huidige(home), resten(home), partijen)


def _met_instellingen(w: Werkplaats, map_: Path, home: Path, weg: Path) -> Uitslag:
    """A refresh with a settings file, over which the environment wins, over which a flag wins."""
    bron = bronnen.zonder(w.leveringen, map_ / "zonder_gestopte", weg)
    bestand = map_ / "instellingen.yml"
    bestand.write_text(
        f"home: {map_ / 'niet_deze'}\n"
        f"sources: {map_ / 'ook_niet_deze'}\n"
        "venster_jaren: 4\n"
        f"gestopt:\n  '{bronnen.leverancier_van(weg)}': 2024-09-30\n"
        "onthulling:\n  afronding: 1\n  kleinste_aantal: 1\n  kleinste_noemer: 7\n",
        "utf-8",
    )
    return draai(
        *("refresh", "--period", PERIODE, "--settings", bestand, "--sources", bron),
        cwd=map_,
        JEUGDMONITOR_KEY=SLEUTEL,
        JEUGDMONITOR_HOME=home,
        JEUGDMONITOR_SOURCES=map_ / "deze_evenmin",
        JEUGDMONITOR_ONTHULLING__KLEINSTE_NOEMER="1",
    )


# --- a poort that closes ---------------------------------------------------------------------------------------------


@dataclass
class Blokkade:
    """Refreshes without the largest provider: blocked, blocked while another one waited, and overridden."""

    home: Path
    leverancier: str
    voor: dict[str, tuple]
    na: dict[str, tuple] = field(default_factory=dict)
    dicht: Uitslag | None = None
    uitkomsten: list[tuple] = field(default_factory=list)
    opgehouden: Uitslag | None = None  # started first, but slower: had the home directory second
    reden: str = "aanbieder is failliet [brief 12]"
    opgeheven: Uitslag | None = None
    release: Path | None = None


def blokkade(w: Werkplaats) -> Blokkade:
    map_ = w.nieuw("blokkade")
    home = kopie(w.wacht("basis").home, map_ / "home")
    eerste, tweede = bronnen.grootste(w.leveringen)[:2]
    bron = bronnen.zonder(w.leveringen, map_ / "zonder_een", eerste)
    minder = bronnen.zonder(w.leveringen, map_ / "zonder_twee", eerste, tweede)
    uit = Blokkade(home, bronnen.leverancier_van(eerste), _uitgegeven(home))
    traag = hulp.start(*hulp.refresh_args(home, minder), cwd=map_, JEUGDMONITOR_KEY=SLEUTEL)
    traag.wacht(lambda: traag.gezegd("laden"))
    traag.sein(signal.SIGSTOP)
    uit.dicht = refresh(home, bron)
    uit.uitkomsten, uit.na = hulp.uitkomsten(home), _uitgegeven(home)
    traag.sein(signal.SIGCONT)
    uit.opgehouden = traag.klaar(hulp.KORT)
    uit.opgeheven = refresh(home, bron, "--override", f"L2={uit.reden}")
    uit.release = huidige(home)
    return uit


def _uitgegeven(home: Path) -> dict[str, tuple]:
    return boom(home / "releases") | {"current": (str((home / "current").readlink()),)}


# --- bad input -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SlechteInvoer:
    """A refresh of good leveringen with every kind of bad file among them."""

    home: Path
    bron: Path
    uitslag: Uitslag
    eerste_release: dict[str, tuple]


def slechte_invoer(w: Werkplaats) -> SlechteInvoer:
    from .slecht import schrijf_slecht

    map_ = w.nieuw("slecht")
    home = kopie(w.wacht("basis").home, map_ / "home")
    bron = kopie(w.leveringen, map_ / "leveringen")
    schrijf_slecht(bron)
    eerste = boom(huidige(home))
    return SlechteInvoer(home, bron, refresh(home, bron), eerste)


# --- killed ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """When to kill; ``voorwaarde`` looks at the home directory."""

    naam: str
    voorwaarde: Callable[[Path], bool]
    hele_groep: bool = True  # else only the process itself: dbt lives on


def _landt(home: Path) -> bool:
    """Rows of a new batch are there, and its entry in the register is not."""
    register = {p.stem for p in (home / "landing" / "register").glob("*.parquet")}
    return any(p.stem not in register for p in (home / "landing" / "jeugdhulp").glob("*.parquet"))


def _dbt_bouwt(home: Path) -> bool:
    return any((home / "bouw" / "dbt" / "run").rglob("*.sql"))


MOMENTEN = [
    Moment("landing half", _landt),
    Moment("bouw begonnen", lambda home: (home / "bouw" / "release" / "warehouse.duckdb").exists()),
    Moment("dbt bouwt", _dbt_bouwt),
    Moment("publicatie begonnen", lambda home: (home / "bouw" / "release" / "publicatie.duckdb").exists()),
    Moment("release geplaatst", lambda home: (home / "releases" / f"{PERIODE}-r2").exists()),
    Moment("willekeurig 1", lambda home: False),
    Moment("willekeurig 2", lambda home: False),
    Moment("alleen het proces zelf", _dbt_bouwt, hele_groep=False),
]


@dataclass(frozen=True)
class Gedood:
    """What was found right after a kill."""

    geraakt: bool  # the moment came before the refresh was done
    code: int | None
    current: str
    gebreken: list[str]


@dataclass
class Dood:
    """Refreshes of corrected leveringen, each killed, and the one that was left alone."""

    home: Path
    eerste_release: dict[str, tuple]
    eerste_na: dict[str, tuple] = field(default_factory=dict)
    gedood: dict[str, Gedood] = field(default_factory=dict)
    herstel: Uitslag | None = None
    release: Path | None = None
    resten: list[str] = field(default_factory=list)


def dood(w: Werkplaats) -> Dood:
    map_ = w.nieuw("dood")
    begin = w.wacht("basis")
    home = kopie(begin.home, map_ / "home")
    bron = bronnen.correctie(w.leveringen, map_ / "correctie").bron
    uit = Dood(home, boom(huidige(home)))
    toeval = random.Random(20241)
    for moment in MOMENTEN:
        proces = hulp.start(*hulp.refresh_args(home, bron), cwd=map_, JEUGDMONITOR_KEY=SLEUTEL)
        if moment.naam.startswith("willekeurig"):
            wanneer = proces.begin + toeval.uniform(0.1, 0.9) * begin.uitslag.duur
            geraakt = proces.wacht(lambda t=wanneer: time.monotonic() > t)
        else:
            geraakt = proces.wacht(lambda m=moment: m.voorwaarde(home), pauze=0.002)
        if proces.loopt:
            proces.sein(signal.SIGKILL, hele_groep=moment.hele_groep)
        if moment.hele_groep:
            uitslag = proces.klaar()
        else:  # its dbt may still be there: start again at once
            proces.popen.wait()
            uitslag = Uitslag(proces.popen.returncode, "", "", 0)
        nu = huidige(home)
        uit.gedood[moment.naam] = Gedood(geraakt, uitslag.code, nu.name, hulp.gebreken(nu))
    uit.herstel = refresh(home, bron)
    uit.release, uit.resten = huidige(home), resten(home)
    uit.eerste_na = boom(home / "releases" / begin.home.joinpath("current").readlink().name)
    return uit


# in the order in which they start; each may wait for those before it
SCENARIOS: dict[str, Callable[[Werkplaats], Any]] = {
    "basis": basis,
    "vers": vers,
    "dood": dood,
    "leven": leven,
    "blokkade": blokkade,
    "slechte_invoer": slechte_invoer,
    "anders": anders,
}
