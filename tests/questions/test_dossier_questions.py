"""Questions that rest on dossiers: every row opens to cited records, dates cut twice over, and silence says nothing."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harmattan import data
from harmattan.errors import HarmattanError, LicenceError, UsageError
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.citations import SHOWN
from harmattan.questions.evidence import Rows, answer_of, find, guard_licence, keep
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import BY_FIELD, Params, as_json, from_json
from harmattan.questions.recital import INCOMPLETE
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from harmattan.vocabulary.partial import PartialDate
from tests.lake.factory import event, lake_in, put
from tests.questions.dossiers import DESK, VALLEY, take_in
from tests.questions.worlds import DOSSIER_QUESTIONS

DAY = dt.date(2022, 10, 31)
MALI = {"country": ("MLI",)}
WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("relations", {}),
    ("relations", {"as_of": DAY, "actor": ("JNIM",)}),
    ("relations", {"relation": ("rival_of", "allied_with"), "start": dt.date(2012, 1, 1), "end": dt.date(2013, 1, 1)}),
    ("relations", {"known_by": dt.date(2018, 1, 1), "as_of": dt.date(2016, 12, 31)}),
    ("actor", {"actor": ("GSIM",), "as_of": DAY}),
    ("actor", {"actor": ("katiba-macina",), "source": "ucdp"} | MALI),
    ("presence", MALI | {"as_of": DAY}),
    ("presence", {"actor": ("gov-france",), "start": dt.date(2014, 1, 1), "end": dt.date(2014, 12, 31)}),
    ("milestones", {"country": ("MLI", "BFA", "NER"), "type": ("coup", "exit")}),
    ("milestones", {"actor": ("minusma",), "start": dt.date(2013, 1, 1), "end": dt.date(2023, 12, 31)}),
    ("figures", MALI | {"indicator": ("idps", "troops"), "as_of": DAY}),
    ("figures", {"actor": ("minusma",)}),
    ("force-months", MALI | {"as_of": DAY, "km": (50.0,), "by": ("place",), "force": ("MINUSMA",)}),
    ("who-is", {"name": ("GSIM", "AQMI, Katiba Massina, XXX432", "zzqqxx"), "as_of": DAY}),
)
ABROAD = (("presence", {"as_of": DAY}), ("milestones", {}), ("figures", {}))


@pytest.fixture(scope="module")
def inquiry(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    """The embedded releases, asked from an empty home."""
    return Inquiry(Lake(tmp_path_factory.mktemp("home"), data.RELEASES))


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A lake with the small dossier and nothing else."""
    folder = tmp_path_factory.mktemp("valley")
    world = World(lake_in(folder))
    take_in(world.lake, folder, "valley", VALLEY)
    return world


def of(world: World, question: str, **params: Any) -> Answer:
    return ask(world, question, Params(**params))


def records(rows: Rows) -> set[str]:
    """The records that evidence lists; each of its rows has its source."""
    listed = rows.table.to_pylist()
    assert rows.cited
    assert list(rows.table.column_names) == list(SHOWN)
    assert all(row["publisher"] and row["title"] and PartialDate.parse(row["published"]) for row in listed)
    return {f"{row['list']}:{row['record']}" for row in listed}


def said(found: Answer) -> str:
    return " ".join(map(str, (found.headline, *found.caveats)))


@pytest.mark.parametrize(("question", "params"), WAYS)
def test_every_row_opens_to_its_cited_records(inquiry: Inquiry, question: str, params: dict[str, Any]) -> None:
    found = inquiry.ask(question, Params(**params))
    assert found.rows
    assert [list(row) for row in found.rows] == [[column.name for column in found.columns]] * len(found.rows)
    whole: set[str] = set()
    for number, row in enumerate(found.rows):
        opened = inquiry.rows(found, number)
        if row.get("aspect") == "activity":
            assert sum(record["n_events"] for record in opened.table.to_pylist()) == row["events"]
            assert sum(record["deaths_best"] for record in opened.table.to_pylist()) == row["deaths_best"]
            assert opened.table.num_rows == row["records"]
            continue
        assert len(records(opened)) == row["records"] == found.evidence(number).rows
        assert "sources" not in row or (row["sources"] is None) == (row["records"] == 0)
        whole |= records(opened)
    assert records(inquiry.rows(found, None)) == whole == set(found.criteria.records)
    assert found.records == len(whole)


