"""A release into PostgreSQL: tables in schemas of its own, and views that all readers get at once (spec 05 §3).

Loading and switching are one transaction. Whatever happens on the way, the server undoes it: there is no half-loaded
release to clean up, and readers have the views of the old release or those of the new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict
from pyarrow import csv

from pipelines.release import switch
from pipelines.release.beschrijving import Structuur, Tabel, tabellen
from pipelines.settings import GebruikersFout

TYPEN = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "UINTEGER": "bigint",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
}
INDEXEN = ("regio_code", "persoon", "traject_id")  # what people look up, beside the keys
SLOT = 7_310_415  # advisory lock of publishing; any number, always the same
RIJEN_PER_BLOK = 50_000
WACHT_OP_ANDER = "5s"  # a killed publication may take a moment to let go
WACHT_OP_LEZERS = 120  # seconds to try and get between the readers


class Afgebroken(Exception):
    """The server ended it; readers still have what they had."""


@dataclass(frozen=True)
class Laag:
    """A schema of views: where its tables come from and who may read it."""

    naam: str
    database: str
    schema: str
    rollen: tuple[str, ...]
    uitleg: str


PUBLICATIE = Laag("monitor", "publicatie.duckdb", "monitor", ("lezer", "analist"), "Jeugdmonitor, publicatie")
WAREHOUSE = (
    Laag("dwh", "warehouse.duckdb", "dwh", ("analist",), "Jeugdmonitor, warehouse"),
    Laag("kwaliteit", "warehouse.duckdb", "kwaliteit", ("analist",), "Jeugdmonitor, uitkomsten van de poorten"),
    Laag("monitor_volledig", "warehouse.duckdb", "monitor", ("analist",), "Jeugdmonitor, niets verborgen"),
)
LAGEN = (PUBLICATIE, *WAREHOUSE)
ROLLEN = ("lezer", "analist")


def publiceer(
    release: Path, adres: str, *, bewaar: int = 3, met_warehouse: bool = True, meld: Callable[[str], None]
) -> None:
    """Give the readers of a PostgreSQL database this release; the ``bewaar`` latest stay loaded.

    Doing it twice changes nothing; a release that is still loaded is only switched to. Raises GebruikersFout when the
    database cannot be reached, may not be written or is not ours.
    """
    lagen = LAGEN if met_warehouse else (PUBLICATIE,)
    # the content names it: a release that was made anew is another one
    som = hashlib.sha256((release / "manifest.json").read_bytes()).hexdigest()[:8]
    sleutel = f"r_{release.name.lower().replace('-', '_')}_{som}"
    with _verbinding(adres) as con:
        _neem_slot(con)
        with con.transaction():
            _richt_in(con)
            if _huidige(con) == (sleutel, [laag.naam for laag in lagen]):
                meld(f"release {release.name} stond er al")
            else:
                inhoud = {laag: _laag(release, laag) for laag in lagen}
                for laag, van_laag in inhoud.items():
                    _laad(con, release, laag, f"{sleutel}_{laag.naam}", van_laag, meld)
                _schakel(con, release.name, sleutel, inhoud)
                meld(f"lezers krijgen nu release {release.name}")
        _ruim_op(con, bewaar, meld)


@contextlib.contextmanager
def _verbinding(adres: str) -> Iterator[psycopg.Connection]:
    """A connection; every failure becomes a sentence without the address, which may hold a password."""
    try:
        delen = conninfo_to_dict(adres) if adres.startswith(("postgresql://", "postgres://")) else None
    except psycopg.Error:
        delen = None
    if delen is None:
        raise GebruikersFout(
            "Het adres van de database klopt niet. Geef het als postgresql://gebruiker@server/database"
        )
    waar = f"{delen.get('dbname', '')} op {delen.get('host', 'deze machine')}"
    try:
        con = psycopg.connect(adres, autocommit=True, application_name="jeugdmonitor publish", client_encoding="utf8")
    except psycopg.Error as fout:
        reden = str(fout).strip().splitlines()[-1]
        if delen.get("password"):
            reden = reden.replace(delen["password"], "…")
        raise GebruikersFout(f"Er is geen verbinding met database {waar}: {reden}") from None
    with contextlib.closing(con):
        try:
            yield con
        except errors.InsufficientPrivilege:
            raise GebruikersFout(
                f"Deze gebruiker mag te weinig in database {waar}. Nodig zijn CREATE op de database en de rollen lezer en "
                "analist; bestaan die niet, dan ook CREATEROLE. De beheerder kan ze maken: create role lezer; create role "
                "analist;"
            ) from None
        except errors.DependentObjectsStillExist as fout:
            raise GebruikersFout(
                f"Een view van deze release krijgt andere kolommen, maar iets van een ander hangt eraan "
                f"({fout.diag.message_primary}). Haal dat weg en probeer het opnieuw."
            ) from None
        except psycopg.Error as fout:  # its text may quote a row
            raise Afgebroken(
                f"De database {waar} brak het af ({type(fout).__name__}). Lezers hebben nog wat ze hadden; probeer het opnieuw."
            ) from None


def _neem_slot(con: psycopg.Connection) -> None:
    con.execute("set statement_timeout = 0")
    con.execute("set idle_in_transaction_session_timeout = 0")
    con.execute("set tcp_keepalives_idle = 60")  # if this machine goes down, the server lets go of the lock
    try:
        with con.transaction():
            con.execute(sql.SQL("set local lock_timeout = {}").format(WACHT_OP_ANDER))
            con.execute("select pg_advisory_lock(%s)", [SLOT])
    except errors.LockNotAvailable:
        raise GebruikersFout("Er wordt al een release naar deze database gebracht. Wacht tot dat klaar is.") from None


def _richt_in(con: psycopg.Connection) -> None:
    """Roles, and schemas with the least rights; what is there is left alone."""
    eerder = con.execute("select to_regnamespace('uitgifte')").fetchone()[0]
    namen = [laag.naam for laag in LAGEN]
    if not eerder:
        vreemd = con.execute(
            "select string_agg(distinct table_schema, ', ') from information_schema.tables where table_schema = any(%s)",
            [[*namen, "uitgifte"]],
        ).fetchone()[0]
        if vreemd:
            raise GebruikersFout(
                f"In deze database staat al iets anders in schema {vreemd}. Geef de jeugdmonitor een eigen database."
            )
    bestaand = {r for (r,) in con.execute("select rolname from pg_roles where rolname = any(%s)", [list(ROLLEN)])}
    for rol in ROLLEN:
        if rol not in bestaand:
            con.execute(sql.SQL("create role {} nologin").format(sql.Identifier(rol)))
    con.execute("create schema if not exists uitgifte")
    con.execute(
        """create table if not exists uitgifte.release (
               sleutel text primary key, release text not null, lagen text[] not null,
               geschakeld_op timestamptz not null default clock_timestamp())"""
    )
    for laag in LAGEN:
        schema = sql.Identifier(laag.naam)
        con.execute(sql.SQL("create schema if not exists {}").format(schema))
        con.execute(sql.SQL("grant usage on schema {} to {}").format(schema, _lijst(laag.rollen)))


def _huidige(con: psycopg.Connection) -> tuple[str, list[str]] | None:
    return con.execute("select sleutel, lagen from uitgifte.release order by geschakeld_op desc limit 1").fetchone()


def _laag(release: Path, laag: Laag) -> list[Tabel]:
    sleutels = switch.manifest(release).get("sleutels", {})
    structuur = {tabel: Structuur(sleutel=kolommen) for tabel, kolommen in sleutels.items()}
    return tabellen(release / laag.database, laag.schema, structuur)


def _laad(
    con: psycopg.Connection,
    release: Path,
    laag: Laag,
    schema: str,
    inhoud: list[Tabel],
    meld: Callable[[str], None],
) -> None:
    """Load the tables of one layer into a schema of their own, unless it is there: then it is whole."""
    if con.execute("select to_regnamespace(%s)", [f'"{schema}"']).fetchone()[0]:
        return
    con.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    with duckdb.connect(str(release / laag.database), read_only=True) as bron:
        for t in inhoud:
            tabel = sql.Identifier(schema, t.naam)
            kolommen = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(k.naam), sql.SQL(TYPEN[k.type])) for k in t.kolommen
            )
            con.execute(sql.SQL("create table {} ({})").format(tabel, kolommen))
            with con.cursor().copy(sql.SQL("copy {} from stdin (format csv)").format(tabel)) as stroom:
                # strings are quoted and NULL is not, so that an empty string stays one
                for blok in bron.execute(f"from {t.schema_}.{t.naam}").fetch_record_batch(RIJEN_PER_BLOK):
                    tekst = io.BytesIO()
                    csv.write_csv(blok, tekst, csv.WriteOptions(include_header=False))
                    stroom.write(tekst.getbuffer())
            if t.sleutel:
                con.execute(sql.SQL("alter table {} add primary key ({})").format(tabel, _lijst(t.sleutel)))
            for kolom in {k.naam for k in t.kolommen} & set(INDEXEN) - set(t.sleutel[:1]):
                con.execute(sql.SQL("create index on {} ({})").format(tabel, sql.Identifier(kolom)))
            con.execute(sql.SQL("analyze {}").format(tabel))
    con.execute(_beschrijvingen("table", schema, inhoud))
    meld(f"{laag.naam}: {len(inhoud)} tabellen, {sum(t.rijen for t in inhoud)} rijen geladen")


def _schakel(con: psycopg.Connection, naam: str, sleutel: str, inhoud: dict[Laag, list[Tabel]]) -> None:
    """Point all views at a loaded release, between the readers.

    Every view is locked first, so that a transaction sees one release. A reader that holds one and asks for another would
    block us as we block it: we give up well before the server looks for such a deadlock (1 s), and try again.
    """
    bestaand = _views(con)
    geduld = time.monotonic() + WACHT_OP_LEZERS
    while True:
        try:
            with con.transaction():
                if bestaand:
                    con.execute("set local statement_timeout = '700ms'")
                    con.execute(sql.SQL("lock table {} in access exclusive mode").format(_lijst(bestaand)))
                    con.execute("set local statement_timeout = 0")
                con.execute(sql.SQL("; ").join(_nieuwe_views(naam, sleutel, inhoud, bestaand)))
            break
        except (errors.QueryCanceled, errors.DeadlockDetected):
            if time.monotonic() > geduld:
                raise GebruikersFout(
                    f"Er is al {WACHT_OP_LEZERS} seconden steeds iemand aan het lezen, zodat er niet gewisseld kan worden. "
                    "De vorige release staat er nog. Zoek in pg_stat_activity welke verbinding open blijft staan."
                ) from None
            time.sleep(0.5)
    con.execute(
        """insert into uitgifte.release (sleutel, release, lagen) values (%s, %s, %s)
           on conflict (sleutel) do update set lagen = excluded.lagen, geschakeld_op = excluded.geschakeld_op""",
        [sleutel, naam, [laag.naam for laag in inhoud]],
    )


def _views(con: psycopg.Connection) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The views of all layers with the names and types of their columns."""
    rijen = con.execute(
        """select n.nspname, c.relname, array_agg(a.attname::text order by a.attnum),
                  array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum)
           from pg_class as c
           join pg_namespace as n on n.oid = c.relnamespace
           join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
           where c.relkind = 'v' and n.nspname = any(%s)
           group by 1, 2 order by 1, 2""",
        [[laag.naam for laag in LAGEN]],
    )
    return {(schema, view): list(zip(namen, typen, strict=True)) for schema, view, namen, typen in rijen}


