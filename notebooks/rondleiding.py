"""Notebook: a tour of the warehouse for a new analyst."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo

    release = Path(os.environ.get("JEUGDMONITOR_HOME", "monitor")) / "current"
    warehouse = duckdb.connect(str(release / "warehouse.duckdb"), read_only=True)
    return mo, release, warehouse


@app.cell
def _(mo, release):
    mo.md(f"""
    # Rondleiding door het warehouse

    Uitgave **{release.resolve().name}**. Het warehouse is er alleen voor analisten: het bevat een rij per traject, maatregel
    of besluit, met pseudoniemen. Wat naar buiten gaat staat in `publicatie.duckdb`, afgerond en zonder kleine aantallen.

    Er zijn drie schema's: `dwh` (feiten en dimensies), `monitor` (de gepubliceerde tabellen, maar dan onafgerond) en
    `kwaliteit` (leveringen, bevindingen en het oordeel van elke poort).
    """)


@app.cell
def _(warehouse):
    tabellen = warehouse.sql("""
        select schema_name as schema, table_name as tabel, estimated_size as rijen, comment as betekenis
        from duckdb_tables() where schema_name in ('dwh', 'monitor', 'kwaliteit') order by 1, 2
    """).pl()
    tabellen
    return (tabellen,)


@app.cell
def _(mo):
    mo.md("""
    ## Waar te beginnen: `fct_zorg_periode`

    Een rij per traject, maatregel of episode en verslagperiode, met de regio en leeftijd die de jongere *toen* had. De
    kolommen beginstand, instroom, uitstroom en eindstand zijn 0 of 1: tel ze op. Meer dan een soort bij elkaar optellen mag
    niet, want een jongere kan in elk daarvan voorkomen.
    """)


@app.cell
def _(warehouse):
    instroom = warehouse.sql("""
        select z.verslagperiode, v.naam as verwijzer, sum(z.instroom) as instroom, sum(z.instroom_herhaald) as herhaald
        from dwh.fct_zorg_periode as z
        join dwh.code_verwijzer as v on z.verwijzer = v.code
        join dwh.dim_periode as p on z.verslagperiode = p.verslagperiode and p.soort_periode = 'halfjaar'
        where z.soort = 'jeugdhulp' and z.hulpvorm is not null
        group by all order by z.verslagperiode desc, instroom desc
    """).pl()
    instroom
    return (instroom,)


@app.cell
def _(mo):
    mo.md("""
    ## Klopt dat met de monitor?

    De monitor telt hetzelfde langs een andere weg. Het verschil hoort overal 0 te zijn.
    """)


@app.cell
def _(instroom, warehouse):
    controle = warehouse.sql("""
        select m.verslagperiode, i.geteld, m.instroom as monitor, i.geteld - m.instroom as verschil
        from (select verslagperiode, sum(instroom) as geteld from instroom group by 1) as i
        join (
            select verslagperiode, sum(instroom) as instroom from monitor.stand_stroom
            where soort = 'jeugdhulp' and eenheid = 'trajecten' and dimensie = 'totaal' and regio_niveau = 'provincie'
            group by 1
        ) as m on i.verslagperiode = m.verslagperiode
        order by 1
    """).pl()
    controle
    return (controle,)


@app.cell
def _(mo):
    mo.md("""
    ## Verder

    * `jeugdmonitor metric` geeft vaste cijfers, uitgesplitst naar wat u wilt: de definitie staat dan op één plek.
    * `notebooks/vragen/` heeft kant-en-klare vragen in SQL.
    * `gegevenswoordenboek.html` in de map `publicatie/` legt elke kolom uit, met de koppelingen.
    * Gebruik `persoon` nooit om iemand te volgen buiten de vraag die u beantwoordt, en deel geen aantallen onder de 10.
    """)


if __name__ == "__main__":
    app.run()
