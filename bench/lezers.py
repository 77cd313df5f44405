"""Many readers of the publication while the releases switch: is every answer right, and how long does it take?

Each reader is a process of its own, as 50 desks are: within one process DuckDB shares what is opened by the same path, so
threads would get the release of whoever opened first. Every answer is compared with that of the releases themselves.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import queue
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

import duckdb

from bench import uitslagen
from pipelines.release import switch
from pipelines.settings import PROJECT, Home

VRAGEN = {p.stem: p.read_text("utf-8") for p in sorted((PROJECT / "notebooks" / "vragen").glob("*.sql"))}
PERIODEN = ("2023H2", "2024H1", "2024H2")


@dataclass
class Verbinding:
    """What one connection got: for every question the seconds and the checksum of the answer."""

    openen: float
    antwoorden: list[tuple[str, float, str]] = field(default_factory=list)

    def release(self, verwacht: dict[str, dict[str, str]]) -> str | None:
        """The release of which all answers are; None when there is none, so they are mixed or wrong."""
        passend = (r for r, sommen in verwacht.items() if all(sommen[naam] == som for naam, _, som in self.antwoorden))
        return next(passend, None)


@dataclass
class Meting:
    """What all readers together met."""

    verbindingen: list[Verbinding] = field(default_factory=list)
    fouten: list[str] = field(default_factory=list)
    wissels: int = 0
    seconden: float = 0
    verwacht: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def gemengd(self) -> int:
        """Connections whose answers are not all of one release."""
        return sum(v.release(self.verwacht) is None for v in self.verbindingen)

    @property
    def gezien(self) -> set[str]:
        """The releases that were read."""
        return {r for v in self.verbindingen if (r := v.release(self.verwacht))}


def som(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Checksum of an answer, whatever the order of rows that the question leaves open."""
    rijen = sorted(repr(rij) for rij in con.execute(sql).fetchall())
    return hashlib.sha256("\n".join(rijen).encode()).hexdigest()


def _verwacht(home: Home, namen: Sequence[str], uit: multiprocessing.SimpleQueue) -> None:
    """The answers of every release, read where it lies; in a process of its own, so that none is forked with DuckDB open."""
    antwoorden = {}
    for naam in namen:
        with duckdb.connect(str(home.releases / naam / "publicatie.duckdb"), read_only=True) as con:
            antwoorden[naam] = {vraag: som(con, sql) for vraag, sql in VRAGEN.items()}
    uit.put(antwoorden)


def _lees(database: str, nummer: int, vast: bool, pauze: float, begin: Barrier, stop: Event, uit) -> None:
    """One reader: open, ask everything, close, think for a while; a fixed one keeps its connection open."""
    toeval, verbindingen, fouten = random.Random(nummer), [], []
    begin.wait()
    while not stop.is_set():
        try:
            start = time.perf_counter()
            with duckdb.connect(database, read_only=True) as con:
                deze = Verbinding(time.perf_counter() - start)
                verbindingen.append(deze)
                while True:
                    for naam in toeval.sample(sorted(VRAGEN), len(VRAGEN)):
                        start = time.perf_counter()
                        gekregen = som(con, VRAGEN[naam])
                        deze.antwoorden.append((naam, time.perf_counter() - start, gekregen))
                    stop.wait(toeval.uniform(0, 2 * pauze))
                    if not vast or stop.is_set():
                        break
        except Exception as fout:  # whatever it is, it counts
            fouten.append(f"{type(fout).__name__}: {fout}")
            stop.wait(0.1)
    uit.put((verbindingen, fouten))


def _haal_op(processen: list, uit: multiprocessing.Queue, meting: Meting) -> None:
    """Take in what the readers met; one that died (a file changed underneath it, say) is an error too."""
    binnen = 0
    while binnen < len(processen):
        leeft = any(p.is_alive() for p in processen)  # asked first: what it put in the queue is there when it is gone
        try:
            verbindingen, fouten = uit.get(timeout=1)
        except queue.Empty:
            if leeft:
                continue
            break
        binnen += 1
        meting.verbindingen += verbindingen
        meting.fouten += fouten
    for p in processen:
        p.join()
        if p.exitcode:
            meting.fouten.append(f"lezer gestopt met code {p.exitcode}")


def meet(home: Home, lezers: int, seconden: float, wissel: float, pauze: float) -> Meting:
    """Let readers loose for some seconds, one in five with a lasting connection, while ``current`` goes round."""
    namen = switch.releases(home)
    if len(namen) < 2:
        raise SystemExit(f"In {home.wortel} zijn minder dan twee releases: er valt niets te wisselen.")
    ctx = multiprocessing.get_context("forkserver")
    ctx.set_forkserver_preload(["duckdb"])
    antwoorden, uit, meting = ctx.SimpleQueue(), ctx.Queue(), Meting()
    voorwerk = ctx.Process(target=_verwacht, args=(home, namen, antwoorden))
    voorwerk.start()
    meting.verwacht = antwoorden.get()
    voorwerk.join()
    begin, stop = ctx.Barrier(lezers + 1), ctx.Event()
    database = str(home.current / "publicatie.duckdb")
    processen = [
        ctx.Process(target=_lees, args=(database, n, n % 5 == 4, pauze, begin, stop, uit), daemon=True)
        for n in range(lezers)
    ]
    for p in processen:
        p.start()
    begin.wait(timeout=300)
    with switch.alleen(home):
        start = time.monotonic()
        while (over := seconden - (time.monotonic() - start)) > 0:
            time.sleep(min(wissel, over))
            meting.wissels += 1
            switch.zet_current(home, namen[meting.wissels % len(namen)])
        stop.set()
        meting.seconden = time.monotonic() - start
    _haal_op(processen, uit, meting)
    return meting


