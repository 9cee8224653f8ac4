"""The log-likelihood of a spillover model with its gradient and observed information, unit by unit.

The mean is endemic + own * X + coupling * Z with X = sum_d u_d y_(t-d) and Z the same of others through the weights
(Held & Paul 2012, doi:10.1002/bimj.201200037; Meyer & Held 2014, doi:10.1214/14-AOAS743; lags as in Bracher & Held
2022, doi:10.1016/j.ijforecast.2020.07.002). Counts are Poisson, or negative binomial with the variance mean +
dispersion * mean**2. Everything is conditional on the first periods, which are the past of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.design import Design, design
from harmattan.models.spillover.rising import Rising, rising
from harmattan.models.spillover.spec import Spec
from harmattan.models.spillover.weights import Positions

LOWEST, HIGHEST = -300.0, 60.0
"""Where the linear predictor of the endemic part is cut, so that nothing overflows."""
AT_ONCE = 8192
"""How many counts are worked on at once."""
SERIES = 0.01
"""Below this log(1 + z) / z is taken from its series, which is exact where the formula cancels."""


@dataclass(frozen=True)
class Lagged:
    """Weights of the lags with their derivatives: shapes (lags,), (logits, lags), (logits, logits, lags)."""

    weights: Values
    first: Values
    second: Values


def lag_weights(spec: Spec, logits: Values) -> Lagged:
    """The weights of the lags at these logits; where there are none, the last period alone or all the same."""
    most = spec.lags.most
    if not len(logits):
        return Lagged(np.full(most, 1.0 / most), np.empty((0, most)), np.empty((0, 0, most)))
    if spec.lags.shape == "geometric":
        ratio = 1 / (1 + np.exp(-logits[0]))
        back = np.arange(most)
        weights = ratio**back
        weights = weights / weights.sum()
        score = back * (1 - ratio)
        score = score - weights @ score
        bend = -back * ratio * (1 - ratio)
        second = weights * (score**2 - weights @ score**2 + bend - weights @ bend)
        return Lagged(weights, (weights * score)[None], second[None, None])
    raw = np.exp(np.concatenate([[0.0], logits]) - max(0.0, float(logits.max())))
    weights = raw / raw.sum()
    unit = np.eye(most)[1:] - weights[1:, None]
    spread = np.diag(weights[1:]) - np.outer(weights[1:], weights[1:])
    return Lagged(weights, weights * unit, weights * (unit[:, None] * unit[None] - spread[:, :, None]))


@dataclass(frozen=True)
class Mean:
    """The mean in parts at some parameters, each of the shape (units, periods fitted), and what it is made of.

    `past` is X, `others` Z or, of free weights, the past of each source, shape (units, sources, periods).
    """

    endemic: Values
    own: Values
    coupled: Values
    past: Values
    others: Values | None
    lags: Lagged

    @cached_property
    def total(self) -> Values:
        """All parts together."""
        total: Values = self.endemic + self.own
        total += self.coupled
        return total


@dataclass(frozen=True)
class Evaluated:
    """Gradient and observed information by unit: shapes (units, columns) and (units, columns, columns)."""

    gradient: Values
    information: Values


@dataclass(frozen=True)
class Problem:
    """A design with the counts it is fitted to.

    `past` are all counts, 0 where unknown; `counts` those that are fitted; `seen` is 1 where they are known with all
    that their mean needs, else 0. `through` is the past of others through weights that do not change.
    """

    design: Design
    past: Values
    counts: Values
    seen: Values
    table: Rising | None
    constant: Values
    x: Values
    through: Values | None

    @cached_property
    def whole(self) -> bool:
        """Whether every count is seen."""
        return bool(self.seen.all())


def problem(of: Design, values: Values) -> Problem:
    """Binds counts of the shape (units, periods) of the design, units left out among them, to it."""
    from scipy.special import gammaln

    kept, first = values[of.kept], of.first
    known = np.isfinite(kept)
    past = np.where(known, kept, 0.0)
    seen = known[:, first:] & np.isfinite(of.x).all(axis=1)
    if not known.all():
        seen = seen & _past_known(of, ~known)
    counts = np.where(seen, past[:, first:], 0.0)
    units = len(kept)
    groups = units if of.spec.family == "negbin_each" or units == 1 else 1
    at = np.broadcast_to(np.arange(units)[:, None] if groups > 1 else np.zeros((1, 1), dtype=np.intp), counts.shape)
    table = None if of.spec.family == "poisson" else rising(counts[seen], at[seen], groups)
    fixed = of.pattern is not None and not of.pattern.between.estimated
    through = of.pattern.at(0.0, False)[0] @ past if of.pattern is not None and fixed else None
    constant = -gammaln(counts + 1).sum(axis=1)
    return Problem(of, past, counts, seen.astype(np.float64), table, constant, np.nan_to_num(of.x), through)


def _past_known(of: Design, missing: Any) -> Any:
    """Where nothing is missing of the past that a mean needs, shape (units, periods fitted)."""
    needed = np.zeros(missing.shape)
    if of.spec.own is not None:
        needed += missing
    if of.sources is not None:
        padded = np.concatenate([missing, np.zeros((1, missing.shape[1]), dtype=bool)])
        needed += padded[of.sources].sum(axis=1)
    elif of.pattern is not None:
        needed += of.pattern.matrix(np.ones(len(of.pattern.between.target))) @ missing.astype(np.float64)
    return lagged(needed, np.ones(of.first)) == 0


def lagged(values: Values, weights: Values) -> Values:
    """The sum over lags of the values times their weights: (…, periods) to (…, periods fitted)."""
    most, periods = len(weights), values.shape[-1]
    if most == 1:
        cut: Values = values[..., :-1] * weights[0] if weights[0] != 1 else values[..., :-1]
        return cut
    found: Values = weights[0] * values[..., most - 1 : periods - 1]
    for back in range(2, most + 1):
        found = found + weights[back - 1] * values[..., most - back : periods - back]
    return found


def mean(of: Problem, theta: Values) -> Mean:
    """The mean at these parameters, shape (parameters,)."""
    d = of.design
    at = np.append(theta, 0.0)[d.index]
    lags = lag_weights(d.spec, at[0, d.columns.lags])
    endemic = endemic_at(of, at[:, d.columns.endemic])
    past = lagged(of.past, lags.weights)
    own = at[:, d.columns.own] * past if d.spec.own is not None else np.zeros_like(past)
    if d.sources is not None:
        others = np.concatenate([past, np.zeros((1, past.shape[1]))])[d.sources]
        return Mean(endemic, own, np.einsum("ks,kst->kt", at[:, d.columns.coupling], others), past, others, lags)
    if d.pattern is None:
        return Mean(endemic, own, np.zeros_like(past), past, None, lags)
    through = of.through
    if through is None:
        through = d.pattern.at(float(at[0, d.columns.decay][0]), False)[0] @ of.past
    others = lagged(through, lags.weights)
    return Mean(endemic, own, at[:, d.columns.coupling] * others, past, others, lags)


def endemic_at(of: Problem, at: Values) -> Values:
    """The endemic part at coefficients of the shape (units, columns of the predictor)."""
    endemic = np.empty(of.counts.shape)
    for cut in few(of):
        eta = np.matmul(at[cut, None, 1:], of.x if len(of.x) == 1 else of.x[cut])[:, 0]
        eta += at[cut, :1]
        if of.design.offset is not None:
            eta += of.design.offset[cut]
        np.exp(np.clip(eta, LOWEST, HIGHEST, out=eta), out=endemic[cut])
    return endemic


def few(of: Problem) -> Iterator[slice]:
    """All units, a few at a time, so that what is worked on stays in the processor's cache."""
    units, periods = of.counts.shape
    many = max(1, AT_ONCE // periods)
    return (slice(start, min(start + many, units)) for start in range(0, units, many))


def wide(of: Problem, cut: slice = slice(None)) -> Values:
    """The columns of the endemic predictor for some units, without copies; 0 where a covariate is unknown."""
    x = of.x if len(of.x) == 1 else of.x[cut]
    return np.broadcast_to(x, (len(of.counts[cut]), *x.shape[1:]))


def ratio(z: Values) -> tuple[Values, Values, Values]:
    """log(1 + z) / z and its first and second derivative."""
    small = np.abs(z) < SERIES
    safe = np.where(small, 1.0, z)
    log = np.log1p(safe)
    value = log / safe
    first = (1 / (1 + safe) - value) / safe
    second = (-1 / (1 + safe) ** 2 - 2 * first) / safe
    if small.any():
        power = np.where(small, z, 0.0)
        terms = np.arange(9)
        signs = (-1.0) ** terms / (terms + 1)
        value = np.where(small, np.polynomial.polynomial.polyval(power, signs), value)
        slope = np.polynomial.polynomial.polyder(signs)
        first = np.where(small, np.polynomial.polynomial.polyval(power, slope), first)
        bend = np.polynomial.polynomial.polyder(slope)
        second = np.where(small, np.polynomial.polynomial.polyval(power, bend), second)
    return value, first, second


def dispersions(of: Problem, theta: Values) -> Values:
    """The dispersion of each unit, shape (units,): 0 for Poisson."""
    d = of.design
    if d.spec.family == "poisson":
        return np.zeros(len(d.kept))
    found: Values = np.append(theta, 0.0)[d.index[:, d.columns.dispersion.start]]
    return found


def by_unit(of: Problem, theta: Values, at: Mean | None = None) -> Values:
    """The log-likelihood of each unit, shape (units,). One dispersion for all puts what they share on the first.

    Where the count is 0 it goes on as a line to means below 0, which `signed` fits may pass.
    """
    total = (mean(of, theta) if at is None else at).total
    dispersion = dispersions(of, theta)
    found = of.constant.copy()
    for cut in few(of):
        found[cut] += _terms(of, cut, total[cut], dispersion[cut, None])
    return found if of.table is None else with_table(found, of.table.sums(groups(of, dispersion))[0])


def _terms(of: Problem, cut: slice, total: Values, dispersion: Values) -> Values:
    """The sum over periods of what depends on the mean, of some units."""
    counts, line = of.counts[cut], None
    if total.min(initial=1.0) <= 0:
        line = np.where((total <= 0) & (counts == 0), total, 0.0)
        total = np.where(line < 0, 1.0, total)
    log = np.log(total)
    if of.table is None:
        less = total
    else:
        spread = np.log1p(dispersion * total)
        small = dispersion.min(initial=1.0) < SERIES
        less = total * ratio(dispersion * total)[0] if small else spread / dispersion
        log -= spread
    log *= counts
    log -= less if line is None else np.where(line < 0, line, less)
    if not of.whole:
        log *= of.seen[cut]
    found: Values = log.sum(axis=1)
    return found


def groups(of: Problem, dispersion: Values) -> Values:
    """The dispersion of each group of the table."""
    assert of.table is not None
    return dispersion[: len(of.table.larger)]


def with_table(values: Values, sums: Values) -> Values:
    """Adds what the table gives for each unit, or for all to the first."""
    added = values.copy()
    added[: len(sums)] += sums
    return added


def evaluate(of: Problem, theta: Values, at: Mean | None = None) -> Evaluated:
    """Gradient and observed information by unit and column; `at` is the mean where it is known."""
    from harmattan.models.spillover.derivatives import evaluated

    return evaluated(of, theta, mean(of, theta) if at is None else at)


def gradient(of: Problem, theta: Values) -> Values:
    """The gradient, shape (parameters,)."""
    return added(of.design.index, evaluate(of, theta).gradient, len(of.design.names))


def added(index: Positions, values: Values, parameters: int) -> Values:
    """Adds up by parameter what stands by unit and column."""
    return np.bincount(index.ravel(), values.ravel(), parameters + 1)[:-1].astype(np.float64)


def information(of: Problem, theta: Values) -> Values:
    """The observed information, the negative second derivatives, shape (parameters, parameters)."""
    d, found = of.design, evaluate(of, theta)
    many = len(d.names) + 1
    whole = np.zeros((many, many))
    np.add.at(whole, (d.index[:, :, None], d.index[:, None, :]), found.information)
    return whole[:-1, :-1]


def log_likelihood(counts: Counts, spec: Spec, theta: Values) -> float:
    """The log-likelihood of parameters in the order of the design's names. Raises UsageError."""
    return float(by_unit(problem(design(counts, spec), counts.values), theta).sum())
