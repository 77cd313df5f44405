"""The product against the independent reference, cell by cell, on random worlds full of edge cases."""

from __future__ import annotations

import json
import math
from pathlib import Path

import duckdb
import polars as pl
import pytest
from dbt.cli.main import dbtRunner

from pipelines.landing import across, offered, store
from pipelines.periods import Halfjaar
from pipelines.settings import DBT_PROJECT, Home

from . import indicatoren, landing, monitor, wereld

SLEUTELS = {
    "stand_stroom": "verslagperiode soort eenheid regio_niveau regio_code dimensie categorie",
    "percentage_in_zorg": "verslagperiode regio_niveau regio_code maat",
    "duur": "verslagperiode regio_niveau regio_code dimensie categorie",
    "herindicaties": "verslagperiode regio_niveau regio_code dimensie categorie",
    "prestatie_indicatoren": "verslagperiode regio_niveau regio_code aanbieder indicator maat categorie",
}


@pytest.mark.parametrize("seed", [11])  # test_overname looks at another world
def test_elke_cel_gelijk(tmp_path, seed):
    bronnen = tmp_path / "bronnen"
    bronnen.mkdir()
    w = wereld.schrijf_wereld(bronnen, seed)
    home = Home(tmp_path / "huis")
    _, bevindingen = land(home, w)
    _bouw(home, w.periode, tmp_path)
    vergelijk_met_referentie(home, w, bevindingen)


def vergelijk_met_referentie(home: Home, w: wereld.Wereld, bevindingen: set[tuple]) -> None:
    """What was found in the leveringen, and every cell of the monitor, is what the reference says."""
    verwacht_landing = landing.lees(w.map, w.periode, w.sleutel)
    verwacht = monitor.bereken(verwacht_landing, w.periode, w.gestopt)
    verwacht |= indicatoren.bereken_indicatoren(verwacht_landing, w.periode, w.gestopt)
    vergelijk_bevindingen(bevindingen, verwacht_landing, w)
    with duckdb.connect(str(home.bouw_warehouse)) as con:  # as dbt in this process has it open
        for tabel, cellen in verwacht.items():
            vergelijk(con, tabel, cellen)


def land(home: Home, w: wereld.Wereld) -> tuple[pl.DataFrame, set[tuple]]:
    """Land what is offered into the warehouse to be built; gives the state of the leveringen and the findings."""
    aanbod = offered.aanbod(w.map)
    store.land(aanbod, home, w.sleutel)
    stand = store.stand(aanbod, home, Halfjaar.van(w.periode), {"*": 0.05})
    home.bouw_warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(home.bouw_warehouse)) as con:
        store.open_landing(con, home, stand, w.gestopt)
        over = across.bevindingen(con)
    alles = [store.bevindingen(home, stand), over]
    return stand, {rij for frame in alles for rij in frame.select("bestand", "rij", "code").rows()}


def vergelijk_bevindingen(gevonden: set[tuple], leveringen: landing.Leveringen, w: wereld.Wereld) -> None:
    """Row findings are equal, and so are S04 over the last two periods and A12."""
    per_rij = {(b, r, c) for b, r, c in gevonden if r is not None}
    eigen = {x for x in per_rij if x[2] not in ("S00", "S04", "S05", "A01", "A12")}
    verwacht = {x for x in leveringen.gevonden() if x[1] is not None and x[2] not in ("S00", "A01")}
    assert eigen and eigen == verwacht
    a12 = {(b.bestand, b.rij, "A12") for b in indicatoren.a12(leveringen)}
    assert {x for x in per_rij if x[2] == "A12"} == a12
    s04 = set().union(*(monitor.s04(leveringen, p) for p in w.periodes if p <= w.periode))
    assert {x for x in per_rij if x[2] == "S04"} == s04


def _bouw(home: Home, periode: str, tmp_path: Path) -> None:
    uitkomst = dbtRunner().invoke(
        [
            *("--quiet", "build", "--exclude-resource-type", "unit_test"),
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "log")),
            *("--vars", json.dumps({"periode": periode, "warehouse": str(home.bouw_warehouse)})),
        ]
    )
    assert uitkomst.success, uitkomst.exception or [r.message for r in uitkomst.result if r.status != "success"]


def vergelijk(con: duckdb.DuckDBPyConnection, tabel: str, verwacht: dict[tuple, dict]) -> None:
    sleutel = SLEUTELS[tabel].split()
    rijen = con.execute(f"select * from monitor.{tabel}").pl().to_dicts()
    gekregen = {tuple(rij[k] for k in sleutel): rij for rij in rijen}
    if tabel == "prestatie_indicatoren":  # the reference has wijken too; the product does not publish them
        verwacht = {k: v for k, v in verwacht.items() if k[1] != "wijk"}
    assert len(gekregen) == len(rijen) > 0
    assert gekregen.keys() == verwacht.keys()
    verschillen = [
        (cel, kolom, waarde, gekregen[cel][kolom])
        for cel, waarden in verwacht.items()
        if not _is_keuze(tabel, cel)
        for kolom, waarde in waarden.items()
        if not _gelijk(_nul_bij_niets(cel, kolom, waarden), gekregen[cel][kolom])
    ]
    assert not verschillen, f"{tabel}: {len(verschillen)} cells differ, such as {verschillen[:3]}"


def _is_keuze(tabel: str, cel: tuple) -> bool:
    """The share met verblijf of an unknown region: the reference leaves it out, the product gives it (02 §4)."""
    return tabel == "percentage_in_zorg" and cel[2] == "onbekend" and cel[3] == "jeugdhulp_verblijf"


def _nul_bij_niets(cel: tuple, kolom: str, waarden: dict) -> object:
    """Of no pairs at all none is in a class: the product says 0 of 0, the reference NULL of 0 (03, indicator 4)."""
    if "klasse" in cel and kolom == "teller" and waarden["noemer"] == 0:
        return 0
    return waarden[kolom]


def _gelijk(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b
