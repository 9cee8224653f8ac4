"""OCHA FTS: flows that are pledged, agreed or paid, split over places and years, and counted once."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from harmattan.errors import FetchError, UsageError, WrongFile
from tests.sources.loopback import fetched, read, reasons, table, wanted, written

LOCATIONS = {"status": "ok", "data": [{"id": 137, "iso3": "MLI", "name": "Mali"},
                                      {"id": 36, "iso3": "BFA", "name": "B"},
                                      {"id": 900, "iso3": None, "name": "Global"}]}  # fmt: skip


def to(kind: str, id_: int, name: str, behavior: str = "single") -> dict[str, Any]:
    return {"type": kind, "id": str(id_), "name": name, "behavior": behavior}


MALI, YEAR = to("Location", 137, "Mali"), to("UsageYear", 45, "2024")
PLAN, HEALTH = to("Plan", 7, "Mali 2024"), to("GlobalCluster", 7, "Health")


def flow(id_: int = 1, *there: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A flow as the API has it; the numbers are made up."""
    return {
        "id": str(id_), "amountUSD": 1000, "budgetYear": None, "date": "2024-03-05T00:00:00Z", "status": "paid",
        "boundary": "incoming", "onBoundary": "single", "flowType": "Standard",
        "sourceObjects": [to("Organization", 1, "Government of A"), to("Location", 3, "A")],
        "destinationObjects": list(there or (MALI, YEAR, PLAN, HEALTH, to("Organization", 2, "Agency"))),
    } | said  # fmt: skip


def answer(*flows: dict[str, Any], link: str | None = None) -> dict[str, Any]:
    return {"status": "ok", "data": {"flows": list(flows), "incoming": {}}, "meta": {"nextLink": link} if link else {}}


def files(folder: Path, *flows: dict[str, Any]) -> list[Path]:
    return [written(folder, "flows.json", answer(*flows)), written(folder, "locations.json", LOCATIONS)]


def test_a_flow(tmp_path: Path) -> None:
    got = read("ocha-fts", files(tmp_path, flow()), tmp_path / "r")
    (row,) = table(tmp_path / "r", "funding")
    assert row == {
        "row_id": "1", "measure": "paid", "countries": ["MLI"], "plan": "Mali 2024", "plan_code": "7",
        "plan_type": None,
        "year": 2024, "day": dt.date(2024, 3, 5), "sector": "Health", "giver": "Government of A", "receiver": "Agency",
        "shared": False, "value": 1000,
    }  # fmt: skip
    assert (got.coverage.start, got.coverage.end) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))


def test_pledges_agreements_and_payments_are_told_apart(tmp_path: Path) -> None:
    said = ["pledge", "commitment", "paid", "carryover"]
    read("ocha-fts", files(tmp_path, *(flow(n, status=word) for n, word in enumerate(said))), tmp_path / "r")
    assert [r["measure"] for r in table(tmp_path / "r", "funding")] == ["pledge", "commitment", "paid"]
    assert reasons(tmp_path / "r") == ["status is none of pledge, commitment, paid: carryover"]


def test_what_is_split_is_marked_as_shared_and_there_once(tmp_path: Path) -> None:
    both = (MALI | {"behavior": "shared"}, to("Location", 36, "Burkina Faso", "shared"), YEAR)
    flows = [
        flow(1, *both), flow(1, *both),
        flow(2, MALI, to("UsageYear", 45, "2024", "shared"), to("UsageYear", 44, "2023", "shared")),
        flow(3, onBoundary="shared"), flow(4, MALI, YEAR, PLAN | {"behavior": "shared"}),
    ]  # fmt: skip
    read("ocha-fts", files(tmp_path, *flows), tmp_path / "r")
    assert [(r["row_id"], r["countries"], r["year"], r["shared"]) for r in table(tmp_path / "r", "funding")] == [
        ("1", ["BFA", "MLI"], 2024, True), ("2", ["MLI"], 2023, True), ("3", ["MLI"], 2024, True),
        ("4", ["MLI"], 2024, True),
    ]  # fmt: skip


def test_money_that_moves_within_a_country_is_not_counted_again(tmp_path: Path) -> None:
    got = read(
        "ocha-fts",
        files(tmp_path, flow(), flow(2, boundary="internal"), flow(3, boundary="outgoing")),
        tmp_path / "r",
    )
    assert (got.rows, got.rejects) == (1, 0)
    assert got.notices == (
        "1 flows that are internal are not taken: they would count the same money again.",
        "1 flows that are outgoing are not taken: they would count the same money again.",
    )


