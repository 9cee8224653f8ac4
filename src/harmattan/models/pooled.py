"""Several models pooled into one, and draws put in the order of the past so that months and places move together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from harmattan.models.draws import Draws, Fitted, Model
from harmattan.models.forest import Forest
from harmattan.models.history import Fading
from harmattan.models.levels import level
from harmattan.models.panel import Panel
from harmattan.text import Number, T, Text, Verbatim, listing

MEMORY = 120
"""Months back from which the patterns come that draws are ordered by."""


@dataclass(frozen=True)
class Pooled:
    """A linear pool: of each hundred draws so many from one model and so many from the other, by fixed weights.

    A unit's draws are then put in an order: draw k follows, over the steps, the ranks that its past had after some
    month, the same month for all units (the Schaake shuffle, Clark et al. 2004,
    doi:10.1175/1525-7541(2004)005<0243:TSSAMF>2.0.CO;2). So sums over months and over places have honest spreads; no
    month's own distribution changes.
    """

    parts: tuple[tuple[Model, float], ...]
    name: str = "pooled"

    @property
    def meaning(self) -> Text:
        """What is pooled, by which weights."""
        parts = listing(
            [
                T("{share} % {model}", share=Number(100 * weight), model=Verbatim(model.name))
                for model, weight in self.parts
            ]
        )
        return T("A pool with weights frozen on earlier months: {parts}.", parts=parts)

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        """All parts, fitted, and the pattern of the past."""
        fitted = tuple((model.fit(panel, steps, seed + at), weight) for at, (model, weight) in enumerate(self.parts))
        return _Pool(fitted, panel, tuple(steps), seed)


@dataclass(frozen=True)
class _Pool:
    parts: tuple[tuple[Fitted, float], ...]
    panel: Panel
    steps: tuple[int, ...]
    seed: int

    def draw(self, units: NDArray[np.intp], n: int, rng: Sequence[np.random.Generator]) -> Draws:
        counts = shares(n, [weight for _model, weight in self.parts])
        drawn = [model.draw(units, count, rng) for (model, _weight), count in zip(self.parts, counts, strict=True)]
        return Order(self.panel, self.steps, self.seed).put(np.concatenate(drawn, axis=2), units, rng)

    def after(self, panel: Panel) -> _Pool:
        return replace(self, parts=tuple((model.after(panel), weight) for model, weight in self.parts), panel=panel)


def shares(n: int, weights: Sequence[float]) -> list[int]:
    """`n` split by weights into whole numbers that add up to it.

    >>> shares(10, [0.5, 0.25, 0.25])
    [5, 3, 2]
    """
    edges = np.rint(np.cumsum(weights) / np.sum(weights) * n).astype(int)
    return [int(count) for count in np.diff(edges, prepend=0)]


@dataclass(frozen=True)
class Order:
    """The ranks that the past had after months picked alike for all units: draw k follows those after the k-th.

    Ranks are those of a month's value relative to the unit's level when the month was picked, so that a war that has
    grown for years ties months together no more than its ups and downs do.
    """

    panel: Panel
    steps: tuple[int, ...]
    seed: int

    def put(self, draws: Draws, units: NDArray[np.intp], rng: Sequence[np.random.Generator]) -> Draws:
        """The same draws for each unit and step, in that order; ties of the past by the unit's own generator."""
        n, last = draws.shape[2], self.panel.values.shape[1] - 1
        latest = max(0, last - max(self.steps))
        picked = np.random.default_rng([self.seed, self.panel.last.ordinal]).integers(
            max(0, latest - MEMORY), latest + 1, n
        )
        found = np.sort(draws, axis=2)
        after = np.minimum(picked + np.array(self.steps)[:, None], last)
        past = np.nan_to_num(self.panel.values[units])
        base = np.nan_to_num(level(self.panel.values[units])) + 1
        for at, one in enumerate(rng):
            _, ranks = np.unique(past[at][after] / base[at][picked], return_inverse=True)
            order = np.argsort(ranks.reshape(after.shape) + one.random(after.shape), axis=1)
            np.put_along_axis(found[at], order, found[at].copy(), axis=1)
        return found


BY_EVENTS = Forest("forest-by-events", trees=60, spread_features=0.55, by_covariates=0.5)
POOLED = Pooled(((Fading(4.0, 24), 0.4), (Forest(trees=60), 0.3), (BY_EVENTS, 0.3)))
"""Its weights are those with the least CRPS over the windows 2004 to 2017 (`bench/RESULTS.md`)."""
