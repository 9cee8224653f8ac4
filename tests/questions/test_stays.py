"""When a force was in a country: dates known in part, bases and missions, lives of forces, months."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from harmattan.dossier.book import Book
from harmattan.dossier.records import Actor, Presence
from harmattan.questions.stays import Stay, foreign, overlap, stays
from harmattan.vocabulary.period import Period, parse_from, parse_to

ASKED = Period(dt.date(2022, 1, 1), dt.date(2022, 12, 31))


def book(*presence: dict[str, Any], **actors: dict[str, Any]) -> Book:
    """A book of some forces of no country of its own, and where they were."""
    said = {"force": {}} | actors
    people = [
        Actor.model_validate(
            {"id": id_, "kind": "foreign_force", "label": {"en": id_, "fr": id_}, "cite": [{"source": "s"}]} | more
        )
        for id_, more in said.items()
    ]
    there = [
        Presence.model_validate(
            {"force": "force", "country": "MLI", "kind": "mission", "cite": [{"source": "s"}]} | record
        )
        for record in presence
    ]
    return Book.of([({"actors": people, "presence": there}, {})])


def told(found: tuple[Stay, ...]) -> list[tuple[str, str, str]]:
    """Phase, how sure, first day of each stretch of the only stay."""
    (stay,) = found
    days = [part.period for part in stay.stretches]
    assert days[0].start == ASKED.start
    assert days[-1].end == ASKED.end
    assert all(a.end + dt.timedelta(days=1) == b.start for a, b in itertools.pairwise(days)), "no day is lost"
    return [(part.phase, part.holds, part.period.start.isoformat()[5:]) for part in stay.stretches]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"from": "2022-03-01", "to": "2022-06-30"},
         [("before", "no", "01-01"), ("with", "yes", "03-01"), ("after", "no", "07-01")]),
        ({"from": "2022-03"},
         [("before", "no", "01-01"), ("with", "possibly", "03-01"), ("with", "yes", "03-31")]),
        ({"from": "../2022-03-15"}, [("with", "possibly", "01-01"), ("with", "yes", "03-15")]),
        ({"to": "2022-06/2022-07"},
         [("with", "yes", "01-01"), ("with", "possibly", "06-02"), ("after", "no", "08-01")]),
        ({}, [("with", "yes", "01-01")]),
        ({"from": "2022-03-01", "status": "disputed"}, [("before", "no", "01-01"), ("with", "possibly", "03-01")]),
    ],
)  # fmt: skip
def test_dates_known_in_part_make_it_possible(record: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert told(stays(book(record), "MLI", ASKED)) == expected


def test_who_was_never_there_is_not_among_them() -> None:
    assert stays(book({"from": "2023"}), "MLI", ASKED) == ()
    assert stays(book({"from": "2021"}), "NER", ASKED) == ()
    assert stays(book({}), "MLI", ASKED, only=("another",)) == ()


def test_two_missions_have_a_time_between_and_bases_do_not_lengthen_them() -> None:
    found = stays(book({"to": "2022-02-28"}, {"from": "2022-11-01"},
                       {"kind": "base", "place": "Gao", "from": "2022-05-01"}), "MLI", ASKED)  # fmt: skip
    assert told(found) == [("with", "yes", "01-01"), ("between", "no", "03-01"), ("with", "yes", "11-01")]


def test_a_force_is_nowhere_before_it_began_and_after_it_ended() -> None:
    found = stays(book({}, force={"from": "2022-04-01", "to": "2022-04-30"}), "MLI", ASKED)
    assert told(found) == [("before", "no", "01-01"), ("with", "yes", "04-01"), ("after", "no", "05-01")]


def test_by_month_a_broken_month_is_possible_whole() -> None:
    found = stays(book({"from": "2022-03-15", "to": "2022-06-30"}), "MLI", ASKED, by_month=True)
    assert told(found) == [("before", "no", "01-01"), ("with", "possibly", "03-01"), ("with", "yes", "04-01"),
                           ("after", "no", "07-01")]  # fmt: skip


def test_the_own_army_and_armed_groups_are_not_foreign_forces() -> None:
    some = book(own={"kind": "state_force", "countries": ["MLI"]}, guest={"kind": "state_force", "countries": ["TCD"]},
                band={"kind": "armed_group"})  # fmt: skip
    assert [foreign(some, who, "MLI") for who in ("own", "guest", "band", "force", "nobody")] == [
        False, True, False, True, False,
    ]  # fmt: skip


def test_days_that_lie_in_both() -> None:
    one = [Period(parse_from("2022-01"), parse_to("2022-03"))]
    other = [Period(parse_from("2022-03"), parse_to("2022-04")), Period(parse_from("2023"), parse_to("2023"))]
    assert overlap(one, other) == [Period(parse_from("2022-03"), parse_to("2022-03"))]
