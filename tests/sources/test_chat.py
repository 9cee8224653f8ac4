"""A model behind a server on loopback: what is sent, what comes back, and what nobody may see."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, UsageError
from harmattan.reading.model import Prompt, propose_with_model
from harmattan.reading.sentences import sentences
from harmattan.sources.chat import MOST_BYTES, Endpoint, ask
from harmattan.text.speaker import Speaker
from tests.reading.test_model import AT, GOOD, TEXT, WHOLE, form, killed, reply, written
from tests.sources.lines import tried
from tests.sources.loopback import CANARY

PATH = "/v1/chat/completions"
SCHEMA = {"type": "object"}


def said(content: Any, finish: str = "stop") -> dict[str, Any]:
    return {"choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}]}


def at(server: HTTPServer, key: str = CANARY) -> Endpoint:
    return Endpoint.checked(server.url_for("/v1"), "a-model", key)


def answered(server: HTTPServer, **more: Any) -> str:
    with tried(attempts=3, **more) as made:
        return ask(made.line, at(server), "the task", "the text", SCHEMA)


def test_what_is_sent_and_what_comes_back(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH, method="POST").respond_with_json(said("{}"))
    assert answered(httpserver) == "{}"
    request = httpserver.log[0][0]
    body = json.loads(request.data)
    assert request.headers["Authorization"] == f"Bearer {CANARY}"
    assert body["model"] == "a-model"
    assert body["messages"] == [{"role": "system", "content": "the task"}, {"role": "user", "content": "the text"}]
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (body["temperature"], body["stream"]) == (0, False)
    assert CANARY not in request.data.decode()


def test_without_a_key_no_header_says_one(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_json(said("{}"))
    with tried() as made:
        ask(made.line, at(httpserver, key=""), "a", "b", SCHEMA)
    assert "Authorization" not in httpserver.log[0][0].headers


def test_a_server_that_takes_no_temperature(httpserver: HTTPServer) -> None:
    def handle(request: Request) -> Response:
        if "temperature" in request.get_json():
            return Response('{"error": {"message": "temperature is not supported"}}', 400)
        return Response(json.dumps(said("{}")), 200)

    httpserver.expect_request(PATH).respond_with_handler(handle)
    assert answered(httpserver) == "{}"


def test_a_server_that_fails_is_asked_again_and_then_told_of_in_one_line(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request(PATH).respond_with_data(f"no {CANARY}", status=500)
    httpserver.expect_ordered_request(PATH).respond_with_json(said("{}"))
    assert answered(httpserver) == "{}"
    httpserver.clear()
    httpserver.expect_request(PATH).respond_with_data(f"no {CANARY}", status=500)
    with pytest.raises(FetchError, match=r"answered 500\. 3 tries did not help") as caught:
        answered(httpserver)
    _in_one_line(caught.value)
    assert len(httpserver.log) == 3


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        ("<html>Sign in</html>", 200, "not JSON"),
        ("{}", 200, "another form"),
        ('{"choices": []}', 200, "another form"),
        ("[1]", 200, "another form"),
        (json.dumps(said(None)), 200, "gave no reply"),
        (json.dumps(said("  ")), 200, "gave no reply"),
        (json.dumps(said([{"type": "text"}])), 200, "gave no reply"),
        (json.dumps(said("{", "length")), 200, "was cut off"),
        (f"wrong key {CANARY}", 401, "answered 401"),
        ("no such model", 404, "answered 404"),
        ("schema not supported", 400, "refuses what it is asked"),
    ],
)
def test_answers_that_are_none(httpserver: HTTPServer, content: str, status: int, words: str) -> None:
    httpserver.expect_request(PATH).respond_with_data(content, status=status)
    with pytest.raises(FetchError, match=words) as caught:
        answered(httpserver)
    _in_one_line(caught.value)


def test_a_reply_without_end_is_cut(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data(b" " * (MOST_BYTES + 100_000))
    with pytest.raises(FetchError, match="answers without end"):
        answered(httpserver, most_bytes=MOST_BYTES)


def test_the_document_follows_no_redirect(httpserver: HTTPServer) -> None:
    for key in (CANARY, ""):
        httpserver.clear()
        httpserver.expect_request(PATH).respond_with_data("", 307, headers={"Location": httpserver.url_for("/else")})
        httpserver.expect_request("/else").respond_with_json(said("{}"))
        with tried(attempts=2) as made, pytest.raises(FetchError, match="answered 307"):
            ask(made.line, at(httpserver, key), "a", "b", SCHEMA)
        assert [request.path for request, _ in httpserver.log] == [PATH]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8080",
        "ftp://example.org/v1",
        "http://",
        "http://[::1",
        "https://user:word@example.org/v1",
        "https://a.org/v1?key=x",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(UsageError, match="address of the model is not a plain") as caught:
        Endpoint.checked(url, "m")
    assert "word" not in str(caught.value)


def test_a_key_does_not_travel_in_the_clear() -> None:
    with pytest.raises(UsageError, match=r"does not go to example\.org over http") as caught:
        Endpoint.checked("http://example.org/v1", "m", CANARY)
    assert CANARY not in str(caught.value)
    assert Endpoint.checked("http://127.0.0.1:1/v1", "m", CANARY).url == "http://127.0.0.1:1/v1/chat/completions"
    assert (
        Endpoint.checked("https://e.org/v1/chat/completions/", "m", CANARY).url == "https://e.org/v1/chat/completions"
    )
    assert CANARY not in repr(Endpoint.checked("https://e.org/v1", "m", CANARY))
    with pytest.raises(UsageError, match="No model is named"):
        Endpoint.checked("https://e.org/v1", " ")


def test_a_server_that_answers_well_and_lies(httpserver: HTTPServer) -> None:
    lies = [
        form("JNIM killed 500 people in Bamako", killed(500)),
        form(WHOLE, killed(1300, "at_least")),
        form("JNIM did attack any village in Niger in 2019.", {"check": "exists", "country": "NER"}),
        form("IS Sahel killed 40 people in Burkina Faso in 2021", killed(40, country="BFA")),
        form(WHOLE, killed(130, "at_least"), verdict="contradicted"),
        form("<img src=x onerror=alert(1)>", killed(1)),
    ]
    httpserver.expect_request(PATH).respond_with_json(said(reply(*lies, GOOD, *lies)))
    with tried() as made:

        def asked(one: Prompt) -> str:
            return ask(made.line, at(httpserver), one.task, one.text, one.schema)

        got = propose_with_model(written(), sentences(TEXT, "en"), asked, "a-model", AT)
        assert [one.citation.exact for one in got.assertions] == [WHOLE]
        assert len(got.refused) == 2 * len(lies)
        assert {one.state for one in got.assertions} == {"candidate"}
        sent = len(httpserver.log)
        with pytest.raises(UsageError, match="confidential"):
            propose_with_model(
                replace(written(), confidential=True), sentences(TEXT, "en"), asked, "a-model", dt.datetime.now(dt.UTC)
            )
        assert len(httpserver.log) == sent


def test_prose_for_json_proposes_nothing(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_json(said("Gladly! JNIM attacked villages. I judge this supported."))
    with tried() as made:
        got = propose_with_model(
            written(),
            sentences(TEXT, "en"),
            lambda one: ask(made.line, at(httpserver), one.task, one.text, one.schema),
            "m",
            AT,
        )
    assert got.assertions == ()
    assert str(got.refused[0].reason) == "The model's reply is no JSON."


def _in_one_line(fault: FetchError) -> None:
    for language in ("en", "fr"):
        line = fault.line(Speaker(language))
        assert "\n" not in line
        assert CANARY not in line
        assert "the text" not in line
