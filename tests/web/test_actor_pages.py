"""Who is who on pages: the list, the card, the network as of a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from harmattan.dossier.book import Book
from harmattan.dossier.records import Actor, Citation, Name, Source
from harmattan.questions import roster
from harmattan.questions.parameters import Params
from tests.web.served import Served
from tests.web.test_overview import part, words


def listed(page: str) -> list[str]:
    """The ids of the actors in a list."""
    return re.findall(r'<td><a href="/actors/([a-z0-9-]+)\?', page)


@pytest.mark.parametrize("asked", ["GSIM", "gsim", "نصرة الإسلام", "Jama'at Nusrat", "soutien à l’islam"])
def test_somebody_is_found_by_any_name(client: TestClient, asked: str) -> None:
    assert "jnim" in listed(client.get("/actors", params={"q": asked}).text)


def test_the_list_is_narrowed_by_country_kind_and_day(client: TestClient) -> None:
    everybody = listed(client.get("/actors").text)
    armed = listed(client.get("/actors?kind=armed_group&country=MLI").text)
    then = listed(client.get("/actors?active=yes&as_of=2016-01-01").text)
    assert len(everybody) > len(armed) > 3
    assert "jnim" in everybody
    assert "jnim" not in then
    assert "minusma" in then


def test_a_word_nobody_goes_by_finds_nobody_and_is_escaped(client: TestClient) -> None:
    page = client.get("/actors", params={"q": '"><script>alert(1)</script>zzqqxx'}).text
    assert listed(page) == []
    assert "Nobody in the dossier fits" in page
    assert "<script>alert" not in page


def test_a_card_says_what_the_question_says(client: TestClient) -> None:
    page = client.get("/actors/jnim").text
    house = client.app.state.house
    answer = house.asking.ask("actor", Params(actor=("jnim",), as_of=house.case.as_of))
    active = [(n, row) for n, row in enumerate(answer.rows) if row["aspect"] == "activity"]
    assert active
    for n, row in active:
        assert f'<a class="n" href="/evidence/{answer.row_id(n)}">{row["events"]:,}</a>' in page
    assert "جماعة نصرة الإسلام والمسلمين" in page
    assert "Arabic" in page
    assert 'href="/actors/ansar-dine?as_of=2022-10-31"' in page
    assert "led by" in page


def test_sources_are_links_to_the_web_alone(client: TestClient) -> None:
    page = client.get("/actors/jnim").text
    outward = re.findall(r'<a href="([^"]+)" rel="noopener noreferrer nofollow"', page)
    assert outward
    assert all(address.startswith(("https://", "http://")) for address in outward)


def test_a_card_as_of_a_day_does_not_know_what_came_later(client: TestClient) -> None:
    page = client.get("/actors/jnim?as_of=2018-01-01").text
    assert (
        "2022" not in words(page.partition("<main")[2].partition('id="figures"')[0]).replace("dossier-sahel", "")[:1500]
    )
    assert "MINUSMA" in client.get("/actors/minusma?as_of=2018-01-01").text


@pytest.mark.parametrize("id", ["nobody", "..%2fetc", "JNIM'--"])
def test_there_is_no_card_of_somebody_unknown(client: TestClient, id: str) -> None:
    assert client.get(f"/actors/{id}").status_code == 404


def test_markup_in_a_name_is_text_and_no_script_a_source(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dossier is anybody's file: what it says may be anything."""
    from harmattan.web.routes import actors

    evil = "<img src=x onerror=alert(1)>"
    real = actors.of_day

    def with_evil(house: object, day: dt.date) -> object:
        told = real(house, day)  # type: ignore[arg-type]
        actor = Actor.model_validate({"id": "evil", "kind": "armed_group", "label": {"en": evil, "fr": evil}})
        name = Name(actor="evil", text=evil)
        book = replace(told.book, actors={**told.book.actors, "evil": actor}, names=(*told.book.names, name))
        return replace(told, book=book)

    monkeypatch.setattr(actors, "of_day", with_evil)
    page = client.get("/actors?q=onerror&as_of=2019-05-05").text
    assert "evil" in listed(page)
    assert evil not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_an_address_that_is_no_web_page_is_no_link() -> None:
    source = Source.model_construct(
        key="s", publisher="P", title="T", date="2020", url="javascript:alert(1)", language="en"
    )
    actor = Actor.model_validate({"id": "a", "kind": "militia", "label": {"en": "A", "fr": "A"}})
    actor = actor.model_copy(update={"cite": (Citation(source="s"),)})
    book = Book({"a": actor}, (), (), (), (), (), {"s": source})
    assert [one.url for one in roster.cited(book, actor)] == [""]


