"""What a person says a document says: put on the desk, accepted at once unless it is left for somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from harmattan.desk.rules import revised
from harmattan.desk.store import Desk
from harmattan.desk.words import STATES
from harmattan.dossier.book import Book
from harmattan.dossier.names import Resolver
from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.assertion import Assertion, AssertionKind, Origin, id_of
from harmattan.vocabulary.document import Citation, Document


def stated(
    kind: AssertionKind, document: Document, citation: Citation, said: dict[str, Any], *, by: str, at: dt.datetime,
    **also: Any,
) -> Assertion:  # fmt: skip
    """A candidate of a person's."""
    origin = Origin(kind="human", name=by)
    return Assertion(
        id=id_of(document.digest, citation, kind, origin, said),
        document=document.digest,
        citation=citation,
        kind=kind,
        as_written={kind: citation.exact},
        canonical=said,
        origin=origin,
        at=at,
        **also,
    )


def put(held: Desk, made: Assertion, *, leave: bool = False, note: str = "") -> Assertion:
    """Puts what a person said on the desk, accepted by them or left; gives what stands now.

    Raises UsageError for what cannot be accepted, which is then not put there, and for what they have said before.
    """
    by, at = made.origin.name, made.at
    if not leave:
        revised(made, "accepted", by, at, note=note)
    if not held.propose([made]):
        there = held.assertion(made.id)
        raise UsageError(
            T("You have said so already: {id}, version {version}, {state}.", id=Verbatim(there.id),
              version=there.version, state=STATES[there.state]),
            do=T("Say harmattan desk edit {id} --set …", id=Verbatim(there.id)),
        )  # fmt: skip
    if leave:
        return made
    return held.review(made.id, "accepted", by, at, note=note, expected_version=made.version)


def actor_of(book: Book, resolver: Resolver, name: str, day: dt.date | None) -> str:
    """The dossier's id of an actor. Raises UsageError, with the nearest, for a name that it does not know."""
    if name in book.actors:
        return name
    found = resolver.resolve(name, day=day)
    if found.actor:
        return str(found.actor)
    near = [Verbatim(candidate.actor) for candidate in found.candidates[:5]]
    raise UsageError(
        T("The dossier knows no actor {name}.", name=Verbatim(name)),
        available=T("Perhaps {actors}.", actors=listing(near, "or")) if near else None,
        do=T("Say harmattan who-is, or add what is new with --kind new_name."),
    )
