"""Claims checked on pages: the verdicts of the command line, and what may leave."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from harmattan.cli import main
from harmattan.web import beside
from tests.desk.made import AT, TEXT
from tests.web.desking import desk_of, house_of, id_of_kind, post, seed, server

ONE = """as_of = 2022-10-31
[document]
title = "A <b>title</b>"
[[claim]]
id = "one"
quote = "there was <i>violence</i> in Mali in 2022"
[[claim.part]]
check = "exists"
country = "MLI"
from = "2022"
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with server(tmp_path_factory.mktemp("check") / "home") as made:
        yield made


def said_by_the_command_line(capfdbinary: pytest.CaptureFixture[bytes], client: TestClient, *words: str) -> Any:
    home = house_of(client).settings.home
    capfdbinary.readouterr()
    assert main(["check", *words, "--format", "json", "--home", str(home), "--lang", "en"]) == 0
    return json.loads(capfdbinary.readouterr().out)


def test_the_worked_case_is_judged_as_by_the_command_line(
    client: TestClient, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    page = client.get("/check")
    assert page.status_code == 200
    report = client.get("/check/report.json")
    assert report.json() == said_by_the_command_line(capfdbinary, client)
    shown = re.findall(r'<article[^>]*data-test="claim" data-verdict="(\w+)"', page.text)
    assert shown == [claim["verdict"] for claim in report.json()["claims"]]
    assert "attachment" in report.headers["content-disposition"]
    rows = re.search(r'<a href="(/evidence/[0-9a-f]+\.\d+)"', page.text)
    assert rows is not None
    assert client.get(rows[1]).status_code == 200


def test_dates_of_an_address_are_those_of_the_command(
    client: TestClient, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    report = client.get("/check/report.json?as_of=2022-06-30").json()
    assert report == said_by_the_command_line(capfdbinary, client, "--as-of", "2022-06-30")
    assert client.get("/check?as_of=soon").status_code == 422


def test_the_example_on_the_desk_comes_to_the_same_verdicts(client: TestClient) -> None:
    at = post(client, "/desk/example").headers["location"]
    assert client.get(f"{at}/check").status_code == 422
    example = desk_of(client).queue(at[6:], "claim")
    for made in [one for one in example if one.origin.name.startswith("claims.")]:
        answered = post(client, f"{at}/review/{made.id}", expected_version=str(made.version), decision="accept")
        assert answered.status_code == 303
    mine, worked = client.get(f"{at}/check/report.json").json(), client.get("/check/report.json").json()
    assert {c["id"]: [p["verdict"] for p in c["parts"]] for c in mine["claims"]} == {
        c["id"]: [p["verdict"] for p in c["parts"]] for c in worked["claims"]
    }
    assert house_of(client).noted(what="exported")


def test_claims_of_a_file_are_checked(client: TestClient) -> None:
    answered = post(client, "/check", {"file": ("../mine.toml", ONE.encode(), "application/toml")})
    at = answered.headers["location"]
    assert (answered.status_code, at.startswith("/check/")) == (303, True)
    page = client.get(at).text
    assert ("there was &lt;i&gt;violence" in page, "<i>" in page, "<b>title" in page) == (True, False, False)
    assert 'data-verdict="supported"' in page
    assert client.get(f"{at}/report.json").json()["claims"][0]["verdict"] == "supported"
    made = client.get(f"{at}/report.html")
    assert made.content.startswith(b"<!doctype html>")
    assert "attachment" in made.headers["content-disposition"]
    assert client.get(f"{at}/report.exe").status_code == 404
    assert client.get("/check/0123456789abcdef").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "mine.toml", "mine.toml is empty."),
        (b"as_of = [", "mine.toml", "mine.toml is no TOML"),
        (b"{}", "mine.json", "document is missing"),
        (b"%PDF-1.7", "mine.pdf", "is a document and no claims file"),
        (ONE.replace("exists", "exist").encode(), "mine.toml", "claim one, part 1"),
        (b"[" * 100_000, "mine.json", "it has too many levels"),
        (b"a" * 5_000_000, "mine.toml", "is larger than 4 MB"),
    ],
)
def test_what_is_no_claims_file_is_refused_in_one_line(
    client: TestClient, content: bytes, name: str, told: str
) -> None:
    page = post(client, "/check", {"file": (name, content, "text/plain")})
    fault = re.search(r'data-test="fault">(.*?)</p>', page.text)
    assert page.status_code == 422
    assert fault is not None
    assert told in html.unescape(fault[1])