def test_a_network_is_that_of_the_question(client: TestClient) -> None:
    page = client.get("/network?country=MLI&as_of=2022-10-31").text
    house = client.app.state.house
    answer = house.asking.ask("network", Params(country=("MLI",), as_of=dt.date(2022, 10, 31), window=12))
    drawn = part(page, "linked")
    assert f'<a class="n" href="/evidence/{answer.row_id(0)}">{answer.rows[0]["nodes"]}</a> actors' in drawn
    assert "note source" in drawn
    spec = client.get("/picture/linked/1.json?country=MLI&as_of=2022-10-31").json()
    dots = next(rows for rows in spec["datasets"].values() if rows and "degree" in rows[0] and "kind" in rows[0])
    measured = {str(row["name"]) for row in answer.rows if row["part"] == "node" and row["degree"]}
    assert measured <= {dot["name"] for dot in dots}


def test_the_slider_goes_by_months_without_a_script(client: TestClient) -> None:
    page = client.get("/network?country=MLI&as_of=2022-10-31&month=0&stood=129").text
    assert 'value="0" step="1"' in page
    assert "31 January 2012" in page
    assert 'rel="prev"' not in page
    assert 'as_of=2012-02-29"' in page
    stood = client.get("/network?country=BFA&as_of=2022-10-15&month=129&stood=129").text
    assert "15 October 2022" in stood
    assert client.get("/network?month=999999999999&stood=1").status_code == 200


def test_a_month_comes_alone_for_a_script(client: TestClient) -> None:
    fragment = client.get("/network?country=MLI&as_of=2020-03-31&part=yes").text
    assert fragment.lstrip().startswith('<div id="network"')
    assert 'data-said="Network shown: March 2020"' in fragment
    assert "<html" not in fragment


def test_the_graph_comes_as_a_file_with_its_sources(client: TestClient) -> None:
    for kind, node in (
        ("graphml", "{http://graphml.graphdrawing.org/xmlns}node"),
        ("gexf", "{http://gexf.net/1.3}node"),
    ):
        file = client.get(f"/network/network.{kind}?country=MLI&as_of=2022-10-31")
        assert f'filename="harmattan-network-MLI-2022-10-31.{kind}"' in file.headers["content-disposition"]
        assert len(list(ET.fromstring(file.content).iter(node))) > 70
        assert "Uppsala" in file.text or "UCDP" in file.text
    assert client.get("/network/network.exe").status_code == 404


def test_before_there_are_events_the_network_says_so(client: TestClient) -> None:
    drawn = part(client.get("/network?country=MLI&as_of=1980-01-01").text, "linked")
    assert "Not covered: Mali, 2 January 1979 to 1 January 1980." in words(drawn)


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


def test_the_slider_fetches_and_says_the_month(page: Any, served: Served) -> None:
    page.goto(f"{served.url}/network?country=MLI&as_of=2022-10-31", wait_until="load")
    page.focus("#month")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector('#network[data-day="2022-09-30"]', timeout=60_000)
    assert page.inner_text("#told") == "Network shown: September 2022"
    assert "as_of=2022-09-30" in page.url
    assert "30 September 2022" in page.inner_text("#network")
