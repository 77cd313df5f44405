"""Mutated leveringen through validate, landing, poort 1 and feedback: whatever is in a file, it is judged, not suffered.

A few hundred examples in the suite; ``make fuzz`` runs thousands of others: JEUGDMONITOR_FUZZ single files, and a
quarter as many times some files together.
"""

from __future__ import annotations

import csv
import faulthandler
import io
import os
import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from rich.console import Console

from pipelines import intake
from pipelines.landing import offered, readers, store
from pipelines.landing.contracts import contracten
from pipelines.periods import Halfjaar
from pipelines.quality import feedback, poorten, regels, validate
from pipelines.settings import Settings

from .mutaties import NUMMERS, Bestand, bestanden

AANTAL = int(os.environ.get("JEUGDMONITOR_FUZZ", "0"))
GEDULD = 20  # seconds for one example
SLEUTEL = b"fuzz"
PERIODE = Halfjaar.van("2024H2")
GEHEIM = re.compile("|".join(NUMMERS).encode())
OVER_LEVERINGEN = ["A12", "S04", "S05", "L1"]  # what one file cannot tell, and validate says in another way


def profiel(gewoon: int, deel: int = 1) -> settings:
    """So many examples, always the same; in a campaign other ones each time, and ``deel`` times fewer than asked."""
    return settings(
        max_examples=AANTAL // deel or gewoon,
        derandomize=not AANTAL,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )


