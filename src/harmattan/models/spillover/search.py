"""The search for the largest likelihood within bounds: projected Newton steps on the observed information.

A parameter that stands at its bound and would leave it is held there (the active set of Bertsekas 1982,
doi:10.1137/0320018); the others take a Newton step, cut back until the likelihood rises enough. Where the information
is not positive definite its eigenvalues are turned to their absolute value, so that every step leads upwards.
Parameters of one unit meet those of other units only through parameters of all, so that the information is solved in
blocks: the cost of a step grows linearly with units. Without parameters of all units each unit takes steps of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.likelihood import Evaluated, Mean, Problem, added, by_unit, evaluate, mean

GAIN = 1e-9
"""A fit has converged where the next step would raise the log-likelihood by less than this."""
ROUNDING = 1e-15
"""Relative error of what a log-likelihood is added up from: rises below it cannot be seen."""
UNSEEN = 1e-9
"""Where no step can be seen to rise, as with counts in millions, a promise of so much is none."""
TOUCHING = 1e-12
"""So near above its lower bound a parameter stands at it."""
STEPS = 1000
ROUNDS = 12
"""How often a step is taken anew without the parameters that it would take across their bounds."""
HALVINGS = 40
FLAT = 1e-10
"""Eigenvalues of the scaled information below this times the largest are not told from zero."""
LOADING = 1e-4
"""A parameter with a larger part in a direction of which the data say nothing has no standard error."""
FARTHEST = 4.0
"""The most that a linear predictor's level or a logit moves in one step."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Bounds:
    """The lowest and highest value of each parameter, and whether its step is cut at `FARTHEST`."""

    low: Values
    high: Values
    cut: Mask


@dataclass(frozen=True)
class Found:
    """Where a search ended."""

    theta: Values
    converged: bool
    steps: int


@dataclass(frozen=True)
class Blocks:
    """The information of free parameters in blocks, scaled so that its diagonal is 1.

    `local` has the shape (units, local columns, local columns), `border` (units, local columns, shared columns),
    `shared` (shared columns, shared columns).
    """

    local: Values
    border: Values
    shared: Values


def _scaled(matrices: Values) -> tuple[Values, Values]:
    """Matrices with 1 on their diagonal, and what they were divided by."""
    scale = np.sqrt(np.abs(np.diagonal(matrices, axis1=-2, axis2=-1)))
    scale = np.where(scale > 0, scale, 1.0)
    outer = scale[..., :, None] * scale[..., None, :]
    return matrices / outer, outer


def _regular(scaled: Values) -> Values | None:
    """The inverse of matrices that are all well and positive definite."""
    try:
        np.linalg.cholesky(scaled)
        inverse = np.asarray(np.linalg.inv(scaled), np.float64)
    except np.linalg.LinAlgError:
        return None
    well = np.abs(np.diagonal(inverse, axis1=-2, axis2=-1)).max() < 1 / FLAT
    return inverse if well else None


def _roots(scaled: Values) -> tuple[Values, Values, Values]:
    """Eigenvalues, eigenvectors, and the size below which an eigenvalue is not told from zero."""
    roots, vectors = np.linalg.eigh(scaled)
    return roots, vectors, FLAT * np.maximum(np.abs(roots).max(axis=-1, keepdims=True), 1e-12)


def invert(matrices: Values) -> Values:
    """Inverses of symmetric matrices, made positive definite where they are not."""
    if matrices.shape[-1] == 0:
        return matrices
    scaled, outer = _scaled(matrices)
    inverse = _regular(scaled)
    if inverse is None:
        roots, vectors, floor = _roots(scaled)
        inverse = np.einsum("...ij,...j,...kj->...ik", vectors, 1 / np.maximum(np.abs(roots), floor), vectors)
    made: Values = inverse / outer
    return made


def invert_told(matrices: Values) -> tuple[Values, Mask]:
    """Inverses of symmetric matrices among the directions of which they say something, and which rows lie in others."""
    nothing = np.zeros(matrices.shape[:-1], dtype=bool)
    if matrices.shape[-1] == 0:
        return matrices, nothing
    scaled, outer = _scaled(matrices)
    inverse = _regular(scaled)
    if inverse is not None:
        return inverse / outer, nothing
    roots, vectors, floor = _roots(scaled)
    told = roots > floor
    inverse = np.einsum(
        "...ij,...j,...kj->...ik", vectors, np.where(told, 1 / np.where(told, roots, 1.0), 0.0), vectors
    )
    nothing = np.any(~told[..., None, :] & (np.abs(vectors) > LOADING), axis=-1)
    return inverse / outer, np.asarray(nothing)


