"""Forecasts for cells: each is too small to be known by itself, so its past is read together with that around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.models.draws import Draws, Fitted, Model
from harmattan.models.forest import LEAST, WARM_UP, Grown, Leaves, grown
from harmattan.models.history import BENCHMARK, recent_months, spread
from harmattan.models.levels import rolling, weighted
from harmattan.models.panel import Panel, Values
from harmattan.models.pooled import Pooled
from harmattan.text import T, Text, Verbatim

HALF_LIVES = (3.0, 6.0, 12.0, 24.0, 60.0)
"""In months, of the means by which a cell's own past is told to the trees."""
RINGS = 3
"""How many rings of neighbours are looked at, one beyond the other."""
LITTLE = 0.05
"""Deaths a month that are added before logarithms; less than one death in a year."""
LONG_AGO = 120.0
"""Months after which it no longer matters how long ago the last deaths were."""
Sparse = Any
"""A scipy sparse matrix of the shape (units, units), whose rows are shares."""


def rings(panel: Panel, n: int = RINGS) -> list[Sparse]:
    """For each ring about a unit, what averages it: those beside it, those beside these, and so on; rows add up to one.

    A unit that has none in a ring has itself there: a panel without neighbours is read as one of places by themselves.
    """
    from scipy import sparse

    size = len(panel.units)
    near = panel.neighbours or ((),) * size
    counts = np.array([len(one) for one in near], np.intp)
    columns = np.array([other for one in near for other in one], np.intp)
    beside = sparse.csr_matrix((np.ones(len(columns)), (np.repeat(np.arange(size), counts), columns)), (size, size))
    inside = sparse.identity(size, format="csr")
    found, edge = [], inside
    for _ring in range(n):
        reached = ((inside + edge @ beside) > 0).astype(float)
        edge = (reached - inside).tocsr()
        inside = reached
        lonely = sparse.diags((np.asarray(edge.sum(axis=1)).ravel() == 0).astype(float))
        whole = edge + lonely
        found.append(sparse.diags(1 / np.asarray(whole.sum(axis=1)).ravel()) @ whole)
    return found


@dataclass(frozen=True)
class Around:
    """The fading past of a cell and of the cells beside it, mixed by fixed shares."""

    half_life: float = 24.0
    near: float = 6.0
    """The half-life of the neighbours' past, in months."""
    share: float = 0.5
    """How much of the draws the neighbours' past gives, all of them together."""
    months: int = 36
    name: str = "around"

    @property
    def meaning(self) -> Text:
        """How it comes to its draws."""
        return T("The fading past of the cell and of those beside it.")

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        """The past of every unit; nothing is computed before it is drawn."""
        return _About(
            self, tuple(recent_months(row, self.months) for row in panel.values), panel.neighbours, len(steps)
        )


@dataclass(frozen=True)
class _About:
    model: Around
    past: tuple[Values, ...]
    near: tuple[tuple[int, ...], ...]
    steps: int

    def draw(self, units: NDArray[np.intp], n: int, rng: Sequence[np.random.Generator]) -> Draws:
        found = np.zeros((len(units), self.steps, n), np.float32)
        for at, unit in enumerate(units):
            values, weights = self._pool(int(unit))
            if values.any():
                found[at] = spread(values, weights, n)
        return found

    def after(self, panel: Panel) -> Fitted:
        """The same of another panel: nothing is learnt but the past itself."""
        return self.model.fit(panel, range(1, self.steps + 1), 0)

    def _pool(self, unit: int) -> tuple[Values, Values]:
        """The values that a unit is drawn from, and what each weighs."""
        around = self.near[unit] if self.near else ()
        own = self._faded([unit], self.model.half_life)
        near = self._faded(around, self.model.near)
        share = self.model.share if len(near[0]) else 0.0
        if not len(own[0]):
            share = 1.0 if len(near[0]) else 0.0
            own = (np.zeros(1), np.ones(1)) if not share else own
        return np.concatenate([own[0], near[0]]), np.concatenate([(1 - share) * own[1], share * near[1]])

    def _faded(self, units: Sequence[int], half_life: float) -> tuple[Values, Values]:
        """Values that are known of some units, and their weights, which add up to one."""
        pasts = [self.past[unit] for unit in units]
        if not pasts:
            return np.zeros(0), np.zeros(0)
        values = np.concatenate(pasts)
        weights = np.concatenate([0.5 ** (np.arange(len(past))[::-1] / half_life) for past in pasts])
        known = np.isfinite(values)
        total = weights[known].sum()
        return values[known], weights[known] / total if total else weights[known]


