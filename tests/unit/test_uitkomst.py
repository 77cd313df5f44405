"""How a refresh is told: diff and its reasons, the notification, the sensor, validate."""

import email
import socketserver
import threading
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from typer.testing import CliRunner

from pipelines import notify
from pipelines.assets.leveringen import kijk
from pipelines.beeld import lezen
from pipelines.cli import app
from pipelines.periods import Halfjaar
from pipelines.quality import validate
from pipelines.quality.poorten import Oordeel
from pipelines.refresh import Verversing
from pipelines.release import database, diff
from pipelines.settings import Settings

# --- diff ------------------------------------------------------------------------------------------------------------


def publicatie(map_: Path, rijen: str) -> Path:
    map_.mkdir()
    with duckdb.connect(str(map_ / "publicatie.duckdb")) as con:
        con.execute("create schema monitor")
        con.execute(
            "create table monitor.t (verslagperiode varchar, regio_niveau varchar, regio_code varchar, soort varchar,"
            " aantal bigint, celstatus varchar)"
        )
        con.execute(f"insert into monitor.t values {rijen}")
    return map_


def test_diff_geeft_veranderde_cellen_van_beide_releases(tmp_path):
    oud = publicatie(
        tmp_path / "a",
        "('2024H1', 'gemeente', 'GM0106', 'x', 10, 'waarde'), ('2024H1', 'gemeente', 'GM0106', 'y', 20, 'waarde')",
    )
    nieuw = publicatie(
        tmp_path / "b",
        "('2024H1', 'gemeente', 'GM0106', 'x', 15, 'waarde'), ('2024H1', 'gemeente', 'GM0106', 'y', null, 'onderdrukt'),"
        " ('2024H2', 'gemeente', 'GM0106', 'x', 99, 'waarde')",  # only in the new one: not a revision
    )
    with diff.veranderd(oud, nieuw) as con:
        assert con.execute("from veranderd").fetchall() == [
            ("t", "2024H1", "gemeente", "GM0106", "x", "aantal", "10", "15"),
            ("t", "2024H1", "gemeente", "GM0106", "y", "aantal", "20", None),
        ]
        assert diff.schrijf_revisie(con, ["<reden>"], "a", "b", tmp_path / "revisie") == 2
    pagina = (tmp_path / "revisie" / "revisie.html").read_text("utf-8")
    assert "verborgen" in pagina and "&lt;reden&gt;" in pagina and "http" not in pagina
    assert [p.name for p in sorted((tmp_path / "revisie").iterdir())] == ["revisie.csv", "revisie.html"]
    assert lezen.herzien(tmp_path) == {("t", "2024H1", "GM0106")}
    with diff.veranderd(oud, oud) as con:
        assert diff.aantal(con) == 0


def test_diff_van_cellen_met_hetzelfde_nummer(tmp_path, monkeypatch):
    """The number of a key finds the rows, the key itself decides."""
    monkeypatch.setattr(database, "_zelfde_nummer", lambda _: "true")
    rijen = "('2024H1', 'gemeente', 'GM0106', 'x', {}, 'waarde'), ('2024H1', 'gemeente', 'GM0106', 'y', 20, 'waarde')"
    oud, nieuw = (publicatie(tmp_path / naam, rijen.format(x)) for naam, x in (("a", 10), ("b", 15)))
    with diff.veranderd(oud, nieuw) as con:
        assert con.execute("select cel, oud, nieuw from veranderd").fetchall() == [("x", "10", "15")]


def test_diff_van_meer_halfjaren_op_volgorde(tmp_path):
    rijen = [f"('{p}', 'gemeente', 'GM0106', '{s}', {{}}, 'waarde')" for p in ("2024H2", "2024H1") for s in ("y", "x")]
    oud, nieuw = (
        publicatie(tmp_path / naam, ", ".join(r.format(n + i) for i, r in enumerate(rijen)))
        for naam, n in (("a", 10), ("b", 20))
    )
    with diff.veranderd(oud, nieuw) as con:
        assert con.execute("select verslagperiode, cel, oud, nieuw from veranderd").fetchall() == [
            ("2024H1", "x", "13", "23"),
            ("2024H1", "y", "12", "22"),
            ("2024H2", "x", "11", "21"),
            ("2024H2", "y", "10", "20"),
        ]


def test_diff_vergelijkt_getallen_en_geen_teksten(tmp_path):
    """A count that became a double, or a zero below zero, did not change; a number that is not in both is not compared."""
    for naam, soort, nul in (("a", "bigint", "0.0"), ("b", "double", "-0.0")):
        (tmp_path / naam).mkdir()
        with duckdb.connect(str(tmp_path / naam / "publicatie.duckdb")) as con:
            con.execute("create schema monitor")
            con.execute(
                f"create table monitor.t as select '2024H1' as verslagperiode, 10::{soort} as aantal,"
                f" {nul}::double as verschil, {len(nul)}::double as echt, 1 as alleen_{naam}"
            )
    with diff.veranderd(tmp_path / "a", tmp_path / "b") as con:
        assert con.execute("select kolom, oud, nieuw from veranderd").fetchall() == [("echt", "3.0", "4.0")]


