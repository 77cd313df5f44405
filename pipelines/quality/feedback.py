"""Feedback to leveranciers: what was found in what they delivered (spec 04). Row numbers and messages, never values.

What is told is prepared in terugkoppeling.py; here findings are gathered and kept, and the files written.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import duckdb
import polars as pl

from pipelines.landing import rules
from pipelines.quality import regels, terugkoppeling, terugkoppeling_html, terugkoppeling_xlsx

KOLOMMEN = terugkoppeling.KOLOMMEN
STUK = 2000  # directories written by one process at a time
BESTANDEN = ("bevindingen.csv", "terugkoppeling.xlsx", "terugkoppeling.html")  # in the order of replacing


def samen(per_levering: pl.DataFrame, over_leveringen: pl.DataFrame) -> pl.DataFrame:
    """All findings, with their ernst: weigering (the whole file), afkeur (row not counted) or signaal."""
    kolommen = ["feed", "leverancier", "periode", "bestand", "rij", "kolom", "code", "melding"]
    alles = pl.concat([per_levering.select(kolommen), over_leveringen.select(kolommen)], how="vertical_relaxed")
    return alles.with_columns(ernst=rules.ernst(pl.col("code"))).sort(kolommen, nulls_last=False)


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
    stukken = [alles.alleen(nieuw[van : van + STUK]) for van in range(0, nieuw.height, STUK)]
    if len(stukken) < 2:
        for stuk in stukken:
            _schrijf_mappen(stuk, doel)
    else:  # a workbook is plain Python, so threads would wait for each other
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
            list(pool.map(_schrijf_mappen, stukken, repeat(doel)))
    return alles.mappen.height


def _schrijf_mappen(stuk: terugkoppeling.Voorbereid, doel: Path) -> None:
    """Write the files of the directories of ``stuk``."""
    afdrukken = stuk.mappen.select("aanbod", "inhoud").iter_rows()
    for (overzicht, gevonden), afdruk in zip(stuk.overzichten(), afdrukken, strict=True):
        map_ = doel / overzicht.periode / overzicht.leverancier
        map_.mkdir(parents=True, exist_ok=True)
        pagina = terugkoppeling_html.pagina(overzicht, *afdruk)
        # for programs: plain csv; people have the workbook
        gevonden.write_csv(map_ / "bevindingen.csv.nieuw")
        terugkoppeling_xlsx.schrijf_werkboek(map_ / "terugkoppeling.xlsx.nieuw", overzicht, gevonden)
        (map_ / "terugkoppeling.html.nieuw").write_text(pagina, "utf-8")
        for naam in BESTANDEN:
            (map_ / f"{naam}.nieuw").replace(map_ / naam)


def _is_anders(doel: Path, map_: dict) -> bool:
    """Must the files of a directory be written: is one not there, or was it made from something else?"""
    plaats = doel / map_["periode"] / map_["leverancier"]
    if not all((plaats / naam).is_file() for naam in BESTANDEN):
        return True
    aanbod, inhoud = terugkoppeling_html.vingerafdrukken(plaats / BESTANDEN[-1])
    return aanbod != map_["aanbod"] or (inhoud != map_["inhoud"] and not map_["later"])
