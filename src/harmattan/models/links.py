"""How violence in a place has gone with a neighbour's: one elasticity, pooled over all pairs, and its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harmattan.models.draws import Draws
from harmattan.models.levels import LONG, SHARE_SHORT, SHORT, weighted
from harmattan.models.panel import Panel, Values

WARM_UP = 24
"""Months of a panel that only serve to know levels by."""
EVERY = 3
"""Of the months of the past, one in so many is learnt from."""
BLOCK = 36
"""Months that are left out together: within them nothing is taken for independent."""
CERTAINTY = 0.99
"""Of the interval that must leave out 0: in simulated worlds without a link, 95 % was left out too often."""
QUIET = 1.0
"""Deaths a month below which a level is too low for a change of it to tell anything."""
PRIOR = 0.5
"""Standard deviation of the elasticity before data are seen, about 0: a doubling rarely does more than double."""
FEWEST = 5
"""Blocks below which nothing is told."""


@dataclass(frozen=True)
class Link:
    """The elasticity of a unit's deaths after some months to a neighbour's in these months.

    `slope` and `error` are shrunk towards 0; `low` and `high` bound 99 %. `pairs` and `n` are what it rests on, and
    `changes` the 1 % and the 99 % point of the neighbours' changes seen, as natural logarithms.
    """

    slope: float
    error: float
    low: float
    high: float
    pairs: int
    n: int
    changes: tuple[float, float]

    @property
    def told(self) -> bool:
        """Whether the data can tell it from none."""
        return self.low > 0 or self.high < 0

    def times(self, base: Draws, along: Draws, rng: np.random.Generator) -> Values:
        """By what a unit's deaths are multiplied in each draw: 1 where the data cannot tell the link from none.

        `base` and `along` are the neighbour's draws of the months of the path, shape (months, draws).
        """
        if not self.told:
            return np.ones(base.shape[1])
        slope = rng.normal(self.slope, self.error, base.shape[1])
        return np.asarray(((along.mean(axis=0) + 1.0) / (base.mean(axis=0) + 1.0)) ** slope)


def link(panel: Panel, months: int, after: int) -> Link | None:
    """The link between neighbours, over `months` months of the one and the `after` months that follow of the other.

    For every pair of neighbours that both have a level of at least QUIET deaths a month at an origin t:

        log((y + 1) / (level_i + 1)) = a + b log((x + 1) / (level_j + 1)) + c log(level_i + 1) + d log(level_j + 1),

    where x is j's mean over months t+1 to t+months, y is i's mean over the `after` months that follow, and levels are
    those of `harmattan.models.levels` at t. b by least squares, its error by leaving out
    blocks of BLOCK months (the cluster jackknife CV3, MacKinnon, Nielsen and Webb 2022, arXiv:2205.03288), the bound
    Student's with blocks less one degrees of freedom; b and its error are then shrunk by a normal prior about 0. It is
    what went with what, not what did what: both may have had one cause. None where
    neighbours or enough blocks are not known.
    """
    rows = _rows(panel, months, after)
    blocks = np.unique(rows.block)
    if len(blocks) < FEWEST:
        return None
    known = np.column_stack([rows.change, rows.levels])
    slope = _slope(known, rows.answer)
    without = np.array([_slope(known[rows.block != one], rows.answer[rows.block != one]) for one in blocks])
    error = float(np.sqrt((len(blocks) - 1) / len(blocks) * ((without - slope) ** 2).sum()))
    return _shrunk(slope, error, len(blocks) - 1, rows) if error > 0 else None


def quiet(panel: Panel, unit: str) -> bool:
    """Whether a unit's level in the last month is too low for a link to hold for it."""
    return not float(_scale(panel.only([unit]).values)[0, -1]) >= QUIET


def _scale(values: Values) -> Values:
    """The level of each unit in each month, as in `levels`."""
    return np.asarray(SHARE_SHORT * weighted(values, SHORT) + (1 - SHARE_SHORT) * weighted(values, LONG))


@dataclass(frozen=True)
class _Rows:
    change: Values
    answer: Values
    levels: Values
    block: NDArray[np.intp]
    pairs: int


def _rows(panel: Panel, months: int, after: int) -> _Rows:
    """What there is to learn from: one row for each pair and origin."""
    pairs = np.array([(i, j) for i, near in enumerate(panel.neighbours) for j in near], np.intp).reshape(-1, 2)
    at = np.arange(WARM_UP, panel.values.shape[1] - months - after, EVERY)
    if not len(pairs) or not len(at):
        return _Rows(np.zeros(0), np.zeros(0), np.zeros((0, 3)), np.zeros(0, np.intp), 0)
    scale = _scale(panel.values)[:, at]
    ahead = _means(panel.values, at + 1, months)
    later = _means(panel.values, at + 1 + months, after)
    one, other = pairs.T
    change = np.log((ahead[other] + 1) / (scale[other] + 1))
    answer = np.log((later[one] + 1) / (scale[one] + 1))
    with np.errstate(invalid="ignore"):
        fits = np.isfinite(change + answer) & (scale[one] >= QUIET) & (scale[other] >= QUIET)
    own, its = np.log(scale[one] + 1)[fits], np.log(scale[other] + 1)[fits]
    block = np.broadcast_to(at // BLOCK, fits.shape)[fits]
    known = np.column_stack([np.ones(len(own)), own, its])
    return _Rows(change[fits], answer[fits], known, block, int(fits.any(axis=1).sum()))


def _means(values: Values, start: NDArray[np.intp], months: int) -> Values:
    """The means over so many months from each start: shape (units, starts); NaN where one of them is unknown."""
    return np.asarray(values[:, start[:, None] + np.arange(months)].mean(axis=2))


def _slope(known: Values, of: Values) -> float:
    """The first coefficient of a regression by least squares; where columns say the same, the smallest."""
    return float(np.linalg.lstsq(known, of, rcond=None)[0][0])


def _shrunk(slope: float, error: float, freedom: int, rows: _Rows) -> Link:
    from scipy import special

    edge, normal = (float(of((1 + CERTAINTY) / 2)) for of in (lambda p: special.stdtrit(freedom, p), special.ndtri))
    wide = error * edge / normal
    share = PRIOR**2 / (PRIOR**2 + wide**2)
    mean, after = share * slope, float(np.sqrt(share)) * wide
    low, high = (float(point) for point in np.quantile(rows.change, [0.01, 0.99]))
    return Link(mean, after, mean - normal * after, mean + normal * after, rows.pairs, len(rows.change), (low, high))


def beside(units: Sequence[str], pairs: Sequence[tuple[str, str]]) -> tuple[tuple[int, ...], ...]:
    """The positions of each unit's neighbours, from pairs of units that touch; a pair of others is passed over.

    >>> beside(("A", "B", "C"), [("A", "C"), ("C", "D")])
    ((2,), (), (0,))
    """
    place = {unit: n for n, unit in enumerate(units)}
    near: list[set[int]] = [set() for _unit in units]
    for one, other in pairs:
        if one in place and other in place and one != other:
            near[place[one]].add(place[other])
            near[place[other]].add(place[one])
    return tuple(tuple(sorted(found)) for found in near)
