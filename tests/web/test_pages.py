"""What every page promises."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from harmattan.web.addresses import within
from tests.web.served import sign_of


def test_a_question_is_answered_as_the_command_line_answers_it(client: TestClient) -> None:
    page = client.get("/questions/casualties?country=MLI&by=year&from=2020&to=2021")
    assert page.status_code == 200
    assert "harmattan ask casualties --country MLI --from 2020-01-01 --to 2021-12-31 --by year" in page.text
    assert 'href="/evidence/' in page.text


def test_a_word_that_cannot_be_read_is_told_in_one_line(client: TestClient) -> None:
    page = client.get("/questions/casualties?country=Mlai")
    assert page.status_code == 422
    assert "There is no country Mlai." in page.text


def test_a_kept_page_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/questions")
    again = client.get("/questions", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_form_of_another_page_is_refused(client: TestClient) -> None:
    assert client.post("/language", data={"chosen": "fr", "csrf": "0" * 32}).status_code == 403
    sign = sign_of(client.get("/questions").text)
    assert client.post("/language", data={"chosen": "en", "csrf": sign}).status_code == 303
    client.cookies.delete("language")


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_sent_elsewhere(back: str) -> None:
    assert within(back) == "/"


def test_another_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421


def test_no_page_carries_a_script_or_a_style_of_its_own(client: TestClient) -> None:
    page = client.get("/questions/casualties?country=MLI").text
    assert "<style" not in page
    assert "style=" not in page
    assert "<script>" not in page
    assert " onclick" not in page
