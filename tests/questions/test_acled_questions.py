"""UCDP and ACLED in one lake: one family an answer, ACLED's types of events, and what a licence hides is never 0."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan.errors import UsageError
from harmattan.ingest import ingest
from harmattan.questions.answer import Answer, answer_id
from harmattan.questions.evidence import Kept, answer_of, opened, rows_of
from harmattan.questions.parameters import Params, from_json
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from harmattan.vocabulary.origin import Hidden
from tests.lake.factory import day, event, put
from tests.questions.worlds import asked, assert_opens, world_in
from tests.sources.acled_rows import attack, battle, protest, rows, write_csv, write_page

NOW = dt.datetime(2024, 6, 30, tzinfo=dt.UTC)
COVERED: dict[str, Any] = {"places": ("MLI", "NER"), "start": day("2022-01-01"), "end": day("2022-12-31")}
TYPED = ("casualties", "records", "actors", "civilian-harm", "competition", "activity-range", "exposure")


def said(found: Answer) -> str:
    return " ".join(map(str, (found.headline, *found.caveats)))


def made_rows() -> list[dict[str, str]]:
    """Two battles, two attacks, a protest, a protest met with force, an agreement; nine dead in political violence."""
    return [
        battle(1),
        battle(2, event_date="2022-07-01", fatalities="1"),
        attack(3),
        attack(4, actor1="Gamma Guard", fatalities="1"),
        protest(5),
        protest(6, sub_event_type="Excessive force against protesters", fatalities="2", actor2="Police",
                inter2="1", civilian_targeting="Civilian targeting"),
        battle(7, event_type="Strategic developments", sub_event_type="Agreement", fatalities="0"),
    ]  # fmt: skip


def add_acled(world: World, folder: Path, made: list[dict[str, str]], **options: Any) -> None:
    file = write_csv(folder / f"{len(list(folder.iterdir()))}.csv", made)
    ingest(world.lake, "acled", [file], Options(**(COVERED | options)), retrieved_at=NOW)


@pytest.fixture
def both(tmp_path: Path) -> World:
    """A lake with UCDP (100 dead in 2022) and ACLED."""
    world = world_in(tmp_path)
    put(world.lake, "24.1", [event("u1", best=100)], dataset="ucdp-ged")
    add_acled(world, tmp_path, made_rows())
    return world


def test_one_family_answers_and_the_default_is_ucdp(both: World) -> None:
    found = asked(both, "casualties")
    assert [ref.name for ref in found.releases] == ["ucdp-ged@24.1"]
    assert [row["deaths_best"] for row in found.rows] == [100]
    assert "political violence" not in said(found)
    other = asked(both, "casualties", source="acled")
    assert [ref.name for ref in other.releases] == ["acled@2024-06-30"]
    assert [(row["events"], row["deaths_best"], row["covered"]) for row in other.rows] == [(5, 9, "yes")]


def test_the_id_of_an_answer_is_what_it_was_before_there_were_families(both: World) -> None:
    found = asked(both, "casualties")
    assert {"source", "event_type"} & set(found.params) == set()
    assert found.id == answer_id("casualties", found.params, found.releases)
    assert set(found.params) == {
        "country", "from", "to", "as_of", "known_by", "release", "by", "kind", "actor", "dyad", "cell",
    }  # fmt: skip
    assert asked(both, "casualties", source="acled").params["source"] == "acled"
    assert from_json({"source": "acled", "event_type": ["Battles"]}) == Params(source="acled", event_type=("Battles",))


def test_pins_decide_and_never_mix(both: World) -> None:
    found = asked(both, "casualties", release=("acled@2024-06-30",))
    assert found.rows[0]["deaths_best"] == 9
    with pytest.raises(UsageError, match=r"ucdp-ged@24\.1 count different things"):
        asked(both, "casualties", release=("acled@2024-06-30", "ucdp-ged@24.1"))
    with pytest.raises(UsageError, match=r"No release of acled has events here\. There are ucdp"):
        asked(both, "casualties", release=("ucdp-ged@24.1",), source="acled")


def test_a_family_that_is_not_there_is_told_with_what_is(both: World, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"No release of gdelt has events here\. There are ucdp and acled"):
        asked(both, "casualties", source="gdelt")
    alone = world_in(tmp_path / "alone")
    (tmp_path / "alone").mkdir()
    add_acled(alone, tmp_path / "alone", made_rows())
    assert asked(alone, "casualties").rows[0]["deaths_best"] == 9, "the only family there answers"


@pytest.mark.parametrize(
    ("types", "events", "deaths"),
    [
        ((), 5, 9),
        (("political_violence",), 5, 9),
        (("organised_political_violence",), 4, 7),
        (("demonstrations",), 2, 2),
        (("all",), 7, 9),
        (("Battles",), 2, 3),
        (("Armed clash", "Agreement"), 3, 3),
        (("Protests",), 2, 2),
    ],
)
def test_event_types_narrow_and_widen(both: World, types: tuple[str, ...], events: int, deaths: int) -> None:
    found = asked(both, "casualties", source="acled", event_type=types, by=("country",), country=("MLI",))
    assert [(row["events"], row["deaths_best"]) for row in found.rows] == [(events, deaths)]
    assert_opens(both, found)
    if types in ((), ("political_violence",)):
        assert "political violence as ACLED defines it" in said(found)
    elif types != ("all",):
        assert f"Counted are events of these types: {types[0]}" in said(found)
    assert "one number of reported fatalities" in said(found)


def test_types_of_events_are_asked_of_acled_only(both: World) -> None:
    with pytest.raises(UsageError, match=r"data of ucdp have no event types\. Leave --event-type out"):
        asked(both, "casualties", event_type=("Battles",))


@pytest.mark.parametrize("question", TYPED)
def test_every_row_of_every_question_opens_to_its_records(tmp_path: Path, question: str) -> None:
    world = world_in(tmp_path)
    add_acled(world, tmp_path, rows(300), places=("MLI", "BFA", "NER"))
    ways: tuple[dict[str, Any], ...] = ({}, {"event_type": ("all",)}, {"event_type": ("Battles", "demonstrations")})
    for params in ways:
        found = asked(world, question, country=("MLI", "BFA", "NER"), **params)
        assert found.rows or (question == "civilian-harm" and params)
        assert_opens(world, found)
        kept = answer_of(world, Kept.of(found))
        assert (kept.rows, kept.id) == (found.rows, found.id)


def test_no_estimate_that_acled_does_not_give_is_made_up(both: World) -> None:
    for question in TYPED:
        for row in asked(both, question, source="acled").rows:
            if row["events"]:
                assert (row["deaths_low"], row["deaths_high"], row["deaths_civilians"]) == (None, None, None)


def test_kinds_of_violence_are_ucdp_s(both: World) -> None:
    found = asked(both, "casualties", source="acled", kind=("state_based",))
    assert found.rows == ()
    assert "Not covered: no release here speaks in that detail" in said(found)


def test_civilian_harm_is_told_as_far_as_acled_tells_it(both: World) -> None:
    found = asked(both, "civilian-harm", source="acled")
    told = [(row["harm"], row["perpetrator"], row["events"], row["deaths_best"], row["share"]) for row in found.rows]
    assert told == [
        ("targeted", "Beta Front", 1, 3, None),
        ("targeted", None, 1, 2, None),
        ("targeted", "Gamma Guard", 1, 1, None),
    ]
    assert "3 events in which civilians were the target, with 6 deaths" in str(found.headline)
    assert "how many of the dead were civilians the source does not say" in str(found.headline)
    assert found.evidence().rows == 3
    assert_opens(both, found)


def test_who_fights_whom_has_no_direction(both: World) -> None:
    found = asked(both, "actors", source="acled", event_type=("Battles",))
    assert {row["actor"]: row["against"] for row in found.rows} == {
        "Alpha Front": "Beta Front (2)", "Beta Front": "Alpha Front (2)",
    }  # fmt: skip
    pairs = asked(both, "casualties", source="acled", by=("dyad",), event_type=("Battles",))
    assert [row["dyad"] for row in pairs.rows] == ["Alpha Front - Beta Front"]


def test_evidence_shows_types_and_notes_of_acled_and_not_of_ucdp(both: World) -> None:
    for source, typed in (("acled", True), (None, False)):
        found = asked(both, "casualties", source=source)
        listed = rows_of(opened(both, found), found, None).table
        assert ("event_type" in listed.column_names) is typed
        assert ("notes" in listed.column_names) is typed


def test_coverage_lists_every_family_or_the_one_that_is_said(both: World) -> None:
    found = asked(both, "coverage", country=("MLI",))
    assert [(row["source"], row["release"], row["events"]) for row in found.rows] == [
        ("acled", "acled@2024-06-30", 5), ("ucdp", "ucdp-ged@24.1", 1),
    ]  # fmt: skip
    assert "they count different things" in said(found)
    assert_opens(both, found)
    one = asked(both, "coverage", country=("MLI",), source="acled")
    assert [row["source"] for row in one.rows] == ["acled"]


def add_hidden(world: World, folder: Path, made: list[dict[str, str]], **options: Any) -> None:
    """A release of which the licence hides everything after June 2022."""
    hidden = Hidden(places=("MLI",), after=day("2022-06-30"), why="the licence shows what is older than 12 Months")
    page = write_page(folder / "page.json", made)
    asked_for: dict[str, Any] = {
        "places": ("MLI",),
        "start": day("2022-01-01"),
        "end": day("2023-03-31"),
        "hidden": hidden,
    }
    ingest(world.lake, "acled", [page], Options(**(asked_for | options)), retrieved_at=NOW)


@pytest.fixture
def dark(tmp_path: Path) -> World:
    world = world_in(tmp_path)
    add_hidden(world, tmp_path, [battle(1), attack(2)])
    return world


HIDDEN = "Hidden by your licence after 30 June 2022: Mali, 1 July 2022 to 31 December 2022"


@pytest.mark.parametrize("question", [*TYPED, "coverage"])
def test_what_a_licence_hides_is_told_by_every_question_that_touches_it(dark: World, question: str) -> None:
    params: dict[str, Any] = {"country": ("MLI",)} | ({"window": 3} if question == "records" else {})
    found = asked(dark, question, **params, end=day("2022-12-31"))
    assert HIDDEN in said(found)
    assert "silence there is not peace" in said(found)
    assert "Not covered: Mali, 1 July" not in said(found)
    open_end = asked(dark, question, **params)
    assert "Hidden by your licence after 30 June 2022: Mali, from 1 July 2022 on" in said(open_end)
    assert "Hidden" not in said(asked(dark, question, **params, end=day("2022-05-31")))


def test_hidden_numbers_are_empty_and_never_zero(dark: World) -> None:
    found = asked(dark, "casualties", country=("MLI",), by=("month",), start=day("2022-05-01"), end=day("2022-08-31"))
    assert [(row["period"], row["events"], row["deaths_best"], row["covered"]) for row in found.rows] == [
        ("2022-05", 0, 0, "yes"),
        ("2022-06", 0, 0, "yes"),
        ("2022-07", None, None, "no"),
        ("2022-08", None, None, "no"),
    ]
    partly = asked(dark, "casualties", country=("MLI",), start=day("2022-01-01"), end=day("2022-12-31"))
    assert [row["covered"] for row in partly.rows] == ["partly"]


@pytest.mark.parametrize("question", ["casualties", "actors", "civilian-harm"])
def test_where_all_is_hidden_there_is_no_row_and_the_headline_says_so(dark: World, question: str) -> None:
    found = asked(dark, question, country=("MLI",), start=day("2022-08-01"), end=day("2022-12-31"))
    assert found.rows == ()
    assert str(found.headline).startswith("Hidden by your licence after 30 June 2022: Mali from 1 August 2022")


def test_coverage_has_a_row_for_what_is_hidden(dark: World) -> None:
    found = asked(dark, "coverage", country=("MLI", "NER"), start=day("2022-01-01"), end=day("2022-12-31"))
    assert [(row["country"], row["start"], row["end"], row["status"], row["events"]) for row in found.rows] == [
        ("MLI", "2022-01-01", "2022-06-30", "rolling", 2),
        ("MLI", "2022-07-01", "2022-12-31", "hidden by licence", None),
        ("NER", "2022-01-01", "2022-12-31", "not covered", None),
    ]


def test_a_release_that_shows_nothing_at_all_still_says_that_it_is_hidden(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    add_hidden(world, tmp_path, [], start=day("2023-01-01"))
    found = asked(world, "casualties", country=("MLI",), start=day("2023-01-01"), end=day("2023-03-31"))
    assert found.rows == ()
    assert "Hidden by your licence after 30 June 2022" in str(found.headline)
    rows_ = asked(world, "coverage", country=("MLI",), start=day("2023-01-01"), end=day("2023-03-31")).rows
    assert [row["status"] for row in rows_] == ["hidden by licence"]


def test_a_release_of_somebody_who_may_see_lifts_the_veil(dark: World, tmp_path: Path) -> None:
    add_acled(dark, tmp_path, [battle(1), battle(9, event_date="2022-08-02")], label="open")
    found = asked(dark, "casualties", country=("MLI",), start=day("2022-01-01"), end=day("2022-12-31"))
    assert [row["covered"] for row in found.rows] == ["yes"]
    assert "Hidden" not in said(found)


def test_ucdp_is_not_hidden_by_acled_s_licence(dark: World) -> None:
    put(dark.lake, "24.1", [event("u1", best=100)], dataset="ucdp-ged")
    found = asked(dark, "casualties", country=("MLI",), start=day("2022-01-01"), end=day("2022-12-31"))
    assert "Hidden" not in said(found)
    assert [row["deaths_best"] for row in found.rows] == [100]


def test_monthly_counts_of_political_violence_answer_where_no_events_do(tmp_path: Path) -> None:
    from tests.sources.test_acled_aggregates import both as workbook

    world = world_in(tmp_path)
    names = ("political-violence", "civilian-targeting", "demonstration")
    for name in names:
        file = workbook(tmp_path / f"{name}-events-as-of-2024-06-10.xlsx")
        ingest(world.lake, "acled-aggregates", [file], Options(), retrieved_at=NOW)
    found = ask(world, "casualties", Params(country=("MLI", "SEN"), by=("country",)))
    assert [ref.name for ref in found.releases] == ["acled-aggregates@political-violence.2024-06-10"]
    assert [(row["country"], row["events"], row["deaths_best"]) for row in found.rows] == [
        ("MLI", 9, 10),
        ("SEN", 2, 1),
    ]
    assert_opens(world, found)
    for narrower in ("Battles", "demonstrations", "all"):
        assert ask(world, "casualties", Params(country=("MLI",), event_type=(narrower,))).rows == ()
    assert ask(world, "civilian-harm", Params(country=("MLI",))).rows == ()
