"""The landing: names, readers, every row rule, duplicates, pseudonyms. Worked out by hand from spec 01."""

import hashlib
import hmac
import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.landing import offered, persons, readers, rules, store
from pipelines.landing.contracts import codelijst, contracten
from pipelines.periods import Halfjaar
from pipelines.quality import validate
from pipelines.settings import GebruikersFout, Home, Settings

KOP = (
    "bsn;geboortedatum;geslacht;postcode;gemeentecode;verwijzer;hulpvorm;perspectief;"
    "datum_aanvang;datum_einde;reden_beeindiging"
)
NAAM = "jeugdhulp__41012345__2024H1__v1.csv"
BSN, BSN2 = "123456782", "111222333"  # both pass the elfproef


def rij(**anders) -> str:
    waarden = dict(zip(KOP.split(";"), f"{BSN};20150310;M;9401AB;;01;02;;20240110;;".split(";"), strict=True))
    return ";".join((waarden | anders).values())


def beoordeel(tmp_path: Path, *rijen: str, naam: str = NAAM, kop: str = KOP, codering: str = "utf-8"):
    pad = tmp_path / naam
    pad.write_bytes("\n".join([kop, *rijen]).encode(codering))
    return store.lees_en_beoordeel(offered.bestand_van(pad))


def codes(tmp_path: Path, *rijen: str, **rest) -> list[tuple[int, str, str]]:
    uitkomst, onleesbaar, extra = beoordeel(tmp_path, *rijen, **rest)
    assert not onleesbaar
    return sorted(pl.concat([uitkomst.bevindingen, extra]).select("rij", "code", "kolom").rows())


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("naam", "code"),
    [
        (NAAM, None),
        ("jeugdhulp__41012345__2024H2__v12.xlsx", None),
        ("maatregelen__41012345__2024H1__v1.txt", None),
        ("cbs_bevolking__cbs__2024__v1.csv", None),
        ("cbs_jeugdzorg__cbs__2023H1__v1.csv", None),
        ("indicaties__GM0106__2024H1__v1.csv", None),
        ("jeugdhulp__4101234__2024H1__v1.csv", "A01"),  # 7 digits
        ("jeugdhulp__41012345__2024H3__v1.csv", "A01"),
        ("jeugdhulp__41012345__2024__v1.csv", "A01"),
        ("cbs_bevolking__cbs__2024H1__v1.csv", "A01"),
        ("jeugdhulp__41012345__2024H1__1.csv", "A01"),
        ("jeugdhulp__41012345__2024H1__v1.pdf", "A01"),
        ("jeugdhulp_41012345_2024H1_v1.csv", "A01"),
        ("wachttijden__41012345__2024H1__v1.csv", "S00"),  # no contract: skipped and reported
    ],
)
def test_bestandsnaam(naam, code):
    gelezen = offered.ontleed_naam(naam)
    assert gelezen["code"] == code
    assert (gelezen["melding"] is None) == (code is None)


def test_zelfde_naam_andere_inhoud_is_A01_voor_beide(tmp_path):
    for deel, inhoud in (("a", "1"), ("b", "2")):
        (tmp_path / deel).mkdir()
        (tmp_path / deel / NAAM).write_text(inhoud)
    (tmp_path / "jeugdhulp__41099999__2024H1__v1.csv").write_text("1")
    (tmp_path / "jeugdhulp__41099999__2024H1__v1.xlsx").write_text("1")
    (tmp_path / "a" / "jeugdhulp__41088888__2024H1__v1.csv").write_text("1")
    (tmp_path / "b" / "jeugdhulp__41088888__2024H1__v1.csv").write_text("1")  # the same bytes twice: a no-op
    gevonden = offered.aanbod(tmp_path)
    assert gevonden.select("leverancier", "code").sort("leverancier").rows() == [
        ("41012345", "A01"),
        ("41012345", "A01"),
        ("41088888", None),
        ("41099999", "A01"),
        ("41099999", "A01"),
    ]


# --- readers ---------------------------------------------------------------------------------------------------------


