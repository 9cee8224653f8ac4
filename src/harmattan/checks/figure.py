"""`figure`: a number that somebody reported, against the numbers on record; by the dossier and tables of such numbers.

A number answers where it is about the very countries and place (of what happens, also a place within), of the same
actor, and its own words leave open what the claim's words leave open (`Amount.interval`). The document under check
never vouches for itself. The rules, in this order:

1. One within the claimed dates agrees and is not disputed: supported. Another of those dates that lies elsewhere is
   named beside it.
2. Only disputed ones agree: supported with a different figure, and the sentence says that it is disputed.
3. None of those dates agrees: supported with a different figure where the nearest is within a factor of two. Beyond
   that contradicted where the number of the very same dates is asserted, with at least two publishers behind it;
   else no matching record.
4. There is none of those dates: a stock that agrees on another date at most two years away is a different figure (its
   date), and so is one of other countries or places that contain or are contained. Else no matching record.

A claim without dates may mean any date. Numbers are added over countries only where each has its own of the same date.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from harmattan.checks.asker import Asker
from harmattan.checks.dossier import LONG_AGO, NEAR, actor_named, apart, code_of, edges, judged, meet
from harmattan.checks.numbers import FLOWS, Reported, reported, same_place
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.dossier.records import Indicator
from harmattan.questions.answer import Answer
from harmattan.questions.words import INDICATORS
from harmattan.text import CountryName, T, Text, Value, Verbatim, joined, listing, msg
from harmattan.vocabulary.claim import FigurePart

KNOWN: tuple[Indicator, ...] = get_args(Indicator)
FACTOR = 2.0
"""Within this factor a number is another figure for the same thing."""
FAR = dt.timedelta(days=731)
"""A stock farther away in time says nothing about a date."""
SHORT = dt.timedelta(days=62)
"""What happened in so many days may be one event: a number of a place within answers."""
TWO = 2
"""So many publishers have to stand behind a number that contradicts."""


@dataclass(frozen=True)
class _Asked:
    part: FigurePart
    indicator: str
    actor: str | None
    period: tuple[dt.date, dt.date] | None
    answers: Sequence[Answer]

    @property
    def where(self) -> Value:
        """Where it is counted, in words."""
        where: Value = listing([CountryName(code) for code in self.part.country])
        if self.part.place:
            return T("{place}, {country}", place=Verbatim(self.part.place), country=where)
        return where

    def agrees(self, number: Reported) -> bool:
        """Whether the claim's words and the number's leave a number in common."""
        return self.part.amount.meets(number.low, number.high)

    def dated(self, number: Reported) -> bool:
        """Whether the number may be of the claimed dates."""
        return self.period is None or meet(self.period, (number.first, number.last))

    def far(self, number: Reported) -> float:
        """By which factor the nearest ends are apart."""
        low, high = self.part.amount.interval
        if self.agrees(number):
            return 1.0
        small, large = (number.high, low) if number.high < low else (high, number.low)
        return large / small if small > 0 else math.inf

    def told(self, number: Reported) -> Text:
        """A number in words, with its place where that is another."""
        return number.brief if same_place(self.part, number) else number.told

    def result(self, verdict: Verdict, said: Text, numbers: Sequence[Reported]) -> PartResult:
        """The verdict with every number that was weighed, the telling one first."""
        weighed = [_weighed(self, number) for number in numbers]
        return judged(self.part, verdict, said, self.answers, weighed, unit=INDICATORS[self.indicator])


def figure(asker: Asker, part: FigurePart) -> PartResult:
    """The verdict on a reported number. Raises UsageError for an indicator that there is not."""
    indicator = code_of(part.indicator, KNOWN, msg("There is no indicator {words}."))
    country = part.country[0] if len(part.country) == 1 else None
    actor = actor_named(asker, part.actor, country) if part.actor else None
    period = None
    if part.start is not None or part.end is not None:
        first, last = edges(part.start, part.end or part.start)
        period = first, min(last, asker.as_of)
    answers, numbers = reported(asker, part, indicator, actor)
    asked = _Asked(part, indicator, actor, period, answers)
    same = [number for number in numbers if _same(asked, number)]
    there = [number for number in same if asked.dated(number)]
    return _judge(asked, there, _beside(asked, numbers, same)) if there else _elsewhere(asked, numbers, same)


def _same(asked: _Asked, number: Reported) -> bool:
    """Whether a number is about the same thing, but for its date."""
    if same_place(asked.part, number):
        return number.indicator not in FLOWS or asked.period is None or _as_long(asked, number)
    inside = number.countries == frozenset(asked.part.country) and asked.part.place is None
    brief = asked.period is not None and asked.period[1] - asked.period[0] <= SHORT
    return inside and brief and number.indicator in FLOWS


def _as_long(asked: _Asked, number: Reported) -> bool:
    """Whether a count of what happened is of a time as long as the claimed one, or of one event within a short one."""
    assert asked.period is not None
    claimed, counted = asked.period[1] - asked.period[0], number.last - max(number.first, LONG_AGO)
    return claimed <= SHORT or asked.part.place is not None or counted * 2 >= claimed


def _weighed(asked: _Asked, number: Reported) -> Reckoning:
    key = "sum" if number.added else "record"
    how = T("added up over the countries") if number.added else T("as reported, {when}", when=number.when)
    return number.reckoned(key, how, agrees=asked.agrees(number))


def _judge(asked: _Asked, there: Sequence[Reported], beside: Sequence[Reported]) -> PartResult:
    """The verdict where there are numbers of the claimed dates."""
    agreeing = sorted((n for n in there if asked.agrees(n)), key=lambda n: _worth(asked, n))
    sure = [n for n in agreeing if not n.disputed]
    others = sorted((n for n in there if not asked.agrees(n)), key=lambda n: (n.disputed, -n.last.toordinal()))
    if sure:
        return asked.result("supported", _with_others(asked, sure[0], others), [*sure, *others])
    if agreeing:
        said = T("A figure on record agrees but is disputed: {told}.", told=asked.told(agreeing[0]))
        said = joined((said, T("Another figure is {other}.", other=asked.told(others[0])))) if others else said
        return asked.result("different_figure", said, [*agreeing, *others])
    nearest = min(others, key=lambda n: (asked.far(n), n.disputed, -n.last.toordinal()))
    rest = [n for n in others if n is not nearest]
    if asked.far(nearest) <= FACTOR:
        said = T("For {where} the dossier has {told}.", where=asked.where, told=asked.told(nearest))
        said = joined((said, T("Another figure is {other}.", other=asked.told(beside[0])))) if beside else said
        return asked.result("different_figure", said, [nearest, *rest, *beside])
    against = [n for n in others if _contradicts(asked, n)]
    if against:
        said = T("The figures on record say otherwise: {told}.", told=asked.told(against[0]))
        return asked.result("contradicted", said, [against[0], *(n for n in others if n is not against[0])])
    said = T("For {where} the dossier has no such figure; the nearest is {told}.", where=asked.where,
             told=asked.told(nearest))  # fmt: skip
    return asked.result("no_record", said, [nearest, *rest])


def _worth(asked: _Asked, number: Reported) -> tuple[bool, bool, bool, float, int]:
    gap = abs(number.value - asked.part.value) / max(asked.part.value, 1.0)
    return number.disputed, number.indicator != asked.indicator, bool(number.added), gap, -number.last.toordinal()


def _with_others(asked: _Asked, one: Reported, others: Sequence[Reported]) -> Text:
    said = T("For {where} the dossier has {told}.", where=asked.where, told=asked.told(one))
    apart_ = [n for n in others if n.indicator == asked.indicator and not n.added and not n.disputed]
    if not apart_ or (asked.period is None and one.last >= apart_[0].last):
        return said
    other = apart_[0]
    if other.low > asked.part.amount.interval[1]:
        return joined((said, T("A higher figure is {other}.", other=asked.told(other))))
    return joined((said, T("A lower figure is {other}.", other=asked.told(other))))


def _contradicts(asked: _Asked, number: Reported) -> bool:
    """Whether a number of the very same thing and dates, asserted, with two publishers behind it, lies elsewhere."""
    if asked.period is None or number.status != "asserted" or len(number.publishers) < TWO or number.added:
        return False
    same = number.indicator == asked.indicator and same_place(asked.part, number) and number.actor == asked.actor
    within = asked.period[0] <= number.first and number.last <= asked.period[1]
    if number.indicator in FLOWS:
        within = within and (number.first, number.last) == asked.period
    return same and within


def _elsewhere(asked: _Asked, numbers: Sequence[Reported], same: Sequence[Reported]) -> PartResult:
    """The verdict where there is no number of the claimed dates and place."""
    nothing = T("For {where} the dossier has no figure on the dates asked about ({indicator}), which proves nothing "
                "either way.", where=asked.where, indicator=INDICATORS[asked.indicator])  # fmt: skip
    period = asked.period
    if period is None:
        nothing = T("For {where} the dossier has no such figure ({indicator}), which proves nothing either way.",
                    where=asked.where, indicator=INDICATORS[asked.indicator])  # fmt: skip
    stock, close = asked.indicator not in FLOWS, list[Reported]()
    wider = _wider(asked, numbers)
    if stock and period is not None:
        close = [n for n in same if apart((n.first, n.last), period) <= FAR and not n.disputed]
        close.sort(key=lambda n: (not asked.agrees(n), apart((n.first, n.last), period), asked.far(n)))
        if close and asked.agrees(close[0]):
            said = T("The dossier has it with another date: {told}.", told=asked.told(close[0]))
            return asked.result("different_figure", said, close)
    if stock and wider:
        said = T("The dossier has it for other places: {told}.", told=asked.told(wider[0]))
        return asked.result("different_figure", said, wider)
    if stock and period is not None and close and asked.far(close[0]) <= FACTOR:
        said = T("For another date the dossier has {told}.", told=asked.told(close[0]))
        return asked.result("different_figure", said, close)
    return asked.result("no_record", nothing, [])


def _beside(asked: _Asked, numbers: Sequence[Reported], same: Sequence[Reported]) -> list[Reported]:
    """What to name beside the nearest number: as many in more countries; else, undisputed, within a month."""
    period = asked.period
    if period is None or asked.indicator in FLOWS:
        return _wider(asked, numbers)
    near = [n for n in same if not n.disputed and not asked.dated(n) and apart((n.first, n.last), period) <= NEAR]
    return _wider(asked, numbers) or sorted(near, key=lambda n: apart((n.first, n.last), period))


def _wider(asked: _Asked, numbers: Sequence[Reported]) -> list[Reported]:
    """The numbers of the claimed dates that agree but are about more countries than the claimed ones."""
    mine = frozenset(asked.part.country)
    fit = [n for n in numbers if asked.dated(n) and asked.agrees(n) and not n.disputed]
    found = [n for n in fit if n.place is None and n.countries > mine and n.indicator not in FLOWS]
    return sorted(found, key=lambda n: abs(n.value - asked.part.value))
