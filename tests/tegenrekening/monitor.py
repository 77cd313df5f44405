"""Reference implementation of specification 02: trajecten, maatregelen, person attributes and the monitor tables.

Deliberately naive: one unit at a time, no set-based tricks. Entry point: `bereken`; `bouw` gives what lies beneath it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from statistics import NormalDist

from .landing import (
    CODELIJSTEN,
    SLEUTELS,
    Leveringen,
    eerste_dag,
    hele_maanden,
    laatste_dag,
    leeftijd_op,
    min_jaren,
)

DAG = timedelta(days=1)
ONEINDIG = date.max
ONBEKEND = "onbekend"
NIVEAUS = ("provincie", "jeugdregio", "subregio", "gemeente", "wijk")
Z = NormalDist().inv_cdf(0.975)

LEEFTIJDSGROEPEN = [
    (code, int(rij["van"]), int(rij["tot_en_met"])) for code, rij in CODELIJSTEN["leeftijdsgroep"].items()
]
VERBLIJF = [code for code, rij in CODELIJSTEN["hulpvorm"].items() if rij["groep"] == "verblijf"]
MAATREGELSOORTEN = ("jeugdbescherming", "jeugdreclassering")

# Dimensions and their categories (aanbieder has no fixed list)
CATEGORIEEN: dict[str, list[str]] = {
    "totaal": ["totaal"],
    "geslacht": list(CODELIJSTEN["geslacht"]),
    "leeftijdsgroep": list(CODELIJSTEN["leeftijdsgroep"]),
    "hulpvorm": list(CODELIJSTEN["hulpvorm"]),
    "hulpvormgroep": list(CODELIJSTEN["hulpvormgroep"]),
    "verwijzer": list(CODELIJSTEN["verwijzer"]),
    "perspectief": [*CODELIJSTEN["perspectief"], ONBEKEND],
}
PERSOONSDIMENSIES = ("totaal", "geslacht", "leeftijdsgroep")
DIMENSIES = {
    "jeugdhulp": (*PERSOONSDIMENSIES, "hulpvorm", "hulpvormgroep", "verwijzer", "perspectief", "aanbieder"),
    "jeugdbescherming": (*PERSOONSDIMENSIES, "type_maatregel", "aanbieder"),
    "jeugdreclassering": (*PERSOONSDIMENSIES, "type_maatregel", "aanbieder"),
    "jeugdzorg": PERSOONSDIMENSIES,
}
WIJKDIMENSIES = (*PERSOONSDIMENSIES, "hulpvormgroep")
STANDEN = ("beginstand", "instroom", "uitstroom", "eindstand", "in_periode")
SPLITSING = ("instroom_nieuw", "instroom_herhaald", "instroom_aansluitend")
KLASSEN = (
    ("k_0_3m", 3),
    ("k_3_6m", 6),
    ("k_6_12m", 12),
    ("k_1_2j", 24),
    ("k_2_3j", 36),
    ("k_3_4j", 48),
    ("k_4j_plus", 10**6),
)


# ---------------------------------------------------------------------------------------------------------------------
# 02 §1: records, trajecten, maatregelen


@dataclass
class Record:
    """The latest version of a jeugdhulp or maatregelen record (natural key), with its end as counted."""

    rij: dict  # the delivered row of its latest period
    eerste_periode: str
    laatste_periode: str
    einde: date | None
    einde_bron: str = "geleverd"
    doorgeteld: bool = False


@dataclass
class Traject:
    """One jeugdhulp traject: overlapping records of the same persoon, hulpvorm and leverancier."""

    persoon: str
    leverancier: str
    hulpvorm: str
    start: date
    einde: date | None
    einde_bron: str
    reden: str | None
    verwijzer: str
    perspectief: str | None
    doorgeteld: bool
    records: list[Record]

    @property
    def soort(self) -> str:
        """The kind of care."""
        return "jeugdhulp"


@dataclass
class Maatregel:
    """One maatregel: rows chained over overdracht; leverancier is the last GI."""

    persoon: str
    leverancier: str
    type_maatregel: str
    start: date
    einde: date | None
    einde_bron: str
    reden: str | None
    eerste_contact: date | None
    doorgeteld: bool
    schakels: list[Record]
    s05: bool = False

    @property
    def soort(self) -> str:
        """jeugdbescherming, jeugdreclassering or preventief (type 31, counted nowhere)."""
        return CODELIJSTEN["type_maatregel"][self.type_maatregel]["groep"]


def maak_records(leveringen: Leveringen, feed: str, sleutel: tuple[str, ...], gestopt: dict[str, date]) -> list[Record]:
    """Take the latest version of every record of a feed, and give vanished and stopped records their derived end."""
    versies: dict[tuple, list[dict]] = defaultdict(list)
    for rij in leveringen.rijen(feed):
        versies[tuple(rij[naam] for naam in sleutel)].append(rij)

    records = []
    for rijen in versies.values():
        rijen.sort(key=lambda rij: rij["periode"])
        rij = rijen[-1]
        record = Record(rij, rijen[0]["periode"], rij["periode"], rij["datum_einde"])
        records.append(record)
        if record.einde is not None or rij.get("datum_overgedragen") is not None:
            continue
        laatste_levering = leveringen.periodes(feed, rij["leverancier"])[-1]
        if laatste_levering > record.laatste_periode:  # verdwenen
            record.einde = laatste_dag(record.laatste_periode)
            record.einde_bron = "afgeleid"
        elif rij["leverancier"] in gestopt:
            start = rij["datum_aanvang"] or rij["datum_overgedragen_gekregen"]
            record.einde = max(start, gestopt[rij["leverancier"]])
            record.einde_bron = "afgeleid"
        else:
            record.doorgeteld = laatste_levering < leveringen.periode
    return records


def tot(einde: date | None) -> date:
    """Order ends: running is later than any day."""
    return ONEINDIG if einde is None else einde


def maak_trajecten(records: list[Record]) -> list[Traject]:
    """Merge overlapping records of the same persoon, hulpvorm and leverancier (adjacent is not overlapping)."""
    groepen: dict[tuple, list[Record]] = defaultdict(list)
    for record in records:
        groepen[record.rij["persoon"], record.rij["hulpvorm"], record.rij["leverancier"]].append(record)

    trajecten = []
    for (persoon, hulpvorm, leverancier), groep in sorted(groepen.items()):
        groep.sort(key=lambda record: record.rij["datum_aanvang"])
        stapels: list[list[Record]] = []
        for record in groep:
            if stapels and record.rij["datum_aanvang"] <= max(tot(r.einde) for r in stapels[-1]):
                stapels[-1].append(record)
            else:
                stapels.append([record])
        for stapel in stapels:
            laatst_begonnen = stapel[-1]
            laatst_geeindigd = max(stapel, key=lambda r: (tot(r.einde), r.rij["datum_aanvang"]))
            trajecten.append(
                Traject(
                    persoon=persoon,
                    leverancier=leverancier,
                    hulpvorm=hulpvorm,
                    start=stapel[0].rij["datum_aanvang"],
                    einde=laatst_geeindigd.einde,
                    einde_bron=laatst_geeindigd.einde_bron,
                    reden=laatst_geeindigd.rij["reden_beeindiging"],
                    verwijzer=laatst_begonnen.rij["verwijzer"],
                    perspectief=laatst_begonnen.rij["perspectief"],
                    doorgeteld=laatst_geeindigd.doorgeteld,
                    records=stapel,
                )
            )
    return trajecten


def maak_maatregelen(records: list[Record]) -> list[Maatregel]:
    """Chain rows over overdracht: datum_overgedragen + 1 = datum_overgedragen_gekregen, same persoon and type."""

    def plaats(record: Record) -> tuple:
        rij = record.rij
        return (rij["leverancier"], rij["datum_aanvang"] or date.min, rij["datum_overgedragen_gekregen"] or date.min)

    ontvangers: dict[tuple, list[Record]] = defaultdict(list)
    for record in sorted(records, key=plaats):
        if record.rij["datum_overgedragen_gekregen"] is not None:
            sleutel = (
                record.rij["persoon"],
                record.rij["type_maatregel"],
                record.rij["datum_overgedragen_gekregen"],
            )
            ontvangers[sleutel].append(record)

    volgende: dict[int, Record] = {}
    heeft_vorige: set[int] = set()
    for record in sorted(records, key=plaats):
        overgedragen = record.rij["datum_overgedragen"]
        if overgedragen is None:
            continue
        sleutel = (record.rij["persoon"], record.rij["type_maatregel"], overgedragen + DAG)
        if ontvangers[sleutel]:
            ontvanger = ontvangers[sleutel].pop(0)
            volgende[id(record)] = ontvanger
            heeft_vorige.add(id(ontvanger))

    maatregelen = []
    for record in sorted(records, key=plaats):
        if id(record) in heeft_vorige:
            continue
        keten = [record]
        while id(keten[-1]) in volgende:
            keten.append(volgende[id(keten[-1])])
        eerste, laatste = keten[0], keten[-1]
        einde, einde_bron = laatste.einde, laatste.einde_bron
        reden = laatste.rij["reden_beeindiging"]
        nergens_heen = laatste.rij["datum_overgedragen"] is not None
        if nergens_heen:
            einde, einde_bron, reden = laatste.rij["datum_overgedragen"], "afgeleid", None
        maatregelen.append(
            Maatregel(
                persoon=eerste.rij["persoon"],
                leverancier=laatste.rij["leverancier"],
                type_maatregel=eerste.rij["type_maatregel"],
                start=eerste.rij["datum_aanvang"] or eerste.rij["datum_overgedragen_gekregen"],
                einde=einde,
                einde_bron=einde_bron,
                reden=reden,
                eerste_contact=eerste.rij["datum_eerste_contact"],
                doorgeteld=laatste.doorgeteld,
                schakels=keten,
                s05=nergens_heen or eerste.rij["datum_overgedragen_gekregen"] is not None,
            )
        )
    return maatregelen


def vorige_periode(periode: str) -> str:
    """Give the half-year before."""
    return f"{periode[:4]}H1" if periode.endswith("H2") else f"{int(periode[:4]) - 1}H2"


def s04(leveringen: Leveringen, periode: str) -> set[tuple[str, int, str]]:
    """Find records running in a levering of P-1 and absent in the same leverancier's of P, as rows of P-1."""
    gevonden = set()
    for (feed, leverancier, vorige), rijen in leveringen.van_kracht.items():
        nu = leveringen.van_kracht.get((feed, leverancier, periode))
        if feed not in ("jeugdhulp", "maatregelen") or vorige != vorige_periode(periode) or nu is None:
            continue
        aanwezig = {tuple(rij[naam] for naam in SLEUTELS[feed]) for rij in nu}
        for rij in rijen:
            loopt = rij["datum_einde"] is None and rij.get("datum_overgedragen") is None
            if loopt and tuple(rij[naam] for naam in SLEUTELS[feed]) not in aanwezig:
                gevonden.add((rij["bestand"], rij["rij"], "S04"))
    return gevonden


