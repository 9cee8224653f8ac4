"""What would have been: a level of each unit and a level of each month, learnt where nobody was treated yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
ROUNDS = 2000
CLOSE = 1e-10


@dataclass(frozen=True)
class TwoWay:
    """Least squares on unit and month, over the cells of `known`, shape (units, months).

    Solved exactly: units are taken out, what is left is one system of the size of the months.

    >>> two = TwoWay.of(np.array([[True, True], [True, False]]))
    >>> two.fitted(np.array([[1.0, 3.0], [5.0, 0.0]])).round(9).tolist()
    [[1.0, 3.0], [5.0, 7.0]]
    """

    known: Mask
    reached: Mask
    """Cells whose unit and month are tied to each other by known cells: only there is a fitted value one of its own."""
    count: Array
    """Known cells of each unit, at least 1."""
    inner: Array
    """Shape (months, months), regular."""

    @classmethod
    def of(cls, known: Mask) -> TwoWay:
        weight = known.astype(np.float64)
        units, months = _parts(known)
        count = np.maximum(weight.sum(axis=1), 1.0)
        inner = np.diag(weight.sum(axis=0)) - weight.T @ (weight / count[:, None])
        for part in range(int(months.max(initial=-1)) + 1):
            own = (months == part).astype(np.float64)
            inner += np.outer(own, own)
        inner[np.diag(months < 0)] = 1.0
        reached = (units[:, None] == months[None, :]) & (units[:, None] >= 0)
        return cls(known, reached, count, inner)

    def fitted(self, values: Array) -> Array:
        """The level of each cell, known or not; leading axes of `values` are fitted one by one. Never NaN."""
        seen = np.where(self.known, values, 0.0)
        rows, columns = self._levels(seen.sum(axis=-1), seen.sum(axis=-2))
        return rows[..., :, None] + columns[..., None, :]

    def residual(self, values: Array) -> Array:
        """Values less their level; 0 in cells that are not known."""
        return np.where(self.known, values - self.fitted(values), 0.0)

    def weights(self, wanted: Array) -> Array:
        """The weight of each known cell in the sum of fitted values with weights `wanted`, shape (units, months)."""
        rows, columns = self._levels(wanted.sum(axis=-1), wanted.sum(axis=-2))
        return np.where(self.known, rows[..., :, None] + columns[..., None, :], 0.0)

    def _levels(self, rows: Array, columns: Array) -> tuple[Array, Array]:
        weight = self.known.astype(np.float64)
        right = columns - (rows / self.count) @ weight
        months = np.linalg.solve(self.inner, right[..., None])[..., 0]
        return np.asarray((rows - months @ weight.T) / self.count), np.asarray(months)


def multiplicative(known: Mask, values: Array) -> Array:
    """Poisson pseudo maximum likelihood of unit times month over the known cells, by proportional fitting.

    The expected value of each cell, known or not; that of a unit or month in which nothing was counted is 0.
    Parallel trends of logarithms, not of levels (Wooldridge 2023, doi:10.1093/ectj/utad016).
    """
    weight = known.astype(np.float64)
    seen = np.where(known, values, 0.0)
    rows, columns = seen.sum(axis=1), seen.sum(axis=0)
    month = np.ones(values.shape[1])
    unit = np.zeros(values.shape[0])
    for _round in range(ROUNDS):
        unit = _over(rows, weight @ month)
        then, month = month, _over(columns, unit @ weight)
        if np.abs(then - month).max(initial=0.0) <= CLOSE * max(1.0, float(month.max(initial=0.0))):
            break
    return np.outer(unit, month)


def _over(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _parts(known: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which part of the graph of known cells each unit and each month belongs to; -1: none."""
    units, months = (np.full(size, -1, dtype=np.int64) for size in known.shape)
    part = 0
    while (left := np.flatnonzero((units < 0) & known.any(axis=1))).size:
        rows: Mask = np.arange(known.shape[0]) == left[0]
        while True:
            columns: Mask = np.asarray(known[rows].any(axis=0))
            more: Mask = np.asarray(known[:, columns].any(axis=1))
            if (more == rows).all():
                break
            rows = more
        units[rows], months[columns] = part, part
        part += 1
    return units, months
