"""Disclosure control of published tables (spec 05 §2). What is a count or a percentage is declared with the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from pipelines.release.database import tabellen_van
from pipelines.release.families import BIT, RIJSLEUTEL
from pipelines.release.protect import Bescherming
from pipelines.release.stelsel import Stelsel, in_deel, per_deel, verdeel, vingerafdrukken
from pipelines.settings import Onthulling


class Verhouding(BaseModel):
    """Values that are a percentage or mean of a noemer; a percentage has a teller too. ``mee``: hidden with them.

    ``rang`` names the columns of ``mee`` that are a rank, with the columns within which it ranks.
    """

    model_config = ConfigDict(extra="forbid")
    waarden: list[str]
    noemer: str
    teller: str | None = None
    mee: list[str] = []
    rang: dict[str, list[str]] = {}


class Declaratie(BaseModel):
    """``meta.onthulling`` of a published model: which columns are counts, and which derive from counts.

    ``openbaar`` is a condition under which the noemer is public as it is (population) instead of a count of jeugdigen;
    ``weg`` are columns that stay in the warehouse, because they give a hidden count away.
    """

    model_config = ConfigDict(extra="forbid")
    aantallen: list[str]
    verhoudingen: list[Verhouding] = []
    openbaar: dict[str, str] = {}
    weg: list[str] = []


def publicatie_sql(
    bron: str, kolommen: list[str], declaratie: Declaratie, regels: Onthulling, verberg: str | None = None
) -> str:
    """The SELECT that gives table ``bron`` as it may be seen: rounded, small numbers hidden, celstatus told.

    ``verberg`` is a relation (rij, weg): per rowid of ``bron`` what is hidden besides, see verberg_meer.
    """
    ook = {k: f"coalesce(v.weg & {BIT[k]} > 0, false)" if verberg and k in BIT else "false" for k in kolommen}
    klein = {k: f"({_klein(k, declaratie, regels)} or {ook[k]})" for k in declaratie.aantallen}
    expressies = {k: f"case when {klein[k]} then null else {_afgerond(k, declaratie, regels)} end" for k in klein}
    verborgen = list(klein.values())
    for v in declaratie.verhoudingen:
        # a percentage or mean of a count that is hidden goes with it; so does all that is read off its first value
        samen = [ook[k] for k in (v.noemer, v.teller, *v.waarden[:1]) if k in ook]
        te_weinig = f"({' or '.join([_te_weinig(v, regels), *samen])})"
        weg = {w: f"({te_weinig} or {ook[w]})" for w in v.waarden}
        verborgen += [f"({weg[w]} and {w} is not null)" for w in v.waarden]
        expressies |= {w: f"case when {weg[w]} then null else round({w}, 1) end" for w in v.waarden}
        expressies |= {m: f"case when {te_weinig} then null else {_opnieuw(m, v, te_weinig)} end" for m in v.mee}
    iets = " or ".join(f"coalesce({v}, false)" for v in verborgen)
    expressies["celstatus"] = f"case when {iets} then 'onderdrukt' else celstatus end"
    blijft = [k for k in kolommen if k not in declaratie.weg]
    select = ",\n  ".join(f"{expressies[k]} as {k}" if k in expressies else k for k in blijft)
    return f"select {select} from {bron}" + (f" as b left join {verberg} as v on v.rij = b.rowid" if verberg else "")


def _opnieuw(kolom: str, v: Verhouding, te_weinig: str) -> str:
    """A rank is counted anew among what is shown: a gap in it would say where the hidden one stands."""
    if kolom not in v.rang:
        return kolom
    groep = ", ".join(v.rang[kolom])
    getoond = f"case when not {te_weinig} then {kolom} end"
    return f"case when {kolom} is not null then rank() over (partition by {groep} order by {getoond} nulls last) end"


def _klein(kolom: str, declaratie: Declaratie, regels: Onthulling) -> str:
    telt = f"{kolom} between 1 and {regels.kleinste_aantal - 1}"
    return f"({telt} and not ({declaratie.openbaar[kolom]}))" if kolom in declaratie.openbaar else f"({telt})"


def _afgerond(kolom: str, declaratie: Declaratie, regels: Onthulling) -> str:
    rond = f"cast(round({kolom} / {regels.afronding}.0) * {regels.afronding} as bigint)"
    if kolom in declaratie.openbaar:
        return f"case when {declaratie.openbaar[kolom]} then {kolom} else {rond} end"
    return rond


def _te_weinig(v: Verhouding, regels: Onthulling) -> str:
    klein = regels.kleinste_aantal - 1
    delen = [f"{v.noemer} < {regels.kleinste_noemer}"]
    if v.teller:
        delen += [f"{v.teller} between 1 and {klein}", f"{v.noemer} - {v.teller} between 1 and {klein}"]
    return f"coalesce({' or '.join(delen)}, false)"


# --- over all tables together ----------------------------------------------------------------------------------------

VERBORGEN = "tabel varchar, verslagperiode varchar, rij bigint, sleutel ubigint, weg bigint"  # columns of verberg


def verberg_meer(
    con: duckdb.DuckDBPyConnection,
    schema: str,
    dwh: str,
    sommen: str,
    regels: Onthulling,
    meld: Callable[[str], None] = lambda tekst: None,
    map_: Path | None = None,
    eerder: str | None = None,
) -> None:
    """Make the temporary table ``verberg`` (tabel, verslagperiode, rij, sleutel, weg): the columns, as bits (families.BIT),
    that have to be hidden of a row, with the hash of its key.

    ``schema`` and ``dwh`` are the attached schemas monitor and dwh, ``sommen`` those of the first (see database.sommen).
    Gives what no sum, difference, percentage or interval over all tables and periods may leave with fewer possible values
    than ``regels`` asks for. In directory ``map_`` is kept what M8 needs too.

    What is hidden in a part of the country follows from its own rows alone. So a part that was worked out before, with the
    very same rows, is not worked out again: what was found is taken from the tables {eerder}deel and {eerder}rij, made by the
    very same code. Of this time they are made as temporary tables: onthulling_deel (afdruk) has every part there is,
    onthulling_rij (afdruk and the columns of verberg) its hidden numbers.
    """
    delen = verdeel(con, sommen, dwh)
    afdrukken = vingerafdrukken(con, [sommen], dwh, delen, regels)
    con.register("_deel", pa.table({"afdruk": afdrukken}))
    con.execute("create or replace temp table onthulling_deel as from _deel order by all")
    con.unregister("_deel")
    con.execute(f"create or replace temp table onthulling_rij (afdruk varchar, {VERBORGEN})")
    bekend = _neem_bekende_delen_over(con, schema, eerder) if eerder else set()
    if bekend:
        meld(f"{len(bekend)} van {len(delen)} delen zijn gelijk aan die van de vorige release")

    def verberg(hier: duckdb.DuckDBPyConnection, s: Stelsel) -> pa.Table:
        zicht = Bescherming(s, regels, meld).bescherm()
        hier.register("weg_cel", pa.table({"id": np.flatnonzero(zicht.verborgen)}))
        hier.register("weg_p", pa.table({"p": np.flatnonzero(zicht.p_weg)}))
        hier.register("bit", pa.table({"kolom": list(BIT), "bit": list(BIT.values())}))
        hier.execute(
            "create or replace temp table te_verbergen as select tabel, rij, bit_or(bit) as weg from"
            " (select tabel, rij, kolom from plek where id in (select id from weg_cel)"
            " union all select tabel, rij, kolom from deling where p in (select p from weg_p))"
            " join bit using (kolom) group by all"
        )
        # not one union: read as it is worked out, that may wait for itself for ever (duckdb/duckdb#22215)
        hier.execute(f"create or replace temp table verborgen ({VERBORGEN})")
        for t in in_deel(hier):
            hier.execute(
                f"insert into verborgen select tabel, verslagperiode, rij, {sleutelnummer(t)}, weg"
                f" from te_verbergen join deel_{t} using (rij) where tabel = '{t}'"
            )
        return hier.execute("from verborgen").to_arrow_table()

    nieuw = {nummer for nummer, afdruk in enumerate(afdrukken) if afdruk not in bekend}
    for nummer, weg in per_deel(con, schema, dwh, delen, verberg, meld, map_, nieuw):
        con.register("weg", weg)
        con.execute("insert into onthulling_rij select ?, * from weg", [afdrukken[nummer]])
        con.unregister("weg")
    # the row of who has no known wijk is in every part
    con.execute(
        "create or replace temp table verberg as select * exclude (afdruk, weg), bit_or(weg) as weg from onthulling_rij"
        " group by all order by tabel, verslagperiode"
    )


def sleutelnummer(tabel: str) -> str:
    """The key of a row of a published table as one number, in SQL."""
    return f"hash({', '.join(RIJSLEUTEL[tabel].split())})"


def _neem_bekende_delen_over(con: duckdb.DuckDBPyConnection, schema: str, eerder: str) -> set[str]:
    """Fill the temporary table onthulling_rij for the parts of onthulling_deel that ``eerder`` knows; gives these."""
    bekend = f"onthulling_deel semi join {eerder}deel using (afdruk)"
    for t in tabellen_van(con, schema):
        con.execute(
            "insert into onthulling_rij select v.afdruk, v.tabel, b.verslagperiode, b.rowid, v.sleutel, v.weg"
            f" from (from {eerder}rij semi join (from {bekend}) using (afdruk) where tabel = '{t}') as v"
            f" join {schema}.{t} as b on v.sleutel = {sleutelnummer(t)}"
        )
    return {afdruk for (afdruk,) in con.execute(f"from {bekend}").fetchall()}
