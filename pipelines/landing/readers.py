"""Readers: from the bytes of csv, xlsx and fixed-width files to rows of text fields. Nothing is typed or judged."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from pipelines.landing.contracts import Contract

UITGEPAKT = 2**30  # bytes in a workbook; a full sheet of the widest feed has half of that
RUIMTE = 1_000_000  # cells that a sheet may be larger than what stands in it
RIJ_SCHEMA = {"bron": pl.UInt32, "rij": pl.UInt32, "velden": pl.List(pl.String)}


class Onleesbaar(Exception):
    """The file cannot be read (A01); the message is Dutch and ``kolom`` names a missing column, if that is it."""

    def __init__(self, melding: str, kolom: str | None = None):
        super().__init__(melding)
        self.kolom = kolom


@dataclass(frozen=True)
class Kop:
    """The header of a file: column names in file order, and how a line is cut into fields."""

    kolommen: tuple[str, ...]
    scheiding: str  # ';' or ',' ; '' = fixed width


@dataclass(frozen=True)
class Gelezen:
    """One file: its header and either its whole text still to be cut, or its records already cut (quotes, Excel)."""

    kop: Kop
    tekst: str | None = None
    records: pl.Series | None = None


def lees(pad: Path, formaat: str, contract: Contract) -> Gelezen:
    """Read one file; raises Onleesbaar for what spec 01 calls A01."""
    if pad.stat().st_size == 0:
        raise Onleesbaar("Het bestand is leeg (0 bytes). Lever een bestand met ten minste de kopregel.")
    gelezen = {"csv": _csv, "xlsx": _xlsx, "txt": _txt}[formaat](pad, contract)
    _controleer_kop(gelezen.kop, contract)
    return gelezen


def rijen(groep: list[tuple[int, Gelezen]]) -> pl.DataFrame:
    """The data rows of files that share a header: columns bron (file number), rij (as a spreadsheet counts), velden.

    Blank lines are left out but counted. One pass over the text of all files together.
    """
    eerste = groep[0][1].kop
    delen = [_knip([(nr, g.tekst) for nr, g in groep if g.tekst is not None], eerste)]
    delen += [
        pl.DataFrame({"velden": g.records})
        .select(bron=pl.lit(nr, pl.UInt32), rij=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32), velden="velden")
        .filter(~_leeg(eerste))
        for nr, g in groep
        if g.records is not None
    ]
    alles = pl.concat(delen)
    return alles if eerste.scheiding == "" else alles.filter(pl.col("rij") > 1)


def _leeg(kop: Kop) -> pl.Expr:
    """A blank record: in a sheet a row without any value; in a csv a line without anything, separators included."""
    velden = pl.col("velden")
    niets = velden.list.eval(pl.element().str.strip_chars() == "").list.all()
    return niets if kop.scheiding == "xlsx" else niets & (velden.list.len() < 2)


def _knip(teksten: list[tuple[int, str]], kop: Kop) -> pl.DataFrame:
    """Cut whole texts into lines and lines into fields, for all files of the group at once."""
    if not teksten:
        return pl.DataFrame(schema=RIJ_SCHEMA)
    regels = (
        pl.DataFrame(teksten, schema={"bron": pl.UInt32, "regel": pl.String}, orient="row")
        .with_columns(pl.col("regel").str.split("\n"))
        .explode("regel")
        .with_columns(rij=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("bron"))
        .filter(pl.col("regel").str.strip_chars() != "")
    )
    velden = pl.col("regel").str.split(kop.scheiding) if kop.scheiding else _vaste_breedte(kop)
    return regels.select("bron", "rij", velden=velden)


def _vaste_breedte(kop: Kop) -> pl.Expr:
    """Fields by position; a line of another length than the contract says gets one field, so it is A03."""
    posities = [tuple(int(p) for p in k.split(":")[1].split("-")) for k in kop.kolommen]
    breedte = max(tot for _, tot in posities)
    velden = pl.concat_list([pl.col("regel").str.slice(van - 1, tot - van + 1) for van, tot in posities])
    return pl.when(pl.col("regel").str.len_chars() == breedte).then(velden).otherwise(pl.concat_list("regel"))


def _tekst(pad: Path) -> str:
    ruw = pad.read_bytes()
    if b"\0" in ruw:
        raise Onleesbaar("Het bestand is geen tekstbestand. Bewaar het als csv (UTF-8) en lever het opnieuw.")
    try:
        tekst = ruw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            tekst = ruw.decode("cp1252")
        except UnicodeDecodeError:
            raise Onleesbaar(
                "De tekens van het bestand zijn niet te lezen. Bewaar het als csv met codering UTF-8."
            ) from None
    return tekst.replace("\r\n", "\n").replace("\r", "\n")


def _csv(pad: Path, contract: Contract) -> Gelezen:
    tekst = _tekst(pad)
    eerste = tekst.split("\n", 1)[0]
    scheiding = ";" if eerste.count(";") >= eerste.count(",") else ","
    records = _met_aanhalingstekens(tekst, scheiding) if '"' in tekst else None
    namen = (records[0] if len(records) else []) if records is not None else eerste.split(scheiding)
    kop = Kop(tuple(n.strip() for n in namen), scheiding)
    return Gelezen(kop, records=records) if records is not None else Gelezen(kop, tekst=tekst)


def _met_aanhalingstekens(tekst: str, scheiding: str) -> pl.Series | None:
    """Records of a csv with quotes; None when the quoting itself is broken: then quotes count as plain characters."""
    try:
        records = list(csv.reader(io.StringIO(tekst, newline=""), delimiter=scheiding, strict=True))
    except csv.Error:
        return None
    return pl.Series(records, dtype=pl.List(pl.String))


def _xlsx(pad: Path, contract: Contract) -> Gelezen:
    """First sheet, every cell as text; real Excel dates become JJJJMMDD."""
    try:
        if _cel_te_ver(pad):
            raise Onleesbaar("Het werkblad heeft een cel ver buiten de tabel. Kopieer de tabel naar een leeg werkblad.")
        blad = fastexcel.read_excel(pad).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except (KeyboardInterrupt, SystemExit, Onleesbaar):
        raise
    except BaseException as fout:  # calamine raises many kinds, panics too; each means: not a readable workbook
        raise Onleesbaar(
            "Het Excel-bestand is niet te openen. Bewaar het opnieuw als xlsx en lever het nog eens."
        ) from fout
    if blad.is_empty():
        raise Onleesbaar("Het eerste werkblad is leeg. Lever een werkblad met ten minste de kopregel.")
    namen = [(n or "").strip() for n in blad.row(0)]
    while namen and not namen[-1]:
        namen.pop()
    cellen = pl.all().fill_null("").str.replace(r"^(\d{4})-(\d{2})-(\d{2})( 00:00:00(\.0+)?)?$", "$1$2$3")
    alle = blad.select(velden=pl.concat_list(cellen))["velden"]
    breedte = len(namen)
    # cells right of the header make the row too long (A03); empty ones there are no cells at all
    te_breed = alle.list.slice(breedte).list.eval(pl.element() != "").list.any()
    velden = pl.DataFrame({"v": alle, "b": te_breed}).select(
        pl.when("b").then("v").otherwise(pl.col("v").list.head(breedte))
    )
    return Gelezen(Kop(tuple(namen), "xlsx"), records=velden.to_series())


def _cel_te_ver(pad: Path) -> bool:
    """Is there a cell so far off that the sheet up to it is mostly empty? The reader makes room for all of that."""
    with zipfile.ZipFile(pad) as boek:
        if sum(deel.file_size for deel in boek.infolist()) > UITGEPAKT:
            raise Onleesbaar("Het Excel-bestand is uitgepakt te groot om te lezen. Lever het als csv.")
        bladen = [n for n in boek.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        return any(_mist_cellen(boek.read(n).decode("latin-1")) for n in bladen)


def _mist_cellen(blad: str) -> bool:
    """Has a sheet far fewer cells with something in them than its last column times its last row?"""
    plekken = pl.Series([blad]).str.extract_all(r'<c [^>]*?r="[A-Z]+[0-9]+"[^>/]*>').explode().drop_nulls()
    kolommen = plekken.str.extract('r="([A-Z]+)').unique()
    rij = plekken.str.extract('r="[A-Z]+([0-9]+)').cast(pl.Float64).max()
    kolom = max((sum((ord(c) - 64) * 26.0**n for n, c in enumerate(k[::-1])) for k in kolommen), default=0)
    return kolom * (rij or 0) > RUIMTE + 20 * len(plekken)


def _txt(pad: Path, contract: Contract) -> Gelezen:
    kolommen = tuple(f"{k.naam}:{k.positie[0]}-{k.positie[1]}" for k in contract.kolommen.values())
    return Gelezen(Kop(kolommen, ""), tekst=_tekst(pad))


def namen(kop: Kop) -> list[str]:
    """The column names of a header, without the positions of a fixed-width file."""
    return [k.split(":")[0] for k in kop.kolommen] if kop.scheiding == "" else list(kop.kolommen)


def _controleer_kop(kop: Kop, contract: Contract) -> None:
    aanwezig = namen(kop)
    ontbreekt = [k for k in contract.verplicht if k not in aanwezig]
    if ontbreekt:
        raise Onleesbaar(
            f"In de kopregel ontbreekt de verplichte kolom {', '.join(ontbreekt)}. "
            f"Voeg toe; verwacht worden: {', '.join(contract.kolommen)}.",
            kolom=ontbreekt[0],
        )
    dubbel = [k for k in contract.kolommen if aanwezig.count(k) > 1]
    if dubbel:
        raise Onleesbaar(f"De kolom {', '.join(dubbel)} staat meer dan een keer in de kopregel.", kolom=dubbel[0])
