"""Forecast, effects, spillover and campaigns: what takes long shows how far it is, and comes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from harmattan.brief.outline import Section, TableView
from harmattan.text import Number, T, Verbatim
from harmattan.web import sectioned
from harmattan.web.app import make_app
from harmattan.web.settings import Settings
from tests.questions.invented_posts import asked_of_invented
from tests.web.test_overview import part, words


@pytest.fixture
def hasty(home: Path) -> Iterator[TestClient]:
    """A server that waits for nothing."""
    with TestClient(make_app(Settings(home, "sahel", patience=0.05)), base_url="http://127.0.0.1") as made:
        yield made


def asleep(step: Callable[[int, int], None], *_there: Any) -> tuple[Section, tuple[()]]:
    """A section that takes a while and says how far it is."""
    step(1, 4)
    time.sleep(0.6)
    return Section("forecast", T("Slow"), (T("It came."),)), ()


def test_what_takes_long_shows_how_far_it_is_and_comes(hasty: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sectioned, "make_beside", asleep)
    page = hasty.get("/ahead").text
    assert 'class="coming" data-job="' in part(page, "forecast")
    assert '<noscript><meta http-equiv="refresh"' in page
    seen, until = "", time.monotonic() + 60
    while "It came." not in page and time.monotonic() < until:
        seen += page
        time.sleep(0.1)
        page = hasty.get("/ahead").text
    assert "It came." in part(page, "forecast")
    assert '<progress max="4" value="1"' in seen


def failing(_step: Any, *_there: Any) -> None:
    """A section that cannot be made."""
    raise ValueError("<secret>")


def test_what_fails_says_so_once_and_is_tried_again(hasty: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sectioned, "make_beside", failing)
    until = time.monotonic() + 60
    page = ""
    while "The work failed" not in page and time.monotonic() < until:
        page = hasty.get("/effects?as_of=2020-01-31").text
        time.sleep(0.2)
    assert "The work failed" in page
    assert "secret" not in page
    monkeypatch.setattr(sectioned, "make_beside", asleep)
    while "It came." not in page and time.monotonic() < until:
        page = hasty.get("/effects?as_of=2020-01-31").text
        time.sleep(0.2)
    assert "It came." in part(page, "effects")


@pytest.fixture
def drawn(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Slow sections that are made at once: what pages make of them is looked at, not how long models take."""

    def as_made(step: Any, lake: Any, dossiers: Any, state: str, asked: Any) -> Any:
        case, wanted, _language = asked
        number = Number(7, "0123456789ab.1", 0)
        table = TableView((T("country"), T("deaths")), ((Verbatim("<i>X</i>"), number),), (False, True))
        about = Verbatim(f"{wanted.name}/{case.effects[0].milestone}/{case.effects[0].design}/{case.focus}")
        return Section(wanted.name, T("Made"), (T("{about} {n} rows.", about=about, n=number),), table=table), ()

    monkeypatch.setattr(sectioned, "SLOW", {})
    monkeypatch.setattr(sectioned, "make", lambda inquiry, case, wanted, language, way: as_made(
        None, None, None, "", (case, wanted, language)) if wanted.name != "track-record" else REAL(
        inquiry, case, wanted, language))  # fmt: skip
    return lambda: None


REAL = sectioned.make


def test_a_forecast_stands_beside_its_track_record(client: TestClient, drawn: None) -> None:
    page = client.get("/ahead?as_of=2019-03-31").text
    assert "forecast/" in part(page, "forecast")
    record = part(page, "track-record")
    assert "does not beat the benchmark" in words(record)
    assert "note source" in record
    assert "almost no chance" in page
    assert "&lt;i&gt;X&lt;/i&gt;" in page


def test_a_milestone_and_a_design_are_chosen(client: TestClient, drawn: None) -> None:
    said = "milestone=mli-coup-2020-08&design=sdid&country=MLI&measure=events"
    page = client.get(f"/effects?as_of=2022-03-31&{said}").text
    assert "effects/mli-coup-2020-08/sdid/MLI" in part(page, "chosen")
    assert 'href="/questions/shock?country=MLI' in page
    assert client.get("/effects?milestone=x&design=magic").status_code == 422


def test_a_scenario_form_leads_to_the_question(client: TestClient) -> None:
    went = client.get("/ahead/scenario?country=MLI&whose=BFA&times=2&months=4&as_of=2022-10-31")
    assert went.status_code == 303
    assert went.headers["location"] == (
        "/questions/scenario?country=MLI&path=neighbour%3ABFA%3D2&path_months=4&as_of=2022-10-31"
    )
    assert "path=own%3D2019" in client.get("/ahead/scenario?whose=own&times=2019").headers["location"]
    assert client.get("/ahead/scenario?whose=MLI&country=MLI").status_code == 422
    assert client.get("/ahead/scenario?times=//evil").status_code == 422


def test_without_posts_the_page_says_how_to_take_some_in(client: TestClient) -> None:
    page = client.get("/campaigns").text
    assert "harmattan ingest posts" in page
    assert "No posts are in the lake" in page
    assert client.get("/campaigns/c-12345678").status_code == 404


@pytest.fixture
def posted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server with invented posts; what takes long is made at once."""
    folder = tmp_path_factory.mktemp("posts")
    asked_of_invented(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sectioned, "SLOW", {})
        app = make_app(Settings(folder / "home", "sahel", patience=120))
        with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as made:
            yield made


def test_a_campaign_has_a_page_with_accounts_as_pseudonyms(posted: TestClient) -> None:
    groups = posted.get("/campaigns?as_of=2022-02-28").text
    ids = re.findall(r'href="/campaigns/(c-[0-9a-f]+)', groups)
    assert len(set(ids)) == 2
    whole = part(groups, "influence")
    assert "note source" in whole
    page = posted.get(f"/campaigns/{ids[0]}?as_of=2022-02-28").text
    one = part(page, "campaign")
    accounts = re.findall(r"<td>([^<]*)</td><td>(?:facebook|x|telegram)", one)
    assert len(accounts) >= 5
    assert not any("invented" in account.casefold() or account.isdecimal() for account in accounts)
    assert "invented.page" not in page
    pictures = [address.replace("&amp;", "&") for address in re.findall(r'<img src="([^"]+)"', one)]
    assert len(pictures) >= 3
    assert posted.get(pictures[0]).text.startswith("<svg")
    assert posted.get("/campaigns/c-00000000?as_of=2022-02-28").status_code == 422
