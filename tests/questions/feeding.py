"""Synthetic worlds in which the violence of one country follows that of another by a known rule, or by none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from harmattan.models.spillover.simulate import generate
from harmattan.questions.world import World
from harmattan.vocabulary.period import Month
from tests.lake.factory import Row, event, put
from tests.questions.worlds import CELLS, PAIRS, world_in

UNITS = ("MLI", "NER", "BFA")
FED = ((0.4, 0.0, 0.0), (0.45, 0.2, 0.0), (0.0, 0.0, 0.3))
"""Further counts by row unit for each in the column unit: Niger follows Mali, Burkina Faso follows nobody."""
APART = ((0.4, 0.0, 0.0), (0.0, 0.4, 0.0), (0.0, 0.0, 0.3))
ENDEMIC = (5.0, 1.5, 3.0)
FIRST, MONTHS = Month(2011, 1), 144


def panel(matrix: tuple[tuple[float, ...], ...], seed: int) -> np.ndarray:
    """Counts of the units: shape (3, 144)."""
    endemic = np.repeat(np.array(ENDEMIC)[:, None], MONTHS, axis=1)
    rng = np.random.default_rng(seed)
    return generate(np.array(matrix), [0.7, 0.3], endemic, 0.1, rng, burn_in=24)


def rows_of(counts: np.ndarray) -> list[Row]:
    """A record for each month and country with events."""
    rows = []
    for (unit, month), n in np.ndenumerate(counts):
        if n:
            day = (FIRST + month).first_day + dt.timedelta(days=(7 * unit + month) % 20)
            rows.append(
                event(f"{UNITS[unit]}-{month}", day.isoformat(), UNITS[unit], 2 * int(n), n_events=int(n),
                      cell=CELLS[(unit + month) % 3], **PAIRS[(unit + month) % 3])
            )  # fmt: skip
    return rows


def feeding(
    folder: Path, matrix: tuple[tuple[float, ...], ...] = FED, seed: int = 7, more: tuple[Row, ...] = ()
) -> World:
    """A world whose events come by a rule, with some more."""
    world = world_in(folder)
    put(world.lake, "1", [*rows_of(panel(matrix, seed)), *more], places=(*UNITS, "SEN"), start="2011-01-01",
        end="2022-12-31")  # fmt: skip
    return world