@dataclass(frozen=True)
class Surroundings:
    """Draws from the leaves of a random forest that knows a cell's past, and that of the rings about it.

    As `forest`, after Meinshausen (2006, JMLR 7:983), but of deaths as they are: cells are many and alike, so that what
    came after months like these, somewhere, is what may come; and no cell can have more than any had.
    """

    name: str = "surroundings"
    trees: int = 100
    leaf: int = 100
    rows: int = 80_000
    every: int = 2
    """Of the origins in the past, one in so many is learnt from."""
    spread_features: float = 0.3
    """Share of the features among which a tree looks for each split."""
    share: float = 0.5
    """Share of the rows that a tree sees."""
    even: float = 0.2
    """Share of the rows that is learnt from whatever their level, so that quiet cells are known too."""
    memory: float = 120.0
    """Months after which what was learnt weighs half."""

    @property
    def meaning(self) -> Text:
        """How it comes to its draws."""
        return T("What followed, in any cell, on months that ran alike in it and around it.")

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        """The forest of a panel; where it has too little to learn from, the benchmark: each unit's own last months."""
        near = rings(panel)
        rng = np.random.default_rng([seed, panel.last.ordinal])
        asked = self._asked(panel, near, steps, rng)
        if len(asked) < LEAST:
            return BENCHMARK.fit(panel, steps, seed)
        unit, month, step = asked.T
        learnt, now = [], []
        for feature in features(panel, near):
            learnt.append(feature[unit, month])
            now.append(feature[:, -1])
        rows = np.column_stack([*learnt, step]).astype(np.float32)
        target = panel.values[unit, month + step].astype(np.float32)
        forest = grown(self, rows, np.log1p(target), rng)
        here = np.column_stack(now).astype(np.float32)
        leaves = Leaves.of(forest.apply(rows))
        return Grown(forest, target, leaves, (np.zeros(len(here)), here), tuple(steps), _looked_at)

    def _asked(
        self, panel: Panel, near: Sequence[Sparse], steps: Sequence[int], rng: np.random.Generator
    ) -> NDArray[np.intp]:
        """What is learnt from: unit, month and step of each row, most by the root of the level about it.

        They are picked in the order of the units' names, so that the order in which a panel has them changes no forest.
        """
        months = panel.values.shape[1]
        at = np.arange(WARM_UP, months - min(steps), self.every)
        if not len(at) or not len(panel.units):
            return np.zeros((0, 3), np.intp)
        by_name = np.argsort(panel.units)
        level = np.nan_to_num(surrounding_level(panel, near)[by_name][:, at]).round(6) + LITTLE
        level = np.sqrt(level) * 0.5 ** ((months - at) / self.memory)
        chance = ((1 - self.even) * level / level.sum() + self.even / level.size).ravel()
        n = min(self.rows, level.size * len(steps))
        picked = np.searchsorted(np.cumsum(chance), rng.random(n), side="right").clip(max=level.size - 1)
        unit, month = by_name[picked // len(at)], at[picked % len(at)]
        step = np.asarray(steps)[rng.integers(len(steps), size=n)]
        inside = month + step < months
        inside[inside] = np.isfinite(panel.values[unit[inside], (month + step)[inside]])
        return np.asarray(np.column_stack([unit, month, step])[inside])


def _looked_at(panel: Panel) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """What the units of a panel look like in its last month; draws are deaths as they are, and so of level 0."""
    here = np.column_stack([feature[:, -1] for feature in features(panel, rings(panel))]).astype(np.float32)
    return np.zeros(len(here)), here


def surrounding_level(panel: Panel, near: Sequence[Sparse]) -> Values:
    """Mean deaths a month in and around each unit so far: shape (units, months)."""
    values = panel.values
    own = 0.5 * (weighted(values, 6.0) + weighted(values, 24.0))
    parts = (own, *(averaged(ring, weighted(values, 12.0)) for ring in near[:2]))
    shares = (0.6, 0.25, 0.15)
    return np.asarray(sum(share * np.nan_to_num(part) for share, part in zip(shares, parts, strict=True)))


def averaged(ring: Sparse, values: Values) -> Values:
    """The mean over a ring of what is known there: shape (units, months); NaN where nothing is."""
    known = np.isfinite(values)
    weight = ring @ known.astype(float)
    total = ring @ np.where(known, values, 0.0)
    return np.asarray(np.divide(total, weight, out=np.full(values.shape, np.nan), where=weight > 0))


def features(panel: Panel, near: Sequence[Sparse]) -> Iterator[NDArray[np.float32]]:
    """What the trees know of each unit and month, one feature after the other: shape (units, months), never NaN.

    Rounded, so that the order in which neighbours are added up cannot be told from it.
    """
    values = panel.values
    means = {half_life: weighted(values, half_life) for half_life in HALF_LIVES}
    level = surrounding_level(panel, near)
    yield _log(level)
    yield from (_log(mean) for mean in means.values())
    yield _log(values)
    yield from (_log(rolling(values, months, np.nanmax)) for months in (12, 36))
    violent = np.where(np.isfinite(values), values > 0, np.nan).astype(float)
    yield from (np.nan_to_num(weighted(violent, half_life)).astype(np.float32) for half_life in (6.0, 12.0, 60.0))
    yield since(values)
    for series in panel.beside.values():
        yield from (_log(weighted(series, half_life)) for half_life in (3.0, 12.0, 36.0))
    for ring in near:
        yield from (_log(averaged(ring, means[half_life])) for half_life in (3.0, 12.0, 24.0))
        yield since(averaged(ring, values))


def _log(values: Values) -> NDArray[np.float32]:
    return np.log(np.nan_to_num(values) + LITTLE).round(4).astype(np.float32)


def since(values: Values) -> NDArray[np.float32]:
    """Months since the last with deaths, 120 where that is longer or never was: shape (units, months).

    >>> since(np.array([[0.0, 2.0, 0.0, np.nan]])).tolist()
    [[120.0, 0.0, 1.0, 2.0]]
    """
    months = np.arange(values.shape[1])
    last = np.maximum.accumulate(np.where(np.nan_to_num(values) > 0, months, -np.inf), axis=1)
    return np.minimum(months - last, LONG_AGO).astype(np.float32)


@dataclass(frozen=True)
class Trending:
    """Another model's draws, with odds of more deaths that rise and fall with the events in a unit and about it.

    The odds of more than so many deaths, whatever number, are multiplied by one factor: how often something happened
    of late within three rings, against how often in the longer past. A cell has too few events to show a trend by
    itself. No value is drawn that the model would not draw. An own device, chosen on the years 2012 to 2018; one factor
    for all thresholds is as in the proportional odds model (McCullagh 1980, doi:10.1111/j.2517-6161.1980.tb01109.x).
    """

    model: Model
    short: float = 2.0
    long: float = 12.0
    """Half-lives of the two means, in months."""
    little: float = 0.3
    """Events a month that are added to both, so that from nearly nothing to little is no great change."""
    most: float = 3.0
    """The factor is at most so much, and at least one over it."""

    @property
    def name(self) -> str:
        """The model's name, and that it follows the trend."""
        return f"{self.model.name}-trending"

    @property
    def meaning(self) -> Text:
        """How it comes to its draws."""
        return T(
            "{model}, with odds of more deaths that follow the events of late, there and around.",
            model=Verbatim(self.model.name),
        )

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        """The model, fitted, and the factor of each unit."""
        return _Trending(self, self.model.fit(panel, steps, seed), self.odds(panel))

    def odds(self, panel: Panel) -> Values:
        """What the odds of each unit are multiplied by after the last month: shape (units,).

        By events where the panel has them; without, by months with deaths.
        """
        violent = np.where(np.isfinite(panel.values), panel.values > 0, np.nan)
        series = panel.beside.get("events", violent)
        about = within(panel)
        of_late, before = (
            (about @ np.nan_to_num(weighted(series, half_life)[:, -1])).round(6) + self.little
            for half_life in (self.short, self.long)
        )
        return np.asarray((of_late / before).clip(1 / self.most, self.most))


@dataclass(frozen=True)
class _Trending:
    by: Trending
    fitted: Fitted
    odds: Values

    def draw(self, units: NDArray[np.intp], n: int, rng: Sequence[np.random.Generator]) -> Draws:
        draws = np.sort(self.fitted.draw(units, n, rng), axis=2)
        more = (np.arange(n)[::-1] + 0.5) / n  # the chance of more than each of them
        odds = self.odds[units][:, None]
        place = n - 1 - np.floor(n * more / (odds + (1 - odds) * more)).astype(np.intp)
        return np.take_along_axis(draws, place.clip(0, n - 1)[:, None], axis=2)

    def after(self, panel: Panel) -> Fitted:
        return _Trending(self.by, self.fitted.after(panel), self.by.odds(panel))


def within(panel: Panel, n: int = RINGS) -> Sparse:
    """One for each unit that is `n` rings or less from another, itself too: shape (units, units)."""
    from scipy import sparse

    reached = sum(rings(panel, n), sparse.identity(len(panel.units), format="csr"))
    return (reached > 0).astype(float)


CELLS = Pooled(((Trending(Around()), 0.5), (Trending(Surroundings()), 0.5)), "cells")
"""What is asked for cells, by parts, weights and factors chosen on the years 2012 to 2018.

In the years 2019 to 2023 its CRPS in West Africa is but little below that of `neighbours12`; bench/RESULTS.md has both.
"""
