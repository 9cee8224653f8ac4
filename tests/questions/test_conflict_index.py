"""The conflict index: known answers, no hidden weights, ranks that no unit moves, and what cannot be known said."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import itertools
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import Kept, answer_of
from harmattan.questions.index_ranks import INDICATORS, Choice, Inputs, all_choices, ranking, ranks, scaled, sizes
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from tests.lake.factory import Row, day, event, put, put_tables, row_of
from tests.places.made import row as area
from tests.questions.conftest import EVENT_FILE
from tests.questions.test_acled_questions import add_acled
from tests.questions.test_areas import put_areas
from tests.questions.worlds import PAIRS, asked, assert_opens, event_rows, world_in, world_of
from tests.sources.acled_rows import attack, battle, protest

SOME = settings(max_examples=6, derandomize=True, deadline=None)
SAHEL = ("MLI", "BFA", "NER", "BEN", "TGO", "CIV", "SEN")
YEAR = dt.date(2022, 12, 31)
RANKED = ("rank", "rank_from", "rank_to", "rank_held", *(f"{name}_rank" for name in INDICATORS))
THREE: dict[str, Any] = {"places": ("BFA", "MLI", "NER")}


def index(world: World, country: tuple[str, ...] = ("MLI", "NER"), **params: Any) -> Answer:
    return asked(world, "conflict-index", country=country, **params)


def by_country(found: Answer) -> dict[str, Any]:
    return {row["country"]: row for row in found.rows}


def said(found: Answer) -> str:
    return " ".join(map(str, (found.headline, *found.caveats)))


@pytest.fixture(scope="module")
def file_rows(data_dir: Path) -> list[dict[str, str]]:
    """The publisher's own rows of 2022."""
    with gzip.open(data_dir / EVENT_FILE, "rt", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["date_start"].startswith("2022")]


def test_known_answers_of_2022(either: World) -> None:
    found = by_country(index(either, SAHEL, as_of=YEAR))
    mali = found["MLI"]
    assert (mali["events"], mali["deaths_best"]) == (408, 3650)
    pairs = asked(either, "casualties", country=("MLI",), start=dt.date(2022, 1, 1), end=YEAR, by=("dyad",)).rows
    against = {row["dyad"]: row["events"] for row in pairs if str(row["dyad"]).endswith(" - Civilians")}
    assert against["IS - Civilians"] + against["JNIM - Civilians"] + against["Government of Mali - Civilians"] == 97
    assert mali["danger"] == sum(against.values()) == 104
    assert {"IS", "JNIM"} <= set(mali["groups"].split("; "))
    assert not any(name.startswith("Government of") for row in found.values() for name in row["groups"].split("; "))
    assert (mali["rank"], found["BFA"]["rank"], found["NER"]["rank"]) == (1, 2, 3)
    assert found["TGO"]["fragmentation"] == 1


@pytest.mark.data
def test_the_inputs_are_what_the_file_says(ingested: World, file_rows: list[dict[str, str]]) -> None:
    names = {"MLI": "Mali", "BFA": "Burkina Faso", "NER": "Niger", "BEN": "Benin", "TGO": "Togo"}
    found = by_country(index(ingested, tuple(names), as_of=YEAR, at_least=1))
    for code, name in names.items():
        own = [row for row in file_rows if row["country"] == name]
        row = found[code]
        for estimate in ("low", "best", "high"):
            assert row[f"deaths_{estimate}"] == sum(int(one[estimate]) for one in own)
        assert row["danger"] == sum(one["type_of_violence"] == "3" for one in own)
        sides = {one[side] for one in own for side in ("side_a", "side_b")}
        parties = {part for side in sides for part in side.split(", ")}
        armed = {part for part in parties if not part.startswith("Government of") and part != "Civilians"}
        assert row["fragmentation"] == len(armed), (armed, row["groups"])
        exact = [(float(one["latitude"]), float(one["longitude"])) for one in own if one["where_prec"] == "1"]
        assert row["squares_high"] == len({_square(*point) for point in exact})
        assert row["diffusion"] == pytest.approx(100 * row["squares_high"] / row["squares"], abs=1e-3)


def _square(lat: float, lon: float) -> tuple[int, int]:
    true = math.cos(math.pi / 6)
    east = 6371.0072 * true * math.radians(lon + 180)
    north = 6371.0072 * (math.sin(math.radians(lat)) + 1) / true
    return math.floor(east / 10), math.floor(north / 10)


