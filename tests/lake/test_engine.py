"""The SQL that the engine keeps is, for other values and tables, letter by letter what Ibis would write for them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.lake import engine as engine_module
from harmattan.lake.engine import Engine, Texts
from harmattan.lake.tables import connect

ROWS = pa.table(
    {
        "iso3": ["MLI", "MLI", "BFA", "NER"],
        "day": [dt.date(2022, 1, n) for n in (1, 2, 3, 4)],
        "deaths": pa.array([1, 2, 3, None], pa.int64()),
        "actors": pa.array([["JNIM"], ["IS", "JNIM"], [], None], pa.list_(pa.string())),
    }
)
A_DAY = st.dates(dt.date(2021, 12, 30), dt.date(2022, 1, 6))
A_NAME = st.sampled_from(["MLI", "BFA", "it's", 'a "b"', "%", "\\", "é", "--", "$1", "{}"])
A_NUMBER = st.integers(-3, 3)


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    made = connect()
    for name in ("here", "there", "a spaced name"):
        made.con.register(name, ROWS)
    return made


def kept(engine: Any) -> int:
    """So many texts are kept."""
    return len(engine.texts.pieces)


def asked(rows: Any, names: list[str], first: dt.date, last: dt.date, least: int) -> Any:
    """An expression in which everything that is left open stands somewhere."""
    found = rows.filter(rows.iso3.isin(names), rows.day.between(first, last), rows.deaths >= least)
    found = found.filter(~found.actors.contains(names[0]) | (found.day == last))
    return found.group_by(who=ibis.ifelse(found.iso3 == names[-1], "first", "other")).agg(n=found.deaths.sum())


@settings(max_examples=60, deadline=None)
@given(st.lists(A_NAME, min_size=1, max_size=3), st.tuples(A_DAY, A_DAY), A_NUMBER, st.sampled_from(["here", "there"]))
def test_the_text_is_what_ibis_writes(
    engine: Any, names: list[str], days: tuple[dt.date, dt.date], least: int, table: str
) -> None:
    expr = asked(engine.table(table), names, *days, least)
    assert engine.sql_of(expr) == engine.compile(expr)


def test_one_shape_is_put_into_sql_once(engine: Any) -> None:
    expr = asked(engine.table("here"), ["MLI", "NER"], dt.date(2022, 1, 1), dt.date(2022, 1, 9), 1)
    first = engine.to_pyarrow(expr.order_by("who"))
    before = kept(engine)
    other = asked(engine.table("a spaced name"), ["BFA", "it's"], dt.date(2022, 1, 3), dt.date(2022, 1, 4), 2)
    second = engine.to_pyarrow(other.order_by("who"))
    assert kept(engine) == before
    assert (first.to_pylist(), second.to_pylist()) == ([{"who": "other", "n": 3}], [{"who": "other", "n": 3}])


def test_values_that_were_equal_may_differ_later(engine: Any) -> None:
    rows = engine.table("here")

    def between(first: dt.date, last: dt.date) -> int:
        found = rows.filter(rows.day >= first, rows.day <= last)
        return len(found.to_pyarrow())

    one, two = dt.date(2022, 1, 2), dt.date(2022, 1, 4)
    assert [between(one, one), between(one, two), between(two, two), between(two, one)] == [1, 3, 1, 0]


def test_the_same_condition_twice_is_not_taken_for_two(engine: Any) -> None:
    rows = engine.table("here")
    once = rows.filter(rows.iso3 == "MLI").filter(rows.iso3 == "MLI")
    both = rows.filter(rows.iso3 == "MLI").filter(rows.iso3 == "BFA")
    assert [len(expr.to_pyarrow()) for expr in (once, both, once)] == [2, 0, 2]


def test_a_value_that_is_shown_too_has_its_part_in_the_shape(engine: Any) -> None:
    rows = engine.table("here")
    for name in ("MLI", "BFA", "NER"):
        expr = rows.filter(rows.iso3 == name).select(said=ibis.literal(name), iso3=rows.iso3).distinct()
        assert expr.to_pyarrow().to_pylist() == [{"said": name, "iso3": name}]
        assert engine.sql_of(expr) == engine.compile(expr)


def test_the_type_of_a_value_has_its_part_in_the_shape(engine: Any) -> None:
    rows = engine.table("here")
    assert [len(rows.filter(rows.deaths > least).to_pyarrow()) for least in (1, 1.5, 2, 2.5)] == [2, 2, 1, 1]


def test_tables_in_memory_are_read_and_their_rows_are_theirs(engine: Any) -> None:
    rows = engine.table("here")
    for names in (["MLI"], ["BFA", "NER"], []):
        wanted = ibis.memtable(pa.table({"of": pa.array(names, pa.string())}))
        found = rows.semi_join(wanted, [rows.iso3 == wanted["of"]]).to_pyarrow()
        assert sorted(set(found["iso3"].to_pylist())) == names


def test_a_table_with_itself_and_two_tables_are_told_apart(engine: Any) -> None:
    here, there = engine.table("here"), engine.table("there")
    for left, right in ((here, here.view()), (here, there), (there, here.view())):
        joined = left.join(right, [left.iso3 == right.iso3]).select(a=left.day, b=right.day)
        assert len(joined.to_pyarrow()) == 6
        assert engine.sql_of(joined) == engine.compile(joined)


def test_what_has_no_shape_is_left_to_ibis(engine: Any) -> None:
    rows = engine.table("here")
    assert engine.sql_of(rows.deaths.sum()) is None
    assert rows.deaths.sum().to_pyarrow().as_py() == 6
    assert engine.sql_of(rows.mutate(x=ibis.random())) is None
    least = ibis.param("int64")
    expr = rows.filter(rows.deaths >= least)
    assert engine.sql_of(expr) is None
    assert [len(expr.to_pyarrow(params={least: n})) for n in (1, 3)] == [3, 1]
    assert len(rows.to_pyarrow(limit=2)) == 2
    other = connect()
    other.con.register("far", ROWS)
    assert engine.sql_of(other.table("far")) is None


def test_hundreds_of_conditions_within_each_other_are_left_to_ibis(engine: Any) -> None:
    rows = engine.table("here")
    said = ibis.literal(False)
    for n in range(600):
        said = said | rows.actors.contains(f"actor {n}")
    found = rows.filter(said | rows.actors.contains("IS"))
    assert engine.sql_of(found) is None
    assert found.to_pyarrow()["iso3"].to_pylist() == ["MLI"]


def test_a_value_with_the_mark_in_it_is_left_to_ibis(engine: Any) -> None:
    rows = engine.table("here")
    assert engine.sql_of(rows.select(x=ibis.literal("a\x00b"))) is None


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "MOST_SHAPES", 50)
    monkeypatch.setattr(Engine, "texts", Texts())
    made = connect()
    made.con.register("here", ROWS)
    rows = made.table("here")
    for n in range(40):
        assert len(rows.mutate(**{f"x{n}": ibis.literal(n)}).filter(rows.iso3 == "MLI").to_pyarrow()) == 2
        assert len(made.texts.tokens) < 100
    assert kept(made) < 40


def test_the_engine_of_tables_in_memory_is_one_of_ours() -> None:
    said = "import ibis; from harmattan.lake import tables; tables.connect(); print(type(ibis.options.default_backend))"
    found = subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == str(Engine)


def test_few_rows_are_those_of_the_same_statement(engine: Any) -> None:
    expr = engine.table("here").order_by("day")
    sql = engine.sql_of(expr)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning, engine_module.__name__)
        few = engine.few(sql, expr)
    assert few.equals(engine.answer(sql, expr))
    assert few.schema == engine.answer(sql, expr).schema


def test_few_rows_may_be_asked_for_by_several_threads_at_once(engine: Any) -> None:
    exprs = [engine.table("here").filter(ibis._.deaths >= least).order_by("day") for least in (1, 2, 3)] * 40
    with ThreadPoolExecutor(4) as many:
        found = list(many.map(lambda expr: engine.few(engine.sql_of(expr), expr).num_rows, exprs))
    assert found == [3, 2, 1] * 40
