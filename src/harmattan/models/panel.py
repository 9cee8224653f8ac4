"""The panel: a value for each place and month, in which nothing happened and nobody looked are two things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim
from harmattan.vocabulary.period import Month

Values = NDArray[np.float64]
Near = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Panel:
    """Values by unit and month: `values` has the shape (units, months), NaN where nobody looked.

    `neighbours` gives for each unit the positions of those beside it; empty where nothing is known of them. `beside`
    has further series of the same shape by name, as covariates: `events`.

    >>> panel = Panel(("MLI",), Month(2022, 1), np.array([[0.0, 3.0, 1.0]]))
    >>> panel.until(Month(2022, 2)).values
    array([[0., 3.]])
    >>> panel.last
    Month(year=2022, month=3)
    """

    units: tuple[str, ...]
    first: Month
    values: Values
    neighbours: tuple[tuple[int, ...], ...] = field(default=(), repr=False)
    beside: Mapping[str, Values] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[0] != len(self.units):
            raise ValueError(f"{len(self.units)} units, but values of the shape {self.values.shape}")
        if self.neighbours and len(self.neighbours) != len(self.units):
            raise ValueError(f"{len(self.units)} units, but neighbours of {len(self.neighbours)}")
        for name, series in self.beside.items():
            if series.shape != self.values.shape:
                raise ValueError(f"{name} has the shape {series.shape}, the values {self.values.shape}")

    @property
    def last(self) -> Month:
        """The last month that is there."""
        return self.first + int(self.values.shape[1] - 1)

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month, in order."""
        return tuple(self.first + n for n in range(self.values.shape[1]))

    def until(self, month: Month) -> Panel:
        """What was there by the end of a month: later values are gone, so that no model can see them.

        Raises UsageError where the panel begins after that month or ends before it.
        """
        length = month - self.first + 1
        if not 1 <= length <= self.values.shape[1]:
            raise UsageError(
                T("The panel has no values for {month}.", month=Verbatim(str(month))),
                available=T("{first} to {last}", first=Verbatim(str(self.first)), last=Verbatim(str(self.last))),
            )
        cut = {name: series[:, :length].copy() for name, series in self.beside.items()}
        return replace(self, values=self.values[:, :length].copy(), beside=cut)

    def at(self, month: Month, steps: Iterable[int]) -> Values:
        """What came `steps` months after a month: shape (units, steps), NaN beyond the end."""
        at = np.array([month - self.first + step for step in steps])
        inside = (at >= 0) & (at < self.values.shape[1])
        found = np.full((len(self.units), len(at)), np.nan)
        found[:, inside] = self.values[:, at[inside]]
        return found

    def among(self, near: Near) -> Panel:
        """The same panel, with what lies beside what by name; units that it has not are passed over."""
        place = {unit: n for n, unit in enumerate(self.units)}
        found = (sorted(place[other] for other in near.get(unit, ()) if other in place) for unit in self.units)
        return replace(self, neighbours=tuple(map(tuple, found)) if near else ())

    def only(self, units: Iterable[str]) -> Panel:
        """Some units, in the order named; neighbours outside are forgotten. Raises UsageError for an unknown one."""
        there = {unit: n for n, unit in enumerate(self.units)}
        wanted = tuple(units)
        for unit in wanted:
            if unit not in there:
                raise UsageError(
                    T("The panel has no unit {unit}.", unit=Verbatim(unit)),
                    available=T("{n} units, from {first}", n=len(there), first=Verbatim(min(there, default="-"))),
                )
        rows = [there[unit] for unit in wanted]
        place = {row: n for n, row in enumerate(rows)}
        near = (
            tuple(tuple(place[other] for other in self.neighbours[row] if other in place) for row in rows)
            if self.neighbours
            else ()
        )
        also = {name: series[rows] for name, series in self.beside.items()}
        return Panel(wanted, self.first, self.values[rows], near, also)


def of_rows(rows: Iterable[Sequence[Any]], also: Sequence[str] = (), near: Near | None = None) -> Panel:
    """A panel of (unit, month, value, and a value for each name of `also`): a pair that does not occur is unobserved.

    Units stand in alphabetical order. Raises UsageError where a pair occurs twice, or there is no row.

    >>> of_rows([("MLI", Month(2022, 1), 2.0), ("BFA", Month(2022, 2), 1.0)]).values
    array([[nan,  1.],
           [ 2., nan]])
    """
    known: dict[tuple[str, int], list[Any]] = {}
    for unit, month, *found in rows:
        key = (unit, month.ordinal)
        if key in known:
            raise UsageError(
                T("{unit} has two values for {month}.", unit=Verbatim(unit), month=Verbatim(str(month))),
                do=T("Give one row for each unit and month."),
            )
        known[key] = found
    if not known:
        raise UsageError(T("The panel has no rows."))
    units = tuple(sorted({unit for unit, _month in known}))
    first, last = (pick(month for _unit, month in known) for pick in (min, max))
    values = np.full((1 + len(also), len(units), last - first + 1), np.nan)
    place = {unit: n for n, unit in enumerate(units)}
    for (unit, ordinal), numbers in known.items():
        values[:, place[unit], ordinal - first] = numbers
    start = Month(first // 12, first % 12 + 1)
    panel = Panel(units, start, values[0], beside=dict(zip(also, values[1:], strict=True)))
    return panel.among(near) if near else panel
