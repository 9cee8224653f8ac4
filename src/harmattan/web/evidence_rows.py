"""The records behind a number as pages of tables, one table for each kind of record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harmattan.brief.appendix import cited_meaning, held_meaning, in_words, meaning
from harmattan.export.sheet import of_rows
from harmattan.questions.evidence import Rows
from harmattan.text import T, Text
from harmattan.text.speaker import Speaker
from harmattan.web import tables

PAGE = 50
LAST = ("event_id", "row_id", "release", "record", "list")
"""Columns by which programs find a record: people look at the others first."""


@dataclass(frozen=True)
class Part:
    """The records of one kind: what they are, and a page of them."""

    number: int
    """From 1 on."""
    title: Text
    table: tables.Table
    notes: tuple[str, ...]


def parts_of(rows: Rows, which: int | None, speaker: Speaker, pages: Mapping[int, int], sort: str) -> tuple[Part, ...]:
    """A page of the records of each kind; `pages` says which page of which part, the first where it says nothing."""
    return tuple(
        _part(replace(part, beside=None), n, which, speaker, (pages.get(n, 1), sort))
        for n, part in enumerate(rows.parts, start=1)
    )


def _part(rows: Rows, number: int, which: int | None, speaker: Speaker, shown: tuple[int, str]) -> Part:
    page, sort = shown
    whole = rows.table
    pages, at, order = tables.paged(order_of(whole, sort), page, PAGE)
    sheet = of_rows(replace(rows, table=whole.take(pa.array(order, pa.int64()))), speaker, rows.answer.id)
    told = {name for name in whole.column_names if whole[name].null_count < whole.num_rows}
    columns = [column for column in sheet.columns if column.name in told]
    sheet = replace(sheet, columns=tuple(sorted(columns, key=lambda column: column.name in LAST)))
    listed = tables.of_sheet(sheet, speaker, size=PAGE)
    table = replace(listed, page=at, pages=pages, total=whole.num_rows)
    return Part(number, _title(rows, which), table, sheet.notes)


def order_of(table: Any, sort: str) -> Sequence[int]:
    """The positions of rows in the order of a column, what is empty last; as they are where it cannot be ordered.

    >>> list(order_of(pa.table({"deaths": [3, None, 5]}), "-deaths"))
    [2, 0, 1]
    """
    name, way = sort.removeprefix("-"), "descending" if sort.startswith("-") else "ascending"
    if name not in table.column_names or pa.types.is_nested(table[name].type):
        return range(table.num_rows)
    found: list[int] = pc.sort_indices(table, sort_keys=[(name, way)]).to_pylist()
    return found


def _title(rows: Rows, which: int | None) -> Text:
    """What the records are, in words."""
    if rows.cited:
        return cited_meaning(rows.answer, rows.table)
    if rows.of:
        return held_meaning(rows.answer, rows)
    sums = (_sum(rows.table, "n_events"), _sum(rows.table, "deaths_best"))
    return meaning(rows.answer, which, rows.table.num_rows, sums)


def _sum(table: Any, name: str) -> int:
    return int(pc.sum(table[name]).as_py() or 0)


def asked_in_words(rows: Rows, which: int | None, speaker: Speaker) -> list[tuple[str, str]]:
    """Which events were counted and which row of the answer is opened, as names with their values."""
    answer, told = rows.answer, []
    if not (rows.cited or rows.of):
        told.append((speaker.words("which records"), speaker.say(in_words(rows.criteria))))
    if which is not None:
        row = tables.of_row(answer, which, speaker)
        told += [(head.words, cell.words) for head, cell in zip(row.heads, row.rows[0], strict=True)
                 if cell.words not in ("–", "")]  # fmt: skip
    return told


def heading(which: int | None) -> Text:
    """What a page of evidence is called."""
    if which is None:
        return T("The rows behind the whole answer")
    return T("The rows behind row {n}", n=which + 1)
