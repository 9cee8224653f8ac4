"""Every fault of a dossier that reading its records one by one does not show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from harmattan.dossier.files import Entry, Written, _own_names
from harmattan.dossier.records import LISTS, SYMMETRIC, UPWARD, Actor, Name, Presence, Relation
from harmattan.dossier.spelling import plain
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.partial import Validity
from harmattan.vocabulary.written import Fault

FORCELESS = ("person", "community", "civilians", "organisation")
"""Kinds of actors that are no force and stand nowhere."""


@dataclass(frozen=True)
class Known:
    """What a dossier that lies underneath already has: ids of actors and milestones. Sources are each dossier's own."""

    actors: frozenset[str] = frozenset()
    milestones: frozenset[str] = frozenset()


def faults(written: Written, under: Known | None = None) -> list[Fault]:
    """Every fault, by file and line; none means that the dossier can be published."""
    below = under or Known()
    found = list(written.faults)
    for check in (_twice, _unsourced, _unknown, _alone, _overlapping, _rivals, _lifetimes, _forces, _names, _measured):
        found += check(written, below)
    told = {(fault.file, fault.line, str(fault.what)): fault for fault in found}
    return [told[where] for where in sorted(told)]


def _fault(entry: Entry, what: Text) -> Fault:
    return Fault(entry.file, entry.line, what)


def id_of(record: Any) -> str:
    """A record's id; a source's key."""
    return str(record.key if hasattr(record, "key") else record.id)


def _twice(written: Written, _: Known) -> Iterator[Fault]:
    """Two records that nothing tells apart; a name may be said twice, but not two ways."""
    own = {name for actor in written.records("actors") for name in _own_names(actor)}
    for name in LISTS:
        seen: dict[str, Entry] = {}
        for entry in written.entries[name]:
            if name == "names" and entry.record in own:
                continue
            key = id_of(entry.record)
            if key in seen and not (name == "names" and _same_name(entry.record, seen[key].record)):
                yield _fault(
                    entry,
                    T("{id} is there already, in {file}:{line}", id=Verbatim(key), file=Verbatim(seen[key].file),
                      line=Verbatim(str(seen[key].line))),
                )  # fmt: skip
            seen.setdefault(key, entry)


def _same_name(one: Name, other: Name) -> bool:
    return (one.kind, one.source_id, one.end) == (other.kind, other.source_id, other.end)


def _unsourced(written: Written, _: Known) -> Iterator[Fault]:
    """A record without a citation, or one that cites what is not there."""
    keys = {source.key for source in written.records("sources")}
    for name in LISTS:
        if name == "sources":
            continue
        for entry in written.entries[name]:
            if not entry.record.cite:
                yield _fault(entry, T("{id} has no citation", id=Verbatim(id_of(entry.record))))
            for citation in entry.record.cite:
                if citation.source not in keys:
                    yield _fault(entry, T("there is no source {id}", id=Verbatim(citation.source)))


def _unknown(written: Written, under: Known) -> Iterator[Fault]:
    """An id that no actor or milestone has."""
    actors = {actor.id for actor in written.records("actors")} | under.actors
    milestones = {milestone.id for milestone in written.records("milestones")} | under.milestones
    for name, fields in (
        ("names", ("actor",)),
        ("relations", ("subject", "object")),
        ("presence", ("force", "successor")),
        ("figures", ("actor",)),
        ("milestones", ("actors", "by", "against")),
    ):
        for entry in written.entries[name]:
            for field in fields:
                said = getattr(entry.record, field)
                for actor in said if isinstance(said, tuple) else (said,):
                    if actor is not None and actor not in actors:
                        yield _fault(entry, T("there is no actor {id}", id=Verbatim(actor)))
    for entry in written.entries["figures"]:
        if entry.record.milestone is not None and entry.record.milestone not in milestones:
            yield _fault(entry, T("there is no milestone {id}", id=Verbatim(entry.record.milestone)))


def _alone(written: Written, _: Known) -> Iterator[Fault]:
    """One who is led is led by a person."""
    kinds = {actor.id: actor.kind for actor in written.records("actors")}
    for entry in written.entries["relations"]:
        relation: Relation = entry.record
        if relation.relation == "led_by" and kinds.get(relation.object or "", "person") != "person":
            yield _fault(entry, T("{id} is no person and leads nobody", id=Verbatim(str(relation.object))))


def _overlapping(written: Written, _: Known) -> Iterator[Fault]:
    """The same relation between the same two, or the same force at the same place, twice at one time."""
    for name, key in (
        ("relations", _between),
        ("presence", lambda p: (p.force, p.country, p.place, p.kind)),
    ):
        groups: dict[Any, dict[str, Entry]] = {}
        for entry in written.entries[name]:
            groups.setdefault(key(entry.record), {}).setdefault(id_of(entry.record), entry)
        for entries in groups.values():
            for one, other in combinations(entries.values(), 2):
                disputed = "disputed" in (one.record.status, other.record.status)
                if not disputed and one.record.validity.overlaps(other.record.validity):
                    yield _fault(
                        other,
                        T("{id} overlaps {other} in {file}:{line}", id=Verbatim(id_of(other.record)),
                          other=Verbatim(id_of(one.record)), file=Verbatim(one.file), line=Verbatim(str(one.line))),
                    )  # fmt: skip


def _between(relation: Relation) -> Any:
    """What a relation is between; those that go both ways are the same from either side."""
    ends = (relation.subject, relation.object or "")
    both = tuple(sorted(ends)) if relation.relation in SYMMETRIC else ends
    return both, relation.relation, frozenset(relation.countries), relation.place


