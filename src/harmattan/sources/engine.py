"""One DuckDB connection for one reading: bounded memory, its scratch inside the target folder, gone afterwards."""

from __future__ import annotations

import contextlib
import itertools
import queue
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import WrongFile
from harmattan.text import T, Verbatim
from harmattan.vocabulary.contract import Contract
from harmattan.vocabulary.schema import EVENTS, REJECTS

EVENTS_FILE, REJECTS_FILE = "events.parquet", "rejects.parquet"
MEMORY_LIMIT = "1000MB"
MOST_THREADS = 4
"""Each thread reads a piece of a file of its own; more of them would not fit into the memory."""

ROW_GROUP_ROWS = 32_768
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

    def batches(self, sql: str) -> Iterator[Any]:
        """A query's rows as Arrow record batches, in their order, one after the other."""
        with clear_line():
            yield from self.connection.sql(sql).to_arrow_reader(ROW_GROUP_ROWS)

    def write(self, sql: str, path: Path) -> int:
        """The query's rows as a Parquet file of EVENTS without its later columns, in their order; returns how many."""
        return write_parquet(self.batches(sql), path, EVENTS.first)


@contextlib.contextmanager
def engine(into: Path) -> Iterator[Engine]:
    """An engine that works inside `into` and leaves nothing of its own there; after an error, nothing at all."""
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
                "enable_progress_bar": "false",
            }.items():
                connection.execute(f"SET {setting} = {literal(value)}")
            threads = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
            connection.execute(f"SET threads = {min(int(threads), MOST_THREADS)}")
            yield Engine(connection, Path(folder))
        except BaseException:
            remove_tables(into)
            raise
        finally:
            connection.close()


def remove_tables(into: Path) -> None:
    """Leaves nothing half-written behind."""
    for path in into.glob("*.parquet"):
        path.unlink(missing_ok=True)


class UnevenLines(WrongFile):
    """A CSV file that mixes Windows' and Unix' line ends, which DuckDB cannot read as it is."""


@contextlib.contextmanager
def clear_line() -> Iterator[None]:
    """DuckDB's complaint about data as one line.

    Of a broken Parquet file it complains without a class of its own, and what it finds while rows stream comes
    through Arrow as an OSError without a number.
    """
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        known = isinstance(error, duckdb.InvalidInputException | duckdb.ConversionException | duckdb.IOException)
        if not known and type(error) is not duckdb.Error:
            raise
        raise _unreadable(error) from error
    except OSError as error:
        if error.errno is not None or not str(error).startswith(STREAMED):
            raise
        raise _unreadable(error) from error


STREAMED = ("Invalid Input Error", "Conversion Error", "Invalid Error")


def _unreadable(error: Exception) -> WrongFile:
    first = "".join(sign for sign in str(error).splitlines()[0] if sign.isprintable())
    return (UnevenLines if "reached an invalid state" in first else WrongFile)(
        T("The file could not be read: {why}", why=Verbatim(first)),
        do=T("Download it again, or save it as CSV UTF-8."),
    )


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


@contextlib.contextmanager
def ahead(batches: Iterator[Any], most: int = 1) -> Iterator[Iterator[Any]]:
    """Makes batches in a thread of its own while earlier ones are written; at most so many wait."""
    waiting: queue.Queue[Any] = queue.Queue(most)
    stopped = threading.Event()

    def put(item: Any) -> bool:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                waiting.put(item, timeout=0.1)
                return True
        return False

    def work() -> None:
        for batch in batches:
            if not put(batch):
                return

    def taken() -> Iterator[Any]:
        while (batch := waiting.get()) is not None:
            yield batch
        done.result()

    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(work)
        done.add_done_callback(lambda _done: put(None))
        try:
            yield taken()
        finally:
            stopped.set()


def write_parquet(
    batches: Iterable[Any], path: Path, contract: Contract, repeating: Sequence[str] | None = None
) -> int:
    """Arrow batches as a Parquet file of a contract, its nullability too; returns how many rows.

    `repeating` names the columns whose values repeat or are searched, where to look at all of them takes too long. Row
    groups have the same size however the batches are cut, so the same rows give the same bytes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, waiting, rows = contract.schema, [], 0
    with pq.ParquetWriter(
        path, schema, compression="zstd", use_dictionary=repeating or True, write_statistics=repeating or True
    ) as writer:
        for batch in batches:
            rows += batch.num_rows
            waiting.append(batch)
            while sum(part.num_rows for part in waiting) >= ROW_GROUP_ROWS:
                table = pa.Table.from_batches(waiting)
                writer.write_table(table.slice(0, ROW_GROUP_ROWS).cast(schema))
                waiting = table.slice(ROW_GROUP_ROWS).to_batches()
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting).cast(schema))
    return rows


def write_rejects(rows: Iterable[dict[str, Any]], path: Path) -> int:
    """Rows of the contract REJECTS as a Parquet file; returns how many. An empty file has the columns too."""
    import pyarrow as pa

    def batches() -> Iterator[Any]:
        source = iter(rows)
        while some := list(itertools.islice(source, 2_000)):
            yield pa.RecordBatch.from_pylist(some, schema=REJECTS.schema)

    return write_parquet(batches(), path, REJECTS)
