"""A small interactive SQL shell on a release: read-only, tables as text. No knowledge of the monitor itself."""

from __future__ import annotations

import contextlib
import readline  # noqa: F401 (line editing and history in input())
from pathlib import Path

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

MAX_RIJEN = 200


def toon(scherm: Console, fouten: Console, database: Path, vraag: str) -> int:
    """Run one query and print its rows; gives 0, or 2 when the query is wrong."""
    with duckdb.connect(str(database), read_only=True) as con:
        return 0 if _voer_uit(scherm, fouten, con, vraag) else 2


def open_shell(scherm: Console, fouten: Console, database: Path) -> None:
    """Read queries until end of input or ``.quit``; a query ends with a semicolon."""
    scherm.print(
        f"Release [bold]{database.parent.name}[/bold], alleen lezen. Sluit een vraag af met ; — .tabellen toont wat er is, "
        ".quit stopt."
    )
    with duckdb.connect(str(database), read_only=True) as con, contextlib.suppress(EOFError, KeyboardInterrupt):
        vraag = ""
        while True:
            regel = input("  ...> " if vraag else "monitor> ")
            if not vraag and regel.strip() in (".quit", ".exit", ".q"):
                return
            if not vraag and regel.strip() == ".tabellen":
                regel = (
                    "select schema_name as schema, table_name as tabel, estimated_size as rijen, comment as omschrijving "
                    "from duckdb_tables() order by all;"
                )
            vraag = f"{vraag}\n{regel}".strip()
            if vraag.endswith(";"):
                _voer_uit(scherm, fouten, con, vraag)
                vraag = ""


def _voer_uit(scherm: Console, fouten: Console, con: duckdb.DuckDBPyConnection, vraag: str) -> bool:
    try:
        uitkomst = con.execute(vraag)
        kolommen = [k[0] for k in uitkomst.description or []]
        rijen = uitkomst.fetchmany(MAX_RIJEN + 1)
    except duckdb.Error as fout:
        fouten.print(str(fout), style="red", markup=False)
        return False
    tabel = Table(*(escape(k) for k in kolommen))
    for rij in rijen[:MAX_RIJEN]:
        tabel.add_row(*(Text("" if w is None else f"{w:.6g}" if isinstance(w, float) else str(w)) for w in rij))
    scherm.print(tabel)
    if len(rijen) > MAX_RIJEN:
        scherm.print(f"[dim]alleen de eerste {MAX_RIJEN} rijen[/dim]")
    return True
