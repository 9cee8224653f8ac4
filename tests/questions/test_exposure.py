"""People near violence: each once a row, nested distances, what is not known said, every row opening to its events."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from harmattan import data
from harmattan.errors import UsageError
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.places.sphere import distance_km
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, keep
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from harmattan.vocabulary.cell import gid_at
from tests.lake.factory import Row, event, put, put_tables, row_of
from tests.places.made import row as area
from tests.questions.test_areas import put_areas
from tests.questions.test_laws import split
from tests.questions.worlds import PAIRS, asked, assert_opens, numbers, world_in

KM_DEG = 1 / 111.195
"""One kilometre along a meridian, in degrees."""


def point(n: int, km_north: float, people: float, *, iso3: str = "MLI", year: int = 2022, **said: Any) -> Row:
    """People at a point some kilometres north of 14.5 N 4.25 W."""
    lat = 14.5 + km_north * KM_DEG
    return row_of(
        "population", f"{iso3}/{year}/{n}/{said}", iso3=iso3, level="grid", lat=lat, lon=-4.25, cell=gid_at(lat, -4.25),
        year=year, sex="all", people=people, **said,
    )  # fmt: skip


GRID = [
    point(n, km, people) for n, (km, people) in enumerate(((0.0, 1), (0.9, 10), (1.5, 100), (4.9, 1000), (7, 10000)))
]
ELSEWHERE = [point(9, 4.5, 50, iso3="NER")]


def put_people(world: World, rows: Iterable[Row], label: str = "1", dataset: str = "worldpop", **said: Any) -> None:
    put_tables(world.lake, label, {"population": rows}, dataset=dataset, **said)


def world_with(folder: Path, events: Sequence[Row], people: Sequence[Row] = (*GRID, *ELSEWHERE)) -> World:
    world = world_in(folder)
    put(world.lake, "1", events)
    if people:
        put_people(world, people)
    return world


def found(world: World, **params: Any) -> Answer:
    answer = asked(world, "exposure", **params)
    assert_opens(world, answer)
    return answer


def near(answer: Answer) -> list[int | None]:
    return [row["people"] for row in answer.rows]


def told(answer: Answer) -> str:
    return " ".join(map(str, (answer.headline, *answer.caveats)))


def test_people_within_each_distance_each_once(tmp_path: Path) -> None:
    world = world_with(tmp_path, [event("a"), event("b", best=5), event("c", "2022-09-01")])
    answer = found(world, country=("MLI",))
    assert [(row["km"], row["people"]) for row in answer.rows] == [(1, 11), (2, 111), (5, 1111)]
    assert [(row["events"], row["deaths_best"], row["places"], row["records"]) for row in answer.rows] == [
        (3, 11, 1, 3)
    ] * 3
    assert {row["people_of"] for row in answer.rows} == {11111}
    assert answer.rows[2]["share"] == 10.0
    assert {row["method"] for row in answer.rows} == {"grid"}
    assert "1,111 people (10.0 %) live within 5 km of violence" in told(answer)
    assert [(ref.name, ref.beside) for ref in answer.releases] == [("made-up@1", False), ("worldpop@1", True)]


def test_people_across_the_border_count_where_their_country_was_asked_about(tmp_path: Path) -> None:
    world = world_with(tmp_path, [event("a")])
    assert near(found(world, km=(5,))) == [1161]
    assert near(found(world, km=(5,), country=("MLI",))) == [1111]
    by_country = found(world, km=(5,), by=("country",))
    assert [(row["country"], row["people"], row["people_of"]) for row in by_country.rows] == [
        ("MLI", 1111, 11111),
        ("NER", 0, 50),
    ]


def test_months_and_actors_stand_for_themselves(tmp_path: Path) -> None:
    events = [event("a", "2022-03-01"), event("b", "2022-03-20", **PAIRS[2]), event("c", "2022-06-01", **PAIRS[3])]
    world = world_with(tmp_path, events)
    months = found(world, km=(2,), by=("month",), country=("MLI",))
    assert {row["period"]: row["people"] for row in months.rows if row["people"]} == {"2022-03": 111, "2022-06": 111}
    assert len(months.rows) == 12
    actors = found(world, km=(2,), by=("actor",), country=("MLI",))
    assert {row["actor"]: (row["people"], row["events"]) for row in actors.rows} == {
        "Government of A": (111, 1), "B": (111, 3), "C": (111, 1)}  # fmt: skip
    only = found(world, km=(2,), by=("actor",), country=("MLI",), actor=("C",))
    assert [row["actor"] for row in only.rows] == ["C"]
    kinds = found(world, km=(2,), by=("kind", "year"), country=("MLI",))
    assert {row["kind"]: row["events"] for row in kinds.rows} == {"state_based": 1, "non_state": 1, "one_sided": 1}
    assert "never added up" in told(kinds)


def test_what_nobody_can_place_is_left_out_and_counted(tmp_path: Path) -> None:
    events = [
        event("a"),
        event("b", best=4, where_precision="admin1"),
        event("c", best=2, lat=None, lon=None, cell=None),
    ]
    answer = found(world_with(tmp_path, events), country=("MLI",), km=(1,))
    assert (answer.rows[0]["people"], answer.rows[0]["events"]) == (11, 1)
    assert "Left out: 2 events with 6 deaths" in told(answer)


def test_points_known_to_25_km_are_named(tmp_path: Path) -> None:
    world = world_with(tmp_path, [event("a", where_precision="near"), event("b")])
    assert "1 event are known to about 25 km only" in told(found(world, country=("MLI",)))


def test_splitting_a_record_changes_no_number_of_people(tmp_path: Path) -> None:
    rows = [
        dict(event(f"e{n}", f"2022-{n + 1:02d}-01", lat=14.5 + n * KM_DEG, best=4)) | {"n_events": 2} for n in range(4)
    ]
    one = world_with(tmp_path / "one", rows)
    two = world_with(tmp_path / "two", [half for row in rows for half in split(row)])
    for by in ((), ("month",), ("cell",), ("actor", "country")):
        assert numbers(found(one, by=by)) == numbers(found(two, by=by))


def test_nothing_happened_is_nobody_and_not_covered_is_nothing(tmp_path: Path) -> None:
    world = world_with(tmp_path, [event("a", "2022-02-01")])
    quiet = found(world, country=("MLI",), start=dt.date(2022, 6, 1), end=dt.date(2022, 8, 31))
    assert [(row["people"], row["events"], row["covered"]) for row in quiet.rows] == [(0, 0, "yes")] * 3
    after = asked(world, "exposure", country=("MLI",), start=dt.date(2023, 6, 1), end=dt.date(2023, 8, 31))
    assert after.rows == ()
    assert str(after.headline).startswith("Not covered")
    years = found(world, country=("MLI",), km=(5,), by=("year",), start=dt.date(2021, 1, 1), end=dt.date(2022, 12, 31))
    assert [(row["people"], row["events"], row["covered"]) for row in years.rows] == [
        (None, None, "no"),
        (1111, 1, "yes"),
    ]


def test_without_a_population_one_line_says_which_data_set_has_one(tmp_path: Path) -> None:
    answer = found(world_with(tmp_path, [event("a")], ()), country=("MLI",))
    assert near(answer) == [None, None, None]
    assert answer.rows[0]["events"] == 1
    assert "no release here says who lives where" in told(answer)
    assert "harmattan fetch worldpop" in told(answer)


def test_the_embedded_figures_have_cells_for_places(embedded: World) -> None:
    answer = ask(embedded, "exposure", Params(country=("MLI",), start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31)))
    assert_opens(embedded, answer)
    assert [(row["km"], row["people"]) for row in answer.rows] == [(None, None)]
    assert answer.rows[0]["events"] > answer.rows[0]["records"] / 2 > 50
    assert "the cell is the place" in told(answer)


def test_by_cell_everybody_in_the_cell_counts(tmp_path: Path) -> None:
    events = [
        event("a"),
        event("b"),
        event("c", lat=15.5, cell=gid_at(15.5, -4.25)),
        event("d", where_precision="admin1"),
    ]
    answer = found(world_with(tmp_path, events), country=("MLI",), by=("cell",))
    assert [(row["cell"], row["people"], row["events"]) for row in answer.rows] == [
        (gid_at(14.5, -4.25), 11111, 2), (gid_at(15.5, -4.25), 0, 1)]  # fmt: skip


def test_figures_by_cell_use_the_cell(tmp_path: Path) -> None:
    cells_only = [event("a", lat=None, lon=None), event("b", "2022-07-01", lat=None, lon=None)]
    answer = found(world_with(tmp_path, cells_only), country=("MLI",))
    assert [(row["km"], row["people"], row["method"]) for row in answer.rows] == [(None, 11111, "cell")]


BOXES = [area("North", (-6, 14, -2, 16), code="ML01"), area("South", (-6, 12, -2, 14), code="ML02")]


def units(year: int = 2022, **people: float) -> list[Row]:
    codes = {"North": "ML01", "South": "ML02"}
    return [
        row_of("population", f"MLI/admin1/{name}/{year}", iso3="MLI", level="admin1", name=name, code=codes.get(name),
               year=year, sex="all", people=n)
        for name, n in people.items()
    ]  # fmt: skip


def test_by_administrative_unit_the_share_of_the_area_counts_and_is_called_a_guess(tmp_path: Path) -> None:
    world = world_with(tmp_path, [event("a", lat=15.0), event("b", lat=15.0)], units(North=1_000_000, South=5))
    assert near(found(world, country=("MLI",))) == [None] * 3
    assert "no boundaries that draw those units" in told(found(world, country=("MLI",)))
    put_areas(world, "v01", BOXES)
    answer = found(world, country=("MLI",), km=(10,))
    size = float(np.diff(np.sin(np.radians([14, 16])))[0] * np.radians(4) * 6371.0072**2)
    assert answer.rows[0]["people"] == pytest.approx(1_000_000 * np.pi * 100 / size, rel=0.01)
    assert answer.rows[0]["method"] == "area_share"
    assert "a rough guess" in told(answer)
    assert [ref.name for ref in answer.releases if ref.beside] == ["drawn@v01", "worldpop@1"]


def test_units_are_matched_by_name_and_what_is_not_drawn_is_said(tmp_path: Path) -> None:
    rows = [dict(row) | {"code": None} for row in units(NORTH=900, Sóuth=800, Lost=30)]
    world = world_with(tmp_path, [event("a", lat=15.0)], rows)
    put_areas(world, "v01", BOXES)
    answer = found(world, country=("MLI",), km=(1000,))
    assert answer.rows[0]["people"] == 1700
    assert "Left out: 1 unit of Mali with 30 people" in told(answer)
    other = world_with(tmp_path / "other", [event("a")], units(Elsewhere=900, North=5))
    put_areas(other, "v01", BOXES)
    assert near(found(other, country=("MLI",))) == [None] * 3, "boundaries of another division do not serve"


def test_a_grid_goes_before_units_and_the_year_is_that_of_the_period(tmp_path: Path) -> None:
    rows = [*GRID, point(20, 0.0, 77, year=2020), point(21, 0.0, 88, year=2025), *units(year=2022, North=500)]
    world = world_with(tmp_path, [event("a"), event("old", "2019-05-01")], rows)
    put(world.lake, "2", [event("a"), event("old", "2019-05-01")], start="2019-01-01", published="2024-01-01")
    assert near(found(world, country=("MLI",), km=(1,), start=dt.date(2022, 1, 1))) == [11]
    early = {"start": dt.date(2019, 1, 1), "end": dt.date(2019, 12, 31)}
    assert near(found(world, country=("MLI",), km=(1,), **early)) == [77], "the first, where none is early enough"
    women = [dict(row) | {"row_id": f"f/{n}", "sex": "female"} for n, row in enumerate(GRID)]
    aged = [dict(row) | {"row_id": f"g/{n}", "age": "0-4"} for n, row in enumerate(GRID)]
    put_people(world, [*GRID, *women, *aged], "2", published="2024-01-01")
    assert near(found(world, country=("MLI",), km=(1,), start=dt.date(2022, 1, 1))) == [11], "and nobody twice"


def test_a_country_without_people_is_named(tmp_path: Path) -> None:
    answer = found(world_with(tmp_path, [event("a")], GRID), km=(1,))
    assert near(answer) == [11]
    assert "(people of Mali only)" in told(answer)


def test_a_kept_answer_is_found_again_after_more_people_came(tmp_path: Path) -> None:
    world = world_with(tmp_path, [event("a")])
    before = found(world, country=("MLI",))
    keep(tmp_path, before)
    put_people(world, [point(1, 0.0, 5)], "2", published="2024-06-30")
    assert near(found(world, country=("MLI",))) != near(before)
    again = answer_of(world, find(tmp_path, before.id))
    assert (again.rows, again.row_criteria) == (before.rows, before.row_criteria)
    empty = world_with(tmp_path / "empty", [event("a")], ())
    nobody = found(empty, country=("MLI",))
    keep(tmp_path, nobody)
    put_people(empty, GRID)
    assert near(answer_of(empty, find(tmp_path, nobody.id))) == [None] * 3


def test_by_month_and_by_year_at_once_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="by month or by year"):
        asked(world_with(tmp_path, [event("a")]), "exposure", by=("month", "year"))


@pytest.fixture(scope="module")
def real(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The event file with the population and the boundaries of the field."""
    lake = Lake(tmp_path_factory.mktemp("living"), data.RELEASES)
    given = Options("1", dt.date(2024, 6, 30))
    for dataset, file in (("ucdp-ged", "ucdp/ged241_westafrica8_events.csv.gz"),
                          ("boundaries", "geo/ne10m_admin1_west_africa.geojson"),
                          ("population", "geo/ocha_codps_adm1_population.csv")):  # fmt: skip
        ingest(lake, dataset, [data_dir / file], given, retrieved_at=None)
    return World(lake)


