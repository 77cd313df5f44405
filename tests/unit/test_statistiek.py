"""The statistics of the models against published values: Wilson's interval, Student's t, the register's quantiles."""

import csv

import duckdb
import jinja2
import pytest

from pipelines.settings import DBT_PROJECT

MACROS = jinja2.Environment().from_string((DBT_PROJECT / "macros" / "statistiek.sql").read_text("utf-8")).module


@pytest.mark.parametrize(
    ("teller", "noemer", "onder", "boven"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (10, 100, 0.0552, 0.1744),
    ],
)
def test_wilson(teller, noemer, onder, boven):
    sql = (
        f"select {MACROS.wilson(str(teller), str(noemer), 'onder')}, {MACROS.wilson(str(teller), str(noemer), 'boven')}"
    )
    gevonden = duckdb.execute(sql).fetchone()
    assert gevonden == pytest.approx((100 * onder, 100 * boven), abs=0.006)


def test_wilson_zonder_noemer_of_met_te_veel():
    for teller, noemer in ((0, 0), (5, 4), ("null", 10), (1, "null")):
        sql = f"select {MACROS.wilson(f'cast({teller} as bigint)', f'cast({noemer} as bigint)', 'onder')}"
        assert duckdb.execute(sql).fetchone() == (None,)


def marge(n: int, sd: float = 1.0) -> float | None:
    seed = DBT_PROJECT / "seeds" / "student_t.csv"
    sql = f"""select {MACROS.t_marge("x.sd", "x.n")} from (select {n} as n, {sd}::double as sd) as x
              left join read_csv('{seed}') as t on x.n - 1 = t.vrijheidsgraden"""
    return duckdb.execute(sql).fetchone()[0]


@pytest.mark.parametrize(
    # quantiles as printed in statistical tables (0.975)
    ("vrijheidsgraden", "t"),
    [(1, 12.706), (2, 4.303), (9, 2.262), (30, 2.042), (100, 1.984), (200, 1.972), (500, 1.965), (1000, 1.962)],
)
def test_t_interval(vrijheidsgraden, t):
    n = vrijheidsgraden + 1
    assert marge(n) * n**0.5 == pytest.approx(t, abs=0.0006)


def test_t_marge_sluit_aan_tussen_tabel_en_reeks():
    """At 200 degrees of freedom the table stops and the expansion begins: no jump."""
    tabel, reeks = (marge(n) * n**0.5 for n in (201, 202))
    assert tabel - reeks == pytest.approx(5.9e-5, abs=2e-6)  # (z^3 + z) / 4 / 200^2
    assert marge(1) is None


def test_elke_maat_van_het_register_hoort_bij_een_indicator():
    lees = lambda naam: list(csv.DictReader((DBT_PROJECT / "seeds" / naam).open(encoding="utf-8")))  # noqa: E731
    nummers = {r["indicator"] for r in lees("indicator.csv")}
    assert nummers == {*map(str, range(1, 11)), "U"}
    assert {r["indicator"] for r in lees("indicator_maat.csv")} == nummers
