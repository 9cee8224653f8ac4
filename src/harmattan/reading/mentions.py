"""What is found in a text: spans with exact offsets and what each may mean. None of the meanings is guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harmattan.vocabulary.amount import Amount

DatePrecision = Literal["day", "days", "month", "season", "year", "years"]
PlaceKind = Literal["country", "admin1", "admin2", "town", "events", "base", "cell"]


@dataclass(frozen=True)
class ActorMeaning:
    """Whom a name means: the dossier's id where that is certain, else None and everybody it may mean, best first."""

    actor: str | None
    candidates: tuple[str, ...]
    reason: str
    """How it was found, in the words of `harmattan.dossier.names`: exact, acronym, alias, transliteration, fuzzy."""
    name: str
    """The dossier's name that was found."""


@dataclass(frozen=True)
class PlaceName:
    """A place by one of its names."""

    name: str
    iso3: str
    kind: PlaceKind
    cell: int | None = None
    """PRIO-GRID gid of its point, where it has one."""
    lat: float | None = None
    lon: float | None = None
    within: str = ""
    """The first-order area it lies in, as its source writes it."""
    origin: str = ""
    """The release it comes from."""
    weight: float = 0.0
    """How much is known to have happened there (events) or who lives there (people): what it is more likely to mean."""


@dataclass(frozen=True)
class PlaceMeaning:
    """Which place a name means, and every other it may mean, the likelier first."""

    place: PlaceName
    candidates: tuple[PlaceName, ...] = ()


@dataclass(frozen=True)
class DateMeaning:
    """Whole days from `start` to `end`, both included; None where that side is open ("since 2012")."""

    start: dt.date | None
    end: dt.date | None
    precision: DatePrecision
    relative: bool = False
    """Whether it was reckoned from the publication date ("last month")."""


@dataclass(frozen=True)
class FigureMeaning:
    """A number and what it seems to count. `place` and `date` are positions of proposed mentions in the reading."""

    amount: Amount
    indicator: str | None
    """An indicator of `harmattan.dossier.records`, or events, attacks, percent; None where it cannot be told."""
    unit: str = "people"
    place: int | None = None
    date: int | None = None


@dataclass(frozen=True)
class NewNameMeaning:
    """A capitalised name that nobody here knows; offered as a new actor."""

    long: str
    acronym: str = ""


Meaning = ActorMeaning | PlaceMeaning | DateMeaning | FigureMeaning | NewNameMeaning
KINDS: dict[type, str] = {
    ActorMeaning: "actor", PlaceMeaning: "place", DateMeaning: "date", FigureMeaning: "figure",
    NewNameMeaning: "new_name",
}  # fmt: skip


@dataclass(frozen=True)
class Mention:
    """A span of a text, from `start` up to and without `end`, and what it means."""

    start: int
    end: int
    text: str
    meaning: Meaning
    rule: str = ""
    """The rule that found it, such as `reading.dates`."""

    @property
    def kind(self) -> str:
        """actor, place, date, figure or new_name."""
        return KINDS[type(self.meaning)]


@dataclass(frozen=True)
class Sentence:
    """A sentence, by its span."""

    start: int
    end: int


def without_overlaps(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The longest of mentions that overlap, the earlier of those as long; in the order of the text.

    >>> a = Mention(0, 4, "Mali", PlaceMeaning(PlaceName("Mali", "MLI", "country")))
    >>> b = Mention(0, 18, "Mali armed forces!", NewNameMeaning("Mali armed forces!"))
    >>> [m.end for m in without_overlaps([a, b])]
    [18]
    """
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        places = range(mention.start, mention.end)
        if not taken.intersection(places):
            kept.append(mention)
            taken.update(places)
    return tuple(sorted(kept, key=lambda m: m.start))
