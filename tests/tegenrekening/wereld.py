"""Small random worlds, written as csv leveringen, that deliberately hit the edge cases of the specification.

`schrijf_wereld(map, seed)` is deterministic in its seed. A world is made in two steps: what is true (gemeenten,
personen, records, maatregelen) and what every leverancier delivers of it in every period (late, wrong, twice, never).
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from .landing import CODELIJSTEN, CONTRACTEN, eerste_dag, elfproef, laatste_dag, leeftijd_op, plus_maanden

DAG = timedelta(days=1)
HULPVORMEN = list(CODELIJSTEN["hulpvorm"])
REDENEN = {
    groep: [code for code, rij in CODELIJSTEN["reden_maatregel"].items() if rij["groep"] == groep]
    for groep in ("ots", "voogdij", "jeugdreclassering", "preventief")
}


@dataclass
class Wereld:
    """What a test needs to know of a written world."""

    map: Path
    seed: int
    periodes: list[str]  # the half-years with leveringen
    periode: str  # the suggested refresh period
    sleutel: bytes
    gestopt: dict[str, date]
    aanbieders: list[str] = field(default_factory=list)
    gis: list[str] = field(default_factory=list)
    geraakt: Counter = field(default_factory=Counter)  # the edge cases that were written, with how often


@dataclass
class Persoon:
    """A person as it really is."""

    bsn: str  # a real number, "onbekend" or "ongeboren"
    geboren: date
    geboortedatum: str
    geslacht: str
    woningen: list[tuple[date, str, str]]  # from, postcode, gemeentecode


@dataclass
class Hulp:
    """A jeugdhulp record as it really is, and how it is delivered."""

    persoon: Persoon
    leverancier: str
    hulpvorm: str
    start: date
    einde: date | None
    reden: str
    verwijzer: str
    perspectief: str
    vanaf: str = ""  # first period in which it is delivered (late registration)
    verdwijnt: str = "9999"  # first period in which it is no longer delivered
    eerder_einde: date | None = None  # an end that is delivered first, and corrected ...
    correctie: str = ""  # ... from this period on
    woning: tuple[str, str] | None = None  # what this provider believes about the address


@dataclass
class Schakel:
    """One GI's part of a maatregel."""

    leverancier: str
    van: date
    tot: date | None  # last day this GI is responsible, when handed over
    geleverd: bool = True


@dataclass
class Maatregel:
    """A maatregel as it really is."""

    persoon: Persoon
    type_maatregel: str
    schakels: list[Schakel]
    einde: date | None
    reden: str
    eerste_contact: str = ""
    verdwijnt: str = "9999"
    begin_bekend: bool = True
    woning: tuple[str, str] | None = None


def tekst(dag: date | None) -> str:
    """Write a day as JJJJMMDD, empty for None."""
    return "" if dag is None else dag.strftime("%Y%m%d")


def periodenrij(eerste: str, aantal: int) -> list[str]:
    """Give consecutive half-years."""
    jaar, half = int(eerste[:4]), int(eerste[5])
    rij = []
    for _ in range(aantal):
        rij.append(f"{jaar}H{half}")
        jaar, half = (jaar, 2) if half == 1 else (jaar + 1, 1)
    return rij


def geldig_bsn(rng: random.Random) -> str:
    """Draw a number that passes the elfproef."""
    while True:
        nummer = f"{rng.randrange(10_000_000, 999_999_999):09d}"
        if elfproef(nummer):
            return nummer


