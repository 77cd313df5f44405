"""The tools of bench/ measure what they say: known memory and CPU, the floor's rows, a section of RESULTS.md."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter

import duckdb
import pytest

from bench import groei, meten, uitslagen, verslag, vloer, weg_postgres
from pipelines.demo import schrijf_demo
from pipelines.settings import DBT_PROJECT

MIB = 2**20
# 300 MiB in a grandchild, and half a second of computing
_WERK = """
import subprocess, sys, time
kind = subprocess.Popen([sys.executable, "-c", "b = b'x' * (300 * 2**20); import time; time.sleep(1)"])
begin = time.process_time()
while time.process_time() - begin < 0.5:
    pass
kind.wait()
"""


@pytest.fixture(scope="module")
def bron(tmp_path_factory):
    map_ = tmp_path_factory.mktemp("bench") / "leveringen"
    schrijf_demo(map_, size=0.05, halfjaren=2, formaten=False)
    return map_


def test_meten_ziet_geheugen_en_rekentijd_van_alles_wat_is_gestart(tmp_path):
    meting = meten.meet([sys.executable, "-c", _WERK], tmp_path / "log")
    assert (meting.code, meting.gestopt) == (0, None)
    assert 300 * MIB < meting.piek < 450 * MIB
    assert meting.cpu > 0.5
    begin, eind = meting.monsters[0].tijd, meting.monsters[-1].tijd
    cpu, piek = meting.deel(begin, eind)
    assert cpu <= meting.cpu
    assert piek == meting.piek
    assert meting.deel(eind, eind)[0] == 0


def test_meten_beeindigt_wat_te_groot_of_te_lang_wordt(tmp_path):
    te_groot = meten.meet([sys.executable, "-c", _WERK], tmp_path / "log", plafond=150 * MIB)
    te_lang = meten.meet([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log", tijdslimiet=0.3)
    assert "GiB" in te_groot.gestopt
    assert "0.3 s" in te_lang.gestopt
    assert te_groot.code != 0 and te_lang.code != 0


def test_vloer_leest_alle_rijen_van_alle_bestanden(bron, tmp_path):
    schrijf_demo(tmp_path / "formaten", size=0.05, halfjaren=2)  # other separators and an extra column among them
    met_extra = [p for p in (tmp_path / "formaten").rglob("*.csv") if b"opmerking_cli" in p.read_bytes()]
    assert met_extra
    for pad in met_extra:
        doel = bron / pad.parent.name / pad.name.replace("__v1", "__v9")
        doel.write_text(pad.read_text("cp1252"), "utf-8")
    geteld = vloer.zet_om(bron, tmp_path / "vloer")
    bestanden, regels = Counter(), Counter()
    for pad in bron.rglob("*.csv"):
        feed = pad.name.split("__")[0]
        bestanden[feed] += 1
        regels[feed] += len(pad.read_text("utf-8").splitlines()) - 1
    assert geteld == {feed: {"bestanden": bestanden[feed], "rijen": regels[feed]} for feed in bestanden}
    for feed, telling in geteld.items():
        rijen = duckdb.sql(f"from read_parquet('{tmp_path / 'vloer' / feed}.parquet')")
        assert len(rijen) == telling["rijen"]
    jeugdhulp = duckdb.sql(f"from '{tmp_path / 'vloer' / 'jeugdhulp.parquet'}'")
    typen = dict(zip(jeugdhulp.columns, jeugdhulp.types, strict=True))
    assert (str(typen["datum_aanvang"]), str(typen["bsn"])) == ("DATE", "VARCHAR")
    assert duckdb.sql("select count(*) from jeugdhulp where datum_aanvang is null").fetchone()[0] < len(jeugdhulp) / 50


def test_een_levering_erbij_verandert_twee_rijen_en_gaat_weer_weg(bron):
    voor = sorted(bron.rglob("*.csv"))
    with groei.een_levering_erbij(bron) as nieuw:
        oud = max((p for p in voor if p.name.startswith(nieuw.name.rpartition("__v")[0])), key=lambda p: p.name)
        paren = list(zip(oud.read_text().splitlines(), nieuw.read_text().splitlines(), strict=True))
        assert sum(a != b for a, b in paren) == 2
    assert sorted(bron.rglob("*.csv")) == voor


def test_modellen_herschreven_voor_postgresql(tmp_path):
    for deel in ("models", "macros"):
        shutil.copytree(DBT_PROJECT / deel, tmp_path / deel)
    keren = weg_postgres.herschrijf(tmp_path)
    sql = "".join(p.read_text("utf-8") for p in tmp_path.rglob("*.sql"))
    assert "qualify" not in sql
    assert sql.count("distinct on (") == keren["qualify"] > 0
    een = "select a, b\nfrom t\nqualify row_number() over (partition by a, f(b) order by c desc) = 1\n"
    assert weg_postgres._zonder_qualify(een) == "select distinct on (a, f(b)) a, b\nfrom t\norder by a, f(b), c desc\n"


def test_een_onderdeel_van_de_uitslagen_vervangt_alleen_zichzelf(tmp_path):
    pad = tmp_path / "RESULTS.md"
    for onderdeel, tekst in (("a", "een"), ("b", "twee"), ("a", "drie")):
        uitslagen.bewaar(onderdeel, tekst, pad)
    inhoud = pad.read_text()
    assert "een" not in inhoud
    assert inhoud.index("# Results") < inhoud.index("drie") < inhoud.index("twee")
    assert inhoud.count("<!-- a -->") == inhoud.count("<!-- b -->") == 2


def _gemeten(omvang: float, seconden: float, code: int = 0) -> dict:
    def fase(s: float) -> dict:
        return {"seconden": s, "cpu": s, "piek": 1000 * MIB, "code": code, "gestopt": None}

    stappen = {stap: fase(seconden / 10) for stap in verslag.STAPPEN}
    vernieuwd = {f: fase(seconden) | {"stappen": stappen, "gelezen": 1} for f in verslag.VERVERSINGEN}
    return {
        "omvang": omvang,
        "halfjaren": 2,
        "moment": "nu",
        "versie": "abc",
        "belasting": 0.0,
        "leveringen": fase(1) | {"bestanden": 3, "rijen": 5, "bytes": 7, "aanbieders": 2, "gemeenten": 1},
        "feeds": {"jeugdhulp": {"bestanden": 3, "rijen": round(1000 * omvang)}},
        "bytes": {"landing/": 10},
        "vragen": {"vraag": [0.01, 0.6]},
        "fasen": {**vernieuwd, "vloer": fase(1) | {"code": 0}, "pandas": {"gestopt": "ended at 10.0 GiB"}},
    }


def test_verslag_rekent_uit_of_een_doel_is_gehaald():
    tekst, plaatje = verslag.stel_op([_gemeten(1, 20), _gemeten(37, 39)], "opdracht", 7)
    oordelen = {rij.split(" | ")[0]: rij.split(" | ")[-1] for rij in tekst.splitlines() if rij.startswith("|")}
    assert "met" in oordelen["| cold refresh at most 10 × the floor + 30 s = 40.0 s"]
    assert "missed" in oordelen["| one levering changed: under a third of the cold refresh"]
    assert "missed" in oordelen["| ready queries: worst under 500 ms"]
    assert "missed" in oordelen["| poorten at most 20 % of the build"]
    assert "pandas: landing and stand_stroom (ended at 10.0 GiB)" in tekst
    assert plaatje.count("<polyline") == 2 * 4


def test_een_levering_komt_van_de_grootste_omvang_waar_zij_gemeten_is():
    klein, groot = _gemeten(1, 20), _gemeten(37, 39)
    klein["fasen"]["een_levering"]["seconden"] = 5
    groot["fasen"]["een_levering"]["code"] = 1
    doel = "| one levering changed: under a third of the cold refresh"
    assert f"{doel} | – | not measured |" in verslag.stel_op([klein, groot], "opdracht", 7)[0]
    del groot["fasen"]["een_levering"]
    assert f"{doel} (size 1) | 25% | met |" in verslag.stel_op([klein, groot], "opdracht", 7)[0]


def test_een_mislukte_meting_staat_naast_de_laatste_die_gelukt_is(tmp_path):
    def meet(seconden: float, code: int, **anders) -> str:
        (tmp_path / groei.METINGEN).write_text(json.dumps(_gemeten(37, seconden, code) | anders), "utf-8")
        return verslag.stel_op([groei.lees_metingen(tmp_path)], "opdracht", 7)[0]

    assert "did not end well" not in meet(55, 3)  # none went before it: its own table says so
    (tmp_path / groei.GELUKT).write_text(json.dumps(_gemeten(37, 44)), "utf-8")
    assert "| 44.0 s | **missed** |" in (tekst := meet(66, 3, versie="def"))
    assert "**A later run (nu, at def) did not end well: cold, exit code 3 after 66.0 s; " in tekst
    for fasen in ({}, {"koud": _gemeten(37, 66)["fasen"]["koud"]}):  # stopped before or after the cold refresh
        assert "| 44.0 s | **missed** |" in (tekst := meet(66, 0, fasen=fasen))
        assert "did not end well: stopped.**" in tekst
    assert "| 66.0 s | **missed** |" in (tekst := meet(66, 0))
    assert "A later run" not in tekst


def test_poorten_naast_wat_zij_beoordelen():
    gemeten = _gemeten(1, 20)
    gemeten["fasen"]["koud"]["stappen"]["publicatie"]["seconden"] = 14
    assert "The poorten took 25% of the build, 200% of dbt alone." in verslag.stel_op([gemeten], "opdracht", 7)[0]


@pytest.mark.parametrize(
    ("uitslag", "slot"),
    [
        ({"anders": []}, "`qualify` (2 ×); dwh and monitor have the same rows.\n"),
        ({"anders": ["monitor.duur"]}, "`qualify` (2 ×); **other rows in monitor.duur**.\n"),
        ({"mislukt": ["model.duur: canceled\n"]}, "`qualify` (2 ×).\n* stopped at model.duur: canceled\n"),
    ],
)
def test_verslag_zegt_wat_postgresql_bouwde_en_of_het_hetzelfde_is(uitslag, slot):
    gemeten = _gemeten(1, 20)
    gebouwd = {"versie": "15", "modellen": 1, "alle": 2, "mislukt": [], "herschreven": {"qualify": 2}}
    gemeten["fasen"]["postgres"] = {"seconden": 1, "cpu": 1, "piek": 1, "delen": []} | gebouwd | uitslag
    tekst, _ = verslag.stel_op([gemeten], "opdracht", 7)
    assert slot in tekst


def test_verslag_meldt_een_verversing_die_niet_uitgaf():
    tekst, _ = verslag.stel_op([_gemeten(1, 20, code=1)], "opdracht", 7)
    assert "cold: exit code 1" in tekst
    assert "not measured" in tekst
