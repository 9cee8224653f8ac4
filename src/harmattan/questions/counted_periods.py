"""Periods that counts are made by, and how records whose dates are not precise come into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.models.spillover.counts import Every, Values, after
from harmattan.vocabulary.period import Period

Array = npt.NDArray[Any]

DAY = dt.timedelta(days=1)
UNBOUNDED = "longer"
"""The precision of a record of which only a first day, or the month of it, may be known."""


@dataclass(frozen=True)
class Periods:
    """Whole periods that follow each other: months, weeks from Monday to Sunday, or days."""

    every: Every
    starts: tuple[dt.date, ...]
    last_day: dt.date

    @classmethod
    def within(cls, days: Period, every: Every) -> Periods | None:
        """The whole periods within some days; None where there is none.

        >>> Periods.within(Period(dt.date(2022, 1, 5), dt.date(2022, 3, 31)), "month").starts
        (datetime.date(2022, 2, 1), datetime.date(2022, 3, 1))
        >>> Periods.within(Period(dt.date(2022, 1, 5), dt.date(2022, 1, 20)), "week").starts
        (datetime.date(2022, 1, 10),)
        """
        start = starting(days.start, every)
        if start < days.start:
            start = after(start, every)
        starts = []
        while (following := after(start, every)) - DAY <= days.end:
            starts.append(start)
            start = following
        return cls(every, tuple(starts), start - DAY) if starts else None

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def days(self) -> Period:
        """All of them together."""
        return Period(self.starts[0], self.last_day)

    @cached_property
    def edges(self) -> Array:
        """The first day of each and the day after the last, as datetime64[D]: shape (periods + 1,)."""
        return np.array([*self.starts, self.last_day + DAY], dtype="datetime64[D]")

    def at(self, days: Array) -> Array:
        """The position of the period that each day lies in: -1 before the first, `len` after the last."""
        return np.searchsorted(self.edges, days, side="right") - 1

    def seen(self, spoken: Iterable[Period]) -> Array:
        """Which periods are spoken about in whole: shape (periods,)."""
        first = self.edges[0]
        days = np.zeros(int((self.edges[-1] - first).astype(int)) + 1, dtype=np.int64)
        for part in spoken:
            met = part.meet(self.days)
            if met is not None:
                days[int((np.datetime64(met.start) - first).astype(int))] += 1
                days[int((np.datetime64(met.end) - first).astype(int)) + 1] -= 1
        open_days = np.concatenate([[0], np.cumsum(np.cumsum(days[:-1]) == 0)])
        at = (self.edges - first).astype(int)
        return np.asarray(open_days[at[1:]] == open_days[at[:-1]])


def starting(day: dt.date, every: Every) -> dt.date:
    """The first day of the period that a day lies in."""
    if every == "month":
        return day.replace(day=1)
    return day - dt.timedelta(days=day.weekday()) if every == "week" else day


def extents(first: Array, last: Array, precision: Array) -> tuple[Array, Array]:
    """From which to which day records may have been: their days, or what a lone day of some precision stands for.

    A lone day that is known to the month stands for its month, one that is known to the week for the three days on
    either side (datetime64[D], shape (records,) each).
    """
    alone = first == last
    months = first.astype("datetime64[M]")
    of_month, of_week = alone & (precision == "month"), alone & (precision == "week")
    begins = np.where(of_month, months.astype("datetime64[D]"), first)
    ends = np.where(of_month, (months + 1).astype("datetime64[D]") - 1, last)
    return np.where(of_week, begins - 3, begins), np.where(of_week, ends + 3, ends)


@dataclass(frozen=True)
class Placed:
    """Records placed in periods: of each the position of the first and last period it may lie in, and its days.

    A record of which only the first day, or the month of it, is known stands there; `loose` marks it with those that
    may lie in several periods.
    """

    periods: Periods
    first: Array
    last: Array
    begins: Array
    ends: Array
    own: Array
    """The position of the period that the record's first day lies in."""
    loose: Array

    @classmethod
    def of(cls, periods: Periods, first: Array, last: Array, precision: Array) -> Placed:
        """Records by their first and last days (datetime64[D]) and the precision of these: shape (records,) each."""
        begins, ends = extents(first, last, precision)
        own = periods.at(first)
        at = np.clip(periods.at(begins), 0, len(periods) - 1)
        until = np.clip(periods.at(ends), 0, len(periods) - 1)
        spans = periods.at(begins) != periods.at(ends)
        loose = spans | (precision == UNBOUNDED)
        return cls(periods, at, until, begins, ends, own, loose)

    def counted(self, unit: Array, value: Array, seen: Array, *, spread: bool) -> Values:
        """The sum of the values by unit and period, NaN where nobody looked: shape (units, periods).

        `unit` is the position of each record's unit, -1 for none; `seen` has the shape (units, periods). What may lie
        in several periods is spread over those of them that are seen, in proportion to its days there, or left out.
        Whole numbers are kept: of each unit the running sum of what is spread is rounded, so that its total stays.
        """
        found = np.zeros(seen.shape)
        firm = (unit >= 0) & ~self.loose
        np.add.at(found, (unit[firm], self.own[firm]), value[firm])
        if spread:
            parts = np.zeros(seen.shape)
            for n in np.flatnonzero((unit >= 0) & self.loose).tolist():
                at, share = self._shares(n, seen[unit[n]])
                parts[unit[n], at] += value[n] * share
            running = np.floor(np.cumsum(parts, axis=1) + 0.5 + 1e-9)
            found += np.diff(running, axis=1, prepend=0.0)
        return np.where(seen, found, np.nan)

    def _shares(self, n: int, seen: Array) -> tuple[Array, Array]:
        """The periods that a record is spread over, and its share of each."""
        at = np.arange(self.first[n], self.last[n] + 1)
        at = at[seen[at]]
        if not len(at):
            return at, np.zeros(0)
        edges = self.periods.edges
        days = np.minimum(edges[at + 1], self.ends[n] + 1) - np.maximum(edges[at], self.begins[n])
        lengths = days.astype(float)
        return at, lengths / lengths.sum()
