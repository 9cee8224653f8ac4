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

from harmattan.errors import UsageError
from harmattan.models.draws import Draws, Fitted, Forecast, Model
from harmattan.models.links import Link
from harmattan.models.panel import Panel, Values
from harmattan.text import T, Verbatim

Counts = NDArray[np.float64]
AFTER = 200
"""Draws after each draw of a path, of which one is taken: enough that a pool has each of its parts in it."""
LETHALITY = 24
"""Months back from which it is known how many events go with so many deaths."""


@dataclass(frozen=True)
class Path:
    """The violence in a unit is scaled for so many months from the next on: `times` what is forecast, or to a level.

    A level is in deaths a month; the draw in the middle is led there, whatever a few draws may say of great wars.
    """

    unit: str
    times: float | None = None
    level: float | None = None
    months: int = 3

    def __post_init__(self) -> None:
        given = [value for value in (self.times, self.level) if value is not None]
        if len(given) != 1 or not (np.isfinite(given[0]) and given[0] >= 0 and self.months >= 1):
            raise ValueError(f"no path: {self}")

    def factor(self, draws: Draws) -> float:
        """By what draws (months, draws) are multiplied. Raises UsageError where there is nothing to scale."""
        if self.times is not None:
            return self.times
        middle, level = float(np.median(draws.mean(axis=0, dtype=np.float64))), float(self.level or 0.0)
        if level and not middle:
            raise UsageError(
                T(
                    "In most draws no deaths are forecast in {unit}: there is nothing to scale.",
                    unit=Verbatim(self.unit),
                ),
                do=T("Say a path of another country, or by a factor."),
            )
        return level / middle if middle else 1.0


@dataclass(frozen=True)
class Followed:
    """Forecasts for the months after a path, without and along it: draw k of the one goes with draw k of the other."""

    base: Forecast
    along: Forecast
    on_base: Draws
    """The months of the path in the unit that it is of, without it: shape (months, draws)."""
    on_path: Draws
    factor: float
    """By what the violence in that unit was multiplied."""


def follow(
    model: Model,
    panel: Panel,
    path: Path,
    units: Sequence[str],
    steps: int,
    *,
    n: int,
    seed: int,
    link: Link | None = None,
) -> Followed:
    """What a model, fitted on a panel, says for `steps` months after a path, without the path and along it.

    `units` are those to be told of. The unit of the path reacts as the model does to such a past; another reacts by
    `link`, and not at all where there is none. Both forecasts are drawn in the same way with the same random numbers: a
    path of factor 1 changes no draw. Only models that go by a unit's own past react to it (`Fitted.after`). Raises
    ValueError for a unit that the panel does not have.

    Source: conditional forecasts by simulating a fitted model onward from a path that is laid down (as with models of
    any form in Pfarrhofer and Stelzer 2025, arXiv:2502.08440); the link is of this house.
    """
    fitted = model.fit(panel, range(1, max(steps, path.months) + 1), seed)
    first = {unit: _drawn(fitted, panel, unit, n, seed)[: path.months] for unit in (path.unit, *units)}
    on_base = first[path.unit]
    factor = path.factor(on_base)
    on_path = scaled(on_base, factor, _generator(seed, panel, path.unit, 1))
    base = {unit: _after(fitted, panel, unit, first[unit], seed)[:steps] for unit in units}
    along = dict(base)
    for unit in units:
        if unit == path.unit:
            along[unit] = _after(fitted, panel, unit, on_path, seed)[:steps]
        elif link is not None:
            times = link.times(on_base, on_path, _generator(seed, panel, unit, 2))
            along[unit] = scaled(base[unit], times, _generator(seed, panel, unit, 3))
    ahead = tuple(range(path.months + 1, path.months + steps + 1))

    def forecast(of: dict[str, Draws]) -> Forecast:
        draws = np.array([of[unit] for unit in units], np.float32).reshape(len(units), steps, n)
        return Forecast(model.name, panel.last, tuple(units), ahead, draws, seed)

    return Followed(forecast(base), forecast(along), on_base, on_path, factor)


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
    n = first.shape[1]
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
