"""Releases in PostgreSQL: a real server on loopback, readers during a switch, a kill in the middle of loading."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest

from pipelines.publish import postgres
from pipelines.settings import GebruikersFout

JEUGDMONITOR = Path(sys.executable).with_name("jeugdmonitor")
WACHTWOORD = "geheim-8f3c"
LASTIG = [
    "",
    None,
    " ",
    'een "citaat", en een komma',
    "regel\nregel\r\n",
    "\\N",
    "\\.",
    "NULL",
    "é ü €",
    "'; drop",
    "%s",
]


def _programma(naam: str) -> str | None:
    """A program of the server: on the path, or where Debian keeps it."""
    los = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{naam}"))
    return shutil.which(naam) or (str(los[-1]) if los else None)


pytestmark = pytest.mark.skipif(
    not (_programma("initdb") and _programma("postgres")),
    reason="no PostgreSQL server here (apt-get install postgresql)",
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of our own on a free port of loopback; gives user, password, host and port as the start of a URL."""
    map_ = Path(tempfile.mkdtemp(prefix="jm-pg-"))
    # PostgreSQL refuses to run as root
    als = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if als:
        wie = pwd.getpwnam("postgres")
        os.chown(map_, wie.pw_uid, wie.pw_gid)
    (map_ / "wachtwoord").write_text(WACHTWOORD)
    (map_ / "wachtwoord").chmod(0o644)
    initdb = [_programma("initdb"), "-D", map_ / "data", "-U", "baas", "-A", "scram-sha-256", "--no-sync", "-E", "UTF8"]
    subprocess.run([*initdb, f"--pwfile={map_ / 'wachtwoord'}"], check=True, capture_output=True, cwd=map_, **als)
    with socket.socket() as los:
        los.bind(("127.0.0.1", 0))
        poort = los.getsockname()[1]
    opties = ("-h", "127.0.0.1", "-p", str(poort), "-k", map_, "-c", "fsync=off")
    with (map_ / "log").open("w") as log:
        proces = subprocess.Popen(
            [_programma("postgres"), "-D", map_ / "data", *opties], cwd=map_, stdout=log, stderr=log, **als
        )
    adres = f"postgresql://baas:{WACHTWOORD}@127.0.0.1:{poort}"
    try:
        for _ in range(200):
            try:
                psycopg.connect(f"{adres}/postgres").close()
                break
            except psycopg.OperationalError:
                assert proces.poll() is None, (map_ / "log").read_text()
                time.sleep(0.05)
        yield adres
    finally:
        proces.send_signal(signal.SIGINT)  # fast shutdown
        proces.wait(20)
        shutil.rmtree(map_, ignore_errors=True)


