"""What disclosure control hid: how much per column, and what an earlier release had already printed (spec 05 §2)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines import sqltekst
from pipelines.release.database import andere_rijen
from pipelines.release.disclosure import Declaratie, publicatie_sql
from pipelines.release.families import RIJSLEUTEL
from pipelines.settings import Onthulling

_UITLEG = {
    "tabel": "naam van de tabel",
    "kolom": "naam van de kolom",
    "verslagperiode": "halfjaar (2026H1) of jaar (2026JJ) waarover de cellen gaan",
    "waarden": "aantal cellen met een waarde, verborgen of niet",
    "verborgen": "aantal cellen daarvan dat verborgen is",
}


def nieuw_verborgen(con: duckdb.DuckDBPyConnection, eerdere: Sequence[Path]) -> None:
    """Make the temporary table nieuw_verborgen: the cells that are hidden now and that one of the earlier publications
    printed (tabel, cel, kolom, release).

    ``con`` is the new publication with the warehouse attached as ``bron``.
    """
    con.execute("create temp table nieuw_verborgen (tabel varchar, cel varchar, kolom varchar, release varchar)")
    for pad in eerdere:
        con.execute(f"attach {sqltekst.tekst(pad.resolve())} as eerder (read_only)")
        for tabel in RIJSLEUTEL:
            _vergelijk(con, tabel, pad.parent.name)
        con.execute("detach eerder")


def _vergelijk(con: duckdb.DuckDBPyConnection, tabel: str, release: str) -> None:
    """Add what release ``eerder`` printed of a table, the warehouse knows and the publication hides."""
    gedeeld = con.execute(
        """select column_name from duckdb_columns() where schema_name = 'monitor' and table_name = ?
           and data_type in ('BIGINT', 'DOUBLE', 'INTEGER') and database_name in (current_database(), 'eerder', 'bron')
           group by 1 having count(*) = 3 order by 1""",
        [tabel],
    )
    kolommen = [k for (k,) in gedeeld.fetchall()]
    if not kolommen:  # the table is not in that release
        return
    sleutel = RIJSLEUTEL[tabel].split()
    koppel = " and ".join(f"n.{k} = b.{k}" for k in sleutel)
    cel = " || ' / ' || ".join(f"n.{k}" for k in sleutel)
    delen = ", ".join(
        f"case when n.{k} is null and o.{k} is not null and b.{k} is not null then '{k}' end" for k in kolommen
    )
    for rijen in andere_rijen(con, f"eerder.monitor.{tabel}", f"monitor.{tabel}", sleutel, kolommen):
        con.execute(
            f"""insert into nieuw_verborgen
                with weg as (
                    select {cel} as cel, unnest([{delen}]) as kolom from {rijen} join bron.monitor.{tabel} as b on {koppel})
                select '{tabel}', cel, kolom, {sqltekst.tekst(release)} from weg where kolom is not null"""
        )


def schrijf(
    con: duckdb.DuckDBPyConnection, declaraties: dict[str, Declaratie], regels: Onthulling
) -> dict[str, dict[str, int]]:
    """Write monitor.onthulling: how much is hidden, not why. Who knows that all that is hidden somewhere is small, or that
    none of it is, can work out more than the attacker of attack.py.

    The temporary table nieuw_verborgen must be there. What was printed before is not in monitor.onthulling: a release
    with the same leveringen has the same tables, whatever came before it. Per verslagperiode: over all of them a country
    has numbers of nine digits, and M7 takes some of those for a BSN.

    Makes, not to be published, the temporary table waarom: the same rows with ``verborgen`` (a number too small, or of
    too few) and ``verborgen_erbij`` (another hidden number would follow from it). Gives its sums per table, with how many
    of those cells an earlier release printed.
    """
    con.execute(
        "create temp table waarom (tabel varchar, kolom varchar, verslagperiode varchar, waarden bigint,"
        " verborgen bigint, verborgen_erbij bigint)"
    )
    for tabel, declaratie in declaraties.items():
        waarden = [w for v in declaratie.verhoudingen for w in v.waarden]
        kolommen = list(dict.fromkeys([*declaratie.aantallen, *waarden]))
        simpel = publicatie_sql(f"bron.monitor.{tabel}", ["verslagperiode", *kolommen, "celstatus"], declaratie, regels)
        alle, over, gedrukt = (
            _gevuld(kolommen, van) for van in (f"bron.monitor.{tabel}", f"({simpel})", f"monitor.{tabel}")
        )
        con.execute(
            f"""insert into waarom
                select '{tabel}', kolom, verslagperiode, a.aantal, a.aantal - o.aantal, o.aantal - g.aantal
                from {alle} as a join {over} as o using (kolom, verslagperiode)
                join {gedrukt} as g using (kolom, verslagperiode)"""
        )
    con.execute(
        "create or replace table monitor.onthulling as select * exclude (verborgen_erbij)"
        " replace (verborgen + verborgen_erbij as verborgen) from waarom order by all"
    )
    uitleg = "Hoeveel er in deze publicatie verborgen is, per tabel, kolom en verslagperiode."
    con.execute(f"comment on table monitor.onthulling is '{uitleg}'")
    for kolom, tekst in _UITLEG.items():
        con.execute(f"comment on column monitor.onthulling.{kolom} is '{tekst}'")
    sommen = con.execute(
        """select tabel, sum(waarden), sum(verborgen), sum(verborgen_erbij), coalesce(any_value(n.aantal), 0)
           from waarom left join
               (select tabel, count(*) as aantal from (select distinct tabel, cel, kolom from nieuw_verborgen)
                group by tabel) as n using (tabel)
           group by tabel order by tabel"""
    ).fetchall()
    namen = ("waarden", "verborgen", "verborgen_erbij", "eerder_gedrukt")
    return {tabel: {n: int(w) for n, w in zip(namen, rest, strict=True)} for tabel, *rest in sommen}


def _gevuld(kolommen: list[str], van: str) -> str:
    """The query (kolom, verslagperiode, aantal) for how many rows of relation ``van`` have a value, per column."""
    namen, tellingen = (", ".join(vorm.format(k) for k in kolommen) for vorm in ("'{}'", "count({})"))
    return (
        f"(select verslagperiode, unnest([{namen}]) as kolom, unnest([{tellingen}]) as aantal"
        f" from {van} group by verslagperiode)"
    )
