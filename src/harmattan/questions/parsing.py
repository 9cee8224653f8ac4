"""How the words that a parameter was given are read: each function takes words and gives a value, or says why not."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from harmattan.errors import UsageError
from harmattan.text import T, Text, Verbatim, listing
from harmattan.vocabulary.cell import row_column
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.event_types import WORDS as EVENT_TYPE_WORDS

MOST = 999_999_999
MOST_MONTHS = 1200
"""The longest window that can be asked for."""
MOST_KM, MOST_LAG = 5000, 120
MOST_SECONDS = 604_800
"""A week: accounts that share the same thing further apart do not act together."""


def nearest(words: str, known: Iterable[str], limit: int = 3, cutoff: float = 55) -> list[str]:
    """The known words most like the given ones, best first; none when nothing is near."""
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        words, sorted(set(known)), scorer=fuzz.WRatio, processor=utils.default_process, limit=limit, score_cutoff=cutoff
    )
    return [match for match, _score, _index in found]


def one_of(words: str, known: Iterable[str], what: str) -> str:
    """The word if it is known. Raises UsageError naming the nearest, or all where they are few."""
    choices = sorted(set(known))
    if words in choices:
        return words
    near = nearest(words, choices)
    there = T("There are: {all}.", all=listing([Verbatim(c) for c in choices]))
    available = there if len(choices) <= 12 or not near else did_you_mean(near)
    raise UsageError(
        T(what, words=Verbatim(words)), available=available, do=did_you_mean(near) if len(choices) <= 12 else None
    )


def whole_number(words: str) -> int:
    """From 1 on. Raises UsageError."""
    if not (words.isascii() and words.isdecimal() and 0 < int(words[:10]) <= MOST):
        raise UsageError(
            T("{words} is not a whole number from 1 to {most}.", words=Verbatim(words), most=Verbatim(str(MOST)))
        )
    return int(words)


def months(words: str) -> int:
    """The length of a window. Raises UsageError."""
    found = whole_number(words)
    if found > MOST_MONTHS:
        raise UsageError(T("A window of {n} months is too long.", n=found), do=T("Say 1 to {n}.", n=MOST_MONTHS))
    return found


def cell(words: str) -> int:
    """The gid of a cell. Raises UsageError."""
    gid = whole_number(words)
    row_column(gid)
    return gid


def kilometres(words: str) -> float:
    """A distance. Raises UsageError."""
    say = T("Say kilometres, more than 0 and at most {most}.", most=MOST_KM)
    return _above_zero(words, MOST_KM, T("{words} is no distance.", words=Verbatim(words)), say)


def seconds(words: str) -> float:
    """A window of time. Raises UsageError."""
    say = T("Say seconds, more than 0 and at most {most}.", most=MOST_SECONDS)
    return _above_zero(words, MOST_SECONDS, T("{words} is no window.", words=Verbatim(words)), say)


def _above_zero(words: str, most: float, what: Text, do: Text) -> float:
    """A number above 0, and at most `most`. Raises UsageError."""
    try:
        number = float(words)
    except ValueError:
        number = math.nan
    if not 0 < number <= most:
        raise UsageError(what, do=do)
    return number


def lag(words: str) -> int:
    """Months, 0 among them. Raises UsageError."""
    if not (words.isascii() and words.isdecimal() and int(words[:10]) <= MOST_LAG):
        raise UsageError(T("{words} is no lag.", words=Verbatim(words)), do=T("Say 0 to {most} months.", most=MOST_LAG))
    return int(words)


@dataclass(frozen=True)
class Choice:
    """One of some words; `what` says that there is no such one."""

    choices: tuple[str, ...]
    what: str

    def __call__(self, words: str) -> str:
        return one_of(words.replace("-", "_"), self.choices, self.what)


def event_type(words: str) -> str:
    """A group, type or sub-type as ACLED writes it, whatever its capitals."""
    by_case = {word.casefold(): word for word in EVENT_TYPE_WORDS}
    said = words.strip().casefold()
    found = by_case.get(said) or by_case.get(said.replace("-", "_"))
    return found or one_of(words, EVENT_TYPE_WORDS, "There is no event type {words}.")
