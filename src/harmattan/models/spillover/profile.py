"""Intervals by profile likelihood, which are right where a coefficient stands at or near 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.design import design
from harmattan.models.spillover.fit import bounds
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.likelihood import Problem, by_unit, evaluate, information, problem
from harmattan.models.spillover.search import Search

EXACT = 0.004
"""How near the root of twice the fall of the log-likelihood must come to its limit, 1.96 for 95 %."""
TRIES = 12

Interval = tuple[float | None, float | None]


def interval(fit: Fit, name: str, level: float = 0.95) -> Interval:
    """The values of a parameter at which the log-likelihood, the others at their best, falls by little enough.

    Little enough is half the `level` quantile of chi-squared with one degree of freedom (Venzon & Moolgavkar 1988,
    doi:10.2307/2347496). A coefficient that is never negative has the lower end 0 where 0 is among them, also where it
    stands at 0; true values of 0 are then covered more often than `level`, up to 97.5 for 95 %, since half of the
    estimates of an absent coefficient are 0 (Self & Liang 1987, doi:10.1080/01621459.1987.10478472). An end is None
    where the data do not bound it. Raises KeyError for a parameter that is not there, as those of units left out.
    """
    if name not in fit.names:
        raise KeyError(name)
    return intervals(fit, [name], level)[name]


def intervals(fit: Fit, names: Sequence[str] | None = None, level: float = 0.95) -> dict[str, Interval]:
    """The same for several parameters, by default the coefficients of own and of others' past."""
    from scipy.special import ndtri

    chosen = [name for name in fit.names if name.split(":")[0] in ("own", "coupling")] if names is None else names
    of = problem(design(fit.counts, fit.spec), fit.counts.values)
    limit = float(ndtri((1 + level) / 2))
    with np.errstate(all="ignore"):
        profile = _Profile(of, fit.theta, _inverse(information(of, fit.theta)), limit)
        return {name: profile.interval(fit.positions([name])[0]) for name in chosen}


@dataclass(frozen=True)
class _Point:
    """Where the others are at their best with one parameter held: how far the likelihood fell, and its slope."""

    theta: Values
    fall: float
    slope: float
    converged: bool = True


class _Profile:
    """The likelihood along one parameter after the other."""

    def __init__(self, of: Problem, theta: Values, spread: Values, limit: float) -> None:
        self.of, self.theta, self.spread, self.limit = of, theta, spread, limit
        self.bounds = bounds(of)
        self.best = float(by_unit(of, theta).sum())

    def interval(self, at: int) -> Interval:
        return self.end(at, -1.0), self.end(at, 1.0)

    def point(self, at: int, value: float, start: Values) -> _Point:
        """The others at their best, searched from a start."""
        low, high, begin = self.bounds.low.copy(), self.bounds.high.copy(), start.copy()
        low[at] = high[at] = begin[at] = value
        search = Search(self.of, replace(self.bounds, low=low, high=high))
        ended = search.run(begin)
        theta = ended.theta
        found = evaluate(self.of, theta)
        fall = max(2 * (self.best - float(by_unit(self.of, theta).sum())), 0.0)
        return _Point(theta, float(np.sqrt(fall)), float(search.slope(found)[at]), ended.converged)

    def end(self, at: int, side: float) -> float | None:
        """The end of the interval below (-1) or above (1); the bound where the likelihood does not fall so far.

        Where a search does not end, or there are no more counts than parameters, the data do not bound it.
        """
        bound = float((self.bounds.low if side < 0 else self.bounds.high)[at])
        least = bound if side < 0 and bound == 0 else None
        inside, outside = float(self.theta[at]), np.nan
        if inside == bound or self.of.seen.sum() <= len(self.theta):
            return least
        toward = self.spread[:, at] / self.spread[at, at]
        step = side * self.limit * float(np.sqrt(self.spread[at, at]))
        value, known = inside + step, _Point(self.theta, 0.0, 0.0)
        for _ in range(TRIES):
            value = max(value, bound) if side < 0 else min(value, bound)
            known = self.point(at, value, known.theta + toward * (value - known.theta[at]))
            if abs(known.fall - self.limit) < EXACT:
                return value
            if not known.converged:
                break
            if known.fall > self.limit:
                outside = value
            elif value == bound:
                return least
            else:
                inside = value
            value = self.next(known, at, inside, outside, step)
        return float(outside) if np.isfinite(outside) else least

    def next(self, known: _Point, at: int, inside: float, outside: float, step: float) -> float:
        """A Newton step on the root of the fall, which is nearly a line; halfway where it would leave the ends.

        Without an outer end yet it may go no further than four times as far as it has come.
        """
        value = float(known.theta[at])
        far = (
            outside if np.isfinite(outside) else value + 3 * max(abs(value - self.theta[at]), abs(step)) * np.sign(step)
        )
        new = value - (self.limit - known.fall) * known.fall / known.slope if known.slope else np.nan
        if min(inside, far) < new < max(inside, far):
            return float(new)
        return float(far if not np.isfinite(outside) else (inside + outside) / 2)


def _inverse(of: Values) -> Values:
    """The inverse of the information, made positive definite where it is not."""
    scale = np.sqrt(np.maximum(np.abs(np.diagonal(of)), 1e-12))
    roots, vectors = np.linalg.eigh(of / np.outer(scale, scale))
    inverse = 1 / np.maximum(np.abs(roots), 1e-6 * max(float(np.abs(roots).max()), 1e-300))
    return np.asarray((vectors * inverse) @ vectors.T / np.outer(scale, scale))
