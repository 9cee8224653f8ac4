"""A selection opened as one table: every record once, in the release that speaks for it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from harmattan.lake.select import resolve, select
from harmattan.lake.shelf import Lake
from harmattan.lake.tables import connect, events, table
from harmattan.vocabulary.period import Month, Period
from harmattan.vocabulary.schema import EVENTS
from tests.lake.factory import BY_MONTH, Row, day, event, lake_in, put


def opened(lake: Lake, start: str, end: str, countries: Sequence[str] = ("MLI",), **known: Any) -> list[Row]:
    """All records of a selection, by id."""
    selection = resolve(select(lake, "events", **known), countries, Period(day(start), day(end)))
    rows: list[Row] = events(connect(), selection).to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: row["event_id"])


def candidate(lake: Lake, first: int, rows: Sequence[Row], last: int | None = None) -> None:
    """A candidate file of one month of 2024, or of several, published in the month that follows."""
    months = Period.months(Month(2024, first), Month(2024, last or first))
    put(
        lake,
        f"24.0.{last or first}",
        rows,
        status="candidate",
        start=months.start.isoformat(),
        end=months.end.isoformat(),
        published=f"{months.last_month + 1}-28",
    )


def test_no_slices_give_an_empty_table_with_the_contracts_columns(tmp_path: Path) -> None:
    selection = resolve([], ["MLI"], Period(day("2022-01-01"), day("2022-12-31")))
    found = events(connect(), selection).to_pyarrow()
    assert found.num_rows == 0
    assert found.schema.names == [*EVENTS.names, "release"]
    assert [found.schema.field(c.name).type for c in EVENTS.columns] == [c.type for c in EVENTS.columns]


def test_records_outside_the_slice_are_left_out(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1", [event("in"), event("late", "2022-06-01"), event("abroad", iso3="NER")])
    assert [row["event_id"] for row in opened(lake, "2022-01-01", "2022-05-31")] == ["in"]


def test_the_newest_final_speaks_where_it_covers_and_the_older_elsewhere(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "23.1", [event("1", "2021-05-01"), event("2", "2022-05-01"), event("gone", "2022-06-01")],
        start="2021-01-01", published="2023-06-30")  # fmt: skip
    put(lake, "24.1", [event("2", "2022-05-01", best=8), event("3", "2022-07-01")], published="2024-06-30")
    found = [(r["event_id"], r["deaths_best"], r["release"]) for r in opened(lake, "2021-01-01", "2022-12-31")]
    assert found == [("1", 3, "made-up@23.1"), ("2", 8, "made-up@24.1"), ("3", 3, "made-up@24.1")]
    known = [row["event_id"] for row in opened(lake, "2021-01-01", "2022-12-31", known_by=day("2023-12-31"))]
    assert known == ["1", "2", "gone"]


def test_candidates_follow_the_final_file_and_never_overlap_it(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "24.1", [event("1", "2023-12-31")], end="2023-12-31", published="2024-06-30")
    candidate(lake, 1, [event("1", "2023-12-31", best=50), event("2", "2024-01-05")])
    found = [(row["event_id"], row["deaths_best"]) for row in opened(lake, "2022-01-01", "2024-01-31")]
    assert found == [("1", 3), ("2", 3)]


def test_a_candidate_is_corrected_by_later_files_and_counted_once(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    candidate(lake, 1, [event("moves", "2024-01-30", best=5), event("stays", "2024-01-10")])
    candidate(lake, 1, [event("moves", "2024-02-02", best=7), event("new", "2024-02-09")], last=2)
    whole = opened(lake, "2024-01-01", "2024-02-29")
    assert [(r["event_id"], str(r["date_start"]), r["deaths_best"]) for r in whole] == [
        ("moves", "2024-02-02", 7),
        ("new", "2024-02-09", 3),
        ("stays", "2024-01-10", 3),
    ]
    january, february = opened(lake, "2024-01-01", "2024-01-31"), opened(lake, "2024-02-01", "2024-02-29")
    assert [row["event_id"] for row in january] == ["stays"]
    assert [row["event_id"] for row in february] == ["moves", "new"]
    before = opened(lake, "2024-01-01", "2024-01-31", known_by=day("2024-02-28"))
    assert [(row["event_id"], row["deaths_best"]) for row in before] == [("moves", 5), ("stays", 3)]


def test_a_corrected_record_that_moves_to_another_country_is_counted_there(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    candidate(lake, 1, [event("1", "2024-01-30", "MLI")])
    candidate(lake, 1, [event("1", "2024-01-30", "NER")], last=2)
    assert [row["iso3"] for row in opened(lake, "2024-01-01", "2024-02-29", ("MLI", "NER"))] == ["NER"]
    assert opened(lake, "2024-01-01", "2024-02-29", ("MLI",)) == []


def test_many_candidates_that_correct_each_other_count_each_record_once(tmp_path: Path) -> None:
    lake, draw = lake_in(tmp_path), random.Random(11)
    newest: dict[str, str] = {}
    for month in range(1, 7):
        rows = {}
        for _ in range(30):
            key, start = str(draw.randint(0, 60)), f"2024-{draw.randint(1, month):02d}-{draw.randint(1, 28):02d}"
            rows[key] = event(key, start, best=month)
            newest[key] = start
        candidate(lake, 1, list(rows.values()), last=month)
    found = opened(lake, "2024-01-01", "2024-06-30")
    assert {row["event_id"]: str(row["date_start"]) for row in found} == newest
    assert len(found) == len(newest)
    parts = [opened(lake, f"2024-{m:02d}-01", f"2024-{m:02d}-28") for m in range(1, 7)]
    assert sum(map(len, parts)) == len(newest)


@pytest.mark.parametrize(("as_of", "ids"), [("2022-10-31", ["a", "b"]), ("2022-10-15", ["a"])])
def test_a_summed_record_is_left_out_when_its_month_is_not_over(tmp_path: Path, as_of: str, ids: list[str]) -> None:
    lake = lake_in(tmp_path)
    september = event("a", "2022-09-01", n_events=4, date_end=day("2022-09-30"), date_precision="month")
    october = event("b", "2022-10-01", n_events=6, date_end=day("2022-10-31"), date_precision="month")
    put(lake, "1", [september, october], status="figures", dimensions=BY_MONTH)
    assert [row["event_id"] for row in opened(lake, "2022-01-01", as_of)] == ids


def test_one_table_of_one_release(tmp_path: Path) -> None:
    held = put(lake_in(tmp_path), "1", [event("1")]).held
    assert table(connect(), held, "rejects").count().to_pyarrow().as_py() == 0


def test_a_record_that_crosses_the_end_of_the_final_file_counts_once(tmp_path: Path) -> None:
    """What the final file has by the same id, on whatever day, is not counted again as a candidate."""
    lake = lake_in(tmp_path)
    put(lake, "24.1", [event("back", "2023-12-30"), event("same", "2023-12-31")], end="2023-12-31",
        published="2024-06-30")  # fmt: skip
    candidate(lake, 1, [event("back", "2024-01-02", best=50), event("new", "2024-01-05")])
    found = [(row["event_id"], row["release"]) for row in opened(lake, "2023-12-01", "2024-01-31")]
    assert found == [("back", "made-up@24.1"), ("new", "made-up@24.0.1"), ("same", "made-up@24.1")]
    assert [row["event_id"] for row in opened(lake, "2024-01-01", "2024-01-31")] == ["new"]
    known = opened(lake, "2024-01-01", "2024-01-31", known_by=day("2024-03-01"))
    assert [row["event_id"] for row in known] == ["back", "new"], "before the final file it was a record of January"


def test_ids_of_another_data_set_or_country_settle_nothing(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1", [event("one", "2023-12-30")], dataset="made-another", end="2023-12-31", published="2024-06-30")
    put(lake, "24.1", [event("two", "2023-12-30", "BFA")], places=("BFA",), end="2023-12-31", published="2024-06-30")
    candidate(lake, 1, [event("one", "2024-01-02"), event("two", "2024-01-02")])
    assert [row["event_id"] for row in opened(lake, "2024-01-01", "2024-01-31")] == ["one", "two"]


def test_a_final_file_that_settles_records_is_among_those_in_use(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "23.1", [event("1", "2022-12-31")], published="2023-06-30")
    put(lake, "24.1", [event("1", "2023-12-31")], end="2023-12-31", published="2024-06-30")
    candidate(lake, 1, [event("2", "2024-01-05")])
    selection = resolve(select(lake, "events"), ["MLI"], Period(day("2024-01-01"), day("2024-01-31")))
    assert [held.release.label for held in selection.holds] == ["24.0.1"]
    assert [held.release.label for held in selection.used] == ["24.0.1", "24.1"]
