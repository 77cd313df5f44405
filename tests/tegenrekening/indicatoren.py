"""Reference implementation of 02 §5 (herindicaties), 01 A12 and specification 03 (the prestatie-indicatoren).

Naive on purpose: every cell of the table is computed by itself, from the units that belong to it. Entry points:
`bereken_indicatoren` (the two tables) and `a12` (findings).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import exp, lgamma, log, sqrt

from .landing import (
    CODELIJSTEN,
    SLEUTELS,
    UITKOMSTFEEDS,
    Bevinding,
    Leveringen,
    eerste_dag,
    laatste_dag,
    leeftijd_op,
    min_jaren,
    plus_maanden,
)
from .monitor import DAG, NIVEAUS, ONBEKEND, Model, Traject, bouw, tot, wilson

ALLE = "alle"
TERMIJN = 21  # days before or after
AANSLUITING = 31  # days
BEOORDELAARS = {"client": 1, "gezinsvoogd": 2, "jeugdreclasseerder": 3}
SCHALEN = ("fj", "ko")
KLASSEN = ("verslechterd", "gelijk", "licht_verbeterd", "duidelijk_verbeterd")
KADERS = (
    "vrijwillig→vrijwillig",
    "vrijwillig→gedwongen",
    "gedwongen→vrijwillig",
    "gedwongen→gedwongen",
)
SOORTEN_INDICATIE = ("nieuw", "vervolg_planmatig", "vervolg_niet_planmatig", "herhaald_beroep")
RUBRIEK = {"03": "1.1", "04": "1.2", "01": "2", "02": "2", "05": "2"}


# ---------------------------------------------------------------------------------------------------------------------
# Statistics


@cache
def student(df: int, kans: float = 0.975) -> float:
    """Give the quantile of Student's t distribution, by bisection on the regularised incomplete beta function."""

    def beta_i(x: float, a: float, b: float) -> float:
        if x in (0.0, 1.0):
            return x
        front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
        if x > (a + 1) / (a + b + 2):
            return 1 - beta_i(1 - x, b, a)
        # continued fraction, modified Lentz
        c, d = 1.0, 1 / max(1 - (a + b) * x / (a + 1), 1e-300)
        h = d
        for m in range(1, 500):
            for teller in (
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ):
                d = 1 / (1 + teller * d)
                c = 1 + teller / c
                h *= d * c
            if abs(d * c - 1) < 1e-16:
                break
        return front * h / a

    onder, boven = 0.0, 1e3
    for _ in range(200):
        t = (onder + boven) / 2
        verdeling = 1 - 0.5 * beta_i(df / (df + t * t), df / 2, 0.5)
        onder, boven = (t, boven) if verdeling < kans else (onder, t)
    return (onder + boven) / 2


def variantie(waarden: list) -> Fraction:
    """Give the sample variance (n - 1), exactly."""
    breuken = [Fraction(waarde) for waarde in waarden]
    midden = sum(breuken) / len(breuken)
    return sum((waarde - midden) ** 2 for waarde in breuken) / (len(breuken) - 1)


# ---------------------------------------------------------------------------------------------------------------------
# 02 §5: indicaties


@dataclass
class Indicatie:
    """The latest version of an indicatie, with what it is: nieuw, a follow-up, or herhaald beroep."""

    rij: dict
    soort: str = ""

    @property
    def gemeente(self) -> str:
        """The gemeente is the leverancier."""
        return self.rij["leverancier"]


def soort_indicatie(rij: dict, eerdere: list[dict], venster_jaren: int = 5, aansluiting: int = AANSLUITING) -> str:
    """Say which of the four an indicatie is, against the earlier ones of the persoon in the gemeente."""
    v = rij["geldig_van"]
    if not any(tot(ander["geldig_tot"]) >= min_jaren(v, venster_jaren) for ander in eerdere):
        return "nieuw"
    laatste = max(tot(ander["geldig_tot"]) for ander in eerdere)
    if laatste < v - timedelta(days=aansluiting):
        return "herhaald_beroep"
    return "vervolg_planmatig" if rij["planmatig"] == "J" else "vervolg_niet_planmatig"


