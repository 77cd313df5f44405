"""A reader of the publication, as a BI tool is one: its own process, until the stop file is there. Prints JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

# one value per table: together they tell which release was read, and whether it was one
VRAAG = """
select
    (select format('{} {}', count(*), sum(eindstand)) from monitor.stand_stroom),
    (select format('{} {}', count(*), sum(teller)) from monitor.percentage_in_zorg),
    (select format('{} {}', count(*), sum(aantal)) from monitor.duur)
"""


def merk(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What a connection sees of the release."""
    return list(con.execute(VRAAG).fetchone())


def main(database: str, stop: str, wijze: str) -> None:
    gelezen, gezien, fouten = 0, [], []
    vast = duckdb.connect(database, read_only=True) if wijze == "vast" else None
    while not Path(stop).exists():
        try:
            if vast is not None:
                nu = merk(vast)
            else:
                with duckdb.connect(database, read_only=True) as con:
                    nu = merk(con)
        except Exception as fout:
            fouten.append(f"{type(fout).__name__}: {fout}")
        else:
            gelezen += 1
            if not gezien or gezien[-1] != nu:
                gezien.append(nu)
        time.sleep(0.2)
    print(json.dumps({"wijze": wijze, "gelezen": gelezen, "gezien": gezien, "fouten": fouten}))


if __name__ == "__main__":
    main(*sys.argv[1:])
