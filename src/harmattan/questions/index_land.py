"""How many squares of land a country has, for shares of them: by its boundaries, its cells, or where people live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import numpy as np
import pyarrow.parquet as pq

from harmattan.lake import tables
from harmattan.lake.select import age, with_table
from harmattan.lake.shelf import Held
from harmattan.measures.index import SQUARE_KM, peopled
from harmattan.places.sphere import cells_km2
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.vocabulary.places import AREAS, POPULATION

PEOPLE = 100
"""Squares where fewer people live are left out where it is known: the ACLED Conflict Index."""


@dataclass(frozen=True)
class Land:
    """The squares of some countries, and the releases that say so."""

    squares: dict[str, int]
    """By ISO3; a country that nothing here draws is not in it."""
    held: tuple[Held, ...]
    by_area: tuple[str, ...] = ()
    """The countries whose squares are told by the area of ingested boundaries."""
    by_people: tuple[str, ...] = ()
    """The countries whose squares are those where at least `PEOPLE` live."""
    lived_in: Any = field(default=None, repr=False)
    """Those squares, an Ibis table with iso3 and square; None where nobody says where people live."""


def land(world: World, params: Params, *, points: bool) -> Land:
    """The squares of the countries asked about: of 100 km² where `points`, else PRIO-GRID cells."""
    by_cells, cells = _cells(world, params, points=points)
    by_area, areas = _areas(world, params) if points else ({}, ())
    lived_in, by_people, people = _people(world, params, points=points)
    found = by_cells | by_area | by_people
    told = [code for code in found if code not in by_people]
    used = (
        *people,
        *(held for code, held in areas if code in told),
        *(cells if set(told) - set(by_area) else ()),
    )
    return Land(
        found,
        tuple(dict.fromkeys(used)),
        tuple(code for code in told if code in by_area),
        tuple(by_people),
        lived_in,
    )


def _cells(world: World, params: Params, *, points: bool) -> tuple[dict[str, int], tuple[Held, ...]]:
    """Squares by the newest table of cells: the cells themselves, or the area of the country's part of them."""
    there = with_table(world.lake, "cells", known_by=params.known_by, pins=params.release)
    there = there or with_table(world.lake, "cells")
    if not there:
        return {}, ()
    table = pq.read_table(there[0].file("cells"), columns=["cell", "iso3", "land_share"]).to_pydict()
    found: dict[str, float] = {}
    sizes = cells_km2(np.array(table["cell"])) / SQUARE_KM**2
    for iso3, share, size in zip(table["iso3"], table["land_share"], sizes.tolist(), strict=True):
        if iso3 in params.country:
            found[iso3] = found.get(iso3, 0) + (share * size if points else 1)
    return {iso3: max(1, round(n)) for iso3, n in found.items()}, tuple(there[:1])


def _areas(world: World, params: Params) -> tuple[dict[str, int], list[tuple[str, Held]]]:
    """Squares by the newest boundaries of each country, taken at their coarsest level."""
    there = [held for held in world.lake.releases() if held.release.origin.contract == AREAS.name]
    there = [held for held in there if not params.release or held.release.name in params.release]
    known = [held for held in there if params.known_by is None or held.release.published <= params.known_by]
    found: dict[str, int] = {}
    used: list[tuple[str, Held]] = []
    names = ["iso3", "level", "division", "valid_from", "area_km2"]
    for held in sorted(known, key=age, reverse=True):
        rows = pq.read_table(held.file(AREAS.name), columns=names).to_pylist()
        for code in params.country:
            own = [row for row in rows if row["iso3"] == code and row["area_km2"]]
            if code in found or not own:
                continue
            coarsest = [row for row in own if row["level"] == min(row["level"] for row in own)]
            last = max(coarsest, key=lambda row: (str(row["valid_from"] or ""), row["division"]))["division"]
            km2 = sum(row["area_km2"] for row in coarsest if row["division"] == last)
            found[code] = max(1, round(km2 / SQUARE_KM**2))
            used.append((code, held))
    return found, used


def _people(world: World, params: Params, *, points: bool) -> tuple[Any, dict[str, int], tuple[Held, ...]]:
    """The squares where people live, by the newest raster of each country, in the year nearest before the end."""
    there = with_table(world.lake, POPULATION.name, known_by=params.known_by, pins=params.release)
    parts: list[Any] = []
    used: list[Held] = []
    left = list(params.country)
    for held in sorted(there, key=age, reverse=True):
        codes = [code for code in left if code in held.release.coverage.places]
        if not codes:
            continue
        rows = tables.table(world.engine, held, POPULATION.name)
        rows = rows.filter(rows.iso3.isin(codes), rows.level == "grid", rows.sex == "all", rows.age.isnull())
        years = rows.group_by("iso3").agg(years=rows.year.collect(distinct=True)).to_pyarrow().to_pylist()
        for row in years:
            wanted = _year(row["years"], params)
            parts.append(rows.filter(rows.iso3 == row["iso3"], rows.year == wanted))
            left.remove(row["iso3"])
        used += [held] if years else []
    if not parts:
        return None, {}, ()
    found = peopled(ibis.union(*parts) if len(parts) > 1 else parts[0], PEOPLE, points=points).to_pyarrow()
    counts = Counter(found["iso3"].to_pylist())
    return ibis.memtable(found), dict(counts), tuple(used)


def _year(years: Sequence[int], params: Params) -> int:
    last = params.end.year if params.end else max(years)
    before = [year for year in years if year <= last]
    return max(before) if before else min(years)
