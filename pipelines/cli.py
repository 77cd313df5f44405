"""The command line: reads options, starts the same job as Dagster does, and tells in Dutch what happened."""

from __future__ import annotations

import io
import os
import re
import sys
import time
import warnings
from contextlib import redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from yaml import YAMLError

from pipelines.periods import Halfjaar
from pipelines.refresh import Verversing
from pipelines.release import switch
from pipelines.settings import PROJECT, GebruikersFout, Home, Settings
from pipelines.sqlshell import open_shell, toon

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="The youth-care monitor."
)
scherm = Console(highlight=False)
fouten = Console(stderr=True, highlight=False, soft_wrap=True)

UITGEGEVEN, POORT_DICHT, GEBRUIK, STORING = 0, 1, 2, 3

Home_ = Annotated[Path | None, typer.Option("--home", help="Home directory of the monitor.")]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="YAML file with settings.")]


def main() -> None:
    """Entry point: every mistake of the user ends in one Dutch sentence and exit code 2."""
    try:
        app()
    except GebruikersFout as fout:
        fouten.print(str(fout), style="red", markup=False)
        sys.exit(GEBRUIK)


def _settings(**vlaggen: object) -> Settings:
    """Settings from flags (those given), environment and file; raises GebruikersFout on a wrong value."""
    gegeven = {k: w for k, w in vlaggen.items() if w is not None}
    if "key_file" in gegeven:
        gegeven["key"] = None  # a key file on the command line wins over a key in the environment
    try:
        return Settings(**gegeven)
    except ValidationError as fout:
        # where and what kind, never the value: it may be a key
        regels = [f"{'.'.join(map(str, f['loc']))}: {_in_het_nederlands(f)}" for f in fout.errors(include_input=False)]
        raise GebruikersFout("De instellingen kloppen niet. " + "; ".join(regels)) from None
    except (SettingsError, YAMLError, UnicodeDecodeError, TypeError, ValueError, AttributeError) as fout:
        veld = re.search(r'field "(\w+)"', str(fout)) if isinstance(fout, SettingsError) else None
        raise GebruikersFout(
            f"De instellingen kloppen niet: {veld[1] if veld else 'het bestand'} is niet te lezen. Het bestand moet YAML "
            "zijn met per regel 'naam: waarde'; in de omgeving staat een samengestelde instelling als JSON."
        ) from None


def _in_het_nederlands(fout: dict) -> str:
    if fout["type"] == "extra_forbidden":
        return "onbekende instelling"
    eigen = fout["msg"].removeprefix("Value error, ")
    return eigen if eigen != fout["msg"] else "geen geldige waarde"


@app.command()
def refresh(
    period: Annotated[str, typer.Option(help="Verslagperiode, for example 2024H2.")],
    sources: Annotated[Path | None, typer.Option(help="Directory with the leveringen.")] = None,
    home: Home_ = None,
    key_file: Annotated[Path | None, typer.Option(help="File with the key of the pseudonyms.")] = None,
    settings: SettingsFile = None,
    override: Annotated[
        list[str] | None, typer.Option(help="Lift a blocking rule for this refresh: RULE=reason. Kept in the release.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Make all figures anew: take none over from the release before.")
    ] = False,
    debug: Annotated[bool, typer.Option(help="Show the traceback of an unexpected failure.")] = False,
) -> None:
    """Land the leveringen, pass the poorten and publish a release.

    Exit codes: 0 published, 1 a poort closed, 2 usage, missing key or no readable sources, 3 unexpected failure.
    """
    try:
        halfjaar = Halfjaar.van(period)
    except ValueError as fout:
        raise GebruikersFout(str(fout)) from None
    ingesteld = _settings(sources=sources, home=home, key_file=key_file, settings_file=settings)
    if ingesteld.paden.wortel.exists() and not ingesteld.paden.wortel.is_dir():
        raise GebruikersFout(f"De thuismap {ingesteld.home} is een bestand. Geef een map op.")
    begin = time.monotonic()

    def meld(tekst: str) -> None:
        scherm.print(f"{time.monotonic() - begin:6.1f} s  {tekst}", markup=False, soft_wrap=True)

    v = Verversing(ingesteld, halfjaar, _overrides(override or []), meld, alles_opnieuw=whole)
    meld(f"verversing van {halfjaar} uit {ingesteld.sources} naar {ingesteld.home}")
    raise typer.Exit(_draai(v, debug))


