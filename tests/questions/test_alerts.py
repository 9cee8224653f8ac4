"""Alerts fire exactly where something was planted, see nothing later, and say nothing where nothing is covered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import Kept, answer_of, opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.vocabulary.cell import gid_at
from tests.lake.factory import BY_MONTH, Row, event, put
from tests.places.made import row as drawn
from tests.questions.test_areas import put_areas
from tests.questions.test_laws import split
from tests.questions.worlds import asked, assert_opens, numbers, world_in

LONG = {"start": "2017-01-01", "end": "2022-12-31"}
RECORD = "record:floor=25"
SURGE = "surge:floor=20"
STRIDE = 5


def days(first: str, last: str) -> Iterator[dt.date]:
    day = dt.date.fromisoformat(first)
    while day <= dt.date.fromisoformat(last):
        yield day
        day += dt.timedelta(days=1)


def quiet_hum() -> list[Row]:
    """Three deaths on the tenth of every month of six years, by a party that is always there."""
    return [
        event(f"hum-{year}-{month}", f"{year}-{month:02d}-10", best=3)
        for year in range(2017, 2023)
        for month in range(1, 13)
    ]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The hum with a record in June 2022, a surge in October 2021, a new party in March 2021, and quiet in Niger."""
    rows = quiet_hum()
    rows.append(event("record", "2022-06-15", best=60))
    rows.append(event("surge", "2021-10-20", best=24))
    rows.append(event("new", "2021-03-05", best=1, dyad="Government of A - N", actors_b=["N"]))
    rows += [event(f"niger-{n}", f"2020-{n:02d}-05", "NER", 1) for n in range(1, 13)]
    world = world_in(tmp_path_factory.mktemp("planted"))
    put(world.lake, "1", rows, **LONG)
    return world


def fired(world: World, day: dt.date, *rules: str, **said: Any) -> list[tuple[str, str, str]]:
    found = asked(world, "alerts", rule=rules, as_of=day, **said)
    return [(row["rule"], row["country"], row["level"]) for row in found.rows]


def firing(world: World, first: str, last: str, rule: str, **said: Any) -> tuple[str, str]:
    """First and last day on which a rule fires, in one unbroken stretch."""
    found = {day: bool(fired(world, day, rule, **said)) for day in list(days(first, last))[::STRIDE]}
    rang = [day for day, rings in found.items() if rings]
    assert rang == [day for day in found if rang[0] <= day <= rang[-1]]
    edges = [*near(rang[0], -STRIDE), *near(rang[-1], STRIDE)]
    rang = sorted({*rang, *(day for day in edges if fired(world, day, rule, **said))})
    return rang[0].isoformat(), rang[-1].isoformat()


def near(day: dt.date, stride: int) -> Iterator[dt.date]:
    """The days between one that was looked at and the next."""
    step = 1 if stride > 0 else -1
    for n in range(step, stride, step):
        yield day + dt.timedelta(days=n)


def plain(answer: Answer) -> list[dict[str, Any]]:
    """The rows without the ids that depend on the very releases."""
    return [{name: value for name, value in row.items() if name != "sentence"} for row in numbers(answer)]


def test_a_record_fires_while_its_days_are_in_the_window(planted: World) -> None:
    assert firing(planted, "2022-06-10", "2022-07-20", RECORD) == ("2022-06-15", "2022-07-14")
    assert fired(planted, dt.date(2022, 6, 20), RECORD) == [("record", "MLI", "high")]


