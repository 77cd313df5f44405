"""publicatie/: the publication as files, for whom a database is too much. CSV and Parquet, a Data Package, a dictionary."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from pipelines import sqltekst
from pipelines.release import woordenboek
from pipelines.release.beschrijving import Structuur, Tabel, tabellen
from pipelines.release.database import ONTHOUDEN, perioden
from pipelines.release.families import RIJSLEUTEL
from pipelines.release.manifest import controlesom, gaaf

# types of DuckDB and those of Frictionless Table Schema; another type is a mistake
TYPEN = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
}
GEHEUGEN = "3GB"  # of DuckDB while it writes
BRONNEN = [
    {"title": "Registraties van jeugdhulpaanbieders en gecertificeerde instellingen, per halfjaar"},
    {"title": "CBS StatLine: bevolking en gebieden", "path": "https://opendata.cbs.nl"},
]


def schrijf(
    release: Path, naam: str, periode: str, structuur: dict[str, Structuur], vorige: Path | None = None
) -> Path:
    """Write directory publicatie/ of a finished build; the same tables give the same rows, in the same order. ``vorige`` is a
    release that the very same code made: the files of tables that are the same there are copied.
    """
    doel = release / "publicatie"
    for soort in ("csv", "parquet"):
        (doel / soort).mkdir(parents=True)
    monitor = tabellen(release / "publicatie.duckdb", "monitor", structuur)
    gelijk = _gelijke_tabellen(release, vorige) if vorige else set()
    # of a whole country it would take 9 GB to keep the rows in order
    config = {"memory_limit": GEHEUGEN}
    with duckdb.connect(str(release / "publicatie.duckdb"), read_only=True, config=config) as con:

        def kopieer(bestand: str, tabel: str, keuze: str) -> None:
            if tabel in gelijk and gaaf(vorige, f"publicatie/{bestand}"):
                shutil.copyfile(vorige / "publicatie" / bestand, doel / bestand)
                return
            with con.cursor() as hier:
                hier.execute(f"copy ({_op_volgorde(hier, tabel)}) to {sqltekst.tekst(doel / bestand)} (format {keuze})")

        groot_eerst = sorted(monitor, key=lambda t: -t.rijen)
        opdrachten = [(_csv(t), t.naam, "csv, compression gzip") for t in groot_eerst]
        opdrachten += [(_parquet(t), t.naam, "parquet, compression zstd") for t in groot_eerst]
        # two at a time: gzip keeps one core busy
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(kopieer, *zip(*opdrachten, strict=True)))
    pakket = json.dumps(datapackage(doel, monitor, naam, periode), ensure_ascii=False, indent=1)
    (doel / "datapackage.json").write_text(pakket, "utf-8")
    pagina = woordenboek.pagina(release, monitor, naam, structuur)
    (doel / "gegevenswoordenboek.html").write_text(pagina, "utf-8")
    return doel


def _gelijke_tabellen(release: Path, vorige: Path) -> set[str]:
    """The tables of the publication of which every verslagperiode is as it was (see build)."""
    with duckdb.connect() as con:
        for naam, map_ in (("nu", release), ("toen", vorige)):
            con.execute(f"attach {sqltekst.tekst(map_ / 'warehouse.duckdb')} as {naam} (read_only)")
        alle = "select tabel, list((verslagperiode, afdruk) order by verslagperiode) as alle from {}.{} group by tabel"
        nu, toen = (alle.format(naam, f"{ONTHOUDEN}plak") for naam in ("nu", "toen"))
        gelijk = con.execute(f"select tabel from ({nu}) semi join ({toen}) using (tabel, alle)")
        return {t for (t,) in gelijk.fetchall()}


def _op_volgorde(con: duckdb.DuckDBPyConnection, tabel: str) -> str:
    """The rows of a table: of each verslagperiode as they stand there, one verslagperiode after the other."""
    if tabel not in RIJSLEUTEL:
        return f"from monitor.{tabel}"
    delen = [f"from monitor.{tabel} where verslagperiode = '{p}'" for p in perioden(con, f"monitor.{tabel}")]
    return " union all ".join(delen or [f"from monitor.{tabel}"])


def datapackage(doel: Path, monitor: list[Tabel], naam: str, periode: str) -> dict:
    """The Frictionless Data Package of the CSV files; each names its Parquet twin."""
    aanwezig = {t.naam for t in monitor}
    return {
        "name": f"jeugdmonitor-{naam.lower()}",
        "title": f"Jeugdmonitor, release {naam}",
        "description": f"De jeugdmonitor tot en met {periode}, afgerond en zonder kleine aantallen. Een leeg veld heeft "
        "geen waarde; celstatus zegt waarom.",
        "version": naam,
        "profile": "tabular-data-package",
        "sources": BRONNEN,
        "resources": [_resource(doel, t, aanwezig) for t in monitor],
    }


def _resource(doel: Path, t: Tabel, aanwezig: set[str]) -> dict:
    schema = {
        "fields": [{"name": k.naam, "type": TYPEN[k.type], "description": k.uitleg} for k in t.kolommen],
        "missingValues": [""],
    }
    if t.sleutel:
        schema["primaryKey"] = t.sleutel
    verwijzingen = [
        {"fields": list(k.op), "reference": {"resource": k.naar, "fields": list(k.op.values())}}
        for k in t.koppelingen
        if k.volledig and not k.waar and k.naar in aanwezig
    ]
    if verwijzingen:
        schema["foreignKeys"] = verwijzingen
    return {
        "name": t.naam,
        "title": t.uitleg,
        "path": _csv(t),
        "parquet": _parquet(t),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "compression": "gz",
        # no "bytes": the size of a file of a country has nine digits, as a BSN has, and then poort M7 closes
        "hash": f"sha256:{controlesom(doel / _csv(t))}",
        "schema": schema,
    }


def _csv(t: Tabel) -> str:
    return f"csv/{t.naam}.csv.gz"


def _parquet(t: Tabel) -> str:
    return f"parquet/{t.naam}.parquet"
