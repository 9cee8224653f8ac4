"""Laws of choosing releases: a partition of what was asked, the newest that was known, and never a silent zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import LakeError, UsageError
from harmattan.lake.select import Selection, describe_gaps, names_of, resolve, select, with_table
from harmattan.lake.shelf import Held, Lake
from harmattan.text import T
from harmattan.vocabulary.origin import EVENT_DIMENSIONS
from harmattan.vocabulary.period import Period
from tests.lake.factory import BY_MONTH, day, event, held_only, lake_in, put, put_tables

LAW = settings(derandomize=True, max_examples=400, deadline=None)
COUNTRIES = ("BFA", "MLI", "NER")
FIRST, LAST = dt.date(2021, 11, 20), dt.date(2022, 4, 10)
EDGES = [day(f"{month}-{end}") for month in ("2021-12", "2022-01", "2022-03") for end in ("01", "15", "31")]
days = st.sampled_from([FIRST, *EDGES, LAST])
KNOWN_SINCE = dt.date(2024, 1, 1)


@st.composite
def periods(draw: Any) -> Period:
    start, end = sorted((draw(days), draw(days)))
    return Period(start, end)


@st.composite
def shelves(draw: Any) -> list[Held]:
    """A few releases of every status, with any coverage, published one a day in any order."""
    numbers = range(draw(st.integers(1, 5)))
    published = [KNOWN_SINCE + dt.timedelta(days=number) for number in numbers]
    shelf: list[Held] = draw(st.permutations([_any_release(draw, number, published[number]) for number in numbers]))
    return shelf


def _any_release(draw: Any, number: int, published: dt.date) -> Held:
    status = draw(st.sampled_from(["final", "candidate", "figures"]))
    period = draw(periods())
    if status == "figures":
        period = Period.months(period.first_month, period.last_month)
    return held_only(
        str(number),
        status=status,
        published=published.isoformat(),
        places=draw(st.lists(st.sampled_from(COUNTRIES), min_size=1, unique=True)),
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        dimensions=BY_MONTH if status == "figures" else EVENT_DIMENSIONS,
    )


class OnShelf(Lake):
    """A lake whose releases are given."""

    def __init__(self, holds: Sequence[Held]) -> None:
        super().__init__(Path("/nowhere"), Path("/nowhere"))
        object.__setattr__(self, "holds", holds)

    def releases(self, dataset: str | None = None) -> list[Held]:
        holds: list[Held] = self.holds  # type: ignore[attr-defined]
        return [held for held in holds if dataset in (None, held.release.dataset)]


def chosen(holds: Sequence[Held], known_by: dt.date | None = None, pins: Sequence[str] = ()) -> list[Held]:
    """The releases that may speak; none where nothing was known."""
    try:
        return select(OnShelf(holds), "events", known_by=known_by, pins=pins)
    except LakeError:
        return []


def each_day(period: Period) -> Iterator[dt.date]:
    for offset in range((period.end - period.start).days + 1):
        yield period.start + dt.timedelta(days=offset)


def speakers(selection: Selection) -> dict[tuple[str, dt.date], tuple[Held, ...]]:
    """Who speaks about each country and day. Fails where two slices do."""
    found: dict[tuple[str, dt.date], tuple[Held, ...]] = {}
    for part in selection.slices:
        for country in part.countries:
            for date in each_day(part.period):
                assert (country, date) not in found
                found[country, date] = part.holds
    return found


@LAW
@given(shelves(), periods(), st.sets(st.sampled_from(COUNTRIES)))
def test_slices_and_gaps_are_a_disjoint_partition_of_what_was_asked(
    holds: list[Held], asked: Period, countries: set[str]
) -> None:
    selection = resolve(chosen(holds), sorted(countries), asked)
    spoken = speakers(selection)
    open_days = [(gap.country, date) for gap in selection.gaps for date in each_day(gap.period)]
    assert len(open_days) == len(set(open_days))
    assert not set(open_days) & set(spoken)
    assert set(open_days) | set(spoken) == {(c, date) for c in countries for date in each_day(asked)}
    for country in countries:
        assert selection.covered(country, asked) == (not any(gap.country == country for gap in selection.gaps))


@LAW
@given(shelves(), periods())
def test_each_slice_is_covered_by_a_release_that_speaks_and_figures_speak_about_whole_months(
    holds: list[Held], asked: Period
) -> None:
    for part in resolve(chosen(holds), COUNTRIES, asked).slices:
        for country in part.countries:
            assert any(
                country in held.release.coverage.places and not part.period.without(held.release.coverage.period)
                for held in part.holds
            )
        if any(held.release.status == "figures" for held in part.holds):
            assert part.period == Period.months(part.period.first_month, part.period.last_month)


@LAW
@given(shelves(), periods(), st.integers(0, 5), st.integers(1, 5))
def test_a_later_known_by_loses_no_coverage_and_picks_no_older_release(
    holds: list[Held], asked: Period, known_days: int, days_later: int
) -> None:
    known_by = KNOWN_SINCE + dt.timedelta(days=known_days)
    later = known_by + dt.timedelta(days=days_later)
    before, after = (speakers(resolve(chosen(holds, known), COUNTRIES, asked)) for known in (known_by, later))
    assert set(before) <= set(after)
    for place, speaking in before.items():
        oldest = max(held.release.published for held in speaking)
        assert max(held.release.published for held in after[place]) >= oldest
        assert all(held.release.published <= known_by for held in speaking)


@LAW
@given(shelves(), periods())
def test_what_is_asked_for_in_more_detail_is_answered_by_event_files_only(holds: list[Held], asked: Period) -> None:
    selection = resolve(chosen(holds), COUNTRIES, asked, needs=["day"])
    assert all(held.release.status != "figures" for held in selection.holds)
    speakers(selection)


@LAW
@given(shelves(), periods(), st.data())
def test_pins_are_the_only_releases_used(holds: list[Held], asked: Period, data: st.DataObject) -> None:
    names = [held.release.name for held in holds]
    pins = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    used = {held.release.name for held in resolve(chosen(holds, pins=pins), COUNTRIES, asked).holds}
    assert used <= set(pins or names)


def test_a_pin_that_there_is_not_is_said() -> None:
    with pytest.raises(UsageError, match="9 names no release"):
        select(OnShelf([held_only("1")]), "events", pins=["9"])


def test_a_date_before_everything_is_said_with_the_first_release() -> None:
    holds = [held_only("2", published="2023-06-30"), held_only("1", published="2022-06-30")]
    with pytest.raises(LakeError, match=r"Nothing here was published by 29 June 2022.*made-up@1.*hindsight"):
        select(OnShelf(holds), "events", known_by=day("2022-06-29"))


def test_an_empty_lake_chooses_nothing_and_all_is_a_gap() -> None:
    asked = Period(FIRST, LAST)
    assert select(OnShelf([]), "events", known_by=FIRST) == []
    gaps = resolve([], ("MLI", "NER", "MLI"), asked).gaps
    assert describe_gaps(gaps) == [(("MLI", "NER"), asked)]


def test_order_of_precedence() -> None:
    holds = [
        held_only("24.0.9", status="candidate", published="2024-10-31"),
        held_only("24.0.10", status="candidate", published="2024-10-31"),
        held_only("months", status="figures", dimensions=(), published="2025-06-30"),
        held_only("cells", status="figures", dimensions=BY_MONTH, published="2024-06-30"),
        held_only("23.1", published="2023-06-30"),
        held_only("24.1", published="2024-06-30"),
        held_only("24.1.1", published="2024-06-30"),
        held_only("other contract", contract="cells"),
    ]
    found = [held.release.label for held in chosen(holds)]
    assert found == ["24.1.1", "24.1", "23.1", "cells", "months", "24.0.10", "24.0.9"]
    assert str(T("{names}", names=names_of(chosen(holds)[:2]))) == "made-up@24.1.1 and made-up@24.1"  # type: ignore[arg-type]


def test_figures_by_month_do_not_speak_about_a_part_of_a_month() -> None:
    figures = held_only("1", status="figures", dimensions=BY_MONTH)
    selection = resolve([figures], ["MLI"], Period(day("2022-03-10"), day("2022-10-15")))
    assert [str(part.period) for part in selection.slices] == ["2022-04-01/2022-09-30"]
    assert [str(gap.period) for gap in selection.gaps] == ["2022-03-10/2022-03-31", "2022-10-01/2022-10-15"]
    within = resolve([figures], ["MLI"], Period(day("2022-03-10"), day("2022-03-20")))
    assert (len(within.slices), len(within.gaps)) == (0, 1)


def test_a_month_that_an_event_file_breaks_off_is_left_to_figures() -> None:
    holds = [
        held_only("1", end="2022-10-15", published="2024-06-30"),
        held_only("2", status="figures", dimensions=BY_MONTH),
    ]
    selection = resolve(chosen(holds), ["MLI"], Period(day("2022-01-01"), day("2022-12-31")))
    assert [(str(p.period), p.holds[0].release.label) for p in selection.slices] == [
        ("2022-01-01/2022-09-30", "1"),
        ("2022-10-01/2022-12-31", "2"),
    ]
    as_of = resolve(chosen(holds), ["MLI"], Period(day("2022-01-01"), day("2022-10-15")))
    assert [(str(p.period), p.holds[0].release.label) for p in as_of.slices] == [("2022-01-01/2022-10-15", "1")]


def test_covered_means_every_day() -> None:
    selection = resolve([held_only("1")], ["MLI"], Period(day("2022-01-01"), day("2022-06-30")))
    assert selection.covered("MLI", Period(day("2022-02-01"), day("2022-06-30")))
    assert not selection.covered("MLI", Period(day("2022-02-01"), day("2022-07-01")))
    assert not selection.covered("NER", Period(day("2022-02-01"), day("2022-02-01")))
    assert [str(period) for period in selection.spoken("MLI")] == ["2022-01-01/2022-06-30"]


def test_select_reads_what_stands_on_disk(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1", [event("1")], published="2022-06-30")
    put(lake, "2", [event("1", best=5)], published="2023-06-30")
    assert [held.release.label for held in select(lake, "events")] == ["2", "1"]
    assert [held.release.label for held in select(lake, "events", known_by=day("2022-12-31"))] == ["1"]
    assert [held.release.label for held in select(lake, "events", pins=["made-up@1"])] == ["1"]
    assert select(lake, "cells") == []


def test_releases_are_chosen_by_the_tables_they_have(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1", [event("a")])
    both: dict[str, Sequence[Any]] = {"needs": [], "funding": []}
    put_tables(lake, "2022", both, dataset="plans", published="2022-06-30")
    put_tables(lake, "2023", both, dataset="plans", published="2023-06-30")
    put_tables(lake, "1", {"needs": []}, dataset="food", published="2021-06-30")
    put_tables(lake, "2", {"needs": []}, dataset="food", published="2024-06-30", status="sample")
    assert [held.release.name for held in with_table(lake, "needs")] == ["food@1", "plans@2023", "plans@2022"]
    assert [held.release.name for held in with_table(lake, "funding")] == ["plans@2023", "plans@2022"]
    known = with_table(lake, "funding", known_by=day("2022-12-31"))
    assert [held.release.name for held in known] == ["plans@2022"]
    assert with_table(lake, "funding", known_by=day("2020-12-31")) == []
    assert [held.release.name for held in with_table(lake, "needs", pins=("plans@2022",))] == ["plans@2022"]
    assert with_table(lake, "needs", pins=("made-up@1",)) == []
    assert [held.release.name for held in select(lake, "events")] == ["made-up@1"]
