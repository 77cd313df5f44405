"""What a leverancier is told: prepares the feedback of all directories at once (Polars) and words it. Writes nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.getallen import getal
from pipelines.landing.contracts import BRONNEN, contracten
from pipelines.landing.offered import ontleed_naam
from pipelines.quality import regels
from pipelines.quality.terugkoppeling_teksten import (
    ERNST_VOLGORDE,
    OORDEEL,
    UITLEG,
    aantal,
    de,
    grens,
    periode_in_woorden,
    procent,
    rijnummers,
    som,
)

KOLOMMEN = ["bestand", "rij", "kolom", "code", "ernst", "melding"]
WIE = ["periode", "leverancier"]  # a directory
IDENTITEIT = ["feed", "leverancier", "periode"]  # a series of volgnummers: the latest accepted counts
ONBEKEND = "onbekend"  # stands for a leverancier or period that the file name does not tell
IN_PAGINA = 500  # rows with a finding on the page; all are in the csv and the xlsx
LEVERINGEN_IN_TREND = 4
BALK, BALK_GRENS = 80, 48  # px: width of a bar in the trend, and where the limit of refusal lies in it

Rij = dict[str, Any]


@dataclass(frozen=True)
class Stap:
    """One thing to do: the feed it is about (or None), what to do, and under which file name to deliver."""

    feed: str | None
    zinnen: list[str]
    naam: str


@dataclass(frozen=True)
class Overzicht:
    """All that the page and the workbook of one directory tell, worded; nothing in it is a value of a row."""

    titel: str
    periode: str
    leverancier: str
    periode_uitleg: str
    niveau: str  # geweigerd, afkeur, signaal or goed
    kop: str
    zin: str
    stappen: list[Stap]
    bestanden: list[Rij]
    regels: list[Rij]
    groepen: list[Rij]
    verdwenen: list[Rij]
    trend: list[Rij]
    vaste_breedte: bool
    aantal_bevindingen: int
    getoond: int
    niet_getoond: int


@dataclass(frozen=True)
class Voorbereid:
    """The prepared frames of all directories; ``mappen`` has one row per directory with what identifies its content.

    mappen: periode, leverancier, aanbod and inhoud (fingerprints: what was offered, all that is told), later (bool:
    its period comes after the refresh).
    """

    mappen: pl.DataFrame
    bevindingen: pl.DataFrame
    bestanden: pl.DataFrame
    verdwenen: pl.DataFrame
    trend: pl.DataFrame
    ontbrekend: pl.DataFrame
    drempels: dict[str, float]

    def alleen(self, mappen: pl.DataFrame) -> Voorbereid:
        """The same for some rows of ``mappen`` only."""
        frames = {
            k: getattr(self, k).join(mappen, on=WIE, how="semi", maintain_order="left")
            for k in ("bevindingen", "bestanden", "verdwenen", "trend", "ontbrekend")
        }
        return replace(self, mappen=mappen, **frames)

    def overzichten(self) -> Iterator[tuple[Overzicht, pl.DataFrame]]:
        """Per directory: its overview, and all its findings (KOLOMMEN, guarded against formulas)."""
        gevonden = self.bevindingen
        per_rij, groepen = _voor_de_pagina(gevonden)
        tellingen = (
            gevonden.filter("actueel")
            .group_by([*WIE, "ernst", "code", "feed"])
            .agg(aantal=pl.len(), melding=pl.col("melding").min())
        )
        delen = {
            "bestanden": _per_map(self.bestanden),
            "verdwenen": _per_map(self.verdwenen),
            "trend": _per_map(self.trend),
            "ontbrekend": _per_map(self.ontbrekend),
            "tellingen": _per_map(tellingen),
            "rijen": _per_map(per_rij),
            "groepen": _per_map(groepen),
        }
        volledig = gevonden.with_columns(**{k: veilig(pl.col(k)) for k in ("bestand", "kolom", "melding")})
        per_map = volledig.partition_by(WIE, as_dict=True, maintain_order=True)
        for wie in self.mappen.select(WIE).iter_rows():
            alle = per_map.get(wie, volledig.clear()).select(KOLOMMEN)
            yield _overzicht(wie, {k: d.get(wie, []) for k, d in delen.items()}, alle.height, self.drempels), alle


def bereid_voor(bevindingen: pl.DataFrame, leveringen: pl.DataFrame, drempels: dict[str, float]) -> Voorbereid:
    """Prepare the feedback of every levering offered; arguments as those of feedback.schrijf."""
    bevindingen = _schone(bevindingen)
    bestanden = _bestanden(_schone(leveringen), bevindingen)
    actueel = bestanden.group_by([*WIE, "bestand"]).agg(pl.col("actueel").any())
    # a finding of S04 names a file of the period before: it is about this period, so it is current
    bevindingen = bevindingen.join(actueel, on=[*WIE, "bestand"], how="left", maintain_order="left").with_columns(
        pl.col("actueel").fill_null(True)
    )
    verdwenen = _verdwenen(bevindingen, bestanden)
    reeks = _reeks(bestanden, bevindingen)
    trend = _trend(reeks)
    ontbrekend = _ontbrekend(reeks, bestanden)
    gebruikt = sorted((n, w) for n, w in drempels.items() if n.startswith(("L1_", "L3_")))
    later = (pl.col("status") == "later").any() & ~pl.col("status").is_in(["van_kracht", "vervangen"]).any()
    mappen = bestanden.group_by(WIE).agg(later=later).sort(WIE)
    inhoud = [
        _afdruk(bestanden.drop("levering")),
        _afdruk(bevindingen),
        _afdruk(verdwenen.drop("rijen")),
        _afdruk(trend),
        _afdruk(ontbrekend),
    ]
    for nr, afdruk in enumerate(inhoud):
        mappen = mappen.join(afdruk.rename({"afdruk": f"_{nr}"}), on=WIE, how="left", maintain_order="left")
    aanbod = _afdruk(bestanden.select(*WIE, "levering").sort("levering"))
    mappen = mappen.join(aanbod, on=WIE, how="left", maintain_order="left").select(
        *WIE,
        "later",
        aanbod=pl.col("afdruk").map_elements(_kort, return_dtype=pl.String),
        inhoud=pl.concat_str([pl.col(f"_{nr}").fill_null("") for nr in range(len(inhoud))], separator="|").map_elements(
            lambda tekst: _kort(f"{tekst}|{gebruikt}"), return_dtype=pl.String
        ),
    )
    return Voorbereid(mappen, bevindingen, bestanden, verdwenen, trend, ontbrekend, drempels)


# --- text from outside -----------------------------------------------------------------------------------------------


def schoon(tekst: pl.Expr) -> pl.Expr:
    """Text from outside (file and column names) made fit to show: no control or bidi characters, no run that holds a BSN."""
    return tekst.str.replace_all(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]", "\ufffd").str.replace_all(r"\d{9,}", "*********")


def veilig(tekst: pl.Expr) -> pl.Expr:
    """Text that a spreadsheet will not take for a formula: an apostrophe before = + - @ and their wide forms."""
    gevaarlijk = tekst.str.contains(r"^[\s\p{Cc}]*[=+\-@＝＋－＠]").fill_null(False)
    return pl.when(gevaarlijk).then(pl.lit("'") + tekst).otherwise(tekst)


def _schone(frame: pl.DataFrame) -> pl.DataFrame:
    """Clean texts, and the directory of each row: ``onbekend`` where the file name does not tell (or tells too much)."""
    teksten = [k for k in ("bestand", "feed", "kolom", "melding") if k in frame.columns]
    leverancier = pl.when(~pl.col("leverancier").str.contains(r"\d{9}")).then("leverancier")
    return frame.with_columns(
        *(schoon(pl.col(k)) for k in teksten),
        pl.col("periode").fill_null(ONBEKEND),
        leverancier=leverancier.fill_null(ONBEKEND),
    )


# --- frames for all directories --------------------------------------------------------------------------------------


def _bestanden(leveringen: pl.DataFrame, bevindingen: pl.DataFrame) -> pl.DataFrame:
    """One row per offered file, with its place in its series.

    in_reeks: has a valid name of a known feed. telt: the one that counts (or will). actueel: is still of interest: it
    counts, or is refused and nothing newer was offered. geldend: the file that counts. nieuwe_naam: for what comes next.
    """
    # a file that was never read has either a wrong name or a twin: only the name itself can tell
    namen = {b: ontleed_naam(b)["code"] is None for b in leveringen.filter(pl.col("rijen").is_null())["bestand"]}
    verkeerd = [bestand for bestand, goed in namen.items() if not goed]
    naam_goed = ~pl.col("bestand").is_in(verkeerd)
    telt_mogelijk = pl.col("code").is_null()
    geteld = bevindingen.group_by([*WIE, "bestand"]).agg(
        # judged over leveringen, so not counted when the file was read
        a12=(pl.col("code") == "A12").sum().cast(pl.Int64),
        s05=(pl.col("code") == "S05").sum().cast(pl.Int64),
    )
    laatste = pl.col("volgnr") == pl.col("hoogste")
    return (
        leveringen.select(
            "levering",
            *IDENTITEIT,
            "bestand",
            "formaat",
            "status",
            "code",
            "melding",
            "rijen",
            "afkeur",
            "signalen",
            volgnr=pl.col("volgnr").cast(pl.Int64),
        )
        .join(geteld, on=[*WIE, "bestand"], how="left", maintain_order="left")
        .with_columns(
            afkeur=pl.col("afkeur") + pl.col("a12").fill_null(0),
            signalen=pl.col("signalen") + pl.col("s05").fill_null(0),
            in_reeks=pl.col("volgnr").is_not_null() & (pl.col("status") != "overgeslagen") & naam_goed,
            hoogste=pl.col("volgnr").max().over(IDENTITEIT),
            geldend_nr=pl.col("volgnr").filter(telt_mogelijk).max().over(IDENTITEIT),
        )
        .with_columns(telt=(telt_mogelijk & (pl.col("volgnr") == pl.col("geldend_nr"))).fill_null(False))
        .with_columns(
            actueel=pl.col("telt") | ~pl.col("in_reeks") | laatste,
            geldend=pl.col("bestand").filter("telt").first().over(IDENTITEIT),
            nieuwe_naam=pl.when("in_reeks").then(
                pl.format(
                    "{}__{}__{}__v{}.{}",
                    *IDENTITEIT,
                    pl.col("hoogste") + 1,
                    pl.col("formaat").filter(laatste).first().over(IDENTITEIT),
                )
            ),
        )
        .drop("a12", "s05")
        .sort(
            "periode",
            "leverancier",
            "actueel",
            "feed",
            "volgnr",
            "bestand",
            descending=[False] * 2 + [True] + [False] * 3,
        )
    )


def _verdwenen(bevindingen: pl.DataFrame, bestanden: pl.DataFrame) -> pl.DataFrame:
    """The row numbers of vanished records (S04) per file of the period before, and how to name that file if corrected."""
    vorige = bestanden.select(
        "leverancier", "feed", "bestand", vorige_periode="periode", vorige_naam="nieuwe_naam"
    ).unique(["leverancier", "feed", "bestand"], keep="first", maintain_order=True)
    return (
        bevindingen.filter(pl.col("code") == "S04")
        .group_by([*WIE, "feed", "bestand"], maintain_order=True)
        .agg(rijen=pl.col("rij").sort())
        .join(vorige, on=["leverancier", "feed", "bestand"], how="left", maintain_order="left")
    )


def _reeks(bestanden: pl.DataFrame, bevindingen: pl.DataFrame) -> pl.DataFrame:
    """The leveringen that were read and are current, in order of time (``rang``) per feed and leverancier.

    Of a period that is the one that counts and, if the last one offered was refused, that one too.
    """
    verdwenen = bevindingen.filter(pl.col("code") == "S04").group_by(IDENTITEIT).agg(verdwenen=pl.len().cast(pl.Int64))
    return (
        bestanden.filter(pl.col("in_reeks") & pl.col("actueel") & pl.col("rijen").is_not_null())
        .join(verdwenen, on=IDENTITEIT, how="left", maintain_order="left")
        .sort("feed", "leverancier", "periode", "volgnr", "bestand")
        .select(
            *IDENTITEIT,
            "bestand",
            "volgnr",
            "status",
            "telt",
            "code",
            "rijen",
            "afkeur",
            "signalen",
            verdwenen=pl.when("telt").then(pl.col("verdwenen").fill_null(0)),
            rang=pl.int_range(pl.len()).over("feed", "leverancier"),
        )
    )


def _trend(reeks: pl.DataFrame) -> pl.DataFrame:
    """Per directory and feed the last leveringen up to its own last: column ``terug`` counts back from 0 (that one)."""
    dit = reeks.group_by(IDENTITEIT).agg(pl.col("rang").max())
    toen = reeks.rename({"periode": "toen"})
    return pl.concat(
        [
            dit.with_columns(rang=pl.col("rang") - terug, terug=pl.lit(terug)).join(
                toen, on=["feed", "leverancier", "rang"], maintain_order="left"
            )
            for terug in range(LEVERINGEN_IN_TREND)
        ]
    ).sort(*WIE, "feed", "rang")


def _ontbrekend(reeks: pl.DataFrame, bestanden: pl.DataFrame) -> pl.DataFrame:
    """Feeds that a leverancier delivered for the half-year before a directory's period and not for that period."""
    jaar, helft = pl.col("periode").str.slice(0, 4), pl.col("periode").str.slice(4)
    volgende = (
        pl.when(helft == "H1")
        .then(jaar + "H2")
        .otherwise((jaar.cast(pl.Int32, strict=False) + 1).cast(pl.String) + "H1")
    )
    return (
        reeks.filter((pl.col("status") == "van_kracht") & (helft != ""))
        .select("feed", "leverancier", vorige_periode="periode", periode=volgende)
        .join(bestanden, on=WIE, how="semi", maintain_order="left")
        .join(bestanden, on=IDENTITEIT, how="anti", maintain_order="left")
    )


