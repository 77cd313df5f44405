"""The settings of the CBS client, as a model that pipelines.settings takes in. Reads no environment and no file."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

Provinciecode = Annotated[str, Field(pattern=r"^PV\d{2}$")]


class CbsInstellingen(BaseModel):
    """Where the CBS service is and how patiently it is asked. ``online`` is off: nothing is fetched unasked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    online: bool = Field(False, description="fetch from CBS; off: the files in the sources directory are used")
    v3: str = Field("https://opendata.cbs.nl/ODataFeed/odata", description="base address of OData v3")
    v4: str = Field("https://datasets.cbs.nl/odata/v1/CBS", description="base address of OData v4")
    timeout_s: float = Field(60, gt=0, le=3600, description="longest wait for one whole answer")
    pogingen: int = Field(5, ge=1, le=20, description="times that one page is asked for before giving up")
    wachttijd_s: float = Field(1, ge=0, le=60, description="wait before the second attempt; doubles with each next one")
    wachttijd_max_s: float = Field(60, ge=0, le=600, description="longest wait between two attempts")
    provincies: list[Provinciecode] = Field([], description="keep only gemeenten of these in cbs_gebieden; empty: all")

    @field_validator("v3", "v4")
    @classmethod
    def _adres(cls, waarde: str) -> str:
        try:
            delen = urlsplit(waarde)
            goed = delen.scheme in ("http", "https") and delen.hostname and "@" not in delen.netloc
            goed = goed and not (delen.query or delen.fragment) and (delen.port is None or delen.port > 0)
        except ValueError:
            goed = False
        if not goed:  # the value itself is not repeated: messages go to logs
            raise ValueError("geen basisadres; verwacht wordt http(s)://dienst/pad, zonder gebruikersnaam of zoekdeel")
        return waarde.rstrip("/")

    def met(self, **anders: object) -> CbsInstellingen:
        """The same settings with those given (not None) in their place, checked again."""
        return CbsInstellingen(**{**self.model_dump(), **{k: w for k, w in anders.items() if w is not None}})
