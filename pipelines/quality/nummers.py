"""The measurement of M7: looks for BSN's and person-level columns in everything that would be published. Judges nothing."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release import switch
from pipelines.release.manifest import controlesom
from pipelines.sqltekst import tekst as _tekst

TABELLEN = (".parquet", ".csv", ".csv.gz")
TEKST = frozenset((".json", ".md", ".txt", ".tsv", ".html", ".css", ".js", ".svg", ".yml", ".yaml", ".xml", ".sql"))

# Decimals go first: 12.5 and 12,5 are no number of a person, but 123456782.0 is 123456782.
_GETALLEN = r"""
    case when regexp_full_match(trim(v), '-?\d+,\d+') then []
    else regexp_extract_all(
        regexp_replace(regexp_replace(v, '(\d)\.0+\b', '\1 ', 'g'), '\d+\.\d+', ' ', 'g'), '\b[0-9]{9}\b') end"""
_ELFPROEF = (
    "(" + " + ".join(f"{w} * substr(t, {i}, 1)::int" for i, w in enumerate((9, 8, 7, 6, 5, 4, 3, 2, -1), 1)) + ")"
)

_GETALTYPE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\([^)]*\)")
_Uitslag = tuple[str, int, int, int, str | None, str | None]  # a row of a measurement: see poorten.meet


def geslaagde_bestanden(vorige: Path, release: Path) -> set[str]:
    """The files of the publication in ``release``, by name within it, in which M7 found nothing for release ``vorige``, byte
    for byte. Empty when it found anything there, which a threshold or an override may have let pass.
    """
    with duckdb.connect(str(vorige / "warehouse.duckdb"), read_only=True) as con:
        (schoon,) = con.execute("select bool_and(waarde = 0) from kwaliteit.meting where regel = 'M7'").fetchone()
    if not schoon:
        return set()
    publicatie = {n: som for n, som in switch.manifest(vorige)["bestanden"].items() if n.startswith("publicatie/")}
    return {n for n, som in publicatie.items() if (release / n).is_file() and controlesom(release / n) == som}


@dataclass(frozen=True)
class _Bron:
    """Something published that can be read as a table, and the types of its columns."""

    naam: str
    sql: str
    kolommen: dict[str, str]
    kolomnamen_tellen: bool = True
    regels: str = ""  # of a CSV: its lines with the header, as a relation (regel)


def meting(
    con: duckdb.DuckDBPyConnection, publicatie: Path, verboden: tuple[str, ...], geslaagd: Collection[str] = ()
) -> str:
    """The outcome of M7, as SQL, over the attached catalog ``publicatie`` and the files beside it.

    The files are those in the directory with the name of the database (``publicatie.duckdb`` → ``publicatie/``).
    Gives a row per table or file with the number of values that hold a BSN, and one with the number of forbidden
    columns. A file of an unknown kind counts as a hit: what cannot be checked is not published. Files in ``geslaagd`` (names
    like publicatie/duur.csv) passed before, byte for byte: they are counted, not read. Raises duckdb.Error or OSError on an
    unreadable file.
    """
    alle = sorted(p for p in publicatie.with_suffix("").rglob("*") if p.is_file())
    bestanden = [p for p in alle if p.relative_to(publicatie.parent).as_posix() not in geslaagd]
    leesbaar = [b for b in bestanden if b.suffix in TEKST or b.name.endswith(TABELLEN)]
    bronnen = _tabellen(con) + [_bestand(con, publicatie.parent, b) for b in leesbaar]
    uitslagen = [_treffers(con, bron) for bron in bronnen]
    uitslagen += [_kolomnamen(bron, verboden) for bron in bronnen if bron.kolomnamen_tellen]
    for bestand in (b for b in bestanden if b not in leesbaar):
        naam = bestand.relative_to(publicatie.parent).as_posix()
        uitslagen.append((naam, 1, 1, 1, "dit soort bestand kan niet worden nagekeken", None))
    if gelijk := len(alle) - len(bestanden):
        uitslagen.append(
            ("bestanden die gelijk zijn aan die van de vorige release", 0, gelijk, 0, "daarin geslaagd", None)
        )
    con.execute(
        "create or replace temp table _nummers (object varchar, waarde double, geteld bigint, geschonden bigint,"
        " toelichting varchar, nvt varchar)"
    )
    con.executemany("insert into _nummers values (?, ?, ?, ?, ?, ?)", uitslagen)
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
        # another escape than the double quote could hide digits from who looks at the lines
        sql = (
            f"""read_csv({pad}, all_varchar = true, header = true, skip = 0, comment = '', quote = '"', escape = '"')"""
        )
        # parted by what does not occur in text; where it does, reading fails, and with it the poort
        regels = (
            f"read_csv({pad}, columns = {{'regel': 'varchar'}}, delim = '\x01', header = false, quote = '', escape = '',"
            " comment = '', auto_detect = false)"
        )
    else:
        return _Bron(naam, f"(select content from read_text({pad}))", {"content": "VARCHAR"}, kolomnamen_tellen=False)
    kolommen = {kolom: soort for kolom, soort, *_ in con.execute(f"describe select * from {sql}").fetchall()}
    return _Bron(naam, sql, kolommen, regels=regels)


def _kolomnamen(bron: _Bron, verboden: tuple[str, ...]) -> _Uitslag:
    """The number of columns whose name, or a word of it, is that of a person-level column."""
    fout = sorted(k for k in bron.kolommen if {k.lower(), *k.lower().split("_")} & set(verboden))
    toelichting = f"persoonskolom {', '.join(fout)}" if fout else None
    return f"{bron.naam} (kolomnamen)", len(fout), len(bron.kolommen), len(fout), toelichting, None


def _treffers(con: duckdb.DuckDBPyConnection, bron: _Bron) -> _Uitslag:
    """The number of values in a source, names of columns included, that hold a BSN; tells the columns, never the value.

    Whether there may be nine digits in a row anywhere is quickly found; only then are rows taken apart into values.
    """
    rijen, verdacht = _in_regels(con, bron) if bron.regels else _in_kolommen(con, bron)
    verdacht = verdacht or re.search(r"\d{9}", " ".join(bron.kolommen)) is not None
    raak, waar = con.execute(_per_waarde(bron)).fetchone() if verdacht else (0, None)
    return bron.naam, raak, rijen * len(bron.kolommen), raak, f"BSN in {waar}" if raak else None, None


def _in_regels(con: duckdb.DuckDBPyConnection, bron: _Bron) -> tuple[int, bool]:
    """The number of lines of a CSV below the header, and whether one of all has nine digits in a row."""
    regels, raak = con.execute(
        f"select count(*), count(*) filter (where {_negen_cijfers('regel')}) from {bron.regels}"
    ).fetchone()
    return max(regels - 1, 0), raak > 0


def _in_kolommen(con: duckdb.DuckDBPyConnection, bron: _Bron) -> tuple[int, bool]:
    """The number of rows of a table, and whether one of them may have nine digits in a row."""
    getallen = [_naam(k) for k, soort in bron.kolommen.items() if _GETALTYPE.fullmatch(soort)]
    teksten = [_naam(k) for k, soort in bron.kolommen.items() if not _GETALTYPE.fullmatch(soort)]
    # smaller ones have nine digits in a row only among their decimals, which do not count
    groot = " or ".join(f"abs({k}::double) >= 1e8" for k in getallen) or "false"
    rijen, raak = con.execute(f"select count(*), count(*) filter (where {groot}) from {bron.sql}").fetchone()
    if teksten and not raak:
        # the different values of each column: finding those is far less work than looking into every row
        als_tekst = ", ".join(f"{k}::varchar as {k}" for k in teksten)
        groepen = ", ".join(f"({k})" for k in teksten)
        waarden = (
            f"select {', '.join(teksten)} from (select {als_tekst} from {bron.sql}) group by grouping sets ({groepen})"
        )
        (raak,) = con.execute(
            f"select count(*) from ({waarden}) where {' or '.join(map(_negen_cijfers, teksten))}"
        ).fetchone()
    return rijen, raak > 0


def _per_waarde(bron: _Bron) -> str:
    """The query for how many values of a source hold a BSN, and in which columns."""
    als_tekst = [f"{_naam(k)}::varchar" for k in bron.kolommen]
    namen = ", ".join(_tekst(k) for k in bron.kolommen)
    return f"""
with rij as (select * from {bron.sql} where {" or ".join(map(_negen_cijfers, als_tekst))}),
waarde as (
    select unnest([{namen}]) as k, unnest([{", ".join(als_tekst)}]) as v from rij
    union all select 'de naam van een kolom', unnest([{namen}])
)
select count(*), string_agg(distinct k, ', ' order by k) from waarde
where {_negen_cijfers("v")} and len(list_filter({_GETALLEN},
    lambda t: t not in ('000000000', '999999999') and {_ELFPROEF} % 11 = 0)) > 0"""


def _negen_cijfers(waarde: str) -> str:
    return f"regexp_matches({waarde}, '[0-9]{{9}}')"


def _naam(naam: str) -> str:
    """A quoted identifier."""
    return '"' + naam.replace('"', '""') + '"'
