"""`vacuum`: violence around places that a force left, beside places where one stayed."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest

from harmattan import data
from harmattan.errors import UsageError
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, keep, opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.vocabulary.cell import gid_at
from tests.lake.factory import put_tables, row_of
from tests.questions.conftest import EVENT_FILE
from tests.questions.turning import (
    EVENTS,
    LEFT,
    STAYED,
    arc_km,
    at,
    away,
    counted_rows,
    month_in,
    month_number,
    total,
    valley,
)
from tests.questions.worlds import assert_opens, numbers


def vacuum(world: World, **params: Any) -> Answer:
    return ask(world, "vacuum", Params(**({"country": ("MLI",), "window": 3, "km": (50.0,)} | params)))


def rows_at(answer: Answer, place: str | None, km: float = 50.0) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of a place by side and time; of all places where it is None."""
    return {(row["around"], row["when"]): dict(row) for row in answer.rows if (row["place"], row["km"]) == (place, km)}


def test_the_months_around_a_place_that_was_left(tmp_path: Path) -> None:
    found = rows_at(vacuum(valley(tmp_path)), "Left")
    assert [(key, row["events"], row["deaths_best"], row["bases"]) for key, row in found.items()] == [
        (("closed", "before"), 2, 5, 1),
        (("closed", "after"), 1, 10, 1),
        (("stayed", "before"), 1, 5, 2),
        (("stayed", "after"), 1, 1, 2),
        (("both", "both"), 5, 21, 2),
    ]
    before, both = found["closed", "before"], found["both", "both"]
    assert (before["closed"], before["start"], before["until"]) == ("2022-06", "2022-03-01", "2022-05-31")
    assert (str(before["force"]), before["how_ended"], str(before["successor"])) == ("BLUE", "handed_over", "GOV")
    assert both["index"] == round(math.log(10.5 / 5.5) - math.log(1.5 / 5.5), 3)
    high = math.log(11.5 / 7.5) - math.log(2.5 / 6.5)
    assert (both["index_low"], both["index_high"]) == (round(high, 3), both["index"])
    assert both["index_events"] == round(math.log(1.5 / 2.5) - math.log(1.5 / 1.5), 3)


def test_what_stayed_is_far_enough_and_was_there_throughout(tmp_path: Path) -> None:
    """At 25 km the base 64 km away stands beside; at 50 km it does not, at 220 the one 427 km away does not.

    New came too late, Vague may have left, and Late left after the last month.
    """
    kms = (25.0, 50.0, 200.0, 220.0, 400.0)
    answer = vacuum(valley(tmp_path), km=kms)
    sides = [rows_at(answer, "Left", km)["stayed", "after"] for km in kms]
    assert [row["bases"] for row in sides] == [3, 2, 2, 1, 0]
    assert [row["events"] for row in sides] == [2, 1, 1, 0, None]
    assert rows_at(answer, "Left", 400.0)["both", "both"]["index"] is None


def _key(row: Any) -> tuple[Any, ...]:
    return row["place"], row["km"], row["around"], row["when"]


def test_distances_nest(tmp_path: Path) -> None:
    world = valley(tmp_path)
    kms = (25.0, 50.0, 100.0)
    answer = vacuum(world, km=kms)
    records = opened(world, answer)
    for when, expected in (("before", [1, 2, 2]), ("after", [1, 1, 3])):
        listed: list[set[str]] = []
        for km in kms:
            wanted = ("Left", km, "closed", when)
            at_ = next(n for n, row in enumerate(answer.rows) if _key(row) == wanted)
            listed.append({row["event_id"] for row in rows_of(records, answer, at_).table.to_pylist()})
        assert listed[0] <= listed[1] <= listed[2]
        assert [len(one) for one in listed] == expected


