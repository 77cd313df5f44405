"""The system of all published counts and what connects them: families.py worked out over the tables, as arrays.

A large country is taken in parts, regions that no sum connects, so that its counts need not fit in memory together.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from pipelines.release.database import tabellen_van
from pipelines.release.families import (
    DELINGEN,
    NIVEAUS,
    OP_WIJK,
    OUDERKOLOM,
    OVER_REGIOS,
    RIJSLEUTEL,
    SLEUTEL,
    SOORTEN,
    VAN_ELDERS,
    ongelijkheden,
    telkolommen,
    vergelijkingen,
)
from pipelines.release.voortplanting import per_cel
from pipelines.settings import Onthulling
from pipelines.sqltekst import tekst

HEEL = 24_000_000  # rows of the monitor that are looked at as a whole: some 1.5 GB beside DuckDB
DEEL = 1_500_000  # rows in a part of what is larger, unless one region with all that lies in it has more
DELEN_TEGELIJK = 2  # while together they have no more rows than
RIJEN_TEGELIJK = 40_000_000  # some 2.5 GB beside DuckDB; a part that is larger is taken alone
# The rows of the part. The limit is a fence: what comes after it looks at these rows only, not first at all of the country.
IN_DEEL = "semi join deel using (regio_niveau, regio_code) limit 9223372036854775807"
ONBEKENDE_WIJK = "('wijk', 'onbekend')"  # the region that stands in every part
BEWAARD = ("plek", "deling", "p", "p_lid", "getal", "term", "weg")  # all that is needed of a system
T = TypeVar("T")


@dataclass
class Stelsel:
    """All counts and what connects them, as arrays. Cells are numbered 0…; the last ``len(rest)`` are unpublished rests."""

    waarde: np.ndarray  # true value per cell; a rest may be zero, a published cell is not
    niveau: np.ndarray  # how far from the top: wijk 0 … provincie 4
    belang: np.ndarray  # how much readers miss it: 1 a detail, 3 a total, 12 a percentage in zorg, the headline
    rest: np.ndarray  # is the cell an unpublished rest?
    vast: np.ndarray  # is it what other parts of the country add?
    plaatsen: np.ndarray  # in how many places it is printed
    con: np.ndarray  # equation of each term, ascending
    cel: np.ndarray  # cell of each term
    coef: np.ndarray  # coefficient of each term (1 or -1)
    p_teller: np.ndarray  # cell of the teller of each percentage (-1: a teller of zero)
    p_noemer: np.ndarray  # cell of its noemer (-1: population)
    p_t: np.ndarray
    p_n: np.ndarray
    p_soort: np.ndarray  # see SOORTEN
    p_plaatsen: np.ndarray  # how many values are printed of it
    p_leden: np.ndarray  # [percentage, cell]: on which cells each depends
    weggelaten: dict[str, int] = field(default_factory=dict)  # equations that do not hold, per family

    @cached_property
    def aantal_con(self) -> int:
        """How many equations there are."""
        return int(self.con[-1]) + 1 if len(self.con) else 0

    @cached_property
    def begin_con(self) -> np.ndarray:
        """The place of the first term of each equation, and of the end."""
        return _begin(self.con, self.aantal_con)

    @cached_property
    def per_cel(self) -> tuple[np.ndarray, np.ndarray]:
        """The equations ordered by cell, and where each cell begins."""
        begin = _begin(self.cel, len(self.waarde))
        return per_cel(self.con, self.cel, begin), begin

    def termen(self, cons: np.ndarray) -> np.ndarray:
        """The places of all terms of these equations (numbers, ascending)."""
        return _reeksen(self.begin_con[cons], self.begin_con[cons + 1])

    def vergelijkingen(self, cellen: np.ndarray) -> np.ndarray:
        """The numbers of the equations in which one of these cells (numbers) stands, ascending."""
        con, begin = self.per_cel
        return uniek(con[_reeksen(begin[cellen], begin[cellen + 1])], self.aantal_con)


def uniek(nummers: np.ndarray, aantal: int) -> np.ndarray:
    """The different ones of numbers below ``aantal``, ascending; for many numbers quicker than sorting them."""
    raak = np.zeros(aantal, bool)
    raak[nummers] = True
    return np.flatnonzero(raak)


def _begin(nummers: np.ndarray, aantal: int) -> np.ndarray:
    """Where each number begins when numbers below ``aantal`` are sorted, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(np.bincount(nummers, minlength=aantal))]).astype(np.int32)


