"""A dossier's actors and relations as a graph, in GraphML and in GEXF; the same dossier gives the same bytes.

An actor is a node, a relation between two actors a directed edge; `symmetric` says that its direction means nothing.
Where an actor operates stands with the node.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from harmattan.dossier.book import Book
from harmattan.dossier.records import SYMMETRIC, Actor, Relation
from harmattan.vocabulary.partial import Validity

_SPAN = ("start", "end", "start_earliest", "start_latest", "end_earliest", "end_latest")
NODE = (
    "label",
    "label_en",
    "label_fr",
    "short",
    "kind",
    "countries",
    "operates_in",
    *_SPAN,
    "status",
    "sources",
    "holds",
)
"""What a node says."""
EDGE = ("relation", "symmetric", "countries", "place", *_SPAN, "status", "sources", "holds")
"""What an edge says."""
BOOLEAN = ("symmetric",)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
XSI = "http://www.w3.org/2001/XMLSchema-instance"
GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://gexf.net/1.3"
_WRITTEN = {"start": "start_written", "end": "end_written"}
"""GEXF keeps `start` and `end` for days; the dates as they are written stand beside under other names."""

Part = tuple[str, Mapping[str, str]]
"""The id of a node and what it says."""
Arc = tuple[str, Relation, Mapping[str, str]]
"""The id of an edge, its relation and what it says."""


def to_graphml(
    book: Book, language: str = "en", as_of: dt.date | None = None, title: str = "", attribution: Sequence[str] = ()
) -> bytes:
    """GraphML 1.0."""
    root = ET.Element("graphml", {"xmlns": GRAPHML, "xmlns:xsi": XSI,
                                  "xsi:schemaLocation": f"{GRAPHML} {GRAPHML}/1.0/graphml.xsd"})  # fmt: skip
    about = {"title": title, "attribution": "\n".join(attribution)}
    for scope, names in (("graph", about), ("node", NODE), ("edge", EDGE)):
        for name in names:
            type_ = "boolean" if name in BOOLEAN else "string"
            key = {"id": f"{scope}_{name}", "for": scope, "attr.name": name, "attr.type": type_}
            ET.SubElement(root, "key", key)
    graph = ET.SubElement(root, "graph", edgedefault="directed")
    data(graph, "graph", {name: clean(words) for name, words in about.items() if words})
    nodes, edges = _parts(book, language, as_of)
    for id_, said in nodes:
        data(ET.SubElement(graph, "node", id=id_), "node", said)
    for id_, relation, said in edges:
        ends = {"source": relation.subject, "target": str(relation.object)}
        data(ET.SubElement(graph, "edge", {"id": id_} | ends), "edge", said)
    return as_bytes(root)


def to_gexf(
    book: Book, language: str = "en", as_of: dt.date | None = None, title: str = "", attribution: Sequence[str] = ()
) -> bytes:
    """GEXF 1.3, dynamic: a node and an edge last from the first to the last day on which they can have held."""
    root = ET.Element("gexf", {"xmlns": GEXF, "xmlns:xsi": XSI,
                               "xsi:schemaLocation": f"{GEXF} {GEXF}/gexf.xsd", "version": "1.3"})  # fmt: skip
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = "Harmattan"
    said = "\n".join(line for line in (title, *attribution) if line)
    if said:
        ET.SubElement(meta, "description").text = clean(said)
    times = {"timeformat": "date", "timerepresentation": "interval"}
    graph = ET.SubElement(root, "graph", {"mode": "dynamic", "defaultedgetype": "directed"} | times)
    for scope, names in (("node", NODE[1:]), ("edge", EDGE)):
        declared = ET.SubElement(graph, "attributes", {"class": scope, "mode": "static"})
        for name in names:
            type_ = "boolean" if name in BOOLEAN else "string"
            ET.SubElement(declared, "attribute", id=f"{scope}_{name}", title=_WRITTEN.get(name, name), type=type_)
    nodes, edges = _parts(book, language, as_of)
    into = ET.SubElement(graph, "nodes")
    for id_, about in nodes:
        actor = book.actors.get(id_)
        lasts = _lasts(actor.validity) if actor else {}
        said_else = {name: words for name, words in about.items() if name != "label"}
        values(ET.SubElement(into, "node", {"id": id_, "label": about["label"]} | lasts), "node", said_else)
    into = ET.SubElement(graph, "edges")
    for id_, relation, about in edges:
        ends = {"source": relation.subject, "target": str(relation.object)}
        kind = {"kind": relation.relation, "label": relation.relation}
        edge = {"id": id_} | ends | kind | _lasts(relation.validity)
        values(ET.SubElement(into, "edge", edge), "edge", about)
    return as_bytes(root)


def clean(words: str) -> str:
    """Words without the characters that XML forbids."""
    return _FORBIDDEN.sub("", words)


def _parts(book: Book, language: str, as_of: dt.date | None) -> tuple[list[Part], list[Arc]]:
    """The nodes and edges, by id; on a day only those that held on it. Whoever a relation names is a node."""
    related = _held(book, book.relations, as_of)
    edges: list[Arc] = []
    where: dict[str, list[str]] = {}
    for relation, holds in related:
        if relation.object:
            edges.append((_edge_id(relation), relation, _edge(book, relation, holds)))
        else:
            where.setdefault(relation.subject, []).extend(relation.countries)
    known = {actor.id: holds for actor, holds in _held(book, book.actors.values(), as_of)}
    named = {end for _, relation, _ in edges for end in (relation.subject, str(relation.object))}
    nodes: list[Part] = [
        (id_, _node(book, id_, known.get(id_, ""), language, where.get(id_, ()))) for id_ in sorted({*known, *named})
    ]
    return nodes, edges


def _held(book: Book, records: Iterable[Any], as_of: dt.date | None) -> list[tuple[Any, str]]:
    """The records that held on a day, and how surely; without a day all of them, and nothing is said of a day."""
    if as_of is None:
        return [(record, "") for record in records]
    return [(held.record, held.holds) for held in book.standing(records, as_of, as_of)]


def _node(book: Book, id_: str, holds: str, language: str, where: Iterable[str]) -> dict[str, str]:
    said = {"label": book.label(id_, language), "operates_in": ", ".join(dict.fromkeys(where)), "holds": holds}
    actor = book.actors.get(id_)
    if actor is not None:
        said |= {"label_en": actor.label["en"], "label_fr": actor.label["fr"], "short": actor.short or ""}
        said |= {"kind": actor.kind, "countries": ", ".join(actor.countries)} | _common(book, actor)
    return _told(NODE, said)


def _edge(book: Book, relation: Relation, holds: str) -> dict[str, str]:
    said = {"holds": holds, "relation": relation.relation, "symmetric": str(relation.relation in SYMMETRIC).lower()}
    said |= {"countries": ", ".join(relation.countries), "place": relation.place or ""}
    return _told(EDGE, said | _common(book, relation))


def _edge_id(relation: Relation) -> str:
    """The relation's id with the letters that an id of GraphML may have (NMTOKEN)."""
    return relation.id.replace("/", ":")


