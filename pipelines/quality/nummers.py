"""The SQL of M7: looks for BSN's and person-level columns in everything that would be published. Judges nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.sqltekst import tekst as _tekst

TABELLEN = (".parquet", ".csv", ".csv.gz")
TEKST = frozenset((".json", ".md", ".txt", ".tsv", ".html", ".css", ".js", ".svg", ".yml", ".yaml", ".xml", ".sql"))

_GETALTYPE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\([^)]*\)")
# Decimals go first: 12.5 and 12,5 are no number of a person, but 123456782.0 is 123456782.
_GETALLEN = r"""
    case when regexp_full_match(trim(v), '-?\d+,\d+') then []
    else regexp_extract_all(
        regexp_replace(regexp_replace(v, '(\d)\.0+\b', '\1 ', 'g'), '\d+\.\d+', ' ', 'g'), '\b[0-9]{9}\b') end"""
_ELFPROEF = (
    "(" + " + ".join(f"{w} * substr(t, {i}, 1)::int" for i, w in enumerate((9, 8, 7, 6, 5, 4, 3, 2, -1), 1)) + ")"
)


@dataclass(frozen=True)
class _Bron:
    """Something published that can be read as a table, and the types of its columns."""

    naam: str
    sql: str
    kolommen: dict[str, str]
    kolomnamen_tellen: bool = True
    regels: str = ""  # of a CSV: its lines with the header, as a relation (regel)


def meting(con: duckdb.DuckDBPyConnection, publicatie: Path, verboden: tuple[str, ...]) -> str:
    """The outcome of M7, as SQL, over the attached catalog ``publicatie`` and the files beside it.

    The files are those in the directory with the name of the database (``publicatie.duckdb`` → ``publicatie/``).
    Gives a row per table or file with the number of values that hold a BSN, and one with the number of forbidden
    columns. A file of an unknown kind counts as a hit: what cannot be checked is not published. Raises duckdb.Error
    or OSError on an unreadable file.
    """
    bestanden = sorted(p for p in publicatie.with_suffix("").rglob("*") if p.is_file())
    leesbaar = [b for b in bestanden if b.suffix in TEKST or b.name.endswith(TABELLEN)]
    bronnen = _tabellen(con) + [_bestand(con, publicatie.parent, b) for b in leesbaar]
    delen = [_treffers(con, bron) for bron in bronnen]
    delen += [_kolomnamen(bron, verboden) for bron in bronnen if bron.kolomnamen_tellen]
    delen += [_onleesbaar(b.relative_to(publicatie.parent).as_posix()) for b in bestanden if b not in leesbaar]
    # one at a time: every reader of a csv takes tens of MB, and all of them at once do not fit in what the poorten may use
    for nr, deel in enumerate(delen):
        con.execute(f"{'insert into _nummers' if nr else 'create or replace temp table _nummers as'} {deel}")
    return "from _nummers"


def _tabellen(con: duckdb.DuckDBPyConnection) -> list[_Bron]:
    """All tables and views of the publication, and the descriptions in its catalog."""
    rijen = con.execute(
        "select schema_name, table_name, map_from_entries(list((column_name, data_type) order by column_index))"
        " from duckdb_columns() where database_name = 'publicatie' and not internal group by all order by 1, 2"
    ).fetchall()
    tabellen = [_Bron(f"{s}.{t}", f"publicatie.{_naam(s)}.{_naam(t)}", kolommen) for s, t, kolommen in rijen]
    beschrijvingen = """(
        select comment from duckdb_columns() where database_name = 'publicatie' and comment is not null
        union all select comment from duckdb_tables() where database_name = 'publicatie' and comment is not null
        union all select comment from duckdb_views() where database_name = 'publicatie' and comment is not null)"""
    return [*tabellen, _Bron("beschrijvingen", beschrijvingen, {"comment": "VARCHAR"}, kolomnamen_tellen=False)]


def _bestand(con: duckdb.DuckDBPyConnection, wortel: Path, bestand: Path) -> _Bron:
    """A published file as a table: Parquet and CSV by column, other text as one value."""
    naam, pad = bestand.relative_to(wortel).as_posix(), _tekst(str(bestand))
    regels = ""
    if bestand.suffix == ".parquet":
        sql = f"read_parquet({pad})"
    elif bestand.name.endswith(TABELLEN):
        sql = f"read_csv({pad}, all_varchar = true, header = true, skip = 0, comment = '')"
        # one column: what would part two of them does not occur in text
        regels = (
            f"read_csv({pad}, columns = {{'regel': 'varchar'}}, delim = '\x01', header = false, quote = '', escape = '',"
            " comment = '', auto_detect = false)"
        )
    else:
        return _Bron(naam, f"(select content from read_text({pad}))", {"content": "VARCHAR"}, kolomnamen_tellen=False)
    kolommen = {kolom: soort for kolom, soort, *_ in con.execute(f"describe select * from {sql}").fetchall()}
    return _Bron(naam, sql, kolommen, regels=regels)


def _treffers(con: duckdb.DuckDBPyConnection, bron: _Bron) -> str:
    """The number of values in a source that hold a BSN; names the columns, never the value.

    What may hold nine digits in a row is quickly found, and seldom there; only such rows are taken apart into values.
    """
    als_tekst = [f"{_naam(k)}::varchar" for k in bron.kolommen]
    rijen, verdacht = _zeef(con, bron)
    geteld, naam = rijen * len(bron.kolommen), _tekst(bron.naam)
    if not verdacht:
        return f"select {naam} as object, 0::double as waarde, {geteld}::bigint as geteld, 0::bigint as geschonden,\
 null::varchar as toelichting, null::varchar as nvt"
    namen = ", ".join(_tekst(k) for k in bron.kolommen)
    return f"""(
with rij as (select * from {bron.sql} where {" or ".join(_negen_cijfers(t) for t in als_tekst)}),
waarde as (select unnest([{namen}]) as k, unnest([{", ".join(als_tekst)}]) as v from rij),
geraakt as (
    select k from waarde
    where {_negen_cijfers("v")} and len(list_filter({_GETALLEN},
        lambda t: t not in ('000000000', '999999999') and {_ELFPROEF} % 11 = 0)) > 0
)
select {naam} as object, (select count(*) from geraakt)::double as waarde, {geteld}::bigint as geteld,
    (select count(*) from geraakt) as geschonden,
    'BSN in ' || (select string_agg(distinct k, ', ' order by k) from geraakt) as toelichting, null as nvt)"""


def _zeef(con: duckdb.DuckDBPyConnection, bron: _Bron) -> tuple[int, bool]:
    """The number of rows of a source, and whether one of them may hold nine digits in a row: one scan, no row taken apart."""
    if bron.regels:
        rijen, raak = con.execute(
            f"select count(*) - 1, count(*) filter {_waar(_negen_cijfers('regel'))} from {bron.regels}"
        ).fetchone()
        return max(rijen, 0), raak > 0
    getallen = [_naam(k) for k, soort in bron.kolommen.items() if _GETALTYPE.fullmatch(soort)]
    teksten = [_naam(k) for k, soort in bron.kolommen.items() if not _GETALTYPE.fullmatch(soort)]
    # smaller numbers have nine digits in a row only among their decimals, which do not count
    groot = " or ".join(f"{k} not between -99999999 and 99999999" for k in getallen) or "false"
    rijen, raak = con.execute(f"select count(*), count(*) filter {_waar(groot)} from {bron.sql}").fetchone()
    if teksten and not raak:
        # the different values of each column: finding those is far less work than looking at every row
        los = ", ".join(f"{k}::varchar as {k}" for k in teksten)
        sets = ", ".join(f"({k})" for k in teksten)
        waarden = f"select {', '.join(teksten)} from (select {los} from {bron.sql}) group by grouping sets ({sets})"
        (raak,) = con.execute(
            f"select count(*) from ({waarden}) where {' or '.join(map(_negen_cijfers, teksten))}"
        ).fetchone()
    return rijen, raak > 0


def _negen_cijfers(waarde: str) -> str:
    return f"regexp_matches({waarde}, '[0-9]{{9}}')"


def _kolomnamen(bron: _Bron, verboden: tuple[str, ...]) -> str:
    """The number of columns whose name, or a word of it, is that of a person-level column."""
    namen = ", ".join(f"({_tekst(k)})" for k in bron.kolommen)
    lijst = "[" + ", ".join(_tekst(v) for v in verboden) + "]"
    fout = f"(list_contains({lijst}, lower(k)) or len(list_intersect(string_split(lower(k), '_'), {lijst})) > 0)"
    return f"""
select {_tekst(bron.naam + " (kolomnamen)")}, count(*) filter {_waar(fout)}, count(*), count(*) filter {_waar(fout)},
    'persoonskolom ' || string_agg(k, ', ' order by k) filter {_waar(fout)}, null
from (values {namen}) as kolom(k)"""


def _onleesbaar(naam: str) -> str:
    return f"select {_tekst(naam)}, 1, 1, 1, 'dit soort bestand kan niet worden nagekeken', null"


def _waar(voorwaarde: str) -> str:
    return f"(where {voorwaarde})"


def _naam(naam: str) -> str:
    """A quoted identifier."""
    return '"' + naam.replace('"', '""') + '"'