def test_diff_van_een_tabel_met_een_kolom_tabel(tmp_path):
    """The table of disclosure control has its own columns tabel and kolom: they are part of which cell it is."""
    for map_, verborgen in (("a", 3), ("b", 4)):
        (tmp_path / map_).mkdir()
        with duckdb.connect(str(tmp_path / map_ / "publicatie.duckdb")) as con:
            con.execute("create schema monitor")
            con.execute(
                "create table monitor.onthulling as select 'duur' as tabel, 'aantal' as kolom, '2024H1' as verslagperiode,"
                f" 8::bigint as waarden, {verborgen}::bigint as verborgen"
            )
    with diff.veranderd(tmp_path / "a", tmp_path / "b") as con:
        assert con.execute("from veranderd").fetchall() == [
            ("onthulling", "2024H1", "", "", "aantal / duur", "verborgen", "3", "4")
        ]


def manifest(*invoer: tuple, **rest) -> dict:
    namen = ("feed", "leverancier", "periode", "sha256")
    regels = [dict(zip(namen, i, strict=True)) | {"status": "van_kracht", "bestand": "b.csv"} for i in invoer]
    return {"invoer": regels, "periode": "2024H1", "codeversie": "1", "instellingen": {"a": 1}} | rest


def test_redenen_van_een_revisie():
    oud = manifest(("jeugdhulp", "1", "2024H1", "aa"), ("jeugdhulp", "2", "2024H1", "bb"))
    nieuw = manifest(
        ("jeugdhulp", "1", "2024H1", "ander"),
        ("jeugdhulp", "3", "2023H2", "cc"),
        ("jeugdhulp", "3", "2024H2", "dd"),
        periode="2024H2",
        codeversie="2",
        instellingen={"a": 2},
    )
    assert diff.redenen(oud, nieuw) == [
        "nagekomen levering: jeugdhulp van 3 over 2023H2",
        "nieuwe levering: jeugdhulp van 3 over 2024H2",
        "correctie door leverancier 1: jeugdhulp over 2024H1 (b.csv)",
        "levering vervallen: jeugdhulp van 2 over 2024H1",
        "andere codeversie: 1 werd 2",
        "andere instellingen: a",
    ]
    assert diff.redenen(oud, oud) == []


# --- notification ----------------------------------------------------------------------------------------------------


class Postbus(socketserver.StreamRequestHandler):
    """As much SMTP as it takes to receive a message."""

    def handle(self):
        self.wfile.write(b"220 post\r\n")
        while regel := self.rfile.readline():
            opdracht = regel[:4].upper()
            if opdracht == b"DATA":
                self.wfile.write(b"354 ga\r\n")
                tekst = b""
                while (regel := self.rfile.readline()) != b".\r\n":
                    tekst += regel
                self.server.ontvangen.append(email.message_from_bytes(tekst))
            self.wfile.write(b"221 dag\r\n" if opdracht == b"QUIT" else b"250 ok\r\n")
            if opdracht == b"QUIT":
                return


@pytest.fixture
def postbus():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postbus) as server:
        server.ontvangen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def verversing(tmp_path, oordeel: bool = False, **melding) -> Verversing:
    v = Verversing(Settings(home=tmp_path, key="geheime-sleutel", melding=melding), Halfjaar(2024, 2))
    if oordeel:
        v.oordelen = [Oordeel("L2", "t", "blokkeert", "d", False, "gefaald", 1, 1, (), "L2 klopt niet.", "select 1")]
    return v


def test_mail_bij_een_blokkade(tmp_path, postbus):
    host, poort = postbus.server_address
    notify.meld(verversing(tmp_path, oordeel=True, smtp_host=host, smtp_poort=poort, aan=["a@example.org"]))
    (mail,) = postbus.ontvangen
    assert "geblokkeerd" in str(email.header.make_header(email.header.decode_header(mail["Subject"])))
    tekst = mail.get_payload(decode=True).decode()
    assert "L2 klopt niet." in tekst and "geheime-sleutel" not in str(mail)


def test_opdracht_krijgt_de_uitkomst_en_geen_sleutel(tmp_path, monkeypatch):
    monkeypatch.setenv("JEUGDMONITOR_KEY", "geheime-sleutel")
    doel = tmp_path / "uit.txt"
    script = tmp_path / "meld.sh"
    script.write_text(f'#!/bin/sh\n{{ env; cat; }} > "{doel}"\n')
    script.chmod(0o755)
    notify.meld(verversing(tmp_path, opdracht=str(script)))
    inhoud = doel.read_text()
    assert "JEUGDMONITOR_UITKOMST=afgebroken" in inhoud and "geheime-sleutel" not in inhoud


