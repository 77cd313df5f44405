"""What a provider writes down about a person: BSN, birth date, sex and address, with the usual gaps, per period."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.demo.gebieden import POSTCODE_ONBEKEND, Gebied
from pipelines.demo.zorg import JAAR, Zorg, dag
from pipelines.periods import Halfjaar

BSN_GEWICHTEN = np.array([9, 8, 7, 6, 5, 4, 3, 2])  # the ninth digit weighs -1: it is the rest of the sum modulo 11
OMWISSELING = Halfjaar(2016, 1)  # from this period on the two special codes are swapped (spec 01 §3)
P_BSN_ONBEKEND, P_ZONDER_DAG, P_ZONDER_MAAND, P_GESLACHT_O = 0.005, 0.004, 0.001, 0.002
P_VERHUIST = 0.012  # per half-year
P_ZELFDE_GEMEENTE, P_ZELFDE_REGIO = 0.70, 0.95
# postcode known · only gemeentecode · postcode of nowhere with gemeentecode · both empty · malformed postcode only
# · gemeente outside the demo
ADRES = np.array([0.975, 0.015, 0.005, 0.002, 0.001, 0.002])
GEMEENTE_BUITEN = "0014"  # Groningen: real, but not in cbs_gebieden of the demo
EERSTE_DAG = dag("1960-01-01")
DAGEN = pl.Series(np.arange(EERSTE_DAG, dag("2070-01-01"), dtype=np.int32)).cast(pl.Date).dt.strftime("%Y%m%d")


def datumtekst(dagen: np.ndarray, leeg: np.ndarray | None = None) -> pl.Series:
    """JJJJMMDD of days since 1970; empty where ``leeg``."""
    index = pl.Series(np.asarray(dagen, dtype=np.int64) - EERSTE_DAG).cast(pl.UInt32)
    if leeg is not None:
        index = index.to_frame("i").select(pl.when(~pl.Series(leeg)).then("i"))["i"]
    return DAGEN.gather(index)


def maak_bsn(n: int, rng: np.random.Generator) -> np.ndarray:
    """n different numbers that pass the elfproef; nearly all start with 9, one in a hundred with 0."""
    nodig = int(n * 1.1 + 100)
    stap = np.arange(nodig, dtype=np.int64)
    begin = int(rng.integers(0, 9_999_991))
    hoog = 90_000_000 + (stap * 7_654_321 + begin) % 9_999_991  # 9999991 is prime: every step another number
    laag = 1_000_000 + (stap * 765_433 + begin) % 8_999_993
    voor = np.where(stap % 100 == 0, laag, hoog)
    cijfers = voor[:, None] // 10 ** np.arange(7, -1, -1) % 10
    rest = (cijfers * BSN_GEWICHTEN).sum(axis=1) % 11
    return (voor * 10 + rest)[rest < 10][:n]


class Personalia:
    """Text columns per person; addresses and special codes depend on the period."""

    def __init__(self, gebied: Gebied, zorg: Zorg, perioden: list[Halfjaar], rng: np.random.Generator):
        self._gebied, self._perioden = gebied, perioden
        n = zorg.personen.height
        self.geboren = zorg.personen["geboren"].to_numpy()
        self.bsn = pl.Series("bsn", maak_bsn(n, rng)).cast(pl.String).str.zfill(9)
        u = rng.random(n)
        u[rng.choice(n, min(n, 3), replace=False)] = 0.0  # also in the smallest demo
        self.bsn_onbekend = u < P_BSN_ONBEKEND
        geslacht = np.where(rng.random(n) < P_GESLACHT_O, 2, zorg.personen["geslacht"].to_numpy())
        self._geslacht = pl.Series("geslacht", ["M", "V", "O"]).gather(geslacht)
        u = rng.random(n)
        tekst = datumtekst(self.geboren)
        self._geboortedatum = pl.select(
            pl.when(pl.Series(u < P_ZONDER_MAAND))
            .then(tekst.str.slice(0, 4) + "0000")
            .when(pl.Series(u < P_ZONDER_MAAND + P_ZONDER_DAG))
            .then(tekst.str.slice(0, 6) + "00")
            .otherwise(tekst)
            .alias("geboortedatum")
        ).to_series()
        self._adressen(zorg.personen["wijk"].to_numpy(), rng)

    def _adressen(self, wijk: np.ndarray, rng: np.random.Generator) -> None:
        """Two addresses per person and the index of the period in which the second begins."""
        n = len(wijk)
        wijken = self._gebied.wijken
        gemeente = wijken["gemeente"].to_numpy()
        gewicht = np.cumsum(wijken["inwoners"].to_numpy())
        van_gemeente = gemeente[wijk]
        eerste = np.searchsorted(gemeente, np.arange(gemeente[-1] + 2))  # wijken are sorted by gemeente
        regio = self._gebied.gemeenten["regio"].to_numpy()
        per_regio = np.searchsorted(regio, np.arange(regio[-1] + 2))
        u = rng.random(n)
        van = np.where(u < P_ZELFDE_GEMEENTE, eerste[van_gemeente], eerste[per_regio[regio[van_gemeente]]])
        tot = np.where(u < P_ZELFDE_GEMEENTE, eerste[van_gemeente + 1], eerste[per_regio[regio[van_gemeente] + 1]])
        overal = u > P_ZELFDE_REGIO
        van, tot = np.where(overal, 0, van), np.where(overal, len(gemeente), tot)
        onder = np.where(van > 0, gewicht[van - 1], 0.0)
        doel = np.searchsorted(gewicht, onder + rng.random(n) * (gewicht[tot - 1] - onder), side="right")
        self.wijken = np.stack([wijk, np.minimum(doel, tot - 1)])
        self.verhuist = np.floor(np.log(rng.random(n)) / np.log(1 - P_VERHUIST)).clip(0, 10_000).astype(int) + 1
        aantal, begin = self._gebied.n_postcodes[self.wijken], self._gebied.eerste_postcode[self.wijken]
        self._postcode = begin + (rng.random((2, n)) * aantal).astype(np.int32)
        grens = np.cumsum(ADRES)
        self._adres = np.searchsorted(grens / grens[-1], rng.random(n), side="right")
        self._adres[rng.choice(n, min(n, 10), replace=False)] = 1 + np.arange(min(n, 10)) % 5

    def gemeente(self, persoon: np.ndarray, periode_index: np.ndarray | int) -> np.ndarray:
        """Row number of the gemeente in which each person lives in that period."""
        tweede = (self.verhuist[persoon] <= periode_index).astype(int)
        return self._gebied.wijken["gemeente"].to_numpy()[self.wijken[tweede, persoon]]

    def identiteit(self, persoon: np.ndarray, i: int) -> dict[str, pl.Series]:
        """bsn, geboortedatum and geslacht as delivered in period i."""
        periode = self._perioden[i]
        onbekend, ongeboren = ("999999999", "000000000") if periode >= OMWISSELING else ("000000000", "999999999")
        nog_niet = pl.Series(self.geboren[persoon] > dag(periode.d1))
        zonder = pl.Series(self.bsn_onbekend[persoon])
        kolommen = pl.select(
            pl.when(nog_niet).then(pl.lit(ongeboren)).when(zonder).then(pl.lit(onbekend))
            .otherwise(self.bsn.gather(persoon)).alias("bsn"),
            pl.when(nog_niet).then(pl.lit("99999999"))
            .otherwise(self._geboortedatum.gather(persoon)).alias("geboortedatum"),
            pl.when(nog_niet).then(pl.lit("O")).otherwise(self._geslacht.gather(persoon)).alias("geslacht"),
        )  # fmt: skip
        return {k: kolommen[k] for k in kolommen.columns}

    def adres(self, persoon: np.ndarray, i: int, altijd_gemeente: np.ndarray) -> dict[str, pl.Series]:
        """postcode and gemeentecode as delivered in period i; some providers always fill the gemeentecode."""
        tweede = (self.verhuist[persoon] <= i).astype(int)
        soort = pl.Series(self._adres[persoon])
        postcode = self._gebied.postcodes["postcode"].gather(self._postcode[tweede, persoon])
        gemeente = self._gebied.gemeenten["gemeentecode"].gather(self.gemeente(persoon, i))
        kolommen = pl.select(
            pl.when(soort.is_in([1, 3, 5])).then(pl.lit(None, pl.String))
            .when(soort == 2).then(pl.lit(POSTCODE_ONBEKEND))
            .when(soort == 4).then(pl.lit("0000AA"))
            .otherwise(postcode).alias("postcode"),
            pl.when(soort.is_in([1, 2]) | ((soort == 0) & pl.Series(altijd_gemeente))).then(gemeente)
            .when(soort == 5).then(pl.lit(GEMEENTE_BUITEN))
            .otherwise(pl.lit(None, pl.String)).alias("gemeentecode"),
        )  # fmt: skip
        return {k: kolommen[k] for k in kolommen.columns}


def leeftijd(geboren: np.ndarray, op: np.ndarray | int) -> np.ndarray:
    """Age in years on a day, good enough for the demo's own choices."""
    return (op - geboren) / JAAR
