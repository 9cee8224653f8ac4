"""Deciding about assertions on pages: nothing is lost, whoever else decides about the same."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.desk.made import AT
from tests.web.desking import desk_of, form, house_of, id_of_kind, post, seed, server


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with server(tmp_path / "home") as made:
        yield made


@pytest.fixture
def at(client: TestClient) -> str:
    return seed(client)


def test_after_a_decision_comes_the_next(client: TestClient, at: str) -> None:
    page = client.get(f"{at}/review").text
    first = desk_of(client).queue(at[6:])[0]
    assert f"{at}/review/{first.id}" in page
    assert 'data-test="position">1 / 6<' in page
    answered = post(client, f"{at}/review/{first.id}", **form(page), decision="accept")
    second = desk_of(client).queue(at[6:])[0]
    assert (answered.status_code, second.id == first.id) == (303, False)
    assert f"at={second.id}" in answered.headers["location"]
    assert f"done={first.id}" in answered.headers["location"]
    now = desk_of(client).assertion(first.id)
    assert (now.state, now.reviewer, now.version, now.canonical) == ("accepted", "Awa", 2, first.canonical)


def test_the_last_decision_leaves_nothing_open(client: TestClient, at: str) -> None:
    for made in desk_of(client).queue(at[6:], "place"):
        answered = post(client, f"{at}/review/{made.id}", expected_version="1", decision="reject", queue_kind="place")
    page = client.get(answered.headers["location"])
    assert 'data-test="nothing-open"' in page.text


def test_what_is_meant_is_changed_field_by_field(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "figure")
    sent = form(client.get(f"{at}/review?at={id}").text)
    assert (sent["value"], sent["qualifier"], sent["indicator"]) == ("12", "at_least", "deaths")
    changed = sent | {"value": "12", "high": "15", "iso3": "MLI", "start": "2022-03", "note": "two <b>sources</b>"}
    assert post(client, f"{at}/review/{id}", **changed, decision="accept").status_code == 303
    now = desk_of(client).assertion(id)
    assert now.canonical == {"value": 12, "qualifier": "at_least", "indicator": "deaths", "high": 15, "iso3": "MLI",
                             "start": "2022-03-01"}  # fmt: skip
    page = client.get(f"{at}/review?at={id}").text
    assert "two &lt;b&gt;sources&lt;/b&gt;" in page
    assert "<b>sources" not in page


def test_an_accepted_one_that_is_changed_has_to_be_reviewed_again(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "figure")
    post(client, f"{at}/review/{id}", expected_version="1", decision="accept")
    post(client, f"{at}/review/{id}", expected_version="2", decision="accept", value="13")
    assert [one.state for one in desk_of(client).history(id)] == ["candidate", "accepted", "candidate"]


def test_free_words_for_an_actor_become_its_id(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "actor", "الجيش")
    answered = post(
        client, f"{at}/review/{id}", expected_version="1", decision="accept", actor="Forces armées maliennes"
    )
    assert answered.status_code == 303
    assert desk_of(client).assertion(id).canonical == {"actor": "mali-armed-forces"}


def test_an_actor_that_nobody_knows_is_told_and_what_was_typed_stays(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "actor", "الجيش")
    sent = {"actor": 'Nobody\'s "Army" <i>', "note": "as the text has it"}
    page = post(client, f"{at}/review/{id}", expected_version="1", decision="accept", **sent)
    assert page.status_code == 422
    assert "The dossier knows no actor" in page.text
    assert html.unescape(form(page.text)["actor"]) == sent["actor"]
    assert form(page.text)["note"] == sent["note"]
    assert "<i>" not in page.text
    assert desk_of(client).assertion(id).version == 1


def test_the_second_of_two_is_told_sees_both_and_loses_nothing(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "figure")
    mine = form(client.get(f"{at}/review?at={id}").text)
    desk_of(client).review(id, "accepted", "Binta", AT, note="seen in the annex",
                           canonical={"value": 14, "qualifier": "exact", "indicator": "deaths"})  # fmt: skip
    page = post(
        client, f"{at}/review/{id}", **mine | {"indicator": "injured", "note": "they were hurt"}, decision="accept"
    )
    assert page.status_code == 409
    assert "Binta has made version 2" in page.text
    sides = page.text[page.text.index('data-test="sides"') :].partition("</table>")[0]
    assert all(word in sides for word in (">12<", ">14<", ">at least<", ">exactly<", ">deaths<", ">injured<"))
    again = form(page.text)
    assert (again["indicator"], again["note"], again["expected_version"]) == ("injured", "they were hurt", "2")
    assert again["value"] == "14", "what I did not touch is what the other made of it"
    assert desk_of(client).assertion(id).reviewer == "Binta"
    assert post(client, f"{at}/review/{id}", **again, decision="keep").status_code == 303
    versions = desk_of(client).history(id)
    assert [one.reviewer for one in versions] == ["", "Binta", "Awa"]
    assert versions[-1].canonical == {"value": 14, "qualifier": "exact", "indicator": "injured"}


def test_one_that_contradicts_another_stays_before_the_reviewer(client: TestClient, at: str) -> None:
    from tests.web.desking import assertion, document

    other = assertion("JNIM", "actor", {"actor": "isgs"}, origin=type(assertion("JNIM", "actor", {}).origin)(
        kind="human", name="Binta"), of=document())  # fmt: skip
    desk_of(client).propose([other])
    first = id_of_kind(client, at, "actor", "JNIM")
    ids = [one.id for one in desk_of(client).assertions(at[6:], None, "actor") if one.citation.exact == "JNIM"]
    assert len(ids) == 2
    post(client, f"{at}/review/{first}", expected_version="1", decision="accept")
    second = next(id for id in ids if id != first)
    answered = post(client, f"{at}/review/{second}", expected_version="1", decision="accept")
    assert f"at={second}" in answered.headers["location"]
    assert 'data-test="against"' in client.get(answered.headers["location"]).text


def test_a_form_without_its_version_decides_nothing(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "place")
    for said in ("", "x", "0", "99"):
        assert post(client, f"{at}/review/{id}", expected_version=said, decision="accept").status_code == 422
    assert post(client, f"{at}/review/{id}", expected_version="1", decision="explode").status_code == 422
    assert post(client, f"{at}/review/{id}", expected_version="1", decision="keep").status_code == 422
    assert desk_of(client).assertion(id).version == 1


def test_an_assertion_of_another_document_is_not_there(client: TestClient, at: str) -> None:
    other = seed(client, "Another text about nothing at all.")
    id = id_of_kind(client, at, "place")
    assert client.get(f"{other}/review?at={id}").status_code == 404
    assert post(client, f"{other}/review/{id}", expected_version="1", decision="accept").status_code == 404
    assert client.get(f"{at}/review?at=%27%20OR%201=1").status_code == 404


def test_each_review_is_in_the_audit_log(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "place")
    post(client, f"{at}/review/{id}", expected_version="1", decision="reject")
    line = house_of(client).noted(what="reviewed")[0]
    assert (line.by, line.subject, line.detail["state"], line.detail["version"]) == ("Awa", id, "rejected", 2)


def test_a_form_of_another_page_decides_nothing(client: TestClient, at: str) -> None:
    id = id_of_kind(client, at, "place")
    sent = {"csrf": "0" * 32, "expected_version": "1", "decision": "accept"}
    assert client.post(f"{at}/review/{id}", data=sent).status_code == 403
    assert desk_of(client).assertion(id).state == "candidate"
