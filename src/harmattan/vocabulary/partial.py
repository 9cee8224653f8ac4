"""Dates that are known in part, and periods between such dates: what is certain and what is possible are kept apart.

The writing is a subset of EDTF (ISO 8601-2:2019): a year, a month, a day, and intervals "some time between".
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Holds = Literal["yes", "possibly", "no"]
_PART = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_FORM = re.compile(rf"(?P<day>{_PART})|(?P<low>{_PART}|\.\.)/(?P<high>{_PART}|\.\.)")


@dataclass(frozen=True)
class PartialDate:
    """A day that lies between `earliest` and `latest`, both included; None where that side is open.

    >>> PartialDate.parse("2017-03").latest
    datetime.date(2017, 3, 31)
    >>> PartialDate.parse("../2016-06").earliest is None
    True
    """

    written: str
    earliest: dt.date | None
    latest: dt.date | None

    @classmethod
    def parse(cls, words: str) -> PartialDate:
        """A date as a dossier writes it. Raises ValueError in one line for anything else."""
        written = words.strip()
        match = _FORM.fullmatch(written)
        if match is None:
            raise ValueError(
                f"{words!r} is no date: write 2017, 2017-03, 2017-03-02, 2017-03-01/2017-03-05 or ../2017-03"
            )
        low, high = match["day"] or match["low"], match["day"] or match["high"]
        earliest = None if low == ".." else _edge(low, last=False)
        latest = None if high == ".." else _edge(high, last=True)
        if earliest is None and latest is None:
            raise ValueError(f"{words!r} says nothing: leave the date out")
        if earliest and latest and latest < earliest:
            raise ValueError(f"{words!r} ends before it begins")
        return cls(written, earliest, latest)

    @property
    def exact(self) -> bool:
        """Whether the day itself is known."""
        return self.earliest is not None and self.earliest == self.latest

    @property
    def day(self) -> dt.date:
        """One day to sort and draw by: the earliest possible, or the latest where that side is open."""
        found = self.earliest or self.latest
        if found is None:
            raise ValueError("a date has at least one side")
        return found

    def __str__(self) -> str:
        return self.written


@dataclass(frozen=True)
class Validity:
    """From when to when something held; None where a side is not known to be bounded."""

    start: PartialDate | None = None
    end: PartialDate | None = None

    def holds(self, day: dt.date) -> Holds:
        """Whether it held on a day: certainly, possibly (the day lies in an imprecise bound), or not.

        >>> span = Validity(PartialDate.parse("2017-03"), PartialDate.parse("2019"))
        >>> [span.holds(dt.date(*d)) for d in ((2017, 2, 28), (2017, 3, 9), (2018, 1, 1), (2019, 5, 1), (2020, 1, 1))]
        ['no', 'possibly', 'yes', 'possibly', 'no']
        """
        return self.within(day, day)

    def within(self, first: dt.date, last: dt.date) -> Holds:
        """Whether it held on some day of a period."""
        start, end = self.start, self.end
        if start is not None and start.earliest is not None and start.earliest > last:
            return "no"
        if end is not None and end.latest is not None and end.latest < first:
            return "no"
        begun = start is None or (start.latest is not None and start.latest <= last)
        lasts = end is None or (end.earliest is not None and end.earliest >= first)
        return "yes" if begun and lasts else "possibly"

    @property
    def first(self) -> dt.date:
        """The first day on which it can have held."""
        return (self.start.earliest if self.start else None) or dt.date.min

    @property
    def last(self) -> dt.date:
        """The last day on which it can have held."""
        return (self.end.latest if self.end else None) or dt.date.max

    def overlaps(self, other: Validity) -> bool:
        """Whether both certainly held for more than a day: what only touches, or may, does not overlap.

        >>> a = Validity(None, PartialDate.parse("2022-03"))
        >>> a.overlaps(Validity(PartialDate.parse("2022-03"), None))
        False
        """
        start = max(self._sure_start, other._sure_start)
        end = min(self._sure_end, other._sure_end)
        return start < end

    @property
    def _sure_start(self) -> dt.date:
        return dt.date.min if self.start is None else self.start.latest or dt.date.max

    @property
    def _sure_end(self) -> dt.date:
        return dt.date.max if self.end is None else self.end.earliest or dt.date.min


def _edge(words: str, *, last: bool) -> dt.date:
    from harmattan.errors import UsageError
    from harmattan.vocabulary.period import parse_from, parse_to

    try:
        return parse_to(words) if last else parse_from(words)
    except UsageError:
        raise ValueError(f"{words!r} is no date") from None


def check_order(start: PartialDate | None, end: PartialDate | None) -> None:
    """Raises ValueError where an end lies before its beginning for certain.

    >>> check_order(PartialDate.parse("2017-03"), PartialDate.parse("2017"))
    >>> check_order(PartialDate.parse("2018"), PartialDate.parse("2017"))
    Traceback (most recent call last):
        ...
    ValueError: it ends (2017) before it begins (2018)
    """
    if start and end and start.earliest and end.latest and end.latest < start.earliest:
        raise ValueError(f"it ends ({end}) before it begins ({start})")
