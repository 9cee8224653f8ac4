"""From links to groups: cores, communities, membership, and the link that holds a group together."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from harmattan.influence.groups import Group, Network, grouped
from harmattan.influence.rule import Rule


def network(links: list[tuple[int, int]], level: dict[tuple[int, int], float] | None = None) -> Network:
    one, other = (np.array([link[end] for link in links], dtype=np.int64) for end in (0, 1))
    levels = np.array([(level or {}).get(link, 0.01) for link in links])
    return Network(one, other, np.ones(len(links)), levels)


NAMES = [f"n{n:02}" for n in range(20)]


def test_that_hangers_on_and_pairs_are_no_members() -> None:
    links = [*combinations(range(4), 2), (3, 4), (6, 7)]
    (group,) = grouped(NAMES, network(links), Rule())
    assert group.accounts == ("n00", "n01", "n02", "n03")
    assert group.membership == (1.0, 1.0, 1.0, 1.0)
    assert group.links == 6


def test_that_two_groups_with_one_link_between_them_are_two() -> None:
    links = [*combinations(range(6), 2), *combinations(range(6, 11), 2), (5, 6)]
    assert [len(group.accounts) for group in grouped(NAMES, network(links), Rule())] == [6, 5]


def test_that_membership_is_the_share_of_the_others_one_is_linked_with() -> None:
    links = [link for link in combinations(range(5), 2) if link != (0, 4)]
    (group,) = grouped(NAMES, network(links), Rule())
    assert dict(zip(group.accounts, group.membership, strict=True))["n00"] == 0.75


def test_that_a_group_hangs_together_at_its_weakest_needed_link() -> None:
    links = list(combinations(range(4), 2))
    weak = dict.fromkeys(links, 1e-09) | {(0, 3): 1e-3, (1, 3): 2e-3, (2, 3): 3e-3}
    (group,) = grouped(NAMES, network(links, weak), Rule())
    assert group.level == 1e-3


@pytest.mark.parametrize("seed", range(8))
def test_that_the_weakest_needed_link_is_the_largest_of_the_least_spanning_tree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = [link for link in combinations(range(16), 2) if rng.random() < 0.55]
    ring = [(n, n + 1) for n in range(15)] + [(0, 15)]
    links = sorted({*drawn, *ring})
    level = {link: float(rng.integers(1, 40)) / 1000 for link in links}
    (group,) = grouped(NAMES, network([links[n] for n in rng.permutation(len(links))], level), Rule())
    graph = nx.Graph()
    graph.add_weighted_edges_from([(*link, level[link]) for link in links])
    tree = nx.minimum_spanning_tree(graph).edges(data="weight")
    assert (len(group.accounts), group.links) == (16, len(links))
    assert group.level == max(weight for _, _, weight in tree)


def test_that_the_same_accounts_have_the_same_id() -> None:
    assert Group(("b", "a"), (1.0, 1.0), 1, 0.1).id == Group(("a", "b"), (0.5, 0.5), 1, 0.2).id != Group(
        ("a", "c"), (1.0, 1.0), 1, 0.1).id  # fmt: skip


def test_that_no_links_are_no_group() -> None:
    assert grouped(NAMES, network([]), Rule()) == []
