"""The four inputs of a conflict index, by country: deaths, events against civilians, violent squares, armed groups.

They are those of the ACLED Conflict Index (https://acleddata.com/general-guide/about-conflict-index).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from harmattan.measures.events import SUMMED, sum_or_none
from harmattan.places.sphere import RADIUS_KM
from harmattan.vocabulary.event_types import CIVILIANS

Table = Any

SQUARE_KM, PARALLEL_DEG = 10.0, 30.0
"""The squares of 100 km² lie on the cylindrical equal-area projection of EASE-Grid 2.0, true at 30 degrees (Brodzik et
al. 2012, doi:10.3390/ijgi1010032), on the sphere that has the surface of the WGS 84 ellipsoid."""
WIDEST = 100_000
"""More than the rows of squares from pole to pole."""
STATE = "Government of "
"""What the names of states begin with where UCDP writes them."""
UNNAMED = "Unidentified"
"""What ACLED's names of nobody in particular begin with."""
ARMED_TYPES = ("rebel group", "political militia", "identity militia")
"""ACLED's kinds of actors that are armed groups and no state."""


def square(lat: Any, lon: Any) -> Any:
    """The number of the square of 100 km² that holds a point (degrees, WGS 84), as an Ibis expression."""
    true = math.cos(math.radians(PARALLEL_DEG))
    right = ((lon + 180) * (math.pi / 180) * RADIUS_KM * true / SQUARE_KM).floor()
    up = (((lat * (math.pi / 180)).sin() + 1) * RADIUS_KM / true / SQUARE_KM).floor()
    return (right * WIDEST + up).cast("int64")


def against_civilians(events: Table) -> Any:
    """Whether an event was directed at civilians: one-sided violence, or what ACLED says targets civilians."""
    return (
        (events.violence == "one_sided").fill_null(False)
        | (events.event_type == CIVILIANS).fill_null(False)
        | events.civilian_targeting.fill_null(False)
    )


def by_country(events: Table, precise: Sequence[str]) -> Table:
    """Columns: iso3, events, deaths_low, deaths_best, deaths_high (deaths), danger (events directed at civilians),
    placed (events with one of the `precise` precisions of place), pointless (those of them with a cell and no point),
    records.
    """
    placed = events.where_precision.isin(list(precise)) & (events.lat.notnull() | events.cell.notnull())
    rows = events.mutate(attack=against_civilians(events), placed=placed, bare=placed & events.lat.isnull())
    return rows.group_by("iso3").agg(
        events=rows.n_events.sum().fill_null(0),
        **{name: sum_or_none(rows, name, rows.count()) for name in SUMMED[:3]},
        danger=rows.n_events.sum(where=rows.attack).fill_null(0),
        placed=rows.n_events.sum(where=rows.placed).fill_null(0),
        pointless=rows.n_events.sum(where=rows.bare).fill_null(0),
        records=rows.count(),
    )


def groups(events: Table) -> Table:
    """The parties in events that are not named as a state's: columns iso3, party, type (ACLED's kind, or null).

    UCDP writes states as "Government of ..."; where there is a kind of actor, only armed groups are kept. Civilians,
    people who protest or riot and unidentified groups are no party.
    """
    sides = [
        events.select("iso3", party=events[f"actors_{side}"].unnest(), type=events[f"type_{side}"]) for side in "ab"
    ]
    both = sides[0].union(sides[1])
    armed = both.type.isnull() | both.type.lower().isin(list(ARMED_TYPES))
    named = both.party.notnull() & ~both.party.startswith(STATE) & ~both.party.startswith(UNNAMED)
    return both.filter(armed & named).distinct()


def squares(events: Table, precise: Sequence[str], near: Sequence[str], *, points: bool) -> Table:
    """Events by square: columns iso3, square, exact and near (events with such a precision of place).

    With `points` squares of 100 km², else PRIO-GRID cells by gid.
    """
    there = events.filter(events.where_precision.isin([*precise, *near]))
    there = there.filter(there.lat.notnull() & there.lon.notnull()) if points else there.filter(there.cell.notnull())
    rows = there.mutate(
        square=square(there.lat, there.lon) if points else there.cell, sure=there.where_precision.isin(list(precise))
    )
    return rows.group_by("iso3", "square").agg(
        exact=rows.n_events.sum(where=rows.sure).fill_null(0), near=rows.n_events.sum(where=~rows.sure).fill_null(0)
    )


def peopled(population: Table, least: int, *, points: bool) -> Table:
    """The squares where at least so many people live, of the points of a raster: columns iso3, square."""
    rows = population.mutate(square=square(population.lat, population.lon) if points else population.cell)
    found = rows.group_by("iso3", "square").agg(people=rows.people.sum())
    return found.filter(found.people >= least).select("iso3", "square")


def within_peopled(found: Table, lived_in: Table, countries: Sequence[str]) -> Table:
    """Squares of `squares` without those of some countries that are in no row of `peopled`."""
    there = lived_in.select(of_country="iso3", of_square="square")
    joined = found.left_join(there, [found.iso3 == there.of_country, found.square == there.of_square])
    kept = joined.filter(~joined.iso3.isin(list(countries)) | joined.of_square.notnull())
    return kept.select(*found.columns)


def high(found: Table, thresholds: Sequence[int], months: int) -> Table:
    """How many squares have at least so many events a year, over a window of some months, by country.

    Columns: iso3; for each threshold t the squares `exact_t` by surely placed events alone and `near_t` by all.
    """
    rows = found.mutate(every=found.exact + found.near)
    return rows.group_by("iso3").agg(
        **{f"exact_{t}": (rows.exact * 12 >= t * months).sum().fill_null(0) for t in thresholds},
        **{f"near_{t}": (rows.every * 12 >= t * months).sum().fill_null(0) for t in thresholds},
    )
