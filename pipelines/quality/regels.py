"""The declarations of the poorten, read from expectations/, and the SQL that judges a measurement. Runs nothing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

VERWACHTINGEN = Path(__file__).parents[2] / "expectations"
HELE_REGEL = "(regel)"  # the object of a row that is about the rule as a whole

Poort = Literal["leveringen", "monitor"]
Effect = Literal["blokkeert", "signaal"]


class _Strikt(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Drempel(_Strikt):
    """A threshold: its value, who may change it and why it is what it is; ``per`` allows ``naam/<feed>`` beside it."""

    waarde: float
    eigenaar: str
    waarom: str
    per: Literal["feed"] | None = None


class Oordeelregel(_Strikt):
    """How a measurement is judged: ``houdt`` must be true of every object for which ``voor`` is."""

    effect: Effect
    drempel: str
    houdt: str
    voor: str = "true"
    vanaf: str | None = None


class Regel(_Strikt):
    """One rule of a poort: what is measured (SQL) and how it is judged."""

    id: str
    titel: str
    op: str
    eenheid: Literal["aandeel", "aantal", "jaren"]
    oordelen: tuple[Oordeelregel, ...]
    advies: str
    meting: str | None = None
    vereist: Literal["vorige", "publicatie"] | None = None
    haak: Literal["nummers", "onthulling"] | None = None
    verboden_kolommen: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The measuring SQL: ``meting`` of the declaration, else expectations/sql/<id>.sql."""
        return self.meting or (VERWACHTINGEN / "sql" / f"{self.id}.sql").read_text(encoding="utf-8")


@cache
def regels(poort: Poort) -> tuple[Regel, ...]:
    """The rules of a poort, in the order of the declaration; raises ValueError when a declaration is not right."""
    pad = VERWACHTINGEN / f"{poort}.yml"
    try:
        gelezen = tuple(Regel(**regel) for regel in yaml.safe_load(pad.read_text(encoding="utf-8")))
    except (TypeError, ValidationError) as fout:
        raise ValueError(f"{pad.name} is geen goede lijst van regels: {fout}") from fout
    dubbel = {regel.id for regel in gelezen if sum(r.id == regel.id for r in gelezen) > 1}
    if not gelezen or dubbel:
        raise ValueError(f"{pad.name} heeft geen regels, of een regel twee keer: {', '.join(sorted(dubbel))}.")
    return gelezen


def regelnummers() -> frozenset[str]:
    """The ids of all rules of both poorten."""
    return frozenset(regel.id for poort in ("leveringen", "monitor") for regel in regels(poort))


@cache
def declaraties() -> dict[str, Drempel]:
    """The declared thresholds by name."""
    inhoud = yaml.safe_load((VERWACHTINGEN / "thresholds.yml").read_text(encoding="utf-8"))
    return {naam: Drempel(**drempel) for naam, drempel in inhoud.items()}


def drempels(extra: Path | None = None) -> dict[str, float]:
    """The thresholds of thresholds.yml, with those of an optional YAML file (``naam: waarde``) over them.

    ``naam/<feed>`` sets an exception for one feed where the declaration says ``per: feed``. Raises ValueError, in
    Dutch, on a name that does not exist or a value that is no number, and FileNotFoundError when there is no file.
    """
    uit = {naam: drempel.waarde for naam, drempel in declaraties().items()}
    if extra is None:
        return uit
    inhoud = yaml.safe_load(extra.read_text(encoding="utf-8")) or {}
    if not isinstance(inhoud, dict):
        raise ValueError(f"{extra} is geen lijst van drempels; verwacht wordt per regel 'naam: waarde'.")
    return uit | {naam: _eigen_drempel(naam, waarde, extra) for naam, waarde in inhoud.items()}


