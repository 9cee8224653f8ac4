"""Strips, first records and sets of parties, on tables in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.measures.borders import by_distance
from harmattan.measures.spread import by_set, first_countries, first_records
from harmattan.vocabulary.schema import EVENTS
from tests.lake.factory import Row, event
from tests.questions.worlds import PAIRS, event_rows

SOME = settings(max_examples=8, derandomize=True, deadline=None)


def table(rows: Iterable[Row]) -> Any:
    made = pa.Table.from_pylist([dict(row) for row in rows], schema=EVENTS.schema)
    return ibis.memtable(made.append_column("release", pa.array(["made-up@1"] * made.num_rows)))


def listed(expression: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    return rows


def away(*km: tuple[str, int, float]) -> pa.Table:
    """Event, line, kilometres."""
    return pa.table(
        {
            "release": ["made-up@1"] * len(km),
            "event_id": [event_id for event_id, _line, _km in km],
            "line": pa.array([line for _event, line, _km in km], pa.int64()),
            "km": pa.array([far for _event, _line, far in km], pa.float64()),
        }
    )


def test_an_event_is_in_every_strip_that_reaches_it_and_in_one_band() -> None:
    rows = [event("a", best=3), event("b", best=5, n_events=2), event("c", best=7)]
    far = away(("a", 0, 0.0), ("b", 0, 25.0), ("c", 0, 25.1), ("a", 1, 40.0))
    strips = listed(by_distance(table(rows), far, [(-1, 25), (-1, 50)]))
    found = {(row["line"], row["strip"]): (row["events"], row["deaths_best"], row["records"]) for row in strips}
    assert found == {(0, 0): (3, 8, 2), (0, 1): (4, 15, 3), (1, 1): (1, 3, 1)}
    bands = listed(by_distance(table(rows), far, [(-1, 25), (25, 50)]))
    assert {(row["line"], row["strip"]): row["deaths_best"] for row in bands} == {(0, 0): 8, (0, 1): 7, (1, 1): 3}


@SOME
@given(event_rows(), st.data())
def test_wider_strips_have_no_less(rows: list[Row], data: st.DataObject) -> None:
    km = [data.draw(st.floats(0, 120)) for _row in rows]
    far = away(*[(str(row["event_id"]), 0, at) for row, at in zip(rows, km, strict=True)])
    found = listed(by_distance(table(rows), far, [(-1, 25), (-1, 50), (-1, 100)], ("country",)))
    for name in ("events", "deaths_best", "deaths_high", "records"):
        for country in ("MLI", "NER"):
            sums = [sum(row[name] for row in found if (row["strip"], row["country"]) == (strip, country))
                    for strip in range(3)]  # fmt: skip
            assert sums == sorted(sums)
    inside = sum(row["n_events"] for row, at in zip(rows, km, strict=True) if at <= 100)
    assert sum(row["events"] for row in found if row["strip"] == 2) == inside


def test_periods_and_missing_estimates_stay_what_they_are() -> None:
    rows = [event("a", "2022-05-03", best=3, deaths_low=None), event("b", "2022-06-03", best=5)]
    far = away(("a", 0, 1.0), ("b", 0, 1.0))
    by_month = listed(by_distance(table(rows), far, [(-1, 25)], ("month",)))
    assert {row["month"]: row["deaths_low"] for row in by_month} == {"2022-05": None, "2022-06": 5}
    assert [row["deaths_low"] for row in listed(by_distance(table(rows), far, [(-1, 25)], ("year",)))] == [None]


def test_the_first_records_are_all_those_of_the_first_day() -> None:
    rows = [
        event("a", "2022-03-01", "MLI", **PAIRS[0]),
        event("b", "2022-03-01", "MLI", **PAIRS[2]),
        event("c", "2022-04-01", "MLI", **PAIRS[2]),
        event("d", "2022-05-01", "NER", **PAIRS[2]),
        event("e", "2022-01-01", "NER", **PAIRS[5]),
    ]
    found = listed(first_records(table(rows), ["B"], "iso3"))
    assert sorted((row["place"], row["event_id"]) for row in found) == [("MLI", "a"), ("MLI", "b"), ("NER", "d")]
    assert listed(first_records(table(rows), [], "iso3")) == []
    seen = listed(first_countries(table(rows), dt.date(2022, 4, 1)))
    told = {(row["party"], row["country"]): (row["first_day"], row["events_before"])
            for row in seen if row["party"] in ("B", "C")}  # fmt: skip
    assert told == {
        ("B", "MLI"): (dt.date(2022, 3, 1), 2),
        ("B", "NER"): (dt.date(2022, 5, 1), 0),
        ("C", "MLI"): (dt.date(2022, 3, 1), 1),
        ("C", "NER"): (dt.date(2022, 5, 1), 0),
    }


def test_an_event_between_two_parties_of_a_set_counts_once() -> None:
    rows = [
        event("a", best=3, **PAIRS[2]),
        event("b", best=5, **PAIRS[0]),
        event("c", "2022-05-03", "NER", 9, **PAIRS[2]),
    ]
    sets = pa.table({"set": ["x", "x", "y"], "country": ["MLI", "MLI", "MLI"], "party": ["B", "C", "C"]})
    found = {(row["set"], row["country"]): row["deaths_best"] for row in listed(by_set(table(rows), sets))}
    assert found == {("x", "MLI"): 8, ("y", "MLI"): 3, (None, "MLI"): 8, (None, "NER"): 9}
