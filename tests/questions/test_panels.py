"""The panel of months: nothing happened and nobody looked are two things, and what is not placed is counted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from harmattan.errors import UsageError
from harmattan.models.panel import Panel
from harmattan.questions.panels import Unplaced, monthly
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.vocabulary.cell import neighbours
from harmattan.vocabulary.period import Month
from tests.lake.factory import event, put, put_tables
from tests.questions.worlds import CELLS, world_in


def series(panel: Panel, unit: str, name: str = "") -> list[Any]:
    values = panel.beside[name] if name else panel.values
    return [None if np.isnan(value) else value for value in values[panel.units.index(unit)]]


def a_world(folder: Path) -> World:
    """Mali from January and Niger from March to December 2022."""
    world = world_in(folder)
    rows = [event("a", "2022-02-28", best=3, n_events=2), event("b", "2022-02-03", best=4),
            event("c", "2022-11-30", best=9)]  # fmt: skip
    put(world.lake, "1", rows, places=("MLI",))
    more = [event("d", "2022-03-01", "NER", 5)]
    put(world.lake, "2", more, dataset="made-more", places=("NER",), start="2022-02-10")
    return world


def test_zero_inside_what_is_covered_and_nothing_outside(tmp_path: Path) -> None:
    found = monthly(a_world(tmp_path), Params(country=("MLI",), as_of=dt.date(2022, 5, 31)))
    assert found.panel.units == ("MLI", "NER")
    assert (found.panel.first, found.origin) == (Month(2022, 1), Month(2022, 5))
    assert series(found.panel, "MLI") == [0, 7, 0, 0, 0]
    assert series(found.panel, "NER") == [None, None, 5, 0, 0], "February is covered in part only"
    assert series(found.panel, "MLI", "events") == [0, 3, 0, 0, 0]
    assert series(found.panel, "NER", "events") == [None, None, 1, 0, 0]


@pytest.mark.parametrize(
    ("day", "last"),
    [("2022-06-29", "2022-05"), ("2022-06-30", "2022-06"), ("2022-12-31", "2022-12"), (None, "2022-12")],
)
def test_it_ends_with_the_last_whole_month(tmp_path: Path, day: str | None, last: str) -> None:
    as_of = dt.date.fromisoformat(day) if day else None
    assert str(monthly(a_world(tmp_path), Params(country=("MLI",), as_of=as_of)).origin) == last


def test_it_ends_where_the_country_asked_about_ends(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", [event("a", "2022-02-03")], places=("MLI",), end="2022-09-15")
    put(world.lake, "2", [event("b", "2022-02-03", "NER")], dataset="made-more", places=("NER",))
    assert str(monthly(world, Params(country=("MLI",))).origin) == "2022-08"
    assert str(monthly(world, Params(country=("NER",))).origin) == "2022-12"
    both = monthly(world, Params(country=("NER", "MLI")))
    assert str(both.origin) == "2022-12"
    assert series(both.panel, "MLI")[-5:] == [0, None, None, None, None]
    assert (both.known_until("MLI"), both.known_until("SEN")) == (Month(2022, 8), None)


def test_months_that_two_releases_have_in_parts_are_whole(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "old", [event("a", "2022-06-03", best=2)], places=("MLI",), end="2022-06-20")
    late = [event("b", "2022-06-25", best=5)]
    put(world.lake, "c1", late, places=("MLI",), status="candidate", start="2022-06-21", end="2022-07-31")
    assert series(monthly(world, Params(country=("MLI",))).panel, "MLI")[-2:] == [7, 0]


def test_the_as_of_date_hides_what_came_later(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    early = monthly(world, Params(country=("MLI",), as_of=dt.date(2022, 10, 31))).panel
    late = monthly(world, Params(country=("MLI",))).panel
    np.testing.assert_array_equal(early.values, late.until(early.last).values)
    assert np.nansum(early.values) == 12
    assert np.nansum(late.values) == 21


def test_where_nothing_is_covered_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="whole months of Mali"):
        monthly(a_world(tmp_path), Params(country=("MLI",), as_of=dt.date(2021, 12, 31)))
    with pytest.raises(UsageError, match="whole months of Senegal"):
        monthly(a_world(tmp_path), Params(country=("SEN",)), "cell")


def test_cells_that_are_quiet_are_there_and_what_has_no_cell_is_counted(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    one, east, north = CELLS
    rows = [event("a", "2022-02-03", best=3, cell=one), event("b", "2022-02-20", "NER", 4, cell=one),
            event("c", "2022-03-03", best=6, cell=north, where_precision="country", n_events=2),
            event("d", "2022-04-03", "NER", 1, cell=160000)]  # fmt: skip
    put(world.lake, "1", rows)
    table = [
        {"cell": gid, "iso3": iso3, "land_share": 1.0}
        for gid, iso3 in ((one, "MLI"), (east, "MLI"), (north, "NER"), (1, "SEN"))
    ]
    put_cells(world, table)
    found = monthly(world, Params(country=("MLI", "NER"), as_of=dt.date(2022, 4, 30)), "cell")
    assert found.panel.units == tuple(map(str, sorted((one, east, north, 160000))))
    assert series(found.panel, str(one)) == [0, 7, 0, 0]
    assert series(found.panel, str(one), "events") == [0, 2, 0, 0]
    assert series(found.panel, str(east)) == [0, 0, 0, 0]
    assert found.unplaced == {"MLI": Unplaced(2, 6)}
    assert found.country_of[str(north)] == "NER"
    assert found.country_of["160000"] == "NER", "a cell that the table lacks is its events'"
    near = [found.panel.units[n] for n in found.panel.neighbours[found.panel.units.index(str(one))]]
    assert near == [str(gid) for gid in neighbours(one) if gid in CELLS]
    assert [held.release.name for held in found.holds] == ["made-up@1", "made-cells@1"]
    total = sum(row["deaths_best"] for row in rows) - 6
    assert np.nansum(found.panel.values) == total


def put_cells(world: World, rows: list[dict[str, Any]]) -> None:
    """A table that says which country each cell lies mostly in."""
    put_tables(world.lake, "1", {"cells": rows}, dataset="made-cells", status="figures")


def test_the_embedded_figures(embedded: World) -> None:
    found = monthly(embedded, Params(country=("MLI", "NER"), as_of=dt.date(2022, 10, 31)))
    assert len(found.panel.units) == 124
    assert {"NGA+NER", "NER", "MLI", "SYR"} <= set(found.panel.units)
    assert "NGA" not in found.panel.units
    assert series(found.panel, "MLI")[-12:] == [40, 169, 188, 205, 1359, 149, 214, 323, 116, 274, 134, 262]
    assert (found.panel.first, found.panel.last) == (Month(1989, 1), Month(2022, 10))
    assert not np.isnan(found.panel.values).any()


def test_the_embedded_cells_add_up_to_the_countries(embedded: World) -> None:
    params = Params(country=("MLI", "BFA", "NER"), as_of=dt.date(2022, 10, 31))
    countries, cells = monthly(embedded, params).panel, monthly(embedded, params, "cell")
    placed = np.nansum(cells.panel.values)
    lost = sum(one.deaths for one in cells.unplaced.values())
    assert placed + lost == sum(countries.values[countries.units.index(code)].sum() for code in params.country)
    assert len(cells.panel.units) > 900
    assert (cells.panel.values.sum(axis=1) == 0).sum() > 400, "quiet cells are there as zeros"


@pytest.mark.data
def test_the_panel_has_the_numbers_of_the_reference_file(embedded: World, data_dir: Path) -> None:
    columns = ["country_iso3", "year_month", "ucdp_event_count", "ucdp_fatalities_best"]
    path = data_dir / "ucdp" / "country_month_ged251_to_2023.parquet"
    table = pq.read_table(
        path, columns=columns, filters=[("year_month", ">=", "2018-01"), ("year_month", "<=", "2018-12")]
    )
    panel = monthly(embedded, Params(country=("SYR",), as_of=dt.date(2018, 12, 31))).panel
    finer = set(embedded.lake.find("ucdp-ged-cells@24.1").release.coverage.places)
    compared = 0
    for row in table.to_pylist():
        unit = row["country_iso3"]
        if unit not in panel.units or unit in finer:
            continue
        at = (panel.units.index(unit), Month.parse(row["year_month"]) - panel.first)
        assert panel.values[at] == row["ucdp_fatalities_best"], row
        assert panel.beside["events"][at] == row["ucdp_event_count"], row
        compared += 1
    assert compared > 1000


def test_another_family_is_asked_for_by_its_name(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", [event("a", "2022-02-03", best=3)], dataset="ucdp-made")
    protest = {"event_type": "Protests", "sub_event_type": "Peaceful protest"}
    battle = {"event_type": "Battles", "sub_event_type": "Armed clash"}
    rows = [event("b", "2022-02-03", best=8, **battle), event("c", "2022-02-04", best=0, **protest)]
    put(world.lake, "1", rows, dataset="acled-made")
    base = Params(country=("MLI",), as_of=dt.date(2022, 2, 28))
    assert series(monthly(world, base).panel, "MLI") == [0, 3]
    acled = monthly(world, Params(**(vars(base) | {"source": "acled"}))).panel
    assert series(acled, "MLI") == [0, 8]
    assert series(acled, "MLI", "events") == [0, 1], "protests are no violence"
