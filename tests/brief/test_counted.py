"""The sections that rest on data sets: there where the lake has them, absent where it has not, every number opening."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from harmattan.brief.appendix import entries
from harmattan.brief.html import render_html
from harmattan.brief.outline import Brief, section_numbers
from harmattan.brief.pdf import render_pdf
from harmattan.brief.write import compose
from harmattan.case import Case
from harmattan.data import RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from tests.questions.people import put_people

COUNTED = ("displacement", "plans", "funding", "datasets")
SPEAKER = Speaker("en")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    """The embedded releases with four synthetic data sets."""
    lake = Lake(tmp_path_factory.mktemp("counted"), RELEASES)
    put_people(lake)
    return Inquiry(lake)


@pytest.fixture(scope="module")
def needs_only(sahel: Case) -> Case:
    """The case with the one section that these follow."""
    return Case.model_validate(sahel.model_dump() | {"sections": ("needs",)})


@pytest.fixture(scope="module")
def brief(asked: Inquiry, needs_only: Case) -> Brief:
    return compose(asked, needs_only, Params(as_of=needs_only.as_of), "en")


def test_the_sections_follow_needs_and_the_data_sets_stand_last(brief: Brief) -> None:
    assert tuple(section.name for section in brief.sections) == ("needs", *COUNTED)


def test_without_such_data_nothing_is_added(inquiry: Inquiry, needs_only: Case) -> None:
    plain = compose(inquiry, needs_only, Params(as_of=needs_only.as_of), "en")
    assert [section.name for section in plain.sections] == ["needs"]
    assert [answer.question for answer in plain.answers] == ["figures"]


def test_known_by_takes_the_sections_away_again(asked: Inquiry, needs_only: Case) -> None:
    then = Params(as_of=needs_only.as_of, known_by=needs_only.as_of)
    early = compose(asked, needs_only, then, "en")
    assert [section.name for section in early.sections] == ["needs"]


def test_every_number_opens_to_its_rows(brief: Brief, asked: Inquiry) -> None:
    there = {name: (answer, which) for name, answer, which in brief.cited()}
    for section in brief.sections:
        found = [number.evidence or "" for number in section_numbers(section)]
        assert found
        assert all(asked.rows(*there[name]).table.num_rows > 0 for name in found), section.name


def test_stocks_are_drawn_with_the_reported_figures_beside(brief: Brief) -> None:
    section = next(section for section in brief.sections if section.name == "displacement")
    drawn = str(section.picture.spec if section.picture else "")
    assert "'series': 'iom'" in drawn
    assert "'series': 'unhcr'" in drawn
    assert "'reported': True" in drawn
    assert section.table
    told = [[SPEAKER.say(cell) for cell in row] for row in section.table.rows]
    assert [
        "Mali",
        "internally displaced people",
        "207",
        "2022-06-30",
        "iom",
        "Crisis; round 3; added up: 3 places",
    ] in told


def test_the_data_sets_used_are_listed_and_no_others(brief: Brief) -> None:
    section = next(section for section in brief.sections if section.name == "datasets")
    assert section.table
    listed = {SPEAKER.say(row[0]) for row in section.table.rows}
    assert listed == {"iom@1", "unhcr@1", "plans@1", "food@1", "dossier-sahel@2026.11"}
    assert listed == {ref.name for ref in brief.releases}
    assert any("No release in the lake: acled" in SPEAKER.say(note) for note in section.notes)


def test_page_and_document_show_them_and_no_closed_row(brief: Brief, asked: Inquiry, tmp_path: Path) -> None:
    appendix = entries(brief, asked)
    page = html.unescape(render_html(brief, appendix, SPEAKER).decode())
    for words in ("How many are displaced, by data set", "Region A", "3-A1", "total of 3 country plans", "SHA-256"):
        assert words in page
    assert "projected-3-A1" not in page
    assert "current-3_plus-A1" not in page
    assert render_pdf(brief, appendix, SPEAKER).startswith(b"%PDF")