def _reeksen(van: np.ndarray, tot: np.ndarray) -> np.ndarray:
    """The numbers of all ranges van…tot - 1, one after the other."""
    lengte = tot - van
    return np.arange(lengte.sum()) + np.repeat(van - np.cumsum(lengte) + lengte, lengte)


# --- the parts of a country ---------------------------------------------------------------------------------------------


def per_deel(
    con: duckdb.DuckDBPyConnection,
    schema: str,
    dwh: str,
    delen: Sequence[pa.Table | None],
    doe: Callable[[duckdb.DuckDBPyConnection, Stelsel], T],
    meld: Callable[[str], None] = lambda tekst: None,
    map_: Path | None = None,
    kies: Collection[int] | None = None,
) -> Iterator[tuple[int, T]]:
    """Do something with the system of each part of ``schema``; gives the number of the part and what that gave, as soon as
    it is there.

    ``delen`` are the parts (see verdeel); with ``kies`` only those of these numbers are taken. ``doe`` gets a connection of
    its own with the temporary tables plek, deling and p_lid, and deel_<table>: the rows of the part, with ``rij`` (the rowid
    in ``schema``). ``schema`` and ``dwh`` are attached schemas monitor and dwh. In directory ``map_`` the systems are kept
    for the next time that the same schema is gone through.
    """
    nummers = [n for n in _groot_en_klein(delen) if kies is None or n in kies]
    ruimte, klaar = Ruimte(RIJEN_TEGELIJK), count(1)

    def een(nummer: int, hier: duckdb.DuckDBPyConnection) -> tuple[int, T]:
        bestand = map_ / f"deel{nummer}.duckdb" if map_ else None
        with ruimte.neem(_rijen(delen[nummer])), hier:
            _neem_deel(hier, schema, delen[nummer])
            if bestand and bestand.exists():
                _neem_over(hier, bestand)
            else:
                maak_plekken(hier, dwh)
                maak_stelsel(hier, gedeeld=delen[nummer] is not None)
                if bestand:
                    _bewaar(hier, bestand)
            stelsel = lees_stelsel(hier)
            for t in ("cel", "getal", "term"):  # the arrays hold them now
                hier.execute(f"drop table if exists {t} cascade")
            for familie, aantal in stelsel.weggelaten.items():
                meld(f"{aantal} sommen van {familie} kloppen niet in de monitor en zijn niet bewaakt")
            uitkomst = doe(hier, stelsel)
        if len(delen) > 1:
            meld(f"deel {next(klaar)} van {len(nummers)} klaar: {len(stelsel.waarde)} aantallen")
        return nummer, uitkomst

    with ThreadPoolExecutor(min(len(delen), DELEN_TEGELIJK, os.cpu_count() or 1)) as pool:
        yield from pool.map(een, nummers, [con.cursor() for _ in nummers])


def _groot_en_klein(delen: list[pa.Table | None]) -> list[int]:
    """The parts by number, the largest and the smallest in turn: two of the large ones do not go together."""
    oplopend = sorted(range(len(delen)), key=lambda nummer: _rijen(delen[nummer]))
    return list(dict.fromkeys(chain.from_iterable(zip(reversed(oplopend), oplopend, strict=True))))


def _rijen(deel: pa.Table | None) -> int:
    return int(deel["rijen"].to_numpy().sum()) if deel else 0


