"""Killed at any moment, or out of disk: the release is the old or the new one, whole, and the next refresh succeeds."""

from __future__ import annotations

import pytest

from pipelines.release.build import controlegetallen

from . import hulp
from .hulp import PERIODE, SLEUTEL, Proces, boom, huidige, manifest, omgeving, refresh_args
from .scenarios import MOMENTEN


@pytest.mark.parametrize("moment", [m.naam for m in MOMENTEN])
def test_gedood(dood, moment):
    gedood = dood.gedood[moment]
    assert gedood.geraakt, "the refresh was over before its moment came"
    assert gedood.code == -9
    namen = [m.naam for m in MOMENTEN]
    # only from the moment on at which the new release is in its place may current point to it
    nieuw = {f"{PERIODE}-r2"} if namen.index(moment) >= namen.index("release geplaatst") else set()
    assert gedood.current in {f"{PERIODE}-r1"} | nieuw
    assert gedood.gebreken == []


def test_volgende_verversing_slaagt_en_ruimt_op(dood):
    assert dood.herstel.code == hulp.KLAAR, dood.herstel.tekst
    assert dood.resten == []
    assert dood.release.name in (f"{PERIODE}-r2", f"{PERIODE}-r3")
    assert hulp.gebreken(dood.release) == []
    for database in ("warehouse.duckdb", "publicatie.duckdb"):
        assert controlegetallen(dood.release / database) == manifest(dood.release)["uitvoer"][database]


def test_na_alle_doden_dezelfde_cijfers_als_zonder(dood, leven):
    """The same leveringen, landed and built without a kill, give the same tables."""
    assert hulp.cijfers(dood.release) == hulp.cijfers(leven.gecorrigeerd.release)
    assert {i["bestand"]: i["status"] for i in manifest(dood.release)["invoer"]} == {
        i["bestand"]: i["status"] for i in manifest(leven.gecorrigeerd.release)["invoer"]
    }


def test_oude_release_is_onaangeroerd(dood):
    assert dood.eerste_na == dood.eerste_release


def test_volle_schijf(home, leveringen, tmp_path):
    """No file may grow beyond 2 MiB, as on a full disk: told in Dutch, nothing published, the old release whole."""
    voor = boom(home / "releases")
    begrensd = ["bash", "-c", 'ulimit -f 2048; exec "$@"', "bash"]
    proces = Proces(
        [*begrensd, hulp.JEUGDMONITOR, *refresh_args(home, leveringen)],
        env=omgeving(JEUGDMONITOR_KEY=SLEUTEL),
        cwd=tmp_path,
    )
    uitslag = proces.klaar(hulp.KORT)
    assert uitslag.code == hulp.STORING, uitslag
    hulp.assert_netjes(uitslag)
    assert "Er is niets uitgegeven; de vorige release staat er nog" in uitslag.tekst
    assert boom(home / "releases") == voor
    assert huidige(home).name == f"{PERIODE}-r1"
