"""The outcome of a design on places: discs around bases that a force left, and around places that it did not leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.effect.outcome import Outcome
from harmattan.places.sphere import distance_km
from harmattan.questions.bases import SITE_KM, Base, apart
from harmattan.questions.closings import Closing, Sites, closings, closings_of
from harmattan.questions.marked import Array, Marked
from harmattan.questions.panels import cell_table, countries_of_cells
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import nearest
from harmattan.questions.reach import Pairs, month_of
from harmattan.questions.stations import Stations, stations
from harmattan.questions.world import Scope, World
from harmattan.text import T, Verbatim, counted, listing
from harmattan.vocabulary.cell import middle
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Month, Period

NEEDS: tuple[Dimension, ...] = ("cell",)
KM = 50.0
"""The distance, where none is said."""
RADII = (25.0, 50.0, 100.0)
"""The distances that the estimate is held against."""
BEFORE = 24
"""Months before a place was left, where nothing is said."""
MATCHES = 3
"""So many matched places are looked for beside each place that was left."""
ALIKE = 3.0
"""A matched place had, with 1 added, at least this part and at most this multiple of what the left one had."""
Role = Literal["left", "stayed", "matched"]


@dataclass(frozen=True)
class Place:
    """A disc: a place that a force left, one where a force stayed, or the middle of a cell without a force."""

    name: str
    country: str
    lat: float
    lon: float
    role: Role
    closing: Closing | None = None
    base: Base | None = None


@dataclass(frozen=True)
class Ground:
    """The closings of a question with all events, from which discs of any radius are cut."""

    scope: Scope
    marked: Marked
    there: Stations
    sites: Sites
    shut: tuple[Closing, ...]
    left_out: tuple[Closing, ...]
    """Closings whose months before or after are not covered."""
    cells: dict[int, str] = field(repr=False)

    @cached_property
    def month(self) -> Array:
        """The month of each event."""
        return month_of(self.marked)

    def span(self, before: int, window: int) -> Period:
        """The months used: from before the first closing to the last month after the last."""
        return Period.months(self.shut[0].first + -before, max(one.first for one in self.shut) + (window - 1))


@dataclass(frozen=True)
class Discs:
    """Places of one radius, the events of each, and their outcome."""

    km: float
    before: int
    window: int
    places: tuple[Place, ...]
    events: tuple[Array, ...]
    """Of each place the events within the months used, by their places among the marked; each event once in all."""
    outcome: Outcome
    overlaps: int
    """How many pairs of places that were left lie so near that an event may be within reach of both."""

    @property
    def span(self) -> Period:
        """The months used."""
        return Period.months(self.outcome.first, self.outcome.month(self.outcome.values.shape[1] - 1))

    def of(self, role: Role) -> tuple[Place, ...]:
        """The places of one kind."""
        return tuple(place for place in self.places if place.role == role)


def ground(world: World, params: Params) -> Ground:
    """The closings of the forces asked about. Raises UsageError where they left no place on record."""
    before = params.before or BEFORE
    settled, selection = world.selected(params, NEEDS)
    asked = Period(settled.start or dt.date.min, settled.end or dt.date.max)
    there = stations(world, world.told(params), params.country)
    shut = closings_of(there.of_forces(), there.bases, asked)
    if not shut:
        raise _none_left(there, params)
    ever = selection if params.start is params.end is None else world.selected(_ever(params), NEEDS)[1]
    used = {id(one): _used(one, before, params.window) for one in shut}
    covered = tuple(one for one in shut if ever.covered(one.base.country, used[id(one)]))
    if not covered:
        raise UsageError(
            counted(len(shut), "{n} place was left, but the months around it are not covered here.",
                    "{n} places were left, but the months around them are not covered here."),
            do=T("harmattan ask coverage says who is covered, and when; fewer months with --before and --window may "
                 "help."),
        )  # fmt: skip
    first, last = min(used[id(one)].start for one in covered), max(used[id(one)].end for one in covered)
    history = (Month.of(first) + -before).first_day
    scope = world.scope(replace(params, start=history, end=last, by=()), NEEDS)
    table = cell_table(world, params)
    whole = replace(scope, params=params, along=(*there.held, *([table] if table else [])))
    lost = tuple(one for one in shut if one not in covered)
    return Ground(whole, Marked.of(whole), there, Sites.of(there.bases), covered, lost, countries_of_cells(table))


def _ever(params: Params) -> Params:
    return replace(params, start=None, end=None)


def _used(one: Closing, before: int, window: int) -> Period:
    return Period.months(one.first + -before, one.first + (window - 1))


def _none_left(there: Stations, params: Params) -> UsageError:
    able = sorted({str(base.name) for one in closings(there.bases) for base in one.bases})
    asked = listing([Verbatim(name) for name in params.force])
    near = nearest(params.force[0], able) if len(able) > 12 else able
    return UsageError(
        T("{forces} left no base that is on record with its place and month in the countries and days asked about.",
          forces=asked),
        available=T("Forces that did: {names}.", names=listing([Verbatim(name) for name in near])) if near else None,
        do=T("harmattan ask presence lists bases and how they ended."),
    )  # fmt: skip


def discs(found: Ground, params: Params, km: float, *, before: int | None = None, window: int | None = None) -> Discs:
    """The places of one radius: those left, those where a force stayed, and matched places without a force.

    An event within reach of several places counts at the nearest. A control lies more than twice the radius from
    every place that was left, so that no event is near both.
    """
    before, window = before or params.before or BEFORE, window or params.window
    span = found.span(before, window)
    left = [Place(one.base.place, one.base.country, one.lat, one.lon, "left", one) for one in found.shut]
    stayed = _stayed(found, left, span, km)
    earlier = Period.months(span.first_month + -before, span.first_month + -1)
    manned = [base for base in found.sites.bases if base.within(span.start, span.end) != "no"]
    places = [*left, *stayed, *_matched(found, left, [*stayed, *manned], earlier, km)]
    events = _nearest(found, places, km, span)
    first, n = span.first_month.ordinal, span.last_month - span.first_month + 1
    values = np.array([_series(found, which, params.measure, first, n) for which in events])
    names = _names(places)
    starts = {}
    for at, place in enumerate(places):
        if place.closing is not None:
            start = place.closing.first.ordinal - first
            starts[names[at]] = start
            values[at, start + window :] = np.nan
    away = _apart(places, left)
    near = {names[at]: float(away[at].min()) for at in range(len(left), len(places))}
    outcome = Outcome(tuple(names), span.first_month, values, starts, near)
    close = sum(away[a, b] <= 2 * km for a in range(len(left)) for b in range(a))
    return Discs(km, before, window, tuple(places), tuple(events), outcome, int(close))


def _apart(places: Sequence[Place], others: Sequence[Place]) -> Array:
    """Kilometres between places and others, (places, others)."""
    lat, lon = (np.array([getattr(one, name) for one in places]) for name in ("lat", "lon"))
    to_lat, to_lon = (np.array([getattr(one, name) for one in others]) for name in ("lat", "lon"))
    return np.asarray(distance_km(lat[:, None], lon[:, None], to_lat[None, :], to_lon[None, :]))


def _names(places: Sequence[Place]) -> list[str]:
    """What the units are called, each once."""
    found: list[str] = []
    for place in places:
        name, n = place.name, 1
        while name in found:
            n += 1
            name = f"{place.name} {n}"
        found.append(name)
    return found


def _stayed(found: Ground, left: Sequence[Place], span: Period, km: float) -> list[Place]:
    """One base for each place where a force stood for certain in all of the months, far from what was left."""
    chosen = []
    for base in found.sites.throughout(span):
        place = Place(base.place, base.country, base.lat, base.lon, "stayed", base=base)
        if found.scope.selection.covered(base.country, span) and _apart([place], left).min() > 2 * km:
            chosen.append(place)
    return chosen


def _matched(
    found: Ground, left: Sequence[Place], taken: Sequence[Place | Base], earlier: Period, km: float
) -> list[Place]:
    """Middles of cells without a force that had as much violence in the months before those that are used.

    They are chosen by what happened before the months compared, so that what made them alike is not what they are
    compared by. None where those months are not covered.
    """
    countries = sorted({place.country for place in left})
    if not all(found.scope.selection.covered(code, earlier) for code in countries):
        return []
    gids = np.array([gid for gid, code in sorted(found.cells.items()) if code in countries], dtype=int)
    lat, lon = middle(gids)
    away = np.full(len(gids), np.inf)
    for north, east in [(one.lat, one.lon) for one in (*left, *taken)]:
        away = np.minimum(away, distance_km(lat, lon, np.array([north]), np.array([east])))
    gids, lat, lon = (values[away > 2 * km] for values in (gids, lat, lon))
    history = np.log1p(_history(found, lat, lon, km, earlier))
    gids, history = gids[history > 0], history[history > 0]
    own = np.log1p(_history(found, np.array([p.lat for p in left]), np.array([p.lon for p in left]), km, earlier))
    chosen = _greedy(gids, np.abs(history[None, :] - own[:, None]), km)
    points = {gid: middle(gid) for gid in chosen}
    return [Place(f"gid {gid}", found.cells[gid], *points[gid], "matched") for gid in chosen]


def _history(found: Ground, lat: Array, lon: Array, km: float, period: Period) -> Array:
    """Events within reach of points in a period."""
    pairs = Pairs.of(found.marked, lat.tolist(), lon.tolist(), km)
    first, last = period.first_month.ordinal, period.last_month.ordinal
    inside = (found.month >= first) & (found.month <= last)
    events = found.marked.summed["events"]
    return np.array([float(events[which[inside[which]]].sum()) for which in pairs.event])


def _greedy(gids: Array, unlike: Array, km: float) -> list[int]:
    """In turn for each place left the cell nearest in history, MATCHES times, none within reach of another.

    `unlike` is how far the logarithms of the histories are apart, (places left, cells).
    """
    lat, lon = middle(gids)
    free = np.ones(len(gids), dtype=bool)
    chosen: list[int] = []
    for row in [row for _turn in range(MATCHES) for row in unlike]:
        able = np.flatnonzero(free & (row <= np.log(ALIKE)))
        if len(able):
            at = able[np.lexsort((gids[able], row[able]))[0]]
            chosen.append(int(gids[at]))
            free &= distance_km(lat, lon, np.array([lat[at]]), np.array([lon[at]])) > 2 * km
    return chosen


def _nearest(found: Ground, places: Sequence[Place], km: float, span: Period) -> list[Array]:
    """The events within reach of each place in the months used; one within reach of several is the nearest's."""
    pairs = Pairs.of(found.marked, [p.lat for p in places], [p.lon for p in places], km)
    best = np.full(found.marked.table.num_rows, np.inf)
    whose = np.full(len(best), -1)
    for at, (event, away) in enumerate(zip(pairs.event, pairs.km, strict=True)):
        nearer = away < best[event]
        best[event[nearer]], whose[event[nearer]] = away[nearer], at
    inside = (found.month >= span.first_month.ordinal) & (found.month <= span.last_month.ordinal)
    return [np.sort(event[(whose[event] == at) & inside[event]]) for at, event in enumerate(pairs.event)]


def _series(found: Ground, which: Array, measure: str, first: int, n: int) -> Array:
    """The measure by month, (n,); NaN in a month of which an event lacks it."""
    values = np.zeros(n)
    np.add.at(values, found.month[which] - first, found.marked.summed[measure][which])
    return values


def neighbours_in(found: Ground, closing: Closing, window: int) -> tuple[list[Base], list[Base]]:
    """The other forces at a place that was left: those that stood there already, and those that came in the months
    after."""
    own = {base.force for base in closing.bases}
    first = closing.first
    span = Period.months(first, first + (window - 1))
    stayed, came = [], []
    for base in found.sites.bases:
        if base.force in own or apart(closing, base) > SITE_KM:
            continue
        if base.within(span.start, span.start) == "yes" and base.within(span.end, span.end) != "no":
            stayed.append(base)
        elif base.within(span.start, span.end) != "no" and base.within(span.start, span.start) != "yes":
            came.append(base)
    return stayed, came
