"""When a foreign force was in a country: stretches of days with it, possibly with it and without it.

Only the dossier's dates of presence say so. Who was in a country on a day need not have been where something happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from harmattan.dossier.book import Book
from harmattan.dossier.records import ActorKind, Presence
from harmattan.vocabulary.partial import Holds, Validity
from harmattan.vocabulary.period import Period

FORCES: tuple[ActorKind, ...] = ("foreign_force", "multilateral_force", "mercenary", "state_force", "government")
OWN: tuple[ActorKind, ...] = ("government", "state_force")
"""Kinds that are the country's own where they are of that country only."""
Phase = Literal["before", "with", "between", "after"]
Parts = list[tuple[Period, Holds]]
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Days one after another on which a force was there, possibly there, or not."""

    period: Period
    holds: Holds
    phase: Phase


@dataclass(frozen=True)
class Stay:
    """A force in a country over a period: stretches that together are all of it, and the records that say so."""

    force: str
    country: str
    stretches: tuple[Stretch, ...]
    records: tuple[Presence, ...]

    @property
    def status(self) -> str:
        """How sure the dossier is: the least sure of its records."""
        order = ("disputed", "reported", "asserted")
        return min((record.status for record in self.records), key=order.index)

    def where(self, *holds: Holds) -> list[Period]:
        """The stretches on which it was there, possibly, or not."""
        return [stretch.period for stretch in self.stretches if stretch.holds in holds]


def foreign(book: Book, force: str, country: str) -> bool:
    """Whether a force of the dossier is not of the country itself; armed groups and persons are no such force."""
    actor = book.actors.get(force)
    if actor is None or actor.kind not in FORCES:
        return False
    return not (actor.kind in OWN and country in actor.countries)


def stays(
    book: Book, country: str, period: Period, *, by_month: bool = False, only: Iterable[str] = ()
) -> tuple[Stay, ...]:
    """The foreign forces that were, or may have been, in a country on some day of a period, the first to come first.

    The dates are those of the force's missions there; of its bases and headquarters where no mission is on record. A
    presence that is disputed is possible at most. With `by_month`, a month within which a force came or went counts
    as possible whole: what happened in it cannot be told apart.
    """
    named = set(only)
    there: dict[str, list[Presence]] = {}
    for record in book.presence:
        asked = record.country == country and (not named or record.force in named)
        if asked and foreign(book, record.force, country):
            there.setdefault(record.force, []).append(record)
    found = []
    for force, records in there.items():
        telling = [record for record in records if record.kind == "mission"] or records
        stretches = tuple(_stretches(book, telling, period, by_month=by_month))
        if any(stretch.holds != "no" for stretch in stretches):
            found.append(Stay(force, country, stretches, tuple(telling)))
    return tuple(sorted(found, key=lambda stay: (stay.where("yes", "possibly")[0].start, stay.force)))


def overlap(one: Sequence[Period], others: Sequence[Period]) -> list[Period]:
    """The days that lie in both."""
    return [part for a in one for b in others if (part := a.meet(b))]


def _stretches(book: Book, records: Sequence[Presence], period: Period, *, by_month: bool) -> Iterator[Stretch]:
    spans = [span for record in records for span in _spans(book, record)]
    cuts = {period.start} | {day for first, last, _sure in spans for day in (first, _next(last))}
    starts = sorted(day for day in cuts if period.start <= day <= period.end)
    ends = [*(start - DAY for start in starts[1:]), period.end]
    parts = [(Period(first, last), _state(spans, first)) for first, last in zip(starts, ends, strict=True)]
    yield from _phased(_merged(_whole_months(parts, period) if by_month else parts))


def _whole_months(parts: Parts, period: Period) -> Parts:
    """One part for each month, possible where the month has several states."""
    found: Parts = []
    for month in period.each_month():
        days = Period(month.first_day, month.last_day).meet(period) or period
        states = {state for part, state in parts if part.meet(days)}
        found.append((days, states.pop() if len(states) == 1 else "possibly"))
    return found


def _spans(book: Book, record: Presence) -> Iterator[tuple[dt.date, dt.date, bool]]:
    """First and last day on which a presence can have been (False) and certainly was (True)."""
    actor = book.actors.get(record.force)
    parts = [record.validity, *([actor.validity] if actor else [])]
    first, last = max(part.first for part in parts), min(part.last for part in parts)
    if first <= last:
        yield first, last, False
    sure = [_sure(part) for part in parts]
    first, last = max(days[0] for days in sure), min(days[1] for days in sure)
    if first <= last and record.status != "disputed":
        yield first, last, True


def _sure(validity: Validity) -> tuple[dt.date, dt.date]:
    start = dt.date.min if validity.start is None else validity.start.latest or dt.date.max
    end = dt.date.max if validity.end is None else validity.end.earliest or dt.date.min
    return start, end


def _state(spans: Sequence[tuple[dt.date, dt.date, bool]], day: dt.date) -> Holds:
    held = [sure for first, last, sure in spans if first <= day <= last]
    return "yes" if any(held) else "possibly" if held else "no"


def _merged(parts: Parts) -> Parts:
    merged: Parts = []
    for state, same in groupby(parts, key=lambda part: part[1]):
        periods = [period for period, _state in same]
        merged.append((Period(periods[0].start, periods[-1].end), state))
    return merged


def _phased(parts: Parts) -> Iterator[Stretch]:
    there = [at for at, (_period, state) in enumerate(parts) if state != "no"]
    for at, (period, state) in enumerate(parts):
        phase: Phase = "with"
        if state == "no":
            phase = "before" if at < min(there, default=len(parts)) else "after" if at > max(there) else "between"
        yield Stretch(period, state, phase)


def _next(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day + DAY
