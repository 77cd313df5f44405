"""Which part of the country a refresh makes anew after a correction; all else is taken over from the release before it.

What is counted in a region follows from the rows of the persons who stand there in some period, and from what is the same
for all (reference data, code, settings, which leveringen there are). So when only rows of some persons differ, only the
regions where these stand, and the regions that hang together with those, have other figures. Three things are of the whole
country: the border of the classes of indicator 4, the rank of gemeenten, and who has no known wijk. The first two are
looked up in the release before it; the last is a region like any other.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from pipelines import sqltekst
from pipelines.landing import offered, store
from pipelines.landing.contracts import contracten
from pipelines.release import switch
from pipelines.release.database import geheugen
from pipelines.release.families import NIVEAUS, OUDERKOLOM
from pipelines.release.manifest import van_kracht
from pipelines.release.stelsel import samenhang
from pipelines.settings import Home

HOOGSTENS = 0.6  # of the rows of the monitor: with more to make anew there is nothing to gain
AANLOOP = ("+fct_step_grens", "+fct_persoon_periode", "+fct_indicatie")  # what tells where persons stand
_KOLOM = OUDERKOLOM | {"wijk": "wijkcode"}  # in which column of a person's row each level stands


@dataclass(frozen=True)
class Overname:
    """The release whose figures are taken over, but for those of regions ``opnieuw`` (regio_niveau, regio_code), where the
    persons stand of whom rows changed (``geraakt``: persoon).
    """

    release: Path
    geraakt: pl.DataFrame
    opnieuw: pa.Table
    in_woorden: str


def is_correctie(release: Path, periode: str, grondslag: dict) -> bool:
    """Does a refresh differ from ``release`` by nothing but corrections of leveringen about persons? So: of the same period,
    under the same settings, from the same set of leveringen.

    ``grondslag`` is that of the refresh (see manifest.grondslag).
    """
    manifest = switch.manifest(release)
    eerst, nu = van_kracht(manifest), van_kracht(grondslag)
    return (
        (manifest["periode"], manifest["instellingen"]) == (periode, grondslag["instellingen"])
        and eerst.keys() == nu.keys()
        and all(contracten()[feed].over_personen for feed in _gewijzigd(eerst, nu))
    )


def bepaal(
    release: Path,
    home: Home,
    leveringen: pl.DataFrame,
    grondslag: dict,
    gestopt: dict[str, date],
    dbt: Callable[[Path, list[str]], None],
) -> Overname | None:
    """Find what has to be made anew after corrections (see is_correctie); None when that is (nearly) everything.

    ``dbt`` builds models (a selection) in a warehouse with schema landing, for part of the country.
    """
    eerst, nu = van_kracht(switch.manifest(release)), van_kracht(grondslag)
    try:
        geraakt = _geraakte_personen(home, _gewijzigd(eerst, nu))
    except FileNotFoundError:  # the landing does not know the old rows any more
        return None
    _maak_aanloop(release, home, leveringen, gestopt, geraakt)
    if len(geraakt):
        dbt(home.bouw_aanloop, [*AANLOOP])
    opnieuw, hoeveel = _opnieuw_te_maken(release, home.bouw_aanloop)
    if hoeveel > HOOGSTENS:
        return None
    wie = "1 jeugdige" if len(geraakt) == 1 else f"{len(geraakt)} jeugdigen"
    return Overname(
        release,
        geraakt,
        opnieuw,
        f"van {wie} zijn rijen veranderd: {100 * hoeveel:.0f} % van de cijfers wordt opnieuw gemaakt, "
        f"de rest komt van {release.name}"
        if len(geraakt)
        else f"geen enkele rij is veranderd: de cijfers komen van {release.name}",
    )


def beperk(con: duckdb.DuckDBPyConnection, home: Home, leveringen: pl.DataFrame, overname: Overname) -> None:
    """Leave in schema ``landing`` the rows of who stands in a region that is made anew, and add what is taken over there."""
    _koppel(con, overname.release)
    con.register("_geraakt", overname.geraakt.to_arrow())
    con.register("opnieuw", overname.opnieuw)
    hier = " or ".join(f"{_KOLOM[n]} in (select regio_code from opnieuw where regio_niveau = '{n}')" for n in NIVEAUS)
    # of a gemeente that is not in the reference data of every year, the besluiten may count under onbekend
    con.execute(
        f"""create table landing.betrokken as
            select persoon from _geraakt
            union select persoon from vorige.dwh.fct_persoon_periode where {hier}
            union select persoon from vorige.dwh.fct_indicatie
                where gemeentecode in (select regio_code from opnieuw where regio_niveau = 'gemeente')
                or (exists (from opnieuw where (regio_niveau, regio_code) = ('gemeente', 'onbekend'))
                    and gemeentecode not in ({_ALTIJD}))"""
    )
    con.unregister("_geraakt")
    con.unregister("opnieuw")
    _maak_elders(con, home, leveringen, overname.opnieuw)
    con.execute("detach vorige")


def vul_aan(home: Home, leveringen: pl.DataFrame, gestopt: dict[str, date], overname: Overname) -> None:
    """Turn what was built of part of the country into the whole warehouse: a copy of that of the release before, in which
    the part takes the place of what was there, with all rows in schema ``landing`` again.

    Raises RuntimeError when figures were made of a region that was not to be made anew.
    """
    deel = home.bouw_warehouse.rename(home.bouw_aanloop.with_name("deel.duckdb"))
    bron = overname.release / "warehouse.duckdb"
    shutil.copyfile(bron, home.bouw_warehouse)
    with duckdb.connect(str(home.bouw_warehouse), config=geheugen(bron)) as con:
        con.execute(f"attach {sqltekst.tekst(deel)} as deel (read_only)")
        con.execute("drop schema kwaliteit cascade; create schema kwaliteit")
        for tabel, _ in _tabellen(con, "kwaliteit"):
            con.execute(f"create table kwaliteit.{tabel} as from deel.kwaliteit.{tabel}")
        for tabel, _ in _tabellen(con, "monitor"):
            regio = "deel.landing.opnieuw using (regio_niveau, regio_code)"
            if tabel == "vergelijking":  # that has all regions: see the model
                weg = "true"
            elif con.execute(f"from deel.monitor.{tabel} anti join {regio} limit 1").fetchone():
                raise RuntimeError(f"{tabel} has regions that were not to be made anew")
            else:
                weg = "(regio_niveau, regio_code) in (from deel.landing.opnieuw)"
            _vervang(con, f"monitor.{tabel}", weg)
        wie = "persoon in (from deel.landing.betrokken)"
        # what knows of persons by their trajecten goes before those trajecten
        for tabel, kolommen in sorted(_tabellen(con, "dwh"), key=lambda t: "persoon" in t[1]):
            if "persoon" in kolommen:
                weg = wie
            else:
                van_wie = f"traject_id in (select traject_id from dwh.fct_traject where {wie})"
                weg = van_wie if "traject_id" in kolommen else "true"
            _vervang(con, f"dwh.{tabel}", weg)
        con.execute("detach deel")
        store.open_landing(con, home, leveringen, gestopt)


# --- on the way -------------------------------------------------------------------------------------------------------

# gemeenten that are in the reference data of some year, and of every year
_OOIT = "select regio_code from vorige.dwh.dim_regio where regio_niveau = 'gemeente'"
_ALTIJD = (
    f"{_OOIT} group by regio_code having count(distinct jaar) = (select count(distinct jaar) from vorige.dwh.dim_regio)"
)


def _tabellen(con: duckdb.DuckDBPyConnection, schema: str) -> list[tuple[str, list[str]]]:
    """The tables of a schema in ``deel``, with their columns."""
    return con.execute(
        "select table_name, list(column_name) from duckdb_columns()"
        " where database_name = 'deel' and schema_name = ? group by all order by all",
        [schema],
    ).fetchall()


def _vervang(con: duckdb.DuckDBPyConnection, tabel: str, weg: str) -> None:
    """Put the rows of ``deel`` in the place of those for which ``weg`` is true."""
    con.execute(f"delete from {tabel} where {weg}")
    con.execute(f"insert into {tabel} by name from deel.{tabel}")


def _koppel(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    con.execute(f"attach {sqltekst.tekst(release / 'warehouse.duckdb')} as vorige (read_only)")


def _gewijzigd(eerst: dict[tuple, dict], nu: dict[tuple, dict]) -> dict[str, list[tuple[str, str]]]:
    """Per feed the leveringen with another content, as landing names them: before and now."""
    uit = defaultdict(list)
    for sleutel in eerst.keys() & nu.keys():
        if eerst[sleutel]["sha256"] != nu[sleutel]["sha256"]:
            uit[sleutel[0]].append(
                tuple(offered.leveringnaam(i["bestand"], i["sha256"]) for i in (eerst[sleutel], nu[sleutel]))
            )
    return dict(uit)


def _geraakte_personen(home: Home, gewijzigd: dict[str, list[tuple[str, str]]]) -> pl.DataFrame:
    """The persons (persoon) of whom a row is another one."""
    delen = [
        store.verschil(home, feed, [o for o, _ in paren], [n for _, n in paren]) for feed, paren in gewijzigd.items()
    ]
    leeg = pl.LazyFrame(schema={"persoon": pl.String})
    return pl.concat([leeg, *delen]).unique().collect()


def _maak_elders(con: duckdb.DuckDBPyConnection, home: Home, leveringen: pl.DataFrame, opnieuw: pa.Table) -> None:
    """Tables of schema landing that the models read for part of the country: opnieuw, elders_…, and betrokken persons only."""
    con.register("_opnieuw", opnieuw)
    con.execute("create table landing.opnieuw (regio_niveau varchar, regio_code varchar)")
    con.execute("insert into landing.opnieuw from _opnieuw")
    con.unregister("_opnieuw")
    con.execute(
        """create table landing.elders_step_paar as
           from vorige.dwh.fct_step_paar anti join landing.betrokken using (persoon)
           where fj_verschil is not null or ko_verschil is not null"""
    )
    con.execute(
        """create table landing.elders_vergelijking as
           from vorige.monitor.vergelijking anti join landing.opnieuw using (regio_niveau, regio_code)"""
    )
    store.open_feeds(con, home, leveringen, "landing.betrokken")


def _maak_aanloop(
    release: Path, home: Home, leveringen: pl.DataFrame, gestopt: dict[str, date], geraakt: pl.DataFrame
) -> None:
    """A warehouse with in schema ``landing`` the rows of the persons of whom rows changed."""
    home.bouw_aanloop.parent.mkdir(parents=True)
    with duckdb.connect(str(home.bouw_aanloop), config=geheugen(release / "warehouse.duckdb")) as con:
        _koppel(con, release)
        store.open_landing(con, home, leveringen, gestopt)
        con.register("_geraakt", geraakt.to_arrow())
        con.execute("create table landing.betrokken as from _geraakt")
        con.unregister("_geraakt")
        _maak_elders(con, home, leveringen, pa.table({"regio_niveau": [], "regio_code": []}))


def _opnieuw_te_maken(release: Path, aanloop: Path) -> tuple[pa.Table, float]:
    """The regions to make anew (regio_niveau, regio_code), and their share of the rows of the monitor; more than all of
    them when someone stands in a region that the release before does not have.
    """
    with duckdb.connect(str(aanloop), config=geheugen(release / "warehouse.duckdb")) as con:
        _koppel(con, release)
        regio, groep = samenhang(con, "vorige.monitor", "vorige.dwh")
        con.register("regio_nu", regio.append_column("groep", pa.array(groep)))
        con.execute("create temp table geraakt (regio_niveau varchar, regio_code varchar)")
        if con.execute("from landing.betrokken limit 1").fetchone():
            _vind_regios(con)
        if con.execute("from geraakt anti join regio_nu using (regio_niveau, regio_code)").fetchone():
            return regio.drop_columns("rijen"), float("inf")
        opnieuw = con.execute(
            "select regio_niveau, regio_code, rijen from regio_nu where groep in"
            " (select groep from regio_nu semi join geraakt using (regio_niveau, regio_code))"
        ).to_arrow_table()
    return opnieuw.drop_columns("rijen"), sum(opnieuw["rijen"].to_pylist()) / sum(regio["rijen"].to_pylist())


def _vind_regios(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table geraakt: where the persons of landing.betrokken stand, before and now, and the regions where
    someone is in another class of indicator 4, because its border moved.
    """
    for bron in ("vorige.dwh", "dwh"):
        van_hen = f"{bron}.{{}} semi join landing.betrokken using (persoon)"
        for niveau in NIVEAUS:
            con.execute(
                f"insert into geraakt select distinct '{niveau}', {_KOLOM[niveau]} from {van_hen.format('fct_persoon_periode')}"
            )
        besluiten = f"from {van_hen.format('fct_indicatie')} where gemeentecode"
        con.execute(
            f"insert into geraakt select distinct 'gemeente', gemeentecode {besluiten} in ({_OOIT})"
            f" union select 'gemeente', 'onbekend' {besluiten} not in ({_ALTIJD})"
        )
    for schaal in ("fj", "ko"):
        con.execute(
            f"""insert into geraakt select distinct 'gemeente', e.gemeentecode
                from landing.elders_step_paar as e
                join vorige.dwh.fct_step_grens as o using (verslagperiode)
                left join dwh.fct_step_grens as n using (verslagperiode)
                where e.{schaal}_verschil is not null and o.{schaal}_grens is distinct from n.{schaal}_grens
                and (o.{schaal}_grens is null or n.{schaal}_grens is null
                    or e.{schaal}_verschil between least(o.{schaal}_grens, n.{schaal}_grens) - 1e-6
                        and greatest(o.{schaal}_grens, n.{schaal}_grens) + 1e-6)"""
        )
