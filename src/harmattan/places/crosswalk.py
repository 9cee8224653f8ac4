"""How one division of a country goes over into another: shares of each old area by land and by people.

Overlays are made on an equal-area projection, so that the parts of an area add up to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harmattan.places.areas import Areas
from harmattan.places.sphere import flattened

Array = npt.NDArray[Any]

SLIVER = 0.005
"""A part below this share of both areas is taken for two drawings of one border, not for land that changed hands."""


@dataclass(frozen=True)
class Crosswalk:
    """The parts that an old and a new area have in common.

    `parts` has one row a pair: `from`, `to` (ids of areas), `area_km2`, `share_of_from` and `share_of_to` (by land),
    `people` and `share_of_people` (of the old area; empty where nobody was counted). Shares are of what is covered:
    they sum to 1 for each old area that has any part.
    """

    parts: pa.Table
    slivers: int
    """Parts that were left out because they are below the tolerance."""
    slivers_km2: float
    covered: Mapping[str, float]
    """For each old area the share of its land that lies in the new areas, slivers left out."""

    def carried(self, values: Mapping[str, float], *, by: str = "area") -> tuple[dict[str, float], float]:
        """Values of old areas laid to the new ones, and what could not be laid because no new area covers it.

        `by` is `area` or `people`; an old area in which nobody was counted goes by its land. The sum of both is the
        sum of `values`.
        """
        if by not in ("area", "people"):
            raise ValueError(f"by is area or people, not {by}")
        shares: dict[str, list[tuple[str, float]]] = {}
        for part in self.parts.to_pylist():
            said = part["share_of_people"] if by == "people" else None
            shares.setdefault(part["from"], []).append((part["to"], part["share_of_from"] if said is None else said))
        laid: dict[str, float] = {}
        left = 0.0
        for old, value in values.items():
            if old not in shares:
                left += value
            for new, share in shares.get(old, []):
                laid[new] = laid.get(new, 0.0) + value * share
        return laid, left


def crosswalk(
    old: Areas,
    new: Areas,
    *,
    sliver: float = SLIVER,
    people: tuple[Array, Array, Array] | None = None,
) -> Crosswalk:
    """The crosswalk from the areas of one division to those of another, each of one level.

    `people` are latitudes, longitudes and numbers of people of a grid's points (m,); a point on a border counts for
    the first area by id. `sliver` is a share between 0 and 1. Areas of different countries have parts in common too:
    give the areas of one country.
    """
    import shapely

    if not 0 <= sliver < 1:
        raise ValueError("sliver is a share between 0 and 1")
    before, after = (shapely.make_valid(flattened(areas.shapes)) for areas in (old, new))
    a, b = shapely.STRtree(after).query(before, predicate="intersects")
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    area = shapely.area(shapely.intersection(before[a], after[b]))
    sizes = shapely.area(before), shapely.area(after)
    small = (area < sliver * sizes[0][a]) & (area < sliver * sizes[1][b])
    kept, dropped = (area > 0) & ~small, (area > 0) & small
    a, b = a[kept], b[kept]
    covered = np.bincount(a, weights=area[kept], minlength=len(old))
    heads = _heads(old, new, people, a, b)
    return Crosswalk(
        parts=_parts(old, new, a, b, area=area[kept], covered=covered, after=sizes[1], heads=heads),
        slivers=int(dropped.sum()),
        slivers_km2=float(area[dropped].sum()),
        covered=dict(zip(old.row_id.tolist(), np.minimum(covered / sizes[0], 1).tolist(), strict=True)),
    )


def _parts(
    old: Areas, new: Areas, a: Array, b: Array, *, area: Array, covered: Array, after: Array, heads: Array | None
) -> pa.Table:
    columns: dict[str, Any] = {
        "from": pa.array(old.row_id[a].tolist(), pa.string()),
        "to": pa.array(new.row_id[b].tolist(), pa.string()),
        "area_km2": area,
        "share_of_from": area / covered[a],
        "share_of_to": np.minimum(area / after[b], 1),
    }
    if heads is None:
        empty = pa.nulls(len(a), pa.float64())
        return pa.table(columns | {"people": empty, "share_of_people": empty})
    total = np.bincount(a, weights=heads, minlength=len(old))[a]
    share = np.divide(heads, total, out=np.full(len(a), np.nan), where=total > 0)
    return pa.table(columns | {"people": heads, "share_of_people": pa.array(share, from_pandas=True)})


def _heads(old: Areas, new: Areas, people: tuple[Array, Array, Array] | None, a: Array, b: Array) -> Array | None:
    """People in each pair of areas; those whose point lies in a pair that was left out count for none."""
    if people is None:
        return None
    lat, lon, number = people
    first, second = (_holder(areas, lat, lon) for areas in (old, new))
    both = (first >= 0) & (second >= 0)
    pairs = a * max(len(new), 1) + b
    at = np.searchsorted(pairs, first[both] * max(len(new), 1) + second[both])
    at_safe = np.minimum(at, max(len(pairs) - 1, 0))
    if not len(pairs):
        return np.zeros(0)
    hit = pairs[at_safe] == first[both] * max(len(new), 1) + second[both]
    return np.bincount(at_safe[hit], weights=number[both][hit], minlength=len(pairs))


def _holder(areas: Areas, lat: Array, lon: Array) -> Array:
    import shapely

    shape, point = shapely.STRtree(shapely.points(lon, lat)).query(areas.shapes, predicate="intersects")
    holder = np.full(len(lat), len(areas))
    np.minimum.at(holder, point, shape)
    return np.where(holder < len(areas), holder, -1)
