"""Scenarios: conditional on a path in every form, honest where a link cannot be told, and never an effect."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan.cli import main
from harmattan.errors import UsageError
from harmattan.models.forest import Forest
from harmattan.models.history import Fading
from harmattan.models.pooled import Pooled
from harmattan.models.registry import MODELS
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, keep
from harmattan.questions.parameters import Params, as_json, from_json
from harmattan.questions.registry import ask
from harmattan.questions.scenario import ACCEPTS, compared
from harmattan.questions.world import World
from harmattan.vocabulary.path import PathSaid
from harmattan.vocabulary.period import Month
from tests.lake.factory import event, put, put_tables
from tests.questions.worlds import assert_opens, world_in

SMALL = Pooled(((Fading(4.0, 24), 0.5), (Forest(trees=5, rows=500, leaf=5), 0.5)))
LAST = Month(2022, 12)
RING = ("BFA", "MLI", "NER", "TCD", "SDN", "ETH")
"""Countries of a made-up world: each touches the next, and the last the first."""
AROUND = {1: "BFA", 2: "MLI", 3: "NER", 723: "NER", 1443: "TCD", 1442: "SDN", 1441: "ETH", 721: "ETH"}
"""The cells around an empty one, by gid."""
NO_POLICY = "A conditional forecast, not the effect of any policy."


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "pooled", SMALL)
    monkeypatch.setattr("harmattan.questions.scenario.DRAWS", 300)


def ring(folder: Path, coupling: float, years: int = 30) -> World:
    """Six countries whose deaths follow on their own and, by so much, on those of the two beside them."""
    rng, world = np.random.default_rng(5), world_in(folder)
    months, first = 12 * years, LAST + (1 - 12 * years)
    deaths, wander = np.zeros((6, months)), np.zeros(6)
    for month in range(months):
        wander = 0.8 * wander + rng.normal(0, 0.5, 6)
        past = np.log1p(deaths[:, max(0, month - 3) : month].mean(axis=1)) if month else np.full(6, 2.5)
        near = (np.roll(past, 1) + np.roll(past, -1)) / 2
        deaths[:, month] = rng.poisson(
            np.exp(np.clip((0.6 - coupling) * 2.5 + 0.4 * past + coupling * near + wander, 0, 7))
        )
    rows = [
        event(f"{code}{month}", f"{first + month}-11", code, int(deaths[at, month]), cell=1,
              violence="state_based", dyad="Government - B", dyad_id="1", actors_a=["Government"],
              actors_b=["B" if month % 2 else "C"])
        for month in range(months) for at, code in enumerate(RING)
    ]  # fmt: skip
    put(world.lake, "1", rows, places=RING, start=f"{first}-01", end=str(LAST.last_day), published="2023-06-30")
    cells = [{"cell": gid, "iso3": code, "land_share": 1.0} for gid, code in AROUND.items()]
    put_tables(world.lake, "1", {"cells": cells}, dataset="made-cells", status="figures")
    return world


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> World:
    return ring(tmp_path_factory.mktemp("apart"), 0.0)


@pytest.fixture(scope="module")
def coupled(tmp_path_factory: pytest.TempPathFactory) -> World:
    return ring(tmp_path_factory.mktemp("coupled"), 0.35)


def told(world: World, path: str, **said: Any) -> Answer:
    return ask(world, "scenario", Params(**({"country": ("MLI",), "path": path} | said)))


def words(answer: Answer) -> str:
    return " ".join(str(text) for text in (answer.headline, *answer.caveats))


def row(answer: Answer, part: str, path: str | None) -> Any:
    return next(one for one in answer.rows if (one["part"], one["path"]) == (part, path))


def test_the_rows_are_the_months_after_the_path_along_it_and_without(apart: World) -> None:
    found = told(apart, "own=2", path_months=2, window=6)
    assert [(one["part"], one["path"], one["period"]) for one in found.rows[:4]] == [
        ("after", "along", "2023-03/2023-06"), ("after", "without", "2023-03/2023-06"),
        ("after", "along", "2023-03"), ("after", "without", "2023-03")]  # fmt: skip
    assert len(found.rows) == 2 * (1 + 4 + 1)
    assert [one["period"] for one in found.rows[-2:]] == ["2023-01/2023-02"] * 2
    for one in found.rows:
        assert one["low90"] <= one["low50"] <= one["median"] <= one["high50"] <= one["high90"]
        assert (one["difference"] is None) == (one["path"] == "without")


def test_more_of_its_own_violence_is_followed_by_more_and_less_by_less(apart: World) -> None:
    for path, sign in (("own=3", 1), ("own=0.2", -1)):
        found = told(apart, path)
        along, base = row(found, "after", "along"), row(found, "after", "without")
        assert sign * (along["median"] - base["median"]) > 0
        assert sign * (along["chance_more"] - 50) > 5
        assert sign * along["difference"] > 0


def test_a_path_that_changes_nothing_changes_nothing(apart: World) -> None:
    found = told(apart, "own=1")
    for at in range(0, len(found.rows), 2):
        along, base = found.rows[at], found.rows[at + 1]
        assert {name: along[name] for name in ("median", "low90", "high90")} == {
            name: base[name] for name in ("median", "low90", "high90")
        }
        assert along["difference"] == along["difference_low90"] == along["difference_high90"] == 0
        assert along["chance_more"] == 50
    assert str(found.rows[0]["likelihood"]) == "roughly even chance"


def test_without_a_link_a_neighbours_path_says_that_nothing_can_be_told(apart: World) -> None:
    found = told(apart, "neighbour:BFA=2")
    assert "the data could not tell that it changes anything in Mali" in str(found.headline)
    assert "takes in no link at all" in words(found)
    assert row(found, "after", "along")["difference"] == 0
    assert row(found, "path", "along")["country"] == "BFA"
    assert row(found, "path", "along")["median"] > 1.8 * row(found, "path", "without")["median"]


def test_with_a_link_a_neighbours_path_changes_what_follows_and_says_by_what(coupled: World) -> None:
    found = told(coupled, "neighbour:BFA=4")
    assert "could not tell" not in str(found.headline)
    assert row(found, "after", "along")["difference"] > 0
    assert "need not be cause and effect" in words(found)


def test_a_former_level_is_that_of_its_period_and_opens_to_its_events(apart: World) -> None:
    found = told(apart, "own=2010")
    known = row(found, "known", None)
    assert known["period"] == "2010-01/2010-12"
    middle = row(found, "path", "along")["median"] / 3
    assert middle == pytest.approx(known["deaths"] / 12, rel=0.15)
    assert_opens(apart, found)


def test_a_groups_path_scales_its_share_and_no_more(apart: World) -> None:
    found = told(apart, "group:B=0")
    mine, every = (one for one in found.rows if one["part"] == "known")
    assert (mine["group"], every["group"]) == ("B", None)
    assert found.rows[0]["times"] == pytest.approx(1 - mine["deaths"] / every["deaths"], abs=0.001)
    former = told(apart, "group:B=2010")
    then, now, whole = (one for one in former.rows if one["part"] == "known")
    share = now["deaths"] / whole["deaths"]
    assert former.rows[0]["times"] == pytest.approx(1 - share + then["deaths"] / whole["deaths"], abs=0.001)
    assert "only that part is scaled" in words(former)


@pytest.mark.parametrize("path", ["own=0.5", "own=2010-05", "neighbour:BFA=2", "neighbour:NER=2010", "group:B=0.5"])
def test_every_row_opens_and_the_answer_is_found_again(apart: World, tmp_path: Path, path: str) -> None:
    found = told(apart, path, window=5)
    assert_opens(apart, found)
    keep(tmp_path, found)
    again = answer_of(apart, find(tmp_path, found.id))
    assert (again.rows, again.row_criteria, again.id) == (found.rows, found.row_criteria, found.id)
    meant = Params(country=("MLI",), path=path, window=5)
    assert from_json(json.loads(json.dumps(as_json(meant, ACCEPTS)))) == meant


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"path": None}, "No path is said. Say --path own=0.5"),
        ({"country": ("MLI", "NER")}, "A scenario is about one country."),
        ({"country": ()}, "No country is named|A scenario is about one country"),
        ({"path_months": 12}, "A path of 12 months leaves none of the months ahead"),
        ({"window": 1}, "A path of 1 month leaves none of the months ahead"),
        ({"window": 40}, "A forecast of 40 months is too long."),
        ({"path": "neighbour:MLI=2"}, "is not its own neighbour"),
        ({"path": "neighbour:SDN=2"}, "Sudan has no border with Mali here. There are Burkina Faso and Niger."),
        ({"path": "own=1980"}, "Not all of 1 January 1980 to 31 December 1980 is covered for Mali."),
        ({"path": "own=2023-01"}, "Not all of 1 January 2023 to 31 January 2023 is covered for Mali."),
        ({"path": "group:B=1980"}, "is covered for Mali"),
        ({"path": "group:Nobody=0.5"}, "No actor is called Nobody in the releases in use."),
    ],
)
def test_a_path_that_cannot_be_laid_down_is_one_clear_line(apart: World, said: dict[str, Any], line: str) -> None:
    with pytest.raises(UsageError, match=line) as refused:
        told(apart, **({"path": "own=2"} | said))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("frob", "frob is no path. Write own=0.5"),
        ("own", "own is no path"),
        ("own=", "own= is no path"),
        ("own=-1", "-1 is no factor from 0 to 100"),
        ("own=101", "101 is no factor"),
        ("own=nan", "nan is no factor"),
        ("own=1e5", "1e5 is no factor"),
        ("own=2019-13", "There is no month"),
        ("neighbour:Atlantis=2", "Atlantis"),
        ("neighbour=2", "is no path"),
        ("group:=2", "is no path"),
        ("group: =2", "is no path"),
    ],
)
def test_words_that_are_no_path_are_one_clear_line(path: str, line: str) -> None:
    with pytest.raises(UsageError, match=line):
        PathSaid.parse(path)


@pytest.mark.parametrize("path", ["own=0.5", "own=2019", "own=2019-05", "neighbour:BFA=2", "group:Group (A)=0.25"])
def test_a_path_is_written_in_one_way(path: str) -> None:
    said = PathSaid.parse(path)
    assert str(said) == path
    assert PathSaid.parse(str(said)) == said


def test_where_nothing_is_covered_that_is_said_and_no_row_is_there(apart: World, embedded: World) -> None:
    for found in (told(apart, "own=2", country=("SEN",)), told(apart, "neighbour:SEN=2"),
                  told(embedded, "group:JNIM=0.5", country=("DZA",))):  # fmt: skip
        assert str(found.headline).startswith("Not covered: ")
        assert found.rows == ()


def test_a_neighbour_that_is_silent_has_no_link(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    rows = [event(f"m{n}", f"{LAST + (n - 59)}-11", "MLI", 5 + n % 3, cell=1) for n in range(60)]
    put(world.lake, "1", rows, places=("MLI", "SEN"), start="2018-01-01", end="2022-12-31")
    cells = [{"cell": gid, "iso3": code, "land_share": 1.0} for gid, code in ((1, "MLI"), (2, "SEN"))]
    put_tables(world.lake, "1", {"cells": cells}, dataset="made-cells", status="figures")
    found = told(world, "neighbour:SEN=2")
    assert "no link is estimated" in words(found)
    assert row(found, "after", "along")["difference"] == 0


def test_nothing_after_the_as_of_date_is_known(apart: World) -> None:
    found = told(apart, "own=2", as_of=dt.date(2020, 6, 30))
    assert found.rows[0]["period"] == "2020-10/2021-06"
    assert {one["origin"] for one in found.rows} == {"2020-06"}
    with pytest.raises(UsageError, match="is covered for Mali"):
        told(apart, "own=2021", as_of=dt.date(2020, 6, 30))


def test_that_it_is_conditional_and_no_effect_stands_in_every_answer(apart: World, coupled: World) -> None:
    for world, path in (
        (apart, "own=0.5"),
        (apart, "group:B=2010"),
        (apart, "neighbour:BFA=2"),
        (coupled, "neighbour:BFA=2"),
    ):
        found = told(world, path, window=4)
        assert str(found.headline).endswith(NO_POLICY)
        assert str(found.headline).startswith("If ")
        assert "Conditional on the path" in words(found)
        assert "cannot be tested on the past" in words(found)
        assert "No backtest is on record here" in words(found)
        assert all(
            str(one["conditional"]) == "on the path; no effect of a policy"
            for one in found.rows
            if one["path"] == "along"
        )


def test_the_same_question_has_the_same_bytes(apart: World) -> None:
    one, two = (told(apart, "neighbour:BFA=2", window=5) for _ in range(2))
    assert one == two


def test_what_was_drawn_is_drawn_once_and_says_the_same(coupled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = told(coupled, "neighbour:BFA=3", window=6)

    def again(*_args: Any, **_said: Any) -> None:
        raise AssertionError("it was drawn before")

    monkeypatch.setattr("harmattan.questions.scenario.follow", again)
    assert told(coupled, "neighbour:BFA=3", window=6) == one
    with pytest.raises(AssertionError):
        told(coupled, "neighbour:BFA=3.5", window=6)


def test_draws_are_compared_whatever_their_order() -> None:
    base, along = np.array([0.0, 10.0, 20.0]), np.array([5.0, 10.0, 30.0])
    assert compared(base, along)["chance_more"] == pytest.approx(100 * (1 + 1.5 + 3) / 9, abs=0.05)
    assert compared(base, along)["difference"] == 5


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_every_form_of_output_is_labelled_conditional(
    apart: World, form: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = ["ask", "scenario", "--country", "MLI", "--path", "own=0.5", "--window", "4"]
    assert main([*asked, "--format", form, "--home", str(apart.lake.home)]) == 0
    out = capsysbinary.readouterr()
    text = out.out.decode()
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {one["conditional"] for one in rows if one["path"] == "along"} == {"on the path; no effect of a policy"}
    elif form == "json":
        found = json.loads(text)
        assert found["headline"].endswith(NO_POLICY)
        assert all(one["conditional"] for one in found["rows"] if one["path"] == "along")
    else:
        assert NO_POLICY in " ".join(text.split())
        assert "conditional" in text


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_files_are_labelled_too(apart: World, form: str, tmp_path: Path) -> None:
    asked = ["ask", "scenario", "--country", "MLI", "--path", "own=0.5", "--window", "4", "--format", form]
    path = tmp_path / f"scenario.{form}"
    assert main([*asked, "--home", str(apart.lake.home), "--out", str(path)]) == 0
    if form == "parquet":
        import pyarrow.parquet as pq

        values = pq.read_table(path)["conditional"].to_pylist()
        assert "on the path; no effect of a policy" in values
        return
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    cells = [
        str(cell) for name in book.sheet_names for line in book.get_sheet_by_name(name).to_python() for cell in line
    ]
    assert "on the path; no effect of a policy" in cells
    assert any(NO_POLICY in cell for cell in cells)


def test_the_embedded_figures_cannot_tell_a_link_between_neighbours(embedded: World) -> None:
    found = told(embedded, "neighbour:BFA=2")
    assert "If violence in Burkina Faso were 2 times what is forecast from January 2024 to March 2024" in words(found)
    assert "the data could not tell that it changes anything in Mali" in str(found.headline)
    assert "one number for 68 directed pairs that touch" in words(found)
    level = told(embedded, "own=2017")
    assert row(level, "known", None)["deaths"] == 605
    assert row(level, "known", None)["events"] == 126