def test_the_ways_ask_every_dossier_question_with_every_filter_it_takes() -> None:
    assert {question for question, _ in WAYS} == set(DOSSIER_QUESTIONS)
    taken = {field for question in DOSSIER_QUESTIONS for field in QUESTIONS[question].accepts} - {"release"}
    assert {name for _, params in WAYS for name in params} == taken


@pytest.mark.parametrize(("question", "params"), WAYS)
def test_a_kept_answer_is_found_again_and_says_the_same(
    inquiry: Inquiry, tmp_path: Path, question: str, params: dict[str, Any]
) -> None:
    found = inquiry.ask(question, Params(**params))
    assert keep(tmp_path, found)
    again = answer_of(inquiry.world, find(tmp_path, found.id))
    assert (again.id, again.rows, again.row_criteria) == (found.id, found.rows, found.row_criteria)
    meant = Params(**params)
    assert from_json(json.loads(json.dumps(as_json(meant, QUESTIONS[question].accepts)))) == meant


@pytest.mark.parametrize("question", [way[0] for way in ABROAD])
def test_a_country_that_no_record_speaks_of(inquiry: Inquiry, question: str) -> None:
    found = inquiry.ask(question, Params(**dict(ABROAD)[question], country=("SYR",)))
    assert (found.rows, found.records) == ((), 0)
    assert "Syria" in str(found.headline)
    assert found.caveats[-1] == INCOMPLETE
    assert "That it does not name something says nothing." in said(found)
    assert records(inquiry.rows(found, None)) == set(), "and not the events of the country"


@pytest.mark.parametrize("question", DOSSIER_QUESTIONS)
def test_every_answer_says_that_a_dossier_is_never_complete(inquiry: Inquiry, question: str) -> None:
    params = next(params for name, params in WAYS if name == question)
    assert inquiry.ask(question, Params(**params)).caveats[-1] == INCOMPLETE


@pytest.mark.parametrize("question", sorted({*DOSSIER_QUESTIONS} - {"actor", "who-is"}))
def test_a_lake_without_a_dossier_answers_with_nothing(tmp_path: Path, question: str) -> None:
    world = World(lake_in(tmp_path))
    found = of(world, question, as_of=DAY)
    assert (found.rows, found.releases, found.records) == ((), (), 0)
    assert found.caveats[-1] == INCOMPLETE
    keep(tmp_path, found)
    assert answer_of(world, find(tmp_path, found.id)).headline == found.headline
    take_in(world.lake, tmp_path, "valley", VALLEY)
    with pytest.raises(HarmattanError, match="now one does"):
        answer_of(world, find(tmp_path, found.id))


def test_nobody_is_known_in_a_lake_without_a_dossier(tmp_path: Path) -> None:
    world = World(lake_in(tmp_path))
    assert "Nobody in the dossier goes by JNIM." in said(of(world, "who-is", name=("JNIM",)))
    with pytest.raises(UsageError, match="knows no actor called JNIM for certain"):
        of(world, "actor", actor=("JNIM",))


