"""Verslagperioden: parsing, bounds, previous and next. Nothing here reads the clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Halfjaar:
    """A verslagperiode such as 2024H1; sorts by time."""

    jaar: int
    helft: int

    @classmethod
    def van(cls, tekst: str) -> Halfjaar:
        """Parse ``2024H1``; raises ValueError with a Dutch message on anything else."""
        gevonden = re.fullmatch(r"(\d{4})H([12])", tekst)
        if not gevonden:
            raise ValueError(f"'{tekst}' is geen verslagperiode; verwacht wordt bijvoorbeeld 2024H1 of 2024H2.")
        return cls(int(gevonden[1]), int(gevonden[2]))

    def __str__(self) -> str:
        return f"{self.jaar}H{self.helft}"

    @property
    def d0(self) -> date:
        """First day of the period."""
        return date(self.jaar, 1 if self.helft == 1 else 7, 1)

    @property
    def d1(self) -> date:
        """Last day of the period."""
        return date(self.jaar, 6, 30) if self.helft == 1 else date(self.jaar, 12, 31)

    @property
    def volgnr(self) -> int:
        """Consecutive number of the half-year, so that period arithmetic is integer arithmetic."""
        return self.jaar * 2 + self.helft - 1

    def plus(self, halfjaren: int) -> Halfjaar:
        """The period that many half-years later (negative: earlier)."""
        jaar, rest = divmod(self.volgnr + halfjaren, 2)
        return Halfjaar(jaar, rest + 1)


def afgelopen(dag: date) -> Halfjaar:
    """The last half-year that had ended before ``dag``: what a refresh on that day is about."""
    return Halfjaar(dag.year, 1 if dag.month <= 6 else 2).plus(-1)
