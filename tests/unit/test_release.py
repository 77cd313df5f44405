"""Disclosure control (the simple part), release directories and the switch, manifest numbers."""

import json
import subprocess
import sys
from datetime import date

import duckdb
import pytest

from pipelines.periods import Halfjaar, afgelopen
from pipelines.release import build, database, switch
from pipelines.release.disclosure import Declaratie, publicatie_sql
from pipelines.settings import GebruikersFout, Home, Onthulling, Settings


def onthuld(rijen: list[tuple], declaratie: dict, **regels) -> list[tuple]:
    kolommen = ["teller", "noemer", "percentage", "celstatus"]
    with duckdb.connect() as con:
        con.execute("create table t (teller bigint, noemer bigint, percentage double, celstatus varchar)")
        con.executemany("insert into t values (?, ?, ?, 'waarde')", rijen)
        return con.execute(publicatie_sql("t", kolommen, Declaratie(**declaratie), Onthulling(**regels))).fetchall()


VERHOUDING = {
    "aantallen": ["teller", "noemer"],
    "verhoudingen": [{"waarden": ["percentage"], "teller": "teller", "noemer": "noemer"}],
}


@pytest.mark.parametrize(
    ("teller", "noemer", "verwacht"),
    [
        (0, 100, (0, 100, 0.0, "waarde")),  # a zero stays zero
        (1, 100, (None, 100, None, "onderdrukt")),
        (9, 100, (None, 100, None, "onderdrukt")),
        (10, 100, (10, 100, 10.0, "waarde")),  # the smallest count CBS prints
        (12, 100, (10, 100, 12.0, "waarde")),  # rounded to 5, the percentage from the unrounded numbers
        (13, 100, (15, 100, 13.0, "waarde")),
        (91, 100, (90, 100, None, "onderdrukt")),  # noemer - teller is small
        (100, 100, (100, 100, 100.0, "waarde")),
        (12, 29, (10, 30, None, "onderdrukt")),  # noemer below 30
        (12, 30, (10, 30, 40.0, "waarde")),
    ],
)
def test_afronden_en_verbergen(teller, noemer, verwacht):
    assert onthuld([(teller, noemer, 100 * teller / noemer)], VERHOUDING) == [verwacht]


def test_openbare_noemer_blijft_zoals_hij_is():
    declaratie = VERHOUDING | {"openbaar": {"noemer": "true"}}
    assert onthuld([(33, 1237, 100 * 33 / 1237)], declaratie) == [(35, 1237, 2.7, "waarde")]


def test_drempels_zijn_instelbaar():
    assert onthuld([(4, 20, 20.0)], VERHOUDING, afronding=1, kleinste_aantal=3, kleinste_noemer=10) == [
        (4, 20, 20.0, "waarde")
    ]


def test_weglaten_en_meeverbergen():
    declaratie = VERHOUDING | {"weg": ["noemer"]}
    declaratie["verhoudingen"] = [{"waarden": [], "noemer": "noemer", "mee": ["percentage"]}]
    assert onthuld([(12, 20, 60.0)], declaratie) == [(10, None, "waarde")]


def test_model_zonder_declaratie_wordt_niet_uitgegeven(tmp_path):
    knoop = {"resource_type": "model", "schema": "monitor", "name": "x", "config": {"meta": {}}}
    (tmp_path / "manifest.json").write_text(json.dumps({"nodes": {"model.x": knoop}}))
    with pytest.raises(ValueError, match="x"):
        build.declaraties(tmp_path / "manifest.json")


def test_controlegetal_hangt_van_de_rijen_af_en_niet_van_hun_volgorde(tmp_path):
    for naam, waarden in (("a", "(1, 'x'), (2, 'y')"), ("b", "(2, 'y'), (1, 'x')"), ("c", "(1, 'y'), (2, 'x')")):
        with duckdb.connect(str(tmp_path / naam)) as con:
            con.execute(f"create table t as from (values {waarden})")
    a, b, c = (database.controlegetallen(tmp_path / n) for n in "abc")
    assert a == b != c


def test_som_per_regio_en_verslagperiode_zegt_wat_er_anders_is():
    """A row per slice, whatever the order of rows; of a rank the som says whether there is one, rangen which."""

    def sommen(*rijen: tuple) -> dict[tuple, tuple]:
        with duckdb.connect() as con:
            con.execute("create schema monitor")
            con.execute(
                "create table monitor.vergelijking (verslagperiode varchar, regio_niveau varchar, regio_code varchar,"
                " aanbieder varchar, indicator varchar, maat varchar, categorie varchar, waarde double, rang bigint)"
            )
            con.executemany(
                "insert into monitor.vergelijking values (?, ?, ?, 'alle', '3', 'reden', '1.1', ?, ?)", rijen
            )
            sql = database.sommen(con, "memory.monitor", ["vergelijking"])
            return {r[:4]: r[4:] for r in con.execute(sql).fetchall()}

    assen, emmen = ("2024H1", "gemeente", "GM0106"), ("2024H1", "gemeente", "GM0114")
    eerst = sommen((*assen, 10.0, 1), (*assen, 20.0, 2), (*emmen, 30.0, 3))
    assert {k: w[0] for k, w in eerst.items()} == {("vergelijking", *assen): 2, ("vergelijking", *emmen): 1}
    assert sommen((*emmen, 30.0, 3), (*assen, 20.0, 2), (*assen, 10.0, 1)) == eerst

    def anders(*rijen: tuple) -> list[tuple]:
        nu = sommen(*rijen)
        return [(k[3], *(a != b for a, b in zip(eerst[k], nu[k], strict=True))) for k in eerst if nu[k] != eerst[k]]

    assert anders((*assen, 10.0, 1), (*assen, 20.5, 2), (*emmen, 30.0, 3)) == [("GM0106", False, True, False)]
    assert anders((*assen, 10.0, 1), (*assen, 20.0, 2), (*emmen, 30.0, 4)) == [("GM0114", False, False, True)]
    assert anders((*assen, 10.0, 1), (*assen, 20.0, 2), (*emmen, 30.0, None)) == [("GM0114", False, True, True)]


