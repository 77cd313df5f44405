"""A poort that closes: nothing is published, everything is told; and an override for one refresh."""

from __future__ import annotations

import pytest

from . import hulp
from .hulp import PERIODE, boom, manifest, refresh


def test_dichte_poort_geeft_niets_uit(blokkade):
    assert blokkade.dicht.code == hulp.POORT_DICHT, blokkade.dicht.tekst
    assert len(blokkade.voor) > 3
    assert blokkade.na == blokkade.voor


def test_redenen_staan_op_het_scherm(blokkade):
    scherm = blokkade.dicht.tekst
    assert f"Niet uitgegeven: een poort is dicht voor {PERIODE}." in scherm
    assert "L2 (blokkeert)" in scherm
    assert blokkade.leverancier in scherm
    assert "De vorige release staat er nog" in scherm
    assert "--override" in scherm


def test_terugkoppeling_is_er_ook_als_de_poort_dicht_is(blokkade):
    map_ = blokkade.home / "feedback" / PERIODE
    assert len(list(map_.glob("*/bevindingen.csv"))) > 10


def test_uitkomst_van_een_dichte_poort_is_bewaard(blokkade):
    tweede = [u for u in blokkade.uitkomsten if u[0] == f"{PERIODE}-002" and u[1:3] == ("L2", "blokkeert")]
    assert {(object_, status, override) for _, _, _, object_, status, override in tweede} >= {
        ("jeugdhulp", "gefaald", None),
        ("maatregelen", "geslaagd", None),
    }
    assert any(u[0] == f"{PERIODE}-001" for u in blokkade.uitkomsten), "the outcomes of the refresh before are gone"


def test_verversing_die_moest_wachten_bewaart_haar_eigen_uitkomst(blokkade):
    """Started before another refresh, at work after it: its outcomes are its own, and it ends as any other."""
    assert blokkade.opgehouden.code == hulp.POORT_DICHT, blokkade.opgehouden
    namen = {u[0] for u in hulp.uitkomsten(blokkade.home)}
    assert namen == {f"{PERIODE}-{n:03d}" for n in (1, 2, 3, 4)}


def test_opgeheven_blokkade_geeft_uit_met_de_reden(blokkade):
    assert blokkade.opgeheven.code == hulp.KLAAR, blokkade.opgeheven.tekst
    assert blokkade.release.name == f"{PERIODE}-r2"
    assert manifest(blokkade.release)["overrides"] == {"L2": blokkade.reden}
    assert f"[opgeheven: {blokkade.reden}]" in blokkade.opgeheven.tekst
    redenen = {u[5] for u in hulp.uitkomsten(blokkade.home) if u[1] == "L2" and u[4] == "gefaald"}
    assert blokkade.reden in redenen
    assert hulp.gebreken(blokkade.release) == []


def test_releases_noemt_de_opgeheven_regel(blokkade):
    lijst = hulp.draai("releases", "--home", blokkade.home, cwd=blokkade.home.parent)
    assert lijst.code == hulp.KLAAR
    tweede = next(regel for regel in lijst.uit.splitlines() if f"{PERIODE}-r2" in regel)
    assert "L2" in tweede
    assert "huidige" in tweede


@pytest.mark.parametrize("waarde", ["L2", "L2=   ", "=reden", "L99=reden"])
def test_opheffen_zonder_reden_of_van_een_onbekende_regel(leveringen, tmp_path, waarde):
    uitslag = refresh(tmp_path / "home", leveringen, "--override", waarde)
    assert uitslag.code == hulp.GEBRUIK
    assert "REGEL=reden" in uitslag.tekst or "bestaat niet" in uitslag.tekst
    assert boom(tmp_path) == {}
