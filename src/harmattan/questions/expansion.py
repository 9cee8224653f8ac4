"""`expansion`: where a group is first seen, and how its range grew, in cells, distances and directions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.errors import UsageError
from harmattan.lake.measured import rows_by
from harmattan.measures.events import parties
from harmattan.measures.spread import first_records
from harmattan.places.spread import Step, direction, step
from harmattan.questions.actors import known_id, level_caveats, party
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line, about
from harmattan.questions.groups import groups
from harmattan.questions.marked import PRECISE
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.stretches import how_covered
from harmattan.questions.words import in_words
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, T, Text, Verbatim, counted, joined, msg
from harmattan.vocabulary.cell import middle
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Period
from harmattan.vocabulary.schema import DATE_PRECISION, EVENTS

Array = npt.NDArray[Any]

ACCEPTS = ("country", "start", "end", "by", "actor", "level", "kind", "source", "event_type", *ALWAYS)
BY = ("country", "admin1", "cell", "month", "half_year", "year")
TIMES = ("month", "half_year", "year")
PLACES = {"country": "iso3", "admin1": "admin1", "cell": "cell"}
COLUMNS = (
    AnswerColumn("actor", T("the group, as the publisher writes it; at another level as the dossier calls it")),
    AnswerColumn("actor_id", T("the dossier's id of the group; empty at the level of names, or where none is known")),
    AnswerColumn("country", T("country of the first event there"), "ISO 3166 alpha-3"),
    AnswerColumn("admin1", T("first-order area, where rows are by area")),
    AnswerColumn("admin1_id", T("the area's division, level and code, by the boundaries used")),
    AnswerColumn("cell", T("half-degree cell, where rows are by cell"), "PRIO-GRID gid"),
    AnswerColumn("period", T("the month, half-year or year in which cells are new, where rows are by time")),
    AnswerColumn("first", T("first day on which the group is seen there; a month where the source gives months")),
    AnswerColumn("first_known_to", T("how well that date is known: day, days, week, month or longer")),
    AnswerColumn("new_cells", T("cells in which the group was never seen before"), "cells"),
    AnswerColumn("cells_before", T("cells in which it had been seen on earlier days"), "cells"),
    AnswerColumn("centre_lat", T("middle of those earlier cells, each counted once"), "degrees, WGS 84"),
    AnswerColumn("centre_lon", T("middle of those earlier cells, each counted once"), "degrees, WGS 84"),
    AnswerColumn("km_from_centre", T("from that middle to the new cell, or to the middle of the new cells"), "km"),
    AnswerColumn("bearing", T("direction of that, clockwise from north"), "degrees"),
    AnswerColumn("direction", T("the same as a point of the compass")),
    AnswerColumn("farthest_km", T("from that middle to the farthest of the new cells"), "km"),
    AnswerColumn("nearest_km", T("from a new cell to the nearest earlier one, middle to middle; of several the median"),
                 "km"),
    AnswerColumn("nearest_cell", T("that earlier cell, where rows are by cell"), "PRIO-GRID gid"),
    *COUNTS,
    COVERED,
    RECORDS,
)  # fmt: skip


@dataclass(frozen=True)
class _First:
    """A group's first records in one place."""

    party: str
    place: Any
    day: dt.date
    records: tuple[dict[str, Any], ...]


def expansion(world: World, params: Params) -> Answer:
    """The first events of a group by place, or the cells that are new to it by time."""
    by = params.by or ("country",)
    if len(by) > 1:
        raise UsageError(T("Rows can be by one of {by} at a time.", by=Verbatim(", ".join(BY))),
                         do=T("Ask once for each."))  # fmt: skip
    time, place = (by[0], "cell") if by[0] in TIMES else (None, by[0])
    needs: tuple[Dimension, ...] = ("actor", "day", "cell") if place == "admin1" else ("actor", "cell")
    scope = world.scope(replace(params, by=("admin1",) if place == "admin1" else ()), needs=needs)
    scope = replace(scope, params=replace(scope.params, by=params.by))
    draft = Draft("expansion", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, needs))
    who = scope.params.actor or _most_active(scope)
    firsts = _firsts(scope, who, place)
    by_party = [[first for first in firsts if first.party == one] for one in who]
    lines = [line for own in by_party if own
             for line in (_by_time(scope, own, time) if time else _by_place(scope, own, place))]  # fmt: skip
    chart = Chart("cells", y="first") if place == "cell" and not time else Chart("bars", x="new_cells", y="period")
    caveats = [*_caveats(scope, params, place, firsts), *level_caveats(scope)]
    return draft.finish(lines, COLUMNS, _headline(draft, scope, who, lines, time), chart=chart, caveats=caveats)


