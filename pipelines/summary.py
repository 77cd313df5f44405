"""What a refresh tells on screen when it is done: a few figures, what the poorten found, what to do next."""

from __future__ import annotations

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.beeld.lezen import KERNMATEN
from pipelines.getallen import getal
from pipelines.refresh import Verversing

_PERCENTAGE = """
select regio_naam, percentage, ondergrens, bovengrens, teller, noemer
from monitor.percentage_in_zorg
where verslagperiode = ? and maat = 'jeugdhulp' and regio_niveau in ('gemeente', 'provincie') and regio_code <> 'onbekend'
order by regio_niveau desc, percentage desc nulls last, regio_naam
limit 25
"""

_STROOM = """
select soort, verslagperiode,
    -- a sum with a hidden part is no sum
    case when count(columns(['beginstand', 'instroom', 'uitstroom', 'eindstand'])) = count(*)
        then sum(columns(['beginstand', 'instroom', 'uitstroom', 'eindstand'])) end
from monitor.stand_stroom
where verslagperiode in (?, ?) and eenheid = 'trajecten' and regio_niveau = 'provincie' and regio_code <> 'onbekend'
    and dimensie = 'totaal'
group by soort, verslagperiode
order by soort = 'jeugdhulp' desc, soort, verslagperiode
"""

_HUISARTS = """
select regio_naam, besluiten, herindicaties, percentage, verandering
from monitor.herindicaties
where verslagperiode = ? and dimensie = 'verwijzer' and categorie = '02' and regio_niveau in ('provincie', 'gemeente')
    and regio_code <> 'onbekend'
order by regio_niveau desc, regio_naam
limit 25
"""

_INDICATOREN = """
select i.indicator, m.omschrijving, i.waarde, i.ondergrens, i.bovengrens, i.respons_teller, i.respons_noemer, i.celstatus
from monitor.prestatie_indicatoren as i
join monitor.dim_indicator_maat as m on i.indicator = m.indicator and i.maat = m.maat and i.categorie = m.categorie
where i.verslagperiode = ? and i.regio_niveau = 'provincie' and i.regio_code <> 'onbekend' and i.aanbieder = 'alle'
    and (i.indicator || '/' || i.maat || '/' || i.categorie) in ?
order by i.regio_code, try_cast(i.indicator as integer) nulls last, i.maat, i.categorie
limit 28
"""

_DOELEN = """
select doelstelling, regio_naam, waarde, doelwaarde, doeljaar, gehaald
from monitor.doelstelling
where verslagperiode = ?
order by doelstelling
"""


