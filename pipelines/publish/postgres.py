"""A release into PostgreSQL: tables in schemas of its own, and views that all readers get at once (spec 05 §3).

A release is loaded in one transaction: killed on the way, the server undoes it, so what is there is whole. Each view is
the union of its table in the releases that are loaded, and shows the one that ``uitgifte.huidig`` names. To switch is to
change that one row: it waits for nobody, and every statement sees one release in all tables (a transaction too, with
isolation level repeatable read). Replacing the views beforehand takes one lock at a time, so it cannot deadlock.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict
from pyarrow import csv

from pipelines.release.beschrijving import Tabel, tabellen, uitgegeven
from pipelines.release.database import ONTHOUDEN
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
# seconds to wait for those who read a view before letting others pass, and then again; new readers wait as long
WACHT_OP_LEZERS = (0.5, 1, 2, 4, 8, 16, 32, 60)


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


PUBLICATIE = Laag("monitor", "publicatie.duckdb", "monitor", ("lezer", "analist"), "publicatie")
WAREHOUSE = (
    Laag("dwh", "warehouse.duckdb", "dwh", ("analist",), "warehouse"),
    Laag("kwaliteit", "warehouse.duckdb", "kwaliteit", ("analist",), "uitkomsten van de poorten"),
    Laag("monitor_volledig", "warehouse.duckdb", "monitor", ("analist",), "niets verborgen"),
)
LAGEN = (PUBLICATIE, *WAREHOUSE)
ROLLEN = ("lezer", "analist")


def publiceer(
    release: Path, adres: str, *, bewaar: int = 3, met_warehouse: bool = True, meld: Callable[[str], None]
) -> None:
    """Give the readers of a PostgreSQL database this release; the ``bewaar`` latest (two or more) stay loaded.

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
            if _staat_er(con, sleutel, lagen):
                meld(f"release {release.name} stond er al")
            else:
                for laag in lagen:
                    _laad(con, release, laag, sleutel, meld)
                con.execute(
                    "insert into uitgifte.release values (%s, %s) on conflict do nothing", [sleutel, release.name]
                )
        houdt = _te_bewaren(con, sleutel, bewaar)
        if not _staat_er(con, sleutel, lagen):
            _maak_views(con, release, sleutel, lagen, houdt)
            _schakel(con, release.name, sleutel, lagen)
            meld(f"lezers krijgen nu release {release.name}")
        _ruim_op(con, sleutel, lagen, houdt, meld)


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
    if not con.execute("select to_regnamespace('uitgifte')").fetchone()[0]:
        vreemd = con.execute(
            "select string_agg(distinct table_schema, ', ') from information_schema.tables where table_schema = any(%s)",
            [[laag.naam for laag in LAGEN]],
        ).fetchone()[0]
        if vreemd:
            raise GebruikersFout(
                f"In deze database staat al iets anders in schema {vreemd}. Geef de jeugdmonitor een eigen database."
            )
    bestaand = {r for (r,) in con.execute("select rolname from pg_roles where rolname = any(%s)", [list(ROLLEN)])}
    for rol in ROLLEN:
        if rol not in bestaand:
            con.execute(sql.SQL("create role {} nologin").format(sql.Identifier(rol)))
    con.execute("""
        create schema if not exists uitgifte;
        create table if not exists uitgifte.release (
            sleutel text primary key, release text not null, geschakeld_op timestamptz);
        create table if not exists uitgifte.huidig (
            sleutel text not null references uitgifte.release, lagen text[] not null);
        create unique index if not exists een_rij on uitgifte.huidig ((true))""")
    for laag in LAGEN:
        schema = sql.Identifier(laag.naam)
        con.execute(sql.SQL("create schema if not exists {}").format(schema))
        con.execute(sql.SQL("grant usage on schema {} to {}").format(schema, _lijst(laag.rollen)))


def _staat_er(con: psycopg.Connection, sleutel: str, lagen: tuple[Laag, ...]) -> bool:
    """Do readers have this release, with these layers, already?"""
    huidig = con.execute("select sleutel, lagen from uitgifte.huidig").fetchone()
    return huidig == (sleutel, [laag.naam for laag in lagen])


def _te_bewaren(con: psycopg.Connection, sleutel: str, bewaar: int) -> list[str]:
    """The releases that stay: this one, and of the others those that readers had last; the current one among them."""
    rijen = con.execute(
        "select sleutel from uitgifte.release order by sleutel = %s desc, geschakeld_op desc nulls last limit %s",
        [sleutel, bewaar],
    )
    return [s for (s,) in rijen]


def _tabellen(release: Path, laag: Laag) -> list[Tabel]:
    alle = tabellen(release / laag.database, laag.schema, uitgegeven(release))
    return [t for t in alle if not f"{t.schema_}.{t.naam}".startswith(ONTHOUDEN)]


def _laad(con: psycopg.Connection, release: Path, laag: Laag, sleutel: str, meld: Callable[[str], None]) -> None:
    """Load the tables of one layer into a schema of their own, unless it is there: then it is whole."""
    schema = f"{sleutel}_{laag.naam}"
    if con.execute("select to_regnamespace(%s)", [schema]).fetchone()[0]:
        return
    inhoud = _tabellen(release, laag)
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
    con.execute(sql.SQL("; ").join(c for t in inhoud for c in _beschrijving("table", schema, t)))
    meld(f"{laag.naam}: {len(inhoud)} tabellen, {sum(t.rijen for t in inhoud)} rijen geladen")


