"""The true care histories from birth on, so that the stock is steady: jeugdigen, jeugdhulprecords and maatregelen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.demo.bevolking import Bevolking
from pipelines.demo.gebieden import Gebied

JAAR = 365.25
DAG_1970 = np.datetime64("1970-01-01", "D")
HULPVORMEN = ("01", "02", "03", "04", "11", "12", "13", "14")
VERWIJZERS = ("01", "02", "03", "04", "05", "06", "07", "08")
WIJKTEAM, AMBULANT, PLEEGZORG = 0, 1, 4
EERSTE_VERBLIJF = 4  # index in HULPVORMEN from which the help is with verblijf

# Calibrated against CBS 85098NED (percentages), 85097NED 2023HJ1 (verwijzers, begonnen, herhaald) and the CBS report
# Jeugdhulp 2021 (hulpvormen of the begonnen trajecten); the parameters themselves are not published figures.
P_OOIT = 0.562  # share of a cohort that ever gets jeugdzorg, at the mean of the province
GROEI = 0.008  # of that share per birth year, so that the stock grows slowly
P_ALLEEN_MAATREGEL = 0.03  # of them without any jeugdhulp
GESLACHTSFACTOR = np.array([1.06, 0.94])
# first start per year of age: boys earlier, girls later; stock peaks at 9-11 (CBS 85095NED)
EERSTE_LEEFTIJD = np.array(
    [
        [14, 18, 34, 58, 92, 116, 120, 116, 98, 76, 54, 40, 32, 28, 25, 21, 16, 8],
        [12, 15, 26, 44, 66, 84, 92, 96, 90, 76, 58, 48, 46, 48, 46, 38, 26, 12],
    ],
    dtype=float,
)
MAX_EPISODEN, MAX_TRAJECTEN = 6, 5
P_VOLGENDE_EPISODE = 0.53
GEMIDDELDE_PAUZE = 1.3 * JAAR
P_VOLGEND_TRAJECT = 0.43
P_TEGELIJK = 0.55  # the next traject runs beside the previous one; else it follows on
P_ZELFDE_AANBIEDER = 0.6
# shares of 02, 03, 04, 11, 12, 13, 14 among the trajecten that are not wijkteam
HULPVORM_REST = np.array([0.678, 0.062, 0.206, 0.005, 0.011, 0.008, 0.030])
DUUR_MEDIAAN = np.array([0.45, 0.66, 0.66, 0.62, 1.6, 1.0, 0.40, 0.7]) * JAAR  # per hulpvorm
DUUR_SIGMA = 1.0  # lognormal: 60 % within a year, 5 % over four years
P_VERLENGD = 0.36  # goes on after the 18th birthday (verlengde jeugdhulp)
P_START_18 = 0.20
# verwijzer 01 … 08 outside the wijkteam and forced care; wijkteam is mostly freely accessible
VERWIJZER = np.array([0.322, 0.452, 0.042, 0.050, 0.0555, 0.075, 0.0, 0.0035])
VERWIJZER_WIJKTEAM = np.array([0.30, 0.03, 0.02, 0.0, 0.0, 0.65, 0.0, 0.0])
VERWIJZER_DWANG = np.array([0.10, 0.02, 0.0, 0.80, 0.02, 0.0, 0.0, 0.04])
REDEN = np.array([0.74, 0.09, 0.07, 0.03, 0.07])  # 01 … 05
P_ONGEBOREN = 0.0004
P_ADMINISTRATIEF = 0.03  # starts moved to 1 January, ends to 31 December

TYPEN = ("11", "12", "21", "22", "23", "31", "41", "42", "50", "51", "61", "62", "63")
OTS, VOTS, VOOGDIJ = 0, 1, 2
P_OTS, P_OTS_NA_VOTS, P_VOOGDIJ = 0.0765, 0.21, 0.23  # of the persons; CBS JB 2022: 6.500 ots, 1.370 vots, 925 voogdij
OTS_MEDIAAN, OTS_SIGMA = 1.85 * JAAR, 0.75
P_VOORLOPIGE_VOOGDIJ = 0.2
P_VERBLIJF_BIJ_OTS, P_VERBLIJF_BIJ_VOOGDIJ, P_AMBULANT_BIJ_OTS = 0.38, 0.94, 0.45
P_JR = np.array([0.0575, 0.0144])  # boys, girls
P_PREVENTIEF = 0.02
# 41 42 50 51 61 62 63: CBS JR 2019, begonnen; median duration so that CBS 82977NED Drenthe 2021 comes out
JR_TYPE = np.array([0.63, 0.30, 0.025, 0.015, 0.01, 0.012, 0.008])
JR_MEDIAAN = np.array([0.85, 0.35, 0.6, 0.4, 0.5, 0.8, 0.2]) * JAAR
REDENEN = (
    *("01", "02", "03", "04", "05", "06"),
    *("11", "12", "13", "14", "15"),
    *("21", "22", "23", "24", "25", "26"),
    "31",
)
P_OVERDRACHT = 0.06  # of the maatregelen handed to the other GI at some moment
P_OVERDRACHT_LOS = 0.12  # of these the other half is never delivered: chains to nothing


@dataclass(frozen=True)
class Zorg:
    """Integer frames; dates are days since 1970, ends are the true ends, also when they lie after the last period."""

    personen: pl.DataFrame  # row = person: wijk, geslacht (0 M, 1 V), geboren
    jeugdhulp: pl.DataFrame  # persoon, hulpvorm, verwijzer, perspectief, reden, start, einde, aanbieder, dwang
    maatregelen: pl.DataFrame  # persoon, type, reden, start, einde, gi, gi2, overdracht (last day of gi; -1: none), los


def dag(datum: object) -> int:
    """Days since 1970 of a date."""
    return int((np.datetime64(datum, "D") - DAG_1970).astype(int))


def trek(kansen: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw n indices with the given chances."""
    grens = np.cumsum(kansen)
    return np.searchsorted(grens / grens[-1], rng.random(n), side="right").astype(np.int32)


