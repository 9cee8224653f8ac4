"""Does violence keep itself alive: how many further counts one brings, at last, everywhere together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from harmattan.models.spillover.drawn import Drawn, span
from harmattan.models.spillover.fitted import Fit

DENSE = 400
"""Up to so many units all eigenvalues are computed; beyond, only the largest."""


@dataclass(frozen=True)
class Reproduction:
    """The reproduction number of a fit, with its interval; `own` has that of each unit alone: (value, low, high).

    `low` and `high` are None where nothing was drawn.
    """

    value: float
    low: float | None
    high: float | None
    own: dict[str, tuple[float, float | None, float | None]]


@dataclass(frozen=True)
class Window:
    """The reproduction number of a span of periods; None where nothing could be fitted to it.

    `start` is the first day of its first period and `last` the first day of its last; `first` and `end` are the
    positions of the first period and of the one after the last.
    """

    first: int
    end: int
    start: dt.date
    last: dt.date
    found: Reproduction | None
    converged: bool


def reproduction(fit: Fit) -> float:
    """The spectral radius of the next-generation matrix: how many further counts one brings, over all units and lags.

    It is the factor by which a mixed burst of counts is multiplied from one generation to the next, when it has
    passed through the units often enough. Below 1 every burst dies out and what comes of itself is multiplied by no
    more than a finite factor. At 1 or more a burst feeds on itself: the model's mean grows without bound, so that no
    long-run mean and no half-life exist; fitted to real counts it then says that violence grew faster than its
    endemic part explains, and it must not be run far ahead. Diekmann, Heesterbeek & Metz 1990,
    doi:10.1007/BF00178324; for models of counts Held & Paul 2012, doi:10.1002/bimj.201200037.
    """
    return radius(fit.matrix)


def radius(matrix: Any) -> float:
    """The largest absolute eigenvalue of a matrix without negative entries, dense or sparse, shape (units, units).

    >>> radius(np.array([[0.2, 0.3], [0.3, 0.2]]))
    0.5
    """
    if matrix.shape[0] <= DENSE:
        dense = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
        return float(np.abs(np.linalg.eigvals(dense)).max(initial=0.0))
    return _largest(matrix)


def _largest(matrix: Any, most: int = 20_000, exact: float = 1e-9) -> float:
    """By powers of the matrix plus half the identity, which has the same order of eigenvalues but never cycles.

    The Collatz-Wielandt bounds say when it is near enough (Meyer 2000, Matrix Analysis, 8.3).
    """
    level = float(matrix.sum(axis=1).max()) if matrix.nnz else 0.0
    if level == 0.0:
        return 0.0
    vector = np.ones(matrix.shape[0])
    value = 0.0
    for _ in range(most):
        step = matrix @ vector + 0.5 * level * vector
        before, value = value, float(np.linalg.norm(step) / np.linalg.norm(vector))
        vector = step / np.linalg.norm(step)
        if abs(value - before) < exact * value:
            break
    return value - 0.5 * level


def within(fit: Fit, drawn: Drawn | None = None, *, level: float = 0.95) -> Reproduction:
    """The reproduction number and each unit's own part, with intervals from drawn parameters."""
    own = np.asarray(fit.matrix.diagonal())
    units = fit.counts.units
    if drawn is None:
        alone = {unit: (float(value), None, None) for unit, value in zip(units, own, strict=True)}
        return Reproduction(reproduction(fit), None, None, {**alone})
    low, high = span(np.array([radius(process.matrix) for process in drawn.processes]), level)
    diagonals = np.array([process.matrix.diagonal() for process in drawn.processes])
    lows, highs = span(diagonals, level)
    each = {unit: (float(own[at]), float(lows[at]), float(highs[at])) for at, unit in enumerate(units)}
    return Reproduction(reproduction(fit), float(low), float(high), {**each})
