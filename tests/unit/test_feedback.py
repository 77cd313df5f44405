"""Feedback to leveranciers (spec 04): what the page, the workbook and the csv say, and what they must never say."""

import csv
import re
import shutil
import zipfile
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import fastexcel
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.landing import across, offered, store
from pipelines.landing.contracts import contracten
from pipelines.periods import Halfjaar
from pipelines.quality import feedback, regels, terugkoppeling
from pipelines.quality import terugkoppeling_teksten as teksten
from pipelines.settings import Home

KOP = (
    "bsn;geboortedatum;geslacht;postcode;gemeentecode;verwijzer;hulpvorm;perspectief;"
    "datum_aanvang;datum_einde;reden_beeindiging"
)
KOP_DOELEN = "bsn;hulpvorm;datum_aanvang;doel_nr;score;beoordelaar;datum_meting"
WIE = "41012345"
BESTANDEN = ["bevindingen.csv", "terugkoppeling.html", "terugkoppeling.xlsx"]


def bsn(nummer: int) -> str:
    """The nummer-th number that passes the elfproef."""
    teller = 0
    for begin in range(10_000_000, 99_999_999):
        rest = sum(int(c) * g for c, g in zip(f"{begin}", range(9, 1, -1), strict=True)) % 11
        if rest < 10:
            if teller == nummer:
                return f"{begin}{rest}"
            teller += 1
    raise AssertionError


BSNS = [bsn(n) for n in range(40)]
FOUT_BSN = "123456789"


def rij(nummer: int = 0, **anders) -> str:
    """A row that is right for every period from 2020H1 as long as it runs."""
    waarden = dict(zip(KOP.split(";"), f"{BSNS[nummer]};20150310;M;9401AB;;01;02;;20200110;;".split(";"), strict=True))
    return ";".join((waarden | anders).values())


def naam(periode: str, volgnr: int = 1, feed: str = "jeugdhulp", leverancier: str = WIE) -> str:
    return f"{feed}__{leverancier}__{periode}__v{volgnr}.csv"


class Monitor:
    """Leveringen, a home directory, and a refresh up to and including the feedback."""

    def __init__(self, map_: Path):
        self.bron, self.home = map_ / "leveringen", Home(map_ / "monitor")
        self.bron.mkdir()

    def lever(self, bestand: str, *rijen: str, kop: str = KOP) -> None:
        (self.bron / bestand).write_text("\n".join([kop, *rijen]), "utf-8")

    def ververs(self, periode: str = "2024H2", **rest) -> int:
        aanbod = offered.aanbod(self.bron)
        store.land(aanbod, self.home, b"sleutel")
        leveringen = store.stand(aanbod, self.home, Halfjaar.van(periode), {"*": 0.05})
        with duckdb.connect() as con:
            store.open_landing(con, self.home, leveringen, {})
            over = across.bevindingen(con)
        gevonden = feedback.samen(store.bevindingen(self.home, leveringen), over)
        return feedback.schrijf(gevonden, leveringen, self.home.feedback, **rest)

    def map_(self, periode: str = "2024H2", leverancier: str = WIE) -> Path:
        return self.home.feedback / periode / leverancier

    def pagina(self, periode: str = "2024H2", leverancier: str = WIE) -> "Pagina":
        return Pagina((self.map_(periode, leverancier) / "terugkoppeling.html").read_text("utf-8"))

    def csv(self, periode: str = "2024H2", leverancier: str = WIE) -> list[dict[str, str]]:
        with (self.map_(periode, leverancier) / "bevindingen.csv").open(encoding="utf-8", newline="") as bestand:
            return list(csv.DictReader(bestand))

    def blad(self, blad: str, periode: str = "2024H2", leverancier: str = WIE) -> list[list]:
        """The cells of a sheet; empty ones are None."""
        boek = fastexcel.read_excel(self.map_(periode, leverancier) / "terugkoppeling.xlsx")
        gelezen = boek.load_sheet(blad, header_row=None, dtypes="string")
        return [list(r) for r in gelezen.to_polars().rows()]


