"""UNHCR: wide rows into records, the publisher's own country codes, pages, and the whole table since 1951."""

from __future__ import annotations

import csv
import datetime as dt
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, UsageError, WrongFile
from harmattan.sources.unhcr_population import GROUPS
from harmattan.vocabulary.codes import ISO3_BY_UNHCR, iso3_from_unhcr
from harmattan.vocabulary.country import COUNTRIES, is_iso3
from tests.sources.loopback import fetched, read, reasons, table, wanted, written


def row(**said: Any) -> dict[str, Any]:
    """A row as the API has it: numbers, numbers as text, and "-" for what there was no category for."""
    return {
        "year": 2019, "coo_id": 1, "coo_name": "Mali", "coo": "MLI", "coo_iso": "MLI", "coa_id": 2,
        "coa_name": "Burkina Faso", "coa": "BKF", "coa_iso": "BFA", "refugees": 250, "asylum_seekers": "0",
        "returned_refugees": "0", "idps": "0", "returned_idps": "0", "stateless": "-", "ooc": "0", "oip": "-", "hst": 0,
    } | said  # fmt: skip


def page(*rows: dict[str, Any], number: int = 1, pages: int = 1, total: int = 1) -> dict[str, Any]:
    return {"page": number, "short-url": "", "maxPages": pages, "total": total, "items": list(rows)}


def test_one_record_for_each_group_with_a_number(tmp_path: Path) -> None:
    got = read("unhcr-population", [written(tmp_path, "a.json", page(row(asylum_seekers="12")))], tmp_path / "r")
    records = table(tmp_path / "r", "displacement")
    assert [(r["population"], r["value"]) for r in records] == [("refugees", 250), ("asylum_seekers", 12)]
    assert {(r["iso3"], r["origin_iso3"], r["level"], r["sex"]) for r in records} == {("BFA", "MLI", "country", None)}
    assert {(r["as_of"], r["as_of_precision"]) for r in records} == {(dt.date(2019, 12, 31), "year")}
    assert (got.rows, got.rejects, got.coverage.places) == (2, 0, ("BFA",))
    assert "a 0 in the publisher's table is not taken" in got.coverage.basis


def test_who_went_home_is_at_home(tmp_path: Path) -> None:
    rows = [row(refugees=0, returned_refugees=30), row(coa_iso="MLI", coa="MLI", refugees=0, idps=40, returned_idps=5)]
    read("unhcr-population", [written(tmp_path, "a.json", page(*rows))], tmp_path / "r")
    assert {r["population"]: (r["iso3"], r["origin_iso3"]) for r in table(tmp_path / "r", "displacement")} == {
        "returned_refugees": ("MLI", "BFA"),
        "idps": ("MLI", "MLI"),
        "returned_idps": ("MLI", "MLI"),
    }


def test_the_publishers_own_codes_are_never_taken_for_isos(tmp_path: Path) -> None:
    own = row(coo="ARE", coo_iso=None, coa="NIG", coa_iso=None)
    iso = row(coo="NIG", coo_iso="NGA", coa="NGR", coa_iso="NER")
    mixed = row(coa="BKF", coa_iso="BKF")
    strange = row(coo="DEU", coo_iso=None)
    read("unhcr-population", [written(tmp_path, "a.json", page(own, iso, mixed, strange))], tmp_path / "r")
    assert [(r["origin_iso3"], r["iso3"]) for r in table(tmp_path / "r", "displacement")] == [
        ("EGY", "NGA"), ("NGA", "NER"),
    ]  # fmt: skip
    assert reasons(tmp_path / "r") == [
        "coa_iso is not the ISO3 code of a country: BKF",
        "DEU is not one of UNHCR's country codes.",
    ]


def test_unknown_origins_have_none_and_unknown_places_are_refused(tmp_path: Path) -> None:
    rows = [
        row(coo="UKN", coo_iso="UNK", coo_name="Not known", returned_refugees=3),
        row(coo="STA", coo_iso="XXA", refugees=0, stateless=9),
        row(coa="UKN", coa_iso="UNK", coa_name="Unknown"), row(coo="-", coo_iso="-", coo_name="-"), row(year="19x9"),
    ]  # fmt: skip
    read("unhcr-population", [written(tmp_path, "a.json", page(*rows))], tmp_path / "r")
    assert [(r["origin_iso3"], r["population"]) for r in table(tmp_path / "r", "displacement")] == [
        (None, "refugees"), (None, "stateless"),
    ]  # fmt: skip
    assert reasons(tmp_path / "r") == [
        "where they are is not a country: Not known",
        "where they are is not a country: Unknown",
        "it adds up all countries of origin; ask UNHCR with coo_all=true",
        "year is not a year: 19x9",
    ]


def test_codes() -> None:
    sahel = {"BKF": "BFA", "NGR": "NER", "NIG": "NGA", "ICO": "CIV", "CHD": "TCD", "MAU": "MRT", "GUI": "GIN"}
    assert {code: iso3_from_unhcr(code) for code in sahel} == sahel
    assert all(is_iso3(iso3) for iso3 in ISO3_BY_UNHCR.values())
    assert all(is_iso3(iso3) for iso3 in COUNTRIES)
    for code in ("NER", "EGY", "UKN", "", "mli", "999"):
        with pytest.raises(UsageError, match="is not one of UNHCR's country codes"):
            iso3_from_unhcr(code)


