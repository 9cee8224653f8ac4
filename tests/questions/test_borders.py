"""Violence along borders, groups from across them, and where groups are first seen: known answers and laws."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan import data
from harmattan.errors import UsageError
from harmattan.ingest import ingest
from harmattan.lake.measured import rows_by
from harmattan.lake.shelf import Lake
from harmattan.measures.spread import first_countries
from harmattan.questions.evidence import Kept, answer_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from harmattan.text.speaker import Speaker
from tests.lake.factory import BY_MONTH, Row, event, put, put_tables
from tests.places.made import row
from tests.questions.test_areas import put_areas
from tests.questions.test_laws import split
from tests.questions.worlds import PAIRS, asked, assert_opens, event_rows, numbers, world_in, world_of

SOME = settings(max_examples=3, derandomize=True, deadline=None)
AROUND = ("MLI", "NER", "BFA", "BEN", "TGO")
FIRST = {"MLI": "2017-03-05", "NER": "2017-07-05", "BFA": "2017-07-15", "BEN": "2020-02-09", "TGO": "2022-05-11"}
# Mali to the west of 2° E, Niger to the east, Burkina Faso to the south of both.
DRAWN = [
    row("m", (0, 12, 2, 14), iso3="MLI", level=0, division="m"),
    row("n", (2, 12, 4, 14), iso3="NER", level=0, division="n"),
    row("b", (0, 10, 4, 12), iso3="BFA", level=0, division="b"),
]


def at(id_: str, lon: float, lat: float, iso3: str = "MLI", *, best: int, day: str = "2022-05-03", **said: Any) -> Row:
    return event(id_, day, iso3, best, lon=lon, lat=lat, **said)


EVENTS = [
    at("10 km", 1.908, 13, best=1),
    at("40 km", 1.63, 13, best=2, where_precision="near"),
    at("90 km", 1.17, 13, best=4),
    at("far", 0.5, 13.5, best=8),
    at("east", 2.2, 13, "NER", best=16, day="2022-08-01"),
    at("corner", 1.9, 12.1, best=32),
    at("region", 1.9, 13, best=64, where_precision="admin1"),
    at("nowhere", 1.9, 13, best=128, where_precision="country"),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = world_in(tmp_path)
    put(made.lake, "1", EVENTS)
    put_areas(made, "v01", DRAWN)
    return made


def deaths(answer: Any, **where: Any) -> dict[Any, Any]:
    """Deaths by name and strip, of the rows that fit."""
    rows = [row for row in answer.rows if all(row[name] == value for name, value in where.items())]
    return {(row["name"], row["within_km"]): row["deaths_best"] for row in rows}


def test_deaths_are_counted_in_strips_that_lie_within_each_other(world: World) -> None:
    answer = asked(world, "border-violence", country=("MLI",), km=(100, 25, 50))
    east = deaths(answer, area="border", name="MLI-NER")
    assert east == {("MLI-NER", 25): 33, ("MLI-NER", 50): 35, ("MLI-NER", 100): 39}
    assert deaths(answer, area="border", name="BFA-MLI") == {
        ("BFA-MLI", 25): 32,
        ("BFA-MLI", 50): 32,
        ("BFA-MLI", 100): 32,
    }
    assert set(deaths(answer, area="tri_border").items()) == {(("BFA-MLI-NER", km), 32) for km in (25, 50, 100)}
    assert deaths(answer, area="any_border") == {(None, 25): 33, (None, 50): 35, (None, 100): 39}
    assert deaths(answer, area="placed") == {(None, None): 47}
    assert deaths(answer, area="not_placed") == {(None, None): 192}
    share = next(row for row in answer.rows if row["area"] == "any_border" and row["within_km"] == 100)
    assert (share["share_events"], share["share_deaths"]) == (80.0, 83.0)
    assert {row["error_km"] for row in answer.rows if row["area"] == "border"} == {0.0}
    assert {ref.name for ref in answer.releases} == {"made-up@1", "drawn@v01"}
    said = " ".join(str(caveat) for caveat in answer.caveats)
    assert "Not measured: 2 events" in said
    assert "The places of 1 event are known within about 25 km only" in said
    assert_opens(world, answer)


def test_bands_follow_each_other_and_add_up_to_the_strip(world: World) -> None:
    bands = asked(world, "border-violence", country=("MLI", "NER"), km=(25, 50, 100), by=("band", "country", "year"))
    strips = asked(world, "border-violence", country=("MLI", "NER"), km=(100,))
    for name in ("BFA-MLI", "MLI-NER", "BFA-MLI-NER"):
        total = sum(row["deaths_best"] for row in bands.rows if row["name"] == name)
        assert total == deaths(strips, name=name)[name, 100]
    east = [row for row in bands.rows if row["name"] == "MLI-NER" and row["deaths_best"]]
    found = {(row["country"], row["period"], row["beyond_km"], row["within_km"]): row["deaths_best"] for row in east}
    assert found == {
        ("MLI", "2022", 0, 25): 33,
        ("MLI", "2022", 25, 50): 2,
        ("MLI", "2022", 50, 100): 4,
        ("NER", "2022", 0, 25): 16,
    }
    assert_opens(world, bands)


def test_one_neighbour_leaves_the_other_borders_out(world: World) -> None:
    answer = asked(world, "border-violence", country=("MLI",), neighbour=("BFA",))
    assert {row["name"] for row in answer.rows} - {None} == {"BFA-MLI", "BFA-MLI-NER"}
    assert deaths(answer, area="any_border", within_km=100.0) == {(None, 100): 32}
    with pytest.raises(UsageError, match="No border is known here between Mali and Togo"):
        asked(world, "border-violence", country=("MLI",), neighbour=("TGO",))


def test_evidence_is_asked_of_the_same_boundaries(world: World) -> None:
    answer = asked(world, "border-violence", country=("MLI",))
    moved = [row("m", (0, 12, 3, 14), iso3="MLI", level=0, division="m2"),
             row("n", (3, 12, 4, 14), iso3="NER", level=0, division="n2"), DRAWN[2]]  # fmt: skip
    put_areas(world, "v02", moved, published="2024-01-01")
    other = asked(world, "border-violence", country=("MLI",))
    assert deaths(other, name="MLI-NER") != deaths(answer, name="MLI-NER")
    again = answer_of(world, Kept.of(answer))
    assert numbers(again) == numbers(answer)
    assert_opens(world, again)


def test_where_only_cells_are_known_the_error_is_said_and_narrow_strips_are_marked(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    cells = {150000: "MLI", 150001: "NER", 150720: "MLI", 150721: "NER"}
    rows = [event("a", best=3, lat=None, lon=None, cell=150000), event("b", best=5, lat=None, lon=None, cell=150720)]
    put(world.lake, "1", rows, status="figures", dimensions=BY_MONTH)
    table = [{"cell": gid, "iso3": iso3, "land_share": 1.0} for gid, iso3 in cells.items()]
    put_tables(world.lake, "1", {"cells": table}, dataset="cells-made")
    usual = asked(world, "border-violence", country=("MLI",))
    assert {row["within_km"] for row in usual.rows} == {None, 50, 100}
    answer = asked(world, "border-violence", country=("MLI",), km=(25, 50))
    found = {row["within_km"]: (row["deaths_best"], row["sharp"], row["error_km"], row["drawn"])
             for row in answer.rows if row["area"] == "border"}  # fmt: skip
    assert found == {25: (0, "no", 39, "cells"), 50: (8, "yes", 39, "cells")}
    assert "Of 2 events only the cell is known" in " ".join(map(str, answer.caveats))
    assert_opens(world, answer)


def test_nothing_happened_is_zero_and_not_covered_is_empty(world: World) -> None:
    quiet = asked(world, "border-violence", country=("MLI",), start=dt.date(2022, 1, 1), end=dt.date(2022, 2, 28))
    assert {row["deaths_best"] for row in quiet.rows} == {0}
    assert {row["covered"] for row in quiet.rows} == {"yes"}
    assert_opens(world, quiet)
    partly = asked(world, "border-violence", country=("MLI",), start=dt.date(2021, 1, 1), by=("year",))
    assert {(row["period"], row["deaths_best"] is None, row["covered"]) for row in partly.rows} >= {
        ("2021", True, "no")
    }
    assert_opens(world, partly)
    for question in ("border-violence", "cross-border-groups", "expansion"):
        none = asked(world, question, country=("MLI",), start=dt.date(2030, 1, 1), end=dt.date(2030, 2, 1))
        assert none.rows == ()
        assert "Not covered" in str(none.headline)


@SOME
@given(event_rows(most=6, complete=True))
def test_splitting_a_record_changes_only_the_number_of_records(rows: list[Row]) -> None:
    whole = [dict(row) | {"n_events": 4, "deaths_best": row["deaths_best"] + 2} for row in rows]
    whole = [row | {"deaths_high": row["deaths_best"] + 3, "lat": 13.0, "lon": 1.8, "where_precision": "exact"}
             for row in whole]  # fmt: skip
    with world_of(whole) as one, world_of([half for row in whole for half in split(row)]) as other:
        for made in (one, other):
            put_areas(made, "v01", DRAWN)
        for question, params in (
            ("border-violence", {"by": ("month",)}),
            ("cross-border-groups", {}),
            ("expansion", {"by": ("cell",)}),
            ("expansion", {"by": ("half_year",)}),
        ):
            assert numbers(asked(one, question, **params)) == numbers(asked(other, question, **params)), question


@SOME
@given(event_rows(most=10), st.sampled_from(("country", "cell", "month", "half_year", "year")))
def test_every_row_opens_to_its_records(rows: list[Row], by: str) -> None:
    with world_of(rows) as world:
        put_areas(world, "v01", DRAWN)
        assert_opens(world, asked(world, "expansion", by=(by,)))
        assert_opens(world, asked(world, "cross-border-groups"))
        assert_opens(world, asked(world, "border-violence", by=("year", "country")))


def test_where_no_dossier_speaks_a_base_goes_by_the_first_event(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    rows = [
        event("old", "2021-02-01", "NER", 1, **PAIRS[2]),
        event("one", "2022-02-01", "MLI", 2, **PAIRS[0]),
        event("two", "2022-02-02", "MLI", 4, **PAIRS[2]),
        event("three", "2022-02-03", "MLI", 8, **(PAIRS[2] | {"actors_a": ["E"], "dyad": "E - C"})),
        event("four", "2022-02-04", "MLI", 16, **PAIRS[4]),
    ]
    put(world.lake, "1", rows, start="2021-01-01")
    answer = asked(world, "cross-border-groups", country=("MLI",), start=dt.date(2022, 1, 1))
    groups = {row["group"]: (row["rule"], row["base"], row["across"], row["deaths_best"], row["base_by_most_events"])
              for row in answer.rows if row["group"]}  # fmt: skip
    assert groups == {
        "B": ("first_event", "NER", "yes", 6, "NER"),
        "C": ("first_event", "NER", "yes", 12, "NER"),
        "E": ("first_event", "MLI", "no", 8, None),
    }
    together = {row["rule"]: (row["deaths_best"], row["share_deaths"]) for row in answer.rows if row["group"] is None}
    assert together == {"dossier": (14, 46.7), "first_event": (14, 46.7), "most_events_before": (14, 46.7)}
    assert_opens(world, answer)
    beyond = asked(world, "cross-border-groups", country=("MLI",), start=dt.date(2022, 1, 1), neighbour=("BFA",))
    assert {row["across"] for row in beyond.rows if row["group"]} == {"no"}
    assert beyond.rows[0]["deaths_best"] == 0
    assert_opens(world, beyond)


def test_where_parties_were_seen_is_found_once_for_the_same_days_and_releases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, found = world_in(tmp_path), []
    rows = [event("old", "2021-02-01", "NER", 1, **PAIRS[2]), event("new", "2022-02-01", "MLI", 2, **PAIRS[2])]
    put(world.lake, "1", rows, start="2021-01-01")

    def counted(measure: Any, *tables: Any, **said: Any) -> Any:
        if measure is first_countries:
            found.append(said)
        return rows_by(measure, *tables, **said)

    monkeypatch.setattr("harmattan.questions.cross_border_groups.rows_by", counted)

    def both(times: int, **days: dt.date) -> None:
        """Asks about two countries, in this world and in one that knows nothing yet."""
        found.clear()
        answers = [asked(world, "cross-border-groups", country=(code,), **days) for code in ("MLI", "NER")]
        assert len(found) == times
        anew = [asked(World(world.lake), "cross-border-groups", country=(code,), **days) for code in ("MLI", "NER")]
        assert answers == anew

    both(1, start=dt.date(2022, 1, 1))
    both(0, start=dt.date(2022, 1, 1))
    both(1, start=dt.date(2021, 1, 1))
    both(1, start=dt.date(2021, 1, 1), end=dt.date(2021, 12, 31))
    put(world.lake, "2", [event("older", "2021-01-05", "BFA", 1, **PAIRS[2]), *rows], start="2021-01-01")
    both(1, start=dt.date(2022, 1, 1))


def test_the_dossier_says_where_groups_are_based(either: World) -> None:
    answer = asked(
        either, "cross-border-groups", country=("BFA",), start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31)
    )
    jnim = next(row for row in answer.rows if row["group"] == "JNIM")
    assert (jnim["rule"], jnim["base"], jnim["across"], jnim["group_id"]) == ("dossier", "MLI", "yes", "jnim")
    assert (jnim["base_by_first_event"], jnim["base_by_most_events"]) == ("MLI", "MLI")
    vdp = [row for row in answer.rows if row["group"] == "Koglweogo"]
    assert all(row["across"] == "no" for row in vdp)
    assert answer.rows[0]["share_deaths"] > 90
    assert not any(str(row["group"]).startswith("Government") for row in answer.rows)
    assert_opens(either, answer)
    by_actor = asked(either, "cross-border-groups", country=("BFA",), level="actor", start=dt.date(2022, 1, 1))
    assert {row["group_id"] for row in by_actor.rows if row["across"] == "yes"} >= {"jnim", "is-sahel"}
    assert_opens(either, by_actor)


@pytest.mark.data
def test_the_first_event_of_a_group_in_each_country(ingested: World) -> None:
    answer = asked(ingested, "expansion", country=AROUND, actor=("JNIM",))
    assert {row["country"]: row["first"] for row in answer.rows} == FIRST
    assert {row["first_known_to"] for row in answer.rows} == {"day"}
    assert_opens(ingested, answer)
    assert {row["country"]: row["first"] for row in asked(ingested, "expansion", country=AROUND).rows} == FIRST
    late = asked(ingested, "expansion", country=AROUND, actor=("jnim",), level="actor")
    assert {row["country"]: row["first"] for row in late.rows} == FIRST


def test_figures_by_month_give_the_month_and_say_so(embedded: World) -> None:
    answer = asked(embedded, "expansion", country=AROUND, actor=("JNIM",))
    assert {row["country"]: row["first"] for row in answer.rows} == {code: day[:7] for code, day in FIRST.items()}
    assert {row["first_known_to"] for row in answer.rows} == {"month"}
    assert "Figures by month give the first month" in " ".join(map(str, answer.caveats))
    assert_opens(embedded, answer)


def test_new_cells_by_time_are_the_cells_by_first_day(either: World) -> None:
    cells = asked(either, "expansion", country=AROUND, actor=("JNIM",), by=("cell",))
    months = asked(either, "expansion", country=AROUND, actor=("JNIM",), by=("month",))
    halves = asked(either, "expansion", country=AROUND, actor=("JNIM",), by=("half_year",))
    assert (
        sum(row["new_cells"] for row in months.rows) == sum(row["new_cells"] for row in halves.rows) == len(cells.rows)
    )
    for rows in (months.rows, halves.rows):
        seen = 0
        for one in rows:
            assert one["cells_before"] == seen
            seen += one["new_cells"]
    first, *later = cells.rows
    assert (first["cells_before"], first["km_from_centre"], first["nearest_cell"]) == (0, None, None)
    assert all(row["nearest_km"] >= 50 for row in later if row["cells_before"])
    assert_opens(either, halves)


def test_a_range_that_grows_to_the_east_says_so(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    rows = [event(f"e{n}", f"2022-0{n + 1}-01", cell=150000 + n, **PAIRS[2]) for n in range(4)]
    put(world.lake, "1", rows)
    cells = asked(world, "expansion", country=("MLI",), actor=("B",), by=("cell",)).rows
    assert [row["direction"] for row in cells] == [None, "E", "E", "E"]
    assert [row["nearest_cell"] for row in cells] == [None, 150000, 150001, 150002]
    width = cells[1]["nearest_km"]
    assert [row["km_from_centre"] for row in cells[1:]] == [width, pytest.approx(1.5 * width, abs=1), 2 * width]


def test_rows_by_area_rest_on_the_boundaries(world: World) -> None:
    put_areas(world, "v03", [row("Left", (0, 12, 1, 14)), row("Right", (1, 12, 2, 14))], dataset="regions")
    answer = asked(world, "expansion", country=("MLI",), actor=("B",), by=("admin1",))
    assert {row["admin1"]: row["first"] for row in answer.rows} == {"Left": "2022-05-03", "Right": "2022-05-03"}
    assert "regions@v03" in {ref.name for ref in answer.releases}
    assert_opens(world, answer)
    with pytest.raises(UsageError, match="Rows can be by one of"):
        asked(world, "expansion", by=("cell", "month"))


@pytest.mark.data
def test_along_real_boundaries(data_dir: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path, data.RELEASES)
    ingest(lake, "ucdp-ged", [data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz"], Options(label="24.1"),
           retrieved_at=None)  # fmt: skip
    ingest(lake, "boundaries", [data_dir / "geo" / "ne10m_admin0_west_africa.geojson"],
           Options(label="ne", retrieved=dt.date(2020, 1, 1)), retrieved_at=None)  # fmt: skip
    world = World(lake)
    answer = asked(world, "border-violence", country=("MLI",), start=dt.date(2012, 1, 1), end=dt.date(2022, 12, 31))
    whole = sum(row["events"] for row in answer.rows if row["area"] in ("placed", "not_placed"))
    assert whole == 1679
    near = deaths(answer, area="any_border")
    assert near[None, 25] < near[None, 50] < near[None, 100]
    assert {row["drawn"] for row in answer.rows if row["area"] == "border"} == {"boundaries"}
    tri = deaths(answer, area="tri_border")
    assert tri["BFA-MLI-NER", 100] > 500
    assert_opens(world, answer)


@pytest.mark.data
def test_another_country_without_borders_or_dossier_answers_too(data_dir: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path, data.RELEASES)
    ingest(
        lake, "ucdp-ged", [data_dir / "ucdp" / "ged191_syria_events.parquet"], Options(label="19.1"), retrieved_at=None
    )
    world = World(lake)
    answer = ask(world, "border-violence", Params(country=("SYR",)))
    assert "no border is known here" in str(answer.headline)
    assert [row["area"] for row in answer.rows] == ["placed", "not_placed"]
    assert ask(world, "cross-border-groups", Params(country=("SYR",))).rows
    assert ask(world, "expansion", Params(country=("SYR",), by=("half_year",))).rows


@pytest.mark.parametrize("by", ["month", "half_year", "year"])
def test_growth_beyond_what_is_covered_is_empty_and_no_zero(by: str) -> None:
    with world_of([event("1", "2022-03-05", "MLI", 2, actors_a=["A"])]) as world:
        answer = asked(world, "expansion", actor=("A",), by=(by,), end=dt.date(2030, 12, 31))
    assert answer.rows[0]["new_cells"] == 1
    assert (answer.rows[-1]["covered"], answer.rows[-1]["new_cells"], answer.rows[-1]["events"]) == ("no", None, None)
    assert "1 cell." in Speaker("en").say(answer.headline)
