"""What was found in a text as candidate assertions, for a desk where somebody decides. It decides nothing itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from harmattan import __version__
from harmattan.reading.mentions import (
    ActorMeaning,
    DateMeaning,
    FigureMeaning,
    Mention,
    NewNameMeaning,
    PlaceMeaning,
    PlaceName,
    Sentence,
)
from harmattan.vocabulary.assertion import Assertion, AssertionKind, Origin, id_of, scored
from harmattan.vocabulary.document import Document
from harmattan.vocabulary.partial import PartialDate

MOST_CANDIDATES = 5
"""So many other meanings of a name stay with the candidate."""


class Read(Protocol):
    """A document and what was found in it: a `Reading`."""

    @property
    def document(self) -> Document:
        """The document."""

    @property
    def mentions(self) -> Sequence[Mention]:
        """What was found in it."""


class Drafted(Protocol):
    """A sentence with parts of a claim that it may make: a `Checkable`."""

    @property
    def sentence(self) -> Sentence:
        """The sentence, by its span."""

    @property
    def drafts(self) -> Sequence[Mapping[str, Any]]:
        """Parts of claims, as a claims file has them."""

    @property
    def worths(self) -> Sequence[float]:
        """How well each of them can be checked, 0 to 1."""


def candidates(reading: Read, at: dt.datetime) -> tuple[Assertion, ...]:
    """One candidate for each mention, in the order of the text; its origin is the rule, at the program's version.

    Canonical forms: actor `actor` (the dossier's id, None where it is not certain) and `candidates`; place `place`,
    `iso3`, `level`, `cell`, `lat`, `lon`, `within`; date `start`, `end` (days, or None), `precision`; figure `value`,
    `high`, `qualifier`, `indicator`, `unit`, and the proposed `place`, `iso3`, `start`, `end`; new name `long`,
    `acronym`.
    """
    made = (_candidate(reading, mention, at) for mention in reading.mentions)
    return tuple({assertion.id: assertion for assertion in made}.values())


def claims(reading: Read, checkable: Sequence[Drafted], at: dt.datetime) -> tuple[Assertion, ...]:
    """One candidate claim for each drafted part, so that a wrong one can be refused alone; its note has its score."""
    document, made = reading.document, []
    origin = Origin(kind="rule", name="reading.checkable", version=__version__)
    for found in checkable:
        start, end = found.sentence.start, found.sentence.end
        citation = document.cite(start, end)
        for n, (draft, worth) in enumerate(zip(found.drafts, found.worths, strict=True), start=1):
            said = {"id": f"s{start}-{n}", "quote": citation.exact, "part": [_plain(draft)]}
            id = id_of(document.digest, citation, "claim", origin, said)
            made.append(
                Assertion(id=id, document=document.digest, citation=citation, kind="claim", origin=origin, at=at,
                          as_written={"claim": citation.exact}, canonical=said, note=scored(worth))
            )  # fmt: skip
    return tuple(made)


def _candidate(reading: Read, mention: Mention, at: dt.datetime) -> Assertion:
    document = reading.document
    kind: AssertionKind = mention.kind  # type: ignore[assignment]
    origin = Origin(kind="rule", name=mention.rule or f"reading.{kind}", version=__version__)
    citation, said = document.cite(mention.start, mention.end), _canonical(mention, reading.mentions)
    return Assertion(
        id=id_of(document.digest, citation, kind, origin, said),
        document=document.digest,
        citation=citation,
        kind=kind,
        as_written=_as_written(mention, reading.mentions),
        canonical=said,
        first=_day(said.get("start")),
        last=_day(said.get("end")),
        origin=origin,
        at=at,
    )


def _as_written(mention: Mention, all_: Sequence[Mention]) -> dict[str, str]:
    said = {mention.kind: mention.text}
    if isinstance(mention.meaning, FigureMeaning):
        for name in ("place", "date"):
            position = getattr(mention.meaning, name)
            if position is not None:
                said[name] = all_[position].text
    return said


def _canonical(mention: Mention, all_: Sequence[Mention]) -> dict[str, Any]:
    meaning = mention.meaning
    if isinstance(meaning, ActorMeaning):
        others = list(meaning.candidates[:MOST_CANDIDATES])
        return {"actor": meaning.actor} | ({} if meaning.actor else {"candidates": others})
    if isinstance(meaning, PlaceMeaning):
        others = [f"{place.name}, {place.within or place.iso3}" for place in meaning.candidates[:MOST_CANDIDATES]]
        return _place(meaning.place) | ({"candidates": others} if len(others) > 1 else {})
    if isinstance(meaning, DateMeaning):
        return _days(meaning) | {"precision": meaning.precision}
    if isinstance(meaning, NewNameMeaning):
        return {"long": meaning.long} | ({"acronym": meaning.acronym} if meaning.acronym else {})
    amount = meaning.amount
    said: dict[str, Any] = {"value": amount.value, "qualifier": amount.qualifier}
    said |= {"indicator": meaning.indicator, "unit": meaning.unit}
    said |= {} if amount.high is None else {"high": amount.high}
    where = all_[meaning.place].meaning if meaning.place is not None else None
    when = all_[meaning.date].meaning if meaning.date is not None else None
    said |= {"place": where.place.name, "iso3": where.place.iso3} if isinstance(where, PlaceMeaning) else {}
    return said | (_days(when) if isinstance(when, DateMeaning) else {})


def _place(place: PlaceName) -> dict[str, Any]:
    said = {"place": place.name, "iso3": place.iso3, "level": place.kind, "cell": place.cell, "lat": place.lat,
            "lon": place.lon, "within": place.within or None}  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def _days(date: DateMeaning) -> dict[str, Any]:
    return {"start": _iso(date.start), "end": _iso(date.end)}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _day(words: str | None) -> PartialDate | None:
    return PartialDate.parse(words) if words else None


def _plain(value: Any) -> Any:
    """A drafted part as JSON: days and dates known in part as they are written."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
