"""The map in a real browser: signs on canvas, months by keyboard, nothing that the policy forbids, narrow screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.events_home import home_with
from tests.web.served import Served, serving

READY = "#live:not([hidden])"
DRAWN = "() => Number(document.getElementById('live').dataset.drawn)"
INKED = """() => { const c = harmattanMap.over._container;
const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i]) n++; return n; }"""

TO_THE_FIRST = """() => { const one = harmattanMap.visible()[0], map = harmattanMap.map, scale = 2 ** map.getZoom();
map.setView(map.unproject(L.point(one.x * scale, one.y * scale)), undefined, { animate: false }); }"""


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    """The map of one year, with what the browser complains about and what it asks for."""
    found = browser.new_page(viewport={"width": 1280, "height": 900})
    found.complaints, found.asked = [], []
    found.on("console", lambda said: found.complaints.append(said.text) if "Content Security" in said.text else None)
    found.on("pageerror", lambda fault: found.complaints.append(str(fault)))
    found.on("request", lambda request: found.asked.append(request.url))
    found.goto(f"{served.url}/map?from=2021&to=2022")
    found.wait_for_selector(READY, timeout=60_000)
    found.wait_for_function("() => window.harmattanMap")
    yield found
    found.close()


def test_signs_are_drawn_and_months_are_chosen_by_keyboard(page: Any, served: Served) -> None:
    page.wait_for_function("() => Number(document.getElementById('live').dataset.drawn) > 100")
    before, ink = page.evaluate(DRAWN), page.evaluate(INKED)
    assert ink > 1000
    asked = len(page.asked)
    page.focus("#from-month")
    for _ in range(23):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => Number(document.getElementById('live').dataset.drawn) < {before}")
    page.wait_for_timeout(300)
    assert page.get_attribute("#from-month", "aria-valuetext") == "Dec 2022"
    assert page.evaluate(INKED) != ink
    assert "Dec 2022" in page.inner_text("#shown")
    assert len(page.asked) == asked, "the months are filtered without asking again"
    assert "from=2022-12&to=2022-12" in page.get_attribute("a[data-with-months]", "href")
    assert page.complaints == []
    assert all(url.startswith((served.url, "data:", "blob:")) for url in page.asked)


def test_what_is_in_the_middle_opens_by_keyboard_and_layers_are_loaded_on_demand(page: Any) -> None:
    assert not [url for url in page.asked if "/map/layer/" in url]
    page.check("[data-layer=bases]")
    page.wait_for_function("() => document.getElementById('live').dataset.layers.includes('bases')")
    page.evaluate(TO_THE_FIRST)
    page.focus("#leaf")
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup-content a[href^='/events/']")
    assert "Sums by month" in page.inner_text(".leaflet-popup-content")
    assert page.complaints == []


def test_words_of_the_data_stay_words_in_a_popup(browser: Any, tmp_path: Path) -> None:
    with serving(home_with(tmp_path)) as found:
        page = browser.new_page()
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{found.url}/map?country=MLI&release=ucdp-ged@24.1&from=2022-06")
        page.wait_for_function("() => window.harmattanMap && harmattanMap.visible().length === 1", timeout=60_000)
        page.evaluate(TO_THE_FIRST)
        page.focus("#leaf")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('.leaflet-popup-content .note')?.textContent")
        assert "<script>alert(1)</script>" in page.inner_text(".leaflet-popup-content")
        assert page.query_selector(".leaflet-popup-content img, .leaflet-popup-content script") is None
        assert dialogs == []
        page.close()


@pytest.mark.parametrize("address", ["/map", "/events", "/events?country=MLI&sort=-deaths_best"])
def test_pages_fit_a_narrow_screen(browser: Any, served: Served, address: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(served.url + address)
    page.wait_for_timeout(800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_without_a_script_there_is_a_picture_and_a_table(browser: Any, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}/map?country=MLI&from=2022&to=2022")
    assert page.locator("figure img").evaluate("image => image.complete && image.naturalWidth > 100")
    assert page.locator("table tbody tr").count() > 5
    context.close()
