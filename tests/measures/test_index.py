"""The inputs of a conflict index: squares of 100 km², attacks on civilians, armed groups that are no state's."""

from __future__ import annotations

import math
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from harmattan.measures.index import by_country, groups, high, peopled, square, squares, within_peopled
from harmattan.vocabulary.places import POPULATION
from tests.lake.factory import event, row_of
from tests.measures.test_events import listed, table

SURE, NEAR = ("exact",), ("near",)


def numbers(points: list[tuple[float, float]]) -> list[int]:
    rows = ibis.memtable(pa.table({"lat": [p[0] for p in points], "lon": [p[1] for p in points]}))
    return [row["n"] for row in listed(rows.select(n=square(rows.lat, rows.lon)))]


def of(expression: Any) -> dict[str, dict[str, Any]]:
    return {row.pop("iso3"): row for row in listed(expression)}


@pytest.mark.parametrize("lat", [-33.0, 0.0, 14.5, 36.0, 60.0])
def test_a_square_has_a_hundred_square_kilometres_wherever_it_is(lat: float) -> None:
    fine, high_, wide = 0.004, 1.0, 1.0
    lats, lons = np.arange(lat, lat + high_, fine), np.arange(5, 5 + wide, fine)
    grid = [(float(a), float(o)) for a in lats for o in lons]
    found = len(set(numbers(grid)))
    edges = np.sin(np.radians([lat, lat + high_]))
    km2 = 6371.0072**2 * math.radians(wide) * float(edges[1] - edges[0])
    rim = 2 * (111.2 * high_ + 111.2 * wide) / 8 + 8
    assert km2 / 100 - 1 <= found <= km2 / 100 + rim


def test_points_close_together_share_a_square_and_others_do_not() -> None:
    one, other = numbers([(14.501, -4.251), (14.502, -4.252)])
    assert one == other
    assert len(set(numbers([(14.5, -4.25), (14.6, -4.25), (14.5, -4.1), (-14.5, -4.25), (14.5, 4.25)]))) == 5


def test_danger_is_one_sided_violence_or_what_targets_civilians() -> None:
    rows = [
        event("battle"),
        event("attack", violence="one_sided", n_events=3),
        event("type", violence=None, event_type="Violence against civilians"),
        event("target", violence=None, event_type="Battles", civilian_targeting=True),
        event("no target", violence=None, event_type="Battles", civilian_targeting=False),
    ]
    found = of(by_country(table(rows), (*SURE, *NEAR)))
    assert (found["MLI"]["events"], found["MLI"]["danger"], found["MLI"]["records"]) == (7, 5, 5)


def test_deaths_keep_low_best_and_high_and_an_unsaid_low_is_no_zero() -> None:
    rows = [event("a", best=4), event("b", best=2), event("c", iso3="NER", best=1, deaths_low=None)]
    found = of(by_country(table(rows), SURE))
    assert [found["MLI"][f"deaths_{name}"] for name in ("low", "best", "high")] == [6, 6, 8]
    assert [found["NER"][f"deaths_{name}"] for name in ("low", "best", "high")] == [None, 1, 2]


def test_states_civilians_and_nobody_are_no_armed_groups() -> None:
    rows = [
        event("a", actors_a=["Government of A", "Government of B"], actors_b=["B", "C"]),
        event("b", actors_a=["B"], actors_b=[]),
        event("c", actors_a=None, actors_b=None),
        event("d", actors_a=["Army"], actors_b=["Front"], type_a="State forces", type_b="Rebel group"),
        event("e", actors_a=["Guard"], actors_b=["Crowd"], type_a="Identity Militia", type_b="Rioters"),
        event("f", actors_a=["Unidentified Armed Group (Mali)"], actors_b=["Corps"], type_a="Political militia",
              type_b="External/Other forces"),
        event("g", iso3="NER", actors_a=["B"], actors_b=["B"]),
    ]  # fmt: skip
    found = sorted((row["iso3"], row["party"]) for row in listed(groups(table(rows)).select("iso3", "party")))
    assert found == [("MLI", "B"), ("MLI", "C"), ("MLI", "Front"), ("MLI", "Guard"), ("NER", "B")]


def test_a_square_is_violent_from_so_many_events_a_year_on() -> None:
    here: dict[str, Any] = {"lat": 14.5, "lon": -4.25}
    there: dict[str, Any] = {"lat": 16.5, "lon": -1.0}
    rows = [
        event("a", n_events=4, **here),
        event("b", n_events=2, where_precision="near", **here),
        event("c", n_events=9, where_precision="admin1", **here),
        event("d", n_events=1, **there),
        event("e", n_events=5, lat=None, lon=None),
    ]
    found = squares(table(rows), SURE, NEAR, points=True)
    assert of(high(found, (1, 5, 6), 12))["MLI"] == {
        "exact_1": 2, "exact_5": 0, "exact_6": 0, "near_1": 2, "near_5": 1, "near_6": 1,
    }  # fmt: skip
    half = of(high(found, (8, 12, 13), 6))["MLI"]
    assert [half[name] for name in ("exact_8", "near_8", "near_12", "near_13")] == [1, 1, 1, 0], "6 in half a year"
    by_cell = of(high(squares(table(rows), SURE, NEAR, points=False), (1, 9), 12))["MLI"]
    assert (by_cell["exact_1"], by_cell["exact_9"]) == (1, 1), "all are coded to one cell, with points or without"


def test_squares_where_hardly_anybody_lives_are_left_out_where_it_is_known() -> None:
    here: dict[str, Any] = {"lat": 14.5, "lon": -4.25}
    there: dict[str, Any] = {"lat": 16.5, "lon": -1.0}
    rows = [event("a", **here), event("b", **there), event("c", iso3="NER", **there)]
    people = [
        row_of("population", f"{n}", iso3="MLI", level="grid", year=2020, sex="all", people=float(some), **where)
        for n, (some, where) in enumerate([(60, here), (40, here), (99, there)])
    ]
    lived_in = peopled(
        ibis.memtable(pa.Table.from_pylist([dict(row) for row in people], schema=POPULATION.schema)), 100, points=True
    )
    assert len(listed(lived_in)) == 1
    found = of(high(within_peopled(squares(table(rows), SURE, NEAR, points=True), lived_in, ["MLI"]), (1,), 12))
    assert (found["MLI"]["exact_1"], found["NER"]["exact_1"]) == (1, 1)


def test_splitting_records_changes_nothing_but_their_number() -> None:
    whole = [event("a", n_events=4, best=6), event("b", n_events=2, best=2, violence="one_sided")]
    halves = [dict(row) | {"event_id": f"{row['event_id']}{half}", "n_events": row["n_events"] // 2}
              | {f"deaths_{name}": row[f"deaths_{name}"] // 2 + half * (row[f"deaths_{name}"] % 2)
                 for name in ("low", "best", "high")}
              for row in whole for half in (0, 1)]  # fmt: skip
    one, other = (of(by_country(table(rows), SURE))["MLI"] for rows in (whole, halves))
    assert (one.pop("records"), other.pop("records")) == (2, 4)
    assert one == other
    ones, others = (
        listed(squares(table(rows), SURE, NEAR, points=True).order_by("square")) for rows in (whole, halves)
    )
    assert ones == others
