"""The release directories and the link to the newest: one writer at a time, whole releases only (spec 05 §1)."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.settings import GebruikersFout, Home


class Bezet(GebruikersFout):
    """Another refresh works in this home directory."""


@contextmanager
def alleen(home: Home) -> Iterator[None]:
    """Hold the home directory for one refresh; raises Bezet at once when another process has it.

    The lock goes with the process, so a killed refresh leaves none behind.
    """
    home.wortel.mkdir(parents=True, exist_ok=True)
    with home.slot.open("a") as slot:
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Bezet(
                f"Er loopt al een verversing in {home.wortel}. Wacht tot die klaar is en probeer het opnieuw."
            ) from None
        yield


def ruim_op(home: Home) -> None:
    """Remove what an earlier refresh left when it was cut short; published releases stay untouched."""
    shutil.rmtree(home.bouw, ignore_errors=True)
    for rest in home.releases.glob(".*"):
        rest.unlink() if rest.is_symlink() else shutil.rmtree(rest, ignore_errors=True)
    home.wortel.joinpath(".current").unlink(missing_ok=True)


def releases(home: Home) -> list[str]:
    """Names of the whole releases, by period and number."""
    namen = [p.name for p in home.releases.glob("*-r*") if (p / "manifest.json").is_file()]
    return sorted(namen, key=lambda n: (n.split("-r")[0], int(n.split("-r")[1])))


def huidige(home: Home) -> Path | None:
    """The directory of the current release, or None when there is none yet."""
    return home.current.resolve() if home.current.is_symlink() and home.current.exists() else None


def volgende_naam(home: Home, periode: str) -> str:
    """The name of the next release of a period: 2024H2-r3."""
    nummers = [int(m[1]) for p in home.releases.glob(f"{periode}-r*") if (m := re.search(r"-r(\d+)$", p.name))]
    return f"{periode}-r{max(nummers, default=0) + 1}"


def plaats(home: Home, gebouwd: Path, naam: str) -> Path:
    """Give a finished build its place among the releases: everything on disk first, then one rename."""
    for pad in sorted(gebouwd.rglob("*")):
        if pad.suffix == ".wal":
            raise RuntimeError(f"{pad.name} was left behind: a database is still open")
        if pad.is_file():
            _naar_schijf(pad)
    home.releases.mkdir(parents=True, exist_ok=True)
    home.releases.chmod(0o755)  # what is closed in it is closed by itself
    doel = home.releases / naam
    gebouwd.rename(doel)
    _naar_schijf(home.releases)
    return doel


def zet_current(home: Home, naam: str) -> None:
    """Point ``current`` at a release in one atomic step; an open connection keeps the release it opened."""
    if not (home.releases / naam / "manifest.json").is_file():
        raise GebruikersFout(f"Release {naam} is er niet. Bekijk de lijst met: jeugdmonitor releases")
    tijdelijk = home.wortel / ".current"
    tijdelijk.unlink(missing_ok=True)
    tijdelijk.symlink_to(Path("releases") / naam, target_is_directory=True)
    tijdelijk.replace(home.current)
    _naar_schijf(home.wortel)


def manifest(release: Path) -> dict:
    """The manifest of a release."""
    return json.loads((release / "manifest.json").read_text("utf-8"))


def _naar_schijf(pad: Path) -> None:
    beschrijving = os.open(pad, os.O_RDONLY)
    try:
        os.fsync(beschrijving)
    finally:
        os.close(beschrijving)
