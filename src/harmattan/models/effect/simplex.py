"""Weights that are not negative and add up to 1, which bring donors as near as can be to a target.

The quadratic programme is solved exactly by a primal active set on the Gram matrix of the donors (Lawson & Hanson's
idea for non-negative least squares, with the sum as one multiplier): every step solves a small system for the donors
that carry weight, and it ends where no other donor would bring the target nearer. `gap` certifies it: it is the
Frank-Wolfe duality gap, an upper bound of how far the objective is above its minimum (Jaggi 2013,
proceedings.mlr.press/v28/jaggi13).

Where donors are collinear, many weights fit equally; a tiny ridge, `TINY` of the median squared distance between donor
and target, chooses the most even of them. So the answer is unique and the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from harmattan.models.effect.outcome import Values

TINY = 1e-8
"""Ridge that decides between collinear donors, relative to the median squared distance of a donor to the target."""
ROUNDING = 1e-12
"""Of a donor's own square: the least ridge that is seen beside it, for copies of a donor that is very far off."""
TOLERANCE = 1e-14
"""Of a reduced gradient, relative to the same distance."""
KEPT = 1e-9
"""Smaller weights are 0."""

MANY, HEAVY = 20, 1e-4
"""Donors, and a ridge relative to the same distance, from which on a guess saves time."""


@dataclass(frozen=True)
class Weights:
    """Weights of donors, shape (donors,); `intercept` in the unit of the target, 0 where none was asked for."""

    of: Values = field(repr=False)
    intercept: float
    error: float
    """Root mean square of target less weighted donors (and intercept)."""
    gap: float
    """The objective (mean square and ridge) is at most this far above its minimum."""


def simplex(donors: Values, target: Values, *, ridge: float = 0.0, intercept: bool = False) -> Weights:
    """Least mean square of `target - intercept - weights @ donors`, plus `ridge` times the weights' sum of squares.

    `donors` has the shape (donors, times), `target` (times,); `ridge` is in squared units of the target, as the
    `zeta**2` of Arkhangelsky et al. (2021), doi:10.1257/aer.20190159. Raises ValueError without donors or times.

    >>> simplex(np.array([[0.0, 2.0, 0.0], [4.0, 0.0, 4.0]]), np.array([1.0, 1.5, 1.0])).of.round(6).tolist()
    [0.75, 0.25]
    """
    if not donors.shape[0] or not donors.shape[1]:
        raise ValueError(f"no donors or no times: {donors.shape}")
    low = donors - target
    if intercept:
        low = low - low.mean(axis=1, keepdims=True)
    gram = low @ low.T / low.shape[1]
    found, gap = solve(gram, np.zeros(len(gram)), np.diag(gram), ridge)
    left = target - found @ donors
    shift = float(left.mean()) if intercept else 0.0
    return Weights(found, shift, float(np.sqrt(np.mean((left - shift) ** 2))), gap)


def each(values: Values, *, ridge: float | Values = 0.0, intercept: bool = False) -> Values:
    """For each unit the weights of all others that bring them nearest to it, from one Gram matrix.

    `values` has the shape (units, times), `ridge` is one or of each unit (units,); the answer (units, units) has rows
    that add up to 1 and a diagonal of 0. Raises ValueError with fewer than two units.

    >>> each(np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 4.0]])).round(3).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]
    """
    units = len(values)
    if units < 2:
        raise ValueError("each unit needs another")
    low = values - values.mean(axis=0)
    if intercept:
        low = low - low.mean(axis=1, keepdims=True)
    gram = low @ low.T / low.shape[1]
    square = np.diag(gram)
    out = np.zeros((units, units))
    ridges = np.broadcast_to(np.asarray(ridge, dtype=float), (units,))
    for unit in range(units):
        others = np.delete(np.arange(units), unit)
        near = square[others] + square[unit] - 2 * gram[unit, others]
        out[unit, others] = solve(gram[np.ix_(others, others)], gram[unit, others], near, float(ridges[unit]))[0]
    return out


def but_one(rows: Values) -> Values:
    """For each column left out in turn, weights of rows whose mix is most alike over the other columns.

    `rows` has the shape (rows, columns), already less what they are to meet; the answer (columns, rows) is what
    `simplex` with an intercept gives without the column. One Gram matrix is changed by the column that is left out, and
    the weights of all columns are the guess. Needs three columns.
    """
    columns = rows.shape[1]
    low = rows - rows.mean(axis=1, keepdims=True)
    whole = low @ low.T
    guess = solve(whole / columns, np.zeros(len(rows)), np.diag(whole) / columns, 0.0)[0]
    out = np.zeros((columns, len(rows)))
    for column in range(columns):
        own = low[:, column]
        gram = (whole - np.outer(own, own) * (columns / (columns - 1))) / (columns - 1)
        out[column] = solve(gram, np.zeros(len(rows)), np.diag(gram), 0.0, guess)[0]
    return out


