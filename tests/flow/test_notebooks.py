"""The notebooks for analysts run on a release, and what they count is what the monitor counts."""

from __future__ import annotations

import importlib.util

import pytest

from pipelines.settings import PROJECT

from .hulp import huidige, vraag

NOTEBOOKS = {p.stem: p for p in sorted((PROJECT / "notebooks").glob("*.py"))}


@pytest.fixture
def draai_notebook(basis, monkeypatch):
    """What a notebook's cells defined, run on the basic release."""
    monkeypatch.setenv("JEUGDMONITOR_HOME", str(basis.home))

    def draai(naam: str) -> dict:
        spec = importlib.util.spec_from_file_location(naam, NOTEBOOKS[naam])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.app.run()[1]

    return draai


def test_elk_notebook_heeft_een_toets():
    assert set(NOTEBOOKS) == {"rondleiding", "verversing_nalopen", "vraag_herindicaties"}


def test_rondleiding_komt_uit_op_de_monitor(draai_notebook):
    namen = draai_notebook("rondleiding")
    assert namen["controle"].height == 4
    assert namen["controle"]["verschil"].to_list() == [0, 0, 0, 0]
    assert namen["controle"]["geteld"].sum() > 100


def test_verversing_nalopen_noemt_wat_de_poorten_vonden(basis, draai_notebook):
    namen = draai_notebook("verversing_nalopen")
    ((verwacht,),) = vraag(
        huidige(basis.home),
        "select count(*) from kwaliteit.uitkomst where status in ('gefaald', 'fout')",
    )
    assert namen["te_bekijken"].height == verwacht
    assert namen["verborgen"].height > 3


def test_vraag_herindicaties_telt_als_de_monitor(basis, draai_notebook):
    namen = draai_notebook("vraag_herindicaties")
    ((gemeente, verwacht),) = vraag(
        huidige(basis.home),
        """select regio_naam, herindicaties from monitor.herindicaties
           where regio_niveau = 'gemeente' and regio_code <> 'onbekend' and dimensie = 'totaal'
               and verslagperiode = (select max(verslagperiode) from dwh.dim_periode where soort_periode = 'jaar')
           order by regio_naam limit 1""",
    )
    assert namen["keuze"].selected_key == gemeente
    assert namen["totaal"] == verwacht
