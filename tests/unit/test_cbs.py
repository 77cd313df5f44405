"""The CBS client against a loopback server with the real response shapes; what it writes is landed like any file."""

import json
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import polars as pl
import pytest
import xlsxwriter
from pydantic import ValidationError

from pipelines.cbs import herkomst, odata, ophalen
from pipelines.cbs.instellingen import CbsInstellingen
from pipelines.cbs.odata import CbsFout
from pipelines.cbs.tabellen import bronnen, cbs_code
from pipelines.landing import offered, store
from pipelines.landing.contracts import codelijst, contracten

V3, V4 = "/ODataFeed/odata", "/odata/v1/CBS"
GEMEENTEN = {"GM1680": "Aa en Hunze", "GM0106": "Assen", "GM0014": "Groningen (gemeente)"}
MATEN = (
    "JongerenMetJeugdhulpInNatura",
    "JongerenMetJeugdhMetVerblInNat",
    "JongerenMetJeugdbescherming",
    "JeugdbeschEnJeugdhMetVerblInNat",
    "JongerenMetJeugdreclassering",
)


# --- the stub: a small CBS -------------------------------------------------------------------------------------------


class Stub(ThreadingHTTPServer):
    """Serves ``tabellen`` (table -> part -> rows) in both versions; ``ingrepen`` are tried on an address first."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Antwoord)
        self.tabellen: dict[str, dict[str, list[dict]]] = {}
        self.ingrepen: list[tuple[str, list]] = []  # part of the address, answers in turn
        self.per_pagina = 300
        self.vragen: list[str] = []

    @property
    def adres(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def grijp_in(self, waar: str, *antwoorden) -> None:
        """The next answers to addresses that hold ``waar``; None is the ordinary answer."""
        self.ingrepen.append((waar, list(antwoorden)))

    def gevraagd(self, waar: str) -> int:
        return sum(waar in v for v in self.vragen)

    def handle_error(self, request, client_address):
        pass  # a client that hung up: on purpose


class Antwoord(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        adres = unquote(self.path)
        self.server.vragen.append(adres)
        for waar, antwoorden in self.server.ingrepen:
            if waar in adres and antwoorden:
                ingreep = antwoorden.pop(0)
                if ingreep is not None:
                    return ingreep(self)
                break
        return self.gewoon()

    def gewoon(self):
        delen = urlsplit(self.path)
        v3 = delen.path.startswith(V3)
        tabel, _, deel = delen.path.removeprefix(V3 if v3 else V4).strip("/").partition("/")
        vraag = {k: w[0] for k, w in parse_qs(delen.query).items()}
        rijen = self.server.tabellen.get(tabel, {}).get(deel.removesuffix("/$count"))
        if rijen is None:
            return self.stuur({"error": {"message": "Resource not found"}}, 404)
        if deel == "Properties":
            return self.stuur({"@odata.context": "…#Properties", **rijen[0]})
        rijen = gefilterd(rijen, vraag.get("$filter", ""))
        if deel.endswith("$count"):
            return self.stuur(("" if v3 else "\ufeff") + str(len(rijen)), soort="text/plain")
        begin, per = int(vraag.get("$skip", 0)), self.server.per_pagina
        pagina = {"odata.metadata" if v3 else "@odata.context": "…", "value": rijen[begin : begin + per]}
        if begin + per < len(rijen):
            filter_ = f"$filter={vraag['$filter']}&" if "$filter" in vraag else ""  # CBS does not encode it
            link = f"{self.server.adres}{delen.path}?{'$format=json&' if v3 else ''}{filter_}$skip={begin + per}"
            pagina["odata.nextLink" if v3 else "@odata.nextLink"] = link
        return self.stuur(pagina)

    def stuur(self, inhoud, status=200, soort="application/json", **koppen):
        ruw = inhoud.encode() if isinstance(inhoud, str) else json.dumps(inhoud, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", soort)
        self.send_header("Content-Length", str(len(ruw)))
        for naam, waarde in koppen.items():
            self.send_header(naam.replace("_", "-"), waarde)
        self.end_headers()
        self.wfile.write(ruw)


def gefilterd(rijen: list[dict], filter_: str) -> list[dict]:
    """The part of OData filters that the client uses; ``eq`` without trim is exact, as at CBS."""
    groepen = re.findall(r"\((.*?)\)(?= and \(|$)", filter_)
    assert bool(groepen) == bool(filter_)
    for groep in groepen:
        delen = groep.split(" or ")
        begin = [re.fullmatch(r"startswith\((\w+),'(.*)'\)", d) for d in delen]
        gelijk = [re.fullmatch(r"(trim\()?(\w+)\)? eq '(.*)'", d) for d in delen]
        if all(begin):
            kolom, met = begin[0][1], tuple(d[2] for d in begin)
            rijen = [r for r in rijen if r[kolom].startswith(met)]
        else:
            kolom, trim, codes = gelijk[0][2], gelijk[0][1], {d[3] for d in gelijk}
            rijen = [r for r in rijen if (r[kolom].strip() if trim else r[kolom]) in codes]
    return rijen


def fout(status, **koppen):
    return lambda a: a.stuur("storing", status, "text/plain", **koppen)


def zeg(inhoud, soort="application/json"):
    return lambda a: a.stuur(inhoud, soort=soort)


def traag(seconden):
    def antwoord(a):
        time.sleep(seconden)
        a.gewoon()

    return antwoord


def druppel(a):
    """A byte now and then: each read is in time, the whole is not."""
    a.send_response(200)
    a.end_headers()
    for _ in range(40):
        a.wfile.write(b" ")
        time.sleep(0.05)


def breek_af(a):
    a.send_response(200)
    a.send_header("Content-Length", "1000")
    a.end_headers()
    a.wfile.write(b'{"value": [')
    a.connection.shutdown(socket.SHUT_RDWR)


# --- tables in their real shapes -------------------------------------------------------------------------------------


def bevolking(jaar: int = 2024, extra: tuple[str, ...] = ()) -> dict[str, list[dict]]:
    """03759ned (v4): every age and both sexes with their totals, two measures, one observation per row."""
    leeftijden = {"10000": "Totaal", "10010": "0 jaar"} | {str(10000 + 100 * n): f"{n} jaar" for n in range(1, 25)}
    leeftijden["22000"] = "95 jaar of ouder"
    regios = ["NL01", "LD01", "PV22", "CR07", *GEMEENTEN, "GM1742", *extra]  # GM1742 is no more: nothing is printed
    rijen = [
        {
            "Measure": maat,
            "ValueAttribute": "Impossible" if regio == "GM1742" else "None",
            "Value": None if regio == "GM1742" else aantal(regio, leeftijd, geslacht) + 0.5 * (maat != "M000352"),
            "StringValue": None,
            "BurgerlijkeStaat": staat,
            "Geslacht": geslacht,
            "Leeftijd": leeftijd,
            "RegioS": regio,
            "Perioden": f"{jaar}JJ00",
        }
        for regio in regios
        for staat in ("T001019", "1010")
        for geslacht in ("T001038", "3000", "4000")
        for leeftijd in leeftijden
        for maat in ("M000352", "M000365")
    ]
    return {
        "Properties": [
            {"Identifier": "03759ned", "Title": "Bevolking op 1 januari", "Modified": "2026-06-23T00:00:00+02:00"}
            | {"ObservationCount": len(rijen), "Status": "Regulier", "Provenance": [{"Title": "x"}]}
        ],
        "MeasureCodes": [{"Identifier": m, "Title": "Bevolking", "DataType": "Long"} for m in ("M000352", "M000365")],
        "LeeftijdCodes": [{"Identifier": c, "Title": t, "DimensionGroupId": "2"} for c, t in leeftijden.items()],
        "PeriodenCodes": [
            {"Identifier": f"{j}JJ00", "Title": str(j), "Description": "", "Status": s}
            for j, s in ((jaar - 1, "Definitief"), (jaar, "NaderVoorlopig"))
        ],
        "Observations": [{"Id": nr} | rij for nr, rij in enumerate(rijen)],
    }


def aantal(regio: str, leeftijd: str, geslacht: str) -> int:
    return int(leeftijd) // 100 + len(regio) * 10 + (geslacht == "3000") + sum(map(ord, regio))


def gebieden(code_pv: int = 28, code_jz: int = 20) -> dict[str, list[dict]]:
    """Gebieden in Nederland (v3): one wide row per gemeente, codes and names padded with spaces."""
    provincie = {"GM0014": ("PV20", "Groningen (PV)")}
    rijen = [
        {
            "ID": nr,
            "RegioS": code.ljust(10),
            "Code_1": code.ljust(10),
            "Naam_2": naam.ljust(40),
            "Code_14": "GG0111",
            "Naam_15": "GGD Drenthe".ljust(60),
            f"Code_{code_jz}": "JZ0300    ",
            f"Naam_{code_jz + 1}": "Drenthe".ljust(50),
            f"Code_{code_pv}": provincie.get(code, ("PV22", ""))[0].ljust(6),
            f"Naam_{code_pv + 1}": provincie.get(code, ("", "Drenthe"))[1].ljust(40),
            "Inwonertal_56": 25386,
        }
        for nr, (code, naam) in enumerate(GEMEENTEN.items())
    ]
    info = {"ID": 0, "Title": "Gebieden in Nederland", "Modified": "2024-03-01T02:00:00"}
    return {"TableInfos": [info], "TypedDataSet": rijen}


def jeugdzorg(getypeerd: bool = True, volgnr: int = 1) -> dict[str, list[dict]]:
    """85098NED (v3): codes padded; typed numbers or text with leading spaces; the number of a column may differ."""
    cijfers = {
        "NL01": (11.7, 8.7, 1.0, 48.5, 0.3),
        "PV22": (12.0, 10.9, 1.0, 55.6, 0.3),
        "LD01": (12.4, 9.9, 1.1, 50.0, 0.4),
        "GM1680": (11.0, 10.5, 1.2, 51.0, None),
        "GM0060": (9.8, None, None, None, None),
        "GM1742": (None,) * 5,
    }

    def vorm(getal):
        return getal if getypeerd else ("." if getal is None else f"{getal:9.1f}")

    kolommen = [f"{maat}_{nr}" for nr, maat in enumerate(MATEN, volgnr)]
    perioden = {"2023HJ01": "2023 1e halfjaar*", "2023HJ02": "2023 2e halfjaar", "2023JJ00": "2023"}
    rijen = [
        {"RegioS": regio.ljust(10), "Perioden": periode} | dict(zip(kolommen, map(vorm, rij), strict=True))
        for regio, rij in cijfers.items()
        for periode in perioden
    ]
    status = {"2023HJ01": None, "2023HJ02": "NaderVoorlopig", "2023JJ00": "Definitief"}
    return {
        "TableInfos": [{"ID": 0, "Identifier": "85098NED", "Title": "Indicatoren", "Modified": "2024-10-31T02:00:00"}],
        "DataProperties": [
            {"ID": 0, "Key": "RegioS", "Type": "GeoDimension", "ParentID": None},
            {"ID": 1, "Key": "Perioden", "Type": "TimeDimension", "ParentID": None},
            {"ID": 2, "Key": "", "Type": "TopicGroup", "Title": "Indicatoren", "ParentID": None},
            *({"ID": 3, "Key": k, "Type": "Topic", "Unit": "%", "ParentID": 2} for k in kolommen),
        ],
        "Perioden": [{"Key": c, "Title": t, "Description": "\r\n", "Status": status[c]} for c, t in perioden.items()],
        "TypedDataSet": [{"ID": nr} | rij for nr, rij in enumerate(rijen)],
    }


@pytest.fixture
def cbs(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    stub = Stub()
    stub.tabellen = {"03759ned": bevolking(), "85755NED": gebieden(), "85098NED": jeugdzorg()}
    threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield stub
    stub.shutdown()
    stub.server_close()


class Werk:
    """A sources directory, a home, and the client pointed at the stub."""

    def __init__(self, map_: Path, stub: Stub):
        self.sources, self.register = map_ / "leveringen", map_ / "monitor" / "cbs_herkomst.json"
        self.sources.mkdir()
        self.instellingen = CbsInstellingen(
            online=True, v3=stub.adres + V3, v4=stub.adres + V4 + "/", timeout_s=5, pogingen=3, wachttijd_s=0.001
        )

    def haal(self, feed: str, periode: str, **anders) -> ophalen.Opgehaald:
        return ophalen.haal_op(feed, periode, self.instellingen.met(**anders), self.sources, self.register)

    def weigert(self, feed: str, periode: str, tekst: str, **anders) -> str:
        """It is an error that says ``tekst``, and nothing was written anywhere."""
        voor = self.bestanden()
        with pytest.raises(CbsFout, match=tekst) as fout_:
            self.haal(feed, periode, **anders)
        assert self.bestanden() == voor
        assert not list(self.sources.rglob(".*"))
        assert "127.0.0.1" not in str(fout_.value)  # no values of settings in messages
        return str(fout_.value)

    def bestanden(self) -> list[str]:
        return sorted(p.name for p in self.sources.rglob("*") if p.is_file())

    def zet_neer(self, naam: str, *rijen: str) -> None:
        (self.sources / "2024").mkdir(exist_ok=True)
        (self.sources / "2024" / naam).write_text("\n".join(rijen), "utf-8")


@pytest.fixture
def werk(tmp_path, cbs):
    return Werk(tmp_path, cbs)


def geland(pad: Path) -> pl.DataFrame:
    """The rows as landing takes them: all of them, without one finding."""
    aanbod = offered.bestand_van(pad)
    assert aanbod["code"].item() is None
    uitkomst, onleesbaar, extra = store.lees_en_beoordeel(aanbod)
    assert not onleesbaar
    assert uitkomst.afgekeurd.height + uitkomst.bevindingen.height + extra.height == 0
    return uitkomst.goed


# --- each feed -------------------------------------------------------------------------------------------------------


def test_bevolking_v4(cbs, werk):
    gehaald = werk.haal("cbs_bevolking", "2024")
    assert gehaald.pad.name == "cbs_bevolking__cbs__2024__v1.csv"
    rijen = geland(gehaald.pad)
    # 5 regions (land, provincie, 3 gemeenten) x 23 ages x 2 sexes; the gemeente that is no more is left out
    assert rijen.height == gehaald.rijen == 5 * 23 * 2
    assert set(rijen["regio"]) == {"NL01", "PV22", *GEMEENTEN}
    assert (rijen["leeftijd"].min(), rijen["leeftijd"].max(), set(rijen["geslacht"])) == (0, 22, {"M", "V"})
    assert set(rijen["peildatum"].dt.strftime("%Y-%m-%d")) == {"2024-01-01"}
    verwacht = {
        ("GM1680", 0, "M"): aantal("GM1680", "10010", "3000"),
        ("NL01", 22, "V"): aantal("NL01", "12200", "4000"),
    }
    gevonden = {(r, le, g): n for r, le, g, n in rijen.select("regio", "leeftijd", "geslacht", "aantal").iter_rows()}
    assert {k: gevonden[k] for k in verwacht} == verwacht
    (vraag,) = (v for v in cbs.vragen if "/Observations?" in v)
    assert "(startswith(RegioS,'NL01') or startswith(RegioS,'PV') or startswith(RegioS,'GM'))" in vraag
    assert "(Perioden eq '2024JJ00')" in vraag
    assert vraag.count("Leeftijd eq") == 23


def test_bladert_tot_de_korte_laatste_pagina(cbs, werk):
    cbs.per_pagina = 100  # 276 observations: 100, 100, 76
    assert geland(werk.haal("cbs_bevolking", "2024").pad).height == 230
    assert [v.rpartition("$skip=")[2] for v in cbs.vragen if "$skip" in v] == ["100", "200"]


@pytest.mark.parametrize(("pv", "jz"), [(28, 20), (26, 18)])
def test_gebieden_v3_kolomnummers_wisselen(cbs, werk, pv, jz):
    cbs.tabellen["85755NED"] = gebieden(pv, jz)
    rijen = geland(werk.haal("cbs_gebieden", "2024").pad)
    kolommen = ("jaar", "gemeentecode", "gemeentenaam", "provinciecode", "provincienaam", "jeugdregio", "subregio")
    assert rijen.select(kolommen).sort("gemeentecode").rows() == [
        (2024, "GM0014", "Groningen", "PV20", "Groningen", "Drenthe", None),
        (2024, "GM0106", "Assen", "PV22", "Drenthe", "Drenthe", "Noordmidden"),
        (2024, "GM1680", "Aa en Hunze", "PV22", "Drenthe", "Drenthe", "Noordmidden"),
    ]


def test_gebieden_alleen_van_de_provincies(werk):
    assert set(geland(werk.haal("cbs_gebieden", "2024", provincies=["PV22"]).pad)["gemeentecode"]) == {
        "GM0106",
        "GM1680",
    }


def test_gebieden_zonder_tabel_voor_het_jaar(werk):
    werk.weigert("cbs_gebieden", "2040", "Voor 2040 staat geen tabel van cbs_gebieden")


@pytest.mark.parametrize("getypeerd", [True, False])
@pytest.mark.parametrize("volgnr", [1, 7])
def test_jeugdzorg_v3(cbs, werk, getypeerd, volgnr):
    cbs.tabellen["85098NED"] = jeugdzorg(getypeerd, volgnr)
    cbs.per_pagina = 4
    gehaald = werk.haal("cbs_jeugdzorg", "2023H1")
    assert (gehaald.pad.name, gehaald.status) == ("cbs_jeugdzorg__cbs__2023H1__v1.csv", "voorlopig")
    rijen = geland(gehaald.pad)
    assert set(rijen["verslagperiode"]) == {"2023H1"}
    waarden = {(r, m): w for r, m, w in rijen.select("regio", "maat", "waarde").iter_rows()}
    assert len(waarden) == rijen.height == 4 * 4  # 4 regions with figures, 4 of the 5 measures have a maat
    assert [waarden["PV22", m] for m in codelijst("maat")["code"] if ("PV22", m) in waarden] == [12.0, 10.9, 1.0, 0.3]
    assert (waarden["GM1680", "jeugdreclassering"], waarden["GM0060", "jeugdhulp"]) == (None, 9.8)
    assert waarden["GM0060", "jeugdbescherming"] is None


@pytest.mark.parametrize(
    ("periode", "naam", "verslagperiode", "status"),
    [
        ("2023", "cbs_jeugdzorg__cbs__2023__v1.csv", "2023JJ", "definitief"),
        ("2023H2", "cbs_jeugdzorg__cbs__2023H2__v1.csv", "2023H2", "nader voorlopig"),
    ],
)
def test_jeugdzorg_jaar_en_halfjaar(werk, periode, naam, verslagperiode, status):
    gehaald = werk.haal("cbs_jeugdzorg", periode)
    assert (gehaald.pad.name, gehaald.status, gehaald.gewijzigd) == (naam, status, "2024-10-31")
    assert set(geland(gehaald.pad)["verslagperiode"]) == {verslagperiode}


def test_opgevulde_codes_worden_gevonden(werk):
    with odata.OData("v3", werk.instellingen) as dienst:
        gehaald = dienst.waarnemingen("85098NED", [odata.Voorwaarde("RegioS", ("GM1680", "NL01"))])
    assert (gehaald.aangekondigd, gehaald.rijen["RegioS"].to_list()) == (6, ["NL01"] * 3 + ["GM1680"] * 3)


def test_nog_niet_gepubliceerd_maakt_geen_bestand(cbs, werk):
    gehaald = werk.haal("cbs_jeugdzorg", "2024H1")
    assert (gehaald.uitkomst, werk.bestanden(), werk.register.exists()) == ("leeg", [], False)
    assert "(nog) geen cijfers" in str(gehaald)


@pytest.mark.parametrize("periode", ["2024H1", "2024JJ", "24", ""])
def test_periode_die_niet_bij_de_feed_hoort(werk, periode):
    werk.weigert("cbs_bevolking", periode, "hoort niet bij cbs_bevolking; er is per jaar")


def test_onvolledige_regio_wordt_weggelaten_en_gemeld(cbs, werk):
    for rij in cbs.tabellen["03759ned"]["Observations"]:
        if rij["RegioS"] == "GM0106" and rij["Leeftijd"] == "10500" and rij["Geslacht"] == "3000":
            rij |= {"Value": 0, "ValueAttribute": "Confidential"}
    gehaald = werk.haal("cbs_bevolking", "2024")
    assert set(geland(gehaald.pad)["regio"]) == {"NL01", "PV22", "GM1680", "GM0014"}
    assert "1 keer regio weggelaten" in str(gehaald)


# --- versions of leveringen and where they come from -----------------------------------------------------------------


def test_zelfde_inhoud_geen_nieuw_bestand_andere_wel(cbs, werk):
    eerste = werk.haal("cbs_jeugdzorg", "2023")
    cbs.tabellen["85098NED"]["TableInfos"][0]["Modified"] = "2025-04-30T02:00:00"
    tweede = werk.haal("cbs_jeugdzorg", "2023")
    assert (tweede.uitkomst, tweede.pad, werk.bestanden()) == ("ongewijzigd", eerste.pad, [eerste.pad.name])
    assert "ongewijzigd sinds cbs_jeugdzorg__cbs__2023__v1.csv" in str(tweede)
    assert herkomst.lees(werk.register)["gewijzigd"].to_list() == ["2025-04-30"]  # the register follows the table
    for rij in cbs.tabellen["85098NED"]["TypedDataSet"]:
        rij[f"{MATEN[0]}_1"] = 13.9
    derde = werk.haal("cbs_jeugdzorg", "2023")
    assert (derde.uitkomst, derde.pad.name) == ("nieuw", "cbs_jeugdzorg__cbs__2023__v2.csv")
    assert herkomst.lees(werk.register)["bestand"].to_list() == [eerste.pad.name, derde.pad.name]
    assert set(offered.aanbod(werk.sources)["code"]) == {None}


def test_bestand_met_dezelfde_inhoud_in_een_andere_vorm(cbs, werk):
    """The newest levering is an xlsx with commas and other row order: the content counts, not the bytes."""
    rijen = geland(werk.haal("cbs_jeugdzorg", "2023").pad).sort("maat", descending=True)
    kolommen = list(contracten()["cbs_jeugdzorg"].kolommen)
    with xlsxwriter.Workbook(str(werk.sources / "cbs_jeugdzorg__cbs__2023__v7.xlsx")) as boek:
        blad = boek.add_worksheet()
        blad.write_row(0, 0, kolommen)
        for nr, kolom in enumerate(kolommen):
            blad.write_column(1, nr, rijen[kolom].cast(pl.String).str.replace(".", ",", literal=True).fill_null(""))
    assert werk.haal("cbs_jeugdzorg", "2023").pad.name == "cbs_jeugdzorg__cbs__2023__v7.xlsx"
    cbs.tabellen["85098NED"]["TypedDataSet"][2][f"{MATEN[0]}_1"] = 1.5
    assert werk.haal("cbs_jeugdzorg", "2023").pad.name == "cbs_jeugdzorg__cbs__2023__v8.csv"


def test_wijken_van_de_vorige_levering_blijven(werk):
    """03759ned has no wijken: what was delivered of them as a file would be lost, for the latest levering replaces all."""
    werk.zet_neer(
        "cbs_bevolking__cbs__2024__v3.csv",
        "regio;peildatum;leeftijd;geslacht;aantal",
        "WK010600;20240101;7;M;31",
        "GM0106;20240101;7;M;9",
    )
    gehaald = werk.haal("cbs_bevolking", "2024")
    rijen = geland(gehaald.pad)
    assert gehaald.pad.name == "cbs_bevolking__cbs__2024__v4.csv"
    assert rijen.filter(regio="WK010600").select("leeftijd", "geslacht", "aantal").rows() == [(7, "M", 31)]
    assert rijen.filter(regio="GM0106", leeftijd=7, geslacht="M")["aantal"].to_list() == [
        aantal("GM0106", "10700", "3000")
    ]
    assert "1 rijen WK zijn overgenomen" in str(gehaald)
    assert werk.haal("cbs_bevolking", "2024").uitkomst == "ongewijzigd"


def test_subregio_van_de_vorige_levering_gaat_voor(werk):
    kop = "jaar;gemeentecode;gemeentenaam;provinciecode;provincienaam;jeugdregio;subregio"
    werk.zet_neer(
        "cbs_gebieden__cbs__2024__v1.csv",
        kop,
        "2024;0106;Assen;22;Drenthe;Drenthe;Noord",
        "2024;GM0014;Groningen;PV20;Groningen;Groningen;Stad",
    )
    rijen = geland(werk.haal("cbs_gebieden", "2024").pad)
    assert dict(rijen.select("gemeentecode", "subregio").iter_rows()) == {
        "GM0106": "Noord",
        "GM0014": "Stad",
        "GM1680": "Noordmidden",
    }


def test_van_een_levering_met_afkeur_wordt_niets_overgenomen(werk):
    werk.zet_neer(
        "cbs_bevolking__cbs__2024__v1.csv",
        "regio;peildatum;leeftijd;geslacht;aantal",
        "WK010600;20240101;7;M;31",
        "WK010600;20240101;7;X;9",
    )
    gehaald = werk.haal("cbs_bevolking", "2024")
    assert gehaald.pad.name.endswith("v2.csv")
    assert geland(gehaald.pad).filter(pl.col("regio").str.starts_with("WK")).is_empty()
    assert "cbs_bevolking__cbs__2024__v1.csv heeft afgekeurde rijen" in str(gehaald)


def test_herkomst_per_levering(werk):
    gehaald = werk.haal("cbs_bevolking", "2024")
    werk.zet_neer("cbs_bevolking__cbs__2023__v1.csv", "regio;peildatum;leeftijd;geslacht;aantal")
    regel = herkomst.lees(werk.register).row(0, named=True)
    assert regel == {
        "bestand": "cbs_bevolking__cbs__2024__v1.csv",
        "sha256": offered.bestand_van(gehaald.pad)["sha256"].item(),
        "feed": "cbs_bevolking",
        "periode": "2024",
        "tabel": "03759ned",
        "titel": "Bevolking op 1 januari",
        "versie": "v4",
        "gewijzigd": "2026-06-23",
        "status": "nader voorlopig",
        "waarnemingen": 276,
        "aangekondigd": 276,
        "rijen": 230,
    }
    aanbod = offered.aanbod(werk.sources)
    assert herkomst.per_levering(werk.register, aanbod).select("bron", "tabel", "status").rows() == [
        ("bestand", None, None),
        ("CBS OData", "03759ned", "nader voorlopig"),
    ]
    anders = aanbod.with_columns(sha256=pl.lit("0"))  # the file was changed by hand after it was fetched
    assert set(herkomst.per_levering(werk.register, anders)["bron"]) == {"bestand"}


def test_beschadigd_register(werk):
    werk.register.parent.mkdir()
    werk.register.write_text('{"leveringen": [1')
    with pytest.raises(CbsFout, match=r"register cbs_herkomst\.json is beschadigd"):
        herkomst.lees(werk.register)


def test_thuismap_binnen_de_bronmap(werk):
    werk.register = werk.sources / "monitor" / "cbs_herkomst.json"
    werk.weigert("cbs_bevolking", "2024", "thuismap ligt binnen de map met leveringen")


# --- offline and all feeds together ----------------------------------------------------------------------------------


def test_offline_is_de_standaard_en_vraagt_niets(cbs, werk):
    meldingen = []
    assert CbsInstellingen().online is False
    gedaan = ophalen.ververs_cbs(
        [2024], werk.instellingen.met(online=False), werk.sources, werk.register, meldingen.append
    )
    assert {g.uitkomst for g in gedaan} == {"offline", "bestand"}
    assert (cbs.vragen, werk.bestanden(), werk.register.exists()) == ([], [], False)
    assert meldingen[0] == (
        "CBS: offline (cbs.online staat uit). Er is niets opgehaald; de aangeleverde bestanden worden gebruikt."
    )


def test_ververs_haalt_alle_feeds_en_een_fout_raakt_de_andere_niet(cbs, werk):
    cbs.tabellen["85385NED"] = gebieden()
    cbs.tabellen["03759ned"]["Observations"] += bevolking(2023)["Observations"]
    cbs.tabellen["03759ned"]["Properties"][0]["ObservationCount"] *= 2
    del cbs.tabellen["85755NED"]
    meldingen = []
    gedaan = ophalen.ververs_cbs([2024, 2023, 2024], werk.instellingen, werk.sources, werk.register, meldingen.append)
    assert [(g.feed, g.periode, g.uitkomst) for g in gedaan] == [
        ("cbs_bevolking", "2023", "nieuw"),
        ("cbs_bevolking", "2024", "nieuw"),
        ("cbs_gebieden", "2023", "nieuw"),
        ("cbs_gebieden", "2024", "mislukt"),
        ("cbs_jeugdzorg", "2023H1", "nieuw"),
        ("cbs_jeugdzorg", "2023H2", "nieuw"),
        ("cbs_jeugdzorg", "2023", "nieuw"),
        ("cbs_jeugdzorg", "2024H1", "leeg"),
        ("cbs_jeugdzorg", "2024H2", "leeg"),
        ("cbs_jeugdzorg", "2024", "leeg"),
        ("cbs_postcodes", "", "bestand"),
    ]
    assert meldingen == [str(g) for g in gedaan]
    assert meldingen[1] == (
        "cbs_bevolking 2024: 230 rijen uit CBS-tabel 03759ned (gewijzigd 2026-06-23, nader voorlopig), in "
        "cbs_bevolking__cbs__2024__v1.csv"
    )
    aanbod = offered.aanbod(werk.sources)
    assert (aanbod.height, set(aanbod["code"])) == (6, {None})
    assert sum(geland(Path(p)).height for p in aanbod["pad"]) == 2 * 230 + 3 + 3 * 16


# --- when the service misbehaves -------------------------------------------------------------------------------------


def test_aantal_verandert_een_keer_onderweg(cbs, werk):
    """The table is renewed while page 2 is fetched: all is fetched anew, and whole."""
    cbs.per_pagina = 100

    def nieuwe_gemeente(a):
        cbs.tabellen["03759ned"] = bevolking(extra=("GM1699",))
        a.gewoon()

    cbs.grijp_in("$skip=100", nieuwe_gemeente)
    assert "GM1699" in set(geland(werk.haal("cbs_bevolking", "2024").pad)["regio"])
    assert cbs.gevraagd("$skip=100") == 2


def test_tabel_wordt_vernieuwd_met_hetzelfde_aantal(cbs, werk):
    """The old page was served when the table was renewed: only its modification date tells."""

    def oude_pagina(a):
        a.gewoon()
        for rij in cbs.tabellen["85098NED"]["TypedDataSet"]:
            rij[f"{MATEN[0]}_1"] = 99.9
        cbs.tabellen["85098NED"]["TableInfos"][0]["Modified"] = "2025-04-30T02:00:00"

    cbs.grijp_in("TypedDataSet?", oude_pagina)
    gehaald = werk.haal("cbs_jeugdzorg", "2023")
    assert (gehaald.gewijzigd, cbs.gevraagd("TypedDataSet?")) == ("2025-04-30", 2)
    assert set(geland(gehaald.pad).filter(maat="jeugdhulp")["waarde"]) == {99.9}


def test_aantal_verandert_steeds(cbs, werk):
    cbs.grijp_in("$count", *(zeg(str(n), "text/plain") for n in (276, 300, 276, 310)))
    tekst = werk.weigert("cbs_bevolking", "2024", "03759ned veranderde terwijl zij werd opgehaald, ook de tweede keer")
    assert "276" in tekst
    assert "310" in tekst
    assert cbs.gevraagd("/Observations?") == 2


def test_minder_dan_aangekondigd_is_een_fout(cbs, werk):
    """One page without a next link, though more was announced: as one user reported of v4 at 50.000 rows."""
    cbs.grijp_in("$count", *(zeg("50000", "text/plain") for _ in range(4)))
    werk.weigert("cbs_bevolking", "2024", "kondigt voor tabel 03759ned 50000 waarnemingen aan en levert er 276")


def test_meer_dan_aangekondigd_stopt(cbs, werk):
    cbs.per_pagina = 20
    cbs.grijp_in("$count", *(zeg("30", "text/plain") for _ in range(4)))
    werk.weigert("cbs_bevolking", "2024", "30 waarnemingen aan en levert er meer")
    assert sum("/Observations?" in v and "$skip" in v for v in cbs.vragen) == 2  # each round: one page past the first


@pytest.mark.parametrize("antwoord", [fout(404), fout(400), fout(501), zeg("<html>", "text/html"), zeg("")])
def test_geen_aantal_aangekondigd(cbs, werk, antwoord):
    cbs.grijp_in("$count", antwoord, antwoord)
    gehaald = werk.haal("cbs_bevolking", "2024")
    assert gehaald.rijen == 230
    assert "kondigde geen aantal aan" in str(gehaald)
    assert herkomst.lees(werk.register)["aangekondigd"].to_list() == [None]


@pytest.mark.parametrize(
    "antwoord",
    [fout(500), fout(503), fout(429, Retry_After="0"), fout(408), breek_af],
    ids=["500", "503", "429", "408", "verbroken"],
)
def test_fout_halverwege_alleen_die_pagina_opnieuw(cbs, werk, antwoord):
    cbs.per_pagina = 100
    cbs.grijp_in("$skip=200", antwoord, antwoord)
    assert geland(werk.haal("cbs_bevolking", "2024").pad).height == 230
    assert (cbs.gevraagd("$skip=200"), cbs.gevraagd("$skip=100")) == (3, 1)


@pytest.mark.parametrize("antwoord", [fout(500), fout(429), breek_af])
def test_blijvende_fout_houdt_op(cbs, werk, antwoord):
    cbs.per_pagina = 100
    cbs.grijp_in("$skip=100", *[antwoord] * 50)
    werk.weigert("cbs_bevolking", "2024", "geen antwoord op 03759ned/Observations: .*, 3 keer geprobeerd")
    assert cbs.gevraagd("$skip=100") == 3


def test_wachttijd_verdubbelt_en_is_begrensd(cbs, werk, monkeypatch):
    gewacht = []
    # only there: other threads (the long runs of the flow tests) sleep too
    monkeypatch.setattr(odata, "time", SimpleNamespace(**vars(time) | {"sleep": gewacht.append}))
    cbs.grijp_in(
        "PeriodenCodes", fout(503), fout(503, Retry_After="7"), fout(503), fout(503, Retry_After="900"), fout(503)
    )
    werk.haal("cbs_bevolking", "2024", pogingen=6, wachttijd_s=1, wachttijd_max_s=30)
    assert gewacht == [1, 7, 4, 30, 16]


@pytest.mark.parametrize("antwoord", [traag(0.8), druppel], ids=["stil", "druppelt"])
def test_traag_antwoord_is_een_time_out_en_wordt_herhaald(cbs, werk, antwoord):
    cbs.grijp_in("/Observations?", antwoord)
    begin = time.monotonic()
    assert geland(werk.haal("cbs_bevolking", "2024", timeout_s=0.25).pad).height == 230
    assert cbs.gevraagd("/Observations?") == 2
    assert time.monotonic() - begin < 5


def test_altijd_traag_houdt_op(cbs, werk):
    cbs.grijp_in("/Observations?", *[traag(0.5)] * 5)
    werk.weigert("cbs_bevolking", "2024", "het antwoord duurt te lang, 2 keer geprobeerd", timeout_s=0.1, pogingen=2)


def test_geen_verbinding(werk):
    with socket.socket() as bezet:
        bezet.bind(("127.0.0.1", 0))  # bound but not listening
        dicht = f"http://127.0.0.1:{bezet.getsockname()[1]}"
        werk.weigert("cbs_bevolking", "2024", "de verbinding komt niet tot stand", v4=dicht)


def test_vervolg_op_een_andere_dienst_wordt_geweigerd(cbs, werk):
    ander = Stub()
    threading.Thread(target=ander.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    link = f"{ander.adres}{V4}/03759ned/Observations?$skip=1"
    cbs.grijp_in("/Observations?", zeg({"value": [], "@odata.nextLink": link}))
    werk.weigert("cbs_bevolking", "2024", "verwijst voor de volgende pagina naar een andere dienst")
    ander.shutdown()
    ander.server_close()
    assert ander.vragen == []


@pytest.mark.parametrize(
    ("link", "verwacht"),
    [
        ("https://opendata.cbs.nl/ODataFeed/odata/x/T?$skip=1", "https://opendata.cbs.nl/ODataFeed/odata/x/T?$skip=1"),
        ("http://opendata.cbs.nl/x?$skip=1", "https://opendata.cbs.nl/x?$skip=1"),  # plain http is never used
        ("T?$skip=1", "https://opendata.cbs.nl/ODataFeed/odata/x/T?$skip=1"),
        ("https://opendata.cbs.nl:8443/x", None),
        ("https://opendata.cbs.nl.example.org/x", None),
        ("//example.org/x", None),
        ("file:///etc/passwd", None),
        ("https://[", None),
    ],
)
def test_vervolglink(link, verwacht):
    with odata.OData("v3", CbsInstellingen()) as dienst:
        huidig = httpx.URL("https://opendata.cbs.nl/ODataFeed/odata/x/T")
        if verwacht:
            assert unquote(str(dienst._vervolg(huidig, link, "x/T"))) == verwacht
        else:
            with pytest.raises(CbsFout):
                dienst._vervolg(huidig, link, "x/T")


def test_vervolg_dat_rondloopt(cbs, werk):
    cbs.grijp_in("$count", *(fout(404) for _ in range(4)))
    lus = {"value": [], "@odata.nextLink": f"{cbs.adres}{V4}/03759ned/Observations?$skip=5"}
    cbs.grijp_in("/Observations?", zeg(lus), zeg(lus), zeg(lus))
    werk.weigert("cbs_bevolking", "2024", "steeds naar dezelfde pagina")


def test_onbekende_tabel(cbs, werk):
    del cbs.tabellen["85098NED"]
    werk.weigert("cbs_jeugdzorg", "2023", r"kent 85098NED/Perioden niet \(meer\)")


def test_geweigerde_vraag(cbs, werk):
    cbs.grijp_in("TypedDataSet?", fout(400))
    werk.weigert("cbs_jeugdzorg", "2023", r"weigert de vraag naar 85098NED/TypedDataSet \(HTTP 400\)")


@pytest.mark.parametrize(
    "inhoud",
    [
        "<html>Onderhoud</html>",
        "",
        "[]",
        "null",
        '{"value": {}}',
        '{"error": {"code": ""}}',
        '{"value": [1, 2]}',
        '{"value": [{"Id": 1}, 2]}',
        '{"value": [{"Id": ' + "9" * 400 + "}]}",
        '{"value": [{"a": 1}]}',
        "[" * 100_000,
        b"\xff\xfe".decode("latin-1"),
    ],
)
@pytest.mark.parametrize("waar", ["/Observations?", "LeeftijdCodes", "Properties"])
def test_geen_odata_is_een_duidelijke_fout(cbs, werk, waar, inhoud):
    cbs.grijp_in(waar, *[zeg(inhoud)] * 8)
    cbs.grijp_in("$count", *(fout(404) for _ in range(4)))
    werk.weigert("cbs_bevolking", "2024", "CBS")


# --- when the table is not as declared -------------------------------------------------------------------------------


def test_maat_die_er_niet_is(cbs, werk):
    for eigenschap in cbs.tabellen["85098NED"]["DataProperties"]:
        eigenschap["Key"] = eigenschap["Key"].replace("JongerenMetJeugdbescherming", "JongerenMetMaatregel")
    werk.weigert("cbs_jeugdzorg", "2023", "niet precies een maat JongerenMetJeugdbescherming")


def test_maat_die_er_twee_keer_is(cbs, werk):
    dubbel = {"Key": "JongerenMetJeugdbescherming_9", "Type": "Topic"}
    cbs.tabellen["85098NED"]["DataProperties"].append(dubbel)
    werk.weigert("cbs_jeugdzorg", "2023", "niet precies een maat JongerenMetJeugdbescherming")


def test_leeftijd_zonder_code(cbs, werk):
    codes = cbs.tabellen["03759ned"]["LeeftijdCodes"]
    cbs.tabellen["03759ned"]["LeeftijdCodes"] = [c for c in codes if c["Title"] != "13 jaar"]
    werk.weigert(
        "cbs_bevolking", "2024", "dimensie Leeftijd van het CBS heeft niet een code voor elk van 0 tot en met 22"
    )


def test_dimensie_die_ontbreekt(cbs, werk):
    cbs.grijp_in("TypedDataSet?", lambda a: a.stuur({"value": [{"Regio": "NL01", "Perioden": "2023JJ00"}] * 5}))
    werk.weigert("cbs_jeugdzorg", "2023", "ontbreekt RegioS")


def test_dimensie_te_veel_telt_niet_dubbel(cbs, werk):
    rijen = cbs.tabellen["85098NED"]["TypedDataSet"]
    cbs.tabellen["85098NED"]["TypedDataSet"] = [r | {"Herkomst": h} for r in rijen for h in ("A", "B")]
    werk.weigert("cbs_jeugdzorg", "2023", "meer dan een cijfer met dezelfde regio, verslagperiode, maat")


def test_gebied_zonder_jeugdregio(cbs, werk):
    for rij in cbs.tabellen["85755NED"]["TypedDataSet"]:
        rij["Code_20"] = "JR01"
    werk.weigert("cbs_gebieden", "2024", "niet precies een indeling met codes JZ")


def test_wat_niet_in_het_contract_past_wordt_niet_geschreven(cbs, werk):
    cbs.tabellen["03759ned"]["Observations"] = [
        r | {"Value": -3} if r["RegioS"] == "PV22" else r for r in cbs.tabellen["03759ned"]["Observations"]
    ]
    tekst = werk.weigert("cbs_bevolking", "2024", r"past niet in het contract \(46 rijen afgekeurd\)")
    assert "aantal" in tekst


# --- declaration and settings ----------------------------------------------------------------------------------------


def test_elke_cbs_feed_is_verklaard_en_vult_zijn_contract():
    verklaard = bronnen()
    assert set(verklaard) == {f for f in contracten() if f.startswith("cbs_")}
    geteld = 0
    for feed, bron in verklaard.items():
        if bron.bestand:
            continue
        kolommen = {d.kolom for d in bron.dimensies.values()} | {bron.maatkolom, bron.waardekolom, *bron.vast}
        kolommen |= {k for g in bron.gebied.values() for k in (g.code, g.naam)} | set(bron.behoud.kolommen)
        assert kolommen - {None} == set(contracten()[feed].kolommen)
        assert all(contracten()[feed].periode_geldig(p) for p in bron.perioden_van(2024))
        geteld += 1
    assert geteld == 3
    assert set(verklaard["cbs_jeugdzorg"].maten.values()) <= set(codelijst("maat")["code"])
    assert set(verklaard["cbs_bevolking"].dimensies["Geslacht"].codes.values()) == set(
        codelijst("geslacht_bevolking")["code"]
    )
    assert [verklaard["cbs_gebieden"].tabel_van(j) for j in (2022, 2024)] == ["85067NED", "85755NED"]


def test_periodecodes():
    assert [cbs_code(p) for p in ("2024", "2023H1", "2023H2")] == ["2024JJ00", "2023HJ01", "2023HJ02"]
    with pytest.raises(ValueError, match="geen periode"):
        cbs_code("2023JJ")


@pytest.mark.parametrize(
    ("titel", "omschrijving", "status", "verwacht"),
    [
        ("2023", "", "Definitief", "definitief"),
        ("2023 1e halfjaar", "", "NaderVoorlopig", "nader voorlopig"),
        ("2023*", "", None, "voorlopig"),
        ("2023**", "\r\n", None, "nader voorlopig"),
        ("2023", "Cijfers zijn nader voorlopig.", "", "nader voorlopig"),
        ("2023", "", None, None),
        ("2023", "", "Anders", None),
    ],
)
def test_status_van_een_periode(cbs, werk, titel, omschrijving, status, verwacht):
    rij = {"Key": "2023JJ00", "Title": titel, "Description": omschrijving, "Status": status}
    cbs.tabellen["85098NED"]["Perioden"] = [rij]
    with odata.OData("v3", werk.instellingen) as dienst:
        assert dienst.codes("85098NED", "Perioden")["status"].to_list() == [verwacht]


@pytest.mark.parametrize(
    "adres",
    [
        "ftp://cbs.nl",
        "cbs.nl/odata",
        "https://",
        "https://naam:geheim@cbs.nl/x",
        "https://cbs.nl/?x=geheim",
        "http://[",
    ],
)
def test_adres_dat_geen_adres_is_wordt_niet_herhaald(adres):
    with pytest.raises(ValidationError) as fout_:
        CbsInstellingen(v3=adres)
    (regel,) = fout_.value.errors(include_input=False, include_url=False, include_context=False)
    assert "geen basisadres" in regel["msg"]
    assert "geheim" not in regel["msg"]


def test_instellingen_met_houdt_de_regels():
    assert CbsInstellingen().met(online=None, pogingen=2).pogingen == 2
    with pytest.raises(ValidationError):
        CbsInstellingen().met(pogingen=0)
    with pytest.raises(ValidationError):
        CbsInstellingen(provincies=["Drenthe"])
