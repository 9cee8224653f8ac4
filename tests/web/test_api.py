"""What the API promises: the same answers as the command line, in the form and language that is wanted, sparingly."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from harmattan.cli import main
from harmattan.export.media import MEDIA

ASKED = "/api/ask/casualties?country=MLI&by=year&from=2019&to=2021"
WORDS = ["--country", "MLI", "--by", "year", "--from", "2019", "--to", "2021"]


def printed(home: Path, capsysbinary: pytest.CaptureFixture[bytes], *words: str) -> bytes:
    """What the command line prints."""
    capsysbinary.readouterr()
    assert main([*words, "--home", str(home)]) == 0
    return capsysbinary.readouterr().out


def test_an_answer_is_the_one_that_the_command_line_prints(
    client: TestClient, home: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    out = printed(home, capsysbinary, "ask", "casualties", *WORDS, "--format", "json")
    pairs = client.get(ASKED)
    assert pairs.status_code == 200
    assert json.loads(pairs.content, object_pairs_hook=list) == json.loads(out, object_pairs_hook=list)


def test_evidence_is_what_the_command_line_prints(
    client: TestClient, home: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    id = client.get(ASKED).json()["rows"][1]["evidence"]
    out = printed(home, capsysbinary, "evidence", id, "--format", "json")
    assert client.get(f"/api/evidence/{id}").json() == json.loads(out)


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_files_are_those_of_the_command_line(
    client: TestClient, home: Path, capsysbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    out = printed(home, capsysbinary, "ask", "casualties", *WORDS, "--format", form)
    got = client.get(ASKED, headers={"accept": MEDIA[form]})
    assert got.content == out
    assert got.headers["content-type"].partition(";")[0] == MEDIA[form]
    assert got.content == client.get(f"{ASKED}&format={form}").content


def test_several_words_come_one_after_the_other_or_joined(client: TestClient) -> None:
    first = client.get("/api/ask/casualties?country=MLI&country=NER&by=year&by=country").json()
    assert client.get("/api/ask/casualties?country=MLI,NER&by=year,country").json() == first


def test_french_readers_get_french_words_and_their_csv(client: TestClient) -> None:
    by_header = client.get(f"{ASKED}&format=csv", headers={"accept-language": "fr-ML,fr;q=0.9"})
    assert by_header.headers["content-language"] == "fr"
    assert ";" in by_header.text.splitlines()[0]
    assert "événements" in client.get(f"{ASKED}&lang=fr").json()["headline"]
    refused = client.get("/api/ask/casualties?country=Mlai&lang=fr").json()
    assert refused["detail"] != client.get("/api/ask/casualties?country=Mlai").json()["detail"]


def test_what_one_has_is_not_sent_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(ASKED)
    tag = first.headers["etag"]
    monkeypatch.setattr(client.app.state.house.asking, "ask", None)  # type: ignore[attr-defined]
    again = client.get(ASKED, headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    monkeypatch.undo()
    others = {
        client.get(f"{ASKED}{more}").headers["etag"] for more in ("", "&format=csv", "&lang=fr", "&kind=one_sided")
    }
    assert len(others) == 4
    assert {"Accept", "Accept-Language", "Authorization"} <= set(first.headers["vary"].split(", "))
    assert "private" in first.headers["cache-control"]


def test_licences_are_linked(client: TestClient) -> None:
    link = client.get(f"{ASKED}&format=csv").headers["link"]
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in link
    described = link.split('>; rel="describedby"')[0].rpartition("<")[2]
    assert client.get(described).json()["origin"]["licence"]["name"] == "CC BY 4.0"


def test_events_come_in_pages_that_together_are_the_evidence(client: TestClient) -> None:
    page, rows = "/api/events?country=MLI&from=2021&to=2021&limit=40", []
    while page:
        got = client.get(page)
        rows += got.json()["rows"]
        assert (f'<{got.json()["next"]}>; rel="next"' in got.headers["link"]) == (got.json()["next"] is not None)
        page = got.json()["next"]
    assert len(rows) == got.json()["total"] > 40
    assert rows == client.get(f"/api/evidence/{got.json()['id']}").json()["rows"]
    whole = client.get("/api/events?country=MLI&from=2021&to=2021&format=csv").text
    assert len(list(csv.DictReader(io.StringIO(whole)))) == len(rows)
    assert client.get("/api/events?country=MLI&from=2021&to=2021&offset=99999").json()["rows"] == []


def test_a_misspelt_parameter_is_not_passed_over(client: TestClient) -> None:
    refused = client.get("/api/ask/casualties?contry=MLI")
    assert refused.status_code == 422
    assert "Did you mean country?" in refused.json()["detail"]
    assert client.get("/api/ask/casualties?country=").status_code == 422
    assert client.get("/api/ask/casualties?from=2019&from=2020").status_code == 422
    assert client.get("/api/releases?x=1").status_code == 422


@pytest.mark.parametrize("word", ["/etc/passwd.yaml", "a@b/x.yml", "../x.yaml@0123456789ab"])
def test_no_word_opens_a_file(client: TestClient, word: str) -> None:
    refused = client.get("/api/ask/narratives", params={"lexicon": word})
    assert refused.status_code == 422
    assert "file" in refused.json()["detail"]
    assert client.get("/questions/narratives", params={"lexicon": word}).status_code == 422


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/nothing", 404),
        ("/api/ask/nothing", 404),
        ("/api/releases/nothing", 404),
        ("/api/jobs/nothing", 404),
        ("/api/evidence/000000000000", 404),
        ("/api/documents/000000000000", 404),
        ("/api/evidence/nothing", 422),
        ("/api/diff?before=nothing&after=nothing", 422),
        ("/api/ask/casualties?format=geojson", 422),
        ("/api/ask/actors?format=graphml", 406),
        ("/api/events?limit=0", 422),
        ("/api/ask/casualties?lang=de", 422),
    ],
)
def test_errors_are_problems(client: TestClient, address: str, status: int) -> None:
    got = client.get(address)
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json")
    assert set(got.json()) == {"type", "title", "status", "detail", "instance"}
    assert got.json()["status"] == status
    assert "Traceback" not in got.text


def test_methods_and_bodies_that_do_not_fit(client: TestClient) -> None:
    got = client.delete(ASKED, headers={"x-csrf-token": "x"})
    assert (got.status_code, got.headers["allow"]) == (405, "GET")
    assert got.headers["content-type"] == "application/problem+json"
    csrf = client.get("/api/me").json()["csrf"]
    at = "/api/assertions/5d53d11a7cd2/reviews"
    as_form = client.post(at, content="state=accepted", headers={"x-csrf-token": csrf, "content-type": "text/plain"})
    assert as_form.status_code == 415
    assert client.post(at, json={"state": "accepted", "expected_version": 1}).status_code == 403
    large = client.post(
        at, content=b" " * 21_000_000, headers={"x-csrf-token": csrf, "content-type": "application/json"}
    )
    assert (large.status_code, large.headers["content-type"]) == (413, "application/problem+json")


def test_accept_says_the_form(client: TestClient) -> None:
    refused = client.get(ASKED, headers={"accept": "image/png"})
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["detail"]
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.get(ASKED, headers={"accept": browser}).json()["question"] == "casualties"


def test_no_other_site_may_read_it(client: TestClient) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "GET"}
    for got in (client.get(ASKED, headers=headers), client.options(ASKED, headers=headers)):
        assert not [name for name in got.headers if name.startswith("access-control")]


def test_health_says_nothing_of_what_there_is(client: TestClient) -> None:
    assert set(client.get("/api/health").json()) == {"status", "version"}


def test_alerts_are_a_feed(client: TestClient) -> None:
    feed = client.get("/api/alerts?as_of=2022-10-31", headers={"accept": "application/atom+xml"})
    assert feed.text.startswith("<?xml")
    assert "<feed" in feed.text
    assert client.get("/api/alerts").json()["case"]


def test_releases_and_what_is_wrong_with_them(client: TestClient) -> None:
    names = [f"{one['origin']['dataset']}@{one['label']}" for one in client.get("/api/releases").json()]
    assert client.get(f"/api/releases/{names[0]}").json()["embedded"] is True
    assert {one["name"]: one["faults"] for one in client.get("/api/verify").json()} == {name: [] for name in names}
    same = client.get("/api/diff", params={"before": names[0], "after": names[0]}).json()
    assert (same["before"], same["rows"]) == (names[0], [])


def test_who_is_who_leads_to_cards(client: TestClient) -> None:
    first = client.get("/api/actors?limit=1").json()
    assert first["total"] > 100
    assert client.get(first["rows"][0]["card"]).json()["question"] == "actor"
    assert client.get(first["next"]).json()["rows"] != first["rows"]


def test_what_takes_long_says_where_it_is(home: Path, client: TestClient) -> None:
    asking = client.app.state.house.asking  # type: ignore[attr-defined]
    patience, asking.patience = asking.patience, 0.0
    try:
        got = client.get("/api/ask/forecast?country=MLI&window=1")
    finally:
        asking.patience = patience
    assert got.status_code == 202
    job = client.get(got.headers["location"]).json()
    assert job["result"] == "/api/ask/forecast?country=MLI&window=1"
    assert job["state"] in ("running", "done")
    assert job["id"] in [one["id"] for one in client.get("/api/jobs").json()]


def test_the_page_documents_every_address(client: TestClient) -> None:
    page = client.get("/api").text
    for path in client.get("/api/openapi.json").json()["paths"]:
        assert path in page
