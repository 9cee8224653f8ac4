"""What the sources of people, money and documents share: their rows, places and days, and what a release is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.engine import Engine, remove_tables
from harmattan.sources.files import open_table
from harmattan.sources.publication import coverage, dated, refuse_empty
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, Taken, number_of, rows_of, text_of
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import is_iso3

SILENCE = "silence is nothing: what has no row was not counted or not published"
_START = {
    "displacement": ("iso3", ("as_of",), ("as_of",)),
    "needs": ("countries", ("start",), ("end",)),
    "funding": ("countries", ("day", "year"), ("day", "year")),
    "documents": ("countries", ("published",), ("published",)),
    "events": ("iso3", ("date_start",), ("date_end",)),
}
"""By table: the column of places, and those of the first and the last day."""


def is_json(path: Path) -> bool:
    """Whether a file begins as JSON does. Raises WrongFile where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as fault:
        raise WrongFile(T("{file} cannot be read.", file=Verbatim(path.name)), do=T("Check its name.")) from fault
    return head[:1] in (b"{", b"[")


def within(value: Any, *names: str) -> Any:
    """What stands in a JSON value under names, one in the other; None where it is not there.

    >>> within({"data": {"plans": [1]}}, "data", "plans"), within([], "data")
    ([1], None)
    """
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def items(path: Path, value: Any, what: str) -> list[dict[str, Any]]:
    """A JSON list of objects. Raises WrongFile for anything else."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise WrongFile(
            T("{file} is not an answer of {what}.", file=Verbatim(path.name), what=Verbatim(what)),
            do=T("Download it again, or name another file."),
        )
    return value


def json_rows(path: Path, value: Any, what: str) -> Iterator[Row]:
    """The objects of a JSON list as rows, numbered from 1; empty text is None."""
    for number, one in enumerate(items(path, value, what), 1):
        yield Row(path.name, number, {name.strip().lower(): _blank(found) for name, found in one.items()})


def table(path: Path, engine: Engine, number: int, needed: Iterable[str], what: str) -> Iterator[Row]:
    """The rows of a CSV, Excel or Parquet file; raises WrongFile at once where a needed column is not there."""
    opened = open_table(path, engine, number)
    missing = [name for name in needed if name not in opened.columns]
    if missing:
        raise WrongFile(
            T("{file} is not {what}: it has no column {missing}.", file=Verbatim(path.name), what=Verbatim(what),
              missing=Verbatim(", ".join(missing))),
            available=T("It has {found}.", found=Verbatim(", ".join(opened.columns[:8]))),
        )  # fmt: skip
    return rows_of(opened, engine)


class Columns:
    """The columns that rows were seen with, against those that a reader knows."""

    def __init__(self, known: Collection[str], needed: Collection[str]) -> None:
        self.known, self.needed = frozenset(known), frozenset(needed)
        self.seen: dict[str, None] = {}

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they are; notes their columns."""
        for row in rows:
            if not row.fault:
                self.seen.update(dict.fromkeys(row.values))
            yield row

    def notices(self) -> tuple[str, ...]:
        """A sentence about columns that are new or gone."""
        new = [name for name in self.seen if name not in self.known]
        gone = sorted(self.needed - set(self.seen)) if self.seen else []
        said = [f"new: {', '.join(new)}"] * bool(new) + [f"gone: {', '.join(gone)}"] * bool(gone)
        return (f"Columns that changed since this reader was written: {'; '.join(said)}.",) if said else ()


def iso3_of(row: Row, name: str) -> str:
    """A country as ISO 3166 alpha-3. Raises BadRow for anything else."""
    words = (text_of(row, name) or "").upper()
    if not is_iso3(words):
        raise BadRow(f"{name} is not the ISO3 code of a country: {words[:40] or 'empty'}")
    return words


def day_of(row: Row, name: str) -> dt.date | None:
    """A day, written as a day or a moment of ISO 8601, or None. Raises BadRow for anything else."""
    words = text_of(row, name)
    if words is None:
        return None
    try:
        return dt.date.fromisoformat(words[:10])
    except ValueError as fault:
        raise BadRow(f"{name} is not a day: {words[:40]}") from fault


