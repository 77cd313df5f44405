"""Feedback to leveranciers: what was found in what they delivered (spec 04). Row numbers and messages, never values."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

KOLOMMEN = ["bestand", "rij", "kolom", "code", "ernst", "melding"]


def samen(per_levering: pl.DataFrame, over_leveringen: pl.DataFrame) -> pl.DataFrame:
    """All findings, with their ernst: weigering (the whole file), afkeur (row not counted) or signaal."""
    kolommen = ["feed", "leverancier", "periode", "bestand", "rij", "kolom", "code", "melding"]
    alles = pl.concat([per_levering.select(kolommen), over_leveringen.select(kolommen)], how="vertical_relaxed")
    code = pl.col("code")
    ernst = (
        pl.when(code.is_in(["A01", "L1"]))
        .then(pl.lit("weigering"))
        .when(code.str.starts_with("A"))
        .then(pl.lit("afkeur"))
        .otherwise(pl.lit("signaal"))
    )
    return alles.with_columns(ernst=ernst).sort(kolommen, nulls_last=False)


def bewaar(con: duckdb.DuckDBPyConnection, bevindingen: pl.DataFrame) -> None:
    """Keep the leveringen and the findings in schema kwaliteit of the warehouse, for analysts."""
    con.register("_bevindingen", bevindingen.to_arrow())
    con.execute("create schema if not exists kwaliteit")
    con.execute("create table kwaliteit.bevinding as from _bevindingen")
    con.execute("create table kwaliteit.levering as from landing.levering")
    con.unregister("_bevindingen")


def schrijf(bevindingen: pl.DataFrame, leveringen: pl.DataFrame, doel: Path) -> int:
    """Write <doel>/<periode>/<leverancier>/bevindingen.csv for every levering offered; gives the number of files.

    ``bevindingen``: bestand, leverancier, periode, rij, kolom, code, ernst, melding. A levering without findings gets a
    file with only the header, so that "nothing wrong" can be told from "not looked at". What has no leverancier or
    period in its name goes under ``onbekend``.
    """
    wie = ["periode", "leverancier"]
    bevindingen = bevindingen.with_columns(pl.col(wie).fill_null("onbekend"))
    per_map = bevindingen.partition_by(wie, as_dict=True, maintain_order=True)
    mappen = leveringen.select(pl.col(wie).fill_null("onbekend")).unique().sort(wie).rows()
    for periode, leverancier in mappen:
        map_ = doel / periode / leverancier
        map_.mkdir(parents=True, exist_ok=True)
        gevonden = per_map.get((periode, leverancier), bevindingen.clear()).select(KOLOMMEN)
        tijdelijk = map_ / "bevindingen.csv.nieuw"
        # ; and a BOM: what a Dutch Excel opens as it should
        gevonden.write_csv(tijdelijk, separator=";", include_bom=True)
        tijdelijk.replace(map_ / "bevindingen.csv")
    return len(mappen)