def _maak_views(
    con: psycopg.Connection, release: Path, sleutel: str, lagen: tuple[Laag, ...], houdt: list[str]
) -> None:
    """Give every view the columns of this release, and the rows of those that stay: which rows show, _schakel says.

    A view that keeps its columns is replaced, so that what others hung on it stays.
    """
    for laag in lagen:
        views = _kolommen(con, laag.naam)
        delen = {s: _kolommen(con, f"{s}_{laag.naam}") for s in houdt}
        for t in _tabellen(release, laag):
            view = sql.Identifier(laag.naam, t.naam)
            nieuw, oud = delen[sleutel][t.naam], views.get(t.naam, {})
            stappen = (
                [] if list(nieuw.items())[: len(oud)] == list(oud.items()) else [sql.SQL("drop view {}").format(view)]
            )
            takken = [
                _tak(s, sql.Identifier(f"{s}_{laag.naam}", t.naam), nieuw, deel[t.naam])
                for s, deel in delen.items()
                if t.naam in deel
            ]
            stappen.append(sql.SQL("create or replace view {} as {}").format(view, sql.SQL(" union all ").join(takken)))
            stappen.append(sql.SQL("grant select on {} to {}").format(view, _lijst(laag.rollen)))
            _tussen_lezers(con, [*stappen, *_beschrijving("view", laag.naam, t)])


def _tak(sleutel: str, tabel: sql.Identifier, nieuw: dict[str, str], eigen: dict[str, str]) -> sql.Composable:
    """The rows of one release; columns that it does not have are empty."""
    kolommen = [
        sql.Identifier(k) if eigen.get(k) == t else sql.SQL("null::{} as {}").format(sql.SQL(t), sql.Identifier(k))
        for k, t in nieuw.items()
    ]
    return sql.SQL("select {} from {} where (select sleutel from uitgifte.huidig) = {}").format(
        sql.SQL(", ").join(kolommen), tabel, sleutel
    )


def _kolommen(con: psycopg.Connection, schema: str) -> dict[str, dict[str, str]]:
    """Of every table or view in a schema: its columns, in order, and their types."""
    rijen = con.execute(
        """select c.relname, array_agg(a.attname::text order by a.attnum),
                  array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum)
           from pg_class as c
           join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           where c.relkind in ('r', 'v') and c.relnamespace = to_regnamespace(%s)
           group by 1 order by 1""",
        [schema],
    )
    return {naam: dict(zip(namen, typen, strict=True)) for naam, namen, typen in rijen}


def _schakel(con: psycopg.Connection, naam: str, sleutel: str, lagen: tuple[Laag, ...]) -> None:
    """From here on every new statement sees this release."""
    with con.transaction():
        con.execute(
            """insert into uitgifte.huidig (sleutel, lagen) values (%s, %s)
               on conflict ((true)) do update set sleutel = excluded.sleutel, lagen = excluded.lagen""",
            [sleutel, [laag.naam for laag in lagen]],
        )
        con.execute("update uitgifte.release set geschakeld_op = clock_timestamp() where sleutel = %s", [sleutel])
        for laag in lagen:
            con.execute(
                sql.SQL("comment on schema {} is {}").format(
                    sql.Identifier(laag.naam), f"Jeugdmonitor, {laag.uitleg}, release {naam}"
                )
            )


def _ruim_op(
    con: psycopg.Connection, sleutel: str, lagen: tuple[Laag, ...], houdt: list[str], meld: Callable[[str], None]
) -> None:
    """Drop views that this release does not have, and releases that do not stay; what is in use goes the next time."""
    for laag in LAGEN:
        nu = _kolommen(con, f"{sleutel}_{laag.naam}") if laag in lagen else {}
        for view in _kolommen(con, laag.naam).keys() - nu.keys():
            _tussen_lezers(con, [sql.SQL("drop view {}").format(sql.Identifier(laag.naam, view))])
    weg = con.execute("select sleutel, release from uitgifte.release where sleutel <> all(%s)", [houdt]).fetchall()
    for oud, naam in weg:
        schemas = _lijst(f"{oud}_{laag.naam}" for laag in LAGEN)
        try:
            with con.transaction():
                con.execute("set local lock_timeout = '1s'")
                con.execute(sql.SQL("drop schema if exists {} cascade").format(schemas))
                con.execute("delete from uitgifte.release where sleutel = %s", [oud])
            meld(f"release {naam} is weggehaald")
        except errors.LockNotAvailable:
            meld(f"release {naam} is nog in gebruik en blijft tot de volgende keer")


def _tussen_lezers(con: psycopg.Connection, stappen: list[sql.Composable]) -> None:
    """Change one view when nobody reads it; raises GebruikersFout when somebody never stops."""
    for seconden in WACHT_OP_LEZERS:
        try:
            with con.transaction():
                con.execute(sql.SQL("set local lock_timeout = {}").format(int(seconden * 1000)))
                con.execute(sql.SQL("; ").join(stappen))
            return
        except errors.LockNotAvailable:
            continue
    raise GebruikersFout(
        "Iemand houdt een tabel al minuten vast, zodat er niet gewisseld kan worden; lezers hebben nog de vorige release. "
        "Zoek in pg_stat_activity welke verbinding een transactie open laat staan."
    )


def _beschrijving(soort: str, schema: str, t: Tabel) -> Iterator[sql.Composable]:
    """The Dutch descriptions of a table or view and its columns, as comments."""
    wat = sql.SQL("comment on {} {} is {}")
    yield wat.format(sql.SQL(soort), sql.Identifier(schema, t.naam), t.uitleg)
    for k in t.kolommen:
        yield wat.format(sql.SQL("column"), sql.Identifier(schema, t.naam, k.naam), k.uitleg)


def _lijst(namen: Iterable[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(n) for n in namen)
