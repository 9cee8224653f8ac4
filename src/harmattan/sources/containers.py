"""Takes what is inside a gzip, zip or Excel file out into a plain file that DuckDB can read in parallel."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from harmattan.errors import WrongFile
from harmattan.text import T, Text, Verbatim, listing

CHUNK_BYTES = 1 << 20
BOMB_RATIO, BOMB_BYTES = 200, 4 << 30
"""What grows by more than this factor and beyond this size is not data."""

ZIP, EMPTY_ZIP, GZIP, PARQUET, OLE = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"PAR1", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Plain:
    """A plain file, what it is, and the names that may say which release it is."""

    path: Path
    kind: Literal["csv", "parquet"]
    names: tuple[str, ...]
    unpacked_from_excel: bool = False


def _without_pattern(path: Path, link: Path) -> Path:
    """The file under a name that DuckDB does not take for a pattern of several names."""
    if not set(str(path)) & set("*?[]{}"):
        return path
    link.symlink_to(path.resolve())
    return link


def plain_file(path: Path, scratch: Path, number: int = 0) -> Plain:
    """The file itself, or what was in it, unpacked into `scratch`. Raises WrongFile with one line."""
    start = _first_bytes(path)
    target = scratch / f"plain-{number}"
    if start.startswith(PARQUET):
        return Plain(_without_pattern(path, scratch / f"named-{number}"), "parquet", (path.name,))
    if start.startswith(GZIP):
        _gunzip(path, target)
    elif start.startswith((ZIP, EMPTY_ZIP)):
        return _unzip(path, target)
    elif start.startswith(OLE):
        raise _wrong(
            T("{file} is an old or a protected Excel file.", file=Verbatim(path.name)),
            T("Save it without a password as .xlsx or as CSV UTF-8."),
        )
    else:
        return Plain(_without_pattern(path, scratch / f"named-{number}"), "csv", (path.name,))
    if _first_bytes(target, path).startswith(PARQUET):
        return Plain(target, "parquet", (path.name,))
    return Plain(target, "csv", (path.name,))


def members(path: Path) -> list[str] | None:
    """The names of the files in a zip archive; None for anything else, an Excel file too."""
    if not _first_bytes(path).startswith((ZIP, EMPTY_ZIP)):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not is_folder(info)]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise _truncated(path) from error
    return None if "xl/workbook.xml" in names else [name for name in names if not name.startswith("__MACOSX/")]


def unpack_member(path: Path, name: str, target: Path) -> None:
    """One file of a zip archive, unpacked to `target`. Raises WrongFile for a damaged or a protected archive."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as packed:
            _unpack(packed, target, max(archive.getinfo(name).compress_size, 1), path)
    except RuntimeError as error:
        raise _wrong(
            T("{file} is protected by a password.", file=Verbatim(path.name)),
            T("Unpack it yourself and name the file that was in it."),
        ) from error
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, KeyError, ValueError, OSError) as error:
        raise _truncated(path) from error


def with_even_lines(plain: Plain, scratch: Path, number: int = 0) -> Plain:
    """A copy in which every line ends the Unix way, for a file that mixes Windows' and Unix' line ends."""
    target = scratch / f"even-{number}"
    with plain.path.open("rb") as file, target.open("wb") as out:
        out.writelines(line[:-2] + b"\n" if line.endswith(b"\r\n") else line for line in file)
    return Plain(target, plain.kind, plain.names)


def _first_bytes(path: Path, told: Path | None = None) -> bytes:
    name = Verbatim(str(told or path))
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as error:
        raise _wrong(T("There is no file {file}.", file=name), T("Check the path.")) from error
    except IsADirectoryError as error:
        raise _wrong(T("{file} is a folder.", file=name), T("Name the files in it.")) from error
    except OSError as error:
        raise _wrong(
            T("{file} cannot be opened: {why}.", file=name, why=Verbatim(error.strerror or str(error))),
            T("Check the permissions."),
        ) from error
    if not start:
        raise _wrong(T("{file} is empty.", file=name), T("Download it again."))
    return start


