"""The fit of a spillover model by maximum likelihood, with bounds: an absent coefficient is 0, not minus infinity.

It holds to the estimates of `hhh4` in R's package surveillance (Meyer, Held & Hoehle 2017, doi:10.18637/jss.v077.i11),
which estimates logarithms of the coefficients and so cannot reach an absent one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harmattan.models.spillover import shrunk
from harmattan.models.spillover.counts import Counts, Values
from harmattan.models.spillover.design import Design, design
from harmattan.models.spillover.fitted import Fit, Parts
from harmattan.models.spillover.likelihood import Problem, by_unit, dispersions, mean, problem
from harmattan.models.spillover.search import Bounds, Found, Search, covariance_of
from harmattan.models.spillover.spec import Spec

LOW_LEVEL, HIGH_LEVEL = 16.0, 30.0
"""How far below and above the mean of the counts, as logarithms, the level of the endemic part may go."""
HIGHEST_TREND = 30.0
"""The most that a trend changes the linear predictor from the first period to the last."""
HIGHEST = {"own": 1e3, "coupling": 1e6, "decay": 30.0, "dispersion": 1e5}
SIGNED = ("own", "coupling")
HIGHEST_LOGIT = 12.0
HIGHEST_WAVE = 15.0


def bounds(of: Problem, signed: bool = False) -> Bounds:
    """The bounds of every parameter of a problem; `signed` lifts those of own and others' past at 0."""
    d = of.design
    low, high = np.full(len(d.names), -np.inf), np.full(len(d.names), np.inf)
    cut = np.zeros(len(d.names), dtype=bool)
    middle = np.log(of.counts.sum(axis=1).clip(1e-3) / np.maximum(_scale(of).sum(axis=1), 1e-300))
    for at, name in enumerate(d.names):
        kind = name.split(":")[0]
        if kind == "level":
            row = d.index[:, d.columns.endemic.start] == at
            low[at], high[at] = middle[row].min() - LOW_LEVEL, middle[row].max() + HIGH_LEVEL
            cut[at] = True
        elif kind in HIGHEST:
            low[at] = -HIGHEST[kind] if signed and kind in SIGNED else 0.0
            high[at] = HIGHEST[kind]
        elif kind == "trend":
            high[at] = HIGHEST_TREND / of.past.shape[1]
        elif kind.startswith("lag"):
            high[at], cut[at] = HIGHEST_LOGIT, True
        elif kind != "covariate":
            high[at], cut[at] = HIGHEST_WAVE, True
    return Bounds(np.where(np.isinf(low) & np.isfinite(high), -high, low), high, cut)


def _scale(of: Problem) -> Values:
    """What the exponential of the level is multiplied by, shape (units, periods)."""
    return of.seen if of.design.offset is None else of.seen * np.exp(of.design.offset)


def _start(of: Problem, endemic: float, own: float) -> Values:
    """A start in which these shares of the counts are endemic and own, and the rest comes from others."""
    d, columns = of.design, of.design.columns
    found = np.zeros(len(d.names) + 1)
    has_own, has_others = columns.own.stop > columns.own.start, columns.coupling.stop > columns.coupling.start
    endemic = 1.0 if not has_own and not has_others else endemic
    seen = np.maximum(of.seen.sum(axis=1), 1)
    average = of.counts.sum(axis=1) / seen
    level = d.index[:, columns.endemic.start]
    if len(np.unique(level)) == 1:
        found[level] = np.log(endemic * of.counts.sum() / max(_scale(of).sum(), 1e-300))
    else:
        found[level] = np.log(endemic * of.counts.sum(axis=1).clip(0.1) / np.maximum(_scale(of).sum(axis=1), 1e-300))
    if columns.decay.stop > columns.decay.start:
        found[d.index[0, columns.decay]] = 1.0
    lags = d.index[0, columns.lags]
    found[lags] = 0.0 if d.spec.lags.shape == "geometric" else -0.5 * np.arange(1, len(lags) + 1)
    found[d.index[:, columns.own]] = own
    _start_coupling(of, found, (1 - endemic - (own if has_own else 0)), average)
    if columns.dispersion.stop > columns.dispersion.start:
        spread = ((of.counts - average[:, None]) ** 2 * of.seen).sum(axis=1) / seen
        excess = ((spread - average) / np.maximum(average, 1e-12) ** 2).clip(0.1, 5.0) / 2
        at = d.index[:, columns.dispersion.start]
        found[at] = excess if len(np.unique(at)) > 1 else np.median(excess)
    return found[:-1]


def _start_coupling(of: Problem, found: Values, share: float, average: Values) -> None:
    """Puts coefficients with which others bring this share of the counts into a start."""
    d, part = of.design, of.design.columns.coupling
    others = mean(of, found[:-1]).others
    if others is None or part.stop == part.start:
        return
    if d.sources is not None:
        brought = (others * of.seen[:, None]).sum(axis=(1, 2)) / np.maximum(of.seen.sum(axis=1), 1)
    else:
        brought = (others * of.seen).sum(axis=1) / np.maximum(of.seen.sum(axis=1), 1)
    at = d.index[:, part]
    if len(np.unique(at)) == 1:
        found[at] = share * average.sum() / max(brought.sum(), 1e-12)
    else:
        found[at] = np.where(brought > 0, share * average / np.maximum(brought, 1e-12), 0.0)[:, None]
    found[-1] = 0.0


STARTS = ((0.6, 0.3), (0.15, 0.5))
"""Shares of the counts that are endemic and own: from either side, since there may be more than one peak."""
FEW = 50_000
"""With more counts than these one start is enough: the likelihood is sharp."""