@pytest.fixture
def adres(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own; the users jan (lezer) and piet (analist) can log in."""
    naam = f"m{abs(hash(request.node.name))}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as con:
        con.execute(f"create database {naam}")
        yield f"{server}/{naam}"
        con.execute(f"drop database {naam} with (force)")


def maak_release(home: Path, naam: str, *, rijen: int = 500, merk: int = 1, extra: str = "", zonder: str = "") -> Path:
    """A small release of the shape of a real one; every table sums to ``merk``."""
    pad = home / "releases" / naam
    pad.mkdir(parents=True)
    with duckdb.connect(str(pad / "publicatie.duckdb")) as con:
        con.execute("create schema monitor")
        for tabel in {"stand_stroom", "duur", "vergelijking"} - {zonder}:
            con.execute(
                f"""create table monitor.{tabel} as select '2024H1' as verslagperiode, 'GM' || i as regio_code,
                        case when i = 0 then {merk} else 0 end as instroom, i / 3.0 as percentage, i % 2 = 0 as gehaald,
                        date '2024-01-01' + i::integer as dag, i::integer as jaar {extra}
                    from range({rijen}) as r(i)"""
            )
            con.execute(f"comment on table monitor.{tabel} is 'De tabel {tabel}: ''t is wat'")
            con.execute(f"comment on column monitor.{tabel}.instroom is 'Aantal dat begon.'")
        con.execute("create table monitor.lastig (nr integer, tekst varchar)")
        con.executemany("insert into monitor.lastig values (?, ?)", list(enumerate(LASTIG)))
    with duckdb.connect(str(pad / "warehouse.duckdb")) as con:
        con.execute("create schema dwh; create schema kwaliteit; create schema monitor")
        con.execute(
            f"create table dwh.fct_traject as select 't' || i as traject_id, 'p' as persoon from range({rijen}) as r(i)"
        )
        con.execute("create table kwaliteit.bevinding as select 1::uinteger as rij")
        con.execute(
            "create table monitor.stand_stroom as select '2024H1' as verslagperiode, 'GM1' as regio_code, 3 as instroom"
        )
    sleutels = {"stand_stroom": ["verslagperiode", "regio_code"], "fct_traject": ["traject_id"]}
    structuur = {tabel: {"sleutel": kolommen} for tabel, kolommen in sleutels.items()}
    (pad / "manifest.json").write_text(json.dumps({"release": naam, "merk": merk, "structuur": structuur}))
    home.joinpath("current").unlink(missing_ok=True)
    home.joinpath("current").symlink_to(Path("releases") / naam)
    return pad


def publiceer(release: Path, adres: str, **keuzes) -> list[str]:
    gemeld: list[str] = []
    postgres.publiceer(release, adres, meld=gemeld.append, **keuzes)
    return gemeld


def vraag(adres: str, sql: str) -> list[tuple]:
    with psycopg.connect(adres) as con:
        return con.execute(sql).fetchall()


def schemas(adres: str) -> list[str]:
    return [s for (s,) in vraag(adres, "select nspname from pg_namespace where nspname like 'r\\_%' order by 1")]


def merk(adres: str) -> list[tuple]:
    return vraag(adres, "select sum(instroom) from monitor.stand_stroom")


def opdracht(home: Path, *args: str, **env: str) -> subprocess.Popen:
    schoon = {k: w for k, w in os.environ.items() if not k.startswith(("JEUGDMONITOR_", "PG"))}
    return subprocess.Popen(
        [JEUGDMONITOR, "publish", "--home", home, *args],
        env=schoon | {"COLUMNS": "300"} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


# --- what arrives ----------------------------------------------------------------------------------------------------


def test_tabellen_komen_over_zoals_ze_zijn(adres, tmp_path):
    release = maak_release(tmp_path, "2024H1-r1")
    gemeld = publiceer(release, adres)
    assert gemeld[0] == "monitor: 4 tabellen, 1511 rijen geladen"
    assert gemeld[-1] == "lezers krijgen nu release 2024H1-r1"
    with duckdb.connect(str(release / "publicatie.duckdb"), read_only=True) as con:
        for tabel in ("stand_stroom", "lastig"):
            verwacht = con.execute(f"from monitor.{tabel} order by all").fetchall()
            assert sorted(vraag(adres, f"select * from monitor.{tabel}"), key=repr) == sorted(verwacht, key=repr)
    typen = vraag(
        adres,
        """select column_name, data_type from information_schema.columns
           where table_schema = 'monitor' and table_name = 'stand_stroom' order by ordinal_position""",
    )
    assert [t for _, t in typen] == ["text", "text", "integer", "double precision", "boolean", "date", "integer"]
    assert vraag(adres, "select rij from kwaliteit.bevinding") == [(1,)]
    assert vraag(adres, "select instroom from monitor_volledig.stand_stroom") == [(3,)]


def test_beschrijvingen_sleutels_en_indexen(adres, tmp_path):
    publiceer(maak_release(tmp_path, "2024H1-r1"), adres)
    (schema,) = (s for s in schemas(adres) if s.endswith("_monitor"))
    for s in ("monitor", schema):
        vragen = (
            f"select obj_description('{s}.stand_stroom'::regclass), col_description('{s}.stand_stroom'::regclass, 3)"
        )
        assert vraag(adres, vragen) == [("De tabel stand_stroom: 't is wat", "Aantal dat begon.")]
    assert vraag(adres, "select obj_description('monitor'::regnamespace)") == [
        ("Jeugdmonitor, publicatie, release 2024H1-r1",)
    ]
    indexen = vraag(
        adres,
        """select indexdef from pg_indexes where tablename in ('stand_stroom', 'fct_traject')
           and schemaname not like '%volledig'""",
    )
    gevonden = sorted(d.split("btree ")[1] for (d,) in indexen)
    assert gevonden == ["(persoon)", "(regio_code)", "(traject_id)", "(verslagperiode, regio_code)"]


def test_rollen_hebben_de_minste_rechten(server, adres, tmp_path):
    publiceer(maak_release(tmp_path, "2024H1-r1"), adres)
    publiceer(maak_release(tmp_path, "2024H1-r2", merk=2), adres)  # the rights come along with new views
    with psycopg.connect(adres, autocommit=True) as con:
        for naam, rol in (("jan", "lezer"), ("piet", "analist"), ("niemand", None)):
            con.execute(f"create role {naam} login password '{WACHTWOORD}' {f'in role {rol}' if rol else ''}")
    (los, *_) = (s for s in schemas(adres) if s.endswith("_monitor"))
    mag = {
        "jan": {"monitor.stand_stroom"},
        "piet": {"monitor.stand_stroom", "dwh.fct_traject", "kwaliteit.bevinding", "monitor_volledig.stand_stroom"},
        "niemand": set(),
    }
    alles = mag["piet"] | {f"{los}.stand_stroom", "uitgifte.release"}
    verboden = (
        "create table public.x (i int)",
        "create table monitor.x (i int)",
        "delete from monitor.duur",
        "update monitor.duur set instroom = 1",
        "drop view monitor.duur",
        "create schema x",
    )
    try:
        for naam, tabellen in mag.items():
            with psycopg.connect(adres.replace("//baas:", f"//{naam}:"), autocommit=True) as con:
                for tabel in sorted(alles):
                    if tabel in tabellen:
                        con.execute(f"select * from {tabel}")
                    else:
                        with pytest.raises(psycopg.errors.InsufficientPrivilege):
                            con.execute(f"select * from {tabel}")
                for poging in verboden:
                    # a view of a union cannot be written anyway
                    with pytest.raises(
                        (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)
                    ):
                        con.execute(poging)
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as con:
            con.execute("drop role jan; drop role piet; drop role niemand")


# --- switching -------------------------------------------------------------------------------------------------------


def test_twee_keer_hetzelfde_en_terug(adres, tmp_path):
    eerste, tweede = (maak_release(tmp_path, f"2024H1-r{n}", merk=n) for n in (1, 2))
    publiceer(eerste, adres)
    stand = vraag(adres, "select oid, relname from pg_class order by 1")
    assert publiceer(eerste, adres) == ["release 2024H1-r1 stond er al"]
    assert vraag(adres, "select oid, relname from pg_class order by 1") == stand
    publiceer(tweede, adres)
    assert merk(adres) == [(2,)]
    assert publiceer(eerste, adres) == ["lezers krijgen nu release 2024H1-r1"]  # still loaded
    assert merk(adres) == [(1,)]


def test_oude_releases_gaan_weg(adres, tmp_path):
    releases = [maak_release(tmp_path, f"2024H1-r{n}", merk=n) for n in (1, 2, 3)]
    for release in releases:
        gemeld = publiceer(release, adres, bewaar=2)
    assert gemeld[-1] == "release 2024H1-r1 is weggehaald"
    assert {s.split("_")[2] for s in schemas(adres)} == {"r2", "r3"}
    publiceer(releases[0], adres, bewaar=3)
    assert {s.split("_")[2] for s in schemas(adres)} == {"r1", "r2", "r3"}
    publiceer(releases[2], adres, bewaar=2)  # the one that readers just had stays
    assert {s.split("_")[2] for s in schemas(adres)} == {"r1", "r3"}
    assert merk(adres) == [(3,)]


def test_een_release_in_gebruik_gaat_later_weg(adres, tmp_path):
    releases = [maak_release(tmp_path, f"2024H1-r{n}", merk=n) for n in (1, 2, 3)]
    publiceer(releases[0], adres)
    (oud,) = (s for s in schemas(adres) if s.endswith("_kwaliteit"))
    publiceer(releases[1], adres)
    with psycopg.connect(adres) as con:  # a backup, say
        con.execute(f"select * from {oud}.bevinding")
        assert "blijft tot de volgende keer" in publiceer(releases[2], adres, bewaar=2)[-1]
    assert publiceer(releases[2], adres, bewaar=2)[-1] == "release 2024H1-r1 is weggehaald"


def test_andere_kolommen_en_tabellen(adres, tmp_path):
    publiceer(maak_release(tmp_path, "2024H1-r1", extra=", 1 as oud"), adres)
    with psycopg.connect(adres) as con:
        con.execute("create view public.eigen as select sum(instroom) from monitor.duur")
    publiceer(maak_release(tmp_path, "2024H1-r2", extra=", 1 as oud, 2 as nieuw", zonder="vergelijking"), adres)
    assert vraag(adres, "select sum(nieuw), (select * from public.eigen) from monitor.duur") == [(1000, 1)]
    views = vraag(adres, "select viewname from pg_views where schemaname = 'monitor' order by 1")
    assert [v for (v,) in views] == ["duur", "lastig", "stand_stroom"]
    with pytest.raises(GebruikersFout, match="hangt eraan"):
        publiceer(maak_release(tmp_path, "2024H1-r3", merk=3), adres)
    assert merk(adres) == [(1,)]


def test_alleen_de_publicatie(adres, tmp_path):
    release = maak_release(tmp_path, "2024H1-r1")
    publiceer(release, adres)
    assert publiceer(release, adres, met_warehouse=False) == ["lezers krijgen nu release 2024H1-r1"]
    assert vraag(
        adres, "select count(*) from pg_views where schemaname in ('dwh', 'kwaliteit', 'monitor_volledig')"
    ) == [(0,)]
    publiceer(release, adres)
    assert vraag(adres, "select count(*) from dwh.fct_traject") == [(500,)]


def test_lezers_tijdens_wisselen(adres, tmp_path):
    """Every statement sees one release in all tables, a long transaction too; nobody is refused, ended or kept waiting."""
    releases = [maak_release(tmp_path, f"2024H1-r{n}", merk=n, rijen=2000) for n in (1, 2, 3)]
    publiceer(releases[0], adres)
    klaar, fouten, gezien, traagst = threading.Event(), [], [], [0.0]
    som = "(select sum(instroom) from monitor.{})"

    def lees(tabellen: list[str], in_een_vraag: bool) -> None:
        losse = [f"select {som.format(t)}" for t in tabellen]
        vragen = [f"select {', '.join(som.format(t) for t in tabellen)}"] if in_een_vraag else losse
        try:
            with psycopg.connect(adres, autocommit=True) as con:
                con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                while not klaar.is_set():
                    begin, merken = time.monotonic(), []
                    with con.transaction():
                        for vraag_ in vragen:
                            merken += con.execute(vraag_).fetchone()
                            time.sleep(0.002)
                    gezien.append(tuple(merken))
                    traagst.append(time.monotonic() - begin)
        except psycopg.Error as fout:
            fouten.append(repr(fout))

    volgorde = ["stand_stroom", "duur", "vergelijking"]
    lezers = [
        threading.Thread(target=lees, args=(tabellen, in_een_vraag))
        for tabellen in (volgorde, volgorde[::-1])
        for in_een_vraag in (True, False, True)
    ]
    for lezer in lezers:
        lezer.start()
    try:
        for n in range(1, 6):
            publiceer(releases[n % 3], adres, bewaar=2)
    finally:
        klaar.set()
        for lezer in lezers:
            lezer.join()
    assert fouten == []
    assert set(gezien) == {(1, 1, 1), (2, 2, 2), (3, 3, 3)}
    assert max(traagst) < 10  # on a busy machine; nobody waits for the whole of a publication


def test_een_lezer_die_blijft_zitten_houdt_het_wisselen_tegen(adres, tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "WACHT_OP_LEZERS", (0.1, 0.1))
    releases = [maak_release(tmp_path, f"2024H1-r{n}", merk=n) for n in (1, 2)]
    publiceer(releases[0], adres)
    with psycopg.connect(adres) as con:
        con.execute("select * from monitor.duur")
        with pytest.raises(GebruikersFout, match="nog de vorige release"):
            publiceer(releases[1], adres)
        assert merk(adres) == [(1,)]
    assert publiceer(releases[1], adres) == ["lezers krijgen nu release 2024H1-r2"]  # it was loaded
    assert merk(adres) == [(2,)]


def test_doodgemaakt_tijdens_het_laden(adres, tmp_path):
    publiceer(maak_release(tmp_path, "2024H1-r1"), adres)
    voor = schemas(adres)
    maak_release(tmp_path, "2024H1-r2", merk=2, rijen=80_000)
    proces = opdracht(tmp_path, "--to", adres)
    assert "geladen" in proces.stdout.readline()  # the publication is in, the warehouse is not
    proces.kill()
    proces.wait()
    assert merk(adres) == [(1,)]
    proces = opdracht(tmp_path, JEUGDMONITOR_POSTGRES__ADRES=adres)
    uit, _ = proces.communicate(timeout=60)
    assert (proces.returncode, merk(adres)) == (0, [(2,)]), uit
    assert "monitor: 4 tabellen" in uit  # all was loaded anew
    assert len(schemas(adres)) == len(voor) + 4
    assert WACHTWOORD not in uit


def test_twee_tegelijk(adres, tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "WACHT_OP_ANDER", "100ms")
    release = maak_release(tmp_path, "2024H1-r1")
    with psycopg.connect(adres) as con:
        con.execute("select pg_advisory_lock(%s)", [postgres.SLOT])
        with pytest.raises(GebruikersFout, match="al een release naar deze database"):
            publiceer(release, adres)
        assert schemas(adres) == []
    publiceer(release, adres)


# --- refusals --------------------------------------------------------------------------------------------------------


def test_database_van_een_ander_blijft_zoals_hij_is(adres, tmp_path):
    with psycopg.connect(adres) as con:
        con.execute("create schema monitor; create table monitor.van_mij (i int)")
    with pytest.raises(GebruikersFout, match="iets anders in schema monitor"):
        publiceer(maak_release(tmp_path, "2024H1-r1"), adres)
    assert vraag(adres, "select nspname from pg_namespace where nspname in ('dwh', 'uitgifte')") == []


def test_gebruiker_met_te_weinig_rechten(server, adres, tmp_path):
    with psycopg.connect(adres, autocommit=True) as con:
        con.execute(f"create role klein login password '{WACHTWOORD}'")
    try:
        with pytest.raises(GebruikersFout, match="mag te weinig"):
            publiceer(maak_release(tmp_path, "2024H1-r1"), adres.replace("//baas:", "//klein:"))
    finally:
        with psycopg.connect(adres, autocommit=True) as con:
            con.execute("drop role klein")


@pytest.mark.parametrize(
    ("fout", "melding"),
    [
        (lambda a: a.replace(WACHTWOORD, "mis-5512"), "geen verbinding"),
        (lambda a: a.replace("127.0.0.1", "127.0.0.1:1/x?"), "geen verbinding|klopt niet"),
        (lambda a: f"{a}_weg", "geen verbinding"),
        (lambda a: a.replace(WACHTWOORD, f"%zz{WACHTWOORD}"), "klopt niet"),
        (lambda a: a.replace("postgresql", "mysql"), "klopt niet"),
        (lambda a: f"host=127.0.0.1 password={WACHTWOORD}", "klopt niet"),
    ],
)
def test_fout_adres_toont_geen_wachtwoord(adres, tmp_path, fout, melding):
    release = maak_release(tmp_path, "2024H1-r1")
    with pytest.raises(GebruikersFout, match=melding) as gevangen:
        publiceer(release, fout(adres))
    assert WACHTWOORD not in str(gevangen.value)
    assert "mis-5512" not in str(gevangen.value)


def test_opdracht_zonder_adres_of_release(tmp_path):
    for args, melding in ((), "Geef met --to"), (("--to", "postgresql://x@127.0.0.1:1/x"), "nog geen release"):
        proces = opdracht(tmp_path, *args)
        uit, _ = proces.communicate(timeout=60)
        assert (proces.returncode, melding in uit) == (2, True), uit
