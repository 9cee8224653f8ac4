"""`effect` with a force: violence around places that it left, beside places that it or nobody held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.effect_places import discs, ground
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.vocabulary.period import Month
from tests.lake.factory import Row, event, put
from tests.questions.dossiers import take_in
from tests.questions.turning import arc_km
from tests.questions.worlds import assert_opens, world_in

FIRST, MONTHS = Month(2018, 1), 72
LEFT = {"Ash": (16.0, -4.0, "2021-03"), "Birch": (16.0, 0.0, "2021-05"), "Cedar": (20.0, -4.0, "2021-08"),
        "Dogwood": (20.0, 0.0, "2021-11"), "Elm": (24.0, -4.0, "2022-01")}  # fmt: skip
STAYED = {f"Post {n}": (14.0 + 2 * n, -10.0) for n in range(6)}
NEAR = (16.0, 0.6)
"""64 km from Birch."""


def _base(force: str, place: str, lat: float, lon: float, end: str = "") -> str:
    left = f", to: {end}-12, end: withdrawn" if end else ""
    return (f"  - {{force: {force}, country: MLI, place: {place}, lat: {lat}, lon: {lon}, from: 2015{left}, "
            "cite: [{source: book}]}\n")  # fmt: skip


BASES = """\
actors:
  - {id: blue, kind: foreign_force, label: {en: Blue Force, fr: Force bleue}, short: BLUE, cite: [{source: book}]}
  - {id: green, kind: multilateral_force, label: {en: Green Mission, fr: Mission verte}, short: GREEN,
     cite: [{source: book}]}
  - {id: red, kind: mercenary, label: {en: Red Company, fr: Compagnie rouge}, short: RED, cite: [{source: book}]}
presence:
""" + "".join(
    [
        *(_base("blue", place, lat, lon, end) for place, (lat, lon, end) in LEFT.items()),
        *(_base("green", place, lat, lon) for place, (lat, lon) in STAYED.items()),
        _base("green", "Near", *NEAR),
        _base("green", "Ash", 16.0, -4.0),
        "  - {force: red, country: MLI, place: Elm, lat: 24.0, lon: -4.0, from: 2022-03-02, cite: [{source: book}]}\n",
        _base("green", "Early", 11.0, -7.0, "2018-03"),
    ]
)


def rows(effect: float) -> list[Row]:
    """A Poisson number of deaths at each place and month, and `effect` more where a place was left."""
    rng = np.random.default_rng(3)
    found = []
    for name, (lat, lon, *end) in {**LEFT, **STAYED}.items():
        for at in range(MONTHS):
            month = FIRST + at
            more = effect if end and month >= Month.parse(end[0]) else 0.0
            deaths = int(rng.poisson(4 + more))
            found.append(event(f"{name}-{month}", f"{month}-07", "MLI", deaths, lat=lat + 0.1, lon=lon))
    return [*found, event("between", "2021-06-05", "MLI", 9, lat=16.0, lon=0.32)]


def posts(folder: Path, effect: float = 0.0) -> World:
    """A world of these places."""
    world = world_in(folder)
    put(world.lake, "1", rows(effect), places=("MLI",), start="2018-01-01", end="2023-12-31")
    take_in(world.lake, folder, "bases", BASES)
    return world


@pytest.fixture(scope="module")
def higher(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Six deaths a month more where a place was left."""
    return posts(tmp_path_factory.mktemp("higher"), 6.0)


def effect(world: World, **params: Any) -> Answer:
    return ask(world, "effect", Params(**({"country": ("MLI",), "force": ("blue",), "km": (50.0,)} | params)))


def test_more_deaths_where_places_were_left_are_found(higher: World) -> None:
    (row,) = effect(higher).rows
    assert row["verdict_key"] == "raised", str(row["verdict"])
    assert row["low"] < 6 < row["high"]
    assert abs(row["estimate"] - 6) < 1
    assert row["treated"].split(", ") == list(LEFT)
    assert (row["start"], row["km"], row["controls"]) == ("2021-03/2022-01", 50, 6)


def test_where_nothing_changed_no_effect_is_named(tmp_path: Path) -> None:
    (row,) = effect(posts(tmp_path)).rows
    assert row["verdict_key"] in ("cannot_tell", "refused")


def test_controls_lie_far_and_stood_throughout(higher: World) -> None:
    land = ground(higher, Params(country=("MLI",), force=("blue",)))
    narrow, wide = (discs(land, Params(measure="deaths_best"), km) for km in (25.0, 50.0))
    assert {place.name for place in narrow.of("stayed")} == {*STAYED, "Near"}, "Near is 64 km from a place left"
    assert {place.name for place in wide.of("stayed")} == set(STAYED)
    for one in (narrow, wide):
        assert min(one.outcome.km.values()) > 2 * one.km
        names = dict(zip(one.outcome.units, one.places, strict=True))
        for name, km in one.outcome.km.items():
            own = (names[name].lat, names[name].lon)
            assert km == pytest.approx(min(arc_km(own, (lat, lon)) for lat, lon, _ in LEFT.values()), rel=1e-3)