def serve(server: HTTPServer, rows: int = 2, changed: bool = False, broken_at: int | None = None) -> None:
    """A server with one row a page, for each end."""

    def handler(request: Request) -> Response:
        assert request.args["cf_type"] == "ISO"
        number = int(request.args["page"])
        if number == broken_at:
            return Response("gone", status=500)
        total = rows + (changed and number > 1)
        body = page(row(year=2000 + number), number=number, pages=rows, total=total)
        return Response(__import__("json").dumps(body), content_type="application/json")

    server.expect_request("/population/v1/population/").respond_with_handler(handler)


def test_pages_are_walked_for_both_ends_and_rows_that_come_twice_are_one(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    serve(httpserver)
    wish = wanted(httpserver, places=("MLI", "BFA"), start=dt.date(2001, 5, 1), end=dt.date(2002, 1, 1))
    got = fetched("unhcr-population", wish, tmp_path / "j", secret=None)
    asked = [dict(request.args) for request, _ in httpserver.log]
    assert [(a.get("coa"), a.get("coo"), a["page"]) for a in asked] == [
        ("MLI,BFA", None, "1"), ("MLI,BFA", None, "2"), (None, "MLI,BFA", "1"), (None, "MLI,BFA", "2"),
    ]  # fmt: skip
    assert {(a["yearFrom"], a["yearTo"]) for a in asked} == {("2001", "2002")}
    assert asked[0]["coo_all"] == "true"
    assert "coa_all" not in asked[0]
    assert read("unhcr-population", got.files, tmp_path / "r").rows == 2


def test_a_cut_after_the_first_page_goes_on_there(httpserver: HTTPServer, tmp_path: Path) -> None:
    serve(httpserver, rows=3, broken_at=3)
    with pytest.raises(FetchError, match=r"population/ answered 500.*what has come is kept"):
        fetched("unhcr-population", wanted(httpserver), tmp_path / "j")
    httpserver.clear()
    serve(httpserver, rows=3)
    got = fetched("unhcr-population", wanted(httpserver), tmp_path / "j")
    assert [request.args["page"] for request, _ in httpserver.log] == ["3"]
    read("unhcr-population", got.files, tmp_path / "r")
    assert [r["as_of"].year for r in table(tmp_path / "r", "displacement")] == [2001, 2002, 2003]


def test_data_that_change_between_two_pages_are_not_mixed(httpserver: HTTPServer, tmp_path: Path) -> None:
    serve(httpserver, changed=True)
    with pytest.raises(FetchError, match="UNHCR population changed while it was being fetched"):
        fetched("unhcr-population", wanted(httpserver), tmp_path / "j")


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, "<html>Checking your browser</html>", "population/ answered 404"),
        (200, "<html>Checking your browser</html>", "something that is not JSON"),
        (200, '{"items": []}', "UNHCR answered without maxPages, items"),
    ],
)
def test_a_page_for_people_is_an_error_in_one_line(
    httpserver: HTTPServer, tmp_path: Path, status: int, body: str, said: str
) -> None:
    httpserver.expect_request("/population/v1/population/").respond_with_data(body, status=status)
    with pytest.raises(FetchError, match=said):
        fetched("unhcr-population", wanted(httpserver), tmp_path / "j")
    with pytest.raises(WrongFile):
        read("unhcr-population", [written(tmp_path, "a.json", body)], tmp_path / "r")


@pytest.mark.data
def test_the_codes_of_the_publishers_own_table(data_dir: Path) -> None:
    file = data_dir / "displacement" / "unhcr_population_1951_2025.parquet"
    pairs = duckdb.sql(f"SELECT coo, coo_iso FROM '{file}' UNION SELECT coa, coa_iso FROM '{file}'").fetchall()
    no_country = {"UKN", "STA", "TIB"}
    assert len(pairs) > 200
    assert {own: iso3_from_unhcr(own) for own, _ in pairs if own not in no_country} == {
        own: iso for own, iso in pairs if own not in no_country
    }


@pytest.mark.data
@pytest.mark.slow
def test_the_whole_table_adds_up(data_dir: Path, tmp_path: Path) -> None:
    file = data_dir / "displacement" / "unhcr_population_1951_2025.parquet"
    start = time.process_time()
    got = read("unhcr-population", [file], tmp_path / "r")
    assert time.process_time() - start < 15
    ours = f"'{tmp_path / 'r' / 'displacement.parquet'}'"
    for column, group in GROUPS.items():
        place = "coo_iso" if column in ("idps", "returned_idps", "returned_refugees") else "coa_iso"
        (theirs,) = duckdb.sql(
            f"SELECT sum({column}) FROM '{file}' WHERE {place} NOT IN ('UNK', 'XXA', 'TIB')"
        ).fetchall()[0]
        (sums,) = duckdb.sql(f"SELECT sum(value) FROM {ours} WHERE population = '{group}'").fetchall()[0]
        assert sums == pytest.approx(theirs), group
    assert (got.coverage.start, got.coverage.end) == (dt.date(1951, 12, 31), dt.date(2025, 12, 31))
    assert set(reasons(tmp_path / "r")) == {
        "where they are is not a country: Unknown", "where they are is not a country: Stateless",
    }  # fmt: skip
    assert got.notices == ()


def test_a_table_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row()))
        writer.writeheader()
        writer.writerow(row())
    assert read("unhcr-population", [path], tmp_path / "r").rows == 1
