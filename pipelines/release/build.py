"""Builds the two databases of a release from what dbt made: the finished warehouse and the publication."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from pipelines import sqltekst
from pipelines.release import report
from pipelines.release.database import ONTHOUDEN, OPSLAG, geheugen, sommen, tabellen_van
from pipelines.release.disclosure import Declaratie, publicatie_sql, verberg_meer
from pipelines.release.families import RIJSLEUTEL
from pipelines.settings import Onthulling

TUSSENSCHEMAS = ("landing", "staging", "tussen", "main")


def declaraties(manifest: Path) -> dict[str, Declaratie]:
    """The disclosure declaration of every model in schema monitor, from dbt's manifest.json.

    Raises ValueError when a published model has none: nothing is published by accident.
    """
    knopen = json.loads(manifest.read_text("utf-8"))["nodes"].values()
    modellen = [k for k in knopen if k["resource_type"] == "model" and k["schema"] == "monitor"]
    zonder = [k["name"] for k in modellen if "onthulling" not in k["config"]["meta"]]
    if zonder:
        raise ValueError(f"models without meta.onthulling: {', '.join(zonder)}")
    return {k["name"]: Declaratie.model_validate(k["config"]["meta"]["onthulling"]) for k in modellen}


def bouw_publicatie(
    warehouse: Path,
    doel: Path,
    manifest: Path,
    regels: Onthulling,
    eerdere: Sequence[Path] = (),
    meld: Callable[[str], None] = lambda tekst: None,
    map_: Path | None = None,
    vorige: Path | None = None,
) -> dict[str, dict[str, int]]:
    """Write the publication: schema monitor after disclosure control and the code lists, with their descriptions.

    No table of schema dwh with persons or records goes along: only what is named here is copied. ``eerdere`` are the
    publications of earlier releases: what they printed and this one hides is listed in kwaliteit.nieuw_verborgen of the
    warehouse; why cells are hidden is counted in its kwaliteit.onthulling. In directory ``map_`` the system of all
    counts is kept, for M8. ``vorige`` is a release that the very same code made: what is the same as there is taken from it.
    Gives per table the sums of kwaliteit.onthulling, and how much an earlier release printed.
    """
    doel.unlink(missing_ok=True)
    # the arrays of disclosure control come beside it: of a country, 1400 is as quick as 2000
    with duckdb.connect(str(doel), config=OPSLAG | geheugen(warehouse, hoogstens=1400)) as con:
        con.execute(f"attach {sqltekst.tekst(warehouse)} as bron (read_only)")
        con.execute("create schema monitor")
        per_tabel = sorted(declaraties(manifest).items())
        if vorige:
            con.execute(f"attach {sqltekst.tekst(vorige / 'warehouse.duckdb')} as vorig_warehouse (read_only)")
            con.execute(f"attach {sqltekst.tekst(vorige / doel.name)} as vorige (read_only)")
        con.execute(f"create temp table som as {sommen(con, 'bron.monitor', tabellen_van(con, 'bron.monitor'))}")
        eerder = f"vorig_warehouse.{ONTHOUDEN}" if vorige else None
        verberg_meer(con, "bron.monitor", "bron.dwh", "temp.som", regels, meld, map_, eerder)
        _maak_afdrukken(con, regels, bool(vorige))
        for tabel, declaratie in per_tabel:
            _schrijf_geordend(con, tabel, declaratie, regels)
            _neem_beschrijving_over(con, "monitor", tabel)
        report.nieuw_verborgen(con, eerdere)
        verslag = report.schrijf(con, dict(per_tabel), regels)
        for tabel in [*_codelijsten(con), "dim_periode", "dim_regio", "dim_indicator", "dim_indicator_maat"]:
            con.execute(f"create table monitor.{tabel} as from bron.dwh.{tabel} order by all")
            _neem_beschrijving_over(con, "dwh", tabel)
        con.execute("detach bron")
        _bewaar(con, warehouse)
    return verslag


def _maak_afdrukken(con: duckdb.DuckDBPyConnection, regels: Onthulling, vorige: bool) -> None:
    """Make the temporary table onthulling_plak (tabel, verslagperiode, afdruk, gelijk): what the rows in the publication
    follow from, and whether that is as it was for the publication before (attached as vorige).
    """
    con.execute(
        "create temp table onthulling_plak as select *, false as gelijk from"
        " (select tabel, verslagperiode, md5(concat_ws(' ', ?, rijen, som, rangen, verborgen)) as afdruk from"
        " (select tabel, verslagperiode, sum(rijen) as rijen, sum(som) as som, sum(rangen) as rangen from temp.som"
        " group by all) left join (select tabel, verslagperiode, sum(hash(sleutel, weg)) as verborgen from temp.verberg"
        " group by all) using (tabel, verslagperiode))",
        [regels.model_dump_json()],
    )
    if vorige:
        con.execute(
            "update onthulling_plak set gelijk = true"
            f" where (tabel, verslagperiode, afdruk) in (from vorig_warehouse.{ONTHOUDEN}plak)"
        )


def _schrijf_geordend(con: duckdb.DuckDBPyConnection, tabel: str, declaratie: Declaratie, regels: Onthulling) -> None:
    """Write a table, each verslagperiode in the order of its key, with what is about all aanbieders first: most questions
    are, and find it together. Sorting all of a country's rows at once takes ten times the room of the table.

    A verslagperiode that is as it was, see _maak_afdrukken, is copied from the publication before.
    """
    sleutel, kolommen = RIJSLEUTEL[tabel].split(), _kolommen(con, "monitor", tabel)
    volgorde = [*(["aanbieder <> 'alle'"] if "aanbieder" in sleutel else []), *sleutel]

    # a rank is within a verslagperiode too
    def uit(periode: str) -> str:
        hier = f"verslagperiode = {sqltekst.tekst(periode)}"
        erbij = f"(select rij, weg from temp.verberg where tabel = '{tabel}' and {hier})"
        return f"select * from ({publicatie_sql(f'bron.monitor.{tabel}', kolommen, declaratie, regels, erbij)}) where {hier}"

    con.execute(f"create table monitor.{tabel} as {uit('')} limit 0")
    perioden = con.execute(
        "select verslagperiode, gelijk from temp.onthulling_plak where tabel = ? order by verslagperiode", [tabel]
    )
    for periode, gelijk in perioden.fetchall():
        if gelijk:
            rijen = f"from vorige.monitor.{tabel} where verslagperiode = {sqltekst.tekst(periode)}"
        else:
            rijen = f"{uit(periode)} order by {', '.join(volgorde)}"
        con.execute(f"insert into monitor.{tabel} {rijen}")


def _bewaar(con: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """Keep in schema kwaliteit of the warehouse what is for analysts only: published, it would help to find what is
    hidden. And what is hidden in which part of the country and of what, for the next time.
    """
    con.execute(f"attach {sqltekst.tekst(warehouse)} as bron")
    con.execute("create schema if not exists bron.kwaliteit")
    bewaard = {
        "kwaliteit.nieuw_verborgen": "from temp.nieuw_verborgen order by all",
        "kwaliteit.onthulling": "from temp.waarom order by all",
        f"{ONTHOUDEN}deel": "from temp.onthulling_deel",
        f"{ONTHOUDEN}plak": "select * exclude (gelijk) from temp.onthulling_plak",
        f"{ONTHOUDEN}rij": "select * exclude (verslagperiode, rij) from temp.onthulling_rij",
        f"{ONTHOUDEN}som": "from temp.som",
    }
    for naam, sql in bewaard.items():
        con.execute(f"create or replace table bron.{naam} as {sql}")
    con.execute("detach bron")


def maak_warehouse_af(warehouse: Path) -> None:
    """Drop what was only needed to build, so that the warehouse holds dwh, monitor and kwaliteit."""
    with duckdb.connect(str(warehouse)) as con:
        aanwezig = {s for (s,) in con.execute("select schema_name from duckdb_schemas()").fetchall()}
        for schema in TUSSENSCHEMAS:
            if schema in aanwezig and schema != "main":
                con.execute(f"drop schema {schema} cascade")
        con.execute("checkpoint")


def _kolommen(con: duckdb.DuckDBPyConnection, schema: str, tabel: str) -> list[str]:
    vraag = """select column_name from duckdb_columns()
               where database_name = 'bron' and schema_name = ? and table_name = ? order by column_index"""
    return [k for (k,) in con.execute(vraag, [schema, tabel]).fetchall()]


def _codelijsten(con: duckdb.DuckDBPyConnection) -> list[str]:
    vraag = """select table_name from duckdb_tables()
               where database_name = 'bron' and schema_name = 'dwh' and table_name like 'code\\_%' escape '\\' order by 1"""
    return [t for (t,) in con.execute(vraag).fetchall()]


def _neem_beschrijving_over(con: duckdb.DuckDBPyConnection, schema: str, tabel: str) -> None:
    """Carry the Dutch descriptions over as database comments, where BI tools show them."""
    (tekst,) = con.execute(
        "select comment from duckdb_tables() where database_name = 'bron' and schema_name = ? and table_name = ?",
        [schema, tabel],
    ).fetchone()
    kolommen = con.execute(
        """select bron.column_name, bron.comment from duckdb_columns() as bron
           join duckdb_columns() as hier on hier.database_name = current_database() and hier.schema_name = 'monitor'
                and hier.table_name = bron.table_name and hier.column_name = bron.column_name
           where bron.database_name = 'bron' and bron.schema_name = ? and bron.table_name = ?""",
        [schema, tabel],
    ).fetchall()
    for wat, uitleg in [(f"table monitor.{tabel}", tekst), *((f"column monitor.{tabel}.{k}", t) for k, t in kolommen)]:
        con.execute(f"comment on {wat} is {sqltekst.tekst(uitleg or '')}")
