"""`activity-range`: where a group was a side of events in the months before a date, and how that ground has moved."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from harmattan.errors import UsageError
from harmattan.questions.actors import known_id, level_caveats
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.areas import LEVELS
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Draft, Line, about
from harmattan.questions.casualties import DIMENSIONS, IDS
from harmattan.questions.competition import REGION
from harmattan.questions.field import ABOUT_GROUPS, Field, region_caveats
from harmattan.questions.marked import Marked
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.records import months_before
from harmattan.questions.stretches import how_covered
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, Number, T, Text, Verbatim, counted, joined, listing
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Period
from harmattan.vocabulary.schema import LOCATED

ACCEPTS = ("country", "end", "window", "by", "kind", "actor", "level", "region", "source", "event_type", *ALWAYS)
NEEDS: tuple[Dimension, ...] = ("actor", "cell")
BY = ("country", "admin1", "admin2", "region", "cell")
PLACED = {**DIMENSIONS, "region": REGION}
WHOM = (
    AnswerColumn("actor", T("the group, as the publisher writes it, or at another level as the dossier calls it")),
    AnswerColumn("actor_id", T("the dossier's id; empty at the level of names, or where none is known")),
    AnswerColumn("window", T("this: the window that ends on the last day asked about; before: the one before it")),
    AnswerColumn("window_start", T("first day of the window")),
    AnswerColumn("window_end", T("last day of the window")),
)
STATE = AnswerColumn("state", T("held: active there in both windows; new: in this one only; left: in the one before"))
SEEN = (
    AnswerColumn("first_seen", T("first day of the first record in the window")),
    AnswerColumn("last_seen", T("first day of the last record in the window")),
)
RANGE = (
    AnswerColumn("countries", T("countries, of those asked about, in which it was a side of an event")),
    AnswerColumn("regions", T("first-order areas that the publisher names in these; empty where it names none")),
    AnswerColumn("cells", T("half-degree cells in which it was a side of an event")),
    AnswerColumn("area_km2", T("area of these cells, whole cells with their water"), "km2"),
    AnswerColumn("new_cells", T("of these, cells in which it was not active in the window before")),
    AnswerColumn("left_cells", T("cells of the window before in which it was not active any more")),
    AnswerColumn("centre_lat", T("mean centre of the events known to a place or within about 25 km"), "degrees"),
    AnswerColumn("centre_lon", T("mean centre of the events known to a place or within about 25 km"), "degrees"),
    AnswerColumn("drift_km", T("how far the centre lies from that of the window before"), "km"),
    AnswerColumn("drift_bearing", T("in which direction, from there: 0 north, 90 east"), "degrees"),
)
COLUMNS = (*WHOM, *(PLACED[name] for name in BY), *IDS.values(), STATE, *COUNTS, *SEEN, *RANGE, COVERED, RECORDS)


def activity_range(world: World, params: Params) -> Answer:
    """Two rows for each group, this window and the one before; by place one for each place of either."""
    if len(params.by) > 1:
        raise UsageError(T("The places of a range are told apart in one way."), do=T("Say one of them after --by."))
    needs = {*NEEDS, *(("day",) if {"region", *LEVELS} & set(params.by) or params.region else ())}
    end = world.period(params, world.chosen(params), needs).end
    middle = months_before(end, params.window)
    first = months_before(middle, params.window) + dt.timedelta(days=1)
    scope = world.scope(replace(params, start=first), needs=needs)
    draft = Draft("activity-range", scope, ACCEPTS)
    columns = _columns(params.by)
    if not scope.covered:
        return draft.not_covered(columns, world.places(params, needs))
    day = dt.timedelta(days=1)
    ranges = Ranges(
        Field.of(scope, also=("lat", "lon", "violence")),
        {"this": Period(middle + day, end), "before": Period(first, middle)},
    )
    lines = [line for name in ranges.actors for line in ranges.lines(name)]
    caveats = [ABOUT_GROUPS, *region_caveats(scope), *level_caveats(scope), *ranges.imprecise()]
    chart = Chart("cells", y="events") if "cell" in params.by else Chart("bars", x="cells", y="actor")
    headline = _headline(draft, ranges, lines)
    return draft.finish(lines, columns, headline, chart=chart if lines else None, caveats=caveats)


def _columns(by: tuple[str, ...]) -> list[AnswerColumn]:
    if not by:
        return [*WHOM, *COUNTS, *SEEN, *RANGE, COVERED, RECORDS]
    places = [column[by[0]] for column in (PLACED, IDS) if by[0] in column]
    return [*WHOM, *places, STATE, *COUNTS, *SEEN, COVERED, RECORDS]


@dataclass(frozen=True)
class Ranges:
    """The events of two windows, told apart by group and place."""

    field: Field
    windows: dict[str, Period]

    @property
    def scope(self) -> Scope:
        """What was asked about."""
        return self.field.scope

    @cached_property
    def marked(self) -> Marked:
        """The events one by one, in the order of their keys."""
        by = [name for name in LEVELS if name in self.scope.params.by]
        return Marked.of(
            replace(self.scope, rows=self.field.rows), also=("actors_a", "actors_b", "admin1_as_written", *by)
        )

    @cached_property
    def of_actor(self) -> dict[str, list[int]]:
        """The places in `marked` of each party's events."""
        found: dict[str, list[int]] = defaultdict(list)
        sides = (self.marked.table[name].to_pylist() for name in ("actors_a", "actors_b"))
        for at, (one, other) in enumerate(zip(*sides, strict=True)):
            for name in {*(one or ()), *(other or ())}:
                found[name].append(at)
        return found

    @cached_property
    def actors(self) -> list[str]:
        """The actors asked for, else every group, the most active first."""
        asked = list(self.scope.params.actor)
        events = self.marked.array("n_events")
        active = {name: float(events[self.of_actor[name]].sum()) for name in self.field.groups}
        return asked or sorted(active, key=lambda name: (-active[name], name))

    @cached_property
    def located(self) -> Any:
        """Whether each event stands for a place, and so for a cell."""
        stands = np.isin(self.marked.array("where_precision"), LOCATED)
        return stands & ~np.isnan(self.marked.array("cell"))

    def within(self, name: str, window: str) -> Any:
        """The places in `marked` of an actor's events in a window."""
        at = np.array(self.of_actor.get(name, ()), dtype=int)
        days, span = self.marked.array("date_start")[at], self.windows[window]
        return at[(days >= np.datetime64(span.start)) & (days <= np.datetime64(span.end))]

    def covered(self, window: str) -> str:
        """Whether the countries asked about are covered in a window."""
        return how_covered(self.scope, self.scope.params.country, self.windows[window])

    def lines(self, name: str) -> list[Line]:
        """The rows of an actor."""
        by = self.scope.params.by
        return self._parts(name, by[0]) if by else [self._whole(name, window) for window in self.windows]

    def cells(self, at: Any) -> set[int]:
        """The cells of some events that stand for a place."""
        return {int(cell) for cell in self.marked.array("cell")[at[self.located[at]]]}

    def centre(self, at: Any) -> tuple[float, float] | None:
        """The mean centre of some events, as far as they are placed well enough."""
        from harmattan.places.sphere import middle

        at = at[self.marked.placed[at]]
        found = middle(self.marked.lat[at], self.marked.lon[at], self.marked.array("n_events")[at])
        return None if found is None else (round(found[0], 2), round(found[1], 2))

    def _whole(self, name: str, window: str) -> Line:
        at, covered = self.within(name, window), self.covered(window)
        values = self._base(name, window, at) | {"covered": covered}
        if covered == "no":
            return self.marked.line(values | {c.name: None for c in RANGE}, at)
        cells = self.cells(at)
        countries = sorted(set(self.marked.array("iso3")[at]))
        regions = len({region for region in self.marked.array("admin1_as_written")[at] if region})
        values |= {"countries": ", ".join(countries), "regions": regions or None, "cells": len(cells)}
        values |= {"area_km2": self._km2(cells)} | self._moved(name, window, at, cells)
        return self.marked.line(values, at)

    def _km2(self, cells: set[int]) -> int:
        from harmattan.places.sphere import cells_km2

        return round(float(cells_km2(np.array(sorted(cells), dtype=int)).sum()))

    def _moved(self, name: str, window: str, at: Any, cells: set[int]) -> dict[str, Any]:
        """The centre, and what is told against the window before."""
        from harmattan.places.sphere import bearing, distance_km

        lat, lon = (here := self.centre(at)) or (None, None)
        values: dict[str, Any] = {"centre_lat": lat, "centre_lon": lon, "drift_km": None, "drift_bearing": None}
        if window == "before" or self.covered("before") != "yes":
            return values | {"new_cells": None, "left_cells": None}
        then = self.within(name, "before")
        old, start = self.cells(then), self.centre(then)
        values |= {"new_cells": len(cells - old), "left_cells": len(old - cells)}
        if here is None or start is None:
            return values
        km = float(distance_km(*(np.array([degrees]) for degrees in (*start, *here)))[0])
        return values | {"drift_km": round(km), "drift_bearing": round(bearing(*start, *here)) % 360 if km else None}

    def _parts(self, name: str, by: str) -> list[Line]:
        """One row for each place of either window; it rests on the events of this one, or of the one before if left."""
        now, then = (self._by_place(self.within(name, window), by) for window in ("this", "before"))
        known = self.covered("before") == "yes"
        lines = []
        for place in sorted({*now, *then}, key=lambda place: (place is None, place)):
            window = "this" if place in now else "before"
            at = np.array(now.get(place) or then[place], dtype=int)
            state = "left" if place not in now else "held" if place in then else "new" if known else None
            values = self._base(name, window, at) | {by: place, "state": state, "covered": self.covered(window)}
            if by in LEVELS and self.scope.laid is not None:
                values |= {by: self.scope.laid.names.get(place), f"{by}_id": place}
            lines.append(self.marked.line(values, at))
        return lines

    def _by_place(self, at: Any, by: str) -> dict[Any, list[int]]:
        column = {"country": "iso3", "region": "admin1_as_written"}.get(by, by)
        found: dict[Any, list[int]] = defaultdict(list)
        values = self.marked.table[column].take(at).to_pylist()
        for n, value in zip(at.tolist(), values, strict=True):
            found[value if by != "cell" or self.located[n] else None].append(n)
        return found

    def _base(self, name: str, window: str, at: Any) -> dict[str, Any]:
        span, days = self.windows[window], self.marked.array("date_start")[at]
        values: dict[str, Any] = {"actor": self.field.called(name), "actor_id": known_id(self.field.book, name)}
        values |= {"window": window, "window_start": span.start.isoformat(), "window_end": span.end.isoformat()}
        told = self.covered(window) != "no"
        values |= {c.name: self._sum(c.name, at) if told else None for c in COUNTS}
        ends = (str(days.min()), str(days.max())) if len(days) else (None, None)
        return values | dict(zip((column.name for column in SEEN), ends, strict=True))

    def _sum(self, name: str, at: Any) -> int | None:
        numbers = self.marked.array("n_events" if name == "events" else name)[at]
        return None if np.isnan(numbers).any() else int(numbers.sum())

    def imprecise(self) -> list[Text]:
        """How many events could not be put into a cell or into the centre."""
        used = np.array(sorted({n for name in self.actors for n in self.of_actor.get(name, ())}), dtype=int)
        events = self.marked.array("n_events")
        out = int(events[used[~self.located[used]]].sum())
        far = int(events[used[~self.marked.placed[used]]].sum())
        said = []
        if out:
            said.append(T("In the counts and in no cell: {events} coded to a larger area or to none.",
                          events=counted(out, "{n} event", "{n} events")))  # fmt: skip
        if far:
            said.append(T("In the counts and not in the centres: {events} known to an area only.",
                          events=counted(far, "{n} event", "{n} events")))  # fmt: skip
        if self.marked.of_cell[used].any():
            said.append(T("Where a release has cells only, the middle of the cell stands for the place of its events, "
                          "and the first of the month for their day."))  # fmt: skip
        return said


