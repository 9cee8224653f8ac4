"""`milestone`: that something happened (a coup, a withdrawal, a mandate), when, and how often; by the dossier.

The rules, over the milestones of the types, countries and actors that the part names, up to the as-of date:

1. One that may have happened on the claimed date, and is not disputed: supported.
2. Only disputed ones: not checkable, since the sources contradict each other.
3. None on that date, but the nearest is in the same year or within a month: supported with a different figure.
4. It is the very same thing and is dated elsewhere for certain: contradicted. That is so where the part names the
   record by its id; or where the type is one that happens once to those who are named (`ONCE`), there is one such
   record only, and it is asserted. Of things that recur (attacks, coups, statements) another may have happened.
5. Else no matching record.

A count: the milestones that surely lie in the period. As many as claimed: supported. More, all asserted: contradicted,
for those are on record; more, but some only reported: supported with a different figure. Fewer, but some: supported
with a different figure, since the dossier need not hold all. None: no matching record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from harmattan.checks.asker import Asker
from harmattan.checks.dossier import (
    LONG_AGO,
    Found,
    actor_named,
    apart,
    code_of,
    edges,
    judged,
    meet,
    near,
    parts_of,
    short,
    vouching,
    who_says,
)
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.dossier.records import MilestoneKind
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.parsing import one_of
from harmattan.questions.words import MILESTONE_KINDS, in_words
from harmattan.text import Bilingual, CountryName, Number, T, Text, counted, joined, listing, msg
from harmattan.vocabulary.claim import MilestonePart

TYPES: tuple[MilestoneKind, ...] = get_args(MilestoneKind)
ONCE = ("exit", "creation", "merger", "dissolution")
"""Types that happen once to those who are named."""
NAMED = 3
"""So many milestones are named in a sentence that counts them."""


@dataclass(frozen=True)
class _Asked:
    asker: Asker
    part: MilestonePart
    types: tuple[str, ...]
    actors: tuple[str, ...]

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """The days on which the claim has it, or None where it says none."""
        part = self.part
        if part.date is not None:
            return edges(part.date, part.date)
        if part.start is None and part.end is None:
            return None
        first, last = edges(part.start, part.end)
        return first, min(last, self.asker.as_of)

    @property
    def what(self) -> Text:
        """What is asked for, in words."""
        kinds = listing([MILESTONE_KINDS[kind] for kind in self.types], "or") if self.types else T("milestones")
        said: Text = T("{kinds}", kinds=kinds)
        if self.part.country:
            said = T("{what} in {places}", what=said, places=listing([CountryName(c) for c in self.part.country]))
        if self.actors:
            said = T("{what} with {actors}", what=said, actors=listing([short(self.asker, a) for a in self.actors]))
        return said


def milestone(asker: Asker, part: MilestonePart) -> PartResult:
    """The verdict on a milestone. Raises UsageError for a type or id that there is not, or where neither is said."""
    if not (part.type or part.id):
        raise UsageError(T("A claim of something that happened needs the type of milestone, or its id."))
    types = tuple(code_of(kind, TYPES, msg("There is no type of milestone {words}.")) for kind in part.type)
    country = part.country[0] if len(part.country) == 1 else None
    day = part.date.latest if part.date else None
    asked = _Asked(asker, part, types, tuple(actor_named(asker, name, country, day) for name in part.actor))
    if part.id is not None:
        one_of(part.id, [record.id for record in asker.book.milestones], msg("There is no milestone {words}."))
    answer, found = vouching(asker, "milestones", "milestones", type=types, country=part.country)
    found = [one for one in found if (part.id is None or one.record.id == part.id) and _involves(asked, one)]
    return _counted(asked, answer, found) if part.count is not None else _happened(asked, answer, found)


def _involves(asked: _Asked, one: Found) -> bool:
    """Whether everybody named took part, themselves or by what was a part of them then.

    Where they themselves did in some, the others are not told.
    """
    book, day = asked.asker.book, one.record.date.day
    return all({actor, *parts_of(book, actor, day)} & set(one.record.involved) for actor in asked.actors)


def _days(one: Found) -> tuple[dt.date, dt.date]:
    return edges(one.record.date, one.record.until or one.record.date)


def _told(asked: _Asked, one: Found) -> Text:
    title = Bilingual(one.record.title["en"], one.record.title["fr"])
    return T("{title}, {day} ({who})", title=title, day=in_words(str(one.record.date)),
             who=who_says(asked.asker, one.record))  # fmt: skip


def _list(asked: _Asked, found: Sequence[Found]) -> Text:
    return joined([_told(asked, one) for one in found[:NAMED]], msg("{first}; {second}"))


def _weighed(one: Found, agrees: bool) -> Reckoning:
    return one.reckoned(T("{title}", title=Bilingual(one.record.title["en"], one.record.title["fr"])), agrees=agrees)


def _happened(asked: _Asked, answer: Answer, found: Sequence[Found]) -> PartResult:
    period = asked.period
    there = [one for one in found if period is None or meet(_days(one), period)]
    sure = [one for one in there if not one.disputed]
    sure = [one for one in sure if set(asked.actors) <= set(one.record.involved)] or sure
    if sure:
        told = _list(asked, sorted(sure, key=_rank))
        said = T("On record: {told}.", told=told)
        if len(sure) > NAMED:
            more = counted(
                len(sure) - NAMED, "The dossier has {n} more of the kind.", "The dossier has {n} more of the kind."
            )
            said = joined((said, more))
        return judged(asked.part, "supported", said, [answer], [_weighed(one, True) for one in sorted(sure, key=_rank)])
    if there:
        said = T("The sources of the dossier contradict each other about it: {told}.", told=_told(asked, there[0]))
        return judged(asked.part, "not_checkable", said, [answer], [_weighed(one, False) for one in there])
    return _elsewhen(asked, answer, [one for one in found if not one.disputed])


def _rank(one: Found) -> tuple[bool, dt.date]:
    return not one.asserted, one.record.date.day


def _elsewhen(asked: _Asked, answer: Answer, found: Sequence[Found]) -> PartResult:
    """The verdict where nothing of the kind is on the claimed date."""
    period = asked.period
    nothing = T("The dossier has no record of {what} then, which proves nothing either way.", what=asked.what)
    if period is None or not found:
        return judged(asked.part, "no_record", nothing, [answer])
    nearest = min(found, key=lambda one: (apart(_days(one), period), one.record.id))
    weighed = [_weighed(nearest, False)]
    if near(_days(nearest), period):
        said = T("The dossier has it with another date: {told}.", told=_told(asked, nearest))
        return judged(asked.part, "different_figure", said, [answer], weighed)
    once = len(found) == 1 and bool(asked.actors) and set(asked.types) <= set(ONCE) and bool(asked.types)
    if nearest.asserted and (asked.part.id is not None or once):
        said = T("By the dossier it happened at another time: {told}.", told=_told(asked, nearest))
        return judged(asked.part, "contradicted", said, [answer], weighed)
    said = T("The nearest of the kind is {told}.", told=_told(asked, nearest))
    return judged(asked.part, "no_record", joined((nothing, said)), [answer], weighed)


def _counted(asked: _Asked, answer: Answer, found: Sequence[Found]) -> PartResult:
    first, last = asked.period or (LONG_AGO, asked.asker.as_of)
    claimed = asked.part.count or 0
    there = [one for one in found if meet(_days(one), (first, last))]
    inside = [one for one in there if first <= _days(one)[0] and _days(one)[1] <= last and not one.disputed]
    asserted = [one for one in inside if one.asserted]
    verdict: Verdict = "no_record"
    if len(inside) <= claimed <= len(there) and there:
        verdict = "supported"
    elif claimed < len(asserted):
        verdict = "contradicted"
    elif there:
        verdict = "different_figure"
    elif claimed == 0:
        verdict = "not_checkable"
    best = len(inside)
    one = Reckoning("said", T("milestones of the dossier in the period"), best, best, len(there),
                    verdict == "supported", answer)  # fmt: skip
    result = judged(asked.part, verdict, _count_said(asked, there, Number(best, answer.id), verdict), [answer],
                    [one, *(_weighed(each, verdict == "supported") for each in there)])  # fmt: skip
    return result


def _count_said(asked: _Asked, there: Sequence[Found], best: Number, verdict: Verdict) -> Text:
    if not there:
        return T("The dossier has no record of {what} in the period, which proves nothing either way.", what=asked.what)
    told = _list(asked, there)
    said = T("The dossier has {n} of the kind ({what}) in the period: {told}.", n=best, what=asked.what,
             told=told)  # fmt: skip
    if len(there) > NAMED:
        said = T("The dossier has {n} of the kind ({what}) in the period, among them {told}.", n=best,
                 what=asked.what, told=told)  # fmt: skip
    if verdict == "different_figure" and (asked.part.count or 0) > len(there):
        said = joined((said, T("That the dossier holds no more proves nothing.")))
    return said
