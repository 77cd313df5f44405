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

from . import brekers, bronnen, hulp
from .hulp import DAGSTER, PERIODE, SLEUTEL, Proces, Uitslag, boom, draai, huidige, kopie, omgeving, refresh, resten

PROJECT = Path(__file__).parents[2]
LEZER = Path(__file__).with_name("lezer.py")
KNOEIER = "tests.flow.knoeier"


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
class Anders:
    """The same rows in other kinds of file, in another new home, refreshed by Dagster itself as the schedule does."""

    home: Path
    uitslag: Uitslag
    geteld: dict[str, int]  # files per kind
    dagster_home: Path


def anders(w: Werkplaats) -> Anders:
    map_ = w.nieuw("thuismap van 't Zand")  # a space and an apostrophe are allowed in a path
    geteld = bronnen.anders_geschreven(w.leveringen, map_ / "leveringen")
    dagster_home = w.nieuw("dagster_home")
    (dagster_home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", "utf-8")
    env = omgeving(
        DAGSTER_HOME=dagster_home,
        JEUGDMONITOR_SOURCES=map_ / "leveringen",
        JEUGDMONITOR_HOME=map_ / "home",
        JEUGDMONITOR_KEY=SLEUTEL,
    )
    opdracht = [DAGSTER, "job", "execute", "-m", "pipelines.definitions", "-j", "refresh"]
    tags = ["--tags", json.dumps({"dagster/partition": PERIODE})]
    uitslag = Proces([*opdracht, *tags], env=env, cwd=w.map).klaar()
    return Anders(map_ / "home", uitslag, geteld, dagster_home)


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
    """Three releases after the first: unchanged, under other settings, with what came in later, good and bad."""

    home: Path
    nagekomen: bronnen.Nagekomen
    zonder: str  # leverancier that stopped, under the other settings
    eerste_release: dict[str, tuple] = field(default_factory=dict)
    onveranderd: Stap | None = None
    tegelijk: Uitslag | None = None  # a second refresh while the first was running ...
    tegelijk_eerste_liep: bool = False  # ... which it still was when the second had ended
    ingesteld: Stap | None = None
    bijgewerkt: Stap | None = None
    lezers: list[dict] = field(default_factory=list)


def leven(w: Werkplaats) -> Leven:
    map_ = w.nieuw("leven")
    home = kopie(w.wacht("basis").home, map_ / "home")
    weg = bronnen.grootste(w.leveringen)[0]
    uit = Leven(home, bronnen.nagekomen(w.leveringen, map_ / "nagekomen"), bronnen.leverancier_van(weg))
    uit.eerste_release = boom(huidige(home))
    stop = map_ / "stop"
    lezers = [
        Proces([sys.executable, LEZER, home / "current" / "publicatie.duckdb", stop, w_], env=omgeving(), cwd=map_)
        for w_ in ("los", "los", "vast")
    ]
    try:
        eerste = hulp.start(*hulp.refresh_args(home, w.leveringen), cwd=map_, JEUGDMONITOR_KEY=SLEUTEL)
        eerste.wacht(lambda: eerste.gezegd("bestanden aangeboden"))  # so it holds the home directory
        uit.tegelijk = refresh(home, w.leveringen)
        uit.tegelijk_eerste_liep = eerste.loopt
        uit.onveranderd = _stap(home, eerste.klaar())
        uit.ingesteld = _stap(home, _met_instellingen(w, map_, home, weg))
        uit.bijgewerkt = _stap(home, refresh(home, uit.nagekomen.bron))
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


# --- a correction that touches one provincie ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Correctie:
    """Three refreshes of a country of two provincies: the first, one with a corrected levering, and that one all anew."""

    eerst: Stap
    deels: Stap
    geheel: Stap


def correctie(w: Werkplaats) -> Correctie:
    map_ = w.nieuw("correctie")
    home, bron = map_ / "home", bronnen.in_twee_provincies(w.leveringen, map_ / "leveringen")
    eerst = _stap(home, refresh(home, bron))
    bronnen.corrigeer_indicatie(bron)
    deels = _stap(home, refresh(home, bron))
    return Correctie(eerst, deels, _stap(home, refresh(home, bron, "--whole")))


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
    uit.opgehouden = traag.klaar()
    uit.opgeheven = refresh(home, bron, "--override", f"L2={uit.reden}")
    uit.release = huidige(home)
    return uit


def _uitgegeven(home: Path) -> dict[str, tuple]:
    return boom(home / "releases") | {"current": (str((home / "current").readlink()),)}


# --- every rule broken -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Breuk:
    """A refresh with leveringen that break rules, and what it did to what was published."""

    gebroken: brekers.Gebroken
    home: Path
    refresh: str  # its name in the kept outcomes
    uitslag: Uitslag
    voor: dict[str, tuple]
    na: dict[str, tuple]


def regels(w: Werkplaats) -> dict[str, Breuk]:
    """Three refreshes: the signals, what closes poort 1 and what closes poort 2, each several rules at once."""
    map_ = w.nieuw("regels")
    begin = w.wacht("basis").home
    (map_ / "drempels.yml").write_text(brekers.DREMPELS, "utf-8")
    env = {"JEUGDMONITOR_DREMPELS": map_ / "drempels.yml", "JEUGDMONITOR_KEY": SLEUTEL}
    uit = {}
    for naam, breek in (
        ("signaal", brekers.signalen),
        ("poort 1", brekers.poort_1_dicht),
        ("poort 2", brekers.poort_2_dicht),
    ):
        home = kopie(begin, map_ / f"home {naam}")
        gebroken, voor = breek(w.leveringen, map_ / f"bron {naam}"), _uitgegeven(home)
        args = hulp.refresh_args(home, gebroken.bron)
        if naam == "poort 2":
            python = [sys.executable, "-m", KNOEIER, *args]
            uitslag = Proces(python, env=omgeving(**env, PYTHONPATH=PROJECT), cwd=map_).klaar()
            hulp.assert_netjes(uitslag)
        else:
            uitslag = draai(*args, cwd=map_, **env)
        uit[naam] = Breuk(gebroken, home, f"{PERIODE}-002", uitslag, voor, _uitgegeven(home))
    return uit


# --- killed ----------------------------------------------------------------------------------------------------------


def _landt(home: Path) -> bool:
    """A new batch has written some of its files, and not yet the register, which comes last."""
    geland = {p.stem for p in (home / "landing").glob("*/*.parquet")}
    return bool(geland - {p.stem for p in (home / "landing" / "register").glob("*.parquet")})


def _dbt_bouwt(home: Path) -> bool:
    return any((home / "bouw" / "dbt" / "run").rglob("*.sql"))


# when to kill, as seen from outside
MOMENTEN: dict[str, Callable[[Path], bool]] = {
    "landing half": _landt,
    "bouw begonnen": lambda home: (home / "bouw" / "release" / "warehouse.duckdb").exists(),
    "publicatie begonnen": lambda home: (home / "bouw" / "release" / "publicatie.duckdb").exists(),
    "release geplaatst": lambda home: (home / "releases" / f"{PERIODE}-r2").exists(),
}
TOEVAL = ["willekeurig"]
ALLEEN = "alleen het proces zelf"  # its dbt lives on, as after the kernel's out-of-memory killer


@dataclass(frozen=True)
class Gedood:
    """What was found right after a kill."""

    geraakt: bool  # the moment came before the refresh was done
    code: int | None
    voor: str  # current when it began ...
    current: str  # ... and after the kill
    gebreken: list[str]
    geheimen: dict[str, str]  # in what lay about: half a build, half a landing, temporary files


@dataclass
class Dood:
    """Refreshes with what came in later, each killed, and the one after them that was left alone."""

    home: Path
    eerste_release: dict[str, tuple]
    eerste_na: dict[str, tuple] = field(default_factory=dict)
    gedood: dict[str, Gedood] = field(default_factory=dict)
    wees_leefde: bool = False  # dbt was still there when the last refresh was building
    herstel: Uitslag | None = None
    release: Path | None = None
    resten: list[str] = field(default_factory=list)


def dood(w: Werkplaats) -> Dood:
    map_ = w.nieuw("dood")
    begin = w.wacht("basis")
    home = kopie(begin.home, map_ / "home")
    bron = bronnen.nagekomen(w.leveringen, map_ / "nagekomen").bron
    uit = Dood(home, boom(huidige(home)))
    nummers = hulp.nummers_in(bron.rglob("*__v*.*"))
    tijdelijk = w.nieuw("dood/tijdelijk")

    def begin_verversing() -> Proces:
        return hulp.start(*hulp.refresh_args(home, bron), cwd=map_, JEUGDMONITOR_KEY=SLEUTEL, TMPDIR=tijdelijk)

    def gevonden(voor: str, geraakt: bool, code: int | None) -> Gedood:
        plekken = [tijdelijk, *(home / n for n in ("bouw", "landing", "quarantine"))]
        geheimen = {pad: wat for p in plekken for pad, wat in hulp.geheimen_in(p, nummers, SLEUTEL).items()}
        return Gedood(geraakt, code, voor, huidige(home).name, hulp.gebreken(huidige(home)), geheimen)

    for naam, voorwaarde in MOMENTEN.items():
        voor, proces = huidige(home).name, begin_verversing()
        geraakt = proces.wacht(lambda v=voorwaarde: v(home), pauze=0.002)
        uit.gedood[naam] = gevonden(voor, geraakt, proces.dood_met_alles())
    toeval = random.Random(20241)
    for naam in TOEVAL:
        voor, proces = huidige(home).name, begin_verversing()
        # everything is landed by now, so this refresh is a good deal shorter than the first
        wanneer = proces.begin + toeval.uniform(0.1, 0.9) * begin.uitslag.duur
        geraakt = proces.wacht(lambda t=wanneer: time.monotonic() > t)
        uit.gedood[naam] = gevonden(voor, geraakt, proces.dood_met_alles())
    voor, wees = huidige(home).name, begin_verversing()
    geraakt = wees.wacht(lambda: wees.gezegd("poort leveringen") and _dbt_bouwt(home))
    wees.sein(signal.SIGKILL)
    wees.popen.wait()
    wees.sein(signal.SIGSTOP, hele_groep=True)  # so that it wakes up in the middle of the next refresh
    uit.gedood[ALLEEN] = gevonden(voor, geraakt, wees.popen.returncode)
    laatste = begin_verversing()
    laatste.wacht(lambda: laatste.gezegd("poort leveringen") and _dbt_bouwt(home))
    uit.wees_leefde = wees.sein(signal.SIGCONT, hele_groep=True)
    uit.herstel = laatste.klaar()
    wees.sein(signal.SIGKILL, hele_groep=True)
    uit.release, uit.resten = huidige(home), resten(home)
    uit.eerste_na = boom(home / "releases" / huidige(begin.home).name)
    return uit


# in the order in which they start; each may wait for those before it
SCENARIOS: dict[str, Callable[[Werkplaats], Any]] = {
    "basis": basis,
    "anders": anders,
    "dood": dood,
    "correctie": correctie,
    "leven": leven,
    "blokkade": blokkade,
    "regels": regels,
}
