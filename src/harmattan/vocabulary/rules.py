"""The rules of alerts as plain data, and their canonical strings: a case file and a command line say the same.

`record:measure=deaths_best,by=country,days=30,floor=100,months=12,long=36` is all that a rule is. A question keeps its
rules in that form, so that what it answered can be asked again without the case file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.cell import row_column
from harmattan.vocabulary.country import did_you_mean, parse_country
from harmattan.vocabulary.criteria import Kind
from harmattan.vocabulary.period import DAYS_A_MONTH

Measure = Literal["deaths_best", "deaths_civilians", "events"]
RunsOver = Literal["country", "admin1", "cell", "region"]
"""What a rule looks at one by one. A region is a first-order area where boundaries are at hand, else a country."""
RULE_KINDS = ("record", "surge", "first", "quiet")
RULE_NAME = r"[a-z0-9][a-z0-9_-]{0,39}"
LISTS = ("violence", "actors", "countries", "cells")
MOST_DAYS, MOST_MONTHS = 366, 120

Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]
Months = Annotated[int, Field(ge=1, le=MOST_MONTHS)]
Floor = Annotated[int, Field(ge=1, le=999_999_999)]


class Rule(BaseModel):
    """What every rule says: what it is called, what it counts, what it looks at, and over how many days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    KIND: ClassVar[str] = ""
    name: str = ""
    """What alerts call it; its kind where nothing is said."""
    measure: Measure
    by: RunsOver
    days: Days
    """The length of the window that ends on the day of the alert."""
    floor: Floor
    violence: tuple[Kind, ...] = ()
    """Only these kinds of violence."""
    actors: tuple[str, ...] = ()
    """Only events with one of these parties, as the publisher writes them."""
    countries: tuple[str, ...] = ()
    """Only these of the countries asked about, ISO3."""
    cells: tuple[int, ...] = ()
    """Only these PRIO-GRID cells."""

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if name and not re.fullmatch(RULE_NAME, name):
            raise ValueError(f"a rule cannot be named {name}: write small letters, digits and dashes")
        return name

    @field_validator("countries")
    @classmethod
    def _countries(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(parse_country(word) for word in words)

    @field_validator("cells")
    @classmethod
    def _cells(cls, gids: tuple[int, ...]) -> tuple[int, ...]:
        for gid in gids:
            row_column(gid)
        return gids

    @property
    def called(self) -> str:
        """Its name, or its kind where it has none."""
        return self.name or self.KIND

    @property
    def whole_months(self) -> int:
        """The nearest form of its days in whole months: 0 where there is none."""
        return round(self.days / DAYS_A_MONTH)

    def __str__(self) -> str:
        """The canonical string; `parse_rule` reads it back."""
        said = [f"name={self.name}"] if self.name not in ("", self.KIND) else []
        for field in type(self).model_fields:
            value = getattr(self, field)
            if field in ("kind", "name") or (field in LISTS and not value):
                continue
            words = value if isinstance(value, tuple) else (value,)
            said.append(f"{field}={'|'.join(_shielded(word) for word in words)}")
        return f"{self.KIND}:{','.join(said)}"


class RecordRule(Rule):
    """The sum of the window is at least `floor` and above every window of that length in the `months` before it.

    Windows that are compared end before this one begins. Above those of the `long` months before as well, the alert
    is high. The rule is that of HDX Signals, whose floor is 100 deaths in 30 days and whose spans are one year and
    three: https://un-ocha-centre-for-humanitarian.gitbook.io/hdx-signals/datasets/armed-conflict
    """

    KIND: ClassVar[str] = "record"
    kind: Literal["record"] = "record"
    measure: Measure = "deaths_best"
    by: RunsOver = "country"
    days: Days = 30
    months: Months = 12
    long: Months = 36
    floor: Floor = 100

    @model_validator(mode="after")
    def _ordered(self) -> RecordRule:
        if self.long < self.months or self.months * DAYS_A_MONTH < self.days:
            raise ValueError("a record needs days <= months <= long")
        return self


class SurgeRule(Rule):
    """The sum of the window is at least `floor` and `ratio` times the mean of the `before` windows before it."""

    KIND: ClassVar[str] = "surge"
    kind: Literal["surge"] = "surge"
    measure: Measure = "deaths_best"
    by: RunsOver = "country"
    days: Days = 7
    before: Annotated[int, Field(ge=1, le=52)] = 4
    ratio: Annotated[float, Field(gt=1, le=1000)] = 2.0
    floor: Floor = 10


class FirstRule(Rule):
    """A party has at least `floor` in the window where it had no event in the `months` before it.

    State forces are left out, unless `actors` names them.
    """

    KIND: ClassVar[str] = "first"
    kind: Literal["first"] = "first"
    measure: Measure = "events"
    by: RunsOver = "region"
    days: Days = 30
    months: Months = 36
    floor: Floor = 1


class QuietRule(Rule):
    """The window has no event where the `months` before it had at least `floor`."""

    KIND: ClassVar[str] = "quiet"
    kind: Literal["quiet"] = "quiet"
    measure: Measure = "events"
    by: RunsOver = "region"
    days: Days = 90
    months: Months = 12
    floor: Floor = 12


AnyRule = Annotated[RecordRule | SurgeRule | FirstRule | QuietRule, Field(discriminator="kind")]
_READ: TypeAdapter[Any] = TypeAdapter(AnyRule)


def parse_rule(words: str) -> Rule:
    """A rule from its kind and, after a colon, what differs from the defaults. Raises UsageError for anything else.

    >>> str(parse_rule("record:floor=25"))
    'record:measure=deaths_best,by=country,days=30,floor=25,months=12,long=36'
    >>> parse_rule("first:actors=A|B").actors
    ('A', 'B')
    """
    kind, _, rest = words.strip().partition(":")
    if kind not in RULE_KINDS:
        raise no_rule(kind, RULE_KINDS)
    said: dict[str, Any] = {"kind": kind}
    for part in rest.split(",") if rest else ():
        field, equals, value = part.partition("=")
        if not equals or not field.strip():
            raise _unread(words, f"{part} is not NAME=VALUE")
        parts = [_bare(word) for word in value.split("|")]
        said[field.strip()] = parts if field.strip() in LISTS else parts[0]
    try:
        rule: Rule = _READ.validate_python(said)
    except ValidationError as fault:
        raise _unread(words, "; ".join(f"{_place(e)}: {e['msg']}" for e in fault.errors())) from fault
    return rule


def no_rule(name: str, known: tuple[str, ...]) -> UsageError:
    """The error where there is no such rule, with the nearest that there are."""
    from rapidfuzz import process

    near = [word for word, _score, _at in process.extract(name, known, limit=2, score_cutoff=55)]
    return UsageError(
        T("There is no alert rule {words}.", words=Verbatim(name)),
        available=T("There are: {all}.", all=listing([Verbatim(word) for word in known])),
        do=did_you_mean(near),
    )


def _unread(words: str, why: str) -> UsageError:
    return UsageError(
        T("{words} is not an alert rule: {why}.", words=Verbatim(words), why=Verbatim(why)),
        do=T("Write it as {example}.", example=Verbatim("record:days=30,floor=25")),
    )


def _place(fault: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in fault["loc"] if part not in RULE_KINDS) or "rule"


def _shielded(word: object) -> str:
    """A word without the signs that part words."""
    written = f"{word:g}" if isinstance(word, float) else str(word)
    return re.sub(r"[%,|]", lambda sign: f"%{ord(sign[0]):02X}", written)


def _bare(word: str) -> str:
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda sign: chr(int(sign[1], 16)), word.strip())
