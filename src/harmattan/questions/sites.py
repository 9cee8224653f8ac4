"""Mines and plants as places: which of a list may be used, and cells that are like theirs but have none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harmattan.errors import UsageError
from harmattan.lake.select import select, with_table
from harmattan.lake.shelf import Held
from harmattan.lake.tables import events
from harmattan.measures.events import matching, totals
from harmattan.places.reach import pairs_within
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import nearest
from harmattan.questions.world import Scope, World
from harmattan.text import T, Text, Verbatim, counted, listing
from harmattan.vocabulary.cell import SIZE_DEG, middle
from harmattan.vocabulary.context import FACILITIES
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.criteria import Criteria

Array = npt.NDArray[Any]

EARLIER_YEARS = 5
STRATA = (1, 25)
"""Deaths in the cell in the years before, at which the class changes: none, few, many."""
MOSTLY_LAND = 0.5


@dataclass(frozen=True)
class Sites:
    """The facilities of a commodity in some countries; arrays are (n,)."""

    held: tuple[Held, ...]
    table: pa.Table
    """The usable ones, by country and name."""
    lat: Array
    lon: Array
    cell: Array
    known_lat: Array
    """Every facility of the commodity with a point anywhere, usable or not: no cell near one is without a mine."""
    known_lon: Array
    caveats: tuple[Text, ...]

    def __len__(self) -> int:
        return len(self.lat)


def sites(world: World, params: Params, commodities: Sequence[str]) -> Sites | None:
    """The usable facilities of the newest list; None where there is no list. Raises UsageError for a commodity."""
    there = with_table(world.lake, FACILITIES.name, known_by=params.known_by, pins=params.release)
    if not there:
        return None
    held = max(there, key=lambda one: (one.release.published, one.release.name))
    table = pq.read_table(held.file(FACILITIES.name))
    ours = table.filter(pa.array(_of(table, commodities), pa.bool_()))
    if not ours.num_rows:
        known = sorted({word for words in table["commodities"].to_pylist() for word in words})
        raise UsageError(
            T("No facility of {name} mines {words}.", name=Verbatim(held.release.name),
              words=listing([Verbatim(word) for word in commodities], "or")),
            available=did_you_mean(nearest(commodities[0], known)),
        )  # fmt: skip
    own = ours.filter(pc.is_in(ours["iso3"], pa.array(params.country)))
    usable = own.filter(own["usable"]).sort_by([("iso3", "ascending"), ("name", "ascending"), ("row_id", "ascending")])
    usable, twice = _one_a_point(usable)
    placed = ours.filter(ours["lat"].is_valid())
    lat, lon, cell = (usable[name].to_numpy().astype(float) for name in ("lat", "lon", "cell"))
    known_lat, known_lon = (placed[name].to_numpy().astype(float) for name in ("lat", "lon"))
    return Sites((held,), usable, lat, lon, cell, known_lat, known_lon, (*_left_out(own), *twice))


def _of(table: pa.Table, commodities: Sequence[str]) -> list[bool]:
    wanted = {word.casefold() for word in commodities}
    gold = table["gold"].to_pylist()
    said = table["commodities"].to_pylist()
    return [
        ("gold" in wanted and bool(is_gold)) or bool(wanted & {word.casefold() for word in words})
        for is_gold, words in zip(gold, said, strict=True)
    ]


def _one_a_point(usable: pa.Table) -> tuple[pa.Table, list[Text]]:
    """The first facility at each point: a mine and its plant, or one that is listed twice, are one place."""
    first = {at: n for n, at in reversed(list(enumerate(zip(usable["lat"].to_pylist(), usable["lon"].to_pylist(),
                                                           strict=True))))}  # fmt: skip
    n = usable.num_rows - len(first)
    said = [T("{sites} at the very point of another count as one place with it.",
              sites=counted(n, "{n} site", "{n} sites"))] if n else []  # fmt: skip
    return usable.take(pa.array(sorted(first.values()), pa.int64())), said


def _left_out(own: pa.Table) -> list[Text]:
    """Says how many facilities are no places, and why."""
    wrong = pc.sum(pc.fill_null(pc.invert(own["in_country"]), False)).as_py() or 0
    unchecked = pc.sum(own["in_country"].is_null()).as_py() or 0
    doubted = own.num_rows - (pc.sum(own["usable"]).as_py() or 0) - wrong - unchecked
    said = []
    for n, why in (
        (wrong, T("they do not lie in the country that the list says")),
        (unchecked, T("no boundaries here say in which country they lie: take some in, and then the list again")),
        (doubted, T("their publisher doubts where they are")),
    ):
        if n:
            said.append(T("Left out: {sites}, since {why}.", sites=counted(n, "{n} site", "{n} sites"), why=why))
    return said


@dataclass(frozen=True)
class Matched:
    """Cells without a mine that stand beside the sites; arrays are (m,)."""

    held: tuple[Held, ...]
    cell: Array
    lat: Array
    """Degrees: the middle of the cell."""
    lon: Array
    weight: Array
    """What a cell counts: over all cells they add up to 1."""
    compared: Array
    """(n,): which of the sites have a cell like theirs."""
    caveats: tuple[Text, ...] = field(default=())


def matched(world: World, scope: Scope, there: Sites, km: float | None) -> Matched:
    """The cells of a site's country and of its class of earlier violence that have no mine near.

    Near is twice `km` from the middle of the cell, so that no event counts on both sides; without `km`, in the cell
    or one that touches it. Every such cell is taken, and each site's cells weigh together as much as the site: exact
    matching within strata (Stuart 2010, doi:10.1214/09-STS313), without chance.
    """
    held = select(world.lake, "cells")[:1]
    cells = _cells(held, scope.params.country)
    lat, lon = middle(cells["cell"])
    reach = 2 * km if km is not None else 1.5 * SIZE_DEG * 111.2
    taken, _known, _away = pairs_within(lat, lon, there.known_lat, there.known_lon, reach)
    free = np.ones(len(lat), dtype=bool)
    free[taken] = False
    earlier, caveats = _earlier(world, scope)
    classes = np.array([_class(earlier, int(cell)) for cell in cells["cell"]], dtype=int)
    own = np.array([_class(earlier, int(cell)) for cell in there.cell], dtype=int)
    countries = np.array(there.table["iso3"].to_pylist(), dtype=object)
    weight, compared = np.zeros(len(lat)), np.zeros(len(there), dtype=bool)
    for n in range(len(there)):
        like = free & (cells["iso3"] == countries[n]) & (classes == own[n])
        if like.any():
            weight[like] += 1 / like.sum()
            compared[n] = True
    kept = weight > 0
    share = weight[kept] / max(compared.sum(), 1)
    return Matched(tuple(held), cells["cell"][kept], lat[kept], lon[kept], share, compared, tuple(caveats))


def _cells(held: Sequence[Held], countries: Sequence[str]) -> dict[str, Array]:
    if not held:
        return {"cell": np.array([], dtype=np.int64), "iso3": np.array([], dtype=object)}
    table = pq.read_table(held[0].file("cells"))
    fits = pc.and_(pc.is_in(table["iso3"], pa.array(countries)), pc.greater_equal(table["land_share"], MOSTLY_LAND))
    table = table.filter(fits).sort_by("cell")
    return {"cell": table["cell"].to_numpy(), "iso3": np.array(table["iso3"].to_pylist(), dtype=object)}


def _earlier(world: World, scope: Scope) -> tuple[dict[int, int] | None, list[Text]]:
    """Deaths by cell in the years before the period; None where nothing is covered then, and what is said of it."""
    params = scope.params
    last = scope.period.start - dt.timedelta(days=1)
    first = scope.period.start.replace(year=scope.period.start.year - EARLIER_YEARS, day=1)
    before = Params(country=params.country, start=first, end=last, source=params.source, event_type=params.event_type,
                    known_by=params.known_by, release=params.release)  # fmt: skip
    _settled, selection = world.selected(before, ("cell",))
    if not selection.slices:
        return None, [UNMATCHED]
    criteria = Criteria(countries=params.country, start=first, end=last, event_types=scope.criteria.event_types)
    found = totals(matching(events(world.engine, selection), criteria), ("cell",)).to_pyarrow().to_pylist()
    return {row["cell"]: row["deaths_best"] for row in found if row["cell"] is not None}, [
        T("Cells are like a site's where they lie in its country, mostly on land, and had as many deaths in the "
          "{years} years before: none, fewer than {many}, or more.",
          years=Verbatim(str(EARLIER_YEARS)), many=Verbatim(str(STRATA[-1])))
    ]  # fmt: skip


UNMATCHED = T(
    "Nothing is covered before the period, so cells are matched by country only: say a later --from, and they are "
    "matched by earlier violence as well."
)


def _class(earlier: dict[int, int] | None, cell: int) -> int:
    return sum((earlier or {}).get(cell, 0) >= step for step in STRATA)
