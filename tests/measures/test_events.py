"""Laws of the measures, on tables in memory: sums are additive, `n_events` is respected, empty is not zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.measures.events import matching, opponents, parties, totals, windows
from harmattan.measures.figures import by_cell_month
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.schema import EVENTS
from tests.lake.factory import Row, event
from tests.questions.worlds import CELLS, PAIRS, event_rows

SOME = settings(max_examples=8, derandomize=True, deadline=None)
COUNTED = ("events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "records")


def table(rows: Iterable[Row]) -> Any:
    """Events as an Ibis table that keeps the contract, each in a release of its own country."""
    made = pa.Table.from_pylist([dict(row) for row in rows], schema=EVENTS.schema)
    return ibis.memtable(made.append_column("release", made["iso3"]))


def listed(expression: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    return rows


def total(expression: Any) -> dict[str, Any]:
    (row,) = listed(totals(expression))
    return row


@SOME
@given(
    event_rows(complete=True),
    st.sampled_from([("month",), ("country", "kind"), ("cell",), ("dyad",), ("perpetrator",)]),
)
def test_totals_are_additive(rows: list[Row], by: Any) -> None:
    parts, whole = listed(totals(table(rows), by)), total(table(rows))
    assert {name: sum(part[name] for part in parts) for name in COUNTED} == whole
    assert whole["deaths_best"] == sum(row["deaths_best"] for row in rows)


@SOME
@given(event_rows(complete=True, most=8), st.integers(2, 5))
def test_events_are_summed_and_never_counted_by_rows(rows: list[Row], times: int) -> None:
    once, more = total(table(rows)), total(table(dict(row) | {"n_events": times} for row in rows))
    assert more["events"] == times * once["events"] == times * len(rows)
    assert more["records"] == once["records"] == len(rows)


@SOME
@given(event_rows())
def test_a_filter_and_what_it_leaves_are_the_whole(rows: list[Row]) -> None:
    events = table(rows)
    for one, other in (
        (Criteria(located=True), Criteria(located=False)),
        (Criteria(countries=("MLI",)), Criteria(countries=("NER",))),
        (Criteria(end=dt.date(2022, 6, 30)), Criteria(start=dt.date(2022, 7, 1))),
        (Criteria(kinds=("one_sided",)), Criteria(kinds=("state_based", "non_state"), unsaid=("violence",))),
        (Criteria(releases=("MLI",)), Criteria(releases=("NER",))),
    ):
        assert total(matching(events, one))["events"] + total(matching(events, other))["events"] == len(rows)
    assert total(matching(events, Criteria()))["events"] == len(rows)


@pytest.mark.parametrize(
    ("criteria", "fit"),
    [
        (Criteria(actors=("B",)), {0, 2, 3}),
        (Criteria(actors=("C", "D")), {1, 2}),
        (Criteria(actors=("E",)), set()),
        (Criteria(dyads=("B - C",)), {2}),
        (Criteria(dyads=("B - C",), unsaid=("dyad",)), {2, 4, 5}),
        (Criteria(unsaid=("dyad",)), {4, 5}),
        (Criteria(unsaid=("violence",)), {5}),
        (Criteria(unsaid=("violence", "dyad")), {5}),
        (Criteria(perpetrators=("B",)), {3}),
        (Criteria(kinds=("one_sided",), unsaid=("perpetrator",)), {4}),
        (Criteria(cells=(CELLS[0],)), {0, 3}),
        (Criteria(cells=(CELLS[2],)), set()),
        (Criteria(civilians_killed=True), {1, 3, 4, 5}),
    ],
)
def test_what_fits_the_criteria(criteria: Criteria, fit: set[int]) -> None:
    civilians = (0, 1, 0, 1, 1, None)
    rows = [
        event(f"{n}", cell=CELLS[n % 3], where_precision=("exact", "near", "country")[n % 3],
              deaths_civilians=civilians[n], **pair)
        for n, pair in enumerate(PAIRS)
    ]  # fmt: skip
    assert {int(row["event_id"]) for row in listed(matching(table(rows), criteria))} == fit


def test_a_record_that_stands_for_a_country_is_in_no_cell() -> None:
    rows = [event("a", cell=CELLS[0]), event("b", cell=CELLS[0], where_precision="country"), event("c", cell=None)]
    found = {row["cell"]: row["events"] for row in listed(totals(table(rows), ("cell",)))}
    assert found == {CELLS[0]: 1, None: 2}


def test_an_event_counts_once_for_each_named_party() -> None:
    rows = [event(str(n), best=10, **pair) for n, pair in enumerate(PAIRS)]
    found = {row["actor"]: row["events"] for row in listed(totals(table(rows), ("actor",)))}
    assert found == {"Government of A": 2, "B": 3, "C": 2, "D": 1}
    seen = {row["actor"]: (row["events"], row["country"]) for row in listed(parties(table(rows)))}
    assert seen == {actor: (events, "MLI") for actor, events in found.items()}


def test_a_party_on_both_sides_counts_once() -> None:
    rows = [event("a", actors_a=["B", "C"], actors_b=["B"])]
    assert {row["actor"]: row["events"] for row in listed(totals(table(rows), ("actor",)))} == {"B": 1, "C": 1}


def test_opponents_meet_each_other() -> None:
    rows = [event(str(n), n_events=2, **pair) for n, pair in enumerate(PAIRS)]
    met = {(row["actor"], row["against"]): row["events"] for row in listed(opponents(table(rows)))}
    assert met[("B", "C")] == met[("C", "B")] == 2
    assert met[("Government of A", "D")] == 2
    assert ("B", "D") not in met
    assert {actor for actor, _ in met} == {"Government of A", "B", "C", "D"}, "civilians are no party"


def window_table(*spans: tuple[str, str]) -> Any:
    days = [[dt.date.fromisoformat(day) for day in side] for side in zip(*spans, strict=True)]
    columns = {"country": pa.array(["MLI"] * len(spans)), "window_start": pa.array(days[0])}
    return ibis.memtable(pa.table(columns | {"window_end": pa.array(days[1])}))


def test_windows_have_both_ends_and_zeros_where_nothing_was() -> None:
    rows = [event("a", "2022-03-01", best=3), event("b", "2022-03-31", best=4), event("c", "2022-04-01", best=5)]
    rows.append(event("elsewhere", "2022-03-01", "NER", best=100))
    spans = window_table(("2022-03-01", "2022-03-31"), ("2022-03-02", "2022-04-01"), ("2022-05-01", "2022-05-31"))
    found = listed(windows(table(rows), spans).order_by("window_start"))
    assert [(row["events"], row["deaths_best"], row["records"]) for row in found] == [(2, 7, 2), (2, 9, 2), (0, 0, 0)]
    assert found[2]["deaths_low"] == found[2]["deaths_civilians"] == 0


@SOME
@given(event_rows(), st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31)), st.integers(0, 200), st.integers(0, 200))
def test_windows_nest(rows: list[Row], end: dt.date, days: int, more: int) -> None:
    spans = [(str(end - dt.timedelta(days=length)), str(end)) for length in (days + more, days)]
    spans_of = windows(table(rows), window_table(*dict.fromkeys(spans))).order_by("window_start")
    outer, inner = (listed(spans_of) * 2)[:2]
    for name in ("events", "deaths_best", "deaths_high", "deaths_civilians", "records"):
        assert inner[name] <= outer[name]


def test_an_estimate_that_one_record_lacks_is_empty_in_the_sum() -> None:
    rows = [event("a", best=3), event("b", best=4, deaths_low=None)]
    assert total(table(rows))["deaths_low"] is None
    assert total(table(rows))["deaths_best"] == 7
    assert total(table(rows[:1]))["deaths_low"] == 3
    assert total(table([]))["deaths_low"] == 0
    assert listed(by_cell_month(table(rows)))[0]["deaths_low"] is None


@SOME
@given(event_rows())
def test_figures_keep_every_total_and_lose_no_event(rows: list[Row]) -> None:
    events = table(rows)
    figures = by_cell_month(events)
    assert sum(row["n_events"] for row in listed(figures)) == len(rows)
    for by in (("month", "country"), ("cell", "kind")):
        key = [*by, *COUNTED[:-1]]
        one, other = (listed(totals(t, by).select(*key).order_by(*by)) for t in (events, figures))  # type: ignore[arg-type]
        assert one == other


@SOME
@given(event_rows(complete=True))
def test_figures_of_figures_are_the_same_figures(rows: list[Row]) -> None:
    once = by_cell_month(table(rows)).to_pyarrow()
    assert by_cell_month(ibis.memtable(once)).to_pyarrow().equals(once)
    assert EVENTS.faults(once.schema) == []
    assert len(set(once["event_id"].to_pylist())) == once.num_rows


def test_a_summed_record_has_no_point_and_the_whole_month() -> None:
    rows = [event("a", "2022-02-03"), event("b", "2022-02-27", date_precision="longer"), event("c", "2022-02-09")]
    figures = {row["date_precision"]: row for row in listed(by_cell_month(table(rows)))}
    assert set(figures) == {"month", "longer"}
    month = figures["month"]
    assert (month["n_events"], month["lat"], month["source_headline"]) == (2, None, None)
    assert (month["date_start"], month["date_end"]) == (dt.date(2022, 2, 1), dt.date(2022, 2, 28))


def test_keys_pick_out_the_very_records() -> None:
    rows = table([event("a"), event("b:1", best=5), event("c"), event("b:1", iso3="NER")])
    asked = Criteria(table="events", keys=("MLI:b:1", "MLI:nobody"))
    found = matching(rows, asked).select("release", "event_id").to_pyarrow().to_pylist()
    assert found == [{"release": "MLI", "event_id": "b:1"}]
    assert matching(rows, asked.narrowed(keys=())).count().execute() == 0
