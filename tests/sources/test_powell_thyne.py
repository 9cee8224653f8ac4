"""Powell and Thyne's coups: their numbers of states, outcomes, versions, and getting the list."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from harmattan.errors import FetchError, WrongFile
from harmattan.sources import powell_thyne
from harmattan.sources.fetching import Journal, Secrets, Wanted
from harmattan.sources.reading import Options
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.schemes import ISO3_BY_COW
from tests.sources.context_rows import DATED, line_to, read_all, write

SECRETS = Secrets(lambda _name: None)


def coup(**changed: Any) -> dict[str, Any]:
    """A made-up attempt."""
    row = {"country": "Mali", "ccode": 432, "year": 2020, "month": 8, "day": 18, "coup": 2, "version": "2021.9.29"}
    return row | changed


def listed(folder: Path, *rows: dict[str, Any]) -> Path:
    return write(folder / "coups.txt", rows, delimiter="\t")


def test_an_attempt(tmp_path: Path) -> None:
    path = listed(tmp_path, coup(), coup(day=19, coup=1), coup(ccode=434, country="Benin", year=1972))
    reading, rows, rejects = read_all(powell_thyne.read, tmp_path / "out", path, options=Options())
    assert rejects == []
    assert rows[0] == {
        "row_id": "432 2020-08-18 successful",
        "iso3": "MLI",
        "day": dt.date(2020, 8, 18),
        "outcome": "successful",
        "country_as_written": "Mali",
    }
    assert [(row["iso3"], row["outcome"]) for row in rows[1:]] == [("MLI", "failed"), ("BEN", "successful")]
    assert (reading.label, reading.published, reading.status) == ("2021.9.29", dt.date(2021, 9, 29), "rolling")
    assert reading.coverage.places == ("BEN", "MLI")
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(1972, 8, 1), dt.date(2021, 9, 29))
    assert "a part of the list" in reading.coverage.basis


def test_the_whole_list_is_of_the_world_since_1950(tmp_path: Path) -> None:
    rows = [coup(ccode=number, country="", year=1960) for number in list(ISO3_BY_COW)[:40]]
    reading, _rows, _rejects = read_all(powell_thyne.read, tmp_path / "out", listed(tmp_path, *rows))
    assert reading.coverage.places == COUNTRIES
    assert reading.coverage.start == dt.date(1950, 1, 1)


def test_rows_that_cannot_be_taken(tmp_path: Path) -> None:
    path = listed(
        tmp_path, coup(), coup(coup=3), coup(day=31, month=2), coup(day=""), coup(ccode=466), coup(ccode="x"), coup(),
        coup(year=1920), coup(day=10**20), coup(day=40000000000),
    )  # fmt: skip
    reading, rows, rejects = read_all(powell_thyne.read, tmp_path / "out", path)
    assert len(rows) == 1
    assert [(row["line"], row["reason"]) for row in rejects] == [
        (3, "coup is 3, neither 1 nor 2"),
        (4, "the day is not one: 2020-2-31"),
        (5, "the day is not one: 2020-8-None"),
        (6, "the country is not known: Mali (466)"),
        (7, "ccode is not a number: x"),
        (9, "the day is not one: 1920-8-18"),
        (10, "day is not a whole number: 100000000000000000000"),
        (11, "the day is not one: 2020-8-40000000000"),
    ]
    assert reading.published == DATED.published


def test_a_page_for_people_is_not_the_list(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    path = tmp_path / "page.txt"
    path.write_text("<html>,<body>\nMoved</body></html>\n")
    with pytest.raises(WrongFile):
        powell_thyne.read([path], tmp_path / "out", DATED)
    assert list((tmp_path / "out").iterdir()) == []


def test_it_is_got_and_read(httpserver: HTTPServer, tmp_path: Path) -> None:
    path = listed(tmp_path, coup())
    httpserver.expect_ordered_request("/powell_thyne_coups_final.txt").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/powell_thyne_coups_final.txt").respond_with_data(path.read_bytes())
    waited: list[float] = []
    wanted = Wanted(today=dt.date(2024, 5, 1), base=httpserver.url_for(""))
    got = powell_thyne.fetch(wanted, line_to(waited), Journal.opened(tmp_path / "journal"), SECRETS)
    assert len(waited) == 1
    _reading, rows, _rejects = read_all(powell_thyne.read, tmp_path / "out", *got.files)
    assert [row["iso3"] for row in rows] == ["MLI"]
    again = powell_thyne.fetch(wanted, line_to(), Journal.opened(tmp_path / "journal"), SECRETS)
    assert again.files == got.files


def test_a_list_that_is_gone(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/powell_thyne_coups_final.txt").respond_with_data("gone", status=404)
    wanted = Wanted(today=dt.date(2024, 5, 1), base=httpserver.url_for(""))
    with pytest.raises(FetchError, match="answered 404"):
        powell_thyne.fetch(wanted, line_to(), Journal.opened(tmp_path / "journal"), SECRETS)
