"""The section on how past forecasts came out: a picture, numbers that open, and one sentence where nothing is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harmattan.brief.appendix import entries
from harmattan.brief.desk import Desk
from harmattan.brief.html import render_html
from harmattan.brief.outline import Brief
from harmattan.brief.track_record import track_record
from harmattan.case import Case, load_case
from harmattan.data import CASES, RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from tests.lake.factory import lake_in
from tests.questions.skill import UNITS, put_skill, table

THEIRS = np.ones((len(UNITS), 4)) * [[9.0], [1.0], [40.0], [20.0], [5.0], [2.0], [1.0], [1.0]]


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("sahel", CASES)


def desk_of(lake: Lake, case: Case) -> Desk:
    return Desk(Inquiry(lake, case.dossiers), case, Params(as_of=case.as_of), Speaker("en"))


def test_without_a_backtest_one_sentence_says_what_to_do(tmp_path: Path, case: Case) -> None:
    section = track_record(desk_of(lake_in(tmp_path), case))
    assert (section.picture, section.table) == (None, None)
    (lead,) = section.lead
    assert "harmattan backtest" in str(lead)


def test_a_model_that_loses_is_drawn_above_the_line_and_says_so(tmp_path: Path, case: Case) -> None:
    lake = Lake(tmp_path, RELEASES)
    scores = {"pooled": 0.9 * THEIRS, "last": 1.4 * THEIRS, "worldwide12": 3 * THEIRS, "zero": 4 * THEIRS}
    cells = table({"pooled": THEIRS, "conflictology12": THEIRS}, [str(n) for n in range(147239, 147247)], level="cell")
    put_skill(lake, [*table(scores | {"conflictology12": THEIRS}), *cells], "9", published="2026-12-31")
    desk = desk_of(lake, case)
    section = track_record(desk)
    assert section.table is not None
    assert [str(row[0].words) for row in section.table.rows if hasattr(row[0], "words")] == [
        "pooled", "last", "worldwide12", "zero", "conflictology12"
    ]  # fmt: skip
    said = [str(row[-1]) for row in section.table.rows]
    assert said == ["beats the benchmark", *["does not beat the benchmark"] * 3, "is the benchmark"]
    assert section.picture is not None
    drawn = [row for rows in section.picture.spec["datasets"].values() for row in rows if "model" in row]
    assert {row["model"] for row in drawn} == {"pooled", "last", "worldwide12"}, "the table has the others"
    assert {row["window"] for row in drawn} == {"2019", "2020", "2021"}, "2022 was not over on the as-of date"
    assert {row["ratio"] for row in drawn if row["model"] == "worldwide12"} == {2.0}, "cut at the end of the scale"
    assert any("Mali and Niger" in str(note) for note in section.notes)
    brief = Brief("sahel", "Sahel", section.title, case.as_of, "harmattan brief", (section,), tuple(desk.answers))
    page = render_html(brief, entries(brief, desk.inquiry), Speaker("en")).decode()
    assert "does not beat the benchmark" in page
    assert f"{section.table.rows[0][2].evidence}" in page  # type: ignore[union-attr]
