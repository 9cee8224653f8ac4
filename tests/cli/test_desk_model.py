"""`harmattan desk propose`: what a model on loopback says, on the desk as candidates; and never without being asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from harmattan.desk.store import Desk
from tests.cli.running import Run, one_line
from tests.reading.test_model import AT, GOOD, WHOLE, form, killed, reply, written
from tests.sources.loopback import CANARY

PATH = "/v1/chat/completions"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose desk has a document, and a confidential one."""
    with Desk.open(tmp_path / "home" / "desk.sqlite3") as desk:
        desk.add(written(), AT, by="amina")
        desk.add(replace(written(), digest="f" * 64, confidential=True), AT, by="amina")
    return tmp_path / "home"


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """A server that answers one form well and lies in another; the environment has the key."""
    monkeypatch.setenv("HARMATTAN_MODEL_KEY", CANARY)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    lie = form("JNIM killed \x1b[31m900", killed(900))
    message = {"role": "assistant", "content": reply(GOOD, lie, verdict="supported")}
    httpserver.expect_request(PATH).respond_with_json({"choices": [{"finish_reason": "stop", "message": message}]})
    return httpserver


def test_what_the_document_bears_out_is_a_candidate(run: Run, home: Path, server: HTTPServer) -> None:
    words = (
        "desk",
        "propose",
        "--home",
        home,
        written().id,
        "--model",
        "a-model",
        "--model-url",
        server.url_for("/v1"),
    )
    ran = run(*words)
    assert ran.code == 0
    assert f"{written().id}: a-model proposes 1 candidate; 2 forms are not let in." in ran.out
    assert "The quotation does not stand in the document." in ran.out
    assert "The form gives a verdict; a model never may." in ran.out
    assert "\x1b[31m900" not in ran.out
    assert CANARY not in ran.out + ran.err
    (row,) = run("desk", "queue", "--home", home, written().id, "--format", "json").json
    assert (row["kind"], row["state"], row["citation"]["exact"]) == ("claim", "candidate", WHOLE)
    assert (row["origin"]["kind"], row["origin"]["name"]) == ("model", "a-model")
    assert len(row["origin"]["version"]) == 64
    assert "proposes 0 candidates" in run(*words).out
    assert CANARY not in json.dumps(row)


def test_a_confidential_document_and_no_model_reach_no_server(run: Run, home: Path, server: HTTPServer) -> None:
    at = ("--model", "a-model", "--model-url", server.url_for("/v1"))
    ran = run("desk", "propose", "--home", home, "f" * 12, *at)
    assert (ran.code, one_line(ran)) == (2, "T is confidential: it is sent to no model. Read it without a model.")
    ran = run("desk", "propose", "--home", home, written().id)
    assert ran.code == 2
    assert "No language model is named" in one_line(ran)
    assert server.log == []


def test_a_model_that_is_not_there_leaves_the_desk_as_it_is(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harmattan.cli.desk_model.FIRST_WAIT_S", 0.0)
    ran = run("desk", "propose", "--home", home, written().id, "--model", "m", "--model-url", "http://127.0.0.1:1/v1")
    assert ran.code == 1
    said = "127.0.0.1:1 was not reached (ConnectError). 3 tries did not help. Nothing was put on the desk."
    assert one_line(ran, code=1).startswith(said)
    assert run("desk", "queue", "--home", home, written().id, "--format", "json").json == []
