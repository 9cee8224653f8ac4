"""Why a forecast moved: the parts add up to the two forecasts, and each opens to the records that it rests on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan.lake.kept import FOLDER
from harmattan.questions import what_changed
from harmattan.questions.answer import Answer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from tests.questions.foretold import foretold, small_models
from tests.questions.worlds import assert_opens


@pytest.fixture(autouse=True)
def share_draws() -> None:
    """Here every home keeps its own draws, as a user's does."""


AS_OF = dt.date(2022, 10, 31)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    small_models(monkeypatch)


def told(world: World, **said: Any) -> Answer:
    return ask(world, "what-changed", Params(**({"country": ("MLI", "NER"), "as_of": AS_OF, "window": 3} | said)))


def test_the_parts_add_up_to_the_two_forecasts(tmp_path: Path) -> None:
    world = foretold(tmp_path, {"MLI81": 90})
    found = told(world)
    ahead = ask(world, "forecast", Params(country=("MLI", "NER"), as_of=AS_OF, window=3))
    for code in ("MLI", "NER"):
        rows = [row for row in found.rows if row["country"] == code]
        parts = [row["part"] for row in rows if row["part"] != "events"]
        assert parts == ["before", "time", "learned", "deaths", "deaths", "now"]
        assert sum(row["deaths"] for row in rows[:-1]) == pytest.approx(rows[-1]["deaths"], abs=0.01)
        expected = next(row["mean"] for row in ahead.rows if row["country"] == code and row["ahead"] is None)
        assert rows[-1]["deaths"] == pytest.approx(expected, abs=0.06)
    mali = {(row["part"], row["through"]): row for row in found.rows if row["country"] == "MLI"}
    assert mali["deaths", "fading4"]["seen"] == 90
    assert mali["deaths", "fading4"]["deaths"] > 5
    assert mali["deaths", "fading4"]["month"] == "2022-10"


def test_the_headline_says_it(tmp_path: Path) -> None:
    said = str(told(foretold(tmp_path, {"MLI81": 90}), country=("MLI",)).headline)
    assert said.startswith("Mali, November 2022 to January 2023: ")
    assert "October 2022 had 90 deaths, " in said
    assert "the deaths of the newest month, through its own past: " in said
    assert " more" in said


def test_each_part_opens_to_its_records(tmp_path: Path) -> None:
    world = foretold(tmp_path)
    inquiry = Inquiry(world.lake)
    found = inquiry.ask("what-changed", Params(country=("MLI", "NER"), as_of=AS_OF, window=3))
    assert_opens(world, found)
    newest = [n for n, row in enumerate(found.rows) if row["part"] == "deaths"]
    listed = inquiry.rows(found, newest[0])
    assert {str(day)[:7] for day in listed.table["date_start"].to_pylist()} == {"2022-10"}
    assert sum(listed.table["deaths_best"].to_pylist()) == found.rows[newest[0]]["seen"]


def test_it_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = foretold(tmp_path)
    first = told(world)

    def fails(*_args: Any) -> Any:
        raise AssertionError("worked out again")

    monkeypatch.setattr(what_changed, "moved", fails)
    assert told(World(world.lake)).rows == first.rows
    assert list((world.lake.home / FOLDER).glob("*.npz"))
    with pytest.raises(AssertionError):
        told(World(world.lake), window=4)


def test_a_country_of_which_nothing_new_is_known_is_named(tmp_path: Path) -> None:
    from tests.lake.factory import event, put

    world = foretold(tmp_path)
    old = [event("x", "2022-01-05", "TGO", 2)]
    put(world.lake, "1", old, dataset="made-more", places=("TGO",), start="2016-01-01", end="2022-06-30")
    found = told(world, country=("MLI", "TGO"))
    assert {row["country"] for row in found.rows} == {"MLI"}
    assert any("Togo is not covered in October 2022" in str(caveat) for caveat in found.caveats)


def test_it_says_that_it_names_no_cause(tmp_path: Path) -> None:
    assert any("not why violence rose or fell" in str(caveat) for caveat in told(foretold(tmp_path)).caveats)
