"""A fetch that is cut goes on where it was, loses nothing, repeats nothing, and keeps its secrets."""

from __future__ import annotations

import datetime as dt
import json
import logging
import multiprocessing
import os
import signal
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, UsageError
from harmattan.fetch import DayLedger, fetch, unfinished
from harmattan.lake.shelf import Lake
from harmattan.lake.verify import verify
from harmattan.sources import registry
from harmattan.sources.fetching import Secrets, Wanted
from harmattan.sources.line import Line
from tests.cli.running import Run, one_line
from tests.lake.factory import lake_in
from tests.sources.lines import NOW, tried

TOKEN = "canary-81c0"
PAGES = 5


@pytest.fixture(autouse=True)
def made_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.MODULES, "made-pages", "tests.sources.made_source")  # type: ignore[arg-type]


def serve(server: HTTPServer, fails_at: int | None = None, status: int = 403) -> None:
    """Five pages of two documents; one of them may refuse."""
    server.clear()
    for n in range(PAGES):
        if n == fails_at:
            server.expect_request(f"/pages/{n}").respond_with_data(TOKEN, status)
            continue
        follows = server.url_for(f"/pages/{n + 1}") if n + 1 < PAGES else None
        data = [{"id": 2 * n + k, "title": f"paper {2 * n + k}"} for k in range(2)]
        server.expect_request(f"/pages/{n}", headers={"x-token": TOKEN}).respond_with_json(
            {"data": data, "next": follows}
        )


def wanted(server: HTTPServer) -> Wanted:
    return Wanted(today=NOW.date(), base=server.url_for("").rstrip("/"))


def get(lake: Lake, server: HTTPServer, token: str | None = TOKEN) -> list[str]:
    """Fetches; returns the ids in the release, in order."""
    with tried(ledger=DayLedger(unfinished(lake) / "quota.json", NOW.date())) as made:
        secrets = Secrets({"MADE_TOKEN": token}.get)
        (done,) = fetch(lake, "made-pages", wanted(server), made.line, secrets, retrieved_at=NOW)
    found: list[str] = pq.read_table(done.held.file("documents"))["row_id"].to_pylist()
    return found


