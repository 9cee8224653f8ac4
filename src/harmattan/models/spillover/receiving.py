"""One receiving unit apart: its negative binomial regression on its own past and others', many at a time.

With a coefficient for each pair and parameters of each unit the likelihood falls apart by the unit that receives.
Tests fit it hundreds of times, with a source shifted or the last periods left out, so that it is climbed for many
pasts and many spans at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from harmattan.models.spillover.counts import A_YEAR, Counts, Values
from harmattan.models.spillover.likelihood import lagged as summed
from harmattan.models.spillover.spec import Spec

SLOW_YEARS = 3.0
"""A movement that takes longer than this to come back is trend, and no coupling."""
STIFF = 0.25
"""How strongly slow movements are held towards none: the inverse of their variance on the log scale."""
LOOSE = 1e-4
SMALL = 1e-9
LARGEST = 50.0
"""The largest dispersion that is tried."""


@dataclass(frozen=True)
class Receiver:
    """What a receiving unit is regressed on, T periods, of which the first have no past.

    `values` and `known` (T,): counts (0 where unknown) and whether the period counts. `course` (T, slow): columns of
    the endemic part on the log scale. `scale` (T,): what it is multiplied with. `penalty` (slow,): how strongly each
    is held towards 0.
    """

    values: Values
    known: Values
    course: Values = field(repr=False)
    scale: Values = field(repr=False)
    penalty: Values = field(repr=False)


@dataclass(frozen=True)
class Climbed:
    """Many regressions: `theta` (many, slow + pasts), `dispersion`, `height` (many,), `mean` (many, T).

    `height` is the log-likelihood less the penalty.
    """

    theta: Values
    dispersion: Values
    height: Values
    mean: Values = field(repr=False)


@dataclass(frozen=True)
class Reached:
    """Where many climbs stand: theta (many, slow + pasts), height (many,), endemic part and mean (many, T)."""

    theta: Values
    height: Values
    endemic: Values
    mean: Values

    def where(self, which: NDArray[np.bool_], other: Reached) -> Reached:
        """The other's in the rows `which`."""
        rows = which[:, None]
        return Reached(
            np.where(rows, other.theta, self.theta),
            np.where(which, other.height, self.height),
            np.where(rows, other.endemic, self.endemic),
            np.where(rows, other.mean, self.mean),
        )


def lagged(values: Values, lags: Values) -> Values:
    """What of the past counts in each period: shape (..., T), NaN where a lag is unknown.

    >>> lagged(np.array([4.0, 2.0, 0.0]), np.array([0.5, 0.5]))
    array([nan, nan,  3.])
    """
    past = np.full(values.shape, np.nan)
    most = len(lags)
    if values.shape[-1] > most:
        past[..., most:] = summed(values, lags)
    return past


def courses(counts: Counts, spec: Spec, unit: int, *, slow: bool = True) -> tuple[Values, Values]:
    """The columns of the endemic part (T, columns) and how strongly each is held towards 0.

    Beside level, trend, season and covariates of the specification there are slow movements (cosines of half waves
    over the whole span, none faster than a wave in three years), so that what two units share over years is not taken
    for coupling.
    """
    periods = counts.values.shape[1]
    time = (np.arange(periods) + 0.5) / periods
    year = A_YEAR[counts.every]
    columns, held = [np.ones(periods)], [LOOSE]
    if spec.endemic.trend:
        columns.append(time - 0.5)
        held.append(LOOSE)
    for wave in range(1, spec.endemic.seasons + 1):
        turn = 2 * np.pi * wave * np.arange(periods) / year
        columns += [np.sin(turn), np.cos(turn)]
        held += [LOOSE, LOOSE]
    for name in spec.endemic.covariates:
        column = np.nan_to_num(counts.covariates[name][unit])
        columns.append((column - column.mean()) / (column.std() or 1.0))
        held.append(LOOSE)
    if slow:
        most = int(2 * periods / year / SLOW_YEARS)
        columns += [np.cos(np.pi * wave * time) for wave in range(1, most + 1)]
        held += [STIFF] * most
    return np.column_stack(columns), np.array(held)