def maak_zorg(gebied: Gebied, bevolking: Bevolking, eerste: int, laatste: int, rng: np.random.Generator) -> Zorg:
    """All histories that touch the days eerste … laatste (days since 1970)."""
    personen = _personen(gebied, bevolking, rng)
    maatregelen = _maatregelen(gebied, personen, eerste, laatste, rng)
    vrij = _vrijwillig(gebied, personen, eerste, laatste, rng)
    dwang = _bij_maatregel(maatregelen, personen, rng)
    jeugdhulp = _afwerken(gebied, personen, pl.concat([vrij, dwang]), rng)
    binnen = (pl.col("einde") >= eerste) & (pl.col("start") <= laatste)
    jeugdhulp, maatregelen = jeugdhulp.filter(binnen), maatregelen.filter(binnen)
    # keep only persons that occur, renumbered
    nodig = np.zeros(personen.height, dtype=bool)
    nodig[jeugdhulp["persoon"].to_numpy()] = True
    nodig[maatregelen["persoon"].to_numpy()] = True
    nieuw = pl.Series(np.cumsum(nodig) - 1).cast(pl.Int32)
    hernummerd = (f.with_columns(nieuw.gather(f["persoon"]).alias("persoon")) for f in (jeugdhulp, maatregelen))
    return Zorg(personen.filter(nodig), *hernummerd)


def met_ongeborenen(zorg: Zorg, d0: np.ndarray, rng: np.random.Generator) -> Zorg:
    """Let the help of a few very young children begin in the half-year before their birth."""
    start = zorg.jeugdhulp["start"].to_numpy().copy()
    geboren = zorg.personen["geboren"].to_numpy()[zorg.jeugdhulp["persoon"].to_numpy()]
    half = np.searchsorted(d0, geboren, side="right") - 1
    kan = np.flatnonzero((half >= 1) & (start - geboren < 900) & (geboren - d0[half] > 14))
    gekozen = rng.choice(kan, min(len(kan), max(5, round(P_ONGEBOREN * len(start)))), replace=False)
    start[gekozen] = d0[half[gekozen]] - rng.integers(5, 60, len(gekozen))
    return replace(zorg, jeugdhulp=zorg.jeugdhulp.with_columns(pl.Series("start", start)))


