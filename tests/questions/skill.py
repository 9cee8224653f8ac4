"""Made-up track records: scores by hand, and those of real models on a synthetic panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.lake.shelf import Held, Lake
from harmattan.models.draws import Model, forecast
from harmattan.models.panel import Panel
from harmattan.models.scoring import score
from harmattan.vocabulary.period import Month
from harmattan.vocabulary.skill import LOSSES
from tests.lake.factory import Row, put_tables, row_of

UNITS = ("BFA", "CMR", "MLI", "NER", "NGA", "SEN", "TCD", "TGO")
BENCHMARK = "conflictology12"
FIRST, LAST = 3, 14


def scored(model: str, origin: str, unit: str, crps: float, **said: Any) -> Row:
    """How one model did in one place and window; every other score is tenfold, so that measures can be told apart."""
    told = {"level": "country", "target": "deaths_best", "step_first": FIRST, "step_last": LAST, "n_months": 12}
    scores = {"crps": crps} | dict.fromkeys(LOSSES[1:], 10 * crps) | {"inside_50": 0.5, "inside_90": 0.75}
    row = told | scores | {"observed": 9.0, "expected": 8.0} | said
    row_id = "|".join((str(row["level"]), model, origin, unit, f"{row['step_first']}-{row['step_last']}"))
    return row_of("skill", row_id, model=model, origin=origin, unit=unit, **row)


def table(
    scores: Mapping[str, NDArray[Any]], units: Sequence[str] = UNITS, first: int = 2019, **said: Any
) -> list[Row]:
    """Rows by model from scores of the shape (units, windows); NaN leaves a row out. Windows are calendar years."""
    return [
        scored(model, f"{first + year - 1}-10", unit, float(crps[at, year]), **said)
        for model, crps in scores.items()
        for at, unit in enumerate(units)
        for year in range(crps.shape[1])
        if np.isfinite(crps[at, year])
    ]


def put_skill(lake: Lake, rows: Iterable[Row], label: str = "1", **said: Any) -> Held:
    """Publishes a track record."""
    usual = {"status": "figures", "dataset": "forecast-skill", "places": UNITS, "published": "2024-01-31"}
    return put_tables(lake, label, {"skill": rows}, **(usual | said)).held


def panel(months: int = 120) -> Panel:
    """Wars that come and go: a level that walks, and Poisson counts about it; from January 2013."""
    rng = np.random.default_rng(11)
    walk = np.cumsum(rng.normal(0, 0.35, (len(UNITS), months)), axis=1) + rng.normal(2, 1, (len(UNITS), 1))
    return Panel(UNITS, Month(2013, 1), rng.poisson(np.exp(np.clip(walk, -3, 6))).astype(float))


def backtest(models: Iterable[Model], origins: Iterable[Month], *, draws: int = 100) -> list[Row]:
    """The rows of a backtest on that panel: each model forecasts from each origin and is scored on what came."""
    whole, steps, rows = panel(), range(FIRST, LAST + 1), []
    for model in models:
        for origin in origins:
            said = forecast(model, whole.until(origin), steps, draws, seed=1)
            truth = whole.at(origin, steps)
            found = score(said.draws, truth, np.random.default_rng(1))
            for at, unit in enumerate(whole.units):
                means = {name: float(found[name][at].mean()) for name in (*LOSSES, "inside_50", "inside_90")}
                means |= {"observed": float(truth[at].mean()), "expected": float(said.draws[at].mean())}
                rows.append(scored(model.name, str(origin), unit, means.pop("crps"), **means))
    return rows
