"""`force-months`: bases by distance and time."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest

from harmattan.questions.answer import Answer
from harmattan.questions.evidence import closed_in
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.vocabulary.cell import gid_at
from tests.lake.factory import put_tables, row_of
from tests.questions.turning import valley

YEAR: dict[str, Any] = {"start": dt.date(2022, 1, 1), "end": dt.date(2022, 12, 31)}
NEAR_KM = 64.13
"""From Left to Near: 0.6 degrees of longitude at 16 degrees north."""


def force_months(world: World, **params: Any) -> Answer:
    return ask(world, "force-months", Params(**({"country": ("MLI",)} | params)))


def of(answer: Answer, column: str = "base_months", key: str = "place") -> dict[Any, Any]:
    return {row[key]: row[column] for row in answer.rows}


def test_a_base_counts_by_its_distance_in_every_month_in_which_it_stood(tmp_path: Path) -> None:
    found = of(force_months(valley(tmp_path), **YEAR))
    weight = math.exp(-NEAR_KM / 50)
    assert found["Left"] == pytest.approx(6 + 12 * weight, abs=0.01)
    assert found["Near"] == pytest.approx(12 + 6 * weight, abs=0.01)
    assert (found["Stayed"], found["New"], found["Late"]) == (12, 8, 11)
    assert "Nowhere" not in found
    wider = of(force_months(valley(tmp_path / "wide"), km=(25.0,), **YEAR))
    assert wider["Left"] == pytest.approx(6 + 12 * math.exp(-NEAR_KM / 25), abs=0.01)
    none = of(force_months(valley(tmp_path / "near"), km=(20.0,), **YEAR))
    assert none["Left"] == 6, "three times 20 km are less than the 64 km between them"


def test_dates_known_in_part_count_in_the_higher_number_only(tmp_path: Path) -> None:
    """Vague left at some time of 2022: it stood for certain in January, when its last day was not yet past."""
    answer = force_months(valley(tmp_path), **YEAR)
    low, high = of(answer)["Vague"], of(answer, "base_months_high")["Vague"]
    assert (low, high) == (1, 12)


def test_strength_counts_where_somebody_reported_it(tmp_path: Path) -> None:
    answer = force_months(valley(tmp_path), force=("blue",), **YEAR)
    assert of(answer, "troop_months")["Left"] == 5 * 300, "five months from February to June"
    assert of(answer, "unknown")["Left"] == pytest.approx(100 / 6, abs=0.1)
    assert of(answer, "troop_months")["Late"] is None


def test_months_alone_add_bases_without_distance(tmp_path: Path) -> None:
    answer = force_months(valley(tmp_path), by=("month",), force=("blue",), **YEAR)
    assert list(of(answer, key="month").values()) == [2] * 6 + [1] * 5 + [0]


def test_places_and_months_add_up_to_places(tmp_path: Path) -> None:
    world = valley(tmp_path)
    both = force_months(world, by=("place", "month"), **YEAR)
    sums: dict[str, float] = {}
    for row in both.rows:
        sums[row["place"]] = sums.get(row["place"], 0) + row["base_months_high"]
    assert sums == pytest.approx(of(force_months(world, **YEAR), "base_months_high"), abs=0.02)


def test_cells_are_weighed_by_their_middles(tmp_path: Path) -> None:
    found = of(force_months(valley(tmp_path), by=("cell",), force=("green",), **YEAR), key="cell")
    gid = gid_at(16.1, -3.9)
    north, east = math.radians(0.25) * 6371.0072, math.radians(0.25) * 6371.0072 * math.cos(math.radians(16.125))
    assert found[gid] == pytest.approx(12 * math.exp(-math.hypot(north, east) / 50), rel=0.005)


def test_every_row_opens_to_as_many_records_as_it_says(tmp_path: Path) -> None:
    world = valley(tmp_path)
    shown = [
        row_of("deployments", f"g{month}", mission="GREY", iso3="MLI", as_of=dt.date(2022, month, 1), source="map",
               place="Grey", lat=16.0, lon=0.1, troops=50.0, roles=[], contributors=[])
        for month in (2, 5)
    ]  # fmt: skip
    put_tables(world.lake, "1", {"deployments": shown}, dataset="geo-pko", redistributable=False)
    inquiry = Inquiry(world.lake)
    answer = inquiry.ask("force-months", Params(country=("MLI",), **YEAR))
    grey = next(n for n, row in enumerate(answer.rows) if row["place"] == "Grey")
    row = answer.rows[grey]
    assert (row["source"], row["base_months"], row["troop_months"], row["start"], row["until"]) == (
        "geo-pko@1", 4, 200, "2022-01", "2022-05")  # fmt: skip
    for n, one in enumerate(answer.rows):
        listed = inquiry.rows(answer, n)
        names = set(zip(listed.table["list"].to_pylist(), listed.table["record"].to_pylist(), strict=True)) \
            if listed.cited else set(listed.table["row_id"].to_pylist())  # fmt: skip
        assert len(names) == one["records"] == answer.evidence(n).rows
    assert [ref.name for ref in closed_in(answer, grey)] == ["geo-pko@1"]
    assert closed_in(answer, 0) == []


def test_what_no_source_tells_is_said(tmp_path: Path) -> None:
    answer = force_months(valley(tmp_path), country=("SEN",))
    assert answer.rows == ()
    assert "no base" in str(answer.headline)


def test_the_embedded_dossier_answers(embedded: World) -> None:
    answer = force_months(embedded, by=("month",), force=("Barkhane",), start=dt.date(2021, 10, 1),
                          end=dt.date(2022, 9, 30))  # fmt: skip
    assert list(of(answer, key="month").values()) == [6, 5, 4, 3, 3, 3, 3, 2, 2, 1, 1, 0]
