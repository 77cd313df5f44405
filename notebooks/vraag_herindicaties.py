"""Notebook: one worked question. Which verwijzers drive the herindicaties in a gemeente?"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo

    from pipelines.beeld.zinnen import richting, wilson

    release = Path(os.environ.get("JEUGDMONITOR_HOME", "monitor")) / "current"
    warehouse = duckdb.connect(str(release / "warehouse.duckdb"), read_only=True)
    return mo, richting, warehouse, wilson


@app.cell
def _(mo, warehouse):
    gemeenten = dict(
        warehouse.execute("""
            select regio_naam, regio_code from dwh.dim_regio
            where regio_niveau = 'gemeente' and regio_code <> 'onbekend' and jaar = (select max(jaar) from dwh.dim_regio)
            order by 1
        """).fetchall()
    )
    keuze = mo.ui.dropdown(gemeenten, value=next(iter(gemeenten)), label="Gemeente")
    mo.vstack([mo.md("# Welke verwijzers drijven de herindicaties?"), keuze])
    return (keuze,)


@app.cell
def _(mo):
    mo.md("""
    ## Wat telt als herindicatie

    Een besluit dat op een ander besluit volgt, gepland of niet. Een nieuw beroep na een onderbreking telt niet mee. We kijken
    naar het laatste jaar en het jaar ervoor, want een halfjaar is voor een gemeente te weinig.
    """)


@app.cell
def _(keuze, warehouse):
    besluiten = warehouse.execute(
        """
        with jaren as (select jaar, d0, d1 from dwh.dim_periode where soort_periode = 'jaar' order by jaar desc limit 2)
        select j.jaar, v.code, v.naam as verwijzer, count(*) as besluiten,
               count(*) filter (i.soort_indicatie like 'vervolg%') as herindicaties,
               count(*) filter (i.soort_indicatie = 'vervolg_planmatig') as waarvan_gepland
        from dwh.fct_indicatie as i
        join jaren as j on i.besluitdatum between j.d0 and j.d1
        join dwh.code_verwijzer as v on i.verwijzer = v.code
        where i.gemeentecode = ?
        group by all order by j.jaar desc, herindicaties desc
        """,
        [keuze.value],
    ).pl()
    besluiten
    return (besluiten,)


@app.cell
def _(mo):
    mo.md("""
    ## Is het meer dan toeval?

    Per verwijzer: het deel van de besluiten dat een herindicatie is, met de marge van 95 %, en of dat deel veranderde.
    """)


@app.cell
def _(besluiten, mo, richting, wilson):
    delen = {(jaar, verwijzer): wilson(100 * her / n, n) for jaar, _, verwijzer, n, her, _ in besluiten.iter_rows()}
    jaren = sorted({jaar for jaar, _ in delen}, reverse=True)
    woorden = {1: "meer", -1: "minder", 0: "geen aantoonbaar verschil", None: "niet te zeggen"}
    oordelen = []
    for verwijzer in dict.fromkeys(besluiten["verwijzer"]):
        nu, toen = (delen.get((jaar, verwijzer)) for jaar in (*jaren, None, None)[:2])
        if nu is None:
            continue
        kant = richting(nu, toen) if toen else None
        oordelen.append(
            {
                "verwijzer": verwijzer,
                "percentage": round(nu.waarde, 1),
                "marge": f"{nu.onder:.1f} tot {nu.boven:.1f}".replace(".", ","),
                "tegenover een jaar eerder": woorden[kant],
            }
        )
    mo.ui.table(oordelen, selection=None)
    return (oordelen,)


@app.cell
def _(besluiten, mo):
    laatste = besluiten.filter(besluiten["jaar"] == besluiten["jaar"].max())
    totaal = int(laatste["herindicaties"].sum())
    grootste = laatste.row(0, named=True) if totaal else None
    mo.md(
        f"## Het antwoord\n\nIn {grootste['jaar']} waren er {totaal} herindicaties. De meeste kwamen via: "
        f"**{grootste['verwijzer']}** ({grootste['herindicaties']}, waarvan {grootste['waarvan_gepland']} gepland). Een hoog "
        "aantal kan ook komen doordat deze verwijzer de meeste besluiten heeft: kijk daarom naar het percentage hierboven."
        if grootste
        else "## Het antwoord\n\nEr zijn in het laatste jaar geen herindicaties."
    )
    return (totaal,)


if __name__ == "__main__":
    app.run()
