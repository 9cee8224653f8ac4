"""Competition between groups and the ranges of groups: known answers, laws, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from tests.lake.factory import event, put
from tests.questions.worlds import asked, assert_opens, world_in, world_of

CASE = ("MLI", "BFA", "NER")
PAIR = "IS - JNIM"
NORTH = ("Tombouctou", "Gao", "Kidal", "Ménaka")
YEAR: dict[str, Any] = {"start": dt.date(2021, 10, 16), "end": dt.date(2022, 10, 15)}
BETWEEN = {"MLI": [0, 22, 8, 20, 14], "BFA": [1, 10, 7, 8, 6], "NER": [0] * 5}


def of(world: World, question: str = "competition", country: tuple[str, ...] = ("MLI",), **params: Any) -> Answer:
    return ask(world, question, Params(country=country, **params))


def spring(world: World, **params: Any) -> dict[str, Any]:
    """What IS was a side of in February and March 2022 in Mali, by month."""
    found = of(world, by=("month", "actor"), actor=("IS",), start=dt.date(2022, 2, 1), end=dt.date(2022, 3, 31))
    assert_opens(world, found)
    return {row["period"]: row for row in found.rows}


def test_two_groups_by_year_and_country(either: World) -> None:
    span: dict[str, Any] = {"start": dt.date(2019, 1, 1), "end": dt.date(2023, 12, 31)}
    found = of(either, country=CASE, by=("year", "country", "dyad"), dyad=(PAIR,), **span)
    events = {code: [row["events"] for row in found.rows if row["country"] == code] for code in CASE}
    assert events == BETWEEN
    assert {row["pair"] for row in found.rows} == {PAIR}
    assert all(row["deaths_low"] <= row["deaths_best"] <= row["deaths_high"] for row in found.rows)
    assert_opens(either, found)


def test_the_deadliest_pair_stands_first(either: World) -> None:
    found = of(either, country=CASE, by=("dyad",), start=dt.date(2012, 1, 1), end=dt.date(2023, 12, 31))
    assert (found.rows[0]["pair"], found.rows[0]["one"], found.rows[0]["other"]) == (PAIR, "IS", "JNIM")
    assert found.rows[0]["events"] == sum(map(sum, BETWEEN.values()))
    assert not any("Government" in row["pair"] or "Civilians" in row["pair"] for row in found.rows)


def test_one_group_in_the_spring_of_2022(either: World) -> None:
    months = spring(either)
    assert (months["2022-02"]["events"], months["2022-02"]["deaths_best"]) == (10, 158)
    march = months["2022-03"]
    assert (march["events"], march["deaths_best"]) == (38, 805)
    assert (march["events_as_a"], march["deaths_as_a"]) == (26, 648)


@pytest.mark.data
def test_a_group_in_the_north_and_in_the_centre_of_mali(ingested: World) -> None:
    found = of(ingested, by=("actor",), actor=("JNIM",), region=NORTH, **YEAR)
    assert [(row["events"], row["days_per_event"]) for row in found.rows] == [(30, 12.2)]
    listed = rows_of(opened(ingested, found), found, 0).table.to_pylist()
    assert {row["admin1_as_written"] for row in listed} == {f"{name} region" for name in NORTH}
    by_region = of(ingested, by=("region", "actor"), actor=("JNIM",), **YEAR)
    told = {row["region"]: row["events"] for row in by_region.rows}
    assert told["Mopti region"] == 120
    assert sum(told[f"{name} region"] for name in NORTH) == 30
    assert_opens(ingested, by_region)


@pytest.mark.data
def test_a_region_that_there_is_not_is_told_with_the_nearest(ingested: World) -> None:
    with pytest.raises(UsageError, match="region called Timbuktu"):
        of(ingested, by=("actor",), region=("Timbuktu",), **YEAR)


def test_summed_figures_have_no_regions(embedded: World) -> None:
    assert str(of(embedded, by=("region",), **YEAR).headline).startswith("Not covered")


def test_levels_of_the_dossier_name_the_groups(embedded: World) -> None:
    span: dict[str, Any] = {"start": dt.date(2022, 1, 1), "end": dt.date(2022, 12, 31)}
    by_actor = of(embedded, by=("actor",), level="actor", **span)
    assert {"jnim", "is-sahel"} <= {row["group_id"] for row in by_actor.rows}
    assert not {"government-of-mali", "mali"} & {row["group_id"] for row in by_actor.rows}
    family = of(embedded, by=("dyad",), level="family", **span)
    top = family.rows[0]
    assert ({top["one"], top["other"]}, top["events"], top["deaths_best"]) == ({"al-qaida", "islamic-state"}, 20, 363)
    assert_opens(embedded, family)


def met(id_: str, start: str, a: str, b: str, cell: int = 150000, **said: Any) -> Any:
    sides = {"dyad": f"{a} - {b}", "actors_a": [a], "actors_b": [b], "violence": "non_state"}
    return event(id_, start, **(sides | {"cell": cell} | said))


def test_windows_shares_and_turnover_of_a_small_world() -> None:
    rows = [
        met("a1", "2022-01-05", "B", "C"),
        met("a2", "2022-02-05", "Government of A", "B"),
        met("a3", "2022-02-07", "C", "XXX432", cell=150001),
        met("b1", "2022-08-05", "C", "D"),
        met("b2", "2022-08-06", "Government of A", "C"),
        met("b3", "2022-09-06", "C", "D", cell=150001, where_precision="admin1"),
    ]
    with world_of(rows) as world:
        found = asked(world, "competition", by=("window",), window=6)
        first, last = found.rows
        assert (first["period"], last["period"]) == ("2022-01-01/2022-06-30", "2022-07-01/2022-12-31")
        assert (first["groups"], first["events"], first["fights"]) == (2, 3, 1), "who is not known is no group"
        assert (first["leader"], first["leader_share"]) == ("B", 50.0), "as many events as C, and more deaths"
        assert (first["cells"], first["contested"], first["turnover"]) == (2, 1, None)
        assert (last["cells"], last["contested"]) == (1, 1), "a place coarser than a cell is in no cell"
        assert (last["compared"], last["changed"], last["turnover"]) == (1, 1, 100.0)
        assert "1 event of groups, coded to a larger area" in " ".join(map(str, found.caveats))
        some = asked(world, "competition", by=("window", "actor"), window=6, actor=("D",))
        assert [(row["events"], row["share"]) for row in some.rows] == [(0, None), (2, 40.0)]
        for answer in (found, some):
            assert_opens(world, answer)


def test_an_empty_time_is_zero_where_covered_and_empty_where_not() -> None:
    with world_of([met("a1", "2022-03-05", "B", "C")]) as world:
        found = asked(world, "competition", by=("year",), start=dt.date(2021, 1, 1), end=dt.date(2022, 12, 31))
        months = asked(world, "competition", by=("month", "dyad"), dyad=("B - C",), start=dt.date(2021, 12, 1))
    assert [(row["covered"], row["events"], row["groups"], row["contested"]) for row in found.rows] == [
        ("no", None, None, None), ("yes", 1, 2, 1),
    ]  # fmt: skip
    told = [(row["covered"], row["events"]) for row in months.rows]
    assert told == [("no", None), ("yes", 0), ("yes", 0), ("yes", 1), *[("yes", 0)] * 9]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"by": ("month", "year")}, "not by several"),
        ({"by": ("actor", "dyad")}, "not by both"),
        ({"actor": ("B",)}, "Say --by actor"),
        ({"by": ("actor",), "actor": ("Government of A",)}, "Government of A is no non-state group"),
        ({"by": ("actor",), "actor": ("Bee",)}, "No actor is called Bee"),
        ({"by": ("dyad",), "dyad": ("Government of A - B",)}, "no pair of non-state groups"),
    ],
)
def test_what_cannot_be_told_is_refused_in_one_line(params: dict[str, Any], words: str) -> None:
    rows = [met("a1", "2022-02-05", "Government of A", "B"), met("a2", "2022-02-05", "B", "C")]
    with world_of(rows) as world, pytest.raises(UsageError, match=words):
        asked(world, "competition", **params)


def test_the_share_of_one_group_is_of_the_activity_of_all() -> None:
    rows = [met("a1", "2022-02-05", "B", "C"), met("a2", "2022-02-05", "C", "D")]
    with world_of(rows) as world:
        one = asked(world, "competition", by=("actor",), actor=("B",)).rows
        every = asked(world, "competition", by=("actor",)).rows
    assert [row["share"] for row in one] == [25.0]
    assert sum(row["share"] for row in every) == 100


def test_a_range_against_the_window_before(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    there = {"lat": 14.5, "lon": -4.25}
    rows = [
        met("a1", "2022-02-05", "B", "Government of A", cell=150000, **there),
        met("a2", "2022-02-06", "B", "Government of A", cell=150001, **there),
        met("b1", "2022-05-05", "B", "C", cell=150001, lat=14.5, lon=-3.25, iso3="NER"),
        met("b2", "2022-06-05", "B", "C", cell=150002, lat=14.5, lon=-3.25, admin1_as_written="West"),
        met("b3", "2022-06-06", "B", "C", where_precision="country", lat=0.0, lon=0.0),
    ]
    put(world.lake, "1", rows)
    found = asked(world, "activity-range", actor=("B",), window=3, as_of=dt.date(2022, 6, 30))
    now, then = found.rows
    assert (now["window"], now["window_start"], now["window_end"]) == ("this", "2022-04-01", "2022-06-30")
    assert (now["events"], now["cells"], now["new_cells"], now["left_cells"]) == (3, 2, 1, 1)
    assert (now["countries"], now["regions"], then["countries"]) == ("MLI, NER", 1, "MLI")
    assert (now["first_seen"], now["last_seen"]) == ("2022-05-05", "2022-06-06")
    assert (now["centre_lat"], now["centre_lon"]) == (14.5, -3.25), "a country is no place"
    assert (now["drift_km"], now["drift_bearing"]) == (108, 90)
    assert (then["events"], then["cells"], then["new_cells"], then["drift_km"]) == (2, 2, None, None)
    assert_opens(world, found)
    cells = asked(world, "activity-range", actor=("B",), window=3, as_of=dt.date(2022, 6, 30), by=("cell",))
    assert {row["cell"]: (row["state"], row["window"]) for row in cells.rows} == {
        150000: ("left", "before"), 150001: ("held", "this"), 150002: ("new", "this"), None: ("new", "this"),
    }  # fmt: skip
    assert_opens(world, cells)


def test_a_range_says_nothing_of_change_where_the_window_before_is_not_covered() -> None:
    with world_of([met("a1", "2022-02-05", "B", "C")]) as world:
        found = asked(world, "activity-range", window=6, as_of=dt.date(2022, 4, 30))
        gone = asked(world, "activity-range", window=6, end=dt.date(2024, 12, 31))
    now = [row for row in found.rows if row["window"] == "this"]
    assert all(row["new_cells"] is None and row["drift_km"] is None for row in now)
    assert [row["events"] for row in found.rows if row["window"] == "before"] == [None, None]
    assert (gone.rows, str(gone.headline)[:11]) == ((), "Not covered")


def test_a_group_without_events_is_no_error_and_a_name_that_is_nowhere_is() -> None:
    with world_of([met("a1", "2022-02-05", "B", "C"), met("a2", "2022-11-05", "D", "C")]) as world:
        found = asked(world, "activity-range", actor=("D",), window=2, as_of=dt.date(2022, 6, 30))
        assert [row["events"] for row in found.rows] == [0, 0]
        with pytest.raises(UsageError, match="No actor is called Delta"):
            asked(world, "activity-range", actor=("Delta",), window=2)


@pytest.mark.data
def test_the_ranges_of_two_groups_as_of_a_date(ingested: World) -> None:
    found = of(ingested, "activity-range", CASE, actor=("JNIM", "IS"), as_of=dt.date(2022, 10, 15))
    told = [(row["actor"], row["window"], row["events"]) for row in found.rows]
    assert told == [("JNIM", "this", 396), ("JNIM", "before", 267), ("IS", "this", 204), ("IS", "before", 185)]
    parts = of(ingested, "activity-range", CASE, actor=("JNIM",), as_of=dt.date(2022, 10, 15), by=("cell",))
    states = [row["state"] for row in parts.rows if row["cell"] is not None]
    assert states.count("held") + states.count("new") == found.rows[0]["cells"]
    assert (states.count("new"), states.count("left")) == (found.rows[0]["new_cells"], found.rows[0]["left_cells"])
    assert_opens(ingested, found)
    assert_opens(ingested, parts)