def _voor_de_pagina(gevonden: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that fit on each page, the most important first chosen; and how many there are per file and ernst."""
    rijen = gevonden.filter((pl.col("ernst") != "weigering") & (pl.col("code") != "S04") & pl.col("rij").is_not_null())
    groep = [*WIE, "bestand", "feed", "actueel", "ernst"]
    volgorde = ["actueel", "ernst", "feed", "bestand", "rij", "code", "kolom"]
    gekozen = rijen.sort(*WIE, *volgorde, descending=[False] * 2 + [True] + [False] * 6, nulls_last=False).filter(
        pl.int_range(pl.len()).over(WIE) < IN_PAGINA
    )
    groepen = (
        rijen.group_by(groep)
        .agg(totaal=pl.len())
        .sort(*WIE, "actueel", "feed", "bestand", "ernst", descending=[False] * 2 + [True] + [False] * 3)
    )
    return gekozen.select(*groep, "rij", "kolom", "code", "melding"), groepen


def _per_map(frame: pl.DataFrame) -> dict[tuple, list[Rij]]:
    return frame.rows_by_key(WIE, named=True, include_key=True)


def _afdruk(frame: pl.DataFrame) -> pl.DataFrame:
    """Per directory a text that changes when any cell of its rows changes; columns WIE and afdruk."""
    rest = [k for k in frame.columns if k not in WIE]
    return (
        frame.select(*WIE, afdruk=pl.struct(rest).hash().cast(pl.String))
        .group_by(WIE, maintain_order=True)
        .agg(pl.col("afdruk").str.join(","))
    )


def _kort(tekst: str) -> str:
    """A short fingerprint, of what is told and of the code that tells it; in parts, so that it never looks like a BSN."""
    som_ = hashlib.blake2b((tekst + _code()).encode(), digest_size=8).hexdigest()
    return f"{som_[:8]}-{som_[8:]}"


@cache
def _code() -> str:
    """Changes with the code, the page, the contracts and Polars (whose hash differs per version)."""
    bestanden = [
        *sorted(Path(__file__).parent.glob("terugkoppeling*.*")),
        Path(__file__).with_name("feedback.py"),
        *(Path(__file__).parents[1] / naam for naam in ("getallen.py", "sjablonen.py")),
        *sorted((BRONNEN / "contracts").glob("*.yml")),
    ]
    return pl.__version__ + hashlib.sha256(b"\0".join(p.read_bytes() for p in bestanden)).hexdigest()


# --- one directory, in words -----------------------------------------------------------------------------------------


def _overzicht(wie: tuple[str, str], delen: dict[str, list[Rij]], alle: int, drempels: dict[str, float]) -> Overzicht:
    """Word all that there is to tell about one directory."""
    periode, leverancier = wie
    bestanden = [_bestand(b) for b in delen["bestanden"]]
    nieuwe_namen = {b["feed"]: b["nieuwe_naam"] for b in bestanden if b["in_reeks"]}
    verdwenen = [
        v
        | {
            "aantal": len(v["rijen"]),
            "nummers": rijnummers(v["rijen"], IN_PAGINA),
            "naam": nieuwe_namen.get(v["feed"]),
        }
        for v in delen["verdwenen"]
    ]
    trend = [_trend_van_feed(feed, regels_, drempels) for feed, regels_ in _per_feed(delen["trend"]).items()]
    niveau, kop, zin = _oordeel(bestanden, sum(v["aantal"] for v in verdwenen))
    stappen = _stappen(periode, bestanden, verdwenen, trend, delen["ontbrekend"])
    if niveau == "goed" and stappen:  # what came is right, but it is too little or something did not come
        niveau, kop = "signaal", "Aangenomen, maar controleer of alles is geleverd"
    totaal = sum(g["totaal"] for g in delen["groepen"])
    titel = f"Terugkoppeling op uw levering over {periode}"
    return Overzicht(
        titel=titel if ONBEKEND not in wie else "Terugkoppeling op bestanden zonder volledige naam",
        periode=periode,
        leverancier=leverancier,
        periode_uitleg=periode_in_woorden(periode),
        niveau=niveau,
        kop=kop,
        zin=zin,
        stappen=stappen,
        bestanden=bestanden,
        regels=_regels(delen["tellingen"]),
        groepen=_groepen(bestanden, delen["groepen"], delen["rijen"]),
        verdwenen=verdwenen,
        trend=trend,
        vaste_breedte=any(b["formaat"] == "txt" for b in bestanden),
        aantal_bevindingen=alle,
        getoond=len(delen["rijen"]),
        niet_getoond=totaal - len(delen["rijen"]),
    )


def _per_feed(rijen: list[Rij]) -> dict[str, list[Rij]]:
    per_feed: dict[str, list[Rij]] = {}
    for rij in rijen:
        per_feed.setdefault(rij["feed"], []).append(rij)
    return per_feed


def _bestand(b: Rij) -> Rij:
    """An offered file with its oordeel and the reason for it in words."""
    status = "vervangen" if b["status"] == "later" and not b["telt"] else b["status"]
    toelichting = b["melding"] or ""
    if status == "vervangen":
        toelichting = f"Vervangen door {b['geldend']}; telt niet mee."
    elif status == "later":
        toelichting = f"Telt mee zodra {b['periode']} wordt verwerkt; de vergelijking met andere leveringen volgt dan."
    elif status == "geweigerd" and b["in_reeks"]:
        toelichting += " " + _na_weigering(b)
    gelezen = bool(b["rijen"]) or (b["rijen"] is not None and b["code"] != "A01")
    return b | {
        "feed_naam": b["feed"] if b["feed"] in contracten() else "onbekend",
        "oordeel": OORDEEL[status],
        "status": status,
        "toelichting": toelichting.strip(),
        "gelezen": gelezen,
        "aandeel": b["afkeur"] / b["rijen"] if b["rijen"] else 0.0,
    }


def _na_weigering(b: Rij) -> str:
    """What counts instead of a refused file."""
    if not b["actueel"]:
        return f"{b['geldend']} is later aangenomen." if b["geldend"] else "Er is later opnieuw geleverd."
    if b["geldend"]:
        return f"{b['geldend']} blijft tot dan gelden."
    return f"Tot dan is er voor {b['periode']} geen levering {b['feed']} die telt."


def _oordeel(bestanden: list[Rij], verdwenen: int) -> tuple[str, str, str]:
    """Level, heading and one sentence on the directory as a whole; superseded files do not count."""
    actueel = [b for b in bestanden if b["actueel"]]
    telt = [b for b in actueel if b["telt"]]
    later = any(b["status"] == "later" for b in telt)
    geweigerd = [b for b in actueel if b["status"] == "geweigerd"]
    rijen, afkeur = (sum(b[k] or 0 for b in telt) for k in ("rijen", "afkeur"))
    signalen = sum(b["signalen"] or 0 for b in telt)
    zin = ""
    if telt:
        een = len(telt) == 1
        wat = telt[0]["bestand"] if een else f"{getal(len(telt))} bestanden"
        doet = ("is gelezen" if een else "zijn gelezen") if later else ("telt mee" if een else "tellen mee")
        zin = f"{wat} {doet}, met {aantal(rijen, 'rij', 'rijen')}"
        zin += (
            f"; {getal(afkeur)} daarvan ({procent(afkeur / rijen)}) {'is' if afkeur == 1 else 'zijn'} afgekeurd."
            if afkeur
            else "."
        )
        na_te_kijken = [aantal(signalen, "signaal", "signalen")] if signalen else []
        na_te_kijken += [aantal(verdwenen, "verdwenen traject", "verdwenen trajecten")] if verdwenen else []
        if na_te_kijken:
            zin += f" {'Er is' if signalen + verdwenen == 1 else 'Er zijn'} {som(na_te_kijken)} om na te kijken."
    if geweigerd:
        kop = "Uw levering is geweigerd"
        if len({b["feed"] for b in actueel}) > 1:
            werk = "is" if len(geweigerd) == 1 else "zijn"
            kop = f"{getal(len(geweigerd))} van de {getal(len(actueel))} bestanden {werk} geweigerd"
            if len(geweigerd) == len(actueel):
                kop = f"Alle {getal(len(actueel))} bestanden zijn geweigerd"
        elif telt:
            kop = "Uw laatste bestand is geweigerd; het vorige blijft gelden"
        return "geweigerd", kop, zin or "Er telt nu niets van deze levering mee in de monitor."
    if afkeur:
        return "afkeur", f"Aangenomen, maar {aantal(afkeur, 'rij telt', 'rijen tellen')} niet mee", zin
    if signalen or verdwenen:
        return "signaal", f"Aangenomen, met {aantal(signalen + verdwenen, 'punt', 'punten')} om na te kijken", zin
    if not telt:
        return "signaal", "Niet gelezen", "Er is geen bestand dat de monitor kan lezen."
    if len(telt) < len(actueel):
        return "signaal", "Aangenomen, maar niet alles is gelezen", zin
    return "goed", "In orde: er is niets op te merken", zin


def _stappen(
    periode: str, bestanden: list[Rij], verdwenen: list[Rij], trend: list[Rij], ontbrekend: list[Rij]
) -> list[Stap]:
    """What to do next, per feed and in order of weight."""
    stappen = []
    let_op = {t["feed"]: t["let_op"] for t in trend if t["let_op"]}
    reeksen = _per_feed([b for b in bestanden if b["actueel"] and b["in_reeks"]])
    gewicht = {
        f: (not any(b["status"] == "geweigerd" for b in r), not any(b["afkeur"] for b in r)) for f, r in reeksen.items()
    }
    for feed in sorted(reeksen, key=lambda f: (gewicht[f], f)):
        weg = [v for v in verdwenen if v["feed"] == feed]
        zinnen = _zinnen(reeksen[feed], weg, let_op.get(feed))
        if zinnen:
            stappen.append(Stap(feed, zinnen, reeksen[feed][0]["nieuwe_naam"]))
    nieuwe_namen = {feed: rijen[0]["nieuwe_naam"] for feed, rijen in reeksen.items()}
    stappen += [
        Stap(None, [f"{b['bestand']} is niet gelezen. {b['melding']}"], _juiste_naam(b, nieuwe_namen))
        for b in bestanden
        if b["actueel"] and not b["in_reeks"]
    ]
    stappen += [
        Stap(
            o["feed"],
            [
                f"Voor {o['vorige_periode']} leverde u {o['feed']} wel, voor {periode} is niets ontvangen. Lever het "
                "alsnog. Is er niets te melden, lever dan een bestand met alleen de kopregel."
            ],
            f"{o['feed']}__{o['leverancier']}__{periode}__v1.csv",
        )
        for o in ontbrekend
    ]
    return stappen


def _zinnen(bestanden: list[Rij], verdwenen: list[Rij], let_op: str | None) -> list[str]:
    """What to do about one feed."""
    zinnen = []
    geweigerd = [b for b in bestanden if b["status"] == "geweigerd"]
    for b in geweigerd or bestanden:  # what an earlier file lacks no longer matters when a later one must be mended
        if b in geweigerd:
            zinnen.append(
                f"{b['bestand']} is geweigerd: verbeter {de(b['afkeur'], 'afgekeurde rij', 'afgekeurde rijen')} en "
                "lever opnieuw."
                if b["code"] == "L1"
                else f"{b['bestand']} is geweigerd. {b['melding']}"
            )
            zinnen.append(_na_weigering(b))
        elif b["afkeur"]:
            zinnen.append(f"Verbeter {de(b['afkeur'], 'afgekeurde rij', 'afgekeurde rijen')} en lever opnieuw.")
    if let_op:
        zinnen.append(let_op)
    for v in verdwenen:
        staat, liep = ("traject staat", "het liep") if v["aantal"] == 1 else ("trajecten staan", "zij liepen")
        zinnen.append(
            f"{getal(v['aantal'])} {staat} niet meer in deze levering; {liep} eind {v['vorige_periode']} nog. "
            "Zie ‘Verdwenen trajecten’."
        )
    signalen = sum(b["signalen"] or 0 for b in geweigerd or bestanden)
    if signalen:
        zinnen.append(
            f"Kijk {aantal(signalen, 'signaal', 'signalen')} na; om een signaal wordt niets afgekeurd."
            + ("" if zinnen else " Alleen als er iets niet klopt hoeft u opnieuw te leveren.")
        )
    return list(dict.fromkeys(zinnen))  # twins have the same reason


def _juiste_naam(b: Rij, nieuwe_namen: dict[str, str]) -> str:
    """The name that a wrongly named file should have, as far as its own name tells."""
    contract = contracten().get(b["feed"] or "")
    if contract is None:
        delen = ["<feed>", b["leverancier"], b["periode"]]
    else:
        delen = [
            contract.feed,
            b["leverancier"] if re.fullmatch(contract.leverancier.patroon, b["leverancier"]) else "<leverancier>",
            b["periode"] if contract.periode_geldig(b["periode"]) else "<periode>",
        ]
    naam = "__".join(f"<{w}>" if d == ONBEKEND else d for d, w in zip(delen, IDENTITEIT, strict=True))
    if "<" not in naam and contract.feed in nieuwe_namen:
        return nieuwe_namen[contract.feed]
    return f"{naam}__v{b['volgnr'] or 1}.{b['formaat'] or 'csv'}"


def _regels(tellingen: list[Rij]) -> list[Rij]:
    """Counts per rule over the files that are current, with what the rule means and how to mend it."""
    per_regel: dict[tuple[str, str], list[Rij]] = {}
    for t in tellingen:
        per_regel.setdefault((t["ernst"], t["code"]), []).append(t)
    feeds = {t["feed"] for t in tellingen}
    uit = []
    for ernst, code in sorted(per_regel, key=lambda r: (ERNST_VOLGORDE.index(r[0]), r[1])):
        rijen = sorted(per_regel[ernst, code], key=lambda t: t["feed"] or "")
        betekenis, oplossing = UITLEG.get(code, (rijen[0]["melding"], ""))
        per_feed = ""
        if len(feeds) > 1:
            namen = [t["feed"] or ONBEKEND for t in rijen]
            per_feed = som(
                [f"{n} {getal(t['aantal'])}" for n, t in zip(namen, rijen, strict=True)] if namen[1:] else namen
            )
        uit.append(
            {
                "code": code,
                "ernst": ernst,
                "betekenis": betekenis,
                "oplossing": oplossing,
                "aantal": sum(t["aantal"] for t in rijen),
                "per_feed": per_feed,
            }
        )
    return uit


def _groepen(bestanden: list[Rij], groepen: list[Rij], rijen: list[Rij]) -> list[Rij]:
    """The findings on rows per file and, within it, per ernst."""
    per_groep: dict[tuple[str, str], list[Rij]] = {}
    for rij in rijen:
        per_groep.setdefault((rij["bestand"], rij["ernst"]), []).append(rij)
    oordelen = {b["bestand"]: b["oordeel"] for b in bestanden}
    uit: dict[str, Rij] = {}
    for g in groepen:
        bestand = uit.setdefault(
            g["bestand"],
            {
                "bestand": g["bestand"],
                "actueel": g["actueel"],
                "oordeel": oordelen.get(g["bestand"], ""),
                "ernsten": [],
            },
        )
        getoond = per_groep.get((g["bestand"], g["ernst"]), [])
        bestand["ernsten"].append({"ernst": g["ernst"], "totaal": g["totaal"], "rijen": getoond})
    return list(uit.values())


def _trend_van_feed(feed: str, regels_: list[Rij], drempels: dict[str, float]) -> Rij:
    """The last leveringen of one feed, with the widths of the bars, and how this one compares to the one before."""
    limiet = regels.drempel_voor(drempels, "L1_afkeur", feed)
    meeste = max((r["signalen"] / r["rijen"] for r in regels_ if r["rijen"]), default=0.0)
    uit = []
    for r in regels_:
        aandeel = r["afkeur"] / r["rijen"] if r["rijen"] else 0.0
        uit.append(
            r
            | {
                "nu": r["terug"] == 0,
                "naam": f"{r['toen']} v{r['volgnr']}",
                "gelezen": r["code"] != "A01",
                "oordeel": OORDEEL[r["status"]],
                "aandeel": aandeel,
                "balk": round(min(BALK, aandeel / limiet * BALK_GRENS if limiet else aandeel * BALK), 1),
                "balk_signalen": round(BALK * r["signalen"] / r["rijen"] / meeste, 1) if r["rijen"] and meeste else 0,
            }
        )
    vergelijking, let_op = _vergelijking(uit, drempels)
    contract = contracten().get(feed)
    return {
        "feed": feed,
        "omschrijving": contract.omschrijving if contract else "",
        "leveringen": uit,
        "grens": grens(limiet),
        "verdwenen": feed in ("jeugdhulp", "maatregelen"),  # the feeds of S04
        "met_afkeur": any(r["afkeur"] for r in uit),
        "met_balk": meeste > 0 and len(uit) > 1,
        "vergelijking": vergelijking,
        "let_op": let_op,
    }


def _vergelijking(trend: list[Rij], drempels: dict[str, float]) -> tuple[str, str | None]:
    """How this levering compares to the one before; and a warning when the number of rows hardly can be right (L3)."""
    nu = trend[-1]
    if len(trend) == 1:
        return "Dit is de eerste levering van deze feed; er is nog niets om mee te vergelijken.", None
    toen = trend[-2]
    if not nu["gelezen"]:
        return "Deze levering is niet te lezen en dus niet te vergelijken.", None
    if not toen["gelezen"]:
        return f"De levering hiervoor ({toen['naam']}) was niet te lezen; er is niets om mee te vergelijken.", None
    groei = round((nu["rijen"] / toen["rijen"] - 1) * 100) if toen["rijen"] else 0
    groei = f", {groei:+d} %".replace("-", "−") if groei else ""
    beter = "beter" if nu["aandeel"] < toen["aandeel"] else "slechter" if nu["aandeel"] > toen["aandeel"] else "gelijk"
    zin = (
        f"Vergeleken met {toen['naam']}: {aantal(nu['rijen'], 'rij', 'rijen')} (was {getal(toen['rijen'])}{groei}), "
        f"{procent(nu['aandeel'])} afgekeurd (was {procent(toen['aandeel'])}: {beter}) en "
        f"{aantal(nu['signalen'], 'signaal', 'signalen')} (was {getal(toen['signalen'])})."
    )
    eerder = [r for r in trend if r["telt"] and r["toen"] < nu["toen"]]
    return zin, _omvang(nu, eerder[-1], drempels) if eerder else None


def _omvang(nu: Rij, toen: Rij, drempels: dict[str, float]) -> str | None:
    """A warning when a levering is so much smaller or larger than that of an earlier period that L3 would signal it."""
    if max(nu["rijen"], toen["rijen"]) < drempels["L3_minimum"]:
        return None
    feit = f"De levering heeft {aantal(nu['rijen'], 'rij', 'rijen')}, tegen {getal(toen['rijen'])} in {toen['toen']}"
    if nu["rijen"] < drempels["L3_ondergrens"] * toen["rijen"]:
        return f"{feit}: controleer of zij volledig is."
    if nu["rijen"] > drempels["L3_bovengrens"] * toen["rijen"]:
        return f"{feit}: controleer of er geen rijen van andere perioden in staan."
    return None