class Pagina(HTMLParser):
    """The text of a page per section, its tables, and every tag with its attributes."""

    def __init__(self, html: str):
        super().__init__()
        self.html, self.sectie, self.stil, self.in_cel = html, "", False, False
        self.delen: dict[str, str] = {}
        self.tags: list[tuple[str, dict]] = []
        self.tabellen: list[list[list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.stil = tag in ("style", "script")
        if tag == "section":
            self.sectie = dict(attrs)["aria-labelledby"]
        elif tag == "table":
            self.tabellen.append([])
        elif tag == "tr":
            self.tabellen[-1].append([])
        elif tag in ("td", "th"):
            self.tabellen[-1][-1].append("")
            self.in_cel = True
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag):
        self.stil = False
        self.in_cel = self.in_cel and tag not in ("td", "th")
        if tag == "section":
            self.sectie = ""
        if tag in ("p", "li", "td", "th", "h3", "caption", "strong"):
            self.delen[self.sectie] = self.delen.get(self.sectie, "") + " "

    def handle_data(self, data):
        if self.stil:
            return
        self.delen[self.sectie] = self.delen.get(self.sectie, "") + data
        if self.in_cel:
            self.tabellen[-1][-1][-1] += data

    def __getitem__(self, sectie: str) -> str:
        """The text of a section ('' = what is above the first), blanks made one."""
        return " ".join(self.delen.get(sectie, "").split())

    @property
    def alles(self) -> str:
        return " ".join(" ".join(self.delen.values()).split())

    def rijen(self, eerste_kop: str) -> list[list[str]]:
        """The body rows of all tables whose first column has this heading."""
        return [[" ".join(c.split()) for c in r] for t in self.tabellen if t[0][0] == eerste_kop for r in t[1:]]


@pytest.fixture
def monitor(tmp_path: Path) -> Monitor:
    return Monitor(tmp_path)


# --- the three files -------------------------------------------------------------------------------------------------


def test_zonder_bevindingen_alleen_een_kopregel(monitor):
    monitor.lever(naam("2024H2"), rij())
    assert monitor.ververs() == 1
    assert sorted(p.name for p in monitor.map_().iterdir()) == BESTANDEN
    ruw = (monitor.map_() / "bevindingen.csv").read_bytes()
    assert ruw == b"bestand,rij,kolom,code,ernst,melding\n"
    assert monitor.blad("Bevindingen") == [["bestand", "rij", "kolom", "code", "ernst", "melding"]]
    pagina = monitor.pagina()
    assert "In orde: er is niets op te merken" in pagina[""]
    assert pagina["doen"].endswith("U hoeft niets te doen.")
    assert "Dit is de eerste levering" in pagina["trend"]
    assert "Er zijn geen bevindingen" in pagina["downloads"]
    assert {"regels", "rijen", "verdwenen"}.isdisjoint(pagina.delen)


def test_levering_zonder_rijen_is_in_orde(monitor):
    monitor.lever(naam("2024H2"))
    monitor.ververs()
    assert "met 0 rijen" in monitor.pagina()[""]


def test_rijnummers_kolommen_en_codes_in_alle_drie(monitor):
    goed = [rij(n) for n in range(30)]
    monitor.lever(naam("2024H2"), *goed, "", rij(30, bsn=FOUT_BSN), "  ", rij(31, geboortedatum="20150300"))
    monitor.ververs()
    verwacht = [
        (naam("2024H2"), "33", "bsn", "A04", "afkeur"),
        (naam("2024H2"), "35", "geboortedatum", "S06", "signaal"),
    ]
    assert [tuple(r.values())[:5] for r in monitor.csv()] == verwacht
    assert [tuple(r[:5]) for r in monitor.blad("Bevindingen")[1:]] == verwacht
    assert [r[:3] for r in monitor.pagina().rijen("Rij")] == [["33", "bsn", "A04"], ["35", "geboortedatum", "S06"]]
    assert [r[3] for r in monitor.pagina().rijen("Rij")] == [r["melding"] for r in monitor.csv()]
    assert "Aangenomen, maar 1 rij telt niet mee" in monitor.pagina()[""]
    assert "met 32 rijen; 1 daarvan (3,1 %) is afgekeurd. Er is 1 signaal om na te kijken." in monitor.pagina()[""]


def test_werkboek_heeft_getallen_filter_en_vaste_kop(monitor):
    monitor.lever(naam("2024H2"), *(rij(n) for n in range(30)), rij(30, bsn=FOUT_BSN))
    monitor.ververs()
    pad = monitor.map_() / "terugkoppeling.xlsx"
    assert fastexcel.read_excel(pad).sheet_names == ["Samenvatting", "Bevindingen"]
    with zipfile.ZipFile(pad) as boek:
        blad = boek.read("xl/worksheets/sheet2.xml").decode()
    assert re.search(r'<c r="B2" s="\d+"><v>32</v></c>', blad)  # no t="s": a number
    assert '<autoFilter ref="A1:F2"/>' in blad
    assert 'state="frozen"' in blad and 'topLeftCell="A2"' in blad
    assert blad.count("<col ") >= 5
    samenvatting = [c for r in monitor.blad("Samenvatting") for c in r if c]
    assert "Aangenomen, maar 1 rij telt niet mee" in samenvatting
    assert teksten.UITLEG["A04"][1] in samenvatting
    assert f"Naam van het nieuwe bestand: {naam('2024H2', 2)}" in samenvatting


def test_pagina_staat_op_zichzelf_en_is_toegankelijk(monitor):
    monitor.lever(naam("2024H1"), *(rij(n) for n in range(30)))
    monitor.lever(naam("2024H2"), *(rij(n) for n in range(28)), rij(30, bsn=FOUT_BSN))
    monitor.ververs()
    pagina = monitor.pagina()
    assert ("html", {"lang": "nl"}) in pagina.tags
    soorten = [t for t, _ in pagina.tags]
    assert soorten.count("table") == soorten.count("caption") == 5
    assert all("scope" in a for t, a in pagina.tags if t == "th")
    assert soorten.count("h1") == 1
    assert not {"script", "link", "img", "iframe", "form"} & set(soorten)
    assert not re.search(r"https?:|url\(|@import|\bsrc=", pagina.html)
    assert [a["href"] for t, a in pagina.tags if t == "a"] == ["terugkoppeling.xlsx", "bevindingen.csv"]


# --- what is said per case -------------------------------------------------------------------------------------------


def test_met_meer_processen_dezelfde_bestanden(monitor, monkeypatch):
    for periode in ("2023H2", "2024H1", "2024H2"):
        monitor.lever(naam(periode), rij(1, datum_aanvang="20990101"), rij(2))
    assert monitor.ververs() == 3

    def bestanden() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in monitor.home.feedback.rglob("*") if p.is_file()}

    alleen = bestanden()
    shutil.rmtree(monitor.home.feedback)
    monkeypatch.setattr(feedback, "STUK", 1)
    assert monitor.ververs() == 3
    assert bestanden().keys() == alleen.keys()
    # the workbook bears the time of its making
    assert all(inhoud == alleen[pad] for pad, inhoud in bestanden().items() if not pad.endswith(".xlsx"))


