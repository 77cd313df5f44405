"""The key of the pseudonyms: never a default, never another one, never written down."""

from __future__ import annotations

from . import hulp
from .hulp import PERIODE, SLEUTEL, boom, draai, huidige, refresh

STIL = (".slot", "bouw")  # the lock, and scrap of a refresh before that may be cleared away


def test_zonder_sleutel_wordt_er_niets_geschreven(leveringen, tmp_path):
    uitslag = draai(*hulp.refresh_args(tmp_path / "home", leveringen), cwd=tmp_path)
    assert uitslag.code == hulp.GEBRUIK
    assert "Er is geen sleutel" in uitslag.tekst
    assert boom(tmp_path) == {}


def test_lege_sleutel_is_geen_sleutel(leveringen, tmp_path):
    bestand = tmp_path / "leeg.key"
    bestand.write_text(" \n")
    for env in ({"JEUGDMONITOR_KEY": " "}, {"JEUGDMONITOR_KEY_FILE": bestand}):
        uitslag = draai(*hulp.refresh_args(tmp_path / "home", leveringen), cwd=tmp_path, **env)
        assert uitslag.code == hulp.GEBRUIK
        assert "Er is geen sleutel" in uitslag.tekst
    assert boom(tmp_path).keys() == {"leeg.key"}


def test_sleutelbestand_dat_er_niet_is(leveringen, tmp_path):
    uitslag = refresh(tmp_path / "home", leveringen, "--key-file", tmp_path / "weg.key")
    assert uitslag.code == hulp.GEBRUIK
    assert "weg.key is er niet" in uitslag.tekst
    assert boom(tmp_path) == {}


def test_andere_sleutel_wordt_geweigerd_voor_er_iets_is_geschreven(home, leveringen, tmp_path):
    """The key in the environment is right; the one in the file is not, and wins."""
    voor = boom(home, zonder=STIL)
    bestand = tmp_path / "een.key"
    bestand.write_text("een andere sleutel")
    uitslag = refresh(home, leveringen, "--key-file", bestand)
    assert uitslag.code == hulp.GEBRUIK
    assert "De sleutel is niet de sleutel waarmee deze thuismap is begonnen" in uitslag.tekst
    assert "een andere sleutel" not in uitslag.tekst
    assert boom(home, zonder=STIL) == voor
    assert len(voor) > 100


def test_goede_sleutel_in_bestand_wint_en_periode_zonder_leveringen(home, leveringen, tmp_path):
    """The key in the environment is wrong. The refresh gets past the key, and finds nothing for the period."""
    voor = boom(home / "releases")
    bestand = tmp_path / "een.key"
    bestand.write_text(f"{SLEUTEL}\n")
    extra = ("--key-file", bestand)
    uitslag = refresh(home, leveringen, *extra, periode="2026H1", JEUGDMONITOR_KEY="een andere sleutel")
    assert uitslag.code == hulp.GEBRUIK
    assert "Voor 2026H1 is geen enkele levering jeugdhulp van kracht" in uitslag.tekst
    assert boom(home / "releases") == voor
    assert huidige(home).name == f"{PERIODE}-r1"


def test_thuismap_zonder_sleutelcontrole_wordt_niet_vertrouwd(home, leveringen):
    (home / "sleutel.controle").unlink()
    voor = boom(home, zonder=STIL)
    uitslag = refresh(home, leveringen)
    assert uitslag.code == hulp.GEBRUIK
    assert "sleutel.controle" in uitslag.tekst
    assert boom(home, zonder=STIL) == voor
