"""The floor under the landing: DuckDB reads the very same csv files, however many, to typed Parquet. No rules, no checks."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

import duckdb

from pipelines.landing.contracts import Contract, contracten
from pipelines.sqltekst import tekst

_DATUM = "try_strptime({0}, '%Y%m%d')::date"
_GETAL = "try_cast(replace({0}, ',', '.') as decimal(18, 4))"
# what is not named here stays text: codes, postcodes, BSN
_TYPEN = {
    "datum": _DATUM,
    "geboortedatum": _DATUM,
    "geheel": "try_cast({0} as integer)",
    "bedrag": _GETAL,
    "getal": _GETAL,
}


def zet_om(bron: Path, doel: Path) -> dict[str, dict[str, int]]:
    """Write ``doel``/<feed>.parquet for every feed of which csv files lie below ``bron``; gives files and rows per feed."""
    groepen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pad in sorted(bron.rglob("*.csv")):
        with pad.open(encoding="utf-8") as bestand:
            groepen[pad.name.split("__")[0]][bestand.readline().rstrip("\n")].append(str(pad))
    doel.mkdir(parents=True, exist_ok=True)
    geteld = {}
    with duckdb.connect(config={"preserve_insertion_order": False}) as con:
        for feed, per_kop in sorted(groepen.items()):
            lezen = " union all ".join(_lees(contracten()[feed], kop, paden) for kop, paden in per_kop.items())
            uit = con.execute(f"copy ({lezen}) to {tekst(doel / f'{feed}.parquet')} (format parquet, compression zstd)")
            geteld[feed] = {"bestanden": sum(map(len, per_kop.values())), "rijen": uit.fetchone()[0]}
    return geteld


def _lees(contract: Contract, kop: str, paden: list[str]) -> str:
    """A query of the files with one header, to the columns of the contract with their types."""
    scheiding = ";" if kop.count(";") >= kop.count(",") else ","
    namen = kop.split(scheiding)
    velden = [
        f'{_TYPEN.get(k.type, "{0}").format(chr(34) + k.naam + chr(34)) if k.naam in namen else "null"} as "{k.naam}"'
        for k in contract.kolommen.values()
    ]
    lijst = ", ".join(map(tekst, paden))
    kolommen = ", ".join(f"'{naam}': 'varchar'" for naam in namen)
    return f"""select {", ".join(velden)} from read_csv([{lijst}], delim = '{scheiding}', header = true,
        auto_detect = false, quote = '"', escape = '"', columns = {{{kolommen}}})"""


def main() -> None:
    """``python -m bench.vloer SOURCES OUT``: prints files and rows per feed as JSON."""
    bron, doel = map(Path, sys.argv[1:])
    print(json.dumps(zet_om(bron, doel)))


if __name__ == "__main__":
    main()
