"""Fetch CBS tables and lay them down as leveringen: the same names, place and landing as files. Reads no settings."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import polars as pl

from pipelines.cbs import herkomst, omzetten
from pipelines.cbs.instellingen import CbsInstellingen
from pipelines.cbs.odata import CbsFout, OData, Waarnemingen
from pipelines.cbs.tabellen import Bron, bronnen, cbs_code
from pipelines.landing import offered, rules, store
from pipelines.landing.contracts import contracten

MAP = "cbs"  # below the sources directory

Uitkomst = Literal["nieuw", "ongewijzigd", "leeg", "offline", "bestand", "mislukt"]


@dataclass(frozen=True)
class Opgehaald:
    """How fetching one feed for one period went; ``pad`` is the levering that now holds the figures, if there is one."""

    feed: str
    periode: str
    uitkomst: Uitkomst
    melding: str
    opmerkingen: tuple[str, ...] = ()
    tabel: str | None = None
    gewijzigd: str | None = None
    status: str | None = None
    rijen: int = 0
    pad: Path | None = None
    sha256: str | None = None

    def __str__(self) -> str:
        return "; ".join([f"{self.feed} {self.periode}".strip() + f": {self.melding}", *self.opmerkingen])


def ververs_cbs(
    jaren: Iterable[int],
    instellingen: CbsInstellingen,
    sources: Path,
    register: Path,
    meld: Callable[[str], None] = lambda tekst: None,
) -> list[Opgehaald]:
    """Fetch every feed for the given years and tell (in Dutch) how each went; never raises CbsFout.

    Offline nothing is fetched: the files in the sources directory are used.
    """
    jaren = sorted(set(jaren))
    if not instellingen.online:
        meld("CBS: offline (cbs.online staat uit). Er is niets opgehaald; de aangeleverde bestanden worden gebruikt.")
    gedaan = []
    for feed, bron in bronnen().items():
        for periode in [p for jaar in jaren for p in bron.perioden_van(jaar)] or [""]:
            try:
                uitkomst = haal_op(feed, periode, instellingen, sources, register)
            except CbsFout as fout:
                uitkomst = Opgehaald(feed, periode, "mislukt", f"niet opgehaald. {fout}")
            if uitkomst.uitkomst != "offline":
                meld(str(uitkomst))
            gedaan.append(uitkomst)
    return gedaan


def haal_op(feed: str, periode: str, instellingen: CbsInstellingen, sources: Path, register: Path) -> Opgehaald:
    """Fetch one feed for one period (2024 or 2024H1) and write ``<feed>__cbs__<periode>__v<n>.csv`` below ``sources``.

    The same content as the newest levering makes no new file. Raises CbsFout; then nothing was written.
    """
    bron = bronnen()[feed]
    if bron.bestand:
        return Opgehaald(feed, periode, "bestand", f"komt alleen als bestand: {bron.bestand.strip()}")
    if not instellingen.online:
        return Opgehaald(feed, periode, "offline", "offline, niet opgehaald: de aangeleverde bestanden worden gebruikt")
    if register.resolve().is_relative_to(sources.resolve()):
        raise CbsFout("De thuismap ligt binnen de map met leveringen. Kies een andere thuismap.")
    tabel = _tabel(feed, bron, periode)
    with OData(bron.versie, instellingen) as dienst:
        gehaald, status, omgezet = _vraag(dienst, feed, bron, tabel, periode)
    rijen = omzetten.beperk(omgezet.rijen, instellingen.provincies) if bron.gebied else omgezet.rijen
    uitkomst = Opgehaald(
        feed,
        periode,
        "leeg",
        f"het CBS heeft in tabel {tabel} (nog) geen cijfers voor deze periode",
        omgezet.opmerkingen,
        tabel,
        gehaald.tabel.gewijzigd[:10] or None,
        status,
    )
    return uitkomst if rijen.is_empty() else _bewaar(uitkomst, bron, rijen, gehaald, sources, register)


def _tabel(feed: str, bron: Bron, periode: str) -> str:
    if not re.fullmatch(r"\d{4}(H[12])?", periode) or periode not in bron.perioden_van(int(periode[:4])):
        raise CbsFout(f"De periode '{periode}' hoort niet bij {feed}; er is per {' en per '.join(bron.perioden)}.")
    tabel = bron.tabel_van(int(periode[:4]))
    if tabel is None:
        raise CbsFout(
            f"Voor {periode} staat geen tabel van {feed} in sources/cbs/tables.yml. Voeg het tabelnummer toe."
        )
    return tabel


# --- asking ----------------------------------------------------------------------------------------------------------


def _vraag(
    dienst: OData, feed: str, bron: Bron, tabel: str, periode: str
) -> tuple[Waarnemingen, str | None, omzetten.Omgezet]:
    """The observations of one period, their status, and their rows in the columns of the contract."""
    lijsten = {n: dienst.codes(tabel, n) for n, d in bron.dimensies.items() if d.titel or d.periode}
    status = [
        s
        for n, d in bron.dimensies.items()
        if d.periode
        for s in lijsten[n].filter(pl.col("code") == cbs_code(periode))["status"]
    ]
    vertaald = omzetten.vertalingen(bron, periode, lijsten)
    maten = omzetten.kies_maten(bron, dienst.maten(tabel)) if bron.maten else {}
    gehaald = dienst.waarnemingen(tabel, omzetten.voorwaarden(bron, vertaald))
    omgezet = omzetten.naar_contract(feed, bron, periode, gehaald.rijen, vertaald, maten)
    if gehaald.aangekondigd is None:
        omgezet = omgezet.met("het CBS kondigde geen aantal aan: of alles er is, is niet nagegaan")
    return gehaald, next(iter(status), None), omgezet


# --- keeping ---------------------------------------------------------------------------------------------------------


def _bewaar(
    basis: Opgehaald, bron: Bron, rijen: pl.DataFrame, gehaald: Waarnemingen, sources: Path, register: Path
) -> Opgehaald:
    """Write the levering, unless the newest one says the same, and note where it comes from."""
    contract = contracten()[basis.feed]
    volgnr, vorige = nieuwste(sources, basis.feed, basis.periode)
    inhoud = _geland(vorige) if vorige else None
    aangevuld = omzetten.vul_aan(contract, bron, rijen, _als_tekst(basis.feed, inhoud))
    naam = f"{basis.feed}__cbs__{basis.periode}__v{volgnr + 1}.csv"
    if vorige and inhoud is None:
        aangevuld = aangevuld.met(f"{vorige.name} heeft afgekeurde rijen of is niet te lezen: niets overgenomen")
    csv = aangevuld.rijen.write_csv(separator=";").encode()
    nieuw = _beoordeel(naam, csv)
    zelfde = inhoud is not None and inhoud.equals(nieuw)
    pad = vorige if zelfde else _schrijf(sources / MAP, naam, csv)
    gedaan = replace(
        basis,
        uitkomst="ongewijzigd" if zelfde else "nieuw",
        melding=_melding(basis, nieuw.height) + (f"ongewijzigd sinds {pad.name}" if zelfde else f"in {pad.name}"),
        opmerkingen=basis.opmerkingen + aangevuld.opmerkingen,
        rijen=nieuw.height,
        pad=pad,
        sha256=hashlib.sha256(pad.read_bytes()).hexdigest(),
    )
    herkomst.schrijf(register, _regel(gedaan, bron, gehaald))
    return gedaan


def _melding(basis: Opgehaald, rijen: int) -> str:
    van = ", ".join(d for d in (basis.gewijzigd and f"gewijzigd {basis.gewijzigd}", basis.status) if d)
    return f"{rijen} rijen uit CBS-tabel {basis.tabel}" + (f" ({van}), " if van else ", ")


def _regel(gedaan: Opgehaald, bron: Bron, gehaald: Waarnemingen) -> dict:
    """The entry of the register."""
    velden = ("feed", "periode", "tabel", "gewijzigd", "status", "rijen", "sha256")
    return {v: getattr(gedaan, v) for v in velden} | {
        "bestand": gedaan.pad.name,
        "titel": gehaald.tabel.titel,
        "versie": bron.versie,
        "waarnemingen": gehaald.rijen.height,
        "aangekondigd": gehaald.aangekondigd,
    }


def nieuwste(sources: Path, feed: str, periode: str) -> tuple[int, Path | None]:
    """The highest volgnr offered for a feed and period, and its file; (0, None) when there is none."""
    namen = [(offered.ontleed_naam(p.name), p) for p in sorted(sources.rglob(f"{feed}__cbs__{periode}__v*"))]
    return max(((n["volgnr"], p) for n, p in namen if n["code"] is None and p.is_file()), default=(0, None))


def _beoordeel(naam: str, csv: bytes) -> pl.DataFrame:
    """The new levering as landing reads it; raises CbsFout when it would not take every row."""
    with tempfile.TemporaryDirectory() as map_:
        pad = Path(map_) / naam
        pad.write_bytes(csv)
        uitkomst, onleesbaar, _ = store.lees_en_beoordeel(offered.bestand_van(pad))
    if onleesbaar or uitkomst.afgekeurd.height:
        fout = uitkomst.bevindingen.filter(pl.col("code").str.starts_with("A")).select("kolom", "melding").unique()
        waar = [f"{kolom}: {melding}" for kolom, melding in fout.sort("kolom").head(3).rows()]
        raise CbsFout(
            f"Wat het CBS levert past niet in het contract ({uitkomst.afgekeurd.height} rijen afgekeurd). Er is niets "
            f"bewaard. {' '.join(waar)}".rstrip()
        )
    return _rijen(uitkomst.goed)


def _geland(pad: Path) -> pl.DataFrame | None:
    """The rows of an offered levering as landing reads them; None when it does not take the whole of it."""
    uitkomst, onleesbaar, _ = store.lees_en_beoordeel(offered.bestand_van(pad))
    return None if onleesbaar or uitkomst.afgekeurd.height else _rijen(uitkomst.goed)


def _rijen(goed: pl.DataFrame) -> pl.DataFrame:
    kolommen = [k for k in goed.columns if k not in rules.HERKOMST]
    return goed.select(kolommen).sort(kolommen)


def _als_tekst(feed: str, inhoud: pl.DataFrame | None) -> pl.DataFrame | None:
    """Typed rows as the text that a file would hold."""
    if inhoud is None:
        return None
    datums = [pl.col(k.naam).dt.strftime("%Y%m%d") for k in contracten()[feed].kolommen.values() if k.type == "datum"]
    return inhoud.with_columns(datums).cast(pl.String)


def _schrijf(map_: Path, naam: str, csv: bytes) -> Path:
    """Write beside under a hidden name, then rename: a levering is whole or not there."""
    map_.mkdir(parents=True, exist_ok=True)
    tijdelijk = map_ / f".{naam}.nieuw"
    tijdelijk.write_bytes(csv)
    return tijdelijk.replace(map_ / naam)
