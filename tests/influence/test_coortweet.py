"""CooRTweet's pairs and networks, each of its odd sides by hand; its own answers are in test_peers_answers.py."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import Any

import ibis
import pyarrow as pa
import pytest

from harmattan.errors import UsageError
from harmattan.influence.coortweet import detect_groups, flag_speed_share, network

ENGINE = ibis.duckdb.connect()
Row = tuple[str, str, str, float]
"""Object, account, post, seconds."""
SCHEMA = pa.schema([(name, pa.string()) for name in ("object", "account", "post")] + [("at", pa.int64())])


def shares(*rows: Row, place: bool = False) -> Any:
    columns = zip(*rows, strict=True)
    told = dict(zip(("object", "account", "post", "at"), map(list, columns), strict=True))
    told["at"] = [round(seconds * 1_000_000) for seconds in told["at"]]
    table = pa.table(told, SCHEMA)
    if place:
        table = table.append_column("place", pa.array(range(len(rows)), pa.int64()))
    return ibis.memtable(table)


def listed(table: Any, *names: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in names) for row in ENGINE.to_pyarrow(table).to_pylist())


def posts_of(pairs: Any) -> list[tuple[Any, ...]]:
    return listed(pairs, "post", "post_y")


def test_the_edge_of_the_window_belongs_to_it_and_the_earlier_post_comes_first() -> None:
    late_first = shares(("x", "B", "b", 10), ("x", "A", "a", 0), ("x", "C", "c", 20.000001))
    found = detect_groups(late_first, 10, 1)
    assert listed(found, "account", "account_y", "post", "post_y", "delta") == [("A", "B", "a", "b", 10_000_000)]


def test_fractions_of_seconds_are_exact() -> None:
    """As floating-point numbers, 0.4 - 0.1 is more than 0.3."""
    assert posts_of(detect_groups(shares(("x", "A", "a", 0.1), ("x", "B", "b", 0.4)), 0.3, 1)) == [("a", "b")]


def test_a_window_of_nothing_asks_for_the_same_time() -> None:
    rows = shares(("x", "A", "a", 5), ("x", "B", "b", 5), ("x", "C", "c", 6))
    assert posts_of(detect_groups(rows, 0, 1)) == [("a", "b")]


def test_accounts_with_too_few_shares_are_left_out_first_and_two_links_in_a_post_are_two() -> None:
    rows = shares(
        ("x", "A", "a", 0),
        ("y", "A", "a", 0),
        ("x", "B", "b", 1),
        ("y", "B", "b", 1),
        ("x", "C", "c", 2),
    )
    assert posts_of(detect_groups(rows, 10, 2)) == [("a", "b"), ("a", "b")]
    assert len(posts_of(detect_groups(rows, 10, 1))) == 4


def test_a_pair_stays_when_either_of_its_posts_is_of_an_account_with_enough() -> None:
    lone = [(f"lone {name}", name, f"{name}0", 0.0) for name in "BCDE"]
    rows = [
        ("x", "A", "a1", 0.0),
        ("y", "A", "a2", 100.0),
        ("x", "B", "b1", 1.0),
        ("y", "C", "c1", 101.0),
        ("z", "D", "d1", 0.0),
        ("z", "E", "e1", 1.0),
    ]
    assert posts_of(detect_groups(shares(*rows, *lone), 10, 2)) == [("a1", "b1"), ("a2", "c1")]


def test_what_counts_for_participation_are_all_shares_of_the_paired_posts() -> None:
    """d1 is in one pair only, yet carries a second link that nobody else has."""
    rows = [("z", "D", "d1", 0.0), ("w", "D", "d1", 0.0), ("z", "E", "e1", 1.0), ("v", "E", "e2", 500.0)]
    assert posts_of(detect_groups(shares(*rows), 10, 2)) == [("d1", "e1")]
    assert posts_of(detect_groups(shares(*rows[:1], ("w", "D", "d2", 0.0), *rows[2:]), 10, 2)) == []


def test_loops_are_one_account_one_post_or_an_original_with_its_repost() -> None:
    rows = shares(
        ("x", "A", "a1", 0),
        ("x", "A", "a2", 1),
        ("y", "A", "p", 0),
        ("y", "B", "p", 1),
        ("a1", "A", "a1", 0),
        ("a1", "C", "c", 1),
        ("z", "A", "a3", 0),
        ("z", "B", "b", 1),
    )
    assert posts_of(detect_groups(rows, 10, 1)) == [("a3", "b")]
    assert posts_of(detect_groups(rows, 10, 1, remove_loops=False)) == [
        ("a1", "a2"),
        ("a1", "c"),
        ("a3", "b"),
        ("p", "p"),
    ]


def test_rows_that_agree_in_all_are_one_share_unless_their_place_differs() -> None:
    rows = [("x", "A", "a", 0.0), ("x", "A", "a", 0.0), ("x", "B", "b", 1.0)]
    assert posts_of(detect_groups(shares(*rows, place=True), 10, 1)) == [("a", "b"), ("a", "b")]
    assert posts_of(detect_groups(shares(*rows, place=True), 10, 1, remove_loops=False))[0] == ("a", "a")
    assert posts_of(detect_groups(shares(*rows), 10, 1, remove_loops=False)) == [("a", "b"), ("a", "b")]


def test_posts_of_one_time_come_in_the_order_in_which_their_accounts_appear_in_the_file() -> None:
    """B appears before A, so that its second post goes before A's though it stands behind it."""
    rows = [("w", "B", "b1", 0.0), ("x", "A", "a1", 50.0), ("x", "B", "b2", 50.0)]
    assert posts_of(detect_groups(shares(*rows, place=True), 10, 1)) == [("b2", "a1")]
    assert posts_of(detect_groups(shares(*rows), 10, 1)) == [("a1", "b2")]