def _personen(gebied: Gebied, bevolking: Bevolking, rng: np.random.Generator) -> pl.DataFrame:
    """Who of every cohort ever gets jeugdzorg."""
    wijken = gebied.wijken
    factor = gebied.gemeenten["factor"].to_numpy()[wijken["gemeente"].to_numpy()]
    wijkfactor = np.exp(rng.normal(0, 0.12, wijken.height))
    gewicht = wijken["inwoners"].to_numpy()
    gemeente = wijken["gemeente"].to_numpy()
    gemiddeld = np.bincount(gemeente, gewicht * wijkfactor) / np.bincount(gemeente, gewicht)
    kans = P_OOIT * (factor * wijkfactor / gemiddeld[gemeente])[:, None] * GESLACHTSFACTOR[None, :]
    jaren = bevolking.aantal.shape[2]
    trend = 1 + GROEI * (np.arange(jaren) - jaren / 2)
    aantal = rng.binomial(bevolking.aantal, np.minimum(kans[:, :, None] * trend, 0.95))
    wijk, geslacht, jaar = (i.ravel() for i in np.indices(aantal.shape, dtype=np.int32))
    n = aantal.ravel()
    jaren = np.repeat(jaar, n) + bevolking.eerste_jaar
    begin = (jaren - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int32)
    return pl.DataFrame(
        {
            "wijk": np.repeat(wijk, n),
            "geslacht": np.repeat(geslacht, n),
            "geboren": begin + rng.integers(0, 365, len(begin), dtype=np.int32),
        }
    )


def _vrijwillig(
    gebied: Gebied, personen: pl.DataFrame, eerste: int, laatste: int, rng: np.random.Generator
) -> pl.DataFrame:
    """Episodes of care one after the other, each a chain of trajecten that follow on or run beside each other."""
    geslacht = personen["geslacht"].to_numpy()
    geboren = personen["geboren"].to_numpy().astype(float)
    gemeente = gebied.wijken["gemeente"].to_numpy()[personen["wijk"].to_numpy()]
    wijkteam = gebied.gemeenten["wijkteam"].to_numpy()[gemeente]
    leeftijd = np.where(
        geslacht == 0, trek(EERSTE_LEEFTIJD[0], len(geslacht), rng), trek(EERSTE_LEEFTIJD[1], len(geslacht), rng)
    )
    start = geboren + (leeftijd + rng.random(len(leeftijd))) * JAAR
    wie = np.flatnonzero(rng.random(len(start)) >= P_ALLEEN_MAATREGEL)
    start = start[wie]
    delen: list[pl.DataFrame] = []
    for _ in range(MAX_EPISODEN):
        doel, begin, einde_episode = np.arange(len(wie)), start.copy(), start - 1
        for _ in range(MAX_TRAJECTEN):
            hulpvorm = np.where(
                rng.random(len(doel)) < wijkteam[wie[doel]], WIJKTEAM, 1 + trek(HULPVORM_REST, len(doel), rng)
            )
            duur = DUUR_MEDIAAN[hulpvorm] * np.exp(rng.normal(0, DUUR_SIGMA, len(doel)))
            begin, einde, blijft = _grens_18(begin, begin + duur, geboren[wie[doel]], rng)
            doel, hulpvorm, begin, einde = (x[blijft] for x in (doel, hulpvorm, begin, einde))
            einde_episode[doel] = np.maximum(einde_episode[doel], einde)
            nuttig = (einde >= eerste) & (begin <= laatste)
            delen.append(_frame(wie[doel[nuttig]], hulpvorm[nuttig], begin[nuttig], einde[nuttig], dwang=0))
            door = rng.random(len(doel)) < P_VOLGEND_TRAJECT
            doel, begin, einde = doel[door], begin[door], einde[door]
            u = rng.random(len(doel))
            naast = begin + 1 + rng.random(len(doel)) * (einde - begin)
            begin = np.where(u < P_TEGELIJK, naast, einde_episode[doel] + 1)
        start = einde_episode + 2 + rng.exponential(GEMIDDELDE_PAUZE, len(wie))
        door = (rng.random(len(wie)) < P_VOLGENDE_EPISODE) & (start < geboren[wie] + 18 * JAAR) & (start <= laatste)
        wie, start = wie[door], start[door]
    return pl.concat(delen)