@pytest.mark.data
def test_people_of_niger_near_violence_as_a_lattice_of_points_has_it(real: World, data_dir: Path) -> None:
    params = Params(country=("NER",), start=dt.date(2021, 1, 1), end=dt.date(2021, 12, 31), km=(5, 20))
    answer = ask(real, "exposure", params)
    assert_opens(real, answer)
    rng = np.random.default_rng(1)
    events = [record for record in _events(real, answer) if record["where_precision"] in ("exact", "near")]
    lat, lon = (np.array([record[name] for record in events]) for name in ("lat", "lon"))
    expected = np.zeros(2)
    for people, shape in _units(data_dir, "NER"):
        west, south, east, north = shapely.bounds(shape)
        x = rng.uniform(west, east, 60_000)
        y = np.degrees(np.arcsin(rng.uniform(np.sin(np.radians(south)), np.sin(np.radians(north)), 60_000)))
        inside = shapely.contains_xy(shape, x, y)
        nearest = np.min([distance_km(y[inside], x[inside], a, o) for a, o in zip(lat, lon, strict=True)], axis=0)
        expected += people * np.array([(nearest <= km).mean() for km in (5, 20)])
    assert [row["people"] for row in answer.rows] == pytest.approx(expected.tolist(), rel=0.05)
    assert answer.rows[0]["people_of"] == sum(people for people, _shape in _units(data_dir, "NER"))