def test_elke_regel_van_de_contracten_heeft_uitleg():
    codes = {r.code for c in contracten().values() for r in c.regels} | {"A01", "A02", "A03", "A09", "A12", "L1"}
    assert codes | {"S00", "S01", "S04", "S05"} == set(teksten.UITLEG)


def test_aantallen_per_regel_met_betekenis_en_oplossing(monitor, monkeypatch):
    monkeypatch.delitem(teksten.UITLEG, "S06")  # a rule that only its own contract knows
    goed = [rij(n) for n in range(38)]
    monitor.lever(naam("2024H2"), *goed, rij(38, bsn=FOUT_BSN), rij(38, geboortedatum="20150300"))
    monitor.lever(naam("2024H2", feed="doelen"), f"{BSNS[5]};03;20200110;1;1;client;20240801", kop=KOP_DOELEN)
    monitor.ververs()
    gevonden = monitor.pagina().rijen("Code")
    assert [r[:3] for r in gevonden] == [["A04", "afkeur", "1"], ["A12", "afkeur", "1"], ["S06", "signaal", "1"]]
    assert gevonden[0][3:] == [teksten.UITLEG["A04"][0] + " (jeugdhulp)", teksten.UITLEG["A04"][1]]
    assert gevonden[2][3] == "De geboortedatum is deels onbekend. Vul hem aan als hij bekend wordt. (jeugdhulp)"
    # A12 is judged over leveringen, and counts in the file
    assert [r[2:4] for r in monitor.pagina().rijen("Bestand en feed")] == [["1", "1 (100,0 %)"], ["40", "1 (2,5 %)"]]


