"""How forecasts stand to the benchmark in numbers: ratios of scores, who was better where, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.models.comparing import compare, largest, without_largest
from harmattan.models.history import BENCHMARK
from harmattan.models.panel import Values
from harmattan.questions.skill_table import Track
from harmattan.vocabulary.skill import CALIBRATION

Mask = NDArray[np.bool_]
SEED = 7
"""Of the bootstrap: the same table gives the same interval."""
FEWEST = 5
"""Units from which an interval is given: a bootstrap over fewer says little."""
MOST_BIG = 2
"""So many units, those with the largest scores, are left out in turn: one war can make a ratio."""
DRAWS, MANY, FEWER_DRAWS = 2000, 3000, 400
"""From so many units on the bootstrap draws less often: its interval is narrow there."""


@dataclass(frozen=True)
class Standing:
    """A model beside the benchmark over some units and windows; what cannot be said is None."""

    model: str
    measure: str
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    ours: float | None = None
    """The mean score over the months that both were scored on."""
    theirs: float | None = None
    windows: int = 0
    won: int = 0
    lost: int = 0
    units: int = 0
    units_won: int = 0
    units_lost: int = 0
    big: tuple[str, ...] = ()
    """The units with the largest scores of the benchmark, of `MOST_BIG` the largest first."""
    without: float | None = None
    """The ratio without them."""
    inside_50: float | None = None
    inside_90: float | None = None

    @property
    def kind(self) -> str:
        """What it comes to: none, perfect, few_ahead, few_behind, beats, loses_windows, even, behind or benchmark."""
        if self.model == BENCHMARK.name:
            return "benchmark"
        if self.ours is None:
            return "none"
        if self.ratio is None:
            return "perfect"
        if self.low is None or self.high is None:
            return "few_ahead" if self.ratio < 1 else "few_behind"
        if self.high < 1:
            return "loses_windows" if self.lost else "beats"
        return "behind" if self.low > 1 else "even"


def standing(track: Track, model: str, measure: str, *, big: bool = True) -> Standing:
    """How a model stands to the benchmark over a track: sums over the units, windows and months that both have.

    The interval is that of `models.comparing.compare`; `big` asks for the same without the largest units. Where the
    two were scored on other months of a window, it is left out.
    """
    if model not in track.scores or BENCHMARK.name not in track.scores:
        own = np.isfinite(track.months[model]) if model in track.months else np.zeros((0, 0), np.bool_)
        return Standing(model, measure, **_inside(track, model, own))
    ours, theirs = (track.total(name, measure) for name in (model, BENCHMARK.name))
    both = np.isfinite(ours) & np.isfinite(theirs) & (track.months[model] == track.months[BENCHMARK.name])
    if not both.any():
        return Standing(model, measure, **_inside(track, model, np.isfinite(track.months[model])))
    ours, theirs = np.where(both, ours, np.nan), np.where(both, theirs, np.nan)
    found = compare(ours, theirs, np.random.default_rng(SEED), FEWER_DRAWS if len(both) > MANY else DRAWS)
    sure = found.n_units >= FEWEST and model != BENCHMARK.name and np.isfinite(found.high)
    windows, won, lost = _wins(ours, theirs, axis=0)
    units, units_won, units_lost = _wins(ours, theirs, axis=1)
    weighed = big and sure and found.n_units >= FEWEST + MOST_BIG
    at = [int(n) for n in largest(theirs, MOST_BIG)] if weighed else []
    without = without_largest(ours, theirs, MOST_BIG, np.random.default_rng(SEED), 1).value if at else None
    return Standing(
        model,
        measure,
        ratio=_finite(found.value),
        low=found.low if sure else None,
        high=found.high if sure else None,
        ours=_mean(track, model, measure, both),
        theirs=_mean(track, BENCHMARK.name, measure, both),
        windows=windows,
        won=won,
        lost=lost,
        units=units,
        units_won=units_won,
        units_lost=units_lost,
        big=tuple(track.units[n] for n in at),
        without=_finite(without),
        **_inside(track, model, both),
    )


def _inside(track: Track, model: str, where: Mask) -> dict[str, Any]:
    """The shares inside the middle of the draws."""
    return {name: _mean(track, model, name, where) for name in CALIBRATION} if model in track.scores else {}


def _wins(ours: Values, theirs: Values, axis: int) -> tuple[int, int, int]:
    """How many columns or rows were compared, in how many ours is lower, and in how many higher."""
    known = np.isfinite(ours).any(axis=axis)
    one, other = (np.nansum(scores, axis=axis)[known] for scores in (ours, theirs))
    same = np.isclose(one, other, rtol=1e-9, atol=1e-12)
    return int(known.sum()), int((~same & (one < other)).sum()), int((~same & (one > other)).sum())


def _mean(track: Track, model: str, measure: str, where: Mask) -> float | None:
    """The mean over all months where it is known."""
    scores, months = track.scores[model][measure], track.months[model]
    known = np.isfinite(scores) & where
    total = months[known].sum()
    return float((scores[known] * months[known]).sum() / total) if total else None


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None
