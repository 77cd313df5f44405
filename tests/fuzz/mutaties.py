"""Mutated leveringen of every feed and format, as hypothesis strategies. Makes names and bytes; judges nothing."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from hypothesis import strategies as st

from pipelines.landing.contracts import Contract, Kolom, codelijst, contracten

from ..flow.bestanden import Rijen, als_txt
from ..flow.hulp import elfproef

NUMMERS = [n for n in (f"{k:09d}" for k in range(271_828_100, 271_828_500)) if elfproef(n)]
PERIODE, JAAR = "2024H2", "2024"
LEVERANCIERS = ["41012345", "41012346", "41012347"]

# --- good rows -------------------------------------------------------------------------------------------------------

GOED = {
    "geboortedatum": "20120304",
    "datum_einde": "",
    "reden_beeindiging": "",
    "datum_overgedragen": "",
    "datum_overgedragen_gekregen": "",
    "geldig_tot": "",
    "verwijzer": "02",
    "peildatum": "20240101",
    "jaar": JAAR,
    "regio": "GM0106",
    "verslagperiode": PERIODE,
    "gemeentecode": "0106",
    "provinciecode": "PV22",
    "wijkcode": "WK010600",
    "postcode": "9401AB",
    "aanbieder": LEVERANCIERS[0],
    "informant": "jeugdige",
    "ouder_nr": "",
}


def rij(contract: Contract, nr: int) -> dict[str, str]:
    """A row that breaks no rule, of a person of its own."""
    return {k.naam: _waarde(k, nr) for k in contract.kolommen.values()}


def _waarde(kolom: Kolom, nr: int) -> str:
    if kolom.naam in GOED:
        return GOED[kolom.naam]
    match kolom.type:
        case "bsn":
            return NUMMERS[nr]
        case "datum":
            return f"202408{nr % 28 + 1:02d}"
        case "code":
            return codelijst(kolom.lijst)["code"][nr % 2]
        case "geheel":
            return str((kolom.minimum or 0) + 1 + nr % 2)
        case "getal":
            return f"{nr % 5 + 1},5"
        case "janee":
            return "JN"[nr % 2]
    return f"tekst {nr}"


# --- what may become of a value, a header, a text, bytes --------------------------------------------------------------

VREEMD = [
    *(
        "",
        " ",
        "\t",
        "0",
        "-1",
        "9" * 8,
        "9" * 9,
        "0" * 9,
        "9" * 30,
        "1e309",
        "-1e-309",
        "nan",
        "inf",
        "-0",
        "1.",
        ".5",
    ),
    *('"', '""', "'", ";", ",", ";;;;", "\n", "\r", "\r\n", "\0", "\x01", "\x0b", "\x1c", "\x85", "\u2028", "\u202e"),
    *(
        "\ufeff",
        "é",
        "€",
        "😀",
        "\ufffd",
        "a\u0301",
        "ß" * 40,
        "\u3000",
        "=1+1",
        '=HYPERLINK("http://x";"y")',
        "@SUM(A1)",
    ),
    *("20240230", "00000000", "99991231", "00010101", "20241301", "20240800", "20240000", "1-8-2024", "2024-08-01"),
    *(
        "45505",
        "1900-01-00",
        "٢٠٢٤٠٨٠١",
        "２０２４０８０１",
        "0x1F",
        "NULL",
        "None",
        "<b>",
        "[/b]",
        "[red]",
        "{}",
        "%s",
        "\\",
        "J",
        "N",
        "M",
        "08",
    ),
    *("2024-08-01 00:00:00", "GM0106", "106", "9401 ab", "١٢٣٤٥٦٧٨٩", "12345678９", f"{NUMMERS[-2]}.0", NUMMERS[-1]),
]
LANG = ["x" * 70_000, "9" * 140_000]
waarden = st.one_of(
    st.sampled_from(VREEMD),
    st.sampled_from(NUMMERS),
    st.text(max_size=12),
    st.sampled_from(VREEMD),
    st.integers(-(10**18), 10**18).map(str),
    st.dates().map(lambda d: f"{d:%Y%m%d}"),
)
zelden_lang = st.integers(0, 30).flatmap(lambda n: st.sampled_from(LANG) if n == 30 else waarden)


@st.composite
def tabellen(draw: st.DrawFn, contract: Contract) -> tuple[list[str], list[list[str]]]:
    """Header and rows: good ones, of which some values, rows and columns are changed."""
    kolommen = list(contract.kolommen)
    rijen = [list(rij(contract, nr).values()) for nr in draw(st.lists(st.integers(0, 9), max_size=7))]
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 5]))):
        soort = draw(st.sampled_from(["waarde"] * 6 + ["wissel", "kop", "weg", "erbij", "kort", "kolomwissel"]))
        x = draw(st.integers(0, len(kolommen) - 1)) if kolommen else 0
        if soort == "kop" and kolommen:
            kolommen[x] = draw(st.one_of(waarden, st.sampled_from(kolommen), st.just(kolommen[x].upper())))
        elif soort == "weg" and kolommen:
            kolommen = kolommen[:x] + kolommen[x + 1 :]
            rijen = [r[:x] + r[x + 1 :] for r in rijen]
        elif soort == "erbij":
            kolommen = [*kolommen, draw(waarden)]
            rijen = [[*r, draw(waarden)] for r in rijen]
        elif soort == "kolomwissel" and kolommen:
            y = draw(st.integers(0, len(kolommen) - 1))
            rijen = [_gewisseld(r, x, y) for r in rijen]  # the header stays
        elif rijen:
            nr = draw(st.integers(0, len(rijen) - 1))
            if soort == "waarde" and x < len(rijen[nr]):
                rijen[nr][x] = draw(zelden_lang)
            elif soort == "wissel":
                rijen[nr] = _gewisseld(rijen[nr], x, draw(st.integers(0, len(kolommen) or 1)))
            elif soort == "kort":
                rijen[nr] = rijen[nr][:x]
    return kolommen, rijen


def _gewisseld(rij_: list[str], x: int, y: int) -> list[str]:
    uit = list(rij_)
    if max(x, y) < len(uit):
        uit[x], uit[y] = uit[y], uit[x]
    return uit


@st.composite
def csv_bytes(draw: st.DrawFn, contract: Contract) -> bytes:
    kolommen, rijen = draw(tabellen(contract))
    scheiding = draw(st.sampled_from(";;;;,,,\t|"))
    regeleinde = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\n\n", "\u2028", "\x85"]))
    if draw(st.booleans()):
        tekst = regeleinde.join(scheiding.join(r) for r in [kolommen, *rijen]) + draw(
            st.sampled_from(["", regeleinde, "\n\n", '"', "\x1a"])
        )
    else:
        uit = io.StringIO()
        stijl = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
        csv.writer(uit, delimiter=scheiding, lineterminator=regeleinde, quoting=stijl).writerows([kolommen, *rijen])
        tekst = uit.getvalue()
    codering = draw(
        st.sampled_from(["utf-8"] * 6 + ["utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32", "cp500"])
    )
    return tekst.encode(codering, "replace")


@st.composite
def txt_bytes(draw: st.DrawFn, contract: Contract) -> bytes:
    kolommen, rijen = draw(tabellen(contract))
    inhoud: Rijen = [dict(zip(kolommen, r, strict=False)) for r in rijen]
    tekst = als_txt(contract.feed, inhoud).decode("utf-8", "surrogatepass")
    return tekst.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))).encode(
        draw(st.sampled_from(["utf-8", "utf-8", "cp1252", "utf-8-sig", "utf-16"])), "replace"
    )


@st.composite
def xlsx_bytes(draw: st.DrawFn, contract: Contract) -> bytes:
    """A workbook with texts, real dates, numbers, truths, formulas; sometimes with its XML changed."""
    kolommen, rijen = draw(tabellen(contract))
    uit = io.BytesIO()
    boek = xlsxwriter.Workbook(uit, {"in_memory": True, "nan_inf_to_errors": True})
    boek.set_properties({"created": datetime(2024, 1, 1)})  # the same bytes at every run
    datumvorm = boek.add_format({"num_format": draw(st.sampled_from(["dd-mm-yyyy", "yyyy-mm-dd hh:mm", "[h]:mm"]))})
    blad = boek.add_worksheet()
    for y, inhoud in enumerate([kolommen, *rijen]):
        for x, waarde in enumerate(inhoud):
            soort = draw(st.integers(0, 41)) if y else 0
            if soort == 41:
                blad.write_string(y * draw(st.sampled_from([1, 99, 99_999])), x, waarde[:99])
            elif soort == 40:
                blad.write_formula(y, x, "=1+1", value=waarde[:255])
            elif soort == 39:
                blad.write_boolean(y, x, True)
            elif soort == 38 and waarde.isascii() and waarde.isdigit() and len(waarde) < 300:
                blad.write_number(y, x, int(waarde))
            elif soort == 37:
                blad.write_datetime(y, x, date(1900 + draw(st.integers(0, 200)), 8, 1), datumvorm)
            elif soort == 36:
                blad.write_number(y, x, draw(st.floats(allow_nan=False)))
            elif waarde:
                blad.write_string(y, x, waarde[:32_767])
    if draw(st.integers(0, 8)) == 8:
        boek.add_worksheet().write_string(0, 0, "een tweede blad")
    boek.close()
    return uit.getvalue() if draw(st.integers(0, 3)) < 3 else draw(_xml_gewijzigd(uit.getvalue()))


@st.composite
def _xml_gewijzigd(draw: st.DrawFn, werkboek: bytes) -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(werkboek)) as boek, zipfile.ZipFile(uit, "w") as anders:
        raak = draw(st.sampled_from(boek.namelist() + ["xl/worksheets/sheet1.xml"] * 8))
        for deel in boek.namelist():
            inhoud = boek.read(deel)
            anders.writestr(zipfile.ZipInfo(deel), draw(gewijzigd(inhoud)) if deel == raak else inhoud)
    return uit.getvalue()


VLEKKEN = [
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b'"',
    b";",
    b"\n",
    b"\r",
    b"\x81",
    b"\xe2\x28\xa1",
    b"PK\3\4",
    b"<c",
    b"&#0;",
    b"9",
]


@st.composite
def gewijzigd(draw: st.DrawFn, inhoud: bytes) -> bytes:
    """The bytes with one to three things done to them: flipped, cut, doubled, moved, spotted."""
    for _ in range(draw(st.integers(1, 3))):
        a = draw(st.integers(0, len(inhoud)))
        b = min(len(inhoud), a + draw(st.sampled_from([1, 1, 2, 9, 60, 500])))
        wat = draw(st.sampled_from(["om", "om", "weg", "dubbel", "vlek", "vlek", "einde", "voorop"]))
        deel = inhoud[a:b]
        if wat == "om":
            deel = bytes(c ^ (1 << draw(st.integers(0, 7))) for c in deel[:4]) + deel[4:]
        elif wat == "dubbel":
            deel *= draw(st.sampled_from([2, 3, 40]))
        elif wat == "vlek":
            deel = draw(st.sampled_from(VLEKKEN)) + deel
        elif wat == "weg":
            deel = b""
        if wat == "einde":
            inhoud = inhoud[:a]
        elif wat == "voorop":
            inhoud = deel + inhoud[:a] + inhoud[b:]
        else:
            inhoud = inhoud[:a] + deel + inhoud[b:]
    return inhoud


# --- files -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bestand:
    """A mutated levering: its name and bytes."""

    naam: str
    inhoud: bytes

    def __repr__(self) -> str:
        return f"Bestand({self.naam!r}, {self.inhoud[:3000]!r})"


MAKERS: dict[str, Callable[[Contract], st.SearchStrategy[bytes]]] = {
    "csv": csv_bytes,
    "xlsx": xlsx_bytes,
    "txt": txt_bytes,
}
naamdelen = st.one_of(
    st.sampled_from(
        ["", "__", "_", ".", "..csv", "CSV", "v1", "v0", "2024H3", "2024", "GM0106", "cbs", "٢٠٢٤H1", "\n"]
    ),
    st.sampled_from(NUMMERS),
    st.sampled_from(
        ["[x]", "{", "%25", "=1+1", "'", '"', "\u202e", "\x1b[2J", "é", "a b", "~$", "\udce9", "v1234567", "v٣"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), max_size=6),
)


@st.composite
def namen(draw: st.DrawFn, feed: str, leverancier: str, formaat: str) -> str:
    """Mostly a good name; else one with a part changed."""
    soort = contracten()[feed].periode
    periode = JAAR if soort == "jaar" else draw(st.sampled_from([PERIODE, PERIODE, PERIODE, "2024H1", "2025H1"]))
    delen = [feed, leverancier, periode, f"v{draw(st.integers(1, 3))}"]
    if draw(st.integers(0, 9)) == 9:
        x = draw(st.integers(0, 3))
        delen[x] = draw(naamdelen) + draw(st.sampled_from(["", delen[x]]))
    naam = "__".join(delen) + "." + draw(st.sampled_from([formaat] * 12 + [formaat.upper(), *MAKERS]))
    return naam.encode("utf-8", "surrogateescape")[:200].decode("utf-8", "surrogateescape")


@st.composite
def bestanden(draw: st.DrawFn) -> Bestand:
    """One levering of any feed in any format."""
    contract = contracten()[draw(st.sampled_from(list(contracten())))]
    formaat = draw(st.sampled_from(["csv", "csv", "xlsx", "txt"]))
    leverancier = {"cbs": "cbs", "GM[0-9]{4}": "GM0106"}.get(contract.leverancier.patroon)
    leverancier = leverancier or draw(st.sampled_from(LEVERANCIERS))
    inhoud = draw(MAKERS[formaat](contract))
    if draw(st.integers(0, 3)) == 3:
        inhoud = draw(gewijzigd(inhoud))
    return Bestand(draw(namen(contract.feed, leverancier, formaat)), inhoud)