def test_geweigerd_terwijl_de_vorige_blijft_gelden(monitor):
    monitor.lever(naam("2024H2"), *(rij(n) for n in range(10)))
    monitor.lever(naam("2024H2", 2), rij(0), rij(1, bsn=FOUT_BSN), rij(2, verwijzer="99"))
    monitor.ververs()
    pagina = monitor.pagina()
    assert "Uw laatste bestand is geweigerd; het vorige blijft gelden" in pagina[""]
    assert f"{naam('2024H2', 2)} is geweigerd: verbeter de 2 afgekeurde rijen en lever opnieuw." in pagina["doen"]
    assert f"{naam('2024H2', 1)} blijft tot dan gelden." in pagina["doen"]
    assert f"Naam van het nieuwe bestand: {naam('2024H2', 3)}" in pagina["doen"]
    bestanden = pagina.rijen("Bestand en feed")
    assert [r[0].split(" ")[0] for r in bestanden] == [naam("2024H2", 1), naam("2024H2", 2)]
    assert bestanden[0][1] == "Aangenomen"
    assert bestanden[1][1].startswith("Geweigerd De levering is in haar geheel geweigerd: 2 van de 3 rijen")
    assert [r[:3] for r in pagina.rijen("Code")] == [
        ["L1", "weigering", "1"],
        ["A03", "afkeur", "1"],
        ["A04", "afkeur", "1"],
    ]
    assert [r[0] for r in pagina.rijen("Levering")] == ["2024H2 v1", "2024H2 v2 (deze) geweigerd"]
    assert [r["ernst"] for r in monitor.csv()] == ["weigering", "afkeur", "afkeur"]
    assert monitor.csv()[0]["rij"] == ""


def test_geweigerd_zonder_vorige(monitor):
    monitor.lever(naam("2024H2", 4), rij(), kop=KOP.replace("verwijzer;", ""))
    monitor.ververs()
    pagina = monitor.pagina()
    assert "Uw levering is geweigerd Er telt nu niets van deze levering mee" in pagina[""]
    assert "ontbreekt de verplichte kolom verwijzer" in pagina["doen"]
    assert "Tot dan is er voor 2024H2 geen levering jeugdhulp die telt." in pagina["bestanden"]
    assert naam("2024H2", 5) in pagina["doen"]
    assert monitor.csv()[0]["rij"] == "1" and monitor.csv()[0]["kolom"] == "verwijzer"


def test_vervangen_bestand_telt_niet_maar_is_wel_te_zien(monitor):
    monitor.lever(naam("2024H2", 9), *(rij(n) for n in range(30)), rij(30, bsn=FOUT_BSN))
    monitor.lever(naam("2024H2", 10), *(rij(n) for n in range(30)), rij(30, geboortedatum="20150000"))
    monitor.ververs()
    pagina = monitor.pagina()
    assert [r[1] for r in pagina.rijen("Bestand en feed")] == [
        "Aangenomen",
        f"Vervangen Vervangen door {naam('2024H2', 10)}; telt niet mee.",
    ]
    assert [r[0] for r in pagina.rijen("Code")] == ["S06"]
    assert [r[2] for r in pagina.rijen("Rij")] == ["S06", "A04"]
    assert f"{naam('2024H2', 9)} vervangen: telt niet meer mee" in pagina["rijen"]
    assert naam("2024H2", 11) in pagina["doen"]
    assert len(monitor.csv()) == 2


def test_dezelfde_naam_met_andere_inhoud(monitor):
    monitor.lever(naam("2024H2"), rij())
    (monitor.bron / "nog").mkdir()
    monitor.lever(f"nog/{naam('2024H2')}", rij(1))
    monitor.ververs()
    pagina = monitor.pagina()
    assert [r[1][:9] for r in pagina.rijen("Bestand en feed")] == ["Geweigerd"] * 2
    assert pagina["doen"].count("Er zijn meer bestanden met hetzelfde volgnummer") == 1
    assert naam("2024H2", 2) in pagina["doen"]


def test_verdwenen_trajecten_met_rijnummers_van_het_vorige_bestand(monitor):
    monitor.lever(naam("2024H1", 3), *(rij(n) for n in range(12)))
    monitor.lever(naam("2024H2"), *(rij(n) for n in (0, 1, 5, 6, 7, 8, 9, 10)))
    monitor.ververs()
    pagina = monitor.pagina()
    assert pagina.rijen("Vorig bestand") == [[naam("2024H1", 3), "4–6, 13"]]
    assert naam("2024H2", 2) in pagina["verdwenen"] and naam("2024H1", 4) in pagina["verdwenen"]
    assert "4 trajecten staan niet meer in deze levering; zij liepen eind 2024H1 nog." in pagina["doen"]
    assert "rijen" not in pagina.delen  # they are no rows of this levering
    assert [(r["bestand"], r["rij"], r["code"]) for r in monitor.csv()] == [
        (naam("2024H1", 3), str(n), "S04") for n in (4, 5, 6, 13)
    ]
    assert monitor.csv("2024H1") == []
    assert "In orde" in monitor.pagina("2024H1")[""]


