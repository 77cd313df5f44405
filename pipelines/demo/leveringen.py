"""What is delivered of the care histories, period by period: jeugdhulp and maatregelen with their quirks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.demo.bestanden import Schrijver, Vorm
from pipelines.demo.fouten import JEUGDHULP, MAATREGELEN, Rijen, met_fouten
from pipelines.demo.gebieden import Gebied
from pipelines.demo.personalia import OMWISSELING, Personalia, datumtekst
from pipelines.demo.zorg import HULPVORMEN, REDENEN, TYPEN, VERWIJZERS, Zorg, dag
from pipelines.periods import Halfjaar

P_VERDWENEN = 0.004  # of the running records, per period: never delivered again
P_LAAT_GEMELD = 0.008  # delivered from the period after the one they started in
P_VOORLOPIG_EINDE = 0.05  # of the ends soon after a period: first delivered as an end just before it
P_EINDE_TE_LAAT = 0.003  # of the ends: delivered one period late, which the rules refuse (A07)
P_CORRECTIE = 0.08  # of the leveringen of 20 rows or more: a v2
P_ZONDER_REDEN = 0.03  # maatregelen (S07)
PERSPECTIEF_VERPLICHT_TOT = "2019-01-01"  # Beleidsinformatie Jeugd version 5
PERSPECTIEVEN = ("01", "02", "03", "04")
REDENEN_JEUGDHULP = ("01", "02", "03", "04", "05")


@dataclass(frozen=True)
class Veld:
    """The players: KvK numbers, the way each writes, and the periods."""

    perioden: list[Halfjaar]
    d0: np.ndarray
    d1: np.ndarray
    aanbieders: list[str]
    gis: list[str]
    vormen: list[Vorm]
    vormen_gi: list[Vorm]
    rang: np.ndarray  # of each aanbieder within its region
    per_regio: int
    altijd_gemeente: np.ndarray  # aanbieders that always fill the gemeentecode
    vult_perspectief: np.ndarray

    def periode_van(self, dagen: np.ndarray) -> np.ndarray:
        """Index of the period in which a day lies; -1 before the first, len(perioden) after the last."""
        index = np.searchsorted(self.d0, dagen, side="right") - 1
        return np.where(dagen > self.d1[-1], len(self.perioden), index)


def maak_veld(gebied: Gebied, perioden: list[Halfjaar], seed: int, formaten: bool) -> Veld:
    """Name the aanbieders and GI's; the rank within the region decides on size, file format and role."""
    n, per_regio = gebied.n_aanbieders, gebied.n_aanbieders // gebied.n_regio
    rang = np.arange(n) % per_regio
    # prime modulus: every index gives another number
    aanbieders = (41_000_000 + (7919 * np.arange(n) + 12_345 + 101 * seed) % 8_999_993).astype(str).tolist()
    gis = (51_000_000 + (7919 * np.arange(gebied.n_gi) + 54_321 + 101 * seed) % 8_999_993).astype(str).tolist()
    per_rang = {
        2: Vorm("txt"),
        3: Vorm(scheiding=","),
        4: Vorm(codering="utf-8-sig"),
        5: Vorm(codering="cp1252", extra_kolom=True),
        6: Vorm("xlsx"),
        7: Vorm("xlsx", datumcellen=True),
        8: Vorm(omgekeerd=True, kleine_postcode=True),
        12: Vorm("txt"),
        14: Vorm(scheiding=",", codering="cp1252"),
    }
    csv_buiten = {6: Vorm(), 7: Vorm()}  # workbooks only in the first region: they are slow to write
    vormen = [
        (per_rang | (csv_buiten if k >= per_regio else {})).get(int(r), Vorm()) if formaten else Vorm()
        for k, r in enumerate(rang)
    ]
    d0, d1 = (np.array([dag(getattr(p, k)) for p in perioden]) for k in ("d0", "d1"))
    vormen_gi = [Vorm()] + [Vorm(scheiding="," if formaten else ";")] * (gebied.n_gi - 1)
    return Veld(perioden, d0, d1, aanbieders, gis, vormen, vormen_gi, rang, per_regio, rang % 3 == 1, rang % 5 < 2)


