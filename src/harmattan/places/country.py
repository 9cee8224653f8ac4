"""Which country a point lies in, to check what a record says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.areas import Areas

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Countries:
    """For each point its country by the map, and whether that is the one that was said."""

    iso3_of_point: Array
    """ISO3, or None where no country of the map holds the point: sea, or a country that the map does not have."""
    in_country: Array
    """True, False, or None where no country of the map holds the point."""


def countries(areas: Areas, lat: Array, lon: Array, iso3: Array) -> Countries:
    """The country that holds each of n points (degrees, WGS 84), and whether it is the said one, `iso3` (n,).

    Each country is taken at its coarsest level, and of several divisions in the one that began last. On a border the
    said country is right, else the first by its code is taken. A point without coordinates lies in no country.
    """
    import shapely

    codes, shapes = outlines(areas)
    there = np.flatnonzero(~(np.isnan(lat) | np.isnan(lon)))
    tree = shapely.STRtree(shapely.points(lon[there], lat[there]))
    shape, point = tree.query(shapes, predicate="intersects")
    found = np.full(len(lat), None, dtype=object)
    right = np.full(len(lat), None, dtype=object)
    order = np.lexsort((codes[shape], codes[shape] != iso3[there[point]], point)) if len(point) else point
    first = order[np.unique(point[order], return_index=True)[1]]
    at, code = there[point[first]], codes[shape[first]]
    found[at] = code
    right[at] = [bool(same) for same in code == iso3[at]]
    return Countries(found, right)


def outlines(areas: Areas) -> tuple[Array, Array]:
    """ISO3 (n,) and shapes (n,): all areas of the coarsest level of each country, of the division that began last."""
    coarsest: dict[str, tuple[int, Array]] = {}
    for one in areas.divisions():
        if one.iso3 not in coarsest or one.level == coarsest[one.iso3][0]:
            coarsest[one.iso3] = (one.level, one.places)
    which = np.concatenate([places for _level, places in coarsest.values()]) if coarsest else np.array([], dtype=int)
    return areas.iso3[which].astype(str), areas.shapes[which]
