"""Made-up panels of counts whose truth is known."""

from __future__ import annotations

import datetime as dt

import numpy as np

from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.weights import orders


def months(n: int) -> tuple[dt.date, ...]:
    """The first days of n months."""
    return tuple(dt.date(1990 + m // 12, 1 + m % 12, 1) for m in range(n))


def ring(units: int) -> np.ndarray:
    """Units in a ring, each beside two others, by how many borders lie between."""
    beside = np.eye(units, k=1, dtype=bool) | np.eye(units, k=-1, dtype=bool)
    beside[0, -1] = beside[-1, 0] = units > 2
    return orders(beside)


def grown(matrix: Values, endemic: Values, shape: tuple[int, float, int], lags: Values | None = None) -> Values:
    """Counts of the shape (units, periods): matrix[i, j] is what one count in j brings in i.

    `shape` says how many periods, which dispersion, and the seed.
    """
    periods, dispersion, seed = shape
    rng = np.random.default_rng(seed)
    lags = np.ones(1) if lags is None else lags
    values = np.zeros((len(matrix), periods + 100))
    for at in range(len(lags), values.shape[1]):
        past = sum(weight * values[:, at - back - 1] for back, weight in enumerate(lags))
        mean = endemic + matrix @ past
        values[:, at] = rng.poisson(mean * (rng.gamma(1 / dispersion, dispersion, len(mean)) if dispersion else 1.0))
    return values[:, 100:]


def panel(units: int = 4, periods: int = 60, seed: int = 1, gaps: bool = False) -> Counts:
    """A small panel with everything that a specification may ask for."""
    rng = np.random.default_rng(seed)
    matrix = 0.3 * np.eye(units) + 0.15 * (ring(units) == 1)
    values = grown(matrix, np.linspace(0.5, 3, units), (periods, 0.4, seed))
    if gaps:
        values[1, 20:23] = np.nan
    where = np.arange(units)
    return Counts(
        units=tuple(f"unit{at}" for at in range(units)),
        starts=months(periods),
        every="month",
        values=values,
        order=ring(units),
        km=80.0 * np.abs(where[:, None] - where),
        population=rng.uniform(0.5, 2, (units, 1)) * np.exp(0.002 * np.arange(periods)),
        covariates={"rain": rng.normal(size=(units, periods))},
    )
