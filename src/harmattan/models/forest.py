"""A forest on relative scale: what came after months that ran alike, anywhere, in units of the place's own level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from harmattan.models.draws import Draws, Fitted
from harmattan.models.history import BENCHMARK
from harmattan.models.levels import Levels, levels
from harmattan.models.panel import Panel
from harmattan.text import T, Text

WARM_UP = 24
"""Months of a panel that only serve to know levels by."""
HORIZONS = 6
"""Steps, of those asked for, that the forest learns from; it tells between them by the step itself."""
LEAST = 100
"""Months of some unit, after the warm-up, without which no forest is grown."""
FEWEST = 100
"""Months that a limit to growth must rest on."""
FLOOR = 0.05
"""Added to the relative target before its logarithm."""


@dataclass(frozen=True)
class Forest:
    """Draws from the leaves of a random forest, as quantile regression forests do (Meinshausen 2006, JMLR 7:983).

    The target is a month's value over the unit's level at the origin, plus one; the features say how the series ran
    relative to that level (`levels`), and how far ahead the month is. Most rows are learnt from in proportion to the
    level, as the score weighs them. Trees know no absolute deaths: what one war taught holds for one of any size.
    """

    name: str = "forest"
    trees: int = 100
    leaf: int = 40
    rows: int = 60_000
    every: int = 2
    """Of the origins in the past, one in so many is learnt from."""
    spread_features: float = 0.4
    """Share of the features among which a tree looks for each split."""
    share: float = 0.3
    """Share of the rows that a tree sees."""
    by_covariates: float = 0.0
    """Share of a unit's level that its covariates tell (`levels`)."""
    even: float = 0.2
    """Share of the rows that is learnt from whatever their level: else a few wars outweigh all quiet places, whose
    chance of no deaths would then be that of wars which ran as evenly."""

    @property
    def meaning(self) -> Text:
        """How it comes to its draws."""
        return T("What followed, anywhere, after months that ran alike, in units of the place's own level.")

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        """The forest of a panel; where it has too little to learn from, the benchmark: each unit's own last months."""
        known = levels(panel, self.by_covariates)
        asked, target = _rows(panel, known, steps, self.every)
        if len(target) < LEAST:
            return BENCHMARK.fit(panel, steps, seed)
        rng = np.random.default_rng([seed, panel.last.ordinal])
        picked = self._picked(known, asked, rng)
        features, relative = _features(known, asked[picked]), target[picked]
        forest = grown(self, features, np.log(relative + FLOOR), rng)
        most = Most.of(known.scale[asked[:, 0], asked[:, 1]], target)
        leaves = Leaves.of(forest.apply(features))
        return Grown(forest, relative, leaves, _now(known), tuple(steps), partial(_looked_at, self.by_covariates), most)

    def _picked(self, known: Levels, asked: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
        weight = known.scale[asked[:, 0], asked[:, 1]] + 1
        weight = np.minimum(weight, np.quantile(weight, 0.999))
        chance = (1 - self.even) * weight / weight.sum() + self.even / len(asked)
        return rng.choice(len(asked), min(self.rows, len(asked)), replace=True, p=chance)


class Shape(Protocol):
    """What a random forest is grown by."""

    @property
    def trees(self) -> int:
        """How many trees it has."""
        ...

    @property
    def leaf(self) -> int:
        """The fewest rows of a leaf."""
        ...

    @property
    def spread_features(self) -> float:
        """Share of the features among which a tree looks for each split."""
        ...

    @property
    def share(self) -> float:
        """Share of the rows that a tree sees."""
        ...


def grown(shape: Shape, features: NDArray[Any], target: NDArray[Any], rng: np.random.Generator) -> Any:
    """A random forest of a shape, fitted; on all processors, which changes nothing of it."""
    from sklearn.ensemble import RandomForestRegressor

    forest = RandomForestRegressor(
        shape.trees,
        min_samples_leaf=shape.leaf,
        max_features=shape.spread_features,
        max_samples=shape.share,
        random_state=int(rng.integers(2**31)),
        n_jobs=-1,
    )
    return forest.fit(features, target)


@dataclass(frozen=True)
class Leaves:
    """The rows of a forest by tree and leaf: `order[tree]` lists them, those of leaf k from `start[tree, k]` on.

    Shapes: (trees, rows) and (trees, leaves of the largest tree).
    """

    order: NDArray[np.intp]
    start: NDArray[np.intp]
    count: NDArray[np.intp]

    @classmethod
    def of(cls, leaves: NDArray[Any]) -> Leaves:
        """From the leaf of each row in each tree: shape (rows, trees)."""
        most = int(leaves.max()) + 1
        count = np.array([np.bincount(one, minlength=most) for one in leaves.T])
        start = np.cumsum(count, axis=1) - count
        return cls(np.argsort(leaves.T, axis=1, kind="stable"), start, count)

    @property
    def trees(self) -> int:
        """How many trees there are."""
        return len(self.order)

    def pick(self, leaf: NDArray[Any], at: NDArray[np.float64]) -> NDArray[np.intp]:
        """Rows of leaves: `at` says where in each, from 0 to below 1; shapes (steps, trees), (steps, trees, draws)."""
        trees = np.arange(self.trees)
        inside = (at * self.count[trees, leaf][..., None]).astype(np.intp)
        return np.asarray(self.order[trees[:, None], self.start[trees, leaf][..., None] + inside])


def _now(known: Levels) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Level and features of each unit in the last month; a unit that nothing is known of has level 0."""
    return np.nan_to_num(known.scale[:, -1]), np.nan_to_num(known.features[:, -1])


Look = Callable[[Panel], tuple[NDArray[np.float64], NDArray[np.float32]]]


def _looked_at(share: float, panel: Panel) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    return _now(levels(panel, share))


@dataclass(frozen=True)
class Most:
    """How far a value can be above its unit's level: as far as one has been from a level not much lower.

    A war can break out where there was none, and be a thousand times what was there; no great war has become a
    thousand times itself. Without this limit the trees, which know no absolute deaths, would say that it may.
    """

    level: NDArray[np.float64]
    times: NDArray[np.float64]

    @classmethod
    def of(cls, level: NDArray[Any], relative: NDArray[Any]) -> Most:
        """From levels and what they were followed by, relative to them: both of the shape (rows,)."""
        order = np.argsort(level, kind="stable")
        highest = np.maximum.accumulate(relative[order][::-1])[::-1]
        return cls(level[order], highest.astype(np.float64))

    def above(self, level: float) -> float:
        """The limit at a level: the highest ever from levels of a third of it or more, at least `FEWEST` of them."""
        at = int(np.searchsorted(self.level, level / 3))
        return float(self.times[max(0, min(at, len(self.times) - FEWEST))])


@dataclass(frozen=True)
class Grown:
    """A forest after its last month: what its units look like now, and what the leaves hold."""

    forest: Any
    relative: NDArray[Any]
    leaves: Leaves
    now: tuple[NDArray[np.float64], NDArray[np.float32]]
    steps: tuple[int, ...]
    look: Look
    """What tells level and features of the units in the last month of a panel."""
    most: Most | None = None

    def draw(self, units: NDArray[np.intp], n: int, rng: Sequence[np.random.Generator]) -> Draws:
        """Equal numbers of draws from each tree, each from equal parts of the leaf's rows."""
        scale, features = self.now[0][units], self.now[1][units]
        found = np.zeros((len(units), len(self.steps), n), np.float32)
        per = -(-n // self.leaves.trees)
        whole = per * self.leaves.trees
        keep = np.linspace(0, whole - 1, n).round().astype(int)
        asked = np.column_stack([np.repeat(features, len(self.steps), axis=0), np.tile(self.steps, len(units))])
        leaf = self.forest.apply(asked.astype(np.float32)).reshape(len(units), len(self.steps), -1)
        for at, one in enumerate(rng):
            parts = (np.arange(per) + one.random((len(self.steps), self.leaves.trees, per))) / per
            drawn = np.sort(self.relative[self.leaves.pick(leaf[at], parts)].reshape(-1, whole), axis=1)
            highest = self.most.above(scale[at]) if self.most else np.inf
            found[at] = np.rint(np.minimum(drawn[:, keep], highest) * (scale[at] + 1))
        return found

    def after(self, panel: Panel) -> Grown:
        """The same trees, where the units look as they do in the last month of this panel."""
        return replace(self, now=self.look(panel))


def _rows(
    panel: Panel, known: Levels, steps: Sequence[int], every: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """What can be learnt from: unit, month and step of each row, and the target relative to the level then.

    Rows stand in the order of the units' names, so that the order in which a panel has them changes no forest.
    """
    months = panel.values.shape[1]
    places = np.unique(np.linspace(0, len(steps) - 1, min(HORIZONS, len(steps))).round().astype(int))
    by_name = np.argsort(panel.units)
    rows, targets = [], []
    for step in (steps[place] for place in places):
        at = np.arange(WARM_UP, months - step, every)
        if not len(at):
            continue
        target = panel.values[:, at + step] / (known.scale[:, at] + 1)
        place, month = np.nonzero(np.isfinite(target[by_name]))
        unit = by_name[place]
        rows.append(np.column_stack([unit, at[month], np.full(len(unit), step)]))
        targets.append(target[unit, month])
    if not rows:
        return np.zeros((0, 3), np.intp), np.zeros(0, np.float32)
    return np.concatenate(rows), np.concatenate(targets).astype(np.float32)


def _features(known: Levels, asked: NDArray[np.intp]) -> NDArray[np.float32]:
    seen = np.nan_to_num(known.features[asked[:, 0], asked[:, 1]])
    return np.column_stack([seen, asked[:, 2].astype(np.float32)])
