"""How a set of places grew: the middle of what was there before, and how far and in which direction what came lies.

The middle is the mean of unit vectors on the sphere, every place once. The direction is the first bearing of the great
circle, in degrees clockwise from north.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.sphere import bearing, distance_km, middle

Array = npt.NDArray[Any]

COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True)
class Step:
    """New places against those that were there before them; distances in km, bearings in degrees, None where none."""

    before: int
    """How many places were there before."""
    middle: tuple[float, float] | None
    """Latitude and longitude of the middle of those."""
    km: float | None
    """From that middle to the middle of the new places."""
    bearing: float | None
    farthest_km: float | None
    """From that middle to the farthest of the new places."""
    nearest_km: float | None
    """From a new place to the nearest earlier one: the median over the new places."""
    nearest: int | None
    """The nearest earlier place, by its position, where there is one new place."""


def direction(degrees: float) -> str:
    """One of eight points of the compass.

    >>> direction(350), direction(100)
    ('N', 'E')
    """
    return COMPASS[round(degrees / 45) % 8]


def step(lat: Array, lon: Array, new: Array, before: Array) -> Step:
    """What some of n places (positions `new`) add to others (positions `before`); `lat` and `lon` in degrees, (n,)."""
    if not len(before):
        return Step(0, None, None, None, None, None, None)
    at = middle(lat[before], lon[before])
    to = middle(lat[new], lon[new])
    if at is None or to is None:
        return Step(len(before), at, None, None, None, None, None)
    km = _km(at, to)
    far = distance_km(np.full(len(new), at[0]), np.full(len(new), at[1]), lat[new], lon[new]).max()
    every = distance_km(lat[new, None], lon[new, None], lat[None, before], lon[None, before])
    nearest = int(before[every[0].argmin()]) if len(new) == 1 else None
    turn = bearing(*at, *to) if km > 0 else None
    return Step(len(before), at, km, turn, float(far), float(np.median(every.min(axis=1))), nearest)


def _km(one: Sequence[float], other: Sequence[float]) -> float:
    return float(distance_km(np.array(one[0]), np.array(one[1]), np.array(other[0]), np.array(other[1])))
