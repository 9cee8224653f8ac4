"""A small world with a past long enough to learn from, and a small model, for tests of forecasts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harmattan.models.forest import Forest
from harmattan.models.history import Fading
from harmattan.models.pooled import Pooled
from harmattan.models.registry import MODELS
from harmattan.questions.world import World
from harmattan.vocabulary.period import Month
from tests.lake.factory import Row, event, put, put_tables
from tests.questions.worlds import CELLS, world_in

SMALL = Pooled(((Fading(4.0, 24), 0.5), (Forest(trees=5, rows=500, leaf=5), 0.5)))
FIRST, LAST = Month(2016, 1), Month(2022, 12)
COUNTRIES = ("MLI", "NER", "BFA", "SEN")
"""Senegal is quiet throughout."""


def small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool that forecasts where nothing is said is a small one."""
    monkeypatch.setitem(MODELS, "pooled", SMALL)


def past(changed: dict[str, int] | None = None) -> list[Row]:
    """An event or two a month in each country but one; `changed` has other deaths by event id."""
    rng = np.random.default_rng(3)
    rows = []
    for n in range(LAST - FIRST + 1):
        for at, code in enumerate(COUNTRIES[:-1]):
            deaths = int(rng.poisson(4 + 3 * at))
            name = f"{code}{n}"
            cell = CELLS[(n + at) % 3]
            rows.append(event(name, f"{FIRST + n}-11", code, (changed or {}).get(name, deaths), cell=cell,
                              where_precision="country" if n % 11 == 0 else "exact"))  # fmt: skip
    return rows


def foretold(folder: Path, changed: dict[str, int] | None = None, *, label: str = "1") -> World:
    """The world of that past, with a table of cells."""
    world = world_in(folder)
    add(world, past(changed), label)
    table = [{"cell": gid, "iso3": code, "land_share": 1.0}
             for gid, code in (*zip(CELLS, COUNTRIES[:3], strict=True), (150721, "MLI"))]  # fmt: skip
    put_tables(world.lake, "1", {"cells": table}, dataset="made-cells", status="figures")
    return world


def add(world: World, rows: list[Row], label: str, published: str = "2023-06-30") -> None:
    """Another release of the same data set."""
    put(world.lake, label, rows, places=COUNTRIES, start=f"{FIRST}-01", end=str(LAST.last_day), published=published)
