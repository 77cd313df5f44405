"""What is in a release, table by table: descriptions, types, keys and joins. The words are dbt's; nothing is said twice."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from pipelines.release import switch

SLEUTELTOETSEN = {"unieke_sleutel": "kolommen", "unique": "column_name"}


class Koppeling(BaseModel):
    """A documented join: ``op`` maps columns to those of table ``naar``; ``waar`` is what else must hold, as SQL.

    ``volledig`` is False where not every value is found there, so that it takes a left join.
    """

    model_config = ConfigDict(extra="forbid")
    naar: str
    op: dict[str, str]
    waar: str | None = None
    volledig: bool = True

    @property
    def via_periode(self) -> bool:
        """Does the join need dim_periode, joined before?"""
        return "dim_periode." in (self.waar or "")


class Cijfer(BaseModel):
    """A figure that is defined once: an aggregate over a table, as SQL. It is never added up over the columns ``per``."""

    model_config = ConfigDict(extra="forbid")
    sql: str
    uitleg: str
    per: list[str]


class Structuur(BaseModel):
    """What identifies a row of a table (empty: nothing does), what the table joins with, what is counted in it."""

    sleutel: list[str] = []
    koppelingen: list[Koppeling] = []
    cijfers: dict[str, Cijfer] = {}


class Kolom(BaseModel):
    """A column as the database has it; ``type`` is DuckDB's."""

    naam: str
    type: str
    uitleg: str


class Tabel(Structuur):
    """A table as the database has it."""

    schema_: str
    naam: str
    uitleg: str
    rijen: int
    kolommen: list[Kolom]


def structuren(manifest: Path) -> dict[str, Structuur]:
    """Keys, joins and figures of every table of dwh and monitor, from dbt's manifest.json.

    A key is what dbt tests to be unique at every refresh, or else what the model declares in ``meta.sleutel``.
    """
    knopen = json.loads(manifest.read_text("utf-8"))["nodes"]
    tabellen = {i: k for i, k in knopen.items() if k["resource_type"] in ("model", "seed")}
    getoetst: dict[str, list[str]] = {}
    for toets in (k for k in knopen.values() if k["resource_type"] == "test" and k.get("attached_node") in tabellen):
        soort = (toets.get("test_metadata") or {"name": ""})["name"]
        if soort in SLEUTELTOETSEN:
            kolommen = toets["test_metadata"]["kwargs"][SLEUTELTOETSEN[soort]]
            getoetst[toets["attached_node"]] = kolommen if isinstance(kolommen, list) else [kolommen]
    return {
        k["alias"]: Structuur(
            sleutel=k["config"]["meta"].get("sleutel", getoetst.get(i, [])),
            koppelingen=k["config"]["meta"].get("koppelingen", []),
            cijfers=k["config"]["meta"].get("cijfers", {}),
        )
        for i, k in tabellen.items()
        if k["schema"] in ("dwh", "monitor")
    }


def uitgegeven(release: Path) -> dict[str, Structuur]:
    """What the manifest of a release says of its tables: the models may have changed since."""
    structuur = switch.manifest(release).get("structuur", {})
    return {tabel: Structuur.model_validate(s) for tabel, s in structuur.items()}


def tabellen(database: Path, schema: str, structuur: dict[str, Structuur]) -> list[Tabel]:
    """The tables of a schema with what its comments and ``structuur`` tell of them, by name."""
    with duckdb.connect(str(database), read_only=True) as con:
        namen = con.execute(
            "select table_name, coalesce(comment, '') from duckdb_tables() where schema_name = ? order by 1", [schema]
        ).fetchall()
        kolommen = con.execute(
            """select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns()
               where schema_name = ? order by table_name, column_index""",
            [schema],
        ).fetchall()
        rijen = {n: con.execute(f"select count(*) from {schema}.{n}").fetchone()[0] for n, _ in namen}
    return [
        Tabel(
            schema_=schema,
            naam=naam,
            uitleg=uitleg,
            rijen=rijen[naam],
            kolommen=[Kolom(naam=k, type=t, uitleg=u) for tabel, k, t, u in kolommen if tabel == naam],
            **dict(structuur.get(naam, Structuur())),
        )
        for naam, uitleg in namen
    ]


def kolommen(database: Path) -> dict[str, dict[str, list[str]]]:
    """The names of the columns, per schema and table of dwh and monitor."""
    with duckdb.connect(str(database), read_only=True) as con:
        rijen = con.execute(
            """select schema_name, table_name, list(column_name order by column_index) from duckdb_columns()
               where schema_name in ('dwh', 'monitor') group by all order by all"""
        ).fetchall()
    uit: dict[str, dict[str, list[str]]] = {}
    for schema, tabel, namen in rijen:
        uit.setdefault(schema, {})[tabel] = namen
    return uit
