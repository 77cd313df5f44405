"""The outcome feeds of the aanbieders: doelen, tevredenheid and step, measured on part of the trajecten."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.demo.bestanden import Schrijver
from pipelines.demo.leveringen import Veld, codetekst
from pipelines.demo.personalia import Personalia, datumtekst, leeftijd
from pipelines.demo.zorg import HULPVORMEN, Zorg, trek
from pipelines.landing.contracts import contracten

# No published figures exist for this region; the levels are those the field reports (satisfaction between 7 and 8, two
# thirds of the goals reached in part or whole, response well below 100 %).
P_DOET_MEE = 0.8  # of the aanbieders
RESPONS = (0.15, 0.65)  # lowest and highest per aanbieder
AANTAL_DOELEN = np.array([0.25, 0.33, 0.24, 0.12, 0.06])  # 1 … 5
GAS = np.array([0.06, 0.27, 0.38, 0.29])  # scores -1, 0, 1, 2
P_BUITEN_TERMIJN, P_TWEEDE_METING, P_LOS = 0.08, 0.02, 0.003
P_OUDER, P_TWEEDE_OUDER = 0.7, 0.18
P_BEGIN_MEEGELEVERD = 0.6  # step begin in the levering of the begin period; else in that of the end
BEOORDELAARS, INFORMANTEN, MOMENTEN = (
    ("client", "gezinsvoogd", "jeugdreclasseerder"),
    ("jeugdige", "ouder"),
    ("begin", "einde"),
)


def schrijf_uitkomsten(
    veld: Veld,
    zorg: Zorg,
    wie: Personalia,
    beeindigd: np.ndarray,
    schrijver: Schrijver,
    rng: np.random.Generator,
) -> None:
    """All leveringen of doelen, tevredenheid and step; ``beeindigd`` says which records had their end delivered."""
    n = len(veld.aanbieders)
    mee = (rng.random(n) < P_DOET_MEE) | (veld.rang < 3)
    mee &= veld.rang < veld.per_regio - 4  # not the tiny ones
    records = {k: zorg.jeugdhulp[k].to_numpy() for k in zorg.jeugdhulp.columns}
    records["periode"] = np.where(beeindigd, veld.periode_van(records["einde"]), -1)
    records["begin_periode"] = veld.periode_van(records["start"])
    bekend = ~wie.bsn_onbekend[records["persoon"]] | (rng.random(len(records["start"])) < 0.2)
    meedoend = mee[records["aanbieder"]] & bekend
    for feed, maak in (("doelen", _doelen), ("tevredenheid", _tevredenheid), ("step", _step)):
        respons = rng.uniform(*RESPONS, n)
        gemeten = meedoend & (rng.random(len(meedoend)) < respons[records["aanbieder"]])
        r = {k: v[gemeten] for k, v in records.items()}
        rij, periode, kolommen = maak(r, wie, rng)
        tekst = pl.DataFrame({**_wijzer(r, rij, wie, rng), **kolommen})
        tekst = tekst.with_columns(_aanbieder=r["aanbieder"][rij], _periode=periode)
        sleutel = ["bsn" if k == "persoon" else k for k in contracten()[feed].sleutel]
        tekst = tekst.unique([*sleutel, "_aanbieder", "_periode"], keep="first", maintain_order=True)
        _schrijf(feed, veld, mee, tekst, schrijver)


def _wijzer(
    r: dict[str, np.ndarray], rij: np.ndarray, wie: Personalia, rng: np.random.Generator
) -> dict[str, pl.Series]:
    """bsn, hulpvorm and datum_aanvang of the record; a few point one day beside it (A12)."""
    persoon = r["persoon"][rij]
    onbekend = pl.Series(wie.bsn_onbekend[persoon])
    bsn = pl.select(pl.when(onbekend).then(pl.lit("999999999")).otherwise(wie.bsn.gather(persoon)).alias("bsn"))["bsn"]
    los = rng.random(len(rij)) < P_LOS
    return {
        "bsn": bsn,
        "hulpvorm": codetekst(HULPVORMEN, r["hulpvorm"][rij]),
        "datum_aanvang": datumtekst(r["start"][rij] - los),
    }


def _schrijf(feed: str, veld: Veld, mee: np.ndarray, tekst: pl.DataFrame, schrijver: Schrijver) -> None:
    """One levering per participating aanbieder and period, also when there is nothing in it."""
    n = len(veld.aanbieders)
    aanbieder, periode = tekst["_aanbieder"].to_numpy(), tekst["_periode"].to_numpy()
    sleutel = np.where((periode >= 0) & (periode < len(veld.perioden)), periode * n + aanbieder, -1)
    volgorde = np.argsort(sleutel, kind="stable")
    tekst = tekst[volgorde]
    grenzen = np.searchsorted(sleutel[volgorde], np.arange(len(veld.perioden) * n + 1))
    for i, p in enumerate(veld.perioden):
        for k in np.flatnonzero(mee):
            begin, eind = grenzen[i * n + k], grenzen[i * n + k + 1]
            vorm = veld.vormen[k]
            if vorm.formaat == "xlsx":
                vorm = replace(vorm, formaat="csv")
            schrijver.schrijf(feed, veld.aanbieders[k], str(p), tekst[begin:eind], vorm)


def _meetdag(dag: np.ndarray, rng: np.random.Generator, voor: int, na: int) -> np.ndarray:
    """A day around another, now and then outside the 21 days."""
    buiten = rng.random(len(dag)) < P_BUITEN_TERMIJN
    return dag + np.where(buiten, -rng.integers(25, 70, len(dag)), rng.integers(-voor, na + 1, len(dag)))


def _dubbel(rij: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Measure some of the rows a second time: row numbers, and which are that second measurement."""
    nog_eens = np.flatnonzero(rng.random(len(rij)) < P_TWEEDE_METING)
    return np.concatenate([np.arange(len(rij)), nog_eens]), np.arange(len(rij) + len(nog_eens)) >= len(rij)


