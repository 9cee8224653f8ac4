"""`actor`: the card of one actor: names, lineage, relations, presence, milestones, and where it is seen in events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from harmattan.dossier.book import Book, Held
from harmattan.dossier.records import UPWARD, Actor
from harmattan.errors import UsageError
from harmattan.lake.measured import rows_by
from harmattan.measures.events import parties
from harmattan.questions.answer import Answer, AnswerColumn
from harmattan.questions.build import Line
from harmattan.questions.caveats import type_caveats
from harmattan.questions.library import Told
from harmattan.questions.naming import members, wanted_actors
from harmattan.questions.parameters import Params
from harmattan.questions.presence import stationed
from harmattan.questions.recital import HOLDS, LAST, SINCE, UNTIL, Recital, called, ended, label, line, written
from harmattan.questions.words import ACTOR_KINDS, in_words
from harmattan.questions.world import World
from harmattan.text import Bilingual, CountryName, T, Text, counted, listing
from harmattan.vocabulary.criteria import Criteria

ACCEPTS = ("actor", "country", "source", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("aspect", T("kind, name, above, below, relation, presence, milestone or activity")),
    AnswerColumn("what", T("what is said of it")),
    AnswerColumn("detail", T("to whom, where, or how often")),
    SINCE,
    UNTIL,
    HOLDS,
    AnswerColumn("events", T("events it is a party of, itself and under the names of its own"), "events"),
    AnswerColumn("deaths_best", T("deaths in them on all sides, best estimate"), "deaths"),
    *LAST,
)


def card(world: World, params: Params) -> Answer:
    """What is known of one actor, as of a date where one is said."""
    told = world.told(params)
    asked = wanted_actors(told)
    if len(asked) != 1:
        raise UsageError(T("The card is of one actor."), do=T("Say --actor once, e.g. --actor GSIM."))
    actor = told.book.actors[asked[0]]
    activity, releases, types = _activity(world, params, actor.id)
    lines = [*_said(told, actor), *activity]
    told = replace(told, also=releases)
    recital = Recital("actor", told, ACCEPTS)
    seen = [one.values for one in activity]
    events = sum(values["events"] for values in seen)
    headline = T(
        "{actor}: {kind}{life}; {above}; {events}.",
        actor=label(told.book, actor.id),
        kind=ACTOR_KINDS[actor.kind],
        life=_life(actor, told.last),
        above=_above_words(told, actor.id),
        events=_events_words(recital, seen, events),
    )
    return recital.finish(lines, COLUMNS, headline, caveats=[ACTIVITY, *types] if seen else [])


ACTIVITY = T(
    "Activity is by the actor that the publisher's name meant on the day, its parts not included; ask actors "
    "with --level parent for a body with its parts. The evidence of the whole card lists the records of the dossier, "
    "that of a row of activity the events."
)


def _life(actor: Actor, last: dt.date) -> Text:
    end = ended(actor, last)
    if actor.start and end:
        return T(", {since} to {until}", since=in_words(str(actor.start)), until=in_words(str(end)))
    if actor.start and "/" in str(actor.start):
        return T(", begun {when}", when=in_words(str(actor.start)))
    return T(", since {since}", since=in_words(str(actor.start))) if actor.start else T("")


def _above_words(told: Told, actor: str) -> Text:
    first, last = told.first, told.last
    above = [held.record for held in told.book.standing(told.book.upward(actor), first, last)]
    ids = dict.fromkeys(str(relation.object) for relation in above)
    names = [called(told.book, id_) for id_ in ids]
    if not names:
        return T("no body above it on record")
    return T("belongs to {names}", names=listing(names))


def _events_words(recital: Recital, seen: list[dict[str, Any]], events: int) -> Text:
    if not seen:
        return T("not seen as a party in the events here")
    first = min(range(len(seen)), key=lambda n: seen[n]["since"])
    return T(
        "a party of {events} in {places}, the first on {day} in {country}",
        events=counted(recital.number(events), "{n} event", "{n} events"),
        places=counted(recital.number(len(seen)), "{n} country", "{n} countries"),
        day=in_words(str(seen[first]["since"])),
        country=CountryName(str(seen[first]["detail"])),
    )


def _said(told: Told, actor: Actor) -> Iterator[Line]:
    """The rows that rest on the dossier."""
    book, first, last = told.book, told.first, told.last
    life = _span(actor, last)
    yield _row(book, "actors", actor, aspect="kind", what=actor.kind, detail=", ".join(actor.countries) or None, **life)
    names = {(name.text, name.lang, name.source or ""): name for name in book.names
             if name.actor == actor.id and name.validity.first <= last}  # fmt: skip
    for _, name in sorted(names.items()):
        whose = f"{name.source} {name.source_id or ''}".strip() if name.source else name.lang
        yield _row(book, "names", name, aspect="name", what=name.text, detail=f"{name.kind}, {whose}",
                   **_span(name, last))  # fmt: skip
    for held in book.standing([r for r in book.relations if actor.id in (r.subject, r.object)], first, last):
        yield _relation(book, actor.id, held, last)
    inside = members(book, actor.id)
    for held in stationed(book, [p for p in book.presence if p.force in inside], first, last):
        place = f"{held.record.place or held.record.kind}, {held.record.country}"
        yield _row(book, "presence", held.record, aspect="presence", what=label(book, held.record.force), detail=place,
                   holds=held.holds, **_span(held.record, last))  # fmt: skip
    for milestone in sorted(book.milestones, key=lambda m: (m.date.day, m.id)):
        if actor.id in milestone.involved and milestone.date.day <= last:
            title = Bilingual(milestone.title["en"], milestone.title["fr"])
            yield _row(book, "milestones", milestone, aspect="milestone", what=title, detail=milestone.kind,
                       since=written(milestone.date), until=written(ended(milestone, last)))  # fmt: skip


def _relation(book: Book, actor: str, held: Held, last: dt.date) -> Line:
    relation = held.record
    outward = relation.subject == actor
    other = relation.object if outward else relation.subject
    where = ", ".join(relation.countries) + (f" ({relation.place})" if relation.place else "")
    aspect = "relation"
    if relation.relation in UPWARD:
        aspect = "above" if outward else "below"
    return _row(
        book, "relations", relation, aspect=aspect, what=relation.relation if outward else f"← {relation.relation}",
        detail=label(book, other) if other else where, holds=held.holds, **_span(relation, last),
    )  # fmt: skip


def _span(record: Any, last: dt.date) -> dict[str, str | None]:
    return {"since": written(record.start), "until": written(ended(record, last))}


def _row(book: Book, list_: str, record: Any, **values: Any) -> Line:
    empty = dict.fromkeys(("detail", "since", "until", "holds", "events", "deaths_best"))
    return line(book, list_, record, empty | values)


def _activity(world: World, params: Params, actor: str) -> tuple[list[Line], tuple[Any, ...], list[Text]]:
    """One row for each country in whose events the actor is a party, the releases, and what to say of the events."""
    places = params.country or world.places(params, ("actor",))
    if not places:
        return [], (), []
    asked = Params(country=tuple(places), as_of=params.as_of, known_by=params.known_by, release=params.release,
                   level="actor", actor=(actor,), source=params.source)  # fmt: skip
    scope = world.scope(asked, needs=("actor",))
    found = [row for row in rows_by(parties, scope.rows).to_pylist() if row["actor"] == actor]
    lines = []
    for row in sorted(found, key=lambda row: (-row["events"], row["country"])):
        values = dict.fromkeys(column.name for column in COLUMNS)
        values |= {"aspect": "activity", "what": T("party of events"), "detail": row["country"]}
        values |= {"since": row["first_seen"].isoformat(), "until": row["last_seen"].isoformat()}
        values |= {name: row[name] for name in ("events", "deaths_best", "records")}
        criteria = Criteria(
            countries=(row["country"],),
            start=scope.params.start,
            end=scope.params.end,
            actors=(actor,),
            event_types=scope.criteria.event_types,
        )
        lines.append(Line(values, criteria))
    releases = tuple(ref for ref in scope.releases if not ref.name.startswith("dossier-"))
    return lines, releases, type_caveats(scope.criteria)
