"""Sums by place and day, and the interval of a share against published numbers."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from harmattan.measures.alerts import daily
from harmattan.vocabulary.schema import EVENTS
from harmattan.vocabulary.share import wilson
from tests.lake.factory import day, event

ROWS = [
    event("a", "2022-05-03", best=2),
    event("b", "2022-05-03", best=3, date_precision="month", deaths_civilians=None),
    event("c", "2022-05-04", best=4, where_precision="admin1", actors_b=["B", "C"]),
    event("d", "2022-05-04", "NER", 5, actors_a=None, actors_b=["Military Forces of X"]),
]


def sums(by: str, **how: Any) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    events = ibis.memtable(pa.Table.from_pylist([dict(row) for row in ROWS], schema=EVENTS.schema))
    found = daily(events, by, **how).to_pyarrow().to_pylist()
    return {
        (r["country"], r["area"], r["actor"], r["day"].day, r["dated"]): (
            r["events"],
            r["deaths_best"],
            r["deaths_civilians"],
        )
        for r in found
    }


def test_by_country_and_how_well_the_day_is_known() -> None:
    assert sums("country") == {
        ("MLI", "", "", 3, True): (1, 2, 0),
        ("MLI", "", "", 3, False): (1, 3, None),
        ("MLI", "", "", 4, True): (1, 4, 0),
        ("NER", "", "", 4, True): (1, 5, 0),
    }


def test_by_cell_what_stands_in_none_is_left_out() -> None:
    assert {key[3] for key in sums("cell") if key[0] == "MLI"} == {3}


def test_by_party_without_state_forces() -> None:
    found = sums("country", parties=True)
    assert {(key[2], key[3]) for key in found} == {("B", 3), ("B", 4), ("C", 4)}
    assert set(sums("country", parties=True, actors=("Government of A",))) == {
        ("MLI", "", "Government of A", 3, True),
        ("MLI", "", "Government of A", 3, False),
        ("MLI", "", "Government of A", 4, True),
    }
    assert set(sums("country", actors=("C",))) == {("MLI", "", "", 4, True)}
    assert day("2022-05-04").day == 4


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_against_newcombe(hits: int, of: int, low: float, high: float) -> None:
    """The worked examples of Newcombe 1998, table I.

    doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E
    """
    found = wilson(hits, of)
    assert found is not None
    assert found == pytest.approx((low, high), abs=5e-5)


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None
