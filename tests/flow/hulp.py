"""Helpers of the flow tests: start the product's processes, compare directories, look inside a release. No tests."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

JEUGDMONITOR = Path(sys.executable).with_name("jeugdmonitor")
DAGSTER = Path(sys.executable).with_name("dagster")
PERIODE = "2024H2"
SLEUTEL = "flow-4c1d9e7a2b-sleutel"
GEDULD = 150  # seconds that a process may take on a busy machine before it counts as hanging
KORT = 40  # the same for one that stops early

KLAAR, POORT_DICHT, GEBRUIK, STORING = 0, 1, 2, 3

# --- processes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Uitslag:
    """How a process ended; ``code`` is None when it hung and was killed."""

    code: int | None
    uit: str
    fout: str
    duur: float

    @property
    def tekst(self) -> str:
        """Everything that was on screen, without the line breaks of a narrow terminal."""
        return " ".join(f"{self.uit}\n{self.fout}".split())


class Proces:
    """A running process in a process group of its own; its output is read as it comes."""

    def __init__(self, args: Iterable[str | Path], *, env: dict[str, str], cwd: Path, invoer: str | None = None):
        self.begin = time.monotonic()
        self.popen = subprocess.Popen(
            [str(a) for a in args],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL if invoer is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        if invoer is not None:
            self.popen.stdin.write(invoer)
            self.popen.stdin.close()
        self._uit: list[str] = []
        self._fout: list[str] = []
        self._lezers = [
            threading.Thread(target=lijst.extend, args=(stroom,), daemon=True)
            for lijst, stroom in ((self._uit, self.popen.stdout), (self._fout, self.popen.stderr))
        ]
        for lezer in self._lezers:
            lezer.start()

    @property
    def loopt(self) -> bool:
        return self.popen.poll() is None

    def gezegd(self, tekst: str) -> bool:
        """Has the process said this on screen yet?"""
        return tekst in " ".join("".join(self._uit).split())

    def wacht(self, voorwaarde: Callable[[], bool], pauze: float = 0.01) -> bool:
        """Wait until the condition holds; False when the process ended (or hung) before it did."""
        while self.loopt and time.monotonic() - self.begin < GEDULD:
            if voorwaarde():
                return True
            time.sleep(pauze)
        return voorwaarde()

    def sein(self, welk: signal.Signals, *, hele_groep: bool = False) -> bool:
        """Send a signal to the process, or to it and its children; False when nobody is there to get it."""
        try:
            (os.killpg if hele_groep else os.kill)(self.popen.pid, welk)
        except ProcessLookupError:
            return False
        return True

    def dood_met_alles(self) -> int | None:
        """Kill the process and its children, as when the machine goes down; gives the exit code."""
        self.sein(signal.SIGKILL, hele_groep=True)
        return self.klaar().code

    def klaar(self, geduld: float = GEDULD) -> Uitslag:
        """Wait for the end; what hangs is killed, with its children."""
        try:
            code: int | None = self.popen.wait(geduld)
        except subprocess.TimeoutExpired:
            self.sein(signal.SIGKILL, hele_groep=True)
            self.popen.wait()
            code = None
        for lezer in self._lezers:
            lezer.join(5)  # a child that outlives its parent may keep the pipe open
        return Uitslag(code, "".join(self._uit), "".join(self._fout), time.monotonic() - self.begin)


def omgeving(**extra: str | Path) -> dict[str, str]:
    """The environment of a user: the settings given here and no others."""
    schoon = {
        k: w
        for k, w in os.environ.items()
        if not k.startswith(("JEUGDMONITOR_", "DAGSTER_")) and k != "PYTHONDONTWRITEBYTECODE"
    }
    return schoon | {"COLUMNS": "300"} | {k: str(w) for k, w in extra.items()}


def start(*args: str | Path, cwd: Path, invoer: str | None = None, **env: str | Path) -> Proces:
    """Start the console script; ``env`` are extra environment variables."""
    return Proces([JEUGDMONITOR, *args], env=omgeving(**env), cwd=cwd, invoer=invoer)


def draai(
    *args: str | Path, cwd: Path, invoer: str | None = None, geduld: float = GEDULD, **env: str | Path
) -> Uitslag:
    """Run the console script to its end; it never shows a traceback, a BSN or the key."""
    uitslag = start(*args, cwd=cwd, invoer=invoer, **env).klaar(geduld)
    assert_netjes(uitslag)
    return uitslag


def refresh_args(home: Path, bron: Path, *extra: str | Path, periode: str = PERIODE) -> list[str | Path]:
    return ["refresh", "--sources", bron, "--home", home, "--period", periode, *extra]


def refresh(
    home: Path, bron: Path, *extra: str | Path, periode: str = PERIODE, geduld: float = GEDULD, **env: str | Path
) -> Uitslag:
    """A refresh from a fresh working directory, with the key of the flow tests unless ``env`` says otherwise."""
    env = {"JEUGDMONITOR_KEY": SLEUTEL} | env
    return draai(*refresh_args(home, bron, *extra, periode=periode), cwd=home.parent, geduld=geduld, **env)


def assert_netjes(uitslag: Uitslag) -> None:
    """What is on screen is meant for people, and holds no secret."""
    scherm = uitslag.uit + uitslag.fout
    assert "Traceback (most recent call last)" not in scherm, scherm[-3000:]
    assert SLEUTEL not in scherm
    assert not [n for n in re.findall(r"(?<!\w)\d{9}(?!\w)", scherm) if elfproef(n)], "a BSN on screen"


def elfproef(nummer: str) -> bool:
    som = sum(int(c) * g for c, g in zip(nummer, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return som % 11 == 0 and nummer not in ("000000000", "999999999")


# --- directories -----------------------------------------------------------------------------------------------------


def kopie(van: Path, naar: Path) -> Path:
    """A copy of a directory: links stay links, no file is shared."""
    shutil.copytree(van, naar, symlinks=True)
    return naar


def boom(wortel: Path, *, zonder: Iterable[str] = ()) -> dict[str, tuple]:
    """Every path below a directory with its mode and content; ``zonder`` names what to leave out at the top."""
    weg = set(zonder)
    uit: dict[str, tuple] = {}
    for pad in sorted(wortel.rglob("*")):
        naam = pad.relative_to(wortel)
        if naam.parts[0] in weg:
            continue
        stand = pad.lstat()
        if pad.is_symlink():
            inhoud = str(pad.readlink())
        elif pad.is_dir():
            inhoud = "map"
        else:
            inhoud = sha256(pad)
        uit[str(naam)] = (oct(stand.st_mode), inhoud)
    return uit


def sha256(pad: Path) -> str:
    with pad.open("rb") as bestand:
        return hashlib.file_digest(bestand, "sha256").hexdigest()


def resten(home: Path) -> list[str]:
    """What a refresh must not leave behind."""
    los = [p for p in home.rglob("*") if p.name.endswith((".nieuw", ".tmp", ".wal")) or p.name == ".current"]
    los += [p for p in (home / "bouw",) if p.exists()]
    los += (home / "releases").glob(".*")
    return sorted(str(p.relative_to(home)) for p in los)


# --- releases --------------------------------------------------------------------------------------------------------


def huidige(home: Path) -> Path:
    return home / "releases" / (home / "current").readlink().name


def manifest(release: Path) -> dict:
    return json.loads((release / "manifest.json").read_text("utf-8"))


def tabellen(release: Path, database: str = "warehouse.duckdb", *schemas: str) -> dict[str, dict]:
    """Rows and checksum per table as the manifest gives them; of ``schemas`` only, if any are named."""
    alle = manifest(release)["uitvoer"][database]
    return {t: w for t, w in alle.items() if not schemas or t.split(".")[0] in schemas}


def cijfers(release: Path) -> dict[str, dict]:
    """The checksums of everything that is figures: all but what tells of files and gates."""
    return {
        f"{d}/{t}": w
        for d in ("warehouse.duckdb", "publicatie.duckdb")
        for t, w in tabellen(release, d, "dwh", "monitor").items()
    }


def gebreken(release: Path) -> list[str]:
    """What is wrong with a release as a whole: the files that its manifest names and that are not there like that."""
    vermeld = manifest(release)["bestanden"]
    weg = [n for n in ("warehouse.duckdb", "publicatie.duckdb") if n not in vermeld]
    return weg + [n for n, som in vermeld.items() if not (release / n).is_file() or sha256(release / n) != som]


def onvermeld(release: Path) -> list[str]:
    """Files in a release that its manifest does not name."""
    aanwezig = {str(p.relative_to(release)) for p in release.rglob("*") if p.is_file()}
    return sorted(aanwezig - manifest(release)["bestanden"].keys() - {"manifest.json"})


def vraag(release: Path, sql: str, database: str = "warehouse.duckdb", parameters: list | None = None) -> list[tuple]:
    with duckdb.connect(str(release / database), read_only=True) as con:
        return con.execute(sql, parameters or []).fetchall()


def bevindingen(home: Path, leverancier: str, periode: str = PERIODE) -> list[dict[str, str]]:
    """The rows of one bevindingen.csv."""
    pad = home / "feedback" / periode / leverancier / "bevindingen.csv"
    with pad.open(encoding="utf-8", newline="") as bestand:
        lezer = csv.DictReader(bestand)
        rijen = list(lezer)
    assert lezer.fieldnames == ["bestand", "rij", "kolom", "code", "ernst", "melding"]
    return rijen


def uitkomsten(home: Path) -> list[tuple]:
    """The kept outcomes of the poorten: refresh, regel, effect, object, status, override."""
    with duckdb.connect() as con:
        return con.execute(
            "select refresh, regel, effect, object, status, override from read_parquet(?) order by all",
            [[str(p) for p in sorted((home / "kwaliteit" / "uitkomst").glob("*.parquet"))]],
        ).fetchall()


# --- secrets ---------------------------------------------------------------------------------------------------------


def nummers_in(bestanden: Iterable[Path]) -> set[str]:
    """Every BSN in leveringen, right or wrong."""
    gevonden: set[bytes] = set()
    for pad in bestanden:
        if pad.suffix == ".txt":
            gevonden |= {regel[:9] for regel in pad.read_bytes().splitlines() if regel[:9].isdigit()}
        else:
            tekst = b" ".join(_uitgepakt(pad)) if pad.suffix == ".xlsx" else pad.read_bytes()
            gevonden |= set(re.findall(rb"(?<!\w)\d{9}(?!\w)", tekst))
    return {n.decode() for n in gevonden} - {"000000000", "999999999"}


def geheimen_in(wortel: Path, nummers: set[str], sleutel: str) -> dict[str, str]:
    """Files below a directory in which a BSN or the key can be read, packed or not; with what was found."""
    uit = {}
    for pad in (p for p in wortel.rglob("*") if p.is_file() and not p.is_symlink()):
        for deel in [pad.name.encode(), pad.read_bytes(), *_uitgepakt_zo_mogelijk(pad)]:
            if sleutel.encode() in deel:
                uit[str(pad)] = "sleutel"
            # as a word of its own, or several after each other as in the dictionary of a column; no decimals, no hex
            for reeks in re.findall(rb"(?<![\w.,])\d{9,}(?!\w)", deel):
                if any(reeks[i : i + 9].decode() in nummers for i in range(0, len(reeks) - 8, 9)):
                    uit[str(pad)] = "bsn"
    return uit


def woorden_in(wortel: Path, woorden: set[str], zonder: Iterable[str] = ()) -> dict[str, list[str]]:
    """Files below a directory in which one of the words can be read, packed or not, also as part of another word."""
    uit = {}
    for pad in (p for p in wortel.rglob("*") if p.is_file() and p.name not in set(zonder)):
        delen = [str(pad.relative_to(wortel)).encode(), pad.read_bytes(), *_uitgepakt(pad)]
        # as latin-1 every byte is a character, so the words (ASCII) are found among any others
        tekst = pl.Series([d.decode("latin-1") for d in delen])
        gevonden = tekst.str.extract_many(sorted(woorden)).explode().drop_nulls().unique().sort().to_list()
        if gevonden:
            uit[str(pad.relative_to(wortel))] = gevonden
    return uit


def _uitgepakt_zo_mogelijk(pad: Path) -> list[bytes]:
    """Half a database of a killed process cannot be opened; its bytes are looked at all the same."""
    try:
        return _uitgepakt(pad)
    except duckdb.Error:
        return []


def _uitgepakt(pad: Path) -> list[bytes]:
    """The content of a packed file as text: the parts of a workbook, the values of a Parquet or DuckDB file, gz unpacked."""
    if pad.suffix == ".gz":
        return [gzip.decompress(pad.read_bytes())]
    if pad.suffix == ".xlsx" and zipfile.is_zipfile(pad):
        with zipfile.ZipFile(pad) as boek:
            return [boek.read(naam) for naam in boek.namelist()]
    if pad.suffix == ".parquet":
        with duckdb.connect() as con:
            con.execute(f"create view t as from read_parquet(['{_sql(pad)}'])")
            return _waarden(con, "t")
    if pad.suffix == ".duckdb":
        with duckdb.connect(str(pad), read_only=True) as con:
            namen = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            uitleg = _waarden(con, "duckdb_tables()") + _waarden(con, "duckdb_columns()")
            return uitleg + [deel for schema, tabel in namen for deel in _waarden(con, f"{schema}.{tabel}")]
    return []


def _waarden(con: duckdb.DuckDBPyConnection, tabel: str) -> list[bytes]:
    kolommen = [k for k, *_ in con.execute(f"describe from {tabel}").fetchall()]
    vragen = [f'select distinct "{k}"::varchar from {tabel} where "{k}" is not null' for k in kolommen]
    return ["\n".join(w for (w,) in con.execute(v).fetchall()).encode() for v in vragen]


def _sql(pad: Path) -> str:
    return str(pad).replace("'", "''")
