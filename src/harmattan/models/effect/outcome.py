"""An outcome by unit and month, and who was treated when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from harmattan.vocabulary.period import Month

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """An outcome by unit and month: `values` has the shape (units, months), NaN where nobody looked.

    `starts` says from which position on a treated unit is treated; every other unit is a control. `km` is the distance
    of each control to the nearest treated unit, where that is known. `cluster` names what each unit belongs to, for
    errors that are clustered; none: each unit for itself.

    >>> outcome = Outcome(("MLI", "TCD"), Month(2021, 11), np.array([[1.0, 9.0], [2.0, 2.0]]), {"MLI": 1})
    >>> outcome.controls
    ('TCD',)
    >>> outcome.month(1)
    Month(year=2021, month=12)
    """

    units: tuple[str, ...]
    first: Month
    values: Values
    starts: Mapping[str, int]
    km: Mapping[str, float] = field(default_factory=dict, repr=False)
    cluster: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[0] != len(self.units):
            raise ValueError(f"{len(self.units)} units, but values of the shape {self.values.shape}")
        unknown = sorted(set(self.starts) - set(self.units))
        if unknown:
            raise ValueError(f"treated, but not among the units: {', '.join(unknown)}")

    @property
    def treated(self) -> tuple[str, ...]:
        """The treated units, in the order of the units."""
        return tuple(unit for unit in self.units if unit in self.starts)

    @property
    def controls(self) -> tuple[str, ...]:
        """All the others."""
        return tuple(unit for unit in self.units if unit not in self.starts)

    def month(self, position: int) -> Month:
        """The month at a position."""
        return self.first + position

    def of(self, unit: str) -> Values:
        """The series of one unit, shape (months,). Raises KeyError."""
        if unit not in self.units:
            raise KeyError(unit)
        return np.asarray(self.values[self.units.index(unit)])

    def without(self, *units: str) -> Outcome:
        """The same without some units."""
        kept = [n for n, unit in enumerate(self.units) if unit not in units]
        starts = {unit: at for unit, at in self.starts.items() if unit not in units}
        return replace(self, units=tuple(self.units[n] for n in kept), values=self.values[kept], starts=starts)

    def treating(self, starts: Mapping[str, int]) -> Outcome:
        """The same with others treated: for placebos."""
        return replace(self, starts=dict(starts))

    def between(self, first: int, last: int) -> Outcome:
        """The months from position `first` to before `last`; starts move along."""
        starts = {unit: at - first for unit, at in self.starts.items()}
        return replace(self, first=self.first + first, values=self.values[:, first:last], starts=starts)

    def only(self, units: Sequence[str]) -> Outcome:
        """The same of some units."""
        return self.without(*(unit for unit in self.units if unit not in units))