def test_known_by_cuts_by_the_date_of_the_first_source(valley: World) -> None:
    def ids(question: str, known_by: dt.date | None) -> set[str]:
        found = of(valley, question, known_by=known_by)
        cut = "count as known from the date of their first source"
        assert (cut in said(found)) == (known_by is not None)
        return {ref.partition(":")[2] for ref in found.criteria.records}

    assert ids("milestones", None) == {"siege", "accord", "summit"}
    assert ids("milestones", dt.date(2014, 5, 5)) == set()
    assert ids("milestones", dt.date(2014, 5, 6)) == {"siege"}
    assert ids("milestones", dt.date(2019, 11, 16)) == {"siege", "accord"}
    assert ids("milestones", dt.date(2021, 1, 1)) == {"siege", "accord", "summit"}, "the earliest day of the year"
    assert len(ids("relations", dt.date(2014, 12, 31))) == 2, "one of two sources is enough"
    assert len(ids("figures", dt.date(2014, 12, 31))) == 1
    assert ids("presence", dt.date(2014, 12, 31)) == {"front/NER/Abala"}


@pytest.mark.parametrize("known_by", [dt.date(2013, 6, 30), dt.date(2018, 1, 1)])
@pytest.mark.parametrize(
    "question", [way[0] for way in ABROAD] + [pytest.param("relations", id="relations")]
)  # fmt: skip
def test_what_is_known_by_a_day_had_been_published(inquiry: Inquiry, question: str, known_by: dt.date) -> None:
    found = inquiry.ask(question, Params(known_by=known_by))
    assert 0 < found.records < inquiry.ask(question, Params()).records
    first: dict[str, dt.date] = {}
    for row in inquiry.rows(found, None).table.to_pylist():
        day = PartialDate.parse(row["published"]).earliest or known_by
        first[row["record"]] = min(day, first.get(row["record"], day))
    assert max(first.values()) <= known_by


def test_what_somebody_is_called_is_no_claim(valley: World) -> None:
    """Known by a day before anybody wrote of the wing: its name is known, what is said of it is not."""
    (row,) = of(
        valley, "who-is", name=("Southern Wing",), known_by=dt.date(2014, 4, 30), as_of=dt.date(2016, 1, 1)
    ).rows
    assert (row["actor_id"], row["belongs_to"]) == ("wing", None)


def test_what_ended_later_is_not_said_to_have_ended(valley: World) -> None:
    def row(as_of: str) -> dict[str, Any]:
        found = of(valley, "presence", country=("MLI",), as_of=dt.date.fromisoformat(as_of))
        return dict(next(row for row in found.rows if row["place"] == "Kidal"))

    before, after = row("2016-10-31"), row("2016-11-01")
    names = ("state", "until", "how_ended", "successor")
    assert [before[name] for name in names[:1]] == ["there"]
    assert [str(after[name]) for name in names] == ["left", "2016-10-31", "handed_over", "GOV"]
    early = row("2016-06-30")
    assert [early[name] for name in names] == ["there", None, None, None]
    (siege,) = of(valley, "milestones", as_of=dt.date(2014, 5, 1)).rows
    assert (siege["milestone"], siege["until"]) == ("siege", None), "it went on until September"
    assert of(valley, "milestones", as_of=dt.date(2014, 9, 30)).rows[0]["until"] == "2014-09-30"


def test_a_flow_counts_when_its_last_day_has_passed(valley: World) -> None:
    def values(as_of: str) -> list[float]:
        found = of(valley, "figures", as_of=dt.date.fromisoformat(as_of), indicator=("deaths",))
        return [row["value"] for row in found.rows]

    assert (values("2014-12-30"), values("2014-12-31")) == ([], [70])


def test_a_card_knows_no_name_of_later_and_no_end_of_later(valley: World) -> None:
    def card(as_of: str) -> list[Any]:
        return list(of(valley, "actor", actor=("Northern Front",), as_of=dt.date.fromisoformat(as_of)).rows)

    early, late = card("2014-05-01"), card("2018-06-01")
    assert {row["what"] for row in late if row["aspect"] == "name"} >= {"Shield of the North", "Northern Front"}
    assert "Shield of the North" not in {row["what"] for row in early}
    assert [row["until"] for row in early if row["aspect"] == "milestone"] == [None]
    assert [str(row["detail"]) for row in late if row["aspect"] == "above"] == ["The Union"]
    assert [row for row in early if row["aspect"] == "above"] == []


