"""Apache Superset itself on the publication, read-only, while releases switch and a refresh runs. Run by ``make test-bi``.

Not part of ``make test``: Superset wants an environment of its own (.venv-bi, 700 MB), and the releases take minutes to make.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import httpx
import pytest

from bench.lezers import PERIODEN, maak_releases
from pipelines.release import switch
from pipelines.settings import PROJECT, Home
from tests.flow import hulp

SUPERSET = PROJECT / ".venv-bi" / "bin"
TABELLEN = ("percentage_in_zorg", "stand_stroom")
# a chart over several tables: it would show if a question got parts of two releases
MERK = """select
    (select format('{} {}', count(*), sum(eindstand)) from monitor.stand_stroom) as stand,
    (select format('{} {}', count(*), sum(teller)) from monitor.percentage_in_zorg) as percentage,
    (select format('{} {}', count(*), sum(aantal)) from monitor.duur) as duur"""

# name: (dataset, what the chart asks of Superset, the same as SQL on a release)
GRAFIEKEN = {
    "percentage in zorg per gemeente": (
        "percentage_in_zorg",
        {
            "columns": ["regio_naam"],
            "metrics": [{"expressionType": "SQL", "sqlExpression": "max(percentage)", "label": "percentage"}],
            "filters": [
                {"col": "maat", "op": "==", "val": "jeugdhulp"},
                {"col": "regio_niveau", "op": "==", "val": "gemeente"},
                {"col": "verslagperiode", "op": "==", "val": "2023H2"},
            ],
        },
        "select regio_naam, percentage from monitor.percentage_in_zorg"
        " where maat = 'jeugdhulp' and regio_niveau = 'gemeente' and verslagperiode = '2023H2'",
    ),
    "instroom per verslagperiode": (
        "stand_stroom",
        {
            "columns": ["verslagperiode"],
            "metrics": [
                {
                    "expressionType": "SIMPLE",
                    "column": {"column_name": "instroom"},
                    "aggregate": "SUM",
                    "label": "instroom",
                }
            ],
            "filters": [
                {"col": "soort", "op": "==", "val": "jeugdhulp"},
                {"col": "eenheid", "op": "==", "val": "trajecten"},
                {"col": "dimensie", "op": "==", "val": "totaal"},
                {"col": "regio_niveau", "op": "==", "val": "provincie"},
                {"col": "regio_code", "op": "!=", "val": "onbekend"},
            ],
        },
        "select verslagperiode, instroom from monitor.stand_stroom where (soort, eenheid, dimensie, regio_niveau) ="
        " ('jeugdhulp', 'trajecten', 'totaal', 'provincie') and regio_code <> 'onbekend'",
    ),
    "drie tabellen tegelijk": ("merk", {"columns": ["stand", "percentage", "duur"], "metrics": []}, MERK),
}
Antwoord = tuple[tuple, ...]


class Superset:
    """The REST API, as the pages of Superset use it."""

    def __init__(self, adres: str, wachtwoord: str):
        self.http = httpx.Client(base_url=f"{adres}/api/v1", timeout=120)
        wie = {"username": "beheer", "password": wachtwoord, "provider": "db"}
        self.http.headers["Authorization"] = f"Bearer {self.vraag('post', '/security/login', wie)['access_token']}"
        self.http.headers["X-CSRFToken"] = self.vraag("get", "/security/csrf_token/")["result"]
        self.dataset: dict[str, int] = {}

    def vraag(self, wijze: str, pad: str, inhoud: dict | None = None) -> dict:
        antwoord = self.http.request(wijze, pad, json=inhoud)
        assert antwoord.is_success, antwoord.text[:2000]
        return antwoord.json()

    def teken(self, grafiek: str) -> Antwoord:
        """The rows that a chart would draw, in order of their text; nothing from a cache."""
        naam, vraag, _ = GRAFIEKEN[grafiek]
        bron = {"id": self.dataset[naam], "type": "table"}
        inhoud = {"datasource": bron, "force": True, "queries": [{"row_limit": 10_000, **vraag}]}
        (uitkomst,) = self.vraag("post", "/chart/data", inhoud)["result"]
        assert uitkomst["error"] is None
        return _op_volgorde(tuple(rij[k] for k in uitkomst["colnames"]) for rij in uitkomst["data"])


def _op_volgorde(rijen) -> Antwoord:
    return tuple(sorted((tuple(rij) for rij in rijen), key=repr))


def van_release(release: Path) -> dict[str, Antwoord]:
    """What every chart must show of a release, read from its own file without Superset."""
    with duckdb.connect(str(release / "publicatie.duckdb"), read_only=True) as con:
        return {g: _op_volgorde(con.execute(sql).fetchall()) for g, (_, _, sql) in GRAFIEKEN.items()}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A home directory with three releases, that the tests may do with as they like."""
    gemaakt = maak_releases(PROJECT / "demo" / "bench", 0.1)
    return Home(hulp.kopie(gemaakt.wortel, tmp_path_factory.mktemp("bi") / "home"))


