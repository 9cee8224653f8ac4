"""The reading desk in a real browser: the queue on the keyboard, selected words, a narrow screen, no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from harmattan.desk.store import Desk
from tests.desk.made import AT, document, some
from tests.web.served import Served

TEXT = (
    "On 2 March JNIM attacked the market of Tarwal, killing at least 12 people. « Le GSIM » est resté 🕊 à Tarwal.\n\n"
    "Somebody else said that <b>nobody</b> was there, and 100% of it was quoted."
)


@pytest.fixture(scope="module")
def desk(served: Served) -> Iterator[Desk]:
    with Desk.open(served.home / "desk.sqlite3") as made:
        yield made


@pytest.fixture
def at(served: Served, desk: Desk, request: pytest.FixtureRequest) -> str:
    """A document of each test's own."""
    of = document(f"{TEXT}\n\nFor {request.node.name}.", title=f"For {request.node.name}")
    desk.add(of, AT, by="Awa")
    made = [one for one in some() if of.text[one.citation.start : one.citation.end] == one.citation.exact]
    desk.propose([one.model_copy(update={"document": of.digest, "id": f"{of.digest[:8]}{n:08x}"})
                  for n, one in enumerate(made)])  # fmt: skip
    return f"{served.url}/desk/{of.id}"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    found.set_default_timeout(20_000)
    yield found
    context.close()


def states(desk: Desk, at: str) -> list[str]:
    return [made.state for made in desk.assertions(at.rpartition("/")[2])]


def test_the_queue_is_worked_through_on_the_keyboard(page: Any, desk: Desk, at: str) -> None:
    page.goto(f"{at}/review")
    assert states(desk, at) == ["candidate"] * 5
    first = page.url
    page.keyboard.press("n")
    page.wait_for_url(re.compile("at="))
    page.keyboard.press("k")
    page.wait_for_function("document.querySelector('[data-test=position]').textContent.startsWith('1 /')")
    page.keyboard.press("a")
    page.wait_for_url(re.compile("done="))
    assert (states(desk, at).count("accepted"), page.url == first) == (1, False)
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.tagName") in ("INPUT", "SELECT", "A")
    page.goto(f"{at}/review?kind=figure")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "value"
    page.keyboard.type("ar")
    assert states(desk, at).count("accepted") == 1, "keys in a field are letters"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.get_attribute("[data-test=help]", "open") is not None
    page.keyboard.press("?")
    page.keyboard.press("r")
    page.wait_for_selector("[data-test=fault]")
    page.fill("[name=value]", "13")
    page.locator("[name=value]").blur()
    page.keyboard.press("r")
    page.wait_for_url(re.compile("done="))
    assert "rejected" in states(desk, at)


def select(page: Any, words: str) -> None:
    """Selects words as a mouse would, across marks."""
    page.evaluate(
        """(words) => {
          const nodes = [], paper = document.querySelector("[data-select]");
          const walker = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT);
          let text = "";
          while (walker.nextNode()) {
            if (walker.currentNode.parentElement.closest(".tag")) continue;
            nodes.push([walker.currentNode, text.length]); text += walker.currentNode.data;
          }
          const at = text.lastIndexOf(words), end = at + words.length;
          const inside = (place) => nodes.findLast(([, start]) => start <= place);
          const [a, from] = inside(at), [b, to] = inside(end - 1);
          const range = document.createRange();
          range.setStart(a, at - from); range.setEnd(b, end - to);
          const chosen = window.getSelection(); chosen.removeAllRanges(); chosen.addRange(range);
        }""",
        words,
    )


@pytest.mark.parametrize("words", ["à Tarwal", "JNIM attacked the market of Tarwal, killing", "<b>nobody</b>", "🕊"])
def test_selected_words_are_those_that_the_server_sees(page: Any, at: str, words: str) -> None:
    page.goto(at)
    select(page, words)
    page.wait_for_selector("[data-test=picked]", state="visible")
    page.click("[data-test=pick-place]")
    page.wait_for_url(re.compile("/missed"))
    assert page.inner_text("[data-test=quote] mark") == words


def test_a_selected_sentence_becomes_a_claim(page: Any, desk: Desk, at: str) -> None:
    page.goto(at)
    select(page, "killing at least 12 people")
    page.click("[data-test=pick-claim]")
    page.wait_for_url(re.compile("/claim"))
    page.select_option("[name='p0.check']", "value")
    page.fill("[name='p0.value']", "12")
    page.fill("[name='p0.country']", "MLI")
    page.fill("[name='p0.from']", "2022-03")
    page.click("[data-test=accept]")
    page.wait_for_url(re.compile("/claims#"))
    assert "killing at least 12 people" in [made.quote for made in desk.claims(at.rpartition("/")[2]).claim]


def test_everything_works_without_a_script(browser: Any, desk: Desk, at: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(at)
    page.click("[data-test=mark] >> nth=0")
    page.click("[data-test=accept]")
    page.wait_for_url(re.compile("done="))
    assert "accepted" in states(desk, at)
    page.goto(f"{at}/missed")
    page.fill("[name=quote]", "Le GSIM")
    page.select_option("[name=kind]", "actor")
    page.click("[data-test=which] button")
    page.fill("[name=actor]", "JNIM")
    page.click("[data-test=accept]")
    page.wait_for_url(re.compile("done="))
    assert page.inner_text("[data-test=quote] mark") == "Le GSIM"
    context.close()


def test_pages_can_be_used_by_all(page: Any, desk: Desk, at: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    id = desk.assertions(at.rpartition("/")[2])[0].id
    for rest in ("", f"/review?at={id}", "/claims", f"/claim?draft={id}", "/missed?quote=JNIM&kind=actor", "/export"):
        page.goto(at + rest)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, rest
        page.set_viewport_size({"width": 1280, "height": 900})
