"""Repairs a UCDP export that a spreadsheet has taken apart and saved again, as far as that is certain.

The damage: a spreadsheet whose separator is ';' opens a file separated by ','. Each line becomes one cell, cut at its
own ';', sometimes copied into the next column, and is saved with quotation marks around and ';' up to the last column.
A line break inside a text starts a new line. A cell that begins with a quotation mark loses it and its partner, and a
cell that looks like a day is written the local way.

A row is taken only where all its fields come out and agree with each other. A text that was cut is left out, since what
the spreadsheet did to its pieces cannot be known.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import HarmattanError
from harmattan.sources.containers import Plain
from harmattan.sources.files import LONGEST_FIELD_CHARS, TextTable, csv_relation
from harmattan.sources.ucdp_ged_columns import ALIASES, NEEDED
from harmattan.sources.ucdp_ged_rejects import Log, reject
from harmattan.vocabulary.cell import gid_at
from harmattan.vocabulary.country import ISO3_BY_GW

CUT_TEXTS = ("source_article", "source_office", "source_date", "source_headline", "source_original",
             "where_description")  # fmt: skip
"""Texts that may hold a ';' or a line break; where one does, it was cut and is left out."""

_START = re.compile(r"\d+,[A-Z]{3}-\d{4}-[123]-[^,]+,\d{4},")
_RELID = re.compile(r"[A-Z]{3}-(\d{4})-([123])-[^,]+")
_EXPORTED_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4}) 00:00:00")


@dataclass(frozen=True)
class Damage:
    """How a file was taken apart: the columns it had, and whether each line was copied into the next column."""

    columns: tuple[str, ...]
    copied: bool


@dataclass(frozen=True)
class Record:
    """The lines of one event as they were before: `line` is the physical line it starts on."""

    line: int
    text: str
    pieces: tuple[str, ...]
    """The text cut at the ends of cells; joined by ';' they are the text again."""
    whole: bool
    """Whether every line shows the damage that the header shows."""


def damage_of(plain: Plain) -> Damage | None:
    """The damage, known by the first line alone, or None for a file without it."""
    if plain.kind != "csv":
        return None
    with plain.path.open("rb") as file:
        line = file.readline(100_000).decode("utf-8-sig", "replace").rstrip("\r\n")
    first, *others = _cells(line) or [""]
    columns = tuple(name.strip().lower() for name in first.split(","))
    needed = {alias for name in NEEDED for alias in ALIASES.get(name, (name,))}
    is_header = columns[:3] == ("id", "relid", "year") and len(needed & set(columns)) >= len(NEEDED)
    if not is_header or first == line or any(other not in ("", first) for other in others):
        return None
    return Damage(columns, bool(others) and others[0] == first)


def repaired(path: Path, plain: Plain, damage: Damage, target: Path, number: int = 0) -> Log:
    """A log over a table, written to `target`, of the rows that are certain; the others are rejects in it."""
    lines: list[int] = []
    refused: list[tuple[Record, str]] = []
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(damage.columns)
        for record in _records(plain.path, damage):
            row, reason = _row(record, damage.columns)
            if row is None:
                refused.append((record, reason))
            else:
                lines.append(record.line)
                writer.writerow(row[name] for name in damage.columns)
    relation, again, unsplit = csv_relation(target, damage.columns, number)
    log = Log(TextTable(path, plain.names, damage.columns, relation, again, unsplit, lines=tuple(lines)))
    log.unsplit.extend(_rejects(log.table, refused))
    return log


def _rejects(table: TextTable, refused: Sequence[tuple[Record, str]]) -> Iterator[dict[str, Any]]:
    for record, reason in refused:
        event_id = record.text.partition(",")[0]
        yield reject(table, record.line, event_id if event_id.isdigit() else None, reason, record.text)


def _cells(line: str) -> list[str]:
    csv.field_size_limit(LONGEST_FIELD_CHARS)
    try:
        return next(csv.reader([line], delimiter=";"), [])
    except csv.Error:
        return [line]


def _records(plain: Path, damage: Damage) -> Iterator[Record]:
    """The events, each with all the lines it runs over."""
    start, lines, whole = 0, list[list[str]](), True
    with plain.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            if number == 1:
                continue
            pieces, sound = _uncut(line.rstrip("\r\n"), damage)
            if _START.match(pieces[0]) or not lines:
                if lines:
                    yield _record(start, lines, whole)
                start, lines, whole = number, [], True
            lines.append(pieces)
            whole = whole and sound
    if lines:
        yield _record(start, lines, whole)


def _record(start: int, lines: Sequence[Sequence[str]], whole: bool) -> Record:
    pieces = list(lines[0])
    for later in lines[1:]:
        pieces[-1] += "\n" + later[0]
        pieces.extend(later[1:])
    return Record(start, ";".join(pieces), tuple(pieces), whole)


def _uncut(line: str, damage: Damage) -> tuple[list[str], bool]:
    """The cells that were one line, and whether the line shows the damage of the file."""
    cells = _cells(line)
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    if not damage.copied or cells in ([], [""]):
        return cells or [""], True
    return [cells[0], *cells[2:]], len(cells) > 1 and cells[0] == cells[1]


def _row(record: Record, columns: Sequence[str]) -> tuple[dict[str, str] | None, str]:
    """The fields of a record where they are certain, else None and the reason."""
    if not record.whole:
        return None, "cannot be repaired: the line is damaged in another way"
    fields = _split(record.text, len(columns))
    if fields is None:
        found = {fields for fields in _with_marks(record, len(columns)) if not _fault(_named(fields, columns))}
        if len(found) != 1:
            return None, "cannot be repaired: its fields cannot be told apart"
        fields = found.pop()
    row = _named(fields, columns)
    fault = _fault(row)
    if fault:
        return None, f"cannot be repaired: {fault}"
    cut = {name: "" for name in CUT_TEXTS if re.search(r"[;\n]", row.get(name, ""))}
    return row | cut, ""


def _named(fields: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    return dict(zip(columns, fields, strict=False))


def _split(text: str, count: int) -> tuple[str, ...] | None:
    """The fields of a record, or None where there are not as many as columns; one empty field more is allowed."""
    try:
        records = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except csv.Error:
        return None
    if len(records) != 1:
        return None
    fields = tuple(records[0])
    if len(fields) == count + 1 and not fields[-1]:
        fields = fields[:-1]
    return fields if len(fields) == count else None


def _with_marks(record: Record, count: int) -> Iterator[tuple[str, ...]]:
    """The fields for each way to give back the pair of marks that one cell can have lost: at its start, and at the
    start of a later field."""
    for place, piece in enumerate(record.pieces[1:], start=1):
        for comma in re.finditer(",", piece):
            marked = '"' + piece[: comma.end()] + '"' + piece[comma.end() :]
            fields = _split(";".join([*record.pieces[:place], marked, *record.pieces[place + 1 :]]), count)
            if fields is not None:
                yield fields


def _fault(row: dict[str, str]) -> str:
    """The first thing in which the fields do not agree with each other, or nothing."""
    try:
        return _disagreement(row)
    except (KeyError, ValueError, HarmattanError):
        return "a number cannot be read"


def _disagreement(row: dict[str, str]) -> str:
    relid = _RELID.fullmatch(row["relid"])
    lat, lon = float(row["latitude"]), float(row["longitude"])
    parts = sum(int(row[f"deaths_{side}"]) for side in ("a", "b", "civilians", "unknown"))
    best, high, low = (int(row[name] if name in row else row[f"{name}_est"]) for name in ("best", "high", "low"))
    point = re.fullmatch(r"POINT \((\S+) (\S+)\)", row["geom_wkt"])
    days = [_EXPORTED_DAY.fullmatch(row[name]) for name in ("date_start", "date_end")]
    years = [int(day[3]) for day in days if day]
    tests = {
        "the id": row["id"].isdigit() and int(row["id"]) > 0,
        "the relid": relid is not None and relid[2] == row["type_of_violence"],
        "the pair and its sides": _squeezed(row["dyad_name"]) == _squeezed(f"{row['side_a']} - {row['side_b']}"),
        "the country": int(row["country_id"]) in ISO3_BY_GW and row["country"] != "" and row["region"] != "",
        "the point": point is not None and abs(float(point[1]) - lon) < 1e-5 and abs(float(point[2]) - lat) < 1e-5,
        "the cell": int(row["priogrid_gid"]) == gid_at(lat, lon),
        "the precisions": row["where_prec"] in set("1234567") and row["date_prec"] in set("12345"),
        "the dates": len(years) == 2 and years[0] <= int(row["year"]) <= years[1],
        "a cut field": not any(re.search(r"[;\n]", value) for name, value in row.items() if name not in CUT_TEXTS),
        "the deaths": parts == best and min(high, low) >= 0,
    }
    wrong = [name for name, holds in tests.items() if not holds]
    return f"{wrong[0]} does not agree with the rest" if wrong else ""


def _squeezed(words: str) -> str:
    return "".join(words.split())
