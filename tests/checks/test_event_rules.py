"""Each rule of the verdicts on events by itself, on small synthetic worlds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harmattan.checks.asker import Asker
from harmattan.questions.ledger import ledger
from harmattan.questions.parameters import Params
from harmattan.vocabulary.cell import neighbours
from tests.checks.askers import MOURA, asker_of, judged
from tests.lake.factory import BY_MONTH, Row, day, event, lake_in, put

AT = {"cell": MOURA, "lat": None, "lon": None}
Made = Callable[..., Asker]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Makes an asker of a world with one release of some rows."""

    def make(rows: list[Row], **said: Any) -> Asker:
        lake = lake_in(tmp_path)
        put(lake, "1", rows, **({"start": "2010-01-01", "end": "2022-12-31"} | said))
        return asker_of(lake)

    return make


def attack(event_id: str, start: str, best: int, **changed: Any) -> Row:
    who = {"violence": "one_sided", "dyad": "B - Civilians", "dyad_id": "2", "actors_a": ["B"], "actors_b": [],
           "side_a_as_written": "B", "side_b_as_written": "Civilians", "perpetrator": "B"}  # fmt: skip
    return event(event_id, start, best=best, **({"deaths_civilians": best, **who} | changed))


def verdict(asker: Asker, check: str = "value", **said: Any) -> str:
    return judged(asker, check, **said).verdict


def far(n: int = 0) -> Row:
    """An event that lets the release cover the days from 2010 on."""
    return event(f"far{n}", f"201{n}-01-02", best=1, cell=100000)


MARCH = {"start": "2022-03"}


def test_low_to_high_of_what_is_said_supports(made: Made) -> None:
    asker = made([far(), event("a", "2022-03-03", best=100, deaths_low=80, deaths_high=140)])
    assert [verdict(asker, value=value, **MARCH) for value in (78, 80.5, 139, 100)] == [
        "different_figure", "supported", "supported", "supported",
    ]  # fmt: skip


def test_a_quarter_beyond_every_way_is_another_figure_and_farther_is_contradicted(made: Made) -> None:
    asker = made([far(), event("a", "2022-03-03", best=100, deaths_low=100, deaths_high=100)])
    assert [verdict(asker, value=value, **MARCH) for value in (76, 124, 73, 127)] == [
        "different_figure", "different_figure", "contradicted", "contradicted",
    ]  # fmt: skip
    assert verdict(asker, value=74, qualifier="at_least", **MARCH) == "supported"
    assert verdict(asker, value=130, qualifier="at_least", **MARCH) == "contradicted"
    assert verdict(asker, value=70, qualifier="up_to", **MARCH) == "contradicted"


def test_no_record_is_no_contradiction(made: Made) -> None:
    asker = made([far(), event("a", "2022-03-03", best=100)])
    for check in ("value", "count"):
        assert verdict(asker, check, start="2022-07", value=50) == "no_record"
    assert verdict(asker, "exists", start="2022-07") == "no_record"
    assert verdict(asker, "first", actor="B", date="2009-12-31", how="by") == "not_checkable"
    assert verdict(asker, "first", place="Moura", date="2021", how="by") == "no_record"


def test_the_largest_record_is_a_way_to_count_an_incident_and_no_year(made: Made) -> None:
    rows = [event(f"e{n}", f"2022-03-{n + 1:02d}", best=10) for n in range(9)] + [event("big", "2022-03-20", best=60)]
    asker = made([far(), *rows])
    assert verdict(asker, value=60, **MARCH) == "different_figure"
    assert judged(asker, "value", value=60, **MARCH).reckonings[0].key == "record"
    assert verdict(asker, value=60, start="2022") == "contradicted"


def test_neighbours_in_place_and_time_count(made: Made) -> None:
    near = neighbours(MOURA)[0]
    asker = made(
        [far(), event("a", "2022-03-10", best=10, **AT), event("b", "2022-03-14", best=90, **AT | {"cell": near})]
    )
    said = {"place": "Moura", "start": "2022-03-10"}
    assert verdict(asker, value=100, **said) == "different_figure"
    assert judged(asker, "value", value=101, **said).reckonings[0].key == "incident"
    assert verdict(asker, value=30, place="Moura", start="2022-03-12") == "no_record"


