"""Another country by a case file alone: every question of events and the whole brief work on Syria unchanged."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from harmattan import data
from harmattan.case import load_case
from harmattan.cli import main
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.evidence import opened, rows_of
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS
from harmattan.sources.reading import Options
from tests.questions.worlds import EVENT_QUESTIONS

EVENT_FILE = Path("ucdp") / "ged191_syria_events.parquet"
AS_OF = dt.date(2018, 12, 31)
OPENED = 3
"""So many rows of each answer are opened."""
CASE = """\
name = "syria"
title = { en = "Syria", fr = "La Syrie" }
focus = "SYR"
countries = ["SYR"]
neighbours = ["TUR", "IRQ", "LBN", "JOR", "ISR"]
since = 2016-01-01
as_of = 2018-12-31
"""
SAID: dict[str, dict[str, Any]] = {
    "scenario": {"path": "own=0.5"},
    **{name: {"by": ("cell",)} for name in ("spillover", "shock", "reproduction")},
}
"""What a question must be told beside country and day, by its name."""

NAMED = ("effect",)
"""They need a dossier that has the event: see their own tests."""
NONE_THERE = ("not covered", "nothing", "no foreign force is known", "no alert by", "no milestone of that kind")
"""What is said where an answer has no row: that nothing is known, or that nothing of the kind was there."""

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def home(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with Syria's events."""
    folder = tmp_path_factory.mktemp("syria")
    lake = Lake(folder, data.RELEASES)
    ingest(lake, "ucdp-ged", [data_dir / EVENT_FILE], Options(label="19.1"), retrieved_at=None)
    return folder


@pytest.fixture(scope="module")
def inquiry(home: Path) -> Inquiry:
    """Asks a lake that has Syria's events beside what the package carries about another part of the world."""
    return Inquiry(Lake(home, data.RELEASES))


@pytest.fixture(scope="module")
def by_year(data_dir: Path) -> dict[str, tuple[int, int]]:
    """Events and deaths by year, added up from the publisher's file itself."""
    table = pq.read_table(data_dir / EVENT_FILE, columns=["date_start", "best"])
    events: Counter[str] = Counter()
    deaths: Counter[str] = Counter()
    for start, best in zip(table["date_start"].to_pylist(), table["best"].to_pylist(), strict=True):
        events[str(start)[:4]] += 1
        deaths[str(start)[:4]] += int(best)
    return {year: (events[year], deaths[year]) for year in sorted(events)}


def test_the_events_are_those_of_the_file(inquiry: Inquiry, by_year: dict[str, tuple[int, int]]) -> None:
    found = inquiry.ask("casualties", Params(country=("SYR",), by=("year",), start=dt.date(2016, 1, 1), end=AS_OF))
    counted = {row["period"]: (row["events"], row["deaths_best"]) for row in found.rows}
    assert counted == {year: by_year[year] for year in ("2016", "2017", "2018")}
    assert by_year["2018"] == (2765, 20251)


@pytest.mark.parametrize("question", [name for name in EVENT_QUESTIONS if name not in NAMED])
def test_every_question_of_events_answers_about_syria(inquiry: Inquiry, question: str) -> None:
    said = {"as_of": AS_OF} if "as_of" in QUESTIONS[question].accepts else {}
    found = inquiry.ask(question, Params(country=("SYR",), **(said | SAID.get(question, {}))))
    speaking = [ref.name for ref in found.releases if not ref.beside]
    assert set(speaking) <= {"ucdp-ged@19.1", "ucdp-ged-country-month@25.1", "dossier-sahel@2026.11"}, question
    assert "Mali" not in str(found.headline)
    if not found.rows:
        assert any(words in str(found.headline).lower() for words in NONE_THERE), found.headline
        return
    if QUESTIONS[question].opens is not None:
        return
    records = opened(inquiry.world, found)
    for number, row in list(enumerate(found.rows))[:OPENED]:
        assert rows_of(records, found, number).table.num_rows == row["records"], (question, number, dict(row))


def test_the_brief_of_a_case_file_has_syrias_numbers(
    home: Path, by_year: dict[str, tuple[int, int]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "syria.toml"
    file.write_text(CASE, encoding="utf-8")
    assert load_case(str(file), data.CASES).focus == "SYR"
    said = ["brief", file, "--home", home, "--out", tmp_path / "out", "--format", "html"]
    assert main([str(word) for word in said]) == 0, capsys.readouterr().err
    page = (tmp_path / "out" / "syria-2018-12-31-en.html").read_text(encoding="utf-8")
    for number in (*by_year["2018"], *by_year["2017"]):
        assert f"{number:,}" in page
    assert "Syria" in page
    assert "ucdp-ged@19.1" in page
    assert "<td>ucdp-ged-cells@24.1</td>" not in page, "no record of another part of the world stands behind it"
