"""Where a set of points has its middle, how the middle moved, and how large cells are, on the sphere."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.sphere import RADIUS_KM
from harmattan.vocabulary.cell import COLUMNS, SIZE_DEG

Array = npt.NDArray[Any]


def cells_km2(gids: Array) -> Array:
    """The area of PRIO-GRID cells in square kilometres, water included: R^2 (sin north - sin south) times the width.

    >>> cells_km2(np.array([130321, 259200])).round(1).tolist()
    [3090.8, 13.5]
    """
    south = np.radians((np.asarray(gids) - 1) // COLUMNS * SIZE_DEG - 90)
    north = south + np.radians(SIZE_DEG)
    return np.asarray(RADIUS_KM**2 * (np.sin(north) - np.sin(south)) * np.radians(SIZE_DEG))


def centre(lat: Array, lon: Array, weight: Array) -> tuple[float, float] | None:
    """The mean centre of weighted points as latitude and longitude; None where there is none.

    The points are averaged as unit vectors (Fisher 1953, doi:10.1098/rspa.1953.0064), so that the 180th meridian is
    no edge.

    >>> centre(np.array([0.0, 0.0]), np.array([179.0, -178.0]), np.array([1, 2]))
    (0.0, -179.0)
    """
    up, right = np.radians(lat), np.radians(lon)
    points = np.stack([np.cos(up) * np.cos(right), np.cos(up) * np.sin(right), np.sin(up)])
    x, y, z = (points * weight).sum(axis=1)
    if np.hypot(np.hypot(x, y), z) < 1e-12:
        return None
    found = np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))
    return round(float(found[0]), 2), round(float(found[1]), 2)


def bearing(start: tuple[float, float], end: tuple[float, float]) -> float:
    """The direction in which the way from one point (latitude, longitude) to another sets out, degrees from north.

    >>> bearing((0.0, 0.0), (0.0, 1.0)), bearing((10.0, 3.0), (9.0, 3.0))
    (90.0, 180.0)
    """
    (up, right), (to_up, to_right) = np.radians(start), np.radians(end)
    east = np.sin(to_right - right) * np.cos(to_up)
    north = np.cos(up) * np.sin(to_up) - np.sin(up) * np.cos(to_up) * np.cos(to_right - right)
    return float(np.degrees(np.arctan2(east, north)) % 360)
