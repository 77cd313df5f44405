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
        nu = np.flatnonzero(wacht) if 50 * aantal > len(wacht) else straks[:aantal].copy()


@njit(cache=True, nogil=True)
def hangt_aan(laag, hoog, begin, cel, coef, con, begin_cel, door_laag, door_hoog):
    """Mark in ``laag`` and ``hoog``, per cell, all bounds that followed, be it by way of others, from one marked there.

    The least that some terms add up to tells the most that another can be, and the most the least.
    """
    gezien = np.zeros((len(begin) - 1, 2), np.bool_)
    stapel = np.empty(2 * len(laag), np.int32)  # 2 × cell, + 1 for its upper bound
    hoogte = 0
    for c in range(len(laag)):
        for boven, raak in enumerate((laag[c], hoog[c])):
            if raak:
                stapel[hoogte] = 2 * c + boven
                hoogte += 1
    while hoogte:
        hoogte -= 1
        c, boven = stapel[hoogte] // 2, stapel[hoogte] % 2
        for k in con[begin_cel[c] : begin_cel[c + 1]]:
            if gezien[k, 0] and gezien[k, 1]:
                continue
            plus = True
            for t in range(begin[k], begin[k + 1]):
                if cel[t] == c:
                    plus = coef[t] > 0
            meest = int(plus == (boven == 1))  # is it the most, or the least, of this equation that it is part of?
            if gezien[k, meest]:
                continue
            gezien[k, meest] = True
            for t in range(begin[k], begin[k + 1]):
                d = cel[t]
                if (coef[t] > 0) == (meest == 1):
                    if not laag[d] and door_laag[d] == k:
                        laag[d] = True
                        stapel[hoogte] = 2 * d
                        hoogte += 1
                elif not hoog[d] and door_hoog[d] == k:
                    hoog[d] = True
                    stapel[hoogte] = 2 * d + 1
                    hoogte += 1
