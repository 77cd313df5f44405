"""How the refresh grows from a region to the whole country, beside the floor and what a user would otherwise have.

Every phase is a process of its own, measured from outside (meten.py). What was measured of a size is kept in the working
directory: a run that was stopped, or one of other sizes, ends up in the same report.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import duckdb
import polars as pl

from bench import meten, uitslagen, verslag, weg_postgres
from pipelines.demo import LAATSTE
from pipelines.settings import PROJECT, Home

PERIODE = str(LAATSTE)
METINGEN, GELUKT = "metingen.json", "gelukt.json"  # of the last run, and of the last that ended well
KEREN = 20  # that every ready query is asked
VERGELIJKINGEN = ("pandas", "polars", "postgres")
WEG_TE_LATEN = ("ongewijzigd", "een_levering", *VERGELIJKINGEN)
INSTELLINGEN = PROJECT / "sources" / "reference" / "demo_instellingen.yml"
GIB = 2**30

# the commands of the product and of the demo, whichever checkout this is
_REFRESH = "from pipelines.cli import main; main()"
_DEMO = """
import json, sys
from pathlib import Path
from pipelines.demo import schrijf_demo
o = schrijf_demo(Path(sys.argv[1]), size=float(sys.argv[2]), halfjaren=int(sys.argv[3]), formaten=False)
print(json.dumps({"bestanden": o.bestanden, "rijen": o.rijen}))
"""
# the events go to files, so that they can be read when the process is gone
_DAGSTER = """
telemetry: {enabled: false}
compute_logs: {module: dagster._core.storage.noop_compute_log_manager, class: NoOpComputeLogManager}
"""


@dataclass(frozen=True)
class Grenzen:
    """When something else than the product is ended: it need not fit."""

    plafond: float
    tijdslimiet: float


class Werk:
    """The working directory of one size: the leveringen, a home, and what was measured so far."""

    def __init__(self, werkmap: Path, omvang: float, halfjaren: int):
        self.omvang, self.halfjaren = omvang, halfjaren
        self.map = (werkmap / f"{omvang:g}x{halfjaren}").absolute()
        self.bron, self.home = self.map / "leveringen", Home(self.map / "home")
        self.metingen = self.map / METINGEN
        self.uitslag: dict = {"omvang": omvang, "halfjaren": halfjaren, "fasen": {}}

    def meet(self, fase: str, opdracht: list[str | Path], **keuzes) -> meten.Meting:
        """Measure one phase, tell what it took and keep it."""
        meting = meten.meet(opdracht, self.log(fase), **keuzes)
        self.noteer(fase, uitkomst(meting))
        hoe = meting.gestopt or (f"exit code {meting.code}" if meting.code else "done")
        print(
            f"size {self.omvang:g}: {fase:12} {meting.seconden:8.1f} s  {meting.cpu:8.1f} s CPU "
            f"{meting.piek / 2**20:7.0f} MiB  {hoe}",
            flush=True,
        )
        return meting

    def log(self, fase: str) -> Path:
        """What a phase printed."""
        return self.map / f"{fase}.log"

    def geprint(self, fase: str) -> list[dict]:
        """The lines of JSON that a phase printed."""
        return [json.loads(r) for r in self.log(fase).read_text("utf-8", "replace").splitlines() if r.startswith("{")]

    def noteer(self, fase: str, wat: dict) -> None:
        """Keep what is known of a phase, beside what was known of it."""
        self.uitslag["fasen"].setdefault(fase, {}).update(wat)
        self.bewaar()

    def bewaar(self) -> None:
        """Write down what was measured so far."""
        self.metingen.write_text(json.dumps(self.uitslag, indent=1), "utf-8")

    def leeg(self, *namen: str) -> None:
        """Remove what a phase wrote."""
        for naam in namen:
            shutil.rmtree(self.map / naam, ignore_errors=True)


def uitkomst(meting: meten.Meting) -> dict:
    """A measurement as it is kept."""
    return {
        "seconden": meting.seconden,
        "cpu": meting.cpu,
        "piek": meting.piek,
        "code": meting.code,
        "gestopt": meting.gestopt,
    }


# --- the phases ------------------------------------------------------------------------------------------------------


def schrijf_leveringen(werk: Werk) -> None:
    """Write the leveringen, unless all that an earlier run wrote is there; then read them once, for a warm page cache."""
    klaar = werk.map / "leveringen.json"
    bekend = json.loads(klaar.read_text()) if klaar.exists() else {}
    if bekend.get("bestanden") != sum(1 for _ in werk.bron.rglob("*.csv")):
        werk.leeg("leveringen")
        klaar.unlink(missing_ok=True)
        meting = werk.meet("demo", [sys.executable, "-c", _DEMO, werk.bron, str(werk.omvang), str(werk.halfjaren)])
        if meting.code:
            raise SystemExit(f"The leveringen could not be written: see {werk.log('demo')}")
        bekend = werk.geprint("demo")[-1] | uitkomst(meting)
        klaar.write_text(json.dumps(bekend), "utf-8")
    namen = [pad.name.split("__") for pad in werk.bron.rglob("*.csv")]
    werk.uitslag["leveringen"] = {
        **bekend,
        "bytes": sum(len(pad.read_bytes()) for pad in werk.bron.rglob("*.csv")),
        "aanbieders": len({n[1] for n in namen if n[0] == "jeugdhulp"}),
        "gemeenten": len({n[1] for n in namen if n[0] == "indicaties"}),
    }
    werk.bewaar()


def ververs(werk: Werk, fase: str) -> None:
    """The refresh of the command line, measured whole and per step of its Dagster job."""
    dagster, sleutel = werk.map / "dagster", werk.map / "demo.key"
    werk.leeg("dagster")
    dagster.mkdir()
    (dagster / "dagster.yaml").write_text(_DAGSTER, "utf-8")
    sleutel.write_text("alleen voor de demo\n", "utf-8")
    opdracht = [sys.executable, "-c", _REFRESH, "refresh", "--sources", werk.bron, "--home", werk.home.wortel]
    opdracht += ["--period", PERIODE, "--key-file", sleutel, "--settings", INSTELLINGEN]
    meting = werk.meet(fase, opdracht, omgeving={"DAGSTER_HOME": str(dagster)})
    werk.noteer(fase, _stappen(dagster, meting))
    werk.leeg("dagster")


def _stappen(dagster: Path, meting: meten.Meting) -> dict:
    """What each step took, by the times in the events of the run, and how many files the landing read."""
    from dagster import DagsterEventType, DagsterInstance  # slow to load

    with DagsterInstance.from_config(str(dagster)) as instance:
        runs = instance.get_run_records(limit=1)
        if not runs:
            return {}
        nummer = runs[0].dagster_run.run_id
        stappen = {}
        for s in instance.get_run_step_stats(nummer):
            if s.start_time and s.end_time:
                cpu, piek = meting.deel(s.start_time, s.end_time)
                stappen[s.step_key] = {"seconden": s.end_time - s.start_time, "cpu": cpu, "piek": piek}
        gemaakt = instance.get_records_for_run(nummer, of_type=DagsterEventType.ASSET_MATERIALIZATION).records
    metadata = [r.asset_materialization.metadata for r in gemaakt if r.asset_key.path == ["leveringen"]]
    return {"stappen": stappen, "gelezen": metadata[0]["gelezen"].value if metadata else None}


@contextmanager
def een_levering_erbij(bron: Path) -> Iterator[Path]:
    """A correction of a middle-sized levering jeugdhulp of the last period: two rows name another verwijzer."""
    paden = sorted((bron / PERIODE).glob("jeugdhulp__*.csv"), key=lambda p: (p.stat().st_size, p.name))
    gelezen = ((p, pl.read_csv(p, separator=";", infer_schema=False)) for p in paden[len(paden) // 2 :])
    pad, rijen = next((p, r) for p, r in gelezen if r.height >= 2)
    leverancier = pad.name.split("__")[1]
    volgnr = max(int(p.stem.rpartition("__v")[2]) for p in paden if p.name.split("__")[1] == leverancier) + 1
    anders = pl.when(pl.col("verwijzer") == "02").then(pl.lit("03")).otherwise(pl.lit("02"))
    nieuw = pad.with_name(f"jeugdhulp__{leverancier}__{PERIODE}__v{volgnr}.csv")
    eerste = pl.int_range(pl.len()) < 2
    rijen.with_columns(verwijzer=pl.when(eerste).then(anders).otherwise("verwijzer")).write_csv(nieuw, separator=";")
    try:
        yield nieuw
    finally:
        nieuw.unlink()


def bekijk_release(werk: Werk) -> None:
    """Bytes of what was made, the jeugdigen in zorg, and the time of the ready queries."""
    werk.uitslag["bytes"] = {"landing/": _bytes(werk.home.landing)}
    if werk.home.current.exists():
        delen = ("warehouse.duckdb", "publicatie.duckdb", "publicatie/")
        werk.uitslag["bytes"] |= {deel: _bytes(werk.home.current / deel) for deel in delen}
        with duckdb.connect(str(werk.home.current / "warehouse.duckdb"), read_only=True) as con:
            vraag = "select count(distinct persoon) from dwh.fct_zorg_periode where verslagperiode = ?"
            werk.uitslag["jeugdigen"] = con.execute(vraag, [PERIODE]).fetchone()[0]
        werk.uitslag["vragen"] = stel_vragen(werk.home.current / "publicatie.duckdb")
    werk.bewaar()


def stel_vragen(database: Path) -> dict[str, list[float]]:
    """Seconds of every ready query, time after time on a connection of its own; the rows are fetched."""
    tijden: dict[str, list[float]] = {}
    for pad in sorted((PROJECT / "notebooks" / "vragen").glob("*.sql")):
        sql = pad.read_text("utf-8")
        with duckdb.connect(str(database), read_only=True) as con:
            for _ in range(KEREN):
                begin = time.perf_counter()
                con.execute(sql).fetchall()
                tijden.setdefault(pad.stem, []).append(time.perf_counter() - begin)
    return tijden


def _bytes(pad: Path) -> int:
    return sum(p.stat().st_size for p in (pad.rglob("*") if pad.is_dir() else [pad]) if p.is_file())


def leg_vloer(werk: Werk) -> None:
    """DuckDB alone, over the same files."""
    if werk.meet("vloer", [sys.executable, "-m", "bench.vloer", werk.bron, werk.map / "vloer"]).code == 0:
        werk.uitslag["feeds"] = werk.geprint("vloer")[-1]
        werk.uitslag["bytes"]["Parquet of the floor"] = _bytes(werk.map / "vloer")
    werk.bewaar()
    werk.leeg("vloer")


def vergelijk(werk: Werk, wat: str, grenzen: Grenzen) -> None:
    """The same by other means (landing and stand_stroom, or all models), ended when it passes a limit."""
    if reden := _waarom_niet(werk, wat):
        werk.noteer(wat, {"gestopt": reden})
        return
    opdracht = [sys.executable, "-m", f"bench.weg_{wat}", werk.bron, werk.map / wat, PERIODE]
    opdracht += ["--key-file", werk.map / "demo.key", "--settings", INSTELLINGEN]
    if wat == "postgres":
        opdracht += ["--home", werk.home.wortel]
    werk.meet(wat, opdracht, plafond=grenzen.plafond, tijdslimiet=grenzen.tijdslimiet)
    geprint = werk.geprint(wat)
    werk.noteer(wat, {"delen": [d for d in geprint if "stap" in d]})
    werk.noteer(wat, {k: w for d in geprint if "stap" not in d for k, w in d.items()})
    werk.leeg(wat)


def _waarom_niet(werk: Werk, wat: str) -> str | None:
    if find_spec(f"bench.weg_{wat}") is None:
        return f"bench/weg_{wat}.py is not there"
    if wat == "postgres":
        return "up to size 1 only" if werk.omvang > 1 else weg_postgres.waarom_niet()
    return None


def doorloop(werk: Werk, zonder: set[str], grenzen: Grenzen, bewaar_home: bool) -> None:
    """All phases of one size."""
    werk.map.mkdir(parents=True, exist_ok=True)
    if werk.metingen.exists() and verslag.goed(json.loads(werk.metingen.read_text("utf-8"))):
        werk.metingen.replace(werk.map / GELUKT)
    werk.uitslag |= {
        "moment": f"{datetime.now():%Y-%m-%d %H:%M}",
        "versie": _versie(),
        "belasting": os.getloadavg()[0],
    }
    schrijf_leveringen(werk)
    werk.leeg("home")
    ververs(werk, "koud")
    bekijk_release(werk)
    if "ongewijzigd" not in zonder:
        ververs(werk, "ongewijzigd")
    if "een_levering" not in zonder:
        with een_levering_erbij(werk.bron):
            ververs(werk, "een_levering")
    leg_vloer(werk)
    for wat in VERGELIJKINGEN:
        if wat in zonder:
            werk.noteer(wat, {"gestopt": "left out in this run"})
        else:
            vergelijk(werk, wat, grenzen)
    if not bewaar_home:
        werk.leeg("home")


def _versie() -> str:
    """The commit that is measured; ``+`` when files differ from it."""

    def git(*woorden: str) -> str:
        return subprocess.run(["git", *woorden], cwd=PROJECT, capture_output=True, text=True).stdout.strip()

    gewijzigd = [r for r in git("status", "--porcelain").splitlines() if not re.search(r"bench/(RESULTS.md|.*svg)$", r)]
    return git("rev-parse", "--short", "HEAD") + ("+" if gewijzigd else "")


def lees_metingen(map_: Path) -> dict:
    """The last run of a size, or, when it did not end well, the last that did, with the other as ``later``."""
    laatste, gelukt = (
        json.loads(p.read_text("utf-8")) if (p := map_ / n).exists() else {"fasen": {}} for n in (METINGEN, GELUKT)
    )
    return laatste if verslag.goed(laatste) or not verslag.goed(gelukt) else gelukt | {"later": laatste}


def schrijf_verslag(werkmap: Path, halfjaren: int) -> None:
    """RESULTS.md and the plot, from all sizes that were measured in the working directory."""
    gemeten = [lees_metingen(map_) for map_ in werkmap.glob(f"*x{halfjaren}")]
    gemeten = sorted((m for m in gemeten if verslag.volledig(m)), key=lambda m: m["omvang"])
    if gemeten:
        tekst, plaatje = verslag.stel_op(
            gemeten, " ".join(["python -m bench.groei", *sys.argv[1:]]), 1 / meten.TUSSENTIJD
        )
        uitslagen.UITSLAGEN.with_name("groei.svg").write_text(plaatje, "utf-8")
        uitslagen.bewaar("groei", tekst)


def main() -> int:
    """Measure size after size; the report is written after each, also when the run is stopped."""
    vlag = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    vlag.add_argument("--sizes", default="1,10,37", help="of the demo region; 1 = Drenthe, 37 = the country")
    vlag.add_argument("--halfjaren", type=int, default=20)
    vlag.add_argument("--werkmap", type=Path, default=Path(__file__).with_name("werk"), help="leveringen are kept here")
    vlag.add_argument("--zonder", default="", help=f"what to leave out: {','.join(WEG_TE_LATEN)}")
    vlag.add_argument("--plafond", type=float, default=10, help="GiB at which a comparison is ended")
    vlag.add_argument("--tijdslimiet", type=float, default=3600, help="seconds after which a comparison is ended")
    vlag.add_argument("--bewaar", action="store_true", help="keep the home directories")
    keuze = vlag.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was measured is written down, what runs is ended
    grenzen = Grenzen(keuze.plafond * GIB, keuze.tijdslimiet)
    for omvang in sorted(float(s) for s in keuze.sizes.split(",")):
        try:
            doorloop(Werk(keuze.werkmap, omvang, keuze.halfjaren), set(keuze.zonder.split(",")), grenzen, keuze.bewaar)
        finally:
            schrijf_verslag(keuze.werkmap, keuze.halfjaren)
    print(uitslagen.UITSLAGEN.read_text("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