def maak_indicaties(leveringen: Leveringen) -> list[Indicatie]:
    """Take the latest version per indicatie and classify each."""
    laatste: dict[tuple, dict] = {}
    for rij in leveringen.rijen("indicaties"):  # ordered by period
        laatste[rij["leverancier"], rij["indicatie_id"]] = rij
    groepen: dict[tuple, list[dict]] = defaultdict(list)
    for rij in laatste.values():
        groepen[rij["persoon"], rij["leverancier"]].append(rij)
    indicaties = []
    for groep in groepen.values():
        groep.sort(key=lambda rij: (rij["besluitdatum"], rij["geldig_van"], rij["indicatie_id"]))
        for nummer, rij in enumerate(groep):
            indicaties.append(Indicatie(rij, soort_indicatie(rij, groep[:nummer])))
    return indicaties


def regio_van_gemeente(model: Model, gemeente: str, verslagperiode: str) -> dict[str, str]:
    """Give the regions (no wijk) of a gemeente in a period; one that cbs_gebieden lacks is onbekend."""
    regio = model.gebied.woonplaats(None, gemeente, int(verslagperiode[:4]))
    return {niveau: code for niveau, code in regio.items() if niveau != "wijk"}


def besluiten(indicaties: list[Indicatie], verslagperiode: str) -> list[Indicatie]:
    """Give the indicaties with besluitdatum in the period."""
    d0, d1 = eerste_dag(verslagperiode), laatste_dag(verslagperiode)
    return [indicatie for indicatie in indicaties if d0 <= indicatie.rij["besluitdatum"] <= d1]


def paren_indicaties(model: Model, indicaties: list[Indicatie]) -> set[tuple[str, str, str]]:
    """Give the (niveau, region code, aanbieder) that occur in any verslagperiode (aanbieder '' when not given)."""
    gevonden = set()
    for vp in model.verslagperioden:
        for indicatie in besluiten(indicaties, vp):
            regio = regio_van_gemeente(model, indicatie.gemeente, vp)
            gevonden |= {(niveau, code, indicatie.rij["aanbieder"] or "") for niveau, code in regio.items()}
    return gevonden


def tabel_herindicaties(model: Model, indicaties: list[Indicatie]) -> dict[tuple, dict]:
    """Make herindicaties: (verslagperiode, regio_niveau, regio_code, dimensie, categorie) -> values."""
    tabel: dict[tuple, dict] = {}
    paren = paren_indicaties(model, indicaties)
    for vp in model.verslagperioden:
        for niveau in NIVEAUS[:-1]:
            for code, naam in model.regios[vp][niveau].items():
                aanbieders = sorted(lev or ONBEKEND for n, c, lev in paren if (n, c) == (niveau, code))
                for dimensie, lijst in (
                    ("totaal", ["totaal"]),
                    ("verwijzer", list(CODELIJSTEN["verwijzer"])),
                    ("productcategorie", list(CODELIJSTEN["productcategorie"])),
                    ("aanbieder", aanbieders),
                ):
                    for categorie in lijst:
                        tabel[vp, niveau, code, dimensie, categorie] = {
                            "regio_naam": naam,
                            "besluiten": 0,
                            **dict.fromkeys(SOORTEN_INDICATIE, 0),
                        }
        for indicatie in besluiten(indicaties, vp):
            for niveau, code in regio_van_gemeente(model, indicatie.gemeente, vp).items():
                for dimensie, categorie in (
                    ("totaal", "totaal"),
                    ("verwijzer", indicatie.rij["verwijzer"]),
                    ("productcategorie", indicatie.rij["productcategorie"]),
                    ("aanbieder", indicatie.rij["aanbieder"] or ONBEKEND),
                ):
                    cel = tabel[vp, niveau, code, dimensie, categorie]
                    cel["besluiten"] += 1
                    cel[indicatie.soort] += 1
    for (vp, *_), cel in tabel.items():
        cel["herindicaties"] = cel["vervolg_planmatig"] + cel["vervolg_niet_planmatig"]
        cel["percentage"] = 100 * cel["herindicaties"] / cel["besluiten"] if cel["besluiten"] else None
        cel["celstatus"] = "waarde"
        cel["status_cijfer"] = model.status_cijfer(vp)
    return tabel


# ---------------------------------------------------------------------------------------------------------------------
# 01 §2.4 and A12: outcome rows


