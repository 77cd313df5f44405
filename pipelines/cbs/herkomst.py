"""The register of what was fetched from CBS (cbs_herkomst.json in the home directory, never among the leveringen).

One entry per levering: table, version, modification date, status, checksum and rows. The leveringen themselves are in ophalen.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from pipelines.cbs.odata import CbsFout

VELDEN = {
    "bestand": pl.String,
    "sha256": pl.String,
    "feed": pl.String,
    "periode": pl.String,
    "tabel": pl.String,
    "titel": pl.String,
    "versie": pl.String,  # of OData: v3 or v4
    "gewijzigd": pl.String,  # modification date of the table
    "status": pl.String,  # voorlopig, nader voorlopig, definitief; null when the table has no periods
    "waarnemingen": pl.Int64,
    "aangekondigd": pl.Int64,  # null when the service announced no number
    "rijen": pl.Int64,
}


def lees(register: Path) -> pl.DataFrame:
    """All entries, columns VELDEN; none when nothing was ever fetched."""
    if not register.is_file():
        return pl.DataFrame(schema=VELDEN)
    try:
        return pl.DataFrame(json.loads(register.read_text("utf-8"))["leveringen"], schema=VELDEN)
    except (ValueError, TypeError, KeyError, pl.exceptions.PolarsError):
        raise CbsFout(
            f"Het register {register.name} is beschadigd. Zet het opzij; bij het volgende ophalen ontstaat het opnieuw."
        ) from None


def schrijf(register: Path, regel: dict) -> None:
    """Put one entry in the register, in place of the one with the same file name. Write beside, then rename."""
    nieuw = pl.DataFrame([regel], schema=VELDEN)
    alle = pl.concat([lees(register).filter(pl.col("bestand") != regel["bestand"]), nieuw]).sort("bestand")
    register.parent.mkdir(parents=True, exist_ok=True)
    tijdelijk = register.with_name(f".{register.name}.nieuw")
    tijdelijk.write_text(json.dumps({"leveringen": alle.to_dicts()}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    tijdelijk.replace(register)


def per_levering(register: Path, leveringen: pl.DataFrame) -> pl.DataFrame:
    """For a manifest: each levering of a CBS feed (columns bestand, feed, sha256) with where it comes from.

    Out: bestand, bron (``CBS OData`` or ``bestand``), tabel, gewijzigd, status; a file with other content than was
    fetched under its name is a ``bestand``.
    """
    gehaald = lees(register).select("bestand", "sha256", "tabel", "gewijzigd", status_cbs="status")
    bron = pl.when(pl.col("tabel").is_not_null()).then(pl.lit("CBS OData")).otherwise(pl.lit("bestand"))
    return (
        leveringen.filter(pl.col("feed").str.starts_with("cbs_"))
        .select("bestand", "feed", "sha256")
        .join(gehaald, on=["bestand", "sha256"], how="left")
        .select("bestand", "feed", "tabel", "gewijzigd", bron=bron, status="status_cbs")
        .sort("bestand")
    )
