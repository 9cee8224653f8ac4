"""The answer to `network` or `coordination-network` as a graph, in GraphML and GEXF, as Gephi and networkx read
them; the same answer gives the same bytes.

A node is an actor and an edge a relation or fighting between two, or a node an account and an edge a link;
`symmetric` says that the direction of an edge means nothing. The weight of fighting is its events, that of a link its
occasions. Nodes and edges say what the rows of the answer say, each with the id of its evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from harmattan.dossier.records import SYMMETRIC
from harmattan.export.graph import GEXF, GRAPHML, XSI, as_bytes, clean, data, values
from harmattan.export.sheet import attributions
from harmattan.questions.answer import Answer, spoken
from harmattan.text.speaker import Speaker

BARE = ("part", "name", "to", "to_id")
"""Columns that are the graph itself."""
TYPES: Mapping[type, tuple[str, str]] = {
    bool: ("boolean", "boolean"),
    int: ("long", "long"),
    float: ("double", "double"),
    str: ("string", "string"),
}
"""What a value is called in GraphML and in GEXF."""
SAME = (*SYMMETRIC, "fights", "beyond_chance", "coortweet")
"""Kinds of edges whose direction means nothing."""
WEIGHTS = ("events", "occasions", "weight")
"""Columns that say how much an edge weighs."""
_NOT_NMTOKEN = re.compile(r"[^\w.:-]")

Node = tuple[str, dict[str, Any]]
"""The id of a node and what is said of it."""
Arc = tuple[str, str, str, dict[str, Any]]
"""The id of an edge, its two ends, and what is said of it."""


def to_graphml(answer: Answer, speaker: Speaker) -> bytes:
    """GraphML 1.0; every value is an attribute of its own type."""
    root = ET.Element("graphml", {"xmlns": GRAPHML, "xmlns:xsi": XSI,
                                  "xsi:schemaLocation": f"{GRAPHML} {GRAPHML}/1.0/graphml.xsd"})  # fmt: skip
    about, nodes, edges = _parts(answer, speaker)
    parts = {"graph": [about], "node": [said for _, said in nodes], "edge": [said for *_, said in edges]}
    for scope, told in parts.items():
        for name, type_ in _types(told).items():
            key = {"id": f"{scope}_{name}", "for": scope, "attr.name": name, "attr.type": TYPES[type_][0]}
            ET.SubElement(root, "key", key)
    graph = ET.SubElement(root, "graph", edgedefault=_direction(answer))
    data(graph, "graph", _words(about))
    for id_, said in nodes:
        data(ET.SubElement(graph, "node", id=id_), "node", _words(said))
    for id_, source, target, said in edges:
        data(ET.SubElement(graph, "edge", {"id": id_, "source": source, "target": target}), "edge", _words(said))
    return as_bytes(root)


def to_gexf(answer: Answer, speaker: Speaker) -> bytes:
    """GEXF 1.3, static: the network of one day."""
    root = ET.Element("gexf", {"xmlns": GEXF, "xmlns:xsi": XSI,
                               "xsi:schemaLocation": f"{GEXF} {GEXF}/gexf.xsd", "version": "1.3"})  # fmt: skip
    about, nodes, edges = _parts(answer, speaker)
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = "Harmattan"
    ET.SubElement(meta, "description").text = clean("\n".join(str(words) for words in about.values()))
    graph = ET.SubElement(root, "graph", {"mode": "static", "defaultedgetype": _direction(answer)})
    for scope, told in (("node", [said for _, said in nodes]), ("edge", [said for *_, said in edges])):
        declared = ET.SubElement(graph, "attributes", {"class": scope, "mode": "static"})
        for name, type_ in _types(told).items():
            if name not in ("label", "weight"):
                ET.SubElement(declared, "attribute", id=f"{scope}_{name}", title=name, type=TYPES[type_][1])
    into = ET.SubElement(graph, "nodes")
    for id_, said in nodes:
        node = ET.SubElement(into, "node", id=id_, label=clean(str(said["label"])))
        values(node, "node", _words(said, but=("label",)))
    into = ET.SubElement(graph, "edges")
    for id_, source, target, said in edges:
        bare = {"id": id_, "source": source, "target": target, "label": clean(str(said["kind"]))}
        weight = {"weight": str(said["weight"])} if "weight" in said else {}
        values(ET.SubElement(into, "edge", bare | weight), "edge", _words(said, but=("weight",)))
    return as_bytes(root)


def _parts(answer: Answer, speaker: Speaker) -> tuple[dict[str, Any], list[Node], list[Arc]]:
    about: dict[str, Any] = {
        "title": speaker.say(answer.headline),
        "notes": "\n".join(speaker.say(caveat) for caveat in answer.caveats),
        "attribution": "\n".join(attributions(answer.releases, speaker)),
    }
    ids = dict(_ids(answer))
    nodes: list[Node] = []
    edges: list[Arc] = []
    for n, row in enumerate(answer.rows):
        said = {"label": row.get("name", row["id"])} if row["part"] == "node" else {}
        said |= {name: row[name] for name in row if name not in BARE and (name != "id" or row["part"] == "node")}
        said["evidence"] = answer.row_id(n)
        told = {name: value for name, value in spoken(said, speaker).items() if value is not None}
        if row["part"] == "graph":
            about |= told
        elif row["part"] == "node":
            known = {"known": row["kind"] is not None} if "name" in row else {}
            nodes.append((ids[row["id"]], told | known))
        else:
            weights = [float(row[name]) for name in WEIGHTS if row.get(name) is not None]
            weight = {"weight": weights[0]} if weights else {}
            edge = told | {"symmetric": row["kind"] in SAME} | weight
            edges.append((f"e{n}", ids[row["id"]], ids[row["to_id"]], edge))
    return about, nodes + _unmeasured(answer, ids, nodes, speaker), edges


def _unmeasured(answer: Answer, ids: Mapping[str, str], nodes: list[Node], speaker: Speaker) -> list[Node]:
    """The ends of edges that held only possibly and so are in no measure: a graph needs them all the same."""
    there = {id_ for id_, _ in nodes}
    ends: dict[str, Node] = {}
    for row in answer.rows:
        for id_, name in ((row["id"], row.get("name", row["id"])), (row["to_id"], row.get("to", row["to_id"]))):
            if row["part"] == "edge" and ids[id_] not in there:
                said = spoken({"label": name, "id": id_}, speaker)
                ends.setdefault(ids[id_], (ids[id_], said))
    return list(ends.values())


def _direction(answer: Answer) -> str:
    """Accounts that are linked either way make an undirected graph, actors a directed one with symmetric edges."""
    kinds = {row["kind"] for row in answer.rows if row["part"] == "edge"}
    return "undirected" if kinds <= {"beyond_chance", "coortweet"} and kinds else "directed"


def _ids(answer: Answer) -> Iterator[tuple[str, str]]:
    """Each actor's id as an id of XML may be (NMTOKEN): without blanks, and no two alike."""
    taken: set[str] = set()
    for row in answer.rows:
        for id_ in (row["id"], row["to_id"]):
            if id_ is None or id_ in taken:
                continue
            taken.add(id_)
            made = _NOT_NMTOKEN.sub("_", id_)
            yield id_, made if made == id_ else f"{made}.{len(taken)}"


def _types(told: list[dict[str, Any]]) -> dict[str, type]:
    """The type of each attribute: a number with fractions where any of its values has some."""
    found: dict[str, type] = {}
    for said in told:
        for name, value in said.items():
            kind = type(value) if type(value) in TYPES else str
            found[name] = float if {found.get(name, kind), kind} == {int, float} else kind
    return found


def _words(said: Mapping[str, Any], but: tuple[str, ...] = ()) -> dict[str, str]:
    return {
        name: clean(str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in said.items()
        if name not in but
    }
