"""`who-is`: whom a name means, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmattan.dossier.lineage import lineage
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer, AnswerColumn
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.citations import ref
from harmattan.questions.library import Told
from harmattan.questions.naming import candidates_of
from harmattan.questions.parameters import Params
from harmattan.questions.recital import SOURCES, Recital, label, line, listed
from harmattan.questions.world import World
from harmattan.text import T, Text, Value, Verbatim, listing
from harmattan.vocabulary.criteria import Criteria

if TYPE_CHECKING:
    from harmattan.dossier.names import Resolved

ACCEPTS = ("name", "country", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("name", T("the name asked about; of several joined by commas, each part")),
    AnswerColumn("actor", T("whom it means; empty where that is not sure")),
    AnswerColumn("actor_id", T("the dossier's id")),
    AnswerColumn("kind", T("government, armed_group, network, person …")),
    AnswerColumn("belongs_to", T("the bodies and the network above it, as of the date where one is said")),
    AnswerColumn("reason", T("why: id, exact, acronym, alias, transliteration; fuzzy is never sure; unidentified")),
    AnswerColumn("score", T("how well the name fits, of 100")),
    AnswerColumn("candidates", T("whom else it may mean, the likeliest first")),
    SOURCES,
    RECORDS,
)


def who_is(world: World, params: Params) -> Answer:
    """One row for each name, or for each part of a compound one."""
    if not params.name:
        raise UsageError(T("No name is given."), do=T("Say --name, e.g. --name GSIM."))
    told = world.told(params)
    recital = Recital("who-is", told, ACCEPTS)
    country = params.country[0] if len(params.country) == 1 else None
    parts = [part for name in params.name for part in told.resolver.parts(name, day=params.as_of, country=country)]
    lines = [_line(told, part) for part in parts]
    sure = [one for one in lines if one.values["actor_id"]]
    said: list[Value] = [
        T("{name} is {actor}", name=Verbatim(str(one.values["name"])), actor=one.values["actor"]) for one in sure[:4]
    ]
    headline = T("{said}.", said=listing(said)) if said else _nobody(told, parts)
    return recital.finish(lines, COLUMNS, headline)


def _nobody(told: Told, parts: list[Resolved]) -> Text:
    near = [Verbatim(name) for part in parts for name in candidates_of(told.book, part)][:4]
    name = listing([Verbatim(part.text) for part in parts[:4]])
    if parts and all(part.reason == "unidentified" for part in parts):
        return T("{name} is a publisher's code for an actor that nobody identified.", name=name)
    if near:
        return T("Nobody goes by {name} for certain. Perhaps {near}.", name=name, near=listing(near, "or"))
    return T("Nobody in the dossier goes by {name}.", name=name)


def _line(told: Told, part: Resolved) -> Line:
    book = told.book
    known = book.actors.get(part.actor or "")
    day = told.params.as_of
    above = lineage(book, known.id, day)[1:] if known and day else _ever_above(told, known.id) if known else ()
    others = [name for name in candidates_of(book, part, most=5) if not known or f"({known.id})" not in name]
    values = {
        "name": part.text,
        "actor": label(book, known.id) if known else None,
        "actor_id": known.id if known else None,
        "kind": known.kind if known else None,
        "belongs_to": listed(book, above, " → " if day else ", "),
        "reason": part.reason,
        "score": round(part.score),
        "candidates": ", ".join(others) or None,
    }
    if known is None:
        return Line(values | {"sources": None, "records": 0}, Criteria())
    names = [ref("names", name) for name in book.names if name.actor == known.id and name.text == part.name][:1]
    return line(book, "actors", known, values, names)


def _ever_above(told: Told, actor: str) -> tuple[str, ...]:
    """Where no day is said: everybody it ever belonged to directly."""
    return tuple(dict.fromkeys(str(relation.object) for relation in told.book.upward(actor)))