def s05(maatregelen: list[Maatregel]) -> set[tuple[str, int, str]]:
    """Find maatregelen taken over from, or handed over to, nothing (rows of the latest version)."""
    gevonden = set()
    for maatregel in maatregelen:
        eerste, laatste = maatregel.schakels[0].rij, maatregel.schakels[-1].rij
        if eerste["datum_overgedragen_gekregen"] is not None:
            gevonden.add((eerste["bestand"], eerste["rij"], "S05"))
        if laatste["datum_overgedragen"] is not None:
            gevonden.add((laatste["bestand"], laatste["rij"], "S05"))
    return gevonden


# ---------------------------------------------------------------------------------------------------------------------
# 02 §2: regions and person attributes


def kies_jaar(jaren, jaar: int) -> int | None:
    """Choose the year itself, else the latest earlier, else the earliest later."""
    eerder = [j for j in jaren if j <= jaar]
    if eerder:
        return max(eerder)
    return min(jaren, default=None)


class Gebied:
    """The cbs tables in force: gebieden, postcodes and bevolking."""

    def __init__(self, leveringen: Leveringen):
        self.gebieden: dict[int, dict[str, dict]] = defaultdict(dict)
        self.postcodes: dict[int, dict[str, dict]] = defaultdict(dict)
        self.bevolking: dict[str, dict[int, dict[tuple, int]]] = defaultdict(lambda: defaultdict(dict))
        for rij in leveringen.rijen("cbs_gebieden"):  # ordered by period: the latest counts
            self.gebieden[rij["jaar"]][rij["gemeentecode"]] = rij
        for rij in leveringen.rijen("cbs_postcodes"):
            self.postcodes[rij["jaar"]][rij["postcode"]] = rij
        for rij in leveringen.rijen("cbs_bevolking"):
            self.bevolking[rij["regio"]][rij["peildatum"].year][rij["leeftijd"], rij["geslacht"]] = rij["aantal"]

    def gemeenten(self, jaar: int) -> dict[str, dict]:
        """cbs_gebieden that holds for a year."""
        return self.gebieden.get(kies_jaar(self.gebieden, jaar), {})

    def postcodetabel(self, jaar: int) -> dict[str, dict]:
        """cbs_postcodes that holds for a year."""
        return self.postcodes.get(kies_jaar(self.postcodes, jaar), {})

    def woonplaats(self, postcode: str | None, gemeentecode: str | None, jaar: int) -> dict[str, str]:
        """The region code per niveau."""
        gemeenten, gevonden = self.gemeenten(jaar), self.postcodetabel(jaar).get(postcode)
        if gevonden is not None:
            gemeentecode, wijk = gevonden["gemeentecode"], gevonden["wijkcode"]
        else:
            wijk = ONBEKEND
        if gemeentecode not in gemeenten:
            return dict.fromkeys(NIVEAUS, ONBEKEND)
        rij = gemeenten[gemeentecode]
        return {
            "provincie": rij["provinciecode"],
            "jeugdregio": rij["jeugdregio"],
            "subregio": rij["subregio"] or ONBEKEND,
            "gemeente": gemeentecode,
            "wijk": wijk,
        }

    def regios(self, jaar: int) -> dict[str, dict[str, str]]:
        """All regions of a year as {niveau: {code: naam}}, with onbekend."""
        alles: dict[str, dict[str, str]] = {niveau: {ONBEKEND: ONBEKEND} for niveau in NIVEAUS}
        gemeenten = self.gemeenten(jaar)
        for code, rij in gemeenten.items():
            alles["provincie"][rij["provinciecode"]] = rij["provincienaam"]
            alles["jeugdregio"][rij["jeugdregio"]] = rij["jeugdregio"]
            if rij["subregio"]:
                alles["subregio"][rij["subregio"]] = rij["subregio"]
            alles["gemeente"][code] = rij["gemeentenaam"]
        for rij in self.postcodetabel(jaar).values():
            if rij["gemeentecode"] in gemeenten:
                alles["wijk"][rij["wijkcode"]] = rij["wijknaam"]
        return alles

    def inwoners(self, regio: str, jaar: int, van: int, tot_en_met: int) -> tuple[int | None, int | None]:
        """Give (population, its year) of one cbs region: the latest year <= jaar."""
        jaren = [j for j in self.bevolking.get(regio, {}) if j <= jaar]
        if not jaren:
            return None, None
        aantallen = self.bevolking[regio][max(jaren)]
        return sum(n for (leeftijd, _), n in aantallen.items() if van <= leeftijd <= tot_en_met), max(jaren)

    def noemer(self, niveau: str, code: str, jaar: int, van: int, tot_en_met: int) -> tuple[int | None, int | None]:
        """Give (noemer, noemer_jaar) of a region; jeugdregio and subregio are the sum of their gemeenten."""
        if code == ONBEKEND:
            return None, None
        if niveau not in ("jeugdregio", "subregio"):
            return self.inwoners(code, jaar, van, tot_en_met)
        delen = [
            self.inwoners(gemeente, jaar, van, tot_en_met)
            for gemeente, rij in self.gemeenten(jaar).items()
            if rij[niveau] == code
        ]
        if not delen or any(aantal is None for aantal, _ in delen):
            return None, None
        return sum(aantal for aantal, _ in delen), min(j for _, j in delen)