@pytest.fixture(scope="module")
def secret(client: TestClient) -> str:
    """A confidential document with an accepted claim."""
    at = seed(client, TEXT.replace("Tarwal", "Moura"), confidential=True, title="Secret report")
    start = TEXT.index("JNIM attacked")
    sent = {"start": str(start), "end": str(start + 33), "parts": "1", "p0.check": "exists", "p0.country": "MLI",
            "p0.from": "2022-03"}  # fmt: skip
    assert post(client, f"{at}/claim", **sent, do="accept").status_code == 303
    return at


@pytest.mark.parametrize("format", ["json", "html"])
def test_a_report_quotes_no_confidential_document(client: TestClient, secret: str, format: str) -> None:
    quote = "JNIM attacked the market of Moura"
    assert quote in client.get(f"{secret}/check").text
    report = client.get(f"{secret}/check/report.{format}")
    assert report.status_code == 200
    assert quote not in report.text
    assert "Secret report" not in report.text
    assert "[...]" in report.text


def test_what_leaves_quotes_no_confidential_document_unless_it_is_said(client: TestClient, secret: str) -> None:
    for format in ("jsonl", "csv", "ftm", "graphml"):
        for at in (secret, "/desk"):
            made = post(client, f"{at}/export", format=format, state="accepted")
            assert made.status_code == 200
            assert "attacked the market of Moura" not in made.text
            assert "attachment" in made.headers["content-disposition"]
    refused = post(client, f"{secret}/export", format="claims")
    assert (refused.status_code, "is confidential, and a claims file quotes it" in refused.text) == (422, True)
    quoted = post(client, f"{secret}/export", format="claims", confidential_too="yes")
    assert quoted.json()["claim"][0]["quote"] == "JNIM attacked the market of Moura"
    last = desk_of(client).exports()[-1]
    assert (last.by, last.format, last.quoted) == ("Awa", "claims", True)
    assert house_of(client).noted(what="exported")[0].detail["digest"] == last.digest
    assert post(client, f"{secret}/export", format="exe").status_code == 422


def test_an_export_is_that_of_the_command_line(client: TestClient, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    at = seed(client)
    id = id_of_kind(client, at, "place")
    desk_of(client).review(id, "accepted", "Awa", AT)
    made = post(client, f"{at}/export", format="csv", state="accepted")
    words = ["--format", "csv", "--home", str(house_of(client).settings.home), "--by", "Awa", "--lang", "en"]
    capfdbinary.readouterr()
    assert main(["desk", "export", at[6:], *words]) == 0
    assert made.content == capfdbinary.readouterr().out


def test_handles_leave_as_pseudonyms(client: TestClient) -> None:
    at = seed(client, "On 2 March @some_handle said that JNIM attacked Tarwal.")
    answered = post(client, f"{at}/missed", quote="@some_handle said", kind="new_name", long="@some_handle")
    assert answered.status_code == 303
    hidden = post(client, f"{at}/export", format="jsonl", state="accepted").text
    assert ("some_handle" in hidden, "new_name" in hidden) == (False, True)
    assert "some_handle" in post(client, f"{at}/export", format="jsonl", state="accepted", identities="yes").text


def test_there_is_an_example() -> None:
    assert [path.suffix for path in beside.examples()] == [".toml"]


def test_a_desk_on_postgresql(postgres: str, tmp_path: Path) -> None:
    """The same flow, from a document to a claim, on the other database."""
    from urllib.parse import quote

    import psycopg

    from tests.desk.postgres import PASSWORD

    with psycopg.connect(host="127.0.0.1", port=postgres.partition(":")[2], user="desk", password=PASSWORD,
                         dbname="postgres", autocommit=True) as connection:  # fmt: skip
        connection.execute("CREATE DATABASE desk_web")
    url = f"postgresql+psycopg://desk:{quote(PASSWORD, safe='')}@{postgres}/desk_web"
    with server(tmp_path / "home", desk=url) as client:
        at = post(client, "/desk/add", {"file": ("a.txt", TEXT.encode(), "text/plain")}, published="2022-03-04",
                  language="en").headers["location"]  # fmt: skip
        first = desk_of(client).queue(at[6:])[0]
        assert post(client, f"{at}/review/{first.id}", expected_version="1", decision="reject").status_code == 303
        page = post(client, f"{at}/review/{first.id}", expected_version="1", decision="accept")
        assert (page.status_code, "Awa has made version 2" in page.text) == (409, True)
        assert [one.state for one in desk_of(client).history(first.id)] == ["candidate", "rejected"]
