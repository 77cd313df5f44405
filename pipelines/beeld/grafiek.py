"""Charts of the factsheet as SVG text: the page and the PDF show the same drawing. No numbers are made here.

Told apart by shape and darkness, so that they hold in black and white; axes begin at zero.
"""

from __future__ import annotations

import math
from html import escape

from pipelines.beeld.zinnen import Schatting
from pipelines.getallen import getal

INKT, VAAL, BAND, LIJN = "#12344d", "#5c6670", "#c9d8e4", "#d5dade"
BREED = 340
RECHTS = 222  # where the plot ends and the names begin


def _tekst(x: float, y: float, tekst: str, *, anker: str = "start", kleur: str = VAAL, vet: bool = False) -> str:
    gewicht = ' font-weight="bold"' if vet else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anker}" fill="{kleur}"{gewicht}>{escape(tekst)}</text>'


def _streep(x1: float, y1: float, x2: float, y2: float, kleur: str, extra: str = "") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{kleur}"{extra}/>'


def _svg(hoog: float, titel: str, delen: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BREED} {hoog:.0f}" role="img" aria-label="{escape(titel)}" '
        f'font-family="Source Sans Pro, system-ui, sans-serif" font-size="12">{"".join(delen)}</svg>'
    )


def _schaal(hoogste: float) -> tuple[float, float]:
    """A round top of the axis and the step between its lines, about four of them."""
    ruw = max(hoogste, 1e-9) / 4
    orde = 10 ** math.floor(math.log10(ruw))
    stap = next(s * orde for s in (1, 2, 2.5, 5, 10) if s * orde >= ruw)
    return math.ceil(hoogste / stap - 1e-9) * stap, stap


def _as(hoogste: float, hoog: float, rechts: float) -> tuple[list[str], float]:
    """Horizontal lines with their value, and the height of one unit."""
    top, stap = _schaal(hoogste)
    eenheid = (hoog - 34) / top
    delen = []
    for i in range(round(top / stap) + 1):
        y = hoog - 22 - i * stap * eenheid
        delen.append(_streep(30, y, rechts, y, LIJN))
        delen.append(_tekst(26, y + 4, getal(i * stap, 1 if stap % 1 else 0), anker="end"))
    return delen, eenheid


def _kort_naam(naam: str) -> str:
    return naam if len(naam) < 18 else naam[:16] + "…"


def _kort(periode: str) -> str:
    return f"{periode[4:]} ’{periode[2:4]}"


def verloop(
    titel: str,
    perioden: list[str],
    eigen: list[Schatting | None],
    naam: str,
    ander: list[float | None],
    ander_naam: str,
) -> str:
    """Percentages over time: dots with their interval, and the provincie as a dashed line. A hidden one is a gap."""
    hoog, rechts = 190, RECHTS
    hoogste = max([s.boven for s in eigen if s] + [a for a in ander if a is not None], default=1)
    delen, eenheid = _as(hoogste, hoog, rechts)
    stap = (rechts - 50) / max(len(perioden) - 1, 1)

    def plek(i: int, waarde: float) -> tuple[float, float]:
        return 42 + i * stap, hoog - 22 - waarde * eenheid

    for i, periode in enumerate(perioden):
        if (len(perioden) - 1 - i) % 2 == 0:
            delen.append(_tekst(42 + i * stap, hoog - 6, _kort(periode), anker="middle"))
    delen.append(
        _lijn([plek(i, a) if a is not None else None for i, a in enumerate(ander)], VAAL, ' stroke-dasharray="4 3"')
    )
    delen.append(_lijn([plek(i, s.waarde) if s else None for i, s in enumerate(eigen)], INKT, ' stroke-width="2"'))
    for i, s in enumerate(eigen):
        if s is None:
            delen.append(_tekst(42 + i * stap, hoog - 26, "×", anker="middle"))
            continue
        (x, y), (_, onder), (_, boven) = plek(i, s.waarde), plek(i, s.onder), plek(i, s.boven)
        delen.append(_streep(x, onder, x, boven, INKT))
        delen.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{INKT}"/>')
    einden = []
    for waarden, wie, kleur in (([e and e.waarde for e in eigen], naam, INKT), (ander, ander_naam, VAAL)):
        getoond = [w for w in waarden if w is not None]
        if getoond:
            einden.append((getoond[-1], wie, kleur))
    ys = [plek(0, w)[1] + 4 for w, _, _ in einden]
    if len(ys) == 2 and abs(ys[0] - ys[1]) < 13:  # keep the two names apart
        midden, teken = sum(ys) / 2, 1 if ys[0] >= ys[1] else -1
        ys = [midden + teken * 7, midden - teken * 7]
    for (_, wie, kleur), y in zip(einden, ys, strict=True):
        delen.append(_tekst(rechts + 6, y, _kort_naam(wie), kleur=kleur, vet=kleur == INKT))
    return _svg(hoog, titel, delen)


