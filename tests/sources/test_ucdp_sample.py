"""A sample of GED keeps what it has, leaves empty what it has not, and answers no question."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.ingest import ingest
from harmattan.lake.select import select
from harmattan.sources import ucdp_ged, ucdp_ged_sample
from harmattan.sources.reading import Options
from harmattan.sources.ucdp_ged_layouts import LAYOUTS, notices
from harmattan.sources.ucdp_ged_sample import COLUMNS, iso3_from_ucdp_name
from tests.lake.factory import lake_in
from tests.sources.ged_rows import COUNTRY_EXPORT, GED_19, VERSIONED, YEARLY, events, reasons, rows, write_csv
from tests.sources.test_ucdp_api import page
from tests.sources.ucdp_server import as_answered

ROW = {"id": "77", "conflict_id": "9001", "latitude": "13.9", "longitude": "-4.3", "date": "2022-01-02",
       "type_of_violence": "1", "best": "7", "civilian_deaths": "2", "combatant_deaths": "4", "country": "Mali",
       "region": "Africa"}  # fmt: skip


def sample(path: Path, *changed: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(ROW | change for change in changed)
    return path


def test_what_it_has_and_what_it_has_not(tmp_path: Path) -> None:
    reading = ucdp_ged_sample.read([sample(tmp_path / "s.csv", {})], tmp_path, Options(label="25.1"))
    (event,) = events(tmp_path)
    assert (reading.status, reading.rows, reading.coverage.places) == ("sample", 1, ("MLI",))
    assert "whose silence means nothing" in reading.coverage.basis
    has = {
        "event_id": "77", "n_events": 1, "violence": "state_based", "iso3": "MLI", "country_as_written": "Mali",
        "lat": 13.9, "lon": -4.3, "cell": 149_392, "where_precision": "unknown", "date_precision": "unknown",
        "deaths_best": 7, "deaths_civilians": 2, "deaths_unknown": 1, "n_range_broken": 0,
    }  # fmt: skip
    assert {name: event[name] for name in has} == has
    assert str(event["date_start"]) == str(event["date_end"]) == "2022-01-02"
    assert {name for name, value in event.items() if value is not None} == {*has, "date_start", "date_end"}


def test_rows_that_cannot_be_taken(tmp_path: Path) -> None:
    bad = [{"id": ""}, {"type_of_violence": "4"}, {"best": "x"}, {"best": "-1"}, {"date": "2022-31-01"},
           {"latitude": "99"}, {"country": "Atlantis"}, {"civilian_deaths": "9"}]  # fmt: skip
    good = [{"id": str(n)} for n in range(100, 110)]
    path = sample(tmp_path / "s.csv", *good, *({"id": str(n)} | change for n, change in enumerate(bad)), {})
    reading = ucdp_ged_sample.read([path], tmp_path, Options(label="25.1"))
    assert (reading.rows, reading.rejects) == (11, len(bad))
    assert [reason for _line, _id, reason in reasons(tmp_path)] == [
        "no id", "unknown type of violence", "best is not a number: x", "best is not a number of deaths: -1",
        "a date cannot be read", "the coordinates are not on earth", "unknown country",
        "more civilians and combatants than deaths",
    ]  # fmt: skip


def test_it_must_be_told_of_which_release_it_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--release 25\.1"):
        ucdp_ged_sample.read([sample(tmp_path / "s.csv", {})], tmp_path, Options())
    with pytest.raises(WrongFile, match="is not a sample of UCDP GED: it has no column"):
        ucdp_ged_sample.read([write_csv(tmp_path / "x.csv", rows(2))], tmp_path, Options(label="25.1"))
    with pytest.raises(WrongFile, match="1 of its rows cannot be taken"):
        ucdp_ged_sample.read([sample(tmp_path / "s.csv", {"id": ""})], tmp_path, Options(label="25.1"))
    assert not list(tmp_path.glob("*.parquet"))


def test_it_answers_no_question(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    ingest(lake, "ucdp-ged-sample", [sample(tmp_path / "s.csv", {})], Options(label="25.1"), retrieved_at=None)
    assert [held.release.status for held in lake.releases()] == ["sample"]
    assert select(lake, "events") == []


@pytest.mark.data
def test_the_sample_of_the_field_is_taken_whole(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "ucdp" / "ged251_sample_events_to_2023.parquet"
    reading = ucdp_ged_sample.read([path], tmp_path, Options(label="25.1"))
    assert (reading.rows, reading.rejects, str(reading.published)) == (9_695, 0, "2025-06-30")
    assert len(reading.coverage.places) == 96


@pytest.mark.parametrize(("name", "iso3"), [("Yemen (North Yemen)", "YEM"), ("Ivory Coast", "CIV"), ("Congo", "COG")])
def test_names_of_countries(name: str, iso3: str) -> None:
    assert iso3_from_ucdp_name(name) == iso3


@pytest.mark.parametrize("columns", [YEARLY, COUNTRY_EXPORT, VERSIONED, GED_19, (*COUNTRY_EXPORT, "beyond_the_header")])
def test_known_layouts_need_no_notice(columns: tuple[str, ...]) -> None:
    assert notices([("x.csv", columns)]) == ()


def test_columns_that_came_or_went_are_named() -> None:
    changed = [*(name for name in YEARLY if name not in ("relid", "gwnoa")), "drone", "actor_type"]
    pages = [(f"{n}.json", changed) for n in range(3)]
    assert notices([*pages, ("x.csv", YEARLY)]) == (
        "0.json and 2 more have columns that no known layout of UCDP GED has: actor_type, drone; lack what the nearest "
        "known layout (the file of 49 columns) has: gwnoa, relid.",
    )
    assert notices([("x.csv", sorted(LAYOUTS["19.1"] - {"region"}))]) == (
        "x.csv lacks what the nearest known layout (19.1) has: region.",
    )


@pytest.mark.data
def test_files_of_the_field_need_no_notice(data_dir: Path, tmp_path: Path) -> None:
    for name, label in (("ged191_syria_events.parquet", None), ("hdx_ucdp_ged_BGD_hxl_sample.csv", "24.1"),
                        ("raw_as_found/Togo.csv.gz", "24.1")):  # fmt: skip
        assert ucdp_ged.read([data_dir / "ucdp" / name], tmp_path, Options(label=label)).notices == ()


def _broken(data: Any, whole: bytes) -> bytes:
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        match data.draw(st.sampled_from(("flip", "cut", "insert"))):
            case "flip" if content:
                content[place] ^= data.draw(st.integers(1, 255))
            case "cut":
                del content[place : place + data.draw(st.integers(1, 200))]
            case _:
                content[place:place] = data.draw(st.binary(max_size=8))
    return bytes(content)


@settings(max_examples=20, derandomize=True, deadline=None)
@given(st.data(), st.sampled_from(("sample", "page")))
def test_broken_bytes_are_one_line_and_leave_nothing(data: Any, kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, into = Path(folder) / "x", Path(folder) / "out"
        into.mkdir()
        if kind == "sample":
            sample(path, *({"id": str(n)} for n in range(6)))
        else:
            page(path.parent, path.name, TotalCount=4, Result=[as_answered(event) for event in rows(4)])
        path.write_bytes(_broken(data, path.read_bytes()))
        source = ucdp_ged_sample if kind == "sample" else ucdp_ged
        try:
            source.read([path], into, Options(label="25.1"))
        except HarmattanError:
            assert list(into.iterdir()) == []
