"""What all that reads or writes the databases of a release shares: how much memory, and rows by one number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines import sqltekst


def geheugen(database: Path, hoogstens: int = 2000) -> dict[str, str]:
    """What DuckDB may use, by the size of the database, and at most ``hoogstens`` MB: without it DuckDB keeps all that it
    reads.
    """
    return {"memory_limit": f"{min(max(500, 6 * (database.stat().st_size >> 20)), hoogstens)}MB"}


def perioden(con: duckdb.DuckDBPyConnection, tabel: str) -> list[str]:
    """The verslagperioden of a table, in order: one at a time fits in memory."""
    return [p for (p,) in con.execute(f"select distinct verslagperiode from {tabel} order by 1").fetchall()]


def andere_rijen(oud: str, nieuw: str, sleutel: Sequence[str], waarden: Sequence[str], periode: str) -> str:
    """The query for the rowids (``oud``, ``nieuw``) of the rows of two tables with the same key and other values, in one
    verslagperiode.

    By one number for the key (as text) and one for the values: a join on the texts of a country's keys takes gigabytes.
    Two keys may have the same number: who uses this compares the keys of what it gives. Other values with the same number
    (one chance in 2^64 a row) are passed over.
    """

    def nummers(tabel: str) -> tuple[str, str]:
        teksten = ", ".join(f"cast({tabel}.{k} as varchar)" for k in sleutel)
        return f"hash({teksten})", f"hash({', '.join(f'{tabel}.{k}' for k in waarden)})"

    (cel_o, inhoud_o), (cel_n, inhoud_n) = nummers("o"), nummers("n")
    hier = sqltekst.tekst(periode)
    return f"""select o.rowid as oud, n.rowid as nieuw from {oud} as o join {nieuw} as n on {cel_o} = {cel_n}
        where o.verslagperiode = {hier} and n.verslagperiode = {hier} and {inhoud_o} <> {inhoud_n}"""
