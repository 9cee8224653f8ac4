"""The monthly panel that forecasts learn from: every unit that the releases in use speak of, zero and unseen apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from harmattan.errors import UsageError
from harmattan.lake.select import Selection, age, whole_months
from harmattan.lake.shelf import Held
from harmattan.measures.events import By, totals
from harmattan.models.panel import Panel
from harmattan.questions.parameters import Params
from harmattan.questions.world import TYPED, World
from harmattan.text import CountryName, T, listing
from harmattan.vocabulary.cell import neighbours
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Month, Period

Unit = Literal["country", "cell"]
NEEDS: Mapping[Unit, tuple[Dimension, ...]] = {"country": (), "cell": ("cell",)}
CELLS = "cells"


@dataclass(frozen=True)
class Unplaced:
    """What a country's panel of cells lacks: events that are known to a region or to the country only."""

    events: int = 0
    deaths: int = 0


class Monthly(NamedTuple):
    """A panel, and what it was made from."""

    panel: Panel
    selection: Selection
    """The releases that speak, and about whom."""
    country_of: Mapping[str, str]
    """ISO3 of each unit: of a country or a joint place it is the unit itself."""
    unplaced: Mapping[str, Unplaced] = {}
    """By country what its cells lack; empty of a panel of countries."""
    cells: Held | None = None
    """The release that says which cells a country has."""

    @property
    def holds(self) -> tuple[Held, ...]:
        """The releases that the panel rests on, each once."""
        return (*self.selection.holds, *([self.cells] if self.cells else ()))

    @property
    def origin(self) -> Month:
        """The last month that is there."""
        return self.panel.last

    def known_until(self, unit: str) -> Month | None:
        """The last month in which a unit's value is known; None where none is, or the panel has no such unit."""
        if unit not in self.country_of:
            return None
        seen = np.flatnonzero(np.isfinite(self.panel.values[self.panel.units.index(unit)]))
        return self.panel.first + int(seen[-1]) if len(seen) else None


def monthly(world: World, params: Params, by: Unit = "country") -> Monthly:
    """Deaths (best) by unit and month, with the covariate `events`: NaN outside what is covered, 0 inside.

    By `country` the units are every country, or joint place such as `NGA+NER`, that a release in use speaks of; by
    `cell` every PRIO-GRID cell of the countries asked about, with those that touch it as neighbours. An event counts
    in the month of its first day. The panel ends with the last whole month that is not after the as-of date and is
    covered for a country asked about, or for any where none is. Raises UsageError where nothing is covered.
    """
    key = (by, replace(params, by=(), window=12, model=None, covariate=None))
    if key not in world._panels:
        world._panels[key] = _monthly(world, params, by)
    found: Monthly = world._panels[key]
    return found


def _monthly(world: World, params: Params, by: Unit) -> Monthly:
    places = world.places(params, NEEDS[by])
    asked = tuple(code for code in params.country if code in places)
    countries = places if by == "country" else asked
    if not countries:
        raise _nothing(params, by)
    wide = replace(params, country=countries, start=None, end=_last_day(params.as_of), by=())
    settled, selection = world.selected(wide, NEEDS[by])
    covered = {code: covered_months(selection.spoken(code)) for code in countries}
    covered = {code: months for code, months in covered.items() if months}
    if not covered:
        raise _nothing(params, by)
    last = max(max(covered[code]) for code in covered if code in asked or not set(asked) & set(covered))
    seen = _Seen(covered, range(min(min(months) for months in covered.values()), last + 1))
    found = summed(world, settled, selection, by)
    if by == "cell":
        return _of_cells(selection, seen, found, cell_table(world, params))
    units = {code: code for code in covered}
    panel = seen.panel(units, {(row["country"], row["month"]): row for row in found})
    return Monthly(panel, selection, units)


def _nothing(params: Params, by: Unit) -> UsageError:
    countries = listing([CountryName(code) for code in params.country])
    if by == "cell" and not params.country:
        return UsageError(T("No country is named."), do=T("Say --country MLI, or several."))
    return UsageError(
        T("No release here speaks about whole months of {countries} in that detail.", countries=countries),
        do=T("harmattan ask coverage says who is covered; a later --as-of may help."),
    )


def _last_day(as_of: dt.date | None) -> dt.date | None:
    """The end of the last whole month that is not after a day."""
    return as_of if as_of is None else (as_of + dt.timedelta(days=1)).replace(day=1) - dt.timedelta(days=1)