def _most_active(scope: Scope) -> tuple[str, ...]:
    """The group with the most events, where none is named."""
    book = scope.told.book if scope.told else None
    found = rows_by(parties, scope.rows).to_pylist()
    total: dict[str, int] = {}
    for row in found:
        total[row["actor"]] = total.get(row["actor"], 0) + row["events"]
    known = sorted(groups(total, book), key=lambda name: (-total[name], name))
    return tuple(known[:1])


def _firsts(scope: Scope, who: tuple[str, ...], place: str) -> list[_First]:
    rows = scope.rows.filter(scope.rows.where_precision.isin(list(PRECISE))) if place == "cell" else scope.rows
    found: dict[tuple[str, Any], list[dict[str, Any]]] = {}
    for row in rows_by(first_records, rows, parties=who, place=PLACES[place]).to_pylist() if who else ():
        found.setdefault((row["party"], row["place"]), []).append(row)
    made = [
        _First(one, at, own[0]["date_start"], tuple(sorted(own, key=lambda row: (row["release"], row["event_id"]))))
        for (one, at), own in found.items()
    ]
    return sorted(made, key=lambda first: (first.party, first.day, str(first.place)))


def _by_place(scope: Scope, firsts: list[_First], place: str) -> Iterator[Line]:
    """One row a place, the earliest first; of cells also how far they lie from those before."""
    names = scope.laid.names if scope.laid else {}
    lat, lon = _middles(firsts) if place == "cell" else (np.array([]), np.array([]))
    days = np.array([first.day for first in firsts], dtype="datetime64[D]")
    for at, first in enumerate(firsts):
        known = step(lat, lon, np.array([at]), np.flatnonzero(days < days[at])) if place == "cell" else None
        records = first.records
        values: dict[str, Any] = {"country": records[0]["iso3"], "cell": first.place if place == "cell" else None}
        values |= {"admin1": names.get(first.place), "admin1_id": first.place} if place == "admin1" else {}
        values |= _dated(first)
        if known is not None:
            values |= _grown(known) | {"new_cells": 1, "farthest_km": None}
            values["nearest_cell"] = None if known.nearest is None else firsts[known.nearest].place
        yield _line(scope, first.party, values, records, "yes")


def _by_time(scope: Scope, firsts: list[_First], time: str) -> Iterator[Line]:
    """One row a stretch of time from the group's first cell on."""
    lat, lon = _middles(firsts)
    days = np.array([first.day for first in firsts], dtype="datetime64[D]")
    for label, period in _stretches(Period(firsts[0].day, scope.period.end), time).items():
        start, end = np.datetime64(period.start), np.datetime64(period.end)
        new = np.flatnonzero((days >= start) & (days <= end))
        state = how_covered(scope, scope.params.country, period.meet(scope.period) or period)
        values = _grown(step(lat, lon, new, np.flatnonzero(days < start))) | {"period": label, "new_cells": len(new)}
        values |= {"new_cells": None} if state == "no" else {}
        records = tuple(record for at in new for record in firsts[at].records)
        yield _line(scope, firsts[0].party, values, records, state)


def _stretches(asked: Period, time: str) -> dict[str, Period]:
    found: dict[str, Period] = {}
    for month in asked.each_month():
        half = 1 if month.month <= 6 else 2
        label = {"month": str(month), "half_year": f"{month.year:04d}-H{half}", "year": f"{month.year:04d}"}[time]
        whole = Period.months(month, month)
        found[label] = Period(found[label].start if label in found else whole.start, whole.end)
    return found


def _middles(firsts: list[_First]) -> tuple[Array, Array]:
    return middle(np.array([first.place for first in firsts], dtype=int))


def _dated(first: _First) -> dict[str, Any]:
    """The first day, as well as it is known: of several records of that day the best known."""
    known = {record["date_precision"] for record in first.records}
    best = next((name for name in DATE_PRECISION if name in known), "unknown")
    return {"first": str(first.day)[:7] if best == "month" else str(first.day), "first_known_to": best}