def test_the_wider_place_saves_from_contradiction_and_is_no_match(made: Made) -> None:
    asker = made([far(), event("a", "2022-03-10", best=10, **AT), event("b", "2022-03-10", best=500)])
    assert verdict(asker, value=400, place="Moura", **MARCH) == "different_figure"
    assert verdict(asker, value=900, place="Moura", **MARCH) == "contradicted"
    assert "from 10 to 512 by other ways" in str(judged(asker, "value", value=400, place="Moura", **MARCH).sentence)
    assert verdict(asker, value=500, place="Kidal", **MARCH) == "no_record"


def test_records_that_begin_before_the_period_count_by_overlap(made: Made) -> None:
    asker = made([far(), event("a", "2022-02-25", best=200, date_end=day("2022-03-05"), date_precision="days"),
                  event("b", "2022-03-07", best=20)])  # fmt: skip
    assert verdict(asker, value=220, **MARCH) == "different_figure"
    assert verdict(asker, value=20, **MARCH) == "supported"


def test_places_that_are_not_known_well_may_be_left_out(made: Made) -> None:
    rows = [event("a", "2022-03-10", best=100), event("b", "2022-03-10", best=200, where_precision="country")]
    asker = made([far(), *rows])
    assert verdict(asker, value=300, start="2022") == "supported"
    assert verdict(asker, value=100, start="2022") == "different_figure"


def test_civilians_may_be_all_the_dead_or_those_in_attacks(made: Made) -> None:
    asker = made([far(), attack("a", "2022-03-03", 40), event("b", "2022-03-05", best=100, deaths_civilians=60)])
    said = {"measure": "civilians", **MARCH}
    found = [verdict(asker, value=value, **said) for value in (100, 140, 40, 300)]
    assert found == ["supported", "different_figure", "different_figure", "contradicted"]
    assert verdict(asker, value=40, by="B", **said) == "supported"
    assert verdict(asker, value=100, by="B", **said) == "different_figure"


def test_by_whom_against_whom_and_who_beside_whom(made: Made) -> None:
    pair = {"actors_a": ["C"], "actors_b": ["B"], "dyad": "C - B", "dyad_id": "9"}
    asker = made([far(), event("a", "2022-03-03", best=7), event("b", "2022-03-03", best=50, **pair)])
    assert verdict(asker, value=7, by="Government of A", against="B", **MARCH) == "supported"
    assert verdict(asker, value=50, actor=["B", "C"], **MARCH) == "supported"
    assert verdict(asker, "exists", actor=["Government of A", "C"], **MARCH) == "no_record"
    unknown = judged(asker, "exists", actor="Nobody", **MARCH)
    assert (unknown.verdict, "no actor called Nobody" in str(unknown.sentence)) == ("not_checkable", True)


def test_none_is_contradicted_only_by_what_is_sure(made: Made) -> None:
    may = {"date_end": day("2022-05-31"), "date_precision": "month"}
    rows = [event("a", "2022-03-03", best=3), event("b", "2022-05-01", **may),
            event("c", "2022-07-03", where_precision="country")]  # fmt: skip
    asker = made([far(), *rows])
    assert verdict(asker, "exists", expect="none", **MARCH) == "contradicted"
    assert verdict(asker, "exists", expect="none", start="2022-05-07") == "not_checkable"
    assert verdict(asker, "exists", expect="none", start="2022-09") == "supported"
    assert verdict(asker, "exists", expect="none", place="Moura", start="2022-07") == "supported"


def test_sums_by_month_answer_for_days_and_say_so(made: Made) -> None:
    month = {"date_end": day("2022-03-31"), "date_precision": "month"}
    asker = made([far(), event("a", "2022-03-01", best=100, n_events=4, **month)],
                 status="figures", dimensions=BY_MONTH)  # fmt: skip
    found = judged(asker, "value", value=100, start="2022-03-09")
    assert found.verdict == "supported"
    assert "sums by month" in str(found.coverage)
    assert verdict(asker, value=20, start="2022-03-09") == "not_checkable"
    assert verdict(asker, value=300, start="2022-03-09") == "contradicted"
    assert verdict(asker, value=20, **MARCH) == "contradicted"
    assert verdict(asker, "exists", start="2022-03-09") == "supported"
    assert verdict(asker, "exists", expect="none", start="2022-03-09") == "not_checkable"
    assert verdict(asker, "first", start="2022", date="2022-03-20") == "supported"


