"""The same dbt models on PostgreSQL: a server of its own on loopback, the landing loaded, dbt with its own adapter.

What is DuckDB's own in the models is rewritten in a copy first (HERSCHRIJF), with three definitions in the database; how
often is told. The product keeps its SQL: ``distinct on``, the portable form of ``qualify``, takes DuckDB twice the CPU.
"""

from __future__ import annotations

import argparse
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg

from pipelines.landing import offered, store
from pipelines.periods import Halfjaar
from pipelines.refresh import Verversing
from pipelines.settings import DBT_PROJECT, PROJECT, Settings

DBT = PROJECT / ".venv-bench" / "bin" / "dbt"
# for a database that is thrown away, on a machine of 8 GiB or more; Debian's own settings are for a quarter of that
OPTIES = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "8GB",
    "fsync": "off",
    "synchronous_commit": "off",
    # dbt makes no indexes, so nothing is won with it; of a CTE the server knows no numbers, guesses one row and never ends
    "enable_nestloop": "off",
    "statement_timeout": "20min",  # what does not end is named, and the other models are still built
}
_TYPEN = {"DOUBLE": "double precision", "UINTEGER": "bigint"}
_DEFINITIES = """
create schema landing;
create domain public.double as double precision;
create function public.round(double precision, integer) returns double precision language sql immutable
    as 'select round($1::numeric, $2)::double precision';
create function public.hash(variadic text[]) returns bigint language sql immutable
    as 'select hashtextextended(array_to_string($1, chr(31)), 0)';
"""
_PROFIEL = """
jeugdmonitor:
  target: bench
  outputs:
    bench: {{type: postgres, host: 127.0.0.1, port: {poort}, user: baas, password: "", dbname: postgres, schema: main,
            threads: 2}}
"""
HERSCHRIJF = {
    "interval 1 day": (r"\binterval (\d+|\{\{.*?\}\}) (day|month|year)\b", r"interval '\1 \2'"),
    "max_by": (r"\bmax_by\(([\w.]+), (.+)\)", r"(array_agg(\1 order by \2 desc))[1]"),
    "median": (r"\bmedian\((\w+)\)", r"percentile_cont(0.5) within group (order by \1)"),
    "avg of integers as double": (r"\bavg\((\w+)\)", r"avg(cast(\1 as double))"),
    "**": (r"(\}\}) \*\* (?=\d)", r"\1 ^ "),
}


def waarom_niet() -> str | None:
    """Why it cannot be done here, if it cannot."""
    if not (programma("initdb") and programma("postgres")):
        return "no PostgreSQL server here"
    return None if DBT.exists() else f"no dbt-postgres: {DBT.parent.parent.name} is made by make bench"


def programma(naam: str) -> str | None:
    """A program of the server: on the path, or where Debian keeps it."""
    los = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{naam}"))
    return shutil.which(naam) or (str(los[-1]) if los else None)


@contextmanager
def server(map_: Path) -> Iterator[tuple[int, str]]:
    """A PostgreSQL server on a free port of loopback for as long as it takes; gives the port and its version."""
    map_.mkdir(parents=True)
    als = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        als = {"user": "postgres", "group": "postgres", "extra_groups": []}
        wie = pwd.getpwnam("postgres")
        os.chown(map_, wie.pw_uid, wie.pw_gid)
    initdb = [programma("initdb"), "-D", map_ / "data", "-U", "baas", "-A", "trust", "--no-sync", "-E", "UTF8"]
    subprocess.run([*initdb, "--locale=C"], check=True, capture_output=True, cwd=map_, **als)
    with socket.socket() as los:
        los.bind(("127.0.0.1", 0))
        poort = los.getsockname()[1]
    opdracht = [programma("postgres"), "-D", map_ / "data", "-h", "127.0.0.1", "-p", str(poort), "-k", map_]
    opdracht += [deel for naam, waarde in OPTIES.items() for deel in ("-c", f"{naam}={waarde}")]
    with (map_ / "log").open("w") as log:
        proces = subprocess.Popen(opdracht, cwd=map_, stdout=log, stderr=log, **als)
    try:
        yield poort, _versie(poort, proces)
    finally:
        proces.send_signal(signal.SIGINT)  # fast shutdown
        proces.wait(60)