def wijst_naar(rij: dict) -> tuple:
    """Give the natural key of the jeugdhulp record an outcome row points to."""
    return (rij["leverancier"], rij["persoon"], rij["hulpvorm"], rij["datum_aanvang"])


def bestaande_records(leveringen: Leveringen) -> set[tuple]:
    """Give the natural keys of all jeugdhulp records in a levering in force."""
    return {wijst_naar(rij) for rij in leveringen.rijen("jeugdhulp")}


def a12(leveringen: Leveringen) -> list[Bevinding]:
    """Find outcome rows in force whose record is in no levering in force, or that have a special-code BSN."""
    records = bestaande_records(leveringen)
    return [
        Bevinding(rij["bestand"], rij["rij"], "A12", "datum_aanvang")
        for feed in UITKOMSTFEEDS
        for rij in leveringen.rijen(feed)
        if not rij["bsn_bekend"] or wijst_naar(rij) not in records
    ]


def metingen_per_traject(model: Model, feed: str) -> dict[int, list[dict]]:
    """Give the latest version of the outcome rows of a feed, per traject (by id)."""
    traject_van = {
        (record.rij["leverancier"], record.rij["persoon"], record.rij["hulpvorm"], record.rij["datum_aanvang"]): traject
        for traject in model.trajecten
        for record in traject.records
    }
    laatste: dict[tuple, dict] = {}
    for rij in model.leveringen.rijen(feed):  # ordered by period
        if rij["bsn_bekend"] and wijst_naar(rij) in traject_van:
            laatste[rij["leverancier"], *(rij[naam] for naam in SLEUTELS[feed])] = rij
    gevonden: dict[int, list[dict]] = defaultdict(list)
    for rij in laatste.values():
        gevonden[id(traject_van[wijst_naar(rij)])].append(rij)
    return gevonden


def op_tijd_einde(rij: dict, einde: date) -> bool:
    """Say whether a measurement lies within 21 days before or after the end."""
    return abs((rij["datum_meting"] - einde).days) <= TERMIJN


def op_tijd_begin(rij: dict) -> bool:
    """Say whether a STEP begin lies at most 21 days before its own datum_besluit."""
    besluit = rij["datum_besluit"]
    return besluit is not None and 0 <= (besluit - rij["datum_meting"]).days <= TERMIJN


def kies_einde(rijen: list[dict], einde: date) -> dict | None:
    """Choose the measurement nearest to the end."""
    binnen = [rij for rij in rijen if op_tijd_einde(rij, einde)]
    return min(
        binnen,
        key=lambda rij: (
            abs((rij["datum_meting"] - einde).days),
            rij["datum_meting"],
            rij.get("datum_besluit") or date.max,
            BEOORDELAARS.get(rij.get("beoordelaar"), 0),
            rij["datum_aanvang"],  # our own last resort, for records merged into one traject
        ),
        default=None,
    )


def kies_begin(rijen: list[dict]) -> dict | None:
    """Choose the STEP begin nearest to its own datum_besluit."""
    binnen = [rij for rij in rijen if op_tijd_begin(rij)]
    return min(
        binnen,
        key=lambda rij: (
            (rij["datum_besluit"] - rij["datum_meting"]).days,
            rij["datum_meting"],
            rij["datum_besluit"],
            rij["datum_aanvang"],  # our own last resort
        ),
        default=None,
    )


@dataclass
class Afgesloten:
    """One traject with a delivered end in the period, and what was measured of it."""

    traject: Traject
    regio: dict[str, str]
    twaalf: bool  # 12 or older on the end date
    scores: list[int] = field(default_factory=list)  # one per doel
    jeugdige: dict | None = None
    ouders: list[dict] = field(default_factory=list)
    begin: dict | None = None
    einde: dict | None = None
    buiten: dict[str, int] = field(default_factory=dict)  # feed -> number of measurements outside the window
    metingen: dict[str, int] = field(default_factory=dict)  # feed -> number of measurements

    @property
    def e(self) -> date:
        """The end."""
        return self.traject.einde

    def paar(self, *namen: str) -> list[Decimal] | None:
        """Give values such as 'begin.fj', 'einde.fj', or None when one of them is missing."""
        waarden = []
        for naam in namen:
            moment, kolom = naam.split(".")
            lijst = self.begin if moment == "begin" else self.einde
            if lijst is None or lijst[kolom] is None:
                return None
            waarden.append(lijst[kolom])
        return waarden


