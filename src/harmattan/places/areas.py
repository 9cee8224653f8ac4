"""Areas in memory: the rows of one or several releases, and the divisions they make up."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing

Array = npt.NDArray[Any]

EVER, STILL = np.datetime64("0001-01-01", "D"), np.datetime64("9999-12-31", "D")
"""What an unknown first day and an open last day are taken for."""


@dataclass(frozen=True)
class Areas:
    """Areas with shapes, one per place in each array, sorted by id."""

    row_id: Array
    iso3: Array
    level: Array
    code: Array
    name: Array
    division: Array
    first: Array
    """First day, as datetime64[D]; EVER where it is not known."""
    last: Array
    """Last day; STILL where the area holds still."""
    shapes: Array

    def __len__(self) -> int:
        return len(self.row_id)

    @classmethod
    def of(cls, *tables: pa.Table) -> Areas:
        """The areas of tables of the contract AREAS; rows without a shape, such as those of lists of codes, are left.

        Raises ValueError where the tables have the same id twice: give each release's areas once.
        """
        import shapely

        rows = pa.concat_tables(list(tables)) if tables else pa.table({})
        if rows.num_rows:
            rows = rows.filter(rows["shape"].is_valid()).sort_by("row_id")
        texts = {name: _objects(rows, name) for name in ("row_id", "iso3", "code", "name", "division")}
        if len(set(texts["row_id"])) != len(texts["row_id"]):
            raise ValueError("an area is there twice")
        return cls(
            **texts,
            level=np.array(_objects(rows, "level"), dtype=np.int64),
            first=_days(rows, "valid_from", EVER),
            last=_days(rows, "valid_to", STILL),
            shapes=np.asarray(shapely.from_wkb(_objects(rows, "shape"))),
        )

    def only(self, which: Array) -> Areas:
        """Some of the areas, by a mask or by their places."""
        return Areas(**{name: values[which] for name, values in vars(self).items()})

    def at(self, level: int) -> Areas:
        """The areas of one level."""
        return self.only(self.level == level)

    def divisions(self) -> list[Division]:
        """Each division of each country, by country and first day; of one level each."""
        found = sorted(set(zip(self.iso3, self.level, self.division, strict=True)))
        made = []
        for iso3, level, name in found:
            which = np.flatnonzero((self.iso3 == iso3) & (self.level == level) & (self.division == name))
            made.append(Division(iso3, int(level), name, self.first[which].min(), self.last[which].max(), which))
        return sorted(made, key=lambda one: (one.iso3, one.level, one.first, one.name))

    def chosen(self, names: Collection[str]) -> list[Division]:
        """The divisions with these names. Raises UsageError for one that there is not."""
        known = self.divisions()
        there = sorted({one.name for one in known})
        missing = sorted(set(names) - set(there))
        if missing:
            raise UsageError(
                T("There is no division {name}.", name=Verbatim(missing[0])),
                available=T("There are {names}.", names=listing([Verbatim(name) for name in there])),
            )
        return [one for one in known if one.name in names]


@dataclass(frozen=True)
class Division:
    """One way in which a country is, or was, divided at a level."""

    iso3: str
    level: int
    name: str
    first: np.datetime64
    last: np.datetime64
    places: Array
    """Where its areas stand among the `Areas` it was made from."""


def held_on(divisions: list[Division], days: Array) -> Array:
    """For each day the place, in the list, of the division of a country that held; -1 where none is known.

    Of several that held the one that began last counts: it replaced the others. Raises UsageError where two began on
    the same day, since nothing says which of them is meant.
    """
    for before, after in itertools.pairwise(divisions):
        if before.first == after.first and before.last >= after.first:
            raise UsageError(
                T("{iso3} has two divisions for the same days: {one} and {other}.", iso3=Verbatim(after.iso3),
                  one=Verbatim(before.name), other=Verbatim(after.name)),
                do=T("Choose one of them, or take in the newer one with the day from which it holds."),
            )  # fmt: skip
    which = np.full(len(days), -1)
    for place, one in enumerate(divisions):
        which[(days >= one.first) & (days <= one.last)] = place
    return which


def _objects(rows: pa.Table, name: str) -> Array:
    values = rows[name].to_pylist() if rows.num_rows else []
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _days(rows: pa.Table, name: str, absent: np.datetime64) -> Array:
    days = np.array(_objects(rows, name), dtype="datetime64[D]")
    days[np.isnat(days)] = absent
    return days
