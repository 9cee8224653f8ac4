"""Counts by unit and period, and how the units lie to each other: what a spillover model is fitted to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.period import Month

Values = NDArray[np.float64]
Every = Literal["day", "week", "month"]
A_YEAR: Mapping[Every, float] = {"day": 365.25, "week": 52.0, "month": 12.0}
"""Periods in a year, for the season."""


@dataclass(frozen=True)
class Counts:
    """Counts of events or deaths by unit and period: `values` has the shape (units, periods), NaN where nobody looked.

    `starts` has the first day of each period; periods follow each other without a gap. `order` is how many borders lie
    between two units, shape (units, units): 0 the unit itself, 1 beside it, -1 where no way leads there. `km` is the
    distance between their middles, same shape, kilometres. `population` scales the endemic part, shape (units,
    periods). `covariates` have the same shape by name. Raises UsageError for counts that are negative or not whole.

    >>> starts = (dt.date(2022, 1, 1), dt.date(2022, 2, 1))
    >>> counts = Counts(("MLI", "BFA"), starts, "month", np.array([[3.0, 1], [0, 2]]))
    >>> counts.only("BFA").values
    array([[0., 2.]])
    """

    units: tuple[str, ...]
    starts: tuple[dt.date, ...]
    every: Every
    values: Values
    order: NDArray[np.int16] | None = field(default=None, repr=False)
    km: Values | None = field(default=None, repr=False)
    population: Values | None = field(default=None, repr=False)
    covariates: Mapping[str, Values] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.starts))
        for name, values in (("values", self.values), ("population", self.population), *self.covariates.items()):
            if values is not None and values.shape != shape:
                raise ValueError(f"{name} has the shape {values.shape}, not {shape}")
        for name, between in (("order", self.order), ("km", self.km)):
            if between is not None and between.shape != (shape[0], shape[0]):
                raise ValueError(f"{name} has the shape {between.shape}, not {(shape[0], shape[0])}")
        seen = self.values[np.isfinite(self.values)]
        if seen.size and (seen.min() < 0 or np.any(seen != np.round(seen))):
            raise UsageError(T("A spillover model takes counts: whole numbers of 0 or more."))

    def only(self, *units: str) -> Counts:
        """The same of some units, in that order. Raises UsageError for one that is not there."""
        missing = [unit for unit in units if unit not in self.units]
        if missing:
            raise UsageError(
                T("There are no counts of {units}.", units=listing([Verbatim(unit) for unit in missing])),
                available=T("There are: {units}.", units=listing([Verbatim(unit) for unit in self.units])),
            )
        at = np.array([self.units.index(unit) for unit in units], dtype=np.intp)
        between = np.ix_(at, at)
        return replace(
            self,
            units=tuple(units),
            values=self.values[at],
            order=None if self.order is None else self.order[between],
            km=None if self.km is None else self.km[between],
            population=None if self.population is None else self.population[at],
            covariates={name: values[at] for name, values in self.covariates.items()},
        )

    def between(self, first: int, last: int) -> Counts:
        """The periods from position `first` to before `last`."""
        cut = slice(first, last)
        return replace(
            self,
            starts=self.starts[cut],
            values=self.values[:, cut],
            population=None if self.population is None else self.population[:, cut],
            covariates={name: values[:, cut] for name, values in self.covariates.items()},
        )

    def with_values(self, values: Values) -> Counts:
        """The same units and periods with other counts."""
        return replace(self, values=values)


def after(start: dt.date, every: Every) -> dt.date:
    """The first day of the period that follows the one that starts on a day.

    >>> after(dt.date(2022, 12, 1), "month")
    datetime.date(2023, 1, 1)
    """
    if every == "month":
        return (Month.of(start) + 1).first_day
    return start + dt.timedelta(days=7 if every == "week" else 1)
