"""Text in SQL that takes no parameters, such as attach, copy, comment on and the paths of read_parquet."""

from __future__ import annotations


def tekst(waarde: object) -> str:
    """A text or path as a SQL literal, with its quotes."""
    return "'" + str(waarde).replace("'", "''") + "'"
