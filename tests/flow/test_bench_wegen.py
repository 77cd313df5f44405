"""The ways that the bench lays beside the product give the product's rows and figures, cell by cell."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from bench.weg_bron import FEEDS, MATEN, SLEUTELS
from pipelines.demo import schrijf_demo
from tests.tegenrekening import landing, monitor, wereld

from .hulp import PERIODE, SLEUTEL, huidige

WEGEN = ("weg_pandas", "weg_polars")


@pytest.fixture(scope="module")
def csv_bronnen(tmp_path_factory) -> Path:
    """The rows of the flow tests' leveringen, each as csv: the form of the files leaves the rows as they are."""
    map_ = tmp_path_factory.mktemp("wegen")
    schrijf_demo(map_, size=0.05, gemeenten=4, halfjaren=4, formaten=False)
    return map_


def draai(weg: str, bronnen: Path, uit: Path, periode: str, sleutel: bytes, *extra: str | Path) -> None:
    """Run a way in this process; its outcome is in ``uit``."""
    sleutelbestand = uit.with_suffix(".key")
    sleutelbestand.write_bytes(sleutel)
    args = [bronnen, uit, periode, "--key-file", sleutelbestand, *extra]
    importlib.import_module(f"bench.{weg}").main([str(a) for a in args])


def cellen(tabel: pl.DataFrame) -> dict[tuple, tuple]:
    """The cells of which some count is not zero, by their key."""
    tabel = tabel.select(pl.col(SLEUTELS).cast(pl.String), pl.col(MATEN).cast(pl.Int64))
    tabel = tabel.filter(pl.any_horizontal(pl.col(MATEN).fill_null(0) != 0))
    gevonden = {rij[: len(SLEUTELS)]: rij[len(SLEUTELS) :] for rij in tabel.iter_rows()}
    assert len(gevonden) == tabel.height  # no key twice
    return gevonden


def gelijk(verwacht: dict[tuple, tuple], gevonden: dict[tuple, tuple], minstens: int) -> None:
    assert len(verwacht) > minstens
    verschillen = [(k, verwacht.get(k), gevonden.get(k)) for k in verwacht.keys() | gevonden.keys()]
    verschillen = [v for v in verschillen if v[1] != v[2]]
    assert not verschillen, f"{len(verschillen)} cells differ, such as {verschillen[:3]}"


@pytest.mark.parametrize("weg", WEGEN)
def test_weg_geeft_de_cijfers_van_het_product(basis, csv_bronnen, tmp_path, capsys, weg):
    uit = tmp_path / "uit"
    draai(weg, csv_bronnen, uit, PERIODE, SLEUTEL.encode())
    stappen = [json.loads(regel) for regel in capsys.readouterr().out.splitlines()]
    assert [s["stap"] for s in stappen] == ["landing", "stand_stroom"]
    assert all(s["seconden"] > 0 and s["piek_bytes"] > 2**20 for s in stappen)
    warehouse = huidige(basis.home) / "warehouse.duckdb"
    with duckdb.connect() as con:
        con.execute(f"attach '{str(warehouse).replace(chr(39), chr(39) * 2)}' as w (read_only)")
        gelijk(
            cellen(con.execute("from w.monitor.stand_stroom").pl()),
            cellen(pl.read_parquet(uit / "stand_stroom.parquet")),
            minstens=5_000,
        )
        for feed in FEEDS:
            _zelfde_rijen(con, feed, basis.home, uit)


def _zelfde_rijen(con: duckdb.DuckDBPyConnection, feed: str, home: Path, uit: Path) -> None:
    """The rows in force are those of the product's landing, pseudonyms included."""
    con.execute(
        f"""create or replace temp table product as
            select * from read_parquet('{home}/landing/{feed}/*.parquet') semi join
            (select levering, partij from w.kwaliteit.levering where status = 'van_kracht') using (levering, partij)"""
    )
    con.execute(f"create or replace temp table weg as from read_parquet('{uit}/{feed}/*.parquet')")
    product, weg = (
        dict(con.execute(f"select column_name, column_type from (describe {t})").fetchall()) for t in ("product", "weg")
    )
    namen = sorted(product.keys() - {"levering", "rij", "partij"})
    assert set(namen) <= weg.keys()
    gelijk_getypeerd = ", ".join(f'cast("{n}" as {product[n]}) as "{n}"' for n in namen)
    (product_rijen, weg_rijen) = (
        con.execute(f"select {gelijk_getypeerd} from {t} order by all").fetchall() for t in ("product", "weg")
    )
    assert len(product_rijen) > 0
    assert weg_rijen == product_rijen, feed


@pytest.mark.parametrize("weg", WEGEN)
def test_weg_geeft_de_cijfers_van_de_tegenrekening(tmp_path, weg):
    """On worlds full of edge cases, in plain csv."""
    (tmp_path / "wereld").mkdir()
    w = wereld.schrijf_wereld(tmp_path / "wereld", seed=71)
    bronnen = _als_gewone_csv(tmp_path / "wereld", tmp_path / "gewoon")
    verwacht = monitor.bereken(landing.lees(bronnen, w.periode, w.sleutel), w.periode, w.gestopt)["stand_stroom"]
    instellingen = tmp_path / "instellingen.yml"
    instellingen.write_text(json.dumps({"gestopt": {k: str(dag) for k, dag in w.gestopt.items()}}), "utf-8")
    draai(weg, bronnen, tmp_path / "uit", w.periode, w.sleutel, "--settings", instellingen)
    tabel = pl.DataFrame([dict(zip(SLEUTELS, k, strict=True)) | {m: r[m] for m in MATEN} for k, r in verwacht.items()])
    gelijk(cellen(tabel), cellen(pl.read_parquet(tmp_path / "uit" / "stand_stroom.parquet")), minstens=500)


def _als_gewone_csv(van: Path, naar: Path) -> Path:
    """The readable leveringen of the bench's feeds as UTF-8 csv with ``;``, without rows that have no columns."""
    namen = [p.stem for p in van.rglob("*") if p.is_file()]
    for pad in sorted(van.rglob("*.csv")):
        if not pad.name.startswith(FEEDS) or namen.count(pad.stem) > 1:
            continue  # the same name twice: A01, or the same bytes
        try:
            kop, rijen = landing.lees_csv(pad.read_bytes())
        except landing.Onleesbaar:
            continue
        naar.mkdir(exist_ok=True)
        with (naar / pad.name).open("w", encoding="utf-8", newline="") as bestand:
            schrijver = csv.writer(bestand, delimiter=";", lineterminator="\n")
            schrijver.writerows([kop, *(velden for _, velden in rijen if len(velden) == len(kop))])
    return naar