def days_of(row: Row, first: str, last: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a period; without a last day it is the first. Raises BadRow."""
    start = day_of(row, first)
    if start is None:
        raise BadRow(f"{first} is missing")
    end = day_of(row, last) or start
    if end < start:
        raise BadRow(f"{last} is before {first}")
    return start, end


def precision(start: dt.date, end: dt.date) -> str:
    """How well a stock's day is known that is given by a period: day, month, year or period.

    >>> precision(dt.date(2020, 1, 1), dt.date(2020, 12, 31)), precision(dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    ('year', 'month')
    """
    if start == end:
        return "day"
    if start.day == 1 and (end + dt.timedelta(days=1)).day == 1:
        if (start.year, start.month) == (end.year, end.month):
            return "month"
        if (start.month, end.month, start.year) == (1, 12, end.year):
            return "year"
    return "period"


def people_of(row: Row, name: str) -> float | None:
    """A number of people, or None where there is none. Raises BadRow for anything else, and below zero."""
    found = number_of(row, name)
    if found is not None and found < 0:
        raise BadRow(f"{name} is below zero: {row[name]}")
    return found


def key(*parts: Any) -> str:
    """A row's id from what makes it one of a kind.

    >>> key("MLI", None, 2021)
    'MLI||2021'
    """
    return "|".join("" if part is None else str(part).replace("|", "/") for part in parts)


def year_of(row: Row, name: str) -> int:
    """A year from 1900 to 2100. Raises BadRow for anything else."""
    words = (text_of(row, name) or "").removesuffix(".0")
    if not (words.isascii() and words.isdigit() and 1900 <= int(words[:6]) <= 2100):
        raise BadRow(f"{name} is not a year: {words[:40] or 'empty'}")
    return int(words)


def reading(
    files: Sequence[Path],
    into: Path,
    options: Options,
    taken: Mapping[str, Taken],
    *,
    what: str,
    citation: str,
    notices: Iterable[str] = (),
    basis: str = "",
) -> Reading:
    """What a source hands over, once its tables are written: the first of `taken` is the main one.

    Raises WrongFile where no row could be taken, UsageError where nothing says when the files came out; nothing is
    left in `into` then.
    """
    try:
        some_files(files)
        first = next(iter(taken.values()))
        refuse_empty(sum(one.rows for one in taken.values()), files, what, first.rejects)
        when = dated(options)
        places, start, end = extent(into, taken)
        why = f"the places and the days of the rows; {SILENCE}{f'; {basis}' if basis else ''}"
        covered = coverage(options, places, start, end, why=why)
    except BaseException:
        remove_tables(into)
        raise
    return Reading(
        label=when.label,
        status="rolling",
        published=when.published,
        published_basis=when.basis,
        citation=f"{citation} Accessed {options.retrieved.isoformat()}" if options.retrieved else citation,
        coverage=covered,
        rows=first.rows,
        events=_events(into) if "events" in taken else 0,
        rejects=len(first.rejects),
        range_broken=0,
        tables=tuple(taken),
        notices=tuple(notices),
    )


def some_files(files: Sequence[Path]) -> None:
    """Raises UsageError where there are none."""
    if not files:
        raise UsageError(T("No file is named."), do=T("Name the files, or say harmattan fetch."))


def extent(into: Path, tables: Iterable[str]) -> tuple[tuple[str, ...], dt.date, dt.date]:
    """The countries and the first and last day that the rows of some tables are about."""
    import pyarrow.parquet as pq

    places: set[str] = set()
    days: list[dt.date] = []
    for name in tables:
        where, first, last = _START[name]
        rows = pq.read_table(into / f"{name}.parquet", columns=list(dict.fromkeys([where, *first, *last]))).to_pydict()
        for value in rows[where]:
            places.update([value] if isinstance(value, str) else value)
        for column in {*first, *last}:
            for value in set(rows[column]):
                days += _ends(value)
    return tuple(sorted(places)), min(days, default=dt.date.min), max(days, default=dt.date.min)


def _ends(value: Any) -> list[dt.date]:
    if isinstance(value, int):
        return [dt.date(value, 1, 1), dt.date(value, 12, 31)]
    return [value] if isinstance(value, dt.date) else []


def _events(into: Path) -> int:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    return int(pc.sum(pq.read_table(into / "events.parquet", columns=["n_events"])["n_events"]).as_py() or 0)


def _blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value
