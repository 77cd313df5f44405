"""The factsheet of every gemeente: one content, shown as a page (jinja2) and as a PDF of two pages (Typst).

Typst is one wheel without system libraries or a browser, takes a fraction of a second per gemeente, and writes tagged PDF
(PDF/UA), which readers with a screen reader need. Its fonts come from a package, so the bytes are the same everywhere.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import typst

from pipelines.beeld import grafiek, zinnen
from pipelines.beeld.lezen import AFWIJKING, KERNMATEN, LEGENDA, MATEN, TEKENS, Publicatie, herzien, open_publicatie
from pipelines.beeld.zinnen import Schatting, procent
from pipelines.getallen import getal
from pipelines.sjablonen import sjablonen

HIER = Path(__file__).parent
MEESTE_BUREN = 14  # gemeenten beside each other in the drawing
STATUS = {"voorlopig": "voorlopig", "nader_voorlopig": "nader voorlopig", "definitief": ""}


def schrijf(release: Path, naam: str) -> int:
    """Write publicatie/factsheets/ of a build: a page and a PDF per gemeente, and a list; gives how many gemeenten.

    Reads revisie/ when it is there. The same release gives the same bytes.
    """
    doel = release / "publicatie" / "factsheets"
    doel.mkdir()
    with closing(open_publicatie(release)) as publicatie:
        bladen = _bladen(publicatie, naam, herzien(release))
    omgeving = sjablonen(HIER)
    pagina = omgeving.get_template("factsheet.html.j2")
    zetter = typst.Compiler(
        HIER / "factsheet.typ",
        font_paths=[str(files("font_source_sans_pro") / "files")],
        ignore_system_fonts=True,
    )
    for blad in bladen:
        (doel / f"{blad['code']}.html").write_text(pagina.render(blad), "utf-8")
        pdf = zetter.compile(sys_inputs={"blad": json.dumps(blad)}, format="pdf", pdf_standards=["ua-1"], timestamp=0)
        (doel / f"{blad['code']}.pdf").write_bytes(pdf)
    lijst = omgeving.get_template("factsheets.html.j2").render(bladen=bladen, naam=naam)
    (doel / "index.html").write_text(lijst, "utf-8")
    return len(bladen)


def _bladen(p: Publicatie, naam: str, veranderd: set[tuple[str, str, str]]) -> list[dict]:
    """The content of every factsheet, from a few queries over all gemeenten at once."""
    gemeenten = p.rijen(
        """select r.regio_code, r.regio_naam, r.provinciecode, v.regio_naam from monitor.dim_regio as r
           join monitor.dim_periode as d on r.jaar = d.jaar and d.verslagperiode = ?
           join monitor.dim_regio as v on v.jaar = r.jaar and v.regio_niveau = 'provincie' and v.regio_code = r.provinciecode
           where r.regio_niveau = 'gemeente' and r.regio_code <> 'onbekend' order by r.regio_naam""",
        p.nu,
    )
    cijfers = _Cijfers(p)
    buren = defaultdict(list)
    for code, gemeente, provincie, _ in gemeenten:
        buren[provincie].append((code, gemeente))
    status = dict(p.rijen("select verslagperiode, status_cijfer from monitor.dim_periode"))
    dashboards = p.bladen
    return [
        _blad(p, cijfers, naam, gemeente, buren[gemeente[2]], {k: STATUS[s] for k, s in status.items()}, veranderd)
        | {"dashboard": dashboards.get(gemeente[2], ("index.html",))[0]}
        for gemeente in gemeenten
    ]


class _Cijfers:
    """Every figure of the factsheets, by region and what it is of."""

    def __init__(self, p: Publicatie):
        self.percentage = {
            (regio, maat, periode): (waarde, onder, boven, teller, celstatus)
            for regio, maat, periode, waarde, onder, boven, teller, celstatus in p.rijen(
                """select regio_code, maat, verslagperiode, percentage, ondergrens, bovengrens, teller, celstatus
                   from monitor.percentage_in_zorg where regio_niveau in ('gemeente', 'provincie')"""
            )
        }
        self.stroom = {
            (r[0], r[1]): r[2:]
            for r in p.rijen(
                """select regio_code, verslagperiode, beginstand, instroom, instroom_nieuw, instroom_herhaald, uitstroom,
                          eindstand, in_periode, celstatus
                   from monitor.stand_stroom where regio_niveau = 'gemeente' and soort = 'jeugdhulp' and eenheid = 'jeugdigen'
                       and dimensie = 'totaal'"""
            )
        }
        self.verdeling = {
            (r[0], r[1], r[2], r[3]): r[4:]
            for r in p.rijen(
                """select regio_code, dimensie, categorie, verslagperiode,
                          case when dimensie = 'hulpvorm' then in_periode else instroom end, celstatus
                   from monitor.stand_stroom where regio_niveau = 'gemeente' and soort = 'jeugdhulp'
                       and (dimensie in ('verwijzer', 'totaal') and eenheid = 'trajecten'
                            or dimensie = 'hulpvorm' and eenheid = 'jeugdigen')
                       and verslagperiode in (?, ?)""",
                p.nu,
                p.jaar_eerder,
            )
        }
        self.besluiten = {
            (r[0], r[1], r[2]): r[3:]
            for r in p.rijen(
                """select regio_code, categorie, verslagperiode, percentage, besluiten, herindicaties, celstatus
                   from monitor.herindicaties
                   where regio_niveau = 'gemeente' and dimensie = 'verwijzer'"""
            )
        }
        self.indicator = {
            (r[0], r[1:4]): r[4:]
            for r in p.rijen(
                """select regio_code, indicator, maat, categorie, waarde, ondergrens, bovengrens, celstatus
                   from monitor.prestatie_indicatoren
                   where aanbieder = 'alle' and regio_niveau in ('gemeente', 'provincie') and verslagperiode = ?""",
                p.nu,
            )
        }
        self.afwijking = {
            (r[0], r[1:4]): r[4]
            for r in p.rijen(
                """select regio_code, indicator, maat, categorie, afwijking from monitor.vergelijking
                   where regio_niveau = 'gemeente' and verslagperiode = ? and afwijking is not null""",
                p.nu,
            )
        }
        self.maat = {
            r[:3]: r[3:]
            for r in p.rijen(
                "select indicator, maat, categorie, omschrijving, soort_maat, richting from monitor.dim_indicator_maat"
            )
        }
        self.doelen = defaultdict(list)
        for code, *doel in p.rijen(
            """select regio_code, doelstelling, maat, doelwaarde, doeljaar, basis, waarde
               from monitor.doelstelling where verslagperiode = ? order by doelstelling""",
            p.nu,
        ):
            self.doelen[code].append(doel)
        self.niet_geleverd = dict(
            p.rijen(
                """select regio_code, count(*) from monitor.stand_stroom
                   where regio_niveau = 'gemeente' and soort = 'jeugdhulp' and eenheid = 'jeugdigen' and dimensie = 'aanbieder'
                       and verslagperiode = ? and celstatus = 'geen_levering' group by 1""",
                p.nu,
            )
        )

    def schatting(self, regio: str, maat: str, periode: str) -> Schatting | None:
        """A percentage with its interval; None when one of them is hidden or absent."""
        waarde, onder, boven, *_ = self.percentage.get((regio, maat, periode), (None, None, None))
        return Schatting(waarde, onder, boven) if None not in (waarde, onder, boven) else None

    def herindicatie(self, regio: str, verwijzer: str, periode: str) -> Schatting | None:
        """The percentage of herindicaties with an interval; None when it is hidden."""
        percentage, besluiten, *_ = self.besluiten.get((regio, verwijzer, periode), (None, None))
        return zinnen.wilson(percentage, besluiten) if percentage is not None and besluiten else None

    def verandering(
        self, regio: str, verwijzer: str, basis: str, periode: str, waarde: float | None
    ) -> Schatting | None:
        """A published change of herindicaties with an interval from both counts; None when one is hidden."""
        toen, nu = (self.besluiten.get((regio, verwijzer, q), (None,) * 4)[2] for q in (basis, periode))
        return zinnen.verandering(waarde, toen, nu) if waarde is not None and toen and nu else None


def _blad(
    p: Publicatie,
    c: _Cijfers,
    naam: str,
    gemeente: tuple[str, str, str, str],
    buren: list[tuple[str, str]],
    status: dict[str, str],
    veranderd: set[tuple[str, str, str]],
) -> dict:
    """The content of one factsheet, ready to be laid out."""
    code, gemeentenaam, provinciecode, provincie = gemeente
    nu, toen, perioden = p.nu, p.jaar_eerder, p.perioden[-8:]
    eigen = c.schatting(code, "jeugdhulp", nu)
    daar = c.schatting(provinciecode, "jeugdhulp", nu)
    stroom = c.stroom.get((code, nu), (None,) * 8)
    verwijzers = p.namen("verwijzer")
    bijgesteld = {periode for _, periode, regio in veranderd if regio == code and periode in perioden}
    return {
        "code": code,
        "gemeente": gemeentenaam,
        "periode": zinnen.periode_in_woorden(nu),
        "status": status[nu],
        "release": naam,
        "zinnen": [
            *zinnen.gebruik(nu, eigen, c.percentage.get((code, "jeugdhulp", nu), (None,) * 5)[3],
                            c.schatting(code, "jeugdhulp", toen), (provincie, daar)),
            *zinnen.instroom(stroom[1], stroom[3]),
            *zinnen.verwijzer(_verwijzers(c, code, nu, verwijzers)),
            *zinnen.herindicaties(c.herindicatie(code, "02", nu), c.herindicatie(code, "02", toen)),
            *_doelen(c, code, nu),
            *_opvallend(c, code, provinciecode, provincie),
        ],
        "kern": _kern(c, code, nu, eigen, stroom),
        "grafieken": [
            {
                "titel": "Jongeren tot 18 jaar met jeugdhulp, in procenten",
                "uitleg": f"Per halfjaar, met de marge van het toeval. Streepjeslijn: {provincie}.",
                "svg": grafiek.verloop(
                    f"Percentage jongeren met jeugdhulp in {gemeentenaam} en {provincie}, per halfjaar",
                    perioden,
                    [c.schatting(code, "jeugdhulp", q) for q in perioden],
                    gemeentenaam,
                    [c.percentage.get((provinciecode, "jeugdhulp", q), (None,))[0] for q in perioden],
                    provincie,
                ),
            },
            {
                "titel": "Naast de andere gemeenten, in procenten",
                "uitleg": "Overlappen twee lijnen, dan kan het verschil toeval zijn."
                + (f" De {MEESTE_BUREN} die het dichtst bij liggen." if len(buren) > MEESTE_BUREN else ""),
                "svg": grafiek.naast_elkaar(
                    f"Percentage jongeren met jeugdhulp per gemeente in {provincie}",
                    _rond(
                        sorted(
                            ((n, c.schatting(k, "jeugdhulp", nu)) for k, n in buren),
                            key=lambda r: (r[1] is None, -r[1].waarde if r[1] else 0, r[0]),
                        ),
                        gemeentenaam,
                    ),
                    gemeentenaam,
                    daar.waarde if daar else None,
                    provincie,
                ),
            },
            {
                "titel": "Jongeren die met jeugdhulp begonnen",
                "uitleg": "Herhaald: kreeg in de vijf jaar ervoor al eens jeugdhulp.",
                "svg": grafiek.stapels(
                    f"Instroom van jongeren in {gemeentenaam}, nieuw en herhaald, per halfjaar",
                    perioden,
                    [c.stroom.get((code, q), (None,) * 8)[2] for q in perioden],
                    [c.stroom.get((code, q), (None,) * 8)[3] for q in perioden],
                    ("nieuw", "herhaald"),
                ),
            },
            {
                "titel": f"Nieuwe trajecten in {nu}, naar verwijzer",
                "uitleg": "Een jongere kan meer dan een traject hebben. × is verborgen.",
                "svg": grafiek.staven(
                    f"Nieuwe trajecten in {gemeentenaam} naar verwijzer",
                    list(_verwijzers(c, code, nu, verwijzers).per_verwijzer.items()),
                ),
            },
        ],
        "tabellen": _tabellen(p, c, gemeente, perioden[-4:], status, bijgesteld),
        "noten": _noten(nu, status, bijgesteld, c.niet_geleverd.get(code, 0)),
    }  # fmt: skip


def _rond(rijen: list[tuple[str, Schatting | None]], eigen: str) -> list[tuple[str, Schatting | None]]:
    """The rows around the own one: all gemeenten of a large provincie do not fit on a page."""
    begin = [naam for naam, _ in rijen].index(eigen) - MEESTE_BUREN // 2
    begin = max(0, min(begin, len(rijen) - MEESTE_BUREN))
    return rijen[begin : begin + MEESTE_BUREN]


def _verwijzers(c: _Cijfers, code: str, periode: str, namen: dict[str, str]) -> zinnen.Verwijzers:
    totaal, _ = c.verdeling.get((code, "totaal", "totaal", periode), (None, None))
    return zinnen.Verwijzers(
        totaal, {n: c.verdeling.get((code, "verwijzer", v, periode), (0, None))[0] for v, n in namen.items()}
    )


def _doelen(c: _Cijfers, code: str, nu: str) -> list[str]:
    """How the targets of the gemeente stand: a percentage, or the change of a count since a year."""
    uit = []
    for naam, maat, doelwaarde, doeljaar, basis, waarde in c.doelen[code]:
        if (code, maat, nu) in c.percentage:
            uit.append(zinnen.doel(naam, doelwaarde, doeljaar, c.schatting(code, maat, nu)))
        else:
            verandering = c.verandering(code, maat.removeprefix("herindicaties verwijzer "), basis, nu, waarde)
            uit.append(zinnen.doel(f"{naam} (verandering sinds {basis})", doelwaarde, doeljaar, verandering))
    return uit


def _opvallend(c: _Cijfers, code: str, provinciecode: str, provincie: str) -> list[str]:
    """The main indicators that are outside the outer limits: at most three, for this has to be read in a minute."""
    uit = []
    for maat in KERNMATEN:
        afwijking = c.afwijking.get((code, maat), "")
        if not afwijking.endswith("_998"):
            continue
        omschrijving, soort, goed = c.maat[maat]
        hier, ginds = c.indicator[code, maat][0], c.indicator[provinciecode, maat][0]
        uit.append(
            zinnen.opvallend(
                omschrijving,
                _waarde(hier, soort),
                provincie,
                _waarde(ginds, soort),
                1 if afwijking.startswith("boven") else -1,
                goed,
            )
        )
    return uit[:3]


def _kern(c: _Cijfers, code: str, nu: str, eigen: Schatting | None, stroom: tuple) -> list[dict]:
    gespecialiseerd = c.schatting(code, "gespecialiseerd", nu)
    return [
        {
            "waarde": procent(eigen.waarde) if eigen else "verborgen",
            "wat": "van de jongeren tot 18 jaar kreeg jeugdhulp",
            "marge": _marge(eigen),
        },
        {
            "waarde": procent(gespecialiseerd.waarde) if gespecialiseerd else "verborgen",
            "wat": "kreeg andere jeugdhulp dan van een wijkteam",
            "marge": _marge(gespecialiseerd),
        },
        {
            "waarde": _voluit(stroom[6]),
            "wat": "jongeren hadden jeugdhulp, van alle leeftijden",
            "marge": "afgerond op 5",
        },
        {
            "waarde": _voluit(stroom[5]),
            "wat": "van hen aan het einde van het halfjaar nog",
            "marge": "afgerond op 5",
        },
    ]


def _tabellen(
    p: Publicatie,
    c: _Cijfers,
    gemeente: tuple[str, str, str, str],
    perioden: list[str],
    status: dict[str, str],
    bijgesteld: set[str],
) -> list[dict]:
    code, _, provinciecode, provincie = gemeente
    nu, toen = p.nu, p.jaar_eerder
    maatnamen = p.namen("maat")

    def stroom(periode: str) -> list[str]:
        rij = c.stroom.get((code, periode), (None,) * 8)
        merk = " ".join(filter(None, [status[periode], "bijgesteld" if periode in bijgesteld else ""]))
        return [f"{periode} {merk}".strip(), *(_aantal(rij[i], rij[7]) for i in (0, 1, 3, 4, 5))]

    def percentage(regio: str, maat: str, periode: str, met_marge: bool = False) -> str:
        waarde, _, _, _, celstatus = c.percentage.get((regio, maat, periode), (None,) * 4 + ("niet_van_toepassing",))
        if waarde is None:
            return TEKENS[celstatus]
        marge = _marge(c.schatting(regio, maat, periode)) if met_marge else ""
        return f"{getal(waarde, 1)} ({marge})" if marge else getal(waarde, 1)

    def verdeling(dimensie: str, categorie: str, periode: str) -> str:
        return _aantal(*c.verdeling.get((code, dimensie, categorie, periode), (None, "niet_van_toepassing")))

    def herindicatie(verwijzer: str) -> str:
        waarde, besluiten, _, celstatus = c.besluiten.get(
            (code, verwijzer, nu), (None, None, None, "niet_van_toepassing")
        )
        return getal(waarde, 1) if waarde is not None else "–" if besluiten == 0 else TEKENS[celstatus]

    def indicator(maat: tuple[str, str, str]) -> list[str]:
        omschrijving, soort, _ = c.maat[maat]
        hier, ginds = (
            c.indicator.get((r, maat), (None, None, None, "niet_van_toepassing")) for r in (code, provinciecode)
        )
        waarde = _waarde(hier[0], soort, hier[3])
        if hier[1] is not None:
            waarde += f" ({getal(hier[1], 1)}–{getal(hier[2], 1)})"
        afwijking = AFWIJKING.get(c.afwijking.get((code, maat)), "")
        return [f"{maat[0]} {omschrijving}", waarde, _waarde(ginds[0], soort, ginds[3]), afwijking]

    return [
        {
            "titel": "Jongeren met jeugdhulp: stand en stroom",
            "kop": ["halfjaar", "begin", "erbij", "herhaald", "eraf", "einde"],
            "rijen": [stroom(q) for q in perioden],
            "breed": False,
        },
        {
            "titel": "Deel van de jongeren, in procenten",
            "kop": ["", f"{nu} (marge)", toen, provincie],
            "rijen": [
                [maatnamen[m], percentage(code, m, nu, True), percentage(code, m, toen), percentage(provinciecode, m, nu)]
                for m in MATEN
            ],
            "breed": False,
        },
        {
            "titel": "Nieuwe trajecten naar verwijzer",
            "kop": ["verwijzer", nu, toen, "herindicaties %"],
            "rijen": [
                [naam, verdeling("verwijzer", v, nu), verdeling("verwijzer", v, toen), herindicatie(v)]
                for v, naam in p.namen("verwijzer").items()
            ],
            "breed": False,
        },
        {
            "titel": "Jongeren naar hulpvorm",
            "kop": ["hulpvorm", nu, toen],
            "rijen": [
                [naam, verdeling("hulpvorm", h, nu), verdeling("hulpvorm", h, toen)] for h, naam in p.namen("hulpvorm").items()
            ],
            "breed": False,
        },
        {
            "titel": f"Prestatie-indicatoren, {nu}",
            "kop": ["indicator", "hier (marge)", provincie, f"tegenover {provincie}"],
            "rijen": [indicator(m) for m in KERNMATEN],
            "breed": True,
        },
    ]  # fmt: skip


def _noten(nu: str, status: dict[str, str], bijgesteld: set[str], niet_geleverd: int) -> list[str]:
    uit = ["Aantallen zijn afgerond op 5. " + "; ".join(f"{t} {uitleg}" for t, uitleg in LEGENDA.items()) + "."]
    if status[nu]:
        uit.append(
            f"De cijfers over {nu} zijn {status[nu]}: aanbieders melden een deel later, vooral van wie net begon of stopte."
        )
    if bijgesteld:
        uit.append(f"Bijgesteld sinds de vorige uitgave: cijfers over {zinnen.opsomming(sorted(bijgesteld))}.")
    if niet_geleverd:
        wie = "Een aanbieder leverde" if niet_geleverd == 1 else f"{niet_geleverd} aanbieders leverden"
        uit.append(f"{wie} voor {nu} niet; de hulp die daar liep is doorgeteld.")
    uit.append(
        "De marge is het 95%-interval. Een verandering heet hier pas een stijging of daling als zij groter is dan door toeval "
        "te verwachten is; zonder verschil kan dat toch 1 op de 20 keer zo lijken. „Duidelijk” is strenger: 1 op de 500."
    )
    uit.append("Bronnen: registraties van jeugdhulpaanbieders en gecertificeerde instellingen; bevolking van het CBS.")
    return uit


def _aantal(waarde: int | None, celstatus: str | None) -> str:
    return getal(waarde) if waarde is not None else TEKENS[celstatus or "niet_van_toepassing"]


def _voluit(waarde: int | None) -> str:
    return getal(waarde) if waarde is not None else "verborgen"


def _marge(s: Schatting | None) -> str:
    return f"{getal(s.onder, 1)}–{getal(s.boven, 1)}" if s else ""


def _waarde(waarde: float | None, soort: str, celstatus: str = "onderdrukt") -> str:
    if waarde is None:
        return TEKENS[celstatus]
    return procent(waarde) if soort == "aandeel" else getal(waarde, 1)
