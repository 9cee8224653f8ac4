"""How past forecasts came out: ratios by hand, every verdict, what is cut away, and that every row opens."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.models.history import BENCHMARK, Fading, Last, Zero
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, keep
from harmattan.questions.forecast_skill import verdict
from harmattan.questions.parameters import Params, as_json, from_json
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.period import Month
from tests.lake.factory import day
from tests.questions import skill
from tests.questions.people import assert_opens_to_rows
from tests.questions.skill import UNITS, put_skill, scored, table
from tests.questions.worlds import world_in

ONES = np.ones((len(UNITS), 3))
THEIRS = ONES * [[10.0], [1.0], [40.0], [20.0], [5.0], [2.0], [1.0], [1.0]]


def of(world: World, **params: Any) -> Answer:
    return ask(world, "forecast-skill", Params(**params))


def world_with(folder: Path, ours: Any, theirs: Any = THEIRS, **said: Any) -> World:
    """A world in which the pool and the benchmark were scored."""
    world = world_in(folder)
    put_skill(world.lake, table({"pooled": ours, "conflictology12": theirs}, **said))
    return world


def row_of(answer: Answer, **where: Any) -> dict[str, Any]:
    (found,) = [dict(row) for row in answer.rows if all(row[name] == value for name, value in where.items())]
    return found


def test_ratios_as_by_hand(tmp_path: Path) -> None:
    ours = THEIRS.copy()
    ours[2] = [20.0, 30.0, 50.0]  # Mali: 100 of 120
    ours[0, 0] = 13.0  # Burkina Faso: 33 of 30
    world = world_with(tmp_path, ours)
    found = row_of(of(world), model="pooled")
    assert found["ratio"] == pytest.approx((240 - 20 + 3) / 240)
    assert found["score"] == pytest.approx(223 / 24)
    assert found["score_benchmark"] == pytest.approx(10.0)
    assert found["ratio_low"] <= found["ratio"] <= found["ratio_high"]
    assert (found["windows"], found["windows_better"]) == (3, 2), "2019: 57 of 60 + 3; 2021 was worse"
    assert (found["units"], found["units_better"], found["units_worse"]) == (8, 1, 1)
    assert found["largest"] == "MLI, NER"
    assert found["ratio_without"] == pytest.approx(63 / 60)
    assert (found["inside_50"], found["inside_90"], found["records"]) == (0.5, 0.75, 48)
    assert (found["window_start"], found["window_end"], found["steps"]) == ("2019-01-01", "2021-12-31", "3-14")
    years = of(world, by=("window",)).rows
    assert [row["ratio"] for row in years] == pytest.approx([(80 - 20 + 3) / 80, 70 / 80, 90 / 80])
    assert [row["window_start"][:4] for row in years] == ["2019", "2020", "2021"]
    units = of(world, by=("unit",)).rows
    assert {row["unit"]: row["ratio"] for row in units if row["ratio"] != 1} == pytest.approx(
        {"MLI": 100 / 120, "BFA": 33 / 30}
    )
    both = of(world, by=("unit", "window"), country=("MLI",)).rows
    assert [row["ratio"] for row in both] == pytest.approx([0.5, 0.75, 1.25])
    assert row_of(of(world, measure="mis90"), model="pooled")["score"] == pytest.approx(2230 / 24)
    alone = row_of(of(world, country=("MLI",)), model="pooled")
    assert (alone["ratio"], alone["ratio_low"], alone["ratio_without"]) == (pytest.approx(100 / 120), None, None)


def test_months_weigh_alike_and_only_the_same_months_are_compared(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    short = {"n_months": 2}
    rows = [scored("pooled", "2020-10", "MLI", 1.0), scored("conflictology12", "2020-10", "MLI", 2.0),
            scored("pooled", "2021-10", "MLI", 8.0, **short), scored("conflictology12", "2021-10", "MLI", 6.0, **short),
            scored("pooled", "2022-10", "MLI", 1.0, **short), scored("conflictology12", "2022-10", "MLI", 9.0),
            scored("pooled", "2019-10", "MLI", 1.0)]  # fmt: skip
    put_skill(world.lake, rows)
    found = row_of(of(world), model="pooled")
    assert found["ratio"] == pytest.approx((12 * 1 + 2 * 8) / (12 * 2 + 2 * 6))
    assert found["windows"] == 2


@pytest.mark.parametrize(
    ("ours", "short", "words"),
    [
        (0.9 * THEIRS, "beats the benchmark", "pooled beats the benchmark conflictology12 by CRPS: the ratio is 0.900 "
         "(0.900 to 0.900) over 3 windows and 8 places, and above 1 in none of the windows."),
        (THEIRS * [0.7, 0.7, 1.1], "beats the benchmark, but not in every window", "pooled beats the benchmark "
         "conflictology12 by CRPS over 3 windows together, with a ratio of 0.833 (0.833 to 0.833) for 8 places, but "
         "it loses 1 of 3."),
        (THEIRS * np.array([[0.8, 1.3] * 4]).T,
         "about as good as the benchmark", "is not shown to beat it."),
        (1.2 * THEIRS, "does not beat the benchmark", "pooled does not beat the benchmark conflictology12 by CRPS: "
         "the ratio is 1.200 (1.200 to 1.200) over 3 windows and 8 places; it was better in 0 of 3 windows."),
        (THEIRS, "about as good as the benchmark", "the ratio is 1.000"),
    ],
    ids=["beats", "loses a window", "ties", "loses", "alike"],
)  # fmt: skip
def test_the_verdict_in_each_case(tmp_path: Path, ours: Any, short: str, words: str) -> None:
    found = of(world_with(tmp_path, ours))
    assert str(row_of(found, model="pooled")["verdict"]) == short
    assert words in str(found.headline)
    assert str(row_of(found, model="conflictology12")["verdict"]) == "is the benchmark"
    assert "without losing a window" not in str(found.headline), "there is no other model to speak of"


def test_a_gain_that_two_countries_make_alone_is_said(tmp_path: Path) -> None:
    ours = 1.05 * THEIRS
    ours[[2, 3]] = 0.5 * THEIRS[[2, 3]]
    found = of(world_with(tmp_path, ours))
    row = row_of(found, model="pooled")
    assert row["ratio"] < 1 < row["ratio_high"], "a bootstrap that draws neither of the two sees no gain"
    assert str(row["verdict"]) == "about as good as the benchmark"
    assert row["ratio_without"] == pytest.approx(1.05)
    assert "Without Mali and Niger the ratio is 1.050: what gain there is comes from them alone." in str(found.headline)


def test_too_few_places_a_perfect_benchmark_and_none(tmp_path: Path) -> None:
    quiet = THEIRS * 0.0
    world = world_with(tmp_path / "few", THEIRS * 0.5)
    few = of(world, country=("MLI", "NER"))
    assert str(row_of(few, model="pooled")["verdict"]) == "better, but for too few places to tell"
    assert "for 2 places no interval can be given, so it is not shown to beat it" in str(few.headline)
    perfect = of(world_with(tmp_path / "perfect", THEIRS, quiet))
    assert row_of(perfect, model="pooled")["ratio"] is None
    assert str(row_of(perfect, model="pooled")["verdict"]) == "does not beat the benchmark, which made no error"
    assert "made no error" in str(perfect.headline)
    json.dumps(perfect.as_json(Speaker("en")), allow_nan=False)
    alone = world_in(tmp_path / "alone")
    put_skill(alone.lake, table({"pooled": THEIRS}))
    none = of(alone)
    assert str(row_of(none, model="pooled")["verdict"]) == "cannot be compared"
    assert "nothing says which is better" in str(none.headline)
    assert row_of(none, model="pooled")["inside_90"] == 0.75
    only = world_in(tmp_path / "only")
    put_skill(only.lake, table({"conflictology12": THEIRS}))
    assert str(of(only).headline) == "Only the benchmark conflictology12 was scored."


def test_without_a_release_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    found = of(world)
    assert found.rows == ()
    assert str(found.headline).startswith("Not covered: no release here says how past forecasts came out.")
    assert "harmattan backtest --panel" in str(found.headline)
    assert "harmattan ingest forecast-skill" in str(found.headline)
    assert verdict(world, "country") is None
    put_skill(world.lake, table({"pooled": THEIRS, "conflictology12": THEIRS}))
    assert str(of(world, country=("FRA",)).headline) == "Not covered: no past forecasts of France were scored."
    assert "no window of past forecasts" in str(of(world, as_of=day("2019-12-30")).headline)
    partly = of(world, country=("MLI", "FRA"))
    assert partly.rows
    assert any("not scored: France" in str(caveat) for caveat in partly.caveats)


def test_only_windows_that_were_over_count(tmp_path: Path) -> None:
    world = world_with(tmp_path, THEIRS * [0.5, 1.0, 2.0])
    assert row_of(of(world, as_of=day("2020-12-31")), model="pooled")["ratio"] == pytest.approx(0.75)
    assert row_of(of(world, as_of=day("2020-12-30")), model="pooled")["ratio"] == pytest.approx(0.5)
    assert row_of(of(world, start=day("2020-01-01")), model="pooled")["ratio"] == pytest.approx(1.5)
    assert any("hindsight" in str(caveat) for caveat in of(world, as_of=day("2020-12-31")).caveats)
    early = verdict(world, "country", params=Params(as_of=day("2019-12-31")))
    assert early is not None
    assert (early.windows, early.ratio) == (1, pytest.approx(0.5))
    narrow = verdict(world, "country", params=Params(country=("MLI",), cell=(147240,), start=day("2021-01-01")))
    assert narrow is not None
    assert (narrow.windows, narrow.ratio) == (3, pytest.approx(3.5 / 3)), "a verdict is over all places and windows"


def test_the_newest_backtest_answers_and_two_are_never_mixed(tmp_path: Path) -> None:
    world = world_with(tmp_path, THEIRS * 0.5)
    put_skill(world.lake, table({"last": 2 * THEIRS, "conflictology12": THEIRS}), "2", published="2025-01-31")
    cells = table({"pooled": 0.8 * THEIRS, "conflictology12": THEIRS}, [str(n) for n in range(147239, 147247)],
                  level="cell")  # fmt: skip
    put_skill(world.lake, cells, "cells", published="2023-01-31", places=())
    found = of(world)
    assert {row["release"] for row in found.rows if row["level"] == "country"} == {"forecast-skill@2"}
    assert {row["model"] for row in found.rows if row["level"] == "country"} == {"last", "conflictology12"}
    assert row_of(found, level="cell", model="pooled")["ratio"] == pytest.approx(0.8)
    assert {row["level"] for row in of(world, country=("MLI",)).rows} == {"country"}
    assert {row["level"] for row in of(world, cell=(147240,)).rows} == {"cell"}
    old = of(world, known_by=day("2024-06-30"))
    assert row_of(old, level="country", model="pooled")["release"] == "forecast-skill@1"
    pinned = of(world, release=("forecast-skill@1",))
    assert {row["release"] for row in pinned.rows} == {"forecast-skill@1"}
    said = verdict(world, "cell", "147240")
    assert said is not None
    assert (said.ratio, said.unit_ratio) == (pytest.approx(0.8), pytest.approx(0.8))
    assert "For gid 147240 alone" in str(said.words)


def test_the_longest_span_of_months_answers_and_the_others_are_named(tmp_path: Path) -> None:
    world, scores = world_in(tmp_path), {"pooled": 0.8 * THEIRS, "conflictology12": THEIRS}
    near = table({"pooled": 9 * THEIRS, "conflictology12": THEIRS}, step_first=3, step_last=5, n_months=3)
    put_skill(world.lake, [*table(scores), *near])
    found = of(world)
    assert row_of(found, model="pooled")["ratio"] == pytest.approx(0.8)
    assert any("which are not shown: 3-5" in str(caveat) for caveat in found.caveats)


def test_a_verdict_for_beside_a_forecast(tmp_path: Path) -> None:
    ours = THEIRS * [0.7, 0.7, 1.1]
    ours[2] = [50.0, 50.0, 50.0]
    world = world_with(tmp_path, ours)
    said = verdict(world, "country", "MLI")
    assert said is not None
    assert (said.model, said.benchmark, said.level) == ("pooled", "conflictology12", "country")
    assert (said.windows, said.windows_won, said.share_won) == (3, 2, pytest.approx(2 / 3))
    assert said.unit_ratio == pytest.approx(1.25)
    assert said.inside_90 == 0.75
    assert [ref.name for ref in said.releases] == ["forecast-skill@1"]
    assert str(said.words).endswith("For Mali alone the ratio is 1.25, better in 0 of 3 windows.")
    assert verdict(world, "cell") is None
    assert verdict(world, "country", model="forest") is None
    elsewhere = verdict(world, "country", "FRA")
    assert elsewhere is not None
    assert elsewhere.unit_ratio is None


WAYS: tuple[dict[str, Any], ...] = (
    {}, {"by": ("window",)}, {"by": ("unit",), "measure": "brier_25"}, {"by": ("window", "unit"), "country": ("MLI",)},
    {"by": ("model",), "as_of": day("2020-12-31")},
)  # fmt: skip


@pytest.mark.parametrize("params", WAYS, ids=str)
def test_every_row_opens_to_its_rows_again_from_its_id(tmp_path: Path, params: dict[str, Any]) -> None:
    world = world_with(tmp_path, THEIRS * [0.5, 1.0, 2.0])
    found = of(world, **params)
    assert found.rows
    assert_opens_to_rows(world, found)
    assert keep(tmp_path, found)
    again = answer_of(world, find(tmp_path, found.id))
    assert (again.id, again.rows, again.row_criteria) == (found.id, found.rows, found.row_criteria)
    meant = Params(**params)
    assert from_json(json.loads(json.dumps(as_json(meant, QUESTIONS["forecast-skill"].accepts)))) == meant
    json.dumps(found.as_json(Speaker("en")), allow_nan=False)


def test_scores_and_counts_are_not_each_others_measures(tmp_path: Path) -> None:
    world = world_with(tmp_path, THEIRS)
    with pytest.raises(UsageError, match="takes no --measure deaths_civilians"):
        of(world, measure="deaths_civilians")
    with pytest.raises(UsageError, match="takes no --measure crps"):
        ask(world, "records", Params(country=("MLI",), measure="crps"))
    assert of(world).params["measure"] == "crps"


def test_real_models_on_a_made_up_panel(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    origins = [Month(year, 10) for year in (2018, 2019, 2020)]
    put_skill(world.lake, skill.backtest((BENCHMARK, Fading(), Last(), Zero()), origins))
    found = of(world)
    ratios = {row["model"]: row["ratio"] for row in found.rows}
    assert list(ratios)[-1] == "conflictology12"
    assert ratios["conflictology12"] == 1.0
    assert ratios["fading4"] < ratios["zero"], "on levels that walk the fading past is nearer than nothing at all"
    assert str(row_of(found, model="zero")["verdict"]) == "does not beat the benchmark"
    by_hand = {row["model"]: 0.0 for row in found.rows}
    for row in skill.backtest((BENCHMARK, Fading()), origins):
        by_hand[row["model"]] += row["crps"]
    assert ratios["fading4"] == pytest.approx(by_hand["fading4"] / by_hand["conflictology12"])
    assert all(math.isfinite(row["inside_90"]) for row in found.rows)
