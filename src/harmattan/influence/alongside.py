"""Series by day that know what nobody looked at, and what is taken out of them before they are laid side by side.

A day that no release covers is unobserved (NaN) and never 0. Weekly rhythm and slow movements, which any two series of
people's doings share, are taken out of the logarithm; what the rest of a day owes to the days before is taken out by an
autoregression (Box & Jenkins' prewhitening; of both series as in Hong 1996, doi:10.1093/biomet/83.3.615).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from harmattan.vocabulary.period import Period

Values = NDArray[np.float64]
WEEK = 7
SLOW = 56
"""Movements that take longer than so many days to come and go are trend or season."""
MEMORY = 14
"""An autoregression looks back at most so many days, and never more than a tenth of those known."""
LEVEL = 0.05
"""What the words take for beyond chance, always of a whole family of tests."""
FEWEST = 39
"""With fewer other alignments than these a rank among them says nothing at 5 %."""


@dataclass(frozen=True)
class Daily:
    """A number for each day from `first` on; shape (n,), NaN where nobody looked."""

    first: dt.date
    values: Values

    @classmethod
    def of(cls, days: ArrayLike, period: Period, covered: Iterable[Period], weights: ArrayLike | None = None) -> Daily:
        """Counts what happened on each day of a period, or adds its weights up; NaN where no span covers the day.

        `days` (m,) is anything numpy reads as days, in any order; what lies outside the period or on a day that nothing
        covers is left out. An unknown weight (NaN) makes its day unknown.

        >>> span = Period(dt.date(2022, 1, 2), dt.date(2022, 1, 4))
        >>> Daily.of(["2022-01-02", "2022-01-02"], Period(dt.date(2022, 1, 1), dt.date(2022, 1, 4)), [span]).values
        array([nan,  2.,  0.,  0.])
        """
        at = np.asarray(days, dtype="datetime64[D]").astype(np.int64) - _number(period.start)
        n = (period.end - period.start).days + 1
        inside = (at >= 0) & (at < n)
        each = np.ones(len(at)) if weights is None else np.asarray(weights, dtype=np.float64)
        values = np.bincount(at[inside], each[inside], minlength=n).astype(np.float64)
        values[~_looked(period, covered)] = np.nan
        return cls(period.start, values)

    def place(self, day: dt.date) -> int:
        """Where a day stands in the series; outside it below 0 or beyond its length."""
        return (day - self.first).days

    def day(self, place: int) -> dt.date:
        """The day at a place."""
        return self.first + dt.timedelta(days=int(place))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which days somebody looked at."""
        return ~np.isnan(self.values)

    @property
    def share(self) -> float:
        """The share of days that somebody looked at."""
        return float(self.known.mean()) if len(self.values) else 0.0

    def within(self, period: Period) -> Daily:
        """The same series from the first to the last day of a period; days beyond it are unknown."""
        n = (period.end - period.start).days + 1
        moved = np.full(n, np.nan)
        begin = self.place(period.start)
        own = np.arange(max(begin, 0), max(begin, 0, min(begin + n, len(self.values))))
        moved[own - begin] = self.values[own]
        return Daily(period.start, moved)

    def weeks(self) -> Values:
        """Sums of whole weeks from the first day on; a week with an unknown day is unknown, a rest at the end is left.

        >>> Daily(dt.date(2022, 1, 3), np.array([1.0] * 7 + [2.0] * 6 + [np.nan] + [5.0])).weeks()
        array([ 7., nan])
        """
        whole = len(self.values) // WEEK
        return np.asarray(self.values[: whole * WEEK].reshape(whole, WEEK).sum(axis=1))


def adjusted(values: Values, *, rhythm: int = WEEK, slow: int | None = None) -> Values:
    """log(1 + x) less its level, its weekly rhythm (means by place in the week) and, where `slow` says, its trend.

    Slow movements are cosines of half-waves longer than `slow` days, fitted with the rhythm by least squares to the
    days known. Shape and NaN stay; `rhythm` 1 for a series that has none.
    """
    known = np.flatnonzero(~np.isnan(values))
    left = np.full(len(values), np.nan)
    if not len(known):
        return left
    columns = courses(len(values), rhythm, slow)[known]
    logged = np.log1p(values[known])
    left[known] = logged - columns @ np.linalg.lstsq(columns, logged, rcond=None)[0]
    return left


def courses(n: int, rhythm: int, slow: int | None) -> Values:
    """What `adjusted` takes out, shape (n, columns): places in the week and slow half-waves.

    With slow movements the weekly rhythm may grow or fade evenly over time: in the logarithm of 1 + x it does where the
    counts do.
    """
    day = np.arange(n)
    weekdays = [(day % rhythm == place).astype(float) for place in range(rhythm)]
    many = 0 if slow is None else 2 * n // slow
    waves = [np.cos(np.pi * wave * (day + 0.5) / n) for wave in range(1, many + 1)]
    drift = day / max(n - 1, 1) - 0.5
    changing = [weekday * drift for weekday in weekdays] if waves and rhythm > 1 else []
    return np.stack([*weekdays, *changing, *waves], axis=1)


def whitened(values: Values) -> Values:
    """What the days before do not foretell: residuals of an autoregression whose length AIC picks, up to `MEMORY`.

    Fitted by least squares to the days whose past is known; the others, and those without a past, are NaN.
    """
    n = len(values)
    most = min(MEMORY, int((~np.isnan(values)).sum()) // 10)
    if most < 1:
        return values.copy()
    padded = np.concatenate([np.full(most, np.nan), values])
    past = np.stack([padded[most - lag : most - lag + n] for lag in range(1, most + 1)], axis=1)
    rows = ~np.isnan(values) & ~np.isnan(past).any(axis=1)
    if rows.sum() <= 2 * most or np.nanstd(values) == 0:
        return values.copy()
    return _less(values, past, _order(values[rows], past[rows]))


def _order(values: Values, past: Values) -> int:
    """How many days back are worth looking, by Akaike's criterion."""
    m = len(values)
    scores = [m * np.log(max(float(values @ values) / m, 1e-300))]
    for order in range(1, past.shape[1] + 1):
        rest = values - past[:, :order] @ np.linalg.lstsq(past[:, :order], values, rcond=None)[0]
        scores.append(m * np.log(max(float(rest @ rest) / m, 1e-300)) + 2 * order)
    return int(np.argmin(scores))


def _less(values: Values, past: Values, order: int) -> Values:
    if order == 0:
        return values.copy()
    rows = ~np.isnan(values) & ~np.isnan(past[:, :order]).any(axis=1)
    left = np.full(len(values), np.nan)
    own = past[rows, :order]
    left[rows] = values[rows] - own @ np.linalg.lstsq(own, values[rows], rcond=None)[0]
    return left


def ranked(found: Values, null: Values) -> Values:
    """The share of alignments, the true one among them, that give as much: shape (k,) from (k,) and (many, k).

    One is added above and below (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585), so that no p is 0.

    >>> ranked(np.array([3.0]), np.array([[1.0], [2.0], [3.0]]))
    array([0.5])
    """
    return np.asarray((1 + (null >= found - 1e-12).sum(axis=0)) / (1 + len(null)))


def _looked(period: Period, covered: Iterable[Period]) -> NDArray[np.bool_]:
    """Which days of a period a span covers."""
    looked = np.zeros((period.end - period.start).days + 1, dtype=bool)
    for span in covered:
        both = span.meet(period)
        if both is not None:
            looked[(both.start - period.start).days : (both.end - period.start).days + 1] = True
    return looked


def _number(day: dt.date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))
