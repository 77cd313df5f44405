"""Figures that are defined once and sliced freely: a declared aggregate and the declared joins become one query.

Definitions are ``meta.cijfers`` and ``meta.koppelingen`` of the dbt models; a release carries them in its manifest.
"""

from __future__ import annotations

import re

from pipelines.release.beschrijving import Cijfer, Koppeling, Structuur
from pipelines.settings import GebruikersFout


def alle(structuur: dict[str, Structuur]) -> dict[str, tuple[str, Cijfer]]:
    """Every figure by name, with the table that it is counted in; raises GebruikersFout when an old release has none."""
    bekend = {naam: (tabel, c) for tabel, s in structuur.items() for naam, c in s.cijfers.items()}
    if not bekend:
        raise GebruikersFout(
            "Deze release is gemaakt voordat er vaste cijfers waren. Maak een nieuwe: jeugdmonitor refresh"
        )
    return bekend


def als_sql(
    structuur: dict[str, Structuur],
    kolommen: dict[str, dict[str, list[str]]],
    naam: str,
    per: list[str],
    waar: str | None,
) -> str:
    """The query that gives figure ``naam`` per combination of ``per``: columns of its table, or ``table.column``.

    ``kolommen`` are the columns per schema and table. The columns that the figure may not be added up over are always
    there. ``waar`` is SQL on the same names, those of other tables between double quotes. Raises GebruikersFout.
    """
    bekend = alle(structuur)
    if naam not in bekend:
        raise GebruikersFout(f"Cijfer {naam} is er niet. Kies uit: {', '.join(sorted(bekend))}.")
    tabel, cijfer = bekend[naam]
    waar_staat = {t: (f"{schema}.{t}", k) for schema, tabellen in kolommen.items() for t, k in tabellen.items()}
    koppelingen = _eenduidig(structuur, tabel)
    groep = list(dict.fromkeys([*cijfer.per, *per]))
    nodig = list(dict.fromkeys([*groep, *re.findall(r'"(\w+\.\w+)"', waar or "")]))
    mag = [*waar_staat[tabel][1], *(f"{n}.{k}" for n in koppelingen for k in waar_staat[n][1])]
    for kolom in nodig:
        if kolom not in mag:
            raise GebruikersFout(f"{naam} is niet uit te splitsen naar {kolom}. Kies uit: {', '.join(mag)}.")
    van_elders = [k for k in nodig if "." in k]
    erbij = {k.partition(".")[0] for k in van_elders}
    if any(koppelingen[n].via_periode for n in erbij):
        erbij.add("dim_periode")
    keuze = [f"{tabel}.*", *(f'{k} as "{k}"' for k in van_elders)]
    namen = ", ".join(f'"{k}"' for k in groep)
    return "\n".join(
        [
            f"with rijen as (select {', '.join(keuze)}",
            f"from {waar_staat[tabel][0]}",
            # dim_periode first: others are joined by way of it
            *(
                _join(tabel, koppelingen[n], waar_staat[n][0])
                for n in sorted(erbij, key=lambda n: (n != "dim_periode", n))
            ),
            ")",
            f"select {namen}{', ' if namen else ''}{cijfer.sql} as {naam}",
            "from rijen",
            *([f"where {waar}"] if waar else []),
            "group by all order by all",
        ]
    )


def _eenduidig(structuur: dict[str, Structuur], tabel: str) -> dict[str, Koppeling]:
    """The joins of a table that find one row at most, so that nothing is counted twice."""
    uit = {}
    for k in structuur[tabel].koppelingen:
        vast = {*k.op.values(), *re.findall(rf"\b{k.naar}\.(\w+) =", k.waar or "")}
        sleutel = structuur[k.naar].sleutel
        if sleutel and vast >= set(sleutel):
            uit[k.naar] = k
    return {n: k for n, k in uit.items() if not k.via_periode or "dim_periode" in uit}


def _join(tabel: str, koppeling: Koppeling, ander: str) -> str:
    op = [f"{tabel}.{hier} = {koppeling.naar}.{daar}" for hier, daar in koppeling.op.items()]
    # left: what has no code or region counts all the same
    return f"left join {ander} on {' and '.join(op + ([koppeling.waar] if koppeling.waar else []))}"