@pytest.mark.data
def test_embedded_figures_and_events_differ_in_the_squares_alone(ingested: World, embedded: World) -> None:
    one, other = (by_country(index(world, SAHEL, as_of=YEAR)) for world in (ingested, embedded))
    same = ("events", "deaths_low", "deaths_best", "deaths_high", "danger", "fragmentation", "groups")
    assert {code: [row[name] for name in same] for code, row in one.items()} == {
        code: [row[name] for name in same] for code, row in other.items()
    }
    assert one["MLI"]["squares"] == pytest.approx(12_400, rel=0.03), "1.24 million km²"
    assert other["MLI"]["squares"] == 425


def test_the_size_is_the_mean_of_what_is_shown(either: World) -> None:
    found = index(either, SAHEL, as_of=YEAR, at_least=3)
    for row in found.rows:
        parts = [row[f"{name}_scaled"] for name in INDICATORS]
        assert row["size"] == pytest.approx(sum(parts) / 4, abs=1e-4)
        assert all(0 <= part <= 1 for part in parts)
        assert row["rank_from"] <= row["rank"] <= row["rank_to"]
        assert row["rank"] == 1 + sum(other["size"] > row["size"] for other in found.rows)
        assert (row["rank_held"] == 100) == (row["rank_from"] == row["rank_to"])
    for name, column in (("deadliness", "deaths_best"), ("danger", "danger"), ("fragmentation", "fragmentation")):
        values = [row[column] for row in found.rows]
        assert [row[f"{name}_rank"] for row in found.rows] == [1 + sum(v > w for v in values) for w in values]


def test_the_most_severe_comes_first_and_what_is_not_covered_last(either: World) -> None:
    found = index(either, ("FRA", *SAHEL), as_of=YEAR)
    assert [row["rank"] for row in found.rows[:-1]] == sorted(row["rank"] for row in found.rows[:-1])
    last = found.rows[-1]
    assert (last["country"], last["covered"], last["events"], last["size"], last["rank"]) == (
        "FRA", "no", None, None, None,
    )  # fmt: skip
    assert "Not covered: France" in said(found)


@SOME
@given(event_rows(complete=True))
def test_a_change_of_units_moves_no_rank(rows: list[Row]) -> None:
    def in_thousandths(row: Row) -> Row:
        return dict(row) | {name: 1000 * row[name] for name in ("deaths_low", "deaths_best", "deaths_high")}

    with world_of(rows, **THREE) as one, world_of([in_thousandths(row) for row in rows], **THREE) as other:
        mine, theirs = (index(world, THREE["places"], at_least=2) for world in (one, other))
    unit = ("country", "size", "moved_by", *RANKED, *(f"{name}_scaled" for name in INDICATORS))
    assert [[str(row[name]) for name in unit] for row in mine.rows] == [
        [str(row[name]) for name in unit] for row in theirs.rows
    ]


@pytest.mark.parametrize("logs", [False, True])
@pytest.mark.parametrize("unit", [1e-3, 0.7, 1000.0])
def test_no_unit_of_any_indicator_moves_a_rank(logs: bool, unit: float) -> None:
    dice = np.random.default_rng(7)
    for _ in range(20):
        values = dice.poisson(3, size=(4, 6)).astype(float)
        inputs = [
            Inputs({"best": own[0], "low": own[0] / 2}, own[1], {(10, False): own[2]}, own[3])
            for own in (values, *(values * np.where(np.arange(4) == at, unit, 1)[:, None] for at in range(4)))
        ]
        main = Choice(at_least=10, logs=logs)
        first, *others = (ranking(one, main) for one in inputs)
        for other in others:
            assert (first.rank == other.rank).all()
            assert (first.rank_from == other.rank_from).all()
            assert (first.rank_to == other.rank_to).all()


def test_every_combination_of_choices_is_gone_through() -> None:
    ones = np.arange(3.0)
    shares = dict.fromkeys(itertools.product((10, 1), (False, True)), ones)
    inputs = Inputs({"best": ones, "low": ones, "high": ones}, ones, shares, ones)
    found = all_choices(inputs, Choice(at_least=10))
    assert len(found) == len(set(found)) == 5 * 2 * 3 * 2 * 2
    assert found[0] == Choice(at_least=10)
    assert set(ranking(inputs, found[0]).rank_to) == {1, 2, 3}