def afgesloten_trajecten(model: Model, vp: str, metingen: dict[str, dict[int, list[dict]]]) -> list[Afgesloten]:
    """Give the trajecten with a delivered end in P, with the measurements that count."""
    d0, d1 = eerste_dag(vp), laatste_dag(vp)
    gevonden = []
    for traject in model.trajecten:
        e = traject.einde
        if e is None or traject.einde_bron != "geleverd" or not d0 <= e <= d1:
            continue
        kenmerken = model.personen.kenmerken(traject.persoon, vp)
        twaalf = kenmerken.geboren is not None and leeftijd_op(kenmerken.geboren, e) >= 12
        geval = Afgesloten(traject, kenmerken.regio, twaalf)
        gevonden.append(geval)

        doelen = metingen["doelen"][id(traject)]
        for nummer in range(1, 11):
            keuze = kies_einde([rij for rij in doelen if rij["doel_nr"] == nummer], e)
            if keuze is not None:
                geval.scores.append(keuze["score"])

        lijsten = metingen["tevredenheid"][id(traject)]
        if twaalf:
            geval.jeugdige = kies_einde([rij for rij in lijsten if rij["informant"] == "jeugdige"], e)
        for nummer in (1, 2):
            keuze = kies_einde([r for r in lijsten if r["informant"] == "ouder" and r["ouder_nr"] == nummer], e)
            if keuze is not None:
                geval.ouders.append(keuze)

        step = metingen["step"][id(traject)]
        geval.begin = kies_begin([rij for rij in step if rij["moment"] == "begin"])
        geval.einde = kies_einde([rij for rij in step if rij["moment"] == "einde"], e)

        for feed, rijen in (("doelen", doelen), ("tevredenheid", lijsten), ("step", step)):
            geval.metingen[feed] = len(rijen)
            geval.buiten[feed] = sum(
                not (op_tijd_begin(rij) if rij.get("moment") == "begin" else op_tijd_einde(rij, e)) for rij in rijen
            )
    return gevonden


# ---------------------------------------------------------------------------------------------------------------------
# 03: rows of the table


def aandeel(teller: int | None, noemer: int | None, respons: tuple[int, int] | None = None) -> dict:
    """Make a proportion: teller, noemer, waarde and Wilson interval."""
    ondergrens, bovengrens = (None, None) if teller is None else wilson(teller, noemer)
    return {
        "teller": teller,
        "noemer": noemer,
        "waarde": 100 * teller / noemer if teller is not None and noemer else None,
        "respons_teller": respons[0] if respons else None,
        "respons_noemer": respons[1] if respons else None,
        "ondergrens": ondergrens,
        "bovengrens": bovengrens,
        "celstatus": "waarde" if teller is not None and noemer else "niet_van_toepassing",
    }


def gemiddelde(waarden: list, respons: tuple[int, int] | None = None) -> dict:
    """Make a mean: noemer = n, teller NULL, a t-interval from two values on."""
    n, midden, ondergrens, bovengrens = len(waarden), None, None, None
    if n:
        midden = float(sum(Fraction(waarde) for waarde in waarden) / n)
    if n >= 2:
        marge = student(n - 1) * sqrt(variantie(waarden) / n)
        ondergrens, bovengrens = midden - marge, midden + marge
    return {
        "teller": None,
        "noemer": n,
        "waarde": midden,
        "respons_teller": respons[0] if respons else None,
        "respons_noemer": respons[1] if respons else None,
        "ondergrens": ondergrens,
        "bovengrens": bovengrens,
        "celstatus": "waarde" if n else "niet_van_toepassing",
    }


def onvolledig(noemer: int | None) -> dict:
    """Make a proportion that cannot be known yet."""
    return aandeel(None, noemer) | {"celstatus": "onvolledig"}


Rijen = dict[tuple[str, str, str], dict]  # (indicator, maat, categorie) -> values


