"""Assertions as FollowTheMoney entities, and as a graph in GraphML.

FollowTheMoney: a document is a Document of its kind; an actor an entity with the id that the dossier's export gives it,
so that both go together, proven by the documents that name it, each naming a Mention; a relation a link with its
proof; anything else a Note on its document. Nobody is called a terrorist or a criminal.
GraphML: documents, actors, places and what else is said are nodes; an edge leads from a document to what it says,
or, for a relation, from one actor to the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from harmattan.dossier.book import Book
from harmattan.export.assertions import Taken, record
from harmattan.export.entities import (
    LINKS,
    ORGANISATIONS,
    UNKNOWN,
    actor_id,
    entity,
    ftm_date,
    in_line,
    in_text,
    iso2,
    schema_of,
)
from harmattan.export.graph import GRAPHML, XSI, as_bytes, clean, data
from harmattan.vocabulary.assertion import Assertion
from harmattan.vocabulary.document import Document
from harmattan.vocabulary.link import of_the_web

SCHEMA = {"txt": "PlainText", "html": "HyperText", "pdf": "Pages", "docx": "Pages"}
"""The schema of a document by its kind."""
MIME = {
    "txt": "text/plain",
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NODE = ("label", "kind", "country", "canonical", "digest", "published", "publisher")
EDGE = ("kind", "assertion", "version", "quote", "relation", "document", "modality", "attributed_to", "first", "last",
        "state", "reviewer", "at", "origin")  # fmt: skip


def to_ftm(taken: Taken) -> bytes:
    """The entities by id, each in one line."""
    found: dict[str, dict[str, Any]] = {}
    for digest in {made.document for made in taken.assertions}:
        made_of = _document(taken, taken.documents[digest])
        found[made_of["id"]] = made_of
    for made in taken.assertions:
        for part in _entities(taken, made):
            found[part["id"]] = _together(found.get(part["id"]), part)
    lines = (json.dumps(found[id_], ensure_ascii=False) for id_ in sorted(found))
    return "".join(f"{line}\n" for line in lines).encode()


def _together(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    """An entity that several assertions speak of: every value once."""
    if before is None:
        return after
    said = before["properties"] | {
        name: list(dict.fromkeys([*before["properties"].get(name, ()), *values]))
        for name, values in after["properties"].items()
    }
    return after | {"properties": dict(sorted(said.items()))}


def _document_id(digest: str) -> str:
    return f"hmt-document-{digest[:12]}"


def _document(taken: Taken, document: Document) -> dict[str, Any]:
    silent = document.confidential and not taken.confidential_too
    notes = [f"sha256: {document.digest}"] + (["confidential"] if document.confidential else [])
    if silent:
        return entity(_document_id(document.digest), SCHEMA[document.kind], name=[document.id], notes=notes)
    name = in_line(taken.hide(document.title)) or document.file or document.id
    return entity(
        _document_id(document.digest),
        SCHEMA[document.kind],
        name=[name],
        title=[in_line(taken.hide(document.title))],
        fileName=[in_line(taken.hide(document.file))],
        mimeType=[MIME[document.kind]],
        language=[{"en": "eng", "fr": "fra"}[document.language]],
        publishedAt=[ftm_date(document.published)],
        publisher=[in_line(taken.hide(document.publisher))],
        sourceUrl=[taken.hide(document.url)] if of_the_web(document.url) else [],
        notes=notes,
    )


def _entities(taken: Taken, made: Assertion) -> Iterator[dict[str, Any]]:
    told, proof = made.canonical, [_document_id(made.document)]
    if made.kind == "actor" and told.get("actor"):
        actor = str(told["actor"])
        yield _actor(taken.book, actor, proof)
        yield entity(f"hmt-mention-{made.id}", "Mention", document=proof, resolved=[actor_id(actor)])
        return
    if made.kind == "relation" and told.get("object"):
        ends = [str(told["subject"]), str(told["object"])]
        for end in ends:
            yield _actor(taken.book, end, proof)
        yield _link(taken, made, ends, proof)
        return
    said = record(taken, made)
    words = said.get("quote")
    yield entity(
        f"hmt-note-{made.id}",
        "Note",
        name=[f"{made.kind} {made.id}"],
        entity=proof,
        description=[in_text(words)],
        country=[iso2(told["iso3"])] if told.get("iso3") else [],
        notes=[json.dumps(said["canonical"], ensure_ascii=False, sort_keys=True), in_text(said.get("note"))],
        proof=proof,
    )


def _actor(book: Book | None, actor: str, proof: list[str]) -> dict[str, Any]:
    known = book.actors.get(actor) if book else None
    labels = [known.label["en"], known.label["fr"]] if known else [actor]
    schema = schema_of(book, actor) if book else "LegalEntity"
    return entity(actor_id(actor), schema, name=[in_line(label) for label in labels], proof=proof)


def _link(taken: Taken, made: Assertion, ends: list[str], proof: list[str]) -> dict[str, Any]:
    relation, said = str(made.canonical["relation"]), record(taken, made)
    schema, subject, object_ = LINKS.get(relation, UNKNOWN)
    organisation = {subject: ends[0], object_: ends[1]}.get("organization")
    known = taken.book is not None and organisation is not None
    if organisation and not (known and schema_of(taken.book, organisation) in ORGANISATIONS):  # type: ignore[arg-type]
        schema, subject, object_ = UNKNOWN
    properties: dict[str, Any] = {subject: [actor_id(ends[0])], object_: [actor_id(ends[1])]}
    return entity(
        f"hmt-assertion-{made.id}",
        schema,
        role=[relation],
        status=[made.modality],
        recordId=[made.id],
        startDate=[ftm_date(made.first)],
        endDate=[ftm_date(made.last)],
        description=[in_text(said.get("quote"))],
        summary=[in_text(said.get("note"))],
        proof=proof,
        **properties,
    )


def to_graphml(taken: Taken) -> bytes:
    """GraphML 1.0."""
    root = ET.Element("graphml", {"xmlns": GRAPHML, "xmlns:xsi": XSI,
                                  "xsi:schemaLocation": f"{GRAPHML} {GRAPHML}/1.0/graphml.xsd"})  # fmt: skip
    for scope, names in (("node", NODE), ("edge", EDGE)):
        for name in names:
            key = {"id": f"{scope}_{name}", "for": scope, "attr.name": name, "attr.type": "string"}
            ET.SubElement(root, "key", key)
    graph = ET.SubElement(root, "graph", edgedefault="directed")
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[tuple[str, str, str, dict[str, Any]]] = []
    for made in taken.assertions:
        source = f"document:{made.document[:12]}"
        nodes.setdefault(source, _document_node(taken, taken.documents[made.document]))
        ends = [(source, nodes[source]), *_things(taken, made)]
        for id_, said in ends:
            nodes.setdefault(id_, said)
        edges.append((made.id, ends[-2][0], ends[-1][0], _edge(taken, made)))
    for id_ in sorted(nodes):
        data(ET.SubElement(graph, "node", id=id_), "node", _told(NODE, nodes[id_]))
    for id_, source, target, said in edges:
        edge = ET.SubElement(graph, "edge", {"id": id_, "source": source, "target": target})
        data(edge, "edge", _told(EDGE, said))
    return as_bytes(root)


def _things(taken: Taken, made: Assertion) -> list[tuple[str, dict[str, Any]]]:
    """The node, or for a relation both nodes, of what is said. Actors and places are the same in every document."""
    told = made.canonical
    if made.kind == "actor" and told.get("actor"):
        return [_actor_node(taken, str(told["actor"]))]
    if made.kind == "relation" and told.get("object"):
        return [_actor_node(taken, str(told["subject"])), _actor_node(taken, str(told["object"]))]
    if made.kind == "place" and told.get("place"):
        place = "/".join(str(told.get(name) or "") for name in ("iso3", "level", "place"))
        said = {"label": told["place"], "kind": "place", "country": told.get("iso3")}
        return [(f"place:{hashlib.sha256(place.encode()).hexdigest()[:12]}", said)]
    said = record(taken, made)
    label = said.get("quote") or f"{made.kind} {made.id}"
    canonical = json.dumps(said["canonical"], ensure_ascii=False, sort_keys=True)
    return [(f"assertion:{made.id}", {"label": label, "kind": made.kind, "canonical": canonical})]


def _actor_node(taken: Taken, actor: str) -> tuple[str, dict[str, Any]]:
    label = taken.book.label(actor, taken.language) if taken.book and actor in taken.book.actors else actor
    return f"actor:{actor}", {"label": label, "kind": "actor"}


def _document_node(taken: Taken, document: Document) -> dict[str, Any]:
    said = {"kind": "document", "digest": document.digest, "label": document.id}
    if document.confidential and not taken.confidential_too:
        return said
    said |= {"publisher": taken.hide(document.publisher), "published": str(document.published or "")}
    return said | {"label": taken.hide(document.title) or document.file or document.id}


def _edge(taken: Taken, made: Assertion) -> dict[str, Any]:
    said = record(taken, made)
    return said | {
        "assertion": made.id,
        "relation": made.canonical.get("relation") if made.kind == "relation" else None,
    }


def _told(names: tuple[str, ...], said: dict[str, Any]) -> dict[str, str]:
    """What is said, in the order of the names, without what is empty."""
    return {name: clean(str(said[name])) for name in names if said.get(name) not in (None, "")}
