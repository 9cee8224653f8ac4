"""Who feeds whom: what is expected of each unit in parts, by where each count came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.design import design
from harmattan.models.spillover.drawn import Band, Drawn, band, likely
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.likelihood import Problem, problem
from harmattan.models.spillover.profile import Interval
from harmattan.models.spillover.simulate import Process, endemic, process
from harmattan.text import T

PAIRS = 200
"""Up to so many units each pair has an interval."""
CHAINS = 60
"""Up to so many units the chains are followed back to where they began."""
TOGETHER = 50
"""Draws whose chains are followed at once."""
MOST = 2e7
"""A course of more units x periods x draws than these has no intervals."""


@dataclass(frozen=True)
class Flows:
    """Shares of what is expected of each unit over the periods from position `first` to before `end`, 0 to 1.

    A share is of immediate origin: of a count that came from a neighbour's, whose own came from a third, it is the
    neighbour that counts. `endemic`, `own` and `others` have the shape (units,) and add up to 1; `arrived` (units,
    units) says of row i how much came from column j, its diagonal is 0, and its rows add up to `others`. `ultimate`
    (units, units) says how much goes back, through every chain, to what came of itself in column k; `before` (units,)
    how much goes back to counts whose origin cannot be known, from before the first fitted period or a gap. The two
    add up to 1 as well. `ultimate` is None beyond 60 units, the intervals of `arrived` beyond 200.
    Shares of a unit of which nothing is expected are masked. They say what goes with what, not what caused it.
    """

    units: tuple[str, ...]
    first: int
    end: int
    starts: tuple[dt.date, dt.date]
    """First days of the first and of the last period."""
    expected: Values
    """Counts, over the fitted periods of the span."""
    endemic: Band = field(repr=False)
    own: Band = field(repr=False)
    others: Band = field(repr=False)
    arrived: Band = field(repr=False)
    ultimate: Band | None = field(repr=False)
    before: Band | None = field(repr=False)


@dataclass(frozen=True)
class Course:
    """The same by period, in expected counts: parts have the shape (units, periods), masked where not fitted.

    `arrived` has the shape (units, units, periods): row i from column j; it is None beyond 200 units. There are no
    intervals where units x periods x draws are more than 20 million.
    """

    starts: tuple[dt.date, ...]
    observed: Values = field(repr=False)
    endemic: Band = field(repr=False)
    own: Band = field(repr=False)
    others: Band = field(repr=False)
    arrived: Values | None = field(repr=False)


@dataclass(frozen=True)
class _Sight:
    """What a decomposition looks at: the problem, the counts before each period, and which periods count."""

    of: Problem
    before: Values
    """Counts by lag, 0 where unknown: (lags, units, periods)."""
    fitted: NDArray[np.bool_]
    """(units, periods)."""
    within: NDArray[np.bool_]
    """Fitted and in the span."""


@dataclass(frozen=True)
class _Means:
    """Expected counts by immediate origin and period, by one set of parameters, 0 where not fitted.

    `endemic` and `lagged`, the counts before weighted by lag, have the shape (units, periods).
    """

    matrix: Any
    lags: Values
    endemic: Values
    lagged: Values
    fitted: NDArray[np.bool_]

    @cached_property
    def own(self) -> Values:
        return np.where(self.fitted, np.asarray(self.matrix.diagonal())[:, None] * self.lagged, 0.0)

    @property
    def others(self) -> Values:
        return np.where(self.fitted, self.matrix @ self.lagged, 0.0) - self.own

    @property
    def dense(self) -> Values:
        return self.matrix if isinstance(self.matrix, np.ndarray) else np.asarray(self.matrix.toarray())


def flows(
    fit: Fit,
    first: int | None = None,
    last: int | None = None,
    *,
    drawn: Drawn | None = None,
    coefficients: Mapping[str, Interval] | None = None,
    level: float = 0.95,
    chains: bool = True,
) -> Flows:
    """What is expected of each unit in parts, over the periods from position `first` to `last`, both included.

    What unit i receives from unit j in a period is matrix[i, j] times the sum over lags d of u_d y_j,t-d, and its
    share that over the mean: of a count, the probability that it is of this part (the thinning of a branching
    process: Zhuang, Ogata & Vere-Jones 2002, doi:10.1198/016214502760046925; this model: Meyer & Held 2014,
    doi:10.1214/14-AOAS743). By ultimate origin, the probabilities of the counts that brought it stand in place of
    their units, from the first fitted period on; in the long run that is the geometric series (I - A)^-1 of the
    matrix, but it needs no radius below 1. Intervals are of draws of all parameters together, by default those of
    `drawn.likely`; where `coefficients` are given, the intervals of `profile.intervals`, those of own parts and of
    pairs with a coefficient of their own come from them, since the sum of what is expected hardly moves: they are
    better near 0, and say the same as the coefficient does. Without `chains`, which take most of the time, there is
    no ultimate origin. Raises UsageError for a span in which nothing was fitted.
    """
    start, end = _span(fit, first, last)
    sight = _sight(fit, start, end)
    if not sight.within.any():
        raise UsageError(T("No period of that span was fitted: there is nothing to take apart."))
    found = _summed(sight, fit.theta, process(sight.of, fit.theta), pairs=True)
    nothing = found["expected"] <= 0
    some = likely(fit) if drawn is None else drawn
    bands = _bands(sight, some, found, level)
    if coefficients is not None:
        _by_coefficient(fit.counts.units, coefficients, found["per"], bands)
    bands = {name: _masked(one, nothing) for name, one in bands.items()}
    followed = chains and len(nothing) <= CHAINS
    origins = _chains(sight, fit, some, level, nothing) if followed else (None, None)
    ends = fit.counts.starts[start], fit.counts.starts[end - 1]
    parts = bands["endemic"], bands["own"], bands["others"], bands["arrived"]
    return Flows(fit.counts.units, start, end, ends, found["expected"], *parts, *origins)


def _bands(sight: _Sight, drawn: Drawn, found: Mapping[str, Values], level: float) -> dict[str, Band]:
    """Shares by immediate origin with their intervals."""
    few = len(found["own"]) <= PAIRS
    bounded = [_summed(sight, *one, pairs=few) for one in zip(drawn.theta, drawn.processes, strict=True)]
    thetas, processes, biased = drawn.free
    free = bounded if biased else [_summed(sight, *one, pairs=False) for one in zip(thetas, processes, strict=True)]
    bands = {
        "endemic": band(found["endemic"], [one["endemic"] for one in free], level, biased=biased),
        "own": band(found["own"], [one["own"] for one in bounded], level),
        "others": band(found["others"], [one["others"] for one in free], level, biased=biased),
        "arrived": band(found["arrived"], [one["arrived"] for one in bounded] if few else [], level),
    }
    return {name: _within(one) for name, one in bands.items()}


def _within(of: Band) -> Band:
    """No share is more than the whole."""
    return Band(of.value, of.low, None if of.high is None else of.high.clip(max=1.0))


def _by_coefficient(units: Sequence[str], given: Mapping[str, Interval], per: Values, bands: dict[str, Band]) -> None:
    """Puts intervals of coefficients in place of those of their shares: `per` (units, units) is the share of 1."""
    for row, target in enumerate(units):
        for column, source in enumerate(units):
            own = row == column
            ends = given.get(f"own:{target}" if own else f"coupling:{source}>{target}")
            of, at = (bands["own"], (row,)) if own else (bands["arrived"], (row, column))
            if ends is None or of.low is None or of.high is None:
                continue
            low, high = ends
            of.low[at] = 0.0 if low is None else low * per[row, column]
            of.high[at] = 1.0 if high is None else min(high * per[row, column], 1.0)


def course(fit: Fit, *, drawn: Drawn | None = None, level: float = 0.95) -> Course:
    """The decomposition by immediate origin over time, in expected counts, with pointwise intervals."""
    sight = _sight(fit, 0, len(fit.counts.starts))
    some = likely(fit) if drawn is None else drawn
    found = _means(sight, fit.theta, process(sight.of, fit.theta))
    hidden, biased = ~sight.fitted, some.free[2]
    others = list(_each(sight, some)) if hidden.size * some.converged <= MOST else []
    arrived = None
    if len(hidden) <= PAIRS:
        from_each = found.dense[:, :, None] * found.lagged
        from_each[np.arange(len(hidden)), np.arange(len(hidden))] = 0.0
        arrived = np.ma.masked_array(from_each, np.broadcast_to(hidden[:, None], from_each.shape))

    def part(name: str) -> Band:
        return _masked(band(getattr(found, name), [getattr(one, name) for one in others], level, biased=biased), hidden)

    observed = np.ma.masked_invalid(fit.counts.values)
    return Course(fit.counts.starts, observed, part("endemic"), part("own"), part("others"), arrived)


def _span(fit: Fit, first: int | None, last: int | None) -> tuple[int, int]:
    """The first position and the one after the last."""
    periods = len(fit.counts.starts)
    start, end = 0 if first is None else max(first, 0), periods if last is None else min(last + 1, periods)
    if start >= end:
        raise UsageError(T("A span of periods ends where it begins or later."))
    return start, end


def _sight(fit: Fit, first: int, end: int) -> _Sight:
    known = np.nan_to_num(fit.counts.values, nan=0.0)
    fitted = np.isfinite(fit.parts.mean)
    within = fitted.copy()
    within[:, :first] = False
    within[:, end:] = False
    before = np.zeros((len(fit.lags), *known.shape))
    for at in range(len(fit.lags)):
        before[at, :, at + 1 :] = known[:, : known.shape[1] - at - 1]
    return _Sight(problem(design(fit.counts, fit.spec), fit.counts.values), before, fitted, within)


def _each(sight: _Sight, drawn: Drawn) -> Iterator[_Means]:
    """The means of each draw, for what is made of many coefficients."""
    thetas, processes, _ = drawn.free
    for theta, one in zip(thetas, processes, strict=True):
        yield _means(sight, theta, one)


def _means(sight: _Sight, theta: Values, process: Process) -> _Means:
    lagged = np.tensordot(process.lags, sight.before, 1)
    whole = np.zeros(lagged.shape)
    whole[:, -sight.of.counts.shape[1] :] = endemic(sight.of, theta)
    return _Means(process.matrix, process.lags, np.where(sight.fitted, whole, 0.0), lagged, sight.fitted)


def _summed(sight: _Sight, theta: Values, process: Process, *, pairs: bool) -> dict[str, Values]:
    """Shares of the span by immediate origin, and what was expected in it."""
    means, within = _means(sight, theta, process), sight.within.astype(np.float64)
    parts = {name: (getattr(means, name) * within).sum(axis=1) for name in ("endemic", "own", "others")}
    expected = np.sum(list(parts.values()), axis=0)
    whole = np.where(expected > 0, expected, 1.0)
    shares = {name: part / whole for name, part in parts.items()}
    if not pairs:
        return shares
    per = within @ means.lagged.T / whole[:, None]
    arrived = means.dense * per
    np.fill_diagonal(arrived, 0.0)
    return {**shares, "arrived": arrived, "expected": expected, "per": per}


def _masked(of: Band, nothing: NDArray[np.bool_]) -> Band:
    """The same, masked in the units (and periods) of which there is nothing to say."""

    def hidden(values: Values) -> Values:
        mask = nothing if values.ndim == nothing.ndim else nothing[:, None]
        return np.ma.masked_array(values, np.broadcast_to(mask, values.shape).copy())

    low, high = (None if one is None else hidden(one) for one in (of.low, of.high))
    return Band(hidden(of.value), low, high)


def _chains(sight: _Sight, fit: Fit, drawn: Drawn, level: float, nothing: NDArray[np.bool_]) -> tuple[Band, Band]:
    """Shares by ultimate origin, (units, units), and what goes back to before anything is known, (units,)."""
    value = _followed(sight, [_means(sight, fit.theta, process(sight.of, fit.theta))])[0]
    means = _each(sight, drawn)
    parts = iter(lambda: list(islice(means, TOGETHER)), [])
    found = [one for part in parts for one in _followed(sight, part)]
    whole = _within(band(value, found, level, biased=drawn.free[2]))
    ultimate, before = (whole.part((slice(None), at)) for at in (slice(-1), -1))
    return _masked(ultimate, nothing), _masked(before, nothing)


def _followed(sight: _Sight, means: Sequence[_Means]) -> Values:
    """Period by period, the probability of each ultimate origin: (sets of parameters, units, units + 1)."""
    matrix, lags = np.stack([one.dense for one in means]), np.stack([one.lags for one in means])
    endemic = np.stack([one.endemic for one in means])
    total = endemic + np.stack([one.own + one.others for one in means])
    units, at = endemic.shape[1], np.arange(endemic.shape[1])
    unknown = np.zeros((len(means), units, units + 1))
    unknown[:, :, -1] = 1.0
    recent = [unknown] * lags.shape[1]
    found = np.zeros_like(unknown)
    for period in range(endemic.shape[2]):
        brought = np.zeros_like(unknown)
        for back, origin in enumerate(recent):
            brought += (lags[:, back, None] * sight.before[back, :, period])[:, :, None] * origin
        parts = matrix @ brought
        parts[:, at, at] += endemic[:, :, period]
        known = sight.fitted[:, period] & (total[:, :, period] > 0)
        share = parts / np.where(known, total[:, :, period], 1.0)[:, :, None]
        origin = np.where(known[:, :, None], share, unknown)
        recent = [origin, *recent[:-1]]
        found += (sight.within[:, period] * total[:, :, period])[:, :, None] * origin
    expected = (total * sight.within).sum(axis=2)
    return found / np.where(expected > 0, expected, 1.0)[:, :, None]
