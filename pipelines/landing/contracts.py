"""The contracts of the feeds, read from sources/contracts and sources/codes. No rule or column list lives in Python."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

BRONNEN = Path(__file__).parents[2] / "sources"

Kolomtype = Literal[
    "bsn", "geboortedatum", "datum", "code", "postcode", "gemeentecode", "geheel", "bedrag", "getal", "janee", "tekst"
]


class _Strikt(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kolom(_Strikt):
    """One column of a feed; ``positie`` is (first, last), 1-based, for fixed-width files."""

    naam: str
    type: Kolomtype
    omschrijving: str
    positie: tuple[int, int]
    verplicht: bool = False
    lijst: str | None = None
    patroon: str | None = None
    voorvoegsel: str | None = None
    minimum: int | None = None
    maximum: int | None = None


class Regel(_Strikt):
    """A row rule: the row breaks it when the SQL condition ``als`` is true."""

    code: str
    kolom: str
    als: str
    melding: str


class Leverancier(_Strikt):
    """What the leverancier part of a file name must look like."""

    patroon: str
    omschrijving: str


class Contract(_Strikt):
    """The declaration of one feed (spec 01 §2)."""

    feed: str
    omschrijving: str
    leverancier: Leverancier
    periode: Literal["halfjaar", "jaar", "jaar_of_halfjaar"]
    sleutel: list[str]
    begin: str | None = None
    kolommen: dict[str, Kolom]
    regels: list[Regel] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _kolomnamen(cls, ruw: dict) -> dict:
        kolommen = {
            naam: {**kolom, "naam": naam, "positie": tuple(int(p) for p in kolom["positie"].split("-"))}
            for naam, kolom in ruw["kolommen"].items()
        }
        return {**ruw, "kolommen": kolommen}

    @property
    def verplicht(self) -> list[str]:
        """Names of the required columns."""
        return [k.naam for k in self.kolommen.values() if k.verplicht]

    @property
    def over_personen(self) -> bool:
        """Has every row a person?"""
        return any(k.type == "bsn" for k in self.kolommen.values())

    @property
    def vrije_tekst(self) -> list[str]:
        """Columns in which any text may stand, so also a BSN; none in a feed that is not about persons."""
        return [k.naam for k in self.kolommen.values() if self.over_personen and k.type == "tekst" and not k.patroon]

    @property
    def regelbreedte(self) -> int:
        """Length of a line of a fixed-width file."""
        return max(k.positie[1] for k in self.kolommen.values())

    def periode_geldig(self, tekst: str) -> bool:
        """Is this the period form that file names of the feed carry?"""
        vormen = {"halfjaar": r"\d{4}H[12]", "jaar": r"\d{4}", "jaar_of_halfjaar": r"\d{4}(H[12])?"}
        return re.fullmatch(vormen[self.periode], tekst, re.ASCII) is not None


@cache
def contracten() -> dict[str, Contract]:
    """All contracts by feed name; raises pydantic.ValidationError when a declaration is wrong."""
    gelezen = [
        Contract.model_validate(yaml.safe_load(pad.read_text("utf-8")))
        for pad in sorted((BRONNEN / "contracts").glob("*.yml"))
    ]
    return {c.feed: c for c in gelezen}


@cache
def codelijst(naam: str) -> pl.DataFrame:
    """A code list: columns ``code``, ``naam`` and any grouping columns, all text."""
    return pl.read_csv(BRONNEN / "codes" / f"{naam}.csv", infer_schema=False)