def test_kommas_bom_en_windows_1252_geven_hetzelfde(tmp_path):
    verwacht = beoordeel(tmp_path, rij())[0].goed
    assert verwacht.height == 1
    for tekst, codering in [
        ((KOP + "\n" + rij()).replace(";", ","), "utf-8-sig"),
        ("naam;" + KOP + "\n" + "Zoë;" + rij(), "cp1252"),
        ((KOP + "\r\n" + rij() + "\r\n"), "utf-8"),
        ('"' + KOP.replace(";", '";"') + '"\n"' + rij().replace(";", '";"') + '"', "utf-8"),
    ]:
        pad = tmp_path / NAAM
        pad.write_bytes(tekst.encode(codering))
        goed = store.lees_en_beoordeel(offered.bestand_van(pad))[0].goed
        assert goed.drop("levering").equals(verwacht.drop("levering"))


def test_onbekende_kolom_is_signaal(tmp_path):
    assert codes(tmp_path, rij() + ";x", kop=KOP + ";opmerking") == [(1, "S00", "opmerking")]


def test_lege_regels_tellen_mee_in_het_rijnummer(tmp_path):
    assert codes(tmp_path, rij(), "", "   ", rij(bsn="123456789")) == [(5, "A04", "bsn")]


def test_te_veel_of_te_weinig_velden(tmp_path):
    assert codes(tmp_path, rij() + ";", rij()[:-1], rij(bsn=BSN2)) == [(2, "A03", ""), (3, "A03", "")]


def test_rij_van_alleen_scheidingstekens_is_geen_lege_regel(tmp_path):
    assert codes(tmp_path, ";" * 10) == [(2, "A02", "bsn")]


def test_aanhalingstekens_met_scheiding_en_regeleinde(tmp_path):
    kop = KOP + ";opmerking"
    gevonden = codes(tmp_path, rij() + ';"a;b\nc"', rij(bsn="123456789") + ';""', kop=kop)
    assert gevonden == [(1, "S00", "opmerking"), (3, "A04", "bsn")]


def test_kapotte_aanhalingstekens_verliezen_geen_rijen(tmp_path):
    uitkomst, _, _ = beoordeel(tmp_path, rij(geslacht='"M'), rij(bsn=BSN2))
    assert uitkomst.goed["rij"].to_list() == [3]
    assert uitkomst.bevindingen.select("rij", "code").rows() == [(2, "A03")]


@pytest.mark.parametrize(
    ("inhoud", "woord"),
    [
        (b"", "0 bytes"),
        (b"\x00\x01\x02PK", "tekstbestand"),
        (b"\x81\x8d\x8f", "tekens"),
        (b"\n\n", "bsn"),
        (KOP.replace("bsn;", "").encode(), "bsn"),
        ((KOP + ";bsn").encode(), "meer dan een keer"),
    ],
)
def test_onleesbaar(tmp_path, inhoud, woord):
    pad = tmp_path / NAAM
    pad.write_bytes(inhoud)
    with pytest.raises(readers.Onleesbaar, match=woord):
        readers.lees(pad, "csv", contracten()["jeugdhulp"])


def test_kop_zonder_rijen_is_een_geldige_levering(tmp_path):
    uitkomst, onleesbaar, extra = beoordeel(tmp_path)
    assert (uitkomst.goed.height, onleesbaar, extra.height) == (0, [], 0)


def test_xlsx_met_echte_datums_lege_regels_en_getallen(tmp_path):
    pad = tmp_path / "jeugdhulp__41012345__2024H1__v1.xlsx"
    with xlsxwriter.Workbook(pad) as boek:
        blad = boek.add_worksheet()
        datum = boek.add_format({"num_format": "dd-mm-yyyy"})
        blad.write_row(0, 0, KOP.split(";"))
        for regel, bsn in ((1, BSN), (3, BSN2)):  # row 3 of the sheet stays empty
            blad.write_row(regel, 0, rij(bsn=bsn).split(";"))
            blad.write_datetime(regel, 8, date(2024, 1, 10), datum)
        blad.write_row(4, 0, rij().split(";"))
        blad.write_number(4, 0, 12345678)  # a number lost its leading zero: 8 digits
        blad.write_row(5, 0, [*rij().split(";"), "een cel te veel"])
    uitkomst, onleesbaar, _ = store.lees_en_beoordeel(offered.bestand_van(pad))
    assert not onleesbaar
    assert uitkomst.goed.select("rij", "datum_aanvang").rows() == [(2, date(2024, 1, 10)), (4, date(2024, 1, 10))]
    assert uitkomst.bevindingen.select("rij", "code", "kolom").rows() == [(5, "A03", "bsn"), (6, "A03", "")]


