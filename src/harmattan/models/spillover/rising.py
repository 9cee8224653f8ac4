"""Sums over many counts of log(1 + a) + log(1 + 2a) + ... + log(1 + (y - 1) a), which a negative binomial needs.

The sum is log(gamma(y + 1/a) / gamma(1/a)) + y log(a), written so that it is smooth and exact down to a = 0, where it
is 0. A term belongs to every count above it, so that it is evaluated once for all of them: on a table of how many
counts are larger than each small number and, above that, by Gaussian quadrature for sums over whole numbers, whose
nodes come from the recurrence of the discrete Chebyshev polynomials (Golub & Welsch 1969,
doi:10.1090/S0025-5718-69-99647-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.models.spillover.counts import Values

SMALL = 256
NODES = 10
"""Exact for polynomials of degree 19; on blocks that at most double, the relative error is below 1e-14."""


@dataclass(frozen=True)
class Rising:
    """`larger[g, k]` is how many counts of group g are above k < SMALL; the nodes stand for the rest."""

    larger: Values
    nodes: Values
    weights: Values
    group: NDArray[np.intp]

    def sums(self, dispersion: Values) -> tuple[Values, Values, Values]:
        """The sum and its first and second derivative by the dispersion, each of the shape (groups,)."""
        step = np.arange(self.larger.shape[1])
        scaled = 1 + dispersion[:, None] * step
        ratio = step / scaled
        found = [(self.larger * part).sum(axis=1) for part in (np.log(scaled), ratio, -(ratio**2))]
        if len(self.nodes):
            scaled = 1 + dispersion[self.group] * self.nodes
            ratio = self.nodes / scaled
            for at, part in enumerate((np.log(scaled), ratio, -(ratio**2))):
                found[at] = found[at] + np.bincount(self.group, self.weights * part, len(dispersion))
        return found[0], found[1], found[2]


def _gauss(lengths: Values) -> tuple[Values, Values]:
    """Nodes and weights for the sum over 0 .. length - 1, each of the shape (lengths, NODES)."""
    order = np.arange(1, NODES)
    squares = order**2 * (lengths[:, None] ** 2 - order**2) / (4 * (4 * order**2 - 1.0))
    jacobi = np.zeros((len(lengths), NODES, NODES))
    at = np.arange(NODES)
    jacobi[:, at, at] = (lengths[:, None] - 1) / 2
    jacobi[:, at[1:], at[:-1]] = np.sqrt(squares)
    nodes, vectors = np.linalg.eigh(jacobi)
    return nodes, lengths[:, None] * vectors[:, 0, :] ** 2


def _blocks(group: NDArray[np.intp], counts: NDArray[np.int64]) -> list[tuple[int, int, int, int]]:
    """The terms from SMALL on as blocks: group, first term, how many terms, and how many counts lie above them."""
    blocks: list[tuple[int, int, int, int]] = []
    pairs, many = np.unique(np.stack([group, counts]), axis=1, return_counts=True)
    above: dict[int, int] = {}
    for one, n in zip(pairs[0].tolist(), many.tolist(), strict=True):
        above[one] = above.get(one, 0) + n
    last: dict[int, int] = {}
    for one, count, n in zip(*pairs.tolist(), many.tolist(), strict=True):
        start = last.get(one, SMALL)
        while start < count:
            end = min(count, 2 * start)
            blocks.append((one, start, end - start, above[one]))
            start = end
        last[one] = count
        above[one] -= n
    return blocks


def rising(counts: Values, group: Any, groups: int) -> Rising:
    """The table for counts of the shape (n,), whole and 0 or more, in groups of the shape (n,).

    >>> table = rising(np.array([0.0, 3, 1000]), np.zeros(3, dtype=int), 1)
    >>> round(float(table.sums(np.array([0.5]))[0][0]), 6)
    5226.988365
    >>> round(float(np.log1p(0.5 * np.arange(3)).sum() + np.log1p(0.5 * np.arange(1000)).sum()), 6)
    5226.988365
    """
    whole = counts.astype(np.int64)
    top = int(min(whole.max(initial=1), SMALL))
    cut = np.minimum(whole, top)
    table = np.bincount(np.asarray(group) * (top + 1) + cut, minlength=groups * (top + 1)).reshape(groups, top + 1)
    larger = table[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:].astype(np.float64)
    big = whole > SMALL
    if not big.any():
        return Rising(larger, np.empty(0), np.empty(0), np.empty(0, dtype=np.intp))
    blocks = np.array(_blocks(np.asarray(group)[big], whole[big]), dtype=np.int64)
    long = blocks[:, 2] > NODES
    nodes, weights = _gauss(blocks[long, 2].astype(np.float64))
    short = blocks[~long]
    each = np.repeat(short, short[:, 2], axis=0)
    within = np.arange(len(each)) - np.repeat(np.cumsum(short[:, 2]) - short[:, 2], short[:, 2])
    return Rising(
        larger,
        np.concatenate([(nodes + blocks[long, 1][:, None]).ravel(), each[:, 1] + within.astype(np.float64)]),
        np.concatenate([(weights * blocks[long, 3][:, None]).ravel(), each[:, 3].astype(np.float64)]),
        np.concatenate([np.repeat(blocks[long, 0], NODES), each[:, 0]]).astype(np.intp),
    )
