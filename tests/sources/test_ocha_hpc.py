"""OCHA's plans: kinds that overlap, several numbers for one thing, three shapes of answers, a server's refusals."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pytest_httpserver import HTTPServer

from harmattan.errors import FetchError, WrongFile
from harmattan.sources import ocha_hpc
from harmattan.sources.hpc_tools import HUMANITARIAN, plan_kind
from tests.sources.loopback import fetched, read, reasons, table, wanted, written

COLUMNS = ["Year", "Plan", "Crisis Country", "Country Code", "Metric", "Value", "Standardised Plan", "Appeal Type",
           "PiN Value for Dataviz", "OUSG Metric"]  # fmt: skip


def line(
    plan: str = "Mali", kind: str = "HRP", metric: str = "People in need", value: Any = 10, **said: Any
) -> list[Any]:
    row = {
        "Year": 2022, "Plan": plan, "Crisis Country": plan, "Country Code": "MLI", "Metric": metric, "Value": value,
        "Standardised Plan": plan, "Appeal Type": kind, "OUSG Metric": metric,
    } | said  # fmt: skip
    return [row.get(name, "") for name in COLUMNS]


def csv_file(folder: Path, *lines: list[Any]) -> Path:
    path = folder / "plans.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *lines])
    return path


def test_one_file_has_needs_and_funding(tmp_path: Path) -> None:
    lines = [line(), line(metric="Funding requirements", value=500), line(metric="Funding received", value=200)]
    got = read("ocha-hpc", [csv_file(tmp_path, *lines)], tmp_path / "r")
    (need,) = table(tmp_path / "r", "needs")
    assert (need["countries"], need["plan"], need["plan_type"], need["indicator"], need["value"]) == (
        ["MLI"], "Mali", HUMANITARIAN, "people_in_need", 10,
    )  # fmt: skip
    assert (need["start"], need["end"], need["level"]) == (dt.date(2022, 1, 1), dt.date(2022, 12, 31), "country")
    money = table(tmp_path / "r", "funding")
    assert [(m["measure"], m["year"], m["value"]) for m in money] == [
        ("requirements", 2022, 500),
        ("funding", 2022, 200),
    ]
    assert (got.tables, ocha_hpc.TABLES, got.rows) == (("needs", "funding"), ("needs", "funding"), 1)
    assert (got.coverage.start, got.coverage.end, got.coverage.places) == (
        dt.date(2022, 1, 1), dt.date(2022, 12, 31), ("MLI",),
    )  # fmt: skip


def test_plans_of_several_kinds_stay_apart(tmp_path: Path) -> None:
    kinds = ["HRP", "RRP", "FA", "Other"]
    read(
        "ocha-hpc", [csv_file(tmp_path, *(line(kind=kind, value=n) for n, kind in enumerate(kinds, 1)))], tmp_path / "r"
    )
    assert {r["plan_type"]: r["value"] for r in table(tmp_path / "r", "needs")} == {
        HUMANITARIAN: 1, "Regional response plan": 2, "Flash appeal": 3, "Other": 4,
    }  # fmt: skip


def test_of_several_numbers_for_one_thing_the_marked_one_counts(tmp_path: Path) -> None:
    long = "Humanitarian Response Plan (HRP)"
    lines = [line(kind=long, value=24), line(kind=long, value=21, **{"PiN Value for Dataviz": "yes"}),
             line(kind=long, value=21),
             line(metric="Funding requirements", kind="Humanitarian response plan", value=0.0),
             line(metric="Funding requirements", kind=long, value=300, **{"OUSG Metric": ""}),
             line(metric="People", value=3)]  # fmt: skip
    read("ocha-hpc", [csv_file(tmp_path, *lines)], tmp_path / "r")
    assert [r["value"] for r in table(tmp_path / "r", "needs")] == [21]
    assert [r["value"] for r in table(tmp_path / "r", "funding")] == [300]
    assert sorted((r["line"], r["reason"]) for r in table(tmp_path / "r", "rejects")) == [
        (2, f"2022|Mali|MLI|people_in_need|{HUMANITARIAN} is there twice with different values"),
        (5, "requirements of 0: the table writes 0 where it has no figure"),
        (7, "metric is none that is known: people"),
    ]


def test_a_plan_for_a_region_has_no_country(tmp_path: Path) -> None:
    lines = [
        line("A region (MRP)", "RRP", **{"Country Code": "", "Crisis Country": "A region"}),
        line("Refugees (JRP)", "RRP", **{"Country Code": "", "Crisis Country": "Chad"}),
        line("X", **{"Country Code": "XX"}),
    ]
    read("ocha-hpc", [csv_file(tmp_path, *lines)], tmp_path / "r")
    assert [r["countries"] for r in table(tmp_path / "r", "needs")] == [[], ["TCD"]]
    assert reasons(tmp_path / "r") == ["country code is not the ISO3 code of a country: XX"]


@pytest.mark.data
def test_people_in_need_in_the_central_sahel(data_dir: Path, tmp_path: Path) -> None:
    """Known answers: 13.27 million in 2021 and 16.07 million in 2022, by humanitarian response plans alone."""
    got = read("ocha-hpc", [data_dir / "needs" / "ocha_hrp_2021_2024.csv"], tmp_path / "r")
    sums = duckdb.sql(
        f"SELECT year(start), sum(value), count(*) FROM '{tmp_path / 'r' / 'needs.parquet'}' "
        f"WHERE plan_type = '{HUMANITARIAN}' AND indicator = 'people_in_need' "
        "AND list_has_any(countries, ['MLI', 'BFA', 'NER']) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert sums[:2] == [(2021, 13_272_701, 3), (2022, 16_066_602, 3)]
    assert (got.rejects, got.notices) == (10, ())


def summary(**said: Any) -> dict[str, Any]:
    return {
        "planId": 7, "planYear": 2024, "name": "Mali 2024", "planType": "Humanitarian needs and response plan",
        "planCountries": [{"country": "Mali", "iso3": "MLI"}],
        "caseloads": [
            {"caseloadId": 1, "caseloadCustomRef": "BP1", "caseloadDescription": "Overall", "inNeed": 700,
             "target": 400, "affected": None, "totalPopulation": "2000",
             "measurements": [{"cumulativeReach/peopleReached(cumulative)": 90}, {"cumulativeReach": 120}]},
            {"caseloadId": 2, "caseloadCustomRef": "HEA", "availableGlobalClusterCode": "HEA",
             "caseloadDescription": "Health", "inNeed": 300, "measurements": []},
        ],
        "financialData": {
            "requirements": {"totalRequirements": 1000, "breakdown": {"byGlobalCluster": [
                {"globalClusterId": 7, "globalClusterName": "Health", "requirements": 250}]}},
            "funding": {"totalFundingInsidePlan": 350, "breakdown": {"byGlobalCluster": []}},
        },
    } | said  # fmt: skip


PLANS = {"status": "ok", "data": [{
    "id": 7, "planVersion": {"name": "Mali 2024", "code": "HMLI24", "startDate": "2024-02-01T00:00:00Z",
                             "endDate": "2024-12-31"}, "locations": [{"iso3": "MLI"}]}]}  # fmt: skip


def test_summaries_and_the_list_of_plans(tmp_path: Path) -> None:
    files = [written(tmp_path, "s.json", {"data": {"planData": [summary()]}}), written(tmp_path, "p.json", PLANS)]
    read("ocha-hpc", files, tmp_path / "r")
    needs = table(tmp_path / "r", "needs")
    assert [(r["indicator"], r["sector"], r["population"], r["value"]) for r in needs] == [
        ("population", None, None, 2000), ("people_in_need", None, None, 700), ("people_targeted", None, None, 400),
        ("people_reached", None, None, 120), ("people_in_need", "HEA", "Health", 300),
    ]  # fmt: skip
    assert {(r["plan_code"], r["plan_type"], r["start"], r["end"]) for r in needs} == {
        ("HMLI24", HUMANITARIAN, dt.date(2024, 2, 1), dt.date(2024, 12, 31)),
    }  # fmt: skip
    assert [(r["measure"], r["sector"], r["value"], r["year"]) for r in table(tmp_path / "r", "funding")] == [
        ("requirements", None, 1000, 2024), ("funding", None, 350, 2024), ("requirements", "Health", 250, 2024),
    ]  # fmt: skip


def progress(caseloads: int = 1, **said: Any) -> dict[str, Any]:
    totals = [{"type": "inNeed", "value": 70}, {"type": "target", "value": None}, {"type": "other", "value": 1}]
    return {
        "id": 8, "name": "Mali 2020", "code": "HMLI20", "startDate": "2020-01-01", "endDate": "2020-12-31",
        "countries": [{"iso3": "MLI"}], "planType": {"name": "Humanitarian response plan"},
        "caseLoads": [{"totals": totals, "customReference": str(n)} for n in range(caseloads)],
        "usageYears": [{"year": "2020"}], "requirements": {"revisedRequirements": 9}, "funding": {"totalFunding": 4},
    } | said  # fmt: skip


def test_the_overview_does_not_say_which_of_several_caseloads_is_the_whole(tmp_path: Path) -> None:
    plans = [progress(), progress(caseloads=2, id=9), progress(id=10, funding=None, caseLoads=None)]
    read("ocha-hpc", [written(tmp_path, "o.json", {"data": {"plans": plans}})], tmp_path / "r")
    assert [(r["population"], r["value"]) for r in table(tmp_path / "r", "needs")] == [
        (None, 70), ("caseload 0", 70), ("caseload 1", 70),
    ]  # fmt: skip
    assert [(r["measure"], r["value"]) for r in table(tmp_path / "r", "funding")] == [
        ("requirements", 9), ("funding", 4), ("requirements", 9), ("funding", 4), ("requirements", 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"planId": None}, "the plan has no id"),
        ({"planYear": "soon"}, "year is not a year: soon"),
        ({"startDate": "2024-05-01", "endDate": "2024-01-01"}, "the plan ends before it starts"),
        ({"caseloads": [{"caseloadCustomRef": "BP1", "inNeed": -1}]}, "a number of people is below zero: -1"),
        ({"caseloads": [{"caseloadCustomRef": "BP1", "inNeed": "some"}]}, "a figure is not a number: some"),
    ],
)
def test_what_is_refused_and_why(tmp_path: Path, said: dict[str, Any], why: str) -> None:
    plans = [summary(), summary(planId=8) | said]
    read("ocha-hpc", [written(tmp_path, "s.json", {"data": {"planData": plans}})], tmp_path / "r")
    assert reasons(tmp_path / "r") == [why]


@pytest.mark.parametrize("content", ['{"data": {}}', '{"data": {"planData": 3}}', '{"data": []}', "[]", "x,y\n1,2\n"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(WrongFile):
        read("ocha-hpc", [written(tmp_path, "a.json", content)], tmp_path / "r")
    assert list((tmp_path / "r").iterdir()) == []


def test_kinds_of_plans() -> None:
    for words in ("HRP", "Humanitarian Response Plan (HRP)", "Humanitarian response plan", "HNRP"):
        assert plan_kind(words) == HUMANITARIAN
    assert plan_kind("COVID-19 (Intersectoral)") == "COVID-19 (Intersectoral)"


YEAR = {"start": dt.date(2024, 3, 1), "end": dt.date(2024, 4, 1)}


def test_plans_are_fetched_along_their_links(httpserver: HTTPServer, tmp_path: Path) -> None:
    away = {"meta": {"nextLink": "https://elsewhere.example/v2/public/plan?year=2024&page=2"}}
    httpserver.expect_request("/v2/public/plan", query_string={"year": "2024"}).respond_with_json(PLANS | away)
    second = {"year": "2024", "page": "2"}
    httpserver.expect_request("/v2/public/plan", query_string=second).respond_with_json({"data": [], "meta": {}})
    httpserver.expect_request("/v2/public/planSummary").respond_with_json({"data": {"planData": [summary()]}})
    got = fetched("ocha-hpc", wanted(httpserver, **YEAR), tmp_path / "j", secret=None)
    assert len(got.files) == 3
    read("ocha-hpc", got.files, tmp_path / "r")
    assert table(tmp_path / "r", "needs")[0]["plan_code"] == "HMLI24"


def test_a_cut_between_the_list_and_the_summaries_goes_on_there(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/v2/public/plan").respond_with_json(PLANS)
    httpserver.expect_request("/v2/public/planSummary").respond_with_data("busy", status=500)
    with pytest.raises(FetchError, match="planSummary answered 500"):
        fetched("ocha-hpc", wanted(httpserver, **YEAR), tmp_path / "j")
    httpserver.clear()
    httpserver.expect_request("/v2/public/planSummary").respond_with_json({"data": {"planData": [summary()]}})
    assert len(fetched("ocha-hpc", wanted(httpserver, **YEAR), tmp_path / "j").files) == 2


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (406, '{"error": "Blocked due to bot activity."}', "took this program for a robot and blocked it"),
        (404, "not found", "does not know this address: the interface has changed"),
        (200, "<html></html>", "something that is not JSON"),
        (200, '{"status": "ok"}', "answered without data"),
    ],
)
def test_what_the_server_may_refuse(httpserver: HTTPServer, tmp_path: Path, status: int, body: str, said: str) -> None:
    httpserver.expect_request("/v2/public/plan").respond_with_data(body, status=status)
    with pytest.raises(FetchError, match=said):
        fetched("ocha-hpc", wanted(httpserver, **YEAR), tmp_path / "j")
    assert len(httpserver.log) == 1
