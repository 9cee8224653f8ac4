"""Which area holds a point: by an index, at the day's division, and never finer than the point is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.areas import Areas, Division, held_on
from harmattan.places.near import within

Array = npt.NDArray[Any]

HOW = {
    "inside": "the area holds the point",
    "border": "the point lies on a border, or where areas overlap; of those the first by id is taken",
    "uncertain": "the area holds the point, but the place is known within 25 km and another area is nearer than that",
    "nearest": "the point lies just outside all areas, on a coast or a border drawn otherwise; the nearest is taken",
    "coarser": "not placed: the point stands for a larger area than is asked for, or for none",
    "outside": "not placed: no area of the country holds the point or is near it",
    "no_division": "not placed: no division of the country at that level on that day is known",
    "no_point": "not placed: there are no coordinates",
}
PLACED = ("inside", "border", "uncertain", "nearest")
FINEST = {"exact": 9, "near": 9, "admin2": 2, "admin1": 1}
"""The finest level at which a point of a precision may be placed; points of other precisions are never placed."""
NEAR_KM = 25.0
"""Within this distance is known what is coded as `near` (UCDP's where_prec 2)."""
OUTSIDE_KM = 5.0
"""How far outside all areas a point may lie to be given to the nearest."""


@dataclass(frozen=True)
class Placed:
    """For each point the place of its area among the `Areas`, -1 for none, and how it was found (a key of HOW)."""

    area: Array
    how: Array

    @property
    def counts(self) -> dict[str, int]:
        """How many points were found in which way; in the order of HOW, all of them."""
        found = Counter(self.how.tolist())
        return {how: found.get(how, 0) for how in HOW}


def locate(
    areas: Areas,
    lat: Array,
    lon: Array,
    precision: Array,
    *,
    level: int,
    iso3: Array,
    day: Array | None = None,
    division: Collection[str] | None = None,
    outside_km: float = OUTSIDE_KM,
) -> Placed:
    """The area of one level that holds each of n points, in the division of its day or in chosen ones.

    `lat`, `lon` (n,) are degrees, NaN where there is no point; `precision` (n,) is of
    `harmattan.vocabulary.schema.WHERE_PRECISION`; `iso3` (n,) is the country that the record is about: an area of
    another country is never given. `day` (n,) is datetime64[D]; `division` names one division a country for the
    whole series instead. Raises ValueError without either, UsageError where the divisions do not say which held.
    """
    at = areas.level == level
    kept = np.flatnonzero(at)
    areas = areas.only(kept)
    found = Placed(np.full(len(lat), -1), np.full(len(lat), "no_division", dtype=object))
    for which, one in _asked(areas, iso3, day, division):
        fine = np.array([FINEST.get(word, -1) >= level for word in precision[which]], dtype=bool)
        found.how[which[~fine]] = "coarser"
        _place(areas, one, which[fine], lat, lon, precision, found, outside_km)
    coarse = np.array([FINEST.get(word, -1) < level for word in precision], dtype=bool)
    found.how[coarse] = "coarser"
    found.how[(np.isnan(lat) | np.isnan(lon)) & ~coarse] = "no_point"
    placed = found.area >= 0
    found.area[placed] = kept[found.area[placed]]
    return found


def _asked(
    areas: Areas, iso3: Array, day: Array | None, division: Collection[str] | None
) -> list[tuple[Array, Division]]:
    """Which points are to be looked up in which division."""
    if day is None and division is None:
        raise ValueError("say the days of the points, or the division")
    known = areas.divisions() if division is None else areas.chosen(division)
    asked = []
    for code in sorted({one.iso3 for one in known}):
        own = [one for one in known if one.iso3 == code]
        here = np.flatnonzero(iso3 == code)
        if day is None or division is not None:
            days = np.full(len(here), own[-1].first)
            own = own[-1:]
        else:
            days = np.asarray(day)[here]
        held = held_on(own, days)
        asked += [(here[held == place], one) for place, one in enumerate(own)]
    return asked


def _place(
    areas: Areas,
    one: Division,
    which: Array,
    lat: Array,
    lon: Array,
    precision: Array,
    found: Placed,
    outside_km: float,
) -> None:
    """Places points in one division; equal points are looked up once."""
    which = which[~(np.isnan(lat[which]) | np.isnan(lon[which]))]
    points, back = np.unique(lon[which] + 1j * lat[which], return_inverse=True)
    shapes = areas.shapes[one.places]
    area, several = _holding(shapes, points)
    how = np.where(several, "border", "inside").astype(object)
    how[area < 0] = "outside"
    far = np.flatnonzero(area < 0)
    point, shape, km = within(shapes, points.imag[far], points.real[far], outside_km)
    order = np.lexsort((shape, km, point))
    point, shape = point[order], shape[order]
    first = np.unique(point, return_index=True)[1]
    area[far[point[first]]], how[far[point[first]]] = shape[first], "nearest"
    found.area[which] = np.where(area[back] >= 0, one.places[area[back]], -1)
    found.how[which] = how[back]
    doubtful = _near_another(shapes, points, area, np.isin(np.arange(len(points)), back[precision[which] == "near"]))
    found.how[which[(precision[which] == "near") & doubtful[back]]] = "uncertain"


def _holding(shapes: Array, points: Array) -> tuple[Array, Array]:
    """The first shape that holds each point, -1 where none does, and whether several do."""
    import shapely

    shape, point = shapely.STRtree(shapely.points(points.real, points.imag)).query(shapes, predicate="intersects")
    area = np.full(len(points), len(shapes))
    np.minimum.at(area, point, shape)
    return np.where(area < len(shapes), area, -1), np.bincount(point, minlength=len(points)) > 1


def _near_another(shapes: Array, points: Array, area: Array, asked: Array) -> Array:
    """Whether another area than its own is within NEAR_KM of a point; only where it is asked."""
    doubtful = np.zeros(len(points), dtype=bool)
    some = np.flatnonzero(asked & (area >= 0))
    point, shape, _km = within(shapes, points.imag[some], points.real[some], NEAR_KM)
    doubtful[some[point[shape != area[some[point]]]]] = True
    return doubtful
