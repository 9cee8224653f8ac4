"""Posting beside events at lags of days, both directions: which comes first, and whether more than chance.

Each series loses its weekly rhythm, its slow movements and what its own past foretells (`alongside`); the residuals are
correlated at every lag. The null turns one series of residuals against the other in a circle, by more days than the
lags reach either way: what autocorrelation and bursts are left in each stay as they are, and only the alignment is lost
(circular shifts, the block permutation with one block: the circular block bootstrap of Politis & Romano 1992, without
drawing). A p over lags is that of the largest correlation among them (Westfall & Young 1993, single step).

Its limit: whatever moves both within weeks (a third thing) looks like a lead or a lag. Association is no cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harmattan.influence.alongside import FEWEST, LEVEL, SLOW, WEEK, Values, adjusted, ranked, whitened

LAGS = 14
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
    """Between this and `high` lie 95 % of the correlations that other alignments give at this lag."""
    high: float
    p: float
    """Of this lag alone, two-sided."""
    p_family: float
    """Of this lag among all: how many alignments have a correlation as large at any lag."""


@dataclass(frozen=True)
class Crossed:
    """What two series come to laid beside each other."""

    lags: tuple[AtLag, ...]
    """Empty where nothing can be told."""
    alignments: int
    """How many other alignments the null has."""
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


def crossed(posts: Values, events: Values, *, lags: int = LAGS, rhythm: int = WEEK, slow: int = SLOW) -> Crossed:
    """Both directions at lags from `-lags` to `lags`; both series (n,) of the same days, NaN where nobody looked.

    For weeks `rhythm` is 1 and `slow` counts in weeks. Nothing is drawn at random: every shift that the length allows
    is in the null, so the same series give the same p.
    """
    both = ~np.isnan(posts) & ~np.isnan(events)
    shared = float(both.mean()) if len(both) else 0.0
    why = _hindered(posts, events, shared, lags)
    if why:
        return Crossed((), 0, shared, None, None, None, why)
    left, right = (whitened(adjusted(one, rhythm=rhythm, slow=slow)) for one in (posts, events))
    steps = np.arange(-lags, lags + 1)
    found, pairs = _correlations(left, right, 2 * len(left))
    turned, met = _correlations(left, right, len(left))
    shifts = np.arange(2 * lags + 1, len(left) - 2 * lags)
    at = (shifts[:, None] + steps) % len(left)
    null, mine, n = turned[at] * np.sqrt(met[at]), found[steps] * np.sqrt(pairs[steps]), pairs[steps]
    if n.min() < FEWEST:
        return Crossed((), 0, shared, None, None, None, "uncovered")
    edges = np.quantile(null, (LEVEL / 2, 1 - LEVEL / 2), axis=0) / np.sqrt(n)
    most, alone = np.abs(null), np.abs(mine)
    p, family = ranked(alone, most), ranked(alone, most.max(axis=1, keepdims=True))
    at_lags = zip(steps.tolist(), n.astype(int).tolist(), found[steps].tolist(), *edges.tolist(), p.tolist(),
                  family.tolist(), strict=True)  # fmt: skip
    after, before = steps > 0, steps < 0
    sides = [_largest(alone[some], most[:, some]) for some in (after, before, np.ones(len(steps), dtype=bool))]
    return Crossed(tuple(AtLag(*one) for one in at_lags), len(shifts), shared, *sides)


def _hindered(posts: Values, events: Values, shared: float, lags: int) -> Why:
    """Why nothing can be told of two series, or nothing."""
    if shared < COVERED:
        return "uncovered"
    if len(posts) - 4 * lags - 1 < FEWEST:
        return "short"
    if min(int((one > 0).sum()) for one in (posts, events)) < BUSY:
        return "quiet"
    return ""


def _largest(found: Values, null: Values) -> float:
    return float(ranked(found.max(keepdims=True), null.max(axis=1, keepdims=True))[0])


def _correlations(left: Values, right: Values, length: int) -> tuple[Values, Values]:
    """Correlations of left at t + k with right at t for each k, and the pairs behind each, in a circle of a length.

    With a circle of twice the length nothing meets its own other end: those are the plain ones, k below 0 from behind.
    """
    one, other = (~np.isnan(side) for side in (left, right))
    x = np.where(one, left - np.nanmean(left), 0.0)
    y = np.where(other, right - np.nanmean(right), 0.0)
    product, own, theirs, pairs = (
        np.fft.irfft(np.fft.rfft(a, length) * np.conj(np.fft.rfft(b, length)), length)
        for a, b in ((x, y), (x**2, other), (one, y**2), (one, other))
    )
    pairs = np.rint(pairs)
    size = np.sqrt(np.maximum(own, 0.0) * np.maximum(theirs, 0.0))
    safe = (size > 1e-12) & (pairs > 0)
    return np.where(safe, product / np.where(safe, size, 1.0), 0.0), pairs


def tried(p_values: Sequence[float | None]) -> int:
    """How many series were laid beside events: where many are, one in twenty passes by chance alone."""
    return sum(p is not None for p in p_values)