def test_kapotte_xlsx(tmp_path):
    pad = tmp_path / "jeugdhulp__41012345__2024H1__v1.xlsx"
    pad.write_bytes(b"PK\x03\x04 afgekapt")
    with pytest.raises(readers.Onleesbaar, match="Excel"):
        readers.lees(pad, "xlsx", contracten()["jeugdhulp"])


@pytest.mark.parametrize("cel", ["L1048576", "ZZ1048576", "XFD1"])
def test_xlsx_met_een_cel_ver_weg(tmp_path, cel):
    """Room for all cells up to it would take gigabytes; somewhat further than the table is no harm."""
    kop = KOP.split(";")
    for plek, goed in ((cel, cel == "XFD1"), ("Z2000", True)):
        pad = tmp_path / "jeugdhulp__41012345__2024H1__v1.xlsx"
        with xlsxwriter.Workbook(pad) as boek:
            blad = boek.add_worksheet()
            blad.write_row(0, 0, kop)
            blad.write_string(plek, "x")
        if goed:
            assert readers.lees(pad, "xlsx", contracten()["jeugdhulp"]).kop.kolommen[: len(kop)] == tuple(kop)
        else:
            with pytest.raises(readers.Onleesbaar, match="ver buiten de tabel"):
                readers.lees(pad, "xlsx", contracten()["jeugdhulp"])


def test_xlsx_die_uitgepakt_te_groot_is(tmp_path, monkeypatch):
    """A small file can hold gigabytes of the same."""
    monkeypatch.setattr(readers, "UITGEPAKT", 2**20)
    pad = tmp_path / "jeugdhulp__41012345__2024H1__v1.xlsx"
    with zipfile.ZipFile(pad, "w", zipfile.ZIP_DEFLATED) as boek, boek.open("xl/worksheets/sheet1.xml", "w") as blad:
        blad.write(bytes(2**20 + 1))
    assert pad.stat().st_size < 2**12
    with pytest.raises(readers.Onleesbaar, match="te groot"):
        readers.lees(pad, "xlsx", contracten()["jeugdhulp"])


def test_vaste_breedte(tmp_path):
    contract = contracten()["jeugdhulp"]
    velden = [rij().split(";"), rij(bsn=BSN2).split(";")]
    breedtes = [k.positie[1] - k.positie[0] + 1 for k in contract.kolommen.values()]
    regels = ["".join(v.ljust(b) for v, b in zip(rij_, breedtes, strict=True)) for rij_ in velden]
    pad = tmp_path / "jeugdhulp__41012345__2024H1__v1.txt"
    pad.write_text("\n".join([regels[0], regels[1], regels[0][:30]]) + "\n")
    uitkomst, _, _ = store.lees_en_beoordeel(offered.bestand_van(pad))
    assert uitkomst.goed["rij"].to_list() == [1, 2]  # no header: row 1 is the first record
    assert uitkomst.bevindingen.select("rij", "code").rows() == [(3, "A03")]


