"""What many requests, large files and long addresses may take of a server, and what stays of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from harmattan.errors import DeskAway
from harmattan.text import T
from harmattan.web import jobs as jobs_room
from harmattan.web.faults import TooMuch
from harmattan.web.guard import LONGEST_ADDRESS
from harmattan.web.jobs import Jobs
from harmattan.web.kept import Kept
from harmattan.web.routes.desk import reading_of
from tests.web.desking import house_of
from tests.web.team import Team, own_sign, send, team_at

WHAT = T("Work")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A team of three."""
    with team_at(tmp_path_factory.mktemp("team-crowd") / "home") as made:
        yield made


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8811/jobs?x=", "127.0.0.1#", "127.0.0.1:x", "127.0.0.1:1@evil.example", "[::1", "[::1]x", "127.0.0.1 "],
)
def test_a_host_that_is_none_is_refused(team: Team, host: str) -> None:
    assert team.stranger().get("/sign-in", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://[::1", "http://", "null", "x", "http://127.0.0.1/", "http://a@127.0.0.1"])
def test_an_origin_that_is_none_is_refused(team: Team, origin: str) -> None:
    client = team.stranger()
    given = client.post("/language", data={"csrf": own_sign(client), "chosen": "en"}, headers={"origin": origin})
    assert given.status_code == 403
    assert given.headers["x-content-type-options"] == "nosniff"


def test_a_long_address_is_refused(team: Team) -> None:
    client = team.who("reader")
    assert client.get("/questions?q=" + "x" * (LONGEST_ADDRESS - 100)).status_code == 200
    given = client.get("/questions?q=" + "x" * LONGEST_ADDRESS)
    assert given.status_code == 414
    assert "too long" in given.text
    assert client.get("/api/" + "x" * LONGEST_ADDRESS).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("number", ["9" * 6000, "9" * 5, "٣", "-1", "", "²"])
def test_there_is_no_picture_of_a_number_that_is_none(client: TestClient, number: str) -> None:
    assert client.get(f"/picture/trend/{number}.svg").status_code == 404


def test_what_is_kept_is_kept_under_short_names(client: TestClient) -> None:
    kept, house = Kept(), house_of(client)
    kept.page(("a", "x" * 60_000), lambda: b"page")
    client.get("/api/ask/casualties?country=MLI&by=year")
    assert house.tags._there
    assert {len(name) for name in (*kept._there, *house.tags._there, *house.sendings._there)} == {32}
    assert kept.find(("a", "x" * 60_000)) is not None
    assert kept.find(("a", "x" * 59_999)) is None


def test_work_that_is_done_holds_nothing_of_what_was_sent() -> None:
    jobs = Jobs()
    try:
        done = jobs.start("done", WHAT, "", len, b"sent", weight=4)
        assert done.future.result(10) == 4
        assert (done.again, done.weight) == (None, 0)
        failed = jobs.start("failed", WHAT, "", int, b"sent", weight=4)
        with pytest.raises(ValueError, match="sent"):
            failed.future.result(10)
        assert failed.again is not None
        assert jobs.restart(failed.id, "Awa") is not None
    finally:
        jobs.close()


def test_no_more_work_is_taken_than_can_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_room, "MOST_WAITING", 3)
    monkeypatch.setattr(jobs_room, "MOST_WEIGHT", 100)
    jobs, go = Jobs(), threading.Event()
    try:
        first = jobs.start("0", WHAT, "", go.wait, 10, weight=60)
        with pytest.raises(TooMuch) as fault:
            jobs.start("heavy", WHAT, "", go.wait, weight=60)
        assert fault.value.retry_after
        more = [jobs.start(str(n), WHAT, "", go.wait, 10) for n in (1, 2)]
        with pytest.raises(TooMuch):
            jobs.start("4", WHAT, "", go.wait)
        assert jobs.start("0", WHAT, "", go.wait) is first
        go.set()
        for job in (first, *more):
            job.future.result(10)
        assert jobs.start("4", WHAT, "", len, b"", weight=60).future.result(10) == 0
    finally:
        go.set()
        jobs.close()


def test_what_failed_gives_its_memory_to_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_room, "MOST_WEIGHT", 100)
    jobs = Jobs()
    try:
        failed = jobs.start("failed", WHAT, "", int, b"sent", weight=60)
        with pytest.raises(ValueError, match="sent"):
            failed.future.result(10)
        assert jobs.start("new", WHAT, "", len, b"sent", weight=60).future.result(10) == 4
        assert (failed.again, failed.weight) == (None, 0)
    finally:
        jobs.close()


def test_a_confidential_document_is_not_named_in_the_list_of_work(team: Team, tmp_path: Path) -> None:
    client = team.who("analyst")
    words = b"On 3 May 2022 five soldiers were killed in Mopti, Mali. The army said that it had lost them in an ambush."
    form = {"csrf": own_sign(client), "title": "Canary of the minister", "confidential": "on"}
    sent = client.post("/desk/add", data=form, files={"file": ("canary-file.txt", words)})
    assert sent.status_code == 303
    at = sent.headers["location"]
    client.get(f"{at}/check")
    send(client, "POST", f"{at}/describe", own_sign(client), {"published": "2022-05-04"})
    listed = client.get("/jobs").text + team.who("token of reader").get("/api/jobs").text
    assert at.removeprefix("/desk/") in listed
    assert "canary" not in listed.casefold()
    assert str(reading_of("x", "0123456789abcdef", secret=True)) == "Reading of 0123456789ab"


def test_where_the_desk_is_is_told_to_no_stranger(
    team: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(*_words: object) -> None:
        raise DeskAway(T("The desk canary.example cannot be used."))

    monkeypatch.setattr(type(team.house), "who", gone)
    for address in ("/sign-in", "/jobs", "/api/me"):
        given = team.stranger().get(address)
        assert (given.status_code, given.headers["retry-after"]) == (503, "5")
        assert "canary" not in given.text
    assert "canary.example" in capsys.readouterr().err
