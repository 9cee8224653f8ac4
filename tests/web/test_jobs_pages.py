"""Work that can be left and found again: how far it is, stopping it, starting it again, and a server that died."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from harmattan.text import T
from harmattan.web.app import make_app
from harmattan.web.house import Who
from harmattan.web.job_notes import Notes, Told
from harmattan.web.jobs import Jobs
from harmattan.web.settings import Settings
from tests.web import slow_work
from tests.web.served import sign_of

NOBODY = 4_194_999
"""The number of a process that there is not: Linux gives none beyond 4,194,304."""


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which an earlier server left work behind."""
    home = tmp_path_factory.mktemp("jobs-home")
    note = {"id": "a" * 16, "what": {"en": "Question forecast", "fr": "Question forecast"}, "goes_to": "/questions/x",
            "asked_at": "/brief?sections=trend", "by": "Awa", "started": time.time() - 60,
            "process": NOBODY}  # fmt: skip
    (home / "jobs").mkdir()
    (home / "jobs" / f"{'a' * 16}.json").write_text(json.dumps(note))
    return home


@pytest.fixture(scope="module")
def desk(own_home: Path) -> Iterator[TestClient]:
    """A server of its own, so that its work is stopped without harm to others."""
    with TestClient(
        make_app(Settings(own_home, "sahel", person="Awa", patience=60)),
        base_url="http://127.0.0.1",
        follow_redirects=False,
    ) as made:
        yield made


def _house(desk: TestClient) -> Any:
    return desk.app.state.house  # type: ignore[attr-defined]


def _until(there: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)


def _post(desk: TestClient, address: str) -> Any:
    return desk.post(address, data={"csrf": sign_of(desk.get("/jobs").text)})


def test_work_is_watched_stopped_and_started_again(desk: TestClient, own_home: Path) -> None:
    jobs = _house(desk).jobs
    job = jobs.start("long", T("A long walk"), "/jobs", slow_work.sleeps, 60, slow=True, by="Awa")
    queued = jobs.start("next", T("The next one"), "/questions", slow_work.sleeps, 0.1, slow=True, by="Awa")
    told = desk.get(f"/jobs/{queued.id}/state.json").json()
    assert (told["state"], told["goes_to"]) == ("waiting", None)
    _until(lambda: job.progress is not None)
    told = desk.get(f"/jobs/{job.id}/state.json").json()
    assert (told["state"], told["done"], told["total"]) == ("running", 0, 4)
    page = desk.get(f"/jobs/{job.id}")
    assert page.status_code == 200
    assert 'max="4"' in page.text
    assert (own_home / "jobs" / f"{job.id}.json").exists()
    assert _post(desk, f"/jobs/{job.id}/stop").status_code == 303
    assert "Awa stopped this work." in desk.get(f"/jobs/{job.id}").text
    assert not (own_home / "jobs" / f"{job.id}.json").exists()
    assert queued.future.result(30) == "slept", "what waited behind it is done all the same"
    done = desk.get(f"/jobs/{queued.id}")
    assert (done.status_code, done.headers["location"]) == (303, "/questions")
    assert _post(desk, f"/jobs/{job.id}/again").headers["location"] == f"/jobs/{job.id}"
    again = jobs.find(job.id)
    assert again is not job
    assert not again.done
    jobs.stop(job.id, "Awa")


def test_work_that_waits_is_stopped_without_harm(desk: TestClient) -> None:
    jobs = _house(desk).jobs
    first = jobs.start("first", T("First"), "/", slow_work.sleeps, 1.2, slow=True)
    second = jobs.start("second", T("Second"), "/", slow_work.sleeps, 60, slow=True)
    third = jobs.start("third", T("Third"), "/", slow_work.sleeps, 0.1, slow=True)
    _until(lambda: first.progress is not None)
    jobs.stop(second.id, "Awa")
    assert second.state == "stopped"
    assert (first.future.result(30), third.future.result(30)) == ("slept", "slept")


def test_work_that_fails_says_why(desk: TestClient) -> None:
    job = _house(desk).jobs.start("fails", T("Water"), "/", slow_work.fails, slow=True, by="Awa")
    _until(lambda: bool(job.done))
    assert "The well is dry. Wait for rain." in desk.get("/jobs").text
    page = desk.get(f"/jobs/{job.id}").text
    assert "The well is dry." in page
    assert f'action="/jobs/{job.id}/again"' in page


