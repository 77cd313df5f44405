"""Who may read what (spec 05 §1): the publication everybody, the warehouse a group of analysts, the rest the owner's own."""

from __future__ import annotations

import grp
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.settings import GebruikersFout, Home

ANDEREN = 0o007  # the bits of who is neither owner nor group


@contextmanager
def besloten(home: Home) -> Iterator[None]:
    """Keep others out of every file and directory that is made meanwhile, and of what is there about persons.

    Closed is what happens by itself; what is published is opened by ``stel_in``, and nothing else is.
    """
    for pad in (home.landing, home.quarantine, home.feedback, home.kwaliteit, home.sleutelcontrole):
        with suppress(FileNotFoundError, PermissionError):  # not there yet, or somebody else's to close
            pad.chmod(pad.stat().st_mode & ~ANDEREN)
    was = os.umask(ANDEREN)
    os.umask(was | ANDEREN)
    try:
        yield
    finally:
        os.umask(was)


def controleer(groep: str | None) -> None:
    """Raises GebruikersFout when this process cannot give a file to the group."""
    if groep is None:
        return
    try:
        nummer = grp.getgrnam(groep).gr_gid
    except KeyError:
        raise GebruikersFout(
            f"De groep '{groep}' (instelling analisten) is er op deze machine niet. Maak hem aan of pas de instelling aan."
        ) from None
    if os.geteuid() != 0 and nummer not in {os.getegid(), *os.getgroups()}:
        raise GebruikersFout(
            f"U bent geen lid van de groep '{groep}' (instelling analisten) en kunt er dus geen bestand aan geven. "
            "Word lid, of laat de verversing draaien door iemand die dat is."
        )


def stel_in(release: Path, groep: str | None) -> None:
    """Give a finished build its modes, whatever the umask: 0640 for the warehouse, 0644 for all that is published."""
    warehouse = release / "warehouse.duckdb"
    warehouse.chmod(0o640)
    for pad in {release, *release.rglob("*")} - {warehouse}:
        pad.chmod(0o755 if pad.is_dir() else 0o644)
    if groep is not None:
        os.chown(warehouse, -1, grp.getgrnam(groep).gr_gid)
