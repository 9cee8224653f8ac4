"""Changes of displaced people beside violence: both grounds open, lags shift, and an association is never a cause."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from harmattan.data import RELEASES
from harmattan.errors import LicenceError
from harmattan.export.sheet import of_rows
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, guard_licence, keep
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params, as_json, from_json
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.criteria import Criteria
from tests.lake.factory import Row, day, event, put, put_tables
from tests.questions.conftest import EVENT_FILE
from tests.questions.people import dtm_rows, put_people, stock
from tests.questions.test_areas import OLD, put_areas
from tests.questions.test_laws import split
from tests.questions.worlds import world_in

NAME = "displacement-violence"
EVENTS = [
    event(f"v{n}", f"{2020 + n // 12}-{n % 12 + 1:02d}-{(n * 7) % 28 + 1:02d}", ("MLI", "NER")[n % 5 == 4], n % 7)
    for n in range(36)
]
COUNTS = ("events", "deaths_low", "deaths_best", "deaths_high")
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"lag": (0, 5)},
    {"population": ("refugees",), "country": ("MLI", "NER")},
    {"start": day("2021-01-01"), "end": day("2022-06-30"), "lag": (12,)},
    {"as_of": day("2022-01-15"), "kind": ("state_based",)},
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Four data sets of people, and events of three years."""
    world = world_in(tmp_path_factory.mktemp("both"))
    put_people(world.lake)
    put(world.lake, "1", EVENTS, start="2020-01-01", end="2022-12-31")
    return world


def of(world: World, **params: Any) -> Answer:
    return ask(world, NAME, Params(**({"country": ("MLI",)} | params)))


def rows(answer: Answer, row: str = "pair", **where: Any) -> list[Any]:
    return [one for one in answer.rows if one["row"] == row and all(one[k] == v for k, v in where.items())]


def assert_opens_to_both(world: World, answer: Answer) -> None:
    """Every row opens to exactly its events, whose sums it has, and to exactly its rows of stocks."""
    inquiry = Inquiry(world.lake)
    keys: set[tuple[str, str]] = set()
    for n, row in enumerate(answer.rows):
        listed = inquiry.rows(answer, n)
        assert sum(part.table.num_rows for part in listed.parts) == row["records"] == answer.evidence(n).rows
        people = [one for part in listed.parts if part.of for one in part.table.to_pylist()]
        events = [one for part in listed.parts if not part.of for one in part.table.to_pylist()]
        keys |= {(one["release"], one["row_id"]) for one in people}
        if row["row"] == "pair":
            assert sum(one["value"] for one in people) == row["before"] + row["stock"], dict(row)
        if row["events"] is None:
            assert not events
            continue
        assert sum(one["n_events"] for one in events) == row["events"], dict(row)
        for name in COUNTS[1:]:
            assert sum(one[name] for one in events) == row[name], dict(row)
    whole = inquiry.rows(answer, None)
    assert whole.beside is not None
    assert whole.beside.table.num_rows == len(keys)
    assert whole.table.num_rows + len(keys) == answer.records


@pytest.mark.parametrize("params", WAYS)
def test_every_row_opens_to_both_of_its_grounds_and_again_from_its_id(
    both: World, tmp_path: Path, params: dict[str, Any]
) -> None:
    found = of(both, **params)
    assert rows(found)
    assert rows(found, "association")
    assert_opens_to_both(both, found)
    assert keep(tmp_path, found)
    again = answer_of(both, find(tmp_path, found.id))
    assert (again.id, again.rows, again.row_criteria) == (found.id, found.rows, found.row_criteria)
    meant = Params(**params)
    assert from_json(json.loads(json.dumps(as_json(meant, QUESTIONS[NAME].accepts)))) == meant
    json.dumps(found.as_json(Speaker("en")))


def test_the_ways_ask_with_every_filter_it_takes() -> None:
    taken = set(QUESTIONS[NAME].accepts) - {"known_by", "release", "source", "event_type", "by"}
    assert taken == {name for params in WAYS for name in params}


def test_the_violence_is_that_of_the_days_between_moved_back_by_the_lag(both: World) -> None:
    """Rounds at irregular days: the second interval is half as long again as the first."""
    found = rows(of(both, lag=(0, 1), population=("idps",)), dataset="iom")
    spans = [(row["lag"], row["from"], row["to"], row["change"], row["months"]) for row in found]
    assert spans == [
        (0, "2021-04-01", "2021-09-30", 20, 6.01),
        (1, "2021-03-01", "2021-08-31", 20, 6.01),
        (0, "2021-10-01", "2022-06-30", 37, 8.97),
        (1, "2021-09-01", "2022-05-31", 37, 8.97),
    ]
    for row in found:
        first, last = (dt.date.fromisoformat(row[name]) for name in ("from", "to"))
        inside = [e for e in EVENTS if e["iso3"] == "MLI" and first <= e["date_start"] <= last]
        assert tuple(row[name] for name in COUNTS) == tuple(
            sum(e[name] for e in inside) for name in ("n_events", *COUNTS[1:])
        )
        assert row["change_per_month"] == round(
            row["change"] / ((day(row["end"]) - day(row["start"])).days / 30.4375), 1
        )


