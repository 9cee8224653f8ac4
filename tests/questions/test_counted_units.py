"""Counts by unit and period: nobody looked is not zero, imprecise dates keep their totals, and rows open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import UsageError
from harmattan.questions.counted_periods import Periods, Placed
from harmattan.questions.counted_units import Counted, counted_units, framed
from harmattan.questions.parameters import Params
from harmattan.questions.unit_order import order_of_cells, orders
from harmattan.questions.world import World
from harmattan.vocabulary.period import Period
from tests.lake.factory import Row, day, event, put
from tests.questions.worlds import PAIRS, world_in

YEARS = Period(dt.date(2020, 1, 1), dt.date(2022, 12, 31))
ROWS: list[Row] = [
    event(f"c{n}", f"{2020 + n // 24}-{n // 2 % 12 + 1:02d}-{n % 28 + 1:02d}", ("MLI", "NER", "BFA")[n % 3], n % 5,
          **PAIRS[n % 4])
    for n in range(72)
]  # fmt: skip
PLACES: dict[str, Any] = {"places": ("MLI", "NER", "BFA", "SEN"), "start": "2020-01-01", "end": "2022-12-31"}


def made(folder: Path, rows: list[Row], **said: Any) -> World:
    world = world_in(folder)
    put(world.lake, "1", rows, **(PLACES | said))
    return world


def count(world: World, **said: Any) -> Counted:
    params = Params(**({"country": ("MLI", "NER", "BFA"), "measure": "events"} | said))
    scope, periods = framed(world, params)
    assert periods is not None
    return counted_units(world, scope, periods)


def series(found: Counted, key: str) -> Any:
    return found.counts.values[found.counts.units.index(key)]


def test_an_event_counts_in_its_month_and_a_month_without_one_is_zero(tmp_path: Path) -> None:
    found = count(made(tmp_path, ROWS))
    assert found.counts.units == ("BFA", "MLI", "NER"), "so that no number hangs on the order of the words"
    assert found.listed == ("MLI", "NER", "BFA")
    assert (found.counts.starts[0], found.counts.starts[-1]) == (dt.date(2020, 1, 1), dt.date(2022, 12, 1))
    for key in found.counts.units:
        months = [0.0] * 36
        for row in ROWS:
            if row["iso3"] == key:
                months[12 * (row["date_start"].year - 2020) + row["date_start"].month - 1] += 1
        assert series(found, key).tolist() == months
    assert found.loose == 0


def test_what_nobody_looked_at_is_no_zero(tmp_path: Path) -> None:
    world = made(tmp_path, [row for row in ROWS if row["iso3"] != "BFA"], places=("MLI", "NER"))
    put(world.lake, "2", [row for row in ROWS if row["iso3"] == "BFA" and row["date_start"] >= day("2020-06-15")],
        places=("BFA",), start="2020-06-15", end="2022-12-31")  # fmt: skip
    found = count(world)
    unseen = np.isnan(series(found, "BFA"))
    assert unseen.tolist() == [True] * 6 + [False] * 30
    assert not np.isnan(series(found, "MLI")).any()


def test_deaths_that_the_source_does_not_give_are_no_zero(tmp_path: Path) -> None:
    rows = [dict(row) | ({"deaths_civilians": None} if n == 3 else {}) for n, row in enumerate(ROWS)]
    found = count(made(tmp_path, rows), measure="deaths_civilians")
    assert np.isnan(series(found, "MLI")[1])
    assert np.isfinite(series(found, "MLI")[[0, 2, 3]]).all()


def test_a_record_over_two_months_is_spread_by_its_days_or_left_out(tmp_path: Path) -> None:
    long = [event("long", "2020-03-22", "MLI", 31, n_events=4, date_end=day("2020-04-30"), date_precision="longer")]
    base = count(made(tmp_path / "a", ROWS))
    world = made(tmp_path / "b", [*ROWS, *long])
    spread, dropped = count(world), count(world, dates="drop")
    more = series(spread, "MLI") - series(base, "MLI")
    assert more[:6].tolist() == [0, 0, 1, 3, 0, 0]
    assert (series(dropped, "MLI") == series(base, "MLI")).all()
    assert (spread.loose, dropped.loose) == (4, 4)
    for one, other in ((spread, dropped), (dropped, spread)):
        assert (one.counts.values == other.otherwise.values).all()


def test_weeks_begin_on_monday_and_only_whole_ones_count(tmp_path: Path) -> None:
    found = count(made(tmp_path, ROWS), every="week")
    assert {start.weekday() for start in found.counts.starts} == {0}
    assert found.counts.starts[0] == dt.date(2020, 1, 6)
    assert found.periods.last_day == dt.date(2022, 12, 25)
    after = [row for row in ROWS if dt.date(2020, 1, 6) <= row["date_start"] <= dt.date(2022, 12, 25)]
    assert found.counts.values.sum() == len(after)


def test_a_lone_day_known_to_the_month_may_lie_in_any_week_of_it(tmp_path: Path) -> None:
    vague = event("vague", "2020-09-01", "MLI", 3, n_events=5, date_precision="month")
    base, found = (count(made(tmp_path / name, rows), every="week")
                   for name, rows in (("a", ROWS), ("b", [*ROWS, vague])))  # fmt: skip
    more = series(found, "MLI") - series(base, "MLI")
    weeks = [found.counts.starts[n] for n in np.flatnonzero(more)]
    assert more.sum() == 5
    assert weeks[0] >= dt.date(2020, 8, 31)
    assert weeks[-1] <= dt.date(2020, 9, 28)
    assert len(weeks) >= 4
    assert found.loose == 5


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 800), st.integers(0, 200), st.integers(0, 9), st.integers(0, 1)), max_size=30),
       st.sampled_from(["month", "week", "day"]))  # fmt: skip
def test_spreading_keeps_whole_numbers_and_every_total(records: list[tuple[int, int, int, int]], every: Any) -> None:
    periods = Periods.within(YEARS, every)
    assert periods is not None
    base = np.datetime64(periods.starts[0])
    first = base + np.array([one[0] for one in records], dtype=int)
    last = first + np.array([one[1] for one in records], dtype=int)
    value, unit = (np.array([one[n] for one in records], dtype=int) for n in (2, 3))
    placed = Placed.of(periods, first, last, np.array(["days"] * len(records), dtype=object))
    seen = np.ones((2, len(periods)), dtype=bool)
    found = placed.counted(unit, value.astype(float), seen, spread=True)
    assert (found == np.round(found)).all()
    assert (found >= 0).all()
    assert [found[n].sum() for n in (0, 1)] == [value[unit == n].sum() for n in (0, 1)]


def test_nothing_is_spread_into_periods_that_nobody_looked_at() -> None:
    periods = Periods.within(YEARS, "month")
    assert periods is not None
    first, last = np.array(["2020-01-15"], "datetime64[D]"), np.array(["2020-04-15"], "datetime64[D]")
    seen = np.ones((1, 36), dtype=bool)
    seen[0, 1:3] = False
    placed = Placed.of(periods, first, last, np.array(["longer"], dtype=object))
    found = placed.counted(np.array([0]), np.array([10.0]), seen, spread=True)[0]
    assert np.isnan(found[1:3]).all()
    assert found[[0, 3]].tolist() == [5, 5]


def test_groups_in_countries_are_units_of_their_own(tmp_path: Path) -> None:
    rows = [*ROWS, event("both", "2020-02-02", "MLI", 1, actors_a=["B"], actors_b=["C"])]
    found = count(made(tmp_path, rows), by=("group",), actor=("B", "C"))
    assert {str(unit.name) for unit in found.units} >= {"B in Mali", "C in Mali"}
    of_b = [row for row in rows if row["iso3"] == "MLI" and "B" in (*row["actors_a"], *row["actors_b"])]
    assert series(found, "B|MLI").sum() == len(of_b)


def test_how_units_lie_to_each_other() -> None:
    chain = np.zeros((4, 4), dtype=bool)
    for one, two in ((0, 1), (1, 2)):
        chain[one, two] = chain[two, one] = True
    assert orders(chain).tolist() == [[0, 1, 2, -1], [1, 0, 1, -1], [2, 1, 0, -1], [-1, -1, -1, 0]]
    assert order_of_cells([150000, 150001, 150722]).tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0]]


def test_sums_by_month_are_refused_where_weeks_are_asked_for(embedded: World) -> None:
    with pytest.raises(UsageError, match="sums by month: weeks cannot be counted") as fault:
        framed(embedded, Params(country=("MLI", "BFA"), every="week", measure="events"))
    assert "ucdp-ged-cells@24.1" in str(fault.value)
    assert "harmattan ingest ucdp-ged" in str(fault.value)


def test_too_few_months_or_units_are_refused_in_one_line(embedded: World) -> None:
    five = ("MLI", "BFA")
    with pytest.raises(UsageError, match="Only 3 months of the time asked about are covered"):
        count(embedded, country=five, start=dt.date(2022, 1, 1), end=dt.date(2022, 3, 31))
    with pytest.raises(UsageError, match="Mali is the only one asked about"):
        count(embedded, country=("MLI",))
    with pytest.raises(UsageError, match="only Mali has 10 events"):
        count(embedded, country=("MLI", "GNB"))
    with pytest.raises(UsageError, match="No whole month lies between"):
        count(embedded, country=five, start=dt.date(2022, 1, 5), end=dt.date(2022, 1, 20))


def test_twelve_years_are_counted_where_no_first_day_is_said(embedded: World) -> None:
    found = count(embedded, country=("MLI", "BFA"))
    assert found.periods.days == Period(dt.date(2012, 1, 1), dt.date(2023, 12, 31))
    early = count(embedded, country=("MLI", "BFA"), as_of=dt.date(2022, 10, 15))
    assert early.periods.days == Period(dt.date(2010, 10, 1), dt.date(2022, 9, 30))


@pytest.mark.data
def test_the_event_file_has_as_many_events_as_the_figures(embedded: World, ingested: World) -> None:
    """Counts of known size: 2,120 events of Mali to 2023, of which 1,998 since 2012."""
    one, other = (count(world, country=("MLI", "BFA", "NER", "BEN", "TGO")) for world in (embedded, ingested))
    assert one.counts.values.sum(axis=1).tolist() == other.counts.values.sum(axis=1).tolist()
    assert one.counts.values.sum(axis=1).tolist()[1:3] == [1504, 1998]
    assert other.loose == 107