def fit(counts: Counts, spec: Spec, *, start: Values | None = None) -> Fit:
    """Fits a specification to counts by maximum likelihood.

    Units of which nothing can be learnt, without any count in the periods that are fitted and with a level, trend or
    dispersion of their own, are left out. A period counts where the unit's count and all
    that its mean needs are known. `start` are parameters in the order of the design's names; without it the search
    starts from more than one place and keeps the best. The same counts give the same fit. Raises UsageError where
    nothing can be fitted.
    """
    return refit(design(counts, spec), counts.values, start)


def refit(of: Design, values: Values, start: Values | None = None) -> Fit:
    """Fits a compiled design to counts of the same units and periods, shape (units, periods)."""
    bound = problem(of, values)
    found, drawn = drawn_search(bound, start)
    return _fit(bound, found, drawn, of.counts if values is of.counts.values else of.counts.with_values(values))


def search(of: Problem, start: Values | None = None, *, signed: bool = False) -> Found:
    """The parameters with the largest likelihood; of several starts the best for each unit where they are apart."""
    return drawn_search(of, start, signed=signed)[0]


def drawn_search(
    of: Problem, start: Values | None = None, *, signed: bool = False
) -> tuple[Found, shrunk.Shrinkage | None]:
    """The same, with what effects are drawn to where there are any."""
    if not shrunk.effects(of.design):
        return _search(of, start, signed), None
    with np.errstate(all="ignore"):
        from_where = _start(of, *STARTS[0]) if start is None else start
        return shrunk.search(of, bounds(of), from_where)


def _search(of: Problem, start: Values | None, signed: bool) -> Found:
    """The parameters with the largest likelihood where nothing is drawn anywhere."""
    one = Search(of, bounds(of, signed))
    with np.errstate(all="ignore"):
        if start is not None:
            found = one.run(start)
            if found.converged:
                return found
        tried = [one.run(_start(of, *shares)) for shares in STARTS[: 2 if of.counts.size <= FEW else 1]]
        if not one.apart:
            return max(tried, key=lambda found: (found.converged, float(by_unit(of, found.theta).sum())))
        likelihoods = np.array([one.likelihood(found.theta) for found in tried])
        best = likelihoods.argmax(axis=0)
        theta = tried[0].theta
        for at, found in enumerate(tried):
            theta = np.where(one.spread((best == at).astype(np.float64)) > 0, found.theta, theta)
    return Found(theta, all(found.converged for found in tried), sum(found.steps for found in tried))


def covariance(
    of: Problem, theta: Values, *, signed: bool = False, drawn: shrunk.Shrinkage | None = None
) -> tuple[Values, tuple[str, ...]]:
    """The inverse of the observed information, and the names of the parameters at their bound.

    NaN in rows of a parameter at its bound, and of one of which the data say nothing where the others stand. `drawn` is
    what effects are drawn to: the information is that of the penalised likelihood then.
    """
    within = bounds(of, signed)
    return covariance_of(Search(of, within), theta) if drawn is None else shrunk.covariance(of, within, theta, drawn)


def _fit(of: Problem, found: Found, drawn: shrunk.Shrinkage | None, counts: Counts) -> Fit:
    """What was found, put back among all units and periods."""
    d, theta = of.design, found.theta
    at = mean(of, theta)
    shape, first = counts.values.shape, d.first
    parts = []
    for part in (at.endemic, at.own, at.coupled):
        whole = np.full(shape, np.nan)
        whole[:, first:] = 0.0
        whole[d.kept, first:] = np.where(of.seen > 0, part, np.nan)
        parts.append(whole)
    matrix = _matrix(of, theta)
    dispersion = np.zeros(shape[0])
    dispersion[d.kept] = dispersions(of, theta)
    spread, bounded = covariance(of, theta, drawn=drawn)
    return Fit(
        spec=d.spec,
        counts=counts,
        names=d.names,
        theta=theta,
        covariance=spread,
        log_likelihood=float(by_unit(of, theta).sum()),
        converged=found.converged,
        steps=found.steps,
        parts=Parts(*parts),
        matrix=matrix,
        lags=at.lags.weights,
        dispersion=dispersion,
        bounded=bounded,
        left_out=d.left_out,
        spreads={} if drawn is None else shrunk.spreads(drawn),
    )


def _matrix(of: Problem, theta: Values) -> Any:
    """How many further counts one count brings, receiving unit first, among all units: scipy.sparse.csr_array."""
    from scipy.sparse import coo_array, csr_array

    d = of.design
    shape = (len(d.counts.units), len(d.counts.units))
    row = np.append(theta, 0.0)[d.index]
    rows, columns, values = [np.arange(len(d.kept))], [np.arange(len(d.kept))], [np.zeros(len(d.kept))]
    if d.spec.own is not None:
        values[0] = row[:, d.columns.own.start]
    if d.sources is not None:
        target, place = np.nonzero(d.sources < len(d.kept))
        rows.append(target)
        columns.append(d.sources[target, place])
        values.append(row[:, d.columns.coupling][target, place])
    elif d.pattern is not None:
        decay = float(row[0, d.columns.decay][0]) if d.pattern.between.estimated else 0.0
        weights = d.pattern.between.values(decay)[0][d.pattern.chosen]
        rows.append(d.pattern.rows)
        columns.append(d.pattern.columns)
        values.append(row[d.pattern.rows, d.columns.coupling.start] * weights)
    at_rows, at_columns = d.kept[np.concatenate(rows)], d.kept[np.concatenate(columns)]
    matrix: Any = csr_array(coo_array((np.concatenate(values), (at_rows, at_columns)), shape=shape))
    matrix.eliminate_zeros()
    return matrix
