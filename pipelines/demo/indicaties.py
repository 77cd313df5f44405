"""The indicaties of the gemeenten: a besluit at the start of the help and follow-ups as long as it runs."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.demo.bestanden import Schrijver, Vorm
from pipelines.demo.gebieden import Gebied
from pipelines.demo.leveringen import Veld, codetekst
from pipelines.demo.personalia import Personalia, datumtekst
from pipelines.demo.zorg import VERWIJZERS, WIJKTEAM, Zorg

GELDIG = np.array([183, 274, 365, 365, 365, 730])  # usual terms in days, drawn per record
MAX_BESLUITEN = 12
P_OPEN = 0.02
P_PLANMATIG = 0.55
# iJw JZ020 per hulpvorm (01 … 14): the codes of 2015 follow the hulpvormen, 40 … 55 came later
CATEGORIE_OUD = ("31", "32", "33", "34", "35", "36", "37", "38")
CATEGORIE_NIEUW = ("45", "45", "41", "45", "43", "43", "44", "44")
P_GGZ = 0.4  # of the ambulant help referred by a huisarts or medisch specialist
CATEGORIE_GGZ = "54"
MINSTENS_RIJEN = 100  # gemeenten with fewer rows get no mistakes
EEN_FOUT_OP = 900


def schrijf_indicaties(
    gebied: Gebied, veld: Veld, zorg: Zorg, wie: Personalia, schrijver: Schrijver, rng: np.random.Generator
) -> None:
    """All indicaties leveringen: per gemeente what was decided and still valid in the period."""
    alle = _besluiten(veld, zorg, wie, rng)
    codes = ("GM" + gebied.gemeenten["gemeentecode"]).to_list()
    volgorde = np.lexsort([alle["besluit"], alle["gemeente"]])
    alle = {k: v[volgorde] for k, v in alle.items()}
    per_gemeente = np.searchsorted(alle["gemeente"], np.arange(len(codes) + 1))
    alle["nummer"] = np.arange(len(volgorde)) - per_gemeente[alle["gemeente"]] + 1
    for i, periode in enumerate(veld.perioden):
        index = np.flatnonzero((alle["besluit"] <= veld.d1[i]) & ((alle["tot"] < 0) | (alle["tot"] >= veld.d0[i])))
        r = {k: v[index] for k, v in alle.items()}
        tekst = _tekst(veld, wie, r, i, codes)
        grenzen = np.searchsorted(r["gemeente"], np.arange(len(codes) + 1))
        for g, code in enumerate(codes):
            schrijver.schrijf("indicaties", code, str(periode), tekst[grenzen[g] : grenzen[g + 1]], _vorm(g, veld))


def _vorm(gemeente: int, veld: Veld) -> Vorm:
    afwijkend = any(v.formaat != "csv" for v in veld.vormen)
    return Vorm(scheiding=",", codering="utf-8-sig") if afwijkend and gemeente % 12 == 5 else Vorm()


def _besluiten(veld: Veld, zorg: Zorg, wie: Personalia, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """One besluit per term of validity; wijkteam help and freely accessible help need none."""
    met = (pl.col("hulpvorm") != WIJKTEAM) & (pl.col("verwijzer") != VERWIJZERS.index("06"))
    records = zorg.jeugdhulp.filter(met)
    start, einde = records["start"].to_numpy(), np.minimum(records["einde"].to_numpy(), veld.d1[-1])
    term = GELDIG[rng.integers(0, len(GELDIG), len(start))]
    # a run of long help keeps its last MAX_BESLUITEN terms at most
    aantal = np.clip((einde - start) // term + 1, 1, MAX_BESLUITEN)
    index = np.repeat(np.arange(len(start)), aantal)
    keer = np.arange(len(index)) - np.repeat(np.cumsum(aantal) - aantal, aantal)
    van = start[index] + keer * term[index]
    tot = van + term[index] - 1
    besluit = van - rng.integers(0, 36, len(index))
    n = len(index)
    open_ = (keer == aantal[index] - 1) & (rng.random(n) < P_OPEN)
    nuttig = (tot >= veld.d0[0]) & (besluit <= veld.d1[-1])
    hulpvorm, verwijzer = records["hulpvorm"].to_numpy()[index], records["verwijzer"].to_numpy()[index]
    oud = rng.random(len(start))[index] < 0.5  # the same product for all terms of a record
    ggz = (rng.random(len(start))[index] < P_GGZ) & np.isin(verwijzer, [1, 4]) & (hulpvorm < 4)
    categorie = np.where(ggz, 2 * len(CATEGORIE_OUD), hulpvorm + np.where(oud, 0, len(CATEGORIE_OUD)))
    persoon = records["persoon"].to_numpy()[index]
    planmatig = np.where(keer == 0, 2, rng.random(n) < P_PLANMATIG)
    kolommen = {
        "persoon": persoon,
        "gemeente": wie.gemeente(persoon, veld.periode_van(besluit)),
        "besluit": besluit,
        "van": van,
        "tot": np.where(open_, -1, tot),
        "verwijzer": verwijzer,
        "categorie": categorie,
        "aanbieder": records["aanbieder"].to_numpy()[index],
        "planmatig": planmatig,
    }
    return {k: v[nuttig] for k, v in kolommen.items()}


def _tekst(veld: Veld, wie: Personalia, r: dict[str, np.ndarray], i: int, codes: list[str]) -> pl.DataFrame:
    n = len(r["besluit"])
    aantal = np.bincount(r["gemeente"], minlength=len(codes))[r["gemeente"]]
    fout = np.where(aantal >= MINSTENS_RIJEN, (np.arange(n) + 131 * i) % EEN_FOUT_OP, -1)
    tot = np.where(fout == 1, r["van"] - 5, r["tot"])
    identiteit = wie.identiteit(r["persoon"], i)
    bsn = identiteit.pop("bsn")
    fout_bsn = pl.Series(fout == 2)
    bsn = pl.select(pl.when(fout_bsn).then(pl.lit("123456789")).otherwise(bsn).alias("bsn"))["bsn"]
    return pl.DataFrame(
        {
            "indicatie_id": pl.Series(codes).gather(r["gemeente"])
            + "-"
            + pl.Series(r["nummer"]).cast(pl.String).str.zfill(6),
            "bsn": bsn,
            **identiteit,
            "besluitdatum": datumtekst(r["besluit"]),
            "geldig_van": datumtekst(r["van"]),
            "geldig_tot": datumtekst(np.maximum(tot, 0), tot < 0),
            "verwijzer": codetekst(VERWIJZERS, r["verwijzer"]),
            "productcategorie": codetekst(
                (*CATEGORIE_OUD, *CATEGORIE_NIEUW, CATEGORIE_GGZ), np.where(fout == 3, 17, r["categorie"])
            ).fill_null("99"),
            "aanbieder": pl.Series(veld.aanbieders).gather(r["aanbieder"]),
            "planmatig": codetekst(("N", "J"), np.minimum(r["planmatig"], 1), r["planmatig"] == 2),
        }
    )
