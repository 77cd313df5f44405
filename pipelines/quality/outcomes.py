"""The outcomes of the poorten over all refreshes: making, keeping, reading and re-judging them. Measures nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import polars as pl

from pipelines import sqltekst
from pipelines.quality.poorten import Oordeel, controleer_overrides
from pipelines.quality.regels import HELE_REGEL, Poort, oordeel_sql, regels, samen

KOLOMMEN = {
    "refresh": "varchar",
    "periode": "varchar",
    "poort": "varchar",
    "regel": "varchar",
    "op": "varchar",
    "object": "varchar",
    "waarde": "double",
    "drempel": "double",
    "effect": "varchar",
    "geteld": "bigint",
    "geschonden": "bigint",
    "status": "varchar",
    "reden": "varchar",
    "toelichting": "varchar",
    "override": "varchar",
}
_SELECT = ", ".join(f"{naam}::{type_} as {naam}" for naam, type_ in KOLOMMEN.items())
_ORDE = "refresh, periode, poort, regel, effect, object"
# A row about the rule as a whole comes from every oordeel on it.
_EEN_RIJ = "qualify row_number() over (partition by refresh, poort, regel, object, effect order by status, drempel) = 1"


def uitkomsten(
    con: duckdb.DuckDBPyConnection,
    poort: Poort,
    oordelen: list[Oordeel],
    *,
    refresh: str,
    periode: str,
    overrides: dict[str, str],
) -> pl.DataFrame:
    """Every outcome of one poort in one refresh: a row per rule × object × effect, with the columns of KOLOMMEN.

    ``con`` reads the database with kwaliteit.meting. An overridden rule keeps its status, with the reason of the
    override beside what failed. Raises ValueError on an override of a rule that does not exist.
    """
    controleer_overrides(overrides)
    delen = [oordeel.sql for oordeel in oordelen] + [_gestrand(o) for o in oordelen if _alleen_gx_faalde(con, o)]
    return con.execute(
        f"select {_SELECT} from (select u.*, $refresh as refresh, $periode as periode, $poort as poort,"
        " case when u.status in ('gefaald', 'fout')"
        " then list_extract($redenen::varchar[], list_position($regels::varchar[], u.regel)) end as override"
        f" from ({samen(delen)}) as u) {_EEN_RIJ} order by {_ORDE}",
        {
            "refresh": refresh,
            "periode": periode,
            "poort": poort,
            "regels": list(overrides),
            "redenen": list(overrides.values()),
        },
    ).pl()


def _alleen_gx_faalde(con: duckdb.DuckDBPyConnection, oordeel: Oordeel) -> bool:
    """Whether the verdict is fout though no measured row is: Great Expectations itself could not run the rule."""
    if oordeel.status != "fout":
        return False
    return con.execute(f"select count(*) from ({oordeel.sql}) where status = 'fout'").fetchone()[0] == 0


def _gestrand(oordeel: Oordeel) -> str:
    return (
        f"select '{oordeel.regel}', null, '{HELE_REGEL}', null, null, '{oordeel.effect}', 0, 0, 'fout',"
        " 'Great Expectations kon de regel niet toetsen', null"
    )


# --- keeping --------------------------------------------------------------------------------------------------------


def map_van(home: Path) -> Path:
    """The directory of the kept outcomes, one Parquet file per refresh and poort."""
    return home / "kwaliteit" / "uitkomst"


def nieuwe_refresh(home: Path, periode: str) -> str:
    """A name for a refresh that no kept outcome has yet, such as 2024H1-003; blocked refreshes count too."""
    gebruikt = [re.fullmatch(rf"{re.escape(periode)}-(\d+)__.*", p.stem) for p in map_van(home).glob("*.parquet")]
    return f"{periode}-{max((int(g[1]) for g in gebruikt if g), default=0) + 1:03d}"


def bewaar(home: Path, tabel: pl.DataFrame) -> Path:
    """Add the outcomes of one refresh and poort to those kept under ``home``; gives the file.

    Writes beside and then moves in place, so that a reader sees the whole file or none. Nothing kept is ever replaced:
    raises FileExistsError when this refresh and poort are there with other contents (the same contents are a no-op),
    and ValueError when the table is empty or about more than one refresh or poort.
    """
    sleutels = tabel.select("refresh", "poort").unique().rows()
    if len(sleutels) != 1:
        raise ValueError(f"Uitkomsten worden bewaard per refresh en poort; deze tabel heeft er {len(sleutels)}.")
    refresh, poort = sleutels[0]
    if not re.fullmatch(r"[A-Za-z0-9._-]+", refresh):
        raise ValueError(f"'{refresh}' is geen bruikbare naam voor een refresh.")
    doel = map_van(home) / f"{refresh}__{poort}.parquet"
    doel.parent.mkdir(parents=True, exist_ok=True)
    if doel.exists():
        return _zelfde(doel, tabel)
    nieuw = doel.with_name(f".{doel.name}.{os.getpid()}.tmp")
    try:
        tabel.write_parquet(nieuw)
        nieuw.replace(doel)
    finally:
        nieuw.unlink(missing_ok=True)
    return doel


def _zelfde(doel: Path, tabel: pl.DataFrame) -> Path:
    if pl.read_parquet(doel).equals(tabel):
        return doel
    raise FileExistsError(f"{doel.name} is al bewaard met andere uitkomsten; kies een nieuwe naam voor deze refresh.")


# --- reading and re-judging -----------------------------------------------------------------------------------------


def laad(con: duckdb.DuckDBPyConnection, home: Path) -> int:
    """Make kwaliteit.uitkomst in the database of ``con`` from all that is kept under ``home``; gives its row count."""
    con.execute("create schema if not exists kwaliteit")
    con.execute(
        f"create or replace table kwaliteit.uitkomst as select {_SELECT} from {_bewaard(home)} order by {_ORDE}"
    )
    return con.execute("select count(*) from kwaliteit.uitkomst").fetchone()[0]


def herbeoordeel(home: Path, poort: Poort, *, drempels: dict[str, float], refresh: str | None = None) -> pl.DataFrame:
    """Judge the kept measurements again against other thresholds: same columns, new drempel, status and reden.

    Only what is kept is read, no data; with ``refresh`` only that one. Nothing is written, and no override counts. The
    rules are those of the declarations now: a rule that is gone is left out.
    """
    with duckdb.connect() as con:
        # A measurement that does not apply has no waarde; one too small to judge has, and may be judged now.
        con.execute(
            "create table meting as select refresh, periode, poort, regel, object, waarde, geteld, geschonden,"
            " toelichting, case when status = 'niet_van_toepassing' and waarde is null then reden end as nvt,"
            f" case when status = 'fout' then reden end as fout from {_bewaard(home)}"
            " where poort = $poort and ($refresh is null or refresh = $refresh)"
            " qualify row_number() over (partition by refresh, regel, object order by effect, drempel) = 1",
            {"poort": poort, "refresh": refresh},
        )
        paren = [(regel, oordeel) for regel in regels(poort) for oordeel in regel.oordelen]
        delen = [oordeel_sql(r, o, drempels, "meting", mee="refresh, periode, poort, ") for r, o in paren]
        return con.execute(
            f"select {_SELECT} from (select *, null as override from ({samen(delen)}))"
            f" where refresh is not null {_EEN_RIJ} order by {_ORDE}"
        ).pl()


def _bewaard(home: Path) -> str:
    """Everything kept, as something to select from; an empty table with the right columns when there is nothing."""
    if not any(map_van(home).glob("*.parquet")):
        leeg = ", ".join(f"null::{type_} as {naam}" for naam, type_ in KOLOMMEN.items())
        return f"(select {leeg} where false)"
    return f"read_parquet({sqltekst.tekst(map_van(home) / '*.parquet')}, union_by_name = true)"