def _versie(poort: int, proces: subprocess.Popen) -> str:
    """Wait until the server answers."""
    for _ in range(600):
        try:
            with _verbind(poort) as con:
                return con.execute("show server_version").fetchone()[0].split()[0]
        except psycopg.OperationalError:
            if proces.poll() is not None:
                raise
            time.sleep(0.1)
    raise TimeoutError("the PostgreSQL server does not answer")


def _verbind(poort: int) -> psycopg.Connection:
    return psycopg.connect(f"postgresql://baas@127.0.0.1:{poort}/postgres", autocommit=True)


def laad(v: Verversing, poort: int, tijdelijk: Path) -> None:
    """Bring the landing tables that the models read to the server, as they are in force for this refresh."""
    aanbod = store.stand(offered.aanbod(v.settings.sources), v.home, v.periode, v.max_afkeur)
    with duckdb.connect() as bron, _verbind(poort) as doel:
        store.open_landing(bron, v.home, aanbod, v.settings.gestopt)
        doel.execute(_DEFINITIES)
        tabellen = bron.execute("select table_name from information_schema.tables where table_schema = 'landing'")
        for (tabel,) in tabellen.fetchall():
            kolommen = bron.execute(f"describe landing.{tabel}").fetchall()
            definitie = ", ".join(f'"{naam}" {_TYPEN.get(type_, type_)}' for naam, type_, *_ in kolommen)
            doel.execute(f"create table landing.{tabel} ({definitie})")
            pad = tijdelijk / f"{tabel}.csv"
            bron.execute(f"copy (from landing.{tabel}) to '{pad}' (format csv, header false)")
            with doel.cursor().copy(f"copy landing.{tabel} from stdin (format csv)") as copy, pad.open("rb") as csv:
                while blok := csv.read(2**20):
                    copy.write(blok)
            pad.unlink()
            doel.execute(f"analyze landing.{tabel}")


def herschrijf(project: Path) -> dict[str, int]:
    """Rewrite in place what PostgreSQL does not know; gives how often per construct."""
    keren = dict.fromkeys(["qualify", *HERSCHRIJF], 0)
    for pad in sorted([*project.glob("models/**/*.sql"), *project.glob("macros/*.sql")]):
        sql = pad.read_text("utf-8")
        keren["qualify"] += sql.count("qualify row_number()")
        while "qualify row_number()" in sql:
            sql = _zonder_qualify(sql)
        for naam, (patroon, vervanging) in HERSCHRIJF.items():
            sql, aantal = re.subn(patroon, vervanging, sql)
            keren[naam] += aantal
        pad.write_text(sql, "utf-8")
    return keren


def _zonder_qualify(sql: str) -> str:
    """The first ``qualify row_number() over (partition by … order by …) = 1`` as ``distinct on``."""
    begin = sql.index("qualify row_number()")
    open_ = sql.index("over (", begin) + len("over (")
    diepte, eind = 1, open_
    while diepte:
        diepte += {"(": 1, ")": -1}.get(sql[eind], 0)
        eind += 1
    per, volgorde = sql[open_ : eind - 1].strip().removeprefix("partition by ").split("order by", 1)
    inspringing = sql[sql.rfind("\n", 0, begin) + 1 : begin]
    # the select that it belongs to stands as far to the right
    keuze = [m.end() for m in re.finditer(rf"(?m)^{inspringing}select\b", sql[:begin])][-1]
    na = sql[eind:].removeprefix(" = 1")
    return f"{sql[:keuze]} distinct on ({per.strip()}){sql[keuze:begin]}order by {per.strip()}, {volgorde.strip()}{na}"


