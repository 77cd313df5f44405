"""Which part of the country a refresh makes anew after a correction; all else is taken over from the release before it.

What is counted in a region follows from the rows of the persons who stand there in some period, and from what is the same
for all (reference data, code, settings, which leveringen there are). So when only rows of some persons differ, only the
regions where these stand, and the regions that hang together with those, have other figures. Three things are of the whole
country: the border of the classes of indicator 4, the rank of gemeenten, and who has no known wijk. The first two are
looked up in the release before it; the last is a region like any other.
"""

from __future__ import annotations

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
from pipelines.release.database import ONTHOUDEN, geheugen
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
    geraakt: pa.Table
    opnieuw: pa.Table
    in_woorden: str


def correcties(release: Path, periode: str, grondslag: dict) -> dict[str, list[tuple[str, str]]] | None:
    """Per feed the leveringen with another content than they had for ``release``, as landing names them: before and now.

    None when anything else differs than leveringen about persons: the period, the settings, the set of leveringen.
    ``grondslag`` is that of the refresh (see manifest.grondslag).
    """
    manifest = switch.manifest(release)
    eerst, nu = van_kracht(manifest), van_kracht(grondslag)
    zelfde = (manifest["periode"], manifest["instellingen"]) == (periode, grondslag["instellingen"])
    if not zelfde or eerst.keys() != nu.keys():
        return None
    uit = defaultdict(list)
    for feed, *wie in nu:
        van, naar = eerst[feed, *wie], nu[feed, *wie]
        if van["sha256"] != naar["sha256"]:
            uit[feed].append(tuple(offered.leveringnaam(i["bestand"], i["sha256"]) for i in (van, naar)))
    return dict(uit) if all(contracten()[feed].over_personen for feed in uit) else None


def bepaal(
    release: Path,
    home: Home,
    leveringen: pl.DataFrame,
    gecorrigeerd: dict[str, list[tuple[str, str]]],
    gestopt: dict[str, date],
    dbt: Callable[[Path, list[str]], None],
) -> Overname | None:
    """Find what has to be made anew after corrections (see correcties); None when that is (nearly) everything.

    ``dbt`` builds models (a selection) in a warehouse with schema landing, for part of the country.
    """
    try:
        gewijzigd = _gewijzigde_personen(home, gecorrigeerd)
    except FileNotFoundError:  # the landing does not know the old rows any more
        return None
    geraakt = _maak_aanloop(release, home, leveringen, gestopt, gewijzigd)
    # first where they stood: often that is too much already
    opnieuw, hoeveel = _opnieuw_te_maken(release, home.bouw_aanloop, "vorige.dwh")
    if len(gewijzigd) and hoeveel <= HOOGSTENS:
        dbt(home.bouw_aanloop, [*AANLOOP])
        opnieuw, hoeveel = _opnieuw_te_maken(release, home.bouw_aanloop, "vorige.dwh", "dwh")
    if hoeveel > HOOGSTENS:
        return None
    wie = "1 jeugdige" if len(gewijzigd) == 1 else f"{len(gewijzigd)} jeugdigen"
    return Overname(
        release,
        geraakt,
        opnieuw,
        f"van {wie} zijn rijen veranderd: {100 * hoeveel:.0f} % van de cijfers wordt opnieuw gemaakt, "
        f"de rest komt van {release.name}"
        if len(gewijzigd)
        else f"geen enkele rij is veranderd: de cijfers komen van {release.name}",
    )


def beperk(con: duckdb.DuckDBPyConnection, home: Home, leveringen: pl.DataFrame, overname: Overname) -> None:
    """Leave in schema ``landing`` the rows of who stands in a region that is made anew, and add what is taken over there."""
    _koppel(con, overname.release)
    con.register("_geraakt", overname.geraakt)
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


def vul_aan(home: Home, leveringen: pl.DataFrame, overname: Overname) -> None:
    """Add to what was built of part of the country the rows of the rest, from the release before; schema ``landing`` has all
    rows again.

    Rows are added, where a copy of the release of which rows are removed would be quicker: what is removed stays in the file.
    Raises RuntimeError when figures were made of a region that was not to be made anew.
    """
    with duckdb.connect(str(home.bouw_warehouse), config=geheugen(overname.release / "warehouse.duckdb")) as con:
        _koppel(con, overname.release)
        con.execute("set preserve_insertion_order = false")  # as when dbt writes
        niet_hier = "anti join landing.opnieuw using (regio_niveau, regio_code)"
        for tabel, _ in _tabellen(con, "monitor"):
            if tabel == "vergelijking":  # that has all regions: see the model
                continue
            if con.execute(f"from monitor.{tabel} {niet_hier} limit 1").fetchone():
                raise RuntimeError(f"{tabel} has regions that were not to be made anew")
            _voeg_toe(con, f"monitor.{tabel}", niet_hier)
        van_hen = "select traject_id from vorige.dwh.fct_traject semi join landing.betrokken using (persoon)"
        for tabel, kolommen in _tabellen(con, "dwh"):
            if "persoon" in kolommen:
                _voeg_toe(con, f"dwh.{tabel}", "anti join landing.betrokken using (persoon)")
            elif "traject_id" in kolommen:
                _voeg_toe(con, f"dwh.{tabel}", f"anti join ({van_hen}) using (traject_id)")
        con.execute("detach vorige")
        store.open_feeds(con, home, leveringen)


# --- on the way -------------------------------------------------------------------------------------------------------

