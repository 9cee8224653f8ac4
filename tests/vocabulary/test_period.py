"""Laws and known answers of months and periods."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import UsageError
from harmattan.vocabulary.period import Month, Period, parse_from, parse_to

LAW = settings(derandomize=True, max_examples=200, deadline=None)
months = st.builds(Month, st.integers(1000, 3000), st.integers(1, 12))
few_days = st.dates(dt.date(2022, 1, 1), dt.date(2022, 3, 1))


@st.composite
def periods(draw: Any) -> Period:
    start, end = sorted((draw(few_days), draw(few_days)))
    return Period(start, end)


def days(period: Period | None) -> set[dt.date]:
    if period is None:
        return set()
    return {period.start + dt.timedelta(days=n) for n in range((period.end - period.start).days + 1)}


@LAW
@given(months, st.integers(-5000, 5000), st.integers(-5000, 5000))
def test_adding_months_is_addition(month: Month, a: int, b: int) -> None:
    assert (month + a) - month == a
    assert (month + a) + b == month + (a + b)
    assert (month + a < month) == (a < 0)


@LAW
@given(st.dates(dt.date(1, 1, 1), dt.date(9999, 11, 30)))
def test_every_day_lies_in_its_month_and_months_join(day: dt.date) -> None:
    month = Month.of(day)
    assert month.first_day <= day <= month.last_day
    assert month.last_day + dt.timedelta(days=1) == (month + 1).first_day
    assert Month.parse(str(month)) == month


@LAW
@given(periods(), periods())
def test_meet_and_without_part_the_days_of_a_period(one: Period, other: Period) -> None:
    pieces = [days(one.meet(other)), *(days(part) for part in one.without(other))]
    assert set().union(*pieces) == days(one)
    assert sum(map(len, pieces)) == len(days(one))
    assert days(one.meet(other)) == days(one) & days(other)
    assert one.meet(other) == other.meet(one)


@LAW
@given(periods())
def test_each_month_is_every_month_touched(period: Period) -> None:
    assert list(period.each_month()) == sorted({Month.of(day) for day in days(period)})


def test_the_last_month_that_there_is() -> None:
    assert [str(month) for month in Period(dt.date(9999, 11, 2), dt.date.max).each_month()] == ["9999-11", "9999-12"]
    assert Month(2024, 2).last_day == dt.date(2024, 2, 29)
    assert Month(1900, 2).last_day == dt.date(1900, 2, 28)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        (" 2022-02 ", "2022-02-01", "2022-02-28"),
        ("2022-10-31", "2022-10-31", "2022-10-31"),
    ],
)
def test_dates_as_people_write_them(words: str, first: str, last: str) -> None:
    assert (parse_from(words).isoformat(), parse_to(words).isoformat()) == (first, last)


@pytest.mark.parametrize(
    "words", ["", "22", "2022-2", "2022-02-30", "31/10/2022", "0000", "last year", "2022-10-31T00"]
)
def test_anything_else_is_said_in_one_line(words: str) -> None:
    for parse in (parse_from, parse_to):
        with pytest.raises(UsageError, match=r"is not a date\. Write 2022"):
            parse(words)


@pytest.mark.parametrize("words", ["2022-13", "2022-00", "0000-01"])
def test_there_is_no_such_month(words: str) -> None:
    with pytest.raises(UsageError, match="There is no month"):
        Month.parse(words)
    with pytest.raises(UsageError, match="There is no month"):
        parse_from(words)


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(UsageError, match=r"ends on 1 May 2022, before it starts on 2 May 2022"):
        Period(dt.date(2022, 5, 2), dt.date(2022, 5, 1))