def bouw(v: Verversing, poort: int, map_: Path) -> dict:
    """Run dbt on a copy of the project; gives how many of the models were built and what stopped the others."""
    project = map_ / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    (map_ / "sources").symlink_to(PROJECT / "sources")  # the seeds
    (project / "profiles.yml").write_text(_PROFIEL.format(poort=poort), "utf-8")
    keren = herschrijf(project)
    opdracht = [DBT, "build", "--exclude-resource-type", "unit_test", "--vars", json.dumps(v.dbt_vars)]
    subprocess.run([*opdracht, "--project-dir", project, "--profiles-dir", project], cwd=project)
    uitslag = json.loads((project / "target" / "run_results.json").read_text("utf-8"))["results"]
    modellen = [u for u in uitslag if u["unique_id"].startswith("model.")]
    return {
        "modellen": sum(u["status"] == "success" for u in modellen),
        "alle": len(modellen),
        "mislukt": [f"{u['unique_id']}: {u['message']}" for u in uitslag if u["status"] in ("error", "fail")],
        "herschreven": {naam: aantal for naam, aantal in keren.items() if aantal},
    }


def anders(poort: int, release: Path, tijdelijk: Path) -> list[str]:
    """The tables of dwh and monitor whose rows are not those of a release."""
    with duckdb.connect(str(release / "warehouse.duckdb"), read_only=True) as con, _verbind(poort) as pg:
        tabellen = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('dwh', 'monitor') order by 1"
        ).fetchall()
        return [tabel for (tabel,) in tabellen if not _gelijk(con, pg, tabel, tijdelijk / "tabel.csv")]


def _gelijk(con: duckdb.DuckDBPyConnection, pg: psycopg.Connection, tabel: str, pad: Path) -> bool:
    kolommen = con.execute(f"describe {tabel}").fetchall()
    namen = ", ".join(f'"{k[0]}"' for k in kolommen)
    vraag = f"copy (select {namen} from {tabel}) to stdout (format csv, null '\\N')"  # an empty text is not NULL
    with pg.cursor().copy(vraag) as copy, pad.open("wb") as csv:
        csv.writelines(copy)
    typen = ", ".join(f"'{k[0]}': '{k[1]}'" for k in kolommen)
    daar = f"from read_csv('{pad}', header = false, auto_detect = false, nullstr = '\\N', columns = {{{typen}}})"
    hier = f"from {tabel}"
    aantal, verschil = con.execute(
        f"select (select count(*) {daar}) - (select count(*) {hier}), (select count(*) from (({daar}) except all ({hier})))"
    ).fetchone()
    pad.unlink()
    return aantal == verschil == 0


def main() -> None:
    """``python -m bench.weg_postgres SOURCES OUT 2024H2 --home DIR --key-file FILE``: prints JSON lines, as the others do."""
    vlag = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    vlag.add_argument("bron", type=Path)
    vlag.add_argument("uit", type=Path)
    vlag.add_argument("periode")
    vlag.add_argument("--home", type=Path, required=True)
    vlag.add_argument("--key-file", type=Path, required=True)
    vlag.add_argument("--settings", type=Path)
    keuze = vlag.parse_args()
    ingesteld = Settings(
        sources=keuze.bron, home=keuze.home, key=None, key_file=keuze.key_file, settings_file=keuze.settings
    )
    v = Verversing(ingesteld, Halfjaar.van(keuze.periode))
    keuze.uit.mkdir(parents=True, exist_ok=True)
    with server(keuze.uit / "server") as (poort, versie):
        print(json.dumps({"versie": versie}), flush=True)
        begin = time.perf_counter()
        laad(v, poort, keuze.uit)
        print(json.dumps({"stap": "loading the landing", "seconden": time.perf_counter() - begin}), flush=True)
        begin = time.perf_counter()
        gebouwd = bouw(v, poort, keuze.uit)
        print(json.dumps({"stap": "build (dbt)", "seconden": time.perf_counter() - begin}), flush=True)
        print(json.dumps(gebouwd), flush=True)
        eerste = v.home.releases / f"{keuze.periode}-r1"
        if not gebouwd["mislukt"] and eerste.exists():
            begin = time.perf_counter()
            print(json.dumps({"anders": anders(poort, eerste, keuze.uit)}), flush=True)
            print(json.dumps({"stap": "comparing its tables", "seconden": time.perf_counter() - begin}), flush=True)


if __name__ == "__main__":
    main()
