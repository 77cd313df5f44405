"""The demo region: synthetic leveringen of all feeds, calibrated on published figures. Public: schrijf_demo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.demo.bestanden import Schrijver
from pipelines.demo.bevolking import cbs_bevolking, maak_bevolking
from pipelines.demo.gebieden import REFERENTIE, cbs_gebieden, cbs_postcodes, maak_gebied
from pipelines.demo.indicaties import schrijf_indicaties
from pipelines.demo.leveringen import maak_veld, schrijf_jeugdhulp, schrijf_maatregelen
from pipelines.demo.personalia import Personalia
from pipelines.demo.uitkomsten import schrijf_uitkomsten
from pipelines.demo.zorg import maak_zorg, met_ongeborenen
from pipelines.periods import Halfjaar

LAATSTE = Halfjaar(2024, 2)


@dataclass(frozen=True)
class DemoOverzicht:
    """What was written."""

    bestanden: int
    rijen: int
    perioden: tuple[str, ...]


def schrijf_demo(
    doel: Path,
    *,
    size: float = 1.0,
    seed: int = 2013,
    laatste: Halfjaar = LAATSTE,
    halfjaren: int = 8,
    gemeenten: int = 12,
    formaten: bool = True,
) -> DemoOverzicht:
    """Write leveringen of all feeds below ``doel``, one folder per period; the same arguments give the same bytes.

    ``size`` 1 is Drenthe (12 gemeenten, 40 aanbieders, 2 GI's); smaller scales the numbers down, larger adds synthetic
    copies of the region, up to 342 gemeenten and 1160 aanbieders at 28.5; 37 has the population of the country.
    ``gemeenten`` below 12 leaves the others out, for a region that is quick to refresh. ``formaten`` False writes every
    levering as UTF-8 csv with ``;``.
    """
    perioden = [laatste.plus(k - halfjaren + 1) for k in range(halfjaren)]
    jaren = range(perioden[0].jaar, laatste.jaar + 1)
    # one stream per part, so that a change in one leaves the others as they are
    bron = [np.random.default_rng([seed, deel]) for deel in range(8)]
    gebied = maak_gebied(size, gemeenten)
    veld = maak_veld(gebied, perioden, seed, formaten)
    bevolking = maak_bevolking(gebied, jaren[0], jaren[-1], bron[0])
    zorg = maak_zorg(gebied, bevolking, int(veld.d0[0]), int(veld.d1[-1]), bron[1])
    zorg = met_ongeborenen(zorg, veld.d0, bron[2])
    wie = Personalia(gebied, zorg, perioden, bron[3])

    schrijver = Schrijver(Path(doel))
    for jaar in jaren:
        schrijver.schrijf("cbs_gebieden", "cbs", str(jaar), cbs_gebieden(gebied, jaar))
        schrijver.schrijf("cbs_postcodes", "cbs", str(jaar), cbs_postcodes(gebied, jaar))
        schrijver.schrijf("cbs_bevolking", "cbs", str(jaar), cbs_bevolking(gebied, bevolking, jaar))
    _schrijf_cbs_jeugdzorg(schrijver, perioden)
    beeindigd = schrijf_jeugdhulp(veld, zorg, wie, schrijver, bron[4])
    schrijf_maatregelen(veld, zorg, wie, schrijver, bron[5])
    schrijf_indicaties(gebied, veld, zorg, wie, schrijver, bron[6])
    schrijf_uitkomsten(veld, zorg, wie, beeindigd, schrijver, bron[7])
    return DemoOverzicht(schrijver.bestanden, schrijver.rijen, tuple(str(p) for p in perioden))


def _schrijf_cbs_jeugdzorg(schrijver: Schrijver, perioden: list[Halfjaar]) -> None:
    """The published figures of the periods of the demo; a year figure goes in a file of the year."""
    cijfers = pl.read_csv(REFERENTIE / "cbs_jeugdzorg.csv", infer_schema=False)
    aanwezig = {str(p) for p in perioden}
    jaren = {f"{p.jaar}JJ" for p in perioden if p.helft == 1 and f"{p.jaar}H2" in aanwezig}
    for (periode,), deel in cijfers.group_by("verslagperiode", maintain_order=True):
        if periode in aanwezig | jaren:
            schrijver.schrijf("cbs_jeugdzorg", "cbs", str(periode).removesuffix("JJ"), deel)
