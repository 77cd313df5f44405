"""Pseudonyms: HMAC-SHA256 in SQL, and the guard that a home directory always sees the same key (spec 01 §3)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from pipelines.landing import rules
from pipelines.settings import GebruikersFout

_BLOK = 64  # block size of SHA-256 in bytes
_CONTROLETEKST = b"jeugdmonitor sleutelcontrole"


def pseudonimiseer(frame: pl.DataFrame, sleutel: bytes, vrije_tekst: Iterable[str] = ()) -> pl.DataFrame:
    """Replace ``persoonssleutel`` by ``persoon``: the first 128 bits of HMAC-SHA256(sleutel, tekst) in 32 hex digits.

    A text in one of the columns ``vrije_tekst`` that holds a BSN is replaced likewise: as a key it does as well.
    """
    if "persoonssleutel" not in frame.columns:
        return frame
    for kolom in vrije_tekst:
        verdacht = frame.filter(_met_bsn(pl.col(kolom))).select(kolom)
        vervangen = _gehasht(verdacht.rename({kolom: "persoonssleutel"}), sleutel).rename({"persoon": "_nieuw"})
        frame = (
            frame.join(vervangen, left_on=kolom, right_on="persoonssleutel", how="left", maintain_order="left")
            .with_columns(pl.coalesce("_nieuw", kolom).alias(kolom))
            .drop("_nieuw")
        )
    positie = frame.columns.index("persoonssleutel")
    kolommen = [*frame.columns[:positie], "persoon", *frame.columns[positie + 1 :]]
    paren = _gehasht(frame, sleutel)
    return frame.join(paren, on="persoonssleutel", how="left", maintain_order="left").select(kolommen)


def _met_bsn(tekst: pl.Expr) -> pl.Expr:
    """Does the text hold the BSN of its row, or any number of nine digits that is one?"""
    getallen = tekst.str.extract_all("[0-9]+").list.eval(pl.element().filter(pl.element().str.len_chars() == 9))
    return (
        tekst.str.contains(pl.col("persoonssleutel"), literal=True)
        | getallen.list.eval(rules.elfproef(pl.element())).list.any()
    )


def _gehasht(frame: pl.DataFrame, sleutel: bytes) -> pl.DataFrame:
    """Each different ``persoonssleutel`` with its ``persoon``. A null is left out; each is hashed once, in DuckDB."""
    blok = (hashlib.sha256(sleutel).digest() if len(sleutel) > _BLOK else sleutel).ljust(_BLOK, b"\0")
    binnen, buiten = bytes(b ^ 0x36 for b in blok), bytes(b ^ 0x5C for b in blok)
    teksten = frame.select(pl.col("persoonssleutel").drop_nulls().unique())  # noqa: F841 (read by DuckDB)
    with duckdb.connect() as con:
        return con.execute(
            """select persoonssleutel,
                      left(sha256($2::blob || unhex(sha256($1::blob || encode(persoonssleutel)))), 32) as persoon
               from teksten""",
            [binnen, buiten],
        ).pl()


def bewaak_sleutel(controle: Path, sleutel: bytes) -> None:
    """Refuse a key other than the one this home was first used with; the first use writes the control value.

    Raises GebruikersFout before anything else is written.
    """
    waarde = hmac.new(sleutel, _CONTROLETEKST, hashlib.sha256).hexdigest()
    if controle.exists():
        if not hmac.compare_digest(controle.read_text("ascii", errors="replace").strip(), waarde):
            raise GebruikersFout(
                "De sleutel is niet de sleutel waarmee deze thuismap is begonnen: personen zouden dubbel tellen. "
                "Gebruik de oude sleutel, of begin met een lege thuismap."
            )
        return
    if (controle.parent / "landing").exists():
        raise GebruikersFout(
            f"In de thuismap ontbreekt {controle.name}, terwijl er al leveringen zijn verwerkt. Zet het bestand terug "
            "uit de reservekopie, of begin met een lege thuismap."
        )
    controle.parent.mkdir(parents=True, exist_ok=True)
    tijdelijk = controle.with_suffix(".nieuw")
    tijdelijk.write_text(waarde, "ascii")
    tijdelijk.replace(controle)