def test_what_is_covered_in_part_contradicts_nothing(made: Made) -> None:
    asker = made([event("a", "2022-06-03", best=100)], start="2022-06-01")
    assert verdict(asker, value=1000, start="2022") == "not_checkable"
    assert verdict(asker, value=100, start="2022") == "supported"
    assert verdict(asker, value=100, start="2021") == "not_checkable"
    assert verdict(asker, "compare", start="2022", is_="more", than={"from": "2021"}) == "not_checkable"
    assert verdict(asker, "share", start="2022", value=50, of={"actor": ["B"]}) == "not_checkable"


def test_more_events_than_are_lethal_cannot_be_told_and_fewer_are_contradicted(made: Made) -> None:
    asker = made([far(), *(event(f"e{n}", f"2022-03-{n + 1:02d}") for n in range(20))])
    assert verdict(asker, "count", value=80, **MARCH) == "not_checkable"
    assert verdict(asker, "count", value=8, qualifier="up_to", **MARCH) == "contradicted"
    assert verdict(asker, "count", value=20, **MARCH) == "supported"
    assert verdict(asker, "count", value=0.65, per="day", **MARCH) == "supported"
    assert verdict(asker, "count", value=0.9, per="day", **MARCH) == "not_checkable"
    assert verdict(asker, "count", value=4.5, per="week", **MARCH) == "supported"


def test_the_first_record_against_a_date(made: Made) -> None:
    asker = made([far(), event("a", "2015-06-03", cell=MOURA), event("b", "2022-03-03")])
    said = {"place": "Moura"}
    on = [verdict(asker, "first", date=date, **said) for date in ("2015", "2015-06-03", "2014", "2016-05", "2018")]
    assert on == ["supported", "supported", "no_record", "different_figure", "contradicted"]
    after = [verdict(asker, "first", date=date, how="after", **said) for date in ("2015", "2016-06-03", "2019")]
    assert after == ["supported", "different_figure", "contradicted"]
    by = [verdict(asker, "first", date=date, how="by", **said) for date in ("2015", "2020", "2014")]
    assert by == ["supported", "supported", "no_record"]


def test_comparisons(made: Made) -> None:
    rows = [event("a", "2021-03-03", best=100, deaths_low=90, deaths_high=110),
            event("b", "2022-03-03", best=150, deaths_low=140, deaths_high=160),
            event("c", "2020-03-03", best=105, deaths_low=95, deaths_high=115)]  # fmt: skip
    asker = made([far(), *rows])

    def of(is_: str, one: str, than: str, **said: Any) -> str:
        return verdict(asker, "compare", start=one, is_=is_, than={"from": than}, **said)

    assert of("more", "2022-03", "2021") == "supported"
    assert of("less", "2022-03", "2021") == "contradicted"
    assert of("more", "2022-03", "2021", factor=1.5) == "supported"
    assert of("more", "2022-03", "2021", factor=2) == "different_figure"
    assert of("more", "2021", "2020") == "not_checkable"
    assert of("same", "2021", "2020") == "supported"
    assert of("same", "2022-03", "2021") == "contradicted"
    assert of("more", "2019", "2021") == "no_record"
    assert of("less", "2021", "2022") == "supported"
    assert of("more", "2022", "2021", factor=9) == "different_figure"
    assert verdict(asker, "compare", start="2021", is_="more", than={"from": "2022"}) == "contradicted"


def test_a_side_that_is_not_over_is_not_held_against_the_claim(made: Made) -> None:
    asker = made([far(), event("a", "2021-03-03", best=100), event("b", "2022-03-03", best=10)])
    assert verdict(asker, "compare", start="2022", is_="more", than={"from": "2021"}) == "not_checkable"
    assert verdict(asker, "compare", start="2022", end="2022-10", is_="more", than={"from": "2021", "to": "2021"}) == (
        "contradicted"
    )


