"""HDX HAPI: four data sets, levels by the units that are named, types of events that overlap, pages by offset."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, UsageError, WrongFile
from harmattan.sources import hapi
from harmattan.sources.reading import Options
from harmattan.sources.registry import SOURCES
from tests.sources.loopback import CANARY, TODAY, fetched, no_secret_in, read, reasons, table, wanted, written

ALL = ("hapi-displacement", "hapi-needs", "hapi-funding", "hapi-conflict-events")
DAYS = {"reference_period_start": "2024-01-01T00:00:00", "reference_period_end": "2024-12-31T23:59:59"}
PLACE = {"location_code": "MLI", "location_name": "Mali", "admin_level": 0}
ROWS: dict[str, dict[str, Any]] = {
    "hapi-displacement": {
        **PLACE, **DAYS, "operation": "Op", "assessment_type": "BA", "reporting_round": 3, "population": 9,
        "reference_period_start": "2024-06-30", "reference_period_end": "2024-06-30",
    },
    "hapi-needs": {
        **PLACE, **DAYS, "sector_code": "Intersectoral", "sector_name": "Intersectoral", "category": "",
        "population_status": "INN", "population": 9,
    },
    "hapi-funding": {
        **PLACE, **DAYS, "appeal_code": "HMLI24", "appeal_name": "Mali 2024", "requirements_usd": 100.0,
        "appeal_type": "Humanitarian response plan", "funding_usd": 40.0, "funding_pct": 40,
    },
    "hapi-conflict-events": {
        **PLACE, "event_type": "political_violence", "events": 4, "fatalities": 7, "admin_level": 2,
        "admin1_code": "ML07", "admin1_name": "Gao", "admin2_code": "ML0702", "admin2_name": "Ansongo",
        "reference_period_start": "2024-02-01T00:00:00", "reference_period_end": "2024-02-29T23:59:59",
    },
}  # fmt: skip
"""A made-up row of each data set."""


def answered(folder: Path, *rows: dict[str, Any], name: str = "a.json") -> Path:
    return written(folder, name, {"data": list(rows)})


def abroad(**said: Any) -> dict[str, Any]:
    return {
        "origin_location_code": "MLI", "asylum_location_code": "BFA", "population_group": "REF", "gender": "all",
        "age_range": "all", "min_age": None, "max_age": None, "population": 50, **DAYS,
    } | said  # fmt: skip


@pytest.mark.parametrize("dataset", ALL)
def test_a_row_of_each(tmp_path: Path, dataset: str) -> None:
    got = read(dataset, [answered(tmp_path, ROWS[dataset])], tmp_path / "r")
    assert (got.rejects, got.coverage.places, got.coverage.dimensions, got.notices) == (0, ("MLI",), (), ())
    assert SOURCES[dataset].ORIGIN.contract == got.tables[0]


def test_stocks_of_idps(tmp_path: Path) -> None:
    read("hapi-displacement", [answered(tmp_path, ROWS["hapi-displacement"])], tmp_path / "r")
    (row,) = table(tmp_path / "r", "displacement")
    assert (row["iso3"], row["level"], row["operation"], row["round"], row["method"]) == (
        "MLI",
        "country",
        "Op",
        3,
        "BA",
    )
    assert (row["as_of"], row["as_of_precision"], row["value"]) == (dt.date(2024, 6, 30), "day", 9)


def test_people_abroad_and_back(tmp_path: Path) -> None:
    rows = [
        abroad(), abroad(gender="f", population=30), abroad(gender="f", age_range="0-4", population=4),
        abroad(population_group="RET", population=5), abroad(population_group="RST"),
        abroad(origin_location_code="UNK", population=2), abroad(asylum_location_code="UNK"),
    ]  # fmt: skip
    read("hapi-displacement", [answered(tmp_path, *rows)], tmp_path / "r")
    found = [(r["population"], r["origin_iso3"], r["iso3"], r["sex"], r["value"]) for r in
             table(tmp_path / "r", "displacement")]  # fmt: skip
    assert found == [
        ("refugees", "MLI", "BFA", None, 50), ("refugees", "MLI", "BFA", "f", 30),
        ("returned_refugees", "BFA", "MLI", None, 5), ("refugees", None, "BFA", None, 2),
    ]  # fmt: skip
    assert reasons(tmp_path / "r") == [
        "population_group is none that is counted here: RST",
        "where they are is not a country",
    ]
    assert {r["as_of_precision"] for r in table(tmp_path / "r", "displacement")} == {"year"}


def test_needs_by_sector_group_and_unit(tmp_path: Path) -> None:
    base = ROWS["hapi-needs"]
    rows = [
        base,
        base | {"sector_name": "Education", "category": "Host Community", "population_status": "TGT"},
        base | {"admin_level": 1, "provider_admin2_name": "Ansongo", "admin1_code": "ML07"},
        base | {"provider_admin1_name": "Gao", "provider_admin2_name": " "},
        base | {"population_status": "XXX"},
        base | {"error": "Duplicate row"},
        base | {"location_code": "NG"},
    ]
    read("hapi-needs", [answered(tmp_path, *rows)], tmp_path / "r")
    assert [(r["indicator"], r["sector"], r["population"], r["level"]) for r in table(tmp_path / "r", "needs")] == [
        ("people_in_need", None, None, "country"), ("people_targeted", "Education", "Host Community", "country"),
        ("people_in_need", None, None, "admin2"), ("people_in_need", None, None, "admin1"),
    ]  # fmt: skip
    assert reasons(tmp_path / "r") == [
        "population_status is none that is known: XXX",
        "the publisher marks it: Duplicate row",
        "location_code is not the ISO3 code of a country: NG",
    ]


def test_food_phases(tmp_path: Path) -> None:
    base = {**PLACE, **DAYS, "population_in_phase": 8, "population_fraction_in_phase": 0.1}
    said = [("3+", "current"), ("all", "first projection"), ("5", "second projection"), ("9", "current")]
    rows = [base | {"ipc_phase": phase, "ipc_type": kind} for phase, kind in said]
    read("hapi-needs", [answered(tmp_path, *rows)], tmp_path / "r")
    assert [(r["indicator"], r["period"]) for r in table(tmp_path / "r", "needs")] == [
        ("ipc_phase_3_plus", "current"), ("population", "projected"), ("ipc_phase_5", "second projection"),
    ]  # fmt: skip
    assert reasons(tmp_path / "r") == ["ipc_phase is not a phase: 9"]


def test_funding_in_and_outside_appeals(tmp_path: Path) -> None:
    outside = {"appeal_code": "Not specified", "appeal_name": "Not specified", "appeal_type": None,
               "requirements_usd": None, "funding_usd": 5}  # fmt: skip
    read("hapi-funding", [answered(tmp_path, ROWS["hapi-funding"], ROWS["hapi-funding"] | outside)], tmp_path / "r")
    assert [(r["measure"], r["plan_code"], r["plan_type"], r["year"], r["value"]) for r in
            table(tmp_path / "r", "funding")] == [
        ("requirements", "HMLI24", "Humanitarian response plan", 2024, 100),
        ("funding", "HMLI24", "Humanitarian response plan", 2024, 40),
        ("funding", None, None, 2024, 5),
    ]  # fmt: skip


def test_types_of_events_that_overlap_are_never_added_up(tmp_path: Path) -> None:
    base = ROWS["hapi-conflict-events"]
    rows = [base, base | {"event_type": "civilian_targeting", "events": 3}, base | {"event_type": "demonstration"}]
    got = read("hapi-conflict-events", [answered(tmp_path, *rows)], tmp_path / "r")
    (row,) = table(tmp_path / "r", "events")
    assert (row["n_events"], row["deaths_best"], row["event_type"], row["violence"]) == (
        4,
        7,
        "political_violence",
        None,
    )
    assert (row["iso3"], row["where_precision"], row["lat"], row["date_precision"]) == ("MLI", "admin2", None, "month")
    assert (row["date_start"], row["date_end"]) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert (row["deaths_low"], row["deaths_high"], row["n_range_broken"]) == (None, None, 0)
    assert (got.events, got.rows) == (4, 1)
    assert got.notices == (
        "2 rows of civilian_targeting and demonstration are not taken: HAPI's types overlap.",
    )  # fmt: skip
    assert not SOURCES["hapi-conflict-events"].ORIGIN.licence.redistributable


def test_a_row_of_the_whole_country_beside_its_units_and_rows_without_events(tmp_path: Path) -> None:
    base = ROWS["hapi-conflict-events"]
    units = {"admin_level": 0, "admin1_code": "", "admin1_name": "", "admin2_code": "", "admin2_name": ""}
    rows = [
        base, base | units,
        base | units | {"reference_period_start": "2024-03-01", "reference_period_end": "2024-03-31"},
        base | {"admin2_name": "Menaka", "admin2_code": "ML0703", "events": 0, "fatalities": 0},
        base | {"admin2_code": "ML0704", "events": 0}, base | {"admin2_code": "ML0705", "events": None},
        base | {"event_type": "riots"},
    ]  # fmt: skip
    read("hapi-conflict-events", [answered(tmp_path, *rows)], tmp_path / "r")
    assert [(r["where_precision"], r["date_start"].month) for r in table(tmp_path / "r", "events")] == [
        ("admin2", 2), ("country", 3),
    ]  # fmt: skip
    assert reasons(tmp_path / "r") == [
        "a row of the whole country beside rows of its units would count them twice",
        "it has deaths and no event",
        "events or fatalities are missing or below zero",
        "event_type is none that is known: riots",
    ]


def test_a_country_that_lacks_a_month_is_not_said_to_have_been_quiet(tmp_path: Path) -> None:
    base = ROWS["hapi-conflict-events"]
    march = {"reference_period_start": "2024-03-01", "reference_period_end": "2024-03-31"}
    quiet = {"location_code": "NER", "events": 0, "fatalities": 0}
    rows = [base, base | march, base | {"location_code": "BFA"}, base | {"location_code": "NER"}, base | march | quiet]
    path = answered(tmp_path, *rows)
    got = read("hapi-conflict-events", [path], tmp_path / "r")
    assert (got.coverage.places, got.rows) == (("MLI", "NER"), 4)
    assert got.notices == ("Not every month has a row, so that silence is not claimed to be zero: BFA.",)
    stated = read(
        "hapi-conflict-events", [path], tmp_path / "s", Options(retrieved=TODAY, places=("BFA", "MLI", "NER"))
    )
    assert (stated.coverage.places, stated.notices) == (("BFA", "MLI", "NER"), ())


def test_the_yearly_tables_on_hdx(tmp_path: Path) -> None:
    csv = (
        "\ufefflocation_code,has_hrp,in_gho,provider_admin1_name,provider_admin2_name,admin1_code,admin1_name,admin2_code,"
        "admin2_name,admin_level,event_type,events,fatalities,reference_period_start,reference_period_end,dataset_hdx_id,"
        "resource_hdx_id,warning,error\n"
        "#country+code,#meta,#meta,#adm1,#adm2,#adm1,#adm1,#adm2,#adm2,#adm,#type,#n,#n,#date,#date,#meta,#meta,#meta,#meta\n"
        "MLI,Y,Y,Gao,Ansongo,ML07,Gao,ML0702,Ansongo,2,political_violence,2,3.0,2024-01-01,2024-01-31,d,r,,\n"
        "MLI,Y,Y,Gao,Ansongo,ML07,Gao,ML0702,Ansongo,2,demonstration,2,3.0,2024-01-01,2024-01-31,d,r,,\n"
    )
    got = read(
        "hapi-conflict-events", [written(tmp_path, "hdx_hapi_conflict_event_global_2024.csv", csv)], tmp_path / "r"
    )
    assert (got.events, got.rejects, len(got.notices)) == (2, 0, 1)


def serve(server: HTTPServer, path: str, rows: list[dict[str, Any]], broken_at: int | None = None) -> None:
    """A server that gives rows by offset and limit, to who says who he is."""

    def handler(request: Request) -> Response:
        if request.headers.get("X-HDX-HAPI-APP-IDENTIFIER") != CANARY:
            return Response('{"error":"Missing app identifier"}', status=403)
        offset, limit = int(request.args["offset"]), int(request.args["limit"])
        assert (limit <= 10_000, request.args["output_format"]) == (True, "json")
        if offset == broken_at:
            return Response("busy", status=503)
        return Response(json.dumps({"data": rows[offset : offset + limit]}), content_type="application/json")

    server.expect_request(f"/api/v2/{path}").respond_with_handler(handler)


def funding(n: int) -> list[dict[str, Any]]:
    return [ROWS["hapi-funding"] | {"appeal_code": f"H{i}"} for i in range(n)]


def test_pages_by_offset_and_a_cut_between_them(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hapi, "LIMIT", 2)
    serve(httpserver, "coordination-context/funding", funding(5), broken_at=4)
    wish = wanted(httpserver, places=("MLI",), start=dt.date(2024, 1, 1))
    with pytest.raises(FetchError, match="answered 503"):
        fetched("hapi-funding", wish, tmp_path / "j")
    httpserver.clear()
    serve(httpserver, "coordination-context/funding", funding(5))
    got = fetched("hapi-funding", wish, tmp_path / "j")
    (request,) = [request for request, _ in httpserver.log]
    assert (request.args["offset"], request.args["location_code"], request.args["start_date"]) == (
        "4", "MLI", "2024-01-01",
    )  # fmt: skip
    read("hapi-funding", got.files, tmp_path / "r")
    codes = [row["plan_code"] for row in table(tmp_path / "r", "funding") if row["measure"] == "funding"]
    assert codes == ["H0", "H1", "H2", "H3", "H4"]
    no_secret_in(tmp_path)


def test_a_full_last_page_is_followed_by_an_empty_one(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hapi, "LIMIT", 2)
    serve(httpserver, "coordination-context/funding", funding(4))
    got = fetched("hapi-funding", wanted(httpserver), tmp_path / "j")
    assert len(got.files) == 3
    assert read("hapi-funding", got.files, tmp_path / "r").rows == 8


def test_people_are_asked_for_at_both_ends(httpserver: HTTPServer, tmp_path: Path) -> None:
    for path in ("idps", "refugees-persons-of-concern", "returnees"):
        serve(httpserver, f"affected-people/{path}", [])
    fetched("hapi-displacement", wanted(httpserver, places=("MLI",)), tmp_path / "j")
    asked = [(request.path.rpartition("/")[2], sorted(set(request.args) & {"location_code", "asylum_location_code",
             "origin_location_code"})) for request, _ in httpserver.log]  # fmt: skip
    assert asked == [
        ("idps", ["location_code"]),
        ("refugees-persons-of-concern", ["asylum_location_code"]),
        ("refugees-persons-of-concern", ["origin_location_code"]),
        ("returnees", ["asylum_location_code"]),
        ("returnees", ["origin_location_code"]),
    ]


@pytest.mark.parametrize("dataset", ALL)
def test_a_missing_and_a_refused_identifier(httpserver: HTTPServer, tmp_path: Path, dataset: str) -> None:
    for path in ("affected-people/idps", "affected-people/humanitarian-needs", "coordination-context/funding",
                 "coordination-context/conflict-events"):  # fmt: skip
        serve(httpserver, path, [])
    with pytest.raises(FetchError, match=r"refused the identifier HAPI_IDENTIFIER\. The identifier is the base64") as e:
        fetched(dataset, wanted(httpserver), tmp_path / "j", secret="other-canary")
    assert "other-canary" not in str(e.value)
    with pytest.raises(UsageError, match="Not set: HAPI_IDENTIFIER"):
        fetched(dataset, wanted(httpserver), tmp_path / "j", secret=None)


@pytest.mark.parametrize("dataset", ALL)
@pytest.mark.parametrize("content", ['{"data": 3}', '{"error": "x"}', '{"data": [1]}', '{"data": []}', "a,b\n1,2\n"])
def test_another_file_is_refused(tmp_path: Path, dataset: str, content: str) -> None:
    with pytest.raises(WrongFile):
        read(dataset, [written(tmp_path, "a.json", content)], tmp_path / "r")
    assert list((tmp_path / "r").iterdir()) == []
