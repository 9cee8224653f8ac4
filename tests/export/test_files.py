"""Answers and records as files: read back by the programs that people read them with, and the same bytes twice."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from harmattan.export.files import FORMATS, LONGEST
from harmattan.export.sheet import Sheet, SheetColumn
from tests.cli.running import Run, one_line
from tests.lake.factory import event, lake_in, put

COLUMNS = ("name", "n", "share", "day", "yes", "cell", "nothing")
ROWS: tuple[dict[str, Any], ...] = (
    {"name": "Élève; «a,b»", "n": 1234567, "share": 40.5, "day": dt.date(2022, 3, 26), "yes": True, "cell": 145804},
    {"name": 'he said "no"\nand left', "n": -3, "share": None, "day": None, "yes": False, "cell": None},
)
SHEET = Sheet(
    "made-up",
    "A title",
    tuple(SheetColumn(name, "deaths" if name == "n" else "", f"what {name} means") for name in COLUMNS),
    tuple({"nothing": None} | row for row in ROWS),
    ("A note.",),
    ("Nobody (2024), CC0.",),
)
CELLS = ("ask", "casualties", "--country", "MLI", "--from", "2022-03", "--to", "2022-03", "--by", "cell")


def sheet_of(*words: str) -> Sheet:
    return Sheet("evidence", "", (SheetColumn("words", "", ""),), tuple({"words": word} for word in words), (), ())


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_same_sheet_gives_the_same_bytes(format_name: str, language: str) -> None:
    assert FORMATS[format_name](SHEET, language) == FORMATS[format_name](SHEET, language)


def test_csv_in_english() -> None:
    content = FORMATS["csv"](SHEET, "en")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    assert not content.startswith(b"\xef\xbb\xbf")
    assert [row["name"] for row in rows] == [row["name"] for row in ROWS]
    assert [rows[0][name] for name in COLUMNS[1:]] == ["1234567", "40.5", "2022-03-26", "True", "145804", ""]
    assert rows[1]["n"] == "-3", "a number is not a formula"


def test_csv_as_a_french_excel_reads_it() -> None:
    content = FORMATS["csv"](SHEET, "fr")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.split(b"\r\n")[0] == b"\xef\xbb\xbfname;n;share;day;yes;cell;nothing"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0]["name"] == ROWS[0]["name"]
    assert rows[0]["share"] == "40,5"
    assert rows[0]["n"] == "1234567"


@pytest.mark.parametrize("words", ["=1+1", "+33 1", "-10 dead", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x","y")'])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_publishers_words_are_no_formula_in_csv(words: str, language: str) -> None:
    content = FORMATS["csv"](sheet_of(words), language).decode("utf-8-sig")
    _, (cell,) = csv.reader(io.StringIO(content, newline=""), delimiter=";" if language == "fr" else ",")
    assert cell == f"'{words}"


@pytest.mark.parametrize("words", ["=1+1", "http://example.org", "{=A1}", "007"])
def test_the_other_formats_have_the_publishers_words_as_they_are(words: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(FORMATS["xlsx"](sheet_of(words), "en")))
    assert book.get_sheet_by_name("evidence").to_python() == [["words"], [words]]
    table = pq.read_table(io.BytesIO(FORMATS["parquet"](sheet_of(words), "en")))
    assert table["words"].to_pylist() == [words]


def test_excel_read_back() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(FORMATS["xlsx"](SHEET, "en")))
    assert book.sheet_names == ["made-up", "about"]
    header, first, second = book.get_sheet_by_name("made-up").to_python()
    assert header == list(COLUMNS)
    assert first == ["Élève; «a,b»", 1234567.0, 40.5, dt.date(2022, 3, 26), True, 145804.0, ""]
    assert second[:5] == ['he said "no"\nand left', -3.0, "", "", False]
    about = dict(book.get_sheet_by_name("about").to_python())
    assert about["title"] == "A title"
    assert about["source"] == "Nobody (2024), CC0."
    assert about["n"] == "what n means [deaths]"


def test_a_text_too_long_for_excel_is_cut_and_not_lost() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(FORMATS["xlsx"](sheet_of("x" * 40_000), "en")))
    _, (words,) = book.get_sheet_by_name("evidence").to_python()
    assert len(words) == LONGEST
    assert words.endswith("x…")


def test_parquet_read_back() -> None:
    table = pq.read_table(io.BytesIO(FORMATS["parquet"](SHEET, "en")))
    assert table.column_names == list(COLUMNS)
    assert [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()] == [
        {k: v for k, v in row.items() if v is not None} for row in ROWS
    ]
    assert table.schema.metadata[b"attribution"].decode() == "Nobody (2024), CC0."


def test_geojson_read_back() -> None:
    page = json.loads(FORMATS["geojson"](SHEET, "en"))
    assert page["attribution"] == ["Nobody (2024), CC0."]
    square, nowhere = page["features"]
    assert square["geometry"]["coordinates"][0][0] == [1.5, 11.0]
    assert square["geometry"]["coordinates"][0][2] == [2.0, 11.5]
    assert square["properties"]["day"] == "2022-03-26"
    assert nowhere["geometry"] is None


def test_geopackage_read_back(tmp_path: Path) -> None:
    path = tmp_path / "made.gpkg"
    path.write_bytes(FORMATS["gpkg"](SHEET, "en"))
    assert [layer[0] for layer in pyogrio.list_layers(path)] == ["made-up"]
    info = pyogrio.read_info(path)
    assert (info["crs"], info["geometry_type"], info["features"]) == ("EPSG:4326", "Polygon", 2)
    assert info["total_bounds"] == (1.5, 11.0, 2.0, 11.5)
    with sqlite3.connect(path) as opened:
        assert opened.execute("SELECT name, n FROM 'made-up' ORDER BY fid").fetchall() == [
            (row["name"], row["n"]) for row in ROWS
        ]
        assert opened.execute("SELECT cell, day, [nothing] FROM 'made-up' ORDER BY fid").fetchall() == [
            (145804, "2022-03-26", None),
            (None, None, None),
        ]
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("SELECT last_change FROM gpkg_contents").fetchone()[0].startswith("2000-01-01")


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_of_an_answer(run: Run, tmp_path: Path, format_name: str) -> None:
    paths = [tmp_path / f"{name}.{format_name}" for name in ("one", "two")]
    rows = len(run(*CELLS, "--format", "json").json["rows"])
    for path in paths:
        ran = run(*CELLS, "--format", format_name, "--out", path)
        assert (ran.code, ran.raw) == (0, b"")
        assert "Sundberg, Ralph & Erik Melander (2013)" in ran.err, "the attribution is said"
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert run(*CELLS, "--format", format_name).raw == paths[0].read_bytes(), "a pipe gets the same"
    assert rows_in(paths[0]) == rows
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["home", *(path.name for path in paths)])


def rows_in(path: Path) -> int:
    """How many rows a file holds, as another program reads it."""
    match path.suffix:
        case ".csv":
            return len(list(csv.DictReader(path.open(encoding="utf-8"))))
        case ".xlsx":
            return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1
        case ".parquet":
            return int(pq.read_table(path).num_rows)
        case _:
            return int(pyogrio.read_info(path, force_feature_count=True)["features"])


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_of_evidence(run: Run, tmp_path: Path, format_name: str) -> None:
    rows = [
        event("here", best=5, lat=14.5, lon=-4.2, source_headline="=cmd"),
        event("region", best=3, where_precision="admin1"),
    ]
    put(lake_in(tmp_path), "1", rows)
    asked = ("ask", "casualties", "--country", "MLI", "--from", "2022", "--release", "made-up@1", "--format", "json")
    row = run(*asked).json["rows"][0]["evidence"]
    path = tmp_path / f"out.{format_name}"
    assert run("evidence", row, "--format", format_name, "--out", path).code == 0
    assert rows_in(path) == 2
    if format_name == "geojson":
        first, second = json.loads(path.read_bytes())["features"]
        assert first["geometry"] == {"type": "Point", "coordinates": [-4.2, 14.5]}
        assert second["geometry"] is None, "a point that stands for a region is never drawn"
    if format_name == "gpkg":
        assert pyogrio.read_info(path)["geometry_type"] == "Point"


def test_summed_records_are_drawn_as_the_squares_they_stand_for(run: Run) -> None:
    found = run(*CELLS, "--format", "json").json
    features = json.loads(run("evidence", found["evidence"][0]["id"], "--format", "geojson").raw)["features"]
    placed = [f for f in features if f["properties"]["where_precision"] in ("exact", "near", "admin2")]
    assert {f["geometry"]["type"] for f in placed} == {"Polygon"}
    assert all(f["geometry"] is None for f in features if f not in placed)


@pytest.mark.parametrize("format_name", ["geojson", "gpkg"])
def test_an_answer_without_places_is_not_drawn(run: Run, format_name: str) -> None:
    line = one_line(run("ask", "casualties", "--country", "MLI", "--format", format_name))
    assert "The answer has no places to draw; it has period, events, " in line
    assert "Ask by cell where the question takes --by" in line


@pytest.mark.parametrize("format_name", [*FORMATS, "json"])
@pytest.mark.parametrize("place", ["missing/answer", "file/answer", "."])
def test_no_half_written_file_where_none_can_be_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_name: str, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    ran = run(*CELLS, "--format", format_name, "--out", place)
    assert f"{place} cannot be written: " in one_line(ran, code=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "home"]


def test_a_file_is_replaced_whole_or_not_at_all(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answer.csv"
    path.write_text("what was there")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fail)
        assert "No space left on device" in one_line(run(*CELLS, "--format", "csv", "--out", path), code=1)
    assert path.read_text() == "what was there"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["answer.csv"]
