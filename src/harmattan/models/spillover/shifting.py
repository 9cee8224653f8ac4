"""How much coupling coincidence would give: the source's surprises, shifted in time, under its own course.

Shifting a series itself is no honest null where series have trends: it tears a shared trend apart and then finds the
true alignment rare. Here the source's history is told again from its own model (trend, slow movements, season, own
past, what others bring it), and only its surprises come at another time: the rank of each count in what its model
expected (a randomised PIT), turned in a circle. Trend, season and memory stay where they are, in the true history as
in the shifted ones, so that they favour none. This is a conditional randomisation test (Candes et al. 2018,
doi:10.1111/rssb.12265) with circular shifts for what autocorrelation is left in the surprises: right where the model of
the source describes the source or the model of the target the target.

Measured on three units without coupling (360 pairs each, at 5 %): steps at different times 5.8 %, seasons of three
waves under one 2.8 %, random walks in the logarithm 4.2 and 6.4 %, an own coefficient of 0.75 3.9 % (6.7 % with
dispersion 0.8), 80 periods 3.6 %. Without the slow movements of `receiving.courses` a fifth of 120 pairs with a common
swell passed.

Its limit: a shock that lasts and reaches two units from a third place that is not among them looks like coupling: with
shared shocks that fade by 0.6 a month 20 % of pairs passed. `residuals.crossing` within a period is where to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harmattan.models.spillover.apart import Apart, apart, memory
from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.receiving import below, climb, lagged, means, quantile
from harmattan.models.spillover.spec import Spec
from harmattan.models.spillover.tested import Shifted

FEWEST = 39
"""Fewer different shifts than these say nothing at a level of 5 %."""
NOTHING = 1e-6
"""A past of which less than this share is its own, and not another's in the model, says nothing."""
FURTHEST = 20.0
"""A history told again does not pass this many times the largest count that there was."""
CLOSEST = 6
"""No shift is by fewer periods than these, either way round."""


def shifted(
    counts: Counts, spec: Spec, source: str, target: str, *, shifts: int, rng: np.random.Generator
) -> Shifted | None:
    """The rise of the target's log-likelihood by the source, and the same with the source's surprises shifted.

    None where the series are too short for `FEWEST` shifts, or nothing is known of one of them.
    """
    model = apart(counts, spec, *memory(counts, spec))
    one, other = counts.units.index(source), counts.units.index(target)
    again = retold(model, one, shifts, rng)
    if again is None or model.silent[other]:
        return None
    return told(*lifts(model, one, other, again))


def told(found: float, null: Values) -> Shifted:
    """What shifts come to, from signed roots: those below 0 are no rise."""
    rises = np.maximum(null, 0.0) ** 2 / 2
    return Shifted(max(found, 0.0) ** 2 / 2, tuple(rises.tolist()), share(found, null))


def share(found: float, null: Values) -> float:
    """How many of the shifts, the true one among them, give as much."""
    return float((1 + (null >= found - 1e-9).sum()) / (1 + len(null)))


def retold(model: Apart, source: int, shifts: int, rng: np.random.Generator) -> Values | None:
    """The source's pasts with its surprises shifted: shape (shifts, T); fewer shifts where there are not so many."""
    if model.silent[source]:
        return None
    at = np.flatnonzero(model.receivers[source].known)
    ranks = surprises(model, source, rng)
    by = turns(ranks, shifts, rng)
    if len(by) < FEWEST:
        return None
    turned = np.stack([np.roll(ranks, turn) for turn in by])
    return _told(model, source, at, turned)


def surprises(model: Apart, source: int, rng: np.random.Generator) -> Values:
    """The rank of each known count in what was expected, between 0 and 1, drawn where a count spans several."""
    unit, fit = model.receivers[source], model.fits[source]
    at = np.flatnonzero(unit.known)
    values, mean, dispersion = unit.values[at], fit.mean[0, at], float(fit.dispersion[0])
    low, high = below(values - 1, mean, dispersion), below(values, mean, dispersion)
    return np.asarray(np.clip(low + rng.uniform(size=len(at)) * (high - low), 1e-9, 1 - 1e-9))