@dataclass(frozen=True)
class Kenmerken:
    """What holds for a persoon in a verslagperiode."""

    geslacht: str
    geboren: date | None
    leeftijd: int
    leeftijdsgroep: str
    regio: dict[str, str]


def leeftijdsgroep(leeftijd: int) -> str:
    """Give the leeftijdsgroep of an age."""
    for code, van, tot_en_met in LEEFTIJDSGROEPEN:
        if van <= leeftijd <= tot_en_met:
            return code
    raise ValueError(leeftijd)


class Personen:
    """One value per persoon and verslagperiode, all from one delivered row."""

    def __init__(self, leveringen: Leveringen, gebied: Gebied):
        self.gebied = gebied
        self.rij: dict[str, dict[str, dict]] = defaultdict(dict)  # persoon -> period -> the chosen row
        self.onthouden: dict[tuple[str, str], Kenmerken] = {}
        kandidaten: dict[tuple[str, str], list[dict]] = defaultdict(list)
        for feed in ("jeugdhulp", "maatregelen"):
            for rij in leveringen.rijen(feed):
                kandidaten[rij["persoon"], rij["periode"]].append(rij)
        for (persoon, periode), rijen in kandidaten.items():
            self.rij[persoon][periode] = min(rijen, key=self._volgorde)

    @staticmethod
    def _volgorde(rij: dict) -> tuple:
        start = rij["datum_aanvang"] or rij["datum_overgedragen_gekregen"]
        code = rij["hulpvorm"] if rij["feed"] == "jeugdhulp" else rij["type_maatregel"]
        return (-start.toordinal(), rij["leverancier"], code, rij["feed"], rij["rij"])

    def kenmerken(self, persoon: str, verslagperiode: str) -> Kenmerken:
        """Attributes from the period itself, else the latest earlier, else the earliest later; the age is of now."""
        if (persoon, verslagperiode) in self.onthouden:
            return self.onthouden[persoon, verslagperiode]
        rijen, jaar = self.rij[persoon], int(verslagperiode[:4])
        halfjaar = verslagperiode.replace("JJ", "H2")
        eerder = [periode for periode in rijen if periode <= halfjaar]
        rij = rijen[max(eerder) if eerder else min(rijen)]
        geboren = rij["geboren"]
        leeftijd = 0 if geboren is None else max(0, leeftijd_op(geboren, date(jaar, 1, 1)))
        regio = self.gebied.woonplaats(rij["postcode"], rij["gemeentecode"], int(rij["periode"][:4]))
        gevonden = Kenmerken(rij["geslacht"], geboren, leeftijd, leeftijdsgroep(leeftijd), regio)
        self.onthouden[persoon, verslagperiode] = gevonden
        return gevonden


