"""The section on spillover: says what its answers say, is drawn from them, and calls nothing spillover that is not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from harmattan.brief.appendix import entries
from harmattan.brief.coupling import SHOWN, spillover
from harmattan.brief.desk import Desk
from harmattan.brief.outline import Brief, Section
from harmattan.case import Case, Spilling
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import T
from harmattan.text.speaker import Speaker
from tests.brief.test_ahead import marks
from tests.questions.feeding import APART, FED, feeding

SPEAKER = Speaker("en")


def section_of(inquiry: Inquiry, case: Case, day: str = "2022-10-31") -> tuple[Desk, Section]:
    desk = Desk(inquiry, case, Params(as_of=dt.date.fromisoformat(day)), SPEAKER)
    return desk, spillover(desk)


def words(section: Section) -> str:
    return " ".join(SPEAKER.say(text) for text in (*section.lead, *section.notes))


def brief_of(desk: Desk, section: Section) -> Brief:
    return Brief("x", "x", T("x"), dt.date(2022, 10, 31), "x", (section,), tuple(desk.answers))


@pytest.fixture(scope="module")
def told(inquiry: Inquiry, sahel: Case) -> tuple[Desk, Section]:
    """The section of the embedded case, made once."""
    return section_of(inquiry, sahel)


def test_it_says_what_the_answers_say(told: tuple[Desk, Section]) -> None:
    desk, section = told
    found = {(answer.question, answer.params.get("by", [""])[:1] == ["group"]): answer for answer in desk.answers}
    assert SPEAKER.say(found["spillover", False].headline) in words(section)
    whole = found["reproduction", False].rows
    assert [row["window_start"] for row in whole if row["unit"] is None] == ["2012-01-01"], "no window is fitted"
    assert f"multiplied by {whole[0]['value']:.2f}" in words(section)
    assert "30 directed pairs" in words(section), "two groups in three countries"
    assert "not proof that the one brought the other" in words(section)


def test_the_table_has_the_pairs_of_the_answer_with_their_tests(told: tuple[Desk, Section]) -> None:
    desk, section = told
    assert section.table is not None
    rows = [row for row in desk.answers[0].rows if row["part"] == "others"]
    there = [row for row in rows if row["verdict_key"] == "spillover" or (row["share"] or 0) >= SHOWN]
    want = {(str(row["source"]), str(row["unit"]), str(row["verdict"])) for row in there}
    assert {(str(line[0]), str(line[1]), str(line[-1])) for line in section.table.rows} == want


def test_the_picture_is_drawn_from_the_answers(told: tuple[Desk, Section]) -> None:
    desk, section = told
    assert section.picture is not None
    drawn = list(marks(section.picture.spec))
    assert drawn.count("area") == 4, "Mali, Burkina Faso, Niger and Benin; Togo had too few events by then"
    course = next(answer for answer in desk.answers if "month" in answer.params.get("by", []))
    seen = {(row["month"], row["observed"]) for rows in section.picture.spec["datasets"].values() for row in rows
            if "observed" in row}  # fmt: skip
    assert {(row["period"], row["observed"]) for row in course.rows if row["endemic"] is not None} <= seen


def test_every_number_opens(told: tuple[Desk, Section], inquiry: Inquiry) -> None:
    brief = brief_of(*told)
    assert {answer.question for _id, answer, _row in brief.cited()} == {"spillover", "reproduction"}
    assert all(entry.rows for entry in entries(brief, inquiry))


@pytest.mark.parametrize(("matrix", "said"), [(FED, "may be called spillover: Mali to Niger"),
                                              (APART, "nothing is called spillover")])  # fmt: skip
def test_what_flows_is_named_with_its_evidence_and_nothing_else_is(
    matrix: tuple[tuple[float, ...], ...], said: str, sahel: Case, tmp_path: Path
) -> None:
    case = sahel.model_copy(update={"spillover": Spilling(), "since": dt.date(2011, 1, 1)})
    desk, section = section_of(Inquiry(feeding(tmp_path, matrix).lake), case, "2022-12-31")
    assert said in words(section)
    assert brief_of(desk, section).cited(), "also the p in a headline has its evidence"
    assert section.table is not None
    verdicts = [str(row[-1]) for row in section.table.rows]
    assert verdicts.count("more than coincidence") == (matrix is FED)


def test_without_groups_none_are_asked_about(sahel: Case, tmp_path: Path) -> None:
    case = sahel.model_copy(update={"spillover": Spilling(), "since": dt.date(2011, 1, 1)})
    desk, section = section_of(Inquiry(feeding(tmp_path).lake), case, "2022-12-31")
    assert not any(answer.params.get("by") == ["group"] for answer in desk.answers)
    assert "armed groups" not in words(section)


def test_a_case_of_one_country_says_that_there_is_nobody_beside_it(inquiry: Inquiry, sahel: Case) -> None:
    syria = sahel.model_copy(update={"focus": "SYR", "countries": ("SYR",), "spillover": Spilling()})
    desk, section = section_of(inquiry, syria, "2018-12-31")
    assert words(section) == "Spillover is between at least two units, and Syria is the only one asked about."
    assert (section.picture, section.table) == (None, None)
    assert brief_of(desk, section).cited() == []


def test_where_nothing_is_covered_it_says_so(sahel: Case, tmp_path: Path) -> None:
    section = section_of(Inquiry(Lake(tmp_path, tmp_path / "none")), sahel)[1]
    assert words(section).startswith("Not covered")
    assert (section.picture, section.table) == (None, None)