def test_trend_toont_de_laatste_vier_tot_en_met_deze(monitor):
    perioden = ["2021H2", "2022H1", "2022H2", "2023H1", "2023H2", "2024H1"]
    for nr, periode in enumerate(perioden):
        fout = [rij(30 + n, bsn=FOUT_BSN) for n in range(nr % 2)]
        monitor.lever(naam(periode), *(rij(n) for n in range(25 + nr)), *fout)
    monitor.ververs()
    trend = monitor.pagina("2024H1").rijen("Levering")
    assert [r[0] for r in trend] == ["2022H2 v1", "2023H1 v1", "2023H2 v1", "2024H1 v1 (deze)"]
    assert [r[1] for r in trend] == ["27", "29", "29", "31"]
    assert [r[2] for r in trend] == ["0", "1 (3,4 %)", "0", "1 (3,2 %)"]
    zin = "Vergeleken met 2023H2 v1: 31 rijen (was 29, +7 %), 3,2 % afgekeurd (was 0,0 %: slechter) en 0 signalen (was 0)."
    assert zin in monitor.pagina("2024H1")["trend"]
    # a page is about its own period: later leveringen are not in it
    assert [r[0] for r in monitor.pagina("2022H1").rijen("Levering")] == ["2021H2 v1", "2022H1 v1 (deze)"]
    blad = [r[:4] for r in monitor.blad("Samenvatting", "2024H1") if r[0] == "jeugdhulp" and r[1]]
    assert [r[1] for r in blad if r[1][:2] == "20"] == ["2022H2 v1", "2023H1 v1", "2023H2 v1", "2024H1 v1"]


def test_opvallend_weinig_rijen_volgens_de_drempels(monitor):
    monitor.lever(naam("2024H1"), *(rij(n) for n in range(30)))
    monitor.lever(naam("2024H2"), *(rij(n) for n in range(14)))
    monitor.ververs()
    assert "controleer of zij volledig is" not in monitor.pagina()["doen"]  # under 50 rows that is common
    monitor.ververs(drempels=regels.drempels() | {"L3_minimum": 20, "L1_afkeur/jeugdhulp": 0.08})
    pagina = monitor.pagina()
    assert "De levering heeft 14 rijen, tegen 30 in 2024H1: controleer of zij volledig is." in pagina["doen"]
    assert "boven 8 % afkeur wordt geweigerd" in pagina["trend"]


def test_feed_die_vorige_keer_wel_kwam(monitor):
    for periode in ("2024H1", "2024H2"):
        monitor.lever(naam(periode), rij())
    monitor.lever(naam("2024H1", feed="doelen"), kop=KOP_DOELEN)
    monitor.ververs()
    assert "Voor 2024H1 leverde u doelen wel, voor 2024H2 is niets ontvangen." in monitor.pagina()["doen"]
    assert naam("2024H2", feed="doelen") in monitor.pagina()["doen"]
    assert "Aangenomen, maar controleer of alles is geleverd" in monitor.pagina()[""]
    assert "niets ontvangen" not in monitor.pagina("2024H1")["doen"]


@pytest.mark.parametrize(
    ("bestand", "map_", "moet"),
    [
        ("jeugdhulp__41012345__2024H2.csv", ("2024H2", WIE), "jeugdhulp__41012345__2024H2__v1.csv"),
        ("jeugdhulp__4101234__2024H2__v3.txt", ("2024H2", "4101234"), "jeugdhulp__<leverancier>__2024H2__v3.txt"),
        ("jeugdhulp__41012345__2024H7__v1.csv", ("onbekend", WIE), "jeugdhulp__41012345__<periode>__v1.csv"),
        ("wachttijd__41012345__2024H2__v1.csv", ("2024H2", WIE), "<feed>__41012345__2024H2__v1.csv"),
        ("brief.docx", ("onbekend", "onbekend"), "<feed>__<leverancier>__<periode>__v1.csv"),
    ],
)
def test_verkeerde_naam_krijgt_de_goede_voorgesteld(monitor, bestand, map_, moet):
    monitor.lever(bestand, rij())
    monitor.ververs()
    pagina = monitor.pagina(*map_)
    assert f"Naam van het nieuwe bestand: {moet}" in pagina["doen"]
    assert f"{bestand} is niet gelezen." in pagina["doen"]
    assert [r["bestand"] for r in monitor.csv(*map_)] == [bestand]
    assert "trend" not in pagina.delen


