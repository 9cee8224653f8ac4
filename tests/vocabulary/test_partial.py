"""Dates known in part: every form, and the laws of what is certain and what is possible."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.vocabulary.partial import PartialDate, Validity

LAW = settings(derandomize=True, max_examples=250, deadline=None)
ORIGIN = dt.date(2020, 1, 1)
SPAN = 24
"""The days on which the laws are tried, from ORIGIN on."""


def on(n: int) -> dt.date:
    return ORIGIN + dt.timedelta(days=n)


def day(words: str) -> dt.date:
    return dt.date.fromisoformat(words)


def between(start: str | None, end: str | None) -> Validity:
    return Validity(PartialDate.parse(start) if start else None, PartialDate.parse(end) if end else None)


@pytest.mark.parametrize(
    ("words", "earliest", "latest", "exact"),
    [
        ("2017", "2017-01-01", "2017-12-31", False),
        ("2017-03", "2017-03-01", "2017-03-31", False),
        ("2016-02", "2016-02-01", "2016-02-29", False),
        ("2017-03-02", "2017-03-02", "2017-03-02", True),
        (" 2017-03-02\n", "2017-03-02", "2017-03-02", True),
        ("2017-03-01/2017-03-05", "2017-03-01", "2017-03-05", False),
        ("2017-03-02/2017-03-02", "2017-03-02", "2017-03-02", True),
        ("2016-11/2017", "2016-11-01", "2017-12-31", False),
        ("2017/2017-03", "2017-01-01", "2017-03-31", False),
        ("../2016-06", None, "2016-06-30", False),
        ("../2016-06-02", None, "2016-06-02", False),
        ("2015-05/..", "2015-05-01", None, False),
        ("2015/..", "2015-01-01", None, False),
        ("0001", "0001-01-01", "0001-12-31", False),
        ("9999-12-31", "9999-12-31", "9999-12-31", True),
    ],
)
def test_every_form(words: str, earliest: str | None, latest: str | None, exact: bool) -> None:
    date = PartialDate.parse(words)
    assert date.earliest == (day(earliest) if earliest else None)
    assert date.latest == (day(latest) if latest else None)
    assert date.exact is exact
    assert date.day == day(earliest or str(latest))
    assert str(date) == words.strip()


@pytest.mark.parametrize(
    "words",
    [
        "", " ", "17", "201", "20170", "2017-3", "2017-3-2", "2017-03-2", "02/03/2017", "March 2017", "2017-03-02T00",
        "2017 / 2018", "2017/2018/2019", "2017/", "/2017", "2017..2018", "..", "-2017", "2017-", "2017~", "201X",
        "٢٠١٧", "２０１７", "2017-03-02 2017-03-03", "null",
    ],
)  # fmt: skip
def test_anything_else_is_no_date(words: str) -> None:
    with pytest.raises(ValueError, match=r"is no date: write 2017, 2017-03, 2017-03-02, 2017-03-01/2017-03-05 or"):
        PartialDate.parse(words)


@pytest.mark.parametrize(
    "words", ["2017-13", "2017-00", "2017-02-29", "0000", "2017-03-00", "2016/2017-13", "../2017-02-30"]
)
def test_there_is_no_such_day(words: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        PartialDate.parse(words)


def test_what_says_nothing_and_what_runs_backwards() -> None:
    with pytest.raises(ValueError, match=r"'\.\./\.\.' says nothing: leave the date out"):
        PartialDate.parse("../..")
    for words in ("2018/2017", "2017-03-02/2017-03-01", "2017-04/2017-03-31"):
        with pytest.raises(ValueError, match="ends before it begins"):
            PartialDate.parse(words)


def test_every_fault_is_one_line() -> None:
    with pytest.raises(ValueError) as caught:
        PartialDate.parse("a\nb")
    assert "\n" not in str(caught.value)


@st.composite
def parts(draw: Any) -> str:
    """A year, a month or a day as it is written."""
    date = draw(st.dates()).isoformat()
    return str(date[: draw(st.sampled_from([4, 7, 10]))])


@LAW
@given(parts(), parts(), st.sampled_from(["{0}", "{0}/{1}", "{0}/..", "../{1}"]))
def test_the_earliest_is_never_after_the_latest(one: str, other: str, form: str) -> None:
    low, high = PartialDate.parse(one).earliest, PartialDate.parse(other).latest
    words = form.format(one, other)
    if form == "{0}/{1}" and low and high and high < low:
        with pytest.raises(ValueError, match="ends before it begins"):
            PartialDate.parse(words)
        return
    date = PartialDate.parse(words)
    assert (date.earliest or dt.date.min) <= date.day <= (date.latest or dt.date.max)
    assert date == PartialDate.parse(str(date))
    assert date.exact == (date.earliest == date.latest)


@st.composite
def bounds(draw: Any) -> tuple[int, int] | None:
    """The first and last day that a bound may be, as numbers of days, the open sides far away; None for no bound."""
    kind = draw(st.sampled_from(["none", "both", "both", "both", "low", "high"]))
    low, high = sorted((draw(st.integers(4, SPAN - 4)), draw(st.integers(4, SPAN - 4))))
    return {"none": None, "both": (low, high), "low": (low, 99), "high": (-99, high)}[kind]


def made(of: tuple[int, int] | None) -> PartialDate | None:
    if of is None:
        return None
    low, high = (".." if abs(n) == 99 else on(n).isoformat() for n in of)
    return PartialDate.parse(f"{low}/{high}")


spans = st.tuples(bounds(), bounds())


def known(start: Any, end: Any, first: int, last: int) -> str:
    """Tries every day on which it can have begun and ended: did it hold on some day from first to last?"""
    begins = range(start[0], start[1] + 1) if start else [-200]
    ends = range(end[0], end[1] + 1) if end else [200]
    held = {s <= last and e >= first for s in begins for e in ends}
    return {(True,): "yes", (False,): "no"}.get(tuple(held), "possibly")


@LAW
@given(spans, st.integers(0, SPAN), st.integers(0, SPAN))
def test_holds_and_within_say_what_every_way_it_can_have_been_says(span: Any, first: int, more: int) -> None:
    validity = Validity(*map(made, span))
    assert validity.within(on(first), on(first + more)) == known(*span, first, first + more)
    assert validity.holds(on(first)) == known(*span, first, first)
    assert validity.within(on(first), on(first)) == validity.holds(on(first))


@LAW
@given(spans, st.integers(0, SPAN))
def test_it_holds_for_certain_only_inside(span: Any, n: int) -> None:
    validity = Validity(*map(made, span))
    state = validity.holds(on(n))
    if state != "no":
        assert validity.first <= on(n) <= validity.last
    if state == "yes":
        start, end = span
        assert start is None or (start[1] != 99 and start[1] <= n)
        assert end is None or (end[0] != -99 and n <= end[0])


@LAW
@given(spans, st.integers(0, SPAN), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_within_a_longer_period_is_never_weaker(span: Any, first: int, length: int, before: int, after: int) -> None:
    order = ("no", "possibly", "yes")
    validity = Validity(*map(made, span))
    short = validity.within(on(first), on(first + length))
    long = validity.within(on(first - before), on(first + length + after))
    assert order.index(long) >= order.index(short)
    assert all(order.index(short) >= order.index(validity.holds(on(first + n))) for n in range(length + 1))


@LAW
@given(spans, spans)
def test_what_overlaps_held_for_certain_on_two_days_together(one: Any, other: Any) -> None:
    a, b = (Validity(*map(made, span)) for span in (one, other))
    assert a.overlaps(b) == b.overlaps(a)
    together = [n for n in range(-30, SPAN + 30) if a.holds(on(n)) == b.holds(on(n)) == "yes"]
    assert a.overlaps(b) == (len(together) > 1)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((None, None), (None, None), True),
        ((None, None), ("2020", None), True),
        (("2019", "2020"), ("2020", "2021"), False),
        (("2019", "2021"), ("2020", "2022"), True),
        ((None, "2020-03-02"), ("2020-03-02", None), False),
        ((None, "2020-03-03"), ("2020-03-02", None), True),
        ((None, "2020-03"), ("2020-03-30", None), False),
        ((None, "2020-03-31"), ("2020-03", None), False),
        ((None, "2020-04-01"), ("2020-03", None), True),
        ((None, "2020-03/.."), ("2020-02", None), True),
        ((None, "../2020-03"), ("2019", None), False),
        (("2020/..", None), ("2021", None), False),
        (("2018", "2018"), ("2018", "2018"), False),
    ],
)
def test_overlaps_by_hand(one: tuple[Any, Any], other: tuple[Any, Any], overlap: bool) -> None:
    assert between(*one).overlaps(between(*other)) is overlap


def test_the_first_and_the_last_day() -> None:
    assert (between("2017-03", "2019").first, between("2017-03", "2019").last) == (day("2017-03-01"), day("2019-12-31"))
    assert (between(None, None).first, between(None, None).last) == (dt.date.min, dt.date.max)
    assert (between("../2017", "2019/..").first, between("../2017", "2019/..").last) == (dt.date.min, dt.date.max)


def test_what_began_some_time_and_what_ended_some_time() -> None:
    assert between("../2017", None).holds(day("1990-01-01")) == "possibly"
    assert between("../2017", None).holds(day("2017-12-31")) == "yes"
    assert between("2017/..", None).holds(day("2016-12-31")) == "no"
    assert between("2017/..", None).holds(day("2990-01-01")) == "possibly"
    assert between(None, "../2017").holds(day("2018-01-01")) == "no"
    assert between(None, "2017/..").holds(day("2017-01-01")) == "yes"
