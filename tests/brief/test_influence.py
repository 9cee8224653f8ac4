"""The section on accounts that act together, from invented posts taken in by the program itself."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from harmattan.brief.appendix import entries
from harmattan.brief.desk import Desk
from harmattan.brief.html import drawn_once, render_html
from harmattan.brief.influence import influence, opening
from harmattan.brief.influence_charts import InfluenceCharts
from harmattan.brief.outline import Brief, Section
from harmattan.brief.pdf import render_pdf
from harmattan.brief.sections import SECTIONS
from harmattan.brief.write import compose
from harmattan.case import SECTIONS as NAMED
from harmattan.case import Case
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import T
from harmattan.text.speaker import Speaker

SPEAKER = Speaker("en")


@pytest.fixture(scope="module")
def asked(invented: Inquiry) -> Inquiry:
    return invented


@pytest.fixture(scope="module")
def told(asked: Inquiry, sahel: Case) -> tuple[Desk, Section]:
    desk = Desk(asked, sahel, Params(as_of=sahel.as_of), SPEAKER)
    section = influence(desk)
    assert section is not None
    return desk, section


@pytest.fixture(scope="module")
def brief(told: tuple[Desk, Section]) -> Brief:
    desk, section = told
    return Brief("x", "x", T("x"), dt.date(2022, 10, 31), "x", (section,), tuple(desk.answers))


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows]


def words(section: Section) -> str:
    captions = [picture.caption for picture in section.pictures]
    return " ".join(SPEAKER.say(text) for text in (*section.lead, *captions, *section.notes))


def test_the_case_has_the_section_and_without_posts_it_is_not_there(inquiry: Inquiry, sahel: Case) -> None:
    assert "influence" in SECTIONS
    assert "influence" in NAMED
    assert "influence" in sahel.sections
    assert influence(Desk(inquiry, sahel, Params(as_of=sahel.as_of), SPEAKER)) is None
    only = Case.model_validate(sahel.model_dump() | {"sections": ("influence", "timeline")})
    assert [section.name for section in compose(inquiry, only, Params(as_of=sahel.as_of), "en").sections] == [
        "timeline"
    ]


def test_posts_that_came_later_make_no_section(asked: Inquiry, sahel: Case) -> None:
    early = Params(as_of=sahel.as_of, known_by=dt.date(2021, 12, 31))
    assert influence(Desk(asked, sahel, early, SPEAKER)) is None


def test_days_before_the_campaigns_have_none(asked: Inquiry, sahel: Case) -> None:
    section = influence(Desk(asked, sahel, Params(as_of=dt.date(2021, 12, 16)), SPEAKER))
    assert section is not None
    assert "No group of 5 accounts or more" in words(section)
    assert (section.pictures, section.table) == ((), None)


def test_the_table_says_what_was_planted(told: tuple[Desk, Section]) -> None:
    _, section = told
    assert section.table is not None
    first, second = [[SPEAKER.say(cell) for cell in row] for row in section.table.rows]
    assert (first[1], second[1]) == ("14", "7")
    assert {name for name in ("Telegram", "X", "Facebook") if name in first[2]} == {"Telegram", "X", "Facebook"}
    assert "against France" in first[-1]
    assert "for Russia or Wagner" in first[-1]
    assert "against the UN mission" in second[-1]
    assert "UN" not in first[-1]
    assert first[6] == "< 0.001"


def test_every_number_opens_to_posts(brief: Brief, asked: Inquiry) -> None:
    cited = {answer.question for _, answer, _ in brief.cited()}
    assert {"campaigns", "narratives"} <= cited
    for name, answer, which in brief.cited():
        rows = asked.rows(answer, which)
        assert rows.of == "posts", name
        assert rows.table.num_rows == answer.evidence(which).rows
    # Their licence closes single posts: they are counted and not shown.
    assert all(not entry.rows for entry in entries(brief, asked) if entry.of == "posts")


def test_pictures_are_drawn_from_the_answers_and_name_nobody(told: tuple[Desk, Section]) -> None:
    desk, section = told
    network, stances, course, tried = section.pictures
    by_name = {(answer.question, *answer.params.get("by", ())): answer for answer in desk.answers}
    nodes = [row for row in by_name["coordination-network",].rows if row["part"] == "node"]
    assert sum("membership" in row for row in rows_of(network.spec)) == len(nodes) == 21
    found = by_name["narratives", "stance"].rows
    drawn = {(row["campaign"], row["who"], row["share"]) for row in rows_of(stances.spec) if "stance" in row}
    assert {(row["campaign"], "posts of the campaign", row["share"]) for row in found} <= drawn
    by_day = by_name["campaign", "day"].rows
    bars = [row for row in rows_of(course.spec) if "posts" in row]
    assert sum(row["posts"] for row in bars) == sum(row["joint_posts"] for row in by_day) == 337
    assert sum(row["ours"] for row in rows_of(tried.spec) if "ours" in row) == 1
    for picture in section.pictures:
        assert "acct-" not in str(picture.spec)
        assert "posts@invented" in str(picture.spec["title"])
        assert "terms of the platform" in str(picture.spec["title"])


def test_milestones_of_the_days_stand_beside(told: tuple[Desk, Section]) -> None:
    _, section = told
    said = words(section)
    assert "23 December 2021: Western states condemn" in said
    assert "9 January 2022: ECOWAS closes borders" in said
    assert "does not say that one brought the other" in said
    marks = {row["mark"]: row["day"] for row in rows_of(section.pictures[2].spec) if "mark" in row}
    assert "2022-01-09" in marks.values()


def test_the_same_posts_give_the_same_pictures(asked: Inquiry, sahel: Case, told: tuple[Desk, Section]) -> None:
    again = influence(Desk(asked, sahel, Params(as_of=sahel.as_of), SPEAKER))
    assert again is not None
    assert [picture.spec for picture in again.pictures] == [picture.spec for picture in told[1].pictures]


def test_page_and_document_show_all_pictures(brief: Brief, asked: Inquiry) -> None:
    listed = entries(brief, asked)
    page = render_html(brief, listed, SPEAKER).decode()
    drawn = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawn) == len(brief.sections[0].pictures) == 4
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "acct-" not in page
    assert "(texte inventé)" not in page
    assert render_pdf(brief, listed, SPEAKER).startswith(b"%PDF")


def test_an_opening_has_no_bare_number(told: tuple[Desk, Section]) -> None:
    desk, _ = told
    whole = next(answer for answer in desk.answers if answer.question == "campaigns")
    assert SPEAKER.say(opening(whole)) == SPEAKER.say(whole.headline)


def test_a_lexicon_of_ones_own_is_looked_for_beside_the_case(tmp_path: Path) -> None:
    from harmattan.case import load_case
    from harmattan.data import CASES

    written = (CASES / "sahel.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(written.replace('"sahel-stances"', '"words.yaml"'), "utf-8")
    assert load_case(str(tmp_path / "mine.toml"), CASES).lexicon == str(tmp_path / "words.yaml")
    assert load_case("sahel", CASES).lexicon == "sahel-stances"


def test_a_study_shows_each_group_with_its_band() -> None:
    rows = [{"offset": n, "found": 2.0 if n >= 0 else 1.0, "low": 0.5, "high": 1.6} for n in range(-14, 15)]
    spec = InfluenceCharts(SPEAKER, "invented").study([{"title": name, "rows": rows} for name in ("c-1", "c-2")])
    assert [panel["title"]["text"] for panel in spec["concat"]] == ["c-1", "c-2"]
    drawn = [row for row in rows_of(spec) if "low" in row]
    assert {(row["offset"], row["found"], row["low"]) for row in drawn} == {
        (r["offset"], r["found"], 0.5) for r in rows
    }
    assert drawn_once(spec, "fr").startswith("<svg")
