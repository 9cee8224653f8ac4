"""The picture of any answer: one for each question that has something to draw, bounded, with ranges and its source."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from harmattan.brief.answer_charts import OWN, drawn
from harmattan.brief.answer_kinds import classes_of
from harmattan.brief.html import drawn_once
from harmattan.case import Case
from harmattan.data import RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.registry import QUESTIONS
from harmattan.questions.said import said
from harmattan.text import T
from harmattan.text.speaker import Speaker
from tests.lake.factory import event, put, put_tables
from tests.questions.people import put_people
from tests.questions.test_exposure import GRID
from tests.questions.test_mines import MINE, facility

EN = Speaker("en")
DRAWN: tuple[tuple[str, dict[str, str]], ...] = (
    ("casualties", {}),
    ("casualties", {"by": "month,country"}),
    ("casualties", {"by": "cell", "start": "2023"}),
    ("casualties", {"by": "cell,month", "start": "2023"}),
    ("casualties", {"by": "dyad"}),
    ("records", {}),
    ("records", {"country": "MLI", "measure": "events"}),
    ("civilian-harm", {}),
    ("actors", {}),
    ("incidents", {}),
    ("tally", {}),
    ("coverage", {}),
    ("revisions", {}),
    ("sources", {}),
    ("border-violence", {}),
    ("border-violence", {"by": "year"}),
    ("cross-border-groups", {}),
    ("expansion", {}),
    ("expansion", {"by": "cell", "actor": "JNIM"}),
    ("expansion", {"by": "year", "actor": "JNIM"}),
    ("competition", {}),
    ("competition", {"by": "actor,year"}),
    ("competition", {"by": "cell"}),
    ("activity-range", {}),
    ("harm-rate", {}),
    ("harm-rate", {"by": "year,country"}),
    ("harm-partner", {}),
    ("conflict-index", {}),
    ("alert-history", {}),
    ("vacuum", {}),
    ("vacuum", {"by": "month"}),
    ("aligned", {}),
    ("relations", {}),
    ("presence", {}),
    ("milestones", {}),
    ("figures", {}),
    ("force-months", {}),
    ("network", {}),
    ("forecast-skill", {}),
    ("forecast-skill", {"by": "window"}),
    ("effect", {"milestone": "bfa-coup-2022-09"}),
    ("effect", {"milestone": "bfa-coup-2022-09", "by": "month"}),
    ("effect", {"milestone": "bfa-coup-2022-09", "by": "placebo"}),
    ("effect", {"milestone": "bfa-coup-2022-09", "by": "donor"}),
    ("effect", {"milestone": "bfa-coup-2022-09", "by": "variant"}),
)
MADE: tuple[tuple[str, dict[str, str]], ...] = (
    ("displacement", {"start": "2020"}),
    ("needs", {}),
    ("funding", {}),
    ("exposure", {"by": "year"}),
    ("exposure", {"km": "2,5"}),
    ("mines", {}),
)


def ask(inquiry: Inquiry, case: Case, name: str, /, **words: str) -> Answer:
    return inquiry.ask(name, said(QUESTIONS[name], words, case))


@pytest.fixture(scope="module")
def lands(inquiry: Inquiry) -> dict[int, str]:
    return inquiry.cell_countries()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    """Events with points, people, mines and counts, before the embedded releases."""
    lake = Lake(tmp_path_factory.mktemp("drawn"), RELEASES)
    events = [event(f"e{n}", f"20{12 + n}-03-04", best=n + 1) for n in range(11)]
    events += [event("m", "2022-05-03", best=8, lat=MINE[0], lon=MINE[1])]
    put(lake, "1", events, dataset="ucdp-made", start="2012-01-01", places=("MLI", "BFA", "NER"))
    put_tables(lake, "1", {"population": GRID}, dataset="worldpop")
    put_tables(lake, "1", {"facilities": [facility("Pit"), facility("Shaft", 60)]}, dataset="gsmc-facilities")
    put_people(lake)
    return Inquiry(lake)


def values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows]


def assert_drawn(answer: Answer, lands: dict[int, str], language: str = "en") -> dict[str, Any]:
    picture = drawn(answer, Speaker(language), lands)
    assert picture is not None
    svg = drawn_once(picture.spec, language)
    assert "NaN" not in svg
    assert "undefined" not in svg
    assert "Harmattan" in json.dumps(picture.spec["title"])
    assert Speaker(language).say(picture.caption).endswith(".")
    return picture.spec


@pytest.mark.parametrize(("name", "words"), DRAWN, ids=[f"{n}-{'-'.join(w.values())}" for n, w in DRAWN])
def test_an_answer_of_the_embedded_data_is_drawn(
    inquiry: Inquiry, sahel: Case, lands: dict[int, str], name: str, words: dict[str, str]
) -> None:
    assert_drawn(ask(inquiry, sahel, name, **words), lands)


@pytest.mark.parametrize(("name", "words"), MADE, ids=[f"{n}-{'-'.join(w.values())}" for n, w in MADE])
def test_an_answer_on_people_is_drawn(
    made: Inquiry, sahel: Case, lands: dict[int, str], name: str, words: dict[str, str]
) -> None:
    assert_drawn(ask(made, sahel, name, **words), lands)


def test_values_stand_with_their_range(inquiry: Inquiry, sahel: Case, lands: dict[int, str]) -> None:
    answer = ask(inquiry, sahel, "casualties")
    spec = assert_drawn(answer, lands)
    shown = {row["when"]: (row["low"], row["value"], row["high"]) for row in values(spec) if "when" in row}
    assert shown["2022"] == next(
        (row["deaths_low"], row["deaths_best"], row["deaths_high"]) for row in answer.rows if row["period"] == "2022"
    )


def test_of_a_map_over_time_the_last_period_is_drawn_and_said(
    inquiry: Inquiry, sahel: Case, lands: dict[int, str]
) -> None:
    answer = ask(inquiry, sahel, "casualties", by="cell,month", start="2023")
    spec = assert_drawn(answer, lands)
    last = max(row["period"] for row in answer.rows)
    assert f"Only {last} is drawn." in json.dumps(spec["title"])


def test_more_series_than_colours_are_cut_and_it_is_said(inquiry: Inquiry, sahel: Case, lands: dict[int, str]) -> None:
    spec = assert_drawn(ask(inquiry, sahel, "competition", by="actor,year"), lands)
    assert len({row["series"] for row in values(spec) if row.get("series")}) == 6
    assert "Only the largest 6 of" in json.dumps(spec["title"])


def test_a_line_breaks_off_where_a_series_says_nothing(inquiry: Inquiry, sahel: Case, lands: dict[int, str]) -> None:
    spec = assert_drawn(ask(inquiry, sahel, "competition", by="actor,year"), lands)
    shown = {row["when"]: row["value"] for row in values(spec) if row.get("series") == "AQIM" and "when" in row}
    assert shown["2005"] is not None
    assert shown["1995"] is None


def test_a_picture_is_in_the_readers_language(inquiry: Inquiry, sahel: Case, lands: dict[int, str]) -> None:
    spec = assert_drawn(ask(inquiry, sahel, "actors"), lands, "fr")
    assert "Données" in json.dumps(spec["title"], ensure_ascii=False)


def test_nothing_is_drawn_of_an_empty_answer(inquiry: Inquiry, sahel: Case, lands: dict[int, str]) -> None:
    assert drawn(ask(inquiry, sahel, "needs"), EN, lands) is None
    assert drawn(ask(inquiry, sahel, "who-is", name="GSIM"), EN, lands) is None


def test_without_a_table_of_cells_there_is_no_map(inquiry: Inquiry, sahel: Case) -> None:
    assert drawn(ask(inquiry, sahel, "casualties", by="cell", start="2023"), EN, {}) is None


def test_a_hundred_thousand_rows_are_a_picture_of_few(inquiry: Inquiry, sahel: Case, lands: dict[int, str]) -> None:
    one = ask(inquiry, sahel, "casualties")
    rows = tuple(
        {"period": f"{1500 + n % 500}-{1 + n % 12:02d}", "actor": f"a{n // 6000}", "deaths_best": n % 97, "n": n}
        for n in range(100_000)
    )
    names = ("period", "actor", "deaths_best", "n")
    columns = tuple(AnswerColumn(name, T("deaths")) for name in names)
    many = replace(one, rows=rows, columns=columns, chart=Chart("trend", "period", "deaths_best", series="actor"))
    start = time.process_time()
    picture = drawn(many, EN, lands)
    assert time.process_time() - start < 5
    assert picture is not None
    assert len(values(picture.spec)) <= 6100


def test_no_account_stands_in_a_picture_of_linked_accounts(invented: Inquiry, sahel: Case) -> None:
    answer = ask(invented, sahel, "coordination-network")
    picture = drawn(answer, EN, {})
    assert picture is not None
    accounts = {row["id"] for row in answer.rows if row["part"] == "node"}
    assert accounts
    assert not [name for name in accounts if name in json.dumps(picture.spec)]


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("campaigns", ""),
        ("campaigns", "seconds"),
        ("campaign", "day"),
        ("campaign", "hour"),
        ("narratives", "stance"),
        ("narratives", "hour"),
    ],
)
def test_what_posts_give_is_drawn(invented: Inquiry, sahel: Case, name: str, by: str) -> None:
    words = {"by": by} if by else {}
    if name == "campaign":
        words["campaign"] = str(ask(invented, sahel, "campaigns").rows[0]["campaign"])
    answer = ask(invented, sahel, name, **words)
    assert answer.rows
    assert_drawn(answer, {})


def test_classes_hold_about_as_many_cells_each() -> None:
    found = classes_of([*range(100)])
    assert len(set(found.values())) == 6
    assert found[0] == "0–15"


def test_every_question_that_is_drawn_in_a_way_of_its_own_is_one() -> None:
    assert set(OWN) <= set(QUESTIONS)


def test_days_that_no_release_speaks_about_stay_empty(inquiry: Inquiry, sahel: Case, lands: dict[int, str]) -> None:
    answer = ask(inquiry, sahel, "coverage", country="MLI", start="2020", end="2025")
    assert any(row["release"] is None for row in answer.rows)
    drawn_rows = values(assert_drawn(answer, lands))
    assert {row["until"][:4] for row in drawn_rows} <= {"2023", "2024"}
    assert "–" not in {row["series"] for row in drawn_rows}
    assert drawn(ask(inquiry, sahel, "coverage", country="MLI", start="2025", end="2025"), EN, lands) is None


@pytest.mark.parametrize("by", ["band", "band,year"])
def test_bands_that_follow_each_other_are_named_by_both_bounds(
    inquiry: Inquiry, sahel: Case, lands: dict[int, str], by: str
) -> None:
    spec = json.dumps(assert_drawn(ask(inquiry, sahel, "border-violence", by=by, km="25,50", start="2022"), lands),
                      ensure_ascii=False)  # fmt: skip
    assert "25–50 km" in spec
    assert "within 50 km" not in spec
    assert "at most so far" not in spec


def test_distances_have_their_unit(made: Inquiry, sahel: Case, lands: dict[int, str]) -> None:
    spec = json.dumps(assert_drawn(ask(made, sahel, "exposure", country="MLI", km="2,5"), lands))
    assert '"5 km"' in spec
    assert '"5.0"' not in spec