@pytest.fixture(autouse=True)
def _vlot(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What has no rows is the same every time; and a real hang ends the run, and shows where."""
    leeg = {feed: store._zonder_rijen(contract) for feed, contract in contracten().items()}
    monkeypatch.setattr(store, "_zonder_rijen", lambda contract: leeg[contract.feed])
    yield
    faulthandler.cancel_dump_traceback_later()


@contextmanager
def _geduld() -> Iterator[Path]:
    """A directory for one example, and the time it may take."""
    faulthandler.dump_traceback_later(10 * GEDULD, exit=True)
    begin = time.monotonic()
    with TemporaryDirectory() as map_:
        yield Path(map_)
    assert time.monotonic() - begin < GEDULD


@profiel(80)
@given(bestanden())
def test_een_bestand(bestand: Bestand):
    """What validate says is the same at every try, holds no BSN and counts every row once."""
    with _geduld() as map_:
        pad = map_ / bestand.naam
        pad.write_bytes(bestand.inhoud)
        uitslag = _valideer(pad, Settings())
        event("in orde" if uitslag.in_orde else "rijen" if uitslag.rijen else "geweigerd")
        nog_eens = validate.controleer(pad, Settings())
        assert uitslag.bevindingen.equals(nog_eens.bevindingen)
        assert (uitslag.rijen, uitslag.geweigerd) == (nog_eens.rijen, nog_eens.geweigerd)


@profiel(15, deel=4)
@given(st.lists(bestanden(), min_size=1, max_size=6), st.sampled_from([0.05, 0.5, 1.0]))
def test_bestanden_samen(aangeboden: list[Bestand], grens: float):
    """As a refresh takes them in: landing, poort 1, feedback."""
    with _geduld() as map_:
        ingesteld = Settings(sources=map_ / "bron", home=map_ / "home", key="fuzz")
        for nr, bestand in enumerate(aangeboden):
            pad = ingesteld.sources / str(nr % 2) / bestand.naam
            pad.parent.mkdir(parents=True, exist_ok=True)
            pad.write_bytes(bestand.inhoud)
        samen = _neem_in(offered.aanbod(ingesteld.sources), ingesteld, grens)
        for pad in ingesteld.sources.rglob("*"):
            if pad.is_file() and not pad.name.startswith((".", "~$")):
                _zelfde_als_de_landing(pad, _valideer(pad, ingesteld), samen)
        _geen_bsn(ingesteld.home)
        assert store.land(offered.aanbod(ingesteld.sources), ingesteld.paden, SLEUTEL) == 0


def _valideer(pad: Path, ingesteld: Settings) -> validate.Uitslag:
    """The outcome of one file: shown without a BSN, every row counted once."""
    uitslag = validate.controleer(pad, ingesteld)
    scherm = io.StringIO()
    validate.toon(Console(file=scherm, width=200), uitslag)
    assert not GEHEIM.search((scherm.getvalue() + uitslag.bevindingen.write_csv()).encode("utf-8", "replace"))
    afgekeurd = uitslag.bevindingen.filter(pl.col("ernst") == "afkeur")
    assert afgekeurd.height == afgekeurd["rij"].n_unique() == uitslag.afkeur
    assert uitslag.rijen == _gelezen(pad)
    return uitslag


def _gelezen(pad: Path) -> int:
    """The rows in a file, counted from the reader's records; of a plain text by its lines."""
    feed, formaat, code = offered.bestand_van(pad).select("feed", "formaat", "code").row(0)
    if code is not None:
        return 0
    try:
        gelezen = readers.lees(pad, formaat, contracten()[feed])
    except readers.Onleesbaar:
        return 0
    aantal = readers.rijen([(0, gelezen)]).height
    if gelezen.tekst is not None:
        niet_leeg = [r for r in gelezen.tekst.split("\n")[0 if formaat == "txt" else 1 :] if r.strip()]
        assert aantal == len(niet_leeg)
    return aantal


def _neem_in(gevonden: pl.DataFrame, ingesteld: Settings, grens: float) -> intake.Ontvangen | None:
    """Take in what is offered, measure poort 1, and check what has come of it in the schema ``landing``."""
    if gevonden.is_empty():
        return None
    drempels = regels.drempels()
    with duckdb.connect() as con:
        samen = intake.ontvang(con, gevonden, ingesteld, SLEUTEL, PERIODE, {"*": grens}, drempels)
        feedback.bewaar(con, samen.bevindingen)
        if samen.van_kracht.filter((pl.col("feed") == "jeugdhulp") & (pl.col("periode") == str(PERIODE))).height:
            poorten.meet(con, "leveringen", periode=str(PERIODE), drempels=drempels)  # else a refresh stops here
            assert con.execute("select * from kwaliteit.meting where fout is not null").fetchall() == []
        _alleen_wat_telt(con, samen)
        tabellen = [
            t
            for (t,) in con.execute("select table_name from duckdb_tables() where schema_name = 'kwaliteit'").fetchall()
        ]
        for tabel in tabellen:
            assert not GEHEIM.search(_tekst(con.execute(f"from kwaliteit.{tabel}").pl())), tabel
    assert not GEHEIM.search(samen.in_woorden().encode())
    return samen


def _alleen_wat_telt(con: duckdb.DuckDBPyConnection, samen: intake.Ontvangen) -> None:
    """In the landing are the rows of the leveringen in force that got no afkeur: those rows, and no others."""
    for feed in contracten():
        van_kracht = samen.van_kracht.filter(pl.col("feed") == feed)
        rijen = con.execute(f"select levering, rij from landing.{feed}").pl()
        assert set(rijen["levering"]) <= set(van_kracht["levering"])
        assert rijen.is_unique().all()
        dubbel = samen.bevindingen.filter((pl.col("feed") == feed) & (pl.col("code") == "S01")).height
        if dubbel == 0:  # a finding does not tell which of two files of one name it is about
            assert rijen.height == (van_kracht["rijen"] - van_kracht["afkeur"]).sum()
        afkeur = samen.bevindingen.filter(pl.col("code").str.starts_with("A") & (pl.col("code") != "A12"))
        fout = afkeur.join(van_kracht, on=["bestand", "feed"]).select("levering", "rij").drop_nulls()
        assert rijen.join(fout, on=["levering", "rij"]).is_empty()


def _zelfde_als_de_landing(pad: Path, uitslag: validate.Uitslag, samen: intake.Ontvangen | None) -> None:
    """What validate says of a file is what the leverancier reads after the refresh."""
    eigen = offered.bestand_van(pad)["bestand"][0]
    stand = samen.leveringen.filter(pl.col("bestand") == eigen)
    if stand.height != 1 or (stand["melding"][0] or "").startswith("Er zijn meer bestanden"):
        return  # a file beside another with the same number: only together are they wrong
    terug = samen.bevindingen.filter((pl.col("bestand") == eigen) & ~pl.col("code").is_in(OVER_LEVERINGEN))
    volgorde = ["rij", "kolom", "code", "melding"]
    assert terug.select(volgorde).sort(volgorde).equals(uitslag.bevindingen.select(volgorde).sort(volgorde))
    assert (stand["rijen"][0] or 0, stand["afkeur"][0] or 0) == (uitslag.rijen, uitslag.afkeur)


def _geen_bsn(home: Path) -> None:
    """Nothing that is kept holds a BSN, in its name or content; the figures of CBS are about nobody and left out."""
    for pad in (p for p in home.rglob("*") if p.is_file() and not p.parent.name.startswith("cbs_")):
        delen = [os.fsencode(pad.relative_to(home))]
        if pad.suffix == ".parquet":
            delen.append(_tekst(pl.read_parquet(pad)))
        elif pad.suffix == ".xlsx":
            with zipfile.ZipFile(pad) as boek:
                delen += [boek.read(n) for n in boek.namelist()]
        else:
            delen.append(pad.read_bytes())
        if pad.name == "bevindingen.csv":
            rijen = list(csv.reader(io.StringIO(pad.read_text("utf-8"), newline="")))
            assert {len(r) for r in rijen} == {6}
        assert not any(GEHEIM.search(deel) for deel in delen), pad


def _tekst(frame: pl.DataFrame) -> bytes:
    return frame.select(pl.all().cast(pl.String)).write_csv().encode("utf-8", "replace")
