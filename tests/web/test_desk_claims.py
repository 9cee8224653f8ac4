"""What reading has missed, and claims, on pages: the words are those of the document, whatever a form says."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.desk.made import AT, TEXT
from tests.web.desking import desk_of, house_of, id_of_kind, post, seed, server

SENTENCE = "On 2 March JNIM attacked the market of Tarwal, killing at least 12 people."


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with server(tmp_path / "home") as made:
        yield made


@pytest.fixture
def at(client: TestClient) -> str:
    return seed(client)


def test_selected_words_become_an_accepted_assertion(client: TestClient, at: str) -> None:
    start = TEXT.index("Le GSIM")
    place = {"start": str(start), "end": str(start + 7), "kind": "actor"}
    page = client.get(f"{at}/missed", params=place)
    assert '<mark class="k-actor">Le GSIM</mark>' in page.text
    answered = post(client, f"{at}/missed", **place, actor="GSIM", modality="asserted", note="its French name")
    assert answered.status_code == 303
    made = desk_of(client).assertion(answered.headers["location"].rpartition("=")[2])
    assert (made.citation.exact, made.canonical, made.state) == ("Le GSIM", {"actor": "jnim"}, "accepted")
    assert (str(made.origin), made.reviewer, made.note) == ("human:Awa", "Awa", "its French name")
    again = post(client, f"{at}/missed", **place, actor="GSIM")
    assert (again.status_code, "You have said so already" in again.text) == (422, True)


def test_offsets_count_code_points(client: TestClient, at: str) -> None:
    start = TEXT.index("Tarwal", TEXT.index("🕊"))
    page = client.get(f"{at}/missed", params={"start": start, "end": start + 6, "kind": "place"})
    assert '<mark class="k-place">Tarwal</mark>' in page.text
    padded = client.get(f"{at}/missed", params={"start": start - 1, "end": start + 6, "kind": "place"})
    assert '<mark class="k-place">Tarwal</mark>' in padded.text


def test_a_quotation_of_several_places_is_asked_about(client: TestClient, at: str) -> None:
    page = client.get(f"{at}/missed", params={"quote": "Tarwal", "kind": "place"}).text
    links = re.findall(r'<li><a href="([^"]+)">', page[page.index('data-test="places"') :])
    assert len(links) == 2
    second = client.get(html.unescape(links[1])).text
    assert f'name="start" value="{TEXT.rindex("Tarwal")}"' in second


@pytest.mark.parametrize(
    "said",
    [{"quote": "never written"}, {"quote": "never", "start": "0", "end": "4"}, {"start": "5", "end": "999999"}, {},
     {"start": "-1", "end": "4"}, {"start": "9", "end": "3"}],
)  # fmt: skip
def test_words_that_do_not_stand_there_are_no_assertion(client: TestClient, at: str, said: dict[str, str]) -> None:
    before = len(desk_of(client).assertions(at[6:]))
    answered = post(client, f"{at}/missed", **said, kind="place", place="Tarwal", iso3="MLI")
    assert answered.status_code == 422
    assert client.get(f"{at}/missed", params=said | {"kind": "place"}).status_code in (200, 422)
    assert len(desk_of(client).assertions(at[6:])) == before


def test_what_cannot_be_accepted_is_not_put_there(client: TestClient, at: str) -> None:
    answered = post(client, f"{at}/missed", quote="market of", kind="place", place="Tarwal", iso3="XXX")
    assert (answered.status_code, "XXX is no ISO3 code" in answered.text) == (422, True)
    left = post(client, f"{at}/missed", quote="market of", kind="place", place="Tarwal", do="leave")
    assert left.status_code == 303
    assert id_of_kind(client, at, "place", "market of")


def fields(**said: str) -> dict[str, str]:
    return {f"p0.{name.replace('_', '')}": value for name, value in said.items()}


def test_a_sentence_becomes_a_claim_that_can_be_checked(client: TestClient, at: str) -> None:
    page = client.get(f"{at}/claim", params={"quote": SENTENCE}).text
    start = re.search(r'name="start" value="(\d+)"', page)
    assert start is not None
    place = {"start": start[1], "end": str(int(start[1]) + len(SENTENCE)), "parts": "1"}
    chosen = post(client, f"{at}/claim", **place, **fields(check="value"), do="show").text
    assert all(f'name="p0.{name}"' in chosen for name in ("value", "high", "qualifier", "country", "from", "take"))
    said = fields(
        check="value", value="12", qualifier="at_least", country="MLI, BFA", from_="2022-03-02", by="JNIM; ISGS"
    )
    more = post(client, f"{at}/claim", **place, **said, do="add").text
    assert ('name="p1.check"' in more, 'value="JNIM; ISGS"' in more) == (True, True)
    both = place | said | {"parts": "2", "p1.check": "compare", "p1.country": "MLI", "p1.is": "more",
                           "p1.from": "2022", "p1.than.from": "2021", "p1.than.to": "2021"}  # fmt: skip
    answered = post(client, f"{at}/claim", **both, name="market-12", do="accept")
    assert answered.status_code == 303
    made = desk_of(client).assertions(at[6:], ("accepted",), "claim")[0]
    assert made.canonical == {
        "id": "market-12", "quote": SENTENCE,
        "part": [
            {"check": "value", "value": 12.0, "qualifier": "at_least", "country": ["MLI", "BFA"], "from": "2022-03-02",
             "by": ["JNIM", "ISGS"]},
            {"check": "compare", "country": ["MLI"], "is": "more", "from": "2022",
             "than": {"from": "2021", "to": "2021"}},
        ],
    }  # fmt: skip
    assert desk_of(client).claims(at[6:]).claim[0].part[0].value == 12  # type: ignore[union-attr]
    assert house_of(client).noted(what="claimed")[0].subject == made.id
    assert "market-12" in client.get(f"{at}/claim?draft={made.id}").text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "It is not said what part 1 can be checked for."),
        (fields(check="value", country="MLI"), "value is missing"),
        (fields(check="value", country="Mali", value="3"), "Mali is no ISO3 code"),
        (fields(check="exists", country="MLI", from_="soon"), "soon"),
        (fields(check="relation", subject="JNIM", relation="loves"), "cannot be loves"),
        (fields(check="milestone", type="party"), "cannot be party"),
        (fields(check="nonsense"), "It is not said what part 1 can be checked for."),
    ],
)
def test_a_part_that_cannot_be_checked_is_told_and_stays(
    client: TestClient, at: str, said: dict[str, str], told: str
) -> None:
    page = post(client, f"{at}/claim", quote=SENTENCE, parts="1", **said, note="my <note>", do="accept")
    assert page.status_code == 422
    assert told in html.unescape(page.text)
    assert "my &lt;note&gt;" in page.text
    assert all(f'value="{html.escape(word)}"' in page.text for name, word in said.items() if name == "p0.country")
    assert not desk_of(client).assertions(at[6:], ("accepted",), "claim")


def test_a_proposed_claim_is_filled_in_and_accepted(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "claim")
    page = client.get(f"{at}/claim?draft={id}").text
    assert ('value="jnim"' in page, 'name="expected_version" value="1"' in page) == (True, True)
    said = fields(check="exists", country="MLI", actor="jnim", from_="2022-03-02", to="2022-03-03")
    assert (
        post(client, f"{at}/claim", draft=id, expected_version="1", parts="1", **said, do="accept").status_code == 303
    )
    made = desk_of(client).assertion(id)
    assert (made.state, made.canonical["id"], made.canonical["part"][0]["to"]) == ("accepted", "market", "2022-03-03")


def test_the_second_of_two_who_change_a_claim_is_told(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "claim")
    desk_of(client).review(id, "rejected", "Binta", AT)
    said = fields(check="exists", country="NER", actor="jnim")
    page = post(client, f"{at}/claim", draft=id, expected_version="1", parts="1", **said, do="accept")
    assert (page.status_code, "Binta has made version 2" in page.text, 'value="NER"' in page.text) == (409, True, True)
    assert desk_of(client).assertion(id).state == "rejected"
    assert 'name="expected_version" value="2"' in page.text
    assert page.text.count('data-test="sides"') == 2