class Search:
    """One search: the problem with its bounds, and which columns are of one unit and which of all."""

    def __init__(self, of: Problem, bounds: Bounds) -> None:
        d = of.design
        self.of, self.bounds = of, bounds
        self.index, self.parameters = d.index, len(d.names)
        self.shared = np.array(d.shared, dtype=np.intp)
        self.local = np.array(d.local, dtype=np.intp)
        self.apart = not len(self.shared)
        self.at_shared = self.index[0, self.shared]
        self.at_local = self.index[:, self.local]
        size = (of.counts * (1 + np.log1p(of.counts))).sum(axis=1)
        self.unseen = ROUNDING * (size if self.apart else size.sum(keepdims=True))
        self.last: tuple[Values, Mean | None] = (np.empty(0), None)

    def held(self, theta: Values, slope: Values) -> Mask:
        """Which parameters stand at a bound that the likelihood would have them leave."""
        low, high = self.bounds.low, self.bounds.high
        return ((theta <= low) & (slope <= 0)) | ((theta >= high) & (slope >= 0))

    def evaluated(self, theta: Values) -> Evaluated:
        """Gradient and information, by unit and column."""
        return evaluate(self.of, theta, self.last[1] if self.last[0] is theta else None)

    def slope(self, found: Evaluated) -> Values:
        """The gradient by parameter."""
        return added(self.index, found.gradient, self.parameters)

    def blocks(self, information: Values, free: Mask) -> Blocks:
        """The information in blocks, with 1 on the diagonal of what is held or is no parameter."""
        local_free = np.append(free, False)[self.at_local]
        shared_free = free[self.at_shared]
        rows, across = self.local, self.shared
        local = information[:, rows[:, None], rows] * (local_free[:, :, None] & local_free[:, None])
        at = np.arange(len(rows))
        local[:, at, at] += ~local_free
        border = information[:, rows[:, None], across] * (local_free[:, :, None] & shared_free)
        shared = information[:, across[:, None], across].sum(axis=0) * np.outer(shared_free, shared_free)
        shared[np.arange(len(across)), np.arange(len(across))] += ~shared_free
        return Blocks(local, border, shared)

    def step(self, found: Evaluated, slope: Values, free: Mask) -> Values:
        """The Newton step of the free parameters, shape (parameters,)."""
        blocks = self.blocks(found.information, free)
        slope = np.where(free, slope, 0.0)
        inverse = invert(blocks.local)
        local = np.append(slope, 0.0)[self.at_local]
        step = np.zeros(self.parameters + 1)
        if self.apart:
            step[self.at_local] = np.matmul(inverse, local[:, :, None])[:, :, 0]
            step[-1] = 0.0
            return step[:-1]
        carried = np.matmul(inverse, blocks.border)
        schur = blocks.shared - np.einsum("kls,klr->sr", blocks.border, carried)
        toward = slope[self.at_shared] - np.einsum("kls,kl->s", carried, local)
        shared = invert(schur) @ toward
        step[self.at_local] = np.matmul(inverse, (local - blocks.border @ shared)[:, :, None])[:, :, 0]
        step[self.at_shared] = shared
        return np.where(free, step[:-1], 0.0)

    def within(self, found: Evaluated, theta: Values, slope: Values, free: Mask) -> Values:
        """The Newton step that stays within the bounds.

        Where it would leave them for some parameters these go to their bound, and the others take the step that is best
        then, until none leaves.
        """
        low, high = self.bounds.low - theta, self.bounds.high - theta
        whole = step = self.step(found, slope, free)
        stopped = np.zeros(self.parameters)
        open_ = free
        for _ in range(ROUNDS):
            leaves = open_ & ((step < low) | (step > high))
            if not leaves.any():
                break
            stopped = np.where(leaves, np.clip(step, low, high), stopped)
            open_ = open_ & ~leaves
            moved = np.append(stopped, 0.0)[self.index]
            bent = added(self.index, np.matmul(found.information, moved[:, :, None])[:, :, 0], self.parameters)
            step = stopped + self.step(found, slope - bent, open_)
        inner = self.step(found, slope, open_)
        for other in (inner, whole):
            rises = self.by_group(slope * step) > 0
            if rises.all():
                return step
            step = np.where(self.spread(rises.astype(np.float64)) > 0, step, other)
        return step

    def by_group(self, values: Values) -> Values:
        """Sums over the parameters of each unit, or of all where units are not apart."""
        if not self.apart:
            return np.array([values.sum()])
        each: Values = np.append(values, 0.0)[self.index].sum(axis=1)
        return each

    def spread(self, by_group: Values) -> Values:
        """A factor of each group for each of its parameters."""
        if not self.apart:
            return np.broadcast_to(by_group, self.parameters)
        found = np.ones(self.parameters + 1)
        found[self.index] = by_group[:, None]
        return found[:-1]

    def cut(self, step: Values) -> Values:
        """The step, shortened for a group in which a level would move too far."""
        far = np.where(self.bounds.cut, np.abs(step), 0.0)
        most = np.append(far, 0.0)[self.index].max(axis=1) if self.apart else np.array([far.max(initial=0.0)])
        return step * self.spread(np.minimum(1.0, FARTHEST / np.maximum(most, 1e-300)))

    def likelihood(self, theta: Values) -> Values:
        """The log-likelihood of each group, minus infinity where it cannot be told."""
        at = mean(self.of, theta)
        self.last = theta, at
        found = by_unit(self.of, theta, at)
        found = found if self.apart else found.sum(keepdims=True)
        return np.where(np.isfinite(found), found, -np.inf)

    def along(
        self, theta: Values, step: Values, slope: Values, now: Values, wanted: Mask
    ) -> tuple[Values, Values, Mask]:
        """The point along the projected step where the likelihood rises enough, its likelihood, and who found one."""
        low, high = self.bounds.low, self.bounds.high
        size = np.where(wanted, 1.0, 0.0)
        best, reached, done = theta, now, ~wanted
        for _ in range(HALVINGS):
            trial = theta + self.spread(size) * step
            trial = np.where(trial < low + TOUCHING, low, np.minimum(trial, high))
            rise = self.by_group(slope * (trial - theta))
            there = self.likelihood(trial)
            enough = ~done & (there >= now + 1e-4 * rise - self.unseen)
            if enough.all():
                return trial, there, enough
            best = np.where(self.spread(enough.astype(np.float64)) > 0, trial, best)
            reached, done = np.where(enough, there, reached), done | enough
            if done.all():
                break
            size = np.where(done, 0.0, size / 2)
        return best, reached, done

    def run(self, start: Values) -> Found:
        """Searches from a start."""
        theta = np.clip(start, self.bounds.low, self.bounds.high)
        now = self.likelihood(theta)
        for steps in range(STEPS):
            found = self.evaluated(theta)
            slope = self.slope(found)
            free = ~self.held(theta, slope)
            step = self.within(found, theta, slope, free)
            gain = self.by_group(slope * step) / 2
            wanted = gain > GAIN + self.unseen
            if not wanted.any():
                return Found(theta, True, steps)
            new, now, done = self.along(theta, self.cut(step), slope, now, wanted)
            if not done.all() and np.array_equal(new, theta):
                return Found(theta, bool((gain[~done] < UNSEEN * (1 + np.abs(now[~done]))).all()), steps)
            theta = new
        return Found(theta, False, STEPS)


