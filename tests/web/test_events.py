"""The list of events: what is filtered is what evidence lists, files have the same rows, closed records stay."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from harmattan import data
from harmattan.lake.shelf import Lake
from harmattan.questions.event_list import Wanted, listing
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from tests.web.events_home import HOSTILE, home_with, visitor_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A visitor of a home with invented events, some of a closed release."""
    with visitor_of(home_with(tmp_path_factory.mktemp("events"), closed=True)) as found:
        yield found


def csv_of(client: TestClient, asked: str) -> list[dict[str, str]]:
    got = client.get(f"/events/export.csv?{asked}")
    assert got.status_code == 200, got.text
    return list(csv.DictReader(io.StringIO(got.text)))


@pytest.mark.parametrize(
    ("asked", "params"),
    [
        ("country=MLI&from=2022&to=2022", Params(country=("MLI",))),
        ("country=MLI&from=2022&to=2022&kind=one_sided", Params(country=("MLI",), kind=("one_sided",))),
        ("country=MLI&from=2022&to=2022&actor=JNIM", Params(country=("MLI",), actor=("JNIM",))),
        ("country=MLI&from=2022&to=2022&dyad=IS+-+JNIM", Params(country=("MLI",), dyad=("IS - JNIM",))),
        ("country=MLI&from=2022&to=2022&cell=150111", Params(country=("MLI",), cell=(150111,))),
    ],
)
def test_a_file_has_the_rows_that_evidence_lists(client: TestClient, home: Path, asked: str, params: Params) -> None:
    inquiry = Inquiry(Lake(home, data.RELEASES), ("sahel",))
    year = replace(params, start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31))
    answer = inquiry.ask("casualties", year)
    rows = inquiry.rows(answer, None, ids=True).table
    assert rows.num_rows > 0
    content = client.get(f"/events/export.parquet?{asked}").content
    got = pq.read_table(io.BytesIO(content))
    assert got.column_names == rows.column_names
    assert got.to_pylist() == rows.to_pylist()
    page = client.get(f"/events?{asked}").text
    assert f'href="/evidence/{answer.id}"' in page
    assert f"{sum(rows['deaths_best'].to_pylist()):,}" in page


@pytest.mark.parametrize("format", ["csv", "xlsx", "geojson", "gpkg"])
def test_every_format_has_the_same_records(client: TestClient, format: str) -> None:
    asked = "country=MLI&from=2022-03&to=2022-03&kind=one_sided"
    ids = [row["event_id"] for row in csv_of(client, asked)]
    content = client.get(f"/events/export.{format}?{asked}").content
    if format == "geojson":
        page = json.loads(content)
        assert [feature["properties"]["event_id"] for feature in page["features"]] == ids
        assert "Davies" in page["attribution"][0]
    elif format == "xlsx":
        from python_calamine import CalamineWorkbook

        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert [row[sheet[0].index("event_id")] for row in sheet[1:]] == ids
    else:
        assert len(content) > 100


def test_what_no_question_takes_narrows_the_list(made: TestClient) -> None:
    asked = "country=MLI&release=ucdp-ged@24.1"
    assert len(csv_of(made, asked)) == 9
    assert [row["event_id"] for row in csv_of(made, f"{asked}&precision=near")] == ["p-near"]
    assert {row["deaths_best"] for row in csv_of(made, f"{asked}&at_least=16")} == {"17", "16"}
    assert len(csv_of(made, f"{asked}&admin1=S%C3%A9gou+region")) == 8
    assert [row["event_id"] for row in csv_of(made, f"{asked}&text=HEADLINE+2")] == ["p-admin2"]
    assert len(csv_of(made, f"{asked}&text=segou")) == 8


@pytest.mark.parametrize("asked", ["precision=here", "at_least=many", "country=nowhere", "text=" + "x" * 300])
def test_a_word_that_cannot_be_read_is_told(made: TestClient, asked: str) -> None:
    got = made.get(f"/events?{asked}")
    assert got.status_code == 422
    assert 'role="alert"' in got.text


def test_a_list_is_sorted_and_comes_by_the_page(client: TestClient) -> None:
    def deaths(asked: str) -> list[int]:
        page = client.get(f"/events?country=MLI&{asked}").text
        return [int(found) for found in re.findall(r"<strong>([\d,]+)</strong>", page.replace(",", ""))]

    first, second = deaths("sort=-deaths_best"), deaths("sort=-deaths_best&page=2")
    assert len(first) == len(second) == 50
    assert first + second == sorted(first + second, reverse=True)
    assert max(first) == 313
    assert deaths("sort=deaths_best")[0] == 0
    assert deaths("sort=no_such_column") == deaths("")


def test_a_closed_release_is_looked_at_and_not_handed_on(made: TestClient) -> None:
    page = made.get("/events?country=MLI&source=acled&event_type=all")
    assert page.status_code == 200
    assert 'href="/events/acled' in page.text
    assert "/events/export.csv" not in page.text
    for format in ("csv", "xlsx", "parquet", "geojson", "gpkg"):
        got = made.get(f"/events/export.{format}?country=MLI&source=acled&event_type=all")
        assert got.status_code == 403
        assert "licence" in got.text


def test_a_record_has_its_columns_its_versions_and_what_is_beside(made: TestClient) -> None:
    page = made.get("/events/ucdp-ged@24.1/p-exact").text
    assert "Headline 0" in page
    assert "the place itself" in page
    assert 'href="/events/ucdp-ged%4023.1/p-exact"' in page
    assert 'class="other">3</td>' in page
    assert 'href="/events/ucdp-ged%4024.1/p-near"' in page, "the same day in the same cell"
    assert "No map draws it as a place." in made.get("/events/ucdp-ged@24.1/p-admin1").text


@pytest.mark.parametrize(
    "address", ["/events/none/1", "/events/ucdp-ged@24.1/none", "/events/..%2F..%2Fetc/passwd", "/events/export.exe"]
)
def test_what_there_is_not_is_not_found(made: TestClient, address: str) -> None:
    assert made.get(address).status_code == 404


def test_nothing_of_the_data_becomes_markup(made: TestClient) -> None:
    of = "country=MLI&release=ucdp-ged@24.1"
    addresses = ["/events/ucdp-ged@24.1/h%2F1%3F", f"/events?text={HOSTILE}", f"/map?country={HOSTILE}"]
    for address in (f"/events?{of}", f"/map?{of}", *addresses):
        page = made.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in made.get("/events/ucdp-ged@24.1/h%2F1%3F").text


def test_totals_and_pages_of_a_list_are_those_of_its_records(home: Path) -> None:
    inquiry = Inquiry(Lake(home, data.RELEASES), ("sahel",))
    found = listing(inquiry.world, Wanted(Params(country=("NER",)), at_least=5))
    rows = [row for n in range(1, 30) for row in found.page(n, 40)]
    assert found.totals()["records"] == len(rows) == found.whole().num_rows
    assert found.totals()["deaths_best"] == sum(row["deaths_best"] for row in rows)
    assert len({row["event_id"] for row in rows}) == len(rows)


def test_dates_are_said_in_words_and_deaths_are_named_where_columns_are_not(client: TestClient) -> None:
    page = client.get("/events?country=MLI&from=2023-12&to=2023-12&lang=fr").text
    assert re.search(r'class="day"><a href="[^"]+">décembre 2023</a>', page)
    assert re.search(r'data-name="morts"><strong>\d', page)
    assert "2023-12</a>" not in page
