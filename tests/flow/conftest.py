"""Fixtures of the flow tests: the demo leveringen, and the long runs of scenarios.py, started ahead two at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from . import hulp, scenarios
from .scenarios import SCENARIOS

HIER = Path(__file__).parent


def _nodig(item: pytest.Item) -> set[str]:
    """The scenarios that a test looks at."""
    return SCENARIOS.keys() & set(getattr(item, "fixturenames", ()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Flow tests first, for they start the long runs; those that wait for one last; all others use the time between."""
    volgorde = list(SCENARIOS)

    def plek(item: pytest.Item) -> int:
        if HIER not in item.path.parents:
            return 0
        return max((volgorde.index(n) + 1 for n in _nodig(item)), default=-1)

    items.sort(key=plek)


@pytest.fixture(scope="session")
def leveringen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A third of the demo region, over four half-years. Look, don't touch: copy what you change."""
    map_ = tmp_path_factory.mktemp("demo")
    maat = ("--size", "0.05", "--gemeenten", "4", "--halfjaren", "4")
    uitslag = hulp.draai("demo", "--sources", map_ / "leveringen", *maat, cwd=map_)
    assert uitslag.code == hulp.KLAAR, uitslag.tekst
    return map_ / "leveringen"


@pytest.fixture(scope="session")
def lopend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, leveringen: Path
) -> Iterator[dict[str, Future]]:
    """The scenarios that the collected tests need, running."""
    nodig = {naam for item in request.session.items for naam in _nodig(item)} | {"basis"}
    toekomst: dict[str, Future] = {}
    werkplaats = scenarios.Werkplaats(tmp_path_factory.mktemp("flow"), leveringen, lambda naam: toekomst[naam].result())
    with ThreadPoolExecutor(max_workers=2) as pool:
        for naam, scenario in SCENARIOS.items():
            if naam in nodig:
                toekomst[naam] = pool.submit(scenario, werkplaats)
        yield toekomst
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session", autouse=True)
def _begin(lopend: dict[str, Future]) -> None:
    """Start with the first flow test, whatever it is."""


def _fixture(naam: str) -> object:
    @pytest.fixture(scope="session", name=naam)
    def uitkomst(lopend: dict[str, Future]) -> object:
        return lopend[naam].result()

    return uitkomst


basis, anders, dood, correctie, leven, blokkade, regels = map(_fixture, SCENARIOS)


@pytest.fixture
def home(basis: scenarios.Basis, tmp_path: Path) -> Path:
    """A home directory with one good release, to do with as a test likes."""
    return hulp.kopie(basis.home, tmp_path / "home")