# --- row rules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anders", "verwacht"),
    [
        ({}, []),
        ({"bsn": ""}, [("A02", "bsn")]),
        ({"geslacht": "", "verwijzer": "99"}, [("A02", "geslacht")]),  # A02 before A03
        ({"geslacht": "m"}, [("A03", "geslacht")]),
        ({"bsn": "12345678"}, [("A03", "bsn")]),
        ({"hulpvorm": "05"}, [("A03", "hulpvorm")]),
        ({"datum_aanvang": "20240230"}, [("A03", "datum_aanvang")]),
        ({"datum_aanvang": "2024-01-10"}, [("A03", "datum_aanvang")]),
        ({"geboortedatum": "20151300"}, [("A03", "geboortedatum")]),
        ({"bsn": "123456789", "datum_einde": "20230101"}, [("A04", "bsn")]),  # lowest code
        ({"datum_einde": "20240109", "reden_beeindiging": "01"}, [("A05", "datum_einde")]),
        ({"datum_aanvang": "20240701"}, [("A06", "datum_aanvang")]),
        ({"datum_aanvang": "20240630"}, []),
        ({"datum_einde": "20240701", "reden_beeindiging": "01"}, [("A06", "datum_einde")]),
        (
            {"datum_aanvang": "20230101", "datum_einde": "20231231", "reden_beeindiging": "01"},
            [("A07", "datum_einde")],
        ),
        ({"datum_aanvang": "20230101", "datum_einde": "20240101", "reden_beeindiging": "01"}, []),
        ({"datum_einde": "20240301"}, [("A08", "reden_beeindiging")]),
        ({"reden_beeindiging": "01"}, [("A08", "datum_einde")]),
        ({"geboortedatum": "20010110"}, [("A10", "geboortedatum")]),  # 23 on the very day
        ({"geboortedatum": "20010111"}, [("S03", "datum_aanvang")]),  # 22
        ({"geboortedatum": "20060110"}, [("S03", "datum_aanvang")]),  # 18 on the very day
        ({"geboortedatum": "20060111"}, []),
        ({"geboortedatum": "20240701"}, [("A10", "geboortedatum")]),
        ({"geboortedatum": "20240700"}, [("A10", "geboortedatum")]),  # earliest possible: 1 July
        ({"geboortedatum": "20240600"}, [("S06", "geboortedatum")]),
        ({"geboortedatum": "20240000"}, [("S06", "geboortedatum")]),  # earliest possible: 1 January
        ({"geboortedatum": "99999999"}, []),
        ({"verwijzer": "07"}, [("A11", "verwijzer")]),
        ({"verwijzer": "07", "datum_aanvang": "20141231"}, []),
        ({"verwijzer": "08"}, []),
        ({"postcode": "", "gemeentecode": "0106"}, []),
        ({"postcode": "9401 ab"}, []),
        ({"postcode": "0401AB"}, [("S02", "postcode")]),  # not of its form: unknown, never A03
        ({"postcode": "", "gemeentecode": "106"}, [("S02", "postcode")]),
        ({"bsn": "999999999"}, []),
        ({"bsn": "000000000"}, []),
    ],
)
def test_regels_jeugdhulp(tmp_path, anders, verwacht):
    assert codes(tmp_path, rij(**anders)) == [(2, c, k) for c, k in verwacht]


def test_verwijzer_08_bestaat_pas_vanaf_2016H1(tmp_path):
    oud = rij(verwijzer="08", datum_aanvang="20150801")
    assert codes(tmp_path, oud, naam="jeugdhulp__41012345__2015H2__v1.csv") == [(2, "A11", "verwijzer")]
    assert codes(tmp_path, oud, naam="jeugdhulp__41012345__2016H1__v1.csv") == []


KOP_M = (
    "bsn;geboortedatum;geslacht;postcode;type_maatregel;datum_aanvang;datum_einde;reden_beeindiging;"
    "datum_overgedragen;datum_overgedragen_gekregen"
)


@pytest.mark.parametrize(
    ("rest", "verwacht"),
    [
        ("11;20240110;;;;", []),
        ("11;;;;;20240110", []),
        ("11;;;;;", [("A02", "datum_aanvang")]),
        ("11;onzin;;;;", [("A03", "datum_aanvang")]),
        ("11;20240110;20240301;;;", [("S07", "reden_beeindiging")]),
        ("11;20240110;20240301;04;;", []),
        ("11;20240110;20240301;12;;", [("A08", "reden_beeindiging")]),  # a reason of voogdij
        ("21;20240110;20240301;12;;", []),
        ("41;20240110;20240301;21;;", []),
        ("31;20240110;20240301;31;;", []),
        ("31;20240110;20240301;21;;", [("A08", "reden_beeindiging")]),
        ("11;20240110;;04;;", [("A08", "datum_einde")]),
        ("11;20240110;;;20240109;", [("A05", "datum_overgedragen")]),
        ("11;;;;20240109;20240110", [("A05", "datum_overgedragen")]),
        ("11;;20240109;04;;20240110", [("A05", "datum_einde")]),
        ("11;;;;;20240701", [("A06", "datum_aanvang")]),
        ("11;20240110;;;20240401;", []),  # handed over: no end, no reason
    ],
)
def test_regels_maatregelen(tmp_path, rest, verwacht):
    gevonden = codes(
        tmp_path, f"{BSN};20150310;M;9401AB;{rest}", naam="maatregelen__41012345__2024H1__v1.csv", kop=KOP_M
    )
    assert gevonden == [(2, c, k) for c, k in verwacht]