def solve(gram: Values, cross: Values, near: Values, ridge: float, start: Values | None = None) -> tuple[Values, float]:
    """Weights `w` of least `w @ gram @ w - 2 * cross @ w + ridge * w @ w` on the simplex, and the duality gap.

    `gram` (donors, donors) and `cross` (donors,) are means over times; `near` holds squared distances of donors to the
    target, which set the scale of the tiny ridge and of the tolerance. `start` is a guess.
    """
    scale = float(np.median(near))
    scale = scale if scale > 0 else float(np.mean(near))
    ridge = max(ridge, TINY * scale) if scale > 0 else max(ridge, 1.0)
    scale = max(scale, ridge)
    with_ridge = gram + np.diag(np.maximum(ridge, ROUNDING * np.diag(gram)))
    if start is None and len(gram) > MANY and ridge > HEAVY * scale:
        start = _guess(with_ridge, cross)
    weights = _active(with_ridge, cross, near, scale * TOLERANCE, start)
    slope = with_ridge @ weights - cross
    return weights, max(0.0, 2 * float(slope @ weights - slope.min()))


def _guess(gram: Values, cross: Values) -> Values:
    """A start near the answer where a ridge lets many donors carry weight: all of them that would, at once.

    Block pivoting (Kim & Park 2011, doi:10.1137/110821172) without its safeguards: what it ends with is any mix.
    """
    held = np.ones(len(gram), dtype=bool)
    weights = np.full(len(gram), 1 / len(gram))
    for _ in range(20):
        weights = np.zeros(len(gram))
        weights[held] = _mix(gram[np.ix_(held, held)], cross[held])
        slope = gram @ weights - cross
        level = float(slope[held].mean())
        changed = np.where(held, weights > 0, slope < level)
        if (changed == held).all():
            break
        held = changed
    weights = np.maximum(weights, 0.0)
    return np.asarray(weights / weights.sum())


def _active(gram: Values, cross: Values, near: Values, tolerance: float, start: Values | None) -> Values:
    """The active set: donors enter one at a time, and leave where the best mix would make them negative."""
    weights = np.zeros(len(gram))
    if start is None:
        weights[int(np.argmin(near))] = 1.0
    else:
        weights[:] = start
    held = np.flatnonzero(weights)
    held = _settle(gram, cross, weights, held)
    for _ in range(10 * len(gram) + 100):
        slope = gram[:, held] @ weights[held] - cross
        level = float(slope[held] @ weights[held])
        slope[held] = np.inf
        enters = int(np.argmin(slope))
        if slope[enters] >= level - tolerance:
            break
        held = np.append(held, enters)
        held = _settle(gram, cross, weights, held)
        if enters not in held:
            break
    weights[weights < KEPT] = 0.0
    return np.asarray(weights / weights.sum())


def _settle(gram: Values, cross: Values, weights: Values, held: NDArray[np.intp]) -> NDArray[np.intp]:
    """Moves to the best mix of the donors held, letting go those that would be negative on the way."""
    while True:
        best = _mix(gram[np.ix_(held, held)], cross[held])
        if best.min() > 0:
            weights[held] = best
            return held
        now = weights[held]
        falling = best <= 0
        step = float(np.min(now[falling] / np.maximum(now[falling] - best[falling], np.finfo(float).tiny)))
        moved = now + min(step, 1.0) * (best - now)
        moved[falling & (moved <= KEPT * 1e-3)] = 0.0
        weights[held] = np.maximum(moved, 0.0)
        stays = weights[held] > 0
        if stays.all():
            worst = int(np.argmin(np.where(falling, moved, np.inf)))
            weights[held[worst]] = 0.0
            stays[worst] = False
        held = held[stays]


def _mix(gram: Values, cross: Values) -> Values:
    """The best mix that adds up to 1, of any sign."""
    sides = np.ones((len(gram), 2))
    sides[:, 0] = cross
    both = np.linalg.solve(gram, sides)
    return np.asarray(both[:, 0] + (1 - both[:, 0].sum()) / both[:, 1].sum() * both[:, 1])
