"""A forecast is labelled draws; a model is what gives them, from a panel that ends where its knowledge ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from harmattan.models.panel import Panel
from harmattan.text import Text
from harmattan.vocabulary.period import Month

Draws = NDArray[np.float32]
"""Deaths, shape (units, steps, draws); whole numbers of zero or more."""
CHUNK = 512
"""Units that are drawn at once."""


class Fitted(Protocol):
    """A model that has seen its panel."""

    def draw(self, units: NDArray[np.intp], n: int, rng: Sequence[np.random.Generator]) -> Draws:
        """`n` draws for the units at these positions, with a generator of its own for each of them."""
        ...

    def after(self, panel: Panel) -> Fitted:
        """The same, with nothing learnt anew, after the last month of a panel that goes on, or of other units."""
        ...


class Model(Protocol):
    """A way to say what comes next."""

    @property
    def name(self) -> str:
        """Its name, as the command line and the tables write it: `conflictology12`."""
        ...

    @property
    def meaning(self) -> Text:
        """In one sentence, how it comes to its draws."""
        ...

    def fit(self, panel: Panel, steps: Sequence[int], seed: int) -> Fitted:
        """The model after the last month of a panel, for so many months ahead."""
        ...


@dataclass(frozen=True)
class Forecast:
    """What a model says for each unit and each step: `draws` has the shape (units, steps, draws).

    `origin` is the last month that the model knew; step 3 from an origin in October is January.
    """

    model: str
    origin: Month
    units: tuple[str, ...]
    steps: tuple[int, ...]
    draws: Draws
    seed: int

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that it is about."""
        return tuple(self.origin + step for step in self.steps)

    def of(self, unit: str) -> Draws:
        """The draws of one unit: shape (steps, draws). Raises KeyError."""
        try:
            return np.asarray(self.draws[self.units.index(unit)])
        except ValueError:
            raise KeyError(unit) from None


def generators(seed: int, panel: Panel, units: NDArray[np.intp]) -> list[np.random.Generator]:
    """A generator for each unit, by its name and the panel's last month: other units change nothing of its draws."""
    return [np.random.default_rng([seed, panel.last.ordinal, *panel.units[unit].encode("utf-8")]) for unit in units]


def forecast(model: Model, panel: Panel, steps: Sequence[int], n: int, seed: int) -> Forecast:
    """What a model says after the last month of a panel, all at once."""
    parts = [part for _units, part in in_parts(model, panel, steps, n, seed)]
    draws = np.concatenate(parts) if parts else np.zeros((0, len(steps), n), np.float32)
    return Forecast(model.name, panel.last, panel.units, tuple(steps), draws, seed)


def in_parts(
    model: Model, panel: Panel, steps: Sequence[int], n: int, seed: int, *, chunk: int = CHUNK
) -> Iterator[tuple[NDArray[np.intp], Draws]]:
    """The same draws a few units at a time, so that those of many cells never stand in memory together."""
    fitted = model.fit(panel, steps, seed)
    for start in range(0, len(panel.units), chunk):
        units = np.arange(start, min(start + chunk, len(panel.units)))
        yield units, fitted.draw(units, n, generators(seed, panel, units))
