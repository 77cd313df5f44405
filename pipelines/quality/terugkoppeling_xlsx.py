"""The workbook of the feedback: the same overview and findings for a spreadsheet. Decides nothing about what it says."""

from __future__ import annotations

import math
import re
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.quality.terugkoppeling import KOLOMMEN, Overzicht

RIJEN_IN_BLAD = 1_000_000  # a worksheet holds little more
RIJEN_IN_GEHEUGEN = 20_000  # above this the rows go to disk while they are written
BREEDTES = {"bestand": 42, "rij": 8, "kolom": 28, "code": 8, "ernst": 11, "melding": 120}
SAMENVATTING_BREEDTES = [46, 13, 14, 10, 11, 12, 10, 11, 80]
LAATSTE = len(SAMENVATTING_BREEDTES) - 1
AANTALLEN = ["Rijen", "Afgekeurd", "% afgekeurd", "Signalen"]
REGELHOOGTE = 15  # points


class _Blad:
    """Writes tables below each other on the summary; every text is a string cell, never a formula or a link."""

    def __init__(self, blad: Worksheet, stijlen: dict[str, Format]):
        self.blad, self.stijlen, self.rij = blad, stijlen, 0

    def tekst(self, tekst: str, stijl: str = "gewoon") -> None:
        """One line of text."""
        self.blad.write_string(self.rij, 0, _veilig(tekst), self.stijlen[stijl])
        self.rij += 1

    def tabel(self, titel: str, kop: list[str], rijen: list[list[object]]) -> None:
        """A table with its title; numbers stay numbers, a float is a share, None is an empty cell."""
        self.rij += 1
        self.tekst(titel, "titel")
        for kolom, naam in enumerate(kop):
            getal = any(isinstance(rij[kolom], int | float) for rij in rijen)
            stijl = "kop_getal" if getal else "kop_laatste" if kolom == len(kop) - 1 else "kop"
            self.blad.write_string(self.rij, kolom, naam, self.stijlen[stijl])
        for kolom in range(len(kop), LAATSTE + 1):
            self.blad.write_blank(self.rij, kolom, None, self.stijlen["kop"])
        self.rij += 1
        for rij in rijen:
            self.regel(rij)

    def regel(self, rij: list[object]) -> None:
        """One row; the last cell takes the width that is left. As high as its longest text needs in its column."""
        regels = 1
        for kolom, waarde in enumerate(rij):
            if isinstance(waarde, str):
                laatste = kolom == len(rij) - 1
                stijl = self.stijlen["laatste" if laatste else "gewoon"]
                if laatste and kolom < LAATSTE:
                    self.blad.merge_range(self.rij, kolom, self.rij, LAATSTE, "", stijl)
                self.blad.write_string(self.rij, kolom, _veilig(waarde), stijl)
                breedte = sum(SAMENVATTING_BREEDTES[kolom:]) if laatste else SAMENVATTING_BREEDTES[kolom]
                regels = max(regels, math.ceil(1.05 * len(waarde) / breedte))
            elif waarde is not None:
                stijl = self.stijlen["deel" if isinstance(waarde, float) else "getal"]
                self.blad.write_number(self.rij, kolom, waarde, stijl)
        self.blad.set_row(self.rij, REGELHOOGTE * min(regels, 27))  # a row is at most 409 points high
        self.rij += 1


def schrijf_werkboek(pad: Path, overzicht: Overzicht, bevindingen: pl.DataFrame) -> None:
    """Write the workbook: sheets Samenvatting and Bevindingen. ``bevindingen``: KOLOMMEN, guarded against formulas.

    The same input gives the same bytes.
    """
    opties = {"constant_memory": True} if bevindingen.height > RIJEN_IN_GEHEUGEN else {"in_memory": True}
    with xlsxwriter.Workbook(str(pad), opties) as boek:
        # the time of making would make every workbook differ
        boek.set_properties(
            {"title": f"Terugkoppeling {overzicht.periode} {overzicht.leverancier}", "created": datetime(2000, 1, 1)}
        )
        kop = {"bold": True, "bottom": 1, "bg_color": "#E8E8E4", "valign": "top"}
        stijlen = {
            "gewoon": boek.add_format({"valign": "top", "text_wrap": True}),
            "laatste": boek.add_format({"valign": "top", "text_wrap": True, "align": "left", "indent": 1}),
            "kaal": boek.add_format({"valign": "top"}),
            "groot": boek.add_format({"bold": True, "font_size": 16}),
            "titel": boek.add_format({"bold": True, "font_size": 12}),
            "kop": boek.add_format(kop),
            "kop_laatste": boek.add_format(kop | {"align": "left", "indent": 1}),
            "kop_getal": boek.add_format(kop | {"align": "right"}),
            "getal": boek.add_format({"num_format": "#,##0", "valign": "top"}),
            "rijnummer": boek.add_format({"num_format": "0", "valign": "top"}),
            "deel": boek.add_format({"num_format": "0.0%", "valign": "top"}),
        }
        _samenvatting(boek.add_worksheet("Samenvatting"), stijlen, overzicht)
        _bevindingen(boek.add_worksheet("Bevindingen"), stijlen, bevindingen)


