"""What the smaller sources share: when a release came out, what it covers, which columns its files have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.engine import Engine
from harmattan.sources.files import open_table
from harmattan.sources.reading import Options
from harmattan.sources.rows import Row, need, rows_of
from harmattan.text import T, Verbatim
from harmattan.vocabulary.origin import Coverage, Dimension


@dataclass
class Seen:
    """The countries and days that the accepted rows name."""

    places: set[str] = field(default_factory=set)
    days: set[dt.date] = field(default_factory=set)

    def note(self, iso3: str | None = None, day: dt.date | None = None) -> None:
        """Notes a row's country and day."""
        if iso3:
            self.places.add(iso3)
        if day:
            self.days.add(day)


@dataclass
class Keys:
    """Keys for rows without an id: the same row has the same key, another row with the same words a numbered one."""

    given: dict[str, list[str]] = field(default_factory=dict)

    def of(self, words: str, record: object) -> str:
        """The key of a record that these words describe.

        >>> keys = Keys()
        >>> [keys.of("a", record) for record in (1, 2, 1)]
        ['a', 'a #2', 'a']
        """
        records = self.given.setdefault(words, [])
        told = str(record)
        if told not in records:
            records.append(told)
        nth = records.index(told) + 1
        return words if nth == 1 else f"{words} #{nth}"


def named(files: Sequence[Path]) -> list[Path]:
    """The files. Raises UsageError where there are none."""
    if not files:
        raise UsageError(T("No file was named."), do=T("Name the files of one release."))
    return list(files)


@dataclass(frozen=True)
class Dated:
    """A release's label, the latest day on which it can have come out, and how that is known."""

    label: str
    published: dt.date
    basis: str


def dated(options: Options, label: str | None = None, published: dt.date | None = None, basis: str = "") -> Dated:
    """What the user states, else what the publisher says, else the day of retrieval.

    Raises UsageError where nothing says when the data came out.
    """
    if options.published:
        day, why = options.published, "stated by the user"
    elif published:
        day, why = published, basis
    elif options.retrieved:
        day, why = options.retrieved, "the day it was retrieved"
    else:
        raise UsageError(
            T("When these data came out is not known: the files do not say it."),
            do=T("Say it with {option}.", option=Verbatim("--published 2024-06-30")),
        )
    return Dated(options.label or label or (options.retrieved or day).isoformat(), day, why)


def coverage(
    options: Options,
    places: Iterable[str],
    first: dt.date,
    last: dt.date,
    *,
    dimensions: tuple[Dimension, ...] = (),
    why: str,
) -> Coverage:
    """What the files speak about: as the user states it, else as `why` says it is seen."""
    stated = [name for name in ("places", "start", "end") if getattr(options, name) is not None]
    start, end = options.start or first, options.end or last
    if start > end:
        raise UsageError(T("The period from {start} to {end} ends before it starts.", start=start, end=end))
    found = set(places) | set(options.places or ())
    basis = f"{', '.join(stated)} stated by the user, else {why}" if stated else why
    return Coverage(places=tuple(sorted(found)), start=start, end=end, dimensions=dimensions, basis=basis)


def rows_and_notices(
    files: Sequence[Path],
    engine: Engine,
    what: str,
    needed: Iterable[str],
    *,
    known: Iterable[str] = (),
    varying: Iterable[str] = (),
) -> tuple[Iterator[Row], tuple[str, ...]]:
    """The rows of several files, and a sentence about columns that are new or gone. Raises WrongFile.

    `known` are the columns that were there when the reader was written, `varying` those that some versions have.
    """
    named(files)
    tables = [open_table(path, engine, number) for number, path in enumerate(files)]
    for table in tables:
        need(table.columns, needed, table.path, what)
    notices = tuple(
        dict.fromkeys(said for table in tables if (said := _changed(table.columns, list(known), list(varying))))
    )
    return (row for table in tables for row in rows_of(table, engine)), notices


def refuse_empty(rows: int, files: Sequence[Path], what: str, rejects: Sequence[object]) -> None:
    """Raises WrongFile where no row could be taken, with the first reason."""
    if rows:
        return
    first = rejects[0] if rejects else None
    reason = str(first["reason"]) if isinstance(first, dict) else "there are no rows"
    raise WrongFile(
        T("{file} has no row of {what} that can be taken: {why}.", file=Verbatim(files[0].name), what=Verbatim(what),
          why=Verbatim(reason)),
        do=T("Download it again, or name another file."),
    )  # fmt: skip


def _changed(columns: Sequence[str], known: Sequence[str], varying: Sequence[str]) -> str | None:
    if not known:
        return None
    new = [name for name in columns if name not in known and name not in varying]
    gone = [name for name in known if name not in columns]
    parts = [f"new: {', '.join(new)}"] * bool(new) + [f"gone: {', '.join(gone)}"] * bool(gone)
    return f"Columns that changed since this reader was written: {'; '.join(parts)}." if parts else None
