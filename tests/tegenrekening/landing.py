"""Reference implementation of specification 01: reading and judging csv leveringen.

Deliberately naive: standard library only, one row at a time, nothing shared with the product. Entry point: `lees`.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

CODES = Path(__file__).resolve().parents[2] / "sources" / "codes"

UITKOMSTFEEDS = ("doelen", "tevredenheid", "step")
PERSOONSFEEDS = ("jeugdhulp", "maatregelen", "indicaties", *UITKOMSTFEEDS)


# ---------------------------------------------------------------------------------------------------------------------
# Calendar


def plus_maanden(dag: date, maanden: int) -> date:
    """Add calendar months; the day is clipped to the end of the month (31 January + 1 month = 28/29 February)."""
    totaal = dag.year * 12 + dag.month - 1 + maanden
    jaar, maand = divmod(totaal, 12)
    for dagnummer in range(dag.day, 0, -1):
        try:
            return date(jaar, maand + 1, dagnummer)
        except ValueError:
            continue
    raise AssertionError("onbereikbaar")


def min_jaren(dag: date, jaren: int) -> date:
    """Subtract calendar years (29 February - 5 years = 28 February)."""
    return plus_maanden(dag, -12 * jaren)


def hele_maanden(van: date, tot: date) -> int:
    """Completed calendar months: the largest n with van + n months (clipped to the month's end) <= tot."""
    n = 0
    while plus_maanden(van, n + 1) <= tot:
        n += 1
    return n


def leeftijd_op(geboren: date, dag: date) -> int:
    """Completed years on a day (negative when the person is not born yet); 29 February counts from 1 March."""
    return dag.year - geboren.year - ((dag.month, dag.day) < (geboren.month, geboren.day))


def eerste_dag(periode: str) -> date:
    """d0 of a half-year (2024H1, 2024H2) or a year (2024JJ, 2024)."""
    return date(int(periode[:4]), 7 if periode[4:] == "H2" else 1, 1)


def laatste_dag(periode: str) -> date:
    """d1 of a half-year (2024H1, 2024H2) or a year (2024JJ, 2024)."""
    return date(int(periode[:4]), 6, 30) if periode[4:] == "H1" else date(int(periode[:4]), 12, 31)


def telt_mee(periode: str, verversing: str) -> bool:
    """Say whether a levering of this period may be used at the refresh (a year counts from its H1 on)."""
    if len(periode) == 4:
        return int(periode) <= int(verversing[:4])
    return periode <= verversing


# ---------------------------------------------------------------------------------------------------------------------
# Contracts


@dataclass(frozen=True)
class Kolom:
    """One column of a feed: its name, its type (a key of `LEZERS` or code list) and whether it is required."""

    naam: str
    soort: str
    verplicht: bool = False


def _kolommen(tekst: str) -> list[Kolom]:
    """Read 'name:type' pairs; a star after the name makes the column required."""
    kolommen = []
    for stuk in tekst.split():
        naam, soort = stuk.split(":")
        kolommen.append(Kolom(naam.rstrip("*"), soort, naam.endswith("*")))
    return kolommen


PERSOON = "bsn*:bsn geboortedatum*:geboortedatum geslacht*:geslacht "
WOONPLAATS = "postcode:postcode gemeentecode:gemeentecode "
VERWIJZING = "bsn*:bsn hulpvorm*:hulpvorm datum_aanvang*:datum "

CONTRACTEN: dict[str, list[Kolom]] = {
    "jeugdhulp": _kolommen(
        PERSOON + WOONPLAATS + "verwijzer*:verwijzer hulpvorm*:hulpvorm perspectief:perspectief "
        "datum_aanvang*:datum datum_einde:datum reden_beeindiging:reden_jeugdhulp"
    ),
    "maatregelen": _kolommen(
        PERSOON + WOONPLAATS + "type_maatregel*:type_maatregel datum_aanvang:datum datum_einde:datum "
        "datum_eerste_contact:datum reden_beeindiging:reden_maatregel datum_overgedragen:datum "
        "datum_overgedragen_gekregen:datum erkende_interventie:janee"
    ),
    "indicaties": _kolommen(
        "indicatie_id*:tekst " + PERSOON + "besluitdatum*:datum geldig_van*:datum geldig_tot:datum "
        "verwijzer*:verwijzer productcategorie*:productcategorie aanbieder:kvk planmatig:janee"
    ),
    "doelen": _kolommen(VERWIJZING + "doel_nr*:tot10 score*:score beoordelaar*:beoordelaar datum_meting*:datum"),
    "tevredenheid": _kolommen(
        VERWIJZING + "informant*:informant ouder_nr:ouder_nr resultaat*:getal rapportcijfer:rapportcijfer "
        "datum_meting*:datum"
    ),
    "step": _kolommen(
        VERWIJZING + "moment*:moment datum_meting*:datum datum_besluit:datum fj:getal fj_zonder_duur:getal ko:getal "
        "ko_zonder_duur:getal zz:getal uz:getal"
    ),
    "cbs_bevolking": _kolommen(
        "regio*:tekst peildatum*:datum leeftijd*:leeftijd geslacht*:geslacht_bevolking aantal*:aantal"
    ),
    "cbs_gebieden": _kolommen(
        "jaar*:jaar gemeentecode*:cbs_gemeente gemeentenaam*:tekst provinciecode*:tekst provincienaam*:tekst "
        "jeugdregio*:tekst subregio:tekst"
    ),
    "cbs_postcodes": _kolommen(
        "jaar*:jaar postcode*:cbs_postcode gemeentecode*:cbs_gemeente wijkcode*:tekst wijknaam*:tekst"
    ),
    "cbs_jeugdzorg": _kolommen("regio*:tekst verslagperiode*:tekst maat*:maat waarde*:getal"),
}

# Natural keys of 01 §2.4a, without the leverancier (a levering has one); those of the cbs feeds are our own reading.
SLEUTELS: dict[str, tuple[str, ...]] = {
    "jeugdhulp": ("persoon", "hulpvorm", "datum_aanvang"),
    "maatregelen": ("persoon", "type_maatregel", "datum_aanvang", "datum_overgedragen_gekregen"),
    "indicaties": ("indicatie_id",),
    "doelen": ("persoon", "hulpvorm", "datum_aanvang", "doel_nr", "beoordelaar", "datum_meting"),
    "tevredenheid": ("persoon", "hulpvorm", "datum_aanvang", "informant", "ouder_nr", "datum_meting"),
    "step": ("persoon", "hulpvorm", "datum_aanvang", "moment", "datum_meting"),
    "cbs_bevolking": ("regio", "peildatum", "leeftijd", "geslacht"),
    "cbs_gebieden": ("jaar", "gemeentecode"),
    "cbs_postcodes": ("jaar", "postcode"),
    "cbs_jeugdzorg": ("regio", "verslagperiode", "maat"),
}

LEVERANCIERVORM = {"indicaties": r"GM\d{4}"} | {
    feed: "cbs" if feed.startswith("cbs_") else r"\d{8}" for feed in CONTRACTEN if feed != "indicaties"
}
BESTANDSNAAM = re.compile(
    r"(?P<feed>.+?)__(?P<leverancier>.+?)__(?P<periode>\d{4}(?:H[12])?)__v(?P<volgnr>\d+)", flags=re.ASCII
)


def codelijst(naam: str) -> dict[str, dict[str, str]]:
    """Read one code list of sources/codes as {code: {column: value}}."""
    with (CODES / f"{naam}.csv").open(encoding="utf-8-sig", newline="") as bestand:
        return {rij["code"]: rij for rij in csv.DictReader(bestand)}


CODELIJSTEN = {pad.stem: codelijst(pad.stem) for pad in sorted(CODES.glob("*.csv"))}


# ---------------------------------------------------------------------------------------------------------------------
# Values: every reader takes the (non-empty) text and gives the typed value, or raises ValueError (A03)


def _vorm(patroon: str):
    """Make a reader that accepts text of exactly this form."""

    def lezer(tekst: str) -> str:
        if not re.fullmatch(patroon, tekst, flags=re.ASCII):
            raise ValueError
        return tekst

    return lezer


def lees_datum(tekst: str) -> date:
    """JJJJMMDD, an existing day."""
    if not re.fullmatch(r"\d{8}", tekst, flags=re.ASCII):
        raise ValueError
    return date(int(tekst[:4]), int(tekst[4:6]), int(tekst[6:]))


def lees_geboortedatum(tekst: str) -> str:
    """JJJJMMDD, JJJJMM00, JJJJ0000 or 99999999; stays text, because the text itself is part of an identity."""
    if tekst == "99999999":
        return tekst
    if tekst.endswith("0000"):
        lees_datum(tekst[:4] + "0701")
    elif tekst.endswith("00"):
        lees_datum(tekst[:6] + "15")
    else:
        lees_datum(tekst)
    return tekst


def geboren_op(tekst: str) -> date | None:
    """Give the day a birth date counts as: day unknown -> the 15th, month unknown -> 1 July, unborn -> None."""
    if tekst == "99999999":
        return None
    if tekst.endswith("0000"):
        return lees_datum(tekst[:4] + "0701")
    if tekst.endswith("00"):
        return lees_datum(tekst[:6] + "15")
    return lees_datum(tekst)


def vroegst_geboren(tekst: str) -> date | None:
    """Give the earliest possible birth date (None for unborn)."""
    if tekst == "99999999":
        return None
    if tekst.endswith("0000"):
        return lees_datum(tekst[:4] + "0101")
    if tekst.endswith("00"):
        return lees_datum(tekst[:6] + "01")
    return lees_datum(tekst)


def lees_postcode(tekst: str) -> str | None:
    """PC6 without space in capitals; anything else is unknown (None), never an error."""
    kaal = re.sub(r"\s", "", tekst).upper()
    return kaal if re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", kaal, flags=re.ASCII) else None


def lees_gemeentecode(tekst: str) -> str | None:
    """Four digits, given as GM0106; anything else is unknown (None), never an error."""
    return "GM" + tekst if re.fullmatch(r"\d{4}", tekst, flags=re.ASCII) else None


def lees_cbs_gemeente(tekst: str) -> str:
    """Read '0106' or 'GM0106', both as GM0106."""
    if not re.fullmatch(r"(GM)?\d{4}", tekst, flags=re.ASCII):
        raise ValueError
    return "GM" + tekst[-4:]


def lees_cbs_postcode(tekst: str) -> str:
    """PC6; here it is the key, so another form is an error."""
    postcode = lees_postcode(tekst)
    if postcode is None:
        raise ValueError
    return postcode


def lees_getal(tekst: str) -> Decimal:
    """Read a decimal number with point or comma."""
    if not re.fullmatch(r"-?\d+([.,]\d+)?", tekst, flags=re.ASCII):
        raise ValueError
    return Decimal(tekst.replace(",", "."))


def _geheel(laagste: int, hoogste: int | None):
    """Make a reader for whole numbers between bounds."""

    def lezer(tekst: str) -> int:
        if not re.fullmatch(r"-?\d+", tekst, flags=re.ASCII):
            raise ValueError
        getal = int(tekst)
        if getal < laagste or (hoogste is not None and getal > hoogste):
            raise ValueError
        return getal

    return lezer


def lees_rapportcijfer(tekst: str) -> Decimal:
    """Read a mark from 1 to 10."""
    getal = lees_getal(tekst)
    if not 1 <= getal <= 10:
        raise ValueError
    return getal


LEZERS = {
    "tekst": lambda tekst: tekst,
    "bsn": _vorm(r"\d{9}"),
    "kvk": _vorm(r"\d{8}"),
    "janee": _vorm(r"[JN]"),
    "jaar": _geheel(1000, 9999),
    "datum": lees_datum,
    "geboortedatum": lees_geboortedatum,
    "postcode": lees_postcode,
    "gemeentecode": lees_gemeentecode,
    "cbs_gemeente": lees_cbs_gemeente,
    "cbs_postcode": lees_cbs_postcode,
    "getal": lees_getal,
    "rapportcijfer": lees_rapportcijfer,
    "tot10": _geheel(1, 10),
    "score": _geheel(-1, 2),
    "ouder_nr": _geheel(1, 2),
    "leeftijd": _geheel(0, 22),
    "aantal": _geheel(0, None),
}


def lees_waarde(soort: str, tekst: str):
    """Type one non-empty value; ValueError when it is not of its type or not in its code list."""
    if soort in LEZERS:
        return LEZERS[soort](tekst)
    if tekst not in CODELIJSTEN[soort]:
        raise ValueError
    return tekst


def elfproef(bsn: str) -> bool:
    """Weights 9 8 7 6 5 4 3 2 -1; the sum is divisible by 11."""
    gewichten = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(g * int(c) for g, c in zip(gewichten, bsn, strict=True)) % 11 == 0


def soort_bsn(bsn: str, periode: str) -> str:
    """Give 'bekend', 'onbekend' or 'ongeboren'; the two special codes were swapped from 2016H1 on."""
    if bsn not in ("000000000", "999999999"):
        return "bekend"
    onbekend = "000000000" if periode < "2016H1" else "999999999"
    return "onbekend" if bsn == onbekend else "ongeboren"


def pseudoniem(sleutel: bytes, tekst: str) -> str:
    """HMAC-SHA256, the first 128 bits as 32 hex characters."""
    return hmac.new(sleutel, tekst.encode("utf-8"), hashlib.sha256).hexdigest()[:32]


# ---------------------------------------------------------------------------------------------------------------------
# Results


@dataclass(frozen=True)
class Bevinding:
    """One finding: file name, row number (header = 1; None for the whole file), code and the column it names."""

    bestand: str
    rij: int | None
    code: str
    kolom: str = ""


@dataclass
class Bestand:
    """One offered file and what became of it."""

    naam: str
    feed: str = ""
    leverancier: str = ""
    periode: str = ""
    volgnr: int = 0
    status: str = "geaccepteerd"  # geaccepteerd, geweigerd, overgeslagen
    reden: str = ""
    aantal_rijen: int = 0
    aantal_afkeur: int = 0
    van_kracht: bool = False
    rijen: list[dict] = field(default_factory=list, repr=False)
    bevindingen: list[Bevinding] = field(default_factory=list, repr=False)


@dataclass
class Leveringen:
    """What `lees` gives: in-force rows per (feed, leverancier, periode), every file, and every finding.

    `bevindingen` holds the findings of all files offered, also refused, superseded and later ones; `van_kracht` holds
    only leveringen of periods <= `periode`. A row is a dict of typed contract columns (None when empty) and of
    `feed`, `leverancier`, `periode`, `bestand`, `rij`; for person feeds also `persoon`, `bsn_bekend` and `geboren`.
    """

    periode: str
    van_kracht: dict[tuple[str, str, str], list[dict]]
    bestanden: list[Bestand]
    bevindingen: list[Bevinding]

    def rijen(self, feed: str) -> list[dict]:
        """All in-force rows of a feed, ordered by period, leverancier and row."""
        gekozen = [(sleutel[2], sleutel[1], rijen) for sleutel, rijen in self.van_kracht.items() if sleutel[0] == feed]
        return [rij for _, _, rijen in sorted(gekozen, key=lambda stuk: stuk[:2]) for rij in rijen]

    def periodes(self, feed: str, leverancier: str | None = None) -> list[str]:
        """The periods with a levering of this feed (and leverancier) in force, an empty one included."""
        return sorted({p for f, lev, p in self.van_kracht if f == feed and leverancier in (None, lev)})

    def gevonden(self) -> set[tuple[str, int | None, str]]:
        """The findings as (bestand, rij, code)."""
        return {(b.bestand, b.rij, b.code) for b in self.bevindingen}


# ---------------------------------------------------------------------------------------------------------------------
# One row


def beoordeel_waarden(feed: str, ruw: dict[str, str]) -> tuple[dict, str, str]:
    """Judge A02 and A03 and type the row: (typed row, code or '', column)."""
    kolommen = CONTRACTEN[feed]
    for kolom in kolommen:
        if kolom.verplicht and ruw[kolom.naam] == "":
            return {}, "A02", kolom.naam
    if feed == "maatregelen" and ruw["datum_aanvang"] == "" and ruw["datum_overgedragen_gekregen"] == "":
        return {}, "A02", "datum_aanvang"
    if feed == "tevredenheid" and ruw["informant"] == "ouder" and ruw["ouder_nr"] == "":
        return {}, "A02", "ouder_nr"
    rij = {}
    for kolom in kolommen:
        tekst = ruw[kolom.naam]
        if tekst == "":
            rij[kolom.naam] = None
            continue
        try:
            rij[kolom.naam] = lees_waarde(kolom.soort, tekst)
        except ValueError:
            return {}, "A03", kolom.naam
    return rij, "", ""


def beoordeel_regels(feed: str, rij: dict, periode: str) -> tuple[str, str]:
    """Judge A04-A08, A10 and A11 on a typed row: the lowest code broken and its column, or ('', '')."""
    if feed not in PERSOONSFEEDS:
        return "", ""
    d0, d1 = eerste_dag(periode), laatste_dag(periode)
    aanvang = rij.get("datum_aanvang")
    if feed == "maatregelen" and aanvang is None:
        aanvang = rij["datum_overgedragen_gekregen"]
    einde = rij.get("datum_einde")
    reden = rij.get("reden_beeindiging")

    bsn_soort = soort_bsn(rij["bsn"], periode)
    if bsn_soort == "bekend" and not elfproef(rij["bsn"]):
        return "A04", "bsn"

    if einde is not None and einde < aanvang:
        return "A05", "datum_einde"
    if feed == "indicaties" and rij["geldig_tot"] is not None and rij["geldig_tot"] < rij["geldig_van"]:
        return "A05", "geldig_tot"
    if feed == "maatregelen" and rij["datum_overgedragen"] is not None:
        for kolom in ("datum_aanvang", "datum_overgedragen_gekregen"):
            if rij[kolom] is not None and rij["datum_overgedragen"] < rij[kolom]:
                return "A05", "datum_overgedragen"

    if feed != "indicaties":
        if aanvang > d1:
            return "A06", "datum_aanvang"
        if einde is not None and einde > d1:
            return "A06", "datum_einde"
        if einde is not None and einde < d0:
            return "A07", "datum_einde"

    if feed == "jeugdhulp" and (einde is None) != (reden is None):
        return "A08", "reden_beeindiging"
    if feed == "maatregelen" and reden is not None:
        redengroep = CODELIJSTEN["type_maatregel"][rij["type_maatregel"]]["redengroep"]
        if einde is None or CODELIJSTEN["reden_maatregel"][reden]["groep"] != redengroep:
            return "A08", "reden_beeindiging"

    if "geboortedatum" in rij:
        geboren = geboren_op(rij["geboortedatum"])
        ongeboren = geboren is None or bsn_soort == "ongeboren"
        if feed != "indicaties" and geboren is not None and leeftijd_op(geboren, aanvang) >= 23:
            return "A10", "geboortedatum"
        if not ongeboren and vroegst_geboren(rij["geboortedatum"]) > d1:
            return "A10", "geboortedatum"

    if feed == "jeugdhulp":
        if rij["verwijzer"] == "07" and aanvang >= date(2015, 1, 1):
            return "A11", "verwijzer"
        if rij["verwijzer"] == "08" and periode < "2016H1":
            return "A11", "verwijzer"
    return "", ""


def signalen(feed: str, rij: dict) -> list[tuple[str, str]]:
    """S02, S03, S06 and S07 of an accepted row, as (code, column)."""
    gevonden = []
    if feed in ("jeugdhulp", "maatregelen"):
        if rij["postcode"] is None and rij["gemeentecode"] is None:
            gevonden.append(("S02", "postcode"))
        aanvang, geboren = rij["datum_aanvang"], rij["geboren"]
        if aanvang is not None and geboren is not None and leeftijd_op(geboren, aanvang) >= 18:
            gevonden.append(("S03", "datum_aanvang"))
    if rij.get("geboortedatum", "").endswith("00"):
        gevonden.append(("S06", "geboortedatum"))
    if feed == "maatregelen" and rij["datum_einde"] is not None and rij["reden_beeindiging"] is None:
        gevonden.append(("S07", "reden_beeindiging"))
    return gevonden


def geef_persoon(feed: str, rij: dict, leverancier: str, periode: str, sleutel: bytes) -> None:
    """Add persoon, bsn_bekend and geboren to a typed row, and take the BSN out of it."""
    if feed not in PERSOONSFEEDS:
        return
    bsn = rij.pop("bsn")
    soort = soort_bsn(bsn, periode)
    rij["bsn_bekend"] = soort == "bekend"
    if soort == "bekend" or "geboortedatum" not in rij:  # an outcome row with a special code becomes A12 later
        rij["persoon"] = pseudoniem(sleutel, bsn)
    else:
        delen = [soort, leverancier, rij["geboortedatum"], rij["geslacht"], rij.get("postcode") or ""]
        rij["persoon"] = pseudoniem(sleutel, "|".join(delen))
    if "geboortedatum" in rij:
        rij["geboren"] = geboren_op(rij["geboortedatum"])


# ---------------------------------------------------------------------------------------------------------------------
# One file


class Onleesbaar(Exception):
    """The file cannot be read as a levering (A01)."""


def lees_csv(inhoud: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Split a csv file into header and numbered rows (header = row 1; blank lines are skipped but numbered)."""
    if not inhoud:
        raise Onleesbaar("leeg bestand")
    try:
        tekst = inhoud.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            tekst = inhoud.decode("cp1252")
        except UnicodeDecodeError as fout:
            raise Onleesbaar("codering") from fout
    eerste_regel = tekst.splitlines()[0] if tekst.splitlines() else ""
    scheiding = "," if eerste_regel.count(",") > eerste_regel.count(";") else ";"
    try:
        regels = list(csv.reader(io.StringIO(tekst, newline=""), delimiter=scheiding))
    except csv.Error as fout:
        raise Onleesbaar("geen csv") from fout
    if not regels:
        raise Onleesbaar("geen kopregel")
    kop = [naam.strip() for naam in regels[0]]
    rijen = []
    for nummer, velden in enumerate(regels[1:], start=2):
        if len(velden) == 0 or (len(velden) == 1 and velden[0].strip() == ""):
            continue
        rijen.append((nummer, [veld.strip() for veld in velden]))
    return kop, rijen


def lees_bestand(bestand: Bestand, inhoud: bytes, sleutel: bytes, max_afkeur: float) -> None:
    """Judge one file of a known feed: fills rijen, bevindingen, status and the counts of `bestand`."""
    feed = bestand.feed

    def meld(nummer: int | None, code: str, kolom: str = "") -> None:
        bestand.bevindingen.append(Bevinding(bestand.naam, nummer, code, kolom))

    try:
        kop, rijen = lees_csv(inhoud)
        kolommen = CONTRACTEN[feed]
        for kolom in kolommen:
            if kolom.verplicht and kolom.naam not in kop:
                raise Onleesbaar(f"kolom {kolom.naam} ontbreekt")
        for kolom in kolommen:
            if kop.count(kolom.naam) > 1:
                raise Onleesbaar(f"kolom {kolom.naam} staat er dubbel in")
    except Onleesbaar as fout:
        bestand.status, bestand.reden = "geweigerd", "A01"
        meld(None, "A01", str(fout))
        return

    # A02-A08, A10, A11
    bestand.aantal_rijen = len(rijen)
    afkeur: set[int] = set()
    goed: list[dict] = []
    for nummer, velden in rijen:
        if len(velden) != len(kop):
            afkeur.add(nummer)
            meld(nummer, "A03")
            continue
        aanwezig = dict(zip(kop, velden, strict=True))
        ruw = {kolom.naam: aanwezig.get(kolom.naam, "") for kolom in kolommen}
        rij, code, kolomnaam = beoordeel_waarden(feed, ruw)
        if not code:
            code, kolomnaam = beoordeel_regels(feed, rij, bestand.periode)
        if code:
            afkeur.add(nummer)
            meld(nummer, code, kolomnaam)
            continue
        rij["vergelijk"] = tuple(rij[kolom.naam] for kolom in kolommen)
        geef_persoon(feed, rij, bestand.leverancier, bestand.periode, sleutel)
        rij |= {"feed": feed, "leverancier": bestand.leverancier, "periode": bestand.periode}
        rij |= {"bestand": bestand.naam, "rij": nummer}
        goed.append(rij)

    # A09 and S01: among the rows that broke nothing
    per_sleutel: dict[tuple, list[dict]] = defaultdict(list)
    for rij in goed:
        per_sleutel[tuple(rij[naam] for naam in SLEUTELS[feed])].append(rij)
    for groep in per_sleutel.values():
        if len({rij["vergelijk"] for rij in groep}) > 1:
            for rij in groep:
                afkeur.add(rij["rij"])
                meld(rij["rij"], "A09")
            continue
        for rij in groep[1:]:
            meld(rij["rij"], "S01")
        bestand.rijen.append(groep[0])
    bestand.rijen.sort(key=lambda rij: rij["rij"])

    for rij in bestand.rijen:
        del rij["vergelijk"]
        for code, kolomnaam in signalen(feed, rij):
            meld(rij["rij"], code, kolomnaam)

    bestand.aantal_afkeur = len(afkeur)
    if bestand.aantal_rijen and Decimal(len(afkeur)) / bestand.aantal_rijen > Decimal(str(max_afkeur)):
        bestand.status, bestand.reden = "geweigerd", "afkeur"


# ---------------------------------------------------------------------------------------------------------------------
# The directory


def lees(map: Path, periode: str, sleutel: bytes, max_afkeur: float = 0.05) -> Leveringen:
    """Read every csv levering below `map` and give what is in force at the refresh of `periode`.

    xlsx and txt files are only looked at for the rule that the same name in two forms is A01 for both.
    """
    aangeboden: dict[str, list[Path]] = defaultdict(list)
    for pad in sorted(Path(map).rglob("*")):
        if pad.is_file() and pad.suffix.lower() in (".csv", ".xlsx", ".txt"):
            aangeboden[pad.stem].append(pad)

    bestanden: list[Bestand] = []
    for stam, paden in sorted(aangeboden.items()):
        verschillend: dict[tuple[str, bytes], Path] = {}
        for pad in paden:  # the same name with the same bytes is a no-op
            verschillend.setdefault((pad.suffix.lower(), pad.read_bytes()), pad)
        delen = BESTANDSNAAM.fullmatch(stam)
        for (achtervoegsel, inhoud), pad in verschillend.items():
            bestand = Bestand(pad.name)
            bestanden.append(bestand)
            if delen is None:
                bestand.status, bestand.reden = "geweigerd", "A01"
                bestand.bevindingen.append(Bevinding(pad.name, None, "A01", "bestandsnaam"))
                continue
            bestand.feed, bestand.leverancier = delen["feed"], delen["leverancier"]
            bestand.periode, bestand.volgnr = delen["periode"], int(delen["volgnr"])
            if bestand.feed not in CONTRACTEN:
                bestand.status, bestand.reden = "overgeslagen", "onbekende feed"
                continue
            halfjaar_nodig = not bestand.feed.startswith("cbs_")
            if not re.fullmatch(LEVERANCIERVORM[bestand.feed], bestand.leverancier, flags=re.ASCII) or (
                halfjaar_nodig and len(bestand.periode) == 4
            ):
                bestand.status, bestand.reden = "geweigerd", "A01"
                bestand.bevindingen.append(Bevinding(pad.name, None, "A01", "bestandsnaam"))
            elif len(verschillend) > 1:
                bestand.status, bestand.reden = "geweigerd", "A01"
                bestand.bevindingen.append(Bevinding(pad.name, None, "A01", "zelfde naam, andere inhoud"))
            elif achtervoegsel != ".csv":
                bestand.status, bestand.reden = "overgeslagen", "de tegenrekening leest alleen csv"
            else:
                lees_bestand(bestand, inhoud, sleutel, max_afkeur)

    van_kracht: dict[tuple[str, str, str], Bestand] = {}
    for bestand in bestanden:
        if bestand.status != "geaccepteerd" or not telt_mee(bestand.periode, periode):
            continue
        plek = (bestand.feed, bestand.leverancier, bestand.periode)
        if plek not in van_kracht or bestand.volgnr > van_kracht[plek].volgnr:
            van_kracht[plek] = bestand
    for bestand in van_kracht.values():
        bestand.van_kracht = True

    return Leveringen(
        periode=periode,
        van_kracht={plek: bestand.rijen for plek, bestand in van_kracht.items()},
        bestanden=bestanden,
        bevindingen=[bevinding for bestand in bestanden for bevinding in bestand.bevindingen],
    )
