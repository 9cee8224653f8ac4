"""Which actors of the dossier somebody means by a name, and who belongs to whom over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmattan.dossier.book import Book
from harmattan.dossier.lineage import LOOSE
from harmattan.dossier.records import Relation
from harmattan.errors import UsageError
from harmattan.questions.library import Told
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import did_you_mean, parse_country

if TYPE_CHECKING:
    from harmattan.dossier.names import Resolved


class UnknownActor(UsageError):
    """A name that the dossier does not know for certain, with those whom it may mean, the likeliest first."""

    def __init__(self, name: str, near: list[str]) -> None:
        super().__init__(
            T("The dossier knows no actor called {name} for certain.", name=Verbatim(name)),
            available=did_you_mean(near),
            do=T("Say harmattan who-is {name} to see why.", name=Verbatim(f'"{name}"')),
        )
        self.name, self.near = name, near


def wanted_actors(told: Told) -> tuple[str, ...]:
    """The actors asked for, by any of their names or by their id. Raises UsageError for a name that is not sure."""
    return tuple(dict.fromkeys(actor_of(told, name) for name in told.params.actor))


def actor_of(told: Told, name: str) -> str:
    """The one actor that goes by a name, at whatever time. Raises UnknownActor naming the candidates."""
    if name in told.book.actors:
        return name
    found: Resolved = told.resolver.resolve(name)
    actor = found.actor or _government(told.book, name)
    if actor is not None:
        return actor
    raise UnknownActor(name, candidates_of(told.book, found))


def _government(book: Book, name: str) -> str | None:
    """The government of a country that goes by a name: who asks for the forces of France means those."""
    try:
        code = parse_country(name)
    except UsageError:
        return None
    found = [actor.id for actor in book.actors.values() if actor.kind == "government" and actor.countries == (code,)]
    return found[0] if len(found) == 1 else None


def candidates_of(book: Book, found: Resolved, most: int = 3) -> list[str]:
    """Whom a name may mean, the likeliest first."""
    ids = dict.fromkeys(candidate.actor for candidate in found.candidates)
    return [f"{book.short(id_)} ({id_})" for id_ in list(ids)[:most]]


def members(book: Book, actor: str) -> frozenset[str]:
    """An actor and every body that ever was a part or member of it, or of a part of it.

    Affiliates and persons are not its parts, and the states in an organisation are not parts of that organisation.
    """
    found, open_ = {actor}, [actor]
    while open_:
        above = open_.pop()
        for relation in book.relations:
            if relation.object == above and relation.subject not in found and _inside(book, relation):
                found.add(relation.subject)
                open_.append(relation.subject)
    return frozenset(found)


def _inside(book: Book, relation: Relation) -> bool:
    whole, part = book.actors.get(relation.object or ""), book.actors.get(relation.subject)
    if relation.status == "disputed" or part is None or part.kind == "person":
        return False
    loose = whole is None or whole.kind in LOOSE
    return relation.relation == "part_of" or (relation.relation == "member_of" and not loose)
