"""One refresh: its inputs and what it found on the way. The steps are the Dagster assets; both CLI and UI run those."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl
from yaml import YAMLError

from pipelines.periods import Halfjaar
from pipelines.quality import outcomes, poorten
from pipelines.release import manifest, switch, toegang
from pipelines.settings import GebruikersFout, Home, Settings


@dataclass
class Verversing:
    """The state of one refresh. ``meld`` shows progress to who started it; ``leveringen`` and ``oordelen`` fill up."""

    settings: Settings
    periode: Halfjaar
    overrides: dict[str, str] = field(default_factory=dict)
    meld: Callable[[str], None] = lambda tekst: None
    alles_opnieuw: bool = False  # take nothing over from the release before
    leveringen: pl.DataFrame = field(default_factory=pl.DataFrame)
    oordelen: list[poorten.Oordeel] = field(default_factory=list)
    uitkomsten: list[pl.DataFrame] = field(default_factory=list)
    onthulling: dict[str, dict[str, int]] = field(default_factory=dict)  # per table how much was hidden
    release: Path | None = None
    begonnen: bool = False  # a refresh, not just an arrival of files

    def __post_init__(self) -> None:
        """Check what was given before anything is written; raises GebruikersFout."""
        self.home: Home = self.settings.paden
        if set("*?[]{}") & set(str(self.home.wortel)):  # DuckDB and Polars would take the path for a pattern
            raise GebruikersFout(
                f"De naam van de thuismap {self.home.wortel} mag geen * ? [ ] {{ }} bevatten. Kies een andere."
            )
        toegang.controleer(self.settings.analisten)
        try:
            poorten.controleer_overrides(self.overrides)
            self.drempels = poorten.drempels(self.settings.drempels)
        except ValueError as fout:
            raise GebruikersFout(str(fout)) from fout
        except (OSError, YAMLError):
            raise GebruikersFout(
                f"Het bestand met drempels {self.settings.drempels} is niet te lezen als YAML."
            ) from None
        self.sleutel = self.settings.sleutel()
        self.refresh = outcomes.nieuwe_refresh(self.home.wortel, str(self.periode))

    @property
    def max_afkeur(self) -> dict[str, float]:
        """Largest share of rows with afkeur per feed; ``*`` for any other feed (01 §4, L1)."""
        per_feed = {n.partition("/")[2]: w for n, w in self.drempels.items() if n.startswith("L1_afkeur/")}
        return per_feed | {"*": self.drempels["L1_afkeur"]}

    @property
    def dbt_vars(self) -> dict[str, object]:
        """The settings that the dbt models read."""
        return {
            "warehouse": str(self.home.bouw_warehouse),
            "periode": str(self.periode),
            **self.settings.model_dump(
                mode="json",
                include={
                    "venster_jaren",
                    "min_tussentijd_dagen",
                    "indicatie_aansluiting_dagen",
                    "meettermijn_dagen",
                    "min_respons_pct",
                    "doelstellingen",
                },
            ),
        }

    @cached_property
    def vorige(self) -> Path | None:
        """The current release, when what it worked out may be taken over (see manifest.bruikbaar); looked at once."""
        release = None if self.alles_opnieuw else switch.huidige(self.home)
        return release if release and manifest.bruikbaar(release) else None

    def blokkades(self) -> list[poorten.Oordeel]:
        """The verdicts that stop the release."""
        return poorten.blokkades(self.oordelen, self.overrides)
