"""What a burst of violence in one place brings elsewhere, period by period, and how long it lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.drawn import Band, Drawn, band, likely
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.reproduction import leading
from harmattan.models.spillover.simulate import MOST, Process
from harmattan.text import T, Verbatim, listing

LONGEST = 2000
"""A shock that has not come to half by so many periods has no half-life that anybody could use."""
DENSE = 64


@dataclass(frozen=True)
class Response:
    """What `size` extra counts in `source` bring, in expectation: beyond what would have come without them.

    `extra` and `cumulated` have the shape (units, ahead): the first column is the period after the shock. The shock
    itself is not among them. `eventual` (units,) is what comes over all time, None where the radius is 1 or more.
    `half_life` is the number of periods until half of all extra counts, in all units together, have come; None where
    the radius is 1 or more, or where nothing comes. `half_life_high` is None as well where more than the upper tail
    of the draws has no half-life: the data do not bound it.
    """

    source: str
    size: float
    units: tuple[str, ...]
    extra: Band
    cumulated: Band
    eventual: Band | None
    radius: float
    half_life: int | None
    half_life_low: int | None
    half_life_high: int | None
    endless: float | None
    """The share of draws with a radius of 1 or more; None where nothing was drawn."""


def response(
    fit: Fit, source: str, ahead: int, size: float = 100.0, *, drawn: Drawn | None = None, level: float = 0.95
) -> Response:
    """The response of every unit to `size` extra counts in a unit, `ahead` periods on; intervals are pointwise.

    The mean is linear in past counts, so that the response is the same whatever else happens: R_0 is `size` in the
    source, and R_h the sum over lags d of u_d times the matrix times R_(h-d) (impulse response of an autoregression:
    Luetkepohl 2005, 2.3.2, doi:10.1007/978-3-540-27752-1; linear in the mean for counts: Held & Paul 2012,
    doi:10.1002/bimj.201200037). The half-life is the median lag: the smallest h by which the extra counts of periods
    1 to h, in all units together, are at least half of those of all time, size * 1'(I - A)^-1 A e. It is an
    association carried forward, not the effect of an intervention. Raises UsageError for a unit that is not there.
    """
    units = fit.counts.units
    if source not in units:
        raise UsageError(
            T("There are no counts of {units}.", units=listing([Verbatim(source)])),
            available=T("There are: {units}.", units=listing([Verbatim(unit) for unit in units])),
        )
    if ahead < 1:
        raise UsageError(T("A shock is followed for one period or more."))
    at = units.index(source)
    found = _one(Process(fit.matrix, fit.lags, fit.dispersion), at, ahead, size)
    some = likely(fit) if drawn is None else drawn
    others = [_one(process, at, ahead, size) for process in some.processes]
    _, processes, biased = some.free
    free = others if biased else [_one(process, at, ahead, size) for process in processes]
    tail = (1 - level) / 2
    lives = sorted(np.inf if one.half_life is None else one.half_life for one in others)
    low, high = (lives[int(tail * len(lives))], lives[-1 - int(tail * len(lives))]) if lives else (np.inf, np.inf)
    eventual = None if found.eventual is None else _eventual(found.eventual, free, level, biased)
    total = found.extra.cumsum(axis=1)
    return Response(
        source=source,
        size=size,
        units=units,
        extra=band(found.extra, [one.extra for one in free], level, biased=biased),
        cumulated=band(total, [one.extra.cumsum(axis=1) for one in free], level, biased=biased),
        eventual=eventual,
        radius=found.radius,
        half_life=found.half_life,
        half_life_low=int(low) if np.isfinite(low) else None,
        half_life_high=int(high) if np.isfinite(high) else None,
        endless=float(np.mean([one.radius >= 1 for one in others])) if others else None,
    )


@dataclass(frozen=True)
class _Extra:
    """The response by one set of parameters."""

    extra: Values
    eventual: Values | None
    radius: float
    half_life: int | None


def _one(process: Process, source: int, ahead: int, size: float) -> _Extra:
    matrix = process.matrix
    if matrix.shape[0] <= DENSE and not isinstance(matrix, np.ndarray):
        matrix = matrix.toarray()
    largest = leading(matrix)
    steps = [np.zeros(matrix.shape[0])]
    steps[0][source] = size
    while len(steps) <= ahead:
        steps.append(_next(matrix, process.lags, steps))
    extra = np.stack(steps[1:], axis=1)
    if largest >= 1:
        return _Extra(extra, None, largest, None)
    eventual = _solved(matrix, steps[0]) - steps[0]
    return _Extra(extra, eventual, largest, _half(matrix, process.lags, steps, float(eventual.sum())))


def _next(matrix: Any, lags: Values, steps: list[Values]) -> Values:
    """The step after those there are."""
    reach = min(len(lags), len(steps))
    lagged = np.sum([lags[d] * steps[-1 - d] for d in range(reach)], axis=0)
    return np.asarray(matrix @ lagged).clip(-MOST, MOST)


def _solved(matrix: Any, shock: Values) -> Values:
    """(I - A)^-1 times the shock."""
    if isinstance(matrix, np.ndarray):
        return np.asarray(np.linalg.solve(np.eye(len(shock)) - matrix, shock))
    from scipy import sparse
    from scipy.sparse.linalg import spsolve

    return np.asarray(spsolve(sparse.eye_array(len(shock), format="csc") - matrix.tocsc(), shock))


def _half(matrix: Any, lags: Values, steps: list[Values], total: float) -> int | None:
    """How many periods until half of the total has come."""
    if total <= 0:
        return None
    steps, come = list(steps), 0.0
    for at in range(1, LONGEST + 1):
        if at == len(steps):
            steps.append(_next(matrix, lags, steps))
        come += float(steps[at].sum())
        if come >= 0.5 * total * (1 - 1e-12):
            return at
    return None


def _eventual(value: Values, others: list[_Extra], level: float, biased: bool) -> Band:
    """What comes at last; without an interval where so many draws never end that it has no upper end."""
    ended = [one.eventual for one in others if one.eventual is not None]
    if len(others) - len(ended) >= (1 - level) / 2 * len(others):
        return Band(value, None, None)
    return band(value, ended, level, biased=biased)
