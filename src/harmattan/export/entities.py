"""A dossier as FollowTheMoney entities, one in a line (JSON lines), as Aleph and OpenSanctions' tools read them.

Actors are entities, relations are links between them, milestones are events. Where a force stood and where an actor
operated stands in words in the actor's notes. Figures have no place in FollowTheMoney and are left out.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from harmattan.dossier.book import Book
from harmattan.dossier.records import Actor, Citation, Milestone, Name, Presence, Relation
from harmattan.export.graph import clean
from harmattan.vocabulary.partial import PartialDate

SCHEMA = {
    "government": "PublicBody",
    "state_force": "PublicBody",
    "foreign_force": "PublicBody",
    "community": "LegalEntity",
    "civilians": "LegalEntity",
    "person": "Person",
}
"""The schema of an actor by its kind; Organization where it is not named here."""
ORGANISATIONS = ("Organization", "PublicBody")
"""The schemas of which somebody can be a member or a director."""
TOPICS = {"government": "gov", "state_force": "gov.security", "foreign_force": "mil"}
"""What a kind of actor is in FollowTheMoney's list of topics. Nobody is called a terrorist or a criminal here."""
LINKS = {
    "member_of": ("Membership", "member", "organization"),
    "led_by": ("Directorship", "organization", "director"),
    "successor_of": ("Succession", "successor", "predecessor"),
    "merged_into": ("Succession", "predecessor", "successor"),
}
"""The schema of a relation, and its properties for the relation's subject and object."""
UNKNOWN = ("UnknownLink", "subject", "object")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_URL = re.compile(r"https?://\S+")


def to_ftm(book: Book, language: str = "en", dataset: str = "") -> bytes:
    """The entities by id, each in one line."""
    names: dict[str, list[Name]] = {}
    for name in book.names:
        names.setdefault(name.actor, []).append(name)
    where: dict[str, list[Relation | Presence]] = {}
    for relation in book.relations:
        if relation.object is None:
            where.setdefault(relation.subject, []).append(relation)
    for presence in book.presence:
        where.setdefault(presence.force, []).append(presence)
    entities = [
        _actor(book, actor, names.get(id_, ()), where.get(id_, ()), language) for id_, actor in book.actors.items()
    ]
    entities += [_link(book, relation) for relation in book.relations if relation.object is not None]
    entities += [_event(book, milestone, language) for milestone in book.milestones]
    entities += [_unknown(id_) for id_ in _strangers(book)]
    extra = {"datasets": [dataset]} if dataset else {}
    lines = (json.dumps(made | extra, ensure_ascii=False) for made in sorted(entities, key=lambda made: made["id"]))
    return "".join(f"{line}\n" for line in lines).encode()


def entity(id_: str, schema: str, **properties: Iterable[str | None]) -> dict[str, Any]:
    """An entity without empty properties, each value once."""
    said = {name: list(dict.fromkeys(filter(None, values))) for name, values in sorted(properties.items())}
    return {"id": id_, "schema": schema, "properties": {name: values for name, values in said.items() if values}}


def actor_id(actor: str) -> str:
    """The id of an actor's entity."""
    return f"hmt-actor-{actor}"


def schema_of(book: Book, actor: str) -> str:
    """The schema of an actor's entity; LegalEntity where the dossier does not know it."""
    known = book.actors.get(actor)
    return "LegalEntity" if known is None else SCHEMA.get(known.kind, "Organization")


def _actor(
    book: Book, actor: Actor, names: Iterable[Name], where: Sequence[Relation | Presence], language: str
) -> dict[str, Any]:
    person = actor.kind == "person"
    labels = _spoken(actor.label, language)
    spelt = _spelt(names, {*labels, in_line(actor.short)})
    operates = (code for record in where if isinstance(record, Relation) for code in record.countries)
    # A person's dates are left in words: a dossier does not say whether they are those of birth and death.
    dates: dict[str, Any] = {} if person else {
        "incorporationDate": [ftm_date(actor.start)], "dissolutionDate": [ftm_date(actor.end)]
    }  # fmt: skip
    notes = [*_notes(actor, dated=not person), *_doubt(actor), *map(_where, where)]
    return entity(
        actor_id(actor.id),
        schema_of(book, actor.id),
        name=[*filter(None, labels)] or [actor.id],
        weakAlias=[in_line(actor.short), *spelt["weakAlias"]],
        alias=spelt["alias"],
        previousName=spelt["previousName"],
        classification=[actor.kind],
        topics=[TOPICS.get(actor.kind)],
        country=map(iso2, (*actor.countries, *operates)),
        notes=notes,
        description=[in_text(actor.as_written)],
        **dates,
        **_publications(book, actor.cite),
    )


def _spelt(names: Iterable[Name], but: set[str | None]) -> dict[str, list[str | None]]:
    """An actor's other names. Weak are acronyms, those that mean it only somewhere, and a data set's for some years."""
    found: dict[str, list[str | None]] = {"alias": [], "weakAlias": [], "previousName": []}
    for name in names:
        words = in_line(name.text)
        weak = name.kind == "acronym" or name.countries or name.area or (name.source and (name.start or name.end))
        if words not in but:
            found["weakAlias" if weak else "previousName" if name.end else "alias"].append(words)
    return found


