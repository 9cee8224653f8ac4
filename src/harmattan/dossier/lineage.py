"""Under whom an actor is counted: itself, the body it was a part or member of on a day, or that body's network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from harmattan.dossier.book import Book
from harmattan.dossier.records import ActorKind, Relation, RelationKind

if TYPE_CHECKING:
    from harmattan.dossier.names import Span

Level = Literal["actor", "parent", "family"]
INSIDE: tuple[RelationKind, ...] = ("part_of", "member_of")
LOOSE: tuple[ActorKind, ...] = ("network", "organisation", "person", "community", "civilians")
"""Kinds that are no body one can be a part of in fighting: a state does not fight as its regional organisation."""
NETWORKS: tuple[ActorKind, ...] = ("network", "armed_group", "coalition")
"""Kinds that a family can be named after."""


def counted_under(book: Book, actor: str, level: Level, day: dt.date) -> str:
    """The actor that another is counted under on a day."""
    if level == "actor":
        return actor
    parent = _climbed(book, actor, day, INSIDE, but=LOOSE)
    if level == "parent":
        return parent
    top = _climbed(book, parent, day, ("affiliate_of", *INSIDE), but=tuple({*LOOSE} - {*NETWORKS}))
    known = book.actors.get(top)
    return top if known is not None and known.kind in NETWORKS else parent


def lineage(book: Book, actor: str, day: dt.date) -> tuple[str, ...]:
    """The actor and everybody above it on a day, up to its network."""
    found = [actor]
    for above in (counted_under(book, actor, "parent", day), counted_under(book, actor, "family", day)):
        if above not in found:
            found.append(above)
    return tuple(found)


def raised(book: Book, spans: Iterable[Span], level: Level) -> list[Span]:
    """The spans of names, each cut where what the actor is counted under changes, and given to that."""
    return [piece for span in spans for piece in _pieces(book, span, level)]


def _pieces(book: Book, span: Span, level: Level) -> Iterator[Span]:
    if span.actor is None:
        yield span
        return
    day = dt.timedelta(days=1)
    cuts = sorted(cut for cut in _changes(book, span.actor) if span.first < cut <= span.last)
    starts = [span.first, *cuts]
    ends = [*(cut - day for cut in cuts), span.last]
    for first, last in zip(starts, ends, strict=True):
        yield replace(span, first=first, last=last, actor=counted_under(book, span.actor, level, first))


def _changes(book: Book, actor: str) -> set[dt.date]:
    """The days on which something above an actor begins or has just ended."""
    found: set[dt.date] = set()
    seen, open_ = {actor}, [actor]
    while open_:
        below = open_.pop()
        for relation in book.upward(below):
            lives = [book.actors[id_].validity for id_ in (below, str(relation.object)) if id_ in book.actors]
            for span in (relation.validity, *lives):
                found |= {span.first} - {dt.date.min}
                found |= {span.last + dt.timedelta(days=1)} if span.last != dt.date.max else set()
            if relation.object and relation.object not in seen:
                seen.add(relation.object)
                open_.append(relation.object)
    return found


def _climbed(book: Book, actor: str, day: dt.date, kinds: tuple[RelationKind, ...], but: tuple[ActorKind, ...]) -> str:
    """The top of the chain above an actor; where it belongs to several, the first kind named, then the first by id."""
    seen = {actor}
    while not _is_state(book, actor):
        above = sorted(
            (relation for relation in book.above(actor, day) if _allowed(book, relation, kinds, but)),
            key=lambda relation: (kinds.index(relation.relation), relation.id),
        )
        if not above or above[0].object in seen:
            return actor
        actor = str(above[0].object)
        seen.add(actor)
    return actor


def _is_state(book: Book, actor: str) -> bool:
    """A government is at the top: it does not fight as the force that it sends troops to."""
    known = book.actors.get(actor)
    return known is not None and known.kind == "government"


def _allowed(book: Book, relation: Relation, kinds: tuple[RelationKind, ...], but: tuple[ActorKind, ...]) -> bool:
    target = book.actors.get(relation.object or "")
    return relation.relation in kinds and target is not None and target.kind not in but
