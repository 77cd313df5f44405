"""Variants of the demo leveringen: incomplete, corrected, written differently. Makes files; runs nothing."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .bestanden import Rijen, als_csv, als_txt, als_xlsx, lees_csv, naam, past_in_txt
from .hulp import elfproef, kopie, nummers_in
from .slecht import SLECHT


def grootste(bron: Path) -> list[Path]:
    """The csv leveringen of jeugdhulp for the last period that have one version only, the largest first."""
    eerste = [p for p in bron.rglob(naam("*")) if not list(bron.rglob(p.name.replace("__v1.csv", "__v2.*")))]
    return sorted(eerste, key=lambda p: -len(lees_csv(p)))


def leverancier_van(pad: Path) -> str:
    return pad.name.split("__")[1]


def zonder(bron: Path, doel: Path, *weg: Path) -> Path:
    """The leveringen without some of the files."""
    kopie(bron, doel)
    for pad in weg:
        (doel / pad.relative_to(bron)).unlink()
    return doel


@dataclass(frozen=True)
class Nagekomen:
    """Leveringen with corrections and every kind of bad file among them, and what must come of the corrections."""

    bron: Path
    vervangen: str  # leverancier with a v2 that replaces its v1
    geweigerd: str  # leverancier with a v2 of which every row gets afkeur
    verdwenen_bsn: str  # a person of v1 who is in no other levering, and not in v2
    rijen: dict[str, int]  # rows of the file in force, by leverancier


def nagekomen(bron: Path, doel: Path) -> Nagekomen:
    kopie(bron, doel)
    eerste, tweede = grootste(bron)[:2]
    v1 = lees_csv(eerste)
    elders = nummers_in(p for p in bron.rglob("jeugdhulp__*") if p != eerste)
    weg = next(r["bsn"] for r in v1 if elfproef(r["bsn"]) and r["bsn"] not in elders and not r["datum_einde"])
    v2 = [r for r in v1 if r["bsn"] != weg]
    v2_pad = doel / "nagekomen" / eerste.name.replace("__v1", "__v2")  # another folder is free
    v2_pad.parent.mkdir()
    v2_pad.write_bytes(als_csv(list(v1[0]), v2))
    ander = lees_csv(tweede)
    kapot = [r | {"bsn": "123456789"} for r in ander]  # fails the elfproef
    (doel / "nagekomen" / tweede.name.replace("__v1", "__v2")).write_bytes(als_csv(list(ander[0]), kapot))
    for slecht in SLECHT:
        for pad, inhoud in slecht.bestanden.items():
            (doel / "slecht" / pad).parent.mkdir(parents=True, exist_ok=True)
            (doel / "slecht" / pad).write_bytes(inhoud)
    # a second feed with something new, so that landing takes more than one step
    maatregelen = min(bron.rglob(naam("*", feed="maatregelen")))
    shutil.copy(maatregelen, doel / "nagekomen" / maatregelen.name.replace("__v1", "__v2"))
    leveranciers = leverancier_van(eerste), leverancier_van(tweede)
    return Nagekomen(doel, *leveranciers, weg, dict(zip(leveranciers, (len(v2), len(ander)), strict=True)))


def in_twee_provincies(bron: Path, doel: Path) -> Path:
    """The leveringen with one gemeente, the first, in a provincie, jeugdregio and subregio of its own."""
    kopie(bron, doel)
    for pad in doel.rglob("cbs_gebieden__*.csv"):
        rijen = lees_csv(pad)
        apart = min(r["gemeentecode"] for r in rijen)
        for rij in (r for r in rijen if r["gemeentecode"] == apart):
            rij |= {"provinciecode": "PV99", "provincienaam": "Elders", "jeugdregio": "Elders", "subregio": "Elders"}
        pad.write_bytes(als_csv(list(rijen[0]), rijen))
    return doel


def corrigeer_indicatie(bron: Path) -> None:
    """A v9 of the last indicaties of the first gemeente, of which the latest besluit names another verwijzer."""
    v1 = min(bron.rglob(naam("*", feed="indicaties")))
    rijen = lees_csv(v1)
    rij = max(rijen, key=lambda r: r["besluitdatum"])
    rij["verwijzer"] = "03" if rij["verwijzer"] == "02" else "02"
    v1.with_name(v1.name.rpartition("__")[0] + "__v9.csv").write_bytes(als_csv(list(rijen[0]), rijen))


def anders_geschreven(bron: Path, doel: Path) -> dict[str, int]:
    """The same rows in other formats, one after the other; gives how many files each format got.

    The figures of the CBS only change separator and encoding; what was xlsx or txt stays.
    """
    kopie(bron, doel)
    vormen: dict[str, Callable[[str, list[str], Rijen], bytes]] = {
        "csv komma": lambda _, k, r: als_csv(k, r, scheiding=",", codering="cp1252", regeleinde="\r\n"),
        "xlsx": lambda _, k, r: als_xlsx(k, r),
        "csv aanhaling": lambda _, k, r: als_csv(k[::-1], r, codering="utf-8-sig", aanhaling=csv.QUOTE_ALL),
        "txt": lambda feed, _, r: als_txt(feed, r),
    }
    geteld = dict.fromkeys(vormen, 0)
    for nr, pad in enumerate(sorted(doel.rglob("*.csv"))):
        feed, rijen = pad.name.split("__")[0], lees_csv(pad)
        if not rijen:
            continue
        vorm = "csv komma" if feed.startswith("cbs_") else list(vormen)[nr % len(vormen)]
        if vorm == "txt" and not past_in_txt(feed, rijen):
            vorm = "csv komma"
        pad.unlink()
        ext = vorm.split()[0]
        pad.with_suffix(f".{ext}").write_bytes(vormen[vorm](feed, list(rijen[0]), rijen))
        geteld[vorm] += 1
    return geteld