def toon_release(scherm: Console, v: Verversing) -> None:
    """Print the Dutch summary of a published release, from the publication itself."""
    nu, vorige = str(v.periode), str(v.periode.plus(-1))
    with duckdb.connect(str(v.release / "publicatie.duckdb"), read_only=True) as con:
        percentages = con.execute(_PERCENTAGE, [nu]).fetchall()
        stromen = con.execute(_STROOM, [nu, vorige]).fetchall()
        huisarts = con.execute(_HUISARTS, [nu]).fetchall()
        indicatoren = con.execute(_INDICATOREN, [nu, ["/".join(m) for m in KERNMATEN]]).fetchall()
        doelen = con.execute(_DOELEN, [nu]).fetchall()
    tabel = Table("", "percentage", "95%-interval", "jongeren", "inwoners 0-17", title=f"Jongeren met jeugdhulp, {nu}")
    for naam, percentage, onder, boven, teller, noemer in percentages:
        interval = f"{_getal(onder, 1)} - {_getal(boven, 1)}" if onder is not None else ""
        tabel.add_row(escape(naam), _getal(percentage, 1), interval, _getal(teller), _getal(noemer))
    _rechts(tabel)
    scherm.print(tabel)
    tabel = Table("trajecten", "periode", "beginstand", "instroom", "uitstroom", "eindstand", title="Stand en stroom")
    for soort, periode, *aantallen in stromen:
        tabel.add_row(soort, periode, *(_getal(a) for a in aantallen))
    _rechts(tabel, vanaf=2)
    scherm.print(tabel)
    if any(besluiten for _, besluiten, *_ in huisarts):
        kop = ("", "besluiten", "herindicaties", "percentage", "sinds een jaar (%)")
        tabel = Table(*kop, title=f"Herindicaties via de huisarts, {nu}")
        for naam, besluiten, aantal, percentage, verandering in huisarts:
            tabel.add_row(
                escape(naam), _getal(besluiten), _getal(aantal), _getal(percentage, 1), _getal(verandering, 1)
            )
        _rechts(tabel)
        scherm.print(tabel)
        tabel = Table("", "indicator", "waarde", "95%-interval", "respons", title=f"Prestatie-indicatoren, {nu}")
        for nr, naam, waarde, onder, boven, gemeten, te_meten, status in indicatoren:
            interval = f"{_getal(onder, 1)} - {_getal(boven, 1)}" if onder is not None else ""
            respons = f"{100 * gemeten / te_meten:.0f} %" if gemeten is not None and te_meten else ""
            tabel.add_row(nr, naam, _getal(waarde, 1) if status == "waarde" else status, interval, respons)
        scherm.print(tabel)
    for doelstelling, regio, waarde, doelwaarde, doeljaar, gehaald in doelen:
        stand = "gehaald" if gehaald else "nog niet gehaald" if gehaald is not None else "niet te zeggen"
        scherm.print(
            f"Doel: {doelstelling} ({regio}): nu {_getal(waarde, 1)}, doel {_getal(doelwaarde, 1)} in {doeljaar}, {stand}.",
            markup=False,
        )
    toon_poorten(scherm, v)
    home = v.settings.home
    scherm.print(
        f"\nRelease [bold]{v.release.name}[/bold] staat klaar in {home}/current. Verder:\n"
        f"  jeugdmonitor sql --home {home}                 zelf vragen stellen\n"
        f"  {home}/current/publicatie.duckdb        voor BI-programma's\n"
        f"  {home}/feedback/{v.periode}/<leverancier>/        terugkoppeling aan wie leverde\n"
        f"  {v.home.kwaliteit.relative_to(v.home.wortel.parent)}/datadocs/{v.refresh}/    de poorten in de browser"
    )


def toon_blokkade(scherm: Console, v: Verversing) -> None:
    """Print why nothing was published and what to do about it."""
    scherm.print(f"\n[bold red]Niet uitgegeven: een poort is dicht voor {v.periode}.[/bold red]")
    for oordeel in v.blokkades():
        scherm.print(f"  {oordeel.zin}", style="red", markup=False)
    toon_poorten(scherm, v)
    scherm.print(
        f"\nDe vorige release staat er nog, onaangeroerd. De terugkoppeling aan de leveranciers staat in {v.home.feedback}.\n"
        "Is de blokkade niet terecht, hef haar dan eenmalig op met --override REGEL=reden; de reden komt in de release."
    )


def toon_poorten(scherm: Console, v: Verversing) -> None:
    """Print one line per verdict that is not in order."""
    in_orde = sum(o.status == "geslaagd" for o in v.oordelen)
    nvt = sum(o.status == "niet_van_toepassing" for o in v.oordelen)
    afgekeurd = int(v.leveringen["afkeur"].sum() or 0)
    geweigerd = v.leveringen.filter(v.leveringen["status"] == "geweigerd")["bestand"].to_list()
    scherm.print(
        f"\nPoorten: {in_orde} in orde, {nvt} niet van toepassing, {len(v.oordelen) - in_orde - nvt} te bekijken."
    )
    for oordeel in v.oordelen:
        if oordeel.status in ("gefaald", "fout"):
            opgeheven = f" [opgeheven: {v.overrides[oordeel.regel]}]" if oordeel.regel in v.overrides else ""
            scherm.print(f"  - {oordeel.zin}{opgeheven}", markup=False)
    scherm.print(f"{afgekeurd} rijen afgekeurd over alle perioden; {len(geweigerd)} bestanden geweigerd.")
    for bestand in geweigerd[:10]:
        scherm.print(f"  - {bestand}", markup=False)


def _getal(waarde: float | None, decimalen: int = 0) -> str:
    return "verborgen" if waarde is None else getal(waarde, decimalen, minteken="-")


def _rechts(tabel: Table, vanaf: int = 1) -> None:
    for kolom in tabel.columns[vanaf:]:
        kolom.justify = "right"
