"""Opens what people have on disk as a table of text columns: CSV, gzip, zip, Parquet, Excel.

What a file is, is read from its first bytes, not from its name. Whatever it is, a `TextTable` comes out, or a
WrongFile with one line.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harmattan.errors import WrongFile
from harmattan.sources.containers import Plain, plain_file
from harmattan.sources.engine import Engine, literal, quoted
from harmattan.text import T, Text, Verbatim

HEAD_BYTES = 4_000_000
SAMPLE_RECORDS = 50
LONGEST_FIELD_CHARS = 20_000_000
BEYOND = "beyond_the_header"
"""The name of a last column that the header does not name: some exports end each row, but not the header, in ','."""


@dataclass(frozen=True)
class CsvForm:
    """How a CSV file is written, and how many lines stand above its data."""

    delimiter: str = ","
    encoding: str = "utf-8"
    skip: int = 1


PLAIN_FORM = CsvForm()


@dataclass(frozen=True)
class TextTable:
    """A file that can be read: its columns as text, empty fields as null.

    `relation` is SQL that stands after FROM; `again` is the same for a second reading. Rows that DuckDB cannot split
    into fields are left out; the table named `unsplit` lists them once `relation` has been read to its end.
    """

    path: Path
    names: tuple[str, ...]
    """The names that may say which release it is: the file's, and that of the one packed in it."""
    columns: tuple[str, ...]
    relation: str
    again: str
    unsplit: str | None = None
    first_line: int = 2
    """The line of the first row of data, the header being 1."""
    lines: tuple[int, ...] | None = None
    """The physical line of each row, where they are not simply numbered on."""
    typed: bool = False
    """Whether the file knows numbers and days (Excel, Parquet): they are then written 22.5 and 2022-05-30."""


def open_table(path: Path, engine: Engine, number: int = 0, delimiter: str | None = None) -> TextTable:
    """A file as a table of text columns; `number` tells several files of one reading apart.

    The `delimiter` of a CSV file is found out where it is not given.
    Column names are lower case and trimmed. A row of HXL tags below the header is skipped. Raises WrongFile for
    anything that is not a table: a folder, an empty, encrypted, truncated or binary file, an archive of several files.
    """
    return table_of(path, plain_file(path, engine.scratch, number), engine, number, delimiter)


def table_of(path: Path, plain: Plain, engine: Engine, number: int = 0, delimiter: str | None = None) -> TextTable:
    """What `open_table` gives for a file that is unpacked already."""
    if plain.kind == "parquet":
        return _parquet(path, plain.path, engine)
    return _csv(path, plain, number, None if plain.unpacked_from_excel else delimiter)


def _parquet(path: Path, plain: Path, engine: Engine) -> TextTable:
    source = f"read_parquet({literal(str(plain))})"
    described = engine.rows(f"DESCRIBE SELECT * FROM {source}")
    names = _unique([str(row[0]) for row in described], path)
    casts = ", ".join(
        f"CAST({quoted(str(row[0]))} AS VARCHAR) AS {quoted(name)}" for row, name in zip(described, names, strict=True)
    )
    relation = f"(SELECT {casts} FROM {source})"
    return TextTable(path, (path.name,), names, relation, relation, typed=True)


def _csv(path: Path, plain: Plain, number: int, said: str | None = None) -> TextTable:
    encoding = _encoding(plain.path, path)
    head = _head(plain.path, encoding)
    delimiter = said or _delimiter(head, path)
    records = _records(head, delimiter)
    columns, tags, skip = _columns(records, path)
    form = CsvForm(delimiter, encoding, skip)
    relation, again, unsplit = csv_relation(plain.path, columns, number, form)
    return TextTable(path, plain.names, columns, relation, again, unsplit, 2 + tags, typed=plain.unpacked_from_excel)


def csv_relation(plain: Path, columns: Sequence[str], number: int, form: CsvForm = PLAIN_FORM) -> tuple[str, str, str]:
    """SQL to read a plain CSV file, SQL to read it again, and the name of the table of rows that cannot be split."""
    unsplit = f"unsplit_{number}"
    common = (
        f"{literal(str(plain))}, auto_detect=false, header=false, skip={form.skip}, delim={literal(form.delimiter)}, "
        f"quote='\"', escape='\"', encoding={literal(form.encoding)}, "
        f"columns={{{', '.join(f'{literal(c)}: VARCHAR' for c in columns)}}}"
    )
    noted = f"store_rejects=true, rejects_table='{unsplit}', rejects_scan='{unsplit}_scan', rejects_limit=0"
    return f"read_csv({common}, {noted})", f"read_csv({common}, ignore_errors=true)", unsplit


