"""One division laid over another: shares known by hand, and laws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.places.areas import Areas
from harmattan.places.crosswalk import crosswalk
from harmattan.places.sphere import area_km2
from tests.places.made import areas, row


def shares(walk: object, column: str = "share_of_from") -> dict[tuple[str, str], float | None]:
    def name(id_: str) -> str:
        return id_.rpartition("/")[2]

    return {(name(p["from"]), name(p["to"])): p[column] for p in walk.parts.to_pylist()}  # type: ignore[attr-defined]


def test_a_region_that_is_cut_in_four() -> None:
    old = areas(row("All", (0, -1, 4, 1)))
    new = areas(row("A", (0, -1, 1, 1)), row("B", (1, -1, 4, 0)), row("C", (1, 0, 4, 1)))
    walk = crosswalk(old, new)
    assert shares(walk) == pytest.approx({("All", "A"): 0.25, ("All", "B"): 0.375, ("All", "C"): 0.375})
    assert list(shares(walk, "share_of_to").values()) == pytest.approx([1, 1, 1])
    assert (walk.slivers, walk.covered) == (0, {"old/1/All": pytest.approx(1.0)})


def test_land_that_no_new_area_covers_is_said_and_its_part_of_a_total_is_not_lost() -> None:
    old = areas(row("Half", (0, 0, 2, 1)), row("Gone", (10, 0, 11, 1)))
    walk = crosswalk(old, areas(row("New", (0, 0, 1, 1))))
    assert walk.covered["old/1/Half"] == pytest.approx(0.5)
    assert walk.covered["old/1/Gone"] == 0
    assert shares(walk) == {("Half", "New"): pytest.approx(1.0)}
    assert walk.carried({"old/1/Half": 10, "old/1/Gone": 3}) == ({"old/1/New": pytest.approx(10)}, 3)


def test_slivers_below_the_tolerance_are_left_out_and_counted() -> None:
    """The same border drawn 300 m apart."""
    old = areas(row("A", (0, 0, 1, 1)), row("B", (1, 0, 2, 1)))
    new = areas(row("A", (0, 0, 1.003, 1)), row("B", (1.003, 0, 2, 1)))
    walk = crosswalk(old, new)
    assert shares(walk) == {("A", "A"): 1.0, ("B", "B"): 1.0}
    assert (walk.slivers, walk.slivers_km2) == (1, pytest.approx(0.003 * area_km2(old.shapes)[0], rel=0.01))
    kept = crosswalk(old, new, sliver=0)
    assert (kept.slivers, shares(kept)["B", "A"]) == (0, pytest.approx(0.003, rel=0.01))


def test_a_small_area_that_moves_whole_is_no_sliver() -> None:
    old = areas(row("Big", (0, 0, 10, 10)))
    walk = crosswalk(old, areas(row("Town", (0, 0, 0.1, 0.1)), row("Rest", (0.1, 0, 10, 10))))
    assert ("Big", "Town") in shares(walk)


def test_people_weigh_otherwise_than_land() -> None:
    old = areas(row("All", (0, 0, 4, 1)))
    new = areas(row("Town", (0, 0, 1, 1)), row("Desert", (1, 0, 4, 1)))
    people = (np.array([0.5, 0.5, 0.5, 9.0]), np.array([0.5, 0.6, 3.0, 9.0]), np.array([600.0, 300.0, 100.0, 5.0]))
    walk = crosswalk(old, new, people=people)
    assert shares(walk, "share_of_people") == {("All", "Town"): 0.9, ("All", "Desert"): 0.1}
    assert shares(walk, "people") == {("All", "Town"): 900, ("All", "Desert"): 100}
    assert walk.carried({"old/1/All": 50}, by="people")[0] == pytest.approx({"old/1/Town": 45, "old/1/Desert": 5})
    empty = crosswalk(old, new, people=(np.array([9.0]), np.array([9.0]), np.array([5.0])))
    assert set(shares(empty, "share_of_people").values()) == {None}
    assert empty.carried({"old/1/All": 40}, by="people")[0]["old/1/Town"] == pytest.approx(10)


def test_what_cannot_be_asked() -> None:
    one = areas(row("A", (0, 0, 1, 1)))
    with pytest.raises(ValueError, match="between 0 and 1"):
        crosswalk(one, one, sliver=1)
    with pytest.raises(ValueError, match="area or people"):
        crosswalk(one, one).carried({}, by="luck")


def test_nothing_over_nothing() -> None:
    assert crosswalk(areas(), areas(row("A", (0, 0, 1, 1)))).parts.num_rows == 0
    walk = crosswalk(areas(row("A", (0, 0, 1, 1))), areas(), people=(np.zeros(1), np.zeros(1), np.ones(1)))
    assert (walk.parts.num_rows, walk.covered) == (0, {"old/1/A": 0.0})


@st.composite
def divisions(draw: st.DrawFn) -> Areas:
    """A box cut by vertical and horizontal lines."""
    cuts = st.lists(st.integers(1, 39), max_size=3, unique=True).map(sorted)
    xs, ys = ([0, *draw(cuts), 40] for _ in range(2))
    boxes = [(a / 10, c / 10, b / 10, d / 10) for a, b in itertools.pairwise(xs)
             for c, d in itertools.pairwise(ys)]  # fmt: skip
    return areas(*(row(f"{number:02}", box) for number, box in enumerate(boxes)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(divisions())
def test_a_division_over_itself_is_the_identity(division: Areas) -> None:
    walk = crosswalk(division, division)
    assert all(a == b and share == pytest.approx(1) for (a, b), share in shares(walk).items())
    assert walk.parts.num_rows == len(division)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(divisions(), divisions(), st.data())
def test_totals_are_preserved_and_shares_sum_to_one(old: Areas, new: Areas, data: st.DataObject) -> None:
    walk = crosswalk(old, new, sliver=0)
    sums: dict[str, float] = {}
    for part in walk.parts.to_pylist():
        sums[part["from"]] = sums.get(part["from"], 0) + part["share_of_from"]
    assert sums == pytest.approx(dict.fromkeys(old.row_id, 1.0))
    assert sum(walk.parts["area_km2"].to_pylist()) == pytest.approx(area_km2(old.shapes).sum())
    values = {id_: data.draw(st.integers(0, 1000)) for id_ in old.row_id}
    laid, left = walk.carried(values)
    assert sum(laid.values()) + left == pytest.approx(sum(values.values()))
    there_and_back, _left = crosswalk(new, old, sliver=0).carried(laid)
    assert sum(there_and_back.values()) == pytest.approx(sum(values.values()))
