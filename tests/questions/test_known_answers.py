"""Published numbers, to the digit, from the ingested events and from the embedded figures alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from harmattan.questions.answer import Answer
from harmattan.questions.evidence import opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World

MALI = {
    2010: (2, 28), 2011: (4, 23), 2012: (43, 359), 2013: (83, 881), 2014: (30, 291), 2015: (55, 256), 2016: (52, 191),
    2017: (126, 605), 2018: (236, 1281), 2019: (199, 1227), 2020: (232, 1509), 2021: (215, 1287), 2022: (408, 3650),
    2023: (319, 2109),
}  # fmt: skip
MALI_2022_BY_DYAD = {
    "Government of Mali - JNIM": (206, 1117),
    "IS - Civilians": (47, 886),
    "IS - JNIM": (20, 363),
    "Government of Mali - IS": (26, 323),
    "JNIM - Civilians": (26, 289),
    "Government of Mali - Civilians": (24, 269),
}
MALI_12_MONTHS = {"2022-12-31": 3650, "2022-10-31": 3433, "2022-09-30": 3335}


def mali(world: World, question: str, **params: Any) -> Answer:
    return ask(world, question, Params(country=("MLI",), **params))


def test_mali_by_year(either: World) -> None:
    found = mali(either, "casualties", start=dt.date(2010, 1, 1), end=dt.date(2023, 12, 31), by=("year",))
    assert {int(row["period"]): (row["events"], row["deaths_best"]) for row in found.rows} == MALI


def test_months_add_up_to_the_years(either: World) -> None:
    found = mali(either, "casualties", start=dt.date(2010, 1, 1), end=dt.date(2023, 12, 31), by=("month",))
    sums = {
        year: tuple(
            sum(r[name] for r in found.rows if r["period"].startswith(str(year))) for name in ("events", "deaths_best")
        )
        for year in MALI
    }
    assert sums == MALI
    assert len(found.rows) == 12 * len(MALI)


def test_mali_2022_by_dyad(either: World) -> None:
    found = mali(either, "casualties", start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31), by=("dyad",))
    by_dyad = {row["dyad"]: (row["events"], row["deaths_best"]) for row in found.rows}
    assert by_dyad | MALI_2022_BY_DYAD == by_dyad
    assert [row["dyad"] for row in found.rows][: len(MALI_2022_BY_DYAD)] == list(MALI_2022_BY_DYAD), (
        "the most deaths first"
    )
    assert tuple(map(sum, zip(*by_dyad.values(), strict=True))) == MALI[2022]


@pytest.mark.parametrize("end", MALI_12_MONTHS)
def test_twelve_months_to_a_months_end_are_the_most_so_far(either: World, end: str) -> None:
    found = mali(either, "records", since=dt.date(2012, 1, 1), as_of=dt.date.fromisoformat(end))
    last = found.rows[0]
    assert (last["window_end"], last["deaths_best"]) == (end, MALI_12_MONTHS[end])
    assert last["is_record"]
    assert last["rank"] == last["rank_so_far"] == 1
    assert all(row["deaths_best"] < last["deaths_best"] for row in found.rows[1:])


def test_the_year_2022_is_the_highest_of_all_to_then(either: World) -> None:
    found = mali(either, "records", since=dt.date(2012, 1, 1), end=dt.date(2022, 12, 31))
    ends = [row["window_end"] for row in found.rows]
    assert (ends[0], ends[-1], len(ends)) == ("2022-12-31", "2012-01-31", 132)
    assert {
        row["window_end"]: row["deaths_best"] for row in found.rows if row["window_end"] in MALI_12_MONTHS
    } == MALI_12_MONTHS
    assert [row["window_end"] for row in found.rows if row["rank"] == 1] == ["2022-12-31"]


@pytest.mark.data
def test_a_window_that_ends_within_a_month_comes_from_events(ingested: World) -> None:
    found = mali(ingested, "records", since=dt.date(2012, 1, 1), as_of=dt.date(2022, 10, 15))
    last, before = found.rows[:2]
    assert (last["window_start"], last["window_end"], last["deaths_best"]) == ("2021-10-16", "2022-10-15", 3292)
    assert (last["rank"], last["is_record"]) == (2, False)
    assert (before["window_end"], before["deaths_best"], before["is_record"]) == ("2022-09-30", 3335, True)


def test_figures_by_month_do_not_pretend_to_a_window_within_a_month(embedded: World) -> None:
    found = mali(embedded, "records", since=dt.date(2012, 1, 1), as_of=dt.date(2022, 10, 15))
    assert (found.rows[0]["window_end"], found.rows[0]["deaths_best"]) == ("2022-09-30", 3335)
    assert all(row["deaths_best"] != 3292 for row in found.rows)
    (gap,) = (str(caveat) for caveat in found.caveats if "Not covered: Mali" in str(caveat))
    assert "1 October 2022 to 15 October 2022. Other days are covered, 1 January 1989 to" in gap
    assert gap.endswith("sums by month speak about whole months only.")


@pytest.mark.data
def test_moura_is_in_the_rows_of_evidence(ingested: World) -> None:
    found = mali(
        ingested,
        "casualties",
        start=dt.date(2022, 3, 26),
        end=dt.date(2022, 3, 31),
        dyad=("Government of Mali - JNIM",),
    )
    listed = rows_of(opened(ingested, found), found, 0).table.to_pylist()
    moura = listed[0]
    assert moura["place_as_written"] == "Mora village", "as the publisher writes Moura"
    assert (moura["date_start"], moura["date_end"]) == (dt.date(2022, 3, 26), dt.date(2022, 3, 31))
    assert (moura["n_events"], moura["deaths_best"], moura["deaths_civilians"]) == (1, 313, 243)
    assert sum(row["deaths_best"] == 313 for row in listed) == 1


def test_moura_is_in_the_figures_of_its_month_and_cell(embedded: World) -> None:
    found = mali(embedded, "casualties", start=dt.date(2022, 3, 1), end=dt.date(2022, 3, 31), by=("cell", "dyad"))
    most = found.rows[0]
    assert (most["dyad"], most["deaths_best"] >= 313) == ("Government of Mali - JNIM", True)
    assert most["deaths_civilians"] >= 243


@pytest.mark.data
@pytest.mark.parametrize("by", [("year", "country"), ("country", "kind"), ("cell",), ("dyad",), ("actor",)])
def test_the_embedded_figures_say_what_the_events_say(ingested: World, embedded: World, by: tuple[str, ...]) -> None:
    params = Params(
        country=("MLI", "BFA", "NER", "BEN", "TGO"), start=dt.date(2018, 1, 1), end=dt.date(2023, 12, 31), by=by
    )
    without = ("records",)
    one, other = (ask(world, "casualties", params) for world in (ingested, embedded))
    assert one.releases != other.releases
    for mine, theirs in zip(one.rows, other.rows, strict=True):
        assert {k: v for k, v in mine.items() if k not in without} == {
            k: v for k, v in theirs.items() if k not in without
        }
