"""The actors of the dossier as a list that can be searched, and the card of one of them with its sources as links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmattan.dossier.book import Book
from harmattan.dossier.records import Milestone, Presence, Relation, Source
from harmattan.dossier.spelling import plain
from harmattan.questions.answer import Answer
from harmattan.questions.library import Told
from harmattan.questions.words import ACTOR_KINDS, MILESTONE_KINDS
from harmattan.text import CountryName, T, Text, Value, Verbatim, listing

if TYPE_CHECKING:
    from harmattan.dossier.names import Resolved

RELATIONS: Mapping[str, Text] = {
    "member_of": T("member of"),
    "part_of": T("part of"),
    "affiliate_of": T("affiliate of"),
    "allied_with": T("allied with"),
    "cooperates_with": T("cooperates with"),
    "supports": T("supports"),
    "rival_of": T("rival of"),
    "led_by": T("led by"),
    "successor_of": T("successor of"),
    "split_from": T("split from"),
    "merged_into": T("merged into"),
    "operates_in": T("operates in"),
}
TURNED: Mapping[str, Text] = {
    "member_of": T("has as a member"),
    "part_of": T("has as a part"),
    "affiliate_of": T("has as an affiliate"),
    "supports": T("is supported by"),
    "led_by": T("leads"),
    "successor_of": T("was followed by"),
    "split_from": T("split off"),
    "merged_into": T("took in"),
}
"""Relations seen from the other side; those that are the same from both stand in `RELATIONS` alone."""
ASPECTS: Mapping[str, Text] = {
    "above": T("Belongs to"),
    "below": T("Parts and members"),
    "relation": T("Relations"),
    "presence": T("Presence"),
    "milestone": T("Milestones"),
}
"""What stands on a card, in this order."""
ASPECT_NAMES: Mapping[str, Text] = {**ASPECTS, "kind": T("kind"), "name": T("name"), "activity": T("Events by country")}
"""What rows of a card are about."""
NAME_KINDS: Mapping[str, Text] = {"name": T("name"), "acronym": T("acronym"), "alias": T("alias")}
STATES: Mapping[str, Text] = {"reported": T("as reported"), "disputed": T("disputed"), "asserted": T("asserted")}
HOLDS: Mapping[str, Text] = {"yes": T("yes"), "possibly": T("possibly"), "no": T("no")}


@dataclass(frozen=True)
class Entry:
    """An actor in the list."""

    id: str
    label: str
    short: str
    kind: Text
    countries: tuple[str, ...]
    active: str
    """Whether it existed on the day: yes, possibly or no."""
    found_by: str
    """The name that fits what was searched, where it is not the label."""


def listed(
    told: Told, language: str, *, words: str = "", country: str = "", kind: str = "", active: bool = False
) -> list[Entry]:
    """The actors that fit, by label; where no name holds the words, those whose names are nearest."""
    book = told.book
    wanted = _named(told, words)
    states, places = _states(book, told.last), _operating(book)
    entries = [
        Entry(
            actor.id,
            book.label(actor.id, language),
            book.short(actor.id, language),
            ACTOR_KINDS[actor.kind],
            tuple(sorted({*actor.countries, *places.get(actor.id, ())})),
            states.get(actor.id, "no"),
            wanted.get(actor.id, ""),
        )
        for actor in book.actors.values()
        if (not words or actor.id in wanted) and (not kind or actor.kind == kind)
    ]
    fits = [
        one for one in entries
        if (not country or country in one.countries) and (not active or one.active != "no")
    ]  # fmt: skip
    return sorted(fits, key=lambda one: (plain(one.label), one.id))


def _states(book: Book, day: dt.date) -> dict[str, str]:
    return {held.record.id: held.holds for held in book.standing(book.actors.values(), day, day)}


def _named(told: Told, words: str) -> dict[str, str]:
    """Whom the words may mean, each with the name that says so."""
    asked = plain(words)
    if not asked:
        return {}
    found: dict[str, str] = {}
    for name in told.book.names:
        if asked in plain(name.text):
            found.setdefault(name.actor, name.text)
    for actor in told.book.actors.values():
        if asked in actor.id or any(asked in plain(label) for label in (*actor.label.values(), actor.short or "")):
            found[actor.id] = found.get(actor.id, "")
    if not found:
        near = told.resolver.resolve(words)
        found |= dict.fromkeys(_near(near), "")
    return found


def _near(resolved: Resolved) -> Iterator[str]:
    if resolved.actor:
        yield resolved.actor
    yield from (candidate.actor for candidate in resolved.candidates)


def _operating(book: Book) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for relation in book.relations:
        if relation.relation == "operates_in":
            found.setdefault(relation.subject, set()).update(relation.countries)
    return found


@dataclass(frozen=True)
class Cited:
    """A source behind a row: what it is called, and its address where that is one of the web."""

    publisher: str
    title: str
    date: str
    url: str
    where: str


@dataclass(frozen=True)
class Said:
    """A row of a card: the row of the answer, whom it leads to, and who says so."""

    row: Mapping[str, Any]
    evidence: str
    what: Value
    """A relation in words; of other rows what they say."""
    detail: Value
    """The other actor, the place, or the kind of milestone."""
    other: str
    """The id of the other actor of a relation."""
    cited: tuple[Cited, ...]


def rows_of(answer: Answer, book: Book, aspect: str, actor: str) -> list[Said]:
    """The rows of an aspect of the answer to `actor`, each with its sources."""
    known = _records(book)
    found = []
    for n, row in enumerate(answer.rows):
        if row["aspect"] != aspect:
            continue
        records = [known[ref] for ref in answer.row_criteria[n].records if ref in known]
        first = records[0] if records else None
        other = next((end for end in (getattr(first, "subject", ""), getattr(first, "object", "")) if end != actor), "")
        sources = tuple(dict.fromkeys(one for record in records for one in cited(book, record)))
        what = relation_in_words(str(row["what"])) or row["what"]
        found.append(Said(row, answer.row_id(n), what, _detail(row, first), other or "", sources))
    return found


def _detail(row: Mapping[str, Any], record: Any) -> Value:
    """The detail of a row with countries and kinds in words."""
    if isinstance(record, Milestone):
        return MILESTONE_KINDS[record.kind]
    if isinstance(record, Presence):
        return _where(CountryName(record.country), record.place)
    if isinstance(record, Relation) and not record.object:
        return _where(listing([CountryName(code) for code in record.countries]), record.place)
    detail: Value = row["detail"]
    return detail


def _where(country: Value, place: str | None) -> Value:
    return country if place is None else T("{country} ({place})", country=country, place=Verbatim(place))


def relation_in_words(kind: str) -> Text | None:
    """A kind of relation in words, from the other side where it starts with an arrow; None for anything else.

    >>> relation_in_words("← member_of").template, relation_in_words("attacks")
    ('has as a member', None)
    """
    if kind.startswith("← "):
        bare = kind.removeprefix("← ")
        return TURNED.get(bare, RELATIONS.get(bare))
    return RELATIONS.get(kind)


def _records(book: Book) -> dict[str, Any]:
    lists: Mapping[str, Sequence[Any]] = {
        "actors": list(book.actors.values()), "names": book.names, "relations": book.relations,
        "presence": book.presence, "milestones": book.milestones, "figures": book.figures,
    }  # fmt: skip
    return {f"{name}:{record.id}": record for name, records in lists.items() for record in records}


def cited(book: Book, record: Any) -> Iterator[Cited]:
    """The sources of a record; an address only where it is one of the web, since a dossier is anybody's file."""
    for citation in getattr(record, "cite", ()):
        source: Source | None = book.sources.get(citation.source)
        if source is not None:
            url = source.url or ""
            web = url if url.startswith(("http://", "https://")) else ""
            yield Cited(source.publisher, source.title, str(source.date), web, citation.where)


def language_name(code: str, language: str) -> str:
    """The name of a language by its code (`ar-Latn`), in the reader's; the code itself where it has none."""
    from babel import Locale

    main, _, script = code.partition("-")
    there = Locale(language)
    name = str(there.languages.get(main, main))
    return f"{name} ({there.scripts[script]})" if script in there.scripts else name
