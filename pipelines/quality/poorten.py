"""Measuring a poort and judging what was measured. The rules are in expectations/; what is kept is in outcomes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import duckdb

from pipelines import sqltekst
from pipelines.periods import Halfjaar
from pipelines.quality import nummers
from pipelines.quality.regels import (
    HELE_REGEL,
    Effect,
    Oordeelregel,
    Poort,
    Regel,
    declaraties,
    drempels,
    oordeel_sql,
    regelnummers,
    regels,
)
from pipelines.settings import Onthulling

__all__ = ["Ergste", "Oordeel", "beoordeel", "blokkades", "controleer_overrides", "drempels", "meet"]

Status = Literal["geslaagd", "gefaald", "niet_van_toepassing", "fout"]

MAX_ERGSTE = 5

_METING = """
create table if not exists kwaliteit.meting (
    regel varchar not null, object varchar not null, waarde double, geteld bigint, geschonden bigint,
    toelichting varchar, nvt varchar, fout varchar)"""


# --- measuring ------------------------------------------------------------------------------------------------------


def meet(
    con: duckdb.DuckDBPyConnection,
    poort: Poort,
    *,
    periode: str,
    drempels: dict[str, float],
    vorige: Path | None = None,
    publicatie: Path | None = None,
    regels_onthulling: Onthulling | None = None,
    stelsels: Path | None = None,
    alles_opnieuw: bool = True,
    geslaagde_bestanden: Collection[str] = (),
) -> None:
    """Run every measurement of a poort and replace its rows in kwaliteit.meting of the build database.

    ``periode`` is the refresh period, ``vorige`` the warehouse.duckdb of the last release and ``publicatie`` the
    publicatie.duckdb about to be released (its directory of the same name is searched too); both are only read.
    ``regels_onthulling`` are the settings by which the publication was made (M8); the usual ones when not given.
    ``stelsels`` is the directory in which the making of the publication left the systems of its counts, if it did.
    Unless ``alles_opnieuw`` the last release was made by the very same code: what passed there need not be measured again,
    nor ``geslaagde_bestanden`` (see nummers.meting).
    Thresholds play no part in measuring: they are written to kwaliteit.drempel, for whoever reads the release.
    A measurement that breaks, or gives nothing, becomes a row with ``fout`` and does not stop the others.
    Raises ValueError when ``periode`` is not a half-year.
    """
    from pipelines.quality import onthulling  # scipy and numba are slow to load, and no other command wants them

    halfjaar = Halfjaar.van(periode)
    con.execute("create schema if not exists kwaliteit")
    con.execute(_METING)
    _bewaar_drempels(con, drempels)
    _zet_variabelen(con, halfjaar)
    con.execute("delete from kwaliteit.meting where list_contains(?, regel)", [[r.id for r in regels(poort)]])
    haken = {
        "nummers": lambda regel: nummers.meting(con, publicatie, regel.verboden_kolommen, geslaagde_bestanden),
        "onthulling": lambda _: onthulling.meting(con, regels_onthulling or Onthulling(), stelsels, alles_opnieuw),
    }
    with _gekoppeld(con, {"vorige": vorige, "publicatie": publicatie}) as ontbreekt:
        for regel in regels(poort):
            _meet_regel(con, regel, ontbreekt, haken)


def _bewaar_drempels(con: duckdb.DuckDBPyConnection, waarden: dict[str, float]) -> None:
    con.execute(
        "create or replace table kwaliteit.drempel (naam varchar, waarde double, eigenaar varchar, waarom varchar)"
    )
    rijen = [(naam, waarde, declaraties()[naam.partition("/")[0]]) for naam, waarde in waarden.items()]
    con.executemany(
        "insert into kwaliteit.drempel values (?, ?, ?, ?)", [(n, w, d.eigenaar, d.waarom) for n, w, d in rijen]
    )


def _zet_variabelen(con: duckdb.DuckDBPyConnection, halfjaar: Halfjaar) -> None:
    """What the measuring SQL reads with getvariable(…)."""
    con.execute(f"set variable periode = '{halfjaar}'")
    con.execute(f"set variable vorige_periode = '{halfjaar.plus(-1)}'")
    con.execute(f"set variable d0 = date '{halfjaar.d0}'")
    con.execute(f"set variable d1 = date '{halfjaar.d1}'")


@contextmanager
def _gekoppeld(con: duckdb.DuckDBPyConnection, paden: dict[str, Path | None]) -> Iterator[dict[str, tuple[str, str]]]:
    """Attach the databases that are there; gives, for each that is not, the column (nvt or fout) and the reason.

    No last release yet is an ordinary thing: what needs it is niet_van_toepassing. A publication that was not handed
    over, or a file that cannot be opened, is a fault: then the rule must not pass for lack of something to look at.
    """
    ontbreekt: dict[str, tuple[str, str]] = {}
    for naam, pad in paden.items():
        if pad is None or not pad.exists():
            ontbreekt[naam] = (
                ("nvt", "er is geen vorige release")
                if naam == "vorige"
                else ("fout", "er is geen publicatie om te meten")
            )
            continue
        try:
            con.execute(f"attach {sqltekst.tekst(pad.resolve())} as {naam} (read_only)")
        except duckdb.Error as fout:
            ontbreekt[naam] = ("fout", f"{pad.name} is niet te openen ({type(fout).__name__})")
    try:
        yield ontbreekt
    finally:
        for naam in paden.keys() - ontbreekt.keys():
            con.execute(f"detach {naam}")


def _meet_regel(
    con: duckdb.DuckDBPyConnection,
    regel: Regel,
    ontbreekt: dict[str, tuple[str, str]],
    haken: dict[str, Callable[[Regel], str]],
) -> None:
    """Measure one rule into kwaliteit.meting; leaves at least one row. ``haken`` make the SQL of rules that have none."""
    if regel.vereist in ontbreekt:
        _noteer(con, regel, *ontbreekt[regel.vereist])
        return
    try:
        sql = haken[regel.haak](regel) if regel.haak else regel.sql
        con.execute(
            "insert into kwaliteit.meting select ?, object, case when nvt is null then round(waarde, 9) end,"
            f" geteld, geschonden, toelichting, nvt, null from (\n{sql}\n)",
            [regel.id],
        )
    except (duckdb.Error, OSError) as fout:
        _noteer(con, regel, "fout", _zonder_waarden(fout))
        return
    rijen, objecten = con.execute(
        "select count(*), count(distinct object) from kwaliteit.meting where regel = ?", [regel.id]
    ).fetchone()
    if rijen == 0:
        _noteer(con, regel, "fout", "de meting gaf niets")
    elif rijen != objecten:
        con.execute("delete from kwaliteit.meting where regel = ?", [regel.id])
        _noteer(con, regel, "fout", f"de meting gaf {rijen} rijen voor {objecten} objecten")


def _noteer(con: duckdb.DuckDBPyConnection, regel: Regel, kolom: str, reden: str) -> None:
    con.execute(
        f"insert into kwaliteit.meting (regel, object, geteld, geschonden, {kolom}) values (?, ?, 0, 0, ?)",
        [regel.id, HELE_REGEL, reden],
    )


def _zonder_waarden(fout: Exception) -> str:
    """The error in words; the message only of errors about names and syntax, since others may quote a data value."""
    naam = type(fout).__name__
    if isinstance(fout, duckdb.CatalogException | duckdb.BinderException | duckdb.ParserException):
        return f"{naam}: {str(fout).splitlines()[0]}"
    return f"{naam}: de meting brak af (de melding is weggelaten: zij kan gegevens bevatten)"


# --- judging --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ergste:
    """An object that breaks a rule, or makes it fail to be judged."""

    object: str
    waarde: float | None
    toelichting: str | None


@dataclass(frozen=True)
class Oordeel:
    """The verdict on one rule and effect; ``geteld`` and ``geschonden`` count objects: judged, breaking the rule."""

    regel: str
    titel: str
    effect: Effect
    drempel: str
    geslaagd: bool
    status: Status
    geteld: int
    geschonden: int
    ergste: tuple[Ergste, ...]
    zin: str
    sql: str = field(repr=False)


def beoordeel(pad: Path, poort: Poort, *, drempels: dict[str, float], docs: Path | None = None) -> list[Oordeel]:
    """Judge what ``meet`` wrote in the DuckDB file at ``pad`` with a Great Expectations suite, pushed down, read-only.

    The writer must have closed the file. Gives one Oordeel per rule and oordeel of the declaration, in that order. With
    ``docs`` the data docs (HTML) are written to that directory; give each poort its own. Raises FileNotFoundError when
    the file is not there; a poort that was never measured is all ``fout``.
    """
    from pipelines.quality.suites import Vraag, toets

    paren = [(regel, oordeel) for regel in regels(poort) for oordeel in regel.oordelen]
    vragen = [
        Vraag(
            f"select * from ({oordeel_sql(regel, oordeel, drempels, '{batch}')}) where status in ('gefaald', 'fout')",
            f"{regel.id} ({oordeel.effect}, {oordeel.drempel}): {regel.titel}",
            oordeel.effect,
            regel.advies,
        )
        for regel, oordeel in paren
    ]
    antwoorden = toets(pad, poort, vragen, docs)
    with duckdb.connect(str(pad), read_only=True) as con:
        return [
            _oordeel(con, regel, oordeel, drempels, antwoord.geslaagd, antwoord.gebroken)
            for (regel, oordeel), antwoord in zip(paren, antwoorden, strict=True)
        ]


def _oordeel(
    con: duckdb.DuckDBPyConnection,
    regel: Regel,
    oordeel: Oordeelregel,
    waarden: dict[str, float],
    geslaagd: bool,
    gebroken: int | None,
) -> Oordeel:
    """The verdict of Great Expectations with its details; the same query over the same rows must agree with it."""
    sql = oordeel_sql(regel, oordeel, waarden, "kwaliteit.meting")
    geteld, geschonden, fouten, reden = con.execute(
        "select count(*) filter (where status <> 'niet_van_toepassing'),"
        " count(*) filter (where status in ('gefaald', 'fout')), count(*) filter (where status = 'fout'), min(reden)"
        f" from ({sql})"
    ).fetchone()
    ergste = tuple(
        Ergste(*rij)
        for rij in con.execute(
            f"select object, waarde, coalesce(toelichting, reden) from ({sql}) where status in ('gefaald', 'fout')"
            " order by status, abs(waarde - drempel) desc nulls first, geschonden desc nulls last, object limit ?",
            [MAX_ERGSTE],
        ).fetchall()
    )
    status: Status = "geslaagd"
    if gebroken is None or gebroken != geschonden or fouten:
        status, geslaagd = "fout", False
        reden = reden if fouten else "Great Expectations kon de regel niet toetsen"
    elif not geslaagd:
        status = "gefaald"
    elif geteld == 0:
        status = "niet_van_toepassing"
    uitslag = Oordeel(
        regel.id, regel.titel, oordeel.effect, oordeel.drempel, geslaagd, status, geteld, geschonden, ergste, "", sql
    )
    return _met_zin(uitslag, regel, waarden, reden)


def _met_zin(oordeel: Oordeel, regel: Regel, waarden: dict[str, float], reden: str | None) -> Oordeel:
    """The verdict with its Dutch sentence: what is wrong, how bad, and what to do."""
    kop = f"{regel.id} ({oordeel.effect}) {regel.titel}"
    if oordeel.status == "geslaagd":
        zin = f"{kop}: in orde ({oordeel.geteld} beoordeeld per {regel.op})."
    elif oordeel.status == "niet_van_toepassing":
        zin = f"{kop}: niet van toepassing, {reden or 'er is niets om te beoordelen'}."
    elif oordeel.status == "fout":
        zin = f"{kop}: de controle zelf is mislukt ({reden}). Dit telt als blokkade; laat het ontwikkelteam kijken."
    else:
        ergste = "; ".join(_ergste_in_woorden(e, regel) for e in oordeel.ergste[:3])
        voldoet = "voldoet" if oordeel.geschonden == 1 else "voldoen"
        grens = _getal(waarden[oordeel.drempel], regel)
        zin = (
            f"{kop}: {oordeel.geschonden} van {oordeel.geteld} {voldoet} niet (drempel {grens}). "
            f"Het ergst: {ergste}. {regel.advies}"
        )
    return replace(oordeel, zin=zin)


def _ergste_in_woorden(ergste: Ergste, regel: Regel) -> str:
    waarde = "geen waarde" if ergste.waarde is None else _getal(ergste.waarde, regel)
    return f"{ergste.object} {waarde}" + (f" ({ergste.toelichting})" if ergste.toelichting else "")


def _getal(waarde: float, regel: Regel) -> str:
    """A number as a Dutch reader expects it; shares as percentages."""
    if waarde == float("inf"):
        return "oneindig"
    return f"{100 * waarde:.4g}".replace(".", ",") + " %" if regel.eenheid == "aandeel" else f"{waarde:g}"


# --- what stops a release -------------------------------------------------------------------------------------------


def controleer_overrides(overrides: dict[str, str]) -> None:
    """Raise ValueError, in Dutch, when an override names a rule that does not exist or gives no reason."""
    for regel, reden in overrides.items():
        if regel not in regelnummers():
            raise ValueError(f"Regel '{regel}' bestaat niet. De regels zijn: {', '.join(sorted(regelnummers()))}.")
        if not reden.strip():
            raise ValueError(f"Een blokkade van {regel} kan alleen worden opgeheven met een reden.")


def blokkades(oordelen: list[Oordeel], overrides: dict[str, str]) -> list[Oordeel]:
    """The verdicts that stop the release: blokkeert and gefaald, or fout whatever the effect; unless overridden."""
    controleer_overrides(overrides)
    return [
        o
        for o in oordelen
        if o.regel not in overrides and (o.status == "fout" or (o.effect == "blokkeert" and o.status == "gefaald"))
    ]