def covariance_of(one: Search, theta: Values) -> tuple[Values, tuple[str, ...]]:
    """The inverse of the information where a search ended, and the names of the parameters that it says nothing of."""
    names, many = one.of.design.names, one.parameters
    with np.errstate(all="ignore"):
        found = one.evaluated(theta)
        held = (theta <= one.bounds.low) | (theta >= one.bounds.high)
        diagonal = np.diagonal(found.information, axis1=1, axis2=2)
        held |= ~(added(one.index, diagonal, many) > 0)
        blocks = one.blocks(found.information, ~held)
        inverse, untold = invert_told(blocks.local)
        out = np.zeros(many + 1, dtype=bool)
        out[one.at_local[untold]] = True
        whole = np.zeros((many + 1, many + 1))
        if not one.apart:
            carried = np.matmul(inverse, blocks.border)
            shared, untold = invert_told(blocks.shared - np.einsum("kls,klr->sr", blocks.border, carried))
            out[one.at_shared[untold]] = True
            whole[np.ix_(one.at_shared, one.at_shared)] = shared
            between = -np.matmul(carried, shared)
            flat, carried = one.at_local.ravel(), carried.reshape(-1, len(shared))
            between = between.reshape(-1, len(shared))
            whole[flat[:, None], one.at_shared] = between
            whole[one.at_shared[:, None], flat] = between.T
            whole[flat[:, None], flat] = -between @ carried.T
        whole[one.at_local[:, :, None], one.at_local[:, None, :]] += inverse
        whole = whole[:-1, :-1]
        bad = held | out[:-1] | ~(np.isfinite(np.diagonal(whole)) & (np.diagonal(whole) > 0))
    whole[bad] = np.nan
    whole[:, bad] = np.nan
    told = tuple(name for name, none in zip(names, bad[: len(names)].tolist(), strict=True) if none)
    return whole[: len(names), : len(names)], told
