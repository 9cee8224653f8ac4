"""Whatever questions ask, the SQL that the engine keeps is what Ibis would write, for other countries and days too."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harmattan import data
from harmattan.lake.engine import Engine
from harmattan.lake.measured import Measured
from harmattan.lake.shelf import Lake
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from tests.questions.test_spark import ALSO
from tests.questions.worlds import EVENT_QUESTIONS

SLOW = ("forecast", "what-changed", "scenario", "effect", "spillover", "shock", "reproduction")
"""Questions that learn and draw: what they ask of events the others ask too."""
UNMEASURED = ("revisions", "tally")
"""Questions that ask nothing by `rows_by`."""
SAID: tuple[dict[str, Any], ...] = (
    {"country": ("MLI",), "end": dt.date(2022, 6, 30)},
    {"country": ("NER",), "end": dt.date(2021, 3, 31), "level": "actor"},
    {"country": ("BFA", "MLI"), "start": dt.date(2019, 2, 1), "end": dt.date(2022, 12, 31), "level": "family"},
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """New for each question: what another question had kept would not be asked again."""
    return World(Lake(tmp_path, data.RELEASES))


def plain(sql: str) -> str:
    """SQL with the columns that are left out in one order: Ibis keeps them in a set."""
    return re.sub(r"EXCLUDE \(([^)]*)\)", lambda found: f"EXCLUDE ({sorted(found[1].split(', '))})", sql)


def ask_all(world: World, name: str) -> None:
    """Asks a question in all the ways of `SAID`."""
    accepts = {*QUESTIONS[name].accepts, *ALSO.get(name, {})}
    for said in SAID:
        taken = {field: value for field, value in said.items() if field in accepts}
        ask(world, name, replace(Params(**taken), **{"as_of": None, **ALSO.get(name, {})}))


@pytest.mark.parametrize("name", [name for name in EVENT_QUESTIONS if name not in (*SLOW, "mines")])
def test_the_sql_of_a_question_is_what_ibis_writes(name: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    own = Engine.sql_of

    def both(self: Engine, expr: Any) -> str | None:
        sql = own(self, expr)
        seen.append((sql, None if sql is None else self.compile(expr)))
        return sql

    monkeypatch.setattr(Engine, "sql_of", both)
    ask_all(world, name)
    told = [(plain(sql), plain(other)) for sql, other in seen if sql is not None and other is not None]
    assert told
    assert [sql for sql, _other in told] == [other for _sql, other in told]


def listed(table: Any) -> list[str]:
    """The rows of a table in some order, the lists in them too."""
    rows = table.to_pylist()
    return sorted(repr({name: sorted(v, key=str) if isinstance(v, list) else v for name, v in row.items()})
                  for row in rows)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in EVENT_QUESTIONS if name not in (*SLOW, *UNMEASURED, "mines")])
def test_what_is_kept_of_a_measure_gives_its_rows(name: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, seen = Measured.rows, []

    def both(self: Measured) -> Any:
        found = kept(self)
        seen.append((self.measure.__name__, listed(found) == listed(self.expression.to_pyarrow())))
        return found

    monkeypatch.setattr(Measured, "rows", both)
    ask_all(world, name)
    assert seen
    assert [measure for measure, same in seen if not same] == []
