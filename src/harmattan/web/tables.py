"""Answers and records as tables on a page: which columns, how a value is written, which link opens a number.

A page of a table costs what its rows cost: what is known of the whole (its columns, its order by one of them) is made
once for an answer and kept.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.brief.answer_words import CODED, head, spoken_code
from harmattan.export.sheet import Sheet
from harmattan.questions.answer import Answer, AnswerColumn, spoken
from harmattan.questions.words import in_words
from harmattan.text import Bilingual, CountryName, Text
from harmattan.text.speaker import NOT_AVAILABLE, Speaker
from harmattan.web import roster

PAGE = 50
"""Rows on a page where nobody says how many."""
COUNTRY = ("country", "iso3", "neighbour_country")
GOING_WITHOUT = ("covered", "evidence")
MOST_KEPT = 200
LINKS = ("http://", "https://")
DATED = re.compile(r"(?:\.\.|\d{4}(?:-\d{2}){0,2})(?:/(?:\.\.|\d{4}(?:-\d{2}){0,2}))?")
"""A date that is known in part, or a time from one to another."""


@dataclass(frozen=True)
class Head:
    """A column's head: its name, how it is called, what it means, whether numbers stand in it."""

    name: str
    description: str
    unit: str
    numeric: bool
    words: str = ""


@dataclass(frozen=True)
class Cell:
    """A value as it is written, and the link that opens it; one that leads elsewhere is `outward`."""

    words: str
    link: str = ""
    outward: bool = False


