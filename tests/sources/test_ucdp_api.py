"""UCDP's interface, walked on a loopback server: pages, throttling, quotas, and data that change on the way."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, HarmattanError, UsageError, WrongFile
from harmattan.fetch import DayLedger, fetch
from harmattan.lake.shelf import Lake
from harmattan.sources import ucdp_ged
from harmattan.sources.fetching import Fetched, Journal, Wanted
from harmattan.sources.line import Line
from harmattan.sources.reading import Options
from harmattan.sources.ucdp_ged import FETCH
from tests.lake.factory import lake_in
from tests.sources.ged_rows import events, read, row, rows, write_csv
from tests.sources.ucdp_server import CANARY, NOW, TODAY, WITH_TOKEN, Interface, as_answered, candidate, line

FIVE = [*rows(4), row(5, country_id="436", country="Niger"), row(6, country_id="475", country="Nigeria")]


@pytest.fixture
def ucdp(httpserver: HTTPServer) -> Interface:
    """Five events of Mali and Niger in three pages, and one of Nigeria."""
    return Interface(httpserver, {"26.1": FIVE})


def got(ucdp: Interface, journal: Path, asking: Line | None = None, **said: Any) -> Fetched:
    wanted = Wanted(TODAY, **({"base": ucdp.base, "places": ("MLI", "NER"), "label": "26.1"} | said))
    found = FETCH(wanted, asking or line(), Journal.opened(journal), WITH_TOKEN)
    assert isinstance(found, list)
    (part,) = found
    return part


def ids(part: Fetched, into: Path) -> list[str]:
    into.mkdir()
    ucdp_ged.read(part.files, into, part.options)
    return [event["event_id"] for event in events(into)]


ALL = [event["id"] for event in FIVE[:5]]


def test_pages_are_walked_by_their_own_links(ucdp: Interface, tmp_path: Path) -> None:
    part = got(ucdp, tmp_path / "j")
    assert ucdp.asked == [f"26.1?pagesize=1000&page={n}&Country=432,436" for n in range(3)]
    assert ids(part, tmp_path / "out") == ALL
    assert (part.options.label, part.options.places) == ("26.1-MLI_NER", ("MLI", "NER"))
    assert (str(part.options.start), str(part.options.end)) == ("1989-01-01", "2025-12-31")


def test_an_answer_becomes_a_release_that_covers_what_was_asked(ucdp: Interface, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    wanted = Wanted(TODAY, ("SEN", "MLI"), dt.date(2015, 1, 1), dt.date(2020, 12, 31), "26.1", ucdp.base)
    (done,) = fetch(lake, "ucdp-ged", wanted, line(), WITH_TOKEN, retrieved_at=NOW)
    release = done.held.release
    assert release.name == "ucdp-ged@26.1-MLI_SEN-2015-01-01..2020-12-31"
    assert (release.status, release.coverage.places) == ("final", ("MLI", "SEN"))
    assert str(release.coverage.period) == "2015-01-01/2020-12-31"
    assert (str(release.published), release.rows) == ("2026-06-30", 4)
    assert "StartDate=2013-12-31&EndDate=2022-01-01" in ucdp.asked[0], "a year more on both sides"


def test_the_recipe_of_countries_skips_what_the_lake_has(ucdp: Interface, tmp_path: Path) -> None:
    ucdp.versions |= {"26.01.26.06": [candidate(20, 3)], "26.0.7": [candidate(30, 7, country_id="475")]}
    lake, wanted = lake_in(tmp_path), Wanted(TODAY, ("MLI",), base=ucdp.base)

    def names(lake: Lake) -> list[str]:
        done = fetch(lake, "ucdp-ged", wanted, line(), WITH_TOKEN, retrieved_at=NOW)
        return [one.held.release.label for one in done]

    assert names(lake) == ["26.1-MLI", "26.01.26.06-MLI", "26.0.7-MLI"]
    empty = lake.find("ucdp-ged@26.0.7-MLI").release
    assert (empty.rows, empty.status, str(empty.coverage.period)) == (0, "candidate", "2026-07-01/2026-07-31")
    ucdp.asked.clear()
    assert names(lake) == []
    assert all(asked.split("?")[0] not in ucdp.versions for asked in ucdp.asked)


def test_days_before_a_version_leave_it_out_of_the_recipe(ucdp: Interface, tmp_path: Path) -> None:
    ucdp.versions |= {"26.0.7": [candidate(30, 7)]}
    wanted = Wanted(TODAY, ("MLI",), dt.date(2026, 7, 1), base=ucdp.base)
    found = FETCH(wanted, line(), Journal.opened(tmp_path / "j"), WITH_TOKEN)
    assert isinstance(found, list)
    assert [part.options.label for part in found] == ["26.0.7-MLI-2026-07-01.."]


def test_no_token_no_interface_and_a_refused_one_is_said(ucdp: Interface, tmp_path: Path) -> None:
    ucdp.before = lambda _request, _number: Response("API token required. Add header: x-ucdp-access-token", 401)
    with pytest.raises(FetchError, match=r"does not accept the token in UCDP_TOKEN.*apidocs.*leave it empty"):
        got(ucdp, tmp_path / "j")
    assert len(ucdp.asked) == 1, "a refused token is not tried again"


def test_400_after_an_answer_is_throttling_and_before_one_an_error(ucdp: Interface, tmp_path: Path) -> None:
    waited: list[float] = []
    ucdp.before = lambda _request, number: Response("", 400) if number in (2, 3) else None
    assert ids(got(ucdp, tmp_path / "j", line(waited)), tmp_path / "out") == ALL
    assert waited == [1.0, 2.0]
    ucdp.asked.clear()
    ucdp.before = lambda _request, _number: Response("no such filter", 400)
    with pytest.raises(FetchError, match="answered 400"):
        got(ucdp, tmp_path / "k")
    assert len(ucdp.asked) == 1


@pytest.mark.parametrize(("status", "headers", "wait"), [(429, {"Retry-After": "7"}, 7.0), (500, {}, 1.0)])
def test_what_passes_is_waited_for(
    ucdp: Interface, tmp_path: Path, status: int, headers: dict[str, str], wait: float
) -> None:
    waited: list[float] = []
    ucdp.before = lambda _request, number: Response("later", status, headers) if number == 2 else None
    assert ids(got(ucdp, tmp_path / "j", line(waited)), tmp_path / "out") == ALL
    assert waited == [wait]


def test_data_that_change_on_the_way_are_walked_again(ucdp: Interface, tmp_path: Path) -> None:
    def shrink(_request: Request, number: int) -> None:
        if number == 3:
            ucdp.versions["26.1"] = FIVE[1:]

    ucdp.before = shrink
    assert ids(got(ucdp, tmp_path / "j"), tmp_path / "out") == ALL[1:]
    assert [asked.split("page=")[1][0] for asked in ucdp.asked] == ["0", "1", "2", "0", "1"]


def test_data_that_never_hold_still_end_in_a_line(ucdp: Interface, tmp_path: Path) -> None:
    def churn(_request: Request, number: int) -> None:
        ucdp.versions["26.1"] = FIVE[number % 2 :]

    ucdp.before = churn
    with pytest.raises(FetchError, match="changed again and again"):
        got(ucdp, tmp_path / "j")


def test_rows_that_do_not_come_out_are_not_taken_for_whole(ucdp: Interface, tmp_path: Path) -> None:
    said = {"TotalCount": 9, "NextPageUrl": "", "Result": [as_answered(row(1))]}
    ucdp.before = lambda _request, _number: Response(json.dumps(said), 200)
    with pytest.raises(FetchError, match="changed again and again"):
        got(ucdp, tmp_path / "j")


def test_a_circle_of_pages_ends_in_a_line(ucdp: Interface, tmp_path: Path) -> None:
    def circle(request: Request, _number: int) -> Response:
        said = {"TotalCount": 9, "NextPageUrl": request.url, "Result": [as_answered(row(1))]}
        return Response(json.dumps(said), 200)

    ucdp.before = circle
    with pytest.raises(FetchError, match="same page as the next one"):
        got(ucdp, tmp_path / "j")


@pytest.mark.parametrize(
    "content", ["<html>busy</html>", "[]", '{"TotalCount": 1}', '{"Result": [], "TotalCount": "x"}']
)
def test_an_answer_of_another_form_is_said(ucdp: Interface, tmp_path: Path, content: str) -> None:
    ucdp.before = lambda _request, _number: Response(content, 200)
    with pytest.raises(FetchError, match=r"not JSON|without TotalCount"):
        got(ucdp, tmp_path / "j")


def test_the_token_goes_to_no_other_server(ucdp: Interface, tmp_path: Path) -> None:
    def elsewhere(request: Request, number: int) -> Response | None:
        if number > 1:
            return None
        said = {
            "TotalCount": 5,
            "Result": [as_answered(event) for event in FIVE[:2]],
            "NextPageUrl": f"http://elsewhere.invalid/x?{request.query_string.decode().replace('page=0', 'page=1')}",
        }
        return Response(json.dumps(said), 200)  # fmt: skip

    ucdp.before = elsewhere
    assert ids(got(ucdp, tmp_path / "j"), tmp_path / "out") == ALL


def test_the_quota_counts_errors_and_ends_the_day(ucdp: Interface, tmp_path: Path) -> None:
    ledger = DayLedger(tmp_path / "quota.json", TODAY)
    ucdp.before = lambda _request, number: Response("", 500) if number == 1 else None
    got(ucdp, tmp_path / "j", line(ledger=ledger))
    assert json.loads((tmp_path / "quota.json").read_text())["counts"] == {"UCDP": 4}
    (tmp_path / "quota.json").write_text(json.dumps({"day": TODAY.isoformat(), "counts": {"UCDP": 4_999}}))
    with pytest.raises(FetchError, match=r"5,000 calls a day that UCDP allows are used up.*what has come is kept"):
        got(ucdp, tmp_path / "k", line(ledger=ledger))
    assert Journal.opened(tmp_path / "k").state["26.1"]["names"] == ["26.1-0000.json"]


def test_a_cut_walk_goes_on_without_loss_or_repeat(ucdp: Interface, tmp_path: Path) -> None:
    ucdp.before = lambda _request, number: Response("down", 500) if number > 2 else None
    with pytest.raises(FetchError, match="3 tries did not help"):
        got(ucdp, tmp_path / "j")
    ucdp.asked.clear()
    ucdp.before = lambda _request, number: Response("", 400) if number == 1 else None
    assert ids(got(ucdp, tmp_path / "j"), tmp_path / "out") == ALL
    assert [asked.split("page=")[1][0] for asked in ucdp.asked] == ["2", "2"]


def test_the_token_is_nowhere_but_in_its_header(ucdp: Interface, tmp_path: Path, caplog: Any) -> None:
    lake = lake_in(tmp_path)
    caplog.set_level("DEBUG")
    ucdp.before = lambda _request, number: Response(CANARY, 500) if number > 2 else None
    wanted = Wanted(TODAY, ("MLI", "NER"), label="26.1", base=ucdp.base)
    with pytest.raises(HarmattanError) as fault:
        fetch(lake, "ucdp-ged", wanted, line(), WITH_TOKEN, retrieved_at=NOW)
    said = [str(fault.value), repr(fault.value)]
    ucdp.before = lambda _request, _number: None
    fetch(lake, "ucdp-ged", wanted, line(), WITH_TOKEN, retrieved_at=NOW)
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not [words for words in (*said, caplog.text) if CANARY in words]
    assert not [content for content in kept if CANARY.encode() in content]


def page(folder: Path, name: str, **said: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def test_pages_say_what_the_files_say(tmp_path: Path) -> None:
    made = rows(12)
    read(tmp_path / "file", write_csv(tmp_path / "x.csv", made))
    path = page(tmp_path, "p.json", TotalCount=12, NextPageUrl="", Result=[as_answered(event) for event in made])
    read(tmp_path / "page", path)
    assert events(tmp_path / "page") == events(tmp_path / "file")


def test_a_missing_page_is_not_taken_for_peace(tmp_path: Path) -> None:
    path = page(tmp_path, "p.json", TotalCount=3, Result=[as_answered(event) for event in rows(2)])
    with pytest.raises(WrongFile, match="a part of an answer of 3 rows, and the files that were named hold 2"):
        read(tmp_path / "out", path)
    assert list((tmp_path / "out").iterdir()) == []


def test_an_empty_answer_speaks_about_what_was_asked_or_not_at_all(tmp_path: Path) -> None:
    path = page(tmp_path, "p.json", TotalCount=0, NextPageUrl="", Result=[])
    with pytest.raises(UsageError, match="holds no event and does not say what it is about"):
        read(tmp_path / "out", path)
    days = {"start": dt.date(2020, 1, 1), "end": dt.date(2020, 12, 31)}
    reading = ucdp_ged.read([path], tmp_path / "out", Options(label="24.1", places=("MLI",), **days))
    assert (reading.rows, reading.coverage.places, str(reading.coverage.period)) == (
        0, ("MLI",), "2020-01-01/2020-12-31",
    )  # fmt: skip


@pytest.mark.parametrize("content", ["{", "[1]", "{}", '{"Result": {}}', '{"Result": [{"id": 1}]}', "[" * 100_000])
def test_json_of_another_kind_is_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(content)
    with pytest.raises(WrongFile):
        read(tmp_path / "out", path)
    assert list((tmp_path / "out").iterdir()) == []
