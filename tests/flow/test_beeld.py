"""Dashboard and factsheets of a release, in a real browser: no complaints, filters work, what is on screen is in the tables."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.beeld import dashboard, factsheet
from pipelines.beeld.lezen import AFWIJKING, KERNMATEN, TEKENS
from pipelines.beeld.zinnen import getal
from pipelines.settings import Kaart

from . import chromium
from .hulp import huidige, vraag

GEMEENTEN = 4  # of the demo region of the flow tests
PUBLICATIE = "publicatie.duckdb"
PAGINAS = ("overzicht", "verloop", "wijken", "verwijzers", "aanbieders", "indicatoren", "leveringen")
MET_BROWSER = pytest.mark.skipif(chromium.PROGRAMMA is None, reason="no Chromium on this machine")
TABEL = """[...document.querySelectorAll("table")].find((t) => t.caption.textContent === %r).innerText
    && [...[...document.querySelectorAll("table")].find((t) => t.caption.textContent === %r).tBodies[0].rows]
        .map((r) => [...r.cells].map((c) => c.textContent))"""


@pytest.fixture(scope="module")
def release(basis) -> Path:
    return huidige(basis.home)


@pytest.fixture(scope="module")
def blad(tmp_path_factory) -> Iterator[chromium.Blad]:
    with chromium.start(tmp_path_factory.mktemp("chromium")) as blad:
        yield blad


@pytest.fixture(scope="module")
def provincie(release) -> str:
    vraag_ = (
        "select regio_code from monitor.dim_regio where regio_niveau = 'provincie' and regio_code <> 'onbekend' limit 1"
    )
    return vraag(release, vraag_, PUBLICATIE)[0][0]


def dashboard_van(release: Path) -> str:
    return (release / "publicatie" / "dashboard" / "index.html").as_uri()


def tabel(blad: chromium.Blad, naam: str) -> list[list[str]]:
    """The texts in the body of the table with this caption, closed details included."""
    blad.vraag("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    return blad.vraag(TABEL % (naam, naam))


def zoals_op_het_scherm(waarde: float | None, celstatus: str, decimalen: int = 0) -> str:
    return TEKENS[celstatus] if waarde is None else getal(waarde, decimalen)


# --- in the browser --------------------------------------------------------------------------------------------------


@MET_BROWSER
@pytest.mark.parametrize("breed", [360, 1200])
def test_elke_pagina_opent_zonder_klacht(release, blad, breed):
    for pagina in PAGINAS:
        blad.open(f"{dashboard_van(release)}#/{pagina}", breed)
        assert blad.vraag("document.querySelector('nav [aria-current]').getAttribute('href')").startswith(f"#/{pagina}")
        assert blad.vraag("document.querySelector('h1').textContent.length") > 5
        assert blad.vraag("document.querySelectorAll('main section').length") >= 1
        assert blad.vraag("document.documentElement.scrollWidth") <= breed, pagina
        assert blad.klachten == [], pagina
        onleesbaar = (
            r"/undefined|NaN|null|\[object/.test(document.body.innerText + document.querySelector('main').innerHTML)"
        )
        assert not blad.vraag(onleesbaar), pagina


@MET_BROWSER
def test_elke_factsheet_opent_zonder_klacht(release, blad):
    paginas = sorted((release / "publicatie" / "factsheets").glob("*.html"))
    assert len(paginas) == GEMEENTEN + 1  # with the list
    for pagina in paginas:
        blad.open(pagina.as_uri(), 360)
        assert blad.vraag("document.documentElement.scrollWidth") <= 360, pagina.name
        assert blad.klachten == [], pagina.name


@MET_BROWSER
def test_keuzes_werken_met_het_toetsenbord(release, blad):
    blad.open(f"{dashboard_van(release)}#/overzicht")
    blad.vraag("document.getElementById('keuze-periode').focus()")
    blad.toets("ArrowDown")
    assert blad.vraag("new Promise((r) => setTimeout(() => r(location.hash), 200))") == "#/overzicht?periode=2024H1"
    assert "nader voorlopige cijfers" in blad.vraag("document.querySelector('main').textContent")
    assert blad.vraag("document.activeElement.id") == "keuze-periode"  # one can go on choosing
    blad.open(f"{dashboard_van(release)}#/overzicht")
    for _ in range(2):
        blad.toets("Tab")  # past the jump to the content, to the first part
    blad.toets("Tab")
    blad.toets("Enter")
    assert blad.vraag("new Promise((r) => setTimeout(() => r(location.hash), 200))") == "#/verloop"
    assert blad.vraag("document.activeElement.id") == "deel-verloop"


@MET_BROWSER
def test_kaart_kiest_een_gemeente(release, blad):
    blad.open(f"{dashboard_van(release)}#/overzicht")
    naam = blad.vraag("document.querySelector('.tegels button').firstChild.textContent")
    blad.vraag("document.querySelector('.tegels button').click()")
    assert blad.vraag(
        "new Promise((r) => setTimeout(() => r(document.querySelector('h1').textContent), 200))"
    ).endswith(naam)
    assert blad.vraag("document.querySelector('.tegels [aria-pressed=true]').firstChild.textContent") == naam


@MET_BROWSER
def test_percentages_op_het_scherm_zijn_die_van_de_tabel(release, blad, provincie):
    # a maat and a half-year of which some are hidden and some are shown
    maat, periode = vraag(
        release,
        """select maat, verslagperiode from monitor.percentage_in_zorg
           where regio_niveau = 'gemeente' and regio_code <> 'onbekend' and verslagperiode not like '%JJ'
           group by all having count(percentage) between 1 and count(*) - 1 order by all limit 1""",
        PUBLICATIE,
    )[0]
    blad.open(f"{dashboard_van(release)}#/overzicht?regio=provincie:{provincie}&periode={periode}&maat={maat}")
    verwacht = [
        [naam, zoals_op_het_scherm(p, s, 1), zoals_op_het_scherm(t, s), zoals_op_het_scherm(n, s)]
        for naam, p, t, n, s in vraag(
            release,
            """select regio_naam, percentage, teller, noemer, celstatus from monitor.percentage_in_zorg
               where regio_niveau = 'gemeente' and regio_code <> 'onbekend' and maat = ? and verslagperiode = ?""",
            PUBLICATIE,
            [maat, periode],
        )
    ]
    gezien = [[r[0], r[1], r[3], r[4]] for r in tabel(blad, "Gemeenten naast elkaar")]
    assert sorted(gezien) == sorted(verwacht)
    assert len(gezien) == GEMEENTEN
    assert {r[1] == "×" for r in gezien} == {True, False}, "both hidden and shown ones"


@MET_BROWSER
@pytest.mark.parametrize("niveau", ["provincie", "gemeente"])
def test_stand_en_stroom_op_het_scherm_is_die_van_de_tabel(release, blad, provincie, niveau):
    code = provincie if niveau == "provincie" else "GM0106"
    blad.open(f"{dashboard_van(release)}#/verloop?regio={niveau}:{code}&soort=jeugdzorg")
    verwacht = [
        [periode, *(zoals_op_het_scherm(w, celstatus) for w in waarden)]
        for periode, celstatus, *waarden in vraag(
            release,
            """select verslagperiode, celstatus, beginstand, instroom, uitstroom, eindstand from monitor.stand_stroom
               where regio_niveau = ? and regio_code = ? and soort = 'jeugdzorg' and eenheid = 'jeugdigen'
                   and dimensie = 'totaal' and verslagperiode like '%H%' order by 1""",
            PUBLICATIE,
            [niveau, code],
        )
    ]
    gezien = [[r[0].split(" ")[0], *r[1:]] for r in tabel(blad, "Stand en stroom")]
    assert gezien == verwacht
    assert any(w[0].isdigit() for r in gezien for w in r[1:]), "all hidden: nothing was compared"


@MET_BROWSER
def test_indicatoren_op_het_scherm_zijn_die_van_de_tabel(release, blad, provincie):
    blad.open(f"{dashboard_van(release)}#/indicatoren?regio=provincie:{provincie}&periode=2023H2")
    tabel_ = {
        tuple(r[:3]): r[3:]
        for r in vraag(
            release,
            """select indicator, maat, categorie, waarde, celstatus, soort_maat from monitor.prestatie_indicatoren
               join monitor.dim_indicator_maat using (indicator, maat, categorie)
               where verslagperiode = '2023H2' and aanbieder = 'alle' and regio_code = ? and regio_niveau = 'provincie'""",
            PUBLICATIE,
            [provincie],
        )
    }
    verwacht = []
    for maat in KERNMATEN:
        waarde, celstatus, soort = tabel_[maat]
        verwacht.append(
            zoals_op_het_scherm(waarde, celstatus, 1) + (" %" if soort == "aandeel" and waarde is not None else "")
        )
    assert [r[1] for r in tabel(blad, "Indicatoren")] == verwacht


@MET_BROWSER
def test_trechter_toont_wie_er_te_tonen_is(release, blad, provincie):
    rijen = vraag(
        release,
        """select indicator || '/' || maat || '/' || categorie, verslagperiode, count(waarde) from monitor.vergelijking
           join monitor.dim_indicator_maat using (indicator, maat, categorie)
           where regio_niveau = 'provincie' and regio_code = ? and richting <> 'geen'
           group by all order by 3 desc, 1, 2 limit 1""",
        PUBLICATIE,
        [provincie],
    )
    ((maat, periode, aantal),) = rijen
    assert aantal > 0
    blad.open(f"{dashboard_van(release)}#/aanbieders?periode={periode}&indicator={maat}")
    gezien = tabel(blad, "Vergelijking per aanbieder")
    assert len(gezien) == aantal
    assert {r[4] for r in gezien} <= set(AFWIJKING.values())


# --- hostile and rare input, without a second refresh ----------------------------------------------------------------


@pytest.fixture
def nagebouwd(release, tmp_path) -> Path:
    """A build that has its databases, and nothing yet to look at."""
    for bestand in ("publicatie.duckdb", "warehouse.duckdb"):
        shutil.copy(release / bestand, tmp_path / bestand)
    (tmp_path / "publicatie").mkdir()
    return tmp_path


def test_dezelfde_release_geeft_dezelfde_bytes(release, nagebouwd):
    naam = release.name
    dashboard.schrijf(nagebouwd, naam, Kaart())
    assert factsheet.schrijf(nagebouwd, naam) == GEMEENTEN
    for map_ in ("dashboard", "factsheets"):
        bestanden = sorted(p.name for p in (release / "publicatie" / map_).iterdir())
        assert bestanden == sorted(p.name for p in (nagebouwd / "publicatie" / map_).iterdir())
        for bestand in bestanden:
            opnieuw = (nagebouwd / "publicatie" / map_ / bestand).read_bytes()
            assert opnieuw == (release / "publicatie" / map_ / bestand).read_bytes(), bestand


def test_van_een_land_heeft_elke_provincie_haar_dashboard(nagebouwd):
    """With a gemeente in a second provincie: two pages with each its own regions, and a first page that names them."""
    with duckdb.connect(str(nagebouwd / "publicatie.duckdb")) as con:
        (verhuisd,) = con.execute(
            "select min(regio_code) from monitor.dim_regio where regio_niveau = 'gemeente' and regio_code like 'GM%'"
        ).fetchone()
        con.execute(
            """insert into monitor.dim_regio by name select * replace ('PV21' as regio_code, 'Groningen' as regio_naam,
               'PV21' as provinciecode) from monitor.dim_regio where regio_niveau = 'provincie' and regio_code = 'PV22'"""
        )
        con.execute("update monitor.dim_regio set provinciecode = 'PV21' where gemeentecode = ?", [verhuisd])
    map_ = dashboard.schrijf(nagebouwd, "land", Kaart()).parent
    factsheet.schrijf(nagebouwd, "land")
    lijst = (map_ / "index.html").read_text("utf-8")
    assert re.findall(r'href="(PV..\.html)"', lijst) == ["PV22.html", "PV21.html"]  # Drenthe, Groningen
    regios = {}
    for pagina in ("PV21", "PV22"):
        tekst = (map_ / f"{pagina}.html").read_text("utf-8")
        inhoud = json.loads(re.search(r'id="gegevens">(.*?)</script>', tekst, re.S)[1])
        regios[pagina] = {r[0] for r in inhoud["regios"]}
        assert {k.split("|")[0] for k in inhoud["reeksen"]["pct"]} <= regios[pagina]
    assert {r for r in regios["PV21"] if r.startswith("gemeente:")} == {f"gemeente:{verhuisd}"}
    assert not regios["PV21"] & regios["PV22"]
    blad = (nagebouwd / "publicatie" / "factsheets" / f"{verhuisd}.html").read_text("utf-8")
    assert f"../dashboard/PV21.html#/overzicht?regio={verhuisd}" in blad


def test_factsheet_is_twee_bladzijden_en_toegankelijk(release):
    bladen = sorted((release / "publicatie" / "factsheets").glob("*.pdf"))
    assert len(bladen) == GEMEENTEN
    for blad_ in bladen:
        inhoud = blad_.read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", inhoud)) == 2, blad_.name
        assert b"pdfuaid:part" in inhoud and b"/StructTreeRoot" in inhoud


def test_niets_van_buiten(release):
    """No address of another machine in what a browser would follow by itself."""
    paginas = [*(release / "publicatie").glob("factsheets/*.html"), *(release / "publicatie").glob("dashboard/*.html")]
    assert len(paginas) == GEMEENTEN + 2
    for pagina in paginas:
        assert not re.search(r"""(src|href)=["']?(https?:)?//""", pagina.read_text("utf-8")), pagina.name


