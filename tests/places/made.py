"""Made areas: boxes on a chessboard whose answers can be read off."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from harmattan.places.areas import Areas
from harmattan.places.locate import Points
from harmattan.vocabulary.places import AREAS

Box = tuple[float, float, float, float]


def row(name: str, box: Box | shapely.Geometry | None, **said: Any) -> dict[str, Any]:
    """One area as a record of the contract; `box` is west, south, east, north."""
    shape = shapely.box(*box) if isinstance(box, tuple) else box
    made = dict.fromkeys(AREAS.names) | {"iso3": "MLI", "level": 1, "division": "old", "name": name} | said
    return made | {
        "row_id": f"{made['division']}/{made['level']}/{name}",
        "shape": None if shape is None else shapely.to_wkb(shape),
    }


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=AREAS.schema)


def areas(*rows: dict[str, Any]) -> Areas:
    return Areas.of(table(*rows))


def points(
    *at: tuple[float, float], precision: str = "exact", iso3: str = "MLI", day: dt.date | None = dt.date(2024, 1, 1)
) -> Points:
    """Points as longitude and latitude, like the boxes."""
    n = len(at)
    return Points(
        lat=np.array([y for _x, y in at], dtype=float),
        lon=np.array([x for x, _y in at], dtype=float),
        precision=np.array([precision] * n, dtype=object),
        iso3=np.array([iso3] * n, dtype=object),
        day=None if day is None else np.full(n, np.datetime64(day)),
    )