def test_an_indicator_left_out_moves_the_rank_and_is_named() -> None:
    inputs = Inputs({"best": np.array([9.0, 8, 0])}, np.array([5.0, 6, 0]), {}, np.array([3.0, 1, 0]))
    made = ranking(inputs, Choice())
    assert made.rank.tolist() == [1, 2, 3]
    assert (made.rank_from.tolist(), made.rank_to.tolist()) == ([1, 1, 3], [2, 2, 3])
    assert ("without", "fragmentation") in made.moved[0]
    assert made.moved[2] == []
    assert "diffusion" not in made.scaled


def test_scaling_of_equal_values_is_zero_and_equal_sizes_share_a_rank() -> None:
    assert scaled(np.array([4.0, 4.0])).tolist() == [0, 0]
    assert scaled(np.array([0.0, 0.0]), logs=True).tolist() == [0, 0]
    assert ranks(np.array([0.1 + 0.2, 0.3, 0.2])).tolist() == [1, 1, 3]
    inputs = Inputs({"best": np.zeros(2)}, np.zeros(2), {}, np.zeros(2))
    assert sizes(inputs, Choice()).tolist() == [0, 0]


def test_rows_open_and_the_answer_is_given_again(either: World) -> None:
    found = index(either, ("MLI", "TGO", "FRA"), as_of=YEAR, at_least=2)
    assert_opens(either, found)
    again = answer_of(either, Kept.of(found))
    assert (again.rows, str(again.headline), again.id) == (found.rows, str(found.headline), found.id)
    assert {ref.name: ref.beside for ref in found.releases}["natural-earth-cells@10m"]


def test_no_country_and_a_start_are_refused(embedded: World) -> None:
    with pytest.raises(UsageError, match="No country is named"):
        ask(embedded, "conflict-index", Params())
    with pytest.raises(UsageError, match="takes no --from"):
        ask(embedded, "conflict-index", Params(country=("MLI",), start=YEAR))


def test_one_country_alone_has_inputs_and_no_rank(embedded: World) -> None:
    found = index(embedded, ("MLI",), as_of=YEAR)
    (row,) = found.rows
    assert (row["deaths_best"], row["size"], row["rank"]) == (3650, None, None)
    assert "an index compares countries" in said(found)


def test_a_quiet_country_is_zero_inside_what_is_covered_and_nothing_outside() -> None:
    with world_of([event("a", best=5)], **THREE) as world:
        found = index(world, ("MLI", "NER", "BFA"))
        niger = by_country(found)["NER"]
        assert (niger["events"], niger["deaths_best"], niger["fragmentation"], niger["size"]) == (0, 0, 0, 0.0)
        late = index(world, end=dt.date(2024, 6, 30))
    assert late.rows == ()
    assert said(late).startswith("Not covered")


