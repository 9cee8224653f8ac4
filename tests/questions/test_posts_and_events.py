"""`posts-and-events`: posting around milestones and beside events, with what was left out, and no text in evidence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan.questions.answer import Answer
from harmattan.questions.evidence import held_rows, opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from tests.lake.factory import event, put_tables, row_of
from tests.questions.turning import valley

FIRST = dt.date(2022, 1, 1)
COUP = dt.date(2022, 6, 10)
WORDS = ("urls", "hashtags", "mentions", "media", "objects")


def post(n: int, day: dt.date | None, **said: Any) -> dict[str, Any]:
    at = day and dt.datetime.combine(day, dt.time(8), tzinfo=dt.UTC)
    lists = {name: [] for name in WORDS}
    return row_of("posts", f"x:{n}", platform="x", post_id=str(n), account="pseudonym", text="secret words",
                  posted_at=at, **lists, **said)  # fmt: skip


def world_of(folder: Path, *, answering: bool = True) -> World:
    """A year of posts: four a day, thrice as many in the week from the coup on, and more three days after events."""
    draws = np.random.default_rng(3)
    happened = draws.poisson(0.7, 365)
    rows = [
        event(f"e{day}-{n}", (FIRST + dt.timedelta(days=day)).isoformat(), "MLI", 1)
        for day in range(365)
        for n in range(happened[day])
    ]
    rows.append(event("loose", "2022-03-01", "MLI", 5, date_precision="month"))
    world = valley(folder, rows)
    days = []
    for n in range(365):
        day = FIRST + dt.timedelta(days=n)
        level = 4.0 * (4 if 0 <= (day - COUP).days < 7 else 1)
        if answering and n >= 3:
            level *= np.exp(0.6 * happened[n - 3])
        days += [day] * draws.poisson(level)
    posts = [post(n, day) for n, day in enumerate([*days, None])]
    put_tables(world.lake, "1", {"posts": posts}, dataset="posts", redistributable=False, places=(),
               start="2022-01-01", end="2022-12-31")  # fmt: skip
    return world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world_of(tmp_path_factory.mktemp("posts"))


def asked(world: World, **params: Any) -> Answer:
    return ask(world, "posts-and-events", Params(**({"country": ("MLI",), "measure": "events"} | params)))


def test_posting_after_a_coup_and_after_events_is_told(world: World) -> None:
    answer = asked(world)
    said = str(answer.headline)
    assert "from the day of 1 milestone on there were more posts than chance gives" in said
    assert "posts follow events more than chance gives, most at 3 days" in said
    whole = [row for row in answer.rows if row["part"] == "around" and row["milestone"] is None]
    assert [(row["day"], row["to_day"]) for row in whole[:3]] == [(-7, -1), (0, 6), (0, 28)]
    assert [row["day"] for row in whole[3:]] == list(range(-14, 29))
    assert whole[19]["times"] > 2
    best = min((row for row in answer.rows if row["part"] == "beside"), key=lambda row: row["p_family"])
    assert best["lag"] == 3
    assert all(np.isfinite(value) for row in answer.rows for value in row.values() if isinstance(value, float))


def test_what_was_left_out_is_said(world: World) -> None:
    said = " ".join(map(str, asked(world).caveats))
    for words in (
        "1 post.",
        "1 event.",
        "Association is no cause",
        "2022-01-01",
        "since their day is not known: 1 mile",
    ):
        assert words in said.replace("1 January 2022", "2022-01-01"), words
    early = asked(world, milestone=("massacre",), end=dt.date(2022, 2, 20))
    assert "do not cover the days around them: 1 milestone" in " ".join(map(str, early.caveats))


def test_rows_open_to_posts_and_events_and_no_text_is_shown(world: World) -> None:
    answer = asked(world)
    at = next(n for n, row in enumerate(answer.rows) if row["day"] == 0 and row["to_day"] == 0)
    shown = held_rows(world, answer, at)
    assert shown.table.num_rows == answer.rows[at]["posts"] == answer.rows[at]["records"] > 5
    assert set(shown.table["posted_at"].to_pylist()) == {dt.datetime(2022, 6, 10, 8, tzinfo=dt.UTC)}
    assert not {"text", "account", "account_name", "surface", "mentions", "url"} & set(shown.table.column_names)
    at = next(n for n, row in enumerate(answer.rows) if row["part"] == "beside")
    events = rows_of(opened(world, answer), answer, at).table.num_rows
    beside = held_rows(world, answer, at, answer.row_criteria[at].beside)
    assert events + beside.table.num_rows == answer.rows[at]["records"]


def test_chance_is_called_chance(tmp_path: Path) -> None:
    answer = asked(world_of(tmp_path, answering=False))
    assert "at no lag do posts and events go together more than chance gives" in str(answer.headline)


def test_without_posts_it_says_how_to_get_them(tmp_path: Path, world: World) -> None:
    answer = asked(valley(tmp_path, [event("a", "2022-01-05", "MLI", 1)]))
    assert "harmattan ingest posts" in str(answer.headline)
    assert answer.rows == ()
    assert "Not covered" in str(asked(world, start=dt.date(2023, 1, 1)).headline)


def test_the_same_question_gives_the_same_answer_and_a_post_counts_once(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    before = asked(world)
    assert asked(world).rows == before.rows
    again = [post(n, COUP) for n in range(5)]
    put_tables(world.lake, "2", {"posts": again}, dataset="posts", redistributable=False, places=(),
               start="2022-06-10", end="2022-06-10")  # fmt: skip
    row = next(row for row in asked(world).rows if row["day"] == 0 == row["to_day"])
    old = next(row for row in before.rows if row["day"] == 0 == row["to_day"])
    assert row["posts"] == old["posts"] + 5, "five posts are dated anew by the newer export, and count there alone"
