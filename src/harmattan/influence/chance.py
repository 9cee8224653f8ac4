"""How often two accounts would have met by chance, and how sure it is that they met more often.

The null keeps how many shares each account made in each slice of time, and when each object was shared: within a
slice, which of its accounts made which of its shares is a matter of chance. A pair that made n_a and n_b of the shares
then meets on n_a n_b W / P occasions in expectation, where W are the occasions of all pairs of accounts in the slice
and P the pairs of shares by two accounts. Over the slices that is a Poisson-binomial count, whose upper tail the
Poisson bounds (Hoeffding 1956, doi:10.1214/aoms/1177728178).

Two accounts may have interests in common and so share the same things more often, without acting together. What they
share in the same slice outside the window tells: by it a Gamma prior with mean 1 is updated, and the count within the
window is held to the negative binomial that is predicted by it. Two that are fast, such as news desks with the same
wire, meet more often within the window than others with as many common interests. What they share a little outside it
tells: whoever posts at their own pace is not much more often seconds apart than minutes. So the same is done with what
they shared within the same stretch of a few windows, of which a known part lies within the window by chance. The
largest of the three tails is the p-value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Sparse = Any
"""A scipy.sparse matrix; scipy is imported where it is used, since the command line pays for it."""

CELLS_AT_ONCE = 20_000_000
"""Cells of sparse rows that are held at once: about half a gigabyte."""
STRETCH = 10
"""Windows in a stretch. Where the seconds do not matter, two accounts share an object within the window (one before
each other's share and one after) 2 times for each 8 times that they share it in one stretch but not within the
window."""


@dataclass(frozen=True)
class Traffic:
    """What a slice holds, one number for each slice: pairs of shares by two accounts, occasions, and meetings outside
    the window (accounts that shared the same object in the slice, but not within the window of each other).
    """

    pairs: Floats
    occasions: Floats
    outside: Floats

    def rates(self, without: Floats | None = None) -> tuple[Floats, Floats]:
        """The chance that two shares of a slice are an occasion, and that they meet outside the window.

        `without`: occasions by slice of pairs that are known to act together; they are no chance.
        """
        known = 0.0 if without is None else without
        return _per(self.occasions - known, self.pairs), _per(self.outside, self.pairs)


def _per(count: Floats, of: Floats) -> Floats:
    return np.divide(np.maximum(count, 0.0), of, out=np.zeros_like(of), where=of > 0)


@dataclass(frozen=True)
class Candidates:
    """Pairs of accounts that met, with what chance is judged by.

    `one`, `other` (pairs): the two accounts, by number. `met` (pairs): occasions. `chances` (pairs x slices, sparse):
    pairs of shares that the two made in a slice. `outside` (pairs): objects and slices that both shared, but not within
    the window of each other. `near` (pairs): objects and stretches that both shared, less the occasions.
    """

    one: Ints
    other: Ints
    met: Ints
    chances: Sparse
    outside: Floats
    near: Floats

    @classmethod
    def of(cls, one: Ints, other: Ints, met: Ints, activity: Sparse, present: Sparse, *, close: Sparse) -> Candidates:
        """From `activity` (accounts x slices, shares), `present` (accounts x (object, slice), 0 or 1) and `close`
        (accounts x (object, stretch), 0 or 1).
        """
        from scipy.sparse import vstack

        chances = [activity[one[:0]]]
        chances += [
            activity[one[part]].multiply(activity[other[part]]).tocsr() for part in _blocks(one, other, activity)
        ]
        outside, near = (np.maximum(_common(one, other, matrix) - met, 0.0) for matrix in (present, close))
        return cls(one, other, met, vstack(chances, format="csr"), outside, near)


@dataclass(frozen=True)
class Judged:
    """Of each pair the expected occasions, the expected meetings outside the window, and the p-value."""

    expected: Floats
    expected_outside: Floats
    p: Floats


def judged(pairs: Candidates, traffic: Traffic, prior: float, without: Floats | None = None) -> Judged:
    """The p-value of each pair: how often chance alone would have them meet as often as they did."""
    inside_rate, outside_rate = traffic.rates(without)
    expected, expected_outside = pairs.chances @ inside_rate, pairs.chances @ outside_rate
    p = tail(pairs.met, expected, pairs.outside, expected_outside, prior)
    expected_near = expected * (STRETCH - 2) / 2
    return Judged(
        expected, expected_outside, np.maximum(p, tail(pairs.met, expected, pairs.near, expected_near, prior))
    )


def tail(met: Ints, expected: Floats, outside: Floats, expected_outside: Floats, prior: float) -> Floats:
    """P(at least as many occasions by chance): the larger of the Poisson and the negative binomial tail.

    >>> rare = tail(np.array([5]), np.array([0.01]), np.array([0.0]), np.array([1.0]), 1.0)
    >>> fans = tail(np.array([5]), np.array([0.01]), np.array([90.0]), np.array([1.0]), 1.0)
    >>> bool(rare[0] < 1e-11 and fans[0] > 1e-4)
    True
    """
    from scipy.special import betainc, gammainc

    count = met.astype(np.float64)
    share = expected / (expected + expected_outside + prior)
    return np.asarray(np.maximum(gammainc(count, expected), betainc(count, outside + prior, share)))


def _common(one: Ints, other: Ints, present: Sparse) -> Floats:
    """In how many columns both accounts of a pair are present."""
    both = [present[one[part]].multiply(present[other[part]]) for part in _blocks(one, other, present)]
    return np.concatenate([np.zeros(0), *(np.asarray(part.sum(axis=1), dtype=float).ravel() for part in both)])


def _blocks(one: Ints, other: Ints, *matrices: Sparse) -> Iterator[slice]:
    """Runs of pairs whose rows together have no more cells than may be held at once."""
    sizes = np.sum([np.diff(matrix.indptr) for matrix in matrices], axis=0)
    ends = np.cumsum(sizes[one] + sizes[other])
    first = 0
    while first < len(one):
        before = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, before + CELLS_AT_ONCE)), first + 1)
        yield slice(first, last)
        first = last


def discovered(p: Floats, tests: float) -> Floats:
    """The level at which each of `p` would be a discovery among so many tests, under any dependence between them.

    Benjamini & Yekutieli 2001 (doi:10.1214/aos/1013699998). Tests that are not in `p` have the p-value 1.

    >>> discovered(np.array([1e-9, 0.5]), 1000.0).round(9).tolist()
    [7.485e-06, 1.0]
    """
    if not len(p):
        return np.zeros(0)
    tests = max(tests, float(len(p)))
    order = np.argsort(p, kind="stable")
    ranks = np.arange(1, len(p) + 1)
    stepped = p[order] * tests * _harmonic(tests) / ranks
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return q


def _harmonic(n: float) -> float:
    """1 + 1/2 + … + 1/n."""
    from scipy.special import digamma

    return float(digamma(n + 1.0) + np.euler_gamma)
