"""Silence is not peace: outside what a release covers the answer is not covered, and never 0."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan.data import RELEASES
from harmattan.errors import HarmattanError, UsageError
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from tests.lake.factory import event, put
from tests.questions.worlds import EVENT_QUESTIONS, asked, world_in


def said(found: Answer) -> str:
    return " ".join(map(str, (found.headline, *found.caveats)))


def refused(world: World, question: str, **params: Any) -> str:
    """What is said where nothing is covered; there is no row, so there is no 0."""
    found = ask(world, question, Params(**params))
    assert found.rows == ()
    assert found.records == 0
    assert str(found.headline).startswith("Not covered: ")
    return said(found)


NAMED = ("effect",)
"""They refuse in one line where no event is named, and have tests of their own."""


@pytest.mark.parametrize("question", [name for name in EVENT_QUESTIONS if name not in NAMED])
def test_a_country_that_no_release_has(made: World, question: str) -> None:
    words = refused(made, question, country=("SEN",))
    assert "no release here speaks in that detail about Senegal" in words
    assert "Covered: Mali and Niger." in words


BEYOND = ("vacuum", "aligned", *NAMED)
"""Their windows reach before the days that were said, which are those of what they are laid around."""


@pytest.mark.parametrize(
    "question", [name for name in EVENT_QUESTIONS if "start" in QUESTIONS[name].accepts and name not in BEYOND]
)
def test_years_after_what_is_covered(embedded: World, question: str) -> None:
    words = refused(embedded, question, country=("MLI",), start=dt.date(2024, 1, 1), end=dt.date(2024, 12, 31))
    assert "Mali from 1 January 2024 to 31 December 2024" in words
    assert "Covered there: 1 January 1989 to 31 December 2023." in words


def test_a_start_after_what_is_covered_and_no_end(embedded: World) -> None:
    assert "1 January 2024" in refused(embedded, "casualties", country=("MLI",), start=dt.date(2024, 1, 1))


@pytest.mark.parametrize("detail", [{"by": ("kind",)}, {"by": ("dyad",)}, {"by": ("cell",)}, {"kind": ("one_sided",)}])
def test_figures_by_country_and_month_have_no_kinds_pairs_or_cells(embedded: World, detail: dict[str, Any]) -> None:
    words = refused(embedded, "casualties", country=("FRA",), **detail)
    assert "Covered there: nothing in that detail." in words
    assert "Covered: Benin, Burkina Faso, Côte d’Ivoire, Guinea-Bissau, Mali, Niger, Senegal and Togo." in words
    assert ask(embedded, "casualties", Params(country=("FRA",))).rows, "without that detail it is covered"


@pytest.mark.parametrize("question", ["civilian-harm", "actors"])
def test_questions_that_need_detail_refuse_where_there_is_none(embedded: World, question: str) -> None:
    assert "nothing in that detail" in refused(embedded, question, country=("SYR",))


def test_nigeria_alone_is_not_covered_and_says_what_is(embedded: World) -> None:
    words = refused(embedded, "casualties", country=("NGA",))
    assert "Nigeria is only covered together with another: ask for NGA+NER." in words


def test_nigeria_and_niger_together_are(embedded: World) -> None:
    found = ask(embedded, "casualties", Params(country=("NGA+NER",), start=dt.date(2020, 1, 1)))
    assert len(found.rows) == 4
    assert all(row["covered"] == "yes" and row["deaths_best"] > 0 for row in found.rows)
    assert all(row["deaths_low"] is None for row in found.rows), "the source gives no low estimate"
    assert "Nigeria + Niger" in str(found.headline)


def test_niger_alone_is_covered_and_is_not_sent_elsewhere(embedded: World) -> None:
    assert "NGA+NER" not in said(
        ask(embedded, "casualties", Params(country=("NER",), start=dt.date(2022, 1, 1), end=dt.date(2024, 1, 1)))
    )


def test_partly_covered_rows_say_so_and_uncovered_ones_are_empty(embedded: World) -> None:
    params = Params(country=("MLI",), start=dt.date(2022, 1, 1), end=dt.date(2025, 6, 30))
    found = ask(embedded, "casualties", params)
    assert [row["covered"] for row in found.rows] == ["yes", "yes", "no", "no"]
    assert [row["events"] for row in found.rows] == [408, 319, None, None]
    assert [row["deaths_best"] for row in found.rows] == [3650, 2109, None, None]
    assert "as far as covered" in str(found.headline)
    assert "Not covered: Mali, 1 January 2024 to 30 June 2025. Covered there: 1 January 1989" in said(found)


def test_one_country_of_two_is_covered(embedded: World) -> None:
    params = Params(country=("MLI", "NGA"), start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31), by=("country",))
    found = ask(embedded, "casualties", params)
    assert {row["country"]: (row["covered"], row["events"]) for row in found.rows} == {
        "MLI": ("yes", 408),
        "NGA": ("no", None),
    }
    assert "Not covered: Nigeria" in said(found)


def test_within_what_is_covered_silence_is_zero(made: World) -> None:
    found = asked(made, "casualties", by=("month",), country=("MLI",))
    assert [row["period"] for row in found.rows] == [f"2022-{month:02d}" for month in range(1, 13)]
    quiet = found.rows[-1]
    assert (quiet["events"], quiet["deaths_best"], quiet["covered"]) == (0, 0, "yes")


def test_an_actor_that_is_elsewhere_has_no_events_here(embedded: World) -> None:
    found = ask(embedded, "casualties", Params(country=("SEN",), actor=("JNIM",), start=dt.date(2020, 1, 1)))
    assert [row["events"] for row in found.rows] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("params", "near"),
    [
        ({"actor": ("JNMI",)}, "JNIM"),
        ({"dyad": ("IS-JNIM",)}, "IS - JNIM"),
        ({"release": ("ucdp-ged-cell@24.1",)}, "ucdp-ged-cells@24.1"),
    ],
)
def test_a_misspelt_name_is_not_an_empty_answer(embedded: World, params: dict[str, Any], near: str) -> None:
    with pytest.raises(UsageError, match=near):
        ask(embedded, "casualties", Params(country=("MLI",), **params))


def test_coverage_lists_slices_and_gaps(embedded: World) -> None:
    found = ask(
        embedded,
        "coverage",
        Params(country=("MLI", "FRA", "NGA"), start=dt.date(2020, 1, 1), end=dt.date(2024, 12, 31)),
    )
    rows = [(row["country"], row["start"], row["end"], row["release"], row["status"]) for row in found.rows]
    assert rows == [
        ("FRA", "2020-01-01", "2023-12-31", "ucdp-ged-country-month@25.1", "figures"),
        ("FRA", "2024-01-01", "2024-12-31", None, "not covered"),
        ("MLI", "2020-01-01", "2023-12-31", "ucdp-ged-cells@24.1", "figures"),
        ("MLI", "2024-01-01", "2024-12-31", None, "not covered"),
        ("NGA", "2020-01-01", "2024-12-31", None, "not covered"),
    ]
    assert [row["events"] for row in found.rows if row["status"] == "not covered"] == [None] * 3


def test_nothing_was_known_before_any_release(embedded: World) -> None:
    with pytest.raises(HarmattanError) as fault:
        ask(embedded, "casualties", Params(country=("MLI",), known_by=dt.date(2015, 12, 31)))
    assert str(fault.value).startswith("Nothing here was published by 31 December 2015. The first release is ")


def test_known_by_leaves_later_releases_out(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", [event("a", best=3)], published="2023-03-31")
    put(world.lake, "2", [event("a", best=7)], published="2024-03-31")
    deaths = [
        asked(world, "casualties", country=("MLI",), known_by=day).rows[0]["deaths_best"]
        for day in (None, dt.date(2023, 12, 31), dt.date(2024, 3, 31))
    ]
    assert deaths == [7, 3, 7]


def test_a_release_younger_than_the_as_of_date_is_hindsight(made: World) -> None:
    hindsight = "This is hindsight: made-up@1 was published by 30 June 2023, after 31 May 2022."
    assert hindsight in said(asked(made, "casualties", as_of=dt.date(2022, 5, 31)))
    assert "hindsight" not in said(asked(made, "casualties", as_of=dt.date(2023, 7, 1)))
    assert "hindsight" not in said(asked(made, "casualties"))


def test_as_of_cuts_what_had_happened(made: World) -> None:
    found = asked(made, "casualties", by=("month",), as_of=dt.date(2022, 5, 10))
    assert [row["period"] for row in found.rows] == [f"2022-{month:02d}" for month in range(1, 6)]
    assert found.criteria.end == dt.date(2022, 5, 10)


def test_an_answer_of_provisional_or_doubtful_records_says_so(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    rows = [
        event("a", n_range_broken=1, deaths_low=9),
        event("b", date_precision="longer"),
        event("c", deaths_low=None),
    ]
    put(world.lake, "1", rows, status="candidate")
    words = said(asked(world, "casualties", country=("MLI",)))
    assert "made-up@1 is a candidate file: its records are provisional." in words
    assert "Low, best and high are out of order in the source in 1 event; kept as published." in words
    assert "1 event dated to more than a month in the source" in words
    assert "1 record without a low estimate in the source" in words


def test_a_window_longer_than_what_is_covered_is_not_made_up(made: World) -> None:
    found = asked(made, "records", window=13)
    assert found.rows == ()
    assert "no window of 13 months lies within what is covered" in said(found)


def test_a_question_refuses_what_it_does_not_take(made: World) -> None:
    with pytest.raises(UsageError, match=r"takes no --by\. It takes --country"):
        asked(made, "records", by=("year",))


def test_a_headline_over_a_gap_says_so(tmp_path: Path) -> None:
    """A sum over what is covered only is not passed off as a sum over all that was asked."""
    lake = Lake(tmp_path, RELEASES)
    for question in ("civilian-harm", "actors", "casualties"):
        params = Params(country=("MLI",), start=dt.date(2023, 12, 1), end=dt.date(2024, 12, 31))
        assert "as far as covered" in str(ask(World(lake), question, params).headline)
