"""Populated places: Natural Earth's, GeoNames', and anybody's."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.sources import geonames, natural_earth_places, towns
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.cell import gid_at
from harmattan.vocabulary.places import TOWNS
from tests.sources.boundary_files import geojson

DAY = Options(retrieved=dt.date(2026, 1, 2))
NE_HEAD = "name,nameascii,adm0_a3,adm1name,featurecla,latitude,longitude,pop_max,pop_min,geonameid\n"


def read(path: Path, into: Path, module: Any, options: Options = DAY) -> tuple[Reading, list[Any], list[str]]:
    into.mkdir()
    reading = module.read([path], into, options)
    table = pq.read_table(into / "towns.parquet")
    assert table.schema.equals(TOWNS.schema)
    assert sorted(file.name for file in into.iterdir()) == ["rejects.parquet", "towns.parquet"]
    return reading, table.to_pylist(), pq.read_table(into / "rejects.parquet")["reason"].to_pylist()


def dump(*changes: dict[int, str]) -> str:
    line = ["77", "Kéné", "Kene", "K,n", "12.5", "-7.25", "P", "PPL", "ML", "", "01", "", "", "", "1200", "", "350",
            "Africa/Bamako", "2024-01-01"]  # fmt: skip
    return "".join("\t".join(change.get(n, value) for n, value in enumerate(line)) + "\n" for change in changes)


def test_natural_earth(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        NE_HEAD
        + "Wau,Wau,SDS,West,Admin-1 capital,7.7,28.0,125000,1,1\nZéro,Zero,MLI,,Populated place,10,0,0,0,\n"
        + "Nowhere,Nowhere,SOL,,x,9,44,1,1,\nFar,Far,MLI,,x,95,0,1,1,\n,,MLI,,x,5,0,1,1,\n",
        encoding="utf-8",
    )
    reading, places, rejects = read(path, tmp_path / "into", natural_earth_places)
    assert [(town["iso3"], town["name"], town["people"], town["cell"]) for town in places] == [
        ("SSD", "Wau", 125_000, gid_at(7.7, 28)),
        ("MLI", "Zéro", None, gid_at(10, 0)),
    ]
    assert places[0]["admin1_as_written"] == "West"
    assert rejects == [
        "the country is not known: SOL", "the point is not on earth: 95.0, 0.0", "the name or a coordinate is missing",
    ]  # fmt: skip
    assert (reading.coverage.places, reading.tables) == (("MLI", "SSD"), ("towns",))


@pytest.mark.data
def test_the_real_places(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "geo" / "ne10m_populated_places_west_africa.csv"
    reading, places, rejects = read(path, tmp_path / "into", natural_earth_places)
    assert (reading.rows, rejects, len(places)) == (433, [], 433)


@pytest.mark.parametrize("packed", [False, True])
def test_a_dump_of_geonames(tmp_path: Path, packed: bool) -> None:
    content = dump({}, {0: "78", 6: "T"}, {0: "79", 8: "??"}, {0: "80", 4: "north"}, {}) + "a\tb\n"
    path = tmp_path / ("ML.zip" if packed else "ML.txt")
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "x")
            archive.writestr("ML.txt", content)
    else:
        path.write_text(content, encoding="utf-8")
    reading, (town,), rejects = read(path, tmp_path / "into", geonames)
    assert (town["row_id"], town["name"], town["name_in_ascii"], town["iso3"]) == ("MLI/77", "Kéné", "Kene", "MLI")
    assert (town["lat"], town["lon"], town["people"], town["kind"]) == (12.5, -7.25, 1200, "PPL")
    assert rejects == [
        "the country is not known: ??", "latitude is not a number: north", "the name or a coordinate is missing",
    ]  # fmt: skip
    assert reading.rows == 1


@pytest.mark.parametrize("content", [b"name\tlat\n", b"a,b,c\n1,2,3\n", b"PK\x03\x04x", b"", b"\x1f\x8bx"])
def test_no_dump_of_geonames(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ML.txt"
    path.write_bytes(content)
    with pytest.raises(HarmattanError, match=r"ML\.txt"):
        geonames.read([path], tmp_path, DAY)
    assert list(tmp_path.iterdir()) == [path]


def test_anybodys_table_and_points(tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text("Localité,pays,y,x\nKéné,mli,12.5,-7.25\n", encoding="utf-8")
    mapped = Options(retrieved=DAY.retrieved, mapping={"name": "Localité", "iso3": "pays", "lat": "y", "lon": "x"})
    _, (town,), _ = read(table, tmp_path / "1", towns, mapped)
    assert (town["name"], town["iso3"], town["lat"], town["people"]) == ("Kéné", "MLI", 12.5, None)
    at = {"type": "Point", "coordinates": [-7.25, 12.5]}
    points = geojson(tmp_path / "own.geojson", ({"name": "Kéné", "iso3": "MLI", "people": 9}, at))
    _, (town,), _ = read(points, tmp_path / "2", towns)
    assert (town["name"], town["lat"], town["lon"], town["people"]) == ("Kéné", 12.5, -7.25, 9)
    assert not towns.ORIGIN.licence.redistributable


def test_tables_that_do_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("name,iso3,latitude\nx,MLI,1\n", encoding="utf-8")
    with pytest.raises(WrongFile, match=r"x\.csv is not a table of places: it has no column longitude"):
        towns.read([path], tmp_path, DAY)
    with pytest.raises(UsageError, match="A mapping of places has no nom"):
        towns.read([path], tmp_path, Options(retrieved=DAY.retrieved, mapping={"nom": "name"}))
    path.write_text("name,iso3,latitude,longitude\nx,Mali,1,2\n", encoding="utf-8")
    with pytest.raises(WrongFile, match=r"No place of x\.csv can be taken: the country is not an ISO3 code: MALI"):
        towns.read([path], tmp_path, DAY)
    assert list(tmp_path.iterdir()) == [path]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_broken_bytes(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = dump({}, {0: "78"}, {0: "79"}).encode()
    at, some = data.draw(st.integers(0, len(content) - 1)), data.draw(st.binary(max_size=6))
    folder = tmp_path_factory.mktemp("broken")
    path = folder / "ML.txt"
    path.write_bytes(content[:at] + some + content[at + data.draw(st.integers(0, 6)) :])
    try:
        geonames.read([path], folder, DAY)
    except HarmattanError:
        assert list(folder.iterdir()) == [path]
