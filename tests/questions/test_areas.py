"""Casualties by administrative area: each event in the area of its day, what is in none counted, every row opens."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan import data
from harmattan.errors import UsageError
from harmattan.ingest import ingest
from harmattan.lake.publish import publish, stage
from harmattan.lake.shelf import Lake, release_digest
from harmattan.questions.evidence import Kept, answer_of, closed_in
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from tests.lake.factory import event, put, release_of, write_tables
from tests.places.made import row
from tests.questions.worlds import asked, assert_opens, world_in

REFORM = dt.date(2022, 7, 2)
LAST = dt.date(2022, 7, 1)
OLD = [row("West", (0, 10, 2, 12), valid_to=LAST), row("East", (2, 10, 4, 12), valid_to=LAST)]
NEW = [
    row("North", (0, 11, 4, 12), division="new", valid_from=REFORM),
    row("South", (0, 10, 4, 11), division="new", valid_from=REFORM),
]
DEEP = [row("Deep", (0, 10, 1, 11), level=2, valid_to=LAST)]


def at(id_: str, lon: float | None, lat: float | None, day: str = "2022-05-03", **said: Any) -> Any:
    return event(id_, day, said.pop("iso3", "MLI"), 1, lon=lon, lat=lat, **said)


EVENTS = [
    at("west", 0.5, 10.5),
    at("west too", 1, 11.5, where_precision="admin1"),
    at("east", 3, 10.5, where_precision="near"),
    at("north", 3, 11.5, "2022-08-01"),
    at("south", 0.5, 10.5, "2022-08-01"),
    at("country", 1, 11, where_precision="country"),
    at("far", 9, 9),
    at("abroad", 1, 11, iso3="NER"),
    at("nowhere", None, None),
]


def put_areas(world: World, label: str, rows: list[Any], *, dataset: str = "drawn", **said: Any) -> None:
    """Publishes boundaries."""
    with stage(world.lake) as folder:
        found = write_tables(folder, (), areas=rows)
        found["digest"] = release_digest(dataset, found["files"])
        publish(world.lake, folder, release_of(label, dataset=dataset, contract="areas", **said, **found))


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = world_in(tmp_path)
    put(made.lake, "1", EVENTS)
    put_areas(made, "v01", [*OLD, *DEEP])
    put_areas(made, "v02", NEW)
    return made


def events_by(answer: Any, level: str) -> dict[str | None, int]:
    return {row[level]: row["events"] for row in answer.rows}


def test_each_event_is_in_the_area_of_its_day(world: World) -> None:
    answer = asked(world, "casualties", by=("admin1",))
    assert events_by(answer, "admin1") == {"West": 2, "East": 1, "North": 1, "South": 1, None: 4}
    assert {row["admin1_id"] for row in answer.rows} == {"old/1/West", "old/1/East", "new/1/North", "new/1/South", None}
    assert {ref.name for ref in answer.releases} == {"made-up@1", "drawn@v01", "drawn@v02"}
    said = [_words(caveat) for caveat in answer.caveats]
    for part in ("1 event coded to a larger area or to none", "1 event with a point in no area of the country",
                 "1 event of days or countries without boundaries", "1 event without coordinates",
                 "Mali was divided anew on 2 July 2022"):  # fmt: skip
        assert any(part in words for words in said), (part, said)
    assert_opens(world, answer)


def _words(text: Any) -> str:
    from harmattan.text.speaker import Speaker

    return Speaker("en").say(text)


def test_a_level_is_never_finer_than_the_point(world: World) -> None:
    answer = asked(world, "casualties", by=("admin2",))
    assert events_by(answer, "admin2") == {"Deep": 1, None: 8}
    both = asked(world, "casualties", by=("month", "admin1", "admin2"))
    assert sum(row["events"] for row in both.rows) == len(EVENTS)
    for found in (answer, both):
        assert_opens(world, found)


def test_the_evidence_of_an_area_can_be_run_again(world: World) -> None:
    answer = asked(world, "casualties", by=("admin1",))
    again = answer_of(world, Kept.of(answer))
    assert (again.rows, again.criteria, again.row_criteria) == (answer.rows, answer.criteria, answer.row_criteria)
    put_areas(world, "v03", [row("All", (0, 10, 4, 12), division="third", valid_from=REFORM)], published="2023-12-31")
    assert answer_of(world, Kept.of(answer)).rows == answer.rows
    assert "All" in events_by(asked(world, "casualties", by=("admin1",)), "admin1")


def test_pinned_boundaries_are_the_only_ones_and_leave_the_events_alone(world: World) -> None:
    answer = asked(world, "casualties", by=("admin1",), release=("drawn@v02",))
    assert events_by(answer, "admin1") == {"North": 1, "South": 1, None: 7}
    assert_opens(world, answer)


def test_one_publisher_a_country_the_one_with_the_newest_release(world: World) -> None:
    put_areas(world, "2024", [row("Other", (0, 10, 4, 12), division="o")], dataset="others", published="2024-01-01")
    answer = asked(world, "casualties", by=("admin1",))
    assert events_by(answer, "admin1") == {"Other": 5, None: 4}
    before = asked(world, "casualties", by=("admin1",), known_by=dt.date(2023, 12, 1))
    assert "West" in events_by(before, "admin1")


def test_without_boundaries_it_is_said_how_to_get_them(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", EVENTS)
    with pytest.raises(UsageError, match=r"No boundaries here draw the areas of admin1\..*ingest cod-ab FILE"):
        asked(world, "casualties", by=("admin1",))
    put_areas(world, "codes", [row("West", None)])
    with pytest.raises(UsageError, match=r"There are drawn@codes"):
        asked(world, "casualties", by=("admin1",))


def test_figures_by_month_have_no_points_and_are_not_covered(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", EVENTS, status="figures", dimensions=("cell", "kind"))
    put_areas(world, "v01", OLD)
    answer = asked(world, "casualties", by=("admin1",))
    assert answer.rows == ()
    assert "Not covered" in _words(answer.headline)


@pytest.mark.data
def test_real_events_in_real_regions(data_dir: Path, tmp_path: Path) -> None:
    """Every event of Mali, 2012 to 2022, is in a region of Natural Earth's or counted beside."""
    lake = Lake(tmp_path, data.RELEASES)
    for dataset, file, label in (
        ("ucdp-ged", "ucdp/ged241_westafrica8_events.csv.gz", "24.1"),
        ("boundaries", "geo/ne10m_admin1_west_africa.geojson", "old"),
    ):
        ingest(lake, dataset, [data_dir / file], Options(label, dt.date(2024, 6, 30)), retrieved_at=None)
    world = World(lake)
    said = {"country": ("MLI",), "start": dt.date(2012, 1, 1), "end": dt.date(2022, 12, 31)}
    by_region = asked(world, "casualties", by=("admin1",), **said)
    (whole,) = asked(world, "casualties", by=("country",), **said).rows
    for name in ("events", "deaths_best", "deaths_civilians"):
        assert sum(row[name] for row in by_region.rows) == whole[name]
    assert {row["admin1"] for row in by_region.rows} == {
        "Bamako", "Gao", "Kayes", "Kidal", "Koulikoro", "Mopti", "Sikasso", "Ségou", "Timbuktu", None,
    }  # fmt: skip
    assert_opens(world, by_region)
    # The boundaries' licence is not known: their shapes may not be handed on, the events placed by them may.
    assert [(ref.redistributable, ref.beside) for ref in by_region.releases] == [(True, False), (False, True)]
    assert closed_in(by_region) == []