def _rivals(written: Written, _: Known) -> Iterator[Fault]:
    """An actor that belongs to two rivals at one time, or to itself through others."""
    entries = written.entries["relations"]
    rivals = [e.record for e in entries if e.record.relation == "rival_of" and e.record.status != "disputed"]
    belongs: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.record.relation in UPWARD and entry.record.status == "asserted":
            belongs.setdefault(entry.record.subject, []).append(entry)
    for subject, upward in belongs.items():
        for one, other in combinations(upward, 2):
            pair = {one.record.object, other.record.object}
            at_war = [r for r in rivals if {r.subject, r.object} == pair and _all_overlap(one, other, r)]
            if at_war:
                what = T("{id} belongs to {a} and {b} at once, which are rivals", id=Verbatim(subject),
                         a=Verbatim(str(one.record.object)), b=Verbatim(str(other.record.object)))  # fmt: skip
                yield _fault(other, what)
        back = next((entry for entry in upward if _leads_back(entry, belongs)), None)
        if back is not None:
            yield _fault(back, T("{id} belongs to itself through others", id=Verbatim(subject)))


def _all_overlap(one: Entry, other: Entry, rivalry: Relation) -> bool:
    spans = [one.record.validity, other.record.validity, rivalry.validity]
    return all(a.overlaps(b) for a, b in combinations(spans, 2))


def _leads_back(first: Entry, belongs: dict[str, list[Entry]]) -> bool:
    seen: set[str] = set()
    open_ = [first.record.object]
    while open_:
        actor = open_.pop()
        if actor == first.record.subject:
            return True
        if actor not in seen:
            seen.add(actor)
            open_ += [entry.record.object for entry in belongs.get(actor, ())]
    return False


def _lifetimes(written: Written, _: Known) -> Iterator[Fault]:
    """A relation or presence of somebody who did not exist any more, or not yet."""
    actors: dict[str, Actor] = {actor.id: actor for actor in written.records("actors")}
    for name, fields in (("relations", ("subject", "object")), ("presence", ("force",))):
        for entry in written.entries[name]:
            if getattr(entry.record, "relation", "") in ("successor_of", "split_from", "merged_into", "led_by"):
                continue
            for field in fields:
                actor = actors.get(getattr(entry.record, field) or "")
                if actor is not None:
                    yield from _outlived(entry, actor)


def _outlived(entry: Entry, actor: Actor) -> Iterator[Fault]:
    life, span = actor.validity, entry.record.validity
    who = Verbatim(actor.id)
    if isinstance(entry.record, Presence) and life.end is not None and span.end is None:
        yield _fault(entry, T("{id} ended ({day}), but this presence has no end", id=who, day=Verbatim(str(life.end))))
    bounds = [bound for bound in (span.start, span.end) if bound is not None]
    if any(bound.latest and bound.latest < life.first for bound in bounds):
        yield _fault(entry, T("{id} did not exist before {day}", id=who, day=Verbatim(str(life.start))))
    if any(bound.earliest and bound.earliest > life.last for bound in bounds):
        yield _fault(entry, T("{id} did not exist after {day}", id=who, day=Verbatim(str(life.end))))


def _forces(written: Written, _: Known) -> Iterator[Fault]:
    """A presence of somebody who is no force."""
    kinds = {actor.id: actor.kind for actor in written.records("actors")}
    for entry in written.entries["presence"]:
        kind = kinds.get(entry.record.force)
        if kind in FORCELESS:
            yield _fault(
                entry, T("{id} is a {kind} and no force", id=Verbatim(entry.record.force), kind=Verbatim(kind))
            )


def _names(written: Written, _: Known) -> Iterator[Fault]:
    """A name that belongs to two actors at once."""
    lives = {actor.id: actor.validity for actor in written.records("actors")}
    groups: dict[tuple[str, str | None], dict[str, Entry]] = {}
    for entry in written.entries["names"]:
        same = groups.setdefault((plain(entry.record.text), entry.record.source), {})
        same.setdefault(id_of(entry.record), entry)
    for entries in groups.values():
        for one, other in combinations(entries.values(), 2):
            if clash(one.record, other.record, lives):
                yield _fault(
                    other,
                    T("the name {name} of {actor} is also that of {other} at the time, in {file}:{line}",
                      name=Verbatim(other.record.text), actor=Verbatim(other.record.actor),
                      other=Verbatim(one.record.actor), file=Verbatim(one.file), line=Verbatim(str(one.line))),
                )  # fmt: skip


def clash(one: Name, other: Name, lives: Mapping[str, Validity]) -> bool:
    """Whether two equal names mean two actors at one time and place, neither more narrowly than the other."""
    if one.actor == other.actor:
        return False
    spans, others = ((name.validity, lives.get(name.actor, Validity())) for name in (one, other))
    if not all(a.overlaps(b) for a in spans for b in others):
        return False
    if (one.area is None, not one.countries) != (other.area is None, not other.countries):
        return False
    if one.countries and not set(one.countries) & set(other.countries):
        return False
    return one.area is None or other.area is None or _meet(one.area, other.area)


def _meet(one: Iterable[float], other: Iterable[float]) -> bool:
    (west, south, east, north), (west2, south2, east2, north2) = one, other
    return west < east2 and west2 < east and south < north2 and south2 < north


def _measured(written: Written, _: Known) -> Iterator[Fault]:
    """A value that is no number, or an area in which nothing lies."""
    for entry in written.entries["figures"]:
        for value in (entry.record.value, entry.record.low, entry.record.high):
            if value is not None and not math.isfinite(value):
                yield _fault(entry, T("{value} is no number", value=Verbatim(str(value))))
    for entry in written.entries["names"]:
        west, south, east, north = entry.record.area or (-180, -90, 180, 90)
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            area = Verbatim(", ".join(f"{edge:g}" for edge in entry.record.area))
            yield _fault(entry, T("the area {area} is none: write west, south, east, north in degrees", area=area))
