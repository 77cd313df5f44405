"""The measurement of M8: is anything readable in the publication, directly or by subtraction, that the rule hides?"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.release import attack, families
from pipelines.release.database import ONTHOUDEN, sommen, tabellen_van
from pipelines.release.disclosure import sleutelnummer
from pipelines.release.stelsel import (
    IN_DEEL,
    Stelsel,
    in_deel,
    per_deel,
    plaatstypen,
    verdeel,
    vingerafdrukken,
)
from pipelines.settings import Onthulling
from pipelines.sqltekst import tekst


def meting(
    con: duckdb.DuckDBPyConnection,
    regels: Onthulling,
    stelsels: Path | None = None,
    alles_opnieuw: bool = True,
) -> str:
    """The measuring SQL of M8: a row per table and check with how many cells break it.

    The main database of ``con`` is the warehouse, with the true numbers, and with kwaliteit.onthouden_som as the making of the
    publication left it; ``publicatie`` is attached. What is hidden is read off the publication itself, and the attacker has
    nothing but that. ``stelsels``: see stelsel.per_deel.

    Unless ``alles_opnieuw``, a part of the country is not measured again that passed in the last release (attached as
    ``vorige``), with the very same rows in warehouse and publication. The parts that pass are kept in
    kwaliteit.onthouden_getoetst (afdruk).
    """
    (bron,) = con.execute("select current_database()").fetchone()
    # what is published is looked at as it is now
    som, druk = f"{bron}.{ONTHOUDEN}som", "temp.som_druk"
    gedrukt = sommen(con, "publicatie.monitor", tabellen_van(con, f"{bron}.monitor"))
    con.execute(f"create or replace temp table som_druk as {gedrukt}")
    delen = verdeel(con, som, f"{bron}.dwh")
    afdrukken = vingerafdrukken(con, [som, druk], f"{bron}.dwh", delen, regels)
    con.execute(f"create or replace table {ONTHOUDEN}getoetst (afdruk varchar)")
    eerder = [] if alles_opnieuw else con.execute(f"from vorige.{ONTHOUDEN}getoetst").fetchall()
    te_meten = {nummer for nummer, afdruk in enumerate(afdrukken) if (afdruk,) not in eerder}

    def meet(hier: duckdb.DuckDBPyConnection, s: Stelsel) -> pa.Table:
        _lees_druk(hier, bron)
        _leesbaar(hier, regels)
        _percentages(hier, s, regels)
        _celstatus(hier)
        _elders(hier)
        _af_te_leiden(hier, s, regels)
        return _gemeten(hier)

    metingen = [_rijen(con, som, druk), _leeg(con, bron), _overgeslagen(con, len(delen) - len(te_meten))]
    geslaagd = set(range(len(delen))) - te_meten
    for nummer, meting_ in per_deel(con, f"{bron}.monitor", f"{bron}.dwh", delen, meet, map_=stelsels, kies=te_meten):
        metingen.append(meting_)
        if not any(meting_["waarde"].to_pylist()):
            geslaagd.add(nummer)
    con.register("geslaagd", pa.table({"afdruk": pa.array([afdrukken[n] for n in sorted(geslaagd)], pa.string())}))
    con.execute(f"insert into {ONTHOUDEN}getoetst from geslaagd order by all")
    con.unregister("geslaagd")
    con.register("meting", pa.concat_tables(metingen))
    con.execute(
        "create or replace temp table onthulling_meting as select object, sum(waarde) as waarde, max(geteld) as geteld,"
        " max(geschonden) as geschonden, min(toelichting) as toelichting, any_value(nvt) as nvt from meting group by object"
    )
    con.unregister("meting")
    return "select * from onthulling_meting order by object"


def _overgeslagen(con: duckdb.DuckDBPyConnection, aantal: int) -> pa.Table:
    """A row that tells how many parts were not measured again; none when all were."""
    return con.execute(
        "select 'delen die gelijk zijn aan die van de vorige release' as object, 0::double as waarde, ? as geteld,"
        " 0 as geschonden, 'daarin geslaagd' as toelichting, null::varchar as nvt where ? > 0",
        [aantal, aantal],
    ).to_arrow_table()


def _lees_druk(con: duckdb.DuckDBPyConnection, bron: str) -> None:
    """Temporary tables druk: per number of the warehouse what the publication prints of it; gedrukt: the counts among
    them, cel_druk: whether these are hidden; onderdrukt: the rows that say so; and, empty, controle and fout.
    """
    tabel, kolom = plaatstypen(con)
    plaats = f"tabel {tabel}, rij bigint, kolom {kolom}"
    con.execute(f"create or replace temp table druk ({plaats}, echt double, druk double)")
    con.execute(f"create or replace temp table onderdrukt (tabel {tabel}, rij bigint)")
    con.execute("create or replace temp table controle (wat varchar)")
    con.execute(f"create or replace temp table fout (wat varchar, {plaats})")
    for naam in in_deel(con):
        kolommen, gevuld = _getallen(con, bron, naam)
        # one number for a key of six names takes half the time; two of a part have the same less than once in 10 000 times
        sleutel = sleutelnummer(naam)
        getallen = f"[{', '.join(f'cast({k} as double)' for k in kolommen)}]"
        con.execute(
            f"""create or replace temp table samen as
                select w.rij, coalesce(p.onderdrukt, false) as onderdrukt, w.echt, p.druk, sleutel
                from (
                    select rij, {sleutel} as sleutel, {getallen} as echt from deel_{naam} where {gevuld}
                ) as w
                full join (
                    select {sleutel} as sleutel, celstatus = 'onderdrukt' as onderdrukt, {getallen} as druk
                    from (from publicatie.monitor.{naam} {IN_DEEL})
                    where celstatus = 'onderdrukt' or {gevuld}
                ) as p using (sleutel)"""
        )
        # printed where the warehouse has nothing: of which row is looked up only then
        con.execute(
            f"""update samen set rij = b.rij from
                    (select {sleutel} as nr, rij from deel_{naam}
                     semi join (select sleutel as nr from samen where rij is null) on {sleutel} = nr) as b
                where samen.sleutel = b.nr and samen.rij is null"""
        )
        namen = ", ".join(map(tekst, kolommen))
        con.execute(
            f"""insert into druk select * from (
                    select '{naam}', rij, unnest([{namen}]::{kolom}[]), unnest(echt) as e, unnest(druk) as d from samen)
                where e <> 0 or d is distinct from e"""
        )
        con.execute(f"insert into onderdrukt select '{naam}', rij from samen where onderdrukt")
    con.execute("drop table samen")
    con.execute(
        "create or replace temp table gedrukt as select tabel, rij, kolom, id, waarde, druk"
        " from plek join druk using (tabel, rij, kolom)"
    )
    con.execute(
        "create or replace temp table cel_druk as select id, bool_or(druk is null) as ergens_weg,"
        " bool_and(druk is null) as overal_weg from gedrukt group by id"
    )


def _getallen(con: duckdb.DuckDBPyConnection, bron: str, tabel: str) -> tuple[list[str], str]:
    """The numbers of a table that are published, and the condition by which rows are looked at one by one.

    Most rows have nothing but zeros, printed as they are: those are only counted, see _leeg. A zero that stands in another
    row may be hidden for what there is in that row.
    """
    gezien = con.execute(
        """select column_name from duckdb_columns()
           where schema_name = 'monitor' and table_name = ? and database_name in (?, 'publicatie')
               and data_type in ('BIGINT', 'DOUBLE')
           group by 1 having count(*) = 2 order by min(column_index)""",
        [tabel, bron],
    )
    kolommen = [k for (k,) in gezien.fetchall()]
    iets = [f"{k} is not null" if k in families.VAN_ELDERS else f"{k} <> 0" for k in kolommen]
    return kolommen, f"coalesce({' or '.join(iets)}, false)"


def _rijen(con: duckdb.DuckDBPyConnection, som: str, druk: str) -> pa.Table:
    """One measurement per table: has the publication as many rows as the warehouse, in each region and verslagperiode?"""
    return con.execute(
        f"""select object, waarde, 1 as geteld, least(waarde, 1)::integer as geschonden,
                'rijen die het warehouse niet heeft, of die ontbreken' as toelichting, null::varchar as nvt
            from (
                select tabel || ': rijen te veel of te weinig' as object,
                    sum(abs(coalesce(w.rijen, 0) - coalesce(p.rijen, 0)))::double as waarde
                from {som} as w full join {druk} as p using (tabel, verslagperiode, regio_niveau, regio_code)
                group by tabel)"""
    ).to_arrow_table()


def _leeg(con: duckdb.DuckDBPyConnection, bron: str) -> pa.Table:
    """One measurement per table: are there as many rows without any count as the warehouse has, and as empty?"""
    delen = []
    for naam in tabellen_van(con, f"{bron}.monitor"):
        kolommen, gevuld = _getallen(con, bron, naam)
        aantallen = f"[count(*), {', '.join(f'count({k})' for k in kolommen)}] as n"
        delen.append(
            f"""select '{naam}: lege rijen kloppen niet' as object,
                    list_sum([abs(x[1] - x[2]) for x in list_zip(w.n, p.n)]) as waarde
                from (select {aantallen} from {bron}.monitor.{naam} where not {gevuld}) as w,
                    (select {aantallen} from publicatie.monitor.{naam}
                     where not {gevuld} and celstatus is distinct from 'onderdrukt') as p"""
        )
    return con.execute(
        f"""select object, waarde::double as waarde, 1 as geteld, least(waarde, 1)::integer as geschonden,
                'rijen of getallen te veel of te weinig' as toelichting, null::varchar as nvt
            from ({" union all ".join(delen)})"""
    ).to_arrow_table()


def _noteer(con: duckdb.DuckDBPyConnection, wat: str, rijen: str) -> None:
    """Keep in fout the ``rijen`` (tabel, rij, kolom) that break check ``wat``."""
    con.execute("insert into controle values (?)", [wat])
    con.execute(f"insert into fout select '{wat}', tabel, rij, kolom from ({rijen})")


def _gemeten(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """One measurement per table and check, of what is in controle and fout."""
    tabellen = in_deel(con)
    namen = " union all ".join(
        f"select '{t}' as tabel, rij, concat_ws(' / ', {', '.join(families.RIJSLEUTEL[t].split())}) as cel"
        f" from (from deel_{t} semi join (from fout where tabel = '{t}') using (rij))"
        for t in tabellen
    )
    return con.execute(
        f"""select t.tabel || ': ' || c.wat as object, count(f.wat)::double as waarde, 1 as geteld,
                least(count(f.wat), 1)::integer as geschonden, min(n.cel || coalesce(', ' || f.kolom, '')) as toelichting,
                null::varchar as nvt
            from unnest(?) as t(tabel) cross join controle as c
            left join fout as f on f.tabel = t.tabel and f.wat = c.wat
            left join ({namen}) as n on n.tabel = f.tabel and n.rij = f.rij
            group by t.tabel, c.wat""",
        [tabellen],
    ).to_arrow_table()


def _leesbaar(con: duckdb.DuckDBPyConnection, regels: Onthulling) -> None:
    telling = "from gedrukt where druk is not null"
    _noteer(
        con,
        "klein aantal leesbaar",
        f"select tabel, rij, kolom {telling} and waarde between 1 and {regels.kleinste_aantal - 1}",
    )
    rond = f"floor((2 * waarde + {regels.afronding}) / {2.0 * regels.afronding}) * {regels.afronding}"
    _noteer(
        con,
        "niet afgerond",
        f"select tabel, rij, kolom {telling} and druk <> {rond}"
        # of nothing nothing may be printed but a zero
        " union all select tabel, rij, kolom from druk where coalesce(echt, 0) = 0 and druk <> 0",
    )


def _percentages(con: duckdb.DuckDBPyConnection, s: Stelsel, regels: Onthulling) -> None:
    """Percentages and means of few, of nearly none or all, or of a count that is hidden."""
    con.register("te_weinig", pa.table({"p": np.flatnonzero(attack.primair(s, regels).p_weg)}))
    con.execute("create or replace temp table p_te_weinig as from te_weinig")
    con.unregister("te_weinig")
    _noteer(
        con,
        "percentage leesbaar",
        """select tabel, rij, kolom from deling join druk using (tabel, rij, kolom) where druk is not null and
           (p in (select p from p_te_weinig)
            or p in (select p from p_lid where id in (select id from cel_druk where ergens_weg)))""",
    )
    gemiddeld = " or ".join(
        f"(d.tabel = '{t}' and d.kolom in ({', '.join(map(repr, kolommen))}) and p.kolom = '{noemer}')"
        for t, (kolommen, noemer) in families.GEMIDDELDEN.items()
    )
    _noteer(
        con,
        "gemiddelde leesbaar",
        f"""select d.tabel, d.rij, d.kolom from druk as d join plek as p on d.tabel = p.tabel and d.rij = p.rij
            where d.druk is not null and ({gemiddeld})
              and (p.waarde < {regels.kleinste_noemer} or p.id in (select id from cel_druk where ergens_weg))""",
    )


def _celstatus(con: duckdb.DuckDBPyConnection) -> None:
    _noteer(
        con,
        "celstatus klopt niet",
        """select tabel, rij, null::varchar as kolom from onderdrukt full join
           (select distinct tabel, rij, true as weg from druk where druk is null and echt is not null) as d using (tabel, rij)
           where onderdrukt.rij is null or d.weg is null""",
    )


def _elders(con: duckdb.DuckDBPyConnection) -> None:
    _noteer(
        con,
        "elders wel getoond",
        """select tabel, rij, kolom from gedrukt
           where druk is not null and id in (select id from cel_druk where ergens_weg and not overal_weg)""",
    )


def _af_te_leiden(con: duckdb.DuckDBPyConnection, s: Stelsel, regels: Onthulling) -> None:
    """The attack: the bounds that follow from what is printed, for every count that is printed nowhere."""
    weg = con.execute("select id from cel_druk where overal_weg").fetchnumpy()["id"]
    p_druk = con.execute(
        "select p, bool_and(druk is null) as weg from deling left join druk using (tabel, rij, kolom) group by p"
    ).fetchnumpy()
    zicht = attack.Zicht(np.zeros(len(s.waarde), bool), np.zeros(len(s.p_t), bool))
    zicht.verborgen[weg] = True
    zicht.p_weg[p_druk["p"][p_druk["weg"]]] = True
    g = attack.Aanval(s, regels).grenzen(zicht)
    con.register(
        "bloot", pa.table({"id": np.flatnonzero(zicht.verborgen & (g.hoog - g.laag + 1 < regels.mogelijke_waarden))})
    )
    con.execute("create or replace temp table cel_bloot as from bloot")
    con.unregister("bloot")
    _noteer(con, "af te leiden", "select tabel, rij, kolom from plek where id in (select id from cel_bloot)")
