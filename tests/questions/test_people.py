"""Questions over tables that hold no events: what is said, what is never added, and that every row opens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import LicenceError, UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import answer_of, find, guard_licence, keep
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params, as_json, from_json
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.origin import Hidden
from tests.lake.factory import day, put, put_tables
from tests.questions.people import SAHEL, assert_opens_to_rows, dtm_rows, money, put_people, stock
from tests.questions.worlds import TABLE_QUESTIONS, world_in

AS_OF = day("2022-10-31")
WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("displacement", {}),
    ("displacement", {"as_of": AS_OF}),
    ("displacement", {"by": ("place",)}),
    ("displacement", {"by": ("origin",)}),
    ("displacement", {"by": ("place", "origin"), "start": day("2020-01-01")}),
    ("displacement", {"start": day("2021-01-01"), "end": day("2021-12-31"), "population": ("idps",)}),
    ("needs", {}),
    ("needs", {"as_of": AS_OF, "country": SAHEL}),
    ("needs", {"by": ("place",)}),
    ("needs", {"by": ("sector", "group", "place"), "start": day("2021-06-01")}),
    ("needs", {"indicator": ("ipc_phase_3",), "end": day("2022-05-01")}),
    ("funding", {}),
    ("funding", {"as_of": AS_OF, "country": SAHEL}),
    ("funding", {"by": ("sector",), "start": day("2021-01-01")}),
)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A lake with four synthetic data sets."""
    world = world_in(tmp_path_factory.mktemp("people"))
    put_people(world.lake)
    return world


def of(world: World, question: str, **params: Any) -> Answer:
    return ask(world, question, Params(**({"country": ("MLI",)} | params)))


def rows(answer: Answer, *names: str, **where: Any) -> list[Any]:
    """Some columns of the rows that fit."""
    fit = [row for row in answer.rows if all(row[name] == value for name, value in where.items())]
    return [tuple(row[name] for name in names) if len(names) > 1 else row[names[0]] for row in fit]


@pytest.mark.parametrize(("question", "params"), WAYS)
def test_every_row_opens_to_its_rows_again_from_its_id(
    people: World, tmp_path: Path, question: str, params: dict[str, Any]
) -> None:
    found = of(people, question, **params)
    assert found.rows
    assert_opens_to_rows(people, found)
    assert keep(tmp_path, found)
    again = answer_of(people, find(tmp_path, found.id))
    assert (again.id, again.rows, again.row_criteria) == (found.id, found.rows, found.row_criteria)
    assert {tuple(row) for row in found.rows} == {tuple(column.name for column in found.columns)}
    json.dumps(found.as_json(Speaker("en")))


@pytest.mark.parametrize(("question", "params"), WAYS)
def test_parameters_survive_the_way_through_json(question: str, params: dict[str, Any]) -> None:
    meant = Params(**params)
    assert from_json(json.loads(json.dumps(as_json(meant, QUESTIONS[question].accepts)))) == meant


def test_the_ways_ask_every_question_with_every_filter() -> None:
    assert {question for question, _ in WAYS} == set(TABLE_QUESTIONS)
    taken = {field for question in TABLE_QUESTIONS for field in QUESTIONS[question].accepts} - {"known_by", "release"}
    assert taken <= {name for _, params in WAYS for name in params}


def test_the_newest_stock_is_of_one_round_and_is_never_a_sum_over_rounds(people: World) -> None:
    found = of(people, "displacement", as_of=AS_OF)
    assert rows(found, "round", "as_of", "value", dataset="iom") == [(3, "2022-06-30", 207)]
    assert str(rows(found, "added_up", dataset="iom")[0]) == "3 places"
    assert rows(of(people, "displacement", as_of=day("2022-06-29")), "value", dataset="iom") == [170]
    assert "207 internally displaced people in Mali (3 places) on 30 June 2022 (iom)" in str(found.headline)


def test_with_a_period_every_round_has_its_row(people: World) -> None:
    found = of(people, "displacement", start=day("2021-01-01"), population=("idps",))
    assert rows(found, "round", "value", dataset="iom") == [(3, 207), (2, 170), (1, 150)]
    assert rows(found, "as_of", "value", dataset="unhcr") == [("2021-12-31", 2921)]


def test_people_in_a_country_and_people_from_it_are_told_apart(people: World) -> None:
    found = of(people, "displacement", as_of=AS_OF, population=("refugees",))
    told = rows(found, "direction", "other", "value", "added_up")
    assert [(side, other, value, str(added)) for side, other, value, added in told] == [
        ("in", None, 37, "2 countries of origin"),
        ("in", None, 4, "None"),
        ("from", None, 147, "2 countries of refuge"),
    ]
    pairs = of(people, "displacement", as_of=AS_OF, population=("refugees",), by=("origin",))
    assert rows(pairs, "other", "value", direction="from") == [("MRT", 86), ("NER", 61)]
    assert rows(pairs, "other", "value", direction="in") == [("BFA", 21), ("MRT", 16), (None, 4)]