def test_a_pair_of_posts_is_fast_under_each_object_once_it_is_fast_under_one() -> None:
    rows = shares(("x", "A", "a", 0), ("y", "A", "a", 0), ("x", "B", "b", 3), ("y", "B", "b", 30), ("x", "C", "c", 40))
    pairs = detect_groups(rows, 60, 1)
    assert listed(flag_speed_share(rows, pairs, 5, 1), "object", "post", "post_y", "fast") == [
        ("x", "a", "b", True),
        ("x", "a", "c", False),
        ("x", "b", "c", False),
        ("y", "a", "b", True),
    ]


def test_participation_is_asked_again_of_the_fast_pairs() -> None:
    rows = shares(
        ("x", "A", "a1", 0), ("x", "B", "b1", 1), ("y", "A", "a2", 100), ("y", "B", "b2", 150), ("z", "C", "c", 0)
    )
    pairs = detect_groups(rows, 60, 2)
    assert posts_of(pairs) == [("a1", "b1"), ("a2", "b2")]
    assert listed(flag_speed_share(rows, pairs, 5, 2), "fast") == [(False,), (False,)]
    assert listed(flag_speed_share(rows, pairs, 5, 1), "post", "fast") == [("a1", True), ("a2", False)]


def meetings(*told: tuple[str, str, int]) -> Any:
    """So many meetings of two accounts, each over an object of its own and 2 s apart."""
    rows: list[Row] = []
    for one, other, times in told:
        for n in range(times):
            thing = f"{one}{other}{n}"
            rows += [(thing, one, f"{thing} {one}", 0.0), (thing, other, f"{thing} {other}", 2.0)]
    return shares(*rows)


def test_weights_count_pairs_of_posts_and_symmetry_goes_by_who_came_first() -> None:
    """B answers A's one post with three; then C and D take turns."""
    rows = shares(
        ("x", "B", "b1", 1),
        ("x", "A", "a", 0),
        ("x", "B", "b2", 2),
        ("x", "B", "b3", 6),
        ("y", "D", "d1", 0),
        ("y", "C", "c1", 1),
        ("z", "C", "c2", 0),
        ("z", "D", "d2", 3),
    )
    names = ("account", "account_y", "weight", "delta", "posts", "posts_y", "symmetry")
    assert listed(network(detect_groups(rows, 10, 1)), *names) == [
        ("A", "B", 3, 3.0, 1, 3, pytest.approx(1 / 3)),
        ("C", "D", 2, 2.0, 2, 2, 1.0),
    ]


