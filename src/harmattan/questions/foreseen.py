"""What a model foresees for every unit of a panel, drawn once and then kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan import __version__, models
from harmattan.errors import UsageError
from harmattan.lake.kept import code_digest, keep, key_of, recall
from harmattan.lake.shelf import Held
from harmattan.models.adding import add_up
from harmattan.models.draws import Draws, Forecast, Model, forecast
from harmattan.models.panel import Panel
from harmattan.models.registry import MODELS, model_called
from harmattan.questions.panels import Monthly, Unit, monthly
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import T

MODEL: dict[Unit, str] = {"country": "pooled", "cell": "cells" if "cells" in MODELS else "pooled"}
"""The model that draws where nobody says another."""
DRAWS = 1000
SEED = 203
MOST_AHEAD = 36


@dataclass(frozen=True)
class Foreseen:
    """The draws of every unit, the panel they come from, and the model."""

    forecast: Forecast
    monthly: Monthly
    model: Model
    whole: Monthly | None = None
    """The panel of countries to which the draws of cells were added up."""
    unplaced: Mapping[str, Draws] = field(default_factory=dict)
    """By country what of its draws falls to no cell: shape (steps, draws). With the cells' it makes the country's."""

    @property
    def by(self) -> Unit:
        """What its units are."""
        return "cell" if self.whole else "country"

    @property
    def learned(self) -> tuple[Held, ...]:
        """The releases that the draws rest on, with their digests."""
        return (*self.monthly.holds, *(self.whole.holds if self.whole else ()))

    @property
    def panel(self) -> Panel:
        """The panel whose last month is the forecast's origin."""
        return self.monthly.panel

    def of(self, unit: str) -> Draws:
        """The draws of a unit: shape (steps, draws). Raises KeyError."""
        return self.forecast.of(unit)


def steps_of(params: Params) -> tuple[int, ...]:
    """The months ahead that are asked about. Raises UsageError for too many."""
    if params.window > MOST_AHEAD:
        raise UsageError(
            T("A forecast of {n} months is too long.", n=params.window), do=T("Say --window 1 to {n}.", n=MOST_AHEAD)
        )
    return tuple(range(1, params.window + 1))


def panel_of(world: World, params: Params, by: Unit) -> Monthly:
    """The panel that a forecast is made from, with the covariates that are wanted."""
    made = monthly(world, params, by)
    if params.covariate == "none":
        return made._replace(panel=replace(made.panel, beside={}))
    return made


def foreseen(world: World, params: Params, by: Unit) -> Foreseen:
    """The months ahead, for every unit of the panel; cells add up with what is unplaced to their countries.

    Raises UsageError for a model that there is not.
    """
    steps = steps_of(params)
    model = model_called(params.model or MODEL[by])
    made = panel_of(world, params, by)
    if by == "cell":
        whole = panel_of(world, params, "country")
        added, unplaced = _added(world, made, whole.panel, _Way(model, params.model, steps))
        return Foreseen(added, made, model, whole, unplaced)
    return Foreseen(drawn(world, model, made.panel, steps), made, model)


def drawn(world: World, model: Model, panel: Panel, steps: Sequence[int]) -> Forecast:
    """What a model draws after the last month of a panel; from what is kept, where the same was drawn before."""
    key = key_of(["draws", *drawing_of(model, panel, steps)], arrays_of(panel))
    found = world._draws.get(key) or recall(world.lake.home, key)
    if found is None or found["draws"].shape != (len(panel.units), len(steps), DRAWS):
        found = {"draws": forecast(model, panel, steps, DRAWS, SEED).draws}
        keep(world.lake.home, key, found)
    world._draws[key] = found
    return Forecast(model.name, panel.last, panel.units, tuple(steps), found["draws"], SEED)


@dataclass(frozen=True)
class _Way:
    """How cells and their countries are drawn."""

    model: Model
    said: str | None
    steps: tuple[int, ...]

    @property
    def of_whole(self) -> Model:
        return model_called(self.said or MODEL["country"])


def _added(world: World, made: Monthly, countries: Panel, way: _Way) -> tuple[Forecast, Mapping[str, Draws]]:
    """The cells' draws, scaled so that they add up, with what is unplaced, to the draws of their countries.

    What is unplaced stands beside them, by country; of a country without cells that is all.
    """
    panel, whole, steps = made.panel, countries.until(made.panel.last), way.steps
    spoken = {code for code in whole.units if made.selection.spoken(code)}
    there = tuple(sorted(spoken | set(made.country_of.values())))
    made_by = [*drawing_of(way.model, panel, steps), *drawing_of(way.of_whole, whole, steps), there]
    key = key_of(["added", *made_by], [*arrays_of(panel), *arrays_of(whole)])
    found = recall(world.lake.home, key)
    shapes = {"draws": (len(panel.units), len(steps), DRAWS), "unplaced": (len(there), len(steps), DRAWS)}
    if found is None or {name: values.shape for name, values in found.items()} != shapes:
        with ThreadPoolExecutor(2) as both:
            of_cells = both.submit(_of_cells, way.model, panel, steps)
            totals = both.submit(drawn, world, way.of_whole, whole, steps).result()
        parts = of_cells.result()
        wholes = np.stack([totals.of(code) for code in there])
        of = np.array([there.index(made.country_of[unit]) for unit in panel.units], np.intp)
        added = add_up(parts, wholes, of, np.random.default_rng([SEED, panel.last.ordinal]))
        found = {"draws": added.parts, "unplaced": added.unplaced}
        keep(world.lake.home, key, found)
    loose = dict(zip(there, found["unplaced"], strict=True))
    return Forecast(way.model.name, panel.last, panel.units, steps, found["draws"], SEED), loose


def _of_cells(model: Model, panel: Panel, steps: Sequence[int]) -> Draws:
    """What a model draws for cells, of which there may be none."""
    if not panel.units:
        return np.zeros((0, len(steps), DRAWS), np.float32)
    return forecast(model, panel, steps, DRAWS, SEED).draws


def blank(made: Monthly, model: Model, steps: tuple[int, ...]) -> Foreseen:
    """The same without draws, where something else than draws is worked out."""
    nothing = np.zeros((0, len(steps), DRAWS), np.float32)
    return Foreseen(Forecast(model.name, made.origin, (), steps, nothing, SEED), made, model)


def drawn_by(what: str, seen: Foreseen, units: Sequence[str]) -> str:
    """The key of what was worked out from a panel for some of its units."""
    made_by = drawing_of(seen.model, seen.panel, seen.forecast.steps)
    return key_of([what, *made_by, list(units)], arrays_of(seen.panel))


def drawing_of(model: Model, panel: Panel, steps: Sequence[int]) -> list[Any]:
    """What draws depend on beside the panel's values, as plain JSON values."""
    near = [list(others) for others in panel.neighbours]
    code = code_digest(Path(models.__file__).parent)
    return [repr(model), code, __version__, DRAWS, SEED, list(steps), list(panel.units), str(panel.first),
            sorted(panel.beside), near]  # fmt: skip


def arrays_of(panel: Panel) -> list[NDArray[Any]]:
    """The values of a panel and those beside them, in one order."""
    return [panel.values, *(panel.beside[name] for name in sorted(panel.beside))]
