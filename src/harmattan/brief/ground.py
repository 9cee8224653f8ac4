"""The ground of maps, cell by cell of PRIO-GRID: land as few rectangles, borders as few lines. Degrees, WGS 84."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harmattan.vocabulary.cell import border_edges, bounds

Edge = tuple[float, float, float, float]
"""West, south, east and north of a rectangle; of a line the two ends."""


def merged(edges: Sequence[Edge]) -> list[Edge]:
    """Sides of cells joined into straight lines, so that a border is drawn with few strokes."""
    flat: dict[tuple[str, float], list[tuple[float, float]]] = {}
    for x1, y1, x2, y2 in edges:
        line = ("h", y1) if y1 == y2 else ("v", x1)
        flat.setdefault(line, []).append((min(x1, x2), max(x1, x2)) if y1 == y2 else (min(y1, y2), max(y1, y2)))
    joined: list[Edge] = []
    for (way, at), spans in sorted(flat.items()):
        spans.sort()
        start, end = spans[0]
        for low, high in [*spans[1:], (float("inf"), float("inf"))]:
            if low <= end:
                end = max(end, high)
                continue
            joined.append((start, at, end, at) if way == "h" else (at, start, at, end))
            start, end = low, high
    return joined


def runs(land: Iterable[int]) -> list[dict[str, Any]]:
    """Neighbouring cells of a row as one rectangle, so that the page stays small."""
    runs: list[dict[str, Any]] = []
    for gid in sorted(land):
        cell = square(gid)
        if runs and runs[-1]["y"] == cell["y"] and runs[-1]["x2"] == cell["x"]:
            runs[-1]["x2"] = cell["x2"]
        else:
            runs.append(cell)
    return runs


def inner_edges(near: Mapping[int, str], box: Edge) -> list[Edge]:
    """Borders and coasts, without the frame of the picture."""
    west, south, east, north = box
    return merged(
        [
            edge
            for edge in border_edges(near)
            if not (edge[0] == edge[2] and edge[0] in (west, east))
            and not (edge[1] == edge[3] and edge[1] in (south, north))
        ]
    )


def square(gid: int) -> dict[str, Any]:
    """A cell as a rectangle, in degrees: its west `x` and east `x2`, its south `y` and north `y2`."""
    west, south, east, north = bounds(gid)
    return {"x": west, "y": south, "x2": east, "y2": north}


def box_of(cells: Iterable[int]) -> Edge:
    """What a map of some cells shows, half a degree around them. Raises ValueError for no cells."""
    squares = [bounds(gid) for gid in cells]
    return (
        min(s[0] for s in squares) - 0.5,
        min(s[1] for s in squares) - 0.5,
        max(s[2] for s in squares) + 0.5,
        max(s[3] for s in squares) + 0.5,
    )


def within(gid: int, box: Edge) -> bool:
    """Whether a cell lies in what a map shows."""
    west, south, east, north = bounds(gid)
    return west >= box[0] and south >= box[1] and east <= box[2] and north <= box[3]
