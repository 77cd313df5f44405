"""The measurement of bench/ on a small scale: it sees whole releases only, and would see it if they were not."""

from __future__ import annotations

from bench import lezers
from pipelines.settings import Home

from . import hulp


def test_lezers_tijdens_wisselen_krijgen_hele_releases(leven, tmp_path):
    home = Home(hulp.kopie(leven.home, tmp_path / "home"))
    meting = lezers.meet(home, lezers=5, seconden=6, wissel=0.5, pauze=0.1)
    assert (meting.fouten, meting.gemengd) == ([], 0)
    assert meting.wissels > 1
    assert len(meting.gezien) > 1, "nobody saw a switch"


def test_antwoorden_van_twee_releases_vallen_op():
    naam = min(lezers.VRAGEN)
    een, twee = (lezers.Verbinding(0, [(naam, 0, a) for a in antwoorden]) for antwoorden in ("aa", "ab"))
    meting = lezers.Meting([een, twee], verwacht={"r1": {naam: "a"}, "r2": {naam: "b"}})
    assert (meting.gemengd, meting.gezien) == (1, {"r1"})
