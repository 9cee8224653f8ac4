"""Every layout of UCDP GED gives the same events."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from harmattan.vocabulary.schema import EVENTS, REJECTS
from tests.sources.ged_rows import (
    COUNTRY_EXPORT,
    GED_19,
    VERSIONED,
    Row,
    events,
    read,
    row,
    rows,
    write_csv,
)

GID = 151_564
"""The cell of 15.25 N 1.75 E."""

ALWAYS = ("event_id", "violence", "dyad", "actors_a", "actors_b", "iso3", "lat", "lon", "cell", "date_start",
          "date_end", "deaths_low", "deaths_best", "deaths_high", "where_precision", "date_precision")  # fmt: skip


def _dated(made: list[Row], form: str) -> list[Row]:
    return [
        event | {name: dt.date.fromisoformat(event[name]).strftime(form) for name in ("date_start", "date_end")}
        for event in made
    ]


def _core(into: Path) -> list[tuple[object, ...]]:
    return [tuple(str(event[name]) for name in ALWAYS) for event in events(into)]


@pytest.fixture
def plain(tmp_path: Path) -> list[tuple[object, ...]]:
    read(tmp_path / "plain", write_csv(tmp_path / "plain.csv", rows(30)))
    return _core(tmp_path / "plain")


def test_country_export(tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    made = _dated(rows(30), "%m/%d/%Y 00:00:00")
    read(tmp_path / "out", write_csv(tmp_path / "Mali.csv", made, COUNTRY_EXPORT, row_tail=[""]))
    assert _core(tmp_path / "out") == plain


def test_versioned_export_says_its_label(tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    made = [event | {"ged_version": "23.1"} for event in rows(30)]
    reading = read(tmp_path / "out", write_csv(tmp_path / "x.csv", made, VERSIONED), label=None)
    assert (reading.label, _core(tmp_path / "out")) == ("23.1", plain)


def test_candidate_file(tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    made = [event | {"active_year": "true"} for event in _dated(rows(30), "%Y-%m-%d 00:00:00.000")]
    path = write_csv(tmp_path / "GEDEvent_v24_01_24_12.csv", made, encoding="utf-8-sig", ends="\r\n")
    reading = read(tmp_path / "out", path, label=None)
    assert (reading.label, reading.status, _core(tmp_path / "out")) == ("24.01.24.12", "candidate", plain)


def test_api_dates(tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    read(tmp_path / "out", write_csv(tmp_path / "api.csv", _dated(rows(30), "%Y-%m-%dT00:00:00")))
    assert _core(tmp_path / "out") == plain


def test_numbers_with_a_point_and_fewer_columns(tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    whole = ("id", "type_of_violence", "where_prec", "date_prec", "country_id", "best", "high", "low", "deaths_a")
    made = [event | {name: event[name] + ".0" for name in whole} for event in rows(30)]
    read(tmp_path / "out", write_csv(tmp_path / "old.csv", made, GED_19))
    assert _core(tmp_path / "out") == plain


def test_hxl_tags_are_no_event(tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    tags = ["", "#date+year", *[""] * 27, "#geo+lat", "#geo+lon"]
    read(tmp_path / "out", write_csv(tmp_path / "hdx.csv", rows(30), below=[tags]))
    assert _core(tmp_path / "out") == plain


def test_the_tables_keep_their_contracts(tmp_path: Path) -> None:
    read(tmp_path / "out", write_csv(tmp_path / "x.csv", [*rows(3), row(9, country_id="9999")]))
    assert pq.read_schema(tmp_path / "out" / "events.parquet").equals(EVENTS.first.schema)
    assert pq.read_schema(tmp_path / "out" / "rejects.parquet").equals(REJECTS.schema)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["events.parquet", "rejects.parquet"]


def _one(tmp_path: Path, **changes: str) -> dict[str, object]:
    read(tmp_path / "out", write_csv(tmp_path / "x.csv", [row(1, **changes)]))
    return events(tmp_path / "out")[0]


@pytest.mark.parametrize(
    ("written", "actors"),
    [
        ("Alpha Front", ["Alpha Front"]),
        ("CM-FPR, GATIA, MAA", ["CM-FPR", "GATIA", "MAA"]),
        ("Koulango , Lobi, Malinké", ["Koulango", "Lobi", "Malinké"]),
        ("Government of Mali, Government of Russia (Soviet Union)",
         ["Government of Mali", "Government of Russia (Soviet Union)"]),
        ("Military Junta for the Consolidation of Democracy, Peace and Justice",
         ["Military Junta for the Consolidation of Democracy, Peace and Justice"]),
        ("XXX436", ["XXX436"]),
        ("Civilians", []),
    ],
)  # fmt: skip
def test_sides_are_split_into_actors(tmp_path: Path, written: str, actors: list[str]) -> None:
    event = _one(tmp_path, side_b=written)
    assert (event["side_b_as_written"], event["actors_b"]) == (written, actors)


def test_only_one_sided_violence_has_a_perpetrator(tmp_path: Path) -> None:
    assert (
        _one(tmp_path, type_of_violence="3", side_a="Alpha Front", side_b="Civilians")["perpetrator"] == "Alpha Front"
    )
    assert _one(tmp_path, type_of_violence="2")["perpetrator"] is None


@pytest.mark.parametrize(
    ("column", "written", "name", "expected"),
    [
        *[("where_prec", code, "where_precision", word) for code, word in
          zip("1234567", ("exact", "near", "admin2", "admin1", "area", "country", "international"), strict=True)],
        ("where_prec", "8", "where_precision", "unknown"),
        ("where_prec", "", "where_precision", "unknown"),
        *[("date_prec", code, "date_precision", word) for code, word in
          zip("12345", ("day", "days", "week", "month", "longer"), strict=True)],
        ("date_prec", "", "date_precision", "unknown"),
        *[("type_of_violence", code, "violence", word) for code, word in
          zip("123", ("state_based", "non_state", "one_sided"), strict=True)],
        ("event_clarity", "2", "clarity", "low"),
        ("number_of_sources", "-1", "n_sources", None),
        ("number_of_sources", "4", "n_sources", 4),
        ("priogrid_gid", "7", "cell", GID),
        ("priogrid_gid", "", "cell", GID),
        ("low", "900", "n_range_broken", 1),
        ("low", "", "deaths_low", None),
    ],
)  # fmt: skip
def test_values(tmp_path: Path, column: str, written: str, name: str, expected: object) -> None:
    place = {"latitude": "15.25", "longitude": "1.75"}
    assert _one(tmp_path, **(place | {column: written}))[name] == expected


def test_without_a_point_there_is_no_cell(tmp_path: Path) -> None:
    event = _one(tmp_path, latitude="", longitude="", where_prec="6")
    assert (event["lat"], event["lon"], event["cell"], event["where_precision"]) == (None, None, None, "country")
