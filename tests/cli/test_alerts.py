"""`harmattan alerts`: on the screen, into files, and to a webhook that takes, refuses, sends on or is late."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from harmattan.cli import alerts
from tests.cli.running import Run, one_line, run
from tests.sources.loopback import CANARY

__all__ = ["run"]
MARCH = ("alerts", "sahel", "--as-of", "2022-03-31")
PATH = f"/services/T0/{CANARY}-path"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    # The name in that module, not the function: threads of other tests sleep too, and one that does not waits for none.
    monkeypatch.setattr(alerts, "time", SimpleNamespace(sleep=waited.append))
    monkeypatch.setattr(alerts, "TIMEOUT_S", 1.0)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("harmattan.cli.keys._stored", lambda _name: None)
    return waited


def test_alerts_are_sentences_with_their_evidence(run: Run) -> None:
    ran = run(*MARCH)
    assert ran.code == 0
    assert "1. [high alert] Mali: 1,359 deaths in the 1 whole month to 31 March 2022" in ran.out
    name = ran.out.split("harmattan evidence ")[1].split()[0]
    listed = run("evidence", name, "--format", "json").json
    assert sum(row["deaths_best"] for row in listed["rows"]) == 1359


def test_a_feed_goes_into_a_file(run: Run, tmp_path: Path) -> None:
    for form in ("rss", "atom"):
        out = tmp_path / form
        assert run(*MARCH, "--format", form, "--out", out).code == 0
        ET.parse(out)
    assert run(*MARCH, "--format", "json", "--rule", "record").json["params"]["rule"] == [
        "record:measure=deaths_best,by=country,days=30,floor=25,months=12,long=36"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rule", "recrod"), "There is no alert rule recrod. There are: record, surge, first and quiet. Did you"),
        (("--rule", "record:floor=x"), "is not an alert rule: floor: "),
        (("--format", "atm"), "--format cannot be atm. There are: table, json, rss, atom and email."),
        (("--out", "x"), "A table is for the terminal and does not go into x."),
        (("--webhook", "ftp://x/y"), "--webhook is not an address."),
        (("--webhook", "http://[::1"), "--webhook is not an address."),
        (("--webhook", "hook"), "--webhook is not an address."),
        (("--as-of", "yesterday"), "yesterday is not a date."),
    ],
)
def test_a_word_that_there_is_not(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in one_line(run(*MARCH[:2], *words))


def test_a_webhook_is_handed_the_json_and_the_token(
    run: Run, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMATTAN_WEBHOOK_TOKEN", CANARY)
    httpserver.expect_request(PATH, method="POST").respond_with_data(status=204)
    ran = run(*MARCH, "--format", "json", "--webhook", httpserver.url_for(PATH))
    assert ran.code == 0
    ((request, _reply),) = httpserver.log
    assert request.headers["Authorization"] == f"Bearer {CANARY}"
    assert request.headers["Content-Type"] == "application/json"
    sent = json.loads(request.get_data())
    assert sent == ran.json
    assert request.headers["Idempotency-Key"] == sent["rows"][0]["evidence"].partition(".")[0]
    assert "Handed to localhost" in ran.err or "Handed to 127.0.0.1" in ran.err
    assert CANARY not in ran.out + ran.err


def test_without_a_token_none_is_sent(run: Run, httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data("ok")
    assert run(*MARCH, "--webhook", httpserver.url_for(PATH)).code == 0
    assert "Authorization" not in httpserver.log[0][0].headers


def test_a_webhook_that_stumbles_is_asked_again(run: Run, httpserver: HTTPServer, no_waiting: list[float]) -> None:
    httpserver.expect_ordered_request(PATH).respond_with_data(status=503, headers={"Retry-After": "7"})
    httpserver.expect_ordered_request(PATH).respond_with_data("ok")
    assert run(*MARCH, "--webhook", httpserver.url_for(PATH)).code == 0
    assert no_waiting == [7.0]
    keys = {request.headers["Idempotency-Key"] for request, _reply in httpserver.log}
    assert len(keys) == 1


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (401, 1), (404, 1), (410, 1), (500, alerts.ATTEMPTS)])
def test_a_webhook_that_refuses_is_one_line_without_a_secret(
    run: Run, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, status: int, tries: int
) -> None:
    monkeypatch.setenv("WEBHOOK_TOKEN", CANARY)
    httpserver.expect_request(PATH).respond_with_data(f"no {CANARY}", status=status)
    ran = run(*MARCH, "--webhook", httpserver.url_for(f"{PATH}?key={CANARY}"))
    line = one_line(ran, code=1)
    assert f"answered {status}." in line
    assert len(httpserver.log) == tries
    assert CANARY not in line


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(
    run: Run, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("WEBHOOK_TOKEN", CANARY)
    elsewhere = Response(status=status, headers={"Location": httpserver.url_for("/elsewhere")})
    httpserver.expect_request(PATH).respond_with_response(elsewhere)
    assert f"answered {status}." in one_line(run(*MARCH, "--webhook", httpserver.url_for(PATH)), code=1)
    assert [request.path for request, _reply in httpserver.log] == [PATH]


def test_nobody_there_and_nobody_answering(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        late = one_line(run(*MARCH, "--webhook", f"http://127.0.0.1:{port}/{CANARY}"), code=1)
    assert f"127.0.0.1:{port} was not reached (ReadTimeout). {alerts.ATTEMPTS} tries did not help." in late
    gone = one_line(run(*MARCH, "--webhook", f"http://me:{CANARY}@127.0.0.1:{port}/x"), code=1)
    assert "was not reached (ConnectError)" in gone
    assert CANARY not in late + gone
    assert threading.active_count() < 20


def test_a_token_is_not_sent_in_the_clear(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_TOKEN", CANARY)
    line = one_line(run(*MARCH, "--webhook", f"http://example.invalid/{CANARY}"))
    assert "A token does not go to example.invalid over http" in line
    assert CANARY not in line
