"""Counts drawn from a spillover model: a panel from a known truth, or what may come after the counts of a fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from harmattan.models.spillover.counts import Counts, Values, after
from harmattan.models.spillover.design import design
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.likelihood import Problem, dispersions, endemic_at, lag_weights, problem

MOST = 1e12
"""No mean is larger when counts are drawn: a process that feeds on itself would leave what floats count exactly."""


@dataclass(frozen=True)
class Process:
    """How counts excite others: `matrix` (units, units), the weights of the lags, and the dispersion of each unit."""

    matrix: Any
    lags: Values
    dispersion: Values


def generate(
    matrix: Any,
    lags: ArrayLike,
    endemic: ArrayLike,
    dispersion: ArrayLike,
    rng: np.random.Generator,
    *,
    burn_in: int = 0,
) -> Values:
    """One panel of counts from a known truth: shape (units, periods), whole numbers.

    `matrix[i, j]` (units, units; dense or sparse) is how many further counts in i one in j brings over all lags, its
    diagonal the own part; `lags` has their weights by lag, `endemic` (units, periods) the expected counts that come of
    themselves, `dispersion` one number or one by unit, 0 for Poisson: the variance is mean + dispersion * mean**2.
    Nothing happened before the first period, unless `burn_in` periods with the endemic part of the first are drawn
    before and left out. The process: Bracher & Held 2022, doi:10.1016/j.ijforecast.2020.07.002.

    >>> rng = np.random.default_rng(1)
    >>> generate([[0.5, 0.2], [0, 0.3]], [1.0], np.ones((2, 6)), 0.0, rng).shape
    (2, 6)
    """
    flat = np.asarray(endemic, np.float64)
    process = Process(matrix, np.asarray(lags, np.float64), np.asarray(dispersion, np.float64))
    before = np.repeat(flat[:, :1], burn_in, axis=1)
    whole = np.concatenate([before, flat], axis=1)
    past = np.zeros((len(flat), len(process.lags)))
    return forward(process, whole, np.full(whole.shape, np.nan), past, rng)[0, :, burn_in:]


def forward(
    process: Process, endemic: Values, given: Values, past: Values, rng: np.random.Generator, *, draws: int = 1
) -> Values:
    """Draws of every count that is not given: shape (draws, units, periods).

    `given` (units, periods) has what is known and NaN for what is to be drawn; what was drawn excites what follows.
    `past` (units, lags) are the counts before the first period, the latest last.
    """
    units, periods = endemic.shape
    spread = np.broadcast_to(process.dispersion, (units,))
    reach = len(process.lags)
    counts = np.empty((draws, units, reach + periods))
    counts[:, :, :reach] = past
    counts[:, :, reach:] = given
    for at in np.flatnonzero(np.isnan(given).any(axis=0)):
        lagged = counts[:, :, at : at + reach] @ process.lags[::-1]
        mean = endemic[:, at] + (process.matrix @ lagged.T).T
        gap = np.isnan(given[:, at])
        counts[:, gap, reach + at] = drawn(mean[:, gap], spread[gap], rng)
    return np.ascontiguousarray(counts[:, :, reach:])


def drawn(mean: Values, dispersion: Values, rng: np.random.Generator) -> Values:
    """Poisson counts, negative binomial where the dispersion is above 0, of means of shape (..., units)."""
    level = np.minimum(mean, MOST)
    mixed = _mixed(dispersion)
    if mixed.any():
        shape = 1.0 / dispersion[mixed]
        level[..., mixed] = rng.gamma(shape, level[..., mixed] / shape)
    return rng.poisson(np.minimum(level, MOST)).astype(np.float64)


def _mixed(dispersion: Values) -> NDArray[np.bool_]:
    """Which units are more than Poisson; a dispersion too small to be told from it would break the gamma draw."""
    return np.asarray(dispersion > 1e-10)


def process(of: Problem, theta: Values) -> Process:
    """How counts excite others at these parameters, for all units of the design, those left out among them."""
    return processes(of, theta[None])[0]


def processes(of: Problem, thetas: Values) -> tuple[Process, ...]:
    """The same at many sets of parameters, shape (sets, parameters): where the matrix has values is found once."""
    from scipy.sparse import csr_array

    d, units = of.design, len(of.design.counts.units)
    rows, columns = _placed(of)
    order = np.lexsort((columns, rows))
    starts = np.searchsorted(rows[order], np.arange(units + 1))
    found = []
    for theta in thetas:
        row = np.append(theta, 0.0)[d.index]
        matrix = csr_array((_coefficients(of, row)[order], columns[order], starts), shape=(units, units))
        dispersion = np.zeros(units)
        dispersion[d.kept] = dispersions(of, theta)
        found.append(Process(matrix, lag_weights(d.spec, row[0, d.columns.lags]).weights, dispersion))
    return tuple(found)


def _placed(of: Problem) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows and columns of the matrix at which `_coefficients` stand."""
    d, at = of.design, np.arange(len(of.design.kept))
    rows, columns = [at], [at]
    if d.sources is not None:
        target, place = np.nonzero(d.sources < len(d.kept))
        rows.append(target)
        columns.append(d.sources[target, place])
    elif d.pattern is not None:
        rows.append(d.pattern.rows)
        columns.append(d.pattern.columns)
    return d.kept[np.concatenate(rows)], d.kept[np.concatenate(columns)]


