"""`network`: alliances, rivalries and membership as of a date, with who fights whom in the months before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis

from harmattan.dossier.book import Held
from harmattan.dossier.records import UPWARD
from harmattan.lake.measured import rows_by
from harmattan.measures.events import SUMMED, listed, totals
from harmattan.measures.network import fights
from harmattan.questions.actors import known_id, party
from harmattan.questions.answer import Answer, AnswerColumn
from harmattan.questions.build import COUNTS, RECORDS, Line, about, refuse_uncovered
from harmattan.questions.centrality import Central, Shape, central
from harmattan.questions.citations import ref, sources_of
from harmattan.questions.joint import Grounds, Joint
from harmattan.questions.library import Told
from harmattan.questions.parameters import Params
from harmattan.questions.question import Question
from harmattan.questions.recital import HOLDS, INCOMPLETE, SINCE, SOURCES, STATUS, UNTIL, called, ended, written
from harmattan.questions.records import months_before
from harmattan.questions.relations import kind_of
from harmattan.questions.world import Scope, World
from harmattan.text import T, Text, counted
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.schema import EVENTS

ACCEPTS = ("country", "relation", "kind", "window", "source", "event_type", "as_of", "known_by", "release")
NEEDS: tuple[Dimension, ...] = ("actor", "dyad")
TIES = (*UPWARD, "allied_with", "cooperates_with", "supports", "rival_of")
"""The relations that are links where none is named."""
OUTSIDE = ("person", "organisation")
"""Kinds of actors whose relations are links only where relations are named: that states share an organisation is no tie
between fighting parties."""
FIGHTS = "fights"
COUNTED = ("date_start", "where_precision", "n_events", *SUMMED, "actors_a", "actors_b")
LAYERS: Mapping[str, tuple[str, ...]] = {
    "allies": ("allied_with", "cooperates_with", "supports"),
    "rivals": ("rival_of",),
    "bodies": UPWARD,
    "foes": (FIGHTS,),
}
COLUMNS = (
    AnswerColumn("part", T("graph: the whole; node: an actor; edge: a relation, or fighting between two actors")),
    AnswerColumn("name", T("the actor; of an edge, who stands at its one end")),
    AnswerColumn("to", T("of an edge, who stands at the other end")),
    AnswerColumn("kind", T("of an actor, what it is; of an edge, the relation, or fights")),
    AnswerColumn("degree", T("other actors it is linked to, by whatever link"), "actors"),
    AnswerColumn("allies", T("actors it is allied with, cooperates with, supports or is supported by"), "actors"),
    AnswerColumn("rivals", T("actors it is a rival of"), "actors"),
    AnswerColumn("bodies", T("actors it belongs to or that belong to it"), "actors"),
    AnswerColumn("foes", T("actors it fights"), "actors"),
    AnswerColumn("betweenness", T("share of the shortest ways between two other actors that lead through it; 0 to 1")),
    AnswerColumn("betweenness_fights", T("the same where only fighting links")),
    AnswerColumn("component", T("the part of the network it is in, the largest first")),
    AnswerColumn("strength", T("weighted degree: events between it and its foes, once for each foe"), "events"),
    AnswerColumn("strength_deaths", T("the same in deaths, best estimate"), "deaths"),
    *COUNTS[:4],
    AnswerColumn("share", T("of all events in the window, those it is a party to; of an edge, those between the two"),
                 "%"),
    AnswerColumn("nodes", T("of the graph: its actors"), "actors"),
    AnswerColumn("links", T("of the graph: pairs of actors with a link"), "pairs"),
    AnswerColumn("components", T("of the graph: parts without a link between them"), "parts"),
    AnswerColumn("largest", T("of the graph: actors in the largest part"), "actors"),
    AnswerColumn("density", T("of the graph: links divided by the pairs that there could be; 0 to 1")),
    SINCE,
    UNTIL,
    HOLDS,
    STATUS,
    SOURCES,
    AnswerColumn("id", T("the dossier's id of the actor, or its name where the dossier does not know it")),
    AnswerColumn("to_id", T("the same of the other end")),
    RECORDS,
)  # fmt: skip


@dataclass(frozen=True)
class Edge:
    """A link: a relation with its record, or fighting with its counts."""

    one: str
    other: str
    kind: str
    relation: Held | None = None
    fight: Mapping[str, Any] | None = None

    @property
    def sure(self) -> bool:
        """Whether it held for certain on the day and nobody disputes it: only such links are measured."""
        return self.relation is None or (self.relation.holds == "yes" and self.relation.record.status != "disputed")


def opened(world: World, params: Params) -> Any:
    """The events that the answer's evidence cuts from: those of the window, by the dossier's actors."""
    return _scope(world, params, "actor").rows


def _scope(world: World, params: Params, level: str) -> Scope:
    """The events of the window that ends on the as-of date, else on the last day covered."""
    last = params.as_of or world.period(params, world.chosen(params), NEEDS).end
    first = months_before(last, params.window) + dt.timedelta(days=1)
    return world.scope(replace(params, level=level, start=first, end=last, relation=()), needs=NEEDS)


def network(world: World, params: Params) -> Answer:
    """The graph, its nodes by degree, its edges; relations of the day, fighting of the window."""
    scope, told = _scope(world, params, "name"), world.told(params)
    joint = Joint("network", Grounds(params, scope, told.releases), ACCEPTS)
    events = rows_by(listed, opened(world, params), columns=("release", "event_id", *COUNTED))
    total = sum(events["n_events"].to_pylist())
    rows = ibis.memtable(events)
    met = rows_by(fights, rows).to_pylist()
    seen = rows_by(totals, rows, by=("actor",)).to_pylist()
    parties = {row["actor"]: row for row in seen if row["actor"]}
    edges = [*_relations(told, params, scope.period.end, set(parties)),
             *(Edge(row["one"], row["other"], FIGHTS, fight=row) for row in met)]  # fmt: skip
    linked: dict[str, list[Edge]] = {}
    for edge in edges:
        for end in (edge.one, edge.other) if edge.sure else ():
            linked.setdefault(end, []).append(edge)
    names = {*parties, *linked}
    whole, shape = central(names, [(edge.one, edge.other) for edge in edges if edge.sure])
    fought, _ = central(names, [(edge.one, edge.other) for edge in edges if edge.fight])
    lines = [_graph_line(joint, shape, edges, total)]
    lines += [
        _node_line(
            joint, told, name, parties.get(name), linked.get(name, []), total=total, found=(whole[name], fought[name])
        )
        for name in sorted(names, key=lambda name: (-whole[name].degree, -whole[name].betweenness, name))
    ]
    order = {"": 0, **{kind: n for n, kind in enumerate((*TIES, FIGHTS), start=1)}}
    edges.sort(key=lambda e: (order.get(e.kind, 0), -(e.fight["events"] if e.fight else 0), e.one, e.other))
    lines += [_edge_line(joint, told, edge, total) for edge in edges]
    said = _headline(joint, told, shape, lines, world.places(params, NEEDS))
    caveats = [*told.caveats, PARTIES, *_possible(edges), INCOMPLETE]
    return joint.finish(lines, COLUMNS, said, beside=Criteria(), caveats=caveats)


def _relations(told: Told, params: Params, day: dt.date, parties: set[str]) -> list[Edge]:
    """The relations of a day about the countries asked about: of actors that fought or are there, and of those that
    stand with or against them.
    """
    book = told.book
    kinds = params.relation or TIES
    near = set(parties)
    near |= {actor.id for actor in book.actors.values() if set(actor.countries) & set(params.country)}
    near |= {
        r.subject for r in book.relations if r.relation == "operates_in" and set(r.countries) & set(params.country)
    }
    standing = [held for held in book.standing([r for r in book.relations if r.object], day, day)
                if params.relation or not {kind_of(book, end) for end in _ends(held)} & set(OUTSIDE)]  # fmt: skip
    sides = [set(_ends(held)) for held in standing if held.record.relation not in UPWARD]
    near |= {end for ends in sides if ends & near for end in ends}
    return [
        Edge(*_ends(held), held.record.relation, held)
        for held in standing
        if held.record.relation in kinds and set(_ends(held)) & near
    ]


def _ends(held: Held) -> tuple[str, str]:
    return held.record.subject, held.record.object


def _refs(edges: Sequence[Edge]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref("relations", edge.relation.record) for edge in edges if edge.relation))


def _graph_line(joint: Joint, shape: Shape, edges: Sequence[Edge], total: int) -> Line:
    scope = joint.grounds.scope
    values = {"part": "graph", "events": total if scope.covered else None} | vars(shape)
    records = scope.profile["records"]
    return joint.line(values, scope.criteria, records, Criteria(records=_refs([edge for edge in edges if edge.sure])))


def _node_line(
    joint: Joint,
    told: Told,
    name: str,
    seen: Mapping[str, Any] | None,
    own: Sequence[Edge],
    /,
    *,
    total: int,
    found: tuple[Central, Central],
) -> Line:
    """The row of an actor with its own links; it rests on its relations and the events in which it is a party."""
    fought = [edge.fight for edge in own if edge.fight]
    values: dict[str, Any] = {
        "part": "node",
        "name": _called(told, name),
        "kind": kind_of(told.book, name),
        "id": name,
        "degree": found[0].degree,
        "betweenness": found[0].betweenness,
        "betweenness_fights": found[1].betweenness,
        "component": found[0].component,
        "strength": sum(fight["events"] for fight in fought),
        "strength_deaths": sum(fight["deaths_best"] for fight in fought),
        "share": round(100 * seen["events"] / total, 1) if seen and total else None,
    }
    for layer, kinds in LAYERS.items():
        ends = {end for edge in own if edge.kind in kinds for end in (edge.one, edge.other)}
        values[layer] = len(ends - {name})
    values |= {column.name: seen[column.name] for column in COUNTS[:4]} if seen else {}
    criteria = joint.grounds.scope.criteria.narrowed(actors=(name,))
    return joint.line(values, criteria, seen["records"] if seen else 0, Criteria(records=_refs(own)))


def _edge_line(joint: Joint, told: Told, edge: Edge, total: int) -> Line:
    values: dict[str, Any] = {
        "part": "edge",
        "name": _called(told, edge.one),
        "to": _called(told, edge.other),
        "kind": edge.kind,
        "id": edge.one,
        "to_id": edge.other,
    }
    if edge.relation is not None:
        record = edge.relation.record
        values |= {
            "since": written(record.start),
            "until": written(ended(record, joint.grounds.scope.period.end)),
            "holds": edge.relation.holds,
            "status": record.status,
            "sources": sources_of(told.book, record),
        }
        return joint.line(values, None, 0, Criteria(records=_refs([edge])))
    fight: Mapping[str, Any] = edge.fight or {}
    values |= {column.name: fight[column.name] for column in COUNTS[:4]}
    values |= {"since": fight["first_seen"].isoformat(), "until": fight["last_seen"].isoformat()}
    values["share"] = round(100 * fight["events"] / total, 1) if total else None
    criteria = joint.grounds.scope.criteria.narrowed(table=EVENTS.name, keys=tuple(sorted(fight["keys"])))
    return joint.line(values, criteria, fight["records"], None)


def _called(told: Told, name: str) -> Any:
    return called(told.book, name) if known_id(told.book, name) else name


def _possible(edges: Sequence[Edge]) -> list[Text]:
    n = sum(not edge.sure for edge in edges)
    if not n:
        return []
    return [T("{relations} on the day held only possibly, or are disputed: listed, and in no measure.",
              relations=counted(n, "{n} relation", "{n} relations"))]  # fmt: skip


def _headline(joint: Joint, told: Told, shape: Shape, lines: Sequence[Line], places: Iterable[str]) -> Text:
    scope = joint.grounds.scope
    if not scope.covered and not shape.links:
        return refuse_uncovered(scope.params.country, scope.period, places)
    where = about(scope)
    values: dict[str, Any] = {
        "where": where,
        "day": scope.period.end,
        "start": scope.period.start,
        "actors": counted(joint.number(shape.nodes, 0), "{n} actor", "{n} actors"),
        "links": counted(joint.number(shape.links, 0), "{n} linked pair", "{n} linked pairs"),
        "parts": counted(joint.number(shape.components, 0), "{n} part", "{n} parts"),
    }
    said = T("{where}, as of {day}, with fighting since {start}: {actors}, {links}, {parts}.", **values)
    if len(lines) < 2 or lines[1].values["part"] != "node":
        return said
    first = lines[1].values
    return T(
        "{where}, as of {day}, with fighting since {start}: {actors}, {links}, {parts}; linked to most others: {name} "
        "({degree}).",
        name=party(told.book, first["id"]),
        degree=joint.number(first["degree"], 1),
        **values,
    )


PARTIES = T(
    "Relations are those that the dossier has for the day; fighting is what the events of the window say. An actor is "
    "the dossier's where it knows the publisher's name, else the name. An event of several parties counts once for "
    "each two that met in it; civilians are no party. Persons, and organisations of states, are left out unless a "
    "relation is named. Degree and betweenness take every link alike, friendly or not: they say who stands "
    "amid the links, not who is powerful."
)

QUESTION = Question(
    "network",
    T(
        "The network of actors as of a date: who is allied with whom, who is whose rival and who belongs to whom on "
        "that day by the dossier, and who fights whom in the window of months before it by the events. Of each actor "
        "the degree (other actors it is linked to), the strength (events with its foes), the betweenness (the share "
        "of the shortest ways between two others that lead through it) and the part of the network it is in; of the "
        "whole the number of parts and the density (links divided by the pairs that there could be)."
    ),
    "Brandes (2001), doi:10.1080/0022250X.2001.9990249; Barrat et al. (2004), doi:10.1073/pnas.0400087101",
    ACCEPTS,
    COLUMNS,
    network,
    "several",
    {"relation": TIES},
    opens=opened,
)
