"""Errors of a comparison of few treated places with others: leave one place out, treated and controls apart.

The estimate is made again without each cluster; the spread of these, within the treated and within the controls, adds
up to the variance, and Satterthwaite's degrees of freedom come from the two. That is the cluster jackknife (CV3:
MacKinnon, Nielsen & Webb 2023, doi:10.1016/j.jeconom.2022.04.001) in the two strata of a Welch test, chosen since about
a dozen treated places differ more from each other than the controls do; ordinary clustered errors and the wild
bootstrap reject too often or never there (MacKinnon & Webb 2017, doi:10.1002/jae.2508).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TINY = 1e-9


@dataclass(frozen=True)
class Jackknife:
    """Several statistics, shape (statistics,), with what each is when one cluster is left out.

    NaN: a statistic that cannot be had; it then has no error either.
    """

    whole: Array
    without: Array
    """Shape (clusters, statistics)."""
    treated: NDArray[np.bool_]
    """Which clusters hold a treated unit, shape (clusters,)."""

    @classmethod
    def of(
        cls,
        cluster: NDArray[np.int64],
        treated: NDArray[np.bool_],
        measure: Callable[[NDArray[np.bool_]], Array],
    ) -> Jackknife:
        """`measure` takes the units to keep, shape (units,); `cluster` and `treated` are by unit."""
        names = np.unique(cluster)
        whole = measure(np.ones(cluster.shape, dtype=bool))
        without = np.array([measure(cluster != name) for name in names]).reshape(names.size, whole.size)
        strata = np.array([bool(treated[cluster == name].any()) for name in names], dtype=bool)
        return cls(whole, without, strata)

    def covariance(self, which: NDArray[np.int64]) -> tuple[Array, float]:
        """Of some statistics, with the degrees of freedom; NaN where a stratum has one cluster alone."""
        total = np.zeros((which.size, which.size))
        parts: list[tuple[float, int]] = []
        for stratum in (self.treated, ~self.treated):
            n = int(stratum.sum())
            if n == 0:
                continue
            off = self.without[np.ix_(stratum, which)] - self.whole[which]
            own = (n - 1) / n * off.T @ off if n > 1 else np.full_like(total, np.nan)
            total += own
            parts.append((float(np.trace(own)), n - 1))
        below = sum(value**2 / n for value, n in parts if n)
        above = sum(value for value, _ in parts) ** 2
        known = np.isfinite(total).all()
        return total, above / below if known and below > 0 else float(max((n for _, n in parts), default=0))

    def error(self, at: int) -> tuple[float, float]:
        """Standard error and degrees of freedom of one statistic."""
        total, freedom = self.covariance(np.array([at]))
        return float(np.sqrt(total[0, 0])), freedom

    def interval(self, at: int, level: float = 0.95) -> tuple[float, float] | None:
        """By Student's t; None where there is no error, or nothing varies."""
        from scipy.special import stdtrit

        error, freedom = self.error(at)
        value = float(self.whole[at])
        if not (np.isfinite(error) and np.isfinite(value) and freedom > 0 and error > TINY * max(1.0, abs(value))):
            return None
        reach = float(stdtrit(freedom, (1 + level) / 2)) * error
        return value - reach, value + reach

    def p(self, which: NDArray[np.int64]) -> float | None:
        """Of all these statistics being 0, by Hotelling's T squared (t squared of one); None where it cannot be had."""
        from scipy.special import fdtrc

        value = self.whole[which]
        total, freedom = self.covariance(which)
        below = freedom - which.size + 1
        if not (np.isfinite(total).all() and np.isfinite(value).all()) or below <= 0:
            return None
        if np.abs(value).max() <= TINY:
            return 1.0
        if np.linalg.matrix_rank(total) < which.size:
            return None
        square = float(value @ np.linalg.solve(total, value))
        return float(fdtrc(which.size, below, square * below / (freedom * which.size)))
