"""Areas and distances on the sphere, for shapes in degrees of longitude and latitude (WGS 84)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.vocabulary.cell import COLUMNS, SIZE_DEG

Array = npt.NDArray[Any]

RADIUS_KM = 6371.0072
"""Of the sphere that has the surface of the WGS 84 ellipsoid."""
KM_PER_DEGREE = RADIUS_KM * np.pi / 180


def flattened(shapes: Array) -> Array:
    """Shapes on Lambert's cylindrical equal-area projection, in kilometres: areas there are areas on the sphere.

    The sides of a shape are taken as straight on that projection (Chamberlain & Duquette 2007, JPL 07-3).
    """
    import shapely

    def project(points: Array) -> Array:
        return RADIUS_KM * np.column_stack([np.radians(points[:, 0]), np.sin(np.radians(points[:, 1]))])

    return np.asarray(shapely.transform(shapes, project))


def area_km2(shapes: Array) -> Array:
    """The area of each shape in square kilometres.

    >>> import shapely
    >>> area_km2(np.array([shapely.box(0, 0, 1, 1)])).round(1).tolist()
    [12363.7]
    """
    import shapely

    return np.asarray(shapely.area(flattened(shapes)))


def cells_km2(gids: Array) -> Array:
    """The area of PRIO-GRID cells in square kilometres, water included: R^2 (sin north - sin south) times the width.

    >>> cells_km2(np.array([130321, 259200])).round(1).tolist()
    [3090.8, 13.5]
    """
    south = np.radians((np.asarray(gids) - 1) // COLUMNS * SIZE_DEG - 90)
    north = south + np.radians(SIZE_DEG)
    return np.asarray(RADIUS_KM**2 * (np.sin(north) - np.sin(south)) * np.radians(SIZE_DEG))


def middle(lat: Array, lon: Array, weight: Array | None = None) -> tuple[float, float] | None:
    """The mean centre of n points, weighted or not, as latitude and longitude in degrees; None where there is none.

    The points are averaged as unit vectors (Fisher 1953, doi:10.1098/rspa.1953.0064), so that the 180th meridian is
    no edge.

    >>> middle(np.array([0.0, 0.0]), np.array([179.0, -177.0]))
    (0.0, -179.0)
    """
    up, right = np.radians(lat), np.radians(lon)
    points = np.stack([np.cos(up) * np.cos(right), np.cos(up) * np.sin(right), np.sin(up)])
    x, y, z = (points if weight is None else points * weight).sum(axis=1)
    if np.hypot(np.hypot(x, y), z) < 1e-12:
        return None
    at = np.degrees([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)]).round(6)
    return float(at[0]), float(at[1])


def bearing(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """The first bearing of the great circle from one place to another, in degrees clockwise from north.

    >>> bearing(0, 0, 0, 1), bearing(10, 3, 9, 3)
    (90.0, 180.0)
    """
    up, to_up, right = np.radians(lat), np.radians(to_lat), np.radians(to_lon - lon)
    east = np.sin(right) * np.cos(to_up)
    north = np.cos(up) * np.sin(to_up) - np.sin(up) * np.cos(to_up) * np.cos(right)
    return round(float(np.degrees(np.arctan2(east, north)) % 360), 6)


def distance_km(lat: Array, lon: Array, to_lat: Array, to_lon: Array) -> Array:
    """The distance between points on the sphere, in kilometres (haversine).

    >>> distance_km(np.array([0.0]), np.array([0.0]), np.array([0.0]), np.array([1.0])).round(2).tolist()
    [111.2]
    """
    up, right = np.radians(to_lat - lat), np.radians(to_lon - lon)
    half = np.sin(up / 2) ** 2 + np.cos(np.radians(lat)) * np.cos(np.radians(to_lat)) * np.sin(right / 2) ** 2
    return np.asarray(2 * RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1))))
