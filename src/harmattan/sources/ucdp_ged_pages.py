"""Pages of UCDP's interface (JSON) as tables of text columns, like the files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import WrongFile
from harmattan.sources.containers import Plain
from harmattan.sources.files import TextTable, csv_relation
from harmattan.sources.rows import json_of
from harmattan.sources.ucdp_ged_columns import NEEDED
from harmattan.text import T, Verbatim


@dataclass(frozen=True)
class Page:
    """What a page says of the whole answer that it is a part of."""

    rows: int
    total: int | None
    """How many rows the whole answer has; None where the page does not say."""


def is_page(plain: Plain) -> bool:
    """Whether an unpacked file is JSON, by its first sign."""
    if plain.kind != "csv":
        return False
    with plain.path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def page_table(path: Path, plain: Plain, scratch: Path, number: int = 0) -> tuple[TextTable, Page]:
    """The rows of a page as a table, written to `scratch`. Raises WrongFile for JSON of another kind.

    Names of columns are lower case. A page without rows has the columns that are needed.
    """
    said = json_of(plain.path)
    rows = said.get("Result") if isinstance(said, dict) else said
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WrongFile(
            T("{file} is JSON, but not an answer of UCDP's interface.", file=Verbatim(path.name)),
            do=T("Take the answer with its envelope: TotalCount and Result."),
        )
    columns = tuple(dict.fromkeys(name.lower() for row in rows for name in row)) or NEEDED
    target = scratch / f"page-{number}"
    _write(target, columns, rows)
    total = said.get("TotalCount") if isinstance(said, dict) else None
    relation, again, unsplit = csv_relation(target, columns, number)
    table = TextTable(path, plain.names, columns, relation, again, unsplit)
    return table, Page(len(rows), total if isinstance(total, int) and not isinstance(total, bool) else None)


def refuse_missing_pages(pages: Sequence[Page], path: Path) -> None:
    """Raises WrongFile where pages say that there are more or fewer rows than they hold: some are missing."""
    totals = {page.total for page in pages if page.total is not None}
    rows = sum(page.rows for page in pages)
    if totals and totals != {rows}:
        raise WrongFile(
            T(
                "{file} is a part of an answer of {total} rows, and the files that were named hold {rows}.",
                file=Verbatim(path.name),
                total=max(totals),
                rows=rows,
            ),
            do=T("Name all pages of one answer, each once."),
        )


def _write(target: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    with target.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            values = {name.lower(): value for name, value in row.items()}
            writer.writerow(_text(values.get(name)) for name in columns)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value).replace("\0", "")
