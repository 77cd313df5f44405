"""A refresh after a correction makes anew what the correction touches, and gives what making all anew gives."""

from __future__ import annotations

from pathlib import Path

import duckdb

from . import hulp
from .hulp import cijfers


def test_alleen_de_geraakte_provincie_wordt_opnieuw_gemaakt(correctie):
    for stap in (correctie.eerst, correctie.deels, correctie.geheel):
        assert stap.uitslag.code == hulp.KLAAR, stap.uitslag.tekst
        assert stap.resten == []
    assert "van 1 jeugdige zijn rijen veranderd" in correctie.deels.uitslag.tekst
    assert f"de rest komt van {correctie.eerst.release.name}" in correctie.deels.uitslag.tekst
    assert "de rest komt van" not in correctie.geheel.uitslag.tekst


def test_de_cijfers_zijn_die_van_alles_opnieuw(correctie):
    eerst, deels, geheel = (cijfers(s.release) for s in (correctie.eerst, correctie.deels, correctie.geheel))
    assert deels == geheel
    assert {t for t in eerst if eerst[t] != deels[t]} >= {
        "warehouse.duckdb/dwh.fct_indicatie",
        "warehouse.duckdb/monitor.herindicaties",
    }
    bestanden = list((correctie.geheel.release / "publicatie").rglob("*.csv.gz"))
    assert len(bestanden) > 20
    for pad in bestanden:
        anders = correctie.deels.release / pad.relative_to(correctie.geheel.release)
        assert hulp.sha256(pad) == hulp.sha256(anders), pad.name


def test_een_correctie_laat_geen_oude_rijen_achter_in_de_publicatie(correctie):
    """Rows that are removed from a table stay in the blocks of its file; so none are removed, and no more blocks are free."""

    def vrij(release: Path) -> int:
        with duckdb.connect(str(release / "publicatie.duckdb"), read_only=True) as con:
            return con.execute("select free_blocks from pragma_database_size()").fetchone()[0]

    assert vrij(correctie.deels.release) <= vrij(correctie.geheel.release)
