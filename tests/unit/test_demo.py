"""The demo region: deterministic, calibrated, and with every situation of spec 01 in it."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from pipelines import demo
from pipelines.demo import schrijf_demo
from pipelines.demo.ijking import geland, ijking
from pipelines.landing.offered import aanbod
from pipelines.periods import Halfjaar

KLEIN = 0.02
AFKEUR_JEUGDHULP = {"A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11"}


def vingerafdrukken(map_: Path) -> dict[str, str]:
    return {str(p.relative_to(map_)): sha256(p.read_bytes()).hexdigest() for p in map_.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def klein(tmp_path_factory) -> Path:
    map_ = tmp_path_factory.mktemp("klein")
    schrijf_demo(map_, size=KLEIN)
    return map_


@pytest.fixture(scope="module")
def drenthe(tmp_path_factory) -> Path:
    map_ = tmp_path_factory.mktemp("drenthe")
    schrijf_demo(map_, size=1.0)
    return map_


@pytest.fixture(scope="module")
def jeugdhulp(drenthe):
    return geland(drenthe, "jeugdhulp")


@pytest.fixture(scope="module")
def ijktabel(drenthe) -> dict[tuple[str, str], float]:
    return {(periode, maat): waarde for periode, maat, waarde, _ in ijking(drenthe).rows()}


def test_zelfde_zaad_geeft_zelfde_bytes(klein, tmp_path):
    schrijf_demo(tmp_path, size=KLEIN)
    assert vingerafdrukken(klein) == vingerafdrukken(tmp_path)


def test_ander_zaad_geeft_andere_leveringen(klein, tmp_path):
    schrijf_demo(tmp_path, size=KLEIN, seed=7)
    assert not set(vingerafdrukken(klein)) & {p for p in vingerafdrukken(tmp_path) if "jeugdhulp" in p}


def test_overzicht_telt_wat_er_staat(tmp_path):
    overzicht = schrijf_demo(tmp_path, size=KLEIN, halfjaren=3, formaten=False, laatste=Halfjaar(2016, 1))
    assert overzicht.perioden == ("2015H1", "2015H2", "2016H1")
    paden = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert overzicht.bestanden == len(paden)
    assert overzicht.rijen == sum(p.read_bytes().count(b"\n") - 1 for p in paden)


def test_elk_bestand_wordt_aangeboden_zonder_a01(drenthe):
    gevonden = aanbod(drenthe)
    assert gevonden["code"].null_count() == gevonden.height
    assert set(gevonden["formaat"]) == {"csv", "xlsx", "txt"}
    assert gevonden["bytes"].min() > 0


@pytest.mark.parametrize("grootte", ["klein", "drenthe"])
def test_elke_rijregel_komt_voor(request, grootte):
    oordeel = geland(request.getfixturevalue(grootte), "jeugdhulp")
    assert set(oordeel.bevindingen["code"]) >= AFKEUR_JEUGDHULP | {"S01", "S02", "S03", "S06"}


def test_rijregels_van_maatregelen_en_indicaties(drenthe):
    maatregelen = set(geland(drenthe, "maatregelen").bevindingen["code"])
    assert maatregelen >= {"A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "S01", "S02", "S03", "S07"}
    assert set(geland(drenthe, "indicaties").bevindingen["code"]) >= {"A03", "A04", "A05", "S06"}


@pytest.mark.parametrize("grootte", ["klein", "drenthe"])
@pytest.mark.parametrize("feed", ["jeugdhulp", "maatregelen", "indicaties", "doelen", "tevredenheid", "step"])
def test_alleen_de_ene_v2_wordt_geweigerd(request, grootte, feed):
    oordeel = geland(request.getfixturevalue(grootte), feed)
    delen = [oordeel.goed.select("levering", fout=False), oordeel.afgekeurd.select("levering", fout=True)]
    geweigerd = pl.concat(delen).group_by("levering").agg(pl.col("fout").mean()).filter(pl.col("fout") > 0.05)
    assert geweigerd.height == (feed == "jeugdhulp")
    assert all("__v2." in levering for levering in geweigerd["levering"])


def test_bsn_past_in_de_elfproef_en_is_uniek_per_persoon(jeugdhulp):
    sleutels = jeugdhulp.goed.filter("bsn_bekend")["persoonssleutel"]
    cijfers = sleutels.str.split("").list.eval(pl.element().cast(pl.Int32)).list.to_array(9).to_numpy()
    assert ((cijfers * [9, 8, 7, 6, 5, 4, 3, 2, -1]).sum(axis=1) % 11 == 0).all()
    assert (sleutels.str.len_chars() == 9).all() and sleutels.str.starts_with("0").any()
    bekend = jeugdhulp.goed.filter(pl.col("bsn_bekend") & ~pl.col("geboren").is_null())
    assert bekend.group_by("persoonssleutel").agg(pl.col("geboren").n_unique())["geboren"].max() == 1


def test_onbekend_en_ongeboren(klein, drenthe, jeugdhulp):
    assert 0.002 < 1 - jeugdhulp.goed["bsn_bekend"].mean() < 0.01
    for map_ in (klein, drenthe):
        assert geland(map_, "jeugdhulp").goed["ongeboren"].any()


def test_betekenis_van_de_speciale_codes_hangt_af_van_de_periode(tmp_path):
    schrijf_demo(tmp_path, size=KLEIN, halfjaren=4, formaten=False, laatste=Halfjaar(2016, 2))
    codes = {}
    for periode in ("2015H1", "2016H2"):
        tekst = "".join(p.read_text() for p in (tmp_path / periode).glob("jeugdhulp*"))
        codes[periode] = {c for c in ("000000000", "999999999") if re.search(rf"^{c};(?!99999999)", tekst, re.M)}
    assert codes == {"2015H1": {"000000000"}, "2016H2": {"999999999"}}


def test_rollen_van_kleine_aanbieders(drenthe):
    leveringen = aanbod(drenthe).filter(feed="jeugdhulp")
    aantal = leveringen.group_by("leverancier").agg(n=pl.col("periode").n_unique())["n"].value_counts()
    assert sorted(aantal.rows()) == [(7, 1), (8, 39)]
    in_een_na_laatste = set(leveringen.filter(periode="2024H1")["leverancier"])
    assert in_een_na_laatste <= set(leveringen.filter(periode="2024H2")["leverancier"])
    assert leveringen.filter(pl.col("volgnr") == 2).height >= 5
    koppen = [p for p in drenthe.rglob("jeugdhulp*.csv") if p.read_bytes().count(b"\n") == 1]
    assert koppen


def test_verdwenen_verhuisd_samengevoegd_en_nagekomen(jeugdhulp):
    goed = jeugdhulp.goed
    sleutel = ["leverancier", "persoonssleutel", "hulpvorm", "datum_aanvang"]
    per_record = (
        goed.sort("periode")
        .group_by(sleutel)
        .agg(
            pl.col("periode").last(),
            pl.col("datum_einde").last(),
            verschil=pl.col("datum_einde").drop_nulls().n_unique(),
        )
    )
    verdwenen = per_record.filter(pl.col("datum_einde").is_null() & (pl.col("periode") < "2024H2"))
    assert 0.001 < verdwenen.height / per_record.height < 0.05
    assert (per_record["verschil"] > 1).any()  # an end that a later period corrects
    adressen = goed.filter("bsn_bekend").group_by("persoonssleutel").agg(pl.col("postcode").drop_nulls().n_unique())
    assert (adressen["postcode"] > 1).any()
    reeks = per_record.sort(sleutel).with_columns(
        vorige=pl.col("datum_einde").cum_max().shift().over(sleutel[:3], order_by="datum_aanvang")
    )
    afstand = (pl.col("datum_aanvang") - pl.col("vorige")).dt.total_days()
    assert reeks.filter(afstand <= 0).height > 20
    assert reeks.filter(afstand == 1).height > 20


def test_overdracht_sluit_aan_en_soms_nergens(drenthe):
    rijen = geland(drenthe, "maatregelen").goed.sort("periode")
    persoon = ["persoonssleutel", "type_maatregel"]
    over = rijen.filter(pl.col("datum_overgedragen").is_not_null()).unique([*persoon, "datum_overgedragen"])
    over = over.select(*persoon, van="leverancier", op=pl.col("datum_overgedragen") + pl.duration(days=1))
    gekregen = rijen.filter(pl.col("datum_overgedragen_gekregen").is_not_null())
    gekregen = gekregen.unique([*persoon, "datum_overgedragen_gekregen"])
    gekregen = gekregen.select(*persoon, naar="leverancier", op="datum_overgedragen_gekregen")
    keten = over.join(gekregen, on=[*persoon, "op"])
    assert keten.height > 10 and (keten["van"] != keten["naar"]).all()
    assert over.height > keten.height and gekregen.height > keten.height


@pytest.mark.parametrize("periode", ["2021H1", "2022H1", "2023H1", "2023H2", "2024H2"])
def test_ijking_van_de_halfjaren(ijktabel, periode):
    assert 11.3 <= ijktabel[periode, "jeugdhulp"] <= 12.2
    assert 10.3 <= ijktabel[periode, "jeugdhulp_verblijf"] <= 12.1
    assert 0.95 <= ijktabel[periode, "jeugdbescherming"] <= 1.15
    assert 50 <= ijktabel[periode, "jb_met_verblijf"] <= 60
    assert 0.26 <= ijktabel[periode, "jeugdreclassering"] <= 0.36
    begin, instroom, uitstroom = (ijktabel[periode, k] for k in ("beginstand", "instroom", "uitstroom"))
    assert 0.40 <= instroom / begin <= 0.55
    assert abs(instroom - uitstroom) / begin < 0.06


def test_ijking_van_jaar_en_verdelingen(ijktabel):
    assert 13.5 <= ijktabel["2023JJ", "jeugdhulp"] <= 14.5
    assert 22 <= ijktabel["2024H2", "herhaald"] <= 27
    verwacht = {
        "01": (30, 3),
        "02": (39, 3),
        "03": (4, 1),
        "04": (7, 1.5),
        "05": (5, 1),
        "06": (15, 2),
        "08": (0.4, 0.3),
    }
    for code, (midden, marge) in verwacht.items():
        assert abs(ijktabel["2024H2", f"verwijzer {code}"] - midden) <= marge, code
    assert 10.5 <= ijktabel["2024H2", "hulpvorm 01"] <= 13
    assert 57 <= ijktabel["2024H2", "hulpvorm 02"] <= 62


def test_gemeenten_staan_in_de_volgorde_van_2016(drenthe, jeugdhulp):
    bevolking = geland(drenthe, "cbs_bevolking").goed.filter((pl.col("periode") == "2024") & (pl.col("leeftijd") < 18))
    inwoners = bevolking.group_by(gemeente="regio").agg(pl.col("aantal").sum())
    postcodes = geland(drenthe, "cbs_postcodes").goed.filter(periode="2024").select("postcode", gemeente="gemeentecode")
    kinderen = jeugdhulp.goed.filter((pl.col("periode") == "2024H2") & (pl.col("geboren").dt.year() > 2005))
    teller = kinderen.join(postcodes, on="postcode").group_by("gemeente").agg(n=pl.col("persoonssleutel").n_unique())
    pct = dict(teller.join(inwoners, on="gemeente").select("gemeente", 100 * pl.col("n") / pl.col("aantal")).rows())
    assert len(pct) == 12
    assert max(pct, key=pct.get) == "GM0106" and min(pct, key=pct.get) == "GM0109"
    wijkteam = kinderen.join(postcodes, on="postcode").filter(gemeente="GM1731")["hulpvorm"] == "01"
    assert wijkteam.mean() > 0.3


def test_bevolking_telt_op(drenthe):
    rijen = geland(drenthe, "cbs_bevolking").goed.filter(periode="2024")
    per_niveau = rijen.group_by(pl.col("regio").str.slice(0, 2).alias("n")).agg(pl.col("aantal").sum())
    aantal = dict(per_niveau.rows())
    assert aantal["WK"] == aantal["GM"] == aantal["PV"]
    assert rijen.filter(pl.col("regio").str.starts_with("WK"))["regio"].n_unique() == 181
    assert 90_000 < rijen.filter((pl.col("regio") == "PV22") & (pl.col("leeftijd") < 18))["aantal"].sum() < 98_000
    postcodes = geland(drenthe, "cbs_postcodes").goed.filter(periode="2024")["postcode"]
    assert postcodes.is_unique().all()


def test_uitkomsten_lijken_op_die_van_het_veld(drenthe, jeugdhulp):
    tevreden = geland(drenthe, "tevredenheid").goed
    assert 7 < tevreden["rapportcijfer"].mean() < 8
    assert 2.9 < tevreden["resultaat"].mean() < 3.3
    doelen = geland(drenthe, "doelen").goed
    assert 0.6 < (doelen["score"] >= 1).mean() < 0.72
    wijzer = ["leverancier", "persoonssleutel", "hulpvorm", "datum_aanvang"]
    gemeten = doelen.unique(wijzer)
    los = gemeten.join(jeugdhulp.goed, on=wijzer, how="anti")
    assert 0 < los.height / gemeten.height < 0.03  # A12
    beeindigd = jeugdhulp.goed.filter(pl.col("datum_einde").is_not_null()).unique(wijzer)
    assert 0.2 < gemeten.height / beeindigd.height < 0.6


def test_indicaties_horen_bij_de_gemeente_en_lopen_in_de_periode(drenthe):
    rijen = geland(drenthe, "indicaties").goed
    assert set(rijen["planmatig"].drop_nulls()) == {"J", "N"}
    d0 = rijen["periode"].replace_strict({p: Halfjaar.van(p).d0 for p in rijen["periode"].unique()})
    d1 = rijen["periode"].replace_strict({p: Halfjaar.van(p).d1 for p in rijen["periode"].unique()})
    assert (rijen["besluitdatum"] <= d1).all()
    assert (rijen["geldig_tot"].is_null() | (rijen["geldig_tot"] >= d0)).all()


def test_groter_dan_drenthe_geeft_meer_gemeenten_en_aanbieders(tmp_path):
    schrijf_demo(tmp_path, size=2.0, halfjaren=1)
    gebieden = geland(tmp_path, "cbs_gebieden").goed
    assert (
        gebieden.height == 24 and gebieden["provinciecode"].n_unique() == 2 and gebieden["jeugdregio"].n_unique() == 2
    )
    assert aanbod(tmp_path).filter(feed="jeugdhulp")["leverancier"].n_unique() == 80


def test_geen_lus_over_rijen():
    bron = "".join(p.read_text() for p in Path(demo.__file__).parent.glob("*.py"))
    assert not re.search(r"iter_rows|map_elements|iterrows|\.apply\(|csv\.writer|in range\(len", bron)
