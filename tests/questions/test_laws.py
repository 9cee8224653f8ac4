"""Laws of answers that hold for any events: the order and the packing of records change nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.questions.world import World
from tests.lake.factory import Row, event
from tests.questions.worlds import PAIRS, asked, event_rows, numbers, world_of

SOME = settings(max_examples=2, derandomize=True, deadline=None)
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("casualties", {"by": ("month", "country", "kind")}),
    ("casualties", {"by": ("cell", "actor")}),
    ("records", {"window": 3}),
    ("civilian-harm", {}),
    ("actors", {}),
    ("conflict-index", {"at_least": 3}),
    ("competition", {"by": ("month", "country")}),
    ("competition", {"by": ("cell", "actor")}),
    ("competition", {"by": ("dyad", "country")}),
    ("activity-range", {"window": 4}),
)
SPLIT = ("n_events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "deaths_b")


def split(row: Row) -> list[Row]:
    """Two records that together are one: the same totals, the same place, day and parties."""
    halves = [dict(row), dict(row)]
    for name in SPLIT:
        halves[0][name], halves[1][name] = row[name] // 2, row[name] - row[name] // 2
    halves[1]["event_id"] = f"{row['event_id']}-b"
    return [dict(half) for half in halves]


def answers(world: World, but: tuple[str, ...] = ()) -> list[list[dict[str, Any]]]:
    return [numbers(asked(world, question, **params)) for question, params in QUESTIONS if question not in but]


@SOME
@given(event_rows(most=8), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_answer(rows: list[Row], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    with world_of(rows) as one, world_of(shuffled) as other:
        assert answers(one) == answers(other)


@SOME
@given(event_rows(most=6, complete=True))
def test_splitting_a_record_changes_only_the_number_of_records(rows: list[Row]) -> None:
    whole = [dict(row) | {"n_events": 4, "deaths_civilians": 2, "deaths_best": row["deaths_best"] + 2} for row in rows]
    whole = [row | {"deaths_high": row["deaths_best"] + 3} for row in whole]
    with world_of(whole) as one, world_of([half for row in whole for half in split(row)]) as other:
        assert answers(one) == answers(other)


@SOME
@given(event_rows(most=10))
def test_totals_add_up_over_whatever_they_are_told_apart_by(rows: list[Row]) -> None:
    with world_of(rows) as world:
        total = numbers(asked(world, "casualties", by=("year",)))[0]
        for by in (("month",), ("country",), ("kind",), ("dyad",), ("cell", "month"), ("country", "kind", "dyad")):
            parts = numbers(asked(world, "casualties", by=by))
            for name in ("events", "deaths_best", "deaths_high", "deaths_civilians"):
                assert sum(part[name] for part in parts) == total[name], (by, name)


def test_windows_nest_and_add_up() -> None:
    rows = [event(f"e{n}", f"2022-{n % 12 + 1:02d}-28", best=n, **PAIRS[n % 4]) for n in range(30)]
    with world_of(rows) as world:
        by_length = {n: asked(world, "records", country=("MLI",), window=n).rows for n in (1, 3, 12)}
        months = asked(world, "casualties", country=("MLI",), by=("month",)).rows
    one = {row["window_end"]: row["deaths_best"] for row in by_length[1]}
    assert list(one.values())[::-1] == [row["deaths_best"] for row in months]
    for row in by_length[3]:
        end = dt.date.fromisoformat(row["window_end"])
        ends = [day for day in one if row["window_start"] <= day <= end.isoformat()]
        assert len(ends) == 3
        assert row["deaths_best"] == sum(one[day] for day in ends)
    assert [row["deaths_best"] for row in by_length[12]] == [sum(one.values())]


def test_a_tie_is_no_record() -> None:
    rows = [event("a", "2022-02-03", best=5), event("b", "2022-05-03", best=5)]
    with world_of(rows) as world:
        found = asked(world, "records", country=("MLI",), window=1, as_of=dt.date(2022, 5, 31))
    assert [row["is_record"] for row in found.rows] == [False, False, False, True, False]
    assert found.rows[0]["rank"] == 1
    assert "as many as the highest" in str(found.headline)


def test_what_a_source_does_not_say_is_empty_and_not_zero() -> None:
    rows = [event("a", "2022-02-03", best=5, deaths_low=None), event("b", "2022-03-03", best=5, deaths_civilians=None)]
    with world_of(rows) as world:
        months = asked(world, "casualties", country=("MLI",), by=("month",)).rows
        harm = asked(world, "civilian-harm", country=("MLI",))
        windows = asked(world, "records", country=("MLI",), window=1, measure="deaths_civilians").rows
    assert [row["deaths_low"] for row in months[:4]] == [0, None, 5, 0]
    assert [row["deaths_civilians"] for row in months[:4]] == [0, 0, None, 0]
    assert [(row["deaths_civilians"], row["share"]) for row in harm.rows] == [(None, None)]
    assert "– civilians killed" in str(harm.headline)
    assert {row["window_end"]: row["rank"] for row in windows}["2022-03-31"] is None


def test_asking_for_an_actor_by_actor_gives_that_actor() -> None:
    rows = [event(f"e{n}", best=n + 1, **PAIRS[n % 4]) for n in range(8)]
    with world_of(rows) as world:
        found = asked(world, "casualties", country=("MLI",), by=("actor",), actor=("B",))
    assert [row["actor"] for row in found.rows] == ["B"]
    assert found.rows[0]["events"] == 6
