"""Sentences and drawings of the factsheet, with cases worked by hand."""

from __future__ import annotations

import json
import math
import re

import pytest

from pipelines.beeld import dashboard, factsheet, grafiek, zinnen
from pipelines.beeld.zinnen import Schatting, Verwijzers


def test_getallen_zoals_een_lezer_ze_schrijft():
    assert zinnen.getal(1234.56, 1) == "1.234,6"
    assert zinnen.getal(-29.5, 1) == "−29,5"
    assert zinnen.periode_in_woorden("2024H2") == "het tweede halfjaar van 2024"
    assert zinnen.opsomming(["a"]) == "a"
    assert zinnen.opsomming(["a", "b", "c"]) == "a, b en c"


def test_wilson_is_het_voorbeeld_uit_de_literatuur():
    """81 of 263: Newcombe (1998) prints 0.2553 to 0.3662."""
    s = zinnen.wilson(100 * 81 / 263, 263)
    assert (round(s.onder, 2), round(s.boven, 2)) == (25.53, 36.62)


def test_verschil_is_het_voorbeeld_uit_de_literatuur():
    """56/70 against 48/80: Newcombe (1998), method 10, prints 0.0524 to 0.3339, so it is beyond chance."""
    een, ander = zinnen.wilson(80, 70), zinnen.wilson(60, 80)
    verschil = een.waarde - ander.waarde
    onder = verschil - math.hypot(een.waarde - een.onder, ander.boven - ander.waarde)
    boven = verschil + math.hypot(een.boven - een.waarde, ander.waarde - ander.onder)
    assert (round(onder, 2), round(boven, 2)) == (5.24, 33.39)
    assert zinnen.richting(een, ander) == 1
    assert zinnen.richting(ander, een) == -1
    # 9/10 against 3/10 is (0.1705, 0.8090); 10/10 against 8/10 reaches below 0
    assert zinnen.richting(zinnen.wilson(90, 10), zinnen.wilson(30, 10)) == 1
    assert zinnen.richting(zinnen.wilson(100, 10), zinnen.wilson(80, 10)) == 0


DRENTHE = ("Drenthe", Schatting(11.8, 11.5, 12.1))
TOEVAL = Schatting(11.2, 10.4, 12.0)


def test_ruis_heet_geen_stijging():
    """11,2 after 10,6: the difference of 0,6 has margins from -0,5 to 1,7."""
    uit = zinnen.gebruik("2024H2", TOEVAL, 685, Schatting(10.6, 9.9, 11.4), DRENTHE)
    assert uit == [
        "In het tweede halfjaar van 2024 kreeg 11,2\u00a0% van de jongeren tot 18 jaar jeugdhulp: ongeveer 685 jongeren."
    ]


def test_stijging_en_daling_boven_het_toeval():
    hoog, laag = Schatting(15.1, 14.6, 15.8), Schatting(9.8, 9.0, 10.7)
    omhoog = zinnen.gebruik("2024H2", hoog, 2115, laag, DRENTHE)
    assert "Dat is een stijging: een jaar eerder was het 9,8\u00a0%" in omhoog[1]
    assert "meer dan in heel Drenthe (11,8\u00a0%)" in omhoog[2]
    omlaag = zinnen.gebruik("2024H2", laag, None, hoog, DRENTHE)
    assert "Dat is een daling" in omlaag[1]
    assert "minder dan in heel Drenthe" in omlaag[2]


def test_verborgen_zegt_dat_het_verborgen_is():
    assert zinnen.gebruik("2024H1", None, None, TOEVAL, DRENTHE) == [
        "Welk deel van de jongeren tot 18 jaar in het eerste halfjaar van 2024 jeugdhulp kreeg, "
        "is verborgen om kleine aantallen te beschermen."
    ]
    assert zinnen.instroom(None, 20) == []
    assert zinnen.instroom(105, None) == ["Er begonnen ongeveer 105 jongeren met jeugdhulp."]
    assert zinnen.herindicaties(None, TOEVAL) == []


@pytest.mark.parametrize(
    ("totaal", "per", "zin"),
    [
        (180, {"huisarts": 70, "toegang": 60, "overig": 50}, "huisarts (70 van de 180)"),
        (180, {"huisarts": 70, "toegang": 65, "overig": 45}, None),  # 5 apart: both can be 67
        (180, {"huisarts": 70, "toegang": None, "overig": 50}, "huisarts (70 van de 180)"),  # at most 60 is hidden
        (200, {"huisarts": 70, "toegang": None, "overig": 50}, None),  # 80 is hidden: that can be more than 70
        (None, {"huisarts": 70}, None),
        (0, {"huisarts": 0}, None),
        (50, {"huisarts": None}, None),
    ],
)
def test_verwijzer_alleen_als_het_zeker_is(totaal, per, zin):
    uit = zinnen.verwijzer(Verwijzers(totaal, per))
    assert uit == ([f"De meeste nieuwe trajecten kwamen via: {zin}."] if zin else [])


