"""What a scenario lays down, in words: whose violence, and what it is scaled to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.period import Month, Period

Of = Literal["own", "neighbour", "group"]
MOST_TIMES = 100
_FORM = re.compile(r"(?:(own)|(neighbour|group):([^=]*[^=\s][^=]*))=([^=]+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,4})?")
_WRITTEN = T("Write own=0.5, own=2019, neighbour:BFA=2 or group:NAME=2017-06: a factor, or a former year or month.")


@dataclass(frozen=True)
class PathSaid:
    """A path as somebody writes it: the violence of `of` (and `who`) is `times` as much, or as much as in `then`.

    >>> str(PathSaid.parse("Neighbour:Burkina Faso=2"))
    'neighbour:BFA=2'
    """

    of: Of
    who: str
    """The country or the group; empty where it is the unit's own."""
    times: float | None
    then: Period | None

    @classmethod
    def parse(cls, words: str) -> PathSaid:
        """The path of some words. Raises UsageError."""
        found = _FORM.fullmatch(words.strip())
        if not found:
            raise UsageError(T("{words} is no path.", words=Verbatim(words)), do=_WRITTEN)
        of: Of = "own" if found[1] else "group" if found[2].lower() == "group" else "neighbour"
        who = (found[3] or "").strip()
        if of == "neighbour":
            who = parse_country(who)
        times, then = _scale(words, found[4].strip())
        return cls(of, who, times, then)

    def __str__(self) -> str:
        whose = f"{self.of}:{self.who}" if self.who else self.of
        return f"{whose}={self.scale}"

    @property
    def scale(self) -> str:
        """The factor, the year or the month, as it is written."""
        if self.then is None:
            return f"{self.times:g}"
        first = self.then.first_month
        return f"{first.year:04d}" if first != self.then.last_month else str(first)


def _scale(words: str, scale: str) -> tuple[float | None, Period | None]:
    if re.fullmatch(r"(19|20)\d{2}", scale):
        return None, Period.months(Month(int(scale), 1), Month(int(scale), 12))
    if re.fullmatch(r"\d{4}-\d{2}", scale):
        month = Month.parse(scale)
        return None, Period.months(month, month)
    if not (_NUMBER.fullmatch(scale) and float(scale) <= MOST_TIMES):
        raise UsageError(
            T("{words}: {scale} is no factor from 0 to {most}, no year and no month.", words=Verbatim(words),
              scale=Verbatim(scale), most=MOST_TIMES),
            do=_WRITTEN,
        )  # fmt: skip
    return float(scale), None


def parse_path(words: str) -> str:
    """A path in the one way it is kept. Raises UsageError."""
    return str(PathSaid.parse(words))
