"""What is near: pairs of points and people, against the plain way of looking at every pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.places import reach
from harmattan.places.reach import Grid, Units, discs, pairs_within
from harmattan.places.sphere import area_km2, distance_km

SOME = settings(max_examples=25, derandomize=True, deadline=None)
CENTRES = st.sampled_from([(14.5, -4.2), (0.0, 180.0), (0.0, 0.0), (-52.0, 179.9), (88.9, 20.0)])


def scattered(seed: int, n: int, centre: tuple[float, float], spread: float) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    lat = centre[0] + rng.uniform(-spread, spread, n)
    lon = (centre[1] + rng.uniform(-spread, spread, n) + 180) % 360 - 180
    return lat, lon


def apart(lat: Any, lon: Any, to_lat: Any, to_lon: Any) -> Any:
    return distance_km(lat[:, None], lon[:, None], to_lat[None, :], to_lon[None, :])


def people(seed: int, n: int, centre: tuple[float, float], spread: float = 0.3) -> Grid:
    lat, lon = scattered(seed, n, centre, spread)
    return Grid(lat, lon, np.random.default_rng(seed + 1).integers(1, 50, n).astype(float), np.arange(n) % 3 + 1)


@SOME
@given(st.integers(0, 1000), CENTRES, st.sampled_from([1.0, 5.0, 40.0]))
def test_pairs_are_those_of_the_plain_way(seed: int, centre: tuple[float, float], km: float) -> None:
    lat, lon = scattered(seed, 30, centre, 0.5)
    to_lat, to_lon = scattered(seed + 7, 40, centre, 0.5)
    away = apart(lat, lon, to_lat, to_lon)
    one, other, found = pairs_within(lat, lon, to_lat, to_lon, km)
    assert np.column_stack([one, other]).tolist() == np.argwhere(away <= km).tolist()
    assert np.allclose(found, away[one, other], atol=1e-6)


@SOME
@given(st.integers(0, 1000), CENTRES, st.integers(1, 25))
def test_everybody_near_any_point_counts_once(seed: int, centre: tuple[float, float], n: int) -> None:
    grid = people(seed, 200, centre)
    lat, lon = scattered(seed + 3, n, centre, 0.3)
    nearest = apart(lat, lon, grid.lat, grid.lon).min(axis=0)
    found = grid.within(lat, lon, (1, 2, 5, 20))
    assert found.tolist() == [grid.people[nearest <= km].sum() for km in (1, 2, 5, 20)]
    assert (np.diff(found) >= 0).all(), "distances nest"
    assert grid.within(np.tile(lat[::-1], 3), np.tile(lon[::-1], 3), (1, 2, 5, 20)).tolist() == found.tolist()
    assert grid.within(lat[:1], lon[:1], (5,))[0] <= found[2], "more points never leave fewer people"


def test_large_and_many_discs_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = people(5, 3000, (14.0, -3.0), 1.0)
    lat, lon = scattered(6, 300, (14.0, -3.0), 1.0)
    plain = grid.within(lat, lon, (3, 30)).tolist()
    monkeypatch.setattr(reach, "MOST_PAIRS", 1000)
    assert grid.within(lat, lon, (3, 30)).tolist() == plain
    monkeypatch.setattr(reach, "FEW_PARTS", 10**9)
    assert grid.within(lat, lon, (3, 30)).tolist() == plain, "in many parts"


def test_nobody_is_near_nothing() -> None:
    none = np.array([])
    grid, empty = people(1, 10, (0.0, 0.0)), Grid(none, none, none, none)
    assert grid.within(none, none, (1, 5)).tolist() == [0, 0]
    assert grid.within(np.array([60.0]), np.array([60.0]), (1, 5)).tolist() == [0, 0]
    assert empty.within(np.array([0.0]), np.array([0.0]), (1,)).tolist() == [0]
    assert pairs_within(none, none, grid.lat, grid.lon, 5)[0].tolist() == []


def test_people_by_cell_are_those_of_the_cell() -> None:
    grid = people(2, 30, (0.0, 0.0))
    found = grid.in_cells(np.array([3, 1, 77]))
    assert found.tolist() == [grid.people[grid.cell == 3].sum(), grid.people[grid.cell == 1].sum(), 0]


@pytest.mark.parametrize("at", [(14.5, -4.2), (60.0, 10.0), (0.0, 0.0)])
def test_a_disc_is_as_large_as_it_is_on_the_sphere(at: tuple[float, float]) -> None:
    drawn = discs(np.array([at[0]]), np.array([at[1]]), 25)
    assert area_km2(drawn)[0] == pytest.approx(np.pi * 25**2, rel=0.001)


UNITS = Units(
    np.array([shapely.box(0, 10, 2, 12), shapely.box(2, 10, 4, 12), shapely.box(8, 10, 9, 11)]),
    np.array([1000.0, 4000.0, 7.0]),
)


def share(km: float, unit: int) -> float:
    return float(np.pi * km**2 / area_km2(UNITS.shapes)[unit] * UNITS.people[unit])


def test_of_a_unit_the_share_of_its_area_counts() -> None:
    lat, lon = np.array([11.0, 11.0]), np.array([1.0, 3.0])
    assert UNITS.within(lat[:1], lon[:1], (10,))[0] == pytest.approx(share(10, 0), rel=0.001)
    assert UNITS.within(lat, lon, (10,))[0] == pytest.approx(share(10, 0) + share(10, 1), rel=0.001)
    on_the_border = UNITS.within(np.array([11.0]), np.array([2.0]), (10,))[0]
    assert on_the_border == pytest.approx((share(10, 0) + share(10, 1)) / 2, rel=0.001)


def test_discs_that_overlap_count_once_and_nothing_beyond_all_people() -> None:
    lat, lon = np.full(5, 11.0), 1 + np.linspace(0, 0.05, 5)
    near = UNITS.within(lat, lon, (10, 20, 500))
    assert near[0] < 1.4 * share(10, 0)
    assert near[0] < near[1] < near[2] <= UNITS.total
    assert near.tolist() == UNITS.within(np.tile(lat, 2), np.tile(lon, 2), (10, 20, 500)).tolist()
    assert UNITS.within(lat[:1], lon[:1], (1000,))[0] == pytest.approx(UNITS.total, rel=1e-6)
    assert UNITS.within(np.array([-40.0]), np.array([1.0]), (10,)).tolist() == [0]


def test_a_cell_takes_the_share_of_the_units_in_it() -> None:
    from harmattan.vocabulary.cell import gid_at

    inside, none = gid_at(10.1, 0.1), gid_at(-40, 0)
    found = UNITS.in_cells(np.array([inside, none]))
    corner = area_km2(np.array([shapely.box(0, 10, 0.5, 10.5)]))[0]
    assert found[0] == pytest.approx(1000 * corner / area_km2(UNITS.shapes)[0], rel=1e-6)
    assert found[1] == 0