def test_the_last_strength_is_that_of_the_day(valley: World) -> None:
    strengths = {}
    for words in ("2013-12-31", "2014-12-31", "2016-12-31", "2017-01-01"):
        found = of(valley, "presence", actor=("STAB",), as_of=dt.date.fromisoformat(words))
        mission = next(row for row in found.rows if row["kind"] == "mission")
        strengths[words] = (mission["strength"], mission["strength_as_of"], mission["records"])
    assert strengths == {
        "2013-12-31": (None, None, 1),
        "2014-12-31": (5000, "2014-02", 2),
        "2016-12-31": (9000, "2015-02", 2),
        "2017-01-01": (0, "2016-12-31", 1),
    }


@pytest.mark.parametrize(
    ("as_of", "holds"),
    [("2015-04-30", None), ("2015-06-15", "possibly"), ("2016-01-01", "yes"), ("2018-05-01", "possibly"),
     ("2019-01-01", None)],
)  # fmt: skip
def test_a_relation_holds_as_surely_as_its_dates(valley: World, as_of: str, holds: str | None) -> None:
    found = of(valley, "relations", relation=("part_of",), as_of=dt.date.fromisoformat(as_of))
    assert [row["holds"] for row in found.rows] == ([] if holds is None else [holds])
    for row in found.rows:
        assert (row["status"], row["as_written"]) == ("reported", "a wing of the Front")
        assert row["sources"] == "Wire, 2019-11-16; Gazette, 2014-05-06"


def test_a_disputed_relation_is_told_and_not_reckoned_with(valley: World) -> None:
    assert [row["status"] for row in of(valley, "relations", relation=("member_of",), actor=("GOV",)).rows] == [
        "disputed"
    ]
    around = {row["subject_id"] for row in of(valley, "relations", actor=("gov",)).rows}
    assert around == {"gov", "wing"}, "the wing's own relations are not those of the government"
    card = of(valley, "who-is", name=("Southern Wing",), as_of=dt.date(2016, 1, 1)).rows[0]
    assert str(card["belongs_to"]) == "NF"


def test_reported_figures_keep_their_range_and_their_words(valley: World) -> None:
    (row,) = of(valley, "figures", indicator=("idps",)).rows
    assert [row[name] for name in ("value", "low", "high", "unit", "latest")] == [40000, 35000, 50000, "people", True]
    troops = of(valley, "figures", indicator=("troops",))
    assert [(row["value"], row["qualifier"], row["latest"]) for row in troops.rows] == [
        (9000, "about", True),
        (5000, "exact", False),
    ]
    assert "about 9,000 troops" in str(troops.headline)


def test_a_member_s_presence_is_that_of_the_whole(valley: World) -> None:
    assert [row["force_id"] for row in of(valley, "presence", actor=("The Union",)).rows] == ["front"]


NAMES: tuple[tuple[str, dict[str, Any], str | None, str], ...] = (
    ("GSIM", {}, "jnim", "acronym"),
    ("jama'at nusrat al-islam wal-muslimin", {}, "jnim", "exact"),
    ("جماعة نصرة الإسلام والمسلمين", {}, "jnim", "exact"),
    ("Barkhan", {}, None, "fuzzy"),
    ("zzqqxx", {}, None, "none"),
    ("", {}, None, "none"),
    ("EIGS", {"as_of": dt.date(2018, 1, 1)}, "is-sahel", "acronym"),
    ("EIGS", {"as_of": dt.date(2013, 1, 1)}, None, "acronym"),
)


@pytest.mark.parametrize(("name", "params", "actor", "reason"), NAMES)
def test_whom_a_name_means(inquiry: Inquiry, name: str, params: dict[str, Any], actor: str | None, reason: str) -> None:
    (row,) = inquiry.ask("who-is", Params(name=(name,), **params)).rows
    assert (row["actor_id"], row["reason"]) == (actor, reason)
    assert (row["records"] > 0) == (actor is not None)
    assert (row["actor"] is None) == (actor is None)
    assert reason != "fuzzy" or row["candidates"]


