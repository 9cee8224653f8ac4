"""Takes rows one by one: for data sets of up to some hundred thousand rows, whose rows need a look each.

A reader says how a row becomes records of a contract. What cannot be taken is noted with file, line and reason.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harmattan.errors import WrongFile
from harmattan.sources.engine import Engine, write_parquet, write_rejects
from harmattan.sources.files import TextTable, open_table
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.contract import Contract

BATCH_ROWS = 20_000
LONGEST_ROW_CHARS = 4_000
LARGEST_WHOLE = 2**53
"""Beyond it a whole number that came as a float is not exact."""


class BadRow(Exception):
    """A row that cannot be taken; the message is the reason, in the words of the rejects."""


@dataclass(frozen=True)
class Row:
    """One row of a publisher's file: its values as text, or as JSON has them; empty text is None."""

    file: str
    line: int
    values: Mapping[str, Any]
    fault: str = ""
    """Why the row could not even be split into fields; it is refused for that."""

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


@dataclass
class Taken:
    """What came of the rows: how many records were written, what was refused."""

    rows: int = 0
    rejects: list[dict[str, Any]] = field(default_factory=list)


Make = Callable[[Row], Iterable[Mapping[str, Any]]]
"""A row as records of a contract; columns that are left out are empty. Raises BadRow."""


def take(rows: Iterable[Row], makes: Mapping[str, tuple[Contract, Make]], into: Path) -> dict[str, Taken]:
    """Writes the records that each row makes to `into`/NAME.parquet, and what was refused to `into`/rejects.parquet.

    `makes` has the contract and the making of each table. A row that one table refuses is refused as a whole, a key
    that comes twice with the same values is taken once, and one that comes again with others is refused. Rows that
    make no record are left out in silence: they are not about what is taken.
    """
    writers = {name: _Writer(contract, into / f"{name}.parquet") for name, (contract, _make) in makes.items()}
    taken = {name: Taken() for name in makes}
    refused: list[dict[str, Any]] = []
    try:
        for row in rows:
            try:
                if row.fault:
                    raise BadRow(row.fault)
                made = {name: [writers[name].full(r) for r in make(row)] for name, (_, make) in makes.items()}
                fresh = {name: writers[name].fresh(records) for name, records in made.items()}
            except BadRow as reason:
                refused.append(reject(row, str(reason)))
                continue
            for name, records in fresh.items():
                writers[name].add(records)
                taken[name].rows += len(records)
    finally:
        for writer in writers.values():
            writer.close()
    write_rejects(refused, into / "rejects.parquet")
    for one in taken.values():
        one.rejects = refused
    return taken


def reject(row: Row, reason: str) -> dict[str, Any]:
    """A row that is not taken, as a record of the contract REJECTS."""
    words = json.dumps(dict(row.values), ensure_ascii=False, default=str)[:LONGEST_ROW_CHARS]
    id_ = row.values.get("id")
    return {
        "file": row.file,
        "line": row.line,
        "id_as_written": None if id_ is None else str(id_),
        "reason": reason,
        "row_as_written": words,
    }


def table_rows(path: Path, engine: Engine, needed: Iterable[str], number: int = 0, what: str = "") -> Iterator[Row]:
    """The rows of a CSV, Excel or Parquet file; column names lower case. Raises WrongFile without a needed column."""
    table = open_table(path, engine, number)
    need(table.columns, needed, path, what)
    yield from rows_of(table, engine)


def rows_of(table: TextTable, engine: Engine) -> Iterator[Row]:
    """The rows of an opened table, in their order; then those that cannot be split into fields, with the reason."""
    line = itertools.count(table.first_line)
    for batch in engine.batches(f"SELECT * FROM {table.relation}"):
        for values in batch.to_pylist():
            blank = [name for name, value in values.items() if value is not None and not value.strip()]
            yield Row(table.path.name, next(line), values | dict.fromkeys(blank) if blank else values)
    if table.unsplit:
        broken = f"SELECT line, min(error_type), min(csv_line) FROM {table.unsplit} GROUP BY 1 ORDER BY 1"
        for number, kind, words in engine.rows(broken):
            yield Row(table.path.name, int(number), {"row": str(words)}, f"cannot be split: {str(kind).lower()}")


