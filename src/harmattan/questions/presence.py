"""`presence`: which forces stood where, from when to when, with the last strength that was reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from harmattan.dossier.book import Book, Held
from harmattan.dossier.records import Figure, Presence
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import Line
from harmattan.questions.citations import ref
from harmattan.questions.library import Told
from harmattan.questions.naming import members, wanted_actors
from harmattan.questions.parameters import Params
from harmattan.questions.recital import LAST, SINCE, UNTIL, Recital, called, ended, line, written
from harmattan.questions.world import World
from harmattan.text import T, Text, counted, joined, listing, msg
from harmattan.vocabulary.partial import Holds

ACCEPTS = ("country", "actor", "start", "end", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("force", T("whose presence it is")),
    AnswerColumn("country", T("where"), "ISO 3166 alpha-3"),
    AnswerColumn("place", T("the base or town; empty for the whole mission in a country")),
    AnswerColumn("kind", T("base, mission or headquarters")),
    SINCE,
    UNTIL,
    AnswerColumn("state", T("on the last day asked about: there, possibly or left; empty without such a day")),
    AnswerColumn("how_ended", T("handed_over, withdrawn, dissolved, expelled or lost")),
    AnswerColumn("successor", T("who took over")),
    AnswerColumn(
        "strength", T("the last strength reported by that day, by the widest claim; 0 once it has left"), "people"
    ),
    AnswerColumn("strength_as_of", T("the day of that strength")),
    AnswerColumn("force_id", T("the dossier's id of the force")),
    *LAST,
)
STATES: dict[Holds, str] = {"yes": "there", "possibly": "possibly"}


def presence(world: World, params: Params) -> Answer:
    """One row for each presence up to the as-of date that touches the period, by force and place."""
    told = world.told(params)
    book, recital = told.book, Recital("presence", told, ACCEPTS)
    around = {id_ for actor in wanted_actors(told) for id_ in members(book, actor)}
    first = params.start or dt.date.min
    asked = [
        record
        for record in book.presence
        if (not params.country or record.country in params.country) and (not around or record.force in around)
    ]
    found = [held.record for held in stationed(book, asked, first, told.last)]
    found.sort(key=lambda p: (p.country, book.short(p.force), p.kind != "mission", p.validity.first, p.place or ""))
    day = told.last if (params.as_of or params.end) else None
    lines = [_line(told, record, day) for record in found]
    return recital.finish(lines, COLUMNS, _headline(recital, told, lines), chart=Chart("none"))


def stationed(book: Book, records: Sequence[Presence], first: dt.date, last: dt.date) -> list[Held]:
    """The presences that held on some day of a period; a base only while its force's mission in the country may."""

    def sent(record: Presence) -> bool:
        missions = [p for p in book.presence
                    if (p.force, p.country, p.kind) == (record.force, record.country, "mission")]  # fmt: skip
        return not missions or any(mission.validity.within(first, last) != "no" for mission in missions)

    return [held for held in book.standing(records, first, last) if sent(held.record)]


def _line(told: Told, record: Presence, day: dt.date | None) -> Line:
    book, end = told.book, ended(record, told.last)
    on_day = book.standing([record], day, day) if day else []
    state = None if day is None else STATES[on_day[0].holds] if on_day else "left"
    figure = strength(book.figures, record, day)
    values = {
        "force": called(book, record.force),
        "country": record.country,
        "place": record.place,
        "kind": record.kind,
        "since": written(record.start),
        "until": written(end),
        "state": state,
        "how_ended": record.how_ended if end else None,
        "successor": called(book, record.successor) if end else None,
        "strength": 0 if state == "left" else figure.value if figure else None,
        "strength_as_of": written(record.end) if state == "left" else written(figure.when) if figure else None,
        "force_id": record.force,
    }
    also = [ref("figures", figure)] if figure and state != "left" else []
    return line(book, "presence", record, values, also)


def strength(figures: Sequence[Figure], record: Presence, day: dt.date | None) -> Figure | None:
    """The last reported strength of a presence by a day: of the very place, or for a mission of the country."""
    there = [
        figure
        for figure in figures
        if figure.indicator == "troops"
        and figure.actor == record.force
        and figure.countries == (record.country,)
        and figure.place == (None if record.kind == "mission" else record.place)
        and (day is None or figure.when.day <= day)
    ]
    return max(there, key=lambda figure: (figure.when.day, figure.value, figure.id), default=None)


def _headline(recital: Recital, told: Told, lines: Sequence[Line]) -> Text:
    where = told.about()
    if not (told.params.as_of or told.params.end):
        count = counted(recital.number(len(lines)), "{n} presence on record", "{n} presences on record")
        return T("{where}: {count}.", where=where, count=count)
    states: dict[str, list[str]] = {}
    for one in lines:
        states.setdefault(str(one.values["state"]), []).append(str(one.values["force_id"]))
    there = list(dict.fromkeys(states.get("there", [])))
    perhaps = [force for force in dict.fromkeys(states.get("possibly", [])) if force not in there]
    left = [force for force in dict.fromkeys(states.get("left", [])) if force not in (*there, *perhaps)]
    parts: list[Text] = [T("{forces} there", forces=_forces(recital, told, there))]
    parts += [T("{forces} possibly there", forces=_forces(recital, told, perhaps))] if perhaps else []
    parts += [T("{forces} gone", forces=_forces(recital, told, left))] if left else []
    said = joined(parts, msg("{first}; {second}"))
    return T("{where}, as of {day}: {said}.", where=where, day=told.last, said=said)


def _forces(recital: Recital, told: Told, ids: list[str]) -> Text:
    if not ids:
        return T("no force")
    count = counted(recital.number(len(ids)), "{n} force", "{n} forces")
    return T("{count} ({names})", count=count, names=listing([called(told.book, id_) for id_ in ids]))
