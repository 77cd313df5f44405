"""The key of the pseudonyms: never a default, never another one, never written down."""

from __future__ import annotations

from . import hulp
from .hulp import PERIODE, SLEUTEL, boom, draai, refresh

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
    voor = boom(home, zonder=STIL)
    uitslag = refresh(home, leveringen, JEUGDMONITOR_KEY="een andere sleutel")
    assert uitslag.code == hulp.GEBRUIK
    assert "De sleutel is niet de sleutel waarmee deze thuismap is begonnen" in uitslag.tekst
    assert "een andere sleutel" not in uitslag.tekst
    assert boom(home, zonder=STIL) == voor
    assert len(voor) > 100


def test_sleutelbestand_wint_van_de_omgeving(home, leveringen, tmp_path):
    """The key in the environment is right and the one in the file is not: refused. And the other way round: not."""
    voor = boom(home, zonder=STIL)
    bestand = tmp_path / "een.key"
    bestand.write_text("een andere sleutel")
    uitslag = refresh(home, leveringen, "--key-file", bestand)
    assert uitslag.code == hulp.GEBRUIK
    assert "De sleutel is niet de sleutel" in uitslag.tekst
    assert boom(home, zonder=STIL) == voor
    bestand.write_text(f"{SLEUTEL}\n")
    # a period without leveringen: past the key, and no further
    goed = refresh(home, leveringen, "--key-file", bestand, periode="2026H1", JEUGDMONITOR_KEY="een andere sleutel")
    assert goed.code == hulp.GEBRUIK
    assert "Voor 2026H1 is geen enkele levering" in goed.tekst


def test_thuismap_zonder_sleutelcontrole_wordt_niet_vertrouwd(home, leveringen):
    (home / "sleutel.controle").unlink()
    voor = boom(home, zonder=STIL)
    uitslag = refresh(home, leveringen)
    assert uitslag.code == hulp.GEBRUIK
    assert "sleutel.controle" in uitslag.tekst
    assert boom(home, zonder=STIL) == voor


def test_sleutel_staat_niet_in_de_thuismap(basis):
    assert hulp.geheimen_in(basis.home, set(), SLEUTEL) == {}
    assert (basis.home / "sleutel.controle").is_file()
    assert PERIODE in (basis.home / "current").readlink().name
