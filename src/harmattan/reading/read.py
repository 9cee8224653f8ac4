"""Reads a document: all that is found in it, without overlaps, with a proposed place and date for each figure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harmattan.reading.dates import dates
from harmattan.reading.figures import figures
from harmattan.reading.gazetteer import Gazetteer
from harmattan.reading.mentions import (
    ActorMeaning,
    DateMeaning,
    FigureMeaning,
    Mention,
    PlaceMeaning,
    Sentence,
    without_overlaps,
)
from harmattan.reading.names import Names
from harmattan.reading.nearest import date_of, place_of
from harmattan.reading.sentences import sentences
from harmattan.text import Text, counted
from harmattan.vocabulary.document import Document

_RELATIVE = re.compile(
    r"\b(?:(?:last|this|next) (?:week|month|year|summer|winter|spring|autumn|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday)|yesterday|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|\w+ (?:days|weeks|"
    r"months|years) ago|hier|avant-hier|(?:semaine|année|an|mois|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|été|hiver) (?:dernière?|passée?)|il y a \w+ (?:jours|semaines|mois|ans)|ce mois-ci|"
    r"cette (?:semaine|année))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """A document with its sentences and what was found in it, both in the order of the text."""

    document: Document
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    unread: tuple[Text, ...] = ()
    """What could not be read, and why."""

    def within(self, sentence: Sentence) -> tuple[Mention, ...]:
        """The mentions of a sentence."""
        first = bisect_left(self.mentions, sentence.start, key=lambda mention: mention.start)
        last = bisect_left(self.mentions, sentence.end, key=lambda mention: mention.start)
        return tuple(mention for mention in self.mentions[first:last] if mention.end <= sentence.end)


def read(document: Document, names: Names, gazetteer: Gazetteer) -> Reading:
    """What is said in a document about actors, places, dates and figures, and names that nobody here knows.

    An actor's name is taken before what lies in it, then a date, then a figure, then a place. Relative dates are
    reckoned from the day of publication; without one they are left out, and `unread` says so.
    """
    text, language, day = document.text, document.language, document.day
    actors = names.find(text, language, day)
    found = _settled(actors, dates(text, language, day), figures(text, language), gazetteer.find(text, language))
    found = sorted([*found, *_outside(names.new(text, language, found), found)], key=lambda m: (m.start, m.end))
    told = tuple(sentences(text, language))
    return Reading(document, told, _proposed(text, told, found), tuple(_unread(document)))


def _settled(*layers: Sequence[Mention]) -> list[Mention]:
    """The mentions of layers, of which an earlier one's go before what they overlap."""
    kept: list[Mention] = []
    for layer in layers:
        kept += _outside(without_overlaps(layer), kept)
    return kept


def _outside(mentions: Sequence[Mention], others: Sequence[Mention]) -> list[Mention]:
    """The mentions that overlap none of the others; a figure may hold the name of what it counts."""
    taken: dict[int, Mention] = {place: other for other in others for place in range(other.start, other.end)}
    kept: list[Mention] = []
    for mention in mentions:
        met = [taken[place] for place in range(mention.start, mention.end) if place in taken]
        around = isinstance(mention.meaning, FigureMeaning) and all(
            isinstance(other.meaning, ActorMeaning | PlaceMeaning) and mention.start < other.start for other in met
        )
        inside = isinstance(mention.meaning, PlaceMeaning) and all(
            isinstance(other.meaning, FigureMeaning) and other.start < mention.start for other in met
        )
        if not met or around or inside:
            kept.append(mention)
    return kept


def _proposed(text: str, told: Sequence[Sentence], found: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions, each figure with the positions of its proposed place and date."""
    places = [(n, m) for n, m in enumerate(found) if isinstance(m.meaning, PlaceMeaning)]
    days = [(n, m) for n, m in enumerate(found) if isinstance(m.meaning, DateMeaning)]
    made: list[Mention] = []
    for mention in found:
        meaning = mention.meaning
        if isinstance(meaning, FigureMeaning):
            where, when = place_of(text, mention, places, told), date_of(text, mention, days, told)
            mention = replace(mention, meaning=replace(meaning, place=where, date=when))  # noqa: PLW2901
        made.append(mention)
    return tuple(made)


def _unread(document: Document) -> list[Text]:
    if document.day is not None:
        return []
    n = len(_RELATIVE.findall(document.text))
    if not n:
        return []
    return [
        counted(
            n,
            "The document gives no publication date, so {n} relative date such as “last month” is left out.",
            "The document gives no publication date, so {n} relative dates such as “last month” are left out.",
        )
    ]
