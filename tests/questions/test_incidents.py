"""The largest incidents one by one: known answers, doubts, and records that may not be handed on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import lists_records, opened, rows_of
from harmattan.questions.world import World
from tests.lake.factory import day, event
from tests.questions.worlds import PAIRS, asked, assert_opens, world_of

SAHEL: dict[str, Any] = {"country": ("MLI",), "start": dt.date(2012, 1, 1), "end": dt.date(2023, 12, 31)}


def doubted(found: Answer) -> dict[str, set[str]]:
    """The codes of doubts by the id of the record."""
    return {str(r["record"]).partition(":")[2]: set(filter(None, str(r["doubt_codes"] or "").split(", ")))
            for r in found.rows}  # fmt: skip


@pytest.mark.data
def test_moura_is_the_largest_and_its_doubt_is_said(ingested: World) -> None:
    found = asked(ingested, "incidents", **SAHEL)
    first = found.rows[0]
    assert len(found.rows) == 20
    assert (first["from"], first["to"], first["dyad"]) == ("2022-03-26", "2022-03-31", "Government of Mali - JNIM")
    assert (first["deaths_low"], first["deaths_best"], first["deaths_high"]) == (313, 313, 313)
    assert (first["deaths_civilians"], first["where_precision"]) == (243, "exact")
    assert "coded as fighting (Government of Mali - JNIM), yet 243 of the 313 dead were civilians" in str(
        first["doubts"]
    )
    assert first["doubt_codes"] == "battle_civilians, several_days"
    assert "Massacre" in str(first["headline"])
    assert_opens(ingested, found)
    assert found.records == rows_of(opened(ingested, found), found, None).table.num_rows == 20


@pytest.mark.data
def test_the_same_clash_under_two_pairs_may_be_one(ingested: World) -> None:
    found = asked(ingested, "incidents", at_least=40, **(SAHEL | {"end": dt.date(2013, 12, 31)}))
    codes = doubted(found)
    assert "near_duplicate" in codes["29960"] & codes["29908"], "Aguelhok, 24 January 2012, 46 and 45 dead"
    assert all(row["deaths_best"] >= 40 for row in found.rows)


def test_summed_figures_are_listed_as_sums(embedded: World) -> None:
    found = asked(embedded, "incidents", **SAHEL)
    assert all("summed" in str(row["doubt_codes"]) for row in found.rows)
    assert "no single incidents, only sums by month, cell and pair" in str(found.headline)
    assert any("Not single incidents" in str(caveat) for caveat in found.caveats)
    assert found.rows[0]["deaths_best"] >= 313
    assert_opens(embedded, found)


def test_each_doubt_is_told_by_its_code() -> None:
    civilians = PAIRS[3]
    rows = [
        event("sure", "2022-01-01", best=50, **civilians),
        event("broken", "2022-02-01", best=40, deaths_low=60, n_range_broken=1, **civilians),
        event("wide", "2022-03-01", best=39, deaths_low=10, deaths_high=90, **civilians),
        event("long", "2022-04-01", best=38, date_end=day("2022-04-04"), date_precision="days", **civilians),
        event("month", "2022-05-01", best=37, date_end=day("2022-05-31"), date_precision="month", **civilians),
        event("region", "2022-06-01", best=36, where_precision="admin1", **civilians),
        event("battle", "2022-07-01", best=35, deaths_civilians=30, **PAIRS[0]),
        event("hearsay", "2022-08-01", best=34, clarity="low", **civilians),
    ]
    with world_of(rows) as world:
        found = asked(world, "incidents", country=("MLI",))
        assert_opens(world, found)
    assert doubted(found) == {
        "sure": set(), "broken": {"range_broken"}, "wide": {"wide_range"}, "long": {"several_days"},
        "month": {"loose_date"}, "region": {"loose_place"}, "battle": {"battle_civilians"}, "hearsay": {"unclear"},
    }  # fmt: skip
    assert [row["deaths_best"] for row in found.rows] == sorted(
        (row["deaths_best"] for row in found.rows), reverse=True
    )
    assert found.rows[5]["lat"] is None, "a point that stands for a region is no place"


def test_near_duplicates_are_near_in_time_and_place_and_alike_in_number() -> None:
    rows = [
        event("one", "2022-01-10", best=30),
        event("twin", "2022-01-13", best=20, lat=14.6),
        event("late", "2022-01-14", best=29),
        event("far", "2022-01-10", best=28, lat=15.2),
        event("few", "2022-01-10", best=19),
        event("region", "2022-01-11", best=27, where_precision="admin1"),
        event("cell", "2022-01-09", best=26, where_precision="admin2", lat=14.9),
    ]
    with world_of(rows) as world:
        found = asked(world, "incidents", country=("MLI",), at_least=30)
        (only,) = found.rows
        words = str(only["doubts"])
        assert doubted(found) == {"one": {"near_duplicate"}}
        assert "made-up@1:twin" in words
        assert "made-up@1:cell" in words, "where one point is a district's, the cell decides"
        assert not any(name in words for name in ("late", "far", "few", "region"))


def test_the_most_civilians_and_a_threshold() -> None:
    rows = [event(f"e{n}", best=10, deaths_civilians=n) for n in range(10)] + [
        event("u", best=99, deaths_civilians=None)
    ]
    with world_of(rows) as world:
        found = asked(world, "incidents", country=("MLI",), measure="deaths_civilians", at_least=7)
        assert [row["deaths_civilians"] for row in found.rows] == [9, 8, 7]
        none = asked(world, "incidents", country=("MLI",), at_least=1000)
        assert none.rows == ()
        assert "no incident as large as that" in str(none.headline)
        with pytest.raises(UsageError, match="takes no --measure events"):
            asked(world, "incidents", measure="events")
        assert asked(world, "incidents", country=("BFA",)).rows == ()


def test_figures_without_pairs_are_no_incidents() -> None:
    with world_of([event("sum", n_events=5)], dimensions=("cell",), status="figures") as world:
        assert "Not covered" in str(asked(world, "incidents", country=("MLI",)).headline)


def test_only_answers_that_list_records_are_guarded(made: World) -> None:
    assert lists_records(asked(made, "incidents"))
    assert not lists_records(asked(made, "casualties"))