@pytest.fixture(scope="module")
def superset(home, tmp_path_factory) -> Iterator[Superset]:
    """A server on a free port of loopback, with the publication registered and its datasets made."""
    map_ = tmp_path_factory.mktemp("superset")
    (map_ / "superset_config.py").write_text(
        f"SECRET_KEY = '{secrets.token_hex(24)}'\nSQLALCHEMY_DATABASE_URI = 'sqlite:///{map_ / 'superset.db'}'\n"
    )
    env = {k: w for k, w in os.environ.items() if not k.startswith(("JEUGDMONITOR_", "SUPERSET_", "FLASK_", "PYTHON"))}
    env |= {"SUPERSET_CONFIG_PATH": str(map_ / "superset_config.py"), "SUPERSET_HOME": str(map_)}
    env |= {"SCARF_ANALYTICS": "false", "FLASK_APP": "superset"}
    wachtwoord = secrets.token_hex(12)
    wie = ["--username", "beheer", "--firstname", "b", "--lastname", "b", "--email", "b@localhost"]
    for opdracht in (["db", "upgrade"], ["fab", "create-admin", *wie, "--password", wachtwoord], ["init"]):
        klaar = subprocess.run([SUPERSET / "superset", *opdracht], env=env, cwd=map_, capture_output=True, text=True)
        assert klaar.returncode == 0, klaar.stderr[-3000:]
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort = s.getsockname()[1]
    adres = f"http://127.0.0.1:{poort}"
    gunicorn = [
        SUPERSET / "gunicorn",
        "--threads",
        "4",
        "--graceful-timeout",
        "2",
        "--bind",
        f"127.0.0.1:{poort}",
        "superset.app:create_app()",
    ]
    with (map_ / "log").open("w") as log:
        server = subprocess.Popen(gunicorn, env=env, cwd=map_, stdout=log, stderr=log)
    try:
        _wacht_op(adres)
        yield _ingericht(Superset(adres, wachtwoord), home)
    finally:
        server.terminate()
        server.wait()


def _wacht_op(adres: str) -> None:
    einde = time.monotonic() + 120
    while time.monotonic() < einde:
        try:
            if httpx.get(f"{adres}/health").text == "OK":
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise TimeoutError(f"Superset does not answer on {adres}")


def _ingericht(superset: Superset, home: Home) -> Superset:
    adres = f"duckdb:///{home.current / 'publicatie.duckdb'}?access_mode=read_only"
    nieuw = {"database_name": "Jeugdmonitor", "sqlalchemy_uri": adres, "allow_dml": True}
    database = superset.vraag("post", "/database/", nieuw)["id"]
    for naam in (*TABELLEN, "merk"):
        tabel = {"database": database, "schema": "monitor", "table_name": naam}
        eigen = {"sql": MERK} if naam == "merk" else {}
        superset.dataset[naam] = superset.vraag("post", "/dataset/", tabel | eigen)["id"]
    return superset


