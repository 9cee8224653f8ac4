"""A cell of somebody's own table as a value of ours, by the signs for numbers and days that its owner states."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.sources.rows import BadRow
from harmattan.vocabulary.contract import Column
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.own import CODES, unknown_word

NOTHING = frozenset({"", "-", "na", "n/a", "null", "nan", "nd", "n.d."})
"""What people write where there is nothing, lower case."""
YES = frozenset({"1", "true", "yes", "y", "oui", "vrai"})
NO = frozenset({"0", "false", "no", "n", "non", "faux"})
_SPACES = "[ \\u00a0\\u202f\\u2009']"
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_POINTED = re.compile(rf"[+-]?(\d{{1,3}}((,|{_SPACES})\d{{3}})+|\d+)(\.\d+)?")
_COMMAED = re.compile(rf"[+-]?(\d{{1,3}}((\.|{_SPACES})\d{{3}})+|\d+)(,\d+)?")


@dataclass(frozen=True)
class Writing:
    """How a file is written. One that knows numbers and days (Excel) has them as 22.5 and 2022-05-30."""

    date_format: str = "%Y-%m-%d"
    decimal: str = "."
    typed: bool = False
    translate: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def value(contract: str, column: Column, words: str | None, writing: Writing) -> Any:
    """A cell as a value of a column; None where there is nothing. Raises BadRow for what cannot be read."""
    told = (words or "").strip()
    told = writing.translate.get(column.name, {}).get(told, told)
    if told.lower() in NOTHING:
        return None
    if pa.types.is_list(column.type):
        return [_word(contract, column, part.strip()) for part in told.split(";") if part.strip()]
    if pa.types.is_string(column.type):
        return _word(contract, column, told)
    for is_kind, read in _KINDS:
        if is_kind(column.type):
            return read(column.name, told, writing)
    raise BadRow(f"{column.name} cannot be read from a table")


def number(name: str, words: str, writing: Writing) -> float:
    """A number with the decimal sign of the file. Raises BadRow.

    >>> number("x", "1 234,5", Writing(decimal=",")), number("x", "1,234.5", Writing())
    (1234.5, 1234.5)
    >>> number("x", "22.5", Writing(decimal=",", typed=True))
    22.5
    """
    if writing.typed and _PLAIN.fullmatch(words):
        clean = words
    elif writing.decimal == "," and _COMMAED.fullmatch(words):
        clean = re.sub(rf"\.|{_SPACES}", "", words).replace(",", ".")
    elif writing.decimal == "." and (_POINTED.fullmatch(words) or _PLAIN.fullmatch(words)):
        clean = re.sub(rf",|{_SPACES}", "", words)
    else:
        sign = "comma" if writing.decimal == "," else "point"
        raise BadRow(f"{name} is not a number with a decimal {sign}: {words[:40]}")
    found = float(clean)
    if not math.isfinite(found):
        raise BadRow(f"{name} is not a number: {words[:40]}")
    return found


def day(name: str, words: str, writing: Writing) -> dt.date:
    """A day in the form that the case file says; in Excel a day is a day. Raises BadRow.

    >>> day("x", "05/03/2022", Writing(date_format="%d/%m/%Y"))
    datetime.date(2022, 3, 5)
    """
    if writing.typed and re.match(r"\d{4}-\d{2}-\d{2}", words):
        words, form = words[:10], "%Y-%m-%d"
    else:
        form = writing.date_format
        if form == "%Y-%m-%d":
            words = re.sub(r"[T ]\d{2}:\d{2}.*$", "", words)
    try:
        return dt.datetime.strptime(words, form).date()
    except ValueError as fault:
        raise BadRow(f"{name} is not a day written {form}: {words[:40]}") from fault


def _word(contract: str, column: Column, words: str) -> str:
    if fault := unknown_word(contract, column.name, words):
        raise BadRow(fault)
    return parse_country(words) if column.name in CODES else words


def _whole(name: str, words: str, writing: Writing) -> int:
    found = number(name, words, writing)
    if not found.is_integer() or abs(found) >= 2**53:
        raise BadRow(f"{name} is not a whole number: {words[:40]}")
    return int(found)


def _flag(name: str, words: str, _writing: Writing) -> bool:
    if words.lower() in YES | NO:
        return words.lower() in YES
    raise BadRow(f"{name} is neither yes nor no: {words[:40]}")


def _moment(name: str, words: str, _writing: Writing) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(words)
    except ValueError as fault:
        raise BadRow(f"{name} is not a time: {words[:40]}") from fault
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


_KINDS: tuple[tuple[Callable[[Any], bool], Callable[[str, str, Writing], Any]], ...] = (
    (pa.types.is_date, day),
    (pa.types.is_boolean, _flag),
    (pa.types.is_integer, _whole),
    (pa.types.is_floating, number),
    (pa.types.is_timestamp, _moment),
)


def constant(contract: str, column: Column, said: Any) -> Any:
    """A value that the case file gives for every row. Raises UsageError."""
    try:
        words = "; ".join(map(str, said)) if isinstance(said, list | tuple) else str(said)
        return value(contract, column, words, Writing(typed=True))
    except BadRow as fault:
        from harmattan.text import T, Verbatim

        raise UsageError(
            T("The case file gives a value that cannot be: {fault}.", fault=Verbatim(str(fault)))
        ) from fault
