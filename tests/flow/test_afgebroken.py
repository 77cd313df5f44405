"""Killed at any moment, or out of disk: the release is the old or the new one, whole, and the next refresh succeeds."""

from __future__ import annotations

import pytest

from pipelines.release.build import controlegetallen

from . import hulp
from .hulp import PERIODE, manifest
from .scenarios import ALLEEN, MOMENTEN, TOEVAL

NAMEN = [*MOMENTEN, *TOEVAL, ALLEEN]


@pytest.mark.parametrize("moment", NAMEN)
def test_gedood(dood, moment):
    gedood = dood.gedood[moment]
    assert gedood.geraakt, "the refresh was over before its moment came"
    assert gedood.code == -9
    # only from the moment on at which the new release is in its place may current point to it
    nieuw = {f"{PERIODE}-r2"} if NAMEN.index(moment) >= NAMEN.index("release geplaatst") else set()
    assert gedood.current in {f"{PERIODE}-r1"} | nieuw
    assert gedood.gebreken == []
    assert gedood.geheimen == {}


def test_volgende_verversing_slaagt_en_ruimt_op(dood):
    """Also with the dbt of the last killed one still at work: it cannot touch what is built now."""
    assert dood.wees_leefde
    assert dood.herstel.code == hulp.KLAAR, dood.herstel.tekst
    assert dood.resten == []
    assert dood.release.name in (f"{PERIODE}-r2", f"{PERIODE}-r3")
    assert hulp.gebreken(dood.release) == []
    for database in ("warehouse.duckdb", "publicatie.duckdb"):
        assert controlegetallen(dood.release / database) == manifest(dood.release)["uitvoer"][database]


def test_na_alle_doden_dezelfde_cijfers_als_zonder(dood, leven):
    """Those of a home that saw the same leveringen and was left in peace."""
    assert hulp.cijfers(dood.release) == hulp.cijfers(leven.bijgewerkt.release)
    assert {i["bestand"]: i["status"] for i in manifest(dood.release)["invoer"]} == {
        i["bestand"]: i["status"] for i in manifest(leven.bijgewerkt.release)["invoer"]
    }


def test_oude_release_is_onaangeroerd(dood):
    assert dood.eerste_na == dood.eerste_release
