"""Bad input of every kind: told to who delivered it, never a traceback, never in the way of the rest."""

from __future__ import annotations

import io
import os
import re
import zipfile

import pytest

from . import hulp
from .bestanden import als_csv, als_xlsx, naam
from .hulp import PERIODE, boom, huidige, refresh, vraag
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
    assert hulp.geheimen_in(leven.home, nummers, hulp.SLEUTEL) == {}


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
    # file name after the leverancier, content, codes
    "cel op een onmogelijke plaats": (b"xlsx", _met_blad(b'"A2"', b'"ZZZZZZZ99999999999"'), {"A01"}),
    "cel in de verste hoek": (b"xlsx", _met_blad(b'"K1"', b'"XFD1048576"'), {"A01"}),
    "cijfers van een ander schrift": (
        b"csv",
        als_csv(KOLOMMEN, [r | {"bsn": _arabisch(r["bsn"])} for r in GOED]),
        {"A03", "L1"},
    ),
    "naam in een andere codering": (b"\xeb.csv", als_csv(KOLOMMEN, GOED), {"A01"}),
    "nul bytes": (b"csv", b"", {"A01"}),
}


@pytest.mark.parametrize("wat", STRUIKELBLOKKEN)
def test_struikelblok(home, tmp_path, wat):
    """Reported to who delivered it; as nothing else is there it ends as usage, and the last release stays as it is."""
    bron = tmp_path / "bron"
    bron.mkdir()
    ext, inhoud, codes = STRUIKELBLOKKEN[wat]
    pad = os.fsencode(bron / naam("41990099", ext="")) + ext
    with open(pad, "wb") as bestand:  # noqa: PTH123 (a name that is no text)
        bestand.write(inhoud)
    voor = boom(home / "releases")
    uitslag = refresh(home, bron, geduld=hulp.KORT)
    assert uitslag.code == hulp.GEBRUIK, uitslag
    assert f"Voor {PERIODE} is geen enkele levering jeugdhulp van kracht" in uitslag.tekst
    assert {r["code"] for r in hulp.bevindingen(home, "41990099")} == codes
    assert boom(home / "releases") == voor
    assert huidige(home).name == f"{PERIODE}-r1"
