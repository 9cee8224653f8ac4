"""Posting beside events at lags of days, both directions: which comes first, and whether more than chance.

Each series loses its weekly rhythm, its slow movements and what its own past foretells (`alongside`); the residuals are
correlated at every lag. The null puts those of the posts together anew from blocks of random length, by the stationary
bootstrap (Politis & Romano 1994, doi:10.1080/01621459.1994.10476870): what memory and bursts are left stay within the
blocks, each day comes from the same place in the week, and only the alignment with the events is lost. Rhythm and slow
movements are taken out of each such series again, as they were out of the true one. A p over lags is that of the
largest correlation among them (Westfall & Young 1993, single step), with one added above and below.

Its limit: whatever moves both within weeks (a third thing) looks like a lead or a lag. Association is no cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from harmattan.influence.alongside import FEWEST, LEVEL, SLOW, WEEK, Values, adjusted, courses, ranked, whitened

LAGS = 14
DRAWS = 999
BLOCK = 21.0
"""Mean length of the blocks, in days (or weeks)."""
STEADY = 0.25
"""What is left of a day is put into proportion to its usual size, but to no less than this share of the mean size."""
TINY = 1e-12
COVERED = 0.5
"""At least this share of days has to be known of both series."""
BUSY = 10
"""Days (or weeks) on which something happened, at least, in each series."""
Verdict = Literal["posts_follow", "events_follow", "both", "same_day", "nothing", "unknown"]
Why = Literal["", "uncovered", "short", "quiet"]


@dataclass(frozen=True)
class AtLag:
    """The correlation at a lag: of the events of a day with the posts `lag` days later (negative: posts first)."""

    lag: int
    pairs: int
    """Days known of both."""
    correlation: float
    low: float
    """Between this and `high` 95 % of the correlations lie that resampled posts give at this lag."""
    high: float
    p: float
    """Of this lag alone, two-sided."""
    p_family: float
    """Of this lag among all: how many resampled series have a correlation as large at any lag."""


@dataclass(frozen=True)
class Crossed:
    """What two series come to laid beside each other."""

    lags: tuple[AtLag, ...]
    """Empty where nothing can be told."""
    draws: int
    """How many resampled series the null has."""
    shared: float
    """The share of days known of both series."""
    p_posts_follow: float | None
    """Of the largest correlation at lags above 0, p_events_follow of that below, p of that of all."""
    p_events_follow: float | None
    p: float | None
    why: Why = ""
    """Why nothing can be told: too few days known, too few days at all, or too little happened."""

    @property
    def largest(self) -> AtLag | None:
        """The lag whose correlation stands out most."""
        return min(self.lags, key=lambda one: (one.p_family, one.p, -abs(one.correlation)), default=None)

    @property
    def told(self) -> tuple[AtLag, ...]:
        """The lags beyond chance when all are looked at."""
        return tuple(one for one in self.lags if one.p_family <= LEVEL)

    @property
    def verdict(self) -> Verdict:
        """Which came first, by the tests alone: posts follow where a lag above 0 is beyond chance and none below."""
        if self.p is None:
            return "unknown"
        after, before = any(one.lag > 0 for one in self.told), any(one.lag < 0 for one in self.told)
        if after or before:
            return "both" if after and before else "posts_follow" if after else "events_follow"
        return "same_day" if self.told else "nothing"

    @property
    def sign(self) -> int:
        """Whether more goes with more (1) or with less (-1) at the lag that stands out; 0 where nothing is told."""
        told = min(self.told, key=lambda one: (one.p_family, -abs(one.correlation)), default=None)
        return 0 if told is None else 1 if told.correlation > 0 else -1


def crossed(posts: Values, events: Values, rng: np.random.Generator, *, lags: int = LAGS, rhythm: int = WEEK,
            slow: int = SLOW, draws: int = DRAWS) -> Crossed:  # fmt: skip
    """Both directions at lags from `-lags` to `lags`; both series (n,) of the same days, NaN where nobody looked.

    For weeks `rhythm` is 1 and `slow` counts in weeks.
    """
    both = ~np.isnan(posts) & ~np.isnan(events)
    shared = float(both.mean()) if len(both) else 0.0
    why = _hindered(posts, events, shared, lags)
    if why:
        return Crossed((), 0, shared, None, None, None, why)
    ours, theirs = (_Side.of(one, rhythm, slow) for one in (posts, events))
    steps = np.arange(-lags, lags + 1)
    behind, looked = _laid(theirs.spread(theirs.rest), steps), _laid(theirs.there, steps)
    pairs = ours.there @ looked
    if pairs.min() < FEWEST:
        return Crossed((), 0, shared, None, None, None, "uncovered")
    size = np.sqrt(ours.there @ behind**2)

    def correlated(rest: Values) -> Values:
        mine = ours.spread(rest)
        return np.asarray((mine @ behind) / np.maximum(np.sqrt(mine**2 @ looked) * size, TINY))

    found, null = correlated(ours.rest), correlated(ours.again(rhythm, draws, rng))
    edges = np.quantile(null, (LEVEL / 2, 1 - LEVEL / 2), axis=0)
    alone, most = np.abs(found) * np.sqrt(pairs), np.abs(null) * np.sqrt(pairs)
    p, family = ranked(alone, most), ranked(alone, most.max(axis=1, keepdims=True))
    rows = zip(steps, pairs, found, edges[0], edges[1], p, family, strict=True)
    at_lags = tuple(AtLag(int(lag), int(n), *(float(one) for one in rest)) for lag, n, *rest in rows)
    after, before, of_all = (
        _largest(alone[some], most[:, some]) for some in (steps > 0, steps < 0, np.ones(len(steps), bool))
    )
    return Crossed(at_lags, draws, shared, after, before, of_all)


@dataclass(frozen=True)
class _Side:
    """What is left of a series: `rest` (m,) on its m days that have residuals, of n."""

    rest: Values
    there: Values
    """1.0 on days with residuals, else 0.0; shape (n,)."""
    basis: Values
    """Rhythm and slow movements on those days, orthonormal: (m, columns)."""

    @classmethod
    def of(cls, values: Values, rhythm: int, slow: int) -> _Side:
        left = whitened(adjusted(values, rhythm=rhythm, slow=slow))
        known = ~np.isnan(left)
        basis = np.linalg.qr(courses(len(values), rhythm, slow)[known])[0]
        raw = cls(left[known], known.astype(float), basis)
        size = np.abs(raw.rest)
        steady = np.maximum(size @ basis @ basis.T, STEADY * size.mean() + TINY)
        return cls(raw.cleared(raw.rest / steady), raw.there, basis)

    def cleared(self, rest: Values) -> Values:
        """Residuals (..., m) without rhythm and slow movements."""
        return np.asarray(rest - (rest @ self.basis) @ self.basis.T)

    def again(self, rhythm: int, many: int, rng: np.random.Generator) -> Values:
        """Residuals put together anew (many, m): of other days at the same place in the week, in blocks.

        A block that comes to a day without a residual takes that of the nearest day at the same place in the week.
        """
        day = np.flatnonzero(self.there)
        circle = len(self.there) // rhythm * rhythm
        nearest = np.empty(circle, dtype=np.intp)
        for place in range(rhythm):
            own = np.flatnonzero(day % rhythm == place)
            wanted = np.arange(place, circle, rhythm)
            edges = (day[own][1:] + day[own][:-1]) / 2
            nearest[wanted] = own[np.searchsorted(edges, wanted)]
        drawn = blocks(len(self.there), many, rng, step=rhythm)[:, day]
        return self.cleared(self.rest[nearest[drawn]])

    def spread(self, rest: Values) -> Values:
        """Residuals (..., m) on all n days, 0 where there are none."""
        full = np.zeros((*rest.shape[:-1], len(self.there)))
        full[..., self.there > 0] = rest
        return full


def blocks(n: int, many: int, rng: np.random.Generator, *, step: int = 1, mean: float = BLOCK) -> NDArray[np.intp]:
    """Places (many, n) of stationary bootstraps: blocks of geometric length with a mean, ends joined in a circle.

    Every place comes from a whole number of steps away; the circle is the largest multiple of a step in n.
    """
    circle, at = n // step * step, np.arange(n)
    begins = rng.random((many, n)) < 1 / mean
    begins[:, 0] = True
    last = np.maximum.accumulate(np.where(begins, at, 0), axis=1)
    away = np.take_along_axis(rng.integers(circle // step, size=(many, n)), last, axis=1) * step
    return np.asarray((at + away) % circle, dtype=np.intp)


def _laid(values: Values, steps: NDArray[np.intp]) -> Values:
    """The series moved by each lag, shape (n, lags): what stands at day t of column k happened k days before."""
    n = len(values)
    moved = np.zeros((n, len(steps)))
    for column, lag in enumerate(steps.tolist()):
        moved[max(lag, 0) : n + min(lag, 0), column] = values[max(-lag, 0) : n - max(lag, 0)]
    return moved


def _hindered(posts: Values, events: Values, shared: float, lags: int) -> Why:
    """Why nothing can be told of two series, or nothing."""
    if shared < COVERED:
        return "uncovered"
    if len(posts) - lags < 2 * FEWEST:
        return "short"
    if min(int((one > 0).sum()) for one in (posts, events)) < BUSY:
        return "quiet"
    return ""


def _largest(found: Values, null: Values) -> float:
    return float(ranked(found.max(keepdims=True), null.max(axis=1, keepdims=True))[0])
