"""The HTML of a brief: every number opens, nothing is fetched, nothing is cut off."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

from harmattan.brief.charts import STEPS
from harmattan.brief.html import anchor
from harmattan.case import Case

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


QUOTING = ("timeline", "alliances", "presence", "needs", "mines")
"""The sections whose tables repeat records of a dossier, dates, titles and sources as they are."""


def told(page: str) -> str:
    """The words of the sections, without the appendix, the pictures and the numbers that are links.

    A row that repeats a record leads to it; what it quotes is left out as well.
    """
    main = re.search(r"<main>(.*?)<section id=\"caveats\">", page, re.DOTALL)
    assert main
    words = re.sub(r"<svg.*?</svg>", " ", main[1], flags=re.DOTALL)
    for name in QUOTING:
        section = rf'<section id="{name}">.*?</section>'
        assert re.search(section, words, re.DOTALL)
        words = re.sub(
            section, lambda found: re.sub(r"<tr><td.*?</tr>", linked_cells, found[0]), words, flags=re.DOTALL
        )
    words = re.sub(r'<a class="n" href="#e-[0-9a-f-]+">[^<]*</a>', " ", words)
    return html.unescape(re.sub(r"<[^>]*>", " ", words))


def without_quotes(section: re.Match[str]) -> str:
    """A section whose tables have their numbers only."""
    return re.sub(r"<tr><td.*?</tr>", linked_cells, section[0])


def linked_cells(row: re.Match[str]) -> str:
    """The cells of a row with a link to evidence; there is at least one."""
    cells = [cell for cell in re.findall(r"<td.*?</td>", row[0]) if 'class="n"' in cell]
    assert cells, row[0]
    return " ".join(cells)


def test_every_number_in_the_text_is_a_link_to_its_evidence(written: dict[str, Path], sahel: Case) -> None:
    words = told(written["en.html"].read_text("utf-8"))
    words = re.sub(rf"\b\d{{1,2}} (?:{MONTHS}) \d{{4}}\b", " ", words)
    words = words.replace(f"{sahel.window_months} months", " ")
    words = words.replace("conflictology12", " ").replace("fading4", " ")
    words = re.sub(r"[a-z-]+@[\w.-]*\w", " ", words)  # the 24.1 of a release is part of its name
    left = re.findall(r"(?<![A-Z])\d[\d.,]*", words)  # the 5 of FC-G5S is part of a name
    years = {str(year) for year in range(sahel.since.year, sahel.as_of.year + 2)}  # the fans end in the next
    cells = {number for number in left if re.fullmatch(r"\d{6}", number)}
    shown = {"8", "6"}  # how many rows a table shows, which is no finding
    said = {
        "0",
        "0.5",
        "0.69",
        "1",
        "2",
        "3",
        "10",
        "12",
        "25",
        "50",
        "90",
        "95",
        "100",
    }  # distances, windows, thresholds: what was asked
    assert {number.rstrip(",.") for number in left} - years - cells - shown - said == set()


def test_every_link_has_its_entry_with_rows(written: dict[str, Path]) -> None:
    page = written["en.html"].read_text("utf-8")
    targets = set(re.findall(r'href="#(e-[0-9a-f-]+)"', page))
    assert len(targets) > 40
    assert targets == set(re.findall(r'<div id="(e-[0-9a-f-]+)"', page))


def test_the_large_number_opens_to_rows_that_add_up(composed: Any, inquiry: Any) -> None:
    figure = composed.sections[0].figures[0]
    assert (figure.value.value, figure.low.value, figure.high.value) == (3433, 3330, 4054)
    found = {name: (answer, which) for name, answer, which in composed.cited()}
    table = inquiry.rows(*found[figure.value.evidence]).table
    assert sum(table["deaths_best"].to_pylist()) == 3433
    assert sum(table["deaths_low"].to_pylist()) == 3330
    assert sum(table["deaths_high"].to_pylist()) == 4054
    assert anchor(figure.value.evidence).startswith("e-")


def test_nothing_is_fetched_and_nothing_runs(written: dict[str, Path]) -> None:
    page = written["en.html"].read_text("utf-8")
    assert not re.search(r"<(link|img|iframe|object|embed|video|audio)\b", page)
    assert re.findall(r"<script[^>]*>", page) == ['<script type="application/json" id="evidence">']
    sections, _, evidence = page.partition('<section id="evidence-list">')
    assert not re.search(r"(?:src|href|xlink:href)=\"(?!#)", sections)
    links = re.findall(r"<([^<>]*)(?:src|href)=\"(?!#)([^\"]*)", evidence)
    assert {(element, address.partition("://")[0] in ("http", "https")) for element, address in links} == {("a ", True)}
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_pictures_carry_source_and_licence(written: dict[str, Path], composed: Any) -> None:
    pictures = re.findall(r"<svg.*?</svg>", written["en.html"].read_text("utf-8"), re.DOTALL)
    assert len(pictures) == sum(section.picture is not None for section in composed.sections) >= 8
    assert sum("dossier-sahel@" in picture for picture in pictures) == 7
    for picture in pictures:
        assert any(name in picture for name in ("ucdp-ged", "dossier-sahel@", "forecast-skill@"))
        assert "CC BY 4.0" in picture
        assert 'role="img" aria-label="' in picture


def test_the_map_has_all_its_classes(written: dict[str, Path]) -> None:
    page = written["en.html"].read_text("utf-8")
    assert f">{STEPS[-1]} and more<" in page
    assert ">Burkina Faso<" in page


def test_page_is_small_enough_for_a_poor_line(written: dict[str, Path], composed: Any) -> None:
    assert written["en.html"].stat().st_size < 65_000 * len(composed.sections)


def test_french_speaks_french(written: dict[str, Path]) -> None:
    page = html.unescape(written["fr.html"].read_text("utf-8"))
    assert '<html lang="fr">' in page
    assert "31 octobre 2022" in page
    assert "3\u202f433" in page
    for english in ("The state of things", "Every number", "What to bear in mind", "Who fights whom", "deaths rose"):
        assert english not in page


@pytest.mark.parametrize("width", [360, 1100])
def test_in_a_browser_nothing_overflows_and_numbers_open(written: dict[str, Path], browser: Any, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(written["en.html"].as_uri())
    assert [url for url in asked if not url.startswith("file:")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first = page.locator("a.n").first
    target = first.get_attribute("href")
    assert not page.locator(target).is_visible()
    first.click()
    assert page.locator(target).is_visible()
    assert page.locator(f"{target} table tbody tr").count() >= 1
    page.close()


def test_prints_to_paper(written: dict[str, Path], browser: Any) -> None:
    page = browser.new_page()
    page.goto(written["en.html"].as_uri())
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
