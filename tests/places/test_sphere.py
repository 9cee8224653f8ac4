"""Mean centres, directions and the sizes of cells on the sphere."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from harmattan.places.sphere import area_km2, bearing, cells_km2, middle
from harmattan.vocabulary.cell import bounds


def test_the_area_of_a_cell_is_that_of_its_shape() -> None:
    gids = np.array([1, 130321, 149393, 259200])
    shapes = np.array([shapely.box(*bounds(int(gid))) for gid in gids])
    assert cells_km2(gids) == pytest.approx(area_km2(shapes))
    assert cells_km2(np.arange(1, 259201)).sum() == pytest.approx(510.1e6, rel=1e-3), "the whole earth"


def test_a_centre_is_weighed_by_its_points() -> None:
    lat, lon = np.array([10.0, 10.0, 14.0]), np.array([0.0, 4.0, 2.0])
    assert middle(lat[:2], lon[:2], np.array([1, 1])) == pytest.approx((10.01, 2.0), abs=0.01)
    heavy = middle(lat, lon, np.array([0, 0, 5]))
    assert heavy == (14.0, 2.0)
    thrice = middle(np.repeat(lat, 3), np.repeat(lon, 3), np.ones(9))
    assert thrice == middle(lat, lon, np.full(3, 3)), "several events at a place are one with their sum"


def test_no_points_and_points_around_the_earth_have_no_middle() -> None:
    none = np.array([])
    assert middle(none, none, none) is None
    assert middle(np.array([0.0, 0.0]), np.array([0.0, 180.0]), np.array([1, 1])) is None


@pytest.mark.parametrize(
    ("to", "degrees"), [((11.0, 3.0), 0), ((9.0, 3.0), 180), ((10.0, 2.9), 270), ((10.0, 3.1), 90)]
)
def test_directions_go_clockwise_from_north(to: tuple[float, float], degrees: float) -> None:
    assert bearing(10.0, 3.0, *to) == pytest.approx(degrees, abs=0.1)
