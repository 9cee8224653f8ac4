"""Forecasts of first-order areas: the draws of the cells whose middle they hold, added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.lake.shelf import Held, Lake
from harmattan.models.draws import Draws
from harmattan.places.areas import Areas
from harmattan.places.locate import Points, locate
from harmattan.questions.areas import LEVELS, divisions_of, drawn, no_boundaries
from harmattan.questions.foreseen import Foreseen
from harmattan.questions.panels import Monthly
from harmattan.questions.parameters import Params
from harmattan.text import CountryName, T, Text, Verbatim, counted, listing
from harmattan.vocabulary.cell import middle
from harmattan.vocabulary.period import Month

AREA = "admin1"
ANYWHERE_KM = 20_100.0
"""Farther than any two places on earth are apart: the nearest area of a cell's country is taken, wherever it lies."""


@dataclass(frozen=True)
class Zone:
    """An area of a country with the cells that it has, by their places in the panel; `area` None: in no area.

    `draws` has the shape (steps, draws).
    """

    country: str
    area: str | None
    cells: NDArray[np.intp]
    draws: Draws


@dataclass(frozen=True)
class Ground:
    """Which area each cell of a panel counts in."""

    held: tuple[Held, ...]
    """The releases of boundaries in use."""
    names: Mapping[str, str]
    """The name of each area, by its id."""
    area_of: Mapping[str, str | None]
    """By cell; None: no boundaries of its country were in force."""
    how: Mapping[str, str]
    """How each cell's area was found, a key of `harmattan.places.locate.HOW`."""
    empty: Mapping[str, tuple[str, ...]]
    """By country the names of its areas that have no cell."""
    on: Month
    """The month on whose last day the areas held."""


def boundaries(lake: Lake, params: Params) -> tuple[list[Held], Areas]:
    """The boundaries that may be used. Raises UsageError where none draws first-order areas, or cells are asked too."""
    if "cell" in params.by:
        raise UsageError(
            T("Rows are by cell or by first-order area, not by both."), do=T("Say --by cell or --by admin1.")
        )
    held, areas = drawn(lake, params)
    if not (areas.level == LEVELS[AREA]).any():
        raise no_boundaries(AREA, held)
    return held, areas


def ground_of(held: Sequence[Held], areas: Areas, made: Monthly) -> Ground:
    """Each cell of a panel laid to the area of its country that holds its middle, else to the nearest one.

    The areas are those that held on the last day of the panel.
    """
    units = made.panel.units
    lat, lon = middle(np.array([int(unit) for unit in units], dtype=np.int64))
    points = Points(
        lat=lat.astype(float),
        lon=lon.astype(float),
        precision=np.full(len(units), "exact", dtype=object),
        iso3=np.array([made.country_of[unit] for unit in units], dtype=object),
        day=np.full(len(units), np.datetime64(made.panel.last.last_day)),
    )
    placed = locate(areas, points, level=LEVELS[AREA], outside_km=ANYWHERE_KM)
    there = np.unique(placed.area[placed.area >= 0])
    used = set(areas.division[there])
    return Ground(
        tuple(one for one in held if used & divisions_of(one)) or tuple(held),
        dict(zip(areas.row_id.tolist(), areas.name.tolist(), strict=True)),
        {unit: areas.row_id[at] if at >= 0 else None for unit, at in zip(units, placed.area, strict=True)},
        dict(zip(units, placed.how.tolist(), strict=True)),
        _empty(areas, there),
        made.panel.last,
    )


def _empty(areas: Areas, there: NDArray[np.intp]) -> dict[str, tuple[str, ...]]:
    """The names of those areas, by country, that stand beside others in a division and are not themselves there."""
    found: dict[str, tuple[str, ...]] = {}
    for one in areas.divisions():
        if one.level == LEVELS[AREA] and np.isin(one.places, there).any():
            left = one.places[~np.isin(one.places, there)]
            found[one.iso3] = tuple(sorted(areas.name[left].tolist()))
    return found


