"""A fitted spillover model: its parameters with their uncertainty, and the mean of every unit and period in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.spec import Spec


@dataclass(frozen=True)
class Parts:
    """What a model expects, in parts: each of the shape (units, periods), NaN where the period was not fitted."""

    endemic: Values
    own: Values
    others: Values

    @property
    def mean(self) -> Values:
        """All parts together."""
        return self.endemic + self.own + self.others


@dataclass(frozen=True)
class Fit:
    """Estimates of one model.

    `theta` and `names` have the shape (parameters,): coefficients of own and others' past, dispersions and the decay
    stand as such and are never negative, lag weights as logits, the rest as the linear predictor of the endemic part.
    `covariance` is the inverse of the observed information, shape (parameters, parameters), NaN in rows of a parameter
    that stands at its bound. `matrix` is sparse, shape (units, units): `matrix[i, j]` is how many further counts in
    unit i one in unit j brings over all lags; its diagonal is the own part. `lags` has the weights of the lags, which
    add up to 1. `dispersion` is by unit, 0 for Poisson.
    """

    spec: Spec
    counts: Counts = field(repr=False)
    names: tuple[str, ...]
    theta: Values
    covariance: Values = field(repr=False)
    log_likelihood: float
    converged: bool
    steps: int
    """How many steps the search took."""
    parts: Parts = field(repr=False)
    matrix: Any = field(repr=False)
    """scipy.sparse.csr_array."""
    lags: Values
    dispersion: Values
    bounded: tuple[str, ...] = ()
    """Names of the parameters that stand at their bound."""
    spreads: Mapping[str, float] = field(default_factory=dict)
    """Where coefficients are drawn towards their mean, the standard deviation of their logarithms by kind.

    Kinds are level, own and coupling. Their covariance is that of the penalised likelihood; the log-likelihood is that
    of the counts alone.
    """
    left_out: tuple[str, ...] = ()
    """Units without any count: nothing can be learnt of them, so that they have no coefficients."""

    def value(self, name: str) -> float:
        """The estimate of a parameter. Raises KeyError."""
        if name not in self.names:
            raise KeyError(name)
        return float(self.theta[self.names.index(name)])

    def error(self, name: str) -> float:
        """Its standard error; NaN at its bound. Raises KeyError."""
        if name not in self.names:
            raise KeyError(name)
        at = self.names.index(name)
        return float(np.sqrt(self.covariance[at, at]))

    def positions(self, names: Sequence[str]) -> list[int]:
        """Where parameters stand in `theta`."""
        return [self.names.index(name) for name in names]
