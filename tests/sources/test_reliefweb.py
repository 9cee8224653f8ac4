"""ReliefWeb: reports and who wrote them; a name that must be approved and that answers repeat."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, UsageError, WrongFile
from harmattan.sources import reliefweb
from harmattan.sources.fetching import Journal, Secrets
from tests.sources.loopback import (
    CANARY,
    fetched,
    no_secret_in,
    quick_line,
    read,
    reasons,
    table,
    wanted,
    written,
)


def report(id_: int = 1, **said: Any) -> dict[str, Any]:
    fields = {
        "title": "Mali: situation", "body": "What happened.", "url": f"https://reliefweb.int/node/{id_}",
        "url_alias": f"https://reliefweb.int/report/mali/{id_}",
        "date": {"original": "2024-03-01T00:00:00+00:00", "created": "2024-03-02T09:00:00+00:00"},
        "country": [{"iso3": "mli"}, {"iso3": "wld"}], "source": [{"name": "A"}, {"name": "B"}],
        "language": [{"code": "fr"}], "format": [{"name": "Situation Report"}],
    } | said  # fmt: skip
    return {"id": str(id_), "href": f"https://api.reliefweb.int/v2/reports/{id_}?appname={CANARY}", "fields": fields}


def answer(*reports: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    own = f"https://api.reliefweb.int/v2/reports?appname={CANARY}&offset=0"
    return {
        "href": own, "links": {"self": {"href": own}, "next": {"href": own}}, "took": 3, "count": len(reports),
        "totalCount": len(reports) if total is None else total, "data": list(reports),
    }  # fmt: skip


def test_a_report(tmp_path: Path) -> None:
    got = read("reliefweb", [written(tmp_path, "a.json", answer(report()))], tmp_path / "r")
    assert table(tmp_path / "r", "documents") == [{
        "row_id": "1", "title": "Mali: situation", "published": dt.date(2024, 3, 1), "publishers": ["A", "B"],
        "countries": ["MLI"], "language": "fr", "kind": "Situation Report",
        "url": "https://reliefweb.int/report/mali/1", "body": "What happened.",
    }]  # fmt: skip
    assert (got.tables, got.coverage.places, got.notices) == (("documents",), ("MLI",), ())
    assert not reliefweb.ORIGIN.licence.redistributable


def test_what_may_be_absent_and_what_may_not(tmp_path: Path) -> None:
    reports = [
        report(1, body=None, url_alias=None, country=None, source={"name": "C"}, language=[], date=None),
        report(2, title=""), report(3, url=None, url_alias=None), report(4, date={"original": "soon"}),
        {"id": None, "fields": {"title": "x"}}, report(5), report(5),
    ]  # fmt: skip
    read("reliefweb", [written(tmp_path, "a.json", answer(*reports))], tmp_path / "r")
    first, second = table(tmp_path / "r", "documents")
    assert (first["published"], first["publishers"], first["countries"], first["language"]) == (None, ["C"], [], None)
    assert (first["url"], second["row_id"]) == ("https://reliefweb.int/node/1", "5")
    assert reasons(tmp_path / "r") == [
        "title is missing", "url is missing", "date is not a day: soon", "the report has no id",
    ]  # fmt: skip


@pytest.mark.parametrize("content", ['{"data": 3}', "[]", '{"data": []}', '{"data": [{"id": 1, "fields": 3}]}', "x,y"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(WrongFile):
        read("reliefweb", [written(tmp_path, "a.json", content)], tmp_path / "r")
    assert list((tmp_path / "r").iterdir()) == []


def serve(server: HTTPServer, n: int, size: int, broken_at: int | None = None) -> None:
    """A server that gives `size` reports a page."""

    def handler(request: Request) -> Response:
        assert request.args["appname"] == CANARY
        said = json.loads(request.data)
        assert said["limit"] <= 1_000
        if said["offset"] == broken_at:
            return Response("busy", status=500)
        body = answer(*(report(i) for i in range(said["offset"], min(said["offset"] + size, n))), total=n)
        return Response(json.dumps(body), content_type="application/json")

    server.expect_request("/v2/reports", method="POST").respond_with_handler(handler)


def test_pages_are_fetched_a_cut_goes_on_and_the_name_is_kept_nowhere(httpserver: HTTPServer, tmp_path: Path) -> None:
    wish = wanted(httpserver, places=("MLI", "BFA"), start=dt.date(2024, 1, 1), end=dt.date(2024, 12, 31))
    serve(httpserver, 5, 2, broken_at=4)
    with pytest.raises(FetchError, match="reports answered 500") as error:
        fetched("reliefweb", wish, tmp_path / "j")
    assert CANARY not in f"{error.value} {error.value.__cause__}"
    httpserver.clear()
    serve(httpserver, 5, 2)
    got = fetched("reliefweb", wish, tmp_path / "j")
    ((request, _),) = httpserver.log
    asked = json.loads(request.data)
    assert asked["filter"]["conditions"] == [
        {"field": "country.iso3", "value": ["mli", "bfa"], "operator": "OR"},
        {"field": "date.created", "value": {"from": "2024-01-01T00:00:00+00:00", "to": "2024-12-31T23:59:59+00:00"}},
    ]
    read("reliefweb", got.files, tmp_path / "r")
    assert [r["row_id"] for r in table(tmp_path / "r", "documents")] == ["0", "1", "2", "3", "4"]
    no_secret_in(tmp_path)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, r"^ReliefWeb refused the name RELIEFWEB_APPNAME: it is not approved\. ReliefWeb wants a name"),
        (410, r"^ReliefWeb has taken this version of its interface down\."),
        (200, r"ReliefWeb answered without data"),
    ],
)
def test_what_the_server_may_refuse(httpserver: HTTPServer, tmp_path: Path, status: int, said: str) -> None:
    httpserver.expect_request("/v2/reports").respond_with_json({"error": {"message": CANARY}}, status=status)
    with pytest.raises(FetchError, match=said) as error:
        fetched("reliefweb", wanted(httpserver), tmp_path / "j")
    assert CANARY not in str(error.value)
    no_secret_in(tmp_path)


def test_no_name_is_set(httpserver: HTTPServer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Not set: RELIEFWEB_APPNAME\. ReliefWeb wants a name that it has approved"):
        fetched("reliefweb", wanted(httpserver), tmp_path / "j", secret=None)


class Full:
    """A ledger of a day on which all calls have been made."""

    def count(self, publisher: str) -> int:
        assert publisher == "reliefweb"
        return 1_001


def test_the_calls_of_a_day_are_counted(httpserver: HTTPServer, tmp_path: Path) -> None:
    serve(httpserver, 1, 1)
    with quick_line() as line:
        line.ledger = Full()
        with pytest.raises(FetchError, match="1,000 calls a day that reliefweb allows are used up"):
            reliefweb.FETCH(wanted(httpserver), line, Journal.opened(tmp_path / "j"), Secrets(lambda _name: CANARY))
    assert httpserver.log == []
