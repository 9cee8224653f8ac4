"""Events within some kilometres of places, and a scope whose events reach further than the days asked about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.places.sphere import distance_km
from harmattan.questions.marked import Marked
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope, World
from harmattan.text import T, Text, counted
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Month

Array = npt.NDArray[Any]

CELL_KM = 40
"""How far a place can be from the middle of its cell, at most: half the diagonal of half a degree at the equator."""


def reaching(world: World, params: Params, months: int, needs: Iterable[Dimension] = ()) -> Scope:
    """The events from some months before the days asked about to some months after, as far as releases speak.

    The parameters of the scope stay those that were asked, with the first and last day settled.
    """
    needed = tuple(needs)
    settled, _selection = world.selected(params, needed)
    if settled.start is None or settled.end is None:
        raise ValueError("the period of a selection is settled")
    spoken = world.spoken(params, needed).values()
    first = min((period.start for period in spoken), default=settled.start)
    last = max((period.end for period in spoken), default=settled.end)
    if params.as_of is not None:
        last = min(last, params.as_of)
    start = max((Month.of(settled.start) + -months).first_day, min(first, settled.start))
    end = min((Month.of(settled.end) + months).last_day, max(last, settled.end))
    scope = world.scope(replace(params, start=start, end=end), needed)
    return replace(scope, params=replace(scope.params, start=settled.start, end=settled.end))


@dataclass(frozen=True)
class Pairs:
    """The events within reach of each of p places: for each place the events, by their places, and how far each is."""

    event: tuple[Array, ...]
    km: tuple[Array, ...]

    @classmethod
    def of(cls, marked: Marked, lat: Sequence[float], lon: Sequence[float], km: float) -> Pairs:
        """Events that are placed well enough and at most `km` from the places (degrees, WGS 84).

        Many events have one point, so distances are measured once for each point.
        """
        some = np.flatnonzero(marked.placed)
        points, back = np.unique(marked.lon[some] + 1j * marked.lat[some], return_inverse=True)
        by_point = np.argsort(back, kind="stable")
        starts = np.searchsorted(back[by_point], np.arange(len(points) + 1))
        event, away = [], []
        for north, east in zip(lat, lon, strict=True):
            far = distance_km(points.imag, points.real, np.array([north]), np.array([east]))
            near = np.flatnonzero(far <= km)
            parts = [by_point[starts[point] : starts[point + 1]] for point in near]
            event.append(some[np.concatenate([np.array([], dtype=int), *parts])])
            away.append(np.repeat(far[near], [len(part) for part in parts]))
        return cls(tuple(event), tuple(away))

    def near(self, place: int, km: float) -> Array:
        """The events at most `km` from a place."""
        return self.event[place][self.km[place] <= km]


def month_of(marked: Marked) -> Array:
    """The month of each event's first day, as months since January of year 0 (`Month.ordinal`)."""
    return marked.array("date_start").astype("datetime64[M]").astype(int) + 1970 * 12


def unmeasured(marked: Marked) -> list[Text]:
    """What has to be said of the places: events left out, and events known by their cell."""
    said: list[Text] = []
    events = marked.array("n_events")
    lost, of_cell = int(events[~marked.placed].sum()), int(events[marked.of_cell].sum())
    if lost:
        said.append(
            T(
                "Left out of all distances: {events} coded to a district, a region or a country and not to a place.",
                events=counted(lost, "{n} event", "{n} events"),
            )
        )
    if of_cell:
        said.append(
            T(
                "{events} are known by their cell of half a degree only: the middle of the cell stands for the place, "
                "which may be up to {km} km from it. Within fewer kilometres than that, counts say little.",
                events=counted(of_cell, "{n} event", "{n} events"),
                km=CELL_KM,
            )
        )
    return said
