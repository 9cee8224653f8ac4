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

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harmattan.influence.ordered import Flags
from harmattan.influence.overlap import Sparse, common

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
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


def elsewhere(one: Ints, other: Ints, met: Ints, present: Sparse) -> Floats:
    """In how many parts of time both accounts of a pair shared the same object, less the occasions.

    `present`: 1 where an account shared an object in a part of time, accounts x (object, part).
    """
    return np.asarray(np.maximum(common(one, other, present) - met, 0.0))


@dataclass(frozen=True)
class Judged:
    """Of each pair the expected occasions, the expected meetings outside the window, and the p-value."""

    expected: Floats
    expected_outside: Floats
    p: Floats


def judged(pairs: Candidates, expected: Floats, expected_outside: Floats, prior: float) -> Judged:
    """The p-value of each pair: how often chance alone would have them meet as often as they did."""
    by_outside = _predicted(expected, pairs.outside, expected_outside, prior)
    by_near = _predicted(expected, pairs.near, expected * (STRETCH - 2) / 2, prior)
    p = _largest(pairs.met.astype(np.float64), expected, by_outside, by_near)
    return Judged(expected, expected_outside, p)


def tail(met: Ints, expected: Floats, outside: Floats, expected_outside: Floats, prior: float) -> Floats:
    """P(at least as many occasions by chance): the larger of the Poisson and the negative binomial tail.

    >>> rare = tail(np.array([5]), np.array([0.01]), np.array([0.0]), np.array([1.0]), 1.0)
    >>> fans = tail(np.array([5]), np.array([0.01]), np.array([90.0]), np.array([1.0]), 1.0)
    >>> bool(rare[0] < 1e-11 and fans[0] > 1e-4)
    True
    """
    predicted = _predicted(expected, outside, expected_outside, prior)
    return _largest(met.astype(np.float64), expected, predicted, predicted)


Predicted = tuple[Floats, Floats]
"""Shape, and the share of `expected` in the scale, of the negative binomial that is predicted of each pair."""


def _predicted(expected: Floats, outside: Floats, expected_outside: Floats, prior: float) -> Predicted:
    return outside + prior, expected / (expected + expected_outside + prior)


def _largest(count: Floats, expected: Floats, one: Predicted, other: Predicted) -> Floats:
    """The largest of the Poisson tail and of two negative binomial ones; none is worked out that cannot be it.

    The negative binomial tail grows with shape and share: where one has both larger, it is the larger.
    """
    shape, share = np.maximum(one[0], other[0]), np.maximum(one[1], other[1])
    p = _binomial(count, shape, share)
    crossed = np.flatnonzero((one[0] < other[0]) & (one[1] > other[1]) | (one[0] > other[0]) & (one[1] < other[1]))
    if len(crossed):
        both = (_binomial(count[crossed], a[crossed], b[crossed]) for a, b in (one, other))
        p[crossed] = np.maximum(*both)
    from scipy.special import gammainc

    larger = np.flatnonzero(_may_be_larger(count, expected, p))
    p[larger] = np.maximum(p[larger], gammainc(count[larger], expected[larger]))
    return p


def _may_be_larger(count: Floats, expected: Floats, p: Floats) -> Flags:
    """Where the Poisson tail may be above `p`: it is at most x^k / k!, and where that is too large a number it may."""
    with np.errstate(over="ignore", invalid="ignore"):
        factorial = np.append(1.0, np.cumprod(np.arange(1.0, count.max(initial=0.0) + 1.0)))[count.astype(np.int64)]
        return ~(expected**count <= p * factorial)


def _binomial(count: Floats, shape: Floats, share: Floats) -> Floats:
    """The tail of the negative binomial; of shape 1 it is geometric, a plain power."""
    from scipy.special import betainc

    p = share**count
    other = np.flatnonzero(shape != 1.0)
    p[other] = betainc(count[other], shape[other], share[other])
    return np.asarray(p)


def discovered(p: Floats, tests: float) -> Floats:
    """The level at which each of `p` would be a discovery among so many tests, under any dependence between them.

    Benjamini & Yekutieli 2001 (doi:10.1214/aos/1013699998). Tests that are not in `p` have the p-value 1.

    >>> discovered(np.array([1e-9, 0.5]), 1000.0).round(9).tolist()
    [7.485e-06, 1.0]
    """
    by = np.argsort(p)
    q = np.empty(len(p))
    q[by] = np.minimum(np.minimum.accumulate(_stepped(p[by], tests)[::-1])[::-1], 1.0)
    return q


def sure(p: Floats, tests: float, level: float) -> Flags:
    """Which of `p` are a discovery at a level: those that are no larger than the last one, by size, that is."""
    by_size = np.sort(p)
    found = np.flatnonzero(_stepped(by_size, tests) <= level)
    return p <= (by_size[found[-1]] if len(found) else -1.0)


def _stepped(p: Floats, tests: float) -> Floats:
    """Of p-values by size the level of each, where those before it are not looked at."""
    tests = max(tests, float(len(p)))
    return p * tests * _harmonic(tests) / np.arange(1, len(p) + 1)


def _harmonic(n: float) -> float:
    """1 + 1/2 + … + 1/n."""
    from scipy.special import digamma

    return float(digamma(n + 1.0) + np.euler_gamma)