def _gunzip(path: Path, target: Path) -> None:
    try:
        with gzip.open(path, "rb") as packed:
            _unpack(packed, target, path.stat().st_size, path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _truncated(path) from error


def _unzip(path: Path, target: Path) -> Plain:
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                _refuse_bomb(archive, path)
                _from_excel(path, target)
                return Plain(target, "csv", (path.name,), unpacked_from_excel=True)
            member = _only_table(archive, path)
            if member.flag_bits & 1:
                raise _wrong(
                    T("{file} is protected by a password.", file=Verbatim(path.name)),
                    T("Unpack it yourself and name the file that was in it."),
                )
            with archive.open(member) as packed:
                _unpack(packed, target, max(member.compress_size, 1), path)
    except (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, NotImplementedError, ValueError,
            struct.error) as error:  # fmt: skip
        raise _truncated(path) from error
    except OSError as error:
        if error.errno in (None, errno.EINVAL):
            raise _truncated(path) from error
        raise
    kind: Literal["csv", "parquet"] = "parquet" if _first_bytes(target, path).startswith(PARQUET) else "csv"
    return Plain(target, kind, (path.name, Path(member.filename).name))


def is_folder(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder, or has no name at all, which a broken archive may have."""
    return not info.filename or info.is_dir()


def _only_table(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """The one member that is a table; the system files of a Mac do not count."""
    members = [
        info
        for info in archive.infolist()
        if not is_folder(info)
        and not info.filename.startswith("__MACOSX/")
        and info.filename.lower().endswith((".csv", ".tsv", ".txt", ".parquet"))
    ]
    tables = [info for info in members if info.filename.lower().endswith((".csv", ".parquet"))] or members
    if len(tables) == 1:
        return tables[0]
    inside = [Verbatim(info.filename) for info in archive.infolist()][:5]
    raise WrongFile(
        T("{file} holds {n} tables, not one.", file=Verbatim(path.name), n=len(tables)),
        available=T("In it are {inside}.", inside=listing(list(inside))) if inside else None,
        do=T("Unpack it and name the files you mean."),
    )


def _refuse_bomb(archive: zipfile.ZipFile, path: Path) -> None:
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > BOMB_BYTES and unpacked > BOMB_RATIO * path.stat().st_size:
        raise _bomb(path)


def _unpack(packed: IO[bytes] | gzip.GzipFile, target: Path, packed_bytes: int, path: Path) -> None:
    limit = max(BOMB_BYTES, BOMB_RATIO * packed_bytes)
    written = 0
    with target.open("wb") as out:
        while chunk := packed.read(CHUNK_BYTES):
            written += len(chunk)
            if written > limit:
                raise _bomb(path)
            out.write(chunk)


def _from_excel(path: Path, target: Path) -> None:
    """The first sheet with a header row of at least two names, as CSV; whole numbers without a point, days as ISO."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [list(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError) as error:
        raise _truncated(path) from error
    for rows in sheets:
        if rows and sum(isinstance(cell, str) and bool(cell.strip()) for cell in rows[0]) >= 2:
            return _write_csv(rows, target)
    raise _wrong(
        T("No sheet of {file} has a header row.", file=Verbatim(path.name)),
        T("Put the names of the columns into the first row."),
    )


def _write_csv(rows: Iterable[list[Any]], target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([_cell(cell) for cell in row] for row in rows)


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date():
            return value.isoformat()
    return str(value)


def _wrong(what: Text, do: Text) -> WrongFile:
    return WrongFile(what, do=do)


def _truncated(path: Path) -> WrongFile:
    return WrongFile(
        T("{file} is damaged or was cut off: it cannot be unpacked.", file=Verbatim(path.name)),
        do=T("Download it again."),
    )


def _bomb(path: Path) -> WrongFile:
    return WrongFile(
        T(
            "{file} would unpack to more than {ratio} times its size and beyond 4 GB; that is not data.",
            file=Verbatim(path.name),
            ratio=BOMB_RATIO,
        ),
        do=T("Check where it comes from."),
    )
