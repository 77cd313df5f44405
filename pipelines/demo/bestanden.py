"""Writing one levering to a file: csv in its varieties, xlsx with text or date cells, fixed width."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from pipelines.landing.contracts import contracten

VAST_MOMENT = datetime(2013, 1, 1)  # in every workbook, so that the bytes do not depend on the clock


@dataclass(frozen=True)
class Vorm:
    """How a leverancier writes its files."""

    formaat: str = "csv"  # csv, xlsx or txt
    scheiding: str = ";"
    codering: str = "utf-8"  # utf-8, utf-8-sig or cp1252
    extra_kolom: bool = False  # a column that the contract does not know
    omgekeerd: bool = False  # columns in another order
    datumcellen: bool = False  # xlsx: real dates
    kleine_postcode: bool = False  # "9401 ab"


@dataclass
class Schrijver:
    """Writes leveringen below one directory and counts them."""

    doel: Path
    bestanden: int = 0
    rijen: int = 0
    perioden: set[str] = field(default_factory=set)

    def schrijf(
        self, feed: str, leverancier: str, periode: str, rijen: pl.DataFrame, vorm: Vorm = Vorm(), volgnr: int = 1
    ) -> None:
        """Write one levering; the columns are those of the contract, in its order."""
        rijen = rijen.select(list(contracten()[feed].kolommen))
        if vorm.formaat == "txt" and rijen.is_empty():
            vorm = replace(vorm, formaat="csv")  # fixed width has no header, and 0 bytes is no levering
        map_ = self.doel / periode
        if periode not in self.perioden:
            map_.mkdir(parents=True, exist_ok=True)
            self.perioden.add(periode)
        pad = map_ / f"{feed}__{leverancier}__{periode}__v{volgnr}.{vorm.formaat}"
        if vorm.kleine_postcode and "postcode" in rijen.columns:
            kort = pl.col("postcode").str.slice(0, 4) + " " + pl.col("postcode").str.slice(4).str.to_lowercase()
            rijen = rijen.with_columns(kort)
        {"csv": _csv, "txt": _txt, "xlsx": _xlsx}[vorm.formaat](feed, rijen, pad, vorm)
        self.bestanden += 1
        self.rijen += rijen.height


def _csv(feed: str, rijen: pl.DataFrame, pad: Path, vorm: Vorm) -> None:
    if vorm.omgekeerd:
        rijen = rijen.select(rijen.columns[::-1])
    if vorm.extra_kolom:
        rijen = rijen.with_columns(pl.lit("cliënt bekend").alias("opmerking_cliënt"))
    if vorm.codering == "utf-8":
        rijen.write_csv(pad, separator=vorm.scheiding)
    else:
        pad.write_bytes(rijen.write_csv(separator=vorm.scheiding).encode(vorm.codering))


def _txt(feed: str, rijen: pl.DataFrame, pad: Path, vorm: Vorm) -> None:
    """Fixed width: every column on its position of the contract, no header."""
    velden, plaats = [], 1
    for kolom in sorted(contracten()[feed].kolommen.values(), key=lambda k: k.positie):
        begin, eind = kolom.positie
        if begin > plaats:
            velden.append(pl.lit(" " * (begin - plaats)))
        velden.append(pl.col(kolom.naam).fill_null("").str.pad_end(eind - begin + 1))
        plaats = eind + 1
    regels = rijen.select(pl.concat_str(velden).alias("regel"))["regel"].to_list()
    pad.write_text("".join(f"{regel}\n" for regel in regels), encoding="utf-8")


def _xlsx(feed: str, rijen: pl.DataFrame, pad: Path, vorm: Vorm) -> None:
    """First sheet, header in row 1; cells are text, or real dates where the text is a whole date."""
    boek = xlsxwriter.Workbook(str(pad), {"default_date_format": "dd-mm-yyyy"})
    boek.set_properties({"created": VAST_MOMENT})
    blad = boek.add_worksheet("levering")
    blad.write_row(0, 0, rijen.columns)
    kolommen = contracten()[feed].kolommen
    for nr, naam in enumerate(rijen.columns):
        waarden = rijen[naam].fill_null("")
        if vorm.datumcellen and kolommen[naam].type == "datum":
            datums = waarden.str.to_datetime("%Y%m%d", strict=False)
            if datums.null_count() == (waarden == "").sum():  # else one is not a date, and stays text
                waarden = datums
        blad.write_column(1, nr, waarden.to_list())
    boek.close()