def test_what_is_said_of_the_sure_the_unsure_and_nobody(inquiry: Inquiry) -> None:
    def headline(*names: str) -> str:
        return str(inquiry.ask("who-is", Params(name=names)).headline)

    assert headline("GSIM") == "GSIM is Jama'at Nusrat al-Islam wal-Muslimin."
    assert headline("Barkhan").startswith("Nobody goes by Barkhan for certain. Perhaps Barkhane (barkhane)")
    assert headline("zzqqxx") == "Nobody in the dossier goes by zzqqxx."
    assert headline("XXX432") == "XXX432 is a publisher's code for an actor that nobody identified."
    assert len(inquiry.ask("who-is", Params(name=("Ansar Dine, FLM", "GSIM"))).rows) == 3


@pytest.mark.parametrize(
    ("question", "params", "words"),
    [
        ("relations", {"actor": ("Barkhan",)}, r"called Barkhan for certain\. Did you mean Barkhane \(barkhane\)"),
        ("presence", {"actor": ("Barkhan",)}, r"Say harmattan who-is \"Barkhan\" to see why"),
        ("milestones", {"actor": ("zzqqxx",)}, "knows no actor called zzqqxx for certain"),
        ("actor", {}, "The card is of one actor"),
        ("actor", {"actor": ("GSIM", "AQMI")}, "The card is of one actor"),
        ("who-is", {}, "No name is given"),
        ("relations", {"country": ("MLI",)}, "The question relations takes no --country"),
        ("figures", {"by": ("year",)}, "The question figures takes no --by"),
    ],
)
def test_what_cannot_be_asked_is_one_line(inquiry: Inquiry, question: str, params: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words) as fault:
        inquiry.ask(question, Params(**params))
    assert "\n" not in str(fault.value)


def test_the_card_counts_the_events_of_its_actor(inquiry: Inquiry) -> None:
    found = inquiry.ask("actor", Params(actor=("jnim",), as_of=DAY))
    seen = {
        str(row["detail"]): (row["events"], row["deaths_best"]) for row in found.rows if row["aspect"] == "activity"
    }
    for country, numbers in seen.items():
        params = Params(country=(country,), level="actor", actor=("jnim",), as_of=DAY)
        (row,) = ask(inquiry.world, "actors", params).rows if country in ("MLI", "BFA") else (None,)
        assert row is None or (row["events"], row["deaths_best"]) == numbers
    assert {"MLI", "BFA", "NER"} <= set(seen)
    assert f"a party of {sum(events for events, _ in seen.values()):,} events" in str(found.headline)


@pytest.fixture
def laid(tmp_path: Path) -> Lake:
    """The small dossier and another that lies over it."""
    lake = lake_in(tmp_path)
    take_in(lake, tmp_path, "valley", VALLEY)
    take_in(lake, tmp_path, "desk", DESK)
    return lake


def test_a_later_dossier_lies_over_an_earlier_one(laid: Lake, tmp_path: Path) -> None:
    over, under = World(laid, ("valley", "desk")), World(laid, ("valley",))
    assert [row["milestone"] for row in of(over, "milestones").rows] == ["siege", "accord", "desk-own", "summit"]
    assert [row["milestone"] for row in of(under, "milestones").rows] == ["siege", "accord", "summit"]
    names = [str(of(world, "actor", actor=("front",)).headline).partition(":")[0] for world in (over, under)]
    assert names == ["Front of the Desk", "Northern Front"]
    assert of(over, "who-is", name=("Northern Front",)).rows[0]["actor_id"] is None, "its names went with the record"
    ended = [row["until"] for row in of(over, "relations", relation=("member_of",), actor=("front",)).rows]
    assert ended == ["2019"], "the same relation said anew"
    assert str(of(World(laid, ("desk", "valley")), "actor", actor=("front",)).headline).startswith("Northern Front")
    found = of(over, "milestones")
    assert [ref.name for ref in found.releases] == ["dossier-valley@1", "dossier-desk@1"]
    keep(tmp_path, found)
    assert answer_of(World(laid), find(tmp_path, found.id)).rows == found.rows, "whatever the case of the reader"


