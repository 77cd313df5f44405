"""What follows from equations whose terms lie between bounds: loops over millions of terms, compiled by Numba.

Arrays as in Stelsel: equation k has the terms ``begin[k]`` … ``begin[k + 1]``, each a cell and a coefficient of 1 or -1,
and sums to zero. Cell c stands in the equations ``con[begin_cel[c]]`` … ``con[begin_cel[c + 1]]``.
"""

from __future__ import annotations

import numpy as np
from numba import njit

RONDES = 60  # stopping earlier leaves bounds too wide, and sums are never that deep


@njit(cache=True, nogil=True)
def per_cel(con, cel, begin_cel):
    """The equations of all terms, ordered by cell and then as they were."""
    uit, plek = np.empty(len(con), con.dtype), begin_cel.copy()
    for t in range(len(con)):
        uit[plek[cel[t]]] = con[t]
        plek[cel[t]] += 1
    return uit


@njit(cache=True, nogil=True)
def _som(van, tot, cel, coef, laag, hoog):
    """The least and the most that the terms van … tot add up to."""
    minst = meest = 0
    for t in range(van, tot):
        c = cel[t]
        if coef[t] > 0:
            minst += laag[c]
            meest += hoog[c]
        else:
            minst -= hoog[c]
            meest -= laag[c]
    return minst, meest


@njit(cache=True, nogil=True)
def _rest(plus, onder, boven, minst, meest):
    """The bounds of a term between ``onder`` and ``boven`` that follow from the others of its equation."""
    return (boven - meest, onder - minst) if plus else (minst + boven, meest + onder)


@njit(cache=True, nogil=True)
def volgt(cons, begin, cel, coef, laag, hoog):
    """The terms of these equations, and per term the bounds of its cell that follow from the other terms."""
    aantal = 0
    for k in cons:
        aantal += begin[k + 1] - begin[k]
    termen, onder, boven = np.empty(aantal, np.int64), np.empty(aantal, np.int64), np.empty(aantal, np.int64)
    i = 0
    for k in cons:
        minst, meest = _som(begin[k], begin[k + 1], cel, coef, laag, hoog)
        for t in range(begin[k], begin[k + 1]):
            termen[i] = t
            onder[i], boven[i] = _rest(coef[t] > 0, laag[cel[t]], hoog[cel[t]], minst, meest)
            i += 1
    return termen, onder, boven


@njit(cache=True, nogil=True)
def versmal(cons, begin, cel, coef, con, begin_cel, laag, hoog, door_laag, door_hoog):
    """Narrow the bounds, in place, from these equations on, until nothing changes; door_…: the equation that gave it."""
    nu, straks = cons, np.empty(len(begin) - 1, np.int64)
    wacht = np.zeros(len(begin) - 1, np.bool_)  # for its turn, in this round or the next
    wacht[nu] = True
    for _ in range(RONDES):
        aantal = 0
        for k in nu:
            wacht[k] = False
            minst, meest = _som(begin[k], begin[k + 1], cel, coef, laag, hoog)
            for t in range(begin[k], begin[k + 1]):
                c = cel[t]
                onder, boven = _rest(coef[t] > 0, laag[c], hoog[c], minst, meest)
                smaller = False
                if onder > laag[c]:
                    laag[c], door_laag[c], smaller = onder, k, True
                if boven < hoog[c]:
                    hoog[c], door_hoog[c], smaller = boven, k, True
                if not smaller:
                    continue
                # of this equation nothing new follows: each bound is as narrow as the others of it allow
                for j in con[begin_cel[c] : begin_cel[c + 1]]:
                    if j != k and not wacht[j]:
                        wacht[j] = True
                        straks[aantal] = j
                        aantal += 1
        if aantal == 0:
            return
        nu = straks[:aantal].copy()


@njit(cache=True, nogil=True)
def hangt_aan(raak, begin, cel, con, begin_cel, door_laag, door_hoog):
    """Mark in ``raak`` all cells with a bound that followed, be it by way of others, from one of a cell marked there."""
    stapel = np.empty(len(raak), np.int64)
    hoogte = 0
    for c in np.flatnonzero(raak):
        stapel[hoogte] = c
        hoogte += 1
    gezien = np.zeros(len(begin) - 1, np.bool_)
    while hoogte:
        hoogte -= 1
        c = stapel[hoogte]
        for k in con[begin_cel[c] : begin_cel[c + 1]]:
            if gezien[k]:
                continue
            gezien[k] = True
            for t in range(begin[k], begin[k + 1]):
                d = cel[t]
                if not raak[d] and (door_laag[d] == k or door_hoog[d] == k):
                    raak[d] = True
                    stapel[hoogte] = d
                    hoogte += 1