def schrijf_jeugdhulp(
    veld: Veld, zorg: Zorg, wie: Personalia, schrijver: Schrijver, rng: np.random.Generator
) -> np.ndarray:
    """All jeugdhulp leveringen of all periods, corrections included; returns which records get their end delivered."""
    records = {k: zorg.jeugdhulp[k].to_numpy() for k in zorg.jeugdhulp.columns}
    n, laatste = len(records["start"]), len(veld.perioden) - 1
    van, tot = veld.periode_van(records["start"]), veld.periode_van(records["einde"])
    eerste_i = van + ((rng.random(n) < P_LAAT_GEMELD) & (tot > van))
    weg = np.floor(np.log(rng.random(n)) / np.log(1 - P_VERDWENEN)).astype(np.int64) + np.maximum(van, 0)
    laatste_i = np.where(weg < tot, weg, laatste)
    te_laat = (rng.random(n) < P_EINDE_TE_LAAT) & (veld.rang[records["aanbieder"]] < veld.per_regio / 4)
    kort = records["einde"] - veld.d0[np.clip(tot, 0, laatste)] < 60
    voorlopig = kort & (tot > np.maximum(van, 0)) & (rng.random(n) < P_VOORLOPIG_EINDE)
    verschil = rng.integers(0, 30, n)
    u_perspectief = rng.random(n)
    for i, periode in enumerate(veld.perioden):
        loopt = (records["start"] <= veld.d1[i]) & (records["einde"] >= veld.d0[i])
        nagekomen = te_laat & (tot == i - 1)
        index = np.flatnonzero((loopt | nagekomen) & (eerste_i <= i) & (laatste_i >= i))
        r = {k: v[index] for k, v in records.items()}
        op_tijd = (r["einde"] <= veld.d1[i]) & ~(te_laat[index] & (tot[index] == i))
        eerder = voorlopig[index] & (tot[index] == i + 1)
        einde = np.where(op_tijd, r["einde"], -1)
        einde = np.where(eerder, np.maximum(veld.d1[i] - verschil[index], r["start"]), einde)
        rijen = Rijen(_jeugdhulptekst(veld, wie, r, einde, i, u_perspectief[index]), r["aanbieder"], r["start"], einde)
        rijen = met_fouten(rijen, JEUGDHULP, periode, i, rng)
        _schrijf_aanbieders(veld, rijen, i, schrijver, rng)
    return (tot <= laatste) & (eerste_i <= tot) & (laatste_i >= tot) & ~te_laat


def _jeugdhulptekst(
    veld: Veld, wie: Personalia, r: dict[str, np.ndarray], einde: np.ndarray, i: int, u: np.ndarray
) -> pl.DataFrame:
    verwijzer = r["verwijzer"]
    if veld.perioden[i] < OMWISSELING:  # 08 exists from the same period on
        verwijzer = np.where(verwijzer == VERWIJZERS.index("08"), 0, verwijzer)
    vult = np.where(
        r["start"] < dag(PERSPECTIEF_VERPLICHT_TOT), u < 0.9, veld.vult_perspectief[r["aanbieder"]] & (u < 0.8)
    )
    return pl.DataFrame(
        {
            **wie.identiteit(r["persoon"], i),
            **wie.adres(r["persoon"], i, veld.altijd_gemeente[r["aanbieder"]]),
            "verwijzer": codetekst(VERWIJZERS, verwijzer),
            "hulpvorm": codetekst(HULPVORMEN, r["hulpvorm"]),
            "perspectief": codetekst(PERSPECTIEVEN, r["perspectief"], ~vult),
            "datum_aanvang": datumtekst(r["start"]),
            "datum_einde": datumtekst(np.maximum(einde, 0), einde < 0),
            "reden_beeindiging": codetekst(REDENEN_JEUGDHULP, r["reden"], einde < 0),
        }
    )


def codetekst(codes: tuple[str, ...], index: np.ndarray, leeg: np.ndarray | None = None) -> pl.Series:
    """The codes of an index; empty where ``leeg``."""
    nummers = np.asarray(index, dtype=np.int64)
    if leeg is not None:
        nummers = np.where(leeg, len(codes), nummers)
    return pl.Series([*codes, None], dtype=pl.String).gather(nummers)


def _schrijf_aanbieders(veld: Veld, rijen: Rijen, i: int, schrijver: Schrijver, rng: np.random.Generator) -> None:
    """Cut the period in one levering per aanbieder; some correct theirs, and the tiny ones have their special roles."""
    laatste = len(veld.perioden) - 1
    grenzen = np.searchsorted(rijen.leverancier, np.arange(len(veld.aanbieders) + 1))
    corrigeert = rng.random(len(veld.aanbieders)) < P_CORRECTIE
    for k, aanbieder in enumerate(veld.aanbieders):
        vorm, tekst = veld.vormen[k], rijen.tekst[grenzen[k] : grenzen[k + 1]]
        rol = veld.per_regio - veld.rang[k]
        levering = ("jeugdhulp", aanbieder, str(veld.perioden[i]))
        if rol == 2 and i == laatste // 2 and laatste >= 3:
            continue  # misses one period, delivers before and after
        if rol == 1 and i == max(0, laatste - 3):
            tekst = tekst.clear()  # nothing to report this time: a header only
        if rol == 3 and i == max(0, laatste - 2):
            schrijver.schrijf(*levering, tekst, vorm)
            kapot = tekst.with_columns(pl.lit("123456789").alias("bsn"))  # fails the elfproef: v1 stays in force
            schrijver.schrijf(*levering, kapot, vorm, volgnr=2)
        elif corrigeert[k] and tekst.height >= 20:
            schrijver.schrijf(*levering, _onvolledig(tekst, rng), vorm)
            schrijver.schrijf(*levering, tekst, vorm, volgnr=2)
        else:
            schrijver.schrijf(*levering, tekst, vorm)