def test_partners_counted_on_days_are_not_added(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    days = {"MRT": "2022-09-30", "NER": "2022-08-31"}
    there = [
        stock(code, 10 + n, on, population="refugees", origin_iso3="MLI", iso3=code)
        for n, (code, on) in enumerate(days.items())
    ]
    put_tables(world.lake, "1", {"displacement": there}, dataset="portal")
    assert rows(of(world, "displacement"), "other", "as_of", "value") == [
        ("MRT", "2022-09-30", 10),
        ("NER", "2022-08-31", 11),
    ]


def test_a_row_of_the_country_stands_before_the_sum_of_its_places(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    country = stock("whole", 500, "2022-06-30", operation="Crisis", round=3, method="BA")
    put_tables(world.lake, "1", {"displacement": [*dtm_rows(), country]}, dataset="iom")
    found = of(world, "displacement")
    assert rows(found, "value", "added_up", "records") == [(500, None, 1)]
    by_place = of(world, "displacement", by=("place",))
    assert rows(by_place, "level", "place", "value") == [
        ("country", None, 500),
        ("admin2", "A1, Region A", 120),
        ("admin2", "A2, Region A", 80),
        ("admin2", "B1, Region B", 7),
    ]


def test_the_newest_of_each_place_may_come_from_an_older_round(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    kept = [row for row in dtm_rows() if not (row["round"] == 3 and row["admin2_as_written"] == "A2")]
    put_tables(world.lake, "1", {"displacement": kept}, dataset="iom")
    found = of(world, "displacement", by=("place",))
    assert rows(found, "round", "value", place="A2, Region A") == [(2, 60)]
    assert any("different rounds" in str(caveat) for caveat in found.caveats)


def test_reasons_are_parts_and_methods_are_not(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    round_ = {"operation": "Crisis", "round": 1}
    told = [("a", 10, "BA", "Conflict"), ("b", 5, "BA", "Not available"), ("c", 99, "SA", None)]
    made = [stock(key, n, "2022-01-31", method=method, reason=reason, **round_) for key, n, method, reason in told]
    put_tables(world.lake, "1", {"displacement": made}, dataset="iom")
    found = of(world, "displacement")
    assert rows(found, "method", "value") == [("BA", 15), ("SA", 99)]
    assert str(found.rows[0]["added_up"]) == "the reasons"


@pytest.mark.parametrize(("question", "params"), [way for way in WAYS if way[0] == "displacement"])
def test_another_operation_or_data_set_changes_no_row(tmp_path: Path, question: str, params: dict[str, Any]) -> None:
    alone, beside = world_in(tmp_path / "alone"), world_in(tmp_path / "beside")
    for world in (alone, beside):
        put_tables(world.lake, "1", {"displacement": dtm_rows()}, dataset="iom")
        put_tables(world.lake, "1", {"displacement": dtm_rows()}, dataset="second") if world is beside else None
    both = world_in(tmp_path / "both")
    put_tables(both.lake, "1", {"displacement": [*dtm_rows(), *dtm_rows("Floods", "f")]}, dataset="iom")
    first = [dict(row) for row in of(alone, question, **params).rows]
    assert [dict(row) for row in of(beside, question, **params).rows if row["dataset"] == "iom"] == first
    assert [dict(row) for row in of(both, question, **params).rows if row["operation"] == "Crisis"] == first


def test_the_newest_release_known_by_the_date_speaks_and_an_older_one_where_it_is_silent(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    old = [stock("a", 10, "2021-06-30"), stock("b", 20, "2022-06-30")]
    put_tables(world.lake, "old", {"displacement": old}, dataset="iom", published="2022-07-31")
    new = {"dataset": "iom", "published": "2023-07-31", "start": "2022-01-01", "end": "2023-06-30"}
    put_tables(world.lake, "new", {"displacement": [stock("b", 25, "2022-06-30")]}, **new)
    series = of(world, "displacement", start=day("2021-01-01"))
    assert rows(series, "release", "value") == [("iom@new", 25), ("iom@old", 10)]
    assert rows(of(world, "displacement", known_by=day("2022-12-31")), "release", "value") == [("iom@old", 20)]
    assert rows(of(world, "displacement", release=("iom@old",)), "value") == [20]
    none = of(world, "displacement", known_by=day("2020-01-01"))
    assert not none.rows
    assert "Nothing of this kind here was published by 1 January 2020" in str(none.caveats[0])
    assert any("This is hindsight: iom@new" in str(c) for c in of(world, "displacement", as_of=AS_OF).caveats)


def test_a_withdrawn_row_does_not_come_back_from_an_older_release(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put_tables(world.lake, "1", {"displacement": [stock("a", 10, "2022-06-30")]}, dataset="iom", published="2022-07-31")
    put_tables(world.lake, "2", {"displacement": []}, dataset="iom", published="2022-08-31")
    found = of(world, "displacement")
    assert not found.rows
    assert [ref.name for ref in found.releases] == ["iom@2"]
    assert "covered, but no stock is on record" in str(found.headline)


def test_the_newest_plan_of_each_kind_and_what_is_never_added(people: World) -> None:
    found = of(people, "needs", as_of=AS_OF, indicator=("people_in_need",))
    assert rows(found, "scope", "plan_type", "start", "value") == [
        ("country", "Flash appeal", "2022-01-01", 500_000),
        ("country", "Humanitarian response plan", "2022-01-01", 600_000),
        ("regional", "Regional response plan", "2022-01-01", 4_000_000),
    ]
    assert any("A regional plan overlaps" in str(caveat) for caveat in found.caveats)


def test_a_total_is_over_country_plans_of_one_kind_and_period_alone(people: World) -> None:
    found = of(people, "needs", country=SAHEL, as_of=AS_OF, indicator=("people_in_need",))
    (total,) = [row for row in found.rows if row["scope"] == "total"]
    assert (total["country"], total["value"], total["records"]) == ("BFA, MLI, NER", 300_000 + 600_000 + 900_000, 3)
    assert str(total["added_up"]) == "3 country plans"
    assert "1,800,000 people in need in Burkina Faso, Mali and Niger" in str(found.headline)
    assert not rows(of(people, "needs", country=(*SAHEL, "TCD"), as_of=AS_OF), "value", scope="total")


def test_food_phases_are_added_over_the_places_of_one_analysis_and_not_over_phases(people: World) -> None:
    found = of(people, "needs", as_of=day("2022-05-31"), indicator=("ipc_phase_3", "ipc_phase_4", "ipc_phase_3_plus"))
    assert rows(found, "indicator", "period", "value") == [
        ("ipc_phase_3", "current", 600_000),
        ("ipc_phase_4", "current", 600_000),
        ("ipc_phase_3_plus", "current", 600_000),
    ]
    assert {str(words) for words in rows(found, "added_up")} == {"3 places"}
    assert "superseded" not in rows(of(people, "needs"), "period")


def test_parts_are_listed_where_they_are_asked_for(people: World) -> None:
    def extra(*by: str) -> set[Any]:
        found = of(people, "needs", by=by, as_of=AS_OF, indicator=("people_in_need",))
        return {(row["sector"], row["group"], row["place"]) for row in found.rows} - {(None, None, None)}

    assert extra() == set()
    assert extra("sector") == {("Health", None, None)}
    assert extra("group") == {(None, "Refugees", None)}
    assert extra("place") == {(None, None, "Region A")}


def test_requirements_funding_and_coverage_of_a_plan(people: World) -> None:
    found = of(people, "funding", as_of=AS_OF)
    plan = next(row for row in found.rows if row["plan_code"] == "HMLI")
    assert (plan["requirements"], plan["funding"], plan["coverage_percent"]) == (600, 150, 25.0)
    assert (plan["pledged"], plan["committed"], plan["paid"], plan["shared"]) == (23, 43, 63, 3)
    assert "asks for 600 US dollars and has 150, 25.0 percent" in str(found.headline)
    assert any("3 flows are shared" in str(caveat) for caveat in found.caveats)
    assert rows(found, "scope", "coverage_percent", plan_code="RSAH") == [("regional", 1.0)]
    years = of(people, "funding", start=day("2021-01-01"), as_of=AS_OF)
    assert rows(years, "year", "requirements", plan_code="HMLI") == [(2022, 600), (2021, 400)]


def test_several_values_of_one_plan_are_not_added(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    stated = [money("a", "requirements", 100, plan="P"), money("b", "requirements", 120, plan="P")]
    put_tables(world.lake, "1", {"funding": stated}, dataset="plans")
    found = of(world, "funding")
    assert rows(found, "requirements") == [100, 120]
    assert any("several values" in str(caveat) for caveat in found.caveats)


@pytest.mark.parametrize("question", TABLE_QUESTIONS)
def test_what_no_release_has_is_not_covered_and_never_zero(people: World, tmp_path: Path, question: str) -> None:
    nothing = of(world_in(tmp_path), question)
    assert str(nothing.headline).startswith("Not covered: no release here has ")
    elsewhere = of(people, question, country=("SEN",))
    assert str(elsewhere.headline).startswith("Not covered: ")
    assert "Covered: " in str(elsewhere.headline)
    assert not nothing.rows
    assert not elsewhere.rows
    partly = of(people, question, country=("MLI", "SEN"))
    assert partly.rows
    assert any("Not covered by any release used here: Senegal" in str(caveat) for caveat in partly.caveats)


def test_what_a_licence_hides_is_said(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    hidden = Hidden(places=("MLI",), after=day("2022-06-30"), why="embargo of a year")
    put_tables(world.lake, "1", {"displacement": dtm_rows()}, dataset="iom", hidden=hidden)
    said = [str(caveat) for caveat in of(world, "displacement", as_of=AS_OF).caveats]
    assert any("hidden by your licence after 30 June 2022 for Mali (embargo of a year)" in words for words in said)
    early = of(world, "displacement", as_of=day("2022-06-30"))
    assert not any("hidden" in str(caveat) for caveat in early.caveats)
    assert any("hidden by your licence" in str(caveat) for caveat in of(world, "sources").caveats)


def test_closed_rows_are_not_handed_on_and_open_ones_of_the_same_answer_are(people: World) -> None:
    found = of(people, "needs", as_of=AS_OF)
    closed = next(n for n, row in enumerate(found.rows) if row["dataset"] == "food")
    opened = next(n for n, row in enumerate(found.rows) if row["dataset"] == "plans")
    with pytest.raises(LicenceError, match="food@1"):
        guard_licence(found, "evidence", closed)
    with pytest.raises(LicenceError):
        guard_licence(found, "evidence")
    guard_licence(found, "evidence", opened)


def test_a_way_to_tell_apart_that_a_question_does_not_know_is_refused(people: World) -> None:
    with pytest.raises(UsageError, match=r"takes no --by sector\. It takes place, origin"):
        of(people, "displacement", by=("sector",))
    with pytest.raises(UsageError, match=r"casualties takes no --by place"):
        of(people, "casualties", by=("place",))


def test_sources_lists_what_the_lake_has_and_rests_on_no_rows(people: World, tmp_path: Path) -> None:
    found = of(people, "sources")
    iom = next(row for row in found.rows if row["dataset"] == "iom")
    assert (iom["release"], iom["start"], iom["end"], iom["covers"]) == ("iom@1", "2021-03-31", "2022-06-30", "MLI")
    assert (iom["tables"], iom["rows"], iom["rejects"], iom["releases"]) == ("displacement", 21, 0, 1)
    ged = next(row for row in found.rows if row["dataset"] == "ucdp-ged")
    assert (ged["release"], ged["rows"], ged["records"]) == (None, None, 0)
    assert "harmattan ingest ucdp-ged FILE" in str(ged["access"])
    inquiry = Inquiry(people.lake)
    for n, row in enumerate(found.rows):
        listed = inquiry.rows(found, n)
        assert (listed.of, listed.table.num_rows) == ("files", row["records"])
    guard_licence(found, "evidence")
    assert keep(tmp_path, found)
    assert answer_of(people, find(tmp_path, found.id)).rows == found.rows


def test_events_beside_change_nothing(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    put_people(world.lake)
    before = [of(world, question).id for question in TABLE_QUESTIONS]
    put(world.lake, "1", [])
    assert [of(world, question).id for question in TABLE_QUESTIONS] == before


def test_a_partner_without_a_row_in_the_newest_year_is_not_fetched_from_an_older_one(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    there = {("MLI", "2021"): 5, ("BFA", "2021"): 7, (None, "2021"): 2, ("MLI", "2022"): 6}
    made = [
        stock(f"{year}-{origin}", n, f"{year}-12-31", population="refugees", origin_iso3=origin, iso3="NER",
              as_of_precision="year")
        for (origin, year), n in there.items()
    ]  # fmt: skip
    put_tables(world.lake, "1", {"displacement": made}, dataset="unhcr")
    for by in ((), ("origin",)):
        found = of(world, "displacement", country=("NER",), by=by)
        assert rows(found, "other", "as_of", "value") == [("MLI", "2022-12-31", 6)]
    assert "6 refugees from Mali in Niger on 31 December 2022" in str(found.headline)


def test_a_stock_of_one_place_is_not_taken_for_the_country(tmp_path: Path) -> None:
    """Two shelters in January and one in February: the newest stock speaks of one place, and says so."""
    world = world_in(tmp_path)
    where = {"level": "admin2", "admin1_as_written": "A", "as_of_precision": "day"}
    told = (("2022-01-31", "one", 90), ("2022-01-31", "two", 40), ("2022-02-28", "one", 150))
    made = [stock(f"{at}-{name}", people, at, admin2_as_written=name, **where) for at, name, people in told]
    put_tables(world.lake, "1", {"displacement": made}, dataset="iom")
    found = of(world, "displacement")
    assert [str(row["added_up"]) for row in found.rows] == ["1 place"]
    assert "150 internally displaced people in Mali (1 place) on 28 February 2022" in str(found.headline)
