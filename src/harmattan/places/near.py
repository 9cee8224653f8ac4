"""Which shapes are within some kilometres of which points.

Degrees of longitude shrink with latitude, so points are taken in bands of one degree, with longitude scaled to the
band's middle; the distance that counts is then measured on the sphere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.sphere import KM_PER_DEGREE, distance_km

Array = npt.NDArray[Any]

BAND_DEG = 1.0
POLAR_DEG = 89.0


def within(shapes: Array, lat: Array, lon: Array, km: float) -> tuple[Array, Array, Array]:
    """Pairs of a point and a shape that are at most `km` apart, and how far: places (m,), places (m,), km (m,).

    A shape that holds a point is 0 km from it. Beyond 89 degrees of latitude nothing is found.
    """
    import shapely

    pairs: list[tuple[Array, Array, Array]] = []
    bounds = shapely.bounds(shapes)
    reach = km / KM_PER_DEGREE
    for band in np.unique(np.floor(lat / BAND_DEG)):
        here = np.flatnonzero((np.floor(lat / BAND_DEG) == band) & (np.abs(lat) < POLAR_DEG))
        low, high = band * BAND_DEG - 2 * reach, (band + 1) * BAND_DEG + 2 * reach
        close = np.flatnonzero((bounds[:, 1] <= high) & (bounds[:, 3] >= low))
        if not len(here) or not len(close):
            continue
        pairs.append(_in_band(shapes, close, lat, lon, here=here, reach=(low, high), km=km))
    if not pairs:
        return np.array([], dtype=int), np.array([], dtype=int), np.array([])
    point, shape, away = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    return point, shape, away


def _in_band(
    shapes: Array, close: Array, lat: Array, lon: Array, *, here: Array, reach: tuple[float, float], km: float
) -> tuple[Array, Array, Array]:
    import shapely

    scale = np.cos(np.radians((reach[0] + reach[1]) / 2))
    parts = shapely.clip_by_rect(shapes[close], -181, reach[0], 181, reach[1])
    flat = shapely.transform(parts, lambda at: at * [scale, 1])
    points = shapely.points(lon[here] * scale, lat[here])
    # A little more than asked: what is too far is left out by its distance on the sphere.
    shape, point = shapely.STRtree(points).query(flat, predicate="dwithin", distance=1.1 * km / KM_PER_DEGREE)
    ends = shapely.get_coordinates(shapely.shortest_line(points[point], flat[shape])).reshape(-1, 2, 2)
    away = distance_km(ends[:, 0, 1], ends[:, 0, 0] / scale, ends[:, 1, 1], ends[:, 1, 0] / scale)
    kept = away <= km
    return here[point[kept]], close[shape[kept]], away[kept]
