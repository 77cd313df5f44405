"""Measure a command from outside: time, CPU and memory of the process and everything it starts. Linux only."""

from __future__ import annotations

import bisect
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.settings import PROJECT

TUSSENTIJD = 0.15  # seconds between samples
_TIK, _PAGINA = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Monster:
    """The process tree at one moment: seconds of the clock, CPU seconds so far, bytes of memory."""

    tijd: float
    cpu: float
    geheugen: int


@dataclass
class Meting:
    """What a command took. ``gestopt`` tells why it was ended before it was done, if it was."""

    seconden: float = 0
    cpu: float = 0
    code: int | None = None
    gestopt: str | None = None
    monsters: list[Monster] = field(default_factory=list)

    @property
    def piek(self) -> int:
        """The most memory that was seen."""
        return max((m.geheugen for m in self.monsters), default=0)

    def deel(self, begin: float, eind: float) -> tuple[float, int]:
        """CPU seconds and peak memory between two moments of the clock."""
        binnen = [m.geheugen for m in self.monsters if begin <= m.tijd <= eind]
        dichtbij = min(self.monsters, key=lambda m: abs(m.tijd - begin)).geheugen if self.monsters else 0
        return self._cpu_op(eind) - self._cpu_op(begin), max(binnen, default=dichtbij)

    def _cpu_op(self, tijd: float) -> float:
        """CPU seconds at a moment, along a straight line between the samples around it."""
        na = bisect.bisect_left(self.monsters, tijd, key=lambda m: m.tijd)
        if na == 0 or na == len(self.monsters):
            return self.monsters[min(na, len(self.monsters) - 1)].cpu if self.monsters else 0
        a, b = self.monsters[na - 1], self.monsters[na]
        return a.cpu + (b.cpu - a.cpu) * (tijd - a.tijd) / max(b.tijd - a.tijd, 1e-9)


def meet(
    opdracht: Sequence[str | Path],
    log: Path,
    *,
    omgeving: dict[str, str] | None = None,
    plafond: float = float("inf"),
    tijdslimiet: float = float("inf"),
) -> Meting:
    """Run a command to its end, or until it passes a limit of bytes or seconds; what it prints goes to ``log``."""
    meting, klaar = Meting(), threading.Event()
    with log.open("w") as uit:
        begin = time.perf_counter()
        proces = subprocess.Popen(
            [str(deel) for deel in opdracht],
            stdout=uit,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env=os.environ | (omgeving or {}),
            start_new_session=True,
        )
        kijker = threading.Thread(target=_kijk, args=(proces.pid, meting, klaar, plafond, tijdslimiet))
        kijker.start()
        try:
            _, status, verbruik = os.wait4(proces.pid, 0)  # of the process and all it waited for
        except BaseException:
            _beeindig(proces.pid)
            raise
        finally:
            klaar.set()
            kijker.join()
        meting.seconden = time.perf_counter() - begin
        proces.returncode = meting.code = os.waitstatus_to_exitcode(status)
        meting.cpu = verbruik.ru_utime + verbruik.ru_stime
    return meting


def _kijk(wortel: int, meting: Meting, klaar: threading.Event, plafond: float, tijdslimiet: float) -> None:
    begin = time.monotonic()
    while not klaar.wait(TUSSENTIJD if meting.monsters else 0):
        monster = bekijk(wortel)
        if monster.geheugen:
            meting.monsters.append(monster)
        over_tijd, te_groot = time.monotonic() - begin > tijdslimiet, monster.geheugen > plafond
        if (over_tijd or te_groot) and meting.gestopt is None:
            meting.gestopt = (
                f"ended after {tijdslimiet:g} s" if over_tijd else f"ended at {monster.geheugen / 2**30:.1f} GiB"
            )
            _beeindig(wortel)


def _beeindig(wortel: int) -> None:
    """End a process and what it started, wherever that put itself."""
    for pid in {*_boom(wortel), wortel}:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def bekijk(wortel: int) -> Monster:
    """CPU and memory of a process tree now.

    Memory is what is resident; pages of files (libraries) count for the process that has most of them only, as the
    processes share them. The exact share (PSS) takes the kernel 7 ms per GiB to tell, which would weigh on what is measured.
    """
    cpu, eigen, bestanden = 0.0, 0, [0]
    for pid, velden in _boom(wortel).items():
        cpu += sum(int(t) for t in velden[11:15]) / _TIK  # its own, and of the children it waited for
        try:
            _, resident, gedeeld, *_ = Path(f"/proc/{pid}/statm").read_text().split()
        except (OSError, ValueError):
            continue  # it just ended
        eigen += (int(resident) - int(gedeeld)) * _PAGINA
        bestanden.append(int(gedeeld) * _PAGINA)
    return Monster(time.time(), cpu, eigen + max(bestanden))


def _boom(wortel: int) -> dict[int, list[str]]:
    """The processes below and including one, with the fields of /proc/<pid>/stat from the state on."""
    alle = {}
    for pad in Path("/proc").glob("[0-9]*/stat"):
        try:
            alle[int(pad.parent.name)] = pad.read_text().rpartition(")")[2].split()
        except OSError:
            continue
    boom = {wortel} if wortel in alle else set()
    # a session of its own holds most; what left it is found by its parent
    boom |= {pid for pid, velden in alle.items() if int(velden[3]) == wortel}
    while erbij := {pid for pid, velden in alle.items() if pid not in boom and int(velden[1]) in boom}:
        boom |= erbij
    return {pid: alle[pid] for pid in boom}
