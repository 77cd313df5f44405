"""The dashboard of a release: one HTML file with the published figures and a little script of its own.

It opens from a directory or from any web server, asks nothing of the network (its content security policy forbids it) and
runs no code of others. marimo was weighed: its export needs a server or 100 MB of files beside the page, and shows the
first rows of a table only.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
from markupsafe import Markup

from pipelines.beeld.lezen import AFWIJKING, KERNMATEN, LEGENDA, MATEN, Publicatie, herzien, open_publicatie
from pipelines.quality import regels
from pipelines.settings import Kaart
from pipelines.sjablonen import sjablonen

HIER = Path(__file__).parent
REGIO = "regio_niveau || ':' || regio_code"
HALFJAAR = "verslagperiode like '%H%' and regio_code <> 'onbekend'"

# name: key, values, table, which rows. One list of values per half-year in the page; the names of the values go along.
REEKSEN = {
    "pct": (
        f"{REGIO} || '|' || maat",
        ["percentage", "ondergrens", "bovengrens", "teller", "noemer"],
        "percentage_in_zorg",
        "true",
    ),
    "stroom": (
        f"{REGIO} || '|' || soort || '|' || eenheid || '|' || dimensie || '|' || categorie",
        ["beginstand", "instroom", "instroom_nieuw", "instroom_herhaald", "uitstroom", "eindstand", "in_periode"],
        "stand_stroom",
        """dimensie = 'totaal' and (regio_niveau <> 'wijk' or soort = 'jeugdhulp' and eenheid = 'jeugdigen')
           or regio_niveau <> 'wijk' and soort = 'jeugdhulp' and (
               dimensie in ('hulpvorm', 'aanbieder') and eenheid = 'jeugdigen'
               or dimensie = 'verwijzer' and eenheid = 'trajecten')""",
    ),
    "duur": (
        f"{REGIO} || '|' || dimensie || '|' || categorie",
        ["aantal", "gemiddelde_dagen", "mediaan_dagen"],
        "duur",
        "regio_niveau <> 'wijk' and dimensie in ('totaal', 'hulpvorm')",
    ),
    "her": (
        f"{REGIO} || '|' || dimensie || '|' || categorie",
        ["besluiten", "herindicaties", "percentage", "verandering"],
        "herindicaties",
        "dimensie in ('totaal', 'verwijzer')",
    ),
    "ind": (
        f"{REGIO} || '|' || indicator || '/' || maat || '/' || categorie",
        ["waarde", "ondergrens", "bovengrens", "noemer", "respons_teller", "respons_noemer"],
        "prestatie_indicatoren",
        "aanbieder = 'alle'",
    ),
}  # fmt: skip


def schrijf(release: Path, naam: str, kaart: Kaart) -> Path:
    """Write publicatie/dashboard/ of a build and give its first page; the same release gives the same bytes.

    Of a country each provincie has a page of its own, and the first page names them: all in one is too much to open.
    """
    doel = release / "publicatie" / "dashboard"
    doel.mkdir()
    omgeving = sjablonen(HIER)
    sjabloon = omgeving.get_template("dashboard.html.j2")
    stijl, script = (Markup((HIER / naam_).read_text("utf-8")) for naam_ in ("dashboard.css", "dashboard.js"))
    veranderd, leveringen = herzien(release), kwaliteit(release / "warehouse.duckdb")
    with closing(open_publicatie(release)) as publicatie:
        bladen = publicatie.bladen
        for provincie, (bestand, _) in bladen.items():
            _kies(publicatie, provincie if len(bladen) > 1 else None)
            inhoud = gegevens(publicatie, naam, kaart) | {"kwaliteit": leveringen}
            hier = {r[0].partition(":")[2] for r in inhoud["regios"]}
            inhoud["herzien"] = sorted("|".join(h) for h in veranderd if h[2] in hier)
            pagina = sjabloon.render(
                naam=naam,
                stijl=stijl,
                script=script,
                # a "<" in a name must not end the script element
                gegevens=Markup(json.dumps(inhoud, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),
            )
            (doel / bestand).write_text(pagina, "utf-8")
    if len(bladen) > 1:
        lijst = omgeving.get_template("provincies.html.j2").render(naam=naam, bladen=bladen.values())
        (doel / "index.html").write_text(lijst, "utf-8")
    return doel / "index.html"


def _kies(p: Publicatie, provincie: str | None) -> None:
    """Temporary table ``hier``: the regions of a provincie, or all of them."""
    p.con.execute(
        """create or replace temp table hier as select distinct regio_niveau, regio_code from monitor.dim_regio
           where $1 is null or provinciecode = $1""",
        [provincie],
    )


def gegevens(p: Publicatie, naam: str, kaart: Kaart) -> dict:
    """What the page shows of the regions in table ``hier``, but for the quality of the leveringen."""
    regios = p.rijen(
        """select r.regio_niveau || ':' || r.regio_code, r.regio_naam, r.gemeentecode, r.provinciecode, r.subregio
           from monitor.dim_regio as r
           semi join hier using (regio_niveau, regio_code)
           join monitor.dim_periode as d on r.jaar = d.jaar and d.verslagperiode = ?
           where r.regio_code <> 'onbekend' order by r.regio_naam, 1""",
        p.nu,
    )
    gemeenten = [r[0].removeprefix("gemeente:") for r in regios if r[0].startswith("gemeente:")]
    maatnamen = p.namen("maat")
    return {
        "release": naam,
        "perioden": p.perioden,
        "status": dict(p.rijen("select verslagperiode, status_cijfer from monitor.dim_periode")),
        "regios": regios,
        "maten": [(maat, maatnamen[maat]) for maat in MATEN],
        "verwijzers": list(p.namen("verwijzer").items()),
        "hulpvormen": list(p.namen("hulpvorm").items()),
        "indicatoren": {
            f"{i}/{m}/{c}": [i, tekst, soort, richting]
            for i, m, c, tekst, soort, richting in p.rijen(
                """select indicator, maat, categorie, omschrijving, soort_maat, richting from monitor.dim_indicator_maat
                   order by try_cast(indicator as integer) nulls last, maat, categorie"""
            )
        },
        "kernmaten": ["/".join(m) for m in KERNMATEN],
        "afwijking": AFWIJKING,
        "legenda": LEGENDA,
        "doelen": p.rijen(
            """select regio_code, doelstelling, maat, verslagperiode, waarde, doelwaarde, doeljaar, basis, bron
               from monitor.doelstelling
               where verslagperiode like '%H%' and regio_code in (select regio_code from hier)
               order by doelstelling, verslagperiode"""
        ),
        "reeksen": {r: _reeks(p, *vraag) for r, vraag in REEKSEN.items()},
        "velden": {r: velden for r, (_, velden, *_) in REEKSEN.items()},
        "vergelijking": _vergelijking(p),
        "tegels": _tegels(kaart.tegels, gemeenten),
        "grenzen": _grenzen(kaart.grenzen, set(gemeenten)) if kaart.grenzen else None,
    }


def _reeks(p: Publicatie, sleutel: str, velden: list[str], tabel: str, welke: str) -> dict[str, list]:
    """Per key a list over the half-years: the values and the celstatus, or only that when there are no values."""
    plek = {q: i for i, q in enumerate(p.perioden)}
    uit: dict[str, list] = defaultdict(lambda: [None] * len(plek))
    for code, periode, celstatus, *waarden in p.rijen(
        f"select {sleutel}, verslagperiode, celstatus, {', '.join(velden)} from monitor.{tabel} "
        f"semi join hier using (regio_niveau, regio_code) where {HALFJAAR} and ({welke}) order by 1, 2"
    ):
        leeg = all(w is None for w in waarden)
        uit[code][plek[periode]] = celstatus if leeg else [*map(_kort, waarden), celstatus]
    return uit


def _kort(waarde: float | None) -> float | int | None:
    """Whole numbers without ``.0``: the page has a million of them."""
    return int(waarde) if isinstance(waarde, float) and waarde.is_integer() else waarde


def _vergelijking(p: Publicatie) -> dict[str, dict]:
    """Per half-year and measure: the provincie, the rows that are shown, and how many are hidden."""
    uit: dict[str, dict] = {}
    for sleutel, niveau, wie, provincie, noemer, waarde, daar, afwijking, respons in p.rijen(
        """select v.verslagperiode || '|' || v.indicator || '/' || v.maat || '/' || v.categorie, v.regio_niveau,
                  case when v.aanbieder = 'alle' then v.regio_code else v.aanbieder end,
                  case when v.aanbieder = 'alle' then r.provinciecode else v.regio_code end,
                  v.noemer, v.waarde, v.provincie_waarde, v.afwijking, v.respons_percentage
           from monitor.vergelijking as v
           semi join hier on v.regio_niveau = hier.regio_niveau and v.regio_code = hier.regio_code
           join monitor.dim_periode as d on v.verslagperiode = d.verslagperiode
           join monitor.dim_regio as r on v.regio_niveau = r.regio_niveau and v.regio_code = r.regio_code and d.jaar = r.jaar
           where v.regio_code <> 'onbekend' order by 1, 2, 3, 4"""
    ):
        deel = uit.setdefault(f"{sleutel}|{niveau}|{provincie}", {"provincie": None, "rijen": [], "verborgen": 0})
        if waarde is None:
            deel["verborgen"] += 1
        else:
            deel["provincie"] = daar if deel["provincie"] is None else deel["provincie"]
            deel["rijen"].append([wie, noemer, _kort(waarde), afwijking, respons])
    return {sleutel: deel for sleutel, deel in uit.items() if deel["rijen"]}


def kwaliteit(warehouse: Path) -> dict:
    """How complete and sound the leveringen are. Shares only: numbers of rows would tell what counts hide."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        leveringen = con.execute(
            """with gekend as (
                   select feed, leverancier, min(periode) as eerste from kwaliteit.levering
                   where status = 'van_kracht' and feed not like 'cbs%' group by all),
               perioden as (select distinct periode from kwaliteit.levering where feed = 'jeugdhulp' and status = 'van_kracht')
               select g.feed, p.periode, count(*), count(l.leverancier),
                      round(100.0 * sum(l.afkeur) / nullif(sum(l.rijen), 0), 1),
                      (select count(*) from kwaliteit.levering as w
                       where w.status = 'geweigerd' and w.feed = g.feed and w.periode = p.periode)
               from gekend as g join perioden as p on g.eerste <= p.periode
               left join kwaliteit.levering as l
                   on l.feed = g.feed and l.leverancier = g.leverancier and l.periode = p.periode and l.status = 'van_kracht'
               group by g.feed, p.periode order by 1, 2"""
        ).fetchall()
        oordelen = con.execute(
            """select poort, regel, effect, count(*) filter (status = 'geslaagd'),
                      count(*) filter (status in ('gefaald', 'fout')),
                      count(*) filter (status = 'niet_van_toepassing')
               from kwaliteit.uitkomst where refresh = (select max(refresh) from kwaliteit.uitkomst)
               group by all order by poort, regel, effect"""
        ).fetchall()
    titels = {r.id: r.titel for poort in ("leveringen", "monitor") for r in regels.regels(poort)}
    return {"leveringen": leveringen, "oordelen": oordelen, "regels": titels}


