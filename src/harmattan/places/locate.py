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
class Points:
    """Where n records are, as their publisher says; every array is (n,)."""

    lat: Array
    """Degrees, WGS 84; NaN where there is no point."""
    lon: Array
    precision: Array
    """What the point stands for, of `harmattan.vocabulary.schema.WHERE_PRECISION`."""
    iso3: Array
    """The country that the record is about."""
    day: Array | None = None
    """The day of the record, as datetime64[D]."""

    def only(self, which: Array) -> Points:
        """Some of the points, by their places."""
        day = None if self.day is None else self.day[which]
        return Points(self.lat[which], self.lon[which], self.precision[which], self.iso3[which], day)


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
    points: Points,
    *,
    level: int,
    division: Collection[str] | None = None,
    outside_km: float = OUTSIDE_KM,
) -> Placed:
    """The area of one level that holds each of n points, in the division of its day or in chosen ones.

    An area of another country than the record's is never given. `division` names one division a country for the whole
    series, instead of that of each day. Raises ValueError where there are neither days nor `division`, UsageError
    where the divisions do not say which of them held.
    """
    kept = np.flatnonzero(areas.level == level)
    areas = areas.only(kept)
    finest = np.array([FINEST.get(word, -1) for word in points.precision.tolist()])
    fine, there = finest >= level, ~(np.isnan(points.lat) | np.isnan(points.lon))
    found = Placed(np.full(len(points.lat), -1), np.full(len(points.lat), "no_division", dtype=object))
    for which, one in _asked(areas, points, division):
        some = which[(fine & there)[which]]
        found.area[some], found.how[some] = _place(areas, one, points.only(some), outside_km)
    found.how[~there] = "no_point"
    found.how[~fine] = "coarser"
    placed = found.area >= 0
    found.area[placed] = kept[found.area[placed]]
    return found


def _asked(areas: Areas, points: Points, names: Collection[str] | None) -> list[tuple[Array, Division]]:
    """Which points are to be looked up in which division."""
    if points.day is None and names is None:
        raise ValueError("say the days of the points, or the division")
    known = areas.divisions() if names is None else areas.chosen(names)
    asked = []
    for code in sorted({one.iso3 for one in known}):
        own = [one for one in known if one.iso3 == code]
        here = np.flatnonzero(points.iso3 == code)
        if names is not None:
            if len(own) > 1:
                raise ValueError(f"choose one division of {code}, not several")
            asked.append((here, own[0]))
        elif points.day is not None:
            held = held_on(own, points.day[here])
            asked += [(here[held == place], one) for place, one in enumerate(own)]
    return asked


def _place(areas: Areas, one: Division, points: Points, outside_km: float) -> tuple[Array, Array]:
    """Area and how it was found, for points looked up in one division; equal points are looked up once."""
    spots, back = np.unique(points.lon + 1j * points.lat, return_inverse=True)
    shapes = areas.shapes[one.places]
    area, several = _holding(shapes, spots)
    how = np.where(several, "border", "inside").astype(object)
    how[area < 0] = "outside"
    far = np.flatnonzero(area < 0)
    spot, shape, km = within(shapes, spots.imag[far], spots.real[far], outside_km)
    order = np.lexsort((shape, km, spot))
    spot, shape = spot[order], shape[order]
    first = np.unique(spot, return_index=True)[1]
    area[far[spot[first]]], how[far[spot[first]]] = shape[first], "nearest"
    near = points.precision == "near"
    doubtful = _near_another(shapes, spots, area, np.isin(np.arange(len(spots)), back[near]))
    held = np.where(area[back] >= 0, one.places[area[back]], -1)
    return held, np.where(near & doubtful[back], "uncertain", how[back])


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
