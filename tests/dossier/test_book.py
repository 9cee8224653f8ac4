"""A dossier as questions use it: laid over others, known by a day, and what stood on a day."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.dossier.book import Book
from harmattan.dossier.files import Written, read
from harmattan.dossier.records import Source
from tests.dossier.conftest import actor, book, by_list, layer, put, relation

LAW = settings(derandomize=True, max_examples=100, deadline=None)
DAY = dt.timedelta(days=1)
OVER = """
sources:
  wire: {publisher: Wire, title: A later report, date: 2022}
  new: {publisher: New, title: New, date: 2023}
actors:
  - {id: front, kind: militia, label: {en: Front anew, fr: Front nouveau}, cite: [{source: new}]}
  - {id: rescue, kind: militia, label: {en: Rescue, fr: Secours}, cite: [{source: new}]}
names:
  - {actor: wing, text: Left Wing, cite: [{source: new}]}
relations:
  - {subject: front, relation: member_of, object: union, from: 2017-03-02, to: 2022, cite: [{source: new}]}
  - {subject: rescue, relation: part_of, object: union, from: 2020, cite: [{source: new}]}
presence:
  - {force: rescue, country: NER, place: Niamey, cite: [{source: new}]}
milestones:
  - {id: mission-leaves, kind: withdrawal, date: 2023-12-31, title: {en: It left, fr: Partie}, cite: [{source: new}]}
figures:
  - {indicator: idps, countries: [MLI], as_of: 2023, value: 1, cite: [{source: new}]}