def _onvolledig(tekst: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """A first version: some rows and some ends are not in yet."""
    u = pl.Series(rng.random(tekst.height))
    leeg = u < 0.04
    einden = ("datum_einde", "reden_beeindiging")
    zonder = [pl.when(leeg).then(None).otherwise(pl.col(k)).alias(k) for k in einden]
    return tekst.with_columns(zonder).filter(u < 0.97)


def schrijf_maatregelen(
    veld: Veld, zorg: Zorg, wie: Personalia, schrijver: Schrijver, rng: np.random.Generator
) -> None:
    """All maatregelen leveringen; a maatregel that was handed over has a row at each GI."""
    delen = {k: v.to_numpy() for k, v in _delen(zorg.maatregelen).to_dict().items()}
    zonder_reden = rng.random(len(delen["persoon"])) < P_ZONDER_REDEN
    for i, periode in enumerate(veld.perioden):
        laatste_dag = np.where(delen["over"] >= 0, delen["over"], delen["einde"])
        begin = np.where(delen["gekregen"] >= 0, delen["gekregen"], delen["start"])
        index = np.flatnonzero((begin <= veld.d1[i]) & (laatste_dag >= veld.d0[i]))
        r = {k: v[index] for k, v in delen.items()}
        klaar = (r["over"] < 0) & (r["einde"] <= veld.d1[i])
        einde = np.where(klaar, r["einde"], -1)
        rijen = Rijen(_maatregeltekst(veld, wie, r, einde, i, zonder_reden[index]), r["gi"], begin[index], einde)
        rijen = met_fouten(rijen, MAATREGELEN, periode, i, rng)
        grenzen = np.searchsorted(rijen.leverancier, np.arange(len(veld.gis) + 1))
        for k, gi in enumerate(veld.gis):
            schrijver.schrijf(
                "maatregelen", gi, str(periode), rijen.tekst[grenzen[k] : grenzen[k + 1]], veld.vormen_gi[k]
            )


def _delen(maatregelen: pl.DataFrame) -> pl.DataFrame:
    """One row per GI that was responsible: its first day (taken over) and last day (handed over), -1 when not so."""
    geen = pl.lit(-1, pl.Int32)
    over = pl.col("overdracht") >= 0
    terug = pl.col("terug") >= 0
    eerste = maatregelen.filter(pl.col("los") != 1).with_columns(gekregen=geen, over=pl.col("overdracht"))
    tweede = maatregelen.filter(over & (pl.col("los") != 2)).with_columns(
        gekregen=pl.col("overdracht") + 1, over=pl.col("terug"), gi=pl.col("gi2")
    )
    derde = maatregelen.filter(over & terug).with_columns(gekregen=pl.col("terug") + 1, over=geen)
    return pl.concat([eerste, tweede, derde])


def _maatregeltekst(
    veld: Veld, wie: Personalia, r: dict[str, np.ndarray], einde: np.ndarray, i: int, zonder_reden: np.ndarray
) -> pl.DataFrame:
    overgenomen = r["gekregen"] >= 0
    reclassering = r["type"] >= TYPEN.index("41")
    return pl.DataFrame(
        {
            **wie.identiteit(r["persoon"], i),
            **wie.adres(r["persoon"], i, np.zeros(len(einde), dtype=bool)),
            "type_maatregel": codetekst(TYPEN, r["type"]),
            "datum_aanvang": datumtekst(r["start"], overgenomen),
            "datum_einde": datumtekst(np.maximum(einde, 0), einde < 0),
            "datum_eerste_contact": datumtekst(r["contact"], overgenomen | (r["contact"] > veld.d1[i])),
            "reden_beeindiging": codetekst(REDENEN, r["reden"], (einde < 0) | zonder_reden),
            "datum_overgedragen": datumtekst(np.maximum(r["over"], 0), (r["over"] < 0) | (r["over"] > veld.d1[i])),
            "datum_overgedragen_gekregen": datumtekst(np.maximum(r["gekregen"], 0), ~overgenomen),
            "erkende_interventie": codetekst(("N", "J"), r["erkend"], ~reclassering),
        }
    )
