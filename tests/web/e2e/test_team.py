"""Two people at the same desk, each in a browser of their own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.e2e.conftest import PASSWORD, sign_in, taken_in
from tests.web.e2e.visits import Watch, visit
from tests.web.served import Served, sign_of


@pytest.fixture(scope="session")
def shared(team: Served) -> str:
    """A document on the desk of a team."""
    client = httpx.Client(base_url=team.url, timeout=60)
    page = client.get("/sign-in")
    client.post("/sign-in", data={"name": "awa", "password": PASSWORD, "csrf": sign_of(page.text)})
    return taken_in(client)


def test_of_two_who_edit_the_same_the_second_is_told_and_nothing_is_lost(
    browser: Any, watch: Watch, team: Served, shared: str
) -> None:
    at = f"/desk/{shared}/review?kind=claim"
    with visit(browser, watch, team.url) as first, visit(browser, watch, team.url) as second:
        sign_in(first, "awa")
        sign_in(second, "binta")
        first.goto(at)
        second.goto(at)
        here = first.locator("form[data-test=review]").get_attribute("action")
        assert second.locator("form[data-test=review]").get_attribute("action") == here
        first.fill("#f-note", "seen in the original")
        first.click("[data-test=accept]")
        first.wait_for_selector("[data-test=told]")
        second.fill("#f-note", "not what the text says")
        second.click("[data-test=reject]")
        told = second.locator("[data-test=fault]")
        assert "awa" in told.inner_text() or "awa" in second.locator("[data-test=sides]").inner_text()
        assert second.locator("#f-note").input_value() == "not what the text says"
        assert "seen in the original" in second.locator("[data-test=history]").inner_text()
        assert "not what the text says" not in second.locator("[data-test=history]").inner_text()
        second.click("[data-test=reject]")
        second.wait_for_selector("[data-test=told]")
        second.goto(f"/desk/{shared}/review?at={str(here).rpartition('/')[2]}")
        history = second.locator("[data-test=history]").inner_text()
        assert "seen in the original" in history
        assert "not what the text says" in history


def test_a_reader_sees_no_form_that_decides(browser: Any, watch: Watch, team: Served, shared: str) -> None:
    with visit(browser, watch, team.url) as page:
        page.goto(f"/desk/{shared}/review")
        assert "/sign-in" in page.url
        sign_in(page, "chris")
        page.goto(f"/desk/{shared}/review")
        assert page.locator("form[data-test=review]").count() == 0