def test_vast_formaat_heeft_geen_kopregel(monitor):
    breedte = contracten()["jeugdhulp"].regelbreedte
    (monitor.bron / naam("2024H2").replace(".csv", ".txt")).write_text("x" * breedte + "\n")
    monitor.ververs()
    assert "in een txt-bestand, zonder kopregel, is rij 1 de eerste regel" in monitor.pagina()["rijen"]
    assert monitor.pagina().rijen("Rij")[0][0] == "1"
    assert naam("2024H2", 2).replace(".csv", ".txt") in monitor.pagina()["doen"]


def test_pagina_toont_de_eerste_bevindingen_en_afkeur_gaat_voor(monitor, monkeypatch):
    monkeypatch.setattr(terugkoppeling, "IN_PAGINA", 5)
    half = [rij(n, geboortedatum="20150300") for n in range(30)]
    monitor.lever(naam("2024H2", feed="doelen"), f"{BSNS[5]};03;20200110;1;1;client;20240801", kop=KOP_DOELEN)
    monitor.lever(naam("2024H2"), *half, rij(30, bsn=FOUT_BSN))
    monitor.ververs()
    pagina = monitor.pagina()
    assert [r[2] for r in pagina.rijen("Rij")] == ["A12", "A04", "S06", "S06", "S06"]
    assert "Hier staan de eerste 5 bevindingen, de afgekeurde rijen voorop; nog 27 staan alleen" in pagina["rijen"]
    assert "Signalen: 30 (hier de eerste 3)" in pagina["rijen"]
    assert len(monitor.csv()) == 32 and len(monitor.blad("Bevindingen")) == 33


# --- text from outside -----------------------------------------------------------------------------------------------

VREEMD = [
    "<script>alert(1)<_script>.csv",
    "=cmd|' _C calc'!A1.csv",
    "+31.csv",
    "-2+3.csv",
    "@SUM(A1).csv",
    "＝1+1.csv",
    "rlo\u202egnp.csv",
    "regel\nbreuk.csv",
    '"aanhaling";x.csv',
]


def test_namen_van_buiten_zijn_alleen_tekst(monitor):
    for bestand in VREEMD:
        monitor.lever(bestand, rij())
    monitor.lever(naam("2024H2"), rij() + ";;;", kop=KOP + ';=HYPERLINK("http");<b onclick="x()">vet</b>;+naam')
    monitor.ververs()
    for map_ in (("onbekend", "onbekend"), ("2024H2", WIE)):
        pagina = monitor.pagina(*map_)
        assert not {"script", "b", "img"} & {t for t, _ in pagina.tags}
        assert not any(a.startswith("on") for _, attrs in pagina.tags for a in attrs)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", pagina.html)
        cellen = [c for r in monitor.csv(*map_) for c in r.values()]
        cellen += [c for b in ("Samenvatting", "Bevindingen") for r in monitor.blad(b, *map_) for c in r if c]
        assert cellen and not [c for c in cellen if c and c.lstrip()[0] in "=+-@＝＋－＠"]
        with zipfile.ZipFile(monitor.map_(*map_) / "terugkoppeling.xlsx") as boek:
            xml = b"".join(boek.read(n) for n in boek.namelist())
        assert b"<f>" not in xml and b"<hyperlink " not in xml
    namen = {r["bestand"] for r in monitor.csv("onbekend", "onbekend")}
    assert {"'=cmd|' _C calc'!A1.csv", "'-2+3.csv", "rlo\ufffdgnp.csv", '"aanhaling";x.csv'} <= namen
    assert len(namen) == len(VREEMD)
    assert "<script>alert(1)<_script>.csv" in monitor.pagina("onbekend", "onbekend").alles
    assert {r["kolom"] for r in monitor.csv()} == {'\'=HYPERLINK("http")', '<b onclick="x()">vet</b>', "'+naam"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=40),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    st.text(max_size=30),
)
def test_elke_naam_geeft_een_heel_verslag(tmp_path_factory, namen, kolom):
    doel = tmp_path_factory.mktemp("feedback")
    aanbod = pl.DataFrame(
        [
            {"levering": n, "pad": n, "bestand": n, "bytes": 1, "sha256": "", **offered.ontleed_naam(n)}
            for n in [*namen, naam("2024H2")]
        ],
        schema=offered.AANBOD_SCHEMA,
        orient="row",
    )
    leveringen = aanbod.with_columns(
        kolom=pl.lit(None, pl.String),
        partij=pl.lit(1),
        rijen=pl.when(pl.col("code").is_null()).then(pl.lit(1, pl.Int64)),
        afkeur=pl.lit(0, pl.Int64),
        signalen=pl.lit(1, pl.Int64),
        status=pl.col("code").replace_strict({"A01": "geweigerd", "S00": "overgeslagen"}, default="van_kracht"),
    )
    per_rij = leveringen.select(
        "feed",
        "leverancier",
        "periode",
        "bestand",
        rij=pl.lit(1, pl.UInt32),
        kolom=pl.lit(kolom),
        code=pl.lit("S00"),
        melding=pl.lit(f"De kolom {kolom} is onbekend en wordt niet gelezen."),
    )
    feedback.schrijf(feedback.samen(per_rij, per_rij.clear()), leveringen, doel)
    paginas = [Pagina(p.read_text("utf-8")) for p in doel.glob("*/*/terugkoppeling.html")]
    assert paginas and not any(t == "script" for p in paginas for t, _ in p.tags)
    assert all(p.html.rstrip().endswith("</html>") for p in paginas)
    for pad in doel.glob("*/*/bevindingen.csv"):
        with pad.open(encoding="utf-8", newline="") as bestand:
            rijen = list(csv.DictReader(bestand))
        assert rijen and all(len(r) == 6 and None not in r.values() for r in rijen)
        assert not [c for r in rijen for c in r.values() if c and c.lstrip()[:1] in tuple("=+-@＝＋－＠")]


