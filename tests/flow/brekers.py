"""Leveringen that break the rules of the poorten, several at a time. Makes files; runs nothing.

A broken rule is named as it is kept: regel, effect, object, status.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .bestanden import Rijen, als_csv, lees_csv, naam
from .bronnen import grootste, leverancier_van, zonder
from .hulp import PERIODE, kopie
from .slecht import KOLOMMEN, NUMMERS, rij

VORIGE, DAARVOOR = "2024H1", "2023H2"
GEMEENTE = "0114"  # the largest of the small demo region
# the demo region is small: judge smaller numbers than in real life
DREMPELS = "M4b_minimum: 100\nM9_minimum: 10\nM4_minimum: 50\n"

IN_NAAM = NUMMERS[-1]  # a BSN that stands in the names of two files

Uitkomst = tuple[str, str, str, str]


@dataclass(frozen=True)
class Gebroken:
    """Leveringen, the outcomes that they must give, and who must read about it in the feedback."""

    bron: Path
    uitkomsten: frozenset[Uitkomst]
    leverancier: str
    codes: frozenset[str]  # among the findings of this leverancier for the period


def _lever(
    doel: Path, leverancier: str, periode: str, wijzig: Callable[[Rijen], Rijen], feed: str = "jeugdhulp"
) -> Path:
    """A v2 with the rows of the v1 changed."""
    v1 = min(doel.rglob(naam(leverancier, feed=feed, periode=periode)))
    rijen = lees_csv(v1)
    v2 = v1.with_name(naam(leverancier, feed=feed, periode=periode, volgnr=2))
    v2.write_bytes(als_csv(list(rijen[0]), wijzig(rijen)))
    return v2


def _nieuw(eerste: int, aantal: int, **anders: str) -> Rijen:
    return [rij(nr, gemeentecode=GEMEENTE, **anders) for nr in range(eerste, eerste + aantal)]


def signalen(bron: Path, doel: Path) -> Gebroken:
    """Every rule that only tells, broken at once: L1, L2, L3, L4, L5, L6, L7, M3, M4b, M5 and M9."""
    groot, tweede, *_, klein = (leverancier_van(p) for p in grootste(bron))
    weg = min(bron.rglob(naam(klein)))  # L2: too small to block
    bevolking = min(bron.rglob(naam("cbs", feed="cbs_bevolking", periode=PERIODE[:4])))  # L7: that of 2023 serves
    zonder(bron, doel, weg, bevolking)

    def nu(v1: Rijen) -> Rijen:
        lopend = [r for r in v1 if r["datum_aanvang"] < "20240701" and not r["datum_einde"]]
        blijft = [r for r in v1 if r not in lopend[:8]]  # L5
        onbekend = [{"bsn": "999999999", "geboortedatum": f"201203{d:02d}", "gemeentecode": ""} for d in range(1, 13)]
        op_de_eerste = _nieuw(20, len(v1) + 20, datum_aanvang="20240701")  # L3, L6, M4b
        return blijft + al_begonnen + [r | o for r, o in zip(_nieuw(0, 12), onbekend, strict=True)] + op_de_eerste  # L4

    al_begonnen = _nieuw(300, 20, datum_aanvang="20240301")  # M3: in the stand at the begin of P, not at the last end
    afgelopen = {"datum_aanvang": "20230901", "datum_einde": "20231001", "reden_beeindiging": "01"}
    _lever(doel, groot, DAARVOOR, lambda v1: v1 + _nieuw(320, 15, **afgelopen))  # M9
    _lever(doel, groot, VORIGE, lambda v1: v1 + al_begonnen)
    _lever(doel, groot, PERIODE, nu)
    geweigerd = _lever(doel, tweede, PERIODE, lambda v1: [r | {"bsn": "123456789"} for r in v1])  # L1
    _lever(doel, "cbs", DAARVOOR, lambda v1: [r | {"waarde": "40"} for r in v1], feed="cbs_jeugdzorg")  # M5
    for naam_met_bsn in (f"dossier {IN_NAAM}.csv", naam(IN_NAAM)):
        (doel / naam_met_bsn).write_bytes(als_csv(KOLOMMEN, _nieuw(0, 1)))
    objecten = {
        "L1": geweigerd.name,
        "L2": f"jeugdhulp/{klein}",
        "L3": f"jeugdhulp/{groot}",
        "L4": f"jeugdhulp/{groot}/bsn",
        "L5": groot,
        "L6": f"jeugdhulp/{groot}/aanvang",
        "L7": "bevolking",
        "M3": "jeugdhulp PV22",
        "M4b": f"GM{GEMEENTE}",
        "M5": f"PV22 jeugdhulp {DAARVOOR}",
        "M9": f"stand_stroom {DAARVOOR} jeugdhulp trajecten GM{GEMEENTE} totaal totaal in_periode",
    }
    verwacht = {(regel, "signaal", object_, "gefaald") for regel, object_ in objecten.items()}
    verwacht |= {("L4", "signaal", f"jeugdhulp/{groot}/woonplaats", "gefaald")}
    verwacht |= {("L2", "blokkeert", "jeugdhulp", "geslaagd"), ("L7", "blokkeert", "bevolking", "geslaagd")}
    verwacht |= {("M3", "blokkeert", "jeugdhulp PV22", "geslaagd")}
    return Gebroken(doel, frozenset(verwacht), groot, frozenset({"S02", "S04"}))


def poort_1_dicht(bron: Path, doel: Path) -> Gebroken:
    """What poort 1 stops for: the largest leverancier is not there (L2), nor is any file of the areas (L7)."""
    weg = grootste(bron)[0]
    zonder(bron, doel, weg, *bron.rglob("cbs_gebieden__*"))
    verwacht = {("L2", "blokkeert", "jeugdhulp"), ("L2", "signaal", f"jeugdhulp/{leverancier_van(weg)}")}
    verwacht |= {("L7", "blokkeert", "gebieden")}
    wie = leverancier_van(grootste(bron)[1])
    return Gebroken(doel, frozenset((*u, "gefaald") for u in verwacht), wie, frozenset())


def poort_2_dicht(bron: Path, doel: Path) -> Gebroken:
    """What poort 2 stops for: a stand that jumped (M3), more young people than inhabitants (M4), a BSN in a name (M7)."""
    kopie(bron, doel)
    groot = leverancier_van(grootste(bron)[0])
    erbij = _nieuw(0, 40, datum_aanvang="20240301")
    for periode in (VORIGE, PERIODE):
        _lever(doel, groot, periode, lambda v1: v1 + erbij)
    jaar = PERIODE[:4]
    te_weinig = {"feed": "cbs_bevolking"}
    _lever(doel, "cbs", jaar, lambda v1: [r | {"aantal": str(int(r["aantal"]) // 15)} for r in v1], **te_weinig)

    def met_nummer(v1: Rijen) -> Rijen:
        return [r | {"gemeentenaam": f"Emmen {NUMMERS[0]}"} if r["gemeentecode"] == GEMEENTE else r for r in v1]

    _lever(doel, "cbs", jaar, met_nummer, feed="cbs_gebieden")
    verwacht = {("M3", "blokkeert", "jeugdhulp PV22"), ("M4", "blokkeert", f"jeugdhulp PV22 {PERIODE}")}
    verwacht |= {("M7", "blokkeert", "monitor.dim_regio")}
    return Gebroken(doel, frozenset((*u, "gefaald") for u in verwacht), groot, frozenset())