def _head(plain: Path, encoding: str) -> str:
    with plain.open("rb") as file:
        data = file.read(HEAD_BYTES)
    return codecs.getincrementaldecoder(encoding)("replace").decode(data).removeprefix("\ufeff")


def _encoding(plain: Path, path: Path) -> str:
    """UTF-8 (with or without mark), UTF-16 with its mark, or Latin-1 where that is the only reading."""
    with plain.open("rb") as file:
        data = file.read(HEAD_BYTES)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in data:
        raise WrongFile(
            T("{file} is not a table: it holds binary data.", file=Verbatim(path.name)), available=_formats()
        )
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError as error:
        return _not_utf8(data, error, path)
    return "utf-8"


def _not_utf8(data: bytes, error: UnicodeDecodeError, path: Path) -> str:
    """A file with UTF-8 beyond ASCII has a broken row; one without, and without Windows' own signs, is Latin-1."""
    try:
        before = data[: error.start].decode("utf-8")
    except UnicodeDecodeError:
        before = ""
    if not before.isascii():
        return "utf-8"
    if any(0x80 <= byte <= 0x9F for byte in data) or any(byte < 9 for byte in data):
        raise WrongFile(
            T("{file} is not in UTF-8, and which encoding it is in cannot be told.", file=Verbatim(path.name)),
            do=T("Save it as CSV UTF-8."),
        )
    return "latin-1"


def _delimiter(head: str, path: Path) -> str:
    """The sign that splits the header into the most fields."""
    if "\r" in head and "\n" not in head:
        raise WrongFile(
            T("{file} ends its lines as old Macs did.", file=Verbatim(path.name)), do=T("Save it as CSV UTF-8.")
        )
    header = head.partition("\n")[0]
    try:
        counts = {sign: len(next(csv.reader([header], delimiter=sign), [])) for sign in (",", ";", "\t")}
    except csv.Error as error:
        raise WrongFile(
            T("{file} has a header row that is broken: {why}.", file=Verbatim(path.name), why=Verbatim(str(error))),
            available=_formats(),
        ) from error
    best = max(counts, key=lambda sign: counts[sign])
    if counts[best] < 2 or (not header.isprintable() and "\t" not in header and "\r" not in header):
        raise WrongFile(
            T("{file} has no header row with several columns.", file=Verbatim(path.name)), available=_formats()
        )
    return best


def _records(head: str, delimiter: str) -> list[list[str]]:
    """The first complete records, the header first, each with the lines it takes appended as its last item."""
    csv.field_size_limit(LONGEST_FIELD_CHARS)
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append([*record, str(reader.line_num)])
            if len(records) > SAMPLE_RECORDS:
                break
    except csv.Error:
        pass
    return records


def _columns(records: list[list[str]], path: Path) -> tuple[tuple[str, ...], int, int]:
    """The columns, how many rows of tags follow the header, and how many lines to skip."""
    header, *rest = [record[:-1] for record in records]
    tags = 1 if rest and _is_hxl(rest[0]) else 0
    skip = int(records[tags][-1])
    data = [record for record in rest[tags:-1] or rest[tags:] if record]
    while header and not header[-1].strip() and len(header) > 1:
        header = header[:-1]
    columns = list(_unique(header, path))
    if data and sum(len(row) == len(columns) + 1 and not row[-1] for row in data) * 2 > len(data):
        columns.append(BEYOND)
    return tuple(columns), tags, skip


def _is_hxl(record: list[str]) -> bool:
    filled = [cell.strip() for cell in record if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)


def _unique(names: list[str], path: Path) -> tuple[str, ...]:
    """Names in lower case and trimmed; raises WrongFile where one stands twice or is empty."""
    clean = tuple(name.strip().lower() for name in names)
    twice = sorted({name for name in clean if clean.count(name) > 1 or not name})
    if twice:
        raise WrongFile(
            T(
                "{file} has columns without a name of their own: {name}.",
                file=Verbatim(path.name),
                name=Verbatim(twice[0] or "''"),
            ),
            do=T("Give each column its own name in the first row."),
        )
    return clean


def _formats() -> Text:
    return T("What can be read is CSV (also .gz or .zip), Parquet and Excel (.xlsx).")