def covered_months(spoken: Sequence[Period]) -> tuple[int, ...]:
    """The whole months of some periods, as ordinals; periods that meet are one."""
    joined: list[Period] = []
    for period in sorted(spoken):
        if joined and period.start <= joined[-1].end + dt.timedelta(days=1):
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, period.end))
        else:
            joined.append(period)
    whole = [months for period in joined if (months := whole_months(period))]
    return tuple(n for months in whole for n in range(months.first_month.ordinal, months.last_month.ordinal + 1))


def summed(world: World, settled: Params, selection: Selection, by: Unit) -> list[dict[str, Any]]:
    """The sums of every unit and month with an event, in one query."""
    criteria = Criteria(countries=settled.country, start=settled.start, end=settled.end).narrowed(kinds=settled.kind)
    types = world.typed(settled)
    if types and any(held.release.family in TYPED for held in selection.holds):
        criteria = criteria.narrowed(event_types=types)
    rows = world.events(selection, None, settled, criteria)
    keys: tuple[By, ...] = ("country", "month") if by == "country" else ("country", "cell", "month")
    return list(totals(rows, keys).to_pyarrow().to_pylist())


@dataclass(frozen=True)
class _Seen:
    """The months of a panel, and those of them in which each country is covered, as ordinals."""

    covered: Mapping[str, Iterable[int]]
    span: range

    def panel(
        self,
        country_of: Mapping[str, str],
        found: Mapping[tuple[str, str], Mapping[str, Any]],
        near: tuple[tuple[int, ...], ...] = (),
    ) -> Panel:
        """A panel in the order of `country_of`'s units: zero where a month is covered, then what was counted."""
        units = tuple(country_of)
        seen = {code: np.isin(np.array(self.span), np.array(list(months))) for code, months in self.covered.items()}
        rows = [np.where(seen[country_of[unit]], 0.0, np.nan) for unit in units]
        deaths = np.array(rows).reshape(len(units), len(self.span))
        events = deaths.copy()
        place = {unit: n for n, unit in enumerate(units)}
        for (unit, month), row in found.items():
            at = 12 * int(month[:4]) + int(month[5:7]) - 1 - self.span.start
            if 0 <= at < len(self.span) and np.isfinite(deaths[place[unit], at]):
                deaths[place[unit], at] = np.nan if row["deaths_best"] is None else row["deaths_best"]
                events[place[unit], at] = row["events"]
        return Panel(units, _month(self.span.start), deaths, near, {"events": events})


def _month(ordinal: int) -> Month:
    return Month(ordinal // 12, ordinal % 12 + 1)


def _of_cells(selection: Selection, seen: _Seen, found: Sequence[Mapping[str, Any]], table: Held | None) -> Monthly:
    """The panel of cells: those of the countries by the cell table, and any other that has an event of theirs."""
    country_of = {gid: code for gid, code in countries_of_cells(table).items() if code in seen.covered}
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    loose: dict[str, Unplaced] = {}
    for row in sorted(found, key=lambda row: (row["country"], row["month"], row["cell"] or 0)):
        country, deaths = row["country"], row["deaths_best"] or 0
        if country not in seen.covered or Month.parse(row["month"]).ordinal not in seen.span:
            continue
        if row["cell"] is None:
            so_far = loose.get(country, Unplaced())
            loose[country] = Unplaced(so_far.events + row["events"], so_far.deaths + deaths)
            continue
        country_of.setdefault(row["cell"], country)
        own = sums.setdefault((str(row["cell"]), row["month"]), {"deaths_best": 0, "events": 0})
        own["deaths_best"] += deaths
        own["events"] += row["events"]
    gids = sorted(country_of)
    place = {gid: n for n, gid in enumerate(gids)}
    near = tuple(tuple(place[other] for other in neighbours(gid) if other in place) for gid in gids)
    names = {str(gid): country_of[gid] for gid in gids}
    return Monthly(seen.panel(names, sums, near), selection, names, loose, table)


def cell_table(world: World, params: Params) -> Held | None:
    """The newest release that says which cells a country has, as far as the parameters allow; None without one."""
    there = [
        held
        for held in world.lake.releases()
        if held.release.origin.contract == CELLS
        and (params.known_by is None or held.release.published <= params.known_by)
    ]
    pinned = [held for held in there if held.release.name in params.release]
    return max(pinned or there, key=age, default=None)


def countries_of_cells(held: Held | None) -> dict[int, str]:
    """ISO3 by PRIO-GRID gid; empty without a table."""
    if held is None:
        return {}
    table = pq.read_table(held.file(CELLS), columns=["cell", "iso3"])
    return dict(zip(table["cell"].to_pylist(), table["iso3"].to_pylist(), strict=True))
