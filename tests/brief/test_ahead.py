"""The section on the months ahead: a fan for each country, a map where cells are told apart, and every number opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harmattan.brief.ahead import ahead
from harmattan.brief.appendix import entries
from harmattan.brief.desk import Desk
from harmattan.brief.outline import Brief, Section
from harmattan.case import Case, load_case
from harmattan.data import CASES
from harmattan.errors import UsageError
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import T
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.likelihood import SCALE
from tests.questions.foretold import small_models

SPEAKER = Speaker("en")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    small_models(monkeypatch)


def section_of(inquiry: Inquiry, case: Case, day: str = "2022-10-31") -> tuple[Desk, Section]:
    desk = Desk(inquiry, case, Params(as_of=dt.date.fromisoformat(day)), SPEAKER)
    return desk, ahead(desk)


def words(section: Section) -> str:
    return " ".join(SPEAKER.say(text) for text in (*section.lead, *section.notes))


def marks(spec: Any) -> Iterator[str]:
    """The kinds of marks of a picture, in order."""
    if isinstance(spec, dict):
        mark = spec.get("mark")
        if mark:
            yield mark if isinstance(mark, str) else mark["type"]
        for name in ("layer", "concat", "vconcat", "hconcat"):
            for part in spec.get(name, ()):
                yield from marks(part)


def test_fans_a_map_and_a_table_whose_numbers_open(inquiry: Inquiry, sahel: Case) -> None:
    desk, section = section_of(inquiry, sahel)
    assert section.table is not None
    assert section.picture is not None
    rows = [[SPEAKER.say(cell) for cell in row] for row in section.table.rows]  # type: ignore[arg-type]
    assert [row[0] for row in rows] == ["Mali", "Burkina Faso", "Niger"]
    assert [row[4] for row in rows] == ["3,433", "2,321", "838"], "the 12 months before"
    assert {row[5] for row in rows} <= set(map(str, SCALE))
    drawn = list(marks(section.picture.spec))
    assert drawn.count("area") == 6, "two bands for each of three countries"
    assert "rect" in drawn, "the map of cells"
    assert "On past months, pooled: beats the benchmark" in words(section)
    brief = Brief("x", "x", T("x"), dt.date(2022, 10, 31), "x", (section,), tuple(desk.answers))
    assert {answer.question for _id, answer, _row in brief.cited()} == {"forecast", "forecast-skill"}
    assert all(entry.rows for entry in entries(brief, inquiry))


def test_the_past_ends_at_the_origin(inquiry: Inquiry, sahel: Case) -> None:
    section = section_of(inquiry, sahel, "2021-06-15")[1]
    assert section.picture is not None
    assert "after May 2021" in SPEAKER.say(section.picture.caption)
    past = [row["month"] for rows in section.picture.spec["datasets"].values() for row in rows if "deaths" in row]
    assert (min(past), max(past)) == ("2018-06-01", "2021-05-01")


def test_a_country_without_cells_has_a_fan_and_no_map(inquiry: Inquiry, sahel: Case) -> None:
    syria = sahel.model_copy(update={"focus": "SYR", "countries": ("SYR",), "neighbours": ()})
    section = section_of(inquiry, syria, "2018-12-31")[1]
    assert section.picture is not None
    drawn = list(marks(section.picture.spec))
    assert drawn.count("area") == 2
    assert "rect" not in drawn
    assert "Below" not in SPEAKER.say(section.picture.caption)
    assert "Syria, January 2019 to December 2019: " in words(section)


def test_where_nothing_is_covered_it_says_so(sahel: Case, tmp_path: Path) -> None:
    section = section_of(Inquiry(Lake(tmp_path, tmp_path / "none")), sahel)[1]
    assert words(section).startswith("Not covered")
    assert (section.picture, section.table) == (None, None)


def test_the_case_says_how_it_is_forecast(inquiry: Inquiry, sahel: Case) -> None:
    said = sahel.model_dump() | {"forecast": {"model": "fading4", "covariates": False, "months": 3}}
    desk, section = section_of(inquiry, Case.model_validate(said))
    asked = [answer for answer in desk.answers if answer.question == "forecast"]
    assert [(one.params["window"], one.params["model"], one.params["covariate"]) for one in asked] == [
        (3, "fading4", "none")] * 2  # fmt: skip
    assert "past deaths and nothing else" in words(section)


@pytest.mark.parametrize(
    "entry", ['model = "Pooled!"', "months = 0", "months = 37", 'covariates = "perhaps"', "horizon = 3"]
)
def test_a_case_file_with_a_slip_is_refused(entry: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text((CASES / "sahel.toml").read_text(encoding="utf-8") + f"\n[forecast]\n{entry}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"forecast.{entry.partition(' ')[0]}"):
        load_case(str(path), CASES)


def test_a_case_that_says_nothing_of_it_asks_with_no_parameter(sahel: Case) -> None:
    assert sahel.forecast.said == {}
