"""`python -m pipelines.demo --check DIR`: print the calibration of leveringen that schrijf_demo wrote."""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from pipelines.demo.ijking import ijking


def main() -> None:
    """Print one line per maat, one column per period, and the published figures of Drenthe."""
    keuzes = argparse.ArgumentParser(prog="python -m pipelines.demo", description=__doc__)
    keuzes.add_argument("--check", type=Path, required=True, metavar="DIR", help="directory with demo leveringen")
    tabel = ijking(keuzes.parse_args().check)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=2, tbl_hide_dataframe_shape=True, tbl_width_chars=200):
        print(tabel.pivot("periode", index="maat", values="gevonden"))
        print(tabel.filter(pl.col("gepubliceerd").is_not_null()))


if __name__ == "__main__":
    main()
