"""The section on effects: each design's verdict in its answer's words, pictures from its rows, no effect of none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from harmattan.brief.appendix import entries
from harmattan.brief.desk import Desk
from harmattan.brief.effects import SHORT, effects
from harmattan.brief.outline import Brief, Section
from harmattan.case import Case
from harmattan.lake.shelf import Lake
from harmattan.questions.effect_words import DESIGNS
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import T
from harmattan.text.speaker import Speaker
from tests.brief.test_ahead import marks

SPEAKER = Speaker("en")


def section_of(inquiry: Inquiry, case: Case, day: str = "2022-10-31") -> tuple[Desk, Section]:
    desk = Desk(inquiry, case, Params(as_of=dt.date.fromisoformat(day)), SPEAKER)
    return desk, effects(desk)


def words(section: Section) -> str:
    return " ".join(SPEAKER.say(text) for text in (*section.lead, *section.notes))


@pytest.fixture(scope="module")
def told(inquiry: Inquiry, sahel: Case) -> tuple[Desk, Section]:
    """The section of the embedded case, made once."""
    return section_of(inquiry, sahel)


def test_it_says_what_the_answers_say(told: tuple[Desk, Section]) -> None:
    desk, section = told
    whole = [answer for answer in desk.answers if not answer.params["by"]]
    assert [SPEAKER.say(answer.headline) for answer in whole] == [SPEAKER.say(text) for text in section.lead]
    assert section.table is not None
    rows = [row for answer in whole for row in answer.rows]
    assert [(str(line[1]), str(line[-1])) for line in section.table.rows] == [
        (str(DESIGNS[row["design"]]), str(SHORT[row["verdict_key"]])) for row in rows
    ]
    assert len({row["verdict_key"] for row in whole[0].rows}) > 1, "designs that differ stand beside each other"
    assert "so that this is not settled" in words(section)


def test_the_pictures_are_drawn_from_the_answers(told: tuple[Desk, Section]) -> None:
    desk, section = told
    assert section.picture is not None
    assert {"line", "rule"} <= set(marks(section.picture.spec))
    drawn = [row for rows in section.picture.spec["datasets"].values() for row in rows]
    months, study = (answer for answer in desk.answers if answer.params["by"] == ["month"])
    values = [row["value"] for row in drawn if "value" in row]
    assert all(row["observed"] in values and row["expected"] in values for row in months.rows)
    effect = {(row["month"], row["effect"]) for row in drawn if {"month", "effect"} <= set(row)}
    assert {(row["month"], row["effect"]) for row in study.rows} <= effect
    placebos = next(answer for answer in desk.answers if answer.params["by"] == ["placebo"])
    space = {row["placebo"] for row in placebos.rows if row["kind"] == "space"}
    assert {row["name"] for row in drawn if "gap" in row and "name" in row} == space
    assert "civilians killed a month" in str(section.picture.spec)


def test_every_number_opens(told: tuple[Desk, Section], inquiry: Inquiry) -> None:
    desk, section = told
    brief = Brief("x", "x", T("x"), dt.date(2022, 10, 31), "x", (section,), tuple(desk.answers))
    assert {answer.question for _id, answer, _row in brief.cited()} == {"effect"}
    assert all(entry.rows for entry in entries(brief, inquiry))


def test_a_day_before_the_event_is_no_reason_for_no_brief(inquiry: Inquiry, sahel: Case) -> None:
    desk, section = section_of(inquiry, sahel, "2021-06-15")
    assert words(section) == "No event whose effect the case asks for was on record by this day."
    brief = Brief("x", "x", T("x"), dt.date(2021, 6, 15), "x", (section,), tuple(desk.answers))
    assert all(row is None or answer.question == "effect" for _id, answer, row in brief.cited())
    assert section.table is None
    assert section.picture is None


def test_a_case_that_names_no_event_has_none(inquiry: Inquiry, sahel: Case) -> None:
    desk, section = section_of(inquiry, sahel.model_copy(update={"effects": ()}))
    assert words(section) == "The case names no event whose effect is asked for."
    assert not desk.answers


def test_where_nothing_is_covered_it_says_so(sahel: Case, tmp_path: Path) -> None:
    section = section_of(Inquiry(Lake(tmp_path, tmp_path / "none")), sahel)[1]
    assert section.lead
    assert (section.picture, section.table) == (None, None)
