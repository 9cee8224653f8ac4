"""`casualties`: events and deaths, by whatever they can be told apart."""

from __future__ import annotations

from typing import Any, cast

from harmattan.lake.measured import rows_by
from harmattan.measures.events import By, totals
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.areas import LEVELS
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line, about
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.stretches import TIMES, how_covered, time_of
from harmattan.questions.world import Scope, World
from harmattan.text import Number, T, Text, Value, counted
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Period, parse_from, parse_to

ACCEPTS = ("country", "start", "end", "by", "kind", "actor", "dyad", "cell", "source", "event_type", *ALWAYS)
PERIOD = AnswerColumn("period", T("the month or year, or the first and last day"))
DIMENSIONS = {
    "country": AnswerColumn("country", T("country the events happened in"), "ISO 3166 alpha-3"),
    "admin1": AnswerColumn("admin1", T("first-order area that holds the events' points; empty: in none")),
    "admin2": AnswerColumn("admin2", T("second-order area that holds the events' points; empty: in none")),
    "cell": AnswerColumn(
        "cell", T("half-degree cell; empty: coded to a region or country, not to a place"), "PRIO-GRID gid"
    ),
    "kind": AnswerColumn(
        "kind", T("state_based, non_state or one_sided violence; empty where the source does not say")
    ),
    "dyad": AnswerColumn("dyad", T("pair of actors, as the publisher writes it; empty where the source does not say")),
    "actor": AnswerColumn("actor", T("party on either side, as the publisher writes it")),
}
IDS = {
    level: AnswerColumn(f"{level}_id", T("the area's division, level and code, by the boundaries used"))
    for level in LEVELS
}
COLUMNS = (PERIOD, *DIMENSIONS.values(), *IDS.values(), *COUNTS, COVERED, RECORDS)
"""Every column there can be; of the dimensions an answer has those its rows are told apart by."""


def casualties(world: World, params: Params) -> Answer:
    """Events and deaths of the countries and days asked about."""
    by = params.by or ("year",)
    time_of(by)
    detail = {"cell", "kind", "dyad", "actor"} & set(by) | ({"day", "cell"} if set(LEVELS) & set(by) else set())
    scope = world.scope(params, needs=cast(set[Dimension], detail))
    draft = Draft("casualties", scope, ACCEPTS)
    told_apart = [column[name] for name in by for column in (DIMENSIONS, IDS) if name in column]
    columns = [PERIOD, *told_apart, *COUNTS, COVERED, RECORDS]
    if not scope.covered:
        return draft.not_covered(columns, world.places(params, cast(set[Dimension], detail)))
    found = rows_by(totals, scope.rows, by=cast(tuple[By, ...], by)).to_pylist()
    if "actor" in by and params.actor:
        found = [row for row in found if row["actor"] in params.actor]
    if set(by) <= {*TIMES, "country"}:
        found = _complete(found, by, scope)
    lines = sorted((_line(row, by, scope) for row in found), key=_order)
    caveats = [text for name, text in _ABOUT.items() if name in by]
    return draft.finish(lines, columns, _headline(draft, scope), chart=_chart(by), caveats=caveats)


_ABOUT: dict[str, Text] = {
    "actor": T(
        "An event counts once for each named party, so the rows add up to more than the total; civilians are "
        "no party. A name such as XXX436 is the publisher's code for an unidentified actor of the state with "
        "that Gleditsch-Ward number."
    ),
    "cell": T(
        "Only events coded to a place (exact, within about 25 km, or a second-order unit) are counted in a "
        "cell; the row without a cell has the others."
    ),
}


def _complete(found: list[dict[str, Any]], by: tuple[str, ...], scope: Scope) -> list[dict[str, Any]]:
    """Adds the rows that no record fell into: zero where covered, empty where not."""
    time = time_of(by)
    periods = (
        [None]
        if time is None
        else sorted({str(month) if time == "month" else f"{month.year:04d}" for month in scope.period.each_month()})
    )
    countries = scope.params.country if "country" in by else (None,)
    there = {(row.get(time or ""), row.get("country")): row for row in found}
    rows = []
    for period in periods:
        for country in countries:
            key = {time: period} if time else {}
            key |= {"country": country} if country else {}
            zero = dict.fromkeys(("events", *(c.name for c in COUNTS), "records"), 0)
            rows.append(there.get((period, country)) or (key | zero))
    return rows


