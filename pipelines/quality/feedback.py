"""Feedback to leveranciers: what was found in what they delivered (spec 04). Row numbers and messages, never values.

What is told is prepared in terugkoppeling.py; here findings are gathered and kept, and the files written.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from pipelines.quality import regels, terugkoppeling, terugkoppeling_html, terugkoppeling_xlsx
from pipelines.quality.terugkoppeling import KOLOMMEN as KOLOMMEN

# A name of a column that no contract knows is a value when a lost line end has put a row behind the header.
GEEN_KOLOMNAAM = r"\d{6}|[\p{Cc}]|^.{60}"
NAAM_WEGGELATEN = "(weggelaten)"


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
    return _zonder_waarden(alles).with_columns(ernst=ernst).sort(kolommen, nulls_last=False)


def bewaar(con: duckdb.DuckDBPyConnection, bevindingen: pl.DataFrame) -> None:
    """Keep the leveringen and the findings in schema kwaliteit of the warehouse, for analysts."""
    con.register("_bevindingen", bevindingen.to_arrow())
    con.execute("create schema if not exists kwaliteit")
    con.execute("create table kwaliteit.bevinding as from _bevindingen")
    con.execute("create table kwaliteit.levering as from landing.levering")
    con.unregister("_bevindingen")


def schrijf(
    bevindingen: pl.DataFrame, leveringen: pl.DataFrame, doel: Path, drempels: dict[str, float] | None = None
) -> int:
    """Write <doel>/<periode>/<leverancier>/ for every levering offered; gives the number of these directories.

    bevindingen.csv (all findings), terugkoppeling.xlsx (the same, with a summary) and terugkoppeling.html (to read).
    ``bevindingen``: as ``samen`` gives them; ``leveringen``: as ``store.stand`` gives them, all periods, for the trend;
    ``drempels``: thresholds of the poorten, those of expectations/ if not given. Without findings the files hold only a
    header, so that "nothing wrong" can be told from "not looked at". What has no leverancier or period in its name goes
    under ``onbekend``. Nothing is written where nothing changed; the page, with the fingerprint of what was told, comes
    last. The feedback on a period after that of the refresh is left as it is while the same files are offered.
    """
    alles = terugkoppeling.bereid_voor(bevindingen, leveringen, regels.drempels() if drempels is None else drempels)
    nieuw = alles.mappen.filter(
        pl.Series([_is_anders(doel, m) for m in alles.mappen.iter_rows(named=True)], dtype=bool)
    )
    afdrukken = nieuw.select("aanbod", "inhoud").iter_rows()
    for (overzicht, gevonden), afdruk in zip(alles.overzichten(nieuw), afdrukken, strict=True):
        map_ = doel / overzicht.periode / overzicht.leverancier
        map_.mkdir(parents=True, exist_ok=True)
        pagina = terugkoppeling_html.pagina(overzicht, *afdruk)
        # ; and a BOM: what a Dutch Excel opens as it should
        gevonden.write_csv(map_ / "bevindingen.csv.nieuw", separator=";", include_bom=True)
        terugkoppeling_xlsx.schrijf_werkboek(map_ / "terugkoppeling.xlsx.nieuw", overzicht, gevonden)
        (map_ / "terugkoppeling.html.nieuw").write_text(pagina, "utf-8")
        for naam in BESTANDEN:
            (map_ / f"{naam}.nieuw").replace(map_ / naam)
    return alles.mappen.height


BESTANDEN = ("bevindingen.csv", "terugkoppeling.xlsx", "terugkoppeling.html")  # in the order of writing


def _is_anders(doel: Path, map_: dict) -> bool:
    """Must the files of a directory be written: is one not there, or was it made from something else?"""
    plaats = doel / map_["periode"] / map_["leverancier"]
    if not all((plaats / naam).is_file() for naam in BESTANDEN):
        return True
    aanbod, inhoud = terugkoppeling_html.vingerafdrukken(plaats / BESTANDEN[-1])
    return aanbod != map_["aanbod"] or (inhoud != map_["inhoud"] and not map_["later"])


def _zonder_waarden(bevindingen: pl.DataFrame) -> pl.DataFrame:
    """Leave out the names of unknown columns (S00) of a file in which one of them looks like the value of a row."""
    onbekend = (pl.col("code") == "S00") & (pl.col("kolom") != "")
    verdacht = onbekend & pl.col("kolom").str.contains(GEEN_KOLOMNAAM)
    weg = onbekend & verdacht.any().over("bestand", "leverancier", "periode")
    return bevindingen.with_columns(
        kolom=pl.when(weg).then(pl.lit(NAAM_WEGGELATEN)).otherwise("kolom"),
        melding=pl.when(weg)
        .then(
            pl.lit(
                "Een kolom in de kopregel is onbekend en wordt niet gelezen. De naam is weggelaten omdat hij op een "
                "gegeven lijkt. Controleer of de kopregel op een eigen regel staat."
            )
        )
        .otherwise("melding"),
    )
