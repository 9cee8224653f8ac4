"""The sections on displaced people beside violence and on the network: numbers that open, a picture, and silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmattan.brief.appendix import entries
from harmattan.brief.desk import Desk
from harmattan.brief.html import render_html
from harmattan.brief.outline import Brief, Section
from harmattan.brief.tension import displacement_violence, network
from harmattan.case import Case, load_case
from harmattan.data import CASES, RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from tests.lake.factory import put_tables
from tests.questions.people import stock


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("sahel", CASES)


def desk_of(lake: Lake, case: Case) -> Desk:
    return Desk(Inquiry(lake, case.dossiers), case, Params(as_of=case.as_of), Speaker("en"))


def brief_of(desk: Desk, *sections: Section) -> Brief:
    return Brief("sahel", "Sahel", sections[0].title, desk.case.as_of, "harmattan brief", sections, tuple(desk.answers))


def test_without_counts_the_section_uses_nothing_and_says_which_data_set_gives_them(tmp_path: Path, case: Case) -> None:
    desk = desk_of(Lake(tmp_path, RELEASES), case)
    section = displacement_violence(desk)
    assert desk.answers == []
    assert section.picture is None
    assert section.table is None
    assert "unhcr-population" in str(section.lead[0])


def test_the_sections_have_numbers_that_open_to_both_grounds(tmp_path: Path, case: Case) -> None:
    lake = Lake(tmp_path, RELEASES)
    people = (5, 30, 20, 25, 40, 35, 60, 90, 80, 120, 150)
    rows = [stock(f"{2011 + n}", value, f"{2011 + n}-12-31", as_of_precision="year") for n, value in enumerate(people)]
    put_tables(lake, "1", {"displacement": rows}, dataset="yearly", places=("MLI",), start="2011-12-31",
               end="2021-12-31")  # fmt: skip
    desk = desk_of(lake, case)
    sections = (displacement_violence(desk), network(desk))
    first, second = sections
    assert first.picture is not None
    assert first.table is not None
    assert [str(row[2]) for row in first.table.rows] == ["the same days", "3 months", "6 months", "12 months"]
    assert second.table is not None
    assert len(second.table.rows) == 10
    brief = brief_of(desk, *sections)
    appendix = entries(brief, desk.inquiry)
    ids = [entry.id for entry in appendix]
    assert len(set(ids)) == len(ids)
    of = {entry.id: entry.of for entry in appendix}
    both = [id_ for id_ in ids if f"{id_}+" in of]
    assert {of[f"{id_}+"] for id_ in both} == {"displacement", ""}, "stocks beside events, records beside events"
    page = render_html(brief, appendix, Speaker("en")).decode()
    assert 'id="e-' + both[0].replace(".", "-") + '-and"' in page
