"""`relation`: how one actor stood to another, or where it operated; by the dossier's relations.

The rules, in this order, over the records of the relation between the two, or of their parts:

1. One that held on the days asked about and is not disputed: supported; where the claim says since when and the record
   another date, supported with a different figure.
2. Only disputed ones held: not checkable, since the sources contradict each other.
3. Every one between the very two is asserted and had ended for certain before: contradicted, with the end. Where
   somebody operates an end is the last day that anybody noted: supported with a different figure, those dates.
4. One began only after: supported with a different figure, its beginning.
5. Nothing: no matching record, whatever else is on record between the two.

`member_of` and `part_of` say the same here. A relation in the other direction is another relation, but for those that
have no direction. What a part of a body does, the body does (not whom it is led by or descends from); who belongs to a
part belongs to the whole; and an affiliate's parts are affiliates. The sentence says so where that is how it was found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from harmattan.checks.asker import Asker
from harmattan.checks.dossier import (
    BELONGING,
    LONG_AGO,
    Found,
    actor_named,
    code_of,
    edges,
    judged,
    meet,
    parts_of,
    short,
    span_words,
    vouching,
    who_says,
    wholes_of,
)
from harmattan.checks.verdict import PartResult, Verdict
from harmattan.dossier.records import SYMMETRIC, UPWARD, RelationKind
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.words import in_words
from harmattan.text import CountryName, T, Text, Value, joined, listing, msg
from harmattan.vocabulary.claim import RelationPart

KINDS: tuple[RelationKind, ...] = get_args(RelationKind)
BY_PARTS = (*UPWARD, *SYMMETRIC, "supports", "operates_in")
"""Relations in which a body stands where a part of it does."""
ENDED = msg("By the dossier {tie} had ended by then: it held {span} ({who}).")
BEGAN = msg("By the dossier {tie} began later: {span} ({who}).")
NAMED = 3
"""So many records are named where they are of parts."""
TIES: dict[str, str] = {
    "member_of": msg("the membership of {subject} in {object}"),
    "part_of": msg("the place of {subject} within {object}"),
    "affiliate_of": msg("the affiliation of {subject} to {object}"),
    "allied_with": msg("the alliance of {subject} with {object}"),
    "rival_of": msg("the rivalry of {subject} and {object}"),
    "cooperates_with": msg("the cooperation of {subject} with {object}"),
    "supports": msg("the support of {subject} for {object}"),
    "led_by": msg("the leadership of {subject} by {object}"),
    "successor_of": msg("{subject} as the successor of {object}"),
    "split_from": msg("the split of {subject} from {object}"),
    "merged_into": msg("the merger of {subject} into {object}"),
    "operates_in": msg("the activity of {subject} in {object}"),
}


@dataclass(frozen=True)
class _Asked:
    """What a part asks, with its names resolved and its days reckoned."""

    asker: Asker
    part: RelationPart
    kind: str
    subject: str
    other: str | None
    """Its object, but for where somebody operates."""
    first: dt.date
    last: dt.date

    @property
    def kinds(self) -> tuple[str, ...]:
        return BELONGING if self.kind in BELONGING else (self.kind,)

    def tie(self, country: str | None = None) -> Text:
        """The relation as the claim has it, in words."""
        places = [CountryName(code) for code in ((country,) if country else self.part.country)]
        to: Value = short(self.asker, self.other) if self.other else listing(places)
        return T(TIES[self.kind], subject=short(self.asker, self.subject), object=to)

    def tie_of(self, record: object) -> Text:
        """A record's relation in words."""
        to: Value = listing([CountryName(code) for code in getattr(record, "countries", ())])
        other = getattr(record, "object", None)
        to = short(self.asker, other) if other else to
        kind, subject = getattr(record, "relation", ""), getattr(record, "subject", "")
        return T(TIES[kind], subject=short(self.asker, subject), object=to)


