"""What is promised of every page: readable by everybody, on a narrow screen, in print, without a script, and light."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from harmattan.text.speaker import catalogue
from tests.text.messages import keys
from tests.web.e2e.conftest import Visit
from tests.web.e2e.pages import EVERY, name_of
from tests.web.e2e.visits import settled
from tests.web.served import Served

PICTURES = os.environ.get("HARMATTAN_SCREENSHOTS", "")
"""A folder for a picture of each page at both widths, to be looked at; none are made where it is not named."""
FIRST_PAGE_BYTES = 150_000


@pytest.fixture(scope="session")
def answer(stand: Served) -> str:
    """An evidence id of this server."""
    page = httpx.get(f"{stand.url}/questions/casualties?country=MLI&by=year&from=2020&to=2021", timeout=60)
    found = re.search(r'href="/evidence/([0-9a-f]{12}\.1)"', page.text)
    assert found
    return found[1]


@pytest.fixture(params=EVERY)
def address(request: pytest.FixtureRequest) -> str:
    """The address of a page."""
    said: str = request.param
    for word in ("document", "answer"):
        if f"{{{word}}}" in said:
            said = said.replace(f"{{{word}}}", request.getfixturevalue(word))
    return said


def pictured(page: Any, address: str, width: int) -> None:
    """Keeps a picture of a page, where somebody wants to look at them."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(Path(PICTURES, f"{name_of(address)}-{width}.png")), full_page=True)


def test_everybody_can_use_it_at_every_width_and_in_print(go: Visit, address: str) -> None:
    with go(width=1280) as page:
        settled(page, address)
        pictured(page, address, 1280)
        assert page.locator("h1").count() == 1
        assert serious(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        page.wait_for_timeout(150)
        pictured(page, address, 360)
        wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"it scrolls sideways: {beyond(page)}"
        assert serious(page) == []
        page.emulate_media(media="print")
        assert page.locator("main h1").is_visible()
        assert not page.locator("header nav").is_visible()
        assert page.pdf()[:5] == b"%PDF-"


def serious(page: Any) -> list[str]:
    """What axe finds that keeps somebody from using a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {', '.join(str(node['target']) for node in one['nodes'][:4])}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def beyond(page: Any) -> list[str]:
    """What stands out of a narrow screen and cannot be scrolled by itself."""
    script = """() => [...document.querySelectorAll('main *, header *, footer *')]
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.wide'))
        .slice(0, 5).map(one => one.tagName + '.' + one.className)"""
    return list(page.evaluate(script))


def test_it_says_the_same_without_a_script(go: Visit, address: str) -> None:
    with go(java_script_enabled=False) as page:
        page.goto(address)
        assert page.locator("main h1").inner_text().strip()
        assert page.locator("main").inner_text().strip() != page.locator("main h1").inner_text().strip()


def test_it_speaks_french_only(go: Visit, address: str) -> None:
    with go(language="fr") as page:
        settled(page, address)
        assert page.locator("html").get_attribute("lang") == "fr"
        said = page.evaluate(WORDS)
        assert [words for words in said if english_only().fullmatch(words)] == []


WORDS = """() => {
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const within = walk.currentNode.parentElement;
        if (!within.closest('[lang]:not([lang^=fr]), code, script, noscript, template'))
            found.push(walk.currentNode.data.trim().replace(/\\s+/g, ' '));
    }
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
        if (!one.closest('[lang]:not([lang^=fr])'))
            for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
                if (one.getAttribute(name)) found.push(one.getAttribute(name).trim());
    return found.filter(words => words);
}"""


@cache
def english_only() -> re.Pattern[str]:
    """What the source says in English and the catalogue says otherwise in French, or does not say yet."""
    french = catalogue("fr")
    there = [key for key in keys() if len(key) > 3 and french.get(key) != key]
    return re.compile("|".join(_pattern(key) for key in there if len(re.sub(r"{[^}]*}|\W", "", key)) >= _letters(key)))


def _letters(template: str) -> int:
    """So many letters of its own a template must have: names in the data hold "of" and "in" between others."""
    return 8 if "{" in template else 1


def _pattern(template: str) -> str:
    """A template as a pattern for what it says: what is put into it may be anything."""
    return "".join(".{1,200}" if part.startswith("{") else re.escape(part) for part in re.split(r"({\w+})", template))


def test_the_first_page_is_light(go: Visit, stand: Served) -> None:
    """All that a browser fetches for the overview, as it comes over the line, but for the script of the charts."""
    with go() as page:
        sizes: dict[str, int] = {}
        page.on("requestfinished", lambda asked: sizes.update({asked.url: asked.sizes()["responseBodySize"]}))
        settled(page, "/")
        page.wait_for_load_state("networkidle")
    own = {url: size for url, size in sizes.items() if "vega" not in url}
    assert sum(own.values()) < FIRST_PAGE_BYTES, own
