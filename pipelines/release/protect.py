"""Which further numbers to hide so that no small count can be worked out: complementary suppression (spec 05 §2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.release.attack import ONBEPERKT, Zicht, gedrukt, grenzen, scherper_door_percentages, voortplanting, werk_bij
from pipelines.release.families import Stelsel
from pipelines.settings import Onthulling

MINSTENS = 5  # values that must remain possible
HOEVER = 2  # equations around an unsafe cell that are worked out anew
LOKALE_RONDES = 8
KETEN = 4  # how far to look for what narrows a cell when all around it is hidden already
GEWICHT = np.array([1, 2, 4, 6, 8])  # of a number per level: the higher, the more readers miss it


def kosten(s: Stelsel, zicht: Zicht) -> tuple[np.ndarray, np.ndarray]:
    """What it costs readers to lose a cell (with its percentages), and to lose only its percentages."""
    p, cel = s.p_leden
    percentages = np.bincount(cel, np.where(zicht.p_weg, 0, s.p_plaatsen)[p], len(s.waarde))
    gewicht = GEWICHT[s.niveau] * np.where(s.totaal, 3, 1)
    return (s.plaatsen * (1 + np.log10(np.maximum(s.waarde, 1)) / 4) + percentages) * gewicht, percentages * gewicht


def strooi(x: np.ndarray) -> np.ndarray:
    """A fixed pseudo-random number in [0, 1) per integer: choices differ, and are the same every time."""
    x = (x.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(32))) >> np.uint64(11)).astype(float) / float(1 << 53)


def _zwakste(s: Stelsel, zicht: Zicht, onveilig: np.ndarray, laag: np.ndarray, hoog: np.ndarray) -> np.ndarray:
    """For every unsafe cell the equation that leaves it least, to hide something in.

    When all of that equation is hidden already, what narrows it lies further on: then the same for its other cells.
    """
    uit = [np.zeros(0, np.int64)]
    doel, gezien = onveilig, onveilig.copy()
    for _ in range(KETEN):
        con, kan = _krapste(s, zicht, doel, laag, hoog)
        uit.append(con[kan])
        verder = np.zeros(s.aantal_con, bool)
        verder[con[~kan]] = True
        doel = np.zeros(len(laag), bool)
        doel[s.cel[verder[s.con]]] = True
        doel &= ~gezien & (hoog < ONBEPERKT)
        gezien |= doel
        if not doel.any():
            break
    return np.unique(np.concatenate(uit))


def _krapste(
    s: Stelsel, zicht: Zicht, doel: np.ndarray, laag: np.ndarray, hoog: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The tightest equation of each cell of ``doel``, and whether it has a number that can still be hidden."""
    raak = np.zeros(s.aantal_con, bool)
    raak[s.con[doel[s.cel]]] = True
    kies = raak[s.con]
    con, cel, plus = s.con[kies], s.cel[kies], s.coef[kies] > 0
    if not len(con):
        return con, np.zeros(0, bool)
    x0, x1 = np.where(plus, laag[cel], -hoog[cel]), np.where(plus, hoog[cel], -laag[cel])
    begin = np.flatnonzero(np.r_[True, con[1:] != con[:-1]])
    lengte = np.diff(np.r_[begin, len(con)])
    kan = np.repeat(np.add.reduceat((~zicht.verborgen[cel] & ~s.rest[cel]).astype(int), begin) > 0, lengte)
    rest0 = np.repeat(np.add.reduceat(x0, begin), lengte) - x0
    rest1 = np.repeat(np.add.reduceat(x1, begin), lengte) - x1
    onder, boven = np.where(plus, -rest1, rest0), np.where(plus, -rest0, rest1)
    breed = boven - np.maximum(onder, 1)
    mag = doel[cel]
    con, cel, breed, kan = con[mag], cel[mag], breed[mag], kan[mag]
    volgorde = np.lexsort((con, ~kan, breed, cel))
    eerste = volgorde[np.r_[True, cel[volgorde][1:] != cel[volgorde][:-1]]]
    return con[eerste], kan[eerste]