def _doelen(
    r: dict[str, np.ndarray], wie: Personalia, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, dict[str, pl.Series]]:
    beeindigd = np.flatnonzero(r["periode"] >= 0)
    meting = _meetdag(r["einde"], rng, 14, 14)
    wie_scoort = np.where(
        (r["dwang"] == 1) & (rng.random(len(meting)) < 0.6), 1, np.where(rng.random(len(meting)) < 0.01, 2, 0)
    )
    per_record, tweede = _dubbel(beeindigd, rng)
    lijst = beeindigd[per_record]
    aantal = 1 + trek(AANTAL_DOELEN, len(r["start"]), rng)[lijst]
    rij = np.repeat(lijst, aantal)
    tweede = np.repeat(tweede, aantal)
    doel_nr = np.arange(len(rij)) - np.repeat(np.cumsum(aantal) - aantal, aantal) + 1
    score = trek(GAS, len(rij), rng) - 1
    kolommen = {
        "doel_nr": pl.Series(doel_nr).cast(pl.String),
        "score": pl.Series(score).cast(pl.String),
        "beoordelaar": codetekst(BEOORDELAARS, wie_scoort[rij]),
        "datum_meting": datumtekst(meting[rij] - 3 * tweede),
    }
    return rij, r["periode"][rij], kolommen


