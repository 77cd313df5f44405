"""What an attacker can work out: the bounds that follow for every count from all that is printed, by propagation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.release.families import SOORTEN
from pipelines.release.stelsel import Stelsel
from pipelines.release.voortplanting import hangt_aan, versmal, volgt
from pipelines.settings import Onthulling
from pipelines.statistiek import wilson

ONBEPERKT = 1 << 30
WILSON, VERSCHIL, SCORES = (SOORTEN[s] for s in ("wilson", "verandering", "scores"))  # values of p_soort


@dataclass
class Zicht:
    """What is hidden: per cell and per percentage."""

    verborgen: np.ndarray
    p_weg: np.ndarray

    @property
    def omvang(self) -> int:
        """How many counts and percentages are hidden."""
        return int(self.verborgen.sum() + self.p_weg.sum())


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


# --- what a percentage says -------------------------------------------------------------------------------------------


def getoond(soort: np.ndarray, t: np.ndarray, n: np.ndarray) -> list[np.ndarray]:
    """The unrounded values that are printed of t out of n: percentage or change, and the Wilson interval or NaN."""
    n = np.maximum(n, 1).astype(float)
    p = t / n
    waarde = np.where(soort == VERSCHIL, 100 * (t - n) / n, 100 * p)
    met_interval = (soort == WILSON) & (t <= n)
    return [waarde, *(np.where(met_interval, grens, np.nan) for grens in wilson(p, n))]


def past(soort: np.ndarray, gezien: list[np.ndarray], t: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Would t out of n have been printed the same? A hair more than the rounding of 0.1 is allowed."""
    goed = np.ones(len(t), bool)
    for was, nu in zip(gezien, getoond(soort, t, n), strict=True):
        goed &= (np.isnan(was) & np.isnan(nu)) | (np.abs(np.round(was, 1) - nu) <= 0.05 + 1e-7)
    return goed


@dataclass
class Grenzen:
    """Lower and upper bound of every cell, and the number of the equation that gave it (-1: the printed value itself)."""

    laag: np.ndarray
    hoog: np.ndarray
    door_laag: np.ndarray
    door_hoog: np.ndarray


# --- all together -----------------------------------------------------------------------------------------------------


class Aanval:
    """The attacker's bounds of every cell, given what is hidden. What is printed of each by itself is worked out once.

    ``laag_rond`` and ``hoog_rond`` are the bounds that the rounding of a count leaves, were it printed.
    """

    def __init__(self, s: Stelsel, regels: Onthulling):
        self.s, self.regels = s, regels
        rond = (2 * s.waarde + regels.afronding) // (2 * regels.afronding) * regels.afronding  # halves up
        laag = np.maximum(rond - regels.afronding // 2, regels.kleinste_aantal)
        # what other parts of the country add is known, but for as much room as a hidden count must have: what is printed
        # there is rounded or hidden. Known exactly, two lone ones that sum to 2 could not be saved in their own part.
        ruim = regels.mogelijke_waarden - 1
        self.laag_rond = np.select([s.vast, s.rest], [s.waarde - ruim, 0], laag)
        self.hoog_rond = np.select([s.vast, s.rest], [s.waarde + ruim, ONBEPERKT], rond + (regels.afronding - 1) // 2)
        self._van_percentages(regels.afronding)

    def _van_percentages(self, afronding: int) -> None:
        """Per percentage and cell the values for which the same percentage and interval would be printed."""
        s = self.s
        kies = np.flatnonzero((s.p_soort != SCORES) & ((s.p_teller >= 0) | (s.p_noemer >= 0)))
        soort, tc, nc = s.p_soort[kies], s.p_teller[kies], s.p_noemer[kies]
        t0, t1 = (np.where(tc >= 0, x[tc], s.p_t[kies]) for x in (self.laag_rond, self.hoog_rond))
        n0, n1 = (np.where(nc >= 0, x[nc], s.p_n[kies]) for x in (self.laag_rond, self.hoog_rond))
        gezien = getoond(soort, s.p_t[kies], s.p_n[kies])
        grens = [np.full(len(kies), v) for v in (ONBEPERKT, -1, ONBEPERKT, -1)]
        for i in range(afronding):
            for j in range(afronding):
                t, n = t0 + i, n0 + j
                goed = (t <= t1) & (n <= n1) & past(soort, gezien, t, n)
                for g, (x, uiterste) in enumerate(((t, np.minimum), (t, np.maximum), (n, np.minimum), (n, np.maximum))):
                    grens[g] = np.where(goed, uiterste(grens[g], x), grens[g])
        # a mean of scores with its interval says more than is worth solving for: take it that it tells all
        p, cel = s.p_leden
        p, cel = p[s.p_soort[p] == SCORES], cel[s.p_soort[p] == SCORES]
        van = np.concatenate([kies, kies, p])
        cellen = np.concatenate([tc, nc, cel])
        onder = np.concatenate([grens[0], grens[2], s.waarde[cel]])
        boven = np.concatenate([grens[1], grens[3], s.waarde[cel]])
        heeft = (cellen >= 0) & (boven >= onder)
        self._p = tuple(x[heeft].astype(np.int32) for x in (van, cellen, onder, boven))

    def gedrukt(self, zicht: Zicht) -> tuple[np.ndarray, np.ndarray]:
        """The bounds of each cell from its own printed values alone: count, percentages, intervals.

        A hidden count is at least 1, since a zero is printed. It has no upper bound: which of the hidden ones are small
        and which only protect others is not printed either.
        """
        laag, hoog = self.laag_rond.copy(), self.hoog_rond.copy()
        laag[zicht.verborgen], hoog[zicht.verborgen] = 1, ONBEPERKT
        van, *rest = self._p
        cel, onder, boven = (x[~zicht.p_weg[van]] for x in rest)
        np.maximum.at(laag, cel, onder)
        np.minimum.at(hoog, cel, boven)
        return laag, hoog

    def grenzen(self, zicht: Zicht) -> Grenzen:
        """Bounds of each cell from everything printed. True bounds may be narrower still, never wider."""
        laag, hoog = self.gedrukt(zicht)
        niets = np.full(len(laag), -1, np.int32)
        g = Grenzen(laag, hoog, niets, niets.copy())
        self._versmal(g, np.arange(self.s.aantal_con))
        return g

    def _versmal(self, g: Grenzen, cons: np.ndarray) -> None:
        s = self.s
        versmal(cons, s.begin_con, s.cel, s.coef, *s.per_cel, g.laag, g.hoog, g.door_laag, g.door_hoog)

    def herzie(self, g: Grenzen, was: tuple[np.ndarray, np.ndarray], druk: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Bring bounds up to date, in place, after what is printed went from ``was`` to ``druk`` because more is hidden.

        Only what hung on the cells that changed is worked out anew: a bound that an equation gave, then the bounds that
        followed from that one, and so on. Gives those cells.
        """
        s = self.s
        laag, hoog = was[0] != druk[0], was[1] != druk[1]
        hangt_aan(laag, hoog, s.begin_con, s.cel, s.coef, *s.per_cel, g.door_laag, g.door_hoog)
        g.laag[laag], g.hoog[hoog] = druk[0][laag], druk[1][hoog]
        g.door_laag[laag] = g.door_hoog[hoog] = -1
        cellen = np.flatnonzero(laag | hoog)
        self._versmal(g, s.vergelijkingen(cellen))
        return cellen

    def volgt(self, g: Grenzen, cons: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The terms of these equations, and per term the bounds of its cell that follow from the other terms."""
        return volgt(cons, self.s.begin_con, self.s.cel, self.s.coef, g.laag, g.hoog)