def _stap(s: Stelsel, zicht: Zicht, cons: np.ndarray, regels: Onthulling, laag: np.ndarray, hoog: np.ndarray) -> None:
    """Hide the cheapest number of each of these equations: a count, or the percentages that make counts exact."""
    prijs, prijs_p = kosten(s, zicht)
    kies = np.isin(s.con, cons) & ~zicht.verborgen[s.cel] & ~s.rest[s.cel]
    con, cel = s.con[kies], s.cel[kies]
    if not len(con):
        return
    g0, g1 = gedrukt(s, zicht, regels)
    ruimte = (g1 - g0) - (hoog - laag)  # what hiding its percentages would give at most
    los = (prijs_p[cel] > 0) & (ruimte[cel] >= MINSTENS - 1)
    laagste = np.where(los, np.minimum(prijs_p[cel], prijs[cel]), prijs[cel])
    volgorde = np.lexsort((strooi(cel), laagste, con))
    eerste = volgorde[np.r_[True, con[volgorde][1:] != con[volgorde][:-1]]]
    alleen_p = los[eerste]
    zicht.verborgen[cel[eerste[~alleen_p]]] = True
    raak = np.zeros(len(s.waarde), bool)
    raak[cel[eerste[alleen_p]]] = True
    p, cel = s.p_leden
    zicht.p_weg[p[raak[cel]]] = True
    werk_bij(s, zicht)


def bescherm(s: Stelsel, zicht: Zicht, regels: Onthulling, meld: Callable[[str], None] = lambda tekst: None) -> None:
    """Hide more in ``zicht`` until propagation leaves every hidden cell MINSTENS values.

    All of it is worked out anew after each few steps; between, only what lies around the cells that are unsafe, with
    the bounds further away as they were: those can only be too narrow, so nothing is overlooked.
    """
    while True:
        laag, hoog = grenzen(s, zicht, regels)
        onveilig = _onveilig(zicht, laag, hoog)
        meld(f"{onveilig.sum()} onveilig, {zicht.verborgen.sum()} verborgen, {zicht.p_weg.sum()} percentages")
        if not onveilig.any():
            return
        _rond_onveilig(s, zicht, regels, laag, hoog, onveilig)


def _onveilig(zicht: Zicht, laag: np.ndarray, hoog: np.ndarray) -> np.ndarray:
    return zicht.verborgen & (hoog - laag + 1 < MINSTENS)


def _rond_onveilig(
    s: Stelsel, zicht: Zicht, regels: Onthulling, laag: np.ndarray, hoog: np.ndarray, onveilig: np.ndarray
) -> None:
    rond = onveilig.copy()
    for _ in range(HOEVER):
        raak = np.zeros(s.aantal_con, bool)
        raak[s.con[rond[s.cel]]] = True
        rond[s.cel[raak[s.con]]] = True
    raak = np.zeros(s.aantal_con, bool)
    raak[s.con[rond[s.cel]]] = True
    termen = np.flatnonzero(raak[s.con])
    for ronde in range(LOKALE_RONDES):
        # one cause often shows in many cells: half of them act first
        doet = onveilig & (strooi(np.arange(len(onveilig)) + ronde * 7919) < 0.5)
        cons = _zwakste(s, zicht, doet if doet.any() else onveilig, laag, hoog)
        _stap(s, zicht, cons, regels, laag, hoog)
        onder, boven = gedrukt(s, zicht, regels)
        scherper_door_percentages(s, zicht, onder, boven, regels)
        laag, hoog = np.where(rond, onder, laag), np.where(rond, boven, hoog)
        voortplanting(s, laag, hoog, termen)
        onveilig = _onveilig(zicht, laag, hoog)
        if not onveilig.any():
            return