def test_what_an_earlier_server_left_is_told(desk: TestClient, own_home: Path) -> None:
    assert "interrupted" in desk.get("/jobs").text
    page = desk.get(f"/jobs/{'a' * 16}")
    assert page.status_code == 200
    assert "the server ended while it was at work" in page.text
    assert desk.get(f"/jobs/{'a' * 16}/state.json").json()["state"] == "interrupted"
    sent = _post(desk, f"/jobs/{'a' * 16}/again")
    assert sent.headers["location"] == "/brief?sections=trend"
    assert desk.get(f"/jobs/{'a' * 16}").status_code == 404
    assert not (own_home / "jobs" / f"{'a' * 16}.json").exists()


def test_only_who_started_it_and_editors_stop_it(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    job = _house(desk).jobs.start("of Awa", T("Hers"), "/", slow_work.sleeps, 60, slow=True, by="Awa")
    sign = {"csrf": sign_of(desk.get("/jobs").text)}
    monkeypatch.setattr(_house(desk), "who", lambda *_: Who("Binta", "analyst"))
    assert desk.post(f"/jobs/{job.id}/stop", data=sign).status_code == 403
    assert not job.done
    monkeypatch.setattr(_house(desk), "who", lambda *_: Who("Awa", "reader"))
    assert desk.post(f"/jobs/{job.id}/stop", data=sign).status_code == 303
    assert job.state == "stopped"


def test_a_form_without_the_sign_stops_nothing(desk: TestClient) -> None:
    job = _house(desk).jobs.start("safe", T("Safe"), "/", slow_work.sleeps, 60, slow=True, by="Awa")
    assert desk.post(f"/jobs/{job.id}/stop", data={"csrf": "0" * 32}).status_code == 403
    assert not job.done
    _house(desk).jobs.stop(job.id, "Awa")


def test_unknown_work_is_not_there(desk: TestClient) -> None:
    for address in ("/jobs/nothing", "/jobs/..%2f..%2fetc%2fpasswd", "/jobs/nothing/state.json"):
        assert desk.get(address).status_code == 404


def test_a_result_that_was_taken_is_found_for_a_while(tmp_path: Path) -> None:
    jobs = Jobs(folder=tmp_path / "jobs")
    job = jobs.start("quick", T("Quick"), "/questions/x", lambda: 7)
    assert job.future.result(5) == 7
    jobs.drop("quick")
    assert jobs.find(job.id) is None, "nobody was shown it"
    job = jobs.start("quick", T("Quick"), "/questions/x", lambda: 7)
    job.future.result(5)
    job.told = True
    jobs.drop("quick")
    found = jobs.find(job.id)
    assert found is not None
    assert (found.state, found.goes_to) == ("done", "/questions/x")
    assert not (tmp_path / "jobs").exists(), "quick work leaves no note"
    jobs.close()


def test_notes_of_a_living_server_and_old_ones_are_not_told(tmp_path: Path) -> None:
    import os

    told = Told("b" * 16, T("Another's"), "/", "", "Awa", 1_000_000.0)
    Notes(tmp_path, lambda: 1_000_001.0).keep(told)
    path = tmp_path / f"{told.id}.json"
    note = json.loads(path.read_text())
    path.write_text(json.dumps(note | {"process": os.getppid()}))
    assert Notes(tmp_path, lambda: 1_000_001.0).interrupted == {}
    path.write_text(json.dumps(note | {"process": NOBODY}))
    assert list(Notes(tmp_path, lambda: 1_000_001.0).interrupted) == [told.id]
    assert Notes(tmp_path, lambda: 9_000_000.0).interrupted == {}
    assert not path.exists()
    (tmp_path / "broken.json").write_text("{")
    assert Notes(tmp_path, lambda: 1_000_001.0).interrupted == {}


def test_who_holds_a_job_has_its_result_whoever_took_it_before(tmp_path: Path) -> None:
    jobs = Jobs(folder=tmp_path)
    try:
        job = jobs.start("sum", T("Sum"), "/", lambda: (1, 2))
        job.told = True
        assert job.future.result(10) == (1, 2)
        jobs.drop("sum")
        assert job.future.result(0) == (1, 2)
        left = jobs.find(job.id)
        assert left is not None
        assert left.done
        assert left.future.result(0) is None
    finally:
        jobs.close()
