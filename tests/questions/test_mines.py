"""Violence near mines: sites as the list has them, cells like theirs without, and what the dossier says of mining."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan import data
from harmattan.errors import UsageError
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.places.sphere import distance_km
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, cited_rows, find, keep, opened, rests_on_records, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from harmattan.vocabulary.cell import gid_at
from tests.lake.factory import Row, event, put, put_tables, row_of
from tests.questions.test_laws import split
from tests.questions.worlds import PAIRS, SUMS, asked, assert_opens, numbers, world_in

KM_DEG = 1 / 111.195
MINE = (13.25, -9.75)
"""In the middle of its cell."""
COLUMNS = 6
YEAR: dict[str, Any] = {"country": ("MLI",), "start": dt.date(2022, 1, 1), "end": dt.date(2022, 12, 31)}
SPAN: dict[str, Any] = {"country": ("MLI", "BFA", "NER"), "start": dt.date(2018, 1, 1), "end": dt.date(2022, 12, 31)}


def cell_row(row: int, column: int, iso3: str = "MLI") -> Row:
    lat, lon = 13.25 + row / 2, -9.75 + column / 2
    return {"cell": gid_at(lat, lon), "iso3": iso3, "land_share": 1.0}


CELLS = [cell_row(row, column) for row in range(2) for column in range(COLUMNS)]
"""Two rows of cells of Mali, the mine in the first."""


def facility(id_: str, km_north: float = 0.0, **said: Any) -> Row:
    lat = MINE[0] + km_north * KM_DEG
    row = {"name": id_, "iso3": "MLI", "lat": lat, "lon": MINE[1], "cell": gid_at(lat, MINE[1]), "gold": True,
           "commodities": ["Gold"], "kind": "mine", "usable": True, "in_country": True}  # fmt: skip
    row["iso3_of_point"] = "MLI"
    return row_of("facilities", id_, **(row | said))


def at(id_: str, km_north: float, column: int = 0, day: str = "2022-05-03", **said: Any) -> Row:
    """An event some kilometres north of the middle of a cell of the first row."""
    lat, lon = MINE[0] + km_north * KM_DEG, MINE[1] + column / 2
    return event(id_, day, lat=lat, lon=lon, cell=gid_at(lat, lon), **said)


EVENTS = [
    at("near", 3, best=4),
    at("middling", 20, best=10, **PAIRS[2]),
    at("far", 40, best=100),
    at("other", 2, column=4, best=7),
    at("region", 3, best=1000, where_precision="admin1"),
]


def world_with(folder: Path, events: Sequence[Row], facilities: Sequence[Row], cells: Sequence[Row] = CELLS) -> World:
    world = world_in(folder)
    put(world.lake, "1", events)
    if facilities:
        put_tables(world.lake, "1", {"facilities": facilities}, dataset="gsmc-facilities")
    if cells:
        put_tables(world.lake, "1", {"cells": cells}, dataset="drawn-cells")
    return world


def found(world: World, **params: Any) -> Answer:
    answer = asked(world, "mines", **({"country": ("MLI",)} | params))
    assert_opens(world, answer)
    return answer


def rows(answer: Answer, scope: str, km: float | None = 25) -> list[dict[str, Any]]:
    return [dict(row) for row in answer.rows if row["scope"] == scope and row["km"] == km]


def told(answer: Answer) -> str:
    return " ".join(map(str, (answer.headline, *answer.caveats)))


def test_events_near_a_mine_and_near_cells_without_one(tmp_path: Path) -> None:
    answer = found(world_with(tmp_path, EVENTS, [facility("Pit")]))
    [ten], [near] = rows(answer, "near", 10), rows(answer, "near")
    assert (ten["events"], ten["deaths_best"]) == (1, 4)
    assert (near["events"], near["deaths_low"], near["deaths_best"], near["deaths_high"]) == (2, 14, 14, 16)
    assert (near["places"], near["places_with_violence"], near["deaths_best_per_place"]) == (1, 1, 14)
    assert (near["groups"], near["who"]) == (3, "B, C, Government of A")
    [other], [close] = rows(answer, "matched"), rows(answer, "matched", 10)
    assert (close["events"], close["deaths_best"]) == (1, 7)
    assert (other["events"], other["deaths_best"], other["places_with_violence"]) == (2, 107, 2)
    free = sum(_away(cell) > 50 for cell in CELLS)
    assert other["places"] == free
    assert other["deaths_best_per_place"] == pytest.approx(107 / free, abs=0.001)
    assert "Left out: 1 event with 1,000 deaths" in told(answer)
    assert "does not say that mines are why" in told(answer)


def _away(cell: Row) -> float:
    row, column = divmod(cell["cell"] - 1, 720)
    lat, lon = np.array([row / 2 - 89.75]), np.array([column / 2 - 179.75])
    return float(distance_km(lat, lon, np.array([MINE[0]]), np.array([MINE[1]]))[0])


def test_an_event_near_two_sites_counts_once_together_and_once_for_each(tmp_path: Path) -> None:
    answer = found(world_with(tmp_path, EVENTS, [facility("Pit"), facility("Shaft", 4)]))
    [near], by_site = rows(answer, "near", 10), rows(answer, "site", 10)
    assert near["events"] == 1
    assert {row["site"]: (row["events"], row["deaths_best"]) for row in by_site} == {"Pit": (1, 4), "Shaft": (1, 4)}
    assert near["deaths_best_per_place"] == 4


def test_sites_that_are_no_places_are_left_out_and_counted(tmp_path: Path) -> None:
    sites = [
        facility("Pit"),
        facility("Plant of the pit"),
        facility("Abroad", 5, usable=False, in_country=False, iso3_of_point="NER"),
        facility("Doubtful", 5, usable=False, quality="doubtful"),
        facility("Unchecked", 5, usable=False, in_country=None, iso3_of_point=None),
        facility("Iron", 5, gold=False, commodities=["iron ore"]),
        facility("Elsewhere", 5, iso3="NER"),
    ]
    world = world_with(tmp_path, EVENTS, sites)
    answer = found(world)
    assert [row["site"] for row in rows(answer, "site")] == ["Pit"]
    words = told(answer)
    assert "Left out: 1 site, since they do not lie in the country" in words
    assert "Left out: 1 site, since their publisher doubts where they are" in words
    assert "Left out: 1 site, since no boundaries here say in which country they lie" in words
    assert "1 site at the very point of another" in words
    assert [row["site"] for row in rows(found(world, commodity=("Iron ore",)), "site")] == ["Iron"]
    with pytest.raises(UsageError, match="mines cobalt"):
        asked(world, "mines", country=("MLI",), commodity=("cobalt",))


def test_cells_are_those_with_as_much_violence_before(tmp_path: Path) -> None:
    before = [at("b1", 1, day="2020-05-05", best=30), at("b2", 1, column=3, day="2020-06-05", best=30),
              at("b3", 1, column=5, day="2020-06-05", best=3)]  # fmt: skip
    world = world_with(tmp_path, [], [facility("Pit")])
    put(
        world.lake, "2", [*before, *EVENTS, at("like", 1, column=3, best=9)], start="2019-01-01", published="2024-01-01"
    )
    answer = found(world, start=dt.date(2022, 1, 1))
    [other] = rows(answer, "matched")
    assert (other["places"], other["events"], other["deaths_best_per_place"]) == (1, 1, 9)
    assert "had as many deaths in the 5 years before" in told(answer)
    assert "matched by country only" in told(found(world, start=dt.date(2019, 1, 1)))


def test_a_site_without_a_cell_like_its_own_stands_in_no_mean(tmp_path: Path) -> None:
    before = [at("b1", 1, day="2020-05-05", best=30)]
    world = world_with(tmp_path, [], [facility("Pit"), facility("Second", lon=MINE[1] + 1, cell=CELLS[2]["cell"])])
    put(world.lake, "2", [*before, *EVENTS], start="2019-01-01", published="2024-01-01")
    answer = found(world, start=dt.date(2022, 1, 1))
    assert "No cell is like that of 1 site" in told(answer)
    assert rows(answer, "near")[0]["deaths_best_per_place"] == 0, "the second, near which nothing was"
    assert rows(answer, "near")[0]["deaths_best"] == 14


def test_splitting_a_record_changes_nothing_but_the_number_of_records(tmp_path: Path) -> None:
    whole = [dict(row) | {"n_events": 2} for row in EVENTS]
    one = world_with(tmp_path / "one", whole, [facility("Pit")])
    two = world_with(tmp_path / "two", [half for row in whole for half in split(row)], [facility("Pit")])
    for by in ((), ("year",)):
        assert numbers(found(one, by=by)) == numbers(found(two, by=by))


def test_distances_nest_and_years_add_up(tmp_path: Path) -> None:
    world = world_with(tmp_path, [*EVENTS, at("late", 3, day="2022-12-31")], [facility("Pit")])
    answer = found(world, km=(1, 10, 25, 60))
    assert [row["events"] for row in answer.rows if row["scope"] == "near"] == [0, 2, 3, 4]
    years = found(world, by=("year",))
    assert {row["scope"] for row in years.rows} == {"near", "matched"}
    assert rows(years, "near")[0]["events"] == 3
    empty = found(world, start=dt.date(2022, 7, 1), end=dt.date(2022, 8, 1))
    assert [(row["events"], row["deaths_best"], row["who"]) for row in empty.rows] == [(0, 0, None)] * len(empty.rows)


def test_without_a_list_one_line_says_where_there_is_one(tmp_path: Path) -> None:
    answer = found(world_with(tmp_path, EVENTS, []))
    assert answer.rows == ()
    assert "no release here says where mines are. They come with gsmc-facilities" in told(answer)
    none = found(world_with(tmp_path / "two", EVENTS, [facility("Abroad", usable=False, in_country=False)]))
    assert "has no usable site there" in told(none)


def test_figures_by_cell_use_the_cell(tmp_path: Path) -> None:
    summed = [dict(row) | {"lat": None, "lon": None} for row in EVENTS]
    answer = found(world_with(tmp_path, summed, [facility("Pit")]))
    [near] = rows(answer, "near", None)
    assert (near["events"], near["deaths_best"]) == (2, 14)
    assert "the cell is the place" in told(answer)
    [other] = rows(answer, "matched", None)
    assert (other["events"], other["places"]) == (1, sum(_away(cell) > 1.5 * 0.5 * 111.2 for cell in CELLS))


@pytest.fixture
def bare(tmp_path: Path) -> World:
    return World(Lake(tmp_path / "home", data.RELEASES))


def test_an_empty_home_tells_what_the_dossier_knows(bare: World, tmp_path: Path) -> None:
    answer = ask(bare, "mines", Params(**YEAR))
    assert "gsmc-facilities" in told(answer)
    assert {row["scope"] for row in answer.rows} == {"dossier"}
    figures = {(row["since"], row["value"]) for row in answer.rows if row["value"]}
    assert ("2019", 65.1) in figures
    assert any("mining rights to Lobaye Invest" in str(row["what"]) for row in answer.rows), "a force that is there"
    keep(tmp_path, answer)
    again = answer_of(bare, find(tmp_path, answer.id))
    assert again.rows == answer.rows
    for n in range(len(answer.rows)):
        assert rests_on_records(again, again.evidence(n).criteria)
        assert len(set(cited_rows(bare, again, n).table["record"].to_pylist())) == 1
    early = ask(bare, "mines", Params(country=("MLI",), start=dt.date(2020, 1, 1), end=dt.date(2020, 12, 31)))
    assert not any(str(row["since"]).startswith("2022") for row in early.rows), "nothing that had not happened"
    levels = ask(bare, "mines", Params(level="actor", **YEAR))
    assert [ref.name for ref in levels.releases].count("dossier-sahel@2026.11") == 1


@pytest.fixture(scope="module")
def real(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The event file with the mines of the field, checked against its boundaries."""
    lake = Lake(tmp_path_factory.mktemp("mines"), data.RELEASES)
    given = Options("1", dt.date(2024, 6, 30))
    for dataset, file in (("ucdp-ged", "ucdp/ged241_westafrica8_events.csv.gz"),
                          ("boundaries", "geo/ne10m_admin1_west_africa.geojson"),
                          ("gsmc-facilities", "mining/gsmc_facilities_west_africa.csv")):  # fmt: skip
        ingest(lake, dataset, [data_dir / file], given, retrieved_at=None)
    return World(lake)