# --- what is never said ----------------------------------------------------------------------------------------------


def geheimen(map_: Path) -> list[str]:
    """Files below a directory with nine digits in a row, in their name or content; xlsx unpacked."""
    uit = []
    for pad in (p for p in map_.rglob("*") if p.is_file()):
        delen = [str(pad.relative_to(map_)).encode(), pad.read_bytes()]
        if pad.suffix == ".xlsx":
            with zipfile.ZipFile(pad) as boek:
                delen = [delen[0], *(boek.read(n) for n in boek.namelist() if not n.startswith("xl/theme"))]
        uit += [str(pad) for d in delen if re.search(rb"\d{9}", d)]
    return uit


def test_nergens_een_bsn_of_waarde(monitor):
    # bad rows, a header that swallowed the first row, and file names that hold a BSN
    monitor.lever(naam("2024H1"), *(rij(n) for n in range(20)))
    monitor.lever(naam("2024H2"), *(rij(n) for n in range(8)), rij(9, bsn=FOUT_BSN), rij(10, postcode="Jansen"))
    monitor.lever(naam("2024H2", 2), rij(1), kop=KOP + rij(0, postcode="", perspectief="Jansen"))
    monitor.lever(f"dossier {BSNS[3]}.csv", rij())
    monitor.lever(naam("2024H2", leverancier=BSNS[3]), rij())
    monitor.ververs()
    assert len(list(monitor.home.feedback.glob("*/*"))) == 4
    assert geheimen(monitor.home.feedback) == []
    for pad in monitor.home.feedback.rglob("*"):
        assert pad.is_dir() or pad.suffix == ".xlsx" or b"Jansen" not in pad.read_bytes()
    weggelaten = [r for r in monitor.csv() if r["kolom"] == "(weggelaten)"]
    assert len(weggelaten) == 1 and all("op een gegeven lijkt" in r["melding"] for r in weggelaten)
    assert [r["bestand"] for r in monitor.csv("onbekend", "onbekend")] == ["dossier *********.csv"]
    assert [r["bestand"] for r in monitor.csv("2024H2", "onbekend")] == ["jeugdhulp__*********__2024H2__v1.csv"]


def test_gewone_onbekende_kolom_houdt_haar_naam(monitor):
    monitor.lever(naam("2024H2"), rij() + ";x", kop=KOP + ";opmerking")
    monitor.ververs()
    assert [(r["kolom"], r["melding"]) for r in monitor.csv()] == [
        ("opmerking", "De kolom opmerking is onbekend en wordt niet gelezen.")
    ]


# --- when something is written ---------------------------------------------------------------------------------------


def tijden(monitor: Monitor) -> dict[str, int]:
    return {str(p.relative_to(monitor.home.feedback)): p.stat().st_mtime_ns for p in monitor.home.feedback.rglob("*.*")}


def gewijzigd(monitor: Monitor, eerst: dict[str, int]) -> set[str]:
    """Directories of which a file was written."""
    return {str(Path(n).parent) for n, t in tijden(monitor).items() if eerst.get(n) != t}


