"""Small worlds with a known truth."""

from __future__ import annotations

import datetime as dt

import numpy as np

from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.simulate import generate

UNITS = ("AAA", "BBB", "CCC")
MATRIX = np.array([[0.3, 0.0, 0.1], [0.25, 0.3, 0.0], [0.0, 0.2, 0.25]])
"""AAA feeds BBB, BBB feeds CCC, CCC feeds AAA a little; the row receives."""


def months(n: int) -> tuple[dt.date, ...]:
    return tuple(dt.date(2010 + at // 12, at % 12 + 1, 1) for at in range(n))


def endemic(periods: int, level: float = 4.0) -> Values:
    """Expected counts of each unit that come of themselves, with a season."""
    season = np.exp(0.3 * np.sin(2 * np.pi * np.arange(periods) / 12))
    return level * np.array([[1.0], [1.5], [2.0]]) * season


def world(
    seed: int,
    periods: int = 140,
    *,
    lags: tuple[float, ...] = (1.0,),
    dispersion: float = 0.2,
    matrix: Values = MATRIX,
    level: float = 4.0,
) -> Counts:
    rng = np.random.default_rng(seed)
    counts = generate(matrix, lags, endemic(periods, level), dispersion, rng, burn_in=24)
    return Counts(UNITS, months(periods), "month", counts)