def zones(seen: Foreseen, ground: Ground, countries: Sequence[str]) -> list[Zone]:
    """The areas of some countries, by name, and last of each what is in none; they add up to the countries' draws."""
    found: dict[tuple[str, str | None], list[int]] = {}
    for n, unit in enumerate(seen.panel.units):
        found.setdefault((seen.monthly.country_of[unit], ground.area_of[unit]), []).append(n)
    made = []
    for code in countries:
        own = {area: cells for (country, area), cells in found.items() if country == code}
        loose = seen.unplaced.get(code)
        if loose is not None and (loose.any() or not own):
            own.setdefault(None, [])
        for area in sorted(own, key=lambda area: (area is None, ground.names.get(area or "", ""), area or "")):
            cells = np.array(own[area], np.intp)
            draws = seen.forecast.draws[cells].sum(axis=0)
            made.append(Zone(code, area, cells, draws if area or loose is None else draws + loose))
    return made


def recorded(seen: Foreseen, zone: Zone) -> dict[str, Any]:
    """What the records of a zone's past have in common: its cells, or, where it has none, that they are in none."""
    if not len(zone.cells):
        return {"countries": (zone.country,), "located": False}
    return {"cells": tuple(int(seen.panel.units[n]) for n in zone.cells)}


def of_areas(seen: Foreseen, ground: Ground, countries: Sequence[str]) -> list[Text]:
    """What is said of the areas: which they are, which cells they have, and what is in none of them."""
    found = [
        T(
            "Areas are the first-order ones in force on {day}. Each has the cells whose middle it holds and is their "
            "sum, draw by draw; a cell that a border cuts counts whole in one of them.",
            day=ground.on.last_day,
        )
    ]
    by_unit = seen.forecast.draws.sum(axis=1).mean(axis=1, dtype=np.float64)
    for code in countries:
        own = [n for n, unit in enumerate(seen.panel.units) if seen.monthly.country_of[unit] == code]
        near = [n for n in own if ground.how[seen.panel.units[n]] == "nearest"]
        none = [n for n in own if ground.area_of[seen.panel.units[n]] is None]
        if near:
            found.append(
                T("{country}: {cells} with {deaths} expected have their middle in no area of the country and count in "
                  "the nearest.", **_counted(code, near, by_unit[near].sum()))
            )  # fmt: skip
        if ground.empty.get(code):
            names = listing([Verbatim(name) for name in ground.empty[code]])
            found.append(
                T("{country}: no cell has its middle in {names}, so no row is theirs; what happens there is in the "
                  "cells of their neighbours.", country=CountryName(code), names=names)
            )  # fmt: skip
        if none:
            found.append(
                T("{country}: no boundaries for {day} are here; the row without an area has {cells} with {deaths} "
                  "expected.", day=ground.on.last_day, **_counted(code, none, by_unit[none].sum()))
            )  # fmt: skip
        loose = seen.unplaced.get(code)
        if loose is not None and (loose.any() or not own):
            expected = loose.sum(axis=0).mean(dtype=np.float64)
            found.append(
                T("{country}: {deaths} expected fall to no cell, since no cell of the country has any in any draw; the "
                  "row without an area has them.", country=CountryName(code), deaths=_deaths(expected))
            )  # fmt: skip
    return [*found, NOT_JUDGED]


def _counted(code: str, cells: Sequence[int], expected: float) -> dict[str, Any]:
    told = counted(len(cells), "{n} cell", "{n} cells")
    return {"country": CountryName(code), "cells": told, "deaths": _deaths(expected)}


def _deaths(expected: float) -> Text:
    return counted(round(float(expected)), "{n} death", "{n} deaths")


NOT_JUDGED = T(
    "Only forecasts of countries and of cells are held against past months: how good those of areas are is not known."
)
