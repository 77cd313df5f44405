"""Proof that a hidden count is safe: whole possible worlds in which it has another value, found by integer programming."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix

from pipelines.release.attack import SCORES, Aanval, Zicht
from pipelines.release.stelsel import Stelsel

VERST = 30  # how far from the truth a possible world may lie: more is never needed to show enough values
KNOPEN = 2000  # of the solver's search per world; when none is found by then the cell counts as not proven
WERELDEN = 6  # possible worlds drawn before each count that is left is looked at by itself


class Getuigen:
    """Searches worlds that are printed exactly as the true one is. A value seen in one of them is proven possible.

    The unknowns are differences with the truth.
    """

    def __init__(self, s: Stelsel, aanval: Aanval, zicht: Zicht):
        self.minstens = aanval.regels.mogelijke_waarden
        laag, hoog = aanval.gedrukt(zicht)
        # a teller and noemer printed with their percentage hold each other: here they stay as they are
        p, cel = s.p_leden
        vast = cel[~zicht.p_weg[p] & ((s.p_noemer[p] >= 0) | (s.p_soort[p] == SCORES))]
        laag[vast] = hoog[vast] = s.waarde[vast]
        self.cellen = np.flatnonzero(hoog > laag)
        self.laag = np.maximum((laag - s.waarde)[self.cellen], -VERST)
        self.hoog = np.minimum((hoog - s.waarde)[self.cellen], VERST)
        self.plek = np.full(len(s.waarde), -1)
        self.plek[self.cellen] = np.arange(len(self.cellen))
        self.matrix = self._matrix(s)
        self.gezien: list[set[int]] = [{0} for _ in self.cellen]

    def bewijs(self, cellen: np.ndarray) -> np.ndarray:
        """Of which of these cells are enough values proven possible? The true one counts."""
        doelen = self.plek[cellen]
        kans = np.random.default_rng(len(self.cellen))
        for _ in range(WERELDEN if len(cellen) > WERELDEN else 0):
            gewicht = np.zeros(len(self.cellen))
            gewicht[doelen[doelen >= 0]] = kans.normal(size=int((doelen >= 0).sum()))
            self._zoek(gewicht, None)
        return np.array([d >= 0 and self._genoeg(int(d)) for d in doelen], bool)

    def _genoeg(self, i: int) -> bool:
        gezien = self.gezien[i]
        for verschil in (*range(self.minstens - 1, 0, -1), *range(-1, -self.minstens, -1)):
            if len(gezien) >= self.minstens:
                return True
            if verschil not in gezien and self.laag[i] <= verschil <= self.hoog[i]:
                self._zoek(np.zeros(len(self.cellen)), (i, verschil))
        return len(gezien) >= self.minstens

    def _zoek(self, gewicht: np.ndarray, vast: tuple[int, int] | None) -> None:
        """Find one world and keep what it shows of every cell; the solution is checked exactly."""
        laag, hoog = self.laag.copy(), self.hoog.copy()
        if vast:
            laag[vast[0]] = hoog[vast[0]] = vast[1]
        uit = milp(
            gewicht,
            constraints=[LinearConstraint(self.matrix, 0, 0)] if self.matrix.shape[0] else None,
            bounds=Bounds(laag, hoog),
            integrality=np.ones(len(laag)),
            # nodes, not seconds: the same on every machine
            options={"mip_rel_gap": 0.2, "node_limit": KNOPEN},
        )
        if uit.x is None:
            return
        wereld = np.rint(uit.x).astype(np.int64)
        if (wereld < laag).any() or (wereld > hoog).any() or (self.matrix @ wereld).any():
            return
        for i in np.flatnonzero(wereld):
            self.gezien[i].add(int(wereld[i]))

    def _matrix(self, s: Stelsel) -> csr_matrix:
        """The equations over the cells that are not fixed."""
        kies = self.plek[s.cel] >= 0
        con, rij = np.unique(s.con[kies], return_inverse=True)
        return coo_matrix((s.coef[kies], (rij, self.plek[s.cel[kies]])), (len(con), len(self.cellen))).tocsr()