# ---------------------------------------------------------------------------------------------------------------------
# 02 §3: stand en stroom


@dataclass
class Episode:
    """A stretch of care of one persoon without a day between."""

    persoon: str
    start: date
    einde: date | None


def maak_episoden(eenheden: list) -> dict[str, list[Episode]]:
    """Join the units of every persoon: a start <= the maximum end so far + 1 day belongs to the running episode."""
    per_persoon: dict[str, list] = defaultdict(list)
    for eenheid in eenheden:
        per_persoon[eenheid.persoon].append(eenheid)
    episoden = {}
    for persoon, lijst in per_persoon.items():
        lijst.sort(key=lambda eenheid: eenheid.start)
        eigen: list[Episode] = []
        for eenheid in lijst:
            if eigen and (eigen[-1].einde is None or eenheid.start <= eigen[-1].einde + DAG):
                if eigen[-1].einde is not None:
                    eigen[-1].einde = None if eenheid.einde is None else max(eigen[-1].einde, eenheid.einde)
            else:
                eigen.append(Episode(persoon, eenheid.start, eenheid.einde))
        episoden[persoon] = eigen
    return episoden


def standen(start: date, einde: date | None, periode: str) -> dict[str, bool]:
    """The five measures of 02 §3 for one unit."""
    d0, d1 = eerste_dag(periode), laatste_dag(periode)
    return {
        "beginstand": start < d0 and (einde is None or einde >= d0),
        "instroom": d0 <= start <= d1,
        "uitstroom": einde is not None and d0 <= einde <= d1,
        "eindstand": start <= d1 and (einde is None or einde > d1),
        "in_periode": start <= d1 and (einde is None or einde >= d0),
    }


