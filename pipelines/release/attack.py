"""What an attacker can work out: the bounds that follow for every count from all that is printed, by propagation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.release.families import Stelsel
from pipelines.settings import Onthulling

ONBEPERKT = 1 << 36
Z = 1.959963984540054
VERSCHIL = 2  # p_soort: change against an earlier number
SCORES = 3  # p_soort: mean of scores


@dataclass
class Zicht:
    """What is hidden: per cell and per percentage."""

    verborgen: np.ndarray
    p_weg: np.ndarray

    def kopie(self) -> Zicht:
        """A copy that can be changed."""
        return Zicht(self.verborgen.copy(), self.p_weg.copy())


def primair(s: Stelsel, regels: Onthulling) -> Zicht:
    """What the rule hides by itself: small counts, and percentages of few or nearly none or nearly all."""
    klein = regels.kleinste_aantal - 1
    weg = s.p_n < regels.kleinste_noemer
    weg |= (s.p_soort < VERSCHIL) & (_tussen(s.p_t, klein) | _tussen(s.p_n - s.p_t, klein))
    weg |= (s.p_soort == VERSCHIL) & (s.p_t < regels.kleinste_noemer)
    zicht = Zicht(~s.rest & _tussen(s.waarde, klein), weg)
    werk_bij(s, zicht)
    return zicht


def _tussen(x: np.ndarray, klein: int) -> np.ndarray:
    return (x >= 1) & (x <= klein)


def werk_bij(s: Stelsel, zicht: Zicht) -> None:
    """Hide every percentage of which a count is hidden."""
    p, cel = s.p_leden
    zicht.p_weg[p[zicht.verborgen[cel]]] = True


def afgerond(waarde: np.ndarray, afronding: int) -> np.ndarray:
    """Rounded to a multiple, halves up, as the publication does."""
    return (2 * waarde + afronding) // (2 * afronding) * afronding


def gedrukt(s: Stelsel, zicht: Zicht, regels: Onthulling) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of each cell from its own printed value alone."""
    rond = afgerond(s.waarde, regels.afronding)
    laag = np.maximum(rond - regels.afronding // 2, regels.kleinste_aantal)
    hoog = rond + (regels.afronding - 1) // 2
    laag = np.where(zicht.verborgen, 1, laag)
    hoog = np.where(zicht.verborgen, ONBEPERKT, hoog)
    return np.where(s.rest, 0, laag), np.where(s.rest, ONBEPERKT, hoog)


# --- what a percentage says -------------------------------------------------------------------------------------------


def getoond(soort: np.ndarray, t: np.ndarray, n: np.ndarray) -> list[np.ndarray]:
    """The unrounded values that are printed of t out of n: percentage or change, and the Wilson interval or NaN."""
    n = np.maximum(n, 1).astype(float)
    p = t / n
    waarde = np.where(soort == VERSCHIL, 100 * (t - n) / n, 100 * p)
    wilson = (soort == 1) & (t <= n)
    midden, marge = p + Z * Z / (2 * n), Z * np.sqrt(np.maximum(p * (1 - p), 0) / n + Z * Z / (4 * n * n))
    deel = 100 / (1 + Z * Z / n)
    return [waarde, np.where(wilson, deel * (midden - marge), np.nan), np.where(wilson, deel * (midden + marge), np.nan)]


def past(soort: np.ndarray, gezien: list[np.ndarray], t: np.ndarray, n: np.ndarray, speling: float) -> np.ndarray:
    """Would t out of n have been printed the same? ``speling`` widens (or, negative, narrows) the rounding of 0.1."""
    goed = np.ones(len(t), bool)
    for was, nu in zip(gezien, getoond(soort, t, n), strict=True):
        goed &= (np.isnan(was) & np.isnan(nu)) | (np.abs(np.round(was, 1) - nu) <= 0.05 + speling)
    return goed


def scherper_door_percentages(
    s: Stelsel, zicht: Zicht, laag: np.ndarray, hoog: np.ndarray, regels: Onthulling
) -> None:
    """Narrow the bounds of teller and noemer to the pairs that give the printed percentage and interval."""
    kies = np.flatnonzero(~zicht.p_weg & (s.p_soort != SCORES) & ((s.p_teller >= 0) | (s.p_noemer >= 0)))
    soort, tc, nc = s.p_soort[kies], s.p_teller[kies], s.p_noemer[kies]
    t0, t1 = (np.where(tc >= 0, x[tc], s.p_t[kies]) for x in (laag, hoog))
    n0, n1 = (np.where(nc >= 0, x[nc], s.p_n[kies]) for x in (laag, hoog))
    gezien = getoond(soort, s.p_t[kies], s.p_n[kies])
    grens = [np.full(len(kies), v) for v in (ONBEPERKT, -1, ONBEPERKT, -1)]
    for i in range(regels.afronding):
        for j in range(regels.afronding):
            t, n = t0 + i, n0 + j
            goed = (t <= t1) & (n <= n1) & past(soort, gezien, t, n, 1e-7)
            for g, (x, kleinste) in enumerate(((t, True), (t, False), (n, True), (n, False))):
                beste = np.minimum(grens[g], x) if kleinste else np.maximum(grens[g], x)
                grens[g] = np.where(goed, beste, grens[g])
    for c, onder, boven in ((tc, grens[0], grens[1]), (nc, grens[2], grens[3])):
        heeft = (c >= 0) & (boven >= onder)
        np.maximum.at(laag, c[heeft], onder[heeft])
        np.minimum.at(hoog, c[heeft], boven[heeft])
    # a mean of scores with its interval says more than is worth solving for: take it that it tells all
    p, cel = s.p_leden
    exact = cel[(s.p_soort[p] == SCORES) & ~zicht.p_weg[p]]
    laag[exact] = hoog[exact] = s.waarde[exact]


# --- what sums say ----------------------------------------------------------------------------------------------------


def voortplanting(
    s: Stelsel, laag: np.ndarray, hoog: np.ndarray, termen: np.ndarray | None = None, rondes: int = 60
) -> None:
    """Narrow the bounds by the equations until nothing changes: each term is minus the sum of the others.

    ``termen`` picks whole equations by their terms; all of them when it is not given.
    """
    termen = np.arange(len(s.con)) if termen is None else termen
    actief = np.ones(s.aantal_con, bool)
    for _ in range(rondes):
        kies = termen[actief[s.con[termen]]]
        if not len(kies):
            return
        con, cel, plus = s.con[kies], s.cel[kies], s.coef[kies] > 0
        x0 = np.where(plus, laag[cel], -hoog[cel])
        x1 = np.where(plus, hoog[cel], -laag[cel])
        begin = np.flatnonzero(np.r_[True, con[1:] != con[:-1]])
        lengte = np.diff(np.r_[begin, len(con)])
        rest0 = np.repeat(np.add.reduceat(x0, begin), lengte) - x0
        rest1 = np.repeat(np.add.reduceat(x1, begin), lengte) - x1
        onder, boven = np.where(plus, -rest1, rest0), np.where(plus, -rest0, rest1)
        beter = np.flatnonzero((onder > laag[cel]) | (boven < hoog[cel]))
        if not len(beter):
            return
        cel = cel[beter]
        np.maximum.at(laag, cel, onder[beter])
        np.minimum.at(hoog, cel, boven[beter])
        veranderd = np.zeros(len(laag), bool)
        veranderd[cel] = True
        actief = np.zeros(s.aantal_con, bool)
        actief[s.con[termen[veranderd[s.cel[termen]]]]] = True


def grenzen(s: Stelsel, zicht: Zicht, regels: Onthulling) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound of each cell from everything printed. True bounds may be narrower still, never wider."""
    laag, hoog = gedrukt(s, zicht, regels)
    scherper_door_percentages(s, zicht, laag, hoog, regels)
    voortplanting(s, laag, hoog)
    return laag, hoog
