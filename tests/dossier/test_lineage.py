"""Under whom an actor is counted on a day, and names cut where that changes."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.dossier.book import Book
from harmattan.dossier.files import Written
from harmattan.dossier.lineage import LOOSE, NETWORKS, Level, counted_under, lineage, raised
from harmattan.dossier.names import Span
from tests.dossier.conftest import actor, book, layer, relation

LAW = settings(derandomize=True, max_examples=60, deadline=None)
LEVELS: tuple[Level, ...] = ("actor", "parent", "family")
FIRST, LAST = dt.date(2015, 1, 1), dt.date(2020, 12, 31)


def day(words: str) -> dt.date:
    return dt.date.fromisoformat(words)


def span(of: str | None, first: dt.date = FIRST, last: dt.date = LAST) -> Span:
    return Span("As Written", "MLI", (0.0, 10.0, 5.0, 20.0), first, last, of, 3)


def pieces(of: Book, actor: str, level: Level, first: dt.date = FIRST, last: dt.date = LAST) -> list[tuple[str, ...]]:
    """The pieces as first day, last day and actor; neighbours with the same actor count as one."""
    found: list[tuple[str, ...]] = []
    for one in raised(of, [span(actor, first, last)], level):
        assert one.actor is not None
        assert one.first <= one.last
        begun = found.pop()[0] if found and found[-1][2] == one.actor else str(one.first)
        found.append((begun, str(one.last), one.actor))
    return found


@pytest.fixture(scope="module")
def told(valley: Written) -> Book:
    return Book.of([layer(valley)])


@pytest.mark.parametrize(
    ("of", "on", "parent", "family"),
    [
        ("front", "2017-03-01", "front", "front"),
        ("front", "2017-03-02", "union", "old-order"),
        ("union", "2020-01-01", "union", "old-order"),
        # The wing came to the front in 2015, at the earliest in May, and may have left it by the end of 2018.
        ("wing", "2015-04-30", "wing", "wing"),
        ("wing", "2015-05-01", "front", "front"),
        ("wing", "2017-03-01", "front", "front"),
        ("wing", "2017-03-02", "union", "old-order"),
        ("wing", "2018-12-31", "union", "old-order"),
        ("wing", "2019-01-01", "wing", "wing"),
        # A state does not fight as its regional organisation, nor is it anybody's network.
        ("army", "2020-01-01", "gov", "gov"),
        ("gov", "2020-01-01", "gov", "gov"),
        ("old-order", "2020-01-01", "old-order", "old-order"),
        ("chief", "2018-01-01", "chief", "chief"),
        ("nobody", "2018-01-01", "nobody", "nobody"),
    ],
)
def test_who_is_counted_under_whom_on_a_day(told: Book, of: str, on: str, parent: str, family: str) -> None:
    assert [counted_under(told, of, level, day(on)) for level in LEVELS] == [of, parent, family]
    assert lineage(told, of, day(on)) == tuple(dict.fromkeys((of, parent, family)))


def test_names_are_cut_on_the_days_on_which_it_changes(told: Book) -> None:
    assert pieces(told, "wing", "actor") == [("2015-01-01", "2020-12-31", "wing")]
    assert pieces(told, "wing", "parent") == [
        ("2015-01-01", "2015-04-30", "wing"),
        ("2015-05-01", "2017-03-01", "front"),
        ("2017-03-02", "2018-12-31", "union"),
        ("2019-01-01", "2020-12-31", "wing"),
    ]
    assert pieces(told, "wing", "family", day("2017-01-01"), day("2017-03-02")) == [
        ("2017-01-01", "2017-03-01", "front"),
        ("2017-03-02", "2017-03-02", "old-order"),
    ]
    assert pieces(told, "gov", "family") == [("2015-01-01", "2020-12-31", "gov")]


def test_a_piece_keeps_all_else_of_its_span(told: Book) -> None:
    for one in raised(told, [span("wing")], "parent"):
        assert (one.written, one.country, one.area, one.rank) == ("As Written", "MLI", (0.0, 10.0, 5.0, 20.0), 3)


def test_what_means_nobody_stays_whole(told: Book) -> None:
    assert raised(told, [span(None), span("nobody")], "family") == [span(None), span("nobody")]
    assert raised(told, [], "parent") == []


def test_spans_at_the_ends_of_time(told: Book) -> None:
    found = pieces(told, "wing", "parent", dt.date.min, dt.date.max)
    assert (found[0], found[-1]) == (("0001-01-01", "2015-04-30", "wing"), ("2019-01-01", "9999-12-31", "wing"))
    assert pieces(told, "wing", "parent", day("2015-05-01"), day("2015-05-01")) == [
        ("2015-05-01", "2015-05-01", "front")
    ]


def test_of_several_bodies_the_nearer_kind_goes_first_then_the_id() -> None:
    relations = [
        relation("a member_of b"),
        relation("a part_of z", "2018"),
        relation("a part_of c", "2019"),
        relation("a affiliate_of y"),
    ]
    found = book([actor(id_) for id_ in "abcyz"], relations)
    assert pieces(found, "a", "parent") == [
        ("2015-01-01", "2017-12-31", "b"),
        ("2018-01-01", "2018-12-31", "z"),
        ("2019-01-01", "2020-12-31", "c"),
    ]
    # The family is looked for above the parent: what the actor itself has sworn does not count beside it.
    assert counted_under(found, "a", "family", day("2020-01-01")) == "c"
    assert counted_under(book([actor(id_) for id_ in "ay"], relations), "a", "family", day("2020-01-01")) == "y"


def test_the_order_of_relations_does_not_matter() -> None:
    relations = [relation(f"a {kind} {id_}") for kind in ("part_of", "member_of") for id_ in "bcdef"]
    for seed in range(5):
        random.Random(seed).shuffle(relations)
        assert counted_under(book([actor(id_) for id_ in "abcdef"], relations), "a", "parent", FIRST) == "b"


@pytest.mark.parametrize("kind", LOOSE)
def test_one_cannot_be_a_part_of_what_is_no_body(kind: str) -> None:
    found = book([actor("a"), actor("b", kind)], [relation("a part_of b")])
    assert counted_under(found, "a", "parent", FIRST) == "a"
    assert counted_under(found, "a", "family", FIRST) == ("b" if kind in NETWORKS else "a")


@pytest.mark.parametrize("kind", ["government", "state_force", "militia", "mercenary"])
def test_a_family_is_named_after_a_network_only(kind: str) -> None:
    found = book([actor("a"), actor("b", kind)], [relation("a affiliate_of b")])
    assert [counted_under(found, "a", level, FIRST) for level in LEVELS] == ["a", "a", "a"]


def test_a_government_is_at_the_top() -> None:
    """A state that sends troops to a mission does not fight as the mission; its army fights as the state."""
    actors = [actor("army", "state_force"), actor("gov", "government"), actor("mission", "multilateral_force"),
              actor("net", "coalition")]  # fmt: skip
    found = book(actors, [relation("army part_of gov"), relation("gov member_of mission"), relation("gov part_of net")])
    assert [counted_under(found, "army", level, FIRST) for level in LEVELS] == ["army", "gov", "gov"]
    assert [counted_under(found, "gov", level, FIRST) for level in LEVELS] == ["gov", "gov", "gov"]


def test_a_chain_ends_with_the_life_of_those_in_it() -> None:
    actors = [actor("a"), actor("b", to="2017-06-30"), actor("c", **{"from": "2016-02"})]
    found = book(actors, [relation("a part_of b"), relation("b part_of c")])
    assert pieces(found, "a", "parent") == [
        ("2015-01-01", "2016-01-31", "b"),
        ("2016-02-01", "2017-06-30", "c"),
        ("2017-07-01", "2020-12-31", "a"),
    ]


@pytest.mark.parametrize("kind", ["part_of", "member_of", "affiliate_of"])
def test_a_circle_is_no_endless_loop(kind: str) -> None:
    for ring in ("ab", "abc", "abcdefghij"):
        relations = [relation(f"{one} {kind} {other}") for one, other in zip(ring, ring[1:] + ring[0], strict=True)]
        found = book([actor(id_) for id_ in ring], relations)
        for level in LEVELS:
            assert counted_under(found, "a", level, FIRST) in ring
            assert {piece[2] for piece in pieces(found, "a", level)} <= set(ring)
        assert lineage(found, "a", FIRST)[0] == "a"


def test_a_long_chain_is_climbed_to_its_top() -> None:
    ids = [f"a{n}" for n in range(300)]
    found = book(map(actor, ids), [relation(f"{one} part_of {other}") for one, other in pairwise(ids)])
    assert counted_under(found, "a0", "parent", FIRST) == "a299"


@LAW
@given(st.integers(0, 10_000))
def test_pieces_cover_every_day_once_and_say_what_the_day_says(seed: int) -> None:
    chance = random.Random(seed)
    kinds = ("armed_group", "network", "coalition", "government", "organisation")
    bounds = ("2016", "2016-05", "2017-02-03", "2017-08/2018-03", None)
    ends = ("2018-04", "2018-12-31", "2019/2020-03", "../2019", None)
    actors = [
        actor(id_, chance.choice(kinds), **{"from": chance.choice(bounds), "to": chance.choice(ends)})
        for id_ in "abcdef"
    ]
    relations = {}
    for _ in range(9):
        one, other = chance.sample("abcdef", 2)
        kind = chance.choice(("part_of", "member_of", "affiliate_of"))
        made = relation(f"{one} {kind} {other}", chance.choice(bounds), chance.choice(ends))
        relations[made.id] = made
    found = book(actors, relations.values())
    for of in "abc":
        for level in LEVELS:
            cut = raised(found, [span(of)], level)
            assert (cut[0].first, cut[-1].last) == (FIRST, LAST)
            assert all(b.first - a.last == dt.timedelta(days=1) for a, b in pairwise(cut))
            for piece in cut:
                inside = [chance.randrange((piece.last - piece.first).days + 1) for _ in range(4)]
                for on in (piece.first, piece.last, *(piece.first + dt.timedelta(days=n) for n in inside)):
                    assert counted_under(found, of, level, on) == piece.actor, (of, level, on)
