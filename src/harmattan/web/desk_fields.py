"""The form of an assertion: its fields by kind, what stands in them, and what of what was sent is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from harmattan.desk.saying import ACTORS, FIELDS, NUMBERS
from harmattan.dossier.records import Indicator, RelationKind
from harmattan.text import CountryName, T, Value
from harmattan.vocabulary.amount import QUALIFIERS
from harmattan.vocabulary.assertion import MODALITIES, Assertion
from harmattan.vocabulary.country import COUNTRIES
from harmattan.web.desk_words import label, word

PRECISIONS = ("day", "month", "year")
INDICATORS = (*get_args(Indicator), "events", "percent")
ABOUT = ("modality", "attributed_to")
"""What can be said of an assertion of any kind; since and until are said where its kind has no dates of its own."""
Choice = tuple[str, Value]


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    label: Value
    value: str
    kind: str
    """words, number, date, choice, actor, listed."""
    choices: tuple[Choice, ...] = ()
    many: bool = False
    """Whether several can be said, with semicolons between them."""
    inner: tuple[Field, ...] = ()
    """The fields of a field that is itself a form."""


def fields(kind: str, values: Mapping[str, str]) -> Iterator[Field]:
    """The fields of a kind of assertion, filled with values."""
    own = FIELDS[kind]
    dated = () if "start" in own or kind == "claim" else ("first", "last")
    for name in (*own, *dated, *ABOUT):
        value = values.get(name, "asserted" if name == "modality" else "")
        choices = _choices(name, value)
        sort = "choice" if choices else _sort(name)
        yield Field(name, label(name), value, sort, choices)


def values_of(made: Assertion) -> dict[str, str]:
    """What an assertion says, as its form shows it."""
    found = {name: written(made.canonical.get(name)) for name in FIELDS[made.kind]}
    found |= {name: written(getattr(made, name)) for name in ("modality", "attributed_to", "first", "last")}
    return found


def changed(kind: str, before: Mapping[str, str], sent: Mapping[str, str]) -> list[str]:
    """What was sent and differs from what the form showed, as `key=value` words.

    >>> changed("actor", {"actor": "", "modality": "asserted"}, {"actor": " JNIM ", "modality": "asserted"})
    ['actor=JNIM']
    """
    told = ((field.name, field.value) for field in fields(kind, before))
    return [f"{name}={sent[name].strip()}" for name, old in told if name in sent and sent[name].strip() != old]


def written(value: Any) -> str:
    """A value as it stands in a field.

    >>> written(363000.0), written(None), written("MLI")
    ('363000', '', 'MLI')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _sort(name: str) -> str:
    if name in ACTORS:
        return "actor"
    if name in NUMBERS:
        return "number"
    return "date" if name in ("start", "end", "first", "last") else "words"


def _choices(name: str, value: str) -> tuple[Choice, ...]:
    words: Sequence[str] = {
        "qualifier": QUALIFIERS, "modality": MODALITIES, "indicator": INDICATORS, "relation": get_args(RelationKind),
        "precision": PRECISIONS,
    }.get(name, ())  # fmt: skip
    if name in ("iso3", "country"):
        return countries(value)
    if not words:
        return ()
    return with_given([(one, word(one)) for one in words], value, empty=name != "modality")


def countries(value: str) -> tuple[Choice, ...]:
    """Every country by its code."""
    return with_given([(code, CountryName(code)) for code in sorted(COUNTRIES)], value)


def with_given(choices: Sequence[Choice], value: str, *, empty: bool = True) -> tuple[Choice, ...]:
    """Choices, none of them first, and what is said already though it is not one of them."""
    there = [("", T("–"))] if empty else []
    other = [(value, word(value))] if value and value not in {name for name, _said in choices} else []
    return (*there, *other, *choices)