def _nieuwe_views(
    naam: str, sleutel: str, inhoud: dict[Laag, list[Tabel]], bestaand: dict[tuple[str, str], list[tuple[str, str]]]
) -> Iterator[sql.Composable]:
    """The statements of a switch. A view that keeps its columns is replaced, so that what others hung on it stays."""
    nieuw = {
        (laag.naam, t.naam): [(k.naam, TYPEN[k.type]) for k in t.kolommen] for laag in inhoud for t in inhoud[laag]
    }
    for view, kolommen in bestaand.items():
        if nieuw.get(view, [])[: len(kolommen)] != kolommen:
            yield sql.SQL("drop view {}").format(sql.Identifier(*view))
    for laag, van_laag in inhoud.items():
        for t in van_laag:
            yield sql.SQL("create or replace view {} as select * from {}").format(
                sql.Identifier(laag.naam, t.naam), sql.Identifier(f"{sleutel}_{laag.naam}", t.naam)
            )
        yield _beschrijvingen("view", laag.naam, van_laag)
        schema = sql.Identifier(laag.naam)
        yield sql.SQL("comment on schema {} is {}").format(schema, sql.Literal(f"{laag.uitleg}, release {naam}"))
        yield sql.SQL("grant select on all tables in schema {} to {}").format(schema, _lijst(laag.rollen))