def _events(world: World, answer: Answer) -> list[dict[str, Any]]:
    from harmattan.questions.evidence import opened, rows_of

    return rows_of(opened(world, answer), answer, None).table.to_pylist()  # type: ignore[no-any-return]


def _units(data_dir: Path, iso3: str) -> list[tuple[float, Any]]:
    with (data_dir / "geo" / "ocha_codps_adm1_population.csv").open(encoding="utf-8") as file:
        people = {row["adm1"].casefold(): float(row["pop"]) for row in csv.DictReader(file) if row["iso3"] == iso3}
    drawn = json.loads((data_dir / "geo" / "ne10m_admin1_west_africa.geojson").read_text("utf-8"))["features"]
    own = [feature for feature in drawn if feature["properties"]["iso3"] == iso3]
    named = {feature["properties"]["name"].casefold(): json.dumps(feature["geometry"]) for feature in own}
    assert set(named) == set(people)
    return [(people[name], shapely.from_geojson(shape)) for name, shape in sorted(named.items())]


@pytest.mark.data
def test_distances_nest_and_rows_open_on_the_field(real: World) -> None:
    params: dict[str, Any] = {
        "country": ("MLI", "NER"),
        "start": dt.date(2020, 1, 1),
        "end": dt.date(2022, 12, 31),
        "km": (1, 2, 5, 30),
    }
    for by in ((), ("year", "country"), ("kind",)):
        answer = ask(real, "exposure", Params(by=by, **params))
        assert_opens(real, answer)
        rows = [row["people"] for row in answer.rows]
        for start in range(0, len(rows), 4):
            assert rows[start : start + 4] == sorted(rows[start : start + 4])
    years = ask(real, "exposure", Params(by=("year",), **params)).rows
    whole = ask(real, "exposure", Params(**params)).rows
    for n in range(4):
        own = [row["people"] for row in years[n::4]]
        assert max(own) <= whole[n]["people"] <= sum(own), "a union is no smaller than a part, no larger than all parts"
    assert sum(row["events"] for row in years[::4]) == whole[0]["events"]
