"""What is not known of a fit, as draws of its parameters, and what draws say of anything computed from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from harmattan.models.spillover import signed
from harmattan.models.spillover.counts import Values
from harmattan.models.spillover.design import design
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.likelihood import gradient, information, problem
from harmattan.models.spillover.signed import NEVER_NEGATIVE
from harmattan.models.spillover.simulate import Process, processes

DRAWS = 400
NOTHING = 1e-12
"""What is left of an endemic part that a draw takes away altogether."""
AGAIN = 30
STEEP = 1e4
"""A root of the scaled information with a larger entry comes of one that is all but singular."""


LEAST = 0.5
"""An endemic part of fewer counts than these, over all periods, has no trend or season that could be drawn."""


@dataclass(frozen=True)
class Drawn:
    """Draws of all parameters together: `theta` has the shape (draws, parameters), in the order of `names`.

    `processes` has for each draw the matrix between units, the weights of the lags and the dispersion by unit.
    `asked` is how many there should be: a refit that did not converge is not among them.
    """

    kind: Literal["bootstrap", "likelihood"]
    names: tuple[str, ...]
    theta: Values = field(repr=False)
    processes: tuple[Process, ...] = field(repr=False)
    asked: int
    beyond: tuple[Values, tuple[Process, ...]] | None = field(default=None, repr=False)
    """The same about where the likelihood would have its top if coefficients could be negative, not held at 0.

    What is made of many coefficients has too high a value where each is held at 0 or more; draws from here have not.
    """

    @property
    def free(self) -> tuple[Values, tuple[Process, ...], bool]:
        """Draws for what is made of many coefficients, and whether they are biased as the value is."""
        return (self.theta, self.processes, True) if self.beyond is None else (*self.beyond, False)

    @property
    def converged(self) -> int:
        """How many there are."""
        return len(self.processes)


@dataclass(frozen=True)
class Band:
    """Values with their interval, all of the same shape; `low` and `high` are None where nothing was drawn.

    Arrays may be masked where there is nothing to say; `tolist()` then has None there.
    """

    value: Values
    low: Values | None
    high: Values | None

    def part(self, at: Any) -> Band:
        """Those at an index of the arrays."""
        low, high = (None if one is None else one[at] for one in (self.low, self.high))
        return Band(self.value[at], low, high)


def span(draws: Any, level: float) -> tuple[Any, Any]:
    """The middle `level` of draws along the first axis, by order statistics, so that draws may be infinite.

    >>> low, high = span(np.arange(1000.0), 0.95)
    >>> float(low), float(high)
    (25.0, 974.0)
    """
    at = int((1 - level) / 2 * len(draws) + 1e-9)
    ordered = np.sort(draws, axis=0)
    return ordered[at], ordered[-1 - at]


def band(value: Values, draws: Sequence[Values] | Values, level: float, *, biased: bool = True) -> Band:
    """A value with the interval of its draws, which holds it and is never negative; none where there are none.

    Where draws are `biased` as the value is, the interval takes the quantiles at which draws would lie if the value
    were their median (bias-corrected percentiles: Efron 1987, doi:10.1080/01621459.1987.10478410, no acceleration).
    """
    from scipy.special import ndtr, ndtri

    if not len(draws):
        return Band(value, None, None)
    ordered = np.sort(np.asarray(draws), axis=0)
    many, limit, ends = len(ordered), float(ndtri((1 + level) / 2)), []
    below = (ordered <= value + 1e-12).sum(axis=0).clip(0.5, many - 0.5) / many
    for side in (-1, 1):
        share = ndtr((2 * ndtri(below) if biased else np.zeros_like(below)) + side * limit)
        at = (share * many - 0.5).round().astype(np.intp).clip(0, many - 1)
        ends.append(np.take_along_axis(ordered, np.asarray(at)[None], axis=0)[0])
    return Band(value, np.minimum(ends[0], value).clip(0.0), np.maximum(ends[1], value))


def likely(fit: Fit, n: int = DRAWS, rng: np.random.Generator | None = None) -> Drawn:
    """Draws of what the estimates would be in worlds like the fitted one, by the curvature of the likelihood.

    Each is the largest value, within the bounds, of a parabola with the observed information whose top lies where the
    noise of the score puts it: a normal draw about the estimates, projected in the metric of the information, so that
    a coefficient may be 0 in many draws (Andrews 1999, doi:10.1111/1468-0262.00082). The level of an endemic part is
    drawn as a factor, not as its logarithm, and may go to nothing as well. Quick: no refit. It is what a parametric
    bootstrap would give if the likelihood were a parabola. Those beyond the bounds are about the fit without bounds
    (`signed`), or, where that does not converge, about the top of the parabola. Without `rng` the draws are the same
    ones for the same fit.
    """
    of = problem(design(fit.counts, fit.spec), fit.counts.values)
    kinds = np.array([name.split(":")[0] for name in fit.names])
    level = kinds == "level"
    low = np.where(np.isin(kinds, NEVER_NEGATIVE), -fit.theta, np.where(level, -1.0, -np.inf))
    moves = ~np.isin(fit.names, fit.bounded) | np.isin(kinds, NEVER_NEGATIVE)
    moves &= ~np.isin(fit.names, _unseen(fit))
    with np.errstate(all="ignore"):
        spread, root = _spread(information(of, fit.theta)[np.ix_(moves, moves)])
    normal = (rng or np.random.default_rng(1)).standard_normal((n, len(fit.names)))
    noise = normal[:, moves] @ root.T
    top = spread @ gradient(of, fit.theta)[moves]
    inside = _moved(fit.theta, moves, level, np.array([projected(one, spread, low[moves]) for one in noise]))
    freed = signed.draws(fit, normal)
    outside = _moved(fit.theta, moves, level, noise + top) if freed is None else freed
    within, beyond = processes(of, inside), processes(of, outside)
    return Drawn("likelihood", fit.names, inside, within, n, (outside, beyond))


def _moved(theta: Values, moves: NDArray[np.bool_], level: NDArray[np.bool_], by: Values) -> Values:
    """Parameters moved by draws of what moves, shape (draws, parameters); levels as factors."""
    away = np.zeros((len(by), len(theta)))
    away[:, moves] = by
    return np.asarray(theta + np.where(level, np.log(np.maximum(1 + np.where(level, away, 0.0), NOTHING)), away))


def _unseen(fit: Fit) -> list[str]:
    """Parameters of the course of an endemic part of which next to nothing is expected: counts say nothing of it."""
    expected = np.nansum(fit.parts.endemic, axis=1)
    gone = {unit for unit, count in zip(fit.counts.units, expected, strict=True) if count < LEAST}
    split = (name.partition(":") for name in fit.names)
    return [f"{kind}:{unit}" for kind, _, unit in split if unit in gone and kind not in (*NEVER_NEGATIVE, "level")]


def _spread(information: Values) -> tuple[Values, Values]:
    """The inverse of the information, made positive definite where it is not, and its root."""
    scale = np.sqrt(np.maximum(np.abs(np.diagonal(information)), 1e-300))
    scaled = information / np.outer(scale, scale)
    try:
        root = np.linalg.inv(np.linalg.cholesky(scaled)).T / scale[:, None]
        if np.isfinite(root).all() and np.abs(root * scale[:, None]).max(initial=0.0) < STEEP:
            return root @ root.T, root
    except np.linalg.LinAlgError:
        pass
    roots, vectors = np.linalg.eigh(scaled)
    inverse = 1 / np.maximum(np.abs(roots), 1e-8 * np.abs(roots).max(initial=1e-300))
    root = vectors * np.sqrt(inverse) / scale[:, None]
    return root @ root.T, root


def projected(point: Values, spread: Values, low: Values) -> Values:
    """The nearest point not below `low`, in the metric of the inverse of `spread`.

    What is held at its bound pulls the others along; who is held is found by exchange (Hintermueller, Ito & Kunisch
    2002, doi:10.1137/S1052623401383558).
    """
    held: NDArray[np.bool_] = point < low
    for _ in range(AGAIN):
        if not held.any():
            return point
        pull = np.linalg.solve(spread[np.ix_(held, held)], (low - point)[held])
        found = point + spread[:, held] @ pull
        found[held] = low[held]
        force = np.zeros(len(point))
        force[held] = pull
        new = np.where(held, force > 0, found < low)
        if np.array_equal(new, held):
            return np.asarray(found)
        held = new
    return np.maximum(point, low)
