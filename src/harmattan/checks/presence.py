"""`presence`: that a force stood in a country or at a place, or left it; by the dossier.

The rules, for each country, over the records of the force (or of a part of it) at the place; where no place is named,
over its missions there, or its bases where no mission is on record:

1. Present, and one that is not disputed held (or, its dates being imprecise, may have held) on the day: supported.
   Gone, and every one had ended for certain by the day: supported.
2. Only disputed ones: not checkable, since the sources contradict each other.
3. Present, but every one had ended for certain, and that is asserted: contradicted, with the end. Gone, but one held on
   the day for certain and its end is known: supported with a different figure where the end is near (the same year, or
   within a month), else contradicted. Gone, and no end is known: no matching record, for nobody need have noted it.
4. One began only later: supported with a different figure, its beginning.
5. `since`, `until`, how it ended and who took over are compared with the record; where the record says something else
   the part is supported with a different figure, and where the end is asserted and not near the one claimed,
   contradicted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from harmattan.checks.asker import Asker
from harmattan.checks.dossier import (
    LONG_AGO,
    Found,
    actor_named,
    edges,
    judged,
    meet,
    near,
    short,
    span_words,
    vouching,
    who_says,
)
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.dossier.spelling import plain
from harmattan.questions.answer import Answer
from harmattan.questions.naming import members
from harmattan.text import CountryName, T, Text, Verbatim, joined, listing
from harmattan.vocabulary.claim import PresencePart

ENDS: dict[str, Text] = {
    "handed_over": T("handed over"),
    "withdrawn": T("withdrawn"),
    "dissolved": T("dissolved"),
    "expelled": T("expelled"),
    "lost": T("lost"),
}
WORST: tuple[Verdict, ...] = ("contradicted", "different_figure", "no_record", "not_checkable", "supported")


@dataclass(frozen=True)
class _Asked:
    asker: Asker
    part: PresencePart
    force: str
    country: str
    first: dt.date
    last: dt.date

    @property
    def where(self) -> Text:
        """The place that is asked about, in words."""
        if self.part.place is None:
            return T("{place}", place=CountryName(self.country))
        return T("{place} ({country})", place=Verbatim(self.part.place), country=CountryName(self.country))

    def told(self, one: Found) -> Text:
        """A record, in words."""
        record = one.record
        place = T(" at {place}", place=Verbatim(record.place)) if record.place else T("")
        how = T(", {how}", how=ENDS[record.how_ended]) if record.how_ended and self.known(one) else T("")
        to = T(" to {successor}", successor=short(self.asker, record.successor))
        next_ = to if record.successor and self.known(one) and record.how_ended == "handed_over" else T("")
        return T("{force} in {country}{place} {span}{how}{to} ({who})", force=short(self.asker, record.force),
                 country=CountryName(record.country), place=place, span=span_words(record, self.asker.as_of), how=how,
                 to=next_, who=who_says(self.asker, record))  # fmt: skip

    def known(self, one: Found) -> bool:
        """Whether its end had come by the as-of date."""
        return one.record.end is not None and one.record.end.day <= self.asker.as_of

    def weighed(self, one: Found, agrees: bool) -> Reckoning:
        """A record as something that was weighed."""
        return one.reckoned(T("{force} in {country}", force=short(self.asker, one.record.force),
                              country=CountryName(one.record.country)), agrees=agrees)  # fmt: skip


def presence(asker: Asker, part: PresencePart) -> PartResult:
    """The verdict on a presence: that of every country, the worst of them where they differ."""
    first, last = _days(asker, part)
    force = actor_named(asker, part.force, day=last)
    results = [_in_country(_Asked(asker, part, force, code, first, last)) for code in part.country]
    verdict = min((result.verdict for result in results), key=WORST.index)
    return judged(part, verdict, joined([result.sentence for result in results]),
                  [each for result in results for each in result.answers],
                  [each for result in results for each in result.reckonings])  # fmt: skip


def _days(asker: Asker, part: PresencePart) -> tuple[dt.date, dt.date]:
    """The days on which it is said to have been there or gone: those said, else those since when, else the last."""
    said = part.on or (part.since if part.state == "present" else None) or part.until
    if part.on is None and part.until is not None and part.state == "present":
        said = part.since or part.until
    if said is None:
        return asker.as_of, asker.as_of
    first, last = edges(said, said)
    return min(first, asker.as_of), min(last, asker.as_of)


def _in_country(asked: _Asked) -> PartResult:
    answer, found = vouching(asked.asker, "presence", "presence", country=(asked.country,), actor=(asked.force,),
                             start=LONG_AGO)  # fmt: skip
    if asked.part.place is not None:
        there = [one for one in found if plain(one.record.place or "") == plain(asked.part.place)]
    else:
        there = [one for one in found if one.record.kind == "mission"] or found
    sure = [one for one in there if not one.disputed]
    nothing = T("The dossier has no record of {force} in {where}, which proves nothing either way.",
                force=short(asked.asker, asked.force), where=asked.where)  # fmt: skip
    if not there:
        return judged(asked.part, "no_record", nothing, [answer])
    if not sure:
        said = T("The sources of the dossier contradict each other about it: {told}.", told=asked.told(there[0]))
        return judged(asked.part, "not_checkable", said, [answer], [asked.weighed(one, False) for one in there])
    return _present(asked, answer, sure) if asked.part.state == "present" else _gone(asked, answer, sure)


def _present(asked: _Asked, answer: Answer, sure: Sequence[Found]) -> PartResult:
    held = {one.record.id: state.holds for one in sure
            for state in asked.asker.book.standing([one.record], asked.first, asked.last)}  # fmt: skip
    there = [one for one in sure if one.record.id in held]
    if there:
        one = min(there, key=lambda each: (each.record.force != asked.force, held[each.record.id] != "yes",
                                           not each.asserted, each.record.id))  # fmt: skip
        return _compared(asked, answer, one)
    over = [one for one in sure if one.record.end and one.record.end.latest and one.record.end.latest < asked.first]
    later = [one for one in sure if one.record.start and one.record.start.day > asked.last]
    if len(over) == len(sure) and all(one.asserted for one in sure):
        one = max(over, key=lambda each: each.record.end.latest)
        said = T("By the dossier it had ended by then: {told}.", told=asked.told(one))
        return judged(asked.part, "contradicted", said, [answer], [asked.weighed(one, False)])
    if later:
        one = min(later, key=lambda each: each.record.start.day)
        said = T("By the dossier it began later: {told}.", told=asked.told(one))
        return judged(asked.part, "different_figure", said, [answer], [asked.weighed(one, False)])
    said = T("The dossier does not have {force} in {where} on the days asked about: {told}.",
             force=short(asked.asker, asked.force), where=asked.where, told=asked.told(sure[0]))  # fmt: skip
    return judged(asked.part, "no_record", said, [answer], [asked.weighed(one, False) for one in sure])


def _gone(asked: _Asked, answer: Answer, sure: Sequence[Found]) -> PartResult:
    day = asked.last
    left = [one for one in sure if one.record.end and (one.record.end.latest or dt.date.max) <= day]
    if len(left) == len(sure):
        return _compared(asked, answer, max(left, key=lambda one: one.record.end.latest))
    still = [one for one in sure if one not in left]
    one = max(still, key=lambda each: each.record.validity.last)
    if not asked.known(one):
        said = T("The dossier has no end of it by then: {told}.", told=asked.told(one))
        return judged(asked.part, "no_record", said, [answer], [asked.weighed(one, False)])
    ended = edges(one.record.end, one.record.end)
    if ended[0] <= day:
        return _compared(asked, answer, one)
    close = near(ended, (asked.first, asked.last))
    verdict: Verdict = "different_figure" if close or not one.asserted else "contradicted"
    said = T("By the dossier it ended later: {told}.", told=asked.told(one))
    return judged(asked.part, verdict, said, [answer], [asked.weighed(one, False)])


def _compared(asked: _Asked, answer: Answer, one: Found) -> PartResult:
    """The verdict where the presence itself is on record: whether its dates and its end are those claimed."""
    part, record = asked.part, one.record
    verdict: Verdict = "supported"
    other: list[Text] = []
    if part.since and record.start and not meet(edges(part.since, part.since), edges(record.start, record.start)):
        verdict = "different_figure"
        other.append(T("another beginning"))
    if part.until and asked.known(one):
        claimed, ended = edges(part.until, part.until), edges(record.end, record.end)
        if not meet(claimed, ended):
            far = one.asserted and not near(claimed, ended)
            verdict = "contradicted" if far else "different_figure"
            other.append(T("another end"))
    if part.until and not asked.known(one):
        verdict = "no_record" if verdict == "supported" else verdict
        other.append(T("no end"))
    if part.how_ended and asked.known(one) and record.how_ended not in (None, part.how_ended):
        verdict = "different_figure" if verdict == "supported" else verdict
        other.append(T("another way in which it ended"))
    if part.successor and asked.known(one) and record.successor:
        wanted = members(asked.asker.book, actor_named(asked.asker, part.successor, asked.country))
        if record.successor not in wanted:
            verdict = "different_figure" if verdict == "supported" else verdict
            other.append(T("another successor"))
    said = T("The dossier has {told}.", told=asked.told(one))
    if other:
        said = T("The dossier has it with {other}: {told}.", other=listing(other), told=asked.told(one))
    return judged(part, verdict, said, [answer], [asked.weighed(one, verdict == "supported")])