def relation(asker: Asker, part: RelationPart) -> PartResult:
    """The verdict on a relation. Raises UsageError for a relation that there is not, or one without its other end."""
    asked = _asked(asker, part)
    ids, others = _sides(asked)
    answer, found = vouching(
        asker, "relations", "relations", relation=asked.kinds, start=LONG_AGO, actor=tuple(sorted(ids | others))
    )
    if asked.other is None:
        return _by_country(asked, answer, [one for one in found if one.record.subject in ids])
    there = [one for one in found if _between(asked, one, ids, others)]
    return _judge(asked, answer, there)


def _asked(asker: Asker, part: RelationPart) -> _Asked:
    kind = code_of(part.relation, KINDS, msg("There is no relation {words}."))
    if kind == "operates_in" and not part.country:
        raise UsageError(T("A claim that somebody operates somewhere needs the countries."))
    if kind != "operates_in" and part.object is None:
        raise UsageError(T("A claim of a relation between two needs the object: to whom."))
    last = asker.as_of
    first = last
    if part.on is not None:
        first, last = edges(part.on, part.on)
        first, last = min(first, asker.as_of), min(last, asker.as_of)
    elif part.since is not None:
        first = min(part.since.earliest or part.since.day, last)
    day = last
    subject = actor_named(asker, part.subject, day=day)
    to = None if kind == "operates_in" or part.object is None else actor_named(asker, part.object, day=day)
    return _Asked(asker, part, kind, subject, to, first, last)


def _sides(asked: _Asked) -> tuple[set[str], set[str]]:
    """Who may stand for the subject and for the object: their parts, and for belonging the subject's wholes."""
    book, day = asked.asker.book, asked.last
    one, other = {asked.subject}, {asked.other} if asked.other else set[str]()
    if asked.kind not in BY_PARTS:
        return one, other
    mine = parts_of(book, asked.subject, day)
    theirs = parts_of(book, asked.other, day) if asked.other else frozenset[str]()
    if asked.kind not in UPWARD:
        return one | (mine - theirs - other), other | (theirs - mine - one)
    if asked.other in mine:
        return one, other
    return one | mine | (wholes_of(book, asked.subject, day) - other), other | (theirs - one)


def _between(asked: _Asked, one: Found, ids: set[str], others: set[str]) -> bool:
    ends = (one.record.subject, one.record.object)
    straight = ends[0] in ids and ends[1] in others
    return straight or (asked.kind in SYMMETRIC and ends[1] in ids and ends[0] in others)


def _direct(asked: _Asked, one: Found) -> bool:
    """Whether it is between the very two, and not their parts."""
    return {one.record.subject, one.record.object} == {asked.subject, asked.other} or (
        asked.other is None and one.record.subject == asked.subject
    )


def _judge(asked: _Asked, answer: Answer, found: Sequence[Found], country: str | None = None) -> PartResult:
    book = asked.asker.book
    held = [(one, state.holds) for one in found for state in book.standing([one.record], asked.first, asked.last)]
    sure = [(one, holds) for one, holds in held if not one.disputed]
    tie = asked.tie(country)
    if sure:
        one = min(sure, key=lambda pair: _worth(asked, *pair))[0]
        return _supported(asked, [pair[0] for pair in sure], one, tie)
    if held:
        one = held[0][0]
        said = T("Whether there was {tie} is disputed among the sources of the dossier ({who}).", tie=tie,
                 who=who_says(asked.asker, one.record))  # fmt: skip
        return judged(
            asked.part, "not_checkable", said, [answer], [one.reckoned(asked.tie_of(one.record), agrees=False)]
        )
    return _not_then(asked, answer, found, tie)


def _worth(asked: _Asked, one: Found, holds: str) -> tuple[bool, bool, bool, bool, int]:
    since = asked.part.since
    fits = since is None or meet(edges(since, since), _start(one))
    start = one.record.start.day.toordinal() if one.record.start else 0
    return not fits, not _direct(asked, one), not one.asserted, holds != "yes", start


def _start(one: Found) -> tuple[dt.date, dt.date]:
    start = one.record.start
    return edges(start, start) if start else (LONG_AGO, dt.date.max)


