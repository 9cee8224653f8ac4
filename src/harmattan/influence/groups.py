"""From linked pairs to groups: parts of the network in which each account is linked with several others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.influence.ordered import order
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

    def only(self, which: Ints) -> Network:
        """Some of the links."""
        return Network(self.one[which], self.other[which], self.weight[which], self.level[which])

    def among(self, members: Ints, n: int) -> Network:
        """The links between some of `n` accounts."""
        inside = np.zeros(n, dtype=bool)
        inside[members] = True
        return self.only(np.flatnonzero(inside[self.one] & inside[self.other]))


def grouped(names: Sequence[str], network: Network, rule: Rule) -> list[Group]:
    """The groups of a network between `names`, the largest first."""
    found: list[Group] = []
    if (network.one[1:] < network.one[:-1]).any():
        network = network.only(order(network.one))
    for members, own in _parts(len(names), network, rule):
        parts = _divided(members, own)
        if len(parts) == 1:
            found.append(_group(names, members, own))
            continue
        for some in parts:
            found += [_group(names, *core) for core in _parts(len(names), own.among(some, len(names)), rule)]
    return sorted(found, key=lambda group: (-len(group.accounts), group.accounts))


def _parts(n: int, network: Network, rule: Rule) -> Iterator[tuple[Ints, Network]]:
    """Connected parts in which each account has enough links (a k-core, Seidman 1983), of the least size, with the
    links between them.
    """
    while len(network.one):
        degree = np.bincount(network.one, minlength=n) + np.bincount(network.other, minlength=n)
        enough = degree >= rule.links
        stays = enough[network.one] & enough[network.other]
        if stays.all():
            break
        network = network.only(np.flatnonzero(stays))
    if not len(network.one):
        return
    label = _labels(n, network.one, network.other)
    linked = np.flatnonzero(degree)
    members = linked[order(label[linked])]
    of_links = label[network.one]
    links = order(of_links)
    split = np.split(members, np.flatnonzero(np.diff(label[members])) + 1)
    for part, own in zip(split, np.split(links, np.flatnonzero(np.diff(of_links[links])) + 1), strict=True):
        if len(part) >= rule.size:
            yield part, network.only(own)


def _labels(n: int, one: Ints, other: Ints) -> Ints:
    """The number of the connected part of each of `n` accounts; the links are in order of `one`."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    indptr = np.append(0, np.cumsum(np.bincount(one, minlength=n)))
    links = csr_array((np.ones(len(one)), other, indptr), shape=(n, n))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


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
    """The largest level that is needed for links to hold all members together: that of their least spanning tree.

    Each part needs a link to the others at least (Borůvka 1926), so that the largest of these least levels is needed,
    and all links up to it may be used; until one part is left.
    """
    place = np.zeros(int(members.max()) + 1, dtype=np.int64)
    place[members] = np.arange(len(members))
    one, other, level = place[network.one], place[network.other], network.level
    label, needed = np.arange(len(members)), 0.0
    while label.any():
        apart = np.flatnonzero(label[one] != label[other])
        least = np.full(int(label.max()) + 1, np.inf)
        for end in (one, other):
            np.minimum.at(least, label[end[apart]], level[apart])
        needed = float(least.max())
        used = np.flatnonzero(level <= needed)
        degree = np.bincount(one[used], minlength=len(members)) + np.bincount(other[used], minlength=len(members))
        if degree.max() == len(members) - 1:
            break  # one member is linked with all others
        label = _labels(len(members), one[used], other[used])
    return needed