def test_een_regel_noemt_elke_kolom_die_hem_breekt(tmp_path):
    uitkomst, _, _ = beoordeel(tmp_path, rij(geslacht="", verwijzer=""))
    (melding,) = uitkomst.bevindingen["melding"].to_list()
    assert "geslacht" in melding and "verwijzer" in melding


def test_tegenstrijdige_en_dubbele_rijen(tmp_path):
    gevonden = codes(
        tmp_path,
        rij(),  # 2: counts
        rij(postcode="9401 ab"),  # 3: the same after normalisation
        rij(bsn=BSN2),  # 4 and 5 contradict: all of them
        rij(bsn=BSN2, verwijzer="02"),
        rij(bsn=BSN2, verwijzer="99"),  # 6: A03, so no part of the contradiction
    )
    assert gevonden == [(3, "S01", "bsn"), (4, "A09", "bsn"), (5, "A09", "bsn"), (6, "A03", "verwijzer")]


def test_vroegste_verwerping_wint_van_A09(tmp_path):
    gevonden = codes(tmp_path, rij(), rij(reden_beeindiging="01"))
    assert gevonden == [(3, "A08", "datum_einde")]  # so row 2 has no rival left and counts


def test_deels_onbekende_geboortedatum_telt_als_15e_of_1_juli(tmp_path):
    goed = beoordeel(tmp_path, rij(geboortedatum="20150300"), rij(geboortedatum="20150000", bsn=BSN2))[0].goed
    assert goed["geboren"].to_list() == [date(2015, 3, 15), date(2015, 7, 1)]


# --- persons ---------------------------------------------------------------------------------------------------------


def test_speciale_codes_wisselen_in_2016(tmp_path):
    """000000000 is unknown up to 2015H2 and unborn from 2016H1; 999999999 the other way round."""
    for naam, nul, negen in [
        ("jeugdhulp__41012345__2015H2__v1.csv", "onbekend", "ongeboren"),
        ("jeugdhulp__41012345__2016H1__v1.csv", "ongeboren", "onbekend"),
    ]:
        rijen = [rij(bsn=b, datum_aanvang="20150801", postcode="") for b in ("000000000", "999999999")]
        goed = beoordeel(tmp_path, *rijen, naam=naam)[0].goed
        assert goed["persoonssleutel"].to_list() == [
            f"{nul}|41012345|20150310|M|",
            f"{negen}|41012345|20150310|M|",
        ]
        assert goed["bsn_bekend"].to_list() == [False, False]


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1),
    st.binary(min_size=1, max_size=200),
)
@settings(max_examples=30, deadline=None)
def test_hmac_in_sql_is_die_van_python(teksten, sleutel):
    uit = persons.pseudonimiseer(pl.DataFrame({"persoonssleutel": teksten}), sleutel)["persoon"].to_list()
    assert uit == [hmac.new(sleutel, t.encode(), hashlib.sha256).hexdigest()[:32] for t in teksten]


@given(st.integers(0, 99_999_999))
@settings(max_examples=200, deadline=None)
def test_elfproef(getal):
    """Of the ten numbers with the same first eight digits, the one whose last digit is the weighted sum passes."""
    basis = f"{getal:08d}"
    som = sum(int(c) * g for c, g in zip(basis, range(9, 1, -1), strict=True)) % 11
    frame = pl.DataFrame({"bsn": [basis + str(i) for i in range(10)]})
    geldig = frame.select(rules.elfproef(pl.col("bsn"))).to_series().to_list()
    uitgezonderd = {"000000000", "999999999"}
    assert [i for i in range(10) if geldig[i] and frame["bsn"][i] not in uitgezonderd] == [
        i for i in range(10) if i == som and frame["bsn"][i] not in uitgezonderd
    ]


def test_sleutelbewaking(tmp_path):
    controle = tmp_path / "huis" / "sleutel.controle"
    persons.bewaak_sleutel(controle, b"een")
    persons.bewaak_sleutel(controle, b"een")
    assert "een" not in controle.read_text()
    with pytest.raises(GebruikersFout, match="niet de sleutel"):
        persons.bewaak_sleutel(controle, b"twee")
    (controle.parent / "landing").mkdir()
    controle.unlink()
    with pytest.raises(GebruikersFout, match="ontbreekt"):
        persons.bewaak_sleutel(controle, b"een")


