"""Sentences about published figures. Nothing here calls a difference a difference when it can be chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipelines import statistiek
from pipelines.getallen import getal
from pipelines.periods import Halfjaar


@dataclass(frozen=True)
class Schatting:
    """A published percentage with its 95 % interval."""

    waarde: float
    onder: float
    boven: float


@dataclass(frozen=True)
class Verwijzers:
    """New trajecten by verwijzer, as published: None is hidden."""

    totaal: int | None
    per_verwijzer: dict[str, int | None]


def procent(waarde: float) -> str:
    """A percentage with one decimal; the space does not break."""
    return f"{getal(waarde, 1)}\u00a0%"


def periode_in_woorden(periode: str) -> str:
    """``2024H2`` as people say it."""
    p = Halfjaar.van(periode)
    return f"het {'eerste' if p.helft == 1 else 'tweede'} halfjaar van {p.jaar}"


def opsomming(delen: list[str]) -> str:
    """``a, b en c``."""
    return " en ".join([", ".join(delen[:-1]), delen[-1]] if len(delen) > 1 else delen)


def wilson(percentage: float, noemer: int) -> Schatting:
    """The 95 % Wilson interval of a published percentage that has none in its table (spec 02 §4)."""
    return Schatting(percentage, *map(float, statistiek.wilson(percentage / 100, noemer)))


def verandering(waarde: float, toen: int, nu: int) -> Schatting:
    """A change in percent of a count that varies as chance does, with its 95 % interval (on the log scale)."""
    ruimte = math.exp(statistiek.Z95 * math.sqrt(1 / toen + 1 / nu))
    verhouding = 1 + waarde / 100
    return Schatting(waarde, 100 * (verhouding / ruimte - 1), 100 * (verhouding * ruimte - 1))


def richting(nu: Schatting, ander: Schatting) -> int:
    """1 when ``nu`` is higher than ``ander`` beyond chance, -1 when lower, else 0.

    Newcombe's interval for a difference (Statistics in Medicine 17, 1998, method 10) needs just the two Wilson intervals
    that are published. It takes the groups as independent. Many jongeren are in both periods, and a gemeente is part of
    its provincie, so in truth the difference varies less: this errs to the side of silence.
    """
    verschil = nu.waarde - ander.waarde
    onder = verschil - math.hypot(nu.waarde - nu.onder, ander.boven - ander.waarde)
    boven = verschil + math.hypot(nu.boven - nu.waarde, ander.waarde - ander.onder)
    return 1 if onder > 0 else -1 if boven < 0 else 0


def gebruik(
    periode: str,
    nu: Schatting | None,
    jongeren: int | None,
    eerder: Schatting | None,
    provincie: tuple[str, Schatting | None],
) -> list[str]:
    """How many jongeren get jeugdhulp, and whether that differs from a year earlier and from the provincie."""
    wanneer = periode_in_woorden(periode)
    if nu is None:
        return [
            f"Welk deel van de jongeren tot 18 jaar in {wanneer} jeugdhulp kreeg, "
            "is verborgen om kleine aantallen te beschermen."
        ]
    aantal = f": ongeveer {getal(jongeren)} jongeren" if jongeren is not None else ""
    uit = [f"In {wanneer} kreeg {procent(nu.waarde)} van de jongeren tot 18 jaar jeugdhulp{aantal}."]
    if eerder and (kant := richting(nu, eerder)):
        uit.append(
            f"Dat is een {'stijging' if kant > 0 else 'daling'}: een jaar eerder was het {procent(eerder.waarde)}, "
            "en dat verschil is groter dan door toeval te verwachten is."
        )
    naam, daar = provincie
    if daar and (kant := richting(nu, daar)):
        hoger = "meer" if kant > 0 else "minder"
        uit.append(
            f"Het is {hoger} dan in heel {naam} ({procent(daar.waarde)}); zo groot is het verschil niet door toeval."
        )
    return uit


def instroom(totaal: int | None, herhaald: int | None) -> list[str]:
    """How many jongeren began, and how many of them had had jeugdhulp before."""
    if not totaal:
        return []
    begin = f"Er begonnen ongeveer {getal(totaal)} jongeren met jeugdhulp"
    if herhaald is None:
        return [f"{begin}."]
    return [f"{begin}; ongeveer {getal(herhaald)} van hen kregen in de vijf jaar ervoor al eens jeugdhulp."]


def verwijzer(v: Verwijzers) -> list[str]:
    """Who sends most new trajecten: only when no hidden or rounded count could be as large."""
    getoond = sorted(((n, naam) for naam, n in v.per_verwijzer.items() if n is not None), reverse=True)
    if not v.totaal or not getoond:
        return []
    (meeste, naam), rest = getoond[0], [n for n, _ in getoond[1:]]
    verborgen = v.totaal - sum(n for n, _ in getoond) if None in v.per_verwijzer.values() else 0
    # counts are rounded to 5, so two that differ by 5 can be the same
    if meeste - max([verborgen, *rest, 0]) <= 5:
        return []
    return [f"De meeste nieuwe trajecten kwamen via: {naam} ({getal(meeste)} van de {getal(v.totaal)})."]


def herindicaties(nu: Schatting | None, eerder: Schatting | None) -> list[str]:
    """Which part of the besluiten after a huisarts was a herindicatie, and whether that changed."""
    if nu is None:
        return []
    uit = f"Van de besluiten na een verwijzing door de huisarts was {procent(nu.waarde)} een herindicatie"
    if eerder and (kant := richting(nu, eerder)):
        uit += f", {'meer' if kant > 0 else 'minder'} dan een jaar eerder ({procent(eerder.waarde)})"
    return [uit + "."]


def doel(naam: str, doelwaarde: float, doeljaar: int, nu: Schatting | None) -> str:
    """How a target in percent stands: reached or not only when the interval leaves no doubt."""
    begin = f"Doel van de gemeente, „{naam}”: {procent(doelwaarde)} in {doeljaar}."
    if nu is None:
        return f"{begin} De stand is verborgen."
    stand = f"{begin} De stand is {procent(nu.waarde)}"
    if nu.onder > doelwaarde:
        return f"{stand}: het doel is nog niet gehaald."
    if nu.boven < doelwaarde:
        return f"{stand}: het doel is gehaald."
    return f"{stand}; het verschil met het doel kan toeval zijn."


def opvallend(omschrijving: str, waarde: str, provincie: str, provincie_waarde: str, kant: int, is_goed: str) -> str:
    """An indicator outside the outer limits of the funnel; ``is_goed`` is ``hoger``, ``lager`` or ``geen``."""
    hoger = "hoger" if kant > 0 else "lager"
    oordeel = "" if is_goed == "geen" else " Dat is gunstig." if hoger == is_goed else " Dat is ongunstig."
    return f"Duidelijk {hoger} dan in heel {provincie}: {omschrijving} ({waarde} tegen {provincie_waarde}).{oordeel}"
