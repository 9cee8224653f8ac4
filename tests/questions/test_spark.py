"""The same expressions on another engine: every question about events gives the same answer on Spark as on DuckDB.

PySpark is no dependency of the package; `make spark` installs it. Without it, or without Java, these tests are skipped;
in CI they fail.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from harmattan import data
from harmattan.lake.shelf import Lake
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from tests.questions.worlds import EVENT_QUESTIONS
from tests.spark import engine

pytestmark = pytest.mark.slow
ALSO: dict[str, dict[str, Any]] = {
    "alerts": {"as_of": dt.date(2022, 3, 31)},
    "activity-range": {"actor": ("JNIM",)},
    "expansion": {"actor": ("JNIM",)},
    "scenario": {"path": "own=0.5"},
    "effect": {"force": ("barkhane",)},
    **{name: {"country": ("MLI", "BFA")} for name in ("spillover", "shock", "reproduction")},
}
"""What a question cannot be asked without."""


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark session on this machine alone, as an Ibis engine."""
    yield from engine()


@pytest.fixture(scope="module")
def worlds(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    """The embedded releases on Spark and on DuckDB."""
    lake = Lake(tmp_path_factory.mktemp("empty"), data.RELEASES)
    on_spark = World(lake)
    on_spark.__dict__["engine"] = spark
    return on_spark, World(lake)


@pytest.mark.parametrize("name", EVENT_QUESTIONS)
def test_a_question_has_the_same_answer_on_spark(name: str, worlds: tuple[World, World]) -> None:
    accepts = QUESTIONS[name].accepts
    said = {"country": ("MLI",)} if "country" in accepts else {}
    params = replace(Params(**said), **ALSO.get(name, {}))
    there, here = (ask(world, name, params) for world in worlds)
    assert here.rows
    assert [same(row) for row in there.rows] == [same(row) for row in here.rows]
    assert (there.headline, there.criteria, there.caveats) == (here.headline, here.criteria, here.caveats)
    assert there.row_criteria == here.row_criteria


def same(row: Any) -> dict[str, Any]:
    """A row with its floating-point numbers to nine digits: sums in another order differ in the last ones."""
    return {
        name: float(f"{value:.9g}") if isinstance(value, float) and math.isfinite(value) else value
        for name, value in row.items()
    }
