"""What changed between two releases: the cells, and the reasons that can be known from their manifests (spec 05 §1)."""

from __future__ import annotations

import html
from pathlib import Path

import duckdb
import polars as pl

from pipelines import sqltekst

# columns that tell of a cell but are no part of which cell it is
GEEN_SLEUTEL = {"celstatus", "status_cijfer", "regio_naam", "afwijking", "basis", "bron", "gehaald"}
KOLOMMEN = ["tabel", "verslagperiode", "regio_niveau", "regio_code", "cel", "kolom", "oud", "nieuw"]
MAX_IN_PAGINA = 500


def cellen(oud: Path, nieuw: Path, database: str = "publicatie.duckdb") -> pl.DataFrame:
    """The values that differ between two release directories, for cells that both have; columns KOLOMMEN.

    ``cel`` is the rest of the key, ``oud`` and ``nieuw`` are text; a hidden value is None.
    """
    with duckdb.connect() as con:
        for naam, pad in (("oud", oud), ("nieuw", nieuw)):
            con.execute(f"attach {sqltekst.tekst(pad / database)} as {naam} (read_only)")
        delen = [_tabel(con, tabel) for tabel in _tabellen(con)]
        if not delen:
            return pl.DataFrame(schema=dict.fromkeys(KOLOMMEN, pl.String))
        return con.execute(f"select * from ({' union all '.join(delen)}) order by all").pl()


def _tabellen(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The monitor tables with a verslagperiode that both releases have."""
    vraag = """select table_name from duckdb_columns()
               where schema_name = 'monitor' and column_name = 'verslagperiode' and table_name not like 'dim\\_%' escape '\\'
               group by table_name having count(distinct database_name) = 2 order by 1"""
    return [t for (t,) in con.execute(vraag).fetchall()]


def _tabel(con: duckdb.DuckDBPyConnection, tabel: str) -> str:
    """The query that compares one table: text columns are its key, numbers its values."""
    kolommen = con.execute(
        """select column_name, any_value(data_type) from duckdb_columns()
           where schema_name = 'monitor' and table_name = ? group by column_name
           having count(distinct database_name) = 2""",
        [tabel],
    ).fetchall()
    sleutel = sorted(k for k, t in kolommen if t == "VARCHAR" and k not in GEEN_SLEUTEL)
    waarden = sorted(k for k, t in kolommen if t in ("BIGINT", "DOUBLE"))
    cel = " || ' / ' || ".join(f"o.{k}" for k in sleutel if k not in KOLOMMEN)
    koppel = " and ".join(f"o.{k} = n.{k}" for k in sleutel)
    # not every table has every column of the key
    vast = ", ".join(f"o.{k}" if k in sleutel else "''" for k in KOLOMMEN[1:4])
    delen = [
        f"""select '{tabel}' as tabel, {vast}, {cel or "''"} as cel, '{w}' as kolom,
                   cast(o.{w} as varchar) as oud, cast(n.{w} as varchar) as nieuw
            from oud.monitor.{tabel} as o join nieuw.monitor.{tabel} as n on {koppel}
            where o.{w} is distinct from n.{w}"""
        for w in waarden
    ]
    return " union all ".join(delen)


def redenen(oud: dict, nieuw: dict) -> list[str]:
    """Why figures can differ, from two manifests: leveringen that came, were corrected or went, code, settings."""

    def van_kracht(manifest: dict) -> dict[tuple, dict]:
        return {
            (i["feed"], i["leverancier"], i["periode"]): i for i in manifest["invoer"] if i["status"] == "van_kracht"
        }

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


def schrijf_revisie(oud: Path, nieuw: Path, waarom: list[str], naam: str, doel: Path) -> int:
    """Write revisie.csv and revisie.html about the step from ``oud`` to ``nieuw``; gives the number of changed values.

    Compares publications, so nothing hidden shows. ``waarom``: see ``redenen``; ``naam``: of the new release.
    """
    veranderd = cellen(oud, nieuw)
    doel.mkdir(parents=True, exist_ok=True)
    veranderd.write_csv(doel / "revisie.csv")
    (doel / "revisie.html").write_text(als_html(veranderd, waarom, oud.name, naam), "utf-8")
    return veranderd.height


def als_html(veranderd: pl.DataFrame, waarom: list[str], oud: str, nieuw: str) -> str:
    """The revision report as one page without outside requests."""
    e = html.escape
    per_tabel = veranderd.group_by("tabel").len().sort("tabel").rows()
    kop = "".join(f"<th scope=col>{e(k)}</th>" for k in KOLOMMEN)
    regels = "".join(
        "<tr>" + "".join(f"<td>{e('verborgen' if w is None else str(w))}</td>" for w in rij) + "</tr>"
        for rij in veranderd.head(MAX_IN_PAGINA).rows()
    )
    rest = veranderd.height - MAX_IN_PAGINA
    return f"""<!doctype html><html lang=nl><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>Revisie {e(nieuw)}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}}
table{{border-collapse:collapse;font-size:.9rem}}td,th{{border-bottom:1px solid #ccc;padding:.25rem .6rem;text-align:left}}
.breed{{overflow-x:auto}}</style>
<h1>Wat veranderde van {e(oud)} naar {e(nieuw)}</h1>
<h2>Redenen die bekend zijn</h2>
<ul>{"".join(f"<li>{e(r)}</li>" for r in waarom) or "<li>geen: dezelfde leveringen, instellingen en code</li>"}</ul>
<h2>Cellen die beide releases hebben</h2>
<p>{veranderd.height} waarden veranderd{": " + ", ".join(f"{n} in {e(t)}" for t, n in per_tabel) if per_tabel else ""}.</p>
<div class=breed><table><thead><tr>{kop}</tr></thead><tbody>{regels}</tbody></table></div>
{f"<p>En nog {rest}; alle staan in revisie.csv.</p>" if rest > 0 else ""}</html>
"""