def turns(ranks: Values, shifts: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """By how many periods to shift: none so few that the surprises still resemble themselves."""
    away = closest(ranks)
    able = np.arange(away, len(ranks) - away + 1)
    return able if len(able) <= shifts else np.sort(rng.choice(able, shifts, replace=False))


def closest(ranks: Values) -> int:
    """The first lag from `CLOSEST` on after which the autocorrelation of the surprises is within its noise."""
    length = len(ranks)
    centred = ranks - ranks.mean() if length else ranks
    total = float(centred @ centred)
    for lag in range(1, max(length // 6, CLOSEST)):
        if length <= lag + 1 or total <= 0 or centred[lag:] @ centred[:-lag] / total < 2 / np.sqrt(length):
            return max(lag, CLOSEST)
    return max(length // 6, CLOSEST)


def _told(model: Apart, source: int, at: NDArray[np.intp], ranks: Values) -> Values:
    """The pasts of the source when its counts come from its model with these ranks, shape (shifts, T)."""
    unit, fit, lags = model.receivers[source], model.fits[source], model.lags
    coefficients = model.coefficients(source)
    endemic, _ = means(unit, model.columns(source)[None], fit.theta)
    rest = endemic[0] + model.columns(source)[:, 1:] @ coefficients[1:]
    dispersion = float(fit.dispersion[0])
    history = np.repeat(np.nan_to_num(model.counts.values[source])[None], len(ranks), axis=0)
    most = len(lags)
    most_counts = FURTHEST * (1 + float(unit.values.max()))
    for order, period in enumerate(at):
        past = history[:, period - most : period] @ lags[::-1]
        mean = rest[period] + coefficients[0] * past + 1e-9
        history[:, period] = np.minimum(quantile(ranks[:, order], mean, dispersion), most_counts)
    return np.nan_to_num(lagged(history, lags))


@dataclass(frozen=True)
class Ground:
    """What a target comes to without one or all of its sources, and how further pasts would lift it: a score test.

    `pull` (T,): what a further past, summed with it, gives as slope of the log-likelihood; `weight` (T,) and `columns`
    (T, free) with `inverse` (free, free) take out of it what the rest of the model explains already.
    """

    pull: Values
    weight: Values
    columns: Values
    inverse: Values

    def slopes(self, pasts: Values) -> Values:
        """The slope of the log-likelihood at the coefficient 0, for pasts of the shape (..., T)."""
        return np.asarray(pasts @ self.pull)

    def bends(self, one: Values, other: Values) -> Values:
        """The information that is left of two pasts (..., T) when the rest of the model is estimated."""
        ours, theirs = (one * self.weight) @ self.columns, (other * self.weight) @ self.columns
        return np.asarray((one * other) @ self.weight - ((ours @ self.inverse) * theirs).sum(axis=-1))


def ground(model: Apart, target: int, without: Sequence[int]) -> Ground:
    """The target's model without some of its columns of the past (1 is the first source)."""
    unit, fit = model.receivers[target], model.fits[target]
    slow = unit.course.shape[1]
    past = np.delete(model.columns(target), list(without), axis=1)[None]
    begin = np.delete(fit.theta, [slow + column for column in without], axis=1)
    bare = climb(unit, past, begin, fit.dispersion)
    endemic, mean = means(unit, past, bare.theta)
    weight = unit.known / (mean[0] * (1 + bare.dispersion[0] * mean[0]))
    free = past[0][:, bare.theta[0, slow:] > 0]
    columns = np.concatenate([endemic[0][:, None] * unit.course, free], axis=1)
    bend = (columns * weight[:, None]).T @ columns
    bend[np.arange(slow), np.arange(slow)] += unit.penalty
    bend[np.diag_indices_from(bend)] *= 1 + 1e-8
    return Ground(weight * (unit.values - mean[0]), weight, columns, np.linalg.pinv(bend))


def lifts(model: Apart, source: int, target: int, again: Values) -> tuple[float, Values]:
    """The signed root of twice the rise by the source as it was, and by each of its shifted pasts.

    The rise is that of a score test (Rao): one Newton step from the model without the source, in which its other
    couplings stand.
    """
    column = 1 + int(np.flatnonzero(model.sources[target] == source)[0])
    base = ground(model, target, [column])
    pasts = np.concatenate([model.past[source][None], again])
    left, whole = base.bends(pasts, pasts), (pasts**2) @ base.weight
    root = np.where(left > NOTHING * whole, base.slopes(pasts) / np.sqrt(np.maximum(left, 1e-12)), 0.0)
    return float(root[0]), root[1:]


def joint(model: Apart, pasts: Values) -> Values:
    """The rise of the log-likelihood of all units by all couplings together, for each of many pasts (many, units, T).

    With free weights that of every unit by its sources, none of whose coefficients falls below 0; else that of one
    coefficient for all (score tests, as in `lifts`).
    """
    slopes, bends = np.zeros(len(pasts)), np.zeros(len(pasts))
    rise = np.zeros(len(pasts))
    for target in np.flatnonzero(~model.silent):
        many = model.columns(int(target), pasts).shape[-1]
        if many < 2:
            continue
        base = ground(model, int(target), range(1, many))
        further = np.moveaxis(model.columns(int(target), pasts)[..., 1:], -1, 0)
        slope = np.stack([base.slopes(past) for past in further], axis=-1)
        bend = np.stack([np.stack([base.bends(one, other) for one in further], axis=-1) for other in further], axis=-1)
        if model.weights is None:
            rise += highest(slope, bend)
        else:
            slopes += slope[:, 0]
            bends += bend[:, 0, 0]
    if model.weights is None:
        return rise
    return np.asarray(np.maximum(slopes, 0.0) ** 2 / (2 * np.maximum(bends, 1e-12)))


def highest(slope: Values, bend: Values) -> Values:
    """The most that slope @ c - c @ bend @ c / 2 comes to where no c is below 0: shape (many,), from (many, k).

    >>> highest(np.array([[2.0, -1.0]]), np.eye(2)[None])
    array([2.])
    """
    at = np.zeros_like(slope)
    for _ in range(60):
        for one in range(slope.shape[1]):
            own = np.maximum(bend[:, one, one], 1e-12)
            rest = slope[:, one] - (bend[:, one] * at).sum(axis=1) + own * at[:, one]
            at[:, one] = np.maximum(rest, 0.0) / own
    return np.asarray((slope * at).sum(axis=1) - 0.5 * np.einsum("mi,mij,mj->m", at, bend, at))
