"""What draws were worth: scores by origin, unit and step, and the two tables they are written to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from harmattan.backtest.layout import Block
from harmattan.backtest.plan import Plan
from harmattan.models.panel import Panel
from harmattan.models.scoring import SCORES, THRESHOLDS, score
from harmattan.vocabulary.period import Month

Values = NDArray[np.float64]
EXPECTED, OBSERVED = "expected", "observed"
CHANCES = tuple(f"above_{deaths}" for deaths in THRESHOLDS)
"""The share of draws above each threshold."""
MEANS = tuple(name for name in SCORES if name != "pit")
"""What the table of skill has the mean of."""


@dataclass(frozen=True)
class Marks:
    """Scores, the mean draw and the chances of exceeding thresholds by name, beside what was observed.

    All have the shape (units, steps), or (origins, units, steps); NaN where nothing was observed or nothing said.
    """

    by: Mapping[str, Values]

    def __getitem__(self, name: str) -> Values:
        return self.by[name]

    @classmethod
    def stacked(cls, parts: Sequence[Marks]) -> Marks:
        """Those of several origins, one above the other."""
        return cls({name: np.stack([part.by[name] for part in parts]) for name in parts[0].by})


def marks(blocks: Iterable[Block], truth: Values, seed: int, origin: Month) -> Marks:
    """Scores of draws against what was observed, (units, steps); draws that are NaN are not said, and not scored."""
    found = {name: np.full(truth.shape, np.nan) for name in (OBSERVED, EXPECTED, *SCORES, *CHANCES)}
    for units, draws in blocks:
        said = ~np.isnan(draws).any(axis=2)
        known = np.where(said, truth[units], np.nan)
        rng = np.random.default_rng([seed, origin.ordinal, int(units[0])])
        found[OBSERVED][units] = known
        for name, values in score(draws, known, rng).items():
            found[name][units] = values
        found[EXPECTED][units] = draws.mean(axis=2, dtype=np.float64)
        for name, deaths in zip(CHANCES, THRESHOLDS, strict=True):
            found[name][units] = np.where(said, (draws > deaths).mean(axis=2), np.nan)
    return Marks(found)


def write_scores(path: Path, marked: Mapping[str, Marks], panel: Panel, plan: Plan) -> None:
    """One row for each model, origin, unit and month that was both said and observed."""
    schema = pa.schema(
        [
            *_named(("level", "target", "model", "origin", "unit", "month"), pa.string()),
            ("step", pa.int32()),
            *_named((OBSERVED, EXPECTED, *SCORES, *CHANCES), pa.float64()),
        ]
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for model, one in marked.items():
            for at, origin in enumerate(plan.origins):
                unit, step = np.nonzero(np.isfinite(one["crps"][at]))
                months = [str(month) for month in plan.months(origin)]
                columns = {
                    "level": [plan.level] * len(unit),
                    "target": [plan.target] * len(unit),
                    "model": [model] * len(unit),
                    "origin": [str(origin)] * len(unit),
                    "unit": np.array(panel.units, object)[unit],
                    "month": np.array(months, object)[step],
                    "step": np.array(plan.steps, np.int32)[step],
                } | {name: one[name][at][unit, step] for name in schema.names[7:]}
                writer.write_table(pa.table(columns, schema=schema))


def write_skill(path: Path, marked: Mapping[str, Marks], panel: Panel, plan: Plan) -> None:
    """One row for each model, origin and unit: means over the months that were both said and observed."""
    numbers = (*MEANS, OBSERVED, EXPECTED)
    schema = pa.schema(
        [
            *_named(("level", "target", "model", "origin", "unit"), pa.string()),
            *_named(("step_first", "step_last", "n_months"), pa.int32()),
            *_named(numbers, pa.float64()),
        ]
    )
    rows: dict[str, list[Any]] = {name: [] for name in schema.names}
    for model, one in marked.items():
        seen = np.isfinite(one["crps"])
        months = seen.sum(axis=2)
        means = {name: _mean(one[name], seen) for name in numbers}
        for at, unit in zip(*np.nonzero(months), strict=True):
            named = (plan.level, plan.target, model, str(plan.origins[at]), panel.units[unit])
            told = (*named, plan.steps[0], plan.steps[-1], int(months[at, unit]))
            for name, value in zip(schema.names, told, strict=False):
                rows[name].append(value)
        for name in numbers:
            rows[name].extend(means[name][months > 0])
    pq.write_table(pa.table(rows, schema=schema), path, compression="zstd")


def _mean(values: Values, seen: NDArray[np.bool_]) -> Values:
    count = seen.sum(axis=2)
    return np.asarray(np.where(seen, values, 0.0).sum(axis=2) / np.maximum(count, 1))


def _named(names: Sequence[str], kind: Any) -> list[tuple[str, Any]]:
    return [(name, kind) for name in names]
