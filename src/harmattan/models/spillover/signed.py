"""Intervals that hold where coefficients stand at their bound of 0: from a fit in which they may be negative.

Estimates of coefficients that are truly 0 are 0 or more, so that together they take from the endemic part, the more of
them there are: with eleven sources for each unit of which one is real, the level came out too low by 0.5 on the log
scale, and neither standard errors nor profiles of the bounded likelihood held the truth (`bench/recovery.py`). Without
the bounds the estimates are regular, and their information gives intervals that hold; what lies below 0 in the interval
of a coefficient is then cut off. Self & Liang 1987, doi:10.1080/01621459.1987.10478472, tell how a bound changes
distributions; Andrews 1999, doi:10.1111/1468-0262.00082, how it biases what does not stand at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.fitted import Fit

NEVER_NEGATIVE = ("own", "coupling", "decay", "dispersion")


@dataclass(frozen=True)
class Signed:
    """Estimates without the bounds at 0: `theta` and `covariance` in the order of `names`, NaN where not told.

    `freedom` is the share of the fitted counts that is left beside the parameters: variances are divided by it, since
    the largest likelihood lies where the dispersion is too small for so many.
    """

    names: tuple[str, ...]
    theta: Values = field(repr=False)
    covariance: Values = field(repr=False)
    freedom: float
    converged: bool

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float] | None:
        """The interval of a parameter, cut off at 0 where it is never negative; None where the data do not tell it."""
        at = self.names.index(name)
        variance = float(self.covariance[at, at])
        if not (self.converged and np.isfinite(variance) and self.freedom > 0):
            return None
        half = NormalDist().inv_cdf((1 + level) / 2) * (variance / self.freedom) ** 0.5
        low, high = float(self.theta[at]) - half, float(self.theta[at]) + half
        if name.partition(":")[0] in NEVER_NEGATIVE:
            return max(low, 0.0), max(high, 0.0)
        return low, high


def signed(fit: Fit) -> Signed:
    """The fit again from where it stands, with own and others' coefficients of either sign.

    >>> import datetime as dt
    >>> from harmattan.models.spillover.counts import Counts
    >>> from harmattan.models.spillover.fit import fit
    >>> from harmattan.models.spillover.spec import Endemic, Spec
    >>> starts = tuple(dt.date(2020 + at // 12, at % 12 + 1, 1) for at in range(60))
    >>> counts = Counts(("A", "B"), starts, "month", np.random.default_rng(1).poisson(4.0, (2, 60)).astype(float))
    >>> low, high = signed(fit(counts, Spec(Endemic(trend=False, seasons=0)))).interval("coupling:A>B")
    >>> low, high < 0.5
    (0.0, True)
    """
    from harmattan.models.spillover.design import design
    from harmattan.models.spillover.fit import covariance, search
    from harmattan.models.spillover.likelihood import problem

    of = problem(design(fit.counts, fit.spec), fit.counts.values)
    found = search(of, fit.theta, signed=True)
    spread, _ = covariance(of, found.theta, signed=True)
    freedom = 1 - len(fit.names) / float(of.seen.sum())
    return Signed(fit.names, found.theta, spread, freedom, found.converged)


def intervals(fit: Fit, level: float = 0.95) -> Mapping[str, tuple[float, float] | None]:
    """The intervals of all parameters by name."""
    told = signed(fit)
    return {name: told.interval(name, level) for name in fit.names}


def draws(fit: Fit, noise: Values) -> Values | None:
    """Draws about the estimates without bounds, shape (draws, parameters), from standard normal noise of that shape.

    They serve what adds many coefficients up, as the share that came from others: where none can be negative the sum
    is too large, about estimates of either sign it is not. None where the fit without bounds does not converge.
    """
    told = signed(fit)
    if not told.converged or told.freedom <= 0:
        return None
    known = np.isfinite(np.diagonal(told.covariance))
    roots, vectors = np.linalg.eigh(told.covariance[np.ix_(known, known)] / told.freedom)
    theta = np.repeat(told.theta[None], len(noise), axis=0)
    theta[:, known] += noise[:, known] @ (vectors * np.sqrt(np.maximum(roots, 0.0))).T
    never = np.isin([name.partition(":")[0] for name in fit.names], ("decay", "dispersion"))
    return np.where(never, np.maximum(theta, 0.0), theta)
