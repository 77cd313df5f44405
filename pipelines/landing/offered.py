"""What is offered: the files below the sources directory, their names and checksums. Nothing here reads rows."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import polars as pl

from pipelines.landing.contracts import contracten

NAAMVORM = "<feed>__<leverancier>__<periode>__v<volgnr>.<csv|xlsx|txt>"

AANBOD_SCHEMA = {
    "levering": pl.String,  # id: file name and checksum
    "pad": pl.String,  # as it is, for reading only: it may hold a BSN
    "bestand": pl.String,
    "feed": pl.String,
    "leverancier": pl.String,
    "periode": pl.String,
    "volgnr": pl.Int32,
    "formaat": pl.String,
    "bytes": pl.Int64,
    "sha256": pl.String,
    "code": pl.String,  # A01: refused on its name; S00: no contract, skipped
    "melding": pl.String,
}


def toonbaar(naam: str) -> str:
    """A file name fit to tell: no run of digits that may hold a BSN, nothing that a terminal obeys.

    No good name has any of that, so what is wrong stays wrong.
    """
    return re.sub(r"\d{9,}", "*********", "".join(c if c.isprintable() else "\ufffd" for c in naam))


def ontleed_naam(naam: str) -> dict:
    """Split a file name into feed, leverancier, periode, volgnr and formaat (spec 01 §1).

    What cannot be read stays None; ``code`` and ``melding`` then say what is wrong with the name.
    """
    stam, _, formaat = naam.rpartition(".")
    delen = (stam.split("__") + [""] * 4)[:4]
    feed, leverancier, periode, volgnr = delen
    contract = contracten().get(feed)
    gelezen: dict = {"feed": feed or None, "leverancier": None, "periode": None, "volgnr": None, "formaat": None}
    gelezen |= {"code": "A01", "melding": None}
    if re.fullmatch(r"[A-Za-z0-9]+", leverancier):
        gelezen["leverancier"] = leverancier
    if re.fullmatch(r"[0-9]{4}(H[12])?", periode):
        gelezen["periode"] = periode
    if (
        len(stam.split("__")) != 4
        or formaat.lower() not in ("csv", "xlsx", "txt")
        or not re.fullmatch(r"v[0-9]{1,6}", volgnr)
    ):
        gelezen["melding"] = f"De bestandsnaam heeft niet de vorm {NAAMVORM}. Hernoem het bestand."
        return gelezen
    gelezen |= {"volgnr": int(volgnr[1:]), "formaat": formaat.lower()}
    if contract is None:
        gelezen |= {
            "code": "S00",
            "melding": f"Voor feed '{feed}' is er geen contract: het bestand is overgeslagen. "
            f"Bekende feeds: {', '.join(contracten())}.",
        }
    elif not re.fullmatch(contract.leverancier.patroon, leverancier, re.ASCII):
        gelezen["melding"] = (
            f"De leverancier '{leverancier}' in de bestandsnaam klopt niet; verwacht: {contract.leverancier.omschrijving}."
        )
    elif not contract.periode_geldig(periode):
        vorm = {"halfjaar": "een halfjaar (2024H1)", "jaar": "een jaar (2024)"}.get(
            contract.periode, "een jaar (2024) of halfjaar (2024H1)"
        )
        gelezen["melding"] = f"De periode '{periode}' in de bestandsnaam klopt niet; verwacht: {vorm}."
    else:
        gelezen["code"] = None
    return gelezen


def aanbod(bronmap: Path) -> pl.DataFrame:
    """List every offered file below ``bronmap``; columns as AANBOD_SCHEMA.

    Hidden files and Excel lock files are no leveringen. The same name with the same bytes is listed once; the same
    feed, leverancier, period and volgnr with other bytes is A01 for all of them.
    """
    paden = (p for p in sorted(bronmap.rglob("*")) if p.is_file() and not p.name.startswith((".", "~$")))
    gevonden = pl.DataFrame([_bestand(p) for p in paden], schema=AANBOD_SCHEMA, orient="row")
    uniek = gevonden.unique(["bestand", "sha256"], keep="first", maintain_order=True)
    identiteit = ["feed", "leverancier", "periode", "volgnr"]
    dubbel = (pl.len().over(identiteit) > 1) & pl.col("code").is_null()
    return uniek.with_columns(
        code=pl.when(dubbel).then(pl.lit("A01")).otherwise("code"),
        melding=pl.when(dubbel)
        .then(
            pl.lit(
                "Er zijn meer bestanden met hetzelfde volgnummer en een andere inhoud; geen van beide telt. "
                "Lever het juiste bestand met een hoger volgnummer."
            )
        )
        .otherwise("melding"),
    )


def leveringnaam(bestand: str, sha256: str) -> str:
    """The id of a levering: its file name and (the beginning of) its checksum."""
    return f"{bestand}@{sha256[:12]}"


def bestand_van(pad: Path) -> pl.DataFrame:
    """The offer of one single file (for ``jeugdmonitor validate``)."""
    return pl.DataFrame([_bestand(pad)], schema=AANBOD_SCHEMA, orient="row")


def _bestand(pad: Path) -> dict:
    with pad.open("rb") as bestand:
        som = hashlib.file_digest(bestand, "sha256").hexdigest()
    leesbaar = os.fsencode(pad).decode("utf-8", "replace")  # a path need not be text
    naam = toonbaar(Path(leesbaar).name)
    gelezen = ontleed_naam(naam)
    if leesbaar != str(pad):
        gelezen |= {
            "code": "A01",
            "melding": f"De naam van het bestand of de map is geen tekst. Hernoem naar {NAAMVORM}.",
        }
    return {
        "levering": leveringnaam(naam, som),
        "pad": leesbaar,
        "bestand": naam,
        "bytes": pad.stat().st_size,
        "sha256": som,
        **gelezen,
    }