def _headline(draft: Draft, ranges: Ranges, lines: Sequence[Line]) -> Text:
    span = ranges.windows["this"]
    said: dict[str, Any] = {"where": about(draft.scope), "start": span.start, "end": span.end}
    if not lines or draft.scope.params.by:
        rows = counted(Number(len(lines), draft.id), "{n} place", "{n} places")
        return T(
            "{where}, {start} to {end} and the window before: {places} in the ranges of groups.", places=rows, **said
        )
    told = [(n, line.values) for n, line in enumerate(lines) if line.values["window"] == "this"]
    return joined([_sentence(draft, ranges, n, values, said) for n, values in told[:3]])


def _sentence(draft: Draft, ranges: Ranges, n: int, values: dict[str, Any], said: dict[str, Any]) -> Text:
    who = values["actor"]
    said = {name: said[name] for name in ("start", "end")} | {"who": Verbatim(who) if isinstance(who, str) else who}
    if values["covered"] == "no":
        return T("{who}, {start} to {end}: not covered.", **said)
    if not values["events"]:
        return T("{who}, {start} to {end}: a side of no event.", **said)
    said |= {
        "cells": counted(draft.number(values["cells"], n), "{n} cell", "{n} cells"),
        "countries": listing([CountryName(code) for code in values["countries"].split(", ")]),
        "events": counted(draft.number(values["events"], n), "{n} event", "{n} events"),
    }
    if values["new_cells"] is None:
        return T("{who}, {start} to {end}: a side of {events} in {cells} of {countries}.", **said)
    said |= {"new": draft.number(values["new_cells"], n), "left": draft.number(values["left_cells"], n)}
    if values["drift_km"] is None:
        return T(
            "{who}, {start} to {end}: a side of {events} in {cells} of {countries}; {new} new, {left} left.", **said
        )
    return T(
        "{who}, {start} to {end}: a side of {events} in {cells} of {countries}; {new} new, {left} left; the centre "
        "moved by {km} km.",
        km=draft.number(values["drift_km"], n),
        **said,
    )


QUESTION = Question(
    "activity-range",
    T(
        "The range of a group as of a date: the cells, countries and areas in which it was a side of an event in the "
        "window of months that ends then, and against the window before: cells new and left, and how far the mean "
        "centre of its events moved. The centre is the mean of the events' places as points on the sphere, each "
        "weighed by its events; the area is that of the cells. An absence of events is no absence of the group."
    ),
    "Beardsley, Gleditsch & Lo (2015), doi:10.1111/isqu.12196",
    ACCEPTS,
    COLUMNS,
    activity_range,
    choices={"by": BY},
)
