"""Grids of people: read in strips, fetched by country and year."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, HarmattanError, UsageError, WrongFile
from harmattan.sources import worldpop
from harmattan.sources.fetching import Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.reading import Options
from harmattan.vocabulary.cell import gid_at
from harmattan.vocabulary.places import POPULATION

DAY = Options(retrieved=dt.date(2026, 1, 2))
GRID = """ncols 4
nrows 2
xllcorner -1
yllcorner 10
cellsize 0.5
NODATA_value -9999
1 2 0 -9999
3 4.5 nan -1
"""
NAME = "mli_pop_2020_CN_1km_R2025A_UA_v1"


def grid(folder: Path, content: str = GRID, name: str = f"{NAME}.asc") -> Path:
    path = folder / name
    path.write_text(content, encoding="ascii")
    return path


def test_points_with_people_are_taken(tmp_path: Path) -> None:
    path, into = grid(tmp_path), tmp_path / "into"
    into.mkdir()
    reading = worldpop.read([path], into, DAY)
    table = pq.read_table(into / "population.parquet")
    assert table.schema.equals(POPULATION.schema)
    rows = [(row["lat"], row["lon"], row["people"], row["cell"]) for row in table.to_pylist()]
    assert rows == [
        (lat, lon, people, gid_at(lat, lon))
        for lat, lon, people in [(10.75, -0.75, 1), (10.75, -0.25, 2), (10.25, -0.75, 3), (10.25, -0.25, 4.5)]
    ]
    assert {(row["iso3"], row["year"], row["level"], row["sex"]) for row in table.to_pylist()} == {
        ("MLI", 2020, "grid", "all")
    }
    assert len(set(table["row_id"].to_pylist())) == 4
    assert (reading.label, reading.status, reading.rows) == ("R2025A-2020-MLI", "final", 4)
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    assert reading.notices == ("1 points of MLI 2020 were left out: their number of people is negative or too large.",)


def test_corners_may_be_given_by_the_middle_of_the_first_point(tmp_path: Path) -> None:
    content = GRID.replace("xllcorner -1", "xllcenter -0.75").replace("yllcorner 10", "yllcenter 10.25")
    worldpop.read([grid(tmp_path, content)], tmp_path, DAY)
    assert pq.read_table(tmp_path / "population.parquet")["lon"].to_pylist()[0] == -0.75


def test_country_and_year_that_the_name_does_not_say(tmp_path: Path) -> None:
    path = grid(tmp_path, name="people.asc")
    with pytest.raises(UsageError, match=r"people\.asc does not say in its name.*--places ISO3 --from"):
        worldpop.read([path], tmp_path, DAY)
    said = Options(retrieved=DAY.retrieved, places=("NER",), start=dt.date(2019, 1, 1))
    reading = worldpop.read([path], tmp_path, said)
    assert (reading.coverage.places, reading.label) == (("NER",), "2026-01-02")
    with pytest.raises(UsageError, match="NER 2019 is there twice"):
        worldpop.read([path, path], tmp_path, said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not a grid"),
        ("ncols 4\nnrows 2\n", "not a grid"),
        (GRID.replace("ncols 4", "ncols four"), "not a grid"),
        (GRID.replace("ncols 4", "ncols -4"), "not a grid"),
        (GRID.replace("nrows 2", "nrows 99999999999"), "not a grid"),
        (GRID.replace("cellsize 0.5", "cellsize 0"), "not a grid"),
        (GRID.replace("cellsize 0.5", "cellsize nan"), "not a grid"),
        (GRID.replace("xllcorner -1", "xllcorner 500000"), "not in degrees"),
        (GRID.replace("3 4.5", "x 4.5"), "not a grid"),
        (GRID.rpartition("3 4.5")[0], "cut off"),
        (GRID.replace("nan -1", "nan"), "cut off"),
    ],
)
def test_other_files_and_cut_ones(tmp_path: Path, content: str, said: str) -> None:
    path = grid(tmp_path, content)
    with pytest.raises(WrongFile, match=said):
        worldpop.read([path], tmp_path, DAY)
    assert list(tmp_path.iterdir()) == [path]


def test_a_geotiff_without_rasterio_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rasterio", None)
    path = tmp_path / f"{NAME}.tif"
    path.write_bytes(b"II*\x00" + b"\0" * 40)
    with pytest.raises(WrongFile, match=re.escape("Install harmattan[raster], or save the file as an ESRI ASCII grid")):
        worldpop.read([path], tmp_path, DAY)
    assert list(tmp_path.iterdir()) == [path]


def tiff(path: Path, people: Any, crs: str = "EPSG:4326", step: float = 0.5) -> Path:
    import rasterio

    at = rasterio.transform.from_origin(-1, 11, step, step)
    with rasterio.open(path, "w", driver="GTiff", height=people.shape[0], width=people.shape[1], count=1,
                       dtype="float32", crs=crs, transform=at, nodata=-99999, compress="lzw") as file:  # fmt: skip
        file.write(people.astype("float32"), 1)
    return path


def test_a_geotiff_gives_what_the_same_ascii_grid_gives(tmp_path: Path) -> None:
    people = np.array([[1, 2, 0, -99999], [3, 4.5, np.nan, -1]])
    found = []
    for number, path in enumerate((grid(tmp_path), tiff(tmp_path / f"{NAME}.tif", people))):
        into = tmp_path / str(number)
        into.mkdir()
        reading = worldpop.read([path], into, DAY)
        found.append((pq.read_table(into / "population.parquet").to_pylist(), reading.notices))
    assert found[0] == found[1]


def test_geotiffs_in_metres_or_cut_off(tmp_path: Path) -> None:
    people = np.random.default_rng(1).uniform(1, 9, (300, 300))
    metres = tiff(tmp_path / f"{NAME}.tif", people, crs="EPSG:32630", step=1000)
    with pytest.raises(WrongFile, match="is not in WGS 84 but in EPSG:32630"):
        worldpop.read([metres], tmp_path, DAY)
    whole = tiff(tmp_path / f"{NAME}.tif", people, step=0.01).read_bytes()
    (tmp_path / f"{NAME}.tif").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WrongFile, match="damaged or was cut off"):
        worldpop.read([tmp_path / f"{NAME}.tif"], tmp_path, DAY)
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAME}.tif"]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_broken_bytes(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = GRID.encode()
    at, some = data.draw(st.integers(0, len(content) - 1)), data.draw(st.binary(max_size=6))
    folder = tmp_path_factory.mktemp("broken")
    path = folder / f"{NAME}.asc"
    path.write_bytes(content[:at] + some + content[at + data.draw(st.integers(0, 6)) :])
    try:
        worldpop.read([path], folder, DAY)
    except HarmattanError:
        assert list(folder.iterdir()) == [path]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is read as Linux gives it")
def test_millions_of_points_stay_within_memory(tmp_path: Path) -> None:
    """What getrusage says would start at the memory of the process that runs the tests."""
    rows, columns = 1500, 2000
    text = " ".join(["1"] * columns) + "\n"
    head = GRID[: GRID.index("1 2 0")].replace("ncols 4", f"ncols {columns}").replace("nrows 2", f"nrows {rows}")
    path = grid(tmp_path, head.replace("cellsize 0.5", "cellsize 0.01") + text * rows)
    code = (
        "import datetime, pathlib, sys; from harmattan.sources import worldpop; "
        "from harmattan.sources.reading import Options; "
        "said = Options('x', datetime.date(2026, 1, 1)); file, into = map(pathlib.Path, sys.argv[1:]); "
        "r = worldpop.read([file], into, said); "
        "status = pathlib.Path('/proc/self/status').read_text(); "
        "print(r.rows, status.partition('VmHWM:')[2].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path), str(tmp_path)], capture_output=True, check=True)
    taken, peak_kb = map(int, done.stdout.split())
    assert taken == rows * columns
    assert peak_kb < 1_500_000


def line(waited: list[float] | None = None) -> Line:
    return Line(
        httpx.Client(trust_env=False),
        clock=lambda: dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        sleep=(waited if waited is not None else []).append,
    )


NO_SECRETS = Secrets(lambda _name: None)


def test_fetching_a_country_and_year_goes_on_after_a_cut(tmp_path: Path, httpserver: HTTPServer) -> None:
    asked: list[str] = []
    broken = True

    def answer(request: Request) -> Response:
        asked.append(request.path)
        return Response(status=500) if broken and "/BFA/" in request.path else Response(GRID.encode())

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    wanted = Wanted(dt.date(2026, 1, 2), ("BFA", "AGO"), dt.date(2020, 5, 1), base=httpserver.url_for("/pop"))
    with pytest.raises(FetchError, match=r"answered 500.*what has come is kept"):
        worldpop.fetch(wanted, line(), Journal.opened(tmp_path), NO_SECRETS)
    broken = False
    fetched = worldpop.fetch(wanted, line(), Journal.opened(tmp_path), NO_SECRETS)
    names = [f"{iso3}_pop_2020_CN_1km_R2025A_UA_v1.tif" for iso3 in ("ago", "bfa")]
    assert [path.name for path in fetched.files] == names
    assert asked.count(f"/pop/R2025A/2020/AGO/v1/1km_ua/constrained/{names[0]}") == 1
    assert all(path.read_text(encoding="ascii") == GRID for path in fetched.files)


def test_what_worldpop_does_not_have(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_data("no", status=404)
    ask = {"line": line(), "journal": Journal.opened(tmp_path), "secrets": NO_SECRETS}
    today = dt.date(2026, 1, 2)
    with pytest.raises(FetchError, match="WorldPop has no file for MLI in 2026"):
        worldpop.fetch(Wanted(today, ("MLI",), base=httpserver.url_for("")), **ask)
    with pytest.raises(UsageError, match=r"WorldPop R2025A has no 2014\. It has 2015 to 2030\."):
        worldpop.fetch(Wanted(today, ("MLI",), dt.date(2014, 1, 1)), **ask)
    with pytest.raises(UsageError, match="--country MLI BFA"):
        worldpop.fetch(Wanted(today), **ask)
    assert httpserver.log[0][0].path.startswith("/R2025A/2026/MLI/")