def indicator_1(gevallen: list[Afgesloten]) -> Rijen:
    """Doelrealisatie per einddoel."""
    scores = [score for geval in gevallen for score in geval.scores]
    respons = (sum(bool(geval.scores) for geval in gevallen), len(gevallen))
    rijen = {
        ("1", "verdeling", str(score)): aandeel(scores.count(score), len(scores), respons) for score in (-1, 0, 1, 2)
    }
    rijen["1", "behaald", "totaal"] = aandeel(scores.count(2), len(scores), respons)
    rijen["1", "deels_of_geheel", "totaal"] = aandeel(scores.count(1) + scores.count(2), len(scores), respons)
    rijen["1", "gemiddelde", "totaal"] = gemiddelde(scores, respons)
    return rijen


def indicator_2(gevallen: list[Afgesloten]) -> Rijen:
    """Cliënttevredenheid resultaten."""
    rijen = {}
    jeugdigen = [geval.jeugdige for geval in gevallen if geval.jeugdige is not None]
    respons = (len(jeugdigen), sum(geval.twaalf for geval in gevallen))
    for kolom in ("resultaat", "rapportcijfer"):
        waarden = [lijst[kolom] for lijst in jeugdigen if lijst[kolom] is not None]
        rijen["2", f"{kolom}_jeugdige", "totaal"] = gemiddelde(waarden, respons)
    respons = (sum(bool(geval.ouders) for geval in gevallen), len(gevallen))
    for kolom in ("resultaat", "rapportcijfer"):
        waarden = []
        for geval in gevallen:
            eigen = [Fraction(lijst[kolom]) for lijst in geval.ouders if lijst[kolom] is not None]
            if eigen:
                waarden.append(sum(eigen) / len(eigen))
        rijen["2", f"{kolom}_ouder", "totaal"] = gemiddelde(waarden, respons)
    return rijen


def laatst_geeindigd(gevallen: list[Afgesloten]) -> list[Afgesloten]:
    """Give per persoon the traject that ended last (ties: lowest rubriek)."""
    per_persoon: dict[str, list[Afgesloten]] = defaultdict(list)
    for geval in gevallen:
        per_persoon[geval.traject.persoon].append(geval)
    gekozen = []
    for eigen in per_persoon.values():
        laatste = max(geval.e for geval in eigen)
        gekozen.append(min((g for g in eigen if g.e == laatste), key=lambda g: RUBRIEK[g.traject.reden]))
    return gekozen


def indicator_3(gevallen: list[Afgesloten]) -> Rijen:
    """Reden beëindiging hulp."""
    rubrieken = [RUBRIEK[geval.traject.reden] for geval in laatst_geeindigd(gevallen)]
    return {("3", "reden", r): aandeel(rubrieken.count(r), len(rubrieken)) for r in ("1.1", "1.2", "2")}


def halve_sd_kwadraat(gevallen: list[Afgesloten], schaal: str) -> Fraction | None:
    """Give the square of half the sample sd of begin_zonder_duur over all pairs of a scale (None below two pairs)."""
    paren = [geval.paar(f"begin.{schaal}", f"begin.{schaal}_zonder_duur", f"einde.{schaal}") for geval in gevallen]
    waarden = [paar[1] for paar in paren if paar is not None]
    return variantie(waarden) / 4 if len(waarden) >= 2 else None


def klasse(verschil: Fraction, grens_kwadraat: Fraction | None) -> str:
    """Give the class of a difference (positive = fewer problems); '' for an improvement that cannot be classed."""
    if verschil < 0:
        return "verslechterd"
    if verschil == 0:
        return "gelijk"
    if grens_kwadraat is None:
        return ""
    return "licht_verbeterd" if verschil**2 <= grens_kwadraat else "duidelijk_verbeterd"