def test_edges_are_over_the_percentile_only_when_above_it() -> None:
    pairs = detect_groups(meetings(("A", "B", 1), ("A", "C", 1), ("B", "C", 2), ("C", "D", 5)), 10, 1)
    over = {
        level: [
            f"{one}{other}"
            for one, other, is_over in listed(network(pairs, edge_weight=level), "account", "account_y", "over")
            if is_over
        ]
        for level in (0, 0.5, 0.9, 1)
    }
    assert over == {0: ["BC", "CD"], 0.5: ["BC", "CD"], 0.9: ["CD"], 1: []}
    assert listed(network(pairs, edge_weight=0.9, subgraph=1), "account", "account_y", "weight") == [("C", "D", 5)]


def test_the_fast_subgraphs() -> None:
    """A and B are fast three times, C and D once; E knows B, F knows E, D knows nobody else."""
    quick = [(f"ab{n}", who, f"ab{n}{who}", at) for n in range(3) for who, at in (("A", 0.0), ("B", 1.0))]
    rows = shares(
        *quick,
        ("cd", "C", "c", 0),
        ("cd", "D", "d", 1),
        ("be", "B", "b9", 0),
        ("be", "E", "e9", 30),
        ("ae", "A", "a8", 0),
        ("ae", "E", "e8", 30),
        ("ef", "E", "e7", 0),
        ("ef", "F", "f7", 30),
    )
    pairs = flag_speed_share(rows, detect_groups(rows, 60, 1), 5, 1)
    ends = ("account", "account_y")
    whole = network(pairs, fast=True)
    assert listed(whole, *ends, "weight", "over", "fast_weight", "fast_over")[:2] == [
        ("A", "B", 3, True, 3, True),
        ("A", "E", 1, False, None, None),
    ]
    assert listed(network(pairs, fast=True, subgraph=2), *ends) == [("A", "B")]
    assert listed(network(pairs, fast=True, subgraph=3), *ends, "core", "core_y") == [
        ("A", "B", True, True),
        ("A", "E", True, False),
        ("B", "E", True, False),
    ]


def test_what_there_is_not_is_said_in_one_line() -> None:
    rows = meetings(("A", "B", 1))
    pairs = detect_groups(rows, 10, 1)
    with pytest.raises(UsageError, match="between 0 and 1"):
        network(pairs, edge_weight=1.5)
    with pytest.raises(UsageError, match="no subgraph 4"):
        network(pairs, subgraph=4)
    with pytest.raises(UsageError, match="flag_speed_share"):
        network(pairs, fast=True)
    with pytest.raises(UsageError, match="fast network"):
        network(pairs, subgraph=2)
    with pytest.raises(UsageError, match="without the fast one"):
        network(flag_speed_share(rows, pairs, 5), fast=True, subgraph=1)
    for window in (-1.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="cannot be looked through"):
            detect_groups(rows, window)


def test_nothing_found_is_an_empty_network() -> None:
    assert listed(network(detect_groups(meetings(("A", "B", 1)), 1, 1)), "account") == []


def by_hand(rows: list[Row], window: float, participation: int) -> Counter[tuple[str, str]]:
    """CooRTweet's steps one after the other, over every two rows."""
    often = Counter(account for _, account, _, _ in rows)
    held = [row for row in rows if often[row[1]] >= participation]
    pairs = [
        (one, other)
        for one, other in itertools.combinations(held, 2)
        if one[0] == other[0] and abs(one[3] - other[3]) <= window and one[1] != other[1]
    ]
    paired = {post for pair in pairs for _, _, post, _ in pair}
    counts = Counter(account for _, account, post, _ in held if post in paired)
    kept = {post for _, account, post, _ in held if post in paired and counts[account] >= participation}
    return Counter(
        (min(one[1], other[1]), max(one[1], other[1])) for one, other in pairs if one[2] in kept or other[2] in kept
    )


@pytest.mark.parametrize("seed", range(6))
def test_weights_are_those_of_every_two_rows_looked_at_one_by_one(seed: int) -> None:
    draw = random.Random(seed)
    rows: list[Row] = [
        (f"o{draw.randrange(6)}", f"a{draw.randrange(12)}", f"p{n}", float(draw.randrange(400))) for n in range(80)
    ]
    window, participation = draw.choice([0, 1, 7, 60]), draw.choice([0, 1, 2, 5, 8])
    found = network(detect_groups(shares(*rows), window, participation))
    assert {(one, other): n for one, other, n in listed(found, "account", "account_y", "weight")} == by_hand(
        rows, window, participation
    )
