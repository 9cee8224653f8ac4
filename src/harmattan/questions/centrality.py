"""How central the nodes of a network are: degree, strength, betweenness, and the parts that hang together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Central:
    """What the links say of one node."""

    degree: int
    """Other nodes it is linked to, however often."""
    betweenness: float
    """Share of the shortest ways between two others that lead through it, from 0 to 1."""
    component: int
    """The part of the network it is in, the largest first from 1; parts of one size by their first name."""


@dataclass(frozen=True)
class Shape:
    """What the links say of the whole."""

    nodes: int
    links: int
    """Pairs of nodes with a link between them, however many."""
    components: int
    largest: int
    """Nodes in the largest part."""
    density: float
    """Links divided by the pairs of nodes that there could be, from 0 to 1."""


def central(nodes: Iterable[str], links: Iterable[tuple[str, str]]) -> tuple[Mapping[str, Central], Shape]:
    """Each node's place in an undirected network without weights, and the network's shape.

    Betweenness by Brandes (2001), doi:10.1080/0022250X.2001.9990249, divided by the pairs of other nodes. Several links
    between two nodes are one, and a node has none to itself.

    >>> found, shape = central("abcd", [("a", "b"), ("b", "c"), ("c", "b")])
    >>> found["b"]
    Central(degree=2, betweenness=0.3333, component=1)
    >>> shape
    Shape(nodes=4, links=2, components=2, largest=3, density=0.3333)
    """
    import networkx as nx

    graph, parts = _graph(nodes, links)
    number = {name: n for n, part in enumerate(parts, start=1) for name in part}
    between = nx.betweenness_centrality(graph, normalized=True)
    found = {name: Central(graph.degree(name), round(between[name], 4), number[name]) for name in graph}
    return found, _shape(graph, parts)


def shape(nodes: Iterable[str], links: Iterable[tuple[str, str]]) -> tuple[Shape, Sequence[set[str]]]:
    """The shape of a network as in `central`, and its parts, the largest first: quick for large networks too.

    >>> shape("abcd", [("a", "b"), ("b", "c")])[0]
    Shape(nodes=4, links=2, components=2, largest=3, density=0.3333)
    """
    graph, parts = _graph(nodes, links)
    return _shape(graph, parts), parts


def _graph(nodes: Iterable[str], links: Iterable[tuple[str, str]]) -> tuple[Any, Sequence[set[str]]]:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(sorted(set(nodes)))
    graph.add_edges_from(sorted((a, b) for a, b in links if a != b))
    return graph, sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))


def _shape(graph: Any, parts: Sequence[set[str]]) -> Shape:
    import networkx as nx

    largest = len(parts[0]) if parts else 0
    density = round(nx.density(graph), 4) if graph else 0.0
    return Shape(len(graph), graph.number_of_edges(), len(parts), largest, density)
