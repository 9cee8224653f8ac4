"""Points in areas: at the day's division, never finer than they are known, and nothing lost."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import UsageError
from harmattan.places.areas import Areas
from harmattan.places.locate import HOW, NEAR_KM, PLACED, Points, locate
from harmattan.places.sphere import KM_PER_DEGREE
from harmattan.vocabulary.schema import WHERE_PRECISION
from tests.places.made import areas, points, row, table

WEST, EAST = row("West", (0, 10, 2, 12)), row("East", (2, 10, 4, 12))


def found(areas: Areas, points: Points, **how: object) -> list[tuple[str | None, str]]:
    placed = locate(areas, points, level=int(how.pop("level", 1)), **how)  # type: ignore[arg-type]
    names = [areas.name[place] if place >= 0 else None for place in placed.area]
    return list(zip(names, placed.how.tolist(), strict=True))


def test_a_point_gets_the_area_that_holds_it() -> None:
    assert found(areas(WEST, EAST), points((1, 11), (3, 11))) == [("West", "inside"), ("East", "inside")]


def test_on_a_border_the_first_by_id_is_taken_and_marked() -> None:
    assert found(areas(WEST, EAST), points((2, 11))) == [("East", "border")]


def test_just_outside_all_the_nearest_is_taken_and_marked() -> None:
    near, far = 4 / KM_PER_DEGREE, 6 / KM_PER_DEGREE
    assert found(areas(WEST, EAST), points((3, 10 - near), (3, 10 - far))) == [("East", "nearest"), (None, "outside")]
    assert found(areas(WEST, EAST), points((3, 10 - far)), outside_km=7) == [("East", "nearest")]


def test_kilometres_are_the_same_far_north() -> None:
    north = areas(row("Box", (0, 60, 1, 61)))
    degree = KM_PER_DEGREE * np.cos(np.radians(60.5))
    placed = found(north, points((1 + 4.9 / degree, 60.5), (1 + 5.1 / degree, 60.5)))
    assert placed == [("Box", "nearest"), (None, "outside")]


def test_no_area_of_another_country_is_given() -> None:
    abroad = row("Abroad", (4, 10, 6, 12), iso3="NER", division="ner")
    assert found(areas(WEST, EAST, abroad), points((5, 11), (4.01, 11))) == [(None, "outside"), ("East", "nearest")]
    assert found(areas(WEST, EAST, abroad), points((5, 11), iso3="NER")) == [("Abroad", "inside")]


@pytest.mark.parametrize(
    ("precision", "levels"),
    [("exact", {1, 2, 3}), ("near", {1, 2, 3}), ("admin2", {1, 2}), ("admin1", {1}), ("area", set()),
     ("country", set()), ("international", set()), ("unknown", set())],
)  # fmt: skip
def test_a_point_is_never_placed_finer_than_it_is_known(precision: str, levels: set[int]) -> None:
    nested = areas(*(row("Box", (0, 0, 9, 9), level=level) for level in (1, 2, 3)))
    how = {level: found(nested, points((4, 4), precision=precision), level=level)[0][1] for level in (1, 2, 3)}
    assert {level for level, word in how.items() if word == "inside"} == levels
    assert {word for level, word in how.items() if level not in levels} <= {"coarser"}


def test_every_precision_is_known_here() -> None:
    assert {"exact", "near", "admin2", "admin1", "area", "country", "international", "unknown"} == set(WHERE_PRECISION)


def test_a_place_known_within_25_km_is_uncertain_near_another_area() -> None:
    degree = KM_PER_DEGREE * np.cos(np.radians(11))
    at = [(2 - km / degree, 11.0) for km in (NEAR_KM - 1, NEAR_KM + 1)]
    assert found(areas(WEST, EAST), points(*at, precision="near")) == [("West", "uncertain"), ("West", "inside")]
    assert found(areas(WEST, EAST), points(*at)) == [("West", "inside"), ("West", "inside")]
    # The outer border of the country is no border of another of its areas.
    assert found(areas(WEST, EAST), points((0.01, 11), precision="near")) == [("West", "inside")]


def test_the_division_of_the_day_is_used() -> None:
    reform = dt.date(2025, 7, 2)
    old = row("Old", (0, 10, 4, 12), division="v01", valid_to=dt.date(2025, 7, 1))
    new = [row(name, box, division="v02", valid_from=reform)
           for name, box in (("Left", (0.0, 10.0, 2.0, 12.0)), ("Right", (2.0, 10.0, 4.0, 12.0)))]  # fmt: skip
    both = areas(old, *new)
    assert found(both, points((3, 11), day=dt.date(2025, 7, 1))) == [("Old", "inside")]
    assert found(both, points((3, 11), day=reform)) == [("Right", "inside")]
    chosen = {day: found(both, points((3, 11), day=day), division=["v01"]) for day in (dt.date(2020, 1, 1), reform)}
    assert set(map(tuple, chosen.values())) == {(("Old", "inside"),)}
    assert found(both, points((3, 11), day=None), division=["v02"]) == [("Right", "inside")]


def test_of_divisions_that_overlap_in_time_the_one_that_began_last_holds() -> None:
    """A publisher that never wrote down the last day of the old division."""
    both = areas(
        row("Old", (0, 10, 4, 12), division="a"),
        row("New", (0, 10, 4, 12), division="b", valid_from=dt.date(2023, 3, 13)),
    )
    assert found(both, points((1, 11), day=dt.date(2023, 3, 12))) == [("Old", "inside")]
    assert found(both, points((1, 11), day=dt.date(2023, 3, 13))) == [("New", "inside")]


def test_before_every_known_division_nothing_is_placed() -> None:
    late = areas(row("New", (0, 10, 4, 12), valid_from=dt.date(2023, 3, 13)))
    assert found(late, points((1, 11), day=dt.date(2010, 1, 1))) == [(None, "no_division")]
    assert found(late, points((1, 11), iso3="BFA")) == [(None, "no_division")]
    assert found(late, points((1, 11)), level=2) == [(None, "no_division")]


def test_two_divisions_of_the_same_days_must_be_chosen_from() -> None:
    two = areas(row("A", (0, 10, 4, 12), division="one"), row("B", (0, 10, 4, 12), division="two"))
    with pytest.raises(UsageError, match="MLI has two divisions for the same days: one and two"):
        locate(two, points((1, 11)), level=1)
    assert found(two, points((1, 11)), division=["two"]) == [("B", "inside")]
    with pytest.raises(UsageError, match=r"no division three\. There are one and two"):
        locate(two, points((1, 11)), level=1, division=["three"])
    with pytest.raises(ValueError, match="one division of MLI"):
        locate(two, points((1, 11)), level=1, division=["one", "two"])
    with pytest.raises(ValueError, match="days"):
        locate(two, points((1, 11), day=None), level=1)


def test_no_point_no_area_no_areas() -> None:
    assert found(areas(WEST), points((float("nan"), 11))) == [(None, "no_point")]
    assert found(areas(), points((1, 11))) == [(None, "no_division")]
    assert found(areas(WEST), points()) == []
    assert found(areas(row("List", None)), points((1, 11))) == [(None, "no_division")]


def test_an_area_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Areas.of(table(WEST), table(WEST))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.floats(-1, 5),
            st.floats(9, 13),
            st.sampled_from(sorted(WHERE_PRECISION)),
            st.sampled_from(["MLI", "BFA"]),
        ),
        max_size=30,
    )
)
def test_every_point_is_counted_once_and_order_does_not_matter(drawn: list[tuple[float, float, str, str]]) -> None:
    lon, lat, precision, iso3 = ([one[part] for one in drawn] for part in range(4))
    series = Points(
        np.array(lat, dtype=float),
        np.array(lon, dtype=float),
        np.array(precision, dtype=object),
        np.array(iso3, dtype=object),
        np.full(len(drawn), np.datetime64("2024-01-01")),
    )
    placed = locate(areas(WEST, EAST), series, level=1)
    assert sum(placed.counts.values()) == len(drawn)
    assert list(placed.counts) == list(HOW)
    assert all((place >= 0) == (how in PLACED) for place, how in zip(placed.area, placed.how, strict=True))
    backwards = locate(areas(EAST, WEST), series.only(np.arange(len(drawn))[::-1]), level=1)
    assert backwards.counts == placed.counts


def test_a_long_series_takes_seconds() -> None:
    """420,000 different points; measured 2.2 s of one core of the reference machine. The limit is for a busy one."""
    import time

    rng = np.random.default_rng(7)
    n = 420_000
    grid = areas(*(row(f"{x}/{y}", (x, y, x + 1, y + 1)) for x in range(10) for y in range(10)))
    series = Points(rng.uniform(0, 10, n), rng.uniform(0, 10, n), np.array(["exact", "near"] * (n // 2), dtype=object),
                    np.full(n, "MLI", dtype=object), np.full(n, np.datetime64("2024-01-01")))  # fmt: skip
    start = time.process_time()
    placed = locate(grid, series, level=1)
    assert time.process_time() - start < 15
    assert placed.counts["inside"] + placed.counts["uncertain"] + placed.counts["border"] == n
    expected = [f"{int(x)}/{int(y)}" for x, y in zip(series.lon[:1000], series.lat[:1000], strict=True)]
    assert grid.name[placed.area[:1000]].tolist() == expected