def test_ranks_leave_windows_out_that_overlap(made: Made) -> None:
    deaths = {2015: 100, 2016: 40, 2017: 105, 2018: 300, 2019: 90, 2020: 10, 2021: 99}
    rows = [event(f"e{year}", f"{year}-06-03", best=best, deaths_high=best) for year, best in deaths.items()]
    asker = made([far(), *rows])

    def of(year: int, **said: Any) -> str:
        return verdict(asker, "rank", end=f"{year}-12-31", since="2014", **said)

    assert of(2018) == "supported"
    assert of(2017, top=2) == "supported"
    assert of(2017) == "different_figure", "what was higher came later"
    assert of(2020) == "contradicted"
    assert of(2019) == "contradicted"
    assert of(2019, top=4) == "different_figure"
    assert verdict(asker, "rank", end="2018-12-31", since="2014", actor="B") == "supported"
    assert verdict(asker, "rank", end="2020-12-31", since="2014", actor="B") == "contradicted"


def test_what_a_source_does_not_count_cannot_be_checked(made: Made) -> None:
    asker = made([far(), event("a", "2022-03-03", deaths_civilians=None), event("b", "2021-03-03")])
    said = {"measure": "civilians", **MARCH}
    assert verdict(asker, value=3, **said) == "not_checkable"
    assert verdict(asker, "share", value=3, of={"actor": ["B"]}, **said) == "not_checkable"
    assert verdict(asker, "compare", is_="more", than={"from": "2021"}, **said) == "not_checkable"
    assert verdict(asker, "rank", end="2022-03", since="2023", window=1) == "not_checkable"
    assert verdict(asker, "rank", end="2022-03", since="2012", window=1, top=4) == "supported"


def test_shares_range_from_low_of_the_part_to_high(made: Made) -> None:
    rows = [attack("a", "2022-03-03", 30), event("b", "2022-03-05", best=70, actors_b=["C"], dyad="A - C", dyad_id="7",
                                                deaths_high=70)]  # fmt: skip
    asker = made([far(), *rows])
    assert verdict(asker, "share", value=30, of={"actor": ["B"]}, **MARCH) == "supported"
    assert verdict(asker, "share", value=36, of={"actor": ["B"]}, **MARCH) == "different_figure"
    assert verdict(asker, "share", value=80, of={"actor": ["B"]}, **MARCH) == "contradicted"
    assert verdict(asker, "share", value=30, of={"place": "Moura"}, **MARCH) == "no_record"


def test_parties_are_those_of_the_questions_at_every_level(embedded: Asker) -> None:
    world = embedded.inquiry.world
    there = ledger(world, Params(country=("MLI",), as_of=dt.date(2022, 10, 31)))
    for level in ("name", "actor", "parent", "family"):
        params = Params(country=there.params.country, as_of=there.params.as_of, level=level)
        told = None if level == "name" else world.told(params)
        rows = world.events(world.selected(params, there.needs)[1], told, params)
        columns = rows.select("release", "event_id", "actors_a", "actors_b", "perpetrator").to_pyarrow().to_pylist()
        at = {key: n for n, key in enumerate(there.keys)}
        parties = there.sides(level)
        for row in columns:
            n = at[f"{row['release']}:{row['event_id']}"]
            for side in ("a", "b"):
                mine = {name for name, where in getattr(parties, side).items() if n in where}
                assert mine == set(row[f"actors_{side}"] or ()), (level, row)
            mine = {name for name, where in parties.perpetrator.items() if n in where}
            assert mine == set((row["perpetrator"] or "").split("+")) - {""}, (level, row)


def test_a_network_may_be_meant_by_its_own_name_only(embedded: Asker) -> None:
    said = {"country": ["NER"], "actor": ["Islamic State"], "start": "1989", "end": "2023"}
    dates = {date: verdict(embedded, "first", date=date, **said) for date in ("2015-03", "2022-03", "2023-12")}
    assert dates == {"2015-03": "supported", "2022-03": "different_figure", "2023-12": "contradicted"}


def test_a_region_that_no_record_names_is_said(made: Made) -> None:
    asker = made([event("a", "2022-03-03", best=1, admin1_as_written="Gao region")])
    said = {name: [str(c) for c in asker.ask("tally", country=("MLI",), region=(name,)).caveats]
            for name in ("Gao", "Nowhere")}  # fmt: skip
    assert not any("names the region" in caveat for caveat in said["Gao"])
    assert any("names the region Nowhere" in caveat for caveat in said["Nowhere"])
