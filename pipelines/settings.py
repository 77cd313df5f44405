"""The only reader of environment and settings file; typed; every path of a home directory. No logic of the monitor."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from pipelines.cbs.instellingen import CbsInstellingen

PROJECT = Path(__file__).parents[1]
DBT_PROJECT = PROJECT / "dbt_project"


class GebruikersFout(Exception):
    """A mistake of who started the run; the (Dutch) message says what to do. Exit code 2."""


class Home:
    """The paths inside a home directory (spec 05 §1)."""

    def __init__(self, wortel: Path):
        self.wortel = wortel
        self.landing = wortel / "landing"
        self.quarantine = wortel / "quarantine"
        self.releases = wortel / "releases"
        self.current = wortel / "current"
        self.feedback = wortel / "feedback"
        self.kwaliteit = wortel / "kwaliteit"
        self.bouw = wortel / "bouw"
        self.slot = wortel / ".slot"
        self.sleutelcontrole = wortel / "sleutel.controle"
        self.cbs_herkomst = wortel / "cbs_herkomst.json"

    @property
    def bouw_warehouse(self) -> Path:
        """The warehouse that the running refresh builds; its name is its catalog name, so it never changes."""
        return self.bouw / "release" / "warehouse.duckdb"

    @property
    def bouw_aanloop(self) -> Path:
        """A warehouse of those persons only of whom rows changed; in a directory of its own, for the name is the same."""
        return self.bouw / "aanloop" / "warehouse.duckdb"

    @property
    def bouw_publicatie(self) -> Path:
        """The publication that the running refresh builds."""
        return self.bouw / "release" / "publicatie.duckdb"

    @property
    def bouw_onthulling(self) -> Path:
        """What disclosure control leaves for the poort that checks it."""
        return self.bouw / "onthulling"


class Onthulling(BaseModel):
    """Thresholds of disclosure control (spec 05 §2): practice differs per client."""

    afronding: int = Field(5, ge=1, description="counts are rounded to multiples of this")
    kleinste_aantal: int = Field(10, ge=1, description="smaller counts (but not zero) are hidden")
    kleinste_noemer: int = Field(30, ge=1, description="percentages and means on fewer are hidden")
    mogelijke_waarden: int = Field(
        5, ge=1, description="values that must remain possible for a hidden count; 1: no more"
    )


class Doelstelling(BaseModel):
    """A target of a municipality or region, shown beside what is.

    soort ``percentage``: ``maat`` of percentage_in_zorg, from ``basiswaarde`` to ``doelwaarde`` percent.
    soort ``herindicaties``: change in percent of the herindicaties of ``verwijzer`` against the same half of basisjaar.
    """

    model_config = ConfigDict(extra="forbid")
    naam: str = Field(pattern=r"^[^'\n]+$")
    soort: Literal["percentage", "herindicaties"]
    regio_code: str = Field(pattern=r"^[^'\n]+$")
    basisjaar: int
    doeljaar: int
    doelwaarde: float
    bron: str = Field(pattern=r"^[^'\n]+$")
    maat: str | None = Field(None, pattern=r"^[a-z_]+$")
    basiswaarde: float | None = None
    verwijzer: str | None = Field(None, pattern=r"^\d{2}$")

    @model_validator(mode="after")
    def _volledig(self) -> Doelstelling:
        nodig = (self.maat and self.basiswaarde is not None) if self.soort == "percentage" else self.verwijzer
        if not nodig:
            raise ValueError(f"doelstelling '{self.naam}': geef bij percentage maat en basiswaarde, anders verwijzer")
        return self


class Melding(BaseModel):
    """Who is told how a refresh ended. Off unless a server or a command is given."""

    model_config = ConfigDict(extra="forbid")
    bij: list[Literal["uitgegeven", "geblokkeerd", "afgebroken"]] = ["uitgegeven", "geblokkeerd", "afgebroken"]
    opdracht: str | None = Field(None, description="command; gets the message on standard input")
    smtp_host: str | None = None
    smtp_poort: int = 25
    starttls: bool = False
    gebruiker: str | None = None
    wachtwoord: SecretStr | None = None
    van: str = "jeugdmonitor@localhost"
    aan: list[str] = []
    wachttijd: float = Field(30, gt=0, description="seconds to wait for the server or the command")

    @model_validator(mode="after")
    def _ontvanger(self) -> Melding:
        if self.smtp_host and not self.aan:
            raise ValueError("melding: geef bij smtp_host ook aan (een of meer adressen)")
        return self


class Postgres(BaseModel):
    """The database server that ``publish`` brings releases to."""

    model_config = ConfigDict(extra="forbid")
    adres: SecretStr | None = Field(None, description="postgresql://user@host/database; may hold a password")
    bewaar: int = Field(3, ge=2, description="how many releases stay loaded")


class Kaart(BaseModel):
    """The map of gemeenten in the dashboard: tiles, or boundaries when a file with them is given."""

    model_config = ConfigDict(extra="forbid")
    tegels: Path = Field(PROJECT / "sources/reference/tegelkaart.csv", description="gemeentecode, rij, kolom")
    grenzen: Path | None = Field(None, description="GeoJSON with the gemeenten, key statcode (CBS/Kadaster)")


class Settings(BaseSettings):
    """All settings of a run. Flags (init arguments) win over the environment, the environment over the file."""

    model_config = SettingsConfigDict(env_prefix="JEUGDMONITOR_", env_nested_delimiter="__", extra="forbid")

    settings_file: Path | None = Field(None, description="YAML file with these settings")
    sources: Path = Field(Path("leveringen"), description="directory with the leveringen")
    home: Path = Field(Path("monitor"), description="home directory of the monitor")
    key: SecretStr | None = Field(None, description="key of the pseudonyms")
    key_file: Path | None = Field(None, description="file that holds the key")
    analisten: str | None = Field(None, description="group of this machine that may read warehouse.duckdb")
    drempels: Path | None = Field(None, description="YAML file with thresholds that replace those of expectations/")
    gestopt: dict[str, date] = Field({}, description="leveranciers that stopped, with the day their records end")
    venster_jaren: int = Field(5, ge=0, description="years to look back for herhaald beroep")
    min_tussentijd_dagen: int = Field(1, ge=0, description="days without care that make a new start herhaald")
    indicatie_aansluiting_dagen: int = Field(31, ge=0, description="gap within which an indicatie is a follow-up")
    meettermijn_dagen: int = Field(21, ge=0, description="a measurement counts this near the end or the besluit")
    min_respons_pct: float = Field(30, ge=0, le=100, description="an aanbieder with less response is not compared")
    doelstellingen: list[Doelstelling] = Field([], description="targets to show beside the figures")
    onthulling: Onthulling = Onthulling()
    melding: Melding = Melding()
    cbs: CbsInstellingen = CbsInstellingen()
    postgres: Postgres = Postgres()
    kaart: Kaart = Kaart()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: InitSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, then the YAML file that a flag or the environment names."""
        bestand = init_settings.init_kwargs.get("settings_file") or os.environ.get("JEUGDMONITOR_SETTINGS_FILE")
        if bestand and not Path(bestand).is_file():
            raise GebruikersFout(f"Het instellingenbestand {bestand} is er niet. Geef het juiste pad op.")
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls, yaml_file=bestand)

    @field_validator("gestopt")
    @classmethod
    def _kvk(cls, waarde: dict[str, date]) -> dict[str, date]:
        for leverancier in waarde:
            if not (leverancier.isdigit() and len(leverancier) == 8):
                raise ValueError(f"gestopt: '{leverancier}' is geen KvK-nummer van 8 cijfers")
        return waarde

    @property
    def paden(self) -> Home:
        """The paths inside the home directory."""
        return Home(self.home.absolute())

    def sleutel(self) -> bytes:
        """The key of the pseudonyms: ``key``, else the content of ``key_file``.

        Raises GebruikersFout when there is none: outside the demo there is no default key.
        """
        if self.key is not None:
            sleutel = self.key.get_secret_value().strip().encode()
        elif self.key_file is None:
            sleutel = b""
        elif self.key_file.is_file():
            sleutel = self.key_file.read_bytes().strip()
        else:
            raise GebruikersFout(f"Het sleutelbestand {self.key_file} is er niet. Geef het juiste pad op.")
        if not sleutel:
            raise GebruikersFout(
                "Er is geen sleutel voor de pseudoniemen. Zet JEUGDMONITOR_KEY of JEUGDMONITOR_KEY_FILE, "
                "of geef --key-file op. Gebruik altijd dezelfde sleutel bij dezelfde thuismap."
            )
        return sleutel
