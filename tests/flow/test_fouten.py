"""Bad input of every kind: told to who delivered it, never a traceback, never in the way of the rest."""

from __future__ import annotations

import io
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import hulp
from .bestanden import als_csv, als_xlsx, naam
from .hulp import PERIODE, Uitslag, boom, huidige, kopie, refresh_args, start, vraag
from .slecht import GOED, KOLOMMEN, SLECHT

# --- among good leveringen -------------------------------------------------------------------------------------------


def test_verversing_met_slechte_bestanden_slaagt(leven):
    uitslag = leven.bijgewerkt.uitslag
    assert uitslag.code == hulp.KLAAR, uitslag.tekst
    geweigerd = sum(len(s.bestanden) for s in SLECHT if s.status == "geweigerd")
    # and one of the demo, and one refused correction
    assert re.search(rf"\b{geweigerd + 2} bestanden geweigerd", uitslag.tekst)


@pytest.mark.parametrize("slecht", SLECHT, ids=[s.wat for s in SLECHT])
def test_slecht_bestand(leven, slecht):
    regels = hulp.bevindingen(leven.home, slecht.leverancier, slecht.map_)
    assert {(r["rij"], r["kolom"], r["code"], r["ernst"]) for r in regels} == slecht.bevindingen
    assert {r["bestand"] for r in regels} <= {pad.rpartition("/")[2] for pad in slecht.bestanden}
    assert all(r["melding"].endswith(".") for r in regels)
    stand = vraag(
        leven.bijgewerkt.release,
        "select status, sum(case when status = 'van_kracht' then rijen - afkeur else 0 end)::int"
        " from kwaliteit.levering where leverancier = ? group by 1",
        parameters=[slecht.leverancier],
    )
    assert stand == [(slecht.status, slecht.rijen)]


def test_wat_er_van_slechte_bestanden_overblijft_heeft_geen_bsn(leven):
    nummers = hulp.nummers_in(leven.nagekomen.bron.rglob("*__v*.*"))
    for plek in ("landing", "quarantine", "feedback", "kwaliteit/uitkomst", f"releases/{PERIODE}-r4"):
        assert (leven.home / plek).is_dir()
        assert hulp.geheimen_in(leven.home / plek, nummers, hulp.SLEUTEL) == {}


# --- files that make a reader stumble, and nothing good beside them --------------------------------------------------


def _met_blad(oud: bytes, nieuw: bytes) -> bytes:
    """The workbook of GOED with something replaced in its sheet."""
    uit = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(als_xlsx(KOLOMMEN, GOED))) as boek, zipfile.ZipFile(uit, "w") as anders:
        for deel in boek.namelist():
            inhoud = boek.read(deel)
            if deel.endswith("sheet1.xml"):
                assert oud in inhoud
                inhoud = inhoud.replace(oud, nieuw, 1)
            anders.writestr(deel, inhoud)
    return uit.getvalue()


def _arabisch(nummer: str) -> str:
    return "".join(chr(0x660 + int(cijfer)) for cijfer in nummer)


STRUIKELBLOKKEN: dict[str, tuple[bytes, bytes, set[str]]] = {
    # leverancier: end of the file name, content, codes
    "41990091": (b"xlsx", _met_blad(b'"A2"', b'"ZZZZZZZ99999999999"'), {"A01"}),  # a cell at an impossible place
    "41990092": (b"xlsx", _met_blad(b'"K1"', b'"XFD1048576"'), {"A01"}),  # a cell in the farthest corner
    "41990093": (b"csv", als_csv(KOLOMMEN, [r | {"bsn": _arabisch(r["bsn"])} for r in GOED]), {"A03", "L1"}),
    "41990094": (b"\xeb.csv", als_csv(KOLOMMEN, GOED), {"A01"}),  # a name in another encoding
    "41990095": (b"csv", b"", {"A01"}),
}


@dataclass(frozen=True)
class Gestruikeld:
    """A refresh with nothing but stumbling blocks, on a home with a good release."""

    home: Path
    uitslag: Uitslag
    voor: dict[str, tuple]


@pytest.fixture(scope="module")
def gestruikeld(basis, tmp_path_factory):
    map_ = tmp_path_factory.mktemp("struikel")
    home = kopie(basis.home, map_ / "home")
    (map_ / "bron").mkdir()
    for leverancier, (einde, inhoud, _) in STRUIKELBLOKKEN.items():
        pad = os.fsencode(map_ / "bron" / naam(leverancier, ext="")) + einde
        with open(pad, "wb") as bestand:  # noqa: PTH123 (a name that is no text)
            bestand.write(inhoud)
    voor = boom(home / "releases")
    proces = start(*refresh_args(home, map_ / "bron"), cwd=map_, JEUGDMONITOR_KEY=hulp.SLEUTEL)
    return Gestruikeld(home, proces.klaar(hulp.KORT), voor)


def test_alleen_struikelblokken(gestruikeld):
    """Nothing usable is a mistake of who started it; the last release stays as it is."""
    hulp.assert_netjes(gestruikeld.uitslag)
    assert gestruikeld.uitslag.code == hulp.GEBRUIK, gestruikeld.uitslag
    assert f"Voor {PERIODE} is geen enkele levering jeugdhulp van kracht" in gestruikeld.uitslag.tekst
    assert boom(gestruikeld.home / "releases") == gestruikeld.voor
    assert huidige(gestruikeld.home).name == f"{PERIODE}-r1"


@pytest.mark.parametrize("leverancier", STRUIKELBLOKKEN)
def test_struikelblok(gestruikeld, leverancier):
    assert gestruikeld.uitslag.code == hulp.GEBRUIK, gestruikeld.uitslag
    codes = {r["code"] for r in hulp.bevindingen(gestruikeld.home, leverancier)}
    assert codes == STRUIKELBLOKKEN[leverancier][2]
