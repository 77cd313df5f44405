"""Who may read what: modes that do not hang on the umask, and a group that has to be there."""

import grp
import os
import stat

import pytest

from pipelines.release import toegang
from pipelines.settings import GebruikersFout, Home


def rechten(pad) -> str:
    return f"{stat.S_IMODE(pad.stat().st_mode):04o}"


@pytest.fixture(params=[0o077, 0o022, 0o000])
def release(tmp_path, request):
    """A build as it stands before it gets its place, under a umask."""
    was = os.umask(request.param)
    try:
        for naam in ("warehouse.duckdb", "publicatie.duckdb", "manifest.json", "publicatie/csv/duur.csv.gz"):
            pad = tmp_path / "2024H2-r1" / naam
            pad.parent.mkdir(parents=True, exist_ok=True)
            pad.touch()
    finally:
        os.umask(was)
    return tmp_path / "2024H2-r1"


def test_publicatie_voor_iedereen_warehouse_niet(release):
    eigen = grp.getgrgid(os.getegid()).gr_name
    for groep in (None, eigen):
        toegang.stel_in(release, groep)
        gevonden = {str(p.relative_to(release)): rechten(p) for p in release.rglob("*")}
        assert gevonden == {
            "warehouse.duckdb": "0640",
            "publicatie.duckdb": "0644",
            "manifest.json": "0644",
            "publicatie": "0755",
            "publicatie/csv": "0755",
            "publicatie/csv/duur.csv.gz": "0644",
        }
        assert rechten(release) == "0755"


def test_warehouse_is_van_de_groep_van_analisten(release):
    """Any group that this process may give a file to, other than the one that it gets by itself."""
    mag = {g.gr_gid for g in grp.getgrall()} if os.geteuid() == 0 else set(os.getgroups())
    anders = sorted(mag - {os.getegid()})
    if not anders:
        pytest.skip("this account is in one group only")
    groep = grp.getgrgid(anders[0]).gr_name
    toegang.controleer(groep)
    toegang.stel_in(release, groep)
    assert (release / "warehouse.duckdb").stat().st_gid == anders[0]
    assert (release / "publicatie.duckdb").stat().st_gid == os.getegid()


def test_groep_die_er_niet_is(tmp_path, monkeypatch):
    with pytest.raises(GebruikersFout, match="er op deze machine niet"):
        toegang.controleer("bestaat-niet-7f")
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    monkeypatch.setattr(os, "getegid", lambda: 12345)
    monkeypatch.setattr(os, "getgroups", list)
    with pytest.raises(GebruikersFout, match="geen lid"):
        toegang.controleer(grp.getgrall()[0].gr_name)


def test_besloten_sluit_anderen_buiten_en_zet_terug(tmp_path):
    was = os.umask(0o022)
    try:
        (tmp_path / "landing" / "jeugdhulp").mkdir(parents=True)  # from before there were modes
        with pytest.raises(ValueError, match="half"), toegang.besloten(Home(tmp_path)):
            (tmp_path / "dicht").mkdir()
            (tmp_path / "dicht.parquet").touch()
            raise ValueError("half")
        (tmp_path / "open").touch()
    finally:
        os.umask(was)
    namen = ("dicht", "dicht.parquet", "open", "landing")
    assert [rechten(tmp_path / n) for n in namen] == ["0750", "0640", "0644", "0750"]
