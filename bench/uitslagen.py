"""What the benchmarks share in writing RESULTS.md: the machine, a table, a plot, and a section of one's own."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import duckdb

UITSLAGEN = Path(__file__).with_name("RESULTS.md")
KLEUREN = ("#12344d", "#c0392b", "#2e7d32", "#8e5ea2", "#b9770e", "#5c6670", "#00838f")


def machine() -> str:
    """One line on the machine and the versions that decide on speed."""

    def lees(pad: str, patroon: str) -> str:
        gevonden = re.search(patroon, Path(pad).read_text())
        return gevonden[1].strip() if gevonden else "?"

    processor = lees("/proc/cpuinfo", r"model name\s*:\s*(.+)")
    geheugen = int(lees("/proc/meminfo", r"MemTotal:\s*(\d+)")) / 2**20
    return (
        f"{os.cpu_count()} cores ({processor}), {geheugen:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )


def bewaar(onderdeel: str, tekst: str, pad: Path = UITSLAGEN) -> None:
    """Put a report in RESULTS.md between the marks of its section, in place of the one before."""
    merk = f"<!-- {onderdeel} -->"
    oud = pad.read_text("utf-8") if pad.exists() else "# Results\n\nWritten by the scripts beside this file.\n"
    delen = oud.split(merk)
    voor, na = (delen[0], delen[2]) if len(delen) == 3 else (oud.rstrip() + "\n\n", "\n")
    pad.write_text(f"{voor}{merk}\n{tekst}\n{merk}{na}", "utf-8")


def tabel(kop: Sequence[str], rijen: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table: the first column is text, the others are numbers."""
    lijn = "|---" + "|--:" * (len(kop) - 1) + "|"
    return [f"| {' | '.join(kop)} |", lijn, *(f"| {' | '.join(rij)} |" for rij in rijen)]


def lijnen(panelen: Sequence[tuple[str, str, dict[str, list[tuple[float, float]]]]], x_naam: str) -> str:
    """An SVG with a panel per (title, unit, lines): both axes logarithmic, so that linear growth is a slope of one."""
    breed, hoog = 660, 400
    namen = list(dict.fromkeys(naam for _, _, reeksen in panelen for naam in reeksen))
    kleuren = {naam: KLEUREN[k % len(KLEUREN)] for k, naam in enumerate(namen)}
    delen = [
        f'<g transform="translate({k * breed},0)">{_paneel(titel, eenheid, reeksen, kleuren, x_naam, breed, hoog)}</g>'
        for k, (titel, eenheid, reeksen) in enumerate(panelen)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {breed * len(panelen)} {hoog}" font-size="12" '
        f'font-family="system-ui, sans-serif"><rect width="100%" height="100%" fill="#fff"/>{"".join(delen)}</svg>\n'
    )


def _paneel(
    titel: str,
    eenheid: str,
    reeksen: dict[str, list[tuple[float, float]]],
    kleuren: dict[str, str],
    x_naam: str,
    breed: int,
    hoog: int,
) -> str:
    links, rechts, boven, onder = 56, breed - 190, 34, hoog - 44
    punten = [p for reeks in reeksen.values() for p in reeks]
    (x0, x1), (y0, y1) = (_bereik([p[as_] for p in punten]) for as_ in (0, 1))

    def plek(x: float, y: float) -> tuple[float, float]:
        return (
            links + (rechts - links) * (math.log10(x) - x0) / (x1 - x0),
            onder - (onder - boven) * (math.log10(y) - y0) / (y1 - y0),
        )

    delen = [f'<text x="{links}" y="18" font-weight="bold">{escape(titel)} ({escape(eenheid)})</text>']
    for macht in range(y0, y1 + 1):
        y = plek(10**x0, 10**macht)[1]
        delen.append(f'<line x1="{links}" y1="{y:.1f}" x2="{rechts}" y2="{y:.1f}" stroke="#d5dade"/>')
        delen.append(f'<text x="{links - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**macht:g}</text>')
    for macht in range(x0, x1 + 1):
        x = plek(10**macht, 10**y0)[0]
        delen.append(f'<line x1="{x:.1f}" y1="{boven}" x2="{x:.1f}" y2="{onder}" stroke="#d5dade"/>')
        delen.append(f'<text x="{x:.1f}" y="{onder + 16}" text-anchor="middle">{10**macht:,}</text>')
    delen.append(f'<text x="{(links + rechts) / 2}" y="{hoog - 10}" text-anchor="middle">{escape(x_naam)}</text>')
    namen = []
    for naam, reeks in reeksen.items():
        plekken = [plek(*p) for p in reeks]
        lijn = " ".join(f"{x:.1f},{y:.1f}" for x, y in plekken)
        delen.append(f'<polyline points="{lijn}" fill="none" stroke="{kleuren[naam]}" stroke-width="2"/>')
        delen += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{kleuren[naam]}"/>' for x, y in plekken]
        namen.append((plekken[-1][1], naam))
    hoogte = -math.inf
    for y, naam in sorted(namen):
        hoogte = max(y + 4, hoogte + 14)  # names do not lie on each other
        delen.append(f'<text x="{rechts + 10}" y="{hoogte:.1f}" fill="{kleuren[naam]}">{escape(naam)}</text>')
    return "".join(delen)


def _bereik(waarden: list[float]) -> tuple[int, int]:
    """The powers of ten around some values."""
    laag, hoog = math.floor(math.log10(min(waarden))), math.ceil(math.log10(max(waarden)))
    return laag, max(hoog, laag + 1)
