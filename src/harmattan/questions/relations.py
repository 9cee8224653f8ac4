"""`relations`: who stood how to whom, on a day or in a period."""

from __future__ import annotations

from harmattan.dossier.book import Book
from harmattan.dossier.records import Relation
from harmattan.questions.answer import Answer, AnswerColumn
from harmattan.questions.naming import wanted_actors
from harmattan.questions.parameters import Params
from harmattan.questions.recital import HOLDS, LAST, SINCE, UNTIL, Recital, called, ended, line, written
from harmattan.questions.world import World
from harmattan.text import T, Text, counted

ACCEPTS = ("actor", "relation", "start", "end", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("subject", T("who")),
    AnswerColumn("relation", T("how it stands to the other: member_of, part_of, affiliate_of, rival_of …")),
    AnswerColumn("object", T("to whom; for operates_in the countries")),
    SINCE,
    UNTIL,
    HOLDS,
    AnswerColumn("subject_id", T("the dossier's id of who")),
    AnswerColumn("object_id", T("the dossier's id of to whom")),
    AnswerColumn("subject_kind", T("government, armed_group, network, person …")),
    AnswerColumn("object_kind", T("government, armed_group, network, person …")),
    *LAST,
)


def relations(world: World, params: Params) -> Answer:
    """One row for each relation that held on a day of the period; with an as-of date alone, on that day."""
    told = world.told(params)
    book, recital = told.book, Recital("relations", told, ACCEPTS)
    asked = wanted_actors(told)
    there = [
        record
        for record in book.relations
        if (not params.relation or record.relation in params.relation)
        and (not asked or record.subject in asked or record.object in asked)
    ]
    lines = []
    for held in book.standing(there, told.first, told.last):
        record: Relation = held.record
        where = ", ".join(record.countries) + (f" ({record.place})" if record.place else "")
        values = {
            "subject": called(book, record.subject),
            "relation": record.relation,
            "object": called(book, record.object) if record.object else where,
            "since": written(record.start),
            "until": written(ended(record, told.last)),
            "holds": held.holds,
            "subject_id": record.subject,
            "object_id": record.object,
            "subject_kind": kind_of(book, record.subject),
            "object_kind": kind_of(book, record.object),
        }
        lines.append(line(book, "relations", record, values))
    headline = T("{count} {when}.", count=_count(recital, len(lines)), when=_when(params))
    return recital.finish(lines, COLUMNS, headline)


def kind_of(book: Book, actor: str | None) -> str | None:
    """What kind of actor it is."""
    known = book.actors.get(actor or "")
    return None if known is None else known.kind


def _count(recital: Recital, n: int) -> Text:
    return counted(recital.number(n), "{n} relation", "{n} relations")


def _when(params: Params) -> Text:
    if params.start and params.end:
        return T("that held between {start} and {end}", start=params.start, end=params.end)
    if params.start:
        return T("that held on {start} or later", start=params.start)
    if params.as_of:
        return T("that held on {day}", day=params.as_of)
    return T("on record")
