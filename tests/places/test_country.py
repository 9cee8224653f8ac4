"""Whether a point lies in the country that a record says."""

from __future__ import annotations

import numpy as np
import pytest

from harmattan.places.country import countries
from harmattan.places.sphere import area_km2, distance_km
from tests.places.made import areas, row

MAP = areas(
    row("Mali", (0, 10, 2, 12), level=0, division="m"),
    row("Kayes", (0, 10, 1, 12), level=1, division="m"),
    row("Niamey", (2, 10, 3, 12), iso3="NER", division="n"),
    row("Agadez", (3, 10, 4, 12), iso3="NER", division="n"),
)


def said(*at: tuple[float, float, str]) -> list[tuple[object, object]]:
    lon, lat = (np.array([point[axis] for point in at], dtype=float) for axis in (0, 1))
    found = countries(MAP, lat, lon, np.array([point[2] for point in at], dtype=object))
    return list(zip(found.iso3_of_point.tolist(), found.in_country.tolist(), strict=True))


def test_right_wrong_and_not_known() -> None:
    assert said((1, 11, "MLI"), (1, 11, "NER"), (3.5, 11, "NER"), (9, 11, "MLI"), (float("nan"), 11, "MLI")) == [
        ("MLI", True),
        ("MLI", False),
        ("NER", True),
        (None, None),
        (None, None),
    ]


def test_on_a_border_the_said_country_is_right() -> None:
    assert said((2, 11, "NER"), (2, 11, "MLI"), (2, 11, "BFA")) == [("NER", True), ("MLI", True), ("MLI", False)]


def test_no_points_and_no_map() -> None:
    assert said() == []
    none = countries(areas(), np.array([1.0]), np.array([1.0]), np.array(["MLI"], dtype=object))
    assert (none.iso3_of_point.tolist(), none.in_country.tolist()) == ([None], [None])


def test_the_sphere_by_hand() -> None:
    whole = areas(row("World", (-180, -90, 180, 90)))
    assert area_km2(whole.shapes)[0] == pytest.approx(510_065_600, rel=1e-5)
    quarter = distance_km(np.array([0.0]), np.array([0.0]), np.array([90.0]), np.array([0.0]))
    assert quarter[0] == pytest.approx(10_007.56, rel=1e-4)
