"""What alerts say in words: the sentence of each kind of rule, and why a rule says nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harmattan.questions.watch import HIGH, Fired, Frame, Place, frame_of
from harmattan.text import CountryName, Number, T, Text, Verbatim, counted, listing, msg
from harmattan.vocabulary.rules import FirstRule, QuietRule, RecordRule, Rule, SurgeRule

MEASURED: dict[str, tuple[str, str]] = {
    "deaths_best": (msg("{n} death"), msg("{n} deaths")),
    "deaths_civilians": (msg("{n} civilian killed"), msg("{n} civilians killed")),
    "events": (msg("{n} event"), msg("{n} events")),
}


LEVEL_WORDS: dict[str, Text] = {"high": T("high alert"), "medium": T("alert"), "notice": T("notice")}


def measured(rule: Rule, value: Number) -> Text:
    """A number of what a rule counts."""
    one, many = MEASURED[rule.measure]
    return counted(value, one, many)


def where(place: Place, names: Mapping[str, str], by: str) -> Text:
    """A place in words: "Mali", "Gao (Mali)", "cell 153017 (Mali)"."""
    country = CountryName(place.country)
    if not place.area:
        return T("{country}", country=country)
    if by == "cell":
        return T("cell {area} ({country})", area=Verbatim(place.area), country=country)
    return T("{area} ({country})", area=Verbatim(names.get(place.area, place.area)), country=country)


def span_words(frame: Frame) -> Text:
    """The length of a window."""
    if frame.step == "day":
        return counted(frame.size, "{n} day", "{n} days")
    return counted(frame.size, "{n} whole month", "{n} whole months")


def _what(rule: Rule) -> Text:
    """What a rule is narrowed to, put after a sentence; nothing where it is not."""
    named: list[Any] = [Verbatim(words) for words in (*rule.violence, *rule.actors)]
    named += [T("cell {area}", area=Verbatim(str(gid))) for gid in rule.cells]
    return T(" ({only})", only=listing(named)) if named else T("")


def sentence(one: Fired, said: dict[str, Any]) -> Text:
    """What an alert says. `said` has `where`, and `value`, `bar`, `long_bar` (and of a surge `mean`) as Numbers."""
    rule, frame = one.rule, one.frame
    common = {
        "where": said["where"],
        "value": measured(rule, said["value"]),
        "span": span_words(frame),
        "end": frame.end,
        "only": _what(rule),
    }
    match rule:
        case RecordRule():
            return _record(rule, one.level, common, said)
        case SurgeRule():
            return T(SURGE, shown=rule.before, mean=said["mean"], bar=said["bar"], **common)
        case FirstRule():
            return T(FIRST, actor=Verbatim(one.place.actor), months=rule.months, **common)
        case _:
            return T(QUIET, months=rule.months if isinstance(rule, QuietRule) else 0, **common)


def _record(rule: RecordRule, level: int, common: dict[str, Any], said: dict[str, Any]) -> Text:
    numbers = {"bar": said["bar"], "long_bar": said["long_bar"], "months": rule.months, "shown": rule.long}
    if level == HIGH:
        return T(HIGHEST, **numbers, **common)
    if said["long_bar"].value is None:
        numbers.pop("long_bar")
        return T(HIGHER_ALONE, **numbers, **common)
    return T(HIGHER, **numbers, **common)


HIGHEST = msg(
    "{where}: {value} in the {span} to {end}{only}, more than in any such window of the {months} months before ({bar}) "
    "and of the {shown} months before ({long_bar})."
)
HIGHER = msg(
    "{where}: {value} in the {span} to {end}{only}, more than in any such window of the {months} months before "
    "({bar}), but not of the {shown} months before ({long_bar})."
)
HIGHER_ALONE = msg(
    "{where}: {value} in the {span} to {end}{only}, more than in any such window of the {months} months before "
    "({bar}); the {shown} months before are not covered."
)
SURGE = msg(
    "{where}: {value} in the {span} to {end}{only}; the mean of the {shown} windows before is {mean}, the threshold "
    "{bar}."
)
FIRST = msg("{where}: {actor}: {value} in the {span} to {end}{only}, after none in the {months} months before.")
QUIET = msg("{where}: no event in the {span} to {end}{only}, after {value} in the {months} months before.")


def silent(rule: Rule, day: dt.date, countries: Sequence[str], last: Sequence[dt.date]) -> Text:
    """Why a rule says nothing about some countries: what it would have to look at is not covered."""
    frame = frame_of(rule, day, "day")
    said: dict[str, Any] = {
        "rule": Verbatim(rule.called),
        "countries": listing([CountryName(code) for code in countries]),
        "start": frame.before if frame else day,
        "end": day,
    }
    if not last:
        return T(NEVER, **said)
    return T(SILENT, last=max(last), **said)


NEVER = msg(
    "The rule {rule} says nothing about {countries}: no release here has the detail that it needs from {start} to "
    "{end}. That is not quiet."
)
SILENT = msg(
    "The rule {rule} says nothing about {countries}: it needs all days from {start} to {end}, in detail, and what is "
    "covered so ends on {last}. That is not quiet."
)


def by_months(rule: Rule, frame: Frame, countries: Sequence[str]) -> Text:
    """That whole months were looked at where a rule speaks of days."""
    return T(
        "The rule {rule} speaks of {days}; of {countries} only sums by month are at hand, so {span} to {end} stand for "
        "them.",
        rule=Verbatim(rule.called),
        days=counted(rule.days, "{n} day", "{n} days"),
        countries=listing([CountryName(code) for code in countries]),
        span=span_words(frame),
        end=frame.end,
    )


def unsaid(rule: Rule, countries: Iterable[str]) -> Text:
    """That a source lacks a number that a rule counts."""
    return T(
        "The rule {rule} says nothing about {countries}: the source does not give all the numbers that it counts.",
        rule=Verbatim(rule.called),
        countries=listing([CountryName(code) for code in countries]),
    )