def receiver(counts: Counts, spec: Spec, unit: int, past: Values, *, slow: bool = True) -> Receiver:
    """What the unit at position `unit` is regressed on; `past` (units, T) as `lagged` gives it."""
    values = counts.values[unit]
    known = np.isfinite(values) & np.all(np.isfinite(past), axis=0)
    scale = np.ones(len(values))
    if spec.endemic.population and counts.population is not None:
        scale = counts.population[unit]
        known &= np.isfinite(scale)
        scale = np.where(known, scale, 1.0) / max(float(np.mean(scale[known])) if known.any() else 1.0, SMALL)
    for name in spec.endemic.covariates:
        known &= np.isfinite(counts.covariates[name][unit])
    course, penalty = courses(counts, spec, unit, slow=slow)
    return Receiver(np.where(known, np.nan_to_num(values), 0.0), known.astype(float), course, scale, penalty)


def start(unit: Receiver, pasts: int) -> Values:
    """Where a climb begins, shape (slow + pasts,): half of the mean is endemic, the rest divided among the pasts."""
    mean = float((unit.values * unit.known).sum() / max(unit.known.sum(), 1.0))
    theta = np.zeros(unit.course.shape[1] + pasts)
    theta[0] = np.log(max(mean, SMALL) / 2 + SMALL)
    theta[unit.course.shape[1] :] = 0.05
    return theta


def climb(
    unit: Receiver,
    past: Values,
    begin: Values,
    dispersion: Values,
    *,
    known: Values | None = None,
    learn: bool = True,
    steps: int = 40,
) -> Climbed:
    """Fit many regressions of one unit by Fisher scoring, none of whose coefficients of the past falls below 0.

    `past` (many or 1, T, pasts); `begin` (many or 1, slow + pasts); `dispersion` (many or 1,), held where not
    `learn`; `known` (many or 1, T) in place of the unit's own.
    """
    known = unit.known[None] if known is None else known
    many = max(len(past), len(begin), len(known), len(dispersion))
    theta = np.array(np.broadcast_to(begin, (many, begin.shape[1])))
    spread = np.array(np.broadcast_to(dispersion, (many,)))
    before = np.full(many, -np.inf)
    for turn in range(6 if learn else 1):
        at = _scored(unit, past, theta, spread=spread, known=known, steps=6 if turn else steps)
        theta = at.theta
        if not learn or (turn > 1 and np.all(at.height - before < 1e-5 * (1 + np.abs(at.height)))):
            break
        spread = spreads(unit.values, at.mean, known, spread)
        before = kernel(unit.values, at.mean, spread, known) - _held(unit, theta)
    height = likelihood(unit.values, at.mean, spread, known) - _held(unit, theta)
    return Climbed(theta, spread, height, at.mean)


def means(unit: Receiver, past: Values, theta: Values) -> tuple[Values, Values]:
    """The endemic part and the mean, each of the shape (many, T)."""
    slow = unit.course.shape[1]
    endemic = unit.scale * np.exp(np.clip(theta[:, :slow] @ unit.course.T, -30.0, 30.0))
    return endemic, endemic + np.matmul(past, theta[:, slow:, None])[..., 0] + SMALL


def kernel(values: Values, mean: Values, dispersion: Values, known: Values) -> Values:
    """The log-likelihood without what does not depend on the mean, shape (many,)."""
    spread = np.maximum(dispersion, SMALL)[:, None]
    grown = np.log1p(spread * mean)
    return np.asarray((known * (values * (np.log(mean) - grown) - grown / spread)).sum(axis=-1))


def terms(values: Values, mean: Values, dispersion: Values) -> Values:
    """The log-probability of each count: negative binomial, variance mean + dispersion * mean**2.

    >>> np.round(np.exp(terms(np.array([0.0, 1.0]), np.array([[1.0, 1.0]]), np.array([1.0]))), 3)
    array([[0.5 , 0.25]])
    """
    from scipy.special import gammaln

    spread = np.maximum(dispersion, 1e-6)[:, None]
    size = 1 / spread
    grown = np.log1p(spread * mean)
    return np.asarray(
        gammaln(values + size)
        - gammaln(size)
        - gammaln(values + 1)
        + values * (np.log(mean) + np.log(spread) - grown)
        - size * grown
    )


def likelihood(values: Values, mean: Values, dispersion: Values, known: Values) -> Values:
    """The log-likelihood, shape (many,)."""
    return np.asarray((known * terms(values, mean, dispersion)).sum(axis=-1))


def below(values: Values, mean: Values, dispersion: float | Values) -> Values:
    """The probability of a count no larger than `values` (less than 0: none).

    >>> float(np.round(below(np.array([1.0]), np.array([1.0]), 1.0)[0], 3))
    0.75
    """
    from scipy.special import betainc

    size = 1 / np.maximum(dispersion, 1e-6)
    return np.asarray(np.where(values < 0, 0.0, betainc(size, np.maximum(values, 0.0) + 1, size / (size + mean))))


