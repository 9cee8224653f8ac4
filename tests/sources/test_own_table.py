"""Anybody's own table: numbers and days as the French write them, Excel, and nothing that is not there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import shapely
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.case import OwnTable
from harmattan.errors import UsageError, WrongFile
from harmattan.sources import own_table
from harmattan.sources.own_cells import Writing, number
from harmattan.sources.reading import Options
from harmattan.sources.rows import BadRow
from tests.sources.context_rows import DAY, areas, read_all, tell_or_read, write

EVENTS: dict[str, Any] = {
    "contract": "events",
    "title": "Incidents",
    "publisher": "A desk",
    "licence": "internal",
    "citation": "A desk (2024)",
    "columns": {"event_id": "N°", "date_start": "Date", "iso3": "Pays", "deaths_best": "Morts"},
    "date_format": "%d/%m/%Y",
    "decimal": ",",
}


def said(base: dict[str, Any] = EVENTS, **changed: Any) -> dict[str, Any]:
    """The entry of a case file, as the case hands it over."""
    return OwnTable.model_validate(base | changed).model_dump() | {"dataset": "own-desk"}


def options(base: dict[str, Any] = EVENTS, beside: dict[str, Path] | None = None, **changed: Any) -> Options:
    return Options(published=DAY, mapping=said(base, **changed), beside=beside)


def incident(**changed: Any) -> dict[str, Any]:
    return {"N°": "1", "Date": "05/03/2022", "Pays": "Mali", "Morts": "1 200"} | changed


def test_the_least_that_an_event_has(tmp_path: Path) -> None:
    path = write(tmp_path / "desk.csv", [incident(), incident(**{"N°": 2, "Date": "06/03/2022"})], delimiter=";")
    reading, rows, rejects = read_all(own_table.read, tmp_path / "out", path, options=options())
    assert rejects == []
    told = {name: value for name, value in rows[0].items() if value is not None}
    assert told == {
        "event_id": "1",
        "n_events": 1,
        "iso3": "MLI",
        "where_precision": "unknown",
        "date_start": dt.date(2022, 3, 5),
        "date_end": dt.date(2022, 3, 5),
        "date_precision": "unknown",
        "deaths_best": 1200,
        "n_range_broken": 0,
    }
    assert (reading.events, reading.rows, reading.status, reading.tables) == (2, 2, "rolling", ("events",))
    assert reading.coverage.dimensions == ("day",)
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2022, 3, 5), dt.date(2022, 3, 6))
    assert reading.origin is not None
    assert (reading.origin.dataset, reading.origin.contract) == ("own-desk", "events")
    assert reading.origin.licence.redistributable is False


def test_what_else_an_event_may_have(tmp_path: Path) -> None:
    columns = EVENTS["columns"] | {
        "side_a_as_written": "Auteur", "violence": "Type", "lat": "lat", "lon": "lon", "deaths_low": "min",
        "deaths_high": "max",
    }  # fmt: skip
    row = incident(Auteur="JX", Type="VBG", lat="11,5", lon="1,5", min="1", max="0", Morts="1")
    given_ = options(
        columns=columns,
        values={"where_precision": "near", "date_precision": "day"},
        translate={"violence": {"VBG": "one_sided"}},
    )
    path = write(
        tmp_path / "desk.csv", [row, incident(Auteur="", Type="", lat="", lon="", min="", max="", **{"N°": 2})]
    )
    reading, rows, rejects = read_all(own_table.read, tmp_path / "out", path, options=given_)
    assert rejects == []
    names = ("violence", "side_a", "side_a_as_written", "actors_a", "perpetrator", "lat", "cell", "n_range_broken")
    assert [rows[0][name] for name in names] == ["one_sided", None, "JX", ["JX"], None, 11.5, 146524, 1]
    assert [rows[1][name] for name in names] == [None, None, None, None, None, None, None, 0]
    assert (reading.range_broken, reading.coverage.dimensions) == (1, ("day", "cell", "kind", "actor"))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Morts": ""}, "deaths_best is missing"),
        ({"Morts": "-1"}, "deaths_best is less than nothing: -1"),
        ({"Morts": "12.5"}, "deaths_best is not a number with a decimal comma: 12.5"),
        ({"Morts": "12,5"}, "deaths_best is not a whole number: 12,5"),
        ({"Date": "03/31/2022"}, "date_start is not a day written %d/%m/%Y: 03/31/2022"),
        ({"Date": ""}, "date_start is missing"),
        ({"Pays": "Malawii"}, "iso3: There is no country Malawii."),
        ({"Pays": ""}, "neither country nor point is given"),
        ({"N°": ""}, "event_id is missing"),
        ({"Morts": "7"}, "1 is there twice with different values"),
    ],
)
def test_rows_that_cannot_be_taken(tmp_path: Path, changed: dict[str, Any], reason: str) -> None:
    path = write(tmp_path / "desk.csv", [incident(), incident(**changed)], delimiter=";")
    _reading, rows, rejects = read_all(own_table.read, tmp_path / "out", path, options=options())
    assert len(rows) == 1
    assert (rejects[0]["line"], rejects[0]["reason"].startswith(reason)) == (3, True), rejects


def test_a_point_names_its_country_where_boundaries_decide_it(tmp_path: Path) -> None:
    columns = {name: theirs for name, theirs in EVENTS["columns"].items() if name != "iso3"}
    columns |= {"lat": "lat", "lon": "lon"}
    rows = [incident(lat=11, lon=1), incident(**{"N°": 2}, lat=11, lon=9), incident(**{"N°": 3}, lat=11, lon=2)]
    shapes = {"MLI": shapely.box(0, 10, 2, 12), "NER": shapely.box(2, 10, 4, 12)}
    path, drawn = write(tmp_path / "desk.csv", rows), areas(tmp_path / "areas.parquet", shapes)
    _reading, found, rejects = read_all(
        own_table.read, tmp_path / "out", path, options=options(columns=columns, beside={"areas": drawn})
    )
    assert [row["iso3"] for row in found] == ["MLI"]
    assert [row["reason"] for row in rejects] == ["the point lies in no country", "the point lies in MLI and NER"]
    (tmp_path / "none").mkdir()
    with pytest.raises(WrongFile, match="cannot be told: ingest boundaries first"):
        own_table.read([path], tmp_path / "none", options(columns=columns))


def test_excel_knows_its_numbers_and_days(tmp_path: Path) -> None:
    path = tmp_path / "desk.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["N°", "Date", "Pays", "Morts", "lat", "lon"])
        sheet.write_row(1, 0, ["1", None, "Niger", 22, 13.125, 2.125])
        sheet.write_datetime(1, 1, dt.datetime(2022, 5, 22), day)
        sheet.write_row(2, 0, ["2", "22/05/2022", "Niger", "1 022", "13,5", "2,5"])
    columns = EVENTS["columns"] | {"lat": "lat", "lon": "lon"}
    _reading, rows, rejects = read_all(own_table.read, tmp_path / "out", path, options=options(columns=columns))
    assert rejects == []
    names = ("date_start", "deaths_best", "lat", "lon")
    assert [[row[name] for name in names] for row in rows] == [
        [dt.date(2022, 5, 22), 22, 13.125, 2.125],
        [dt.date(2022, 5, 22), 1022, 13.5, 2.5],
    ]


def test_a_stock_of_a_year_is_that_of_its_last_day(tmp_path: Path) -> None:
    base = EVENTS | {
        "contract": "displacement", "date_format": "%Y", "decimal": ".",
        "columns": {"as_of": "year", "value": "people", "admin1_as_written": "region"},
        "values": {"iso3": "MLI", "population": "idps", "level": "admin1"},
    }  # fmt: skip
    path = write(tmp_path / "idps.csv", [{"year": 2021, "people": "1,250", "region": "Gao"}])
    reading, rows, _rejects = read_all(own_table.read, tmp_path / "out", path, options=options(base))
    assert (rows[0]["as_of"], rows[0]["as_of_precision"]) == (dt.date(2021, 12, 31), "year")
    assert (rows[0]["value"], rows[0]["row_id"], reading.events) == (1250.0, "idps.csv 2", 0)


def test_lists_of_countries_and_years(tmp_path: Path) -> None:
    base = EVENTS | {
        "contract": "funding", "columns": {"countries": "pays", "year": "an", "value": "USD"},
        "values": {"measure": "paid"}, "delimiter": "|",
    }  # fmt: skip
    path = write(tmp_path / "f.csv", [{"pays": "Mali; Niger", "an": 2022, "USD": "1.234,5"}], delimiter="|")
    reading, rows, _rejects = read_all(own_table.read, tmp_path / "out", path, options=options(base))
    assert (rows[0]["countries"], rows[0]["value"]) == (["MLI", "NER"], 1234.5)
    assert reading.coverage.places == ("MLI", "NER")
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2022, 1, 1), dt.date(2022, 12, 31))


def test_facilities_of_ones_own_are_checked_like_others(tmp_path: Path) -> None:
    base = EVENTS | {
        "contract": "facilities", "decimal": ".",
        "columns": {"name": "Site", "lat": "lat", "lon": "lon", "commodities": "What"}, "values": {"iso3": "Mali"},
    }  # fmt: skip
    rows = [{"Site": "A", "lat": 11, "lon": 1, "What": "or"}, {"Site": "B", "lat": 11, "lon": 3, "What": ""}]
    drawn = areas(tmp_path / "areas.parquet", {"MLI": shapely.box(0, 10, 2, 12), "NER": shapely.box(2, 10, 4, 12)})
    reading, found, _rejects = read_all(
        own_table.read, tmp_path / "out", write(tmp_path / "f.csv", rows), options=options(base, {"areas": drawn})
    )
    assert [(row["gold"], row["in_country"], row["usable"]) for row in found] == [
        (True, True, True), (False, False, False),
    ]  # fmt: skip
    assert reading.notices == ("1 of 2 points do not lie in the country that is said.",)
    assert reading.beside == ("areas",)


@pytest.mark.parametrize(("contract", "columns", "row", "expected"), [
    ("towns", {"name": "n", "lat": "y", "lon": "x"}, {"n": "Gao", "y": 16.27, "x": -0.04}, {"cell": 153000}),
    ("population", {"people": "p"}, {"p": 5, "q": 1}, {"people": 5.0, "year": 2020, "sex": "all"}),
    ("coups", {"day": "d"}, {"d": "2020-08-18", "q": 1}, {"outcome": "failed", "day": dt.date(2020, 8, 18)}),
    ("deployments", {"mission": "m", "as_of": "d"}, {"m": "X", "d": "2020-08-01"}, {"roles": [], "contributors": []}),
    ("needs", {"value": "v", "start": "s", "end": "e"}, {"v": 1, "s": "2022-01-01", "e": "2022-03-31"},
     {"countries": ["MLI"], "indicator": "people_in_need"}),
])  # fmt: skip
def test_tables_of_every_kind(
    tmp_path: Path, contract: str, columns: dict[str, str], row: dict[str, Any], expected: dict[str, Any]
) -> None:
    values: dict[str, Any] = {
        "towns": {"iso3": "MLI"},
        "population": {"iso3": "MLI", "level": "country", "year": 2020, "sex": "all"},
        "coups": {"iso3": "MLI", "outcome": "failed"},
        "deployments": {"iso3": "MLI"},
        "needs": {"countries": ["Mali"], "indicator": "people_in_need", "level": "country"},
    }[contract]
    base = EVENTS | {
        "contract": contract, "columns": columns, "values": values, "date_format": "%Y-%m-%d", "decimal": ".",
    }  # fmt: skip
    _reading, rows, rejects = read_all(
        own_table.read, tmp_path / "out", write(tmp_path / "t.csv", [row]), options=options(base)
    )
    assert rejects == []
    assert {name: rows[0][name] for name in expected} == expected


def test_a_file_without_a_column_that_the_case_names(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    path = write(tmp_path / "desk.csv", [{"N°": 1, "Dates": "x", "Pays": "Mali", "Morts": 1}])
    with pytest.raises(WrongFile, match=r"has no column date\. Did you mean dates\? Correct the case file"):
        own_table.read([path], tmp_path / "out", options())
    with pytest.raises(UsageError, match="--case FILE"):
        own_table.read([path], tmp_path / "out", Options(published=DAY))
    whole = write(tmp_path / "whole.csv", [incident()], delimiter=";")
    with pytest.raises(UsageError, match="--published"):
        own_table.read([whole], tmp_path / "out", Options(mapping=said()))
    assert list((tmp_path / "out").iterdir()) == []


def test_a_header_with_a_line_end_of_old_macs_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    path = tmp_path / "desk.csv"
    path.write_bytes("N°;Date\rPays;Morts\n1;05/03/2022;Mali;1\n".encode())
    with pytest.raises(WrongFile):
        own_table.read([path], tmp_path / "out", options())


def test_the_user_states_what_it_covers(tmp_path: Path) -> None:
    stated = Options(
        published=DAY, mapping=said(), places=("MLI", "NER"), start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31)
    )
    path = write(tmp_path / "desk.csv", [incident()], delimiter=";")
    reading, _rows, _rejects = read_all(own_table.read, tmp_path / "out", path, options=stated)
    assert reading.coverage.places == ("MLI", "NER")
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2022, 1, 1), dt.date(2022, 12, 31))


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), st.sampled_from([" ", "\u202f", "\xa0", ".", ""]))
def test_a_number_is_read_as_it_is_written_in_french(value: float, thousands: str) -> None:
    words = f"{value:,.2f}".replace(",", "#").replace(".", ",").replace("#", thousands)
    assert number("x", words, Writing(decimal=",")) == value


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), st.sampled_from([",", " ", ""]))
def test_a_number_is_read_as_it_is_written_in_english(value: float, thousands: str) -> None:
    assert number("x", f"{value:,.2f}".replace(",", thousands), Writing()) == value


@pytest.mark.parametrize("words", ["22.5", "1.2345", "1,2,3", "12 3", "1e400", "inf", "--1", "5 %"])
def test_what_is_no_number_with_a_comma_is_refused_and_not_guessed(words: str) -> None:
    with pytest.raises(BadRow):
        number("x", words, Writing(decimal=","))


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_broken_bytes_end_in_one_line_or_a_reading(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "desk.csv"
    whole = write(path, [incident(), incident(**{"N°": 2})], delimiter=";").read_bytes()
    tell_or_read(own_table.read, path, whole, data, options())