def soort_instroom(eenheid, andere: list, venster_jaren: int, min_tussentijd: int) -> str:
    """Say nieuw, herhaald or aansluitend for a unit, against the other units of the persoon (trajecten or episoden)."""
    a = eenheid.start
    van, tot_en_met = min_jaren(a, venster_jaren), a - DAG * (1 + min_tussentijd)
    for ander in andere:
        if ander is not eenheid and ander.start < a and tot(ander.einde) >= a - DAG:
            return "instroom_aansluitend"
    for ander in andere:
        if ander is not eenheid and ander.einde is not None and van <= ander.einde <= tot_en_met:
            return "instroom_herhaald"
    return "instroom_nieuw"


def wilson(teller: int, noemer: int | None) -> tuple[float | None, float | None]:
    """Give the 95 % Wilson interval of a proportion, in per cent (None without noemer or when teller > noemer)."""
    if not noemer or teller > noemer:
        return None, None
    p, n = teller / noemer, noemer
    midden = p + Z * Z / (2 * n)
    marge = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    schaal = 1 + Z * Z / n
    ondergrens = 0.0 if teller == 0 else 100 * (midden - marge) / schaal
    bovengrens = 100.0 if teller == noemer else 100 * (midden + marge) / schaal
    return ondergrens, bovengrens


# ---------------------------------------------------------------------------------------------------------------------
# Everything together


