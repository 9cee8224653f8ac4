"""A dossier as a zip: a CSV for each of its tables, and a README that says what they mean and where they come from."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harmattan.dossier.book import Book
from harmattan.dossier.files import Entry, Written
from harmattan.dossier.records import LISTS
from harmattan.dossier.tables import tables
from harmattan.export.files import MADE, to_csv
from harmattan.export.sheet import Sheet, SheetColumn
from harmattan.text import T, counted
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.dossier import DOSSIER, PARTIAL

_DATES = T(
    "A date is written as far as it is known: 2017, 2017-03, 2017-03-02, or an interval within which it lies. "
    "The columns that end in _earliest and _latest have the first and the last day that it can have been."
)
_CITED = T("The table citations has the publications behind each record, by its list and its id.")


def to_zip(book: Book, language: str = "en", title: str = "", attribution: Sequence[str] = ()) -> bytes:
    """A zip with a CSV for each table and a README."""
    sheets = [_sheet(name, table) for name, table in _rows(book).items()]
    files = {"README.txt": _readme(book, sheets, language, title, attribution).encode()}
    files |= {f"{sheet.name}.csv": to_csv(sheet, language) for sheet in sheets}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _rows(book: Book) -> dict[str, Any]:
    written = Written()
    for name in LISTS:
        records = getattr(book, name)
        every = records.values() if isinstance(records, Mapping) else records
        written.entries[name] = [Entry(record, "", 0) for record in every]
    return tables(written)


def _sheet(name: str, table: Any) -> Sheet:
    contract = next(contract for contract in DOSSIER if contract.name == name)
    columns = tuple(SheetColumn(column.name, column.unit, column.description) for column in contract.columns)
    rows = tuple({key: _whole(value) for key, value in row.items()} for row in table.to_pylist())
    return Sheet(name, "", columns, rows, (), ())


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _readme(book: Book, sheets: Iterable[Sheet], language: str, title: str, attribution: Sequence[str]) -> str:
    """What a table means and where everything comes from."""
    speaker = Speaker(language)
    lines = [title, "", *attribution, ""]
    lines += [speaker.say(line) for line in (_DATES, _CITED)]
    for sheet in sheets:
        records = counted(len(sheet.rows), "{n} record", "{n} records")
        lines += ["", f"{sheet.name}.csv ({speaker.say(records)})"]
        for column in sheet.columns:
            means = speaker.words(column.description.removesuffix(f"; {PARTIAL}"))
            lines.append(f"  {column.name}: {means}{f' [{column.unit}]' if column.unit else ''}")
    lines += ["", speaker.say(T("Publications that are cited:"))]
    for key in sorted(book.sources):
        source = book.sources[key]
        lines.append("  " + ", ".join(filter(None, (source.publisher, source.title, str(source.date), source.url))))
    return "\n".join(lines).lstrip("\n") + "\n"
