"""Published data sets with published answers, as outcomes: a year stands in for a month."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from harmattan.models.effect.outcome import Outcome, Values
from harmattan.vocabulary.period import Month

FIRST = Month(2000, 1)


def california(data_dir: Path) -> Outcome:
    """Packs of cigarettes a head, 1970 to 2000; the event in 1989."""
    years, table = _table(data_dir / "impact" / "california_prop99.csv", "State", "Year", ("PacksPerCapita",), ";")
    units = tuple(sorted(table))
    return Outcome(units, FIRST, np.array([table[u]["PacksPerCapita"] for u in units]), {"California": 1989 - years[0]})


class Published:
    """A panel by year: series, and means over years as predictors."""

    def __init__(self, path: Path, unit: str, columns: tuple[str, ...], without: tuple[str, ...] = ()) -> None:
        self.years, table = _table(path, unit, "year", columns, ",")
        self.units = tuple(name for name in table if name not in without)
        self.table = table

    def series(self, column: str) -> Values:
        return np.array([self.table[unit][column] for unit in self.units])

    def mean(self, column: str, *years: int) -> Values:
        return np.asarray(np.nanmean(self.series(column)[:, [year - self.years[0] for year in years]], axis=1))

    def of(self, rows: Values) -> dict[str, tuple[float, ...]]:
        return {unit: tuple(rows[:, n].tolist()) for n, unit in enumerate(self.units)}


def _table(
    path: Path, unit: str, year: str, columns: tuple[str, ...], delimiter: str
) -> tuple[list[int], dict[str, dict[str, Values]]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    years = sorted({int(float(row[year])) for row in rows})
    table: dict[str, dict[str, Values]] = {}
    for row in rows:
        own = table.setdefault(row[unit], {column: np.full(len(years), np.nan) for column in columns})
        for column in columns:
            if row[column] not in ("", "NA"):
                own[column][int(float(row[year])) - years[0]] = float(row[column])
    return years, table
