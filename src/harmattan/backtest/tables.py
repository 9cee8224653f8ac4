"""Anybody's table, CSV or Parquet: the columns that are asked for, and an error that names those there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from harmattan.errors import UsageError, WrongFile
from harmattan.text import T, Text, Value, Verbatim, listing
from harmattan.vocabulary.period import Month

MOST_NAMED = 12
"""Columns named in an error."""
FIRST_MONTH = Month(1980, 1)
"""Month 1 of VIEWS."""
NOTHING = ("", "na", "n/a", "null", "none")
"""How tables write, in small letters, that nobody looked."""
MONTH_IDS = range(1, 1201)
"""Numbers that may be a VIEWS month_id: January 1980 to December 2079. A year such as 2022 is none."""


def month_id(month: Month) -> int:
    """The month as VIEWS counts it: 1 is January 1980.

    >>> month_id(Month(2011, 10))
    382
    """
    return month - FIRST_MONTH + 1


def month_of(number: int) -> Month:
    """The month of a VIEWS month_id.

    >>> str(month_of(550))
    '2025-10'
    """
    return FIRST_MONTH + (number - 1)


def is_csv(path: Path) -> bool:
    """Whether a file is read as text."""
    return path.name.lower().removesuffix(".gz").endswith((".csv", ".txt"))


def columns_of(path: Path) -> list[str]:
    """The names of a table's columns. Raises UsageError where there is no such file, WrongFile where it is no table."""
    if not path.is_file():
        raise UsageError(T("There is no file {path}.", path=Verbatim(str(path))))
    try:
        if is_csv(path):
            with pyarrow.csv.open_csv(path) as opened:
                return list(opened.schema.names)
        return list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as fault:
        raise _no_table(path, fault) from fault


def demand(path: Path, columns: Sequence[str], there: Sequence[str]) -> None:
    """Raises UsageError for the first column that is not there, and says which are."""
    for name in columns:
        if name not in there:
            shown = [Verbatim(one) for one in there[:MOST_NAMED]]
            raise UsageError(
                T("{path} has no column {name}.", path=Verbatim(str(path)), name=Verbatim(name)),
                available=T("It has {names}.", names=listing(shown)),
            )


def read(path: Path, columns: Sequence[str]) -> pa.Table:
    """Some columns of a table, text as it stands in a CSV file. Raises as `columns_of` and `demand` do."""
    demand(path, columns, columns_of(path))
    names = list(dict.fromkeys(columns))
    try:
        if is_csv(path):
            options = pyarrow.csv.ConvertOptions(
                include_columns=names,
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            )
            return pyarrow.csv.read_csv(path, convert_options=options)
        return pq.ParquetFile(path).read(columns=names).select(names)
    except (pa.ArrowException, OSError) as fault:
        raise _no_table(path, fault) from fault


