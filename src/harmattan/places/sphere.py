"""Areas and distances on the sphere, for shapes in degrees of longitude and latitude (WGS 84)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

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


def distance_km(lat: Array, lon: Array, to_lat: Array, to_lon: Array) -> Array:
    """The distance between points on the sphere, in kilometres (haversine).

    >>> distance_km(np.array([0.0]), np.array([0.0]), np.array([0.0]), np.array([1.0])).round(2).tolist()
    [111.2]
    """
    up, right = np.radians(to_lat - lat), np.radians(to_lon - lon)
    half = np.sin(up / 2) ** 2 + np.cos(np.radians(lat)) * np.cos(np.radians(to_lat)) * np.sin(right / 2) ** 2
    return np.asarray(2 * RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1))))