def test_every_row_opens_to_its_records(tmp_path: Path) -> None:
    world = valley(tmp_path)
    for params in ({}, {"by": ("month",)}, {"start": dt.date(2022, 6, 1), "end": dt.date(2022, 6, 30)},
                   {"km": (25.0, 100.0), "window": 2}, {"as_of": dt.date(2022, 9, 15)}):  # fmt: skip
        assert_opens(world, vacuum(world, **params))


def test_splitting_a_record_changes_nothing_but_the_number_of_records(tmp_path: Path) -> None:
    halves = []
    for row in EVENTS:
        one, other = dict(row), dict(row) | {"event_id": f"{row['event_id']}2", "n_events": 0}
        for name in ("deaths_low", "deaths_best", "deaths_high"):
            one[name], other[name] = row[name] // 2, row[name] - row[name] // 2
        halves += [one, other]
    whole, split = valley(tmp_path / "whole"), valley(tmp_path / "split", halves)
    for params in ({"km": (25.0, 50.0, 100.0)}, {"by": ("month",)}):
        assert numbers(vacuum(whole, **params)) == numbers(vacuum(split, **params))


def test_an_empty_window_is_zero_inside_coverage_and_empty_outside(tmp_path: Path) -> None:
    world = valley(tmp_path, [at("far", "2022-01-01", 1, (10.0, 10.0))])
    answer = vacuum(world)
    inside, outside = rows_at(answer, "Left"), rows_at(answer, "Late")
    assert {row["deaths_best"] for row in inside.values()} == {0}
    assert inside["both", "both"]["index"] == 0
    assert {(row["events"], row["index"], row["covered"]) for row in outside.values()} == {(None, None, "no")}
    assert rows_at(answer, None)["closed", "after"]["bases"] == 1
    assert any("run out of what is covered" in str(caveat) for caveat in answer.caveats)
    cut = rows_at(vacuum(world, as_of=dt.date(2022, 8, 31)), "Left")
    assert {row["events"] for row in cut.values()} == {None}


def test_where_nothing_is_covered_it_says_so(tmp_path: Path) -> None:
    answer = vacuum(valley(tmp_path), country=("BFA",))
    assert answer.rows == ()
    assert str(answer.headline).startswith("Not covered")


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    said = " ".join(map(str, vacuum(valley(tmp_path)).caveats))
    assert "1 base at Nowhere (MLI)" in said
    assert "not known within six months when they ended: 1 base" in said
    assert "1 event coded to a district" in said
    assert "no effect" in said


def test_by_month_the_mean_is_over_the_places(tmp_path: Path) -> None:
    answer = vacuum(valley(tmp_path), by=("month",))
    got = {(row["around"], row["month"]): (row["bases"], row["mean_best"], row["events"]) for row in answer.rows}
    assert [got["closed", n] for n in range(-3, 4)] == [
        (1, 2, 1), (1, 0, 0), (1, 3, 1), (1, 50, 1), (1, 10, 1), (1, 0, 0), (1, 0, 0)
    ]  # fmt: skip
    assert (got["stayed", -2], got["stayed", 2]) == ((1, 2.5, 1), (1, 0.5, 1))


def test_two_forces_that_left_one_place_in_one_month_are_one_and_others_near_are_marked(tmp_path: Path) -> None:
    world = valley(tmp_path)
    more = [
        _shown("GREY", month, place, point)
        for month in ("2021-12-01", "2022-03-01", "2022-06-01", "2022-09-01")
        for place, point in (("Left", (16.01, 0.01)), ("Beside", (16.0, 0.5)), ("Other", (8.0, 1.0)))
        if place == "Other" or month < "2022-04-01"
    ]
    put_tables(world.lake, "1", {"deployments": more}, dataset="geo-pko", start="2021-12-01", end="2022-09-30")
    answer = vacuum(world)
    places = {row["place"]: row for row in answer.rows if row["place"]}
    assert set(places) == {"Left", "Late", "Beside"}
    assert str(places["Left"]["force"]) == "BLUE, GREY"
    assert (places["Left"]["closed"], places["Beside"]["closed"]) == ("2022-03/2022-06", "2022-03/2022-06")
    assert (places["Left"]["overlaps"], places["Beside"]["overlaps"], places["Late"]["overlaps"]) == (1, 1, 0)
    assert places["Beside"]["source"] == "geo-pko@1"
    assert_opens(world, answer)