def indicator_4(gevallen: list[Afgesloten], grenzen: dict[str, Fraction | None]) -> Rijen:
    """Vermindering problematiek."""
    rijen = {}
    for schaal in SCHALEN:
        paren = [geval.paar(f"begin.{schaal}", f"begin.{schaal}_zonder_duur", f"einde.{schaal}") for geval in gevallen]
        paren = [paar for paar in paren if paar is not None]
        respons = (len(paren), len(gevallen))
        verschillen = [Fraction(zonder) - Fraction(einde) for _, zonder, einde in paren]
        rijen["4", "begin", schaal] = gemiddelde([begin for begin, _, _ in paren], respons)
        rijen["4", "begin_zonder_duur", schaal] = gemiddelde([zonder for _, zonder, _ in paren], respons)
        rijen["4", "verschil", schaal] = gemiddelde(verschillen, respons)
        klassen = [klasse(verschil, grenzen[schaal]) for verschil in verschillen]
        for naam in KLASSEN:
            teller: int | None = klassen.count(naam)
            if grenzen[schaal] is None and naam in ("licht_verbeterd", "duidelijk_verbeterd"):
                teller = None
            rijen["4", "klasse", f"{schaal}:{naam}"] = aandeel(teller, len(paren), respons)
    return rijen


def indicator_5(gekozen: list[Indicatie]) -> Rijen:
    """Herhaald beroep op hulp."""
    soorten = [indicatie.soort for indicatie in gekozen]
    return {("5", "soort", soort): aandeel(soorten.count(soort), len(soorten)) for soort in SOORTEN_INDICATIE}


def loopt(eenheid, van: date, tot_en_met: date) -> bool:
    """Say whether a traject or maatregel runs on some day of [van, tot_en_met]."""
    return eenheid.start <= tot_en_met and tot(eenheid.einde) >= van


def indicator_6(model: Model, vp: str, gevallen: list[Afgesloten]) -> Rijen:
    """Zwaarte vervolghulp: (a) STEP zz and uz, (b) kader of the follow-up."""
    rijen = {}
    for schaal in ("zz", "uz"):
        paren = [geval.paar(f"begin.{schaal}", f"einde.{schaal}") for geval in gevallen]
        paren = [paar for paar in paren if paar is not None]
        respons = (len(paren), len(gevallen))
        rijen["6", f"{schaal}_begin", "totaal"] = gemiddelde([begin for begin, _ in paren], respons)
        rijen["6", f"{schaal}_einde", "totaal"] = gemiddelde([einde for _, einde in paren], respons)
        verloop = ["lichter" if einde < begin else "zwaarder" if einde > begin else "gelijk" for begin, einde in paren]
        for naam in ("lichter", "gelijk", "zwaarder"):
            rijen["6", f"{schaal}_verloop", naam] = aandeel(verloop.count(naam), len(verloop), respons)

    jeugdigen = laatst_geeindigd(gevallen)
    if vp == model.periode:
        for naam in KADERS:
            rijen["6", "kader", naam] = onvolledig(None)
        rijen["6", "geen_vervolg", "totaal"] = onvolledig(len(jeugdigen))
        return rijen
    kaders = []
    for geval in jeugdigen:
        gedwongen = [
            m
            for m in model.maatregelen
            if m.persoon == geval.traject.persoon and m.soort in ("jeugdbescherming", "jeugdreclassering")
        ]
        hulp = [traject for traject in model.trajecten if traject.persoon == geval.traject.persoon]
        later = geval.e + timedelta(days=AANSLUITING)
        if not any(loopt(eenheid, geval.e + DAG, later) for eenheid in [*gedwongen, *hulp]):
            continue
        op_e = "gedwongen" if any(loopt(m, geval.e, geval.e) for m in gedwongen) else "vrijwillig"
        op_later = "gedwongen" if any(loopt(m, later, later) for m in gedwongen) else "vrijwillig"
        kaders.append(f"{op_e}→{op_later}")
    for naam in KADERS:
        rijen["6", "kader", naam] = aandeel(kaders.count(naam), len(kaders))
    rijen["6", "geen_vervolg", "totaal"] = aandeel(len(jeugdigen) - len(kaders), len(jeugdigen))
    return rijen


def beeindigde_maatregelen(model: Model, vp: str) -> list:
    """Give the maatregelen with a delivered end in P and a reden (S07 is outside 7, 8 and 9)."""
    d0, d1 = eerste_dag(vp), laatste_dag(vp)
    return [
        m
        for m in model.maatregelen
        if m.einde is not None and d0 <= m.einde <= d1 and m.einde_bron == "geleverd" and m.reden is not None
    ]


def redengroep(maatregel) -> str:
    """Give ots, voogdij, jeugdreclassering or preventief."""
    return CODELIJSTEN["type_maatregel"][maatregel.type_maatregel]["redengroep"]


