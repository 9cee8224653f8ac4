"""Months, periods and dates as of which something is said."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from harmattan.errors import UsageError
from harmattan.text import MonthName, T, Verbatim

DAYS_A_MONTH = 365.25 / 12
"""The mean length of a month where every fourth year is a leap year: 30.4375 days."""


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month.

    >>> Month.parse("2022-10") + 3
    Month(year=2023, month=1)
    >>> Month(2022, 10).last_day
    datetime.date(2022, 10, 31)
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9999):
            raise UsageError(T("There is no month {month}.", month=Verbatim(f"{self.year}-{self.month:02d}")))

    @classmethod
    def parse(cls, words: str) -> Month:
        """`2022-10` as a month. Raises UsageError for anything else."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", words.strip())
        if not match:
            raise UsageError(T("{words} is not a month.", words=Verbatim(words)), do=T("Write a month as 2022-10."))
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @property
    def ordinal(self) -> int:
        """Months since January of year 0."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> dt.date:
        """The first day of the month."""
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        """The last day of the month."""
        return _last_day(self.year, self.month)

    @property
    def name(self) -> MonthName:
        """The month as something that can be spoken."""
        return MonthName(self.year, self.month)

    def __add__(self, months: int) -> Month:
        year, month = divmod(self.ordinal + months, 12)
        return Month(year, month + 1)

    def __sub__(self, other: Month) -> int:
        return self.ordinal - other.ordinal

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@lru_cache(maxsize=4096)
def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, order=True)
class Period:
    """Whole days from `start` to `end`, both included.

    >>> str(Period.months(Month(2022, 1), Month(2022, 10)))
    '2022-01-01/2022-10-31'
    """

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UsageError(
                T("The period ends on {end}, before it starts on {start}.", start=self.start, end=self.end)
            )

    @classmethod
    def months(cls, first: Month, last: Month) -> Period:
        """The period from the first day of one month to the last day of another."""
        return cls(first.first_day, last.last_day)

    @property
    def first_month(self) -> Month:
        """The month in which the period starts."""
        return Month.of(self.start)

    @property
    def last_month(self) -> Month:
        """The month in which the period ends."""
        return Month.of(self.end)

    def each_month(self) -> Iterator[Month]:
        """Every month the period touches, in order."""
        first = self.first_month
        for step in range(self.last_month - first + 1):
            yield first + step

    def meet(self, other: Period) -> Period | None:
        """The days that both periods have, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def without(self, other: Period) -> list[Period]:
        """The parts of this period that the other does not have (none, one or two)."""
        if self.meet(other) is None:
            return [self]
        day = dt.timedelta(days=1)
        parts = []
        if self.start < other.start:
            parts.append(Period(self.start, other.start - day))
        if other.end < self.end:
            parts.append(Period(other.end + day, self.end))
        return parts

    def __str__(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


def parse_from(words: str) -> dt.date:
    """The first day of a year, month or day written as 2022, 2022-10 or 2022-10-31."""
    return _parse(words, last=False)


def parse_to(words: str) -> dt.date:
    """The last day of a year, month or day written as 2022, 2022-10 or 2022-10-31."""
    return _parse(words, last=True)


def _parse(words: str, *, last: bool) -> dt.date:
    written = words.strip()
    try:
        if re.fullmatch(r"\d{4}", written):
            return dt.date(int(written), 12, 31) if last else dt.date(int(written), 1, 1)
        if re.fullmatch(r"\d{4}-\d{2}", written):
            month = Month.parse(written)
            return month.last_day if last else month.first_day
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
            return dt.date.fromisoformat(written)
    except ValueError:
        pass
    raise UsageError(T("{words} is not a date.", words=Verbatim(words)), do=T("Write 2022, 2022-10 or 2022-10-31."))
