"""Land borders between countries as lines, the points where three countries meet, and how far places are from them.

Outlines of neighbouring countries are drawn separately and rarely share their vertices: a border is the stretches of
either outline that come within a few kilometres of the other country. Between cells a border is the sides that two
countries' cells share. Coasts are no borders.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.near import within
from harmattan.places.sphere import KM_PER_DEGREE, distance_km
from harmattan.vocabulary.cell import COLUMNS, ROWS, SIZE_DEG

Array = npt.NDArray[Any]
Codes = tuple[str, ...]

GAP_KM = 5.0
"""Outlines that come this near to each other are taken for neighbours on land."""
STEP_DEG = 0.05
"""Outlines are looked at in stretches no longer than this."""
APART_KM = 50.0
"""Points where the same three countries meet are told apart where they are farther from each other than this."""
CELL_ERROR_KM = 39.0
"""Half the diagonal of a cell at the equator: how far a place in a cell may be from the cell's middle."""


@dataclass(frozen=True)
class Borders:
    """Borders between pairs of countries, and the points where three of them meet."""

    lines: Mapping[Codes, Any]
    """By the ISO3 codes of two countries, in alphabetical order: a shapely line in degrees (WGS 84)."""
    meetings: Mapping[Codes, Array]
    """By the codes of three: the places where they meet, as longitude and latitude, (k, 2)."""
    of_cells: frozenset[Codes] = frozenset()
    """Those of either that are known by cells only."""

    def __len__(self) -> int:
        return len(self.lines) + len(self.meetings)

    def kept(self, countries: Collection[str], neighbours: Collection[str] = ()) -> Borders:
        """The borders and meetings of some countries; with `neighbours`, only those with one of them."""
        inside, beside = set(countries), set(neighbours)

        def fits(codes: Codes) -> bool:
            if not beside:
                return bool(inside & set(codes))
            return any(a in inside and b in beside for a, b in itertools.permutations(codes, 2))

        lines = {codes: line for codes, line in self.lines.items() if fits(codes)}
        meetings = {codes: points for codes, points in self.meetings.items() if fits(codes)}
        return Borders(lines, meetings, frozenset(self.of_cells & {*lines, *meetings}))

    def neighbours(self, country: str) -> tuple[str, ...]:
        """The countries that one has a border with."""
        return tuple(sorted({code for pair in self.lines if country in pair for code in pair} - {country}))


@dataclass(frozen=True)
class Distances:
    """How far n points are from borders: m pairs of a point and a border or meeting of the point's own country."""

    codes: tuple[Codes, ...]
    """Borders, then meetings."""
    point: Array
    line: Array
    """The place among `codes`."""
    km: Array


def named(codes: Codes) -> str:
    """What a border or meeting is called.

    >>> named(("BFA", "MLI"))
    'BFA-MLI'
    """
    return "-".join(codes)


def of_areas(codes: Array, shapes: Array, about: Collection[str]) -> Borders:
    """Borders and meetings of the countries `about`, from the shapes of countries: ISO3 (n,) and polygons (n,).

    A country may have several shapes; what lies between two of them is no border.
    """
    import shapely

    known = [str(code) for code in np.unique(codes.astype(str))] if len(codes) else []
    boxes = {code: _box(shapes[codes == code]) for code in known}
    beside = {one: [two for two in known if two != one and shapely.intersects(boxes[one], boxes[two])] for one in known}
    asked = [code for code in known if code in about]
    needed = sorted({*asked, *(other for code in asked for other in beside[code])})
    whole = {code: shapely.union_all(shapes[codes == code]) for code in needed}
    found = _Found({}, {})
    for code in needed:
        others = [other for other in beside[code] if other in whole and (code in asked or other in asked)]
        if others:
            found.add(code, whole[code], others, np.array([whole[other] for other in others], dtype=object))
    lines = {pair: _line(np.concatenate(parts)) for pair, parts in sorted(found.stretches.items())}
    meetings = {triple: _apart(np.concatenate(parts)) for triple, parts in sorted(found.corners.items())}
    return Borders(lines, meetings)


