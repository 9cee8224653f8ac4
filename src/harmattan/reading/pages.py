"""What is taken out of a document before it becomes one: text, and what the document says about itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from harmattan.errors import HarmattanError, WrongFile
from harmattan.text import T, Text, Verbatim, counted
from harmattan.vocabulary.partial import PartialDate

MOST_CHARACTERS = 2_000_000
_DATE = re.compile(r"\s*(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?![\d-])")


@dataclass
class Taken:
    """Text as it came out, not normalised yet, and the document's own declarations; "" where it says nothing."""

    paragraphs: list[str] = field(default_factory=list)
    title: str = ""
    language: str = ""
    published: PartialDate | None = None
    published_basis: str = ""
    publisher: str = ""
    url: str = ""

    def dated(self, words: str, field_name: str) -> None:
        """Takes a publication date, where `words` begin with one and none was taken before."""
        if self.published is None and (date := date_of(words)) is not None:
            self.published, self.published_basis = date, field_name


def date_of(words: str) -> PartialDate | None:
    """The date that an ISO 8601 date or time begins with, as it stands there; None for anything else.

    >>> str(date_of("2022-04-05T23:30:00-05:00")), date_of("2022-13-45"), date_of("05/04/2022")
    ('2022-04-05', None, None)
    """
    found = _DATE.match(words)
    if found is None:
        return None
    try:
        date = PartialDate.parse(found[1])
    except (ValueError, HarmattanError):
        return None
    return date if date.day.year >= 1600 and date.day < dt.date(2200, 1, 1) else None


def within_limit(pieces: Iterable[str], file: str) -> list[str]:
    """The pieces. Raises WrongFile as soon as together they have more characters than are read."""
    kept, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > MOST_CHARACTERS:
            raise too_long(file)
        kept.append(piece)
    return kept


def too_long(file: str) -> WrongFile:
    """The refusal of a text that is too long."""
    return WrongFile(
        T("{file} has more text than is read.", file=Verbatim(file)),
        available=counted(MOST_CHARACTERS, "At most {n} character is read.", "At most {n} characters are read."),
        do=T("Save the part that you need as a document of its own."),
    )


def damaged(file: str, kind: str) -> WrongFile:
    """The refusal of a file that begins like its kind and does not go on like it."""
    return WrongFile(
        T("{file} is a damaged {kind} file: it cannot be read.", file=Verbatim(file), kind=Verbatim(kind)),
        do=T("Get it again from where it comes from, or save its text as .txt."),
    )


def refused(file: str, what: Text) -> WrongFile:
    """The refusal of a file of a kind that is not read; `what` says which it is."""
    return WrongFile(
        T("{file} is {what}.", file=Verbatim(file), what=what),
        available=T("Text (.txt), web pages (.html), PDF and Word (.docx) are read."),
        do=T("Save it as one of these."),
    )
