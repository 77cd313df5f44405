"""The measurement of M8: is anything readable in the publication, directly or by subtraction, that the rule hides?"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.release import attack, families
from pipelines.release.stelsel import Stelsel, in_deel, per_deel
from pipelines.settings import Onthulling


def meting(con: duckdb.DuckDBPyConnection, regels: Onthulling, stelsels: Path | None = None) -> str:
    """The measuring SQL of M8: a row per table and check with how many cells break it.

    The main database of ``con`` is the warehouse, with the true numbers; ``publicatie`` is attached. What is hidden is
    read off the publication itself, and the attacker has nothing but that. ``stelsels``: see stelsel.per_deel.
    """
    (bron,) = con.execute("select current_database()").fetchone()

    def meet(hier: duckdb.DuckDBPyConnection, s: Stelsel) -> pa.Table:
        _lees_druk(hier, bron)
        _leesbaar(hier, regels)
        _percentages(hier, s, regels)
        _celstatus(hier)
        _elders(hier)
        _af_te_leiden(hier, s, regels)
        return _gemeten(hier)

    con.register("meting", pa.concat_tables(per_deel(con, f"{bron}.monitor", f"{bron}.dwh", meet, map_=stelsels)))
    con.execute(
        "create or replace temp table onthulling_meting as select object, sum(waarde) as waarde, max(geteld) as geteld,"
        " max(geschonden) as geschonden, min(toelichting) as toelichting, any_value(nvt) as nvt from meting group by object"
    )
    con.unregister("meting")
    return "select * from onthulling_meting order by object"


def _lees_druk(con: duckdb.DuckDBPyConnection, bron: str) -> None:
    """Temporary tables druk: per number of the warehouse what the publication prints of it; onderdrukt: the rows that
    say so; and, empty, controle and fout.
    """
    con.execute(
        "create or replace temp table druk (tabel varchar, rij bigint, kolom varchar, echt double, druk double)"
    )
    con.execute("create or replace temp table onderdrukt (tabel varchar, rij bigint)")
    con.execute("create or replace temp table controle (wat varchar)")
    con.execute("create or replace temp table fout (wat varchar, tabel varchar, rij bigint, kolom varchar)")
    for naam in in_deel(con):
        kolommen = [
            k
            for (k,) in con.execute(
                """select column_name from duckdb_columns()
                   where schema_name = 'monitor' and table_name = ? and database_name in (?, 'publicatie')
                       and data_type in ('BIGINT', 'DOUBLE')
                   group by 1 having count(*) = 2""",
                [naam, bron],
            ).fetchall()
        ]
        # one number for a key of six names takes half the time; two of a part have the same less than once in 10 000 times
        sleutel = families.RIJSLEUTEL[naam].split()
        in_w, in_p = (f"hash({', '.join(f'{t}.{k}' for k in sleutel)})" for t in ("w", "p"))
        # most rows have nothing but zeros, printed as they are
        iets = " or ".join(f"w.{k} <> 0 or p.{k} is distinct from w.{k}" for k in kolommen)
        namen = ", ".join(f"'{k}'" for k in kolommen)
        echt, druk = (", ".join(f"cast({t}.{k} as double)" for k in kolommen) for t in "wp")
        con.execute(
            f"""create or replace temp table samen as
                select w.rij, p.celstatus = 'onderdrukt' as onderdrukt, [{echt}] as echt, [{druk}] as druk
                from deel_{naam} as w
                -- left: what the publication lacks is hidden without a word, and reported
                left join (from publicatie.monitor.{naam} semi join deel using (regio_niveau, regio_code)) as p
                    on {in_w} = {in_p}
                where p.celstatus = 'onderdrukt' or {iets}"""
        )
        con.execute(
            f"""insert into druk select * from (
                    select '{naam}', rij, unnest([{namen}]), unnest(echt) as e, unnest(druk) as d from samen)
                where e <> 0 or d is distinct from e"""
        )
        con.execute(f"insert into onderdrukt select '{naam}', rij from samen where onderdrukt")
    con.execute("drop table samen")


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
        f"""select t.tabel || ': ' || c.wat as object, count(f.rij)::double as waarde, 1 as geteld,
                least(count(f.rij), 1)::integer as geschonden, min(n.cel || coalesce(', ' || f.kolom, '')) as toelichting,
                null::varchar as nvt
            from unnest(?) as t(tabel) cross join controle as c
            left join fout as f on f.tabel = t.tabel and f.wat = c.wat
            left join ({namen}) as n on n.tabel = f.tabel and n.rij = f.rij
            group by t.tabel, c.wat""",
        [tabellen],
    ).to_arrow_table()


def _leesbaar(con: duckdb.DuckDBPyConnection, regels: Onthulling) -> None:
    telling = "from plek as p join druk as d using (tabel, rij, kolom) where d.druk is not null"
    _noteer(
        con,
        "klein aantal leesbaar",
        f"select tabel, rij, kolom {telling} and p.waarde between 1 and {regels.kleinste_aantal - 1}",
    )
    rond = f"floor((2 * p.waarde + {regels.afronding}) / {2.0 * regels.afronding}) * {regels.afronding}"
    _noteer(
        con,
        "niet afgerond",
        f"select tabel, rij, kolom {telling} and d.druk <> {rond}"
        # of nothing nothing may be printed but a zero
        " union all select tabel, rij, kolom from druk where coalesce(echt, 0) = 0 and druk <> 0",
    )


def _percentages(con: duckdb.DuckDBPyConnection, s: Stelsel, regels: Onthulling) -> None:
    """Percentages and means of few, of nearly none or all, or of a count that is hidden."""
    con.register("te_weinig", pa.table({"p": np.flatnonzero(attack.primair(s, regels).p_weg)}))
    con.execute("create or replace temp table p_te_weinig as from te_weinig")
    con.unregister("te_weinig")
    con.execute(
        """create or replace temp table cel_weg as
           select p.id from plek as p join druk as d using (tabel, rij, kolom) where d.druk is null group by all"""
    )
    _noteer(
        con,
        "percentage leesbaar",
        """select tabel, rij, kolom from deling join druk using (tabel, rij, kolom) where druk is not null and
           (p in (select p from p_te_weinig) or p in (select p from p_lid where id in (select id from cel_weg)))""",
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
              and (p.waarde < {regels.kleinste_noemer} or p.id in (select id from cel_weg))""",
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
        """select tabel, rij, kolom from plek join druk using (tabel, rij, kolom)
           where druk is not null and id in (select id from cel_weg)""",
    )


