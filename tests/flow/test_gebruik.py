"""Mistakes of who uses it, and the commands beside refresh: one Dutch sentence, exit code 2, nothing harmed."""

from __future__ import annotations

import re

import pytest

from . import hulp
from .hulp import PERIODE, SLEUTEL, boom, draai, huidige, refresh, vraag

# --- refresh ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("periode", ["2024", "2024H3", "2024h2", ""])
def test_onbekende_vorm_van_de_periode(leveringen, tmp_path, periode):
    uitslag = refresh(tmp_path / "home", leveringen, periode=periode)
    assert uitslag.code == hulp.GEBRUIK
    assert f"'{periode}' is geen verslagperiode" in uitslag.tekst
    assert boom(tmp_path) == {}


@pytest.mark.parametrize("periode", ["2014H2", "2099H1"])
def test_periode_zonder_leveringen(leveringen, tmp_path, periode):
    uitslag = refresh(tmp_path / "home", leveringen, periode=periode, geduld=hulp.KORT)
    assert uitslag.code == hulp.GEBRUIK, uitslag.tekst
    assert periode in uitslag.fout


def test_map_met_leveringen_die_er_niet_is(home, tmp_path):
    voor = boom(home, zonder=[".slot", "bouw"])
    uitslag = refresh(home, tmp_path / "nergens")
    assert uitslag.code == hulp.GEBRUIK
    assert "nergens is er niet. Geef het juiste pad op." in uitslag.tekst
    assert boom(home, zonder=[".slot", "bouw"]) == voor


def test_lege_map_met_leveringen(tmp_path):
    """Its name looks like markup of the terminal library; on screen it is the name."""
    naam = "map[/b]leveringen[red]"
    bron = tmp_path / naam
    bron.mkdir(parents=True)
    uitslag = refresh(tmp_path / "home", bron)
    assert uitslag.code == hulp.GEBRUIK
    assert f"{naam} staan geen leveringen" in uitslag.tekst
    assert not (tmp_path / "home" / "landing").exists()


# a period without leveringen: see test_sleutel


def test_thuismap_die_een_bestand_is(leveringen, tmp_path):
    (tmp_path / "home").write_text("geen map")
    uitslag = refresh(tmp_path / "home", leveringen)
    assert uitslag.code == hulp.GEBRUIK, uitslag.tekst
    assert (tmp_path / "home").read_text() == "geen map"


def test_thuismap_met_een_blokhaak_in_de_naam(leveringen, tmp_path):
    """A path that looks like a pattern is refused before anything is written."""
    uitslag = refresh(tmp_path / "home[1]", leveringen)
    assert uitslag.code == hulp.GEBRUIK, uitslag
    assert "Kies een andere" in uitslag.tekst
    assert boom(tmp_path) == {}


# --- settings --------------------------------------------------------------------------------------------------------

FOUTE_BESTANDEN = {
    "onbekende naam": "onbekende_instelling: 1\n",
    "geen getal": "venster_jaren: veel\n",
    "buiten de grenzen": "onthulling: {afronding: 0}\n",
    "geen KvK-nummer": "gestopt: {'123': 2024-01-01}\n",
    "geen datum": "gestopt: {'41000000': morgen}\n",
    "een lijst": "- home\n- sources\n",
    "geen YAML": "home: [\n",
    "binair": "home: \udcff\udcfe\n",
}


@pytest.mark.parametrize("wat", FOUTE_BESTANDEN)
def test_fout_instellingenbestand(leveringen, tmp_path, wat):
    bestand = tmp_path / "instellingen.yml"
    bestand.write_text(FOUTE_BESTANDEN[wat], "utf-8", errors="surrogateescape")
    uitslag = refresh(tmp_path / "home", leveringen, "--settings", bestand)
    assert uitslag.code == hulp.GEBRUIK, uitslag.tekst
    assert "instellingen" in uitslag.tekst
    assert boom(tmp_path).keys() == {"instellingen.yml"}


@pytest.mark.parametrize(
    ("naam", "waarde"),
    [("GESTOPT", "geen json"), ("VENSTER_JAREN", "-1"), ("ONTHULLING__KLEINSTE_AANTAL", "tien")],
)
def test_foute_instelling_in_de_omgeving(leveringen, tmp_path, naam, waarde):
    uitslag = refresh(tmp_path / "home", leveringen, **{f"JEUGDMONITOR_{naam}": waarde})
    assert uitslag.code == hulp.GEBRUIK, uitslag.tekst
    assert "De instellingen kloppen niet" in uitslag.tekst
    assert naam.lower().replace("__", ".") in uitslag.tekst
    assert boom(tmp_path) == {}


def test_melding_over_een_instelling_is_nederlands_en_toont_geen_sleutel(leveringen, tmp_path):
    bestand = tmp_path / "instellingen.yml"
    bestand.write_text(f"key: {SLEUTEL}\nvenster_jaren: veel\nonbekend: 1\n", "utf-8")
    uitslag = draai(*hulp.refresh_args(tmp_path / "home", leveringen, "--settings", bestand), cwd=tmp_path)
    assert uitslag.code == hulp.GEBRUIK
    assert "venster_jaren" in uitslag.tekst
    engels = [w for w in ("Input should", "unable to parse", "Extra inputs", "Value error") if w in uitslag.tekst]
    assert engels == []


