"""One DuckDB connection for one reading: bounded memory, its scratch inside the target folder, gone afterwards."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import WrongFile
from harmattan.text import T, Verbatim
from harmattan.vocabulary.schema import REJECTS

EVENTS_FILE, REJECTS_FILE = "events.parquet", "rejects.parquet"
MEMORY_LIMIT = "1000MB"
ROW_GROUP_ROWS = 20_480
"""Small enough that a few groups of long source lists fit into memory."""


@dataclass(frozen=True)
class Engine:
    """A connection and the folder for what it needs in between."""

    connection: Any
    scratch: Path

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises WrongFile where DuckDB cannot read the data."""
        with clear_line():
            return list(self.connection.execute(sql).fetchall())

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a query."""
        return self.rows(sql)[0]

    def write(self, sql: str, path: Path) -> int:
        """The query's rows as a Parquet file, in their order; returns how many. Same rows, same bytes."""
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS}"
        return int(self.row(f"COPY ({sql}) TO {literal(str(path))} ({options})")[0])


@contextlib.contextmanager
def engine(into: Path) -> Iterator[Engine]:
    """An engine that works inside `into` and leaves nothing of its own there."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=into, prefix=".scratch-") as folder:
        connection = duckdb.connect(":memory:")
        try:
            for setting, value in {
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": folder,
                "preserve_insertion_order": "true",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }.items():
                connection.execute(f"SET {setting} = {literal(value)}")
            yield Engine(connection, Path(folder))
        finally:
            connection.close()


@contextlib.contextmanager
def clear_line() -> Iterator[None]:
    """DuckDB's complaint about data as one line."""
    import duckdb

    try:
        yield
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException) as error:
        first = str(error).splitlines()[0]
        raise WrongFile(
            T("The file could not be read: {why}", why=Verbatim(first)),
            do=T("Download it again, or save it as CSV UTF-8."),
        ) from error


def literal(words: str) -> str:
    """A text as an SQL literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + words.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A column's name as an SQL identifier.

    >>> quoted("adm_1")
    '"adm_1"'
    """
    return '"' + name.replace('"', '""') + '"'


def write_rejects(rows: Iterable[dict[str, Any]], path: Path, batch_rows: int = 5_000) -> int:
    """Rows of the contract REJECTS as a Parquet file; returns how many. An empty file has the columns too."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    count, batch = 0, []
    with pq.ParquetWriter(path, REJECTS.schema, compression="zstd") as writer:
        for row in rows:
            batch.append(row)
            count += 1
            if len(batch) == batch_rows:
                writer.write_table(pa.Table.from_pylist(batch, schema=REJECTS.schema))
                batch = []
        writer.write_table(pa.Table.from_pylist(batch, schema=REJECTS.schema))
    return count