@dataclass
class Model:
    """What the tables are made of."""

    leveringen: Leveringen
    periode: str
    gestopt: dict[str, date]
    records: dict[str, list[Record]]
    trajecten: list[Traject]
    maatregelen: list[Maatregel]
    gebied: Gebied
    personen: Personen
    verslagperioden: list[str]
    regios: dict[str, dict[str, dict[str, str]]]  # verslagperiode -> niveau -> code -> naam
    venster_jaren: int = 5
    min_tussentijd: int = 1

    @property
    def halfjaren(self) -> list[str]:
        """The verslagperioden that are half-years."""
        return [p for p in self.verslagperioden if not p.endswith("JJ")]

    def eenheden(self, soort: str) -> list:
        """The trajecten or maatregelen of a soort; jeugdzorg is the three together."""
        if soort == "jeugdhulp":
            return list(self.trajecten)
        if soort == "jeugdzorg":
            return [*self.trajecten, *(m for m in self.maatregelen if m.soort in MAATREGELSOORTEN)]
        return [m for m in self.maatregelen if m.soort == soort]

    def categorieen(self, eenheid, kenmerken: Kenmerken) -> dict[str, str]:
        """The category of one unit in every dimension it has."""
        gevonden = {
            "totaal": "totaal",
            "geslacht": kenmerken.geslacht,
            "leeftijdsgroep": kenmerken.leeftijdsgroep,
            "aanbieder": eenheid.leverancier,
        }
        if isinstance(eenheid, Traject):
            gevonden["hulpvorm"] = eenheid.hulpvorm
            gevonden["hulpvormgroep"] = CODELIJSTEN["hulpvorm"][eenheid.hulpvorm]["groep"]
            gevonden["verwijzer"] = eenheid.verwijzer
            gevonden["perspectief"] = eenheid.perspectief or ONBEKEND
        else:
            gevonden["type_maatregel"] = eenheid.type_maatregel
        return gevonden

    def status_cijfer(self, verslagperiode: str) -> str:
        """Give voorlopig, nader_voorlopig or definitief."""
        halfjaar = verslagperiode.replace("JJ", "H2")
        if halfjaar == self.periode:
            return "voorlopig"
        if self.periode.endswith("H2") and halfjaar == self.periode[:4] + "H1":
            return "nader_voorlopig"
        return "definitief"

    def geen_levering(self, feed: str, leverancier: str, verslagperiode: str) -> bool:
        """Say whether the leverancier has no levering of the feed for the period or later, and is not known to stop."""
        halfjaar = verslagperiode.replace("JJ", "H2")
        later = [p for p in self.leveringen.periodes(feed, leverancier) if p >= halfjaar]
        return not later and leverancier not in self.gestopt

    def paren(self, soort: str) -> set[tuple[str, str, str]]:
        """The (niveau, region code, aanbieder) that occur in any period."""
        gevonden = set()
        for verslagperiode in self.verslagperioden:
            for eenheid in self.eenheden(soort):
                if standen(eenheid.start, eenheid.einde, verslagperiode)["in_periode"]:
                    regio = self.personen.kenmerken(eenheid.persoon, verslagperiode).regio
                    gevonden |= {(niveau, regio[niveau], eenheid.leverancier) for niveau in NIVEAUS}
        return gevonden

    def rooster(
        self, soort: str, verslagperiode: str, paren: set[tuple[str, str, str]]
    ) -> list[tuple[str, str, str, str]]:
        """Give the complete grid of (niveau, region code, dimensie, categorie) of a soort in a period."""
        cellen = []
        for niveau in NIVEAUS:
            for code in self.regios[verslagperiode][niveau]:
                for dimensie in DIMENSIES[soort]:
                    if niveau == "wijk" and dimensie not in WIJKDIMENSIES:
                        continue
                    if dimensie == "aanbieder":
                        lijst = sorted(lev for n, c, lev in paren if (n, c) == (niveau, code))
                    elif dimensie == "type_maatregel":
                        lijst = [c for c, rij in CODELIJSTEN["type_maatregel"].items() if rij["groep"] == soort]
                    else:
                        lijst = CATEGORIEEN[dimensie]
                    cellen += [(niveau, code, dimensie, categorie) for categorie in lijst]
        return cellen

    def plekken(self, eenheid, verslagperiode: str) -> list[tuple[str, str, str, str]]:
        """Give the grid cells in which one unit counts in a period."""
        kenmerken = self.personen.kenmerken(eenheid.persoon, verslagperiode)
        return [
            (niveau, kenmerken.regio[niveau], dimensie, categorie)
            for niveau in NIVEAUS
            for dimensie, categorie in self.categorieen(eenheid, kenmerken).items()
            if niveau != "wijk" or dimensie in WIJKDIMENSIES
        ]


def bouw(
    leveringen: Leveringen,
    periode: str,
    gestopt: dict[str, date] | None = None,
    venster_jaren: int = 5,
    min_tussentijd: int = 1,
) -> Model:
    """Build trajecten, maatregelen, attributes, verslagperioden and regions."""
    if leveringen.periode != periode:
        raise ValueError("leveringen is read for another refresh period")
    gestopt = gestopt or {}
    jeugdhulp = maak_records(leveringen, "jeugdhulp", ("leverancier", "persoon", "hulpvorm", "datum_aanvang"), gestopt)
    maatregel_sleutel = ("leverancier", "persoon", "type_maatregel", "datum_aanvang", "datum_overgedragen_gekregen")
    maatregel = maak_records(leveringen, "maatregelen", maatregel_sleutel, gestopt)
    gebied = Gebied(leveringen)

    halfjaren = leveringen.periodes("jeugdhulp")
    verslagperioden = list(halfjaren)
    verslagperioden += [p[:4] + "JJ" for p in halfjaren if p.endswith("H2") and p[:4] + "H1" in halfjaren]

    model = Model(
        leveringen=leveringen,
        periode=periode,
        gestopt=gestopt,
        records={"jeugdhulp": jeugdhulp, "maatregelen": maatregel},
        trajecten=maak_trajecten(jeugdhulp),
        maatregelen=maak_maatregelen(maatregel),
        gebied=gebied,
        personen=Personen(leveringen, gebied),
        verslagperioden=sorted(verslagperioden),
        regios={},
        venster_jaren=venster_jaren,
        min_tussentijd=min_tussentijd,
    )
    for verslagperiode in model.verslagperioden:
        model.regios[verslagperiode] = gebied.regios(int(verslagperiode[:4]))
        # A region found in another period (02 §2: "the region stays as found there") needs its own row here.
        for eenheid in model.eenheden("jeugdzorg"):
            if standen(eenheid.start, eenheid.einde, verslagperiode)["in_periode"]:
                voeg_regio_toe(model, verslagperiode, model.personen.kenmerken(eenheid.persoon, verslagperiode).regio)
    return model


