"""Evidence is executable: every row of every question is the sum of exactly the records it opens to."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError, UsageError
from harmattan.questions.evidence import Kept, answer_of, find, keep, opened, rows_of
from harmattan.questions.parameters import Params, as_json, from_json
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from tests.lake.factory import Row, event, put
from tests.questions.worlds import EVENT_QUESTIONS, PAIRS, asked, assert_opens, event_rows, world_in, world_of

WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("casualties", {}),
    ("casualties", {"by": ("month",)}),
    ("casualties", {"by": ("month", "country")}),
    ("casualties", {"by": ("cell",)}),
    ("casualties", {"by": ("kind",)}),
    ("casualties", {"by": ("dyad", "year")}),
    ("casualties", {"by": ("actor", "country")}),
    ("casualties", {"by": ("country", "kind", "dyad", "cell", "month")}),
    ("casualties", {"by": ("actor",), "actor": ("B",)}),
    ("casualties", {"by": ("kind",), "kind": ("one_sided", "non_state")}),
    ("casualties", {"by": ("month",), "dyad": ("B - C",)}),
    ("casualties", {"by": ("cell",), "cell": (150000,)}),
    ("casualties", {"by": ("month",), "as_of": dt.date(2022, 6, 15)}),
    ("casualties", {"by": ("year",), "start": dt.date(2021, 7, 1), "end": dt.date(2023, 6, 30)}),
    ("records", {"window": 3}),
    ("records", {"window": 1, "measure": "deaths_civilians", "kind": ("one_sided",)}),
    ("records", {"window": 2, "as_of": dt.date(2022, 10, 15), "actor": ("B",)}),
    ("civilian-harm", {}),
    ("civilian-harm", {"kind": ("state_based",)}),
    ("civilian-harm", {"actor": ("B",), "start": dt.date(2022, 3, 1)}),
    ("actors", {}),
    ("actors", {"actor": ("C", "Government of A")}),
    ("coverage", {}),
    ("coverage", {"country": ("MLI", "SEN"), "start": dt.date(2020, 1, 1)}),
    ("conflict-index", {"window": 3, "at_least": 1}),
    ("conflict-index", {"country": ("MLI", "NER", "SEN"), "as_of": dt.date(2022, 6, 15)}),
    ("actors", {"level": "family"}),
    ("civilian-harm", {"level": "parent"}),
    ("harm-rate", {}),
    ("harm-rate", {"by": ("month", "perpetrator"), "level": "parent", "end": dt.date(2023, 3, 31)}),
    ("harm-rate", {"by": ("kind", "country"), "kind": ("one_sided", "non_state")}),
    ("incidents", {}),
    ("incidents", {"measure": "deaths_civilians", "at_least": 2, "actor": ("B",)}),
    ("competition", {"by": ("month", "country")}),
    ("competition", {"by": ("cell",), "kind": ("non_state", "state_based"), "level": "parent"}),
    ("competition", {"by": ("window", "actor", "country"), "window": 4}),
    ("competition", {"by": ("year", "cell", "actor"), "actor": ("B",)}),
    ("competition", {"by": ("dyad", "cell"), "level": "family"}),
    ("competition", {"by": ("year", "country", "dyad"), "dyad": ("B - C",)}),
    ("activity-range", {"window": 3}),
    ("activity-range", {"window": 2, "actor": ("B", "Government of A"), "as_of": dt.date(2022, 9, 15)}),
    ("activity-range", {"window": 4, "by": ("cell",), "level": "actor"}),
    ("exposure", {}),
    ("exposure", {"by": ("month", "actor")}),
    ("exposure", {"by": ("cell", "country"), "kind": ("one_sided",)}),
    ("exposure", {"by": ("actor",), "level": "parent"}),
    ("border-violence", {"by": ("year", "country")}),
    ("cross-border-groups", {"level": "actor"}),
    ("expansion", {"by": ("half_year",)}),
    ("forecast", {"window": 3}),
    ("forecast", {"window": 2, "by": ("cell", "month"), "model": "conflictology12"}),
    ("what-changed", {"window": 2}),
    ("tally", {}),
    ("tally", {"actor": ("B", "C"), "as_of": dt.date(2022, 9, 15)}),
    ("tally", {"perpetrator": ("B",), "cell": (150001,), "start": dt.date(2022, 3, 5), "end": dt.date(2022, 3, 9)}),
    ("tally", {"perpetrator": ("Government of A",), "against": ("B",), "kind": ("state_based",)}),
)
NEED_MORE = {"revisions", "harm-partner", "mines", "vacuum", "aligned", "alerts", "alert-history", "scenario",
             "spillover", "shock", "reproduction", "effect"}  # fmt: skip
"""They need two releases, a dossier, a list of mines, rules that ring, years: see their own tests."""
NAMES = [
    event(f"name{n}", "2022-02-02", ("MLI", "NER")[n % 2], 0, deaths_low=0, deaths_high=0, **pair)
    for n, pair in enumerate(PAIRS)
]
"""One event of every pair in each world, so that no filter is on a name that there is not."""


@pytest.mark.parametrize(("question", "params"), WAYS)
def test_every_row_of_every_question_opens_to_its_records(made: World, question: str, params: dict[str, Any]) -> None:
    found = asked(made, question, **params)
    assert found.rows
    assert_opens(made, found)


@settings(max_examples=4, derandomize=True, deadline=None)
@given(event_rows(most=5), st.sampled_from(WAYS))
def test_rows_open_whatever_the_events_are(rows: list[Row], way: tuple[str, dict[str, Any]]) -> None:
    with world_of([*rows, *NAMES[::2]]) as world:
        try:
            found = asked(world, way[0], **way[1])
        except UsageError:
            return
        assert_opens(world, found)


def test_the_ways_ask_every_question_with_every_filter_it_takes() -> None:
    assert {question for question, _ in WAYS} == set(EVENT_QUESTIONS) - NEED_MORE, "each question has a way"
    filters = {"kind", "actor", "dyad", "cell", "as_of", "by", "window", "measure", "start", "end", "level"}
    assert {name for _, params in WAYS for name in params} >= filters


def test_rows_open_where_several_releases_answer(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    rows = [event(f"e{n}", f"2022-{n:02d}-11", ("MLI", "NER")[n % 2], n, **PAIRS[n % 4]) for n in range(1, 13)]
    put(world.lake, "old", rows, published="2022-12-31", end="2022-08-31")
    put(world.lake, "c1", rows, published="2023-01-31", status="candidate", start="2022-07-01")
    revised = [dict(row) | {"deaths_best": 40, "deaths_high": 50} for row in rows[::2]]
    put(world.lake, "c2", revised, published="2023-02-28", status="candidate", start="2022-07-01")
    for question, params in (("casualties", {"by": ("country",)}), ("coverage", {}), ("records", {"window": 11})):
        found = asked(world, question, **params)
        assert {ref.name for ref in found.releases} == {"made-up@old", "made-up@c1", "made-up@c2"}
        assert_opens(world, found)


@pytest.mark.parametrize(
    ("question", "params"),
    [
        ("casualties", {"by": ("dyad",), "start": dt.date(2022, 1, 1)}),
        (
            "casualties",
            {"by": ("month",), "actor": ("JNIM",), "start": dt.date(2021, 1, 1), "as_of": dt.date(2022, 10, 31)},
        ),
        (
            "casualties",
            {"by": ("cell",), "kind": ("one_sided",), "start": dt.date(2022, 10, 1), "end": dt.date(2022, 12, 31)},
        ),
        ("records", {"since": dt.date(2023, 1, 1)}),
        ("civilian-harm", {"start": dt.date(2022, 1, 1)}),
        ("actors", {"start": dt.date(2022, 1, 1), "country": ("MLI", "BFA")}),
        ("coverage", {"country": ("MLI", "FRA", "NGA")}),
    ],
)
def test_rows_of_the_field_open_to_their_records(either: World, question: str, params: dict[str, Any]) -> None:
    found = ask(either, question, Params(**({"country": ("MLI",)} | params)))
    assert found.rows
    assert_opens(either, found)


@pytest.mark.parametrize(("question", "params"), [WAYS[n] for n in (7, 13, 16, 18, 21, 23)])
def test_a_kept_answer_is_found_again_and_says_the_same(
    made: World, tmp_path: Path, question: str, params: dict[str, Any]
) -> None:
    found = asked(made, question, **params)
    assert keep(tmp_path, found)
    again = answer_of(made, find(tmp_path, found.id))
    assert (again.id, again.rows, again.row_criteria) == (found.id, found.rows, found.row_criteria)
    assert dict(again.params) == dict(found.params)


@pytest.mark.parametrize(("question", "params"), WAYS)
def test_parameters_survive_the_way_through_json(question: str, params: dict[str, Any]) -> None:
    meant = Params(**params)
    assert from_json(json.loads(json.dumps(as_json(meant, QUESTIONS[question].accepts)))) == meant


def test_the_id_changes_with_the_question_its_parameters_and_its_releases(made: World, tmp_path: Path) -> None:
    other = world_in(tmp_path)
    put(other.lake, "1", NAMES[:2])
    ids = [
        asked(made, "casualties").id,
        asked(made, "casualties", by=("month",)).id,
        asked(made, "casualties", kind=("one_sided",)).id,
        asked(made, "actors").id,
        asked(other, "casualties").id,
    ]
    assert len(set(ids)) == len(ids)
    assert ids[0] == asked(made, "casualties").id


def test_a_new_release_does_not_change_what_was_answered(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", NAMES)
    before = asked(world, "casualties", by=("kind",))
    keep(tmp_path, before)
    put(world.lake, "2", NAMES[:2], published="2024-06-30")
    assert asked(world, "casualties", by=("kind",)).id != before.id
    again = answer_of(world, find(tmp_path, before.id))
    assert again.rows == before.rows
    assert_opens(world, again)


def test_evidence_of_a_release_that_is_gone_is_refused(made: World, tmp_path: Path) -> None:
    kept = replace(Kept.of(asked(made, "casualties")), releases={"made-up@0": "0" * 64})
    with pytest.raises(HarmattanError, match=r"rests on made-up@0, which is not here\. There are made-up@1"):
        answer_of(made, kept)


def test_evidence_of_a_release_with_other_rows_is_refused(made: World) -> None:
    kept = replace(Kept.of(asked(made, "casualties")), releases={"made-up@1": "0" * 64})
    with pytest.raises(HarmattanError, match="rests on made-up@1"):
        answer_of(made, kept)


def test_what_was_not_covered_does_not_open_to_what_came_later(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", NAMES)
    nothing = asked(world, "casualties", country=("SEN",))
    assert not nothing.rows
    keep(tmp_path, nothing)
    assert answer_of(world, find(tmp_path, nothing.id)).headline == nothing.headline
    put(world.lake, "2", [event("s", iso3="SEN")], places=("SEN",))
    with pytest.raises(HarmattanError, match="no release here spoke about it"):
        answer_of(world, find(tmp_path, nothing.id))


def test_the_most_deadly_records_come_first(made: World) -> None:
    found = asked(made, "casualties")
    deaths = rows_of(opened(made, found), found, None).table["deaths_best"].to_pylist()
    assert deaths == sorted(deaths, reverse=True)


def test_an_unwritable_home_keeps_nothing_and_says_so(made: World, tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("in the way")
    assert keep(tmp_path, asked(made, "casualties")) is False


@pytest.mark.parametrize(
    "name", ["", "abc", "3FA94C21D0B7", "3fa94c21d0b7.0", "3fa94c21d0b7.", "../3fa94c21d0b", "x" * 12]
)
def test_a_word_that_is_no_id_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not an evidence id"):
        find(tmp_path, name)


def test_a_row_that_the_answer_does_not_have_is_refused(made: World) -> None:
    found = asked(made, "casualties")
    with pytest.raises(UsageError, match=f"has rows 1 to {len(found.rows)}"):
        found.evidence(len(found.rows))


def test_a_damaged_kept_answer_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "3fa94c21d0b7.json").write_text('{"id": ')
    with pytest.raises(HarmattanError, match="cannot be read as a kept answer"):
        find(tmp_path, "3fa94c21d0b7")