def indicator_7(maatregelen: list) -> Rijen:
    """Reden beëindiging beschermingsmaatregel."""
    niet_meer_nodig = {"ots": ("02", "03", "04"), "voogdij": ("12", "13", "14")}
    rijen = {}
    for categorie, groepen in (("ots", ["ots"]), ("voogdij", ["voogdij"]), ("totaal", ["ots", "voogdij"])):
        eigen = [m for m in maatregelen if redengroep(m) in groepen]
        teller = sum(m.reden in niet_meer_nodig[redengroep(m)] for m in eigen)
        rijen["7", "niet_meer_nodig", categorie] = aandeel(teller, len(eigen))
    return rijen


def indicator_8(model: Model, vp: str, maatregelen: list) -> Rijen:
    """Uitblijven nieuwe beschermingsmaatregel."""
    eigen = [
        m
        for m in maatregelen
        if (redengroep(m) == "ots" and m.reden in ("02", "03", "04", "05"))
        or (redengroep(m) == "voogdij" and m.reden == "12")
    ]
    if plus_maanden(laatste_dag(vp), 12) > laatste_dag(model.periode):
        return {("8", "uitblijven", "totaal"): onvolledig(len(eigen))}
    teller = 0
    for maatregel in eigen:
        bescherming = [m for m in model.maatregelen if m.persoon == maatregel.persoon and m.soort == "jeugdbescherming"]

        def voortzetting(m, bescherming=bescherming) -> bool:
            """Say whether m is a voogdij that starts within 31 days after an end for reden 05."""
            einden = [
                o.einde for o in bescherming if redengroep(o) == "ots" and o.reden == "05" and o.einde is not None
            ]
            return redengroep(m) == "voogdij" and any(e < m.start <= e + timedelta(days=AANSLUITING) for e in einden)

        nieuw = [
            m
            for m in bescherming
            if maatregel.einde < m.start <= plus_maanden(maatregel.einde, 12) and not voortzetting(m)
        ]
        teller += not nieuw
    return {("8", "uitblijven", "totaal"): aandeel(teller, len(eigen))}


def indicator_9(maatregelen: list) -> Rijen:
    """Reden beëindiging jeugdreclassering."""
    eigen = [m for m in maatregelen if m.soort == "jeugdreclassering"]
    return {("9", "niet_meer_mogelijk", "totaal"): aandeel(sum(m.reden in ("22", "24") for m in eigen), len(eigen))}


def indicator_u(model: Model, vp: str, gevallen: list[Afgesloten]) -> Rijen:
    """Uitval and geen_nieuwe_start."""
    rijen = {("U", "uitval", "totaal"): aandeel(sum(g.traject.reden in ("03", "04") for g in gevallen), len(gevallen))}
    volgende = f"{vp[:4]}H2" if vp.endswith("H1") else f"{int(vp[:4]) + 1}H1"
    if volgende > model.periode:
        rijen["U", "geen_nieuwe_start", "totaal"] = onvolledig(len(gevallen))
        return rijen
    zonder = 0
    for geval in gevallen:
        nieuw = [
            t
            for t in model.trajecten
            if t.persoon == geval.traject.persoon and geval.e < t.start <= laatste_dag(volgende)
        ]
        zonder += not nieuw
    rijen["U", "geen_nieuwe_start", "totaal"] = aandeel(zonder, len(gevallen))
    return rijen


def buiten_termijn(gevallen: list[Afgesloten]) -> Rijen:
    """Count measurements outside their window, per outcome feed, as maat of the indicators 1, 2 and 4.

    The specification does not say how this count is shown; compare with care.
    """
    rijen = {}
    for indicator, feed in (("1", "doelen"), ("2", "tevredenheid"), ("4", "step")):
        buiten = sum(geval.buiten[feed] for geval in gevallen)
        rijen[indicator, "buiten_termijn", "totaal"] = aandeel(buiten, sum(g.metingen[feed] for g in gevallen))
    return rijen


