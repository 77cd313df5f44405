"""The manifest of a release: what went in, what came out, and by which code (spec 05 §1). No clock, no secrets."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import polars as pl

from pipelines.cbs import herkomst
from pipelines.release import switch
from pipelines.release.database import controlegetallen
from pipelines.settings import PROJECT, Settings

PAKKETTEN = (
    "dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "numba", "numpy",
    "polars", "pyarrow", "scipy"
)  # fmt: skip
CODEMAPPEN = ("pipelines", "dbt_project", "sources", "expectations")
CODESOORTEN = {".py", ".sql", ".yml", ".csv", ".md"}


def codeversie() -> str:
    """Version of the package and a checksum over the code, models, contracts and thresholds that make the numbers."""
    bestanden = sorted(
        p
        for m in CODEMAPPEN
        for p in (PROJECT / m).rglob("*")
        if p.is_file() and p.suffix in CODESOORTEN and "target" not in p.parts
    )
    som = hashlib.sha256()
    for pad in bestanden:
        som.update(str(pad.relative_to(PROJECT)).encode() + b"\0" + pad.read_bytes() + b"\0")
    return f"{version('jeugdmonitor')}+{som.hexdigest()[:12]}"


def rekenwijze() -> dict:
    """What makes the figures, but for settings and leveringen: the code and the packages it works with."""
    return {"codeversie": codeversie(), "pakketten": {p: version(p) for p in PAKKETTEN}}


def gaaf(release: Path, *bestanden: str) -> bool:
    """Are these files of a release as they were when it came out?"""
    vermeld = switch.manifest(release)["bestanden"]
    return all((release / b).is_file() and vermeld.get(b) == controlesom(release / b) for b in bestanden)


def bruikbaar(release: Path) -> bool:
    """May what a release worked out be taken over? Only when the very same code and packages as are here now made it, no check
    of it broke, which may leave half of it, and its databases are as they were when it came out.
    """
    manifest = switch.manifest(release)
    zelfde = all(manifest.get(k) == w for k, w in rekenwijze().items())
    if not zelfde or any(p["status"] == "fout" for p in manifest["poorten"]):
        return False
    return gaaf(release, "warehouse.duckdb", "publicatie.duckdb")


def grondslag(settings: Settings, leveringen: pl.DataFrame) -> dict:
    """All that the figures of a period follow from, as the manifest tells it; ``leveringen`` as in stel_op."""
    return {
        **rekenwijze(),
        "instellingen": settings.model_dump(
            mode="json",
            exclude={
                *("key", "key_file", "home", "sources", "settings_file"),  # where things are
                *("analisten", "melding", "cbs", "postgres", "kaart"),  # changes no figure
            },
        ),
        "invoer": leveringen.filter(pl.col("status") != "later")
        .select("bestand", "feed", "leverancier", "periode", "sha256", "status", "code", "rijen", "afkeur")
        .sort("feed", "leverancier", "periode", "bestand", nulls_last=True)
        .to_dicts(),
    }


def van_kracht(manifest: dict) -> dict[tuple[str, str, str], dict]:
    """The leveringen in force of a manifest (or grondslag) by feed, leverancier and period."""
    return {(i["feed"], i["leverancier"], i["periode"]): i for i in manifest["invoer"] if i["status"] == "van_kracht"}


def stel_op(
    release: Path,
    naam: str,
    periode: str,
    settings: Settings,
    leveringen: pl.DataFrame,
    uitkomsten: pl.DataFrame,
    overrides: dict[str, str],
    onthulling: dict[str, dict[str, int]],
) -> dict:
    """What the manifest of a finished build says, but for the checksums of its files (``schrijf`` adds those).

    ``leveringen`` is the state of every offered file; ``uitkomsten`` the outcome of every expectation; ``onthulling``
    how much of each published table is hidden.
    """
    databases = [release / "warehouse.duckdb", release / "publicatie.duckdb"]
    return {
        "release": naam,
        "periode": periode,
        "status_cijfers": "voorlopig",
        **grondslag(settings, leveringen),
        "cbs": herkomst.per_levering(
            settings.paden.cbs_herkomst, leveringen.filter(pl.col("status") == "van_kracht")
        ).to_dicts(),
        "poorten": uitkomsten.group_by("poort", "regel", "effect", "status")
        .len("aantal")
        .sort("poort", "regel", "effect", "status")
        .to_dicts(),
        "overrides": overrides,
        # not why: see report.schrijf
        "onthulling": {
            tabel: {
                "waarden": t["waarden"],
                "verborgen": t["verborgen"] + t["verborgen_erbij"],
                "eerder_gedrukt": t["eerder_gedrukt"],
            }
            for tabel, t in onthulling.items()
        },
        "uitvoer": {d.name: controlegetallen(d) for d in databases},
    }


def schrijf(release: Path, inhoud: dict) -> None:
    """Write manifest.json, the last file of a build, with the checksum of every other file in it."""
    bestanden = {
        str(p.relative_to(release)): controlesom(p)
        for p in sorted(release.rglob("*"))
        if p.is_file() and p.name != "manifest.json"
    }
    tekst = json.dumps(inhoud | {"bestanden": bestanden}, ensure_ascii=False, indent=1)
    (release / "manifest.json").write_text(tekst, "utf-8")


def controlesom(pad: Path) -> str:
    """SHA-256 of a file, in hex."""
    with pad.open("rb") as bestand:  # a warehouse may be larger than the memory
        return hashlib.file_digest(bestand, "sha256").hexdigest()
