"""`alert-history`: when each rule fired, and how often it was right about the months after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harmattan.errors import UsageError
from harmattan.questions.alert_words import silent
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.track import BEFORE_MONTHS, Looks, Score, jumps
from harmattan.questions.watch import DAY, LEVELS, Fired, Place, Series, Verdict, covered, earlier, fired
from harmattan.questions.watched import Watched, reaching_back, rules_of, watched
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, Verbatim, joined, listing
from harmattan.vocabulary.period import Month, Period
from harmattan.vocabulary.rules import QuietRule, Rule

ACCEPTS = ("country", "since", "end", "rule", "lag", "at_least", "by", "source", "event_type", *ALWAYS)
LAG, AT_LEAST, MOST_LAG = 3, 10, 24
COLUMNS = (
    AnswerColumn("of", T("what the row is about: a rule, a rule in one country, or an alert")),
    AnswerColumn("rule", T("the rule, by its name in the case file")),
    AnswerColumn("country", T("country the rule looked at; empty: all"), "ISO 3166 alpha-3"),
    AnswerColumn("area", T("area of the country the rule looked at: its name, or the gid of a cell")),
    AnswerColumn("actor", T("party that is new there, as the publisher writes it")),
    AnswerColumn("day", T("the day as of which the alert fired")),
    AnswerColumn("level", T("high, medium or notice")),
    AnswerColumn("value", T("what was counted")),
    AnswerColumn("threshold", T("what the value exceeded (record) or reached")),
    AnswerColumn("came_true", T("yes, no, or open where the months after are not all covered")),
    AnswerColumn("alerts", T("alerts that can be scored: places and days, a place once a day"), "alerts"),
    AnswerColumn("right", T("those that came true"), "alerts"),
    AnswerColumn("open", T("alerts after which not all months are covered"), "alerts"),
    AnswerColumn("precision", T("alerts that came true"), "%"),
    AnswerColumn("precision_low", T("lower end of the 95 percent interval (Wilson)"), "%"),
    AnswerColumn("precision_high", T("upper end of the 95 percent interval (Wilson)"), "%"),
    AnswerColumn(
        "base_rate", T("how often it comes true after any day looked at: what always ringing would reach"), "%"
    ),
    AnswerColumn("looks", T("days and places looked at that can be scored"), "looks"),
    AnswerColumn("came", T("months that an alert should have announced; of quiet places the looks before"), "months"),
    AnswerColumn("announced", T("those with an alert in the months before"), "months"),
    AnswerColumn("recall", T("what had been announced"), "%"),
    AnswerColumn("recall_low", T("lower end of the 95 percent interval (Wilson)"), "%"),
    AnswerColumn("recall_high", T("upper end of the 95 percent interval (Wilson)"), "%"),
    *COUNTS,
    RECORDS,
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """All looks of one rule: a verdict for each day, and how they scored."""

    series: Series
    verdicts: tuple[Verdict, ...]
    units: tuple[tuple[str, str], ...]
    """Country and area of each place that is scored."""
    looks: Looks

    def among(self, country: str = "") -> Any:
        """A mask of the units of a country, or of all."""
        return np.array([country in ("", unit[0]) for unit in self.units], dtype=bool)

    def score(self, country: str = "") -> Score:
        """The score in a country, or in all."""
        return self.looks.score(self.among(country))


def alert_history(world: World, params: Params) -> Answer:
    """Every rule as of the end of every month (or week), each alert with what came, and the score of each rule."""
    lag, at_least = _bar(params)
    rules = rules_of(world, params)
    period = world.period(params, world.chosen(params), ())
    since = max(params.since or period.start, period.start)
    params = replace(params, since=since, lag=(lag,), at_least=at_least)
    days = _days(Period(since, period.end) if since <= period.end else None, params.by)
    if not days:
        raise UsageError(T("No month ends between {start} and {end}.", start=since, end=period.end))
    back = min(reaching_back(rules, days[0], 0), earlier(Month.of(days[0]).first_day, BEFORE_MONTHS + 1))
    seen = watched(world, params, back, rules)
    draft = Draft("alert-history", seen.scope, ACCEPTS)
    if not seen.scope.covered:
        return draft.not_covered(COLUMNS, world.places(params))
    found = [_history(seen, series, days, lag, at_least) for series in seen.series]
    lines = [line for history in found for line in _scores(seen, history)]
    lines += [line for history in found for line in _alerts(seen, history, days)]
    caveats = [*_silences(found, days), *seen.caveats(back, period.end), INDEPENDENT, HINDSIGHT]
    chart = Chart("bars", x="precision", y="rule", low="precision_low", high="precision_high")
    return draft.finish(lines, COLUMNS, _headline(draft, found, days, lines), chart=chart, caveats=caveats)


INDEPENDENT = T(
    "The intervals take alerts as independent. Those of neighbouring months and countries are not, so the intervals "
    "are too narrow."
)
HINDSIGHT = T(
    "The history is made from the releases as they are now. What was known on each day may have been less; --known-by "
    "cuts what had been published."
)


def _bar(params: Params) -> tuple[int, int]:
    lags = params.lag or (LAG,)
    if len(lags) != 1 or not 1 <= lags[0] <= MOST_LAG:
        raise UsageError(T("An alert is scored over one number of months after it."),
                         do=T("Say one --lag, 1 to {n}.", n=MOST_LAG))  # fmt: skip
    return lags[0], params.at_least or AT_LEAST


def _days(period: Period | None, by: Sequence[str]) -> list[dt.date]:
    """The ends of months, or of weeks (Sundays), in a period."""
    if period is None:
        return []
    if "week" in by:
        first = period.start + DAY * (6 - period.start.weekday())
        return [first + DAY * n for n in range(0, (period.end - first).days + 1, 7)]
    return [month.last_day for month in period.each_month() if month.last_day <= period.end]


def _history(seen: Watched, series: Series, days: list[dt.date], lag: int, at_least: int) -> History:
    verdicts = tuple(series.judged(day) for day in days)
    units, months, deaths, whole = _months(seen, series, days, lag)
    at = {unit: n for n, unit in enumerate(units)}
    row = np.array([at[place.country, place.area] for place in series.places], dtype=np.int64)
    rang = np.zeros((len(units), len(days)), dtype=bool)
    known, lasting = np.zeros_like(rang), isinstance(series.rule, QuietRule)
    of_unit, of_place = (series.heard_by([code for code, _area, *_more in there]) for there in (units, series.places))
    for n, (day, verdict) in enumerate(zip(days, verdicts, strict=True)):
        rang[row[verdict.level > 0], n] = True
        known[:, n] = of_unit(day)
        known[row[~verdict.known & of_place(day)], n] = False
        if lasting:
            known[:, n] = False
            known[row[verdict.known & (verdict.value >= series.rule.floor)], n] = True
    target, sure = (whole & (deaths == 0), whole) if lasting else jumps(deaths, whole, at_least)
    month = np.array([Month.of(day) - months[0] for day in days])
    return History(series, verdicts, units, Looks(rang & known, known, month, target, sure, lag, lasting))


def _months(seen: Watched, series: Series, days: list[dt.date], lag: int) -> tuple[Any, list[Month], Any, Any]:
    """Deaths by place and month, (places, months), of a quiet rule events; and which months are covered."""
    rule, quiet = series.rule, isinstance(series.rule, QuietRule)
    alike = rule if quiet else rule.model_copy(update={"actors": ()})
    found = seen.sums(alike, series.countries).to_pydict()
    keys = list(zip(found["country"], found["area"], strict=True))
    units = {*keys, *((place.country, place.area) for place in series.places)}
    units |= {(code, "") for code in series.countries} if rule.by == "country" else set()
    ordered = tuple(sorted(units))
    first, last = Month.of(days[0]) + -BEFORE_MONTHS, Month.of(days[-1]) + lag
    months = [first + n for n in range(last - first + 1)]
    name = "events" if quiet else rule.measure if rule.measure == "deaths_civilians" else "deaths_best"
    at = {unit: n for n, unit in enumerate(ordered)}
    table = np.zeros((len(ordered), len(months)))
    for key, day, number in zip(keys, found["day"], found[name], strict=True):
        column = (day.year - first.year) * 12 + day.month - first.month
        if 0 <= column < len(months):
            table[at[key], column] += np.nan if number is None else number
    spans = series.by_month or series.by_day
    whole = {
        code: np.array([covered(spans.get(code, ()), month.first_day, month.last_day) for month in months])
        for code in series.countries
    }
    covers = np.array([whole[unit[0]] for unit in ordered]).reshape(table.shape)
    return ordered, months, table, covers


def _scores(seen: Watched, history: History) -> list[Line]:
    """A row for a rule, and where it runs over several countries one for each."""
    rule, countries = history.series.rule, history.series.countries
    lines = [_score(seen, rule, "rule", countries, history.score())]
    if len(countries) > 1:
        lines += [_score(seen, rule, "country", (code,), history.score(code)) for code in countries]
    return lines


def _score(seen: Watched, rule: Rule, of: str, countries: tuple[str, ...], score: Score) -> Line:
    broad = rule.model_copy(update={"by": "country", "days": 31})
    first, last = seen.scope.period.start, seen.scope.period.end
    rows = [seen.behind(broad, Place(code, "", ""), first, last) for code in countries]
    country = countries[0] if of == "country" or len(countries) == 1 else None
    values: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
    values |= {"of": of, "rule": rule.called, "country": country} | score.values
    values |= seen.counts(np.concatenate(rows) if rows else np.array([], dtype=np.int64))
    to = {"kinds": rule.violence, "actors": rule.actors, "cells": rule.cells}
    return Line(values, seen.scope.criteria.narrowed(countries=countries, **to))


def _alerts(seen: Watched, history: History, days: list[dt.date]) -> list[Line]:
    """A row for every alert, in order of days."""
    at = {unit: n for n, unit in enumerate(history.units)}
    scored, came = history.looks.scored, history.looks.came
    lines = []
    for n, (day, verdict) in enumerate(zip(days, history.verdicts, strict=True)):
        for one in fired(history.series, verdict, day):
            unit = at[one.place.country, one.place.area]
            lines.append(_alert(seen, one, ("yes" if came[unit, n] else "no") if scored[unit, n] else "open"))
    return lines


def _alert(seen: Watched, one: Fired, came_true: str) -> Line:
    values: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS) | {
        "of": "alert",
        "rule": one.rule.called,
        "country": one.place.country,
        "area": seen.names.get(one.place.area, one.place.area) or None,
        "actor": one.place.actor or None,
        "day": one.day.isoformat(),
        "level": LEVELS[one.level],
        "value": one.value,
        "threshold": one.bar,
        "came_true": came_true,
    }
    return seen.line(values, one)


def _silences(found: list[History], days: list[dt.date]) -> list[Text]:
    """Rules and countries that were never looked at; and from when on the others were."""
    told = []
    for history in found:
        series = history.series
        never = [code for code in series.countries if not any(series.step(code, day) for day in days)]
        if never:
            told.append(silent(series.rule, days[-1], never, ()))
    return told


def _headline(draft: Draft, found: list[History], days: list[dt.date], lines: list[Line]) -> Text:
    if not any(history.looks.known.any() for history in found):
        countries = listing([CountryName(code) for code in draft.scope.params.country])
        return T("Not covered: no rule has what it needs about {countries} as of {day}.", countries=countries,
                 day=days[-1])  # fmt: skip
    opening = T("{where}, {n} looks from {start} to {end}.", where=about(draft.scope), n=len(days), start=days[0],
                end=days[-1])  # fmt: skip
    rows = [n for n, line in enumerate(lines) if line.values["of"] == "rule"]
    return joined([opening, *(score_words(draft, lines[n].values, n) for n in rows)])


def score_words(draft: Any, values: Any, row: int) -> Text:
    """The track record of a rule in one line; `draft` gives numbers their evidence."""
    said: dict[str, Any] = {name: draft.number(values[name], row) for name in ("alerts", "right", "came", "announced")}
    said |= {
        name: draft.number(values[name], row)
        for name in ("precision", "precision_low", "precision_high", "base_rate", "recall")
    }
    said["rule"] = Verbatim(values["rule"])
    if not values["alerts"]:
        return T("{rule}: no alert that can be scored; base rate {base_rate} %.", **_only(said, "rule", "base_rate"))
    if not values["came"]:
        return T("{rule}: {right} of {alerts} alerts came true ({precision} %, base rate {base_rate} %).",
                 **_only(said, "rule", "right", "alerts", "precision", "base_rate"))  # fmt: skip
    return T(
        "{rule}: {right} of {alerts} alerts came true ({precision} %, interval {precision_low} to {precision_high}; "
        "base rate {base_rate} %), {announced} of {came} had been announced ({recall} %).",
        **said,
    )


def _only(said: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: said[name] for name in names}


QUESTION = Question(
    "alert-history",
    T(
        "When each rule of the alerts fired, looked at as of the end of every month (or week, --by week), and how far "
        "one could rely on it. An alert came true where one of the months after it (--lag, 3 where nothing is said) "
        "has more deaths in that place than any of the 12 months before that month, and at least --at-least (10). A "
        "quiet alert came true where none of them has an event; looked at is a place whose months before had as many "
        "events as the rule wants. Precision is the share of alerts that came true, "
        "recall the share of such months with an alert in the months before them, each with its Wilson interval. The "
        "base rate is how often it comes true after any day looked at: a rule with a precision no higher has no skill."
    ),
    "Wilson (1927), doi:10.1080/01621459.1927.10502953",
    ACCEPTS,
    COLUMNS,
    alert_history,
    choices={"by": ("week",)},
    slow=True,
)
