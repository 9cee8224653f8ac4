"""Events one by one with their places, for questions that measure distances: what no filter on columns can say.

The rows of such an answer name the very records (`Criteria.keys`), so their evidence opens like any other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harmattan.lake.measured import rows_by
from harmattan.measures.events import SUMMED, listed
from harmattan.questions.build import Line
from harmattan.questions.world import Scope
from harmattan.vocabulary.cell import middle
from harmattan.vocabulary.schema import EVENTS

Array = npt.NDArray[Any]

PRECISE = ("exact", "near")
"""Precisions at which a distance can be measured; what stands for a district, a region or a country cannot."""
SLIM = ("release", "event_id", "iso3", "date_start", "where_precision", "lat", "lon", "cell", "n_events",
        "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "violence", "dyad")  # fmt: skip


@dataclass(frozen=True)
class Marked:
    """The n events of a scope as plain columns; every array is (n,), in the order of `table`."""

    scope: Scope
    table: pa.Table
    """The columns `SLIM`."""
    lat: Array
    """Degrees: the point, or the middle of the cell where a release has cells only; NaN where neither is precise."""
    lon: Array
    of_cell: Array
    """Whether the place is the middle of a cell, half a degree wide, and not a point."""

    @classmethod
    def of(cls, scope: Scope, *, also: Sequence[str] = ()) -> Marked:
        """The events of a scope, in the order of their keys; `also` names further columns."""
        table = rows_by(listed, scope.rows, columns=(*SLIM, *also), order=("release", "event_id"))
        lat, lon = (table[name].to_numpy().astype(float) for name in ("lat", "lon"))
        cell = table["cell"].to_numpy().astype(float)
        precise = np.isin(np.array(table["where_precision"].to_pylist(), dtype=object), PRECISE)
        of_cell = precise & np.isnan(lat) & ~np.isnan(cell)
        lat, lon = (np.where(of_cell, *degrees) for degrees in zip(middle(cell), (lat, lon), strict=True))
        return cls(scope, table, np.where(precise, lat, np.nan), np.where(precise, lon, np.nan), of_cell)

    @property
    def placed(self) -> Array:
        """Whether the place of an event is known so well that a distance can be measured."""
        return ~np.isnan(self.lat)

    def array(self, name: str) -> Array:
        """A column as numbers, NaN where it is empty, or as objects."""
        column = self.table[name]
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            return np.asarray(column.to_numpy(), dtype=float)
        if pa.types.is_date(column.type):
            return np.asarray(column.to_numpy(), dtype="datetime64[D]")
        return np.array(column.to_pylist(), dtype=object)

    @cached_property
    def summed(self) -> dict[str, Array]:
        """The numbers that are added up, by what an answer calls them: events, and the estimates of deaths."""
        return {"events": self.array("n_events")} | {name: self.array(name) for name in SUMMED}

    def sums(self, which: Array) -> dict[str, int | None]:
        """Events and deaths of some events, by a mask or by their places; empty where one of them lacks the number."""
        totals = self._stacked[:, which].sum(axis=1).tolist()
        return {
            name: None if math.isnan(total) else int(total) for name, total in zip(self.summed, totals, strict=True)
        }

    @cached_property
    def _stacked(self) -> Array:
        """The numbers of `summed`, a row for each: hundreds of rows of an answer add some of them up."""
        return np.array(list(self.summed.values()))

    def marks(self, **columns: Any) -> pa.Table:
        """What was found out about each event, as `measures.places.with_marks` takes it."""
        return pa.table({"release": self.table["release"], "event_id": self.table["event_id"], **columns})

    @cached_property
    def _keys(self) -> Any:
        """The key of each event, `release:event_id`, as one Arrow array."""
        import pyarrow.compute as pc

        joined = pc.binary_join_element_wise(self.table["release"], self.table["event_id"], ":")
        return joined.combine_chunks()

    def keys(self, which: Array) -> tuple[str, ...]:
        """The keys of some events, by a mask or by their places."""
        places = np.flatnonzero(which) if which.dtype == bool else which
        return tuple(self._keys.take(pa.array(places, pa.int64())).to_pylist())

    def line(self, values: dict[str, Any], which: Array) -> Line:
        """A row that rests on some events; `records` is put in."""
        keys = self.keys(which)
        criteria = self.scope.criteria.narrowed(table=EVENTS.name, keys=keys)
        return Line(values | {"records": len(keys)}, criteria)