def _overrides(teksten: list[str]) -> dict[str, str]:
    paren = [t.partition("=") for t in teksten]
    if any(not regel or not reden.strip() for regel, _, reden in paren):
        raise GebruikersFout("Geef een opgeheven blokkade als REGEL=reden, bijvoorbeeld L2='aanbieder is failliet'.")
    return {regel.strip(): reden.strip() for regel, _, reden in paren}


class _DbtRegels(io.TextIOBase):
    """Takes the lines that dbt writes: tells how far it is, and lets through only what is wrong."""

    def __init__(self, v: Verversing):
        self.meld, self.kwart = v.meld, 0

    def write(self, tekst: str) -> int:
        for regel in tekst.splitlines():
            if stap := re.match(r"\S*?(\d+) of (\d+) (?!START)", regel):
                gedaan, alle = int(stap[1]), int(stap[2])
                if (kwart := 4 * gedaan // alle) > self.kwart:
                    self.kwart = kwart
                    self.meld(f"dbt: {gedaan} van {alle} modellen en toetsen")
            if re.search(r"\b(ERROR|FAIL)\b(?!=0)", regel):
                fouten.print(regel, markup=False)
        return len(tekst)


def _draai(v: Verversing, debug: bool) -> int:
    """Run the Dagster job in this process and tell how it ended; gives the exit code."""
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    warnings.filterwarnings("ignore", module="dagster")  # notices for developers
    scherm.file = sys.stdout  # while dbt's lines are taken
    v.meld("Dagster, dbt en de modellen laden")
    import dagster as dg

    from pipelines import summary
    from pipelines.assets.resources import PERIODEN
    from pipelines.definitions import build_definitions

    if not PERIODEN.has_partition_key(str(v.periode)):
        eerste, laatste = PERIODEN.get_first_partition_key(), PERIODEN.get_last_partition_key()
        raise GebruikersFout(
            f"Verslagperiode {v.periode} valt buiten {eerste} tot en met {laatste}. Controleer --period."
        )

    job = build_definitions(v).resolve_job_def("refresh")
    stil = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else dg.DagsterInstance.ephemeral() as instance:
        try:
            with redirect_stdout(_DbtRegels(v)):
                job.execute_in_process(partition_key=str(v.periode), instance=instance, run_config=stil)
        except Exception as fout:
            eigen = _eigen_fout(fout)
            if eigen is not None:
                raise eigen from None
            if v.blokkades():
                summary.toon_blokkade(scherm, v)
                return POORT_DICHT
            if debug:
                raise
            return _storing(fout)
    summary.toon_release(scherm, v)
    return UITGEGEVEN


def _keten(fout: BaseException) -> list[BaseException]:
    """An exception and what it came from, outermost first; a chain may bite its own tail."""
    keten = [fout]
    while (volgende := keten[-1].__cause__ or keten[-1].__context__) is not None and volgende not in keten:
        keten.append(volgende)
    return keten


def _eigen_fout(fout: BaseException) -> GebruikersFout | None:
    """The user's mistake behind an exception of Dagster, if it is one."""
    return next((f for f in _keten(fout) if isinstance(f, GebruikersFout)), None)


def _storing(fout: BaseException) -> int:
    """Tell of an unexpected failure without values from the data."""
    keten = _keten(fout)
    bron = next((f for f in keten if isinstance(f, OSError)), keten[-1])  # a full disk says most
    soort = f"{type(bron).__name__}: {bron.strerror}" if isinstance(bron, OSError) else type(bron).__name__
    fouten.print(
        f"[red]De verversing is door een storing afgebroken ({soort}). Er is niets uitgegeven; de vorige release staat "
        "er nog. Herhaal met --debug voor de technische melding.[/red]"
    )
    return STORING


@app.command()
def demo(
    sources: Annotated[Path, typer.Option(help="Directory to write the leveringen to.")] = Path("demo/leveringen"),
    size: Annotated[float, typer.Option(help="1 = Drenthe; 37 = the Netherlands.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Same seed, same leveringen.")] = 2013,
    halfjaren: Annotated[int, typer.Option(help="Number of half-years.")] = 8,
    gemeenten: Annotated[
        int, typer.Option(min=1, max=12, help="Fewer gemeenten, for a quick try (size up to 1).")
    ] = 12,
) -> None:
    """Write the leveringen of the demo region, and a key that is good for the demo only."""
    from pipelines.demo import schrijf_demo

    begin = time.monotonic()
    overzicht = schrijf_demo(sources, size=size, seed=seed, halfjaren=halfjaren, gemeenten=gemeenten)
    sleutel, instellingen = sources.parent / "demo.key", sources.parent / "demo.yml"
    sleutel.write_text("alleen voor de demo\n", "utf-8")
    instellingen.write_text((PROJECT / "sources" / "reference" / "demo_instellingen.yml").read_text("utf-8"), "utf-8")
    scherm.print(
        f"{overzicht.bestanden} leveringen met {overzicht.rijen} rijen over {overzicht.perioden[0]} tot en met "
        f"{overzicht.perioden[-1]} geschreven in {sources} ({time.monotonic() - begin:.1f} s).\n"
        f"Ververs met: jeugdmonitor refresh --sources {sources} --home monitor --period {overzicht.perioden[-1]} "
        f"--key-file {sleutel} --settings {instellingen}",
        markup=False,
    )


@app.command()
def validate(
    file: Annotated[Path, typer.Argument(help="A levering, before it is sent.")],
    settings: SettingsFile = None,
    csv: Annotated[bool, typer.Option(help="Findings as csv on standard output, all of them.")] = False,
) -> None:
    """Check one file by the very rules of the landing. Nothing is stored and no key is needed.

    Exit codes: 0 every row would count, 1 the file or some rows would be refused, 2 no such file.
    """
    from pipelines.quality import validate as controle

    if not file.is_file():
        raise GebruikersFout(f"Het bestand {file} is er niet. Geef het juiste pad op.")
    uitslag = controle.controleer(file, _settings(settings_file=settings))
    if csv:
        sys.stdout.write(uitslag.bevindingen.write_csv())
    else:
        controle.toon(scherm, uitslag)
    raise typer.Exit(0 if uitslag.in_orde else 1)


@app.command()
def cbs(
    jaar: Annotated[list[int], typer.Option(min=2015, max=2100, help="Year to fetch; repeat for more.")],
    sources: Annotated[Path | None, typer.Option(help="Directory with the leveringen.")] = None,
    home: Home_ = None,
    online: Annotated[bool | None, typer.Option("--online/--offline", help="Ask CBS; offline is the default.")] = None,
    v3: Annotated[str | None, typer.Option("--v3", help="Base address of OData v3.")] = None,
    v4: Annotated[str | None, typer.Option("--v4", help="Base address of OData v4.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Fetch the CBS tables of a year as leveringen; offline nothing is fetched and the files at hand are used."""
    from pipelines.cbs.ophalen import ververs_cbs

    vlaggen = {k: w for k, w in {"online": online, "v3": v3, "v4": v4}.items() if w is not None}
    ingesteld = _settings(sources=sources, home=home, settings_file=settings, cbs=vlaggen or None)
    gedaan = ververs_cbs(
        jaar,
        ingesteld.cbs,
        ingesteld.sources,
        ingesteld.paden.cbs_herkomst,
        lambda tekst: scherm.print(tekst, markup=False, soft_wrap=True),
    )
    raise typer.Exit(STORING if any(g.uitkomst == "mislukt" for g in gedaan) else UITGEGEVEN)


@app.command()
def releases(home: Home_ = None, settings: SettingsFile = None) -> None:
    """List the releases in the home directory."""
    paden = _settings(home=home, settings_file=settings).paden
    namen = switch.releases(paden)
    if not namen:
        scherm.print(f"In {paden.wortel} is nog geen release. Maak er een met: jeugdmonitor refresh", markup=False)
        return
    huidige = switch.huidige(paden)
    tabel = Table("release", "periode", "uitgegeven", "leveringen", "codeversie", "opgeheven", "")
    for naam in namen:
        inhoud = switch.manifest(paden.releases / naam)
        moment = datetime.fromtimestamp((paden.releases / naam / "manifest.json").stat().st_mtime)
        tabel.add_row(
            naam,
            inhoud["periode"],
            f"{moment:%d-%m-%Y %H:%M}",
            str(sum(i["status"] == "van_kracht" for i in inhoud["invoer"])),
            inhoud["codeversie"],
            ", ".join(inhoud["overrides"]) or "-",
            "huidige" if huidige and huidige.name == naam else "",
        )
    scherm.print(tabel)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(help="The older release, for example 2024H1-r1.")],
    b: Annotated[str, typer.Argument(help="The newer release.")],
    home: Home_ = None,
    settings: SettingsFile = None,
    output: Annotated[Path | None, typer.Option(help="Directory for revisie.html and revisie.csv.")] = None,
) -> None:
    """Show what changed between two releases, and why as far as that can be known.

    The differences are gathered on disk, where TMPDIR says (else /tmp): of a whole country some gigabytes.
    """
    from pipelines.release import diff as verschil

    paden = _settings(home=home, settings_file=settings).paden
    oud, nieuw = (_release(paden, naam) for naam in (a, b))
    if output is not None:
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as fout:
            raise GebruikersFout(f"{output} kan niet gemaakt worden: {fout.strerror}. Kies een andere map.") from fout
    waarom = verschil.redenen(switch.manifest(oud), switch.manifest(nieuw))
    for reden in waarom:
        scherm.print(f"- {reden}", markup=False)
    with verschil.veranderd(oud, nieuw) as con:
        hoeveel = verschil.aantal(con)
        tabel = Table(*verschil.KOLOMMEN, title=f"{hoeveel} waarden veranderd")
        for rij in con.execute("from veranderd limit 40").fetchall():
            tabel.add_row(*("verborgen" if w is None else escape(w) for w in rij))
        scherm.print(tabel)
        if output is not None:
            verschil.schrijf_revisie(con, waarom, a, b, output)
            scherm.print(f"Alles staat in {output}/revisie.html en revisie.csv.", markup=False)
        elif hoeveel > 40:
            scherm.print("Dit zijn de eerste 40; geef --output op voor alles.")


def _release(paden: Home, naam: str) -> Path:
    if naam not in switch.releases(paden):
        raise GebruikersFout(f"Release {naam} is er niet. Bekijk de lijst met: jeugdmonitor releases")
    return paden.releases / naam


@app.command()
def rollback(
    release: Annotated[str, typer.Argument(help="The release that readers should get again.")],
    home: Home_ = None,
    settings: SettingsFile = None,
) -> None:
    """Point current at an earlier release, in one step. No release is changed or removed."""
    paden = _settings(home=home, settings_file=settings).paden
    _release(paden, release)
    with switch.alleen(paden):
        switch.zet_current(paden, release)
    scherm.print(f"Lezers krijgen nu release {release}.")


@app.command()
def metric(
    name: Annotated[str | None, typer.Argument(help="For example instroom; without it a list of all.")] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="Slice by: verwijzer, or dim_regio.jeugdregio. More than once.")
    ] = None,
    where: Annotated[str | None, typer.Option(help="Condition, as SQL: \"verslagperiode = '2024H2'\".")] = None,
    show_sql: Annotated[bool, typer.Option("--sql", help="Show the query instead of its rows.")] = False,
    home: Home_ = None,
    settings: SettingsFile = None,
) -> None:
    """Count a figure that is defined once, sliced as you like, in the warehouse (nothing hidden)."""
    from pipelines import cijfers
    from pipelines.release import beschrijving

    huidige = _huidige(_settings(home=home, settings_file=settings).paden)
    structuur = beschrijving.uitgegeven(huidige)
    if name is None:
        tabel = Table(Column("cijfer", no_wrap=True), "wat het is", "altijd per", "geteld in")
        for naam, (bron, cijfer) in sorted(cijfers.alle(structuur).items()):
            tabel.add_row(naam, cijfer.uitleg, ", ".join(cijfer.per), bron)
        scherm.print(tabel)
        return
    database = huidige / "warehouse.duckdb"
    query = cijfers.als_sql(structuur, beschrijving.kolommen(database), name, by or [], where)
    if show_sql:
        scherm.print(query, markup=False, soft_wrap=True)
        return
    raise typer.Exit(toon(scherm, fouten, database, query))


