"""Dutch wording of the feedback: what each code means and how to mend it, numbers and periods. Computes nothing."""

from __future__ import annotations

from pipelines.getallen import getal
from pipelines.periods import Halfjaar

# code: (what it means, how to mend it). A code that is not here is explained by the message of its own contract.
UITLEG = {
    "A01": (
        "Het bestand is niet te gebruiken: de naam klopt niet, het is niet te lezen of een verplichte kolom ontbreekt.",
        "De reden staat bij het bestand. Herstel die en lever opnieuw.",
    ),
    "L1": (
        "Te veel rijen zijn afgekeurd; daarom is het hele bestand geweigerd.",
        "Verbeter de afgekeurde rijen en lever het hele bestand opnieuw.",
    ),
    "A02": (
        "Een verplichte waarde is leeg.",
        "Vul de waarde in van de kolom die bij de rij is genoemd.",
    ),
    "A03": (
        "Een waarde heeft niet de juiste vorm, staat niet in de codelijst, of de rij heeft te veel of te weinig velden.",
        "Gebruik de vorm of de code uit de melding. Let op datums (JJJJMMDD) en op nullen vooraan die Excel weglaat "
        "(01 wordt dan 1).",
    ),
    "A04": (
        "Het BSN voldoet niet aan de elfproef: er zit een fout in het nummer.",
        "Controleer het BSN. Is het echt niet bekend, gebruik dan de speciale code voor onbekend.",
    ),
    "A05": (
        "De einddatum ligt voor de begindatum.",
        "Verbeter een van beide datums.",
    ),
    "A06": (
        "Een datum ligt na de verslagperiode.",
        "Begint de hulp of maatregel pas na de periode: laat de rij weg en lever haar later. Eindigt zij pas na de "
        "periode: laat de einddatum leeg.",
    ),
    "A07": (
        "De hulp of maatregel was al voorbij voordat de verslagperiode begon.",
        "Controleer de einddatum. Klopt die, laat de rij dan weg uit deze levering.",
    ),
    "A08": (
        "Einddatum en reden van beëindiging passen niet bij elkaar, of de reden hoort niet bij het type maatregel.",
        "Vul bij een reden ook de einddatum in en andersom; kies een reden uit de lijst die erbij hoort.",
    ),
    "A09": (
        "Hetzelfde gegeven staat er meer dan een keer, met verschillende inhoud. Geen van die rijen telt.",
        "Laat alleen de juiste rij staan.",
    ),
    "A10": (
        "De leeftijd kan niet kloppen: 23 jaar of ouder bij aanvang, of geboren na de verslagperiode.",
        "Controleer de geboortedatum en de aanvangsdatum.",
    ),
    "A11": (
        "De verwijzer kan niet bij deze aanvangsdatum of periode horen.",
        "Vul de echte verwijzer in: 07 (onbekend) mag alleen bij hulp van voor 2015, 08 bestaat vanaf 2016H1.",
    ),
    "A12": (
        "De meting hoort bij geen jeugdhulprecord dat is geleverd, of heeft geen bekend BSN.",
        "BSN, hulpvorm en aanvangsdatum moeten gelijk zijn aan die in de levering jeugdhulp. Staat het record daar niet, "
        "lever het alsnog. Deze afkeur telt niet mee voor de grens waarboven een levering wordt geweigerd.",
    ),
    "S00": (
        "Een kolom of bestand is onbekend en wordt niet gelezen.",
        "Hoort het erbij, verbeter dan de naam. Anders hoeft u niets te doen.",
    ),
    "S01": (
        "Precies dezelfde rij staat er meer dan een keer. De eerste telt, de andere niet.",
        "Haal de dubbele rijen weg.",
    ),
    "S02": (
        "De woonplaats is niet bekend: de jeugdige telt bij gemeente ‘onbekend’.",
        "Vul de postcode in, of anders de gemeentecode.",
    ),
    "S03": (
        "De jeugdige was bij aanvang 18 jaar of ouder.",
        "Controleer de geboortedatum en de aanvangsdatum. Kloppen ze, dan hoeft u niets te doen.",
    ),
    "S04": (
        "Het traject liep nog aan het eind van de vorige periode en staat niet in deze levering: het telt als geëindigd.",
        "Zie ‘Verdwenen trajecten’ hieronder.",
    ),
    "S05": (
        "Een maatregel is overgenomen of overgedragen, maar de andere gecertificeerde instelling leverde dat niet zo.",
        "Vergelijk de datum van overdracht en het type maatregel met de andere instelling.",
    ),
    "S06": (
        "De geboortedatum is deels onbekend; voor de leeftijd is een datum geschat.",
        "Vul de datum aan als hij bekend is of wordt.",
    ),
    "S07": (
        "De maatregel is beëindigd zonder reden: hij telt niet mee in de indicatoren 7, 8 en 9.",
        "Vul de reden in als die bekend is.",
    ),
}

ERNST_VOLGORDE = ("weigering", "afkeur", "signaal")
ERNST_UITLEG = {
    "weigering": "het hele bestand telt niet mee",
    "afkeur": "de rij telt niet mee",
    "signaal": "niets is afgekeurd; kijk het na",
}
OORDEEL = {
    "van_kracht": "Aangenomen",
    "vervangen": "Vervangen",
    "geweigerd": "Geweigerd",
    "overgeslagen": "Niet gelezen",
    "later": "Aangenomen",
}


def procent(deel: float) -> str:
    """A share as a Dutch percentage: 0,7 %; never '0,0 %' for what is not zero."""
    if 0 < deel < 0.0005:
        return "minder dan 0,1 %"
    return f"{getal(deel * 100, 1)} %"


def grens(deel: float) -> str:
    """A threshold as a percentage without needless decimals: 5 %."""
    return f"{deel * 100:g}".replace(".", ",") + " %"


def aantal(n: int, enkel: str, meer: str) -> str:
    """Number with its noun: 1 rij, 12 rijen."""
    return f"{getal(n)} {enkel if n == 1 else meer}"


def de(n: int, enkel: str, meer: str) -> str:
    """The noun with its article, and the number if there are more: de rij, de 12 rijen."""
    return f"de {enkel}" if n == 1 else f"de {getal(n)} {meer}"


def som(delen: list[str]) -> str:
    """Enumeration: a, b en c."""
    return delen[0] if len(delen) == 1 else ", ".join(delen[:-1]) + " en " + delen[-1]


def periode_in_woorden(periode: str) -> str:
    """``2024H2`` as a registrar reads it; a year or anything else as it is."""
    try:
        halfjaar = Halfjaar.van(periode)
    except ValueError:
        return periode
    return ("1 januari t/m 30 juni " if halfjaar.helft == 1 else "1 juli t/m 31 december ") + str(halfjaar.jaar)


def rijnummers(nummers: list[int], reeksen_hoogstens: int) -> str:
    """Sorted row numbers as text, neighbours joined: 3, 7–9, 12; says how many were left out."""
    reeksen: list[list[int]] = []
    for nummer in nummers:
        if reeksen and nummer == reeksen[-1][1] + 1:
            reeksen[-1][1] = nummer
        else:
            reeksen.append([nummer, nummer])
    getoond = reeksen[:reeksen_hoogstens]
    tekst = ", ".join(f"{van}" if van == tot else f"{van}–{tot}" for van, tot in getoond)
    rest = len(nummers) - sum(tot - van + 1 for van, tot in getoond)
    return f"{tekst} en nog {getal(rest)}" if rest else tekst