def test_an_event_counts_once_and_at_the_nearer_place(higher: World) -> None:
    land = ground(higher, Params(country=("MLI",), force=("blue",)))
    one = discs(land, Params(measure="deaths_best"), 25.0)
    listed = np.concatenate(one.events)
    assert len(listed) == len(np.unique(listed))
    at = list(land.marked.table["event_id"].to_pylist()).index("between")
    wide = discs(land, Params(measure="deaths_best"), 100.0)
    whose = [name for name, events in zip(wide.outcome.units, wide.events, strict=True) if at in events]
    assert whose == ["Birch"]
    assert at not in listed, "34 km away"


def test_a_month_is_the_mean_over_the_places_and_months_add_up(higher: World) -> None:
    months = effect(higher, by=("month",)).rows
    assert [row["month"] for row in months] == list(range(-24, 12))
    first = next(row for row in months if row["month"] == 0)
    own = {row["event_id"]: row["deaths_best"] for row in rows(6.0)}
    assert first["observed"] == pytest.approx(
        np.mean([own[f"{name}-{end}"] for name, (*_, end) in LEFT.items()]), abs=1e-3
    )
    assert first["period"] == "2021-03/2022-01"
    (whole,) = effect(higher).rows
    after = [row["effect"] for row in months if row["month"] >= 0]
    assert np.mean(after) == pytest.approx(whole["estimate"], abs=0.02)


@pytest.mark.parametrize("by", [(), ("month",), ("placebo",), ("donor",), ("variant",), ("check",)])
def test_every_row_opens_to_its_records(higher: World, by: tuple[str, ...]) -> None:
    answer = effect(higher, by=by)
    assert answer.rows
    from dataclasses import replace

    some = slice(0, None, max(1, len(answer.rows) // 6))
    assert_opens(higher, replace(answer, rows=answer.rows[some], row_criteria=answer.row_criteria[some]))


def test_who_stayed_and_who_came_is_said(higher: World) -> None:
    said = " ".join(map(str, effect(higher).caveats))
    assert "Another force stayed where one left: GREEN (Ash)." in said
    assert "Another force came within the months after: RED (Elm)." in said
    assert "within 50 km of 5 places that BLUE left and what the same months at 6 places where a force stayed" in said
    assert "1 pair" not in said


def test_radii_are_set_beside_each_other(higher: World) -> None:
    variants = {(row["variant_kind"], row["variant"]): row["estimate"] for row in effect(higher, by=("variant",)).rows}
    assert {("radius", "25"), ("window", "12+12"), ("leave_one_out", "Ash")} <= set(variants)
    answer = effect(higher, km=(25.0, 50.0))
    assert [row["km"] for row in answer.rows] == [25, 50]


def test_wrong_asking_is_told_in_one_line(higher: World) -> None:
    for params, words in (
        ({"force": ("red",)}, "red left no base that is on record"),
        ({"force": ("Purple",)}, "no actor called Purple"),
        ({"donor": ("TCD",)}, "Leave --donor out"),
        ({"design": "sdid"}, "one of a country, not of places"),
        ({"before": 60}, "5 places were left, but the months around them are not covered here."),
        ({"km": (), "force": ()}, "Forces that left places: blue and green"),
    ):
        with pytest.raises(UsageError) as found:
            effect(higher, **params)
        assert words in str(found.value), params
        assert "\n" not in str(found.value)


def test_the_french_bases_beside_places_of_the_same_country(embedded: World) -> None:
    """The worked case from what the package carries: cells of half a degree stand for places, which is said."""
    answer = ask(embedded, "effect", Params(country=("MLI", "BFA", "NER"), force=("barkhane",)))
    (row,) = answer.rows
    assert row["treated"] == "Kidal, Tessalit, Tombouctou, Gossi, Ménaka, Gao"
    assert row["start"] == "2021-10/2022-08"
    assert row["verdict_key"] == "cannot_tell"
    said = " ".join(map(str, answer.caveats))
    assert "Wagner (Gao), Wagner (Gossi), Wagner (Ménaka) and Wagner (Tombouctou)" in said
    assert "MINUSMA (Kidal)" in said
    assert "known by their cell of half a degree only" in said
    donors = ask(embedded, "effect", Params(country=("MLI", "BFA", "NER"), force=("barkhane",), by=("donor",))).rows
    assert {one["role"] for one in donors} == {"stayed", "matched"}
    assert min(one["km"] for one in donors) > 100
    land = ground(embedded, Params(country=("MLI", "BFA", "NER"), force=("barkhane",)))
    matched = discs(land, Params(measure="deaths_best"), 50.0).of("matched")
    assert {place.country for place in matched} == {"MLI"}
    points = [(place.lat, place.lon) for place in matched]
    assert min(arc_km(one, other) for n, one in enumerate(points) for other in points[:n]) > 100
    assert_opens(embedded, answer)