def _shown(mission: str, month: str, place: str, point: tuple[float, float]) -> Any:
    """A base on a map."""
    said = {"mission": mission, "iso3": "MLI", "as_of": dt.date.fromisoformat(month), "source": "map", "place": place}
    listed: dict[str, Any] = {"roles": [], "contributors": []}
    return row_of("deployments", f"{place} {month}", lat=point[0], lon=point[1], troops=100.0, **said, **listed)


def test_a_base_that_one_map_leaves_out_did_not_end(tmp_path: Path) -> None:
    world = valley(tmp_path)
    months = [f"2022-{month:02d}-01" for month in range(1, 10)]
    rows = [_shown("GREY", m, "Other", (8.0, 1.0)) for m in months]
    rows += [_shown("GREY", m, "Flicker", (18.0, 4.0)) for m in months if m != "2022-05-01"]
    put_tables(world.lake, "1", {"deployments": rows}, dataset="geo-pko", start="2022-01-01", end="2022-09-30")
    assert "Flicker" not in {row["place"] for row in vacuum(world).rows}


def test_a_force_can_be_chosen(tmp_path: Path) -> None:
    world = valley(tmp_path)
    assert {row["place"] for row in vacuum(world, force=("Blue Force",)).rows} == {None, "Left", "Late"}
    assert {row["place"] for row in vacuum(world, force=("green",)).rows} == {None}
    with pytest.raises(UsageError, match="called Purple"):
        vacuum(world, force=("Purple",))


def test_a_kept_answer_is_found_again_and_opens_the_months_around(tmp_path: Path) -> None:
    world = valley(tmp_path)
    answer = vacuum(world, start=dt.date(2022, 6, 1), end=dt.date(2022, 6, 30))
    keep(world.lake.home, answer)
    again = answer_of(world, find(world.lake.home, answer.id))
    assert (again.rows, again.row_criteria) == (answer.rows, answer.row_criteria)
    assert rows_at(again, "Left")["closed", "before"]["deaths_best"] == 5


def test_the_middle_of_a_cell_stands_for_the_place_and_that_is_said(tmp_path: Path) -> None:
    of_cell = dict(at("c1", "2022-07-01", 3, STAYED)) | {"lat": None, "lon": None, "cell": gid_at(*STAYED)}
    world = valley(tmp_path, [of_cell, at("c2", "2022-07-01", 3, LEFT)])
    assert rows_at(vacuum(world), "Left")["stayed", "after"]["events"] == 1
    assert any("known by their cell" in str(caveat) for caveat in vacuum(world).caveats)


def test_the_embedded_figures_answer(embedded: World) -> None:
    answer = vacuum(embedded, force=("Barkhane",), km=(50.0, 100.0), window=12)
    assert {row["place"] for row in answer.rows} == {None, "Kidal", "Tessalit", "Tombouctou", "Gossi", "Ménaka", "Gao"}
    assert_opens(embedded, answer)


# --- The event file of the field, counted again without any of the code that is tested.

FRENCH = {"Kidal": "2021-10", "Tessalit": "2021-11", "Tombouctou": "2021-12", "Gossi": "2022-04", "Ménaka": "2022-06",
          "Gao": "2022-08"}  # fmt: skip
WHERE = {"Kidal": (18.44111, 1.40778), "Tessalit": (20.20126, 1.01186), "Tombouctou": (16.77348, -3.00742),
         "Gossi": (15.82299, -1.30065), "Ménaka": (15.9182, 2.4022), "Gao": (16.27167, -0.04472)}  # fmt: skip
"""Where the bases were, from the dossier's other bases at the same places."""