class Ruimte:
    """Lets threads in as long as what they take fits together; who takes more than there is waits to be alone."""

    def __init__(self, hoeveel: int):
        self._hoeveel, self._bezet, self._vrij = hoeveel, 0, threading.Condition()

    @contextmanager
    def neem(self, hoeveel: int) -> Iterator[None]:
        """Wait until there is room for ``hoeveel``, and keep it."""
        with self._vrij:
            self._vrij.wait_for(lambda: not self._bezet or self._bezet + hoeveel <= self._hoeveel)
            self._bezet += hoeveel
        try:
            yield
        finally:
            with self._vrij:
                self._bezet -= hoeveel
                self._vrij.notify_all()


def verdeel(con: duckdb.DuckDBPyConnection, sommen: str, dwh: str) -> list[pa.Table | None]:
    """The parts of a country: tables (regio_niveau, regio_code, rijen); [None] when it is not larger than HEEL. ``sommen``
    tells how many rows there are where (see database.sommen).

    Regions of which one lies in the other are in one part; parts are filled up to DEEL rows.
    """
    regio, groep = samenhang(con, sommen, dwh)
    rijen = regio["rijen"].to_numpy()
    if rijen.sum() <= HEEL:
        return [None]
    tot_en_met = np.cumsum(np.bincount(groep, rijen))
    deel = (tot_en_met // DEEL)[groep]
    delen = [regio.filter(pa.array(deel == d)) for d in np.unique(deel)]
    return delen if len(delen) > 1 else [None]


def samenhang(con: duckdb.DuckDBPyConnection, sommen: str, dwh: str) -> tuple[pa.Table, np.ndarray]:
    """The regions of ``sommen`` (regio_niveau, regio_code, rijen), and of each the number of the group that it is in:
    regions of which one lies in the other, in some year, are in one group.
    """
    con.execute(
        f"create or replace temp table regio as select *, row_number() over (order by regio_niveau, regio_code) - 1 as nr from"
        f" (select regio_niveau, regio_code, sum(rijen)::bigint as rijen from {sommen} group by all)"
    )
    con.execute(  # a table, for what is read from a union may wait for itself for ever (duckdb/duckdb#22215)
        "create or replace temp table rand as "
        + " union all ".join(
            f"select k.nr as kind, o.nr as ouder from {dwh}.dim_regio as r join regio as k using (regio_niveau, regio_code)"
            f" join regio as o on o.regio_niveau = '{niveau}' and o.regio_code = coalesce(r.{kolom}, 'onbekend')"
            f" where r.regio_niveau in {(*NIVEAUS[: NIVEAUS.index(niveau)], '')}"
            for niveau, kolom in OUDERKOLOM.items()
        )
    )
    randen = con.execute("from rand").fetchnumpy()
    regio = con.execute("select regio_niveau, regio_code, rijen from regio order by nr").to_arrow_table()
    n = regio.num_rows
    _, groep = connected_components(
        coo_matrix((np.ones(len(randen["kind"])), (randen["kind"], randen["ouder"])), (n, n))
    )
    return regio, groep


def vingerafdrukken(
    con: duckdb.DuckDBPyConnection,
    sommen: Sequence[str],
    dwh: str,
    delen: Sequence[pa.Table | None],
    regels: Onthulling,
) -> list[str]:
    """Per part a text that is another one when any of its rows is, or the regions, or ``regels``; the rows by their ``sommen``
    (see database.sommen) in one schema or several.

    Of a rank only whether there is one: nothing is worked out from it.
    """
    con.execute("create or replace temp table deelregio (deel integer, regio_niveau varchar, regio_code varchar)")
    for nummer, deel in enumerate(delen):
        if deel is None:
            regios = " union ".join(f"select regio_niveau, regio_code from {som}" for som in sommen)
        else:
            con.register("_deel", deel)  # who has no known wijk is in every part
            regios = f"select regio_niveau, regio_code from _deel union values {ONBEKENDE_WIJK}"
        con.execute(f"insert into deelregio select {nummer}, * from ({regios})")
    inhoud: list[list] = [[regels.model_dump_json()] for _ in delen]
    for som in sommen:
        per_tabel = con.execute(
            f"select deel, tabel, sum(rijen), sum(som) from {som} join deelregio using (regio_niveau, regio_code)"
            " group by all order by all"
        )
        for nummer, *rest in per_tabel.fetchall():
            inhoud[nummer].append((som, *rest))
    con.execute("drop table deelregio")
    indeling = con.execute(
        f"select (select sum(hash(t)) from {dwh}.dim_regio as t), (select sum(hash(t)) from {dwh}.code_hulpvorm as t)"
    ).fetchone()
    return [hashlib.sha256(f"{indeling} {i}".encode()).hexdigest()[:32] for i in inhoud]


def _regios(schema: str, tabellen: list[str]) -> str:
    return " union all ".join(f"select regio_niveau, regio_code from {schema}.{t}" for t in tabellen)


def _bewaar(con: duckdb.DuckDBPyConnection, bestand: Path) -> None:
    bestand.parent.mkdir(exist_ok=True)
    con.execute(f"attach {tekst(bestand)} as {bestand.stem}")
    for t in BEWAARD:
        con.execute(f"create table {bestand.stem}.{t} as from temp.{t}")
    con.execute(f"detach {bestand.stem}")


def _neem_over(con: duckdb.DuckDBPyConnection, bestand: Path) -> None:
    con.execute(f"attach {tekst(bestand)} as {bestand.stem} (read_only)")
    for t in BEWAARD:
        con.execute(f"create or replace temp table {t} as from {bestand.stem}.{t}")
    con.execute(f"detach {bestand.stem}")


def _neem_deel(con: duckdb.DuckDBPyConnection, schema: str, deel: pa.Table | None = None) -> None:
    """Temporary table deel: the regions of a part of the country (see verdeel) or of all; views deel_<table>: their rows."""
    tabellen = tabellen_van(con, schema)
    if deel is None:
        regios = f"select distinct * from ({_regios(schema, tabellen)})"
    else:
        con.register("_deel", deel)
        # who has no known wijk stands in one wijk for all parts together
        regios = f"select regio_niveau, regio_code from _deel union select * from (values {ONBEKENDE_WIJK})"
    con.execute(f"create or replace temp table deel as {regios}")
    hier = "" if deel is None else f" {IN_DEEL}"
    for t in tabellen:
        con.execute(f"create or replace temp view deel_{t} as select rowid as rij, * from {schema}.{t}{hier}")


def in_deel(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of which there is a deel_<table>."""
    gezien = con.execute(
        "select table_name from information_schema.tables where table_name like 'deel\\_%' escape '\\'"
    )
    return sorted({t.removeprefix("deel_") for (t,) in gezien.fetchall()} & RIJSLEUTEL.keys())


# --- counts -------------------------------------------------------------------------------------------------------------


def maak_plekken(con: duckdb.DuckDBPyConnection, dwh: str) -> None:
    """Temporary tables cel, plek and deling: each count of the tables deel_… once, where it is printed, what divides two.

    ``dwh`` is the attached schema dwh.
    """
    tabellen = in_deel(con)
    for t in tabellen:
        # read once; most rows have nothing but zeros, which are printed as they are
        getallen = {k.kolom for k in telkolommen(t)} | {d.noemer for d in DELINGEN.get(t, [])}
        elders = VAN_ELDERS if t == "vergelijking" else ()
        iets = " or ".join([*(f"{k} <> 0" for k in sorted(getallen)), *(f"{k} is not null" for k in elders)])
        con.execute(f"create or replace temp table telt_{t} as from deel_{t} where {iets}")
    plekken = [
        f"select '{t}' as tabel, rij, '{kolom}' as kolom, {sleutel}, cast({kolom} as bigint) as waarde"
        f" from telt_{t} where {waar} and {kolom} <> 0"
        for t in tabellen
        for kolom, sleutel, waar in telkolommen(t)
    ]
    sleutel = ", ".join(SLEUTEL)
    con.execute(
        f"create or replace temp table plek_lang as select *, hash({sleutel}, waarde) as zelfde,"
        " hash(niveau, regio) as waar, hash(reeks, dimensie) as wat"
        f" from ({_samen(con, plekken, 'tabel', 'kolom')})"
    )
    # numbered so that what hangs together lies together in memory; by numbers alone, to which the names are added after
    con.execute(
        "create or replace temp table nummer as"
        " select cast(row_number() over () - 1 as integer) as id, zelfde, eerste, plaatsen from"
        " (select zelfde, min(rowid) as eerste, count(*) as plaatsen, any_value(waar) as waar, any_value(wat) as wat"
        " from plek_lang group by zelfde order by waar, wat, zelfde)"
    )
    con.execute(
        f"create or replace temp table cel as select id, {sleutel}, waarde, plaatsen"
        " from plek_lang as p join nummer as n on p.rowid = n.eerste"
    )
    con.execute(
        "create or replace temp table plek as select tabel, rij, kolom, id, cast(waarde as integer) as waarde"
        " from plek_lang join nummer using (zelfde)"
    )
    con.execute("drop table plek_lang; drop table nummer")
    _maak_delingen(con, tabellen)
    for t in tabellen:
        con.execute(f"drop table telt_{t}")
    _maak_ouders(con, dwh)
    con.execute(f"create or replace temp table code_hulpvorm as select code, groep from {dwh}.code_hulpvorm")


def plaatstypen(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The types of the names of a table and of a column. There are tens of millions of places where a number is printed:
    as text their names take twice as long to join.
    """
    kolommen = con.execute(
        "select distinct column_name from duckdb_columns() where table_name in (select 'deel_' || unnest(?)) order by 1",
        [list(RIJSLEUTEL)],
    ).fetchall()
    return tuple(f"enum({', '.join(map(tekst, namen))})" for namen in (RIJSLEUTEL, [k for (k,) in kolommen]))


def _samen(con: duckdb.DuckDBPyConnection, delen: list[str], tabel: str, kolom: str) -> str:
    """SELECTs as one, the columns named in ``tabel`` and ``kolom`` with the types of plaatstypen."""
    types = {n: soort for namen, soort in zip((tabel, kolom), plaatstypen(con), strict=True) for n in namen.split()}
    casts = ", ".join(f"cast({n} as {soort}) as {n}" for n, soort in types.items())
    # of each SELECT by itself: there the names are constants
    return " union all by name ".join(f"select * replace ({casts}) from ({deel})" for deel in delen)


def _maak_delingen(con: duckdb.DuckDBPyConnection, tabellen: list[str]) -> None:
    """Temporary tables deling: (tabel, rij, kolom, p); p: what each percentage divides; p_lid: the cells it depends on."""
    delen = [
        f"select '{t}' as tabel, rij, '{d.kolommen[0]}' as kolom, '{d.teller}' as tk, '{d.noemer}' as nk,"
        f" cast({d.teller} as bigint) as t, cast({d.noemer} as bigint) as n, {SOORTEN[d.soort]} as soort,"
        f" {1 if t == 'vergelijking' else len(d.kolommen)} as aantal, '{t}' as van_tabel, rij as van_rij"
        f" from telt_{t} where {d.waar} and {d.kolommen[0]} is not null and {d.teller} is not null and {d.noemer} > 0"
        for t in tabellen
        for d in DELINGEN.get(t, [])
    ]
    if {"vergelijking", "prestatie_indicatoren"} <= set(tabellen):
        delen += _delingen_vergelijking()
    leeg = (
        "select null as tabel, 0::bigint as rij, null as kolom, null as tk, null as nk, 0::bigint as t, 0::bigint as n,"
        " 0 as soort, 0 as aantal, null as van_tabel, 0::bigint as van_rij where false"
    )
    alle = _samen(con, [leeg, *delen], "tabel van_tabel", "kolom tk nk")
    con.execute(f"create or replace temp table deling_lang as {alle}")
    con.execute(
        "create or replace temp table deling as select d.tabel, d.rij, d.kolom, coalesce(a.id, -1) as teller,"
        " coalesce(b.id, -1) as noemer, d.t, d.n, d.soort, d.aantal from deling_lang as d"
        " left join plek as a on (a.tabel, a.rij, a.kolom) = (d.van_tabel, d.van_rij, d.tk)"
        " left join plek as b on (b.tabel, b.rij, b.kolom) = (d.van_tabel, d.van_rij, d.nk)"
    )
    # the same teller over the same noemer is one percentage, wherever it is printed
    con.execute(
        "create or replace temp table p as"
        " select cast(row_number() over (order by teller, noemer, t, n, groep) - 1 as integer) as p, * from"
        " (select teller, noemer, t, n, greatest(soort, 1) as groep, max(soort) as soort, sum(aantal) as aantal"
        " from deling group by all)"
    )
    con.execute(
        "create or replace temp table deling as select d.tabel, d.rij, d.kolom, p.p from deling as d join p"
        " on (d.teller, d.noemer, d.t, d.n, greatest(d.soort, 1)) = (p.teller, p.noemer, p.t, p.n, p.groep)"
    )
    con.execute(
        "create or replace temp table p_lid as select p, teller as id from p where teller >= 0"
        " union select p, noemer from p where noemer >= 0"
        f" union select p.p, c.id from p join cel as n on p.noemer = n.id and p.soort = {SOORTEN['scores']}"
        " join cel as c on c.bron = 'pi' and c.dimensie = '1|verdeling'"
        " and (c.periode, c.niveau, c.regio, c.reeks) = (n.periode, n.niveau, n.regio, n.reeks)"
    )


def _delingen_vergelijking() -> list[str]:
    """Two columns of vergelijking that show numbers of another row: the provincie's value and the respons."""
    van_provincie, van_respons = VAN_ELDERS
    zelfde = (
        "(p.verslagperiode, p.indicator, p.maat, p.categorie) = (v.verslagperiode, v.indicator, v.maat, v.categorie)"
    )
    provincie = (
        f"select 'vergelijking' as tabel, v.rij, '{van_provincie}' as kolom, 'teller' as tk, 'noemer' as nk,"
        " p.teller as t, p.noemer as n, 1 as soort, 1 as aantal, 'prestatie_indicatoren' as van_tabel, p.rij as van_rij"
        f" from telt_vergelijking as v join telt_prestatie_indicatoren as p on {zelfde}"
        f" and p.regio_niveau = 'provincie' and p.aanbieder = 'alle' and p.waarde = v.{van_provincie}"
        " where p.teller is not null and p.noemer > 0"
    )
    respons = (
        f"select 'vergelijking' as tabel, v.rij, '{van_respons}' as kolom, 'respons_teller' as tk,"
        " 'respons_noemer' as nk, p.respons_teller as t, p.respons_noemer as n, 0 as soort, 1 as aantal,"
        " 'prestatie_indicatoren' as van_tabel, p.rij as van_rij"
        f" from telt_vergelijking as v join telt_prestatie_indicatoren as p on {zelfde}"
        " and (p.regio_niveau, p.regio_code, p.aanbieder) = (v.regio_niveau, v.regio_code, v.aanbieder)"
        f" where v.{van_respons} is not null and p.respons_noemer > 0"
    )
    return [provincie, respons]


def _maak_ouders(con: duckdb.DuckDBPyConnection, dwh: str) -> None:
    """Temporary table ouder: in which region of a higher level each region lies, per period."""
    regio = f"""(select distinct c.periode, c.niveau, c.regio, r.* exclude (regio_niveau, regio_code, jaar)
        from (select distinct periode, niveau, regio from cel) as c
        join {dwh}.dim_regio as r on c.niveau = r.regio_niveau and c.regio = r.regio_code
        qualify row_number() over (partition by c.periode, c.niveau, c.regio
            order by r.jaar > cast(c.periode[1:4] as integer), abs(r.jaar - cast(c.periode[1:4] as integer))) = 1)"""
    delen = []
    for i, kind in enumerate(NIVEAUS):
        for ouder in NIVEAUS[i + 1 :]:
            if kind == "wijk" and ouder != "gemeente":
                continue
            delen.append(
                f"select periode, '{kind}' as kind_niveau, regio as kind, '{ouder}' as ouder_niveau,"
                f" coalesce({OUDERKOLOM[ouder]}, 'onbekend') as ouder from {regio} where niveau = '{kind}'"
            )
    con.execute(f"create or replace temp table ouder as {' union all '.join(delen)}")


def _wijken(con: duckdb.DuckDBPyConnection) -> None:
    """Gemeente = its wijken + who has no known wijk; all of those together stand under wijk ``onbekend``."""
    rest = [f"c.{k}" for k in SLEUTEL if k not in ("niveau", "regio")]
    sleutel = ", ".join(rest)
    con.execute(
        f"create or replace temp table wijkterm as select hash('wijk', o.ouder, {sleutel}) as con, c.id, -1 as coef,"
        f" o.ouder as gemeente,"
        f" hash({sleutel}) as wat from cel as c join ouder as o"
        " on c.periode = o.periode and c.niveau = o.kind_niveau and c.regio = o.kind"
        f" where c.niveau = 'wijk' and c.regio <> 'onbekend'"
        f" union all select hash('wijk', c.regio, {sleutel}), c.id, 1, c.regio, hash({sleutel}) from cel as c"
        f" where c.niveau = 'gemeente' and c.regio <> 'onbekend' and {OP_WIJK}"
    )
    # without anyone of unknown wijk the wijken of a gemeente add up exactly
    con.execute(
        "create or replace temp table wijkrest as select con, any_value(wat) as wat from wijkterm where wat in"
        f" (select hash({sleutel}) from cel as c where c.niveau = 'wijk' and c.regio = 'onbekend' and {OP_WIJK}) group by con"
    )
    con.execute("insert into term_lang select 'wijk', con, id, coef from wijkterm")
    _voeg_rest_toe(con, "wijk", "select con, id, coef from wijkterm where con in (select con from wijkrest)")
    con.execute(
        "insert into term_lang select 'wijk_onbekend', hash('wijk_onbekend', w.wat), r.id, 1"
        " from wijkrest as w join rest as r using (con)"
        f" union all select 'wijk_onbekend', hash('wijk_onbekend', hash({sleutel})), c.id,"
        f" case c.niveau when 'wijk' then -1 else 1 end"
        f" from cel as c where c.regio = 'onbekend' and c.niveau in ('wijk', 'gemeente') and {OP_WIJK}"
    )


def _voeg_rest_toe(con: duckdb.DuckDBPyConnection, familie: str, termen: str, vast: bool = False) -> None:
    """Give each equation of ``termen`` an unpublished rest, with the value that makes it sum to zero.

    A rest that is ``vast`` the attacker nearly knows; it is only there where it is not zero.
    """
    con.execute(
        "insert into rest select (select count(*) from cel) + (select count(*) from rest)"
        " + row_number() over (order by con) - 1,"
        f" con, sum(coef * waarde), {vast} from ({termen}) as t join alle_cel using (id) group by con"
        f" having not {vast} or sum(coef * waarde) <> 0"
    )
    con.execute(
        f"insert into term_lang select '{familie}', con, id, -1 from rest where con in (select con from ({termen}))"
    )


def maak_stelsel(con: duckdb.DuckDBPyConnection, gedeeld: bool = False) -> None:
    """Temporary tables getal, term and weg out of those of maak_plekken: the numbers and the equations over them.

    An equation that the numbers do not obey is left out, and counted in weg.

    Sums over all regions run on in the other parts when the country is taken in parts (``gedeeld``). What those add to
    them is a number that the attacker is taken to know nearly (see Aanval). Where it can be known better, a count may
    follow that should not: of a test with three provincies, 61 of more than a million.
    """
    families = ", ".join(f"'{naam}'" for naam in (*vergelijkingen(), *ongelijkheden(), "wijk", "wijk_onbekend"))
    # tens of millions of rows: the smallest types that hold them
    con.execute(
        f"create or replace temp table term_lang (familie enum({families}), con ubigint, id integer, coef tinyint)"
    )
    con.execute("create or replace temp table rest (id integer, con ubigint, waarde bigint, vast boolean)")
    con.execute(
        "create or replace temp view alle_cel as"
        " select id, waarde, false as vast from cel union all select id, waarde, vast from rest"
    )
    for naam, sql in vergelijkingen().items():
        con.execute(f"insert into term_lang select '{naam}', con, id, coef from ({sql})")
    for naam, sql in ongelijkheden().items():
        con.execute(f"create or replace temp table ongelijk as {sql}")
        con.execute(f"insert into term_lang select '{naam}', con, id, coef from ongelijk")
        _voeg_rest_toe(con, naam, "select con, id, coef from ongelijk")
    _wijken(con)
    if gedeeld:
        for naam in OVER_REGIOS:
            _voeg_rest_toe(con, naam, f"select con, id, coef from term_lang where familie = '{naam}'", vast=True)
    _keur(con)
    for tabel in ("term_lang", "rest", "ongelijk", "wijkterm", "wijkrest", "oordeel", "ouder"):  # millions of rows
        con.execute(f"drop table if exists {tabel} cascade")


def _keur(con: duckdb.DuckDBPyConnection) -> None:
    """Temporary tables getal, term and weg: all numbers, the terms of the equations that hold, how many do not."""
    con.execute(
        """create or replace temp table oordeel as
           select con, any_value(familie) as familie, min(id) as eerste,
               sum(coef * waarde) = 0 and min(case when vast then 0 else waarde end) >= 0 as klopt
           from term_lang join alle_cel using (id) group by con"""
    )
    con.execute(
        "create or replace temp table weg as select cast(familie as varchar) as familie, count(*) as aantal from oordeel"
        " where not klopt group by all"
    )
    con.execute(
        # numbered along with their cells, so that what belongs together lies together in memory
        """create or replace temp table term as
           select cast(nr as integer) as con, id, coef from term_lang
           join (select con, row_number() over (order by eerste, con) - 1 as nr from oordeel where klopt) using (con)"""
    )
    niveaus = " ".join(f"when '{n}' then {i}" for i, n in enumerate(NIVEAUS))
    con.execute(
        # rests whose equation is gone bind nothing
        f"""create or replace temp table getal as
            select id, waarde, cast(plaatsen as integer) as plaatsen, false as rest, false as vast,
                cast(case niveau {niveaus} end as tinyint) as niveau, cast(case when bron = 'pz' then 12
                    when bron in ('ss', 'hi') and dimensie = 'totaal' or bron = 'pi' and reeks = 'alle' then 3
                    else 1 end as tinyint) as belang
            from cel
            union all
            select id, case when vast then waarde else greatest(waarde, 0) end, 0, true, vast, 0, 0 from rest"""
    )


def lees_stelsel(con: duckdb.DuckDBPyConnection) -> Stelsel:
    """The arrays of what maak_stelsel made."""
    term = con.execute("from term order by con, id").fetchnumpy()
    getal = con.execute("from getal order by id").fetchnumpy()
    deling = con.execute("from p order by p").fetchnumpy()
    lid = con.execute("from p_lid order by all").fetchnumpy()
    return Stelsel(
        waarde=np.asarray(getal["waarde"], np.int32),
        **{k: np.asarray(getal[k]) for k in ("niveau", "belang", "plaatsen")},
        **{k: np.asarray(getal[k], bool) for k in ("rest", "vast")},
        con=np.asarray(term["con"]),
        cel=np.asarray(term["id"]),
        coef=np.asarray(term["coef"]),
        p_teller=np.asarray(deling["teller"], np.int32),
        p_noemer=np.asarray(deling["noemer"], np.int32),
        p_t=np.asarray(deling["t"], np.int32),
        p_n=np.asarray(deling["n"], np.int32),
        p_soort=np.asarray(deling["soort"], np.int8),
        p_plaatsen=np.asarray(deling["aantal"], np.int32),
        p_leden=np.stack([np.asarray(lid["p"], np.int32), np.asarray(lid["id"], np.int32)]),
        weggelaten=dict(con.execute("from weg order by all").fetchall()),
    )
