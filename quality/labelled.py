"""The labelled set: short texts of our own with what is to be found in them, written as marks within the text.

The marks and what they mean stand in `quality/README.md`. A mark that says what cannot be is an error.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from harmattan.data import FOLDER
from harmattan.dossier.book import Book
from harmattan.dossier.files import read
from harmattan.dossier.records import Indicator
from harmattan.vocabulary.amount import QUALIFIERS, Qualifier
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.document import Language
from harmattan.vocabulary.partial import PartialDate

TEXTS = Path(__file__).parent / "texts"
Split = Literal["dev", "test"]
Kind = Literal["actor", "place", "date", "figure", "new_name", "open"]
WORDS = range(110, 231)
"""How many words a text may have."""
INDICATORS = {*get_args(Indicator), "abducted", "events", "percent"}
OTHER = "none"
"""A count of something that has no indicator here."""
_MARK = re.compile(r"\[\[([^\[\]|]*)\|([^\[\]|]+)\]\]")
_HIGH = re.compile(r"(?<=\d)-(?=\d)")


class Mislabelled(ValueError):
    """A text or a mark that breaks the conventions: which text, which mark, what is wrong."""


@dataclass(frozen=True)
class Days:
    """Whole days from `start` to `end`, both included; None where that side is open."""

    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True)
class Figure:
    """A number and what it counts. Any of the indicators is right; the place is named as in the text."""

    value: float
    high: float | None
    qualifier: Qualifier
    indicators: tuple[str | None, ...]
    place: str = ""
    days: Days | None = None


@dataclass(frozen=True)
class Gold:
    """What is to be found at a span: an actor's id, a country's ISO3 code, days, a figure, a new name.

    A span of the kind `open` counts neither way: whatever a reader makes of it is passed over.
    """

    start: int
    end: int
    text: str
    kind: Kind
    meaning: str | Days | Figure | None = None


@dataclass(frozen=True)
class Labelled:
    """One text of the set, without its marks, and what they said."""

    id: str
    split: Split
    language: Language
    published: dt.date
    style: str
    text: str
    gold: tuple[Gold, ...]

    def of(self, kind: Kind) -> tuple[Gold, ...]:
        """What is to be found of one kind, in the order of the text."""
        return tuple(one for one in self.gold if one.kind == kind)


@cache
def known_actors() -> frozenset[str]:
    """The ids of the actors of the dossier that comes with the package."""
    return frozenset(Book.of([read(FOLDER / "dossiers" / "sahel").layer]).actors)


def days(written: str) -> Days:
    """Days from a date known in part, or from two with `..` between; an open side is left empty.

    >>> days("2022-03").end
    datetime.date(2022, 3, 31)
    >>> days("2012..")
    Days(start=datetime.date(2012, 1, 1), end=None)
    """
    first, dots, last = written.partition("..")
    start = PartialDate.parse(first).earliest if first else None
    end = PartialDate.parse(last if dots else first).latest if last or not dots else None
    if (start is None and end is None) or (start and end and end < start):
        raise ValueError(f"{written!r} are no days")
    return Days(start, end)


def _figure(fields: list[str]) -> Figure:
    written, qualifier, indicators, *where = fields
    low, *high = _HIGH.split(written)
    if qualifier not in QUALIFIERS:
        raise ValueError(f"{qualifier!r} is no qualifier")
    unknown = set(indicators.split("/")) - INDICATORS - {OTHER}
    if unknown or len(where) > 2:
        raise ValueError(f"{sorted(unknown)} are no indicators, or there are too many fields")
    place, when = (*where, "", "")[:2]
    return Figure(
        value=float(low),
        high=float(high[0]) if high else None,
        qualifier=qualifier,
        indicators=tuple(None if one == OTHER else one for one in indicators.split("/")),
        place=place,
        days=days(when) if when else None,
    )


def meaning(mark: str, actors: Collection[str]) -> tuple[Kind, str | Days | Figure | None]:
    """What a mark says, without its words: `actor:jnim`. Raises ValueError for one that says what cannot be."""
    kind, *fields = mark.split(":")
    if kind == "?" and not fields:
        return "open", None
    if kind == "new" and not fields:
        return "new_name", None
    if kind == "actor" and len(fields) == 1 and fields[0] in actors:
        return "actor", fields[0]
    if kind == "place" and len(fields) == 1 and fields[0] in COUNTRIES:
        return "place", fields[0]
    if kind == "date" and len(fields) == 1:
        return "date", days(fields[0])
    if kind == "figure" and len(fields) >= 3:
        return "figure", _figure(fields)
    raise ValueError("there is no such mark")


def stripped(marked: str, actors: Collection[str]) -> tuple[str, tuple[Gold, ...]]:
    """The text without its marks, and what they said. Raises ValueError.

    >>> stripped("A raid on [[place:MLI|Gao]].", ())
    ('A raid on Gao.', (Gold(start=10, end=13, text='Gao', kind='place', meaning='MLI'),))
    """
    pieces: list[str] = []
    gold: list[Gold] = []
    length = last = 0
    for found in _MARK.finditer(marked):
        before, words = marked[last : found.start()], found[2]
        try:
            kind, value = meaning(found[1], actors)
        except ValueError as fault:
            raise ValueError(f"[[{found[1]}|{words}]]: {fault}") from fault
        start = length + len(before)
        gold.append(Gold(start, start + len(words), words, kind, value))
        pieces += [before, words]
        length, last = start + len(words), found.end()
    text = "".join([*pieces, marked[last:]])
    if "[[" in text or "]]" in text:
        raise ValueError("a mark is not closed, or stands within another")
    return text, tuple(gold)


def _check(text: Labelled) -> None:
    if len(text.text.split()) not in WORDS:
        raise ValueError(f"it has {len(text.text.split())} words")
    places = {one.text for one in text.of("place")}
    dates = {one.meaning for one in text.of("date")}
    for one in text.of("figure"):
        figure = one.meaning
        assert isinstance(figure, Figure)
        if figure.place and figure.place not in places:
            raise ValueError(f"{one.text!r}: no place of the text is marked {figure.place!r}")
        if figure.days and figure.days not in dates:
            raise ValueError(f"{one.text!r}: no date of the text is marked {figure.days}")


def load(file: Path) -> Iterator[Labelled]:
    """The texts of one file, `SPLIT-LANGUAGE.toml`. Raises Mislabelled."""
    splits: dict[str, Split] = {"dev": "dev", "test": "test"}
    languages: dict[str, Language] = {"en": "en", "fr": "fr"}
    named = file.stem.split("-")
    for table in tomllib.loads(file.read_text("utf-8"))["text"]:
        try:
            split, language = splits[named[0]], languages[named[1]]
            text, gold = stripped(table["text"].strip("\n"), known_actors())
            one = Labelled(table["id"], split, language, table["published"], table["style"], text, gold)
            _check(one)
        except (ValueError, LookupError) as fault:
            raise Mislabelled(f"{file.name}, {table.get('id', 'a text without id')}: {fault}") from fault
        yield one


def texts(split: Split | None = None, folder: Path = TEXTS) -> tuple[Labelled, ...]:
    """The texts of one split, or of both. Raises Mislabelled."""
    found = tuple(one for file in sorted(folder.glob("*.toml")) for one in load(file) if split in (None, one.split))
    twice = {one.id for one in found if sum(other.id == one.id for other in found) > 1}
    if twice:
        raise Mislabelled(f"two texts have the id {sorted(twice)[0]}")
    return found