def _lijn(punten: list[tuple[float, float] | None], kleur: str, extra: str) -> str:
    """A line that is broken where a point is missing."""
    pad, los = [], True
    for punt in punten:
        if punt:
            pad.append(f"{'M' if los else 'L'}{punt[0]:.1f} {punt[1]:.1f}")
        los = punt is None
    return f'<path d="{" ".join(pad)}" fill="none" stroke="{kleur}"{extra}/>' if pad else ""


def naast_elkaar(
    titel: str, rijen: list[tuple[str, Schatting | None]], eigen: str, maatstaf: float | None, maatstaf_naam: str
) -> str:
    """A percentage per region with its interval, one row each; the own one stands out; the provincie is a line."""
    rij, links, rechts = 17, 124, 326
    hoog = 24 + rij * len(rijen) + 20
    hoogste, stap = _schaal(max([s.boven for _, s in rijen if s] + [maatstaf or 0, 1]))

    def x(waarde: float) -> float:
        return links + (rechts - links) * waarde / hoogste

    delen = []
    for i in range(round(hoogste / stap) + 1):
        delen.append(_streep(x(i * stap), 20, x(i * stap), hoog - 18, LIJN))
        delen.append(_tekst(x(i * stap), hoog - 4, getal(i * stap, 1 if stap % 1 else 0), anker="middle"))
    if maatstaf is not None:
        delen.append(_streep(x(maatstaf), 16, x(maatstaf), hoog - 18, VAAL, ' stroke-dasharray="4 3"'))
        delen.append(_tekst(min(x(maatstaf), 290), 11, maatstaf_naam, anker="middle"))
    for i, (naam, s) in enumerate(rijen):
        y, zelf = 32 + i * rij, naam == eigen
        kleur = INKT if zelf else VAAL
        delen.append(_tekst(links - 8, y + 4, _kort_naam(naam), anker="end", kleur=kleur, vet=zelf))
        if s is None:
            delen.append(_tekst(links + 4, y + 4, "verborgen"))
            continue
        delen.append(_streep(x(s.onder), y, x(s.boven), y, kleur, ' stroke-width="2"' if zelf else ""))
        vulling = INKT if zelf else "#fff"
        delen.append(
            f'<circle cx="{x(s.waarde):.1f}" cy="{y}" r="{4.5 if zelf else 3.5}" fill="{vulling}" stroke="{kleur}"/>'
        )
    return _svg(hoog, titel, delen)


def stapels(
    titel: str, perioden: list[str], onder: list[int | None], boven: list[int | None], namen: tuple[str, str]
) -> str:
    """Two counts on top of each other per period; where one is hidden nothing is drawn, for the sum would mislead."""
    hoog, rechts = 190, RECHTS
    sommen = [o + b if o is not None and b is not None else None for o, b in zip(onder, boven, strict=True)]
    delen, eenheid = _as(max([s for s in sommen if s], default=10), hoog, rechts)
    stap = (rechts - 30) / len(perioden)
    for i, periode in enumerate(perioden):
        midden, breed = 30 + (i + 0.5) * stap, stap * 0.66
        if (len(perioden) - 1 - i) % 2 == 0:
            delen.append(_tekst(midden, hoog - 6, _kort(periode), anker="middle"))
        if sommen[i] is None:
            delen.append(_tekst(midden, hoog - 26, "×", anker="middle"))
            continue
        h1, h2 = onder[i] * eenheid, boven[i] * eenheid
        for y, h, vulling in ((hoog - 22 - h1, h1, INKT), (hoog - 22 - h1 - h2, h2, BAND)):
            delen.append(
                f'<rect x="{midden - breed / 2:.1f}" y="{y:.1f}" width="{breed:.1f}" height="{h:.1f}" '
                f'fill="{vulling}" stroke="{INKT}" stroke-width=".7"/>'
            )
    laatste = next((i for i in reversed(range(len(sommen))) if sommen[i]), None)
    if laatste is not None:
        y1 = hoog - 22 - onder[laatste] * eenheid / 2
        y2 = hoog - 22 - (onder[laatste] + boven[laatste] / 2) * eenheid
        delen += [
            _tekst(rechts + 4, max(y1, y2 + 14) + 4, namen[0], kleur=INKT, vet=True),
            _tekst(rechts + 4, y2 + 4, namen[1]),
        ]
    return _svg(hoog, titel, delen)


def staven(titel: str, rijen: list[tuple[str, int | None]]) -> str:
    """A count per category, one bar each with its number; a hidden one has no bar."""
    rij, links = 20, 170
    hoogste = max([n for _, n in rijen if n], default=1)
    delen = []
    for i, (naam, n) in enumerate(rijen):
        y = 4 + i * rij
        delen.append(_tekst(links - 8, y + 12, naam if len(naam) < 23 else naam[:21] + "…", anker="end"))
        lang = 132 * (n or 0) / hoogste
        if n:
            delen.append(f'<rect x="{links}" y="{y}" width="{lang:.1f}" height="{rij - 5}" fill="{INKT}"/>')
        delen.append(_tekst(links + lang + 5, y + 12, "×" if n is None else getal(n), kleur=INKT))
    return _svg(8 + rij * len(rijen), titel, delen)
