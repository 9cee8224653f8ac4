"""Counts drawn from a spillover model: a panel from a known truth, or what may come after the counts of a fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from harmattan.models.spillover.counts import Values

MOST = 1e12
"""No mean is larger when counts are drawn: a process that feeds on itself would leave what floats count exactly."""


@dataclass(frozen=True)
class Process:
    """How counts excite others: `matrix` (units, units), the weights of the lags, and the dispersion of each unit."""

    matrix: Any
    lags: Values
    dispersion: Values


def generate(
    matrix: Any,
    lags: ArrayLike,
    endemic: ArrayLike,
    dispersion: ArrayLike,
    rng: np.random.Generator,
    *,
    burn_in: int = 0,
) -> Values:
    """One panel of counts from a known truth: shape (units, periods), whole numbers.

    `matrix[i, j]` (units, units; dense or sparse) is how many further counts in i one in j brings over all lags, its
    diagonal the own part; `lags` has their weights by lag, `endemic` (units, periods) the expected counts that come of
    themselves, `dispersion` one number or one by unit, 0 for Poisson: the variance is mean + dispersion * mean**2.
    Nothing happened before the first period, unless `burn_in` periods with the endemic part of the first are drawn
    before and left out. The process: Bracher & Held 2022, doi:10.1016/j.ijforecast.2020.07.002.

    >>> rng = np.random.default_rng(1)
    >>> generate([[0.5, 0.2], [0, 0.3]], [1.0], np.ones((2, 6)), 0.0, rng).shape
    (2, 6)
    """
    flat = np.asarray(endemic, np.float64)
    process = Process(matrix, np.asarray(lags, np.float64), np.asarray(dispersion, np.float64))
    before = np.repeat(flat[:, :1], burn_in, axis=1)
    whole = np.concatenate([before, flat], axis=1)
    past = np.zeros((len(flat), len(process.lags)))
    return forward(process, whole, np.full(whole.shape, np.nan), past, rng)[0, :, burn_in:]


def forward(
    process: Process, endemic: Values, given: Values, past: Values, rng: np.random.Generator, *, draws: int = 1
) -> Values:
    """Draws of every count that is not given: shape (draws, units, periods).

    `given` (units, periods) has what is known and NaN for what is to be drawn; what was drawn excites what follows.
    `past` (units, lags) are the counts before the first period, the latest last.
    """
    units, periods = endemic.shape
    spread = np.broadcast_to(process.dispersion, (units,))
    reach = len(process.lags)
    counts = np.empty((draws, units, reach + periods))
    counts[:, :, :reach] = past
    counts[:, :, reach:] = given
    for at in np.flatnonzero(np.isnan(given).any(axis=0)):
        lagged = counts[:, :, at : at + reach] @ process.lags[::-1]
        mean = endemic[:, at] + (process.matrix @ lagged.T).T
        gap = np.isnan(given[:, at])
        counts[:, gap, reach + at] = drawn(mean[:, gap], spread[gap], rng)
    return np.ascontiguousarray(counts[:, :, reach:])


def drawn(mean: Values, dispersion: Values, rng: np.random.Generator) -> Values:
    """Poisson counts, negative binomial where the dispersion is above 0, of means of shape (..., units)."""
    level = np.minimum(mean, MOST)
    mixed = _mixed(dispersion)
    if mixed.any():
        shape = 1.0 / dispersion[mixed]
        level[..., mixed] = rng.gamma(shape, level[..., mixed] / shape)
    return rng.poisson(np.minimum(level, MOST)).astype(np.float64)


def _mixed(dispersion: Values) -> NDArray[np.bool_]:
    """Which units are more than Poisson; a dispersion too small to be told from it would break the gamma draw."""
    return np.asarray(dispersion > 1e-10)
