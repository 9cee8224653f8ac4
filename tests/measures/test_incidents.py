"""The largest records and those beside them, as expressions on tables in memory."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from harmattan.measures.events import totals
from harmattan.measures.incidents import beside, largest
from tests.lake.factory import day, event
from tests.measures.test_events import listed, table
from tests.questions.worlds import PAIRS


def spans(*keys: str, first: str, last: str) -> Any:
    """Spans of records of Mali."""
    days = {"first": dt.date.fromisoformat(first), "last": dt.date.fromisoformat(last)}
    schema = pa.schema([("of_release", pa.string()), ("of_event", pa.string()), ("first", pa.date32()),
                        ("last", pa.date32())])  # fmt: skip
    return pa.Table.from_pylist([{"of_release": "MLI", "of_event": key} | days for key in keys], schema)


def test_the_largest_are_in_order_and_no_more_than_asked_for() -> None:
    rows = [event(f"e{n}", f"2022-01-{n + 1:02d}", best=(5, 9, 9, 0, 3)[n], deaths_civilians=(None, 1, 2, 0, 3)[n])
            for n in range(5)]  # fmt: skip
    ids = lambda found: [row["event_id"] for row in listed(found)]  # noqa: E731
    assert ids(largest(table(rows), "deaths_best", at_least=None, most=3)) == ["e1", "e2", "e0"]
    assert ids(largest(table(rows), "deaths_best", at_least=5, most=9)) == ["e1", "e2", "e0"]
    assert ids(largest(table(rows), "deaths_civilians", at_least=None, most=9)) == ["e4", "e2", "e1"], "unsaid is none"


def test_beside_are_records_of_near_days_and_neither_itself_nor_sums() -> None:
    rows = [
        event("one", "2022-01-10"),
        event("same", "2022-01-10"),
        event("touching", "2022-01-01", date_end=day("2022-01-07"), date_precision="week"),
        event("before", "2022-01-06"),
        event("month", "2022-01-01", date_end=day("2022-01-31"), date_precision="month"),
        event("sum", "2022-01-10", n_events=2),
    ]
    found = beside(table(rows), spans("one", first="2022-01-07", last="2022-01-13"), ("deaths_best", "date_start"))
    assert {row["event_id"] for row in listed(found)} == {"same", "touching"}
    assert set(found.columns) == {"of_release", "of_event", "release", "event_id", "deaths_best", "date_start"}


def test_harm_tells_attacks_from_all_the_rest() -> None:
    rows = [event(f"e{n}", best=n + 1, **pair) for n, pair in enumerate(PAIRS)]
    found = {row["harm"]: (row["events"], row["deaths_best"]) for row in listed(totals(table(rows), ("harm",)))}
    assert found == {"one_sided": (2, 4 + 5), "in_fighting": (4, 1 + 2 + 3 + 6)}, "what has no kind is no attack"