def _box(shapes: Array) -> Any:
    """What holds the shapes of a country, with room for the gap to its neighbours."""
    import shapely

    west, south, east, north = shapely.total_bounds(shapes)
    wide = 2 * GAP_KM / KM_PER_DEGREE
    return shapely.box(west - 2 * wide, south - wide, east + 2 * wide, north + wide)


@dataclass(frozen=True)
class _Found:
    """What the outlines of countries have of each other, as it is found."""

    stretches: dict[Codes, list[Array]]
    """(m, 2, 2): both ends of pieces of outline, longitude and latitude."""
    corners: dict[Codes, list[Array]]
    """(m, 3): longitude, latitude, and km to the farther of the other two countries."""

    def add(self, code: str, outline: Any, others: list[str], shapes: Array) -> None:
        """Adds the stretches and corners of one country's outline that lie at other countries."""
        import shapely

        rings = shapely.get_parts(shapely.boundary(shapely.segmentize(outline, STEP_DEG)))
        spots, ring = shapely.get_coordinates(rings, return_index=True)
        spot, other, km = within(shapes, spots[:, 1], spots[:, 0], GAP_KM)
        away = np.full((len(others), len(spots)), np.inf)
        away[other, spot] = km
        near = np.isfinite(away)
        follows = ring[:-1] == ring[1:]
        for at, beside in enumerate(others):
            which = np.flatnonzero(near[at, :-1] & near[at, 1:] & follows)
            if len(which):
                ends = np.stack([spots[which], spots[which + 1]], axis=1)
                self.stretches.setdefault(_sorted(code, beside), []).append(ends)
        for one, two in itertools.combinations(range(len(others)), 2):
            which = np.flatnonzero(near[one] & near[two])
            if len(which):
                score = np.maximum(away[one, which], away[two, which])
                found = np.column_stack([spots[which], score])
                self.corners.setdefault(_sorted(code, others[one], others[two]), []).append(found)


def _sorted(*codes: str) -> Codes:
    return tuple(sorted(map(str, codes)))


def _line(stretches: Array) -> Any:
    """Stretches (m, 2, 2) as one line; one that both outlines have is taken once."""
    import shapely

    flat = stretches.round(7)
    turned = (flat[:, 0, 0] > flat[:, 1, 0]) | ((flat[:, 0, 0] == flat[:, 1, 0]) & (flat[:, 0, 1] > flat[:, 1, 1]))
    flat[turned] = flat[turned, ::-1]
    once = np.unique(flat.reshape(-1, 4), axis=0).reshape(-1, 2, 2)
    return shapely.line_merge(shapely.multilinestrings(shapely.linestrings(once)))


def _apart(found: Array) -> Array:
    """Of candidates (longitude, latitude, km to the farther country) the nearest, and those far from any nearer one."""
    kept: list[Array] = []
    for spot in found[np.lexsort((found[:, 1], found[:, 0], found[:, 2]))]:
        away = [float(distance_km(spot[1], spot[0], one[1], one[0])) for one in kept]
        if not away or min(away) > APART_KM:
            kept.append(spot)
    return np.array([spot[:2] for spot in kept])