def test_pages_become_a_release(httpserver: HTTPServer, tmp_path: Path) -> None:
    serve(httpserver)
    lake = lake_in(tmp_path)
    assert get(lake, httpserver) == [str(n) for n in range(2 * PAGES)]
    (held,) = lake.releases()
    assert held.release.name == "made-pages@2026-11-26"
    assert len(held.release.raw) == PAGES
    assert verify(lake)[0].faults == ()
    assert [path.name for path in unfinished(lake).iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("status", [403, 500])
def test_a_cut_in_the_middle_resumes_without_loss_or_duplicate(
    httpserver: HTTPServer, tmp_path: Path, status: int
) -> None:
    lake = lake_in(tmp_path)
    serve(httpserver, fails_at=3, status=status)
    with pytest.raises(FetchError):
        get(lake, httpserver)
    assert lake.releases() == []
    serve(httpserver)
    assert get(lake, httpserver) == [str(n) for n in range(2 * PAGES)]
    assert [request.path for request, _ in httpserver.log] == ["/pages/3", "/pages/4"]


def test_another_wish_does_not_go_on_with_an_unfinished_one(httpserver: HTTPServer, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    one = wanted(httpserver)
    assert one.fingerprint("a") != one.fingerprint("b")
    assert one.fingerprint("a") != Wanted(today=one.today, base=one.base, places=("MLI",)).fingerprint("a")
    assert one.fingerprint("a") == Wanted(today=dt.date(2027, 1, 1), base=one.base).fingerprint("a")
    assert lake.releases() == []


def _killed_at(home: Path, url: str, page: int) -> None:
    """A process that dies at once, without any clearing up, when it has shown a page."""
    registry.MODULES["made-pages"] = "tests.sources.made_source"  # type: ignore[index]

    def show(progress: object) -> None:
        if getattr(progress, "done", 0) == page:
            os.kill(os.getpid(), signal.SIGKILL)

    with httpx.Client(trust_env=False) as client:
        line = Line(client, clock=lambda: NOW, sleep=lambda _s: None, show=show)
        lake = Lake(home, home / "embedded")
        asked = Wanted(today=NOW.date(), base=url)
        fetch(lake, "made-pages", asked, line, Secrets({"MADE_TOKEN": TOKEN}.get), retrieved_at=NOW)


@pytest.mark.parametrize("page", [1, 4])
def test_a_killed_fetch_resumes(httpserver: HTTPServer, tmp_path: Path, page: int) -> None:
    lake = lake_in(tmp_path)
    serve(httpserver)
    base = httpserver.url_for("").rstrip("/")
    process = multiprocessing.get_context("spawn").Process(target=_killed_at, args=(lake.home, base, page))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    before = len(httpserver.log)
    assert before == page
    assert get(lake, httpserver) == [str(n) for n in range(2 * PAGES)]
    assert len(httpserver.log) - before == PAGES - page


def test_no_secret_stays_anywhere(httpserver: HTTPServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    lake = lake_in(tmp_path)
    serve(httpserver, fails_at=3)
    with pytest.raises(FetchError) as fault:
        get(lake, httpserver)
    serve(httpserver)
    get(lake, httpserver)
    assert TOKEN not in f"{fault.value!r} {fault.value.__cause__!r} {caplog.text}"
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kept
    assert TOKEN.encode() not in kept


def test_a_missing_secret_says_where_to_put_it(httpserver: HTTPServer, tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"Not set: MADE_TOKEN\. Ask nobody for it\. Set what is missing in the environment"
    ):
        get(lake_in(tmp_path), httpserver, token=None)
    assert httpserver.log == []


def test_calls_of_a_day_count_over_fetches(tmp_path: Path) -> None:
    day = DayLedger(tmp_path / "home" / "quota.json", NOW.date())
    assert [day.count("a"), day.count("a"), day.count("b")] == [1, 2, 1]
    assert DayLedger(day.path, NOW.date()).count("a") == 3
    assert DayLedger(day.path, NOW.date() + dt.timedelta(days=1)).count("a") == 1


def test_the_command_tells_what_came(
    run: Run, httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMATTAN_MADE_TOKEN", TOKEN)
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    serve(httpserver)
    ran = run("fetch", "made-pages", "--url", httpserver.url_for("").rstrip("/"))
    assert (ran.code, ran.err) == (0, "")
    assert "taken in: 10 records; rejected: 0 rows." in ran.out
    assert "Notice: a column that nobody knows: colour" in ran.out
    again = run("fetch", "made-pages", "--url", httpserver.url_for("").rstrip("/"))
    assert "is in the lake already; nothing changed." in again.out
    listed = json.loads(run("releases", "--format", "json").raw)
    assert [one["label"] for one in listed if one["origin"]["dataset"] == "made-pages"]


def test_what_cannot_be_fetched_says_how_to_get_it(run: Run) -> None:
    ran = run("fetch", "ucdp-ged-country-month")
    assert ran.code == 2
    assert "ucdp-ged-country-month cannot be fetched." in one_line(ran)
    assert "harmattan ingest ucdp-ged-country-month FILE" in one_line(ran)


def _never(_request: Request) -> Response:
    raise AssertionError("nobody may ask")


def test_two_fetches_of_one_thing_do_not_mix(httpserver: HTTPServer, tmp_path: Path) -> None:
    from filelock import FileLock

    httpserver.expect_request("/pages/0").respond_with_handler(_never)
    lake = lake_in(tmp_path)
    folder = unfinished(lake) / f"made-pages-{wanted(httpserver).fingerprint('made-pages')}"
    folder.parent.mkdir(parents=True)
    with FileLock(folder.with_suffix(".lock")), pytest.raises(FetchError, match="Another fetch of made-pages"):
        get(lake, httpserver)
    assert httpserver.log == []
