"""The Dutch data dictionary of a release: one page, made from what the databases say of themselves."""

from __future__ import annotations

from pathlib import Path

import duckdb
import jinja2

from pipelines.getallen import getal
from pipelines.release.beschrijving import Koppeling, Structuur, Tabel, tabellen
from pipelines.sjablonen import sjablonen

TYPEN = {
    "VARCHAR": "tekst",
    "BIGINT": "geheel getal",
    "INTEGER": "geheel getal",
    "DOUBLE": "getal",
    "BOOLEAN": "ja of nee",
    "DATE": "datum",
}


def pagina(release: Path, monitor: list[Tabel], naam: str, structuur: dict[str, Structuur]) -> str:
    """The page as text; ``monitor`` are the published tables, those of dwh are told for analysts."""
    codelijsten = [t for t in monitor if t.naam.startswith("code_")]
    register = [t for t in monitor if t.naam.startswith("dim_indicator")]
    with duckdb.connect(str(release / "publicatie.duckdb"), read_only=True) as con:
        # tables are in order of their text; a register reads by number, 10 after 9
        inhoud = {
            t.naam: con.execute(
                f"from monitor.{t.naam} order by try_cast(#1 as integer) nulls last, {', '.join(k.naam for k in t.kolommen)}"
            ).fetchall()
            for t in codelijsten + register
        }
    dwh = tabellen(release / "warehouse.duckdb", "dwh", structuur)
    gepubliceerd = {t.naam for t in monitor}
    return _sjabloon().render(
        naam=naam,
        tabellen=[t for t in monitor if t not in codelijsten + register],
        codelijsten=codelijsten,
        register=register,
        inhoud=inhoud,
        dwh=[t for t in dwh if t.naam not in gepubliceerd],
    )


def _als_sql(koppeling: Koppeling, tabel: str) -> str:
    """The join as an analyst writes it."""
    soort = "join" if koppeling.volledig else "left join"
    op = [f"{tabel}.{hier} = {koppeling.naar}.{daar}" for hier, daar in koppeling.op.items()]
    return f"{soort} {koppeling.naar} on {' and '.join([*op, *([koppeling.waar] if koppeling.waar else [])])}"


def _waarde(waarde: object) -> str:
    return "" if waarde is None else {True: "ja", False: "nee"}[waarde] if isinstance(waarde, bool) else str(waarde)


def _sjabloon() -> jinja2.Template:
    omgeving = sjablonen(
        Path(__file__).parent,
        als_sql=_als_sql,
        waarde=_waarde,
        soort=TYPEN.__getitem__,
        getal=getal,
    )
    return omgeving.get_template("woordenboek.html.j2")