def test_what_is_refused_and_why(tmp_path: Path) -> None:
    flows = [
        flow(), flow(2, to("Location", 900, "Global"), YEAR), flow(3, MALI), flow(4, amountUSD="much"),
        flow(5, id=None), flow(1, amountUSD=5),
    ]  # fmt: skip
    read("ocha-fts", files(tmp_path, *flows), tmp_path / "r")
    assert reasons(tmp_path / "r") == [
        "its destination is no country that is known",
        "the year it is for is not a year: empty",
        "amountusd is not a number: much",
        "the flow has no id",
        "1 is there twice with different values",
    ]


def test_without_the_list_of_locations_the_names_are_read(tmp_path: Path) -> None:
    read("ocha-fts", files(tmp_path, flow())[:1], tmp_path / "r")
    assert table(tmp_path / "r", "funding")[0]["countries"] == ["MLI"]


def test_the_tables_of_hdx(tmp_path: Path) -> None:
    path = tmp_path / "fts_incoming_funding_mli.csv"
    said = {
        "date": "2024-02-15", "amountUSD": 8, "srcOrganization": "A", "destPlan": "Mali 2024", "destPlanCode": "HMLI24",
        "destOrganization": "B", "destGlobalClusters": "Food Security", "destLocations": "MLI,NER",
        "destUsageYearStart": 2024, "destUsageYearEnd": 2024, "boundary": "incoming", "onBoundary": "single",
        "status": "commitment", "id": 5,
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(said))
        writer.writeheader()
        writer.writerow(dict.fromkeys(said, "#tag"))
        writer.writerow(said)
    read("ocha-fts", [path], tmp_path / "r")
    (row,) = table(tmp_path / "r", "funding")
    assert (row["countries"], row["shared"], row["plan_code"], row["year"]) == (["MLI", "NER"], True, "HMLI24", 2024)


@pytest.mark.parametrize("content", ['{"data": {"flows": 3}}', '{"data": 3}', "[]", '{"data": [3]}', "x,y\n1,2\n"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(WrongFile):
        read("ocha-fts", [written(tmp_path, "a.json", content)], tmp_path / "r")
    assert list((tmp_path / "r").iterdir()) == []


SEARCH = "/v1/fts/flow/custom-search"
WISH = {"places": ("MLI",), "start": dt.date(2024, 1, 1), "end": dt.date(2024, 12, 31)}


def serve(server: HTTPServer, *, last: bool = True) -> None:
    """Three pages along links; the last may fail for good."""
    server.expect_request("/v1/public/location").respond_with_json(LOCATIONS)
    first = {"locationid": "137", "year": "2024"}
    link = "https://api.hpc.tools/v1/fts/flow/custom-search?locationid=137&year=2024&page={}"
    server.expect_request(SEARCH, query_string=first).respond_with_json(answer(flow(1), link=link.format(2)))
    second = first | {"page": "2"}
    server.expect_request(SEARCH, query_string=second).respond_with_json(answer(flow(2), link=link.format(3)))
    third = server.expect_request(SEARCH, query_string=first | {"page": "3"})
    third.respond_with_json(answer(flow(3))) if last else third.respond_with_data("", status=502)


def test_links_are_followed_and_a_cut_goes_on(httpserver: HTTPServer, tmp_path: Path) -> None:
    serve(httpserver, last=False)
    with pytest.raises(FetchError, match="custom-search answered 502"):
        fetched("ocha-fts", wanted(httpserver, **WISH), tmp_path / "j", secret=None)
    httpserver.clear()
    serve(httpserver)
    got = fetched("ocha-fts", wanted(httpserver, **WISH), tmp_path / "j", secret=None)
    assert [request.args.get("page") for request, _ in httpserver.log] == ["3"]
    read("ocha-fts", got.files, tmp_path / "r")
    assert [r["row_id"] for r in table(tmp_path / "r", "funding")] == ["1", "2", "3"]


def test_a_robot_is_blocked_and_countries_must_be_said(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/v1/public/location").respond_with_json({"error": "Blocked"}, status=406)
    with pytest.raises(FetchError, match="took this program for a robot"):
        fetched("ocha-fts", wanted(httpserver, **WISH), tmp_path / "j")
    with pytest.raises(UsageError, match="--country MLI BFA"):
        fetched("ocha-fts", wanted(httpserver), tmp_path / "j")
    httpserver.clear()
    serve(httpserver)
    with pytest.raises(UsageError, match=r"OCHA FTS has no country FRA\."):
        fetched("ocha-fts", wanted(httpserver, places=("FRA",)), tmp_path / "k")