@app.command()
def publish(
    to: Annotated[
        str | None,
        typer.Option(help="postgresql://user@host/database; the password may come from PGPASSWORD or ~/.pgpass."),
    ] = None,
    release: Annotated[str | None, typer.Option(help="Another release than the current one.")] = None,
    keep: Annotated[int | None, typer.Option(min=2, help="How many releases stay loaded.")] = None,
    publication_only: Annotated[bool, typer.Option(help="Leave the warehouse out.")] = False,
    home: Home_ = None,
    settings: SettingsFile = None,
) -> None:
    """Load a release into PostgreSQL and give it to its readers, all at once. Safe to run twice, or to kill."""
    from pipelines.publish import postgres

    vlaggen = {k: w for k, w in {"adres": to, "bewaar": keep}.items() if w is not None}
    ingesteld = _settings(home=home, settings_file=settings, postgres=vlaggen or None)
    if ingesteld.postgres.adres is None:
        raise GebruikersFout("Geef met --to het adres van de database, als postgresql://gebruiker@server/database")
    bron = _release(ingesteld.paden, release) if release else _huidige(ingesteld.paden)
    try:
        postgres.publiceer(
            bron,
            ingesteld.postgres.adres.get_secret_value(),
            bewaar=ingesteld.postgres.bewaar,
            met_warehouse=not publication_only,
            meld=lambda tekst: scherm.print(tekst, markup=False, soft_wrap=True),
        )
    except postgres.Afgebroken as fout:
        fouten.print(str(fout), style="red", markup=False)
        raise typer.Exit(STORING) from None


def _huidige(paden: Home) -> Path:
    huidige = switch.huidige(paden)
    if huidige is None:
        raise GebruikersFout(f"In {paden.wortel} is nog geen release. Maak er een met: jeugdmonitor refresh")
    return huidige


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="A query; without it an interactive shell.")] = None,
    home: Home_ = None,
    settings: SettingsFile = None,
    file: Annotated[Path | None, typer.Option(help="A file with a query, such as those in notebooks/vragen.")] = None,
    warehouse: Annotated[bool, typer.Option(help="The restricted warehouse instead of the publication.")] = False,
) -> None:
    """Open the current release for SQL, read-only."""
    paden = _settings(home=home, settings_file=settings).paden
    database = _huidige(paden) / ("warehouse.duckdb" if warehouse else "publicatie.duckdb")
    if file is not None:
        if not file.is_file():
            raise GebruikersFout(f"Het bestand {file} is er niet. De vragen staan in notebooks/vragen.")
        query = file.read_text("utf-8")
    if query:
        raise typer.Exit(toon(scherm, fouten, database, query))
    open_shell(scherm, fouten, database)
