"""What a brief consists of before it is drawn. A number without evidence cannot be part of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from harmattan.errors import BriefError
from harmattan.questions.answer import Answer
from harmattan.text import Listing, Number, T, Text, Value, Verbatim
from harmattan.vocabulary.origin import ReleaseRef

BOOKKEEPING = ("sources",)
"""Questions about what the lake has: a brief that lists it does not rest on all of it."""


@dataclass(frozen=True)
class KeyFigure:
    """A number set large, with its range."""

    label: Text
    value: Number
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True)
class TableView:
    """A small table; `numeric` says which columns stand to the right."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Value, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True)
class Picture:
    """A chart as a Vega-Lite specification, and what it shows in words."""

    spec: dict[str, Any]
    caption: Text


@dataclass(frozen=True)
class Section:
    """One section of the brief."""

    name: str
    title: Text
    lead: tuple[Text, ...]
    figures: tuple[KeyFigure, ...] = ()
    picture: Picture | None = None
    table: TableView | None = None
    notes: tuple[Text, ...] = ()
    more: tuple[Picture, ...] = ()
    """Further pictures, which stand after the table."""
    answers: tuple[str, ...] = ()
    """The ids of the answers that it asked for."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All of its pictures, in order."""
        return (*((self.picture,) if self.picture else ()), *self.more)


@dataclass(frozen=True)
class Brief:
    """A whole brief: its sections and the answers that every number in them comes from."""

    case: str
    title: str
    subtitle: Text
    as_of: dt.date
    command: str
    sections: tuple[Section, ...]
    answers: tuple[Answer, ...] = field(repr=False)

    @property
    def releases(self) -> list[ReleaseRef]:
        """The releases that the brief rests on, by name."""
        resting = [answer for answer in self.answers if answer.question not in BOOKKEEPING]
        found = {ref.name: ref for answer in resting for ref in answer.releases}
        return [found[name] for name in sorted(found)]

    @property
    def caveats(self) -> list[Text]:
        """Every caveat of every answer in order; of those that differ only in a count, the widest."""
        return list(self._widest().values())

    @property
    def caveats_by_section(self) -> list[tuple[Text | None, list[Text]]]:
        """The caveats of several sections first, without a title; then those of one section alone, under its title."""
        by_id = {answer.id: answer for answer in self.answers}
        of_sections: dict[tuple[str, str], set[int]] = {}
        for n, section in enumerate(self.sections):
            for answer in (by_id[name] for name in section.answers):
                for caveat in answer.caveats:
                    of_sections.setdefault(_told_by(caveat), set()).add(n)
        groups: dict[int, list[Text]] = {}
        for key, caveat in self._widest().items():
            where = of_sections.get(key, set())
            groups.setdefault(next(iter(where)) if len(where) == 1 else -1, []).append(caveat)
        return [(None if n < 0 else self.sections[n].title, groups[n]) for n in sorted(groups)]

    def _widest(self) -> dict[tuple[str, str], Text]:
        found: dict[tuple[str, str], Text] = {}
        for answer in self.answers:
            for caveat in answer.caveats:
                key = _told_by(caveat)
                if key not in found or _count(caveat) > _count(found[key]):
                    found[key] = caveat
        return found

    @property
    def hindsight(self) -> list[ReleaseRef]:
        """The releases that came out after the day as of which the brief speaks."""
        return [ref for ref in self.releases if ref.published > self.as_of]

    def cited(self) -> list[tuple[str, Answer, int | None]]:
        """Every evidence id in the brief, once, in order of appearance, with its answer and row (None: all).

        Raises BriefError for a number without evidence, or with evidence that no answer of the brief gives.
        """
        by_id = {answer.id: answer for answer in self.answers}
        found: dict[str, tuple[str, Answer, int | None]] = {}
        for section in self.sections:
            for number in section_numbers(section):
                name = number.evidence
                if name is None:
                    raise BriefError(
                        T(
                            "The section {name} has the number {value} without evidence.",
                            name=Verbatim(section.name),
                            value=Verbatim(str(number.value)),
                        )
                    )
                answer_name, _, row = name.partition(".")
                answer = by_id.get(answer_name)
                which = int(row) - 1 if row else None
                if answer is None or (which is not None and not 0 <= which < len(answer.rows)):
                    raise BriefError(
                        T(
                            "The section {name} cites {id}, which no answer in the brief gives.",
                            name=Verbatim(section.name),
                            id=Verbatim(name),
                        )
                    )
                found.setdefault(name, (name, answer, which))
        return list(found.values())


def _told_by(caveat: Text) -> tuple[str, str]:
    """What a caveat is told by: its words and names, whatever the count in it."""
    names = {name: str(value) for name, value in caveat.values.items() if not isinstance(value, Text)}
    return caveat.template, str(names)


def _count(caveat: Text) -> float:
    counts = [value.values.get("n") for value in caveat.values.values() if isinstance(value, Text)]
    return max((float(count) for count in counts if isinstance(count, int | float)), default=0)


def section_numbers(section: Section) -> Iterator[Number]:
    """Every number of a section, in order; a bare int or float where a number could be shown is an error."""
    for figure in section.figures:
        yield from (n for n in (figure.value, figure.low, figure.high) if n is not None)
    for text in (*section.lead, *section.notes):
        yield from numbers(text)
    for picture in section.pictures:
        yield from numbers(picture.caption)
    if section.table:
        for row in section.table.rows:
            for cell in row:
                yield from numbers(cell)


COUNTS_NOT_FROM_DATA = ("n", "months", "shown")
"""Values of a sentence that are settings (the length of a window, how many rows are shown) and not findings."""


def numbers(value: Value) -> Iterator[Number]:
    """Every number in a value. A bare one yields a Number without evidence, which no brief can be made of."""
    match value:
        case Number():
            yield value
        case Text():
            for name, inner in value.values.items():
                if not (name in COUNTS_NOT_FROM_DATA and isinstance(inner, int)):
                    yield from numbers(inner)
        case Listing():
            for item in value.items:
                yield from numbers(item)
        case bool():
            return
        case int() | float():
            yield Number(value)


def ranged(answer: Answer, n: int) -> tuple[Number, Number, Number]:
    """Best, low and high deaths of a row."""
    return answer.number(n, "deaths_best"), answer.number(n, "deaths_low"), answer.number(n, "deaths_high")


def or_dash(answer: Answer, n: int, column: str, digits: int = 0) -> Value:
    """A number of a row, or a dash where it has none."""
    return Verbatim("–") if answer.rows[n][column] is None else answer.number(n, column, digits)


def with_interval(answer: Answer, n: int, columns: tuple[str, str, str], digits: int) -> Value:
    """A number of a row with the low and high end beside it, as far as it has them; a dash where it has none."""
    best, low, high = (or_dash(answer, n, column, digits) for column in columns)
    if any(answer.rows[n][column] is None for column in columns):
        return best if isinstance(best, Verbatim) else T("{value}", value=best)
    return T("{value} ({low} to {high})", value=best, low=low, high=high)


def latest(windows: Answer) -> dict[str, int]:
    """The position of each country's last window."""
    found: dict[str, int] = {}
    for n, row in enumerate(windows.rows):
        found.setdefault(row["country"], n)
    return found