def _af_te_leiden(con: duckdb.DuckDBPyConnection, s: Stelsel, regels: Onthulling) -> None:
    """The attack: the bounds that follow from what is printed, for every count that is printed nowhere."""
    druk = con.execute(
        "select id, bool_and(druk is null) as weg from plek join druk using (tabel, rij, kolom)"
        " where id is not null group by id"
    ).fetchnumpy()
    p_druk = con.execute(
        "select p, bool_and(druk is null) as weg from deling left join druk using (tabel, rij, kolom) group by p"
    ).fetchnumpy()
    zicht = attack.Zicht(np.zeros(len(s.waarde), bool), np.zeros(len(s.p_t), bool))
    zicht.verborgen[druk["id"][druk["weg"]]] = True
    zicht.p_weg[p_druk["p"][p_druk["weg"]]] = True
    g = attack.Aanval(s, regels).grenzen(zicht)
    con.register(
        "bloot", pa.table({"id": np.flatnonzero(zicht.verborgen & (g.hoog - g.laag + 1 < regels.mogelijke_waarden))})
    )
    con.execute("create or replace temp table cel_bloot as from bloot")
    con.unregister("bloot")
    _noteer(con, "af te leiden", "select tabel, rij, kolom from plek where id in (select id from cel_bloot)")