def _coefficients(of: Problem, row: Values) -> Values:
    """Those of the own past, and those of others', at parameters by unit and column."""
    d = of.design
    own = row[:, d.columns.own.start] if d.spec.own is not None else np.zeros(len(d.kept))
    if d.sources is not None:
        return np.concatenate([own, row[:, d.columns.coupling][d.sources < len(d.kept)]])
    if d.pattern is None:
        return own
    decay = float(row[0, d.columns.decay][0]) if d.pattern.between.estimated else 0.0
    weights = d.pattern.between.values(decay)[0][d.pattern.chosen]
    others = row[d.pattern.rows, d.columns.coupling.start] * weights
    return np.concatenate([own, others])


def endemic(of: Problem, theta: Values) -> Values:
    """The endemic part at these parameters, shape (units, periods after the first lags); 0 of units left out."""
    d = of.design
    found = np.zeros((len(d.counts.units), of.counts.shape[1]))
    found[d.kept] = endemic_at(of, np.append(theta, 0.0)[d.index][:, d.columns.endemic])
    return found


def simulate(
    fit: Fit,
    periods: int,
    draws: int,
    rng: np.random.Generator,
    *,
    from_start: bool = False,
    thetas: Values | None = None,
) -> Values:
    """Draws of counts from a fit: shape (draws, units, periods), whole numbers.

    They go on after the last period of the counts, which are their past; a count that is missing is drawn on the way.
    Trend and season go on; population and covariates stay as they were last. `from_start`: the first so many periods
    of the counts themselves, of which those that the first fitted period has as its past are taken over. `thetas`
    (any number, parameters) are given to the draws in turn, for what is not known of the parameters. Where the
    reproduction number is 1 or more, draws grow without end; none has a mean above 1e12.
    """
    reach, length = fit.spec.lags.most, len(fit.counts.starts)
    counts = fit.counts if from_start else _longer(fit.counts, periods)
    of = problem(design(counts, fit.spec), counts.values)
    given = counts.values.copy()
    typical = np.array([row[np.isfinite(row)].mean() if np.isfinite(row).any() else 0.0 for row in given])
    given[:, :reach] = np.where(np.isnan(given[:, :reach]), np.round(typical)[:, None], given[:, :reach])
    if from_start:
        given[:, reach:] = np.nan
    each = fit.theta[None] if thetas is None else thetas
    found = []
    for at, theta in enumerate(each[:draws]):
        turns = len(range(at, draws, len(each)))
        part = given[:, reach:], given[:, :reach]
        found.append(forward(process(of, theta), endemic(of, theta), *part, rng, draws=turns))
    whole = np.concatenate(found)
    if not from_start:
        return whole[:, :, length - reach :]
    before = np.broadcast_to(given[:, :reach], (draws, *given[:, :reach].shape))
    return np.concatenate([before, whole], axis=2)[:, :, :periods]


def _longer(counts: Counts, periods: int) -> Counts:
    """The same with further periods in which nobody has looked yet."""
    starts = list(counts.starts)
    for _ in range(periods):
        starts.append(after(starts[-1], counts.every))
    return replace(
        counts,
        starts=tuple(starts),
        values=np.concatenate([counts.values, np.full((len(counts.units), periods), np.nan)], axis=1),
        population=None if counts.population is None else _held(counts.population, periods),
        covariates={name: _held(values, periods) for name, values in counts.covariates.items()},
    )


def _held(values: Values, periods: int) -> Values:
    return np.concatenate([values, np.repeat(values[:, -1:], periods, axis=1)], axis=1)
