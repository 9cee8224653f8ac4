"""How forecasts stand to the benchmark, in numbers and in a plain sentence: a model that does not beat it says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harmattan.models.comparing import Ratio, compare, largest, without_largest
from harmattan.models.history import BENCHMARK
from harmattan.models.panel import Values
from harmattan.questions.skill_table import Track
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted, joined, listing

SEED = 7
"""Of the bootstrap: the same table gives the same interval."""
FEWEST = 5
"""Units from which an interval is given: a bootstrap over fewer says little."""
MOST_BIG = 2
"""So many units, those with the largest scores, are left out in turn: one war can make a ratio."""
MANY, FEWER_DRAWS = 3000, 400
"""From so many units on the bootstrap draws less often: its interval is narrow there."""
MEASURE_WORDS: dict[str, Text] = {
    "crps": T("CRPS"),
    "log_score": T("the log score"),
    "mis90": T("the interval score at 90 %"),
    "crps_log": T("the CRPS of logarithms"),
    "brier_0": T("the Brier score of more than 0 deaths"),
    "brier_25": T("the Brier score of more than 25 deaths"),
    "brier_100": T("the Brier score of more than 100 deaths"),
    "brier_1000": T("the Brier score of more than 1000 deaths"),
}


@dataclass(frozen=True)
class Standing:
    """A model beside the benchmark over some units and windows; what cannot be said is None."""

    model: str
    measure: str
    ratio: float | None
    low: float | None
    high: float | None
    ours: float | None
    """The mean score over the months that both were scored on."""
    theirs: float | None
    windows: int
    won: int
    lost: int
    units: int
    units_won: int
    units_lost: int
    big: tuple[str, ...] = ()
    """The units with the largest scores of the benchmark, of `MOST_BIG` the largest first."""
    without: Ratio | None = None
    """The same without them."""
    inside_50: float | None = None
    inside_90: float | None = None

    @property
    def kind(self) -> str:
        """What it comes to: none, few, beats, loses_windows, even or behind."""
        if self.ratio is None:
            return "none"
        if self.low is None or self.high is None:
            return "few"
        if self.high < 1:
            return "loses_windows" if self.lost else "beats"
        return "behind" if self.low > 1 else "even"


def standing(track: Track, model: str, measure: str, *, big: bool = True) -> Standing:
    """How a model stands to the benchmark over a track: sums over the units, windows and months that both have.

    The interval is that of `models.comparing.compare`; `big` asks for the same without the largest units.
    """
    nothing = np.full((len(track.units), len(track.origins)), np.nan)
    known = BENCHMARK.name in track.scores and model in track.scores
    ours, theirs = (track.total(name, measure) if known else nothing for name in (model, BENCHMARK.name))
    both = np.isfinite(ours) & np.isfinite(theirs)
    ours, theirs = np.where(both, ours, np.nan), np.where(both, theirs, np.nan)
    inside = [_mean(track, model, name, both if known else None) for name in ("inside_50", "inside_90")]
    if not both.any():
        return Standing(model, measure, None, None, None, None, None, 0, 0, 0, 0, 0, 0, (), None, *inside)
    found = compare(ours, theirs, np.random.default_rng(SEED), _draws(both))
    sure = found.n_units >= FEWEST and model != BENCHMARK.name
    low, high = (found.low, found.high) if sure else (None, None)
    at = [int(n) for n in largest(theirs, MOST_BIG)] if big and sure and found.n_units >= FEWEST + MOST_BIG else []
    without = without_largest(ours, theirs, MOST_BIG, np.random.default_rng(SEED), _draws(both)) if at else None
    by_window, by_unit = _wins(ours, theirs, 0), _wins(ours, theirs, 1)
    means = (_mean(track, name, measure, both) for name in (model, BENCHMARK.name))
    return Standing(
        model, measure, _finite(found.value), low, high, *means, *by_window, *by_unit,
        tuple(track.units[n] for n in at), without, *inside,
    )  # fmt: skip


def _draws(both: Values) -> int:
    return FEWER_DRAWS if len(both) > MANY else 2000


def _wins(ours: Values, theirs: Values, axis: int) -> tuple[int, int, int]:
    """How many columns or rows were compared, in how many ours is lower, and in how many higher."""
    known = np.isfinite(ours).any(axis=axis)
    one, other = (np.nansum(scores, axis=axis)[known] for scores in (ours, theirs))
    same = np.isclose(one, other, rtol=1e-9, atol=1e-12)
    return int(known.sum()), int((~same & (one < other)).sum()), int((~same & (one > other)).sum())


def _mean(track: Track, model: str, measure: str, where: Values | None) -> float | None:
    """The mean over all months where it is known."""
    if model not in track.scores:
        return None
    scores, months = track.scores[model][measure], track.months[model]
    known = np.isfinite(scores) & (where if where is not None else True)
    total = months[known].sum()
    return float((scores[known] * months[known]).sum() / total) if total else None


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def named(level: str, units: Sequence[str]) -> Value:
    """Units as they are spoken: countries by name, cells by gid."""
    return listing([CountryName(unit) if level == "country" else Verbatim(f"gid {unit}") for unit in units])


def judged(found: Standing, level: str, number: str | None = None) -> Text:
    """The verdict on a model; `number` is the id of the evidence behind its ratio."""
    if found.model == BENCHMARK.name:
        return T("{model} is the benchmark.", model=Verbatim(found.model))
    said = {
        "model": Verbatim(found.model),
        "benchmark": Verbatim(BENCHMARK.name),
        "ratio": Number(found.ratio, number, 3),
        "low": Number(found.low, number, 3),
        "high": Number(found.high, number, 3),
        "measure": MEASURE_WORDS[found.measure],
        "windows": counted(found.windows, "{n} window", "{n} windows"),
        "won": found.won,
        "lost": found.lost,
        "n": found.windows,
        "units": counted(found.units, "{n} place", "{n} places"),
    }
    words = T(VERDICTS[found.kind](found), **said)
    if found.kind in ("beats", "loses_windows") and found.without is not None and not found.without.value < 1:
        turned = T(
            "Without {units} the ratio is {ratio}: the gain is theirs alone.",
            units=named(level, found.big),
            ratio=Number(found.without.value, number, 3),
        )
        return joined((words, turned))
    return words
