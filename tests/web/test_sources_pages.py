"""Data sets and releases: what is here, what is hidden, what was not taken, what changed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from harmattan.brief import coverage_charts
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from harmattan.web import pages
from harmattan.web.app import make_app
from harmattan.web.settings import Settings
from tests.web.lakes import N_REJECTS, REASON, two_releases
from tests.web.served import sign_of


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server whose lake has two releases of one data set beside the embedded ones."""
    home = tmp_path_factory.mktemp("sources-home")
    two_releases(home)
    app = make_app(Settings(home, "sahel", person="Awa", patience=60))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as made:
        yield made


def _house(desk: TestClient) -> Any:
    return desk.app.state.house  # type: ignore[attr-defined]


def test_every_data_set_is_listed_with_its_licence_and_command(desk: TestClient) -> None:
    page = desk.get("/sources")
    assert page.status_code == 200
    answer = _house(desk).asking.ask("sources", Params(country=_house(desk).case.countries))
    assert len(answer.rows) > 30
    for row in answer.rows:
        assert f"<b><code>{row['dataset']}</code></b>" in page.text
    assert "harmattan ingest ucdp-ged FILE" in page.text
    assert 'href="/sources/made-up@2"' in page.text
    assert "hidden after 31 December 2022" in page.text
    assert "only sums may be handed on" in page.text
    assert 'href="/evidence/' in page.text


def test_coverage_is_a_picture_with_gaps_and_hidden_parts(desk: TestClient) -> None:
    assert 'src="/sources/coverage.svg' in desk.get("/sources").text
    svg, png = desk.get("/sources/coverage.svg?lang=en"), desk.get("/sources/coverage.png")
    assert (svg.status_code, svg.headers["content-type"]) == (200, "image/svg+xml")
    for words in ("not covered", "hidden by licence", "Mali", "dossier-sahel", "ucdp-ged-cells@24.1", "Data: "):
        assert words in svg.text
    assert png.content.startswith(b"\x89PNG")
    assert desk.get("/sources/coverage.svg?lang=en", headers={"if-none-match": svg.headers["etag"]}).status_code == 304
    assert desk.get("/sources/coverage.exe").status_code == 404


def test_every_status_has_a_mark_of_its_own(desk: TestClient) -> None:
    house = _house(desk)
    countries = house.case.countries
    answers = [
        house.asking.ask(name, Params(country=countries, end=end))
        for name, end in (("coverage", house.now().date()), ("sources", None))
    ]
    picture = coverage_charts.covered(*answers, Speaker("en"))
    assert picture is not None
    drawn = [row for rows in picture.spec["datasets"].values() for row in rows]
    there = {row["status"] for row in drawn}
    assert {"final", "figures", "curated", "not covered", "hidden by licence"} <= there
    for row in (row for row in answers[0].rows if row["status"] != "not covered"):
        assert any(
            (one["end"], one["release"], one["status"]) == (row["end"], row["release"], row["status"]) for one in drawn
        )
    assert set(coverage_charts.COLOURS) == set(coverage_charts.WORDS)


def test_a_release_says_what_it_is(desk: TestClient) -> None:
    page = desk.get("/sources/made-up@2").text
    release = _house(desk).lake.find("made-up@2").release
    for words in (release.digest, release.files[0].sha256, "Nobody (2024)", "Look, do not take", "Mali and Niger",
                  "an embargo of twelve months", "The column colour came.", "a test"):  # fmt: skip
        assert words in page
    assert "/sources/diff?before=made-up%401&amp;after=made-up%402" in page
    assert "What it changed against" not in desk.get("/sources/made-up@1").text


