"""Notebook: review of a refresh, before telling others that there are new figures."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import json
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo
    import polars as pl

    release = Path(os.environ.get("JEUGDMONITOR_HOME", "monitor")) / "current"
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    warehouse = duckdb.connect(str(release / "warehouse.duckdb"), read_only=True)
    return manifest, mo, pl, release, warehouse


@app.cell
def _(manifest, mo):
    mo.md(f"""
    # De verversing van {manifest["periode"]} nalopen

    Uitgave **{manifest["release"]}**, gemaakt met code {manifest["codeversie"]}. Loop vier vragen langs voordat u de cijfers
    meldt: wat vonden de poorten, wie leverde, wat is afgekeurd, en wat veranderde er tegenover de vorige uitgave?

    Opgeheven blokkades: {", ".join(f"{r} ({w})" for r, w in manifest["overrides"].items()) or "geen"}.
    """)


@app.cell
def _(mo):
    mo.md("""## 1. Wat vonden de poorten? Alleen wat niet in orde is""")


@app.cell
def _(warehouse):
    te_bekijken = warehouse.sql("""
        select poort, regel, effect, object, round(waarde, 4) as waarde, drempel, toelichting, reden
        from kwaliteit.uitkomst
        where refresh = (select max(refresh) from kwaliteit.uitkomst) and status in ('gefaald', 'fout')
        order by effect, poort, regel, object
    """).pl()
    te_bekijken
    return (te_bekijken,)


@app.cell
def _(mo):
    mo.md("""## 2. Wie leverde eerder wel, maar nu niet?""")


@app.cell
def _(manifest, warehouse):
    ontbreekt = warehouse.execute(
        """
        select feed, leverancier, max(periode) as laatste_levering
        from kwaliteit.levering where status = 'van_kracht' and feed not like 'cbs%'
        group by all having max(periode) < ? order by all
        """,
        [manifest["periode"]],
    ).pl()
    ontbreekt
    return (ontbreekt,)


@app.cell
def _(mo):
    mo.md("""## 3. Welke bevindingen kwamen het meest voor?""")


@app.cell
def _(manifest, warehouse):
    bevindingen = warehouse.execute(
        """
        select feed, code, ernst, count(*) as aantal, count(distinct leverancier) as leveranciers,
               any_value(melding) as voorbeeld
        from kwaliteit.bevinding where periode = ? group by feed, code, ernst order by aantal desc, feed, code limit 20
        """,
        [manifest["periode"]],
    ).pl()
    bevindingen
    return (bevindingen,)


@app.cell
def _(mo):
    mo.md("""
    ## 4. Wat veranderde tegenover de vorige uitgave?

    Aantallen waarden die anders zijn, per tabel en halfjaar. Een eerste uitgave heeft er geen. Veranderingen in een
    definitief halfjaar vragen om een verklaring: `revisie/revisie.html` noemt de redenen die bekend zijn.
    """)


@app.cell
def _(pl, release):
    bestand = release / "revisie" / "revisie.csv"
    veranderd = (
        pl.scan_csv(bestand, infer_schema=False)
        .group_by("tabel", "verslagperiode")
        .len("waarden")
        .sort("tabel", "verslagperiode")
        .collect(engine="streaming")
        if bestand.is_file()
        else pl.DataFrame(schema={"tabel": pl.String, "verslagperiode": pl.String, "waarden": pl.UInt32})
    )
    veranderd
    return (veranderd,)


@app.cell
def _(mo):
    mo.md("""## Hoeveel is er verborgen in de publicatie?""")


@app.cell
def _(manifest, pl):
    verborgen = pl.DataFrame([{"tabel": t, **w} for t, w in manifest["onthulling"].items()])
    verborgen
    return (verborgen,)


if __name__ == "__main__":
    app.run()
