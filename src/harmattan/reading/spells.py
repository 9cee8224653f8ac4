"""Stretches of whole days: months, seasons, parts of years, and days reckoned from a day of publication."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace

from harmattan.reading.mentions import DatePrecision


@dataclass(frozen=True)
class Spell:
    """Whole days, both ends included; None where a side is open."""

    start: dt.date | None
    end: dt.date | None
    precision: DatePrecision
    relative: bool = False


PARTS = {"early": 0, "mid": 1, "late": 2}


def day(year: int, month: int, first: int, last: int | None = None) -> Spell:
    """A day, or the days up to another of the same month. Raises ValueError for a day that there is not."""
    start = dt.date(year, month, first)
    end = dt.date(year, month, last) if last else start
    if end < start:
        raise ValueError(f"{end} is before {start}")
    return Spell(start, end, "days" if last else "day")


def month(year: int, number: int, part: str = "") -> Spell:
    """A month, or its first ten days (early), the next ten (mid) or the rest (late).

    >>> month(2022, 2, "late").start, month(2022, 2, "late").end
    (datetime.date(2022, 2, 21), datetime.date(2022, 2, 28))
    """
    last = calendar.monthrange(year, number)[1]
    if not part:
        return Spell(dt.date(year, number, 1), dt.date(year, number, last), "month")
    first, end = ((1, 10), (11, 20), (21, last))[PARTS[part]]
    return Spell(dt.date(year, number, first), dt.date(year, number, end), "days")


def months(year: int, first: int, last: int) -> Spell:
    """From one month of a year to another: a third, quarter or half of it, as precise as a season."""
    return Spell(month(year, first).start, month(year, last).end, "season")


def year(number: int, part: str = "") -> Spell:
    """A year, or its early (January to April), middle (May to August) or late third."""
    if part:
        return months(number, *((1, 4), (5, 8), (9, 12))[PARTS[part]])
    return Spell(dt.date(number, 1, 1), dt.date(number, 12, 31), "year")


def years(first: int, last: int) -> Spell:
    """From the first day of one year to the last of another."""
    return Spell(dt.date(first, 1, 1), dt.date(last, 12, 31), "years")


def decade(first: int, part: str = "") -> Spell:
    """Ten years, or the first four (early), three in the middle, the last three (late)."""
    low, high = ((0, 3), (4, 6), (7, 9))[PARTS[part]] if part else (0, 9)
    return years(first + low, first + high)


SEASONS = {"spring": (3, 21, 6, 20), "summer": (6, 21, 9, 22), "autumn": (9, 23, 12, 20), "winter": (12, 21, 3, 20)}
"""Northern, as months and days. A winter is named by the year in which it begins."""


def season(number: int, name: str, part: str = "") -> Spell:
    """A northern season of a year, or the first, middle or last third of its days.

    >>> season(2022, "summer").end
    datetime.date(2022, 9, 22)
    """
    m1, d1, m2, d2 = SEASONS[name]
    start, end = dt.date(number, m1, d1), dt.date(number + (m2 < m1), m2, d2)
    if part:
        length = (end - start).days + 1
        at = PARTS[part]
        start, end = (
            start + dt.timedelta(length * at // 3),
            start + dt.timedelta(length * (at + 1) // 3 - 1),
        )
    return Spell(start, end, "season")


def back(published: dt.date, n: int, unit: str) -> dt.date:
    """The day `n` units before (n > 0) or after; the last of the month where that day is not in it."""
    if unit == "day":
        return published - dt.timedelta(n)
    if unit == "week":
        return published - dt.timedelta(7 * n)
    count = n * {"month": 1, "year": 12, "decade": 120}[unit]
    at, number = divmod(published.year * 12 + published.month - 1 - count, 12)
    return dt.date(at, number + 1, min(published.day, calendar.monthrange(at, number + 1)[1]))


def unit(published: dt.date, name: str, shift: int) -> Spell:
    """The calendar week (from Monday), weekend, month or year of a day, or so many before (-1) or after it."""
    if name in ("week", "weekend"):
        monday = published - dt.timedelta(published.weekday() - 7 * shift)
        start = monday + dt.timedelta(5) if name == "weekend" else monday
        return Spell(start, monday + dt.timedelta(6), "days", True)
    if name == "month":
        there = back(published.replace(day=1), -shift, "month")
        return replace(month(there.year, there.month), relative=True)
    return replace(year(published.year + shift), relative=True)


def ago(published: dt.date, n: int, name: str) -> Spell:
    """So long ago, as precisely as said: a day for days and weeks, a month for months, a year for years."""
    there = back(published, n, name)
    if name in ("day", "week"):
        return Spell(there, there, "day", True)
    return replace(month(there.year, there.month) if name == "month" else year(there.year), relative=True)


def past(published: dt.date, n: int, name: str) -> Spell:
    """The time up to the day of publication ("the past year"): from the same day so long before."""
    return Spell(back(published, n, name), published, "days", True)


def weekday(published: dt.date, number: int, word: str = "") -> Spell:
    """The latest such day of the week on or before publication; before it for "last", after it for "next"."""
    behind = (published.weekday() - number) % 7
    if word == "next":
        there = published + dt.timedelta(7 - behind)
    else:
        there = published - dt.timedelta(7 if word == "last" and not behind else behind)
    return Spell(there, there, "day", True)
