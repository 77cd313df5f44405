"""The mistakes in the demo leveringen: a few rows for every row rule, never so many that a levering is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.demo.personalia import datumtekst
from pipelines.demo.zorg import dag
from pipelines.periods import Halfjaar

AANDEEL_FOUT = 0.006  # of all rows of a period
HOOGSTENS = 0.045  # of the rows of one levering, so small ones get none; refusal is above 5 %
AANDEEL_DUBBEL = 0.002  # identical duplicates (S01)


@dataclass(frozen=True)
class Rijen:
    """The rows of one feed and period: text columns, and beside them the numbers that the mistakes need."""

    tekst: pl.DataFrame
    leverancier: np.ndarray  # index of the leverancier
    start: np.ndarray  # days; what counts as begin
    einde: np.ndarray  # days; -1 while running


def _voorwaarden(rijen: Rijen, periode: Halfjaar) -> dict[str, np.ndarray]:
    loopt = rijen.einde < 0
    heeft_start = rijen.tekst["datum_aanvang"].is_not_null().to_numpy()
    lang = rijen.start < dag(periode.d0) - 30
    return {
        "ieder": heeft_start,
        "loopt": loopt & heeft_start,
        "beeindigd": ~loopt & heeft_start,
        "lang": lang & heeft_start,
        "na 2015": (rijen.start >= dag("2015-01-01")) & heeft_start,
        "voor 2016H1": np.full(len(loopt), periode < Halfjaar(2016, 1)) & heeft_start,
    }


Expr = Callable[[dict[str, pl.Expr]], pl.Expr]


def _vast(waarde: str | None) -> Expr:
    return lambda _: pl.lit(waarde, pl.String)


def _uit(naam: str) -> Expr:
    return lambda bron: bron[naam]


_ANDER_CIJFER = pl.col("bsn").str.slice(0, 8) + ((pl.col("bsn").str.slice(8).cast(pl.Int8) + 1) % 10).cast(pl.String)

# (rule, which rows it can be made in, what is written instead)
JEUGDHULP: list[tuple[str, str, dict[str, Expr]]] = [
    ("A02", "ieder", {"verwijzer": _vast(None)}),
    ("A03", "ieder", {"hulpvorm": _vast("99")}),
    ("A03", "ieder", {"datum_aanvang": _vast("20230231")}),
    ("A04", "ieder", {"bsn": lambda _: _ANDER_CIJFER}),
    ("A05", "ieder", {"datum_einde": _uit("voor_start"), "reden_beeindiging": _vast("01")}),
    ("A06", "ieder", {"datum_aanvang": _uit("na_d1"), "datum_einde": _vast(None), "reden_beeindiging": _vast(None)}),
    ("A06", "ieder", {"datum_einde": _uit("na_d1"), "reden_beeindiging": _vast("01")}),
    ("A07", "lang", {"datum_einde": _uit("voor_d0"), "reden_beeindiging": _vast("01")}),
    ("A08", "beeindigd", {"reden_beeindiging": _vast(None)}),
    ("A08", "loopt", {"reden_beeindiging": _vast("01")}),
    ("A10", "ieder", {"geboortedatum": _uit("te_oud")}),
    ("A10", "ieder", {"geboortedatum": _uit("na_d1")}),
    ("A11", "na 2015", {"verwijzer": _vast("07")}),
    ("A09", "ieder", {}),
    ("A11", "voor 2016H1", {"verwijzer": _vast("08")}),
]
MAATREGELEN: list[tuple[str, str, dict[str, Expr]]] = [
    ("A02", "ieder", {"datum_aanvang": _vast(None), "datum_overgedragen_gekregen": _vast(None)}),
    ("A03", "ieder", {"type_maatregel": _vast("99")}),
    ("A04", "ieder", {"bsn": lambda _: _ANDER_CIJFER}),
    ("A05", "ieder", {"datum_einde": _uit("voor_start"), "reden_beeindiging": _vast(None)}),
    ("A06", "ieder", {"datum_einde": _uit("na_d1"), "reden_beeindiging": _vast(None)}),
    ("A07", "lang", {"datum_einde": _uit("voor_d0"), "reden_beeindiging": _vast(None)}),
    ("A08", "loopt", {"reden_beeindiging": _vast("31")}),
    ("A10", "ieder", {"geboortedatum": _uit("te_oud")}),
    ("A09", "ieder", {}),
]


def met_fouten(
    rijen: Rijen, soorten: list[tuple[str, str, dict[str, Expr]]], periode: Halfjaar, i: int, rng: np.random.Generator
) -> Rijen:
    """The rows with mistakes and duplicates in them, sorted by leverancier."""
    n = rijen.tekst.height
    # room per leverancier for rows with afkeur, less what the late ends took (A07)
    ruimte = np.floor(np.bincount(rijen.leverancier) * HOOGSTENS)
    te_laat = (rijen.einde >= 0) & (rijen.einde < dag(periode.d0))
    ruimte -= np.bincount(rijen.leverancier[te_laat], minlength=len(ruimte))
    vrij = ~rijen.tekst["bsn"].is_in(["000000000", "999999999"]).to_numpy() & ~te_laat
    fout = np.full(n, -1, dtype=np.int16)
    voorwaarden = _voorwaarden(rijen, periode)
    budget = max(2, round(AANDEEL_FOUT * n))
    per_soort = -(-budget // len(soorten))
    for k in range(min(budget, len(soorten))):
        soort = (i * budget + k) % len(soorten)
        code, voorwaarde, _ = soorten[soort]
        kost = 2 if code == "A09" else 1  # of a contradicting pair both get afkeur
        kan = np.flatnonzero(vrij & voorwaarden[voorwaarde] & (fout < 0) & (ruimte[rijen.leverancier] >= kost))
        gekozen = rng.choice(kan, min(per_soort, len(kan)), replace=False)
        gekozen = gekozen[np.argsort(rijen.leverancier[gekozen], kind="stable")]
        wie = rijen.leverancier[gekozen]
        hoeveelste = np.arange(1, len(wie) + 1) - np.searchsorted(wie, wie)
        past = hoeveelste * kost <= ruimte[wie]
        fout[gekozen[past]] = soort
        np.subtract.at(ruimte, wie[past], kost)
    tekst = _schrijf_fouten(rijen, soorten, fout, periode)

    strijdig = np.flatnonzero(fout == [s[0] for s in soorten].index("A09"))
    dubbel = np.flatnonzero((fout < 0) & (rng.random(n) < AANDEEL_DUBBEL))
    alle = np.concatenate([np.arange(n), strijdig, dubbel])
    is_strijdig = np.zeros(len(alle), dtype=bool)
    is_strijdig[n : n + len(strijdig)] = True
    volgorde = np.argsort(rijen.leverancier[alle], kind="stable")
    alle, is_strijdig = alle[volgorde], is_strijdig[volgorde]
    ander_geslacht = pl.when(pl.col("geslacht") == "M").then(pl.lit("V")).otherwise(pl.lit("M"))
    tekst = tekst[alle].with_columns(
        pl.when(pl.Series(is_strijdig)).then(ander_geslacht).otherwise("geslacht").alias("geslacht")
    )
    return Rijen(tekst, rijen.leverancier[alle], rijen.start[alle], rijen.einde[alle])


def _schrijf_fouten(
    rijen: Rijen, soorten: list[tuple[str, str, dict[str, Expr]]], fout: np.ndarray, periode: Halfjaar
) -> pl.DataFrame:
    """Replace the values of the rows that got a mistake."""
    waar = np.flatnonzero(fout >= 0)
    if len(waar) == 0:
        return rijen.tekst
    bron = {
        "voor_start": pl.lit(datumtekst(rijen.start[waar] - 10)),
        "te_oud": pl.lit(datumtekst(rijen.start[waar] - 24 * 366)),
        "na_d1": pl.lit(datumtekst(np.full(len(waar), dag(periode.d1) + 40))),
        "voor_d0": pl.lit(datumtekst(np.full(len(waar), dag(periode.d0) - 15))),
    }
    kapot = rijen.tekst[waar]
    nummer = pl.Series(fout[waar])
    for soort, (_, _, waarden) in enumerate(soorten):
        kapot = kapot.with_columns(
            pl.when(nummer == soort).then(maak(bron)).otherwise(kolom).alias(kolom) for kolom, maak in waarden.items()
        )
    heel = np.arange(rijen.tekst.height)
    heel[waar] = rijen.tekst.height + np.arange(len(waar))
    return pl.concat([rijen.tekst, kapot])[heel]
