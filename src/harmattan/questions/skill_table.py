"""The table of skill, opened: which release speaks, and the scores of every model by unit and window."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from harmattan.lake.select import DEFAULT_FAMILY, age, with_table
from harmattan.lake.shelf import Held
from harmattan.models.panel import Values
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.vocabulary.period import Month
from harmattan.vocabulary.skill import CALIBRATION, LEVELS, LOSSES, SKILL

MEASURES = (*LOSSES, *CALIBRATION)


@dataclass(frozen=True, eq=False)
class Track:
    """What became of the forecasts at one level, by model: every array has the shape (units, windows)."""

    release: Held
    level: str
    target: str
    steps: tuple[int, int]
    units: tuple[str, ...]
    origins: tuple[Month, ...]
    """The last month known before each window."""
    months: Mapping[str, Values]
    """By model, the months of a window that were scored; NaN where there is no row."""
    scores: Mapping[str, Mapping[str, Values]]
    """By model and measure, the mean over those months."""
    rows: Mapping[str, NDArray[np.object_]]
    """By model, the `row_id` behind each score."""
    other_steps: tuple[tuple[int, int], ...] = ()
    """Other spans of months ahead in the release, of which this track says nothing."""

    @property
    def windows(self) -> tuple[tuple[dt.date, dt.date], ...]:
        """First and last day of each window."""
        first, last = self.steps
        return tuple(((origin + first).first_day, (origin + last).last_day) for origin in self.origins)

    def total(self, model: str, measure: str) -> Values:
        """The score times the months that it is a mean of, so that sums weigh every month alike."""
        return self.scores[model][measure] * self.months[model]

    def only(
        self, units: Iterable[str] | None = None, start: dt.date | None = None, end: dt.date | None = None
    ) -> Track:
        """Some units, and the windows that lie wholly between two days."""
        wanted = None if units is None else set(units)
        at = [n for n, unit in enumerate(self.units) if wanted is None or unit in wanted]
        days = enumerate(self.windows)
        on = [n for n, (first, last) in days if (not start or first >= start) and (not end or last <= end)]

        def cut(array: NDArray[Any]) -> NDArray[Any]:
            return array[np.ix_(at, on)]

        return replace(
            self,
            units=tuple(self.units[n] for n in at),
            origins=tuple(self.origins[n] for n in on),
            months={model: cut(array) for model, array in self.months.items()},
            scores={model: {name: cut(array) for name, array in own.items()} for model, own in self.scores.items()},
            rows={model: cut(array) for model, array in self.rows.items()},
        )


def speaking(world: World, params: Params) -> dict[str, Held]:
    """By level, the newest release that has it: two backtests are never mixed, since their rows do not compare.

    None where other events than UCDP's are asked about: the scores are of forecasts of those.
    """
    found: dict[str, Held] = {}
    if params.source not in (None, DEFAULT_FAMILY):
        return found
    there = with_table(world.lake, SKILL.name, known_by=params.known_by, pins=params.release)
    for held in sorted(there, key=age, reverse=True):
        for level in _levels(held.file(SKILL.name), held.release.digest):
            found.setdefault(level, held)
    return {level: found[level] for level in LEVELS if level in found}


@functools.lru_cache(maxsize=32)
def tracks(held: Held, level: str) -> tuple[Track, ...]:
    """The tracks of one level of a release, one for each target: of the longest span of months ahead.

    A release never changes, so each is read once.
    """
    table = pq.read_table(held.file(SKILL.name), filters=pc.field("level") == level)
    made = []
    for target in sorted(set(table["target"].to_pylist())):
        own = table.filter(pc.equal(table["target"], target))
        spans = sorted(set(zip(own["step_first"].to_pylist(), own["step_last"].to_pylist(), strict=True)),
                       key=lambda span: (span[0] - span[1], span))  # fmt: skip
        made.append(_track(held, level, target, own, spans))
    return tuple(made)


@functools.lru_cache(maxsize=32)
def _levels(path: Path, digest: str) -> tuple[str, ...]:
    return tuple(pc.unique(pq.read_table(path, columns=["level"])["level"]).to_pylist())


def _track(held: Held, level: str, target: str, table: pa.Table, spans: list[tuple[int, int]]) -> Track:
    first, last = spans[0]
    table = table.filter(pc.and_(pc.equal(table["step_first"], first), pc.equal(table["step_last"], last)))
    units, unit = np.unique(table["unit"].to_numpy(), return_inverse=True)
    origins, origin = np.unique(table["origin"].to_numpy(), return_inverse=True)
    models, model = np.unique(table["model"].to_numpy(), return_inverse=True)
    months: dict[str, Values] = {}
    scores: dict[str, Mapping[str, Values]] = {}
    rows: dict[str, NDArray[np.object_]] = {}
    for n, name in enumerate(models):
        own = model == n
        at = (unit[own], origin[own])

        def placed(column: str, own: Any = own, at: Any = at) -> Values:
            found = np.full((len(units), len(origins)), np.nan)
            found[at] = pc.cast(table[column], pa.float64()).to_numpy()[own]
            return found

        months[name] = placed("n_months")
        scores[name] = {measure: placed(measure) for measure in MEASURES}
        ids = np.full((len(units), len(origins)), None, dtype=object)
        ids[at] = table["row_id"].to_numpy()[own]
        rows[name] = ids
    parsed = tuple(Month.parse(words) for words in origins)
    return Track(held, level, target, (first, last), tuple(units), parsed, months, scores, rows, tuple(spans[1:]))