def parts(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
    """The same, one row group of a Parquet file at a time, each with the number of rows before it."""
    if is_csv(path):
        yield 0, read(path, columns)
        return
    demand(path, columns, columns_of(path))
    opened, start = pq.ParquetFile(path), 0
    for group in range(opened.num_row_groups):
        try:
            table = opened.read_row_group(group, columns=list(columns)).select(list(columns))
        except (pa.ArrowException, OSError) as fault:
            raise _no_table(path, fault) from fault
        yield start, table
        start += table.num_rows


def _no_table(path: Path, fault: Exception) -> WrongFile:
    return WrongFile(
        T("{path} cannot be read as a table.", path=Verbatim(str(path))),
        available=_first_line(fault),
        do=T("Give a CSV file with a header, or a Parquet file."),
    )


def _first_line(fault: Exception) -> Text:
    words = str(fault).strip().partition("\n")[0][:160]
    return T("{words}", words=Verbatim(words))


def codes(path: Path, name: str, column: pa.ChunkedArray, start: int = 0) -> tuple[NDArray[np.intp], list[Any]]:
    """A column as positions in the list of its different values. Raises WrongFile where one is missing."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # an empty one, in some versions
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], column.type)
    if array.null_count:
        row = pc.index(pc.is_null(array), value=True).as_py()
        raise fault_in(path, name, start + row, None)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    return array.indices.to_numpy(zero_copy_only=False).astype(np.intp), array.dictionary.to_pylist()


def units(path: Path, name: str, column: pa.ChunkedArray, start: int = 0) -> tuple[NDArray[np.intp], list[str]]:
    """The unit of each row, as text. Raises WrongFile for one without name."""
    at, found = codes(path, name, column, start)
    if any(isinstance(value, float) and value.is_integer() for value in found):
        found = [int(value) for value in found]
    words = [str(value).strip() for value in found]
    if "" in words:
        raise fault_in(path, name, start + int(np.argmax(at == words.index(""))), None)
    return at, words


def months(path: Path, name: str, column: pa.ChunkedArray, start: int = 0) -> tuple[NDArray[np.intp], list[Month]]:
    """The month of each row. Raises WrongFile for what is no month."""
    at, found = codes(path, name, column, start)
    read_as = []
    for position, value in enumerate(found):
        month = as_month(value)
        if month is None:
            raise fault_in(path, name, start + int(np.argmax(at == position)), value, T(
                "A month is written as 2022-10, as a day such as 2022-10-01, or as a VIEWS month_id."
            ))  # fmt: skip
        read_as.append(month)
    return at, read_as


def as_month(value: Any) -> Month | None:
    """A month as 2022-10, a day of it, a date or a VIEWS month_id; None for anything else.

    >>> str(as_month("2022-10-01")), str(as_month(514)), as_month("2022-13"), as_month(2022)
    ('2022-10', '2022-10', None, None)
    """
    if hasattr(value, "year") and hasattr(value, "month"):
        return Month(value.year, value.month)
    words = str(value).strip().removesuffix(".0")
    if words.isdigit():
        return month_of(int(words)) if int(words) in MONTH_IDS else None
    try:
        year, month, *day = (int(part) for part in words[:10].split("-"))
        written = words[:7] == f"{year:04d}-{month:02d}" and (not day or 1 <= day[0] <= 31)
        return Month(year, month) if written and len(words) != 8 else None
    except (ValueError, UsageError):
        return None


def amounts(path: Path, name: str, column: pa.ChunkedArray, start: int = 0) -> NDArray[np.float64]:
    """Numbers of zero or more, NaN where nothing is written. Raises WrongFile for anything else."""
    try:
        numbers = pc.cast(column, pa.float64())
    except pa.ArrowException:
        return _spelled(path, name, column, start)
    found = np.array(numbers.to_numpy(), np.float64)
    bad = (found < 0) | np.isinf(found)
    if bad.any():
        row = int(np.argmax(bad))
        raise fault_in(path, name, start + row, column[row].as_py())
    return found


def _spelled(path: Path, name: str, column: pa.ChunkedArray, start: int = 0) -> NDArray[np.float64]:
    """One by one: blanks are nothing, and the first that is no number is named."""
    found = []
    for row, value in enumerate(column.to_pylist()):
        words = "" if value is None else str(value).strip()
        try:
            number = np.nan if words.lower() in NOTHING else float(words)
        except ValueError:
            raise fault_in(path, name, start + row, value) from None
        if number < 0 or np.isinf(number):
            raise fault_in(path, name, start + row, value)
        found.append(number)
    return np.array(found)


def fault_in(path: Path, name: str, row: int, value: Any, do: Any = None) -> WrongFile:
    """What is wrong in a row, counted from 1 without the header."""
    place: dict[str, Value] = {"path": Verbatim(str(path)), "row": row + 1, "name": Verbatim(name)}
    if value is None:
        return WrongFile(T("{path}, row {row}: nothing stands in {name}.", **place), do=do)
    said = Verbatim(repr(value)[:60])
    return WrongFile(
        T("{path}, row {row}: {name} cannot be {value}.", **place, value=said),
        do=do or T("Values are numbers of zero or more; leave empty what nobody looked at."),
    )
