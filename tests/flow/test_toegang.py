"""Who gets to see what: the modes of a home directory, and nothing of a person in any byte that everybody may read."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contracts import contracten

from . import hulp
from .hulp import SLEUTEL, draai, huidige, refresh_args, vraag

WAREHOUSE = "warehouse.duckdb"


def rechten(pad: Path) -> int:
    return stat.S_IMODE(pad.stat().st_mode)


# --- modes -----------------------------------------------------------------------------------------------------------


def test_publicatie_is_voor_iedereen_en_de_rest_niet(basis):
    release = huidige(basis.home)
    for pad in (release, *release.rglob("*")):
        verwacht = 0o755 if pad.is_dir() else 0o640 if pad.name == WAREHOUSE else 0o644
        assert oct(rechten(pad)) == oct(verwacht), pad
    besloten = {"landing", "quarantine", "feedback", "kwaliteit", "sleutel.controle"}
    assert besloten <= {p.name for p in basis.home.iterdir()}
    assert [n for n in besloten if rechten(basis.home / n) & 0o007] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a process as somebody else")
def test_een_ander_leest_de_publicatie_en_niet_het_warehouse(basis):
    """As the kernel judges it, for an account that shares no group with the refresh."""

    def leest(pad: str) -> bool:
        ander = {"user": 65534, "group": 65534, "extra_groups": []}
        opdracht = subprocess.run(["head", "-c", "1", pad], cwd=huidige(basis.home), capture_output=True, **ander)
        return opdracht.returncode == 0

    assert leest("publicatie.duckdb")
    assert leest("publicatie/csv/duur.csv.gz")
    assert not leest(WAREHOUSE)


def test_groep_die_er_niet_is_stopt_de_verversing_meteen(tmp_path, leveringen):
    args = refresh_args(tmp_path / "home", leveringen)
    uitslag = draai(*args, cwd=tmp_path, JEUGDMONITOR_KEY=SLEUTEL, JEUGDMONITOR_ANALISTEN="bestaat-niet-7f")
    assert uitslag.code == hulp.GEBRUIK
    assert "De groep 'bestaat-niet-7f' (instelling analisten)" in uitslag.tekst
    assert not (tmp_path / "home").exists()


# --- every published byte --------------------------------------------------------------------------------------------


def over_personen(home: Path) -> set[str]:
    """What tells one person, record or sender's note from another: all pseudonyms and keys, and every free text.

    No feed has a field for a name; free text is the only place where a sender can leave one.
    """
    release, uit = huidige(home), set()
    teksten = "select table_name, column_name from duckdb_columns() where schema_name = 'dwh' and data_type = 'VARCHAR'"
    for tabel, kolom in vraag(release, teksten):
        sql = f"select distinct {kolom} from dwh.{tabel} where regexp_full_match({kolom}, '[0-9a-f]{{32}}')"
        uit |= {w for (w,) in vraag(release, sql)}
    vrij = {(feed, k) for feed, c in contracten().items() for k in c.vrije_tekst}
    assert vrij == {("indicaties", "indicatie_id")}
    with duckdb.connect() as con:
        for feed, kolom in [*((f, "persoon") for f in ("jeugdhulp", "maatregelen", "indicaties", "doelen")), *vrij]:
            landing = [str(p) for p in (home / "landing" / feed).glob("*.parquet")]
            rijen = con.execute(f"select distinct {kolom} from read_parquet(?)", [landing]).fetchall()
            uit |= {w for (w,) in rijen if w}
    return uit


def test_geen_byte_over_een_persoon_in_wat_uitgegeven_is(basis, leven, leveringen):
    """The first release, and one that was compared with a release before it."""
    for home, bron in ((basis.home, leveringen), (leven.home, leven.nagekomen.bron)):
        release = huidige(home)
        woorden, nummers = over_personen(home), hulp.nummers_in(bron.rglob("*__v*.*"))
        assert len(woorden) > 1000
        assert len(nummers) > 100
        assert len(hulp.woorden_in(release, woorden)[WAREHOUSE]) > 1000, "the search itself finds nothing"
        assert hulp.woorden_in(release, woorden, zonder=[WAREHOUSE]) == {}
        assert hulp.geheimen_in(release, nummers, SLEUTEL) == {}
    assert (release / "revisie" / "revisie.csv").stat().st_size > 1000


def _in_duckdb(pad: Path, geheim: str) -> None:
    with duckdb.connect(str(pad)) as con:
        con.execute("update monitor.code_hulpvorm set naam = ? where code = '01'", [geheim])


def _als_uitleg(pad: Path, geheim: str) -> None:
    with duckdb.connect(str(pad)) as con:
        con.execute(f"comment on column monitor.duur.aantal is 'zie {geheim}'")


def _in_parquet(pad: Path, geheim: str) -> None:
    with duckdb.connect() as con:
        con.execute(
            f"copy (select ? || i as naam from range(900) t(i)) to '{pad}' (format parquet, compression zstd)", [geheim]
        )


def _in_gz(pad: Path, geheim: str) -> None:
    pad.write_bytes(gzip.compress(gzip.decompress(pad.read_bytes()) + geheim.encode()))


def _in_tekst(pad: Path, geheim: str) -> None:
    pad.write_text(pad.read_text("utf-8") + geheim, "utf-8")


@pytest.mark.parametrize(
    ("bestand", "leg_neer"),
    [
        ("publicatie.duckdb", _in_duckdb),
        ("publicatie.duckdb", _als_uitleg),
        ("publicatie/parquet/duur.parquet", _in_parquet),
        ("publicatie/csv/duur.csv.gz", _in_gz),
        ("publicatie/datapackage.json", _in_tekst),
        ("publicatie/gegevenswoordenboek.html", _in_tekst),
        ("manifest.json", _in_tekst),
    ],
)
def test_het_zoeken_vindt_wat_er_neergelegd_is(basis, tmp_path, bestand, leg_neer: Callable[[Path, str], None]):
    """In every kind of file that is published, packed or not."""
    ((pseudoniem, kenmerk),) = vraag(huidige(basis.home), "select persoon, indicatie_id from dwh.fct_indicatie limit 1")
    pad = tmp_path / bestand
    pad.parent.mkdir(parents=True, exist_ok=True)
    for geheim in (pseudoniem, kenmerk):
        shutil.copy(huidige(basis.home) / bestand, pad)
        leg_neer(pad, geheim)
        assert hulp.woorden_in(tmp_path, {pseudoniem, kenmerk}) == {bestand: [geheim]}
    shutil.copy(huidige(basis.home) / bestand, pad)
    leg_neer(pad, " 123456782 ")
    assert hulp.geheimen_in(tmp_path, {"123456782"}, SLEUTEL) == {str(pad): "bsn"}
