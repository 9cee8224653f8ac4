"""Made-up rows of a table of skill, in the columns in which a backtest writes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from harmattan.vocabulary.skill import SKILL

Row = dict[str, Any]
COLUMNS = tuple(name for name in SKILL.names if name != "row_id")


def row(**changed: Any) -> Row:
    """A year in Mali by the benchmark."""
    made: Row = {
        "level": "country", "target": "deaths_best", "model": "conflictology12", "origin": "2021-10", "unit": "MLI",
        "step_first": 3, "step_last": 14, "n_months": 12, "crps": 60.5, "log_score": 2.5, "mis90": 410.0,
        "crps_log": 0.5, "brier_0": 0.0, "brier_25": 0.125, "brier_100": 0.25, "brier_1000": 0.0, "inside_50": 0.5,
        "inside_90": 0.75, "observed": 210.0, "expected": 180.5,
    }  # fmt: skip
    assert set(changed) <= set(made)
    return made | changed


def rows(n: int) -> list[Row]:
    """Two models over n windows."""
    return [
        row(model=model, origin=f"{2020 + year}-10", crps=crps + year)
        for model, crps in (("conflictology12", 60.0), ("pooled", 57.0))
        for year in range(n)
    ]


def as_parquet(made: Sequence[Row]) -> bytes:
    """As a backtest writes them: numbers as numbers, NaN where nothing was observed."""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(one) for one in made]), out)
    return out.getvalue()


def as_csv(made: Sequence[Row]) -> bytes:
    """The same as text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(made[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(made)
    return out.getvalue().encode()
