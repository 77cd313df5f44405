"""Which further numbers to hide so that no small count can be worked out: complementary suppression (spec 05 §2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.release.attack import Aanval, Grenzen, Zicht, primair, werk_bij
from pipelines.release.stelsel import Stelsel, uniek
from pipelines.release.witness import Getuigen
from pipelines.settings import Onthulling

# Step by step: how dear (in weight) a number may be to be hidden, and how many equations away from the unsafe cell.
# Totals of provincie and regio, and percentages in zorg, come last.
TRAPPEN = [(w, n) for w, hoever in ((8, 4), (18, 3), (np.inf, 3)) for n in range(hoever)]
UITERSTE = 40  # steps after which there is nothing left to hide for a cell
TE_BEWIJZEN = 4000  # up to this many cells every hidden one is proven by integer programming
MELD_PER = 20  # rounds between two messages of progress
GEWICHT = np.array([1, 2, 4, 6, 8], np.int16)  # of a number per level: the higher, the more readers miss it


def strooi(x: np.ndarray) -> np.ndarray:
    """A fixed pseudo-random number in [0, 1) per integer: choices differ, and are the same every time."""
    x = (x.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(32))) >> np.uint64(11)).astype(float) / float(1 << 53)


class Bescherming:
    """Hides more and more of a system of counts, the cheapest first, until every hidden count is safe."""

    def __init__(self, s: Stelsel, regels: Onthulling, meld: Callable[[str], None] = lambda tekst: None):
        self.s, self.minstens, self.meld = s, regels.mogelijke_waarden, meld
        self.aanval = Aanval(s, regels)
        self.zicht = primair(s, regels)
        self._trap = np.zeros(len(s.waarde), np.int8)  # how far the search for each cell has come
        self._gewicht = GEWICHT[s.niveau] * s.belang
        self._prijs = s.plaatsen * (1 + np.log10(np.maximum(s.waarde, 1)) / 4) * self._gewicht

    def bescherm(self) -> Zicht:
        """Hide until every hidden count keeps enough values, and give what is hidden.

        First until propagation finds nothing unsafe: that is necessary, not sufficient. When the whole is not too large
        every hidden cell must then show its values in whole possible worlds, and what cannot gets more hidden around it.
        """
        g = self._tot_veilig()
        bewezen = ~self.zicht.verborgen
        while len(self.s.waarde) <= TE_BEWIJZEN and not bewezen.all():
            open_ = np.flatnonzero(~bewezen)
            gelukt = Getuigen(self.s, self.aanval, self.zicht).bewijs(open_)
            bewezen[open_[gelukt]] = True  # hiding more takes no possible world away
            if len(rest := open_[~gelukt]):
                verborgen = self.zicht.verborgen.copy()
                self._verberg_voor(rest, g)
                g = self._tot_veilig()
                bewezen &= ~(self.zicht.verborgen & ~verborgen)
        return self.zicht

    def _tot_veilig(self) -> Grenzen:
        """Hide until propagation leaves every hidden cell enough values; gives the bounds."""
        g, druk = self.aanval.grenzen(self.zicht), self.aanval.gedrukt(self.zicht)
        onveilig = self._onveilig(np.arange(len(g.laag)), g)
        ronde = 0
        while len(onveilig):
            if ronde % MELD_PER == 0:
                self.meld(f"ronde {ronde}: {len(onveilig)} aantallen nog af te leiden, {self.zicht.omvang} verborgen")
            ronde += 1
            self._verberg_voor(onveilig, g)
            was, druk = druk, self.aanval.gedrukt(self.zicht)
            herzien = self.aanval.herzie(g, was, druk)
            onveilig = self._onveilig(uniek(np.r_[herzien, onveilig], len(g.laag)), g)
        return g

    def _onveilig(self, cellen: np.ndarray, g: Grenzen) -> np.ndarray:
        """Which of these cells are hidden and keep too few values."""
        return cellen[self.zicht.verborgen[cellen] & (g.hoog[cellen] - g.laag[cellen] + 1 < self.minstens)]

    def _verberg_voor(self, doel: np.ndarray, g: Grenzen) -> None:
        """Hide something for each of these cells: what is cheap, be it some equations away, before what is missed most.

        Every cell climbs TRAPPEN by itself: a step up when nothing can be hidden for it, and after each search further
        than its own equations, of which it is not known whom it served.
        """
        p, lid = self.s.p_leden
        percentages = np.bincount(lid, np.where(self.zicht.p_weg, 0, self.s.p_plaatsen)[p], len(self.s.waarde))
        trap = self._trap[doel]
        for t in np.flatnonzero(np.bincount(trap)):
            rond = groep = doel[trap == t]
            # past the last step an equation need not set a bound: together several may leave too little
            knellend = t < len(TRAPPEN)
            plafond, hoever = TRAPPEN[t] if knellend else (np.inf, t - len(TRAPPEN))
            for _ in range(hoever):
                _, rond, _ = self._knelt(rond, g, plafond, knellend)
            knelt, _, geholpen = self._knelt(rond, g, plafond, knellend)
            self._verberg_in(knelt, g, plafond, percentages)
            self._trap[groep if hoever else groep[~geholpen[groep]]] += 1
        werk_bij(self.s, self.zicht)
        if self._trap.max() > UITERSTE:
            raise RuntimeError("er is niets meer te verbergen, en toch is een verborgen aantal niet veilig")

    def _knelt(
        self, doel: np.ndarray, g: Grenzen, plafond: float, knellend: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The equations that set a bound of these cells and in which something can be hidden: per cell the tightest.

        Without ``knellend`` whether an equation sets a bound does not matter.
        Then these cells with the hidden ones in all that set a bound (where nothing can be hidden, one of those may be
        given room instead), and per cell whether it has such an equation.
        """
        s = self.s
        cons = s.vergelijkingen(doel)
        termen, onder, boven = self.aanval.volgt(g, cons)
        cel = s.cel[termen]
        is_doel = np.zeros(len(s.waarde), bool)
        is_doel[doel] = True
        zet = is_doel[cel]
        if knellend:
            zet &= (boven <= g.hoog[cel]) | ((onder >= g.laag[cel]) & (g.laag[cel] > 1))
        knelt, kan = np.zeros(s.aantal_con, bool), np.zeros(s.aantal_con, bool)
        knelt[s.con[termen[zet]]] = True
        kan[s.con[termen[self._te_verbergen(cel, plafond)]]] = True
        buur = knelt[s.con[termen]] & self.zicht.verborgen[cel]
        is_doel[cel[buur]] = True
        zet &= kan[s.con[termen]]
        con, cel, breed = s.con[termen[zet]], cel[zet], (boven - np.maximum(onder, 1))[zet]
        volgorde = np.lexsort((con, breed, cel))
        eerste = np.r_[True, cel[volgorde][1:] != cel[volgorde][:-1]][: len(con)]
        geholpen = np.zeros(len(s.waarde), bool)
        geholpen[cel] = True
        return uniek(con[volgorde[eerste]], s.aantal_con), np.flatnonzero(is_doel), geholpen

    def _te_verbergen(self, cel: np.ndarray, plafond: float) -> np.ndarray:
        return ~self.zicht.verborgen[cel] & ~self.s.rest[cel] & (self._gewicht[cel] <= plafond)

    def _verberg_in(self, cons: np.ndarray, g: Grenzen, plafond: float, percentages: np.ndarray) -> None:
        """Hide the cheapest number of each equation: a count, or the percentages (so many per cell) that make it exact."""
        s = self.s
        termen = s.termen(cons)
        termen = termen[self._te_verbergen(s.cel[termen], plafond)]
        con, cel = s.con[termen], s.cel[termen]
        if not len(con):
            return
        prijs_p = percentages[cel] * self._gewicht[cel]
        # what hiding its percentages would give at most
        ruimte = self.aanval.hoog_rond[cel] - self.aanval.laag_rond[cel] - (g.hoog[cel] - g.laag[cel])
        los = (prijs_p > 0) & (ruimte >= self.minstens - 1)
        prijs = np.where(los, prijs_p, self._prijs[cel] + prijs_p)
        volgorde = np.lexsort((strooi(cel), prijs, con))
        eerste = volgorde[np.r_[True, con[volgorde][1:] != con[volgorde][:-1]]]
        self.zicht.verborgen[cel[eerste[~los[eerste]]]] = True
        if los[eerste].any():
            raak = np.zeros(len(s.waarde), bool)
            raak[cel[eerste[los[eerste]]]] = True
            p, lid = s.p_leden
            self.zicht.p_weg[p[raak[lid]]] = True
