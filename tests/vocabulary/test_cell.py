"""PRIO-GRID cells: the numbering against published rows, and the geometry of the sphere's edges."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import UsageError
from harmattan.vocabulary.cell import (
    COLUMNS,
    ROWS,
    SIZE_DEG,
    border_cells,
    border_edges,
    bounds,
    gid_at,
    neighbours,
    row_column,
)

LAW = settings(derandomize=True, max_examples=300, deadline=None)
gids = st.integers(1, COLUMNS * ROWS)


@pytest.mark.data
def test_the_cell_of_every_ged_event_is_the_publishers(data_dir: Path) -> None:
    path = data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz"
    rows = duckdb.sql(f"SELECT latitude, longitude, priogrid_gid FROM read_csv('{path}')").fetchall()
    assert len(rows) == 5073
    assert [gid_at(lat, lon) for lat, lon, _ in rows] == [gid for *_, gid in rows]


@pytest.mark.data
def test_the_cells_of_priogrid_have_its_rows_columns_and_centres(data_dir: Path) -> None:
    with (data_dir / "geo" / "priogrid_west_africa.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        gid, lat, lon = int(row["priogrid_gid"]), float(row["lat"]), float(row["lon"])
        assert gid_at(lat, lon) == gid
        assert row_column(gid) == (int(row["row"]) - 1, int(row["col"]) - 1)
        west, south, east, north = bounds(gid)
        assert ((west + east) / 2, (south + north) / 2) == (lon, lat)


@pytest.mark.data
def test_every_land_cell_of_the_world_has_its_centre(data_dir: Path) -> None:
    path = data_dir / "geo" / "priogrid_land_cells.parquet"
    columns = [row[0] for row in duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()]
    gid, lat, lon = (next(c for c in columns if word in c.lower()) for word in ("gid", "lat", "lon"))
    rows = duckdb.sql(f"SELECT {gid}, {lat}, {lon} FROM '{path}'").fetchall()
    assert len(rows) == 64818
    assert [gid_at(lat, lon) for _, lat, lon in rows] == [gid for gid, *_ in rows]


@LAW
@given(st.integers(-90_000, 90_000), st.integers(-180_000, 180_000))
def test_a_cell_holds_its_points(lat_thousandths: int, lon_thousandths: int) -> None:
    lat, lon = lat_thousandths / 1000, lon_thousandths / 1000
    west, south, east, north = bounds(gid_at(lat, lon))
    assert south <= lat <= north
    assert west <= lon <= east
    assert lat < north or north == 90
    assert lon < east or east == 180


@LAW
@given(gids)
def test_a_gid_is_where_its_centre_is(gid: int) -> None:
    west, south, east, north = bounds(gid)
    assert (east - west, north - south) == (SIZE_DEG, SIZE_DEG)
    assert gid_at((south + north) / 2, (west + east) / 2) == gid
    row, column = row_column(gid)
    assert row * COLUMNS + column + 1 == gid


@LAW
@given(gids)
def test_neighbours_are_symmetric_and_eight_but_at_the_poles(gid: int) -> None:
    near = neighbours(gid)
    assert gid not in near
    assert len(set(near)) == len(near) == (5 if row_column(gid)[0] in (0, ROWS - 1) else 8)
    assert all(gid in neighbours(other) for other in near)


def test_corners_of_the_world() -> None:
    assert (gid_at(-90, -180), gid_at(90, 180)) == (1, 259_200)
    assert gid_at(0, 180) == gid_at(0, 179.9)
    assert neighbours(259_200) == (257_761, 258_479, 258_480, 258_481, 259_199)
    assert gid_at(0.1, -180) in neighbours(gid_at(0.1, 179.9))


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0), (-91, 0), (0, 180.5), (0, -181), (float("nan"), 0)])
def test_points_off_the_earth(lat: float, lon: float) -> None:
    with pytest.raises(UsageError, match="is not a place on earth"):
        gid_at(lat, lon)


@pytest.mark.parametrize("gid", [0, -1, 259_201])
def test_cells_that_there_are_not(gid: int) -> None:
    for look in (row_column, bounds, neighbours):
        with pytest.raises(UsageError, match=f"There is no PRIO-GRID cell {gid}. Cells go from 1 to 259200"):
            look(gid)


def grid(*lines: str) -> dict[int, str]:
    """Countries from lines of letters, the southernmost last, the last line's first letter being the cell at 0, 0."""
    corner = gid_at(0, 0)
    return {
        corner + row * COLUMNS + column: letter
        for row, line in enumerate(reversed(lines))
        for column, letter in enumerate(line)
        if letter != "."
    }


def test_border_cells_by_hand() -> None:
    corner = gid_at(0, 0)
    assert border_cells(grid("AAA", "AAA")) == frozenset()
    assert border_cells(grid("AABB")) == {corner + 1, corner + 2}
    assert border_cells(grid("B..", ".A.", "..A")) == {corner + COLUMNS + 1, corner + 2 * COLUMNS}
    assert border_cells(grid("A.B")) == frozenset()


def test_border_edges_by_hand() -> None:
    assert border_edges(grid("A")) == [(0, 0, 0, 0.5), (0, 0, 0.5, 0), (0, 0.5, 0.5, 0.5), (0.5, 0, 0.5, 0.5)]
    assert (0.5, 0, 0.5, 0.5) in border_edges(grid("AB"))
    assert (0.5, 0, 0.5, 0.5) not in border_edges(grid("AA"))
    assert len(border_edges(grid("AB"))) == 7
    assert len(border_edges(grid("AB", "BA"))) == 12
    assert len(border_edges(grid("AA", "AA"))) == 8
    assert border_edges({}) == []


def test_borders_go_around_the_world() -> None:
    east, west = gid_at(0, 179.9), gid_at(0, -180)
    assert border_cells({east: "A", west: "B"}) == {east, west}
    assert len(border_edges({east: "A", west: "A"})) == 6
