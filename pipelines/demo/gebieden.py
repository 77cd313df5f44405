"""The geography of the demo region: gemeenten, wijken, synthetic postcodes, and the cbs_gebieden/cbs_postcodes rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.landing.contracts import BRONNEN

REFERENTIE = BRONNEN / "reference"
GEMEENTEN_NL = 342  # CBS: number of gemeenten in 2023-2024
AANBIEDERS_NL = 1200
INWONERS_PER_POSTCODE = 60  # coarser than reality (about 37), to keep the national table small
POSTCODES_PER_WIJK_MAX = 600
ALFABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = np.array([a + b for a in ALFABET for b in ALFABET])
PC4_DRENTHE = 9300  # first PC4 of the twelve real gemeenten; copies count on from PC4_KOPIE
PC4_KOPIE = 1000
POSTCODE_ONBEKEND = "9999XX"  # valid form, in no wijk


@dataclass(frozen=True)
class Gebied:
    """The regions of one demo: frames whose row number is the index used everywhere else."""

    gemeenten: (
        pl.DataFrame
    )  # gemeentecode (4 digits), gemeentenaam, provinciecode, ..., regio (number), factor, wijkteam
    wijken: pl.DataFrame  # wijkcode, wijknaam, gemeente (row number), inwoners, p0_14, p15_24
    postcodes: pl.DataFrame  # postcode, wijk (row number); sorted by wijk
    eerste_postcode: np.ndarray  # per wijk the first row number in postcodes
    n_postcodes: np.ndarray  # per wijk
    n_regio: int
    n_aanbieders: int
    n_gi: int
    size: float


def maak_gebied(size: float, gemeenten: int = 12) -> Gebied:
    """Twelve gemeenten (or the first so many) up to size 1; above that synthetic copies, up to the 342 of the country."""
    basis = pl.read_csv(REFERENTIE / "gemeenten_drenthe.csv", schema_overrides={"gemeentecode": pl.String})
    n_gemeenten = gemeenten if size <= 1 else min(GEMEENTEN_NL, max(12, round(12 * size)))
    schaal = size if size <= 1 else size * 12 / n_gemeenten
    n_regio = math.ceil(n_gemeenten / 12)
    nummers = pl.DataFrame({"gemeente": np.arange(n_gemeenten, dtype=np.int32)})
    alle = nummers.with_columns(
        (pl.col("gemeente") // 12).alias("regio"), (pl.col("gemeente") % 12).alias("basis")
    ).join(
        basis.with_row_index("basis").with_columns(pl.col("basis").cast(pl.Int32)), on="basis", maintain_order="left"
    )
    kopie, tekst = pl.col("regio") > 0, pl.col("regio").cast(pl.String).str.zfill(2)
    provincie = 40 + (pl.col("regio") - 1) % 11 + 1  # twelve provincies: Drenthe and eleven synthetic ones
    gemiddeld = (basis["pct_jeugdhulp_2016"] * basis["inwoners"]).sum() / basis["inwoners"].sum()
    alle = alle.with_columns(
        pl.when(kopie)
        .then((5000 + pl.col("gemeente")).cast(pl.String))
        .otherwise(pl.col("gemeentecode").str.slice(2))
        .alias("gemeentecode"),
        pl.when(kopie)
        .then(pl.format("Demo-{} {}", "gemeentenaam", tekst))
        .otherwise("gemeentenaam")
        .alias("gemeentenaam"),
        pl.when(kopie).then(pl.format("PV{}", provincie)).otherwise("provinciecode").alias("provinciecode"),
        pl.when(kopie).then(pl.format("Demoprovincie {}", provincie)).otherwise("provincienaam").alias("provincienaam"),
        pl.when(kopie).then(pl.format("Demoregio {}", tekst)).otherwise("jeugdregio").alias("jeugdregio"),
        pl.when(kopie).then(pl.format("{} {}", "subregio", tekst)).otherwise("subregio").alias("subregio"),
        (pl.col("pct_jeugdhulp_2016") / gemiddeld).alias("factor"),
        (pl.col("pct_wijkteam") / 100).alias("wijkteam"),
    )
    bron = pl.read_csv(REFERENTIE / "wijken_drenthe.csv").join(
        basis.select("gemeentecode", g014="pct_0_14", g1524="pct_15_24").with_row_index("basis"),
        on="gemeentecode",
        maintain_order="left",
    )
    wijken = (
        alle.select("gemeente", "regio", pl.col("basis").cast(pl.UInt32), code="gemeentecode")
        .join(bron, on="basis", maintain_order="left_right")
        .select(
            pl.format("WK{}{}", "code", pl.col("wijkcode").str.slice(6)).alias("wijkcode"),
            "wijknaam",
            "gemeente",
            "regio",
            inwoners=pl.col("inwoners") * schaal,
            p0_14=pl.col("pct_0_14").fill_null(pl.col("g014")) / 100,
            p15_24=pl.col("pct_15_24").fill_null(pl.col("g1524")) / 100,
        )
    )
    postcodes, eerste, aantal = _postcodes(wijken["inwoners"].to_numpy() / schaal)
    n_aanbieders = max(10, round(40 * math.sqrt(size))) if size <= 1 else min(AANBIEDERS_NL, 40 * n_regio)
    return Gebied(
        alle, wijken, postcodes, eerste, aantal, n_regio, n_aanbieders, max(2, round(16 * n_regio / 29)), size
    )


def _postcodes(inwoners: np.ndarray) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Synthetic PC6: one PC4 per wijk, so a postcode lies in one wijk."""
    aantal = np.clip(inwoners / INWONERS_PER_POSTCODE, 2, POSTCODES_PER_WIJK_MAX).astype(np.int32)
    wijk = np.repeat(np.arange(len(aantal), dtype=np.int32), aantal)
    eerste = np.cumsum(aantal) - aantal
    n_basis = pl.read_csv(REFERENTIE / "wijken_drenthe.csv").height
    nummer = np.arange(len(aantal))
    pc4 = np.where(nummer < n_basis, PC4_DRENTHE + nummer, PC4_KOPIE + nummer - n_basis)
    # copies never reach the Drenthe block: 29 x 181 wijken stay far below 9300 - 1000
    cijfers = pl.Series(pc4[wijk]).cast(pl.String)
    letters = pl.Series(LETTERS[np.arange(len(wijk)) - eerste[wijk]])
    return pl.DataFrame({"postcode": cijfers + letters, "wijk": wijk}), eerste.astype(np.int32), aantal


def cbs_gebieden(gebied: Gebied, jaar: int) -> pl.DataFrame:
    """Rows of feed cbs_gebieden for one year."""
    kolommen = ("gemeentecode", "gemeentenaam", "provinciecode", "provincienaam", "jeugdregio", "subregio")
    return gebied.gemeenten.select(pl.lit(str(jaar)).alias("jaar"), *kolommen)


def cbs_postcodes(gebied: Gebied, jaar: int) -> pl.DataFrame:
    """Rows of feed cbs_postcodes for one year."""
    wijken = gebied.wijken[gebied.postcodes["wijk"]]
    return pl.DataFrame(
        {
            "jaar": pl.repeat(str(jaar), wijken.height, eager=True),
            "postcode": gebied.postcodes["postcode"],
            "gemeentecode": gebied.gemeenten["gemeentecode"].gather(wijken["gemeente"]),
            "wijkcode": wijken["wijkcode"],
            "wijknaam": wijken["wijknaam"],
        }
    )
