"""Tests of the tegenrekening itself: the worked examples of 02 §7, row rules, and identities over random worlds."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from .indicatoren import (
    a12,
    bereken_indicatoren,
    gemiddelde,
    halve_sd_kwadraat,
    kies_begin,
    kies_einde,
    klasse,
    soort_indicatie,
    student,
)
from .landing import CONTRACTEN, elfproef, hele_maanden, leeftijd_op, lees, min_jaren, plus_maanden
from .monitor import ONBEKEND, Model, bereken, bouw, duurklasse, s04, s05, wilson
from .wereld import geldig_bsn, periodenrij, schrijf_wereld

SLEUTEL = b"sleutel-van-de-tests"


class Streek:
    """A directory of leveringen that a test fills row by row."""

    def __init__(self, map: Path):
        self.map = map
        self.nummers: dict[str, str] = {}
        self.csv(
            "cbs_gebieden__cbs__2024",
            [
                "jaar;gemeentecode;gemeentenaam;provinciecode;provincienaam;jeugdregio;subregio",
                "2024;0106;Assen;PV22;Drenthe;Drenthe;Noord",
                "2024;GM0114;Emmen;PV22;Drenthe;Drenthe;",
            ],
        )
        self.csv(
            "cbs_postcodes__cbs__2024",
            [
                "jaar;postcode;gemeentecode;wijkcode;wijknaam",
                "2024;9401 AB;GM0106;WK010600;Centrum",
                "2024;7811AB;0114;WK011400;Centrum",
            ],
        )

    def csv(self, naam: str, regels: list[str], volgnr: int = 1) -> None:
        (self.map / f"{naam}__v{volgnr}.csv").write_text("\n".join(regels) + "\n", encoding="utf-8")

    def bsn(self, persoon: str) -> str:
        """A number that passes the elfproef, the same for the same letter."""
        if persoon not in self.nummers:
            import random

            self.nummers[persoon] = geldig_bsn(random.Random(f"persoon {persoon}"))
        return self.nummers[persoon]

    def levering(self, feed: str, periode: str, rijen: list[dict], leverancier: str = "41012345", volgnr: int = 1):
        standaard = {"geboortedatum": "20100515", "geslacht": "M", "postcode": "9401AB", "verwijzer": "02"}
        kolommen = [kolom.naam for kolom in CONTRACTEN[feed]]
        regels = [";".join(kolommen)]
        for rij in rijen:
            rij = standaard | rij
            if rij.get("datum_einde") and feed == "jeugdhulp":
                rij.setdefault("reden_beeindiging", "01")
            regels.append(";".join(rij.get(kolom, "") for kolom in kolommen))
        self.csv(f"{feed}__{leverancier}__{periode}", regels, volgnr)

    def hulp(self, persoon: str, hulpvorm: str, aanvang: str, einde: str = "", **meer: str) -> dict:
        rij = {"bsn": self.bsn(persoon), "hulpvorm": hulpvorm, "datum_aanvang": aanvang, "datum_einde": einde}
        return rij | meer

    def maatregel(self, persoon: str, soort: str, aanvang: str = "", einde: str = "", **meer: str) -> dict:
        rij = {"bsn": self.bsn(persoon), "type_maatregel": soort, "datum_aanvang": aanvang, "datum_einde": einde}
        return rij | meer

    def model(self, periode: str, **meer) -> Model:
        return bouw(lees(self.map, periode, SLEUTEL), periode, **meer)

    def tabellen(self, periode: str, **meer) -> dict:
        return bereken(lees(self.map, periode, SLEUTEL), periode, **meer)

    def codes(self, periode: str = "2024H1") -> list[tuple[int | None, str]]:
        return sorted((b.rij or 0, b.code) for b in lees(self.map, periode, SLEUTEL, max_afkeur=1).bevindingen)


@pytest.fixture
def streek(tmp_path: Path) -> Streek:
    return Streek(tmp_path)


def cel(
    tabellen: dict, periode: str, eenheid: str, dimensie: str = "totaal", categorie: str = "totaal", **waar
) -> dict:
    niveau, code = waar.get("regio", ("provincie", "PV22"))
    soort = waar.get("soort", "jeugdhulp")
    return tabellen["stand_stroom"][periode, soort, eenheid, niveau, code, dimensie, categorie]


def deel(rij: dict, *kolommen: str) -> tuple:
    return tuple(rij[kolom] for kolom in kolommen)


# ---------------------------------------------------------------------------------------------------------------------
# 02 §7: the worked examples


def test_voorbeeld_a_einde_op_de_laatste_dag(streek: Streek):
    streek.levering("jeugdhulp", "2024H1", [streek.hulp("A", "02", "20231110", "20240630")])
    tabellen = streek.tabellen("2024H1")
    for eenheid in ("trajecten", "jeugdigen"):
        standen = deel(
            cel(tabellen, "2024H1", eenheid), "beginstand", "instroom", "uitstroom", "eindstand", "in_periode"
        )
        assert standen == (1, 0, 1, 0, 1)


def test_voorbeeld_b_twee_trajecten_een_jeugdige(streek: Streek):
    streek.levering("jeugdhulp", "2024H1", [streek.hulp("B", "02", "20240101"), streek.hulp("B", "11", "20240301")])
    tabellen = streek.tabellen("2024H1")
    kolommen = ("instroom", "instroom_nieuw", "instroom_herhaald", "instroom_aansluitend")
    assert deel(cel(tabellen, "2024H1", "trajecten"), *kolommen) == (2, 1, 0, 1)
    assert deel(cel(tabellen, "2024H1", "trajecten", "hulpvorm", "11"), *kolommen) == (1, 0, 0, 1)
    assert deel(cel(tabellen, "2024H1", "jeugdigen"), *kolommen) == (1, 1, 0, 0)


def test_voorbeeld_c_overlap_is_een_traject(streek: Streek):
    streek.levering(
        "jeugdhulp",
        "2024H1",
        [streek.hulp("C", "02", "20240105", "20240210"), streek.hulp("C", "02", "20240208", "20240301")],
    )
    (traject,) = streek.model("2024H1").trajecten
    assert (traject.start, traject.einde) == (date(2024, 1, 5), date(2024, 3, 1))
    duur = streek.tabellen("2024H1")["duur"]["2024H1", "provincie", "PV22", "totaal", "totaal"]
    assert deel(duur, "aantal", "gemiddelde_dagen", "mediaan_dagen", "k_0_3m") == (1, 57, 57, 1)


def test_voorbeeld_d_een_episode(streek: Streek):
    streek.levering(
        "jeugdhulp", "2024H1", [streek.hulp("D", "02", "20230501", "20240210"), streek.hulp("D", "03", "20240211")]
    )
    tabellen = streek.tabellen("2024H1")
    jeugdigen = cel(tabellen, "2024H1", "jeugdigen")
    assert deel(jeugdigen, "beginstand", "instroom", "uitstroom", "eindstand") == (1, 0, 0, 1)
    trajecten = cel(tabellen, "2024H1", "trajecten")
    assert deel(trajecten, "beginstand", "instroom", "instroom_aansluitend", "uitstroom") == (1, 1, 1, 1)


def test_voorbeeld_e_herhaald(streek: Streek):
    streek.levering("jeugdhulp", "2022H1", [streek.hulp("E", "02", "20220101", "20220301")])
    streek.levering("jeugdhulp", "2024H1", [streek.hulp("E", "02", "20240201")])
    tabellen = streek.tabellen("2024H1")
    for eenheid in ("trajecten", "jeugdigen"):
        assert deel(cel(tabellen, "2024H1", eenheid), "instroom", "instroom_herhaald") == (1, 1)


# ---------------------------------------------------------------------------------------------------------------------
# Calendar and classes


def test_kalender():
    assert min_jaren(date(2024, 2, 29), 5) == date(2019, 2, 28)
    assert plus_maanden(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert hele_maanden(date(2024, 1, 31), date(2024, 2, 29)) == 1
    assert hele_maanden(date(2024, 1, 31), date(2024, 2, 28)) == 0
    assert leeftijd_op(date(2012, 1, 1), date(2024, 1, 1)) == 12
    assert leeftijd_op(date(2012, 1, 2), date(2024, 1, 1)) == 11
    assert periodenrij("2023H2", 3) == ["2023H2", "2024H1", "2024H2"]


def test_duurklassen():
    assert duurklasse(date(2024, 1, 1), date(2024, 3, 30)) == "k_0_3m"
    assert duurklasse(date(2024, 1, 1), date(2024, 3, 31)) == "k_3_6m"
    assert duurklasse(date(2020, 1, 1), date(2023, 12, 31)) == "k_4j_plus"


def test_wilson():
    onder, boven = wilson(5, 100)
    assert onder == pytest.approx(2.154, abs=1e-3)
    assert boven == pytest.approx(11.175, abs=1e-3)
    assert wilson(0, 10)[0] == 0
    assert wilson(11, 10) == (None, None)
    assert wilson(0, 0) == (None, None)


# ---------------------------------------------------------------------------------------------------------------------
# Spec 01


@pytest.mark.parametrize(
    ("code", "velden"),
    [
        ("A02", {"geslacht": ""}),
        ("A02", {"geslacht": "", "hulpvorm": "99"}),
        ("A03", {"hulpvorm": "99"}),
        ("A03", {"datum_aanvang": "20240230"}),
        ("A04", {"bsn": "123456789"}),
        ("A05", {"datum_aanvang": "20240201", "datum_einde": "20240131"}),
        ("A06", {"datum_aanvang": "20240701"}),
        ("A06", {"datum_einde": "20240701"}),
        ("A07", {"datum_aanvang": "20230101", "datum_einde": "20231231"}),
        ("A08", {"datum_einde": "20240301", "reden_beeindiging": ""}),
        ("A08", {"reden_beeindiging": "01"}),
        ("A10", {"geboortedatum": "20010201", "datum_aanvang": "20240201"}),
        ("A10", {"geboortedatum": "20240701"}),
        ("A11", {"verwijzer": "07"}),
    ],
)
def test_rijregels(streek: Streek, code: str, velden: dict):
    goed = streek.hulp("A", "02", "20240201")
    streek.levering("jeugdhulp", "2024H1", [goed, streek.hulp("B", "02", "20240201") | velden])
    assert streek.codes() == [(3, code)]


def test_geen_afkeur(streek: Streek):
    goed = [
        streek.hulp("A", "02", "20240630", "20240630"),
        streek.hulp("B", "02", "20230101", "20240101"),
        streek.hulp("C", "02", "20240201", geboortedatum="20010202"),
        streek.hulp("D", "02", "20240201", geboortedatum="20240600"),
        streek.hulp("E", "02", "20140101", verwijzer="07"),
    ]
    streek.levering("jeugdhulp", "2024H1", goed)
    assert streek.codes() == [(4, "S03"), (5, "S06")]


def test_dubbel_en_tegenstrijdig(streek: Streek):
    rijen = [
        streek.hulp("A", "02", "20240201"),
        streek.hulp("A", "02", "20240201", postcode="9401 ab"),
        streek.hulp("B", "02", "20240201"),
        streek.hulp("B", "02", "20240201", verwijzer="01"),
        streek.hulp("B", "02", "20240201"),
        streek.hulp("C", "02", "20240201", verwijzer="99"),
        streek.hulp("C", "02", "20240201"),
    ]
    streek.levering("jeugdhulp", "2024H1", rijen)
    assert streek.codes() == [(3, "S01"), (4, "A09"), (5, "A09"), (6, "A09"), (7, "A03")]


def test_vijf_procent(streek: Streek):
    namen = [f"p{n}" for n in range(19)]
    goed = [streek.hulp(naam, "02", "20240201") for naam in namen]
    slecht = streek.hulp("x", "99", "20240201")
    streek.levering("jeugdhulp", "2024H1", [*goed, slecht])
    assert len(lees(streek.map, "2024H1", SLEUTEL).rijen("jeugdhulp")) == 19
    streek.levering("jeugdhulp", "2024H1", [*goed[1:], slecht], volgnr=2)
    leveringen = lees(streek.map, "2024H1", SLEUTEL)
    assert len(leveringen.rijen("jeugdhulp")) == 19
    assert [b.status for b in leveringen.bestanden if b.feed == "jeugdhulp"] == ["geaccepteerd", "geweigerd"]


def test_speciale_codes(streek: Streek):
    rijen = [{"bsn": "000000000"}, {"bsn": "999999999", "geboortedatum": "99999999"}]
    rijen = [streek.hulp("A", "02", "20150201") | rij for rij in rijen]
    streek.levering("jeugdhulp", "2015H2", rijen)
    gewisseld = [rijen[0] | {"bsn": "999999999"}, rijen[1] | {"bsn": "000000000"}]
    streek.levering("jeugdhulp", "2016H1", gewisseld)
    personen = defaultdict(set)
    for rij in lees(streek.map, "2016H1", SLEUTEL).rijen("jeugdhulp"):
        assert not rij["bsn_bekend"]
        personen[rij["persoon"]].add(rij["periode"])
    assert list(personen.values()) == [{"2015H2", "2016H1"}] * 2


def test_elfproef():
    assert elfproef("111222333")
    assert not elfproef("123456789")


# ---------------------------------------------------------------------------------------------------------------------
# Spec 02: records, maatregelen, attributes


def test_verdwenen_en_doorgeteld(streek: Streek):
    streek.levering("jeugdhulp", "2023H2", [streek.hulp("A", "02", "20230801"), streek.hulp("B", "02", "20230801")])
    streek.levering("jeugdhulp", "2024H1", [streek.hulp("B", "02", "20230801")])
    streek.levering("jeugdhulp", "2024H2", [], leverancier="41099999")
    assert {bevinding[1:] for bevinding in s04(lees(streek.map, "2024H2", SLEUTEL), "2024H1")} == {(2, "S04")}
    trajecten = {t.einde: t for t in streek.model("2024H2").trajecten}
    assert set(trajecten) == {None, date(2023, 12, 31)}
    assert trajecten[date(2023, 12, 31)].einde_bron == "afgeleid"
    assert trajecten[None].doorgeteld
    gestopt = {"41012345": date(2024, 9, 30)}
    assert {t.einde for t in streek.model("2024H2", gestopt=gestopt).trajecten} == {
        date(2023, 12, 31),
        date(2024, 9, 30),
    }


def test_overdracht_over_drie_gis(streek: Streek):
    streek.levering("jeugdhulp", "2024H1", [])
    een = streek.maatregel("A", "11", "20240101", datum_overgedragen="20240131", datum_eerste_contact="20240103")
    twee = streek.maatregel("A", "11", datum_overgedragen_gekregen="20240201", datum_overgedragen="20240229")
    drie = streek.maatregel("A", "11", einde="20240401", datum_overgedragen_gekregen="20240301", reden_beeindiging="02")
    for leverancier, rij in (("51000001", een), ("51000002", twee), ("51000003", drie)):
        streek.levering("maatregelen", "2024H1", [rij], leverancier=leverancier)
    (maatregel,) = streek.model("2024H1").maatregelen
    assert (maatregel.start, maatregel.einde, maatregel.reden) == (date(2024, 1, 1), date(2024, 4, 1), "02")
    assert (maatregel.leverancier, maatregel.eerste_contact) == ("51000003", date(2024, 1, 3))
    assert not maatregel.s05


def test_overdracht_aan_en_van_niets(streek: Streek):
    streek.levering("jeugdhulp", "2024H1", [])
    weg = streek.maatregel("A", "11", "20240101", datum_overgedragen="20240131")
    uit = streek.maatregel("B", "11", datum_overgedragen_gekregen="20240201")
    streek.levering("maatregelen", "2024H1", [weg, uit])
    model = streek.model("2024H1")
    assert {bevinding[1:] for bevinding in s05(model.maatregelen)} == {(2, "S05"), (3, "S05")}
    gevonden = {(m.start, m.einde, m.einde_bron, m.s05) for m in model.maatregelen}
    assert gevonden == {
        (date(2024, 1, 1), date(2024, 1, 31), "afgeleid", True),
        (date(2024, 2, 1), None, "geleverd", True),
    }


def test_een_gemeente_per_persoon(streek: Streek):
    """Of two providers the row with the latest start counts; an empty subregio is onbekend of that level."""
    streek.levering("jeugdhulp", "2024H1", [streek.hulp("A", "02", "20240101", postcode="9401AB")])
    later = streek.hulp("A", "03", "20240102", postcode="", gemeentecode="0114")
    streek.levering("jeugdhulp", "2024H1", [later], leverancier="41000001")
    model = streek.model("2024H1")
    regio = model.personen.kenmerken(model.trajecten[0].persoon, "2024H1").regio
    assert regio == {
        "provincie": "PV22",
        "jeugdregio": "Drenthe",
        "subregio": ONBEKEND,
        "gemeente": "GM0114",
        "wijk": ONBEKEND,
    }
    tabellen = bereken(model.leveringen, "2024H1")
    assert cel(tabellen, "2024H1", "trajecten", regio=("gemeente", "GM0114"))["in_periode"] == 2
    assert cel(tabellen, "2024H1", "jeugdigen", regio=("gemeente", "GM0114"))["in_periode"] == 1
    assert cel(tabellen, "2024H1", "trajecten", regio=("gemeente", "GM0106"))["in_periode"] == 0


def test_jeugdzorg_is_een_episode_over_soorten(streek: Streek):
    streek.levering("jeugdhulp", "2024H1", [streek.hulp("A", "02", "20240101", "20240131")])
    streek.levering(
        "maatregelen", "2024H1", [streek.maatregel("A", "11", "20240201"), streek.maatregel("B", "31", "20240201")]
    )
    tabellen = streek.tabellen("2024H1")
    totaal = cel(tabellen, "2024H1", "jeugdigen", soort="jeugdzorg")
    assert deel(totaal, "instroom", "uitstroom", "eindstand", "in_periode", "instroom_nieuw") == (1, 0, 1, 1, None)


# ---------------------------------------------------------------------------------------------------------------------
# 02 §5 and spec 03


@pytest.mark.parametrize(
    ("eerdere", "van", "planmatig", "soort"),
    [
        ([], date(2024, 1, 1), "J", "nieuw"),
        ([date(2019, 1, 1)], date(2024, 1, 1), "", "herhaald_beroep"),
        ([date(2018, 12, 31)], date(2024, 1, 1), "", "nieuw"),
        ([date(2023, 11, 30)], date(2024, 1, 1), "", "herhaald_beroep"),
        ([date(2023, 12, 1)], date(2024, 1, 1), "J", "vervolg_planmatig"),
        ([date(2023, 12, 1), date(2020, 1, 1)], date(2024, 1, 1), "N", "vervolg_niet_planmatig"),
        ([None], date(2024, 1, 1), None, "vervolg_niet_planmatig"),
    ],
)
def test_soort_indicatie(eerdere: list, van: date, planmatig: str, soort: str):
    rij = {"geldig_van": van, "planmatig": planmatig}
    assert soort_indicatie(rij, [{"geldig_tot": tot} for tot in eerdere]) == soort


def test_keuze_van_de_meting():
    einde = date(2024, 3, 31)

    def lijst(dag: date, wie: str = "client", besluit: date | None = None) -> dict:
        rij = {"datum_meting": dag, "beoordelaar": wie, "datum_besluit": besluit}
        return rij | {"datum_aanvang": date(2023, 1, 1)}

    voor, na = lijst(date(2024, 3, 26)), lijst(date(2024, 4, 5))
    assert kies_einde([na, voor], einde) is voor
    voogd = lijst(date(2024, 3, 26), "gezinsvoogd")
    assert kies_einde([voogd, na, voor], einde) is voor
    assert kies_einde([lijst(date(2024, 4, 22))], einde) is None
    assert kies_einde([lijst(date(2024, 4, 21))], einde) is not None
    assert kies_begin([lijst(date(2024, 1, 1))]) is None
    assert kies_begin([lijst(date(2024, 1, 1), besluit=date(2024, 1, 23))]) is None
    assert kies_begin([lijst(date(2024, 1, 2), besluit=date(2024, 1, 1))]) is None
    ver, dichtbij = (
        lijst(date(2024, 1, 1), besluit=date(2024, 1, 22)),
        lijst(date(2024, 2, 1), besluit=date(2024, 2, 1)),
    )
    assert kies_begin([ver, dichtbij]) is dichtbij


def test_student_en_gemiddelde():
    assert student(1) == pytest.approx(12.706204736)
    assert student(10) == pytest.approx(2.228138852)
    rij = gemiddelde([1, 2, 3])
    assert (rij["waarde"], rij["noemer"], rij["teller"]) == (2, 3, None)
    assert rij["bovengrens"] == pytest.approx(2 + 4.302652730 / 3**0.5)
    assert gemiddelde([5])["ondergrens"] is None
    assert gemiddelde([])["waarde"] is None


def test_klassen_van_vermindering():
    assert [klasse(d, 1) for d in (-1, 0, 1, 2)] == ["verslechterd", "gelijk", "licht_verbeterd", "duidelijk_verbeterd"]
    assert halve_sd_kwadraat([], "fj") is None


def uitkomst(streek: Streek, persoon: str, feed: str, **velden: str) -> dict:
    return {"bsn": streek.bsn(persoon), "hulpvorm": "02", "datum_aanvang": "20240110"} | velden


def test_uitkomsten_van_een_traject(streek: Streek):
    """Doelen, vragenlijsten and STEP of one ended traject, and an outcome row without a record."""
    streek.levering("jeugdhulp", "2024H1", [streek.hulp("A", "02", "20240110", "20240331", reden_beeindiging="03")])
    doel = {"doel_nr": "1", "score": "2", "beoordelaar": "client", "datum_meting": "20240331"}
    doelen = [
        uitkomst(streek, "A", "doelen", **doel),
        uitkomst(streek, "A", "doelen", **doel | {"doel_nr": "2", "score": "-1", "datum_meting": "20240310"}),
        uitkomst(streek, "A", "doelen", **doel | {"doel_nr": "3", "datum_meting": "20240309"}),
        uitkomst(streek, "B", "doelen", **doel),
    ]
    streek.levering("doelen", "2024H1", doelen)
    vraag = {"informant": "ouder", "ouder_nr": "1", "resultaat": "3,5", "datum_meting": "20240401"}
    lijsten = [
        uitkomst(streek, "A", "tevredenheid", **vraag),
        uitkomst(streek, "A", "tevredenheid", **vraag | {"ouder_nr": "2", "resultaat": "2.5", "rapportcijfer": "8"}),
        uitkomst(streek, "A", "tevredenheid", **vraag | {"informant": "jeugdige", "ouder_nr": "", "resultaat": "4"}),
    ]
    streek.levering("tevredenheid", "2024H1", lijsten)
    leveringen = lees(streek.map, "2024H1", SLEUTEL)
    assert [(b.rij, b.code) for b in a12(leveringen)] == [(5, "A12")]
    tabel = bereken_indicatoren(leveringen, "2024H1")["prestatie_indicatoren"]

    def rij(indicator: str, maat: str, categorie: str = "totaal") -> dict:
        return tabel["2024H1", "gemeente", "GM0106", "alle", indicator, maat, categorie]

    assert deel(rij("1", "behaald"), "teller", "noemer", "waarde") == (1, 2, 50)
    assert deel(rij("1", "gemiddelde"), "noemer", "waarde", "respons_teller", "respons_noemer") == (2, 0.5, 1, 1)
    assert deel(rij("2", "resultaat_ouder"), "noemer", "waarde") == (1, 3)
    assert deel(rij("2", "rapportcijfer_ouder"), "noemer", "waarde") == (1, 8)
    assert deel(rij("2", "resultaat_jeugdige"), "noemer", "waarde") == (1, 4)
    assert deel(rij("3", "reden", "1.1"), "teller", "noemer") == (1, 1)
    assert deel(rij("6", "geen_vervolg"), "noemer", "waarde", "celstatus") == (1, None, "onvolledig")
    assert deel(rij("6", "kader", "vrijwillig→vrijwillig"), "noemer", "celstatus") == (None, "onvolledig")
    assert deel(rij("U", "uitval"), "teller", "noemer") == (1, 1)
    assert deel(rij("10", "recidive"), "waarde", "celstatus") == (None, "niet_van_toepassing")


def test_kader_en_nieuwe_maatregel(streek: Streek):
    """6b looks 31 days ahead; 8 takes a voogdij within 31 days after reden 05 as continuation."""
    streek.levering("jeugdhulp", "2023H1", [streek.hulp("A", "02", "20230110", "20230331")])
    streek.levering("jeugdhulp", "2024H1", [])
    ots = streek.maatregel("A", "11", "20220101", "20230401", reden_beeindiging="05")
    voogdij = streek.maatregel("A", "21", "20230502")
    streek.levering("maatregelen", "2023H1", [ots, voogdij], leverancier="51000001")
    streek.levering("maatregelen", "2024H1", [voogdij], leverancier="51000001")
    tabel = bereken_indicatoren(lees(streek.map, "2024H1", SLEUTEL), "2024H1")["prestatie_indicatoren"]
    begin = ("2023H1", "gemeente", "GM0106", "alle")
    assert deel(tabel[(*begin, "6", "kader", "gedwongen→vrijwillig")], "teller", "noemer") == (1, 1)
    assert deel(tabel[(*begin, "6", "geen_vervolg", "totaal")], "teller", "noemer") == (0, 1)
    assert deel(tabel[(*begin, "8", "uitblijven", "totaal")], "teller", "noemer") == (1, 1)
    assert deel(tabel[(*begin, "7", "niet_meer_nodig", "ots")], "teller", "noemer") == (0, 1)
    assert deel(tabel[(*begin, "U", "geen_nieuwe_start", "totaal")], "teller", "noemer") == (1, 1)


# ---------------------------------------------------------------------------------------------------------------------
# Identities of 02 §3 and 04 M1/M2 over random worlds

STANDEN = ("beginstand", "instroom", "uitstroom", "eindstand")


def volgt_op(periode: str) -> str:
    return f"{int(periode[:4]) + 1}JJ" if periode.endswith("JJ") else periodenrij(periode, 2)[1]


@pytest.mark.parametrize("seed", range(50))
def test_identiteiten(tmp_path: Path, seed: int):
    wereld = schrijf_wereld(tmp_path, seed)
    leveringen = lees(wereld.map, wereld.periode, wereld.sleutel)
    tabellen = bereken(leveringen, wereld.periode, wereld.gestopt)
    stand_stroom = tabellen["stand_stroom"]
    per_niveau: dict[tuple, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    per_dimensie: dict[tuple, int] = defaultdict(int)
    for sleutel, rij in stand_stroom.items():
        periode, soort, eenheid, niveau, _, dimensie, categorie = sleutel
        for maat in (*STANDEN, "in_periode"):
            per_niveau[periode, soort, eenheid, niveau, dimensie, categorie][maat] += rij[maat] or 0
        per_dimensie[(*sleutel[:5], dimensie)] += rij["in_periode"]
        if rij["beginstand"] is None:
            assert eenheid == "jeugdigen"
            assert dimensie not in ("totaal", "geslacht", "leeftijdsgroep")
            continue
        begin, erin, eruit, eind = (rij[maat] for maat in STANDEN)
        assert begin + erin - eruit == eind
        if eenheid == "trajecten":
            assert begin + erin == rij["in_periode"]
        else:
            assert begin + erin >= rij["in_periode"]
        splitsing = [rij["instroom_nieuw"], rij["instroom_herhaald"], rij["instroom_aansluitend"]]
        if soort == "jeugdhulp":
            assert sum(splitsing) == erin
        else:
            assert splitsing == [None, None, None]

    for (periode, soort, eenheid, niveau, dimensie, categorie), som in per_niveau.items():
        provincie = per_niveau.get((periode, soort, eenheid, "provincie", dimensie, categorie), {})
        assert all(som[maat] == provincie.get(maat, 0) for maat in som)  # every level adds up to the same
        volgende = per_niveau.get((volgt_op(periode), soort, eenheid, niveau, dimensie, categorie))
        if volgende is not None and dimensie not in ("geslacht", "leeftijdsgroep"):
            assert som["eindstand"] == volgende["beginstand"]
    for (*begin, _), som in per_dimensie.items():
        if begin[2] == "trajecten":
            assert som == per_dimensie[(*begin, "totaal")]

    for (periode, niveau, code, dimensie, categorie), rij in tabellen["duur"].items():
        uit = stand_stroom[periode, "jeugdhulp", "trajecten", niveau, code, dimensie, categorie]["uitstroom"]
        assert rij["aantal"] == uit == sum(waarde for naam, waarde in rij.items() if naam.startswith("k_"))
    for (periode, niveau, code, maat), rij in tabellen["percentage_in_zorg"].items():
        soort = {"jeugdhulp_verblijf": "jeugdhulp", "gespecialiseerd": "jeugdhulp"}.get(maat, maat)
        jeugdigen = stand_stroom[periode, soort, "jeugdigen", niveau, code, "totaal", "totaal"]["in_periode"]
        assert 0 <= rij["teller"] <= jeugdigen
        assert (rij["percentage"] is None) == (not rij["noemer"])
        if rij["ondergrens"] is not None:
            assert rij["ondergrens"] <= rij["percentage"] <= rij["bovengrens"]


def test_wereld_is_bepaald_door_haar_seed(tmp_path: Path):
    def inhoud(map: Path) -> dict:
        schrijf_wereld(map, 7)
        return {pad.relative_to(map): pad.read_bytes() for pad in sorted(map.rglob("*")) if pad.is_file()}

    assert inhoud(tmp_path / "a") == inhoud(tmp_path / "b")


@pytest.mark.parametrize("seed", range(50))
def test_identiteiten_indicatoren(tmp_path: Path, seed: int):
    wereld = schrijf_wereld(tmp_path, seed)
    leveringen = lees(wereld.map, wereld.periode, wereld.sleutel)
    tabellen = bereken_indicatoren(leveringen, wereld.periode, wereld.gestopt)
    herindicaties, tabel = tabellen["herindicaties"], tabellen["prestatie_indicatoren"]
    for rij in herindicaties.values():
        assert rij["besluiten"] == rij["nieuw"] + rij["herhaald_beroep"] + rij["herindicaties"]
    sommen: dict[tuple, int] = defaultdict(int)
    verdelingen: dict[tuple, list] = defaultdict(list)
    for sleutel, rij in tabel.items():
        periode, niveau, code, aanbieder, indicator, maat, categorie = sleutel
        if rij["teller"] is not None:
            assert 0 <= rij["teller"] <= rij["noemer"]
        if rij["ondergrens"] is not None:
            assert rij["ondergrens"] <= rij["waarde"] <= rij["bovengrens"]
        if rij["respons_teller"] is not None:
            assert rij["respons_teller"] <= rij["respons_noemer"]
        if aanbieder == "alle" and rij["noemer"] is not None:
            sommen[periode, niveau, indicator, maat, categorie] += rij["noemer"]
        if maat in ("verdeling", "reden", "zz_verloop", "uz_verloop", "soort", "kader"):
            verdelingen[(*sleutel[:4], indicator, maat)].append(rij)
        if maat == "klasse":
            verdelingen[(*sleutel[:4], indicator, maat, categorie[:2])].append(rij)
        if indicator == "5" and aanbieder == "alle":
            totaal = herindicaties[periode, niveau, code, "totaal", "totaal"]
            assert (rij["teller"], rij["noemer"]) == (totaal[categorie], totaal["besluiten"])
        if maat == "niet_meer_nodig" and categorie == "totaal":
            delen = [tabel[(*sleutel[:6], deel)] for deel in ("ots", "voogdij")]
            assert rij["noemer"] == sum(deel["noemer"] for deel in delen)
    for (periode, _, *rest), som in sommen.items():
        assert som == sommen.get((periode, "provincie", *rest), 0)
    for rijen in verdelingen.values():
        tellers = [rij["teller"] for rij in rijen]
        if None not in tellers and rijen[0]["noemer"]:
            assert sum(tellers) == rijen[0]["noemer"]
