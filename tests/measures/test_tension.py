"""Changes of stocks, violence in spans of days, and rank correlation, on tables in memory."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import ibis
import pyarrow as pa
import pytest

from harmattan.measures.network import fights
from harmattan.measures.stocks import dated, sided, stocks
from harmattan.measures.tension import ESTIMATES, PAIRS, SERIES, associations, changes, interval, spans_of, violence
from harmattan.vocabulary.schema import CONTRACTS
from tests.lake.factory import event
from tests.measures.test_events import listed, table
from tests.questions.people import dtm_rows, stock, unhcr_rows
from tests.questions.worlds import PAIRS as SIDES

X = (67, 28, 30, 28, 52, 40, 25, 37, 44, 10, 14, 20, 28, 40, 51)
Y = (21, 4, 9, 12, 35, 18, 10, 22, 24, 1, 6, 8, 13, 16, 19)
"""The example of ci.spear in statpsych, https://dgbonett.github.io/statpsych/reference/ci.spear.html"""


def counted(rows: Any) -> Any:
    schema = pa.schema([field.with_nullable(True) for field in CONTRACTS["displacement"].schema])
    made = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    made = made.append_column("release", pa.array(["r"] * len(made))).append_column(
        "dataset", pa.array(["d"] * len(made))
    )
    return dated(sided(ibis.memtable(made), ("MLI",)))


def pairs(rows: Sequence[tuple[int, float, float | None]]) -> Any:
    """Pairs of changes and deaths by series, at no lag."""
    made = [{"series": s, "lag": 0, "change": float(c)} | dict.fromkeys(ESTIMATES, d) for s, c, d in rows]
    return ibis.memtable(pa.Table.from_pylist(made, schema=PAIRS))


def test_each_stock_is_compared_with_the_one_before_it_of_its_own_series() -> None:
    found = listed(changes(stocks(counted([*dtm_rows(), *unhcr_rows()]), only_newest=False)))
    rounds = sorted((row["before_day"], row["day"], row["before"], row["value"]) for row in found if row["operation"])
    assert rounds == [
        (dt.date(2021, 3, 31), dt.date(2021, 9, 30), 150, 170),
        (dt.date(2021, 9, 30), dt.date(2022, 6, 30), 170, 207),
    ]
    refugees = [row for row in found if row["direction"] == "from" and row["population"] == "refugees"]
    assert sorted((row["before"], row["value"], len(row["keys"])) for row in refugees) == [(145, 147, 2), (147, 149, 2)]
    assert len({tuple(row[name] for name in SERIES) for row in found}) == 5, "refugees in Mali whose origin is not said"
    assert len(found) == 2 * 4 + 1


def test_of_two_rounds_on_one_day_the_higher_counts() -> None:
    rows = [
        stock(f"r{n}", value, day, operation="O", round=n)
        for n, (value, day) in enumerate([(10, "2021-01-31"), (20, "2021-02-28"), (35, "2021-02-28")])
    ]
    (row,) = listed(changes(stocks(counted(rows), only_newest=False)))
    assert (row["before"], row["value"], row["keys"]) == (10, 35, ["r:r2"])


def test_violence_counts_both_ends_of_a_span_and_nothing_is_zero() -> None:
    days = ("2022-01-01", "2022-01-31", "2022-02-01", "2022-01-15")
    rows = table([event(f"e{n}", day, ("MLI", "NER")[n == 3], 2 + n) for n, day in enumerate(days)])
    january = (dt.date(2022, 1, 1), dt.date(2022, 1, 31))
    spans = spans_of({("MLI", *january), ("NER", *january), ("MLI", dt.date(2021, 1, 1), dt.date(2021, 1, 31))})
    found = {(row["place"], row["first"].year): row for row in listed(violence(rows, spans))}
    counts = {key: tuple(row[name] for name in ("events", *ESTIMATES, "records")) for key, row in found.items()}
    assert counts == {("MLI", 2022): (2, 5, 5, 7, 2), ("NER", 2022): (1, 5, 5, 6, 1), ("MLI", 2021): (0, 0, 0, 0, 0)}


def test_an_estimate_that_a_record_lacks_is_empty_in_its_span() -> None:
    rows = table([event("e1", "2022-01-05"), event("e2", "2022-01-06", deaths_low=None)])
    (row,) = listed(violence(rows, spans_of({("MLI", dt.date(2022, 1, 1), dt.date(2022, 1, 31))})))
    assert (row["deaths_low"], row["deaths_best"], row["records"]) == (None, 6, 2)


def test_the_rank_correlation_and_its_interval_are_the_published_ones() -> None:
    found = listed(associations(pairs([(0, x, y) for x, y in zip(X, Y, strict=True)])))
    assert {row["estimate"] for row in found} == set(ESTIMATES)
    for row in found:
        assert (row["n"], round(row["rho"], 7)) == (15, 0.8699639)
    low, high = interval(0.8699639, 15) or (0, 0)
    assert (round(low, 6), round(high, 6)) == (0.584095, 0.963830)


@pytest.mark.parametrize("shift", [lambda x: 1000 * x, lambda x: x**3, lambda x: math.exp(x / 30)])
def test_ranks_do_not_move_under_a_change_of_units(shift: Any) -> None:
    """The order is all that counts: thousands of people, or deaths by day, give the same."""
    before = listed(associations(pairs([(0, x, y) for x, y in zip(X, Y, strict=True)])))
    after = listed(associations(pairs([(0, shift(x), shift(y)) for x, y in zip(X, Y, strict=True)])))
    assert [round(row["rho"], 9) for row in before] == [round(row["rho"], 9) for row in after]


def test_series_are_ranked_apart_and_pairs_without_an_estimate_are_left_out() -> None:
    rows = [(0, 1, 5.0), (0, 2, 6.0), (0, 3, 7.0), (1, 1, 3.0), (1, 2, 2.0), (1, 9, None)]
    found = {(row["series"], row["estimate"]): (row["n"], row["rho"]) for row in listed(associations(pairs(rows)))}
    assert found[0, "deaths_best"] == (3, pytest.approx(1.0))
    assert found[1, "deaths_best"] == (2, pytest.approx(-1.0))


def test_few_pairs_and_a_perfect_order_have_no_interval() -> None:
    assert interval(0.5, 7) is None
    assert interval(1.0, 30) is None
    wide, narrow = interval(0.5, 8), interval(0.5, 100)
    assert wide
    assert narrow
    assert wide[0] < narrow[0] < 0.5 < narrow[1] < wide[1]


def test_fights_are_between_parties_of_different_sides_and_count_once_for_each_two() -> None:
    """The second pair of SIDES has two on side b; civilians and unnamed sides are no party."""
    rows = [event(f"e{n}", best=n, **pair) for n, pair in enumerate(SIDES)]
    rows.append(event("turned", best=10, actors_a=["B"], actors_b=["Government of A"]))
    found = {(row["one"], row["other"]): row for row in listed(fights(table(rows)))}
    counts = {pair: (row["events"], row["deaths_best"], sorted(row["keys"])) for pair, row in found.items()}
    assert counts == {
        ("B", "Government of A"): (2, 10, ["MLI:e0", "MLI:turned"]),
        ("C", "Government of A"): (1, 1, ["MLI:e1"]),
        ("D", "Government of A"): (1, 1, ["MLI:e1"]),
        ("B", "C"): (1, 2, ["MLI:e2"]),
    }