def voeg_regio_toe(model: Model, verslagperiode: str, regio: dict[str, str]) -> None:
    """Add the regions of a persoon to those of the period, with the name they have in the nearest year."""
    jaar = int(verslagperiode[:4])
    jaren = sorted(model.gebied.gebieden | model.gebied.postcodes, key=lambda j: (j > jaar, abs(j - jaar)))
    for niveau, code in regio.items():
        if code not in model.regios[verslagperiode][niveau]:
            namen = [model.gebied.regios(j)[niveau].get(code) for j in jaren]
            model.regios[verslagperiode][niveau][code] = next((naam for naam in namen if naam), code)


def tabel_stand_stroom(model: Model) -> dict[tuple, dict]:
    """Make stand_stroom: (verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie) -> values."""
    tabel: dict[tuple, dict] = {}
    for soort in DIMENSIES:
        episoden = maak_episoden(model.eenheden(soort))
        per_persoon: dict[str, list] = defaultdict(list)
        for eenheid in model.eenheden(soort):
            per_persoon[eenheid.persoon].append(eenheid)
        paren = model.paren(soort)

        for vp in model.verslagperioden:
            rooster = model.rooster(soort, vp, paren)
            for eenheid_naam in ("jeugdigen",) if soort == "jeugdzorg" else ("trajecten", "jeugdigen"):
                for niveau, code, dimensie, categorie in rooster:
                    alleen_in_periode = eenheid_naam == "jeugdigen" and dimensie not in PERSOONSDIMENSIES
                    waarden: dict = {"regio_naam": model.regios[vp][niveau][code]}
                    waarden |= dict.fromkeys(STANDEN, None if alleen_in_periode else 0)
                    waarden["in_periode"] = 0
                    gesplitst = soort == "jeugdhulp" and not alleen_in_periode
                    waarden |= dict.fromkeys(SPLITSING, 0 if gesplitst else None)
                    waarden["celstatus"] = "waarde"
                    if dimensie == "aanbieder":
                        feed = "jeugdhulp" if soort == "jeugdhulp" else "maatregelen"
                        if model.geen_levering(feed, categorie, vp):
                            waarden["celstatus"] = "geen_levering"
                    waarden["status_cijfer"] = model.status_cijfer(vp)
                    tabel[vp, soort, eenheid_naam, niveau, code, dimensie, categorie] = waarden

            # trajecten and maatregelen
            jeugdigen: dict[tuple, set[str]] = defaultdict(set)
            for eenheid in model.eenheden(soort):
                gemeten = standen(eenheid.start, eenheid.einde, vp)
                if not gemeten["in_periode"]:
                    continue
                for plek in model.plekken(eenheid, vp):
                    if plek[2] in DIMENSIES[soort]:
                        jeugdigen[plek].add(eenheid.persoon)
                    if soort == "jeugdzorg":
                        continue
                    cel = tabel[vp, soort, "trajecten", *plek]
                    for maat, telt in gemeten.items():
                        cel[maat] += telt
                    if soort == "jeugdhulp" and gemeten["instroom"]:
                        andere = per_persoon[eenheid.persoon]
                        cel[soort_instroom(eenheid, andere, model.venster_jaren, model.min_tussentijd)] += 1

            # jeugdigen: in_periode as distinct personen, the rest over episodes
            for plek, personen in jeugdigen.items():
                tabel[vp, soort, "jeugdigen", *plek]["in_periode"] = len(personen)
            for persoon, eigen in episoden.items():
                for episode in eigen:
                    gemeten = standen(episode.start, episode.einde, vp)
                    if not gemeten["in_periode"]:
                        continue
                    kenmerken = model.personen.kenmerken(persoon, vp)
                    for niveau in NIVEAUS:
                        for dimensie, categorie in (
                            ("totaal", "totaal"),
                            ("geslacht", kenmerken.geslacht),
                            ("leeftijdsgroep", kenmerken.leeftijdsgroep),
                        ):
                            cel = tabel[vp, soort, "jeugdigen", niveau, kenmerken.regio[niveau], dimensie, categorie]
                            for maat in ("beginstand", "instroom", "uitstroom", "eindstand"):
                                cel[maat] += gemeten[maat]
                            if soort == "jeugdhulp" and gemeten["instroom"]:
                                cel[soort_instroom(episode, eigen, model.venster_jaren, model.min_tussentijd)] += 1
    return tabel


