"""What changed between two releases: the cells, and the reasons that can be known from their manifests (spec 05 §1)."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines import sqltekst
from pipelines.release.database import andere_rijen, geheugen
from pipelines.release.manifest import van_kracht

# columns that tell of a cell but are no part of which cell it is
GEEN_SLEUTEL = {"celstatus", "status_cijfer", "regio_naam", "afwijking", "basis", "bron", "gehaald"}
PLAATS = ["verslagperiode", "regio_niveau", "regio_code"]
KOLOMMEN = ["tabel", *PLAATS, "cel", "kolom", "oud", "nieuw"]
MAX_IN_PAGINA = 500


@contextmanager
def veranderd(oud: Path, nieuw: Path, werkmap: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the table ``veranderd``: the values that differ between two release directories, in order, for
    cells that both have.

    Its columns are KOLOMMEN, all text: ``cel`` is the rest of the key; ``oud`` and ``nieuw`` are the values, null when
    hidden. In a database of its own in ``werkmap`` (else where the system keeps temporary files): another setting can
    change all numbers of a country, which no memory holds.
    """
    publicatie = nieuw / "publicatie.duckdb"
    with (
        tempfile.TemporaryDirectory(prefix="jeugdmonitor-", dir=werkmap) as tijdelijk,
        duckdb.connect(str(Path(tijdelijk, "verschil.duckdb")), config=geheugen(publicatie)) as con,
    ):
        for naam, pad in (("oud", oud / publicatie.name), ("nieuw", publicatie)):
            con.execute(f"attach {sqltekst.tekst(pad)} as {naam} (read_only)")
        con.execute(f"create table veranderd ({', '.join(f'{k} varchar' for k in KOLOMMEN)})")
        for tabel in _tabellen(con):
            _vergelijk(con, tabel)
        yield con