def test_instellingenbestand_dat_er_niet_is(leveringen, tmp_path):
    for extra, env in ((["--settings", "weg.yml"], {}), ([], {"JEUGDMONITOR_SETTINGS_FILE": "weg.yml"})):
        uitslag = refresh(tmp_path / "home", leveringen, *extra, **env)
        assert uitslag.code == hulp.GEBRUIK
        assert "weg.yml is er niet" in uitslag.tekst
    assert boom(tmp_path) == {}


@pytest.mark.parametrize("inhoud", ["L99: 1\n", "[\n", None])
def test_foute_drempels(leveringen, tmp_path, inhoud):
    bestand = tmp_path / "drempels.yml"
    if inhoud is not None:
        bestand.write_text(inhoud, "utf-8")
    uitslag = refresh(tmp_path / "home", leveringen, JEUGDMONITOR_DREMPELS=bestand)
    assert uitslag.code == hulp.GEBRUIK, uitslag.tekst
    assert "drempels.yml" in uitslag.tekst
    assert "No such file" not in uitslag.tekst
    assert not (tmp_path / "home").exists()


# --- releases and sql ------------------------------------------------------------------------------------------------


def test_releases(basis, tmp_path):
    uitslag = draai("releases", "--home", basis.home, cwd=tmp_path)
    assert uitslag.code == hulp.KLAAR
    regel = next(r for r in uitslag.uit.splitlines() if f"{PERIODE}-r1" in r)
    assert "huidige" in regel
    van_kracht = vraag(huidige(basis.home), "select count(*) from kwaliteit.levering where status = 'van_kracht'")
    assert str(van_kracht[0][0]) in regel


def test_zonder_release(tmp_path):
    uitslag = draai("releases", "--home", tmp_path / "home", cwd=tmp_path)
    assert uitslag.code == hulp.KLAAR
    assert "nog geen release" in uitslag.tekst
    uitslag = draai("sql", "select 1", "--home", tmp_path / "home", cwd=tmp_path)
    assert uitslag.code == hulp.GEBRUIK
    assert "nog geen release" in uitslag.tekst
    assert boom(tmp_path) == {}


def test_sql_geeft_antwoord(basis, tmp_path):
    sql = "select count(*) as aantal, max(verslagperiode) as laatste from monitor.stand_stroom"
    uitslag = draai("sql", sql, cwd=tmp_path, JEUGDMONITOR_HOME=basis.home)
    assert uitslag.code == hulp.KLAAR
    aantal, laatste = vraag(huidige(basis.home), sql, "publicatie.duckdb")[0]
    assert re.search(rf"aantal.*laatste.*\b{aantal}\b.*\b{laatste}\b", uitslag.tekst)


def test_sql_op_het_warehouse_alleen_als_erom_gevraagd_is(basis, tmp_path):
    sql = "select count(*) from dwh.fct_traject"
    assert draai("sql", sql, "--home", basis.home, cwd=tmp_path).code == hulp.GEBRUIK
    uitslag = draai("sql", sql, "--home", basis.home, "--warehouse", cwd=tmp_path)
    assert uitslag.code == hulp.KLAAR
    assert str(vraag(huidige(basis.home), sql)[0][0]) in uitslag.uit


@pytest.mark.parametrize(
    "sql",
    [
        "select niets",
        "drop table monitor.duur",
        "select '[/b]' frm monitor",
    ],
)
def test_foute_sql(basis, tmp_path, sql):
    voor = boom(basis.home / "releases")
    uitslag = draai("sql", sql, "--home", basis.home, cwd=tmp_path)
    assert uitslag.code == hulp.GEBRUIK, uitslag.tekst
    assert "Error" in uitslag.fout
    assert boom(basis.home / "releases") == voor


def test_sql_toont_waarden_zoals_ze_zijn(basis, tmp_path):
    """A value that looks like markup of the terminal library is a value."""
    uitslag = draai("sql", "select '[/b]' as einde, '[red]rood' as kleur", "--home", basis.home, cwd=tmp_path)
    assert uitslag.code == hulp.KLAAR, uitslag.tekst
    assert "[/b]" in uitslag.uit
    assert "[red]rood" in uitslag.uit


def test_sql_in_gesprek(basis, tmp_path):
    invoer = (
        "select 6 * 7\n  as antwoord;\n.tabellen\nselekt;\nselect 'nog steeds' as open;\n.quit\nselect 'te laat';\n"
    )
    uitslag = draai("sql", "--home", basis.home, cwd=tmp_path, invoer=invoer)
    assert uitslag.code == hulp.KLAAR
    for tekst in ("antwoord", "42", "stand_stroom", "nog steeds", f"{PERIODE}-r1"):
        assert tekst in uitslag.uit
    assert "Parser Error" in uitslag.fout
    assert "te laat" not in uitslag.uit


def test_sql_in_gesprek_eindigt_met_de_invoer(basis, tmp_path):
    uitslag = draai("sql", "--home", basis.home, cwd=tmp_path, invoer="select 42 as antwoord;\nselect")
    assert uitslag.code == hulp.KLAAR
    assert "42" in uitslag.uit
