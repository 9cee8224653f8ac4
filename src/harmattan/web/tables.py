"""Answers and records as tables on a page: which columns, how a value is written, which link opens a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.export.sheet import Sheet, of_answer
from harmattan.questions.answer import Answer
from harmattan.text import CountryName
from harmattan.text.speaker import NOT_AVAILABLE, Speaker

PAGE = 50
"""Rows on a page where nobody says how many."""
COUNTRY = ("country", "iso3", "neighbour_country")
GOING_WITHOUT = ("covered", "evidence")


@dataclass(frozen=True)
class Head:
    """A column's head: its name, what it means, whether numbers stand in it."""

    name: str
    description: str
    unit: str
    numeric: bool


@dataclass(frozen=True)
class Cell:
    """A value as it is written, and the link that opens it."""

    words: str
    link: str = ""


@dataclass(frozen=True)
class Table:
    """A page of a table."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    page: int
    pages: int
    total: int


def of(answer: Answer, speaker: Speaker, *, page: int = 1, size: int = PAGE, sort: str = "") -> Table:
    """A page of an answer: every number of it opens to the rows behind it. `sort` is a column, `-column` downwards."""
    sheet = of_answer(answer, speaker)
    return of_sheet(sheet, speaker, page=page, size=size, sort=sort, links=True)


def of_sheet(
    sheet: Sheet, speaker: Speaker, *, page: int = 1, size: int = PAGE, sort: str = "", links: bool = False
) -> Table:
    """A page of a sheet."""
    rows = sorted_by(sheet.rows, sort)
    told = [column for column in sheet.columns if _telling(column.name, sheet)]
    heads = tuple(
        Head(c.name, c.description, c.unit, any(_is_number(v) for v in sheet.column(c.name)[:50])) for c in told
    )
    pages = max(1, -(-len(rows) // size))
    at = min(max(1, page), pages)
    shown = rows[(at - 1) * size : at * size]
    return Table(
        heads,
        tuple(
            tuple(
                Cell(
                    written(row.get(head.name), head.name, speaker),
                    f"/evidence/{row['evidence']}" if links and head.numeric and _is_number(row.get(head.name)) else "",
                )
                for head in heads
            )
            for row in shown
        ),
        at,
        pages,
        len(rows),
    )


def sorted_by(rows: Sequence[Any], sort: str) -> list[Any]:
    """Rows in the order of a column, what is empty last; as they are where no such column is named."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if not name or not rows or name not in rows[0]:
        return list(rows)
    there = [row for row in rows if row.get(name) is not None]
    try:
        there.sort(key=lambda row: row[name], reverse=down)
    except TypeError:
        there.sort(key=lambda row: str(row[name]), reverse=down)
    return there + [row for row in rows if row.get(name) is None]


def _telling(name: str, sheet: Sheet) -> bool:
    if name == "evidence":
        return False
    values = {str(value) for value in sheet.column(name)}
    return not (values <= {"None"} or (name in GOING_WITHOUT and values == {"yes"}))


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
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _digits(value: float) -> int:
    if value == 0 or abs(value) >= 100:
        return 0
    return 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4
