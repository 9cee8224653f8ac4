"""Why a forecast moved in a month: the same months ahead, forecast a month later, and what each new value did to them.

Nothing here says why violence rose or fell: it takes a forecast apart into what went into it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from harmattan.models.draws import Fitted, Model, generators
from harmattan.models.panel import Panel, Values
from harmattan.models.pooled import Pooled, _Pool, shares

EVENTS = "events"
YEAR = 12


@dataclass(frozen=True)
class Moved:
    """The expected sum over some months, a month ago and now, and the parts of the difference; by unit.

    `time` is what a month that went as expected did: the months are one nearer, and an older one has faded. `learned`
    is what the model says otherwise since it learned from one more month of every unit. `deaths` and `events`, with
    the shape (parts of the model, units), are what it did that the newest month was not as expected. In each unit,
    `before` and all parts add up to `now`, but for the rounding of sums.
    """

    parts: tuple[str, ...]
    before: Values
    now: Values
    time: Values
    learned: Values
    deaths: Values
    events: Values
    expected_deaths: Values
    """What the newest month had been expected to have a month ago: the mean of its draws."""
    expected_events: Values
    """The mean over the year before it; NaN where the model does not look at events."""


@dataclass(frozen=True)
class Drawing:
    """How draws are made: for the units at some positions, so many steps ahead, so many draws, with a seed."""

    at: NDArray[np.intp]
    steps: tuple[int, ...]
    n: int
    seed: int

    def means(self, fitted: Fitted, panel: Panel) -> Values:
        """The mean by unit and step."""
        drawn = fitted.draw(self.at, self.n, generators(self.seed, panel, self.at))
        return np.asarray(drawn.mean(axis=2, dtype=np.float64))

    def by_part(self, fitted: Fitted, panel: Panel) -> Values:
        """What each part of a model adds to the expected sum over all steps: shape (parts, units)."""
        if not isinstance(fitted, _Pool):
            return np.asarray(self.means(fitted, panel).sum(axis=1)[None])
        rng = generators(self.seed, panel, self.at)
        counts = shares(self.n, [weight for _model, weight in fitted.parts])
        drawn = [part.draw(self.at, count, rng) for (part, _weight), count in zip(fitted.parts, counts, strict=True)]
        return np.array([one.sum(axis=(1, 2), dtype=np.float64) / self.n for one in drawn])


def moved(model: Model, panel: Panel, drawing: Drawing) -> Moved:
    """The forecast after the last month of a panel beside that of a month before for the same months.

    The inputs are replaced one at a time: a month passes as expected in the model as it was; then the model is as it
    has become; then, in that model, the newest month has its deaths, and then its events. Raises UsageError where
    there is no month before.
    """
    earlier, steps = panel.until(panel.last + -1), drawing.steps
    was = model.fit(earlier, (*steps, steps[-1] + 1), drawing.seed)
    ago = drawing.means(was, earlier)
    as_expected, with_deaths = _as_expected(panel, drawing.at, ago[:, 0])
    passed = drawing.means(was.after(as_expected), as_expected)[:, :-1].sum(axis=1)
    is_now = model.fit(panel, steps, drawing.seed)
    usual, dead, now = (drawing.by_part(is_now.after(one), one) for one in (as_expected, with_deaths, panel))
    before = ago[:, 1:].sum(axis=1)
    seen = as_expected.beside[EVENTS][drawing.at, -1] if EVENTS in panel.beside else np.full(len(before), np.nan)
    return Moved(_names(model), before, now.sum(axis=0), passed - before, usual.sum(axis=0) - passed, dead - usual,
                 now - dead, ago[:, 0], seen)  # fmt: skip


def _as_expected(panel: Panel, at: NDArray[np.intp], expected: Values) -> tuple[Panel, Panel]:
    """The panel whose newest month has the deaths and events that were expected, and the one with its own deaths."""
    values, beside = panel.values.copy(), dict(panel.beside)
    values[at, -1] = expected
    if EVENTS in beside:
        events = beside[EVENTS].copy()
        year = events[at, -1 - YEAR : -1]
        known = np.isfinite(year)
        total = np.where(known, year, 0).sum(axis=1)
        events[at, -1] = np.divide(total, known.sum(axis=1), out=np.zeros(len(at)), where=known.any(axis=1))
        beside[EVENTS] = events
    return replace(panel, values=values, beside=beside), replace(panel, beside=beside)


def _names(model: Model) -> tuple[str, ...]:
    return tuple(part.name for part, _weight in model.parts) if isinstance(model, Pooled) else (model.name,)