def tabel_percentage(model: Model) -> dict[tuple, dict]:
    """Make percentage_in_zorg: (verslagperiode, regio_niveau, regio_code, maat) -> values."""
    maten = {
        "jeugdhulp": ("jeugdhulp", 0, 17, lambda e: True),
        "jeugdhulp_verblijf": (
            "jeugdhulp",
            0,
            17,
            lambda e: CODELIJSTEN["hulpvorm"][e.hulpvorm]["groep"] == "verblijf",
        ),
        "jeugdbescherming": ("jeugdbescherming", 0, 17, lambda e: True),
        "jeugdreclassering": ("jeugdreclassering", 12, 22, lambda e: True),
        "jeugdzorg": ("jeugdzorg", 0, 22, lambda e: True),
        "gespecialiseerd": ("jeugdhulp", 0, 17, lambda e: e.hulpvorm != "01"),
    }
    tabel = {}
    for vp in model.verslagperioden:
        jaar = int(vp[:4])
        tellers: dict[tuple, set[str]] = defaultdict(set)
        for maat, (soort, van, tot_en_met, hoort_erbij) in maten.items():
            for eenheid in model.eenheden(soort):
                if not standen(eenheid.start, eenheid.einde, vp)["in_periode"] or not hoort_erbij(eenheid):
                    continue
                kenmerken = model.personen.kenmerken(eenheid.persoon, vp)
                if van <= kenmerken.leeftijd <= tot_en_met:
                    for niveau in NIVEAUS:
                        tellers[niveau, kenmerken.regio[niveau], maat].add(eenheid.persoon)

        for niveau in NIVEAUS:
            for code, naam in model.regios[vp][niveau].items():
                for maat, (_, van, tot_en_met, _) in maten.items():
                    teller = len(tellers[niveau, code, maat])
                    if code == ONBEKEND:
                        noemer, noemer_jaar = None, None
                    elif maat == "jeugdhulp_verblijf":
                        noemer, noemer_jaar = len(tellers[niveau, code, "jeugdhulp"]), None
                    else:
                        noemer, noemer_jaar = model.gebied.noemer(niveau, code, jaar, van, tot_en_met)
                    ondergrens, bovengrens = wilson(teller, noemer)
                    tabel[vp, niveau, code, maat] = {
                        "regio_naam": naam,
                        "teller": teller,
                        "noemer": noemer,
                        "noemer_jaar": noemer_jaar,
                        "percentage": 100 * teller / noemer if noemer else None,
                        "ondergrens": ondergrens,
                        "bovengrens": bovengrens,
                        "celstatus": "waarde" if noemer else "niet_van_toepassing",
                        "status_cijfer": model.status_cijfer(vp),
                    }
    return tabel


def mediaan(waarden: list[int]) -> float:
    """Take the middle value, or the mean of the middle two."""
    gesorteerd, n = sorted(waarden), len(waarden)
    return (gesorteerd[(n - 1) // 2] + gesorteerd[n // 2]) / 2


def duurklasse(start: date, einde: date) -> str:
    """Give the CBS class, by completed calendar months between the start and the day after the end."""
    maanden = hele_maanden(start, einde + DAG)
    return next(naam for naam, grens in KLASSEN if maanden < grens)


def tabel_duur(model: Model) -> dict[tuple, dict]:
    """Make duur: (verslagperiode, regio_niveau, regio_code, dimensie, categorie) -> values."""
    tabel = {}
    paren = model.paren("jeugdhulp")
    for vp in model.verslagperioden:
        duren: dict[tuple, list[int]] = defaultdict(list)
        klassen: dict[tuple, list[str]] = defaultdict(list)
        for traject in model.trajecten:
            if standen(traject.start, traject.einde, vp)["uitstroom"]:
                for plek in model.plekken(traject, vp):
                    duren[plek].append((traject.einde - traject.start).days + 1)
                    klassen[plek].append(duurklasse(traject.start, traject.einde))
        for plek in model.rooster("jeugdhulp", vp, paren):
            niveau, code, dimensie, categorie = plek
            lijst = duren[plek]
            geen = dimensie == "aanbieder" and model.geen_levering("jeugdhulp", categorie, vp)
            tabel[vp, *plek] = {
                "regio_naam": model.regios[vp][niveau][code],
                "aantal": len(lijst),
                "gemiddelde_dagen": float(Decimal(sum(lijst)) / len(lijst)) if lijst else None,
                "mediaan_dagen": mediaan(lijst) if lijst else None,
                **{naam: klassen[plek].count(naam) for naam, _ in KLASSEN},
                "celstatus": "geen_levering" if geen else "waarde",
                "status_cijfer": model.status_cijfer(vp),
            }
    return tabel


def bereken(
    leveringen: Leveringen,
    periode: str,
    gestopt: dict[str, date] | None = None,
    venster_jaren: int = 5,
    min_tussentijd: int = 1,
) -> dict[str, dict[tuple, dict]]:
    """Compute the tables of 02 §6 (without herindicaties and prestatie_indicatoren, see `indicatoren`).

    The result is {table: {key: {column: value}}}, with the key columns
    stand_stroom (verslagperiode, soort, eenheid, regio_niveau, regio_code, dimensie, categorie),
    percentage_in_zorg (verslagperiode, regio_niveau, regio_code, maat) and
    duur (verslagperiode, regio_niveau, regio_code, dimensie, categorie).
    """
    model = bouw(leveringen, periode, gestopt, venster_jaren, min_tussentijd)
    return {
        "stand_stroom": tabel_stand_stroom(model),
        "percentage_in_zorg": tabel_percentage(model),
        "duur": tabel_duur(model),
    }
