"""The population 0-22 of the demo region: birth cohorts per wijk, and the cbs_bevolking rows made from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.demo.gebieden import Gebied

LEEFTIJDEN = 23
GESLACHTEN = ("M", "V")
AANDEEL_JONGENS = 0.512
NL_0_22 = 4_446_500  # CBS 84134NED 2020: 435.760 jongeren = 9,8 %
DRENTHE_0_22 = 121_000  # idem: 13.555 = 11,2 %


@dataclass(frozen=True)
class Bevolking:
    """Children per wijk, sex and birth year. They do not migrate or die, so every year shows the same cohorts."""

    eerste_jaar: int  # first birth year
    aantal: np.ndarray  # [wijk, geslacht, geboortejaar]

    def op_1_januari(self, jaar: int) -> np.ndarray:
        """Numbers [wijk, geslacht, leeftijd] on 1 January: age a was born in year - 1 - a."""
        kolommen = jaar - 1 - np.arange(LEEFTIJDEN) - self.eerste_jaar
        return self.aantal[:, :, kolommen]


def maak_bevolking(gebied: Gebied, eerste_jaar: int, laatste_jaar: int, rng: np.random.Generator) -> Bevolking:
    """Draw the cohorts born from 23 years before the first year up to and including the last year."""
    eerste_geboortejaar = eerste_jaar - LEEFTIJDEN - 1
    n = laatste_jaar - eerste_geboortejaar + 1
    wijken = gebied.wijken
    # age in the middle of the horizon decides which percentage of the kwart a cohort follows
    midden = (eerste_jaar + laatste_jaar) / 2 - 0.5 - (eerste_geboortejaar + np.arange(n))
    jong, oud = (wijken[k].to_numpy()[:, None] for k in ("p0_14", "p15_24"))
    per_jaar = np.where(midden[None, :] < 15, jong / 15, oud / 10) * wijken["inwoners"].to_numpy()[:, None]
    deel = np.array([AANDEEL_JONGENS, 1 - AANDEEL_JONGENS])
    return Bevolking(eerste_geboortejaar, rng.poisson(per_jaar[:, None, :] * deel[None, :, None]))


def cbs_bevolking(gebied: Gebied, bevolking: Bevolking, jaar: int) -> pl.DataFrame:
    """Rows of feed cbs_bevolking: wijken add up to gemeenten and these to provincies; NL01 is the demo blown up."""
    wijk = bevolking.op_1_januari(jaar)
    gemeenten = gebied.gemeenten
    gemeente = np.zeros((gemeenten.height, *wijk.shape[1:]), dtype=np.int64)
    np.add.at(gemeente, gebied.wijken["gemeente"].to_numpy(), wijk)
    codes, van_gemeente = np.unique(gemeenten["provinciecode"].to_numpy(), return_inverse=True)
    provincie = np.zeros((len(codes), *wijk.shape[1:]), dtype=np.int64)
    np.add.at(provincie, van_gemeente, gemeente)
    rest = max(1.0, NL_0_22 / DRENTHE_0_22 / max(1.0, gebied.size))  # the part of the country outside the demo
    land = np.rint(provincie.sum(axis=0, keepdims=True) * rest).astype(np.int64)
    regios = pl.concat(
        [gebied.wijken["wijkcode"], "GM" + gemeenten["gemeentecode"], pl.Series(codes.astype(str)), pl.Series(["NL01"])]
    )
    aantal = np.concatenate([wijk, gemeente, provincie, land])
    regio, geslacht, leeftijd = (as_.ravel() for as_ in np.indices(aantal.shape))
    return pl.DataFrame(
        {
            "regio": regios.gather(regio),
            "peildatum": pl.repeat(f"{jaar}0101", aantal.size, eager=True),
            "leeftijd": pl.Series(leeftijd).cast(pl.String),
            "geslacht": pl.Series(GESLACHTEN).gather(geslacht),
            "aantal": pl.Series(aantal.ravel()).cast(pl.String),
        }
    )