def _supported(asked: _Asked, found: Sequence[Found], one: Found, tie: Text) -> PartResult:
    since = asked.part.since
    through = not _direct(asked, one)
    alike = [one, *(other for other in found if other is not one and not _direct(asked, other))] if through else [one]
    told = joined([_told(asked, each) for each in alike[:NAMED]], msg("{first}; {second}"))
    verdict: Verdict = "supported"
    if since is not None and one.record.start is not None and not meet(edges(since, since), _start(one)):
        verdict = "different_figure"
        said = T("The dossier has it with another beginning than {since}: {told}.", since=in_words(str(since)),
                 told=told)  # fmt: skip
    elif through:
        said = T("The dossier has {tie} through a part or a larger body: {told}.", tie=tie, told=told)
    else:
        said = T("The dossier has {told}.", told=told)
    weighed = [other.reckoned(asked.tie_of(other.record), agrees=True) for other in (one, *found) if other is not one]
    return judged(asked.part, verdict, said, [one.answer],
                  [one.reckoned(asked.tie_of(one.record), agrees=verdict == "supported"), *weighed])  # fmt: skip


def _told(asked: _Asked, one: Found) -> Text:
    return T("{tie} {span} ({who})", tie=asked.tie_of(one.record), span=span_words(one.record, asked.asker.as_of),
             who=who_says(asked.asker, one.record))  # fmt: skip


def _not_then(asked: _Asked, answer: Answer, found: Sequence[Found], tie: Text) -> PartResult:
    """The verdict where none held on the days asked about."""
    asker, direct = asked.asker, [one for one in found if _direct(asked, one) and not one.disputed]
    over = [one for one in direct if one.record.end and one.record.end.latest and one.record.end.latest < asked.first]
    later = [one for one in direct if one.record.start and one.record.start.day > asked.last]
    one: Found | None = None
    verdict: Verdict = "different_figure"
    words = BEGAN
    if over and len(over) == len(direct) and all(each.asserted for each in over):
        one, words = max(over, key=lambda each: each.record.end.latest), ENDED
        verdict = "different_figure" if asked.kind == "operates_in" else "contradicted"
    elif later:
        one = min(later, key=lambda each: each.record.start.day)
    if one is not None:
        said = T(words, tie=tie, span=span_words(one.record, asker.as_of), who=who_says(asker, one.record))
        return judged(asked.part, verdict, said, [answer], [one.reckoned(asked.tie_of(one.record), agrees=False)])
    others, answers = _otherwise(asked)
    said = T("The dossier has no record of {tie} on the days asked about, which proves nothing either way.", tie=tie)
    if others:
        listed = listing([asked.tie_of(one.record) for one in others[:3]])
        said = joined((said, T("The dossier has {others}.", others=listed)))
    return judged(asked.part, "no_record", said, [answer, *answers],
                  [one.reckoned(asked.tie_of(one.record), agrees=False) for one in others])  # fmt: skip


def _otherwise(asked: _Asked) -> tuple[list[Found], list[Answer]]:
    """Other relations on record between the two; what they are called may be what the claim means."""
    if asked.other is None:
        return [], []
    answer, found = vouching(asked.asker, "relations", "relations", start=LONG_AGO, actor=(asked.subject,))
    ends = {asked.subject, asked.other}
    return [one for one in found if {one.record.subject, one.record.object} == ends], [answer]


def _by_country(asked: _Asked, answer: Answer, found: Sequence[Found]) -> PartResult:
    """The verdict on where somebody operates: that of every country, the worst of them where they differ."""
    results = [
        _judge(asked, answer, [one for one in found if code in one.record.countries], code)
        for code in asked.part.country
    ]
    worst: tuple[Verdict, ...] = ("contradicted", "different_figure", "no_record", "not_checkable", "supported")
    verdict = min((result.verdict for result in results), key=worst.index)
    said = {str(result.sentence): result.sentence for result in results}
    return judged(asked.part, verdict, joined(list(said.values())),
                  [each for result in results for each in result.answers],
                  [each for result in results for each in result.reckonings])  # fmt: skip