def need(columns: Iterable[str], needed: Iterable[str], path: Path, what: str) -> None:
    """Raises WrongFile naming the columns that a file lacks and some that it has."""
    there = list(columns)
    missing = [name for name in needed if name not in there]
    if missing:
        raise WrongFile(
            T(
                "{file} is not {what}: it has no column {missing}.",
                file=Verbatim(path.name),
                what=Verbatim(what),
                missing=listing([Verbatim(name) for name in missing]),
            ),
            available=T("It has {found}.", found=listing([Verbatim(name) for name in there[:8]])),
        )


def number_of(row: Row, name: str) -> float | None:
    """A number, or None where there is none (empty, or the signs that publishers write for nothing).

    Raises BadRow for anything else, and for what is not finite.
    """
    value = row[name]
    if value is None or value in ("", "-", "NA", "N/A", "null", "NULL", "nan", "NaN"):
        return None
    try:
        found = float(str(value).replace("\u202f", "").replace("\xa0", "").replace(",", "").strip())
    except ValueError as fault:
        raise BadRow(f"{name} is not a number: {str(value)[:60]}") from fault
    if not math.isfinite(found):
        raise BadRow(f"{name} is not a number: {str(value)[:60]}")
    return found


def whole_of(row: Row, name: str) -> int | None:
    """A whole number, or None. Raises BadRow for anything else."""
    found = number_of(row, name)
    if found is None:
        return None
    if not found.is_integer() or abs(found) > LARGEST_WHOLE:
        raise BadRow(f"{name} is not a whole number: {str(row[name])[:60]}")
    return int(found)


def text_of(row: Row, name: str) -> str | None:
    """A text without surrounding space, or None where there is none."""
    value = row[name]
    words = "" if value is None else str(value).strip()
    return words or None


def json_of(path: Path) -> Any:
    """A JSON file's value. Raises WrongFile for anything that is not JSON in UTF-8."""
    try:
        words = path.read_bytes().decode("utf-8-sig")
        value = json.loads(words)
        return _whole_signs(value) if "\\ud" in words.lower() else value
    except (OSError, ValueError, RecursionError) as fault:
        raise WrongFile(
            T("{file} is not JSON.", file=Verbatim(path.name)), do=T("Download it again, or name another file.")
        ) from fault


def _whole_signs(value: Any) -> Any:
    """A JSON value whose texts can be written: half of a pair of surrogates becomes the sign for a broken one."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_signs(one) for one in value]
    if isinstance(value, dict):
        return {_whole_signs(name): _whole_signs(one) for name, one in value.items()}
    return value


Fresh = dict[tuple[Any, ...], tuple[int, dict[str, Any]]]
"""Records by key, each with a print by which another with the same key is told apart."""


class _Writer:
    """Records of one table on their way to disk, each key once."""

    def __init__(self, contract: Contract, path: Path) -> None:
        self.contract, self.path = contract, path
        self.names = tuple(contract.names)
        self.needed = tuple(column.name for column in contract.columns if not column.nullable)
        self.seen: dict[tuple[Any, ...], int] = {}
        self.waiting: list[dict[str, Any]] = []
        self.batches: list[Any] = []

    def full(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """A record with every column; raises BadRow where one that must be there is empty."""
        for name in self.needed:
            if record.get(name) is None:
                raise BadRow(f"{name} is missing")
        full = {name: record.get(name) for name in self.names}
        if not record.keys() <= full.keys():
            raise KeyError(f"{self.contract.name} has no column {sorted(record.keys() - full.keys())[0]}")
        return full

    def fresh(self, records: list[dict[str, Any]]) -> Fresh:
        """The records that are not there yet. Raises BadRow where one is there with other values."""
        found: Fresh = {}
        for record in records:
            key, print_ = self._key(record), hash(tuple(map(str, record.values())))
            before = found[key][0] if key in found else self.seen.get(key)
            if before is None:
                found[key] = print_, record
            elif before != print_:
                raise BadRow(f"{', '.join(map(str, key))} is there twice with different values")
        return found

    def add(self, records: Fresh) -> None:
        self.seen.update((key, print_) for key, (print_, _record) in records.items())
        self.waiting.extend(record for _print, record in records.values())
        if len(self.waiting) >= BATCH_ROWS:
            self._pack()

    def close(self) -> None:
        self._pack()
        write_parquet(self.batches, self.path, self.contract)

    def _key(self, record: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(record[name] for name in self.contract.key)

    def _pack(self) -> None:
        import pyarrow as pa

        if self.waiting:
            self.batches.append(pa.RecordBatch.from_pylist(self.waiting, schema=self.contract.schema))
            self.waiting = []