def test_a_country_covered_in_part_has_inputs_and_no_rank(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", [event("a", best=5)], places=("MLI",))
    put(world.lake, "2", [event("b", best=3, iso3="NER"), event("c", best=2, iso3="BFA")], places=("BFA",))
    put(world.lake, "3", [event("d", best=3, iso3="NER")], places=("NER",), start="2022-04-01")
    found = index(world, ("MLI", "NER", "BFA"), as_of=YEAR)
    niger = by_country(found)["NER"]
    assert (niger["covered"], niger["deaths_best"], niger["rank"], niger["size"]) == ("partly", 3, None, None)
    assert [row["rank"] for row in found.rows] == [1, 2, None]
    assert "only in part of the window and so without a rank: Niger" in said(found)


def test_a_window_of_figures_ends_with_a_month(embedded: World) -> None:
    found = index(embedded, ("MLI", "BFA"), as_of=dt.date(2022, 10, 15))
    assert {(row["window_start"], row["window_end"]) for row in found.rows} == {("2021-10-01", "2022-09-30")}
    assert by_country(found)["MLI"]["deaths_best"] == 3335
    assert "ends on 30 September 2022" in said(found)


@pytest.mark.data
def test_a_window_of_events_ends_on_the_day(ingested: World) -> None:
    found = by_country(index(ingested, ("MLI", "BFA"), as_of=dt.date(2022, 10, 15)))
    assert (found["MLI"]["window_start"], found["MLI"]["deaths_best"]) == ("2021-10-16", 3292)


def test_events_known_to_a_region_only_are_in_no_square_and_counted() -> None:
    rows = [event("a", n_events=3), event("b", where_precision="admin1", n_events=2),
            event("c", where_precision="near", lat=16.0), event("d", iso3="NER")]  # fmt: skip
    with world_of(rows) as world:
        put_areas(world, "1", [area("M", (-5, 10, 0, 20), area_km2=1000.0), area("M2", (0, 10, 1, 20), area_km2=500.0),
                               area("N", (5, 10, 9, 20), iso3="NER", area_km2=1000.0)])  # fmt: skip
        found = index(world, at_least=1)
    mali = by_country(found)["MLI"]
    assert (mali["squares_high"], mali["squares"], mali["diffusion"]) == (1, 15, round(100 / 15, 4))
    assert "In no square: 2 events known to a district" in said(found)
    assert "by the area within ingested boundaries: Mali and Niger" in said(found)
    assert "drawn@1" in {ref.name for ref in found.releases}


def test_land_that_nothing_draws_leaves_diffusion_out_of_every_size() -> None:
    with world_of([event("a"), event("b", iso3="NER", best=1)]) as world:
        found = index(world)
    assert all(row["diffusion"] is None and row["diffusion_scaled"] is None for row in found.rows)
    assert by_country(found)["MLI"]["size"] == round(1 / 3, 4), "the deadliest of two alike in everything else"
    assert "Nothing here draws Mali and Niger" in said(found)
    assert "in no size: diffusion" in said(found)


def test_where_people_live_decides_which_squares_count(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    places = [(14.5, -4.25, 60.0), (14.501, -4.251, 60.0), (16.5, -1.0, 99.0), (13.0, -8.0, 5000.0)]
    put(world.lake, "1", [event("a"), event("b", lat=16.5, lon=-1.0), event("c", iso3="NER")])
    put_areas(world, "1", [area("M", (-5, 10, 0, 20), area_km2=1000.0),
                           area("N", (5, 10, 9, 20), iso3="NER", area_km2=1000.0)])  # fmt: skip
    before = index(world, at_least=1)
    people = [row_of("population", f"MLI/{year}/{n}", iso3="MLI", level="grid", year=year, sex="all", lat=lat, lon=lon,
                     cell=1, people=some if year == 2022 else 1.0)
              for year in (2020, 2022, 2025) for n, (lat, lon, some) in enumerate(places)]  # fmt: skip
    put_tables(world.lake, "1", {"population": people}, dataset="peopled", places=("MLI",))
    found = index(world, at_least=1)
    mali = by_country(found)["MLI"]
    assert (by_country(before)["MLI"]["squares_high"], by_country(before)["MLI"]["squares"]) == (2, 10)
    assert (mali["squares_high"], mali["squares"], mali["diffusion"]) == (1, 2, 50.0)
    assert "Only squares with at least 100 people count: Mali." in said(found)
    assert "peopled@1" in {ref.name for ref in found.releases}
    assert answer_of(world, Kept.of(before)).rows == before.rows, "what came later changes no answer given before"
    assert_opens(world, found)


def test_acled_groups_are_told_apart_by_their_kind(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    add_acled(
        world,
        tmp_path,
        [
            battle(1, inter1="State forces", actor1="Military Forces of Mali (2021-)"),
            battle(2, actor2="Unidentified Armed Group (Mali)"),
            attack(3, actor1="Gamma Guard", inter1="4"),
            protest(4),
            battle(5, iso="562", country="Niger", actor1="Wagner Group", inter1="8", actor2="Beta Front"),
        ],
    )
    put(world.lake, "24.1", [event("u1", best=100)], dataset="ucdp-ged")
    found = index(world, source="acled", end=YEAR)
    rows = by_country(found)
    assert (rows["MLI"]["groups"], rows["NER"]["groups"]) == ("Alpha Front; Beta Front; Gamma Guard", "Beta Front")
    assert (rows["MLI"]["events"], rows["MLI"]["danger"], rows["MLI"]["deaths_low"]) == (3, 1, None)
    assert "rebel groups, political and identity militias" in said(found)
    assert "one-sided" not in said(found)
    assert_opens(world, found)
    with pytest.raises(UsageError, match="no event types"):
        index(world, event_type=("Battles",))


def test_pairs_of_actors_split_over_records_are_counted_once() -> None:
    rows = [event(f"e{n}", f"2022-{n + 1:02d}-03", **PAIRS[n % 4]) for n in range(8)]
    with world_of(rows) as world:
        found = by_country(index(world, as_of=day("2022-12-31")))
    names = Counter(found["MLI"]["groups"].split("; "))
    assert names == Counter(["B", "C", "D"])