@dataclass(frozen=True)
class Table:
    """A page of a table."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    page: int
    pages: int
    total: int


class Known:
    """What is known of whole answers: their columns and orders, by answer and language."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.most = most
        self._there: OrderedDict[tuple[str, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: tuple[str, ...]) -> Any:
        """What is kept under a key, or None."""
        with self._lock:
            if key in self._there:
                self._there.move_to_end(key)
            return self._there.get(key)

    def of(self, key: tuple[str, ...], make: Any) -> Any:
        """What is kept under a key, made where there is nothing yet."""
        if (found := self.find(key)) is not None:
            return found
        made = make()
        with self._lock:
            self._there[key] = made
            while len(self._there) > self.most:
                self._there.popitem(last=False)
        return made


KNOWN = Known()


def of(
    answer: Answer,
    speaker: Speaker,
    *,
    page: int = 1,
    size: int = PAGE,
    sort: str = "",
    without: Sequence[str] = (),
) -> Table:
    """A page of an answer: every number of it opens to the rows behind it. `sort` is a column, `-column` downwards."""
    known = KNOWN.of((answer.id, speaker.language), lambda: heads_of(answer, speaker))
    heads = tuple(one for one in known if one.name not in without)
    name = sort.removeprefix("-")
    order: Sequence[int] = range(len(answer.rows))
    if any(column.name == name for column in answer.columns):
        order = KNOWN.of((answer.id, speaker.language, sort), lambda: order_of(answer, speaker, sort))
    pages, at, shown = paged(order, page, size)
    rows = tuple(_cells(spoken(answer.rows[n], speaker), heads, answer.row_id(n), speaker) for n in shown)
    return Table(heads, rows, at, pages, len(answer.rows))


def of_row(answer: Answer, which: int, speaker: Speaker) -> Table:
    """One row of an answer, without links."""
    heads = KNOWN.of((answer.id, speaker.language), lambda: heads_of(answer, speaker))
    return Table(heads, (_cells(spoken(answer.rows[which], speaker), heads, "", speaker),), 1, 1, 1)


def heads_of(answer: Answer, speaker: Speaker) -> tuple[Head, ...]:
    """The columns of an answer that tell something."""
    return tuple(
        _head(column.name, speaker.say(column.description), column.unit, answer.rows, speaker)
        for column in answer.columns
        if _tells(column, answer.rows)
    )


def _head(name: str, description: str, unit: str, rows: Sequence[Mapping[str, Any]], speaker: Speaker) -> Head:
    found = [row.get(name) for row in rows[:2000] if row.get(name) is not None]
    return Head(name, description, unit, bool(found) and all(map(_is_number, found)), head(name, speaker))


def _tells(column: AnswerColumn, rows: Sequence[Mapping[str, Any]]) -> bool:
    return telling(column.name, (row.get(column.name) for row in rows))


def telling(name: str, values: Any) -> bool:
    """Whether a column has anything to say: not where it is empty, or says “yes” throughout."""
    if name == "evidence":
        return False
    if name in GOING_WITHOUT:
        return any(value not in (None, "yes") for value in values)
    return any(value is not None for value in values)


def order_of(answer: Answer, speaker: Speaker, sort: str) -> list[int]:
    """The positions of an answer's rows in the order of a column, what is empty last."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    values = [row.get(name) for row in answer.rows]
    plain = [speaker.say(value) if isinstance(value, Bilingual | Text) else value for value in values]
    return ordered(plain, down=down)


def ordered(values: Sequence[Any], *, down: bool) -> list[int]:
    """The positions of values in their order, what is empty last.

    >>> ordered([3, None, 1], down=True)
    [0, 2, 1]
    """
    there = [n for n, value in enumerate(values) if value is not None]
    try:
        there.sort(key=lambda n: values[n], reverse=down)
    except TypeError:
        there.sort(key=lambda n: str(values[n]), reverse=down)
    return there + [n for n, value in enumerate(values) if value is None]


def paged(order: Sequence[int], page: int, size: int) -> tuple[int, int, Sequence[int]]:
    """How many pages there are, which one is shown, and the positions on it."""
    pages = max(1, -(-len(order) // size))
    at = min(max(1, page), pages)
    return pages, at, order[(at - 1) * size : at * size]


def of_sheet(
    sheet: Sheet, speaker: Speaker, *, page: int = 1, size: int = PAGE, sort: str = "", links: bool = False
) -> Table:
    """A page of a sheet."""
    order: Sequence[int] = range(len(sheet.rows))
    if sort.removeprefix("-") in sheet.names:
        order = ordered(sheet.column(sort.removeprefix("-")), down=sort.startswith("-"))
    heads = tuple(
        _head(column.name, column.description, column.unit, sheet.rows, speaker)
        for column in sheet.columns
        if telling(column.name, sheet.column(column.name))
    )
    pages, at, shown = paged(order, page, size)
    listed = [sheet.rows[n] for n in shown]
    rows = tuple(_cells(row, heads, str(row["evidence"]) if links else "", speaker) for row in listed)
    return Table(heads, rows, at, pages, len(sheet.rows))


def _cells(row: Mapping[str, Any], heads: Sequence[Head], evidence: str, speaker: Speaker) -> tuple[Cell, ...]:
    return tuple(_cell(row.get(one.name), one, evidence, speaker) for one in heads)


def _cell(value: Any, one: Head, evidence: str, speaker: Speaker) -> Cell:
    words = written(value, one.name, speaker)
    if evidence and one.numeric and _is_number(value):
        return Cell(words, f"/evidence/{evidence}")
    if one.name.endswith("url") and isinstance(value, str) and value.startswith(LINKS):
        return Cell(value.split("/")[2].removeprefix("www."), value, outward=True)
    return Cell(words)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def written(value: Any, name: str, speaker: Speaker) -> str:
    """A value in the reader's language."""
    if value is None:
        return NOT_AVAILABLE
    if isinstance(value, bool):
        return speaker.say(value)
    if isinstance(value, float):
        return speaker.number(value, _digits(value))
    if isinstance(value, int):
        return str(value) if name in ("year", "cell", "window") or name.endswith("_id") else speaker.number(value)
    if name in COUNTRY and isinstance(value, str) and len(value) == 3 and value.isupper():
        return speaker.say(CountryName(value))
    if name in ("aspect", "what") and isinstance(value, str):
        words = roster.ASPECT_NAMES.get(value) if name == "aspect" else roster.relation_in_words(value)
        return value if words is None else speaker.say(words)
    if name in CODED and isinstance(value, str):
        return spoken_code(value, name, speaker)
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    if isinstance(value, dt.datetime):
        return f"{speaker.say(value.date())}, {value:%H:%M}"
    if isinstance(value, dt.date):
        return speaker.say(value)
    return dated(value, name, speaker) if isinstance(value, str) and DATED.fullmatch(value) else str(value)


def dated(value: str, name: str, speaker: Speaker) -> str:
    """A date that is known in part, or a period, in the reader's language; as it is where the calendar lacks it.

    >>> dated("2022-05", "as_of", Speaker("en")), dated("2022-01-01/2022-03-05", "period", Speaker("fr"))
    ('May 2022', '1er janvier 2022 – 5 mars 2022')
    """
    try:
        if name == "period" and "/" in value:
            return " – ".join(speaker.say(in_words(part)) for part in value.split("/"))
        return speaker.say(in_words(value))
    except ValueError:
        return value


def _digits(value: float) -> int:
    if value.is_integer() or abs(value) >= 100:
        return 0
    return 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4