def test_each_interval_follows_the_one_before_without_gap_or_overlap(both: World) -> None:
    for lag in (0, 1, 3, 6, 12):
        found = rows(of(both, lag=(lag,)), dataset="unhcr", direction="from", population="refugees")
        for one, other in itertools.pairwise(found):
            assert day(other["from"]) - day(one["to"]) == dt.timedelta(days=1)


def test_a_place_added_up_from_other_places_is_marked(both: World) -> None:
    found = of(both, lag=(0,), population=("idps",))
    assert [row["places_differ"] for row in rows(found, dataset="iom")] == [False, True]
    assert any("added up from different numbers of places" in str(caveat) for caveat in found.caveats)


def test_days_that_no_release_covers_are_said_and_in_no_association(both: World) -> None:
    found = of(both, lag=(24,))
    before = [row for row in rows(found) if row["from"] < "2020-01-01"]
    assert {row["events"] for row in before if row["covered"] == "no"} == {None}
    assert any("no release covers all days of the violence" in str(caveat) for caveat in found.caveats)
    assert {row["covered"] for row in before} == {"no", "partly"}
    told = {row["direction"]: row for row in rows(found, "association", dataset="unhcr", population="refugees")}
    assert (told["from"]["n"], told["from"]["covered"]) == (1, "partly")
    assert [row["n"] for row in rows(found, "association", dataset="iom")] == [0]


def yearly(world: World, deaths: list[int], people: list[int]) -> None:
    """A data set of year-end stocks from 2009 on, with deaths in each year after."""
    stocks = [
        stock(f"{2009 + n}", value, f"{2009 + n}-12-31", as_of_precision="year") for n, value in enumerate(people)
    ]
    put_tables(world.lake, "1", {"displacement": stocks}, dataset="yearly", places=("MLI",), start="2009-12-31",
               end="2022-12-31")  # fmt: skip
    rows_ = [event(f"y{n}", f"{2010 + n}-06-15", best=best) for n, best in enumerate(deaths)]
    put(world.lake, "1", rows_, start="2010-01-01", end="2022-12-31")


def test_an_association_has_its_interval_from_eight_pairs_on_and_is_never_called_a_cause(tmp_path: Path) -> None:
    deaths = [3, 1, 4, 1, 5, 9, 2, 6, 8]
    people = [100]
    for n, best in enumerate(deaths):
        people.append(people[-1] + 10 * best - (30 if n == 3 else 0))
    world = world_in(tmp_path)
    yearly(world, deaths, people)
    (row,) = rows(of(world, lag=(0,)), "association")
    assert (row["n"], row["says"], row["covered"]) == (9, "together", "yes")
    assert 0.9 < row["association"] < 1
    assert 0 < row["interval_low"] < row["association"] < row["interval_high"] < 1
    (short,) = rows(of(world, lag=(0,), end=day("2016-12-31")), "association")
    assert (short["n"], short["says"], short["interval_low"]) == (7, None, None)
    assert short["association"] is not None
    said = of(world, lag=(0,))
    assert "an association, which says nothing of a cause" in str(said.headline)
    assert any("An association is not a cause" in str(caveat) for caveat in said.caveats)


