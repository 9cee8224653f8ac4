"""Shares, concentration, contested cells and fights, on tables in memory."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import ibis
import pytest
from hypothesis import given, settings

from harmattan.measures.competition import active, activity, between, concentration, contested, fights, sides
from tests.lake.factory import Row, event
from tests.measures.test_events import listed, table
from tests.questions.worlds import event_rows

SOME = settings(max_examples=8, derandomize=True, deadline=None)
GROUPS = ("B", "C", "D")


def seen(rows: Iterable[Row], groups: tuple[str, ...] = GROUPS) -> tuple[Any, Any, Any]:
    """Events with `nth` (their month) and `country`, all their parties, and those that are groups."""
    events = table(rows)
    events = events.mutate(nth=events.date_start.month().cast("int64"), country=events.iso3)
    parties = sides(events)
    return events, parties, parties.filter(parties.party.isin(list(groups)))


def met(id_: str, a: tuple[str, ...], b: tuple[str, ...], start: str = "2022-01-05", **said: Any) -> Row:
    return event(id_, start, actors_a=list(a), actors_b=list(b), dyad=f"{', '.join(a)} - {', '.join(b)}", **said)


FOUR = (
    met("e1", ("A",), ("B",), n_events=3, best=9),
    met("e2", ("B",), ("C",), n_events=1, best=5),
    met("e3", ("C", "D"), ("B",), n_events=2, best=2),
    met("e4", ("B",), ("A", "C"), n_events=2, best=1),
)
"""B is a side of 8 events, C of 5, D of 2; A is no group."""


def test_an_event_counts_once_for_each_group_and_the_shares_add_up_to_one() -> None:
    events, _, sided = seen(FOUR)
    rows = {row["group"]: row for row in listed(activity(events, sided, ("nth",)))}
    assert {name: row["events"] for name, row in rows.items()} == {"B": 8, "C": 5, "D": 2}
    assert {name: row["share"] for name, row in rows.items()} == {"B": 8 / 15, "C": 5 / 15, "D": 2 / 15}
    assert (rows["B"]["events_as_a"], rows["B"]["deaths_as_a"]) == (3, 6), "of e2 and e4"
    assert sorted(rows["D"]["keys"]) == ["MLI:e3"]


def test_a_group_on_both_sides_is_in_one_event() -> None:
    events, parties, sided = seen([met("e1", ("B",), ("B",))])
    (row,) = listed(activity(events, sided, ("nth",)))
    assert (row["events"], row["share"], row["events_as_a"]) == (1, 1.0, 1)
    (pair,) = listed(between(fights(events, parties, sided), ("nth",)))
    assert (pair["one"], pair["other"], pair["events"]) == ("B", "B", 1)


def test_events_of_groups_are_counted_once_whatever_number_of_groups() -> None:
    events, _, sided = seen([*FOUR, met("e5", ("A",), ())])
    (row,) = listed(active(events, sided, ("nth",)))
    assert (row["events"], row["deaths_best"], row["records"]) == (8, 17, 4)


def test_entropy_evenness_and_effective_number() -> None:
    events, _, sided = seen([*FOUR, met("f1", ("B",), ("A",), "2022-02-05")])
    first, second = sorted(listed(concentration(activity(events, sided, ("nth",)), ("nth",))), key=lambda r: r["nth"])
    shares = (8 / 15, 5 / 15, 2 / 15)
    entropy = -sum(share * math.log(share) for share in shares)
    assert first["entropy"] == pytest.approx(entropy)
    assert first["evenness"] == pytest.approx(entropy / math.log(3))
    assert first["effective"] == pytest.approx(1 / sum(share * share for share in shares))
    assert (first["groups"], first["leader"], first["leader_share"]) == (3, "B", pytest.approx(8 / 15))
    assert (second["groups"], second["entropy"], second["evenness"], second["effective"]) == (1, 0, 0, 1)


def test_groups_that_hold_as_much_are_as_even_as_can_be() -> None:
    events, _, sided = seen([met("e1", ("B",), ("C",)), met("e2", ("D",), ("A",))])
    (row,) = listed(concentration(activity(events, sided, ("nth",)), ("nth",)))
    assert (row["entropy"], row["evenness"]) == (pytest.approx(math.log(3)), pytest.approx(1))
    assert row["effective"] == pytest.approx(3)


def test_of_groups_with_as_many_events_the_deadlier_leads_and_then_the_first_by_name() -> None:
    tie = [met("e1", ("B",), ("A",), best=1), met("e2", ("C",), ("A",), best=2)]
    events, _, sided = seen(tie)
    assert listed(concentration(activity(events, sided, ("nth",)), ("nth",)))[0]["leader"] == "C"
    events, _, sided = seen([tie[0], dict(tie[1]) | {"deaths_best": 1}])
    assert listed(concentration(activity(events, sided, ("nth",)), ("nth",)))[0]["leader"] == "B"


def test_cells_are_contested_and_change_hands() -> None:
    rows = [
        met("a1", ("B",), ("A",), "2022-01-05", cell=1),
        met("a2", ("C",), ("B",), "2022-01-06", cell=2, n_events=1),
        met("a3", ("C",), ("A",), "2022-01-06", cell=2, n_events=1),
        met("b1", ("C",), ("A",), "2022-02-05", cell=1),
        met("b2", ("C",), ("A",), "2022-02-05", cell=2),
        met("b3", ("D",), ("A",), "2022-02-05", cell=3),
        met("d1", ("B",), ("A",), "2022-04-05", cell=3),
    ]
    events, _, sided = seen(rows)
    leading = concentration(activity(events, sided, ("nth", "cell")), ("nth", "cell"))
    found = {row["nth"]: row for row in listed(contested(leading, ("nth",)))}
    told = {n: tuple(row[name] for name in ("cells", "contested", "compared", "changed")) for n, row in found.items()}
    assert told == {1: (2, 1, 0, 0), 2: (3, 0, 2, 1), 4: (1, 0, 0, 0)}, "a month without events breaks the comparison"


def test_fights_are_between_groups_alone() -> None:
    events, parties, sided = seen([*FOUR, met("e5", ("B",), ())])
    found = {(row["one"], row["other"]): row for row in listed(between(fights(events, parties, sided), ()))}
    assert {pair: (row["events"], row["deaths_best"]) for pair, row in found.items()} == {
        ("B", "C"): (1, 5),
        ("B", "C+D"): (2, 2),
    }, "e4 has a state beside C, and civilians are no side"


@SOME
@given(event_rows(complete=True, most=10))
def test_shares_add_up_to_one_everywhere(rows: list[Row]) -> None:
    events, _, sided = seen(rows)
    by = ("nth", "country")
    held = activity(events, sided, by)
    for row in listed(held.group_by(*by).agg(whole=held.share.sum())):
        assert row["whole"] == pytest.approx(1)
    for row in listed(concentration(held, by)):
        assert -1e-9 <= row["evenness"] <= 1 + 1e-9
        assert 1 - 1e-9 <= row["effective"] <= row["groups"] + 1e-9


def test_the_measures_are_spoken_by_spark_too() -> None:
    """They compile for Spark SQL (in the dialect of Databricks): nothing in them is DuckDB's alone."""
    events, parties, sided = seen(FOUR)
    held = activity(events, sided, ("nth", "cell"))
    for expression in (
        active(events, sided, ("nth",)),
        contested(concentration(held, ("nth", "cell")), ("nth",)),
        between(fights(events, parties, sided), ("nth",)),
    ):
        assert "SELECT" in ibis.to_sql(expression, dialect="databricks")