def test_niets_veranderd_niets_geschreven(monitor):
    for periode in ("2023H2", "2024H1", "2024H2"):
        monitor.lever(naam(periode), *(rij(n) for n in range(25)), rij(26, bsn=FOUT_BSN))
        monitor.lever(naam(periode, leverancier="41054321"), rij(1))
    monitor.ververs()
    eerst = tijden(monitor)
    assert len(eerst) == 18
    monitor.ververs()
    assert tijden(monitor) == eerst

    monitor.ververs(drempels=regels.drempels() | {"M5_provincie": 0.9})  # nothing on the page depends on it
    assert tijden(monitor) == eerst

    (monitor.map_("2023H2") / "terugkoppeling.xlsx").unlink()
    monitor.ververs()
    assert gewijzigd(monitor, eerst) == {f"2023H2/{WIE}"}

    eerst = tijden(monitor)
    monitor.lever(naam("2024H1", 2), *(rij(n) for n in range(25)))  # the trend of the period after it changes too
    monitor.ververs()
    assert gewijzigd(monitor, eerst) == {f"2024H1/{WIE}", f"2024H2/{WIE}"}
    assert not list(monitor.home.feedback.rglob("*.nieuw"))


def test_niets_aangeboden_niets_geschreven(monitor, tmp_path):
    monitor.lever(naam("2024H2"), rij())
    monitor.ververs()
    leveringen = store.stand(offered.aanbod(monitor.bron), monitor.home, Halfjaar.van("2024H2"), {"*": 0.05}).clear()
    bevindingen = feedback.samen(
        store.bevindingen(monitor.home, leveringen), store.bevindingen(monitor.home, leveringen)
    )
    assert feedback.schrijf(bevindingen, leveringen, tmp_path / "leeg") == 0
    assert not (tmp_path / "leeg").exists()


def test_zelfde_invoer_zelfde_bytes(monitor):
    monitor.lever(naam("2024H2"), *(rij(n) for n in range(25)), rij(26, bsn=FOUT_BSN))
    monitor.ververs()
    eerst = {n: (monitor.map_() / n).read_bytes() for n in BESTANDEN}
    for n in BESTANDEN:
        (monitor.map_() / n).unlink()
    monitor.ververs()
    assert {n: (monitor.map_() / n).read_bytes() for n in BESTANDEN} == eerst
    assert str(datetime.now().year).encode() not in eerst["terugkoppeling.html"]


def test_verversing_van_een_eerdere_periode_laat_de_latere_staan(monitor):
    monitor.lever(naam("2024H1"), *(rij(n) for n in range(5)))
    monitor.lever(naam("2024H2"), *(rij(n) for n in range(4)))
    monitor.ververs("2024H2")
    eerst = tijden(monitor)
    assert [r["code"] for r in monitor.csv()] == ["S04"]
    monitor.ververs("2024H1")
    assert tijden(monitor) == eerst
    monitor.lever(naam("2024H2", 2), *(rij(n) for n in range(3)))
    monitor.ververs("2024H1")  # other files are offered: the page must tell of them
    assert gewijzigd(monitor, eerst) == {f"2024H2/{WIE}"}
    pagina = monitor.pagina()
    assert f"{naam('2024H2', 2)} is gelezen, met 3 rijen." in pagina[""]
    assert "Telt mee zodra 2024H2 wordt verwerkt" in pagina["bestanden"]
    assert f"Vervangen door {naam('2024H2', 2)}" in pagina["bestanden"]
    monitor.ververs("2024H2")
    assert [r["code"] for r in monitor.csv()] == ["S04", "S04"]


# --- wording ---------------------------------------------------------------------------------------------------------


def test_getallen_en_perioden():
    assert [teksten.getal(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1.000", "1.234.567"]
    assert [teksten.procent(d) for d in (0, 0.0001, 0.0067, 1)] == ["0,0 %", "minder dan 0,1 %", "0,7 %", "100,0 %"]
    assert [teksten.grens(d) for d in (0.05, 0.025)] == ["5 %", "2,5 %"]
    assert teksten.som(["a"]) == "a" and teksten.som(["a", "b", "c"]) == "a, b en c"
    assert teksten.periode_in_woorden("2024H1") == "1 januari t/m 30 juni 2024"
    assert teksten.periode_in_woorden("2024") == "2024"
    assert teksten.rijnummers([2, 3, 4, 9, 12], 2) == "2–4, 9 en nog 1"