def _grens_18(
    start: np.ndarray, einde: np.ndarray, geboren: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Most help stops at 18, nothing goes on at 23; few start at 18 or later."""
    achttien, drieentwintig = geboren + 18 * JAAR, geboren + 23 * JAAR
    u = rng.random(len(start))
    stopt = (start < achttien) & (einde > achttien) & (u >= P_VERLENGD)
    einde = np.where(stopt, achttien - 1 - rng.integers(0, 20, len(start)), np.minimum(einde, drieentwintig - 2))
    blijft = (start < achttien) | ((u < P_START_18) & (start < drieentwintig - 60))
    return start, np.maximum(einde, start), blijft


def _frame(persoon: np.ndarray, hulpvorm: np.ndarray, start: np.ndarray, einde: np.ndarray, dwang: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "persoon": persoon.astype(np.int32),
            "hulpvorm": hulpvorm.astype(np.int8),
            "start": np.floor(start).astype(np.int32),
            "einde": np.floor(einde).astype(np.int32),
            "dwang": np.full(len(persoon), dwang, dtype=np.int8),
        }
    )


def _bij_maatregel(maatregelen: pl.DataFrame, personen: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Jeugdhulp that goes with a kinderbeschermingsmaatregel; this gives the share of JB with verblijf (CBS: 56 %)."""
    jb = maatregelen.filter(pl.col("type").is_in([OTS, VOOGDIJ]))
    n = jb.height
    persoon, start, einde = (jb[k].to_numpy().astype(float) for k in ("persoon", "start", "einde"))
    voogdij = jb["type"].to_numpy() == VOOGDIJ
    p_verblijf = np.where(voogdij, P_VERBLIJF_BIJ_VOOGDIJ, P_VERBLIJF_BIJ_OTS)
    u = rng.random(n)
    verblijf = u < p_verblijf
    soort = np.where(voogdij, PLEEGZORG + trek(np.array([0.75, 0.17, 0.0, 0.08]), n, rng), 0)
    soort_ots = PLEEGZORG + trek(np.array([0.48, 0.2, 0.08, 0.24]), n, rng)
    hulpvorm = np.where(verblijf, np.where(voogdij, soort, soort_ots), AMBULANT + 2 * (rng.random(n) < 0.3))
    met = verblijf | (~voogdij & (rng.random(n) < P_AMBULANT_BIJ_OTS / (1 - P_VERBLIJF_BIJ_OTS)))
    geboren = personen["geboren"].to_numpy()[persoon.astype(int)]
    begin = np.maximum(start + rng.integers(-40, 120, n), geboren + 1)
    eind = np.maximum(einde + rng.integers(-100, 60, n), begin + rng.integers(14, 200, n))
    begin, eind, blijft = _grens_18(begin, eind, geboren, rng)
    met &= blijft
    return _frame(persoon[met], hulpvorm[met], begin[met], eind[met], dwang=1)


def aanbiedergewichten(n: int) -> np.ndarray:
    """Chance per rank, [hulpvormgroep (wijkteam, ambulant, verblijf), rank]: Zipf, the last four tiny."""
    rang = np.arange(n)
    zipf = 1.0 / (rang + 1.5) ** 1.1
    zipf[-4:] *= np.array([0.25, 0.16, 0.12, 0.08])
    tiny = rang >= n - 4
    return np.stack([zipf * ((rang % 4 == 1) & ~tiny), zipf * ((rang % 4 != 1) | tiny), zipf * (rang % 3 == 0)])


def _afwerken(gebied: Gebied, personen: pl.DataFrame, records: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Add aanbieder, verwijzer, perspectief, reden and administrative dates; one record per natural key."""
    n = records.height
    persoon, hulpvorm = records["persoon"].to_numpy(), records["hulpvorm"].to_numpy()
    start, einde = records["start"].to_numpy().copy(), records["einde"].to_numpy().copy()
    regio = gebied.wijken["regio"].to_numpy()[personen["wijk"].to_numpy()[persoon]]
    elders = rng.random(n) < 0.03
    regio = np.where(elders, rng.integers(0, gebied.n_regio, n), regio)
    per_regio = gebied.n_aanbieders // gebied.n_regio
    groep = np.where(hulpvorm == WIJKTEAM, 0, np.where(hulpvorm >= EERSTE_VERBLIJF, 2, 1))
    vast = rng.random(personen.height)  # a person tends to stay with the same aanbieder
    u = np.where(rng.random(n) < P_ZELFDE_AANBIEDER, vast[persoon], rng.random(n))
    grens = np.cumsum(aanbiedergewichten(per_regio), axis=1)
    grens /= grens[:, -1:]
    rang = np.zeros(n, dtype=np.int32)
    for g in range(3):
        in_groep = groep == g
        rang[in_groep] = np.searchsorted(grens[g], u[in_groep], side="right")
    dwang = records["dwang"].to_numpy() == 1
    verwijzer = trek(VERWIJZER, n, rng)
    verwijzer = np.where(hulpvorm == WIJKTEAM, trek(VERWIJZER_WIJKTEAM, n, rng), verwijzer)
    verwijzer = np.where(dwang, trek(VERWIJZER_DWANG, n, rng), verwijzer)
    verwijzer = np.where((start < dag("2015-01-01")) & (rng.random(n) < 0.15), 6, verwijzer)
    geboren = personen["geboren"].to_numpy()[persoon]
    jaarbegin = _jaarbegin(start)
    kan = (rng.random(n) < P_ADMINISTRATIEF) & (jaarbegin > geboren)
    start = np.where(kan, jaarbegin, start)
    jaareinde = _jaarbegin(einde + 366) - 1
    kan = (rng.random(n) < P_ADMINISTRATIEF) & (jaareinde < geboren + 23 * JAAR)
    einde = np.where(kan, np.maximum(jaareinde, start), einde)
    return records.with_columns(
        pl.Series("start", start.astype(np.int32)),
        pl.Series("einde", einde.astype(np.int32)),
        pl.Series("aanbieder", (regio * per_regio + rang).astype(np.int32)),
        pl.Series("verwijzer", verwijzer.astype(np.int8)),
        pl.Series("perspectief", trek(np.array([0.06, 0.16, 0.40, 0.38]), n, rng).astype(np.int8)),
        pl.Series("reden", trek(REDEN, n, rng).astype(np.int8)),
    ).unique(["persoon", "aanbieder", "hulpvorm", "start"], keep="first", maintain_order=True)


def _jaarbegin(dagen: np.ndarray) -> np.ndarray:
    """1 January of the year of each day."""
    jaren = dagen.astype("datetime64[D]").astype("datetime64[Y]")
    return jaren.astype("datetime64[D]").astype(np.int32)


def _maatregelen(
    gebied: Gebied, personen: pl.DataFrame, eerste: int, laatste: int, rng: np.random.Generator
) -> pl.DataFrame:
    """Ots, voogdij and jeugdreclassering with their GI, reden and overdracht."""
    geboren = personen["geboren"].to_numpy().astype(float)
    wie = np.flatnonzero(rng.random(len(geboren)) < P_OTS)
    n = len(wie)
    achttien = geboren[wie] + 18 * JAAR - 1
    start = geboren[wie] + 2 + rng.beta(1.15, 1.25, n) * 17.2 * JAAR
    duur = np.maximum(30.0, OTS_MEDIAAN * np.exp(rng.normal(0, OTS_SIGMA, n)))
    einde = np.minimum(start + duur, achttien)
    meerderjarig = einde >= achttien
    naar_voogdij = ~meerderjarig & (rng.random(n) < P_VOOGDIJ)
    reden = trek(np.array([0.0, 0.14, 0.22, 0.62, 0.0, 0.004]), n, rng)
    reden = np.where(meerderjarig, 0, np.where(naar_voogdij, 4, reden))
    delen = [_maatregelframe(wie, OTS, reden, start, einde)]
    vots = rng.random(n) < P_OTS_NA_VOTS
    begin_vots = np.maximum(start - rng.integers(20, 90, n), geboren[wie] + 1)
    delen.append(_maatregelframe(wie[vots], VOTS, np.full(vots.sum(), 3), begin_vots[vots], start[vots] - 1))
    wie, start, achttien = wie[naar_voogdij], einde[naar_voogdij] + 1, achttien[naar_voogdij]
    n = len(wie)
    voorlopig = rng.random(n) < P_VOORLOPIGE_VOOGDIJ
    tussen = np.minimum(start + rng.integers(30, 90, n), achttien)
    delen.append(
        _maatregelframe(
            wie[voorlopig],
            VOOGDIJ + 1 + (rng.random(voorlopig.sum()) < 0.3),
            np.full(voorlopig.sum(), 9),
            start[voorlopig],
            tussen[voorlopig],
        )
    )
    start = np.where(voorlopig, np.minimum(tussen + 1, achttien), start)
    einde = np.where(rng.random(n) < 0.3, start + rng.random(n) * (achttien - start), achttien)
    reden = np.where(einde >= achttien, 6, 7 + trek(np.array([0.6, 0.2, 0.19, 0.01]), n, rng))
    delen.append(_maatregelframe(wie, VOOGDIJ, reden, start, einde))
    delen.extend(_reclassering(personen, geboren, rng))
    alles = pl.concat(delen).filter((pl.col("einde") >= eerste) & (pl.col("start") <= laatste))
    return _overdracht(gebied, personen, alles, eerste, laatste, rng)


def _reclassering(personen: pl.DataFrame, geboren: np.ndarray, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Jeugdreclassering (some of it again) and the preventief justitieel kader."""
    wie = np.flatnonzero(rng.random(len(geboren)) < P_JR[personen["geslacht"].to_numpy()])
    start = geboren[wie] + (13.5 + 5.5 * rng.beta(2.2, 1.6, len(wie))) * JAAR
    delen = []
    for _ in range(2):
        n = len(wie)
        soort = trek(JR_TYPE, n, rng)
        duur = np.maximum(10, JR_MEDIAAN[soort] * np.exp(rng.normal(0, 1.0, n)))
        einde = np.minimum(start + duur, geboren[wie] + 23 * JAAR - 2)
        reden = 11 + trek(np.array([0.6, 0.12, 0.06, 0.12, 0.098, 0.002]), n, rng)
        delen.append(_maatregelframe(wie, TYPEN.index("41") + soort, reden, start, einde))
        opnieuw = (rng.random(n) < 0.11) & (einde < geboren[wie] + 19 * JAAR)
        wie, start = wie[opnieuw], einde[opnieuw] + 2 + rng.exponential(JAAR, opnieuw.sum())
    wie = np.flatnonzero(rng.random(len(geboren)) < P_PREVENTIEF)
    start = geboren[wie] + (4 + 13 * rng.random(len(wie))) * JAAR
    einde = start + 20 + rng.exponential(150, len(wie))
    delen.append(_maatregelframe(wie, TYPEN.index("31"), np.full(len(wie), 17), start, einde))
    return delen


def _maatregelframe(
    persoon: np.ndarray, soort: int | np.ndarray, reden: np.ndarray, start: np.ndarray, einde: np.ndarray
) -> pl.DataFrame:
    start = np.floor(start).astype(np.int32)
    return pl.DataFrame(
        {
            "persoon": persoon.astype(np.int32),
            "type": np.broadcast_to(np.asarray(soort, dtype=np.int8), len(persoon)),
            "reden": reden.astype(np.int8),
            "start": start,
            "einde": np.maximum(np.floor(einde).astype(np.int32), start),
        }
    )


def _overdracht(
    gebied: Gebied, personen: pl.DataFrame, records: pl.DataFrame, eerste: int, laatste: int, rng: np.random.Generator
) -> pl.DataFrame:
    """The GI of every maatregel, and for some the day on which it went to another GI."""
    n = records.height
    regio = gebied.wijken["regio"].to_numpy()[personen["wijk"].to_numpy()[records["persoon"].to_numpy()]]
    # one GI per person: 70 % at the first GI of the region
    ander = (rng.random(personen.height) < 0.3)[records["persoon"].to_numpy()]
    gi = (regio + ander) % gebied.n_gi
    start, einde = records["start"].to_numpy(), records["einde"].to_numpy()
    van = np.maximum(start + 20, eerste + 1)
    tot = np.minimum(einde - 20, laatste - 1)
    kan = np.flatnonzero(tot > van)
    aantal = min(len(kan), max(6, round(P_OVERDRACHT * len(kan))))
    gekozen = np.sort(rng.choice(kan, aantal, replace=False))
    dag_over = np.full(n, -1, dtype=np.int32)
    dag_over[gekozen] = rng.integers(van[gekozen], tot[gekozen])
    # a few of these go back to the first GI later on
    dag_terug = np.full(n, -1, dtype=np.int32)
    terug = gekozen[::6]
    terug = terug[dag_over[terug] + 40 < tot[terug]]
    dag_terug[terug] = rng.integers(dag_over[terug] + 30, tot[terug])
    los = np.zeros(n, dtype=np.int8)  # 1: first half is never delivered, 2: second half is never delivered
    n_los = max(2, round(P_OVERDRACHT_LOS * aantal))
    zonder_terug = gekozen[dag_terug[gekozen] < 0][:n_los]
    los[zonder_terug] = 1 + np.arange(len(zonder_terug)) % 2
    return records.with_columns(
        pl.Series("gi", gi.astype(np.int8)),
        pl.Series("gi2", ((gi + 1) % gebied.n_gi).astype(np.int8)),
        pl.Series("overdracht", dag_over),
        pl.Series("terug", dag_terug),
        pl.Series("los", los),
        pl.Series("contact", (start + rng.integers(1, 15, n)).astype(np.int32)),
        pl.Series("erkend", (rng.random(n) < 0.2).astype(np.int8)),
    )