def test_herindicaties_veranderen_alleen_boven_het_toeval():
    assert zinnen.herindicaties(zinnen.wilson(55, 65), zinnen.wilson(65, 90)) == [
        "Van de besluiten na een verwijzing door de huisarts was 55,0\u00a0% een herindicatie."
    ]
    assert zinnen.herindicaties(zinnen.wilson(30, 100), zinnen.wilson(60, 100)) == [
        "Van de besluiten na een verwijzing door de huisarts was 30,0\u00a0% een herindicatie, "
        "minder dan een jaar eerder (60,0\u00a0%)."
    ]


@pytest.mark.parametrize(
    ("nu", "slot"),
    [
        (Schatting(7.9, 7.2, 8.6), "De stand is 7,9\u00a0%: het doel is nog niet gehaald."),
        (Schatting(7.2, 6.6, 7.9), "De stand is 7,2\u00a0%; het verschil met het doel kan toeval zijn."),
        (Schatting(6.0, 5.4, 6.7), "De stand is 6,0\u00a0%: het doel is gehaald."),
        (None, "De stand is verborgen."),
    ],
)
def test_doel(nu, slot):
    assert zinnen.doel("Minder", 7, 2027, nu) == f"Doel van de gemeente, „Minder”: 7,0\u00a0% in 2027. {slot}"


def test_verandering_van_kleine_aantallen_is_breed():
    """From 85 to 60: -29,4 %, times and divided by exp(1.96 * sqrt(1/85 + 1/60)) = 1.391."""
    s = zinnen.verandering(-29.4, 85, 60)
    assert (round(s.onder), round(s.boven)) == (-49, -2)
    assert "kan toeval zijn" in zinnen.doel("Minder", -25, 2026, s)


def test_opvallend_noemt_gunstig_en_ongunstig():
    zin = zinnen.opvallend("uitval", "20,0 %", "Drenthe", "10,1 %", 1, "lager")
    assert zin == "Duidelijk hoger dan in heel Drenthe: uitval (20,0 % tegen 10,1 %). Dat is ongunstig."
    assert zinnen.opvallend("uitval", "5 %", "Drenthe", "10 %", -1, "lager").endswith("Dat is gunstig.")
    assert "gunstig" not in zinnen.opvallend("x", "5", "Drenthe", "10", -1, "geen")


def test_verborgen_is_een_gat_in_de_lijn():
    eigen = [Schatting(10, 9, 11), None, Schatting(12, 11, 13)]
    svg = grafiek.verloop("t", ["2023H2", "2024H1", "2024H2"], eigen, "Hier", [11.0, 11.0, None], "Overal")
    assert svg.count("<circle") == 2
    assert svg.count(">×<") == 1
    assert ">Hier<" in svg and ">Overal<" in svg
    pad = re.findall(r'<path d="([^"]*)"', svg)[1]
    assert pad.count("M") == 2 and "L" not in pad


def test_stapel_met_een_verborgen_deel_wordt_niet_getekend():
    svg = grafiek.stapels("t", ["2024H1", "2024H2"], [10, None], [5, 20], ("nieuw", "herhaald"))
    assert svg.count("<rect") == 2


def test_namen_kunnen_niet_uit_de_tekening_breken():
    svg = grafiek.naast_elkaar('<b>"t"', [("<script>", None)], "<script>", None, "")
    assert "<script>" not in svg and "&lt;script&gt;" in svg


def test_gemeente_zonder_tegel_krijgt_een_plek(tmp_path):
    (tmp_path / "t.csv").write_text("gemeentecode,rij,kolom\nA,1,1\nB,2,3\n")
    tegels = dashboard._tegels(tmp_path / "t.csv", ["A", "B", "C", "D"])
    assert tegels["A"] == (1, 1) and tegels["B"] == (2, 3)
    assert {tegels["C"], tegels["D"]} == {(3, 1), (3, 2)}


def test_grenzen_uit_geojson(tmp_path):
    vierkant = [[[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]]
    vormen = [("A", "Polygon", vierkant), ("Z", "MultiPolygon", [vierkant])]
    kaart = {
        "features": [{"properties": {"statcode": c}, "geometry": {"type": s, "coordinates": v}} for c, s, v in vormen]
    }
    (tmp_path / "g.json").write_text(json.dumps(kaart))
    uit = dashboard._grenzen(tmp_path / "g.json", {"A", "B"})
    assert uit == {"A": "M0.0 400.0L244.0 400.0L244.0 0.0L0.0 0.0L0.0 400.0Z"}
    assert dashboard._grenzen(tmp_path / "g.json", {"B"}) is None


@pytest.mark.parametrize(("eigen", "eerste", "laatste"), [(0, 0, 13), (20, 13, 26), (49, 36, 49)])
def test_van_een_grote_provincie_staan_de_naaste_gemeenten_er(eigen, eerste, laatste):
    rijen = [(str(i), None) for i in range(50)]
    rond = factsheet._rond(rijen, str(eigen))
    assert (len(rond), rond[0][0], rond[-1][0]) == (14, str(eerste), str(laatste))
    assert factsheet._rond(rijen[:12], "3") == rijen[:12]
