"""Figures that are defined once and sliced freely: a declared aggregate and the declared joins become one query.

Definitions are ``meta.cijfers`` and ``meta.koppelingen`` of the dbt models; a release carries them in its manifest.
"""

from __future__ import annotations

from pipelines.release.beschrijving import Cijfer, Koppeling, Structuur
from pipelines.settings import GebruikersFout


def alle(structuur: dict[str, Structuur]) -> dict[str, tuple[str, Cijfer]]:
    """Every figure by name, with the table that it is counted in."""
    return {naam: (tabel, c) for tabel, s in structuur.items() for naam, c in s.cijfers.items()}


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
    koppelingen = {k.naar: k for k in structuur[tabel].koppelingen}
    groep = list(dict.fromkeys([*cijfer.per, *per]))
    erbij: list[str] = []
    for kolom in groep:
        ander, _, deel = kolom.rpartition(".")
        if deel not in waar_staat.get(ander or tabel, ("", []))[1] or (ander and ander not in koppelingen):
            mag = [*waar_staat[tabel][1], *(f"{n}.{k}" for n in koppelingen for k in waar_staat[n][1])]
            raise GebruikersFout(f"{naam} is niet uit te splitsen naar {kolom}. Kies uit: {', '.join(mag)}.")
        if ander:
            erbij.append(ander)
    joins = [_join(tabel, koppelingen[n], waar_staat) for n in _met_periode(erbij, koppelingen)]
    keuze = ", ".join([f"{tabel}.*", *(f'{k} as "{k}"' for k in groep if "." in k)])
    namen = ", ".join(f'"{k}"' for k in groep)
    return "\n".join(
        [
            f"with rijen as (select {keuze} from {waar_staat[tabel][0]}",
            *joins,
            ")",
            f"select {namen}{', ' if namen else ''}{cijfer.sql} as {naam}",
            "from rijen",
            *([f"where {waar}"] if waar else []),
            "group by all order by all",
        ]
    )


def _met_periode(erbij: list[str], koppelingen: dict[str, Koppeling]) -> list[str]:
    """The tables to join, dim_periode before those that are joined by way of it."""
    via = [n for n in erbij if "dim_periode." in (koppelingen[n].waar or "")]
    return list(dict.fromkeys([*(["dim_periode"] if via else []), *sorted(erbij, key=lambda n: n != "dim_periode")]))


def _join(tabel: str, koppeling: Koppeling, waar_staat: dict[str, tuple[str, list[str]]]) -> str:
    op = [f"{tabel}.{hier} = {koppeling.naar}.{daar}" for hier, daar in koppeling.op.items()]
    # left: what has no code or region counts all the same
    return f"left join {waar_staat[koppeling.naar][0]} on {' and '.join(op + ([koppeling.waar] if koppeling.waar else []))}"
