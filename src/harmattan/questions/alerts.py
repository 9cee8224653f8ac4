"""`alerts`: which rules fire as of a day, where, with their numbers and the very events behind them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from harmattan.errors import UsageError
from harmattan.questions.alert_words import by_months, sentence, silent, unsaid, where
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.watch import DAY, HIGH, LEVELS, Fired, Series, Verdict, fired, frame_of
from harmattan.questions.watched import Watched, reaching_back, rules_of, watched
from harmattan.questions.world import World
from harmattan.text import CountryName, Number, T, Text, counted, listing
from harmattan.vocabulary.rules import Rule, SurgeRule

ACCEPTS = ("country", "rule", "source", "event_type", *ALWAYS)
FURTHER_MONTHS = 18
"""So far back is looked for the first day on which an alert held without a break."""
IDS = uuid.UUID("8a6e7a0c-5a0e-5b3a-9d0f-6b1a3c1f7d52")
COLUMNS = (
    AnswerColumn("level", T("high, medium or notice")),
    AnswerColumn("rule", T("the rule, by its name in the case file")),
    AnswerColumn("country", T("country the rule looked at"), "ISO 3166 alpha-3"),
    AnswerColumn("area", T("area of the country the rule looked at: its name, or the gid of a cell")),
    AnswerColumn("actor", T("party that is new there, as the publisher writes it")),
    AnswerColumn("sentence", T("what the alert says")),
    AnswerColumn("since", T("first day on which it held without a break, at most 18 months back")),
    AnswerColumn("window_start", T("first day of the window")),
    AnswerColumn("window_end", T("last day of the window: the as-of date, or the end of a month")),
    AnswerColumn("step", T("what the window is made of: day, or month where the source has no days")),
    AnswerColumn("measure", T("what is counted: deaths_best, deaths_civilians or events")),
    AnswerColumn("value", T("what was counted: in the window; of a quiet place in the months before")),
    AnswerColumn("threshold", T("what the value exceeded (record) or reached")),
    AnswerColumn("threshold_long", T("the record of the longer time before; empty where not covered")),
    *COUNTS,
    AnswerColumn("area_id", T("the area's id by the boundaries used")),
    AnswerColumn("kind", T("the kind of the rule: record, surge, first or quiet")),
    AnswerColumn("alert", T("the alert's own id: the same rule, place and first day have the same")),
    RECORDS,
)


def alerts(world: World, params: Params) -> Answer:
    """The rules that fire as of the as-of date, or of the last day covered, the gravest first."""
    rules = rules_of(world, params)
    day = params.as_of or world.period(params, world.chosen(params), ()).end
    seen = watched(world, params, reaching_back(rules, day, FURTHER_MONTHS), rules)
    draft = Draft("alerts", seen.scope, ACCEPTS)
    if not seen.scope.covered:
        return draft.not_covered(COLUMNS, world.places(params))
    if not any(series.places for series in seen.series) and not any(rule.countries == () for rule in rules):
        raise UsageError(T("No rule runs over a country that is asked about."))
    found = [(series, series.judged(day)) for series in seen.series]
    rang = sorted((one for pair in found for one in fired(*pair, day)), key=lambda one: _order(seen, one))
    begun = _since(rang)
    lines = [_line(seen, draft, row, one, begun[one.series.rule, one.at]) for row, one in enumerate(rang)]
    caveats = [text for pair in found for text in about_silence(*pair, day)]
    caveats += seen.caveats(seen.scope.period.start, day)
    chart = Chart("bars", x="value", y="country", series="rule")
    return draft.finish(lines, COLUMNS, _headline(draft, lines, found, day), chart=chart, caveats=caveats)


def _order(seen: Watched, one: Fired) -> tuple[Any, ...]:
    country = seen.scope.params.country.index(one.place.country)
    return -one.level, country, seen.rules.index(one.rule), -one.value, one.place


def _since(rang: Sequence[Fired]) -> dict[tuple[Rule, int], dt.date]:
    """The first day of the unbroken days on which each alert held, as far as is looked back."""
    begun: dict[tuple[Rule, int], dt.date] = {}
    for series in {one.rule: one.series for one in rang}.values():
        held = {one.at for one in rang if one.series is series}
        last = next(one.day for one in rang if one.series is series)
        for _ in range(FURTHER_MONTHS * 30):
            verdict = series.judged(last - DAY)
            over = {at for at in held if not verdict.level[at]}
            begun |= {(series.rule, at): last for at in over}
            held -= over
            if not held:
                break
            last -= DAY
        begun |= {(series.rule, at): last for at in held}
    return begun


def _line(seen: Watched, draft: Draft, row: int, one: Fired, since: dt.date) -> Line:
    rule, place, frame = one.rule, one.place, one.frame
    values: dict[str, Any] = {
        "level": LEVELS[one.level],
        "rule": rule.called,
        "country": place.country,
        "area": seen.names.get(place.area, place.area) or None,
        "actor": place.actor or None,
        "sentence": sentence(one, _said(seen, draft, row, one)),
        "since": since.isoformat(),
        "window_start": frame.start.isoformat(),
        "window_end": frame.end.isoformat(),
        "step": frame.step,
        "measure": rule.measure,
        "value": one.value,
        "threshold": one.bar,
        "threshold_long": one.long_bar,
    }
    values |= dict.fromkeys(column.name for column in COUNTS)
    values |= {"area_id": place.area if rule.by == "admin1" else None, "kind": rule.KIND}
    values["alert"] = str(uuid.uuid5(IDS, f"{rule}/{'/'.join(place)}/{since.isoformat()}"))
    return seen.line(values, one)


def _said(seen: Watched, draft: Draft, row: int, one: Fired) -> dict[str, Any]:
    """The numbers and the place of a sentence; thresholds rest on all that the rule looked at."""
    rule, bar = one.rule, one.bar
    said: dict[str, Any] = {
        "where": where(one.place, seen.names, rule.by),
        "value": draft.number(one.value, row),
        "bar": draft.number(bar, digits=0 if bar is None or isinstance(bar, int) else 1),
        "long_bar": draft.number(one.long_bar),
    }
    if isinstance(rule, SurgeRule) and bar is not None:
        said["mean"] = draft.number(bar / rule.ratio, digits=1)
    return said


def about_silence(series: Series, verdict: Verdict, day: dt.date) -> Iterable[Text]:
    """Of which countries a rule says nothing or something in months, and why."""
    rule = series.rule
    quiet: list[str] = []
    monthly: list[str] = []
    for code in series.countries:
        step = series.step(code, day)
        (quiet if step is None else monthly if step == "month" else []).append(code)
    if quiet:
        usable = (series.by_day, series.by_month if rule.whole_months else {})
        ends = [span[1] for code in quiet for spans in usable for span in spans.get(code, ())]
        yield silent(rule, day, quiet, ends)
    frame = frame_of(rule, day, "month")
    if monthly and frame is not None:
        yield by_months(rule, frame, monthly)
    heard = set(series.countries) - set(quiet)
    lacking = {p.country for n, p in enumerate(series.places) if p.country in heard and not verdict.known[n]}
    if lacking:
        yield unsaid(rule, sorted(lacking))


def _headline(draft: Draft, lines: list[Line], found: list[tuple[Series, Verdict]], day: dt.date) -> Text:
    heard = {code for series, _verdict in found for code in series.countries if series.step(code, day)}
    if not heard:
        countries = listing([CountryName(code) for code in draft.scope.params.country])
        return T("Not covered: no rule has what it needs about {countries} as of {day}.", countries=countries, day=day)
    asked = draft.scope.params.country
    places = about(draft.scope, [code for code in asked if code in heard])
    rules = counted(draft.number(len(found)), "{n} rule", "{n} rules")
    if not lines:
        return T("{where}, as of {day}: no alert by {rules}.", where=places, day=day, rules=rules)
    high = sum(line.values["level"] == LEVELS[HIGH] for line in lines)
    return T(
        "{where}, as of {day}: {alerts} by {rules}; high: {high}.",
        where=places,
        day=day,
        alerts=counted(draft.number(len(lines)), "{n} alert", "{n} alerts"),
        rules=rules,
        high=Number(high, draft.id),
    )


QUESTION = Question(
    "alerts",
    T(
        "Which rules fire as of a day, and where. Record: the deaths of the last 30 days are at least a floor and more "
        "than in any window of that length that lies in the 12 months before this window began; more than in the 36 "
        "months before as well, the alert is high. Surge: a week is at least a floor and a multiple of the mean of the "
        "four weeks before. First: a party has an event in a region where it had none for months. Quiet: a place has "
        "no event for days where the months before had many. Rules stand in the case file; every threshold can be "
        "changed. Where a source has sums by month only, the nearest whole months stand for days, or the rule is not "
        "covered. An event counts on its first day."
    ),
    "OCHA Centre for Humanitarian Data, HDX Signals, armed conflict (the rule of records): "
    "https://un-ocha-centre-for-humanitarian.gitbook.io/hdx-signals/datasets/armed-conflict",
    ACCEPTS,
    COLUMNS,
    alerts,
)
