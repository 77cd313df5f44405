"""The declaration of the CBS tables (sources/cbs/tables.yml), typed, and the CBS period codes. Fetches nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.landing.contracts import BRONNEN


class _Strikt(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dimensie(_Strikt):
    """What is kept of a dimension and the contract column it becomes; exactly one way of keeping is given."""

    kolom: str | None = None
    voorvoegsels: tuple[str, ...] | None = None
    codes: dict[str, str] | None = None
    titel: str | None = None
    van: int | None = None
    tot: int | None = None
    periode: Literal["verslagperiode", "peildatum"] | None = None

    @model_validator(mode="after")
    def _een_soort(self) -> Dimensie:
        gegeven = [s for s in (self.voorvoegsels, self.codes, self.titel, self.periode) if s is not None]
        if len(gegeven) != 1 or (self.titel is not None) != (self.van is not None and self.tot is not None):
            raise ValueError("geef een van voorvoegsels, codes, titel (met van en tot) of periode")
        return self


class Gebiedskolom(_Strikt):
    """The contract columns of a division, by what its codes begin with."""

    code: str | None = None
    naam: str


class Volledig(_Strikt):
    """Each value of ``kolom`` has this many rows, or it is left out."""

    kolom: str
    rijen: int


class Behoud(_Strikt):
    """What is taken over from the newest levering of the same period, because the table lacks it."""

    kolom: str | None = None
    voorvoegsel: str | None = None
    kolommen: tuple[str, ...] = ()


class Aanvulling(_Strikt):
    """A file below sources/ that fills one column where nothing else does."""

    kolom: str
    sleutel: str
    bestand: str


class Bron(_Strikt):
    """Where a feed comes from."""

    bestand: str | None = None
    versie: Literal["v3", "v4"] = "v3"
    tabel: str | dict[int, str] = ""
    perioden: tuple[Literal["jaar", "halfjaar"], ...] = ()
    dimensies: dict[str, Dimensie] = Field(default_factory=dict)
    maten: dict[str, str] = Field(default_factory=dict)
    maatkolom: str | None = None
    waardekolom: str | None = None
    gebied: dict[str, Gebiedskolom] = Field(default_factory=dict)
    opschonen: str | None = None
    vast: dict[str, str] = Field(default_factory=dict)
    volledig: Volledig | None = None
    behoud: Behoud = Behoud()
    aanvulling: Aanvulling | None = None

    @model_validator(mode="after")
    def _heel(self) -> Bron:
        if self.bestand is None and not (self.tabel and self.perioden and self.dimensies):
            raise ValueError("geef tabel, perioden en dimensies, of bestand")
        if self.bestand is None and bool(self.maten and self.waardekolom) == bool(self.gebied):
            raise ValueError("geef maten met waardekolom, of gebied")
        if self.gebied and (self.versie != "v3" or "RegioS" not in self.dimensies):
            raise ValueError("gebied hoort bij een tabel van versie v3 met dimensie RegioS")
        return self

    def tabel_van(self, jaar: int) -> str | None:
        """The table id for a year; None when none is declared for it."""
        return self.tabel if isinstance(self.tabel, str) else self.tabel.get(jaar)

    def perioden_van(self, jaar: int) -> list[str]:
        """The periods that a year has: ``2024``, ``2024H1``, ``2024H2``."""
        vormen = {"halfjaar": [f"{jaar}H1", f"{jaar}H2"], "jaar": [str(jaar)]}
        return [p for soort in self.perioden for p in vormen[soort]]


@cache
def bronnen() -> dict[str, Bron]:
    """All declared feeds by name; raises pydantic.ValidationError when a declaration is wrong."""
    ruw = yaml.safe_load((BRONNEN / "cbs" / "tables.yml").read_text("utf-8"))
    return {feed: Bron.model_validate(bron) for feed, bron in ruw.items()}


def cbs_code(periode: str) -> str:
    """The CBS code of the period in a file name: 2023 is 2023JJ00, 2023H1 is 2023HJ01."""
    gevonden = re.fullmatch(r"(\d{4})(?:H([12]))?", periode)
    if not gevonden:
        raise ValueError(f"'{periode}' is geen periode; verwacht wordt bijvoorbeeld 2024 of 2024H1.")
    return f"{gevonden[1]}HJ0{gevonden[2]}" if gevonden[2] else f"{gevonden[1]}JJ00"
