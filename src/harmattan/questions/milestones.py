"""`milestones`: what happened when: coups, mandates, withdrawals, agreements, massacres."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from harmattan.dossier.records import Milestone
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.naming import members, wanted_actors
from harmattan.questions.parameters import Params
from harmattan.questions.recital import LAST, Recital, ended, line, written
from harmattan.questions.words import MILESTONE_KINDS
from harmattan.questions.world import World
from harmattan.text import Bilingual, T, counted, listing

ACCEPTS = ("country", "type", "actor", "start", "end", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("date", T("when it happened or began, as far as known")),
    AnswerColumn("until", T("its last day, where it took longer")),
    AnswerColumn("type", T("coup, withdrawal, mandate, agreement, massacre …")),
    AnswerColumn("what", T("what happened")),
    AnswerColumn("country", T("the countries it is about"), "ISO 3166 alpha-3"),
    AnswerColumn("place", T("where")),
    AnswerColumn("actors", T("the dossier's ids of those involved")),
    AnswerColumn("milestone", T("the dossier's id of it")),
    *LAST,
)


def milestones(world: World, params: Params) -> Answer:
    """One row for each milestone in the period, the earliest first."""
    told = world.told(params)
    book, recital = told.book, Recital("milestones", told, ACCEPTS)
    asked = wanted_actors(told)
    around = {id_ for actor in asked for id_ in members(book, actor)}
    found = [
        m
        for m in book.milestones
        if (not params.country or not m.countries or set(m.countries) & set(params.country))
        and (not params.type or m.kind in params.type)
        and (not asked or around & set(m.involved))
        and (params.start is None or (m.until or m.date).day >= params.start)
        and m.date.day <= told.last
    ]
    found.sort(key=lambda m: (m.date.day, m.id))
    lines = [line(book, "milestones", m, _values(m, told.last)) for m in found]
    kinds = Counter(m.kind for m in found)
    most = [
        T("{kind}: {count}", kind=MILESTONE_KINDS[kind], count=recital.number(n))
        for kind, n in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:4]
    ]
    headline = T(
        "{where}: {count}{kinds}.",
        where=told.about(),
        count=counted(recital.number(len(lines)), "{n} milestone", "{n} milestones"),
        kinds=T(" ({most})", most=listing(most)) if len(kinds) > 1 else T(""),
    )
    return recital.finish(lines, COLUMNS, headline, chart=Chart("none", x="date"))


def _values(m: Milestone, last: dt.date) -> dict[str, object]:
    return {
        "date": written(m.date),
        "until": written(ended(m, last)),
        "type": m.kind,
        "what": Bilingual(m.title["en"], m.title["fr"]),
        "country": ", ".join(m.countries),
        "place": m.place,
        "actors": ", ".join(m.involved) or None,
        "milestone": m.id,
    }
