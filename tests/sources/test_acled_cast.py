"""CAST's forecasts, by month or by rolling weeks, from pages and files; fetched on loopback."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from harmattan.errors import HarmattanError, WrongFile
from harmattan.sources import acled_cast
from harmattan.sources.fetching import Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.reading import Options, Reading
from tests.sources.acled_rows import RETRIEVED, page, write_page


def cast(**changes: Any) -> dict[str, Any]:
    """An invented row of CAST; every cell is a string, as the interface sends it."""
    made = {
        "country": "Mali", "admin1": "North", "month": "March", "year": "2024", "total_forecast": "30",
        "battles_forecast": "10.5", "erv_forecast": "8", "vac_forecast": "12", "total_observed": "28",
        "battles_observed": "9", "erv_observed": "", "vac_observed": None, "timestamp": "1711929600",
    }  # fmt: skip
    return made | changes


def read(into: Path, *files: Path, **options: Any) -> Reading:
    into.mkdir(exist_ok=True)
    return acled_cast.read(list(files), into, Options(**({"retrieved": RETRIEVED} | options)))


def outlooks(into: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(into / "outlooks.parquet").to_pylist())


def test_a_month_has_an_outlook_for_each_outcome(tmp_path: Path) -> None:
    done = read(tmp_path / "out", write_page(tmp_path / "a.json", [cast()]))
    found = outlooks(tmp_path / "out")
    assert [(one["outcome"], one["forecast"], one["observed"]) for one in found] == [
        ("all_events", 30, 28),
        ("battles", 10.5, 9),
        ("remote_violence", 8, None),
        ("violence_against_civilians", 12, None),
    ]
    first = found[0]
    assert (first["iso3"], first["admin1_as_written"]) == ("MLI", "North")
    assert (first["start"], first["end"]) == (dt.date(2024, 3, 1), dt.date(2024, 3, 31))
    assert first["updated_at"] == dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
    assert (done.label, done.status, done.tables, done.events, done.rows) == (
        "2024-06-30",
        "rolling",
        ("outlooks",),
        0,
        4,
    )


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ({"month": "3"}, "2024-03-01", "2024-03-31"),
        ({"month": None, "year": None, "period_end": "2024-03-29"}, "2024-03-02", "2024-03-29"),
        ({"period_start": "2024-03-02", "period_end": "2024-03-29T00:00:00"}, "2024-03-02", "2024-03-29"),
        ({"start_date": "2024-03-02"}, "2024-03-02", "2024-03-29"),
        ({"week_ending": "2024-03-29"}, "2024-03-02", "2024-03-29"),
    ],
)
def test_the_period_is_read_from_what_a_row_carries(tmp_path: Path, said: dict[str, Any], start: str, end: str) -> None:
    read(tmp_path / "out", write_page(tmp_path / "a.json", [cast(**said)]))
    found = outlooks(tmp_path / "out")[0]
    assert (found["start"].isoformat(), found["end"].isoformat()) == (start, end)


def test_rows_that_cannot_be_taken_are_told_of(tmp_path: Path) -> None:
    bad = [
        cast(country="Atlantis"),
        cast(month="Smarch"),
        cast(year=""),
        cast(total_forecast="many"),
        cast(week_ending="x"),
    ]
    done = read(tmp_path / "out", write_page(tmp_path / "a.json", [cast(), *bad]))
    assert (done.rows, done.rejects) == (4, 5)
    with pytest.raises(WrongFile, match="No row of CAST can be taken: unknown country: Atlantis"):
        read(tmp_path / "none", write_page(tmp_path / "b.json", bad))
    assert list((tmp_path / "none").iterdir()) == []


def test_a_csv_file_and_the_places_that_are_said(tmp_path: Path) -> None:
    names = list(cast())
    lines = [",".join(names), *(",".join(str(one[n] or "") for n in names) for one in (cast(), cast(country="Niger")))]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    done = read(tmp_path / "out", tmp_path / "a.csv", places=("NER",))
    assert done.coverage.places == ("NER",)
    assert {one["iso3"] for one in outlooks(tmp_path / "out")} == {"NER"}


def test_cast_is_fetched_with_a_token(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/oauth/token").respond_with_json({"access_token": "t"})
    asked = httpserver.expect_request("/api/cast/read", query_string=None)
    asked.respond_with_data(json.dumps(page([cast()])))
    wanted = Wanted(RETRIEVED, ("MLI",), dt.date(2023, 5, 1), base=httpserver.url_for("").rstrip("/"))
    with httpx.Client(trust_env=False) as client:
        line = Line(client, lambda: dt.datetime.now(dt.UTC), lambda _seconds: None)
        got = acled_cast.fetch(wanted, line, Journal.opened(tmp_path / "j"), Secrets(lambda name: f"canary {name}"))
    assert [path.name for path in got.files] == ["cast-00001.json"]
    assert got.options.places == ("MLI",)
    assert "year=2023%7C2024" in httpserver.log[-1][0].full_path or httpserver.log[-1][0].args["year"] == "2023|2024"
    assert read(tmp_path / "out", *got.files, places=got.options.places).rows == 4


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.data())
def test_broken_bytes_end_in_one_line_and_leave_nothing(tmp_path: Path, data: st.DataObject) -> None:
    path = write_page(tmp_path / "file", [cast(), cast(month="4")])
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    path.write_bytes(bytes(content) or b" ")
    into = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
    try:
        read(into, path)
    except HarmattanError:
        assert list(into.iterdir()) == []
