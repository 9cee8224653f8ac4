"""The section on alerts: every number opens, the picture has a panel a country, a case without rules has one too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan.brief.alerts import alerts
from harmattan.brief.desk import Desk
from harmattan.brief.outline import Brief, Section
from harmattan.case import Case
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import T
from harmattan.text.speaker import Speaker


def section_of(inquiry: Inquiry, case: Case, day: str, language: str = "en") -> tuple[Desk, Section]:
    desk = Desk(inquiry, case, Params(as_of=dt.date.fromisoformat(day)), Speaker(language))
    return desk, alerts(desk)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_rings_and_how_it_did(inquiry: Inquiry, sahel: Case, language: str) -> None:
    desk, section = section_of(inquiry, sahel, "2022-03-31", language)
    words = [Speaker("en").say(text) for text in section.lead]
    assert words[1].startswith("high alert: Mali: 1,359 deaths in the 1 whole month to 31 March 2022")
    assert words[-1].startswith("Track record of the rule record since 1 January 2012: ")
    assert section.table is not None
    assert [row[0].words for row in section.table.rows] == ["record", "surge", "first", "quiet"]  # type: ignore[union-attr]
    assert section.picture is not None
    assert len(_panels(section.picture.spec)) == 3
    brief = Brief("x", "x", T("x"), dt.date(2022, 3, 31), "x", (section,), tuple(desk.answers))
    assert {row for _id, answer, row in brief.cited() if answer.question == "alert-history"} >= {0, 4, 8, 12}


def _panels(spec: Any) -> list[Any]:
    return [panel for panel in spec["vconcat"] if "vconcat" in panel]


def test_where_nothing_is_covered_it_says_so(sahel: Case, tmp_path: Path) -> None:
    inquiry = Inquiry(Lake(tmp_path, tmp_path / "none"))
    section = section_of(inquiry, sahel, "2022-03-31")[1]
    assert str(section.lead[0]).startswith("Not covered")
    assert section.picture is None


def test_another_country_with_no_rules_of_its_own(inquiry: Inquiry, sahel: Case) -> None:
    syria = sahel.model_copy(update={"focus": "SYR", "countries": ("SYR",), "neighbours": (), "alerts": ()})
    section = section_of(inquiry, syria, "2016-12-31")[1]
    assert str(section.lead[0]).startswith("Syria, as of 31 December 2016: ")
    assert section.table is not None
