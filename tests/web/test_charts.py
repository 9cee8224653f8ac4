"""Pictures of answers on pages: images that need no script, and drawings that keep to the policy of the page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.served import Served

PAGE = "/questions/casualties?country=MLI&by=year&from=2012"


def chart_of(client: TestClient) -> str:
    found = re.search(r'src="(/chart/[0-9a-f]{12})\.svg', client.get(PAGE).text)
    assert found
    return found[1]


def test_an_answer_has_its_picture_with_a_size_and_words(client: TestClient) -> None:
    page = client.get(PAGE).text
    image = re.search(r'<img src="/chart/[0-9a-f]{12}\.svg[^>]*>', page)
    assert image
    assert re.search(r'width="\d{3}" height="\d{3}"', image[0])
    assert 'alt="Drawn: deaths, best estimate.' in image[0]


@pytest.mark.parametrize(
    ("format", "kind", "begins"),
    [("svg", "image/svg+xml", b"<svg"), ("png", "image/png", b"\x89PNG"), ("json", "application/json", b"{")],
)
def test_a_picture_comes_in_each_format_once(client: TestClient, format: str, kind: str, begins: bytes) -> None:
    at = f"{chart_of(client)}.{format}"
    made = client.get(at)
    assert made.status_code == 200
    assert made.headers["content-type"].startswith(kind)
    assert made.content.startswith(begins)
    again = client.get(at, headers={"if-none-match": made.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    saved = client.get(f"{at}?save").headers["content-disposition"]
    assert re.fullmatch(rf'attachment; filename="harmattan-casualties-[0-9a-f]{{12}}\.{format}"', saved)


def test_a_picture_carries_its_source_in_the_readers_language(client: TestClient) -> None:
    at = chart_of(client)
    assert "Uppsala Conflict Data Program" in client.get(f"{at}.svg?lang=en").text
    assert "Données" in json.dumps(client.get(f"{at}.json?lang=fr").json()["title"], ensure_ascii=False)


@pytest.mark.parametrize("name", ["x.svg", "..svg", "000000000000.gif", "%2e%2e%2fetc.svg", "000000000000.svg"])
def test_what_is_no_picture_is_told(client: TestClient, name: str) -> None:
    assert client.get(f"/chart/{name}").status_code in (404, 422)


def test_the_script_comes_from_the_installed_package_packed_and_for_good(client: TestClient) -> None:
    page = client.get(PAGE).text
    found = re.search(r'data-script="(/static/vega\.js\?v=[^"]+)"', page)
    assert found
    made = client.get(found[1])
    assert "immutable" in made.headers["cache-control"]
    assert made.headers["content-encoding"] == "gzip"
    assert len(made.content) > 500_000
    assert b"vegaEmbed" in made.content
    assert b"vegaEmbed" in client.get(found[1], headers={"accept-encoding": "identity"}).content


def test_a_picture_becomes_a_drawing_that_keeps_to_the_policy(served: Served, browser: Any) -> None:
    faults: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(served.url + PAGE)
    page.locator("figure.chart").scroll_into_view_if_needed()
    page.wait_for_selector("figure.chart .drawing svg", timeout=60_000)
    assert page.locator("figure.chart img").is_hidden()
    assert page.locator("figure.chart [role=img]").get_attribute("aria-label").startswith("Drawn: deaths")
    assert [fault for fault in faults if "favicon" not in fault and "404" not in fault] == []
    page.close()


def test_a_picture_that_comes_later_becomes_a_drawing_as_wide_as_its_image(served: Served, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.goto(served.url + PAGE)
    page.wait_for_selector("figure.chart .drawing svg", timeout=60_000)
    page.evaluate("""async () => {
        const text = await (await fetch(location.href)).text();
        const figure = new DOMParser().parseFromString(text, "text/html").querySelector("figure.chart");
        figure.id = "late";
        document.getElementById("main").prepend(document.importNode(figure, true));
    }""")
    page.wait_for_selector("#late .drawing svg", timeout=60_000)
    drawn = page.locator("#late .drawing svg").bounding_box()
    assert drawn["width"] == pytest.approx(float(page.locator("#late img").get_attribute("width")), abs=2)
    page.close()


def test_without_a_script_the_image_stays(served: Served, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(served.url + PAGE)
    image = page.locator("figure.chart img")
    image.scroll_into_view_if_needed()
    assert image.is_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.locator("figure.chart .drawing svg").count() == 0
    context.close()


def test_a_small_screen_loads_no_drawing_script(served: Served, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served.url + PAGE)
    page.locator("figure.chart").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert not [url for url in asked if "vega.js" in url]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.close()
