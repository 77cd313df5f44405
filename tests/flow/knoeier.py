"""Runs the console script, but changes the built warehouse just before poort 2 looks at it.

M1, M2 and M6 are about our own models: no levering can break them. So here a cell of the monitor is changed and another
one taken away, as a wrong model would do.
"""

from __future__ import annotations

from typing import Any

import duckdb

from pipelines import cli
from pipelines.quality import poorten

KNOEIEN = """
update monitor.stand_stroom set eindstand = eindstand + 1
where verslagperiode = '2024H2' and soort = 'jeugdhulp' and eenheid = 'trajecten' and regio_code = 'PV22'
    and dimensie = 'totaal';
delete from monitor.percentage_in_zorg where verslagperiode = '2024H2' and regio_code = 'PV22' and maat = 'jeugdbescherming';
"""
# what must be found of it: regel, effect, object, status
GEVONDEN = {
    ("M1", "blokkeert", "trajecten: beginstand + instroom - uitstroom = eindstand", "gefaald"),
    ("M2", "blokkeert", "gemeente = provincie", "gefaald"),
    ("M6", "blokkeert", "percentage_in_zorg: ontbrekend", "gefaald"),
}

if __name__ == "__main__":
    meet = poorten.meet

    def meet_na_knoeien(con: duckdb.DuckDBPyConnection, poort: str, **rest: Any) -> None:
        if poort == "monitor":
            con.execute(KNOEIEN)
        meet(con, poort, **rest)

    poorten.meet = meet_na_knoeien
    cli.main()
