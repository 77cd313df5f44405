"""The same rows give the same figures, whatever kind of file they come in."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.landing.contracts import contracten
from pipelines.landing.offered import bestand_van
from pipelines.landing.store import lees_en_beoordeel

from . import hulp
from .bestanden import als_csv, als_txt, als_xlsx, naam
from .hulp import huidige
from .slecht import KOLOMMEN, NUMMERS, rij

# --- whole refreshes -------------------------------------------------------------------------------------------------


def test_andere_bestandsvormen_geven_dezelfde_tabellen(basis, anders):
    """In another home and refreshed by Dagster itself, too: nothing of that shows in the figures."""
    assert anders.uitslag.code == hulp.KLAAR, anders.uitslag.fout[-3000:]
    assert hulp.gebreken(huidige(anders.home)) == []
    assert min(anders.geteld.values()) > 5, anders.geteld
    eerste, tweede = hulp.cijfers(huidige(basis.home)), hulp.cijfers(huidige(anders.home))
    assert len(eerste) > 30
    assert {t: w for t, w in tweede.items() if eerste.get(t) != w} == {}
    assert tweede.keys() == eerste.keys()


def test_andere_bestandsvormen_geven_dezelfde_bevindingen(basis, anders):
    sql = """select feed, leverancier, periode, case when bestand like '%.txt' then rij + 1 else rij end, kolom, code,
                 melding from kwaliteit.bevinding where code not in ('L1', 'S00', 'S04') order by all"""
    eerste, tweede = (hulp.vraag(huidige(h), sql) for h in (basis.home, anders.home))
    assert len(eerste) > 10
    assert tweede == eerste


# --- single rows, of every kind --------------------------------------------------------------------------------------

VORMEN = {
    "csv ;": ("csv", lambda r: als_csv(KOLOMMEN, r)),
    "csv ,": ("csv", lambda r: als_csv(KOLOMMEN, r, scheiding=",", regeleinde="\r\n")),
    "csv cp1252": ("csv", lambda r: als_csv(KOLOMMEN, r, codering="cp1252")),
    "csv bom": ("csv", lambda r: als_csv(KOLOMMEN, r, codering="utf-8-sig")),
    "csv aanhaling": ("csv", lambda r: als_csv(KOLOMMEN[::-1], r, aanhaling=csv.QUOTE_ALL)),
    "xlsx": ("xlsx", lambda r: als_xlsx(KOLOMMEN, r)),
    "txt": ("txt", lambda r: als_txt("jeugdhulp", r)),
}
BREEDTE = {k.naam: k.positie[1] - k.positie[0] + 1 for k in contracten()["jeugdhulp"].kolommen.values()}
WAARDEN = {
    "bsn": [*NUMMERS[:3], "900000001", "999999999", "000000000", "12345678"],
    "geboortedatum": ["20120304", "20120300", "20120000", "99999999", "20121301", "19990101"],
    "geslacht": ["M", "V", "O", "X"],
    "postcode": ["9401AB", "9401 A", "9401ab", "0000AA"],
    "gemeentecode": ["0106", "106", "GM01"],
    "verwijzer": ["01", "02", "07", "99", "1"],
    "hulpvorm": ["01", "11", "05"],
    "perspectief": ["01", "09"],
    "datum_aanvang": ["20240801", "20240802", "20250101", "20240230", "2024-8-1"],
    "datum_einde": ["20240901", "20240101", "20250201"],
    "reden_beeindiging": ["01", "02", "06"],
}


def waarden(kolom: str) -> st.SearchStrategy[str]:
    """Values that occur, wrong ones among them, and now and then anything that fits the column."""
    vreemd = st.text(" 09AZaz;,.'\"éëÖ€-", max_size=BREEDTE[kolom])
    return st.one_of(st.just(""), st.sampled_from(WAARDEN[kolom]), st.sampled_from(WAARDEN[kolom]), vreemd)


rijen = st.lists(
    st.one_of(
        st.builds(rij, st.integers(0, 4)),
        st.builds(lambda nr, anders: rij(nr, **anders), st.integers(0, 4), st.fixed_dictionaries(
            {}, optional={k: waarden(k) for k in KOLOMMEN}
        )),
    ),
    max_size=12,
)  # fmt: skip


def beoordeeld(map_: Path, vorm: str, inhoud: list[dict[str, str]]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The rows that count, those with afkeur and the findings of one file, with row numbers as in a spreadsheet."""
    ext, schrijf = VORMEN[vorm]
    pad = map_ / naam("41990099", ext=ext)
    pad.write_bytes(schrijf(inhoud))
    uitkomst, onleesbaar, extra = lees_en_beoordeel(bestand_van(pad))
    assert not onleesbaar
    assert extra.is_empty()
    kop = 1 if ext == "txt" else 0
    return tuple(
        f.drop("levering").with_columns(pl.col("rij") + kop).sort(pl.all())
        for f in (uitkomst.goed, uitkomst.afgekeurd, uitkomst.bevindingen)
    )


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(inhoud=rijen)
def test_elke_vorm_geeft_dezelfde_rijen_en_bevindingen(inhoud):
    if not inhoud:
        return  # a fixed width file without rows has 0 bytes
    with TemporaryDirectory() as map_:
        eerste = beoordeeld(Path(map_), "csv ;", inhoud)
        assert eerste[0].height + eerste[1].height <= len(inhoud)
        for vorm in VORMEN:
            for verwacht, gevonden in zip(eerste, beoordeeld(Path(map_), vorm, inhoud), strict=True):
                assert gevonden.equals(verwacht), (vorm, verwacht, gevonden)


@pytest.mark.parametrize("vorm", VORMEN)
def test_een_lege_rij_is_in_elke_vorm_hetzelfde(tmp_path, vorm):
    """Half a spreadsheet is empty rows: what they mean must not hang on how the file was saved."""
    if vorm in ("xlsx", "txt"):
        return  # there an empty row is an empty line, which spec 01 §4 skips
    inhoud = [rij(0), {}, rij(1)]
    eerste = beoordeeld(tmp_path, "csv ;", inhoud)
    for verwacht, gevonden in zip(eerste, beoordeeld(tmp_path, vorm, inhoud), strict=True):
        assert gevonden.equals(verwacht)