def test_a_pair_over_a_gap_of_its_series_is_listed_and_in_no_association(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    days = ("2010-12-31", "2016-12-31", "2017-12-31", "2018-12-31", "2019-12-31")
    stocks = [stock(d, 10 + n * n, d, as_of_precision="year") for n, d in enumerate(days)]
    put_tables(
        world.lake, "1", {"displacement": stocks}, dataset="yearly", places=("MLI",), start=days[0], end=days[-1]
    )
    put(world.lake, "1", [event("e", "2018-03-03")], start="2010-01-01", end="2022-12-31")
    found = of(world, lag=(0,))
    assert [row["leaps"] for row in rows(found)] == [True, False, False, False]
    assert [row["n"] for row in rows(found, "association")] == [3]
    assert any("1 pair lies over a gap" in str(caveat) for caveat in found.caveats)


def test_splitting_a_record_changes_only_the_number_of_records(both: World, tmp_path: Path) -> None:
    whole: list[Row] = [dict(row) | {"n_events": 2} for row in EVENTS]
    answers = []
    for n, made in enumerate((whole, [half for row in whole for half in split(row)])):
        world = world_in(tmp_path / str(n))
        put_people(world.lake)
        put(world.lake, "1", made, start="2020-01-01", end="2022-12-31")
        found = of(world)
        answers.append([{name: value for name, value in row.items() if name != "records"} for row in found.rows])
    assert answers[0] == answers[1]


def test_without_counts_it_says_which_data_set_would_tell(made: World) -> None:
    found = of(made)
    assert (found.rows, [ref.name for ref in found.releases]) == ((), ["made-up@1"])
    assert "Not covered" in str(found.headline)
    assert "harmattan fetch" in str(found.headline)


def test_with_an_empty_home_it_is_not_covered(embedded: World) -> None:
    found = of(embedded)
    assert found.rows == ()
    assert "unhcr-population" in str(found.headline)


def test_without_events_the_changes_stand_alone(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put_people(world.lake)
    found = of(world, lag=(0,))
    assert {row["covered"] for row in rows(found)} == {"no"}
    assert {row["events"] for row in rows(found)} == {None}
    assert {row["association"] for row in rows(found, "association")} == {None}
    assert_opens_to_both(world, found)


def test_by_admin1_stocks_stand_beside_the_events_laid_to_their_area(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put_areas(world, "v01", OLD)
    counted = [
        dict(row) | {"admin1_as_written": {"Region A": "West", "Region B": "Nowhere"}[row["admin1_as_written"]]}
        for row in dtm_rows()
    ]
    extra = [dict(row) | {"row_id": row["row_id"] + "x", "round": 4, "as_of": day("2022-09-30")} for row in counted
             if row["round"] == 3]  # fmt: skip
    put_tables(world.lake, "1", {"displacement": [*counted, *extra]}, dataset="iom", places=("MLI",),
               start="2021-03-31", end="2022-09-30")  # fmt: skip
    west, east = (event(f"p{n}", "2021-05-05", best=n + 1, lat=11.0, lon=lon) for n, lon in enumerate((1.0, 3.0)))
    put(world.lake, "1", [west, east], start="2020-01-01", end="2022-12-31")
    found = of(world, by=("admin1",), lag=(0,))
    told = {(row["area"], row["end"]): (row["change"], row["events"], row["covered"]) for row in rows(found)}
    assert told["West", "2021-09-30"] == (20, 1, "yes")
    assert told["Nowhere", "2022-09-30"] == (0, None, "no")
    assert any("No boundary here has the area of 1 area" in str(caveat) for caveat in found.caveats)
    assert_opens_to_both(world, found)


def test_a_file_of_evidence_has_the_rows_of_both_kinds(both: World) -> None:
    found = of(both, lag=(0,), population=("idps",))
    n = next(n for n, row in enumerate(found.rows) if row["row"] == "pair" and row["events"])
    sheet = of_rows(Inquiry(both.lake).rows(found, n), Speaker("en"), found.row_id(n))
    assert set(sheet.column("of")) == {"events", "displacement"}
    assert len(sheet.rows) == found.rows[n]["records"]
    assert {"event_id", "row_id", "value"} <= set(sheet.names)


def test_rows_of_a_closed_count_are_not_handed_on(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put_tables(world.lake, "1", {"displacement": dtm_rows()}, dataset="iom", places=("MLI",), start="2021-03-31",
               end="2022-06-30", redistributable=False)  # fmt: skip
    put(world.lake, "1", EVENTS, start="2020-01-01", end="2022-12-31")
    with pytest.raises(LicenceError, match="iom@1"):
        guard_licence(of(world), "evidence", 0)


def test_criteria_without_a_second_ground_are_written_as_before() -> None:
    assert "beside" not in Criteria(countries=("MLI",)).model_dump(mode="json")
    two = Criteria(countries=("MLI",), beside=Criteria(table="displacement", keys=("a:1",)))
    assert Criteria.model_validate(two.model_dump(mode="json")) == two


@pytest.mark.data
def test_displaced_malians_and_deaths_in_mali(data_dir: Path, tmp_path: Path) -> None:
    """UNHCR's year-end stocks with GED 24.1: what left the country, and what stayed in it."""
    lake = Lake(tmp_path, RELEASES)
    ingest(lake, "ucdp-ged", [data_dir / EVENT_FILE], Options(label="24.1"), retrieved_at=None)
    people = data_dir / "displacement" / "unhcr_population_1951_2025.parquet"
    ingest(lake, "unhcr-population", [people], Options(published=day("2025-06-30")), retrieved_at=None)
    world = World(lake)
    found = of(world, as_of=day("2022-12-31"), population=("idps", "refugees"), lag=(0, 12))
    (row,) = rows(found, population="idps", lag=0, end="2022-12-31")
    assert (row["before"], row["stock"], row["change"]) == (350_110, 379_932, 29_822)
    assert (row["events"], row["deaths_low"], row["deaths_best"], row["deaths_high"]) == (408, 3534, 3650, 4456)
    (one,) = rows(found, "association", population="idps", lag=0)
    assert (one["n"], one["says"]) == (10, "together")
    (fled,) = rows(found, "association", population="refugees", direction="from", lag=0)
    assert fled["n"] == 31
    assert 0 < fled["association"] < 1
    inquiry = Inquiry(lake)
    n = found.rows.index(row)
    listed = inquiry.rows(found, n)
    assert [part.table.num_rows for part in listed.parts] == [408, 2]
