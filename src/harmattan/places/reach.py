"""What lies within some kilometres of some points: pairs of points, and people, each counted once.

Distances are on the sphere. Points are put on it in three dimensions, where a straight line through the earth is
longer for whatever is farther on its surface, so that one index serves every latitude and both sides of 180°.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.sphere import RADIUS_KM, area_km2, flattened
from harmattan.vocabulary.cell import bounds

Array = npt.NDArray[Any]

MOST_PAIRS = 3_000_000
"""So many pairs of points are held in memory at a time."""
FEW_PARTS = 8
HAIR_KM = 1e-9
"""Added to a reach, since rounding must not lose what is exactly that far."""
CORNERS = 32
"""Of a polygon that stands for a disc; it is as large as the disc."""


def on_sphere(lat: Array, lon: Array) -> Array:
    """Points (n, 3) in kilometres from the middle of the earth."""
    up, right = np.radians(np.asarray(lat, dtype=float)), np.radians(np.asarray(lon, dtype=float))
    flat = np.cos(up)
    return RADIUS_KM * np.column_stack([flat * np.cos(right), flat * np.sin(right), np.sin(up)])


def chord_km(km: Array | float) -> Any:
    """How long the straight line through the earth is between points some kilometres apart on its surface."""
    half = np.minimum(np.asarray(km, dtype=float) / (2 * RADIUS_KM), np.pi / 2)
    return 2 * RADIUS_KM * np.sin(half)


def arc_km(chord: Array) -> Array:
    """How far apart on the surface points are whose straight line through the earth is that long."""
    return np.asarray(2 * RADIUS_KM * np.arcsin(np.minimum(np.asarray(chord) / (2 * RADIUS_KM), 1)))


@dataclass(frozen=True)
class Cubes:
    """Points (n, 3) sorted into cubes of one size, so that those near others are found without looking at all."""

    at: Array
    side_km: float

    @cached_property
    def _wide(self) -> int:
        return int(2 * RADIUS_KM / self.side_km) + 5

    def _key(self, place: Array) -> Array:
        """One number for each cube, from its three places (n, 3)."""
        return np.asarray((place[:, 0] * self._wide + place[:, 1]) * self._wide + place[:, 2])

    def _place(self, points: Array) -> Array:
        return np.asarray(np.floor((points + RADIUS_KM) / self.side_km).astype(np.int64) + 2)

    @cached_property
    def _sorted(self) -> tuple[Array, Array, Array]:
        """Points in the order of their cubes, the cubes that have any, and where each begins in that order."""
        keys = self._key(self._place(self.at))
        order = np.argsort(keys, kind="stable")
        cubes, start = np.unique(keys[order], return_index=True)
        return order, cubes, np.append(start, len(order))

    def near(self, points: Array, reach: float) -> Iterator[tuple[Array, Array, Array]]:
        """Pairs at most `reach` apart in a straight line: places in `points`, in these, and the distance, in parts.

        `reach` is at most the side of a cube. Each part fits into memory.
        """
        if not len(points) or not len(self.at):
            return
        order, cubes, start = self._sorted
        here = self._place(points)
        first = np.zeros((len(_AROUND), len(points)), dtype=np.int64)
        count = np.zeros_like(first)
        for row, step in enumerate(_AROUND):
            key = self._key(here + step)
            known = np.minimum(np.searchsorted(cubes, key), len(cubes) - 1)
            hit = cubes[known] == key
            first[row], count[row] = start[known], np.where(hit, start[known + 1] - start[known], 0)
        for some in _parts(count.sum(axis=0)):
            n = count[:, some].ravel()
            point = np.repeat(np.tile(np.arange(some.start, some.stop), len(_AROUND)), n)
            which = order[np.repeat(first[:, some].ravel() - np.cumsum(n) + n, n) + np.arange(n.sum())]
            away = np.sqrt(((points[point] - self.at[which]) ** 2).sum(axis=1))
            kept = away <= reach
            yield point[kept], which[kept], away[kept]

    def pairs(self, points: Array) -> int:
        """About how many pairs there would be to look at, of points as dense as these."""
        _order, cubes, _start = self._sorted
        return int(len(points) * 12 * len(self.at) / max(len(cubes), 1))


_AROUND = np.array([(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)])


def _parts(counts: Array) -> Iterator[slice]:
    """Runs of points that have not too many pairs together; one point alone may have."""
    total, start = np.cumsum(counts), 0
    while start < len(counts):
        done = total[start - 1] if start else 0
        stop = max(int(np.searchsorted(total, done + MOST_PAIRS, side="right")), start + 1)
        yield slice(start, stop)
        start = stop


def pairs_within(lat: Array, lon: Array, to_lat: Array, to_lon: Array, km: float) -> tuple[Array, Array, Array]:
    """Pairs of points at most `km` apart: places in the first, places in the second, kilometres; in order.

    >>> one, other, away = pairs_within(np.array([0.0]), np.array([179.99]), np.array([0.0, 5]), np.array([-180, 0]), 5)
    >>> one.tolist(), other.tolist(), away.round(2).tolist()
    ([0], [0], [1.11])
    """
    reach = float(chord_km(km)) + HAIR_KM
    parts = list(Cubes(on_sphere(to_lat, to_lon), reach).near(on_sphere(lat, lon), reach))
    if not parts:
        return np.array([], dtype=int), np.array([], dtype=int), np.array([])
    one, other, away = (np.concatenate(values) for values in zip(*parts, strict=True))
    order = np.lexsort((other, one))
    return one[order], other[order], arc_km(away[order])


@dataclass(frozen=True)
class Grid:
    """People at n points of a raster or table, each standing for the square around it."""

    lat: Array
    lon: Array
    people: Array
    cell: Array
    """The half-degree cell of each point, as PRIO-GRID's gid."""
    _cubes: dict[float, Cubes] = field(default_factory=dict, init=False, repr=False)

    @property
    def total(self) -> float:
        """Everybody."""
        return float(self.people.sum())

    @cached_property
    def _at(self) -> Array:
        return on_sphere(self.lat, self.lon)

    @cached_property
    def _near(self) -> Array:
        return np.full(len(self.lat), np.inf)

    def within(self, lat: Array, lon: Array, km: Sequence[float]) -> Array:
        """People within each distance (k,) of any of some points: the union of their discs, each person once.

        >>> grid = Grid(*map(np.array, ([0.0, 0.0], [0.0, 0.03], [5.0, 7.0], [1, 1])))
        >>> grid.within(np.array([0.0, 0.0]), np.array([0.0, 0.0]), (1, 5)).tolist()
        [5.0, 12.0]
        """
        points = np.unique(on_sphere(lat, lon), axis=0)
        reaches = [float(chord_km(one)) + HAIR_KM for one in km]
        if not len(points) or not len(self.lat):
            return np.zeros(len(km))
        reach = max(reaches)
        cubes = self._cubes.setdefault(reach, Cubes(self._at, reach))
        if cubes.pairs(points) > FEW_PARTS * MOST_PAIRS:
            return np.array([self._thinned(points, one) for one in reaches])
        near, touched = self._near, []
        for _point, which, away in cubes.near(points, reach):
            np.minimum.at(near, which, away)
            touched.append(np.unique(which))
        seen = np.unique(np.concatenate(touched)) if touched else np.array([], dtype=int)
        away, living = near[seen], self.people[seen]
        near[seen] = np.inf
        return np.array([living[away <= one].sum() for one in reaches])

    def _thinned(self, points: Array, reach: float) -> float:
        """People within one reach where discs are many and large: whoever is found is not looked for again."""
        open_, n = np.arange(len(self.lat)), len(points)
        stride = next(step for step in range(max(n * 5 // 8, 1), n + 2) if np.gcd(step, n) == 1)
        mixed = points[np.arange(n) * stride % n]
        for some in np.array_split(mixed, max(1, min(n, 32))):
            hit = np.zeros(len(open_), dtype=bool)
            for _point, which, _away in Cubes(self._at[open_], reach).near(some, reach):
                hit[which] = True
            open_ = open_[~hit]
        return self.total - float(self.people[open_].sum())

    def in_cells(self, cells: Array) -> Array:
        """People in each of some half-degree cells (n,)."""
        return _looked_up(*self._by_cell, cells)

    @cached_property
    def _by_cell(self) -> tuple[Array, Array]:
        """The cells that have people, in order, and how many."""
        known, place = np.unique(self.cell, return_inverse=True)
        return known, np.bincount(place, weights=self.people, minlength=len(known))


@dataclass(frozen=True)
class Units:
    """People of administrative units: of a unit, the share that its area has in what is near is taken.

    Whoever lives in a unit is taken to live anywhere in it alike (areal weighting, Goodchild & Lam 1980,
    Geo-Processing 1, 297-312), which a town in a desert breaks.
    """

    shapes: Array
    """Degrees, WGS 84."""
    people: Array
    _parts: dict[tuple[float, float, float], list[tuple[int, Any]]] = field(default_factory=dict, repr=False)

    @property
    def total(self) -> float:
        """Everybody."""
        return float(self.people.sum())

    @cached_property
    def _flat(self) -> Array:
        import shapely

        return np.asarray(shapely.make_valid(flattened(self.shapes)))

    @cached_property
    def _tree(self) -> Any:
        import shapely

        return shapely.STRtree(self._flat)

    @cached_property
    def _area(self) -> Array:
        return area_km2(self.shapes)

    def within(self, lat: Array, lon: Array, km: Sequence[float]) -> Array:
        """People within each distance (k,) of any of some points, by the share of each unit that is so near.

        >>> import shapely
        >>> units = Units(np.array([shapely.box(0, 0, 1, 1)]), np.array([12363.7]))
        >>> units.within(np.array([0.5, 0.5]), np.array([0.5, 0.5]), (1, 5)).round(1).tolist()
        [3.1, 78.5]
        """
        points = np.unique(np.column_stack([lat, lon]), axis=0)
        return np.array([self._covered(points, one) for one in km])

    def _covered(self, points: Array, km: float) -> float:
        import shapely

        by_unit: dict[int, list[Any]] = {}
        for unit, part in (pair for point in self._cut(points, km) for pair in point):
            by_unit.setdefault(unit, []).append(part)
        shares = {
            unit: shapely.area(shapely.disjoint_subset_union_all(parts)) / self._area[unit]
            for unit, parts in by_unit.items()
        }
        return float(sum(self.people[unit] * min(share, 1.0) for unit, share in sorted(shares.items())))

    def _cut(self, points: Array, km: float) -> list[list[tuple[int, Any]]]:
        """For each point the parts of its disc that lie in units; each disc is cut once."""
        import shapely

        keys = [(float(lat), float(lon), km) for lat, lon in points]
        new = np.array([n for n, key in enumerate(keys) if key not in self._parts], dtype=int)
        if len(new):
            round_ = flattened(discs(points[new, 0], points[new, 1], km))
            disc, unit = self._tree.query(round_, predicate="intersects")
            inside = shapely.contains(self._flat[unit], round_[disc])
            cut = np.where(inside, round_[disc], shapely.intersection(self._flat[unit], round_[disc]))
            for n in new:
                self._parts[keys[n]] = []
            for which, where, part in zip(disc.tolist(), unit.tolist(), cut, strict=True):
                self._parts[keys[new[which]]].append((where, part))
        return [self._parts[key] for key in keys]

    def in_cells(self, cells: Array) -> Array:
        """People in each of some half-degree cells (n,), by the share of each unit that lies in it."""
        import shapely

        boxes = flattened(np.array([shapely.box(*bounds(int(cell))) for cell in cells], dtype=object))
        box, unit = self._tree.query(boxes, predicate="intersects")
        parts = shapely.area(shapely.intersection(self._flat[unit], boxes[box])) / self._area[unit]
        return np.bincount(box, weights=parts * self.people[unit], minlength=len(cells))


def discs(lat: Array, lon: Array, km: float) -> Array:
    """Discs on the sphere as polygons in degrees, each as large as the disc; across 180° they run on beyond it."""
    import shapely

    turn = 2 * np.pi * np.arange(CORNERS) / CORNERS
    reach = np.sqrt(2 * np.pi / (CORNERS * np.sin(2 * np.pi / CORNERS))) * km / RADIUS_KM
    up, right = np.radians(lat)[:, None], np.radians(lon)[:, None]
    to_up = np.arcsin(np.sin(up) * np.cos(reach) + np.cos(up) * np.sin(reach) * np.cos(turn))
    to_right = right + np.arctan2(np.sin(turn) * np.sin(reach) * np.cos(up), np.cos(reach) - np.sin(up) * np.sin(to_up))
    return np.asarray(shapely.polygons(np.degrees(np.stack([to_right, to_up], axis=2))))


def _looked_up(known: Array, values: Array, wanted: Array) -> Array:
    """The value of each wanted key, 0 where it is not known; `known` is sorted."""
    if not len(known):
        return np.zeros(len(wanted))
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[place] == wanted, values[place], 0.0)
