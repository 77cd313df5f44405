"""Killed at any moment, or out of disk: the release is the old or the new one, whole, and the next refresh succeeds."""

from __future__ import annotations

import pytest

from pipelines.release.database import controlegetallen

from . import hulp
from .hulp import PERIODE, SLEUTEL, Proces, boom, huidige, manifest, omgeving, refresh_args
from .scenarios import ALLEEN, MOMENTEN, TOEVAL

NAMEN = [*MOMENTEN, *TOEVAL, ALLEEN]


@pytest.mark.parametrize("moment", NAMEN)
def test_gedood(dood, moment):
    gedood = dood.gedood[moment]
    if moment in TOEVAL and not gedood.geraakt:  # a fast machine: it was done, and then it is all there
        assert gedood.code == hulp.KLAAR
    else:
        assert gedood.geraakt, "the refresh was over before its moment came"
        assert gedood.code == -9
    # only when the new release is in its place may current point to it
    assert gedood.current == gedood.voor or moment in ["release geplaatst", *TOEVAL]
    assert gedood.gebreken == []
    assert gedood.geheimen == {}


def test_volgende_verversing_slaagt_en_ruimt_op(dood):
    """Also with the dbt of the last killed one still at work: it cannot touch what is built now."""
    assert dood.wees_leefde
    assert dood.herstel.code == hulp.KLAAR, dood.herstel.tekst
    assert dood.resten == []
    assert dood.release.name not in {g.voor for g in dood.gedood.values()}
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


def test_volle_schijf(home, leveringen, tmp_path):
    """No file may grow beyond 300 KiB, as on a full disk: told in Dutch, nothing published, the old release whole."""
    voor = boom(home / "releases")
    begrensd = ["bash", "-c", 'ulimit -f 300; exec "$@"', "bash"]
    proces = Proces(
        [*begrensd, hulp.JEUGDMONITOR, *refresh_args(home, leveringen)],
        env=omgeving(JEUGDMONITOR_KEY=SLEUTEL),
        cwd=tmp_path,
    )
    uitslag = proces.klaar()
    assert uitslag.code == hulp.STORING, uitslag
    hulp.assert_netjes(uitslag)
    assert "Er is niets uitgegeven; de vorige release staat er nog" in uitslag.tekst
    assert boom(home / "releases") == voor
    assert huidige(home).name == f"{PERIODE}-r1"
