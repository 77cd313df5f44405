"""Disclosure control of published tables (spec 05 §2). What is a count or a percentage is declared with the model."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from pipelines.settings import Onthulling


class Verhouding(BaseModel):
    """Values that are a percentage or mean of a noemer; a percentage has a teller too. ``mee``: hidden with them."""

    model_config = ConfigDict(extra="forbid")
    waarden: list[str]
    noemer: str
    teller: str | None = None
    mee: list[str] = []


class Declaratie(BaseModel):
    """``meta.onthulling`` of a published model: which columns are counts, and which derive from counts.

    ``openbaar`` is a condition under which the noemer is public as it is (population) instead of a count of jeugdigen;
    ``weg`` are columns that stay in the warehouse, because they give a hidden count away.
    """

    model_config = ConfigDict(extra="forbid")
    aantallen: list[str]
    verhoudingen: list[Verhouding] = []
    openbaar: dict[str, str] = {}
    weg: list[str] = []


def publicatie_sql(bron: str, kolommen: list[str], declaratie: Declaratie, regels: Onthulling) -> str:
    """The SELECT that gives table ``bron`` as it may be seen: rounded, small numbers hidden, celstatus told."""
    klein = {k: _klein(k, declaratie, regels) for k in declaratie.aantallen}
    expressies = {k: f"case when {klein[k]} then null else {_afgerond(k, declaratie, regels)} end" for k in klein}
    verborgen = list(klein.values())
    for v in declaratie.verhoudingen:
        te_weinig = _te_weinig(v, regels)
        verborgen += [f"({te_weinig} and {w} is not null)" for w in v.waarden]
        expressies |= {w: f"case when {te_weinig} then null else round({w}, 1) end" for w in v.waarden}
        expressies |= {m: f"case when {te_weinig} then null else {m} end" for m in v.mee}
    iets = " or ".join(f"coalesce({v}, false)" for v in verborgen)
    expressies["celstatus"] = f"case when {iets} then 'onderdrukt' else celstatus end"
    blijft = [k for k in kolommen if k not in declaratie.weg]
    select = ",\n  ".join(f"{expressies[k]} as {k}" if k in expressies else k for k in blijft)
    return f"select {select} from {bron}"


def _klein(kolom: str, declaratie: Declaratie, regels: Onthulling) -> str:
    telt = f"{kolom} between 1 and {regels.kleinste_aantal - 1}"
    return f"({telt} and not ({declaratie.openbaar[kolom]}))" if kolom in declaratie.openbaar else f"({telt})"


def _afgerond(kolom: str, declaratie: Declaratie, regels: Onthulling) -> str:
    rond = f"cast(round({kolom} / {regels.afronding}.0) * {regels.afronding} as bigint)"
    if kolom in declaratie.openbaar:
        return f"case when {declaratie.openbaar[kolom]} then {kolom} else {rond} end"
    return rond


def _te_weinig(v: Verhouding, regels: Onthulling) -> str:
    klein = regels.kleinste_aantal - 1
    delen = [f"{v.noemer} < {regels.kleinste_noemer}"]
    if v.teller:
        delen += [f"{v.teller} between 1 and {klein}", f"{v.noemer} - {v.teller} between 1 and {klein}"]
    return f"coalesce({' or '.join(delen)}, false)"