def test_een_mislukte_melding_verandert_niets_en_standaard_gebeurt_er_niets(tmp_path, caplog):
    notify.meld(verversing(tmp_path))
    assert not caplog.records
    notify.meld(
        verversing(tmp_path, smtp_host="127.0.0.1", smtp_poort=1, aan=["a@example.org"], opdracht="/bestaat/niet")
    )
    assert [r.args[0] for r in caplog.records] == ["e-mail", "opdracht"]


def test_alleen_bij_wat_gevraagd_is(tmp_path, postbus):
    host, poort = postbus.server_address
    notify.meld(verversing(tmp_path, smtp_host=host, smtp_poort=poort, aan=["a@example.org"], bij=["uitgegeven"]))
    assert postbus.ontvangen == []


# --- arrival ---------------------------------------------------------------------------------------------------------


def test_sensor_wacht_tot_een_bestand_heel_is_en_vraagt_een_keer(tmp_path):
    instellingen = Settings(sources=tmp_path / "bronnen", home=tmp_path / "huis", key="x")
    assert isinstance(kijk(instellingen, None), dg.SkipReason)
    (tmp_path / "bronnen").mkdir()
    bestand = tmp_path / "bronnen" / "jeugdhulp__41012345__2024H1__v1.csv"
    bestand.write_text("half")
    tik = kijk(instellingen, None)
    assert not tik.run_requests
    assert bestand.name not in tik.cursor  # Dagster keeps it, and a name may hold a BSN
    bestand.write_text("half en heel")  # it grew between two ticks
    tik = kijk(instellingen, tik.cursor)
    assert not tik.run_requests
    tik = kijk(instellingen, tik.cursor)
    (verzoek,) = tik.run_requests
    assert verzoek.tags["dagster/partition"] == "2024H1"
    tik = kijk(instellingen, tik.cursor)
    assert not tik.run_requests  # nothing new
    bestand.touch()  # another time, the same content
    tik = kijk(instellingen, tik.cursor)
    assert not tik.run_requests


# --- validate --------------------------------------------------------------------------------------------------------

KOP = "bsn;geboortedatum;geslacht;postcode;verwijzer;hulpvorm;datum_aanvang"
GOED = "123456782;20150310;M;9401AB;01;02;20240110"


@pytest.mark.parametrize(
    ("rijen", "code", "woord"),
    [
        ([GOED], 0, "in orde"),
        ([], 0, "in orde, alle 0 rijen"),
        ([GOED, GOED.replace("123456782", "123456789")], 1, "geweigerd"),
        (
            [GOED.replace("20240110", f"202401{d:02d}") for d in range(1, 30)] + [GOED.replace(";M;", ";X;")],
            1,
            "1 van de 30",
        ),
    ],
)
def test_validate(tmp_path, monkeypatch, rijen, code, woord):
    monkeypatch.delenv("JEUGDMONITOR_KEY", raising=False)
    bestand = tmp_path / "jeugdhulp__41012345__2024H1__v1.csv"
    bestand.write_text("\n".join([KOP, *rijen]))
    uitslag = CliRunner().invoke(app, ["validate", str(bestand)])
    assert uitslag.exit_code == code
    tekst = " ".join(uitslag.output.split())
    assert woord in tekst and all(c in tekst for c in validate.NIET_BEOORDEELD)
    assert "123456782" not in uitslag.output
    assert [p.name for p in tmp_path.iterdir()] == [bestand.name]  # nothing kept


@pytest.mark.parametrize("naam", ["jeugdhulp__41012345__2024H1__v1.csv", "[rood] \x1b[31m.csv"])
def test_validate_toont_namen_als_tekst(tmp_path, naam):
    """A name is no markup for the terminal, and a wrong one ends nothing."""
    (tmp_path / naam).write_text(f"{KOP};[/b];[red]x\n{GOED};;")
    uitslag = CliRunner().invoke(app, ["validate", str(tmp_path / naam)], env={"COLUMNS": "200"})
    assert uitslag.exception is None or isinstance(uitslag.exception, SystemExit)
    moet = ["De kolom [/b] is", "De kolom [red]x is"] if naam.startswith("jeugd") else ["[rood] \ufffd[31m.csv: deze"]
    assert all(m in uitslag.output for m in moet)
    assert "\x1b" not in uitslag.output


def test_validate_als_csv_geeft_alle_bevindingen(tmp_path):
    bestand = tmp_path / "jeugdhulp__41012345__2024H1__v1.csv"
    bestand.write_text("\n".join([KOP, *([GOED.replace(";M;", ";X;")] * 60)]))
    uitslag = CliRunner().invoke(app, ["validate", "--csv", str(bestand)])
    regels = uitslag.output.splitlines()
    assert regels[0].replace(",", ";") == "bestand;rij;kolom;code;ernst;melding"
    assert len(regels) == 61