def test_the_order_of_the_dossiers_outlives_the_way_through_an_id(laid: Lake, tmp_path: Path) -> None:
    for order, called in ((("valley", "desk"), "Front of the Desk"), (("desk", "valley"), "Northern Front")):
        found = of(World(laid, order), "actor", actor=("front",))
        shutil.rmtree(tmp_path / "kept", ignore_errors=True)
        keep(tmp_path / "kept", found)
        again = answer_of(World(laid), find(tmp_path / "kept", found.id))
        assert str(again.headline).startswith(called)
        assert again.rows == found.rows


def test_a_pinned_dossier_is_the_only_one(laid: Lake, tmp_path: Path) -> None:
    world = World(laid, ("valley", "desk"))
    found = of(world, "milestones", release=("dossier-desk@1",))
    assert [row["milestone"] for row in found.rows] == ["desk-own"]
    take_in(laid, tmp_path, "valley", VALLEY.replace("A summit", "A second summit"), release="2")
    assert "A second summit" in {row["what"].en for row in of(world, "milestones").rows}
    pinned = of(world, "milestones", release=("dossier-valley@1",))
    assert "A summit" in {row["what"].en for row in pinned.rows}


def test_a_new_release_does_not_change_what_was_answered(laid: Lake, tmp_path: Path) -> None:
    world = World(laid, ("valley",))
    before = of(world, "milestones")
    keep(tmp_path, before)
    take_in(laid, tmp_path, "valley", VALLEY.replace("A summit", "A second summit"), release="2")
    assert of(world, "milestones").id != before.id
    assert answer_of(world, find(tmp_path, before.id)).rows == before.rows
    shutil.rmtree(laid.find("dossier-valley@1").path)
    with pytest.raises(HarmattanError, match=r"rests on dossier-valley@1, which is not here"):
        answer_of(world, find(tmp_path, before.id))


def test_a_dossier_that_is_not_there_is_one_line(laid: Lake) -> None:
    with pytest.raises(UsageError, match=r"There is no dossier plain in the lake\. There are: desk and valley\."):
        of(World(laid, ("valley", "plain")), "milestones")


def test_records_of_a_closed_dossier_stay_here(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    take_in(lake, tmp_path, "valley", VALLEY, licence="All rights reserved")
    found = of(World(lake), "milestones")
    with pytest.raises(LicenceError, match="would hand on records of dossier-valley@1"):
        guard_licence(found, "this")


def test_a_dossier_speaks_of_no_events_and_events_of_no_dossier(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    take_in(lake, tmp_path, "valley", VALLEY)
    world = World(lake)
    assert str(of(world, "casualties", country=("MLI",)).headline).startswith("Not covered: ")
    put(lake, "1", [event("a", actors_b=["B"])], dataset="made-up")
    assert [ref.name for ref in of(world, "casualties", country=("MLI",)).releases] == ["made-up@1"]
    assert [ref.name for ref in of(world, "milestones").releases] == ["dossier-valley@1"]
    card = of(world, "actor", actor=("front",))
    assert {ref.name for ref in card.releases} == {"made-up@1", "dossier-valley@1"}


def test_every_dossier_question_takes_the_two_times_and_pins() -> None:
    for question in DOSSIER_QUESTIONS:
        assert {"as_of", "known_by", "release"} <= set(QUESTIONS[question].accepts)
        assert set(QUESTIONS[question].accepts) <= set(BY_FIELD)