@pytest.mark.data
def test_the_mines_of_the_field_as_plain_arithmetic_has_them(real: World, data_dir: Path) -> None:
    answer = ask(real, "mines", Params(**SPAN))
    codes = {"Mali": "MLI", "Burkina Faso": "BFA", "Niger": "NER"}
    with (data_dir / "mining" / "gsmc_facilities_west_africa.csv").open(encoding="utf-8") as file:
        listed = [row for row in csv.DictReader(file) if row["is_gold"] == "True" and row["quality"] == "usable"]
    mines = {(float(row["lat"]), float(row["lon"])): row["name"] for row in listed if row["iso3"] in codes.values()}
    with gzip.open(data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz", "rt", encoding="utf-8") as file:
        events = [row for row in csv.DictReader(file) if row["country"] in codes and row["where_prec"] in ("1", "2")
                  and "2018" <= row["date_start"][:4] <= "2022"]  # fmt: skip
    lat, lon = (np.array([float(row[name]) for row in events]) for name in ("latitude", "longitude"))
    places = np.array(list(mines))
    away = distance_km(lat[:, None], lon[:, None], places[None, :, 0], places[None, :, 1])
    best = np.array([int(row["best"]) for row in events])
    assert len(mines) == len(rows(answer, "site")) == rows(answer, "near")[0]["places"] > 20
    for km in (10, 25):
        [near] = rows(answer, "near", km)
        hit = (away <= km).any(axis=1)
        assert (near["events"], near["deaths_best"]) == (hit.sum(), best[hit].sum())
        assert near["places_with_violence"] == (away <= km).any(axis=0).sum()
        assert near["deaths_best_per_place"] == pytest.approx(
            (best[:, None] * (away <= km)).sum() / len(mines), abs=0.001
        )
    essakane = next(row for row in rows(answer, "site") if row["site"] == "Essakane")
    own = away[:, list(mines.values()).index("Essakane")] <= 25
    assert (essakane["events"], essakane["deaths_best"]) == (own.sum(), best[own].sum())
    [other] = rows(answer, "matched")
    assert other["places"] > 100
    assert 0 < other["places_with_violence"] < other["places"]


@pytest.mark.data
def test_rows_of_the_field_open_to_their_events_or_records(real: World) -> None:
    answer = ask(real, "mines", Params(**SPAN))
    records = opened(real, answer)
    for n, row in enumerate(answer.rows):
        if row["scope"] == "dossier":
            assert row["records"] == 1
            assert rests_on_records(answer, answer.evidence(n).criteria)
            continue
        listed = rows_of(records, answer, n).table.to_pylist()
        assert len(listed) == row["records"]
        for name in SUMS:
            assert sum(record[name] for record in listed) == row[name]
        assert not rests_on_records(answer, answer.evidence(n).criteria)
    near = {key for n, row in enumerate(answer.rows) if row["scope"] == "near" for key in answer.row_criteria[n].keys}
    like = {
        key for n, row in enumerate(answer.rows) if row["scope"] == "matched" for key in answer.row_criteria[n].keys
    }
    assert near
    assert like
    assert not near & like, "no event is on both sides"