def test_what_was_not_taken_is_shown_by_the_page(desk: TestClient) -> None:
    first, second = desk.get("/sources/made-up@2").text, desk.get("/sources/made-up@2?page=2").text
    assert REASON in first
    assert "x0,&lt;b&gt;" in first
    assert "<td>x49</td>" in first
    assert "<td>x50</td>" not in first
    assert f"<td>x{N_REJECTS - 1}</td>" in second
    assert f'<td class="r">{N_REJECTS - 1}</td>' in first, "so many for the first reason"
    assert "Rows that were not taken" not in desk.get("/sources/made-up@1").text


def test_every_byte_of_a_release_is_checked(desk: TestClient) -> None:
    page = "/sources/made-up@1"
    assert "Every byte" not in desk.get(page).text

    def checked() -> str:
        sent = desk.post(f"{page}/verify", data={"csrf": sign_of(desk.get(page).text)})
        assert sent.status_code == 303
        until = time.monotonic() + 60
        while desk.get(f"{sent.headers['location']}/state.json").json()["state"] in ("waiting", "running"):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert desk.get(sent.headers["location"]).headers["location"] == page
        return desk.get(page).text

    assert "Every byte is as it was." in checked()
    events: Path = _house(desk).lake.find("made-up@1").file("events")
    whole = events.read_bytes()
    try:
        events.chmod(0o644)
        events.write_bytes(whole[:-1] + b"x")
        assert "events.parquet has changed" in checked()
    finally:
        events.write_bytes(whole)


def test_two_releases_are_compared(desk: TestClient) -> None:
    both = {"before": "made-up@1", "after": "made-up@2"}
    page = desk.get("/sources/diff", params=both)
    assert page.status_code == 200
    assert "From made-up@1 to made-up@2: 13 records new, gone or revised." in page.text
    assert "<option selected>made-up@2</option>" in page.text
    rows = list(csv.DictReader(io.StringIO(desk.get("/sources/diff.csv", params=both).text)))
    assert [(row["iso3"], row["new"], row["gone"], row["revised"]) for row in rows] == [
        ("MLI", "0", "5", "5"), ("NER", "3", "0", "0")
    ]  # fmt: skip


def test_single_records_are_shown_and_not_handed_on(desk: TestClient) -> None:
    both = {"before": "made-up@1", "after": "made-up@2", "records": "1"}
    page = desk.get("/sources/diff", params=both).text
    assert re.search(r"<td[^>]*>n2</td>", page)
    assert "diff.csv" not in page
    refused = desk.get("/sources/diff.csv", params=both)
    assert refused.status_code == 403
    assert "Look, do not take" in refused.text


def test_releases_of_different_kinds_are_refused_in_words(desk: TestClient) -> None:
    page = desk.get("/sources/diff?before=made-up@1&after=dossier-sahel@2026.11")
    assert page.status_code == 422
    assert "Compare two releases of one kind." in page.text
    assert desk.get("/sources/diff").status_code == 200


@pytest.mark.parametrize("name", ["nothing@1", "..%2f..%2fetc", "made-up", "made-up@2%00"])
def test_what_is_not_a_release_is_not_there(desk: TestClient, name: str) -> None:
    assert desk.get(f"/sources/{name}").status_code in (400, 404)
    assert desk.get(f"/sources/diff.csv?before={name}&after=made-up@2").status_code in (400, 404)


def test_the_pages_hold_in_french(desk: TestClient) -> None:
    page = desk.get("/sources", headers={"accept-language": "fr"})
    assert '<html lang="fr">' in page.text
    assert "coverage.svg?lang=fr" in page.text


def test_the_page_of_the_sources_is_kept_for_its_day(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    house = client.app.state.house
    client.get("/sources")
    made = []
    own = pages._made
    monkeypatch.setattr(pages, "_made", lambda *said, **also: made.append(said[2]) or own(*said, **also))
    assert client.get("/sources").status_code == 200
    assert made == []
    tomorrow = house.now() + dt.timedelta(days=1)
    monkeypatch.setattr(house, "now", lambda: tomorrow)
    assert client.get("/sources").status_code == 200
    assert made == ["sources.html.j2"]
