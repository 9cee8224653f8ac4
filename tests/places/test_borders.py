"""Borders on made outlines and cells whose answers can be read off, and the real ones of West Africa."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from harmattan import data
from harmattan.places.areas import Areas
from harmattan.places.borders import Borders, distances, laid_over, named, of_areas, of_cells
from harmattan.places.country import outlines
from harmattan.places.sphere import KM_PER_DEGREE, bearing, middle
from harmattan.places.spread import direction, step
from harmattan.sources import boundaries
from harmattan.sources.reading import Options
from tests.places.made import areas, row

# West and East stand side by side on the equator with a gap of 1.1 km, South below both, Island 55 km off the coast.
MADE = [
    row("w", (0, 0, 2, 2), iso3="AAA", level=0),
    row("e", (2.01, 0, 4, 2), iso3="BBB", level=0),
    row("s1", (0, -2, 2, 0), iso3="CCC"),
    row("s2", (2, -2, 4, -0.01), iso3="CCC"),
    row("i", (4.5, 0, 5, 2), iso3="DDD", level=0),
]


def made(about: tuple[str, ...] = ("AAA", "BBB", "CCC", "DDD")) -> Borders:
    return of_areas(*outlines(areas(*MADE)), about)


def far(borders: Borders, lon: float, lat: float, iso3: str, km: float = 100) -> dict[str, float]:
    found = distances(borders, np.array([lat]), np.array([lon]), np.array([iso3], dtype=object), km)
    return {named(found.codes[line]): round(float(away), 1) for line, away in zip(found.line, found.km, strict=True)}


def test_a_border_is_where_outlines_come_near_and_a_coast_is_none() -> None:
    found = made()
    assert {named(pair) for pair in found.lines} == {"AAA-BBB", "AAA-CCC", "BBB-CCC"}
    assert {named(three) for three in found.meetings} == {"AAA-BBB-CCC"}
    assert found.neighbours("AAA") == ("BBB", "CCC")
    assert found.neighbours("DDD") == ()
    (at,) = found.meetings["AAA", "BBB", "CCC"]
    assert np.allclose(at, (2, 0), atol=0.02)


def test_the_inner_lines_of_a_country_are_no_border() -> None:
    line = made().lines["AAA", "CCC"]
    assert shapely.bounds(line).round(2).tolist() == [0, -0.01, 2, 0]
    assert far(made(), 2.0, -1.0, "CCC", 200) == {"AAA-CCC": 110.1, "BBB-CCC": 110.1, "AAA-BBB-CCC": 111.2}


def test_a_distance_is_the_shortest_on_the_sphere_to_a_border_of_ones_own() -> None:
    assert far(made(), 1.5, 1.0, "AAA") == {"AAA-BBB": 55.6}
    assert far(made(), 1.5, 1.0, "AAA", 130) == {"AAA-BBB": 55.6, "AAA-CCC": 111.2, "AAA-BBB-CCC": 124.3}
    assert far(made(), 1.5, 1.0, "DDD", 500) == {}


def test_a_point_on_the_wrong_side_is_as_far_from_the_border_as_it_is() -> None:
    assert far(made(), 2.11, 1.5, "AAA", 30) == {"AAA-BBB": 11.1}


def test_only_the_countries_asked_about_and_their_neighbours_are_drawn() -> None:
    found = made(("AAA",)).kept(("AAA",))
    assert {named(pair) for pair in found.lines} == {"AAA-BBB", "AAA-CCC"}
    assert {named(codes) for codes in made().kept(("AAA",), ("BBB",)).lines} == {"AAA-BBB"}
    assert not len(made().kept(("DDD",)))


def test_cells_of_two_countries_share_sides_and_of_three_a_corner() -> None:
    # Two rows of three cells: A A B above, A C C below; a cell of nobody beside.
    found = of_cells({721: "A", 722: "A", 723: "B", 1: "A", 2: "C", 3: "C"})
    length = {named(pair): round(shapely.length(line), 2) for pair, line in found.lines.items()}
    assert length == {"A-B": 0.5, "A-C": 1.0, "B-C": 0.5}
    assert {named(codes): at.tolist() for codes, at in found.meetings.items()} == {"A-B-C": [[-179.0, -89.5]]}
    assert set(found.of_cells) == {*found.lines, *found.meetings}


def test_outlines_go_before_cells_where_both_countries_have_them() -> None:
    celled = of_cells({129961: "AAA", 129962: "BBB", 129963: "EEE"})
    found = laid_over(made(), celled, ("AAA", "BBB", "CCC", "DDD"))
    assert {named(codes) for codes in found.of_cells} == {"BBB-EEE"}
    assert shapely.equals(found.lines["AAA", "BBB"], made().lines["AAA", "BBB"])


def test_nothing_is_found_where_nothing_is_known() -> None:
    none = of_areas(*outlines(areas()), ("AAA",))
    assert not len(none)
    assert far(none, 0, 0, "AAA") == {}
    assert far(made(), float("nan"), float("nan"), "AAA") == {}


def test_an_index_finds_what_measuring_everything_finds() -> None:
    rng = np.random.default_rng(7)
    lat, lon = rng.uniform(0.1, 1.9, 200), rng.uniform(0.1, 1.9, 200)
    found = distances(made(), lat, lon, np.full(200, "AAA", dtype=object), 50)
    east = {int(p): km for p, line, km in zip(found.point, found.line, found.km, strict=True)
            if found.codes[line] == ("AAA", "BBB")}  # fmt: skip
    by_hand = (2 - lon) * KM_PER_DEGREE * np.cos(np.radians(lat))
    assert set(east) == set(np.flatnonzero(by_hand <= 50).tolist())
    assert max(abs(east[p] - by_hand[p]) for p in east) < 0.05


def test_the_middle_of_places_and_the_way_from_it() -> None:
    lat, lon = np.array([0.0, 0.0, 0.0, -3.0]), np.array([-1.0, 1.0, 4.0, 0.0])
    assert middle(lat[:2], lon[:2]) == (0.0, 0.0)
    east = step(lat, lon, np.array([2]), np.array([0, 1]))
    assert (east.before, east.nearest, direction(east.bearing or 0)) == (2, 1, "E")
    assert round(east.km or 0) == 445
    assert round(east.nearest_km or 0) == 334
    south = step(lat, lon, np.array([3]), np.array([0, 1]))
    assert (south.bearing, direction(south.bearing or 0)) == (180.0, "S")
    first = step(lat, lon, np.array([0]), np.array([], dtype=int))
    assert (first.before, first.km, first.bearing) == (0, None, None)
    assert round(bearing(52, 0, 52, 10)) == 86


@pytest.mark.data
def test_the_real_outlines_meet_where_the_cells_nearly_do(data_dir: Path, tmp_path: Path) -> None:
    boundaries.read([data_dir / "geo" / "ne10m_admin0_west_africa.geojson"], tmp_path,
                    Options(retrieved=dt.date(2026, 1, 1)))  # fmt: skip
    drawn = of_areas(*outlines(Areas.of(pq.read_table(tmp_path / "areas.parquet"))), ("MLI",)).kept(("MLI",))
    table = pq.read_table(next(data.RELEASES.glob("natural-earth-cells/*/cells.parquet")))
    celled = of_cells(dict(zip(table["cell"].to_pylist(), table["iso3"].to_pylist(), strict=True))).kept(("MLI",))
    assert set(drawn.lines) == set(celled.lines)
    assert set(drawn.meetings) == set(celled.meetings)
    assert drawn.neighbours("MLI") == ("BFA", "CIV", "DZA", "GIN", "MRT", "NER", "SEN")
    for codes, at in drawn.meetings.items():
        assert np.abs(at - celled.meetings[codes]).max() < 0.5, codes
    # The border with Burkina Faso is about 1,200 to 1,350 km long.
    assert 1000 < shapely.length(drawn.lines["BFA", "MLI"]) * KM_PER_DEGREE < 1500
