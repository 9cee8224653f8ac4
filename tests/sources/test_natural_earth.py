"""Countries of cells against PRIO-GRID's own majority countries, against events, and by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmattan.errors import WrongFile
from harmattan.sources.natural_earth import ORIGIN, cells
from harmattan.vocabulary.cell import COLUMNS, gid_at, neighbours
from harmattan.vocabulary.schema import CELLS

NAMES = {
    "Benin": "BEN",
    "Burkina Faso": "BFA",
    "Guinea-Bissau": "GNB",
    "Ivory Coast": "CIV",
    "Mali": "MLI",
    "Niger": "NER",
    "Senegal": "SEN",
    "Togo": "TGO",
}

CODED_ABROAD = {479856, 501478}
"""Events that UCDP lists under Burkina Faso with a point well inside Niger and Nigeria."""


@pytest.fixture(scope="module")
def west_africa(data_dir: Path) -> dict[int, tuple[str, float]]:
    """ISO3 and share by cell."""
    table = cells(data_dir / "geo" / "ne10m_admin0_west_africa.geojson")
    assert CELLS.faults(table.schema) == []
    assert table.schema.equals(CELLS.schema)
    gids = table["cell"].to_pylist()
    assert gids == sorted(set(gids))
    return dict(zip(gids, zip(table["iso3"].to_pylist(), table["land_share"].to_pylist(), strict=True), strict=True))


@pytest.mark.data
def test_every_cell_of_priogrid_has_the_same_country_and_share(
    west_africa: dict[int, tuple[str, float]], data_dir: Path
) -> None:
    with (data_dir / "geo" / "priogrid_west_africa.csv").open(encoding="utf-8") as file:
        theirs = [row for row in csv.DictReader(file) if row["iso3_maj"]]
    assert len(theirs) == 2861
    pairs = [(row, *west_africa[int(row["priogrid_gid"])]) for row in theirs]
    assert [row for row, iso3, _ in pairs if iso3 != row["iso3_maj"]] == []
    assert max(abs(share - float(row["land_share_maj"])) for row, _, share in pairs) < 0.0001


@pytest.mark.data
def test_exactly_placed_events_lie_in_their_country_or_beside_it(
    west_africa: dict[int, tuple[str, float]], data_dir: Path
) -> None:
    path = data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz"
    rows = duckdb.sql(
        f"SELECT id, country, latitude, longitude FROM read_csv('{path}') WHERE where_prec = 1"
    ).fetchall()
    assert len(rows) == 2373
    placed = [(event, NAMES[country], gid_at(lat, lon)) for event, country, lat, lon in rows]
    beside = [(event, iso3, gid) for event, iso3, gid in placed if west_africa[gid][0] != iso3]
    assert len(beside) == 164
    around = {
        (event, west_africa[near][0]) for event, _, gid in beside for near in neighbours(gid) if near in west_africa
    }
    far = {event for event, iso3, _ in beside if (event, iso3) not in around}
    assert far == CODED_ABROAD


def geojson(folder: Path, *features: tuple[str, list[list[list[float]]]]) -> Path:
    """A file of countries, each one polygon of rings."""
    path = folder / "countries.geojson"
    said: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"iso3": iso3}, "geometry": {"type": "Polygon", "coordinates": rings}}
        for iso3, rings in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": said}), encoding="utf-8")
    return path


def box(west: float, south: float, east: float, north: float) -> list[list[list[float]]]:
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def test_shares_by_hand(tmp_path: Path) -> None:
    path = geojson(tmp_path, ("AAA", box(0, 0, 0.7, 0.5)), ("BBB", box(0.7, 0, 1.2, 0.5)))
    first = gid_at(0, 0)
    assert cells(path).to_pylist() == [
        {"cell": first, "iso3": "AAA", "land_share": 1.0},
        {"cell": first + 1, "iso3": "BBB", "land_share": 0.6},
        {"cell": first + 2, "iso3": "BBB", "land_share": 0.4},
    ]


def test_cells_that_only_touch_a_country_are_not_its(tmp_path: Path) -> None:
    assert cells(geojson(tmp_path, ("AAA", box(0, 0, 0.5, 0.5))))["cell"].to_pylist() == [gid_at(0, 0)]


def test_equal_parts_go_to_the_first_code_and_parts_of_one_country_are_added(tmp_path: Path) -> None:
    equal = geojson(tmp_path, ("BBB", box(0.25, 0, 0.5, 0.5)), ("AAA", box(0, 0, 0.25, 0.5)))
    assert cells(equal).to_pylist() == [{"cell": gid_at(0, 0), "iso3": "AAA", "land_share": 0.5}]
    parts = geojson(
        tmp_path, ("AAA", box(0, 0, 0.2, 0.5)), ("AAA", box(0.2, 0, 0.3, 0.5)), ("BBB", box(0.3, 0, 0.5, 0.5))
    )
    assert cells(parts).to_pylist() == [{"cell": gid_at(0, 0), "iso3": "AAA", "land_share": 0.6}]


def test_an_edge_cell_stays_with_the_country_that_is_known(tmp_path: Path) -> None:
    (found,) = cells(geojson(tmp_path, ("AAA", box(0.4, 0, 0.5, 0.5)))).to_pylist()
    assert (found["iso3"], found["land_share"]) == ("AAA", 0.2)


def test_the_ends_of_the_world(tmp_path: Path) -> None:
    gids = cells(geojson(tmp_path, ("AAA", box(179, 89, 180, 90))))["cell"].to_pylist()
    assert gids == [259_200 - COLUMNS - 1, 259_200 - COLUMNS, 259_199, 259_200]


def test_a_line_that_crosses_itself_is_repaired(tmp_path: Path) -> None:
    bow = [[[0.0, 0.0], [0.5, 0.5], [0.5, 0.0], [0.0, 0.5], [0.0, 0.0]]]
    assert cells(geojson(tmp_path, ("AAA", bow)))["land_share"].to_pylist() == [0.5]


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"iso3,name\nMLI,Mali\n",
        b"[]",
        b"{}",
        b'{"features": []}',
        b'{"features": 3}',
        b'{"features": [{"properties": {"name": "Mali"}, "geometry": null}]}',
        b'{"features": [{"properties": {"iso3": "MLI"}, "geometry": null}]}',
        b'{"features": [{"properties": {"iso3": "MLI"}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}',
        b'{"features": [{"properties": {"iso3": "MLI"}, "geometry": {"type": "Polygon", "coordinates": [[1]]}}]}',
        b'{"features": [{"properties": {"iso3": 5}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}',
        b"\xff\xfe\x00",
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "wrong.geojson"
    path.write_bytes(written)
    with pytest.raises(WrongFile, match=r"^wrong\.geojson is not a GeoJSON file of countries.*iso3 and name\.$"):
        cells(path)


def test_metres_are_not_degrees(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="is not in degrees of longitude and latitude"):
        cells(geojson(tmp_path, ("AAA", box(0, 0, 500_000, 500_000))))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match=r"nowhere\.geojson"):
        cells(tmp_path / "nowhere.geojson")


def test_the_origin_says_that_the_cells_may_be_handed_on() -> None:
    assert (ORIGIN.dataset, ORIGIN.contract, ORIGIN.publisher) == ("natural-earth-cells", "cells", "Natural Earth")
    assert ORIGIN.licence.redistributable
