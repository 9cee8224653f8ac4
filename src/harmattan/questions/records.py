"""`records`: is this window the deadliest there has been, and how does it rank among all windows?"""

from __future__ import annotations

import calendar
import datetime as dt
from bisect import bisect_right, insort
from dataclasses import replace
from typing import Any

import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.lake.measured import rows_by
from harmattan.measures.events import windows
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, Number, T, Text, joined
from harmattan.vocabulary.period import Month, Period

ACCEPTS = ("country", "since", "end", "window", "measure", "kind", "actor", "source", "event_type", *ALWAYS)
COLUMNS = (
    AnswerColumn("country", T("country the events happened in"), "ISO 3166 alpha-3"),
    AnswerColumn("window_start", T("first day of the window")),
    AnswerColumn("window_end", T("last day of the window: the end of a month, or the as-of date")),
    *COUNTS,
    AnswerColumn("rank", T("rank of the window by the measure among all windows of the country, 1 the highest")),
    AnswerColumn("rank_so_far", T("rank among the windows that had ended by then")),
    AnswerColumn("is_record", T("whether it was the highest, alone, among the windows that had ended by then")),
    RECORDS,
)


def records(world: World, params: Params) -> Answer:
    """Every window of the given length that ends at a month's end or on the last day, the latest first."""
    if params.since is not None and params.since <= world.period(params, world.chosen(params), ()).end:
        first_end = Month.of(params.since).last_day
        params = replace(params, start=months_before(first_end, params.window) + dt.timedelta(days=1))
    scope = world.scope(params)
    draft = Draft("records", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params))
    lines: list[Line] = []
    headlines: list[Text] = []
    caveats: list[Text] = []
    spans = {country: _spans(scope, country, params) for country in params.country}
    counts = _counts(scope, spans)
    for country in params.country:
        if not spans[country]:
            caveats.append(
                T(
                    "{country}: no window of {n} months lies within what is covered.",
                    country=CountryName(country),
                    n=params.window,
                )
            )
            continue
        rows = _ranked(counts[country], params.measure)[::-1]
        first_line = len(lines)
        lines += [_line(row, country, scope) for row in rows]
        headlines.append(_sentence(draft, rows, first_line, country, params))
    if not lines:
        return draft.finish((), COLUMNS, T("There is no such window in what is covered."), caveats=caveats)
    chart = Chart("windows", x="window_end", y=params.measure, series="country")
    return draft.finish(lines, COLUMNS, joined(headlines), chart=chart, caveats=caveats)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of the month some months earlier; the month's last day where it is shorter.

    >>> months_before(dt.date(2022, 10, 15), 12)
    datetime.date(2021, 10, 15)
    """
    month = Month.of(day) + -months
    if day == Month.of(day).last_day:
        return month.last_day
    return month.first_day.replace(day=min(day.day, calendar.monthrange(month.year, month.month)[1]))


def _spans(scope: Scope, country: str, params: Params) -> list[Period]:
    """The windows that are covered to the day, in order of their end."""
    spoken = scope.selection.spoken(country)
    if not spoken:
        return []
    since = params.since or spoken[0].start
    last = max(period.end for period in spoken)
    if since > last:
        raise UsageError(T("{since} is after the last day covered, {last}.", since=since, last=last))
    ends = [
        month.last_day for month in Period(max(since, spoken[0].start), last).each_month() if month.last_day <= last
    ]
    if last not in ends:
        ends.append(last)
    spans = [Period(months_before(end, params.window) + dt.timedelta(days=1), end) for end in ends]
    return [span for span in spans if scope.selection.covered(country, span)]


def _counts(scope: Scope, spans: dict[str, list[Period]]) -> dict[str, list[dict[str, Any]]]:
    """Events and deaths in the windows of each country, in order of their end; asked at once."""
    asked = [(country, span.start, span.end) for country, of_country in spans.items() for span in of_country]
    names = ("country", "window_start", "window_end")
    types = (pa.string(), pa.date32(), pa.date32())
    columns = zip(*asked, strict=True) if asked else ((), (), ())
    ends = pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], names=names)
    found: dict[str, list[dict[str, Any]]] = {country: [] for country in spans}
    for row in rows_by(_in_order, scope.rows, ends).to_pylist():
        found[row["country"]].append(row)
    return found


def _in_order(events: Any, ends: Any) -> Any:
    return windows(events, ends).order_by("country", "window_end")


def _ranked(rows: list[dict[str, Any]], measure: str) -> list[dict[str, Any]]:
    """The windows with their ranks; one whose records lack the measure has none and ranks no other."""
    known = [row for row in rows if row[measure] is not None]
    of_all, so_far = sorted(row[measure] for row in known), list[int]()
    for row in rows:
        row.update(dict.fromkeys(("rank", "rank_so_far", "is_record")))
    for row in known:
        value = row[measure]
        row["rank"] = 1 + len(of_all) - bisect_right(of_all, value)
        row["rank_so_far"] = 1 + len(so_far) - bisect_right(so_far, value)
        row["is_record"] = value > 0 and (not so_far or so_far[-1] < value)
        insort(so_far, value)
    return rows


def _line(row: dict[str, Any], country: str, scope: Scope) -> Line:
    values = {"country": country} | {column.name: row[column.name] for column in COLUMNS[1:]}
    for name in ("window_start", "window_end"):
        values[name] = values[name].isoformat()
    return Line(values, scope.criteria.narrowed(countries=(country,), start=row["window_start"], end=row["window_end"]))


def _sentence(draft: Draft, rows: list[dict[str, Any]], first_line: int, country: str, params: Params) -> Text:
    last = rows[0]
    this, whole = f"{draft.id}.{first_line + 1}", draft.id
    said: dict[str, Any] = {
        "country": about(draft.scope, (country,)),
        "n": params.window,
        "end": last["window_end"],
        "value": Number(last[params.measure], this),
        "measure": MEASURE_WORDS[params.measure],
        "windows": Number(sum(row["rank"] is not None for row in rows), whole),
        "first": rows[-1]["window_end"],
    }
    if params.measure == "deaths_best" and not draft.scope.criteria.event_types:
        said["measure"] = T(
            "deaths (low {low}, high {high})",
            low=Number(last["deaths_low"], this),
            high=Number(last["deaths_high"], this),
        )
    if last["rank"] is None:
        return T(
            "{country}: the source does not say how many {what} there were in all of the {n} months to {end}.",
            what=MEASURE_WORDS[params.measure],
            **said,
        )
    if last["is_record"]:
        return T(
            "{country}: the {n} months to {end} had {value} {measure}, the highest of all {windows} such windows "
            "that ended since {first}.",
            **said,
        )
    if last["rank"] == 1:
        return T(
            "{country}: the {n} months to {end} had {value} {measure}, as many as the highest of the {windows} "
            "such windows that ended since {first}.",
            **said,
        )
    top = max(range(len(rows)), key=lambda n: rows[n][params.measure] or 0)
    return T(
        "{country}: the {n} months to {end} had {value} {measure}, rank {rank} of the {windows} such windows that "
        "ended since {first}; the highest were the {n} months to {top_end} with {top_value}.",
        rank=Number(last["rank"], whole),
        top_end=rows[top]["window_end"],
        top_value=Number(rows[top][params.measure], f"{draft.id}.{first_line + top + 1}"),
        **said,
    )


MEASURE_WORDS: dict[str, Text] = {
    "deaths_best": T("deaths"),
    "deaths_civilians": T("civilians killed"),
    "events": T("events"),
}
