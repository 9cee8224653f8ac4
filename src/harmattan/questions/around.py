"""The events around the places that forces left, and around those where forces stayed at the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from harmattan.questions.bases import SITE_KM, Base
from harmattan.questions.closings import Closing, Sites, closings_of
from harmattan.questions.marked import Array, Marked
from harmattan.questions.parameters import Params
from harmattan.questions.reach import Pairs, month_of, reaching
from harmattan.questions.stations import Stations, stations
from harmattan.questions.world import Scope, World
from harmattan.vocabulary.origin import Dimension
from harmattan.vocabulary.period import Period

NEEDS: tuple[Dimension, ...] = ("cell",)
KM = (25.0, 50.0, 100.0)
"""The distances, where none are said."""


@dataclass(frozen=True)
class Field:
    """The events around the places that a question is about."""

    scope: Scope
    marked: Marked
    sites: Sites
    shut: tuple[Closing, ...]
    months: int

    @cached_property
    def pairs(self) -> Pairs:
        """Events near the bases, and after them those near the closings: place n is base n, then closing n."""
        places: list[Any] = [*self.sites.bases, *self.shut]
        return Pairs.of(self.marked, [one.lat for one in places], [one.lon for one in places], max(self.km))

    @cached_property
    def month(self) -> Array:
        """The month of each event."""
        return month_of(self.marked)

    @cached_property
    def _stayed(self) -> list[list[int]]:
        number = {id(base): n for n, base in enumerate(self.sites.bases)}
        return [[number[id(base)] for base in self.sites.stayed(one, self.months)] for one in self.shut]

    @property
    def km(self) -> tuple[float, ...]:
        """The distances asked about."""
        return self.scope.params.km or KM

    def covered(self, one: Closing) -> bool:
        """Whether the releases speak about the closing's country in all of its months."""
        return self.scope.selection.covered(one.base.country, one.span(self.months))

    def closed(self, n: int) -> list[int]:
        """The place of closing n."""
        return [len(self.sites.bases) + n]

    def stayed(self, n: int, km: float) -> list[int]:
        """The places that stayed at the time of closing n, too far from it for one event to count around both."""
        at = self._at(n)
        return [k for k in self._stayed[n] if self.sites.km[at, k] > 2 * km]

    def remained(self, n: int) -> list[Base]:
        """The other forces at the place of closing n that stood there throughout its months."""
        span, own = self.shut[n].span(self.months), {base.force for base in self.shut[n].bases}
        here = np.flatnonzero(self.sites.km[self._at(n)] <= SITE_KM)
        there = [self.sites.bases[k] for k in here]
        return [base for base in there if base.force not in own and base.throughout(span.start, span.end)]

    def _at(self, n: int) -> int:
        own = self.shut[n].base
        return next(k for k, base in enumerate(self.sites.bases) if base is own)

    def near(self, places: Sequence[int], km: float, first: int, last: int) -> Array:
        """The events near some places within some months; one that is near two of them stands there twice."""
        found = np.concatenate([np.array([], dtype=int), *(self.pairs.near(place, km) for place in places)])
        inside: Array = (self.month[found] >= first) & (self.month[found] <= last)
        return np.asarray(found[inside])

    def events(self, places: Sequence[int], km: float, period: Period) -> Array:
        """The events near some places within whole months, each once."""
        first, last = period.first_month.ordinal, period.last_month.ordinal
        return np.unique(self.near(places, km, first, last))


def field_of(world: World, params: Params) -> tuple[Field, Stations]:
    """The events around the bases that closed in the countries and days asked about, and where the bases are from."""
    scope = reaching(world, params, params.window + 1, NEEDS)
    told = world.told(params)
    there = stations(world, told, params.country)
    shut = closings_of(there.of_forces(), there.bases, scope.period)
    whole = replace(scope, along=there.held)
    return Field(whole, Marked.of(whole), Sites.of(there.bases), tuple(shut), params.window), there
