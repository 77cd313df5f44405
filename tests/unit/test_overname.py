"""When the release before may serve, and whose rows differ: by hand."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import overname
from pipelines.landing import offered, store
from pipelines.landing.contracts import contracten
from pipelines.periods import Halfjaar
from pipelines.quality import nummers
from pipelines.refresh import Verversing
from pipelines.release import manifest
from pipelines.settings import Home, Settings

NU = {
    "instellingen": {"venster_jaren": 5},
    "invoer": [
        {"feed": f, "leverancier": "41000001", "periode": p, "bestand": f"{f}.csv", "sha256": s, "status": "van_kracht"}
        for f, p, s in (("jeugdhulp", "2024H1", "a"), ("jeugdhulp", "2024H2", "b"), ("cbs_gebieden", "2024", "c"))
    ],
}


def invoer(nr: int, **anders: str) -> dict:
    return {"invoer": [rij | anders if i == nr else rij for i, rij in enumerate(NU["invoer"])]}


@pytest.mark.parametrize(
    ("was", "mag"),
    [
        ({}, True),
        (invoer(1, sha256="x", bestand="jeugdhulp_v2.csv"), True),
        ({"invoer": [*NU["invoer"], NU["invoer"][1] | {"status": "vervangen", "sha256": "y"}]}, True),
        (invoer(2, sha256="x"), False),  # other reference data
        (invoer(1, periode="2023H2"), False),  # another set of leveringen: who vanished is another question then
        (invoer(1, status="geweigerd"), False),
        ({"instellingen": {"venster_jaren": 4}}, False),
        ({"periode": "2024H1"}, False),
    ],
)
def test_wat_een_correctie_is(was: dict, mag: bool, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(NU | {"periode": "2024H2"} | was))
    assert (overname.correcties(tmp_path, "2024H2", NU) is not None) is mag


@pytest.mark.parametrize(
    ("anders", "mag"),
    [
        ({}, True),
        ({"codeversie": "2"}, False),
        ({"pakketten": {"duckdb": "2"}}, False),
        ({"bestanden": {}}, False),
        ({"bestanden": {"warehouse.duckdb": "0"}}, False),  # not as it was released
        ({"weg": "publicatie.duckdb"}, False),
        ({"poorten": [{"regel": "M8", "status": "fout"}]}, False),  # overridden: what it kept may be half
        ({"alles_opnieuw": True}, False),
    ],
)
def test_wanneer_de_vorige_release_mag_dienen(anders: dict, mag: bool, tmp_path: Path) -> None:
    v = Verversing(
        Settings(home=tmp_path, key="s"), Halfjaar(2024, 2), alles_opnieuw=anders.get("alles_opnieuw", False)
    )
    release = v.home.releases / "2024H2-r1"
    release.mkdir(parents=True)
    bestanden = {}
    for naam in ("warehouse.duckdb", "publicatie.duckdb"):
        (release / naam).write_bytes(naam.encode())
        bestanden[naam] = manifest.controlesom(release / naam)
    inhoud = manifest.rekenwijze() | {"bestanden": bestanden, "poorten": [{"regel": "L2", "status": "gefaald"}]}
    inhoud |= {k: bestanden | w if k == "bestanden" and w else w for k, w in anders.items() if k in inhoud}
    (release / "manifest.json").write_text(json.dumps(inhoud))
    (release / anders.get("weg", "er is niets weg")).unlink(missing_ok=True)
    v.home.current.symlink_to(release)
    assert v.vorige == (release.resolve() if mag else None)


@pytest.mark.parametrize(
    ("m7", "verwacht"),
    [
        ("(0.0), (0.0)", {"publicatie/gelijk.csv"}),
        ("(0.0), (1.0)", set()),  # let pass by a threshold or an override: then nothing is known to be clean
        (None, set()),
    ],
)
def test_welke_bestanden_eerder_door_de_poort_kwamen(m7: str | None, verwacht: set[str], tmp_path: Path) -> None:
    vorige, nu = tmp_path / "vorige", tmp_path / "nu"
    for map_ in (vorige, nu):
        (map_ / "publicatie").mkdir(parents=True)
        (map_ / "publicatie" / "gelijk.csv").write_text("a")
        (map_ / "publicatie" / "anders.csv").write_text(map_.name)
        (map_ / "elders.txt").write_text("gelijk, maar niet van de publicatie")
    (vorige / "publicatie" / "weg.csv").write_text("b")
    with duckdb.connect(vorige / "warehouse.duckdb") as con:
        con.execute("create schema kwaliteit; create table kwaliteit.meting (regel varchar, waarde double)")
        con.execute("insert into kwaliteit.meting values ('M9', 3.0)")
        if m7:
            con.execute(f"insert into kwaliteit.meting select 'M7', waarde from (values {m7}) as m(waarde)")
    bestanden = {str(p.relative_to(vorige)): manifest.controlesom(p) for p in vorige.rglob("*.*")}
    (vorige / "manifest.json").write_text(json.dumps({"bestanden": bestanden}))
    assert nummers.geslaagde_bestanden(vorige, nu) == verwacht


def test_zonder_release_is_er_niets_om_over_te_nemen(tmp_path: Path) -> None:
    assert Verversing(Settings(home=tmp_path, key="s"), Halfjaar(2024, 2)).vorige is None


def test_alleen_een_indicatie_kan_van_persoon_wisselen() -> None:
    """Of other feeds the key of a record names the person, so that a record of another person is another record."""
    zonder = [c.feed for c in contracten().values() if c.over_personen and "persoon" not in c.sleutel]
    assert zonder == ["indicaties"]


def test_wie_een_indicatie_deelt_telt_ook_anders() -> None:
    """Indicatie 17 was of ongeborene U, then of B; a correction drops it for B: it is U's again, of whom no row changed.

    18 was V's and is now B's. Another gemeente has a 17 as well.
    """
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as vorige; create schema vorige.dwh; create schema landing")
        con.execute(
            """create table vorige.dwh.fct_indicatie as from (values
                ('GM1', '17', 'B'), ('GM1', '18', 'V'), ('GM2', '17', 'W'), ('GM1', '19', 'X'))
                as t (gemeentecode, indicatie_id, persoon)"""
        )
        con.execute(
            """create table landing.indicaties as from (values
                ('GM1', '17', 'U'), ('GM1', '18', 'V'), ('GM1', '18', 'B'), ('GM2', '17', 'W'), ('GM1', '19', 'X'))
                as t (leverancier, indicatie_id, persoon)"""
        )
        overname._wie_anders_telt(con, pl.DataFrame({"persoon": ["B", "C"]}))
        assert con.execute("from landing.betrokken order by 1").fetchall() == [("B",), ("C",), ("U",), ("V",)]


KOP = "bsn;geboortedatum;geslacht;postcode;gemeentecode;verwijzer;hulpvorm;datum_aanvang"
RIJEN = [
    "123456782;20120304;M;9401AB;;02;02;20240801",
    "111222333;20120304;V;9401AB;;02;02;20240801",
    "100000009;20120304;V;9401AB;;02;02;20240801",
]


def test_van_wie_een_rij_anders_is(tmp_path: Path) -> None:
    """One person's row changed, one's went, one came in twice more; the order, other columns and file names do not matter."""
    bron, home = tmp_path / "bron", Home(tmp_path / "home")
    bron.mkdir()
    versies = [
        RIJEN,
        [RIJEN[2], RIJEN[0].replace(";02;02;", ";03;02;")],
        [*RIJEN[::-1], "100000009;20120304;V;9401AB;;02;03;20240801"],
    ]
    for nr, rijen in enumerate(versies, 1):
        (bron / f"jeugdhulp__41000001__2024H2__v{nr}.csv").write_text("\n".join([KOP, *rijen]) + "\n")
    aanbod = offered.aanbod(bron)
    store.land(aanbod, home, b"sleutel")
    namen = aanbod.sort("volgnr")["levering"].to_list()
    delen = pl.read_parquet(home.landing / "jeugdhulp" / "*.parquet")
    eerste = delen.filter(pl.col("levering") == namen[0]).sort("rij")["persoon"].to_list()

    def verschil(a: int, b: int) -> set[str]:
        gevonden = store.verschil(home, "jeugdhulp", [namen[a]], [namen[b]]).collect()["persoon"].to_list()
        assert len(gevonden) == len(set(gevonden))
        return set(gevonden)

    assert verschil(0, 0) == set()
    assert verschil(0, 1) == verschil(1, 0) == {eerste[0], eerste[1]}
    assert verschil(0, 2) == {eerste[2]}
    assert verschil(1, 2) == set(eerste)
    with pytest.raises(FileNotFoundError):
        store.verschil(home, "jeugdhulp", [namen[0]], ["nooit gezien@0"])