"""


def day(words: str) -> dt.date:
    return dt.date.fromisoformat(words)


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return read(put(tmp_path_factory.mktemp("over"), {"over.yaml": OVER}))


@pytest.fixture(scope="module")
def alone(valley: Written) -> Book:
    return Book.of([layer(valley)])


@pytest.fixture(scope="module")
def both(valley: Written, over: Written) -> Book:
    return Book.of([layer(valley), layer(over)])


def lists(of: Book) -> dict[str, list[object]]:
    there = {"actors": list(of.actors.values())}
    return there | {
        name: list(getattr(of, name)) for name in ("names", "relations", "presence", "milestones", "figures")
    }


def test_a_book_of_one_dossier_has_its_records_sorted(alone: Book, valley: Written) -> None:
    assert lists(alone) == by_list(valley)
    assert list(alone.actors) == sorted(actor.id for actor in valley.records("actors"))
    assert set(alone.sources) == {"gazette", "wire", "book", "leaflet"}


def test_a_book_of_nothing() -> None:
    empty = Book.of([])
    assert lists(empty) == {name: [] for name in lists(empty)}
    assert (empty.label("nobody", "fr"), empty.short("nobody"), empty.upward("nobody")) == ("nobody", "nobody", [])
    assert empty.known_by(day("2020-01-01")) == empty


def test_a_later_dossier_replaces_and_adds(both: Book, alone: Book) -> None:
    assert (both.actors["front"].kind, both.actors["front"].short) == ("militia", None)
    assert both.actors["wing"] == alone.actors["wing"]
    assert set(both.actors) - set(alone.actors) == {"rescue"}
    (member,) = (r for r in both.relations if r.subject == "front" and r.relation == "member_of")
    assert str(member.end) == "2022"
    assert len(both.relations) == len(alone.relations) + 1
    assert [len(getattr(both, name)) - len(getattr(alone, name)) for name in ("presence", "milestones", "figures")] == [
        1, 0, 1,
    ]  # fmt: skip
    assert {m.id: m.title["en"] for m in both.milestones}["mission-leaves"] == "It left"
    assert [both.sources[key].title for key in ("wire", "new", "book")] == ["A later report", "New", "A book"]


def test_the_names_go_with_a_replaced_actor_and_with_no_other(both: Book, alone: Book) -> None:
    assert {name.text for name in both.names if name.actor == "front"} == {"Front anew", "Front nouveau"}
    assert {name.text for name in both.names if name.actor == "wing"} == {"Wing", "Aile", "Rebels", "Left Wing"}
    rest = [name for name in alone.names if name.actor not in ("front", "wing")]
    assert [name for name in both.names if name.actor not in ("front", "wing", "rescue")] == rest


def test_the_order_of_dossiers_counts(valley: Written, over: Written, both: Book) -> None:
    turned = Book.of([layer(over), layer(valley)])
    assert turned.actors["front"].kind == "armed_group"
    assert {name.text for name in turned.names if name.actor == "front"} >= {"The Front", "Rebels"}
    assert "Front anew" not in {name.text for name in turned.names}
    assert set(turned.actors) == set(both.actors)


def test_a_dossier_over_itself_is_itself(valley: Written, alone: Book) -> None:
    assert Book.of([layer(valley), layer(valley)]) == alone


def test_label_and_short(alone: Book) -> None:
    assert (alone.label("front", "en"), alone.label("front", "fr")) == ("The Front", "Le Front")
    assert (alone.short("front"), alone.short("wing"), alone.short("union")) == ("FR", "Wing", "UN")
    assert [alone.short(id_, "fr") for id_ in ("front", "wing", "union", "nobody")] == ["FR", "Aile", "UNI", "nobody"]


@pytest.mark.parametrize(
    ("known_by", "relations", "others"),
    [
        # The gazette came out in June 2016: some day of it, at the earliest the first. The book came out in 2021.
        ("2000-01-01", 0, [0, 0, 0]),
        ("2016-05-31", 0, [0, 0, 0]),
        ("2016-06-01", 2, [1, 0, 1]),
        ("2019-11-15", 2, [1, 0, 1]),
        ("2019-11-16", 7, [1, 1, 2]),
        ("2020-12-31", 7, [1, 1, 2]),
        ("2021-01-01", 8, [3, 2, 2]),
    ],
)
def test_known_by_cuts_by_the_date_of_the_first_citation(
    alone: Book, known_by: str, relations: int, others: list[int]
) -> None:
    cut = alone.known_by(day(known_by))
    assert len(cut.relations) == relations
    assert [len(cut.presence), len(cut.milestones), len(cut.figures)] == others
    assert (cut.actors, cut.names, cut.sources) == (alone.actors, alone.names, alone.sources)
    for record in (*cut.relations, *cut.presence, *cut.milestones, *cut.figures):
        assert min(alone.sources[c.source].date.day for c in record.cite) <= day(known_by)


def test_known_by_no_day_is_everything(alone: Book) -> None:
    assert alone.known_by(None) == alone.known_by(dt.date.max) == alone


def test_what_came_out_by_some_day_can_have_been_read_before(alone: Book) -> None:
    leaflet = relation("herders allied_with wing", cite=[{"source": "leaflet"}])
    told = Book.of([({"relations": [leaflet]}, dict(alone.sources))])
    assert told.known_by(day("1990-01-01")).relations == (leaflet,)


@LAW
@given(st.dates(dt.date(2010, 1, 1), dt.date(2023, 1, 1)), st.integers(0, 2000))
def test_what_is_known_stays_known_and_one_citation_is_enough(known_by: dt.date, more: int) -> None:
    sources = {f"s{n}": {"key": f"s{n}", "publisher": "P", "title": "T", "date": str(2012 + n)} for n in range(9)}
    chance = random.Random(more)
    made = [
        relation(f"a{n} supports b", cite=[{"source": f"s{chance.randrange(9)}"} for _ in range(2)]) for n in range(12)
    ]
    whole = Book.of([({"relations": made}, {key: Source.model_validate(said) for key, said in sources.items()})])
    earlier, later = ({r.id for r in whole.known_by(on).relations} for on in (known_by, known_by + more * DAY))
    assert earlier <= later <= {one.id for one in made}
    for one in made:
        first = min(int(sources[c.source]["date"]) for c in one.cite)
        assert (one.id in earlier) == (first <= known_by.year)


def test_what_stood_on_a_day(alone: Book) -> None:
    def held(first: str, last: str) -> dict[str, str]:
        return {
            one.record.id.partition("/")[0] + "/" + (one.record.place or one.record.kind): one.holds
            for one in alone.standing(alone.presence, day(first), day(last))
        }

    assert held("2013-06-30", "2013-06-30") == {"army/Kati": "yes"}
    assert held("2013-07-01", "2013-07-01") == {"army/Kati": "yes", "mission/mission": "yes"}
    assert held("2013-12-05", "2013-12-05")["mission/Kidal"] == "possibly"
    assert held("2013-11-01", "2013-12-31")["mission/Kidal"] == "yes"
    assert held("2023-10-31", "2023-10-31")["mission/Kidal"] == "yes"
    assert "mission/Kidal" not in held("2023-11-01", "2023-12-31")
    assert held("2024-01-01", "2024-01-01") == {"army/Kati": "yes"}


def test_nothing_stands_without_those_it_names() -> None:
    actors = [actor("a", **{"from": "2012", "to": "2013"}), actor("b", **{"from": "2016"}), actor("c")]
    told = book(actors, [relation("a allied_with b"), relation("a supports c"), relation("b supports elsewhere")])

    def held(first: str, last: str) -> list[tuple[str, str]]:
        return [(one.record.id, one.holds) for one in told.standing(told.relations, day(first), day(last))]

    assert held("2011-01-01", "2011-12-31") == []
    assert held("2012-05-01", "2012-05-01") == [("a/supports/c", "possibly")]
    assert held("2012-12-31", "2013-01-01") == [("a/supports/c", "yes")]
    assert held("2014-01-01", "2014-01-01") == []
    assert held("2017-01-01", "2017-01-01") == [("b/supports/elsewhere", "yes")]
    assert held("2000-01-01", "2020-01-01") == [("a/supports/c", "yes"), ("b/supports/elsewhere", "yes")], (
        "a and b were never there at one time"
    )


def test_who_belongs_to_whom(alone: Book) -> None:
    def ids(records: list[object]) -> set[str]:
        return {f"{r.subject} {r.relation} {r.object}" for r in records}  # type: ignore[attr-defined]

    assert ids(alone.upward("wing")) == {"wing part_of front"}
    assert alone.upward("old-order") == []
    assert ids(alone.above("front", day("2017-03-01"))) == set()
    assert ids(alone.above("front", day("2017-03-02"))) == {"front member_of union"}
    assert ids(alone.below("front", day("2015-05-01"))) == {"wing part_of front"}
    assert ids(alone.below("front", day("2015-04-30"))) == set()
    assert ids(alone.below("front", day("2019-01-01"))) == set()
    assert ids(alone.below("union", day("2020-01-01"))) == {"front member_of union"}


def test_only_what_is_not_disputed_and_goes_upward_counts() -> None:
    relations = [
        relation("a part_of b", status="disputed"),
        relation("a member_of c", status="reported"),
        relation("a allied_with d"),
        relation("a led_by e"),
    ]
    told = book([actor(id_) for id_ in "abcde"], relations)
    assert [r.object for r in told.upward("a")] == [r.object for r in told.above("a", day("2020-01-01"))] == ["c"]
    assert [told.below(id_, day("2020-01-01")) != [] for id_ in "bcde"] == [False, True, False, False]


def test_a_book_made_twice_is_the_same(tmp_path: Path, valley: Written) -> None:
    assert Book.of([layer(valley)]) == Book.of([layer(read(put(tmp_path)))])
