"""PRIO-GRID cells: half-degree squares numbered from the south-west corner of the world.

Tollefsen, Strand & Buhaug (2012), doi:10.1177/0022343311431287: 720 columns by 360 rows, gid 1 to 259,200.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim

COLUMNS, ROWS, SIZE_DEG = 720, 360, 0.5


def gid_at(lat: float, lon: float) -> int:
    """The gid of the cell that holds a point (degrees, WGS 84); the far edges belong to the last row and column.

    >>> gid_at(11.04999, 1.51667)
    145804
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise UsageError(
            T("{point} is not a place on earth.", point=Verbatim(f"{lat}, {lon}")),
            do=T("Latitude goes from -90 to 90, longitude from -180 to 180."),
        )
    row = min(math.floor((lat + 90) / SIZE_DEG), ROWS - 1)
    column = min(math.floor((lon + 180) / SIZE_DEG), COLUMNS - 1)
    return row * COLUMNS + column + 1


def row_column(gid: int) -> tuple[int, int]:
    """Zero-based row from the south and column from the west. Raises UsageError for a gid that there is not."""
    if not 1 <= gid <= COLUMNS * ROWS:
        raise UsageError(
            T("There is no PRIO-GRID cell {gid}.", gid=Verbatim(str(gid))), do=T("Cells go from 1 to 259200.")
        )
    row, column = divmod(gid - 1, COLUMNS)
    return row, column


def bounds(gid: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a cell in degrees.

    >>> bounds(145804)
    (1.5, 11.0, 2.0, 11.5)
    """
    row, column = row_column(gid)
    west, south = column * SIZE_DEG - 180, row * SIZE_DEG - 90
    return west, south, west + SIZE_DEG, south + SIZE_DEG


def middle(gid: Any) -> tuple[Any, Any]:
    """Latitude and longitude of the middle of a cell in degrees; of each of many, where `gid` is an array.

    >>> middle(145804)
    (11.25, 1.75)
    """
    row, column = divmod(gid - 1, COLUMNS)
    return row * SIZE_DEG - 90 + SIZE_DEG / 2, column * SIZE_DEG - 180 + SIZE_DEG / 2


def neighbours(gid: int) -> tuple[int, ...]:
    """The cells that touch a cell by an edge or a corner: eight, fewer at the poles; columns wrap at 180°.

    >>> neighbours(1)
    (2, 720, 721, 722, 1440)
    """
    row, column = row_column(gid)
    around = {
        (row + up) * COLUMNS + (column + right) % COLUMNS + 1
        for up in (-1, 0, 1)
        for right in (-1, 0, 1)
        if (up, right) != (0, 0) and 0 <= row + up < ROWS
    }
    return tuple(sorted(around))


def border_cells(countries: Mapping[int, str]) -> frozenset[int]:
    """The cells that touch, by edge or corner, a cell of another country; `countries` is ISO3 by gid."""
    return frozenset(
        gid for gid, iso3 in countries.items() if any(countries.get(near, iso3) != iso3 for near in neighbours(gid))
    )


def border_edges(countries: Mapping[int, str]) -> list[tuple[float, float, float, float]]:
    """The sides between cells of different countries as (lon1, lat1, lon2, lat2), in degrees, sorted.

    A side towards a cell that `countries` does not have is a side too (a coast, or the end of what is known).
    """
    edges: set[tuple[float, float, float, float]] = set()
    for gid, iso3 in countries.items():
        row, column = row_column(gid)
        west, south, east, north = bounds(gid)
        sides: Iterable[tuple[int, tuple[float, float, float, float]]] = (
            (row * COLUMNS + (column + 1) % COLUMNS + 1, (east, south, east, north)),
            (row * COLUMNS + (column - 1) % COLUMNS + 1, (west, south, west, north)),
            (gid + COLUMNS, (west, north, east, north)),
            (gid - COLUMNS, (west, south, east, south)),
        )
        edges.update(line for other, line in sides if countries.get(other) != iso3)
    return sorted(edges)
