"""What changed between two releases, with evidence that lists it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from harmattan import data
from harmattan.errors import UsageError
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, keep, opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from tests.lake.factory import BY_MONTH, Row, day, event, put
from tests.questions.worlds import asked, event_rows, world_in, world_of

OLD = [
    event("same", "2022-02-03", best=4),
    event("more", "2022-03-03", best=5),
    event("less", "2022-03-04", "NER", best=9),
    event("gone", "2022-04-03", best=2),
    event("moves", "2021-12-31", best=7),
    event("abroad", "2022-05-03", "MLI", best=6),
]
NEW = [
    OLD[0],
    dict(OLD[1]) | {"deaths_best": 8},
    dict(OLD[2]) | {"deaths_best": 3, "violence": "one_sided"},
    dict(OLD[4]) | {"date_start": day("2022-01-01"), "date_end": day("2022-01-01")},
    dict(OLD[5]) | {"iso3": "NER"},
    event("new", "2022-06-03", "NER", best=1),
]
COUNTS = ("new", "gone", "revised", "events_before", "events_after", "deaths_before", "deaths_after", "records")


@pytest.fixture
def two(tmp_path: Path) -> World:
    """An older and a newer release of the same days."""
    world = world_in(tmp_path)
    put(world.lake, "1", OLD, start="2021-01-01")
    put(world.lake, "2", NEW, start="2021-01-01", published="2024-06-30")
    return world


def by_place(answer: Answer) -> dict[tuple[str, int], tuple[int | None, ...]]:
    return {(row["country"], row["year"]): tuple(row[name] for name in COUNTS) for row in answer.rows}


def assert_evidence_adds_up(world: World, answer: Answer) -> None:
    """Each row lists its changed versions, and they alone make the difference between before and after."""
    records = opened(world, answer)
    for number, row in enumerate(answer.rows):
        listed = rows_of(records, answer, number).table.to_pylist()
        assert len(listed) == row["records"] == answer.evidence(number).rows > 0
        for ours, theirs in (("events", "n_events"), ("deaths", "deaths_best")):
            change = sum(r[theirs] * (1 if r["release"] == answer.releases[1].name else -1) for r in listed)
            assert row[f"{ours}_after"] - row[f"{ours}_before"] == change
    assert len(rows_of(records, answer, None).table) == answer.records == sum(row["records"] for row in answer.rows)


def test_what_changed_by_country_and_year(two: World) -> None:
    found = asked(two, "revisions")
    assert by_place(found) == {
        ("MLI", 2021): (0, 0, 0, 1, 0, 7, 0, 1),
        ("MLI", 2022): (0, 1, 2, 4, 3, 17, 19, 5),
        ("NER", 2022): (1, 0, 2, 1, 3, 9, 10, 4),
    }
    assert [row["deaths_change"] for row in found.rows] == [-7, 2, 1]
    assert str(found.headline) == (
        "Mali and Niger, 1 January 2021 to 31 December 2022: from made-up@1 to made-up@2 1 record is new, 1 is gone "
        "and 4 are revised; deaths went from 33 to 29."
    )
    assert [ref.name for ref in found.releases] == ["made-up@1", "made-up@2"]
    assert_evidence_adds_up(two, found)


def test_one_country_and_some_months(two: World) -> None:
    found = asked(two, "revisions", country=("MLI",), start=day("2022-03-01"), end=day("2022-04-30"))
    assert by_place(found) == {("MLI", 2022): (0, 1, 1, 2, 1, 7, 8, 3)}
    assert_evidence_adds_up(two, found)


def test_nothing_after_the_as_of_date_counts(two: World) -> None:
    found = asked(two, "revisions", as_of=day("2022-04-30"))
    assert by_place(found)["MLI", 2022] == (0, 1, 2, 3, 3, 11, 19, 4)
    assert any("This is hindsight: made-up@2" in str(caveat) for caveat in found.caveats)
    assert_evidence_adds_up(two, found)


def test_evidence_of_a_row_lists_each_version_with_its_release(two: World) -> None:
    found = asked(two, "revisions", country=("MLI",))
    listed = rows_of(opened(two, found), found, 1).table.to_pylist()
    assert sorted((r["event_id"], r["release"], r["deaths_best"]) for r in listed) == [
        ("abroad", "made-up@1", 6), ("gone", "made-up@1", 2), ("more", "made-up@1", 5), ("more", "made-up@2", 8),
        ("moves", "made-up@2", 7),
    ]  # fmt: skip


@settings(max_examples=8, derandomize=True, deadline=None)
@given(event_rows(most=8), event_rows(most=8))
def test_rows_add_up_whatever_was_changed(old: list[Row], new: list[Row]) -> None:
    with world_of(old) as world:
        put(world.lake, "2", new, published="2024-06-30")
        assert_evidence_adds_up(world, asked(world, "revisions"))


def test_nothing_changed_is_no_row(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", OLD, start="2021-01-01")
    put(world.lake, "2", OLD, start="2021-01-01", published="2024-06-30", end="2023-12-31")
    found = asked(world, "revisions")
    assert found.rows == ()
    assert "0 records are new, 0 are gone and 0 are revised; deaths went from 33 to 33" in str(found.headline)
    assert len(rows_of(opened(world, found), found, None).table) == 0


@pytest.mark.parametrize(
    ("country", "words"),
    [
        (("MLI",), "Only one release here speaks about Mali, made-up@1: there is nothing to compare it with"),
        (("TGO",), "Not covered: no release here speaks in that detail about Togo"),
    ],
)
def test_one_release_or_none_is_said_and_no_error(tmp_path: Path, country: tuple[str, ...], words: str) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", OLD)
    found = asked(world, "revisions", country=country)
    assert (found.rows, found.records) == ((), 0)
    assert words in str(found.headline)
    assert keep(tmp_path, found)
    assert answer_of(world, find(tmp_path, found.id)).headline == found.headline
    assert len(rows_of(opened(world, found), found, None).table) == 0


def test_the_two_newest_of_one_data_set_are_taken_or_those_that_are_named(two: World) -> None:
    put(two.lake, "3", OLD, start="2021-01-01", published="2025-06-30")
    put(two.lake, "x", OLD, start="2021-01-01", published="2025-07-31", dataset="made-another")
    assert [ref.name for ref in asked(two, "revisions").releases] == ["made-up@2", "made-up@3"]
    named = asked(two, "revisions", release=("made-up@3", "made-up@1"))
    assert [ref.name for ref in named.releases] == ["made-up@1", "made-up@3"]
    known = asked(two, "revisions", known_by=day("2024-12-31"))
    assert [ref.name for ref in known.releases] == ["made-up@1", "made-up@2"]


def test_other_data_sets_and_other_days_are_not_held_against_each_other(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", OLD, dataset="made-another")
    put(world.lake, "2", [event("5", "2024-02-02")], start="2024-01-01", end="2024-12-31", published="2025-06-30")
    put(world.lake, "3", [event("6", "2023-02-02")], start="2023-01-01", end="2023-12-31", published="2024-06-30")
    found = asked(world, "revisions")
    assert found.rows == ()
    assert "No two releases here of one data set" in str(found.headline)


def test_a_candidate_is_held_against_the_final_file(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "22.0.2", [event("a", "2022-02-02"), event("b", "2022-02-03"), event("c", "2022-02-04")],
        status="candidate", start="2022-02-01", end="2022-02-28", published="2022-03-31")  # fmt: skip
    put(world.lake, "23.1", [event("a", "2022-02-02"), event("b", "2022-02-03", best=8), event("d", "2022-02-05")])
    found = asked(world, "revisions")
    assert by_place(found) == {("MLI", 2022): (1, 1, 1, 3, 3, 9, 14, 4)}
    assert any("Of 3 candidate records, 1 became final as they were" in str(caveat) for caveat in found.caveats)
    assert_evidence_adds_up(world, found)


def test_a_kept_answer_is_found_again(two: World, tmp_path: Path) -> None:
    found = asked(two, "revisions")
    keep(tmp_path, found)
    put(two.lake, "3", OLD, start="2021-01-01", published="2025-06-30")
    again = answer_of(two, find(tmp_path, found.id))
    assert (again.rows, again.row_criteria, str(again.headline)) == (
        found.rows,
        found.row_criteria,
        str(found.headline),
    )
    assert_evidence_adds_up(two, again)


def test_no_country_is_a_question_about_nothing(two: World) -> None:
    with pytest.raises(UsageError, match="No country is named"):
        ask(two, "revisions", Params())


def test_sums_are_held_against_sums_over_whole_months(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", OLD, start="2021-01-01", dataset="made-up-cells", status="figures", dimensions=BY_MONTH)
    put(world.lake, "2", NEW, start="2021-01-01", published="2024-06-30", places=("MLI", "NER+NGA"))
    found = asked(world, "revisions", start=day("2022-02-15"))
    assert {key: values[3:] for key, values in by_place(found).items()} == {("MLI", 2022): (3, 1, 13, 8, 4)}
    assert [row["new"] for row in found.rows] == [None]
    said = " ".join(map(str, found.caveats))
    assert "made-up@2 has Niger only together with another, as NER+NGA: not compared" in said
    assert "Compared is what both speak about: 1 March 2022 to 31 December 2022" in said
    assert "Sums are compared" in said
    assert_evidence_adds_up(world, found)


KNOWN = {("BFA", 2022): (2609, 2704), ("MLI", 2020): (1509, 1543)}
"""UCDP GED 24.1 and 25.1, deaths (best): the README of the reference data."""


def deaths(answer: Answer) -> dict[tuple[str, int], tuple[int, int]]:
    return {(row["country"], row["year"]): (row["deaths_before"], row["deaths_after"]) for row in answer.rows}


def assert_known(world: World) -> None:
    countries = ("BFA", "MLI", "NER")
    found = ask(world, "revisions", Params(country=countries, end=dt.date(2023, 12, 31)))
    assert deaths(found) | KNOWN == deaths(found)
    assert "NER" not in {row["country"] for row in found.rows}
    joint = "ucdp-ged-country-month@25.1 has Niger only together with another, as NGA+NER: not compared."
    assert joint in [str(caveat) for caveat in found.caveats]
    assert_evidence_adds_up(world, found)


def test_the_known_revisions_from_24_1_to_25_1_in_the_embedded_figures(embedded: World) -> None:
    assert_known(embedded)


@pytest.mark.data
def test_the_known_revisions_from_events_to_figures(ingested: World) -> None:
    assert_known(ingested)
    found = ask(ingested, "revisions", Params(country=("MLI",), end=dt.date(2023, 12, 31)))
    assert [ref.name for ref in found.releases] == ["ucdp-ged@24.1", "ucdp-ged-country-month@25.1"]


def test_niger_alone_cannot_be_compared(embedded: World) -> None:
    found = ask(embedded, "revisions", Params(country=("NER",)))
    assert found.rows == ()
    assert "Only one release here speaks about Niger, ucdp-ged-cells@24.1" in str(found.headline)
    assert "has Niger only together with another, as NGA+NER: not compared" in str(found.caveats[0])


@pytest.mark.data
def test_a_sample_revises_nothing_in_an_answer(data_dir: Path, tmp_path: Path) -> None:
    world = World(Lake(tmp_path / "home", data.RELEASES))
    path = data_dir / "ucdp" / "ged251_sample_events_to_2023.parquet"
    ingest(world.lake, "ucdp-ged-sample", [path], Options(label="25.1"), retrieved_at=None)
    found: Any = ask(world, "revisions", Params(country=("MLI",)))
    assert {ref.status for ref in found.releases} == {"figures"}