def _common(book: Book, record: Actor | Relation) -> dict[str, str]:
    said: dict[str, str] = {"status": record.status}
    publications = (book.sources.get(citation.source) for citation in record.cite)
    lines = (f"{source.publisher}, {source.title}, {source.date}" for source in publications if source)
    said["sources"] = "; ".join(dict.fromkeys(lines))
    for name, day in (("start", record.start), ("end", record.end)):
        if day is not None:
            said |= {name: str(day), f"{name}_earliest": _day(day.earliest), f"{name}_latest": _day(day.latest)}
    return said


def _told(names: Iterable[str], said: Mapping[str, str]) -> dict[str, str]:
    """What is said, in the order of the names, without what is empty."""
    return {name: clean(said[name]) for name in names if said.get(name)}


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _lasts(validity: Validity) -> dict[str, str]:
    start = _day(validity.start.earliest if validity.start else None)
    end = _day(validity.end.latest if validity.end else None)
    return {name: day for name, day in (("start", start), ("end", end)) if day}


def data(element: ET.Element, scope: str, said: Mapping[str, str]) -> None:
    """What is said of a graph, a node or an edge, in GraphML."""
    for name, words in said.items():
        ET.SubElement(element, "data", key=f"{scope}_{name}").text = words


def values(element: ET.Element, scope: str, said: Mapping[str, str]) -> None:
    """What is said of a node or an edge, in GEXF."""
    into = ET.SubElement(element, "attvalues")
    for name, words in said.items():
        ET.SubElement(into, "attvalue", {"for": f"{scope}_{name}", "value": words})


def as_bytes(root: ET.Element) -> bytes:
    """A document as it is written, indented, in UTF-8."""
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
