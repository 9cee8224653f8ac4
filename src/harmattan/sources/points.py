"""Points: whether they are on earth, their cell, and which country they lie in by the boundaries at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources.rows import BadRow, Row, number_of
from harmattan.vocabulary.cell import gid_at

WHOLE = 1.0
"""The land share of a cell that lies in one country with all it has: where the point is in it does not matter."""
BESIDE = ("areas", "cells")
"""The tables of other releases that tell where a point lies."""


def point_of(row: Row, lat: str, lon: str) -> dict[str, Any]:
    """The columns lat, lon and cell of a row, all empty where it has no point. Raises BadRow for half a point."""
    return point(number_of(row, lat), number_of(row, lon))


def point(lat: float | None, lon: float | None) -> dict[str, Any]:
    """The columns lat, lon and cell of a point, all empty where there is none. Raises BadRow.

    >>> point(11.04999, 1.51667)
    {'lat': 11.04999, 'lon': 1.51667, 'cell': 145804}
    """
    if lat is None and lon is None:
        return {"lat": None, "lon": None, "cell": None}
    if lat is None or lon is None:
        raise BadRow("only one of latitude and longitude is given")
    try:
        return {"lat": lat, "lon": lon, "cell": gid_at(lat, lon)}
    except UsageError as fault:
        raise BadRow(f"{lat}, {lon} is not a place on earth") from fault


@dataclass
class Locator:
    """Boundaries of countries, and beside them the cells that lie in one country as a whole.

    Without boundaries a cell of the border decides nothing, and the answer is None.
    """

    codes: list[str] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)
    whole_cells: dict[int, str] = field(default_factory=dict)
    _tree: Any = None

    @classmethod
    def of(cls, beside: Mapping[str, Path] | None) -> Locator:
        """From the tables `areas` and `cells` of other releases, as far as they are there."""
        tables = beside or {}
        codes, shapes = _boundaries(tables["areas"]) if "areas" in tables else ([], [])
        return cls(codes, shapes, _whole_cells(tables["cells"]) if "cells" in tables else {})

    def countries(self, lat: float, lon: float) -> tuple[str, ...] | None:
        """The countries whose area holds the point; none at sea; None where it cannot be told."""
        if self.shapes:
            import shapely

            self._tree = self._tree or shapely.STRtree(self.shapes)
            found = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
            if len(found):
                return tuple(sorted({self.codes[place] for place in found}))
        whole = self.whole_cells.get(gid_at(lat, lon))
        if whole and whole not in self.codes:
            return (whole,)
        return () if self.shapes else None

    def check(self, iso3: str, lat: float, lon: float) -> tuple[str | None, bool | None]:
        """The country a point lies in, and whether it is the one that is said; both None where it cannot be told."""
        found = self.countries(lat, lon)
        if found is None or (not found and iso3 not in self.codes):
            return None, None
        if iso3 in found:
            return iso3, True
        return (found[0] if found else None), False


def _boundaries(path: Path) -> tuple[list[str], list[Any]]:
    """Of each country the areas of its highest level that are drawn."""
    import pyarrow.parquet as pq
    import shapely

    rows = [row for row in pq.read_table(path, columns=["iso3", "level", "shape"]).to_pylist() if row["shape"]]
    highest: dict[str, int] = {}
    for row in rows:
        highest[row["iso3"]] = min(row["level"], highest.get(row["iso3"], row["level"]))
    drawn = [row for row in rows if row["level"] == highest[row["iso3"]]]
    shapes = list(shapely.make_valid(shapely.from_wkb([row["shape"] for row in drawn]))) if drawn else []
    return [row["iso3"] for row in drawn], shapes


def _whole_cells(path: Path) -> dict[int, str]:
    import pyarrow.parquet as pq

    rows = pq.read_table(path, columns=["cell", "iso3", "land_share"]).to_pylist()
    return {row["cell"]: row["iso3"] for row in rows if row["land_share"] >= WHOLE}
