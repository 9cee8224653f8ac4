"""The section on groups that compete: derived from the data, each number with evidence, quiet where none is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from harmattan.brief.outline import Section, section_numbers
from harmattan.brief.sections import SECTIONS
from harmattan.brief.write import compose
from harmattan.case import SECTIONS as NAMED
from harmattan.case import Case
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from tests.lake.factory import event, lake_in, put

SPEAKER = Speaker("en")


def only(case: Case, **to: Any) -> Case:
    """The case with this section alone."""
    return Case.model_validate(case.model_dump() | {"sections": ("competition",)} | to)


def section_of(inquiry: Inquiry, case: Case, language: str = "en") -> Section:
    found = compose(inquiry, case, Params(as_of=case.as_of), language)
    (section,) = (section for section in found.sections if section.name == "competition")
    return section


@pytest.fixture(scope="module")
def section(inquiry: Inquiry, sahel: Case) -> Section:
    return section_of(inquiry, only(sahel))


def said(section: Section) -> str:
    return " ".join(SPEAKER.say(text) for text in (*section.lead, *section.notes))


def test_the_section_is_known_to_cases() -> None:
    assert "competition" in NAMED
    assert "competition" in SECTIONS


def test_the_deadliest_pair_is_told_with_its_numbers(section: Section) -> None:
    assert "IS - JNIM had most deaths between them: 650 deaths in 61 events" in said(section)
    assert section.table
    assert [SPEAKER.say(cell) for cell in section.table.rows[0]] == ["IS - JNIM", "61", "650", "649", "747"]
    assert all(number.evidence for number in section_numbers(section))


def test_the_picture_has_a_panel_a_country_the_shares_and_a_map(section: Section) -> None:
    assert section.picture
    panels, shares, ground = section.picture.spec["vconcat"]
    assert [panel["title"]["text"] for panel in panels["concat"]] == ["Mali", "Burkina Faso", "Niger"]
    mali = panels["concat"][0]
    drawn = section.picture.spec["datasets"]
    bars = drawn[(mali if "data" in mali else mali["layer"][0])["data"]["name"]]
    assert sum(bar["deaths_best"] for bar in bars) > 0
    held = drawn[shares["data"]["name"]]
    last = max(row["day"] for row in held)
    assert 0 < sum(row["share"] for row in held if row["day"] == last) <= 100
    assert held[0]["group"] == "IS"
    assert held[1]["group"] == "JNIM"
    assert "layer" in ground
    assert "config" not in ground
    assert "config" in section.picture.spec


def test_other_countries_have_other_rivals(sahel: Case, tmp_path: Any) -> None:
    lake = lake_in(tmp_path)
    sides: dict[str, Any] = {"violence": "non_state", "dyad": "X - Y", "actors_a": ["X"], "actors_b": ["Y"]}
    put(lake, "1", [event("e1", "2022-03-03", "SYR", 7, **sides)], places=("SYR",))
    syria = only(sahel, focus="SYR", countries=("SYR",), neighbours=("SYR",), as_of=dt.date(2022, 12, 31))
    found = section_of(Inquiry(lake), syria)
    assert "X - Y had most deaths between them: 7 deaths in 1 event" in said(found)
    assert found.picture is None, "there are no cells of countries here"


def test_a_country_that_nothing_covers_is_said_not_to_be(inquiry: Inquiry, sahel: Case) -> None:
    nowhere = only(sahel, focus="CHL", countries=("CHL",), neighbours=("CHL",), as_of=dt.date(1980, 12, 31))
    found = section_of(inquiry, nowhere)
    assert "ot covered" in said(found)
    assert found.picture is None
    assert found.table is None


def test_a_country_without_detail_or_without_fights(inquiry: Inquiry, sahel: Case) -> None:
    for code in ("CHL", "SEN"):
        found = section_of(inquiry, only(sahel, focus=code, countries=(code,), neighbours=(code,)))
        assert found.lead
        assert found.picture is None or found.table