def quantile(rank: Values, mean: Values, dispersion: float) -> Values:
    """The smallest count that is reached with the probability `rank`, between 0 and 1.

    >>> quantile(np.array([0.5, 0.6]), np.array([1.0, 1.0]), 1.0)
    array([0., 1.])
    """
    from scipy.special import nbdtrik

    size = 1 / max(dispersion, 1e-6)
    return np.asarray(np.ceil(np.nan_to_num(nbdtrik(rank, size, size / (size + mean))) - 1e-7).clip(0.0))


def spreads(values: Values, mean: Values, known: Values, begin: Values) -> Values:
    """The dispersion with the largest likelihood where the mean is given, by Newton steps of its logarithm."""
    at = np.log(np.clip(begin, 1e-4, LARGEST))
    tiny = 1e-3
    for _ in range(6):
        here, there = _slope(values, mean, known, at), _slope(values, mean, known, at + tiny)
        bend = (there - here) / tiny
        step = np.where(bend < 0, -here / np.where(bend < 0, bend, -1.0), np.sign(here))
        at = np.clip(at + np.clip(step, -1.5, 1.5), np.log(1e-4), np.log(LARGEST))
        if np.all(np.abs(step) < 1e-3):
            break
    return np.exp(at)


def _slope(values: Values, mean: Values, known: Values, at: Values) -> Values:
    """How the log-likelihood rises with the logarithm of the dispersion."""
    from scipy.special import psi

    spread = np.exp(at)[:, None]
    size = 1 / spread
    each = size * (psi(size) - psi(values + size) + np.log1p(spread * mean)) + (values - mean) / (1 + spread * mean)
    return np.asarray((known * each).sum(axis=-1))


def _held(unit: Receiver, theta: Values) -> Values:
    return np.asarray(0.5 * (theta[:, : len(unit.penalty)] ** 2 @ unit.penalty))


def _scored(unit: Receiver, past: Values, theta: Values, *, spread: Values, known: Values, steps: int) -> Reached:
    """Fisher scoring with the dispersion held, taking a shorter step where one does not rise."""
    slow = unit.course.shape[1]

    def reach(theta: Values) -> Reached:
        endemic, mean = means(unit, past, theta)
        return Reached(theta, kernel(unit.values, mean, spread, known) - _held(unit, theta), endemic, mean)

    at = reach(theta)
    for _ in range(steps):
        step = _step(unit, past, at, known / (at.mean * (1 + spread[:, None] * at.mean)))
        length = np.ones(len(theta))
        for _shorter in range(12):
            tried = at.theta + length[:, None] * step
            tried[:, slow:] = np.maximum(tried[:, slow:], 0.0)
            new = reach(tried)
            worse = new.height < at.height - 1e-10
            if not worse.any():
                break
            length[worse] /= 3
        rose = np.where(worse, 0.0, new.height - at.height)
        at = at.where(~worse, new)
        if rose.max() < 1e-4:
            break
    return at


def _step(unit: Receiver, past: Values, at: Reached, weight: Values) -> Values:
    """A Fisher scoring step in which coefficients that stand at 0 and want below stay there."""
    theta, slow = at.theta, unit.course.shape[1]
    columns = np.empty((*at.mean.shape, theta.shape[1]))
    columns[:, :, :slow] = at.endemic[:, :, None] * unit.course
    columns[:, :, slow:] = past
    slope = np.matmul((weight * (unit.values - at.mean))[:, None, :], columns)[:, 0]
    slope[:, :slow] -= theta[:, :slow] * unit.penalty
    bend = np.matmul((columns * weight[:, :, None]).transpose(0, 2, 1), columns)
    diagonal = np.arange(theta.shape[1])
    bend[:, diagonal[:slow], diagonal[:slow]] += unit.penalty
    bend[:, diagonal, diagonal] *= 1 + 1e-8
    bend[:, diagonal, diagonal] += 1e-10
    free = np.ones(theta.shape, dtype=bool)
    free[:, slow:] = (theta[:, slow:] > 0) | (slope[:, slow:] > 0)
    bend *= free[:, :, None] & free[:, None, :]
    bend[:, diagonal, diagonal] += ~free
    step = np.linalg.solve(bend, (slope * free)[:, :, None])[:, :, 0]
    longest = np.abs(step[:, :slow]).max(axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, 3.0 / np.maximum(longest, SMALL)))
