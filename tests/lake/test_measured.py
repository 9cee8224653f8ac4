"""What is kept of a measure gives the rows that its expression gives, of whatever tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.lake import measured as module
from harmattan.lake.measured import Measured, rows_by
from harmattan.lake.tables import connect, settle

ROWS = pa.table(
    {
        "iso3": ["MLI", "MLI", "BFA", "NER"],
        "day": [dt.date(2022, 1, n) for n in (1, 2, 3, 4)],
        "deaths": pa.array([1, 2, 3, None], pa.int64()),
    }
)


def summed(rows: Any, by: tuple[str, ...], least: int) -> Any:
    """Deaths by something, of records with at least so many."""
    some = rows.filter(rows.deaths >= least)
    return some.group_by(*by).agg(deaths=some.deaths.sum(), n=some.count())


def kept_apart(rows: Any, wanted: Any) -> Any:
    """The rows of some countries, the table taken twice."""
    both = rows.semi_join(wanted, "iso3").union(rows.semi_join(wanted, "iso3"))
    return both.order_by("day")


def in_steps(rows: Any, steps: tuple[int, ...]) -> Any:
    """By a table of its own."""
    own = ibis.memtable(pa.table({"step": pa.array(steps, pa.int64())}))
    met = rows.join(own, rows.deaths >= own.step)
    return met.group_by("step").agg(n=met.count())


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    made = connect()
    for name in ("here", "there"):
        made.con.register(name, ROWS)
    return made


def listed(rows: pa.Table) -> list[Any]:
    return sorted(map(repr, rows.to_pylist()))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([("iso3",), ("day",), ("iso3", "day")]),
    st.integers(0, 4),
    st.lists(st.sampled_from(["MLI", "BFA", "NER", "it's"]), min_size=1, max_size=3, unique=True),
    st.sampled_from(["here", "there"]),
)
def test_the_rows_are_those_of_the_expression(
    engine: Any, by: tuple[str, ...], least: int, names: list[str], table: str
) -> None:
    rows = engine.table(table)
    rows = rows.filter(rows.iso3.isin(names))
    found = rows_by(summed, rows, by=by, least=least)
    expected = summed(rows, by, least).to_pyarrow()
    assert listed(found) == listed(expected)
    assert found.schema == expected.schema


def test_an_expression_is_put_together_once_for_tables_with_the_same_columns(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FORMS", {})
    made = []

    def counted(rows: Any, least: int) -> Any:
        made.append(least)
        return rows.filter(rows.deaths >= least)

    here, there = engine.table("here"), engine.table("there")
    asked = [(here, 1), (there, 1), (here.filter(here.iso3 == "BFA"), 1), (here, 2), (here, 1.0), (here, 2)]
    assert [len(rows_by(counted, rows, least=least)) for rows, least in asked] == [3, 3, 1, 2, 3, 2]
    assert [repr(least) for least in made] == ["1", "2", "1.0"], "a whole number is another value than a fraction"
    rows_by(counted, here.select("deaths"), least=1)
    assert len(made) == 4, "other columns"


def test_tables_of_arrow_and_those_that_a_measure_makes(engine: Any) -> None:
    for names in (["MLI"], ["BFA", "NER"], []):
        wanted = pa.table({"iso3": pa.array(names, pa.string())})
        found = rows_by(kept_apart, engine.table("here"), wanted)["iso3"].to_pylist()
        assert sorted(found) == sorted(name for name in ROWS["iso3"].to_pylist() * 2 if name in names)
        days = rows_by(kept_apart, engine.table("here"), wanted)["day"].to_pylist()
        assert days == sorted(days)
    for rows in (engine.table("here"), ROWS):
        assert listed(rows_by(in_steps, rows, steps=(1, 3))) == ["{'step': 1, 'n': 3}", "{'step': 3, 'n': 1}"]


def test_a_measure_can_be_settled_under_a_name(engine: Any) -> None:
    wanted = ibis.memtable(pa.table({"iso3": ["MLI"]}))
    for name, room in (("copied", 10), ("seen", 0)):
        found, n = settle(engine, Measured(kept_apart, (engine.table("here"), wanted), {}), name, room)
        assert (len(found.to_pyarrow()), n) == (4, 4 if room else 0)


def test_what_is_no_plain_value_is_refused(engine: Any) -> None:
    with pytest.raises(TypeError, match="not by Table: give tables as tables"):
        rows_by(kept_apart, engine.table("here"), wanted=ROWS)


def test_what_is_kept_is_bounded(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FORMS", {})
    monkeypatch.setattr(module, "MOST_FORMS", 3)
    for least in range(9):
        rows_by(summed, engine.table("here"), by=("iso3",), least=least)
        assert len(module._FORMS) <= 4


def test_a_number_is_left_to_ibis(engine: Any) -> None:
    assert rows_by(_total, engine.table("here")).as_py() == 6


def _total(rows: Any) -> Any:
    return rows.deaths.sum()