def _tegels(bestand: Path, gemeenten: list[str]) -> dict[str, tuple[int, int]]:
    """Row and column per gemeente; who is not in the file gets a place in rows below it."""
    with bestand.open(encoding="utf-8", newline="") as f:
        bekend = {r["gemeentecode"]: (int(r["rij"]), int(r["kolom"])) for r in csv.DictReader(f)}
    uit = {g: bekend[g] for g in gemeenten if g in bekend}
    begin, breed = max((r for r, _ in uit.values()), default=0) + 1, max([k for _, k in uit.values()] + [6])
    rest = [g for g in gemeenten if g not in uit]
    return uit | {g: (begin + i // breed, i % breed + 1) for i, g in enumerate(rest)}


def _grenzen(bestand: Path, gemeenten: set[str]) -> dict[str, str] | None:
    """SVG paths of the boundaries in a GeoJSON (key ``statcode``), fitted in 400 units; None when it has none of these."""
    vormen = {
        f["properties"]["statcode"]: list(_ringen(f["geometry"]))
        for f in json.loads(bestand.read_text("utf-8"))["features"]
        if f["properties"].get("statcode") in gemeenten
    }
    punten = [punt for ringen in vormen.values() for ring in ringen for punt in ring]
    if not punten:
        return None
    (west, oost), (zuid, noord) = ((min(k), max(k)) for k in zip(*(q[:2] for q in punten), strict=True))
    # degrees are narrower than they are high in these parts; metres (RD) are not
    smal = 0.61 if abs(oost) <= 180 else 1.0
    maat = 400 / max((oost - west) * smal, noord - zuid, 1e-9)
    uit = {}
    for code, ringen in vormen.items():
        pad = []
        for ring in ringen:
            hoeken = [f"{(x - west) * smal * maat:.1f} {(noord - y) * maat:.1f}" for x, y, *_ in ring]
            pad.append("M" + "L".join(h for i, h in enumerate(hoeken) if i == 0 or h != hoeken[i - 1]) + "Z")
        uit[code] = "".join(pad)
    return uit


def _ringen(vorm: dict) -> Iterator[list]:
    """The rings of a Polygon or MultiPolygon."""
    delen = [vorm["coordinates"]] if vorm["type"] == "Polygon" else vorm["coordinates"]
    for deel in delen:
        yield from deel