# --- store -----------------------------------------------------------------------------------------------------------


def lever(bronnen: Path, naam: str, *rijen: str) -> None:
    bronnen.mkdir(exist_ok=True)
    (bronnen / naam).write_text("\n".join([KOP, *rijen]))


def stand(bronnen: Path, home: Home, periode: str = "2024H2", grens: float = 0.05) -> dict[str, tuple]:
    aanbod = offered.aanbod(bronnen)
    store.land(aanbod, home, b"sleutel")
    gevonden = store.stand(aanbod, home, Halfjaar.van(periode), {"*": grens})
    return {b: (s, c) for b, s, c in gevonden.select("bestand", "status", "code").rows()}


def test_hoogste_geaccepteerde_volgnummer_is_van_kracht(tmp_path):
    bronnen, home = tmp_path / "bronnen", Home(tmp_path / "huis")
    basis = "jeugdhulp__41012345__2024H1__v"
    lever(bronnen, f"{basis}1.csv", rij())
    lever(bronnen, f"{basis}2.csv", rij(bsn=BSN2))
    lever(bronnen, f"{basis}10.csv", rij(bsn="123456789"))  # all rows wrong: refused
    lever(bronnen, "jeugdhulp__41012345__2024H2__v1.csv", rij())
    lever(bronnen, "jeugdhulp__41012345__2025H1__v1.csv", rij())
    assert stand(bronnen, home) == {
        f"{basis}1.csv": ("vervangen", None),
        f"{basis}2.csv": ("van_kracht", None),
        f"{basis}10.csv": ("geweigerd", "L1"),
        "jeugdhulp__41012345__2024H2__v1.csv": ("van_kracht", None),
        "jeugdhulp__41012345__2025H1__v1.csv": ("later", None),
    }
    assert stand(bronnen, home, grens=1.0)[f"{basis}10.csv"] == ("van_kracht", None)


def test_weigering_pas_boven_vijf_procent(tmp_path):
    """1 of 20 rows is exactly 5 %: accepted; 2 of 21 is more. Blank lines are no rows."""
    bronnen, home = tmp_path / "bronnen", Home(tmp_path / "huis")
    goed = [rij(datum_aanvang=f"202401{dag:02d}") for dag in range(1, 20)]
    fout = rij(bsn="123456789")
    lever(bronnen, "jeugdhulp__41000001__2024H1__v1.csv", *goed, fout, "", "")
    lever(bronnen, "jeugdhulp__41000002__2024H1__v1.csv", *goed, fout, fout)
    uitkomst = stand(bronnen, home)
    assert [s for s, _ in uitkomst.values()] == ["van_kracht", "geweigerd"]


def test_alleen_nieuwe_bestanden_worden_gelezen(tmp_path):
    bronnen, home = tmp_path / "bronnen", Home(tmp_path / "huis")
    lever(bronnen, NAAM, rij())
    assert store.land(offered.aanbod(bronnen), home, b"s") == 1
    assert store.land(offered.aanbod(bronnen), home, b"s") == 0
    lever(bronnen, NAAM, rij(bsn=BSN2))
    lever(bronnen, "jeugdhulp__41012345__2024H2__v1.csv", rij())
    assert store.land(offered.aanbod(bronnen), home, b"s") == 2


def test_halve_partij_wordt_opgeruimd(tmp_path):
    bronnen, home = tmp_path / "bronnen", Home(tmp_path / "huis")
    lever(bronnen, NAAM, rij())
    store.land(offered.aanbod(bronnen), home, b"s")
    (home.landing / "jeugdhulp" / "000002.parquet").write_bytes(b"half")
    (home.landing / "jeugdhulp" / "000003.parquet.nieuw").write_bytes(b"half")
    store.land(offered.aanbod(bronnen), home, b"s")
    assert sorted(p.name for p in (home.landing / "jeugdhulp").iterdir()) == ["000001.parquet"]