# --- release directories ---------------------------------------------------------------------------------------------


def maak_release(home: Home, periode: str) -> str:
    gebouwd = home.bouw / "release"
    gebouwd.mkdir(parents=True)
    (gebouwd / "manifest.json").write_text("{}")
    naam = switch.volgende_naam(home, periode)
    switch.plaats(home, gebouwd, naam)
    switch.zet_current(home, naam)
    return naam


def test_releases_krijgen_een_volgnummer_en_current_wijst_naar_de_nieuwste(tmp_path):
    home = Home(tmp_path)
    assert switch.huidige(home) is None
    assert [maak_release(home, "2024H1"), maak_release(home, "2024H1"), maak_release(home, "2024H2")] == [
        "2024H1-r1",
        "2024H1-r2",
        "2024H2-r1",
    ]
    assert switch.huidige(home).name == "2024H2-r1"
    assert not home.current.readlink().is_absolute()
    assert switch.releases(home) == ["2024H1-r1", "2024H1-r2", "2024H2-r1"]


def test_een_open_database_wordt_geen_release(tmp_path):
    home = Home(tmp_path)
    (home.bouw / "release").mkdir(parents=True)
    (home.bouw / "release" / "warehouse.duckdb.wal").write_text("")
    with pytest.raises(RuntimeError, match="wal"):
        switch.plaats(home, home.bouw / "release", "2024H1-r1")


def test_current_naar_een_release_die_er_niet_is(tmp_path):
    with pytest.raises(GebruikersFout, match="2024H9"):
        switch.zet_current(Home(tmp_path), "2024H9-r1")


def test_tweede_verversing_wordt_geweigerd_ook_in_een_ander_proces(tmp_path):
    proef = (
        "import sys, pathlib; from pipelines.release import switch; from pipelines.settings import Home\n"
        "try:\n with switch.alleen(Home(pathlib.Path(sys.argv[1]))): print('vrij')\n"
        "except switch.Bezet: print('bezet')"
    )

    def probeer() -> str:
        return subprocess.run([sys.executable, "-c", proef, tmp_path], capture_output=True, text=True).stdout.strip()

    with switch.alleen(Home(tmp_path)):
        assert probeer() == "bezet"
    assert probeer() == "vrij"


# --- periods and settings --------------------------------------------------------------------------------------------


def test_halfjaren():
    h = Halfjaar.van("2024H1")
    assert (h.d0, h.d1, str(h.plus(-1)), str(h.plus(1))) == (date(2024, 1, 1), date(2024, 6, 30), "2023H2", "2024H2")
    assert Halfjaar.van("2024H2").d1 == date(2024, 12, 31)
    for fout in ("2024", "2024H3", "24H1", "2024JJ", " 2024H1"):
        with pytest.raises(ValueError, match="verslagperiode"):
            Halfjaar.van(fout)


def test_verversing_op_1_februari_en_1_augustus_gaat_over_het_vorige_halfjaar():
    assert str(afgelopen(date(2025, 2, 1))) == "2024H2"
    assert str(afgelopen(date(2025, 8, 1))) == "2025H1"


def test_vlag_wint_van_omgeving_wint_van_bestand(tmp_path, monkeypatch):
    bestand = tmp_path / "i.yml"
    bestand.write_text("home: uit_bestand\nvenster_jaren: 4\nonthulling: {afronding: 10}\n")
    assert Settings(settings_file=bestand).home.name == "uit_bestand"
    monkeypatch.setenv("JEUGDMONITOR_HOME", "uit_omgeving")
    monkeypatch.setenv("JEUGDMONITOR_ONTHULLING__KLEINSTE_NOEMER", "40")
    s = Settings(settings_file=bestand)
    assert (s.home.name, s.venster_jaren) == ("uit_omgeving", 4)
    assert (s.onthulling.afronding, s.onthulling.kleinste_noemer) == (10, 40)
    assert Settings(settings_file=bestand, home="uit_vlag").home.name == "uit_vlag"


def test_sleutel(tmp_path, monkeypatch):
    with pytest.raises(GebruikersFout, match="geen sleutel"):
        Settings().sleutel()
    monkeypatch.setenv("JEUGDMONITOR_KEY", " geheim ")
    assert Settings().sleutel() == b"geheim"
    assert "geheim" not in repr(Settings())
    bestand = tmp_path / "sleutel"
    bestand.write_text("ander\n")
    assert Settings(key=None, key_file=bestand).sleutel() == b"ander"
    with pytest.raises(GebruikersFout, match="is er niet"):
        Settings(key=None, key_file=tmp_path / "weg").sleutel()
