"""Bad input of every kind that spec 01 names, and what the leverancier must read about it. Each has its own leverancier.

What makes a whole refresh stumble stands apart in test_fouten.py: one such file would hide all others.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

from pipelines.landing.contracts import contracten

from .bestanden import als_csv, als_txt, als_xlsx, naam
from .hulp import PERIODE, elfproef

# codes of a row, of a whole file, of a file that is skipped
AFKEUR, WEIGERING, SIGNAAL = "afkeur", "weigering", "signaal"

KOLOMMEN = list(contracten()["jeugdhulp"].kolommen)
NUMMERS = [n for n in (f"{k:09d}" for k in range(900_000_000, 900_004_000)) if elfproef(n)]


def rij(nr: int, **anders: str) -> dict[str, str]:
    """A good row of a person of its own."""
    gewoon = {
        "bsn": NUMMERS[nr],
        "geboortedatum": "20120304",
        "geslacht": "V",
        "gemeentecode": "0106",
        "verwijzer": "02",
        "hulpvorm": "02",
        "datum_aanvang": "20240801",
    }
    return gewoon | anders


GOED = [rij(k) for k in range(30)]


def regels(*extra: bytes, kolommen: list[str] = KOLOMMEN) -> bytes:
    """A csv of good rows with ``extra`` lines after them: the first of those is row 32."""
    return als_csv(kolommen, GOED) + b"".join(e + b"\n" for e in extra)


@dataclass(frozen=True)
class Slecht:
    """A file (or several) of one leverancier, and the findings it must give: (rij, kolom, code, ernst)."""

    wat: str
    leverancier: str
    bestanden: dict[str, bytes]  # path below the sources directory
    bevindingen: set[tuple[str, str, str, str]]
    status: str = "geweigerd"
    rijen: int = 0  # rows that count, when in force
    map_: str = PERIODE  # of the feedback


def _slecht() -> list[Slecht]:
    lijst: list[Slecht] = []

    def erbij(
        wat: str, inhoud: bytes | dict[str, bytes], *bevindingen: tuple, ext: str = "csv", **rest: object
    ) -> None:
        leverancier = f"419900{len(lijst):02d}"
        if isinstance(inhoud, bytes):
            inhoud = {naam("@", ext=ext): inhoud}
        bestanden = {pad.replace("@", leverancier): ruw for pad, ruw in inhoud.items()}
        lijst.append(Slecht(wat, leverancier, bestanden, set(bevindingen), **rest))

    heel = ("", "", "A01", WEIGERING)
    xlsx = als_xlsx(KOLOMMEN, GOED)
    een = als_csv(KOLOMMEN, GOED)
    # files
    erbij("xlsx afgekapt", xlsx[: len(xlsx) // 2], heel, ext="xlsx")
    erbij("xlsx is geen werkmap", een, heel, ext="xlsx")
    erbij("csv is een werkmap", xlsx, heel)
    erbij("binair bestand als csv", bytes(range(256)) * 40, heel)
    erbij("NUL-tekens", een + b"\0\0\n", heel)
    erbij("UTF-16", een.decode().encode("utf-16"), heel)
    erbij("tekens in geen codering", een + b"\x81\x8d\n", heel)
    erbij("nul bytes", b"", heel)
    erbij("nul bytes xlsx", b"", heel, ext="xlsx")
    erbij("nul bytes txt", b"", heel, ext="txt")
    erbij("kop zonder rijen", als_csv(KOLOMMEN, []), status="van_kracht")
    erbij("kop zonder regeleinde", als_csv(KOLOMMEN, []).rstrip(), status="van_kracht")
    erbij("werkmap met alleen een kop", als_xlsx(KOLOMMEN, []), ext="xlsx", status="van_kracht")
    zonder_verwijzer = [k for k in KOLOMMEN if k != "verwijzer"]
    erbij("verplichte kolom ontbreekt", als_csv(zonder_verwijzer, GOED), ("1", "verwijzer", "A01", WEIGERING))
    erbij("geen kop", een.split(b"\n", 1)[1], ("1", "bsn", "A01", WEIGERING))
    erbij("kolom twee keer", als_csv([*KOLOMMEN, "bsn"], GOED), ("1", "bsn", "A01", WEIGERING))
    # names
    erbij("periode bestaat niet", {naam("@", periode="2024H3"): een}, heel, map_="onbekend")
    erbij("jaar in plaats van halfjaar", {naam("@", periode="2024"): een}, heel, map_="2024")
    erbij("extensie", {naam("@", ext="pdf"): een}, heel)
    erbij("geen volgnummer", {f"jeugdhulp__@__{PERIODE}.csv": een}, heel)
    erbij("onbekende feed", {naam("@", feed="zorgen"): een}, ("", "", "S00", SIGNAAL), status="overgeslagen")
    ander = als_csv(KOLOMMEN, GOED[1:])
    erbij("zelfde naam, andere inhoud", {"een/" + naam("@"): een, "twee/" + naam("@"): ander}, heel)
    erbij("csv naast xlsx", {naam("@"): een, naam("@", ext="xlsx"): xlsx}, heel)
    erbij(
        "zelfde bestand twee keer", {"een/" + naam("@"): een, "twee/" + naam("@"): een}, status="van_kracht", rijen=30
    )
    # rows
    accent = als_csv(
        [*KOLOMMEN, "opmerking cliënt"], [r | {"opmerking cliënt": "één"} for r in GOED], codering="cp1252"
    )
    extra = ("1", "opmerking cliënt", "S00", SIGNAAL)
    erbij("Windows-1252 met een extra kolom", accent, extra, status="van_kracht", rijen=30)
    erbij("UTF-8 met BOM", als_csv(KOLOMMEN, GOED, codering="utf-8-sig"), status="van_kracht", rijen=30)
    aanhaling = als_csv(
        [*KOLOMMEN, "toelichting"],
        [*(r | {"toelichting": 'met ; en , en "dit"\nen een regel'} for r in GOED), rij(30, verwijzer="99")],
        aanhaling=csv.QUOTE_ALL,
    )
    erbij(
        "aanhalingstekens met scheiding en regeleinde",
        aanhaling,
        ("1", "toelichting", "S00", SIGNAAL),
        ("32", "verwijzer", "A03", AFKEUR),
        status="van_kracht",
        rijen=30,
    )
    los = als_csv(KOLOMMEN, [rij(30)]).splitlines()[1].replace(b"20240801", b'"20240801')
    erbij("los aanhalingsteken", regels(los), ("32", "datum_aanvang", "A03", AFKEUR), status="van_kracht", rijen=30)
    erbij("te weinig velden", regels(b"900000000;2012"), ("32", "", "A03", AFKEUR), status="van_kracht", rijen=30)
    veel = als_csv(KOLOMMEN, [rij(30)]).splitlines()[1] + b";;x"
    erbij("te veel velden", regels(veel), ("32", "", "A03", AFKEUR), status="van_kracht", rijen=30)
    erbij("lege regels tellen mee", regels(b"", b"   ", veel), ("34", "", "A03", AFKEUR), status="van_kracht", rijen=30)
    leeg = ";".join([""] * len(KOLOMMEN)).encode()
    erbij("alleen scheidingstekens", regels(leeg), ("32", "bsn", "A02", AFKEUR), status="van_kracht", rijen=30)
    erbij("elfproef", regels(als_csv(KOLOMMEN, [rij(30, bsn="900000001")]).splitlines()[1]),
          ("32", "bsn", "A04", AFKEUR), status="van_kracht", rijen=30)  # fmt: skip
    kort = als_txt("jeugdhulp", GOED) + b"900000000 te kort\n"
    erbij("txt met een te korte regel", kort, ("31", "", "A03", AFKEUR), ext="txt", status="van_kracht", rijen=30)
    erbij("csv als txt", een, ("", "", "L1", WEIGERING), *(
        (str(nr), "", "A03", AFKEUR) for nr in range(1, 32)
    ), ext="txt")  # fmt: skip
    erbij("meer dan 5 % afkeur", regels(veel, veel), ("", "", "L1", WEIGERING), *(
        (nr, "", "A03", AFKEUR) for nr in ("32", "33")
    ))  # fmt: skip
    return lijst


SLECHT = _slecht()