# --- the releases, and the report ------------------------------------------------------------------------------------


def maak_releases(map_: Path, omvang: float) -> Home:
    """A home with a release per period, from a demo region; what is there already is used again."""
    home = Home((map_ / "home").absolute())
    jeugdmonitor = Path(sys.executable).with_name("jeugdmonitor")
    if not (map_ / "leveringen").is_dir():
        demo = ["demo", "--sources", map_ / "leveringen", "--size", str(omvang), "--halfjaren", "4"]
        subprocess.run([jeugdmonitor, *demo], check=True)
    for periode in PERIODEN:
        if f"{periode}-r1" not in switch.releases(home):
            ververs = ["refresh", "--sources", map_ / "leveringen", "--home", home.wortel, "--period", periode]
            sleutel = ["--key-file", map_ / "demo.key", "--settings", map_ / "demo.yml"]
            subprocess.run([jeugdmonitor, *ververs, *sleutel], check=True)
    return home


def _ms(tijden: list[float]) -> str:
    tijden = sorted(tijden)
    p95 = tijden[min(len(tijden) - 1, int(0.95 * len(tijden)))]
    return " | ".join(f"{1000 * t:.0f}" for t in (statistics.median(tijden), p95, tijden[-1]))


def verslag(meting: Meting, opdracht: str, belasting: float, uitleg: str) -> str:
    """The outcome as Markdown."""
    tijden: dict[str, list[float]] = {"(open)": [v.openen for v in meting.verbindingen]}
    for verbinding in meting.verbindingen:
        for naam, duur, _ in verbinding.antwoorden:
            tijden.setdefault(naam, []).append(duur)
    alle = [t for naam, lijst in tijden.items() if naam != "(open)" for t in lijst]
    regels = [
        "## Readers while releases switch",
        "",
        f"`{opdracht}`",
        "",
        f"{uitslagen.machine()}; load average {belasting:.1f} just before.",
        "",
        uitleg,
        "",
        f"* {meting.wissels} switches in {meting.seconden:.0f} s, between {', '.join(sorted(meting.verwacht))};"
        f" read: {', '.join(sorted(meting.gezien))}",
        f"* {len(meting.verbindingen)} connections, {len(alle)} answers ({len(alle) / meting.seconden:.0f} a second)",
        f"* **errors: {len(meting.fouten)}; connections with a mixed or wrong answer: {meting.gemengd}**",
        "",
        "| question | times | median ms | p95 ms | max ms |",
        "|---|--:|--:|--:|--:|",
        *(f"| {naam} | {len(lijst)} | {_ms(lijst)} |" for naam, lijst in sorted(tijden.items())),
        f"| **all questions** | {len(alle)} | {_ms(alle)} |",
    ]
    return "\n".join(regels)


def main() -> int:
    """Measure, write it down; exit code 1 when an answer was wrong or missing."""
    vlag = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    vlag.add_argument("--lezers", type=int, default=50)
    vlag.add_argument("--seconden", type=float, default=60)
    vlag.add_argument("--wissel", type=float, default=3, help="seconds between switches")
    vlag.add_argument("--pauze", type=float, default=1, help="seconds that a reader thinks, on average")
    vlag.add_argument("--omvang", type=float, default=0.1, help="of the demo region; 1 = Drenthe")
    vlag.add_argument("--map", type=Path, default=PROJECT / "demo" / "bench", help="where the releases are made")
    keuze = vlag.parse_args()
    home = maak_releases(keuze.map, keuze.omvang)
    belasting = os.getloadavg()[0]
    meting = meet(home, keuze.lezers, keuze.seconden, keuze.wissel, keuze.pauze)
    vast = sum(n % 5 == 4 for n in range(keuze.lezers))
    uitleg = (
        f"{keuze.lezers} processes, of which {vast} keep one connection open; the others open one, ask all {len(VRAGEN)} "
        f"ready questions, close it and think for {keuze.pauze:g} s on average. Demo region of size {keuze.omvang:g}, "
        f"`current` switched every {keuze.wissel:g} s. Times include fetching the rows; all readers share the cores."
    )
    tekst = verslag(meting, " ".join(["python -m bench.lezers", *sys.argv[1:]]), belasting, uitleg)
    uitslagen.bewaar("lezers", tekst)
    print(tekst)
    for fout in sorted(set(meting.fouten)):
        print(f"  {meting.fouten.count(fout)} × {fout}")
    return int(bool(meting.fouten or meting.gemengd))


if __name__ == "__main__":
    sys.exit(main())