def _beschrijvingen(soort: str, schema: str, inhoud: Iterable[Tabel]) -> sql.Composable:
    """The Dutch descriptions as comments, in one statement for the server to swallow."""
    uit = []
    for t in inhoud:
        relatie = sql.Identifier(schema, t.naam)
        uit.append(sql.SQL("comment on {} {} is {}").format(sql.SQL(soort), relatie, sql.Literal(t.uitleg)))
        uit += [
            sql.SQL("comment on column {} is {}").format(sql.Identifier(schema, t.naam, k.naam), sql.Literal(k.uitleg))
            for k in t.kolommen
        ]
    return sql.SQL("; ").join(uit)


def _ruim_op(con: psycopg.Connection, bewaar: int, meld: Callable[[str], None]) -> None:
    """Drop all but the latest releases; what is in the way, a backup perhaps, makes it wait for the next time."""
    oud = con.execute(
        "select sleutel, release from uitgifte.release order by geschakeld_op desc offset %s", [bewaar]
    ).fetchall()
    for sleutel, naam in oud:
        try:
            with con.transaction():
                con.execute("set local lock_timeout = '2s'")
                for laag in LAGEN:
                    schema = sql.Identifier(f"{sleutel}_{laag.naam}")
                    con.execute(sql.SQL("drop schema if exists {} cascade").format(schema))
                con.execute("delete from uitgifte.release where sleutel = %s", [sleutel])
            meld(f"release {naam} is weggehaald")
        except errors.LockNotAvailable:
            meld(f"release {naam} is nog in gebruik en blijft tot de volgende keer")


def _lijst(namen: Iterable[str | tuple[str, ...]]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(*((n,) if isinstance(n, str) else n)) for n in namen)
