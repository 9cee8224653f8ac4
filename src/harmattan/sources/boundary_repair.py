"""Shapes as they come, made fit to be measured: closed, valid, within the globe; or the reason why they cannot be."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

NO_SHAPE, NOT_AREA, NOT_NUMBERS, NOT_DEGREES = (
    "it has no shape",
    "its shape is not an area",
    "a coordinate is not a number",
    "a coordinate is not in degrees of longitude and latitude",
)
OVERLAP = 0.005
"""Areas of one division that share more than this part of the smaller one overlap; less is the drawing."""


def sound(shapes: Array) -> tuple[Array, list[str | None], Counter[str]]:
    """The shapes made valid, for each that is not taken the reason, and how many were changed in which way."""
    import shapely

    changed: Counter[str] = Counter()
    reasons: list[str | None] = [_reason(shape) for shape in shapes]
    made = shapes.copy()
    for place in (place for place, reason in enumerate(reasons) if reason is None):
        shape = shapes[place]
        if not shape.is_valid:
            shape = shapely.make_valid(shape)
            changed["repaired"] += 1
        wound = _on_the_globe(shape)
        if wound is not shape:
            changed["cut"] += 1
        parts = [part for part in shapely.get_parts(shapely.get_parts(wound)) if part.geom_type == "Polygon"]
        if not parts or sum(part.area for part in parts) == 0:
            reasons[place] = NOT_AREA
            continue
        made[place] = shapely.union_all(parts) if wound.geom_type == "GeometryCollection" else wound
    return made, reasons, changed


def _reason(shape: Any) -> str | None:
    import shapely

    if shape is None or shape.is_empty:
        return NO_SHAPE
    if shape.geom_type not in ("Polygon", "MultiPolygon", "GeometryCollection"):
        return NOT_AREA
    at = shapely.get_coordinates(shape)
    if not np.isfinite(at).all():
        return NOT_NUMBERS
    lon, lat = np.abs(at[:, 0]), np.abs(at[:, 1])
    if lat.max() > 90 or lon.max() > 360 or (lon.max() > 180 and at[:, 0].min() < -180):
        return NOT_DEGREES
    return None


def _on_the_globe(shape: Any) -> Any:
    """A shape that runs over 180 degrees, cut there; the same shape where it does not."""
    import shapely

    jumps = any(
        ((steps := np.abs(np.diff(shapely.get_coordinates(ring)[:, 0]))) > 180).any()
        and (steps[steps > 180] < 360).all()
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior,)
    )
    if jumps:
        shape = shapely.make_valid(
            shapely.transform(
                shape, lambda at: np.column_stack([np.where(at[:, 0] < 0, at[:, 0] + 360, at[:, 0]), at[:, 1]])
            )
        )
    west, _south, east, _north = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    pieces = [
        shapely.transform(
            shapely.intersection(shape, shapely.box(left, -90, left + 360, 90)), lambda at, by=left: at - [by + 180, 0]
        )
        for left in (-540, -180, 180)
    ]
    return shapely.union_all([piece for piece in pieces if not piece.is_empty])


def overlapping(shapes: Array) -> int:
    """How many pairs of shapes share more than OVERLAP of the smaller one."""
    import shapely

    if len(shapes) < 2:
        return 0
    edges = shapely.coverage_invalid_edges(shapes)
    suspects = np.flatnonzero(~shapely.is_empty(edges))
    some = shapes[suspects]
    a, b = shapely.STRtree(some).query(some, predicate="intersects")
    a, b = a[a < b], b[a < b]
    shared = shapely.area(shapely.intersection(some[a], some[b]))
    return int((shared > OVERLAP * np.minimum(shapely.area(some[a]), shapely.area(some[b]))).sum())
