"""Gets GDELT's files of fifteen minutes for some days: each is checked by its MD5 and kept before the next."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harmattan.errors import FetchError, UsageError
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line, Progress
from harmattan.sources.reading import Options
from harmattan.text import T, Verbatim

BASE = "http://data.gdeltproject.org/gdeltv2"
MASTER, LATEST = "masterfilelist.txt", "lastupdate.txt"
MOST_DAYS = 31
"""GDELT has 96 files a day; more days than these are asked for one month after the other."""
FIRST_DAY = dt.date(2015, 2, 18)
TRIES = 3
_LINE = re.compile(r"(\d+) ([0-9a-f]{32}) \S*/((\d{8})\d{6}\.export\.CSV\.zip)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One file of fifteen minutes, as GDELT lists it."""

    name: str
    md5: str
    day: dt.date


def fetch(wanted: Wanted, line: Line, journal: Journal, _secrets: Secrets) -> Fetched:
    """Gets the files of the days that are wanted, or the newest one where no day is said.

    Rows of other countries are left out when the files are read. Raises FetchError, UsageError.
    """
    base = (wanted.base or BASE).rstrip("/")
    start, end = _days(wanted)
    parts = _listed(base, start, end, line, journal)
    if not parts:
        raise FetchError(
            T("GDELT lists no files for these days."),
            do=T("GDELT 2.0 starts on {day}; ask for days after it that have passed.", day=FIRST_DAY),
        )
    for done, part in enumerate(parts):
        line.show(Progress("GDELT", done, len(parts), "files"))
        if part.name not in journal.names:
            journal.keep(part.name, _content(f"{base}/{part.name}", part, line))
    line.show(Progress("GDELT", len(parts), len(parts), "files"))
    return Fetched(journal.files, Options(label=wanted.label, places=tuple(sorted(wanted.places)) or None))


def _days(wanted: Wanted) -> tuple[dt.date | None, dt.date | None]:
    if wanted.start is None and wanted.end is None:
        return None, None
    start = wanted.start or wanted.end
    end = min(wanted.end or wanted.today, wanted.today)
    assert start is not None
    if (end - start).days + 1 > MOST_DAYS:
        raise UsageError(
            T("GDELT has 96 files a day, and {n} days are too many at once.", n=(end - start).days + 1),
            do=T("Ask for up to {n} days, one month after the other.", n=MOST_DAYS),
        )
    return start, end


def _listed(base: str, start: dt.date | None, end: dt.date | None, line: Line, journal: Journal) -> list[Part]:
    """The files that are wanted. The list of all files is downloaded once for a fetch and read line by line."""
    if start is None or end is None:
        if "latest" not in journal.state:
            journal.go_on(latest=line.get(f"{base}/{LATEST}").text)
        return list(parts_of(str(journal.state["latest"]).splitlines()))
    path = journal.folder / MASTER
    if not path.exists() and not line.download(f"{base}/{MASTER}", path):
        raise FetchError(T("GDELT has no list of files at {where}.", where=Verbatim(MASTER)))
    return [part for part in parts_of(_lines(path)) if start <= part.day <= end]


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from file


def parts_of(lines: Iterable[str]) -> Iterator[Part]:
    """The event files of a list; broken lines, which the list has, and other kinds of files are left out.

    >>> [part.name for part in parts_of(["1 0123456789abcdef0123456789abcdef http://a/20220301000000.export.CSV.zip"])]
    ['20220301000000.export.CSV.zip']
    """
    for words in lines:
        if found := _LINE.fullmatch(words.strip()):
            try:
                day = dt.datetime.strptime(found[4], "%Y%m%d").date()
            except ValueError:
                continue
            yield Part(found[3], found[2].lower(), day)


def _content(url: str, part: Part, line: Line) -> bytes:
    """A file whose MD5 is the listed one; another one is asked for again, since it was cut or changed on its way."""
    for _nth in range(TRIES):
        content = line.get(url).content
        if hashlib.md5(content, usedforsecurity=False).hexdigest() == part.md5:
            return content
    raise FetchError(
        T("{file} is not the file that GDELT lists: its MD5 is another one.", file=Verbatim(part.name)),
        do=T("Say the same again later: what has come is kept."),
    )
