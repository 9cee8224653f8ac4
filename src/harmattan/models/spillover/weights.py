"""The weights between units: from neighbours, from distance with a decay that is estimated, or free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.spec import Adjacent, Free, PowerLaw, Weights
from harmattan.text import T

Positions = NDArray[np.intp]
DENSE = 0.2
"""From this share of non-zero weights on, a dense product is faster than a sparse one."""


def orders(adjacent: NDArray[np.bool_]) -> NDArray[np.int16]:
    """How many borders lie between units, shape (units, units), by breadth first: -1 where no way leads there.

    >>> beside = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]], dtype=bool)
    >>> orders(beside)[0]
    array([ 0,  1,  2, -1], dtype=int16)
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    steps = shortest_path(csr_array(adjacent.astype(np.int8)), method="D", unweighted=True)
    return np.where(np.isfinite(steps), steps, -1).astype(np.int16)


@dataclass(frozen=True)
class Between:
    """Weights from units to units on a fixed pattern: `target` receives from `source`, shape (non-zero weights,).

    `log_distance` is what the decay multiplies, None where there is no power law; `fixed` is its decay where that is
    not estimated. `sources` is how many units there were before some were left out, which the sharing counts.
    """

    target: Positions
    source: Positions
    log_distance: Values | None
    fixed: float | None
    shared: bool
    units: int

    @property
    def estimated(self) -> bool:
        """Whether the decay is a parameter."""
        return self.log_distance is not None and self.fixed is None

    def values(self, decay: float) -> tuple[Values, Values, Values]:
        """The weights and their first and second derivative by the decay, each of the shape (non-zero weights,)."""
        if self.log_distance is None:
            raw = np.ones(len(self.target))
            log = np.zeros(len(self.target))
        else:
            log = self.log_distance
            raw = np.exp(-(decay if self.fixed is None else self.fixed) * log)
        if not self.shared:
            return raw, -log * raw, log**2 * raw
        weight = raw / np.bincount(self.source, weights=raw, minlength=self.units)[self.source]
        mean = np.bincount(self.source, weights=weight * log, minlength=self.units)[self.source]
        square = np.bincount(self.source, weights=weight * log**2, minlength=self.units)[self.source]
        return weight, weight * (mean - log), weight * ((mean - log) ** 2 - (square - mean**2))


@dataclass(frozen=True)
class Pattern:
    """The weights among the units that are fitted: `chosen` are positions in the values of `between`.

    `rows` and `columns` stand for a sparse matrix of the shape (units, units), receiving unit first.
    """

    between: Between
    chosen: Positions
    rows: Positions
    columns: Positions
    units: int

    def matrix(self, values: Values) -> Any:
        """The values as a matrix to multiply by: dense where many are not zero, else scipy.sparse.csr_array."""
        from scipy.sparse import csr_array

        shape = (self.units, self.units)
        sparse = csr_array((values[self.chosen], (self.rows, self.columns)), shape=shape)
        return sparse.toarray() if len(self.chosen) > DENSE * self.units**2 else sparse

    def at(self, decay: float, derivatives: bool) -> tuple[Any, ...]:
        """The matrix, and with `derivatives` also its first and second by the decay."""
        parts = self.between.values(decay)
        return tuple(self.matrix(part) for part in (parts if derivatives else parts[:1]))


def between(counts: Counts, weights: Weights) -> Between:
    """The pattern of weights of all units. Raises UsageError where the counts do not say how units lie."""
    if isinstance(weights, Free):
        raise ValueError("free weights have no pattern")
    units = len(counts.units)
    if isinstance(weights, PowerLaw) and weights.of == "km":
        if counts.km is None:
            raise UsageError(
                T("A power law of distance needs the distances between units."), do=T("Take other weights.")
            )
        distance = 1 + counts.km / weights.scale
        there = np.isfinite(counts.km) & ~np.eye(units, dtype=bool)
        if weights.most is not None:
            there &= counts.km <= weights.most
    else:
        if counts.order is None:
            raise UsageError(
                T("Weights by neighbours need to know which units lie beside each other."), do=T("Take other weights.")
            )
        distance = np.maximum(counts.order, 1).astype(np.float64)
        most = 1.0 if isinstance(weights, Adjacent) else weights.most
        there = (counts.order > 0) & ~np.eye(units, dtype=bool)
        if most is not None:
            there &= counts.order <= most
    target, source = np.nonzero(there)
    power = isinstance(weights, PowerLaw)
    return Between(
        target=target,
        source=source,
        log_distance=np.log(distance[target, source]) if power else None,
        fixed=weights.decay if isinstance(weights, PowerLaw) else None,
        shared=weights.shared,
        units=units,
    )


def among(whole: Between, kept: Positions) -> Pattern:
    """The part of the weights that lies among the units at the positions `kept`."""
    new = np.full(whole.units, -1, dtype=np.intp)
    new[kept] = np.arange(len(kept))
    rows, columns = new[whole.target], new[whole.source]
    chosen = np.nonzero((rows >= 0) & (columns >= 0))[0]
    return Pattern(whole, chosen, rows[chosen], columns[chosen], len(kept))
