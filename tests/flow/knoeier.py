"""Runs the console script, but changes the built warehouse and the publication just before poort 2 looks at them.

M1, M2, M6 and M8 are about our own models and disclosure control: no levering can break them. So here a cell of the
monitor is changed and another one taken away, as a wrong model would do, and a small number is printed.
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
KLEIN = """
select verslagperiode, regio_code, dimensie, categorie, in_periode from monitor.stand_stroom
where soort = 'jeugdhulp' and eenheid = 'trajecten' and regio_niveau = 'wijk' and in_periode between 1 and 9
order by all limit 1
"""
VERKLAP = """
update monitor.stand_stroom set in_periode = $5
where soort = 'jeugdhulp' and eenheid = 'trajecten'
    and verslagperiode = $1 and regio_code = $2 and dimensie = $3 and categorie = $4
"""
# what must be found of it: regel, effect, object, status
GEVONDEN = {
    ("M1", "blokkeert", "trajecten: beginstand + instroom - uitstroom = eindstand", "gefaald"),
    ("M2", "blokkeert", "gemeente = provincie", "gefaald"),
    ("M6", "blokkeert", "percentage_in_zorg: ontbrekend", "gefaald"),
    ("M8", "blokkeert", "stand_stroom: klein aantal leesbaar", "gefaald"),
}

if __name__ == "__main__":
    meet = poorten.meet

    def meet_na_knoeien(con: duckdb.DuckDBPyConnection, poort: str, **rest: Any) -> None:
        if poort == "monitor":
            con.execute(KNOEIEN)
            klein = con.execute(KLEIN).fetchone()
            with duckdb.connect(str(rest["publicatie"])) as publicatie:
                publicatie.execute(VERKLAP, klein)
        meet(con, poort, **rest)

    poorten.meet = meet_na_knoeien
    cli.main()