def tabel_prestatie(model: Model, indicaties: list[Indicatie]) -> dict[tuple, dict]:
    """Make prestatie_indicatoren.

    (verslagperiode, regio_niveau, regio_code, aanbieder, indicator, maat, categorie) -> values; indicator as text.
    """
    tabel: dict[tuple, dict] = {}
    metingen = {feed: metingen_per_traject(model, feed) for feed in UITKOMSTFEEDS}
    paren = {soort: model.paren(soort) for soort in ("jeugdhulp", "jeugdbescherming", "jeugdreclassering")}
    paren["indicaties"] = {paar for paar in paren_indicaties(model, indicaties) if paar[2]}

    for vp in model.halfjaren:
        alle_gevallen = afgesloten_trajecten(model, vp, metingen)
        grenzen = {schaal: halve_sd_kwadraat(alle_gevallen, schaal) for schaal in SCHALEN}
        alle_maatregelen = beeindigde_maatregelen(model, vp)
        alle_besluiten = besluiten(indicaties, vp)

        for niveau in NIVEAUS:
            for code, naam in model.regios[vp][niveau].items():

                def aanbieders(soort: str, niveau=niveau, code=code) -> list[str]:
                    if niveau == "wijk":
                        return [ALLE]
                    return [ALLE, *sorted(lev for n, c, lev in paren[soort] if (n, c) == (niveau, code))]

                cellen: dict[tuple[str, str, str, str], dict] = {}

                def voeg_toe(aanbieder: str, rijen: Rijen, feed: str = "", cellen=cellen, vp=vp) -> None:
                    for sleutel, rij in rijen.items():
                        if (
                            aanbieder != ALLE
                            and feed
                            and rij["celstatus"] != "onvolledig"
                            and model.geen_levering(feed, aanbieder, vp)
                        ):
                            rij["celstatus"] = "geen_levering"
                        cellen[aanbieder, *sleutel] = rij

                hier = [geval for geval in alle_gevallen if geval.regio[niveau] == code]
                for aanbieder in aanbieders("jeugdhulp"):
                    gevallen = [g for g in hier if aanbieder in (ALLE, g.traject.leverancier)]
                    for rijen in (
                        indicator_1(gevallen),
                        indicator_2(gevallen),
                        indicator_3(gevallen),
                        indicator_4(gevallen, grenzen),
                        indicator_6(model, vp, gevallen),
                        indicator_u(model, vp, gevallen),
                        buiten_termijn(gevallen),
                    ):
                        voeg_toe(aanbieder, rijen, "jeugdhulp")

                if niveau != "wijk":
                    hier = [i for i in alle_besluiten if regio_van_gemeente(model, i.gemeente, vp)[niveau] == code]
                    for aanbieder in aanbieders("indicaties"):
                        voeg_toe(aanbieder, indicator_5([i for i in hier if aanbieder in (ALLE, i.rij["aanbieder"])]))

                hier = [m for m in alle_maatregelen if model.personen.kenmerken(m.persoon, vp).regio[niveau] == code]
                for aanbieder in aanbieders("jeugdbescherming"):
                    eigen = [m for m in hier if aanbieder in (ALLE, m.leverancier)]
                    voeg_toe(aanbieder, indicator_7(eigen), "maatregelen")
                    voeg_toe(aanbieder, indicator_8(model, vp, eigen), "maatregelen")
                for aanbieder in aanbieders("jeugdreclassering"):
                    eigen = [m for m in hier if aanbieder in (ALLE, m.leverancier)]
                    voeg_toe(aanbieder, indicator_9(eigen), "maatregelen")

                voeg_toe(ALLE, {("10", "recidive", "totaal"): aandeel(None, None)})

                for (aanbieder, indicator, maat, categorie), rij in cellen.items():
                    rij |= {"regio_naam": naam, "status_cijfer": model.status_cijfer(vp)}
                    tabel[vp, niveau, code, aanbieder, indicator, maat, categorie] = rij
    return tabel


def bereken_indicatoren(
    leveringen: Leveringen, periode: str, gestopt: dict[str, date] | None = None
) -> dict[str, dict[tuple, dict]]:
    """Compute herindicaties and prestatie_indicatoren as {table: {key: {column: value}}}."""
    model = bouw(leveringen, periode, gestopt)
    indicaties = maak_indicaties(leveringen)
    return {
        "herindicaties": tabel_herindicaties(model, indicaties),
        "prestatie_indicatoren": tabel_prestatie(model, indicaties),
    }
