"""What would come after a path: forecasts on the condition that violence first runs in a way that is laid down.

A path scales the draws of one unit for the first months ahead. They are appended to its past, draw by draw, and the
model, fitted on the real past alone, draws on from there. Nothing here is the effect of anything: who or what would
bring a path about is not modelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from harmattan.models.draws import Draws, Fitted, Forecast, Model
from harmattan.models.links import Link
from harmattan.models.panel import Panel, Values

Counts = NDArray[np.float64]
AFTER = 200
"""Draws after each draw of a path, of which one is taken: enough that a pool has each of its parts in it."""
LETHALITY = 24
"""Months back from which it is known how many events go with so many deaths."""


@dataclass(frozen=True)
class Path:
    """The violence in a unit is `factor` times what is forecast, for so many months from the next on."""

    unit: str
    factor: float
    months: int = 3

    def __post_init__(self) -> None:
        if not (np.isfinite(self.factor) and self.factor >= 0 and self.months >= 1):
            raise ValueError(f"no path: {self.factor} times for {self.months} months")


@dataclass(frozen=True)
class Followed:
    """Forecasts for the months after a path, without and along it: draw k of the one goes with draw k of the other."""

    base: Forecast
    along: Forecast
    on_base: Draws
    """The months of the path without it: shape (units, months, draws). Of the unit whose path it is, and of others."""
    on_path: Draws


def follow(
    model: Model, panel: Panel, path: Path, units: Sequence[str], steps: int, n: int, seed: int, link: Link | None = None
) -> Followed:
    """What a model, fitted on a panel, says for `steps` months after a path, without the path and along it.

    `units` are those to be told of. The unit of the path reacts as the model does to such a past; another reacts by
    `link`, and not at all where there is none. Both forecasts are drawn in the same way with the same random numbers: a
    path of factor 1 changes no draw. Raises ValueError for a unit that the panel does not have.
    """
    fitted = model.fit(panel, range(1, max(steps, path.months) + 1), seed)
    names = tuple(dict.fromkeys((path.unit, *units)))
    on_base = {unit: _drawn(fitted, panel, unit, n, seed)[: path.months] for unit in names}
    on_path = on_base | {path.unit: scaled(on_base[path.unit], path.factor, _generator(seed, panel, path.unit, 1))}
    base = {unit: _after(fitted, panel, unit, on_base[unit], seed)[:steps] for unit in units}
    along = dict(base)
    for unit in units:
        if unit == path.unit:
            along[unit] = _after(fitted, panel, unit, on_path[unit], seed)[:steps]
        elif link is not None:
            times = link.times(on_base[path.unit], on_path[path.unit], _generator(seed, panel, unit, 2))
            along[unit] = scaled(base[unit], times, _generator(seed, panel, unit, 3))
    ahead = tuple(range(path.months + 1, path.months + steps + 1))
    shape = (len(units), steps, n)

    def forecast(of: dict[str, Draws]) -> Forecast:
        draws = np.array([of[unit] for unit in units], np.float32).reshape(shape)
        return Forecast(model.name, panel.last, tuple(units), ahead, draws, seed)

    first = tuple(np.array([of[unit] for unit in names], np.float32) for of in (on_base, on_path))
    return Followed(forecast(base), forecast(along), *first)


def scaled(draws: Draws, times: float | Values, rng: np.random.Generator) -> Draws:
    """Draws of deaths times a factor, or one for each draw, in whole deaths that are right on average.

    >>> scaled(np.array([[3.0, 0.0]]), 1.0, np.random.default_rng(1)).tolist()
    [[3.0, 0.0]]
    """
    return np.floor(draws.astype(np.float64) * times + rng.random(draws.shape)).astype(np.float32)


def _generator(seed: int, panel: Panel, unit: str, what: int) -> np.random.Generator:
    """A generator for one use about one unit, by its name and the panel's last month."""
    return np.random.default_rng([seed, panel.last.ordinal, what, *unit.encode("utf-8")])


def _drawn(fitted: Fitted, panel: Panel, unit: str, n: int, seed: int) -> Draws:
    """The model's own draws of a unit: shape (steps, draws), in an order by lot, alike over the steps."""
    at = np.array([panel.units.index(unit)])
    rng = _generator(seed, panel, unit, 0)
    return np.asarray(fitted.draw(at, n, [rng])[0][:, rng.permutation(n)])


def _after(fitted: Fitted, panel: Panel, unit: str, first: Draws, seed: int) -> Draws:
    """One draw of each step after each draw of the first months: shapes (months, draws) and (steps, draws)."""
    gone_on = _gone_on(panel, unit, first)
    n = first.shape[1]
    each = [_generator(seed, panel, name, 4) for name in gone_on.units]
    found = fitted.after(gone_on).draw(np.arange(n), AFTER, each)
    taken = _generator(seed, panel, unit, 5).integers(AFTER, size=n)
    return np.asarray(found[np.arange(n), :, taken].T)


def _gone_on(panel: Panel, unit: str, first: Draws) -> Panel:
    """The past of a unit once for each draw, each gone on by what was drawn for the first months."""
    alone = panel.only([unit])
    months, n = first.shape
    values = np.hstack([np.repeat(alone.values, n, axis=0), first.T.astype(np.float64)])
    beside = {}
    for name, series in alone.beside.items():
        rate = _rate(alone.values[0, -LETHALITY:], series[0, -LETHALITY:])
        beside[name] = np.hstack([np.repeat(series, n, axis=0), np.ceil(first.T.astype(np.float64) * rate)])
    names = tuple(f"{unit} {draw}" for draw in range(n))
    return replace(alone, units=names, values=values, neighbours=(), beside=beside)


def _rate(deaths: Values, series: Values) -> float:
    """How much of a covariate goes with one death; 1 where no deaths are known."""
    known = np.isfinite(deaths) & np.isfinite(series)
    total = float(deaths[known].sum())
    return float(series[known].sum()) / total if total else 1.0
