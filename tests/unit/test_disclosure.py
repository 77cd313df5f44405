"""Complementary suppression: worlds worked out by hand, and proof by integer programming from what is printed alone."""

from __future__ import annotations

import json
import os
import random
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from pipelines.assets.monitor import manifest
from pipelines.quality import onthulling
from pipelines.quality.regels import regels
from pipelines.release import beschrijving, build, database, disclosure, families, stelsel, voortplanting
from pipelines.release.attack import Aanval, primair, werk_bij
from pipelines.settings import Onthulling

STROOM = [
    "beginstand",
    "instroom",
    "instroom_nieuw",
    "instroom_herhaald",
    "instroom_aansluitend",
    "uitstroom",
    "eindstand",
    "in_periode",
]
KLASSEN = ["k_0_3m", "k_3_6m", "k_6_12m", "k_1_2j", "k_2_3j", "k_3_4j", "k_4j_plus"]
SOORTEN = ["nieuw", "vervolg_planmatig", "vervolg_niet_planmatig", "herhaald_beroep"]
PERIODEN = ("2024H1", "2024H2", "2024JJ")

# --- small worlds: records, counted in plain Python -------------------------------------------------------------------


class Wereld:
    """Two gemeenten with some wijken, and the monitor tables counted from invented trajecten, jeugdigen and besluiten."""

    def __init__(self, zaad: int, omvang: int = 60):
        self.kans = random.Random(zaad)
        self.wijken = {"WK010600": "GM0106", "WK010601": "GM0106", "WK010900": "GM0109", "WK010901": "GM0109"}
        self.rijen: dict[str, list[dict]] = defaultdict(list)
        n = self.kans.randint(omvang // 2, omvang * 2)
        self.trajecten = [self._traject() for _ in range(n)]
        self.besluiten = [self._besluit() for _ in range(n)]
        self._stand_stroom()
        self._herindicaties()
        self._percentages()
        self._indicatoren()

    def _regio(self) -> dict[str, str]:
        wijk = self.kans.choices(list(self.wijken), [6, 2, 4, 1])[0]
        gemeente = self.wijken[wijk]
        if self.kans.random() < 0.03:
            wijk = "onbekend"
        return {"wijk": wijk, "gemeente": gemeente, "subregio": "Noord", "jeugdregio": "Drenthe", "provincie": "PV22"}

    def _traject(self) -> dict:
        # -1 is before the year, 0 and 1 its halves, 2 after it or still running
        begin, eind = self.kans.choices([-1, 0, 1], [5, 3, 3])[0], self.kans.choices([0, 1, 2], [2, 2, 6])[0]
        regio = self._regio()
        return {
            "begin": begin,
            "eind": max(begin, eind),
            "regio": regio,
            "geslacht": self.kans.choice("MV"),
            "leeftijdsgroep": self.kans.choices(["0-3", "4-11", "12-17", "18-22"], [1, 5, 5, 1])[0],
            "hulpvorm": self.kans.choices(["02", "03", "11"], [8, 3, 1])[0],
            "aanbieder": self.kans.choices(["41000001", "41000002", "41000003"], [8, 3, 1])[0],
            "split": self.kans.choices(STROOM[2:5], [6, 3, 1])[0],
            "klasse": self.kans.choice(KLASSEN[:4]),
            "score": self.kans.choices("012", [2, 3, 3])[0],
        }

    def _besluit(self) -> dict:
        return {
            "half": self.kans.randint(0, 1),
            "regio": self._regio(),
            "soort": self.kans.choices(SOORTEN, [5, 4, 3, 1])[0],
            "verwijzer": self.kans.choices(["01", "02", "03"], [6, 4, 1])[0],
        }

    @staticmethod
    def _telt(t: dict, periode: str) -> dict[str, bool]:
        van, tot = {"2024H1": (0, 0), "2024H2": (1, 1), "2024JJ": (0, 1)}[periode]
        if not (t["begin"] <= tot and t["eind"] >= van):
            return {}
        begon, eindigt = t["begin"] >= van, t["eind"] <= tot
        return {
            "beginstand": not begon,
            "instroom": begon,
            t["split"]: begon,
            "uitstroom": eindigt,
            "eindstand": not eindigt,
            "in_periode": True,
            t["klasse"]: eindigt,
        }

    def _regios(self) -> list[tuple[str, str]]:
        uit = [("provincie", "PV22"), ("jeugdregio", "Drenthe"), ("subregio", "Noord")]
        uit += [("gemeente", g) for g in ("GM0106", "GM0109")] + [("wijk", w) for w in self.wijken]
        return uit + [(n, "onbekend") for n in ("provincie", "jeugdregio", "subregio", "gemeente", "wijk")]

    def _stand_stroom(self) -> None:
        lijsten = {
            "totaal": ["totaal"],
            "geslacht": ["M", "V"],
            "leeftijdsgroep": ["0-3", "4-11", "12-17", "18-22"],
            "hulpvorm": ["02", "03", "11"],
            "hulpvormgroep": ["ambulant", "verblijf"],
            "aanbieder": ["41000001", "41000002", "41000003"],
        }
        for periode in PERIODEN:
            telling: Counter = Counter()
            for t in self.trajecten:
                waar = {**t, "totaal": "totaal", "hulpvormgroep": "verblijf" if t["hulpvorm"] == "11" else "ambulant"}
                for maat, ja in self._telt(t, periode).items():
                    for niveau, code in t["regio"].items():
                        for dimensie in lijsten:
                            telling[niveau, code, dimensie, waar[dimensie], maat] += ja
            for niveau, code in self._regios():
                for dimensie, categorieen in lijsten.items():
                    if niveau == "wijk" and dimensie in ("hulpvorm", "aanbieder"):
                        continue
                    for c in categorieen:
                        basis = {
                            "verslagperiode": periode,
                            "regio_niveau": niveau,
                            "regio_code": code,
                            "dimensie": dimensie,
                        }
                        basis |= {"categorie": c}
                        waarden = {m: telling[niveau, code, dimensie, c, m] for m in STROOM + KLASSEN}
                        stroom = {m: waarden[m] for m in STROOM}
                        self.rijen["stand_stroom"].append(
                            basis | {"soort": "jeugdhulp", "eenheid": "trajecten"} | stroom
                        )
                        # everybody has one traject here, so jeugdigen are the same people counted again
                        jeugdigen = {m: v if dimensie in list(lijsten)[:3] else None for m, v in stroom.items()}
                        jeugdigen |= {"instroom_aansluitend": None, "in_periode": stroom["in_periode"]}
                        if jeugdigen["instroom"] is not None:
                            jeugdigen["instroom_nieuw"] += stroom["instroom_aansluitend"]
                        self.rijen["stand_stroom"].append(
                            basis | {"soort": "jeugdhulp", "eenheid": "jeugdigen"} | jeugdigen
                        )
                        klassen = {k: waarden[k] for k in KLASSEN}
                        self.rijen["duur"].append(
                            basis
                            | {"aantal": waarden["uitstroom"], "gemiddelde_dagen": 100.0, "mediaan_dagen": 90.0}
                            | klassen
                        )

    def _herindicaties(self) -> None:
        for periode, halven in zip(PERIODEN, ((0,), (1,), (0, 1)), strict=True):
            for niveau, code in self._regios():
                if niveau == "wijk":
                    continue
                for dimensie, categorie in [("totaal", "totaal")] + [("verwijzer", v) for v in ("01", "02", "03")]:
                    hier = [
                        b["soort"]
                        for b in self.besluiten
                        if b["half"] in halven
                        and b["regio"][niveau] == code
                        and categorie in ("totaal", b["verwijzer"])
                    ]
                    aantal = Counter(hier)
                    her = aantal["vervolg_planmatig"] + aantal["vervolg_niet_planmatig"]
                    rij = {"verslagperiode": periode, "regio_niveau": niveau, "regio_code": code, "dimensie": dimensie}
                    rij |= {"categorie": categorie, "besluiten": len(hier)} | {s: aantal[s] for s in SOORTEN}
                    rij |= {"herindicaties": her, "percentage": 100 * her / len(hier) if hier else None}
                    rij |= {"herindicaties_jaar_eerder": None, "verandering": None}
                    self.rijen["herindicaties"].append(rij)

    def _percentages(self) -> None:
        jong = ("0-3", "4-11", "12-17")
        for periode in PERIODEN:
            leden = [t for t in self.trajecten if self._telt(t, periode) and t["leeftijdsgroep"] in jong]
            for niveau, code in self._regios():
                hier = [t for t in leden if t["regio"][niveau] == code]
                verblijf = sum(t["hulpvorm"] == "11" for t in hier)
                bevolking = {"wijk": 211, "gemeente": 540}.get(niveau, 1080) if code != "onbekend" else None
                for maat, teller, noemer in (
                    ("jeugdhulp", len(hier), bevolking),
                    ("jeugdhulp_verblijf", verblijf, len(hier)),
                ):
                    rij = {
                        "verslagperiode": periode,
                        "regio_niveau": niveau,
                        "regio_code": code,
                        "maat": maat,
                        "teller": teller,
                    }
                    rij |= {"noemer": noemer} | wilson(teller, noemer, "percentage")
                    self.rijen["percentage_in_zorg"].append(rij)

    def _indicatoren(self) -> None:
        for half, periode in enumerate(PERIODEN[:2]):
            klaar = [t for t in self.trajecten if t["eind"] == half]
            for niveau, code in self._regios():
                if niveau == "wijk":
                    continue
                for aanbieder in ("alle", "41000001", "41000002", "41000003"):
                    hier = [t for t in klaar if t["regio"][niveau] == code and aanbieder in ("alle", t["aanbieder"])]
                    scores = Counter(t["score"] for t in hier)
                    maten = [("verdeling", s, scores[s]) for s in ("-1", "0", "1", "2")]
                    maten += [
                        ("behaald", "totaal", scores["2"]),
                        ("deels_of_geheel", "totaal", scores["1"] + scores["2"]),
                    ]
                    for maat, categorie, teller in maten:
                        rij = {
                            "verslagperiode": periode,
                            "regio_niveau": niveau,
                            "regio_code": code,
                            "aanbieder": aanbieder,
                        }
                        rij |= {
                            "indicator": "1",
                            "maat": maat,
                            "categorie": categorie,
                            "teller": teller,
                            "noemer": len(hier),
                        }
                        rij |= {"respons_teller": len(hier), "respons_noemer": len(hier)} | wilson(
                            teller, len(hier), "waarde"
                        )
                        self.rijen["prestatie_indicatoren"].append(rij)


def wilson(teller: int, noemer: int | None, naam: str) -> dict[str, float | None]:
    """Percentage and 95 % interval; NULL without noemer."""
    if not noemer:
        return {naam: None, "ondergrens": None, "bovengrens": None}
    z, p = 1.959963984540054, teller / noemer
    if teller > noemer:
        return {naam: 100 * p, "ondergrens": None, "bovengrens": None}
    midden, marge = p + z * z / (2 * noemer), z * (p * (1 - p) / noemer + z * z / (4 * noemer * noemer)) ** 0.5
    deel = 100 / (1 + z * z / noemer)
    return {naam: 100 * p, "ondergrens": deel * (midden - marge), "bovengrens": deel * (midden + marge)}


GETAL = {
    "aantallen": {
        "percentage",
        "waarde",
        "ondergrens",
        "bovengrens",
        "verandering",
        "gemiddelde_dagen",
        "mediaan_dagen",
    }
}
DECLARATIES = {
    "stand_stroom": {"aantallen": STROOM},
    "duur": {
        "aantallen": ["aantal", *KLASSEN],
        "verhoudingen": [{"waarden": ["gemiddelde_dagen", "mediaan_dagen"], "noemer": "aantal"}],
    },
    "herindicaties": {
        "aantallen": ["besluiten", *SOORTEN, "herindicaties", "herindicaties_jaar_eerder"],
        "verhoudingen": [{"waarden": ["percentage"], "teller": "herindicaties", "noemer": "besluiten"}],
    },
    "percentage_in_zorg": {
        "aantallen": ["teller", "noemer"],
        "verhoudingen": [
            {"waarden": ["percentage", "ondergrens", "bovengrens"], "teller": "teller", "noemer": "noemer"}
        ],
        "openbaar": {"noemer": "maat <> 'jeugdhulp_verblijf'"},
    },
    "prestatie_indicatoren": {
        "aantallen": ["teller", "noemer", "respons_teller", "respons_noemer"],
        "verhoudingen": [{"waarden": ["waarde", "ondergrens", "bovengrens"], "teller": "teller", "noemer": "noemer"}],
    },
}


def schrijf_warehouse(pad: Path, rijen: dict[str, list[dict]]) -> None:
    """A warehouse with schema monitor of these rows, and what dwh the disclosure control looks at."""
    pad.unlink(missing_ok=True)
    with duckdb.connect(str(pad)) as con:
        con.execute("create schema monitor; create schema dwh")
        for tabel, inhoud in rijen.items():
            soort = lambda k: "double" if k in GETAL["aantallen"] else "bigint"  # noqa: E731
            tekst = {
                "verslagperiode",
                "soort",
                "eenheid",
                "regio_niveau",
                "regio_code",
                "dimensie",
                "categorie",
                "maat",
            }
            tekst |= {"aanbieder", "indicator"}
            typen = {k: "varchar" if k in tekst else soort(k) for k in inhoud[0]}
            con.execute(
                f"create table monitor.{tabel} ({', '.join(f'{k} {t}' for k, t in typen.items())}, celstatus varchar)"
            )
            con.executemany(
                f"insert into monitor.{tabel} values ({', '.join('?' * len(typen))}, 'waarde')",
                [[r[k] for k in typen] for r in inhoud],
            )
        con.execute(
            """create table dwh.dim_regio as from (values
                (2024, 'provincie', 'PV22', null, 'PV22', null, null),
                (2024, 'jeugdregio', 'Drenthe', null, 'PV22', 'Drenthe', null),
                (2024, 'subregio', 'Noord', null, 'PV22', 'Drenthe', 'Noord'),
                (2024, 'gemeente', 'GM0106', 'GM0106', 'PV22', 'Drenthe', 'Noord'),
                (2024, 'gemeente', 'GM0109', 'GM0109', 'PV22', 'Drenthe', 'Noord'),
                (2024, 'wijk', 'WK010600', 'GM0106', 'PV22', 'Drenthe', 'Noord'),
                (2024, 'wijk', 'WK010601', 'GM0106', 'PV22', 'Drenthe', 'Noord'),
                (2024, 'wijk', 'WK010900', 'GM0109', 'PV22', 'Drenthe', 'Noord'),
                (2024, 'wijk', 'WK010901', 'GM0109', 'PV22', 'Drenthe', 'Noord'),
                (2024, 'provincie', 'onbekend', null, null, null, null),
                (2024, 'jeugdregio', 'onbekend', null, null, null, null),
                (2024, 'subregio', 'onbekend', null, null, null, null), (2024, 'gemeente', 'onbekend', null, null, null, null),
                (2024, 'wijk', 'onbekend', null, null, null, null))
                as r(jaar, regio_niveau, regio_code, gemeentecode, provinciecode, jeugdregio, subregio)"""
        )
        con.execute(
            "create table dwh.code_hulpvorm as from"
            " (values ('02', 'ambulant'), ('03', 'ambulant'), ('11', 'verblijf')) as c(code, groep)"
        )
        for tabel in ("dim_periode", "dim_indicator", "dim_indicator_maat"):
            con.execute(f"create table dwh.{tabel} as select 1 as leeg")


def publiceer(
    map_: Path,
    rijen: dict[str, list[dict]],
    eerdere: tuple[Path, ...] = (),
    vorige: Path | None = None,
    **regels,
) -> dict:
    """Build the publication of these rows; gives the report of build."""
    schrijf_warehouse(map_ / "warehouse.duckdb", rijen)
    knopen = {
        t: {
            "resource_type": "model",
            "schema": "monitor",
            "name": t,
            "config": {"meta": {"onthulling": DECLARATIES[t]}},
        }
        for t in rijen
    }
    (map_ / "manifest.json").write_text(json.dumps({"nodes": knopen}))
    return build.bouw_publicatie(
        map_ / "warehouse.duckdb",
        map_ / "publicatie.duckdb",
        map_ / "manifest.json",
        Onthulling(**regels),
        eerdere,
        vorige=vorige,
    )


def gepubliceerd(map_: Path, tabel: str) -> list[dict]:
    with duckdb.connect(str(map_ / "publicatie.duckdb"), read_only=True) as con:
        antwoord = con.execute(f"from monitor.{tabel} order by all")
        namen = [k[0] for k in antwoord.description]
        return [dict(zip(namen, rij, strict=True)) for rij in antwoord.fetchall()]


# --- the attacker: integer programming over what is printed, knowing nothing of the production code ---------------------

VEEL = 5000
WIJK_VAN = {"WK010600": "GM0106", "WK010601": "GM0106", "WK010900": "GM0109", "WK010901": "GM0109"}
SLEUTELS = ("verslagperiode", "regio_niveau", "regio_code", "eenheid", "aanbieder", "maat", "dimensie", "categorie")


class Aanvaller:
    """Everything printed, as integer unknowns with bounds and equations."""

    def __init__(self, map_: Path, tabellen: list[str], regels: Onthulling):
        self.regels = regels
        self.nummer: dict[tuple, int] = {}
        self.laag: list[float] = []
        self.hoog: list[float] = []
        self.verborgen: list[tuple] = []
        self.rijen: list[tuple[dict[int, float], float, float]] = []
        self.paren: list[tuple[tuple, tuple]] = []
        for tabel in tabellen:
            for rij in gepubliceerd(map_, tabel):
                self._rij(tabel, rij)
        self._families()
        self._zelfde_getal()

    def _var(self, sleutel: tuple, laag: float, hoog: float) -> int:
        self.nummer[sleutel] = len(self.laag)
        self.laag.append(laag)
        self.hoog.append(hoog)
        return self.nummer[sleutel]

    def _rij(self, tabel: str, rij: dict) -> None:
        sleutel = (tabel, *(rij.get(k) for k in SLEUTELS))
        for kolom in DECLARATIES[tabel]["aantallen"]:
            if self._niet_van_toepassing(tabel, rij, kolom):
                continue
            waarde = rij[kolom]
            if waarde is None:
                self.verborgen.append((*sleutel, kolom))
                self._var((*sleutel, kolom), 1, VEEL)
            elif waarde == 0:
                self._var((*sleutel, kolom), 0, 0)
            else:
                a, k = self.regels.afronding, self.regels.kleinste_aantal
                zo = [x for x in range(max(waarde - a, k), waarde + a) if int(x / a + 0.5) * a == waarde]
                self._var((*sleutel, kolom), zo[0], zo[-1])
        if tabel == "percentage_in_zorg" and rij["percentage"] is not None:
            self._percentage((*sleutel, "teller"), (*sleutel, "noemer"), rij, "percentage", rij["noemer"])
        if tabel == "prestatie_indicatoren" and rij["waarde"] is not None:
            self._percentage((*sleutel, "teller"), (*sleutel, "noemer"), rij, "waarde")
        if tabel == "herindicaties" and rij["percentage"] is not None:
            self._percentage((*sleutel, "herindicaties"), (*sleutel, "besluiten"), rij, "percentage")

    @staticmethod
    def _niet_van_toepassing(tabel: str, rij: dict, kolom: str) -> bool:
        if tabel == "stand_stroom" and rij["eenheid"] == "jeugdigen":
            persoon = rij["dimensie"] in ("totaal", "geslacht", "leeftijdsgroep")
            return kolom == "instroom_aansluitend" or (not persoon and kolom != "in_periode")
        if tabel == "percentage_in_zorg" and kolom == "noemer":
            return rij["maat"] != "jeugdhulp_verblijf"
        return kolom == "herindicaties_jaar_eerder"

    def _percentage(self, t: tuple, n: tuple, rij: dict, naam: str, openbaar: int | None = None) -> None:
        """Only the pairs that give this percentage and this interval: one of them is true (a choice of binaries)."""
        i = self.nummer[t]
        noemers = (
            [openbaar]
            if n not in self.nummer
            else range(int(self.laag[self.nummer[n]]), int(self.hoog[self.nummer[n]]) + 1)
        )
        kolommen = [k for k in (naam, "ondergrens", "bovengrens") if k in rij]
        paren = [
            (a, b)
            for a in range(int(self.laag[i]), int(self.hoog[i]) + 1)
            for b in noemers
            if all(
                (rij[k] is None) == (w is None) and (w is None or abs(w - rij[k]) < 0.05 + 1e-6)
                for k, w in wilson(a, b, naam).items()
                if k in kolommen
            )
        ]
        assert paren, "what is printed must be possible"
        keuzes = [self._var((*t, "paar", p), 0, 1) for p in paren]
        self.som(dict.fromkeys(keuzes, 1), 1, 1)
        self.som({i: -1} | {k: p[0] for k, p in zip(keuzes, paren, strict=True)})
        if n in self.nummer:
            self.som({self.nummer[n]: -1} | {k: p[1] for k, p in zip(keuzes, paren, strict=True)})

    def som(self, termen: dict[int, float], laag: float = 0, hoog: float = 0) -> None:
        if termen:
            self.rijen.append((termen, laag, hoog))

    def optelling(self, geheel: tuple | None, delen: list[tuple], laag: float = 0, hoog: float = 0) -> None:
        """delen - geheel lies in [laag, hoog]; parts that are not printed do not exist."""
        if geheel in self.nummer and any(d in self.nummer for d in delen):
            termen: dict[int, float] = defaultdict(float)
            for d in delen:
                if d in self.nummer:
                    termen[self.nummer[d]] += 1
            termen[self.nummer[geheel]] -= 1
            self.som(dict(termen), laag, hoog)

    def _families(self) -> None:
        alle = [s for s in self.nummer if len(s) == len(SLEUTELS) + 2]
        zet = lambda s, **anders: tuple(  # noqa: E731
            anders.get(k, w) for k, w in zip(("tabel", *SLEUTELS, "kolom"), s, strict=True)
        )
        groepen: dict[tuple, list[tuple]] = defaultdict(list)
        for s in alle:
            d = dict(zip(("tabel", *SLEUTELS, "kolom"), s, strict=True))
            tabel, niveau, regio = d["tabel"], d["regio_niveau"], d["regio_code"]
            if niveau == "gemeente" and regio != "onbekend":
                groepen["regio", zet(s, regio_niveau="provincie", regio_code="PV22")].append(s)
                groepen["regio", zet(s, regio_niveau="subregio", regio_code="Noord")].append(s)
            if niveau in ("jeugdregio", "subregio") and regio != "onbekend":
                groepen["niveau" + niveau, zet(s, regio_niveau="provincie", regio_code="PV22")].append(s)
            if niveau == "wijk" and regio != "onbekend":
                groepen["wijk", zet(s, regio_niveau="gemeente", regio_code=WIJK_VAN[regio])].append(s)
            if niveau == "wijk":
                groepen["wijken", zet(s, regio_niveau="provincie", regio_code="PV22")].append(s)
            telt_op = d["eenheid"] != "jeugdigen" or d["dimensie"] in ("geslacht", "leeftijdsgroep")
            if d["dimensie"] not in (None, "totaal") and telt_op:
                groepen["dimensie " + d["dimensie"], zet(s, dimensie="totaal", categorie="totaal")].append(s)
            if d["dimensie"] == "hulpvorm" and d["eenheid"] != "jeugdigen":
                groep = "verblijf" if d["categorie"] == "11" else "ambulant"
                groepen["groep", zet(s, dimensie="hulpvormgroep", categorie=groep)].append(s)
            if d["aanbieder"] not in (None, "alle"):
                groepen["aanbieder", zet(s, aanbieder="alle")].append(s)
            if d["kolom"] in STROOM[2:5]:
                groepen["instroom", zet(s, kolom="instroom")].append(s)
            if d["kolom"] in ("beginstand", "instroom"):
                soort = "in_periode" if d["eenheid"] == "trajecten" else "in_periode >="
                groepen[soort, zet(s, kolom="in_periode")].append(s)
            if d["kolom"] in KLASSEN:
                groepen["klassen", zet(s, kolom="aantal")].append(s)
            if d["kolom"] in SOORTEN:
                groepen["soorten", zet(s, kolom="besluiten")].append(s)
            if d["kolom"] in SOORTEN[1:3]:
                groepen["herindicaties", zet(s, kolom="herindicaties")].append(s)
            if tabel == "herindicaties" and d["verslagperiode"] != "2024JJ":
                groepen["jaar", zet(s, verslagperiode="2024JJ")].append(s)
            if d["maat"] == "verdeling" and d["kolom"] == "teller":
                groepen["verdeling", zet(s, kolom="noemer", categorie="0")].append(s)
                if d["categorie"] in "12":
                    groepen["deels", zet(s, maat="deels_of_geheel", categorie="totaal")].append(s)
                if d["categorie"] == "2":
                    groepen["behaald", zet(s, maat="behaald", categorie="totaal")].append(s)
            if d["kolom"] == "eindstand":
                if d["verslagperiode"] == "2024H2":
                    groepen["jaareinde", zet(s, verslagperiode="2024JJ")].append(s)
                begin = {
                    zet(s, kolom="beginstand"): 1,
                    zet(s, kolom="instroom"): 1,
                    zet(s, kolom="uitstroom"): -1,
                    s: -1,
                }
                if all(b in self.nummer for b in begin):
                    self.som({self.nummer[b]: c for b, c in begin.items()})
        for (soort, geheel), delen in groepen.items():
            if soort == "wijk":
                self.optelling(geheel, delen, -VEEL, 0)
            elif soort == "in_periode >=":
                self.optelling(geheel, delen, 0, VEEL)
            else:
                self.optelling(geheel, delen)
        self._over_de_tijd(alle, zet)

    def _over_de_tijd(self, alle: list[tuple], zet) -> None:
        """Over all regions (here: the whole provincie) flows add up to the year and stocks connect."""
        for s in alle:
            d = dict(zip(("tabel", *SLEUTELS, "kolom"), s, strict=True))
            traject = (
                d["dimensie"] in ("totaal", "hulpvorm", "hulpvormgroep", "aanbieder") and d["eenheid"] != "jeugdigen"
            )
            if (
                d["regio_code"] != "PV22"
                or not (traject or d["dimensie"] == "totaal")
                or d["tabel"] not in ("stand_stroom", "duur")
            ):
                continue
            h = [zet(s, verslagperiode=p) for p in PERIODEN]
            stroom = d["kolom"] in (*STROOM[1:6], *KLASSEN, "aantal")
            if d["verslagperiode"] == "2024JJ" and stroom and h[0] in self.nummer and h[1] in self.nummer:
                self.optelling(h[2], h[:2])
            if d["verslagperiode"] == "2024JJ" and d["kolom"] == "beginstand" and h[0] in self.nummer:
                self.optelling(h[2], h[:1])
            if d["verslagperiode"] == "2024H2" and d["kolom"] == "beginstand":
                self.optelling(s, [zet(h[0], kolom="eindstand")])

    def _zelfde_getal(self) -> None:
        """Numbers that stand in two tables, or in many rows."""
        eerste: dict[tuple, int] = {}
        for s, i in self.nummer.items():
            if len(s) != len(SLEUTELS) + 2:
                continue
            d = dict(zip(("tabel", *SLEUTELS, "kolom"), s, strict=True))
            plek = (d["verslagperiode"], d["regio_niveau"], d["regio_code"])
            wat = None
            if d["tabel"] == "prestatie_indicatoren" and d["kolom"] != "teller":
                wat = (*plek, d["aanbieder"], "doelen" if d["kolom"] == "noemer" else d["kolom"])
            if d["tabel"] == "duur" and d["kolom"] == "aantal":
                wat = (*plek, d["dimensie"], d["categorie"], "uitstroom")
            if d["tabel"] == "stand_stroom" and d["eenheid"] == "trajecten" and d["kolom"] == "uitstroom":
                wat = (*plek, d["dimensie"], d["categorie"], "uitstroom")
            if d["tabel"] == "percentage_in_zorg" and (d["kolom"] == "noemer" or d["maat"] == "jeugdhulp"):
                wat = (*plek, "in zorg")
            if wat is not None and eerste.setdefault(wat, i) != i:
                self.som({i: 1, eerste[wat]: -1})
            if d["tabel"] == "percentage_in_zorg" and d["maat"] == "jeugdhulp" and d["kolom"] == "teller":
                jong = [
                    ("stand_stroom", *plek, "jeugdigen", None, None, "leeftijdsgroep", c, "in_periode")
                    for c in ("0-3", "4-11", "12-17")
                ]
                self.optelling(s, jong)

    def los_op(self, doel: np.ndarray, vast: dict[int, int] | None = None) -> np.ndarray | None:
        """A possible world that minimises ``doel``, or None when there is none with these values."""
        if not hasattr(self, "_matrix"):
            from scipy.sparse import coo_matrix

            rij = [r for r, (t, _, _) in enumerate(self.rijen) for _ in t]
            kolom = [k for t, _, _ in self.rijen for k in t]
            waarde = [w for t, _, _ in self.rijen for w in t.values()]
            self._matrix = coo_matrix((waarde, (rij, kolom)), (len(self.rijen), len(self.laag))).tocsr()
        laag, hoog = np.array(self.laag), np.array(self.hoog)
        for i, w in (vast or {}).items():
            laag[i] = hoog[i] = w
        grenzen = LinearConstraint(self._matrix, [r[1] for r in self.rijen], [r[2] for r in self.rijen])
        uit = milp(doel, constraints=grenzen, bounds=Bounds(laag, hoog), integrality=np.ones(len(laag)))
        return None if uit.x is None else np.rint(uit.x).astype(int)


def te_weinig_mogelijk(a: Aanvaller, zaad: int) -> list[tuple[tuple, list[int]]]:
    """The hidden counts for which fewer than five values are possible, with those values.

    Every solution is a whole possible world, so it shows a value for each hidden count at once; what has not shown five
    by then is tried value by value.
    """
    kans = np.random.default_rng(zaad)
    index = np.array([a.nummer[s] for s in a.verborgen], int)
    assert len(index) > 0
    gezien: list[set[int]] = [set() for _ in index]

    def bekijk(doel: np.ndarray, vast: dict[int, int] | None = None) -> bool:
        wereld = a.los_op(doel, vast)
        for g, i in zip(gezien, index, strict=True):
            if wereld is not None:
                g.add(int(wereld[i]))
        return wereld is not None

    for _ in range(8):
        doel = np.zeros(len(a.laag))
        doel[index] = kans.normal(size=len(index))
        assert bekijk(doel)
    for g, i in zip(gezien, index, strict=True):
        for teken in (1, -1):
            doel = np.zeros(len(a.laag))
            doel[i] = teken
            if len(g) < 5:
                assert bekijk(doel)  # so its least and its most are in g
        for waarde in range(min(g), max(g) + 1):
            if len(g) < 5 and waarde not in g:
                bekijk(np.zeros(len(a.laag)), {int(i): waarde})
    return [(s, sorted(g)) for s, g in zip(a.verborgen, gezien, strict=True) if len(g) < 5]


def deelwereld(zaad: int) -> dict[str, list[dict]]:
    """A part of a random world that an integer program can take in: other tables, levels and periods every time."""
    rijen = Wereld(zaad, (40, 90, 160)[zaad % 3]).rijen
    dimensie = random.Random(zaad).choice(["geslacht", "hulpvormgroep"])
    boven, onder = ("provincie", "gemeente"), ("gemeente", "wijk")
    eigen, andere = ("stand_stroom", "duur"), ("stand_stroom", "percentage_in_zorg")

    def kies(tabel: str, r: dict) -> bool:
        niveau, periode = r["regio_niveau"], r["verslagperiode"]
        dim, eenheid = r.get("dimensie", "totaal"), r.get("eenheid")
        return {
            0: tabel == "stand_stroom" and eenheid == "trajecten" and periode == "2024H1"
            and niveau in onder and dim in ("totaal", dimensie),
            1: tabel == "stand_stroom" and eenheid == "trajecten" and niveau in boven and dim in ("totaal", "hulpvormgroep"),
            2: tabel in andere and eenheid != "trajecten" and periode == "2024H2"
            and niveau in boven and dim in ("totaal", "leeftijdsgroep"),
            3: tabel == "herindicaties" and niveau in boven,
            4: tabel == "prestatie_indicatoren" and periode == "2024H1"
            and (niveau == "provincie" if zaad % 4 else niveau in boven and r["aanbieder"] == "alle"),
            5: tabel in eigen and eenheid != "jeugdigen" and periode == "2024H2"
            and niveau in boven and dim in ("totaal", "hulpvorm", "hulpvormgroep"),
        }[zaad % 6]  # fmt: skip

    uit = {t: [r for r in inhoud if kies(t, r)] for t, inhoud in rijen.items()}
    return {t: r for t, r in uit.items() if r}


@pytest.mark.parametrize("zaad", range(int(os.environ.get("ONTHULLING_WERELDEN", "6"))))
def test_er_blijven_vijf_waarden_mogelijk(zaad, tmp_path):
    rijen = deelwereld(zaad)
    publiceer(tmp_path, rijen)
    a = Aanvaller(tmp_path, list(rijen), Onthulling())
    assert te_weinig_mogelijk(a, zaad) == []


@pytest.mark.parametrize("zaad", [1, 2, 4])
def test_een_land_in_delen_is_net_zo_veilig(zaad, tmp_path, monkeypatch):
    """Taken province by province: the attacker still has all tables, over all of the country."""
    monkeypatch.setattr(stelsel, "HEEL", 0)
    monkeypatch.setattr(stelsel, "DEEL", 1)
    rijen = deelwereld(zaad)
    publiceer(tmp_path, rijen)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        assert len(stelsel.verdeel(con, f"warehouse.{database.ONTHOUDEN}som", "warehouse.dwh")) > 1
    assert te_weinig_mogelijk(Aanvaller(tmp_path, list(rijen), Onthulling()), zaad) == []
    with gemeten(tmp_path) as fouten:
        assert fouten == {}


@pytest.mark.parametrize("zaad", range(6))
def test_bijgewerkte_grenzen_zijn_die_van_opnieuw_rekenen(zaad, tmp_path):
    """Two ways to the same bounds: from what changed when more is hidden, and from scratch."""
    schrijf_warehouse(tmp_path / "warehouse.duckdb", deelwereld(zaad))
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        ((_, s),) = stelsel.per_deel(con, "warehouse.monitor", "warehouse.dwh", [None], lambda _, s: s)
    aanval, zicht, kans = Aanval(s, Onthulling()), primair(s, Onthulling()), np.random.default_rng(zaad)
    bij, druk = aanval.grenzen(zicht), aanval.gedrukt(zicht)
    for deel in (0.02, 0.05, 0.3):
        zicht.verborgen |= ~s.rest & (kans.random(len(s.waarde)) < deel)
        werk_bij(s, zicht)
        was, druk = druk, aanval.gedrukt(zicht)
        aanval.herzie(bij, was, druk)
        opnieuw = aanval.grenzen(zicht)
        assert (bij.laag == opnieuw.laag).all()
        assert (bij.hoog == opnieuw.hoog).all()
        assert (opnieuw.laag <= s.waarde).all()  # the truth is always possible
        assert (opnieuw.hoog >= s.waarde).all()


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_voortplanting_vindt_wat_uit_elke_som_volgt(zaad):
    """The compiled loops against plain Python: each term lies between minus the sums of what the others can be."""
    kans = random.Random(zaad)
    waarde = [kans.randrange(20) for _ in range(12)]
    laag, hoog = [w - kans.randrange(8) for w in waarde], [w + kans.randrange(8) for w in waarde]
    sommen = []
    for _ in range(kans.randrange(1, 9)):
        cellen = kans.sample(range(12), kans.randrange(2, 6))
        tekens = [kans.choice((1, -1)) for _ in cellen]
        over = sum(t * waarde[c] for c, t in zip(cellen, tekens, strict=True))
        # a cell of its own makes the sum zero; it is known
        sommen.append([*zip(cellen, tekens, strict=True), (len(waarde), -1)])
        waarde, laag, hoog = [*waarde, over], [*laag, over], [*hoog, over]
    verwacht = [laag.copy(), hoog.copy()]
    while True:
        was = [v.copy() for v in verwacht]
        for som in sommen:
            for cel, teken in som:
                rest = [(t, c) for c, t in som if c != cel]
                minst = sum(t * verwacht[0 if t > 0 else 1][c] for t, c in rest)
                meest = sum(t * verwacht[1 if t > 0 else 0][c] for t, c in rest)
                onder, boven = (-meest, -minst) if teken > 0 else (minst, meest)
                verwacht[0][cel], verwacht[1][cel] = max(verwacht[0][cel], onder), min(verwacht[1][cel], boven)
        if verwacht == was:
            break
    lengtes = [len(s) for s in sommen]
    con = np.repeat(np.arange(len(sommen)), lengtes)
    cel, coef = (np.array([term[i] for som in sommen for term in som]) for i in (0, 1))
    begin = np.concatenate([[0], np.cumsum(lengtes)])
    begin_cel = np.searchsorted(np.sort(cel), np.arange(len(waarde) + 1))
    bij_cel = voortplanting.per_cel(con, cel, begin_cel)
    grens, door = [np.array(laag), np.array(hoog)], [np.full(len(waarde), -1) for _ in range(2)]
    voortplanting.versmal(np.arange(len(sommen)), begin, cel, coef, bij_cel, begin_cel, *grens, *door)
    assert [g.tolist() for g in grens] == verwacht
    # once narrow, every bound is at least as narrow as any one sum says
    _, onder, boven = voortplanting.volgt(np.arange(len(sommen)), begin, cel, coef, *grens)
    assert (onder <= grens[0][cel]).all()
    assert (boven >= grens[1][cel]).all()


# --- by hand ------------------------------------------------------------------------------------------------------------


def duur(aantal: int, klassen: list[int], regio: str = "PV22", niveau: str = "provincie") -> dict:
    rij = {
        "verslagperiode": "2024H1",
        "regio_niveau": niveau,
        "regio_code": regio,
        "dimensie": "totaal",
        "categorie": "totaal",
    }
    rij |= {"aantal": aantal, "gemiddelde_dagen": 100.04, "mediaan_dagen": 90.0}
    return rij | dict(zip(KLASSEN, klassen + [0] * (7 - len(klassen)), strict=True))


def test_wat_door_aftrekken_zou_volgen_wordt_verborgen(tmp_path):
    # printed: 10 in all (so 10…12), 10 in one class (10…12), one hidden: that is 1 or 2, unless more is hidden
    verslag = publiceer(tmp_path, {"duur": [duur(12, [11, 1])]})
    (rij,) = gepubliceerd(tmp_path, "duur")
    assert rij["k_3_6m"] is None
    assert rij["aantal"] is None or rij["k_0_3m"] is None
    assert rij["celstatus"] == "onderdrukt"
    assert verslag["duur"]["verborgen_erbij"] == 1
    # hidden: that one, two means of fewer than 30 and one more; which of them are small is for analysts only
    som = "select sum(waarden), sum(columns('verborgen.*')) from {}.onthulling where tabel = 'duur'"
    with duckdb.connect(str(tmp_path / "publicatie.duckdb"), read_only=True) as con:
        assert con.execute(som.format("monitor")).fetchall() == [(10, 4)]
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute(som.format("kwaliteit")).fetchall() == [(10, 3, 1)]


def test_nul_blijft_nul_en_niets_extra_zonder_gevaar(tmp_path):
    # 100 is 98…102, the classes 60 and 35 are 58…62 and 33…37: what is hidden may be 1…11
    verslag = publiceer(tmp_path, {"duur": [duur(100, [60, 35, 5]), duur(60, [60], "onbekend")]})
    eerste, tweede = gepubliceerd(tmp_path, "duur")
    assert (eerste["aantal"], eerste["k_0_3m"], eerste["k_3_6m"], eerste["k_6_12m"]) == (100, 60, 35, None)
    assert [eerste[k] for k in KLASSEN[3:]] == [0, 0, 0, 0]
    assert (tweede["aantal"], tweede["k_0_3m"], tweede["celstatus"]) == (60, 60, "waarde")
    assert verslag["duur"] == {"waarden": 20, "verborgen": 1, "verborgen_erbij": 0, "eerder_gedrukt": 0}


def indicator(maat: str, categorie: str, teller: int, noemer: int) -> dict:
    rij = {
        "verslagperiode": "2024H1",
        "regio_niveau": "provincie",
        "regio_code": "PV22",
        "aanbieder": "alle",
        "indicator": "1",
    }
    rij |= {"maat": maat, "categorie": categorie, "teller": teller, "noemer": noemer, "respons_teller": noemer}
    return rij | {"respons_noemer": noemer} | wilson(teller, noemer, "waarde")


def test_percentages_maken_aantallen_exact(tmp_path):
    # 29,4 % and its interval of 68: exactly 20; then 68 - 20 - 31 - 13 = 4 would follow
    rijen = [indicator("verdeling", str(s), t, 68) for s, t in zip((-1, 0, 1, 2), (4, 20, 31, 13), strict=True)]
    publiceer(tmp_path, {"prestatie_indicatoren": rijen})
    getoond = {r["categorie"]: r for r in gepubliceerd(tmp_path, "prestatie_indicatoren")}
    assert getoond["-1"]["teller"] is None
    assert sum(getoond[c]["waarde"] is None for c in "012") >= 1
    assert any(getoond[c]["teller"] is not None for c in "012")


@pytest.mark.parametrize(
    ("afronding", "kleinste", "waarden"), [(10, 10, 5), (5, 5, 5), (3, 4, 5), (1, 3, 5), (5, 10, 1)]
)
def test_instellingen_gelden_ook_hier(afronding, kleinste, waarden, tmp_path):
    rijen = deelwereld(2)
    eis = {"afronding": afronding, "kleinste_aantal": kleinste, "kleinste_noemer": 20, "mogelijke_waarden": waarden}
    publiceer(tmp_path, rijen, **eis)
    for rij in gepubliceerd(tmp_path, "stand_stroom"):
        assert all(w is None or w == 0 or w % afronding == 0 for w in (rij[k] for k in STROOM))
    with gemeten(tmp_path, **eis) as fouten:
        assert fouten == {}


@pytest.mark.parametrize(("heel", "delen"), [(0, 2), (10**9, 1)])
def test_de_poort_rekent_met_wat_bij_het_verbergen_is_bewaard(heel, delen, tmp_path, monkeypatch):
    """The same system, kept or worked out anew; what is printed is read from the publication either way."""
    monkeypatch.setattr(stelsel, "HEEL", heel)
    monkeypatch.setattr(stelsel, "DEEL", 1)
    schrijf_warehouse(tmp_path / "warehouse.duckdb", deelwereld(1))

    def inhoud(map_: Path | None) -> list[dict[str, list]]:
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
            sommen = database.sommen(con, "warehouse.monitor", database.tabellen_van(con, "warehouse.monitor"))
            gevonden = stelsel.verdeel(con, f"({sommen})", "warehouse.dwh")
            delen = list(
                stelsel.per_deel(con, "warehouse.monitor", "warehouse.dwh", gevonden, lambda _, s: s, map_=map_)
            )
        return [{k: np.asarray(w).tolist() for k, w in vars(s).items() if isinstance(w, np.ndarray)} for _, s in delen]

    bewaard = tmp_path / "stelsels"
    assert inhoud(bewaard) == inhoud(bewaard) == inhoud(None)
    assert len(list(bewaard.iterdir())) == delen


@pytest.mark.parametrize("zelfde_nummer", [False, True])
def test_wat_een_eerdere_release_al_toonde_wordt_gemeld(zelfde_nummer, tmp_path, monkeypatch):
    """Of every earlier release; the key itself decides, also when all keys have the same number."""
    if zelfde_nummer:
        monkeypatch.setattr(database, "_zelfde_nummer", lambda _: "true")
    eerste, tweede, nu = (tmp_path / naam for naam in ("2023H2-r1", "2024H1-r1", "nu"))
    for map_, delen in ((eerste, [60, 30, 10]), (tweede, [60, 30, 10]), (nu, [60, 35, 5])):
        map_.mkdir()
        elders = duur(300, [100, 100, 100], "PV23")
        perioden = [duur(100, delen), elders, duur(200, [100, 60, 40]) | {"verslagperiode": "2024H2"}]
        eerdere = [m / "publicatie.duckdb" for m in (eerste, tweede)] if map_ == nu else ()
        verslag = publiceer(map_, {"duur": perioden}, eerdere)
    assert verslag["duur"]["eerder_gedrukt"] == 1
    with duckdb.connect(str(nu / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("select tabel, kolom, release from kwaliteit.nieuw_verborgen").fetchall() == [
            ("duur", "k_6_12m", "2023H2-r1"),
            ("duur", "k_6_12m", "2024H1-r1"),
        ]
    assert [p.name for p in nu.glob("*.wal")] == []


# --- parts of the country that are the same as before -------------------------------------------------------------------

DELEN = {
    "PV22": [duur(12, [11, 1]), duur(40, [25, 15]) | {"verslagperiode": "2024H2"}],
    "PV23": [duur(14, [12, 2], "PV23")],
}
ONBEKENDE_WIJK = duur(30, [28, 2], "onbekend", "wijk")


@pytest.fixture
def in_delen(monkeypatch) -> list[int]:
    """Every provincie is a part; gives the sizes of the systems in which something is hidden, as they are worked out."""
    monkeypatch.setattr(stelsel, "HEEL", 0)
    monkeypatch.setattr(stelsel, "DEEL", 1)
    gemaakt = []

    class Gezien(disclosure.Bescherming):
        def __init__(self, s: stelsel.Stelsel, *rest):
            gemaakt.append(len(s.waarde))
            super().__init__(s, *rest)

    monkeypatch.setattr(disclosure, "Bescherming", Gezien)
    return gemaakt


def map_met(tmp_path: Path, naam: str, *delen: list[dict], **keuzes) -> Path:
    (tmp_path / naam).mkdir()
    publiceer(tmp_path / naam, {"duur": [r for deel in delen for r in deel]}, **keuzes)
    return tmp_path / naam


def test_een_deel_dat_gelijk_is_wordt_niet_opnieuw_uitgerekend(tmp_path, in_delen):
    eerst = map_met(tmp_path, "eerst", *DELEN.values())
    assert len(in_delen) == 2
    anders = [DELEN["PV22"], [duur(15, [13, 2], "PV23")]]
    in_delen.clear()
    deels = map_met(tmp_path, "deels", *anders, vorige=eerst)
    assert len(in_delen) == 1
    heel = map_met(tmp_path, "heel", *anders)
    assert gepubliceerd(deels, "duur") == gepubliceerd(heel, "duur")
    assert sum(r["celstatus"] == "onderdrukt" for r in gepubliceerd(deels, "duur")) == 2
    # and what was taken over can be taken over again
    in_delen.clear()
    nogmaals = map_met(tmp_path, "nogmaals", *anders, vorige=deels)
    assert in_delen == []
    assert gepubliceerd(nogmaals, "duur") == gepubliceerd(heel, "duur")


@pytest.mark.parametrize(
    ("anders", "opnieuw"),
    [
        ({}, 0),
        ({"kleinste_noemer": 31}, 2),
        ({"erbij": [ONBEKENDE_WIJK]}, 3),  # it is a part by itself, and stands in every other
    ],
)
def test_andere_instellingen_of_onbekende_wijk_gelden_overal(anders, opnieuw, tmp_path, in_delen):
    eerst = map_met(tmp_path, "eerst", *DELEN.values())
    in_delen.clear()
    keuzes = {k: w for k, w in anders.items() if k != "erbij"}
    map_met(tmp_path, "tweede", *DELEN.values(), anders.get("erbij", []), vorige=eerst, **keuzes)
    assert len(in_delen) == opnieuw


def test_m8_slaat_over_wat_gelijk_is_en_slaagde(tmp_path, in_delen):
    delen = "delen die gelijk zijn aan die van de vorige release"

    def gemeten_na(vorige: Path, naam: str, knoei: str = "select 1", **keuzes) -> tuple[int, dict]:
        """How many parts were passed over, and what was found."""
        map_ = map_met(tmp_path, naam, *DELEN.values())
        with duckdb.connect(map_ / "publicatie.duckdb") as con:
            con.execute(knoei)
        with duckdb.connect(map_ / "warehouse.duckdb") as con:
            con.execute(f"attach '{map_ / 'publicatie.duckdb'}' as publicatie (read_only)")
            con.execute(f"attach '{vorige / 'warehouse.duckdb'}' as vorige (read_only)")
            sql = onthulling.meting(con, Onthulling(), **{"alles_opnieuw": False} | keuzes)
            gezien = {o: (w, n) for o, w, n in con.execute(f"select object, waarde, geteld from ({sql})").fetchall()}
        return gezien.pop(delen, (0, 0))[1], {o for o, (w, _) in gezien.items() if w}

    eerst = map_met(tmp_path, "eerst", *DELEN.values())
    with gemeten(eerst) as fouten:
        assert fouten == {}
    assert gemeten_na(eerst, "gelijk") == (2, set())
    assert gemeten_na(eerst, "alles", alles_opnieuw=True) == (0, set())
    # a publication that is not the one that passed is looked at, in the part where it differs
    lek = "update monitor.duur set k_3_6m = 1 where regio_code = 'PV22' and k_3_6m is null"
    overgeslagen, fouten = gemeten_na(eerst, "lek", lek)
    assert overgeslagen == 1
    assert "duur: klein aantal leesbaar" in fouten
    # what did not pass is not passed over the next time
    assert gemeten_na(tmp_path / "lek", "na het lek") == (1, set())


def test_zelfde_invoer_zelfde_publicatie(tmp_path):
    rijen = deelwereld(1)
    publiceer(tmp_path, rijen)
    eerste = gepubliceerd(tmp_path, "stand_stroom")
    publiceer(tmp_path, rijen)
    assert gepubliceerd(tmp_path, "stand_stroom") == eerste


# --- M8 -----------------------------------------------------------------------------------------------------------------


@contextmanager
def gemeten(map_: Path, **regels):
    """What M8 finds wrong in the publication: check -> number of cells."""
    with duckdb.connect(str(map_ / "warehouse.duckdb")) as con:
        con.execute(f"attach '{map_ / 'publicatie.duckdb'}' as publicatie (read_only)")
        sql = onthulling.meting(con, Onthulling(**regels))
        yield {o: w for o, w in con.execute(f"select object, waarde from ({sql})").fetchall() if w}


LEEG = "regio_code = 'PV21'"


@pytest.mark.parametrize(
    ("knoei", "vindt"),
    [
        ("select 1", set()),
        (
            "update monitor.duur set k_6_12m = 5 where k_6_12m is null",
            {"klein aantal leesbaar", "celstatus klopt niet"},
        ),
        ("update monitor.duur set aantal = 98 where aantal = 100", {"niet afgerond"}),
        ("update monitor.duur set k_1_2j = 15 where aantal = 100", {"niet afgerond"}),
        ("update monitor.duur set celstatus = 'waarde'", {"celstatus klopt niet"}),
        ("update monitor.duur set aantal = null where regio_code = 'PV22'", {"gemiddelde leesbaar"}),
        # a row that cannot be laid beside the publication is not passed over
        (
            "delete from monitor.duur where regio_code = 'PV22'",
            {"celstatus klopt niet", "rijen te veel of te weinig"},
        ),
        # and one that the warehouse does not have is printed out of nothing
        ("update monitor.duur set dimensie = 'x'", {"celstatus klopt niet", "niet afgerond"}),
        # rows that have nothing at all
        (f"update monitor.duur set k_0_3m = 10 where {LEEG}", {"niet afgerond", "lege rijen kloppen niet"}),
        (f"update monitor.duur set k_0_3m = null where {LEEG}", {"lege rijen kloppen niet"}),
        (f"update monitor.duur set mediaan_dagen = 0 where {LEEG}", {"lege rijen kloppen niet"}),
        (
            f"update monitor.duur set celstatus = 'onderdrukt' where {LEEG}",
            {"celstatus klopt niet", "lege rijen kloppen niet"},
        ),
        (f"delete from monitor.duur where {LEEG}", {"lege rijen kloppen niet", "rijen te veel of te weinig"}),
        (
            "insert into monitor.duur (categorie, k_0_3m) values ('x', 0)",
            {"lege rijen kloppen niet", "rijen te veel of te weinig"},
        ),
        # of a region that no part of the country has
        (
            "insert into monitor.duur by name (select * replace ('PV99' as regio_code) from monitor.duur)",
            {"lege rijen kloppen niet", "rijen te veel of te weinig"},
        ),
    ],
)
def test_m8_vindt_wat_niet_had_gemogen(knoei, vindt, tmp_path):
    leeg = duur(0, [0], "PV21") | {"gemiddelde_dagen": None, "mediaan_dagen": None}
    publiceer(tmp_path, {"duur": [duur(100, [60, 35, 5]), duur(60, [60], "onbekend"), leeg]})
    with duckdb.connect(str(tmp_path / "publicatie.duckdb")) as con:
        con.execute(knoei)
    with gemeten(tmp_path) as fouten:
        assert {f.removeprefix("duur: ") for f in fouten} == vindt


def test_m8_rekent_na_wat_af_te_leiden_is(tmp_path):
    publiceer(tmp_path, {"duur": [duur(12, [11, 1])]})
    with duckdb.connect(str(tmp_path / "publicatie.duckdb")) as con:
        # as the simple part alone would have printed it
        con.execute("update monitor.duur set aantal = 10, k_0_3m = 10")
    with gemeten(tmp_path) as fouten:
        assert fouten == {"duur: af te leiden": 1.0}


def test_m8_blokkeert_en_gaat_over_elke_tabel(tmp_path):
    rijen = deelwereld(5)
    publiceer(tmp_path, rijen)
    with gemeten(tmp_path) as fouten:
        assert fouten == {}
    (regel,) = [r for r in regels("monitor") if r.id == "M8"]
    assert [o.effect for o in regel.oordelen] == ["blokkeert"]


def test_de_controle_kent_elke_tabel_en_elk_getal_dat_wordt_uitgegeven():
    """What the models declare against what the equations are written over: a new table or count cannot slip by."""
    declaraties, structuren = build.declaraties(manifest()), beschrijving.structuren(manifest())
    assert declaraties.keys() == families.RIJSLEUTEL.keys()
    for tabel, declaratie in declaraties.items():
        assert set(families.RIJSLEUTEL[tabel].split()) == set(structuren[tabel].sleutel), tabel
        assert set(declaratie.aantallen) == {k.kolom for k in families.telkolommen(tabel)}, tabel
        verhoudingen = [k for d in families.DELINGEN.get(tabel, []) for k in d.kolommen]
        bewaakt = {*verhoudingen, *families.GEMIDDELDEN.get(tabel, [()])[0]}
        if tabel == "vergelijking":
            bewaakt |= {"provincie_waarde", "respons_percentage"}  # of another row: a query of their own
        assert {w for v in declaratie.verhoudingen for w in v.waarden} <= bewaakt, tabel
        # whatever is found to be hidden has a bit by which the publication hides it
        assert {*declaratie.aantallen, *(v.waarden[0] for v in declaratie.verhoudingen)} - families.BIT.keys() <= {
            k for kolommen, _ in families.GEMIDDELDEN.values() for k in kolommen
        }, tabel
    assert len(set(families.BIT.values())) == len(families.BIT)
    assert max(families.BIT.values()) < 2**62


def test_delen_die_niet_samen_passen_komen_na_elkaar():
    """Of room for 8: 5 and 3 go together, 5 and 4 do not, and who takes more than there is does so alone."""
    ruimte, bezig, gezien = stelsel.Ruimte(8), [], []
    slot, samen = threading.Lock(), threading.Event()

    def neem(hoeveel: int) -> None:
        with ruimte.neem(hoeveel):
            with slot:
                bezig.append(hoeveel)
                gezien.append(sorted(bezig))
                if len(bezig) > 1:
                    samen.set()
            samen.wait(5)  # the first one stays until another one is let in
            with slot:
                bezig.remove(hoeveel)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(neem, [5, 3, 4, 20] * 3))
    assert len(gezien) == 12
    assert any(len(g) > 1 for g in gezien)
    assert all(sum(g) <= 8 or g == [20] for g in gezien)


def test_twee_grote_delen_gaan_niet_samen():
    """The largest and the smallest in turn, each part once; a monitor that is one whole is one part."""
    delen = [pa.table({"rijen": [rijen, 1]}) for rijen in (8, 23, 24, 5, 16)]
    assert stelsel._groot_en_klein(delen) == [2, 3, 1, 0, 4]
    assert stelsel._groot_en_klein([None]) == [0]


def test_onbekende_tabel_wordt_niet_uitgegeven():
    with duckdb.connect() as con:
        con.execute("create schema monitor")
        con.execute("create table monitor.nieuw (aantal bigint)")
        with pytest.raises(ValueError, match="nieuw"):
            database.tabellen_van(con, "memory.monitor")


def test_vingerafdruk_weet_of_er_een_rang_is_en_niet_welke():
    """Where a gemeente ranks follows from other parts of the country; that it has a rank does not."""

    def som(rang: str, delen: list) -> list[str]:
        with duckdb.connect() as con:
            con.execute("create schema monitor; create schema dwh")
            con.execute(
                "create table dwh.dim_regio as select 1 as jaar; create table dwh.code_hulpvorm as select 1 as code"
            )
            con.execute(
                f"""create table monitor.vergelijking as
                    select '2024H1' as verslagperiode, 'gemeente' as regio_niveau, 'GM1' as regio_code, 'alle' as aanbieder,
                        '1' as indicator, 'behaald' as maat, '2' as categorie, 7 as teller, {rang} as rang"""
            )
            sommen = database.sommen(con, "memory.monitor", ["vergelijking"])
            return stelsel.vingerafdrukken(con, [f"({sommen})"], "dwh", delen, Onthulling())

    for delen in ([None], [pa.table({"regio_niveau": ["gemeente"], "regio_code": ["GM1"], "rijen": [1]})]):
        assert som("1", delen) == som("2", delen) != som("null::bigint", delen)
