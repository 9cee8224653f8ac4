"""First and second derivatives of the log-likelihood of a spillover model, by hand.

They are taken a few units at a time, so that what is worked on stays in the processor's cache.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.likelihood import (
    Evaluated,
    Mean,
    Problem,
    dispersions,
    few,
    groups,
    lagged,
    ratio,
    wide,
    with_table,
)


@dataclass(frozen=True)
class Bends:
    """What the slopes are made of, of all units: None where there are no such parameters.

    `by_decay` and `by_decay_twice` are the past of others through the derivatives of the weights, shape (units,
    periods); `mixed` what all lags bring of own and others' past, and `through` of others' past alone.
    """

    of: Problem
    at: Mean
    row: Values
    dispersion: Values
    by_decay: Values | None
    by_decay_twice: Values | None
    mixed: Values | None
    through: Values | None


def evaluated(of: Problem, theta: Values, at: Mean) -> Evaluated:
    """Gradient and observed information at the parameters and the mean that they give, by unit and column."""
    count = of.design.columns.count
    units = len(of.counts)
    gradient, information = np.zeros((units, count)), np.zeros((units, count, count))
    bends = _bends(of, theta, at)
    for cut in few(of):
        _some(bends, cut, gradient[cut], information[cut])
    if of.table is not None:
        sums, last = of.table.sums(groups(of, bends.dispersion)), of.design.columns.dispersion.start
        gradient[:, last] = with_table(gradient[:, last], sums[1])
        information[:, last, last] = with_table(information[:, last, last], -sums[2])
    return Evaluated(gradient, information)


def _some(bends: Bends, cut: slice, gradient: Values, information: Values) -> None:
    """Fills in the gradient and information of some units."""
    of, at, columns, dispersion = bends.of, bends.at, bends.of.design.columns, bends.dispersion[cut, None]
    last = columns.dispersion.start
    counts, total = of.counts[cut], at.total[cut]
    below = total <= 0 if total.min(initial=1.0) <= 0 else None
    if below is not None:
        total = np.where(below, 1.0, total)
    rest = (counts - total) if of.whole else of.seen[cut] * (counts - total)
    spread = 1 + dispersion * total
    by_mean = rest / (total * spread)
    bend = counts / total**2 - dispersion * (1 + dispersion * counts) / spread**2
    bend = bend if of.whole else of.seen[cut] * bend
    if below is not None:
        by_mean[below], bend[below], rest[below], total[below] = -of.seen[cut][below], 0.0, 0.0, 0.0
    slopes = np.empty((len(counts), last, counts.shape[1]))
    _slopes(bends, cut, slopes)
    gradient[:, :last] = np.matmul(slopes, by_mean[:, :, None])[:, :, 0]
    information[:, :last, :last] = np.matmul(slopes * bend[:, None], slopes.transpose(0, 2, 1))
    part = columns.endemic
    weighted = slopes[:, part] * by_mean[:, None]
    information[:, part, part.start] -= weighted.sum(axis=2)
    if part.stop - part.start > 1:
        information[:, part, part.start + 1 : part.stop] -= np.matmul(weighted, wide(of, cut).transpose(0, 2, 1))
    _second(bends, cut, by_mean, information)
    if of.table is not None:
        _, one, two = ratio(dispersion * total)
        direct = -(counts * total / spread + total**2 * one)
        gradient[:, last] = (of.seen[cut] * direct).sum(axis=1)
        direct = total**3 * two - counts * (total / spread) ** 2
        information[:, last, last] = (of.seen[cut] * direct).sum(axis=1)
        cross = np.matmul(slopes, (rest / spread**2)[:, :, None])[:, :, 0]
        information[:, last, :last] = cross
        information[:, :last, last] = cross


def _bends(of: Problem, theta: Values, at: Mean) -> Bends:
    """The products with the weights between units, once for all units."""
    d, columns = of.design, of.design.columns
    row = np.append(theta, 0.0)[d.index]
    by_decay = twice = mixed = through = None
    if columns.decay.stop > columns.decay.start:
        assert d.pattern is not None
        weights = d.pattern.at(float(row[0, columns.decay.start]), True)
        through, by_decay, twice = (one @ of.past for one in weights)
    elif d.pattern is not None:
        through = of.through
    if columns.lags.stop > columns.lags.start:
        mixed = row[:, columns.own] * of.past if d.spec.own is not None else np.zeros_like(of.past)
        if d.sources is not None:
            padded = np.concatenate([of.past, np.zeros((1, of.past.shape[1]))])
            mixed = mixed + np.einsum("ks,kst->kt", row[:, columns.coupling], padded[d.sources])
        elif through is not None:
            mixed = mixed + row[:, columns.coupling] * through
    return Bends(of, at, row, dispersions(of, theta), by_decay, twice, mixed, through)


def _slopes(bends: Bends, cut: slice, slopes: Values) -> None:
    """Fills in the derivatives of the mean by each column but the dispersion, shape (units, columns, periods)."""
    of, at, d, columns = bends.of, bends.at, bends.of.design, bends.of.design.columns
    slopes[:, columns.endemic.start] = at.endemic[cut]
    np.multiply(at.endemic[cut, None], wide(of, cut), out=slopes[:, columns.endemic.start + 1 : columns.endemic.stop])
    if d.spec.own is not None:
        slopes[:, columns.own.start] = at.past[cut]
    if at.others is not None:
        slopes[:, columns.coupling] = at.others[cut] if d.sources is not None else at.others[cut, None]
    if bends.by_decay is not None:
        coefficient = bends.row[cut, columns.coupling.start, None]
        slopes[:, columns.decay.start] = coefficient * lagged(bends.by_decay[cut], at.lags.weights)
    if bends.mixed is not None:
        for n, weights in enumerate(at.lags.first):
            slopes[:, columns.lags.start + n] = lagged(bends.mixed[cut], weights)


def _second(bends: Bends, cut: slice, by_mean: Values, information: Values) -> None:
    """Takes off what second derivatives of the mean, other than of the endemic part, add to the information."""
    of, at, d, columns = bends.of, bends.at, bends.of.design, bends.of.design.columns

    def off(first: int, other: int, values: Values) -> None:
        found = np.einsum("kt,kt->k", by_mean, values)
        information[:, first, other] -= found
        if first != other:
            information[:, other, first] -= found

    coupling, decay = columns.coupling.start, columns.decay.start
    coefficient = bends.row[cut, coupling : coupling + 1]
    if bends.by_decay is not None and bends.by_decay_twice is not None:
        off(coupling, decay, lagged(bends.by_decay[cut], at.lags.weights))
        off(decay, decay, coefficient * lagged(bends.by_decay_twice[cut], at.lags.weights))
    if bends.mixed is None:
        return
    padded = None
    if d.sources is not None:
        padded = np.concatenate([of.past, np.zeros((1, of.past.shape[1]))])[d.sources[cut]]
    for n, weights in enumerate(at.lags.first):
        column = columns.lags.start + n
        if d.spec.own is not None:
            off(columns.own.start, column, lagged(of.past[cut], weights))
        if padded is not None:
            for source in range(padded.shape[1]):
                off(coupling + source, column, lagged(padded[:, source], weights))
        elif bends.through is not None:
            off(coupling, column, lagged(bends.through[cut], weights))
        if bends.by_decay is not None:
            off(decay, column, coefficient * lagged(bends.by_decay[cut], weights))
        for m in range(n, len(at.lags.first)):
            off(column, columns.lags.start + m, lagged(bends.mixed[cut], at.lags.second[n, m]))
