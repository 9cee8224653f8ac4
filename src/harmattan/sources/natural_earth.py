"""Which country a PRIO-GRID cell lies in, computed from Natural Earth's admin-0 boundaries.

Shares are planar: within half a degree the length of a degree changes by less than two percent below 60° of latitude,
which moves no share by more than half a percent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harmattan.errors import WrongFile
from harmattan.text import T, Verbatim
from harmattan.vocabulary.cell import COLUMNS, ROWS, SIZE_DEG, gid_at
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.schema import CELLS

Array = npt.NDArray[Any]

ORIGIN = Origin(
    dataset="natural-earth-cells",
    publisher="Natural Earth",
    title="Countries of PRIO-GRID cells, computed from Natural Earth admin-0 boundaries (1:10m)",
    url="https://www.naturalearthdata.com/",
    licence=Licence(
        name="public domain",
        url="https://www.naturalearthdata.com/about/terms-of-use/",
        redistributable=True,
    ),
    citation="Made with Natural Earth. Free vector and raster map data @ naturalearthdata.com.",
    contract="cells",
)

LEAST_SHARE = 1e-6
"""A smaller part of a cell (about three hectares at the equator) is a slip of the drawing, not land."""


def cells(path: Path) -> pa.Table:
    """The country with the largest part of each half-degree cell, and that part: the contract CELLS, sorted by cell.

    `path` is a GeoJSON file whose features have a property `iso3`. Only its countries are known, and what lies beyond
    them may be sea or a country that is not in the file. So that no coast is lost, an edge cell stays with the mapped
    country that has the largest part of it. From a `land_share` of 0.5 on that is certain; below it, a country that
    is not in the file may have more of the cell. Equal parts go to the code that comes first. Raises WrongFile.
    """
    import shapely

    codes, shapes = _countries(path)
    gids = np.unique(np.concatenate([_touched(*shape.bounds) for shape in shapes]))
    row, column = np.divmod(gids - 1, COLUMNS)
    west, south = column * SIZE_DEG - 180, row * SIZE_DEG - 90
    boxes = shapely.box(west, south, west + SIZE_DEG, south + SIZE_DEG)
    box, shape = shapely.STRtree(shapes).query(boxes, predicate="intersects")
    share = shapely.area(shapely.intersection(boxes[box], np.array(shapes)[shape])) / SIZE_DEG**2
    return _largest(gids[box], np.array(codes)[shape], share)


def _largest(gids: Array, codes: Array, share: Array) -> pa.Table:
    """For each cell the row with the largest share; parts of one country are added up."""
    names, number = np.unique(codes, return_inverse=True)
    pairs, place = np.unique(gids * len(names) + number, return_inverse=True)
    total = np.bincount(place, weights=share, minlength=len(pairs))
    gid, name = np.divmod(pairs, len(names))
    order = np.lexsort((name, -total, gid))
    order = order[total[order] >= LEAST_SHARE]
    best = order[np.unique(gid[order], return_index=True)[1]]
    return pa.table(
        {"cell": gid[best], "iso3": names[name[best]].tolist(), "land_share": np.minimum(total[best], 1.0).round(6)},
        schema=CELLS.schema,
    )


def _touched(west: float, south: float, east: float, north: float) -> Array:
    """The gids of all cells under a rectangle."""
    low, high = gid_at(south, west) - 1, gid_at(north, east) - 1
    rows = np.arange(low // COLUMNS, min(high // COLUMNS, ROWS - 1) + 1)
    columns = np.arange(low % COLUMNS, high % COLUMNS + 1)
    return (rows[:, None] * COLUMNS + columns[None, :]).ravel() + 1


def _countries(path: Path) -> tuple[list[str], list[Any]]:
    """ISO3 codes and shapes of a GeoJSON file's features, repaired where a line crosses itself."""
    try:
        features = json.loads(path.read_bytes())["features"]
        found = [(feature["properties"]["iso3"], feature["geometry"]) for feature in features]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise _not_boundaries(path) from fault
    if not found or not all(isinstance(code, str) and len(code) == 3 for code, _ in found):
        raise _not_boundaries(path)
    return [code for code, _ in found], _shapes([geometry for _, geometry in found], path)


def _shapes(geometries: list[Any], path: Path) -> list[Any]:
    import shapely

    try:
        shapes = list(shapely.make_valid(shapely.from_geojson([json.dumps(geometry) for geometry in geometries])))
    except (shapely.errors.GEOSException, ValueError, TypeError) as fault:
        raise _not_boundaries(path) from fault
    if any(shape is None or shape.is_empty or shape.area == 0 for shape in shapes):
        raise _not_boundaries(path)
    box = shapely.total_bounds(np.array(shapes))
    if box[0] < -180 or box[1] < -90 or box[2] > 180 or box[3] > 90:
        raise WrongFile(
            T("{file} is not in degrees of longitude and latitude.", file=Verbatim(path.name)),
            do=T("Save it in WGS 84 (EPSG:4326)."),
        )
    return shapes


def _not_boundaries(path: Path) -> WrongFile:
    return WrongFile(
        T("{file} is not a GeoJSON file of countries: each feature needs an area and a property iso3.",
          file=Verbatim(path.name)),
        do=T("Take Natural Earth's admin-0 countries and keep the properties iso3 and name."),
    )  # fmt: skip
