"""Two forecasts of the same months against each other: how their scores stand to one another, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SURE = 0.95
"""The share of bootstrap samples that lie between the ends of an interval."""
AT_ONCE = 2_000_000
"""Counts of the bootstrap that stand in memory together."""


@dataclass(frozen=True)
class Ratio:
    """The sum of one forecast's scores over that of another: below 1 where ours is better.

    `low` and `high` hold 95 % of bootstrap samples of the units; `n_units` were compared. 1 where both sums are 0,
    infinite where only the other's is, NaN where there is nothing to compare.
    """

    value: float
    low: float
    high: float
    n_units: int


def compare(ours: NDArray[Any], theirs: NDArray[Any], rng: np.random.Generator, draws: int = 2000) -> Ratio:
    """How our scores stand to theirs, both of the shape (units, windows), lower being better.

    Only pairs count of which both are known. Whole units are drawn anew, with all their windows and with both scores
    (paired percentile bootstrap, Efron & Tibshirani 1993, doi:10.1201/9780429246593): months of one war hang together.
    Raises ValueError for shapes that differ.

    >>> compare(np.array([[1.0], [2.0]]), np.array([[2.0], [4.0]]), np.random.default_rng(1))
    Ratio(value=0.5, low=0.5, high=0.5, n_units=2)
    """
    if ours.shape != theirs.shape or ours.ndim != 2:
        raise ValueError(f"scores of the shapes {ours.shape} and {theirs.shape}, not twice (units, windows)")
    both = np.isfinite(ours) & np.isfinite(theirs)
    there = both.any(axis=1)
    sums = np.stack([np.where(both, one, 0.0).sum(axis=1)[there] for one in (ours, theirs)], axis=1)
    n = len(sums)
    if not n:
        return Ratio(np.nan, np.nan, np.nan, 0)
    sampled, per = [], max(1, AT_ONCE // n)
    for start in range(0, draws, per):
        sampled.append(sums[rng.integers(n, size=(min(per, draws - start), n))].sum(axis=1))
    edges = ((1 - SURE) / 2, (1 + SURE) / 2)
    low, high = np.quantile(_ratios(np.concatenate(sampled)), edges, method="inverted_cdf")
    return Ratio(float(_ratios(sums.sum(axis=0)[None])[0]), float(low), float(high), n)


def largest(theirs: NDArray[Any], k: int) -> NDArray[np.intp]:
    """The positions of the `k` units with the largest sums of scores (units, windows), the largest first.

    >>> largest(np.array([[1.0, 1.0], [9.0, 0.0], [np.nan, 5.0]]), 2).tolist()
    [1, 2]
    """
    return np.argsort(-np.nansum(theirs, axis=1), kind="stable")[:k]


def without_largest(
    ours: NDArray[Any], theirs: NDArray[Any], k: int, rng: np.random.Generator, draws: int = 2000
) -> Ratio:
    """The same comparison without the `k` units that make up most of their sum, since one war can make a ratio.

    >>> scores = np.array([[90.0], [2.0], [1.0]])
    >>> without_largest(scores * [[0.5], [1.0], [1.0]], scores, 1, np.random.default_rng(1))
    Ratio(value=1.0, low=1.0, high=1.0, n_units=2)
    """
    rest = np.setdiff1d(np.arange(len(theirs)), largest(theirs, k))
    return compare(ours[rest], theirs[rest], rng, draws)


def _ratios(sums: NDArray[Any]) -> NDArray[np.float64]:
    """Ratios of pairs of sums, shape (n, 2): those that are both 0 are even."""
    ours, theirs = sums[:, 0], sums[:, 1]
    found = np.where(ours == theirs, 1.0, np.inf)
    return np.asarray(np.divide(ours, theirs, out=found, where=theirs != 0))
