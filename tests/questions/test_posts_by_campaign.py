"""`posts-and-events` by campaign: the one that acts after massacres is told, the one that acts at random is not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import held_rows, lists_records, opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from tests.questions.planted_posts import AWAKE, SMALL, STEADY, STRUCK, planted


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return planted(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def groups(world: World) -> tuple[str, str]:
    """The ids of the campaign that acts after massacres and of the one that acts at random."""
    rows = ask(world, "campaigns", Params()).rows
    assert [row["accounts"] for row in rows] == [AWAKE, STEADY]
    return rows[0]["campaign"], rows[1]["campaign"]


def asked(world: World, **params: Any) -> Answer:
    return ask(world, "posts-and-events", Params(**({"country": ("MLI",), "measure": "events"} | params)))


def of(answer: Answer, campaign: str | None, part: str, milestone: str | None = None) -> list[dict[str, Any]]:
    wanted = (campaign, part, milestone)
    return [dict(row) for row in answer.rows if (row["campaign"], row["part"], row["milestone"]) == wanted]


def week(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in rows if (row["day"], row["to_day"]) == (0, 6))


def test_the_campaign_that_acts_after_massacres_is_told_and_no_other(world: World, groups: tuple[str, str]) -> None:
    answer, (awake, steady) = asked(world), groups
    assert list(dict.fromkeys(row["campaign"] for row in answer.rows)) == [None, awake, steady]
    found, chance = (week(of(answer, name, "incidents")) for name in groups)
    assert found["times"] > 4
    assert chance["times"] < 1.5
    assert found["p_campaigns"] == 2 * found["p_family"] <= 0.01
    assert chance["p_campaigns"] == 1
    for name in groups:
        around = [row["p_campaigns"] for row in of(answer, name, "around")]
        assert len(around) == 46
        assert min(around) > 0.05, "neither has anything to do with the coup"
    said = str(answer.headline)
    after = f"{awake}, 1,419 posts: around 1 milestone posting was not other than chance gives; "
    assert after in said
    first, second = said.split(awake)[1].split(steady)
    assert "from the day of 3 massacres on there were more posts than chance gives" in first
    assert "around 3 massacres posting was not other than chance gives" in second


def test_massacres_are_the_largest_incidents_or_those_of_a_size(world: World) -> None:
    rows = [row for row in asked(world).rows if row["part"] == "incidents" and row["campaign"] is None]
    single = dict.fromkeys((row["date"], row["milestone"]) for row in rows if row["milestone"])
    assert list(single) == [(day.isoformat(), f"made-up@1:m{n}") for n, day in enumerate(STRUCK)]
    assert str(next(row["what"] for row in rows if row["milestone"])) == "M0, Mali, 30 civilians killed"
    more = [row["date"] for row in asked(world, at_least=4).rows if row["part"] == "incidents"]
    assert SMALL.isoformat() in more
    none = asked(world, at_least=1000)
    assert not [row for row in none.rows if row["part"] == "incidents"]
    assert "No incident has 1,000 or more civilians killed" in " ".join(map(str, none.caveats))


def test_rows_open_to_the_posts_of_the_campaign_and_to_the_incidents(world: World, groups: tuple[str, str]) -> None:
    answer, (awake, _) = asked(world), groups
    records = opened(world, answer)
    for one in (week(of(answer, awake, "incidents")), week(of(answer, awake, "incidents", "made-up@1:m1"))):
        at = [dict(row) for row in answer.rows].index(one)
        events, beside = rows_of(records, answer, at).table, answer.row_criteria[at].beside
        days = set(STRUCK) if one["milestone"] is None else {STRUCK[1]}
        assert set(events["date_start"].to_pylist()) == days
        assert beside is not None
        posts = held_rows(world, answer, at, beside).table
        assert posts.num_rows == one["posts"]
        assert events.num_rows + posts.num_rows == one["records"]
        ends = {day + dt.timedelta(days=n) for day in days for n in range(7)}
        assert {moment.date() for moment in posts["posted_at"].to_pylist()} <= ends
    at = next(n for n, row in enumerate(answer.rows) if row["campaign"] == awake and row["lag"] == 0)
    beside = answer.row_criteria[at].beside
    assert beside is not None
    accounts = {f"acct-awake{n}" for n in range(AWAKE)}
    lake = world.lake.find("posts@1").file("posts")
    there = {f"posts@1:{row}" for row, who in _accounts(lake) if who in accounts}
    assert set(beside.keys) == there


def _accounts(path: Path) -> list[tuple[str, str]]:
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["row_id", "account"])
    return list(zip(table["row_id"].to_pylist(), table["account"].to_pylist(), strict=True))


def test_named_campaigns_stand_alone_and_are_held_against_those_named(world: World, groups: tuple[str, str]) -> None:
    awake, steady = groups
    both = asked(world, campaign=(steady, awake))
    assert list(dict.fromkeys(row["campaign"] for row in both.rows)) == [steady, awake]
    alone = asked(world, campaign=(awake,))
    one, of_two = (week(of(answer, awake, "incidents")) for answer in (alone, both))
    assert one["p_campaigns"] == one["p_family"] == of_two["p_family"] == of_two["p_campaigns"] / 2
    assert "c-" not in str(alone.headline)
    assert "Bonferroni" not in " ".join(map(str, alone.caveats))
    assert "Bonferroni" in " ".join(map(str, both.caveats))


def test_a_campaign_that_there_is_not_is_one_line_with_those_there_are(world: World, groups: tuple[str, str]) -> None:
    with pytest.raises(UsageError) as raised:
        asked(world, campaign=("c-00000000",))
    said = str(raised.value)
    assert "There is no campaign c-00000000." in said
    assert all(name in said for name in groups)


def test_records_that_may_not_be_handed_on_stand_in_no_row(tmp_path: Path, world: World) -> None:
    closed = asked(planted(tmp_path, closed=True))
    own = {row["milestone"] for row in closed.rows if row["part"] == "incidents"}
    assert own == {None}
    assert not lists_records(closed)
    open_ = week(of(asked(world), None, "incidents"))
    shut = week(of(closed, None, "incidents"))
    assert open_ == shut, "all together they count all the same"