@pytest.mark.data
def test_the_french_bases_of_2021_and_2022_counted_again(ingested: World, data_dir: Path) -> None:
    kms, months = (25.0, 50.0, 100.0), 12
    answer = vacuum(ingested, force=("Barkhane",), km=kms, window=months, start=dt.date(2021, 1, 1))
    table = counted_rows(data_dir / EVENT_FILE)
    some = 0
    for place, month in FRENCH.items():
        closed = month_number(month)
        spans = {"before": range(closed - months, closed), "after": range(closed + 1, closed + months + 1)}
        for km in kms:
            rows = rows_at(answer, place, km)
            for when, span in spans.items():
                own = [row for row in table if month_in(row) in span and away(row, WHERE[place]) <= km]
                sums = (total(own, name) for name in ("low", "best", "high", "deaths_civilians"))
                names = ("events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians")
                found = rows["closed", when]
                assert tuple(found[name] for name in names) == (len(own), *sums), (place, km, when)
                some += len(own)
    assert some > 100
    assert_opens(ingested, answer)


@pytest.mark.data
def test_the_index_of_a_french_base_counted_again(ingested: World, data_dir: Path) -> None:
    """Tombouctou: the places of MINUSMA that stayed all the while and that nobody else left."""
    answer = vacuum(ingested, force=("Barkhane",), window=12, start=dt.date(2021, 12, 1), end=dt.date(2021, 12, 31))
    rows = rows_at(answer, "Tombouctou")
    first, last = dt.date(2020, 12, 1), dt.date(2022, 12, 31)
    bases = [p for p in ingested.told(Params()).book.presence if p.country == "MLI" and p.kind != "mission"]
    ended = [p for p in bases if p.end and (p.end.earliest or p.validity.first) <= last
             and (p.end.latest or last) >= first]  # fmt: skip
    gone = {part for p in ended for part in str(p.place).split("/")}
    kept = [(p.lat, p.lon or 0.0) for p in bases if p.force == "minusma" and p.lat is not None
            and p.validity.holds(first) == p.validity.holds(last) == "yes"
            and not gone & set(str(p.place).split("/"))]  # fmt: skip
    far = [point for point in kept if arc_km(point, WHERE["Tombouctou"]) > 100]
    assert rows["stayed", "before"]["bases"] == len(far) > 0
    near = [row for row in counted_rows(data_dir / EVENT_FILE) if any(away(row, point) <= 50 for point in far)]
    closed = month_number("2021-12")
    before = total((row for row in near if closed - 12 <= month_in(row) < closed), "best")
    after = total((row for row in near if closed < month_in(row) <= closed + 12), "best")
    assert [rows["stayed", when]["deaths_best"] for when in ("before", "after")] == [before, after]
    own = [rows["closed", when]["deaths_best"] for when in ("before", "after")]
    expected = math.log((own[1] + 0.5) / (own[0] + 0.5)) - math.log((after + 0.5) / (before + 0.5))
    assert rows["both", "both"]["index"] == round(expected, 3)


@pytest.mark.data
def test_the_maps_of_deployments_add_only_what_the_dossier_has_not(tmp_path: Path, data_dir: Path) -> None:
    """MINUSMA's bases stand in the dossier with their days; its own maps say the same later and count nothing again."""
    from harmattan.ingest import ingest
    from harmattan.sources.reading import Options

    before = vacuum(World(Lake(tmp_path, data.RELEASES)), window=6)
    world = World(Lake(tmp_path, data.RELEASES))
    path = data_dir / "peacekeeping" / "geopko_v2x_1994_2020.parquet"
    held = ingest(
        world.lake, "geo-pko", [path], Options(label="2.x"), retrieved_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    assert held is not None
    after = vacuum(world, window=6)
    assert [row["place"] for row in after.rows] == [row["place"] for row in before.rows]
    assert any("stand in the dossier too" in str(caveat) for caveat in after.caveats)
