"""A history is the question asked on each of its days, and its scores are counted by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.questions.alert_history import LAG
from harmattan.questions.answer import Answer
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.track import Looks, following, jumps, preceding
from harmattan.questions.world import World
from tests.lake.factory import event, put
from tests.questions.test_alerts import LONG, RECORD, SURGE, planted, quiet_hum
from tests.questions.worlds import asked, assert_opens, numbers, world_in

__all__ = ["planted"]
QUIET = "quiet:by=country,days=60"
RULES = (RECORD, SURGE, "first:by=country", QUIET)
SAME = ("rule", "country", "area", "actor", "level", "value", "threshold", "events", "deaths_best", "records")


def alerts_of(answer: Answer, day: str = "") -> list[tuple[Any, ...]]:
    rows = [row for row in answer.rows if row.get("of", "alert") == "alert" and row.get("day", day) == day]
    return sorted(tuple(str(row[name]) for name in SAME) for row in rows)


def row_for(answer: Answer, rule: str, country: str | None = None) -> Any:
    of = "country" if country else "rule"
    return next(r for r in answer.rows if r["of"] == of and r["rule"] == rule and country in (None, r["country"]))


@pytest.mark.parametrize("by", [(), ("week",)])
def test_a_history_is_the_question_asked_on_each_day(planted: World, by: tuple[str, ...]) -> None:
    since, end = dt.date(2020, 10, 1), dt.date(2022, 8, 31)
    found = asked(planted, "alert-history", rule=RULES, since=since, end=end, by=by)
    step = 7 if by else 1
    days = [since + dt.timedelta(days=n) for n in range((end - since).days + 1)]
    looks = [d for d in days if (d.weekday() == 6 if by else (d + dt.timedelta(days=1)).day == 1)]
    assert len(looks) > 20
    rang = 0
    for day in looks[:: 1 if step == 1 else 4]:
        single = asked(planted, "alerts", rule=RULES, as_of=day)
        assert alerts_of(found, day.isoformat()) == alerts_of(single), day
        rang += len(single.rows)
    assert rang >= 4
    assert_opens(planted, found)


def test_a_score_by_hand(tmp_path: Path) -> None:
    """Records at the end of March and June; a jump follows the first in May, none follows the second."""
    rows = quiet_hum()
    rows += [event("a", "2021-03-15", best=30), event("b", "2021-05-15", best=50), event("c", "2022-06-15", best=99)]
    world = world_in(tmp_path)
    put(world.lake, "1", rows, **LONG)
    found = asked(world, "alert-history", rule=(RECORD,), since=dt.date(2020, 1, 1), country=("MLI",))
    rang = [(row["day"], row["came_true"]) for row in found.rows if row["of"] == "alert"]
    assert rang == [("2021-03-31", "yes"), ("2021-05-31", "no"), ("2022-06-30", "no")]
    row = row_for(found, "record")
    assert (row["alerts"], row["right"], row["open"], row["precision"]) == (3, 1, 0, 33.3)
    assert (row["precision_low"], row["precision_high"]) == (6.1, 79.2)
    assert (row["came"], row["announced"], row["recall"]) == (3, 1, 33.3)
    assert row["looks"] == 33
    assert row["base_rate"] == pytest.approx(100 * 8 / 33, abs=0.05)


def test_an_alert_whose_months_are_not_over_is_open(planted: World) -> None:
    found = asked(planted, "alert-history", rule=(RECORD,), since=dt.date(2022, 1, 1), as_of=dt.date(2022, 8, 31))
    (row,) = [row for row in found.rows if row["of"] == "alert"]
    assert (row["day"], row["came_true"]) == ("2022-06-30", "open")
    assert (row_for(found, "record")["alerts"], row_for(found, "record")["open"]) == (0, 1)
    assert row_for(found, "record")["precision"] is None


def test_a_quiet_alert_is_right_where_quiet_lasts(planted: World) -> None:
    found = asked(planted, "alert-history", rule=(QUIET,), since=dt.date(2021, 1, 1), country=("NER",))
    rang = [(row["day"], row["came_true"]) for row in found.rows if row["of"] == "alert"]
    assert rang == [("2021-02-28", "yes")]
    assert row_for(found, "quiet")["precision"] == 100


def test_later_events_change_what_came_but_not_what_rang(planted: World) -> None:
    short, whole = (
        asked(planted, "alert-history", rule=RULES, since=dt.date(2020, 10, 1), as_of=dt.date(year, 6, 30))
        for year in (2021, 2022)
    )
    before = [row for row in whole.rows if row["of"] == "alert" and row["day"] <= "2021-06-30"]
    kept = ("rule", "country", "day", "level", "value", "threshold", "records")
    assert [[row[k] for k in kept] for row in before] == [
        [row[k] for k in kept] for row in short.rows if row["of"] == "alert"
    ]


def test_jumps_and_what_follows() -> None:
    deaths = np.array([[1.0] * 12 + [5, 9, 20, 20, 3]])
    covered = np.ones_like(deaths, dtype=bool)
    jumped, known = jumps(deaths, covered, at_least=9)
    assert np.flatnonzero(jumped[0]).tolist() == [13, 14]
    assert known[0].tolist() == [False] * 12 + [True] * 5
    covered[0, 3] = False
    assert np.flatnonzero(jumps(deaths, covered, 9)[1][0]).tolist() == [16]
    marked = np.array([[False, True, False, False]])
    assert following(marked, 2).tolist() == [[True, False, False, False]]
    assert preceding(marked, 2).tolist() == [[False, False, True, True]]
    assert following(~marked, 1, every=True).tolist() == [[False, True, True, False]]


def test_a_rule_that_always_rings_has_the_base_rate() -> None:
    rng = np.random.default_rng(7)
    target = rng.random((4, 60)) < 0.2
    sure = np.ones_like(target)
    always = np.ones((4, 50), dtype=bool)
    score = Looks(always, always, np.arange(50), target, sure, 3, lasting=False).score(np.ones(4, dtype=bool))
    assert score.precision == score.base
    assert score.recall == 100
    assert score.fired == 200


def test_lags_and_bars(planted: World) -> None:
    with pytest.raises(UsageError, match="one number of months"):
        asked(planted, "alert-history", lag=(1, 3))
    with pytest.raises(UsageError, match="No month ends between"):
        asked(planted, "alert-history", since=dt.date(2022, 12, 5), as_of=dt.date(2022, 12, 20))
    found = asked(planted, "alert-history", rule=("record",))
    assert (found.params["lag"], found.params["at_least"]) == ([LAG], 10)


@pytest.mark.data
def test_the_record_of_three_countries_is_printed(ingested: World) -> None:
    params = Params(country=("MLI", "BFA", "NER"), rule=("record:floor=25", "surge:floor=20", "first:by=country"),
                    since=dt.date(2015, 1, 1), as_of=dt.date(2023, 12, 31))  # fmt: skip
    found = ask(ingested, "alert-history", params)
    print(found.headline)
    row = row_for(found, "record")
    assert (row["alerts"], row["right"], row["looks"], row["base_rate"]) == (17, 6, 315, 25.1)
    assert (row["precision"], row["precision_low"], row["precision_high"]) == (35.3, 17.3, 58.7)
    assert (row["came"], row["announced"]) == (31, 9)
    assert row_for(found, "surge")["precision"] == 21.4
    assert numbers(found) == numbers(ask(ingested, "alert-history", params))
    assert_opens(ingested, found)
