"""The ready queries and the declared figures, on a release: they run, give what they say, and agree with the monitor."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipelines import cijfers
from pipelines.release import beschrijving
from pipelines.settings import PROJECT, GebruikersFout

from . import hulp
from .hulp import draai, huidige, vraag

VRAGEN = sorted((PROJECT / "notebooks" / "vragen").rglob("*.sql"))
SOORTEN = {"VARCHAR": "tekst", "BOOLEAN": "ja of nee", "DATE": "datum"}  # all others are numbers


@pytest.fixture(scope="module")
def release(basis) -> Path:
    return huidige(basis.home)


@pytest.mark.parametrize("pad", VRAGEN, ids=lambda p: p.stem)
def test_vraag_geeft_wat_erboven_staat(release, pad):
    database = "warehouse" if pad.parent.name == "warehouse" else "publicatie"
    kop = re.match(r"-- [^\n]+[?.]\n-- Geeft: ((?:[^\n]+\n)(?:--     [^\n]+\n)*)", pad.read_text("utf-8"))
    assert kop, "a question begins with the question, and what its columns are"
    beloofd = re.findall(r"(\w+) \(([^)]+)\)", kop[1].replace("\n--", ""))
    with duckdb.connect(str(release / f"{database}.duckdb"), read_only=True) as con:
        uitkomst = con.execute(pad.read_text("utf-8"))
        gekregen = [(k[0], SOORTEN.get(str(k[1]), "getal")) for k in uitkomst.description]
        rijen = uitkomst.fetchall()
    assert gekregen == beloofd
    assert rijen or pad.stem in ("doelstellingen", "wie_wijkt_af"), "no rows"  # the small demo has none of these


def test_voorbeelden_in_python(basis, tmp_path, monkeypatch):
    (tmp_path / "monitor").symlink_to(basis.home)
    monkeypatch.chdir(tmp_path)
    voorbeelden = re.findall(
        r"```python\n(.*?)```", (PROJECT / "notebooks" / "bi" / "python_en_r.md").read_text("utf-8"), re.S
    )
    ruimte: dict = {}
    for voorbeeld in voorbeelden:
        exec(voorbeeld, ruimte)
    assert ruimte["percentages"].height > 0
    assert ruimte["stand"].height > 0


# --- figures ---------------------------------------------------------------------------------------------------------

# one figure, three slices; the monitor has the same numbers, counted by dbt in another way
SNEDEN = {
    "verwijzer": ("verwijzer", "s.dimensie = 'verwijzer' and s.regio_niveau = 'provincie'", "s.categorie"),
    "gemeente": ("gemeentecode", "s.dimensie = 'totaal' and s.regio_niveau = 'gemeente'", "s.regio_code"),
    "jeugdregio": ("dim_regio.jeugdregio", "s.dimensie = 'totaal' and s.regio_niveau = 'jeugdregio'", "s.regio_code"),
}


def tel(release: Path, naam: str, per: list[str], waar: str | None = None) -> list[tuple]:
    kolommen = beschrijving.kolommen(release / "warehouse.duckdb")
    return vraag(release, cijfers.als_sql(beschrijving.uitgegeven(release), kolommen, naam, per, waar))


@pytest.mark.parametrize("snede", SNEDEN)
def test_instroom_drie_keer_gesneden(release, snede):
    per, cellen, categorie = SNEDEN[snede]
    rijen = tel(release, "instroom", [per], "soort = 'jeugdhulp'")
    geteld = {(periode, wat): aantal for periode, _, wat, aantal in rijen if wat not in (None, "onbekend") and aantal}
    monitor = vraag(
        release,
        f"""select s.verslagperiode, {categorie}, sum(s.instroom) from monitor.stand_stroom as s
            where s.soort = 'jeugdhulp' and s.eenheid = 'trajecten' and {cellen} and {categorie} <> 'onbekend'
            group by all having sum(s.instroom) > 0""",
    )
    assert geteld == {(periode, wat): aantal for periode, wat, aantal in monitor}
    assert len(geteld) > 3


def test_percentage_is_dat_van_de_monitor_en_op_te_tellen(release):
    per_gemeente = tel(release, "percentage_in_zorg", ["regio_code"], "regio_niveau = 'gemeente'")
    monitor = vraag(
        release,
        """select verslagperiode, maat, regio_niveau, regio_code, percentage from monitor.percentage_in_zorg
           where regio_niveau = 'gemeente' order by all""",
    )
    assert [r[:4] for r in per_gemeente] == [r[:4] for r in monitor]
    assert [r[4] for r in per_gemeente] == pytest.approx([r[4] for r in monitor], nan_ok=True)
    # a jeugdregio made of its gemeenten is the jeugdregio of the monitor
    waar = "regio_niveau = 'gemeente' and maat = 'jeugdhulp' and \"dim_regio.jeugdregio\" <> 'onbekend'"
    opgeteld = {(r[0], r[3]): r[4] for r in tel(release, "percentage_in_zorg", ["dim_regio.jeugdregio"], waar)}
    zelf = vraag(
        release,
        """select verslagperiode, regio_code, percentage from monitor.percentage_in_zorg
           where regio_niveau = 'jeugdregio' and maat = 'jeugdhulp' and regio_code <> 'onbekend'""",
    )
    assert opgeteld == pytest.approx({(p, r): w for p, r, w in zelf})


def test_elk_cijfer_is_te_tellen(release):
    for naam in cijfers.alle(beschrijving.uitgegeven(release)):
        assert tel(release, naam, [])


def test_voorwaarde_op_een_andere_tabel(release):
    """What is only in the condition is joined, and not grouped by."""
    (alle,) = tel(release, "besluiten", [])
    delen = tel(release, "besluiten", ["code_verwijzer.naam"])
    (een,) = tel(release, "besluiten", [], f"\"code_verwijzer.naam\" = '{delen[0][0]}'")
    assert een == (delen[0][1],)
    assert sum(aantal for _, aantal in delen) == alle[0]


def test_verkeerd_gesneden(release):
    for naam, per, melding in (
        ("omzet", [], "Kies uit: .*instroom"),
        ("instroom", ["schoenmaat"], "niet uit te splitsen naar schoenmaat.*dim_regio.jeugdregio"),
        ("instroom", ["code_verwijzer.schoenmaat"], "niet uit te splitsen"),
        ("instroom", ["dim_indicator.naam"], "niet uit te splitsen"),
        ("besluiten", ["fct_persoon_periode.geslacht"], "niet uit te splitsen"),  # several rows: it would count twice
    ):
        with pytest.raises(GebruikersFout, match=melding):
            tel(release, naam, per)


def test_op_de_opdrachtregel(basis, tmp_path):
    uitslag = draai("metric", "--home", basis.home, cwd=tmp_path)
    assert uitslag.code == hulp.KLAAR
    assert re.search(r"percentage_in_zorg.*inwoners", uitslag.tekst)
    args = ("metric", "instroom", "--by", "code_verwijzer.naam", "--where", "soort = 'jeugdhulp'", "--home", basis.home)
    uitslag = draai(*args, cwd=tmp_path)
    assert uitslag.code == hulp.KLAAR
    assert re.search(r"2024H2.*jeugdhulp.*huisarts.*\d", uitslag.uit)
