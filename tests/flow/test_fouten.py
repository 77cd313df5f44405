"""Bad input of every kind: told to who delivered it, never a traceback, never in the way of the rest."""

from __future__ import annotations

import io
import os
import re
import zipfile

import pytest

from . import hulp
from .bronnen import als_csv, als_xlsx, naam
from .hulp import PERIODE, boom, huidige, refresh, vraag
from .slecht import GOED, KOLOMMEN, SLECHT, rij

# --- all of it at once, among good leveringen ------------------------------------------------------------------------


def test_verversing_met_slechte_bestanden_slaagt(slechte_invoer):
    assert slechte_invoer.uitslag.code == hulp.KLAAR, slechte_invoer.uitslag.tekst
    assert huidige(slechte_invoer.home).name == f"{PERIODE}-r2"
    assert boom(slechte_invoer.home / "releases" / f"{PERIODE}-r1") == slechte_invoer.eerste_release
    geweigerd = sum(len(s.bestanden) for s in SLECHT if s.status == "geweigerd")
    assert re.search(rf"\b{geweigerd + 1} bestanden geweigerd", slechte_invoer.uitslag.tekst)  # one in the demo


@pytest.mark.parametrize("slecht", SLECHT, ids=[s.wat for s in SLECHT])
def test_slecht_bestand(slechte_invoer, slecht):
    regels = hulp.bevindingen(slechte_invoer.home, slecht.leverancier, slecht.map_)
    assert {(r["rij"], r["kolom"], r["code"], r["ernst"]) for r in regels} == slecht.bevindingen
    assert {r["bestand"] for r in regels} <= {pad.rpartition("/")[2] for pad in slecht.bestanden}
    assert all(r["melding"].endswith(".") for r in regels)
    stand = vraag(
        huidige(slechte_invoer.home),
        "select status, sum(case when status = 'van_kracht' then rijen - afkeur else 0 end)::int"
        " from kwaliteit.levering where leverancier = ? group by 1",
        parameters=[slecht.leverancier],
    )
    assert stand == [(slecht.status, slecht.rijen)]


def test_terugkoppeling_over_slechte_bestanden_heeft_geen_bsn(slechte_invoer):
    nummers = hulp.nummers_in(slechte_invoer.bron.rglob("*__v*.*"))
    assert hulp.geheimen_in(slechte_invoer.home, nummers, hulp.SLEUTEL) == {}


# --- alone: nothing good beside it -----------------------------------------------------------------------------------


def _werkmap_met(blad: bytes) -> bytes:
    """The workbook of GOED with another sheet in it."""
    uit = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(als_xlsx(KOLOMMEN, GOED))) as oud, zipfile.ZipFile(uit, "w") as nieuw:
        for deel in oud.namelist():
            nieuw.writestr(deel, blad if deel.endswith("sheet1.xml") else oud.read(deel))
    return uit.getvalue()


def _blad() -> bytes:
    with zipfile.ZipFile(io.BytesIO(als_xlsx(KOLOMMEN, GOED))) as boek:
        return boek.read("xl/worksheets/sheet1.xml")


ALLEEN = {
    "nul bytes": ("csv", b"", "A01"),
    "cel met een onmogelijke plaats": ("xlsx", _werkmap_met(_blad().replace(b'"A2"', b'"ZZZZZZZ99999999999"')), "A01"),
    "cel in de verste hoek": ("xlsx", _werkmap_met(_blad().replace(b'"K1"', b'"XFD1048576"', 1)), "A01"),
    "cijfers van een ander schrift": (
        "csv",
        als_csv(KOLOMMEN, [*GOED, rij(30, bsn="".join(chr(0x660 + int(c)) for c in "900000004"))]),
        "A03",
    ),
}


@pytest.mark.parametrize("wat", ALLEEN)
def test_een_bestand_dat_de_lezer_kan_laten_struikelen(tmp_path, wat):
    """Reported to who delivered it; the refresh ends by itself, whether or not anything is left to publish."""
    ext, inhoud, code = ALLEEN[wat]
    bron = tmp_path / "bron"
    bron.mkdir()
    (bron / naam("41990099", ext=ext)).write_bytes(inhoud)
    # of a later period: told about, and never enough to publish
    uitslag = refresh(tmp_path / "home", bron, periode="2024H1", geduld=hulp.KORT)
    assert uitslag.code == hulp.GEBRUIK, uitslag
    assert "geen enkele levering jeugdhulp van kracht" in uitslag.tekst
    assert code in {r["code"] for r in hulp.bevindingen(tmp_path / "home", "41990099")}


def test_bestandsnaam_die_geen_utf8_is(tmp_path):
    bron = tmp_path / "bron"
    bron.mkdir()
    with open(os.fsencode(bron) + b"/jeugdhulp__41990099__2024H2__v1\xff.csv", "wb") as bestand:  # noqa: PTH123
        bestand.write(als_csv(KOLOMMEN, GOED))
    uitslag = refresh(tmp_path / "home", bron, periode="2024H1", geduld=hulp.KORT)
    assert uitslag.code == hulp.GEBRUIK, uitslag
    assert [r["code"] for r in hulp.bevindingen(tmp_path / "home", "41990099")] == ["A01"]


def test_alleen_geweigerde_leveringen(home, tmp_path):
    """Nothing readable is usage (exit code 2), and the last release stays as it is."""
    bron = tmp_path / "bron"
    bron.mkdir()
    (bron / naam("41990099")).write_bytes(b"")
    voor = boom(home / "releases")
    uitslag = refresh(home, bron)
    assert uitslag.code == hulp.GEBRUIK
    assert f"Voor {PERIODE} is geen enkele levering jeugdhulp van kracht" in uitslag.tekst
    assert boom(home / "releases") == voor
    assert [r["code"] for r in hulp.bevindingen(home, "41990099")] == ["A01"]