def _samenvatting(werkblad: Worksheet, stijlen: dict[str, Format], o: Overzicht) -> None:
    for kolom, breedte in enumerate(SAMENVATTING_BREEDTES):
        werkblad.set_column(kolom, kolom, breedte)
    _druk_af(werkblad)
    blad = _Blad(werkblad, stijlen)
    blad.tekst(o.titel, "groot")
    blad.tekst(f"Leverancier {o.leverancier}, {o.periode_uitleg}", "kaal")
    blad.rij += 1
    blad.tekst(o.kop, "titel")
    if o.zin:
        blad.tekst(o.zin, "kaal")
    blad.rij += 1
    blad.tekst("Wat u nu kunt doen", "titel")
    for stap in o.stappen:
        blad.regel([stap.feed, " ".join(stap.zinnen)])
        blad.regel([None, f"Naam van het nieuwe bestand: {stap.naam}"])
    blad.tekst(
        "Lever altijd het hele bestand: een nieuwe levering vervangt de vorige helemaal."
        if o.stappen
        else "U hoeft niets te doen.",
        "kaal",
    )
    blad.tabel(
        "Uw bestanden",
        ["Bestand", "Feed", "Oordeel", *AANTALLEN, "Toelichting"],
        [
            [b["bestand"], b["feed_naam"], b["oordeel"]]
            + ([b["rijen"], b["afkeur"], float(b["aandeel"]), b["signalen"]] if b["gelezen"] else [None] * 4)
            + [b["toelichting"]]
            for b in o.bestanden
        ],
    )
    if o.regels:
        blad.tabel(
            "Wat er is gevonden (vervangen bestanden niet meegeteld)",
            ["Wat het betekent", "Code", "Ernst", "Aantal", "Hoe u het verhelpt"],
            [[r["betekenis"], r["code"], r["ernst"], r["aantal"], r["oplossing"]] for r in o.regels],
        )
    if o.verdwenen:
        blad.tabel(
            "Verdwenen trajecten: rijen van het vorige bestand (zie blad Bevindingen, code S04)",
            ["Vorig bestand", "Feed", "Aantal", "Rijen in dat bestand"],
            [[v["bestand"], v["feed"], v["aantal"], v["nummers"]] for v in o.verdwenen],
        )
    if o.trend:
        blad.tabel(
            "Uw laatste leveringen",
            ["Feed", "Levering", "Oordeel", *AANTALLEN, "Verdwenen", "Vergelijking"],
            [
                [t["feed"], regel["naam"], regel["oordeel"]]
                + (
                    [regel["rijen"], regel["afkeur"], float(regel["aandeel"]), regel["signalen"]]
                    if regel["gelezen"]
                    else [None] * 4
                )
                + [regel["verdwenen"] if t["verdwenen"] else None, t["vergelijking"] if regel["nu"] else None]
                for t in o.trend
                for regel in t["leveringen"]
            ],
        )


def _bevindingen(werkblad: Worksheet, stijlen: dict[str, Format], bevindingen: pl.DataFrame) -> None:
    for kolom, naam in enumerate(KOLOMMEN):
        werkblad.set_column(kolom, kolom, BREEDTES[naam])
    werkblad.freeze_panes(1, 0)
    werkblad.repeat_rows(0)
    _druk_af(werkblad)
    werkblad.write_row(0, 0, KOLOMMEN, stijlen["kop"])
    tekst, rijnummer = stijlen["kaal"], stijlen["rijnummer"]  # the last column may run on: no wrapping, even rows
    for nr, rij in enumerate(bevindingen.head(RIJEN_IN_BLAD).iter_rows(), start=1):
        for kolom, waarde in enumerate(rij):
            if isinstance(waarde, int):
                werkblad.write_number(nr, kolom, waarde, rijnummer)
            elif waarde:
                werkblad.write_string(nr, kolom, waarde, tekst)
    werkblad.autofilter(0, 0, min(bevindingen.height, RIJEN_IN_BLAD), len(KOLOMMEN) - 1)
    if bevindingen.height > RIJEN_IN_BLAD:
        slot = f"Hier staan de eerste {RIJEN_IN_BLAD} bevindingen; alle staan in bevindingen.csv."
        werkblad.write_string(RIJEN_IN_BLAD + 1, 0, slot)


def _druk_af(werkblad: Worksheet) -> None:
    """A4, landscape, as wide as the paper."""
    werkblad.set_paper(9)
    werkblad.set_landscape()
    werkblad.fit_to_pages(1, 0)


def _veilig(tekst: str) -> str:
    """The guard of terugkoppeling.veilig for a single text."""
    return f"'{tekst}" if re.match(r"\s*[=+\-@＝＋－＠]", tekst) else tekst
