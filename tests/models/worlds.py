"""Made-up worlds that models are tried on, and the models with forests small enough for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from harmattan.models.draws import Model
from harmattan.models.panel import Panel, Values
from harmattan.models.registry import MODELS
from harmattan.vocabulary.period import Month

FIRST = Month(2015, 1)
NAMES = ("BFA", "MLI", "NER", "TCD", "NGA", "SSD", "GMB", "CPV")


def small(model: Any, rows: int = 2000) -> Any:
    """The same model with forests of ten trees, wherever in it they are."""
    if hasattr(model, "trees"):
        return replace(model, trees=10, rows=rows)
    if hasattr(model, "parts"):
        return replace(model, parts=tuple((small(part, rows), weight) for part, weight in model.parts))
    if hasattr(model, "model"):
        return replace(model, model=small(model.model, rows))
    return model


SMALL: dict[str, Model] = {name: small(model) for name, model in MODELS.items()}


def uneven(months: int = 80, seed: int = 1, *, events: bool = True) -> Panel:
    """A war that grows, quiet places, one all zeros, one with gaps, one that is new, months nobody looked at."""
    rng = np.random.default_rng(seed)
    means = np.array([2.0, 150, 20, 1, 400, 60, 0, 0.1])[:, None]
    pace = np.exp(np.cumsum(rng.normal(0, 0.15, (8, months)), axis=1))
    values = rng.poisson(means * pace * rng.gamma(1, 1, (8, months))).astype(float)
    values[2, months // 3 : months // 2] = np.nan
    values[5, : max(0, months - 5)] = np.nan
    values[:, months // 4] = np.nan
    near = tuple(tuple(sorted({max(0, n - 1), min(7, n + 1)} - {n})) for n in range(8))
    return Panel(NAMES, FIRST, values, near, {"events": np.ceil(values / 3)} if events else {})


def of(values: Values, units: Sequence[str] | None = None) -> Panel:
    """A panel without neighbours and covariates."""
    return Panel(tuple(units or (f"U{n:03d}" for n in range(len(values)))), FIRST, np.asarray(values, float))


def poisson(rates: Sequence[float], each: int, months: int, seed: int = 1) -> tuple[Values, Values]:
    """Steady places: `each` of every rate; their rates, and what happened."""
    means = np.repeat(rates, each).astype(float)
    return means, np.random.default_rng(seed).poisson(means[:, None], (len(means), months)).astype(float)