def test_a_record_of_a_year_that_is_none_of_three_is_no_high_one(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    more = [event("old", "2020-01-15", best=90), event("new", "2022-06-15", best=60)]
    put(world.lake, "1", [*quiet_hum(), *more], **LONG)
    found = asked(world, "alerts", rule=(RECORD,), as_of=dt.date(2022, 6, 30))
    (row,) = found.rows
    assert (row["level"], row["value"], row["threshold"], row["threshold_long"]) == ("medium", 63, 6, 93)
    assert str(row["sentence"]) == (
        "Mali: 63 deaths in the 30 days to 30 June 2022, more than in any such window of the 12 months before (6), but "
        "not of the 36 months before (93)."
    )
    assert row["since"] == "2022-06-15"


def test_a_tie_is_no_record_and_a_floor_is_a_floor(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", [event("a", "2021-09-15", best=30), event("b", "2022-06-15", best=30)], **LONG)
    assert fired(world, dt.date(2022, 6, 30), RECORD) == []
    assert fired(world, dt.date(2021, 9, 30), RECORD) == [("record", "MLI", "high")]
    assert fired(world, dt.date(2021, 9, 30), "record:floor=31") == []


def test_a_surge_fires_for_its_week(planted: World) -> None:
    assert firing(planted, "2021-10-01", "2021-11-20", SURGE) == ("2021-10-20", "2021-10-26")
    (row,) = asked(planted, "alerts", rule=(SURGE,), as_of=dt.date(2021, 10, 22)).rows
    assert (row["value"], row["threshold"]) == (24, 1.5)
    assert fired(planted, dt.date(2021, 10, 22), "surge:floor=20,ratio=40") == []


def test_a_vague_date_starts_no_surge(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", [event("a", "2022-06-01", best=50, date_precision="month")], **LONG)
    found = asked(world, "alerts", rule=(SURGE,), as_of=dt.date(2022, 6, 5))
    assert found.rows == ()
    assert any("do not see 1 event whose day" in str(text) for text in found.caveats)


def test_a_party_is_new_for_a_month_and_only_after_years(planted: World) -> None:
    assert firing(planted, "2021-02-20", "2021-04-20", "first:by=country") == ("2021-03-05", "2021-04-03")
    (row,) = asked(planted, "alerts", rule=("first:by=country",), as_of=dt.date(2021, 3, 31)).rows
    assert (row["actor"], row["value"], row["records"]) == ("N", 1, 1)


def test_state_forces_are_news_only_by_name(planted: World) -> None:
    day = dt.date(2020, 1, 10)
    assert fired(planted, day, "first:by=country,months=24", country=("NER",)) == [("first", "NER", "medium")]
    named = "first:by=country,months=24,actors=Government of A"
    found = asked(planted, "alerts", rule=(named,), as_of=day, country=("NER",))
    assert [row["actor"] for row in found.rows] == ["Government of A"]


def test_quiet_is_where_there_was_much(planted: World) -> None:
    rule = "quiet:by=country,days=60"
    assert firing(planted, "2021-01-20", "2021-04-20", rule)[0] == "2021-02-03"
    found = asked(planted, "alerts", rule=(rule,), as_of=dt.date(2021, 2, 28))
    (row,) = found.rows
    assert (row["country"], row["value"], row["events"], row["records"]) == ("NER", 12, 12, 12)
    assert "no event in the 60 days to 28 February 2021, after 12 events" in str(row["sentence"])


def test_a_cell_and_an_area_that_ring(planted: World, tmp_path: Path) -> None:
    (row,) = asked(planted, "alerts", rule=("record:floor=25,by=cell",), as_of=dt.date(2022, 6, 20)).rows
    assert (row["area"], row["area_id"], row["value"]) == (str(gid_at(14.5, -4.25)), None, 63)
    world = world_in(tmp_path)
    more = [event("r", "2022-06-15", best=60), event("far", "2022-06-16", lat=1, lon=1)]
    put(world.lake, "1", [*quiet_hum(), *more], **LONG)
    put_areas(world, "1", [drawn("Midland", (-6, 13, -3, 16))])
    found = asked(world, "alerts", rule=("first", "record:by=region,floor=25"), as_of=dt.date(2022, 6, 20))
    assert [(row["area"], row["value"], row["rule"]) for row in found.rows] == [("Midland", 63, "record")]
    assert any("do not see 1 event coded to a larger area or to none" in str(text) for text in found.caveats)
    assert found.params["rule"][0].startswith("first:measure=events,by=admin1")
    assert any(name.startswith("drawn@") for name in (ref.name for ref in found.releases))
    assert_opens(world, found)


def test_nothing_fires_outside_what_is_covered_and_it_is_said(planted: World) -> None:
    found = asked(planted, "alerts", rule=(RECORD,), as_of=dt.date(2023, 1, 1))
    assert found.rows == ()
    assert str(found.headline).startswith("Not covered: no rule has what it needs about Mali and Niger")
    assert any("ends on 31 December 2022. That is not quiet." in str(text) for text in found.caveats)
    early = asked(planted, "alerts", rule=("first:by=country",), as_of=dt.date(2019, 12, 31))
    assert str(early.headline).startswith("Not covered")
    assert asked(planted, "alerts", country=("BFA",)).rows == ()


def test_a_gap_in_coverage_silences_a_rule(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", quiet_hum()[:48], start="2017-01-01", end="2020-12-31")
    put(world.lake, "2", [event("x", "2022-06-15", best=60)], start="2021-07-01", end="2022-12-31")
    assert fired(world, dt.date(2022, 6, 20), RECORD) == []
    put(world.lake, "3", [], start="2021-01-01", end="2021-06-30")
    assert fired(world, dt.date(2022, 6, 20), RECORD) == [("record", "MLI", "high")]


def test_the_longer_record_is_not_known_where_only_the_shorter_is_covered(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put(world.lake, "1", [event("x", "2022-06-15", best=60)], start="2021-01-01", end="2022-12-31")
    (row,) = asked(world, "alerts", rule=(RECORD,), as_of=dt.date(2022, 6, 20)).rows
    assert (row["level"], row["threshold_long"]) == ("medium", None)
    assert "the 36 months before are not covered" in str(row["sentence"])


def test_sums_by_month_stand_for_days_where_they_can(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    rows = [event(f"m{n}", f"{2019 + n // 12}-{n % 12 + 1:02d}-01", best=3, date_precision="month") for n in range(41)]
    rows.append(event("big", "2022-06-01", best=60, date_precision="month"))
    put(world.lake, "1", rows, status="figures", dimensions=BY_MONTH, start="2019-01-01", end="2022-12-31")
    found = asked(world, "alerts", country=("MLI",), rule=(RECORD, SURGE), as_of=dt.date(2022, 7, 10))
    (row,) = found.rows
    assert (row["step"], row["value"]) == ("month", 60)
    assert (row["window_start"], row["window_end"]) == ("2022-06-01", "2022-06-30")
    told = " ".join(str(text) for text in found.caveats)
    assert "The rule record speaks of 30 days; of Mali only sums by month are at hand, so 1 whole month" in told
    assert "The rule surge says nothing about Mali" in told
    assert fired(world, dt.date(2022, 6, 29), RECORD) == []


def test_what_comes_later_changes_nothing(planted: World, tmp_path: Path) -> None:
    day = dt.date(2021, 10, 22)
    later = world_in(tmp_path)
    kept = [row for row in _rows(planted) if row["date_start"] <= day]
    put(later.lake, "1", [*kept, event("later", "2021-10-23", best=999)], **LONG)
    both = [asked(world, "alerts", as_of=day) for world in (planted, later)]
    assert plain(both[0]) == plain(both[1])
    assert both[0].rows


def _rows(world: World) -> list[Row]:
    found = asked(world, "casualties")
    records = opened(world, found)
    table = records.to_pyarrow().to_pylist()
    return [event(r["event_id"], r["date_start"].isoformat(), r["iso3"], r["deaths_best"], dyad=r["dyad"],
                  actors_a=r["actors_a"], actors_b=r["actors_b"]) for r in table]  # fmt: skip


def test_splitting_records_changes_no_alert(tmp_path: Path) -> None:
    rows = [dict(row) | {"n_events": 2, "deaths_best": 4, "deaths_low": 4} for row in quiet_hum()]
    rows.append(dict(event("r", "2022-06-15", best=60)) | {"n_events": 2})
    whole, parted = world_in(tmp_path / "a"), world_in(tmp_path / "b")
    put(whole.lake, "1", rows, **LONG)
    put(parted.lake, "1", [half for row in rows for half in split(row)], **LONG)
    for day in (dt.date(2022, 6, 20), dt.date(2021, 6, 12)):
        one, other = (asked(world, "alerts", as_of=day) for world in (whole, parted))
        assert plain(one) == plain(other)


def test_every_alert_opens_to_its_rows(planted: World) -> None:
    for day in (dt.date(2022, 6, 20), dt.date(2021, 10, 22), dt.date(2021, 3, 31), dt.date(2021, 2, 28)):
        found = asked(planted, "alerts", as_of=day, rule=(RECORD, SURGE, "first:by=country", "quiet:days=60"))
        assert found.rows
        assert_opens(planted, found)


def test_an_answer_is_asked_again_without_the_case(planted: World) -> None:
    found = asked(planted, "alerts", rule=("record:name=loud,floor=25",), as_of=dt.date(2022, 6, 20))
    again = answer_of(planted, Kept.of(found))
    assert (again.id, plain(again)) == (found.id, plain(found))
    (said,) = found.params["rule"]
    assert said == "record:name=loud,measure=deaths_best,by=country,days=30,floor=25,months=12,long=36"
    assert found.rows[0]["rule"] == "loud"
    assert len(rows_of(opened(planted, found), found, 0).table) == 2


def test_the_same_alert_has_the_same_id_for_as_long_as_it_holds(planted: World) -> None:
    ids = {
        row["alert"]
        for day in days("2022-06-15", "2022-07-14")
        for row in asked(planted, "alerts", rule=(RECORD,), as_of=day).rows
    }
    assert len(ids) == 1


def test_rules_that_are_none(planted: World) -> None:
    for words, fault in (
        ("recrod", r"no alert rule recrod\. There are: record, surge, first and quiet\. Did you mean record"),
        ("record:floor", "floor is not NAME=VALUE"),
        ("record:flor=3", "flor: Extra inputs"),
        ("record:days=400", "days: Input should be less than or equal to 366"),
        ("record:months=48", "a record needs days <= months <= long"),
        ("surge:ratio=0.5", "ratio: Input should be greater than 1"),
    ):
        with pytest.raises(UsageError, match=fault):
            asked(planted, "alerts", rule=(words,))


@pytest.mark.data
def test_march_2022_in_mali(ingested: World) -> None:
    params = Params(country=("MLI", "BFA", "NER"), rule=(RECORD, SURGE), as_of=dt.date(2022, 3, 31))
    found = ask(ingested, "alerts", params)
    told = [(row["rule"], row["country"], row["level"], row["value"], row["threshold"]) for row in found.rows]
    assert told == [("record", "MLI", "high", 1358, 296), ("surge", "MLI", "medium", 642, 346)]
    assert_opens(ingested, found)


@pytest.mark.data
@pytest.mark.parametrize(
    ("country", "day"),
    [("NER", "2017-07-05"), ("BFA", "2017-07-15"), ("BEN", "2020-02-09"), ("TGO", "2022-05-11"), ("MLI", "2017-03-05")],
)
def test_jnim_is_new_in_a_country_on_its_first_day(ingested: World, country: str, day: str) -> None:
    first = dt.date.fromisoformat(day)
    for when, there in ((first - dt.timedelta(days=1), False), (first, True), (first + dt.timedelta(days=29), True)):
        found = ask(ingested, "alerts", Params(country=(country,), rule=("first:by=country,actors=JNIM",), as_of=when))
        assert ([(row["actor"], row["since"]) for row in found.rows] == [("JNIM", day)]) is there