def test_niets_van_het_bsn_in_landing_of_quarantaine(tmp_path):
    bronnen, home = tmp_path / "bronnen", Home(tmp_path / "huis")
    lever(bronnen, NAAM, rij(), rij(bsn="123456789"), rij(bsn=BSN2, hulpvorm=BSN2))
    store.land(offered.aanbod(bronnen), home, b"s")
    paden = list(home.wortel.rglob("*.parquet"))
    assert len(paden) == 4  # rows, quarantine, findings, register
    for pad in paden:
        inhoud = pl.read_parquet(pad).select(pl.all().cast(pl.String))
        assert not any(b in str(inhoud.rows()) for b in (BSN, BSN2, "123456789"))


def inhoud(map_: Path) -> str:
    """Everything below a directory of the landing, as text."""
    return "".join(str(pl.read_parquet(p).select(pl.all().cast(pl.String)).rows()) for p in map_.rglob("*.parquet"))


@pytest.mark.parametrize(
    "naam", [f"dossier {BSN}.csv", NAAM.replace("41012345", BSN), f"{BSN}__41012345__2024H1__v1.csv"]
)
def test_bsn_in_een_bestandsnaam_komt_niet_verder(tmp_path, naam):
    bronnen, home = tmp_path / "bronnen", Home(tmp_path / "huis")
    lever(bronnen, naam, rij())
    lever(bronnen / f"map {BSN}", NAAM, rij())
    aanbod = offered.aanbod(bronnen)
    store.land(aanbod, home, b"s")
    leveringen = store.stand(aanbod, home, Halfjaar.van("2024H1"), {"*": 0.05})
    assert leveringen.filter(status="van_kracht")["bestand"].to_list() == [NAAM]
    assert BSN not in str(leveringen.drop("pad").rows())
    assert BSN not in str(store.bevindingen(home, leveringen).rows())
    assert BSN not in inhoud(home.wortel)
    assert BSN not in str(validate.controleer(bronnen / naam, Settings()))


KOP_INDICATIES = "indicatie_id;bsn;geboortedatum;geslacht;besluitdatum;geldig_van;geldig_tot;verwijzer;productcategorie"


def test_bsn_in_een_vrije_tekst_wordt_een_pseudoniem(tmp_path):
    """As happens when a column slips, or when the BSN itself is used as a reference."""
    kenmerken = [BSN, f"x{BSN}-1", f"nr {BSN2}", "A-12", "123456789", f"{BSN2}0", f"fout {BSN}"]
    rijen = [f"{k};{BSN};20150310;M;20240110;20240110;;02;45" for k in kenmerken]
    rijen[-1] = rijen[-1].replace(";02;", ";99;")  # afkeur
    bronnen, home = tmp_path / "bronnen", Home(tmp_path / "huis")
    bronnen.mkdir()
    for periode in ("2024H1", "2024H2"):
        (bronnen / f"indicaties__GM0106__{periode}__v1.csv").write_text("\n".join([KOP_INDICATIES, *rijen]))
    store.land(offered.aanbod(bronnen), home, b"s")
    geland = pl.read_parquet(home.landing / "indicaties" / "*.parquet").sort("periode", "rij")
    eerste, tweede = geland["indicatie_id"].to_list()[:6], geland["indicatie_id"].to_list()[6:]
    assert eerste == tweede and len(set(eerste)) == 6
    assert eerste[3:] == ["A-12", "123456789", f"{BSN2}0"]  # what is no BSN stays what it is
    assert all(len(k) == 32 for k in eerste[:3])
    assert BSN not in inhoud(home.wortel)
    assert pl.read_parquet(home.quarantine / "indicaties" / "*.parquet")["indicatie_id"].to_list() == [None, None]


def test_bsn_in_een_getallenkolom_is_geen_getal(tmp_path):
    kop = "bsn;hulpvorm;datum_aanvang;moment;datum_meting;fj;ko"
    goed, fout = (f"{BSN};02;20240110;begin;20240111;{w};1,5" for w in ("12345678,5", BSN))
    naam = "step__41012345__2024H1__v1.csv"
    assert codes(tmp_path, goed, fout, naam=naam, kop=kop) == [(3, "A03", "fj")]


def test_contracten_verwijzen_naar_bestaande_codelijsten():
    assert len(contracten()) == 10
    for contract in contracten().values():
        posities = sorted(k.positie for k in contract.kolommen.values())
        assert posities[0][0] == 1
        assert all(b[0] == a[1] + 1 for a, b in pairwise(posities)), contract.feed
        for kolom in contract.kolommen.values():
            assert kolom.type != "code" or codelijst(kolom.lijst).height > 0
