"""Reading and writing leveringen in each of their forms: csv in its varieties, xlsx, fixed width. Knows no variants."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import xlsxwriter

from pipelines.landing.contracts import contracten

from .hulp import PERIODE

Rijen = list[dict[str, str]]


def lees_csv(pad: Path) -> Rijen:
    """The rows of a csv levering of the demo, whatever its separator and encoding."""
    ruw = pad.read_bytes()
    try:
        tekst = ruw.decode("utf-8-sig")
    except UnicodeDecodeError:
        tekst = ruw.decode("cp1252")
    kop = tekst.split("\n", 1)[0]
    return list(csv.DictReader(io.StringIO(tekst), delimiter=";" if kop.count(";") >= kop.count(",") else ","))


def als_csv(
    kolommen: list[str],
    rijen: Rijen,
    *,
    scheiding: str = ";",
    codering: str = "utf-8",
    regeleinde: str = "\n",
    aanhaling: int = csv.QUOTE_MINIMAL,
) -> bytes:
    tekst = io.StringIO()
    schrijver = csv.writer(tekst, delimiter=scheiding, lineterminator=regeleinde, quoting=aanhaling)
    schrijver.writerow(kolommen)
    schrijver.writerows([rij.get(k) or "" for k in kolommen] for rij in rijen)
    return tekst.getvalue().encode(codering)


def als_xlsx(kolommen: list[str], rijen: Rijen) -> bytes:
    """A workbook with every cell as text."""
    inhoud = io.BytesIO()
    boek = xlsxwriter.Workbook(inhoud, {"in_memory": True, "strings_to_numbers": False})
    blad = boek.add_worksheet()
    for nr, rij in enumerate([dict(zip(kolommen, kolommen, strict=True)), *rijen]):
        for kolom, naam in enumerate(kolommen):
            if rij.get(naam):
                blad.write_string(nr, kolom, rij[naam])
    boek.close()
    return inhoud.getvalue()


def als_txt(feed: str, rijen: Rijen) -> bytes:
    """Fixed width: every value on the positions of the contract."""
    kolommen = sorted(contracten()[feed].kolommen.values(), key=lambda k: k.positie)
    regels = []
    for rij in rijen:
        regel = ""
        for kolom in kolommen:
            begin, eind = kolom.positie
            regel = regel.ljust(begin - 1) + (rij.get(kolom.naam) or "").ljust(eind - begin + 1)
        regels.append(regel)
    return "".join(f"{r}\n" for r in regels).encode()


def past_in_txt(feed: str, rijen: Rijen) -> bool:
    breedte = {k.naam: k.positie[1] - k.positie[0] + 1 for k in contracten()[feed].kolommen.values()}
    return all(len(rij.get(k) or "") <= b for rij in rijen for k, b in breedte.items())


def naam(
    leverancier: str, *, feed: str = "jeugdhulp", periode: str = PERIODE, volgnr: int = 1, ext: str = "csv"
) -> str:
    return f"{feed}__{leverancier}__{periode}__v{volgnr}.{ext}"
