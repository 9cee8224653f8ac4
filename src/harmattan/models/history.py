"""Forecasts from a unit's own past, as it was: the benchmarks of the field, and the past with fading weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harmattan.models.draws import Draws, Fitted, Model
from harmattan.models.panel import Panel, Values
from harmattan.text import Number, T, Text


@dataclass(frozen=True)
class _Pools:
    """Fitted: for each unit the values that it is drawn from, and how much each weighs."""

    values: tuple[Values, ...]
    weights: tuple[Values, ...]
    steps: int
    model: Model | None = None
    """What reads them off a unit's own past; None where they are the same for every unit."""

    def draw(self, units: NDArray[np.intp], n: int, rng: Sequence[np.random.Generator]) -> Draws:
        found = np.empty((len(units), self.steps, n), np.float32)
        for at, unit in enumerate(units):
            found[at] = spread(self.values[unit], self.weights[unit], n)
        return found

    def after(self, panel: Panel) -> Fitted:
        if self.model is not None:
            return self.model.fit(panel, range(1, self.steps + 1), 0)
        every = len(panel.units)
        return _Pools(self.values[:1] * every, self.weights[:1] * every, self.steps)


def spread(values: Values, weights: Values, n: int) -> Values:
    """`n` values whose shares are as near to the weights as can be, in ascending order: the middles of n equal parts.

    >>> spread(np.array([5.0, 0.0]), np.array([1.0, 1.0]), 4).tolist()
    [0.0, 0.0, 5.0, 5.0]
    """
    order = np.argsort(values, kind="stable")
    edges = np.cumsum(weights[order]) / weights.sum()
    at = np.searchsorted(edges, (np.arange(n) + 0.5) / n)
    return np.asarray(values[order][np.minimum(at, len(values) - 1)])


@dataclass(frozen=True)
class Zero:
    """Nothing happens."""

    name: str = "zero"

    @property
    def meaning(self) -> Text:
        return T("No deaths anywhere.")

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        return _pooled([np.zeros(1)] * len(panel.units), steps)


@dataclass(frozen=True)
class Last:
    """The last value known goes on, as the mean of a Poisson distribution."""

    name: str = "last"

    @property
    def meaning(self) -> Text:
        return T("A Poisson distribution about the last value known.")

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        return _Poisson(np.array([_known(row)[-1] for row in panel.values]), len(steps))


@dataclass(frozen=True)
class _Poisson:
    means: Values
    steps: int

    def draw(self, units: NDArray[np.intp], n: int, rng: Sequence[np.random.Generator]) -> Draws:
        drawn = [one.poisson(self.means[unit], (self.steps, n)) for unit, one in zip(units, rng, strict=True)]
        return np.array(drawn, np.float32).reshape(len(units), self.steps, n)

    def after(self, panel: Panel) -> Fitted:
        return Last().fit(panel, range(1, self.steps + 1), 0)


@dataclass(frozen=True)
class Conflictology:
    """The last `months` values of the unit itself, each as likely as the other, for every step.

    The benchmark of the VIEWS prediction challenge 2023/24 (Hegre et al. 2025, doi:10.1177/00223433241300862).
    """

    months: int = 12

    @property
    def name(self) -> str:
        return f"conflictology{self.months}"

    @property
    def meaning(self) -> Text:
        return T("The unit's own last {n} monthly values, each as likely as the other.", n=self.months)

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        return _pooled([_known(recent_months(row, self.months)) for row in panel.values], steps, model=self)


@dataclass(frozen=True)
class Neighbours:
    """The last `months` values of the unit and of those beside it, each as likely as the other."""

    months: int = 12

    @property
    def name(self) -> str:
        return f"neighbours{self.months}"

    @property
    def meaning(self) -> Text:
        return T("The last {n} monthly values of the unit and of those beside it, all alike.", n=self.months)

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        near = panel.neighbours or ((),) * len(panel.units)
        recent = [recent_months(row, self.months) for row in panel.values]
        pools = [np.concatenate([recent[one] for one in (unit, *near[unit])]) for unit in range(len(panel.units))]
        return _pooled([_known(pool) for pool in pools], steps, model=self)


@dataclass(frozen=True)
class Worldwide:
    """The last `months` values of all units, each as likely as the other."""

    months: int = 12

    @property
    def name(self) -> str:
        return f"worldwide{self.months}"

    @property
    def meaning(self) -> Text:
        return T("The last {n} monthly values of all units, each as likely as the other.", n=self.months)

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        return _pooled([_known(panel.values[:, -self.months :].ravel())] * len(panel.units), steps)


@dataclass(frozen=True)
class Fading:
    """The unit's own last `months` values, each weighing half of what one does `half_life` months after it."""

    half_life: float = 4.0
    months: int = 24

    @property
    def name(self) -> str:
        return f"fading{self.half_life:g}"

    @property
    def meaning(self) -> Text:
        return T(
            "The unit's own last {n} monthly values, with weights that halve every {half_life} months.",
            n=self.months,
            half_life=Number(self.half_life),
        )

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        recent = [recent_months(row, self.months) for row in panel.values]
        weights = [_weights(row, 0.5 ** (np.arange(len(row))[::-1] / self.half_life)) for row in recent]
        return _pooled([_known(row) for row in recent], steps, weights, self)


def recent_months(row: Values, months: int) -> Values:
    """The last `months` months up to the last that is known: where data end early, silence is not peace."""
    known = np.flatnonzero(np.isfinite(row))
    end = known[-1] + 1 if len(known) else len(row)
    return row[max(0, end - months) : end]


def _known(values: Values) -> Values:
    """The values that are known; zero where none is, since a place that no data tell of has none to go on."""
    known = values[np.isfinite(values)]
    return known if len(known) else np.zeros(1)


def _weights(values: Values, fading: Values) -> Values:
    known = fading[np.isfinite(values)]
    return known if len(known) else np.ones(1)


def _pooled(
    values: Sequence[Values],
    steps: Sequence[int],
    weights: Sequence[Values] | None = None,
    model: Model | None = None,
) -> _Pools:
    given = weights or [np.ones(len(one)) for one in values]
    return _Pools(tuple(values), tuple(given), len(steps), model)


BENCHMARK = Conflictology(12)
"""What a forecast must beat: no entry to the challenge did on the months that were still to come."""
BASELINES: tuple[Model, ...] = (Zero(), Last(), BENCHMARK, Neighbours(12), Worldwide(12))
