"""IOM DTM: stocks by operation and round, an API that says 200 for failures, and HDX's table of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from harmattan.errors import FetchError, UsageError, WrongFile
from harmattan.sources.reading import Options
from tests.sources.loopback import TODAY, fetched, no_secret_in, read, reasons, table, wanted, written


def stock(**said: Any) -> dict[str, Any]:
    """A row as the API has it; the numbers are made up."""
    return {
        "id": 1, "operation": "Displacement in A", "admin0Name": "Mali", "admin0Pcode": "MLI", "numPresentIdpInd": 100,
        "reportingDate": "2024-06-30T00:00:00", "yearReportingDate": 2024, "monthReportingDate": 6, "roundNumber": 5,
        "displacementReason": "Conflict", "numberMales": 40, "numberFemales": 60, "assessmentType": "BA",
    } | said  # fmt: skip


def answer(*rows: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {"isSuccess": True, "statusCode": 200, "errorMessages": [], "result": list(rows)} | said


def test_a_stock_and_its_sexes(tmp_path: Path) -> None:
    row = stock(admin1Name="Gao", admin1Pcode="ML07", idpOriginAdmin1Name="Not available")
    got = read("iom-dtm", [written(tmp_path, "a.json", answer(row))], tmp_path / "r")
    total, men, women = table(tmp_path / "r", "displacement")
    assert (total["iso3"], total["origin_iso3"], total["population"], total["value"]) == ("MLI", "MLI", "idps", 100)
    assert (total["level"], total["admin1_code"], total["admin2_code"]) == ("admin1", "ML07", None)
    assert (total["as_of"], total["as_of_precision"]) == (dt.date(2024, 6, 30), "day")
    assert (total["operation"], total["round"], total["method"], total["reason"]) == (
        "Displacement in A", 5, "BA", "Conflict",
    )  # fmt: skip
    assert [(one["sex"], one["value"]) for one in (total, men, women)] == [(None, 100), ("male", 40), ("female", 60)]
    assert (got.status, got.label, got.coverage.places, got.coverage.dimensions) == (
        "rolling", TODAY.isoformat(), ("MLI",), (),
    )  # fmt: skip
    assert "silence is nothing" in got.coverage.basis
    assert "Accessed 2026-11-26" in got.citation
    assert not got.notices or "new" not in got.notices[0]


def test_two_operations_of_one_region_stay_two_stocks_and_rounds_may_come_in_any_order(tmp_path: Path) -> None:
    rows = [
        stock(id=1, roundNumber=3, reportingDate="2024-09-30T00:00:00", numPresentIdpInd=7),
        stock(id=2, roundNumber=2, reportingDate="2024-06-30T00:00:00", numPresentIdpInd=5),
        stock(id=3, operation="Floods", roundNumber=3, reportingDate="2024-09-30T00:00:00", numPresentIdpInd=2),
    ]
    got = read("iom-dtm", [written(tmp_path, "a.json", answer(*rows))], tmp_path / "r")
    stocks = {(r["operation"], r["round"]): r["value"] for r in table(tmp_path / "r", "displacement") if not r["sex"]}
    assert stocks == {("Displacement in A", 3): 7, ("Displacement in A", 2): 5, ("Floods", 3): 2}
    assert (got.coverage.start, got.coverage.end) == (dt.date(2024, 6, 30), dt.date(2024, 9, 30))


def test_parts_by_reason_are_rows_of_their_own_and_repetitions_are_not(tmp_path: Path) -> None:
    rows = [stock(), stock(), stock(displacementReason="Drought"), stock(numPresentIdpInd=101)]
    read("iom-dtm", [written(tmp_path, "a.json", answer(*rows))], tmp_path / "r")
    assert sorted(r["reason"] for r in table(tmp_path / "r", "displacement") if not r["sex"]) == ["Conflict", "Drought"]
    (why,) = reasons(tmp_path / "r")
    assert why.endswith("is there twice with different values")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"admin0Pcode": "NIG"}, "admin0pcode is not the ISO3 code of a country: NIG"),
        ({"numPresentIdpInd": -3}, "numpresentidpind is below zero: -3"),
        ({"numPresentIdpInd": "many"}, "numpresentidpind is not a number: many"),
        ({"numPresentIdpInd": None}, "value is missing"),
        ({"reportingDate": "June"}, "reportingdate is not a day: June"),
        ({"roundNumber": 1.5}, "roundnumber is not a whole number: 1.5"),
    ],
)
def test_what_is_refused_and_why(tmp_path: Path, said: dict[str, Any], why: str) -> None:
    read("iom-dtm", [written(tmp_path, "a.json", answer(stock(), stock(id=2, **said)))], tmp_path / "r")
    assert reasons(tmp_path / "r") == [why]


def test_the_table_of_hdx_with_a_row_of_tags(tmp_path: Path) -> None:
    csv = (
        "id,operation,admin0Name,admin0Pcode,admin1Name,admin1Pcode,admin2Name,admin2Pcode,adminLevel,numPresentIdpInd,"
        "reportingDate,roundNumber,assessmentType,colour\n"
        "#id+code,#operation+name,#country+name,#country+code,#adm1+name,#adm1+code,#adm2+name,#adm2+code,#adm+level,"
        "#affected+idps,#date+reported,#round+code,#assessment+type,#x\n"
        "9,Op,Mali,MLI,Gao,ML07,Ansongo,ML0702,2,12,2024-01-31,4,SA,red\n"
    )
    got = read("iom-dtm", [written(tmp_path, "a.csv", csv)], tmp_path / "r")
    (row,) = table(tmp_path / "r", "displacement")
    assert (row["level"], row["admin2_as_written"], row["value"], row["round"]) == ("admin2", "Ansongo", 12, 4)
    assert got.notices == ("Columns that changed since this reader was written: new: colour.",)


def test_a_file_by_hand_needs_a_day(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--published"):
        read("iom-dtm", [written(tmp_path, "a.json", answer(stock()))], tmp_path / "r", Options())
    assert list((tmp_path / "r").iterdir()) == []


@pytest.mark.parametrize("content", ['{"result": 3}', "[1]", "{", "{}", '{"result": []}', "a,b\n1,2\n", ""])
def test_another_file_is_refused_and_leaves_nothing(tmp_path: Path, content: str) -> None:
    with pytest.raises(WrongFile):
        read("iom-dtm", [written(tmp_path, "a.json", content)], tmp_path / "r")
    assert list((tmp_path / "r").iterdir()) == []


def serve(server: HTTPServer, level: int, *rows: dict[str, Any], **said: Any) -> None:
    server.expect_request(
        f"/v3/displacement/admin{level}", query_string={"Admin0Pcode": "MLI"},
        headers={"Ocp-Apim-Subscription-Key": "canary-7f3a9b"},
    ).respond_with_json(answer(*rows, **said))  # fmt: skip


def test_all_levels_are_fetched(httpserver: HTTPServer, tmp_path: Path) -> None:
    serve(httpserver, 0, stock())
    serve(httpserver, 1, stock(id=2, admin1Name="Gao", admin1Pcode="ML07"))
    serve(httpserver, 2, isSuccess=False, errorMessages=["No data found for the given parameters"])
    got = fetched("iom-dtm", wanted(httpserver, places=("MLI",)), tmp_path / "j")
    read("iom-dtm", got.files, tmp_path / "r")
    assert {r["level"] for r in table(tmp_path / "r", "displacement")} == {"country", "admin1"}
    no_secret_in(tmp_path)


def test_without_countries_all_that_the_publisher_lists_are_fetched(httpserver: HTTPServer, tmp_path: Path) -> None:
    listed = answer({"admin0Name": "Mali", "admin0Pcode": "MLI"})
    httpserver.expect_request("/v3/displacement/country-list").respond_with_json(listed)
    for level in range(3):
        serve(httpserver, level, stock(id=level))
    assert len(fetched("iom-dtm", wanted(httpserver), tmp_path / "j").files) == 3


def test_a_failure_that_comes_as_200_is_one(httpserver: HTTPServer, tmp_path: Path) -> None:
    serve(httpserver, 0, stock())
    serve(httpserver, 1, isSuccess=False, result=None, errorMessages=["Admin0Pcode is not valid"])
    with pytest.raises(FetchError, match=r"^IOM DTM answered that it failed: Admin0Pcode is not valid") as error:
        fetched("iom-dtm", wanted(httpserver, places=("MLI",)), tmp_path / "j")
    assert "canary" not in str(error.value)
    httpserver.clear()
    serve(httpserver, 1, stock(id=2, admin1Name="Gao"))
    serve(httpserver, 2)
    assert len(fetched("iom-dtm", wanted(httpserver, places=("MLI",)), tmp_path / "j").files) == 3
    assert [request.path[-1] for request, _ in httpserver.log] == ["1", "2"]


def test_a_wrong_key_and_none(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/v3/displacement/admin0").respond_with_data("Access denied", status=401)
    with pytest.raises(FetchError, match=r"refused the key DTM_KEY\. A key for the DTM API is free") as error:
        fetched("iom-dtm", wanted(httpserver, places=("MLI",)), tmp_path / "j")
    assert "canary" not in str(error.value)
    with pytest.raises(UsageError, match=r"Not set: DTM_KEY.*dtm-apim-portal"):
        fetched("iom-dtm", wanted(httpserver, places=("MLI",)), tmp_path / "j", secret=None)