def _tabellen(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The monitor tables with a verslagperiode that both releases have."""
    vraag = """select table_name from duckdb_columns()
               where schema_name = 'monitor' and column_name = 'verslagperiode' and table_name not like 'dim\\_%' escape '\\'
               group by table_name having count(distinct database_name) = 2 order by 1"""
    return [t for (t,) in con.execute(vraag).fetchall()]


def _vergelijk(con: duckdb.DuckDBPyConnection, tabel: str) -> None:
    """Compare one table: text columns are its key, numbers its values."""
    kolommen = con.execute(
        """select column_name, any_value(data_type) from duckdb_columns()
           where schema_name = 'monitor' and table_name = ? group by column_name
           having count(distinct database_name) = 2""",
        [tabel],
    ).fetchall()
    sleutel = sorted(k for k, t in kolommen if t == "VARCHAR" and k not in GEEN_SLEUTEL)
    waarden = sorted(k for k, t in kolommen if t in ("BIGINT", "DOUBLE"))
    if not waarden:
        return
    cel = " || ' / ' || ".join(f"o.{k}" for k in sleutel if k not in PLAATS) or "''"
    # not every table has every column of the key
    plaats = ", ".join(f"o.{k}" if k in sleutel else f"'' as {k}" for k in PLAATS)
    delen = ", ".join(
        f"{{kolom: '{w}', anders: o.{w} is distinct from n.{w},"
        f" oud: cast(o.{w} as varchar), nieuw: cast(n.{w} as varchar)}}"
        for w in waarden
    )
    for rijen in andere_rijen(con, f"oud.monitor.{tabel}", f"nieuw.monitor.{tabel}", sleutel, waarden):
        con.execute(
            f"""insert into veranderd
                with waarden as (select {plaats}, {cel} as cel, unnest([{delen}]) as waarde from {rijen})
                select '{tabel}', {", ".join(PLAATS)}, cel, waarde.kolom, waarde.oud, waarde.nieuw from waarden
                where waarde.anders order by all"""
        )


def redenen(oud: dict, nieuw: dict) -> list[str]:
    """Why figures can differ, from two manifests: leveringen that came, were corrected or went, code, settings."""
    eerst, later = van_kracht(oud), van_kracht(nieuw)
    uit = []
    for sleutel in sorted(later.keys() - eerst.keys()):
        feed, leverancier, periode = sleutel
        soort = "nagekomen levering" if periode <= oud["periode"] else "nieuwe levering"
        uit.append(f"{soort}: {feed} van {leverancier} over {periode}")
    for sleutel in sorted(later.keys() & eerst.keys()):
        if later[sleutel]["sha256"] != eerst[sleutel]["sha256"]:
            feed, leverancier, periode = sleutel
            uit.append(f"correctie door leverancier {leverancier}: {feed} over {periode} ({later[sleutel]['bestand']})")
    for feed, leverancier, periode in sorted(eerst.keys() - later.keys()):
        uit.append(f"levering vervallen: {feed} van {leverancier} over {periode}")
    if oud["codeversie"] != nieuw["codeversie"]:
        uit.append(f"andere codeversie: {oud['codeversie']} werd {nieuw['codeversie']}")
    if oud["instellingen"] != nieuw["instellingen"]:
        namen = [k for k in nieuw["instellingen"] if oud["instellingen"].get(k) != nieuw["instellingen"][k]]
        uit.append(f"andere instellingen: {', '.join(namen)}")
    return uit


def schrijf_revisie(con: duckdb.DuckDBPyConnection, waarom: list[str], oud: str, nieuw: str, doel: Path) -> int:
    """Write revisie.csv and revisie.html, of a connection of ``veranderd``; gives the number of changed values.

    Compares publications, so nothing hidden shows. ``waarom``: see ``redenen``; ``oud`` and ``nieuw``: names of releases.
    """
    doel.mkdir(parents=True, exist_ok=True)
    con.execute(f"copy veranderd to {sqltekst.tekst(doel / 'revisie.csv')} (header)")
    (doel / "revisie.html").write_text(als_html(con, waarom, oud, nieuw), "utf-8")
    return aantal(con)


def aantal(con: duckdb.DuckDBPyConnection) -> int:
    """How many values changed, on a connection of ``veranderd``."""
    return con.execute("select count(*) from veranderd").fetchone()[0]


def als_html(con: duckdb.DuckDBPyConnection, waarom: list[str], oud: str, nieuw: str) -> str:
    """The revision report as one page without outside requests, of a connection of ``veranderd``."""
    e = html.escape
    per_tabel = con.execute("select tabel, count(*) from veranderd group by tabel order by tabel").fetchall()
    hoeveel = sum(n for _, n in per_tabel)
    kop = "".join(f"<th scope=col>{e(k)}</th>" for k in KOLOMMEN)
    regels = "".join(
        "<tr>" + "".join(f"<td>{e('verborgen' if w is None else w)}</td>" for w in rij) + "</tr>"
        for rij in con.execute(f"from veranderd limit {MAX_IN_PAGINA}").fetchall()
    )
    rest = hoeveel - MAX_IN_PAGINA
    return f"""<!doctype html><html lang=nl><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>Revisie {e(nieuw)}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}}
table{{border-collapse:collapse;font-size:.9rem}}td,th{{border-bottom:1px solid #ccc;padding:.25rem .6rem;text-align:left}}
.breed{{overflow-x:auto}}</style>
<h1>Wat veranderde van {e(oud)} naar {e(nieuw)}</h1>
<h2>Redenen die bekend zijn</h2>
<ul>{"".join(f"<li>{e(r)}</li>" for r in waarom) or "<li>geen: dezelfde leveringen, instellingen en code</li>"}</ul>
<h2>Cellen die beide releases hebben</h2>
<p>{hoeveel} waarden veranderd{": " + ", ".join(f"{n} in {e(t)}" for t, n in per_tabel) if per_tabel else ""}.</p>
<div class=breed><table><thead><tr>{kop}</tr></thead><tbody>{regels}</tbody></table></div>
{f"<p>En nog {rest}; alle staan in revisie.csv.</p>" if rest > 0 else ""}</html>
"""