@contextmanager
def vragend(superset: Superset, antwoorden: list[tuple[str, Antwoord]], fouten: list[str]) -> Iterator[None]:
    """Four people who keep looking at the charts, meanwhile."""
    klaar = threading.Event()

    def kijk() -> None:
        while not klaar.is_set():
            for grafiek in GRAFIEKEN:
                try:
                    antwoorden.append((grafiek, superset.teken(grafiek)))
                except Exception as fout:
                    fouten.append(repr(fout))

    kijkers = [threading.Thread(target=kijk) for _ in range(4)]
    for kijker in kijkers:
        kijker.start()
    try:
        yield
    finally:
        klaar.set()
        for kijker in kijkers:
            kijker.join()


def test_omschrijvingen_staan_bij_tabel_en_kolom(superset, home):
    for naam in TABELLEN:
        with duckdb.connect(str(home.current / "publicatie.duckdb"), read_only=True) as con:
            kolommen = dict(
                con.execute("select column_name, comment from duckdb_columns() where table_name = ?", [naam]).fetchall()
            )
            (tabel,) = con.execute("select comment from duckdb_tables() where table_name = ?", [naam]).fetchone()
        dataset = superset.vraag("get", f"/dataset/{superset.dataset[naam]}")["result"]
        assert {k["column_name"]: k["description"] for k in dataset["columns"]} == kolommen
        meta = superset.vraag("get", f"/database/1/table_metadata/?name={naam}&schema=monitor")
        assert meta["comment"] == tabel
        assert all(kolommen.values())
        assert tabel


def test_schrijven_kan_niet(superset):
    sql = {"database_id": 1, "schema": "monitor", "sql": "delete from monitor.duur"}
    antwoord = superset.http.post("/sqllab/execute/", json=sql)
    assert antwoord.status_code == 500
    assert "read-only mode" in antwoord.text


@pytest.mark.parametrize("grafiek", GRAFIEKEN)
def test_een_nieuwe_release_is_er_bij_de_volgende_vraag(superset, home, grafiek):
    gezien = set()
    for naam in switch.releases(home):
        switch.zet_current(home, naam)
        antwoord = superset.teken(grafiek)
        assert antwoord == van_release(home.releases / naam)[grafiek]
        gezien.add(antwoord)
    assert len(gezien) > 1, "the releases do not differ: the test sees nothing"


def test_grafieken_terwijl_releases_wisselen(superset, home):
    namen, antwoorden, fouten = switch.releases(home), [], []
    goed = {n: van_release(home.releases / n) for n in namen}
    with vragend(superset, antwoorden, fouten):
        for i in range(20):
            switch.zet_current(home, namen[i % len(namen)])
            time.sleep(1)
    assert fouten == []
    van = Counter(next((n for n in namen if goed[n][g] == a), "van geen enkele release") for g, a in antwoorden)
    print(f"\n{len(antwoorden)} antwoorden tijdens 20 wisselingen: {dict(van)}")
    assert "van geen enkele release" not in van
    assert len(van) > 1
    assert {g: superset.teken(g) for g in GRAFIEKEN} == goed[namen[19 % len(namen)]]


def test_grafieken_tijdens_een_verversing(superset, home):
    """The whole of a real refresh goes on underneath; readers never stand in its way, nor it in theirs."""
    switch.zet_current(home, f"{PERIODEN[-1]}-r1")
    bron, antwoorden, fouten = PROJECT / "demo" / "bench", [], []
    args = hulp.refresh_args(home.wortel, bron / "leveringen", periode=PERIODEN[-1])
    sleutel = ("--key-file", bron / "demo.key", "--settings", bron / "demo.yml")
    with vragend(superset, antwoorden, fouten):
        uitslag = hulp.draai(*args, *sleutel, cwd=home.wortel.parent, geduld=900)
    assert uitslag.code == hulp.KLAAR, uitslag.tekst
    assert home.current.readlink().name == f"{PERIODEN[-1]}-r2"
    assert fouten == []
    goed = [van_release(home.releases / f"{PERIODEN[-1]}-r{n}") for n in (1, 2)]
    print(f"\n{len(antwoorden)} antwoorden tijdens een verversing van {uitslag.duur:.0f} s")
    assert [g for g, a in antwoorden if a not in (goed[0][g], goed[1][g])] == []
    assert {g: superset.teken(g) for g in GRAFIEKEN} == goed[1]