class Bouwer:
    """Makes one world."""

    def __init__(self, map: Path, seed: int):
        self.map, self.seed = Path(map), seed
        self.rng = random.Random(seed)
        self.geraakt: Counter = Counter()

    # -- small helpers ------------------------------------------------------------------------------------------------

    def kans(self, p: float) -> bool:
        """Say yes with probability p."""
        return self.rng.random() < p

    def raak(self, wat: str) -> None:
        """Note that an edge case is in this world."""
        self.geraakt[wat] += 1

    # -- the true world -----------------------------------------------------------------------------------------------

    def maak(self) -> Wereld:
        """Make the true world and write its leveringen."""
        rng = self.rng
        eerste = rng.choice(["2014H2", "2015H1", "2015H2", "2019H1", "2022H2", "2023H1", "2023H2", "2023H2", "2024H1"])
        self.periodes = periodenrij(eerste, rng.randint(2, 6))
        if self.kans(0.4):  # a period five years earlier, for the window of herhaald
            vijf_eerder = f"{int(self.periodes[-1][:4]) - 5}{self.periodes[-1][4:]}"
            self.periodes = [p for p in [vijf_eerder] if p < self.periodes[0]] + self.periodes
        self.periode = self.periodes[-1]
        if self.kans(0.15) and len(self.periodes) > 2:
            self.periode = self.periodes[-2]
            self.raak("leveringen na de verversing")
        elif self.kans(0.08):
            self.periode = periodenrij(self.periode, 2)[1]
            self.raak("niemand levert voor de verversing")

        nummers = rng.sample(range(10, 99), 8)
        self.aanbieders = [f"410123{n}" for n in nummers[: rng.randint(2, 4)]]
        self.gis = [f"510456{n}" for n in nummers[4 : 4 + rng.choice([2, 2, 3])]]
        self.gebied()
        self.groot = self.kans(0.35)  # one large aanbieder, so that several bad rows fit in its 5 %
        self.personen = [self.maak_persoon() for _ in range(rng.randint(60, 80) if self.groot else rng.randint(20, 80))]
        self.hulp: list[Hulp] = []
        self.maatregelen: list[Maatregel] = []
        for persoon in self.personen:
            self.maak_hulp(persoon)
            if self.kans(0.35):
                self.maak_maatregelen(persoon)
        self.maak_vervolgmaatregelen()
        self.ontdubbel()

        self.gestopt: dict[str, date] = {}
        self.leveringen()
        self.schrijf_cbs()
        self.schrijf_vreemde_bestanden()
        self.indicaties()  # these two last: the leveringen above stay the same for a seed
        self.uitkomsten()
        return Wereld(
            map=self.map,
            seed=self.seed,
            periodes=self.periodes,
            periode=self.periode,
            sleutel=f"sleutel-{self.seed}-0123456789abcdef0123456789abcdef".encode(),
            gestopt=self.gestopt,
            aanbieders=self.aanbieders,
            gis=self.gis,
            geraakt=self.geraakt,
        )

    def gebied(self) -> None:
        """Draw gemeenten, wijken, postcodes, the years that have tables, and what changes in which year."""
        rng = self.rng
        namen = [("GM0106", "Assen"), ("GM0114", "Emmen"), ("GM1699", "Noordenveld-Öst"), ("GM0014", "Gröningen")]
        self.gemeenten = rng.sample(namen, rng.randint(2, 3))
        twee_provincies = self.kans(0.5)
        self.jaren = list(range(int(self.periodes[0][:4]) - 1, int(self.periodes[-1][:4]) + 2))
        self.indeling: dict[str, dict[str, str]] = {}
        for nummer, (code, naam) in enumerate(self.gemeenten):
            groningen = twee_provincies and nummer == len(self.gemeenten) - 1
            self.indeling[code] = {
                "gemeentenaam": naam,
                "provinciecode": "PV20" if groningen else "PV22",
                "provincienaam": "Groningen" if groningen else "Drenthe",
                "jeugdregio": "Groningen" if groningen else "Drenthe",
                "subregio": "" if nummer == 0 else rng.choice(["Noord-Midden", "Zuid, Oost"]),
            }
        self.raak("lege subregio")
        if self.kans(0.2):  # a jeugdregio that crosses the border of its provincie
            for rij in self.indeling.values():
                rij["jeugdregio"] = "Noord"
        self.wijken: dict[str, list[str]] = {}  # gemeente -> wijkcodes
        self.postcodes: dict[str, str] = {}  # postcode -> wijkcode
        for nummer, (code, _) in enumerate(self.gemeenten):
            self.wijken[code] = [f"WK{code[2:]}{w:02d}" for w in range(rng.randint(2, 4))]
            for w, wijk in enumerate(self.wijken[code]):
                for letters in ("AB", "XK", "ZA")[: rng.randint(1, 3)]:
                    self.postcodes[f"94{nummer}{w}{letters}"] = wijk
        self.wijkwissel = rng.choice([None, *self.jaren[1:]])
        self.gewisselde_wijk = rng.choice([w for lijst in self.wijken.values() for w in lijst])
        self.opheffing = rng.choice([None, None, *self.jaren[1:]])
        self.opgeheven = rng.choice(self.gemeenten[1:])[0]
        self.opgegaan_in = self.gemeenten[0][0]
        if self.wijkwissel:
            self.raak("wijkcode verandert")
        if self.opheffing:
            self.raak("gemeente verdwijnt")

    def wijk_in(self, wijk: str, jaar: int) -> tuple[str, str]:
        """Give (gemeente, wijkcode) of a wijk in a year."""
        gemeente = "GM" + wijk[2:6]
        if self.opheffing and jaar >= self.opheffing and gemeente == self.opgeheven:
            return self.opgegaan_in, f"WK{self.opgegaan_in[2:]}5{wijk[-1]}"
        if self.wijkwissel and jaar >= self.wijkwissel and wijk == self.gewisselde_wijk:
            return gemeente, wijk[:6] + "9" + wijk[7]
        return gemeente, wijk

    def dagen(self) -> list[date]:
        """Days that matter: borders of periods, 29 February, and arbitrary ones."""
        rng = self.rng
        periode = rng.choice(self.periodes)
        d0, d1 = eerste_dag(periode), laatste_dag(periode)
        willekeurig = [d0 + timedelta(days=rng.randint(-200, 180)) for _ in range(5)]
        dagen = [d0, d1, d0 - DAG, d1 + DAG, d0 + DAG, d1 - DAG, *willekeurig]
        schrikkel = [date(j, 2, 29) for j in self.jaren if j % 4 == 0]
        return dagen + schrikkel[:1]

    def dag(self) -> date:
        """Draw a day that matters."""
        return self.rng.choice(self.dagen())

    def maak_persoon(self) -> Persoon:
        """Draw a persoon."""
        rng = self.rng
        laatste = int(self.periodes[-1][:4])
        geboren = date(rng.randint(laatste - 21, laatste), rng.randint(1, 12), rng.randint(1, 28))
        if self.kans(0.08):
            geboren = date(rng.choice([j for j in range(laatste - 20, laatste + 1) if j % 4 == 0]), 2, 29)
            self.raak("geboren op 29 februari")
        elif self.kans(0.1):
            geboren = date(laatste - rng.choice([0, 4, 12, 18]), rng.choice([1, 1, 7]), rng.choice([1, 2]))
            self.raak("geboren op of na 1 januari")
        elif self.kans(0.1):
            geboren = self.dag()
            self.raak("geboren in het jaar")
        geboortedatum = tekst(geboren)
        if self.kans(0.1):
            geboortedatum = geboortedatum[: rng.choice([4, 6])].ljust(8, "0")
            self.raak("geboortedatum deels onbekend")
        bsn = geldig_bsn(rng)
        if self.kans(0.06):
            bsn = "onbekend"
            self.raak("bsn onbekend")
        elif self.kans(0.05):
            bsn = "ongeboren"
            geboortedatum = "99999999"
            self.raak("ongeboren")
        elif self.kans(0.02):
            geboortedatum = "99999999"
            self.raak("ongeboren met bsn")
        alleen_goed = bsn in ("onbekend", "ongeboren")
        woningen = [(date.min, *self.adres(alleen_goed))]
        while self.kans(0.25) and len(woningen) < 4:
            woningen.append((self.dag(), *self.adres(alleen_goed)))
            self.raak("verhuizing")
        woningen.sort(key=lambda woning: woning[0])
        return Persoon(bsn, geboren, geboortedatum, rng.choice("MMMVVVO"), woningen)

    def adres(self, alleen_goed: bool = False) -> tuple[str, str]:
        """Draw (postcode, gemeentecode), sometimes unknown, absent or not of its form."""
        rng = self.rng
        postcode, gemeente = rng.choice(list(self.postcodes)), ""
        keuze = rng.random()
        if keuze < 0.06:
            postcode, gemeente = "", rng.choice(self.gemeenten)[0][2:]
            self.raak("alleen gemeentecode")
        elif keuze < 0.10:
            postcode = "9999ZZ"
            gemeente = rng.choice(["", rng.choice(self.gemeenten)[0][2:], "9999"])
            self.raak("onbekende postcode")
        elif keuze < 0.13:
            postcode, gemeente = "", ""
            self.raak("geen woonplaats")
        elif keuze < 0.16 and not alleen_goed:
            postcode, gemeente = rng.choice(["94O1AB", "9401", "x"]), rng.choice(["", "106", "GM0106", "onbekend"])
            self.raak("woonplaats niet van haar vorm")
        elif keuze < 0.25:
            gemeente = rng.choice(self.gemeenten)[0][2:]
            self.raak("postcode en (andere) gemeentecode")
        return postcode, gemeente

    def einde_na(self, start: date) -> date | None:
        """Draw an end on or after a start."""
        rng = self.rng
        keuze = rng.random()
        if keuze < 0.3:
            return None
        if keuze < 0.5:
            later = [dag for dag in self.dagen() if dag >= start]
            return rng.choice(later) if later else None
        if keuze < 0.55:
            return start
        if keuze < 0.7:  # around the borders of the classes of duration
            maanden = rng.choice([3, 3, 6, 12, 24, 36, 48])
            return plus_maanden(start, maanden) + rng.choice([-2, -1, -1, 0]) * DAG
        return start + timedelta(days=rng.randint(1, 400))

    def maak_hulp(self, persoon: Persoon) -> None:
        """Draw the jeugdhulp records of a persoon, many of them hung onto an earlier one."""
        rng = self.rng
        eigen: list[Hulp] = []
        for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3, 4])):
            leveranciers = [*self.aanbieders, *[self.aanbieders[0]] * (12 if self.groot else 2), self.gis[0]]
            leverancier, hulpvorm, start = rng.choice(leveranciers), rng.choice(HULPVORMEN), self.dag()
            if eigen and self.kans(0.7):
                vorig = rng.choice(eigen)
                if self.kans(0.6):
                    leverancier = vorig.leverancier
                if self.kans(0.6):
                    hulpvorm = vorig.hulpvorm
                if self.kans(0.15):
                    start = vorig.start
                    self.raak("zelfde begindag")
                elif vorig.einde is not None:
                    gat = rng.choice([-20, -1, 0, 0, 1, 1, 2, 2, 3])
                    start = vorig.einde + gat * DAG
                    self.raak(f"begint {gat} dagen na het vorige einde")
                    if self.kans(0.3):
                        start = plus_maanden(vorig.einde, 60) + rng.choice([-1, 0, 1]) * DAG
                        self.raak("vijf jaar na het vorige einde")
            elif self.kans(0.1) and leverancier == self.gis[0]:
                hulpvorm = "11"
            einde = self.einde_na(start)
            hulp = Hulp(
                persoon,
                leverancier,
                hulpvorm,
                start,
                einde,
                reden=rng.choice(["01", "01", "02", "03", "04", "05"]),
                verwijzer=rng.choice(["01", "02", "02", "03", "04", "05", "06"]),
                perspectief=rng.choice(["", "01", "02", "03", "04"]),
            )
            if start < date(2015, 1, 1) and self.kans(0.3):
                hulp.verwijzer = "07"
                self.raak("verwijzer 07")
            if self.periodes[0] >= "2016H1" and self.kans(0.1):
                hulp.verwijzer = "08"
                self.raak("verwijzer 08")
            if self.kans(0.1):
                hulp.vanaf = rng.choice(self.periodes)
                self.raak("laat geregistreerd")
            if self.kans(0.1):
                hulp.verdwijnt = rng.choice(self.periodes)
                self.raak("verdwijnt")
            if einde is not None and self.kans(0.12):
                hulp.correctie = rng.choice(self.periodes)
                hulp.eerder_einde = max(start, einde + rng.choice([-300, -100, -1, 1, 100]) * DAG)
                self.raak("einde gecorrigeerd")
            if self.kans(0.1) and persoon.bsn not in ("onbekend", "ongeboren"):
                hulp.woning = self.adres()
                self.raak("leverancier met een ander adres")
            eigen.append(hulp)
        self.hulp += eigen

    def maak_maatregelen(self, persoon: Persoon) -> None:
        """Draw maatregelen, some with a chain of overdrachten."""
        rng = self.rng
        for _ in range(rng.choice([1, 1, 2])):
            soort = rng.choice(["11", "11", "12", "21", "23", "31", "41", "42", "50", "61", "63"])
            redengroep = CODELIJSTEN["type_maatregel"][soort]["redengroep"]
            start = self.dag()
            if self.maatregelen and self.kans(0.3) and self.maatregelen[-1].persoon is persoon:
                vorig = self.maatregelen[-1]
                if vorig.einde is not None:
                    start = vorig.einde + rng.choice([0, 1, 2, 20, 31, 32]) * DAG
                    if self.kans(0.3):
                        start = plus_maanden(vorig.einde, 12) + rng.choice([0, 1]) * DAG
                    self.raak("maatregel na maatregel")
            einde = self.einde_na(start)
            hulp = [h for h in self.hulp if h.persoon is persoon]
            if hulp and self.kans(0.15):
                start = hulp[-1].start
                einde = self.einde_na(start)
                self.raak("maatregel begint met jeugdhulp")
            schakels = [Schakel(rng.choice(self.gis), start, None)]
            if self.kans(0.4):
                for _ in range(rng.choice([1, 1, 2, 2])):
                    schakel = schakels[-1]
                    grens = self.dag()
                    laatste = einde if einde is not None else laatste_dag(self.periodes[-1])
                    if not schakel.van <= grens < laatste:
                        grens = schakel.van + timedelta(days=rng.randint(0, 60))
                    if grens >= laatste:
                        break
                    schakel.tot = grens
                    andere = [gi for gi in self.gis if gi != schakel.leverancier]
                    schakels.append(Schakel(rng.choice(andere), grens + DAG, None))
                if len(schakels) > 1:
                    self.raak(f"overdracht over {len(schakels)} GI's")
                    if self.kans(0.2):
                        schakels[-1].geleverd = False
                        self.raak("overgedragen aan niets")
                    elif self.kans(0.2):
                        schakels[0].geleverd = False
                        self.raak("overgenomen van niets")
            maatregel = Maatregel(persoon, soort, schakels, einde, rng.choice(REDENEN[redengroep]))
            if soort == "31":
                self.raak("type 31")
            if self.kans(0.15):
                maatregel.reden = ""
                self.raak("maatregel zonder reden")
            if self.kans(0.5):
                maatregel.eerste_contact = tekst(start + timedelta(days=rng.randint(0, 20)))
            if self.kans(0.1):
                maatregel.verdwijnt = rng.choice(self.periodes)
                self.raak("maatregel verdwijnt")
            self.maatregelen.append(maatregel)

    def maak_vervolgmaatregelen(self) -> None:
        """Draw protection orders that end early in the world, and what follows them around 31 days and 12 months."""
        rng = self.rng
        for persoon in rng.sample(self.personen, 10):
            periode = rng.choice(self.periodes[:2])
            einde = rng.choice([eerste_dag(periode), laatste_dag(periode), laatste_dag(periode) - 40 * DAG])
            soort, redenen = rng.choice(
                [("11", ["02", "03", "04", "05", "05", "05", "01"]), ("21", ["12", "12", "13"])]
            )
            gi = rng.choice(self.gis)
            eerst = Maatregel(persoon, soort, [Schakel(gi, einde - 200 * DAG, None)], einde, rng.choice(redenen))
            self.maatregelen.append(eerst)
            vervolg = rng.choice(["geen", "geen", "voogdij", "voogdij", "ots", "reclassering"])
            if vervolg == "geen":
                continue
            gat = rng.choice([0, 1, 2, 31, 32, 90])
            start = einde + gat * DAG if self.kans(0.7) else plus_maanden(einde, 12) + rng.choice([0, 1]) * DAG
            soort, reden = {"voogdij": ("22", "14"), "ots": ("12", "05"), "reclassering": ("41", "22")}[vervolg]
            later = start + 10 * DAG if self.kans(0.3) else None
            self.maatregelen.append(
                Maatregel(persoon, soort, [Schakel(rng.choice(self.gis), start, None)], later, reden)
            )
            self.raak(f"{vervolg} na een beschermingsmaatregel")

    def ontdubbel(self) -> None:
        """Drop what would clash by accident: equal natural keys, and two chains that meet on the same day."""
        gezien: set[tuple] = set()
        hulp_over = []
        for hulp in self.hulp:
            sleutel = (id(hulp.persoon), hulp.leverancier, hulp.hulpvorm, hulp.start)
            if sleutel not in gezien and leeftijd_op(hulp.persoon.geboren, hulp.start) < 22:
                gezien.add(sleutel)
                hulp_over.append(hulp)
        self.hulp = hulp_over
        maatregelen_over = []
        for maatregel in self.maatregelen:
            sleutels = {(id(maatregel.persoon), maatregel.type_maatregel, s.van) for s in maatregel.schakels}
            if not sleutels & gezien and leeftijd_op(maatregel.persoon.geboren, maatregel.schakels[0].van) < 22:
                gezien |= sleutels
                maatregelen_over.append(maatregel)
        self.maatregelen = maatregelen_over

    # -- rows as delivered --------------------------------------------------------------------------------------------

    def persoonsvelden(self, persoon: Persoon, periode: str, woning: tuple[str, str] | None) -> dict[str, str] | None:
        """Give the person columns of a row as delivered for a period (None when not yet born and not unborn)."""
        d1 = laatste_dag(periode)
        bsn = persoon.bsn
        if bsn in ("onbekend", "ongeboren"):
            vroeger = periode < "2016H1"
            bsn = "000000000" if (bsn == "onbekend") == vroeger else "999999999"
        if persoon.geboortedatum != "99999999" and persoon.geboren.replace(month=1, day=1) > d1:
            return None
        if persoon.geboortedatum[4:] not in ("0000",) and persoon.geboortedatum != "99999999" and persoon.geboren > d1:
            return None
        if woning is None:
            woning = [w[1:] for w in persoon.woningen if w[0] <= d1][-1]
        postcode, gemeente = woning
        if postcode and self.kans(0.1):
            postcode = self.rng.choice([postcode[:4] + " " + postcode[4:], postcode.lower()])
        return {
            "bsn": bsn,
            "geboortedatum": persoon.geboortedatum,
            "geslacht": persoon.geslacht,
            "postcode": postcode,
            "gemeentecode": gemeente,
        }

    def hulprij(self, hulp: Hulp, periode: str) -> dict[str, str] | None:
        """Give the row of a record in the levering for a period, or None when it is not in it."""
        d0, d1 = eerste_dag(periode), laatste_dag(periode)
        einde = hulp.eerder_einde if hulp.eerder_einde is not None and periode < hulp.correctie else hulp.einde
        if hulp.start > d1 or (einde is not None and einde < d0):
            return None
        if periode < hulp.vanaf or periode >= hulp.verdwijnt:
            return None
        velden = self.persoonsvelden(hulp.persoon, periode, hulp.woning)
        if velden is None:
            return None
        zichtbaar = einde if einde is not None and einde <= d1 else None
        return velden | {
            "verwijzer": hulp.verwijzer,
            "hulpvorm": hulp.hulpvorm,
            "perspectief": hulp.perspectief,
            "datum_aanvang": tekst(hulp.start),
            "datum_einde": tekst(zichtbaar),
            "reden_beeindiging": hulp.reden if zichtbaar else "",
        }

    def maatregelrijen(self, maatregel: Maatregel, leverancier: str, periode: str) -> list[dict[str, str]]:
        """Give the rows of a maatregel in this GI's levering for a period."""
        d0, d1 = eerste_dag(periode), laatste_dag(periode)
        rijen = []
        if periode >= maatregel.verdwijnt:
            return []
        for nummer, schakel in enumerate(maatregel.schakels):
            laatste = nummer == len(maatregel.schakels) - 1
            if schakel.leverancier != leverancier or not schakel.geleverd or schakel.van > d1:
                continue
            tot = maatregel.einde if laatste else schakel.tot
            if tot is not None and tot < d0:
                continue
            velden = self.persoonsvelden(maatregel.persoon, periode, maatregel.woning)
            if velden is None:
                continue
            einde = maatregel.einde if laatste and maatregel.einde is not None and maatregel.einde <= d1 else None
            overgedragen = schakel.tot if schakel.tot is not None and schakel.tot <= d1 else None
            rijen.append(
                velden
                | {
                    "type_maatregel": maatregel.type_maatregel,
                    "datum_aanvang": tekst(schakel.van) if nummer == 0 else "",
                    "datum_einde": tekst(einde),
                    "datum_eerste_contact": maatregel.eerste_contact,
                    "reden_beeindiging": maatregel.reden if einde else "",
                    "datum_overgedragen": tekst(overgedragen),
                    "datum_overgedragen_gekregen": "" if nummer == 0 else tekst(schakel.van),
                    "erkende_interventie": self.rng.choice(["J", "N"]) if maatregel.type_maatregel > "40" else "",
                }
            )
        return rijen

    # -- leveringen ---------------------------------------------------------------------------------------------------

    def leveringen(self) -> None:
        """Write the leveringen of all aanbieders and GI's."""
        rng = self.rng
        for feed, leveranciers in (("jeugdhulp", [*self.aanbieders, self.gis[0]]), ("maatregelen", self.gis)):
            for leverancier in leveranciers:
                periodes = list(self.periodes)
                if self.kans(0.2):
                    laatst = rng.randrange(len(periodes))
                    periodes = periodes[: laatst + 1]
                    if laatst < len(self.periodes) - 1:
                        self.raak("leverancier houdt op")
                        if self.kans(0.5) and leverancier not in self.gestopt:
                            self.gestopt[leverancier] = laatste_dag(self.periodes[-1]) - timedelta(
                                days=rng.choice([0, 0, 1, 30, 181, 182])
                            )
                if len(periodes) > 2 and self.kans(0.2):
                    periodes.remove(rng.choice(periodes[:-1]))
                    self.raak("periode overgeslagen")
                for periode in periodes:
                    if feed == "jeugdhulp":
                        rijen = [
                            rij
                            for hulp in self.hulp
                            if hulp.leverancier == leverancier and (rij := self.hulprij(hulp, periode))
                        ]
                    else:
                        rijen = [
                            rij
                            for maatregel in self.maatregelen
                            for rij in self.maatregelrijen(maatregel, leverancier, periode)
                        ]
                    self.levering(feed, leverancier, periode, rijen)
        # a setting may not end a record before it starts or before its last levering: no ambiguity wanted here
        for leverancier in list(self.gestopt):
            geleverd = [pad.stem.split("__")[2] for pad in self.map.rglob(f"*__{leverancier}__*.csv")]
            self.gestopt[leverancier] = max([self.gestopt[leverancier], *map(laatste_dag, geleverd)])

    def levering(self, feed: str, leverancier: str, periode: str, rijen: list[dict[str, str]]) -> None:
        """Write one levering: mostly v1, sometimes with a v2 that corrects it, is refused, or is empty."""
        rng = self.rng
        naam = f"{feed}__{leverancier}__{periode}"
        rng.shuffle(rijen)
        if self.kans(0.05):
            rijen = []
            self.raak("lege levering")
        goed = self.met_fouten(feed, periode, rijen)
        keuze = rng.random()
        if keuze < 0.15 and rijen:  # v1 had rows that v2 removes and changes
            eerst = [dict(rij) for rij in rijen]
            for rij in rng.sample(eerst, min(2, len(eerst))):
                if "verwijzer" in rij:
                    rij["verwijzer"] = "06"
                rij["geslacht"] = rng.choice("MV")
            extra = self.extra_rij(feed, periode, eerst)
            self.schrijf(naam + "__v1.csv", feed, eerst + ([extra] if extra else []))
            self.schrijf(naam + "__v2.csv", feed, goed)
            self.raak("v2 haalt rijen weg")
        elif keuze < 0.22 and rijen:  # v2 is refused: v1 stays
            fout = [dict(rij) for rij in rijen]
            for rij in fout[: len(fout) // 10 + 1]:
                self.bederf(feed, periode, rij, "A03")
            if self.kans(0.5):
                fout = [rij for rij in fout if self.kans(0.7)] or fout
            self.schrijf(naam + "__v1.csv", feed, goed)
            self.schrijf(naam + "__v2.csv", feed, fout)
            self.raak("v2 geweigerd")
        elif keuze < 0.25:
            self.schrijf(naam + "__v1.csv", feed, goed)
            soort = rng.choice(["leeg", "kolom", "dubbel", "xlsx"])
            doel = self.map / f"{naam}__v3.csv"
            if soort == "leeg":
                doel.parent.mkdir(parents=True, exist_ok=True)
                doel.write_bytes(b"")
            elif soort == "kolom":
                self.schrijf(
                    doel.name, feed, rijen, zonder=rng.choice([k.naam for k in CONTRACTEN[feed] if k.verplicht])
                )
            else:
                self.schrijf(doel.name, feed, rijen)
                ander = self.map / "nogmaals" / doel.name
                ander = ander.with_suffix(".xlsx") if soort == "xlsx" else ander
                ander.parent.mkdir(parents=True, exist_ok=True)
                ander.write_bytes(b"iets anders\n")
            self.raak(f"A01 ({soort})")
        elif keuze < 0.28 and rijen:  # only a v1, and refused
            for rij in goed[: len(goed) // 10 + 1]:
                self.bederf(feed, periode, rij, "A02")
            self.schrijf(naam + "__v1.csv", feed, goed)
            self.raak("v1 geweigerd")
        else:
            nummer = rng.choice([1, 1, 1, 2, 10])
            pad = self.schrijf(f"{naam}__v{nummer}.csv", feed, goed)
            if nummer == 10:  # 10 is later than 9, also when the names are sorted as text
                self.schrijf(f"{naam}__v9.csv", feed, rijen[:1])
            if self.kans(0.03):
                kopie = self.map / "kopie" / pad.name
                kopie.parent.mkdir(parents=True, exist_ok=True)
                kopie.write_bytes(pad.read_bytes())
                self.raak("hetzelfde bestand tweemaal")

    def extra_rij(self, feed: str, periode: str, rijen: list[dict[str, str]]) -> dict[str, str] | None:
        """Give a valid row of a persoon nobody else has."""
        if not rijen:
            return None
        rij = dict(self.rng.choice(rijen))
        rij["bsn"] = geldig_bsn(self.rng)
        rij["geboortedatum"] = f"{int(periode[:4]) - 10}0515"
        return rij

    def met_fouten(self, feed: str, periode: str, rijen: list[dict[str, str]]) -> list[dict[str, str]]:
        """Add rows that break a rule, mostly as many as 5 % allows, and (conflicting) duplicates."""
        rng = self.rng
        uit = [dict(rij) for rij in rijen]
        if not rijen:
            return uit
        dubbel = [dict(rij) for rij in rijen if self.kans(0.03)]
        for rij in dubbel:
            rij["postcode"] = rij["postcode"].lower()
            self.raak("S01")
        uit += dubbel
        ruimte = 0  # the number of bad rows that still fits in 5 %
        while (ruimte + 1) * 20 <= len(uit) + ruimte + 1:
            ruimte += 1
        if self.kans(0.1):
            ruimte += 1
            self.raak("net boven 5 %")
        regels = ["A02", "A03", "A03 velden", "A04", "A05", "A06", "A07", "A08", "A10", "A10 ongeboren", "A11", "A09"]
        while ruimte > 0 and self.kans(0.8):
            regel = rng.choice(regels) if ruimte < 2 or self.kans(0.6) else "A09"
            if regel == "A09" and ruimte >= 2:
                rij = self.extra_rij(feed, periode, rijen)
                ander = dict(rij)
                ander["geslacht"] = "V" if rij["geslacht"] != "V" else "M"
                uit += [rij, ander]
                if ruimte >= 3:
                    uit.append(dict(rij))  # an exact copy among the conflicting rows
                    ruimte -= 1
                ruimte -= 2
                self.raak("A09")
                continue
            if regel == "A09":
                continue
            rij = self.extra_rij(feed, periode, rijen)
            if self.bederf(feed, periode, rij, regel):
                uit.append(rij)
                ruimte -= 1
        rng.shuffle(uit)
        return uit

    def bederf(self, feed: str, periode: str, rij: dict[str, str], regel: str) -> bool:
        """Make a row break a rule; False when the rule does not exist for this feed or period."""
        rng = self.rng
        d0, d1 = eerste_dag(periode), laatste_dag(periode)
        if regel == "A02":
            if feed == "maatregelen" and self.kans(0.3):
                rij["datum_aanvang"] = rij["datum_overgedragen_gekregen"] = ""
            else:
                rij[rng.choice([k.naam for k in CONTRACTEN[feed] if k.verplicht])] = ""
            if self.kans(0.3):
                rij["geslacht"] = "X" if rij["geslacht"] else ""
        elif regel == "A03":
            kolom, waarde = rng.choice(
                [
                    ("geslacht", "X"),
                    ("geslacht", "m"),
                    ("bsn", "12345678"),
                    ("bsn", "12345678x"),
                    ("geboortedatum", "20240230"),
                    ("geboortedatum", "20130012"),
                    ("datum_aanvang", "01-02-2024"),
                    ("datum_aanvang", "20230229"),
                    ("datum_einde", "2024"),
                    ("hulpvorm" if feed == "jeugdhulp" else "type_maatregel", "2"),
                    ("verwijzer" if feed == "jeugdhulp" else "erkende_interventie", "09"),
                    ("perspectief" if feed == "jeugdhulp" else "datum_overgedragen", "7"),
                ]
            )
            rij[kolom] = waarde
        elif regel == "A03 velden":
            rij["__velden"] = rng.choice(["te veel", "te weinig"])
        elif regel == "A04":
            rij["bsn"] = f"{(int(rij['bsn']) + 1) % 10**9:09d}"
            if rij["bsn"] in ("000000000", "999999999"):
                return False
        elif regel == "A05":
            if feed == "maatregelen" and self.kans(0.5):
                rij["datum_overgedragen"] = rij["datum_aanvang"] or rij["datum_overgedragen_gekregen"]
                rij["datum_overgedragen"] = tekst(self._dag(rij["datum_overgedragen"]) - DAG)
            else:
                start = rij["datum_aanvang"] or rij["datum_overgedragen_gekregen"]
                rij["datum_einde"] = tekst(self._dag(start) - DAG)
                rij["reden_beeindiging"] = "01" if feed == "jeugdhulp" else ""
        elif regel == "A06":
            kolom = rng.choice(["datum_aanvang", "datum_einde"])
            rij[kolom] = tekst(d1 + rng.choice([1, 1, 40]) * DAG)
            if kolom == "datum_aanvang":
                rij["datum_einde"] = rij["reden_beeindiging"] = ""
                if "datum_overgedragen" in rij:
                    rij["datum_overgedragen"] = ""
            else:
                rij["reden_beeindiging"] = "01" if feed == "jeugdhulp" else ""
        elif regel == "A07":
            rij["datum_aanvang"], rij["datum_einde"] = tekst(d0 - 50 * DAG), tekst(d0 - rng.choice([1, 1, 30]) * DAG)
            rij["reden_beeindiging"] = "01" if feed == "jeugdhulp" else ""
            if "datum_overgedragen" in rij:
                rij["datum_overgedragen"] = rij["datum_overgedragen_gekregen"] = ""
        elif regel == "A08":
            if feed == "jeugdhulp":
                rij["reden_beeindiging"] = "" if rij["datum_einde"] else "01"
            elif rij["datum_einde"]:
                rij["reden_beeindiging"] = "12" if rij["type_maatregel"] != "21" else "02"
                if rij["type_maatregel"] in ("22", "23"):
                    return False
            else:
                redengroep = CODELIJSTEN["type_maatregel"][rij["type_maatregel"]]["redengroep"]
                rij["reden_beeindiging"] = REDENEN[redengroep][0]
        elif regel == "A10":
            start = self._dag(rij["datum_aanvang"] or rij["datum_overgedragen_gekregen"])
            if (start.month, start.day) == (2, 29):
                return False
            rij["geboortedatum"] = tekst(start.replace(year=start.year - 23) - rng.choice([0, 0, 400]) * DAG)
        elif regel == "A10 ongeboren":
            rij["geboortedatum"] = tekst(d1 + DAG)
            if self.kans(0.3):
                rij["geboortedatum"] = rij["geboortedatum"][:6] + "00"
        elif regel == "A11":
            if feed != "jeugdhulp":
                return False
            if periode < "2016H1" and self.kans(0.5):
                rij["verwijzer"] = "08"
            elif rij["datum_aanvang"] >= "20150101":
                rij["verwijzer"] = "07"
            else:
                return False
        self.raak(regel)
        return True

    @staticmethod
    def _dag(waarde: str) -> date:
        """Read a well-formed JJJJMMDD."""
        return date(int(waarde[:4]), int(waarde[4:6]), int(waarde[6:]))

    # -- indicaties and outcome feeds ---------------------------------------------------------------------------------

    def indicaties(self) -> None:
        """Write the indicaties of the gemeenten: chains with gaps around 31 days and five years."""
        rng = self.rng
        gemeenten = [code for code, _ in self.gemeenten] + (["GM9999"] if self.kans(0.2) else [])
        alle: dict[str, list[dict]] = {gemeente: [] for gemeente in gemeenten}
        for persoon in self.personen:
            if self.kans(0.4):
                continue
            thuis = rng.choice(gemeenten)
            vorige: dict | None = None
            for _ in range(rng.choice([1, 2, 3, 4])):
                gemeente = thuis if self.kans(0.9) else rng.choice(gemeenten)
                van = self.dag()
                if vorige is not None and vorige["tot"] is not None:
                    van = vorige["tot"] + rng.choice([-30, 0, 1, 30, 31, 32, 33]) * DAG
                    if self.kans(0.3):
                        van = plus_maanden(vorige["tot"], 60) + rng.choice([-1, 0, 1]) * DAG
                        self.raak("indicatie vijf jaar later")
                besluit = van + rng.choice([-20, -1, 0, 0, 3]) * DAG
                if vorige is not None and self.kans(0.1):
                    besluit = vorige["besluit"]
                    self.raak("twee besluiten op een dag")
                lengte = rng.choice([None, 0, 30, 90, 180, 400])
                vorige = {
                    "persoon": persoon,
                    "id": f"{rng.choice(['B', 'a', ''])}{len(alle[gemeente]):04d}-ë",
                    "besluit": besluit,
                    "van": van,
                    "tot": None if lengte is None else van + timedelta(days=lengte),
                    "verwijzer": rng.choice(["01", "02", "02", "03", "05"]),
                    "productcategorie": rng.choice(["32", "45", "50"]),
                    "aanbieder": rng.choice(["", *self.aanbieders]),
                    "planmatig": rng.choice(["J", "N", ""]),
                    "dicht_vanaf": rng.choice(["", "", *self.periodes]),
                }
                alle[gemeente].append(vorige)
        for gemeente, lijst in alle.items():
            for periode in self.periodes:
                if self.kans(0.08):
                    self.raak("gemeente slaat een periode over")
                    continue
                d0, d1 = eerste_dag(periode), laatste_dag(periode)
                rijen = []
                for indicatie in lijst:
                    tot = None if periode < indicatie["dicht_vanaf"] else indicatie["tot"]
                    velden = self.persoonsvelden(indicatie["persoon"], periode, ("", ""))
                    if indicatie["besluit"] > d1 or (tot is not None and tot < d0) or velden is None:
                        continue
                    planmatig = indicatie["planmatig"]
                    if self.kans(0.05):
                        planmatig = rng.choice(["J", "N", ""])
                        self.raak("indicatie later gewijzigd")
                    rijen.append(
                        {naam: velden[naam] for naam in ("bsn", "geboortedatum", "geslacht")}
                        | {
                            "indicatie_id": indicatie["id"],
                            "besluitdatum": tekst(indicatie["besluit"]),
                            "geldig_van": tekst(indicatie["van"]),
                            "geldig_tot": tekst(tot),
                            "verwijzer": indicatie["verwijzer"],
                            "productcategorie": indicatie["productcategorie"],
                            "aanbieder": indicatie["aanbieder"],
                            "planmatig": planmatig,
                        }
                    )
                self.eenvoudige_levering("indicaties", gemeente, periode, rijen)

    def uitkomsten(self) -> None:
        """Write doelen, tevredenheid and step around the ends and starts of the jeugdhulp records."""
        rng = self.rng
        gezien: set[tuple] = set()
        stapel: dict[tuple[str, str, str], list[dict]] = {}

        def voeg_toe(feed: str, hulp: Hulp, periode: str, zaak: tuple, velden: dict[str, str]) -> None:
            """Add a row, unless the same thing of the same stretch of care was measured alike already."""
            kenmerk = (feed, id(hulp.persoon), hulp.leverancier, hulp.hulpvorm, *zaak, velden["datum_meting"])
            if kenmerk in gezien:
                return
            gezien.add(kenmerk)
            bsn = hulp.persoon.bsn
            if bsn in ("onbekend", "ongeboren"):
                bsn = rng.choice(["000000000", "999999999"])
                if (feed, periode, bsn) in gezien:
                    return
                gezien.add((feed, periode, bsn))
                self.raak("A12 speciale code")
            wijzer = {"bsn": bsn, "hulpvorm": hulp.hulpvorm, "datum_aanvang": tekst(hulp.start)}
            if self.kans(0.03):
                wijzer["hulpvorm"] = rng.choice([h for h in HULPVORMEN if h != hulp.hulpvorm])
                self.raak("A12 zonder record")
            stapel.setdefault((feed, hulp.leverancier, periode), []).append(wijzer | velden)

        def dag_bij(einde: date) -> str:
            return tekst(einde + rng.choice([-22, -21, -20, -5, -5, 0, 3, 5, 5, 20, 21, 22]) * DAG)

        for hulp in self.hulp:
            if hulp.einde is None or self.kans(0.25):
                continue
            later = [p for p in self.periodes if laatste_dag(p) >= hulp.einde]
            if not later:
                continue
            if hulp.einde < eerste_dag(later[0]) and self.kans(0.9):
                continue  # ended in a period nobody delivered for: no record to point to
            periode = later[0] if self.kans(0.8) else rng.choice(later)
            for nummer in rng.sample(range(1, 11), rng.choice([0, 1, 2, 3])):
                for _ in range(rng.choice([1, 1, 2, 3])):
                    dag = dag_bij(hulp.einde)
                    for wie in rng.sample(["client", "gezinsvoogd", "jeugdreclasseerder"], rng.choice([1, 1, 2])):
                        velden = {"doel_nr": str(nummer), "score": str(rng.choice([-1, 0, 1, 2]))}
                        velden |= {"beoordelaar": wie, "datum_meting": dag}
                        voeg_toe("doelen", hulp, periode, (nummer, wie), velden)
            for informant, ouder in rng.sample(
                [("jeugdige", ""), ("jeugdige", ""), ("ouder", "1"), ("ouder", "2"), ("ouder", "1")],
                rng.choice([0, 1, 2, 3, 4]),
            ):
                velden = {
                    "informant": informant,
                    "ouder_nr": ouder,
                    "resultaat": rng.choice(["1", "2.5", "3,25", "4.0", "3.1"]),
                    "rapportcijfer": rng.choice(["", "1", "6", "8", "10"]),
                    "datum_meting": dag_bij(hulp.einde),
                }
                voeg_toe("tevredenheid", hulp, periode, (informant, ouder), velden)
            for moment in rng.sample(["begin", "begin", "einde", "einde"], rng.choice([0, 2, 3, 4])):
                besluit = hulp.start + timedelta(days=rng.randint(-15, 15))
                getallen = {}
                for kolom in ("fj", "fj_zonder_duur", "ko", "ko_zonder_duur", "zz", "uz"):
                    getallen[kolom] = "" if self.kans(0.1) else rng.choice(["0", "3", "4", "4.5", "6", "7,5", "9"])
                velden = {"moment": moment, **getallen}
                if moment == "begin":
                    velden["datum_besluit"] = "" if self.kans(0.1) else tekst(besluit)
                    velden["datum_meting"] = tekst(besluit - rng.choice([-1, 0, 0, 5, 5, 20, 21, 22]) * DAG)
                else:
                    velden["datum_meting"] = dag_bij(hulp.einde)
                voeg_toe("step", hulp, periode, (moment,), velden)

        for (feed, leverancier, periode), rijen in sorted(stapel.items()):
            volgende = [p for p in self.periodes if p > periode]
            if volgende and (feed, leverancier, volgende[0]) not in stapel and self.kans(0.3):
                later = [dict(rij) for rij in rijen if self.kans(0.3)]  # the same keys again: the latest counts
                for rij in later:
                    if feed == "doelen":
                        rij["score"] = rng.choice(["-1", "0", "1", "2"])
                    elif feed == "tevredenheid":
                        rij["rapportcijfer"] = rng.choice(["", "5"])
                    else:
                        rij["fj"] = rng.choice(["", "5"])
                self.eenvoudige_levering(feed, leverancier, volgende[0], later)
                self.raak("meting later gewijzigd")
            self.eenvoudige_levering(feed, leverancier, periode, rijen)

    def eenvoudige_levering(self, feed: str, leverancier: str, periode: str, rijen: list[dict[str, str]]) -> None:
        """Write a levering of another feed, with a duplicate and a few bad rows as far as 5 % allows."""
        rng = self.rng
        naam = f"{feed}__{leverancier}__{periode}"
        uit = [dict(rij) for rij in rijen]
        uit += [dict(rij) for rij in rijen if self.kans(0.03)]
        bekend = [rij for rij in rijen if rij["bsn"] not in ("000000000", "999999999")]
        ruimte = 0
        while (ruimte + 1) * 20 <= len(uit) + ruimte + 1:
            ruimte += 1
        while bekend and ruimte > 0 and self.kans(0.6):
            rij, regel = dict(rng.choice(bekend)), rng.choice(["A02", "A03", "A04", "A05"])
            ruimte -= 1
            if regel == "A05":
                if feed != "indicaties":
                    continue
                rij["indicatie_id"] = "fout"
                rij["geldig_tot"] = tekst(self._dag(rij["geldig_van"]) - DAG)
            elif regel == "A02":
                rij[rng.choice([k.naam for k in CONTRACTEN[feed] if k.verplicht])] = ""
            elif regel == "A04":
                rij["bsn"] = f"{(int(rij['bsn']) + 1) % 10**9:09d}"
            else:
                kolom, waarde = rng.choice(
                    {
                        "indicaties": [("planmatig", "?"), ("productcategorie", "39"), ("besluitdatum", "2024-01-01")],
                        "doelen": [("doel_nr", "11"), ("score", "3"), ("beoordelaar", "ouder"), ("doel_nr", "0")],
                        "tevredenheid": [("rapportcijfer", "11"), ("informant", "vader"), ("resultaat", "goed")],
                        "step": [("moment", "midden"), ("fj", "n.v.t."), ("datum_meting", "20240231")],
                    }[feed]
                )
                rij[kolom] = waarde
            uit.append(rij)
            self.raak(f"{feed} {regel}")
        if feed == "tevredenheid" and ruimte > 0 and bekend:
            uit.append(rng.choice(bekend) | {"informant": "ouder", "ouder_nr": ""})
            self.raak("ouder zonder nummer")
        rng.shuffle(uit)
        if rijen and self.kans(0.08):
            self.schrijf(naam + "__v1.csv", feed, rijen[: len(rijen) // 2])
            self.schrijf(naam + "__v2.csv", feed, uit)
        else:
            self.schrijf(naam + "__v1.csv", feed, uit)

    # -- files --------------------------------------------------------------------------------------------------------

    def schrijf(self, naam: str, feed: str, rijen: list[dict[str, str]], zonder: str = "") -> Path:
        """Write a csv file in one of the many permitted forms."""
        rng = self.rng
        kolommen = [k.naam for k in CONTRACTEN[feed] if k.naam != zonder]
        if self.kans(0.3):
            rng.shuffle(kolommen)
        gebruikt = {naam for rij in rijen for naam, waarde in rij.items() if waarde}
        verplicht = {k.naam for k in CONTRACTEN[feed] if k.verplicht}
        if self.kans(0.2):  # an optional column that nobody fills may be absent
            kolommen = [k for k in kolommen if k in verplicht or k in gebruikt]
        if self.kans(0.15):
            kolommen.insert(rng.randint(0, len(kolommen)), "opmerking")
        scheiding = rng.choice(";;,")
        aanhalen = self.kans(0.1)

        def veld(waarde: str) -> str:
            if aanhalen or any(teken in waarde for teken in ';,"'):
                return '"' + waarde.replace('"', '""') + '"'
            return waarde

        regels = [scheiding.join(veld(k) for k in kolommen)]
        for rij in rijen:
            if self.kans(0.02):
                regels.append("")
                self.raak("lege regel")
            extra = {"opmerking": rng.choice(["", 'é; en, "zo"', "tekst"])}
            velden = [veld((extra | rij).get(k, "")) for k in kolommen]
            if rij.get("__velden") == "te veel":
                velden.append("x")
            elif rij.get("__velden") == "te weinig":
                velden.pop()
            regels.append(scheiding.join(velden))
        einde = rng.choice(["\n", "\r\n"])
        inhoud = einde.join(regels) + (einde if self.kans(0.9) else "")
        codering = rng.choice(["utf-8", "utf-8-sig", "cp1252"])
        pad = self.map / rng.choice([".", ".", naam.split("__")[0], f"{naam.split('__')[2]}/binnen"]) / naam
        pad.parent.mkdir(parents=True, exist_ok=True)
        pad.write_bytes(inhoud.encode(codering))
        return pad

    def schrijf_cbs(self) -> None:
        """Write cbs_gebieden, cbs_postcodes and cbs_bevolking for a choice of the years."""
        rng = self.rng
        verversjaar = int(self.periode[:4])

        def jaarkeuze(kans_op_gat: float) -> list[int]:
            gekozen = [jaar for jaar in self.jaren if not self.kans(kans_op_gat)]
            if not any(jaar <= verversjaar for jaar in gekozen):
                gekozen.append(verversjaar)
            if len(gekozen) < len(self.jaren):
                self.raak("cbs-jaar ontbreekt")
            return sorted(gekozen)

        for jaar in jaarkeuze(0.25):
            rijen = []
            for code, indeling in self.indeling.items():
                if self.opheffing and jaar >= self.opheffing and code == self.opgeheven:
                    continue
                rijen.append({"jaar": str(jaar), "gemeentecode": rng.choice([code, code[2:]]), **indeling})
            self.schrijf(f"cbs_gebieden__cbs__{jaar}__v1.csv", "cbs_gebieden", rijen)
        for jaar in jaarkeuze(0.25):
            rijen = []
            for postcode, wijk in self.postcodes.items():
                gemeente, wijkcode = self.wijk_in(wijk, jaar)
                rijen.append(
                    {
                        "jaar": str(jaar),
                        "postcode": rng.choice([postcode, postcode[:4] + " " + postcode[4:]]),
                        "gemeentecode": rng.choice([gemeente, gemeente[2:]]),
                        "wijkcode": wijkcode,
                        "wijknaam": f"Wijk à {wijkcode[-2:]}, {wijkcode[2:6]}",
                    }
                )
            self.schrijf(f"cbs_postcodes__cbs__{jaar}__v1.csv", "cbs_postcodes", rijen)
        for jaar in jaarkeuze(0.3):
            regios = {"NL01"}
            for code, indeling in self.indeling.items():
                regios |= {indeling["provinciecode"]}
                if not (self.opheffing and jaar >= self.opheffing and code == self.opgeheven):
                    regios.add(code)
            regios |= {self.wijk_in(wijk, jaar)[1] for wijk in self.postcodes.values()}
            rijen = []
            for regio in sorted(regios):
                if self.kans(0.08):
                    self.raak("bevolking van een regio ontbreekt")
                    continue
                hoogst = 0 if self.kans(0.05) else rng.choice([1, 3, 300])
                for leeftijd in range(23):
                    for geslacht in "MV":
                        aantal = str(rng.randint(0, hoogst))
                        rijen.append(
                            {
                                "regio": regio,
                                "peildatum": f"{jaar}0101",
                                "leeftijd": str(leeftijd),
                                "geslacht": geslacht,
                                "aantal": aantal,
                            }
                        )
            if rijen and self.kans(0.3):
                rijen.append(rijen[0] | {"leeftijd": "23"})
                rijen.append(rijen[1] | {"regio": ""})
                rijen.append(dict(rijen[2]))
                self.raak("fouten in cbs_bevolking")
            self.schrijf(f"cbs_bevolking__cbs__{jaar}__v1.csv", "cbs_bevolking", rijen)
            if self.kans(0.1) and rijen:
                for rij in rijen:
                    rij["aantal"] = str(int(rij["aantal"]) + 1)
                self.schrijf(f"cbs_bevolking__cbs__{jaar}__v2.csv", "cbs_bevolking", rijen)
                self.raak("tweede versie van cbs_bevolking")

    def schrijf_vreemde_bestanden(self) -> None:
        """Write files that are no levering."""
        if self.kans(0.2):
            (self.map / f"onbekendefeed__41012345__{self.periode}__v1.csv").write_text("a;b\n1;2\n")
            self.raak("feed zonder contract")
        if self.kans(0.2):
            (self.map / "jeugdhulp_zonder_vorm.csv").write_text("a;b\n1;2\n")
            self.raak("naam niet van haar vorm")


def schrijf_wereld(map: Path, seed: int) -> Wereld:
    """Write the leveringen of a random world below `map` and say what is needed to refresh on them."""
    Path(map).mkdir(parents=True, exist_ok=True)
    return Bouwer(map, seed).maak()
