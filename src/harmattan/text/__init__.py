"""What is said to a reader, kept as a template and its values until the edge renders it.

A `Text` is language-neutral: the English template is the key of the translation catalogue, the values keep their
types, and `harmattan.text.speaker.Speaker` puts words, dates and numbers into the reader's language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Union

Joiner = Literal["and", "or"]


@dataclass(frozen=True)
class Number:
    """A number that a reader may open: `evidence` is the id that lists the rows behind it."""

    value: float | int | None
    evidence: str | None = None
    digits: int = 0


@dataclass(frozen=True)
class CountryName:
    """A country, spoken in the reader's language; `code` is ISO 3166 alpha-3."""

    code: str


@dataclass(frozen=True)
class MonthName:
    """A month, spoken in the reader's language."""

    year: int
    month: int


@dataclass(frozen=True)
class Verbatim:
    """Words that are not ours and are never translated: names as published, file names, commands."""

    words: str


@dataclass(frozen=True)
class Bilingual:
    """Words that come in both languages from where they are kept: labels and titles of a dossier."""

    en: str
    fr: str

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True)
class Listing:
    """Values spoken as a list: "Mali, Niger and Togo", or with `joiner` "or" as a choice."""

    items: tuple[Value, ...]
    joiner: Joiner = "and"


@dataclass(frozen=True)
class Text:
    """A sentence: an English template with `{named}` places, and the values that fill them."""

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)
    one: str | None = None
    """The template for a single one, where the template counts `{n}`; each language knows what is single."""

    def __str__(self) -> str:
        from harmattan.text.speaker import Speaker

        return Speaker("en").say(self)


Value = Union[str, int, float, dt.date, Number, CountryName, MonthName, Verbatim, Bilingual, Listing, Text, None]  # noqa: UP007


def T(template: str, /, **values: Value) -> Text:
    """A sentence for a reader; the template is looked up in the catalogue when it is spoken.

    >>> str(T("{place} has {n} events", place=CountryName("MLI"), n=1234))
    'Mali has 1,234 events'
    """
    return Text(template, dict(values))


def counted(count: Number | int | None, one: str, many: str) -> Text:
    """A count with its noun in the right number; both templates have the place `{n}`.

    >>> str(counted(1, "{n} event", "{n} events")), str(counted(2000, "{n} event", "{n} events"))
    ('1 event', '2,000 events')
    """
    return Text(many, {"n": count}, one)


def listing(items: Sequence[Value], joiner: Joiner = "and") -> Listing:
    """The items as a list of values; strings stay as they are written.

    >>> str(T("Take {one}.", one=listing(["Mali", "Niger", "Togo"], "or")))
    'Take Mali, Niger or Togo.'
    """
    return Listing(tuple(items), joiner)


def joined(texts: Sequence[Text], between: str = "{first} {second}") -> Text:
    """Several sentences as one text, in order; `between` is the template that puts two together.

    >>> str(joined([T("One."), T("Two."), T("Three.")]))
    'One. Two. Three.'
    """
    first, *rest = texts
    for text in rest:
        first = T(between, first=first, second=text)
    return first


def msg(template: str) -> str:
    """The template itself: marks words for the catalogue where they are not spoken at once."""
    return template