def _tevredenheid(
    r: dict[str, np.ndarray], wie: Personalia, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, dict[str, pl.Series]]:
    oud = leeftijd(wie.geboren[r["persoon"]], r["einde"])
    klaar = r["periode"] >= 0
    u = rng.random(len(oud))
    jeugdige = np.flatnonzero(klaar & (oud >= 11.8))
    ouder = np.flatnonzero(klaar & (u < P_OUDER) & (oud < 18))
    tweede_ouder = np.flatnonzero(klaar & (u < P_TWEEDE_OUDER) & (oud < 18))
    rij = np.concatenate([jeugdige, ouder, tweede_ouder])
    wie_vult = np.concatenate([np.full(len(x), k) for k, x in enumerate((jeugdige, ouder, tweede_ouder))])
    keuze, tweede = _dubbel(rij, rng)
    rij, wie_vult = rij[keuze], wie_vult[keuze]
    oordeel = rng.normal(0, 1, len(r["einde"]))[rij] * 0.7 + rng.normal(0, 0.7, len(rij))  # of one family alike
    resultaat = np.clip(3.1 + 0.5 * oordeel, 1, 4).round(2)
    cijfer = np.clip(np.rint(7.5 + 1.2 * oordeel), 1, 10)
    kolommen = {
        "informant": codetekst(INFORMANTEN, np.minimum(wie_vult, 1)),
        "ouder_nr": codetekst(("", "1", "2"), wie_vult, wie_vult == 0),
        "resultaat": getaltekst(resultaat),
        "rapportcijfer": pl.select(
            pl.when(pl.Series(rng.random(len(rij)) > 0.06))
            .then(pl.Series(cijfer).cast(pl.Int64).cast(pl.String))
            .alias("c")
        )["c"],
        "datum_meting": datumtekst(_meetdag(r["einde"][rij], rng, 14, 14) - 2 * tweede),
    }
    return rij, r["periode"][rij], kolommen


def getaltekst(getallen: np.ndarray) -> pl.Series:
    """Numbers as text; NaN is empty."""
    reeks = pl.Series("g", getallen).fill_nan(None)
    return reeks.round(2).cast(pl.String)


def _step(
    r: dict[str, np.ndarray], wie: Personalia, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, dict[str, pl.Series]]:
    n = len(r["start"])
    besluit = r["start"] - rng.integers(0, 21, n)
    vroeg = (rng.random(n) < P_BEGIN_MEEGELEVERD) & (r["begin_periode"] >= 0)
    begin_periode = np.where(vroeg, r["begin_periode"], r["periode"])
    begin = np.flatnonzero((begin_periode >= 0) & (r["begin_periode"] >= -1))
    einde = np.flatnonzero((r["periode"] >= 0) & (rng.random(n) < 0.75))
    rij = np.concatenate([begin, einde])
    is_einde = np.arange(len(rij)) >= len(begin)
    keuze, tweede = _dubbel(rij, rng)
    rij, is_einde = rij[keuze], is_einde[keuze]
    # the level of a person at begin, and what changes: higher is heavier, scale 1 … 5
    schalen = {}
    for naam, gemiddelde, afname in (("fj", 3.2, 0.5), ("ko", 2.8, 0.35), ("zz", 3.0, 0.4), ("uz", 2.7, 0.5)):
        niveau = rng.normal(gemiddelde, 0.7, n)
        zonder_duur = np.clip(niveau, 1, 5).round(1)
        duur = np.clip(niveau + rng.normal(0.1, 0.2, n), 1, 5).round(1)
        na = np.clip(niveau - rng.normal(afname, 0.6, n), 1, 5).round(1)
        schalen[naam] = np.where(is_einde, na[rij], duur[rij])
        schalen[f"{naam}_zonder_duur"] = np.where(is_einde, np.nan, zonder_duur[rij])
        leeg = rng.random(len(rij)) < 0.03
        schalen[naam][leeg] = np.nan
    buiten = rng.random(len(rij)) < P_BUITEN_TERMIJN
    voor_besluit = besluit[rij] - np.where(buiten, rng.integers(25, 60, len(rij)), rng.integers(0, 21, len(rij)))
    meting = np.where(is_einde, _meetdag(r["einde"][rij], rng, 14, 14), voor_besluit) - tweede
    zonder_besluit = is_einde | (rng.random(len(rij)) < 0.02)
    kolommen = {
        "moment": codetekst(MOMENTEN, is_einde.astype(int)),
        "datum_meting": datumtekst(meting),
        "datum_besluit": datumtekst(besluit[rij], zonder_besluit),
        **{k: getaltekst(schalen[k]) for k in ("fj", "fj_zonder_duur", "ko", "ko_zonder_duur", "zz", "uz")},
    }
    return rij, np.where(is_einde, r["periode"][rij], begin_periode[rij]), kolommen
