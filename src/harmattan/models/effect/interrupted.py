"""One series and its own past: the weak fallback, which has nobody to compare with.

What would have been is the negative binomial regression of the months before on trend and season, carried on (segmented
regression: Bernal, Cummins & Gasparrini 2017, doi:10.1093/ije/dyw098). Whatever else happened in the month of the event
is in the estimate as well, and no check can tell; so the checks that can be made are strict: the series must have
followed its own trend before, and earlier months taken for the event must give less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.models.effect import checks
from harmattan.models.effect.effect import Check, Effect, Estimate, Placebo, Point, Variant
from harmattan.models.effect.outcome import Outcome
from harmattan.text import T

Array = NDArray[np.float64]
BEFORE = 24
"""Months before that trend and season need."""
SEASONED = 10
"""Months with any count that trend and season need; with fewer the level alone is learnt."""
LEARN = 24
"""Months before a placebo break."""
LEAD = 6
"""Months just before the event in which it may already have been felt."""
BLOCKS = 4
"""Of the months before, for the test of whether the series follows its own trend."""
HARMONICS = (1,)
STEPS = 50
ROUNDS = 60


def interrupted(outcome: Outcome, *, before: int = 60, after: int = 12, lead: int = LEAD) -> Effect:
    """The mean effect on the one treated unit in a month, over the `after` months from its start, from `before` months.

    Intervals by Student's t: the covariance of months is that of the model with residuals that decay from month to
    month. Raises UsageError where several units are treated.

    >>> from harmattan.vocabulary.period import Month
    >>> interrupted(Outcome(("Gao",), Month(2020, 1), np.zeros((1, 60)), {"Gao": 40})).verdict
    'refused'
    """
    if len(outcome.treated) > 1:
        raise UsageError(
            T("An interrupted series is that of one place."), do=T("Name one place, or ask for another design.")
        )
    if not outcome.treated:
        return Effect("interrupted", (), (), None, checks=(checks.enough_before(0, BEFORE), checks.no_controls()))
    unit = outcome.treated[0]
    start = outcome.starts[unit]
    series = outcome.of(unit)
    month = outcome.first.month - 1
    cut = max(0, start - before)
    one = _Series(series[cut : max(0, start) + after], max(0, start) - cut, month + cut)
    enough = checks.enough_before(int(np.isfinite(one.values[: one.start]).sum()), BEFORE)
    if not one.told(BEFORE):
        return Effect("interrupted", (unit,), (), None, checks=(enough, checks.no_controls()))
    return _found(unit, one, enough, lead)


@dataclass(frozen=True)
class _Series:
    """Counts by month; the first `start` months are before."""

    values: Array
    start: int
    month: int
    """The month of the year of the first position, counted from 0."""

    def told(self, least: int) -> bool:
        """Is there anything before, and after, to learn from?"""
        early, late = self.values[: self.start], self.values[self.start :]
        known = early[np.isfinite(early)]
        return bool(known.size >= least and (known > 0).any() and np.isfinite(late).any())

    def to(self, start: int, last: int) -> _Series:
        """The same with an earlier start, until before `last`."""
        return _Series(self.values[:last], start, self.month)


@dataclass(frozen=True)
class _Fitted:
    """The regression of the months before, carried on over all months."""

    series: _Series
    design: Array
    """Shape (months, coefficients)."""
    mean: Array
    dispersion: float
    """Variance: mean + dispersion x mean squared; negative never."""
    decay: float
    """Of the correlation of residuals, from month to month."""
    bread: Array
    """Inverse information, shape (coefficients, coefficients)."""

    @property
    def known(self) -> NDArray[np.bool_]:
        return np.isfinite(self.series.values)

    @property
    def gaps(self) -> Array:
        """Observed less expected; NaN where nobody looked."""
        return self.series.values - self.mean

    @property
    def freedom(self) -> float:
        """Months before that are worth one each, less the coefficients; at least 3."""
        n = float(self.known[: self.series.start].sum())
        return float(max(3.0, n * (1 - self.decay) / (1 + self.decay) - self.design.shape[1]))

    def covariance(self, effect: float) -> Array:
        """Of observed months, if those after had the mean that is expected plus an effect."""
        since = np.arange(self.mean.size) - self.series.start
        late = self.known & (since >= 0)
        times = max(0.0, 1.0 + effect / float(self.mean[late].mean())) if late.any() else 1.0
        mean = np.where(since < 0, self.mean, self.mean * times)
        spread = np.sqrt(mean + self.dispersion * mean**2)
        apart = np.abs(np.subtract.outer(since, since))
        return np.asarray(np.outer(spread, spread) * self.decay**apart)

    def average(self, weights: Array) -> float:
        """A sum of gaps, weights by month, 0 before."""
        return float(np.sum(np.where(self.known, self.gaps, 0.0) * weights))

    def error(self, weights: Array, effect: float = 0.0) -> float:
        """Its standard error from both noise and coefficients, if the effect were so large."""
        early = self.known & (np.arange(self.mean.size) < self.series.start)
        score = self.design / (1 + self.dispersion * self.mean)[:, None] * early[:, None]
        total = weights - score @ self.bread @ (self.design * self.mean[:, None]).T @ weights
        return float(np.sqrt(max(0.0, float(total @ self.covariance(effect) @ total))))

    def interval(self, weights: Array) -> tuple[float | None, float | None]:
        """The effects that the sum of gaps does not contradict: counts vary more where there are more of them, so an
        end above the estimate is judged by the error that it would have, no end by less than that of no effect. Where
        no effect is too large by its own error, that of the estimate is taken."""
        from scipy.special import stdtrit

        value, times = self.average(weights), float(stdtrit(self.freedom, 0.975))
        plain = times * self.error(weights, max(0.0, value))
        if not plain > 0:
            return None, None
        end = value
        for _round in range(ROUNDS):
            then, end = end, value + times * self.error(weights, max(0.0, end))
            if abs(then - end) <= 1e-6 * max(1.0, abs(end)):
                return value - plain, end
        return value - plain, value + plain

    def extra(self, columns: Array) -> float | None:
        """The p-value that further columns, shape (months, n), add nothing before; None where it cannot be had.

        A score test, so that a stretch without any count is no trouble; dispersion and decay are those of the larger
        model, since a break would else be taken for noise that lasts.
        """
        from scipy.special import fdtrc

        early = self.known & (np.arange(self.mean.size) < self.series.start)
        larger = _fit(self.series, columns)
        own = replace(self, dispersion=larger.dispersion, decay=larger.decay)
        weight = self.mean[early] / (1 + own.dispersion * self.mean[early])
        x, z = self.design[early], columns[early]
        inner = np.linalg.pinv((x * weight[:, None]).T @ x)
        flat = z - x @ (inner @ ((x * weight[:, None]).T @ z))
        sides = flat * (weight / self.mean[early])[:, None]
        total = sides.T @ own.covariance(0.0)[np.ix_(early, early)] @ sides
        score = sides.T @ self.gaps[early]
        n = z.shape[1]
        below = larger.freedom - n + 1
        if np.linalg.matrix_rank(total) < n or below <= 0:
            return None
        square = float(score @ np.linalg.solve(total, score))
        return float(fdtrc(n, below, square * below / (n * larger.freedom)))


def _fit(series: _Series, further: Array | None = None) -> _Fitted:
    """Iterated weighted least squares with the dispersion and the decay by moments of the residuals before."""
    months = np.arange(series.values.size)
    early = np.isfinite(series.values) & (months < series.start)
    y = np.where(early, series.values, 0.0)
    design = _design(series, rich=int((y[early] > 0).sum()) >= SEASONED)
    if further is not None:
        design = np.concatenate([design, further], axis=1)
    theta = np.zeros(design.shape[1])
    theta[0] = np.log(y[early].mean())
    dispersion = 0.0
    for _round in range(6):
        theta = _newton(design[early], y[early], theta, dispersion)
        mean = _mean(design, theta)
        n = int(early.sum()) - design.shape[1]
        square = ((y - mean)[early] ** 2 - mean[early]) / mean[early] ** 2
        weight = (mean[early] / (1 + dispersion * mean[early])) ** 2
        then, dispersion = dispersion, max(0.0, float((square * weight).sum() / weight.sum()) * early.sum() / n)
        if abs(then - dispersion) < 1e-6 * (1 + dispersion):
            break
    pearson = np.where(early, (y - mean) / np.sqrt(mean + dispersion * mean**2), np.nan)
    scale = mean[early] / (1 + dispersion * mean[early])
    bread = np.asarray(np.linalg.pinv((design[early] * scale[:, None]).T @ design[early]), dtype=np.float64)
    return _Fitted(series, design, mean, dispersion, _decay(pearson, design.shape[1]), bread)


def _design(series: _Series, *, rich: bool) -> Array:
    months = np.arange(series.values.size, dtype=np.float64)
    columns = [np.ones_like(months)]
    if rich:
        columns.append((months - series.start) / 12)
        for n in HARMONICS:
            turn = 2 * np.pi * n * (months + series.month) / 12
            columns += [np.sin(turn), np.cos(turn)]
    return np.stack(columns, axis=1)


def _mean(design: Array, theta: Array) -> Array:
    return np.asarray(np.exp(np.clip(design @ theta, -20.0, 20.0)))


def _newton(design: Array, y: Array, theta: Array, dispersion: float) -> Array:
    """Fisher scoring; a step is cut where it would move any logarithm by more than 2."""
    for _step in range(STEPS):
        mean = _mean(design, theta)
        scale = 1 / (1 + dispersion * mean)
        info = (design * (mean * scale)[:, None]).T @ design + 1e-9 * np.eye(theta.size)
        step = np.linalg.solve(info, design.T @ ((y - mean) * scale))
        step *= min(1.0, 2.0 / max(1e-12, float(np.abs(design @ step).max())))
        theta = theta + step
        if np.abs(step).max() < 1e-10:
            break
    return theta


def _decay(residuals: Array, coefficients: int) -> float:
    """Correlation of neighbouring months, with what estimating the coefficients takes from it put back."""
    both = np.isfinite(residuals[1:]) & np.isfinite(residuals[:-1])
    known = residuals[np.isfinite(residuals)]
    if both.sum() < 3 or not (known**2).sum() > 0:
        return 0.0
    raw = float((residuals[1:] * residuals[:-1])[both].sum() / (known**2).mean() / both.sum())
    return float(np.clip(raw + (coefficients + 3 * coefficients * max(raw, 0.0)) / known.size, 0.0, 0.9))


def _found(unit: str, one: _Series, enough: Check, lead: int) -> Effect:
    from scipy.special import stdtr

    fitted = _fit(one)
    weights = _weights(fitted)
    value, error = fitted.average(weights), fitted.error(weights)
    low, high = fitted.interval(weights)
    p = float(2 * stdtr(fitted.freedom, -abs(value) / error)) if error > 0 else None
    placebos = tuple(_breaks(one))
    scores = [effect / error for effect, error, _placebo in placebos if error > 0]
    ranked = checks.rank(value / error, scores) if error > 0 and len(scores) >= 1 / checks.LEVEL - 1 else None
    variants = tuple(_variants(one))
    since = np.arange(one.values.size) - one.start
    edges = np.linspace(0, one.start, BLOCKS + 1).round().astype(int)
    blocks = np.stack(
        [(since + one.start >= edges[n]) & (since + one.start < edges[n + 1]) for n in range(1, BLOCKS)], axis=1
    )
    soon = (since >= -lead)[:, None] & (since < 0)[:, None]
    made = (
        enough,
        checks.no_controls(),
        checks.pre_trend(fitted.extra(blocks.astype(np.float64))),
        checks.anticipation(fitted.extra(soon.astype(np.float64))),
        checks.placebo_time(ranked),
        checks.stable(value, variants),
    )
    gaps = fitted.gaps[: one.start]
    return Effect(
        "interrupted",
        (unit,),
        (),
        Estimate(value, low, high, p, error if error > 0 else None),
        tuple(_path(fitted)),
        placebos=tuple(placebo for _effect, _error, placebo in placebos),
        variants=variants,
        checks=made,
        pre_error=float(np.sqrt(np.nanmean(gaps**2))),
    )


def _weights(fitted: _Fitted) -> Array:
    late = fitted.known & (np.arange(fitted.mean.size) >= fitted.series.start)
    return late / max(1, int(late.sum()))


def _path(fitted: _Fitted) -> Iterator[Point]:
    """Each month in which somebody looked; the months before without an interval, since the model was fitted there."""
    from scipy.special import stdtrit

    times = float(stdtrit(fitted.freedom, 0.975))
    for n in np.flatnonzero(fitted.known):
        seen, thought = float(fitted.series.values[n]), float(fitted.mean[n])
        low, high = None, None
        if n >= fitted.series.start:
            reach = fitted.error(np.eye(fitted.mean.size)[n], max(0.0, seen - thought)) * times
            low, high = seen - thought - reach, seen - thought + reach
        yield Point(int(n) - fitted.series.start, seen, thought, seen - thought, low, high, 1)


def _breaks(one: _Series) -> Iterator[tuple[float, float, Placebo]]:
    """The same model at each earlier month that has LEARN months before it and its months after before the event."""
    after = one.values.size - one.start
    for start in range(LEARN, one.start - after + 1):
        other = one.to(start, start + after)
        if not other.told(LEARN // 2):
            continue
        fitted = _fit(other)
        value, error = fitted.average(_weights(fitted)), fitted.error(_weights(fitted))
        gaps = fitted.gaps[fitted.known]
        early = int(fitted.known[:start].sum())
        pre, post = (float(np.sqrt(np.mean(part**2))) for part in (gaps[:early], gaps[early:]))
        yield value, error, Placebo(str(start - one.start), "time", value, pre, post, tuple(gaps.tolist()))


def _variants(one: _Series) -> Iterator[Variant]:
    """Half the months before, where enough are left, and half the months after."""
    for before, after in (
        (one.start // 2, one.values.size - one.start),
        (one.start, (one.values.size - one.start) // 2),
    ):
        cut = one.start - before
        other = _Series(one.values[cut : one.start + after], before, one.month + cut)
        if after and other.told(BEFORE):
            fitted = _fit(other)
            weights = _weights(fitted)
            yield Variant("window", f"{before}+{after}", fitted.average(weights), *fitted.interval(weights))
