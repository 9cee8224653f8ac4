"""How forecasts stand to the benchmark, in numbers and in a plain sentence: a model that does not beat it says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harmattan.models.comparing import compare, largest, without_largest
from harmattan.models.history import BENCHMARK
from harmattan.models.panel import Values
from harmattan.questions.skill_table import Track
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted, joined, listing, msg

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
VERDICTS = {
    "beats": msg(
        "{model} beats the benchmark {benchmark} by {measure}: the ratio is {ratio} ({low} to {high}) over {windows} and "
        "{units}, and above 1 in none of the windows."
    ),
    "loses_windows": msg(
        "{model} beats the benchmark {benchmark} by {measure} over {windows} together, with a ratio of {ratio} ({low} "
        "to {high}) for {units}, but it loses {lost} of {n}."
    ),
    "even": msg(
        "{model} is about as good as the benchmark {benchmark} by {measure}: the ratio is {ratio} over {windows} and "
        "{units}, and the interval from {low} to {high} has 1 in it, so it is not shown to beat it."
    ),
    "behind": msg(
        "{model} does not beat the benchmark {benchmark} by {measure}: the ratio is {ratio} ({low} to {high}) over "
        "{windows} and {units}; it was better in {won} of {n} windows."
    ),
    "few_ahead": msg(
        "{model} was better than the benchmark {benchmark} by {measure}: the ratio is {ratio} over "
        "{windows}, better in {won} of {n}; for {units} no interval can be given, so it is not shown to beat it."
    ),
    "few_behind": msg(
        "{model} does not beat the benchmark {benchmark} by {measure} here: the ratio is {ratio} over {windows} and "
        "{units}; it was better in {won} of {n}."
    ),
    "benchmark": msg("{model} is the benchmark."),
    "perfect": msg(
        "{model} does not beat the benchmark {benchmark} by {measure} here: over {windows} and {units} the benchmark "
        "made no error."
    ),
    "none": msg("{model} was not scored on the same months as the benchmark {benchmark}, so nothing says which is "
                "better."),
}  # fmt: skip

IN_SHORT: dict[str, Text] = {
    "beats": T("beats the benchmark"),
    "loses_windows": T("beats the benchmark, but not in every window"),
    "even": T("about as good as the benchmark"),
    "behind": T("does not beat the benchmark"),
    "few_ahead": T("better, but for too few places to tell"),
    "few_behind": T("does not beat the benchmark"),
    "none": T("cannot be compared"),
    "perfect": T("does not beat the benchmark, which made no error"),
    "benchmark": T("is the benchmark"),
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
    low, high = (found.low, found.high) if sure and np.isfinite(found.high) else (None, None)
    at = [int(n) for n in largest(theirs, MOST_BIG)] if big and sure and found.n_units >= FEWEST + MOST_BIG else []
    without = without_largest(ours, theirs, MOST_BIG, np.random.default_rng(SEED), 1).value if at else None
    by_window, by_unit = _wins(ours, theirs, 0), _wins(ours, theirs, 1)
    means = (_mean(track, name, measure, both) for name in (model, BENCHMARK.name))
    return Standing(
        model, measure, _finite(found.value), low, high, *means, *by_window, *by_unit,
        tuple(track.units[n] for n in at), _finite(without), *inside,
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


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None


def named(level: str, units: Sequence[str]) -> Value:
    """Units as they are spoken: countries by name, cells by gid."""
    return listing([CountryName(unit) if level == "country" else Verbatim(f"gid {unit}") for unit in units])


def judged(found: Standing, level: str, number: str | None = None) -> Text:
    """The verdict on a model; `number` is the id of the evidence behind its ratio."""
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
    words = T(VERDICTS[found.kind], **said)
    if found.kind in ("beats", "loses_windows") and found.without is not None and found.without >= 1:
        turned = T(
            "Without {units} the ratio is {ratio}: the gain is theirs alone.",
            units=named(level, found.big),
            ratio=Number(found.without, number, 3),
        )
        return joined((words, turned))
    return words


def alone(found: Standing, level: str, unit: str) -> Text:
    """A sentence on one place beside the verdict over all."""
    return T(
        "For {place} alone the ratio is {ratio}, better in {won} of {n} windows.",
        place=named(level, [unit]),
        ratio=Number(found.ratio, None, 2),
        won=found.won,
        n=found.windows,
    )


NOT_COVERED = T(
    "Not covered: no release here says how past forecasts came out. Score them with {backtest}, then take them in with "
    "{ingest}.",
    backtest=Verbatim("harmattan backtest --panel FILE --origins 2011-10..2022-10 --steps 3..14 --out DIR"),
    ingest=Verbatim("harmattan ingest forecast-skill DIR/skill.parquet --release LABEL"),
)
ABOUT_DATA = T(
    "Past months are scored on the data of today, in which later corrections stand; what was known at the time differed, "
    "and whoever made the models knew these years."
)
COVERAGE_NOTE = T(
    "In quiet places every interval that has 0 in it holds what came, so more than 90 % of all months lie inside."
)
