"""From linked pairs to groups: parts of the network in which each account is linked with several others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.influence.rule import Rule

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST_MODULARITY = 0.3
"""A connected part is divided where the division has at least this modularity: what Newman & Girvan 2004
(doi:10.1103/PhysRevE.69.026113) take for a sign of communities."""
SEED = 20_130_111


@dataclass(frozen=True)
class Group:
    """Accounts that act together.

    `accounts` and `membership` are parallel: of each account the share of the other members it is linked with, 0 to 1.
    `level`: the level of false discoveries at which the group still hangs together, its weakest needed link.
    """

    accounts: tuple[str, ...]
    membership: tuple[float, ...]
    links: int
    level: float

    @property
    def id(self) -> str:
        """The same accounts have the same id."""
        return "c-" + hashlib.sha256("\n".join(sorted(self.accounts)).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Network:
    """Links between accounts by number: `weight` is how much one counts when a part is divided, `level` that of false
    discoveries.
    """

    one: Ints
    other: Ints
    weight: Floats
    level: Floats

    def among(self, members: Ints) -> Network:
        """The links between some of the accounts."""
        both = np.isin(self.one, members) & np.isin(self.other, members)
        return Network(self.one[both], self.other[both], self.weight[both], self.level[both])


def grouped(names: Sequence[str], network: Network, rule: Rule) -> list[Group]:
    """The groups of a network between `names`, the largest first."""
    found: list[Group] = []
    for members in _parts(len(names), network, rule):
        for some in _divided(members, network.among(members)):
            within = network.among(some)
            found += [_group(names, core, within.among(core)) for core in _parts(len(names), within, rule)]
    return sorted(found, key=lambda group: (-len(group.accounts), group.accounts))


def _parts(n: int, network: Network, rule: Rule) -> Iterator[Ints]:
    """Connected parts in which each account has enough links (a k-core, Seidman 1983), of the least size."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    one, other = network.one, network.other
    while len(one):
        degree = np.bincount(one, minlength=n) + np.bincount(other, minlength=n)
        stays = (degree[one] >= rule.links) & (degree[other] >= rule.links)
        if stays.all():
            break
        one, other = one[stays], other[stays]
    if not len(one):
        return
    _, label = connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(n, n)), directed=False)
    linked = np.unique(np.concatenate([one, other]))
    order = linked[np.argsort(label[linked], kind="stable")]
    for members in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
        if len(members) >= rule.size:
            yield members


def _divided(members: Ints, network: Network) -> Sequence[Ints]:
    """Communities of a connected part (Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008), or the part."""
    full = len(members) * (len(members) - 1) / 2
    if len(members) < 2 * 3 or len(network.one) > 0.5 * full:
        return [members]
    import networkx as nx

    graph: Any = nx.Graph()
    graph.add_nodes_from(members.tolist())
    graph.add_weighted_edges_from(
        zip(network.one.tolist(), network.other.tolist(), network.weight.tolist(), strict=True)
    )
    parts = nx.community.louvain_communities(graph, seed=SEED)
    if nx.community.modularity(graph, parts) < LEAST_MODULARITY:
        return [members]
    return [np.array(sorted(part), dtype=np.int64) for part in sorted(parts, key=min)]


def _group(names: Sequence[str], members: Ints, network: Network) -> Group:
    order = sorted(members.tolist(), key=lambda member: names[member])
    degree = np.bincount(np.concatenate([network.one, network.other]), minlength=int(members.max()) + 1)
    share = [float(degree[member]) / (len(order) - 1) for member in order]
    accounts = tuple(names[member] for member in order)
    return Group(accounts, tuple(share), len(network.one), _weakest_needed(members, network))


def _weakest_needed(members: Ints, network: Network) -> float:
    """The largest level in the tree that links all members by the smallest levels."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    n, one, other = len(members), *np.searchsorted(np.sort(members), np.stack([network.one, network.other]))
    # A sparse graph takes 0 for no link: levels stand by their rank from 1 on.
    steps, rank = np.unique(network.level, return_inverse=True)
    tree = minimum_spanning_tree(coo_array((rank + 1.0, (one, other)), shape=(n, n)).tocsr())
    return float(steps[int(tree.data.max()) - 1])