def _eigen_drempel(naam: object, waarde: object, bestand: Path) -> float:
    """One threshold of a settings file, checked; also takes the long form with ``waarde``."""
    basis, _, feed = str(naam).partition("/")
    bekend = declaraties().get(basis)
    if bekend is None or (feed and (bekend.per is None or not re.fullmatch(r"[a-z_]+", feed))):
        raise ValueError(
            f"{bestand}: de drempel '{naam}' bestaat niet. Bekende drempels: {', '.join(sorted(declaraties()))}."
        )
    if isinstance(waarde, dict):
        waarde = waarde.get("waarde")
    if isinstance(waarde, bool) or not isinstance(waarde, int | float):
        raise ValueError(f"{bestand}: de waarde van drempel '{naam}' is geen getal.")
    return float(waarde)


def drempel_voor(waarden: dict[str, float], naam: str, feed: str) -> float:
    """The threshold that holds for one feed: its own exception if there is one, else the general one."""
    return waarden.get(f"{naam}/{feed}", waarden[naam])


def oordeel_sql(regel: Regel, oordeel: Oordeelregel, waarden: dict[str, float], bron: str, mee: str = "") -> str:
    """The query that judges: every measured row of the rule that the oordeel is about, with effect, status and reden.

    ``bron`` is a table with the columns of kwaliteit.meting; ``mee`` names more of its columns to keep (``"a, b, "``).
    Great Expectations, the stored outcomes and re-judging all run this one query. A row with ``fout`` always breaks,
    one with ``nvt`` never does, and a rule without any measured row is itself a fout.
    """
    constanten = ", ".join(f"{waarden[naam]!r}::double as {naam}" for naam in _namen(oordeel, waarden))
    te_klein = f"coalesce(geteld, 0) < {oordeel.vanaf}" if oordeel.vanaf else "false"
    minimum = waarden.get(oordeel.vanaf or "", 0)
    return f"""
with drempels as (select {constanten}),
gemeten as (
    select m.*, d.*, {_drempel(oordeel.drempel, waarden)} as drempel
    from {bron} as m cross join drempels as d where m.regel = '{regel.id}'
)
select
    {mee}regel, '{regel.op}' as op, object, waarde, drempel, '{oordeel.effect}' as effect, geteld, geschonden,
    case when fout is not null then 'fout'
        when nvt is not null or {te_klein} then 'niet_van_toepassing'
        when coalesce({oordeel.houdt}, false) then 'geslaagd'
        else 'gefaald' end as status,
    case when fout is not null then fout when nvt is not null then nvt
        when {te_klein} then 'te klein om te beoordelen (minder dan {minimum:g})' end as reden,
    toelichting
from gemeten where fout is not null or object = '{HELE_REGEL}' or ({oordeel.voor})
union all
select
    {"null, " * mee.count(",")}'{regel.id}', '{regel.op}', '{HELE_REGEL}', null, null, '{oordeel.effect}', 0, 0,
    'fout', 'er is niets gemeten', null
where not exists (select 1 from gemeten)"""


def samen(delen: list[str]) -> str:
    """Several judging queries as one."""
    return " union all ".join(f"({deel})" for deel in delen)


def _namen(oordeel: Oordeelregel, waarden: dict[str, float]) -> list[str]:
    """The thresholds an oordeel names anywhere."""
    tekst = f"{oordeel.drempel} {oordeel.vanaf or ''} {oordeel.houdt} {oordeel.voor}"
    return [naam for naam in waarden if re.search(rf"\b{re.escape(naam)}\b", tekst) and "/" not in naam]


def _drempel(naam: str, waarden: dict[str, float]) -> str:
    """The threshold as an expression over the object, which begins with its feed where thresholds differ per feed."""
    uitzonderingen = {n.partition("/")[2]: w for n, w in waarden.items() if n.startswith(f"{naam}/")}
    if not uitzonderingen:
        return naam
    takken = " ".join(f"when '{feed}' then {waarde!r}::double" for feed, waarde in uitzonderingen.items())
    return f"case split_part(split_part(object, '__', 1), '/', 1) {takken} else {naam} end"