def _grown(known: Step) -> dict[str, Any]:
    def rounded(value: float | None, digits: int = 0) -> float | None:
        return None if value is None else round(value, digits)

    return {
        "cells_before": known.before,
        "centre_lat": None if known.middle is None else rounded(known.middle[0], 2),
        "centre_lon": None if known.middle is None else rounded(known.middle[1], 2),
        "km_from_centre": rounded(known.km),
        "bearing": rounded(known.bearing),
        "direction": None if known.bearing is None else direction(known.bearing),
        "farthest_km": rounded(known.farthest_km),
        "nearest_km": rounded(known.nearest_km),
    }


def _line(scope: Scope, who: str, values: dict[str, Any], records: tuple[dict[str, Any], ...], state: str) -> Line:
    book = scope.told.book if scope.told else None
    whole: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
    whole |= {"actor": party(book, who), "actor_id": known_id(book, who)} | values | {"covered": state}
    for column, name in zip(COUNTS, ("n_events", *(c.name for c in COUNTS[1:])), strict=True):
        said = [record[name] for record in records]
        whole[column.name] = None if None in said or state == "no" else sum(said)
    keys = tuple(f"{record['release']}:{record['event_id']}" for record in records)
    criteria = scope.criteria.model_copy(update={"table": EVENTS.name, "keys": keys})
    return Line(whole | {"records": len(keys)}, criteria)


def _headline(draft: Draft, scope: Scope, who: tuple[str, ...], lines: list[Line], time: str | None) -> Text:
    said: dict[str, Any] = {"where": about(replace(scope, params=replace(scope.params, actor=()))),
                            "start": scope.period.start, "end": scope.period.end}  # fmt: skip
    if not who or not lines:
        return T("{where}, {start} to {end}: no group is seen.", **said)
    said["group"] = lines[0].values["actor"] if scope.told else Verbatim(who[0])
    own = [(n, line.values) for n, line in enumerate(lines) if line.values["actor"] == lines[0].values["actor"]]
    if time:
        new = sum(values["new_cells"] or 0 for _n, values in own)
        cells = counted(draft.number(new), "{n} cell", "{n} cells")
        return T("{where}, {start} to {end}: {group} is seen in {cells}.", cells=cells, **said)
    if own[0][1]["cell"] is not None or own[0][1]["admin1_id"] is not None:
        places = counted(draft.number(len(own)), "{n} place", "{n} places")
        return T("{where}, {start} to {end}: {group} is seen in {places}, first in {country} ({day}).", places=places,
                 country=CountryName(own[0][1]["country"]), day=in_words(own[0][1]["first"]), **said)  # fmt: skip
    parts = [T("{country} ({day})", country=CountryName(values["country"]), day=in_words(values["first"]))
             for _n, values in own]  # fmt: skip
    all_ = joined(parts, msg("{first}, {second}"))
    return T("{where}, {start} to {end}: {group} is first seen in {places}.", places=all_, **said)


def _caveats(scope: Scope, params: Params, place: str, firsts: list[_First]) -> list[Text]:
    said = [T("First seen means: the first event that the source has. A group may have been there before, and its name "
              "may be younger than those who fight under it.")]  # fmt: skip
    if any(held.release.status == "figures" for held in scope.selection.holds):
        said.append(T("Figures by month give the first month and no day; within a month nothing is earlier."))
    if params.start is not None:
        said.append(T("Only events since {day} were looked at: what is first there may have had forerunners.",
                      day=params.start))  # fmt: skip
    if place == "cell":
        said.append(T("Cells are those of events coded to the place or within about 25 km of it; events coded to a "
                      "district, a region or a country open no cell."))  # fmt: skip
    if not params.actor and firsts:
        said.append(T("No group was named: this is the one with the most events."))
    return said


QUESTION = Question(
    "expansion",
    T(
        "Where and when a group is first seen, by country, first-order area or cell, and how its range grew by month, "
        "half-year or year: the cells that are new to it, how far and in which direction they lie from the middle of "
        "the cells in which it had been seen before (the mean of unit vectors, each cell once; the first bearing of "
        "the great circle), and how far from the nearest of those. A row rests on the events of the first day "
        "in each place."
    ),
    None,
    ACCEPTS,
    COLUMNS,
    expansion,
    choices={"by": BY},
)
