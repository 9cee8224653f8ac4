"""The brief in Word: every number leads to its entry, the same bytes again, in the reader's language."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document

from harmattan.brief.appendix import entries
from harmattan.brief.outline import Brief, section_numbers
from harmattan.brief.word import render_docx
from harmattan.brief.word_parts import mark_of, shares
from harmattan.brief.write import compose, render
from harmattan.case import Case
from harmattan.errors import UsageError
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import Number, T
from harmattan.text.speaker import Speaker

CHOSEN = ("trend", "map")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="session")
def short(inquiry: Inquiry, sahel: Case) -> Brief:
    """A brief of two quick sections."""
    return compose(inquiry, sahel, Params(as_of=sahel.as_of), "en", sections=CHOSEN)


@pytest.fixture(scope="session")
def document(short: Brief, inquiry: Inquiry) -> bytes:
    """That brief in Word."""
    return render_docx(short, entries(short, inquiry), Speaker("en"))


def _body(document: bytes) -> Any:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml"))


def _links(document: bytes) -> Iterator[tuple[str, str]]:
    for link in _body(document).iter(f"{W}hyperlink"):
        yield link.get(f"{W}anchor") or "", "".join(text.text or "" for text in link.iter(f"{W}t"))


def test_every_number_leads_to_an_entry_that_is_there(short: Brief, document: bytes) -> None:
    marks = {mark.get(f"{W}name") for mark in _body(document).iter(f"{W}bookmarkStart")}
    links = list(_links(document))
    said = [number for section in short.sections for number in section_numbers(section)]
    speaker = Speaker("en")
    expected = {(mark_of(n.evidence or ""), speaker.number(n.value, n.digits)) for n in said}
    assert len(said) > 90
    assert expected == set(links)
    assert {anchor for anchor, _ in links} <= marks


def test_it_says_what_the_page_says(short: Brief, document: bytes) -> None:
    made = Document(io.BytesIO(document))
    headings = [p.text for p in made.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["Violence over time in Mali", "Where", "What to bear in mind", "Sources", "Evidence"]
    assert made.paragraphs[0].style.name == "Title"
    words = "\n".join(p.text for p in made.paragraphs)
    assert "This brief is hindsight" in words
    assert "CC BY 4.0" in words
    assert "--sections trend,map" in words
    assert len(made.inline_shapes) == sum(len(section.pictures) for section in short.sections)
    assert made.core_properties.created.date() == short.as_of


def test_pictures_are_told_and_headers_are_repeated(short: Brief, document: bytes) -> None:
    body = _body(document)
    told = [one.get("descr") for one in body.iter() if one.tag.endswith("}docPr")]
    assert told == [str(picture.caption) for section in short.sections for picture in section.pictures]
    tables = list(body.iter(f"{W}tbl"))
    assert len(tables) == 2
    assert all(len(list(table.iter(f"{W}tblHeader"))) == 1 for table in tables)


def test_same_brief_same_bytes(short: Brief, document: bytes, inquiry: Inquiry) -> None:
    again = render_docx(short, entries(short, inquiry), Speaker("en"))
    assert again == document
    dates = {part.date_time for part in zipfile.ZipFile(io.BytesIO(document)).infolist()}
    assert dates == {(2000, 1, 1, 0, 0, 0)}


@pytest.mark.slow
def test_same_bytes_in_another_process(document: bytes, tmp_path: Any) -> None:
    command = [sys.executable, "-m", "harmattan.cli", "brief", "sahel", "--lang", "en", "--format", "docx"]
    there = ["--sections", ",".join(CHOSEN), "--out", str(tmp_path), "--home", str(tmp_path / "home")]
    subprocess.run([*command, *there], check=True, capture_output=True)
    assert (tmp_path / "sahel-2022-10-31-en.docx").read_bytes() == document


def test_in_french_it_is_french(inquiry: Inquiry, sahel: Case) -> None:
    _, made = render(
        inquiry, sahel, params=Params(as_of=sahel.as_of), language="fr", formats=("docx",), sections=("trend",)
    )
    parts = zipfile.ZipFile(io.BytesIO(made["docx"]))
    assert 'w:lang w:val="fr-FR"' in parts.read("word/styles.xml").decode()
    words = "\n".join(p.text for p in Document(io.BytesIO(made["docx"])).paragraphs)
    assert "31 octobre 2022" in words


def test_a_number_without_evidence_is_no_document(short: Brief, inquiry: Inquiry) -> None:
    section = replace(short.sections[0], lead=(T("There were {what}.", what=Number(7)),))
    with pytest.raises(Exception, match="without evidence"):
        entries(replace(short, sections=(section,)), inquiry)


def test_sections_come_in_the_order_of_the_case(inquiry: Inquiry, sahel: Case) -> None:
    steps: list[tuple[int, int]] = []
    brief = compose(
        inquiry, sahel, Params(as_of=sahel.as_of), "en", sections=("map", "trend"),
        step=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    assert [section.name for section in brief.sections] == ["trend", "map"]
    assert steps == [(0, 3), (1, 3), (2, 3)]
    with pytest.raises(UsageError, match="weather"):
        compose(inquiry, sahel, Params(as_of=sahel.as_of), "en", sections=("weather",))


def test_no_word_of_a_table_is_broken() -> None:
    widths = shares([["where", "p", "in words"], ["Mali", "0.050", "a sentence that is " * 9]], [False, True, False])
    chars = [98 * width / sum(widths) for width in widths]
    assert chars[1] >= len("0.050") + 2
    assert chars[2] > 60