def _line(row: dict[str, Any], by: tuple[str, ...], scope: Scope) -> Line:
    period, label = _span(row, by, scope.period)
    countries = (row["country"],) if "country" in by else scope.params.country
    covered = how_covered(scope, countries, period)
    counts = {c.name: row[c.name] if covered != "no" else None for c in COUNTS}
    values = {
        "period": label,
        **{name: row[name] for name in by if name in DIMENSIONS},
        **_areas(row, by, scope),
        **counts,
        "covered": covered,
        "records": row["records"],
    }
    return Line(values, _narrow(scope.criteria, row, by, period, countries))


def _areas(row: dict[str, Any], by: tuple[str, ...], scope: Scope) -> dict[str, Any]:
    """Name and id of the areas of a row."""
    names = scope.laid.names if scope.laid else {}
    asked = [level for level in LEVELS if level in by]
    return {level: names.get(row[level]) for level in asked} | {f"{level}_id": row[level] for level in asked}


def _narrow(
    criteria: Criteria, row: dict[str, Any], by: tuple[str, ...], period: Period, countries: tuple[str, ...]
) -> Criteria:
    to: dict[str, Any] = {"start": period.start, "end": period.end, "countries": countries}
    if "cell" in by:
        to |= {"located": False} if row["cell"] is None else {"cells": (row["cell"],)}
    for name, field, column in _SAID:
        if name in by and row[name] is not None:
            to[field] = (row[name],)
        elif name in by:
            to["unsaid"] = (*to.get("unsaid", ()), column)
    return criteria.narrowed(**to)


_SAID = (("kind", "kinds", "violence"), ("dyad", "dyads", "dyad"), ("actor", "actors", "actor"),
         ("admin1", "admin1", "admin1"), ("admin2", "admin2", "admin2"))  # fmt: skip
"""What rows are told apart by, the field of the criteria, and the column that may be empty."""


def _span(row: dict[str, Any], by: tuple[str, ...], asked: Period) -> tuple[Period, str]:
    time = time_of(by)
    if time is None:
        return asked, str(asked)
    label = str(row[time])
    whole = Period(parse_from(label), parse_to(label))
    return whole.meet(asked) or whole, label


def _order(line: Line) -> tuple[str, str, int, str]:
    values = line.values
    names = "|".join(str(values[name]) for name in DIMENSIONS if name in values)
    return values["period"], values.get("country", ""), -(values["deaths_best"] or 0), names


def _headline(draft: Draft, scope: Scope) -> Text:
    row = rows_by(totals, scope.rows).to_pylist()[0]
    numbers: dict[str, Value] = {
        name: Number(row[name], draft.id) for name in ("deaths_low", "deaths_high", "deaths_civilians")
    }
    numbers["events"] = counted(Number(row["events"], draft.id), "{n} event", "{n} events")
    numbers["deaths"] = counted(Number(row["deaths_best"], draft.id), "{n} death", "{n} deaths")
    where = about(scope)
    if scope.criteria.event_types:
        said = {"events": numbers["events"], "deaths": numbers["deaths"], "start": scope.period.start}
        return T("{where}, {start} to {end}: {events} with {deaths}.", where=where, end=scope.period.end, **said)
    return T(
        "{where}, {start} to {end}: {events} with {deaths} (low {deaths_low}, high {deaths_high}); "
        "civilians among the dead: {deaths_civilians}.",
        where=where,
        start=scope.period.start,
        end=scope.period.end,
        **numbers,
    )


def _chart(by: tuple[str, ...]) -> Chart:
    if "cell" in by:
        return Chart("cells", y="deaths_best")
    if any(time in by for time in TIMES):
        series = next((name for name in by if name not in TIMES), "")
        return Chart("trend", x="period", y="deaths_best", low="deaths_low", high="deaths_high", series=series)
    series = next(iter(by))
    return Chart("bars", x="deaths_best", y=series, low="deaths_low", high="deaths_high")