def of_cells(countries: Mapping[int, str]) -> Borders:
    """Borders and meetings between the cells of countries; `countries` is ISO3 by gid.

    >>> found = of_cells({1: "AAA", 2: "BBB", 721: "AAA", 722: "CCC"})
    >>> sorted(map(named, found.lines)), found.meetings[("AAA", "BBB", "CCC")].tolist()
    (['AAA-BBB', 'AAA-CCC', 'BBB-CCC'], [[-179.5, -89.5]])
    """
    import shapely

    known = np.array(["", *sorted(set(countries.values()))])
    grid = np.zeros((ROWS + 1, COLUMNS + 1), dtype=int)
    gids = np.array(list(countries), dtype=int) - 1
    grid[gids // COLUMNS, gids % COLUMNS] = np.searchsorted(known, np.array(list(countries.values()), dtype=str))
    sides: dict[Codes, list[tuple[tuple[float, float], tuple[float, float]]]] = {}
    for right in (True, False):
        one, two = (grid[:, :-1], grid[:, 1:]) if right else (grid[:-1], grid[1:])
        for row, column in np.argwhere((one != two) & (one > 0) & (two > 0)).tolist():
            pair = tuple(sorted((str(known[one[row, column]]), str(known[two[row, column]]))))
            far = _corner(row + (not right), column + right)
            sides.setdefault(pair, []).append((far, _corner(row + 1, column + 1)))
    meetings: dict[Codes, list[tuple[float, float]]] = {}
    corner = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:]], axis=2)
    ranked = np.sort(corner, axis=2)
    kinds = (np.diff(ranked, axis=2) > 0).sum(axis=2) + (ranked[:, :, 0] > 0)
    for row, column in np.argwhere(kinds >= 3).tolist():
        codes = sorted({str(known[code]) for code in corner[row, column] if code})
        for triple in itertools.combinations(codes, 3):
            meetings.setdefault(triple, []).append(_corner(row + 1, column + 1))
    lines = {pair: shapely.line_merge(shapely.multilinestrings(found)) for pair, found in sorted(sides.items())}
    met = {triple: np.array(found) for triple, found in sorted(meetings.items())}
    return Borders(lines, met, frozenset({*lines, *met}))


def _corner(row: int, column: int) -> tuple[float, float]:
    return column * SIZE_DEG - 180, row * SIZE_DEG - 90


def laid_over(drawn: Borders, celled: Borders, outlined: Collection[str]) -> Borders:
    """Borders by outlines where all the countries of one have outlines, else by cells."""

    def by_cells(them: Mapping[Codes, Any]) -> dict[Codes, Any]:
        return {codes: one for codes, one in them.items() if not set(codes) <= set(outlined)}

    lines, meetings = by_cells(celled.lines), by_cells(celled.meetings)
    return Borders(
        dict(sorted((dict(drawn.lines) | lines).items())),
        dict(sorted((dict(drawn.meetings) | meetings).items())),
        frozenset({*lines, *meetings}),
    )


def distances(borders: Borders, lat: Array, lon: Array, iso3: Array, km: float) -> Distances:
    """Pairs of a point and a border or meeting of its country that are at most `km` apart, on the sphere.

    `lat` and `lon` are degrees (n,), NaN where there is no place; `iso3` (n,) is the country of each. The error of a
    distance to a line is that of `harmattan.places.near`, far below that of any coded place.
    """
    codes = (*borders.lines, *borders.meetings)
    there = np.flatnonzero(~np.isnan(lat))
    own: list[tuple[Array, Array, Array]] = []
    shapes = np.array(list(borders.lines.values()), dtype=object)
    if len(shapes) and len(there):
        point, line, away = within(shapes, lat[there], lon[there], km)
        own.append((there[point], line, away))
    for at, spots in enumerate(borders.meetings.values(), start=len(shapes)):
        if len(there):
            every = distance_km(lat[there, None], lon[there, None], spots[None, :, 1], spots[None, :, 0]).min(axis=1)
            near = np.flatnonzero(every <= km)
            own.append((there[near], np.full(len(near), at), every[near]))
    point, line, away = (np.concatenate(part) for part in zip(*own, strict=True)) if own else _nothing()
    mine = _of_country(codes, iso3[point], line)
    order = np.lexsort((line[mine], point[mine]))
    return Distances(codes, point[mine][order], line[mine][order], away[mine][order])


def _nothing() -> Iterable[Array]:
    return np.array([], dtype=int), np.array([], dtype=int), np.array([])


def _of_country(codes: tuple[Codes, ...], iso3: Array, line: Array) -> Array:
    """Whether each pair's border is one of the point's country."""
    if not len(line):
        return np.array([], dtype=bool)
    width = max(len(one) for one in codes)
    table = np.array([(*one, *("",) * (width - len(one))) for one in codes], dtype=object)
    return np.asarray((table[line] == iso3[:, None]).any(axis=1))
