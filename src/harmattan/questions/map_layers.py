"""What lies under and beside events on a map: land and borders, areas, bases of forces, mines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from harmattan.lake.select import select, with_table
from harmattan.lake.shelf import Held
from harmattan.places.areas import EVER, STILL
from harmattan.questions.areas import drawn
from harmattan.questions.bases import Base
from harmattan.questions.parameters import Params
from harmattan.questions.stations import stations
from harmattan.questions.world import World
from harmattan.text import Text
from harmattan.vocabulary.cell import bounds
from harmattan.vocabulary.context import FACILITIES
from harmattan.vocabulary.origin import ReleaseRef

AROUND_DEG = 6.0
"""So far around the countries asked about their neighbours' land is drawn."""
SMALLEST_DEG = 0.004
"""Lines of areas are drawn without what is smaller, about 400 m."""


@dataclass(frozen=True)
class Layer:
    """A layer of a map: rows, and the releases that they come from."""

    rows: tuple[Mapping[str, Any], ...]
    releases: tuple[ReleaseRef, ...]
    said: tuple[Text, ...] = ()


def ground(world: World, countries: Sequence[str]) -> tuple[dict[int, str], tuple[ReleaseRef, ...]]:
    """The land around some countries: ISO3 by PRIO-GRID gid, of the newest table of cells; empty without one."""
    held = select(world.lake, "cells")
    if not held:
        return {}, ()
    table = pq.read_table(held[0].file("cells"), columns=["cell", "iso3"])
    found = dict(zip(table["cell"].to_pylist(), table["iso3"].to_pylist(), strict=True))
    own = np.array([bounds(gid) for gid, iso3 in found.items() if iso3 in countries])
    if not len(own):
        return {}, ()
    west, south = own[:, :2].min(axis=0) - AROUND_DEG
    east, north = own[:, 2:].max(axis=0) + AROUND_DEG

    def near(gid: int) -> bool:
        at = bounds(gid)
        return bool(at[0] >= west and at[1] >= south and at[2] <= east and at[3] <= north)

    return {gid: iso3 for gid, iso3 in found.items() if near(gid)}, (ReleaseRef.to(held[0].release),)


def bases(world: World, params: Params) -> Layer:
    """Bases of forces whose place is known: name, country, place, lat, lon, and from when to when.

    `first` and `last` are the days within which it can have stood, `sure_first` and `sure_last` those within which it
    certainly did, as far as dates are known; None where a side is open. `since`, `until`: as they are written.
    """
    told = world.told(params)
    found = stations(world, told, params.country)
    rows = [_base(base) for base in found.bases if base.placed and base.within(told.first, told.last) != "no"]
    rows.sort(key=lambda row: (row["country"], row["place"], str(row["first"])))
    return Layer(tuple(rows), _refs(found.held), tuple(found.said()))


def _base(base: Base) -> dict[str, Any]:
    own = base.validity
    parts = [*base.parts, *(base.missions if len(base.missions) == 1 else ())]
    last = min(base.known_to, *(part.last for part in parts))
    sure_first = own.start.latest if own.start else None
    sure_last = min((part.end.earliest or dt.date.min for part in parts if part.end), default=None)
    return {
        "name": base.name,
        "country": base.country,
        "place": base.place,
        "lat": float(base.lat),
        "lon": float(base.lon),
        "since": str(own.start) if own.start else None,
        "until": str(own.end) if own.end else None,
        "first": own.first if own.start and own.start.earliest else None,
        "last": last if last != dt.date.max else None,
        "sure_first": sure_first,
        "sure_last": sure_last if base.known_to == dt.date.max else min(sure_last or base.known_to, base.known_to),
        "source": base.source,
    }


def mines(world: World, params: Params) -> Layer:
    """Mines and plants with a point, of the newest list: name, country, lat, lon, kind, commodities, status, usable."""
    there = with_table(world.lake, FACILITIES.name, known_by=params.known_by, pins=params.release)
    if not there:
        return Layer((), ())
    held = max(there, key=lambda one: (one.release.published, one.release.name))
    names = ["name", "iso3", "lat", "lon", "kind", "commodities", "status", "usable", "quality"]
    rows = pq.read_table(held.file(FACILITIES.name), columns=names).to_pylist()
    own = [row for row in rows if row["iso3"] in params.country and row["lat"] is not None]
    return Layer(tuple(sorted(own, key=lambda row: (row["iso3"], row["name"]))), _refs([held]))


def areas(world: World, params: Params, level: int) -> Layer:
    """Boundaries of a level that held on the last day asked about: name, country, and `lines` of (lon, lat).

    Lines are simplified (`SMALLEST_DEG`): they are for drawing and nothing is measured on them.
    """
    import shapely

    held, found = drawn(world.lake, params)
    day = params.as_of or params.end
    at = np.datetime64(day, "D") if day else STILL
    own = (found.level == level) & np.isin(found.iso3, list(params.country))
    own &= (found.first <= at) & (found.last >= at) if day else found.last == STILL
    rows = [
        {
            "name": str(found.name[n]),
            "country": str(found.iso3[n]),
            "since": None if found.first[n] == EVER else found.first[n].astype(object),
            "lines": _lines(shapely.simplify(found.shapes[n], SMALLEST_DEG)),
        }
        for n in np.flatnonzero(own)
    ]
    return Layer(tuple(rows), _refs(held) if rows else ())


def levels(world: World, params: Params) -> tuple[int, ...]:
    """The levels whose boundaries are here for some of the countries asked about."""
    found = drawn(world.lake, params)[1]
    return tuple(sorted({int(level) for level in found.level[np.isin(found.iso3, list(params.country))]}))


def _lines(shape: Any) -> list[list[tuple[float, float]]]:
    """The rings of an area."""
    import shapely

    rings = shapely.get_rings(shape)
    return [[(round(float(x), 3), round(float(y), 3)) for x, y in shapely.get_coordinates(ring)] for ring in rings]


def _refs(held: Iterable[Held]) -> tuple[ReleaseRef, ...]:
    return tuple(ReleaseRef.to(one.release) for one in held)