def _link(book: Book, relation: Relation) -> dict[str, Any]:
    ends = {"subject": relation.subject, "object": str(relation.object)}
    schema, subject, object_ = LINKS.get(relation.relation, UNKNOWN)
    organisation = {subject: "subject", object_: "object"}.get("organization")
    if organisation and schema_of(book, ends[organisation]) not in ORGANISATIONS:
        schema, subject, object_ = UNKNOWN
    scope = [f"countries: {', '.join(relation.countries)}"] if relation.countries else []
    scope += [f"place: {in_line(relation.place)}"] if relation.place else []
    properties: dict[str, Any] = {subject: [actor_id(ends["subject"])], object_: [actor_id(ends["object"])]}
    return entity(
        f"hmt-relation-{hashlib.sha1(relation.id.encode(), usedforsecurity=False).hexdigest()}",
        schema,
        role=[relation.relation],
        status=[relation.status],
        recordId=[relation.id],
        startDate=[ftm_date(relation.start)],
        endDate=[ftm_date(relation.end)],
        summary=["\n".join(filter(None, [*_notes(relation), *scope]))],
        description=[in_text(relation.as_written)],
        **properties,
        **_publications(book, relation.cite),
    )


def _event(book: Book, milestone: Milestone, language: str) -> dict[str, Any]:
    day, until = ftm_date(milestone.date), ftm_date(milestone.until)
    dates = {"startDate": [day], "endDate": [until]} if milestone.until else {"date": [day]}
    roles = (("by", milestone.by), ("against", milestone.against))
    who = [f"{role}: {', '.join(book.label(actor, language) for actor in actors)}" for role, actors in roles if actors]
    return entity(
        f"hmt-milestone-{milestone.id}",
        "Event",
        name=[*filter(None, _spoken(milestone.title, language))] or [milestone.id],
        keywords=[milestone.kind],
        recordId=[milestone.id],
        country=map(iso2, milestone.countries),
        location=[in_line(milestone.place)],
        involved=map(actor_id, milestone.involved),
        notes=[*_notes(milestone), *_doubt(milestone), *map(in_line, who)],
        description=[in_text(milestone.as_written)],
        **dates,
        **_publications(book, milestone.cite),
    )


def _unknown(actor: str) -> dict[str, Any]:
    return entity(actor_id(actor), "LegalEntity", name=[actor])


def _strangers(book: Book) -> list[str]:
    """Whom links and events name though the dossier has no such actor."""
    named = {end for relation in book.relations if relation.object for end in (relation.subject, relation.object)}
    named |= {actor for milestone in book.milestones for actor in milestone.involved}
    return sorted(named - set(book.actors))


def _publications(book: Book, cite: Iterable[Citation]) -> dict[str, Any]:
    sources = [book.sources[citation.source] for citation in cite if citation.source in book.sources]
    urls = [source.url for source in sources if source.url and _URL.fullmatch(source.url)]
    return {"publisher": [in_line(source.publisher) for source in sources], "sourceUrl": urls}


def ftm_date(day: PartialDate | None) -> str | None:
    """A date as FollowTheMoney takes it: of an interval what both its ends have in common.

    >>> ftm_date(PartialDate.parse("2017-03-01/2017-03-05")), ftm_date(PartialDate.parse("2016-11/2017-02"))
    ('2017-03', None)
    """
    low, _, high = str(day or "").partition("/")
    if not high:
        return low or None
    same = []
    for one, other in zip(low.split("-"), high.split("-"), strict=False):
        if one != other:
            break
        same.append(one)
    return "-".join(same) or None


def _days(record: Actor | Relation | Milestone | Presence) -> dict[str, PartialDate]:
    """The dates of a record by the names that the YAML has for them."""
    if isinstance(record, Milestone):
        said = {"date": record.date, "end": record.until}
    else:
        said = {"from": record.start, "to": record.end}
    return {name: day for name, day in said.items() if day is not None}


def _notes(record: Actor | Relation | Milestone, *, dated: bool = True) -> Iterator[str | None]:
    """The editor's notes, and each date that the entity has only in part or, if it is not dated, not at all."""
    yield from map(in_text, (record.note or {}).values())
    yield from (f"{name}: {day}" for name, day in _days(record).items() if not dated or ftm_date(day) != str(day))


def _where(record: Relation | Presence) -> str | None:
    """Where an actor operated or a force stood, as one line."""
    if isinstance(record, Presence):
        said, ended = [f"{record.kind}: {record.country}"], record.how_ended
    else:
        said, ended = [f"{record.relation}: {', '.join(record.countries)}"], None
    said += [f"place: {record.place}"] if record.place else []
    said += [f"{name}: {day}" for name, day in _days(record).items()]
    said += [f"end: {ended}"] if ended else []
    return in_line("; ".join([*said, *_doubt(record)]))


def _doubt(record: Actor | Relation | Milestone | Presence) -> list[str]:
    return [] if record.status == "asserted" else [f"status: {record.status}"]


def _spoken(words: Mapping[Any, str], language: str) -> list[str | None]:
    """A label in both languages, the reader's first."""
    return [in_line(words[spoken]) for spoken in (("fr", "en") if language == "fr" else ("en", "fr"))]


def in_line(words: str | None) -> str | None:
    """Words in one line, with single spaces."""
    return " ".join((in_text(words) or "").split()) or None


def in_text(words: str | None) -> str | None:
    """Words as FollowTheMoney keeps them: composed letters and no control characters."""
    return clean(_CONTROL.sub("", unicodedata.normalize("NFC", _BREAK.sub("\n", words)))).strip() if words else None


def iso2(code: str) -> str:
    """The two letters of a country, in lower case as FollowTheMoney has them."""
    from babel.core import get_global

    return "xk" if code == "XKX" else str((get_global("territory_aliases").get(code) or [code])[0]).lower()
