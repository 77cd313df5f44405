"""Every rule of both poorten, broken: the outcome that is kept, what the refresh does, what people read.

What leveringen break is in brekers.py; M1, M2, M6 and M8 hold by our own code, which knoeier.py gets in the way of.
"""

from __future__ import annotations

import polars as pl
import pytest

from . import brekers, hulp, knoeier
from .hulp import PERIODE, huidige, manifest, vraag

SIGNAAL = ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "M3", "M4b", "M5", "M9"]
BLOKKEERT = {"poort 1": ["L2", "L7"], "poort 2": ["M1", "M2", "M3", "M4", "M6", "M7", "M8"]}
PAREN = [(naam, regel) for naam, regels in BLOKKEERT.items() for regel in regels]


def _uitkomsten(breuk) -> set[tuple[str, str, str, str]]:
    alle = [u for u in hulp.uitkomsten(breuk.home) if u[0] == breuk.refresh]
    assert not [u for u in alle if u[4] == "fout"]
    return {(regel, effect, object_, status) for _, regel, effect, object_, status, _ in alle}


def _gefaald(uitkomsten, regel, effect):
    return {object_ for r, e, object_, status in uitkomsten if (r, e, status) == (regel, effect, "gefaald")}


# --- signaal ---------------------------------------------------------------------------------------------------------


def test_signalen_houden_de_uitgifte_niet_tegen(regels):
    breuk = regels["signaal"]
    assert breuk.uitslag.code == hulp.KLAAR, breuk.uitslag.tekst
    assert huidige(breuk.home).name == f"{PERIODE}-r2"
    assert hulp.gebreken(huidige(breuk.home)) == []
    assert breuk.gebroken.uitkomsten <= _uitkomsten(breuk)
    assert not [u for u in _uitkomsten(breuk) if u[1] == "blokkeert" and u[3] == "gefaald"]


@pytest.mark.parametrize("regel", SIGNAAL)
def test_signaal_is_te_lezen(regels, regel):
    """On screen, in the manifest, and with SQL in the release itself."""
    breuk = regels["signaal"]
    assert f"- {regel} (signaal)" in breuk.uitslag.tekst
    gefaald = {p["regel"]: p["aantal"] for p in manifest(huidige(breuk.home))["poorten"] if p["status"] == "gefaald"}
    verwacht = {o for r, e, o, status in breuk.gebroken.uitkomsten if (r, e, status) == (regel, "signaal", "gefaald")}
    sql = "select object from kwaliteit.uitkomst where refresh = ? and regel = ? and status = 'gefaald'"
    bewaard = {o for (o,) in vraag(huidige(breuk.home), sql, parameters=[breuk.refresh, regel])}
    assert verwacht and verwacht <= bewaard
    assert len(bewaard) == gefaald[regel]


def test_bsn_in_een_bestandsnaam_staat_nergens(regels):
    """The names are told, but for the number: on screen, in the warehouse, the manifest, the outcomes, the feedback."""
    breuk = regels["signaal"]
    assert "dossier *********.csv" in breuk.uitslag.tekst
    assert brekers.IN_NAAM not in breuk.uitslag.uit + breuk.uitslag.fout
    namen = {n for (n,) in vraag(huidige(breuk.home), "select bestand from kwaliteit.levering where code = 'A01'")}
    assert namen >= {"dossier *********.csv", f"jeugdhulp__*********__{PERIODE}__v1.csv"}
    for tabel in ("levering", "bevinding", "uitkomst"):
        sql = f"select count(*) from kwaliteit.{tabel} as t where t::varchar like '%{brekers.IN_NAAM}%'"
        assert vraag(huidige(breuk.home), sql) == [(0,)]
    for plek in ("landing/register", "feedback", "kwaliteit/uitkomst"):
        assert hulp.geheimen_in(breuk.home / plek, {brekers.IN_NAAM}, hulp.SLEUTEL) == {}
    leesbaar = [p for p in breuk.home.rglob("*") if p.suffix in (".json", ".html", ".csv")]
    assert not [p for p in leesbaar if brekers.IN_NAAM in p.read_text("utf-8")]


def test_veranderde_definitieve_cijfers_staan_in_het_revisiebericht(regels):
    """M9, as far as the publication shows them."""
    revisie = pl.read_csv(huidige(regels["signaal"].home) / "revisie" / "revisie.csv", infer_schema=False)
    cel = {"tabel": "stand_stroom", "verslagperiode": brekers.DAARVOOR, "regio_code": f"GM{brekers.GEMEENTE}"}
    veranderd = revisie.filter(kolom="in_periode", **cel)
    assert any(int(nieuw) > 1.05 * int(oud) for oud, nieuw in veranderd.drop_nulls().select("oud", "nieuw").rows())


# --- blokkeert -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("naam", BLOKKEERT)
def test_blokkade_laat_alles_zoals_het_was(regels, naam):
    breuk = regels[naam]
    assert breuk.uitslag.code == hulp.POORT_DICHT, breuk.uitslag.tekst
    assert len(breuk.voor) > 3
    assert breuk.na == breuk.voor
    assert breuk.gebroken.uitkomsten <= _uitkomsten(breuk)
    assert hulp.resten(breuk.home) == []


@pytest.mark.parametrize(("naam", "regel"), PAREN, ids=[regel for _, regel in PAREN])
def test_blokkade_staat_met_haar_reden_op_het_scherm(regels, naam, regel):
    breuk = regels[naam]
    redenen = breuk.uitslag.tekst.split("Niet uitgegeven")[1].split("Poorten: ")[0]
    assert f"{regel} (blokkeert)" in redenen
    assert _gefaald(_uitkomsten(breuk), regel, "blokkeert")
    assert any(o in redenen for o in _gefaald(_uitkomsten(breuk), regel, "blokkeert"))


def test_rekenregels_van_de_eigen_modellen(regels):
    """No levering can break these: cells were changed, taken away and printed between build and poort (knoeier.py)."""
    assert _uitkomsten(regels["poort 2"]) >= knoeier.GEVONDEN


# --- feedback --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("naam", ["signaal", *BLOKKEERT])
def test_terugkoppeling_is_er_open_of_dicht(regels, naam):
    breuk = regels[naam]
    leveranciers = {p.name.split("__")[1] for p in breuk.gebroken.bron.rglob(f"*__{PERIODE}__v*.*")} - {brekers.IN_NAAM}
    map_ = breuk.home / "feedback" / PERIODE
    for leverancier in leveranciers:
        assert {p.name for p in (map_ / leverancier).iterdir()} == {
            "bevindingen.csv",
            "terugkoppeling.html",
            "terugkoppeling.xlsx",
        }
    gevonden = {b["code"] for b in hulp.bevindingen(breuk.home, breuk.gebroken.leverancier)}
    assert breuk.gebroken.codes <= gevonden
