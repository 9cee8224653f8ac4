"""`aligned`: months before and after what happened in the governance of a country."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, keep, opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from tests.lake.factory import event, put_tables, row_of
from tests.questions.conftest import EVENT_FILE
from tests.questions.turning import counted_rows, month_in, month_number, total, valley
from tests.questions.worlds import assert_opens, numbers

ROWS = (
    event("a", "2022-01-05", "MLI", 1),
    event("b", "2022-02-05", "NER", 2),
    event("c", "2022-03-05", "MLI", 4, n_events=2),
    event("d", "2022-05-31", "MLI", 8),
    event("e", "2022-06-01", "MLI", 16),
    event("f", "2022-08-09", "MLI", 32),
    event("g", "2022-08-09", "NER", 64),
)


def aligned(world: World, **params: Any) -> Answer:
    return ask(world, "aligned", Params(**({"country": ("MLI", "NER"), "window": 2} | params)))


def series(answer: Answer, milestone: str | None, column: str = "value") -> list[Any]:
    return [row[column] for row in answer.rows if row["milestone"] == milestone]


def test_each_milestone_has_its_months_and_so_has_the_mean(tmp_path: Path) -> None:
    answer = aligned(valley(tmp_path, ROWS))
    assert list(dict.fromkeys(row["milestone"] for row in answer.rows)) == ["exit-both", "coup-june", None]
    assert series(answer, "exit-both") == [1, 2, 4, 0, 8]
    assert series(answer, "coup-june") == [0, 8, 16, 0, 32], "the coup was in Mali alone"
    assert series(answer, None) == [0.5, 5, 10, 0, 20]
    assert series(answer, "exit-both", "month") == ["2022-01", "2022-02", "2022-03", "2022-04", "2022-05"]
    assert series(answer, None, "milestones") == [2, 2, 2, 2, 2]
    assert series(answer, "exit-both", "value_high") == [2, 3, 5, 0, 9]
    assert series(aligned(valley(tmp_path / "b", ROWS), measure="events"), "exit-both") == [1, 1, 2, 0, 1]


def test_a_milestone_whose_month_is_not_known_is_left_out_and_said(tmp_path: Path) -> None:
    answer = aligned(valley(tmp_path, ROWS))
    assert "expulsion-vague" not in series(answer, "expulsion-vague", "milestone")
    assert any("expulsion-vague" in str(caveat) for caveat in answer.caveats)


def test_types_and_ids_choose(tmp_path: Path) -> None:
    world = valley(tmp_path, ROWS)
    assert set(series(aligned(world, type=("massacre",)), "massacre", "type")) == {"massacre"}
    assert {row["milestone"] for row in aligned(world, milestone=("massacre",)).rows} == {"massacre"}
    assert {row["milestone"] for row in aligned(world, start=dt.date(2022, 6, 1)).rows} == {"coup-june"}
    with pytest.raises(UsageError, match="no milestone coup-jun"):
        aligned(world, milestone=("coup-jun",))


def test_months_outside_coverage_are_empty_and_empty_months_inside_are_zero(tmp_path: Path) -> None:
    answer = aligned(valley(tmp_path, ROWS, end="2022-07-31"), window=4)
    assert series(answer, "coup-june", "covered") == ["yes"] * 6 + ["no"] * 3
    assert series(answer, "coup-june") == [0, 4, 0, 8, 16, 0, None, None, None]
    assert series(answer, None, "milestones")[-1] == 1
    cut = aligned(valley(tmp_path / "cut", ROWS), as_of=dt.date(2022, 6, 15), type=("coup",))
    assert series(cut, "coup-june") == [0, 8, None, None, None], "a month of which half had happened is not covered"


def test_every_row_opens_to_its_records(tmp_path: Path) -> None:
    world = valley(tmp_path, ROWS)
    for params in ({}, {"start": dt.date(2022, 6, 1), "window": 5}, {"kind": ("state_based",)}, {"actor": ("B",)},
                   {"as_of": dt.date(2022, 7, 15)}):  # fmt: skip
        assert_opens(world, aligned(world, **params))


def test_splitting_a_record_changes_nothing_but_the_number_of_records(tmp_path: Path) -> None:
    halves = []
    for row in ROWS:
        one, other = dict(row), dict(row) | {"event_id": f"{row['event_id']}2", "n_events": 0}
        for name in ("deaths_low", "deaths_best", "deaths_high"):
            one[name], other[name] = row[name] // 2, row[name] - row[name] // 2
        halves += [one, other]
    whole, split = valley(tmp_path / "whole", ROWS), valley(tmp_path / "split", halves)
    assert numbers(aligned(whole)) == numbers(aligned(split))


def test_listed_coups_are_added_and_named_and_none_counts_twice(tmp_path: Path) -> None:
    world = valley(tmp_path, ROWS)
    listed = [
        _coup("1", "MLI", "2022-06-11", "successful"),  # the dossier has that one, on another day of the month
        _coup("2", "MLI", "2022-04-01", "failed"),
        _coup("3", "NER", "2022-06-11", "successful"),
        _coup("4", "BFA", "2022-06-11", "successful"),
    ]
    put_tables(world.lake, "1", {"coups": listed}, dataset="powell-thyne-coups")
    answer = aligned(world, type=("coup", "coup_attempt"))
    found = {row["milestone"]: (row["type"], row["source"], row["month"]) for row in answer.rows if row["offset"] == 0}
    assert found == {
        "powell-thyne-coups:2": ("coup_attempt", "powell-thyne-coups@1", "2022-04"),
        "coup-june": ("coup", "dossier", "2022-06"),
        "powell-thyne-coups:3": ("coup", "powell-thyne-coups@1", "2022-06"),
        None: (None, None, None),
    }
    assert any("stand here once" in str(caveat) for caveat in answer.caveats)
    assert_opens(world, answer)
    assert "powell-thyne-coups:2" not in {row["milestone"] for row in aligned(world, type=("coup",)).rows}
    assert {row["source"] for row in aligned(world, type=("exit",)).rows} == {"dossier"}


def _coup(row_id: str, iso3: str, day: str, outcome: str) -> Any:
    return row_of("coups", row_id, iso3=iso3, day=dt.date.fromisoformat(day), outcome=outcome)


def test_a_kept_answer_is_found_again_and_opens_the_months_around(tmp_path: Path) -> None:
    world = valley(tmp_path, ROWS)
    answer = aligned(world, start=dt.date(2022, 6, 1), end=dt.date(2022, 6, 30))
    keep(world.lake.home, answer)
    again = answer_of(world, find(world.lake.home, answer.id))
    assert (again.rows, again.row_criteria) == (answer.rows, answer.row_criteria)
    assert series(again, "coup-june") == [0, 8, 16, 0, 32]
    listed = rows_of(opened(world, again), again, 1).table.to_pylist()
    assert [row["event_id"] for row in listed] == ["d"]


def test_where_nothing_is_covered_it_says_so(tmp_path: Path) -> None:
    answer = aligned(valley(tmp_path, ROWS), country=("BFA",))
    assert answer.rows == ()
    assert str(answer.headline).startswith("Not covered")


@pytest.mark.data
def test_the_coups_of_mali_counted_again(ingested: World, data_dir: Path) -> None:
    answer = aligned(ingested, country=("MLI",), type=("coup",), window=12)
    table = counted_rows(data_dir / EVENT_FILE)
    coups = {"mli-coup-2012-03": "2012-03", "mli-coup-2020-08": "2020-08", "mli-coup-2021-05": "2021-05"}
    assert {row["milestone"] for row in answer.rows} == {*coups, None}
    expected: dict[str, list[int]] = {}
    for name, month in coups.items():
        months = range(month_number(month) - 12, month_number(month) + 13)
        own = [[row for row in table if month_in(row) == at] for at in months]
        expected[name] = [total(rows, "best") for rows in own]
        assert series(answer, name) == expected[name]
        assert series(answer, name, "value_low") == [total(rows, "low") for rows in own]
        assert series(answer, name, "value_high") == [total(rows, "high") for rows in own]
    means = [round(sum(values) / 3, 3) for values in zip(*expected.values(), strict=True)]
    assert series(answer, None) == means
    assert_opens(ingested, answer)


def test_the_embedded_figures_answer(embedded: World) -> None:
    answer = aligned(embedded, country=("MLI", "BFA", "NER"), type=("coup",), window=6)
    assert series(answer, "mli-coup-2021-05")[6] == 64
    assert_opens(embedded, answer)


def test_what_forecasts_are_compared_by_is_no_measure_of_events(tmp_path: Path) -> None:
    world = valley(tmp_path, ROWS)
    with pytest.raises(UsageError, match="takes no --measure crps"):
        aligned(world, measure="crps")
