"""A poort as a Great Expectations suite: builds it from the rules, runs it pushed down on DuckDB, writes data docs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.quality.regels import Effect, Poort


@dataclass(frozen=True)
class Vraag:
    """One expectation: the SQL (with ``{batch}``) that gives the rows that break it, and how the docs name it."""

    sql: str
    omschrijving: str
    effect: Effect
    advies: str


@dataclass(frozen=True)
class Antwoord:
    """The verdict of Great Expectations; ``gebroken`` is None when the expectation itself could not be run."""

    geslaagd: bool
    gebroken: int | None


def toets(pad: Path, poort: Poort, vragen: list[Vraag], docs: Path | None) -> list[Antwoord]:
    """Run the expectations over kwaliteit.meting in the DuckDB file, read-only; one Antwoord per Vraag, same order.

    With ``docs`` the data docs are written there (an own directory per poort; what was in it is replaced). They refer
    to nothing outside. The file is let go of again. Raises RuntimeError when the answers do not match the questions.
    """
    with _context(pad) as (context, batch):
        resultaten = _draai(context, batch, poort, vragen, docs)
    if docs is not None:
        _sluit_af(docs)
    per_nummer = {r.expectation_config.meta["nummer"]: r for r in resultaten}
    if sorted(per_nummer) != list(range(len(vragen))):
        raise RuntimeError(f"Great Expectations gaf {len(per_nummer)} antwoorden op {len(vragen)} vragen.")
    return [_antwoord(per_nummer[nummer]) for nummer in range(len(vragen))]


@contextmanager
def _context(pad: Path) -> Iterator[tuple[Any, Any]]:
    """A GX context in memory with the measurements as its one batch; closes every connection afterwards."""
    from pipelines.quality import datasource  # noqa: I001  (first: it turns analytics off and registers DuckDB)
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    _verwijder_tijdelijke_docs(context)
    bron = datasource.voeg_toe(context, pad)
    try:
        tabel = bron.add_table_asset(name="meting", table_name="meting", schema_name="kwaliteit")
        yield context, tabel.add_batch_definition_whole_table("alles")
    finally:
        datasource.sluit(bron)


def _verwijder_tijdelijke_docs(context: Any) -> None:
    """Drop the site an ephemeral context makes in a temporary directory that nobody would clean up."""
    for naam, site in dict(context.variables.data_docs_sites or {}).items():
        shutil.rmtree(site["store_backend"]["base_directory"], ignore_errors=True)
        context.delete_data_docs_site(naam)


def _draai(context: Any, batch: Any, poort: str, vragen: list[Vraag], docs: Path | None) -> list[Any]:
    import great_expectations as gx
    from great_expectations.checkpoint import UpdateDataDocsAction
    from great_expectations.core import RunIdentifier

    suite = context.suites.add(gx.ExpectationSuite(name=poort))
    suite.expectations = [_expectation(nummer, vraag) for nummer, vraag in enumerate(vragen)]
    suite.save()
    validatie = context.validation_definitions.add(gx.ValidationDefinition(name=poort, data=batch, suite=suite))
    acties = []
    if docs is not None:
        context.add_data_docs_site("poorten", _site(docs, poort))
        acties.append(UpdateDataDocsAction(name="docs", site_names=["poorten"]))
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=poort, validation_definitions=[validatie], actions=acties, result_format="COMPLETE")
    )
    uitslag = checkpoint.run(run_id=RunIdentifier(run_name=poort))
    return [resultaat for run in uitslag.run_results.values() for resultaat in run.results]


def _expectation(nummer: int, vraag: Vraag) -> Any:
    from great_expectations.expectations import UnexpectedRowsExpectation

    return UnexpectedRowsExpectation(
        unexpected_rows_query=vraag.sql,
        description=vraag.omschrijving,
        severity="critical" if vraag.effect == "blokkeert" else "warning",
        meta={"nummer": nummer, "effect": vraag.effect},
        notes=vraag.advies,
    )


def _site(docs: Path, poort: str) -> dict[str, Any]:
    if docs.exists():
        shutil.rmtree(docs)
    docs.mkdir(parents=True)
    return {
        "class_name": "SiteBuilder",
        "site_name": f"Jeugdmonitor, poort {poort}",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }


def _antwoord(resultaat: Any) -> Antwoord:
    gebroken = (resultaat.result or {}).get("observed_value")
    return Antwoord(bool(resultaat.success), gebroken if isinstance(gebroken, int) else None)


# The pages of GX load style sheets, scripts and a counting pixel from elsewhere: looking at a report would be seen.
_VAN_BUITEN = re.compile(
    r"<script\b[^>]*\bsrc=\"(?:https?:)?//[^>]*>\s*</script>|<(?:link|img|source)\b[^>]*\"\s*(?:https?:)?//[^>]*>",
    re.IGNORECASE,
)
_STIJL = """<style>
body { font-family: sans-serif; margin: 1rem 2rem; } table { border-collapse: collapse; margin: .5rem 0; }
td, th { border: 1px solid #ccc; padding: .3rem .6rem; text-align: left; vertical-align: top; }
pre, code { white-space: pre-wrap; font-size: .85rem; } ul { padding-left: 1.2rem; }
button, .modal, footer { display: none; }
.fa-check-circle::before { content: "\\2714"; color: green; } .fa-times::before { content: "\\2718"; color: #b00; }
.fa-exclamation-triangle::before { content: "!"; font-weight: bold; color: #b00; }
</style></head>"""


def _sluit_af(docs: Path) -> None:
    """Make the pages stand on their own: nothing from outside, a few lines of style, and an index without scripts."""
    paginas = sorted(docs.rglob("*.html"))
    for pagina in paginas:
        tekst = _VAN_BUITEN.sub("", pagina.read_text(encoding="utf-8")).replace("</head>", _STIJL, 1)
        if pagina == docs / "index.html":
            links = (p.relative_to(docs).as_posix() for p in paginas if p != pagina)
            lijst = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
            tekst = tekst.replace("</body>", f"<ul>{lijst}</ul></body>", 1)
        pagina.write_text(tekst, encoding="utf-8")
