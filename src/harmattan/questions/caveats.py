"""What has to be said with an answer: gaps, what a licence hides, hindsight, provisional and doubtful records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from harmattan.lake.select import Gap, Selection, Veil, describe_gaps
from harmattan.lake.shelf import Held
from harmattan.questions.parameters import Params
from harmattan.text import CountryName, T, Text, Verbatim, counted, listing, msg
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.event_types import POLITICAL_VIOLENCE
from harmattan.vocabulary.period import Period


def hidden_caveats(selection: Selection, chosen: Iterable[Held], asked: Params, settled: Params) -> list[Text]:
    """What a licence hides of the countries and days asked about; without a last day, of all that comes later."""
    last = min(asked.end or dt.date.max, asked.as_of or dt.date.max)
    veils = list(selection.veils)
    there, veiled = list(chosen), {veil.country for veil in veils}
    for code in (code for code in asked.country if code not in veiled):
        shown = [held.release.coverage.end for held in there if code in held.release.coverage.places]
        for held in there:
            hidden = held.release.coverage.hidden
            if hidden and code in hidden.places and last > max(hidden.after, *shown, dt.date.min):
                start = max(hidden.after + dt.timedelta(days=1), settled.start or dt.date.min)
                veils.append(Veil(code, Period(start, last), held.release.name, hidden.after, hidden.why))
                break
    found: dict[Veil, list[str]] = {}
    for veil in veils:
        found.setdefault(replace(veil, country=""), []).append(veil.country)
    return [_hidden(veil, codes) for veil, codes in found.items()]


def _hidden(veil: Veil, codes: list[str]) -> Text:
    said: dict[str, Any] = {
        "after": veil.after,
        "countries": listing([CountryName(code) for code in codes]),
        "start": veil.period.start,
        "name": Verbatim(veil.release),
        "why": Verbatim(veil.why),
    }
    if veil.period.end == dt.date.max:
        return T(
            "Hidden by your licence after {after}: {countries}, from {start} on ({name}: {why}). The publisher may "
            "have events there; silence there is not peace.",
            **said,
        )
    return T(
        "Hidden by your licence after {after}: {countries}, {start} to {end} ({name}: {why}). The publisher may have "
        "events there; silence there is not peace.",
        end=veil.period.end,
        **said,
    )


def type_caveats(criteria: Criteria) -> list[Text]:
    """Which types of events are counted, where the source has types."""
    if not criteria.event_types:
        return []
    if criteria.event_types == (POLITICAL_VIOLENCE,):
        return [
            T(
                "Counted are events of political violence as ACLED defines it: battles, explosions and remote "
                "violence, violence against civilians, mob violence, and excessive force against protesters. "
                "--event-type narrows or widens it."
            ),
            DEATHS_AS_REPORTED,
        ]
    types = listing([Verbatim(name) for name in criteria.event_types])
    return [T("Counted are events of these types: {types}.", types=types), DEATHS_AS_REPORTED]


DEATHS_AS_REPORTED = T(
    "ACLED gives one number of reported fatalities for an event: there is no low or high estimate, and civilians are "
    "not counted apart. An event without deaths counts as an event."
)


def gap_caveats(selection: Selection, spoken: Mapping[str, Period], joint: Iterable[str] = ()) -> list[Text]:
    """What no release speaks about, and what they do speak about instead (`spoken`, by country).

    `joint` are codes such as NGA+NER, under which a source has two countries together.
    """
    caveats = []
    for codes, period in describe_gaps(open_gaps(selection)):
        for told in dict.fromkeys(spoken.get(code) for code in codes):
            there = T("{start} to {end}", start=told.start, end=told.end) if told else T("nothing in that detail")
            alike = [CountryName(code) for code in codes if spoken.get(code) == told]
            said: dict[str, Any] = {
                "countries": listing(alike), "start": period.start, "end": period.end, "there": there,
            }  # fmt: skip
            within = told is not None and told.start <= period.start and period.end <= told.end
            caveats.append(
                T("Not covered: {countries}, {start} to {end}. Other days are covered, {there}; sums by month speak "
                  "about whole months only.", **said)
                if within
                else T("Not covered: {countries}, {start} to {end}. Covered there: {there}.", **said)
            )  # fmt: skip
        caveats += [
            T(
                "{country} is only covered together with another: ask for {code}.",
                country=CountryName(code),
                code=Verbatim(both),
            )
            for both in sorted(joint)
            for code in codes
            if code in both.split("+") and code not in spoken
        ]
    return caveats


def open_gaps(selection: Selection) -> list[Gap]:
    """The gaps without the parts that a licence hides, which are told of by themselves."""
    veils = {veil.country: veil.period for veil in selection.veils}
    return [
        Gap(gap.country, part)
        for gap in selection.gaps
        for part in (gap.period.without(veils[gap.country]) if gap.country in veils else [gap.period])
    ]


def late_caveats(asked: Params, settled: Params) -> list[Text]:
    """An as-of date that lies after everything that is covered."""
    if asked.as_of is None or asked.end is not None or settled.end is None or settled.end >= asked.as_of:
        return []
    return [
        T(
            "Not covered: anything after {end}. The answer speaks as of that day, not of {as_of}.",
            end=settled.end,
            as_of=asked.as_of,
        )
    ]


def release_caveats(holds: Iterable[Held], params: Params) -> list[Text]:
    """Hindsight, provisional records, and figures by month, said aloud."""
    caveats = []
    for held in holds:
        release, name = held.release, Verbatim(held.release.name)
        if params.as_of and release.published > params.as_of:
            caveats.append(
                T(
                    "This is hindsight: {name} was published by {published}, after {as_of}.",
                    name=name,
                    published=release.published,
                    as_of=params.as_of,
                )
            )
        if release.status == "candidate":
            caveats.append(T("{name} is a candidate file: its records are provisional.", name=name))
        if release.status == "figures":
            caveats.append(T("{name} holds figures summed by month: an event is in the month it began in.", name=name))
    return caveats


LONG_DATES = msg("{events} dated to more than a month in the source: counted in the month of the first day.")


def profile_caveats(profile: dict[str, int]) -> list[Text]:
    """What is doubtful in the records themselves."""
    caveats = []
    if profile["range_broken"]:
        caveats.append(
            T(
                "Low, best and high are out of order in the source in {events}; kept as published.",
                events=counted(profile["range_broken"], "{n} event", "{n} events"),
            )
        )
    if profile["no_low"]:
        caveats.append(
            T(
                "{records} without a low estimate in the source: sums that include them have none.",
                records=counted(profile["no_low"], "{n} record", "{n} records"),
            )
        )
    if profile["long_dates"]:
        caveats.append(
            T(
                LONG_DATES,
                events=counted(profile["long_dates"], "{n} event", "{n} events"),
            )
        )
    return caveats
