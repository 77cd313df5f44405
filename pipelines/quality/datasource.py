"""Great Expectations on DuckDB, pushed down as SQL. Only the adapter; rules are in expectations/, judging in poorten.

Importing this module imports Great Expectations (about 5 s): import it inside a function, where it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Union

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before the import below: nothing is ever sent out

from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.datasource.fluent.config_str import ConfigStr
from great_expectations.execution_engine import SqlAlchemyExecutionEngine


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Keeps one open connection: stock GX closes it before the result is read, which DuckDB does not survive."""

    @contextmanager
    def get_connection(self) -> Generator[Any, None, None]:
        """Yield the one connection, opened at first use and kept until ``close``."""
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection

    def close(self) -> None:
        """Close the connection and let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


class DuckDBDatasource(SQLDatasource):
    """A GX datasource on one DuckDB file; registering the class gives ``context.data_sources.add_duckdb``."""

    type: Literal["duckdb"] = "duckdb"
    connection_string: Union[ConfigStr, str]  # noqa: UP007 (pydantic v1 evaluates it)

    @property
    def execution_engine_type(self) -> type[SqlAlchemyExecutionEngine]:
        """The engine that keeps its connection open."""
        return DuckDBExecutionEngine


def voeg_toe(context: Any, pad: Path) -> DuckDBDatasource:
    """Add a DuckDB file to a GX context, read-only. Raises FileNotFoundError when the file is not there."""
    if not pad.exists():
        raise FileNotFoundError(f"{pad} bestaat niet; er is nog niets gemeten.")
    return context.data_sources.add_duckdb(
        name="duckdb",
        connection_string=f"duckdb:///{pad.resolve()}",
        kwargs={"connect_args": {"read_only": True}},
    )


def sluit(bron: DuckDBDatasource) -> None:
    """Close every connection of the datasource, so that the file can be opened for writing again."""
    bron.get_execution_engine().close()
    bron.get_engine().dispose()
