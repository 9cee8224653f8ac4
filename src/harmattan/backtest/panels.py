"""A panel from anybody's table: unit, month, value, and other series beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from harmattan.backtest import tables
from harmattan.errors import UsageError, WrongFile
from harmattan.models.panel import Near, Panel
from harmattan.text import T, Verbatim
from harmattan.vocabulary import cell
from harmattan.vocabulary.period import Month


@dataclass(frozen=True)
class Columns:
    """Which column is what."""

    unit: str
    time: str
    target: str
    covariates: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every one of them."""
        return (self.unit, self.time, self.target, *self.covariates)


EVENT_COUNTS = ("events", "n_events", "event_count", "events_count", "ucdp_event_count", "acled_event_count")
"""How tables call the number of events of a unit and month, in small letters."""


def events_column(path: Path, target: str) -> tuple[str, ...]:
    """The column of a table that counts events, if one does and it is not the target itself.

    Events sway less than deaths by single massacres, so models that see both know a level better.
    """
    names = {name.lower(): name for name in reversed(tables.columns_of(path))}
    return tuple(names[name] for name in EVENT_COUNTS if name in names and names[name] != target)[:1]


def read_panel(path: Path, columns: Columns, near: Near | None = None) -> Panel:
    """The panel of a CSV or Parquet file; a pair of unit and month without a row, or without a value, is unobserved.

    Units stand in alphabetical order. Raises UsageError for a column that is not there, WrongFile with the row for a
    month or a value that is none, or a pair that stands twice.
    """
    table = tables.read(path, columns.all)
    if not table.num_rows:
        raise WrongFile(T("{path} has no rows.", path=Verbatim(str(path))))
    unit_at, names = tables.units(path, columns.unit, table[columns.unit])
    month_at, months = tables.months(path, columns.time, table[columns.time])
    units = tuple(sorted(set(names)))
    first = min(months)
    place = {unit: n for n, unit in enumerate(units)}
    rows = np.array([place[name] for name in names])[unit_at]
    at = np.array([month - first for month in months])[month_at]
    shape = (len(units), max(months) - first + 1)
    _once(path, units, first, rows * shape[1] + at, shape[1])
    series = {}
    for name in (columns.target, *columns.covariates):
        series[name] = np.full(shape, np.nan)
        series[name][rows, at] = tables.amounts(path, name, table[name])
    values = series[columns.target]
    if not np.isfinite(values).any():
        raise WrongFile(T("{path} has no value in {name}.", path=Verbatim(str(path)), name=Verbatim(columns.target)))
    beside = {name: series[name] for name in columns.covariates}
    return Panel(units, first, values, beside=beside).among(near or {})


def _once(path: Path, units: Sequence[str], first: Month, pairs: Any, width: int) -> None:
    ordered = np.sort(pairs)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        unit, month = divmod(int(twice[0]), width)
        raise WrongFile(
            T(
                "{path} has two rows for {unit} in {month}.",
                path=Verbatim(str(path)),
                unit=Verbatim(units[unit]),
                month=Verbatim(str(first + month)),
            ),
            do=T("Give one row for each unit and month."),
        )


def read_neighbours(path: Path) -> dict[str, set[str]]:
    """Who is beside whom: a table whose first two columns are a unit and one beside it, said once or both ways."""
    columns = tables.columns_of(path)
    if len(columns) < 2:
        raise UsageError(
            T("{path} has one column only.", path=Verbatim(str(path))),
            do=T("Give two: a unit, and one that is beside it."),
        )
    table = tables.read(path, columns[:2])
    near: dict[str, set[str]] = {}
    sides = []
    for name in columns[:2]:
        at, names = tables.units(path, name, table[name])
        sides.append([names[position] for position in at])
    for one, other in zip(*sides, strict=True):
        if one != other:
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    return near


def cells_around(units: Sequence[str]) -> dict[str, set[str]]:
    """For each PRIO-GRID cell the others that touch it. Raises UsageError where a unit is no cell."""
    near = {}
    for unit in units:
        try:
            near[unit] = {str(gid) for gid in cell.neighbours(int(unit))}
        except (ValueError, UsageError):
            raise UsageError(
                T("{unit} is no number of a PRIO-GRID cell.", unit=Verbatim(unit)),
                do=T("Say --level country, or give the column of the cells as --unit-col."),
            ) from None
    return near


def digest(panel: Panel) -> str:
    """SHA-256 over all that a model can see of a panel: the same data from another file have the same one."""
    told = hashlib.sha256()
    told.update("\n".join(panel.units).encode())
    told.update(f"\n{panel.first}\n{panel.values.shape}\n{panel.neighbours}\n".encode())
    for name, series in (("", panel.values), *sorted(panel.beside.items())):
        plain = np.where(np.isnan(series), np.nan, series)
        told.update(name.encode() + b"\n" + np.ascontiguousarray(plain, "<f8").tobytes())
    return told.hexdigest()