@MET_BROWSER
def test_bijgesteld_en_grenzen_zijn_te_zien(nagebouwd, blad, tmp_path):
    (nagebouwd / "revisie").mkdir()
    (nagebouwd / "revisie" / "revisie.csv").write_text(
        "tabel,verslagperiode,regio_niveau,regio_code,cel,kolom,oud,nieuw\n"
        "stand_stroom,2024H1,gemeente,GM0106,jeugdhulp,instroom,10,15\n"
    )
    (tmp_path / "grenzen.json").write_text(
        '{"features": [{"properties": {"statcode": "GM0106"}, "geometry": {"type": "Polygon", "coordinates": [[[6.5, 52.9],'
        "[6.7, 52.9], [6.7, 53.0], [6.5, 52.9]]]}}]}"
    )
    dashboard.schrijf(nagebouwd, "<script>alert(1)</script>", Kaart(grenzen=tmp_path / "grenzen.json"))
    factsheet.schrijf(nagebouwd, "2024H2-r2")
    blad.open(f"{dashboard_van(nagebouwd)}#/verloop?regio=GM0106")
    assert [r[0] for r in tabel(blad, "Stand en stroom")][-2:] == [
        "2024H1 (nader voorlopig, bijgesteld)",
        "2024H2 (voorlopig)",
    ]
    blad.open(f"{dashboard_van(nagebouwd)}#/overzicht")
    assert blad.vraag("document.querySelectorAll('svg.klikbaar path').length") == GEMEENTEN
    assert blad.klachten == []
    blad_assen = (nagebouwd / "publicatie" / "factsheets" / "GM0106.html").read_text("utf-8")
    assert "Bijgesteld sinds de vorige uitgave: cijfers over 2024H1." in blad_assen
    assert "2024H1 nader voorlopig bijgesteld" in blad_assen
