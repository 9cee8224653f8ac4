"""Counts of events or deaths by unit and period from the releases in use: what spillover models are fitted to.

Units are countries, groups in countries, first-order areas or half-degree cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.measures.events import SUMMED
from harmattan.models.spillover.counts import Counts, Every, Values
from harmattan.questions.build import Line
from harmattan.questions.caveats import LONG_DATES
from harmattan.questions.counted_periods import DAY, Array, Periods, Placed, starting
from harmattan.questions.groups import is_group
from harmattan.questions.parameters import Params
from harmattan.questions.recital import called
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, T, Text, Verbatim, counted, listing
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Month, Period
from harmattan.vocabulary.schema import EVENTS, LOCATED

BY = ("country", "group", "admin1", "cell")
"""What units can be; countries where nothing is said."""
NEEDS: Mapping[str, tuple[Dimension, ...]] = {"country": (), "group": ("actor",), "admin1": ("day",), "cell": ("cell",)}
YEARS = 12
"""So many years up to the last day are counted where no first day is said."""
FEWEST: Mapping[Every, int] = {"month": 24, "week": 52, "day": 180}
"""With fewer periods nothing is fitted: trend, season and past could not be told apart."""
LEAST = 10
"""Countries and groups with fewer events than these are left out: nothing could be learnt of them."""
MOST_GROUPS, FEWEST_EVENTS = 12, 20
"""Where no groups are named: so many, the most active first, of those with at least so many events in a country."""
SLIM = ("release", "event_id", "iso3", "date_start", "date_end", "date_precision", "where_precision", "cell",
        "n_events", *SUMMED, "actors_a", "actors_b", "type_a", "type_b")  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """One unit: its key in the model, its country, what it is called, and what narrows events to its own."""

    key: str
    country: str
    name: Text
    to: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Counted:
    """What was counted, and from what."""

    scope: Scope
    by: str
    periods: Periods
    units: tuple[Unit, ...]
    """Those with enough events, in the order of the counts: by their keys, so that no number hangs on the order in
    which they were asked about."""
    listed: tuple[str, ...]
    """Their keys as rows and words have them: as they were asked about, or the most active first."""
    without: tuple[Unit, ...]
    """Those asked about that have too few, or none."""
    counts: Counts
    otherwise: Counts
    """The same with imprecise dates treated the other way."""
    loose: int
    """Events that may lie in several periods."""
    table: pa.Table
    """The events, each once."""
    of_unit: tuple[Array, ...]
    """The places in `table` of each unit's events."""

    @property
    def spread(self) -> bool:
        """Whether what may lie in several periods is spread over them."""
        return self.scope.params.dates != "drop"

    def unit(self, key: str) -> Unit:
        """A unit by its key. Raises KeyError."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, Unit]:
        return {unit.key: unit for unit in self.units}

    @cached_property
    def _summed(self) -> dict[str, Array]:
        names = {"events": "n_events"} | {name: name for name in SUMMED}
        return {said: np.asarray(self.table[name].to_numpy(), dtype=float) for said, name in names.items()}

    @cached_property
    def _day(self) -> Array:
        return _days(self.table, "date_start")

    def line(self, values: Mapping[str, Any], units: Sequence[str], days: Period | None = None) -> Line:
        """A row that rests on the events of some units, or those of them that begin within some days.

        `events`, `deaths_best` and `records` are put in.
        """
        at = self._of(tuple(units))
        to: dict[str, Any] = {}
        if days is not None:
            first, last = (np.datetime64(day) for day in (days.start, days.end))
            at = at[(self._day[at] >= first) & (self._day[at] <= last)]
            to = {"start": days.start, "end": days.end}
        own: dict[str, Any] = {"records": len(at)}
        for name in ("events", "deaths_best"):
            total = self._summed[name][at].sum()
            own[name] = None if np.isnan(total) else int(total)
        return Line(dict(values) | own, self.scope.criteria.narrowed(**self._filter(tuple(units), at), **to))

    def _of(self, units: tuple[str, ...]) -> Array:
        """The places in `table` of the events of some units, each once."""
        keys = self.counts.units
        return np.unique(np.concatenate([self.of_unit[keys.index(key)] for key in units]))

    def _filter(self, keys: tuple[str, ...], at: Array) -> dict[str, Any]:
        """The filter that finds the events of some units; where no filter says exactly these, their keys."""
        units = [self.unit(key) for key in keys]
        to: dict[str, Any] = {}
        for name in units[0].to:
            to[name] = tuple(dict.fromkeys(value for unit in units for value in unit.to[name]))
        if sum(len(values) > 1 for values in to.values()) < 2:
            return to
        some = self.table.take(pa.array(at))
        ids = zip(some["release"].to_pylist(), some["event_id"].to_pylist(), strict=True)
        return {"table": EVENTS.name, "keys": tuple(sorted(f"{one}:{other}" for one, other in ids))}


def unit_of(params: Params) -> str:
    """What the units are. Raises UsageError where several are said."""
    said = [name for name in params.by if name in BY]
    if len(said) > 1:
        raise UsageError(T("Units are of one kind."), do=T("Say one of {all} after --by.", all=Verbatim(", ".join(BY))))
    return said[0] if said else "country"


def every_of(params: Params) -> Every:
    """The length of the periods."""
    return cast(Every, params.every or "month")


def needs_of(params: Params) -> tuple[Dimension, ...]:
    """What the releases must tell apart."""
    days: tuple[Dimension, ...] = () if every_of(params) == "month" else ("day",)
    return tuple(dict.fromkeys((*NEEDS[unit_of(params)], *days)))


def framed(world: World, params: Params) -> tuple[Scope, Periods | None]:
    """The events of the countries and whole periods asked about; no periods where nothing is covered.

    Where no first day is said the last twelve years are meant, as far as they are covered. Raises UsageError where
    the releases hold sums by month and shorter periods are asked for, and where no whole period is asked about.
    """
    needs, every = needs_of(params), every_of(params)
    days = world.period(params, world.chosen(params), needs)
    if params.start is None:
        last = starting(days.end + DAY, every) - DAY
        first = (Month.of(last) + (1 - 12 * YEARS)).first_day
        days = Period(max(days.start, min(first, days.end)), days.end)
    periods = Periods.within(days, every)
    settled = periods.days if periods else days
    scope = world.scope(replace(params, start=settled.start, end=settled.end), needs)
    scope = replace(scope, caveats=tuple(said for said in scope.caveats if said.template != LONG_DATES))
    spoken = world.spoken(params, needs).values()
    if not scope.covered and (periods or not any(days.meet(one) for one in spoken)):
        _refuse_sums(world, scope, every)
        return scope, None
    if periods is None:
        raise UsageError(
            T("No whole {period} lies between {start} and {end}.", period=PERIOD[every], start=days.start, end=days.end)
        )
    return scope, periods


PERIOD: Mapping[Every, Text] = {"month": T("month"), "week": T("week from Monday to Sunday"), "day": T("day")}


def _refuse_sums(world: World, scope: Scope, every: Every) -> None:
    """Raises UsageError where sums by month are there and single days would be needed."""
    needs = tuple(need for need in needs_of(scope.params) if need != "day")
    if "day" not in needs_of(scope.params):
        return
    there = world.selected(scope.params, needs)[1].holds
    if not there:
        return
    what: Text = T("areas") if every == "month" else T("weeks") if every == "week" else T("days")
    raise UsageError(
        T("The figures here are sums by month: {what} cannot be counted from them.", what=what),
        available=T("There are: {names}.", names=listing([Verbatim(held.release.name) for held in there])),
        do=T("Take in a file of single events, for example with harmattan ingest ucdp-ged FILE."),
    )


def counted_units(world: World, scope: Scope, periods: Periods) -> Counted:
    """The counts of a scope by unit and period. Raises UsageError for fewer than two units with events."""
    by = unit_of(scope.params)
    areas = ("admin1",) if by == "admin1" else ()
    rows = scope.rows.select(*SLIM, *areas).order_by("release", "event_id")
    table = rows.to_pyarrow()
    record, unit, units = _FOUND[by](scope, table)
    of_unit = [np.unique(record[unit == n]) for n in range(len(units))]
    n_events = np.asarray(table["n_events"].to_numpy())
    least = LEAST if by in ("country", "group") else 1
    kept = [n for n, own in enumerate(of_unit) if n_events[own].sum() >= least]
    without = tuple(one for n, one in enumerate(units) if n not in kept)
    if len(kept) < 2:
        raise _too_few(scope, by, [units[n] for n in kept], without)
    listed = tuple(units[n].key for n in kept)
    kept.sort(key=lambda n: units[n].key)
    chosen = tuple(units[n] for n in kept)
    place = np.full(len(units), -1)
    place[kept] = np.arange(len(kept))
    spoken = {code: periods.seen(scope.selection.spoken(code)) for code in {one.country for one in chosen}}
    seen = np.array([spoken[one.country] for one in chosen])
    _enough(periods, seen)
    precision = np.array(table["date_precision"].to_pylist(), dtype=object)[record]
    placed = Placed.of(periods, _days(table, "date_start")[record], _days(table, "date_end")[record], precision)
    value = _measured(table, scope.params.measure)[record]
    ways = [placed.counted(place[unit], value, seen, spread=spread) for spread in (True, False)]
    if scope.params.dates == "drop":
        ways.reverse()
    made = [Counts(tuple(one.key for one in chosen), periods.starts, periods.every, values) for values in ways]
    several = np.unique(record[placed.loose & (place[unit] >= 0)])
    loose = int(n_events[several].sum())
    own = tuple(of_unit[n] for n in kept)
    return Counted(scope, by, periods, chosen, listed, without, made[0], made[1], loose, table, own)


def _days(table: pa.Table, name: str) -> Array:
    return np.asarray(table[name].to_numpy(), dtype="datetime64[D]")


def _measured(table: pa.Table, measure: str) -> Values:
    name = "n_events" if measure == "events" else measure
    return np.asarray(table[name].to_numpy(), dtype=float)


def _enough(periods: Periods, seen: Array) -> None:
    """Raises UsageError where too few periods are covered for all units."""
    found, fewest = int(seen.all(axis=0).sum()), FEWEST[periods.every]
    if found < fewest:
        raise UsageError(
            T("Only {found} of the time asked about {are} covered in whole: too few to tell trend, season and past "
              "apart.", found=COUNTED[periods.every](found), are=T("is") if found == 1 else T("are")),
            do=T("Ask about at least {fewest}.", fewest=COUNTED[periods.every](fewest)),
        )  # fmt: skip


COUNTED: Mapping[Every, Any] = {
    "month": lambda n: counted(n, "{n} month", "{n} months"),
    "week": lambda n: counted(n, "{n} week", "{n} weeks"),
    "day": lambda n: counted(n, "{n} day", "{n} days"),
}


def _too_few(scope: Scope, by: str, chosen: Sequence[Unit], without: Sequence[Unit]) -> UsageError:
    least = counted(LEAST if by in ("country", "group") else 1, "{n} event", "{n} events")
    what = T("Spillover is between at least two units, and none asked about has {least}.", least=least)
    if chosen:
        what = T("Spillover is between at least two units, and only {unit} has {least}.", unit=chosen[0].name,
                 least=least)  # fmt: skip
        if not without:
            what = T("Spillover is between at least two units, and {unit} is the only one asked about.",
                     unit=chosen[0].name)  # fmt: skip
            unspoken = [code for code in scope.params.country if code != chosen[0].country]
            if by == "country" and unspoken:
                others = listing([CountryName(code) for code in unspoken], "or")
                what = T("Spillover is between at least two units, and only {unit} is covered, not {others}.",
                         unit=chosen[0].name, others=others)  # fmt: skip
    do: Text = T("Name the neighbours too: --country MLI BFA NER.")
    if by != "country":
        do = T("Ask about more countries, groups or years.")
    return UsageError(what, do=do)


Found = tuple[Array, Array, list[Unit]]
"""The places of records, the unit of each (a record may stand in several), and the units."""


def _countries(scope: Scope, table: pa.Table) -> Found:
    codes = scope.params.country
    place = {code: n for n, code in enumerate(codes)}
    unit = np.array([place[code] for code in table["iso3"].to_pylist()], dtype=int)
    units = [Unit(code, code, _country(code), {"countries": (code,)}) for code in codes
             if scope.selection.spoken(code)]  # fmt: skip
    kept = {one.key: n for n, one in enumerate(units)}
    back = np.array([kept.get(code, -1) for code in codes], dtype=int)
    return np.arange(len(unit)), back[unit], units


def _country(code: str) -> Text:
    return T("{country}", country=CountryName(code))


def _groups(scope: Scope, table: pa.Table) -> Found:
    """Each group in each country: those asked for, else the most active."""
    book = scope.told.book if scope.told else None
    codes, n_events = table["iso3"].to_pylist(), table["n_events"].to_pylist()
    at: dict[tuple[str, str], list[int]] = {}
    kinds: dict[str, set[str | None]] = {}
    for side, kind in (("actors_a", "type_a"), ("actors_b", "type_b")):
        for n, (names, type_) in enumerate(zip(table[side].to_pylist(), table[kind].to_pylist(), strict=True)):
            for name in names or ():
                at.setdefault((name, codes[n]), []).append(n)
                kinds.setdefault(name, set()).add(type_)
    if scope.params.actor:
        pairs = [(name, code) for name in scope.params.actor for code in scope.params.country]
    else:
        events = {pair: sum(n_events[n] for n in set(own)) for pair, own in at.items()}
        found = [
            pair for pair, n in events.items() if n >= FEWEST_EVENTS and is_group(pair[0], book, types=kinds[pair[0]])
        ]
        pairs = sorted(found, key=lambda pair: (-events[pair], pair))[:MOST_GROUPS]
    units = []
    for name, code in pairs:
        who: Any = called(book, name) if book and name in book.actors else Verbatim(name)
        said = T("{group} in {country}", group=who, country=CountryName(code))
        units.append(Unit(f"{name}|{code}", code, said, {"actors": (name,), "countries": (code,)}))
    own = [sorted(set(at.get(pair, ()))) for pair in pairs]
    return (*_flat(own), units)


def _flat(own: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    record = np.array([n for each in own for n in each], dtype=int)
    return record, np.repeat(np.arange(len(own)), [len(each) for each in own]).astype(int)


def _areas(scope: Scope, table: pa.Table) -> Found:
    names = scope.laid.names if scope.laid else {}
    places = table["admin1"].to_pylist()
    return _placed(places, table, lambda area: Verbatim(names.get(area, area)), "admin1")


def _cells(_scope: Scope, table: pa.Table) -> Found:
    stands = np.isin(np.array(table["where_precision"].to_pylist(), dtype=object), LOCATED)
    places = [cell if fits else None for cell, fits in zip(table["cell"].to_pylist(), stands, strict=True)]
    return _placed(places, table, lambda cell: Verbatim(f"gid {cell}"), "cells")


def _placed(places: Iterable[Any], table: pa.Table, named: Any, field: str) -> Found:
    """Units by where events lie; a unit's country is the one with most of its records."""
    codes = table["iso3"].to_pylist()
    own: dict[Any, list[int]] = {}
    for n, place in enumerate(places):
        if place is not None:
            own.setdefault(place, []).append(n)
    units = []
    for place in sorted(own):
        inside = [codes[n] for n in own[place]]
        country = max(sorted(set(inside)), key=inside.count)
        said = T("{place} ({country})", place=named(place), country=CountryName(country))
        units.append(Unit(str(place), country, said, {field: (place,)}))
    return (*_flat([own[place] for place in sorted(own)]), units)


_FOUND = {"country": _countries, "group": _groups, "admin1": _areas, "cell": _cells}
