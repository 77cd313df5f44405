"""What all that reads or writes the databases of a release shares: how much memory, and rows by one number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from pipelines import sqltekst
from pipelines.release.families import RIJSLEUTEL

# how the databases of a release are written: a quarter quicker than in the oldest format, and smaller. Read by DuckDB 1.3 (of
# May 2025) and later.
OPSLAG = {"storage_compatibility_version": "v1.3.0"}
# how tables of a warehouse begin that tell the refresh after it what disclosure control and M8 worked out: no use to readers
ONTHOUDEN = "kwaliteit.onthouden_"


def geheugen(database: Path, hoogstens: int = 2000) -> dict[str, str]:
    """What DuckDB may use, by the size of the database, and at most ``hoogstens`` MB: without it DuckDB keeps all that it
    reads.
    """
    return {"memory_limit": f"{min(max(500, 6 * (database.stat().st_size >> 20)), hoogstens)}MB"}


def perioden(con: duckdb.DuckDBPyConnection, tabel: str) -> list[str]:
    """The verslagperioden of a table, in order: one at a time fits in memory."""
    return [p for (p,) in con.execute(f"select distinct verslagperiode from {tabel} order by 1").fetchall()]


def tabellen_van(con: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    """The tables of ``schema``; raises ValueError when RIJSLEUTEL does not know one."""
    aanwezig = {
        t
        for (t,) in con.execute(
            "select table_name from duckdb_tables() where database_name || '.' || schema_name = ?", [schema]
        ).fetchall()
    }
    if onbekend := aanwezig - set(RIJSLEUTEL):
        raise ValueError(f"no row key, so no disclosure control, for: {', '.join(sorted(onbekend))}")
    return [t for t in RIJSLEUTEL if t in aanwezig]


def sommen(con: duckdb.DuckDBPyConnection, schema: str, tabellen: Sequence[str]) -> str:
    """The query (tabel, verslagperiode, regio_niveau, regio_code, rijen, som, rangen) for how many rows each of these tables
    of ``schema`` (attached) has per verslagperiode and region, and a checksum of them. To be kept as a table.

    From it follows what is the same as before, without reading hundreds of millions of rows once more for every question.
    ``som`` is of all values, but of a rank only whether there is one: a rank is of all gemeenten together, ``rangen`` has
    those. By DuckDB's hash of a row, so for one version of DuckDB; the chance that another row goes unseen is one in 2^64.
    """
    delen = []
    for tabel in tabellen:
        kolommen = con.execute(
            "select column_name from duckdb_columns() where concat_ws('.', database_name, schema_name, table_name) = ?"
            " order by 1",
            [f"{schema}.{tabel}"],
        ).fetchall()
        inhoud = ", ".join("rang is null" if k == "rang" else k for (k,) in kolommen)
        rangen = f"sum(hash({', '.join(RIJSLEUTEL[tabel].split())}, rang))" if ("rang",) in kolommen else "0::hugeint"
        delen.append(
            f"select '{tabel}' as tabel, verslagperiode, regio_niveau, regio_code, count(*) as rijen,"
            f" sum(hash({inhoud})) as som, {rangen} as rangen from {schema}.{tabel} group by all"
        )
    return " union all ".join(delen)


def controlegetallen(pad: Path) -> dict[str, dict]:
    """Rows and checksum per table of a database: the same rows, in whatever order, give the same checksum.

    Of the values, not of the names and types of columns. By DuckDB's own hash of a row, so for one version of DuckDB (the
    manifest says which): md5 of the text of hundreds of millions of rows takes sixty times as long.
    """
    with duckdb.connect(str(pad), read_only=True, config=geheugen(pad)) as con:
        tabellen = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        uit = {}
        for schema, tabel in tabellen:
            rijen, som = con.execute(f"select count(*), sum(hash(t)) from {schema}.{tabel} as t").fetchone()
            uit[f"{schema}.{tabel}"] = {"rijen": rijen, "controlegetal": f"{som or 0:x}"}
    return uit


def andere_rijen(
    con: duckdb.DuckDBPyConnection, oud: str, nieuw: str, sleutel: Sequence[str], waarden: Sequence[str]
) -> Iterator[str]:
    """Per verslagperiode of table ``nieuw``, for a FROM: the rows ``o`` of ``oud`` and ``n`` of ``nieuw`` with the same key
    and other values. To be read before the next one is asked for.

    First is found by one number in which regions anything differs: mostly few. There, too, rows are found by one number for
    the key and one for the values: a join on the texts of a country's keys takes gigabytes. Two keys may have the same
    number, so the keys themselves decide. Other values with the same number (one chance in 2^64 a row) are passed over.
    """
    plaats = [k for k in ("verslagperiode", "regio_niveau", "regio_code") if k in sleutel]
    inhoud = f"sum(hash({', '.join([*sleutel, *waarden])}))"
    som = f"select {', '.join(plaats)}, {inhoud} as som from {{}} group by all"
    con.execute(
        f"""create or replace temp table plaatsen as
            select o.* exclude (som) from ({som.format(oud)}) as o join ({som.format(nieuw)}) as n using ({", ".join(plaats)})
            where o.som <> n.som"""
    )
    inhoud_o, inhoud_n = (f"hash({', '.join(f'{t}.{k}' for k in waarden)})" for t in "on")
    koppel = " and ".join(f"o.{k} = n.{k}" for k in sleutel)
    for periode in perioden(con, "plaatsen"):
        hier = f"verslagperiode = {sqltekst.tekst(periode)}"
        hier_o, hier_n = (f"{t}.{hier}" for t in "on")
        anders = f"semi join (from plaatsen where {hier}) using ({', '.join(plaats)})"
        daar = f"(select *, rowid as rij from {{}} where {hier}) {anders}"
        con.execute(  # a table, so that DuckDB knows how few they are
            f"""create or replace temp table paren as select o.rij as oud, n.rij as nieuw
                from (from {daar.format(oud)}) as o join (from {daar.format(nieuw)}) as n on {_zelfde_nummer(sleutel)}
                where {inhoud_o} <> {inhoud_n}"""
        )
        yield (
            f"paren join {oud} as o on o.rowid = paren.oud and {hier_o}"
            f" join {nieuw} as n on n.rowid = paren.nieuw and {hier_n} and {koppel}"
        )


def _zelfde_nummer(sleutel: Sequence[str]) -> str:
    """As text: a column of a key may have had another type."""
    nummer_o, nummer_n = (f"hash({', '.join(f'cast({t}.{k} as varchar)' for k in sleutel)})" for t in "on")
    return f"{nummer_o} = {nummer_n}"
