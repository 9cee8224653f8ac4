"""First and second derivatives of the log-likelihood of a spillover model, by hand."""

from __future__ import annotations

import numpy as np

from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.likelihood import (
    Evaluated,
    Mean,
    Problem,
    by_unit,
    dispersions,
    groups,
    lagged,
    mean,
    ratio,
    wide,
    with_table,
)

Second = list[tuple[int, int, Values]]
"""Second derivatives of the mean by two columns, where they are not zero: shape (units, periods)."""


def evaluated(of: Problem, theta: Values) -> Evaluated:
    """Log-likelihood, gradient and observed information at the parameters, by unit and column."""
    at, columns = mean(of, theta), of.design.columns
    slopes, second = _slopes(of, theta, at)
    total, dispersion = at.total, dispersions(of, theta)
    rest = of.counts - total
    spread = 1 + dispersion[:, None] * total
    by_mean = of.seen * rest / (total * spread)
    bend = of.counts / total**2 - dispersion[:, None] * (1 + dispersion[:, None] * of.counts) / spread**2
    units, last = len(total), columns.dispersion.start
    gradient = np.zeros((units, columns.count))
    information = np.zeros((units, columns.count, columns.count))
    gradient[:, :last] = np.matmul(slopes, by_mean[:, :, None])[:, :, 0]
    information[:, :last, :last] = np.matmul(slopes * (of.seen * bend)[:, None], slopes.transpose(0, 2, 1))
    _endemic_bend(of, slopes, by_mean, information)
    for first, other, values in second:
        found = np.einsum("kt,kt->k", by_mean, values)
        information[:, first, other] -= found
        if other != first:
            information[:, other, first] -= found
    if of.table is not None:
        z = dispersion[:, None] * total
        _, one, two = ratio(z)
        sums = of.table.sums(groups(of, dispersion))
        direct = -(of.seen * (of.counts * total / spread + total**2 * one)).sum(axis=1)
        gradient[:, last] = with_table(of, direct, sums[1])
        direct = (of.seen * (of.counts * total**2 / spread**2 - total**3 * two)).sum(axis=1)
        information[:, last, last] = -with_table(of, direct, sums[2])
        cross = np.matmul(slopes, (of.seen * rest / spread**2)[:, :, None])[:, :, 0]
        information[:, last, :last] = cross
        information[:, :last, last] = cross
    return Evaluated(by_unit(of, theta, at), gradient, information)


def _endemic_bend(of: Problem, slopes: Values, by_mean: Values, information: Values) -> None:
    """Takes off what the exponential adds to second derivatives among the columns of the endemic predictor."""
    part = of.design.columns.endemic
    weighted = slopes[:, part] * by_mean[:, None]
    information[:, part, part.start] -= weighted.sum(axis=2)
    if part.stop - part.start > 1:
        more = np.matmul(weighted, wide(of.design, of).transpose(0, 2, 1))
        information[:, part, part.start + 1 : part.stop] -= more


def _slopes(of: Problem, theta: Values, at: Mean) -> tuple[Values, Second]:
    """The derivatives of the mean by each column but the dispersion, shape (units, columns, periods), and second."""
    d, columns = of.design, of.design.columns
    row = np.append(theta, 0.0)[d.index]
    slopes = np.empty((len(of.counts), columns.dispersion.start, of.counts.shape[1]))
    slopes[:, columns.endemic.start] = at.endemic
    slopes[:, columns.endemic.start + 1 : columns.endemic.stop] = at.endemic[:, None] * wide(d, of)
    if d.spec.own is not None:
        slopes[:, columns.own.start] = at.past
    if at.others is not None:
        slopes[:, columns.coupling] = at.others if d.sources is not None else at.others[:, None]
    second: Second = []
    _decay(of, row, at, slopes, second)
    _lags(of, row, at, slopes, second)
    return slopes, second


def _decay(of: Problem, row: Values, at: Mean, slopes: Values, second: Second) -> None:
    """The column of the decay."""
    d, columns = of.design, of.design.columns
    if d.pattern is None or columns.decay.start == columns.decay.stop:
        return
    column, coupling = columns.decay.start, columns.coupling.start
    coefficient = row[:, coupling, None]
    _, first, bend = d.pattern.at(float(row[0, column]), True)
    through = first @ of.past
    by_decay = lagged(through, at.lags.weights)
    slopes[:, column] = coefficient * by_decay
    second.append((coupling, column, by_decay))
    second.append((column, column, coefficient * lagged(bend @ of.past, at.lags.weights)))
    second.extend(
        (column, lag, coefficient * lagged(through, weights))
        for lag, weights in zip(range(columns.lags.start, columns.lags.stop), at.lags.first, strict=True)
    )


def _lags(of: Problem, row: Values, at: Mean, slopes: Values, second: Second) -> None:
    """The columns of the lag weights."""
    d, columns = of.design, of.design.columns
    places = range(columns.lags.start, columns.lags.stop)
    if not places:
        return
    own = row[:, columns.own] if d.spec.own is not None else np.zeros((len(row), 1))
    mixed = own * of.past
    through = None
    if d.sources is not None:
        padded = np.concatenate([of.past, np.zeros((1, of.past.shape[1]))])[d.sources]
        mixed = mixed + np.einsum("ks,kst->kt", row[:, columns.coupling], padded)
    elif d.pattern is not None:
        through = of.through
        if through is None:
            through = d.pattern.at(float(row[0, columns.decay][0]), False)[0] @ of.past
        mixed = mixed + row[:, columns.coupling] * through
    for n, column in enumerate(places):
        weights = at.lags.first[n]
        slopes[:, column] = lagged(mixed, weights)
        if d.spec.own is not None:
            second.append((columns.own.start, column, lagged(of.past, weights)))
        if d.sources is not None:
            apart = lagged(padded, weights)
            second.extend((columns.coupling.start + s, column, apart[:, s]) for s in range(padded.shape[1]))
        elif through is not None:
            second.append((columns.coupling.start, column, lagged(through, weights)))
        second.extend((column, places[m], lagged(mixed, at.lags.second[n, m])) for m in range(n, len(places)))