# gemeenten that are in the reference data of some year, and of every year
_OOIT = "select regio_code from vorige.dwh.dim_regio where regio_niveau = 'gemeente'"
_ALTIJD = (
    f"{_OOIT} group by regio_code having count(distinct jaar) = (select count(distinct jaar) from vorige.dwh.dim_regio)"
)


def _tabellen(con: duckdb.DuckDBPyConnection, schema: str) -> list[tuple[str, list[str]]]:
    """The tables of a schema that dbt made, with their columns."""
    return con.execute(
        "select table_name, list(column_name) from duckdb_columns()"
        " where database_name = current_database() and schema_name = ? group by all order by all",
        [schema],
    ).fetchall()


def _voeg_toe(con: duckdb.DuckDBPyConnection, tabel: str, welke: str) -> None:
    """Add rows of the release before to a table."""
    con.execute(f"insert into {tabel} by name from vorige.{tabel} {welke}")


def _koppel(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    con.execute(f"attach {sqltekst.tekst(release / 'warehouse.duckdb')} as vorige (read_only)")


def _gewijzigde_personen(home: Home, gecorrigeerd: dict[str, list[tuple[str, str]]]) -> pl.DataFrame:
    """The persons (persoon) of whom a row is another one."""
    delen = [
        store.verschil(home, feed, [o for o, _ in paren], [n for _, n in paren]) for feed, paren in gecorrigeerd.items()
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
           from vorige.dwh.fct_step_paar anti join landing.betrokken using (persoon)"""
    )
    con.execute(
        """create table landing.elders_vergelijking as
           from vorige.monitor.vergelijking anti join landing.opnieuw using (regio_niveau, regio_code)"""
    )
    store.open_feeds(con, home, leveringen, "landing.betrokken")


def _maak_aanloop(
    release: Path, home: Home, leveringen: pl.DataFrame, gestopt: dict[str, date], gewijzigd: pl.DataFrame
) -> pa.Table:
    """A warehouse with in schema ``landing`` the rows of the persons who count otherwise, and regio_nu: the regions there are
    (regio_niveau, regio_code, rijen, groep). Gives these persons (persoon).
    """
    home.bouw_aanloop.parent.mkdir(parents=True)
    with duckdb.connect(str(home.bouw_aanloop), config=geheugen(release / "warehouse.duckdb")) as con:
        _koppel(con, release)
        store.open_landing(con, home, leveringen, gestopt)
        _wie_anders_telt(con, gewijzigd)
        _maak_elders(con, home, leveringen, pa.table({"regio_niveau": [], "regio_code": []}))
        regio, groep = samenhang(con, f"vorige.{ONTHOUDEN}som", "vorige.dwh")
        con.register("_regio", regio.append_column("groep", pa.array(groep)))
        con.execute("create table landing.regio_nu as from _regio")
        con.unregister("_regio")
        return con.execute("from landing.betrokken").to_arrow_table()


def _wie_anders_telt(con: duckdb.DuckDBPyConnection, gewijzigd: pl.DataFrame) -> None:
    """Table landing.betrokken (persoon): of whom rows changed, and who shares an indicatie with them, before or now. For an
    indicatie goes by its number, and may have come with another person earlier (a child that has a BSN since).
    """
    con.register("_gewijzigd", gewijzigd.to_arrow())
    con.execute(
        """create table landing.betrokken as
           with nummer as (
               select gemeentecode, indicatie_id, persoon from vorige.dwh.fct_indicatie
               union all select leverancier, indicatie_id, persoon from landing.indicaties
           )
           from _gewijzigd union select persoon from nummer
           semi join (from nummer semi join _gewijzigd using (persoon)) using (gemeentecode, indicatie_id)"""
    )
    con.unregister("_gewijzigd")


def _opnieuw_te_maken(release: Path, aanloop: Path, *bronnen: str) -> tuple[pa.Table, float]:
    """The regions to make anew (regio_niveau, regio_code), for where the persons of landing.betrokken stand by schemas
    ``bronnen``: vorige.dwh (before), dwh (now, when dbt has been there). And their share of the rows of the monitor; more
    than all of them when someone stands in a region that the release before does not have.
    """
    with duckdb.connect(str(aanloop), config=geheugen(release / "warehouse.duckdb")) as con:
        _koppel(con, release)
        con.execute("create temp table geraakt (regio_niveau varchar, regio_code varchar)")
        for bron in bronnen:
            _vind_regios(con, bron)
        if "dwh" in bronnen:
            _vind_andere_klassen(con)
        con.execute(
            "create temp view opnieuw as from landing.regio_nu where groep in"
            " (select groep from landing.regio_nu semi join geraakt using (regio_niveau, regio_code))"
        )
        onbekend, deel = con.execute(
            """select exists (from geraakt anti join landing.regio_nu using (regio_niveau, regio_code)),
                   coalesce((select sum(rijen) from opnieuw), 0) / (select sum(rijen) from landing.regio_nu)"""
        ).fetchone()
        opnieuw = con.execute("select regio_niveau, regio_code from opnieuw").to_arrow_table()
    return opnieuw, float("inf") if onbekend else deel


def _vind_regios(con: duckdb.DuckDBPyConnection, bron: str) -> None:
    """Add to the temporary table geraakt where the persons of landing.betrokken stand by schema ``bron``."""
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


def _vind_andere_klassen(con: duckdb.DuckDBPyConnection) -> None:
    """Add to geraakt the regions where someone else is in another class of indicator 4, because its border moved."""
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
