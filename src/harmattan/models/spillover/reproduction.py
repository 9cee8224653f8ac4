"""Does violence keep itself alive: how many further counts one brings, at last, everywhere together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.spillover.counts import Counts
from harmattan.models.spillover.drawn import DRAWS, Band, Drawn, band, likely
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.spec import Free, Spec
from harmattan.text import T

DENSE = 400
"""Up to so many units all eigenvalues are computed; beyond, only the largest."""


@dataclass(frozen=True)
class Reproduction:
    """The reproduction number of a fit, with its interval; `own` has that of each unit alone: (value, low, high).

    `low` and `high` are None where nothing was drawn; units left out are not among `own`.
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


def reproduction(fitted: Fit) -> float:
    """The spectral radius of the next-generation matrix: how many further counts one brings, over all units and lags.

    It is the factor by which a mixed burst of counts is multiplied from one generation to the next, when it has
    passed through the units often enough. Below 1 every burst dies out and what comes of itself is multiplied by no
    more than a finite factor. At 1 or more a burst feeds on itself: the model's mean grows without bound, so that no
    long-run mean and no half-life exist; fitted to real counts it then says that violence grew faster than its
    endemic part explains, and it must not be run far ahead. Diekmann, Heesterbeek & Metz 1990,
    doi:10.1007/BF00178324; for models of counts Held & Paul 2012, doi:10.1002/bimj.201200037.
    """
    return radius(fitted.matrix)


def radius(matrix: Any) -> float:
    """The largest absolute eigenvalue of a matrix without negative entries, dense or sparse, shape (units, units).

    >>> round(radius(np.array([[0.2, 0.3], [0.3, 0.2]])), 6)
    0.5
    """
    if matrix.shape[0] <= DENSE:
        dense = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
        return float(np.abs(np.linalg.eigvals(dense)).max(initial=0.0))
    return _largest(matrix)


def leading(matrix: Any) -> float:
    """The same where draws may have negative entries: the largest real part of an eigenvalue."""
    if matrix.shape[0] > DENSE:
        return radius(matrix)
    dense = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return float(np.linalg.eigvals(dense).real.max(initial=0.0))


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


def within(fitted: Fit, drawn: Drawn | None = None, *, level: float = 0.95) -> Reproduction:
    """The reproduction number and each unit's own part, with intervals of draws, by default `drawn.likely`."""
    some = likely(fitted) if drawn is None else drawn
    own = np.asarray(fitted.matrix.diagonal())
    value = np.array(reproduction(fitted))
    _, free, biased = some.free if len(own) <= DENSE else (None, some.processes, True)
    whole = band(value, np.array([leading(one.matrix) for one in free]), level, biased=biased)
    alone = band(own, [one.matrix.diagonal() for one in some.processes], level)
    seen = [at for at, unit in enumerate(fitted.counts.units) if unit not in fitted.left_out]
    each = {fitted.counts.units[at]: (float(own[at]), *_ends(alone.part(at))) for at in seen}
    return Reproduction(float(whole.value), *_ends(whole), each)


def _ends(of: Band) -> tuple[float | None, float | None]:
    return None if of.low is None else float(of.low), None if of.high is None else float(of.high)


def windows(
    counts: Counts, spec: Spec, length: int, step: int = 1, *, draws: int = DRAWS, least: int = 0, seed: int = 1,
    level: float = 0.95,
) -> tuple[Window, ...]:  # fmt: skip
    """The reproduction number in moving windows of `length` periods, the model fitted to each anew.

    The last window ends with the counts; windows begin `step` periods apart before it. Each has its own endemic part,
    so that a level that changes slowly is not taken for excitation, and its intervals are wide where it is short.
    What nothing can be fitted to has no number. A unit is in a window where it has `least` counts in it; pairs with one
    that is not are left out with it. `seed` is of the draws. Windows overlap: neighbours are not independent evidence.
    Raises UsageError for a window that is longer than the counts.
    """
    periods = len(counts.starts)
    if step < 1 or not spec.lags.most + 1 < length <= periods:
        raise UsageError(
            T("A window of {length} periods cannot be moved by {step} along {n}.", length=length, step=step, n=periods),
            do=T("Take windows that are longer than the lags and shorter than the span."),
        )
    found = []
    for end in reversed(range(periods, length - 1, -step)):
        part = counts.between(end - length, end)
        number, converged = _within(_there(part, least), spec, draws, seed, level)
        found.append(Window(end - length, end, part.starts[0], part.starts[-1], number, converged))
    return tuple(found)


def _there(counts: Counts, least: int) -> Counts:
    """The counts of the units that have enough of them."""
    total = np.nansum(counts.values, axis=1)
    return counts.only(*(unit for unit, count in zip(counts.units, total, strict=True) if count >= least))


def _within(counts: Counts, spec: Spec, draws: int, seed: int, level: float) -> tuple[Reproduction | None, bool]:
    """The number of a window and whether the search ended; None where nothing can be fitted."""
    if not counts.units:
        return None, False
    try:
        fitted = fit(counts, _among(spec, counts.units))
    except UsageError:
        return None, False
    return within(fitted, likely(fitted, draws, np.random.default_rng(seed)), level=level), fitted.converged


def _among(spec: Spec, units: tuple[str, ...]) -> Spec:
    """The specification with those of its pairs alone that are between some units."""
    if spec.coupling is None or not isinstance(spec.coupling.weights, Free) or not spec.coupling.weights.pairs:
        return spec
    pairs = tuple(pair for pair in spec.coupling.weights.pairs if set(pair) <= set(units))
    return replace(spec, coupling=replace(spec.coupling, weights=Free(pairs)) if pairs else None)
