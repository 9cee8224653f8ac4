"""The ways that people go through the workbench, in a real browser."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.web.e2e.conftest import Visit
from tests.web.served import Served


def told(stand: Served, *words: str) -> str:
    """What the command line says on the same home."""
    command = [sys.executable, "-m", "harmattan.cli", *words, "--home", str(stand.home)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=120, env=os.environ | {"HARMATTAN_USER": "Awa"}
    )
    return done.stdout


def taken(page: Any, click: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that a link gives."""
    with page.expect_download(timeout=60_000) as waiting:
        page.locator(click).first.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def unfolded(page: Any) -> None:
    """Opens the form of a question where it is folded."""
    if page.locator("details.ask").get_attribute("open") is None:
        page.click("details.ask > summary")


def test_from_the_first_visit_to_a_brief_in_three_formats(go: Visit) -> None:
    with go() as page:
        page.goto("/")
        assert page.locator("h1").inner_text() == "The central Sahel"
        page.click("header nav >> text=Questions")
        page.click("main a[href='/questions/casualties']")
        unfolded(page)
        page.check("input[name=country][value=MLI]")
        page.fill("input[name=from]", "2020")
        page.fill("input[name=to]", "2021")
        page.click("main form >> button:has-text('Ask')")
        assert "Mali, 1 January 2020 to 31 December 2021" in page.locator(".headline").first.inner_text()
        number = page.locator(".headline a.n").first
        number.click()
        page.wait_for_url("**/evidence/**")
        page.click("header nav >> text=Brief")
        page.click("button[data-check=none]")
        for name in ("judgement", "trend", "timeline"):
            page.check(f"input[name=sections][value={name}]")
        page.click("button[value=files]")
        page.wait_for_url(re.compile(r"/brief/\w+"), timeout=120_000)
        found = {name: taken(page, f"a[href$='/{name}']") for name in ("html", "pdf", "docx")}
    assert b"The central Sahel" in found["html"][1]
    assert found["pdf"][1].startswith(b"%PDF-")
    assert found["docx"][1].startswith(b"PK")
    assert all(len(content) > 10_000 for _name, content in found.values())


def test_events_that_are_exported_are_those_of_the_command_line(go: Visit, stand: Served) -> None:
    with go() as page:
        page.goto("/events?country=MLI&from=2022-01&to=2022-06&kind=one_sided")
        shown = page.locator("dl.sums dd").all_inner_texts()
        _name, content = taken(page, "a[href*='/events/export.csv']")
        id = page.locator("a[href^='/evidence/'] code").first.inner_text().split()[-1]
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    asked = json.loads(told(stand, "ask", "casualties", "--country", "MLI", "--from", "2022-01", "--to", "2022-06",
                            "--kind", "one_sided", "--format", "json"))  # fmt: skip
    same = list(csv.DictReader(io.StringIO(told(stand, "evidence", id, "--format", "csv"))))
    assert len(rows) == len(same) == int(shown[0].replace(",", ""))
    assert {row["event_id"] for row in rows} == {row["event_id"] for row in same}
    deaths = sum(int(row["deaths_best"]) for row in rows)
    assert deaths == int(shown[3].replace(",", "")) == sum(row["deaths_best"] for row in asked["rows"])


def test_from_a_document_to_a_checked_claim(go: Visit, document: str) -> None:
    with go() as page:
        page.goto(f"/desk/{document}/review?kind=actor")
        page.keyboard.press("r")
        page.wait_for_selector("[data-test=told]")
        page.goto(f"/desk/{document}/review?kind=claim")
        quote = page.locator("[data-test=quote] mark").inner_text()
        page.click("[data-test=accept]")
        page.wait_for_selector("[data-test=told]")
        page.goto(f"/desk/{document}/claims")
        assert quote[:30] in page.locator("ol.claims").first.inner_text()
        page.click("[data-test=check]")
        page.wait_for_selector("[data-test=claim][data-verdict]", timeout=90_000)
        rows = page.locator("[data-test=evidence]").first
        rows.click()
        page.wait_for_url("**/evidence/**")
        assert page.locator("table tbody tr").count() >= 1


def tabbed(page: Any, steps: int) -> set[str]:
    """What the Tab key comes by: names of fields, addresses of links, else what it is."""
    script = "(one => one.name || one.getAttribute('href') || one.tagName)(document.activeElement)"
    found = set()
    for _step in range(steps):
        page.keyboard.press("Tab")
        found.add(str(page.evaluate(script)))
    return found


def test_everything_can_be_reached_with_the_keyboard(go: Visit) -> None:
    with go() as page:
        page.goto("/questions")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.goto("/questions/casualties?country=MLI&by=year")
        seen = tabbed(page, 30)
        assert {"/map", "/sources", "SUMMARY"} <= seen
        page.focus("details.ask > summary")
        page.keyboard.press("Enter")
        seen = tabbed(page, 150)
        assert {"country", "from", "to"} <= seen
        assert any(one.startswith("/evidence/") for one in seen)
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) != "none"


def test_a_form_works_without_a_script(go: Visit) -> None:
    with go(java_script_enabled=False) as page:
        page.goto("/questions/casualties")
        unfolded(page)
        page.check("input[name=country][value=NER]")
        page.fill("input[name=from]", "2021")
        page.click("main form >> button:has-text('Ask')")
        assert "country=NER" in page.url
        assert page.locator(".headline").first.inner_text().startswith("Niger, 1 January 2021")


def test_one_reads_in_french_once_one_has_said_so(go: Visit) -> None:
    with go() as page:
        page.goto("/questions/casualties?country=MLI&from=2021&to=2021")
        page.click("header button[value=fr]")
        assert page.locator("html").get_attribute("lang") == "fr"
        assert page.url.endswith("/questions/casualties?country=MLI&from=2021&to=2021")
        assert "\u202f" in page.locator(".headline").first.inner_text() or "\u00a0" in page.locator("main").inner_text()
        page.goto("/sources")
        assert page.locator("html").get_attribute("lang") == "fr"
