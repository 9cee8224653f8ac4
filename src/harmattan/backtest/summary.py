"""A backtest in numbers: how models stand to the benchmark, where they gain and lose, and what their chances mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.backtest.plan import Level, Plan
from harmattan.backtest.scored import EXPECTED, OBSERVED, Marks
from harmattan.models.comparing import Ratio, compare, largest, without_largest
from harmattan.models.history import BENCHMARK
from harmattan.models.panel import Panel
from harmattan.models.scoring import THRESHOLDS

RATIOS = ("crps", "log_score", "mis90", "crps_log")
LARGEST = 2
"""Units without which a comparison is made a second time: one war can make a ratio."""
MOST_UNITS = 6
"""Units named among those that gain, and among those that lose."""
LEAST_CHANGE = 0.0002
"""Of the benchmark's whole CRPS: units that change less are not named."""
PIT_BINS = 10
CHANCE_EDGES = (0.0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Between them forecasts of a chance are put together, to be held against how often it came."""
QUIET_MONTHS = 12


@dataclass(frozen=True)
class Window:
    """The months forecast from one origin: mean scores of both, and their ratio."""

    origin: str
    first: str
    last: str
    n: int
    crps: float
    benchmark: float
    ratio: Ratio


@dataclass(frozen=True)
class Share:
    """How much of the benchmark's whole CRPS a unit adds or takes away: below zero it gains."""

    unit: str
    change: float
    ratio: float
    of_benchmark: float


@dataclass(frozen=True)
class Chance:
    """Forecasts of a chance that lay together: what they said on average, and how often it came."""

    n: int
    said: float
    came: float


@dataclass(frozen=True)
class Record:
    """The record of one model over all windows."""

    model: str
    n: int
    crps: float
    expected: float
    observed: float
    ratios: Mapping[str, Ratio]
    without_largest: Ratio
    windows: tuple[Window, ...]
    units: tuple[Share, ...]
    pit: tuple[float, ...]
    inside_50: float
    inside_90: float
    chances: Mapping[str, tuple[Chance, ...]]
    quiet: Chance
    """The chance of any death in places that had none in the twelve months before the origin."""


@dataclass(frozen=True)
class Summary:
    """A whole backtest."""

    level: Level
    target: str
    panel: str
    first: str
    last: str
    n_units: int
    origins: tuple[str, ...]
    steps: tuple[int, ...]
    draws: int
    seed: int
    benchmark: str
    largest: tuple[str, ...]
    unobserved: int
    """Units and months that were forecast and not observed; they are not scored."""
    records: tuple[Record, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data with keys that stay; numbers that are none (NaN, infinite) are null."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def summed_up(marked: Mapping[str, Marks], panel: Panel, plan: Plan, digest: str) -> Summary:
    """What all scores come to."""
    theirs = marked[BENCHMARK.name]
    sums = np.where(np.isfinite(theirs["crps"]), theirs["crps"], 0.0).sum(axis=(0, 2))
    top = largest(sums[:, None], LARGEST)
    quiet = np.stack([_quiet(panel.until(origin)) for origin in plan.origins])
    unobserved = sum(int(np.isnan(panel.at(origin, plan.steps)).sum()) for origin in plan.origins)
    return Summary(
        level=plan.level,
        target=plan.target,
        panel=digest,
        first=str(panel.first),
        last=str(panel.last),
        n_units=len(panel.units),
        origins=tuple(map(str, plan.origins)),
        steps=plan.steps,
        draws=plan.draws,
        seed=plan.seed,
        benchmark=BENCHMARK.name,
        largest=tuple(panel.units[unit] for unit in top),
        unobserved=unobserved,
        records=tuple(record(name, marked, panel, plan, quiet=quiet) for name in marked),
    )


def record(name: str, marked: Mapping[str, Marks], panel: Panel, plan: Plan, *, quiet: NDArray[np.bool_]) -> Record:
    """How one model stands to the benchmark, on the months that both have."""
    ours, theirs = marked[name], marked[BENCHMARK.name]
    seen = np.isfinite(ours["crps"]) & np.isfinite(theirs["crps"])
    pairs = {score: (_sums(ours[score], seen), _sums(theirs[score], seen)) for score in RATIOS}
    first, second = pairs["crps"]
    quietly = quiet[:, :, None] & seen
    return Record(
        model=name,
        n=int(seen.sum()),
        crps=_mean(ours["crps"], seen),
        expected=_mean(ours[EXPECTED], seen),
        observed=_mean(ours[OBSERVED], seen),
        ratios={score: compare(*pair, _rng(plan)) for score, pair in pairs.items()},
        without_largest=without_largest(first, second, LARGEST, _rng(plan)),
        windows=tuple(_window(at, ours, theirs, seen, plan) for at in range(len(plan.origins))),
        units=_shares(panel.units, first, second),
        pit=tuple(_histogram(ours["pit"][seen])),
        inside_50=_mean(ours["inside_50"], seen),
        inside_90=_mean(ours["inside_90"], seen),
        chances={str(deaths): _chances(ours, seen, deaths) for deaths in THRESHOLDS},
        quiet=_chance(ours["above_0"][quietly], ours[OBSERVED][quietly] > 0),
    )


def _quiet(known: Panel) -> NDArray[np.bool_]:
    """Units that were looked at in the last twelve months, and had no death in them."""
    recent = known.values[:, -QUIET_MONTHS:]
    return np.asarray(np.isfinite(recent).any(axis=1) & (np.nan_to_num(recent).sum(axis=1) == 0))


def _window(at: int, ours: Marks, theirs: Marks, seen: NDArray[np.bool_], plan: Plan) -> Window:
    months = plan.months(plan.origins[at])
    here = seen[at]
    pair = [_sums(one["crps"][at : at + 1], seen[at : at + 1]) for one in (ours, theirs)]
    return Window(
        str(plan.origins[at]),
        str(months[0]),
        str(months[-1]),
        int(here.sum()),
        _mean(ours["crps"][at], here),
        _mean(theirs["crps"][at], here),
        compare(pair[0], pair[1], _rng(plan)),
    )


def _shares(units: Sequence[str], ours: NDArray[Any], theirs: NDArray[Any]) -> tuple[Share, ...]:
    """The units that gain most, then those that lose most, the largest last."""
    mine, other = np.nansum(ours, axis=1), np.nansum(theirs, axis=1)
    whole = other.sum()
    if not whole:
        return ()
    change = (mine - other) / whole
    order = np.argsort(change, kind="stable")
    picked = [at for at in order[:MOST_UNITS] if change[at] < -LEAST_CHANGE] + [
        at for at in order[-MOST_UNITS:] if change[at] > LEAST_CHANGE
    ]
    return tuple(
        Share(units[at], float(change[at]), float(mine[at] / other[at]) if other[at] else np.inf,
              float(other[at] / whole))
        for at in picked
    )  # fmt: skip


def _chances(ours: Marks, seen: NDArray[np.bool_], deaths: int) -> tuple[Chance, ...]:
    said, came = ours[f"above_{deaths}"][seen], ours[OBSERVED][seen] > deaths
    which = np.digitize(said, CHANCE_EDGES[1:-1], right=False)
    return tuple(
        _chance(said[which == at], came[which == at])
        for at in range(len(CHANCE_EDGES) - 1)
        if (which == at).any()
    )  # fmt: skip


def _chance(said: NDArray[Any], came: NDArray[Any]) -> Chance:
    if not len(said):
        return Chance(0, np.nan, np.nan)
    return Chance(len(said), float(said.mean()), float(came.mean()))


def _histogram(pit: NDArray[Any]) -> list[float]:
    counts, _edges = np.histogram(pit, PIT_BINS, (0, 1))
    return [float(count / max(1, len(pit))) for count in counts]


def _sums(values: NDArray[Any], seen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sums over steps, shape (units, windows); NaN where nothing was both said and observed."""
    summed = np.where(seen, values, 0.0).sum(axis=2)
    return np.where(seen.any(axis=2), summed, np.nan).T


def _mean(values: NDArray[Any], seen: NDArray[np.bool_]) -> float:
    return float(values[seen].mean()) if seen.any() else np.nan


def _rng(plan: Plan) -> np.random.Generator:
    return np.random.default_rng([plan.seed, len(plan.origins)])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
