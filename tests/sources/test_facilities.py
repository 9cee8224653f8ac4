"""Facilities: points against boundaries, cells where there are none, and what may be used as a place."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from harmattan import data
from harmattan.errors import WrongFile
from harmattan.ingest import ingest
from harmattan.lake.publish import publish, stage
from harmattan.lake.shelf import Lake, digest_of, release_digest
from harmattan.sources import facilities
from harmattan.sources.points import Locator
from harmattan.sources.reading import Options
from harmattan.sources.rows import BadRow
from harmattan.vocabulary.schema import CELLS, REJECTS
from tests.lake.factory import lake_in, release_of
from tests.sources.context_rows import DATED, DAY, areas, read_all, write

MALI, NIGER = shapely.box(0, 10, 2, 12), shapely.box(2, 10, 4, 12)


def mine(**changed: Any) -> dict[str, Any]:
    """A made-up mine in the middle of a made-up Mali."""
    row = {
        "facility_id": "mli-made-up-fac", "name": "Made Up", "iso3": "MLI", "lat": 11.0, "lon": 1.0,
        "precision": "site", "commodities": "Gold;silver", "primary": "Gold", "types": "mine", "status": "operating",
        "verification": "", "confidence": 0.8, "source": "a list", "quality": "usable", "is_gold": "True",
    }  # fmt: skip
    return row | changed


def judged(tmp_path: Path, *rows: dict[str, Any], **beside: Path) -> list[tuple[Any, ...]]:
    path = write(tmp_path / "mines.csv", rows)
    options = Options(published=DAY, beside=beside)
    _reading, found, _rejects = read_all(facilities.read, tmp_path / "out", path, options=options)
    return [(row["iso3_of_point"], row["in_country"], row["usable"]) for row in found]


def cells(path: Path, *rows: tuple[int, str, float]) -> Path:
    columns = list(zip(*rows, strict=True))
    pq.write_table(pa.table(dict(zip(CELLS.names, columns, strict=True)), schema=CELLS.schema), path)
    return path


def test_a_mine_with_all_that_is_said_of_it(tmp_path: Path) -> None:
    options = Options(published=DAY, beside={"areas": areas(tmp_path / "areas.parquet", {"MLI": MALI})})
    path = write(tmp_path / "mines.csv", [mine()])
    reading, rows, _rejects = read_all(facilities.read, tmp_path / "out", path, options=options)
    assert rows == [
        {
            "row_id": "mli-made-up-fac",
            "name": "Made Up",
            "iso3": "MLI",
            "lat": 11.0,
            "lon": 1.0,
            "cell": 145803,
            "iso3_of_point": "MLI",
            "in_country": True,
            "where_precision": "site",
            "kind": "mine",
            "commodities": ["Gold", "silver"],
            "gold": True,
            "status": "operating",
            "confidence": 0.8,
            "quality": "usable",
            "usable": True,
            "source": "a list",
        }
    ]
    assert (reading.coverage.start, reading.coverage.end, reading.coverage.places) == (DAY, DAY, ("MLI",))
    assert (reading.notices, reading.beside) == ((), ("areas",))


@pytest.mark.parametrize(
    ("changed", "judgement"),
    [
        ({}, ("MLI", True, True)),
        ({"quality": "doubtful"}, ("MLI", True, False)),
        ({"quality": ""}, ("MLI", True, True)),
        ({"lon": 3.0}, ("NER", False, False)),
        ({"lon": 9.0}, (None, False, False)),
        ({"lon": 2.0}, ("MLI", True, True)),
        ({"lon": 2.0, "iso3": "NER"}, ("NER", True, True)),
        ({"lat": "", "lon": ""}, (None, None, False)),
        ({"iso3": "BFA", "lon": 9.0}, (None, None, False)),
        ({"iso3": "BFA"}, ("MLI", False, False)),
    ],
)
def test_boundaries_say_where_a_point_lies(tmp_path: Path, changed: dict[str, Any], judgement: tuple[Any, ...]) -> None:
    drawn = areas(tmp_path / "areas.parquet", {"MLI": MALI, "NER": NIGER, "TCD": None})
    assert judged(tmp_path, mine(**changed), areas=drawn) == [judgement]


def test_without_boundaries_only_cells_of_one_country_decide(tmp_path: Path) -> None:
    assert judged(tmp_path, mine()) == [(None, None, False)]
    whole = cells(tmp_path / "cells.parquet", (145803, "MLI", 1.0), (145804, "MLI", 0.98), (145805, "NER", 1.0))
    rows = [mine(), mine(facility_id="b", lon=1.6), mine(facility_id="c", lon=2.2)]
    assert judged(tmp_path, *rows, cells=whole) == [("MLI", True, True), (None, None, False), ("NER", False, False)]


def test_boundaries_stand_above_cells_and_divisions_make_a_country(tmp_path: Path) -> None:
    halves = {"MLI": shapely.box(0, 10, 1, 12)}
    first = pq.read_table(areas(tmp_path / "a.parquet", halves, level=1))
    second = pq.read_table(areas(tmp_path / "b.parquet", {"MLI": shapely.box(1, 10, 2, 12)}, level=1))
    both = tmp_path / "areas.parquet"
    pq.write_table(pa.concat_tables([first, second]), both)
    wrong = cells(tmp_path / "cells.parquet", (145804, "NER", 1.0), (145808, "MLI", 1.0))
    rows = [mine(lon=0.5), mine(facility_id="b", lon=1.6), mine(facility_id="c", lon=3.6)]
    assert judged(tmp_path, *rows, areas=both, cells=wrong) == [
        ("MLI", True, True), ("MLI", True, True), (None, False, False),
    ]  # fmt: skip


def test_what_was_found_is_told(tmp_path: Path) -> None:
    drawn = areas(tmp_path / "areas.parquet", {"MLI": MALI, "NER": NIGER})
    path = write(tmp_path / "m.csv", [mine(), mine(facility_id="b", lon=3), mine(facility_id="c", iso3="BFA", lon=9)])
    options = Options(published=DAY, beside={"areas": drawn})
    reading, _rows, _rejects = read_all(facilities.read, tmp_path / "out", path, options=options)
    assert reading.notices[0] == "1 of 3 points do not lie in the country that is said."
    assert reading.notices[1].startswith("1 of 3 points could not be checked and are not usable")


def test_another_list_with_few_columns(tmp_path: Path) -> None:
    rows = [
        {"Name": "Mine d'or", "Country": "Mali", "Latitude": 11, "Longitude": 1, "Commodity": "or, argent"},
        {"Name": "Marigold", "Country": "Niger", "Latitude": 11, "Longitude": 3, "Commodity": "uranium"},
    ]
    _reading, found, _rejects = read_all(facilities.read, tmp_path / "out", write(tmp_path / "mines.csv", rows))
    assert [(row["iso3"], row["gold"], row["commodities"]) for row in found] == [
        ("MLI", True, ["or", "argent"]), ("NER", False, ["uranium"]),
    ]  # fmt: skip
    assert found[0]["row_id"] == "Mine d'or 11.0 1.0"


def test_rows_that_cannot_be_taken(tmp_path: Path) -> None:
    rows = [mine(), mine(iso3="MAL"), mine(lat=95), mine(lon=""), mine(confidence=7), mine(name=""), mine(lat="x")]
    _reading, found, rejects = read_all(facilities.read, tmp_path / "out", write(tmp_path / "m.csv", rows))
    assert len(found) == 1
    assert [row["reason"] for row in rejects] == [
        "the country is not known: MAL",
        "95.0, 1.0 is not a place on earth",
        "only one of latitude and longitude is given",
        "confidence is 7.0, not between 0 and 1",
        "name is missing",
        "lat is not a number: x",
    ]


def test_rows_that_cannot_be_split_are_kept_among_the_rejects(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", [mine()])
    path.write_text(path.read_text("utf-8") + "a,b,c\n", encoding="utf-8")
    _reading, found, rejects = read_all(facilities.read, tmp_path / "out", path)
    assert len(found) == 1
    assert [(row["line"], row["reason"]) for row in rejects] == [(3, "cannot be split: missing columns")]
    assert "a,b,c" in rejects[0]["row_as_written"]


def test_what_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    path = write(tmp_path / "towns.csv", [{"name": "Gao", "people": 86_000}])
    with pytest.raises(WrongFile, match="is not a list of facilities: it has no column iso3, lat, lon and commodities"):
        facilities.read([path], tmp_path / "out", DATED)
    assert list((tmp_path / "out").iterdir()) == []


@given(st.floats(0.01, 3.99), st.floats(10.01, 11.99))
def test_a_point_lies_where_it_is_drawn(lon: float, lat: float) -> None:
    found = Locator(["MLI", "NER"], [MALI, NIGER]).check("MLI", lat, lon)
    assert found == (("MLI", True) if lon <= 2 else ("NER", False))


def put_areas(lake: Lake, label: str, published: str, shapes: dict[str, Any]) -> None:
    """Publishes boundaries as a release."""
    with stage(lake) as folder:
        areas(folder / "areas.parquet", shapes)
        pq.write_table(REJECTS.schema.empty_table(), folder / "rejects.parquet")
        files = tuple(
            digest_of(folder / name).model_copy(update={"rows": pq.read_metadata(folder / name).num_rows})
            for name in ("areas.parquet", "rejects.parquet")
        )
        release = release_of(
            label, dataset="made-up-areas", contract="areas", published=published, rows=len(shapes), files=files,
            digest=release_digest("made-up-areas", files),
        )  # fmt: skip
        publish(lake, folder, release)


def test_the_lake_hands_over_its_newest_boundaries(tmp_path: Path) -> None:
    lake, path = lake_in(tmp_path), write(tmp_path / "mines.csv", [mine(lon=3)])
    now = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)

    def taken(label: str) -> tuple[list[dict[str, Any]], tuple[str, ...], bool]:
        done = ingest(lake, "gsmc-facilities", [path], Options(label=label, published=DAY), retrieved_at=now)
        rows = pq.read_table(done.held.file("facilities")).to_pylist()
        return rows, done.held.release.derived_from, done.new

    rows, used, new = taken("1")
    assert (rows[0]["in_country"], used, new) == (None, (), True)
    put_areas(lake, "1", "2023-01-01", {"MLI": MALI, "NER": NIGER})
    put_areas(lake, "codes", "2024-01-01", {"MLI": None})
    rows, used, new = taken("2")
    assert (rows[0]["in_country"], new) == (False, True)
    assert used == (lake.find("made-up-areas@1").release.digest,)
    assert taken("2")[2] is False
    put_areas(lake, "2", "2024-02-01", {"MLI": shapely.union(MALI, NIGER)})
    rows, used, _new = taken("3")
    assert rows[0]["in_country"] is True
    assert used == (lake.find("made-up-areas@2").release.digest,)


@pytest.mark.data
def test_the_published_list(data_dir: Path, tmp_path: Path) -> None:
    features = json.loads((data_dir / "geo" / "ne10m_admin0_west_africa.geojson").read_text("utf-8"))["features"]
    shapes = {
        feature["properties"]["iso3"]: shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"])))
        for feature in features
    }
    path = data_dir / "mining" / "gsmc_facilities_west_africa.csv"
    drawn = areas(tmp_path / "areas.parquet", shapes)
    options = Options(published=DAY, beside={"areas": drawn})
    _reading, rows, rejects = read_all(facilities.read, tmp_path / "out", path, options=options)
    assert (len(rows), rejects) == (227, [])
    found = Counter((row["quality"], row["in_country"], row["usable"]) for row in rows)
    assert found == {("usable", True, True): 97, ("doubtful", True, False): 129, ("doubtful", False, False): 1}
    embedded = next(data.RELEASES.glob("natural-earth-cells/*/cells.parquet"))
    by_cells = Options(published=DAY, beside={"cells": embedded})
    _reading, weaker, _rejects = read_all(facilities.read, tmp_path / "out", path, options=by_cells)
    exact = {row["row_id"]: row["in_country"] for row in rows}
    assert all(row["in_country"] in (None, exact[row["row_id"]]) for row in weaker)
    assert Counter(row["usable"] for row in weaker)[True] == 56


def test_half_a_point_is_none() -> None:
    from harmattan.sources.points import point

    with pytest.raises(BadRow, match="only one"):
        point(1.0, None)
